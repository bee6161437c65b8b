//! What someone shows: a read value with everything a page about them needs. Pure.

use super::person::{OpenTo, Side, first_name};
use super::{places, tongues};
use crate::slices::PolicyTable;
use crate::viewer::{Office, PersonId, Viewer};
use chiron_store::{Timestamp, ids, record};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan, Zoned};

ids!(
    /// A line of “has done”.
    ExperienceId,
    CredentialId,
);

record!(
    /// The one row of a profile, beside its lists.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Shown {
        pub person: PersonId,
        pub name: String,
        pub pronouns: String,
        pub headline: String,
        pub story: String,
        pub country: String,
        pub zone: String,
        pub photo: Option<String>,
        pub directive_facilitative: Option<i64>,
        pub support_challenge: Option<i64>,
        pub structured_emergent: Option<i64>,
        pub methods: String,
        pub how_i_work: String,
        pub supervision: String,
        pub fee: Option<String>,
        pub minutes_a_week: i64,
        pub capacity: i64,
        pub not_now_until: Option<Timestamp>,
        pub public_slug: Option<String>,
        pub public_indexed: bool,
        pub joined_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// How many people they guide now.
        pub guiding: i64,
    }
);

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SkillLevel {
        pub side: Side,
        pub skill: String,
        pub level: i64,
    }
);

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Experience {
        pub moved_from: String,
        pub moved_into: String,
        pub year: Option<i64>,
        pub words: String,
    }
);

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Credential {
        pub title: String,
        pub issuer: String,
        pub link: Option<String>,
        /// Days as text, YYYY-MM-DD.
        pub issued_on: Option<String>,
        pub expires_on: Option<String>,
    }
);

record!(
    /// A stretch of the week by the clock on their wall.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Hours {
        /// 1 is Monday.
        pub weekday: i64,
        pub from_minute: i64,
        /// Up to 1440, which is midnight.
        pub to_minute: i64,
    }
);

#[derive(Debug, Clone)]
pub struct Profile {
    pub shown: Shown,
    pub open_to: Vec<OpenTo>,
    /// ISO 639-1 codes, the best first.
    pub languages: Vec<String>,
    pub offered: Vec<SkillLevel>,
    pub wanted: Vec<SkillLevel>,
    pub experiences: Vec<Experience>,
    pub credentials: Vec<Credential>,
    pub hours: Vec<Hours>,
    /// `None` while there is too little history.
    pub usual_reply: Option<SignedDuration>,
}

/// Whether someone can be asked to guide another person just now, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// With this many places left.
    Free(i64),
    Full,
    NotNow(Timestamp),
    /// They are not open to being a mentor, coach or partner.
    NotOffered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    See,
    SeePublic,
    Change,
    SeeValues,
    Import,
}

impl Profile {
    pub fn allows(&self, viewer: Option<&Viewer>, deed: Deed) -> bool {
        allows(deed, viewer.is_some_and(|v| v.is(self.shown.person)), viewer.map(|v| v.office), self.shown.public_slug.is_some())
            && (self.shown.closed_at.is_none() || viewer.is_some_and(|v| v.is(self.shown.person)))
    }

