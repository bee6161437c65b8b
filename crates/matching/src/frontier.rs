//! The trade between coverage, fit and the worst match, as a short list of solutions to choose from.
//!
//! "Best" weighs three things against each other: how many people are matched, how well all pairs fit together, and how bad the worst
//! pair is. A coordinator should see what one costs in terms of the others before deciding. [`frontier`] gives solutions none of which
//! is worse than another in all three.
//!
//! **What holds.** Each point is a proven optimum, accepted by [`verify`](crate::verify()) for the whole problem: with pairs below its
//! floor left out, it has the best sum of scores for its price of coverage. The first point is the default objective's. Along the
//! worst match, the list is complete when [`Frontier::complete`] says so: then every floor between two neighbours gives the lower
//! one's coverage and sum. Between coverage and fit it holds the corners of the convex hull (supported solutions), since those between
//! cannot be found by weighing; its other end is the greatest sum where one more person counts as one point.
//!
//! **How.** Coverage and sum only fall as the floor rises, so that between two floors with the same result nothing is to be found; the
//! gap with the largest difference is halved first, until all are closed or the solves are used up. Coverage against fit is
//! the search of Eisner and Severance (1976): the slope between two solutions is the price of coverage at which a solution between
//! them would show.
//!
//! ```
//! use chiron_matching::{Mentee, Mentor, Objective, Pair, Problem, Rules, frontier};
//! let pair = |mentee, mentor, score| Pair { mentee, mentor, score };
//! let problem = Problem::new(
//!     vec![Mentee::new(1), Mentee::new(2)],
//!     vec![Mentor::new(1, 1), Mentor::new(2, 1)],
//!     vec![pair(0, 0, 9_000), pair(0, 1, 1_000), pair(1, 0, 1_000)],
//!     Rules::default(),
//! )?;
//! let frontier = frontier(&problem, &Objective::default(), 20)?;
//! let points: Vec<_> = frontier.points.iter().map(|point| (point.people, point.score, point.worst)).collect();
//! assert_eq!(points, [(2, 2_000, Some(1_000)), (1, 9_000, Some(9_000))]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{Coverage, Objective, Pair, Problem, Rules, Solution, SolveError, solve};

/// One way of weighing, and its best solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// How many people are matched.
    pub people: usize,
    /// How many points of weight they have together.
    pub weight: u64,
    /// The sum of the scores.
    pub score: i64,
    /// The worst score of a pair that is not locked.
    pub worst: Option<i32>,
    /// How coverage was weighed to get here.
    pub coverage: Coverage,
    /// The solution, proven for the whole problem with its floor.
    pub solution: Solution,
}

/// Solutions of which none is worse than another in coverage, sum of scores and worst match all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    /// The most weight matched first, then the greatest sum, then the best worst match.
    pub points: Vec<Point>,
    /// Whether nothing is left to be found along the worst match.
    pub complete: bool,
}

/// The frontier of a problem, with at most so many solves (at least two). `objective` decides between equals; its coverage and floor
/// are not looked at.
///
/// # Errors
/// As [`solve`](crate::solve()); a floor at which the rules cannot be kept is no error but the end of the frontier.
pub fn frontier(problem: &Problem, objective: &Objective, most_solves: usize) -> Result<Frontier, SolveError> {
    let mut run = Run { problem, objective, left: most_solves.max(2), points: Vec::new() };
    let full = run.point(Coverage::First)?;
    run.points.push(full.clone());
    // Half of what is left goes to either trade.
    let floors = run.left - run.left / 2;
    let held_back = run.left - floors;
    run.left = floors;
    let complete = run.raise(&full)?;
    run.left += held_back;
    run.trade_coverage(full)?;
    Ok(Frontier { points: undominated(run.points), complete })
}

struct Run<'a> {
    problem: &'a Problem,
    objective: &'a Objective,
    left: usize,
    points: Vec<Point>,
}

