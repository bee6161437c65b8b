//! How a relationship lives: tried out, agreed, active, paused, wound up, and its two kind endings. Transitions consume and
//! return; the verbs save where each came from. Pure.

use super::relationship::{Deed, Kind, Relationship, RelationshipState, Role};
use crate::error::{Error, Result};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(KindChangeId);

text_enum!(
    /// What someone says in private after the first conversation.
    pub Fit { Yes = "yes", NotSure = "not_sure", No = "no" }
);
text_enum!(
    /// What a private reason is about.
    pub Decision { Fit = "fit", Dissolve = "dissolve" }
);

record!(
    /// What someone said, and how much they can give.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct FitVote {
        pub person: PersonId,
        pub fit: Fit,
        pub minutes_a_month: i64,
    }
);

record!(
    /// A change of kind, proposed or made.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct KindChange {
        pub id: KindChangeId,
        pub from: Kind,
        pub to: Kind,
        pub by: PersonId,
        pub guide: Option<PersonId>,
        pub proposed_at: Timestamp,
        pub agreed_at: Option<Timestamp>,
    }
);

/// Days a pause may last, and days a winding up takes at most.
pub const LONGEST_PAUSE: i64 = 180;
pub const LONGEST_CLOSING: i64 = 90;

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

impl RelationshipState {
    /// Whether silence in it means something.
    pub fn can_drift(self) -> bool {
        matches!(self, Self::Agreed | Self::Active)
    }
}

impl Relationship {
    /// Why nothing of the kind can be done in it now, and what can.
    pub(super) fn refusal(&self) -> Error {
        match self.state {
            RelationshipState::Frozen => {
                too_late!(
                    "This is frozen: it stands still for now, and nothing can be added to it. Whoever looks after this place tells you when it goes on."
                )
            }
            RelationshipState::Proposed => too_late!("This begins when three are in it."),
            state if state.is_over() => too_late!("This is {} already. You can still read what you wrote to each other.", state.words()),
            state => too_late!("This is {}, and that cannot be done in it now.", state.words()),
        }
    }
    fn must_be_open_to(&self, deed: Deed) -> Result<()> {
        if self.is_open_to(deed) { Ok(()) } else { Err(self.refusal()) }
    }

    /// When silence that begins now will have lasted twice the cadence; never where silence means nothing.
    pub fn drifts_at(&self, now: Timestamp) -> Option<Timestamp> {
        (self.kind.goes_on() && self.state.can_drift()).then(|| now + days(2 * self.cadence_days))
    }

    /// What everybody's private answers come to: a no ends it, and it goes on only when all of them said yes.
    pub fn weigh(self, votes: &[FitVote], now: Timestamp) -> Result<Self> {
        self.must_be_open_to(Deed::SayFit)?;
        if votes.iter().any(|vote| vote.fit == Fit::No) {
            return self.dissolve(now);
        }
        let says_yes = |person| votes.iter().any(|vote| vote.person == person && vote.fit == Fit::Yes);
        if self.people().all(says_yes) { Ok(Self { state: RelationshipState::Agreed, ..self }) } else { Ok(self) }
    }

    /// From agreed to active: they have signed, or go by what is usual.
    pub fn start(self) -> Result<Self> {
        self.must_be_open_to(Deed::Start)?;
        Ok(Self { state: RelationshipState::Active, ..self })
    }

    /// Until a day. The place that it fills stays filled: whoever comes back must find it, and a place given away meanwhile
    /// would be one too many on that day.
    pub fn pause(self, until: Timestamp, now: Timestamp) -> Result<Self> {
        self.must_be_open_to(Deed::Pause)?;
        if until <= now || until > now + days(LONGEST_PAUSE) {
            return Err(
                crate::refused!("pause_length"; "Please choose a day within the next {LONGEST_PAUSE} days. For longer, end it well and begin again."),
            );
        }
        Ok(Self { state: RelationshipState::Paused, paused_until: Some(until), ..self })
    }

    pub fn resume(self) -> Result<Self> {
        self.must_be_open_to(Deed::Resume)?;
        Ok(Self { state: RelationshipState::Active, paused_until: None, ..self })
    }

    /// Its last sessions, until a day on which it ends by itself.
    pub fn wind_up(self, until: Timestamp, now: Timestamp) -> Result<Self> {
        self.must_be_open_to(Deed::WindUp)?;
        if until <= now || until > now + days(LONGEST_CLOSING) {
            return Err(crate::refused!("closing_length"; "Please choose a day within the next {LONGEST_CLOSING} days."));
        }
        Ok(Self { state: RelationshipState::Closing, closes_at: Some(until), paused_until: None, ..self })
    }

    pub fn end(self, now: Timestamp) -> Result<Self> {
        self.must_be_open_to(Deed::End)?;
        Ok(Self { state: RelationshipState::Ended, ended_at: Some(now), paused_until: None, closes_at: None, ..self })
    }

    /// Ends without anybody's fault, and without a reason that anybody has to give.
    pub fn dissolve(self, now: Timestamp) -> Result<Self> {
        self.must_be_open_to(Deed::Dissolve)?;
        Ok(Self { state: RelationshipState::Dissolved, ended_at: Some(now), paused_until: None, closes_at: None, ..self })
    }

    /// Enough people want what was proposed: it begins, and they write down how.
    pub fn come_about(self) -> Result<Self> {
        if self.state != RelationshipState::Proposed {
            return Err(self.refusal());
        }
        Ok(Self { state: RelationshipState::Agreed, ..self })
    }

