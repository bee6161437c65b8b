//! How far a goal has come: by what it is measured, who sees it, how two people come to one rating, and who may do what.
//! Pure.

use super::gas::{self, Level};
use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::{self, Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::sessions::SessionId;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

ids!(ScaleId, RatingId, ResultId);

text_enum!(
    /// By what a goal is measured.
    pub Form {
        /// Goal Attainment Scaling: scales with five described levels each.
        Scales = "scales",
        /// An objective with key results.
        Results = "results",
    }
);
text_enum!(
    /// Whose levels: of the one who rated, or of the one who answered.
    pub Voice { Proposed = "proposed", Answered = "answered" }
);
text_enum!(
    /// What people do with how far a goal has come.
    pub Deed {
        See = "see",
        /// Lay down by what it is measured, choose who sees it, say how sure one is.
        Change = "change",
        Rate = "rate",
        /// Agree with the other's rating, or say another level.
        Answer = "answer",
    }
);

/// Scales of one goal.
pub const MOST_SCALES: usize = 5;
/// Key results of one objective.
pub const RESULTS: std::ops::RangeInclusive<usize> = 2..=5;
/// The heaviest scale: three times as much as the lightest.
pub const HEAVIEST: i64 = 3;
/// How sure somebody can be.
pub const SUREST: i64 = 10;
/// The paces at which one may be asked for a rating, in days.
pub const PACES: [i64; 4] = [7, 14, 28, 84];
/// How long what somebody said alone can be said again instead of once more: a slip of the thumb is no history.
pub const MEND: SignedDuration = SignedDuration::from_mins(10);

/// The longest texts, in characters.
pub mod longest {
    pub const TITLE: usize = 120;
    pub const LEVEL: usize = 300;
    pub const NOTE: usize = 1000;
    pub const UNIT: usize = 30;
}

record!(
    /// By what a goal is measured and who sees it, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Attainment {
        pub goal: GoalId,
        pub owner: PersonId,
        pub key: KeyId,
        /// With whom it is shared; `None` for its owner alone.
        pub relationship: Option<RelationshipId>,
        pub form: Option<Form>,
        pub version: i64,
        pub pace_days: Option<i64>,
        pub asks_at: Option<Timestamp>,
        pub asked_at: Option<Timestamp>,
        pub made_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        /// Since when its owner lets it be counted; `None`: it is counted nowhere.
        pub counted_at: Option<Timestamp>,
    }
);

/// What a scale is about and its five levels, −2 first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleWords {
    pub title: String,
    pub levels: [String; 5],
}

/// A scale as it is laid down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleDraft {
    pub words: ScaleWords,
    pub weight: i64,
    pub baseline: Level,
}

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ScaleRow {
        pub id: ScaleId,
        pub goal: GoalId,
        pub version: i64,
        pub weight: i64,
        pub baseline: Level,
        pub words: Sealed,
        pub made_at: Timestamp,
    }
);

/// A scale with its words.
#[derive(Debug, Clone)]
pub struct Scale {
    pub id: ScaleId,
    pub version: i64,
    pub weight: i64,
    pub baseline: Level,
    pub words: ScaleWords,
    pub made_at: Timestamp,
}

impl Scale {
    /// What a level of it says.
    pub fn at(&self, level: Level) -> &str {
        &self.words.levels[level.place()]
    }
}

/// What is counted, from where to where, and what it is counted in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyResult {
    pub title: String,
    pub unit: String,
    pub start: f64,
    pub target: f64,
}

impl KeyResult {
    /// How much of the way is done, 0 to 1; a target below its start is a way too.
    pub fn share(&self, now: f64) -> f64 {
        let way = self.target - self.start;
        if way == 0.0 { 1.0 } else { ((now - self.start) / way).clamp(0.0, 1.0) }
    }
}