    pub fn first_name(&self) -> &str {
        first_name(&self.shown.name)
    }

    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.shown.zone).unwrap_or(TimeZone::UTC)
    }

    /// Until when they do not want to be asked, when that is still ahead.
    pub fn not_now(&self, now: Timestamp) -> Option<Timestamp> {
        self.shown.not_now_until.filter(|until| *until > now)
    }

    pub fn places_left(&self) -> i64 {
        (self.shown.capacity - self.shown.guiding).max(0)
    }

    /// Whether they would guide somebody: all but answering one question.
    fn would_guide(&self) -> bool {
        self.open_to.iter().any(|role| *role != OpenTo::Question)
    }

    /// Whoever would guide and has named no place for anybody is shown to nobody, and would wait for requests that
    /// cannot come.
    pub fn has_no_places(&self) -> bool {
        self.would_guide() && self.shown.capacity == 0
    }

    pub fn room(&self, now: Timestamp) -> Room {
        if !self.would_guide() {
            return Room::NotOffered;
        }
        match (self.not_now(now), self.places_left()) {
            (Some(until), _) => Room::NotNow(until),
            (None, 0) => Room::Full,
            (None, places) => Room::Free(places),
        }
    }

    pub fn takes_asks(&self, now: Timestamp) -> bool {
        matches!(self.room(now), Room::Free(_))
    }

    /// A question fills no place, so that somebody who is full can still answer one.
    pub fn takes_questions(&self, now: Timestamp) -> bool {
        self.open_to.contains(&OpenTo::Question) && self.not_now(now).is_none()
    }

    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.shown.methods.lines().map(str::trim).filter(|method| !method.is_empty())
    }

    pub fn country_name(&self) -> Option<&'static str> {
        places::by_code(&self.shown.country).map(|country| country.name)
    }

    pub fn language_names(&self) -> Vec<&str> {
        self.languages.iter().map(|code| tongues::by_code(code).map_or(code.as_str(), |tongue| tongue.name)).collect()
    }

    /// The promise in words: what their weekly time means for each person they guide, so that nobody promises a place
    /// without the time for it. `None` while they offer no place.
    pub fn commitment(&self) -> Option<String> {
        commitment(self.shown.minutes_a_week, self.shown.capacity)
    }
}

fn allows(deed: Deed, own: bool, office: Option<Office>, public: bool) -> bool {
    match deed {
        Deed::See => office.is_some(),
        Deed::SeePublic => public,
        Deed::Change | Deed::SeeValues => own,
        Deed::Import => office == Some(Office::Administrator),
    }
}

pub fn policy(table: &mut PolicyTable) {
    for (deed, name) in [
        (Deed::See, "see"),
        (Deed::SeePublic, "see public page"),
        (Deed::Change, "change"),
        (Deed::SeeValues, "see values card"),
        (Deed::Import, "import"),
    ] {
        for (role, own, office, public) in [
            ("visitor", false, None, false),
            ("visitor, page made public", false, None, true),
            ("themselves", true, Some(Office::Member), false),
            ("member", false, Some(Office::Member), false),
            ("coordinator", false, Some(Office::Coordinator), false),
            ("administrator", false, Some(Office::Administrator), false),
        ] {
            table.row("profile", name, role, allows(deed, own, office, public));
        }
    }
}

impl Experience {
    /// As it is said of them: “moved from teaching into data, 2017”.
    pub fn sentence(&self) -> String {
        let moved = match (self.moved_from.as_str(), self.moved_into.as_str()) {
            ("", "") => String::new(),
            (from, "") => format!("moved on from {from}"),
            ("", into) => format!("moved into {into}"),
            (from, into) => format!("moved from {from} into {into}"),
        };
        let told = match (moved.is_empty(), self.words.is_empty()) {
            (false, false) => format!("{moved}: {}", self.words),
            (false, true) => moved,
            (true, _) => self.words.clone(),
        };
        match self.year {
            Some(year) => format!("{told}, {year}"),
            None => told,
        }
    }
}

impl Credential {
    /// Whether its last day is past, by the calendar of UTC: it greys out by itself.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let last: Option<jiff::civil::Date> = self.expires_on.as_deref().and_then(|day| day.parse().ok());
        last.is_some_and(|last| now.in_zone(&TimeZone::UTC).date() > last)
    }
}

pub fn commitment(minutes_a_week: i64, capacity: i64) -> Option<String> {
    if capacity <= 0 {
        return None;
    }
    let people = if capacity == 1 { "one person".to_owned() } else { format!("{capacity} people") };
    if minutes_a_week <= 0 {
        return Some(format!("You offer a place to {people} and have not said how much time you have for it."));
    }
    let each = minutes_a_week * 52 / 12 / capacity;
    let each_words = if each < 60 {
        format!("{each} minutes a month")
    } else {
        let halves = (each + 15) / 30;
        match (halves / 2, halves % 2) {
            (1, 0) => "about an hour a month".to_owned(),
            (hours, 0) => format!("about {hours} hours a month"),
            (hours, _) => format!("about {hours}½ hours a month"),
        }
    };
    let verdict =
        if each < 45 { " That is little: most people meet for an hour or so each month. Fewer places, or more time?" } else { "" };
    let for_each = if capacity == 1 { String::new() } else { " for each".to_owned() };
    Some(format!("{} a week for {people} is {each_words}{for_each}.{verdict}", time_words(minutes_a_week)))
}

