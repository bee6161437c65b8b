//! Everyone who may be recommended, in memory, and the exact best of them for a wish.
//!
//! Exact means: the answer is what scoring every single person would give, in the same order. It is quick because most
//! people are ruled out by a bound that can only be too high, never because they were left out of a list:
//!
//! 1. People lie in blocks of 64 of the same first language and zone. For each language and each fact there is a bit a
//!    person, so that the hard rules of 64 people are a few words, and of whom a rule rules out nothing else is read. The
//!    skills that come near a wanted one say in the same way who offers none of them.
//! 2. Of everyone left, language and skills are computed exactly, and the rest is taken to be a perfect fit. The best of
//!    those are scored in full, which gives a score that has to be beaten.
//! 3. Of who could beat it, the time in common is counted and half of each vector is looked at: by the inequality of
//!    Cauchy and Schwarz the other half adds no more than the product of the two lengths. (A quarter would say too little:
//!    of texts of mentors, three in four would be left.)
//! 4. Again the best of those are scored first, then whoever could still beat them.
//!
//! The third step is most of what a text costs, and each person's is their own: where it is left with twenty thousand
//! people or more, several threads share it. Below that, waking a thread costs about as much as it saves.
//!
//! What takes time is waiting for memory, so that what is looked at first lies together. One person is a row of 12 bytes,
//! 8 for the place, a bit for each language and fact and 128 for the skills, 88 for the week where anybody near said
//! theirs, 4 for each skill, 258 for each item. Taking in, changing and removing one moves at most one block.

use crate::facts::{Facts, ones};
use crate::hours::Week;
use crate::meaning::{DIMENSIONS, Vector, dot_plainly, level, likeness_of};
use crate::person::Weights;
use crate::score::{Direction, FULL, Score, score};
use crate::terms::{self, Offered, Three, Wanted, fit_of_likeness};
use fearless_simd::{Simd, dispatch};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::{Range, RangeInclusive};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

/// People in a block: a bit of a word for each.
const BLOCK: usize = 64;
/// Components that are looked at first. With the length of the others, two lines of a processor's memory.
const HEAD: usize = 126;
const TAIL: usize = DIMENSIONS - HEAD;
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

#[derive(Debug, Clone, Copy, Default)]
struct Row {
    person: u32,
    /// Where theirs begin in the block's pools: 64 people have fewer than 65,536.
    offers: u16,
    items: u16,
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

#[derive(Debug, Default)]
struct Block {
    /// Empty until somebody in it says their hours.
    weeks: Vec<Week>,
    offers: Vec<Offered>,
    heads: Vec<Head>,
    tails: Vec<[i8; TAIL]>,
}

/// What is looked at first of an item: the length of the other components, rounded up, as two bytes, then the first
/// components. One array, so that its product with a goal whose first two bytes are zero is that of the components.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Head([i8; HEAD + 2]);

/// Block, and slot in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place(u32);

/// The index. See the head of this module.
#[derive(Debug, Default)]
pub struct Index {
    keys: Vec<Key>,
    /// Who is there: a bit for each slot of each block.
    here: Vec<u64>,
    languages: Facts,
    bits: Facts,
    /// By the remainder of their number.
    skills: Facts,
    /// By place.
    rows: Vec<Row>,
    blocks: Vec<Block>,
    /// The blocks of each key that still have room.
    open: BTreeMap<Key, Vec<u32>>,
    /// By number.
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
        let block = at as usize;
        if block == self.blocks.len() {
            self.blocks.push(Block::default());
            self.keys.push(key);
            self.here.push(0);
            self.rows.resize(self.rows.len() + BLOCK, Row::default());
            open.push(at);
        }
        let place = Place::of(block, self.here[block].count_ones() as usize);
        self.rows[place.row()] = self.blocks[block].push(place.slot(), person, entry);
        self.here[block] |= 1 << place.slot();
        self.languages.put(place.row(), entry.languages);
        self.bits.put(place.row(), u128::from(entry.bits));
        self.skills.put(place.row(), sketch(entry.offers.iter().take(MOST_OFFERS).map(|offered| offered.skill)));
        if self.places.len() <= person as usize {
            self.places.resize(person as usize + 1, None);
        }
        self.places[person as usize] = Some(place);
        self.people += 1;
        if self.here[block] == u64::MAX {
            open.pop();
        }
    }

