//! Whatever comes in, what goes out is a typed error or something proven; nothing panics.

use chiron_matching::{
    Change, Coverage, Floor, Likings, Mentee, Mentor, Objective, Pair, Problem, Repair, Rules, blocking_pairs,
    explain::{Explainer, Relaxation},
    frontier,
    peers::{Meeting, Peers, Shape, group, roommates, verify_groups},
    solve, stable, verify,
};
use proptest::{collection::vec, prelude::*};

/// Mostly small numbers, so that they meet; sometimes any number at all.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![12 => 0..4_u32, 1 => any::<u32>()]
}

fn key() -> impl Strategy<Value = u64> {
    prop_oneof![1 => 0..6_u64, 8 => any::<u64>()]
}

fn score() -> impl Strategy<Value = i32> {
    prop_oneof![20 => 0..10_001_i32, 1 => any::<i32>()]
}

fn mentee() -> impl Strategy<Value = Mentee> {
    (key(), prop_oneof![9 => Just(0), 1 => number()], prop_oneof![6 => Just(1), 2 => number()], number(), 0..3_u16)
        .prop_map(|(key, least, most, weight, group)| Mentee { key, least, most, weight, group })
}

fn mentor() -> impl Strategy<Value = Mentor> {
    (key(), prop_oneof![9 => Just(0), 1 => number()], number()).prop_map(|(key, least, most)| Mentor { key, least, most })
}

fn pair() -> impl Strategy<Value = Pair> {
    (prop_oneof![20 => 0..8_u32, 1 => number()], prop_oneof![20 => 0..4_u32, 1 => number()], score())
        .prop_map(|(mentee, mentor, score)| Pair { mentee, mentor, score })
}

fn two() -> impl Strategy<Value = (u32, u32)> {
    pair().prop_map(|pair| (pair.mentee, pair.mentor))
}

fn rules() -> impl Strategy<Value = Rules> {
    (vec(two(), 0..2), vec(two(), 0..3), vec(two(), 0..3), prop_oneof![Just(0), score()], vec((0..3_u16, number()), 0..2))
        .prop_map(|(locked, excluded, previous, keep_bonus, group_floors)| Rules { locked, excluded, previous, keep_bonus, group_floors })
}

