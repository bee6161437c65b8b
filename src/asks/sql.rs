//! Every query about asks.

use super::ask::{Ask, AskId, SealedLetter, SealedLine};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::people::OpenTo;
use crate::relationships::RelationshipId;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};
use uuid::Uuid;

macro_rules! select_ask {
    ($rest:literal) => {
        sql!(Ask: concat!(
            "select a.id, a.asker_id as asker, a.asked_id as asked, a.help, a.extent, a.minutes, a.months, a.goal_mark, a.key_id as key, ",
            "a.state, a.turn, a.pending, a.offered_extent, a.offered_minutes, a.redirect_to_id as redirect_to, a.reason, a.sent_at, ",
            "a.first_answered_at, a.turn_began_at, a.answer_by, a.remind_at, a.end_by, a.ended_at, a.asked_back_times, a.cascaded_from, ",
            "a.grown_from, a.relationship_id as relationship from asks a ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: AskId) -> Result<Option<Ask>> {
    Ok(tx.opt(select_ask!("where a.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, asker: PersonId, nonce: &str) -> Result<Option<AskId>> {
    let row: Option<(AskId,)> = tx.opt(sql!("select id from asks where asker_id = $1 and nonce = $2"), &[&asker, &nonce])?;
    Ok(row.map(|r| r.0))
}
/// The ask that this one went on to.
pub fn next_of(tx: &mut Tx, id: AskId) -> Result<Option<Ask>> {
    Ok(tx.opt(select_ask!("where a.cascaded_from = $1"), &[&id])?)
}
/// Waiting ones first, by their clock; then the latest that ended.
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Ask>> {
    Ok(tx.all(
        select_ask!(
            "where a.asker_id = $1 or a.asked_id = $1
             order by case when a.state = 'waiting' then 0 else 1 end, case when a.state = 'waiting' then a.answer_by else -a.ended_at end, a.id
             limit $2"
        ),
        &[&person, &limit],
    )?)
}
pub fn waiting_for(tx: &mut Tx, asked: PersonId) -> Result<Vec<Ask>> {
    Ok(tx.all(select_ask!("where a.asked_id = $1 and a.state = 'waiting' order by a.sent_at limit 100"), &[&asked])?)
}
pub fn waiting_of(tx: &mut Tx, asker: PersonId) -> Result<Vec<Ask>> {
    Ok(tx.all(select_ask!("where a.asker_id = $1 and a.state = 'waiting' order by a.sent_at limit 100"), &[&asker])?)
}
/// Those that somebody sent or received and that are still open, the latest first.
pub fn waiting_with(tx: &mut Tx, person: PersonId) -> Result<Vec<Ask>> {
    Ok(tx.all(
        select_ask!(
            "where (a.asker_id = $1 and a.state = 'waiting') or (a.asked_id = $1 and a.state = 'waiting')
             order by a.sent_at desc, a.id desc limit 100"
        ),
        &[&person],
    )?)
}
pub fn open_count(tx: &mut Tx, asker: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from asks where asker_id = $1 and state = 'waiting'"), &[&asker])?;
    Ok(row.0)
}
pub fn waiting_between(tx: &mut Tx, asker: PersonId, asked: PersonId) -> Result<Option<AskId>> {
    let row: Option<(AskId,)> = tx.opt(
        sql!("select id from asks where asker_id = $1 and asked_id = $2 and state = 'waiting' order by sent_at desc limit 1"),
        &[&asker, &asked],
    )?;
    Ok(row.map(|r| r.0))
}

pub fn waiting_among(tx: &mut Tx, asker: PersonId, asked: &List) -> Result<Vec<(PersonId, AskId)>> {
    Ok(tx.all(
        sql!(
            "select asked_id, id from asks where asker_id = $1 and asked_id in {list $2 as id} and state = 'waiting'
             order by sent_at desc limit 200"
        ),
        &[&asker, asked],
    )?)
}

pub fn open_to(tx: &mut Tx, person: PersonId) -> Result<Vec<OpenTo>> {
    let rows: Vec<(OpenTo,)> = tx.all(sql!("select role from profile_roles where person_id = $1 order by role limit 10"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
/// Puts a new ask in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, ask: &Ask, letter: &SealedLetter, goal_id: Option<Uuid>, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into asks (id, asker_id, asked_id, help, extent, minutes, months, goal_id, goal_mark, key_id,
                goal, why_you, so_far, the_ask, will_bring, state, turn, sent_at, turn_began_at, answer_by, remind_at, end_by,
                asked_back_times, cascaded_from, grown_from, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19, $20, $21, 0, $22, $23, $24)
             on conflict (asker_id, nonce) do nothing"
        ),
        &[
            &ask.id,
            &ask.asker,
            &ask.asked,
            &ask.help,
            &ask.extent,
            &ask.minutes,
            &ask.months,
            &goal_id,
            &ask.goal_mark,
            &ask.key,
            &letter.goal,
            &letter.why_you,
            &letter.so_far,
            &letter.the_ask,
            &letter.will_bring,
            &ask.state,
            &ask.turn,
            &ask.sent_at,
            &ask.answer_by,
            &ask.remind_at,
            &ask.end_by,
            &ask.cascaded_from,
            &ask.grown_from,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}

/// Saves what became of an ask, if it still is as it was: two people who press two buttons cannot both win.
pub fn save(tx: &mut Tx, was: &Ask, ask: &Ask) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update asks set state = $4, turn = $5, pending = $6, offered_extent = $7, offered_minutes = $8, redirect_to_id = $9,
                reason = $10, first_answered_at = $11, turn_began_at = $12, answer_by = $13, remind_at = $14, ended_at = $15,
                asked_back_times = $16, extent = $17, minutes = $18, months = $19,
                reminded_at = case when turn_began_at = $12 then reminded_at else null end
             where id = $1 and state = $2 and turn = $3 and turn_began_at = $20"
        ),
        &[
            &ask.id,
            &was.state,
            &was.turn,
            &ask.state,
            &ask.turn,
            &ask.pending,
            &ask.offered_extent,
            &ask.offered_minutes,
            &ask.redirect_to,
            &ask.reason,
            &ask.first_answered_at,
            &ask.turn_began_at,
            &ask.answer_by,
            &ask.remind_at,
            &ask.ended_at,
            &ask.asked_back_times,
            &ask.extent,
            &ask.minutes,
            &ask.months,
            &was.turn_began_at,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Someone answered this a moment before you.")) }
}

pub fn save_relationship(tx: &mut Tx, id: AskId, relationship: RelationshipId) -> Result<()> {
    tx.execute(sql!("update asks set relationship_id = $2 where id = $1"), &[&id, &relationship])?;
    Ok(())
}

pub fn letter(tx: &mut Tx, id: AskId) -> Result<SealedLetter> {
    tx.opt(sql!(SealedLetter: "select goal, why_you, so_far, the_ask, will_bring from asks where id = $1"), &[&id])?.ok_or(Error::NotFound)
}
pub fn goal_id(tx: &mut Tx, id: AskId) -> Result<Option<Uuid>> {
    let row: Option<(Option<Uuid>,)> = tx.opt(sql!("select goal_id from asks where id = $1"), &[&id])?;
    Ok(row.and_then(|r| r.0))
}

pub fn nexts(tx: &mut Tx, id: AskId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(sql!("select person_id from ask_nexts where ask_id = $1 order by position limit 10"), &[&id])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn set_nexts(tx: &mut Tx, id: AskId, people: &[PersonId]) -> Result<()> {
    tx.execute(sql!("delete from ask_nexts where ask_id = $1"), &[&id])?;
    for (position, person) in (0_i64..).zip(people) {
        tx.execute(
            sql!("insert into ask_nexts (ask_id, person_id, position) values ($1, $2, $3) on conflict (ask_id, person_id) do nothing"),
            &[&id, person, &position],
        )?;
    }
    Ok(())
}

pub fn insert_line(tx: &mut Tx, id: AskId, line: &SealedLine) -> Result<()> {
    let line_id: Uuid = tx.new_id();
    tx.execute(
        sql!("insert into ask_lines (id, ask_id, by_id, at, kind, words) values ($1, $2, $3, $4, $5, $6)"),
        &[&line_id, &id, &line.by, &line.at, &line.kind, &line.words],
    )?;
    Ok(())
}
pub fn lines(tx: &mut Tx, id: AskId) -> Result<Vec<SealedLine>> {
    Ok(tx.all(sql!(SealedLine: "select by_id as by, at, kind, words from ask_lines where ask_id = $1 order by at, id limit 60"), &[&id])?)
}
pub fn line_count(tx: &mut Tx, id: AskId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from ask_lines where ask_id = $1 and kind <> 'before'"), &[&id])?;
    Ok(row.0)
}

pub fn any_to_remind(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(AskId,)> =
        tx.opt(sql!("select id from asks where state = 'waiting' and remind_at <= $1 and reminded_at is null limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose turn is half over. The condition is said twice: on PostgreSQL two nodes may choose the same rows,
/// and only the outer one decides.
pub fn claim_reminders(tx: &mut Tx) -> Result<Vec<AskId>> {
    let now = tx.now();
    let rows: Vec<(AskId,)> = tx.all(
        sql!(
            "update asks set reminded_at = $1 where reminded_at is null and state = 'waiting' and remind_at <= $1 and id in
             (select id from asks where state = 'waiting' and remind_at <= $1 and reminded_at is null order by remind_at limit 100)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn any_to_lapse(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(AskId,)> = tx.opt(sql!("select id from asks where state = 'waiting' and answer_by <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time has run out, and is also their end.
pub fn claim_lapses(tx: &mut Tx) -> Result<Vec<AskId>> {
    let now = tx.now();
    let rows: Vec<(AskId,)> = tx.all(
        sql!(
            "update asks set state = 'lapsed', ended_at = $1 where state = 'waiting' and answer_by <= $1 and id in
             (select id from asks where state = 'waiting' and answer_by <= $1 order by answer_by limit 50)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// When asks were sent and first answered, latest first: those that have been answered or whose time ran out.
pub fn history(tx: &mut Tx, since: Timestamp) -> Result<Vec<(Timestamp, Option<Timestamp>)>> {
    Ok(tx.all(
        sql!(
            "select sent_at, first_answered_at from asks
             where sent_at >= $1 and (first_answered_at is not null or state = 'lapsed') order by sent_at desc limit 500"
        ),
        &[&since],
    )?)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from asks where asker_id = $1 or asked_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("update asks set redirect_to_id = null where redirect_to_id = $1"), &[&person])?;
    tx.execute(sql!("delete from ask_nexts where person_id = $1"), &[&person])?;
    Ok(())
}

/// People with exactly this folded name; two are enough to know that it is not clear whom.
pub fn called(tx: &mut Tx, folded: &str) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!("select id from people where folded = $1 and closed_at is null and forgotten_at is null order by id limit 2"),
        &[&folded],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
