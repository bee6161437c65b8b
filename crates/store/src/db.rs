//! The queues in front of the worker threads, and the unit of work that waits in them.

use crate::{Error, Result, Tx};
use std::any::Any;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::path::{Path, PathBuf};
#[cfg(debug_assertions)]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
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

/// How long things may take and how many may wait. The defaults suit a server that people click on.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Units waiting: in each of SQLite's two queues, in PostgreSQL's one.
    pub queue: usize,
    /// A unit that has not begun after this long answers [`Error::Busy`].
    pub patience: Duration,
    /// A unit that runs longer is logged with the place that asked for it, never with its arguments.
    pub slow: Duration,
    /// PostgreSQL stops a single statement after this long.
    pub statement: Duration,
    /// One attempt at connecting to PostgreSQL.
    pub connect: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue: 1024,
            patience: Duration::from_secs(5),
            slow: Duration::from_millis(200),
            statement: Duration::from_secs(30),
            connect: Duration::from_secs(3),
        }
    }
}

/// What has happened since the database was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Units run to an answer, by what they asked for.
    pub reads: u64,
    pub writes: u64,
    /// Transactions of the SQLite writer: `writes` over this is the size of a group.
    pub groups: u64,
    /// Units run again: because PostgreSQL asked for it, or on SQLite because a neighbour failed after a change.
    pub retries: u64,
    /// Connections made anew after a loss.
    pub reconnects: u64,
    pub slow: u64,
    /// Statements run within units: what a page costs the database, whatever the machine.
    pub statements: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub reads: AtomicU64,
    pub writes: AtomicU64,
    pub groups: AtomicU64,
    pub retries: AtomicU64,
    pub reconnects: AtomicU64,
    pub slow: AtomicU64,
    pub statements: AtomicU64,
    #[cfg(debug_assertions)]
    pub mishap: OnceLock<Mishap>,
}

/// Says of a statement, by its number in its unit, whether it fails.
#[cfg(debug_assertions)]
pub(crate) type Mishap = Arc<dyn Fn(u64) -> bool + Send + Sync>;

/// How a unit's closure came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    Kept,
    Refused,
    Panicked,
}

pub(crate) trait Unit: Send {
    /// Runs the closure and keeps what it answered.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// What the closure said at last, as the `Result<T, E>` that its caller knows it to be.
    fn out(self: Box<Self>) -> Option<Out>;
}
type Out = Box<dyn Any + Send>;

struct Work<F, T, E> {
    f: F,
    out: Option<Result<T, E>>,
}

impl<T: Send + 'static, E: Send + 'static, F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send> Unit for Work<F, T, E> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        // What a panic leaves behind is dropped with the closure and undone in the database, so nothing torn is seen.
        let Ok(out) = catch_unwind(AssertUnwindSafe(|| (self.f)(tx))) else { return Ran::Panicked };
        let ran = if out.is_ok() { Ran::Kept } else { Ran::Refused };
        self.out = Some(out);
        ran
    }
    fn out(self: Box<Self>) -> Option<Out> {
        let Self { out, f } = *self;
        let _ = catch_unwind(AssertUnwindSafe(|| drop(f)));
        Some(Box::new(out?))
    }
}

/// A unit in a queue. All that is done with it is compiled once, and not for every closure in the program.
pub(crate) struct Job {
    unit: Box<dyn Unit>,
    reply: oneshot::Sender<Result<Out>>,
    pub(crate) access: Access,
    queued: Instant,
    from: &'static Location<'static>,
}

impl Job {
    /// Whether it is still worth running; answers it when not.
    pub(crate) fn still_wanted(self, limits: &Limits) -> Option<Self> {
        // Nobody waits for the answer any more.
        if self.reply.is_closed() {
            return None;
        }
        if self.waited() > limits.patience {
            self.finish(Err(Error::Busy));
            return None;
        }
        Some(self)
    }

    pub(crate) fn run(&mut self, tx: &mut Tx<'_>, limits: &Limits, counters: &Counters) -> Ran {
        #[cfg(debug_assertions)]
        {
            tx.mishap = counters.mishap.get().cloned();
        }
        let began = Instant::now();
        let ran = self.unit.run(tx);
        let took = began.elapsed();
        counters.statements.fetch_add(std::mem::take(&mut tx.statements), Relaxed);
        if took > limits.slow {
            counters.slow.fetch_add(1, Relaxed);
            let waited = began.duration_since(self.queued).as_millis() as u64;
            // For whoever looks for it: a long piece of work, such as an import, is no fault.
            tracing::debug!(at = %self.from, took_ms = took.as_millis() as u64, waited_ms = waited, "slow unit of work");
        }
        if ran == Ran::Panicked {
            tracing::error!(at = %self.from, "a unit of work panicked");
        }
        ran
    }

    /// Since the caller asked.
    pub(crate) fn waited(&self) -> Duration {
        self.queued.elapsed()
    }

    pub(crate) fn panicked(&self) -> Error {
        Error::Panicked(self.from)
    }

    /// Answers the caller: what the closure said, or the error that came between.
    pub(crate) fn finish(self, end: Result<()>) {
        // Before the answer, so that what the closure holds (a clone of `Db`, say) is gone when the caller goes on.
        let out = self.unit.out();
        let _ = self.reply.send(end.and_then(|()| out.ok_or(Error::Closed)));
    }
}

/// A database: cheap to clone. Dropping the last clone lets the queued units finish and closes the connections, and
/// waits for that (on PostgreSQL two seconds at most), so that a SQLite file is whole and its log folded in.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    file: Option<PathBuf>,
    queues: Option<Queues>,
    limits: Limits,
    counters: Arc<Counters>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}
