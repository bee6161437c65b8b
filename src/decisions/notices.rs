//! What we tell people about their decisions.

use super::decision::{DecisionId, Deed};
use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] =
    &[Telling { kind: "decision review", about: "A decision of yours comes back, on the day you chose", words: review }];

fn review(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let told = verbs::read(tx, viewer, DecisionId(subject))?;
    if !viewer.is(told.decision.owner) || !told.decision.is_open_to(Deed::Review) {
        return Ok(None);
    }
    Ok(Some(Words {
        title: "A decision of yours is back: was it right?".into(),
        lines: vec![format!("You decided it on {}. What did you learn since?", viewer.date(told.decision.decided_at))],
        quote: Some(format!("{}\n\n{}", told.words.question, told.words.chosen)),
        path: format!("/decisions/{subject}"),
        button: "Look back".into(),
        ..Words::default()
    }))
}
