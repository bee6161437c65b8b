//! What somebody has reached, kept for the days on which they doubt it. A milestone that was reached on evidence, or a goal
//! that two agreed to be as far as expected, stands on a wall that is its owner's alone, with what shows it and a note of
//! whoever was beside them. Never for a tick, never counted against anybody, and quiet for those who wish it so.

mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;
mod win;

pub use win::{Deed, Source, Win, WinId, Words};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Personal, PolicyTable, Reaction, RelationshipPart, Slice};
use crate::viewer::{PersonId, Via, Viewer};
use serde_json::json;
use verbs::Told;

pub static SLICE: Slice = Slice {
    name: "celebrations",
    heading: "What was reached",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["win kept", "win changed", "win taken down", "win shared", "note given", "celebrations hushed"],
    reactions: &[
        Reaction { on: "milestone reached", run: verbs::follow_milestone },
        Reaction { on: "milestone reopened", run: verbs::follow_reopening },
        Reaction { on: "rating agreed", run: verbs::follow_rating },
        // One who answers a rating may agree with it there and then.
        Reaction { on: "rating answered", run: verbs::follow_rating },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["wins.owner_id", "wins.asked_id", "win_walls.person_id"], export, forget: sql::forget }],
    policy,
    today: |_, _| Ok(Vec::new()),
};

/// On the first page of a relationship: what waits for a note, and what is shared there.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now_block };

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!({})) };
    let (wins, quiet) = verbs::own(tx, &viewer, win::MOST_WINS)?;
    let one = |told: Told| {
        json!({
            "reached": told.words,
            "from": told.win.source,
            "at": told.win.won_at.jiff(),
            "note_of_a_partner": told.note,
            "shared": told.win.shared_with.is_some(),
        })
    };
    let wins: Vec<_> = wins.into_iter().map(one).collect();
    let notes: Vec<_> = verbs::notes(tx, &viewer)?
        .into_iter()
        .map(|told| json!({ "at": told.win.note_at.map(|at| at.jiff()), "note": told.note }))
        .collect();
    Ok(json!({ "wins": wins, "kept_quiet": quiet, "notes_i_wrote": notes }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let own = win::example(cast[0].person, None, None);
    let asked = win::example(cast[0].person, Some(cast[1].person), None);
    let shared = win::example(cast[0].person, None, Some(together.id));
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("win", deed.as_str(), *role, own.allows(None, None, viewer, *deed));
            table.row(
                "win",
                deed.as_str(),
                format!("{role}, where a note is asked of the partner"),
                asked.allows(Some(&together), None, viewer, *deed),
            );
            table.row(
                "win",
                deed.as_str(),
                format!("{role}, where it is shared with the partner"),
                shared.allows(None, Some(&together), viewer, *deed),
            );
        }
    }
}
