//! Explanations against solving the changed problem from the beginning.

mod chance;

use chance::Chance;
use chiron_matching::{
    Change, Coverage, Mentee, Mentor, Objective, Pair, Problem, Rules, Side, Solution, SolveError,
    explain::{Explainer, Part, PartsError, Reason, Relaxation, Remedy, WhyNot},
    solve,
};

struct World {
    mentees: Vec<Mentee>,
    mentors: Vec<Mentor>,
    pairs: Vec<Pair>,
    rules: Rules,
}

impl World {
    fn random(chance: &mut Chance) -> Self {
        let (n, m) = (2 + chance.below(9), 1 + chance.below(5));
        let mentees = (0..n).map(|key| Mentee { weight: 1 + chance.below(2) as u32, ..Mentee::new(key) }).collect();
        let mentors = (0..m).map(|key| Mentor::new(key, chance.below(3) as u32)).collect();
        let mut pairs = Vec::new();
        for mentee in 0..n as u32 {
            for mentor in 0..m as u32 {
                if chance.below(2) == 0 {
                    pairs.push(Pair { mentee, mentor, score: chance.below(10_001) as i32 });
                }
            }
        }
        let excluded = pairs.iter().filter(|_| chance.below(12) == 0).map(|pair| (pair.mentee, pair.mentor)).collect();
        Self { mentees, mentors, pairs, rules: Rules { excluded, ..Rules::default() } }
    }

    fn problem(&self) -> Problem {
        Problem::new(self.mentees.clone(), self.mentors.clone(), self.pairs.clone(), self.rules.clone()).unwrap()
    }

    fn weight(&self, solution: &Solution) -> i64 {
        -solution.unmatched.iter().map(|&i| i64::from(self.mentees[i as usize].weight)).sum::<i64>()
    }
}

fn name(side: Side, place: u32) -> String {
    format!("{side} {place}")
}

#[test]
fn what_a_pair_would_cost_is_what_solving_with_it_costs() {
    let mut chance = Chance::new(1);
    let (mut costly, objective) = (0, Objective::default());
    for case in 0..700 {
        let world = World::random(&mut chance);
        let problem = world.problem();
        let solution = solve(&problem, &objective).unwrap();
        let mut explainer = Explainer::new(&problem, &solution).unwrap();
        for mentee in 0..world.mentees.len() as u32 {
            for mentor in 0..world.mentors.len() as u32 {
                let why = explainer.why_not(mentee, mentor).unwrap();
                assert_eq!(why == WhyNot::Made, solution.pairs.contains(&(mentee, mentor)));
                assert!(why.sentence(mentee, mentor, &name).ends_with('.'));
                let mut locked = World {
                    pairs: world.pairs.clone(),
                    rules: world.rules.clone(),
                    mentees: world.mentees.clone(),
                    mentors: world.mentors.clone(),
                };
                locked.rules.locked.push((mentee, mentor));
                let solved = Problem::new(locked.mentees, locked.mentors, locked.pairs, locked.rules)
                    .ok()
                    .map(|problem| solve(&problem, &objective));
                match why {
                    WhyNot::Costs { at_least, outcome } => {
                        let again = solved.unwrap().unwrap();
                        let cost = (world.weight(&solution) - world.weight(&again), solution.score - again.score);
                        assert_eq!((-outcome.weight, -outcome.points), cost, "case {case}");
                        assert!(at_least <= cost, "case {case}: at least {at_least:?} of {cost:?}");
                        costly += 1;
                    }
                    WhyNot::Impossible => assert!(matches!(solved, None | Some(Err(SolveError::Impossible { .. }))), "case {case}"),
                    WhyNot::Inadmissible | WhyNot::Excluded => assert_eq!(solved, None),
                    WhyNot::Made | WhyNot::BelowFloor { .. } => {}
                }
            }
        }
    }
    assert!(costly > 1_000);
}

