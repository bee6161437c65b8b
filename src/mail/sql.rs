//! Every query about letters.

use super::letter::{Due, LetterId, Posted, Written};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::Sealed;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, record, sql};
use uuid::Uuid;

record!(
    pub struct Addressee {
        pub name: String,
        pub email: Option<String>,
    }
);

pub fn addressee(tx: &mut Tx, person: PersonId) -> Result<Option<Addressee>> {
    Ok(tx.opt(
        sql!(Addressee: "select p.name, a.email from people p join accounts a on a.person_id = p.id
             where p.id = $1 and p.forgotten_at is null and p.closed_at is null"),
        &[&person],
    )?)
}

pub struct New<'a> {
    pub person: Option<PersonId>,
    pub to_address: &'a str,
    pub kind: &'a str,
    pub written: &'a Written,
    pub message_id: &'a str,
    pub showable: bool,
    pub good_until: Timestamp,
}

pub fn insert(tx: &mut Tx, id: LetterId, new: &New) -> Result<()> {
    let (now, body) = (tx.now(), tx.seal().shut(tx.chance(), &serde_json::to_vec(new.written)?)?);
    tx.execute(
        sql!(
            "insert into letters (id, person_id, to_address, kind, body, message_id, showable, made_at, good_until, next_try_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)"
        ),
        &[&id, &new.person, &new.to_address, &new.kind, &body, &new.message_id, &new.showable, &now, &new.good_until],
    )?;
    Ok(())
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select cast(1 as bigint) as waiting from letters
             where sent_at is null and given_up_at is null and next_try_at <= $1 and good_until > $1
               and (claimed_until is null or claimed_until <= $1) limit 1"
        ),
        &[&now],
    )?;
    Ok(row.is_some())
}

/// Claims letters for a try. A claim that ran out unrecorded counts as a doubt: the letter may have arrived.
pub fn claim(tx: &mut Tx, until: Timestamp, most: i64) -> Result<Vec<Due>> {
    let now = tx.now();
    let mut letters: Vec<Due> = tx.all(
        sql!(Due: "update letters set claimed_until = $2, attempts = attempts + 1,
                doubts = doubts + case when claimed_until is null then 0 else 1 end
             where sent_at is null and given_up_at is null and (claimed_until is null or claimed_until <= $1) and id in (
                select id from letters
                where sent_at is null and given_up_at is null and next_try_at <= $1 and good_until > $1
                  and (claimed_until is null or claimed_until <= $1)
                order by next_try_at limit $3)
             returning id, to_address, body, message_id, made_at, good_until, attempts, doubts"),
        &[&now, &until, &most],
    )?;
    letters.sort_by_key(|l| l.id);
    Ok(letters)
}

/// As if it had not been claimed.
pub fn put_back(tx: &mut Tx, id: LetterId) -> Result<()> {
    tx.execute(sql!("update letters set claimed_until = null, attempts = attempts - 1 where id = $1 and sent_at is null"), &[&id])?;
    Ok(())
}

/// Its words are gone with it.
pub fn sent(tx: &mut Tx, id: LetterId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update letters set sent_at = $2, body = null, claimed_until = null, given_up_at = null, transcript = '' where id = $1"),
        &[&id, &now],
    )?;
    Ok(())
}

pub fn try_again_at(tx: &mut Tx, id: LetterId, at: Timestamp, doubts: i64, transcript: &str) -> Result<()> {
    tx.execute(
        sql!(
            "update letters set next_try_at = $2, doubts = $3, transcript = $4, claimed_until = null
             where id = $1 and sent_at is null"
        ),
        &[&id, &at, &doubts, &transcript],
    )?;
    Ok(())
}

pub fn give_up(tx: &mut Tx, id: LetterId, doubts: i64, transcript: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update letters set given_up_at = $2, doubts = $3, transcript = $4, claimed_until = null
             where id = $1 and sent_at is null"
        ),
        &[&id, &now, &doubts, &transcript],
    )?;
    Ok(())
}

/// Letters that are of no use any more.
pub fn any_too_late(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select cast(1 as bigint) as waiting from letters where sent_at is null and given_up_at is null and good_until <= $1
               and (claimed_until is null or claimed_until <= $1) limit 1"
        ),
        &[&now],
    )?;
    Ok(row.is_some())
}
pub fn give_up_too_late(tx: &mut Tx, most: i64) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute(
        sql!(
            "update letters set given_up_at = $1, claimed_until = null where sent_at is null and given_up_at is null and id in (
                select id from letters where sent_at is null and given_up_at is null and good_until <= $1
                  and (claimed_until is null or claimed_until <= $1) limit $2)"
        ),
        &[&now, &most],
    )?)
}

/// What is old enough to be forgotten: letters, links and the memory of letters received.
pub fn any_old(tx: &mut Tx, before: Timestamp) -> Result<bool> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "select (select count(*) from (select 1 as one from letters where made_at < $1 and good_until < $2 limit 1) a)
                  + (select count(*) from (select 1 as one from letter_links where expires_at < $1 limit 1) b)
                  + (select count(*) from (select 1 as one from received_letters where taken_at < $1 limit 1) c)"
        ),
        &[&before, &now],
    )?;
    Ok(row.0 > 0)
}
pub fn forget_old(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    let now = tx.now();
    let letters = tx.execute(
        sql!("delete from letters where id in (select id from letters where made_at < $1 and good_until < $2 limit $3)"),
        &[&before, &now, &most],
    )?;
    let links = tx.execute(
        sql!("delete from letter_links where token_hash in (select token_hash from letter_links where expires_at < $1 limit $2)"),
        &[&before, &most],
    )?;
    let received = tx.execute(
        sql!("delete from received_letters where hash in (select hash from received_letters where taken_at < $1 limit $2)"),
        &[&before, &most],
    )?;
    Ok(letters + links + received)
}

