//! Every query about the place.

use super::office::Member;
use crate::app::Tx;
use crate::error::Result;
use crate::viewer::{Office, PersonId};
use chiron_store::sql;

/// People by name, from after a place in that order; `like` is a pattern over folded names.
pub fn members(tx: &mut Tx, like: &str, after: (&str, PersonId), limit: i64) -> Result<Vec<Member>> {
    Ok(tx.all(
        sql!(Member: "select p.id as person, p.name, p.folded, a.email, p.office, p.joined_at, p.closed_at
             from people p join accounts a on a.person_id = p.id
             where p.forgotten_at is null and p.folded like $1 escape '!' and (p.folded > $2 or (p.folded = $2 and p.id > $3))
             order by p.folded, p.id limit $4"),
        &[&like, &after.0, &after.1, &limit],
    )?)
}

pub fn member(tx: &mut Tx, person: PersonId) -> Result<Option<Member>> {
    Ok(tx.opt(
        sql!(Member: "select p.id as person, p.name, p.folded, a.email, p.office, p.joined_at, p.closed_at
             from people p join accounts a on a.person_id = p.id where p.id = $1 and p.forgotten_at is null"),
        &[&person],
    )?)
}

pub fn set_office(tx: &mut Tx, person: PersonId, from: Office, to: Office) -> Result<bool> {
    Ok(tx.execute(sql!("update people set office = $3 where id = $1 and office = $2"), &[&person, &from, &to])? > 0)
}

/// How many people there are, counted no further than asked.
pub fn people_up_to(tx: &mut Tx, limit: i64) -> Result<i64> {
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from (select 1 from people where forgotten_at is null and closed_at is null limit $1) p"), &[&limit])?;
    Ok(n)
}
