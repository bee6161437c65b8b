//! One to one over a full matrix of costs: small pools where everybody may be matched with everybody.
//!
//! Jonker and Volgenant 1987: column reduction, augmenting row reduction, then shortest paths for the rows that are left. Every loop
//! over a row runs straight through it without branches, so that the compiler makes vector instructions of it, for each generation of
//! processors apart; a column that is done is not taken out of the list but masked. In 32 bits where costs and prices leave room.

use fearless_simd::{Level, Simd, dispatch};
use std::{
    ops::{Add, Sub},
    sync::LazyLock,
};

/// A cheapest assignment of rows to columns, and the prices that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The column of each row.
    pub columns: Vec<u32>,
    /// The sum of its costs.
    pub cost: i64,
    /// `cost - rows[i] - prices[j]` is nowhere negative, and nothing where a pair is made.
    pub rows: Vec<i64>,
    /// As above, for columns.
    pub prices: Vec<i64>,
}

impl Assignment {
    /// Whether the assignment is one, and its prices prove that there is no cheaper one. Time O(n²).
    pub fn is_optimal(&self, n: usize, costs: &[i32]) -> bool {
        let mut taken = vec![false; n];
        let permutation =
            self.columns.len() == n && self.columns.iter().all(|&j| (j as usize) < n && !std::mem::replace(&mut taken[j as usize], true));
        permutation
            && costs.len() == n * n
            && self.rows.len() == n
            && self.prices.len() == n
            && costs
                .chunks_exact(n.max(1))
                .zip(&self.rows)
                .all(|(row, u)| row.iter().zip(&self.prices).all(|(&cost, v)| i64::from(cost) >= u + v))
            && self.cost == self.rows.iter().sum::<i64>() + self.prices.iter().sum::<i64>()
            && self.cost == self.columns.iter().zip(costs.chunks_exact(n.max(1))).map(|(&j, row)| i64::from(row[j as usize])).sum::<i64>()
    }
}

