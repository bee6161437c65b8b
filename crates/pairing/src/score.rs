//! From two rosters and the rules to what every pair is worth: an integer from 0 to 10,000 that is the exact sum of
//! named contributions, or the rule that forbids the pair.
//!
//! Pairs are scored a row at a time, one mentee with every mentor, one term after another: plain loops over arrays,
//! which the compiler turns into vector instructions. [`Scoring::part`] reckons the same for one pair, term by term,
//! with `chiron-recommend`; a property holds the two together.

mod bars;
mod terms;
mod values;

use crate::problem::Problem;
use crate::roster::{Person, Roster};
use crate::rules::{Kind, Rules, Serves};
use bars::Bars;
use chiron_recommend::score::{Direction, FULL, score};
use std::ops::Range;
use terms::Prepared;

pub use bars::Bar;

/// Everything there is to know about pairs of these two rosters under these rules.
pub struct Scoring<'a> {
    pub mentees: &'a Roster,
    pub mentors: &'a Roster,
    pub rules: &'a Rules,
    terms: Vec<Prepared>,
    bars: Bars,
}

/// What one term adds to the score of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The key of the rule.
    pub name: String,
    /// For people.
    pub label: String,
    /// Of the score of the pair.
    pub points: i32,
    /// How well it fits by itself, from 0 to 10,000.
    pub fit: u16,
    /// Whether one of the two said nothing, so that half was counted.
    pub unsaid: bool,
    /// What it is that fits, in words; empty when there is nothing to say.
    pub words: String,
}

/// The sums of one mentee's row while it is scored.
struct Row {
    fits: Vec<u16>,
    for_mentee: Vec<i32>,
    for_mentor: Vec<i32>,
    weights: Vec<i32>,
}

impl<'a> Scoring<'a> {
    /// Gets everything ready: looks words up, folds values, lays tables out. Linear in the rosters, besides one table of
    /// wanted topics by mentors.
    ///
    /// # Errors
    /// Rules that ask for columns the sheets do not have, or for people who are not in them.
    pub fn new(
        mentees: &'a Roster,
        mentors: &'a Roster,
        rules: &'a Rules,
        rules_file: &str,
        previous: &[(u32, u32)],
    ) -> Result<Self, Vec<Problem>> {
        let mut faults = Vec::new();
        let bars = Bars::new(mentees, mentors, rules, rules_file, previous, &mut faults);
        let mut terms = Vec::new();
        for term in &rules.score {
            match Prepared::new(term, mentees, mentors) {
                Ok(term) => terms.push(term),
                // What counts by default counts where there is anything to count.
                Err(_) if term.line == 0 => {}
                Err(lacking) => faults.push(Problem::new(rules_file, term.line, term.kind.name(), lacking)),
            }
        }
        if faults.is_empty() { Ok(Self { mentees, mentors, rules, terms, bars }) } else { Err(faults) }
    }

    /// The terms that count, with their weights, in order.
    pub fn terms(&self) -> impl Iterator<Item = (&Kind, u16)> {
        self.terms.iter().map(|term| (&term.kind, term.weight))
    }

    /// What counts by default and does not here, because the sheets have no column for it.
    pub fn without_a_column(&self) -> impl Iterator<Item = &Kind> {
        self.rules.score.iter().map(|term| &term.kind).filter(|kind| !self.terms.iter().any(|term| term.kind == **kind))
    }

