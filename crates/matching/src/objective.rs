//! What "best" means, from the most important aim to the least.

use crate::Cost;

/// What to aim for, in this order: hard rules; coverage; the worst match (if asked); the sum of scores; balanced load; fewest
/// changes; lots. Each aim decides only among the solutions that are best for all aims before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// How being matched at all is weighed against fitting well.
    pub coverage: Coverage,
    /// Raise the worst match, at a bounded loss of the sum.
    pub floor: Option<Floor>,
    /// Spread mentees over mentors where the sum of scores allows it (least sum of the squares of loads).
    pub balance: bool,
    /// Keep pairs of the last run where everything before is equal.
    pub keep: bool,
    /// Draw lots where everything before is equal, so that there is exactly one answer. Without lots the answer is still the
    /// same whatever the order of input and the number of threads, but another version of this crate may break ties differently.
    pub lots: bool,
    /// The seed of the lots.
    pub seed: u64,
    /// How many threads may be used: [`solve_all`](crate::solve_all()) works out scores on them, the rest uses one. The answer does not
    /// depend on it.
    pub threads: u8,
}

impl Default for Objective {
    fn default() -> Self {
        Self { coverage: Coverage::First, floor: None, balance: true, keep: true, lots: true, seed: 0, threads: 1 }
    }
}

impl Objective {
    /// Only coverage and the sum of scores: the shortest proof, and what other solvers solve.
    pub const fn plain(coverage: Coverage) -> Self {
        Self { coverage, floor: None, balance: false, keep: false, lots: false, seed: 0, threads: 1 }
    }
}

/// How being matched at all is weighed against fitting well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// First as many people as possible (by weight), then the best scores.
    First,
    /// Matching someone is worth so many points of score for each point of their weight. 0 or more, at most 2^40.
    Worth(Cost),
}

/// How far the worst match may be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// How many thousandths of the best sum of scores may be given up for it; 1,000 for whatever it takes.
    /// Nobody loses their match for it.
    pub loss_per_thousand: u32,
}
