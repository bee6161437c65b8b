//! What we tell people about wins.

use super::verbs::{self, NOTE_GIVEN, NOTE_WANTED, SHARED};
use super::win::WinId;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: NOTE_WANTED, about: "Someone you work with has reached something, and a note from you would be kind", words: wanted },
    Telling { kind: NOTE_GIVEN, about: "Someone wrote you a note to something you reached", words: given },
    Telling { kind: SHARED, about: "Someone you work with shows you something they reached", words: shared },
];

fn wanted(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, WinId(subject))?;
    if !whole.may_note {
        return Ok(None);
    }
    Ok(Some(Words {
        title: format!("{} has reached something", whole.owner),
        lines: vec![
            "A line from you would be kind: what did you see on the way? It is written once, and if you leave it, nobody asks again."
                .into(),
        ],
        quote: Some(whole.told.words.title),
        path: format!("/wins/{subject}"),
        button: "Write a note".into(),
        ..Words::default()
    }))
}

fn given(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, WinId(subject))?;
    let Some((note, by)) = whole.told.note.zip(whole.told.asked).filter(|_| viewer.is(whole.told.win.owner)) else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{by} wrote you a note to what you reached"),
        lines: vec![whole.told.words.title],
        quote: Some(note),
        path: format!("/wins/{subject}"),
        button: "Read it on your wall".into(),
        ..Words::default()
    }))
}

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, WinId(subject))?;
    if viewer.is(whole.told.win.owner) || whole.told.win.shared_with.is_none() {
        return Ok(None);
    }
    Ok(Some(Words {
        title: format!("{} shows you something they reached", whole.owner),
        lines: Vec::new(),
        quote: Some(whole.told.words.title),
        path: format!("/wins/{subject}"),
        button: "Look at it".into(),
        ..Words::default()
    }))
}
