//! One piece of feedback: what it is pinned to, its states and clocks, and who may do what with it. Pure.
//!
//! It is asked for or simply given; once given, whoever receives it says one of four things, and whoever gave it hears what
//! came of it. Nothing here is a score, and nothing is counted.

use crate::action_items::ActionItemId;
use crate::error::Result;
use crate::relationships::{Relationship, RelationshipId, RelationshipState};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, morning};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Display;
use std::str::FromStr;
use uuid::Uuid;

ids!(FeedbackId);

text_enum!(
    /// What it is about. Feedback about nothing in particular helps nobody.
    pub PinKind {
        Goal = "goal",
        Action = "action",
        /// A piece of work: an activity of a plan.
        Activity = "activity",
        Decision = "decision",
        Session = "session",
    }
);
text_enum!(
    pub FeedbackState {
        Asked = "asked",
        Given = "given",
        Trying = "trying",
        Parked = "parked",
        Declined = "declined",
        Done = "done",
        /// Whoever was asked would rather not.
        Passed = "passed",
        Lapsed = "lapsed",
        Withdrawn = "withdrawn",
    }
);
text_enum!(
    /// The four honest ways to take it.
    pub Way { Try = "try", Park = "park", Decline = "decline", Done = "done" }
);
text_enum!(
    pub Deed {
        See = "see",
        Give = "give",
        Pass = "pass",
        Withdraw = "withdraw",
        Thank = "thank",
        Receive = "receive",
        TellOutcome = "tell_outcome",
    }
);

/// Requests that somebody has open at once.
pub const MOST_OPEN: i64 = 10;
/// Letters to people without an account that somebody sends in thirty days.
pub const MOST_OUTSIDE: i64 = 12;
/// Such letters from all of a place to one address in ninety days.
pub const MOST_TO_ONE: i64 = 3;

const DAY: i64 = 24;
/// How long after its day a request can still be answered.
pub const GRACE: SignedDuration = SignedDuration::from_hours(14 * DAY);
/// After this, what nobody has answered for is brought back.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * DAY);
/// After this, we ask how it goes with what is being tried.
const TRYING: SignedDuration = SignedDuration::from_hours(30 * DAY);
/// How long whoever has done it may say so in their own words, before the giver hears it in ours.
const OWN_WORDS: SignedDuration = SignedDuration::from_hours(3 * DAY);
/// After an answer, an address outside is kept no longer than this.
pub const ADDRESS_KEPT: SignedDuration = SignedDuration::from_hours(90 * DAY);
/// How far ahead a day may lie.
const DAYS_AHEAD: i32 = 180;

/// The longest texts, in characters.
pub mod longest {
    pub const QUESTION: usize = 300;
    pub const PART: usize = 1_200;
    pub const HEARD: usize = 600;
    pub const REPLY: usize = 1_000;
    pub const OUTCOME: usize = 1_000;
    pub const NAME: usize = 80;
    /// What a pin is called, cut to this.
    pub const PIN: usize = 200;
}

/// What a piece of feedback is about, such as `goal:0190…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    pub kind: PinKind,
    pub id: Uuid,
}

impl FromStr for Pin {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(':').ok_or(())?;
        Ok(Self { kind: kind.parse().map_err(|_| ())?, id: id.parse().map_err(|_| ())? })
    }
}
impl Display for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // As addresses have ids, so that what a link names is chosen in the form it leads to.
        write!(f, "{}:{}", self.kind, self.id.simple())
    }
}
record!(
    /// Without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Feedback {
        pub id: FeedbackId,
        pub about: PersonId,
        pub by: Option<PersonId>,
        pub relationship: Option<RelationshipId>,
        pub pin_kind: PinKind,
        pub pin_id: Uuid,
        pub key: KeyId,
        pub state: FeedbackState,
        pub made_at: Timestamp,
        pub due_at: Option<Timestamp>,
        pub given_at: Option<Timestamp>,
        pub thanked_at: Option<Timestamp>,
        pub received_at: Option<Timestamp>,
        pub action_item: Option<ActionItemId>,
        pub outcome_at: Option<Timestamp>,
        pub next_at: Option<Timestamp>,
        pub forget_at: Option<Timestamp>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedWords {
        pub id: FeedbackId,
        pub pin_words: Sealed,
        pub question: Option<Sealed>,
        pub giver_name: Option<Sealed>,
        pub giver_address: Option<Sealed>,
        pub words: Option<Sealed>,
        pub reply: Option<Sealed>,
        pub outcome: Option<Sealed>,
    }
);

