//! Stable matchings: nobody has a reason to leave their partner for someone who would leave theirs.
//!
//! The second way of matching, for places where both sides rank each other and may walk away. It is not the default, since it leaves
//! more people unmatched than need be: whoever is popular is taken by whoever is popular, and nobody gives way.
//!
//! - [`stable`]: deferred acceptance, mentees proposing (Gale and Shapley, "College admissions and the stability of marriage", 1962;
//!   with several seats and several wishes a head as in Roth 1984). Among all stable matchings it is the best for every mentee who
//!   looks for one mentor. O(pairs · log pairs).
//! - [`blocking_pairs`]: who would walk away from *any* matching, and what they would gain. O(pairs).
//! - [`price_of_stability`]: what it costs, in people matched and in points, that nobody would.
//!
//! **What holds.** Locked pairs are made first and are not up for negotiation; excluded pairs do not exist; seats and upper bounds are
//! kept. Lower bounds (a circle does not begin with one; floors of groups) are *not* sought: a stable matching that keeps them need
//! not exist, and Biró, Fleiner, Irving and Manlove (2010) show that deciding it is NP-complete; what is missed is told in
//! [`StableMatching::missed`]. Equal likings are told apart by lots drawn from the seed and the keys, so that the order of input
//! changes nothing; the matching is stable in the weak sense, that no two people *both strictly* gain by leaving.
//!
//! ```
//! use chiron_matching::{Mentee, Mentor, Objective, Pair, Problem, Rules, price_of_stability, Likings, solve};
//! let pair = |mentee, mentor, score| Pair { mentee, mentor, score };
//! let problem = Problem::new(
//!     vec![Mentee::new(1), Mentee::new(2)],
//!     vec![Mentor::new(1, 1), Mentor::new(2, 1)],
//!     vec![pair(0, 0, 9_000), pair(0, 1, 8_000), pair(1, 0, 7_000)],
//!     Rules::default(),
//! )?;
//! let best = solve(&problem, &Objective::default())?;
//! let price = price_of_stability(&problem, &Likings::of_scores(&problem), &best, 0);
//! assert_eq!(price.blocking.len(), 1);        // the first mentee and the first mentor would rather have each other
//! assert_eq!(price.people, 1);                // and then the second mentee would have nobody
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{Problem, Rule, Side, Solution, problem::lot};
use std::{cmp::Reverse, collections::BinaryHeap};

/// How much the two of each pair like each other: higher is better, only the order counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likings {
    /// For each pair in the order of the problem's rows: what the mentor is to the mentee, and the mentee to the mentor.
    of: Vec<(i32, i32)>,
}

/// A pair has no liking, or a liking no pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the likings of mentee {mentee} and mentor {mentor} are missing, given twice, or of no admissible pair")]
pub struct LikingsError {
    /// Place of the mentee.
    pub mentee: u32,
    /// Place of the mentor.
    pub mentor: u32,
}

impl Likings {
    /// Both sides like each other as much as the scores say. Then the stable matching is the greedy one: best pair first.
    pub fn of_scores(problem: &Problem) -> Self {
        Self { of: problem.scores().iter().map(|&score| (score, score)).collect() }
    }

    /// Likings of both sides, each as (mentee, mentor, mentor's worth to the mentee, mentee's worth to the mentor), in any order.
    /// Ranks are likings with the sign turned.
    ///
    /// # Errors
    /// When a pair of the problem is missing or a pair is given twice; likings of pairs that are not admissible are an error too.
    pub fn new(problem: &Problem, likings: &[(u32, u32, i32, i32)]) -> Result<Self, LikingsError> {
        let mut of = vec![None; problem.pair_count()];
        for &(mentee, mentor, to_mentee, to_mentor) in likings {
            let place = problem.edge(mentee, mentor).map(|edge| &mut of[edge]);
            match place {
                Some(place @ None) => *place = Some((to_mentee, to_mentor)),
                _ => return Err(LikingsError { mentee, mentor }),
            }
        }
        let missing = (0..problem.mentees().len() as u32).find_map(|mentee| {
            let edge = problem.edges(mentee).find(|&edge| of[edge].is_none())?;
            Some(LikingsError { mentee, mentor: problem.columns()[edge] })
        });
        missing.map_or_else(|| Ok(Self { of: of.into_iter().flatten().collect() }), Err)
    }
}

