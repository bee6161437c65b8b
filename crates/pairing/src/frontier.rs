//! What else could have been decided: how many are matched, how well they fit and how good the worst pair is, weighed
//! otherwise. Each point is a solution of its own, so that a coordinator sees what a choice costs before making it.

use crate::round::{Outcome, Watch};
use chiron_matching::{Coverage, Floor, Objective, Step, solve_with};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

/// One way to decide, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// In words.
    pub way: String,
    pub matched: usize,
    /// Mean score of the pairs.
    pub mean: i32,
    /// The worst pair.
    pub worst: i32,
    /// Whether this is what the rules asked for.
    pub chosen: bool,
}

/// With more pairs than this only what was asked for is told: each point costs a run of its own.
const MOST_PAIRS: usize = 400_000;

/// The points from most coverage to best fit, the one that was chosen among them; points with equal numbers once.
pub fn of(outcome: &Outcome<'_>, threads: usize, watch: &Watch<'_>) -> Vec<Point> {
    let mut points = vec![measured(outcome, &outcome.solution.pairs, "As the rules ask", true)];
    if outcome.problem.pair_count() > MOST_PAIRS || outcome.solution.pairs.is_empty() {
        return points;
    }
    let plain = |coverage, floor| Objective { floor, threads: threads.clamp(1, 255) as u8, ..Objective::plain(coverage) };
    let raised = |percent: u32| Some(Floor { loss_per_thousand: percent * 10 });
    let ways = [
        ("Everybody who can be, and then the best scores".to_owned(), plain(Coverage::First, None)),
        ("The worst pair raised, at a loss of 1 %".to_owned(), plain(Coverage::First, raised(1))),
        ("The worst pair raised, at a loss of 5 %".to_owned(), plain(Coverage::First, raised(5))),
        ("The worst pair raised, whatever it costs".to_owned(), plain(Coverage::First, raised(100))),
    ];
    let worths = [1_000, 2_500, 4_000].map(|below| (format!("Nobody below about {below}"), Some(below)));
    let progress = |_: Step| if watch.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    for (way, objective) in ways {
        (watch.tell)("trying other ways");
        if let Ok(solution) = solve_with(&outcome.problem, &objective, &progress) {
            points.push(measured(outcome, &solution.pairs, &way, false));
        }
    }
    for (way, below) in worths {
        let Some(problem) = below.and_then(|below| without_low(outcome, below)) else { continue };
        if let Ok(solution) = solve_with(&problem, &plain(Coverage::First, None), &progress) {
            points.push(measured(outcome, &solution.pairs, &way, false));
        }
    }
    points.sort_by_key(|point| (std::cmp::Reverse(point.matched), point.worst, std::cmp::Reverse(point.mean), !point.chosen));
    points.dedup_by(|next, first| {
        let same = (next.matched, next.mean, next.worst) == (first.matched, first.mean, first.worst);
        first.chosen |= same && next.chosen;
        same
    });
    points
}

/// The same problem without pairs under a score.
fn without_low(outcome: &Outcome<'_>, below: i32) -> Option<chiron_matching::Problem> {
    let problem = &outcome.problem;
    let (mut starts, mut mentors, mut scores) = (vec![0_u32], Vec::new(), Vec::new());
    for mentee in 0..problem.mentees().len() as u32 {
        let (row, of_row) = problem.row(mentee);
        for (mentor, score) in row.iter().zip(of_row).filter(|(mentor, score)| **score >= below || problem.is_locked(mentee, **mentor)) {
            mentors.push(*mentor);
            scores.push(*score);
        }
        starts.push(mentors.len() as u32);
    }
    chiron_matching::Problem::from_rows(
        problem.mentees().to_vec(),
        problem.mentors().to_vec(),
        starts,
        mentors,
        scores,
        problem.rules().clone(),
    )
    .ok()
}

fn measured(outcome: &Outcome<'_>, pairs: &[(u32, u32)], way: &str, chosen: bool) -> Point {
    let scores: Vec<i64> = pairs.iter().filter_map(|(mentee, mentor)| outcome.problem.score(*mentee, *mentor)).map(i64::from).collect();
    let mut matched: Vec<u32> = pairs.iter().map(|(mentee, _)| *mentee).collect();
    matched.dedup();
    let mean = scores.iter().sum::<i64>().checked_div(scores.len() as i64).unwrap_or(0) as i32;
    Point { way: way.into(), matched: matched.len(), mean, worst: scores.iter().min().map_or(0, |worst| *worst as i32), chosen }
}
