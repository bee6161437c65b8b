//! Worksheets: the questions on one, what is worked out from the answers, who fills one in for whom, and who may do what.
//! Pure.

use super::formula::{Formula, Letter, Why};
use crate::error::Result;
use crate::relationships::{self, Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, morning};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

ids!(WorksheetId, AssignmentId);

text_enum!(
    /// Where a worksheet is that somebody is to fill in.
    pub AssignmentState { Given = "given", HandedIn = "handed_in", Read = "read", SetAside = "set_aside", Withdrawn = "withdrawn" }
);
text_enum!(
    /// What people do with a worksheet of their own.
    pub WorksheetDeed { See = "see", Change = "change", Give = "give" }
);
text_enum!(
    /// What people do with one that was given to somebody.
    pub Deed {
        See = "see",
        /// Fill it in, hand it in, take it back, set it aside, choose another day.
        Fill = "fill",
        /// Write beside the answers.
        Annotate = "annotate",
        /// Take back that it was given.
        Withdraw = "withdraw",
        /// Give it once more.
        Repeat = "repeat",
    }
);

/// Questions on one worksheet at one time; it has had at most [`Letter::LAST`].
pub const MOST_PARTS: usize = 20;
/// Worksheets that one person keeps.
pub const MOST: i64 = 200;
/// Worksheets that wait for one person in one relationship.
pub const MOST_WAITING: i64 = 20;
/// The paces at which one may be given anew by itself, in days.
pub const PACES: [i64; 4] = [7, 14, 28, 84];
/// After this long it is said once more that it waits.
const ONCE_MORE: SignedDuration = SignedDuration::from_hours(72);
/// How far ahead a day may lie.
const DAYS_AHEAD: i64 = 366;

/// The longest texts, in characters.
pub mod longest {
    pub const TITLE: usize = 120;
    pub const INTRO: usize = 2000;
    pub const ASK: usize = 300;
    pub const HINT: usize = 300;
    pub const UNIT: usize = 30;
    pub const END: usize = 60;
    pub const OPTIONS: usize = 1500;
    pub const ANSWER: usize = 6000;
    pub const NOTE: usize = 2000;
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Kind {
    Words,
    Number { unit: String },
    Scale { least: i64, most: i64, low: String, high: String },
    Choice { options: Vec<String> },
    Computed { formula: String, unit: String },
}

/// One question, or one number that is worked out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub letter: Letter,
    pub ask: String,
    pub hint: String,
    pub kind: Kind,
    /// Whether it is followed from one time to the next.
    pub measured: bool,
}

/// A worksheet with its words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    pub title: String,
    pub intro: String,
    pub parts: Vec<Part>,
    /// Letters that were given away so far: none comes twice, so that an older answer never belongs to a newer question.
    pub lettered: usize,
}

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Number(f64),
    Words(String),
}
pub type Answers = BTreeMap<Letter, Answer>;

/// What is written beside the answers, and to the whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    pub beside: BTreeMap<Letter, String>,
    pub all: String,
}

impl Kind {
    pub fn is_number(&self) -> bool {
        !matches!(self, Self::Words | Self::Choice { .. })
    }
    pub fn is_asked(&self) -> bool {
        !matches!(self, Self::Computed { .. })
    }
    /// In an address and in a form.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Number { .. } => "number",
            Self::Scale { .. } => "scale",
            Self::Choice { .. } => "choice",
            Self::Computed { .. } => "computed",
        }
    }
    /// One that is still empty, by its name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "words" => Self::Words,
            "number" => Self::Number { unit: String::new() },
            "scale" => Self::Scale { least: 1, most: 10, low: String::new(), high: String::new() },
            "choice" => Self::Choice { options: Vec::new() },
            "computed" => Self::Computed { formula: String::new(), unit: String::new() },
            _ => return None,
        })
    }
    pub fn title(&self) -> &'static str {
        match self {
            Self::Words => "Words",
            Self::Number { .. } => "A number",
            Self::Scale { .. } => "A scale",
            Self::Choice { .. } => "One of a few",
            Self::Computed { .. } => "Worked out",
        }
    }
    pub fn unit(&self) -> &str {
        match self {
            Self::Number { unit } | Self::Computed { unit, .. } => unit,
            _ => "",
        }
    }
}

