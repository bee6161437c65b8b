//! Free hours as bitmaps: a week is 672 quarters of an hour in UTC, so that the time two people have in common is the
//! number of bits of eleven ANDs, about three nanoseconds.
//!
//! People say their hours by the clock on their wall. Whoever builds a [`Week`] moves them to UTC with the offset of
//! the day, and again when clocks change.

/// Quarters of an hour in a week.
pub const QUARTERS: u16 = 7 * 24 * 4;
const WORDS: usize = (QUARTERS as usize).div_ceil(64);

/// The free quarters of a week in UTC, from Monday 00:00. 88 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Week([u64; WORDS]);

impl Week {
    /// A week without any free time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Marks a stretch as free. `from` and `to` are minutes since Monday 00:00 by the wall clock, `to` not included,
    /// at most a week apart; `offset` is the wall clock's distance from UTC in minutes (60 for Berlin in winter). Only
    /// whole quarters count: someone who is free from 10:05 is free from 10:15. Wraps around the end of the week.
    pub fn free(&mut self, from: i32, to: i32, offset: i32) {
        let (from, to) = (i64::from(from) - i64::from(offset), i64::from(to) - i64::from(offset));
        let quarters = (from + 14).div_euclid(15)..to.div_euclid(15);
        for quarter in quarters.take(usize::from(QUARTERS)) {
            let at = quarter.rem_euclid(i64::from(QUARTERS)) as usize;
            self.0[at / 64] |= 1 << (at % 64);
        }
    }

    /// How many quarters are free in both.
    pub fn common(&self, other: &Self) -> u16 {
        self.0.iter().zip(other.0).map(|(a, b)| (a & b).count_ones() as u16).sum()
    }

    /// How many quarters are free.
    pub fn quarters(&self) -> u16 {
        self.common(self)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The first quarter from Monday 00:00 UTC that is free in both and begins a stretch of at least `least` quarters.
    pub fn first_common(&self, other: &Self, least: u16) -> Option<u16> {
        let both = |at: u16| {
            let at = usize::from(at % QUARTERS);
            self.0[at / 64] & other.0[at / 64] & 1 << (at % 64) != 0
        };
        (0..QUARTERS).find(|from| (0..least.max(1)).all(|more| both(from + more)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(from: i32, to: i32, offset: i32) -> Week {
        let mut week = Week::new();
        week.free(from, to, offset);
        week
    }

    #[test]
    fn hours_meet_across_zones_and_around_the_week() {
        let at = |day: i32, hour: i32| (day - 1) * 1440 + hour * 60;
        for (what, theirs, mine, quarters) in [
            ("18 to 20 in Prague is 17 to 19 in Lisbon", week(at(2, 18), at(2, 20), 60), week(at(2, 18), at(2, 20), 0), 4),
            ("Monday morning in Tokyo is Sunday in Lisbon", week(at(1, 0), at(1, 2), 540), week(at(7, 15), at(7, 17), 0), 8),
            ("Sunday night in New York is Monday in UTC", week(at(7, 23), at(7, 24), -300), week(at(1, 4), at(1, 5), 0), 4),
            ("Nepal is three quarters off", week(at(3, 10), at(3, 11), 345), week(at(3, 4) + 15, at(3, 5) + 15, 0), 4),
            ("a quarter only begun does not count", week(at(3, 10) + 5, at(3, 10) + 40, 0), week(at(3, 10), at(3, 11), 0), 1),
        ] {
            assert_eq!(theirs.common(&mine), quarters, "{what}");
            assert_eq!(mine.common(&theirs), quarters, "{what}");
        }
        assert_eq!(week(0, i32::MAX, 0).quarters(), QUARTERS);
        assert!(week(10, 0, 0).is_empty());
        assert_eq!(week(0, 120, 0).first_common(&week(60, 240, 0), 4), Some(4));
        assert_eq!(week(0, 120, 0).first_common(&week(60, 240, 0), 5), None);
    }
}
