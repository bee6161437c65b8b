//! What seats will cost, about, before anything is solved.
//!
//! If mentees list the mentors that fit best, many list the same few, and others are listed by nobody: the prices of such a beginning are
//! far from the truth, and it takes many rounds until they are near. So a part of the mentees is matched first, with as large a part of
//! the seats, each drawn by lot. What the price of a seat is in the whole, others would pay for it in the part as well: that is asked for
//! every mentor, with or without a seat in the part. A bid is what somebody would pay so that they would as soon be there as at their
//! place. The highest bid is one person's taste, so the fourth is taken: in trials (tight, 30,000 × 6,000, 5 % of the people) it was
//! nearest to the prices of the whole. Where a mentor has that many seats in the part, their price there is taken instead.
//!
//! An estimate decides how many pairs are looked at and never what is found.

use crate::{
    AllPairsError, Cost, Coverage, MOST_SCORE, Mentee, Mentor, Objective, Problem, Rules, Scores, pass::Pass, problem::draw, solve_with,
};
use std::sync::{Mutex, PoisonError};

/// Which of the bids for a mentor is their price.
const BIDS: usize = 4;
/// How many pairs of the part are kept at most.
const LIST: u64 = 1 << 24;
/// So many times the square root of all wishes is the part, where the list has room for it.
const DENSITY: u64 = 16;
/// How many wishes a mentee has at most, for this purpose.
const WISHES: u32 = 16;
/// How many of the part are asked how far their offers lie apart.
const ASKED: usize = 128;

/// Prices, and how far mentees have to look beyond the cheapest place to see so many.
pub struct Estimate {
    pub prices: Vec<i32>,
    pub width: i32,
}

/// Time: two calls of `scores` for each in the part, of which there are some 4,000 for 100,000 mentees and as many seats, and the
/// solution of a list of at most 2^24 pairs. Below a thousand mentees there is no part, and seats cost nothing.
pub fn estimate<S: Scores + ?Sized>(
    pass: &Pass<'_, S>,
    mentees: &[Mentee],
    mentors: &[Mentor],
    locked: &[(u32, u32)],
    see: usize,
) -> Result<Estimate, AllPairsError> {
    let (mut wishes, seats) = (wishes(mentees, locked), seats(mentors, locked, mentees.len()));
    let (people, places) = (wishes.len() as u64, seats.iter().map(|seat| u64::from(seat.1)).sum::<u64>());
    let apart = (people.isqrt() / DENSITY).max((people.saturating_mul(places) / LIST).isqrt());
    let mut prices = vec![0; mentors.len()];
    if prices.is_empty() {
        return Ok(Estimate { prices, width: 0 });
    }
    if apart > 1 {
        wishes.truncate((people / apart) as usize);
        prices = bids(pass, &wishes, &thin(&seats, apart))?;
    }
    let mut widths: Vec<(u32, i32)> = wishes.iter().take(ASKED).map(|&mentee| (mentee, 0)).collect();
    pass.each(
        &mut widths,
        |_, asked| Some(asked.0),
        |_, (_, width), sheet| {
            let cheapest = sheet.price(&prices);
            let (_, &mut cost, _) = sheet.costs.select_nth_unstable(see.min(prices.len() - 1));
            *width = cost.saturating_sub(cheapest);
        },
    )?;
    widths.sort_unstable_by_key(|asked| asked.1);
    let width = widths.get(widths.len() / 2).map_or(0, |asked| asked.1);
    Ok(Estimate { prices, width })
}

/// The place of a mentee for each mentor they still look for, in an order drawn by lot.
fn wishes(mentees: &[Mentee], locked: &[(u32, u32)]) -> Vec<u32> {
    let mut open: Vec<u32> = mentees.iter().map(|mentee| mentee.most.min(WISHES)).collect();
    locked.iter().for_each(|pair| open[pair.0 as usize] = open[pair.0 as usize].saturating_sub(1));
    let mut drawn: Vec<(u64, u32)> = (0..).zip(mentees).map(|(at, mentee)| (draw(0, mentee.key, 0), at)).collect();
    drawn.sort_unstable();
    drawn.into_iter().flat_map(|(_, at)| std::iter::repeat_n(at, open[at as usize] as usize)).collect()
}

