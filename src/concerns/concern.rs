//! A concern: its states and clocks, who looks after it, and who may do what with it. Pure.
//!
//! Whoever is part of it never looks after it, whatever their office. An appeal goes to somebody else than whoever decided.

use crate::error::{Error, Result};
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use std::ops::RangeInclusive;

ids!(ConcernId);

text_enum!(
    pub ConcernState { Raised = "raised", Acknowledged = "acknowledged", Decided = "decided", Appealed = "appealed", Closed = "closed" }
);
text_enum!(
    /// What the reporter wishes for now.
    pub Wish {
        Talk = "talk",
        /// Contact stops. In a circle whoever it is about stands aside, and everybody else goes on.
        Stop = "stop",
        /// In a circle: the reporter stands aside, and whoever it is about notices nothing.
        StepOut = "step_out",
    }
);
text_enum!(
    /// What people do with a concern.
    pub Deed {
        /// That it is there, and how it stands.
        See = "see",
        /// What was told and attached. For those who look after it each time is written down.
        Read = "read",
        /// What was decided, in the words to this side.
        ReadDecision = "read_decision",
        Acknowledge = "acknowledge",
        Decide = "decide",
        Appeal = "appeal",
        Withdraw = "withdraw",
    }
);

/// How soon things happen with a concern, in days. Each place chooses its own; a concern keeps the clock that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// Until somebody says that they have read it; those who look after it are reminded then.
    pub acknowledge: i64,
    /// From then until it is decided, and from an appeal until that is.
    pub decide: i64,
    /// How long a decision may be appealed.
    pub appeal: i64,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { acknowledge: 2, decide: 14, appeal: 14 }
    }
}

impl Clocks {
    /// What a place may choose: soon enough to help, and long enough for volunteers and for a night's sleep.
    pub const ACKNOWLEDGE: RangeInclusive<i64> = 1..=14;
    pub const DECIDE: RangeInclusive<i64> = 2..=90;
    pub const APPEAL: RangeInclusive<i64> = 7..=90;

    /// By when somebody has read one that is raised now.
    pub fn first(self, now: Timestamp) -> Timestamp {
        now + days(self.acknowledge)
    }

    /// As a setting keeps them; what is not there or out of bounds is as usual.
    pub fn of(setting: Option<&str>) -> Self {
        let usual = Self::default();
        let kept: Vec<i64> = setting.unwrap_or_default().split(' ').filter_map(|days| days.parse().ok()).collect();
        let chosen =
            |at: usize, bounds: &RangeInclusive<i64>, usual| kept.get(at).copied().filter(|days| bounds.contains(days)).unwrap_or(usual);
        Self {
            acknowledge: chosen(0, &Self::ACKNOWLEDGE, usual.acknowledge),
            decide: chosen(1, &Self::DECIDE, usual.decide),
            appeal: chosen(2, &Self::APPEAL, usual.appeal),
        }
    }
    pub fn setting(self) -> String {
        format!("{} {} {}", self.acknowledge, self.decide, self.appeal)
    }
    /// As whoever raises one reads it.
    pub fn words(self) -> String {
        format!(
            "Somebody says within {} that they have read it. It is decided within {} after that, and either side may then appeal for {}.",
            in_days(self.acknowledge),
            in_days(self.decide),
            in_days(self.appeal)
        )
    }
}

fn in_days(days: i64) -> String {
    if days == 1 { "a day".into() } else { format!("{days} days") }
}
fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// How long an opened concern stays open to whoever looks after it.
pub const OPEN_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Concerns that someone may have open at once.
pub const MOST_OPEN: i64 = 10;
/// Pieces that may be attached.
pub const MOST_EVIDENCE: usize = 40;

/// The longest texts, in characters.
pub mod longest {
    pub const WORDS: usize = 5000;
    pub const ANSWER: usize = 3000;
    pub const APPEAL: usize = 3000;
}

