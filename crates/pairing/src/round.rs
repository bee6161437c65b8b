//! A round: two rosters and rules, brought together, solved and proven.

use crate::columns::Column;
use crate::problem::Problem;
use crate::roster::{self, Person, Roster, Sheet, Side, Unclear};
use crate::rules::{AtLeast, Floor, Rules};
use crate::score::Scoring;
use chiron_matching as matching;
use chiron_matching::{Coverage, Objective, Solution, SolveError, Step};
use chiron_words::heads::plain;
use chiron_words::sheets::{short, text_of};
use chiron_words::table::Table;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// More pairs than this are not held at once (eight bytes each, and as many again while they are solved).
pub const MOST_PAIRS: usize = 200_000_000;

/// A file as it was handed over: its name without the folder, and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// The files of a round.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    pub mentees: File<'a>,
    /// `None`: the people of both sides are in the first file, told apart by a column of roles.
    pub mentors: Option<File<'a>>,
    pub rules: Option<File<'a>>,
    /// The pairs of the round before.
    pub previous: Option<File<'a>>,
}

/// Everything that is known before anything is decided.
#[derive(Debug, Clone)]
pub struct Round {
    pub rules: Rules,
    pub rules_file: String,
    pub mentees: Roster,
    pub mentors: Roster,
    /// Pairs of the round before whose people are both still there.
    pub previous: Vec<(u32, u32)>,
    /// How many pairs of the round before are not possible any more, because somebody has left.
    pub previous_gone: usize,
    pub had_previous: bool,
    /// What was left out of lines that are otherwise good, and wishes that name nobody.
    pub remarks: Vec<Problem>,
    /// How the columns of both sheets were read: head, and as what.
    pub read_as: Vec<(String, String, Option<Column>)>,
    /// An instant in the week for which hours are compared.
    pub at: Timestamp,
}

/// Why there are no pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// Something in the files has to be mended first.
    Problems(Vec<Problem>),
    /// The rules cannot all be kept.
    Impossible(String),
    Stopped,
}

impl From<Vec<Problem>> for Failed {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

/// Who hears how far a run is, and may stop it.
pub struct Watch<'a> {
    /// Set from anywhere to stop.
    pub stop: &'a AtomicBool,
    /// Hears what is being done, and how far it is, in sentences without an end.
    pub tell: &'a (dyn Fn(&str) + Sync),
}

impl Watch<'_> {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }
}

/// A round that is solved.
pub struct Outcome<'a> {
    pub round: &'a Round,
    pub scoring: Scoring<'a>,
    pub problem: matching::Problem,
    pub solution: Solution,
    /// For each group that has a floor its name, in the order of the problem's floors.
    pub floors: Vec<(String, u32)>,
}

