//! What we tell people about messages, and answering them by mail.

use super::message::MessageId;
use super::verbs;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::relationships::Deed;
use crate::slices::{Reply, Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[Telling { kind: verbs::ARRIVED, about: "Someone you work with writes to you", words: arrived }];

pub static REPLIES: &[Reply] =
    &[Reply { noun: "message", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

/// Characters that a letter quotes; the rest is on the page.
const LONGEST_QUOTE: usize = 6_000;

fn arrived(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (company, messages) = match verbs::told_since(tx, viewer, MessageId(subject)) {
        Ok(Some(found)) => found,
        Ok(None) | Err(Error::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let id = company.relationship.id;
    let all: Vec<&str> = messages.iter().map(|m| m.words.as_str()).collect();
    Ok(Some(Words {
        title: format!("{} has written to you", company.name(viewer)),
        lines: vec![format!("{}:", company.title(viewer))],
        quote: Some(shortened(&all.join("\n\n"))),
        path: format!("/relationships/{id}/messages"),
        button: "Read and answer".into(),
        reply_to: company.relationship.offers(viewer, Deed::TakePart).then_some(("message", id.0)),
        ..Words::default()
    }))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}
