//! How often one may try. Wrong tries are counted in the database, so that all nodes count together: by the account and
//! the network together, and by the network. Nobody's tries are used up by someone elsewhere, so nobody can be locked
//! out. Bursts are held off in memory, before anything costs.

use super::sql;
use super::verbs::{Device, mark, too_often};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::Seal;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use jiff::SignedDuration;
use std::num::NonZeroU32;

/// A quarter of an hour: long enough to make guessing hopeless, short enough to wait for.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Wrong passwords for one account from one network.
const FOR_ONE: i64 = 10;
/// Wrong passwords from one network for whatever account: an office of people who mistype stays below it.
const FROM_ONE: i64 = 100;

/// What one network may ask of the pages of signing in: a few a second, and a classroom at once.
const EACH_SECOND: NonZeroU32 = NonZeroU32::new(4).unwrap();
const AT_ONCE: NonZeroU32 = NonZeroU32::new(80).unwrap();
/// Networks remembered before those that have been quiet are dropped.
const REMEMBERED: usize = 20_000;

pub struct Bursts(RateLimiter<String, HashMapStateStore<String>, DefaultClock>);

impl Default for Bursts {
    fn default() -> Self {
        Self(RateLimiter::hashmap(Quota::per_second(EACH_SECOND).allow_burst(AT_ONCE)))
    }
}

impl Bursts {
    /// Refuses what comes too fast from one network.
    pub fn check(&self, network: &str) -> Result<()> {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&network.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            too_often(SignedDuration::from_secs(wait.as_secs() as i64 + 1))
        })
    }
}

/// The two counters of a try.
pub struct Counters {
    one: Vec<u8>,
    network: Vec<u8>,
}

impl Counters {
    pub fn of(seal: &Seal, account: &str, device: &Device) -> Self {
        Self { one: mark(seal, "password", &[account, &device.network]), network: mark(seal, "passwords", &[&device.network]) }
    }

    /// Counts a try before it is made, so that a thousand at once are a thousand tries; refuses when there were too many.
    pub fn take(&self, tx: &mut Tx) -> Result<()> {
        let (now, since) = (tx.now(), tx.now() - WINDOW);
        for (key, most) in [(&self.one, FOR_ONE), (&self.network, FROM_ONE)] {
            let (wrong, began) = sql::tries(tx, key, since)?;
            if wrong >= most {
                return Err(too_often(WINDOW - now.since(began)));
            }
        }
        sql::count_try(tx, &self.one, since)?;
        sql::count_try(tx, &self.network, since)?;
        Ok(())
    }

    /// Gives back a try that was right.
    pub fn give_back(&self, tx: &mut Tx) -> Result<()> {
        sql::forgive(tx, &self.one)?;
        sql::uncount_try(tx, &self.network)
    }
}
