//! Every query about experiments.

use super::experiment::{Experiment, ExperimentId};
use crate::app::Tx;
use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::RelationshipId;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::sql;

macro_rules! select_experiment {
    ($rest:literal) => {
        sql!(Experiment: concat!(
            "select e.id, e.owner_id as owner, e.goal_id as goal, e.relationship_id as relationship, e.key_id as \"key\", e.words, ",
            "e.began_at, e.look_on, e.look_at, e.recalled_at, e.ended_at, e.outcome, e.learnt from experiments e ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: ExperimentId) -> Result<Option<Experiment>> {
    Ok(tx.opt(select_experiment!("where e.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<ExperimentId>> {
    let row: Option<(ExperimentId,)> = tx.opt(sql!("select id from experiments where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// Somebody's, the latest first.
pub fn of_owner(tx: &mut Tx, owner: PersonId, limit: i64) -> Result<Vec<Experiment>> {
    Ok(tx.all(select_experiment!("where e.owner_id = $1 order by e.id desc limit $2"), &[&owner, &limit])?)
}
pub fn of_goal(tx: &mut Tx, owner: PersonId, goal: GoalId) -> Result<Vec<Experiment>> {
    Ok(tx.all(select_experiment!("where e.owner_id = $1 and e.goal_id = $2 order by e.id desc limit 20"), &[&owner, &goal])?)
}
pub fn of_relationship(tx: &mut Tx, id: RelationshipId) -> Result<Vec<Experiment>> {
    Ok(tx.all(select_experiment!("where e.relationship_id = $1 order by e.id desc limit 20"), &[&id])?)
}
/// Somebody's whose day has come.
pub fn back(tx: &mut Tx, owner: PersonId) -> Result<Vec<Experiment>> {
    Ok(tx.all(
        select_experiment!("where e.owner_id = $1 and e.ended_at is null and e.recalled_at is not null order by e.recalled_at limit 10"),
        &[&owner],
    )?)
}

/// How many somebody has under way; counts no further than asked.
pub fn count_open(tx: &mut Tx, owner: PersonId, most: i64) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!("select count(*) from (select 1 as one from experiments where owner_id = $1 and ended_at is null limit $2) e"),
        &[&owner, &most],
    )?;
    Ok(row.0)
}
/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, one: &Experiment, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into experiments (id, owner_id, goal_id, relationship_id, key_id, words, began_at, look_on, look_at, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (owner_id, nonce) do nothing"
        ),
        &[&one.id, &one.owner, &one.goal, &one.relationship, &one.key, &one.words, &one.began_at, &one.look_on, &one.look_at, &nonce],
    )?;
    Ok(inserted == 1)
}
/// Saves what became of it, if nobody has written down yet what was learned.
pub fn save(tx: &mut Tx, one: &Experiment) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update experiments set relationship_id = $2, look_on = $3, look_at = $4, recalled_at = $5, ended_at = $6, outcome = $7,
               learnt = $8 where id = $1 and ended_at is null"
        ),
        &[&one.id, &one.relationship, &one.look_on, &one.look_at, &one.recalled_at, &one.ended_at, &one.outcome, &one.learnt],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You have written down what you learned already.")) }
}
/// With whom it is shared, which may change for as long as it is kept.
pub fn share(tx: &mut Tx, id: ExperimentId, with: Option<RelationshipId>) -> Result<()> {
    tx.execute(sql!("update experiments set relationship_id = $2 where id = $1"), &[&id, &with])?;
    Ok(())
}
pub fn delete(tx: &mut Tx, id: ExperimentId) -> Result<()> {
    tx.execute(sql!("delete from experiments where id = $1"), &[&id])?;
    Ok(())
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(ExperimentId,)> = tx.opt(sql!("select id from experiments where look_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose day has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(ExperimentId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update experiments set recalled_at = $1, look_at = null where look_at <= $1 and id in
             (select id from experiments where look_at <= $1 order by look_at limit 100)
             returning id, owner_id"
        ),
        &[&now],
    )?)
}

/// Destroys the keys of what was somebody's, and takes it out.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and
             id in (select key_id from experiments where owner_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from experiments where owner_id = $1"), &[&person])?;
    Ok(())
}
