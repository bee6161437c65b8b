//! What matters most to somebody. Nobody else ever reads a card: two cards bring people nearer when both are let count,
//! and a value is named to the other only when both hold it and both let it be named. Pure.

use chiron_recommend::terms::{self, VALUES_ON_CARD};
use chiron_store::text_enum;

text_enum!(
    /// The card's items: our own, few, and none that speaks against another.
    pub Value {
        Honesty = "honesty",
        Learning = "learning",
        Fairness = "fairness",
        Freedom = "freedom",
        Care = "care",
        Craft = "craft",
        Courage = "courage",
        Calm = "calm",
        Belonging = "belonging",
        Difference = "difference",
        Reliability = "reliability",
        Humour = "humour",
    }
);

const _: () = assert!(Value::ALL.len() == VALUES_ON_CARD);

/// More than that would not say what matters most.
pub const MOST_VALUES: usize = 5;

impl Value {
    /// From how a card is kept: one a line. What is on the list no more is left out.
    pub fn read(kept: &str) -> Vec<Self> {
        kept.lines().filter_map(|value| value.parse().ok()).collect()
    }

    /// In “you both hold honesty high”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Difference => "making a difference",
            other => other.as_str(),
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Honesty => "Honesty",
            Self::Learning => "Learning",
            Self::Fairness => "Fairness",
            Self::Freedom => "Freedom",
            Self::Care => "Care",
            Self::Craft => "Craft",
            Self::Courage => "Courage",
            Self::Calm => "Calm",
            Self::Belonging => "Belonging",
            Self::Difference => "Making a difference",
            Self::Reliability => "Reliability",
            Self::Humour => "Humour",
        }
    }

    /// What is meant by it here.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Honesty => "To say what is so, also when it is not welcome.",
            Self::Learning => "To understand more than yesterday.",
            Self::Fairness => "The same chances and the same rules for everybody.",
            Self::Freedom => "To decide for oneself what to do, and how.",
            Self::Care => "To look after people.",
            Self::Craft => "To do a thing well for its own sake.",
            Self::Courage => "To try what may go wrong.",
            Self::Calm => "Time to think, and an evening off.",
            Self::Belonging => "To be part of something, together.",
            Self::Difference => "To leave something better than it was.",
            Self::Reliability => "To do what was said, when it was said.",
            Self::Humour => "To take things lightly, oneself first.",
        }
    }
}

/// Somebody's card. An empty one is as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// At most [`MOST_VALUES`], in the order of the list.
    pub chosen: Vec<Value>,
    /// Whether it takes part in recommendations, theirs and others’.
    pub counts: bool,
    /// Whether a value may be named to somebody who holds it too.
    pub named: bool,
}

impl Default for Values {
    fn default() -> Self {
        Self { chosen: Vec::new(), counts: true, named: false }
    }
}

/// A card as a search holds it: a bit for each chosen value, and the highest for whether they may be named. Zero: none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValueBits(u16);

impl ValueBits {
    const NAMED: u16 = 1 << 15;

    /// What of a card takes part; nothing of one that is not to count.
    pub fn of(card: &Values) -> Self {
        if !card.counts || card.chosen.is_empty() {
            return Self::default();
        }
        let bits = card.chosen.iter().fold(0, |bits, value| bits | 1 << *value as u16);
        Self(if card.named { bits | Self::NAMED } else { bits })
    }

    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    fn card(self) -> Option<terms::Values> {
        (!self.is_none()).then(|| terms::Values(std::array::from_fn(|at| if self.0 >> at & 1 == 1 { 10 } else { 0 })))
    }

    /// How near two cards come, from half to full. To hold other things high takes nothing away: whoever has no card, or
    /// does not let it count, stands where somebody unlike stands, and loses nothing by it.
    pub fn fit(self, other: Self) -> u16 {
        let neither = chiron_recommend::score::FULL / 2;
        terms::values(self.card().as_ref(), other.card().as_ref()).unwrap_or(neither).max(neither)
    }

    /// What both hold high, when both let it be named.
    pub fn named_by_both(self, other: Self) -> Vec<Value> {
        let both = self.0 & other.0;
        if both & Self::NAMED == 0 {
            return Vec::new();
        }
        Value::ALL.iter().copied().filter(|value| both >> *value as u16 & 1 == 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Value::{Calm, Care, Craft, Honesty, Humour, Learning};

    fn bits(chosen: &[Value], counts: bool, named: bool) -> ValueBits {
        ValueBits::of(&Values { chosen: chosen.to_vec(), counts, named })
    }

    #[test]
    fn p05_nobody_loses_by_what_they_hold_high_or_keep_to_themselves() {
        let mine = bits(&[Honesty, Care], true, true);
        for (theirs, fit) in [
            (ValueBits::default(), 5_000),
            (bits(&[Honesty, Care], false, true), 5_000),
            (bits(&[Craft, Humour, Calm], true, true), 5_000),
            (mine, 10_000),
        ] {
            assert_eq!(mine.fit(theirs), fit, "{theirs:?}");
            assert_eq!(theirs.fit(mine), fit, "{theirs:?}");
        }
        assert!((6_000..9_000).contains(&mine.fit(bits(&[Honesty, Learning], true, false))));
    }

    #[test]
    fn p05_a_value_is_named_when_both_hold_it_and_both_say_so() {
        let mine = bits(&[Honesty, Care], true, true);
        for (theirs, named) in [
            (bits(&[Care, Honesty, Craft], true, true), vec![Honesty, Care]),
            (bits(&[Care], true, false), vec![]),
            (bits(&[Care], false, true), vec![]),
            (bits(&[Craft], true, true), vec![]),
        ] {
            assert_eq!(mine.named_by_both(theirs), named);
            assert_eq!(theirs.named_by_both(mine), named);
        }
    }
}
