//! Worker threads that own their connections, and the unit of work that runs on them.

use crate::{Arg, Error, Record, Result, Row};
use std::collections::HashMap;
use tokio::sync::oneshot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Whether a unit of work only looks or also changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// What a unit of work sees. `$1` placeholders bind by number on both engines.
pub struct Tx<'a> {
    conn: Conn<'a>,
    /// PostgreSQL asked for the whole unit again. Remembered here, because the closure may have turned that error
    /// into one of its own before we see it.
    again: bool,
}
enum Conn<'a> {
    Lite(&'a rusqlite::Connection),
    Pg(&'a mut postgres::Client, &'a mut Cache),
}
type Cache = HashMap<String, postgres::Statement>;

impl Tx<'_> {
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Sqlite,
            Conn::Pg(..) => Engine::Postgres,
        }
    }
    /// Runs a statement; returns how many rows it touched.
    pub fn execute(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<u64> {
        match &mut self.conn {
            Conn::Lite(c) => {
                let mut s = c.prepare_cached(sql)?;
                bind(&mut s, args)?;
                Ok(s.raw_execute()? as u64)
            }
            Conn::Pg(c, cache) => {
                let done = prepare(c, cache, sql).and_then(|s| Ok(c.execute(&s, &pg(args))?));
                noting(&mut self.again, done)
            }
        }
    }
    pub fn all<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<Vec<T>> {
        match &mut self.conn {
            Conn::Lite(c) => {
                let mut s = c.prepare_cached(sql)?;
                bind(&mut s, args)?;
                let (mut rows, mut out) = (s.raw_query(), Vec::new());
                while let Some(r) = rows.next()? {
                    out.push(T::read(&Row::Lite(r))?);
                }
                Ok(out)
            }
            Conn::Pg(c, cache) => {
                let rows = prepare(c, cache, sql).and_then(|s| Ok(c.query(&s, &pg(args))?));
                noting(&mut self.again, rows)?.iter().map(|r| T::read(&Row::Pg(r))).collect()
            }
        }
    }
    /// The first row, if there is one.
    pub fn opt<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<Option<T>> {
        Ok(self.all(sql, args)?.into_iter().next())
    }
    pub fn one<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<T> {
        self.opt(sql, args)?.ok_or(Error::NoRow)
    }
    /// Runs statements that take no arguments.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Lite(c) => Ok(c.execute_batch(sql)?),
            Conn::Pg(c, _) => noting(&mut self.again, c.batch_execute(sql).map_err(Error::from)),
        }
    }
}

fn noting<T>(again: &mut bool, result: Result<T>) -> Result<T> {
    *again |= result.as_ref().is_err_and(Error::is_retryable);
    result
}
fn pg<'a>(args: &'a [&'a dyn Arg]) -> Vec<&'a (dyn postgres::types::ToSql + Sync)> {
    args.iter().map(|a| *a as _).collect()
}
fn prepare(c: &mut postgres::Client, cache: &mut Cache, sql: &str) -> Result<postgres::Statement> {
    if let Some(s) = cache.get(sql) {
        return Ok(s.clone());
    }
    let s = c.prepare(sql)?;
    cache.insert(sql.to_owned(), s.clone());
    Ok(s)
}
fn bind(s: &mut rusqlite::Statement<'_>, args: &[&dyn Arg]) -> Result<()> {
    for i in 1..=s.parameter_count() {
        // SQLite numbers `$n` by first appearance; the number in the text is the one that counts.
        let n = s.parameter_name(i).and_then(|p| p[1..].parse().ok()).unwrap_or(i);
        s.raw_bind_parameter(i, args[n - 1] as &dyn rusqlite::ToSql)?;
    }
    Ok(())
}

trait Unit: Send {
    /// Runs the closure, keeps what it answered, and says whether its changes are wanted.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the caller: what the closure said, or the error that came between.
    fn finish(self: Box<Self>, end: Result<()>);
}
struct Work<F, T, E> {
    f: F,
    out: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}
impl<T: Send, E: From<Error> + Send, F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send> Unit for Work<F, T, E> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let out = (self.f)(tx);
        let keep = out.is_ok();
        self.out = Some(out);
        keep
    }
    fn finish(self: Box<Self>, end: Result<()>) {
        let Self { out, reply, .. } = *self;
        let _ = reply.send(match (end, out) {
            (Ok(()), Some(out)) => out,
            (Ok(()), None) => Err(Error::Closed.into()),
            (Err(e), _) => Err(e.into()),
        });
    }
}
type Job = Box<dyn Unit>;

/// A database: cheap to clone, closed when the last clone is dropped.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    read: flume::Sender<Job>,
    write: flume::Sender<Job>,
}

impl Db {
    pub fn engine(&self) -> Engine {
        self.engine
    }

