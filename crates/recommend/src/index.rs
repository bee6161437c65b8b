//! Everyone who may be recommended, in memory, and the exact best of them for a wish.
//!
//! Exact means: the answer is what scoring every single person would give, in the same order. It is quick because most
//! people are ruled out by a bound that can only be too high, never because they were left out of a list:
//!
//! 1. People lie in blocks of the same first language and zone; a block that a hard rule rules out is skipped whole.
//! 2. Of everyone left, the terms that cost little (skills, language, time) are computed exactly, and what it is about is
//!    taken to be a perfect fit. The best of those are scored in full, which gives a score that has to be beaten.
//! 3. Whoever cannot beat it even with a perfect fit is done. For the others, half of each vector is looked at: by the
//!    inequality of Cauchy and Schwarz the other half adds no more than the product of the two lengths. Only who could
//!    still beat the score is computed in full, and the score to beat rises.
//!
//! One person is a row of 48 bytes, 8 for the place, 88 for the week, 4 for each skill, 258 for each item. Taking in, changing and
//! removing one moves at most one block.

use crate::hours::Week;
use crate::meaning::{DIMENSIONS, Vector, dot_plainly, level, likeness_of};
use crate::person::Weights;
use crate::score::{Direction, FULL, Score, score};
use crate::terms::{self, Offered, Three, Wanted, fit_of_likeness};
use fearless_simd::{Simd, dispatch};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::RangeInclusive;

/// People in a block.
const BLOCK: usize = 64;
/// Components that are looked at first.
const HEAD: usize = DIMENSIONS / 2;
/// Items kept of one person; more are left out.
pub const MOST_ITEMS: usize = 12;
/// Skills kept of one person; more are left out.
pub const MOST_OFFERS: usize = 60;
/// Scored in full before anything else, for each one that is asked for.
const FIRST_LOOK: usize = 4;

/// Somebody as the index takes them in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// A bit for each language, numbered by the caller.
    pub languages: u128,
    /// Where their clock stands, in quarters of an hour from UTC: only for keeping neighbours together and ruling out
    /// whole blocks; time in common is counted by `week`.
    pub zone: i8,
    /// Facts of the caller's that a wish may ask for: roles, countries, whether there is room.
    pub bits: u64,
    pub week: Week,
    pub offers: Vec<Offered>,
    /// One vector for each thing they say of themselves.
    pub items: Vec<Vector>,
    /// Taken off every score of theirs.
    pub price: u16,
}

/// A wanted skill with how near each offered one is to it, 0 to 100, by the caller's numbers.
#[derive(Debug, Clone)]
pub struct Want {
    pub wanted: Wanted,
    pub near: Vec<u8>,
}

/// What is looked for. The first four are hard rules, the rest counts in the score.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// One of these must be spoken; zero asks for none.
    pub must_speak: u128,
    /// All of these must be set.
    pub must_have: u64,
    pub zones: Option<RangeInclusive<i8>>,
    /// Quarters of an hour a week in common, at least.
    pub least_common: u16,
    pub wants: Vec<Want>,
    /// What it is about, one vector a goal.
    pub goals: Vec<Vector>,
    pub speaks: u128,
    pub week: Week,
    pub weights: Weights,
    /// Nobody below this.
    pub least_score: u16,
    /// How many are asked for.
    pub most: usize,
}

/// Somebody who was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub score: u16,
    /// The number under which they were put.
    pub person: u32,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    languages: u128,
    bits: u64,
    person: u32,
    /// In the block's pools.
    offers: u32,
    items: u32,
    price: u16,
    offers_len: u8,
    items_len: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The lowest of their languages.
    language: u8,
    zone: i8,
}

#[derive(Debug)]
struct Block {
    key: Key,
    /// All that anyone in it speaks or has; may say too much after somebody left, never too little.
    languages: u128,
    bits: u64,
    rows: Vec<Row>,
    weeks: Vec<Week>,
    offers: Vec<Offered>,
    heads: Vec<Head>,
    tails: Vec<[i8; HEAD]>,
}

/// What is looked at first of an item.
#[derive(Debug, Clone, Copy)]
struct Head {
    components: [i8; HEAD],
    /// The length of the other half, rounded up.
    tail: u16,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    block: u32,
    slot: u16,
}

/// The index. See the head of this module.
#[derive(Debug, Default)]
pub struct Index {
    blocks: Vec<Block>,
    /// The block of each key that still has room.
    open: BTreeMap<Key, Vec<u32>>,
    /// Block and place in it, by number.
    places: Vec<Option<Place>>,
    people: usize,
}

