//! What someone has taken on: its states, its day, how closely it is followed, and who may do what with it. Pure.
//!
//! It is kept or dropped, and until then it may be carried over as often as its owner likes. Nothing here is a score: the
//! count of days it was carried over is for its owner, who is told about it in a kind sentence.

use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::{Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, zone};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

ids!(ActionItemId);

text_enum!(pub ActionState { TakenOn = "taken_on", Kept = "kept", Dropped = "dropped" });
text_enum!(
    /// How closely it is followed, as its owner chooses.
    pub Intensity {
        /// It stands on its owner's pages, and nobody asks.
        Silent = "silent",
        /// A letter to its owner once a week and after its day.
        Weekly = "weekly",
        /// The partner sees it and how it went; a letter to its owner after its day.
        Partner = "partner",
    }
);
text_enum!(
    /// What someone said about how it goes.
    pub Answer { Kept = "kept", NotYet = "not_yet", Moved = "moved", Dropped = "dropped" }
);
text_enum!(
    /// What time does with it.
    pub Next { CheckIn = "check_in", Recover = "recover" }
);
text_enum!(
    /// What people do with what was taken on.
    pub Deed { See = "see", CheckIn = "check_in", CarryOver = "carry_over", Drop = "drop", Change = "change" }
);

/// How many someone may have open at once.
pub const MOST_OPEN: i64 = 60;
/// How long a question for how it went stays open before a way on is offered.
const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// How far ahead a day may lie.
const YEARS_AHEAD: i16 = 3;

/// The longest texts, in characters.
pub mod longest {
    pub const WORDS: usize = 300;
    pub const PLAN: usize = 200;
    pub const CHECK_IN: usize = 1000;
}

record!(
    /// What someone has taken on, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ActionItem {
        pub id: ActionItemId,
        pub owner: PersonId,
        pub relationship: Option<RelationshipId>,
        pub key: KeyId,
        pub goal: Option<GoalId>,
        pub state: ActionState,
        pub intensity: Intensity,
        /// A day, YYYY-MM-DD.
        pub due_on: String,
        pub zone: String,
        /// The end of that day.
        pub due_at: Timestamp,
        pub carried: i64,
        pub taken_on_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub asked_at: Option<Timestamp>,
        pub recovered_at: Option<Timestamp>,
        pub next: Option<Next>,
        pub next_at: Option<Timestamp>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedWords {
        pub id: ActionItemId,
        pub words: Sealed,
        pub plan_if: Option<Sealed>,
        pub plan_then: Option<Sealed>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedCheckIn {
        pub at: Timestamp,
        pub answer: Answer,
        pub words: Option<Sealed>,
        pub shown: bool,
    }
);

/// “If it is Tuesday after lunch, then I open the file.”
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub when: String,
    pub then: String,
}

impl Plan {
    /// Both halves, or nothing.
    pub fn of(when: &str, then: &str) -> Option<Self> {
        (!when.is_empty() && !then.is_empty()).then(|| Self { when: when.into(), then: then.into() })
    }
    pub fn sentence(&self) -> String {
        let bare = |words: &str| words.trim().trim_end_matches(['.', ',']).to_owned();
        format!("If {}, then I {}.", bare(&self.when), bare(&self.then))
    }
}

/// What someone takes on.
#[derive(Debug, Clone)]
pub struct Draft {
    /// With whom; `None` for themselves alone.
    pub relationship: Option<RelationshipId>,
    pub words: String,
    pub plan: Option<Plan>,
    pub due_on: Date,
    pub goal: Option<GoalId>,
    pub intensity: Intensity,
    /// The same twice is one action item.
    pub nonce: String,
}

/// Where one begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning {
    pub id: ActionItemId,
    pub owner: PersonId,
    pub key: KeyId,
}

/// How its owner goes on with it: another day, and with it a smaller step or a plan if they like.
#[derive(Debug, Clone)]
pub struct Moving {
    pub due_on: Date,
    /// The same in a smaller step; `None` leaves the words as they are.
    pub smaller: Option<String>,
    /// `None` leaves the plan as it is.
    pub plan: Option<Plan>,
    /// What got in the way.
    pub words: String,
}

