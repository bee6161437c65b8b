//! What Amina and Tomáš write to each other between their sessions, and what she keeps for the next one.

use super::history::pair;
use crate::app::App;
use crate::error::Result;
use crate::messages::{MessageId, verbs};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::HashMap;
use std::sync::Arc;

/// Hours before now, who writes, and what.
const WRITTEN: [(i64, &str, &str); 9] = [
    (26 * 24, "amina", "Thank you for saying yes. I have been looking for someone to look at real work with me for a year."),
    (25 * 24, "tomas", "Bring the ugliest thing first. Thursdays at half past five suit me best."),
    (
        16 * 24,
        "amina",
        "I redid the absences with **one row for each pupil**. Three things surprised me:\n\n- Mondays are not worse than other days\n- the same twelve pupils make half of it\n- the office writes late arrivals in two different ways",
    ),
    (
        15 * 24,
        "tomas",
        "The third is the most interesting one. Before you clean it: ask them *why* there are two ways. People rarely do that for nothing.",
    ),
    (9 * 24, "amina", "They do it because the old form had no box for “came after ten”. I would never have found that in the data."),
    (9 * 24 - 1, "tomas", "That is the job."),
    (
        4 * 24,
        "amina",
        "Something that is hard to say: I looked at six advertisements and closed all of them. Everybody asks for three years of experience, and I have a spreadsheet about absences.",
    ),
    (4 * 24 - 5, "tomas", "I know that feeling. Send me the one you would take if they asked you, not the one you think you could get."),
    (20, "amina", "Here it is: <https://jobs.example.org/analyst-schools>. They write “curious” twice, which is why I did not close it."),
];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, Some(id)) = app.read(move |tx| pair(tx, &people)).await? else { return Ok(()) };
    for (hours, by, words) in WRITTEN {
        app.clock.show(now - SignedDuration::from_hours(hours));
        let by = if by == "amina" { amina.clone() } else { tomas.clone() };
        app.write(move |tx| {
            let draft = verbs::Draft { id: tx.new_id::<MessageId>(), words: words.into(), files: Arc::default() };
            let number = verbs::send(tx, &by, id, &draft)?;
            verbs::see(tx, &by, id, number)
        })
        .await?;
    }
    app.clock.show(now - SignedDuration::from_hours(4 * 24 - 6));
    app.write(move |tx| {
        verbs::play_back(tx, &tomas, id, 7, "You can do the work.\nThe door looks as if it were for somebody else.")?;
        verbs::answer_playback(tx, &amina, id, 7, "")?;
        crate::notebook::verbs::keep(tx, &amina, id, "What did your first application look like, and who answered?").map(|_| ())
    })
    .await
}
