//! Passes over rows of scores that nobody keeps, on as many threads as may be used.

use crate::{Cost, Progress, Rules, Scores, SolveError, Step};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// How many rows a thread takes at a time.
const CHUNK: usize = 64;

/// Where rows are read from.
pub struct Pass<'a, S: ?Sized> {
    pub scores: &'a S,
    pub mentors: usize,
    /// Pairs that are not made, by mentee.
    pub excluded: Vec<(u32, u32)>,
    pub threads: u8,
    pub progress: &'a dyn Progress,
    looked: AtomicU64,
}

/// What a thread writes on while it looks at a row.
pub struct Sheet {
    /// For each mentor the score, less than nothing where the pair is not admissible.
    pub scores: Vec<i32>,
    /// For each mentor what a place with them costs.
    pub costs: Vec<i32>,
    /// (cost, lot, mentor)
    pub wanted: Vec<(Cost, u64, u32)>,
}

impl<'a, S: Scores + ?Sized> Pass<'a, S> {
    pub fn new(scores: &'a S, mentors: usize, rules: &Rules, threads: u8, progress: &'a dyn Progress) -> Self {
        let mut excluded = rules.excluded.clone();
        excluded.sort_unstable();
        Self { scores, mentors, excluded, threads, progress, looked: AtomicU64::new(0) }
    }

    /// How many pairs were looked at so far.
    pub fn looked(&self) -> u64 {
        self.looked.load(Ordering::Relaxed)
    }

    /// Works out the scores for each item that stands for a mentee, and does `work` on it; passes over the others. Items do not depend
    /// on each other, so neither does the result on the threads.
    pub fn each<T: Send>(
        &self,
        items: &mut [T],
        mentee: impl Fn(usize, &T) -> Option<u32> + Sync,
        work: impl Fn(usize, &mut T, &mut Sheet) + Sync,
    ) -> Result<(), SolveError> {
        let (people, mentors, scores, excluded, looked) = (items.len(), self.mentors, self.scores, &self.excluded, &self.looked);
        let chunks = Mutex::new((0..).step_by(CHUNK).zip(items.chunks_mut(CHUNK)));
        let stopped = AtomicBool::new(false);
        let run = |pulse: &dyn Fn(usize) -> bool| {
            let mut sheet = Sheet { scores: vec![-1; mentors], costs: vec![0; mentors], wanted: Vec::new() };
            while !stopped.load(Ordering::Relaxed) {
                let Some((start, items)) = chunks.lock().unwrap_or_else(PoisonError::into_inner).next() else { break };
                if pulse(people - start) {
                    stopped.store(true, Ordering::Relaxed);
                }
                for (at, item) in (start..).zip(items) {
                    if let Some(mentee) = mentee(at, item) {
                        scores.row(mentee, &mut sheet.scores);
                        let from = excluded.partition_point(|pair| pair.0 < mentee);
                        for &(_, mentor) in excluded[from..].iter().take_while(|pair| pair.0 == mentee) {
                            sheet.scores[mentor as usize] = -1;
                        }
                        looked.fetch_add(mentors as u64, Ordering::Relaxed);
                        work(at, item, &mut sheet);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.threads {
                scope.spawn(|| run(&|_| false));
            }
            run(&|left| self.progress.report(Step { aim: None, left }).is_break());
        });
        if stopped.into_inner() { Err(SolveError::Cancelled) } else { Ok(()) }
    }
}

impl Sheet {
    /// Works out what a place with each mentor costs at these prices, [`i32::MAX`] where there is none; what the cheapest costs.
    pub fn price(&mut self, prices: &[i32]) -> i32 {
        let Self { scores, costs, .. } = self;
        // By masks, since nobody can foresee which pairs are admissible. What wraps is masked.
        for ((cost, &score), &price) in costs.iter_mut().zip(&*scores).zip(prices) {
            let shut = score >> 31;
            *cost = (price.wrapping_sub(score) & !shut) | (i32::MAX & shut);
        }
        costs.iter().copied().min().unwrap_or(i32::MAX)
    }

    /// Makes a list of the admissible pairs whose cost fits, with the lot that is drawn for each.
    pub fn want(&mut self, fits: impl Fn(i32) -> bool, lot: impl Fn(usize) -> u64) {
        self.wanted.clear();
        for (mentor, &cost) in self.costs.iter().enumerate() {
            if fits(cost) && self.scores[mentor] >= 0 {
                self.wanted.push((Cost::from(cost), lot(mentor), mentor as u32));
            }
        }
    }
}