record!(
    /// A concern, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Concern {
        pub id: ConcernId,
        pub reporter: PersonId,
        pub about: PersonId,
        pub relationship: Option<RelationshipId>,
        pub key: KeyId,
        pub wish: Wish,
        pub stopped: bool,
        pub state: ConcernState,
        pub raised_at: Timestamp,
        pub answer_by: Option<Timestamp>,
        pub acknowledged_at: Option<Timestamp>,
        pub handler: Option<PersonId>,
        pub decided_at: Option<Timestamp>,
        pub decider: Option<PersonId>,
        pub appealed_at: Option<Timestamp>,
        pub appellant: Option<PersonId>,
        pub closed_at: Option<Timestamp>,
        /// Whether the other side has been told what was decided.
        pub told_other: bool,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedWords {
        pub words: Sealed,
        pub appeal: Option<Sealed>,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedEvidence {
        pub by: PersonId,
        pub at: Timestamp,
        pub source: String,
        pub words: Sealed,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedAnswer {
        pub by: PersonId,
        pub at: Timestamp,
        pub to_reporter: Sealed,
        pub to_other: Option<Sealed>,
    }
);

/// A piece of what was written between the two, copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub by: PersonId,
    pub at: Timestamp,
    pub source: String,
    pub words: String,
}

/// What someone raises.
#[derive(Debug, Clone)]
pub struct Draft {
    pub about: PersonId,
    pub relationship: Option<RelationshipId>,
    pub words: String,
    pub wish: Wish,
    /// Which of the pieces that were offered, by their keys.
    pub attached: Vec<String>,
    pub nonce: String,
}

/// What was decided, in words to each side.
#[derive(Debug, Clone)]
pub struct Decision {
    pub to_reporter: String,
    /// Empty when the other side is told nothing.
    pub to_other: String,
    /// Whether the two may be in contact again.
    pub contact_resumes: bool,
}

/// Those who look after a concern: whoever was named for that, without those who are part of it; when nobody is left, the
/// administrators, without those who are part of it.
pub fn handlers(concern: &Concern, contacts: &[PersonId], administrators: &[PersonId]) -> Vec<PersonId> {
    let able = |people: &[PersonId]| people.iter().copied().filter(|p| !concern.is_part(*p) && concern.may_hear(*p)).collect::<Vec<_>>();
    let named = able(contacts);
    if named.is_empty() { able(administrators) } else { named }
}

impl Concern {
    pub fn is_part(&self, person: PersonId) -> bool {
        person == self.reporter || person == self.about
    }
    /// An appeal is heard by somebody else.
    fn may_hear(&self, person: PersonId) -> bool {
        self.state != ConcernState::Appealed || self.decider != Some(person)
    }
    /// Who stands aside in a circle because of it. Whoever raised it does so only until it is decided: then it is for the
    /// other to stand aside, or for nobody.
    pub fn aside(&self) -> Option<PersonId> {
        match (self.stopped && self.is_open(), self.wish, self.decided_at) {
            (false, ..) => None,
            (true, Wish::StepOut, None) => Some(self.reporter),
            _ => Some(self.about),
        }
    }
    pub fn is_open(&self) -> bool {
        self.state != ConcernState::Closed
    }

    /// Who may do what. `handles`: whether this viewer is among its [`handlers`].
    pub fn allows(&self, viewer: &Viewer, handles: bool, deed: Deed) -> bool {
        let (reports, handles) = (viewer.is(self.reporter), handles && !self.is_part(viewer.person));
        // The other side learns of it with the decision, and only if something was said to them.
        let answers_to = viewer.is(self.about) && self.told_other;
        match deed {
            Deed::See => reports || handles || answers_to,
            Deed::Read => reports || handles,
            Deed::ReadDecision => reports || handles || answers_to,
            Deed::Acknowledge | Deed::Decide => handles,
            Deed::Appeal => reports || answers_to,
            Deed::Withdraw => reports,
        }
    }
    pub fn is_open_to(&self, deed: Deed) -> bool {
        use ConcernState::{Acknowledged, Appealed, Decided, Raised};
        match deed {
            Deed::See | Deed::Read => true,
            Deed::ReadDecision => self.decided_at.is_some(),
            Deed::Acknowledge => self.state == Raised,
            Deed::Decide => matches!(self.state, Raised | Acknowledged | Appealed),
            Deed::Appeal => self.state == Decided,
            Deed::Withdraw => matches!(self.state, Raised | Acknowledged),
        }
    }
    pub fn offers(&self, viewer: &Viewer, handles: bool, deed: Deed) -> bool {
        self.allows(viewer, handles, deed) && self.is_open_to(deed)
    }

    pub fn acknowledge(self, by: PersonId, clocks: Clocks, now: Timestamp) -> Result<Self> {
        self.must(Deed::Acknowledge)?;
        Ok(Self {
            state: ConcernState::Acknowledged,
            acknowledged_at: Some(now),
            handler: Some(by),
            answer_by: Some(now + days(clocks.decide)),
            ..self
        })
    }
    /// A first decision may be appealed for a while; what is decided on an appeal closes it.
    pub fn decide(self, by: PersonId, contact_resumes: bool, clocks: Clocks, now: Timestamp) -> Result<Self> {
        self.must(Deed::Decide)?;
        let stopped = self.stopped && !contact_resumes;
        let (handler, acknowledged_at) = (self.handler.or(Some(by)), self.acknowledged_at.or(Some(now)));
        let decided = Self { decided_at: Some(now), decider: Some(by), stopped, handler, acknowledged_at, ..self };
        if decided.state == ConcernState::Appealed {
            return Ok(Self { state: ConcernState::Closed, closed_at: Some(now), answer_by: None, ..decided });
        }
        Ok(Self { state: ConcernState::Decided, answer_by: Some(now + days(clocks.appeal)), ..decided })
    }
    pub fn appeal(self, by: PersonId, clocks: Clocks, now: Timestamp) -> Result<Self> {
        self.must(Deed::Appeal)?;
        Ok(Self {
            state: ConcernState::Appealed,
            appealed_at: Some(now),
            appellant: Some(by),
            answer_by: Some(now + days(clocks.decide)),
            ..self
        })
    }
    pub fn withdraw(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::Withdraw)?;
        Ok(Self { state: ConcernState::Closed, closed_at: Some(now), answer_by: None, stopped: false, ..self })
    }

    fn must(&self, deed: Deed) -> Result<()> {
        if self.is_open_to(deed) { Ok(()) } else { Err(self.over()) }
    }
    fn over(&self) -> Error {
        match self.state {
            ConcernState::Raised => too_late!("Nobody has said yet that they have read this concern."),
            ConcernState::Acknowledged => too_late!("Somebody looks after this concern already."),
            ConcernState::Decided => too_late!("This concern has been decided already."),
            ConcernState::Appealed => too_late!("An appeal has been made already, and there is one only."),
            ConcernState::Closed => too_late!("This concern is closed."),
        }
    }

    /// What comes next, and by when, as anyone who sees it reads it.
    pub fn comes_next(&self) -> Option<&'static str> {
        Some(match self.state {
            ConcernState::Raised => "Somebody reads this and says so",
            ConcernState::Acknowledged => "It is decided",
            ConcernState::Decided => "Either side may appeal, once",
            ConcernState::Appealed => "Somebody else decides on the appeal",
            ConcernState::Closed => return None,
        })
    }
}

