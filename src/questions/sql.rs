//! Every query about questions.

use super::question::{Question, QuestionId, SealedWords};
use crate::app::Tx;
use crate::asks::AskId;
use crate::error::{Error, Result};
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::sql;

macro_rules! select_question {
    ($rest:literal) => {
        sql!(Question: concat!(
            "select q.id, q.asker_id as asker, q.asked_id as asked, q.skill, q.key_id as key, q.state, q.may_pass, q.sent_at, q.days, ",
            "q.answer_by, q.remind_at, q.ended_at, q.helped_at, q.passed_from, q.passes, q.stuck_in, q.ask_id as ask from questions q ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: QuestionId) -> Result<Option<Question>> {
    Ok(tx.opt(select_question!("where q.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, asker: PersonId, nonce: &str) -> Result<Option<QuestionId>> {
    let row: Option<(QuestionId,)> = tx.opt(sql!("select id from questions where asker_id = $1 and nonce = $2"), &[&asker, &nonce])?;
    Ok(row.map(|r| r.0))
}
/// The question that this one passed on to.
pub fn next_of(tx: &mut Tx, id: QuestionId) -> Result<Option<Question>> {
    Ok(tx.opt(select_question!("where q.passed_from = $1"), &[&id])?)
}
/// Waiting ones first, by their clock; then the latest that ended.
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Question>> {
    Ok(tx.all(
        select_question!(
            "where q.asker_id = $1 or q.asked_id = $1
             order by case when q.state = 'waiting' then 0 else 1 end, case when q.state = 'waiting' then q.answer_by else -q.ended_at end, q.id
             limit $2"
        ),
        &[&person, &limit],
    )?)
}
pub fn waiting_for(tx: &mut Tx, asked: PersonId) -> Result<Vec<Question>> {
    Ok(tx.all(select_question!("where q.asked_id = $1 and q.state = 'waiting' order by q.sent_at limit 100"), &[&asked])?)
}
pub fn waiting_of(tx: &mut Tx, asker: PersonId) -> Result<Vec<Question>> {
    Ok(tx.all(select_question!("where q.asker_id = $1 and q.state = 'waiting' order by q.sent_at limit 100"), &[&asker])?)
}
pub fn open_count(tx: &mut Tx, asker: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from questions where asker_id = $1 and state = 'waiting'"), &[&asker])?;
    Ok(row.0)
}
pub fn waiting_count(tx: &mut Tx, asked: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from questions where asked_id = $1 and state = 'waiting'"), &[&asked])?;
    Ok(row.0)
}

/// Puts a new question in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, question: &Question, words: &Sealed, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into questions (id, asker_id, asked_id, skill, key_id, words, state, may_pass, sent_at, days, answer_by, remind_at,
                passed_from, passes, stuck_in, ask_id, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             on conflict (asker_id, nonce) do nothing"
        ),
        &[
            &question.id,
            &question.asker,
            &question.asked,
            &question.skill,
            &question.key,
            words,
            &question.state,
            &question.may_pass,
            &question.sent_at,
            &question.days,
            &question.answer_by,
            &question.remind_at,
            &question.passed_from,
            &question.passes,
            &question.stuck_in,
            &question.ask,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}

pub fn words(tx: &mut Tx, id: QuestionId) -> Result<SealedWords> {
    tx.opt(sql!(SealedWords: "select words, answer from questions where id = $1"), &[&id])?.ok_or(Error::NotFound)
}

/// Saves how it ended, if it still waits: an answer and a clock cannot both win.
pub fn save_end(tx: &mut Tx, question: &Question, answer: Option<&Sealed>) -> Result<()> {
    let saved = tx.execute(
        sql!("update questions set state = $2, ended_at = $3, answer = $4 where id = $1 and state = 'waiting'"),
        &[&question.id, &question.state, &question.ended_at, &answer.cloned()],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Someone answered this a moment before you.")) }
}
pub fn save_helped(tx: &mut Tx, question: &Question) -> Result<()> {
    tx.execute(sql!("update questions set helped_at = $2 where id = $1 and helped_at is null"), &[&question.id, &question.helped_at])?;
    Ok(())
}
pub fn save_ask(tx: &mut Tx, id: QuestionId, ask: AskId) -> Result<()> {
    tx.execute(sql!("update questions set ask_id = $2 where id = $1"), &[&id, &ask])?;
    Ok(())
}

/// Everyone who has been asked this along the way, this row's person included.
pub fn asked_along(tx: &mut Tx, id: QuestionId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!(
            "with recursive along (id, asked_id, passed_from) as (
                select id, asked_id, passed_from from questions where id = $1
                union all
                select q.id, q.asked_id, q.passed_from from questions q join along a on q.id = a.passed_from
             ) select asked_id from along limit 10"
        ),
        &[&id],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn any_to_remind(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(QuestionId,)> =
        tx.opt(sql!("select id from questions where state = 'waiting' and remind_at <= $1 and reminded_at is null limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time is half over; the condition is said twice because two nodes may choose the same rows.
pub fn claim_reminders(tx: &mut Tx) -> Result<Vec<QuestionId>> {
    let now = tx.now();
    let rows: Vec<(QuestionId,)> = tx.all(
        sql!(
            "update questions set reminded_at = $1 where reminded_at is null and state = 'waiting' and remind_at <= $1 and id in
             (select id from questions where state = 'waiting' and remind_at <= $1 and reminded_at is null order by remind_at limit 100)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn any_to_lapse(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(QuestionId,)> =
        tx.opt(sql!("select id from questions where state = 'waiting' and answer_by <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time has run out, and is also their end; who is found to go on with turns it into passed on.
pub fn claim_lapses(tx: &mut Tx) -> Result<Vec<QuestionId>> {
    let now = tx.now();
    let rows: Vec<(QuestionId,)> = tx.all(
        sql!(
            "update questions set state = 'lapsed', ended_at = $1 where state = 'waiting' and answer_by <= $1 and id in
             (select id from questions where state = 'waiting' and answer_by <= $1 order by answer_by limit 50)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn mark_passed_on(tx: &mut Tx, id: QuestionId) -> Result<()> {
    tx.execute(sql!("update questions set state = 'passed_on' where id = $1 and state = 'lapsed'"), &[&id])?;
    Ok(())
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from questions where asker_id = $1 or asked_id = $1)"
        ),
        &[&person, &now],
    )?;
    Ok(())
}

/// The language someone speaks best.
pub fn language(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        tx.opt(sql!("select language from profile_languages where person_id = $1 order by position limit 1"), &[&person])?;
    Ok(row.map(|r| r.0))
}
