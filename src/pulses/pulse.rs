//! How it goes between people who work together: when it is asked, what is asked, and who reads which answer. Pure.

use crate::relationships::{Relationship, Role};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use jiff::civil::Date;

ids!(PulseId);

text_enum!(
    /// What is asked, each answered by a [`Level`]. Our own words, free for anybody to use (CC0); docs/care/pulse.md says
    /// why these four.
    pub Item { Goal = "goal", Task = "task", Bond = "bond", Voice = "voice" }
);
text_enum!(
    /// How far it is so.
    pub Level { NotYet = "not_yet", ALittle = "a_little", Partly = "partly", Mostly = "mostly", Fully = "fully" }
);
text_enum!(
    /// What people do with a pulse.
    pub Deed { See = "see", Answer = "answer", Bring = "bring" }
);

/// It is asked after this many sessions, and then after each [`EACH`] more.
pub const FIRST: i64 = 2;
pub const EACH: i64 = 4;
/// For so long it can be answered.
pub const OPEN_FOR: SignedDuration = SignedDuration::from_hours(24 * 14);
/// The longest wish for a change, in characters.
pub const LONGEST: usize = 500;
/// Fewer people than this are never summed up: nobody is to be made out among them.
pub const FLOOR: i64 = 7;

/// Whether it is asked once so many sessions were held.
pub fn is_asked_after(sessions: i64) -> bool {
    sessions >= FIRST && (sessions - FIRST) % EACH == 0
}

/// The first day of the quarter of the year that a day lies in.
pub fn quarter_of(day: Date) -> Date {
    Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day)
}

/// A quarter as one says it, by its first day: “October to December 2026”.
pub fn quarter_words(begins_on: Date) -> String {
    let months = ["January to March", "April to June", "July to September", "October to December"];
    format!("{} {}", months[usize::from(begins_on.month().unsigned_abs() - 1) / 3], begins_on.year())
}

impl Item {
    /// As somebody with this part in it reads it.
    pub fn words(self, role: Role) -> &'static str {
        match self {
            Self::Goal if role.learns() => "We work on what matters to me",
            Self::Goal => "I know what we are working on, and it is worth working on",
            Self::Task if role.learns() => "What we do, in our sessions and between them, helps me with it",
            Self::Task => "What we do, in our sessions and between them, helps with it",
            Self::Bond => "I can say openly what I think and what I do not know",
            Self::Voice => "When something does not suit me I can say so, and it changes something",
        }
    }
    /// At the head of a row, and for those who see only sums.
    pub fn title(self) -> &'static str {
        match self {
            Self::Goal => "What we work on",
            Self::Task => "How we work on it",
            Self::Bond => "Openness",
            Self::Voice => "A say in it",
        }
    }
}

impl Level {
    pub fn words(self) -> &'static str {
        match self {
            Self::NotYet => "Not yet",
            Self::ALittle => "A little",
            Self::Partly => "Partly",
            Self::Mostly => "Mostly",
            Self::Fully => "Fully",
        }
    }
    /// 1 to 5.
    pub fn number(self) -> i64 {
        1 + self as i64
    }
    /// Where something is hard enough that help may be welcome.
    pub fn is_low(self) -> bool {
        matches!(self, Self::NotYet | Self::ALittle)
    }
}

record!(
    /// One time at which it was asked.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Pulse {
        pub id: PulseId,
        pub relationship: crate::relationships::RelationshipId,
        pub after_sessions: i64,
        pub asked_at: Timestamp,
        pub open_until: Timestamp,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedAnswer {
        pub pulse: PulseId,
        pub person: PersonId,
        pub answered_at: Timestamp,
        pub words: Sealed,
    }
);

record!(
    /// An answer and the key it lies under, for the sums.
    #[derive(Debug, Clone)]
    pub(super) struct Keyed {
        pub person: PersonId,
        pub key: KeyId,
        pub words: Sealed,
    }
);

record!(
    /// What a quarter came to; without sums where there were too few people.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Quarter {
        /// YYYY-MM-DD.
        pub begins_on: String,
        pub people: Option<i64>,
        pub goal: Option<i64>,
        pub task: Option<i64>,
        pub bond: Option<i64>,
        pub voice: Option<i64>,
    }
);

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Said {
    pub goal: Level,
    pub task: Level,
    pub bond: Level,
    pub voice: Level,
    /// One thing to change; may be empty.
    pub change: String,
}

