//! The approximate beginning of the fast way: an auction in which one side bids for places on the other.
//!
//! Bertsekas's auction (1988, 1992) with seats of one mentor as similar objects (Bertsekas and Castañón 1989): a place costs what its
//! cheapest unit costs, and the one who holds that unit gives way. Every phase begins below the prices of the one before and only
//! raises them, so that no unit stays free at a price. Each class of bidders keeps its few best offers and a bound on all others
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

/// An auction of places to bidders. Bidders of one class have the same offers.
pub struct Auction<'a> {
    offers: Rows<'a>,
    scale: Scale,
    /// The class of each bidder.
    classes: Vec<u32>,
    /// What it costs each class to go without.
    alone: Vec<i32>,
    prices: Vec<i32>,
    /// The first unit of each place; the units of a place are a heap, cheapest first.
    offsets: Vec<u32>,
    unit_prices: Vec<i32>,
    holders: Vec<u32>,
    mates: Vec<u32>,
    mate_costs: Vec<i32>,
    best: Vec<Offers>,
    bounds: Vec<i32>,
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
    pub fn new(offers: Rows<'a>, scale: Scale, classes: Vec<u32>, units: impl Iterator<Item = u32>, alone: Vec<i32>) -> Self {
        let mut offsets = vec![0_u32];
        let mut prices = Vec::new();
        for count in units {
            offsets.push(offsets[offsets.len() - 1] + count);
            prices.push(if count == 0 { NEVER } else { 0 });
        }
        let total = offsets[offsets.len() - 1] as usize;
        Self {
            offers,
            scale,
            alone,
            prices,
            unit_prices: vec![0; total],
            holders: vec![FREE; total],
            mates: vec![LOOSE; classes.len()],
            mate_costs: vec![0; classes.len()],
            best: vec![Offers::EMPTY; offers.len()],
            bounds: vec![i32::MIN; offers.len()],
            classes,
            offsets,
            bids: 0,
            looked: 0,
        }
    }

    /// Runs all phases. Each spends at most so many bids; what is then still open stays [`LOOSE`].
    pub fn run(&mut self, course: Course, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<(), Cancelled> {
        let most = 300 * self.classes.len() as u64 + 1_000;
        let mut raise = course.raise.max(1);
        let mut queue: Vec<u32> = (0..self.classes.len() as u32).rev().collect();
        loop {
            self.phase(raise, &mut queue, most, pulse)?;
            // A war over prices is left to the shortest paths.
            if raise == 1 || !queue.is_empty() {
                return Ok(());
            }
            let discount = raise.saturating_mul(course.discount);
            raise = (raise / course.divisor).max(1);
            queue = self.reopen(discount, raise);
        }
    }

    /// The place of each bidder, or [`NOBODY`] or [`LOOSE`].
    pub fn mates(&self) -> &[u32] {
        &self.mates
    }

    /// The scaled price of a place.
    pub fn price(&self, place: usize) -> i32 {
        self.prices[place]
    }

    /// What the best offer costs a class, scaled; at most what going without costs.
    pub fn value(&mut self, class: usize) -> i32 {
        let (mut first, ..) = self.look(class);
        if first > self.bounds[class] {
            self.fill(class);
            first = self.look(class).0;
        }
        first.min(self.alone[class])
    }

    /// Looks at all offers of a class and keeps the best.
    fn fill(&mut self, class: usize) {
        let edges = self.offers.edges(class);
        self.looked += edges.len() as u64;
        let mut values = [NEVER; OFFERS + 1];
        let mut best = [(0_u32, NEVER); OFFERS + 1];
        let columns = &self.offers.columns[edges.clone()];
        for (&place, &score) in columns.iter().zip(&self.offers.scores[edges]) {
            let cost = self.scale.score(score);
            let value = cost + self.prices[place as usize];
            if value < values[OFFERS] {
                let mut at = OFFERS;
                while at > 0 && values[at - 1] > value {
                    values[at] = values[at - 1];
                    best[at] = best[at - 1];
                    at -= 1;
                }
                values[at] = value;
                best[at] = (place, cost);
            }
        }
        self.bounds[class] = values[OFFERS];
        let kept = &mut self.best[class];
        for (at, &(place, cost)) in best[..OFFERS].iter().enumerate() {
            (kept.places[at], kept.costs[at]) = (place, cost);
        }
    }

    /// The two least values among the kept offers, and where the least is.
    fn look(&self, class: usize) -> (i32, i32, usize) {
        let kept = &self.best[class];
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
            let class = self.classes[bidder as usize] as usize;
            let alone = self.alone[class];
            let (mut first, mut second, mut at) = self.look(class);
            if second.min(alone) > self.bounds[class] {
                self.fill(class);
                (first, second, at) = self.look(class);
            }
            // What was not kept is no better than the bound, so bidding up to the bound is never too high.
            second = second.min(self.bounds[class]).min(alone);
            if first >= alone {
                self.mates[bidder as usize] = NOBODY;
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
            let place = self.best[class].places[at] as usize;
            let unit = self.offsets[place] as usize;
            let before = self.holders[unit];
            self.unit_prices[unit] = self.prices[place] + (second - first) + raise;
            self.holders[unit] = bidder;
            self.mates[bidder as usize] = place as u32;
            self.mate_costs[bidder as usize] = self.best[class].costs[at];
            self.sift(place);
            if before != FREE {
                self.mates[before as usize] = LOOSE;
                queue.push(before);
            }
        }
        Ok(())
    }

    /// Lets the first unit of a place sink to where it belongs in the heap.
    fn sift(&mut self, place: usize) {
        let units = self.offsets[place] as usize..self.offsets[place + 1] as usize;
        let (prices, holders) = (&mut self.unit_prices[units.clone()], &mut self.holders[units]);
        let (price, holder) = (prices[0], holders[0]);
        let mut at = 0;
        loop {
            let mut below = 2 * at + 1;
            if below >= prices.len() {
                break;
            }
            if below + 1 < prices.len() && prices[below + 1] < prices[below] {
                below += 1;
            }
            if prices[below] >= price {
                break;
            }
            (prices[at], holders[at]) = (prices[below], holders[below]);
            at = below;
        }
        (prices[at], holders[at]) = (price, holder);
        self.prices[place] = prices[0];
    }

    /// Lowers all prices, and sets loose whom that, or the smaller raise, gives a reason to look again.
    fn reopen(&mut self, discount: i32, raise: i32) -> Vec<u32> {
        for price in self.prices.iter_mut().filter(|price| **price < NEVER) {
            *price = (*price - discount).max(0);
        }
        for bound in &mut self.bounds {
            *bound = bound.saturating_sub(discount);
        }
        let (mut queue, mut caps) = (Vec::new(), vec![0; self.classes.len()]);
        for bidder in (0..self.classes.len()).rev() {
            let mate = self.mates[bidder];
            let value = self.value(self.classes[bidder] as usize);
            let stays = match mate {
                LOOSE => false,
                NOBODY => value >= self.alone[self.classes[bidder] as usize],
                place => self.mate_costs[bidder] + self.prices[place as usize] <= value + raise,
            };
            if stays {
                // At most this for the unit that is held: what was right for the larger raise may be too much for the smaller.
                caps[bidder] = value + raise - self.mate_costs[bidder];
            } else {
                self.mates[bidder] = LOOSE;
                queue.push(bidder as u32);
            }
        }
        let mut units: Vec<(i32, u32)> = Vec::new();
        for place in 0..self.prices.len() {
            let range = self.offsets[place] as usize..self.offsets[place + 1] as usize;
            if range.is_empty() {
                continue;
            }
            let floor = self.prices[place];
            units.clear();
            units.extend(range.clone().map(|unit| {
                let holder = self.holders[unit];
                if holder != FREE && self.mates[holder as usize] == place as u32 {
                    ((self.unit_prices[unit] - discount).min(caps[holder as usize]).max(floor), holder)
                } else {
                    (floor, FREE)
                }
            }));
            if units.len() > 1 {
                units.sort_unstable();
            }
            for (unit, &(price, holder)) in range.zip(&units) {
                (self.unit_prices[unit], self.holders[unit]) = (price, holder);
            }
            self.prices[place] = units[0].0;
        }
        queue
    }
}
