//! The place itself: setting it up the first time, its name and who may join it, and who looks after it.

mod office;
pub mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

use crate::slices::{Slice, Telling};

pub static SLICE: Slice = Slice {
    name: "instance",
    heading: "This place",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["place set up", "place changed", "office given"],
    reactions: &[],
    tellings: &[Telling { kind: "office given", about: "You get or lose an office here", words: verbs::office_words }],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: office::policy,
    today: verbs::today,
};