/// The end of a day in a zone.
fn end_of(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    Ok(day.tomorrow()?.to_zoned(zone.clone())?.timestamp().into())
}

/// The day by this zone's clock.
pub fn today(now: Timestamp, zone: &TimeZone) -> Date {
    now.in_zone(zone).date()
}

/// Refuses a day that has passed or is far away.
pub fn possible(day: Date, now: Timestamp, zone: &TimeZone) -> Result<()> {
    let today = today(now, zone);
    if day < today || day.year() - today.year() > YEARS_AHEAD {
        return Err(refused!("day"; "Please choose a day from today on, at most {YEARS_AHEAD} years ahead."));
    }
    Ok(())
}

impl Intensity {
    pub fn words(self) -> &'static str {
        match self {
            Self::Silent => "quietly, for yourself",
            Self::Weekly => "a letter once a week",
            Self::Partner => "your partner sees it",
        }
    }
}

impl ActionItem {
    pub(super) fn take_on(begin: Beginning, draft: &Draft, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        possible(draft.due_on, now, zone)?;
        let item = Self {
            id: begin.id,
            owner: begin.owner,
            relationship: draft.relationship,
            key: begin.key,
            goal: draft.goal,
            state: ActionState::TakenOn,
            intensity: draft.intensity,
            due_on: draft.due_on.to_string(),
            zone: zone.iana_name().unwrap_or("UTC").into(),
            due_at: end_of(draft.due_on, zone)?,
            carried: 0,
            taken_on_at: now,
            ended_at: None,
            asked_at: None,
            recovered_at: None,
            next: None,
            next_at: None,
        };
        item.followed(draft.intensity, now)
    }

    pub fn is_open(&self) -> bool {
        self.state == ActionState::TakenOn
    }
    pub fn is_past(&self, now: Timestamp) -> bool {
        self.is_open() && self.due_at <= now
    }
    /// The day it is due, as it was said.
    pub fn due(&self) -> Date {
        self.due_on.parse().unwrap_or_default()
    }
    pub fn zone(&self) -> TimeZone {
        zone(&self.zone)
    }

