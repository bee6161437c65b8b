//! What a quarter came to, and how much of it may be said. Pure.
//!
//! A number is shown only where it stands for seven people or more, and a part of a whole only where those that are not shown
//! cannot be worked out from it. The tally is made so before it is kept, so that nothing finer lies in the database, in a
//! backup or in what is taken out.

use crate::attainment::{gas, verbs::Group};
use crate::viewer::Viewer;
use chiron_store::record;
use jiff::civil::Date;

/// Fewer people than this are never summed up, as with pulses: nobody is to be made out among them.
pub const FLOOR: usize = crate::pulses::FLOOR as usize;
/// A quarter of so many people is no fewer than [`FLOOR`].
pub const FOR_QUARTERS: usize = 4 * FLOOR;

record!(
    /// One quarter of the year, as it is kept and as it is shown. What is `None` is not known to anybody.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Tally {
        /// YYYY-MM-DD.
        pub begins_on: String,
        /// Who had a rating that was agreed.
        pub people: Option<i64>,
        pub further: Option<i64>,
        pub alike: Option<i64>,
        pub less: Option<i64>,
        /// Whole points of T.
        pub mean: Option<i64>,
        pub mean_from: Option<i64>,
        pub mean_to: Option<i64>,
        pub lower: Option<i64>,
        pub middle: Option<i64>,
        pub upper: Option<i64>,
        /// Goals.
        pub begun: Option<i64>,
        pub reached: Option<i64>,
        pub let_go: Option<i64>,
    }
);

/// What was gathered of any set of people, some at a time and in no order: eight bytes for each.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// Points of T from where it began to the last agreed rating, one for each person.
    pub changes: Vec<f64>,
    pub begun: Group,
    pub reached: Group,
    pub let_go: Group,
}

impl Gathered {
    /// Takes in some more people; nobody may be among both.
    pub fn add(&mut self, changes: Vec<f64>, goals: [Group; 3]) {
        self.changes.extend(changes);
        for (sum, group) in [&mut self.begun, &mut self.reached, &mut self.let_go].into_iter().zip(goals) {
            sum.goals += group.goals;
            sum.people += group.people;
        }
    }

    /// What may be said of it. `n log n` in the number of people.
    pub fn tally(mut self, begins_on: Date) -> Tally {
        let goals = |group: Group| (group.people >= FLOOR as i64).then_some(group.goals);
        let tally = Tally {
            begins_on: begins_on.to_string(),
            begun: goals(self.begun),
            reached: goals(self.reached),
            let_go: goals(self.let_go),
            ..Tally::default()
        };
        let changes = &mut self.changes;
        if changes.len() < FLOOR {
            return tally;
        }
        changes.sort_by(f64::total_cmp);
        let count = |is: fn(f64) -> bool| changes.iter().filter(|change| is(**change)).count();
        let further = count(|change| change >= gas::smallest_change());
        let less = count(|change| change <= -gas::smallest_change());
        let [further, alike, less] = parts_shown([further, changes.len() - further - less, less]);
        let (mean, from, to) = mean_and_range(changes);
        let below = |part: f64| (changes.len() >= FOR_QUARTERS).then(|| quantile(changes, part).round() as i64);
        Tally {
            people: Some(changes.len() as i64),
            further,
            alike,
            less,
            mean: Some(mean.round() as i64),
            // To the outside, so that rounding never makes it look surer.
            mean_from: Some(settled(from).floor() as i64),
            mean_to: Some(settled(to).ceil() as i64),
            lower: below(0.25),
            middle: below(0.5),
            upper: below(0.75),
            ..tally
        }
    }
}

/// Those who look after the place, and nobody else.
pub fn may_see(viewer: &Viewer) -> bool {
    viewer.coordinates()
}

/// The parts of a whole that may be shown beside its sum: all of them where each is seven or more; else the largest alone,
/// where it is more than the others together and these are seven or more. So each part that is hidden may be any number from
/// nobody to six, or what these leave of the others, and nobody can work out which. Hiding only the small ones and the
/// smallest of the rest, as is often done, pins down parts that are close to the floor: 6, 6 and 7 would be one world alone.
fn parts_shown(parts: [usize; 3]) -> [Option<i64>; 3] {
    if parts.iter().all(|part| *part >= FLOOR) {
        return parts.map(|part| Some(part as i64));
    }
    let whole: usize = parts.iter().sum();
    parts.map(|part| (part > whole - part && whole - part >= FLOOR).then_some(part as i64))
}

