//! Peers: people of one pool meet in groups of two or three.
//!
//! Mentors and mentees are two sides; peers are one. Two ways of grouping them are here:
//!
//! - [`group`] seeks the best groups by score. [`Shape::Pairs`] is exact: the matching of greatest size and, among those, of
//!   greatest score, by Edmonds' blossom algorithm, with prices that prove it. [`Shape::PairsAndTriads`] starts from those pairs and
//!   lets whoever is left over join a pair; [`Shape::Triads`] builds groups of three. Finding the best groups of three is
//!   NP-hard (Karp 1972, three-dimensional matching), so both say how far from the best they can be at most, see [`Groups::bound`].
//! - [`roommates`] seeks a *stable* pairing when each person ranks the others (Irving 1985), or proves that there is none.
//!
//! What is guaranteed:
//!
//! | shape | single people | score |
//! |---|---|---|
//! | `Pairs` | the fewest possible, proven | the greatest possible, proven |
//! | `PairsAndTriads` | nobody, when any two people may meet and there are at least two; otherwise never more than with `Pairs` | pairs exact for the triads chosen; at most `bound - score` below the best grouping that leaves as few people single |
//! | `Triads` | nobody, when any two people may meet and there are at least two | no two groups can be re-formed for the better; at most `bound - score` below the best |
//!
//! A person's share in the score is the mean of their scores with the others of the group, so that a pair counts twice its score and
//! a triad the sum of its three: nobody counts more for being in a larger group.
//!
//! The order of input changes nothing: people are told apart by key, and ties are broken by the seed and the keys.
//!
//! ```
//! use chiron_matching::peers::{Meeting, Peers, Shape, group, verify_groups};
//!
//! // Five people; anyone may meet anyone; 1 and 2 suit each other best.
//! let keys = [1, 2, 3, 4, 5];
//! let meetings: Vec<Meeting> = (0..5)
//!     .flat_map(|a| (a + 1..5).map(move |b| Meeting { a, b, score: if (a, b) == (0, 1) { 9_000 } else { 5_000 } }))
//!     .collect();
//! let peers = Peers::new(&keys, &meetings)?;
//! let groups = group(&peers, Shape::PairsAndTriads, 7)?;
//! assert!(groups.single.is_empty());
//! assert_eq!(groups.groups.iter().map(Vec::len).sum::<usize>(), 5);
//! assert_eq!(verify_groups(&peers, &groups), Ok(()));
//! # Ok::<(), chiron_matching::peers::PeersError>(())
//! ```

mod blossom;
mod regroup;
mod roommates;

use blossom::{Graph, NOBODY};
pub use roommates::{Roommates, RoommatesError, roommates};

/// The most people of a pool in which triads are formed: all scores stand in one square table of two bytes each.
pub const MOST_FOR_TRIADS: usize = 5_000;

/// The most people of a pool.
pub const MOST_PEOPLE: usize = 1_000_000;

const MOST_SCORE: i32 = 10_000;

/// Two people who may meet, and how well they suit each other, from 0 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    pub a: u32,
    pub b: u32,
    pub score: i32,
}

/// A pool of peers. Whoever may not meet is simply no [`Meeting`].
#[derive(Clone, Debug)]
pub struct Peers {
    keys: Vec<u64>,
    /// Sorted, `a < b`.
    meetings: Vec<Meeting>,
}

/// Why a list of people and meetings is no pool. People are named by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeersError {
    #[error("a pool holds at most {MOST_PEOPLE} people, not {0}")]
    TooMany(usize),
    #[error("triads are formed among at most {MOST_FOR_TRIADS} people, not {0}")]
    TooManyForTriads(usize),
    #[error("two people have the key {0}")]
    SameKey(u64),
    #[error("a meeting names person {0}, who is not in the pool")]
    Nobody(u32),
    #[error("person {0} cannot meet themselves")]
    Alone(u32),
    #[error("the meeting of {0} and {1} is there twice")]
    Twice(u32, u32),
    #[error("the score of {a} and {b} is {score}; scores run from 0 to {MOST_SCORE}")]
    Score { a: u32, b: u32, score: i32 },
}

impl Peers {
    /// Checks and sorts the meetings: O(m log m).
    ///
    /// # Errors
    ///
    /// Names the first person or meeting that is wrong, see [`PeersError`].
    pub fn new(keys: &[u64], meetings: &[Meeting]) -> Result<Self, PeersError> {
        if keys.len() > MOST_PEOPLE {
            return Err(PeersError::TooMany(keys.len()));
        }
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        if let Some(twins) = sorted.windows(2).find(|two| two[0] == two[1]) {
            return Err(PeersError::SameKey(twins[0]));
        }
        let mut found = Vec::with_capacity(meetings.len());
        for &Meeting { a, b, score } in meetings {
            if let Some(person) = [a, b].into_iter().find(|&person| person as usize >= keys.len()) {
                return Err(PeersError::Nobody(person));
            }
            if a == b {
                return Err(PeersError::Alone(a));
            }
            if !(0..=MOST_SCORE).contains(&score) {
                return Err(PeersError::Score { a, b, score });
            }
            found.push(Meeting { a: a.min(b), b: a.max(b), score });
        }
        found.sort_unstable_by_key(|m| (m.a, m.b));
        if let Some(twice) = found.windows(2).find(|two| (two[0].a, two[0].b) == (two[1].a, two[1].b)) {
            return Err(PeersError::Twice(twice[0].a, twice[0].b));
        }
        Ok(Self { keys: keys.to_vec(), meetings: found })
    }