impl Paper {
    pub fn letters(&self) -> Vec<Letter> {
        let mut letters: Vec<Letter> = self.parts.iter().map(|part| part.letter).collect();
        letters.sort_unstable();
        letters
    }
    pub fn part(&self, letter: Letter) -> Option<&Part> {
        self.parts.iter().find(|part| part.letter == letter)
    }
    pub fn asks_anything(&self) -> bool {
        self.parts.iter().any(|part| part.kind.is_asked())
    }

    /// With one more question at the end, under the next letter.
    pub fn with(mut self, ask: String, hint: String, kind: Kind, measured: bool) -> Result<(Self, Letter)> {
        if self.parts.len() >= MOST_PARTS {
            return Err(refused!("too_many_parts"; "A worksheet has at most {MOST_PARTS} questions. Please make two of it."));
        }
        let letter = Letter::at(self.lettered).ok_or_else(
            || refused!("no_letter_left"; "All letters from A to Z were given away on this worksheet. Please go on with a copy of it."),
        )?;
        self.lettered += 1;
        self.parts.push(Part { letter, ask, hint, kind, measured });
        self.checked().map(|paper| (paper, letter))
    }
    /// With this question as it is now.
    pub fn with_changed(mut self, changed: Part) -> Result<Self> {
        let place = self.parts.iter().position(|part| part.letter == changed.letter).ok_or(crate::error::Error::NotFound)?;
        self.parts[place] = changed;
        self.checked()
    }
    /// Without this question, if nothing is worked out from it.
    pub fn without(mut self, letter: Letter) -> Result<Self> {
        let place = self.parts.iter().position(|part| part.letter == letter).ok_or(crate::error::Error::NotFound)?;
        if let Some((by, _)) = self.formulas().into_iter().find(|(by, formula)| *by != letter && formula.letters(&[]).contains(&letter)) {
            return Err(refused!("in_use"; "{by} is worked out from {letter}. Please change {by} first."));
        }
        self.parts.remove(place);
        Ok(self)
    }
    /// With this question one place further up.
    pub fn with_up(mut self, letter: Letter) -> Self {
        if let Some(place) = self.parts.iter().position(|part| part.letter == letter).filter(|place| *place > 0) {
            self.parts.swap(place, place - 1);
        }
        self
    }

    /// A copy to go on with: letters beyond its last are free again.
    pub fn copied(mut self) -> Self {
        let last = self.letters().pop();
        self.lettered = (0..Letter::LAST).find(|place| Letter::at(*place) > last).unwrap_or(Letter::LAST);
        self
    }

    fn formulas(&self) -> Vec<(Letter, Formula)> {
        let formula = |part: &Part| match &part.kind {
            Kind::Computed { formula, .. } => Formula::of(formula).ok().map(|formula| (part.letter, formula)),
            _ => None,
        };
        self.parts.iter().filter_map(formula).collect()
    }

    /// Whether everything that is worked out can be: it stands on numbers that are there, and not on itself.
    fn checked(self) -> Result<Self> {
        let letters = self.letters();
        for part in &self.parts {
            let Kind::Computed { formula, .. } = &part.kind else { continue };
            for letter in Formula::of(formula)?.letters(&letters) {
                match self.part(letter) {
                    Some(other) if other.kind.is_number() => {}
                    Some(_) => return Err(refused!("formula"; "{letter} is not a number, so nothing can be worked out from it.")),
                    None => return Err(refused!("formula"; "There is no question {letter} on this worksheet.")),
                }
            }
            if self.stands_on(part.letter, part.letter, &letters, &mut BTreeSet::new()) {
                return Err(refused!("formula"; "{} would be worked out from itself.", part.letter));
            }
        }
        Ok(self)
    }
    /// Whether what `from` is worked out from leads to `letter`.
    fn stands_on(&self, from: Letter, letter: Letter, letters: &[Letter], seen: &mut BTreeSet<Letter>) -> bool {
        let Some(Kind::Computed { formula, .. }) = self.part(from).map(|part| &part.kind) else { return false };
        let below = Formula::of(formula).map(|formula| formula.letters(letters)).unwrap_or_default();
        below.into_iter().any(|next| next == letter || (seen.insert(next) && self.stands_on(next, letter, letters, seen)))
    }

