//! The place itself: setting it up the first time, its name and who may join it, and who looks after it.

pub mod pages;
#[cfg(test)]
mod stories;
pub mod verbs;

use crate::slices::Slice;

pub static SLICE: Slice = Slice {
    name: "instance",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["place set up", "place changed"],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
