//! `rules.toml`: what must hold, what counts and how much. `docs/operate/match.md` has an example for each rule.

mod read;
mod sentences;

pub use read::nearest;

use crate::columns::Column;
use crate::problem::Problem;

/// Everything a coordinator can decide about a round. The default is a round without a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Heads of the sheets that the coordinator explains herself.
    pub columns: Vec<(String, Column)>,
    /// Words for seniority from the lowest; several words of one step beside each other.
    pub seniority: Vec<Vec<String>>,
    pub must: Must,
    pub seats: Seats,
    pub floors: Vec<Floor>,
    pub score: Vec<Term>,
    pub aim: Aim,
    /// Columns by whose values the report compares groups.
    pub compare: Vec<String>,
    /// Whether these are the default, so that what the sheets do not have is left out without a word.
    pub default: bool,
}

/// What must hold for every pair. A cell that says nothing breaks no rule; `filled` asks for cells that say something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Must {
    pub share_language: bool,
    pub share_skill: bool,
    pub not_own_manager: bool,
    /// Not a pair of the previous round again.
    pub not_again: bool,
    /// The two differ in these columns.
    pub differ: Vec<String>,
    /// The two agree in these columns.
    pub agree: Vec<String>,
    /// At most so many minutes between their clocks.
    pub zone_minutes: Option<u32>,
    /// At least so many minutes a week that both are free.
    pub shared_minutes: Option<u32>,
    /// How many steps the mentor stands above the mentee, at least and at most.
    pub seniority: Option<(i32, i32)>,
    /// Pairs below this score are not made.
    pub least_score: Option<i32>,
    /// These two are never paired, whichever of them is the mentor.
    pub never: Vec<(String, String)>,
    /// These are paired: mentee, mentor.
    pub lock: Vec<(String, String)>,
    /// Columns that everybody must have filled in, in whichever sheet has them.
    pub filled: Vec<String>,
}

/// How many fit where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Seats of a mentor of whom the sheet does not say how many.
    pub each: u32,
    /// No mentor has more than this, whatever the sheet says.
    pub most: Option<u32>,
    /// Every mentor gets at least so many.
    pub least: u32,
    /// Mentors for each mentee, where the sheet says nothing.
    pub mentors: u32,
    /// Every mentee gets at least so many mentors, or there is no round at all.
    pub mentors_least: u32,
}

/// At least so many of a group are matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    pub column: String,
    /// One value of the column; every value when there is none.
    pub group: Option<String>,
    pub least: AtLeast,
    pub line: u64,
}

/// A number of people, or a share of them in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtLeast {
    People(u32),
    PerCent(u32),
}

/// Something that counts, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub kind: Kind,
    pub weight: u16,
    pub serves: Serves,
    /// Line of the file; 0 in the default.
    pub line: u64,
}

/// Whose side a term counts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    Both,
    Mentee,
    Mentor,
}

/// What can count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// What she wants and he offers, by the skill that is meant.
    Skills,
    /// Her goals and his experience, by their meaning.
    Goals,
    /// Time in common; so many minutes a week are enough.
    Hours { enough: u32 },
    /// A language in common.
    Languages,
    /// Interests in common; so many are enough.
    Interests { enough: u32 },
    /// Clocks that are near; this many minutes apart count nothing.
    Zone { none_at: u32 },
    /// Steps the mentor stands above the mentee, each with what it is worth in per cent.
    Seniority { points: Vec<(i32, u16)> },
    /// Her ranked wishes.
    MenteeWishes,
    /// His ranked wishes.
    MentorWishes,
    /// The same value in a column.
    Same(String),
    /// Different values in a column.
    Differ(String),
    /// Numbers in a column that are near; this far apart, in hundredths, counts nothing.
    Near { column: String, within: u32 },
}

impl Kind {
    /// The key of the rule, and the head of its column in `pairs.csv`.
    pub fn name(&self) -> String {
        match self {
            Self::Skills => "skills".into(),
            Self::Goals => "goals".into(),
            Self::Hours { .. } => "hours".into(),
            Self::Languages => "languages".into(),
            Self::Interests { .. } => "interests".into(),
            Self::Zone { .. } => "zone".into(),
            Self::Seniority { .. } => "seniority".into(),
            Self::MenteeWishes => "mentee_wishes".into(),
            Self::MentorWishes => "mentor_wishes".into(),
            Self::Same(column) => format!("same.{column}"),
            Self::Differ(column) => format!("differ.{column}"),
            Self::Near { column, .. } => format!("near.{column}"),
        }
    }

    /// For people: the name of a bar.
    pub fn label(&self) -> String {
        match self {
            Self::Skills => "Skills".into(),
            Self::Goals => "Goals and experience".into(),
            Self::Hours { .. } => "Time in common".into(),
            Self::Languages => "Language".into(),
            Self::Interests { .. } => "Interests".into(),
            Self::Zone { .. } => "Near clocks".into(),
            Self::Seniority { .. } => "Seniority".into(),
            Self::MenteeWishes => "The mentee’s wishes".into(),
            Self::MentorWishes => "The mentor’s wishes".into(),
            Self::Same(column) => format!("Same {column}"),
            Self::Differ(column) => format!("Different {column}"),
            Self::Near { column, .. } => format!("Near in {column}"),
        }
    }
}

/// In which order things matter, and how ties end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Points that matching one more person is worth; `None`: as many people as possible come first.
    pub worth: Option<u32>,
    /// Thousandths of the sum that may be given up to raise the worst pair.
    pub raise_worst: u32,
    pub balance: bool,
    /// Points for a pair that stays as it was.
    pub keep: u32,
    pub seed: u64,
}

impl Default for Rules {
    fn default() -> Self {
        let term = |kind, weight, serves| Term { kind, weight, serves, line: 0 };
        Self {
            columns: Vec::new(),
            seniority: Vec::new(),
            must: Must { share_language: true, not_own_manager: true, ..Must::default() },
            seats: Seats { each: 1, most: None, least: 0, mentors: 1, mentors_least: 0 },
            floors: Vec::new(),
            score: vec![
                term(Kind::Skills, 40, Serves::Both),
                term(Kind::Goals, 20, Serves::Both),
                term(Kind::Hours { enough: 120 }, 20, Serves::Both),
                term(Kind::Interests { enough: 2 }, 10, Serves::Both),
                term(Kind::MenteeWishes, 30, Serves::Mentee),
                term(Kind::MentorWishes, 30, Serves::Mentor),
            ],
            aim: Aim { worth: None, raise_worst: 0, balance: true, keep: 0, seed: 1 },
            compare: vec!["group".into()],
            default: true,
        }
    }
}

impl Rules {
    /// Reads a file of rules. What it does not name is as in the default, except that a `[score]` says all that counts.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line; a key nobody knows with the one that was probably meant.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        read::read(file, text)
    }

    /// The rules as sentences, under headings.
    pub fn sentences(&self) -> Vec<(&'static str, Vec<String>)> {
        sentences::of(self)
    }
}
