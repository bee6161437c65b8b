//! The standard terms of a score: how well one side serves a wish of the other, each from 0 to [`FULL`]. Pure functions
//! over plain values; whoever scores decides which of them count and how much.

use crate::hours::Week;
use crate::meaning::{Common, Table, Vector};
use crate::score::FULL;
use crate::wording::{Rarity, Wording, Wordings};
use std::cmp::Reverse;
use std::ops::Range;

/// Names of the standard terms. A caller's own terms begin at [`OWN`].
pub const SKILLS: u8 = 0;
pub const MEANING: u8 = 1;
pub const EXPERIENCE: u8 = 2;
pub const LANGUAGE: u8 = 3;
pub const HOURS: u8 = 4;
pub const STYLE: u8 = 5;
pub const VALUES: u8 = 6;
pub const ROLE: u8 = 7;
pub const REPLY: u8 = 8;
pub const WORDS: u8 = 9;
pub const FRESH: u8 = 10;
/// The first number for terms of a caller's own.
pub const OWN: u8 = 32;

/// A standard term's name as people read it; `None` for a caller's own.
pub fn name(term: u8) -> Option<&'static str> {
    Some(match term {
        SKILLS => "skills",
        MEANING => "what it is about",
        EXPERIENCE => "has done it",
        LANGUAGE => "language",
        HOURS => "time in common",
        STYLE => "way of working",
        VALUES => "values",
        ROLE => "kind of help",
        REPLY => "answers soon",
        WORDS => "words",
        FRESH => "freshness",
        crate::score::PRICE => "much sought after",
        _ => return None,
    })
}

/// A skill somebody offers, by the caller's number for it. Levels from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    pub skill: u16,
    pub level: u8,
}

/// A skill somebody wants, with the level they have and the one they hope for, when they said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub skill: u16,
    pub present: Option<u8>,
    pub target: Option<u8>,
}

impl Wanted {
    /// Of a hundred: what a helper's level is worth to somebody who stands at one level and wants to come to another.
    /// Who is no further than the learner can still be of some use; who has reached the goal is of full use.
    pub fn worth(&self, level: u8) -> u8 {
        match (self.present, self.target) {
            (Some(present), _) if level <= present => 30,
            (_, Some(target)) if level >= target => 100,
            (_, Some(target)) if level + 1 == target => 85,
            (_, Some(_)) => 65,
            (_, None) => [40, 40, 60, 80, 92, 100][usize::from(level.min(5))],
        }
    }

    /// The offered skill that serves this wish best, and how well. `near` says of two skills, the wanted and the
    /// offered, how near they are, from 0 to 100 (the same).
    pub fn served(&self, offers: &[Offered], near: impl Fn(u16, u16) -> u8) -> Option<(Offered, u16)> {
        let fit = |offer: &Offered| u16::from(near(self.skill, offer.skill).min(100)) * u16::from(self.worth(offer.level));
        // The first of equal ones, so that the order of a profile decides.
        let best = offers.iter().map(|offer| (*offer, fit(offer))).reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        (best.1 > 0).then_some(best)
    }
}

/// How well offered skills serve all wanted ones: the mean over the wishes. `None` when nothing is wished for.
pub fn skills(wants: &[Wanted], offers: &[Offered], near: impl Fn(u16, u16) -> u8) -> Option<u16> {
    let served = wants.iter().map(|want| want.served(offers, &near).map_or(0, |(_, fit)| u32::from(fit)));
    Some((served.sum::<u32>().checked_div(wants.len() as u32)?).min(u32::from(FULL)) as u16)
}

/// Texts this alike speak of the same, in ten-thousandths of the cosine. Of texts drawn at random, one pair in a hundred is half
/// as alike.
pub const ALIKE: i32 = 6_400;

