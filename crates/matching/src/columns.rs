//! The optimum over all pairs without keeping them all.
//!
//! Column generation (Ford and Fulkerson 1958; Gilmore and Gomory 1961; as pricing of arcs in transportation problems already in
//! Glover, Karney, Klingman and Napier 1974): solve with some pairs of each mentee, take the prices, look at every pair that was left
//! out, add those whose reduced cost is negative, and solve again. When there are none left, the prices prove the matching over all
//! pairs, not only over those that were looked at: complementary slackness asks no more of a pair that is not made than a reduced cost
//! of at least nothing. With several aims that is asked aim after aim, as in [`verify`](crate::verify()).
//!
//! Three things make one pass over all pairs, and little more, enough. The first pairs are the cheapest at prices that a part of the
//! mentees has told ([`estimate`](crate::estimate)), so that few that matter are missing. Most mentees need not be priced again in a
//! round: where the cheapest pair left out was dearer than the mentee's own price by more than any mentor's price has fallen since, none
//! of their pairs can have become cheap enough. And a round begins with the pairs and prices of the one before, so that only prices near
//! the new pairs change; of the many prices that prove a solution, a solver that begins with nothing finds others every time.

use crate::{
    Aim, Cost, Level, Mentee, Mentor, Objective, Problem, ProblemError, Progress, Rules, Solution, SolveError,
    estimate::{Estimate, estimate},
    pass::{Pass, Sheet},
    problem::{draw, lot},
    solve::solve_from,
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Scores that are worked out when asked for. Implemented by closures.
///
/// The same mentee must always get the same scores, on whichever thread; the answer is exact for the scores given.
pub trait Scores: Sync {
    /// Writes how well this mentee fits each mentor, from 0 to [`MOST_SCORE`](crate::MOST_SCORE); a negative number where the pair is
    /// not admissible. `scores` has a place for every mentor, in their order.
    fn row(&self, mentee: u32, scores: &mut [i32]);
}

impl<F: Fn(u32, &mut [i32]) + Sync> Scores for F {
    fn row(&self, mentee: u32, scores: &mut [i32]) {
        self(mentee, scores);
    }
}

/// The best matching over all pairs.
#[derive(Clone, Debug)]
pub struct AllPairs {
    /// The pairs that mattered: the best matching of these is the best of all.
    pub problem: Problem,
    /// The matching, and prices that prove it over all pairs; see [`verify_all`](crate::verify_all).
    pub solution: Solution,
    /// How often the pairs were priced.
    pub rounds: u32,
    /// How many pairs were looked at, from the estimate of prices to the last round.
    pub priced: u64,
}

/// Why there is no best matching over all pairs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AllPairsError {
    /// As for a list of pairs.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// As for a list of pairs.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Whether a lower bound can be kept shows only when all pairs are at hand; and so does the highest floor under the worst match.
    #[error("{0} can only be asked for with a list of pairs")]
    NeedsAList(&'static str),
}

/// How many pairs a mentee begins with, in the middle, at least and at most.
const FIRST: usize = 64;
const FEWEST: usize = 16;
const MOST: usize = 128;
/// How many they are given at most in one round.
const MORE: usize = 24;
/// With less than one new pair for so many mentees, the next round begins with the solution of the last one.
const FEW: usize = 4;
/// What a whole person counts beside points when coverage comes first; prices in points stay well below.
const PERSON: Cost = 1 << 40;

/// Finds the best matching over all pairs that `scores` admits, and proves it. The answer is that of [`solve`](crate::solve()) with
/// every admissible pair in the list, when lots are drawn; without lots it may be another one that is equally good.
///
/// Time: one call of `scores` for each mentee, two for one in some twenty, more for those whose pairs the first prices do not decide; and
/// a solution of the pairs chosen, which is mended in each round. Memory: some 60 pairs for each mentee instead of one for each mentor, a
/// list of at most some 16 million for the estimate of prices, and a row of scores for each thread. `objective.threads` threads price
/// pairs.
///
/// # Errors
/// As [`Problem::new`] and [`solve`](crate::solve()); and for lower bounds, floors of groups and a raised floor, which need a list.
///
/// ```
/// use chiron_matching::{Mentee, Mentor, Objective, Rules, solve_all, verify_all};
/// let mentees: Vec<Mentee> = (0..300).map(Mentee::new).collect();
/// let mentors: Vec<Mentor> = (0..100).map(|key| Mentor::new(key, 3)).collect();
/// let scores = |mentee: u32, row: &mut [i32]| {
///     for (mentor, score) in (0..).zip(row) {
///         *score = if (mentee + mentor) % 5 == 0 { -1 } else { (mentee * 7 + mentor * mentee * 31) as i32 % 10_000 };
///     }
/// };
/// let found = solve_all(&mentees, &mentors, &Rules::default(), &scores, &Objective::default(), &|_| std::ops::ControlFlow::Continue(()))?;
/// assert_eq!(found.solution.pairs.len(), 300);
/// verify_all(&found.problem, &found.solution, &scores)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve_all(
    mentees: &[Mentee],
    mentors: &[Mentor],
    rules: &Rules,
    scores: &(impl Scores + ?Sized),
    objective: &Objective,
    progress: &dyn Progress,
) -> Result<AllPairs, AllPairsError> {
    if mentees.iter().any(|mentee| mentee.least > 0) || mentors.iter().any(|mentor| mentor.least > 0) {
        return Err(AllPairsError::NeedsAList("a least number of pairs"));
    }
    if !rules.group_floors.is_empty() {
        return Err(AllPairsError::NeedsAList("a floor for a group"));
    }
    if objective.floor.is_some() {
        return Err(AllPairsError::NeedsAList("a higher worst match"));
    }
    let plain = Objective { threads: objective.threads, ..Objective::plain(objective.coverage) };
    let mut table = Table::new(mentees, mentors, rules, Pass::new(scores, mentors.len(), rules, objective.threads, progress))?;
    table.begin()?;
    // First the aims that decide most, whose proof is short; then all of them on what those leave open.
    let (mut aims, mut rounds, mut last) = (&plain, 0, None);
    loop {
        let problem = table.problem()?;
        let solution = solve_from(&problem, aims, last.as_ref(), progress)?;
        let added = table.price(&solution.certificate.levels)?;
        rounds += 1;
        if added == 0 {
            if aims == objective {
                return Ok(AllPairs { problem, solution, rounds, priced: table.pass.looked() });
            }
            aims = objective;
        }
        // Few new pairs change little: what is far from them stays as it was, and need not be priced again.
        last = (added < mentees.len() / FEW).then_some(solution);
    }
}

