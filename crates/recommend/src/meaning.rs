//! What short texts mean, as vectors that lie near each other when the texts do. No model runs: a table of words,
//! distilled once from MiniLM-L6 by `table/distil.py` (Model2Vec and Tokenlearn: Tulkens and van Dongen 2024), is looked
//! up and summed.
//!
//! The table lies inside the program and is used where it lies: nothing is read, unpacked or built at start. It knows
//! English well, the words of our skills graph in the languages they are written in, and other languages hardly.
//!
//! Everything is in integers, so that the same text has the same vector on every machine.

use crate::wordpiece;
use fearless_simd::{Level, Simd, dispatch};
use std::sync::LazyLock;

/// Components of a vector.
pub const DIMENSIONS: usize = 256;
/// The length of every vector but the empty one, within rounding.
pub const LENGTH: i32 = 288;
/// A text is cut after so many pieces of words.
const MOST_TOKENS: usize = 256;
/// Longer texts are cut, in bytes.
pub(crate) const LONGEST: usize = 20_000;
const EMPTY: u16 = u16::MAX;
const HEAD: usize = 20;

/// The meaning of a text: a direction in 256 dimensions, its length [`LENGTH`], or zero when no word was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vector(pub [i8; DIMENSIONS]);

impl Vector {
    /// No meaning: like nothing.
    pub const EMPTY: Self = Self([0; DIMENSIONS]);

    pub fn is_empty(&self) -> bool {
        self.0 == [0; DIMENSIONS]
    }

    /// The inner product, at most [`LENGTH`]² and a little. About 15 ns.
    pub fn dot(&self, other: &Self) -> i32 {
        dot(&self.0, &other.0)
    }

    /// The vector of [`LENGTH`] in this direction.
    #[inline(always)]
    fn toward(direction: &[i32; DIMENSIONS]) -> Self {
        let squares: u64 = direction.iter().map(|x| u64::from(x.unsigned_abs()) * u64::from(x.unsigned_abs())).sum();
        if squares == 0 {
            return Self::EMPTY;
        }
        // Conversion, root, product and quotient are rounded in one way by IEEE 754, here as in Python. Above zero,
        // cutting the fraction off is rounding down, and needs no call.
        let length = (squares as f64).sqrt();
        let round = |x: i32| (f64::from(x) * f64::from(LENGTH) / length + 512.5) as i32 - 512;
        Self(direction.map(|x| round(x).clamp(-127, 127) as i8))
    }

    /// How alike two texts are: 10,000 for the same direction, about 0 for nothing in common. The cosine in ten-thousandths.
    pub fn likeness(&self, other: &Self) -> i32 {
        likeness_of(self.dot(other))
    }
}

/// The cosine in ten-thousandths of an inner product of two vectors, at most 10,000.
#[inline(always)]
pub fn likeness_of(dot: i32) -> i32 {
    // 82,944 · 10,000 is within 32 bits only while the vectors are no longer than LENGTH; 64 bits take any.
    ((i64::from(dot) * 10_000 / i64::from(LENGTH * LENGTH)) as i32).min(10_000)
}

/// The instructions of this processor, found out once.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Inner product of eight-bit vectors of the same length, of at most 256 components. Plain code, compiled for several
/// generations of processors; all give the same integer. Measured: a third of the time of the baseline's instructions.
fn dot<const N: usize>(a: &[i8; N], b: &[i8; N]) -> i32 {
    dispatch!(level(), simd => simd.vectorize(#[inline(always)] || dot_plainly(a, b)))
}

#[inline(always)]
pub(crate) fn dot_plainly<const N: usize>(a: &[i8; N], b: &[i8; N]) -> i32 {
    let mut sum = 0;
    for at in 0..N {
        sum += i32::from(a[at]) * i32::from(b[at]);
    }
    sum
}

/// What this processor can do.
pub(crate) fn level() -> Level {
    *LEVEL
}

/// The components of a word in four bits each: the first half of them in the low ones, the second in the high ones.
type Row = [u8; DIMENSIONS / 2];

/// What four bits stand for: sixteen levels, closer to each other near zero, where most components lie. The cubic is near
/// the best levels for what is normally distributed (Max 1960, Lloyd 1982), and computed in the registers of a processor
/// where a table would have to be asked.
#[inline(always)]
fn level_of(bits: u8) -> i16 {
    let odd = 2 * i16::from(bits) - 15;
    (odd * (256 + odd * odd) + 32) >> 6
}

/// A table of meanings. [`Table::shipped`] is the one that comes with Chiron.
#[derive(Debug)]
pub struct Table<'a> {
    slots: &'a [[u8; 2]],
    offsets: &'a [[u8; 4]],
    weights: &'a [[u8; 2]],
    rows: &'a [Row],
    keys: &'a [u8],
}

/// Why bytes are no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATable(pub &'static str);

impl std::fmt::Display for NotATable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a table of meanings: {}", self.0)
    }
}

