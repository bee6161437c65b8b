//! Goal Attainment Scaling: one number beside the words, and how sure it is. Pure.
//!
//! Every scale of a goal has five levels that were described before starting, from −2 to +2, where 0 is what was
//! expected, and a weight. Their sum, brought to a mean of 50 and a standard deviation of 10, is T:
//!
//! ```text
//! T = 50 + 10·Σ(wᵢxᵢ) / √((1 − ρ)·Σwᵢ² + ρ·(Σwᵢ)²)
//! ```
//!
//! with ρ, the correlation that scales of one person are taken to have, of 0.30. Kiresuk, T. J., Sherman, R. E. (1968):
//! Goal attainment scaling: a general method for evaluating comprehensive community mental health programs. Community
//! Mental Health Journal 4, 443–453. Over the scales of one goal it is the T of the goal; over all of somebody's scales,
//! that of the person.
//!
//! What it is not: a measure of people against each other. Everybody writes their own levels.

use chiron_store::{NoSuchValue, column_as};

/// How alike the scales of one person are taken to be: what Kiresuk and Sherman (1968) proposed.
pub const RHO: f64 = 0.30;
/// The standard deviation that T is brought to.
const SPREAD: f64 = 10.0;
/// What a goal that came out as expected has.
pub const EXPECTED: f64 = 50.0;

/// How well two raters of the same goal agree, as an intraclass correlation: the least that is called acceptable.
///
/// Studies of the method report anything from 0.48 to above 0.9 (Gaasterland and others (2016), A systematic review to
/// investigate the measurement properties of goal attainment scaling, BMC Medical Research Methodology 16, 99, table 7,
/// which calls 0.7 and more sufficient). The levels that two people write for themselves were studied by nobody, so we
/// take the lowest value that passes and no better one, and claim no gain from several scales.
pub const RELIABILITY: f64 = 0.70;
/// Standard errors on each side of a range that holds the true value 95 times in 100.
const NINETY_FIVE: f64 = 1.96;

/// Where somebody stands on a scale: −2 to +2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(i64);

impl Level {
    pub const ALL: [Self; 5] = [Self(-2), Self(-1), Self(0), Self(1), Self(2)];
    pub const LOWEST: Self = Self(-2);

    pub fn of(number: i64) -> Option<Self> {
        (-2..=2).contains(&number).then_some(Self(number))
    }
    pub fn number(self) -> i64 {
        self.0
    }
    /// Its place among the five, counted from 0.
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|level| *level == self).unwrap_or_default()
    }
    /// As on paper, with a true minus: “−1”, “0”, “+1”.
    pub fn sign(self) -> &'static str {
        ["−2", "−1", "0", "+1", "+2"][self.place()]
    }
    pub fn words(self) -> &'static str {
        ["much less than expected", "less than expected", "as expected", "more than expected", "much more than expected"][self.place()]
    }
}

impl std::str::FromStr for Level {
    type Err = NoSuchValue;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        word.parse().ok().and_then(Self::of).ok_or_else(|| NoSuchValue { kind: "Level", word: word.into() })
    }
}
column_as!(Level, i64, out: |level| &level.0, back: |number| Level::of(number).ok_or_else(|| NoSuchValue { kind: "Level", word: number.to_string() }));

/// T over scales, each with its weight (above 0) and level. `None` of no scales. Linear in their number.
pub fn t(scales: impl IntoIterator<Item = (i64, Level)>) -> Option<f64> {
    let (mut sum, mut weights, mut squares) = (0.0, 0.0, 0.0);
    for (weight, level) in scales {
        // Weights and levels are small whole numbers, which a float holds exactly.
        let (weight, level) = (weight as f64, level.0 as f64);
        sum += weight * level;
        weights += weight;
        squares += weight * weight;
    }
    of_sums(sum, weights, squares)
}

/// T where the sums are known: of weights times levels, of weights, and of squared weights.
fn of_sums(levels: f64, weights: f64, squares: f64) -> Option<f64> {
    let spread = ((1.0 - RHO) * squares + RHO * weights * weights).sqrt();
    (spread > 0.0).then(|| EXPECTED + SPREAD * levels / spread)
}

/// How many points of T the same scales have come: from their baselines to their levels, each as the sum over scales of
/// weight times level. `None` without scales.
pub fn change(baselines: i64, levels: i64, weights: i64, squares: i64) -> Option<f64> {
    // Small whole numbers, which a float holds exactly.
    let of = |sum: i64| of_sums(sum as f64, weights as f64, squares as f64);
    of(levels).zip(of(baselines)).map(|(now, began)| now - began)
}

/// The standard error of T: √(1 − r) of its standard deviation, as classical test theory has it (Lord, F. M., Novick,
/// M. R. (1968): Statistical theories of mental test scores, chapter 3).
pub fn standard_error() -> f64 {
    SPREAD * (1.0 - RELIABILITY).sqrt()
}

/// How far to each side of T the truth may well lie, 95 times in 100.
pub fn margin() -> f64 {
    NINETY_FIVE * standard_error()
}

/// The smallest change of T that is more than rating twice would show by itself, 95 times in 100: √2 of the margin
/// (de Vet and others (2006): When to use agreement versus reliability measures. Journal of Clinical Epidemiology 59,
/// 1033–1039).
pub fn smallest_change() -> f64 {
    margin() * std::f64::consts::SQRT_2
}

