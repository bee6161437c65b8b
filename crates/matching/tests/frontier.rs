//! The frontier against looking at every set of pairs.

mod chance;

use chance::Chance;
use chiron_matching::{Mentee, Mentor, Objective, Pair, Problem, Rules, frontier, solve, verify};
use std::collections::BTreeSet;

fn problem(chance: &mut Chance) -> Problem {
    let (n, m) = (1 + chance.below(5), 1 + chance.below(4));
    let top = [3, 30, 10_000][chance.below(3) as usize];
    let mentees: Vec<Mentee> = (0..n).map(|key| Mentee { weight: 1 + chance.below(2) as u32, ..Mentee::new(key) }).collect();
    let mentors = (0..m).map(|key| Mentor::new(key, 1 + chance.below(2) as u32)).collect();
    let mut pairs = Vec::new();
    for mentee in 0..n as u32 {
        for mentor in 0..m as u32 {
            if pairs.len() < 11 && chance.below(3) != 0 {
                pairs.push(Pair { mentee, mentor, score: chance.below(top + 1) as i32 });
            }
        }
    }
    let locked = pairs.first().filter(|_| chance.below(5) == 0).map(|pair| (pair.mentee, pair.mentor)).into_iter().collect();
    Problem::new(mentees, mentors, pairs, Rules { locked, ..Rules::default() }).unwrap()
}

/// What every set of pairs that keeps the rules comes to: weight, sum, worst.
fn all(problem: &Problem) -> BTreeSet<(u64, i64, i32)> {
    let mut pairs = Vec::new();
    for mentee in 0..problem.mentees().len() as u32 {
        let (mentors, scores) = problem.row(mentee);
        pairs.extend(mentors.iter().zip(scores).map(|(&mentor, &score)| (mentee, mentor, score)));
    }
    let mut found = BTreeSet::new();
    for bits in 0..1_u32 << pairs.len() {
        let set: Vec<_> = (0..pairs.len()).filter(|at| bits >> at & 1 == 1).map(|at| pairs[at]).collect();
        let fits = (0..problem.mentees().len() as u32).all(|i| set.iter().filter(|pair| pair.0 == i).count() <= 1)
            && (0..).zip(problem.mentors()).all(|(j, mentor)| set.iter().filter(|pair| pair.1 == j).count() <= mentor.most as usize)
            && problem.rules().locked.iter().all(|&(i, j)| set.iter().any(|pair| (pair.0, pair.1) == (i, j)));
        if fits {
            let weight = set.iter().map(|pair| u64::from(problem.mentees()[pair.0 as usize].weight)).sum();
            let open = set.iter().filter(|pair| !problem.is_locked(pair.0, pair.1)).map(|pair| pair.2);
            found.insert((weight, set.iter().map(|pair| i64::from(pair.2)).sum(), open.min().unwrap_or(i32::MAX)));
        }
    }
    found
}

#[test]
fn every_point_is_proven_and_nothing_is_better_than_it() {
    let mut chance = Chance::new(1);
    let mut longest = 0;
    for case in 0..800 {
        let problem = problem(&mut chance);
        let frontier = frontier(&problem, &Objective::default(), 60).unwrap();
        assert!(frontier.complete, "case {case}");
        let all = all(&problem);
        let best = solve(&problem, &Objective::default()).unwrap();
        assert_eq!(frontier.points[0].score, best.score, "case {case}");
        longest = longest.max(frontier.points.len());
        for point in &frontier.points {
            assert_eq!(verify(&problem, &point.solution), Ok(()), "case {case}");
            let here = (point.weight, point.score, point.worst.unwrap_or(i32::MAX));
            assert!(all.contains(&here), "case {case}");
            let better = all.iter().find(|&&there| there != here && there.0 >= here.0 && there.1 >= here.1 && there.2 >= here.2);
            // A sum may be bettered in its worst match at the same coverage and sum, by another of the best solutions.
            assert!(better.is_none_or(|there| (there.0, there.1) == (here.0, here.1)), "case {case}: {better:?} is better than {here:?}");
        }
        // For each floor, the frontier has the most coverage and then the best sum.
        for &(.., worst) in all.iter().filter(|there| there.2 < i32::MAX) {
            let most = all.iter().filter(|there| there.2 >= worst).map(|there| (there.0, there.1)).max().unwrap();
            let has = frontier.points.iter().any(|point| point.worst.unwrap_or(i32::MAX) >= worst && (point.weight, point.score) >= most);
            assert!(
                has,
                "case {case}: nothing for the floor {worst}, where {most:?} can be had; {:?}",
                frontier.points.iter().map(|p| (p.weight, p.score, p.worst)).collect::<Vec<_>>()
            );
        }
    }
    assert!(longest > 3);
}