    pub fn mentee(&self, at: u32) -> &'a Person {
        &self.mentees.people[at as usize]
    }

    pub fn mentor(&self, at: u32) -> &'a Person {
        &self.mentors.people[at as usize]
    }

    /// The mentors whom one mentee may be paired with, ascending, and the scores of these pairs, added to the lists.
    /// Linear in the mentors; some nanoseconds a pair and term.
    fn row(&self, mentee: usize, row: &mut Row, mentors: &mut Vec<u32>, scores: &mut Vec<i32>) {
        let count = self.mentors.people.len();
        self.totals(mentee, 0..count, row);
        self.bars.row(mentee, 0..count, &mut row.fits);
        let least = self.rules.must.least_score.unwrap_or(0);
        for (at, (barred, total)) in row.fits.iter().zip(&row.for_mentee).enumerate() {
            if *barred == 0 && *total >= least || self.bars.is_locked(mentee, at) {
                mentors.push(at as u32);
                scores.push(*total);
            }
        }
    }

    /// Leaves the scores of a stretch of a row in `row.for_mentee`, whatever is forbidden.
    fn totals(&self, mentee: usize, mentors: Range<usize>, row: &mut Row) {
        let count = mentors.len();
        row.fits.resize(count, 0);
        for sums in [&mut row.for_mentee, &mut row.for_mentor, &mut row.weights] {
            sums.clear();
            sums.resize(count, 0);
        }
        let (mut weight_for_mentee, mut one_sided) = (0, false);
        for term in &self.terms {
            if term.mentee_is_silent(mentee) {
                continue;
            }
            term.fits(mentee, mentors.clone(), &mut row.fits);
            let weight = i32::from(term.weight);
            let (to_mentee, to_mentor) =
                (if term.serves == Serves::Mentor { 0 } else { weight }, if term.serves == Serves::Mentee { 0 } else { weight });
            weight_for_mentee += to_mentee;
            one_sided |= to_mentee != to_mentor || term.silent_mentors.is_some();
            if to_mentee > 0 {
                row.for_mentee.iter_mut().zip(&row.fits).for_each(|(sum, fit)| *sum += to_mentee * i32::from(*fit));
            }
            if to_mentor > 0 {
                match &term.silent_mentors {
                    None => {
                        for ((sum, weights), fit) in row.for_mentor.iter_mut().zip(&mut row.weights).zip(&row.fits) {
                            *sum += to_mentor * i32::from(*fit);
                            *weights += to_mentor;
                        }
                    }
                    Some(silent) => {
                        let speaking = silent[mentors.clone()].iter().map(|silent| if *silent { 0 } else { to_mentor });
                        for (((sum, weights), fit), weight) in row.for_mentor.iter_mut().zip(&mut row.weights).zip(&row.fits).zip(speaking)
                        {
                            *sum += weight * i32::from(*fit);
                            *weights += weight;
                        }
                    }
                }
            }
        }
        meet(row, weight_for_mentee, one_sided);
    }

    /// Scores every pair that may be made: for each mentee in order where their row begins, and the mentors and scores
    /// of all rows behind each other. Rows are dealt among threads; the answer does not depend on how many.
    /// `done` hears how many mentees are scored, and may stop it by answering `false`.
    pub fn rows(&self, threads: usize, done: &(dyn Fn(usize) -> bool + Sync)) -> Option<Rows> {
        let people = self.mentees.people.len();
        let share = people.div_ceil(threads.max(1)).max(1);
        let count = std::sync::atomic::AtomicUsize::new(0);
        let part = |from: usize| {
            let mut rows = Rows::default();
            let mut row = Row { fits: Vec::new(), for_mentee: Vec::new(), for_mentor: Vec::new(), weights: Vec::new() };
            for mentee in from..people.min(from + share) {
                self.row(mentee, &mut row, &mut rows.mentors, &mut rows.scores);
                rows.ends.push(rows.mentors.len());
                let scored = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                if scored.is_multiple_of(64) && !done(scored) {
                    return None;
                }
            }
            Some(rows)
        };
        let parts: Vec<Option<Rows>> = std::thread::scope(|scope| {
            let later: Vec<_> = (share..people).step_by(share).map(|from| scope.spawn(move || part(from))).collect();
            let first = part(0);
            std::iter::once(first).chain(later.into_iter().map(|handle| handle.join().unwrap_or(None))).collect()
        });
        let mut all = Rows::default();
        for part in parts {
            let part = part?;
            let before = all.mentors.len();
            if before == 0 {
                all = part;
                continue;
            }
            all.ends.extend(part.ends.iter().map(|end| end + before));
            all.mentors.extend(part.mentors);
            all.scores.extend(part.scores);
        }
        Some(all)
    }

    /// Why a pair may not be made; the first rule in the order of the rules.
    pub fn barred(&self, mentee: u32, mentor: u32) -> Option<&Bar> {
        let mut broken = [0];
        self.bars.row(mentee as usize, mentor as usize..mentor as usize + 1, &mut broken);
        self.bars.of(broken[0])
    }

    /// For one mentee how many mentors each rule keeps from them, those by which only one rule stands counted apart: the
    /// rule, all it forbids, and whom it alone forbids.
    pub fn barriers(&self, mentee: u32) -> Vec<(&Bar, usize, Vec<u32>)> {
        self.bars.each(mentee as usize, self.mentors.people.len())
    }

    /// The score of a pair, whether or not it may be made.
    pub fn total(&self, mentee: u32, mentor: u32) -> i32 {
        let mut row = Row { fits: Vec::new(), for_mentee: Vec::new(), for_mentor: Vec::new(), weights: Vec::new() };
        self.totals(mentee as usize, mentor as usize..mentor as usize + 1, &mut row);
        row.for_mentee[0]
    }

    /// What a score is made of; the points sum to it exactly.
    pub fn parts(&self, mentee: u32, mentor: u32) -> Vec<Part> {
        let (i, j) = (mentee as usize, mentor as usize);
        let (mut learner, mut guide) = (Direction::new(), Direction::new());
        let mut parts: Vec<Part> = Vec::with_capacity(self.terms.len());
        for (name, term) in (0..).zip(&self.terms) {
            let mut fit = [0];
            let silent = term.mentee_is_silent(i);
            let mentor_silent = term.silent_mentors.as_ref().is_some_and(|silent| silent[j]);
            if !silent {
                term.fits(i, j..j + 1, &mut fit);
                if term.serves != Serves::Mentor {
                    learner.add(name, term.weight, fit[0]);
                }
                if term.serves != Serves::Mentee && !mentor_silent {
                    guide.add(name, term.weight, fit[0]);
                }
            }
            parts.push(Part {
                name: term.kind.name(),
                label: term.kind.label(),
                points: 0,
                fit: fit[0],
                unsaid: silent || mentor_silent || term.unsaid(i, j),
                words: term.words(self.mentee(mentee), self.mentor(mentor), i, j),
            });
        }
        for contribution in score(&learner, &guide, 0).contributions {
            if let Some(part) = parts.get_mut(usize::from(contribution.name)) {
                part.points += contribution.points;
            }
        }
        parts
    }
}