    /// How many people.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How well two people suit each other, when they may meet: O(log m).
    pub fn score(&self, a: u32, b: u32) -> Option<i32> {
        let at = self.meetings.binary_search_by_key(&(a.min(b), a.max(b)), |m| (m.a, m.b)).ok()?;
        Some(self.meetings[at].score)
    }

    /// The place of each person in an order that only keys and seed decide, and the person at each place.
    fn order(&self, seed: u64) -> (Vec<u32>, Vec<u32>) {
        let mut people: Vec<u32> = (0..self.keys.len() as u32).collect();
        people.sort_unstable_by_key(|&person| {
            let key = self.keys[person as usize];
            (chance(seed, key), key)
        });
        let mut places = vec![0; people.len()];
        for (place, &person) in people.iter().enumerate() {
            places[person as usize] = place as u32;
        }
        (places, people)
    }

    /// The pool as a graph of places. A pair is worth so much more than any score that more pairs always win.
    fn graph(&self, places: &[u32], worth: i64) -> Graph {
        let mut ends: Vec<(u32, u32, i64)> = Vec::with_capacity(2 * self.meetings.len());
        for m in &self.meetings {
            let (a, b) = (places[m.a as usize], places[m.b as usize]);
            let weight = worth + i64::from(m.score);
            ends.extend([(a, b, weight), (b, a, weight)]);
        }
        ends.sort_unstable();
        let mut starts = vec![0; places.len() + 1];
        for &(a, ..) in &ends {
            starts[a as usize + 1] += 1;
        }
        for place in 0..places.len() {
            starts[place + 1] += starts[place];
        }
        Graph { starts, near: ends.iter().map(|e| e.1).collect(), weights: ends.iter().map(|e| e.2).collect() }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014) of seed and key.
fn chance(seed: u64, key: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    for _ in 0..2 {
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
    }
    z
}

/// Which groups are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Groups of two only; an odd pool leaves somebody single.
    Pairs,
    /// Groups of two, and of three only where somebody would otherwise be single.
    PairsAndTriads,
    /// Groups of three, and of two only where the numbers or the rules leave no other way.
    Triads,
}

/// The groups of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Each of two or three people, the people in ascending order, the groups by their first person.
    pub groups: Vec<Vec<u32>>,
    /// Who is in no group, ascending.
    pub single: Vec<u32>,
    /// The sum over people of the mean of their scores with the others of their group.
    pub score: i64,
    /// No grouping into twos and threes that leaves at most as many people single has a greater score. With [`Shape::Pairs`] this is
    /// the bound for pairs alone, and equals `score`.
    pub bound: i64,
    pub certificate: PeerPrices,
}

/// The prices that prove [`Groups::bound`], in units in which a pair costs twice `worth + score`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPrices {
    /// What one more pair is worth, before its score.
    pub worth: i64,
    /// One for each person.
    pub people: Vec<i64>,
    /// Sets of an odd number of people, with their prices. Empty when the bound holds for groups of three as well.
    pub odd_sets: Vec<(Vec<u32>, i64)>,
}

/// Groups a pool. The same keys, meetings, shape and seed give the same groups, whatever the order of input.
///
/// Pairs: O(n m log n) time in the worst case, usually near O(m). Triads: see the `regroup` module; O(n²) memory.
///
/// # Errors
///
/// [`PeersError::TooManyForTriads`].
pub fn group(peers: &Peers, shape: Shape, seed: u64) -> Result<Groups, PeersError> {
    let n = peers.len();
    if shape != Shape::Pairs && n > MOST_FOR_TRIADS {
        return Err(PeersError::TooManyForTriads(n));
    }
    let (places, people) = peers.order(seed);
    let worth = n as i64 * i64::from(MOST_SCORE) + 1;
    let graph = peers.graph(&places, worth);
    let matched = blossom::maximum_weight(&graph);
    let groups = match shape {
        Shape::Pairs => regroup::pairs(&matched.mate),
        Shape::PairsAndTriads => regroup::few_triads(&graph, &matched.mate, worth),
        Shape::Triads => regroup::many_triads(&graph, &matched.mate, worth),
    };

    let mut prices = vec![0; n];
    for (place, &price) in matched.prices.iter().enumerate() {
        prices[people[place] as usize] = price;
    }
    let mut odd_sets: Vec<(Vec<u32>, i64)> = matched
        .odd_sets
        .into_iter()
        .map(|(set, price)| {
            let mut set: Vec<u32> = set.into_iter().map(|place| people[place as usize]).collect();
            set.sort_unstable();
            (set, price)
        })
        .collect();
    odd_sets.sort();
    if shape != Shape::Pairs {
        share_out(&mut prices, &mut odd_sets);
    }
    let named = groups.into_iter().map(|group| group.into_iter().map(|place| people[place as usize]).collect()).collect();
    Ok(finished(peers, named, PeerPrices { worth, people: prices, odd_sets }))
}

