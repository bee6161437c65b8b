//! A worksheet that Tomáš gave Amina, week after week, and one that she filled in for herself.

use super::history::pair;
use crate::app::App;
use crate::error::{Error, Result};
use crate::viewer::PersonId;
use crate::worksheets::{Answer, Answers, AssignmentId, Letter, Notes, ready, verbs};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashMap};

/// Hours for what matters, hours worked, energy of ten, what went well.
const WEEKS: [(i64, f64, f64, f64, &str); 4] = [
    (26, 3.0, 51.0, 4.0, "I did not open the laptop after nine."),
    (19, 4.5, 48.0, 5.0, "Léa took the Thursday group, because I asked."),
    (12, 4.0, 53.0, 3.0, "Nothing much. Reports were due."),
    (5, 6.5, 47.0, 7.0, "Two evenings with my own question, and nobody died."),
];

/// Content with eight parts of her life, of ten.
const AREAS: [f64; 8] = [6.0, 5.0, 4.0, 8.0, 5.0, 7.0, 3.0, 8.0];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, together) = app.read(move |tx| pair(tx, &people)).await?;
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    app.clock.show(days_ago(27));
    if let Some(together) = together {
        let (paper, giver) = (ready::named("my-week").ok_or(Error::NotFound)?, tomas.clone());
        let mut given = app
            .write(move |tx| {
                let sheet = verbs::begin(tx, &giver, &paper, "village")?;
                let today = tx.now().in_zone(&giver.zone).date();
                let giving = verbs::Giving { to: Some(together), due_on: Some(today), again_days: Some(7), nonce: "village".into() };
                verbs::give(tx, &giver, sheet, &giving)
            })
            .await?;
        for (days, mattered, worked, energy, well) in WEEKS {
            app.clock.show(days_ago(days));
            let numbers = [(0, mattered), (1, worked), (3, energy)];
            let mut answers = numbered(&numbers);
            answers.extend(Letter::at(4).map(|letter| (letter, Answer::Words(well.into()))));
            let (filler, one) = (amina.clone(), given);
            given = app
                .write(move |tx| {
                    verbs::hand_in(tx, &filler, one, &answers)?;
                    let next = verbs::shelf(tx, &filler)?.mine.into_iter().find(|told| told.one.is_open());
                    next.map(|told| told.one.id).ok_or(Error::NotFound)
                })
                .await?;
            if days > 5 {
                app.clock.show(days_ago(days - 1));
                annotate(app, &tomas, one, days).await?;
            }
        }
    }
    app.clock.show(days_ago(16));
    let paper = ready::named("all-round").ok_or(Error::NotFound)?;
    let mut answers = numbered(&AREAS.iter().copied().enumerate().collect::<Vec<_>>());
    answers.extend(Letter::at(10).map(|letter| (letter, Answer::Words("Rest. Everything is easier after a night.".into()))));
    app.write(move |tx| {
        let sheet = verbs::begin(tx, &amina, &paper, "village")?;
        let giving = verbs::Giving { to: None, due_on: None, again_days: None, nonce: "village alone".into() };
        let one = verbs::give(tx, &amina, sheet, &giving)?;
        verbs::hand_in(tx, &amina, one, &answers)
    })
    .await?;
    app.clock.show(now);
    Ok(())
}

fn numbered(numbers: &[(usize, f64)]) -> Answers {
    numbers.iter().filter_map(|(place, number)| Some((Letter::at(*place)?, Answer::Number(*number)))).collect()
}

async fn annotate(app: &App, tomas: &crate::viewer::Viewer, one: AssignmentId, days: i64) -> Result<()> {
    let beside = Letter::at(3).map(|letter| (letter, "What gave you energy, and what took it?".to_owned()));
    let all = if days == 12 { "A week like that is a week. It is not the line." } else { "" };
    let notes = Notes { beside: beside.into_iter().filter(|_| days == 19).collect::<BTreeMap<_, _>>(), all: all.into() };
    let giver = tomas.clone();
    app.write(move |tx| verbs::annotate(tx, &giver, one, &notes)).await
}
