//! What else could have been decided: how many are matched, how well they fit and how good the worst pair is, weighed
//! otherwise. Each point is a proven solution of its own, so that a coordinator sees what a choice costs before making it.

use crate::round::{Outcome, Watch};
use chiron_matching::{Coverage, Objective};

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
const MOST_PAIRS: usize = 200_000;
/// Runs that are spent on it.
const MOST_SOLVES: usize = 14;

/// The points from most coverage to best fit, the one that was chosen among them; points with equal numbers once.
pub fn of(outcome: &Outcome<'_>, threads: usize, watch: &Watch<'_>) -> Vec<Point> {
    let chosen = measured(outcome, &outcome.solution.pairs, true, Coverage::First);
    let mut points = vec![chosen];
    if outcome.problem.pair_count() <= MOST_PAIRS && !outcome.solution.pairs.is_empty() {
        (watch.tell)("trying other ways");
        let objective = Objective { threads: threads.clamp(1, 255) as u8, ..Objective::plain(Coverage::First) };
        let others =
            chiron_matching::frontier(&outcome.problem, &objective, MOST_SOLVES).map_or_else(|_| Vec::new(), |frontier| frontier.points);
        points.extend(others.iter().map(|point| measured(outcome, &point.solution.pairs, false, point.coverage)));
    }
    points.sort_by_key(|point| (std::cmp::Reverse(point.matched), std::cmp::Reverse(point.mean), point.worst, !point.chosen));
    points.dedup_by(|next, first| (next.matched, next.mean, next.worst) == (first.matched, first.mean, first.worst));
    points
}

fn measured(outcome: &Outcome<'_>, pairs: &[(u32, u32)], chosen: bool, coverage: Coverage) -> Point {
    let scores: Vec<i64> = pairs.iter().filter_map(|(mentee, mentor)| outcome.problem.score(*mentee, *mentor)).map(i64::from).collect();
    let mut matched: Vec<u32> = pairs.iter().map(|(mentee, _)| *mentee).collect();
    matched.dedup();
    let mean = scores.iter().sum::<i64>().checked_div(scores.len() as i64).unwrap_or(0) as i32;
    let worst = scores.iter().min().map_or(0, |worst| *worst as i32);
    let way = match (chosen, coverage) {
        (true, _) => "As the rules ask".to_owned(),
        (false, Coverage::First) => format!("As many as can be, and nobody below {}", crate::report::number(worst.into())),
        (false, Coverage::Worth(worth)) => format!("Matching one more is worth {} points", crate::report::number(worth)),
    };
    Point { way, matched: matched.len(), mean, worst, chosen }
}
