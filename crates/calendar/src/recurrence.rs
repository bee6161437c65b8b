//! Something that repeats, with its exceptions and with the occurrences that were moved.

use crate::{Budget, Error, Rule, Zone};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeMap, HashSet};

/// Something that happens once or repeats, by the clock on a wall.
#[derive(Debug, Clone)]
pub struct Recurrence {
    pub start: DateTime,
    pub zone: Zone,
    pub rule: Option<Rule>,
    pub(crate) extra: Vec<Extra>,
    /// Occurrences that do not take place, by when they would have begun.
    pub(crate) without: HashSet<Timestamp>,
    /// Days on which none takes place.
    pub(crate) without_days: HashSet<Date>,
    moved: BTreeMap<Timestamp, DateTime>,
}

/// An occurrence beside the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extra {
    pub wall: DateTime,
    pub at: Timestamp,
}

/// One time at which it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    pub at: Timestamp,
    /// The same on the wall of the recurrence.
    pub wall: DateTime,
    /// When it would have begun had nobody moved it: what RECURRENCE-ID names.
    pub announced: Timestamp,
}

impl Recurrence {
    /// What happens once.
    pub fn of(start: DateTime, zone: Zone) -> Self {
        Self { start, zone, rule: None, extra: Vec::new(), without: HashSet::new(), without_days: HashSet::new(), moved: BTreeMap::new() }
    }
    #[must_use]
    pub fn repeating(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }
    /// Leaves out the occurrence that would begin then.
    #[must_use]
    pub fn except(mut self, announced: Timestamp) -> Self {
        self.without.insert(announced);
        self
    }
    /// Moves the occurrence that would begin then to another time on the wall.
    #[must_use]
    pub fn moving(mut self, announced: Timestamp, wall: DateTime) -> Self {
        self.moved.insert(announced, wall);
        self
    }

    /// What begins from an instant on and before another, in order. An occurrence that was moved is found where it went.
    /// It costs what [`Rule::between`] does, and a sort.
    ///
    /// # Errors
    /// `TooOften` when that is more than the budget allows.
    pub fn between(&self, from: Timestamp, to: Timestamp, budget: &mut Budget) -> Result<Vec<Occurrence>, Error> {
        let usual = |(wall, at): (DateTime, Timestamp)| Occurrence { at, wall, announced: at };
        let mut all: Vec<Occurrence> = match &self.rule {
            Some(rule) => rule.between(self.start, &self.zone, from, to, budget)?.into_iter().map(usual).collect(),
            None => Some(usual((self.start, self.zone.instant(self.start)))).filter(|o| from <= o.at && o.at < to).into_iter().collect(),
        };
        for extra in self.extra.iter().filter(|e| from <= e.at && e.at < to) {
            budget.found()?;
            all.push(usual((extra.wall, extra.at)));
        }
        all.retain(|o| {
            !self.without.contains(&o.announced) && !self.without_days.contains(&o.wall.date()) && !self.moved.contains_key(&o.announced)
        });
        for (announced, wall) in self.moved.iter().filter(|(announced, _)| !self.without.contains(announced)) {
            let at = self.zone.instant(*wall);
            if from <= at && at < to {
                all.push(Occurrence { at, wall: *wall, announced: *announced });
            }
        }
        all.sort_unstable();
        all.dedup_by_key(|o| (o.announced, o.at));
        Ok(all)
    }
}