struct Queues {
    read: flume::Sender<Job>,
    write: flume::Sender<Job>,
}

/// The receiving ends, for the threads.
pub(crate) struct Ends {
    pub read: flume::Receiver<Job>,
    pub write: flume::Receiver<Job>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queues = None;
        let threads = self.threads.get_mut().map(std::mem::take).unwrap_or_default();
        // The last clone may live in a closure, and so die on a thread of ours, which cannot wait for itself.
        if threads.iter().any(|t| t.thread().id() == std::thread::current().id()) {
            return;
        }
        // A server that hangs must not keep the program from ending; a file is always worth waiting for.
        let patience = Instant::now() + Duration::from_secs(2);
        while self.engine == Engine::Postgres && threads.iter().any(|t| !t.is_finished()) {
            if Instant::now() > patience {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Db {
    /// Opens a SQLite file, made when it is not there, with one writer and `readers` reading connections.
    pub fn sqlite(path: &Path, readers: usize) -> Result<Self> {
        Self::sqlite_with(path, readers, Limits::default())
    }

    pub fn sqlite_with(path: &Path, readers: usize, limits: Limits) -> Result<Self> {
        let file = Some(path.to_path_buf());
        Self::open(Engine::Sqlite, file, limits, |ends, limits, counters| {
            crate::sqlite::start(path, readers.max(1), ends, limits, counters)
        })
    }

    /// Connects to PostgreSQL. `sslmode=require` in the URL asks for TLS with a certificate checked against the
    /// public roots, and `sslrootcert=FILE` adds the roots in a PEM file.
    pub fn postgres(url: &str, workers: usize) -> Result<Self> {
        Self::postgres_with(url, workers, Limits::default())
    }

    pub fn postgres_with(url: &str, workers: usize, limits: Limits) -> Result<Self> {
        Self::open(Engine::Postgres, None, limits, |ends, limits, counters| crate::pg::start(url, workers.max(1), ends, limits, counters))
    }

    fn open(
        engine: Engine,
        file: Option<PathBuf>,
        limits: Limits,
        start: impl FnOnce(Ends, &Limits, &Arc<Counters>) -> Result<Vec<JoinHandle<()>>>,
    ) -> Result<Self> {
        let (read, reads) = flume::bounded(limits.queue);
        let (write, writes) = match engine {
            Engine::Sqlite => flume::bounded(limits.queue),
            // One queue, because any connection can do either. Several threads that each wait on two queues with
            // `flume::Selector` lose a wake-up now and then (flume issue 135), and a unit waits for ever: seen here.
            Engine::Postgres => (read.clone(), reads.clone()),
        };
        let counters = Arc::default();
        let threads = start(Ends { read: reads, write: writes }, &limits, &counters)?;
        let queues = Some(Queues { read, write });
        Ok(Self(Arc::new(Inner { engine, file, queues, limits, counters, threads: Mutex::new(threads) })))
    }

    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    pub fn stats(&self) -> Stats {
        let c = &self.0.counters;
        Stats {
            reads: c.reads.load(Relaxed),
            writes: c.writes.load(Relaxed),
            groups: c.groups.load(Relaxed),
            retries: c.retries.load(Relaxed),
            reconnects: c.reconnects.load(Relaxed),
            slow: c.slow.load(Relaxed),
            statements: c.statements.load(Relaxed),
        }
    }

    /// For tests, and only in builds with debug assertions: before every statement `which` is told its number in its
    /// unit, from 1 on, and where it says yes, the statement fails on the engine itself. Set once for a database.
    #[cfg(debug_assertions)]
    pub fn mishaps(&self, which: impl Fn(u64) -> bool + Send + Sync + 'static) {
        let _ = self.0.counters.mishap.set(Arc::new(which));
    }

    /// Reads see one snapshot from the first statement to the last, and cannot write.
    #[track_caller]
    pub fn read<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        self.unit(Access::Read, f)
    }

    /// Serializable on both engines, durable once this returns. `f` may run again when PostgreSQL asks for a retry,
    /// hence `FnMut`; an error it returns undoes all it did.
    #[track_caller]
    pub fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        self.unit(Access::Write, f)
    }

    /// A unit of work with an error type of its own: an error from `f` undoes this unit alone and comes back as it is.
    /// What goes wrong here (a failed commit, a full queue) comes back through `E::from`.
    ///
    /// A future that is dropped before its unit has begun may take the unit with it; one that has begun runs to its
    /// end. Units are logged as the place that called this; `#[track_caller]` on a wrapper passes that place on.
    #[track_caller]
    pub fn unit<T, E>(
        &self,
        access: Access,
        f: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let from = Location::caller();
        async move {
            let out = self.run(access, Box::new(Work { f, out: None }), from).await?;
            out.downcast().map_or_else(|_| Err(Error::Closed.into()), |out| *out)
        }
    }

    /// Queues a unit and waits for what comes of it.
    async fn run(&self, access: Access, unit: Box<dyn Unit>, from: &'static Location<'static>) -> Result<Out> {
        let Some(queues) = &self.0.queues else { return Err(Error::Closed) };
        let to = match access {
            Access::Read => &queues.read,
            Access::Write => &queues.write,
        };
        let (reply, answer) = oneshot::channel();
        match to.try_send(Job { unit, reply, access, queued: Instant::now(), from }) {
            Ok(()) => {}
            Err(flume::TrySendError::Disconnected(_)) => return Err(Error::Closed),
            Err(flume::TrySendError::Full(job)) => match tokio::time::timeout(self.0.limits.patience, to.send_async(job)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(Error::Closed),
                Err(_) => return Err(Error::Busy),
            },
        }
        answer.await.map_err(|_| Error::Closed)?
    }
}