    /// Who may do what: its owner everything; the others in the relationship read what its owner has chosen to show, and
    /// nothing else. `together`: the relationship that it was taken on in, if in any.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        match deed {
            Deed::See => viewer.is(self.owner) || together.is_some_and(|together| self.shows_to(together, viewer)),
            Deed::CheckIn | Deed::CarryOver | Deed::Drop | Deed::Change => viewer.is(self.owner),
        }
    }
    /// Where contact is stopped, nothing of one is shown to the others; nor what somebody has open who is not in it any more.
    fn shows_to(&self, together: &Relationship, viewer: &Viewer) -> bool {
        let owner_is_in_it = together.role_of(self.owner).is_some();
        self.intensity == Intensity::Partner
            && together.shows_to(viewer)
            && self.ended_at.map_or(owner_is_in_it, |at| together.reads(viewer, at))
    }
    pub fn is_open_to(&self, deed: Deed) -> bool {
        deed == Deed::See || self.is_open()
    }
    pub fn offers(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        self.allows(together, viewer, deed) && self.is_open_to(deed)
    }

    pub fn keep(self, now: Timestamp) -> Result<Self> {
        self.ends(ActionState::Kept, now)
    }
    pub fn drop(self, now: Timestamp) -> Result<Self> {
        self.ends(ActionState::Dropped, now)
    }
    /// It has not happened yet: what asked is answered, and after its day a way on is offered once.
    pub fn not_yet(self, now: Timestamp) -> Result<Self> {
        self.must()?;
        let item = Self { asked_at: None, ..self };
        if item.is_past(now) && item.recovered_at.is_none() {
            return Ok(Self { next: Some(Next::Recover), next_at: Some(now + PATIENCE), ..item });
        }
        Ok(item)
    }
    /// To another day. Only a later one counts as carried over.
    pub fn carry_over(self, day: Date, now: Timestamp) -> Result<Self> {
        self.must()?;
        let zone = self.zone();
        possible(day, now, &zone)?;
        let due_at = end_of(day, &zone)?;
        let carried = self.carried + i64::from(due_at > self.due_at);
        let (intensity, due_on) = (self.intensity, day.to_string());
        Self { due_on, due_at, carried, asked_at: None, recovered_at: None, ..self }.followed(intensity, now)
    }
    /// Followed this closely from now on.
    pub fn followed(self, intensity: Intensity, now: Timestamp) -> Result<Self> {
        self.must()?;
        if intensity == Intensity::Partner && self.relationship.is_none() {
            return Err(refused!("nobody_to_see"; "There is nobody here who could see it. Please choose one of the others."));
        }
        let mut item = Self { intensity, ..self };
        (item.next, item.next_at) = match item.asks_at(now)? {
            Some(at) => (Some(Next::CheckIn), Some(at)),
            None => (None, None),
        };
        Ok(item)
    }

    /// When its owner is asked next: the morning after its day, and with a weekly letter each week until then.
    fn asks_at(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let zone = self.zone();
        let morning = |day: Date| crate::viewer::morning(day, &zone);
        let after = morning(self.due().tomorrow()?)?;
        let after = (after > now).then_some(after);
        match self.intensity {
            Intensity::Silent => Ok(None),
            Intensity::Partner => Ok(after),
            Intensity::Weekly => {
                let week = morning(today(now, &zone).checked_add(7.days())?)?;
                Ok(after.map(|after| after.min(week)))
            }
        }
    }

    /// After its owner was asked: a way on is offered if they leave it unanswered after its day.
    pub(super) fn asked(self, now: Timestamp) -> Result<Self> {
        if self.is_past(now) {
            return Ok(Self { asked_at: Some(now), next: Some(Next::Recover), next_at: Some(now + PATIENCE), ..self });
        }
        let intensity = self.intensity;
        Self { asked_at: Some(now), ..self }.followed(intensity, now)
    }
    /// After a way on was offered: nobody is asked again until its owner chooses another day.
    pub(super) fn recovered(self, now: Timestamp) -> Self {
        Self { recovered_at: Some(now), next: None, next_at: None, ..self }
    }

    /// How often it moved, in a kind sentence; nothing when it did not.
    pub fn moved(&self) -> Option<String> {
        match self.carried {
            0 => None,
            1 => Some("Moved once. Plans do that.".into()),
            2 => Some("Moved twice. Plans do that.".into()),
            n => Some(format!("Moved {n} times. Perhaps a smaller step fits into a week better.")),
        }
    }

    fn must(&self) -> Result<()> {
        match self.state {
            ActionState::TakenOn => Ok(()),
            ActionState::Kept => Err(too_late!("This is done already.")),
            ActionState::Dropped => Err(too_late!("You have let this go already.")),
        }
    }
    fn ends(self, state: ActionState, now: Timestamp) -> Result<Self> {
        self.must()?;
        Ok(Self { state, ended_at: Some(now), asked_at: None, next: None, next_at: None, ..self })
    }
}

/// What someone writes back by mail: the answer it begins with, and the rest. Words alone say that it has not happened
/// yet; only a plain word says that it has.
pub fn of_reply(text: &str) -> (Answer, &str) {
    let text = text.trim();
    let folded = text.to_lowercase();
    for (answer, beginnings) in [
        (Answer::NotYet, &["not yet", "not done", "no"][..]),
        (Answer::Kept, &["kept", "done", "yes", "it is done", "i did it"]),
        (Answer::Dropped, &["drop it", "drop", "let it go"]),
    ] {
        for beginning in beginnings {
            // Lowering keeps the length of these letters, so the rest can be cut from what was written.
            if folded.starts_with(beginning) && text.is_char_boundary(beginning.len()) {
                let rest = &text[beginning.len()..];
                if !rest.starts_with(char::is_alphanumeric) {
                    return (
                        answer,
                        rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '!' | '-' | '–')),
                    );
                }
            }
        }
    }
    (Answer::NotYet, text)
}

