//! Which contrasts somebody set aside for a goal, and why. Pure.

use crate::viewer::PersonId;
use chiron_store::text_enum;
use std::collections::BTreeSet;

text_enum!(
    /// Why a contrast was set aside.
    pub Why { TooFar = "too_far", Known = "known", NotForMe = "not_for_me", NoneAtAll = "none_at_all" }
);

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Self::TooFar => "Too far from my goal",
            Self::Known => "I know them already",
            Self::NotForMe => "Somehow not for me",
            Self::NoneAtAll => "I would rather have no contrast for this goal",
        }
    }
}

/// People whom somebody may set aside for one goal, one by one.
pub const MOST_SET_ASIDE: usize = 200;

/// What was set aside for one goal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAside {
    pub people: BTreeSet<PersonId>,
    pub all: bool,
}

impl SetAside {
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && !self.all
    }
    pub fn may_show(&self, person: PersonId) -> bool {
        !self.all && !self.people.contains(&person)
    }
}
