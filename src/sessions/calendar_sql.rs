//! Every query about people's calendars.

use super::session::{SeriesId, Session, SessionId};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, ids, record, sql, text_enum};
use uuid::Uuid;

ids!(OutsideId);

text_enum!(
    /// What someone's calendar answered to an invitation.
    pub Said { Accepted = "accepted", Declined = "declined", Tentative = "tentative" }
);

record!(
    /// A calendar of someone's elsewhere, without what is in it.
    #[derive(Debug, Clone)]
    pub struct Outside {
        pub id: OutsideId,
        pub address: Sealed,
        pub trouble: String,
        pub read_at: Option<Timestamp>,
    }
);
record!(
    /// One that is to be read now.
    #[derive(Debug, Clone)]
    pub struct ToRead {
        pub id: OutsideId,
        pub person: PersonId,
        pub address: Sealed,
        pub failures: i64,
    }
);
record!(
    /// What someone's calendar answered.
    #[derive(Debug, Clone)]
    pub struct Answered {
        pub person: PersonId,
        pub starts_at: Timestamp,
        pub answer: Option<Said>,
        pub proposed_at: Option<Timestamp>,
        pub words: Option<Sealed>,
    }
);

// Feeds.

pub fn feed_made_at(tx: &mut Tx, person: PersonId) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> = tx.opt(sql!("select made_at from calendar_feeds where person_id = $1"), &[&person])?;
    Ok(row.map(|r| r.0))
}
pub fn save_feed(tx: &mut Tx, person: PersonId, hash: &[u8]) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into calendar_feeds (person_id, token_hash, made_at) values ($1, $2, $3)
             on conflict (person_id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at"
        ),
        &[&person, &hash, &now],
    )?;
    Ok(())
}
pub fn end_feed(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from calendar_feeds where person_id = $1"), &[&person])?;
    Ok(())
}
pub fn person_of_feed(tx: &mut Tx, hash: &[u8]) -> Result<Option<PersonId>> {
    let row: Option<(PersonId,)> = tx.opt(sql!("select person_id from calendar_feeds where token_hash = $1"), &[&hash])?;
    Ok(row.map(|r| r.0))
}
/// Sessions that stand in someone's calendar (none of a relationship that stands still), with whom, in order: one row for each of the others.
pub fn in_calendar(tx: &mut Tx, person: PersonId, from: Timestamp, until: Timestamp) -> Result<Vec<(SessionId, RelationshipId, PersonId)>> {
    Ok(tx.all(
        sql!(
            "select s.id, s.relationship_id, p.person_id from attendances a
             join sessions s on s.id = a.session_id
             join relationships r on r.id = s.relationship_id
             join parties p on p.relationship_id = s.relationship_id and p.person_id <> a.person_id
             where a.person_id = $1 and a.state in ('booked', 'held') and a.starts_at >= $2 and a.starts_at < $3 and r.state <> 'frozen'
             order by a.starts_at, s.id, p.person_id limit 1000"
        ),
        &[&person, &from, &until],
    )?)
}

// Calendars elsewhere.

pub fn outside(tx: &mut Tx, person: PersonId) -> Result<Vec<Outside>> {
    Ok(tx.all(
        sql!(Outside: "select id, address, trouble, read_at from outside_calendars where person_id = $1 order by id limit 10"),
        &[&person],
    )?)
}
pub fn add_outside(tx: &mut Tx, id: OutsideId, person: PersonId, address: &Sealed, nothing: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into outside_calendars (id, person_id, address, busy, trouble, failures, made_at, next_at)
             values ($1, $2, $3, $4, '', 0, $5, $5)"
        ),
        &[&id, &person, address, nothing, &now],
    )?;
    Ok(())
}
pub fn remove_outside(tx: &mut Tx, person: PersonId, id: OutsideId) -> Result<bool> {
    Ok(tx.execute(sql!("delete from outside_calendars where person_id = $1 and id = $2"), &[&person, &id])? == 1)
}
pub fn any_to_read(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(OutsideId,)> = tx.opt(sql!("select id from outside_calendars where next_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims a few that are to be read, until a later time at which they are due again if nothing is recorded.
pub fn claim_to_read(tx: &mut Tx, until: Timestamp) -> Result<Vec<ToRead>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(ToRead:
            "update outside_calendars set next_at = $2
             where next_at <= $1 and id in (select id from outside_calendars where next_at <= $1 order by next_at limit 4)
             returning id, person_id as person, address, failures"
        ),
        &[&now, &until],
    )?)
}
pub fn save_busy(tx: &mut Tx, id: OutsideId, busy: &Sealed, next_at: Timestamp) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update outside_calendars set busy = $2, trouble = '', failures = 0, read_at = $3, next_at = $4 where id = $1"),
        &[&id, busy, &now, &next_at],
    )?;
    Ok(())
}
pub fn save_trouble(tx: &mut Tx, id: OutsideId, trouble: &str, next_at: Timestamp) -> Result<()> {
    tx.execute(
        sql!("update outside_calendars set trouble = $2, failures = failures + 1, next_at = $3 where id = $1"),
        &[&id, &trouble, &next_at],
    )?;
    Ok(())
}
pub fn busy(tx: &mut Tx, people: &List) -> Result<Vec<(Sealed,)>> {
    Ok(tx.all(sql!("select busy from outside_calendars where person_id in {list $1 as id} order by id limit 100"), &[people])?)
}