/// A concern between two people at the beginning of time, for the policy table and for the tests of the rules.
pub(super) fn example(reporter: PersonId, about: PersonId) -> Concern {
    let at = Timestamp::from_micros(0);
    Concern {
        id: uuid::Uuid::nil().into(),
        reporter,
        about,
        relationship: None,
        key: uuid::Uuid::nil().into(),
        wish: Wish::Stop,
        stopped: true,
        state: ConcernState::Raised,
        raised_at: at,
        answer_by: Some(Clocks::default().first(at)),
        acknowledged_at: None,
        handler: None,
        decided_at: None,
        decider: None,
        appealed_at: None,
        appellant: None,
        closed_at: None,
        told_other: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people<const N: usize>() -> [PersonId; N] {
        std::array::from_fn(|n| PersonId(uuid::Uuid::from_u128(n as u128 + 1)))
    }

    #[test]
    fn nobody_who_is_part_of_it_looks_after_it_and_an_appeal_goes_to_somebody_else() {
        let [reporter, about, ada, bea] = people();
        let concern = example(reporter, about);
        assert_eq!(handlers(&concern, &[about, ada], &[bea]), [ada]);
        assert_eq!(handlers(&concern, &[about], &[reporter, bea]), [bea], "when nobody named is left, an administrator");
        assert_eq!(handlers(&concern, &[], &[about]), [], "and nobody when there is nobody else");
        let now = Timestamp::from_micros(1);
        let appealed =
            concern.decide(ada, false, Clocks::default(), now).and_then(|c| c.appeal(reporter, Clocks::default(), now)).expect("an appeal");
        assert_eq!(handlers(&appealed, &[ada, bea], &[]), [bea]);
        assert_eq!(handlers(&appealed, &[ada], &[bea]), [bea]);
    }

    #[test]
    fn clocks_that_make_no_sense_are_as_usual() {
        assert_eq!(Clocks::of(None), Clocks::default());
        let chosen = Clocks { acknowledge: 1, decide: 7, appeal: 30 };
        assert_eq!(Clocks::of(Some(&chosen.setting())), chosen);
        assert_eq!(Clocks::of(Some("0 7 nonsense")), Clocks { decide: 7, ..Clocks::default() });
        assert!(chosen.words().starts_with("Somebody says within a day that they have read it."));
    }

    proptest! {
        /// However people press: it is decided at most twice, appealed at most once, never by who is part of it, and what is
        /// open has a clock.
        #[test]
        fn a_concern_always_has_a_clock_or_an_end(deeds in prop::collection::vec(0..5_u8, 1..14)) {
            let [reporter, about, ada, bea] = people();
            let (mut concern, clocks) = (example(reporter, about), Clocks::default());
            let (mut decided, mut appealed) = (0, 0);
            for (n, deed) in deeds.into_iter().enumerate() {
                let now = Timestamp::from_micros(n as i64 + 1);
                let by = handlers(&concern, &[about, ada, bea], &[])[0];
                let done = match deed {
                    0 => concern.clone().acknowledge(by, clocks, now),
                    1 => concern.clone().decide(by, true, clocks, now).inspect(|_| decided += 1),
                    2 => concern.clone().appeal(about, clocks, now).inspect(|_| appealed += 1),
                    3 => concern.clone().withdraw(now),
                    _ => concern.clone().decide(by, false, clocks, now).inspect(|_| decided += 1),
                };
                if let Ok(next) = done {
                    prop_assert!(concern.state != ConcernState::Appealed || next.decider != concern.decider);
                    concern = next;
                }
                prop_assert_eq!(concern.is_open(), concern.answer_by.is_some());
                prop_assert_eq!(concern.is_open(), concern.closed_at.is_none());
                prop_assert!(concern.handler.is_none_or(|h| !concern.is_part(h)));
            }
            prop_assert!(decided <= 2 && appealed <= 1);
        }
    }
}
