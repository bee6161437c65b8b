//! Every query about messages.

use super::files::{File, FileId, Ready};
use super::message::{MessageId, Position, SealedMessage, SealedPlayback};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::relationships::heard::{Heard, PlaybackState};
use crate::seal::Sealed;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};

/// Gives the next message its number, and remembers who wrote it. Two who write at once get two numbers. Who writes on
/// before there was an answer waits from the first of these messages, and the other is reminded once.
pub fn next_number(tx: &mut Tx, id: RelationshipId, by: PersonId, remind_at: Option<Timestamp>) -> Result<i64> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "insert into conversations (relationship_id, newest, newest_by_id, newest_at, remind_at) values ($1, 1, $2, $3, $4)
             on conflict (relationship_id) do update set newest = conversations.newest + 1, newest_by_id = excluded.newest_by_id,
                newest_at = excluded.newest_at,
                remind_at = case when conversations.newest_by_id = excluded.newest_by_id then conversations.remind_at else excluded.remind_at end
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

pub fn insert_file(tx: &mut Tx, id: RelationshipId, message: MessageId, position: i64, file: &Ready, bytes: &Sealed) -> Result<()> {
    let (file_id, size): (FileId, i64) = (tx.new_id(), file.bytes.len() as i64);
    let (width, height) = (i64::from(file.width), i64::from(file.height));
    tx.execute(
        sql!(
            "insert into message_files (id, relationship_id, message_id, position, kind, size, width, height, bytes)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &[&file_id, &id, &message, &position, &file.kind, &size, &width, &height, bytes],
    )?;
    Ok(())
}

/// Bytes of all files of a conversation. Reads an index, as long as the conversation has files.
pub fn size_of_files(tx: &mut Tx, id: RelationshipId) -> Result<i64> {
    let row: (i64,) =
        tx.one(sql!("select cast(coalesce(sum(size), 0) as bigint) as size from message_files where relationship_id = $1"), &[&id])?;
    Ok(row.0)
}

/// The files of some messages, each with its message's number.
pub fn files(tx: &mut Tx, messages: &List) -> Result<Vec<File>> {
    Ok(tx.all(
        sql!(File: "select f.id, m.number, f.position, f.kind, f.size, f.width, f.height
             from message_files f join messages m on m.id = f.message_id
             where f.message_id in {list $1 as id} order by m.number, f.position limit 2000"),
        &[messages],
    )?)
}

pub fn file_bytes(tx: &mut Tx, id: RelationshipId, file: FileId) -> Result<Option<Sealed>> {
    let row: Option<(Sealed,)> = tx.opt(sql!("select bytes from message_files where id = $1 and relationship_id = $2"), &[&file, &id])?;
    Ok(row.map(|r| r.0))
}

pub fn delete_files(tx: &mut Tx, message: MessageId) -> Result<()> {
    tx.execute(sql!("delete from message_files where message_id = $1"), &[&message])?;
    Ok(())
}

pub fn playbacks(tx: &mut Tx, messages: &List) -> Result<Vec<SealedPlayback>> {
    Ok(tx.all(
        sql!(SealedPlayback: "select message_id as message, by_id as by, at, words, state, correction from playbacks
             where message_id in {list $1 as id} order by at, id limit 1000"),
        &[messages],
    )?)
}

/// Keeps what somebody heard; says whether it did, which it does once for a message.
pub fn insert_playback(tx: &mut Tx, id: RelationshipId, message: MessageId, by: PersonId, words: &Sealed) -> Result<bool> {
    let (playback, now): (uuid::Uuid, _) = (tx.new_id(), tx.now());
    let inserted = tx.execute(
        sql!(
            "insert into playbacks (id, relationship_id, message_id, by_id, at, words, state) values ($1, $2, $3, $4, $5, $6, 'waiting')
             on conflict (message_id, by_id) do nothing"
        ),
        &[&playback, &id, &message, &by, &now, words],
    )?;
    Ok(inserted == 1)
}

/// Answers what somebody heard in a message, where nobody has yet; says whether it did.
pub fn answer_playback(tx: &mut Tx, message: MessageId, of: PersonId, state: PlaybackState, correction: Option<&Sealed>) -> Result<bool> {
    let now = tx.now();
    let answered = tx.execute(
        sql!(
            "update playbacks set state = $2, answered_at = $3, correction = $4 where message_id = $1 and by_id = $5 and state = 'waiting'"
        ),
        &[&message, &state, &now, &correction.cloned(), &of],
    )?;
    Ok(answered > 0)
}

pub fn heard(tx: &mut Tx, id: RelationshipId) -> Result<Heard> {
    let (confirmed, corrected): (i64, i64) = tx.one(
        sql!(
            "select (select count(*) from playbacks where relationship_id = $1 and state = 'confirmed') as confirmed,
                (select count(*) from playbacks where relationship_id = $1 and state = 'corrected') as corrected"
        ),
        &[&id],
    )?;
    Ok(Heard { confirmed, corrected })
}

pub fn any_to_remind(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(RelationshipId,)> =
        tx.opt(sql!("select relationship_id from conversations where remind_at is not null and remind_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}

/// Claims the conversations in which the agreed time to answer is over; the condition is said twice because two nodes
/// may choose the same rows.
pub fn claim_reminders(tx: &mut Tx) -> Result<Vec<(RelationshipId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update conversations set remind_at = null where remind_at is not null and remind_at <= $1 and relationship_id in
             (select relationship_id from conversations where remind_at is not null and remind_at <= $1 order by remind_at limit 100)
             returning relationship_id, newest_by_id"
        ),
        &[&now],
    )?)
}

/// Who wrote the newest message.
pub fn newest_by(tx: &mut Tx, id: RelationshipId) -> Result<Option<PersonId>> {
    let row: Option<(PersonId,)> = tx.opt(sql!("select newest_by_id from conversations where relationship_id = $1"), &[&id])?;
    Ok(row.map(|r| r.0))
}

/// The words go with the key, which `relationships` destroys; here goes what else would be left. In a circle the others go on
/// with what is theirs, and only what this person wrote goes.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(
        sql!(
            "delete from message_files where relationship_id in (select relationship_id from parties where person_id = $1)
                and (exists (select 1 from relationships r where r.id = message_files.relationship_id and r.kind <> 'circle')
                    or exists (select 1 from messages m where m.id = message_files.message_id and m.by_id = $1))"
        ),
        &[&person],
    )?;
    tx.execute(
        sql!(
            "delete from playbacks where relationship_id in (select relationship_id from parties where person_id = $1)
                and (by_id = $1 or exists (select 1 from relationships r where r.id = playbacks.relationship_id and r.kind <> 'circle'))"
        ),
        &[&person],
    )?;
    tx.execute(
        sql!(
            "update messages set words = null where words is not null and relationship_id in
             (select relationship_id from parties where person_id = $1)
                and (by_id = $1 or exists (select 1 from relationships r where r.id = messages.relationship_id and r.kind <> 'circle'))"
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
