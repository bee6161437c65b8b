//! SQLite: one thread that writes, a few that read.

use crate::db::{Counters, Ends, Job, Limits, Ran};
use crate::tx::Conn;
use crate::{Access, Error, Result, Tx};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Units that share one commit: at most so many, begun within so long. The first keeps the log of one commit small,
/// the second keeps the first unit's answer from waiting for strangers.
const GROUP: usize = 128;
const GATHERING: Duration = Duration::from_millis(20);
/// How much of the file is read through a map, in bytes.
const MAPPED: u32 = 256 << 20;

pub(crate) fn start(path: &Path, readers: usize, ends: Ends, limits: &Limits, counters: &Arc<Counters>) -> Result<Vec<JoinHandle<()>>> {
    let thread = |name: &str, work: Box<dyn FnOnce() + Send>| std::thread::Builder::new().name(name.into()).spawn(work);
    let writer = open(path)?;
    writer.execute_batch("pragma journal_mode = wal")?;
    let mut threads = Vec::new();
    for _ in 0..readers {
        let (c, queue, limits, counters) = (open(path)?, ends.read.clone(), limits.clone(), counters.clone());
        c.execute_batch("pragma query_only = on")?;
        threads.push(thread("store-reader", Box::new(move || read(&c, &queue, &limits, &counters)))?);
    }
    let (queue, limits, counters) = (ends.write, limits.clone(), counters.clone());
    threads.push(thread("store-writer", Box::new(move || write(&writer, &queue, &limits, &counters)))?);
    Ok(threads)
}

/// A connection as we want every one of them.
pub(crate) fn open(path: &Path) -> Result<Connection> {
    let c = Connection::open(path)?;
    // `full` makes every commit durable against power loss. The page cache is the operating system's through the
    // map; SQLite's own is for what a transaction has changed.
    c.execute_batch(&format!(
        "pragma busy_timeout = 5000; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16384;
         pragma mmap_size = {MAPPED}; pragma journal_size_limit = 67108864; pragma trusted_schema = off; pragma temp_store = memory;",
    ))?;
    // The plan of a statement is the same for every value bound to it, also where somebody has run `analyze`.
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    c.set_prepared_statement_cache_capacity(512);
    Ok(c)
}

/// One of the four words around a unit. They come millions of times, so their statements are kept.
fn say(c: &Connection, word: &str) -> rusqlite::Result<()> {
    c.prepare_cached(word)?.raw_execute().map(drop)
}

/// What a connection holds after a busy time, and that nobody asks for in a quiet one: its page cache, and the part of the file
/// that it has looked at through its map. The system keeps that part anyway, but counts it as this program's as long as it is
/// mapped.
struct Rest {
    since: Instant,
    units: u32,
    holds: bool,
}

impl Rest {
    /// As long is looked at in one piece, in which fewer units than so many are quiet: background work asks every few seconds.
    const LOOK: Duration = Duration::from_secs(20);
    const QUIET: u32 = 200;

    fn new() -> Self {
        Self { since: Instant::now(), units: 0, holds: true }
    }

    /// Between two units, or while waiting for one.
    fn look(&mut self, c: &Connection, done: u32) {
        self.units += done;
        if self.since.elapsed() < Self::LOOK {
            return;
        }
        let quiet = self.units < Self::QUIET;
        if quiet && self.holds {
            give_back(c);
        }
        *self = Self { since: Instant::now(), units: 0, holds: !quiet };
    }
}

/// Maps the file anew, with nothing of it looked at, and empties the page cache. What fails is tried again after the next busy
/// time: nothing depends on it.
fn give_back(c: &Connection) {
    let _ = c.execute_batch(&format!("pragma shrink_memory; pragma mmap_size = 0; pragma mmap_size = {MAPPED};"));
}