/// The cheapest assignment of n rows to n columns; `costs` row by row. Nothing when it is not n × n or a cost lies beyond ±2^29.
///
/// Time O(n³), memory O(n) besides the costs.
///
/// ```
/// let answer = chiron_matching::dense::assign(2, &[1, 2, 2, 9]).unwrap();
/// assert_eq!((answer.cost, answer.columns), (4, vec![1, 0]));
/// ```
pub fn assign(n: usize, costs: &[i32]) -> Option<Assignment> {
    if Some(costs.len()) != n.checked_mul(n) || n > 1 << 15 {
        return None;
    }
    let level = *LEVEL;
    let largest =
        dispatch!(level, simd => simd.vectorize(#[inline(always)] || costs.iter().fold(0, |most, cost| cost.unsigned_abs().max(most))));
    if largest > 1 << 29 {
        return None;
    }
    let narrow = largest <= NARROW;
    Some(if narrow {
        dispatch!(level, simd => simd.vectorize(#[inline(always)] || run::<i32>(n, costs)))
    } else {
        dispatch!(level, simd => simd.vectorize(#[inline(always)] || run::<i64>(n, costs)))
    })
}

/// The instructions of this processor, found out once.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Costs up to this are reckoned with in 32 bits. Prices only fall, and a column without a row keeps the one it began with, its least
/// cost. A row is nowhere better off than at its own column, so that no two prices are further apart than two costs: none is below
/// three times this, negative, and no sum or difference of theirs reaches 2^31.
const NARROW: u32 = 1 << 26;

/// An integer wide enough for costs, prices and distances.
trait Number: Copy + Ord + From<i32> + Into<i64> + Add<Output = Self> + Sub<Output = Self> {
    const LEAST: Self;
    const MOST: Self;
}

impl Number for i32 {
    const LEAST: Self = Self::MIN;
    const MOST: Self = Self::MAX;
}

impl Number for i64 {
    const LEAST: Self = Self::MIN;
    const MOST: Self = Self::MAX;
}

#[inline(always)]
fn run<T: Number>(n: usize, costs: &[i32]) -> Assignment {
    let mut work = Work::<T> { n, costs, prices: vec![0.into(); n], column_of: vec![FREE; n], row_of: vec![FREE; n] };
    let mut free = work.reduce_columns();
    for _ in 0..2 {
        free = work.reduce_rows(free);
    }
    work.augment(&free);
    let own = |i: usize| i64::from(costs[i * n + work.column_of[i] as usize]);
    let prices: Vec<i64> = work.prices.iter().map(|&price| price.into()).collect();
    let rows: Vec<i64> = (0..n).map(|i| own(i) - prices[work.column_of[i] as usize]).collect();
    let cost = (0..n).map(own).sum();
    Assignment { columns: work.column_of, cost, rows, prices }
}

const FREE: u32 = u32::MAX;
/// How many columns are looked at side by side.
const LANES: usize = 16;

struct Work<'a, T> {
    n: usize,
    costs: &'a [i32],
    prices: Vec<T>,
    column_of: Vec<u32>,
    row_of: Vec<u32>,
}

impl<T: Number> Work<'_, T> {
    #[inline(always)]
    fn row(&self, i: usize) -> &[i32] {
        &self.costs[i * self.n..(i + 1) * self.n]
    }

    /// What column j costs row i.
    #[inline(always)]
    fn value(&self, i: usize, j: usize) -> T {
        T::from(self.costs[i * self.n + j]) - self.prices[j]
    }

    /// Each column's price is its least cost; the row where it is takes it, if it is free.
    #[inline(always)]
    fn reduce_columns(&mut self) -> Vec<u32> {
        let (mut least, mut at) = (vec![i32::MAX; self.n], vec![0_u32; self.n]);
        for (i, row) in (0..).zip(self.costs.chunks_exact(self.n.max(1))) {
            for ((least, at), &cost) in least.iter_mut().zip(&mut at).zip(row) {
                *at = if cost < *least { i } else { *at };
                *least = cost.min(*least);
            }
        }
        for j in (0..self.n).rev() {
            let i = at[j] as usize;
            self.prices[j] = least[j].into();
            if self.column_of[i] == FREE {
                self.column_of[i] = j as u32;
                self.row_of[j] = i as u32;
            }
        }
        (0..self.n as u32).filter(|&i| self.column_of[i as usize] == FREE).collect()
    }

    /// The two least values of a row, and the column of the first.
    #[inline(always)]
    fn two_least(&self, i: usize) -> (T, T, usize) {
        let (mut firsts, mut seconds, mut ats) = ([T::MOST; LANES], [T::MOST; LANES], [0_u32; LANES]);
        let (rows, rest) = self.row(i).as_chunks::<LANES>();
        let (prices, rest_prices) = self.prices.as_chunks::<LANES>();
        for (chunk, (costs, prices)) in (0..).zip(rows.iter().zip(prices)) {
            for lane in 0..LANES {
                let value = T::from(costs[lane]) - prices[lane];
                seconds[lane] = seconds[lane].min(value.max(firsts[lane]));
                ats[lane] = if value < firsts[lane] { chunk } else { ats[lane] };
                firsts[lane] = firsts[lane].min(value);
            }
        }
        let (mut first, mut second, mut column) = (T::MOST, T::MOST, 0);
        let mut meet = |value: T, at: usize| {
            if value < first {
                (second, first, column) = (first, value, at);
            } else if value < second {
                second = value;
            }
        };
        for lane in 0..LANES {
            meet(firsts[lane], ats[lane] as usize * LANES + lane);
            meet(seconds[lane], 0);
        }
        for (at, (&cost, &price)) in rest.iter().zip(rest_prices).enumerate() {
            meet(T::from(cost) - price, rows.len() * LANES + at);
        }
        (first, second, column)
    }

    /// Each free row takes its best column, whose price falls to where the row is indifferent; who had it looks again.
    #[inline(always)]
    fn reduce_rows(&mut self, mut free: Vec<u32>) -> Vec<u32> {
        let (mut left, mut at) = (Vec::new(), 0);
        // Every second look may push someone out at no gain; what remains is for the shortest paths.
        let mut patience = 4 * free.len() + 16;
        while at < free.len() {
            let i = free[at] as usize;
            at += 1;
            let (first, second, mut j) = self.two_least(i);
            let gains = first < second;
            if gains && second < T::MOST {
                self.prices[j] = self.prices[j] - (second - first);
            } else if self.row_of[j] != FREE && second < T::MOST {
                j = (0..self.n).find(|&other| other != j && self.value(i, other) == second).unwrap_or(j);
            }
            let before = std::mem::replace(&mut self.row_of[j], i as u32);
            self.column_of[i] = j as u32;
            if before != FREE {
                self.column_of[before as usize] = FREE;
                if gains && patience > 0 {
                    patience -= 1;
                    at -= 1;
                    free[at] = before;
                } else {
                    left.push(before);
                }
            }
        }
        left
    }

    /// Shortest augmenting paths, one for each free row.
    #[inline(always)]
    fn augment(&mut self, free: &[u32]) {
        let mut search =
            Search { distance: vec![T::MOST; self.n], before: vec![0; self.n], closed: vec![T::LEAST; self.n], ready: Vec::new() };
        for &start in free {
            search.distance.fill(T::MOST);
            search.closed.fill(T::LEAST);
            let mut nearest = search.look(self.row(start as usize), &self.prices, 0.into(), start);
            let mut least = nearest;
            search.ready.clear();
            let end = loop {
                if nearest == least || search.ready.is_empty() {
                    least = nearest;
                    if let Some(end) = search.meet(least, &self.row_of) {
                        break end;
                    }
                }
                let j = search.ready.pop().unwrap_or(0) as usize;
                let i = self.row_of[j];
                let onward = least - self.value(i as usize, j);
                nearest = search.look(self.row(i as usize), &self.prices, onward, i);
            };
            for ((price, &distance), &closed) in self.prices.iter_mut().zip(&search.distance).zip(&search.closed) {
                *price = if closed == T::MOST { *price + distance - least } else { *price };
            }
            let mut j = end as u32;
            loop {
                let i = search.before[j as usize];
                self.row_of[j as usize] = i;
                std::mem::swap(&mut self.column_of[i as usize], &mut j);
                if i == start {
                    break;
                }
            }
        }
    }
}

/// The distances of all columns from one row.
struct Search<T> {
    distance: Vec<T>,
    /// The row before each column.
    before: Vec<u32>,
    /// The greatest number for columns whose distance is final, the least for the others: the greater of it and the distance is what
    /// matters in looking for the nearest.
    closed: Vec<T>,
    /// Columns at the least distance whose rows are still to be looked at.
    ready: Vec<u32>,
}

impl<T: Number> Search<T> {
    /// Brings distances down to those by way of row i; the least of those that are not final.
    #[inline(always)]
    fn look(&mut self, row: &[i32], prices: &[T], onward: T, i: u32) -> T {
        let mut nearest = T::MOST;
        let state = self.distance.iter_mut().zip(&mut self.before).zip(&self.closed);
        for (((distance, before), &closed), (&cost, &price)) in state.zip(row.iter().zip(prices)) {
            let by_row = T::from(cost) - price + onward;
            // A final distance is no greater than any that comes later.
            *before = if by_row < *distance { i } else { *before };
            *distance = by_row.min(*distance);
            nearest = nearest.min(closed.max(*distance));
        }
        nearest
    }

    /// Finds the columns at the least distance: a free one, or else all of them are final and ready to be searched from.
    #[inline(always)]
    fn meet(&mut self, least: T, row_of: &[u32]) -> Option<usize> {
        for (chunk, (distances, closed)) in self.distance.chunks(LANES).zip(self.closed.chunks_mut(LANES)).enumerate() {
            let any = distances.iter().zip(&*closed).fold(false, |any, (&distance, &closed)| any | (closed.max(distance) == least));
            if any {
                for (lane, (&distance, closed)) in distances.iter().zip(closed).enumerate() {
                    if (*closed).max(distance) == least {
                        let at = chunk * LANES + lane;
                        if row_of[at] == FREE {
                            return Some(at);
                        }
                        *closed = T::MOST;
                        self.ready.push(at as u32);
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Costs up to `most` by a seed, the same for all machines.
    fn costs(n: usize, seed: u64, most: i64) -> Vec<i32> {
        let mut z = seed;
        let mut next = || {
            z = z.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((z >> 33) as i64 % (2 * most + 1) - most) as i32
        };
        (0..n * n).map(|_| next()).collect()
    }

    #[test]
    fn every_assignment_is_proven_at_every_size_and_width() {
        for n in (0..40).chain([64, 97, 150]) {
            for (seed, most) in [(1, 2), (2, 1_000), (3, i64::from(NARROW)), (4, 1 << 29)] {
                let costs = costs(n, seed, most);
                assert!(assign(n, &costs).is_some_and(|answer| answer.is_optimal(n, &costs)), "n = {n}, costs up to {most}");
            }
        }
        assert_eq!(assign(2, &[0; 3]), None);
        assert_eq!(assign(1, &[(1 << 29) + 1]), None);
    }

    #[test]
    fn both_widths_give_the_same_answer() {
        for (n, most) in [(30, 50), (80, 1_000_000), (60, i64::from(NARROW))] {
            let costs = costs(n, 7, most);
            assert_eq!(run::<i32>(n, &costs), run::<i64>(n, &costs));
        }
    }
}
