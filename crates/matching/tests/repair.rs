//! Histories of people who come and go: after every event the repaired solution is the one that solving again finds.

mod chance;

use chance::Chance;
use chiron_matching::{
    Change, Coverage, Floor, Mentee, Mentor, Objective, Pair, Problem, Repair, RepairError, Rules, Solution, SolveError, solve, verify,
};

fn mentee(chance: &mut Chance, key: u64, floors: bool) -> Mentee {
    let most = if chance.below(4) == 0 && !floors { chance.below(4) as u32 } else { 1 };
    Mentee {
        key,
        least: if chance.below(12) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 },
        most,
        weight: if chance.below(3) == 0 { chance.below(4) as u32 } else { 1 },
        group: chance.below(3) as u16,
    }
}

fn mentor(chance: &mut Chance, key: u64) -> Mentor {
    let most = chance.below(4) as u32;
    Mentor { key, least: if chance.below(12) == 0 { chance.below(u64::from(most) + 1) as u32 } else { 0 }, most }
}

fn problem(chance: &mut Chance) -> Option<Problem> {
    let (n, m) = (1 + chance.below(14), 1 + chance.below(7));
    let top = [2, 5, 10_000][chance.below(3) as usize];
    let floors = chance.below(3) == 0;
    let mentees: Vec<Mentee> = (0..n).map(|at| mentee(chance, (at * 7919 + 13) % 1_009, floors)).collect();
    let mentors: Vec<Mentor> = (0..m).map(|at| mentor(chance, (at * 31 + 5) % 337)).collect();
    let mut pairs = Vec::new();
    let density = 1 + chance.below(4);
    for mentee in 0..n as u32 {
        for mentor in 0..m as u32 {
            if chance.below(4) < density {
                pairs.push(Pair { mentee, mentor, score: chance.below(top + 1) as i32 });
            }
        }
    }
    let mut rules = Rules { keep_bonus: chance.below(4) as i32, ..Rules::default() };
    for pair in &pairs {
        match chance.below(24) {
            0 => rules.locked.push((pair.mentee, pair.mentor)),
            1 => rules.excluded.push((pair.mentee, pair.mentor)),
            2 | 3 => rules.previous.push((pair.mentee, pair.mentor)),
            _ => {}
        }
    }
    if floors {
        rules.group_floors = vec![(1, chance.below(3) as u32), (0, chance.below(3) as u32)];
    }
    Problem::new(mentees, mentors, pairs, rules).ok()
}

fn objective(chance: &mut Chance) -> Objective {
    Objective {
        coverage: if chance.below(3) == 0 { Coverage::Worth(chance.below(5) as i64) } else { Coverage::First },
        floor: (chance.below(6) == 0).then_some(Floor { loss_per_thousand: 200 }),
        balance: chance.below(2) == 0,
        keep: chance.below(2) == 0,
        lots: chance.below(2) == 0,
        seed: chance.next(),
        threads: 1,
    }
}

/// The lists behind a problem, changed in the plainest way.
#[derive(Clone)]
struct Lists {
    mentees: Vec<Mentee>,
    mentors: Vec<Mentor>,
    pairs: Vec<Pair>,
    rules: Rules,
}

impl Lists {
    fn of(problem: &Problem) -> Self {
        let mut pairs = Vec::new();
        for mentee in 0..problem.mentees().len() as u32 {
            let (mentors, scores) = problem.row(mentee);
            pairs.extend(mentors.iter().zip(scores).map(|(&mentor, &score)| Pair { mentee, mentor, score }));
        }
        let rules = Rules { excluded: Vec::new(), ..problem.rules().clone() };
        Self { mentees: problem.mentees().to_vec(), mentors: problem.mentors().to_vec(), pairs, rules }
    }

    fn change(&mut self, change: &Change) {
        match change.clone() {
            Change::MenteeLeaves(i) => (self.mentees[i as usize].least, self.mentees[i as usize].most) = (0, 0),
            Change::MentorLeaves(j) => (self.mentors[j as usize].least, self.mentors[j as usize].most) = (0, 0),
            Change::MenteeBounds { mentee, least, most } => {
                (self.mentees[mentee as usize].least, self.mentees[mentee as usize].most) = (least, most);
            }
            Change::MentorBounds { mentor, least, most } => {
                (self.mentors[mentor as usize].least, self.mentors[mentor as usize].most) = (least, most);
            }
            Change::MenteeJoins(person, pairs) => {
                let mentee = self.mentees.len() as u32;
                self.mentees.push(person);
                self.pairs.extend(pairs.into_iter().map(|(mentor, score)| Pair { mentee, mentor, score }));
            }
            Change::MentorJoins(person, pairs) => {
                let mentor = self.mentors.len() as u32;
                self.mentors.push(person);
                self.pairs.extend(pairs.into_iter().map(|(mentee, score)| Pair { mentee, mentor, score }));
            }
            Change::Lock(i, j) if !self.rules.locked.contains(&(i, j)) => self.rules.locked.push((i, j)),
            Change::Lock(..) => {}
            Change::Unlock(i, j) => self.rules.locked.retain(|&pair| pair != (i, j)),
            Change::Exclude(i, j) => self.pairs.retain(|pair| (pair.mentee, pair.mentor) != (i, j)),
            Change::Admit(pair) => {
                self.pairs.retain(|old| (old.mentee, old.mentor) != (pair.mentee, pair.mentor));
                self.pairs.push(pair);
            }
        }
    }

    fn problem(&self) -> Option<Problem> {
        Problem::new(self.mentees.clone(), self.mentors.clone(), self.pairs.clone(), self.rules.clone()).ok()
    }
}

