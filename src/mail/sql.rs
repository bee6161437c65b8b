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
