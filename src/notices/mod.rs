//! What we tell people: one notice for one person about one thing, read here or by mail as they prefer. The words are
//! found when it is read, from the rows as they are then, so a notice is never a lie.

mod notice;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use notice::Rhythm;
#[cfg(test)]
pub use stories::{Greeting, HELLO};
pub use verbs::{latest, tell};

use crate::slices::{Needs, Personal, Routes, Run, Slice, Sweep};

pub static SLICE: Slice = Slice {
    name: "notices",
    heading: "Notices",
    routes: || {
        Routes::new()
            .get("/notices", Needs::SignedIn, pages::list)
            .get("/notices/bell", Needs::SignedIn, pages::bell)
            .post("/notices/read", Needs::SignedIn, pages::read_all)
            .post("/notices/{id}", Needs::SignedIn, pages::open)
            .get("/account/mail", Needs::SignedIn, pages::choices)
            .post("/account/mail", Needs::SignedIn, pages::choose)
            .get("/mail/stop/{token}", Needs::Letter, pages::stopping)
            .post("/mail/stop/{token}", Needs::Letter, pages::stop)
    },
    sweeps: &[
        Sweep { name: "notices to letters", due: verbs::letters_due, run: Run::Unit(verbs::write_letters) },
        Sweep { name: "daily letters", due: verbs::digests_due, run: Run::Unit(verbs::write_digests) },
    ],
    happenings: &["notices read"],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["notices.person_id", "mail_refusals.person_id"], export: sql::export, forget: sql::forget }],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
