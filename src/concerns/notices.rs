//! What we tell people about concerns. A letter says that there is something to read and never what: it may be read over
//! somebody's shoulder.

use super::concern::{ConcernId, ConcernState, Deed};
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "concern raised", about: "A concern waits for those who look after them", words: raised },
    Telling { kind: "concern waits", about: "A concern that you look after is late", words: waits },
    Telling { kind: "concern acknowledged", about: "Somebody has read your concern", words: acknowledged },
    Telling { kind: "concern decided", about: "Something was decided about a concern that you are part of", words: decided },
    Telling { kind: "concern contact", about: "You are asked to look after concerns", words: contact },
];

fn whole(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    verbs::read(tx, viewer, ConcernId(subject))
}

fn page_of(subject: Uuid, title: &str, line: String, button: &str) -> Option<Words> {
    Some(Words { title: title.into(), lines: vec![line], path: format!("/concerns/{subject}"), button: button.into(), ..Words::default() })
}

fn to_handler(tx: &mut Tx, viewer: &Viewer, subject: Uuid, title: &str) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    if !(whole.handles && whole.concern.offers(viewer, true, Deed::Decide)) {
        return Ok(None);
    }
    let by = whole.concern.answer_by.map_or_else(String::new, |by| format!("Please look at it by {}. ", viewer.when(by)));
    Ok(page_of(subject, title, format!("{by}Opening it is written down."), "Look at it"))
}

fn raised(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let appealed = whole(tx, viewer, subject)?.concern.state == ConcernState::Appealed;
    to_handler(tx, viewer, subject, if appealed { "An appeal waits for you" } else { "Somebody has raised a concern" })
}

fn waits(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    to_handler(tx, viewer, subject, "A concern still waits, and its time has run out")
}

fn acknowledged(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.handler.as_ref().map_or("Somebody", |chip| chip.first_name());
    let by = whole.concern.answer_by.map_or_else(String::new, |by| format!("It is decided by {}.", viewer.when(by)));
    Ok(page_of(subject, &format!("{name} has read your concern"), by, "See how it stands"))
}

fn decided(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    if whole.answers.is_empty() {
        return Ok(None);
    }
    let (title, line) = match viewer.is(whole.concern.reporter) {
        true => ("Your concern has been decided", "Read what was decided. If it is not right, somebody else can look at it again."),
        false => (
            "Something was decided that concerns you",
            "Read what it is. If it is not right, you can ask somebody else to look at it again.",
        ),
    };
    Ok(page_of(subject, title, line.into(), "Read it"))
}

fn contact(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    if !verbs::is_contact(tx, subject.into())? || !viewer.is(subject.into()) {
        return Ok(None);
    }
    Ok(Some(Words {
        title: "You look after concerns here now".into(),
        lines: vec![
            "When somebody says that something is not right, you are told, and nobody else but those named with you reads it.".into(),
        ],
        path: "/concerns".into(),
        button: "Have a look".into(),
        ..Words::default()
    }))
}
