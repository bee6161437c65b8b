//! Letters: what we send by mail, what became of it, and what people answer. A letter is a row, written in the same
//! transaction as what it tells of and sent by a sweep, so that it is never lost and never sent for something that did
//! not happen. Its words are sealed until they are sent and gone afterwards.

mod acting;
mod deliver;
mod letter;
mod pages;
mod quoted;
pub mod receive;
mod reply;
mod signed;
#[cfg(test)]
pub mod sink;
mod smtp;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

#[cfg(test)]
pub use deliver::{Post, Remembered, WayOut};
pub use deliver::{configured, test};
pub use letter::{Invitation, Letter, LetterId, Recipient};
pub use reply::standing_address;
#[cfg(test)]
pub use smtp::Server;

use crate::slices::{Needs, Personal, Routes, Run, Slice, Sweep};
use crate::viewer::Office;

pub static SLICE: Slice = Slice {
    name: "mail",
    heading: "Mail",
    routes: || {
        Routes::new()
            .get("/letters/{token}", Needs::Letter, acting::confirm)
            .post("/letters/{token}", Needs::Letter, acting::act)
            .get("/place/outbox", Needs::Office(Office::Administrator), pages::outbox)
            .post("/place/outbox/{id}/again", Needs::Office(Office::Administrator), pages::again)
    },
    sweeps: &[
        Sweep { name: "letters that came too late", due: verbs::too_late_due, run: Run::Unit(verbs::give_up_too_late) },
        Sweep { name: "letters", due: deliver::due, run: Run::Errand(|app| Box::pin(deliver::deliver(app))) },
        Sweep { name: "old letters", due: verbs::old_due, run: Run::Unit(verbs::forget_old) },
    ],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["letters.person_id", "letter_links.person_id"], export: sql::export, forget: sql::forget }],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};
