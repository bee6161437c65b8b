//! Every query about letters.

use super::letter::{Due, LetterId, Posted, Written};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::Sealed;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, record, sql};

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
    Ok(())
}
