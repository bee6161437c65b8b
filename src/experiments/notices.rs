//! What we tell people about experiments. What somebody expects of themselves goes into no letter.

use super::experiment::ExperimentId;
use super::verbs::{self, BACK, LEARNT, SHARED, Told};
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: BACK, about: "The day has come to look at what you tried", words: back },
    Telling { kind: SHARED, about: "Someone you work with lets you read what they try", words: shared },
    Telling { kind: LEARNT, about: "Someone you work with has learned from what they tried", words: learnt },
];

fn back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (Told { one, .. }, _) = verbs::read(tx, viewer, ExperimentId(subject))?;
    Ok((one.is_back() && viewer.is(one.owner)).then(|| Words {
        title: "What came of what you tried?".into(),
        lines: vec![format!(
            "You began it on {}. Whether it went as you thought or not, there is something to learn from it.",
            viewer.date(one.began_at)
        )],
        path: format!("/experiments/{subject}"),
        button: "Look at it".into(),
        ..Words::default()
    }))
}

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (Told { one, .. }, company) = verbs::read(tx, viewer, ExperimentId(subject))?;
    let Some(company) = company.filter(|_| !viewer.is(one.owner)) else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{} tries something out", company.called(viewer, one.owner)),
        lines: vec!["What they think, what they do, and when they look at it stands on the page.".into()],
        path: format!("/experiments/{subject}"),
        button: "Read it".into(),
        ..Words::default()
    }))
}

fn learnt(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (Told { one, .. }, company) = verbs::read(tx, viewer, ExperimentId(subject))?;
    let Some(company) = company.filter(|_| !viewer.is(one.owner) && !one.is_open()) else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{} has learned something from what they tried", company.called(viewer, one.owner)),
        lines: vec!["It stands on the page, for the two of you.".into()],
        path: format!("/experiments/{subject}"),
        button: "Read it".into(),
        ..Words::default()
    }))
}
