//! What changed, all in all: what a whole quarter of the year came to over everybody who lets a goal be counted. Counted
//! once when it is over, and never again; from seven people up, never a person, never a pair, and never as a ranking. It
//! shows change, not what caused it. `docs/decisions/aggregates.md` says why it is so.

mod pages;
mod sql;
#[cfg(test)]
mod stories;
mod tally;
pub mod verbs;

pub use tally::{Gathered, Tally};

use crate::slices::{PolicyTable, Run, Slice, Sweep};

pub static SLICE: Slice = Slice {
    name: "tallies",
    heading: "Tallies",
    routes: pages::routes,
    sweeps: &[Sweep { name: "count a quarter of goals", due: verbs::any_to_count, run: Run::Errand(|app| Box::pin(verbs::count(app))) }],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    // Nothing here is about a person.
    personal: &[],
    policy,
    today: |_, _| Ok(Vec::new()),
};

fn policy(table: &mut PolicyTable) {
    for (role, viewer) in ["mentee", "mentor", "another member", "coordinator", "administrator"].iter().zip(&crate::relationships::cast()) {
        table.row("tally", "see", *role, tally::may_see(viewer));
    }
}
