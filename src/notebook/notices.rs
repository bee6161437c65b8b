//! What we tell people about questions that were kept, and keeping one by mail.

use super::kept::KeptId;
use super::verbs;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::slices::{Reply, Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] =
    &[Telling { kind: "kept question helped", about: "An answer of yours helped someone you work with", words: helped }];

/// Whoever writes to the notebook's address keeps a question.
pub static REPLIES: &[Reply] =
    &[Reply { noun: "notebook", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

fn helped(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (company, question) = match verbs::helped(tx, viewer, KeptId(subject)) {
        Ok(Some(found)) => found,
        Ok(None) | Err(Error::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let name = company.called(viewer, question.person);
    Ok(Some(Words {
        title: format!("Your answer helped {name}"),
        lines: vec![format!("{name} had asked you:")],
        quote: Some(question.words),
        path: format!("/relationships/{}/messages", company.relationship.id),
        button: "Go to your messages".into(),
        ..Words::default()
    }))
}