// Invitations.

pub fn sequence(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let row: Option<(i64,)> = tx.opt(sql!("select sequence from calendar_events where id = $1"), &[&id])?;
    Ok(row.map_or(0, |r| r.0))
}
pub fn next_sequence(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(
        sql!("insert into calendar_events (id, sequence) values ($1, 0) on conflict (id) do update set sequence = calendar_events.sequence + 1"),
        &[&id],
    )?;
    Ok(())
}
/// Sessions of a series from a place on that were cancelled at this moment.
pub fn ended_together(tx: &mut Tx, series: SeriesId, place: i64, ended_at: Option<Timestamp>) -> Result<Vec<Session>> {
    let ids: Vec<(SessionId,)> = tx.all(
        sql!("select id from sessions where series_id = $1 and place >= $2 and state = 'cancelled' and ended_at = $3 order by place limit 200"),
        &[&series, &place, &ended_at],
    )?;
    let mut all = super::sql::all_of(tx, &List::of(ids.into_iter().map(|row| row.0.0))?)?;
    all.sort_by_key(|session| session.place);
    Ok(all)
}
/// The places of a series from one on at which no session takes place.
pub fn left_out(tx: &mut Tx, series: SeriesId, place: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx.all(
        sql!("select place from sessions where series_id = $1 and place >= $2 and state = 'cancelled' order by place limit 200"),
        &[&series, &place],
    )?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
/// Whether an earlier one of a series was cancelled at the same moment, and so with this one.
pub fn went_with_an_earlier(tx: &mut Tx, series: SeriesId, session: &Session) -> Result<bool> {
    let (place, ended_at) = (session.place, session.ended_at);
    let row: Option<(SessionId,)> = tx.opt(
        sql!("select id from sessions where series_id = $1 and place < $2 and state = 'cancelled' and ended_at = $3 limit 1"),
        &[&series, &place, &ended_at],
    )?;
    Ok(row.is_some())
}

pub fn save_answer(tx: &mut Tx, session: SessionId, answered: &Answered) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into calendar_answers (session_id, person_id, starts_at, answer, proposed_at, words, answered_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (session_id, person_id) do update set starts_at = excluded.starts_at, answer = excluded.answer,
             proposed_at = excluded.proposed_at, words = excluded.words, answered_at = excluded.answered_at"
        ),
        &[&session, &answered.person, &answered.starts_at, &answered.answer, &answered.proposed_at, &answered.words, &now],
    )?;
    Ok(())
}
pub fn answers(tx: &mut Tx, session: SessionId) -> Result<Vec<Answered>> {
    Ok(tx.all(
        sql!(Answered:
            "select person_id as person, starts_at, answer, proposed_at, words from calendar_answers where session_id = $1
             order by person_id limit 50"
        ),
        &[&session],
    )?)
}
pub fn answers_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, Option<Said>)>> {
    Ok(tx.all(sql!("select starts_at, answer from calendar_answers where person_id = $1 order by session_id limit 1000"), &[&person])?)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from calendar_feeds where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from outside_calendars where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from calendar_answers where person_id = $1"), &[&person])?;
    Ok(())
}
