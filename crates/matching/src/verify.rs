//! Checks a solution and its proof in a few linear passes, with no code of the solver.
//!
//! The argument is linear programming duality (complementary slackness), level by level. A level minimises
//! Σ c(e) over pairs made + Σ f(k) over mentees with k mentors + Σ h(l) over mentors with l mentees. Put a price a on each mentee,
//! p on each mentor, q on each group floor. If every pair with c − a + p < 0 is made and every pair with c − a + p > 0 is not, if
//! each k minimises f(k) − q·\[k ≥ 1\] + a·k in its bounds, each l minimises h(l) − p·l in its bounds and each number of matched
//! people m of a floored group minimises q·m in its bounds, then no feasible matching is better, and those which are equally
//! good are exactly the ones with the same three properties. So pairs at non-zero reduced cost are decided, and bounds shrink to the
//! minimisers, before the next level is looked at.

use crate::{Aim, Cost, Level, Problem, Scores, Side, Solution};
use std::ops::RangeInclusive;

/// What is wrong with a solution or its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    #[error("the pair of mentee {mentee} and mentor {mentor} is not admissible, is out of order, or lies below the floor")]
    Inadmissible { mentee: u32, mentor: u32 },
    #[error("the locked pair of mentee {mentee} and mentor {mentor} is not made")]
    NotLocked { mentee: u32, mentor: u32 },
    #[error("{side} {person} is in {count} pairs, which is not within the bounds")]
    Bounds { side: Side, person: u32, count: u32 },
    #[error("of group {group} only {matched} are matched")]
    Group { group: u16, matched: u32 },
    #[error("the list of unmatched mentees or the sum of scores is not that of the pairs")]
    Totals,
    #[error("level {level} of the proof does not have a price for everyone")]
    Shape { level: usize },
    #[error("by the prices of level {level} the pair of mentee {mentee} and mentor {mentor} is decided wrongly")]
    Pair { level: usize, mentee: u32, mentor: u32 },
    #[error("by the prices of level {level} {side} {person} has the wrong number of pairs")]
    Count { level: usize, side: Side, person: u32 },
    #[error("by the prices of level {level} group {group} has the wrong number of matched people")]
    GroupCount { level: usize, group: u16 },
}

/// Whether the solution obeys every rule and its certificate proves it the best, for the aims the certificate names.
///
/// Time O(pairs · levels), memory one byte for each pair.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(problem: &Problem, solution: &Solution) -> Result<(), Fault> {
    let mut check = Check::rules(problem, solution)?;
    for (at, level) in solution.certificate.levels.iter().enumerate() {
        check.level(at, level)?;
    }
    Ok(())
}

/// [`verify`] over all pairs that `scores` admits, for a solution of those that mattered: besides, no pair that was left out may be better
/// by the prices, aim after aim.
///
/// Time: one call of `scores` for each mentee, and O(mentors · levels) for its row.
///
/// # Errors
/// The first thing that is wrong; [`Fault::Inadmissible`] also for a pair whose score is not the one given here.
pub fn verify_all(problem: &Problem, solution: &Solution, scores: &(impl Scores + ?Sized)) -> Result<(), Fault> {
    verify(problem, solution)?;
    let (mentees, mentors) = (problem.mentees(), problem.mentors());
    let mut excluded = problem.rules().excluded.clone();
    excluded.sort_unstable();
    let mut row = vec![0; mentors.len()];
    for mentee in 0..mentees.len() as u32 {
        scores.row(mentee, &mut row);
        let mut at_hand = problem.row(mentee).0.iter().zip(problem.row(mentee).1).peekable();
        for (mentor, &score) in (0..).zip(&row) {
            if let Some((_, &kept)) = at_hand.next_if(|&(&next, _)| next == mentor) {
                if kept != score {
                    return Err(Fault::Inadmissible { mentee, mentor });
                }
                continue;
            }
            if score < solution.certificate.floor.unwrap_or(0).max(0) || excluded.binary_search(&(mentee, mentor)).is_ok() {
                continue;
            }
            for (at, level) in solution.certificate.levels.iter().enumerate() {
                let (i, j) = (mentee as usize, mentor as usize);
                let cost = match level.aim {
                    Aim::Coverage | Aim::Balance => 0,
                    Aim::Score { .. } => -Cost::from(score),
                    // A pair of the last run has to be at hand.
                    Aim::Keep => -Cost::from(problem.rules().previous.contains(&(mentee, mentor))),
                    Aim::Lots { seed } => crate::problem::lot(seed, mentees[i].key, mentors[j].key),
                };
                match cost.saturating_add(level.mentors[j]).saturating_sub(level.mentees[i]) {
                    0 => {}
                    reduced if reduced < 0 => return Err(Fault::Pair { level: at, mentee, mentor }),
                    _ => break,
                }
            }
        }
    }
    Ok(())
}

