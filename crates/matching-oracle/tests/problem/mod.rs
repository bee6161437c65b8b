//! Random problems with every feature mixed, and what an answer to them is worth.

use crate::chance::Chance;
use chiron_matching::{Coverage, Mentee, Mentor, Objective, Pair, Problem, Rules, Solution};

/// A problem too large for looking at every set of pairs; nothing where the rules contradict each other outright.
pub fn problem(chance: &mut Chance) -> Option<Problem> {
    let (n, m) = (5 + chance.below(26), 2 + chance.below(9));
    let top = [3, 100, 10_000][chance.below(3) as usize];
    let floors = chance.below(3) == 0;
    let mentees: Vec<Mentee> = (0..n)
        .map(|at| {
            let most = if !floors && chance.below(4) == 0 { chance.below(4) as u32 } else { 1 };
            Mentee {
                key: (at * 7919 + 13) % 1_009,
                least: if chance.below(15) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 },
                most,
                weight: if chance.below(3) == 0 { chance.below(5) as u32 } else { 1 },
                group: chance.below(3) as u16,
            }
        })
        .collect();
    let mentors: Vec<Mentor> = (0..m)
        .map(|at| {
            let most = chance.below(6) as u32;
            Mentor { key: at * 31 + 5, least: if chance.below(8) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 }, most }
        })
        .collect();
    let density = 1 + chance.below(6);
    let mut pairs = Vec::new();
    for mentee in 0..n as u32 {
        for mentor in 0..m as u32 {
            if chance.below(8) < density {
                pairs.push(Pair { mentee, mentor, score: chance.below(top + 1) as i32 });
            }
        }
    }
    let mut rules = Rules { keep_bonus: chance.below(50) as i32, ..Rules::default() };
    for pair in &pairs {
        match chance.below(40) {
            0 => rules.locked.push((pair.mentee, pair.mentor)),
            1 => rules.excluded.push((pair.mentee, pair.mentor)),
            2..6 => rules.previous.push((pair.mentee, pair.mentor)),
            _ => {}
        }
    }
    if floors {
        rules.group_floors = vec![(0, chance.below(6) as u32), (2, chance.below(4) as u32)];
    }
    Problem::new(mentees, mentors, pairs, rules).ok()
}

/// What to aim for, and what a point of weight of a matched person is worth then beside points of score.
pub fn aim(chance: &mut Chance, problem: &Problem, seed: u64) -> (Objective, i64) {
    let coverage = if chance.below(3) == 0 { Coverage::Worth(chance.below(200) as i64) } else { Coverage::First };
    let person = match coverage {
        Coverage::First => 10_050 * problem.pair_count() as i64 + 1,
        Coverage::Worth(worth) => worth,
    };
    (Objective { coverage, seed, ..Objective::default() }, person)
}

/// The worth of the matched people, all scores and bonuses.
pub fn value(problem: &Problem, solution: &Solution, person: i64) -> i64 {
    let weight = |at: u32| i64::from(problem.mentees()[at as usize].weight);
    let all: i64 = (0..problem.mentees().len() as u32).map(weight).sum();
    let matched = all - solution.unmatched.iter().map(|&at| weight(at)).sum::<i64>();
    let kept = solution.pairs.iter().filter(|pair| problem.is_previous(pair.0, pair.1)).count() as i64;
    person * matched + solution.score + kept * i64::from(problem.rules().keep_bonus)
}