    /// The number of a question, given or worked out.
    pub fn number(&self, letter: Letter, answers: &Answers) -> Result<f64, Why> {
        match self.part(letter).map(|part| &part.kind) {
            Some(Kind::Computed { formula, .. }) => {
                // What is kept was checked; a formula that no longer reads has no number.
                let formula = Formula::of(formula).map_err(|_| Why::Empty(letter))?;
                formula.work_out(&self.letters(), &|below| self.number(below, answers).ok())
            }
            _ => match answers.get(&letter) {
                Some(Answer::Number(number)) => Ok(*number),
                _ => Err(Why::Empty(letter)),
            },
        }
    }
}

record!(
    /// A worksheet as its owner keeps it.
    #[derive(Debug, Clone)]
    pub(super) struct WorksheetRow {
        pub id: WorksheetId,
        pub owner: PersonId,
        pub key: KeyId,
        pub words: Sealed,
        pub version: i64,
        pub made_at: Timestamp,
    }
);

/// A worksheet of somebody's, with its words.
#[derive(Debug, Clone)]
pub struct Worksheet {
    pub id: WorksheetId,
    pub owner: PersonId,
    pub key: KeyId,
    pub version: i64,
    pub made_at: Timestamp,
    pub paper: Paper,
}

impl Worksheet {
    pub fn allows(&self, viewer: &Viewer, _: WorksheetDeed) -> bool {
        viewer.is(self.owner)
    }
}

record!(
    /// A worksheet that somebody is to fill in, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Assignment {
        pub id: AssignmentId,
        /// What it was made from; the same one filled in again and again makes one line.
        pub worksheet: WorksheetId,
        pub giver: PersonId,
        pub filler: PersonId,
        /// Where both are; `None` for oneself.
        pub relationship: Option<RelationshipId>,
        pub key: KeyId,
        pub state: AssignmentState,
        pub given_at: Timestamp,
        /// YYYY-MM-DD.
        pub due_on: Option<String>,
        /// Given anew after so many days, once it is handed in.
        pub again_days: Option<i64>,
        pub asks_at: Option<Timestamp>,
        pub handed_in_at: Option<Timestamp>,
        pub read_at: Option<Timestamp>,
        pub version: i64,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedParts {
        pub id: AssignmentId,
        pub paper: Sealed,
        pub answers: Option<Sealed>,
        pub notes: Option<Sealed>,
    }
);

