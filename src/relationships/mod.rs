//! Two people who work together: what it is, who plays which part, and how many places someone has left.

mod relationship;
mod sql;
pub mod verbs;

pub use relationship::{Kind, RelationshipId, Role};

use crate::slices::{Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "relationships",
    routes: Routes::new,
    sweeps: &[],
    happenings: &["relationship began", "relationship ended"],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