    pub fn sqlite(path: &std::path::Path, readers: usize) -> Result<Self> {
        let open = || -> Result<rusqlite::Connection> {
            let c = rusqlite::Connection::open(path)?;
            c.execute_batch("pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=5000; pragma cache_size=-65536; pragma mmap_size=268435456; pragma foreign_keys=on;")?;
            c.set_prepared_statement_cache_capacity(512);
            Ok(c)
        };
        let ((read, reads), (write, writes)) = (flume::bounded::<Job>(1024), flume::bounded::<Job>(1024));
        let c = open()?;
        std::thread::spawn(move || {
            while let Ok(first) = writes.recv() {
                // Group commit: what is already queued shares one transaction, each unit in its own savepoint.
                let jobs: Vec<Job> = std::iter::once(first).chain(writes.try_iter().take(127)).collect();
                let begun = c.execute_batch("begin immediate");
                let done: Vec<_> = jobs
                    .into_iter()
                    .map(|mut j| {
                        let mut tx = Tx { conn: Conn::Lite(&c), again: false };
                        let kept = c.execute_batch("savepoint u").map(|()| j.run(&mut tx));
                        let end = c.execute_batch(if matches!(kept, Ok(true)) { "release u" } else { "rollback to u; release u" });
                        (j, kept.and(end).map_err(Error::from))
                    })
                    .collect();
                let committed = begun.and_then(|()| c.execute_batch("commit"));
                if committed.is_err() {
                    let _ = c.execute_batch("rollback");
                }
                for (j, r) in done {
                    j.finish(match &committed {
                        Ok(()) => r,
                        Err(e) => Err(Error::Commit(e.to_string())),
                    });
                }
            }
        });
        for _ in 0..readers {
            let (c, reads) = (open()?, reads.clone());
            std::thread::spawn(move || {
                while let Ok(mut j) = reads.recv() {
                    let r = c.execute_batch("begin").map(|()| j.run(&mut Tx { conn: Conn::Lite(&c), again: false }));
                    let _ = c.execute_batch("rollback");
                    j.finish(r.map(drop).map_err(Error::from));
                }
            });
        }
        Ok(Self { engine: Engine::Sqlite, read, write })
    }

    pub fn postgres(url: &str, workers: usize) -> Result<Self> {
        let ((read, reads), (write, writes), (up, ups)) = (flume::bounded::<Job>(1024), flume::bounded::<Job>(1024), flume::unbounded());
        for _ in 0..workers {
            let (url, reads, writes, up) = (url.to_owned(), reads.clone(), writes.clone(), up.clone());
            std::thread::spawn(move || {
                // The sync client drives its own runtime: connect here, never on an async thread.
                let mut c = match postgres::Client::connect(&url, postgres::NoTls) {
                    Ok(c) => {
                        let _ = up.send(Ok(()));
                        c
                    }
                    Err(e) => {
                        let _ = up.send(Err(e));
                        return;
                    }
                };
                let mut cache = Cache::new();
                loop {
                    let next = flume::Selector::new()
                        .recv(&reads, |j| j.ok().map(|j| (j, false)))
                        .recv(&writes, |j| j.ok().map(|j| (j, true)))
                        .wait();
                    let Some((mut j, write)) = next else { break };
                    let begin =
                        if write { "begin isolation level serializable" } else { "begin isolation level repeatable read read only" };
                    let mut tries = 0;
                    let end = loop {
                        let mut tx = Tx { conn: Conn::Pg(&mut c, &mut cache), again: false };
                        let kept = tx.batch(begin).map(|()| j.run(&mut tx));
                        let end = if matches!(kept, Ok(true)) && !tx.again { tx.batch("commit") } else { tx.batch("rollback") };
                        let again = tx.again;
                        if end.is_err() {
                            let _ = c.batch_execute("rollback");
                        }
                        if !again || tries == 8 {
                            break kept.and(end);
                        }
                        tries += 1;
                    };
                    j.finish(end);
                }
            });
        }
        for _ in 0..workers {
            ups.recv().map_err(|_| Error::Closed)??;
        }
        Ok(Self { engine: Engine::Postgres, read, write })
    }

    /// Reads see one snapshot from the first statement to the last.
    pub async fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.unit(Access::Read, f).await
    }

    /// Serializable on both engines, durable once this returns. `f` may run again when PostgreSQL asks for a retry,
    /// hence `FnMut`; an error it returns undoes all it did.
    pub async fn write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.unit(Access::Write, f).await
    }

    /// A unit of work with an error type of its own: an error from `f` undoes this unit alone and comes back as it is.
    /// What goes wrong here (a failed commit, a full queue) comes back through `E::from`.
    pub async fn unit<T, E>(&self, access: Access, f: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let to = match access {
            Access::Read => &self.read,
            Access::Write => &self.write,
        };
        let (reply, answer) = oneshot::channel();
        to.send_async(Box::new(Work { f, out: None, reply })).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }
}
