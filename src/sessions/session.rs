//! A session: when people who work together meet, its states, what repeats, and who may do what with it. Pure.

use crate::error::{Error, Result};
use crate::relationships::{Company, Relationship, RelationshipId, Role};
use crate::seal::Sealed;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

ids!(SessionId, SeriesId, TimeId, AgendaItemId);

text_enum!(
    pub SessionState { Proposed = "proposed", Booked = "booked", Held = "held", Missed = "missed", Cancelled = "cancelled" }
);
text_enum!(
    pub Purpose { Chemistry = "chemistry", Regular = "regular", Review = "review", Closing = "closing", Peer = "peer" }
);
text_enum!(
    /// How often a session repeats.
    pub Cadence { Once = "once", Weekly = "weekly", Fortnightly = "fortnightly", Monthly = "monthly" }
);
text_enum!(
    /// Why a session was cancelled: someone did, nobody chose a time, it fell on another session, or the relationship is over
    /// or was stopped.
    pub Reason { Someone = "someone", Lapsed = "lapsed", Clash = "clash", Over = "over", Stopped = "stopped" }
);
text_enum!(
    /// What people do with a session.
    pub Deed {
        See = "see",
        Book = "book",
        Move = "move",
        Cancel = "cancel",
        Hold = "hold",
        Miss = "miss",
        SetVideo = "set_video",
        AddToAgenda = "add_to_agenda",
        OrderAgenda = "order_agenda",
        Prepare = "prepare",
        WriteNotes = "write_notes",
        WriteOwnNotes = "write_own_notes",
        Decide = "decide",
        GiveFeedback = "give_feedback",
        /// Say in two lines what one heard in it.
        PlayBack = "play_back",
        /// Say whether what another heard is it.
        AnswerPlayback = "answer_playback",
    }
);

/// The lengths one can choose, in minutes.
pub const LENGTHS: [i64; 6] = [20, 30, 45, 60, 90, 120];
/// The lengths that there can be: what people agreed may be another.
pub const POSSIBLE: std::ops::RangeInclusive<i64> = 10..=240;
/// Times in one proposal.
pub const MOST_TIMES: usize = 5;
/// Proposals that may wait in one relationship at once.
pub const MOST_PROPOSED: i64 = 3;
/// How far ahead a session can be.
pub const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// How far ahead the sessions of a series are made.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 56);
/// When we remind of a session, and when we ask to prepare for it.
pub const REMIND: SignedDuration = SignedDuration::from_hours(24);
pub const PREPARE: SignedDuration = SignedDuration::from_hours(48);
/// For so long before it begins, and after it ends, a session is going on.
const AROUND: SignedDuration = SignedDuration::from_mins(15);

/// The longest texts, in characters.
pub mod longest {
    pub const WORD: usize = 500;
    pub const AGENDA_ITEM: usize = 300;
    pub const PREPARATION: usize = 2000;
    pub const NOTES: usize = 20_000;
    pub const DECISION: usize = 500;
    pub const FEEDBACK: usize = 300;
}

impl Purpose {
    /// As in “First conversation with Tomas”.
    pub fn title(self) -> &'static str {
        match self {
            Self::Chemistry => "First conversation",
            Self::Regular => "Session",
            Self::Review => "Review",
            Self::Closing => "Closing session",
            Self::Peer => "Peer session",
        }
    }
    pub fn describes(self) -> &'static str {
        match self {
            Self::Chemistry => "Find out whether and how you want to work together.",
            Self::Regular => "Work on what you are after.",
            Self::Review => "Look back, and decide what stays and what changes.",
            Self::Closing => "Say what you take with you, and end it well.",
            Self::Peer => "You swap roles half-way: each learns, each helps.",
        }
    }
    /// What such a session is about besides what its people bring.
    pub fn prompts(self) -> &'static [&'static str] {
        match self {
            Self::Chemistry => {
                &["How each of us likes to work", "What would make this worth our time", "How often, how long and where we meet"]
            }
            Self::Regular => &["What has happened since we last met"],
            Self::Review => &["What works, and stays", "What we change"],
            Self::Closing => &["What we take with us", "What comes after this"],
            Self::Peer => &["First half: what one of us brings", "Second half: what the other brings"],
        }
    }
    /// Whether the two swap roles half-way.
    pub fn swaps(self) -> bool {
        self == Self::Peer
    }
}