/// Where T may well lie. Where two people rated differently, from the lower one's to the higher one's.
pub fn range(one: f64, other: Option<f64>) -> (f64, f64) {
    let other = other.unwrap_or(one);
    (one.min(other) - margin(), one.max(other) + margin())
}

/// T in words, always against what was expected.
pub fn words(t: f64) -> &'static str {
    match t - EXPECTED {
        d if d < -15.0 => "much less than expected",
        d if d < -5.0 => "less than expected",
        d if d <= 5.0 => "about as expected",
        d if d <= 15.0 => "more than expected",
        _ => "much more than expected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(scales: &[(i64, i64)]) -> f64 {
        t(scales.iter().map(|(weight, level)| (*weight, Level::of(*level).expect("a level")))).expect("scales")
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 0.05
    }

    /// Turner-Stokes, L., Williams, H. (2010): Goal attainment scaling: a direct comparison of alternative rating methods.
    /// Clinical Rehabilitation 24, 66–73. Where every goal began at −2 they report a median of 21.0 and quartiles of 19.8
    /// and 22.6: four, five and three goals of one weight; and of the usual baselines 34.9 and 35.5: five and four at −1.
    #[test]
    fn p35_published_scores_come_out_to_a_tenth() {
        for (goals, level, published) in [(3, -2, 22.6), (4, -2, 21.0), (5, -2, 19.8), (5, -1, 34.9), (4, -1, 35.5)] {
            assert!(close(of(&vec![(1, level); goals]), published), "{goals} goals at {level}: {}", of(&vec![(1, level); goals]));
        }
        // Every goal as expected is 50, however many and however weighed (Kiresuk and Sherman 1968).
        assert!(close(of(&[(3, 0), (1, 0), (2, 0)]), 50.0));
        // The example in the manual of gasr, a package for R by T. Dunn: 50 + 10·7/√196.
        assert!(close(of(&[(3, -2), (5, 0), (1, -1), (4, 2), (2, 0), (6, 1)]), 55.0));
    }

    /// `oracle/oracle.py` worked these out in decimals, as a quadratic form over the whole matrix of correlations.
    #[test]
    fn p35_a_thousand_random_cases_agree_with_an_independent_computation() {
        let mut cases = 0;
        for line in include_str!("oracle/oracle.txt").lines().filter(|line| !line.starts_with('#')) {
            let (scales, said) = line.split_once(" = ").expect("a case");
            let scales: Vec<(i64, i64)> = scales
                .split(' ')
                .map(|scale| scale.split_once('*').expect("a scale"))
                .map(|(weight, level)| (weight.parse().expect("a weight"), level.parse().expect("a level")))
                .collect();
            let said: f64 = said.parse().expect("a number");
            assert!((of(&scales) - said).abs() < 1e-9, "{line}: {}", of(&scales));
            cases += 1;
        }
        assert_eq!(cases, 1000);
    }

    #[test]
    fn of_no_scales_there_is_no_number() {
        assert_eq!(t([]), None);
    }

    /// Bovend'Eerdt and others (2011), Journal of Rehabilitation Medicine 43, 46–49, found 95 in 100 differences between
    /// two procedures of rating within ±24.54. Ours must not claim to be several times as sure as that.
    #[test]
    fn the_range_is_no_narrower_than_studies_allow() {
        assert!((standard_error() - 5.477).abs() < 0.001);
        assert!((margin() - 10.735).abs() < 0.001);
        assert!((smallest_change() - 15.182).abs() < 0.001);
        assert!(smallest_change() > 24.54 / 2.0);
        assert_eq!(range(60.0, Some(50.0)), range(50.0, Some(60.0)));
        assert!(range(50.0, Some(60.0)).1 > range(50.0, None).1);
    }

    proptest! {
        #[test]
        fn p35_a_higher_level_never_lowers_it(scales in prop::collection::vec((1_i64..=9, -2_i64..=1), 1..6), which in 0_usize..5) {
            let which = which % scales.len();
            let mut better = scales.clone();
            better[which].1 += 1;
            prop_assert!(of(&better) > of(&scales));
        }

        #[test]
        fn p35_only_the_proportion_of_weights_matters(scales in prop::collection::vec((1_i64..=9, -2_i64..=2), 1..6), times in 2_i64..9) {
            let heavier: Vec<_> = scales.iter().map(|(weight, level)| (weight * times, *level)).collect();
            prop_assert!((of(&heavier) - of(&scales)).abs() < 1e-9);
        }

        #[test]
        fn p35_turning_every_level_round_turns_it_round_fifty(scales in prop::collection::vec((1_i64..=9, -2_i64..=2), 1..6)) {
            let turned: Vec<_> = scales.iter().map(|(weight, level)| (*weight, -level)).collect();
            prop_assert!((of(&scales) + of(&turned) - 100.0).abs() < 1e-9);
        }

        #[test]
        fn p35_the_order_of_scales_does_not_matter(mut scales in prop::collection::vec((1_i64..=9, -2_i64..=2), 1..6)) {
            let before = of(&scales);
            scales.reverse();
            prop_assert!((of(&scales) - before).abs() < 1e-9);
        }
    }
}
