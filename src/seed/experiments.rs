//! What Amina tried, and what she is trying now.

use super::history::pair;
use crate::app::App;
use crate::error::Result;
use crate::experiments::{Draft, Learnt, Outcome, Words, verbs};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, _, together) = app.read(move |tx| pair(tx, &people)).await?;
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let draft = |expects: &str, tries: &str, sign: &str, began: Timestamp, relationship, nonce: &str| -> Result<Draft> {
        let words = Words { expects: expects.into(), tries: tries.into(), sign: sign.into() };
        let look_on = began.in_zone(&amina.zone).date().checked_add(14.days())?;
        Ok(Draft { words, goal: None, relationship, look_on, nonce: format!("village {nonce}") })
    };
    let first = draft(
        "nobody in the staff room wants to look at a chart before the first coffee",
        "put one chart beside the machine on a Monday, without a word",
        "whether anybody mentions it by Wednesday",
        days_ago(20),
        together,
        "chart",
    )?;
    let second = draft(
        "I need an hour to begin, and that is why I do not",
        "open the notebook for ten minutes before breakfast, and close it when they are over",
        "how many mornings I was sorry to close it",
        days_ago(6),
        None,
        "mornings",
    )?;
    app.clock.show(days_ago(20));
    let one = amina.clone();
    let begun = app.write(move |tx| verbs::begin(tx, &one, &first)).await?;
    app.clock.show(days_ago(15));
    let one = amina.clone();
    let learnt = Learnt {
        happened: "Four people asked who had made it. One asked for last year’s.".into(),
        learnt: "They look if nobody makes them.".into(),
    };
    app.write(move |tx| verbs::learn(tx, &one, begun, Outcome::Otherwise, &learnt)).await?;
    app.clock.show(days_ago(6));
    app.write(move |tx| verbs::begin(tx, &amina, &second)).await?;
    app.clock.show(now);
    Ok(())
}
