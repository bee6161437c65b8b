//! An experiment: what somebody expects, what they try, when they look at it, and what they learned. Pure.

use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::{Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, morning};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

ids!(ExperimentId);

text_enum!(
    /// How it turned out. Each of them is worth knowing: what was not tried says something about the size of the step.
    pub Outcome { AsExpected = "as_expected", Otherwise = "otherwise", Unclear = "unclear", NotTried = "not_tried" }
);
text_enum!(
    /// What people do with an experiment.
    pub Deed { See = "see", Change = "change" }
);

/// How far ahead one looks at it, in days: what takes longer is a plan.
pub const DAYS_AHEAD: i32 = 120;
/// Experiments that one person has open at once.
pub const MOST_OPEN: i64 = 20;

/// The longest texts, in characters.
pub mod longest {
    pub const EXPECTS: usize = 600;
    pub const TRIES: usize = 600;
    pub const SIGN: usize = 400;
    pub const HAPPENED: usize = 2000;
    pub const LEARNT: usize = 2000;
}

/// What is said before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// “I think that …”
    pub expects: String,
    /// “So I will …”
    pub tries: String,
    /// “I will see it by …”; may be empty.
    pub sign: String,
}

/// What is said after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    pub happened: String,
    pub learnt: String,
}

record!(
    /// As it lies in the database, its words sealed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Experiment {
        pub id: ExperimentId,
        pub owner: PersonId,
        pub goal: Option<GoalId>,
        /// With whom it is shared; `None` for its owner alone.
        pub relationship: Option<RelationshipId>,
        pub key: KeyId,
        pub words: Sealed,
        pub began_at: Timestamp,
        /// YYYY-MM-DD.
        pub look_on: String,
        pub look_at: Option<Timestamp>,
        pub recalled_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        pub outcome: Option<Outcome>,
        pub learnt: Option<Sealed>,
    }
);

/// What somebody is about to try.
#[derive(Debug, Clone)]
pub struct Draft {
    pub words: Words,
    pub goal: Option<GoalId>,
    pub relationship: Option<RelationshipId>,
    pub look_on: Date,
    /// The same twice is one.
    pub nonce: String,
}

/// The morning of the day on which one looks at it.
pub fn look_at(day: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let days = (day - now.in_zone(zone).date()).get_days();
    if !(1..=DAYS_AHEAD).contains(&days) {
        return Err(refused!("day"; "Please choose a day after today, at most {DAYS_AHEAD} days ahead. What takes longer is a plan."));
    }
    morning(day, zone)
}

impl Experiment {
    /// Its owner everything; the other of the pair it is shared with reads it. Where contact is stopped, nobody but its owner.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        let shared = together.is_some_and(|together| self.relationship == Some(together.id) && together.shows_to(viewer));
        viewer.is(self.owner) || (deed == Deed::See && shared)
    }
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
    /// Whether its day has come.
    pub fn is_back(&self) -> bool {
        self.is_open() && self.recalled_at.is_some()
    }
    pub fn day(&self) -> Option<Date> {
        self.look_on.parse().ok()
    }
    fn must_be_open(&self) -> Result<()> {
        if self.is_open() { Ok(()) } else { Err(too_late!("You have written down what you learned already.")) }
    }
    pub fn looked_at(self, outcome: Outcome, now: Timestamp) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { outcome: Some(outcome), ended_at: Some(now), look_at: None, ..self })
    }
    pub fn goes_on(self, day: Date, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { look_on: day.to_string(), look_at: Some(look_at(day, now, zone)?), recalled_at: None, ..self })
    }
}

impl Outcome {
    pub fn words(self) -> &'static str {
        match self {
            Self::AsExpected => "As I thought",
            Self::Otherwise => "Otherwise than I thought",
            Self::Unclear => "I cannot tell yet",
            Self::NotTried => "I did not try it",
        }
    }
    /// In a list.
    pub fn short(self) -> &'static str {
        match self {
            Self::AsExpected => "as thought",
            Self::Otherwise => "otherwise",
            Self::Unclear => "unclear",
            Self::NotTried => "not tried",
        }
    }
}

/// At the beginning of time, for the policy table and the tests of the rules.
pub(super) fn example(owner: PersonId, relationship: Option<RelationshipId>) -> Experiment {
    let nil = uuid::Uuid::nil();
    Experiment {
        id: nil.into(),
        owner,
        goal: None,
        relationship,
        key: nil.into(),
        words: Sealed::default(),
        began_at: Timestamp::from_micros(0),
        look_on: "1970-01-02".into(),
        look_at: None,
        recalled_at: None,
        ended_at: None,
        outcome: None,
        learnt: None,
    }
}
