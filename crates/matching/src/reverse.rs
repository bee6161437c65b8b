//! The approximate beginning of the fast way where seats are scarce: mentors bid for people, each for as many as they have seats.
//!
//! Bertsekas's auction (1988, 1992) in reverse, with all seats of a mentor as one bidder (similar persons: Bertsekas and Castañón 1989).
//! A mentor never bids against themselves: what they hold is no offer to them, so that a seat bids only as far as the best person whom
//! they do not have yet. Each mentor keeps their few best offers and a bound on all others (prices rise, so the bound holds); most bids
//! look at one cache line of offers and the prices of eight people.

use crate::{
    auction::{Course, NEVER, OFFERS, Offers, Scale},
    cover::Turned,
    solve::Cancelled,
    transport::Rows,
};

const FREE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Place {
    price: i32,
    holder: u32,
}

/// An auction of people to mentors.
pub struct Reverse<'a> {
    wishes: &'a Turned,
    /// The same pairs by person, with scores.
    rows: Rows<'a>,
    scale: Scale,
    /// What a free seat costs.
    alone: i32,
    places: Vec<Place>,
    /// What the pair costs by which a person is held.
    costs: Vec<i32>,
    /// How many seats each mentor has to fill.
    short: Vec<u32>,
    queued: Vec<bool>,
    best: Vec<Offers>,
    bounds: Vec<i32>,
    pub bids: u64,
    /// Pairs looked at.
    pub looked: u64,
}

impl<'a> Reverse<'a> {
    /// `seats[mentor]` seats of each mentor, none where they take no part.
    pub fn new(wishes: &'a Turned, rows: Rows<'a>, scale: Scale, seats: Vec<u32>, alone: i32) -> Self {
        let mentees = rows.len();
        Self {
            wishes,
            rows,
            scale,
            alone,
            places: vec![Place { price: 0, holder: FREE }; mentees],
            costs: vec![0; mentees],
            queued: vec![false; seats.len()],
            best: vec![Offers::EMPTY; seats.len()],
            bounds: vec![i32::MIN; seats.len()],
            short: seats,
            bids: 0,
            looked: 0,
        }
    }

