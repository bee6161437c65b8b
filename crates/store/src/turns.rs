//! Who runs beside whom: a unit that keeps failing because of its neighbours gets a moment without them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a unit that wants to be alone waits for those that run already, and how long those that come wait for it. It is
/// a courtesy and no lock: what takes longer than this runs beside the others after all.
const COURTESY: Duration = Duration::from_millis(250);

/// Lets units run beside each other, and now and then one alone.
pub(crate) struct Turns {
    courtesy: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

impl Default for Turns {
    fn default() -> Self {
        Self::of(COURTESY)
    }
}

#[derive(Default)]
struct State {
    running: usize,
    /// Units that run alone, or wait to.
    alone: usize,
}

/// Given back when dropped.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    alone: bool,
}

impl Turns {
    fn of(courtesy: Duration) -> Self {
        Self { courtesy, state: Mutex::default(), changed: Condvar::new() }
    }

    pub(crate) fn beside_others(&self) -> Turn<'_> {
        let state = self.state();
        let (mut state, _) = self.changed.wait_timeout_while(state, self.courtesy, |s| s.alone > 0).unwrap_or_else(PoisonError::into_inner);
        state.running += 1;
        Turn { turns: self, alone: false }
    }

    pub(crate) fn alone(&self) -> Turn<'_> {
        let mut state = self.state();
        state.alone += 1;
        let (mut state, _) =
            self.changed.wait_timeout_while(state, self.courtesy, |s| s.running > 0).unwrap_or_else(PoisonError::into_inner);
        state.running += 1;
        Turn { turns: self, alone: true }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        state.running -= 1;
        state.alone -= usize::from(self.alone);
        drop(state);
        self.turns.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    /// Longer than any test runs: who waits for this waits for ever.
    const FOR_EVER: Duration = Duration::from_secs(3_600);

    #[test]
    fn whoever_is_alone_has_nobody_beside_it_and_everybody_has_a_turn() {
        let (turns, running) = (Turns::of(FOR_EVER), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (turns, running) = (&turns, &running);
                scope.spawn(move || {
                    for round in 0..200 {
                        let alone = (n + round) % 9 == 0;
                        let _turn = if alone { turns.alone() } else { turns.beside_others() };
                        running.fetch_add(1, SeqCst);
                        std::thread::yield_now();
                        assert!(!alone || running.load(SeqCst) == 1, "somebody ran beside one that was to be alone");
                        running.fetch_sub(1, SeqCst);
                    }
                });
            }
        });
        let state = turns.state();
        assert_eq!((state.running, state.alone), (0, 0));
    }

    #[test]
    fn those_that_need_not_be_alone_wait_for_nobody() {
        let turns = Turns::of(FOR_EVER);
        let _one = turns.beside_others();
        let _other = turns.beside_others();
    }

    #[test]
    fn what_takes_longer_than_the_courtesy_is_not_waited_for() {
        let turns = Turns::of(Duration::from_millis(1));
        let _long = turns.beside_others();
        let _alone = turns.alone();
        let _late = turns.beside_others();
    }
}