/// The fit of a likeness: none for texts that have nothing in common, full from [`ALIKE`], even between. Never falls.
/// There is no threshold: below one, all would be equal, and order among the unlike is worth something too (measured:
/// on our own small set a threshold at 2,500 raised the weighted Kendall loss from 0.077 to 0.111).
#[inline(always)]
pub fn fit_of_likeness(likeness: i32) -> u16 {
    (likeness.clamp(0, ALIKE) as u32 * u32::from(FULL) / ALIKE as u32) as u16
}

/// The mean of the best three likenesses (of fewer when there are fewer; zero of none): a profile is as near as what in
/// it is nearest, and one chance word among many does not decide. Items are kept apart, because the mean of all of
/// somebody's texts is like nobody's.
pub fn best_three(likenesses: impl IntoIterator<Item = i32>) -> i32 {
    let mut three = Three::default();
    likenesses.into_iter().for_each(|likeness| three.take(likeness));
    three.mean(|likeness| likeness)
}

/// The three highest of some numbers. Without branches, and inlined everywhere: an index asks it millions of times.
#[derive(Clone, Copy)]
pub(crate) struct Three {
    highest: [i32; 3],
    many: usize,
}

impl Default for Three {
    #[inline(always)]
    fn default() -> Self {
        Self { highest: [i32::MIN; 3], many: 0 }
    }
}

impl Three {
    #[inline(always)]
    pub(crate) fn take(&mut self, number: i32) {
        let second = self.highest[0].min(number);
        let third = self.highest[1].min(second);
        self.highest = [self.highest[0].max(number), self.highest[1].max(second), self.highest[2].max(third)];
        self.many += 1;
    }

    /// The mean of what a function that never falls makes of them; zero when nothing was taken.
    #[inline(always)]
    pub(crate) fn mean(&self, of: impl Fn(i32) -> i32) -> i32 {
        match self.many {
            0 => 0,
            1 => of(self.highest[0]),
            2 => (of(self.highest[0]) + of(self.highest[1])) / 2,
            _ => (of(self.highest[0]) + of(self.highest[1]) + of(self.highest[2])) / 3,
        }
    }
}

/// How near the items of one side come to the goals of the other: for each goal the best three items, and of the goals
/// the best three. `None` when there is no goal, or nothing to compare it with.
pub fn meaning(goals: &[Vector], items: &[Vector]) -> Option<u16> {
    if goals.is_empty() || items.is_empty() {
        return None;
    }
    let of_goal = |goal: &Vector| best_three(items.iter().map(|item| goal.likeness(item)));
    Some(fit_of_likeness(best_three(goals.iter().map(of_goal))))
}

/// A text by what it means and by its very words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub meaning: Vector,
    pub wording: Wording,
}

impl Said {
    /// With how rare words are among all texts that are compared.
    pub fn of(text: &str, rarity: &Rarity) -> Self {
        Self { meaning: Table::shipped().vector(text), wording: Wording::of(text, rarity) }
    }

    /// The same, for a wish that is held against many: without what they all have in common.
    pub fn without(self, common: &Common) -> Self {
        Self { meaning: common.taken_out_of(&self.meaning), ..self }
    }

    /// Whether nothing in it is known to say anything.
    pub fn is_empty(&self) -> bool {
        self.meaning.is_empty() && self.wording.is_empty()
    }

    /// How near two texts come in both, in ten-thousandths.
    pub fn likeness(&self, other: &Self) -> i32 {
        of_both(self.meaning.likeness(&other.meaning), self.wording.likeness(&other.wording))
    }
}

/// The words count as much as the meaning. (Measured on six sets of judged texts, from a line to pages of a hundred words: the
/// order is better than by either alone on five, and hardly changes from this to twice as much.)
#[inline(always)]
fn of_both(meaning: i32, words: i32) -> i32 {
    meaning + words
}

