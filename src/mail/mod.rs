//! Letters: what we send by mail, what became of it, and what people answer. A letter is a row, written in the same
//! transaction as what it tells of and sent by a sweep, so that it is never lost and never sent for something that did
//! not happen. Its words are sealed until they are sent and gone afterwards.

mod letter;
mod reply;
mod signed;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use letter::{Letter, LetterId, Recipient};

use crate::slices::{Personal, Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "mail",
    routes: Routes::new,
    sweeps: &[],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["letters.person_id", "letter_links.person_id"], export: sql::export, forget: sql::forget }],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
