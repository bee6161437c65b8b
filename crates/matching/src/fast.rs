//! The fast way for the common problem: everyone looks for one mentor, nobody must be matched, no floors for groups.
//!
//! Cover, auction, shortest paths: find out where seats are scarce; there let the seats bid for people, elsewhere people for seats;
//! then make it exact. See [`cover`](crate::cover()), [`auction`](crate::auction) and [`transport`](crate::transport). From the
//! solution of a problem that lacked a few pairs, shortest paths are enough.

use crate::{
    Cost,
    auction::{Auction, Course, Scale},
    cover::cover,
    reverse::Reverse,
    solve::Cancelled,
    transport::{LOOSE, NOBODY, Rows, Transport},
};

/// What to solve: rows of pairs, seats, and what staying unmatched costs each mentee.
pub struct Task<'a> {
    pub rows: Rows<'a>,
    pub seats: &'a [u32],
    pub alone: Vec<Cost>,
    /// What the auction takes for the cost of staying unmatched, the best score being 0: the same for all, and not as large as to
    /// start a war over prices.
    pub about: Cost,
    /// How far the prices of the crowded part are to be raised, once the auction is over.
    pub lift: Cost,
    /// Where to begin instead of an auction.
    pub start: Option<Start>,
}

/// Mates (a mentor, or [`NOBODY`] or [`LOOSE`]) that respect the seats, and prices of mentors. The nearer to the optimum, the faster;
/// prices far from everything that changed stay as they are.
pub struct Start {
    pub mates: Vec<u32>,
    pub prices: Vec<Cost>,
}

/// The optimum: for each mentee a mentor or [`NOBODY`], and the prices of mentees and mentors.
pub struct Answer {
    pub mates: Vec<u32>,
    pub mentees: Vec<Cost>,
    pub mentors: Vec<Cost>,
    /// Pairs looked at and bids made: the work, whatever the machine.
    #[cfg_attr(not(test), expect(dead_code, reason = "what the tests of adversarial families count"))]
    pub work: u64,
}

/// Solves exactly. `pulse` hears how many are still loose, and may stop the work.
pub fn run(task: Task<'_>, pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>) -> Result<Answer, Cancelled> {
    let Task { rows, seats, alone, about, lift, start } = task;
    let (mentees, mentors) = (rows.len(), seats.len());
    let (start, mut work) = match start {
        Some(start) => (start, 0),
        None => bid(rows, seats, about, lift, pulse)?,
    };
    let mut transport = Transport::new(rows, seats, alone, start.mates, &start.prices);
    transport.run(pulse)?;
    work += transport.looked;
    let Transport { potentials, mates, .. } = transport;
    Ok(Answer { mates, mentees: potentials[..mentees].to_vec(), mentors: potentials[mentees..mentees + mentors].to_vec(), work })
}

