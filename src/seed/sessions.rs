//! What Amina and Tomáš have behind and ahead of them: a first conversation, a session with its notes, and the next one.

use super::history::pair;
use crate::app::App;
use crate::error::{Error, Result};
use crate::pulses::{self, Level, Said};
use crate::relationships::{RelationshipId, verbs as partners};
use crate::sessions::written::{self, Handling};
use crate::sessions::{Cadence, Draft, Purpose, SessionId, Time, verbs};
use crate::viewer::{PersonId, Viewer};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use jiff::civil::Weekday;
use std::collections::HashMap;

type Who = HashMap<String, PersonId>;

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &Who, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, Some(relationship)) = app.read(move |tx| pair(tx, &people)).await? else { return Ok(()) };
    // Thursdays at half past five, by her clock: two weeks ago, and the next one that is more than two days away.
    let next = thursday_after(now + SignedDuration::from_hours(50), &amina);
    let last = thursday_after(now - SignedDuration::from_hours(24 * 14), &amina);
    let begin = [(Purpose::Chemistry, 30, last - SignedDuration::from_hours(24 * 7)), (Purpose::Regular, 60, last)];
    for (purpose, minutes, at) in begin {
        let session = meets(app, (&amina, &tomas), relationship, purpose, minutes, at).await?;
        during(app, &amina, &tomas, session, purpose, at).await?;
    }
    app.clock.show(last + SignedDuration::from_hours(26));
    let (one, other) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        partners::set_next_step(tx, &one, relationship, "Redo the absences analysis with one row for each pupil, and bring the chart.")?;
        let id = propose(tx, &one, relationship, Purpose::Regular, 60, next)?;
        let time = verbs::times(tx, id)?.first().map(|t| t.id).ok_or(Error::NotFound)?;
        verbs::book(tx, &other, id, time)?;
        written::add_to_agenda(tx, &one, id, "Is my portfolio ready to be shown to anybody?")?;
        written::prepare(
            tx,
            &other,
            id,
            &[(String::new(), false), ("What would you do with these data if nobody had asked you anything?".into(), true)],
        )
    })
    .await
}

async fn meets(
    app: &App,
    (amina, tomas): (&Viewer, &Viewer),
    relationship: RelationshipId,
    purpose: Purpose,
    minutes: i64,
    at: Timestamp,
) -> Result<SessionId> {
    app.clock.show(at - SignedDuration::from_hours(24 * 3));
    let (amina, tomas) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        let id = propose(tx, &amina, relationship, purpose, minutes, at)?;
        let time = verbs::times(tx, id)?.first().map(|t| t.id).ok_or(Error::NotFound)?;
        verbs::book(tx, &tomas, id, time)?;
        Ok(id)
    })
    .await
}

fn propose(
    tx: &mut crate::app::Tx,
    amina: &Viewer,
    relationship: RelationshipId,
    purpose: Purpose,
    minutes: i64,
    at: Timestamp,
) -> Result<SessionId> {
    let draft = Draft { purpose, cadence: Cadence::Once, minutes, times: vec![Time::of_instant(at, &amina.zone)], instead: None };
    verbs::propose(tx, amina, relationship, &draft)
}

/// What they wrote and decided while they met.
async fn during(app: &App, amina: &Viewer, tomas: &Viewer, session: SessionId, purpose: Purpose, at: Timestamp) -> Result<()> {
    app.clock.show(at + SignedDuration::from_mins(20));
    let (one, other) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        if purpose == Purpose::Chemistry {
            written::write_notes(tx, &other, session, "", "An hour every other Thursday, half past five.\nShe brings something she made; I ask before I answer.")?;
            written::decide(tx, &one, session, "We try it for two months.")?;
        } else {
            written::add_to_agenda(tx, &one, session, "The absences analysis: what would you ask of it?")?;
            written::add_to_agenda(tx, &one, session, "Which job titles to look at, and which to leave")?;
            let agenda = written::agenda_items(tx, &one, session)?;
            if let [.., first, last] = agenda.as_slice() {
                written::handle(tx, &one, session, *first, Handling::Discussed)?;
                written::handle(tx, &one, session, *last, Handling::PutOff)?;
            }
            written::write_notes(tx, &one, session, "", "One row for each pupil, not for each absence.\nAsk the office how they record late arrivals.\n\nTomáš: draw it by hand before any code.")?;
            written::decide(tx, &one, session, "The portfolio comes after the third analysis, not before.")?;
        }
        Ok(())
    })
    .await?;
    app.clock.show(at + SignedDuration::from_mins(70));
    let (one, other) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        verbs::hold(tx, &one, session)?;
        if purpose == Purpose::Regular {
            written::give_feedback(tx, &one, session, "That you let me find the mistake myself.")?;
            written::write_own_notes(tx, &other, session, "", "She already thinks like an analyst. Say so next time.")?;
        }
        Ok(())
    })
    .await?;
    if purpose == Purpose::Regular { says_how_it_goes(app, tomas, session, at + SignedDuration::from_hours(20)).await } else { Ok(()) }
}

/// It is asked after their second session, and he has answered by the next day.
async fn says_how_it_goes(app: &App, tomas: &Viewer, session: SessionId, at: Timestamp) -> Result<()> {
    app.clock.show(at);
    let tomas = tomas.clone();
    app.write(move |tx| {
        let (relationship, _) = verbs::held_with(tx, session)?;
        let change = "Send me your question the evening before, so that I come with a better one back.".to_owned();
        let said = Said { goal: Level::Mostly, task: Level::Fully, bond: Level::Fully, voice: Level::Mostly, change };
        pulses::verbs::answer(tx, &tomas, relationship, &said)
    })
    .await
}

fn thursday_after(at: Timestamp, viewer: &Viewer) -> Timestamp {
    let day = at.in_zone(&viewer.zone).date();
    let thursday = if day.weekday() == Weekday::Thursday { day } else { day.nth_weekday(1, Weekday::Thursday).unwrap_or(day) };
    let wall = thursday.at(17, 30, 0, 0);
    let then = wall.to_zoned(viewer.zone.clone()).map_or(at, |then| then.timestamp().into());
    if then < at { then + SignedDuration::from_hours(24 * 7) } else { then }
}
