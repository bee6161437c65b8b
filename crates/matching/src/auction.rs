//! The approximate beginning of the fast way where seats are not scarce: people bid for seats.
//!
//! Bertsekas's auction (1988, 1992) with seats of one mentor as similar objects (Bertsekas and Castañón 1989): a place costs what its
//! cheapest unit costs, and the one who holds that unit gives way. Every phase begins below the prices of the one before and only
//! raises them, so that no unit stays free at a price. Each bidder keeps their few best offers and a bound on all others
//! (prices rise, so the bound holds); most bids look at one cache line.
//!
//! Prices and costs are scaled to 31 bits. What is lost that way, and whatever is left when the limit of bids is reached, the exact
//! [`transport`](crate::transport) mends.

use crate::{
    Cost,
    solve::Cancelled,
    transport::{LOOSE, NOBODY, Rows},
};

/// How many offers are kept of each bidder: as many as there are in a cache line.
pub const OFFERS: usize = 8;
/// Of a bidder with more offers than these, an eighth is kept as a reserve: from it the few best are renewed without a look at all.
const LONG: usize = 256;
/// Beyond every cost, with room for additions.
pub const NEVER: i32 = 1 << 29;
const FREE: u32 = u32::MAX;

/// How scores become scaled costs.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The highest score, which costs nothing.
    pub best: i32,
    /// Bits to the left, or to the right where negative.
    pub shift: i32,
}

impl Scale {
    /// As fine as 31 bits allow, but no finer than a 256th of a point: the finer, the fewer pairs a rounded price decides wrongly.
    pub fn new(best: i32, alone: Cost) -> Self {
        let largest = Cost::from(best).max(alone).max(1);
        let bits = (Cost::BITS - largest.leading_zeros()) as i32;
        Self { best, shift: (26 - bits).min(8) }
    }

    pub fn cost(self, cost: Cost) -> i32 {
        if self.shift >= 0 { (cost << self.shift) as i32 } else { (cost >> -self.shift) as i32 }
    }

    pub fn score(self, score: i32) -> i32 {
        self.cost(Cost::from(self.best) - Cost::from(score))
    }

    pub fn back(self, cost: i32) -> Cost {
        if self.shift >= 0 { Cost::from(cost) >> self.shift } else { Cost::from(cost) << -self.shift }
    }
}

/// The best offers of a bidder.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Offers {
    pub places: [u32; OFFERS],
    pub costs: [i32; OFFERS],
}

impl Offers {
    pub const EMPTY: Self = Self { places: [0; OFFERS], costs: [NEVER; OFFERS] };
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    price: i32,
    holder: u32,
}

/// Where a bidder is, or [`NOBODY`] or [`LOOSE`], and what that place costs without its price.
#[derive(Clone, Copy)]
struct Mate {
    place: u32,
    cost: i32,
}

/// The best offers of a row, best first, and one more.
struct Best {
    values: [i32; OFFERS + 1],
    offers: [(u32, i32); OFFERS + 1],
}

impl Best {
    /// Of (place, cost), at these prices of places; the first of equal ones first.
    fn of(row: impl Iterator<Item = (u32, i32)>, prices: &[i32]) -> Self {
        let mut best = Self { values: [NEVER; OFFERS + 1], offers: [(0, NEVER); OFFERS + 1] };
        for (place, cost) in row {
            let value = cost + prices[place as usize];
            if value < best.values[OFFERS] {
                let mut at = OFFERS;
                while at > 0 && best.values[at - 1] > value {
                    best.values[at] = best.values[at - 1];
                    best.offers[at] = best.offers[at - 1];
                    at -= 1;
                }
                best.values[at] = value;
                best.offers[at] = (place, cost);
            }
        }
        best
    }
}

/// An auction of places to bidders.
pub struct Auction<'a> {
    offers: Rows<'a>,
    scale: Scale,
    /// What it costs each bidder to go without.
    alone: Vec<i32>,
    prices: Vec<i32>,
    /// The first unit of each place; the units of a place are a heap, cheapest first.
    offsets: Vec<u32>,
    units: Vec<Unit>,
    mates: Vec<Mate>,
    best: Vec<Offers>,
    bounds: Vec<i32>,
    /// (place, cost), empty where the row is not long.
    reserves: Vec<Vec<(u32, i32)>>,
    /// What is in neither is no better.
    reserve_bounds: Vec<i32>,
    /// (value, pair) of a whole row, while it is looked at.
    row: Vec<(i32, u32)>,
    pub bids: u64,
    /// Pairs looked at.
    pub looked: u64,
}