/// The pairs of one mentee that are looked at.
#[derive(Clone, Debug, Default)]
struct Row {
    /// (mentor, score), by place of the mentor.
    pairs: Vec<(u32, i32)>,
    /// No pair left out cost less than this when the row was last looked at.
    beyond: Cost,
    /// With which of the prices that was.
    seen: u32,
}

struct Table<'a, S: ?Sized> {
    mentees: &'a [Mentee],
    mentors: &'a [Mentor],
    rules: &'a Rules,
    pass: Pass<'a, S>,
    rows: Vec<Row>,
    /// The prices of mentors that rows were looked at with, of each round, people and points in one number.
    prices: Vec<Vec<Cost>>,
}

impl<'a, S: Scores + ?Sized> Table<'a, S> {
    fn new(mentees: &'a [Mentee], mentors: &'a [Mentor], rules: &'a Rules, pass: Pass<'a, S>) -> Result<Self, AllPairsError> {
        // Checks the people before anything is worked out; the pairs of the rules are checked once they have scores.
        Problem::new(mentees.to_vec(), mentors.to_vec(), Vec::new(), Rules::default())?;
        let named = [("locked", &rules.locked), ("excluded", &rules.excluded), ("previous", &rules.previous)];
        for (rule, pairs) in named {
            if let Some(&(mentee, mentor)) = pairs.iter().find(|pair| pair.0 as usize >= mentees.len() || pair.1 as usize >= mentors.len())
            {
                return Err(ProblemError::Nobody { rule, mentee, mentor }.into());
            }
        }
        Ok(Self { mentees, mentors, rules, pass, rows: vec![Row::default(); mentees.len()], prices: Vec::new() })
    }

    /// Gives every mentee the pairs that may be best by an estimate of prices, and those that the rules name.
    fn begin(&mut self) -> Result<(), AllPairsError> {
        let (mentees, mentors) = (self.mentees, self.mentors);
        let mut named: Vec<(u32, u32)> = self.rules.locked.iter().chain(&self.rules.previous).copied().collect();
        named.sort_unstable();
        named.dedup();
        let Estimate { prices, width } = estimate(&self.pass, mentees, mentors, &self.rules.locked, FIRST)?;
        self.pass.each(
            &mut self.rows,
            |at, _| Some(at as u32),
            |at, row, sheet| {
                let from = named.partition_point(|pair| (pair.0 as usize) < at);
                for &(_, mentor) in named[from..].iter().take_while(|pair| pair.0 as usize == at) {
                    let score = std::mem::replace(&mut sheet.scores[mentor as usize], -1);
                    if score >= 0 {
                        row.pairs.push((mentor, score));
                    }
                }
                let lot = |mentor: usize| draw(0, mentees[at].key, mentors[mentor].key);
                let end = sheet.price(&prices).saturating_add(width);
                sheet.want(|cost| cost <= end, lot);
                row.beyond = if sheet.wanted.len() >= FEWEST {
                    row.take_best(sheet, MOST).min(Cost::from(end) + 1)
                } else {
                    sheet.want(|_| true, lot);
                    row.take_best(sheet, FEWEST)
                };
            },
        )?;
        self.prices.push(prices.into_iter().map(Cost::from).collect());
        Ok(())
    }

