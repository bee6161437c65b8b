//! The exact end of the fast way: from any prices to a proven optimum of a transportation problem.
//!
//! Prices from the auction are nearly right. Everyone whose place does not pay under them is set loose, and every free seat that still
//! has a price is held by a phantom; then shortest paths carry the loose ones to the phantoms, from all sources at once, until nobody is
//! loose. It is [`flow`](crate::flow) on compressed rows without arcs of their own: ten bytes a pair less, and the search only looks at
//! those whom it touches. It ends whatever the prices were, since each phase places at least one person; from bad prices it is slow.

use crate::{Cost, solve::Cancelled};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Compressed rows: the pairs of person i are `starts[i]..starts[i + 1]`, with a place and a score each.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub starts: &'a [u32],
    pub columns: &'a [u32],
    pub scores: &'a [i32],
}

impl Rows<'_> {
    pub const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn edges(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}

/// Instead of a mentor: unmatched.
pub const NOBODY: u32 = u32::MAX;
/// Instead of a mentor: still to be placed.
pub const LOOSE: u32 = u32::MAX - 1;
/// Instead of a mentee, in a seat: nobody sits there.
const FREE: u32 = u32::MAX;
/// Instead of a mentee, in a seat: somebody has to.
const PHANTOM: u32 = u32::MAX - 1;
const FAR: Cost = Cost::MAX;

/// A matching on its way to the optimum. Nodes are mentees, then mentors, then the ground, where free seats and unmatched people meet.
pub struct Transport<'a> {
    rows: Rows<'a>,
    /// What staying unmatched costs each mentee; making a pair costs minus its score.
    alone: Vec<Cost>,
    /// Of mentees, mentors and the ground.
    pub potentials: Vec<Cost>,
    pub mates: Vec<u32>,
    /// The first seat of each mentor.
    offsets: Vec<u32>,
    seats: Vec<u32>,
    /// In which seat each mentee sits.
    seat_of: Vec<u32>,
    phantoms: Vec<u32>,
    free: Vec<u32>,
    /// How many units the ground has too many.
    ground: i64,
    mentors: usize,
    /// Pairs looked at: what the work is measured by.
    pub looked: u64,
}

impl<'a> Transport<'a> {
    /// From mates (a mentor, or [`NOBODY`] or [`LOOSE`]) that respect the seats, and any prices of mentors.
    pub fn new(rows: Rows<'a>, seats: &[u32], alone: Vec<Cost>, mates: Vec<u32>, prices: &[Cost]) -> Self {
        let (mentees, mentors) = (rows.len(), seats.len());
        let mut offsets = Vec::with_capacity(mentors + 1);
        offsets.push(0);
        let mut sum = 0;
        // More seats than candidates stay free anyway.
        let mut degrees = vec![0_u32; mentors];
        rows.columns.iter().for_each(|&column| degrees[column as usize] += 1);
        for (j, &count) in seats.iter().enumerate() {
            sum += count.min(degrees[j] + 1);
            offsets.push(sum);
        }
        let mut potentials = vec![0; mentees + mentors + 1];
        for (potential, &price) in potentials[mentees..].iter_mut().zip(prices) {
            *potential = price.max(0);
        }
        let mut new = Self {
            rows,
            alone,
            potentials,
            mates,
            seats: vec![FREE; sum as usize],
            seat_of: vec![0; mentees],
            phantoms: vec![0; mentors],
            free: (0..mentors).map(|j| offsets[j + 1] - offsets[j]).collect(),
            offsets,
            ground: 0,
            mentors,
            looked: 0,
        };
        new.obey();
        new
    }

    const fn ground_node(&self) -> usize {
        self.rows.len() + self.mentors
    }

    /// Sets loose who sits where it does not pay, and puts phantoms where a seat has a price.
    fn obey(&mut self) {
        let mentees = self.rows.len();
        for i in 0..mentees {
            let mut best = self.alone[i];
            let mut mine = best;
            for edge in self.rows.edges(i) {
                let j = self.rows.columns[edge];
                let cost = self.potentials[mentees + j as usize] - Cost::from(self.rows.scores[edge]);
                best = best.min(cost);
                if j == self.mates[i] {
                    mine = cost;
                }
            }
            self.looked += self.rows.edges(i).len() as u64;
            self.potentials[i] = best;
            let mate = self.mates[i];
            if mate < LOOSE {
                let j = mate as usize;
                let seat = self.offsets[j + 1] - self.free[j];
                self.free[j] -= 1;
                if mine > best {
                    self.seats[seat as usize] = PHANTOM;
                    self.phantoms[j] += 1;
                    self.mates[i] = LOOSE;
                } else {
                    self.seats[seat as usize] = i as u32;
                    self.seat_of[i] = seat;
                }
            } else if mate == NOBODY && mine > best || mate == LOOSE {
                self.mates[i] = LOOSE;
                self.ground -= 1;
            }
        }
        for j in 0..self.mentors {
            let price = self.potentials[mentees + j];
            if price > 0 && self.free[j] > 0 {
                let start = (self.offsets[j + 1] - self.free[j]) as usize;
                self.seats[start..self.offsets[j + 1] as usize].fill(PHANTOM);
                self.phantoms[j] += self.free[j];
                self.ground += i64::from(self.free[j]);
                self.free[j] = 0;
            }
        }
    }