impl Cadence {
    /// The nearest to so many days between two sessions; what is in no such rhythm is arranged each time.
    pub fn of_days(days: i64) -> Self {
        match days {
            6..=8 => Self::Weekly,
            13..=15 => Self::Fortnightly,
            27..=31 => Self::Monthly,
            _ => Self::Once,
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Self::Once => "Once",
            Self::Weekly => "Every week",
            Self::Fortnightly => "Every two weeks",
            Self::Monthly => "Every month",
        }
    }

    /// The wall time `steps` after an anchor; before it when negative. A month later is the same weekday of the month
    /// (the second Tuesday), and what is in a fifth week is in the last one: weekly hours hold for weekdays, not for dates.
    pub fn after(self, anchor: DateTime, steps: i64) -> Option<DateTime> {
        use jiff::ToSpan;
        let date = match self {
            Self::Once => (steps == 0).then_some(anchor.date())?,
            Self::Weekly => anchor.date().checked_add(steps.weeks()).ok()?,
            Self::Fortnightly => anchor.date().checked_add(steps.checked_mul(2)?.weeks()).ok()?,
            Self::Monthly => {
                let month = anchor.date().first_of_month().checked_add(steps.months()).ok()?;
                let week = (anchor.day() - 1) / 7 + 1;
                month.nth_weekday_of_month(if week == 5 { -1 } else { week }, anchor.weekday()).ok()?
            }
        };
        Some(date.to_datetime(anchor.time()))
    }
}

/// An instant with the clock on the wall by which somebody chose it. The wall and its zone are what was meant; when
/// clocks change, a series keeps them and not the instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    pub at: Timestamp,
    pub wall: DateTime,
    pub zone: String,
}

impl Time {
    pub fn of_instant(at: Timestamp, zone: &TimeZone) -> Self {
        Self { at, wall: at.in_zone(zone).datetime(), zone: zone.iana_name().unwrap_or("UTC").into() }
    }
    /// What the wall says in a zone. In the hour that a change of the clock leaves out, the time is an hour later; in the
    /// one it repeats, it is the first.
    pub fn of_wall(wall: DateTime, zone: &str) -> Option<Self> {
        let at = wall.to_zoned(crate::viewer::zone(zone)).ok()?.timestamp().into();
        Some(Self { at, wall, zone: zone.into() })
    }
}

record!(
    #[derive(Debug, Clone)]
    pub struct Session {
        pub id: SessionId,
        pub relationship: RelationshipId,
        pub series: Option<SeriesId>,
        pub place: Option<i64>,
        pub purpose: Purpose,
        pub state: SessionState,
        pub cadence: Cadence,
        pub minutes: i64,
        pub proposed_by: PersonId,
        pub starts_at: Option<Timestamp>,
        pub ends_at: Option<Timestamp>,
        pub wall: Option<String>,
        pub zone: String,
        pub lapses_at: Timestamp,
        pub video: Option<Sealed>,
        pub reason: Option<Reason>,
        pub words: Option<Sealed>,
        pub sequence: i64,
        pub made_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub ended_by: Option<PersonId>,
    }
);

record!(
    /// Sessions that repeat.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Series {
        pub id: SeriesId,
        pub relationship: RelationshipId,
        pub by: PersonId,
        pub purpose: Purpose,
        pub cadence: Cadence,
        pub minutes: i64,
        pub wall: String,
        pub zone: String,
        pub anchor: i64,
        pub next_place: i64,
        pub next_at: Timestamp,
        pub ended_at: Option<Timestamp>,
    }
);

impl Series {
    /// When the session at this place begins.
    pub fn time_of(&self, place: i64) -> Option<Time> {
        let anchor: DateTime = self.wall.parse().ok()?;
        Time::of_wall(self.cadence.after(anchor, place - self.anchor)?, &self.zone)
    }
}

/// What someone proposes: a kind of session, how long, how often, and some times to choose from.
#[derive(Debug, Clone)]
pub struct Draft {
    pub purpose: Purpose,
    pub cadence: Cadence,
    pub minutes: i64,
    pub times: Vec<Time>,
    /// The proposal that this one takes the place of.
    pub instead: Option<SessionId>,
}

impl Draft {
    /// What is wrong with it, if anything.
    pub fn must_be_sound(&self, now: Timestamp) -> Result<()> {
        if self.times.is_empty() {
            return Err(refused!("no_time"; "Choose at least one time, or type one."));
        }
        if self.times.len() > MOST_TIMES {
            return Err(refused!("too_many_times"; "Please propose at most {MOST_TIMES} times: more are hard to choose from."));
        }
        self.times.iter().try_for_each(|time| must_lie_ahead(time.at, now))
    }

