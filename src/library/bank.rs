//! The questions themselves: our own words, in the public domain (CC0), in `questions.csv`. Pure.
//!
//! Each has an id that never changes and never comes to mean something else, so that what people keep points at it and a
//! translation is a list of ids with the same question in another language.

use crate::fold;
use chiron_store::text_enum;
use std::sync::LazyLock;

text_enum!(
    /// When in the course of working together.
    pub Stage {
        First = "first",
        Goals = "goals",
        Stuck = "stuck",
        Feedback = "feedback",
        Decisions = "decisions",
        Career = "career",
        Skills = "skills",
        Review = "review",
        Closing = "closing",
        Peer = "peer",
        Coaching = "coaching",
    }
);
text_enum!(
    /// Who would ask it.
    pub Whom { Learner = "learner", Guide = "guide", Both = "both" }
);
text_enum!(
    /// What it is good for.
    pub Aim {
        Trust = "trust",
        Clarity = "clarity",
        Agree = "agree",
        Plan = "plan",
        Learn = "learn",
        Choose = "choose",
        Courage = "courage",
        Repair = "repair",
        Thank = "thank",
    }
);

impl Stage {
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "The first conversation",
            Self::Goals => "Setting goals",
            Self::Stuck => "When stuck",
            Self::Feedback => "Feedback",
            Self::Decisions => "Decisions",
            Self::Career => "Work and career",
            Self::Skills => "Learning a skill",
            Self::Review => "Looking back halfway",
            Self::Closing => "Ending well",
            Self::Peer => "Learning together",
            Self::Coaching => "Coaching",
        }
    }
}

impl Whom {
    pub fn words(self) -> &'static str {
        match self {
            Self::Learner => "Whoever learns",
            Self::Guide => "Whoever guides",
            Self::Both => "Either",
        }
    }
    /// Whether a question of this kind suits someone who learns, or who guides.
    pub fn suits(self, asks: Self) -> bool {
        self == Self::Both || asks == Self::Both || self == asks
    }
}

impl Aim {
    pub fn words(self) -> &'static str {
        match self {
            Self::Trust => "Getting to know each other",
            Self::Clarity => "Seeing clearly",
            Self::Agree => "Agreeing how to work",
            Self::Plan => "Making a plan",
            Self::Learn => "Learning from it",
            Self::Choose => "Choosing",
            Self::Courage => "Daring",
            Self::Repair => "Clearing the air",
            Self::Thank => "Thanking",
        }
    }
}

/// A question of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub id: &'static str,
    pub stage: Stage,
    pub whom: Whom,
    pub aim: Aim,
    pub words: &'static str,
    /// The words as they are searched.
    folded: String,
}

/// All of them, in the order of the file.
pub fn questions() -> &'static [Question] {
    static ALL: LazyLock<Vec<Question>> = LazyLock::new(|| include_str!("questions.csv").lines().skip(1).filter_map(read).collect());
    &ALL
}

/// A line of the file: four plain words, then the question in quotes. A test reads the whole file as CSV besides.
fn read(line: &'static str) -> Option<Question> {
    let mut parts = line.splitn(5, ',');
    let (id, stage, whom, aim) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let words = parts.next()?.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some(Question { id, stage, whom, aim, words, folded: fold::fold(words) })
}

pub fn question(id: &str) -> Option<&'static Question> {
    questions().iter().find(|q| q.id == id)
}

/// What somebody looks for. Everything that is not said leaves the choice open.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub words: String,
    pub stage: Option<Stage>,
    pub whom: Option<Whom>,
    pub aim: Option<Aim>,
}

/// Those that hold every word and fit every choice, in the order of the file. Linear in the library, which is small.
pub fn search(asked: &Search) -> Vec<&'static Question> {
    let wanted = fold::fold(&asked.words);
    let wanted: Vec<&str> = wanted.split_whitespace().take(12).collect();
    let fits = |q: &&Question| {
        asked.stage.is_none_or(|stage| q.stage == stage)
            && asked.whom.is_none_or(|whom| q.whom.suits(whom))
            && asked.aim.is_none_or(|aim| q.aim == aim)
            && wanted.iter().all(|word| q.folded.contains(word))
    };
    questions().iter().filter(fits).collect()
}

/// A few that suit a moment. Which ones changes with `turn`, such as the number of the day, and is the same for the
/// same turn, so that a page that is opened again shows the same.
pub fn suggest(stage: Stage, asks: Whom, turn: i64, many: usize) -> Vec<&'static Question> {
    let fitting: Vec<&Question> = questions().iter().filter(|q| q.stage == stage && q.whom.suits(asks)).collect();
    let Ok(length) = i64::try_from(fitting.len().max(1)) else { return Vec::new() };
    let start = usize::try_from((turn * many as i64).rem_euclid(length)).unwrap_or(0);
    fitting.iter().cycle().skip(start).take(many.min(fitting.len())).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn p28_there_are_many_questions_each_with_an_id_of_its_own() {
        let text = include_str!("questions.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row of five columns")).collect();
        assert!(rows.len() >= 150, "{} questions", rows.len());
        assert_eq!(rows.len(), questions().len(), "a line does not read");
        for (row, question) in rows.iter().zip(questions()) {
            assert_eq!((&row[0], &row[4]), (question.id, question.words));
            assert!(question.id.starts_with(question.stage.as_str()), "{}", question.id);
            assert!(question.words.ends_with(['?', '.']) && question.words.len() < 120, "{}", question.words);
        }
        let ids: BTreeSet<_> = questions().iter().map(|q| q.id).collect();
        let words: BTreeSet<_> = questions().iter().map(|q| &q.folded).collect();
        assert_eq!((ids.len(), words.len()), (rows.len(), rows.len()), "one is there twice");
        for stage in Stage::ALL {
            assert!(questions().iter().filter(|q| q.stage == *stage).count() >= 12, "{stage}");
        }
    }

    #[test]
    fn p28_a_suggestion_suits_the_moment_and_changes_with_the_day() {
        for whom in [Whom::Learner, Whom::Guide] {
            let today = suggest(Stage::First, whom, 20_000, 3);
            assert_eq!(today.len(), 3);
            assert!(today.iter().all(|q| q.stage == Stage::First && q.whom.suits(whom)));
            assert_eq!(today, suggest(Stage::First, whom, 20_000, 3));
            assert_ne!(today, suggest(Stage::First, whom, 20_001, 3));
        }
    }
}
