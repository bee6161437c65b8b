//! Every query about worksheets.

use super::worksheet::{Assignment, AssignmentId, SealedParts, WorksheetId, WorksheetRow};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, sql};

macro_rules! select_assignment {
    ($rest:literal) => {
        sql!(Assignment: concat!(
            "select a.id, a.worksheet_id as worksheet, a.giver_id as giver, a.filler_id as filler, a.relationship_id as relationship, ",
            "a.key_id as \"key\", a.state, a.given_at, a.due_on, a.again_days, a.asks_at, a.handed_in_at, a.read_at, a.version ",
            "from worksheet_assignments a ",
            $rest
        ))
    };
}
macro_rules! select_worksheet {
    ($rest:literal) => {
        sql!(WorksheetRow: concat!(
            "select w.id, w.owner_id as owner, w.key_id as \"key\", w.words, w.version, w.made_at from worksheets w ",
            $rest
        ))
    };
}

// Somebody's own.

pub fn find_worksheet(tx: &mut Tx, id: WorksheetId) -> Result<Option<WorksheetRow>> {
    Ok(tx.opt(select_worksheet!("where w.id = $1"), &[&id])?)
}
pub fn worksheet_by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<WorksheetId>> {
    let row: Option<(WorksheetId,)> = tx.opt(sql!("select id from worksheets where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// Those that somebody still uses, the latest first.
pub fn worksheets_of(tx: &mut Tx, owner: PersonId, limit: i64) -> Result<Vec<WorksheetRow>> {
    Ok(tx.all(select_worksheet!("where w.owner_id = $1 and w.put_away_at is null order by w.id desc limit $2"), &[&owner, &limit])?)
}
/// How many somebody still uses; counts no further than asked.
pub fn count_worksheets(tx: &mut Tx, owner: PersonId, most: i64) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!("select count(*) from (select 1 as one from worksheets where owner_id = $1 and put_away_at is null limit $2) w"),
        &[&owner, &most],
    )?;
    Ok(row.0)
}
/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert_worksheet(tx: &mut Tx, row: &WorksheetRow, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into worksheets (id, owner_id, key_id, words, version, made_at, nonce) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (owner_id, nonce) do nothing"
        ),
        &[&row.id, &row.owner, &row.key, &row.words, &row.version, &row.made_at, &nonce],
    )?;
    Ok(inserted == 1)
}
/// Saves what it says, if nothing changed since it was read at this version.
pub fn save_worksheet(tx: &mut Tx, id: WorksheetId, version: i64, words: &Sealed) -> Result<()> {
    let saved = tx
        .execute(sql!("update worksheets set words = $3, version = version + 1 where id = $1 and version = $2"), &[&id, &version, words])?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This worksheet changed a moment before. Please look again.")) }
}
pub fn put_away(tx: &mut Tx, id: WorksheetId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update worksheets set put_away_at = $2 where id = $1"), &[&id, &now])?;
    Ok(())
}

// Those that were given.

