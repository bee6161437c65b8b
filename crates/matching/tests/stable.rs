//! Deferred acceptance against looking at every matching.

mod chance;

use chance::Chance;
use chiron_matching::{Likings, Mentee, Mentor, Objective, Pair, Problem, Rules, blocking_pairs, price_of_stability, solve, stable};

fn problem(chance: &mut Chance, seats: u64, wishes: u64) -> (Problem, Likings) {
    let (n, m) = (1 + chance.below(5), 1 + chance.below(4));
    let mentees = (0..n).map(|key| Mentee { most: 1 + chance.below(wishes) as u32, ..Mentee::new(key * 3 % 17) }).collect();
    let mentors = (0..m).map(|key| Mentor::new(key * 5 % 13, 1 + chance.below(seats) as u32)).collect();
    let (mut pairs, mut likings) = (Vec::new(), Vec::new());
    let many = [3, 1_000][chance.below(2) as usize];
    for mentee in 0..n as u32 {
        for mentor in 0..m as u32 {
            if pairs.len() < 12 && chance.below(3) != 0 {
                pairs.push(Pair { mentee, mentor, score: chance.below(100) as i32 });
                likings.push((mentee, mentor, chance.below(many) as i32, chance.below(many) as i32));
            }
        }
    }
    let mut rules = Rules::default();
    if let Some(pair) = pairs.first()
        && chance.below(4) == 0
    {
        rules.locked.push((pair.mentee, pair.mentor));
    }
    let problem = Problem::new(mentees, mentors, pairs, rules).unwrap();
    let likings = Likings::new(&problem, &likings).unwrap();
    (problem, likings)
}

#[test]
fn nobody_walks_away_from_a_stable_matching() {
    let mut chance = Chance::new(1);
    for case in 0..3_000 {
        let (problem, likings) = problem(&mut chance, 3, 3);
        let matching = stable(&problem, &likings, case);
        assert_eq!(blocking_pairs(&problem, &likings, &matching.pairs), [], "case {case}");
        for (place, mentee) in (0..).zip(problem.mentees()) {
            assert!(matching.pairs.iter().filter(|pair| pair.0 == place).count() <= mentee.most as usize);
        }
        for (place, mentor) in (0..).zip(problem.mentors()) {
            assert!(matching.pairs.iter().filter(|pair| pair.1 == place).count() <= mentor.most as usize);
        }
        assert!(problem.rules().locked.iter().all(|pair| matching.pairs.contains(pair)));
    }
}

#[test]
fn no_stable_matching_is_better_for_any_mentee() {
    // With likings that are all different there are no lots to draw, and every mentee has the best mentor of any stable matching.
    let mut chance = Chance::new(2);
    let mut compared = 0;
    for case in 0..1_500 {
        let (problem, _) = problem(&mut chance, 2, 1);
        let mut all = Vec::new();
        for mentee in 0..problem.mentees().len() as u32 {
            all.extend(problem.row(mentee).0.iter().map(|&mentor| (mentee, mentor)));
        }
        let mut order: Vec<i32> = (0..2 * all.len() as i32).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, chance.below(at as u64 + 1) as usize);
        }
        let given: Vec<_> = all.iter().enumerate().map(|(at, &(i, j))| (i, j, order[2 * at], order[2 * at + 1])).collect();
        let likings = Likings::new(&problem, &given).unwrap();
        let liking = |pair: (u32, u32)| given.iter().find(|one| (one.0, one.1) == pair).unwrap().2;
        let matching = stable(&problem, &likings, case);
        let of = |pairs: &[(u32, u32)], mentee: u32| pairs.iter().find(|pair| pair.0 == mentee).map(|&pair| liking(pair));
        for bits in 0..1_u32 << all.len() {
            let set: Vec<(u32, u32)> = (0..all.len()).filter(|at| bits >> at & 1 == 1).map(|at| all[at]).collect();
            let fits = (0..problem.mentees().len() as u32).all(|i| set.iter().filter(|pair| pair.0 == i).count() <= 1)
                && (0..).zip(problem.mentors()).all(|(j, mentor)| set.iter().filter(|pair| pair.1 == j).count() <= mentor.most as usize)
                && problem.rules().locked.iter().all(|pair| set.contains(pair));
            if fits && blocking_pairs(&problem, &likings, &set).is_empty() {
                compared += 1;
                for mentee in 0..problem.mentees().len() as u32 {
                    assert!(of(&set, mentee) <= of(&matching.pairs, mentee), "case {case}");
                }
            }
        }
    }
    assert!(compared > 1_500);
}

#[test]
fn the_order_of_input_changes_nothing() {
    let pair = |mentee, mentor| Pair { mentee, mentor, score: 5 };
    let (mentees, mentors) = (vec![Mentee::new(1), Mentee::new(2), Mentee::new(3)], vec![Mentor::new(1, 1), Mentor::new(2, 1)]);
    let pairs: Vec<Pair> = (0..3).flat_map(|i| (0..2).map(move |j| pair(i, j))).collect();
    let straight = Problem::new(mentees.clone(), mentors.clone(), pairs.clone(), Rules::default()).unwrap();
    let turned = Problem::new(mentees.into_iter().rev().collect(), mentors.into_iter().rev().collect(), pairs, Rules::default()).unwrap();
    for seed in 0..50 {
        let one = stable(&straight, &Likings::of_scores(&straight), seed);
        let mut other = stable(&turned, &Likings::of_scores(&turned), seed);
        other.pairs.iter_mut().for_each(|pair| *pair = (2 - pair.0, 1 - pair.1));
        other.pairs.sort_unstable();
        assert_eq!(one.pairs, other.pairs);
    }
}

#[test]
fn the_best_solution_is_never_worse_than_the_stable_one() {
    let mut chance = Chance::new(3);
    for case in 0..1_000 {
        let (problem, likings) = problem(&mut chance, 2, 1);
        let solution = solve(&problem, &Objective::default()).unwrap();
        let price = price_of_stability(&problem, &likings, &solution, case);
        assert!(price.people > 0 || price.people == 0 && price.score >= 0, "case {case}");
        if price.blocking.is_empty() && price.people > 0 {
            // Stable matchings match the same people (the rural hospitals theorem), unless likings are equal.
            assert!(price.stable.missed.is_empty());
        }
    }
}

#[test]
fn lower_bounds_that_are_missed_are_told() {
    let pair = |mentee, mentor| Pair { mentee, mentor, score: 5 };
    let circle = Mentor { least: 2, ..Mentor::new(2, 3) };
    let problem = Problem::new(
        vec![Mentee::new(1), Mentee::new(2)],
        vec![Mentor::new(1, 2), circle],
        vec![pair(0, 0), pair(0, 1), pair(1, 1)],
        Rules::default(),
    )
    .unwrap();
    let likings = Likings::new(&problem, &[(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]).unwrap();
    let matching = stable(&problem, &likings, 0);
    assert_eq!(matching.pairs, [(0, 0), (1, 1)]);
    assert_eq!(matching.missed.len(), 1);
    assert_eq!(matching.missed[0].1, 1);
}

#[test]
fn likings_must_fit_the_pairs() {
    let problem =
        Problem::new(vec![Mentee::new(1)], vec![Mentor::new(1, 1)], vec![Pair { mentee: 0, mentor: 0, score: 1 }], Rules::default())
            .unwrap();
    for wrong in [&[][..], &[(0, 0, 1, 1), (0, 0, 1, 1)], &[(0, 0, 1, 1), (3, 0, 1, 1)]] {
        assert!(Likings::new(&problem, wrong).is_err());
    }
}