/// How near the items of one side come to the goals of the other, in the way of [`meaning`], by meaning and words.
pub fn about(goals: &[Said], items: &[Said]) -> Option<u16> {
    if goals.is_empty() || items.is_empty() {
        return None;
    }
    let of_goal = |goal: &Said| best_three(items.iter().map(|item| goal.likeness(item)));
    Some(fit_of_both(best_three(goals.iter().map(of_goal))))
}

/// What many people have written, to hold one wish against all of them: [`about`] without reading every word of each.
#[derive(Debug, Clone)]
pub struct Items {
    meanings: Vec<Vector>,
    wordings: Wordings,
    /// Where each person's items begin, and where all end.
    from: Vec<u32>,
}

impl Items {
    /// Of each person, in order. Linear.
    pub fn of(people: &[Vec<Said>]) -> Self {
        let all = || people.iter().flatten();
        let mut end = 0;
        let ends = people.iter().map(|items| {
            end += items.len() as u32;
            end
        });
        let from = std::iter::once(0).chain(ends).collect();
        Self { meanings: all().map(|said| said.meaning).collect(), wordings: Wordings::of(all().map(|said| &said.wording)), from }
    }

    /// Whether a person has none.
    pub fn are_none(&self, person: usize) -> bool {
        self.from[person] == self.from[person + 1]
    }

    /// [`about`] for each of a stretch of people. For each goal, linear in their items.
    pub fn about(&self, goals: &[Said], people: Range<usize>) -> Vec<Option<u16>> {
        let mut goals_of = vec![Three::default(); people.len()];
        for goal in goals {
            let likenesses = self.likenesses(goal, people.clone());
            let first = self.from[people.start];
            for (of_goals, from) in goals_of.iter_mut().zip(self.from[people.start..=people.end].windows(2)) {
                let of_person = &likenesses[(from[0] - first) as usize..(from[1] - first) as usize];
                of_goals.take(best_three(of_person.iter().copied()));
            }
        }
        let fit = |(of_goals, person): (Three, usize)| {
            (!goals.is_empty() && !self.are_none(person)).then(|| fit_of_both(of_goals.mean(|likeness| likeness)))
        };
        goals_of.into_iter().zip(people).map(fit).collect()
    }

    /// Which item of a person is most like any of the goals, when it is like it at all.
    pub fn nearest(&self, goals: &[Said], person: usize) -> Option<usize> {
        let likest = |goal| (0..).zip(self.likenesses(goal, person..person + 1)).map(|(at, likeness)| (likeness, Reverse(at))).max();
        let (likeness, Reverse(at)) = goals.iter().filter_map(likest).max()?;
        (likeness > 0).then_some(at)
    }

    /// Of each item of a stretch of people.
    fn likenesses(&self, goal: &Said, people: Range<usize>) -> Vec<i32> {
        let items = self.from[people.start]..self.from[people.end];
        let mut likenesses = self.wordings.likenesses(&goal.wording, items.clone());
        for (likeness, meaning) in likenesses.iter_mut().zip(&self.meanings[items.start as usize..items.end as usize]) {
            *likeness = of_both(goal.meaning.likeness(meaning), *likeness);
        }
        likenesses
    }
}

/// The fit of a likeness in meaning and words. What is [`ALIKE`] in meaning alone is four fifths of a full fit; the last fifth is
/// for more than that, up to the very same text, so that among many who are near the nearest still comes first. A wish without
/// what all have in common is on the other side of it from half of them: the least part of a fit is for how far, since those who
/// are equal are in no order (measured: the weighted Kendall loss of short wishes falls from 0.369 to 0.356 by that alone).
fn fit_of_both(likeness: i32) -> u16 {
    /// Likeness and its fit, even between: from the very opposite of what is common to the same text.
    const POINTS: [(i32, i32); 4] = [(-4_000, 0), (0, FULL as i32 / 20), (ALIKE, FULL as i32 * 4 / 5), (20_000, FULL as i32)];
    let likeness = likeness.clamp(POINTS[0].0, POINTS[3].0);
    let at = POINTS[1..3].iter().filter(|(from, _)| likeness >= *from).count();
    let ((from, least), (to, most)) = (POINTS[at], POINTS[at + 1]);
    (least + (likeness - from) * (most - least) / (to - from)) as u16
}