/// Away from the dust that floats leave in the last places.
fn settled(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// The mean of at least two numbers and its range of 95 in 100 after Student: t·s/√n to each side (Student (1908): The
/// probable error of a mean. Biometrika 6, 1–25).
///
/// s is taken to be no less than what rating twice would spread by itself ([`gas::smallest_change`] is 1.96 of that): people
/// who all changed alike are no surer for it, and it does not show that they did.
fn mean_and_range(numbers: &[f64]) -> (f64, f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let variance = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let spread = variance.sqrt().max(gas::smallest_change() / NORMAL);
    let side = student(n - 1.0) * spread / n.sqrt();
    (mean, mean - side, mean + side)
}

/// Standard deviations on each side of a normal mean that hold 95 in 100.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The same of Student's t with at least six degrees of freedom, to four places: Abramowitz, M., Stegun, I. A. (1964),
/// Handbook of mathematical functions, 26.7.5.
fn student(freedom: f64) -> f64 {
    let x = NORMAL;
    let of = |terms: &[(f64, i32)], over: f64| terms.iter().map(|(times, power)| times * x.powi(*power)).sum::<f64>() / over;
    let first = of(&[(1.0, 3), (1.0, 1)], 4.0);
    let second = of(&[(5.0, 5), (16.0, 3), (3.0, 1)], 96.0);
    let third = of(&[(3.0, 7), (19.0, 5), (17.0, 3), (-15.0, 1)], 384.0);
    let fourth = of(&[(79.0, 9), (776.0, 7), (1482.0, 5), (-1920.0, 3), (-945.0, 1)], 92_160.0);
    x + first / freedom + second / freedom.powi(2) + third / freedom.powi(3) + fourth / freedom.powi(4)
}

/// Where a part of sorted numbers lies below: between the two nearest in proportion, definition 7 of Hyndman, R. J., Fan, Y.
/// (1996): Sample quantiles in statistical packages. The American Statistician 50, 361–365. Of no numbers, 0.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = part * (sorted.len().max(1) - 1) as f64;
    let number = |place: usize| sorted.get(place).or(sorted.last()).copied().unwrap_or_default();
    let (low, high) = (number(at as usize), number(at as usize + 1));
    low + (high - low) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(changes: Vec<f64>) -> Tally {
        Gathered { changes, ..Gathered::default() }.tally(jiff::civil::date(2026, 10, 1))
    }

    /// `oracle/oracle.py` worked these out with scipy.
    #[test]
    fn p35_the_numbers_of_a_tally_agree_with_an_independent_computation() {
        let mut cases = 0;
        for line in include_str!("oracle/oracle.txt").lines().filter(|line| !line.starts_with('#')) {
            let (changes, said) = line.split_once(" = ").expect("a case");
            let numbers = |text: &str| text.split(' ').map(|number| number.parse().expect("a number")).collect::<Vec<f64>>();
            let (mut changes, said) = (numbers(changes), numbers(said));
            let (mean, from, to) = mean_and_range(&changes);
            changes.sort_by(f64::total_cmp);
            let ours = [mean, from, to, quantile(&changes, 0.25), quantile(&changes, 0.5), quantile(&changes, 0.75)];
            for (ours, said) in ours.iter().zip(&said) {
                assert!((ours - said).abs() < 2e-3, "{line}: {ours} is not {said}");
            }
            cases += 1;
        }
        assert_eq!(cases, 200);
        for (freedom, published) in [(6.0, 2.4469), (10.0, 2.2281), (30.0, 2.0423), (99_999.0, 1.960)] {
            assert!((student(freedom) - published).abs() < 2e-4, "{freedom}: {}", student(freedom));
        }
    }

    #[test]
    fn p35_of_fewer_than_seven_nothing_is_said_and_of_fewer_than_28_no_quarters() {
        assert_eq!(of(vec![20.0; 6]), of(Vec::new()));
        let seven = of(vec![20.0; 7]);
        assert_eq!((seven.people, seven.mean, seven.middle), (Some(7), Some(20), None));
        // Everybody went alike, which is not said of anybody: neither as a part nor by a narrow range.
        assert_eq!((seven.further, seven.alike, seven.less), (None, None, None));
        assert_eq!((seven.mean_from, seven.mean_to), (Some(12), Some(28)));
        assert_eq!(of((0..27).map(f64::from).collect()).middle, None);
        let enough = of((0..28).map(f64::from).collect());
        assert_eq!((enough.lower, enough.middle, enough.upper), (Some(7), Some(14), Some(20)));
    }

    #[test]
    fn p35_goals_of_fewer_than_seven_people_are_not_counted_however_many_they_are() {
        let group = |goals, people| Group { goals, people };
        let of = |groups| {
            let mut all = Gathered::default();
            all.add(Vec::new(), groups);
            let tally = all.tally(jiff::civil::date(2026, 10, 1));
            [tally.begun, tally.reached, tally.let_go]
        };
        assert_eq!(of([group(60, 6), group(0, 0), group(9, 7)]), [None, None, Some(9)]);
    }

    /// All that somebody who knows the rule can find out of what is hidden: every way in which so many people could have gone
    /// that looks the same.
    #[test]
    fn p35_no_part_that_is_hidden_can_be_worked_out_from_those_shown() {
        for people in FLOOR..=40 {
            let worlds = || (0..=people).flat_map(move |one| (0..=people - one).map(move |two| [one, two, people - one - two]));
            for world in worlds() {
                let shown = parts_shown(world);
                let (mut hidden, mut sum) = (0, 0);
                for (part, shown) in world.iter().zip(shown) {
                    match shown {
                        Some(number) => assert!(number >= FLOOR as i64 && number == *part as i64),
                        None => (hidden, sum) = (hidden + 1, sum + part),
                    }
                }
                assert!(hidden == 0 || (hidden > 1 && sum >= FLOOR), "{world:?} shows {shown:?}");
                let alike: Vec<[usize; 3]> = worlds().filter(|other| parts_shown(*other) == shown).collect();
                for at in (0..3).filter(|at| shown[*at].is_none()) {
                    let may_be: std::collections::BTreeSet<usize> = alike.iter().map(|other| other[at]).collect();
                    assert!(may_be.len() >= FLOOR, "{world:?} shows {shown:?}: part {at} is one of {may_be:?}");
                }
            }
        }
    }

    proptest! {
        /// Worlds that differ in one person below the floor are kept alike, to the last column.
        #[test]
        fn p35_one_person_more_or_less_below_the_floor_leaves_no_trace(
            changes in prop::collection::vec(-40.0_f64..40.0, 0..6), one in -40.0_f64..40.0, owners in 0_i64..6, goals in 1_i64..4,
        ) {
            let group = |people: i64| Group { goals: people * goals, people };
            let world = |changes: Vec<f64>, people: i64| {
                let mut all = Gathered::default();
                all.add(changes, [group(people), group(0), group(people)]);
                all.tally(jiff::civil::date(2026, 10, 1))
            };
            let mut with = changes.clone();
            with.push(one);
            prop_assert_eq!(world(with, owners + 1), world(changes, owners));
        }

        /// A tally says no more than whole points, and a range that holds its mean.
        #[test]
        fn p35_a_range_holds_its_mean_and_no_quarter_stands_for_fewer_than_seven(changes in prop::collection::vec(-60.0_f64..60.0, 7..80)) {
            let tally = of(changes.clone());
            let (mean, from, to) = (tally.mean.unwrap(), tally.mean_from.unwrap(), tally.mean_to.unwrap());
            prop_assert!(from < mean && mean < to);
            prop_assert!(to - from >= 2);
            for (below, part) in [(tally.lower, 1), (tally.middle, 2), (tally.upper, 3)] {
                let Some(below) = below else { prop_assert!(changes.len() < FOR_QUARTERS); continue };
                // Within the half point by which it is rounded.
                let beneath = changes.iter().filter(|change| **change <= below as f64 + 0.5).count();
                let above = changes.iter().filter(|change| **change >= below as f64 - 0.5).count();
                prop_assert!(beneath >= FLOOR && above >= FLOOR, "{part} of four");
            }
        }
    }
}