/// The place of each mentor and how many seats are open with them, in an order drawn by lot.
fn seats(mentors: &[Mentor], locked: &[(u32, u32)], mentees: usize) -> Vec<(u32, u32)> {
    let mut open: Vec<u32> = mentors.iter().map(|mentor| mentor.most.min(mentees as u32)).collect();
    locked.iter().for_each(|pair| open[pair.1 as usize] = open[pair.1 as usize].saturating_sub(1));
    let mut drawn: Vec<(u64, u32)> = (0..).zip(mentors).map(|(at, mentor)| (draw(0, 0, mentor.key), at)).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, at)| (at, open[at as usize])).collect()
}

/// One seat of each `apart`, by mentor.
fn thin(seats: &[(u32, u32)], apart: u64) -> Vec<(u32, u32)> {
    let mut rest = 0;
    let mut thin = |&(mentor, count): &(u32, u32)| {
        rest += u64::from(count);
        let seats = (rest / apart) as u32;
        rest %= apart;
        (seats > 0).then_some((mentor, seats))
    };
    seats.iter().filter_map(&mut thin).collect()
}

/// Matches the part, and asks it what it would pay for a seat with each mentor.
fn bids<S: Scores + ?Sized>(pass: &Pass<'_, S>, wishes: &[u32], seats: &[(u32, u32)]) -> Result<Vec<i32>, AllPairsError> {
    let mut rows: Vec<Vec<(u32, i32)>> = vec![Vec::new(); wishes.len()];
    pass.each(
        &mut rows,
        |at, _| Some(wishes[at]),
        |_, row, sheet| {
            let offers = (0..).zip(seats).map(|(number, &(mentor, _))| (number, sheet.scores[mentor as usize]));
            row.extend(offers.filter(|offer| (0..=MOST_SCORE).contains(&offer.1)));
            row.shrink_to_fit();
        },
    )?;
    let mut starts = vec![0];
    rows.iter().for_each(|row| starts.push(starts[starts.len() - 1] + row.len() as u32));
    let (columns, scores) = rows.into_iter().flatten().unzip();
    let people = (0..wishes.len() as u64).map(Mentee::new).collect();
    let guides = (0..).zip(seats).map(|(number, &(_, count))| Mentor::new(number, count)).collect();
    let problem = Problem::from_rows(people, guides, starts, columns, scores, Rules::default())?;
    // Whoever finds no seat in the part by bad luck of the draw is not to raise the prices of those around them without end.
    let objective = Objective::plain(Coverage::Worth(0));
    let solution = solve_with(&problem, &objective, pass.progress)?;
    let level = &solution.certificate.levels[0];
    let mut places = level.mentees.clone();
    let bids = Mutex::new(vec![[0; BIDS]; pass.mentors]);
    pass.each(
        &mut places,
        |at, _| Some(wishes[at]),
        |_, place, sheet| {
            let mut bids = bids.lock().unwrap_or_else(PoisonError::into_inner);
            for (bids, &score) in bids.iter_mut().zip(&sheet.scores).filter(|(_, score)| **score >= 0) {
                let bid = (*place + Cost::from(score.min(MOST_SCORE))) as i32;
                if bid > bids[BIDS - 1] {
                    bids[BIDS - 1] = bid;
                    bids.sort_unstable_by_key(|&bid| std::cmp::Reverse(bid));
                }
            }
        },
    )?;
    let bids = bids.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut prices: Vec<i32> = bids.iter().map(|bids| bids[BIDS - 1]).collect();
    for (&(mentor, count), &price) in seats.iter().zip(&level.mentors) {
        if count as usize >= BIDS {
            prices[mentor as usize] = price as i32;
        }
    }
    Ok(prices)
}
