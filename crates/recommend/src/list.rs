//! From the best fifty to the few that are shown: not five times the same person, and one who sees it otherwise.

use crate::score::FULL;

/// How much the score counts beside being unlike those already chosen, in hundredths.
pub const SCORE_PART: i64 = 70;
/// So many of the best are looked at.
pub const LOOKED_AT: usize = 50;
/// A contrast is still on the goal: no less than this part of the score of the last one shown, in hundredths.
const STILL_ON_THE_GOAL: i64 = 60;

/// Chooses and orders `few` of `scores` (best first; only the first [`LOOKED_AT`] are looked at) by maximal marginal
/// relevance (Carbonell and Goldstein 1998): each next one has the highest of 0.7 times the score less 0.3 times the
/// likeness to the most alike of those already chosen. `alike` says how alike two places of the list are, 0 to 10,000.
/// Gives places in `scores`; the best is always first. `few` times [`LOOKED_AT`] calls of `alike`.
pub fn various(scores: &[u16], few: usize, alike: impl Fn(usize, usize) -> u16) -> Vec<usize> {
    let scores = &scores[..scores.len().min(LOOKED_AT)];
    let mut nearest = vec![0u16; scores.len()];
    let mut left: Vec<usize> = (0..scores.len()).collect();
    let mut chosen: Vec<usize> = Vec::with_capacity(few.min(scores.len()));
    while chosen.len() < few && !left.is_empty() {
        let worth = |at: usize| SCORE_PART * i64::from(scores[at]) - (100 - SCORE_PART) * i64::from(nearest[at]);
        // The first of equal ones: `max_by_key` would take the last.
        let next = left.iter().enumerate().rev().max_by_key(|(_, at)| worth(**at)).map_or(0, |(place, _)| place);
        let next = left.remove(next);
        for at in &left {
            nearest[*at] = nearest[*at].max(alike(*at, next).min(FULL));
        }
        chosen.push(next);
    }
    chosen
}

/// One suggestion that is on the goal and as different as can be from those already chosen (practice: seek diverse
/// perspectives). Among those of the first [`LOOKED_AT`] who reach 60 hundredths of the lowest chosen score, the one
/// whose most alike among the chosen is least alike; `None` when nobody is left who is still on the goal.
pub fn contrast(scores: &[u16], chosen: &[usize], alike: impl Fn(usize, usize) -> u16) -> Option<usize> {
    let least = chosen.iter().filter_map(|at| scores.get(*at)).min().map_or(0, |lowest| i64::from(*lowest) * STILL_ON_THE_GOAL / 100);
    let others = (0..scores.len().min(LOOKED_AT)).filter(|at| !chosen.contains(at) && i64::from(scores[*at]) >= least.max(1));
    others.min_by_key(|at| (chosen.iter().map(|other| alike(*at, *other)).max().unwrap_or(0), FULL.saturating_sub(scores[*at]), *at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People of two kinds: the even and the odd.
    fn kinds(a: usize, b: usize) -> u16 {
        if a % 2 == b % 2 { 9_000 } else { 1_000 }
    }

    #[test]
    fn the_best_comes_first_and_the_next_is_not_the_same_again() {
        assert_eq!(various(&[9_000, 8_000, 7_900, 7_000, 6_000], 3, kinds), [0, 1, 2]);
        assert_eq!(various(&[9_000, 7_000, 8_900, 6_900], 3, kinds), [0, 1, 2]);
        // Unlike is worth something, not everything.
        assert_eq!(various(&[9_000, 2_000, 8_900, 1_900], 2, kinds), [0, 2]);
        assert_eq!(various(&[5_000; 4], 9, |_, _| 0), [0, 1, 2, 3]);
        assert_eq!(various(&[], 5, kinds), Vec::<usize>::new());
    }

    #[test]
    fn p15_the_contrast_is_on_the_goal_and_unlike_the_others() {
        let scores = [9_000, 3_000, 8_900, 7_000, 6_500];
        assert_eq!(contrast(&scores, &[0, 2], kinds), Some(3));
        assert_eq!(contrast(&scores, &[0, 2, 3, 4], kinds), None, "the one who is left is not on the goal");
        assert_eq!(contrast(&[0, 0], &[], kinds), None);
    }
}
