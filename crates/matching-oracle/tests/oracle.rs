//! Thousands of problems too large for looking at every set of pairs, against a linear programming solver that knows nothing of ours.
//!
//! The problem is totally unimodular, so that the linear optimum is that of whole pairs. Coverage comes before the sum of scores: one
//! person is worth more than all scores together, which floating point can still tell apart at this size.

#[path = "../../matching/tests/chance/mod.rs"]
mod chance;
mod problem;

use chance::Chance;
use chiron_matching::{Problem, SolveError, solve, verify};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection};

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
        let Some(problem) = problem::problem(&mut chance) else { continue };
        let (objective, person) = problem::aim(&mut chance, &problem, solved);
        let best = optimum(&problem, person);
        match solve(&problem, &objective) {
            Ok(solution) => {
                assert_eq!(verify(&problem, &solution), Ok(()), "problem {solved}");
                assert_eq!(Some(problem::value(&problem, &solution, person)), best, "problem {solved}");
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