/// A matching that nobody would walk away from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StableMatching {
    /// The pairs (place of mentee, place of mentor), ascending.
    pub pairs: Vec<(u32, u32)>,
    /// The places of the mentees who have nobody, ascending.
    pub unmatched: Vec<u32>,
    /// The sum of the scores of the pairs.
    pub score: i64,
    /// The lower bounds that it does not keep, with what is short.
    pub missed: Vec<(Rule, u32)>,
}

/// Two people who would both rather have each other than someone they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockingPair {
    /// Place of the mentee.
    pub mentee: u32,
    /// Place of the mentor.
    pub mentor: u32,
    /// Whom the mentee would leave; nobody where they still look for one.
    pub leaves: Option<u32>,
    /// Whom the mentor would send away; nobody where a seat is free.
    pub sends_away: Option<u32>,
    /// How much dearer the new mentor is than the one left; the liking itself where nobody is left.
    pub mentee_gains: i32,
    /// How much dearer the new mentee is than the one sent away; the liking itself where a seat is free.
    pub mentor_gains: i32,
}

/// What it costs that nobody would walk away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceOfStability {
    /// Who would walk away from the solution, ascending.
    pub blocking: Vec<BlockingPair>,
    /// The stable matching that would be made instead.
    pub stable: StableMatching,
    /// How many fewer people would be matched. Negative if more.
    pub people: i64,
    /// How many points of weight fewer.
    pub weight: i64,
    /// How many points of score less.
    pub score: i64,
}

/// The stable matching that is best for the mentees.
pub fn stable(problem: &Problem, likings: &Likings, seed: u64) -> StableMatching {
    let keys = |mentee: u32, mentor: u32| (problem.mentees()[mentee as usize].key, problem.mentors()[mentor as usize].key);
    let mut wanted: Vec<u32> = problem.mentees().iter().map(|mentee| mentee.most).collect();
    let mut seats: Vec<u32> = problem.mentors().iter().map(|mentor| mentor.most).collect();
    let mut made = vec![false; problem.pair_count()];
    for (mentee, edge) in problem.locked_pairs() {
        made[edge] = true;
        wanted[mentee as usize] -= 1;
        seats[problem.columns()[edge] as usize] -= 1;
    }

    // Whom each mentee will ask, the dearest last, so that the next is popped.
    let mut asks: Vec<Vec<usize>> = (0..problem.mentees().len() as u32)
        .map(|mentee| {
            let mut row: Vec<usize> = problem.edges(mentee).filter(|&edge| !made[edge]).collect();
            row.sort_unstable_by_key(|&edge| {
                let (mentee, mentor) = keys(mentee, problem.columns()[edge]);
                (likings.of[edge].0, lot(seed, mentee, mentor), mentor)
            });
            row
        })
        .collect();
    // Whom each mentor holds, the least dear on top.
    let mut holds: Vec<BinaryHeap<Reverse<(i32, i64, u64, u32, usize)>>> = vec![BinaryHeap::new(); problem.mentors().len()];
    let mut open: Vec<u32> = (0..problem.mentees().len() as u32).rev().collect();
    while let Some(mentee) = open.pop() {
        while wanted[mentee as usize] > 0
            && let Some(edge) = asks[mentee as usize].pop()
        {
            let mentor = problem.columns()[edge];
            let (mentee_key, mentor_key) = keys(mentee, mentor);
            wanted[mentee as usize] -= 1;
            made[edge] = true;
            // The mentor draws lots of their own.
            holds[mentor as usize].push(Reverse((likings.of[edge].1, lot(!seed, mentee_key, mentor_key), mentee_key, mentee, edge)));
            if holds[mentor as usize].len() > seats[mentor as usize] as usize
                && let Some(Reverse((_, _, _, refused, edge))) = holds[mentor as usize].pop()
            {
                made[edge] = false;
                wanted[refused as usize] += 1;
                if refused != mentee {
                    open.push(refused);
                }
            }
        }
    }
    collect(problem, &made)
}

