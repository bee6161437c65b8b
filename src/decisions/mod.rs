//! What someone decided: the options they saw, what mattered, what they chose and why. On a day of their choosing it
//! comes back and asks whether it was right and what they learned, which memory alone would not tell them honestly.

mod decision;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use decision::{Audience, Decision, DecisionId, Deed, Draft, Verdict, Words};
pub use verbs::Told;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "decisions",
    heading: "Decisions",
    routes: pages::routes,
    sweeps: &[Sweep { name: "bring decisions back", due: sql::any_due, run: Run::Unit(verbs::recall) }],
    happenings: &["decision made", "decision reviewed"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["decisions.owner_id"], export, forget: sql::forget }],
    policy,
    today,
};

/// The tab of a relationship, and what has come back on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Decisions", "decisions")), now: pages::now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let due = verbs::to_review(tx, viewer)?;
    let need = |told: Told| Need {
        by: told.decision.review_at,
        line: "Was it right? What did you learn?".into(),
        path: format!("/decisions/{}", told.decision.id),
        button: "Look back".into(),
        title: format!("You decided: {}", told.words.chosen),
    };
    Ok(due.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let all = verbs::everything(tx, person)?;
    let one = |told: Told| {
        json!({
            "decided": told.words,
            "seen_by": told.decision.audience,
            "decided_at": told.decision.decided_at.jiff(),
            "review_on": told.decision.review_on,
            "reviewed_at": told.decision.reviewed_at.map(|at| at.jiff()),
            "was_it_right": told.decision.verdict,
            "learned": told.learned,
        })
    };
    Ok(json!(all.into_iter().map(one).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let own = decision::example(cast[0].person, Audience::Me);
    let shared = decision::example(cast[0].person, Audience::Pair);
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("decision", deed.as_str(), *role, own.allows(&together, viewer, *deed));
        }
        table.row("decision", deed.as_str(), "partner, where it is for both", shared.allows(&together, &cast[1], *deed));
        table.row("decision", deed.as_str(), "another member, where it is for both", shared.allows(&together, &cast[2], *deed));
    }
}
