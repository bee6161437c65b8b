//! What somebody wrote for themselves: its lines, when it comes back, and who may do what with it. Pure.

use super::model::Model;
use crate::error::Result;
use crate::relationships::{Relationship, RelationshipId, RelationshipState};
use crate::seal::Sealed;
use crate::viewer::{PersonId, Viewer, morning};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

ids!(ReflectionId);

text_enum!(
    /// Whether it is still true, once it has come back.
    pub Verdict { Still = "still", Changed = "changed", NoLonger = "no_longer" }
);
text_enum!(
    /// What people do with what they have written for themselves.
    pub Deed { See = "see", Answer = "answer", Change = "change", Share = "share", Delete = "delete" }
);

/// The days after which it comes back. What one meets again after a gap stays longer; that the gaps grow, and by how
/// much, is our choice (docs/decisions/reflections.md).
pub const RETURNS: [i64; 4] = [2, 7, 21, 60];
/// How far ahead another day may lie.
const DAYS_AHEAD: i64 = 366;

/// Characters of one text of a reflection, and of what changed.
pub const LONGEST: usize = 8_000;
/// Reflections of one person.
pub const MOST: i64 = 10_000;
/// Lines of one reflection that can be shared.
pub const MOST_LINES: usize = 200;

record!(
    /// As it lies in the database.
    #[derive(Debug, Clone)]
    pub(super) struct SealedReflection {
        pub id: ReflectionId,
        pub person: PersonId,
        pub model: Model,
        pub words: Sealed,
        pub written_at: Timestamp,
        pub changed_at: Option<Timestamp>,
        pub return_at: Option<Timestamp>,
        pub back_at: Option<Timestamp>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedAnswer {
        pub at: Timestamp,
        pub verdict: Verdict,
        pub words: Option<Sealed>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedLine {
        pub reflection: ReflectionId,
        pub relationship: RelationshipId,
        pub number: i64,
        pub person: PersonId,
        pub words: Sealed,
        pub shared_at: Timestamp,
    }
);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reflection {
    pub id: ReflectionId,
    pub person: PersonId,
    pub model: Model,
    /// One text for each question, as many as the model has; some may be empty.
    pub texts: Vec<String>,
    pub written_at: Timestamp,
    pub changed_at: Option<Timestamp>,
    pub return_at: Option<Timestamp>,
    pub back_at: Option<Timestamp>,
}

/// What its writer said when it came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub at: Timestamp,
    pub verdict: Verdict,
    pub words: String,
}

/// What somebody writes.
#[derive(Debug, Clone)]
pub struct Draft {
    pub model: Model,
    pub texts: Vec<String>,
    pub comes_back: bool,
    /// The same twice is one reflection, with the words that came last.
    pub nonce: String,
}

/// One line of a reflection: what can be shared and what cannot be taken apart further.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    #[serde(skip)]
    pub number: i64,
    /// The question it answers; empty where one just wrote.
    pub question: String,
    pub words: String,
}

/// A line that those in a relationship read.
#[derive(Debug, Clone)]
pub struct SharedLine {
    pub reflection: ReflectionId,
    pub person: PersonId,
    pub shared_at: Timestamp,
    pub line: Line,
}

/// When what was written then comes back next: the morning of the first of its days that lies ahead.
pub fn next_return(written_at: Timestamp, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let day = written_at.in_zone(zone).date();
    RETURNS.iter().filter_map(|days| morning(day.checked_add(days.days()).ok()?, zone).ok()).find(|at| *at > now)
}

/// The lines of a reflection in their order. What was written later comes after everything else, so that no line changes
/// its number.
pub fn lines(model: Model, texts: &[String], answers: &[Answer]) -> Vec<Line> {
    let questions = model.questions();
    let written = texts.iter().enumerate().map(|(n, text)| (questions.get(n).copied().unwrap_or_default(), text.as_str()));
    let later = answers.iter().map(|answer| ("What changed since", answer.words.as_str()));
    let all = written.chain(later).flat_map(|(question, text)| text.lines().map(move |line| (question, line.trim())));
    let all = all.filter(|(_, line)| !line.is_empty()).take(MOST_LINES);
    (0..).zip(all).map(|(number, (question, words))| Line { number, question: question.into(), words: words.into() }).collect()
}

impl Reflection {
    pub fn allows(&self, viewer: &Viewer, _: Deed) -> bool {
        viewer.is(self.person)
    }
    pub fn is_back(&self) -> bool {
        self.back_at.is_some()
    }
    /// Its first line, to know it by.
    pub fn beginning(&self) -> &str {
        self.texts.iter().flat_map(|text| text.lines()).map(str::trim).find(|line| !line.is_empty()).unwrap_or("Nothing written")
    }

    /// Whether it is still true. What is no longer true has no reason to come back.
    pub(super) fn answered(self, verdict: Verdict) -> Result<Self> {
        if self.back_at.is_none() {
            return Err(too_late!("You have answered this already."));
        }
        let return_at = self.return_at.filter(|_| verdict != Verdict::NoLonger);
        Ok(Self { back_at: None, return_at, ..self })
    }
    /// Not now: on another day.
    pub(super) fn snoozed(self, day: Date, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let today = now.in_zone(zone).date();
        let at = morning(day, zone).ok().filter(|_| day > today && (day - today).get_days() as i64 <= DAYS_AHEAD);
        let at = at.ok_or_else(|| refused!("day"; "Please choose a day after today, at most a year ahead."))?;
        Ok(Self { back_at: None, return_at: Some(at), ..self })
    }
    /// It does not come back any more.
    pub(super) fn rests(self) -> Self {
        Self { back_at: None, return_at: None, ..self }
    }
}

