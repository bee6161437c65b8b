//! Which words a text says, the rare ones counting most, for where the very word matters: a meaning of 256 numbers knows
//! that “Kubernetes” and “containers” lie near each other, and no longer knows which of the two was said. Held to how
//! alike people find texts, both together order them better than either ([`crate::ranking`]).
//!
//! How rare a word is comes from its place in the table of meanings, whose words stand in the order of how often they are
//! used (Zipf's law: the logarithm of the place is that of the rarity), and from the texts of the place themselves, the more
//! there are of them ([`Rarity`]). Everything is in integers.

use crate::meaning::{LONGEST, Table, fnv, up_to};
use crate::wordpiece;
use std::collections::HashMap;
use std::ops::Range;

/// The length of every wording but the empty one, within rounding.
const LENGTH: u64 = 30_000;
/// Words before this place tell nothing in English: “the”, “of”, “with”.
const TELLING: u64 = 20;

/// How rare words are where texts are compared: among nurses “ward” says less than it does in English. 8 bytes a word.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    texts: u64,
    /// In how many texts what stands for a word is.
    holding: HashMap<u32, u32>,
}

impl Rarity {
    /// What English says counts as much as so many texts of the place, which say little while they are few. (Measured on
    /// three sets of judged texts: from 20 to 500 hardly anything changes.)
    const ENGLISH: u64 = 200;

    /// How rare words are among these texts; among none, as rare as in English. Linear.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut rarity = Self::default();
        for text in texts {
            rarity.texts += 1;
            words_of(text).into_keys().for_each(|stem| *rarity.holding.entry(stem).or_insert(0) += 1);
        }
        rarity
    }

    /// The binary logarithm, in 256ths, of how many texts there are for one that has the word (Spärck Jones 1972), of which
    /// English gives a part.
    fn of_word(&self, stem: u32, place: u32) -> u32 {
        let (place, holding) = (u64::from(place).max(TELLING), self.holding.get(&stem).map_or(0, |many| u64::from(*many)));
        log2((self.texts + Self::ENGLISH) * place).saturating_sub(log2(holding * place + Self::ENGLISH * TELLING))
    }
}

/// What stands for each word of a text, with how often it is said and its place among all words of English. Of words with the
/// same stem, the commonest says how common it is.
fn words_of(text: &str) -> HashMap<u32, (u32, u32)> {
    let table = Table::shipped();
    let mut words: HashMap<u32, (u32, u32)> = HashMap::new();
    wordpiece::words(up_to(text, LONGEST), |word| {
        if word.len() > 1 {
            let hash = fnv(stem(word).as_bytes());
            let (often, place) = words.entry((hash ^ hash >> 32) as u32).or_insert((0, u32::MAX));
            *often += 1;
            *place = (*place).min(table.place(word));
        }
    });
    words
}

/// The words of a text: a direction in the space of all words, each by its rarity and by how often it is said (Salton and
/// Buckley 1988, with the logarithm of both). 8 bytes a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording(Box<[Word]>);

/// What stands for a word, and its component. In the order of the former.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    stem: u32,
    weight: u16,
}