/// Nearly the optimum, by auction; and the work that it was.
fn bid(
    rows: Rows<'_>,
    seats: &[u32],
    about: Cost,
    lift: Cost,
    pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>,
) -> Result<(Start, u64), Cancelled> {
    let (mentees, mentors) = (rows.len(), seats.len());
    let best = rows.scores.iter().copied().max().unwrap_or(0);
    let scale = Scale::new(best, about);
    let course = Course { raise: (scale.cost(Cost::from(best)) / 400).max(1), divisor: 4, discount: 3 };
    let mut mates = vec![LOOSE; mentees];
    let mut prices = vec![0; mentors];
    let part = cover(rows, seats, scale);
    pulse(mentees)?;
    let mut work = part.looked;
    if part.crowded_mentors.contains(&true) {
        let demand = seats.iter().zip(&part.crowded_mentors).map(|(&count, &crowded)| if crowded { count } else { 0 }).collect();
        let mut auction = Reverse::new(&part.turned, rows, scale, demand, scale.cost(about));
        auction.run(course, pulse)?;
        for (i, mate) in mates.iter_mut().enumerate() {
            match auction.holder(i) {
                Some(mentor) => *mate = mentor,
                None if part.crowded_mentees[i] && auction.price(i) == 0 => *mate = NOBODY,
                None => {}
            }
        }
        for j in (0..mentors).filter(|&j| part.crowded_mentors[j]) {
            // What a seat gains over staying free is its price.
            prices[j] = about - scale.back(auction.value(j)) + lift;
        }
        work += auction.looked + auction.bids * 8;
    }
    let others: Vec<u32> = (0..mentees as u32).filter(|&i| !part.crowded_mentees[i as usize]).collect();
    if !others.is_empty() && mentors > 0 {
        let units = seats.iter().zip(&part.crowded_mentors).map(|(&count, &crowded)| if crowded { 0 } else { count.min(mentees as u32) });
        // The crowded part is the way out of a war among the others: its seats have their prices by now.
        let mut outside = vec![scale.cost(about); mentees];
        for &i in &others {
            let crowded = rows.edges(i as usize).filter(|&edge| part.crowded_mentors[rows.columns[edge] as usize]);
            let cost = |edge: usize| prices[rows.columns[edge] as usize] + Cost::from(best) - Cost::from(rows.scores[edge]);
            outside[i as usize] =
                crowded.map(cost).fold(about, Cost::min).try_into().map_or(outside[i as usize], |cost: i32| scale.cost(Cost::from(cost)));
        }
        let mut auction = Auction::new(rows, scale, units, outside);
        auction.run(&others, course, pulse)?;
        for &mentee in &others {
            // Whoever goes without here may still find a place in the crowded part.
            let mate = auction.mate(mentee as usize);
            mates[mentee as usize] = if mate == NOBODY { LOOSE } else { mate };
        }
        for j in (0..mentors).filter(|&j| !part.crowded_mentors[j] && seats[j] > 0) {
            prices[j] = scale.back(auction.price(j));
        }
        work += auction.looked + auction.bids * 8;
    }
    Ok((Start { mates, prices }, work))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A family of problems by size: (rows as (columns, scores), seats).
    type Family = fn(u32) -> (Vec<Vec<(u32, i32)>>, Vec<u32>);

    fn chance(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *seed >> 33
    }

    fn random(n: u32, candidates: u32, seats: u32, score: impl Fn(u32, u32, u64) -> i32) -> (Vec<Vec<(u32, i32)>>, Vec<u32>) {
        let (mut seed, mentors) = (7, n.div_ceil(seats));
        let mut row = |i: u32| {
            let mut columns: Vec<u32> = (0..candidates).map(|_| (chance(&mut seed) % u64::from(mentors)) as u32).collect();
            columns.sort_unstable();
            columns.dedup();
            columns.into_iter().map(|j| (j, score(i, j, chance(&mut seed)))).collect()
        };
        ((0..n).map(&mut row).collect(), vec![seats; mentors as usize])
    }

    const FAMILIES: [(&str, Family); 8] = [
        ("uniform", |n| random(n, 12, 5, |_, _, lot| (lot % 10_001) as i32)),
        ("nearly feasible", |n| random(n, 3, 1, |_, _, lot| (lot % 10_001) as i32)),
        ("ties", |n| random(n, 12, 5, |_, _, lot| (lot % 3) as i32)),
        ("all equal", |n| random(n, 12, 5, |_, _, _| 5_000)),
        ("Machol and Wien", |n| {
            random(n, 12, 1, move |i, j, _| 10_000 - (u64::from(i) * u64::from(j) * 10_000 / u64::from(n).pow(2)) as i32)
        }),
        ("stars", |n| random(n, 12, 5, |_, j, lot| 10_000 - (j.min(5_000) as i32) - (lot % 100) as i32)),
        ("tiny capacities", |n| random(n, 12, 1, |_, _, lot| (lot % 10_001) as i32)),
        ("chains", |n| ((0..n).map(|i| vec![(i, 5_000), ((i + 1) % n, 5_001 + (i % 3) as i32)]).collect(), vec![1; n as usize])),
    ];

    fn work(family: Family, n: u32) -> u64 {
        let (rows, seats) = family(n);
        let mut starts = vec![0];
        rows.iter().for_each(|row| starts.push(starts[starts.len() - 1] + row.len() as u32));
        let (columns, scores): (Vec<u32>, Vec<i32>) = rows.into_iter().flatten().unzip();
        let rows = Rows { starts: &starts, columns: &columns, scores: &scores };
        let task = Task { rows, seats: &seats, alone: vec![90_000; n as usize], about: 100_000, lift: 0, start: None };
        let answer = run(task, &mut |_| Ok(())).unwrap();
        assert!(answer.mates.iter().all(|&mate| mate != LOOSE));
        answer.work / columns.len() as u64
    }

    #[test]
    fn no_family_of_problems_starts_a_war_over_prices() {
        for (name, family) in FAMILIES {
            let mut passes: Vec<u64> = [1_500, 2_000, 2_500, 3_000, 4_000].map(|n| work(family, n)).to_vec();
            passes.sort_unstable();
            assert!(passes[4] <= 10 * passes[2].max(1), "{name}: {passes:?} passes over the pairs");
            assert!(passes[4] < 20_000, "{name}: {passes:?} passes over the pairs");
        }
    }
}
