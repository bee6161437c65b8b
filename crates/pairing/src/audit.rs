//! `audit.json`: what a round was made from, what came of it and the proof, so that anybody can check it later without
//! solving anything.

use crate::folder::{AUDIT, read};
use crate::round::{Failed, File, Files, Outcome, Round, Watch};
use crate::{reasons, sheets};
use chiron_matching::{self as matching, Aim, Certificate, Fault, Level, Side, Solution};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a round was, in a form that other programs read as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// The version of this form.
    pub format: u32,
    pub program: String,
    /// An instant in the week for which hours were compared.
    pub week_of: String,
    pub seed: u64,
    /// The files it was made from: `mentees`, `mentors`, `rules`, `previous`.
    pub inputs: BTreeMap<String, Input>,
    /// The files that came of it, by their SHA-256.
    pub outputs: BTreeMap<String, String>,
    pub counts: Counts,
    /// Mentee and mentor, by their places among the people of their side in the order of [`Audit::order`].
    pub pairs: Vec<(u32, u32)>,
    pub certificate: Proof,
    /// How places are counted, in words.
    pub order: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// As it was given to the command.
    pub path: String,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub mentees: usize,
    pub mentors: usize,
    pub seats: u64,
    pub admissible_pairs: usize,
    pub unmatched: usize,
    pub score: i64,
}

/// The prices that prove it: see `chiron_matching::verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub floor: Option<i32>,
    pub levels: Vec<Prices>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// `coverage`, `score`, `balance`, `keep` or `lots`.
    pub aim: String,
    /// What matching somebody is worth, where the aim is the score; the seed, where it is lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    pub mentees: Vec<i64>,
    pub mentors: Vec<i64>,
    pub groups: Vec<i64>,
}

/// How places are counted.
const ORDER: &str = "people of each side, ascending by the first eight bytes of the SHA-256 of “mail ”, “id ” or “name ” and the folded address, id or name";

/// The SHA-256 of a file as hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Audit {
    pub fn of(outcome: &Outcome<'_>, inputs: BTreeMap<String, Input>, outputs: &[(&str, &[u8])]) -> Self {
        let round = outcome.round;
        Self {
            format: 1,
            program: program(),
            week_of: round.at.to_string(),
            seed: round.rules.aim.seed,
            inputs,
            outputs: outputs.iter().map(|(name, bytes)| ((*name).to_owned(), hash(bytes))).collect(),
            counts: Counts::of(outcome),
            pairs: outcome.solution.pairs.clone(),
            certificate: Proof::of(&outcome.solution.certificate),
            order: ORDER.to_owned(),
        }
    }

    fn solution(&self) -> Result<Solution, String> {
        let mut matched = vec![false; self.counts.mentees.min(10_000_000)];
        for (mentee, _) in &self.pairs {
            *matched.get_mut(*mentee as usize).ok_or("audit.json names a mentee who is not there.")? = true;
        }
        let unmatched = (0..).zip(&matched).filter(|(_, matched)| !**matched).map(|(at, _)| at).collect();
        Ok(Solution { pairs: self.pairs.clone(), unmatched, score: self.counts.score, certificate: self.certificate.certificate()? })
    }
}

/// The name and version of what made a round.
pub fn program() -> String {
    format!("chiron {}", env!("CARGO_PKG_VERSION"))
}

impl Counts {
    fn of(outcome: &Outcome<'_>) -> Self {
        let round = outcome.round;
        Self {
            mentees: round.mentees.people.len(),
            mentors: round.mentors.people.len(),
            seats: round.mentors.people.iter().map(|person| u64::from(person.most)).sum(),
            admissible_pairs: outcome.problem.pair_count(),
            unmatched: outcome.solution.unmatched.len(),
            score: outcome.solution.score,
        }
    }
}

impl Proof {
    fn of(certificate: &Certificate) -> Self {
        let level = |level: &Level| {
            let (aim, of) = match level.aim {
                Aim::Coverage => ("coverage", None),
                Aim::Score { worth } => ("score", Some(worth.unsigned_abs())),
                Aim::Balance => ("balance", None),
                Aim::Keep => ("keep", None),
                Aim::Lots { seed } => ("lots", Some(seed)),
            };
            Prices { aim: aim.into(), of, mentees: level.mentees.clone(), mentors: level.mentors.clone(), groups: level.groups.clone() }
        };
        Self { floor: certificate.floor, levels: certificate.levels.iter().map(level).collect() }
    }