    /// What was proposed does not come about, or too few are left of several: nobody's fault, and nobody's deed alone.
    pub fn fall_apart(self, now: Timestamp) -> Result<Self> {
        let state = match self.state {
            RelationshipState::Proposed => RelationshipState::Dissolved,
            state if state.is_live() => RelationshipState::Ended,
            _ => return Err(self.refusal()),
        };
        Ok(Self { state, ended_at: Some(now), paused_until: None, closes_at: None, ..self })
    }

    /// Cuts contact at once, whatever it was; it thaws to that.
    pub fn freeze(self) -> Result<Self> {
        if !self.state.is_live() {
            return Err(self.refusal());
        }
        Ok(Self { frozen_from: Some(self.state), state: RelationshipState::Frozen, ..self })
    }

    pub fn thaw(self) -> Result<Self> {
        match self.frozen_from {
            Some(state) if self.state == RelationshipState::Frozen => Ok(Self { state, frozen_from: None, ..self }),
            _ => Err(too_late!("This is not frozen any more.")),
        }
    }

    /// The roles that its parties have once it is of this kind. `guide` says who gives their time, where only one does.
    pub fn roles_in(&self, to: Kind, guide: Option<PersonId>) -> Vec<(PersonId, Role)> {
        let (guiding, learning) = to.roles();
        let now_guides = self.parties.iter().find(|p| p.role.guides() && !p.role.learns()).map(|p| p.person);
        let guide = guide.or(now_guides);
        self.people().map(|person| (person, if guide == Some(person) { guiding } else { learning })).collect()
    }
}

/// Whether so much more a month fits into what somebody has, in minutes; says why not. Who has not said how much they have
/// is not held to it.
pub fn overcommitted(minutes_a_week: i64, promised: i64, more: i64) -> Option<String> {
    let has = minutes_a_week.saturating_mul(52) / 12;
    if has == 0 || promised.saturating_add(more) <= has {
        return None;
    }
    let hours = |minutes: i64| match (minutes + 30) / 60 {
        1 => "1 hour".to_owned(),
        n => format!("{n} hours"),
    };
    Some(format!(
        "You have said that you have {} a month for this, and {} of that is promised to others. Give less here, or tick below that you mean it.",
        hours(has),
        if promised == 0 { "none".into() } else { hours(promised) }
    ))
}

#[cfg(test)]
mod tests {
    use super::super::relationship::example;
    use super::*;
    use proptest::prelude::*;

    fn person(n: u128) -> PersonId {
        uuid::Uuid::from_u128(n).into()
    }
    fn now() -> Timestamp {
        Timestamp::from_micros(1_793_610_000_000_000)
    }
    fn two(state: RelationshipState) -> Relationship {
        example(Kind::Mentoring, state, &[(person(1), Role::Mentee), (person(2), Role::Mentor)], Some(person(3)))
    }
    fn says(n: u128, fit: Fit) -> FitVote {
        FitVote { person: person(n), fit, minutes_a_month: 60 }
    }

    #[test]
    fn it_begins_only_when_both_say_yes_and_a_no_ends_it() {
        use RelationshipState::{Agreed, Dissolved, TryingOut};
        let cases: [(&[FitVote], RelationshipState); 6] = [
            (&[], TryingOut),
            (&[says(1, Fit::Yes)], TryingOut),
            (&[says(1, Fit::Yes), says(2, Fit::NotSure)], TryingOut),
            (&[says(1, Fit::Yes), says(2, Fit::Yes)], Agreed),
            (&[says(1, Fit::No)], Dissolved),
            (&[says(1, Fit::Yes), says(2, Fit::No)], Dissolved),
        ];
        for (votes, after) in cases {
            assert_eq!(two(TryingOut).weigh(votes, now()).unwrap().state, after, "{votes:?}");
        }
        assert!(two(Agreed).weigh(&[says(1, Fit::No)], now()).is_err());
    }

    #[test]
    fn nobody_is_held_to_time_that_they_never_named() {
        assert_eq!(overcommitted(0, 10_000, 60), None);
        assert_eq!(overcommitted(60, 200, 60), None);
        assert!(overcommitted(60, 210, 60).unwrap().contains("4 hours a month"));
    }

    #[test]
    fn a_guide_stays_the_guide_when_the_kind_changes() {
        let roles = two(RelationshipState::Active).roles_in(Kind::Coaching, None);
        assert_eq!(roles, [(person(1), Role::Client), (person(2), Role::Coach)]);
        assert!(two(RelationshipState::Active).roles_in(Kind::Peer, None).iter().all(|(_, role)| *role == Role::Peer));
    }

    proptest! {
        /// Whatever is done in whatever order: what is over stays over, frozen thaws to what it was, and only live ones change.
        #[test]
        fn no_order_of_deeds_revives_what_is_over(deeds in proptest::collection::vec(0_u8..9, 0..20)) {
            let mut it = two(RelationshipState::TryingOut);
            let later = now() + days(10);
            for deed in deeds {
                let was = it.clone();
                let next = match deed {
                    0 => it.clone().weigh(&[says(1, Fit::Yes), says(2, Fit::Yes)], now()),
                    1 => it.clone().start(),
                    2 => it.clone().pause(later, now()),
                    3 => it.clone().resume(),
                    4 => it.clone().wind_up(later, now()),
                    5 => it.clone().end(now()),
                    6 => it.clone().dissolve(now()),
                    7 => it.clone().freeze(),
                    _ => it.clone().thaw(),
                };
                if let Ok(next) = next {
                    prop_assert!(!was.state.is_over());
                    it = next;
                }
                prop_assert_eq!(it.state.is_over(), it.ended_at.is_some());
                prop_assert_eq!(it.state == RelationshipState::Frozen, it.frozen_from.is_some());
                prop_assert!(it.state != RelationshipState::Paused || it.paused_until.is_some());
            }
        }
    }
}