    /// Takes somebody out. Microseconds.
    pub fn remove(&mut self, person: u32) {
        let Some(place) = self.places.get_mut(person as usize).and_then(Option::take) else { return };
        self.people -= 1;
        let block = place.block();
        if self.here[block] == u64::MAX {
            self.open.entry(self.keys[block]).or_default().push(block as u32);
        }
        self.here[block] >>= 1;
        [&mut self.languages, &mut self.bits, &mut self.skills].into_iter().for_each(|facts| facts.take_out(place.row()));
        let row = self.rows[place.row()];
        self.blocks[block].take_out(place.slot(), &row);
        // Those behind move one up.
        for behind in place.row()..Place::of(block, self.here[block].count_ones() as usize).row() {
            let moved = self.rows[behind + 1];
            self.rows[behind] =
                Row { offers: moved.offers - u16::from(row.offers_len), items: moved.items - u16::from(row.items_len), ..moved };
            self.places[moved.person as usize] = Some(Place(behind as u32));
        }
    }

    /// The best for a wish, best first; equal ones by their number, the lower first. Exact.
    pub fn best(&self, wish: &Wish) -> Vec<Hit> {
        if wish.most == 0 {
            return Vec::new();
        }
        let look = Look::of(wish, self);
        let mut candidates = Vec::new();
        look.candidates(&mut candidates);
        let mut best = Best { hits: BinaryHeap::with_capacity(wish.most + 1), most: wish.most, least: wish.least_score };
        look.look_at_the_most_promising(&mut candidates, &mut best);
        look.look_closer_together(&mut candidates, best.least);
        look.look_at_the_most_promising(&mut candidates, &mut best);
        candidates.iter().filter(|candidate| candidate.bound != DONE).for_each(|candidate| look.offer(candidate, &mut best));
        best.into_hits()
    }

    /// The score of one person with its contributions; its total is the score of their [`Hit`]. `None` for somebody who
    /// is not here. Hard rules are not looked at.
    pub fn explain(&self, wish: &Wish, person: u32) -> Option<Score> {
        let place = self.place(person)?;
        let look = Look::of(wish, self);
        let mut direction = Direction::new();
        for (name, weight, fit) in [
            (terms::SKILLS, look.weights.skills, look.skills(place)),
            (terms::MEANING, look.weights.meaning, look.meaning(place)),
            (terms::LANGUAGE, look.weights.language, look.language(place)),
            (terms::HOURS, look.weights.hours, terms::hours(look.common(place))),
        ] {
            direction.add(name, weight, fit);
        }
        Some(score(&direction, &Direction::new(), self.rows[place.row()].price))
    }

    /// How near each item of somebody comes to a goal, in the order in which they were put; nothing for who is not here.
    pub fn likenesses<'a>(&'a self, goal: &'a Vector, person: u32) -> impl Iterator<Item = i32> + 'a {
        self.items_of(person).map(move |item| goal.likeness(&item))
    }

    /// The items of somebody, in the order in which they were put.
    pub fn items(&self, person: u32) -> Vec<Vector> {
        self.items_of(person).collect()
    }

    /// Bytes that this takes, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        let of_block = |b: &Block| {
            size_of::<Block>()
                + b.weeks.capacity() * size_of::<Week>()
                + b.offers.capacity() * size_of::<Offered>()
                + b.heads.capacity() * size_of::<Head>()
                + b.tails.capacity() * TAIL
        };
        self.blocks.iter().map(of_block).sum::<usize>()
            + [&self.languages, &self.bits, &self.skills].into_iter().map(Facts::bytes).sum::<usize>()
            + self.rows.capacity() * size_of::<Row>()
            + self.places.capacity() * size_of::<Option<Place>>()
    }

    /// After many were taken in: gives back what was only room to grow.
    pub fn settle(&mut self) {
        for block in &mut self.blocks {
            block.weeks.shrink_to_fit();
            block.offers.shrink_to_fit();
            block.heads.shrink_to_fit();
            block.tails.shrink_to_fit();
        }
    }

    fn place(&self, person: u32) -> Option<Place> {
        self.places.get(person as usize).copied().flatten()
    }

    fn items_of(&self, person: u32) -> impl Iterator<Item = Vector> {
        let found = self.place(person).map(|place| (&self.blocks[place.block()], self.rows[place.row()].items()));
        found.into_iter().flat_map(|(block, items)| items.map(|item| block.vector(item)))
    }
}

impl Place {
    fn of(block: usize, slot: usize) -> Self {
        Self((block * BLOCK + slot) as u32)
    }
    #[inline(always)]
    fn block(self) -> usize {
        self.0 as usize / BLOCK
    }
    #[inline(always)]
    fn slot(self) -> usize {
        self.0 as usize % BLOCK
    }
    #[inline(always)]
    fn row(self) -> usize {
        self.0 as usize
    }
}

