#![doc = include_str!("../README.md")]

mod auction;
mod columns;
mod cover;
pub mod dense;
mod estimate;
pub mod explain;
mod fast;
mod flow;
mod frontier;
mod levels;
mod objective;
mod pass;
pub mod peers;
mod problem;
mod repair;
mod reverse;
mod solution;
mod solve;
mod stable;
mod transport;
mod verify;

pub use columns::{AllPairs, AllPairsError, Scores, solve_all};
pub use frontier::{Frontier, Point, frontier};
pub use objective::{Coverage, Floor, Objective};
pub use problem::{Cost, MOST_SCORE, Mentee, Mentor, Pair, Problem, ProblemError, Rules, Side};
pub use repair::{Change, Moves, Outcome, Repair, RepairError};
pub use solution::{Aim, Certificate, Level, Solution};
pub use solve::{Progress, Rule, SolveError, Step, solve, solve_with};
pub use stable::{BlockingPair, Likings, LikingsError, PriceOfStability, StableMatching, blocking_pairs, price_of_stability, stable};
pub use verify::{Fault, verify, verify_all};
