//! Every query about plans.

use super::plan::{ItemId, ItemRow, ItemState, Plan, PlanId};
use crate::app::Tx;
use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::RelationshipId;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, sql};

macro_rules! select_plan {
    ($rest:literal) => {
        sql!(Plan: concat!(
            "select p.id, p.goal_id as goal, p.owner_id as owner, p.key_id as \"key\", p.relationship_id as relationship, ",
            "p.first_on, p.hours, p.made_at, p.ended_at from plans p ",
            $rest
        ))
    };
}
macro_rules! select_item {
    ($rest:literal) => {
        sql!(ItemRow: concat!(
            "select i.id, i.plan_id as plan, i.milestone_id as milestone, i.kind, i.state, i.on_day, i.doer_id as doer, ",
            "i.suggested_by_id as suggested_by, i.relationship_id as relationship, i.key_id as \"key\", i.last_by_id as last_by, ",
            "i.version, i.words, i.outcome, i.made_at, i.changed_at, i.closed_at from plan_items i ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: PlanId) -> Result<Option<Plan>> {
    Ok(tx.opt(select_plan!("where p.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<PlanId>> {
    let row: Option<(PlanId,)> = tx.opt(sql!("select id from plans where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// The one that is going on for a goal.
pub fn of_goal(tx: &mut Tx, goal: GoalId) -> Result<Option<Plan>> {
    Ok(tx.opt(select_plan!("where p.goal_id = $1 and p.ended_at is null"), &[&goal])?)
}
/// Somebody's, those that go on first.
pub fn of_owner(tx: &mut Tx, owner: PersonId, most: i64) -> Result<Vec<Plan>> {
    Ok(tx.all(
        select_plan!("where p.owner_id = $1 order by case when p.ended_at is null then 0 else 1 end, p.made_at desc, p.id limit $2"),
        &[&owner, &most],
    )?)
}
/// Those that go on and are shared in a relationship.
pub fn of_relationship(tx: &mut Tx, relationship: RelationshipId) -> Result<Vec<Plan>> {
    Ok(tx.all(
        select_plan!("where p.relationship_id = $1 and p.ended_at is null order by p.made_at desc, p.id limit 20"),
        &[&relationship],
    )?)
}
pub fn open_count(tx: &mut Tx, owner: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from plans where owner_id = $1 and ended_at is null"), &[&owner])?;
    Ok(row.0)
}
/// Someone's goals whose plan a pair shares.
pub fn shared_goals(tx: &mut Tx, owner: PersonId) -> Result<Vec<(GoalId,)>> {
    Ok(tx.all(
        sql!("select distinct goal_id from plans where owner_id = $1 and relationship_id is not null order by goal_id limit 1000"),
        &[&owner],
    )?)
}
/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, plan: &Plan, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into plans (id, goal_id, owner_id, key_id, first_on, hours, made_at, nonce) values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (owner_id, nonce) do nothing"
        ),
        &[&plan.id, &plan.goal, &plan.owner, &plan.key, &plan.first_on, &plan.hours, &plan.made_at, &nonce],
    )?;
    Ok(inserted == 1)
}
pub fn save(tx: &mut Tx, is: &Plan, was: &Plan) -> Result<()> {
    let (had, ended) = (was.relationship.is_some(), was.ended_at.is_some());
    let saved = tx.execute(
        sql!(
            "update plans set relationship_id = $2, ended_at = $3
             where id = $1 and (relationship_id is not null) = $4 and (ended_at is not null) = $5"
        ),
        &[&is.id, &is.relationship, &is.ended_at, &had, &ended],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This plan changed a moment before. Please look at it again.")) }
}

pub fn find_item(tx: &mut Tx, id: ItemId) -> Result<Option<ItemRow>> {
    Ok(tx.opt(select_item!("where i.id = $1"), &[&id])?)
}
pub fn item_by_nonce(tx: &mut Tx, made_by: PersonId, nonce: &str) -> Result<Option<ItemId>> {
    let row: Option<(ItemId,)> = tx.opt(sql!("select id from plan_items where made_by_id = $1 and nonce = $2"), &[&made_by, &nonce])?;
    Ok(row.map(|row| row.0))
}
pub fn items(tx: &mut Tx, plans: &List) -> Result<Vec<ItemRow>> {
    Ok(tx.all(select_item!("where i.plan_id in {list $1 as id} order by i.plan_id, i.made_at, i.id limit 4000"), &[plans])?)
}
pub fn insert_item(tx: &mut Tx, item: &ItemRow, made_by: PersonId, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into plan_items (id, plan_id, milestone_id, kind, state, on_day, doer_id, suggested_by_id, relationship_id, key_id,
                last_by_id, version, words, made_at, changed_at, made_by_id, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16)
             on conflict (made_by_id, nonce) do nothing"
        ),
        &[
            &item.id,
            &item.plan,
            &item.milestone,
            &item.kind,
            &item.state,
            &item.on_day,
            &item.doer,
            &item.suggested_by,
            &item.relationship,
            &item.key,
            &item.last_by,
            &item.version,
            &item.words,
            &item.made_at,
            &made_by,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}
/// Saves it as its next version, as long as it is the one it was read as.
pub fn save_item(tx: &mut Tx, item: &ItemRow, version: i64) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update plan_items set milestone_id = $2, kind = $3, state = $4, on_day = $5, doer_id = $6, relationship_id = $7, key_id = $8,
                last_by_id = $9, version = $10, words = $11, outcome = $12, changed_at = $13, closed_at = $14
             where id = $1 and version = $15"
        ),
        &[
            &item.id,
            &item.milestone,
            &item.kind,
            &item.state,
            &item.on_day,
            &item.doer,
            &item.relationship,
            &item.key,
            &item.last_by,
            &item.version,
            &item.words,
            &item.outcome,
            &item.changed_at,
            &item.closed_at,
            &version,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This was changed a moment before. Please look at it again.")) }
}

/// What someone does in plans that go on, whose day lies between two, both included: days as text stand in their order.
pub fn near(tx: &mut Tx, doer: PersonId, from: &str, until: &str) -> Result<Vec<ItemRow>> {
    Ok(tx.all(
        select_item!(
            "join plans p on p.id = i.plan_id where i.doer_id = $1 and i.state = 'open' and i.on_day between $2 and $3
             and p.ended_at is null and (p.owner_id = $1 or (i.relationship_id = p.relationship_id and exists
                (select 1 from parties x join relationships r on r.id = x.relationship_id
                 where x.relationship_id = p.relationship_id and x.person_id = $1 and r.state <> 'frozen')))
             order by i.on_day, i.made_at, i.id limit 3"
        ),
        &[&doer, &from, &until],
    )?)
}
/// What somebody wrote into the plans of others, as it stands.
pub fn written_by(tx: &mut Tx, person: PersonId) -> Result<Vec<ItemRow>> {
    Ok(tx.all(
        select_item!(
            "join plans p on p.id = i.plan_id where i.last_by_id = $1 and p.owner_id <> $1 and i.state in ('suggested', 'not_now', 'open', 'done')
             order by i.id limit 10000"
        ),
        &[&person],
    )?)
}

/// Someone's own plans go, with their keys. What they wrote into the plans of others stays with those whose plans they are;
/// what they meant to do there is its owner's again, and what they only suggested goes.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in (select key_id from plans where owner_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from plan_items where plan_id in (select id from plans where owner_id = $1)"), &[&person])?;
    tx.execute(sql!("delete from plans where owner_id = $1"), &[&person])?;
    tx.execute(sql!("delete from plan_items where suggested_by_id = $1 and state in ('suggested', 'not_now')"), &[&person])?;
    tx.execute(
        sql!(
            "update plan_items set doer_id = (select p.owner_id from plans p where p.id = plan_items.plan_id)
             where doer_id = $1 and state in ('open', 'taken_out')"
        ),
        &[&person],
    )?;
    Ok(())
}

/// How many wait for its owner's answer.
pub fn suggested_count(tx: &mut Tx, plan: PlanId) -> Result<i64> {
    let suggested = ItemState::Suggested;
    let row: (i64,) = tx.one(sql!("select count(*) from plan_items where plan_id = $1 and state = $2"), &[&plan, &suggested])?;
    Ok(row.0)
}
