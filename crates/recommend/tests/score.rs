//! What always holds of a score.

use chiron_recommend::score::{Direction, FULL, PRICE, Side, score, total};
use proptest::prelude::*;

fn direction() -> impl Strategy<Value = Direction> {
    prop::collection::vec((0u8..40, 0u16..200, 0u16..12_000), 0..10).prop_map(|terms| {
        let mut direction = Direction::new();
        terms.into_iter().for_each(|(name, weight, fit)| direction.add(name, weight, fit));
        direction
    })
}

proptest! {
    #[test]
    fn a_score_is_the_exact_sum_of_its_contributions(learner in direction(), guide in direction(), price in 0u16..2_000) {
        let score = score(&learner, &guide, price);
        prop_assert!((0..=i32::from(FULL)).contains(&score.total));
        prop_assert_eq!(score.contributions.iter().map(|c| c.points).sum::<i32>(), score.total);
        prop_assert_eq!(score.total, i32::from(total(&learner, &guide, price)));
        for c in &score.contributions {
            prop_assert!(c.points >= 0 || c.name == PRICE, "{:?}", c);
            prop_assert!(c.fit > 0 || c.points <= 0, "what does not fit adds nothing: {:?}", c);
        }
    }

    #[test]
    fn a_better_fit_never_lowers_the_score(learner in direction(), guide in direction(), which in 0usize..10, more in 0u16..10_000) {
        let mut better = Direction::new();
        for (at, term) in learner.terms().iter().enumerate() {
            better.add(term.name, term.weight, if at == which { term.fit.saturating_add(more) } else { term.fit });
        }
        prop_assert!(total(&better, &guide, 0) >= total(&learner, &guide, 0));
    }

    #[test]
    fn both_sides_weigh_the_same(one in direction(), other in direction()) {
        prop_assert_eq!(total(&one, &other, 0), total(&other, &one, 0));
    }
}

#[test]
fn a_pair_that_serves_one_side_only_is_no_good_pair() {
    let of = |fit| {
        let mut direction = Direction::new();
        direction.add(1, 10, fit);
        direction
    };
    for (learner, guide, expected) in [(10_000, 10_000, 10_000), (10_000, 0, 0), (9_000, 3_000, 4_500), (6_000, 6_000, 6_000)] {
        assert_eq!(total(&of(learner), &of(guide), 0), expected);
    }
    // Who looks for nothing in particular leaves it to the other.
    assert_eq!(total(&of(7_000), &Direction::new(), 0), 7_000);
    assert_eq!(total(&Direction::new(), &Direction::new(), 0), 0);
    // Nobody costs more than they are worth.
    let score = score(&of(300), &Direction::new(), 500);
    assert_eq!((score.total, score.contributions[1].points, score.contributions[1].side), (0, -300, Side::Neither));
}
