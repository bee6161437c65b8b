//! What someone will do, by when, and how closely that is followed: quietly, with a letter once a week, or so that the
//! partner sees it. Whoever misses a day is asked what got in the way and offered a way on. Nothing is counted against
//! anybody.

mod action_item;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use action_item::{ActionItem, ActionItemId, ActionState, Answer, Deed, Draft, Intensity, Moving, Plan, longest, possible};
pub use pages::{now_block, row};
pub use verbs::Told;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use jiff::SignedDuration;
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "action_items",
    heading: "What you take on",
    routes: pages::routes,
    sweeps: &[Sweep { name: "ask how it goes", due: sql::any_due, run: Run::Unit(verbs::ask_around) }],
    happenings: &["action taken on", "action kept", "action checked in", "action carried over", "action dropped", "action changed"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: notices::REPLIES,
    personal: &[Personal { columns: &["action_items.owner_id"], export, forget: verbs::forget }],
    policy,
    today,
};

/// The tab of a relationship, and what is open on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Actions", "actions")), now: now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let now = tx.now();
    let due = verbs::due_soon(tx, viewer)?;
    let need = |told: Told| Need {
        // A day is told by its last minute: the midnight at its end has the name of the next one.
        by: Some(told.item.due_at + SignedDuration::from_mins(-1)),
        line: notices::asks_about(&told.item, now).into(),
        path: format!("/actions/{}", told.item.id),
        button: "Say how it goes".into(),
        title: told.words,
    };
    Ok(due.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let all = verbs::everything(tx, person)?;
    let one = |(told, said): (Told, Vec<verbs::CheckIn>)| {
        let said: Vec<_> = said.into_iter().map(|c| json!({ "at": c.at.jiff(), "answer": c.answer, "words": c.words })).collect();
        json!({
            "words": told.words,
            "plan": told.plan.as_ref().map(Plan::sentence),
            "state": told.item.state,
            "followed": told.item.intensity,
            "due_on": told.item.due_on,
            "taken_on_at": told.item.taken_on_at.jiff(),
            "ended_at": told.item.ended_at.map(|at| at.jiff()),
            "carried_over": told.item.carried,
            "how_it_went": said,
        })
    };
    Ok(json!(all.into_iter().map(one).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let quiet = action_item::example(cast[0].person, Intensity::Weekly);
    let shown = action_item::example(cast[0].person, Intensity::Partner);
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("action item", deed.as_str(), *role, quiet.allows(Some(&together), viewer, *deed));
        }
        table.row("action item", deed.as_str(), "partner, where its owner shows it", shown.allows(Some(&together), &cast[1], *deed));
        table.row("action item", deed.as_str(), "another member, where its owner shows it", shown.allows(Some(&together), &cast[2], *deed));
    }
}