/// The next unit; `None` when no more will come.
fn wait(c: &Connection, queue: &flume::Receiver<Job>, rest: &mut Rest) -> Option<Job> {
    loop {
        match queue.recv_timeout(Rest::LOOK) {
            Ok(job) => return Some(job),
            Err(flume::RecvTimeoutError::Timeout) => rest.look(c, 0),
            Err(flume::RecvTimeoutError::Disconnected) => return None,
        }
    }
}

fn read(c: &Connection, queue: &flume::Receiver<Job>, limits: &Limits, counters: &Counters) {
    let mut rest = Rest::new();
    while let Some(job) = wait(c, queue, &mut rest) {
        let Some(mut job) = job.still_wanted(limits) else { continue };
        let end = say(c, "begin").map_err(Error::from).and_then(|()| {
            let mut tx = Tx::new(Conn::Lite(c), Access::Read);
            match job.run(&mut tx, limits, counters) {
                Ran::Panicked => Err(job.panicked()),
                Ran::Kept if tx.trouble.is_some() => Err(Error::Spoiled),
                Ran::Kept | Ran::Refused => Ok(()),
            }
        });
        if !c.is_autocommit() && say(c, "commit").is_err() {
            let _ = say(c, "rollback");
        }
        counters.reads.fetch_add(1, Relaxed);
        job.finish(end);
        rest.look(c, 1);
    }
}

fn write(c: &Connection, queue: &flume::Receiver<Job>, limits: &Limits, counters: &Counters) {
    let (mut company, mut rest) = (false, Rest::new());
    while let Some(job) = next(c, queue, company, &mut rest) {
        if let Some(job) = job.still_wanted(limits) {
            let members = write_group(c, job, queue, limits, counters);
            company = members > 1;
            rest.look(c, members as u32);
        }
    }
}

/// The next unit. When the last group had company, those who were just answered are about to ask again: looking for
/// them for a few microseconds costs less than going to sleep and being woken by the first of them.
fn next(c: &Connection, queue: &flume::Receiver<Job>, company: bool, rest: &mut Rest) -> Option<Job> {
    if company {
        for round in 0..12 {
            if let Ok(job) = queue.try_recv() {
                return Some(job);
            }
            if round < 7 {
                (0..1 << round).for_each(|_| std::hint::spin_loop());
            } else {
                std::thread::yield_now();
            }
        }
    }
    wait(c, queue, rest)
}

/// Group commit: what is waiting shares one transaction and one flush to the disk. Returns how many there were.
///
/// Units first run without savepoints, which would cost half as much again as a small write. Most units that fail do
/// so before they have changed anything, and take nobody with them. When one fails after a change, the transaction is
/// undone and the whole group runs again, in the same order, each unit in a savepoint of its own.
fn write_group(c: &Connection, first: Job, queue: &flume::Receiver<Job>, limits: &Limits, counters: &Counters) -> usize {
    if let Err(e) = say(c, "begin immediate") {
        first.finish(Err(e.into()));
        return 0;
    }
    let (began, mut group, mut next, mut again) = (Instant::now(), Vec::new(), Some(first), false);
    while let Some(mut job) = next.take() {
        let mut tx = Tx::new(Conn::Lite(c), Access::Write);
        let ran = job.run(&mut tx, limits, counters);
        let kept = ran == Ran::Kept && tx.trouble.is_none();
        again = !kept && tx.touched;
        let end = end_of(ran, tx.trouble.is_some(), &job);
        group.push((job, end));
        // A full disk and its kind make SQLite undo the whole transaction by itself. What follows must not run
        // outside one.
        if again || c.is_autocommit() {
            break;
        }
        if group.len() < GROUP && began.elapsed() < GATHERING {
            next = std::iter::from_fn(|| queue.try_recv().ok()).find_map(|job| job.still_wanted(limits));
        }
    }
    let committed = if c.is_autocommit() {
        Err("SQLite undid the whole transaction after an error".to_owned())
    } else {
        let ready = if again { run_again(c, &mut group, limits, counters) } else { Ok(()) };
        ready.and_then(|()| Ok(say(c, "commit")?)).map_err(|e| e.to_string())
    };
    if committed.is_err() && !c.is_autocommit() {
        let _ = say(c, "rollback");
    }
    counters.groups.fetch_add(1, Relaxed);
    counters.writes.fetch_add(group.len() as u64, Relaxed);
    let members = group.len();
    for (job, end) in group {
        job.finish(match (end, &committed) {
            (Err(e), _) => Err(e),
            (Ok(Ran::Kept), Err(why)) => Err(Error::Commit(why.clone())),
            (Ok(_), _) => Ok(()),
        });
    }
    members
}