fn objective() -> impl Strategy<Value = Objective> {
    let coverage =
        prop_oneof![3 => Just(Coverage::First), 1 => any::<i64>().prop_map(Coverage::Worth), 1 => (0..9_i64).prop_map(Coverage::Worth)];
    (coverage, proptest::option::of(any::<u32>()), any::<[bool; 3]>(), any::<u64>()).prop_map(
        |(coverage, floor, [balance, keep, lots], seed)| {
            let floor = floor.map(|loss_per_thousand| Floor { loss_per_thousand });
            Objective { coverage, floor, balance, keep, lots, seed, threads: 1 }
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    let place = || prop_oneof![9 => 0..8_u32, 1 => any::<u32>()];
    let others = || vec((0..8_u32, score()), 0..4);
    prop_oneof![
        place().prop_map(Change::MenteeLeaves),
        place().prop_map(Change::MentorLeaves),
        (place(), number(), number()).prop_map(|(mentee, least, most)| Change::MenteeBounds { mentee, least, most }),
        (place(), number(), number()).prop_map(|(mentor, least, most)| Change::MentorBounds { mentor, least, most }),
        (mentee(), others()).prop_map(|(person, pairs)| Change::MenteeJoins(person, pairs)),
        (mentor(), others()).prop_map(|(person, pairs)| Change::MentorJoins(person, pairs)),
        two().prop_map(|(i, j)| Change::Lock(i, j)),
        two().prop_map(|(i, j)| Change::Unlock(i, j)),
        two().prop_map(|(i, j)| Change::Exclude(i, j)),
        pair().prop_map(Change::Admit),
    ]
}

/// Most random lists are refused at once. These are well-formed, so that what lies behind the door is tried as well.
fn mend(mentees: &mut [Mentee], mentors: &mut [Mentor], pairs: &mut Vec<Pair>, rules: &mut Rules) {
    for (key, mentee) in (0..).zip(&mut *mentees) {
        *mentee =
            Mentee { key, least: mentee.least.min(mentee.most).min(1), most: mentee.most.min(3), weight: mentee.weight % 5, ..*mentee };
    }
    for (key, mentor) in (0..).zip(&mut *mentors) {
        *mentor = Mentor { key, least: mentor.least.min(mentor.most).min(1), most: mentor.most.min(1 << 30) };
    }
    let (n, m) = (mentees.len() as u32, mentors.len() as u32);
    if n == 0 || m == 0 {
        pairs.clear();
        *rules = Rules::default();
        return;
    }
    for pair in &mut *pairs {
        *pair = Pair { mentee: pair.mentee % n, mentor: pair.mentor % m, score: pair.score.rem_euclid(10_001) };
    }
    pairs.sort_by_key(|pair| (pair.mentee, pair.mentor));
    pairs.dedup_by_key(|pair| (pair.mentee, pair.mentor));
    rules.keep_bonus = rules.keep_bonus.rem_euclid(100);
    for list in [&mut rules.locked, &mut rules.excluded, &mut rules.previous] {
        list.iter_mut().for_each(|pair| *pair = (pair.0 % n, pair.1 % m));
        list.sort_unstable();
        list.dedup();
    }
    let is_pair = |two: &(u32, u32)| pairs.iter().any(|pair| (pair.mentee, pair.mentor) == *two);
    let locked = std::mem::take(&mut rules.locked);
    rules.locked = locked.into_iter().filter(is_pair).filter(|pair| !rules.excluded.contains(pair)).collect();
    rules.group_floors.iter_mut().for_each(|floor| floor.1 %= 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn any_problem_is_refused_or_solved_and_proven(
        mentees in vec(mentee(), 0..8),
        mentors in vec(mentor(), 0..4),
        pairs in vec(pair(), 0..14),
        rules in rules(),
        objective in objective(),
        changes in vec(change(), 0..6),
        tame in prop::bool::weighted(0.8),
    ) {
        let (mut mentees, mut mentors, mut pairs, mut rules) = (mentees, mentors, pairs, rules);
        if tame {
            mend(&mut mentees, &mut mentors, &mut pairs, &mut rules);
        }
        let Ok(problem) = Problem::new(mentees, mentors, pairs, rules) else { return Ok(()) };
        let matching = stable(&problem, &Likings::of_scores(&problem), objective.seed);
        prop_assert_eq!(blocking_pairs(&problem, &Likings::of_scores(&problem), &matching.pairs), []);
        let Ok(solution) = solve(&problem, &objective) else { return Ok(()) };
        prop_assert_eq!(verify(&problem, &solution), Ok(()));
        if let Ok(frontier) = frontier(&problem, &objective, 6) {
            for point in frontier.points {
                prop_assert_eq!(verify(&problem, &point.solution), Ok(()));
            }
        }
        let mut explainer = Explainer::new(&problem, &solution).unwrap();
        for mentee in 0..9 {
            let relaxations = [Relaxation { what: "a change of heart".into(), effort: 1, changes: changes.clone() }];
            let _ = explainer.unmatched(mentee, &relaxations);
            let _ = explainer.why_not(mentee, 0);
        }
        let mut repair = Repair::new(&problem, &solution).unwrap();
        for change in &changes {
            let before = repair.solution();
            if repair.apply(change).is_err() {
                prop_assert_eq!(repair.solution(), before);
            }
            prop_assert_eq!(verify(&repair.problem().unwrap(), &repair.solution()), Ok(()), "after {:?}", change);
        }
    }

    #[test]
    fn any_pool_is_refused_or_grouped_and_proven(
        keys in vec(key(), 0..9),
        meetings in vec((0..9_u32, 0..9_u32, score()).prop_map(|(a, b, score)| Meeting { a, b, score }), 0..14),
        rankings in vec(vec(vec(0..9_u32, 0..3), 0..4), 0..9),
        seed in any::<u64>(),
    ) {
        let _ = roommates(&keys, &rankings, seed);
        let Ok(peers) = Peers::new(&keys, &meetings) else { return Ok(()) };
        for shape in [Shape::Pairs, Shape::PairsAndTriads, Shape::Triads] {
            let groups = group(&peers, shape, seed).unwrap();
            prop_assert_eq!(verify_groups(&peers, &groups), Ok(()));
        }
    }
}