/// “90 minutes” as people say it: “1½ hours”.
pub fn time_words(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} minutes"),
        (1, 0) => "1 hour".into(),
        (h, 0) => format!("{h} hours"),
        (h, 30) => format!("{h}½ hours"),
        (h, m) => format!("{h} h {m} min"),
    }
}

/// What is wrong with a week of hours, and in which row: backwards, or on top of one another. The rows come as typed.
pub fn faults(rows: &[Hours]) -> Vec<(usize, String)> {
    let mut faults = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if row.to_minute <= row.from_minute {
            faults.push((at, "This ends before it begins. For a night, please use two rows, one for each day.".to_owned()));
            continue;
        }
        let overlaps = |other: &Hours| {
            other.weekday == row.weekday
                && other.to_minute > other.from_minute
                && other.from_minute < row.to_minute
                && row.from_minute < other.to_minute
        };
        if rows[..at].iter().any(overlaps) {
            faults.push((at, format!("This overlaps with another time on {}.", day_name(row.weekday))));
        }
    }
    faults
}

pub const DAYS: [(&str, &str); 7] =
    [("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"), ("6", "Saturday"), ("7", "Sunday")];

pub fn day_name(weekday: i64) -> &'static str {
    usize::try_from(weekday - 1).ok().and_then(|at| DAYS.get(at)).map_or("", |(_, name)| name)
}

/// “18:30”; midnight at the end of a day is “24:00”.
pub fn clock_words(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A stretch of their week on the viewer's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirTime {
    /// “Tuesday 19:00–21:00”, by the viewer's clock.
    pub yours: String,
    /// “Tuesday 18:00–20:00”, when their clock says something else.
    pub theirs: Option<String>,
}

/// Hours as the viewer will find them in the coming seven days, which is right in the week of a change of the clock too.
pub fn on_clock_of(hours: &[Hours], theirs: &TimeZone, viewer: &TimeZone, now: Timestamp) -> Vec<TheirTime> {
    let today = now.in_zone(theirs);
    let mut times: Vec<(Zoned, TheirTime)> = hours
        .iter()
        .filter_map(|row| {
            let weekday = Weekday::from_monday_one_offset(row.weekday.try_into().ok()?).ok()?;
            let days = i64::from(weekday.since(today.weekday()));
            let date = today.date().checked_add(days.days()).ok()?;
            let at = |minute: i64| {
                // Midnight at the end is the next day's beginning.
                let (date, minute) = if minute >= 1440 { (date.tomorrow().ok()?, 0) } else { (date, minute) };
                date.at(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).to_zoned(theirs.clone()).ok()
            };
            let (from, to) = (at(row.from_minute)?, at(row.to_minute)?);
            let said = |from: &Zoned, to: &Zoned| {
                let end = if to.hour() == 0 && to.minute() == 0 { "24:00".to_owned() } else { to.strftime("%H:%M").to_string() };
                format!("{}–{end}", from.strftime("%A %H:%M"))
            };
            let (mine_from, mine_to) = (from.with_time_zone(viewer.clone()), to.with_time_zone(viewer.clone()));
            let (yours, own) = (said(&mine_from, &mine_to), said(&from, &to));
            let theirs = (own != yours).then_some(own);
            Some((mine_from, TheirTime { yours, theirs }))
        })
        .collect();
    // In the order of a week from Monday, whatever day it is.
    times.sort_by_key(|(from, _)| (from.weekday().to_monday_one_offset(), from.time()));
    times.into_iter().map(|(_, time)| time).collect()
}

/// One end of a style scale to the other, each with its word.
pub const STYLES: [(&str, &str, &str, &str); 3] = [
    ("directive_facilitative", "Answers or questions", "Answers: I say what I would do", "Questions: I ask until you know"),
    ("support_challenge", "Comfort or stretch", "Support first", "Challenge first"),
    ("structured_emergent", "Plan or flow", "Plan: one that we follow", "Flow: what matters today"),
];