impl Row {
    #[inline(always)]
    fn items(&self) -> Range<usize> {
        let from = usize::from(self.items);
        from..from + usize::from(self.items_len)
    }
    #[inline(always)]
    fn offers(&self) -> Range<usize> {
        let from = usize::from(self.offers);
        from..from + usize::from(self.offers_len)
    }
}

impl Block {
    fn push(&mut self, slot: usize, person: u32, entry: &Entry) -> Row {
        let items = &entry.items[..entry.items.len().min(MOST_ITEMS)];
        let offers = &entry.offers[..entry.offers.len().min(MOST_OFFERS)];
        let row = Row {
            person,
            offers: self.offers.len() as u16,
            items: self.heads.len() as u16,
            price: entry.price,
            offers_len: offers.len() as u8,
            items_len: items.len() as u8,
        };
        if !self.weeks.is_empty() || !entry.week.is_empty() {
            self.weeks.resize(slot, Week::new());
            self.weeks.push(entry.week);
        }
        self.offers.extend_from_slice(offers);
        self.heads.extend(items.iter().map(|item| head(item, length(&item.0[HEAD..]))));
        self.tails.extend(items.iter().map(|item| *tail(item)));
        row
    }

    fn take_out(&mut self, slot: usize, row: &Row) {
        if slot < self.weeks.len() {
            self.weeks.remove(slot);
        }
        self.offers.drain(row.offers());
        self.heads.drain(row.items());
        self.tails.drain(row.items());
    }

    fn vector(&self, item: usize) -> Vector {
        let mut vector = Vector::EMPTY;
        vector.0[..HEAD].copy_from_slice(&self.heads[item].0[2..]);
        vector.0[HEAD..].copy_from_slice(&self.tails[item]);
        vector
    }
}

fn head(vector: &Vector, tail_length: u16) -> Head {
    let mut head = [0; HEAD + 2];
    let [low, high] = tail_length.to_le_bytes();
    (head[0], head[1]) = (low.cast_signed(), high.cast_signed());
    head[2..].copy_from_slice(&vector.0[..HEAD]);
    Head(head)
}

impl Head {
    #[inline(always)]
    fn tail_length(&self) -> i32 {
        i32::from(u16::from_le_bytes([self.0[0].cast_unsigned(), self.0[1].cast_unsigned()]))
    }
}

fn tail(vector: &Vector) -> &[i8; TAIL] {
    vector.0.last_chunk().unwrap_or(&[0; TAIL])
}

/// The length of a part of a vector, rounded up, so that a product of two of them is never too small.
fn length(part: &[i8]) -> u16 {
    let squares = part.iter().map(|x| u32::from(x.unsigned_abs()).pow(2)).sum::<u32>();
    let root = squares.isqrt();
    (root + u32::from(root * root < squares)) as u16
}

/// Skills as facts: some share one, so that who lacks it offers none of them, and who has it may.
fn sketch(skills: impl IntoIterator<Item = u16>) -> u128 {
    skills.into_iter().fold(0, |all, skill| all | 1 << (skill % 128))
}

/// So many candidates are looked at together: something of each is read before anything is computed, since a processor
/// waits for many places of memory at once, but does not look past a long computation for the next.
const TOGETHER: usize = 32;

/// From so many candidates on, several threads look closer.
const MANY: usize = 20_000;
/// No more threads than this look closer, however many processors there are: a few already read all that memory gives,
/// and a search should leave room for the next one's.
const MOST_THREADS: usize = 4;
static THREADS: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS));
/// Candidates that a thread takes at once.
const PART: usize = 64 * TOGETHER;

/// In the place of a bound: was scored already, or cannot be among the best.
const DONE: u16 = u16::MAX;

/// Somebody who is not ruled out yet.
struct Candidate {
    /// Weight times fit of what was computed so far.
    sum: u32,
    place: Place,
    /// The score is no higher.
    bound: u16,
    /// May offer a skill near a wanted one.
    near: bool,
}

/// The lowest bound among the `many` highest.
fn lowest_of_the_highest(candidates: &[Candidate], many: usize) -> u16 {
    let mut by_bound = [0u32; FULL as usize + 1];
    for candidate in candidates {
        // Who is done is in no place of the table.
        if let Some(count) = by_bound.get_mut(usize::from(candidate.bound)) {
            *count += 1;
        }
    }
    let mut left = many as u64;
    for (bound, count) in by_bound.iter().enumerate().rev() {
        left = left.saturating_sub(u64::from(*count));
        if left == 0 {
            return bound as u16;
        }
    }
    0
}

/// A wish, held against an index: which terms take part is the wish's doing, so that their weights are summed once.
struct Look<'a> {
    wish: &'a Wish,
    index: &'a Index,
    weights: Weights,
    all: u32,
    goals: Vec<Goal<'a>>,
}