const MADE: u8 = 1;
const OPEN: u8 = 2;

struct Check<'a> {
    problem: &'a Problem,
    /// For each pair whether it is made, and whether the levels so far leave it open.
    pairs: Vec<u8>,
    mentees: Vec<(Cost, RangeInclusive<Cost>)>,
    mentors: Vec<(Cost, RangeInclusive<Cost>)>,
    groups: Vec<(Cost, RangeInclusive<Cost>)>,
    /// The place in `groups` of the group of each mentee.
    floored: Vec<Option<usize>>,
}

impl<'a> Check<'a> {
    fn rules(problem: &'a Problem, solution: &Solution) -> Result<Self, Fault> {
        let (mentees, mentors) = (problem.mentees(), problem.mentors());
        let floor = solution.certificate.floor.unwrap_or(0);
        let mut pairs: Vec<u8> = problem.scores().iter().map(|&score| if score >= floor { OPEN } else { 0 }).collect();
        for &edge in problem.locked_edges() {
            pairs[edge as usize] = 0;
        }
        let (mut of_mentee, mut of_mentor, mut score) = (vec![0; mentees.len()], vec![0; mentors.len()], 0);
        for &(mentee, mentor) in &solution.pairs {
            let wrong = Fault::Inadmissible { mentee, mentor };
            let edge = problem.edge(mentee, mentor).ok_or(wrong)?;
            if pairs[edge] & MADE != 0 || (pairs[edge] == 0 && problem.locked_edges().binary_search(&(edge as u32)).is_err()) {
                return Err(wrong);
            }
            pairs[edge] |= MADE;
            of_mentee[mentee as usize] += 1;
            of_mentor[mentor as usize] += 1;
            score += i64::from(problem.scores()[edge]);
        }
        for &(mentee, mentor) in &problem.rules().locked {
            if problem.edge(mentee, mentor).is_none_or(|edge| pairs[edge] & MADE == 0) {
                return Err(Fault::NotLocked { mentee, mentor });
            }
        }
        let unmatched: Vec<u32> = (0..).zip(&of_mentee).filter(|&(_, &count)| count == 0).map(|(mentee, _)| mentee).collect();
        if unmatched != solution.unmatched || score != solution.score || !solution.pairs.is_sorted() {
            return Err(Fault::Totals);
        }
        let within = |side, counts: Vec<Cost>, bounds: &mut dyn Iterator<Item = (u32, u32)>| {
            let check = |((person, count), (least, most)): ((u32, Cost), (u32, u32))| {
                let bounds = Cost::from(least)..=Cost::from(most);
                if bounds.contains(&count) { Ok((count, bounds)) } else { Err(Fault::Bounds { side, person, count: count as u32 }) }
            };
            (0..).zip(counts).zip(bounds).map(check).collect::<Result<Vec<_>, Fault>>()
        };
        let mentees_in = within(Side::Mentee, of_mentee, &mut mentees.iter().map(|mentee| (mentee.least, mentee.most)))?;
        let mentors_in = within(Side::Mentor, of_mentor, &mut mentors.iter().map(|mentor| (mentor.least, mentor.most)))?;
        let mut groups = Vec::new();
        for &(group, floor) in &problem.rules().group_floors {
            let members = || mentees.iter().zip(&mentees_in).filter(|(mentee, _)| mentee.group == group);
            let matched = members().filter(|(_, (count, _))| *count > 0).count() as Cost;
            if matched < Cost::from(floor) {
                return Err(Fault::Group { group, matched: matched as u32 });
            }
            groups.push((matched, Cost::from(floor)..=members().count() as Cost));
        }
        let floored = |group| problem.rules().group_floors.iter().position(|&(floored, _)| floored == group);
        let floored =
            if groups.is_empty() { vec![None; mentees.len()] } else { mentees.iter().map(|mentee| floored(mentee.group)).collect() };
        Ok(Self { problem, pairs, mentees: mentees_in, mentors: mentors_in, groups, floored })
    }

