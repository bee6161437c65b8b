//! People and what they show of themselves: who they are, what they can help with and what they want to learn, how
//! they work, when they have time, and whether they want to be asked just now. Nothing beyond a name is required.

mod person;
pub mod places;
mod sql;
pub mod tongues;
pub mod verbs;

pub use person::{Chip, Newcomer, OpenTo, Side, said};

use crate::slices::{Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "people",
    routes: Routes::new,
    sweeps: &[],
    happenings: &["person joined", "profile changed", "not now changed"],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
