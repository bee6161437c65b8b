//! What people find here to work with. So far: questions worth asking, our own, free for every use.

mod bank;
mod pages;
#[cfg(test)]
mod stories;

pub use bank::{Aim, Question, Search, Stage, Whom, question, questions, search, suggest};

use crate::slices::{Needs, Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "library",
    heading: "Library",
    routes: || {
        Routes::new().get("/library/questions", Needs::SignedIn, pages::list).get("/library/questions.csv", Needs::Nothing, pages::file)
    },
    sweeps: &[],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    // What somebody looks for here is kept nowhere.
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