/// What somebody says: when it was, what the other did, what that did, and what next.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Words {
    pub situation: String,
    pub behaviour: String,
    pub impact: String,
    pub next: String,
}

/// What whoever received it heard, and what they say to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Said {
    pub heard: String,
    pub words: String,
}

/// The end of a day that lies ahead.
pub fn by_end_of(day: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    ahead(day, now, zone, false)?;
    Ok(day.tomorrow()?.to_zoned(zone.clone())?.timestamp().into())
}
/// The morning of a day after today.
pub fn morning_of(day: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    ahead(day, now, zone, true)?;
    morning(day, zone)
}
fn ahead(day: Date, now: Timestamp, zone: &TimeZone, after_today: bool) -> Result<()> {
    let today = now.in_zone(zone).date();
    let days = (day - today).get_days();
    match days >= i32::from(after_today) && days <= DAYS_AHEAD {
        true => Ok(()),
        false if after_today => Err(refused!("day"; "Please choose a day after today, at most {DAYS_AHEAD} days ahead.")),
        false => Err(refused!("day"; "Please choose a day from today on, at most {DAYS_AHEAD} days ahead.")),
    }
}

impl FeedbackState {
    /// To whoever receives it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Asked => "asked for",
            Self::Given => "waits for you",
            Self::Trying => "you are trying it",
            Self::Parked => "parked",
            Self::Declined => "declined",
            Self::Done => "done",
            Self::Passed => "rather not",
            Self::Lapsed => "no answer came",
            Self::Withdrawn => "taken back",
        }
    }
}

impl Feedback {
    pub fn pin(&self) -> Pin {
        Pin { kind: self.pin_kind, id: self.pin_id }
    }
    pub fn gives(&self, viewer: &Viewer) -> bool {
        self.by.is_some_and(|by| viewer.is(by))
    }
    /// Who may do what: whoever receives it, and whoever gives it, and nobody else. Where contact is stopped nothing goes
    /// to and fro. `together`: where both are, if anywhere.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        if together.is_some_and(|together| together.state == RelationshipState::Frozen) {
            return false;
        }
        match deed {
            Deed::See => viewer.is(self.about) || self.gives(viewer),
            Deed::Give | Deed::Pass => self.gives(viewer),
            Deed::Withdraw | Deed::Thank | Deed::Receive | Deed::TellOutcome => viewer.is(self.about),
        }
    }
    pub fn is_open_to(&self, deed: Deed) -> bool {
        use FeedbackState::{Asked, Done, Given, Parked, Trying};
        match deed {
            Deed::See => true,
            Deed::Give | Deed::Pass | Deed::Withdraw => self.state == Asked,
            Deed::Thank => self.given_at.is_some() && self.thanked_at.is_none(),
            Deed::Receive => matches!(self.state, Given | Parked),
            Deed::TellOutcome => self.state == Trying || (self.state == Done && self.outcome_at.is_none()),
        }
    }

    fn must(&self, deed: Deed) -> Result<()> {
        use FeedbackState::{Asked, Lapsed, Passed, Withdrawn};
        match (self.is_open_to(deed), self.state, deed) {
            (true, ..) => Ok(()),
            (_, Lapsed, _) => Err(too_late!("The time for an answer is over.")),
            (_, Withdrawn, _) => Err(too_late!("This question was taken back.")),
            (_, Passed, _) => Err(too_late!("They would rather not answer this.")),
            (_, Asked, _) => Err(refused!("not_given"; "Nothing was given yet.")),
            (_, _, Deed::Thank) => Err(too_late!("You have thanked for this already.")),
            (_, _, Deed::TellOutcome) => Err(too_late!("You have said what came of it already.")),
            (_, _, Deed::Receive) => Err(too_late!("You have answered for this already.")),
            _ => Err(too_late!("This was answered a moment before.")),
        }
    }

    pub(super) fn give(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::Give)?;
        Ok(Self { state: FeedbackState::Given, given_at: Some(now), next_at: Some(now + PATIENCE), ..self })
    }
    pub(super) fn ends_unanswered(self, state: FeedbackState) -> Result<Self> {
        self.must(Deed::Pass)?;
        Ok(Self { state, next_at: None, ..self })
    }
    pub(super) fn thank(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::Thank)?;
        Ok(Self { thanked_at: Some(now), ..self })
    }
    /// `until`: the morning on which what is parked comes back.
    pub(super) fn receive(self, way: Way, until: Option<Timestamp>, now: Timestamp) -> Result<Self> {
        self.must(Deed::Receive)?;
        let (state, next_at, outcome_at) = match way {
            Way::Try => (FeedbackState::Trying, Some(now + TRYING), None),
            Way::Park => (FeedbackState::Parked, Some(until.unwrap_or(now + PATIENCE)), None),
            Way::Decline => (FeedbackState::Declined, None, None),
            Way::Done => (FeedbackState::Done, None, Some(now)),
        };
        Ok(Self { state, next_at, outcome_at, received_at: Some(now), ..self })
    }
    pub(super) fn tell_outcome(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::TellOutcome)?;
        Ok(Self { state: FeedbackState::Done, outcome_at: Some(now), next_at: None, ..self })
    }
    /// What was tried was done. Its owner has some days to say in their own words what came of it.
    pub(super) fn was_tried(self, now: Timestamp) -> Self {
        Self { state: FeedbackState::Done, next_at: Some(now + OWN_WORDS), ..self }
    }
    /// It waits for one of the four again.
    pub(super) fn waits_again(self, now: Timestamp) -> Self {
        Self { state: FeedbackState::Given, next_at: Some(now + PATIENCE), ..self }
    }
    /// What time does with it, and what has to be said.
    pub(super) fn in_time(self, now: Timestamp) -> (Self, Option<&'static str>) {
        match self.state {
            FeedbackState::Asked => (Self { state: FeedbackState::Lapsed, next_at: None, ..self }, Some(super::verbs::UNANSWERED)),
            FeedbackState::Given | FeedbackState::Parked => (self.waits_again(now), Some(super::verbs::WAITS)),
            FeedbackState::Trying => (Self { next_at: None, ..self }, Some(super::verbs::WAITS)),
            FeedbackState::Done => (Self { outcome_at: Some(now), next_at: None, ..self }, Some(super::verbs::OUTCOME)),
            _ => (Self { next_at: None, ..self }, None),
        }
    }
}

