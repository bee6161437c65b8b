//! Every query about reflections.

use super::reflection::{Reflection, ReflectionId, SealedAnswer, SealedLine, SealedReflection, Verdict};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};

macro_rules! select_reflection {
    ($rest:literal) => {
        sql!(SealedReflection: concat!(
            "select r.id, r.person_id as person, r.model, r.words, r.written_at, r.changed_at, r.return_at, r.back_at from reflections r ",
            $rest
        ))
    };
}
macro_rules! select_line {
    ($rest:literal) => {
        sql!(SealedLine: concat!(
            "select l.reflection_id as reflection, l.relationship_id as relationship, l.\"number\", l.person_id as person, l.words, ",
            "l.shared_at from shared_lines l ",
            $rest
        ))
    };
}

pub fn key(tx: &mut Tx, person: PersonId) -> Result<Option<KeyId>> {
    let row: Option<(KeyId,)> = tx.opt(sql!("select key_id from journals where person_id = $1"), &[&person])?;
    Ok(row.map(|r| r.0))
}
pub fn insert_key(tx: &mut Tx, person: PersonId, key: KeyId) -> Result<()> {
    tx.execute(sql!("insert into journals (person_id, key_id) values ($1, $2)"), &[&person, &key])?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: ReflectionId) -> Result<Option<SealedReflection>> {
    Ok(tx.opt(select_reflection!("where r.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, person: PersonId, nonce: &str) -> Result<Option<SealedReflection>> {
    Ok(tx.opt(select_reflection!("where r.person_id = $1 and r.nonce = $2"), &[&person, &nonce])?)
}
/// Somebody's before this one, the latest first.
pub fn page(tx: &mut Tx, person: PersonId, before: ReflectionId, limit: i64) -> Result<Vec<SealedReflection>> {
    Ok(tx.all(select_reflection!("where r.person_id = $1 and r.id < $2 order by r.id desc limit $3"), &[&person, &before, &limit])?)
}
/// All of somebody's, the first first.
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<SealedReflection>> {
    Ok(tx.all(select_reflection!("where r.person_id = $1 order by r.id limit $2"), &[&person, &limit])?)
}
/// Somebody's that have come back and wait.
pub fn back(tx: &mut Tx, person: PersonId) -> Result<Vec<SealedReflection>> {
    Ok(tx.all(
        select_reflection!("where r.person_id = $1 and r.back_at is not null order by r.back_at desc, r.id desc limit 5"),
        &[&person],
    )?)
}
/// How many somebody has; counts no further than asked.
pub fn count(tx: &mut Tx, person: PersonId, most: i64) -> Result<i64> {
    let row: (i64,) =
        tx.one(sql!("select count(*) from (select 1 as one from reflections where person_id = $1 limit $2) r"), &[&person, &most])?;
    Ok(row.0)
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, reflection: &Reflection, words: &Sealed, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into reflections (id, person_id, model, words, written_at, return_at, nonce)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (person_id, nonce) do nothing"
        ),
        &[&reflection.id, &reflection.person, &reflection.model, words, &reflection.written_at, &reflection.return_at, &nonce],
    )?;
    Ok(inserted == 1)
}
pub fn save_words(tx: &mut Tx, id: ReflectionId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update reflections set words = $2, changed_at = $3 where id = $1"), &[&id, words, &now])?;
    Ok(())
}
/// Saves an answer's end of the waiting, if it still waited.
pub fn save_answered(tx: &mut Tx, was: &Reflection, is: &Reflection) -> Result<()> {
    let saved = tx.execute(
        sql!("update reflections set return_at = $2, back_at = null where id = $1 and back_at = $3"),
        &[&is.id, &is.return_at, &was.back_at],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You answered this a moment before. Please look again.")) }
}
pub fn save_return(tx: &mut Tx, id: ReflectionId, at: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update reflections set return_at = $2, back_at = null where id = $1"), &[&id, &at])?;
    Ok(())
}
pub fn delete(tx: &mut Tx, id: ReflectionId) -> Result<()> {
    tx.execute(sql!("delete from shared_lines where reflection_id = $1"), &[&id])?;
    tx.execute(sql!("delete from reflection_answers where reflection_id = $1"), &[&id])?;
    tx.execute(sql!("delete from reflections where id = $1"), &[&id])?;
    Ok(())
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(ReflectionId,)> = tx.opt(sql!("select id from reflections where return_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose day has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(ReflectionId, PersonId, Timestamp)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update reflections set back_at = $1, return_at = null where return_at <= $1 and id in
             (select id from reflections where return_at <= $1 order by return_at limit 100)
             returning id, person_id, written_at"
        ),
        &[&now],
    )?)
}
pub fn save_next(tx: &mut Tx, id: ReflectionId, at: Timestamp) -> Result<()> {
    tx.execute(sql!("update reflections set return_at = $2 where id = $1"), &[&id, &at])?;
    Ok(())
}

pub fn insert_answer(tx: &mut Tx, id: ReflectionId, verdict: Verdict, words: Option<&Sealed>) -> Result<()> {
    let (answer, now): (uuid::Uuid, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!("insert into reflection_answers (id, reflection_id, at, verdict, words) values ($1, $2, $3, $4, $5)"),
        &[&answer, &id, &now, &verdict, &words.cloned()],
    )?;
    Ok(())
}
pub fn answers(tx: &mut Tx, id: ReflectionId) -> Result<Vec<SealedAnswer>> {
    Ok(tx.all(
        sql!(SealedAnswer: "select at, verdict, words from reflection_answers where reflection_id = $1 order by id limit 500"),
        &[&id],
    )?)
}
/// The answers to all of somebody's, by what they answered.
pub fn answers_of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<(ReflectionId, Timestamp, Verdict, Option<Sealed>)>> {
    Ok(tx.all(
        sql!(
            "select a.reflection_id, a.at, a.verdict, a.words from reflection_answers a join reflections r on r.id = a.reflection_id
             where r.person_id = $1 order by a.id limit 50000"
        ),
        &[&person],
    )?)
}

/// The lines of one that are shared, with whom ever.
pub fn lines_of(tx: &mut Tx, id: ReflectionId) -> Result<Vec<SealedLine>> {
    Ok(tx.all(select_line!("where l.reflection_id = $1 order by l.relationship_id, l.\"number\" limit 2000"), &[&id])?)
}
/// What is shared in a relationship, the latest first, each reflection together.
pub fn lines_in(tx: &mut Tx, relationship: RelationshipId, limit: i64) -> Result<Vec<SealedLine>> {
    Ok(tx
        .all(select_line!("where l.relationship_id = $1 order by l.reflection_id desc, l.\"number\" limit $2"), &[&relationship, &limit])?)
}
/// Which of these have lines that are shared.
pub fn shared_among(tx: &mut Tx, ids: &[ReflectionId]) -> Result<Vec<(ReflectionId, RelationshipId)>> {
    let list = List::of(ids)?;
    Ok(tx.all(
        sql!("select distinct reflection_id, relationship_id from shared_lines where reflection_id in {list $1 as id} limit 1000"),
        &[&list],
    )?)
}
pub fn insert_line(tx: &mut Tx, line: &SealedLine) -> Result<()> {
    tx.execute(
        sql!(
            "insert into shared_lines (reflection_id, relationship_id, \"number\", person_id, words, shared_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        &[&line.reflection, &line.relationship, &line.number, &line.person, &line.words, &line.shared_at],
    )?;
    Ok(())
}
pub fn delete_line(tx: &mut Tx, id: ReflectionId, relationship: RelationshipId, number: i64) -> Result<()> {
    tx.execute(
        sql!("delete from shared_lines where reflection_id = $1 and relationship_id = $2 and \"number\" = $3"),
        &[&id, &relationship, &number],
    )?;
    Ok(())
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from shared_lines where person_id = $1"), &[&person])?;
    tx.execute(
        sql!("delete from reflection_answers where reflection_id in (select id from reflections where person_id = $1)"),
        &[&person],
    )?;
    tx.execute(sql!("delete from reflections where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from journals where person_id = $1"), &[&person])?;
    Ok(())
}
