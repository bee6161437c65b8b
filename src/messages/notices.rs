//! What we tell people about messages, and answering them by mail.

use super::message::MessageId;
use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::heard::PlaybackState;
use crate::relationships::{Deed, RelationshipId};
use crate::slices::{Reply, Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: verbs::ARRIVED, about: "Someone you work with writes to you", words: arrived },
    Telling { kind: "answer awaited", about: "A message waits for your answer longer than is usual between you", words: awaited },
    Telling { kind: "played back", about: "Someone says what they heard in a message of yours", words: played_back },
    Telling { kind: "playback answered", about: "Someone says whether you heard them right", words: playback_answered },
];

pub static REPLIES: &[Reply] =
    &[Reply { noun: "message", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

/// Characters that a letter quotes; the rest is on the page.
const LONGEST_QUOTE: usize = 6_000;

fn arrived(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some((company, messages)) = verbs::told_since(tx, viewer, MessageId(subject))? else { return Ok(None) };
    let id = company.relationship.id;
    let all: Vec<&str> = messages.iter().map(|m| m.words.as_str()).filter(|words| !words.is_empty()).collect();
    let mut lines = vec![format!("{}:", company.title(viewer))];
    match messages.iter().map(|m| m.files.len()).sum::<usize>() {
        0 => {}
        1 => lines.push("A file goes with it; you find it on the page.".into()),
        many => lines.push(format!("{many} files go with it; you find them on the page.")),
    }
    Ok(Some(Words {
        title: match (&company.called, messages.last()) {
            (Some(called), Some(last)) => format!("{} has written in “{called}”", company.called(viewer, last.by)),
            _ => format!("{} has written to you", company.name(viewer)),
        },
        lines,
        quote: (!all.is_empty()).then(|| crate::page::shortened(&all.join("\n\n"), LONGEST_QUOTE)),
        path: format!("/relationships/{id}/messages"),
        button: "Read and answer".into(),
        reply_to: company.relationship.offers(viewer, Deed::TakePart).then_some(("message", id.0)),
        ..Words::default()
    }))
}

/// Nothing to say once it was answered.
fn awaited(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let id = RelationshipId(subject);
    let Some((company, time)) = verbs::awaited(tx, viewer, id)? else { return Ok(None) };
    if !company.relationship.offers(viewer, Deed::TakePart) {
        return Ok(None);
    }
    let name = company.name(viewer);
    Ok(Some(Words {
        title: format!("{name} may be waiting for a word from you"),
        lines: vec![
            format!("You two mean to answer each other within {}.", in_words(time)),
            "A line is enough: when you will have time for it, or that nothing more is to be said.".into(),
        ],
        path: format!("/relationships/{id}/messages"),
        button: "Read and answer".into(),
        reply_to: Some(("message", subject)),
        ..Words::default()
    }))
}

fn in_words(time: jiff::SignedDuration) -> String {
    match time.as_hours() {
        24 => "a day".into(),
        hours if hours % 24 == 0 => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    }
}

fn played_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_playback(tx, viewer, subject, |name, _| format!("{name} says what your message meant: is that it?"))
}

fn playback_answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_playback(tx, viewer, subject, |name, state| match state {
        PlaybackState::Corrected => format!("{name} puts right what you heard"),
        _ => format!("{name} says that you heard it right"),
    })
}

fn about_playback(tx: &mut Tx, viewer: &Viewer, subject: Uuid, title: impl FnOnce(&str, PlaybackState) -> String) -> Result<Option<Words>> {
    let (company, message) = verbs::found(tx, viewer, MessageId(subject))?;
    let mine = message.playbacks.iter().find(|p| viewer.is(p.by));
    let Some(playback) = mine.or_else(|| message.playbacks.last()) else { return Ok(None) };
    let name = if viewer.is(message.by) { company.called(viewer, playback.by) } else { company.called(viewer, message.by) };
    let quote = playback.correction.as_ref().unwrap_or(&playback.words).clone();
    Ok(Some(Words {
        title: title(name, playback.state),
        lines: vec![format!("{}:", company.title(viewer))],
        quote: Some(quote),
        path: format!("/relationships/{}/messages/{}", company.relationship.id, message.number),
        button: "Look at it".into(),
        ..Words::default()
    }))
}
