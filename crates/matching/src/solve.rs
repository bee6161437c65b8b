//! The way from a problem to its one best solution: an aim after the other, each among the solutions the aims before it leave open.

use crate::{Aim, Certificate, Coverage, Floor, Objective, Problem, Side, Solution, levels::Levels};
use std::ops::ControlFlow;

/// Which rule cannot be kept together with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Someone is to have at least so many pairs.
    #[error("{side} {person} is to have at least {least}")]
    Least {
        /// On which side.
        side: Side,
        /// Place in the list.
        person: u32,
        /// How many they should have.
        least: u32,
    },
    /// Of a group at least so many are to be matched.
    #[error("of group {group} at least {floor} are to be matched")]
    GroupFloor {
        /// The group.
        group: u16,
        /// How many of it should be matched.
        floor: u32,
    },
}

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// The lower bounds contradict each other. Leaving out `rule` brings the solution nearer, and `lacking` more pairs are wanted in all.
    #[error("the rules cannot all be kept: {rule}, and with the other rules {short} too few can be had ({lacking} lacking in all)")]
    Impossible {
        /// One rule that is broken in a solution that breaks as few as possible.
        rule: Rule,
        /// By how many it is missed there.
        short: u32,
        /// By how many all rules together are missed there: no solution misses them by less.
        lacking: u64,
    },
    /// A price would leave the range of integers: scores, weights and worth are too large for so many people.
    #[error("scores and weights are too large for this number of people")]
    TooLarge,
    /// The caller asked to stop.
    #[error("stopped on request")]
    Cancelled,
}

/// The caller asked to stop.
#[derive(Clone, Copy, Debug)]
pub struct Cancelled;

impl From<Cancelled> for SolveError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Where a long run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is being decided; none while the rules are brought together.
    pub aim: Option<Aim>,
    /// How many people are still without a final place in this aim. Goes down, with small steps back.
    pub left: usize,
}

/// Is told where a run is, often, and may stop it. Implemented by closures.
pub trait Progress {
    /// `Break` stops the run with [`SolveError::Cancelled`].
    fn report(&self, step: Step) -> ControlFlow<()>;
}

impl<F: Fn(Step) -> ControlFlow<()>> Progress for F {
    fn report(&self, step: Step) -> ControlFlow<()> {
        self(step)
    }
}

/// Finds the best solution, and proves it.
///
/// The answer depends on the keys, scores, rules and the seed only: not on the order of input, nor on the number of threads.
///
/// # Errors
/// When the lower bounds contradict each other, naming one of them; or when the numbers are too large.
///
/// ```
/// use chiron_matching::{Mentee, Mentor, Objective, Pair, Problem, Rules, solve, verify};
/// let pair = |mentee, mentor, score| Pair { mentee, mentor, score };
/// let problem = Problem::new(
///     vec![Mentee::new(1), Mentee::new(2)],
///     vec![Mentor::new(1, 1), Mentor::new(2, 1)],
///     vec![pair(0, 0, 9_000), pair(0, 1, 8_000), pair(1, 0, 7_000)],
///     Rules::default(),
/// )?;
/// let solution = solve(&problem, &Objective::default())?;
/// assert_eq!(solution.pairs, [(0, 1), (1, 0)]);       // best pair first would leave the second mentee alone
/// verify(&problem, &solution)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve(problem: &Problem, objective: &Objective) -> Result<Solution, SolveError> {
    solve_with(problem, objective, &|_: Step| ControlFlow::Continue(()))
}

/// [`solve`] with a witness who may stop it.
///
/// # Errors
/// As [`solve`], and when `progress` asks to stop.
pub fn solve_with(problem: &Problem, objective: &Objective, progress: &dyn Progress) -> Result<Solution, SolveError> {
    solve_from(problem, objective, None, progress)
}

/// [`solve_with`] from the best solution of the same problem with a few pairs less. In the common problem, prices far from these pairs
/// stay as they were there.
pub fn solve_from(
    problem: &Problem,
    objective: &Objective,
    start: Option<&Solution>,
    progress: &dyn Progress,
) -> Result<Solution, SolveError> {
    match problem.in_order_of_keys() {
        None => solve_in_order(problem, objective, start, progress),
        Some(ordered) => {
            let start = start.map(|start| ordered.order(start.clone()));
            let solution = solve_in_order(&ordered.problem, objective, start.as_ref(), progress);
            solution.map(|solution| ordered.restore(solution)).map_err(|error| ordered.restore_error(error))
        }
    }
}