    /// Whether a session is of this kind, whenever it is.
    pub fn is_like(&self, session: &Session) -> bool {
        (self.purpose, self.cadence, self.minutes) == (session.purpose, session.cadence, session.minutes)
    }
}

/// Sessions are booked for the time ahead, at most a year of it.
pub fn must_lie_ahead(at: Timestamp, now: Timestamp) -> Result<()> {
    if at <= now {
        return Err(refused!("past"; "That time has passed. Choose one that lies ahead."));
    }
    if at > now + FURTHEST {
        return Err(refused!("too_far"; "That is more than a year away. Choose an earlier time."));
    }
    Ok(())
}

record!(
    /// A time that was proposed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Proposed {
        pub id: TimeId,
        pub starts_at: Timestamp,
        pub wall: String,
    }
);

/// Where a session stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Choosing,
    Before,
    During,
    /// It is over, and nobody has said how it went.
    After,
    Over,
}

impl Session {
    pub fn propose(id: SessionId, relationship: RelationshipId, by: PersonId, zone: &str, draft: &Draft, now: Timestamp) -> Self {
        Self {
            id,
            relationship,
            series: None,
            place: None,
            purpose: draft.purpose,
            state: SessionState::Proposed,
            cadence: draft.cadence,
            minutes: draft.minutes,
            proposed_by: by,
            starts_at: None,
            ends_at: None,
            wall: None,
            zone: zone.into(),
            lapses_at: draft.times.iter().map(|time| time.at).max().unwrap_or(now),
            video: None,
            reason: None,
            words: None,
            sequence: 0,
            made_at: now,
            ended_at: None,
            ended_by: None,
        }
    }

    pub fn phase(&self, now: Timestamp) -> Phase {
        match (self.state, self.starts_at, self.ends_at) {
            (SessionState::Proposed, ..) => Phase::Choosing,
            (SessionState::Booked, Some(start), _) if now < start - AROUND => Phase::Before,
            (SessionState::Booked, _, Some(end)) if now < end + AROUND => Phase::During,
            (SessionState::Booked, ..) => Phase::After,
            _ => Phase::Over,
        }
    }
    pub fn is_live(&self) -> bool {
        matches!(self.state, SessionState::Proposed | SessionState::Booked)
    }
    /// Half-way, when partners swap roles.
    pub fn middle(&self) -> Option<Timestamp> {
        Some(self.starts_at? + SignedDuration::from_mins(self.minutes / 2))
    }

    /// Who may do what: those who are in the relationship, each by their part. Who proposed the times does not choose
    /// among them, and the order of the agenda is the learner's.
    pub fn allows(&self, relationship: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        let Some(role) = relationship.role_of(viewer.person).filter(|role| *role != Role::Sponsor) else { return false };
        // Who joined later was not there.
        if !self.is_live() && self.starts_at.or(self.ended_at).is_some_and(|at| !relationship.reads(viewer, at)) {
            return false;
        }
        match deed {
            Deed::Book => !viewer.is(self.proposed_by),
            Deed::OrderAgenda => role.learns(),
            _ => true,
        }
    }
    pub fn is_open_to(&self, deed: Deed, now: Timestamp) -> bool {
        use SessionState::{Booked, Cancelled, Held, Proposed};
        match deed {
            Deed::See => true,
            Deed::WriteOwnNotes => self.state != Cancelled,
            Deed::Book => self.state == Proposed,
            Deed::Move | Deed::Prepare => self.state == Booked,
            Deed::Cancel | Deed::SetVideo => self.is_live(),
            Deed::Hold | Deed::Miss => self.state == Booked && self.starts_at.is_some_and(|start| start <= now),
            Deed::AddToAgenda | Deed::OrderAgenda => self.is_live(),
            Deed::WriteNotes | Deed::Decide => matches!(self.state, Booked | Held),
            Deed::GiveFeedback => self.state == Held,
            Deed::PlayBack | Deed::AnswerPlayback => {
                self.state == Held || self.state == Booked && self.starts_at.is_some_and(|start| start - AROUND <= now)
            }
        }
    }