/// A triad is half of each of its three edges, which is a fractional matching; and a fractional matching is bounded by prices of
/// people alone (Balinski 1965). Giving each person of an odd set its price keeps every edge paid for: both ends gain it once, where
/// the set counted twice.
fn share_out(prices: &mut [i64], odd_sets: &mut Vec<(Vec<u32>, i64)>) {
    for (set, price) in odd_sets.drain(..) {
        for person in set {
            prices[person as usize] += price;
        }
    }
}

fn finished(peers: &Peers, mut groups: Vec<Vec<u32>>, certificate: PeerPrices) -> Groups {
    let mut single = vec![true; peers.len()];
    for group in &mut groups {
        group.sort_unstable();
        for &person in &*group {
            single[person as usize] = false;
        }
    }
    groups.sort();
    let score = groups.iter().filter_map(|group| worth_of(peers, group)).sum();
    let single: Vec<u32> = (0..peers.len() as u32).filter(|&person| single[person as usize]).collect();
    let bound = bound(&certificate, peers.len() - single.len());
    Groups { groups, single, score, bound, certificate }
}

/// The score of a group, when all in it may meet.
fn worth_of(peers: &Peers, group: &[u32]) -> Option<i64> {
    let score = |a: usize, b: usize| peers.score(group[a], group[b]).map(i64::from);
    match group.len() {
        2 => Some(2 * score(0, 1)?),
        3 => Some(score(0, 1)? + score(0, 2)? + score(1, 2)?),
        _ => None,
    }
}

/// What the prices allow a grouping of so many people to score.
fn bound(prices: &PeerPrices, grouped: usize) -> i64 {
    let people: i64 = prices.people.iter().sum();
    let sets: i64 = prices.odd_sets.iter().map(|(set, price)| price * (set.len() as i64 - 1)).sum();
    people + sets - prices.worth * grouped as i64
}

/// What is wrong with groups that claim to be good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupsFault {
    #[error("the groups and the single people are not everyone once")]
    NotEveryoneOnce,
    #[error("the group {0:?} is no two or three people who may meet")]
    NoGroup(Vec<u32>),
    #[error("the score is {counted}, not {claimed}")]
    Score { claimed: i64, counted: i64 },
    #[error("the prices prove a bound of {proven}, not {claimed}")]
    Bound { claimed: i64, proven: i64 },
    #[error("a price is negative or missing, or an odd set is not odd, or holds somebody twice")]
    Price,
    #[error("the prices do not cover the meeting of {0} and {1}")]
    Uncovered(u32, u32),
}

/// Checks groups and their bound against the pool, sharing nothing with the search: O(m log m + size of the odd sets times degree).
///
/// When it holds, no grouping that leaves at most as many people single has a score above `groups.bound`; with odd sets in the
/// certificate, this is said of pairs only. Pairs of equal score and bound are therefore proven best.
///
/// # Errors
///
/// Names the first fault found.
pub fn verify_groups(peers: &Peers, groups: &Groups) -> Result<(), GroupsFault> {
    let mut everyone: Vec<u32> = groups.groups.iter().flatten().chain(&groups.single).copied().collect();
    everyone.sort_unstable();
    if !everyone.into_iter().eq(0..peers.len() as u32) {
        return Err(GroupsFault::NotEveryoneOnce);
    }
    let mut counted = 0;
    for group in &groups.groups {
        counted += worth_of(peers, group).ok_or_else(|| GroupsFault::NoGroup(group.clone()))?;
    }
    if counted != groups.score {
        return Err(GroupsFault::Score { claimed: groups.score, counted });
    }
    let prices = &groups.certificate;
    let sound = |set: &[u32]| set.len() % 2 == 1 && set.windows(2).all(|two| two[0] < two[1]);
    let paid = prices.people.len() == peers.len()
        && prices.worth > i64::from(MOST_SCORE) * peers.len() as i64
        && prices.people.iter().all(|&price| price >= 0)
        && prices.odd_sets.iter().all(|(set, price)| *price >= 0 && sound(set));
    if !paid {
        return Err(GroupsFault::Price);
    }
    let mut cover: Vec<i64> = peers.meetings.iter().map(|m| prices.people[m.a as usize] + prices.people[m.b as usize]).collect();
    for (set, price) in &prices.odd_sets {
        for (at, m) in peers.meetings.iter().enumerate() {
            if set.binary_search(&m.a).is_ok() && set.binary_search(&m.b).is_ok() {
                cover[at] += 2 * price;
            }
        }
    }
    let bare = peers.meetings.iter().zip(cover).find(|(m, cover)| *cover < 2 * (prices.worth + i64::from(m.score)));
    if let Some((m, _)) = bare {
        return Err(GroupsFault::Uncovered(m.a, m.b));
    }
    let proven = bound(prices, peers.len() - groups.single.len());
    if proven != groups.bound {
        return Err(GroupsFault::Bound { claimed: groups.bound, proven });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