impl Round {
    /// Reads all files. Linear in their size.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn read(files: &Files<'_>, at: Timestamp) -> Result<Self, Vec<Problem>> {
        let rules = match files.rules {
            None => Ok(Rules::default()),
            Some(file) => match std::str::from_utf8(file.bytes) {
                Ok(text) => Rules::read(file.name, text),
                Err(_) => Err(vec![Problem::new(file.name, 0, "", "rules are written in UTF-8.")]),
            },
        };
        // With rules that cannot be read the sheets are still looked at: one answer tells everything there is to mend.
        let fallback = Rules::default();
        let known = rules.as_ref().unwrap_or(&fallback);
        let both = files.mentors.is_none();
        let sheet = |file: File<'_>, side| roster::read(Sheet { file: file.name, bytes: file.bytes, both }, side, known, at);
        let mentees = sheet(files.mentees, Side::Mentee);
        let mentors = sheet(files.mentors.unwrap_or(files.mentees), Side::Mentor);
        let mut faults = Vec::new();
        let (mentees, mentors) = match (mentees, mentors) {
            (Ok(mentees), Ok(mentors)) => (mentees, mentors),
            (mentees, mentors) => {
                faults.extend(rules.err().unwrap_or_default());
                let of_sheets = mentees.err().into_iter().flatten().chain(mentors.err().into_iter().flatten());
                faults.extend(of_sheets);
                faults.dedup();
                return Err(faults);
            }
        };
        let rules = rules?;
        let read_as = read_as(&mentees.roster, &mentors.roster);
        let mut remarks: Vec<Problem> = mentees.remarks.into_iter().chain(mentors.remarks).collect();
        let (mentees, mentors) = (mentees.roster, mentors.roster);
        let (previous, previous_gone) = match files.previous {
            None => (Vec::new(), 0),
            Some(file) => previous(file, &mentees, &mentors)?,
        };
        for (roster, others) in [(&mentees, &mentors), (&mentors, &mentees)] {
            unknown_names(roster, others, &mut remarks);
        }
        remarks.sort();
        remarks.dedup();
        let rules_file = files.rules.map_or("the rules", |file| file.name).to_owned();
        Ok(Self {
            rules,
            rules_file,
            mentees,
            mentors,
            previous,
            previous_gone,
            had_previous: files.previous.is_some(),
            remarks,
            read_as,
            at,
        })
    }

    /// Scores every pair and lays the problem out, without solving it.
    ///
    /// # Errors
    /// Rules that the sheets cannot keep; more pairs than can be held.
    pub fn pose(&self, threads: usize, watch: &Watch<'_>) -> Result<(Scoring<'_>, matching::Problem, Vec<(String, u32)>), Failed> {
        let scoring = Scoring::new(&self.mentees, &self.mentors, &self.rules, &self.rules_file, &self.previous)?;
        let people = self.mentees.people.len();
        let rows = scoring.rows(threads, &|done| {
            if done.is_multiple_of(256) {
                (watch.tell)(&format!("scoring mentee {done} of {people}"));
            }
            watch.goes_on()
        });
        let rows = rows.ok_or(Failed::Stopped)?;
        if rows.mentors.len() > MOST_PAIRS {
            let sentence = format!(
                "the rules allow {} pairs, and {MOST_PAIRS} can be looked at; a rule under [must] would leave fewer.",
                rows.mentors.len()
            );
            return Err(Failed::Problems(vec![Problem::new(&self.rules_file, 0, "", sentence)]));
        }
        let (groups, floors) = self.groups()?;
        let mentees = self.mentees.people.iter().zip(&groups);
        let mentees = mentees.map(|(person, group)| matching::Mentee {
            key: person.number,
            least: person.least,
            most: person.most,
            weight: person.priority,
            group: *group,
        });
        let mentors =
            self.mentors.people.iter().map(|person| matching::Mentor { key: person.number, least: person.least, most: person.most });
        let starts = std::iter::once(0).chain(rows.ends.iter().map(|end| *end as u32)).collect();
        let rules = matching::Rules {
            locked: self.locked(),
            excluded: Vec::new(),
            previous: self.previous.clone(),
            keep_bonus: self.rules.aim.keep as i32,
            group_floors: (1..).zip(&floors).map(|(group, (_, least))| (group, *least)).collect(),
        };
        let problem = matching::Problem::from_rows(mentees.collect(), mentors.collect(), starts, rows.mentors, rows.scores, rules);
        let problem = problem.map_err(|e| Failed::Impossible(self.impossible(&e, &floors)))?;
        Ok((scoring, problem, floors))
    }

    /// Scores, solves and proves.
    ///
    /// # Errors
    /// As [`Round::pose`]; rules that cannot all be kept, with the one that is in the way; when it was stopped.
    pub fn solve(&self, threads: usize, watch: &Watch<'_>) -> Result<Outcome<'_>, Failed> {
        let (scoring, problem, floors) = self.pose(threads, watch)?;
        let objective = self.objective(threads);
        let progress = |step: Step| {
            if let Some(aim) = step.aim {
                (watch.tell)(&format!("{}, {} people left", aim_words(aim), step.left));
            }
            if watch.goes_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let solution = matching::solve_with(&problem, &objective, &progress).map_err(|e| match e {
            SolveError::Cancelled => Failed::Stopped,
            SolveError::Impossible { rule, short, .. } => Failed::Impossible(self.contradiction(rule, short, &floors)),
            e => Failed::Impossible(format!("{e}.")),
        })?;
        matching::verify(&problem, &solution)
            .map_err(|fault| Failed::Impossible(format!("the proof does not hold ({fault}); please report this.")))?;
        Ok(Outcome { round: self, scoring, problem, solution, floors })
    }

    /// What the rules aim for.
    pub fn objective(&self, threads: usize) -> Objective {
        let aim = &self.rules.aim;
        Objective {
            coverage: aim.worth.map_or(Coverage::First, |worth| Coverage::Worth(worth.into())),
            floor: (aim.raise_worst > 0).then_some(matching::Floor { loss_per_thousand: aim.raise_worst }),
            balance: aim.balance,
            keep: true,
            lots: true,
            seed: aim.seed,
            threads: threads.clamp(1, 255) as u8,
        }
    }

    fn locked(&self) -> Vec<(u32, u32)> {
        let (hers, his) = (self.mentees.directory(), self.mentors.directory());
        let mut locked: Vec<(u32, u32)> =
            self.rules.must.lock.iter().filter_map(|(mentee, mentor)| Some((hers.find(mentee).ok()?, his.find(mentor).ok()?))).collect();
        locked.sort_unstable();
        locked.dedup();
        locked
    }

    /// The group of each mentee, 0 for those without a floor, and the floors by name from group 1.
    fn groups(&self) -> Result<(Vec<u16>, Vec<(String, u32)>), Failed> {
        let Some(first) = self.rules.floors.first() else { return Ok((vec![0; self.mentees.people.len()], Vec::new())) };
        let fault = |floor: &Floor, sentence: String| Failed::Problems(vec![Problem::new(&self.rules_file, floor.line, "floor", sentence)]);
        let members = self.members(&first.column);
        if members.is_empty() {
            return Err(fault(first, format!("there is no column “{}” in {} with anything in it.", first.column, self.mentees.file)));
        }
        let mut floors: Vec<(String, u32)> = Vec::new();
        let mut groups = vec![0_u16; self.mentees.people.len()];
        for floor in &self.rules.floors {
            let wanted = floor.group.as_ref().map(|group| chiron_words::fold::fold(group));
            let meant: Vec<_> = members.iter().filter(|(plain, _)| wanted.as_ref().is_none_or(|wanted| wanted == *plain)).collect();
            if meant.is_empty() {
                let names: Vec<&str> = members.values().map(|(name, _)| name.as_str()).take(12).collect();
                return Err(fault(
                    floor,
                    format!(
                        "nobody is in {} “{}”. There are: {}.",
                        floor.column,
                        floor.group.as_deref().unwrap_or_default(),
                        names.join(", ")
                    ),
                ));
            }
            for (_, (name, people)) in meant {
                let least = match floor.least {
                    AtLeast::People(least) => least,
                    AtLeast::PerCent(share) => (people.len() as u32 * share).div_ceil(100),
                };
                match floors.iter().position(|(known, _)| known == name) {
                    // A floor for one group goes before the floor for every group.
                    Some(at) if floor.group.is_some() => floors[at].1 = least,
                    Some(_) => {}
                    None if floors.len() >= usize::from(u16::MAX) - 1 => return Err(fault(floor, "there are too many groups.".into())),
                    None => {
                        floors.push((name.clone(), least));
                        people.iter().for_each(|at| groups[*at as usize] = floors.len() as u16);
                    }
                }
            }
        }
        Ok((groups, floors))
    }

    /// The mentees by their value in a column: folded, as first written, and who.
    pub fn members(&self, column: &str) -> BTreeMap<String, (String, Vec<u32>)> {
        let columns = self.mentees.columns_named(column);
        let mut members: BTreeMap<String, (String, Vec<u32>)> = BTreeMap::new();
        for (at, person) in (0..).zip(&self.mentees.people) {
            if let Some(plain) = self.mentees.values(person, &columns).into_iter().next() {
                let written = columns.iter().map(|at| person.cells[*at].trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
                let group = members.entry(plain).or_insert_with(|| (written.to_owned(), Vec::new()));
                // Of several spellings the first in the order of letters, whatever the order of lines.
                if written < group.0.as_str() {
                    written.clone_into(&mut group.0);
                }
                group.1.push(at);
            }
        }
        members
    }

    fn name(&self, side: matching::Side, at: u32) -> &str {
        let people = match side {
            matching::Side::Mentee => &self.mentees.people,
            matching::Side::Mentor => &self.mentors.people,
        };
        people.get(at as usize).map_or("somebody", |person| &person.name)
    }

    fn impossible(&self, error: &matching::ProblemError, floors: &[(String, u32)]) -> String {
        use matching::ProblemError as E;
        match error {
            E::LockedTooOften { side, person, locked, most } => {
                format!("{} is locked into {locked} pairs and has {most}: give more seats, or lock fewer.", self.name(*side, *person))
            }
            E::TooFewPairs { side, person, least, admissible } => format!(
                "{} is to have at least {least}, and the rules leave {admissible} who may be theirs: ask for fewer, or for less under [must].",
                self.name(*side, *person)
            ),
            E::FloorTooHigh { group, floor, members } => {
                let name = floors.get(usize::from(*group).saturating_sub(1)).map_or("", |(name, _)| name);
                format!("of “{name}” at least {floor} are to be matched, and only {members} of them have anybody who may be theirs.")
            }
            E::LockedInadmissible { mentee, mentor } => {
                format!(
                    "{} and {} are locked together, and a rule forbids it.",
                    self.name(matching::Side::Mentee, *mentee),
                    self.name(matching::Side::Mentor, *mentor)
                )
            }
            other => format!("{other}."),
        }
    }

    fn contradiction(&self, rule: matching::Rule, short: u32, floors: &[(String, u32)]) -> String {
        let which = match rule {
            matching::Rule::Least { side, person, least } => format!("{} is to have at least {least}", self.name(side, person)),
            matching::Rule::GroupFloor { group, floor } => {
                let name = floors.get(usize::from(group).saturating_sub(1)).map_or("", |(name, _)| name);
                format!("of “{name}” at least {floor} are to be matched")
            }
        };
        format!(
            "the rules cannot all be kept: {which}, and with the other rules that is {short} too many. Ask for fewer there, or give more seats."
        )
    }
}

fn aim_words(aim: matching::Aim) -> &'static str {
    match aim {
        matching::Aim::Coverage => "matching as many as possible",
        matching::Aim::Score { .. } => "raising the scores",
        matching::Aim::Balance => "balancing the load",
        matching::Aim::Keep => "keeping pairs",
        matching::Aim::Lots { .. } => "drawing lots",
    }
}

fn read_as(mentees: &Roster, mentors: &Roster) -> Vec<(String, String, Option<Column>)> {
    let of = |roster: &Roster| {
        roster
            .heads
            .iter()
            .zip(&roster.columns.columns)
            .map(|(head, column)| (roster.file.clone(), head.clone(), *column))
            .collect::<Vec<_>>()
    };
    let mut read = of(mentees);
    if mentors.file != mentees.file || mentors.heads != mentees.heads {
        read.extend(of(mentors));
    }
    read.retain(|(_, head, _)| !head.is_empty());
    read
}

/// Wishes and vetoes that name nobody are told: they come from a typing error, and a veto that is lost does harm.
fn unknown_names(roster: &Roster, others: &Roster, remarks: &mut Vec<Problem>) {
    let directory = others.directory();
    let other = others.side;
    for person in &roster.people {
        for (what, called) in
            person.prefers.iter().map(|called| ("prefers", called)).chain(person.never.iter().map(|called| ("never with", called)))
        {
            match directory.find(called) {
                Ok(_) => {}
                Err(Unclear::Nobody) => remarks.push(Problem::new(
                    &roster.file,
                    person.line,
                    what,
                    format!("there is no {other} called “{}”; left out.", short(called)),
                )),
                Err(Unclear::Several) => {
                    let sentence =
                        format!("there are several {other}s called “{}”; left out. An address would tell them apart.", short(called));
                    remarks.push(Problem::new(&roster.file, person.line, what, sentence));
                }
            }
        }
    }
}

/// The pairs of a former round: our own `pairs.csv`, or any table with a column for the mentee and one for the mentor.
fn previous(file: File<'_>, mentees: &Roster, mentors: &Roster) -> Result<(Vec<(u32, u32)>, usize), Vec<Problem>> {
    const HEADS: [&str; 6] = ["mentee", "mentor", "mentee email", "mentor email", "mentee id", "mentor id"];
    let known = |cells: &[String]| cells.iter().filter(|cell| HEADS.contains(&plain(cell).as_str())).count();
    let table = Table::read(file.bytes, known).map_err(|no| vec![Problem::new(file.name, no.line(), "", format!("{no}."))])?;
    let heads: Vec<String> = table.heads.cells.iter().map(|head| plain(head)).collect();
    let columns = |side: &str| -> Vec<usize> {
        // The address tells people apart best, then the id, then the name.
        let names = [format!("{side} email"), format!("{side} id"), side.to_owned(), format!("{side} name")];
        names.iter().filter_map(|name| heads.iter().position(|head| head == name)).collect()
    };
    let (of_mentee, of_mentor) = (columns("mentee"), columns("mentor"));
    if of_mentee.is_empty() || of_mentor.is_empty() {
        return Err(vec![Problem::new(
            file.name,
            table.heads.line,
            "",
            "the pairs of the round before need a column “mentee” and a column “mentor”.",
        )]);
    }
    let (hers, his) = (mentees.directory(), mentors.directory());
    let (mut pairs, mut gone) = (Vec::new(), 0);
    for row in &table.rows {
        let find = |columns: &[usize], directory: &roster::Directory| {
            let called = columns.iter().filter_map(|at| row.cells.get(*at)).map(|cell| text_of(cell)).filter(|cell| !cell.is_empty());
            called.map(|called| directory.find(&called)).find_map(Result::ok)
        };
        match (find(&of_mentee, &hers), find(&of_mentor, &his)) {
            (Some(mentee), Some(mentor)) => pairs.push((mentee, mentor)),
            _ => gone += 1,
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok((pairs, gone))
}

impl<'a> Outcome<'a> {
    pub fn mentee(&self, at: u32) -> &'a Person {
        &self.round.mentees.people[at as usize]
    }

    pub fn mentor(&self, at: u32) -> &'a Person {
        &self.round.mentors.people[at as usize]
    }

    /// The mentees of each mentor, in the order in which people read them.
    pub fn loads(&self) -> Vec<Vec<u32>> {
        let mut loads = vec![Vec::new(); self.round.mentors.people.len()];
        self.in_order().iter().for_each(|(mentee, mentor)| loads[*mentor as usize].push(*mentee));
        loads
    }

    /// The pairs in the order in which people read them: by the mentee's name, then by what tells people apart.
    pub fn in_order(&self) -> Vec<(u32, u32)> {
        let mut pairs = self.solution.pairs.clone();
        let key = |person: &'a Person| (chiron_words::fold::fold(&person.name), person.key.as_str());
        pairs.sort_by_cached_key(|(mentee, mentor)| (key(self.mentee(*mentee)), key(self.mentor(*mentor))));
        pairs
    }
}
