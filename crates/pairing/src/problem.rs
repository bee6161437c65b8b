//! What is wrong with a file, told so that whoever sent it can go there and mend it.

use std::fmt;

/// Something about a file, a line of it, perhaps a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The name of the file, without its folder.
    pub file: String,
    /// As an editor counts them, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The head of the column, or the key of a rule; empty for the line as a whole.
    pub place: String,
    pub sentence: String,
}

impl Problem {
    pub fn new(file: &str, line: u64, place: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, place: place.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.place.is_empty() {
            write!(f, ", {}", self.place)?;
        }
        write!(f, ": {}", self.sentence)
    }
}

/// Problems told one by one, at most so many; the rest are counted.
pub fn told(problems: &[Problem], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = problems.iter().take(most).map(Problem::to_string).collect();
    if problems.len() > most {
        lines.push(format!("And {} more.", problems.len() - most));
    }
    lines
}