    /// With one of the times that were proposed.
    pub fn book(self, time: &Time) -> Result<Self> {
        match self.state {
            SessionState::Proposed => Ok(Self { state: SessionState::Booked, ..self.at(time) }),
            _ => Err(self.over()),
        }
    }
    /// To another time: it stays booked.
    pub fn moved_to(self, time: &Time, words: Option<Sealed>) -> Result<Self> {
        match self.state {
            SessionState::Booked => Ok(Self { words, sequence: self.sequence + 1, ..self.at(time) }),
            _ => Err(self.over()),
        }
    }
    pub fn cancel(self, by: Option<PersonId>, reason: Reason, words: Option<Sealed>, now: Timestamp) -> Result<Self> {
        if !self.is_live() {
            return Err(self.over());
        }
        let sequence = self.sequence + 1;
        Ok(Self { state: SessionState::Cancelled, reason: Some(reason), words, sequence, ended_at: Some(now), ended_by: by, ..self })
    }
    pub fn hold(self, by: PersonId, now: Timestamp) -> Result<Self> {
        self.went(SessionState::Held, Deed::Hold, by, now)
    }
    pub fn miss(self, by: PersonId, now: Timestamp) -> Result<Self> {
        self.went(SessionState::Missed, Deed::Miss, by, now)
    }

    fn at(self, time: &Time) -> Self {
        let end = time.at + SignedDuration::from_mins(self.minutes);
        Self { starts_at: Some(time.at), ends_at: Some(end), wall: Some(time.wall.to_string()), zone: time.zone.clone(), ..self }
    }
    fn went(self, state: SessionState, deed: Deed, by: PersonId, now: Timestamp) -> Result<Self> {
        if self.state == SessionState::Booked && !self.is_open_to(deed, now) {
            return Err(refused!("not_yet"; "This session has not begun yet. Afterwards you can say how it went."));
        }
        if !self.is_open_to(deed, now) {
            return Err(self.over());
        }
        Ok(Self { state, ended_at: Some(now), ended_by: Some(by), ..self })
    }
    /// Why this cannot be done any more.
    pub fn over(&self) -> Error {
        match self.state {
            SessionState::Proposed => too_late!("No time has been chosen for this session yet."),
            SessionState::Booked => too_late!("A time was chosen for this session a moment before you."),
            SessionState::Held => too_late!("You have met already. What you write now belongs to the next session."),
            SessionState::Missed => too_late!("This session did not take place. Propose another time."),
            SessionState::Cancelled => too_late!("This session was cancelled. Propose another time."),
        }
    }
}

/// A session with the people in it.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub session: Session,
    pub company: Company,
}

impl Meeting {
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.session.allows(&self.company.relationship, viewer, deed)
    }
    pub fn offers(&self, viewer: &Viewer, deed: Deed, now: Timestamp) -> bool {
        let takes_part = matches!(deed, Deed::See | Deed::WriteOwnNotes)
            || self.company.relationship.offers(viewer, crate::relationships::Deed::TakePart);
        takes_part && self.allows(viewer, deed) && self.session.is_open_to(deed, now)
    }
    /// Whether this viewer may do this here and now, with the refusal that says why not.
    pub fn must_offer(&self, viewer: &Viewer, deed: Deed, now: Timestamp) -> Result<()> {
        if !self.allows(viewer, deed) {
            return Err(Error::NotFound);
        }
        if !matches!(deed, Deed::See | Deed::WriteOwnNotes) {
            self.company.relationship.must_offer(viewer, crate::relationships::Deed::TakePart)?;
        }
        match self.session.is_open_to(deed, now) {
            true => Ok(()),
            false
                if matches!(deed, Deed::Hold | Deed::Miss | Deed::PlayBack | Deed::AnswerPlayback)
                    && self.session.state == SessionState::Booked =>
            {
                Err(refused!("not_yet"; "This session has not begun yet. Afterwards you can say how it went."))
            }
            false => Err(self.session.over()),
        }
    }
    /// “Session with Tomas”.
    pub fn title(&self, viewer: &Viewer) -> String {
        format!("{} with {}", self.session.purpose.title(), self.company.name(viewer))
    }
    pub fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.company.relationship.parties.iter().map(|party| party.person)
    }
    pub fn others<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = PersonId> + 'a {
        self.people().filter(|person| !viewer.is(*person))
    }
}

