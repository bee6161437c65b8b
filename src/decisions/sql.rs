//! Every query about decisions.

use super::decision::{Decision, DecisionId, SealedWords};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, sql};

macro_rules! select_decision {
    ($rest:literal) => {
        sql!(Decision: concat!(
            "select d.id, d.owner_id as owner, d.relationship_id as relationship, ",
            "d.audience, d.key_id as \"key\", d.decided_at, d.review_on, d.review_at, d.recalled_at, d.reviewed_at, d.verdict ",
            "from decisions d ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: DecisionId) -> Result<Option<Decision>> {
    Ok(tx.opt(select_decision!("where d.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<DecisionId>> {
    let row: Option<(DecisionId,)> = tx.opt(sql!("select id from decisions where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|r| r.0))
}
/// Those of a relationship that this person reads, the latest first.
pub fn of_relationship(tx: &mut Tx, id: RelationshipId, reads: PersonId) -> Result<Vec<Decision>> {
    Ok(tx.all(
        select_decision!(
            "where d.relationship_id = $1 and (d.owner_id = $2 or d.audience = 'pair') order by d.decided_at desc, d.id desc limit 60"
        ),
        &[&id, &reads],
    )?)
}
pub fn of_owner(tx: &mut Tx, owner: PersonId) -> Result<Vec<Decision>> {
    Ok(tx.all(select_decision!("where d.owner_id = $1 order by d.decided_at desc, d.id desc limit 1000"), &[&owner])?)
}
/// Someone's that have come back and were not looked at yet.
pub fn back(tx: &mut Tx, owner: PersonId) -> Result<Vec<Decision>> {
    let now = tx.now();
    Ok(tx.all(
        select_decision!("where d.owner_id = $1 and d.review_at <= $2 and d.reviewed_at is null order by d.review_at, d.id limit 10"),
        &[&owner, &now],
    )?)
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, decision: &Decision, words: &Sealed, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into decisions (id, owner_id, relationship_id, audience, key_id, words, decided_at, review_on, review_at, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (owner_id, nonce) do nothing"
        ),
        &[
            &decision.id,
            &decision.owner,
            &decision.relationship,
            &decision.audience,
            &decision.key,
            words,
            &decision.decided_at,
            &decision.review_on,
            &decision.review_at,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}

/// Saves a look back, if there was none yet.
pub fn save(tx: &mut Tx, decision: &Decision, learned: Option<&Sealed>) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update decisions set review_on = $2, review_at = $3, recalled_at = $4, reviewed_at = $5, verdict = $6, learned = $7
             where id = $1 and reviewed_at is null"
        ),
        &[
            &decision.id,
            &decision.review_on,
            &decision.review_at,
            &decision.recalled_at,
            &decision.reviewed_at,
            &decision.verdict,
            &learned.cloned(),
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You looked back on this a moment before.")) }
}

pub fn words(tx: &mut Tx, ids: &[DecisionId]) -> Result<Vec<SealedWords>> {
    let list = List::of(ids)?;
    Ok(tx.all(sql!(SealedWords: "select id, words, learned from decisions where id in {list $1 as id}"), &[&list])?)
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(DecisionId,)> =
        tx.opt(sql!("select id from decisions where review_at <= $1 and recalled_at is null and reviewed_at is null limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose day has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(DecisionId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update decisions set recalled_at = $1 where recalled_at is null and reviewed_at is null and review_at <= $1 and id in
             (select id from decisions where review_at <= $1 and recalled_at is null and reviewed_at is null order by review_at limit 100)
             returning id, owner_id"
        ),
        &[&now],
    )?)
}

/// Destroys the keys of what was someone's alone, and brings nothing of theirs back.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from decisions where owner_id = $1 and audience = 'me')"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("update decisions set review_on = null, review_at = null where owner_id = $1 and reviewed_at is null"), &[&person])?;
    Ok(())
}