    /// Runs all phases. Each spends at most so many bids; whoever then lacks people keeps lacking them.
    pub fn run(&mut self, course: Course, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<(), Cancelled> {
        let most = 300 * self.short.iter().map(|&short| u64::from(short)).sum::<u64>() + 1_000;
        let mut raise = course.raise.max(1);
        loop {
            let open = self.phase(raise, most, pulse)?;
            // A war over prices is left to the shortest paths.
            if open {
                return Ok(());
            }
            self.sell(raise);
            if raise == 1 {
                return Ok(());
            }
            let discount = raise.saturating_mul(course.discount);
            raise = (raise / course.divisor).max(1);
            self.reopen(discount, raise);
        }
    }

    /// Who holds a person, if anyone.
    pub fn holder(&self, mentee: usize) -> Option<u32> {
        Some(self.places[mentee].holder).filter(|&holder| holder != FREE)
    }

    /// The scaled price of a person.
    pub fn price(&self, mentee: usize) -> i32 {
        self.places[mentee].price
    }

    /// What the best person costs whom a mentor does not hold, scaled; at most what a free seat costs.
    pub fn value(&mut self, mentor: usize) -> i32 {
        let (mut first, ..) = self.look(mentor);
        if first > self.bounds[mentor] {
            self.fill(mentor);
            first = self.look(mentor).0;
        }
        first.min(self.alone)
    }

    /// Looks at all people whom a mentor may have and does not hold, and keeps the best.
    fn fill(&mut self, mentor: usize) {
        let pairs = self.wishes.of(mentor);
        self.looked += pairs.len() as u64;
        let mut values = [NEVER; OFFERS + 1];
        let mut best = [(0_u32, NEVER); OFFERS + 1];
        for &(mentee, cost) in pairs {
            let place = self.places[mentee as usize];
            let value = cost + place.price;
            if value < values[OFFERS] && place.holder != mentor as u32 {
                let mut at = OFFERS;
                while at > 0 && values[at - 1] > value {
                    values[at] = values[at - 1];
                    best[at] = best[at - 1];
                    at -= 1;
                }
                values[at] = value;
                best[at] = (mentee, cost);
            }
        }
        self.bounds[mentor] = values[OFFERS];
        let kept = &mut self.best[mentor];
        for (at, &(place, cost)) in best[..OFFERS].iter().enumerate() {
            (kept.places[at], kept.costs[at]) = (place, cost);
        }
    }

    /// The two least values among the kept offers, and where the least is.
    fn look(&self, mentor: usize) -> (i32, i32, usize) {
        let kept = &self.best[mentor];
        let (mut first, mut second, mut at) = (i32::MAX, i32::MAX, 0);
        for offer in 0..OFFERS {
            let value = kept.costs[offer] + self.places[kept.places[offer] as usize].price;
            if value < first {
                (second, first, at) = (first, value, offer);
            } else if value < second {
                second = value;
            }
        }
        (first, second, at)
    }

    /// Where a person is among the kept offers.
    fn kept_at(&self, mentor: usize, mentee: u32) -> Option<usize> {
        let kept = &self.best[mentor];
        (0..OFFERS).find(|&offer| kept.places[offer] == mentee && kept.costs[offer] < NEVER)
    }

    /// Takes a person among the offers of a mentor who does not hold them any more.
    fn offer(&mut self, mentor: usize, mentee: u32, cost: i32) {
        let value = cost + self.places[mentee as usize].price;
        if value >= self.bounds[mentor] {
            return;
        }
        let kept = &mut self.best[mentor];
        let (mut worst, mut at) = (i32::MIN, 0);
        for offer in 0..OFFERS {
            let value = kept.costs[offer] + self.places[kept.places[offer] as usize].price;
            if value > worst {
                (worst, at) = (value, offer);
            }
        }
        if worst <= value {
            self.bounds[mentor] = self.bounds[mentor].min(value);
            return;
        }
        (kept.places[at], kept.costs[at]) = (mentee, cost);
        self.bounds[mentor] = self.bounds[mentor].min(worst);
    }

    /// Whether somebody was left in the queue.
    fn phase(&mut self, raise: i32, most: u64, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<bool, Cancelled> {
        let end = self.bids + most;
        let mut queue: Vec<u32> = (0..self.short.len() as u32).rev().filter(|&mentor| self.short[mentor as usize] > 0).collect();
        queue.iter().for_each(|&mentor| self.queued[mentor as usize] = true);
        while let Some(mentor) = queue.pop() {
            let class = mentor as usize;
            self.queued[class] = false;
            while self.short[class] > 0 {
                let (mut first, mut second, mut at) = self.look(class);
                if second.min(self.alone) > self.bounds[class] {
                    self.fill(class);
                    (first, second, at) = self.look(class);
                }
                // What was not kept is no better than the bound, so bidding up to the bound is never too high.
                second = second.min(self.bounds[class]).min(self.alone);
                if first >= self.alone {
                    break;
                }
                self.bids += 1;
                if self.bids & 0xffff == 0 {
                    pulse(queue.len() + 1)?;
                }
                if self.bids > end {
                    return Ok(true);
                }
                let kept = &mut self.best[class];
                let mentee = std::mem::replace(&mut kept.places[at], 0);
                let cost = std::mem::replace(&mut kept.costs[at], NEVER);
                let place = &mut self.places[mentee as usize];
                place.price += second - first + raise;
                let before = std::mem::replace(&mut place.holder, mentor);
                let cost_before = std::mem::replace(&mut self.costs[mentee as usize], cost);
                self.short[class] -= 1;
                if before != FREE {
                    self.offer(before as usize, mentee, cost_before);
                    self.short[before as usize] += 1;
                    if !std::mem::replace(&mut self.queued[before as usize], true) {
                        queue.push(before);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Lowers all prices, and sets free whom that, or the smaller raise, gives their mentor a reason to doubt.
    fn reopen(&mut self, discount: i32, raise: i32) {
        for place in &mut self.places {
            place.price = (place.price - discount).max(0);
        }
        for bound in &mut self.bounds {
            *bound = bound.saturating_sub(discount);
        }
        let values: Vec<i32> = (0..self.short.len()).map(|mentor| self.value(mentor)).collect();
        for mentee in 0..self.places.len() {
            let Place { price, holder } = self.places[mentee];
            if holder != FREE && self.costs[mentee] + price > values[holder as usize] + raise {
                self.places[mentee].holder = FREE;
                self.short[holder as usize] += 1;
                self.offer(holder as usize, mentee as u32, self.costs[mentee]);
            }
        }
    }

    /// The other way round, for those whom nobody holds at a price: they lower it until the second best of the mentors would exchange
    /// their dearest person for them, and the best one does (forward and reverse auction: Bertsekas, Castañón and Tsaknakis 1993).
    fn sell(&mut self, raise: i32) {
        let mut queue: Vec<u32> = Vec::new();
        let mut starts = vec![0_u32; self.short.len() + 1];
        for (mentee, place) in (0..).zip(&self.places) {
            if place.holder != FREE {
                starts[place.holder as usize + 1] += 1;
            } else if place.price > 0 {
                queue.push(mentee);
            }
        }
        if queue.is_empty() {
            return;
        }
        for mentor in 0..self.short.len() {
            starts[mentor + 1] += starts[mentor];
        }
        let mut next = starts.clone();
        let mut held = vec![0_u32; starts[self.short.len()] as usize];
        for (mentee, place) in (0..).zip(&self.places) {
            if place.holder != FREE {
                let at = &mut next[place.holder as usize];
                held[*at as usize] = mentee;
                *at += 1;
            }
        }
        // What the dearest person costs whom a mentor holds, and where they are in the list.
        let dearest = |auction: &Self, held: &[u32], mentor: usize| {
            let mut most = (-NEVER, 0);
            for at in starts[mentor]..starts[mentor + 1] {
                let mentee = held[at as usize] as usize;
                most = most.max((auction.costs[mentee] + auction.places[mentee].price, at));
            }
            if auction.short[mentor] > 0 { (auction.alone, u32::MAX) } else { most }
        };
        let mut levels: Vec<(i32, u32)> = (0..self.short.len()).map(|mentor| dearest(self, &held, mentor)).collect();
        let end = self.bids + 40 * queue.len() as u64 + 10_000;
        while let Some(mentee) = queue.pop() {
            let edges = self.rows.edges(mentee as usize);
            self.looked += edges.len() as u64;
            // Going without is the second best at worst: nobody pays anything there.
            let (mut first, mut second, mut mentor, mut cost) = (0, 0, 0, 0);
            for (&column, &score) in self.rows.columns[edges.clone()].iter().zip(&self.rows.scores[edges]) {
                let pair = self.scale.score(score);
                let level = levels[column as usize].0 - pair;
                if level > first {
                    (second, first, mentor, cost) = (first, level, column as usize, pair);
                } else if level > second {
                    second = level;
                }
            }
            if first <= 0 {
                self.lower(mentee, 0, u32::MAX);
                continue;
            }
            self.bids += 1;
            if self.bids > end {
                return;
            }
            let at = levels[mentor].1;
            if at == u32::MAX {
                // A free seat: the bids of the mentor come to it in the next phase.
                continue;
            }
            self.places[mentee as usize].holder = mentor as u32;
            self.lower(mentee, (second - raise).max(0), mentor as u32);
            self.costs[mentee as usize] = cost;
            if let Some(offer) = self.kept_at(mentor, mentee) {
                let kept = &mut self.best[mentor];
                (kept.places[offer], kept.costs[offer]) = (0, NEVER);
            }
            let before = std::mem::replace(&mut held[at as usize], mentee) as usize;
            self.places[before].holder = FREE;
            self.offer(mentor, before as u32, self.costs[before]);
            levels[mentor] = dearest(self, &held, mentor);
            if self.places[before].price > 0 {
                queue.push(before as u32);
            }
        }
    }

    /// A lower price, which others than `but` hear of: their bounds hold for prices that rise.
    fn lower(&mut self, mentee: u32, price: i32, but: u32) {
        if price >= self.places[mentee as usize].price {
            return;
        }
        self.places[mentee as usize].price = price;
        for edge in self.rows.edges(mentee as usize) {
            let (mentor, cost) = (self.rows.columns[edge], self.scale.score(self.rows.scores[edge]));
            if cost + price < self.bounds[mentor as usize] && mentor != but && self.kept_at(mentor as usize, mentee).is_none() {
                self.offer(mentor as usize, mentee, cost);
            }
        }
    }
}
