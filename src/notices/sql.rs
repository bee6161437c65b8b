//! Every query about notices.

use super::notice::{Notice, NoticeId, Rhythm};
use crate::app::Tx;
use crate::error::Result;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};
use uuid::Uuid;

record!(
    /// How someone wants to be told.
    pub struct Wish {
        pub rhythm: Rhythm,
        pub digest_due_at: Option<Timestamp>,
        pub zone: String,
    }
);

pub fn insert(tx: &mut Tx, to: PersonId, kind: &str, subject: Uuid) -> Result<()> {
    let (id, now): (NoticeId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!("insert into notices (id, person_id, kind, subject, made_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &to, &kind, &subject, &now],
    )?;
    Ok(())
}

pub fn wish(tx: &mut Tx, person: PersonId) -> Result<Option<Wish>> {
    Ok(tx.opt(
        sql!(Wish: "select a.mail_rhythm as rhythm, a.digest_due_at, f.zone
             from accounts a join profiles f on f.person_id = a.person_id where a.person_id = $1"),
        &[&person],
    )?)
}

pub fn set_digest(tx: &mut Tx, person: PersonId, due: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update accounts set digest_due_at = $2 where person_id = $1"), &[&person, &due])?;
    Ok(())
}

pub fn set_rhythm(tx: &mut Tx, person: PersonId, rhythm: Rhythm, due: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update accounts set mail_rhythm = $2, digest_due_at = $3 where person_id = $1"), &[&person, &rhythm, &due])?;
    Ok(())
}

/// Newest first, those before an id. Ids of version 7 sort by when they were made.
pub fn page(tx: &mut Tx, person: PersonId, before: Option<NoticeId>, limit: i64) -> Result<Vec<Notice>> {
    let before = before.unwrap_or(NoticeId(Uuid::max()));
    Ok(tx.all(
        sql!(Notice: "select id, person_id as person, kind, subject, made_at, read_at from notices
             where person_id = $1 and id < $2 order by id desc limit $3"),
        &[&person, &before, &limit],
    )?)
}

pub fn find(tx: &mut Tx, person: PersonId, id: NoticeId) -> Result<Option<Notice>> {
    Ok(tx.opt(
        sql!(Notice: "select id, person_id as person, kind, subject, made_at, read_at from notices where id = $1 and person_id = $2"),
        &[&id, &person],
    )?)
}

pub fn mark_read(tx: &mut Tx, id: NoticeId) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute(sql!("update notices set read_at = $2 where id = $1 and read_at is null"), &[&id, &now])?)
}

pub fn waits(tx: &mut Tx, person: PersonId, kind: &str, subject: Uuid) -> Result<bool> {
    let row: Option<(NoticeId,)> = tx.opt(
        sql!(
            "select id from notices where person_id = $1 and read_at is null and lettered_at is null and kind = $2 and subject = $3 limit 1"
        ),
        &[&person, &kind, &subject],
    )?;
    Ok(row.is_some())
}

pub fn mark_seen(tx: &mut Tx, person: PersonId, kind: &str, subject: Uuid) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute(
        sql!("update notices set read_at = $4 where person_id = $1 and read_at is null and kind = $2 and subject = $3"),
        &[&person, &kind, &subject, &now],
    )?)
}

pub fn mark_all_seen(tx: &mut Tx, person: PersonId, subject: Uuid) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute(
        sql!("update notices set read_at = $3 where person_id = $1 and read_at is null and subject = $2"),
        &[&person, &subject, &now],
    )?)
}

pub fn mark_all_read(tx: &mut Tx, person: PersonId) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute(sql!("update notices set read_at = $2 where person_id = $1 and read_at is null"), &[&person, &now])?)
}

/// Whether a notice waits for its letter: of someone who does not want them once a day, and who is not looking at a
/// page just now, or was told long enough ago to have seen it there.
pub fn any_to_letter(tx: &mut Tx, here: &List, patience_over: Timestamp) -> Result<bool> {
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select cast(1 as bigint) as waiting from notices n join accounts a on a.person_id = n.person_id
             where n.lettered_at is null and a.mail_rhythm <> 'daily'
               and (n.made_at <= $2 or n.person_id not in {list $1 as id}) limit 1"
        ),
        &[here, &patience_over],
    )?;
    Ok(row.is_some())
}

/// Takes notices out of the queue, as described at `any_to_letter`.
pub fn take_to_letter(tx: &mut Tx, here: &List, patience_over: Timestamp, limit: i64) -> Result<Vec<Notice>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Notice: "update notices set lettered_at = $4 where lettered_at is null and id in (
                select n.id from notices n join accounts a on a.person_id = n.person_id
                where n.lettered_at is null and a.mail_rhythm <> 'daily'
                  and (n.made_at <= $2 or n.person_id not in {list $1 as id})
                order by n.made_at limit $3)
             returning id, person_id as person, kind, subject, made_at, read_at"),
        &[here, &patience_over, &limit, &now],
    )?)
}

pub fn any_digest(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(i64,)> = tx.opt(
        sql!("select cast(1 as bigint) as waiting from accounts where mail_rhythm = 'daily' and digest_due_at <= $1 limit 1"),
        &[&now],
    )?;
    Ok(row.is_some())
}

pub fn take_digests(tx: &mut Tx, limit: i64) -> Result<Vec<(PersonId,)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update accounts set digest_due_at = null where digest_due_at <= $1 and person_id in (
                select person_id from accounts where mail_rhythm = 'daily' and digest_due_at <= $1 limit $2)
             returning person_id"
        ),
        &[&now, &limit],
    )?)
}

/// What is new for someone, oldest first and read or not, taken out of the queue.
pub fn take_unlettered(tx: &mut Tx, person: PersonId) -> Result<Vec<Notice>> {
    let now = tx.now();
    let mut notices: Vec<Notice> = tx.all(
        sql!(Notice: "update notices set lettered_at = $2 where person_id = $1 and lettered_at is null
             returning id, person_id as person, kind, subject, made_at, read_at"),
        &[&person, &now],
    )?;
    notices.sort_by_key(|n| n.id);
    Ok(notices)
}

pub fn refusals(tx: &mut Tx, person: PersonId) -> Result<Vec<(String,)>> {
    Ok(tx.all(sql!("select kind from mail_refusals where person_id = $1 order by kind limit 200"), &[&person])?)
}

pub fn refuse(tx: &mut Tx, person: PersonId, kind: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into mail_refusals (person_id, kind, refused_at) values ($1, $2, $3) on conflict (person_id, kind) do nothing"),
        &[&person, &kind, &now],
    )?;
    Ok(())
}

pub fn clear_refusals(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from mail_refusals where person_id = $1"), &[&person])?;
    Ok(())
}

pub fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let notices: Vec<(String, Timestamp, Option<Timestamp>)> =
        tx.all(sql!("select kind, made_at, read_at from notices where person_id = $1 order by id desc limit 10000"), &[&person])?;
    let notices: Vec<_> = notices
        .into_iter()
        .map(|(kind, made, read)| serde_json::json!({ "kind": kind, "made_at": made.jiff().to_string(), "read_at": read.map(|r| r.jiff().to_string()) }))
        .collect();
    let refused: Vec<_> = refusals(tx, person)?.into_iter().map(|r| r.0).collect();
    Ok(serde_json::json!({ "notifications": notices, "not_by_mail": refused }))
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from notices where person_id = $1"), &[&person])?;
    clear_refusals(tx, person)
}
