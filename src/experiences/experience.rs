//! An offer to try something for real, and a seat in it: who sees what, who may do what, and how a seat comes to its end. Pure.

use crate::error::Result;
use crate::plans::{ItemId, Kind};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

ids!(OfferId, SeatId);

text_enum!(
    pub SeatState {
        Asked = "asked",
        Given = "given",
        Declined = "declined",
        /// By whoever asked for it.
        Withdrawn = "withdrawn",
        /// By whoever gave it.
        TakenBack = "taken_back",
        /// Nobody answered in time, or there is nothing to answer for any more.
        Lapsed = "lapsed",
        /// With a note on what came of it.
        Done = "done",
    }
);
text_enum!(
    /// What people do with an offer.
    pub OfferDeed { See = "see", AskForPlace = "ask_for_a_place", Change = "change", End = "end" }
);
text_enum!(
    /// What people do with a seat.
    pub SeatDeed {
        See = "see",
        Answer = "answer",
        TakeBack = "take_back",
        Withdraw = "withdraw",
        /// Put it into a plan, say what came of it, and choose who reads that.
        Finish = "finish",
        /// Read what came of it.
        ReadNote = "read_the_note",
    }
);

/// Offers that one person has standing at once.
pub const MOST_OFFERS: i64 = 20;
pub const PLACES: std::ops::RangeInclusive<i64> = 1..=200;
pub const MOST_SKILLS: usize = 5;
/// How long an offer may stand, in days.
pub const DAYS_AHEAD: i32 = 366;
/// Requests of one person that wait at once.
pub const MOST_ASKED: i64 = 5;
/// Requests that wait for the answer to one offer; more would only wait in vain.
pub const MOST_WAITING: i64 = 200;
/// How long a request waits, and when its reader is reminded, in days.
const ANSWER_DAYS: i64 = 10;
const REMIND_DAYS: i64 = 5;

/// The longest texts, in characters.
pub mod longest {
    pub const TITLE: usize = 120;
    pub const WORDS: usize = 1500;
    pub const TAKES: usize = 160;
    pub const TOWN: usize = 80;
    pub const WHY: usize = 400;
    pub const ANSWER: usize = 600;
    pub const NOTE: usize = 1500;
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Offer {
        pub id: OfferId,
        pub offerer: PersonId,
        pub for_place: bool,
        pub kind: Kind,
        pub title: String,
        pub words: String,
        pub takes: String,
        /// ISO 3166-1; empty where it can be done from anywhere.
        pub country: String,
        pub town: String,
        pub places: i64,
        pub taken: i64,
        /// YYYY-MM-DD.
        pub until_on: String,
        pub closes_at: Timestamp,
        pub offered_at: Timestamp,
        pub ended_at: Option<Timestamp>,
    }
);

record!(
    /// A seat as it lies in the database, its words sealed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Seat {
        pub id: SeatId,
        pub offer: OfferId,
        pub learner: PersonId,
        pub key: KeyId,
        pub why: Sealed,
        pub state: SeatState,
        pub asked_at: Timestamp,
        pub remind_at: Timestamp,
        pub answer_by: Timestamp,
        pub answered_at: Option<Timestamp>,
        pub answer: Option<Sealed>,
        pub item: Option<ItemId>,
        pub note: Option<Sealed>,
        pub shared_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
    }
);

/// What somebody offers.
#[derive(Debug, Clone)]
pub struct Draft {
    pub for_place: bool,
    pub kind: Kind,
    pub title: String,
    pub words: String,
    pub takes: String,
    pub country: String,
    pub town: String,
    pub places: i64,
    pub until: Date,
    pub skills: Vec<crate::skills::Word>,
}

/// The end of the last day on which an offer stands.
fn closes_at(until: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let days = (until - now.in_zone(zone).date()).get_days();
    if !(0..=DAYS_AHEAD).contains(&days) {
        return Err(refused!("day"; "Please choose a day from today on, at most a year ahead."));
    }
    Ok(until.checked_add(1.day())?.to_zoned(zone.clone())?.timestamp().into())
}

