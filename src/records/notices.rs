//! What we tell people about levels: that somebody asks, and that somebody has answered. What was said stands on the page.

use super::record::{ConfirmationId, ConfirmationState};
use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: verbs::ASKED, about: "Somebody you work with asks whether you see a level of a skill so too", words: asked },
    Telling { kind: verbs::ANSWERED, about: "Somebody has said which level of a skill they see", words: answered },
];

fn of(id: Uuid, title: String, line: String, button: &str) -> Words {
    let path = format!("/records/asked/{}", ConfirmationId(id));
    Words { title, lines: vec![line], path, button: button.into(), ..Words::default() }
}

fn asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let asked = verbs::asked(tx, viewer, subject.into())?;
    let name = asked.owner.first_name();
    Ok((asked.one.state == ConfirmationState::Asked).then(|| {
        let line = "Do you see it so too, or another level? You read what they ask about, and nothing else of their record.";
        of(subject, format!("{name} asks you about a skill: {}", asked.question.skill), line.into(), "Read and answer")
    }))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let asked = verbs::asked(tx, viewer, subject.into())?;
    let (name, skill) = (asked.partner.first_name(), &asked.question.skill);
    let (title, line) = match asked.one.state {
        ConfirmationState::Asked => return Ok(None),
        ConfirmationState::Confirmed => {
            (format!("{name} confirms your level: {skill}"), "You can show it on your profile now, if you wish.")
        }
        ConfirmationState::Otherwise => (format!("{name} sees another level: {skill}"), "They say which and why. You decide what stands."),
        ConfirmationState::Passed => {
            (format!("{name} would rather not say: {skill}"), "That says nothing about you. Somebody else may have seen it.")
        }
    };
    Ok(Some(of(subject, title, line.into(), "Look at it")))
}
