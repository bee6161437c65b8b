//! Every query about feedback.

use super::item::{Feedback, FeedbackId, SealedWords};
use crate::action_items::ActionItemId;
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};

macro_rules! select_feedback {
    ($rest:literal) => {
        sql!(Feedback: concat!(
            "select f.id, f.about_id as about, f.by_id as \"by\", f.relationship_id as relationship, f.pin_kind, f.pin_id, ",
            "f.key_id as \"key\", f.state, f.made_at, f.due_at, f.given_at, f.thanked_at, f.received_at, f.action_item_id as action_item, ",
            "f.outcome_at, f.next_at, f.forget_at from feedback f ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: FeedbackId) -> Result<Option<Feedback>> {
    Ok(tx.opt(select_feedback!("where f.id = $1"), &[&id])?)
}
pub fn by_token(tx: &mut Tx, hash: &[u8]) -> Result<Option<Feedback>> {
    Ok(tx.opt(select_feedback!("where f.token_hash = $1"), &[&hash])?)
}
pub fn by_nonce(tx: &mut Tx, maker: PersonId, nonce: &str) -> Result<Option<FeedbackId>> {
    let row: Option<(FeedbackId,)> = tx.opt(sql!("select id from feedback where made_by_id = $1 and nonce = $2"), &[&maker, &nonce])?;
    Ok(row.map(|r| r.0))
}
pub fn by_action(tx: &mut Tx, action: ActionItemId) -> Result<Vec<Feedback>> {
    Ok(tx.all(select_feedback!("where f.action_item_id = $1 and f.state = 'trying' limit 10"), &[&action])?)
}
/// What somebody received or asked for, the latest first.
pub fn of_receiver(tx: &mut Tx, about: PersonId, limit: i64) -> Result<Vec<Feedback>> {
    Ok(tx.all(select_feedback!("where f.about_id = $1 order by f.id desc limit $2"), &[&about, &limit])?)
}
/// What somebody gave or is asked for, the latest first.
pub fn of_giver(tx: &mut Tx, by: PersonId, limit: i64) -> Result<Vec<Feedback>> {
    Ok(tx.all(select_feedback!("where f.by_id = $1 order by f.id desc limit $2"), &[&by, &limit])?)
}
pub fn of_relationship(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<Vec<Feedback>> {
    Ok(tx.all(
        select_feedback!("where f.relationship_id = $1 and (f.about_id = $2 or f.by_id = $2) order by f.id desc limit 60"),
        &[&id, &person],
    )?)
}
/// What waits for somebody: asked of them, given to them, or done and without a word on what came of it.
pub fn waiting(tx: &mut Tx, person: PersonId) -> Result<Vec<Feedback>> {
    // What one was given comes before what one is asked for.
    Ok(tx.all(
        select_feedback!(
            "where (f.about_id = $1 and (f.state = 'given' or (f.state = 'done' and f.outcome_at is null)))
                or (f.by_id = $1 and f.state = 'asked')
             order by case when f.state = 'asked' then 1 else 0 end, f.id desc limit 40"
        ),
        &[&person],
    )?)
}
pub fn open_count(tx: &mut Tx, about: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from feedback where about_id = $1 and state = 'asked'"), &[&about])?;
    Ok(row.0)
}
/// Whether somebody ever gave any, or received any.
pub fn has_given(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let row: Option<(FeedbackId,)> =
        tx.opt(sql!("select id from feedback where by_id = $1 and given_at is not null limit 1"), &[&person])?;
    Ok(row.is_some())
}
pub fn has_received(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let row: Option<(FeedbackId,)> =
        tx.opt(sql!("select id from feedback where about_id = $1 and received_at is not null limit 1"), &[&person])?;
    Ok(row.is_some())
}

pub struct New<'a> {
    pub maker: PersonId,
    pub pin_words: &'a Sealed,
    pub question: Option<&'a Sealed>,
    pub giver: Option<(&'a Sealed, &'a Sealed)>,
    pub token_hash: Option<&'a [u8]>,
    pub words: Option<&'a Sealed>,
    pub nonce: &'a str,
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, f: &Feedback, new: &New) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into feedback (id, about_id, by_id, relationship_id, pin_kind, pin_id, key_id, pin_words, question, giver_name,
                giver_address, token_hash, state, made_at, due_at, given_at, words, next_at, forget_at, made_by_id, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
             on conflict (made_by_id, nonce) do nothing"
        ),
        &[
            &f.id,
            &f.about,
            &f.by,
            &f.relationship,
            &f.pin_kind,
            &f.pin_id,
            &f.key,
            new.pin_words,
            &new.question.cloned(),
            &new.giver.map(|g| g.0.clone()),
            &new.giver.map(|g| g.1.clone()),
            &new.token_hash.map(<[u8]>::to_vec),
            &f.state,
            &f.made_at,
            &f.due_at,
            &f.given_at,
            &new.words.cloned(),
            &f.next_at,
            &f.forget_at,
            &new.maker,
            &new.nonce,
        ],
    )?;
    Ok(inserted == 1)
}
/// Saves what became of it, if it was still as it was read.
pub fn save(tx: &mut Tx, was: &Feedback, is: &Feedback) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update feedback set state = $2, given_at = $3, thanked_at = $4, received_at = $5, action_item_id = $6, outcome_at = $7,
                next_at = $8, forget_at = $9
             where id = $1 and state = $10 and (thanked_at is null or $11)"
        ),
        &[
            &is.id,
            &is.state,
            &is.given_at,
            &is.thanked_at,
            &is.received_at,
            &is.action_item,
            &is.outcome_at,
            &is.next_at,
            &is.forget_at,
            &was.state,
            &was.thanked_at.is_some(),
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Something happened with this a moment before. Please look again.")) }
}
pub fn save_words(tx: &mut Tx, id: FeedbackId, words: &Sealed) -> Result<()> {
    tx.execute(sql!("update feedback set words = $2 where id = $1"), &[&id, words])?;
    Ok(())
}
pub fn save_reply(tx: &mut Tx, id: FeedbackId, reply: &Sealed) -> Result<()> {
    tx.execute(sql!("update feedback set reply = $2 where id = $1"), &[&id, reply])?;
    Ok(())
}
pub fn save_outcome(tx: &mut Tx, id: FeedbackId, outcome: &Sealed) -> Result<()> {
    tx.execute(sql!("update feedback set outcome = $2 where id = $1"), &[&id, outcome])?;
    Ok(())
}
pub fn forget_address(tx: &mut Tx, id: FeedbackId) -> Result<()> {
    tx.execute(sql!("update feedback set giver_address = null, forget_at = null where id = $1"), &[&id])?;
    Ok(())
}