impl Wording {
    /// The words of a text, without their endings. Linear but for sorting them; as much of the text as its meaning is
    /// made of.
    pub fn of(text: &str, rarity: &Rarity) -> Self {
        let weight = |stem, (often, place)| u64::from(rarity.of_word(stem, place)) * u64::from(177 * log2(u64::from(often)) / 256 + 256);
        let mut words: Vec<(u32, u64)> = words_of(text).into_iter().map(|(stem, of)| (stem, weight(stem, of))).collect();
        words.retain(|(_, weight)| *weight > 0);
        words.sort_unstable();
        let length = words.iter().map(|(_, weight)| weight * weight).sum::<u64>().isqrt().max(1);
        Self(words.into_iter().map(|(stem, weight)| Word { stem, weight: (weight * LENGTH / length) as u16 }).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How far two texts say the same words, 0 to 10,000: the cosine. Linear in both.
    pub fn likeness(&self, other: &Self) -> i32 {
        let (mut theirs, mut sum) = (other.0.iter().peekable(), 0u64);
        for word in &self.0 {
            while theirs.next_if(|other| other.stem < word.stem).is_some() {}
            if let Some(other) = theirs.next_if(|other| other.stem == word.stem) {
                sum += u64::from(word.weight) * u64::from(other.weight);
            }
        }
        cosine(sum)
    }
}

fn cosine(product: u64) -> i32 {
    (product * 10_000 / (LENGTH * LENGTH)).min(10_000) as i32
}

/// Many wordings, by what they say: to hold one against all of them without reading each. 8 bytes a word of each.
#[derive(Debug, Clone, Default)]
pub struct Wordings {
    /// For each word who says it, ascending, and its component there.
    saying: HashMap<u32, Vec<(u32, u16)>>,
}

impl Wordings {
    /// Linear.
    pub fn of<'w>(wordings: impl IntoIterator<Item = &'w Wording>) -> Self {
        let mut saying: HashMap<u32, Vec<(u32, u16)>> = HashMap::new();
        for (at, wording) in (0..).zip(wordings) {
            wording.0.iter().for_each(|word| saying.entry(word.stem).or_default().push((at, word.weight)));
        }
        Self { saying }
    }

    /// [`Wording::likeness`] with each of a stretch of them. For each word of `wording`, as long as many in the stretch say it.
    pub fn likenesses(&self, wording: &Wording, stretch: Range<u32>) -> Vec<i32> {
        // The product of two wordings is at most the square of their length, and a little.
        let mut products = vec![0u32; stretch.len()];
        for word in &wording.0 {
            let saying = self.saying.get(&word.stem).map_or(&[][..], Vec::as_slice);
            let from = saying.partition_point(|(at, _)| *at < stretch.start);
            for (at, weight) in saying[from..].iter().take_while(|(at, _)| *at < stretch.end) {
                products[(at - stretch.start) as usize] += u32::from(word.weight) * u32::from(*weight);
            }
        }
        products.into_iter().map(|product| cosine(u64::from(product))).collect()
    }
}

/// The binary logarithm in 256ths, even between powers of two: within 23 of them.
fn log2(number: u64) -> u32 {
    let whole = number.max(1).ilog2();
    256 * whole + ((u128::from(number.max(1)) << 8 >> whole) as u32 - 256)
}

/// A word without its ending, so that a teacher has done teaching. For English; rough, and the same for both who are compared.
pub fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 12] = ["ements", "ement", "ments", "ment", "ings", "ing", "ers", "er", "ies", "es", "s", "ed"];
    let long_enough = |rest: &&str| rest.chars().count() >= 4;
    let cut = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(long_enough)).unwrap_or(word);
    cut.strip_suffix('e').filter(long_enough).unwrap_or(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_in_common_count_most() {
        let of = |text| Wording::of(text, &Rarity::default());
        let wish = of("keeping Kubernetes running when I am on call");
        for (near, far) in [
            ("Kubernetes in production", "running a choir"),
            ("on call for Kubernetes, for six years", "Kubernetes"),
            ("Kubernetes and marathons", "running marathons"),
        ] {
            assert!(wish.likeness(&of(near)) > wish.likeness(&of(far)), "{near} {far}");
        }
        assert_eq!(of("the of and").likeness(&of("the of and")), 0);
        assert!(of("").is_empty() && of("!?").is_empty());
        for text in ["Kubernetes", "teaching teachers to teach data analysis", "ünïcödé 書道"] {
            assert!((9_990..=10_000).contains(&of(text).likeness(&of(text))), "{text}: {}", of(text).likeness(&of(text)));
            assert_eq!(of(text).likeness(&wish), wish.likeness(&of(text)), "{text}");
        }
        // Endings do not tell words apart.
        assert!(of("teaching").likeness(&of("Teachers")) > 9_990);
    }

    #[test]
    fn what_everybody_in_a_place_says_tells_less_there() {
        let rarity = Rarity::of(std::iter::repeat_n("nursing on a ward", 400).chain(["painting a ward"]));
        let likeness = |one, other, rarity| Wording::of(one, rarity).likeness(&Wording::of(other, rarity));
        let (wish, nurse, painter) = ("painting beside nursing on a ward", "nursing on a ward", "painting at night");
        let english = Rarity::default();
        assert!(likeness(wish, nurse, &english) > likeness(wish, painter, &english));
        assert!(likeness(wish, nurse, &rarity) < likeness(wish, painter, &rarity));
        // A few texts say little of a place.
        let few = Rarity::of(["nursing on a ward"; 3]);
        assert!(likeness(wish, nurse, &few) > likeness(wish, painter, &few));
    }

    #[test]
    fn the_logarithm_is_near_enough() {
        for number in [1, 2, 3, 20, 500, 30_000, u64::MAX] {
            let (found, exact) = (f64::from(log2(number)) / 256.0, (number as f64).log2());
            assert!((found - exact).abs() < 0.09, "{number}: {found} {exact}");
        }
    }

    #[test]
    fn a_teacher_has_done_teaching() {
        for (one, other) in [("teaching", "teacher"), ("managers", "management"), ("agreement", "agreements")] {
            assert_eq!(stem(one), stem(other));
        }
        assert_eq!(["data", "series", "bees", "used"].map(stem), ["data", "seri", "bees", "used"]);
    }
}
