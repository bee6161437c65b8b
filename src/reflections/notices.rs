//! What we tell people about reflections. What somebody wrote for themselves never goes into a letter: mail passes
//! through other hands.

use super::reflection::ReflectionId;
use super::verbs::{self, RETURNED, SHARED};
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: RETURNED, about: "Something you wrote for yourself comes back: is it still true?", words: returned },
    Telling { kind: SHARED, about: "Someone you work with shares lines of a reflection with you", words: shared },
];

/// Nothing to say once it was answered.
fn returned(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, ReflectionId(subject))?;
    let reflection = &whole.reflection;
    Ok(reflection.is_back().then(|| Words {
        title: "Something you wrote is back: is it still true?".into(),
        lines: vec![format!(
            "You wrote it for yourself on {}. What it says stands on the page and in no letter.",
            viewer.date(reflection.written_at)
        )],
        path: format!("/reflections/{subject}"),
        button: "Look at it again".into(),
        ..Words::default()
    }))
}

/// Nothing to say once it was taken back.
fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some((company, passage)) = verbs::shared_with(tx, viewer, ReflectionId(subject))? else { return Ok(None) };
    let name = company.called(viewer, passage.person);
    let many = passage.lines.len();
    Ok(Some(Words {
        title: format!("{name} shares a reflection with you"),
        lines: vec![format!(
            "{} of what {name} wrote for themselves, for you to read. What it says stands on the page.",
            if many == 1 { "A line".to_owned() } else { format!("{many} lines") }
        )],
        path: format!("/relationships/{}/reflections", company.relationship.id),
        button: "Read it".into(),
        ..Words::default()
    }))
}