impl Offer {
    /// As somebody puts it on the board.
    pub fn of(draft: &Draft, id: OfferId, viewer: &Viewer, now: Timestamp) -> Result<Self> {
        Ok(Self {
            id,
            offerer: viewer.person,
            for_place: draft.for_place,
            kind: draft.kind,
            title: draft.title.clone(),
            words: draft.words.clone(),
            takes: draft.takes.clone(),
            country: draft.country.clone(),
            town: draft.town.clone(),
            places: draft.places,
            taken: 0,
            until_on: draft.until.to_string(),
            closes_at: closes_at(draft.until, now, &viewer.zone)?,
            offered_at: now,
            ended_at: None,
        })
    }

    /// Every member sees it but those who are kept apart from its offerer; who looks after the place may take it down.
    pub fn allows(&self, viewer: &Viewer, apart: bool, deed: OfferDeed) -> bool {
        let mine = viewer.is(self.offerer);
        match deed {
            OfferDeed::See => mine || !apart,
            OfferDeed::AskForPlace => !mine && !apart,
            OfferDeed::Change => mine,
            OfferDeed::End => mine || (viewer.coordinates() && !apart),
        }
    }
    pub fn stands(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.closes_at > now
    }
    pub fn places_left(&self) -> i64 {
        (self.places - self.taken).max(0)
    }
    pub fn is_full(&self) -> bool {
        self.places_left() == 0
    }
    pub fn until(&self) -> Option<Date> {
        self.until_on.parse().ok()
    }
    pub fn is_remote(&self) -> bool {
        self.country.is_empty()
    }
}

impl Seat {
    pub fn asked(id: SeatId, offer: OfferId, learner: PersonId, key: KeyId, why: Sealed, now: Timestamp) -> Self {
        let days = |days: i64| now + SignedDuration::from_hours(24 * days);
        Self {
            id,
            offer,
            learner,
            key,
            why,
            state: SeatState::Asked,
            asked_at: now,
            remind_at: days(REMIND_DAYS),
            answer_by: days(ANSWER_DAYS),
            answered_at: None,
            answer: None,
            item: None,
            note: None,
            shared_at: None,
            ended_at: None,
        }
    }

    /// The learner, and whoever offered it while the two are not kept apart. What came of it is the learner's until shared.
    pub fn allows(&self, offer: &Offer, viewer: &Viewer, apart: bool, deed: SeatDeed) -> bool {
        let mine = viewer.is(self.learner);
        let theirs = viewer.is(offer.offerer) && offer.id == self.offer && !apart;
        match deed {
            SeatDeed::See => mine || theirs,
            SeatDeed::Answer | SeatDeed::TakeBack => theirs,
            SeatDeed::Withdraw | SeatDeed::Finish => mine,
            SeatDeed::ReadNote => mine || (theirs && self.shared_at.is_some()),
        }
    }
    pub fn is_open_to(&self, deed: SeatDeed) -> bool {
        match deed {
            SeatDeed::See | SeatDeed::ReadNote => true,
            SeatDeed::Answer => self.state == SeatState::Asked,
            SeatDeed::TakeBack | SeatDeed::Finish => self.state == SeatState::Given,
            SeatDeed::Withdraw => self.is_live(),
        }
    }
    /// Asked for or given, and not at its end.
    pub fn is_live(&self) -> bool {
        matches!(self.state, SeatState::Asked | SeatState::Given)
    }