/// How an auction goes.
#[derive(Clone, Copy)]
pub struct Course {
    /// The first raise, scaled.
    pub raise: i32,
    /// By what the raise is divided from phase to phase.
    pub divisor: i32,
    /// How many raises below its price a place begins the next phase.
    pub discount: i32,
}

impl<'a> Auction<'a> {
    /// `units[place]` units of each place; none where the place is not offered here.
    pub fn new(offers: Rows<'a>, scale: Scale, units: impl Iterator<Item = u32>, alone: Vec<i32>) -> Self {
        let mut offsets = vec![0_u32];
        let mut prices = Vec::new();
        for count in units {
            offsets.push(offsets[offsets.len() - 1] + count);
            prices.push(if count == 0 { NEVER } else { 0 });
        }
        Self {
            scale,
            alone,
            prices,
            units: vec![Unit { price: 0, holder: FREE }; offsets[offsets.len() - 1] as usize],
            mates: vec![Mate { place: LOOSE, cost: 0 }; offers.len()],
            best: vec![Offers::EMPTY; offers.len()],
            bounds: vec![i32::MIN; offers.len()],
            reserves: vec![Vec::new(); offers.len()],
            reserve_bounds: vec![i32::MIN; offers.len()],
            row: Vec::new(),
            offers,
            offsets,
            bids: 0,
            looked: 0,
        }
    }