impl SharedLine {
    /// Whoever shared it sees it for as long as it is shared; the others as far as they read what is written there. Where
    /// contact is stopped, nothing of one is shown to the others.
    pub fn is_read_by(&self, together: &Relationship, viewer: &Viewer) -> bool {
        viewer.is(self.person) || (together.state != RelationshipState::Frozen && together.reads(viewer, self.shared_at))
    }
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Self::Still => "Still true",
            Self::Changed => "Changed",
            Self::NoLonger => "No longer true",
        }
    }
}

/// A reflection at the beginning of time, for the policy table and the tests of the rules.
pub(super) fn example(person: PersonId) -> Reflection {
    Reflection {
        id: uuid::Uuid::nil().into(),
        person,
        model: Model::Free,
        texts: vec![String::new()],
        written_at: Timestamp::from_micros(0),
        changed_at: None,
        return_at: None,
        back_at: None,
    }
}
pub(super) fn shared_example(person: PersonId) -> SharedLine {
    SharedLine {
        reflection: uuid::Uuid::nil().into(),
        person,
        shared_at: Timestamp::from_micros(1),
        line: Line { number: 0, question: String::new(), words: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(n: i64) -> Timestamp {
        Timestamp::from_micros(n * 24 * 3600 * 1_000_000)
    }

    #[test]
    fn it_comes_back_on_the_mornings_after_2_7_21_and_60_days_and_then_rests() {
        let zone = jiff::tz::TimeZone::get("Europe/Lisbon").unwrap();
        // Half past eleven in the evening; in Lisbon the 2nd of November 2026, without daylight saving.
        let written: Timestamp = "2026-11-02T23:30:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let mut now = written;
        let mut came = Vec::new();
        while let Some(next) = next_return(written, now, &zone) {
            came.push(next.in_zone(&zone).strftime("%Y-%m-%d %H").to_string());
            now = next;
        }
        assert_eq!(came, ["2026-11-04 08", "2026-11-09 08", "2026-11-23 08", "2027-01-01 08"]);
    }

    #[test]
    fn lines_keep_their_numbers_when_something_is_added() {
        let texts = ["One.\n\n Two. ".to_owned(), String::new(), "Three.".to_owned()];
        let before = lines(Model::ThreeSteps, &texts, &[]);
        assert_eq!(before.iter().map(|l| l.words.as_str()).collect::<Vec<_>>(), ["One.", "Two.", "Three."]);
        assert_eq!(before[2].question, Model::ThreeSteps.questions()[2]);
        let answer = Answer { at: days(3), verdict: Verdict::Changed, words: "Four.".into() };
        let after = lines(Model::ThreeSteps, &texts, &[answer]);
        assert_eq!(after[..3], before[..]);
        assert_eq!((after[3].number, after[3].words.as_str()), (3, "Four."));
    }

    proptest! {
        /// Whatever its writer does, it comes back at most four times by itself and once for each time it was put off,
        /// never twice at one moment, and what rests stays at rest.
        #[test]
        fn a_reflection_comes_back_seldom_and_ends(deeds in prop::collection::vec(0_u8..6, 0..60)) {
            let nobody: PersonId = uuid::Uuid::nil().into();
            let utc = jiff::tz::TimeZone::UTC;
            let (mut now, mut returns, mut snoozes) = (days(0), 0, 0);
            let mut it = Reflection { return_at: next_return(now, now, &utc), ..example(nobody) };
            for deed in deeds {
                let was = it.clone();
                match deed {
                    0 => {
                        now = now + jiff::SignedDuration::from_hours(37);
                        if it.return_at.is_some_and(|at| at <= now) {
                            returns += 1;
                            it = Reflection { back_at: Some(now), return_at: next_return(it.written_at, now, &utc), ..it };
                        }
                    }
                    1 | 2 => {
                        let verdict = [Verdict::Still, Verdict::NoLonger][usize::from(deed - 1)];
                        match it.clone().answered(verdict) {
                            Ok(next) => it = next,
                            Err(_) => prop_assert!(!was.is_back()),
                        }
                        if verdict == Verdict::NoLonger && was.is_back() { prop_assert_eq!(it.return_at, None); }
                    }
                    3 => {
                        let tomorrow = now.in_zone(&utc).date().tomorrow().unwrap();
                        it = it.snoozed(tomorrow, now, &utc).unwrap();
                        snoozes += 1;
                    }
                    4 => prop_assert!(it.clone().snoozed(now.in_zone(&utc).date(), now, &utc).is_err()),
                    _ => it = it.rests(),
                }
                prop_assert!(it.return_at.is_none_or(|at| at > now || was.return_at == Some(at)));
                prop_assert!(returns <= 4 + snoozes);
            }
        }
    }
}