/// A goal in two parts, as the items are.
struct Goal<'a> {
    /// With zeros in the place of a length.
    head: Head,
    tail: &'a [i8; TAIL],
    tail_length: i32,
}

impl<'a> Look<'a> {
    fn of(wish: &'a Wish, index: &'a Index) -> Self {
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
        let goal = |goal: &'a Vector| Goal { head: head(goal, 0), tail: tail(goal), tail_length: i32::from(length(tail(goal))) };
        Self { wish, index, weights, all, goals: wish.goals.iter().map(goal).collect() }
    }

    /// Everyone whom no rule that is a bit rules out, the terms that are not computed yet taken to be perfect.
    fn candidates(&self, candidates: &mut Vec<Candidate>) {
        let (wish, index, w) = (self.wish, self.index, &self.weights);
        let near = |want: &Want| sketch(want.near.iter().enumerate().filter(|(_, near)| **near > 0).map(|(skill, _)| skill as u16));
        let must_have = index.bits.of(u128::from(wish.must_have));
        let must_speak = index.languages.of(wish.must_speak);
        let speak = index.languages.of(wish.speaks);
        let near = index.skills.of(wish.wants.iter().map(near).fold(0, |all, near| all | near));
        let perfect = u32::from(FULL) * (u32::from(w.meaning) + u32::from(w.hours));
        for (block, key) in index.keys.iter().enumerate() {
            if wish.zones.as_ref().is_some_and(|zones| !zones.contains(&key.zone)) {
                continue;
            }
            let left = index.here[block] & must_have.all(block) & if wish.must_speak == 0 { u64::MAX } else { must_speak.any(block) };
            if left == 0 {
                continue;
            }
            let (speak, near) = (speak.any(block), near.any(block));
            for slot in ones(left) {
                let language = if speak >> slot & 1 == 0 { 0 } else { FULL };
                let sum = u32::from(w.language) * u32::from(language);
                candidates.push(Candidate { sum, place: Place::of(block, slot), bound: FULL, near: near >> slot & 1 != 0 });
            }
        }
        for some in candidates.chunks_mut(TOGETHER) {
            let mut touched = 0;
            for candidate in some.iter().filter(|candidate| candidate.near) {
                let offers = self.index.rows[candidate.place.row()].offers();
                touched |= self.index.blocks[candidate.place.block()].offers.get(offers.start).map_or(0, |offered| offered.level);
            }
            std::hint::black_box(touched);
            for candidate in some {
                if candidate.near {
                    candidate.sum += u32::from(w.skills) * u32::from(self.skills(candidate.place));
                }
                candidate.bound = self.total(candidate.sum + perfect, 0);
            }
        }
    }

    /// Scores those with the highest bounds in full, so that there is a score to beat.
    fn look_at_the_most_promising(&self, candidates: &mut [Candidate], best: &mut Best) {
        let many = FIRST_LOOK * best.most;
        let least = lowest_of_the_highest(candidates, many).max(best.least);
        for candidate in candidates.iter_mut().filter(|c| c.bound >= least && c.bound != DONE).take(2 * many) {
            self.offer(candidate, best);
            candidate.bound = DONE;
        }
    }

