//! Every query about concerns.

use super::concern::{Concern, ConcernId, SealedAnswer, SealedEvidence, SealedWords};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};
use uuid::Uuid;

macro_rules! select_concern {
    ($rest:literal) => {
        sql!(Concern: concat!(
            "select c.id, c.reporter_id as reporter, c.about_id as about, c.relationship_id as relationship, c.key_id as \"key\", c.wish, ",
            "c.stopped, c.state, c.raised_at, c.answer_by, c.acknowledged_at, c.handler_id as handler, c.decided_at, ",
            "c.decider_id as decider, c.appealed_at, c.appellant_id as appellant, c.closed_at, ",
            "exists (select 1 from concern_answers a where a.concern_id = c.id and a.to_other is not null) as told_other ",
            "from concerns c ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: ConcernId) -> Result<Option<Concern>> {
    Ok(tx.opt(select_concern!("where c.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, reporter: PersonId, nonce: &str) -> Result<Option<ConcernId>> {
    let row: Option<(ConcernId,)> = tx.opt(sql!("select id from concerns where reporter_id = $1 and nonce = $2"), &[&reporter, &nonce])?;
    Ok(row.map(|r| r.0))
}
pub fn open_count(tx: &mut Tx, reporter: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from concerns where reporter_id = $1 and closed_at is null"), &[&reporter])?;
    Ok(row.0)
}
/// What someone raised, the latest first.
pub fn of_reporter(tx: &mut Tx, reporter: PersonId) -> Result<Vec<Concern>> {
    Ok(tx.all(select_concern!("where c.reporter_id = $1 order by c.raised_at desc, c.id desc limit 100"), &[&reporter])?)
}
/// What was decided about someone and told to them, the latest first.
pub fn told_about(tx: &mut Tx, person: PersonId) -> Result<Vec<Concern>> {
    Ok(tx.all(
        select_concern!(
            "where c.about_id = $1 and c.decided_at is not null
                and exists (select 1 from concern_answers b where b.concern_id = c.id and b.to_other is not null)
             order by c.decided_at desc, c.id desc limit 100"
        ),
        &[&person],
    )?)
}
/// Those in a relationship because of which contact is stopped and that are not closed.
pub fn stopped_in(tx: &mut Tx, relationship: RelationshipId) -> Result<Vec<Concern>> {
    Ok(tx.all(
        select_concern!("where c.relationship_id = $1 and c.stopped and c.closed_at is null order by c.raised_at, c.id limit 100"),
        &[&relationship],
    )?)
}
/// Those that someone raised because of which contact is stopped in a relationship.
pub fn stopped_by(tx: &mut Tx, reporter: PersonId) -> Result<Vec<Concern>> {
    Ok(tx.all(
        select_concern!("where c.reporter_id = $1 and c.stopped and c.closed_at is null and c.relationship_id is not null limit 100"),
        &[&reporter],
    )?)
}
/// What waits for those who look after concerns, by its clock.
pub fn waiting(tx: &mut Tx) -> Result<Vec<Concern>> {
    Ok(tx.all(select_concern!("where c.state in ('raised', 'acknowledged', 'appealed') order by c.answer_by, c.id limit 100"), &[])?)
}
/// What someone has looked after and is not waiting any more, the latest first.
pub fn handled_by(tx: &mut Tx, person: PersonId) -> Result<Vec<Concern>> {
    Ok(tx.all(
        select_concern!("where c.handler_id = $1 and c.state in ('decided', 'closed') order by c.decided_at desc, c.id desc limit 50"),
        &[&person],
    )?)
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, concern: &Concern, words: &Sealed, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into concerns (id, reporter_id, about_id, relationship_id, key_id, words, wish, stopped, state, raised_at, answer_by, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (reporter_id, nonce) do nothing"
        ),
        &[
            &concern.id,
            &concern.reporter,
            &concern.about,
            &concern.relationship,
            &concern.key,
            words,
            &concern.wish,
            &concern.stopped,
            &concern.state,
            &concern.raised_at,
            &concern.answer_by,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}

/// Saves where it stands, if it still stands where it was read: two that press at once cannot both win.
pub fn save(tx: &mut Tx, concern: &Concern, was: &Concern, appeal: Option<&Sealed>) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update concerns set state = $2, stopped = $3, answer_by = $4, acknowledged_at = $5, handler_id = $6, decided_at = $7,
                decider_id = $8, appealed_at = $9, appellant_id = $10, appeal = coalesce($11, appeal), closed_at = $12, reminded_at = null
             where id = $1 and state = $13"
        ),
        &[
            &concern.id,
            &concern.state,
            &concern.stopped,
            &concern.answer_by,
            &concern.acknowledged_at,
            &concern.handler,
            &concern.decided_at,
            &concern.decider,
            &concern.appealed_at,
            &concern.appellant,
            &appeal.cloned(),
            &concern.closed_at,
            &was.state,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Somebody answered this a moment before you. Please look again.")) }
}

pub fn words(tx: &mut Tx, id: ConcernId) -> Result<SealedWords> {
    tx.opt(sql!(SealedWords: "select words, appeal from concerns where id = $1"), &[&id])?.ok_or(Error::NotFound)
}

pub fn insert_evidence(tx: &mut Tx, id: ConcernId, position: i64, piece: &SealedEvidence) -> Result<()> {
    let row: Uuid = tx.new_id();
    tx.execute(
        sql!("insert into concern_evidence (id, concern_id, position, by_id, at, source, words) values ($1, $2, $3, $4, $5, $6, $7)"),
        &[&row, &id, &position, &piece.by, &piece.at, &piece.source, &piece.words],
    )?;
    Ok(())
}
pub fn evidence(tx: &mut Tx, id: ConcernId) -> Result<Vec<SealedEvidence>> {
    Ok(tx.all(
        sql!(SealedEvidence: "select by_id as by, at, source, words from concern_evidence where concern_id = $1 order by position limit 60"),
        &[&id],
    )?)
}
pub fn insert_answer(tx: &mut Tx, id: ConcernId, answer: &SealedAnswer) -> Result<()> {
    let row: Uuid = tx.new_id();
    tx.execute(
        sql!("insert into concern_answers (id, concern_id, by_id, at, to_reporter, to_other) values ($1, $2, $3, $4, $5, $6)"),
        &[&row, &id, &answer.by, &answer.at, &answer.to_reporter, &answer.to_other],
    )?;
    Ok(())
}
pub fn answers(tx: &mut Tx, id: ConcernId) -> Result<Vec<SealedAnswer>> {
    Ok(tx.all(
        sql!(SealedAnswer: "select by_id as by, at, to_reporter, to_other from concern_answers where concern_id = $1 order by at, id limit 5"),
        &[&id],
    )?)
}

pub fn save_opening(tx: &mut Tx, id: ConcernId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into concern_openings (concern_id, person_id, opened_at) values ($1, $2, $3)
             on conflict (concern_id, person_id) do update set opened_at = excluded.opened_at"
        ),
        &[&id, &person, &now],
    )?;
    Ok(())
}
pub fn opened_at(tx: &mut Tx, id: ConcernId, person: PersonId) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> =
        tx.opt(sql!("select opened_at from concern_openings where concern_id = $1 and person_id = $2"), &[&id, &person])?;
    Ok(row.map(|r| r.0))
}

/// Those who were named to look after concerns and are still here.
pub fn contacts(tx: &mut Tx) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!(
            "select c.person_id from concern_contacts c join people p on p.id = c.person_id
             where p.closed_at is null and p.forgotten_at is null order by c.named_at, c.person_id limit 50"
        ),
        &[],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn administrators(tx: &mut Tx) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!("select id from people where office = 'administrator' and closed_at is null and forgotten_at is null order by joined_at, id limit 50"),
        &[],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn name_contact(tx: &mut Tx, person: PersonId, by: PersonId) -> Result<bool> {
    let now = tx.now();
    let named = tx.execute(
        sql!("insert into concern_contacts (person_id, named_by_id, named_at) values ($1, $2, $3) on conflict (person_id) do nothing"),
        &[&person, &by, &now],
    )?;
    Ok(named == 1)
}
pub fn remove_contact(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(tx.execute(sql!("delete from concern_contacts where person_id = $1"), &[&person])? == 1)
}

pub fn any_late(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(ConcernId,)> = tx.opt(
        sql!(
            "select id from concerns where state in ('raised', 'acknowledged', 'appealed') and answer_by <= $1 and reminded_at is null limit 1"
        ),
        &[&now],
    )?;
    Ok(row.is_some())
}
/// Claims those whose clock has run out with nothing done; the condition is said twice because two nodes may choose the
/// same rows.
pub fn claim_late(tx: &mut Tx) -> Result<Vec<ConcernId>> {
    let now = tx.now();
    let rows: Vec<(ConcernId,)> = tx.all(
        sql!(
            "update concerns set reminded_at = $1
             where reminded_at is null and state in ('raised', 'acknowledged', 'appealed') and answer_by <= $1 and id in
             (select id from concerns where state in ('raised', 'acknowledged', 'appealed') and answer_by <= $1 and reminded_at is null
              order by answer_by limit 50)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn any_to_close(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(ConcernId,)> = tx.opt(sql!("select id from concerns where state = 'decided' and answer_by <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Closes those that nobody appealed in time; claiming one and closing it is the same.
pub fn close_decided(tx: &mut Tx) -> Result<Vec<ConcernId>> {
    let now = tx.now();
    let rows: Vec<(ConcernId,)> = tx.all(
        sql!(
            "update concerns set state = 'closed', closed_at = $1, answer_by = null where state = 'decided' and answer_by <= $1 and id in
             (select id from concerns where state = 'decided' and answer_by <= $1 order by answer_by limit 50)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// What someone raised goes with its key, and so does what they wrote and others attached. What others raised about them
/// stays theirs, without a name.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from concerns where reporter_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!("update concerns set state = 'closed', closed_at = $2, answer_by = null where reporter_id = $1 and closed_at is null"),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from concern_evidence where by_id = $1"), &[&person])?;
    tx.execute(sql!("delete from concern_contacts where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from concern_openings where person_id = $1"), &[&person])?;
    Ok(())
}