/// Four hours a week in common are as good as more.
pub const ENOUGH_QUARTERS: u16 = 16;

/// Time in common, in quarters of an hour.
pub fn hours(common_quarters: u16) -> u16 {
    common_quarters.min(ENOUGH_QUARTERS) * (FULL / ENOUGH_QUARTERS)
}

/// The time two weeks have in common; `None` when one of the two did not say.
pub fn common_hours(one: &Week, other: &Week) -> Option<u16> {
    (!one.is_empty() && !other.is_empty()).then(|| hours(one.common(other)))
}

/// Values somebody holds: how much each of a card's items matters to them, from 0 to 10, in the order of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values(pub [u8; VALUES_ON_CARD]);

pub const VALUES_ON_CARD: usize = 12;

/// Likeness of values, only where both agreed that it counts (`None` is "did not agree", and takes no part). The
/// correlation of the two profiles, each around its own mean, since some people call everything important; no
/// correlation is half a fit.
pub fn values(one: Option<&Values>, other: Option<&Values>) -> Option<u16> {
    let (one, other) = (one?, other?);
    let n = VALUES_ON_CARD as i64;
    let around = |values: &Values| {
        let sum: i64 = values.0.iter().map(|v| i64::from(*v)).sum();
        values.0.map(|v| i64::from(v) * n - sum)
    };
    let (a, b) = (around(one), around(other));
    let dot = |x: &[i64; VALUES_ON_CARD], y: &[i64; VALUES_ON_CARD]| x.iter().zip(y).map(|(x, y)| x * y).sum::<i64>();
    let lengths = (dot(&a, &a) as u64 * dot(&b, &b) as u64).isqrt() as i64;
    // Whoever finds everything equally important says nothing.
    let correlation = (dot(&a, &b) * 5_000).checked_div(lengths)?.clamp(-5_000, 5_000);
    u16::try_from(5_000 + correlation).ok()
}

/// What both hold high, by its place on the card: the one thing of a values card that is ever said. High is above
/// one's own mean, and 7 at least.
pub fn both_hold_high(one: &Values, other: &Values) -> Vec<usize> {
    let high = |values: &Values, at: usize| {
        let sum: usize = values.0.iter().map(|v| usize::from(*v)).sum();
        values.0[at] >= 7 && usize::from(values.0[at]) * VALUES_ON_CARD > sum
    };
    (0..VALUES_ON_CARD).filter(|at| high(one, *at) && high(other, *at)).collect()
}

/// How near a way of working comes to the one that is wished for, scale by scale, 0 to 100 each. Scales on which one of
/// the two said nothing are left out; `None` when none is left.
pub fn style(wished: &[Option<u8>], is: &[Option<u8>]) -> Option<u16> {
    let both = wished.iter().zip(is).filter_map(|(w, i)| Some((w.as_ref()?, i.as_ref()?)));
    let (sum, many) = both.fold((0u32, 0u32), |(sum, many), (w, i)| (sum + 100 - u32::from(w.abs_diff(*i)).min(100), many + 1));
    Some(((sum * 100).checked_div(many)?) as u16)
}