impl Run<'_> {
    fn point(&mut self, coverage: Coverage) -> Result<Point, SolveError> {
        self.left -= 1;
        let solution = solve(self.problem, &Objective { coverage, floor: None, ..self.objective.clone() })?;
        Ok(self.read(coverage, solution))
    }

    /// The best solution among the pairs from `floor` on, as a solution of the whole problem; nothing when the rules cannot be kept.
    fn point_above(&mut self, floor: i32) -> Result<Option<Point>, SolveError> {
        self.left -= 1;
        let Some(above) = above(self.problem, floor) else { return Ok(None) };
        match solve(&above, &Objective { coverage: Coverage::First, floor: None, ..self.objective.clone() }) {
            Ok(mut solution) => {
                solution.certificate.floor = Some(floor);
                Ok(Some(self.read(Coverage::First, solution)))
            }
            Err(SolveError::Impossible { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, coverage: Coverage, solution: Solution) -> Point {
        let problem = self.problem;
        let open = solution.pairs.iter().filter(|&&(mentee, mentor)| !problem.is_locked(mentee, mentor));
        let worst = open.filter_map(|&(mentee, mentor)| problem.score(mentee, mentor)).min();
        let unmatched = solution.unmatched.iter().map(|&mentee| u64::from(problem.mentees()[mentee as usize].weight)).sum::<u64>();
        let all = problem.mentees().iter().map(|mentee| u64::from(mentee.weight)).sum::<u64>();
        Point {
            people: problem.mentees().len() - solution.unmatched.len(),
            weight: all - unmatched,
            score: solution.score,
            worst,
            coverage,
            solution,
        }
    }

    /// Seeks the floors at which coverage or sum change. True when none is left to be found.
    fn raise(&mut self, full: &Point) -> Result<bool, SolveError> {
        let Some(worst) = full.worst else { return Ok(true) };
        let mut floors: Vec<i32> = self.problem.scores().iter().copied().filter(|&score| score > worst).collect();
        floors.sort_unstable();
        floors.dedup();
        if floors.is_empty() || self.left == 0 {
            return Ok(floors.is_empty());
        }
        // A gap lies between a floor whose result is known and the next known one (or the end, where nothing is left to match).
        let last = floors.len() - 1;
        let mut gaps = vec![Gap { low: None, high: last + 1, result: Some((full.weight, full.score)), beyond: None }];
        while let Some(at) = widest(&gaps) {
            if self.left == 0 {
                return Ok(false);
            }
            let gap = gaps.swap_remove(at);
            let first = gap.low.map_or(0, |low| low + 1);
            let middle = first + (gap.high - first) / 2;
            let point = self.point_above(floors[middle])?;
            let found = point.as_ref().map(|point| (point.weight, point.score));
            self.points.extend(point);
            gaps.push(Gap { high: middle, beyond: found, ..gap });
            gaps.push(Gap { low: Some(middle), high: gap.high, result: found, beyond: gap.beyond });
        }
        Ok(true)
    }

    /// The corners of the convex hull between the most people and the greatest sum.
    fn trade_coverage(&mut self, most: Point) -> Result<(), SolveError> {
        if self.left == 0 {
            return Ok(());
        }
        // With a price of nought, people whose pairs score nothing would be left out for nothing.
        let fit = self.point(Coverage::Worth(1))?;
        self.points.push(fit.clone());
        let mut sides = vec![(most, fit)];
        while let Some((more, fit)) = sides.pop() {
            if self.left == 0 || more.weight <= fit.weight || more.score >= fit.score {
                continue;
            }
            // Prices are whole points; rounding up keeps the side of more coverage in reach.
            let price = (fit.score - more.score + (more.weight - fit.weight) as i64 - 1) / (more.weight - fit.weight) as i64;
            let between = self.point(Coverage::Worth(price))?;
            let value = |point: &Point| point.score + price * point.weight as i64;
            if value(&between) > value(&more).max(value(&fit)) {
                self.points.push(between.clone());
                sides.push((more, between.clone()));
                sides.push((between, fit));
            }
        }
        Ok(())
    }
}

/// Floors from `low + 1` to `high - 1` are not yet looked at. `result` is what the floor at `low` gives, `beyond` what the one at
/// `high` gives; nothing where the rules cannot be kept.
#[derive(Clone, Copy)]
struct Gap {
    low: Option<usize>,
    high: usize,
    result: Option<(u64, i64)>,
    beyond: Option<(u64, i64)>,
}

/// The gap with the largest difference, if any hides something.
fn widest(gaps: &[Gap]) -> Option<usize> {
    let width = |gap: &Gap| {
        let (weight, score) = gap.result.unwrap_or((0, 0));
        let (weight_beyond, score_beyond) = gap.beyond.unwrap_or((0, 0));
        (weight.abs_diff(weight_beyond), score.abs_diff(score_beyond), std::cmp::Reverse(gap.high))
    };
    let hides = |gap: &Gap| gap.result.is_some() && gap.result != gap.beyond && gap.low.map_or(0, |low| low + 1) < gap.high;
    (0..gaps.len()).filter(|&at| hides(&gaps[at])).max_by_key(|&at| width(&gaps[at]))
}

/// The problem without the pairs below the floor, locked ones excepted; nothing if a lower bound can then be seen to fail.
fn above(problem: &Problem, floor: i32) -> Option<Problem> {
    let mut pairs = Vec::new();
    for mentee in 0..problem.mentees().len() as u32 {
        let (mentors, scores) = problem.row(mentee);
        let row = mentors.iter().zip(scores).map(|(&mentor, &score)| Pair { mentee, mentor, score });
        pairs.extend(row.filter(|pair| pair.score >= floor || problem.is_locked(mentee, pair.mentor)));
    }
    let rules = Rules { excluded: Vec::new(), ..problem.rules().clone() };
    Problem::new(problem.mentees().to_vec(), problem.mentors().to_vec(), pairs, rules).ok()
}

fn undominated(mut points: Vec<Point>) -> Vec<Point> {
    let key = |point: &Point| (point.weight, point.score, point.worst.unwrap_or(i32::MAX));
    points.sort_by_key(|point| std::cmp::Reverse(key(point)));
    points.dedup_by_key(|point| key(point));
    let kept: Vec<bool> = points
        .iter()
        .map(|point| {
            let (weight, score, worst) = key(point);
            !points
                .iter()
                .map(key)
                .any(|other| other != (weight, score, worst) && other.0 >= weight && other.1 >= score && other.2 >= worst)
        })
        .collect();
    let mut kept = kept.into_iter();
    points.retain(|_| kept.next() == Some(true));
    points
}
