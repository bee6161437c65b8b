//! Following the log of happenings: what came since, on this node or on another, in one pass over new lines and with
//! none left out. The log is the truth; whatever is kept in memory beside the database follows it.

use crate::app::Tx;
use crate::error::Result;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Lines read at a time.
const LINES: usize = 1_000;
/// On PostgreSQL a transaction may commit after a later one, so that its lines appear below lines already seen. What
/// is missing is asked for again for so long.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
const MOST_GAPS: usize = 1_000;

record!(
    /// A line of the log, with those it is about.
    #[derive(Debug)]
    pub struct Line {
        pub position: i64,
        pub kind: String,
        pub subject: Uuid,
        /// Ids as a JSON list.
        pub people: String,
    }
);

impl Line {
    /// Whose pages it says change.
    pub fn touched(&self) -> Result<Vec<PersonId>> {
        Ok(serde_json::from_str(&self.people)?)
    }
}

/// What was written since then, of the last hundred lines.
pub fn lately(tx: &mut Tx, since: Timestamp) -> Result<Vec<Line>> {
    Ok(tx.all(
        sql!(Line: "select position, kind, subject, people from happenings
            where position > (select coalesce(max(position), 0) - 100 from happenings) and at >= $1 order by position limit 100"),
        &[&since],
    )?)
}

/// How far somebody has read.
#[derive(Debug, Clone)]
pub struct Follower {
    position: i64,
    /// Positions that were skipped, and since when they are missed.
    gaps: BTreeMap<i64, Timestamp>,
}

impl Follower {
    /// At the end of the log. What is missing just below it may belong to somebody who has not committed yet.
    pub fn from_here(tx: &mut Tx) -> Result<Self> {
        let (last,): (i64,) = tx.one(sql!("select coalesce(max(position), 0) from happenings"), &[])?;
        let mut follower = Self { position: (last - MOST_GAPS as i64).max(0), gaps: BTreeMap::new() };
        while !follower.after(tx)?.is_empty() {}
        Ok(follower)
    }

    /// Up to where it has read.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// What came since, at most a thousand lines and whatever was late; nothing when there is nothing more.
    pub fn next(&mut self, tx: &mut Tx) -> Result<Vec<Line>> {
        let mut lines = self.late(tx)?;
        lines.extend(self.after(tx)?);
        Ok(lines)
    }

    fn after(&mut self, tx: &mut Tx) -> Result<Vec<Line>> {
        let lines: Vec<Line> = tx.all(
            sql!(Line: "select position, kind, subject, people from happenings where position > $1 order by position limit $2"),
            &[&self.position, &(LINES as i64)],
        )?;
        let now = tx.now();
        for line in &lines {
            for missing in (self.position + 1..line.position).rev().take(MOST_GAPS) {
                self.gaps.insert(missing, now);
            }
            self.position = self.position.max(line.position);
        }
        Ok(lines)
    }

    /// What was missing and has come.
    fn late(&mut self, tx: &mut Tx) -> Result<Vec<Line>> {
        if self.gaps.is_empty() {
            return Ok(Vec::new());
        }
        let now = tx.now();
        let asked = List::of(self.gaps.keys().rev().take(MOST_GAPS))?;
        let came: Vec<Line> = tx.all(
            sql!(Line: "select position, kind, subject, people from happenings where position in {list $1 as bigint} order by position limit 1000"),
            &[&asked],
        )?;
        for line in &came {
            self.gaps.remove(&line.position);
        }
        self.gaps.retain(|_, since| now.since(*since) < PATIENCE);
        Ok(came)
    }
}