/// At the beginning of time, for the policy table and the tests of the rules.
pub(super) fn example(about: PersonId, by: Option<PersonId>) -> Feedback {
    Feedback {
        id: Uuid::nil().into(),
        about,
        by,
        relationship: None,
        pin_kind: PinKind::Goal,
        pin_id: Uuid::nil(),
        key: Uuid::nil().into(),
        state: FeedbackState::Asked,
        made_at: Timestamp::from_micros(0),
        due_at: None,
        given_at: None,
        thanked_at: None,
        received_at: None,
        action_item: None,
        outcome_at: None,
        next_at: None,
        forget_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pin_is_read_as_it_was_written() {
        let pin = Pin { kind: PinKind::Action, id: Uuid::from_u128(7) };
        assert_eq!(pin.to_string().parse(), Ok(pin));
        for bad in ["", "goal", "goal:", "person:00000000000000000000000000000007", ":00000000000000000000000000000007"] {
            assert_eq!(bad.parse::<Pin>(), Err(()), "{bad}");
        }
    }

    proptest! {
        /// Whatever is done with it and however long nobody does anything, what was given shows one of the four ways or
        /// is brought back within fourteen days; and of what is done, an outcome is told in the end.
        #[test]
        fn p26_nothing_that_was_given_is_forgotten_without_an_answer(deeds in prop::collection::vec(0_u8..9, 0..60)) {
            let mut now = Timestamp::from_micros(0);
            let mut it = example(Uuid::from_u128(1).into(), None).give(now).unwrap();
            for deed in deeds {
                let was = it.clone();
                let until = Some(now + SignedDuration::from_hours(20 * DAY));
                let next = match deed {
                    0..=2 => {
                        now = now + SignedDuration::from_hours(5 * DAY);
                        Ok(match it.next_at.filter(|at| *at <= now) { Some(_) => it.clone().in_time(now).0, None => it.clone() })
                    }
                    3 => it.clone().receive(Way::Park, until, now),
                    4 => it.clone().receive(Way::Try, None, now),
                    5 => it.clone().receive(Way::Decline, None, now),
                    6 => it.clone().receive(Way::Done, None, now),
                    7 => it.clone().tell_outcome(now),
                    _ => Ok(if it.state == FeedbackState::Trying { it.clone().was_tried(now) } else { it.clone() }),
                };
                it = next.unwrap_or(was);
                match it.state {
                    FeedbackState::Given => prop_assert!(it.next_at.is_some_and(|at| at <= now + PATIENCE)),
                    FeedbackState::Parked => prop_assert!(it.next_at.is_some()),
                    FeedbackState::Done => prop_assert!(it.outcome_at.is_some() || it.next_at.is_some()),
                    FeedbackState::Trying | FeedbackState::Declined => {}
                    other => prop_assert!(false, "what was given became {}", other),
                }
            }
        }
    }
}