fn collect(problem: &Problem, made: &[bool]) -> StableMatching {
    let mut matching = StableMatching { pairs: Vec::new(), unmatched: Vec::new(), score: 0, missed: Vec::new() };
    let mut loads = vec![0_u32; problem.mentors().len()];
    let mut matched = vec![0_u32; problem.rules().group_floors.len()];
    for (at, mentee) in (0..).zip(problem.mentees()) {
        let before = matching.pairs.len();
        for edge in problem.edges(at).filter(|&edge| made[edge]) {
            matching.pairs.push((at, problem.columns()[edge]));
            matching.score += i64::from(problem.scores()[edge]);
            loads[problem.columns()[edge] as usize] += 1;
        }
        let count = (matching.pairs.len() - before) as u32;
        if count == 0 {
            matching.unmatched.push(at);
        } else if let Some(group) = problem.rules().group_floors.iter().position(|floor| floor.0 == mentee.group) {
            matched[group] += 1;
        }
        if count < mentee.least {
            matching.missed.push((Rule::Least { side: Side::Mentee, person: at, least: mentee.least }, mentee.least - count));
        }
    }
    for (person, (mentor, &load)) in (0..).zip(problem.mentors().iter().zip(&loads)) {
        if load < mentor.least {
            matching.missed.push((Rule::Least { side: Side::Mentor, person, least: mentor.least }, mentor.least - load));
        }
    }
    for (&(group, floor), &matched) in problem.rules().group_floors.iter().zip(&matched) {
        if matched < floor {
            matching.missed.push((Rule::GroupFloor { group, floor }, floor - matched));
        }
    }
    matching
}

/// Who would walk away from a matching, ascending by mentee and mentor. Nobody leaves a locked pair; pairs that are not
/// admissible count for nothing.
pub fn blocking_pairs(problem: &Problem, likings: &Likings, pairs: &[(u32, u32)]) -> Vec<BlockingPair> {
    let mut made = vec![false; problem.pair_count()];
    // The least dear partner of each, who may be left, and how many partners there are.
    let mut mentees: Vec<(u32, Option<(i32, u32)>)> = vec![(0, None); problem.mentees().len()];
    let mut mentors: Vec<(u32, Option<(i32, u32)>)> = vec![(0, None); problem.mentors().len()];
    let least = |worst: &mut Option<(i32, u32)>, other: (i32, u32)| *worst = Some(worst.map_or(other, |worst| worst.min(other)));
    for &(mentee, mentor) in pairs {
        let Some(edge) = problem.edge(mentee, mentor) else { continue };
        made[edge] = true;
        let (one, other) = (&mut mentees[mentee as usize], &mut mentors[mentor as usize]);
        one.0 += 1;
        other.0 += 1;
        if problem.locked_edges().binary_search(&(edge as u32)).is_err() {
            least(&mut one.1, (likings.of[edge].0, mentor));
            least(&mut other.1, (likings.of[edge].1, mentee));
        }
    }
    // What one gains, and whom one leaves for it; nothing if one would rather stay.
    let would = |(count, worst): (u32, Option<(i32, u32)>), most: u32, liking: i32| match worst {
        _ if count < most => Some((liking, None)),
        Some((dear, whom)) if dear < liking => Some((liking.saturating_sub(dear), Some(whom))),
        _ => None,
    };
    let mut found = Vec::new();
    for mentee in 0..problem.mentees().len() as u32 {
        for edge in problem.edges(mentee).filter(|&edge| !made[edge]) {
            let mentor = problem.columns()[edge];
            let (to_mentee, to_mentor) = likings.of[edge];
            let one = would(mentees[mentee as usize], problem.mentees()[mentee as usize].most, to_mentee);
            let other = would(mentors[mentor as usize], problem.mentors()[mentor as usize].most, to_mentor);
            if let Some(((mentee_gains, leaves), (mentor_gains, sends_away))) = one.zip(other) {
                found.push(BlockingPair { mentee, mentor, leaves, sends_away, mentee_gains, mentor_gains });
            }
        }
    }
    found
}

/// Who would walk away from a solution, and what it would cost that nobody does: the difference to the stable matching.
pub fn price_of_stability(problem: &Problem, likings: &Likings, solution: &Solution, seed: u64) -> PriceOfStability {
    let stable = stable(problem, likings, seed);
    let weight = |people: &[u32]| people.iter().map(|&mentee| i64::from(problem.mentees()[mentee as usize].weight)).sum::<i64>();
    PriceOfStability {
        blocking: blocking_pairs(problem, likings, &solution.pairs),
        people: stable.unmatched.len() as i64 - solution.unmatched.len() as i64,
        weight: weight(&stable.unmatched) - weight(&solution.unmatched),
        score: solution.score - stable.score,
        stable,
    }
}