fn solve_in_order(
    problem: &Problem,
    objective: &Objective,
    start: Option<&Solution>,
    progress: &dyn Progress,
) -> Result<Solution, SolveError> {
    let mut levels = Levels::new(problem, objective, progress, None);
    levels.start = start;
    levels.fit()?;
    if let Some(floor) = objective.floor {
        levels = raise(levels, floor)?;
    }
    levels.tie_break()?;
    Ok(levels.finish())
}

/// The highest floor under the worst match at which coverage stays and the sum loses no more than allowed: bisection over the
/// scores that occur, since both only fall as the floor rises.
fn raise<'a>(base: Levels<'a>, floor: Floor) -> Result<Levels<'a>, SolveError> {
    let Some(worst) = base.worst() else { return Ok(base) };
    let allowed = base.total() / 1_000 * i64::from(floor.loss_per_thousand.min(1_000))
        + base.total() % 1_000 * i64::from(floor.loss_per_thousand.min(1_000)) / 1_000;
    let (least, coverage) = (base.total() - allowed, base.coverage());
    let mut candidates: Vec<i32> = base.problem.scores().iter().copied().filter(|&score| score > worst).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let (mut low, mut high, mut best) = (0, candidates.len(), base);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut trial = Levels::new(best.problem, best.objective, best.progress, Some(candidates[middle]));
        let reached = match trial.fit() {
            Ok(()) => trial.coverage() >= coverage && (floor.loss_per_thousand >= 1_000 || trial.total() >= least),
            Err(SolveError::Impossible { .. }) => false,
            Err(error) => return Err(error),
        };
        if reached {
            best = trial;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(best)
}

/// The aims up to the sum of scores.
pub fn fitting(coverage: Coverage) -> impl Iterator<Item = Aim> {
    let (first, worth) = match coverage {
        Coverage::First => (Some(Aim::Coverage), 0),
        Coverage::Worth(worth) => (None, worth),
    };
    first.into_iter().chain([Aim::Score { worth }])
}

/// The aims after the sum of scores.
pub fn tie_breaking(objective: &Objective) -> impl Iterator<Item = Aim> {
    let aims = [(objective.balance, Aim::Balance), (objective.keep, Aim::Keep), (objective.lots, Aim::Lots { seed: objective.seed })];
    aims.into_iter().filter(|(wanted, _)| *wanted).map(|(_, aim)| aim)
}

/// A certificate without levels.
pub const fn unproved(floor: Option<i32>) -> Certificate {
    Certificate { floor, levels: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mentee, Mentor, Pair, Rules, verify};

    #[test]
    fn what_was_found_with_a_few_pairs_less_is_a_beginning() {
        let mut seed = 5_u64;
        let mut below = |end: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % end
        };
        // Neither side in the order of keys, one pair locked, coverage first or worth points.
        for (keys, coverage) in [(1, Coverage::First), (-1, Coverage::First), (-1, Coverage::Worth(500)), (1, Coverage::Worth(90_000))] {
            let key = |at: u32| (1_000 + i64::from(at) * keys) as u64;
            let mentees: Vec<Mentee> = (0..90).map(|at| Mentee::new(key(at))).collect();
            let mentors: Vec<Mentor> = (0..30).map(|at| Mentor::new(key(at), at % 5)).collect();
            let rules = Rules { locked: vec![(4, 9)], ..Rules::default() };
            let mut pairs: Vec<Pair> =
                (0..90).flat_map(|mentee| (0..30).map(move |mentor| Pair { mentee, mentor, score: 0 })).filter(|_| below(3) == 0).collect();
            pairs.retain(|pair| (pair.mentee, pair.mentor) != (4, 9));
            pairs.iter_mut().for_each(|pair| pair.score = below(2_000) as i32);
            pairs.push(Pair { mentee: 4, mentor: 9, score: 7 });
            let fewer: Vec<Pair> = pairs.iter().copied().filter(|pair| pair.mentee == 4 || below(10) > 0).collect();
            let objective = Objective { coverage, ..Objective::default() };
            let part = Problem::new(mentees.clone(), mentors.clone(), fewer, rules.clone()).unwrap();
            let whole = Problem::new(mentees, mentors, pairs, rules).unwrap();
            let start = solve(&part, &objective).unwrap();
            let found = solve_from(&whole, &objective, Some(&start), &|_: Step| ControlFlow::Continue(())).unwrap();
            assert_eq!(verify(&whole, &found), Ok(()));
            assert_eq!(found.pairs, solve(&whole, &objective).unwrap().pairs);
        }
    }
}