/// Where key results stand, in their order, and what their owner says to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    pub now: Vec<f64>,
    pub note: String,
}

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ResultRow {
        pub id: ResultId,
        pub goal: GoalId,
        pub version: i64,
        pub words: Sealed,
        pub made_at: Timestamp,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ProgressRow {
        pub goal: GoalId,
        pub version: i64,
        pub relationship: Option<RelationshipId>,
        pub at: Timestamp,
        pub words: Sealed,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct RatingRow {
        pub id: RatingId,
        pub goal: GoalId,
        pub relationship: Option<RelationshipId>,
        pub session: Option<SessionId>,
        pub key: KeyId,
        pub by: PersonId,
        pub at: Timestamp,
        pub note: Option<Sealed>,
        pub answered_by: Option<PersonId>,
        pub answered_at: Option<Timestamp>,
        pub answer_note: Option<Sealed>,
        pub agreed: Option<Voice>,
        pub agreed_at: Option<Timestamp>,
    }
);

record!(
    /// The levels of one scale in one rating.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Said {
        pub rating: RatingId,
        pub scale: ScaleId,
        pub weight: i64,
        pub proposed: Level,
        pub answered: Option<Level>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ConfidenceRow {
        pub goal: GoalId,
        pub relationship: Option<RelationshipId>,
        pub at: Timestamp,
        pub level: i64,
        pub note: Option<Sealed>,
    }
);

/// How a rating stands between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its owner's own: there was nobody to agree with.
    Alone,
    Waiting,
    Differs,
    Agreed,
}

/// A rating of all the scales of a goal.
#[derive(Debug, Clone)]
pub struct Rating {
    pub id: RatingId,
    pub goal: GoalId,
    pub relationship: Option<RelationshipId>,
    pub session: Option<SessionId>,
    pub by: PersonId,
    pub at: Timestamp,
    pub note: Option<String>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<Timestamp>,
    pub answer_note: Option<String>,
    pub agreed: Option<Voice>,
    pub agreed_at: Option<Timestamp>,
    /// In the order of the scales.
    pub levels: Vec<Said>,
}

impl Rating {
    pub fn standing(&self) -> Standing {
        match (self.relationship, self.agreed, self.answered_at) {
            (None, ..) => Standing::Alone,
            (_, Some(_), _) => Standing::Agreed,
            (_, None, Some(_)) => Standing::Differs,
            (_, None, None) => Standing::Waiting,
        }
    }
    /// Whether it is said by all who have a say in it.
    pub fn is_firm(&self) -> bool {
        matches!(self.standing(), Standing::Alone | Standing::Agreed)
    }
    /// The levels as one of the two says them; what was not answered is as it was proposed.
    pub fn levels_of(&self, voice: Voice) -> impl Iterator<Item = (&Said, Level)> {
        self.levels.iter().map(move |said| {
            let level = if voice == Voice::Answered { said.answered.unwrap_or(said.proposed) } else { said.proposed };
            (said, level)
        })
    }
    /// The levels that count: those agreed, and until then as proposed.
    pub fn counted(&self) -> impl Iterator<Item = (&Said, Level)> {
        self.levels_of(self.agreed.unwrap_or(Voice::Proposed))
    }
    pub fn level_of(&self, scale: ScaleId) -> Option<Level> {
        self.counted().find(|(said, _)| said.scale == scale).map(|(_, level)| level)
    }
    /// T of the levels that count.
    pub fn t(&self) -> Option<f64> {
        gas::t(self.counted().map(|(said, level)| (said.weight, level)))
    }
    /// Where T may well lie: wider while the two see it differently.
    pub fn range(&self) -> Option<(f64, f64)> {
        let other = match self.standing() {
            Standing::Differs => gas::t(self.levels_of(Voice::Answered).map(|(said, level)| (said.weight, level))),
            _ => None,
        };
        Some(gas::range(self.t()?, other))
    }
    /// Whether it waits for this person's answer.
    pub fn waits_for(&self, viewer: &Viewer) -> bool {
        self.standing() == Standing::Waiting && !viewer.is(self.by)
    }
}