    /// [`Look::look_closer`], by as many threads as so many candidates are worth.
    fn look_closer_together(&self, candidates: &mut [Candidate], least: u16) {
        let look = |some: &mut [Candidate]| dispatch!(level(), simd => simd.vectorize(#[inline(always)] || self.look_closer(some, least)));
        if candidates.len() < MANY || *THREADS == 1 {
            return look(candidates);
        }
        let parts = Mutex::new(candidates.chunks_mut(PART));
        let look_at_parts = || {
            // Taken in a statement of its own, so that nobody waits while somebody looks.
            while let Some(part) = { parts.lock().unwrap_or_else(PoisonError::into_inner).next() } {
                look(part);
            }
        };
        thread::scope(|scope| {
            for _ in 1..*THREADS {
                // Where a thread cannot be had, the others do its part.
                let _ = thread::Builder::new().spawn_scoped(scope, look_at_parts);
            }
            look_at_parts();
        });
    }

    /// Sharpens the bound of whoever could be among the best, by the time in common and by half of each vector; the
    /// others are [`DONE`].
    #[inline(always)]
    fn look_closer(&self, candidates: &mut [Candidate], least: u16) {
        for some in candidates.chunks_mut(TOGETHER) {
            let mut touched = 0;
            for candidate in some.iter().filter(|candidate| candidate.bound != DONE && candidate.bound >= least) {
                let items = self.index.rows[candidate.place.row()].items();
                for head in &self.index.blocks[candidate.place.block()].heads[items] {
                    touched |= head.0[0] | head.0[64];
                }
            }
            std::hint::black_box(touched);
            for candidate in some {
                candidate.bound = self.closer_bound(candidate, least);
            }
        }
    }

    #[inline(always)]
    fn closer_bound(&self, candidate: &Candidate, least: u16) -> u16 {
        if candidate.bound == DONE || candidate.bound < least {
            return DONE;
        }
        let place = candidate.place;
        let meaning = u32::from(self.weights.meaning);
        let common = self.common(place);
        let sum = candidate.sum + u32::from(self.weights.hours) * u32::from(terms::hours(common));
        let price = self.index.rows[place.row()].price;
        if common < self.wish.least_common || self.total(sum + meaning * u32::from(FULL), price) < least {
            return DONE;
        }
        let bound = self.total(sum + meaning * u32::from(self.most_meaning(place)), price);
        if bound >= least { bound } else { DONE }
    }

    /// Scores somebody in full, unless a bound or a rule says that they are not among the best.
    fn offer(&self, candidate: &Candidate, best: &mut Best) {
        if candidate.bound < best.least {
            return;
        }
        let common = self.common(candidate.place);
        if common >= self.wish.least_common {
            let of_meaning = u32::from(self.weights.meaning) * u32::from(self.meaning(candidate.place));
            let sum = candidate.sum + u32::from(self.weights.hours) * u32::from(terms::hours(common)) + of_meaning;
            let row = &self.index.rows[candidate.place.row()];
            best.offer(Hit { score: self.total(sum, row.price), person: row.person });
        }
    }

    fn language(&self, place: Place) -> u16 {
        let speak = self.index.languages.of(self.wish.speaks).any(place.block());
        if speak >> place.slot() & 1 == 0 { 0 } else { FULL }
    }

    fn skills(&self, place: Place) -> u16 {
        let offers = &self.index.blocks[place.block()].offers[self.index.rows[place.row()].offers()];
        let near = |want: &'a Want| move |offered: &Offered| want.near.get(usize::from(offered.skill)).copied().unwrap_or(0);
        let served = self.wish.wants.iter().map(|want| {
            let near = near(want);
            let fits = offers.iter().map(|offer| u32::from(near(offer).min(100)) * u32::from(want.wanted.worth(offer.level)));
            fits.max().unwrap_or(0)
        });
        served.sum::<u32>().checked_div(self.wish.wants.len() as u32).unwrap_or(0) as u16
    }

    /// Quarters of an hour in common; not counted when they do not matter.
    #[inline(always)]
    fn common(&self, place: Place) -> u16 {
        if self.weights.hours == 0 && self.wish.least_common == 0 {
            return 0;
        }
        self.index.blocks[place.block()].weeks.get(place.slot()).map_or(0, |week| self.wish.week.common(week))
    }

    fn meaning(&self, place: Place) -> u16 {
        dispatch!(level(), simd => simd.vectorize(#[inline(always)] || {
            self.nearness(place, |goal, block, item| dot_plainly(&goal.head.0, &block.heads[item].0) + dot_plainly(goal.tail, &block.tails[item]))
        }))
    }

    /// No less than [`Look::meaning`], for half the work.
    #[inline(always)]
    fn most_meaning(&self, place: Place) -> u16 {
        self.nearness(place, |goal, block, item| {
            let head = &block.heads[item];
            dot_plainly(&goal.head.0, &head.0) + goal.tail_length * head.tail_length()
        })
    }

    /// What it is about, from the product of a goal and an item, or from what that is at most.
    // Loops rather than closures: whatever is not inlined is compiled for the oldest processor.
    #[inline(always)]
    fn nearness(&self, place: Place, product: impl Fn(&Goal<'_>, &Block, usize) -> i32) -> u16 {
        if self.weights.meaning == 0 {
            return 0;
        }
        let block = &self.index.blocks[place.block()];
        let items = self.index.rows[place.row()].items();
        let mut of_goals = Three::default();
        for goal in &self.goals {
            let mut of_items = Three::default();
            for item in items.clone() {
                of_items.take(product(goal, block, item));
            }
            // A likeness never falls when its product rises, so that the highest products have the highest likenesses.
            of_goals.take(of_items.mean(likeness_of));
        }
        fit_of_likeness(of_goals.mean(|likeness| likeness))
    }

    /// The same number as [`crate::score::total`] of the same terms.
    #[inline(always)]
    fn total(&self, sum: u32, price: u16) -> u16 {
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
