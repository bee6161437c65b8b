//! What people write for themselves after something happened: freely, or guided by a few questions. It is theirs alone;
//! line by line they may let a partner read it, and take that back. It comes back after some days and asks whether it is
//! still true, for as long as they wish.

mod model;
mod notices;
mod pages;
mod reflection;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use model::Model;
pub use reflection::{Answer, Deed, Draft, Line, Reflection, ReflectionId, Verdict};

use crate::app::Tx;
use crate::error::Result;
use crate::page;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "reflections",
    heading: "Reflections",
    routes: pages::routes,
    sweeps: &[Sweep { name: "bring reflections back", due: sql::any_due, run: Run::Unit(verbs::bring_back) }],
    happenings: &["reflection written", "reflection changed", "reflection answered", "reflection deleted", "reflection lines chosen"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &["journals.person_id", "reflections.person_id", "shared_lines.person_id"],
        export,
        forget: verbs::forget,
    }],
    policy,
    today,
};

/// What is shared, on the first page of a relationship.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let back = verbs::back(tx, viewer)?;
    let need = |reflection: Reflection| Need {
        by: None,
        title: "Still true?".into(),
        line: format!("You wrote: {}", page::shortened(reflection.beginning(), 120)),
        path: format!("/reflections/{}", reflection.id),
        button: "Look at it again".into(),
    };
    Ok(back.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let all = verbs::everything(tx, person)?;
    let one = |(reflection, answers): (Reflection, Vec<Answer>)| {
        let answers: Vec<_> = answers.iter().map(|a| json!({ "at": a.at.jiff(), "still_true": a.verdict, "words": a.words })).collect();
        json!({
            "guided_by": reflection.model,
            "questions": reflection.model.questions(),
            "words": reflection.texts,
            "written_at": reflection.written_at.jiff(),
            "changed_at": reflection.changed_at.map(|at| at.jiff()),
            "comes_back_at": reflection.return_at.map(|at| at.jiff()),
            "when_it_came_back": answers,
        })
    };
    Ok(json!(all.into_iter().map(one).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let (own, shared) = (reflection::example(cast[0].person), reflection::shared_example(cast[0].person));
    for (role, viewer) in ["writer", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
        for deed in Deed::ALL {
            table.row("reflection", deed.as_str(), *role, own.allows(viewer, *deed));
        }
        table.row("shared line", "see", *role, shared.is_read_by(&together, viewer));
    }
}
