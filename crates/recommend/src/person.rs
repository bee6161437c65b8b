//! What is known of people as far as scoring goes, and the score of two of them in both directions. For rosters and
//! other places that hold whole people; an index of millions keeps the same facts in columns and adds the same terms.

use crate::hours::Week;
use crate::rules::Barred;
use crate::score::{Direction, Score, score};
use crate::terms::{self, Offered, Said, Values, Wanted};

/// Somebody, on either side. What they did not say is empty, and counts neither for nor against them where it is a wish
/// of theirs; where it is somebody else's wish, it serves it not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// A bit for each language they speak, numbered by the caller.
    pub languages: u128,
    pub hours: Week,
    /// What they can help with.
    pub offers: Vec<Offered>,
    /// What they want to learn.
    pub wants: Vec<Wanted>,
    /// What they look for, each goal or wish by itself.
    pub goals: Vec<Said>,
    /// What they are and have done, each item by itself: headline, story, each experience.
    pub items: Vec<Said>,
    /// How they work, each scale 0 to 100.
    pub style: [Option<u8>; 3],
    /// How they wish the other to work.
    pub wishes_style: [Option<u8>; 3],
    /// Only when they agreed that it counts.
    pub values: Option<Values>,
}

impl Person {
    /// Whether they said anything about whom they look for.
    pub fn has_wishes(&self) -> bool {
        !self.wants.is_empty() || !self.goals.is_empty() || self.wishes_style.iter().any(Option::is_some)
    }
}

/// How much each term counts beside the others. Judgement, written down so that it can be argued with: to know the
/// skill is worth most, then what it is about, then to understand each other and to have time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    pub skills: u16,
    pub meaning: u16,
    pub language: u16,
    pub hours: u16,
    pub style: u16,
    /// Zero switches values off, in the score and in every explanation.
    pub values: u16,
}

impl Default for Weights {
    fn default() -> Self {
        Self { skills: 40, meaning: 25, language: 10, hours: 15, style: 5, values: 5 }
    }
}

/// How well `other` serves the wishes of `one`. A term that `one` has no wish for takes no part; the terms two people
/// share (language, time, values) come along only when there is a wish to begin with, or when `always`.
pub fn toward(one: &Person, other: &Person, weights: &Weights, near: impl Fn(u16, u16) -> u8, always: bool) -> Direction {
    let mut direction = Direction::new();
    if !always && !one.has_wishes() {
        return direction;
    }
    if let Some(fit) = terms::skills(&one.wants, &other.offers, near) {
        direction.add(terms::SKILLS, weights.skills, fit);
    }
    if !one.goals.is_empty() {
        direction.add(terms::MEANING, weights.meaning, terms::about(&one.goals, &other.items).unwrap_or(0));
    }
    if one.languages != 0 {
        direction.add(terms::LANGUAGE, weights.language, terms::language(one.languages, other.languages));
    }
    if !one.hours.is_empty() {
        direction.add(terms::HOURS, weights.hours, terms::common_hours(&one.hours, &other.hours).unwrap_or(0));
    }
    if let Some(fit) = terms::style(&one.wishes_style, &other.style) {
        direction.add(terms::STYLE, weights.style, fit);
    }
    if let Some(fit) = terms::values(one.values.as_ref(), other.values.as_ref()) {
        direction.add(terms::VALUES, weights.values, fit);
    }
    direction
}

/// The score of a learner with a guide, both ways; `price` is taken off. See [`score`].
pub fn two_sided(learner: &Person, guide: &Person, weights: &Weights, near: impl Fn(u16, u16) -> u8 + Copy, price: u16) -> Score {
    score(&toward(learner, guide, weights, near, true), &toward(guide, learner, weights, near, false), price)
}

/// The hard rules of a pair that their own facts decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    pub share_a_language: bool,
    /// In quarters of an hour a week; zero asks for none. Who did not say their hours is not barred by it.
    pub least_common_quarters: u16,
    /// The guide must be above the learner in one wanted skill at least.
    pub further_in_a_wanted_skill: bool,
}

/// What stands between a learner and a guide.
pub fn barred(learner: &Person, guide: &Person, rules: &Rules) -> Barred {
    let both_said = !learner.hours.is_empty() && !guide.hours.is_empty();
    let is_further = |want: &Wanted| {
        let mut offers = guide.offers.iter().filter(|offer| offer.skill == want.skill);
        offers.any(|offer| offer.level > want.present.unwrap_or(0))
    };
    Barred::NOTHING
        .and(Barred::NO_SHARED_LANGUAGE, rules.share_a_language && learner.languages & guide.languages == 0)
        .and(Barred::NO_COMMON_TIME, both_said && learner.hours.common(&guide.hours) < rules.least_common_quarters)
        .and(Barred::NOT_FURTHER, rules.further_in_a_wanted_skill && !learner.wants.is_empty() && !learner.wants.iter().any(is_further))
}