impl Attainment {
    /// Who may do what. `together`: the relationship it is shared with. Its owner everything, but nobody answers their own
    /// rating; the other of the pair sees and rates it; nobody else learns that it exists.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        let mine = viewer.is(self.owner);
        let theirs = together.is_some_and(|together| self.is_shown_to(together, viewer));
        match deed {
            Deed::See | Deed::Rate => mine || theirs,
            Deed::Answer => theirs || (mine && together.is_some()),
            Deed::Change => mine,
        }
    }
    fn is_shown_to(&self, together: &Relationship, viewer: &Viewer) -> bool {
        self.relationship == Some(together.id) && together.shows_to(viewer)
    }
    /// Whether the two can act on it together now.
    pub fn is_worked_on(&self, together: Option<&Relationship>) -> bool {
        together.is_some_and(|together| {
            together.is_open_to(relationships::Deed::TakePart) && together.people().any(|person| person == self.owner)
        })
    }
    /// What was said for oneself alone stays so, also when the goal is shared later; and with each pair only what is theirs.
    pub fn reads(&self, viewer: &Viewer, said_in: Option<RelationshipId>) -> bool {
        viewer.is(self.owner) || (said_in.is_some() && said_in == self.relationship)
    }
    pub fn must_be_open(&self) -> Result<()> {
        if self.ended_at.is_none() { Ok(()) } else { Err(too_late!("This goal is closed already. What you said of it stays.")) }
    }

    /// Asked for at this pace from now on, or never.
    pub fn paced(self, days: Option<i64>, now: Timestamp) -> Result<Self> {
        self.must_be_open()?;
        if days.is_some_and(|days| !PACES.contains(&days)) {
            return Err(refused!("pace"; "Please choose one of the paces."));
        }
        Ok(Self { pace_days: days, asks_at: days.map(|days| now + whole_days(days)), asked_at: None, ..self })
    }
    /// After a rating: the next is asked for when the pace says so.
    pub fn rated(self, now: Timestamp) -> Self {
        Self { asks_at: self.pace_days.map(|days| now + whole_days(days)), asked_at: None, ..self }
    }
    /// After a rating was asked for: once more at the same pace, and no more often.
    pub fn asked(self, now: Timestamp) -> Self {
        let asks_at = self.pace_days.map(|days| now + whole_days(days));
        Self { asked_at: Some(self.asked_at.unwrap_or(now)), asks_at, ..self }
    }
}

fn whole_days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// At the beginning of time, for the policy table and for the tests of the rules.
pub(super) fn example(owner: PersonId, relationship: Option<RelationshipId>) -> Attainment {
    Attainment {
        goal: uuid::Uuid::nil().into(),
        owner,
        key: uuid::Uuid::nil().into(),
        relationship,
        form: None,
        version: 0,
        pace_days: None,
        asks_at: None,
        asked_at: None,
        made_at: Timestamp::from_micros(0),
        ended_at: None,
        counted_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p35_a_key_result_knows_how_much_of_its_way_is_done() {
        let way = |start, target| KeyResult { start, target, ..KeyResult::default() };
        for (result, now, share) in [
            (way(0.0, 5.0), 3.0, 0.6),
            (way(0.0, 5.0), 7.0, 1.0),
            (way(0.0, 5.0), -1.0, 0.0),
            (way(40.0, 10.0), 25.0, 0.5),
            (way(3.0, 3.0), 3.0, 1.0),
        ] {
            assert!((result.share(now) - share).abs() < 1e-9, "{result:?} at {now}");
        }
    }

    fn rating(relationship: bool, said: &[(i64, Option<i64>)], agreed: Option<Voice>) -> Rating {
        let nil = uuid::Uuid::nil();
        let answered = said.iter().any(|(_, answered)| answered.is_some());
        Rating {
            id: nil.into(),
            goal: nil.into(),
            relationship: relationship.then(|| nil.into()),
            session: None,
            by: nil.into(),
            at: Timestamp::from_micros(0),
            note: None,
            answered_by: answered.then(|| nil.into()),
            answered_at: answered.then(|| Timestamp::from_micros(1)),
            answer_note: None,
            agreed,
            agreed_at: agreed.map(|_| Timestamp::from_micros(2)),
            levels: said
                .iter()
                .map(|(proposed, answered)| Said {
                    rating: nil.into(),
                    scale: nil.into(),
                    weight: 1,
                    proposed: Level::of(*proposed).expect("a level"),
                    answered: answered.map(|level| Level::of(level).expect("a level")),
                })
                .collect(),
        }
    }

    #[test]
    fn p35_until_two_agree_it_is_as_proposed_and_its_range_holds_both() {
        let waiting = rating(true, &[(1, None)], None);
        assert_eq!((waiting.standing(), waiting.is_firm(), waiting.t()), (Standing::Waiting, false, Some(60.0)));
        let differs = rating(true, &[(1, Some(0))], None);
        assert_eq!((differs.standing(), differs.t()), (Standing::Differs, Some(60.0)));
        assert_eq!(differs.range(), Some(gas::range(60.0, Some(50.0))));
        let agreed = rating(true, &[(1, Some(0))], Some(Voice::Answered));
        assert_eq!((agreed.standing(), agreed.t(), agreed.range()), (Standing::Agreed, Some(50.0), Some(gas::range(50.0, None))));
        assert_eq!(rating(false, &[(2, None)], None).standing(), Standing::Alone);
    }
}
