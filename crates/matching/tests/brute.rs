//! Thousands of small problems with every feature mixed, against looking at every set of pairs.

mod chance;

use chance::Chance;
use chiron_matching::{Coverage, Floor, Mentee, Mentor, Objective, Pair, Problem, Rules, SolveError, solve, verify};

fn problem(chance: &mut Chance) -> Option<Problem> {
    let (n, m) = (1 + chance.below(5), 1 + chance.below(4));
    let top = [2, 5, 10_000][chance.below(3) as usize];
    let mentees: Vec<Mentee> = (0..n)
        .map(|at| {
            let most = if chance.below(4) == 0 { chance.below(4) as u32 } else { 1 };
            Mentee {
                key: (at * 7919 + 13) % 101,
                least: if chance.below(6) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 },
                most,
                weight: if chance.below(3) == 0 { chance.below(4) as u32 } else { 1 },
                group: chance.below(2) as u16,
            }
        })
        .collect();
    let mentors: Vec<Mentor> = (0..m)
        .map(|at| {
            let most = chance.below(4) as u32;
            Mentor { key: (at * 31 + 5) % 37, least: if chance.below(5) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 }, most }
        })
        .collect();
    let mut pairs = Vec::new();
    for mentee in 0..n as u32 {
        for mentor in 0..m as u32 {
            if pairs.len() < 11 && chance.below(4) != 0 {
                pairs.push(Pair { mentee, mentor, score: chance.below(top + 1) as i32 });
            }
        }
    }
    let mut rules = Rules { keep_bonus: chance.below(4) as i32, ..Rules::default() };
    for pair in &pairs {
        match chance.below(16) {
            0 => rules.locked.push((pair.mentee, pair.mentor)),
            1 => rules.excluded.push((pair.mentee, pair.mentor)),
            2 | 3 => rules.previous.push((pair.mentee, pair.mentor)),
            _ => {}
        }
    }
    for group in [1, 0] {
        if chance.below(4) == 0 && mentees.iter().all(|mentee| mentee.group != group || mentee.most <= 1) {
            rules.group_floors.push((group, chance.below(3) as u32));
        }
    }
    Problem::new(mentees, mentors, pairs, rules).ok()
}

fn objective(chance: &mut Chance) -> Objective {
    Objective {
        coverage: if chance.below(3) == 0 { Coverage::Worth(chance.below(5) as i64) } else { Coverage::First },
        floor: (chance.below(3) == 0).then(|| Floor { loss_per_thousand: [0, 100, 500, 1_000][chance.below(4) as usize] }),
        balance: chance.below(2) == 0,
        keep: chance.below(2) == 0,
        lots: false,
        seed: chance.next(),
        threads: 1 + chance.below(2) as u8,
    }
}

/// What the aims make of a set of pairs, the most important first, less being better; nothing if it breaks a rule.
fn judge(problem: &Problem, objective: &Objective, set: &[(u32, u32, i32)], floor: i32) -> Option<[i64; 4]> {
    let rules = problem.rules();
    let mut of_mentee = vec![0_u32; problem.mentees().len()];
    let mut of_mentor = vec![0_u32; problem.mentors().len()];
    let (mut sum, mut kept) = (0, 0);
    for &(mentee, mentor, score) in set {
        if score < floor && !rules.locked.contains(&(mentee, mentor)) {
            return None;
        }
        of_mentee[mentee as usize] += 1;
        of_mentor[mentor as usize] += 1;
        sum += i64::from(score);
        if rules.previous.contains(&(mentee, mentor)) {
            sum += i64::from(rules.keep_bonus);
            kept += 1;
        }
    }
    let fits = problem.mentees().iter().zip(&of_mentee).all(|(person, count)| (person.least..=person.most).contains(count))
        && problem.mentors().iter().zip(&of_mentor).all(|(person, count)| (person.least..=person.most).contains(count))
        && rules.locked.iter().all(|&(i, j)| set.iter().any(|&(a, b, _)| (i, j) == (a, b)))
        && rules.group_floors.iter().all(|&(group, floor)| {
            problem.mentees().iter().zip(&of_mentee).filter(|(person, count)| person.group == group && **count > 0).count()
                >= floor as usize
        });
    if !fits {
        return None;
    }
    let covered: i64 =
        problem.mentees().iter().zip(&of_mentee).filter(|(_, count)| **count > 0).map(|(person, _)| i64::from(person.weight)).sum();
    let (first, worth) = match objective.coverage {
        Coverage::First => (-covered, 0),
        Coverage::Worth(worth) => (0, worth * covered),
    };
    let squares = of_mentor.iter().map(|&load| i64::from(load).pow(2)).sum();
    Some([first, -sum - worth, if objective.balance { squares } else { 0 }, if objective.keep { -kept } else { 0 }])
}