impl std::error::Error for NotATable {}

static SHIPPED: LazyLock<Table<'static>> = LazyLock::new(|| {
    // A test reads the whole table; a program built from other bytes would know no word.
    Table::read(include_bytes!("../table/meaning.bin")).unwrap_or(Table { slots: &[], offsets: &[], weights: &[], rows: &[], keys: &[] })
});

impl Table<'static> {
    /// The table inside the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }
}

impl<'a> Table<'a> {
    /// Reads the layout that `table/distil.py` describes. Constant time: only lengths are looked at, and every look-up
    /// later is checked.
    pub fn read(bytes: &'a [u8]) -> Result<Self, NotATable> {
        let short = NotATable("it is too short");
        let (head, rest) = bytes.split_at_checked(HEAD).ok_or(short)?;
        if &head[..8] != b"CHMEAN02" {
            return Err(NotATable("it does not begin with CHMEAN02"));
        }
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) as usize;
        let (entries, dimensions, slots) = (number(8), number(12), number(16));
        if dimensions != DIMENSIONS {
            return Err(NotATable("its vectors have another length"));
        }
        if !slots.is_power_of_two() || slots <= entries || entries >= usize::from(EMPTY) {
            return Err(NotATable("it has too few slots, or too many entries"));
        }
        let (slots, rest) = rest.split_at_checked(2 * slots).ok_or(short)?;
        let (offsets, rest) = rest.split_at_checked(4 * (entries + 1)).ok_or(short)?;
        let (weights, rest) = rest.split_at_checked(2 * entries).ok_or(short)?;
        let (rows, keys) = rest.split_at_checked(size_of::<Row>() * entries).ok_or(short)?;
        Ok(Self {
            slots: slots.as_chunks().0,
            offsets: offsets.as_chunks().0,
            weights: weights.as_chunks().0,
            rows: rows.as_chunks().0,
            keys,
        })
    }

    /// How many words and pieces of words it knows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The meaning of a text: the sum of its words, each by its weight, so that rare words decide. Linear in the text,
    /// which is cut after 256 pieces of words.
    pub fn vector(&self, text: &str) -> Vector {
        let mut entries = Vec::with_capacity(32);
        wordpiece::words(up_to(text, LONGEST), |word| {
            if entries.len() < MOST_TOKENS {
                wordpiece::pieces(word, |key| self.entry(key), &mut entries);
            }
        });
        entries.truncate(MOST_TOKENS);
        self.sum(&entries)
    }

    /// Whether this is a word, and not one that is put together from pieces or misspelt.
    pub fn knows(&self, word: &str) -> bool {
        self.entry(word.as_bytes()).is_some()
    }

    /// Which place a word has in the order of how often words are used, counted from “the”; behind the last one for a word
    /// that is not known whole.
    pub(crate) fn place(&self, word: &str) -> u32 {
        let place = |word: &str| self.entry(word.as_bytes()).map_or(self.len() as u32, u32::from);
        (place(word) + 1).saturating_sub(place("the"))
    }

    fn entry(&self, key: &[u8]) -> Option<u16> {
        let hash = fnv(key);
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = (hash ^ hash >> 32) as usize & mask;
        // There are more slots than entries, so that an empty one ends every search.
        for _ in 0..self.slots.len() {
            let at = u16::from_le_bytes(self.slots[slot]);
            if at == EMPTY {
                return None;
            }
            if self.key(usize::from(at)) == Some(key) {
                return Some(at);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn key(&self, at: usize) -> Option<&[u8]> {
        let offset = |at: usize| self.offsets.get(at).map(|bytes| u32::from_le_bytes(*bytes) as usize);
        self.keys.get(offset(at)?..offset(at + 1)?)
    }

    fn sum(&self, entries: &[u16]) -> Vector {
        dispatch!(level(), simd => simd.vectorize(#[inline(always)] || self.sum_plainly(entries)))
    }

    #[inline(always)]
    fn sum_plainly(&self, entries: &[u16]) -> Vector {
        // A component is at most 256 · 113 · 8,191, and the sum of their squares within 64 bits.
        let mut total = [0i32; DIMENSIONS];
        let (first, second) = total.split_at_mut(DIMENSIONS / 2);
        for entry in entries {
            let at = usize::from(*entry);
            let weight = i32::from(u16::from_le_bytes(self.weights[at]).min(8_191));
            for ((first, second), byte) in first.iter_mut().zip(&mut *second).zip(&self.rows[at]) {
                *first += weight * i32::from(level_of(*byte & 15));
                *second += weight * i32::from(level_of(*byte >> 4));
            }
        }
        Vector::toward(&total)
    }
}

/// What many texts have in common: the mean of their meanings. In a place where everybody writes of teaching, to be near in
/// teaching says nothing; what is looked for is held against everyone [without it](Self::taken_out_of).
#[derive(Debug, Clone)]
pub struct Common {
    sum: Box<[i64; DIMENSIONS]>,
    texts: i64,
}

impl Default for Common {
    fn default() -> Self {
        Self { sum: Box::new([0; DIMENSIONS]), texts: 0 }
    }
}

impl Common {
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a Vector>) -> Self {
        let mut common = Self::default();
        texts.into_iter().for_each(|text| common.add(text));
        common
    }

    pub fn add(&mut self, text: &Vector) {
        self.count(text, 1);
    }

    /// Takes out a text that was added.
    pub fn remove(&mut self, text: &Vector) {
        self.count(text, -1);
    }

    fn count(&mut self, text: &Vector, times: i64) {
        self.sum.iter_mut().zip(&text.0).for_each(|(sum, part)| *sum += times * i64::from(*part));
        self.texts += times;
    }

    /// What a text means besides what all have in common (all but the first step of Mu and Viswanath 2018, taken from the
    /// wish alone, which is one subtraction whoever it is held against and, measured, orders them better than taking it from
    /// both). The mean of few texts is mostly chance, so that it counts as if fifty more had nothing in common.
    pub fn taken_out_of(&self, text: &Vector) -> Vector {
        if text.is_empty() {
            return Vector::EMPTY;
        }
        let texts = self.texts + Self::FEW;
        let mut rest = [0; DIMENSIONS];
        for ((rest, sum), part) in rest.iter_mut().zip(&*self.sum).zip(&text.0) {
            // In 2^16ths: a component is below 2^24.
            *rest = ((i64::from(*part) * texts - sum) * 65_536 / texts) as i32;
        }
        Vector::toward(&rest)
    }

    const FEW: i64 = 50;
}

/// As much of a text as so many bytes hold, without cutting a letter in two.
pub(crate) fn up_to(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
pub(crate) fn fnv(key: &[u8]) -> u64 {
    key.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        for (bytes, why) in [
            (&b""[..], "it is too short"),
            (b"CHMEAN00aaaabbbbcccc", "it does not begin with CHMEAN02"),
            (b"CHMEAN02aaaabbbbcccc", "its vectors have another length"),
            (b"CHMEAN02\x01\0\0\0\0\x01\0\0\x03\0\0\0", "it has too few slots, or too many entries"),
            (b"CHMEAN02\x01\0\0\0\0\x01\0\0\x02\0\0\0", "it is too short"),
        ] {
            assert_eq!(Table::read(bytes).map(|t| t.len()), Err(NotATable(why)));
        }
    }

    #[test]
    fn what_everybody_writes_of_tells_nobody_apart() {
        let vector = |text: &str| Table::shipped().vector(text);
        let subjects = ["mathematics", "history", "cooking", "football", "music", "chemistry", "woodwork", "Latin"];
        let texts: Vec<Vector> =
            (0..25).flat_map(|_| subjects).map(|subject| vector(&format!("I teach {subject} to children at a school"))).collect();
        let common = Common::of(&texts);
        let (wish, rest) = (
            vector("teaching children at school about chemistry"),
            common.taken_out_of(&vector("teaching children at school about chemistry")),
        );
        let apart = |wish: &Vector| wish.likeness(&texts[5]) - texts[..5].iter().map(|text| wish.likeness(text)).max().unwrap();
        assert!(apart(&rest) > 2 * apart(&wish), "{} {}", apart(&rest), apart(&wish));
        assert_eq!(common.taken_out_of(&Vector::EMPTY), Vector::EMPTY);
        // Where nobody wrote anything, nothing is in common; what was taken out again was never there.
        assert_eq!(Common::default().taken_out_of(&wish), wish);
        let mut common = common;
        texts.iter().for_each(|text| common.remove(text));
        assert_eq!(common.taken_out_of(&wish), wish);
    }

    #[test]
    fn every_entry_of_the_table_is_found() {
        let table = Table::shipped();
        assert!(table.len() > 25_000, "{}", table.len());
        for at in 0..table.len() {
            assert_eq!(table.entry(table.key(at).unwrap()), Some(at as u16));
        }
    }

    #[test]
    fn what_is_alike_lies_near() {
        let vector = |text| Table::shipped().vector(text);
        for (text, near, far) in [
            ("moving into data analysis", "statistics and spreadsheets", "gardening with children"),
            ("Kubernetes", "docker containers", "poetry"),
            ("k8s", "Kubernetes", "kitchen"),
            ("help with public speaking", "giving talks at conferences", "database tuning"),
            ("become an engineering manager", "leading teams of developers", "watercolour painting"),
        ] {
            let (near, far) = (vector(text).likeness(&vector(near)), vector(text).likeness(&vector(far)));
            assert!(near > far + 500, "{text}: {near} {far}");
        }
        assert_eq!(vector("Kubernetes").likeness(&Vector::EMPTY), 0);
    }
}
