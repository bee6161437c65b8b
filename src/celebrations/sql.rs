//! Every query about wins.

use super::win::{Source, Win, WinId};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, record, sql};
use uuid::Uuid;

macro_rules! select_win {
    ($rest:literal) => {
        sql!(Win: concat!(
            "select w.id, w.owner_id as owner, w.source, w.from_id as \"from\", w.words, w.won_at, w.relationship_id as relationship, ",
            "w.asked_id as asked, w.note_key_id as note_key, w.note, w.note_at, w.shared_with_id as shared_with, w.taken_down_at from wins w ",
            $rest
        ))
    };
}

record!(
    /// Whose it is is known; its key, and since when it is quiet.
    #[derive(Debug, Clone)]
    pub struct Wall {
        pub key: KeyId,
        pub quiet_since: Option<Timestamp>,
    }
);

pub fn wall(tx: &mut Tx, person: PersonId) -> Result<Option<Wall>> {
    Ok(tx.opt(sql!(Wall: "select key_id as \"key\", quiet_since from win_walls where person_id = $1"), &[&person])?)
}
pub fn insert_wall(tx: &mut Tx, person: PersonId, key: KeyId) -> Result<()> {
    tx.execute(sql!("insert into win_walls (person_id, key_id) values ($1, $2)"), &[&person, &key])?;
    Ok(())
}
pub fn save_quiet(tx: &mut Tx, person: PersonId, since: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update win_walls set quiet_since = $2 where person_id = $1"), &[&person, &since])?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: WinId) -> Result<Option<Win>> {
    Ok(tx.opt(select_win!("where w.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, owner: PersonId, nonce: &str) -> Result<Option<WinId>> {
    let row: Option<(WinId,)> = tx.opt(sql!("select id from wins where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?;
    Ok(row.map(|row| row.0))
}
pub fn of_source(tx: &mut Tx, owner: PersonId, source: Source, id: Uuid) -> Result<Option<Win>> {
    Ok(tx.opt(select_win!("where w.owner_id = $1 and w.source = $2 and w.source_id = $3"), &[&owner, &source, &id])?)
}
/// What stands on somebody's wall, the latest first.
pub fn of_owner(tx: &mut Tx, owner: PersonId, most: i64) -> Result<Vec<Win>> {
    Ok(tx.all(
        select_win!("where w.owner_id = $1 and w.taken_down_at is null order by w.won_at desc, w.id desc limit $2"),
        &[&owner, &most],
    )?)
}
/// What waits for this person's note in a relationship, or is shared with them there.
pub fn of_relationship(tx: &mut Tx, relationship: RelationshipId, person: PersonId) -> Result<Vec<Win>> {
    Ok(tx.all(
        select_win!(
            "where w.owner_id <> $2 and w.taken_down_at is null
             and ((w.relationship_id = $1 and w.asked_id = $2 and w.note_at is null) or w.shared_with_id = $1)
             order by w.won_at desc, w.id desc limit 5"
        ),
        &[&relationship, &person],
    )?)
}
pub fn count(tx: &mut Tx, owner: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from wins where owner_id = $1"), &[&owner])?;
    Ok(row.0)
}
/// Puts a new one in; says whether it did, which it does not when it stands there already.
pub fn insert(tx: &mut Tx, win: &Win, source_id: Uuid, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into wins (id, owner_id, source, source_id, from_id, words, won_at, relationship_id, asked_id, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
        ),
        &[&win.id, &win.owner, &win.source, &source_id, &win.from, &win.words, &win.won_at, &win.relationship, &win.asked, &nonce],
    )?;
    Ok(inserted == 1)
}
pub fn save_words(tx: &mut Tx, id: WinId, words: &Sealed) -> Result<()> {
    let saved = tx.execute(sql!("update wins set words = $2 where id = $1 and taken_down_at is null"), &[&id, words])?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You took this down a moment before.")) }
}
pub fn save_note(tx: &mut Tx, id: WinId, key: KeyId, note: &Sealed) -> Result<()> {
    let now = tx.now();
    let saved = tx.execute(
        sql!("update wins set note_key_id = $2, note = $3, note_at = $4 where id = $1 and note_at is null"),
        &[&id, &key, note, &now],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You have written your note already. It stands on the wall.")) }
}
pub fn save_shared(tx: &mut Tx, id: WinId, with: Option<RelationshipId>) -> Result<()> {
    tx.execute(sql!("update wins set shared_with_id = $2 where id = $1 and taken_down_at is null"), &[&id, &with])?;
    Ok(())
}
/// Its words go, and the note. That it was there is remembered, so that the same is not put up again.
pub fn take_down(tx: &mut Tx, id: WinId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update wins set words = null, note = null, shared_with_id = null, taken_down_at = $2 where id = $1 and taken_down_at is null"
        ),
        &[&id, &now],
    )?;
    Ok(())
}
pub fn delete(tx: &mut Tx, id: WinId) -> Result<()> {
    tx.execute(sql!("delete from wins where id = $1"), &[&id])?;
    Ok(())
}
/// Notes that somebody wrote to the wins of others.
pub fn notes_by(tx: &mut Tx, person: PersonId) -> Result<Vec<Win>> {
    Ok(tx.all(select_win!("where w.asked_id = $1 and w.note_at is not null order by w.note_at, w.id limit 10000"), &[&person])?)
}

/// Someone's wall goes, with its key. The notes they gave stay with those who got them, and they are asked for no more.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in (select key_id from win_walls where person_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from wins where owner_id = $1"), &[&person])?;
    tx.execute(sql!("delete from win_walls where person_id = $1"), &[&person])?;
    tx.execute(sql!("update wins set asked_id = null where asked_id = $1 and note_at is null"), &[&person])?;
    Ok(())
}