fn end_of(ran: Ran, spoiled: bool, job: &Job) -> Result<Ran> {
    match ran {
        Ran::Panicked => Err(job.panicked()),
        Ran::Kept if spoiled => Err(Error::Spoiled),
        Ran::Kept | Ran::Refused => Ok(ran),
    }
}

fn run_again(c: &Connection, group: &mut [(Job, Result<Ran>)], limits: &Limits, counters: &Counters) -> Result<()> {
    counters.retries.fetch_add(group.len() as u64, Relaxed);
    say(c, "rollback")?;
    say(c, "begin immediate")?;
    for (job, end) in group {
        *end = run_in_savepoint(c, job, limits, counters);
        if c.is_autocommit() {
            return Err(Error::Commit("SQLite undid the whole transaction after an error".into()));
        }
    }
    Ok(())
}

fn run_in_savepoint(c: &Connection, job: &mut Job, limits: &Limits, counters: &Counters) -> Result<Ran> {
    say(c, "savepoint unit")?;
    let mut tx = Tx::new(Conn::Lite(c), Access::Write);
    let ran = job.run(&mut tx, limits, counters);
    let spoiled = tx.trouble.is_some();
    if !c.is_autocommit() {
        if ran != Ran::Kept || spoiled {
            // This leaves the savepoint open.
            say(c, "rollback to unit")?;
        }
        say(c, "release unit")?;
    }
    end_of(ran, spoiled, job)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped_mib() -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
        let mut lines = maps.lines().skip_while(|line| !line.ends_with("resting.db"));
        let mut kib = 0;
        while let Some(line) = lines.next() {
            if let Some(size) = line.strip_prefix("Rss:") {
                kib += size.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0);
                lines.by_ref().take_while(|line| !line.ends_with("resting.db")).for_each(drop);
            }
        }
        kib / 1024
    }

    #[test]
    fn a_connection_that_rests_holds_nothing_of_the_file_and_goes_on_reading() {
        let folder = tempfile::tempdir().unwrap();
        let c = open(&folder.path().join("resting.db")).unwrap();
        c.execute_batch(
            "create table things (name text); with recursive n (i) as (select 1 union all select i + 1 from n where i < 4000)
             insert into things select printf('%04000d', i) from n",
        )
        .unwrap();
        let all = || c.prepare_cached("select sum(length(name)) from things").unwrap().query_row([], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(all(), 16_000_000);
        let held = mapped_mib();
        let long_ago = Instant::now().checked_sub(Rest::LOOK).unwrap();
        // A busy time, then a quiet one.
        let mut rest = Rest { since: long_ago, units: Rest::QUIET, holds: false };
        rest.look(&c, 1);
        assert!(rest.holds && mapped_mib() == held);
        rest.since = long_ago;
        rest.look(&c, 1);
        assert!(!rest.holds);
        if cfg!(target_os = "linux") {
            assert!(held >= 15 && mapped_mib() == 0, "{held} MiB before, {} after", mapped_mib());
        }
        assert_eq!(all(), 16_000_000);
        let size: i64 = c.query_row("pragma mmap_size", [], |row| row.get(0)).unwrap();
        assert_eq!(size, i64::from(MAPPED));
    }
}
