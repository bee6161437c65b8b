//! The stable roommates problem: everyone ranks some of the others, and nobody may have a reason to leave their partner for
//! somebody who would leave theirs.
//!
//! Irving's algorithm (R. W. Irving, "An efficient algorithm for the stable roommates problem", Journal of Algorithms 6, 1985), for
//! incomplete lists as in Gusfield and Irving, "The Stable Marriage Problem", 1989, chapter 4. O(total length of the lists), and O(people) for each rotation; there are at most
//! as many rotations as entries, in practice a few dozen.

use super::{NOBODY, chance};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roommates {
    /// A stable pairing. The single people are the same in every stable pairing.
    Stable { pairs: Vec<(u32, u32)>, single: Vec<u32> },
    /// There is no stable pairing: this person ran out of people in every case.
    None { stuck: u32 },
}

/// Why rankings cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoommatesError {
    #[error("there are {keys} people and {rankings} rankings")]
    Lengths { keys: usize, rankings: usize },
    #[error("person {by} ranks {whom}, who is not in the pool")]
    Nobody { by: u32, whom: u32 },
    #[error("person {by} ranks {whom} twice, or ranks themselves")]
    Twice { by: u32, whom: u32 },
}

/// Seeks a stable pairing. `rankings[i]` holds the classes of people whom `i` would meet, the dearest first; within a class `i` does
/// not mind, and chance (`seed` and the keys) decides. Two people meet only when each ranks the other.
///
/// With ties broken at random the pairing is weakly stable: no two people *both strictly* prefer each other. To break ties in another
/// way, and perhaps find a pairing where there was none, try another seed.
///
/// # Errors
///
/// [`RoommatesError`], for rankings that name strangers, oneself, or somebody twice.
///
/// ```
/// use chiron_matching::peers::{Roommates, roommates};
///
/// // Three people in a circle of preference, and one whom nobody likes: no pairing is stable.
/// let circle = [vec![vec![1], vec![2], vec![3]], vec![vec![2], vec![0], vec![3]], vec![vec![0], vec![1], vec![3]], vec![vec![0, 1, 2]]];
/// assert!(matches!(roommates(&[1, 2, 3, 4], &circle, 0)?, Roommates::None { .. }));
/// # Ok::<(), chiron_matching::peers::RoommatesError>(())
/// ```
pub fn roommates(keys: &[u64], rankings: &[Vec<Vec<u32>>], seed: u64) -> Result<Roommates, RoommatesError> {
    let mut table = Table::new(keys, rankings, seed)?;
    table.propose((0..keys.len() as u32).collect());
    let alone: Vec<bool> = (0..keys.len()).map(|person| table.first(person as u32) == NOBODY).collect();
    // A person with two or more left is the start of a rotation. Eliminating it keeps some stable pairing, if there is one.
    let mut from = 0;
    while from < keys.len() as u32 {
        if table.first(from) == NOBODY || table.second(from) == NOBODY {
            from += 1;
            continue;
        }
        let moved = table.rotate(from);
        table.propose(moved);
        if let Some(stuck) = (0..keys.len() as u32).find(|&p| !alone[p as usize] && table.first(p) == NOBODY) {
            return Ok(Roommates::None { stuck });
        }
    }
    let people = 0..keys.len() as u32;
    let pairs = people.clone().map(|p| (p, table.first(p))).filter(|&(p, q)| q != NOBODY && p < q).collect();
    Ok(Roommates::Stable { pairs, single: people.filter(|&p| alone[p as usize]).collect() })
}

/// The preference lists as they shrink. A pair is struck from both lists at once.
struct Table {
    /// Whom each person ranks, the dearest first.
    lists: Vec<Vec<u32>>,
    /// Where each person stands in the lists of those they rank: `place[i][k]` is the place of `i` in the list of `lists[i][k]`.
    places: Vec<Vec<u32>>,
    struck: Vec<Vec<bool>>,
    /// No one before `heads[i]` and no one after `tails[i]` is left in the list of `i`.
    heads: Vec<usize>,
    tails: Vec<usize>,
    /// No second one before `seconds[i]`.
    seconds: Vec<usize>,
    /// Whose proposal each person holds.
    holds: Vec<u32>,
}

impl Table {
    fn new(keys: &[u64], rankings: &[Vec<Vec<u32>>], seed: u64) -> Result<Self, RoommatesError> {
        let n = keys.len();
        if n != rankings.len() {
            return Err(RoommatesError::Lengths { keys: n, rankings: rankings.len() });
        }
        let mut wishes: Vec<Vec<u32>> = Vec::with_capacity(n);
        for (by, classes) in (0..).zip(rankings) {
            let mut wish = Vec::new();
            for class in classes {
                if let Some(&whom) = class.iter().find(|&&whom| whom as usize >= n) {
                    return Err(RoommatesError::Nobody { by, whom });
                }
                let mut class = class.clone();
                class.sort_unstable_by_key(|&whom| {
                    (chance(seed ^ keys[by as usize].rotate_left(32), keys[whom as usize]), keys[whom as usize])
                });
                wish.extend(class);
            }
            let mut sorted = wish.clone();
            sorted.sort_unstable();
            let twice = sorted.windows(2).find(|two| two[0] == two[1]).map(|two| two[0]);
            if let Some(whom) = twice.or_else(|| wish.contains(&by).then_some(by)) {
                return Err(RoommatesError::Twice { by, whom });
            }
            wishes.push(wish);
        }
        Ok(Self::mutual(&wishes))
    }