#[test]
fn every_small_problem_has_the_solution_that_looking_at_all_sets_finds() {
    let mut chance = Chance::new(1);
    let (mut solved, mut impossible) = (0, 0);
    while solved < 4_000 {
        let Some(problem) = problem(&mut chance) else { continue };
        let objective = objective(&mut chance);
        let mut pairs = Vec::new();
        for mentee in 0..problem.mentees().len() as u32 {
            let (mentors, scores) = problem.row(mentee);
            pairs.extend(mentors.iter().zip(scores).map(|(&mentor, &score)| (mentee, mentor, score)));
        }
        let sets: Vec<Vec<(u32, u32, i32)>> =
            (0..1_u32 << pairs.len()).map(|bits| (0..pairs.len()).filter(|at| bits >> at & 1 == 1).map(|at| pairs[at]).collect()).collect();
        let best = |floor| sets.iter().filter_map(|set| judge(&problem, &objective, set, floor)).min();
        match solve(&problem, &objective) {
            Ok(solution) => {
                let floor = solution.certificate.floor.unwrap_or(0);
                let set: Vec<_> = solution.pairs.iter().map(|&(i, j)| (i, j, problem.score(i, j).unwrap())).collect();
                assert_eq!(judge(&problem, &objective, &set, floor), best(floor), "{problem:?} {objective:?} {solution:?}");
                assert_eq!(verify(&problem, &solution), Ok(()), "{problem:?} {objective:?} {solution:?}");
                if let (Some(asked), Some(base)) = (objective.floor, best(0)) {
                    check_floor(&problem, &objective, &sets, asked, base, floor);
                }
                solved += 1;
            }
            Err(SolveError::Impossible { .. }) => {
                assert_eq!(best(0), None, "{problem:?}");
                impossible += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(impossible > 50, "{impossible} impossible problems are too few to show anything");
}

/// No higher floor would have kept the coverage and enough of the sum.
fn check_floor(problem: &Problem, objective: &Objective, sets: &[Vec<(u32, u32, i32)>], asked: Floor, base: [i64; 4], floor: i32) {
    if !matches!(objective.coverage, Coverage::First) {
        return;
    }
    let allowed = base[1].abs() * i64::from(asked.loss_per_thousand) / 1_000;
    let reaches = |floor| {
        let best = sets.iter().filter_map(|set| judge(problem, objective, set, floor)).min();
        best.is_some_and(|best| best[0] == base[0] && -best[1] >= -base[1] - allowed)
    };
    let mut scores: Vec<i32> = sets.iter().flatten().map(|pair| pair.2).filter(|&score| score > floor).collect();
    scores.sort_unstable();
    let worst =
        |set: &[(u32, u32, i32)]| set.iter().filter(|&&(i, j, _)| !problem.rules().locked.contains(&(i, j))).map(|pair| pair.2).min();
    if let Some(&next) = scores.iter().find(|&&score| score > floor)
        && reaches(next)
    {
        let bases: Vec<_> =
            sets.iter().filter(|set| judge(problem, objective, set, floor).map(|v| (v[0], v[1])) == Some((base[0], base[1]))).collect();
        // A floor is not raised where the worst match is above it anyway.
        assert!(bases.iter().any(|set| worst(set).is_none_or(|worst| worst >= next)), "{problem:?} {floor} {next}");
    }
}

#[test]
fn with_lots_there_is_one_answer_whatever_the_order() {
    let mut chance = Chance::new(2);
    for _ in 0..500 {
        let Some(problem) = problem(&mut chance) else { continue };
        let objective = Objective { lots: true, ..objective(&mut chance) };
        if let Ok(solution) = solve(&problem, &objective) {
            assert_eq!(verify(&problem, &solution), Ok(()));
        }
    }
}
