//! The people of a round as their spreadsheet tells of them.

mod cells;
mod read;

use crate::columns::{Column, Heads};
use chiron_recommend::hours::Week;
use chiron_words::fold::fold;
use chiron_words::graph::Slot;
use chiron_words::heads::plain;
use std::collections::HashMap;

pub use chiron_matching::Side;
pub use read::{Sheet, read};

/// Something somebody offers or wants: the skill the graph knows by that word, or else the word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// As they wrote it.
    pub words: String,
    pub skill: Option<Slot>,
}

impl Topic {
    /// As shown: the skill's own name where the graph knows it, or as they wrote it.
    pub fn name(&self) -> &str {
        let skill = self.skill.and_then(|slot| chiron_words::graph::Graph::shipped().skill(slot));
        skill.map_or(&self.words, |skill| &skill.name)
    }
}

/// One line of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Where they stand in their file.
    pub line: u64,
    /// What tells them from everybody else, whatever their line: the address, else the id, else the name; folded.
    pub key: String,
    /// The key as a number, by which people are ordered and lots are drawn.
    pub number: u64,
    pub name: String,
    pub email: String,
    pub id: String,
    /// What a mentee wants; what a mentor offers.
    pub topics: Vec<Topic>,
    /// What a mentee hopes for; what a mentor has done. Each item apart.
    pub texts: Vec<String>,
    /// As written, and folded.
    pub interests: Vec<(String, String)>,
    /// Codes of languages, or a folded word for one that nobody here knows.
    pub languages: Vec<String>,
    /// Minutes from UTC in the week of the round.
    pub offset: Option<i32>,
    pub week: Week,
    /// Steps, in whatever the sheet counts.
    pub seniority: Option<i32>,
    /// How many of the other side at least and at most.
    pub least: u32,
    pub most: u32,
    pub priority: u32,
    /// As written, the first wish first.
    pub prefers: Vec<String>,
    pub never: Vec<String>,
    pub manager: String,
    /// Every cell of the line as text, in the order of the sheet's columns.
    pub cells: Vec<String>,
}

/// One side of a round, in the order of their numbers: the order of lines in the file means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub side: Side,
    /// The name of the file, without its folder.
    pub file: String,
    pub heads: Vec<String>,
    pub columns: Heads,
    pub people: Vec<Person>,
}

impl Roster {
    /// The columns of this sheet that a rule means by a name: one we know, or the very head.
    pub fn columns_named(&self, name: &str) -> Vec<usize> {
        if let Some(column) = Column::named(name) {
            let known: Vec<usize> = self.columns.of(column).collect();
            if !known.is_empty() {
                return known;
            }
        }
        let name = plain(name);
        (0..self.heads.len()).filter(|at| plain(&self.heads[*at]) == name).collect()
    }

    /// Whether the sheet has a column for it.
    pub fn has(&self, column: Column) -> bool {
        self.columns.of(column).next().is_some()
    }

    /// The values of somebody in some columns, folded, as a set.
    pub fn values(&self, person: &Person, columns: &[usize]) -> Vec<String> {
        let cells = columns.iter().filter_map(|at| person.cells.get(*at));
        let mut values: Vec<String> =
            cells.flat_map(|cell| cell.split([';', '|', '\n'])).map(fold).filter(|value| !value.is_empty()).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// Everybody by what others call them.
    pub fn directory(&self) -> Directory {
        let mut names: HashMap<String, Vec<u32>> = HashMap::with_capacity(self.people.len() * 3);
        for (at, person) in (0..).zip(&self.people) {
            for name in [&person.email, &person.id, &person.name] {
                let of_name = names.entry(fold(name)).or_default();
                if !name.is_empty() && !of_name.contains(&at) {
                    of_name.push(at);
                }
            }
        }
        Directory { names }
    }
}

/// Who is meant by an address, an id or a name.
pub struct Directory {
    names: HashMap<String, Vec<u32>>,
}

/// Why nobody is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    Nobody,
    Several,
}

impl Directory {
    /// The place of the person in the roster. "Lea Sommer <lea@example.org>" is found by the address.
    pub fn find(&self, called: &str) -> Result<u32, Unclear> {
        let (name, address) = match called.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name, Some(address)),
            None => (called, None),
        };
        let by = |word: &str| self.names.get(&fold(word)).map(Vec::as_slice).unwrap_or_default();
        match (address.map(by), by(name)) {
            (Some([one]), _) | (_, [one]) => Ok(*one),
            (_, []) => Err(Unclear::Nobody),
            _ => Err(Unclear::Several),
        }
    }
}
