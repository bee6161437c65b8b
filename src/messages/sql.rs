//! Every query about messages.

use super::message::{MessageId, Position, SealedMessage};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};

/// Gives the next message its number, and remembers who wrote it. Two who write at once get two numbers.
pub fn next_number(tx: &mut Tx, id: RelationshipId, by: PersonId, remind_at: Option<Timestamp>) -> Result<i64> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "insert into conversations (relationship_id, newest, newest_by_id, newest_at, remind_at) values ($1, 1, $2, $3, $4)
             on conflict (relationship_id) do update set newest = conversations.newest + 1, newest_by_id = excluded.newest_by_id,
                newest_at = excluded.newest_at, remind_at = excluded.remind_at
             returning newest"
        ),
        &[&id, &by, &now, &remind_at],
    )?;
    Ok(row.0)
}

/// The number of the newest message; zero before the first.
pub fn newest(tx: &mut Tx, id: RelationshipId) -> Result<i64> {
    let row: Option<(i64,)> = tx.opt(sql!("select newest from conversations where relationship_id = $1"), &[&id])?;
    Ok(row.map_or(0, |r| r.0))
}

pub fn insert(tx: &mut Tx, message: MessageId, id: RelationshipId, number: i64, by: PersonId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into messages (id, relationship_id, number, by_id, at, words) values ($1, $2, $3, $4, $5, $6)"),
        &[&message, &id, &number, &by, &now, words],
    )?;
    Ok(())
}

/// Where a message stands: in which conversation, and its number there.
pub fn place(tx: &mut Tx, message: MessageId) -> Result<Option<(RelationshipId, i64)>> {
    Ok(tx.opt(sql!("select relationship_id, number from messages where id = $1"), &[&message])?)
}

/// The newest before a number, newest first.
pub fn before(tx: &mut Tx, id: RelationshipId, number: i64, limit: i64) -> Result<Vec<SealedMessage>> {
    Ok(tx.all(
        sql!(SealedMessage: "select id, number, by_id as by, at, words, edited_at, taken_back_at from messages
             where relationship_id = $1 and number < $2 order by number desc limit $3"),
        &[&id, &number, &limit],
    )?)
}

/// Those from a number on, oldest first.
pub fn from(tx: &mut Tx, id: RelationshipId, number: i64, limit: i64) -> Result<Vec<SealedMessage>> {
    Ok(tx.all(
        sql!(SealedMessage: "select id, number, by_id as by, at, words, edited_at, taken_back_at from messages
             where relationship_id = $1 and number >= $2 order by number limit $3"),
        &[&id, &number, &limit],
    )?)
}

pub fn save_edit(tx: &mut Tx, id: RelationshipId, number: i64, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update messages set words = $3, edited_at = $4 where relationship_id = $1 and number = $2 and taken_back_at is null"),
        &[&id, &number, words, &now],
    )?;
    Ok(())
}

pub fn save_taken_back(tx: &mut Tx, id: RelationshipId, number: i64) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update messages set words = null, taken_back_at = $3 where relationship_id = $1 and number = $2 and taken_back_at is null"),
        &[&id, &number, &now],
    )?;
    Ok(())
}

pub fn position(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<Position> {
    let row: Option<(i64, i64)> =
        tx.opt(sql!("select seen, told_from from message_positions where relationship_id = $1 and person_id = $2"), &[&id, &person])?;
    Ok(row.map_or_else(Position::default, |(seen, told_from)| Position { seen, told_from }))
}

/// Moves on how far somebody has read, never back; says whether it did.
pub fn save_seen(tx: &mut Tx, id: RelationshipId, person: PersonId, seen: i64) -> Result<bool> {
    let moved = tx.execute(
        sql!(
            "insert into message_positions (relationship_id, person_id, seen, told_from) values ($1, $2, $3, 0)
             on conflict (relationship_id, person_id) do update set seen = excluded.seen where message_positions.seen < excluded.seen"
        ),
        &[&id, &person, &seen],
    )?;
    Ok(moved > 0)
}

pub fn save_told(tx: &mut Tx, id: RelationshipId, person: PersonId, told_from: i64) -> Result<()> {
    tx.execute(
        sql!(
            "insert into message_positions (relationship_id, person_id, seen, told_from) values ($1, $2, 0, $3)
             on conflict (relationship_id, person_id) do update set told_from = excluded.told_from"
        ),
        &[&id, &person, &told_from],
    )?;
    Ok(())
}

/// The conversations of someone with messages that they have not seen, and how many; the latest first.
pub fn unseen(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, i64)>> {
    Ok(tx.all(
        sql!(
            "select c.relationship_id, c.newest - coalesce(m.seen, 0) as unseen
             from parties p join conversations c on c.relationship_id = p.relationship_id
             left join message_positions m on m.relationship_id = p.relationship_id and m.person_id = p.person_id
             where p.person_id = $1 and c.newest > coalesce(m.seen, 0)
             order by c.newest_at desc limit 100"
        ),
        &[&person],
    )?)
}

/// The conversations that someone is or was part of, with how far they have read and their key.
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, crate::seal::KeyId)>> {
    Ok(tx.all(
        sql!(
            "select c.relationship_id, r.key_id from parties p
             join conversations c on c.relationship_id = p.relationship_id join relationships r on r.id = p.relationship_id
             where p.person_id = $1 order by c.relationship_id limit 1000"
        ),
        &[&person],
    )?)
}

/// The words go with the key, which `relationships` destroys; here goes what else would be left.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(
        sql!(
            "update messages set words = null where words is not null and relationship_id in
             (select relationship_id from parties where person_id = $1)"
        ),
        &[&person],
    )?;
    tx.execute(
        sql!(
            "update conversations set remind_at = null where remind_at is not null and relationship_id in
             (select relationship_id from parties where person_id = $1)"
        ),
        &[&person],
    )?;
    tx.execute(sql!("delete from message_positions where person_id = $1"), &[&person])?;
    Ok(())
}
