//! The index finds exactly those whom scoring everyone finds.

use chiron_recommend::hours::Week;
use chiron_recommend::index::{Entry, Hit, Index, Want, Wish};
use chiron_recommend::meaning::{DIMENSIONS, LENGTH, Vector};
use chiron_recommend::person::Weights;
use chiron_recommend::score::{Direction, total};
use chiron_recommend::terms::{self, Offered, Wanted, best_three, fit_of_likeness};
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A vector of about the right length, near one of a few directions, as texts are.
fn vector() -> impl Strategy<Value = Vector> {
    (0u64..6, any::<u64>(), 0i64..4).prop_map(|(topic, seed, spread)| {
        let at = |n: u64, seed: u64| {
            let x = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ seed.wrapping_mul(0xD1B5_4A32_D192_ED03);
            ((x ^ x >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as i64 % 101 - 50
        };
        let raw: Vec<i64> = (0..DIMENSIONS as u64).map(|n| at(n, topic) * 3 + at(n, seed) * spread).collect();
        let length = (raw.iter().map(|x| x * x).sum::<i64>() as u64).isqrt().max(1) as i64;
        Vector(std::array::from_fn(|n| (raw[n] * i64::from(LENGTH) / length).clamp(-127, 127) as i8))
    })
}

fn week() -> impl Strategy<Value = Week> {
    prop::collection::vec((0i32..168, 1i32..6), 0..4).prop_map(|stretches| {
        let mut week = Week::new();
        stretches.into_iter().for_each(|(from, hours)| week.free(from * 60, (from + hours) * 60, 0));
        week
    })
}

fn offered() -> impl Strategy<Value = Offered> {
    (0u16..12, 1u8..6).prop_map(|(skill, level)| Offered { skill, level })
}

fn entry() -> impl Strategy<Value = Entry> {
    let texts = (prop::collection::vec(offered(), 0..5), prop::collection::vec(vector(), 0..5));
    (0u128..16, -8i8..8, 0u64..8, week(), texts, prop_oneof![Just(0u16), 0u16..3_000])
        .prop_map(|(languages, zone, bits, week, (offers, items), price)| Entry { languages, zone, bits, week, offers, items, price })
}

fn wish() -> impl Strategy<Value = Wish> {
    let want = (0u16..12, prop::option::of(1u8..4), prop::collection::vec(prop_oneof![Just(0u8), Just(55), Just(100)], 0..12));
    let hard = (prop_oneof![Just(0u128), 0u128..16], prop_oneof![Just(0u64), 0u64..4], prop::option::of((-8i8..8, 0i8..8)), 0u16..6);
    let soft = (prop::collection::vec(want, 0..3), prop::collection::vec(vector(), 0..3), 0u128..16, week());
    (hard, soft, prop_oneof![Just(0u16), 0u16..6_000], 0usize..30).prop_map(|(hard, soft, least_score, most)| Wish {
        must_speak: hard.0,
        must_have: hard.1,
        zones: hard.2.map(|(from, more)| from..=from.saturating_add(more)),
        least_common: hard.3,
        wants: soft
            .0
            .into_iter()
            .map(|(skill, present, near)| Want { wanted: Wanted { skill, present, target: present.map(|p| p + 2) }, near })
            .collect(),
        goals: soft.1,
        speaks: soft.2,
        week: soft.3,
        weights: Weights::default(),
        least_score,
        most,
    })
}

/// Scores everyone, as plainly as can be said.
fn scored_one_by_one(people: &BTreeMap<u32, Entry>, wish: &Wish) -> Vec<Hit> {
    let allowed = |entry: &Entry| {
        (wish.must_speak == 0 || entry.languages & wish.must_speak != 0)
            && entry.bits & wish.must_have == wish.must_have
            && wish.zones.as_ref().is_none_or(|zones| zones.contains(&entry.zone))
            && entry.week.common(&wish.week) >= wish.least_common
    };
    let hit = |(person, entry): (&u32, &Entry)| {
        let mut direction = Direction::new();
        if !wish.wants.is_empty() {
            let fit = |want: &Want| {
                let near = |_: u16, offered: u16| want.near.get(usize::from(offered)).copied().unwrap_or(0);
                want.wanted.served(&entry.offers, near).map_or(0, |(_, fit)| u32::from(fit))
            };
            let fits: u32 = wish.wants.iter().map(fit).sum();
            direction.add(terms::SKILLS, wish.weights.skills, (fits / wish.wants.len() as u32) as u16);
        }
        if !wish.goals.is_empty() {
            let of_goal = |goal: &Vector| best_three(entry.items.iter().map(|item| goal.likeness(item)));
            direction.add(terms::MEANING, wish.weights.meaning, fit_of_likeness(best_three(wish.goals.iter().map(of_goal))));
        }
        if wish.speaks != 0 {
            direction.add(terms::LANGUAGE, wish.weights.language, terms::language(wish.speaks, entry.languages));
        }
        if !wish.week.is_empty() {
            direction.add(terms::HOURS, wish.weights.hours, terms::hours(wish.week.common(&entry.week)));
        }
        Hit { score: total(&direction, &Direction::new(), entry.price), person: *person }
    };
    let mut all: Vec<Hit> = people.iter().filter(|(_, entry)| allowed(entry)).map(hit).collect();
    all.retain(|hit| hit.score >= wish.least_score);
    all.sort_by_key(|hit| (Reverse(hit.score), hit.person));
    all.truncate(wish.most);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_best_are_those_whom_scoring_one_by_one_finds(
        people in prop::collection::vec(entry(), 0..300),
        changes in prop::collection::vec((0u32..320, prop::option::of(entry())), 0..60),
        wishes in prop::collection::vec(wish(), 1..8),
    ) {
        let mut index = Index::new();
        let mut plain = BTreeMap::new();
        for (at, entry) in people.iter().enumerate() {
            index.put(at as u32, entry);
            plain.insert(at as u32, entry.clone());
        }
        for (at, change) in &changes {
            match change {
                Some(entry) => { index.put(*at, entry); plain.insert(*at, entry.clone()); }
                None => { index.remove(*at); plain.remove(at); }
            }
        }
        prop_assert_eq!(index.len(), plain.len());
        for (person, entry) in &plain {
            prop_assert_eq!(&index.items(*person), &entry.items, "the items of {} lie where they should", person);
        }
        for wish in &wishes {
            let best = index.best(wish);
            prop_assert_eq!(&best, &scored_one_by_one(&plain, wish));
            for hit in &best {
                let score = index.explain(wish, hit.person).expect("somebody who is there");
                prop_assert_eq!(score.total, i32::from(hit.score));
                prop_assert_eq!(score.contributions.iter().map(|c| c.points).sum::<i32>(), score.total);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// So many that several threads look at them.
    #[test]
    fn the_best_of_very_many_are_those_whom_scoring_one_by_one_finds(
        kinds in prop::collection::vec(entry(), 100..200),
        wishes in prop::collection::vec(wish(), 1..4),
    ) {
        let mut index = Index::new();
        let many = kinds.iter().cycle().zip(0..30_000u32);
        // The same again has another price, so that few are equal.
        let people: BTreeMap<u32, Entry> = many.map(|(kind, n)| (n, Entry { price: kind.price + (n / 200) as u16, ..kind.clone() })).collect();
        people.iter().for_each(|(person, entry)| index.put(*person, entry));
        for wish in wishes {
            let everyone = Wish { must_speak: 0, must_have: 0, zones: None, least_common: 0, ..wish };
            prop_assert_eq!(index.best(&everyone), scored_one_by_one(&people, &everyone));
        }
    }
}