    fn mutual(wishes: &[Vec<u32>]) -> Self {
        let n = wishes.len();
        // Everyone's wishes by whom they are for; walking them in order of the wisher finds both halves without a table of n by n.
        let ranked: std::collections::HashSet<(u32, u32)> =
            (0..).zip(wishes).flat_map(|(by, wish): (u32, _)| wish.iter().map(move |&whom| (by, whom))).collect();
        let lists: Vec<Vec<u32>> = (0..)
            .zip(wishes)
            .map(|(by, wish): (u32, _)| wish.iter().copied().filter(|&whom| ranked.contains(&(whom, by))).collect())
            .collect();
        let mut at: std::collections::HashMap<(u32, u32), u32> = std::collections::HashMap::new();
        for (by, list) in (0..).zip(&lists) {
            at.extend((0..).zip(list).map(|(place, &whom)| ((by, whom), place)));
        }
        let places = (0..).zip(&lists).map(|(by, list)| list.iter().map(|&whom| at[&(whom, by)]).collect()).collect();
        Self {
            struck: lists.iter().map(|list| vec![false; list.len()]).collect(),
            heads: vec![0; n],
            seconds: vec![0; n],
            tails: lists.iter().map(Vec::len).collect(),
            holds: vec![NOBODY; n],
            lists,
            places,
        }
    }

    /// The place of the dearest person left.
    fn head(&mut self, person: u32) -> Option<usize> {
        let p = person as usize;
        while self.heads[p] < self.tails[p] && self.struck[p][self.heads[p]] {
            self.heads[p] += 1;
        }
        (self.heads[p] < self.tails[p]).then_some(self.heads[p])
    }

    fn first(&mut self, person: u32) -> u32 {
        self.head(person).map_or(NOBODY, |place| self.lists[person as usize][place])
    }

    fn second(&mut self, person: u32) -> u32 {
        let p = person as usize;
        let Some(head) = self.head(person) else { return NOBODY };
        self.seconds[p] = self.seconds[p].max(head + 1);
        while self.seconds[p] < self.tails[p] && self.struck[p][self.seconds[p]] {
            self.seconds[p] += 1;
        }
        if self.seconds[p] < self.tails[p] { self.lists[p][self.seconds[p]] } else { NOBODY }
    }

    fn last(&mut self, person: u32) -> u32 {
        let p = person as usize;
        while self.tails[p] > self.heads[p] && self.struck[p][self.tails[p] - 1] {
            self.tails[p] -= 1;
        }
        if self.tails[p] == self.heads[p] { NOBODY } else { self.lists[p][self.tails[p] - 1] }
    }

    fn strike(&mut self, person: u32, place: usize) {
        let p = person as usize;
        let other = self.lists[p][place] as usize;
        self.struck[p][place] = true;
        self.struck[other][self.places[p][place] as usize] = true;
    }

    /// Each proposes to the dearest left, who strikes everyone less dear. Whoever loses a place proposes again.
    fn propose(&mut self, mut open: Vec<u32>) {
        while let Some(person) = open.pop() {
            let Some(head) = self.head(person) else { continue };
            let whom = self.lists[person as usize][head];
            let place = self.places[person as usize][head] as usize;
            let before = std::mem::replace(&mut self.holds[whom as usize], person);
            if before != NOBODY && before != person {
                open.push(before);
            }
            for worse in place + 1..self.tails[whom as usize] {
                if !self.struck[whom as usize][worse] {
                    self.strike(whom, worse);
                }
            }
            self.tails[whom as usize] = self.tails[whom as usize].min(place + 1);
        }
    }

    /// Finds a rotation (x0, y0), (x1, y1) ... with y(i + 1) second for x(i) and x(i) last for y(i), and lets every y refuse its x.
    /// Returns those refused.
    fn rotate(&mut self, from: u32) -> Vec<u32> {
        let mut walk = vec![from];
        let mut seen = std::collections::HashMap::from([(from, 0)]);
        let start = loop {
            let at = walk[walk.len() - 1];
            let second = self.second(at);
            let next = self.last(second);
            if let Some(&start) = seen.get(&next) {
                break start;
            }
            seen.insert(next, walk.len());
            walk.push(next);
        };
        let refused = walk.split_off(start);
        for &x in &refused {
            let head = self.head(x).expect("a person in a rotation has two people left");
            let y = self.lists[x as usize][head];
            self.holds[y as usize] = NOBODY;
            self.strike(x, head);
        }
        refused
    }
}