/// Whether they have a language in common: all or nothing, by bits of the caller's.
pub fn language(one: u128, other: u128) -> u16 {
    if one & other != 0 { FULL } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_helper_who_is_further_is_worth_more() {
        let want = |present, target| Wanted { skill: 1, present, target };
        for (want, worths) in [
            (want(None, None), [40, 60, 80, 92, 100]),
            (want(Some(2), Some(4)), [30, 30, 85, 100, 100]),
            (want(None, Some(5)), [65, 65, 65, 85, 100]),
        ] {
            assert_eq!([1, 2, 3, 4, 5].map(|level| want.worth(level)), worths, "{want:?}");
        }
    }

    #[test]
    fn every_wish_counts_the_same() {
        let want = |skill| Wanted { skill, present: None, target: None };
        let offer = |skill, level| Offered { skill, level };
        let near = |wanted: u16, offered: u16| if wanted == offered { 100 } else { 50 * u8::from(wanted / 10 == offered / 10) };
        for (wants, offers, fit) in [
            (vec![], vec![offer(1, 5)], None),
            (vec![want(1)], vec![], Some(0)),
            (vec![want(1)], vec![offer(1, 5)], Some(10_000)),
            (vec![want(1)], vec![offer(2, 5)], Some(5_000)),
            (vec![want(1)], vec![offer(2, 5), offer(1, 1)], Some(5_000)),
            (vec![want(1), want(20)], vec![offer(1, 5)], Some(5_000)),
        ] {
            assert_eq!(skills(&wants, &offers, near), fit, "{wants:?} {offers:?}");
        }
    }

    #[test]
    fn the_best_three_decide() {
        for (all, mean) in [(vec![], 0), (vec![7], 7), (vec![1, 9, 5, 3], 5), (vec![9, 9, 9, -100], 9), (vec![2, 4], 3)] {
            assert_eq!(best_three(all.clone()), mean, "{all:?}");
        }
        assert_eq!([-300, 0, ALIKE / 2, ALIKE, 10_000].map(fit_of_likeness), [0, 0, 5_000, FULL, FULL]);
    }

    #[test]
    fn one_wish_is_held_against_many_as_against_each() {
        let texts = [
            "Kubernetes in production, on call for six years",
            "teaching teachers",
            "",
            "on call, and calm on the call",
            "Painting",
            "书道 and calligraphy",
            "teaching people to run Kubernetes",
        ];
        let rarity = Rarity::of(texts);
        let said: Vec<Said> = texts.iter().map(|text| Said::of(text, &rarity)).collect();
        let people: Vec<Vec<Said>> = [&said[..2], &[], &said[2..3], &said[3..], &said[..1], &[]].map(<[Said]>::to_vec).to_vec();
        let items = Items::of(&people);
        for goals in [&said[..0], &said[..1], &said[2..3], &said[..], &said[4..]] {
            let each: Vec<Option<u16>> = people.iter().map(|items| about(goals, items)).collect();
            for from in 0..people.len() {
                assert_eq!(items.about(goals, from..people.len()), each[from..], "{from}");
            }
        }
        assert_eq!([0, 1, 2, 3, 5].map(|person| items.nearest(&said[4..5], person)), [Some(1), None, None, Some(1), None]);
        assert_eq!([0, 1, 2, 5].map(|person| items.are_none(person)), [false, true, false, true]);
    }

    #[test]
    fn p05_values_count_only_where_both_agreed() {
        let mine = Values([10, 9, 1, 2, 5, 5, 5, 5, 5, 5, 5, 5]);
        let opposite = Values(mine.0.map(|v| 10 - v));
        // Calls everything more important, in the same order.
        let louder = Values(mine.0.map(|v| 5 + v / 2));
        assert_eq!(values(Some(&mine), None), None);
        assert_eq!(values(None, Some(&mine)), None);
        assert_eq!(values(Some(&mine), Some(&mine)), Some(FULL));
        assert_eq!(values(Some(&mine), Some(&opposite)), Some(0));
        assert!(values(Some(&mine), Some(&louder)).unwrap() > 9_500);
        assert_eq!(values(Some(&mine), Some(&Values([5; 12]))), None);
        assert_eq!(both_hold_high(&mine, &louder), [0, 1]);
    }

    #[test]
    fn ways_of_working_are_compared_where_both_said() {
        assert_eq!(style(&[Some(80), None, Some(50)], &[Some(100), Some(3), None]), Some(8_000));
        assert_eq!(style(&[None], &[Some(3)]), None);
    }
}