    /// Runs all phases for these bidders. Each spends at most so many bids; what is then still open stays [`LOOSE`].
    pub fn run(&mut self, bidders: &[u32], course: Course, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<(), Cancelled> {
        let most = 300 * bidders.len() as u64 + 1_000;
        let mut raise = course.raise.max(1);
        let mut queue: Vec<u32> = bidders.iter().rev().copied().collect();
        loop {
            self.phase(raise, &mut queue, most, pulse)?;
            // A war over prices is left to the shortest paths.
            if raise == 1 || !queue.is_empty() {
                return Ok(());
            }
            let discount = raise.saturating_mul(course.discount);
            raise = (raise / course.divisor).max(1);
            queue = self.reopen(bidders, discount, raise);
        }
    }

    /// The place of a bidder, or [`NOBODY`] or [`LOOSE`].
    pub fn mate(&self, bidder: usize) -> u32 {
        self.mates[bidder].place
    }

    /// The scaled price of a place.
    pub fn price(&self, place: usize) -> i32 {
        self.prices[place]
    }

    /// What the best offer costs a bidder, scaled; at most what going without costs.
    fn value(&mut self, bidder: usize) -> i32 {
        let (mut first, ..) = self.look(bidder);
        if first > self.bounds[bidder] {
            self.fill(bidder);
            first = self.look(bidder).0;
        }
        first.min(self.alone[bidder])
    }

    /// Looks at all offers of a bidder and keeps the best.
    fn fill(&mut self, bidder: usize) {
        let edges = self.offers.edges(bidder);
        if edges.len() <= LONG {
            self.looked += edges.len() as u64;
            let scale = self.scale;
            let offers = self.offers.columns[edges.clone()].iter().zip(&self.offers.scores[edges]);
            let found = Best::of(offers.map(|(&place, &score)| (place, scale.score(score))), &self.prices);
            self.keep(bidder, &found, NEVER);
            return;
        }
        let limit = self.reserve_bounds[bidder];
        let found = Best::of(self.reserves[bidder].iter().copied(), &self.prices);
        if found.values[1] <= limit && !self.reserves[bidder].is_empty() {
            self.looked += self.reserves[bidder].len() as u64;
            self.keep(bidder, &found, limit);
            return;
        }
        let part = edges.len() / 8;
        self.looked += edges.len() as u64;
        self.row.clear();
        self.row.extend(edges.map(|edge| {
            let place = self.offers.columns[edge] as usize;
            (self.scale.score(self.offers.scores[edge]) + self.prices[place], edge as u32)
        }));
        let (reserve, &mut (limit, _), _) = self.row.select_nth_unstable(part);
        let pair =
            |&mut (_, edge): &mut (i32, u32)| (self.offers.columns[edge as usize], self.scale.score(self.offers.scores[edge as usize]));
        self.reserves[bidder].clear();
        self.reserves[bidder].extend(reserve.iter_mut().map(pair));
        self.reserve_bounds[bidder] = limit;
        let found = Best::of(self.reserves[bidder].iter().copied(), &self.prices);
        self.keep(bidder, &found, limit);
    }

    /// Keeps the best; no other is better than `limit`.
    fn keep(&mut self, bidder: usize, found: &Best, limit: i32) {
        self.bounds[bidder] = found.values[OFFERS].min(limit);
        let kept = &mut self.best[bidder];
        for (at, &(place, cost)) in found.offers[..OFFERS].iter().enumerate() {
            (kept.places[at], kept.costs[at]) = (place, cost);
        }
    }

    /// The two least values among the kept offers, and where the least is.
    fn look(&self, bidder: usize) -> (i32, i32, usize) {
        let kept = &self.best[bidder];
        let (mut first, mut second, mut at) = (i32::MAX, i32::MAX, 0);
        for offer in 0..OFFERS {
            let value = kept.costs[offer] + self.prices[kept.places[offer] as usize];
            if value < first {
                (second, first, at) = (first, value, offer);
            } else if value < second {
                second = value;
            }
        }
        (first, second, at)
    }

    fn phase(
        &mut self,
        raise: i32,
        queue: &mut Vec<u32>,
        most: u64,
        pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>,
    ) -> Result<(), Cancelled> {
        let end = self.bids + most;
        while let Some(bidder) = queue.pop() {
            let i = bidder as usize;
            let alone = self.alone[i];
            let (mut first, mut second, mut at) = self.look(i);
            if second.min(alone) > self.bounds[i] {
                self.fill(i);
                (first, second, at) = self.look(i);
            }
            // What was not kept is no better than the bound, so bidding up to the bound is never too high.
            second = second.min(self.bounds[i]).min(alone);
            if first >= alone {
                self.mates[i].place = NOBODY;
                continue;
            }
            self.bids += 1;
            if self.bids & 0xffff == 0 {
                pulse(queue.len() + 1)?;
            }
            if self.bids > end {
                queue.push(bidder);
                return Ok(());
            }
            let (place, cost) = (self.best[i].places[at], self.best[i].costs[at]);
            let before = self.take(place as usize, Unit { price: first - cost + (second - first) + raise, holder: bidder });
            self.mates[i] = Mate { place, cost };
            if before != FREE {
                self.mates[before as usize].place = LOOSE;
                queue.push(before);
            }
        }
        Ok(())
    }

    /// Gives the cheapest unit of a place away, and lets it sink to where it belongs in the heap; who held it before.
    fn take(&mut self, place: usize, unit: Unit) -> u32 {
        let units = &mut self.units[self.offsets[place] as usize..self.offsets[place + 1] as usize];
        let before = units[0].holder;
        let mut at = 0;
        loop {
            let mut below = 2 * at + 1;
            if below >= units.len() {
                break;
            }
            if below + 1 < units.len() && units[below + 1].price < units[below].price {
                below += 1;
            }
            if units[below].price >= unit.price {
                break;
            }
            units[at] = units[below];
            at = below;
        }
        units[at] = unit;
        self.prices[place] = units[0].price;
        before
    }

    /// Lowers all prices, and sets loose whom that, or the smaller raise, gives a reason to look again.
    fn reopen(&mut self, bidders: &[u32], discount: i32, raise: i32) -> Vec<u32> {
        for price in self.prices.iter_mut().filter(|price| **price < NEVER) {
            *price = (*price - discount).max(0);
        }
        for bound in self.bounds.iter_mut().chain(&mut self.reserve_bounds) {
            *bound = bound.saturating_sub(discount);
        }
        let (mut queue, mut caps) = (Vec::new(), vec![0; self.mates.len()]);
        for &bidder in bidders.iter().rev() {
            let i = bidder as usize;
            let value = self.value(i);
            let Mate { place, cost } = self.mates[i];
            let stays = match place {
                LOOSE => false,
                NOBODY => value >= self.alone[i],
                place => cost + self.prices[place as usize] <= value + raise,
            };
            if stays {
                // At most this for the unit that is held: what was right for the larger raise may be too much for the smaller.
                caps[i] = value + raise - cost;
            } else {
                self.mates[i].place = LOOSE;
                queue.push(bidder);
            }
        }
        for place in 0..self.prices.len() {
            let units = &mut self.units[self.offsets[place] as usize..self.offsets[place + 1] as usize];
            let floor = self.prices[place];
            for unit in units.iter_mut() {
                *unit = if unit.holder != FREE && self.mates[unit.holder as usize].place == place as u32 {
                    Unit { price: (unit.price - discount).min(caps[unit.holder as usize]).max(floor), ..*unit }
                } else {
                    Unit { price: floor, holder: FREE }
                };
            }
            units.sort_unstable();
            if let Some(cheapest) = units.first() {
                self.prices[place] = cheapest.price;
            }
        }
        queue
    }
}
