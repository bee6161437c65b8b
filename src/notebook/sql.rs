//! Every query about what people keep.

use super::kept::{KeptId, SealedKept};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::sql;

macro_rules! select_kept {
    ($rest:literal) => {
        sql!(SealedKept: concat!(
            "select n.id, n.person_id as person, n.relationship_id as relationship, n.words, n.kept_at, n.shared_at, n.helped_at ",
            "from notebook_questions n ",
            $rest
        ))
    };
}

pub fn key(tx: &mut Tx, person: PersonId) -> Result<Option<KeyId>> {
    let row: Option<(KeyId,)> = tx.opt(sql!("select key_id from notebooks where person_id = $1"), &[&person])?;
    Ok(row.map(|r| r.0))
}

pub fn insert_key(tx: &mut Tx, person: PersonId, key: KeyId) -> Result<()> {
    tx.execute(sql!("insert into notebooks (person_id, key_id) values ($1, $2)"), &[&person, &key])?;
    Ok(())
}

pub fn insert(tx: &mut Tx, id: KeptId, person: PersonId, relationship: RelationshipId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into notebook_questions (id, person_id, relationship_id, words, kept_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &person, &relationship, words, &now],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: KeptId) -> Result<Option<SealedKept>> {
    Ok(tx.opt(select_kept!("where n.id = $1"), &[&id])?)
}

/// What somebody keeps for one relationship, newest first.
pub fn of(tx: &mut Tx, person: PersonId, relationship: RelationshipId, limit: i64) -> Result<Vec<SealedKept>> {
    Ok(tx.all(
        select_kept!("where n.person_id = $1 and n.relationship_id = $2 order by n.id desc limit $3"),
        &[&person, &relationship, &limit],
    )?)
}

pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<SealedKept>> {
    Ok(tx.all(select_kept!("where n.person_id = $1 order by n.relationship_id, n.id limit 10000"), &[&person])?)
}

/// The keys of the relationships that somebody is or was in.
pub fn keys_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, KeyId)>> {
    Ok(tx.all(
        sql!(
            "select p.relationship_id, r.key_id from parties p join relationships r on r.id = p.relationship_id
             where p.person_id = $1 order by p.relationship_id limit 1000"
        ),
        &[&person],
    )?)
}

/// How many somebody keeps for one relationship that were not asked; counts no further than asked.
pub fn waiting(tx: &mut Tx, person: PersonId, relationship: RelationshipId, most: i64) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!(
            "select count(*) from (select 1 from notebook_questions
             where person_id = $1 and relationship_id = $2 and shared_at is null limit $3) kept"
        ),
        &[&person, &relationship, &most],
    )?;
    Ok(row.0)
}

/// Says that it was asked, with the words sealed for both; whether it was not before.
pub fn save_asked(tx: &mut Tx, id: KeptId, words: &Sealed) -> Result<bool> {
    let now = tx.now();
    let saved = tx.execute(
        sql!("update notebook_questions set shared_at = $2, words = $3 where id = $1 and shared_at is null"),
        &[&id, &now, words],
    )?;
    Ok(saved == 1)
}

pub fn save_helped(tx: &mut Tx, id: KeptId) -> Result<bool> {
    let now = tx.now();
    let saved = tx.execute(sql!("update notebook_questions set helped_at = $2 where id = $1 and helped_at is null"), &[&id, &now])?;
    Ok(saved == 1)
}

pub fn delete(tx: &mut Tx, id: KeptId) -> Result<()> {
    tx.execute(sql!("delete from notebook_questions where id = $1 and shared_at is null"), &[&id])?;
    Ok(())
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from notebook_questions where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from notebooks where person_id = $1"), &[&person])?;
    Ok(())
}
