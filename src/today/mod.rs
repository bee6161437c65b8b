//! Home: what needs you, in the order of its clock, one clear action each; then one thing worth noticing. An empty
//! Today is a good day. Beside it the pages that anyone may read: the welcome, the help, and who can see what.

mod first_days;
mod pages;
#[cfg(test)]
mod stories;
mod verbs;

use crate::slices::{Needs, Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "today",
    heading: "Today",
    routes: || {
        Routes::new()
            .get("/", Needs::Nothing, pages::start)
            .get("/today", Needs::SignedIn, pages::today)
            .get("/help", Needs::Nothing, pages::help)
            .get("/privacy", Needs::Nothing, pages::privacy)
    },
    sweeps: &[],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
