//! What people can do and want to learn.
//!
//! A skill has one id for ever, one name on screen and the many words people really type for it. The graph says which
//! skills lie inside others ("React" inside "Front-end development") and which lie beside each other, so that somebody
//! who asks for help with the one is not sent away because the mentor wrote the other. A word that the graph does not
//! know becomes a skill of this place; the coordinator keeps it or says what it means.

mod own;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use chiron_words::graph;
pub use graph::{Field, Found, Graph, Merge, OwnSkill, Skill, Slot};
pub use own::{Own, OwnId, Word};
pub use verbs::graph as graph_here;

use crate::slices::{Needs, Routes, Slice};
use crate::viewer::Office;

pub static SLICE: Slice = Slice {
    name: "skills",
    heading: "Skills",
    routes: || {
        Routes::new()
            .get("/skills/suggest", Needs::SignedIn, pages::suggest)
            .get("/skills", Needs::Office(Office::Coordinator), pages::desk)
            .post("/skills/{id}/acceptance", Needs::Office(Office::Coordinator), pages::accept)
            .post("/skills/{id}/merge", Needs::Office(Office::Coordinator), pages::merge)
    },
    sweeps: &[],
    happenings: &["skill added", "skill accepted", "skill merged"],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    // A word somebody used is nobody's: it is not kept whose it was.
    personal: &[],
    policy: own::policy,
    today: |_, _| Ok(Vec::new()),
};
