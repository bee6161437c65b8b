//! Every query about the place's own skills.

use super::own::{Own, OwnId};
use crate::app::Tx;
use crate::error::Result;
use chiron_store::{record, sql};

record!(
    /// An own word with how many people use it.
    #[derive(Debug, Clone)]
    pub struct Used {
        pub id: OwnId,
        pub name: String,
        pub slug: String,
        pub accepted: bool,
        pub people: i64,
    }
);

pub fn all(tx: &mut Tx) -> Result<Vec<Own>> {
    Ok(tx.all(
        sql!(
            Own: "select id, slug, name, field, made_at, accepted_at, merged_into, merged_at from own_skills order by made_at, id limit 20000"
        ),
        &[],
    )?)
}

pub fn find(tx: &mut Tx, id: OwnId) -> Result<Option<Own>> {
    Ok(tx.opt(
        sql!(Own: "select id, slug, name, field, made_at, accepted_at, merged_into, merged_at from own_skills where id = $1"),
        &[&id],
    )?)
}

pub fn has_slug(tx: &mut Tx, slug: &str) -> Result<bool> {
    Ok(tx.opt::<(i64,)>(sql!("select count(*) from own_skills where slug = $1"), &[&slug])?.is_some_and(|r| r.0 > 0))
}

pub fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one::<(i64,)>(sql!("select count(*) from own_skills"), &[])?.0)
}

pub fn insert(tx: &mut Tx, own: &Own) -> Result<()> {
    tx.execute(
        sql!("insert into own_skills (id, slug, name, field, made_at) values ($1, $2, $3, $4, $5)"),
        &[&own.id, &own.slug, &own.name, &own.field, &own.made_at],
    )?;
    Ok(())
}

/// Saves an answer of the coordinator, as long as the word was not merged a moment before.
pub fn save(tx: &mut Tx, own: &Own) -> Result<bool> {
    let rows = tx.execute(
        sql!("update own_skills set accepted_at = $2, merged_into = $3, merged_at = $4 where id = $1 and merged_at is null"),
        &[&own.id, &own.accepted_at, &own.merged_into, &own.merged_at],
    )?;
    Ok(rows == 1)
}

/// What had become this word becomes what the word became.
pub fn follow(tx: &mut Tx, was: &str, is: &str) -> Result<()> {
    tx.execute(sql!("update own_skills set merged_into = $2 where merged_into = $1"), &[&was, &is])?;
    Ok(())
}

/// Words to look at first, then those that were kept.
pub fn used(tx: &mut Tx, most: i64) -> Result<Vec<Used>> {
    Ok(tx.all(
        sql!(
            Used: "select o.id, o.name, o.slug, o.accepted_at is not null as accepted,
                (select count(distinct s.person_id) from profile_skills s where s.skill = o.slug) as people
             from own_skills o where o.merged_at is null
             order by case when o.accepted_at is null then 0 else 1 end, o.made_at desc, o.id limit $1"
        ),
        &[&most],
    )?)
}
