//! What we tell about reviews: only to its owner, and only that the day has come.

use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[Telling { kind: verbs::CLOSED, about: "A review of yours has closed", words: closed }];

fn closed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, subject.into())?;
    let line = match &whole.results {
        Some(results) => {
            format!("{} people answered. Read it when you have a quiet moment, perhaps with somebody beside you.", results.people)
        }
        None => "Too few people answered to show anything without showing who said it. What came was destroyed unread.".into(),
    };
    Ok(Some(Words {
        title: "Your review has closed".into(),
        lines: vec![line],
        path: format!("/reviews/{}", whole.review.id),
        button: "Look at it".into(),
        ..Words::default()
    }))
}