pub fn words(tx: &mut Tx, ids: &[FeedbackId]) -> Result<Vec<SealedWords>> {
    let list = List::of(ids)?;
    Ok(tx.all(
        sql!(SealedWords: "select id, pin_words, question, giver_name, giver_address, words, reply, outcome from feedback
             where id in {list $1 as id}"),
        &[&list],
    )?)
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(FeedbackId,)> = tx.opt(sql!("select id from feedback where next_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(FeedbackId,)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update feedback set next_at = null where next_at <= $1 and id in
             (select id from feedback where next_at <= $1 order by next_at limit 100) returning id"
        ),
        &[&now],
    )?)
}
pub fn any_to_forget(tx: &mut Tx, old: Timestamp) -> Result<bool> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "select (select count(*) from (select 1 as one from feedback where forget_at <= $1 limit 1) a)
                  + (select count(*) from (select 1 as one from feedback_letters where at < $2 limit 1) b)"
        ),
        &[&now, &old],
    )?;
    Ok(row.0 > 0)
}
/// Forgets addresses whose time is over, and letters that count for nothing any more.
pub fn forget_old(tx: &mut Tx, old: Timestamp) -> Result<u64> {
    let now = tx.now();
    let addresses = tx.execute(
        sql!(
            "update feedback set giver_address = null, forget_at = null where forget_at <= $1 and id in
             (select id from feedback where forget_at <= $1 limit 200)"
        ),
        &[&now],
    )?;
    let letters =
        tx.execute(sql!("delete from feedback_letters where id in (select id from feedback_letters where at < $1 limit 500)"), &[&old])?;
    Ok(addresses + letters)
}

pub fn insert_letter(tx: &mut Tx, mark: &[u8], about: PersonId) -> Result<()> {
    let (id, now): (uuid::Uuid, _) = (tx.new_id(), tx.now());
    tx.execute(sql!("insert into feedback_letters (id, mark, about_id, at) values ($1, $2, $3, $4)"), &[&id, &mark, &about, &now])?;
    Ok(())
}
pub fn letters_to(tx: &mut Tx, mark: &[u8], since: Timestamp) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from feedback_letters where mark = $1 and at > $2"), &[&mark, &since])?;
    Ok(row.0)
}
pub fn letters_from(tx: &mut Tx, about: PersonId, since: Timestamp) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from feedback_letters where about_id = $1 and at > $2"), &[&about, &since])?;
    Ok(row.0)
}
pub fn refuse(tx: &mut Tx, mark: &[u8]) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("insert into feedback_refusals (mark, at) values ($1, $2) on conflict (mark) do nothing"), &[&mark, &now])?;
    Ok(())
}
pub fn is_refused(tx: &mut Tx, mark: &[u8]) -> Result<bool> {
    let row: Option<(Timestamp,)> = tx.opt(sql!("select at from feedback_refusals where mark = $1"), &[&mark])?;
    Ok(row.is_some())
}

/// What somebody received is theirs and goes; its keys too where it had one of its own. What they gave stays with those
/// who received it, and nothing is asked of them any more.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from feedback where about_id = $1 and relationship_id is null)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from feedback_letters where about_id = $1"), &[&person])?;
    tx.execute(sql!("delete from feedback where about_id = $1"), &[&person])?;
    tx.execute(sql!("update feedback set state = 'lapsed', next_at = null where by_id = $1 and state = 'asked'"), &[&person])?;
    Ok(())
}
