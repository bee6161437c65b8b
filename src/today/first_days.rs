//! The first steps of someone new. Pure.

use chiron_store::Timestamp;

/// How long they are offered; after that someone who has not taken them does not want to.
const DAYS: i64 = 14;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstSteps {
    pub has_goal: bool,
    pub shows_something: bool,
    pub has_asked: bool,
}

impl FirstSteps {
    /// Whether somebody is new enough to be offered them.
    pub fn are_new(joined_at: Timestamp, now: Timestamp) -> bool {
        now.since(joined_at) < jiff::SignedDuration::from_hours(24 * DAYS)
    }
    /// Whether they are to be shown: in the first days, until all of them are done.
    pub fn are_offered(self, joined_at: Timestamp, now: Timestamp) -> bool {
        let all = self.has_goal && self.shows_something && self.has_asked;
        !all && Self::are_new(joined_at, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_steps_go_when_they_are_done_or_when_two_weeks_are_over() {
        let (joined, day) = (Timestamp::from_micros(0), jiff::SignedDuration::from_hours(24));
        let none = FirstSteps { has_goal: false, shows_something: false, has_asked: false };
        let some = FirstSteps { has_goal: true, shows_something: true, ..none };
        let all = FirstSteps { has_asked: true, ..some };
        assert!(none.are_offered(joined, joined) && some.are_offered(joined, joined + day * 13));
        assert!(!all.are_offered(joined, joined) && !some.are_offered(joined, joined + day * 14));
    }
}