    fn must(&self, deed: SeatDeed) -> Result<()> {
        if self.is_open_to(deed) {
            return Ok(());
        }
        Err(match self.state {
            SeatState::Asked => too_late!("This has no answer yet."),
            SeatState::Given => too_late!("The place was given already."),
            SeatState::Declined => too_late!("This was answered already."),
            SeatState::Withdrawn => too_late!("This was withdrawn a moment before."),
            SeatState::TakenBack => too_late!("The place was taken back a moment before."),
            SeatState::Lapsed => too_late!("The time for an answer is over."),
            SeatState::Done => too_late!("This is done already. What was said of it stands."),
        })
    }
    pub fn given(self, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::Answer)?;
        Ok(Self { state: SeatState::Given, answered_at: Some(now), ..self })
    }
    pub fn declined(self, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::Answer)?;
        Ok(Self { state: SeatState::Declined, answered_at: Some(now), ended_at: Some(now), ..self })
    }
    pub fn lapsed(self, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::Answer)?;
        Ok(Self { state: SeatState::Lapsed, ended_at: Some(now), ..self })
    }
    pub fn withdrawn(self, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::Withdraw)?;
        Ok(Self { state: SeatState::Withdrawn, ended_at: Some(now), ..self })
    }
    pub fn taken_back(self, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::TakeBack)?;
        Ok(Self { state: SeatState::TakenBack, ended_at: Some(now), ..self })
    }
    /// Done, never without a word on what came of it.
    pub fn done(self, note: &str, now: Timestamp) -> Result<Self> {
        self.must(SeatDeed::Finish)?;
        if note.trim().is_empty() {
            return Err(refused!("note"; "What came of it? A sentence is enough, also that it was not for you."));
        }
        Ok(Self { state: SeatState::Done, ended_at: Some(now), ..self })
    }
}

impl SeatState {
    /// As a tag.
    pub fn words(self) -> &'static str {
        match self {
            Self::Asked => "waiting",
            Self::Given => "a place",
            Self::Declined => "not this time",
            Self::Withdrawn => "withdrawn",
            Self::TakenBack => "could not be kept",
            Self::Lapsed => "no answer in time",
            Self::Done => "done",
        }
    }
}

/// At the beginning of time, for the policy table and the tests of the rules.
pub(super) fn examples(offerer: PersonId, learner: PersonId) -> (Offer, Seat) {
    let nil = uuid::Uuid::nil();
    let offer = Offer {
        id: nil.into(),
        offerer,
        for_place: false,
        kind: Kind::Shadow,
        title: "A day".into(),
        words: String::new(),
        takes: String::new(),
        country: String::new(),
        town: String::new(),
        places: 1,
        taken: 0,
        until_on: "1970-01-02".into(),
        closes_at: Timestamp::from_micros(9),
        offered_at: Timestamp::from_micros(0),
        ended_at: None,
    };
    let seat = Seat::asked(nil.into(), offer.id, learner, nil.into(), Sealed::default(), Timestamp::from_micros(0));
    (offer, seat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However people press, a seat ends once, is never done without a note, and is done only after it was given.
        #[test]
        fn p37_a_seat_ends_once_and_never_without_a_note(deeds in prop::collection::vec(0..8_u8, 1..12)) {
            let (_, mut seat) = examples(uuid::Uuid::from_u128(1).into(), uuid::Uuid::from_u128(2).into());
            let now = Timestamp::from_micros(1);
            let mut was_given = false;
            for deed in deeds {
                let was = seat.clone();
                let next = match deed {
                    0 => seat.clone().given(now),
                    1 => seat.clone().declined(now),
                    2 => seat.clone().lapsed(now),
                    3 => seat.clone().withdrawn(now),
                    4 => seat.clone().taken_back(now),
                    5 => seat.clone().done("  ", now),
                    _ => seat.clone().done("Half of it was new.", now),
                };
                if let Ok(next) = next {
                    prop_assert!(was.is_live());
                    prop_assert!(deed != 5, "done without a note");
                    was_given |= next.state == SeatState::Given;
                    seat = next;
                }
                prop_assert_eq!(seat.is_live(), seat.ended_at.is_none());
                prop_assert!(seat.state != SeatState::Done || was_given);
            }
        }
    }

    #[test]
    fn p37_an_offer_stands_through_its_last_day() {
        let zone = TimeZone::get("Europe/Prague").expect("a zone");
        let now: Timestamp = "2026-11-02T09:00:00Z".parse::<jiff::Timestamp>().expect("a moment").into();
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let until = |text: &str| closes_at(day(text), now, &zone).map(|at| at.jiff().to_string());
        assert_eq!(until("2026-11-02").ok().as_deref(), Some("2026-11-02T23:00:00Z"));
        assert_eq!(until("2026-12-24").ok().as_deref(), Some("2026-12-24T23:00:00Z"));
        assert!(until("2026-11-01").is_err());
        assert!(until("2028-01-01").is_err());
    }
}
