//! Every query about reviews.

use super::review::{Review, ReviewId, SealedBox, SealedReview};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};

macro_rules! select_review {
    ($rest:literal) => {
        sql!(Review: concat!("select r.id, r.person_id as person, r.key_id as \"key\", r.made_at, r.closes_at, r.closed_at, r.released_at from reviews r ", $rest))
    };
}

pub fn find(tx: &mut Tx, id: ReviewId) -> Result<Option<Review>> {
    Ok(tx.opt(select_review!("where r.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, person: PersonId, nonce: &str) -> Result<Option<Review>> {
    Ok(tx.opt(select_review!("where r.person_id = $1 and r.nonce = $2"), &[&person, &nonce])?)
}
/// The latest first.
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Review>> {
    Ok(tx.all(select_review!("where r.person_id = $1 order by r.id desc limit 60"), &[&person])?)
}
/// Those that its owner lets count, the latest first.
pub fn released(tx: &mut Tx, person: PersonId) -> Result<Vec<Review>> {
    Ok(tx.all(select_review!("where r.person_id = $1 and r.released_at is not null order by r.id desc limit 3"), &[&person])?)
}
pub fn words(tx: &mut Tx, id: ReviewId) -> Result<Option<SealedReview>> {
    Ok(tx.opt(sql!(SealedReview: "select words, results from reviews where id = $1"), &[&id])?)
}
pub fn insert(tx: &mut Tx, review: &Review, words: &Sealed, nonce: &str) -> Result<()> {
    tx.execute(
        sql!("insert into reviews (id, person_id, key_id, words, made_at, closes_at, nonce) values ($1, $2, $3, $4, $5, $6, $7)"),
        &[&review.id, &review.person, &review.key, words, &review.made_at, &review.closes_at, &nonce],
    )?;
    Ok(())
}
pub fn save_released(tx: &mut Tx, id: ReviewId, at: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update reviews set released_at = $2 where id = $1"), &[&id, &at])?;
    Ok(())
}
pub fn save_results(tx: &mut Tx, id: ReviewId, results: &Sealed) -> Result<()> {
    tx.execute(sql!("update reviews set results = $2 where id = $1"), &[&id, results])?;
    Ok(())
}

pub fn contents(tx: &mut Tx, id: ReviewId) -> Result<Option<SealedBox>> {
    Ok(tx.opt(sql!(SealedBox: "select key_id as \"key\", invited, answers from review_boxes where review_id = $1"), &[&id])?)
}
pub fn insert_box(tx: &mut Tx, id: ReviewId, key: KeyId, invited: &Sealed, answers: &Sealed) -> Result<()> {
    tx.execute(
        sql!("insert into review_boxes (review_id, key_id, invited, answers) values ($1, $2, $3, $4)"),
        &[&id, &key, invited, answers],
    )?;
    Ok(())
}
/// Both at once, whichever of the two has changed.
pub fn save_box(tx: &mut Tx, id: ReviewId, invited: &Sealed, answers: &Sealed) -> Result<()> {
    tx.execute(sql!("update review_boxes set invited = $2, answers = $3 where review_id = $1"), &[&id, invited, answers])?;
    Ok(())
}
pub fn delete_box(tx: &mut Tx, id: ReviewId) -> Result<()> {
    tx.execute(sql!("delete from review_boxes where review_id = $1"), &[&id])?;
    Ok(())
}
pub fn delete(tx: &mut Tx, id: ReviewId) -> Result<()> {
    delete_box(tx, id)?;
    tx.execute(sql!("delete from reviews where id = $1"), &[&id])?;
    Ok(())
}

pub fn any_due(tx: &mut Tx, old: Timestamp) -> Result<bool> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "select (select count(*) from (select 1 as one from reviews where closed_at is null and closes_at <= $1 limit 1) a)
                  + (select count(*) from (select 1 as one from review_starts where at < $2 limit 1) b)"
        ),
        &[&now, &old],
    )?;
    Ok(row.0 > 0)
}
/// Closes those whose day has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(ReviewId,)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update reviews set closed_at = $1 where closed_at is null and closes_at <= $1 and id in
             (select id from reviews where closed_at is null and closes_at <= $1 order by closes_at limit 50) returning id"
        ),
        &[&now],
    )?)
}
pub fn insert_start(tx: &mut Tx, person: PersonId) -> Result<()> {
    let (id, now): (uuid::Uuid, _) = (tx.new_id(), tx.now());
    tx.execute(sql!("insert into review_starts (id, person_id, at) values ($1, $2, $3)"), &[&id, &person, &now])?;
    Ok(())
}
/// When somebody last began one.
pub fn last_start(tx: &mut Tx, person: PersonId) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> =
        tx.opt(sql!("select at from review_starts where person_id = $1 order by at desc limit 1"), &[&person])?;
    Ok(row.map(|r| r.0))
}
pub fn forget_starts(tx: &mut Tx, old: Timestamp) -> Result<u64> {
    Ok(tx.execute(sql!("delete from review_starts where id in (select id from review_starts where at < $1 limit 500)"), &[&old])?)
}

/// All of it is its owner's. What they answered about others was never kept under their name.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    for keys in [
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select b.key_id from review_boxes b join reviews r on r.id = b.review_id where r.person_id = $1)"
        ),
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in (select key_id from reviews where person_id = $1)"
        ),
    ] {
        tx.execute(keys, &[&person, &now])?;
    }
    for statement in [
        sql!("delete from review_boxes where review_id in (select id from reviews where person_id = $1)"),
        sql!("delete from reviews where person_id = $1"),
        sql!("delete from review_starts where person_id = $1"),
    ] {
        tx.execute(statement, &[&person])?;
    }
    Ok(())
}
