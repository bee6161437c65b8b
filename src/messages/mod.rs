//! What people who work together write to each other between their sessions: one conversation a relationship, sealed
//! under its key, live on both screens and answerable by mail. How far each has read is one number, and nobody is told
//! when the other has read something.

mod files;
mod message;
mod notices;
mod openings;
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
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "messages",
    heading: "Messages",
    routes: pages::routes,
    sweeps: &[Sweep { name: "remind of answers", due: sql::any_to_remind, run: Run::Unit(verbs::remind) }],
    happenings: &["message sent", "message edited", "message taken back", "message played back", "playback answered"],
    reactions: &[
        Reaction { on: "circle joined", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle came back", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: notices::REPLIES,
    personal: &[Personal {
        columns: &["conversations.newest_by_id", "messages.by_id", "message_positions.person_id", "playbacks.by_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Messages", "messages")), now: |_, _, _| Ok(None) };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    let unseen = verbs::unseen(tx, viewer)?;
    let with = partners::with_whom(tx, viewer, unseen.iter().map(|(id, _)| *id))?;
    for (id, count) in unseen {
        let Some(partners::With { name, .. }) = with.get(&id) else { continue };
        needs.push(Need {
            by: None,
            title: format!("{name} has written to you"),
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
        let together = partners::find(tx, id)?;
        let ring = crate::seal::ring(tx, &[key])?;
        let (mut messages, mut next) = (Vec::new(), 1);
        loop {
            let rows = sql::from(tx, id, next, AT_ONCE)?;
            let Some(last) = rows.last() else { break };
            next = last.number + 1;
            let rows = rows.into_iter().filter(|row| together.is_readable_to(person, row.at)).collect();
            for message in verbs::opened_all(tx, &ring, key, rows)? {
                let mut files = Vec::new();
                for file in &message.files {
                    let bytes = sql::file_bytes(tx, id, file.id)?.map(|sealed| ring.bytes(key, &sealed)).transpose()?.flatten();
                    let content = bytes.map(|bytes| data_encoding::BASE64.encode(&bytes));
                    files.push(json!({ "name": file.name(), "kind": file.kind.media_type(), "base64": content }));
                }
                let heard = message.playbacks.iter().map(|p| {
                    json!({ "by_me": p.by == person, "at": p.at.jiff(), "words": p.words, "state": p.state, "correction": p.correction })
                });
                messages.push(json!({
                    "files": files,
                    "heard": heard.collect::<Vec<_>>(),
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
    let (cast, (between, _)) = (crate::relationships::cast(), crate::relationships::examples());
    let message = message::example(cast[0].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["who wrote it", "their partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("message", deed.as_str(), *role, message.allows(&between, viewer, *deed));
        }
    }
}
