//! Worksheets: a page of questions that somebody puts together without any code, with numbers that are worked out from
//! answers. One gives it to a partner or to oneself; it is filled in, handed in, and written beside. What is filled in again
//! and again makes a line that both can see.

mod formula;
mod notices;
mod pages;
pub mod ready;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;
mod worksheet;

pub use formula::{Formula, Letter, Why};
pub use pages::growth_part;
pub use worksheet::{
    Answer, Answers, Assignment, AssignmentId, AssignmentState, Deed, Kind, Notes, Paper, Part, Worksheet, WorksheetDeed, WorksheetId,
};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Via, Viewer};
use serde_json::json;
use verbs::Told;

pub static SLICE: Slice = Slice {
    name: "worksheets",
    heading: "Worksheets",
    routes: pages::routes,
    sweeps: &[Sweep { name: "remind of worksheets", due: sql::any_due, run: Run::Unit(verbs::remind) }],
    happenings: &[
        "worksheet made",
        "worksheet changed",
        "worksheet given",
        "worksheet withdrawn",
        "worksheet handed in",
        "worksheet taken back",
        "worksheet set aside",
        "worksheet taken up",
        "worksheet put off",
        "worksheet read",
    ],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &["worksheets.owner_id", "worksheet_assignments.giver_id", "worksheet_assignments.filler_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

/// The tab of a relationship, and what waits on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Worksheets", "worksheets")), now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let need = |told: Told| Need {
        by: told.one.asks_at,
        line: told.one.due().map_or_else(String::new, |day| format!("For {}", day.strftime("%A %-d %B"))),
        title: told.paper.title,
        path: format!("/assignments/{}", told.one.id),
        button: "Fill it in".into(),
    };
    Ok(verbs::due_soon(tx, viewer)?.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!({})) };
    let (made, filled, given) = verbs::everything(tx, &viewer)?;
    let filled: Vec<_> = filled
        .iter()
        .map(|told| {
            json!({
                "worksheet": told.paper,
                "given_at": told.one.given_at.jiff(),
                "due_on": told.one.due_on,
                "handed_in_at": told.one.handed_in_at.map(|at| at.jiff()),
                "answers": told.answers,
            })
        })
        .collect();
    let beside: Vec<_> = given.iter().map(|told| json!({ "worksheet": told.paper.title, "what_i_wrote_beside_it": told.notes })).collect();
    Ok(json!({ "made": made.iter().map(|one| &one.paper).collect::<Vec<_>>(), "filled_in": filled, "given": beside }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let own = worksheet::worksheet_example(cast[0].person);
    for deed in WorksheetDeed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("worksheet", deed.as_str(), *role, own.allows(viewer, *deed));
        }
    }
    let given = worksheet::example(cast[1].person, cast[0].person, Some(together.id));
    for deed in Deed::ALL {
        for (role, viewer) in ["filler", "giver", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("assignment", deed.as_str(), *role, given.allows(Some(&together), viewer, *deed));
        }
    }
}
