//! What we tell people about worksheets. What is asked and what was answered goes into no letter.

use super::verbs::{self, DUE, GIVEN, HANDED_IN, READ, Told};
use super::worksheet::{AssignmentId, AssignmentState};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::Company;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: GIVEN, about: "Someone you work with gives you a worksheet", words: given },
    Telling { kind: DUE, about: "A worksheet waits for you on its day", words: due },
    Telling { kind: HANDED_IN, about: "Someone has filled in a worksheet that you gave them", words: handed_in },
    Telling { kind: READ, about: "Someone has written beside your answers on a worksheet", words: read },
];

fn one(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<(Told, String)> {
    let (told, company) = verbs::read(tx, viewer, AssignmentId(subject))?;
    let name = company.as_ref().map_or("Somebody", |company: &Company| company.name(viewer)).to_owned();
    Ok((told, name))
}

fn words(subject: Uuid, title: String, lines: Vec<String>, button: &str) -> Words {
    Words { title, lines, path: format!("/assignments/{subject}"), button: button.into(), ..Words::default() }
}

fn by_when(told: &Told) -> String {
    told.one.due().map_or_else(
        || "There is no day by which it must be done.".into(),
        |day| format!("It is for {}. You may choose another day, or set it aside.", day.strftime("%A %-d %B")),
    )
}

fn given(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (told, name) = one(tx, viewer, subject)?;
    let title = format!("{name} gives you a worksheet");
    let lines = vec![by_when(&told), format!("{name} reads your answers once you hand it in, and not before.")];
    Ok(told.one.is_open().then(|| words(subject, title, lines, "Fill it in")))
}

fn due(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (told, _) = one(tx, viewer, subject)?;
    let lines = vec!["Ten minutes may be enough. If it does not fit today, choose another day or set it aside.".into()];
    Ok(told.one.is_open().then(|| words(subject, "A worksheet waits for you".into(), lines, "Fill it in")))
}

fn handed_in(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (told, name) = one(tx, viewer, subject)?;
    let lines = vec!["Read it, and write beside the answers where a word from you helps.".into()];
    let waits = told.one.state == AssignmentState::HandedIn;
    Ok(waits.then(|| words(subject, format!("{name} has filled in the worksheet you gave"), lines, "Read it")))
}

fn read(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (told, name) = one(tx, viewer, subject)?;
    let lines = vec!["It stands beside your answers, for the two of you.".into()];
    let title = format!("{name} has written beside your answers");
    Ok((told.one.state == AssignmentState::Read).then(|| words(subject, title, lines, "Read it")))
}