/// A proposed session, for the policy table and for the tests of the rules.
pub(super) fn example(proposed_by: PersonId) -> Session {
    let nobody = uuid::Uuid::nil();
    let draft = Draft { purpose: Purpose::Regular, cadence: Cadence::Once, minutes: 60, times: Vec::new(), instead: None };
    Session::propose(nobody.into(), nobody.into(), proposed_by, "UTC", &draft, Timestamp::from_micros(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instants(cadence: Cadence, wall: &str, zone: &str, many: i64) -> Vec<String> {
        let anchor: DateTime = wall.parse().expect("a wall time");
        (0..many)
            .map(|n| Time::of_wall(cadence.after(anchor, n).expect("a date"), zone).expect("a time"))
            .map(|time| format!("{} {}", time.wall, time.at.jiff()))
            .collect()
    }

    #[test]
    fn p22_a_weekly_session_keeps_its_wall_time_when_clocks_change() {
        // Berlin goes forward on 28 March 2027 and back on 31 October 2027.
        assert_eq!(
            instants(Cadence::Weekly, "2027-03-22T18:00", "Europe/Berlin", 2),
            ["2027-03-22T18:00:00 2027-03-22T17:00:00Z", "2027-03-29T18:00:00 2027-03-29T16:00:00Z"]
        );
        assert_eq!(
            instants(Cadence::Fortnightly, "2027-10-25T18:00", "Europe/Berlin", 2),
            ["2027-10-25T18:00:00 2027-10-25T16:00:00Z", "2027-11-08T18:00:00 2027-11-08T17:00:00Z"]
        );
        // São Paulo has not changed its clocks since 2019, whatever Berlin does; in 2018 it still did.
        assert_eq!(
            instants(Cadence::Weekly, "2027-03-22T18:00", "America/Sao_Paulo", 2),
            ["2027-03-22T18:00:00 2027-03-22T21:00:00Z", "2027-03-29T18:00:00 2027-03-29T21:00:00Z"]
        );
        assert_eq!(
            instants(Cadence::Weekly, "2018-10-30T18:00", "America/Sao_Paulo", 2),
            ["2018-10-30T18:00:00 2018-10-30T21:00:00Z", "2018-11-06T18:00:00 2018-11-06T20:00:00Z"]
        );
    }

    #[test]
    fn an_hour_that_is_left_out_or_repeated_is_still_a_time() {
        let left_out = Time::of_wall("2027-03-28T02:30".parse().unwrap(), "Europe/Berlin").unwrap();
        assert_eq!(left_out.at.jiff().to_string(), "2027-03-28T01:30:00Z");
        let repeated = Time::of_wall("2027-10-31T02:30".parse().unwrap(), "Europe/Berlin").unwrap();
        assert_eq!(repeated.at.jiff().to_string(), "2027-10-31T00:30:00Z");
    }

    #[test]
    fn a_month_later_is_the_same_weekday_of_the_month() {
        let dates = |wall: &str| -> Vec<String> {
            (0..4).map(|n| Cadence::Monthly.after(wall.parse().unwrap(), n).unwrap().date().to_string()).collect()
        };
        assert_eq!(dates("2026-11-10T18:00"), ["2026-11-10", "2026-12-08", "2027-01-12", "2027-02-09"]);
        // The fifth Monday is the last one in months that have four.
        assert_eq!(dates("2026-11-30T18:00"), ["2026-11-30", "2026-12-28", "2027-01-25", "2027-02-22"]);
    }

    proptest! {
        #[test]
        fn what_repeats_keeps_its_weekday_and_its_clock(day in 0_i64..3000, hour in 0_i8..24, n in -50_i64..50, cadence in 1..4_usize) {
            use jiff::ToSpan;
            let anchor = jiff::civil::date(2024, 1, 1).checked_add(day.days()).unwrap().at(hour, 15, 0, 0);
            let then = Cadence::ALL[cadence].after(anchor, n).unwrap();
            prop_assert_eq!((then.weekday(), then.time()), (anchor.weekday(), anchor.time()));
            prop_assert_eq!(then.cmp(&anchor), n.cmp(&0));
        }

        /// However people press, a session ends once and stays ended.
        #[test]
        fn a_session_ends_once(deeds in prop::collection::vec(0..5_u8, 1..12)) {
            let someone = PersonId(uuid::Uuid::from_u128(1));
            let mut session = example(someone);
            let now = Timestamp::from_micros(10_000_000_000);
            let time = Time::of_instant(Timestamp::from_micros(1_000_000_000), &TimeZone::UTC);
            for deed in deeds {
                let was = session.clone();
                let done = match deed {
                    0 => session.clone().book(&time),
                    1 => session.clone().moved_to(&time, None),
                    2 => session.clone().cancel(Some(someone), Reason::Someone, None, now),
                    3 => session.clone().hold(someone, now),
                    _ => session.clone().miss(someone, now),
                };
                match done {
                    Ok(next) => { prop_assert!(was.is_live()); session = next; }
                    Err(e) => prop_assert!(matches!(e, Error::Refused(_))),
                }
                prop_assert_eq!(session.is_live(), session.ended_at.is_none());
                prop_assert_eq!(session.state == SessionState::Booked && session.starts_at.is_none(), false);
            }
        }
    }
}
