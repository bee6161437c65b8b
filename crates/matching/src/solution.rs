//! The answer, and the prices that prove it.

use crate::Cost;

/// A matching with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The pairs (place of mentee, place of mentor), ascending.
    pub pairs: Vec<(u32, u32)>,
    /// The places of the mentees who have nobody, ascending.
    pub unmatched: Vec<u32>,
    /// The sum of the scores of the pairs, without bonuses.
    pub score: i64,
    /// Proves that no other matching is better; see [`verify`](crate::verify()).
    pub certificate: Certificate,
}

/// Prices, one set for each aim in order. Together they prove the solution optimal: see [`verify`](crate::verify()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Pairs below this score were not considered (locked pairs excepted), since the worst match was raised.
    pub floor: Option<i32>,
    /// The aims in order, each with its prices.
    pub levels: Vec<Level>,
}

impl Certificate {
    /// The prices in points of score, where the scores were an aim.
    pub fn points(&self) -> Option<&Level> {
        self.levels.iter().find(|level| matches!(level.aim, Aim::Score { .. }))
    }
}

/// What one level of the objective minimises, given all levels before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The weight of the mentees who have nobody.
    Coverage,
    /// Minus the scores (with the bonus for kept pairs), minus `worth` points for each point of weight of a matched mentee.
    Score {
        /// Points of score; 0 where coverage was an aim of its own.
        worth: Cost,
    },
    /// The squares of the loads of the mentors.
    Balance,
    /// Minus the number of kept pairs.
    Keep,
    /// The lots of the pairs made.
    Lots {
        /// The seed of the lots.
        seed: u64,
    },
}

/// The prices of one aim, in its own unit. Integers of either sign; places as in the problem.
///
/// In the level of scores, `mentors[j]` is what one more seat with mentor j would be worth in points (0 where a seat is free,
/// negative only where a lower bound or an earlier aim forces j to take someone), and the reduced cost of a pair,
/// `-score + mentors[j] - mentees[i]`, is what making it would cost: nothing for every pair that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What is minimised.
    pub aim: Aim,
    /// For each mentee the cost of finding one more mentor.
    pub mentees: Vec<Cost>,
    /// For each mentor what one more seat would save.
    pub mentors: Vec<Cost>,
    /// For each of `rules.group_floors`, in that order, what the floor costs for one more person.
    pub groups: Vec<Cost>,
}
