//! Every query about people.

use super::person::{Chip, Newcomer};
use crate::app::Tx;
use crate::error::Result;
use crate::viewer::{Office, PersonId};
use chiron_store::{Timestamp, sql};

pub fn insert(tx: &mut Tx, id: PersonId, name: &str, office: Office, newcomer: &Newcomer) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into people (id, name, folded, office, joined_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &name, &crate::fold::fold(name), &office, &now],
    )?;
    let email = newcomer.email.as_deref().map(str::trim);
    let verified = newcomer.verified.then_some(now);
    tx.execute(
        sql!("insert into accounts (person_id, email, email_folded, verified_at) values ($1, $2, $3, $4)"),
        &[&id, &email, &email.map(str::to_lowercase), &verified],
    )?;
    let zone = newcomer.zone.as_deref().unwrap_or("UTC");
    tx.execute(sql!("insert into profiles (person_id, zone, changed_at) values ($1, $2, $3)"), &[&id, &zone, &now])?;
    Ok(())
}

pub fn chip(tx: &mut Tx, person: PersonId) -> Result<Option<Chip>> {
    Ok(tx.opt(
        sql!(
            "select p.id, p.name, f.pronouns, f.headline, f.photo, f.zone
             from people p join profiles f on f.person_id = p.id
             where p.id = $1 and p.forgotten_at is null"
        ),
        &[&person],
    )?)
}

pub fn insert_reply_time(tx: &mut Tx, person: PersonId, asked_at: Timestamp, answered_at: Option<Timestamp>) -> Result<()> {
    let id: uuid::Uuid = tx.new_id();
    tx.execute(
        sql!("insert into reply_times (id, person_id, asked_at, answered_at) values ($1, $2, $3, $4)"),
        &[&id, &person, &asked_at, &answered_at],
    )?;
    Ok(())
}

pub fn reply_times(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, Option<Timestamp>)>> {
    Ok(tx.all(sql!("select asked_at, answered_at from reply_times where person_id = $1 order by asked_at desc limit 20"), &[&person])?)
}
