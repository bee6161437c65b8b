//! What we tell people about how it goes.

use super::pulse::PulseId;
use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "pulse asked", about: "You are asked how it goes with somebody you work with", words: asked },
    Telling { kind: "pulse shared", about: "All of you have said how it goes", words: shared },
];

fn asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (company, told) = verbs::one(tx, viewer, PulseId(subject))?;
    if told.has_answered || !told.pulse.is_open(tx.now()) {
        return Ok(None);
    }
    let others = company.everybody(viewer);
    Ok(Some(Words {
        title: format!("How is it going with {}?", company.name(viewer)),
        lines: vec![
            format!("Four short questions and one thing to change, until {}.", viewer.date(told.pulse.open_until)),
            format!("{others} is asked the same, and reads your answer only when you have both answered. Nobody else ever does."),
        ],
        path: super::pages::path(company.relationship.id),
        button: "Answer the questions".into(),
        ..Words::default()
    }))
}

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (company, told) = verbs::one(tx, viewer, PulseId(subject))?;
    if told.said.len() < 2 {
        return Ok(None);
    }
    Ok(Some(Words {
        title: format!("You and {} have both said how it goes", company.name(viewer)),
        lines: vec!["Read it side by side. What one of you would like to change can go on the agenda of your next session.".into()],
        path: super::pages::path(company.relationship.id),
        button: "Read it".into(),
        ..Words::default()
    }))
}
