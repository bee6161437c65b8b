//! The experiments log: what somebody expects, what they try in small, and what they learned from it. It comes back on the
//! day they chose. That it went otherwise is as good an answer as any other, and nothing counts how often it did.

mod experiment;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use experiment::{Deed, Draft, Experiment, ExperimentId, Learnt, Outcome, Words};
pub use pages::{goal_part, growth_part};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;
use verbs::Told;

pub static SLICE: Slice = Slice {
    name: "experiments",
    heading: "What is tried in small",
    routes: pages::routes,
    sweeps: &[Sweep { name: "bring experiments back", due: sql::any_due, run: Run::Unit(verbs::bring_back) }],
    happenings: &["experiment begun", "experiment goes on", "experiment shared", "experiment learnt", "experiment deleted"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["experiments.owner_id"], export, forget: sql::forget }],
    policy,
    today,
};

/// What is shared and open, on the first page of a relationship.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let need = |told: Told| Need {
        by: None,
        line: format!("You thought: {}", crate::page::shortened(&told.words.expects, 120)),
        path: format!("/experiments/{}", told.one.id),
        button: "Say what you learned".into(),
        title: "What came of what you tried?".into(),
    };
    Ok(verbs::back(tx, viewer)?.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let one = |told: Told| {
        json!({
            "before": told.words,
            "began_at": told.one.began_at.jiff(),
            "look_on": told.one.look_on,
            "shared": told.one.relationship.is_some(),
            "how_it_turned_out": told.one.outcome,
            "after": told.learnt,
            "ended_at": told.one.ended_at.map(|at| at.jiff()),
        })
    };
    Ok(json!(verbs::everything(tx, person)?.into_iter().map(one).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let own = experiment::example(cast[0].person, None);
    let shared = experiment::example(cast[0].person, Some(together.id));
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("experiment", deed.as_str(), *role, own.allows(None, viewer, *deed));
            table.row("experiment", deed.as_str(), format!("{role}, where it is shared"), shared.allows(Some(&together), viewer, *deed));
        }
    }
}