    /// Places everyone. Afterwards the potentials, taken from that of the ground, prove the matching.
    pub fn run(&mut self, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<(), Cancelled> {
        let ground = self.ground_node();
        let mut search = Search {
            distance: vec![FAR; ground + 1],
            current: vec![0; ground + 1],
            dead: vec![false; ground + 1],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            now: Vec::new(),
        };
        let mut loose: Vec<u32> = (0..self.rows.len() as u32).filter(|&i| self.mates[i as usize] == LOOSE).collect();
        while !loose.is_empty() || self.ground > 0 {
            pulse(loose.len() + self.ground.max(0) as usize)?;
            search.run(self, &loose);
            for &mentee in &loose {
                search.augment(self, mentee as usize);
            }
            while self.ground > 0 && search.augment(self, ground) {}
            search.clear();
            loose.retain(|&i| self.mates[i as usize] == LOOSE);
        }
        let base = self.potentials[ground];
        self.potentials.iter_mut().for_each(|potential| *potential -= base);
        Ok(())
    }

    /// Moves everyone on the path one place on. A path goes from a loose mentee or the ground to a phantom or the ground.
    fn shift(&mut self, path: &[u32]) {
        let (mentees, ground) = (self.rows.len(), self.ground_node());
        for at in 0..path.len() {
            let node = path[at] as usize;
            let next = path.get(at + 1).map(|&next| next as usize);
            if node < mentees {
                if next == Some(ground) {
                    self.mates[node] = NOBODY;
                }
            } else if node < ground {
                let j = node - mentees;
                let seats = self.offsets[j]..self.offsets[j + 1];
                let holding = |content: u32| seats.clone().find(|&seat| self.seats[seat as usize] == content);
                let seat = match next {
                    None => {
                        self.phantoms[j] -= 1;
                        holding(PHANTOM)
                    }
                    Some(next) if next == ground => {
                        self.free[j] -= 1;
                        holding(FREE)
                    }
                    Some(next) => Some(self.seat_of[next]),
                };
                let seat = seat.unwrap_or(seats.start);
                let before = path[at - 1];
                if before as usize == ground {
                    self.seats[seat as usize] = FREE;
                    self.free[j] += 1;
                } else {
                    self.seats[seat as usize] = before;
                    self.seat_of[before as usize] = seat;
                    self.mates[before as usize] = j as u32;
                }
            } else if at == 0 {
                self.ground -= 1;
            } else if next.is_none() {
                self.ground += 1;
            }
        }
    }

    fn is_target(&self, node: usize) -> bool {
        let mentees = self.rows.len();
        if node == self.ground_node() { self.ground < 0 } else { node >= mentees && self.phantoms[node - mentees] > 0 }
    }
}

struct Search {
    distance: Vec<Cost>,
    current: Vec<u32>,
    dead: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
    /// Nodes at the distance that is being looked at.
    now: Vec<u32>,
}

impl Search {
    fn reach(&mut self, node: usize, distance: Cost, here: Cost, nearest: Cost) {
        if distance < self.distance[node] && distance <= nearest {
            if self.distance[node] == FAR {
                self.touched.push(node as u32);
            }
            self.distance[node] = distance;
            if distance == here {
                self.now.push(node as u32);
            } else {
                self.heap.push(Reverse((distance, node as u32)));
            }
        }
    }

