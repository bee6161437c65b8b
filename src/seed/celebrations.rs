//! What Amina has reached: one of it came by her plan, with a note of Tomáš; the rest she wrote down herself.

use super::history::pair;
use crate::app::App;
use crate::celebrations::{Source, Words, verbs};
use crate::error::Result;
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::HashMap;

/// Days ago, what was reached, and what shows it.
const OWN: [(i64, &str, &str); 2] = [
    (
        160,
        "I finished the evening course, with thirty essays to mark on the same evening",
        "The certificate is in the drawer. Eleven of nineteen were there at the end.",
    ),
    (31, "A pupil asked whether she may count something too", "She counted the bicycles in the rain. Her table was better than mine."),
];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, _) = app.read(move |tx| pair(tx, &people)).await?;
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    for (days, title, shown_by) in OWN {
        app.clock.show(days_ago(days));
        let one = amina.clone();
        let words = Words { title: title.into(), shown_by: shown_by.into(), link: None };
        app.write(move |tx| verbs::keep(tx, &one, &words, &format!("village {days}")).map(drop)).await?;
    }
    app.clock.show(days_ago(2));
    app.write(move |tx| {
        let (wins, _) = verbs::own(tx, &amina, 20)?;
        let reached = wins.iter().find(|told| told.win.source == Source::Milestone && told.win.asked.is_some());
        match reached {
            Some(told) => {
                let note = "You asked the third one although the second had been short with you. That is the part I would not have done at your age.";
                verbs::give_note(tx, &tomas, told.win.id, note)
            }
            None => Ok(()),
        }
    })
    .await?;
    app.clock.show(now);
    Ok(())
}