impl Said {
    pub fn level(&self, item: Item) -> Level {
        match item {
            Item::Goal => self.goal,
            Item::Task => self.task,
            Item::Bond => self.bond,
            Item::Voice => self.voice,
        }
    }
    pub fn is_hard(&self) -> bool {
        Item::ALL.iter().any(|item| self.level(*item).is_low())
    }
}

impl Quarter {
    pub fn sum(&self, item: Item) -> Option<i64> {
        match item {
            Item::Goal => self.goal,
            Item::Task => self.task,
            Item::Bond => self.bond,
            Item::Voice => self.voice,
        }
    }
    /// The middle of the levels, 1 to 5, to a tenth: more would say more than it knows.
    pub fn mean(&self, item: Item) -> Option<f64> {
        let (sum, people) = (self.sum(item)?, self.people?);
        #[expect(clippy::cast_precision_loss, reason = "at most five for each of some people")]
        (people >= FLOOR).then(|| (sum as f64 / people as f64 * 10.0).round() / 10.0)
    }
}

impl Pulse {
    /// Only those who work together, and nothing where contact is stopped. An office opens nothing.
    pub fn allows(&self, together: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        let takes_part = together.shows_to(viewer);
        match deed {
            Deed::See | Deed::Answer | Deed::Bring => takes_part,
        }
    }

    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.open_until
    }

    /// Whose answers this viewer reads, of those who have answered: their own at once, and the others' when all have
    /// answered or the time is up, but only if they have answered themselves. So nobody answers with an eye on the other's
    /// answer, and whoever keeps silent reads nobody.
    pub fn reads(&self, together: &Relationship, viewer: &Viewer, answered: &[PersonId], now: Timestamp) -> Vec<PersonId> {
        let has = |person: PersonId| answered.contains(&person);
        let all = together.people().all(has) || !self.is_open(now);
        let others = has(viewer.person) && all && self.allows(together, viewer, Deed::See);
        answered.iter().copied().filter(|person| viewer.is(*person) || others).collect()
    }
}

/// One at the beginning of time, for the policy table.
pub(super) fn example() -> Pulse {
    let at = Timestamp::from_micros(0);
    Pulse {
        id: uuid::Uuid::nil().into(),
        relationship: uuid::Uuid::nil().into(),
        after_sessions: FIRST,
        asked_at: at,
        open_until: at + OPEN_FOR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p45_it_is_asked_after_the_second_session_and_then_after_each_fourth() {
        let asked: Vec<i64> = (0..16).filter(|sessions| is_asked_after(*sessions)).collect();
        assert_eq!(asked, [2, 6, 10, 14]);
    }

    #[test]
    fn a_quarter_begins_on_its_first_day() {
        let begins = |day: &str| quarter_of(day.parse().unwrap()).to_string();
        assert_eq!(begins("2026-01-01"), "2026-01-01");
        assert_eq!(begins("2026-06-30"), "2026-04-01");
        assert_eq!(begins("2026-12-31"), "2026-10-01");
    }

    #[test]
    fn p45_no_sum_is_shown_of_fewer_than_seven() {
        let quarter =
            |people| Quarter { begins_on: "2026-10-01".into(), people, goal: Some(23), task: Some(30), bond: Some(7), voice: Some(35) };
        assert_eq!(quarter(Some(7)).mean(Item::Goal), Some(3.3));
        assert_eq!(quarter(Some(6)).mean(Item::Goal), None);
        assert_eq!(quarter(None).mean(Item::Bond), None);
    }

    #[test]
    fn p45_the_others_answer_is_read_only_by_who_has_answered() {
        let (together, cast) = (crate::relationships::examples().0, crate::relationships::cast());
        let (pulse, [me, other]) = (example(), [cast[0].person, cast[1].person]);
        let (early, late) = (Timestamp::from_micros(1), pulse.open_until);
        let reads = |viewer: &Viewer, answered: &[PersonId], now| pulse.reads(&together, viewer, answered, now);
        assert_eq!(reads(&cast[0], &[me], early), [me], "one's own at once");
        assert_eq!(reads(&cast[1], &[me], early), [], "and nobody else's before one's own");
        assert_eq!(reads(&cast[1], &[me], late), [], "nor when the time is up");
        assert_eq!(reads(&cast[0], &[me, other], early), [me, other]);
        for stranger in &cast[2..] {
            assert_eq!(reads(stranger, &[me, other], late), [], "an office reads nobody");
        }
    }
}
