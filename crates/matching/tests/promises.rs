//! What every answer keeps, whatever the order of input and however the problem is solved.

mod chance;

use chance::Chance;
use chiron_matching::{Coverage, Mentee, Mentor, Objective, Pair, Problem, Rules, Solution, solve, verify};

fn people(chance: &mut Chance, mentees: u32, mentors: u32, candidates: u64) -> (Vec<Mentee>, Vec<Mentor>, Vec<Pair>) {
    let mut pairs = Vec::new();
    for mentee in 0..mentees {
        let mut wanted: Vec<u32> =
            (0..candidates).map(|_| chance.below(u64::from(mentors)).min(chance.below(u64::from(mentors))) as u32).collect();
        wanted.sort_unstable();
        wanted.dedup();
        pairs.extend(wanted.into_iter().map(|mentor| Pair { mentee, mentor, score: chance.below(200) as i32 * 50 }));
    }
    let learners = (0..u64::from(mentees)).map(|key| Mentee::new(key * 3 + 1)).collect();
    let guides = (0..u64::from(mentors)).map(|key| Mentor::new(key * 5 + 2, 1 + chance.below(4) as u32)).collect();
    (learners, guides, pairs)
}

/// The pairs by keys.
fn named(problem: &Problem, solution: &Solution) -> Vec<(u64, u64)> {
    let mut pairs: Vec<(u64, u64)> =
        solution.pairs.iter().map(|&(i, j)| (problem.mentees()[i as usize].key, problem.mentors()[j as usize].key)).collect();
    pairs.sort_unstable();
    pairs
}

fn shuffle<T>(chance: &mut Chance, list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, chance.below(at as u64 + 1) as usize);
    }
}

#[test]
fn a_hundred_shuffles_and_one_or_two_threads_give_the_same_answer() {
    let mut chance = Chance::new(3);
    let (mentees, mentors, pairs) = people(&mut chance, 120, 40, 8);
    for lots in [true, false] {
        let objective = Objective { lots, seed: 5, ..Objective::default() };
        let problem = Problem::new(mentees.clone(), mentors.clone(), pairs.clone(), Rules::default()).unwrap();
        let first = named(&problem, &solve(&problem, &objective).unwrap());
        for round in 0..100 {
            let (mut i, mut j): (Vec<u32>, Vec<u32>) = ((0..120).collect(), (0..40).collect());
            shuffle(&mut chance, &mut i);
            shuffle(&mut chance, &mut j);
            let place = |order: &[u32], was: u32| order.iter().position(|&before| before == was).unwrap() as u32;
            let mut shuffled: Vec<Pair> =
                pairs.iter().map(|pair| Pair { mentee: place(&i, pair.mentee), mentor: place(&j, pair.mentor), ..*pair }).collect();
            shuffle(&mut chance, &mut shuffled);
            let problem = Problem::new(
                i.iter().map(|&at| mentees[at as usize]).collect(),
                j.iter().map(|&at| mentors[at as usize]).collect(),
                shuffled,
                Rules::default(),
            )
            .unwrap();
            let solution = solve(&problem, &Objective { threads: 1 + round % 2, ..objective.clone() }).unwrap();
            assert_eq!(verify(&problem, &solution), Ok(()));
            assert_eq!(named(&problem, &solution), first, "round {round}, lots {lots}");
        }
    }
}

#[test]
fn the_fast_way_and_the_general_way_agree() {
    let mut chance = Chance::new(4);
    for round in 0..60 {
        let (mentees, mentors) = (50 + chance.below(350) as u32, 10 + chance.below(150) as u32);
        let (mentees, mentors, pairs) = people(&mut chance, mentees, mentors, 1 + round % 9);
        let coverage = if round % 2 == 0 { Coverage::First } else { Coverage::Worth([0, 100, 90_000][round as usize % 3]) };
        let fast = Problem::new(mentees.clone(), mentors.clone(), pairs.clone(), Rules::default()).unwrap();
        // A floor of nobody for a group of nobody takes the general way.
        let general = Problem::new(mentees, mentors, pairs, Rules { group_floors: vec![(9, 0)], ..Rules::default() }).unwrap();
        let (one, other) = (solve(&fast, &Objective::plain(coverage)).unwrap(), solve(&general, &Objective::plain(coverage)).unwrap());
        assert_eq!(verify(&fast, &one), Ok(()));
        assert_eq!(verify(&general, &other), Ok(()));
        let value = |solution: &Solution| match coverage {
            Coverage::First => (solution.pairs.len() as i64, solution.score),
            Coverage::Worth(worth) => (0, solution.score + worth * solution.pairs.len() as i64),
        };
        assert_eq!(value(&one), value(&other), "round {round}");
        let full = solve(&fast, &Objective { coverage, ..Objective::default() }).unwrap();
        assert_eq!(verify(&fast, &full), Ok(()));
        assert_eq!(value(&full), value(&one), "round {round}");
    }
}

#[test]
fn a_changed_proof_is_refused() {
    let mut chance = Chance::new(5);
    let (mentees, mentors, pairs) = people(&mut chance, 60, 20, 6);
    let problem = Problem::new(mentees, mentors, pairs, Rules::default()).unwrap();
    let solution = solve(&problem, &Objective::plain(Coverage::First)).unwrap();
    assert_eq!(verify(&problem, &solution), Ok(()));
    let refused = |change: &mut dyn FnMut(&mut Solution)| {
        let mut changed = solution.clone();
        change(&mut changed);
        assert!(verify(&problem, &changed).is_err(), "{changed:?}");
    };
    refused(&mut |solution| {
        solution.pairs.pop();
    });
    refused(&mut |solution| solution.score += 1);
    refused(&mut |solution| {
        solution.certificate.levels[0].mentors.pop();
    });
    refused(&mut |solution| solution.certificate.levels[1].mentors.iter_mut().for_each(|price| *price += 1));
    for &(mentee, _) in &solution.pairs {
        // The pair that is made is tight, so a price that falls makes it dear.
        refused(&mut |solution| solution.certificate.levels[1].mentees[mentee as usize] -= 20_000);
    }
    refused(&mut |solution| {
        let (mentee, _) = solution.pairs.remove(0);
        solution.score = solution.pairs.iter().map(|&(i, j)| i64::from(problem.score(i, j).unwrap())).sum();
        solution.unmatched.push(mentee);
        solution.unmatched.sort_unstable();
    });
}