fn event(chance: &mut Chance, lists: &Lists, at: u64) -> Change {
    let (n, m) = (lists.mentees.len() as u64, lists.mentors.len() as u64);
    let (i, j) = (chance.below(n) as u32, chance.below(m) as u32);
    let floors = !lists.rules.group_floors.is_empty();
    let pair = if lists.pairs.is_empty() {
        (i, j)
    } else {
        let pair = lists.pairs[chance.below(lists.pairs.len() as u64) as usize];
        (pair.mentee, pair.mentor)
    };
    let some = |chance: &mut Chance, count: u64| -> Vec<(u32, i32)> {
        (0..count as u32)
            .filter(|_| chance.below(2) == 0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|other| (other, chance.below(6) as i32))
            .collect()
    };
    match chance.below(12) {
        0 => Change::MenteeLeaves(i),
        1 => Change::MentorLeaves(j),
        2 => {
            let Mentee { least, most, .. } = mentee(chance, 0, floors);
            let most = if !floors && chance.below(8) == 0 { 1 << 30 } else { most };
            Change::MenteeBounds { mentee: i, least, most }
        }
        3 | 4 => {
            let Mentor { least, most, .. } = mentor(chance, 0);
            let most = if chance.below(8) == 0 { 1 << 30 } else { most };
            Change::MentorBounds { mentor: j, least, most }
        }
        5 if n < 30 => Change::MenteeJoins(mentee(chance, 10_000 + at, floors), some(chance, m)),
        6 if m < 15 => Change::MentorJoins(mentor(chance, 10_000 + at), some(chance, n)),
        7 => Change::Lock(pair.0, pair.1),
        8 => match lists.rules.locked.first() {
            Some(&(i, j)) => Change::Unlock(i, j),
            None => Change::Unlock(pair.0, pair.1),
        },
        9 => Change::Exclude(pair.0, pair.1),
        10 => Change::Admit(Pair { mentee: pair.0, mentor: pair.1, score: chance.below(8) as i32 }),
        _ => Change::Admit(Pair { mentee: i, mentor: j, score: chance.below(10_001) as i32 }),
    }
}

/// What the aims make of a solution, the most important first, less being better.
fn worth(problem: &Problem, objective: &Objective, solution: &Solution) -> [i64; 4] {
    let weights = |people: &[u32]| people.iter().map(|&i| i64::from(problem.mentees()[i as usize].weight)).sum::<i64>();
    let kept = solution.pairs.iter().filter(|&&(i, j)| problem.is_previous(i, j)).count() as i64;
    let mut loads = vec![0_i64; problem.mentors().len()];
    solution.pairs.iter().for_each(|pair| loads[pair.1 as usize] += 1);
    let squares = loads.iter().map(|load| load * load).sum();
    let sum = -solution.score - kept * i64::from(problem.rules().keep_bonus);
    let (first, sum) = match objective.coverage {
        Coverage::First => (weights(&solution.unmatched), sum),
        Coverage::Worth(worth) => (0, sum + worth * weights(&solution.unmatched)),
    };
    [first, sum, if objective.balance { squares } else { 0 }, if objective.keep { -kept } else { 0 }]
}

/// Plays so many events on problems of every kind.
fn play(events: u64, seed: u64) {
    let mut chance = Chance::new(seed);
    let (mut played, mut refused) = (0, 0);
    while played < events {
        let Some(problem) = problem(&mut chance) else { continue };
        let objective = objective(&mut chance);
        let Ok(solution) = solve(&problem, &objective) else { continue };
        let floor = solution.certificate.floor;
        let mut lists = Lists::of(&problem);
        let mut repair = Repair::new(&problem, &solution).unwrap();
        assert_eq!(repair.solution(), solution);
        for _ in 0..40 {
            played += 1;
            let change = event(&mut chance, &lists, played);
            let before = repair.solution();
            let mut changed = lists.clone();
            changed.change(&change);
            match repair.apply(&change) {
                Ok(moves) => {
                    let now = repair.solution();
                    let mended = repair.problem().unwrap();
                    assert_eq!(verify(&mended, &now), Ok(()), "{change:?} of event {played}");
                    let told: Vec<_> = before.pairs.iter().filter(|pair| !now.pairs.contains(pair)).copied().collect();
                    assert_eq!(moves.undone, told, "{change:?}");
                    lists = changed;
                    // The floor of a repair stays where it was; a floor is the same as leaving the pairs below it out.
                    let mut above = lists.clone();
                    let locked = lists.rules.locked.clone();
                    above
                        .pairs
                        .retain(|pair| floor.is_none_or(|floor| pair.score >= floor) || locked.contains(&(pair.mentee, pair.mentor)));
                    let again = solve(&above.problem().unwrap(), &Objective { floor: None, ..objective.clone() }).unwrap();
                    assert_eq!(worth(&mended, &objective, &now), worth(&mended, &objective, &again), "{change:?} of event {played}");
                    if objective.lots {
                        assert_eq!(now.pairs, again.pairs, "{change:?} of event {played}");
                    }
                }
                Err(RepairError::Impossible) => {
                    refused += 1;
                    let solved = changed.problem().map(|problem| solve(&problem, &objective));
                    assert!(
                        floor.is_some() || matches!(solved, None | Some(Err(SolveError::Impossible { .. }))),
                        "{change:?} of event {played}"
                    );
                    assert_eq!(repair.solution(), before);
                }
                Err(_) => {
                    assert_eq!(repair.solution(), before);
                    assert_eq!(verify(&repair.problem().unwrap(), &before), Ok(()), "after refusing {change:?}");
                }
            }
        }
    }
    assert!(refused > events / 200, "only {refused} of {events} events were impossible");
}

#[test]
fn repairing_is_the_same_as_solving_again_in_ten_thousand_events() {
    play(10_000, 1);
}
