//! Questions that come up during the week and are kept for the next session. They are their owner's alone until they are
//! asked; when an answer helped, whoever gave it is told so.

mod kept;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use kept::{Deed, Kept, KeptId};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Personal, PolicyTable, RelationshipPart, Slice};
use crate::viewer::PersonId;
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "notebook",
    heading: "Notebook",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["question kept", "kept question asked", "kept question helped", "kept question let go"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: notices::REPLIES,
    personal: &[Personal { columns: &["notebooks.person_id", "notebook_questions.person_id"], export, forget: verbs::forget }],
    policy,
    today: |_, _| Ok(Vec::new()),
};

pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now };

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let kept = verbs::all_of(tx, person)?;
    let kept = kept.into_iter().map(|kept| {
        json!({
            "relationship": kept.relationship,
            "question": kept.words,
            "kept_at": kept.kept_at.jiff(),
            "asked_at": kept.shared_at.map(|at| at.jiff()),
            "helped_at": kept.helped_at.map(|at| at.jiff()),
        })
    });
    Ok(json!(kept.collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    for (which, kept) in ["kept question", "asked question"].iter().zip(kept::examples(cast[0].person)) {
        for deed in Deed::ALL {
            for (role, viewer) in ["whose it is", "their partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
                table.row(which, deed.as_str(), *role, kept.allows(viewer, *deed));
            }
        }
    }
}