impl Index {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.people
    }

    pub fn is_empty(&self) -> bool {
        self.people == 0
    }

    /// Takes somebody in under a number, or puts them in the place of what was there. Numbers count up from 0: a table
    /// is as long as the highest. Microseconds.
    pub fn put(&mut self, person: u32, entry: &Entry) {
        self.remove(person);
        let key = Key { language: entry.languages.trailing_zeros() as u8, zone: entry.zone };
        let open = self.open.entry(key).or_default();
        let at = *open.last().unwrap_or(&(self.blocks.len() as u32));
        if at as usize == self.blocks.len() {
            self.blocks.push(Block::new(key));
            open.push(at);
        }
        let block = &mut self.blocks[at as usize];
        block.push(person, entry);
        if self.places.len() <= person as usize {
            self.places.resize(person as usize + 1, None);
        }
        self.places[person as usize] = Some(Place { block: at, slot: (block.rows.len() - 1) as u16 });
        self.people += 1;
        if block.rows.len() == BLOCK {
            open.pop();
        }
    }

    /// Takes somebody out. Microseconds.
    pub fn remove(&mut self, person: u32) {
        let Some(Place { block: at, slot }) = self.places.get_mut(person as usize).and_then(Option::take) else { return };
        self.people -= 1;
        let block = &mut self.blocks[at as usize];
        if block.rows.len() == BLOCK {
            self.open.entry(block.key).or_default().push(at);
        }
        block.take_out(usize::from(slot));
        // Those behind moved one up.
        for (slot, row) in block.rows.iter().enumerate().skip(usize::from(slot)) {
            self.places[row.person as usize] = Some(Place { block: at, slot: slot as u16 });
        }
    }

    /// The best for a wish, best first; equal ones by their number, the lower first. Exact.
    pub fn best(&self, wish: &Wish) -> Vec<Hit> {
        if wish.most == 0 {
            return Vec::new();
        }
        let look = Look::of(wish);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut by_bound = vec![0u32; usize::from(FULL) + 1];
        for (at, block) in self.blocks.iter().enumerate().filter(|(_, block)| look.lets_in(block)) {
            let found = candidates.len();
            dispatch!(level(), simd => simd.vectorize(#[inline(always)] || look.candidates(at as u32, block, &mut candidates)));
            candidates[found..].iter().for_each(|c| by_bound[usize::from(c.bound)] += 1);
        }
        let mut best = Best { hits: BinaryHeap::with_capacity(wish.most + 1), most: wish.most, least: wish.least_score };
        let first = first_look(&by_bound, FIRST_LOOK * wish.most);
        for candidate in candidates.iter_mut().filter(|c| c.bound >= first).take(2 * FIRST_LOOK * wish.most) {
            best.offer(self.full(&look, candidate));
            candidate.bound = SEEN;
        }
        // Whose bound is still too low after half of each vector is done; the others are few.
        let mut left = [0u16; TOGETHER];
        for some in candidates.chunks(TOGETHER) {
            dispatch!(level(), simd => simd.vectorize(#[inline(always)] || self.bounds(&look, some, best.least, &mut left)));
            for (candidate, bound) in some.iter().zip(left) {
                if bound >= best.least && bound != SEEN {
                    best.offer(self.full(&look, candidate));
                }
            }
        }
        best.into_hits()
    }

    /// The best by scoring everyone in full: what [`Index::best`] must equal.
    pub fn best_by_looking_at_everyone(&self, wish: &Wish) -> Vec<Hit> {
        let look = Look::of(wish);
        let mut all: Vec<Hit> = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            for (slot, row) in block.rows.iter().enumerate().filter(|_| wish.zones.as_ref().is_none_or(|z| z.contains(&block.key.zone))) {
                let Some(sum) = look.little_terms(block, slot, row) else { continue };
                all.push(self.full(&look, &Candidate::of(at as u32, slot, row, sum, 0)));
            }
        }
        all.retain(|hit| hit.score >= wish.least_score);
        all.sort_unstable_by_key(|hit| (Reverse(hit.score), hit.person));
        all.truncate(wish.most);
        all
    }

    /// The score of one person with its contributions; its total is the score of their [`Hit`]. `None` for somebody who
    /// is not here. Hard rules are not looked at.
    pub fn explain(&self, wish: &Wish, person: u32) -> Option<Score> {
        let (block, slot) = self.of(person)?;
        let row = &block.rows[slot];
        let look = Look::of(wish);
        let fits = look.fits(block, slot, row);
        let mut direction = Direction::new();
        let meaning = look.meaning(block, row.items());
        for (name, weight, fit) in [
            (terms::SKILLS, look.weights.skills, fits.0),
            (terms::MEANING, look.weights.meaning, meaning),
            (terms::LANGUAGE, look.weights.language, fits.1),
            (terms::HOURS, look.weights.hours, fits.2),
        ] {
            direction.add(name, weight, fit);
        }
        Some(score(&direction, &Direction::new(), row.price))
    }

    /// How near each item of somebody comes to a goal, in the order in which they were put; nothing for who is not here.
    pub fn likenesses<'a>(&'a self, goal: &'a Vector, person: u32) -> impl Iterator<Item = i32> + 'a {
        let found = self.of(person);
        let items = found.map_or(0..0, |(block, slot)| block.rows[slot].items());
        items.filter_map(move |item| Some(goal.likeness(&found?.0.vector(item))))
    }

    /// The items of somebody, in the order in which they were put.
    pub fn items(&self, person: u32) -> Vec<Vector> {
        let Some((block, slot)) = self.of(person) else { return Vec::new() };
        block.rows[slot].items().map(|item| block.vector(item)).collect()
    }

    /// Bytes that this takes, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        let of_block = |b: &Block| {
            size_of::<Block>()
                + b.rows.capacity() * size_of::<Row>()
                + b.weeks.capacity() * size_of::<Week>()
                + b.offers.capacity() * size_of::<Offered>()
                + b.heads.capacity() * (DIMENSIONS + 2)
        };
        self.blocks.iter().map(of_block).sum::<usize>() + self.places.capacity() * size_of::<Option<Place>>()
    }

    /// After many were taken in: gives back what was only room to grow.
    pub fn settle(&mut self) {
        for block in &mut self.blocks {
            block.rows.shrink_to_fit();
            block.weeks.shrink_to_fit();
            block.offers.shrink_to_fit();
            block.heads.shrink_to_fit();
            block.tails.shrink_to_fit();
        }
    }

    /// The bounds of some candidates after half of each vector; [`SEEN`] for who needs no look.
    #[inline(always)]
    fn bounds(&self, look: &Look, some: &[Candidate], least: u16, bounds: &mut [u16; TOGETHER]) {
        for (candidate, bound) in some.iter().zip(bounds) {
            *bound = candidate.bound;
            if candidate.bound < least {
                *bound = SEEN;
            } else if candidate.bound != SEEN && look.has_meaning() {
                let block = &self.blocks[candidate.block as usize];
                *bound = look.total(candidate.sum, look.most_meaning(&block.heads[candidate.items()]), candidate.price);
            }
        }
    }

    fn of(&self, person: u32) -> Option<(&Block, usize)> {
        let place = self.places.get(person as usize).copied().flatten()?;
        Some((&self.blocks[place.block as usize], usize::from(place.slot)))
    }

    fn full(&self, look: &Look, candidate: &Candidate) -> Hit {
        let block = &self.blocks[candidate.block as usize];
        let meaning = match look.has_meaning() {
            true => dispatch!(level(), simd => simd.vectorize(#[inline(always)] || look.meaning(block, candidate.items()))),
            false => 0,
        };
        let person = block.rows[usize::from(candidate.slot)].person;
        Hit { score: look.total(candidate.sum, meaning, candidate.price), person }
    }
}

impl Row {
    fn items(&self) -> std::ops::Range<usize> {
        let from = self.items as usize;
        from..from + usize::from(self.items_len)
    }
    fn offers(&self) -> std::ops::Range<usize> {
        let from = self.offers as usize;
        from..from + usize::from(self.offers_len)
    }
}

impl Block {
    fn new(key: Key) -> Self {
        Self { key, languages: 0, bits: 0, rows: Vec::new(), weeks: Vec::new(), offers: Vec::new(), heads: Vec::new(), tails: Vec::new() }
    }

    fn push(&mut self, person: u32, entry: &Entry) {
        let items = &entry.items[..entry.items.len().min(MOST_ITEMS)];
        let offers = &entry.offers[..entry.offers.len().min(MOST_OFFERS)];
        self.languages |= entry.languages;
        self.bits |= entry.bits;
        self.rows.push(Row {
            languages: entry.languages,
            bits: entry.bits,
            person,
            offers: self.offers.len() as u32,
            items: self.heads.len() as u32,
            price: entry.price,
            offers_len: offers.len() as u8,
            items_len: items.len() as u8,
        });
        self.weeks.push(entry.week);
        self.offers.extend_from_slice(offers);
        for item in items {
            let (head, tail) = halves(item);
            self.heads.push(Head { components: *head, tail: length(tail) });
            self.tails.push(*tail);
        }
    }

    fn take_out(&mut self, slot: usize) {
        let row = self.rows.remove(slot);
        self.weeks.remove(slot);
        self.offers.drain(row.offers());
        self.heads.drain(row.items());
        self.tails.drain(row.items());
        for behind in &mut self.rows[slot..] {
            behind.offers -= u32::from(row.offers_len);
            behind.items -= u32::from(row.items_len);
        }
    }

    fn vector(&self, item: usize) -> Vector {
        let mut vector = Vector::EMPTY;
        vector.0[..HEAD].copy_from_slice(&self.heads[item].components);
        vector.0[HEAD..].copy_from_slice(&self.tails[item]);
        vector
    }

    #[inline(always)]
    fn dot(&self, goal: &Vector, item: usize) -> i32 {
        let (head, tail) = halves(goal);
        dot_plainly(head, &self.heads[item].components) + dot_plainly(tail, &self.tails[item])
    }
}

#[inline(always)]
fn halves(vector: &Vector) -> (&[i8; HEAD], &[i8; HEAD]) {
    match vector.0.as_chunks::<HEAD>().0 {
        [head, tail] => (head, tail),
        _ => (&[0; HEAD], &[0; HEAD]),
    }
}

/// The length of a part of a vector, rounded up, so that a product of two of them is never too small.
fn length(part: &[i8]) -> u16 {
    let squares = part.iter().map(|x| u32::from(x.unsigned_abs()).pow(2)).sum::<u32>();
    let root = squares.isqrt();
    (root + u32::from(root * root < squares)) as u16
}

/// In the place of a bound: was scored in full already.
const SEEN: u16 = u16::MAX;

/// Somebody who is not ruled out, with all that the second look needs: the row is not read again.
struct Candidate {
    /// Weight times fit of the terms that cost little.
    sum: u32,
    block: u32,
    bound: u16,
    price: u16,
    items: u16,
    items_len: u8,
    slot: u8,
}

impl Candidate {
    fn of(block: u32, slot: usize, row: &Row, sum: u32, bound: u16) -> Self {
        // A block has fewer than 256 people, and fewer than 65,536 items.
        Self { sum, block, bound, price: row.price, items: row.items as u16, items_len: row.items_len, slot: slot as u8 }
    }

    #[inline(always)]
    fn items(&self) -> std::ops::Range<usize> {
        let from = usize::from(self.items);
        from..from + usize::from(self.items_len)
    }
}

/// Candidates bounded at a time, so that what they wait for in memory comes together.
const TOGETHER: usize = 64;

/// The lowest bound among the `many` highest.
fn first_look(by_bound: &[u32], many: usize) -> u16 {
    let mut left = many as u64;
    for (bound, count) in by_bound.iter().enumerate().rev() {
        left = left.saturating_sub(u64::from(*count));
        if left == 0 {
            return bound as u16;
        }
    }
    0
}

/// A wish, ready to be held against rows: which terms take part is the wish's doing, so that their weights are summed once.
struct Look<'a> {
    wish: &'a Wish,
    weights: Weights,
    all: u32,
    tail_lengths: Vec<i32>,
}

impl<'a> Look<'a> {
    fn of(wish: &'a Wish) -> Self {
        let part = |takes_part: bool, weight: u16| if takes_part { weight } else { 0 };
        let weights = Weights {
            skills: part(!wish.wants.is_empty(), wish.weights.skills),
            meaning: part(!wish.goals.is_empty(), wish.weights.meaning),
            language: part(wish.speaks != 0, wish.weights.language),
            hours: part(!wish.week.is_empty(), wish.weights.hours),
            style: 0,
            values: 0,
        };
        let all = [weights.skills, weights.meaning, weights.language, weights.hours].into_iter().map(u32::from).sum();
        Self { wish, weights, all, tail_lengths: wish.goals.iter().map(|goal| i32::from(length(halves(goal).1))).collect() }
    }

    fn lets_in(&self, block: &Block) -> bool {
        !block.rows.is_empty()
            && (self.wish.must_speak == 0 || block.languages & self.wish.must_speak != 0)
            && block.bits & self.wish.must_have == self.wish.must_have
            && self.wish.zones.as_ref().is_none_or(|zones| zones.contains(&block.key.zone))
    }

    /// Adds those of a block who are not ruled out.
    #[inline(always)]
    fn candidates(&self, at: u32, block: &Block, candidates: &mut Vec<Candidate>) {
        for (slot, row) in block.rows.iter().enumerate() {
            let Some(sum) = self.little_terms(block, slot, row) else { continue };
            let bound = self.total(sum, FULL, row.price);
            if bound >= self.wish.least_score {
                candidates.push(Candidate::of(at, slot, row, sum, bound));
            }
        }
    }

    /// Weight times fit of everything but the meaning; `None` for who is ruled out.
    #[inline(always)]
    fn little_terms(&self, block: &Block, slot: usize, row: &Row) -> Option<u32> {
        let wish = self.wish;
        if wish.must_speak != 0 && row.languages & wish.must_speak == 0 || row.bits & wish.must_have != wish.must_have {
            return None;
        }
        if wish.least_common > 0 && wish.week.common(&block.weeks[slot]) < wish.least_common {
            return None;
        }
        let (skills, language, hours) = self.fits(block, slot, row);
        let w = &self.weights;
        Some(u32::from(w.skills) * u32::from(skills) + u32::from(w.language) * u32::from(language) + u32::from(w.hours) * u32::from(hours))
    }

    #[inline(always)]
    fn fits(&self, block: &Block, slot: usize, row: &Row) -> (u16, u16, u16) {
        let skills = match self.weights.skills {
            0 => 0,
            _ => {
                let offers = &block.offers[row.offers()];
                let near = |want: &'a Want| move |offered: &Offered| want.near.get(usize::from(offered.skill)).copied().unwrap_or(0);
                let served = self.wish.wants.iter().map(|want| {
                    let near = near(want);
                    let fits = offers.iter().map(|offer| u32::from(near(offer).min(100)) * u32::from(want.wanted.worth(offer.level)));
                    fits.max().unwrap_or(0)
                });
                (served.sum::<u32>() / self.wish.wants.len() as u32) as u16
            }
        };
        let language = if self.weights.language == 0 { 0 } else { terms::language(self.wish.speaks, row.languages) };
        let hours = if self.weights.hours == 0 { 0 } else { terms::hours(self.wish.week.common(&block.weeks[slot])) };
        (skills, language, hours)
    }

    fn has_meaning(&self) -> bool {
        self.weights.meaning > 0
    }

    // Loops rather than closures in these two: whatever is not inlined is compiled for the oldest processor.
    #[inline(always)]
    fn meaning(&self, block: &Block, items: std::ops::Range<usize>) -> u16 {
        let mut of_goals = Three::default();
        for goal in &self.wish.goals {
            let mut of_items = Three::default();
            for item in items.clone() {
                of_items.take(block.dot(goal, item));
            }
            // A likeness never falls when its product rises, so that the highest products have the highest likenesses.
            of_goals.take(of_items.mean(likeness_of));
        }
        fit_of_likeness(of_goals.mean(|likeness| likeness))
    }

    /// No less than [`Look::meaning`], for half the work.
    #[inline(always)]
    fn most_meaning(&self, items: &[Head]) -> u16 {
        let mut of_goals = Three::default();
        for (goal, tail) in self.wish.goals.iter().zip(&self.tail_lengths) {
            let head = halves(goal).0;
            let mut of_items = Three::default();
            for item in items {
                of_items.take(dot_plainly(head, &item.components) + tail * i32::from(item.tail));
            }
            of_goals.take(of_items.mean(likeness_of));
        }
        fit_of_likeness(of_goals.mean(|likeness| likeness))
    }

    /// The same number as [`crate::score::total`] of the same terms.
    #[inline(always)]
    fn total(&self, sum: u32, meaning: u16, price: u16) -> u16 {
        let sum = sum + u32::from(self.weights.meaning) * u32::from(meaning);
        (sum.checked_div(self.all).unwrap_or(0) as u16).saturating_sub(price)
    }
}

/// The best so far. Worst on top, so that it is the first to go.
struct Best {
    hits: BinaryHeap<Reverse<(u16, Reverse<u32>)>>,
    most: usize,
    /// Whoever is below this is not among the best.
    least: u16,
}

impl Best {
    fn offer(&mut self, hit: Hit) {
        if hit.score < self.least {
            return;
        }
        self.hits.push(Reverse((hit.score, Reverse(hit.person))));
        if self.hits.len() > self.most {
            self.hits.pop();
        }
        if let Some(Reverse((score, _))) = self.hits.peek().filter(|_| self.hits.len() == self.most) {
            self.least = self.least.max(*score);
        }
    }

    fn into_hits(self) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self.hits.into_iter().map(|Reverse((score, Reverse(person)))| Hit { score, person }).collect();
        hits.sort_unstable_by_key(|hit| (Reverse(hit.score), hit.person));
        hits
    }
}
