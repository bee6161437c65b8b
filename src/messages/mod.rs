//! What people who work together write to each other between their sessions: one conversation a relationship, sealed
//! under its key, live on both screens and answerable by mail. How far each has read is one number, and nobody is told
//! when the other has read something.

mod message;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use message::{Deed, Message, MessageId};
pub use verbs::unseen;

use crate::app::Tx;
use crate::error::Result;
use crate::relationships::verbs as partners;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Slice};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "messages",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["message sent", "message edited", "message taken back"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: notices::REPLIES,
    personal: &[Personal {
        columns: &["conversations.newest_by_id", "messages.by_id", "message_positions.person_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Messages", "messages")), now: |_, _, _| Ok(None) };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    for (id, count) in verbs::unseen(tx, viewer)? {
        let company = partners::company(tx, viewer, id, crate::relationships::Deed::See)?;
        needs.push(Need {
            by: None,
            title: format!("{} has written to you", company.name(viewer)),
            line: if count == 1 { "One new message.".into() } else { format!("{count} new messages.") },
            path: format!("/relationships/{id}/messages"),
            button: "Read and answer".into(),
        });
    }
    Ok(needs)
}

/// Messages that are read at once for an export.
const AT_ONCE: i64 = 500;

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut conversations = Vec::new();
    for (id, key) in sql::of_person(tx, person)? {
        let ring = crate::seal::ring(tx, &[key])?;
        let (mut messages, mut next) = (Vec::new(), 1);
        loop {
            let rows = sql::from(tx, id, next, AT_ONCE)?;
            let Some(last) = rows.last() else { break };
            next = last.number + 1;
            for row in rows {
                let message = verbs::opened(&ring, key, row)?;
                messages.push(json!({
                    "number": message.number,
                    "by_me": message.by == person,
                    "at": message.at.jiff(),
                    "words": message.words,
                    "edited_at": message.edited_at.map(|at| at.jiff()),
                    "taken_back_at": message.taken_back_at.map(|at| at.jiff()),
                }));
            }
        }
        let read_to = sql::position(tx, id, person)?.seen;
        conversations.push(json!({ "relationship": id, "read_to": read_to, "messages": messages }));
    }
    Ok(json!(conversations))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let between = message::example_between(cast[0].person, cast[1].person);
    let message = message::example(cast[0].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["who wrote it", "their partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("message", deed.as_str(), *role, message.allows(&between, viewer, *deed));
        }
    }
}