impl Assignment {
    pub fn is_own(&self) -> bool {
        self.relationship.is_none()
    }
    /// Who may do what. Whoever fills it in keeps it for good; whoever gave it sees that it is there, and its answers once
    /// they are handed in. Where contact is stopped, nothing of one is shown to the other.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        let mine = viewer.is(self.filler);
        let gave = viewer.is(self.giver) && (mine || together.is_some_and(|together| self.is_shown_to(together, viewer)));
        match deed {
            Deed::See | Deed::Repeat => mine || gave,
            Deed::Fill => mine,
            Deed::Annotate => gave && !mine,
            Deed::Withdraw => gave,
        }
    }
    fn is_shown_to(&self, together: &Relationship, viewer: &Viewer) -> bool {
        self.relationship == Some(together.id) && together.shows_to(viewer)
    }
    /// Whether this viewer reads the answers: what is not handed in is its filler's alone.
    pub fn shows_answers_to(&self, viewer: &Viewer) -> bool {
        viewer.is(self.filler) || matches!(self.state, AssignmentState::HandedIn | AssignmentState::Read)
    }
    /// Whether it waits for being filled in.
    pub fn is_open(&self) -> bool {
        self.state == AssignmentState::Given
    }
    pub fn due(&self) -> Option<Date> {
        self.due_on.as_ref().and_then(|day| day.parse().ok())
    }

    /// Due on this day, or on none: then nobody reminds.
    pub fn due_then(self, day: Option<Date>, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        self.must_be(AssignmentState::Given)?;
        let today = now.in_zone(zone).date();
        if day.is_some_and(|day| day < today || i64::from((day - today).get_days()) > DAYS_AHEAD) {
            return Err(refused!("day"; "Please choose a day from today on, at most a year ahead."));
        }
        let asks_at = day.map(|day| morning(day, zone)).transpose()?.map(|at| at.max(now));
        Ok(Self { due_on: day.map(|day| day.to_string()), asks_at, ..self })
    }
    /// After its filler was reminded: once more some days later, and then no more.
    pub fn reminded(self, now: Timestamp, zone: &TimeZone) -> Self {
        let first = self.due().is_some_and(|day| now.in_zone(zone).date() <= day);
        Self { asks_at: first.then_some(now + ONCE_MORE), ..self }
    }
    pub fn handed_in(self, now: Timestamp) -> Result<Self> {
        self.must_be(AssignmentState::Given)?;
        Ok(Self { state: AssignmentState::HandedIn, handed_in_at: Some(now), asks_at: None, ..self })
    }
    /// Taken back to change it, until somebody has written beside it.
    pub fn taken_back(self) -> Result<Self> {
        self.must_be(AssignmentState::HandedIn)?;
        Ok(Self { state: AssignmentState::Given, handed_in_at: None, ..self })
    }
    pub fn read(self, now: Timestamp) -> Result<Self> {
        if !matches!(self.state, AssignmentState::HandedIn | AssignmentState::Read) {
            return Err(too_late!("This is not handed in any more. Please look again."));
        }
        Ok(Self { state: AssignmentState::Read, read_at: Some(now), ..self })
    }
    pub fn set_aside(self) -> Result<Self> {
        self.must_be(AssignmentState::Given)?;
        Ok(Self { state: AssignmentState::SetAside, asks_at: None, ..self })
    }
    pub fn taken_up(self) -> Result<Self> {
        self.must_be(AssignmentState::SetAside)?;
        Ok(Self { state: AssignmentState::Given, due_on: None, ..self })
    }
    pub fn withdrawn(self) -> Result<Self> {
        if matches!(self.state, AssignmentState::Given | AssignmentState::SetAside) {
            return Ok(Self { state: AssignmentState::Withdrawn, asks_at: None, ..self });
        }
        Err(too_late!("It is handed in already, so it stays."))
    }
    fn must_be(&self, state: AssignmentState) -> Result<()> {
        if self.state == state { Ok(()) } else { Err(too_late!("This changed a moment before. Please look again.")) }
    }
    /// The day of the next, where it is given anew by itself: so many days after this one was due, and not in the past.
    pub fn next_day(&self, now: Timestamp, zone: &TimeZone) -> Option<Date> {
        let days = self.again_days?;
        let today = now.in_zone(zone).date();
        let next = self.due().unwrap_or(today).checked_add(days.days()).ok()?;
        if next > today { Some(next) } else { today.checked_add(days.days()).ok() }
    }
    /// Whether the two can still give each other work.
    pub fn is_worked_on(&self, together: Option<&Relationship>) -> bool {
        self.is_own() || together.is_some_and(|together| together.is_open_to(relationships::Deed::TakePart))
    }
}

impl AssignmentState {
    pub fn words(self) -> &'static str {
        match self {
            Self::Given => "to fill in",
            Self::HandedIn => "handed in",
            Self::Read => "read",
            Self::SetAside => "set aside",
            Self::Withdrawn => "taken back",
        }
    }
}

