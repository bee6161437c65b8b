//! `chiron match`, apart from how its words are parsed and printed.

use crate::audit::{Audit, Input, file_name, hash};
use crate::folder::{self, AUDIT, NotWritten, read};
use crate::problem::Problem;
use crate::round::{Failed, File, Files, Round, Watch};
use crate::rules::Rules;
use crate::{frontier, reasons, report, sheets};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Order {
    pub mentees: PathBuf,
    /// `None`, or the same file: both sides are in one.
    pub mentors: Option<PathBuf>,
    pub rules: Option<PathBuf>,
    pub previous: Option<PathBuf>,
    pub out: PathBuf,
    pub replace: bool,
    /// Instead of the seed of the rules.
    pub seed: Option<u64>,
    pub threads: usize,
    /// An instant in the week for which hours are compared.
    pub at: Timestamp,
}

/// Why there is no folder.
#[derive(Debug)]
pub enum Refused {
    /// Something in the files has to be mended first.
    Problems(Vec<Problem>),
    /// A sentence.
    Said(String),
    Stopped,
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Problems(problems) => Self::Problems(problems),
            Failed::Impossible(why) => Self::Said(why),
            Failed::Stopped => Self::Stopped,
        }
    }
}

impl From<NotWritten> for Refused {
    fn from(why: NotWritten) -> Self {
        Self::Said(format!("{why}."))
    }
}

/// What was done, to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What was left out of lines that are otherwise good.
    pub remarks: Vec<Problem>,
    /// Columns that were read as something else than they are called, and columns that were left out.
    pub columns: Vec<String>,
    /// What came of it.
    pub sentences: Vec<String>,
}

/// Reads, solves, proves, and writes the folder: all of it or nothing.
///
/// # Errors
/// Everything to mend, or the one sentence that says what is in the way.
pub fn run(order: &Order, watch: &Watch<'_>) -> Result<Done, Refused> {
    folder::may_be_written(&order.out, order.replace)?;
    let inputs = Inputs::read(order)?;
    let mut round = Round::read(&inputs.files(), order.at).map_err(Refused::Problems)?;
    if let Some(seed) = order.seed {
        round.rules.aim.seed = seed;
    }
    let outcome = round.solve(order.threads, watch)?;
    let told = sheets::told(&outcome);
    let alone = reasons::alone(&outcome);
    let frontier = frontier::of(&outcome, order.threads, watch);
    if watch.stop.load(Ordering::Relaxed) {
        return Err(Refused::Stopped);
    }
    let pairs = sheets::pairs(&outcome, &told);
    let unmatched = sheets::unmatched(&outcome, &alone);
    let page = report::page(&outcome, &told, &alone, &frontier);
    let outputs = [("pairs.csv", pairs.as_bytes()), ("unmatched.csv", unmatched.as_bytes()), ("report.html", page.as_bytes())];
    let audit = serde_json::to_vec(&Audit::of(&outcome, inputs.named(), &outputs)).map_err(|e| Refused::Said(format!("{e}.")))?;
    let [pairs, unmatched, page] = outputs;
    folder::write(&order.out, &[pairs, unmatched, page, (AUDIT, &audit)], order.replace)?;
    let columns = columns(&round).into_iter().chain(report::not_counted(&outcome.scoring)).collect();
    Ok(Done { columns, sentences: report::summary(&outcome, &told), remarks: round.remarks.clone() })
}

/// The rules of a file, or those without a file, as sentences.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn explain_rules(file: Option<&Path>) -> Result<String, Refused> {
    let rules = match file {
        None => Rules::default(),
        Some(path) => {
            let text =
                String::from_utf8(bytes(path)?).map_err(|_| Refused::Said(format!("{} is not written in UTF-8.", path.display())))?;
            Rules::read(&file_name(&path.to_string_lossy()), &text).map_err(Refused::Problems)?
        }
    };
    let sections = rules.sentences().into_iter().map(|(head, sentences)| {
        let lines: String = sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
        format!("{head}\n{lines}")
    });
    Ok(sections.collect::<Vec<_>>().join("\n"))
}

/// How the columns were understood, where that is not plain.
fn columns(round: &Round) -> Vec<String> {
    let mut said = Vec::new();
    let plain = |head: &str, column: crate::columns::Column| chiron_words::heads::plain(head) == column.name();
    for (file, head, column) in &round.read_as {
        if let Some(column) = column.filter(|column| !plain(head, *column)) {
            said.push(format!("{file}: “{}” is read as {}.", chiron_words::sheets::short(head), column.words()));
        }
    }
    let mut left: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (file, head, _) in round.read_as.iter().filter(|(.., column)| column.is_none()) {
        left.entry(file).or_default().push(chiron_words::sheets::short(head));
    }
    said.extend(left.iter().map(|(file, heads)| format!("{file}: not read, unless a rule names them: {}.", heads.join(", "))));
    said
}

struct Inputs {
    files: Vec<(&'static str, PathBuf, String, Vec<u8>)>,
}

impl Inputs {
    fn read(order: &Order) -> Result<Self, Refused> {
        // The same file for both sides is one file with both sides in it.
        let mentors = order.mentors.as_ref().filter(|path| **path != order.mentees);
        let named = [
            ("mentees", Some(&order.mentees)),
            ("mentors", mentors),
            ("rules", order.rules.as_ref()),
            ("previous", order.previous.as_ref()),
        ];
        let files = named.into_iter().filter_map(|(what, path)| Some((what, path?))).map(|(what, path)| {
            let bytes = bytes(path)?;
            Ok((what, path.clone(), file_name(&path.to_string_lossy()), bytes))
        });
        Ok(Self { files: files.collect::<Result<_, Refused>>()? })
    }

    fn file(&self, what: &str) -> Option<File<'_>> {
        self.files.iter().find(|(known, ..)| *known == what).map(|(_, _, name, bytes)| File { name, bytes })
    }

    fn files(&self) -> Files<'_> {
        let mentees = self.file("mentees").unwrap_or(File { name: "", bytes: &[] });
        Files { mentees, mentors: self.file("mentors"), rules: self.file("rules"), previous: self.file("previous") }
    }

    fn named(&self) -> BTreeMap<String, Input> {
        let input = |path: &Path, bytes: &[u8]| Input { path: path.to_string_lossy().into_owned(), sha256: hash(bytes) };
        self.files.iter().map(|(what, path, _, bytes)| ((*what).to_owned(), input(path, bytes))).collect()
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Refused> {
    read(path).map_err(Refused::Said)
}