    fn level(&mut self, at: usize, level: &Level) -> Result<(), Fault> {
        let problem = self.problem;
        if level.mentees.len() != self.mentees.len() || level.mentors.len() != self.mentors.len() || level.groups.len() != self.groups.len()
        {
            return Err(Fault::Shape { level: at });
        }
        let cost = costs(problem, level.aim);
        for mentee in 0..problem.mentees().len() as u32 {
            for edge in problem.edges(mentee) {
                let mentor = problem.columns()[edge];
                if self.pairs[edge] & OPEN != 0 {
                    let reduced =
                        cost(mentee, edge).saturating_add(level.mentors[mentor as usize]).saturating_sub(level.mentees[mentee as usize]);
                    let made = self.pairs[edge] & MADE != 0;
                    if if made { reduced > 0 } else { reduced < 0 } {
                        return Err(Fault::Pair { level: at, mentee, mentor });
                    }
                    if reduced != 0 {
                        self.pairs[edge] &= !OPEN;
                    }
                }
            }
        }
        for (i, mentee) in problem.mentees().iter().enumerate() {
            let reward = self.floored[i].map_or(0, |group| level.groups[group])
                + match level.aim {
                    Aim::Coverage => Cost::from(mentee.weight),
                    Aim::Score { worth } => worth * Cost::from(mentee.weight),
                    _ => 0,
                };
            let best = |k: Cost| if k > 0 { level.mentees[i].saturating_mul(k).saturating_sub(reward) } else { 0 };
            narrow(&mut self.mentees[i], best).ok_or(Fault::Count { level: at, side: Side::Mentee, person: i as u32 })?;
        }
        for (j, mentor) in self.mentors.iter_mut().enumerate() {
            let square = |l: Cost| if level.aim == Aim::Balance { l * l } else { 0 };
            narrow(mentor, |l| square(l).saturating_sub(level.mentors[j].saturating_mul(l))).ok_or(Fault::Count {
                level: at,
                side: Side::Mentor,
                person: j as u32,
            })?;
        }
        for ((group, price), &(name, _)) in self.groups.iter_mut().zip(&level.groups).zip(&problem.rules().group_floors) {
            narrow(group, |matched| price.saturating_mul(matched)).ok_or(Fault::GroupCount { level: at, group: name })?;
        }
        Ok(())
    }
}

/// The cost of each pair (place of mentee, number of pair) for an aim.
fn costs(problem: &Problem, aim: Aim) -> impl Fn(u32, usize) -> Cost + '_ {
    let previous = |edge: usize| Cost::from(problem.previous_edges().binary_search(&(edge as u32)).is_ok());
    move |mentee, edge| match aim {
        Aim::Coverage | Aim::Balance => 0,
        Aim::Score { .. } => -Cost::from(problem.scores()[edge]) - Cost::from(problem.rules().keep_bonus) * previous(edge),
        Aim::Keep => -previous(edge),
        Aim::Lots { seed } => {
            let mentor = problem.columns()[edge] as usize;
            crate::problem::lot(seed, problem.mentees()[mentee as usize].key, problem.mentors()[mentor].key)
        }
    }
}

/// Shrinks the bounds of a number to where the convex function is least; nothing when the number is not there.
fn narrow((number, bounds): &mut (Cost, RangeInclusive<Cost>), value: impl Fn(Cost) -> Cost) -> Option<()> {
    let least = value(*number);
    let (mut low, mut high) = (*number, *number);
    if low > *bounds.start() && value(low - 1) < least || high < *bounds.end() && value(high + 1) < least {
        return None;
    }
    // A convex function that is least at the end of the bounds as well is least everywhere between.
    if value(*bounds.start()) == least {
        low = *bounds.start();
    }
    if value(*bounds.end()) == least {
        high = *bounds.end();
    }
    while low > *bounds.start() && value(low - 1) == least {
        low -= 1;
    }
    while high < *bounds.end() && value(high + 1) == least {
        high += 1;
    }
    *bounds = low..=high;
    Some(())
}