/// At the beginning of time, for the policy table and the tests of the rules.
pub(super) fn example(giver: PersonId, filler: PersonId, relationship: Option<RelationshipId>) -> Assignment {
    let nil = uuid::Uuid::nil();
    Assignment {
        id: nil.into(),
        worksheet: nil.into(),
        giver,
        filler,
        relationship,
        key: nil.into(),
        state: AssignmentState::Given,
        given_at: Timestamp::from_micros(0),
        due_on: None,
        again_days: None,
        asks_at: None,
        handed_in_at: None,
        read_at: None,
        version: 0,
    }
}
pub(super) fn worksheet_example(owner: PersonId) -> Worksheet {
    let nil = uuid::Uuid::nil();
    Worksheet { id: nil.into(), owner, key: nil.into(), version: 0, made_at: Timestamp::from_micros(0), paper: Paper::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> Kind {
        Kind::Number { unit: String::new() }
    }
    fn computed(formula: &str) -> Kind {
        Kind::Computed { formula: formula.into(), unit: String::new() }
    }
    fn with(paper: Paper, kind: Kind) -> Result<Paper> {
        paper.with("?".into(), String::new(), kind, false).map(|(paper, _)| paper)
    }
    fn letter(c: char) -> Letter {
        Letter::of(c).expect("a letter")
    }

    #[test]
    fn p40_what_is_worked_out_may_stand_on_what_is_worked_out_but_not_on_itself() {
        let paper =
            [number(), number(), computed("A + B"), computed("C * 2")].into_iter().try_fold(Paper::default(), with).expect("a paper");
        let answers = Answers::from([(letter('A'), Answer::Number(2.0)), (letter('B'), Answer::Number(3.0))]);
        assert_eq!(paper.number(letter('D'), &answers), Ok(10.0));
        assert_eq!(paper.number(letter('D'), &Answers::new()), Err(Why::Empty(letter('C'))), "it says what is missing");
        for (kind, words) in [(computed("D"), "from itself"), (computed("A + Z"), "no question Z"), (computed("A +"), "too soon")] {
            let changed = Part { letter: letter('C'), ask: String::new(), hint: String::new(), kind, measured: false };
            assert!(paper.clone().with_changed(changed).expect_err(words).to_string().contains(words));
        }
        let words = with(paper.clone(), Kind::Words).and_then(|paper| with(paper, computed("E")));
        assert!(words.expect_err("no number").to_string().contains("not a number"));
        assert!(paper.clone().without(letter('A')).expect_err("used").to_string().contains("C is worked out from A"));
        assert!(paper.without(letter('D')).is_ok());
    }

    #[test]
    fn p40_a_letter_never_comes_twice() {
        let paper = with(with(Paper::default(), number()).unwrap(), number()).unwrap().without(letter('B')).unwrap();
        let paper = with(paper, number()).unwrap();
        assert_eq!(paper.letters(), [letter('A'), letter('C')]);
        assert_eq!(paper.with_up(letter('C')).parts[0].letter, letter('C'));
    }

    #[test]
    fn p40_answers_are_read_as_they_were_given() {
        let answers = Answers::from([(letter('A'), Answer::Number(2.5)), (letter('B'), Answer::Words("7".into()))]);
        let text = serde_json::to_string(&answers).unwrap();
        assert_eq!(serde_json::from_str::<Answers>(&text).unwrap(), answers);
    }

    #[test]
    fn p40_it_asks_on_its_morning_and_three_days_later_and_then_no_more() {
        let nobody: PersonId = uuid::Uuid::nil().into();
        let zone = TimeZone::get("Europe/Lisbon").unwrap();
        let now: Timestamp = "2026-11-02T12:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let given = example(nobody, nobody, None);
        let day: Date = "2026-11-05".parse().unwrap();
        let due = given.clone().due_then(Some(day), now, &zone).unwrap();
        let morning = due.asks_at.unwrap();
        assert_eq!(morning.in_zone(&zone).strftime("%F %H").to_string(), "2026-11-05 08");
        let once = due.clone().reminded(morning, &zone);
        let again = once.asks_at.unwrap();
        assert_eq!(again.in_zone(&zone).strftime("%F %H").to_string(), "2026-11-08 08");
        assert_eq!(once.reminded(again, &zone).asks_at, None);
        assert!(given.clone().due_then(Some(day), again, &zone).is_err(), "a day that is gone");
        assert_eq!(given.due_then(None, now, &zone).unwrap().asks_at, None);
        let weekly = Assignment { again_days: Some(7), ..due };
        assert_eq!(weekly.next_day(now, &zone).unwrap().to_string(), "2026-11-12");
        assert_eq!(weekly.next_day(now + SignedDuration::from_hours(24 * 30), &zone).unwrap().to_string(), "2026-12-09");
    }

    #[test]
    fn p40_what_is_not_handed_in_is_its_fillers_alone() {
        let (together, cast) = (crate::relationships::examples().0, crate::relationships::cast());
        let given = example(cast[1].person, cast[0].person, Some(together.id));
        assert!(given.shows_answers_to(&cast[0]) && !given.shows_answers_to(&cast[1]));
        let in_hands = given.clone().handed_in(Timestamp::from_micros(1)).unwrap();
        assert!(in_hands.shows_answers_to(&cast[1]));
        assert!(!in_hands.clone().taken_back().unwrap().shows_answers_to(&cast[1]));
        assert!(in_hands.read(Timestamp::from_micros(2)).unwrap().taken_back().is_err());
        for stranger in &cast[2..] {
            assert!(Deed::ALL.iter().all(|deed| !given.allows(Some(&together), stranger, *deed)));
        }
    }
}
