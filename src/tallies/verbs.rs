//! Counting a quarter, and reading what was counted.

use super::sql;
use super::tally::{Gathered, Tally};
use crate::app::{App, Tx};
use crate::attainment::verbs as attainment;
use crate::error::Result;
use crate::pulses::{quarter_of, verbs::begins};
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// People whose goals are read in one unit of work.
const AT_ONCE: i64 = 2000;

/// The next quarter that is over and was not counted. It does not depend on what there is to count: that a quarter stands
/// there says nothing. The first is the one before this one, if somebody was here already.
fn to_count(tx: &mut Tx) -> Result<Option<Date>> {
    let this = quarter_of(tx.now().in_zone(&TimeZone::UTC).date());
    if let Some(last) = sql::last(tx)?.and_then(|day| day.parse::<Date>().ok()) {
        return Ok(Some(last.checked_add(3.months())?).filter(|next| *next < this));
    }
    let begun = begins(this)?;
    Ok(if sql::first_joined(tx)?.is_some_and(|at| at < begun) { Some(this.checked_sub(3.months())?) } else { None })
}

pub fn any_to_count(tx: &mut Tx) -> Result<bool> {
    Ok(to_count(tx)?.is_some())
}

/// Counts one quarter over everybody.
pub async fn count(app: App) -> Result<usize> {
    let Some(quarter) = app.read(to_count).await? else { return Ok(0) };
    let tally = gather(&app, attainment::those_counted, quarter).await?.tally(quarter);
    app.write(move |tx| sql::insert(tx, &tally)).await?;
    Ok(1)
}

/// Gathers a quarter over any set of people, some in each unit of work, so that nobody waits for it; it writes nothing.
/// `whom` says the next of them after one, at most so many, in the order of their ids. Of these only what they let be
/// counted is read, and none of it is opened: levels are not sealed, only words are.
pub async fn gather<W>(app: &App, whom: W, quarter: Date) -> Result<Gathered>
where
    W: Fn(&mut Tx, PersonId, i64) -> Result<Vec<PersonId>> + Copy + Send + 'static,
{
    let (from, until) = (begins(quarter)?, begins(quarter.checked_add(3.months())?)?);
    let (mut all, mut after) = (Gathered::default(), PersonId(uuid::Uuid::nil()));
    loop {
        let portion = app.read(move |tx| portion(tx, whom, after, from, until)).await?;
        let Some((last, changes, goals)) = portion else { return Ok(all) };
        all.add(changes, goals);
        after = last;
    }
}

type Portion = Option<(PersonId, Vec<f64>, [attainment::Group; 3])>;

fn portion<W>(tx: &mut Tx, whom: W, after: PersonId, from: Timestamp, until: Timestamp) -> Result<Portion>
where
    W: Fn(&mut Tx, PersonId, i64) -> Result<Vec<PersonId>>,
{
    let people = whom(tx, after, AT_ONCE)?;
    let Some(last) = people.last().copied() else { return Ok(None) };
    let list = List::of(&people)?;
    let changes = attainment::changes(tx, &list, from, until)?;
    Ok(Some((last, changes, attainment::begun_reached_let_go(tx, &list, from, until)?)))
}

/// What was counted, the latest first.
pub fn latest(tx: &mut Tx) -> Result<Vec<Tally>> {
    sql::latest(tx)
}

/// Keeps what a quarter came to, once.
pub fn keep(tx: &mut Tx, tally: &Tally) -> Result<()> {
    sql::insert(tx, tally)
}
