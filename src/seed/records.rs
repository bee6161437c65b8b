//! What Amina's record says, who has seen it too, and where she wants to get to.

use super::history::pair;
use crate::app::App;
use crate::error::{Error, Result};
use crate::records::record::ConfirmationId;
use crate::records::verbs::{self, Saying};
use crate::records::{Level, RecordedId};
use crate::skills::Word;
use crate::viewer::{PersonId, Viewer};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::HashMap;

async fn says(app: &App, who: &Viewer, at: Timestamp, skill: &'static str, level: u8, words: &'static str) -> Result<RecordedId> {
    app.clock.show(at);
    let who = who.clone();
    let level = Level::try_from(level).map_err(Error::broken)?;
    app.write(move |tx| {
        let word: Word = skill.parse().map_err(|_| Error::broken(skill))?;
        let saying = Saying {
            level,
            words: words.into(),
            link: None,
            pin: None,
            nonce: format!("village {skill} {words}").chars().take(80).collect(),
        };
        verbs::say(tx, &who, &word, &saying)
    })
    .await
}

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let Some((amina, tomas, together)) = app
        .read(move |tx| {
            Ok(match pair(tx, &people)? {
                (amina, tomas, Some(together)) => Some((amina, tomas, together)),
                _ => None,
            })
        })
        .await?
    else {
        return Ok(());
    };
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    says(app, &amina, days_ago(17), "SQL", 1, "Read the first three chapters of a book from the library.").await?;
    says(app, &amina, days_ago(11), "SQL", 2, "Two queries on the school’s own attendance, with Tomáš beside me.").await?;
    let sql = says(app, &amina, days_ago(5), "SQL", 3, "The list of absences that the office prints each Monday comes from my query now.")
        .await?;
    says(app, &amina, days_ago(9), "Teaching", 5, "Eleven years of mathematics, and two new colleagues whom I brought in.").await?;
    says(app, &amina, days_ago(4), "Data analysis", 2, "One question of the head’s, answered with a table and a doubt.").await?;

    let asks = |who: Viewer, id: RecordedId, of: PersonId| async move { app.write(move |tx| verbs::ask(tx, &who, id, together, of)).await };
    let confirmed: ConfirmationId = asks(amina.clone(), sql, tomas.person).await?;
    app.clock.show(days_ago(3));
    let (one, other) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        let level = verbs::asked(tx, &other, confirmed)?.question.level;
        verbs::answer(tx, &other, confirmed, Some(level), "I read that query, and I did not have to touch it.")?;
        verbs::show(tx, &one, sql, true)
    })
    .await?;
    let speaking = says(app, &amina, days_ago(2), "Public speaking", 4, "Parents’ evenings with two hundred people, for years.").await?;
    asks(amina.clone(), speaking, tomas.person).await?;
    app.write(move |tx| {
        let level = |number: u8| Level::try_from(number).map_err(Error::broken);
        let word = |word: &'static str| word.parse::<Word>().map_err(|_| Error::broken(word));
        let wanted = [
            (word("Data analysis")?, level(4)?),
            (word("SQL")?, level(4)?),
            (word("Statistics")?, level(3)?),
            (word("Data visualisation")?, level(3)?),
            (word("Teaching")?, level(3)?),
        ];
        let id = tx.new_id();
        verbs::set_aim(tx, &amina, id, "Data analyst in a school authority", &wanted)
    })
    .await
}
