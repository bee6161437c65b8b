//! Which words a text says, the rare ones counting most, for where the very word matters: a meaning of 256 numbers knows
//! that “Kubernetes” and “containers” lie near each other, and no longer knows which of the two was said. Held to how
//! alike people find texts, both together order them better than either ([`crate::ranking`]).
//!
//! How rare a word is comes from its place in the table of meanings, whose words stand in the order of how often they are
//! used (Zipf's law: the logarithm of the place is that of the rarity), so that no texts have to be counted first and two
//! wordings are as alike today as tomorrow. Everything is in integers.

use crate::meaning::{LONGEST, Table, fnv, up_to};
use crate::wordpiece;
use std::collections::HashMap;

/// The length of every wording but the empty one, within rounding.
const LENGTH: u64 = 30_000;
/// Words before this place tell nothing: “the”, “of”, “with”.
const TELLING: u32 = 20;

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
    pub fn of(text: &str) -> Self {
        let table = Table::shipped();
        let mut counts: HashMap<u32, (u32, u32)> = HashMap::new();
        wordpiece::words(up_to(text, LONGEST), |word| {
            if word.len() > 1 {
                let hash = fnv(stem(word).as_bytes());
                let (often, rarity) = counts.entry((hash ^ hash >> 32) as u32).or_insert((0, u32::MAX));
                *often += 1;
                // Of words with the same stem, the commonest says how common it is.
                *rarity = (*rarity).min(rarity_of(table, word));
            }
        });
        let mut words: Vec<(u32, u64)> = counts
            .into_iter()
            .map(|(stem, (often, rarity))| (stem, u64::from(rarity) * u64::from(177 * log2(often) / 256 + 256)))
            .collect();
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
        (sum * 10_000 / (LENGTH * LENGTH)).min(10_000) as i32
    }
}

/// 0 for a word that everybody says all the time; what the table does not know is as rare as its rarest.
fn rarity_of(table: &Table<'_>, word: &str) -> u32 {
    log2(table.place(word).max(1)).saturating_sub(log2(TELLING))
}

/// The binary logarithm in 256ths, even between powers of two: within 23 of them.
fn log2(number: u32) -> u32 {
    let whole = number.max(1).ilog2();
    256 * whole + ((u64::from(number.max(1)) << 8 >> whole) as u32 - 256)
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
        let of = Wording::of;
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
    fn the_logarithm_is_near_enough() {
        for number in [1, 2, 3, 20, 500, 30_000, u32::MAX] {
            let (found, exact) = (f64::from(log2(number)) / 256.0, f64::from(number).log2());
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
