//! Keeps the index in memory true: reads everyone once, then follows the log, so that what somebody changed is seen by
//! the next search, on this node and on the others.

use super::index::Index;
use super::sql;
use super::verbs::next_id;
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::log::{Follower, Line};
use crate::viewer::PersonId;
use futures_util::{TryStreamExt, stream};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use uuid::Uuid;

/// People read in one unit of work while building: few enough that others who read do not wait for long. So many units at
/// once keep two readers busy.
const PAGE: i64 = 2_000;
const AT_ONCE: usize = 3;
/// When more people than this changed since the last look, and they are a good part of all, reading everyone is quicker.
const MANY: usize = 1_000;

/// The index, and how far it has followed the log. Kept in the application's memory.
#[derive(Default)]
pub struct Directory {
    index: RwLock<Index>,
    follower: Mutex<Option<Follower>>,
    /// Whoever reads everyone holds this, so that it is done once however many search.
    building: tokio::sync::Mutex<()>,
}

impl Directory {
    pub fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }
    fn follower(&self) -> MutexGuard<'_, Option<Follower>> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn is_built(&self) -> bool {
        self.follower().is_some()
    }
}

/// Whether nobody has been read yet.
pub fn is_missing(tx: &mut Tx) -> Result<bool> {
    Ok(!tx.memory::<Directory>().is_built())
}

/// Reads everyone into memory, unless that was done. Ten thousand people take a moment, a million some seconds.
pub async fn build(app: &App) -> Result<()> {
    let directory = app.memory::<Directory>();
    let _one = directory.building.lock().await;
    if directory.is_built() {
        return Ok(());
    }
    // What happens from here on is in the log, and is read once more by following it.
    let follower = app.read(Follower::from_here).await?;
    let mut index = Index::new();
    // Where a page ends is found by ids alone, so that the next is read beside it.
    let first = (app.clone(), Some(PersonId(Uuid::nil())));
    let pages = stream::try_unfold(first, |(app, from)| async move {
        let Some(from) = from else { return Ok::<_, Error>(None) };
        let end = app.read(move |tx| sql::nth_from(tx, from, PAGE)).await?;
        let to = end.unwrap_or(PersonId(Uuid::max()));
        let reader = app.clone();
        let page = async move { reader.read(move |tx| sql::people_between(tx, from, to, PAGE)).await };
        Ok(Some((page, (app, end.map(next_id)))))
    });
    let mut pages = std::pin::pin!(pages.try_buffered(AT_ONCE));
    while let Some(page) = pages.try_next().await? {
        page.iter().for_each(|person| index.put(person));
    }
    index.settle();
    *directory.index.write().unwrap_or_else(PoisonError::into_inner) = index;
    *directory.follower() = Some(follower);
    Ok(())
}

/// Brings the index up to what this unit of work sees. `false`: it has to be built first.
pub fn catch_up(tx: &mut Tx) -> Result<bool> {
    let directory = tx.memory::<Directory>();
    let mut held = directory.follower();
    // A copy, so that a read that fails half-way leaves us where we were.
    let Some(mut follower) = held.clone() else { return Ok(false) };
    let mut changed = BTreeSet::new();
    loop {
        let lines = follower.next(tx)?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            changed.extend(touched(line)?);
            if line.kind == "skill merged" {
                changed.extend(renamed(tx, &directory, line)?);
            }
        }
    }
    if changed.len() > MANY && changed.len() > directory.index().len() / 10 {
        *held = None;
        return Ok(false);
    }
    // One lock a person: a search never waits longer than one change takes.
    for id in changed {
        let now = sql::people_between(tx, id, id, 1)?;
        let mut index = directory.index.write().unwrap_or_else(PoisonError::into_inner);
        match now.first() {
            Some(person) => index.put(person),
            None => index.remove(id),
        }
    }
    *held = Some(follower);
    Ok(true)
}

/// Those who offered a skill under the name that is no more.
fn renamed(tx: &mut Tx, directory: &Directory, line: &Line) -> Result<Vec<PersonId>> {
    let Some((was, _)) = crate::skills::verbs::merged(tx, line.subject.into())? else { return Ok(Vec::new()) };
    let index = directory.index();
    let people = index.skill(&was).map_or(&[][..], |skill| index.offering(skill));
    Ok(people.iter().map(|at| index.id(*at)).collect())
}

/// Everyone whose row a happening may have changed: those it says it touches, whatever it is called, so that no new
/// kind of happening has to be told to us.
fn touched(line: &Line) -> Result<Vec<PersonId>> {
    let mut people = line.touched()?;
    if line.kind.starts_with("person ") || line.kind.starts_with("profile ") {
        people.push(PersonId(line.subject));
    }
    Ok(people)
}