/// Where on a scale, in words: neither screen readers nor people read numbers there.
pub fn style_words(scale: usize, value: i64) -> &'static str {
    const WORDS: [[&str; 5]; 3] = [
        ["answers", "rather answers", "some of both", "rather questions", "questions"],
        ["support first", "rather support", "some of both", "rather challenge", "challenge first"],
        ["plan", "rather plan", "some of both", "rather flow", "flow"],
    ];
    let step = match value {
        ..15 => 0,
        15..40 => 1,
        40..=60 => 2,
        61..=85 => 3,
        _ => 4,
    };
    WORDS.get(scale).map_or("", |words| words[step])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        day.parse::<jiff::Timestamp>().expect("an instant").into()
    }

    #[test]
    fn p06_a_credential_expires_after_its_last_day() {
        let credential =
            Credential { title: "PCC".into(), issuer: "ICF".into(), link: None, issued_on: None, expires_on: Some("2026-11-30".into()) };
        assert!(!credential.is_expired(at("2026-11-30T23:59:00Z")));
        assert!(credential.is_expired(at("2026-12-01T00:00:00Z")));
        assert!(!Credential { expires_on: None, ..credential }.is_expired(at("2099-01-01T00:00:00Z")));
    }

    #[test]
    fn hours_must_run_forward_and_apart() {
        let row = |weekday, from: i64, to: i64| Hours { weekday, from_minute: from * 60, to_minute: to * 60 };
        assert_eq!(faults(&[row(1, 9, 10), row(1, 10, 12), row(2, 9, 24)]), []);
        assert_eq!(faults(&[row(1, 9, 9)]).len(), 1);
        let overlapping = faults(&[row(3, 9, 12), row(3, 11, 13), row(4, 11, 13)]);
        assert_eq!(overlapping, [(1, "This overlaps with another time on Wednesday.".to_owned())]);
    }

    #[test]
    fn their_week_is_read_on_the_viewers_clock() {
        let zone = |name| TimeZone::get(name).expect("a zone");
        let hours =
            [Hours { weekday: 2, from_minute: 18 * 60, to_minute: 20 * 60 }, Hours { weekday: 7, from_minute: 22 * 60, to_minute: 1440 }];
        let told = on_clock_of(&hours, &zone("Europe/Prague"), &zone("Asia/Kolkata"), at("2026-11-22T09:00:00Z"));
        let yours: Vec<&str> = told.iter().map(|t| t.yours.as_str()).collect();
        assert_eq!(yours, ["Monday 02:30–04:30", "Tuesday 22:30–00:30"]);
        assert_eq!(told[1].theirs.as_deref(), Some("Tuesday 18:00–20:00"));
        let same = on_clock_of(&hours, &zone("Europe/Prague"), &zone("Europe/Berlin"), at("2026-11-22T09:00:00Z"));
        assert_eq!(same[0], TheirTime { yours: "Tuesday 18:00–20:00".into(), theirs: None });
        assert_eq!(same[1].yours, "Sunday 22:00–24:00");
    }

    #[test]
    fn p21_the_promise_is_said_back_in_words() {
        assert_eq!(commitment(60, 0), None);
        assert_eq!(commitment(60, 2).as_deref(), Some("1 hour a week for 2 people is about 2 hours a month for each."));
        assert_eq!(commitment(30, 1).as_deref(), Some("30 minutes a week for one person is about 2 hours a month."));
        assert!(commitment(15, 3).is_some_and(|words| words.contains("That is little")));
        assert!(commitment(0, 3).is_some_and(|words| words.contains("have not said")));
    }

    #[test]
    fn an_experience_reads_as_a_sentence() {
        let one = |from: &str, into: &str, year, words: &str| {
            Experience { moved_from: from.into(), moved_into: into.into(), year, words: words.into() }.sentence()
        };
        assert_eq!(one("teaching", "data", Some(2017), ""), "moved from teaching into data, 2017");
        assert_eq!(one("", "", None, "came back to work after parental leave"), "came back to work after parental leave");
    }
}