    fn problem(&self) -> Result<Problem, ProblemError> {
        let mut starts = vec![0_u32];
        let total = self.rows.iter().map(|row| row.pairs.len()).sum();
        let (mut columns, mut scores) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for row in &self.rows {
            columns.extend(row.pairs.iter().map(|pair| pair.0));
            scores.extend(row.pairs.iter().map(|pair| pair.1));
            starts.push(columns.len().min(u32::MAX as usize) as u32);
        }
        Problem::from_rows(self.mentees.to_vec(), self.mentors.to_vec(), starts, columns, scores, self.rules.clone())
    }

    /// Adds pairs that these prices do not decide rightly; how many.
    fn price(&mut self, levels: &[Level]) -> Result<usize, AllPairsError> {
        let prices = Prices::new(levels)?;
        let fall = |before: &Vec<Cost>| before.iter().zip(&prices.mentors).map(|(before, now)| before - now).max().unwrap_or(0);
        let (falls, round) = (self.prices.iter().map(fall).collect::<Vec<Cost>>(), self.prices.len() as u32);
        let (mentees, mentors) = (self.mentees, self.mentors);
        let ties = &levels[prices.levels..];
        let added = AtomicUsize::new(0);
        self.pass.each(
            &mut self.rows,
            |at, row| {
                let (cheapest, own) = (row.beyond.saturating_sub(falls[row.seen as usize]), prices.mentees[at]);
                let decided = if ties.is_empty() { cheapest >= own } else { cheapest > own };
                (!decided).then_some(at as u32)
            },
            |at, row, sheet| {
                for &(mentor, _) in &row.pairs {
                    sheet.scores[mentor as usize] = -1;
                }
                let own = prices.mentees[at];
                sheet.wanted.clear();
                let mut cheapest = Cost::MAX;
                for (mentor, (&score, &price)) in (0..).zip(sheet.scores.iter().zip(&prices.mentors)) {
                    if score < 0 {
                        continue;
                    }
                    let cost = price - Cost::from(score);
                    if cost < own || cost == own && !ties.is_empty() && wins_a_tie(ties, mentees, mentors, at as u32, mentor) {
                        sheet.wanted.push((cost, draw(0, mentees[at].key, mentors[mentor as usize].key), mentor));
                    } else {
                        cheapest = cheapest.min(cost);
                    }
                }
                let before = row.pairs.len();
                row.beyond = row.take_best(sheet, MORE).min(cheapest);
                row.seen = round;
                added.fetch_add(row.pairs.len() - before, Ordering::Relaxed);
            },
        )?;
        self.prices.push(prices.mentors);
        Ok(added.into_inner())
    }
}

impl Row {
    /// Takes the best of the wanted pairs; returns what the cheapest of the others costs.
    fn take_best(&mut self, sheet: &mut Sheet, most: usize) -> Cost {
        let wanted = &mut sheet.wanted;
        let mut beyond = Cost::MAX;
        if wanted.len() > most {
            let (_, &mut (next, ..), _) = wanted.select_nth_unstable(most);
            beyond = next;
            wanted.truncate(most);
        }
        if !wanted.is_empty() {
            self.pairs.extend(wanted.iter().map(|&(_, _, mentor)| (mentor, sheet.scores[mentor as usize])));
            self.pairs.sort_unstable();
        }
        beyond
    }
}

/// The prices of the aims up to the scores, people and points in one number: of two costs the lower is better, aim after aim.
struct Prices {
    mentees: Vec<Cost>,
    mentors: Vec<Cost>,
    /// How many levels are in them.
    levels: usize,
}

impl Prices {
    fn new(levels: &[Level]) -> Result<Self, SolveError> {
        let points = levels.iter().position(|level| matches!(level.aim, Aim::Score { .. })).ok_or(SolveError::TooLarge)?;
        let one = |of: fn(&Level) -> &Vec<Cost>| match &levels[..=points] {
            [points] => Ok(of(points).clone()),
            [people, points] => (of(people).iter().zip(of(points)))
                .map(|(people, points)| {
                    let far = points.abs() >= PERSON / 4 || people.abs() > 1 << 21;
                    if far { Err(SolveError::TooLarge) } else { Ok(people * PERSON + points) }
                })
                .collect(),
            _ => Err(SolveError::TooLarge),
        };
        Ok(Self { mentees: one(|level| &level.mentees)?, mentors: one(|level| &level.mentors)?, levels: points + 1 })
    }
}

/// Whether a pair that is as good as any so far would be made for one of the aims after the scores: the first that it is not equal in.
fn wins_a_tie(ties: &[Level], mentees: &[Mentee], mentors: &[Mentor], mentee: u32, mentor: u32) -> bool {
    let (i, j) = (mentee as usize, mentor as usize);
    let reduced = ties.iter().map(|level| {
        let cost = match level.aim {
            Aim::Lots { seed } => lot(seed, mentees[i].key, mentors[j].key),
            // A pair of the last run is always at hand.
            _ => 0,
        };
        cost + level.mentors[j] - level.mentees[i]
    });
    reduced.into_iter().find(|&reduced| reduced != 0).is_some_and(|reduced| reduced < 0)
}
