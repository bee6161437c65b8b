//! One to one over a full matrix of costs: small pools where everybody may be matched with everybody.
//!
//! Jonker and Volgenant 1987: column reduction, augmenting row reduction, then shortest paths for the rows that are left.

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
    if Some(costs.len()) != n.checked_mul(n) || n > 1 << 15 || costs.iter().any(|cost| cost.unsigned_abs() > 1 << 29) {
        return None;
    }
    let mut work = Work { n, costs, prices: vec![0; n], column_of: vec![FREE; n], row_of: vec![FREE; n] };
    let mut free = work.reduce_columns();
    for _ in 0..2 {
        free = work.reduce_rows(free);
    }
    work.augment(free);
    let rows: Vec<i64> = (0..n).map(|i| work.cost(i, work.column_of[i] as usize) - work.prices[work.column_of[i] as usize]).collect();
    let cost = (0..n).map(|i| work.cost(i, work.column_of[i] as usize)).sum();
    Some(Assignment { columns: work.column_of, cost, rows, prices: work.prices })
}

const FREE: u32 = u32::MAX;

struct Work<'a> {
    n: usize,
    costs: &'a [i32],
    prices: Vec<i64>,
    column_of: Vec<u32>,
    row_of: Vec<u32>,
}

impl Work<'_> {
    fn cost(&self, i: usize, j: usize) -> i64 {
        i64::from(self.costs[i * self.n + j])
    }

    fn row(&self, i: usize) -> &[i32] {
        &self.costs[i * self.n..(i + 1) * self.n]
    }

    /// Each column's price is its least cost; the row where it is takes it, if it is free.
    fn reduce_columns(&mut self) -> Vec<u32> {
        let mut least = vec![(i32::MAX, 0_u32); self.n];
        for (i, row) in self.costs.chunks_exact(self.n.max(1)).enumerate() {
            for (least, &cost) in least.iter_mut().zip(row) {
                if cost < least.0 {
                    *least = (cost, i as u32);
                }
            }
        }
        for j in (0..self.n).rev() {
            let (cost, i) = least[j];
            self.prices[j] = i64::from(cost);
            if self.column_of[i as usize] == FREE {
                self.column_of[i as usize] = j as u32;
                self.row_of[j] = i;
            }
        }
        (0..self.n as u32).filter(|&i| self.column_of[i as usize] == FREE).collect()
    }

    /// Each free row takes its best column, whose price falls to where the row is indifferent; who had it looks again.
    fn reduce_rows(&mut self, mut free: Vec<u32>) -> Vec<u32> {
        let (mut left, mut at) = (Vec::new(), 0);
        // Every second look may push someone out at no gain; what remains is for the shortest paths.
        let mut patience = 4 * free.len() + 16;
        while at < free.len() {
            let i = free[at] as usize;
            at += 1;
            let (mut first, mut second, mut j1, mut j2) = (i64::MAX, i64::MAX, 0, 0);
            for (j, (&cost, &price)) in self.row(i).iter().zip(&self.prices).enumerate() {
                let value = i64::from(cost) - price;
                if value < second {
                    if value < first {
                        (second, j2) = (first, j1);
                        (first, j1) = (value, j);
                    } else {
                        (second, j2) = (value, j);
                    }
                }
            }
            let mut j = j1;
            if first < second && second < i64::MAX {
                self.prices[j1] -= second - first;
            } else if self.row_of[j1] != FREE && second < i64::MAX {
                j = j2;
            }
            let before = self.row_of[j];
            self.row_of[j] = i as u32;
            self.column_of[i] = j as u32;
            if before != FREE {
                self.column_of[before as usize] = FREE;
                if first < second && patience > 0 {
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
    fn augment(&mut self, free: Vec<u32>) {
        let n = self.n;
        let mut distance = vec![0_i64; n];
        let mut before = vec![0_u32; n];
        let mut columns: Vec<u32> = (0..n as u32).collect();
        for start in free {
            for (j, (&cost, &price)) in self.row(start as usize).iter().zip(&self.prices).enumerate() {
                distance[j] = i64::from(cost) - price;
                before[j] = start;
            }
            // columns[..done] are final, columns[done..ready] are at the least distance, the rest are further.
            let (mut done, mut ready, mut least) = (0, 0, 0);
            let end = 'search: loop {
                if done == ready {
                    least = i64::MAX;
                    for k in done..n {
                        let d = distance[columns[k] as usize];
                        if d <= least {
                            if d < least {
                                ready = done;
                                least = d;
                            }
                            columns.swap(k, ready);
                            ready += 1;
                        }
                    }
                    if let Some(&j) = columns[done..ready].iter().find(|&&j| self.row_of[j as usize] == FREE) {
                        break j;
                    }
                }
                let j = columns[done] as usize;
                done += 1;
                let i = self.row_of[j] as usize;
                let offset = self.cost(i, j) - self.prices[j] - least;
                let row = &self.costs[i * n..(i + 1) * n];
                let mut k = ready;
                while k < n {
                    let to = columns[k] as usize;
                    let onward = i64::from(row[to]) - self.prices[to] - offset;
                    if onward < distance[to] {
                        distance[to] = onward;
                        before[to] = i as u32;
                        if onward == least {
                            if self.row_of[to] == FREE {
                                break 'search to as u32;
                            }
                            columns.swap(k, ready);
                            ready += 1;
                        }
                    }
                    k += 1;
                }
            };
            for &j in &columns[..done] {
                self.prices[j as usize] += distance[j as usize] - least;
            }
            let mut j = end;
            loop {
                let i = before[j as usize];
                self.row_of[j as usize] = i;
                std::mem::swap(&mut self.column_of[i as usize], &mut j);
                if i == start {
                    break;
                }
            }
        }
    }
}