pub fn find(tx: &mut Tx, id: AssignmentId) -> Result<Option<Assignment>> {
    Ok(tx.opt(select_assignment!("where a.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, giver: PersonId, nonce: &str) -> Result<Option<AssignmentId>> {
    let row: Option<(AssignmentId,)> =
        tx.opt(sql!("select id from worksheet_assignments where giver_id = $1 and nonce = $2"), &[&giver, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// Those that somebody fills in, the latest first.
pub fn of_filler(tx: &mut Tx, filler: PersonId, limit: i64) -> Result<Vec<Assignment>> {
    Ok(tx.all(select_assignment!("where a.filler_id = $1 and a.state <> 'withdrawn' order by a.id desc limit $2"), &[&filler, &limit])?)
}
/// Those that somebody gave to others, the latest first.
pub fn of_giver(tx: &mut Tx, giver: PersonId, limit: i64) -> Result<Vec<Assignment>> {
    Ok(tx.all(select_assignment!("where a.giver_id = $1 and a.filler_id <> $1 order by a.id desc limit $2"), &[&giver, &limit])?)
}
pub fn of_relationship(tx: &mut Tx, id: RelationshipId, limit: i64) -> Result<Vec<Assignment>> {
    Ok(tx.all(select_assignment!("where a.relationship_id = $1 and a.state <> 'withdrawn' order by a.id desc limit $2"), &[&id, &limit])?)
}
/// Those of a relationship that wait: for their filler, or for their giver to read them.
pub fn open_in(tx: &mut Tx, id: RelationshipId) -> Result<Vec<Assignment>> {
    Ok(tx.all(
        select_assignment!("where a.relationship_id = $1 and a.state in ('given', 'handed_in') order by a.id desc limit 20"),
        &[&id],
    )?)
}
/// Those that wait for somebody and are due by a day.
pub fn waiting(tx: &mut Tx, filler: PersonId, by: &str) -> Result<Vec<Assignment>> {
    Ok(tx.all(
        select_assignment!("where a.filler_id = $1 and a.state = 'given' and a.due_on <= $2 order by a.due_on, a.id limit 10"),
        &[&filler, &by],
    )?)
}
/// How many wait for somebody of one giver; counts no further than asked.
pub fn count_waiting(tx: &mut Tx, giver: PersonId, filler: PersonId, most: i64) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!(
            "select count(*) from (select 1 as one from worksheet_assignments
             where filler_id = $2 and giver_id = $1 and state = 'given' limit $3) a"
        ),
        &[&giver, &filler, &most],
    )?;
    Ok(row.0)
}
pub fn parts(tx: &mut Tx, ids: &[AssignmentId]) -> Result<Vec<SealedParts>> {
    let list = List::of(ids)?;
    Ok(tx.all(sql!(SealedParts: "select id, paper, answers, notes from worksheet_assignments where id in {list $1 as id}"), &[&list])?)
}

/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, one: &Assignment, paper: &Sealed, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into worksheet_assignments (id, worksheet_id, giver_id, filler_id, relationship_id, key_id, paper, state, given_at,
               due_on, again_days, asks_at, version, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (giver_id, nonce) do nothing"
        ),
        &[
            &one.id,
            &one.worksheet,
            &one.giver,
            &one.filler,
            &one.relationship,
            &one.key,
            paper,
            &one.state,
            &one.given_at,
            &one.due_on,
            &one.again_days,
            &one.asks_at,
            &one.version,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}
/// Saves what changed, if nothing else did meanwhile.
pub fn save(tx: &mut Tx, is: &Assignment, was: &Assignment) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update worksheet_assignments set state = $3, due_on = $4, again_days = $5, asks_at = $6, handed_in_at = $7, read_at = $8,
               version = version + 1
             where id = $1 and version = $2"
        ),
        &[&is.id, &was.version, &is.state, &is.due_on, &is.again_days, &is.asks_at, &is.handed_in_at, &is.read_at],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This changed a moment before. Please look again.")) }
}
pub fn save_answers(tx: &mut Tx, id: AssignmentId, answers: Option<&Sealed>) -> Result<()> {
    tx.execute(sql!("update worksheet_assignments set answers = $2 where id = $1"), &[&id, &answers.cloned()])?;
    Ok(())
}
pub fn save_notes(tx: &mut Tx, id: AssignmentId, notes: &Sealed) -> Result<()> {
    tx.execute(sql!("update worksheet_assignments set notes = $2 where id = $1"), &[&id, notes])?;
    Ok(())
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(AssignmentId,)> = tx.opt(sql!("select id from worksheet_assignments where asks_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose day has come; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(AssignmentId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update worksheet_assignments set asks_at = null where asks_at <= $1 and id in
             (select id from worksheet_assignments where asks_at <= $1 order by asks_at limit 100)
             returning id, filler_id"
        ),
        &[&now],
    )?)
}

/// Destroys the keys of what was somebody's alone, and takes out what they wrote elsewhere.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and
             (id in (select key_id from worksheets where owner_id = $1)
              or id in (select key_id from worksheet_assignments where filler_id = $1 and relationship_id is null))"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from worksheet_assignments where filler_id = $1"), &[&person])?;
    tx.execute(sql!("update worksheet_assignments set notes = null, asks_at = null where giver_id = $1"), &[&person])?;
    tx.execute(sql!("delete from worksheets where owner_id = $1"), &[&person])?;
    Ok(())
}