/// What the outbox shows of letters that are waiting, newest first.
pub fn waiting(tx: &mut Tx, before: LetterId, limit: i64) -> Result<Vec<Posted>> {
    Ok(tx.all(
        sql!(Posted: "select id, to_address, kind, case when showable then body end as body, made_at, good_until,
                next_try_at, attempts, doubts, sent_at, given_up_at, transcript
             from letters where sent_at is null and given_up_at is null and id < $1 order by id desc limit $2"),
        &[&before, &limit],
    )?)
}
/// The same of those that were given up.
pub fn stuck(tx: &mut Tx, before: LetterId, limit: i64) -> Result<Vec<Posted>> {
    Ok(tx.all(
        sql!(Posted: "select id, to_address, kind, case when showable then body end as body, made_at, good_until,
                next_try_at, attempts, doubts, sent_at, given_up_at, transcript
             from letters where sent_at is null and given_up_at is not null and id < $1 order by id desc limit $2"),
        &[&before, &limit],
    )?)
}
/// The same of those that were sent.
pub fn gone(tx: &mut Tx, before: LetterId, limit: i64) -> Result<Vec<Posted>> {
    Ok(tx.all(
        sql!(Posted: "select id, to_address, kind, body, made_at, good_until,
                next_try_at, attempts, doubts, sent_at, given_up_at, transcript
             from letters where sent_at is not null and id < $1 order by id desc limit $2"),
        &[&before, &limit],
    )?)
}

pub fn counts(tx: &mut Tx) -> Result<(i64, i64)> {
    Ok(tx.one(
        sql!(
            "select (select count(*) from letters where sent_at is null and given_up_at is null),
                    (select count(*) from letters where sent_at is null and given_up_at is not null)"
        ),
        &[],
    )?)
}

/// Puts a letter in front of the queue again; false when it is gone, sent, or no use any more.
pub fn again(tx: &mut Tx, id: LetterId, good_until: Timestamp) -> Result<bool> {
    let now = tx.now();
    let changed = tx.execute(
        sql!(
            "update letters set next_try_at = $2, given_up_at = null, attempts = 0, doubts = 0,
                good_until = case when showable then good_until else $3 end
             where id = $1 and sent_at is null and body is not null and (claimed_until is null or claimed_until <= $2)
               and (not showable or good_until > $2)"
        ),
        &[&id, &now, &good_until],
    )?;
    Ok(changed == 1)
}

/// Remembers a letter that came in; false when it came before.
pub fn remember_received(tx: &mut Tx, hash: &[u8]) -> Result<bool> {
    let now = tx.now();
    let new =
        tx.execute(sql!("insert into received_letters (hash, taken_at) values ($1, $2) on conflict (hash) do nothing"), &[&hash, &now])?;
    Ok(new == 1)
}

pub fn person_of_address(tx: &mut Tx, folded: &str) -> Result<Option<PersonId>> {
    let row: Option<(PersonId,)> = tx.opt(sql!("select person_id from accounts where email_folded = $1"), &[&folded])?;
    Ok(row.map(|r| r.0))
}

pub fn open(tx: &Tx, body: &Sealed) -> Result<Written> {
    Ok(serde_json::from_slice(&tx.seal().open(body)?)?)
}

pub fn insert_link(tx: &mut Tx, hash: &[u8], person: PersonId, deed: &str, subject: Uuid, expires: Timestamp) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into letter_links (token_hash, person_id, deed, subject, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)"),
        &[&hash, &person, &deed, &subject, &now, &expires],
    )?;
    Ok(())
}

record!(
    /// A link in a letter.
    pub struct Link {
        pub person: PersonId,
        pub deed: String,
        pub subject: Uuid,
        pub expires_at: Timestamp,
        pub used_at: Option<Timestamp>,
        pub outcome: Option<Sealed>,
    }
);

pub fn find_link(tx: &mut Tx, hash: &[u8]) -> Result<Option<Link>> {
    Ok(tx.opt(
        sql!(Link: "select person_id as person, deed, subject, expires_at, used_at, outcome from letter_links where token_hash = $1"),
        &[&hash],
    )?)
}

/// Uses a link; false when someone used it before.
pub fn use_link(tx: &mut Tx, hash: &[u8], outcome: &str) -> Result<bool> {
    let (now, outcome) = (tx.now(), tx.seal().shut(tx.chance(), outcome.as_bytes())?);
    let used = tx.execute(
        sql!("update letter_links set used_at = $2, outcome = $3 where token_hash = $1 and used_at is null and expires_at > $2"),
        &[&hash, &now, &outcome],
    )?;
    Ok(used == 1)
}

pub fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let letters: Vec<(String, String, Timestamp, Option<Timestamp>)> = tx.all(
        sql!("select kind, to_address, made_at, sent_at from letters where person_id = $1 order by made_at desc limit 10000"),
        &[&person],
    )?;
    let letters: Vec<_> = letters
        .into_iter()
        .map(|(kind, to, made, sent)| {
            serde_json::json!({
                "kind": kind, "to": to, "made_at": made.jiff().to_string(), "sent_at": sent.map(|s| s.jiff().to_string())
            })
        })
        .collect();
    Ok(serde_json::json!({ "letters": letters }))
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from letters where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from letter_links where person_id = $1"), &[&person])?;
    Ok(())
}
