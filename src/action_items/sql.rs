//! Every query about what people have taken on.

use super::action_item::{ActionItem, ActionItemId, SealedCheckIn, SealedWords};
use crate::app::Tx;
use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};
use uuid::Uuid;

macro_rules! select_item {
    ($rest:literal) => {
        sql!(ActionItem: concat!(
            "select a.id, a.owner_id as owner, a.relationship_id as relationship, ",
            "a.key_id as \"key\", a.goal_id as goal, a.state, a.intensity, a.due_on, a.\"zone\", a.due_at, a.carried, a.taken_on_at, ",
            "a.ended_at, a.asked_at, a.recovered_at, a.\"next\", a.next_at from action_items a ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: ActionItemId) -> Result<Option<ActionItem>> {
    Ok(tx.opt(select_item!("where a.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<ActionItemId>> {
    let row: Option<(ActionItemId,)> = tx.opt(sql!("select id from action_items where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|r| r.0))
}
pub fn open_count(tx: &mut Tx, owner: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from action_items where owner_id = $1 and state = 'taken_on'"), &[&owner])?;
    Ok(row.0)
}
/// Someone's open ones, by their day.
pub fn open_of_owner(tx: &mut Tx, owner: PersonId, limit: i64) -> Result<Vec<ActionItem>> {
    Ok(tx.all(select_item!("where a.owner_id = $1 and a.state = 'taken_on' order by a.due_at, a.id limit $2"), &[&owner, &limit])?)
}
/// Someone's open ones whose day comes before this moment.
pub fn due_of_owner(tx: &mut Tx, owner: PersonId, before: Timestamp) -> Result<Vec<ActionItem>> {
    Ok(tx.all(
        select_item!("where a.owner_id = $1 and a.state = 'taken_on' and a.due_at <= $2 order by a.due_at, a.id limit 20"),
        &[&owner, &before],
    )?)
}
/// All of someone's, the latest first.
pub fn of_owner(tx: &mut Tx, owner: PersonId, limit: i64) -> Result<Vec<ActionItem>> {
    Ok(tx.all(select_item!("where a.owner_id = $1 order by a.taken_on_at desc, a.id desc limit $2"), &[&owner, &limit])?)
}
/// Someone's that serve a goal and were not let go, the open ones first.
pub fn of_goal(tx: &mut Tx, owner: PersonId, goal: GoalId) -> Result<Vec<ActionItem>> {
    Ok(tx.all(
        select_item!(
            "where a.owner_id = $1 and a.goal_id = $2 and a.state in ('taken_on', 'kept') order by a.state desc, a.due_at desc, a.id limit 20"
        ),
        &[&owner, &goal],
    )?)
}
/// Someone's that have ended, the latest first.
pub fn ended_of_owner(tx: &mut Tx, owner: PersonId, limit: i64) -> Result<Vec<ActionItem>> {
    Ok(tx.all(
        select_item!("where a.owner_id = $1 and a.state in ('kept', 'dropped') order by a.ended_at desc, a.id desc limit $2"),
        &[&owner, &limit],
    )?)
}
/// The open ones of a relationship that this person sees: their own, and what the others show; by their day.
pub fn open_of_relationship(tx: &mut Tx, id: RelationshipId, sees: PersonId) -> Result<Vec<ActionItem>> {
    Ok(tx.all(
        select_item!(
            "where a.relationship_id = $1 and a.state = 'taken_on' and (a.owner_id = $2 or a.intensity = 'partner')
             order by a.due_at, a.id limit 120"
        ),
        &[&id, &sees],
    )?)
}
pub fn ended_of_relationship(tx: &mut Tx, id: RelationshipId, sees: PersonId) -> Result<Vec<ActionItem>> {
    Ok(tx.all(
        select_item!(
            "where a.relationship_id = $1 and a.state in ('kept', 'dropped') and (a.owner_id = $2 or a.intensity = 'partner')
             order by a.ended_at desc, a.id desc limit 20"
        ),
        &[&id, &sees],
    )?)
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, item: &ActionItem, words: &Sealed, plan: Option<&(Sealed, Sealed)>, nonce: &str) -> Result<bool> {
    let (plan_if, plan_then) = (plan.map(|p| p.0.clone()), plan.map(|p| p.1.clone()));
    let inserted = tx.execute(
        sql!(
            "insert into action_items (id, owner_id, relationship_id, key_id, words, plan_if, plan_then, goal_id, state, intensity, due_on,
                zone, due_at, carried, taken_on_at, next, next_at, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             on conflict (owner_id, nonce) do nothing"
        ),
        &[
            &item.id,
            &item.owner,
            &item.relationship,
            &item.key,
            words,
            &plan_if,
            &plan_then,
            &item.goal,
            &item.state,
            &item.intensity,
            &item.due_on,
            &item.zone,
            &item.due_at,
            &item.carried,
            &item.taken_on_at,
            &item.next,
            &item.next_at,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}

/// Saves where it stands, if it is still open and still has the day it was read with: two that answer cannot both win.
pub fn save(tx: &mut Tx, item: &ActionItem, was: &ActionItem) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update action_items set state = $2, intensity = $3, due_on = $4, due_at = $5, carried = $6, ended_at = $7, asked_at = $8,
                recovered_at = $9, next = $10, next_at = $11
             where id = $1 and state = 'taken_on' and due_at = $12"
        ),
        &[
            &item.id,
            &item.state,
            &item.intensity,
            &item.due_on,
            &item.due_at,
            &item.carried,
            &item.ended_at,
            &item.asked_at,
            &item.recovered_at,
            &item.next,
            &item.next_at,
            &was.due_at,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You answered this a moment before. Please look again.")) }
}
pub fn save_words(tx: &mut Tx, id: ActionItemId, words: &Sealed) -> Result<()> {
    tx.execute(sql!("update action_items set words = $2 where id = $1"), &[&id, words])?;
    Ok(())
}
pub fn save_plan(tx: &mut Tx, id: ActionItemId, plan: &(Sealed, Sealed)) -> Result<()> {
    tx.execute(sql!("update action_items set plan_if = $2, plan_then = $3 where id = $1"), &[&id, &plan.0, &plan.1])?;
    Ok(())
}

pub fn words(tx: &mut Tx, ids: &[ActionItemId]) -> Result<Vec<SealedWords>> {
    let list = List::of(ids)?;
    Ok(tx.all(sql!(SealedWords: "select id, words, plan_if, plan_then from action_items where id in {list $1 as id}"), &[&list])?)
}

pub fn insert_check_in(tx: &mut Tx, id: ActionItemId, check_in: &SealedCheckIn) -> Result<()> {
    let row: Uuid = tx.new_id();
    tx.execute(
        sql!("insert into check_ins (id, action_item_id, at, answer, words, shown) values ($1, $2, $3, $4, $5, $6)"),
        &[&row, &id, &check_in.at, &check_in.answer, &check_in.words, &check_in.shown],
    )?;
    Ok(())
}
/// The latest first.
pub fn check_ins(tx: &mut Tx, id: ActionItemId) -> Result<Vec<SealedCheckIn>> {
    Ok(tx.all(
        sql!(SealedCheckIn: "select at, answer, words, shown from check_ins where action_item_id = $1 order by at desc, id desc limit 50"),
        &[&id],
    )?)
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(ActionItemId,)> = tx.opt(sql!("select id from action_items where next_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those that time has something to do with, by taking away when; what follows is saved with each. The condition
/// is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<ActionItemId>> {
    let now = tx.now();
    let rows: Vec<(ActionItemId,)> = tx.all(
        sql!(
            "update action_items set next_at = null where next_at <= $1 and id in
             (select id from action_items where next_at <= $1 order by next_at limit 100)
             returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Destroys the keys of what someone took on for themselves alone, and lets everything go: nobody asks any more.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from action_items where owner_id = $1 and relationship_id is null)"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update action_items set state = 'dropped', ended_at = $2, asked_at = null, next = null, next_at = null
             where owner_id = $1 and state = 'taken_on'"
        ),
        &[&person, &now],
    )?;
    Ok(())
}