/// What someone took on at the beginning of time, for the policy table and for the tests of the rules.
pub(super) fn example(owner: PersonId, intensity: Intensity) -> ActionItem {
    let at = Timestamp::from_micros(0);
    ActionItem {
        id: uuid::Uuid::nil().into(),
        owner,
        relationship: Some(uuid::Uuid::nil().into()),
        key: uuid::Uuid::nil().into(),
        goal: None,
        state: ActionState::TakenOn,
        intensity,
        due_on: "1970-01-03".into(),
        zone: "UTC".into(),
        due_at: Timestamp::from_micros(3 * 24 * 3600 * 1_000_000),
        carried: 0,
        taken_on_at: at,
        ended_at: None,
        asked_at: None,
        recovered_at: None,
        next: None,
        next_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_back_is_understood() {
        for (text, answer, rest) in [
            ("Kept", Answer::Kept, ""),
            ("kept! It took an hour.", Answer::Kept, "It took an hour."),
            ("Done, at last", Answer::Kept, "at last"),
            ("not yet: my child was ill", Answer::NotYet, "my child was ill"),
            ("Not done", Answer::NotYet, ""),
            ("Nothing went as I thought", Answer::NotYet, "Nothing went as I thought"),
            ("Doner kebab got in the way", Answer::NotYet, "Doner kebab got in the way"),
            ("drop it", Answer::Dropped, ""),
            ("", Answer::NotYet, ""),
            ("İt is done", Answer::NotYet, "İt is done"),
        ] {
            assert_eq!(of_reply(text), (answer, rest), "{text}");
        }
    }

    #[test]
    fn a_plan_reads_as_one_sentence() {
        let plan = Plan::of("it is Tuesday after lunch,", "open the file.").expect("a plan");
        assert_eq!(plan.sentence(), "If it is Tuesday after lunch, then I open the file.");
        assert_eq!(Plan::of("it is Tuesday", ""), None);
    }

    fn people() -> [PersonId; 2] {
        [1, 2].map(|n| PersonId(uuid::Uuid::from_u128(n)))
    }
    fn at(day: i64, hour: i64) -> Timestamp {
        Timestamp::from_micros((day * 24 + hour) * 3600 * 1_000_000)
    }

    #[test]
    fn who_follows_it_quietly_is_never_asked_and_who_wants_a_letter_once_a_week() {
        let [owner, _] = people();
        let day = |d| Date::new(1970, 1, d).expect("a day");
        for (intensity, due, first) in [
            (Intensity::Silent, 3, None),
            (Intensity::Partner, 3, Some(at(3, 8))),
            (Intensity::Weekly, 3, Some(at(3, 8))),
            (Intensity::Weekly, 28, Some(at(7, 8))),
            (Intensity::Partner, 28, Some(at(28, 8))),
        ] {
            let item = example(owner, intensity).carry_over(day(due), at(0, 0)).expect("another day");
            assert_eq!(item.next_at, first, "{intensity} due on {due}");
        }
    }

    proptest! {
        /// However time and its owner deal with it: it ends once, a way on is offered at most once for a day, and what
        /// has ended waits for nothing.
        #[test]
        fn it_ends_once_and_nobody_is_pressed(deeds in prop::collection::vec((0..6_u8, 0..20_i64), 1..25)) {
            let [owner, _] = people();
            let mut item = example(owner, Intensity::Partner).followed(Intensity::Weekly, at(0, 0)).expect("open");
            let (mut now, mut offered) = (at(0, 0), 0);
            for (deed, days) in deeds {
                now = now + SignedDuration::from_hours(days * 24);
                while let Some(due) = item.next_at.filter(|due| *due <= now) {
                    item = match item.next {
                        Some(Next::Recover) => { offered += 1; item.recovered(due) }
                        _ => item.asked(due).expect("open"),
                    };
                }
                prop_assert!(offered <= 1);
                let was = item.clone();
                let done = match deed {
                    0 => item.clone().keep(now),
                    1 => item.clone().drop(now),
                    2 | 3 => item.clone().not_yet(now),
                    4 => item.clone().carry_over(today(now, &TimeZone::UTC).checked_add(5.days()).expect("a day"), now),
                    _ => item.clone().followed(Intensity::Weekly, now),
                };
                match done {
                    Ok(next) => {
                        if deed == 4 { offered = 0; prop_assert!(next.carried - was.carried <= 1); }
                        item = next;
                    }
                    Err(_) => prop_assert!(!was.is_open()),
                }
                prop_assert!(item.is_open() || item.next_at.is_none());
                prop_assert_eq!(item.is_open(), item.ended_at.is_none());
                prop_assert_eq!(item.next.is_some(), item.next_at.is_some());
            }
        }
    }
}