    fn certificate(&self) -> Result<Certificate, String> {
        let level = |prices: &Prices| {
            let aim = match (prices.aim.as_str(), prices.of) {
                ("coverage", _) => Aim::Coverage,
                ("score", worth) => Aim::Score { worth: worth.and_then(|worth| i64::try_from(worth).ok()).unwrap_or(0) },
                ("balance", _) => Aim::Balance,
                ("keep", _) => Aim::Keep,
                ("lots", Some(seed)) => Aim::Lots { seed },
                (other, _) => return Err(format!("audit.json names an aim that nobody knows: “{other}”.")),
            };
            Ok(Level { aim, mentees: prices.mentees.clone(), mentors: prices.mentors.clone(), groups: prices.groups.clone() })
        };
        Ok(Certificate { floor: self.floor, levels: self.levels.iter().map(level).collect::<Result<_, String>>()? })
    }
}

/// Where the files of a round are now, if not where they were.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    pub mentees: Option<PathBuf>,
    pub mentors: Option<PathBuf>,
    pub rules: Option<PathBuf>,
    pub previous: Option<PathBuf>,
}

/// Checks a folder without solving: that its files are those that were written, that the inputs are those it was made
/// from, that every score follows from them and that the prices prove the pairs the best there are. Linear in the pairs.
///
/// # Errors
/// One sentence on the first thing that does not hold.
pub fn verify(folder: &Path, elsewhere: &Elsewhere, watch: &Watch<'_>) -> Result<Vec<String>, String> {
    let audit = read(&folder.join(AUDIT))?;
    let audit: Audit = serde_json::from_slice(&audit).map_err(|e| format!("audit.json is not one of ours, or was changed: {e}."))?;
    if audit.format != 1 {
        return Err(format!("audit.json has the form {}, and this program knows form 1; {} wrote it.", audit.format, audit.program));
    }
    let mut written = BTreeMap::new();
    for name in ["pairs.csv", "unmatched.csv", "report.html"] {
        let bytes = read(&folder.join(name))?;
        let known = audit.outputs.get(name).ok_or_else(|| format!("audit.json does not say what {name} was."))?;
        if hash(&bytes) != *known {
            return Err(format!("{name} was changed after the round was written."));
        }
        written.insert(name, bytes);
    }
    let mut inputs: BTreeMap<&str, (String, Vec<u8>)> = BTreeMap::new();
    let given =
        [("mentees", &elsewhere.mentees), ("mentors", &elsewhere.mentors), ("rules", &elsewhere.rules), ("previous", &elsewhere.previous)];
    for (what, path) in given {
        match (audit.inputs.get(what), path) {
            (Some(input), path) => {
                let bytes = find(folder, input, path.as_deref())
                    .ok_or_else(|| format!("{} is not where it was; say where with --{what}.", input.path))?;
                if hash(&bytes) != input.sha256 {
                    return Err(format!(
                        "{} is not the file this round was made from: it has changed since.",
                        path.as_ref().map_or(input.path.clone(), |path| path.display().to_string())
                    ));
                }
                inputs.insert(what, (file_name(&input.path), bytes));
            }
            (None, Some(_)) => return Err(format!("this round was made without --{what}.")),
            (None, None) => {}
        }
    }
    check(&audit, &inputs, &written, watch)
}