#[test]
fn a_remedy_is_listed_if_and_only_if_solving_with_it_matches_the_person() {
    let mut chance = Chance::new(2);
    let (mut listed, objective) = (0, Objective::default());
    for case in 0..300 {
        let world = World::random(&mut chance);
        let problem = world.problem();
        let solution = solve(&problem, &objective).unwrap();
        let mut explainer = Explainer::new(&problem, &solution).unwrap();
        for &mentee in &solution.unmatched {
            let mentor = chance.below(world.mentors.len() as u64) as u32;
            let more = Pair { mentee, mentor, score: chance.below(10_001) as i32 };
            let relaxations = [Relaxation::admitting("one more evening", 2, [more])];
            let answer = explainer.unmatched(mentee, &relaxations).unwrap();
            assert!(answer.reason.sentence(&name).ends_with('.'));
            assert!(answer.remedies.is_sorted_by_key(|tried| tried.effort));
            let row = problem.row(mentee).0;
            match &answer.reason {
                Reason::NoPair { barred_by, .. } => {
                    assert!(row.is_empty());
                    assert_eq!(barred_by, &[0]);
                }
                Reason::SeatsFull { mentors, .. } => assert_eq!(mentors.len(), row.len()),
                other => panic!("{other:?} in case {case}"),
            }
            let all = row.iter().map(|&mentor| Remedy::OneMoreSeat { mentor }).chain([Remedy::Relaxation(0)]);
            for what in all {
                let mut changed = World {
                    pairs: world.pairs.clone(),
                    rules: world.rules.clone(),
                    mentees: world.mentees.clone(),
                    mentors: world.mentors.clone(),
                };
                match what {
                    Remedy::OneMoreSeat { mentor } => changed.mentors[mentor as usize].most += 1,
                    Remedy::Relaxation(_) => {
                        changed.pairs.retain(|pair| (pair.mentee, pair.mentor) != (more.mentee, more.mentor));
                        changed.rules.excluded.retain(|&pair| pair != (more.mentee, more.mentor));
                        changed.pairs.push(more);
                    }
                }
                let again = solve(&changed.problem(), &objective).unwrap();
                let tried = answer.remedies.iter().find(|tried| tried.what == what);
                assert_eq!(tried.is_some(), !again.unmatched.contains(&mentee), "case {case}: {what:?}");
                if let Some(tried) = tried {
                    listed += 1;
                    assert!(tried.sentence(&relaxations, &name).ends_with('.'));
                    assert_eq!(tried.outcome.weight, world.weight(&again) - world.weight(&solution), "case {case}");
                    assert_eq!(tried.outcome.points, again.score - solution.score, "case {case}");
                }
            }
        }
    }
    assert!(listed > 300, "only {listed}");
}

#[test]
fn parts_must_sum_to_the_score() {
    let problem = Problem::new(
        vec![Mentee::new(1), Mentee::new(2)],
        vec![Mentor::new(1, 1)],
        vec![Pair { mentee: 0, mentor: 0, score: 9_000 }, Pair { mentee: 1, mentor: 0, score: 7_000 }],
        Rules::default(),
    )
    .unwrap();
    let solution = solve(&problem, &Objective::default()).unwrap();
    let mut explainer = Explainer::new(&problem, &solution).unwrap();
    let part = |name: &str, points| Part { name: name.to_owned(), points };
    let why = explainer.pair(0, 0, vec![part("hours", -500), part("goals", 9_500)]).unwrap();
    assert_eq!(why.parts[0], part("goals", 9_500));
    assert_eq!(why.without.as_ref().unwrap().points, -2_000);
    assert_eq!(why.sentence(&name), "mentee 0 and mentor 0 are a pair: without it all scores together would lose 2000 points.");
    let wrong = explainer.pair(0, 0, vec![part("goals", 1)]).unwrap_err();
    assert_eq!(wrong, PartsError::Sum { mentee: 0, mentor: 0, sum: 1, score: 9_000 });
    assert_eq!(explainer.pair(5, 0, Vec::new()).unwrap_err(), PartsError::NoPair { mentee: 5, mentor: 0 });
    assert!(explainer.why_not(0, 9).is_err() && explainer.unmatched(9, &[]).is_err());
}

#[test]
fn a_free_seat_that_is_not_worth_it_says_what_is_lacking() {
    // Being matched is worth nothing here, and the keep bonus of another pair does not matter: 0 points are gained by a score of 0.
    let problem = Problem::new(
        vec![Mentee::new(1)],
        vec![Mentor { least: 2, ..Mentor::new(1, 2) }, Mentor::new(2, 0)],
        vec![Pair { mentee: 0, mentor: 1, score: 10 }],
        Rules::default(),
    );
    assert!(problem.is_err(), "a circle of two cannot be filled by nobody");
    let problem =
        Problem::new(vec![Mentee::new(1)], vec![Mentor::new(1, 1)], vec![Pair { mentee: 0, mentor: 0, score: 0 }], Rules::default())
            .unwrap();
    let solution = solve(&problem, &Objective::plain(Coverage::Worth(0))).unwrap();
    let mut explainer = Explainer::new(&problem, &solution).unwrap();
    if solution.unmatched == [0] {
        let answer = explainer.unmatched(0, &[]).unwrap();
        assert_eq!(answer.reason, Reason::NotWorth { mentee: 0, mentor: 0, lacking: 0 });
    }
    let wish = Relaxation { what: "her back".into(), effort: 1, changes: vec![Change::MenteeLeaves(7)] };
    assert_eq!(explainer.unmatched(0, &[wish]).is_err(), solution.unmatched == [0]);
}
