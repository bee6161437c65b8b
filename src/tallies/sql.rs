//! Every query about tallies.

use super::tally::Tally;
use crate::app::Tx;
use crate::error::Result;
use chiron_store::{Timestamp, sql};

/// When the first of all people joined.
pub fn first_joined(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> = tx.opt(sql!("select joined_at from people order by id limit 1"), &[])?;
    Ok(row.map(|row| row.0))
}

pub fn last(tx: &mut Tx) -> Result<Option<String>> {
    let row: Option<(String,)> = tx.opt(sql!("select begins_on from tallies order by begins_on desc limit 1"), &[])?;
    Ok(row.map(|row| row.0))
}

/// Keeps one, unless that quarter was counted before.
pub fn insert(tx: &mut Tx, tally: &Tally) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into tallies (begins_on, counted_at, people, further, alike, less, mean, mean_from, mean_to, lower, middle, upper, begun, reached, let_go)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (begins_on) do nothing"
        ),
        &[
            &tally.begins_on,
            &now,
            &tally.people,
            &tally.further,
            &tally.alike,
            &tally.less,
            &tally.mean,
            &tally.mean_from,
            &tally.mean_to,
            &tally.lower,
            &tally.middle,
            &tally.upper,
            &tally.begun,
            &tally.reached,
            &tally.let_go,
        ],
    )?;
    Ok(())
}

/// The latest first: five years.
pub fn latest(tx: &mut Tx) -> Result<Vec<Tally>> {
    Ok(tx.all(
        sql!(
            Tally: "select begins_on, people, further, alike, less, mean, mean_from, mean_to, lower, middle, upper, begun, reached, let_go
             from tallies order by begins_on desc limit 20"
        ),
        &[],
    )?)
}
