//! Thousands of problems too large for looking at every set of pairs, against a linear programming solver that knows nothing of ours.
//!
//! The problem is totally unimodular, so that the linear optimum is that of whole pairs. Coverage comes before the sum of scores: one
//! person is worth more than all scores together, which floating point can still tell apart at this size.

#[path = "../../matching/tests/chance/mod.rs"]
mod chance;

use chance::Chance;
use chiron_matching::{Coverage, Mentee, Mentor, Objective, Pair, Problem, Rules, SolveError, solve, verify};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection};

fn problem(chance: &mut Chance) -> Option<Problem> {
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

/// The greatest value of `person` points for each point of weight matched plus all scores and bonuses; nothing if no solution
/// keeps the rules.
fn optimum(problem: &Problem, person: i64) -> Option<i64> {
    let mut program = microlp::Problem::new(OptimizationDirection::Maximize);
    let mut of_mentor = vec![LinearExpr::empty(); problem.mentors().len()];
    let mut groups: Vec<(u16, u32, LinearExpr)> =
        problem.rules().group_floors.iter().map(|&(group, floor)| (group, floor, LinearExpr::empty())).collect();
    for (place, mentee) in (0..).zip(problem.mentees()) {
        let (mentors, scores) = problem.row(place);
        let mut of_mentee = LinearExpr::empty();
        // A person counts as matched with the first mentor, and not more with more of them.
        let matched = program.add_var((person * i64::from(mentee.weight)) as f64, (0.0, 1.0));
        let mut enough = LinearExpr::empty();
        enough.add(matched, -1.0);
        for (&mentor, &score) in mentors.iter().zip(scores) {
            let bonus = if problem.is_previous(place, mentor) { problem.rules().keep_bonus } else { 0 };
            let least = if problem.is_locked(place, mentor) { 1.0 } else { 0.0 };
            let made = program.add_var(f64::from(score + bonus), (least, 1.0));
            of_mentee.add(made, 1.0);
            enough.add(made, 1.0);
            of_mentor[mentor as usize].add(made, 1.0);
        }
        program.add_constraint(enough, ComparisonOp::Ge, 0.0);
        program.add_constraint(of_mentee.clone(), ComparisonOp::Le, f64::from(mentee.most));
        program.add_constraint(of_mentee, ComparisonOp::Ge, f64::from(mentee.least));
        for (_, _, sum) in groups.iter_mut().filter(|group| group.0 == mentee.group) {
            sum.add(matched, 1.0);
        }
    }
    for (mentor, sum) in problem.mentors().iter().zip(of_mentor) {
        program.add_constraint(sum.clone(), ComparisonOp::Le, f64::from(mentor.most));
        program.add_constraint(sum, ComparisonOp::Ge, f64::from(mentor.least));
    }
    for (_, floor, sum) in groups {
        program.add_constraint(sum, ComparisonOp::Ge, f64::from(floor));
    }
    match program.solve() {
        Ok(outcome) => Some(outcome.into_solution().unwrap().objective().round() as i64),
        Err(microlp::Error::Infeasible) => None,
        Err(error) => panic!("the oracle fails: {error}"),
    }
}

#[test]
fn the_best_solution_is_that_of_a_linear_program() {
    let mut chance = Chance::new(1);
    let (mut solved, mut impossible) = (0, 0);
    while solved < 1_500 {
        let Some(problem) = problem(&mut chance) else { continue };
        let coverage = if chance.below(3) == 0 { Coverage::Worth(chance.below(200) as i64) } else { Coverage::First };
        let person = match coverage {
            Coverage::First => 10_050 * problem.pair_count() as i64 + 1,
            Coverage::Worth(worth) => worth,
        };
        let objective = Objective { coverage, seed: solved, ..Objective::default() };
        let best = optimum(&problem, person);
        match solve(&problem, &objective) {
            Ok(solution) => {
                assert_eq!(verify(&problem, &solution), Ok(()), "problem {solved}");
                let weight = |at: u32| i64::from(problem.mentees()[at as usize].weight);
                let all: i64 = (0..problem.mentees().len() as u32).map(weight).sum();
                let matched = all - solution.unmatched.iter().map(|&at| weight(at)).sum::<i64>();
                let kept = solution.pairs.iter().filter(|pair| problem.is_previous(pair.0, pair.1)).count() as i64;
                let value = person * matched + solution.score + kept * i64::from(problem.rules().keep_bonus);
                assert_eq!(Some(value), best, "problem {solved}");
                solved += 1;
            }
            Err(SolveError::Impossible { .. }) => {
                assert_eq!(best, None);
                impossible += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(impossible > 30, "only {impossible} problems were impossible");
}