    /// Dijkstra from everyone loose until the nearest target; raises the potentials of all that is nearer.
    fn run(&mut self, work: &mut Transport<'_>, loose: &[u32]) {
        let (mentees, ground) = (work.rows.len(), work.ground_node());
        self.heap.clear();
        self.now.clear();
        let mut nearest = FAR;
        let (mut here, mut looked) = (0, 0);
        for &mentee in loose {
            self.reach(mentee as usize, 0, 0, FAR);
        }
        if work.ground > 0 {
            self.reach(ground, 0, 0, FAR);
        }
        loop {
            let node = match self.now.pop() {
                Some(node) => node as usize,
                None => match self.heap.pop() {
                    Some(Reverse((distance, _))) if distance > nearest => break,
                    Some(Reverse((distance, node))) => {
                        if distance > self.distance[node as usize] {
                            continue;
                        }
                        here = distance;
                        node as usize
                    }
                    None => break,
                },
            };
            if nearest == FAR && work.is_target(node) {
                nearest = here;
            }
            let potential = work.potentials[node];
            if node < mentees {
                let base = here - potential;
                for edge in work.rows.edges(node) {
                    let j = work.rows.columns[edge] as usize;
                    let onward = base - Cost::from(work.rows.scores[edge]) + work.potentials[mentees + j];
                    if onward < self.distance[mentees + j] {
                        self.reach(mentees + j, onward, here, nearest);
                    }
                }
                looked += work.rows.edges(node).len() as u64;
                if work.mates[node] != NOBODY {
                    self.reach(ground, base + work.alone[node] + work.potentials[ground], here, nearest);
                }
            } else if node < ground {
                let j = node - mentees;
                for seat in work.offsets[j]..work.offsets[j + 1] {
                    let mentee = work.seats[seat as usize];
                    if mentee < PHANTOM {
                        self.reach(mentee as usize, here, here, nearest);
                    }
                }
                if work.free[j] > 0 {
                    self.reach(ground, here - potential + work.potentials[ground], here, nearest);
                }
            } else {
                for j in 0..work.mentors {
                    if work.offsets[j + 1] - work.offsets[j] > work.free[j] {
                        self.reach(mentees + j, here - potential + work.potentials[mentees + j], here, nearest);
                    }
                }
                for i in 0..mentees {
                    if work.mates[i] == NOBODY {
                        self.reach(i, here, here, nearest);
                    }
                }
            }
        }
        work.looked += looked;
        debug_assert!(nearest < FAR, "the ground takes everyone");
        for &node in &self.touched {
            let node = node as usize;
            work.potentials[node] += (nearest - self.distance[node]).max(0);
            self.current[node] = 0;
        }
    }

    /// One path along tight pairs from a source to a target, among those whom the search has reached.
    fn augment(&mut self, work: &mut Transport<'_>, source: usize) -> bool {
        if self.dead[source] {
            return false;
        }
        let mut path = vec![source as u32];
        self.dead[source] = true;
        while let Some(&node) = path.last() {
            let node = node as usize;
            // The ground is source and never target at once, for its excess is either.
            if work.is_target(node) {
                work.shift(&path);
                path.iter().for_each(|&node| self.dead[node as usize] = false);
                return true;
            }
            match self.onward(work, node) {
                Some(next) => {
                    self.dead[next] = true;
                    path.push(next as u32);
                }
                None => {
                    path.pop();
                    if let Some(&back) = path.last() {
                        self.current[back as usize] += 1;
                    }
                }
            }
        }
        false
    }

    /// The next node to try along a tight way out of a node.
    fn onward(&mut self, work: &Transport<'_>, node: usize) -> Option<usize> {
        let (mentees, ground) = (work.rows.len(), work.ground_node());
        let potential = work.potentials[node];
        let mut at = self.current[node] as usize;
        let open = |search: &Self, next: usize| search.distance[next] != FAR && !search.dead[next];
        let found = loop {
            let next = if node < mentees {
                let edges = work.rows.edges(node);
                match at.cmp(&edges.len()) {
                    std::cmp::Ordering::Less => {
                        let edge = edges.start + at;
                        let j = work.rows.columns[edge];
                        let next = mentees + j as usize;
                        let tight = work.mates[node] != j && work.potentials[next] - Cost::from(work.rows.scores[edge]) == potential;
                        tight.then_some(next)
                    }
                    std::cmp::Ordering::Equal => {
                        let tight = work.mates[node] != NOBODY && work.alone[node] + work.potentials[ground] == potential;
                        tight.then_some(ground)
                    }
                    std::cmp::Ordering::Greater => break None,
                }
            } else if node < ground {
                let j = node - mentees;
                let count = (work.offsets[j + 1] - work.offsets[j]) as usize;
                if at < count {
                    let mentee = work.seats[work.offsets[j] as usize + at] as usize;
                    (mentee < PHANTOM as usize).then_some(mentee)
                } else if at == count {
                    (work.free[j] > 0 && work.potentials[ground] == potential).then_some(ground)
                } else {
                    break None;
                }
            } else if at < work.mentors {
                let taken = work.offsets[at + 1] - work.offsets[at] > work.free[at];
                (taken && work.potentials[mentees + at] == potential).then_some(mentees + at)
            } else if at < work.mentors + mentees {
                (work.mates[at - work.mentors] == NOBODY).then_some(at - work.mentors)
            } else {
                break None;
            };
            if let Some(next) = next
                && open(self, next)
            {
                break Some(next);
            }
            at += 1;
        };
        self.current[node] = at as u32;
        found
    }

    fn clear(&mut self) {
        for node in self.touched.drain(..) {
            self.distance[node as usize] = FAR;
            self.dead[node as usize] = false;
        }
    }
}