/// The pairs that may be made, in compressed rows: see [`Scoring::rows`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Where the row of each mentee ends.
    pub ends: Vec<usize>,
    pub mentors: Vec<u32>,
    pub scores: Vec<i32>,
}

/// The two directions' means, and their harmonic mean into `row.for_mentee`; as `chiron_recommend::score::total`.
///
/// The quotients are of integers below 2^31, and a double's quotient, rounded down, is then exactly the integer one: it
/// cannot reach the next integer, from which a fraction is at least one part of the divisor away.
fn meet(row: &mut Row, weight_for_mentee: i32, one_sided: bool) {
    let quotient = |sum: i32, weight: i32| (f64::from(sum) / f64::from(weight.max(1))) as i32;
    if !one_sided {
        row.for_mentee.iter_mut().for_each(|sum| *sum = quotient(*sum, weight_for_mentee));
        return;
    }
    for ((for_mentee, for_mentor), weight) in row.for_mentee.iter_mut().zip(&row.for_mentor).zip(&row.weights) {
        let (a, b) = (quotient(*for_mentee, weight_for_mentee), quotient(*for_mentor, *weight));
        *for_mentee = match (weight_for_mentee, *weight) {
            (0, _) => b,
            (_, 0) => a,
            _ => quotient(2 * a * b, a + b),
        };
    }
}

/// Where one of the two said nothing, half is counted.
const HALF: u16 = FULL / 2;