/// That everything follows from the inputs.
fn check(
    audit: &Audit,
    inputs: &BTreeMap<&str, (String, Vec<u8>)>,
    written: &BTreeMap<&str, Vec<u8>>,
    watch: &Watch<'_>,
) -> Result<Vec<String>, String> {
    let file = |what: &str| inputs.get(what).map(|(name, bytes)| File { name, bytes });
    let files = Files {
        mentees: file("mentees").ok_or("audit.json does not say what the sheet of mentees was.")?,
        mentors: file("mentors"),
        rules: file("rules"),
        previous: file("previous"),
    };
    let at = audit.week_of.parse().map_err(|_| "audit.json does not say for which week hours were compared.".to_owned())?;
    let mended = |failed: Failed| match failed {
        Failed::Problems(problems) => problems.first().map_or_else(String::new, ToString::to_string),
        Failed::Impossible(why) => why,
        Failed::Stopped => "stopped.".into(),
    };
    let mut round = Round::read(&files, at).map_err(|problems| mended(Failed::Problems(problems)))?;
    round.rules.aim.seed = audit.seed;
    let (scoring, problem, floors) = round.pose(1, watch).map_err(mended)?;
    let solution = audit.solution()?;
    let hint =
        if audit.program == program() { String::new() } else { format!(" It was made by {}, and this is {}.", audit.program, program()) };
    matching::verify(&problem, &solution).map_err(|fault| format!("the proof does not hold: {}.{hint}", named(&fault, &round)))?;
    aims_are_those_of(&round, audit)?;
    let outcome = Outcome { round: &round, scoring, problem, solution, floors };
    if Counts::of(&outcome) != audit.counts {
        return Err(format!("the numbers in audit.json are not those of the round.{hint}"));
    }
    let told = sheets::told(&outcome);
    if written.get("pairs.csv").is_none_or(|bytes| *bytes != sheets::pairs(&outcome, &told).into_bytes()) {
        return Err(format!("pairs.csv says something else than what was proven.{hint}"));
    }
    if written.get("unmatched.csv").is_none_or(|bytes| *bytes != sheets::unmatched(&outcome, &reasons::alone(&outcome)).into_bytes()) {
        return Err(format!("unmatched.csv says something else than what was proven.{hint}"));
    }
    Ok(vec![
        "The files are those that the round wrote, and the inputs those it was made from.".into(),
        format!("All {} scores of pairs that may be made were reckoned again.", outcome.problem.pair_count()),
        format!("The {} pairs keep every rule, and the prices prove that no other pairs would be better.", told.len()),
    ])
}

/// What is wrong with a proof, by the names of those it is about.
fn named(fault: &Fault, round: &Round) -> String {
    let name = |side: Side, at: u32| {
        let roster = match side {
            Side::Mentee => &round.mentees,
            Side::Mentor => &round.mentors,
        };
        roster.people.get(at as usize).map_or_else(|| format!("somebody in no line of {}", roster.file), |person| person.name.clone())
    };
    let pair = |mentee, mentor| format!("{} and {}", name(Side::Mentee, mentee), name(Side::Mentor, mentor));
    match *fault {
        Fault::Inadmissible { mentee, mentor } => {
            format!("{} may not be a pair by the rules, or stand there twice or out of order", pair(mentee, mentor))
        }
        Fault::NotLocked { mentee, mentor } => format!("{} have to be a pair, and are none", pair(mentee, mentor)),
        Fault::Bounds { side, person, count } => format!("{} is in {count} pairs, which is too few or too many", name(side, person)),
        Fault::Pair { mentee, mentor, .. } => format!("by its prices, it is wrong about {}", pair(mentee, mentor)),
        Fault::Count { side, person, .. } => format!("by its prices, {} is in too few or too many pairs", name(side, person)),
        _ => fault.to_string(),
    }
}

/// A proof of fewer aims than the rules name would prove less.
fn aims_are_those_of(round: &Round, audit: &Audit) -> Result<(), String> {
    let aims: Vec<&str> = audit.certificate.levels.iter().map(|level| level.aim.as_str()).collect();
    let mut wanted = Vec::new();
    if round.rules.aim.worth.is_none() {
        wanted.push("coverage");
    }
    wanted.push("score");
    if round.rules.aim.balance {
        wanted.push("balance");
    }
    wanted.extend(["keep", "lots"].into_iter().filter(|aim| *aim != "keep" || !round.previous.is_empty()));
    let lacking = wanted.iter().find(|aim| !aims.contains(aim));
    match lacking {
        Some(aim) => Err(format!("the proof in audit.json leaves out one thing the rules aim for ({aim}).")),
        None => Ok(()),
    }
}

/// The file where it is said to be, where it was, or beside the folder of the round.
fn find(folder: &Path, input: &Input, given: Option<&Path>) -> Option<Vec<u8>> {
    if let Some(path) = given {
        return std::fs::read(path).ok();
    }
    let beside = folder.parent().map(|parent| parent.join(file_name(&input.path)));
    std::iter::once(PathBuf::from(&input.path)).chain(beside).find_map(|path| std::fs::read(path).ok())
}

/// The name of a file without its folder.
pub fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
