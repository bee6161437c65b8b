//! PostgreSQL: threads that each own a connection and take from one queue.

use crate::db::{Counters, Ends, Job, Limits, Ran};
use crate::error::{Trouble, pg_words};
use crate::turns::Turns;
use crate::tx::{Conn, Prepared};
use crate::{Access, Error, Result, Tx};
use postgres::Client;
use postgres::config::{Config, Host, SslMode, TargetSessionAttrs};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Runs that every unit gets before a conflict is called busy: with the waits between them, about a second. A unit that has
/// waited for less than anybody may wait gets more.
const TRIES: u32 = 10;
/// After so many runs that failed a unit runs without its neighbours. Where many write on one page of an index, one of them
/// may go on for ever while the others wait longer and longer.
const BESIDE_OTHERS: u32 = 4;

pub(crate) fn start(url: &str, workers: usize, ends: Ends, limits: &Limits, counters: &Arc<Counters>) -> Result<Vec<JoinHandle<()>>> {
    let server = Arc::new(Server::parse(url, limits)?);
    let turns = Arc::new(Turns::default());
    let (up, ups) = flume::unbounded();
    let mut threads = Vec::new();
    for _ in 0..workers {
        let mut worker = Worker {
            server: server.clone(),
            client: None,
            prepared: Prepared::default(),
            limits: limits.clone(),
            counters: counters.clone(),
            turns: turns.clone(),
        };
        let (queue, up) = (ends.read.clone(), up.clone());
        // The driver runs a runtime of its own, which cannot be made on an async thread: hence connect over there.
        threads.push(std::thread::Builder::new().name("store-postgres".into()).spawn(move || {
            let connected = worker.connect();
            let failed = connected.is_err();
            let _ = up.send(connected);
            drop(up);
            if !failed {
                worker.work(&queue);
            }
        })?);
    }
    drop(up);
    while let Ok(connected) = ups.recv() {
        connected?;
    }
    Ok(threads)
}

/// Where the database is, as the setting says.
struct Server {
    config: Config,
    tls: MakeRustlsConnect,
    /// Host, port and database, for sentences. Never the password.
    name: String,
    greeting: String,
}

impl Server {
    fn parse(url: &str, limits: &Limits) -> Result<Self> {
        let unreadable = |why: String| Error::Setting(format!("the database URL (--database) cannot be used: {why}"));
        let (url, roots_file) = take_parameter(url, "sslrootcert");
        // rustls always checks the name and the chain, so the stricter words of libpq mean the same here.
        let url = url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = url.parse().map_err(|e: postgres::Error| unreadable(words(&e)))?;
        if !url.contains("sslmode=") {
            config.ssl_mode(SslMode::Disable);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(limits.connect);
        }
        if config.get_application_name().is_none() {
            config.application_name("chiron");
        }
        if config.get_hosts().len() > 1 && config.get_target_session_attrs() == TargetSessionAttrs::Any {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config.keepalives_idle(Duration::from_secs(15)).keepalives_interval(Duration::from_secs(5)).keepalives_retries(3);
        config.tcp_user_timeout(Duration::from_secs(10));
        let name = name(&config);
        let near =
            config.get_hosts().iter().all(|h| !matches!(h, Host::Tcp(h) if !["localhost", "127.0.0.1", "::1"].contains(&h.as_str())));
        if config.get_ssl_mode() == SslMode::Disable && !near {
            tracing::warn!("the connection to PostgreSQL is not encrypted; sslmode=require in the URL asks for TLS");
        }
        let tls = tls(roots_file.as_deref()).map_err(unreadable)?;
        // A sequential scan locks the whole table against every write that is serializable with it, and small tables are
        // scanned so: units that have nothing to do with each other would fail and run again. PostgreSQL's manual (13.2.3)
        // advises index scans. Without them the costs look so large that statements would be compiled first, which takes
        // longer than running them.
        let greeting = format!(
            "set statement_timeout = {}; set idle_in_transaction_session_timeout = 60000; set client_min_messages = warning; \
             set enable_seqscan = off; set jit = off",
            limits.statement.as_millis()
        );
        Ok(Self { config, tls, name, greeting })
    }

    fn connect(&self) -> Result<Client> {
        let client = self.config.connect(self.tls.clone()).and_then(|mut c| c.batch_execute(&self.greeting).map(|()| c));
        client.map_err(|e| Error::Unreachable(format!("{} (--database): {}", self.name, words(&e))))
    }
}

fn name(config: &Config) -> String {
    let host = config.get_hosts().first().map_or_else(String::new, |h| match h {
        Host::Tcp(host) => host.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let port = config.get_ports().first().map_or(5432, |p| *p);
    format!("{host}:{port}/{}", config.get_dbname().unwrap_or_default())
}

/// The URL without one of its parameters, and that parameter.
fn take_parameter(url: &str, wanted: &str) -> (String, Option<String>) {
    let Some((head, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (taken, kept): (Vec<_>, Vec<_>) = query.split('&').partition(|p| p.split_once('=').is_some_and(|(k, _)| k == wanted));
    let value = taken.last().and_then(|p| p.split_once('=')).map(|(_, v)| unescape(v));
    let url = if kept.is_empty() { head.to_owned() } else { format!("{head}?{}", kept.join("&")) };
    (url, value)
}

fn unescape(text: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = &tail[2..];
            }
            (byte, _) => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn tls(roots_file: Option<&str>) -> Result<MakeRustlsConnect, String> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = roots_file {
        let unreadable = |e: &dyn std::fmt::Display| format!("sslrootcert={file}: {e}");
        for root in CertificateDer::pem_file_iter(file).map_err(|e| unreadable(&e))? {
            roots.add(root.map_err(|e| unreadable(&e))?).map_err(|e| unreadable(&e))?;
        }
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The whole chain on one line: the driver's own words stop at "error connecting to server".
fn words(error: &postgres::Error) -> String {
    let (mut out, mut cause) = (pg_words(error), std::error::Error::source(error));
    while let Some(c) = cause {
        let more = c.to_string();
        if !out.contains(&more) {
            out = format!("{out}: {more}");
        }
        cause = c.source();
    }
    out.replace('\n', " ")
}

struct Worker {
    server: Arc<Server>,
    client: Option<Client>,
    prepared: Prepared,
    limits: Limits,
    counters: Arc<Counters>,
    turns: Arc<Turns>,
}

/// What became of one run of a unit.
enum Run {
    Done(Result<()>),
    Again(Trouble),
}

impl Worker {
    fn connect(&mut self) -> Result<()> {
        self.prepared = Prepared::default();
        self.client = None;
        self.client = Some(self.server.connect()?);
        Ok(())
    }

    fn work(&mut self, queue: &flume::Receiver<Job>) {
        while let Ok(job) = queue.recv() {
            let Some(mut job) = job.still_wanted(&self.limits) else { continue };
            let access = job.access;
            let end = self.run(&mut job, access);
            match access {
                Access::Read => self.counters.reads.fetch_add(1, Relaxed),
                Access::Write => self.counters.writes.fetch_add(1, Relaxed),
            };
            job.finish(end);
        }
    }

    /// Runs a unit until it has an answer. A unit whose connection broke before its commit was sent changed nothing,
    /// so it may run again on a new connection; for as long as a caller may wait for its turn.
    fn run(&mut self, job: &mut Job, access: Access) -> Result<()> {
        let (mut tries, mut calls) = (0, 0);
        loop {
            if self.client.as_ref().is_none_or(Client::is_closed)
                && let Err(e) = self.connect()
            {
                if job.waited() > self.limits.patience {
                    return Err(e);
                }
                pause(calls.min(5), Duration::from_millis(10));
                calls += 1;
                continue;
            }
            let turns = self.turns.clone();
            let turn = match access {
                Access::Read => None,
                Access::Write if tries < BESIDE_OTHERS => Some(turns.beside_others()),
                Access::Write => Some(turns.alone()),
            };
            let run = self.run_once(job, access);
            drop(turn);
            match run {
                Run::Done(end) => return end,
                Run::Again(Trouble::Lost) => {
                    tracing::warn!("lost the connection to PostgreSQL; connecting again");
                    self.counters.reconnects.fetch_add(1, Relaxed);
                    self.client = None;
                }
                Run::Again(trouble) => {
                    self.counters.retries.fetch_add(1, Relaxed);
                    if trouble == Trouble::Stale {
                        self.prepared = Prepared::default();
                    }
                }
            }
            pause(tries, Duration::from_millis(2));
            tries += 1;
            if tries >= TRIES && job.waited() > self.limits.patience {
                return Err(Error::Busy);
            }
        }
    }

    fn run_once(&mut self, job: &mut Job, access: Access) -> Run {
        let Some(client) = &mut self.client else { return Run::Again(Trouble::Lost) };
        let begin = match access {
            Access::Read => "begin isolation level repeatable read read only",
            Access::Write => "begin isolation level serializable",
        };
        if let Err(e) = client.batch_execute(begin) {
            return over(e, access);
        }
        let mut tx = Tx::new(Conn::Pg(client, &mut self.prepared), access);
        let ran = job.run(&mut tx, &self.limits, &self.counters);
        let trouble = tx.trouble;
        if ran == Ran::Kept && trouble.is_none() {
            return match client.batch_execute("commit") {
                Ok(()) => Run::Done(Ok(())),
                Err(e) => {
                    let end = over(e, access);
                    match end {
                        // The commit may have arrived before the connection broke: running again could do it twice.
                        Run::Again(Trouble::Lost) if access == Access::Write => {
                            self.client = None;
                            Run::Done(Err(Error::Unsure))
                        }
                        Run::Done(Err(e)) if access == Access::Write => {
                            let _ = client.batch_execute("rollback");
                            // Constraints that are checked at the end still say which kind of rule was broken.
                            Run::Done(Err(if e.violation().is_some() { e } else { Error::Commit(e.to_string()) }))
                        }
                        end => {
                            let _ = client.batch_execute("rollback");
                            end
                        }
                    }
                }
            };
        }
        if trouble != Some(Trouble::Lost) && client.batch_execute("rollback").is_err() {
            self.client = None;
        }
        match (ran, trouble) {
            (Ran::Panicked, _) => Run::Done(Err(job.panicked())),
            (_, Some(trouble @ (Trouble::Again | Trouble::Stale | Trouble::Lost))) => Run::Again(trouble),
            (Ran::Kept, _) => Run::Done(Err(Error::Spoiled)),
            (Ran::Refused, _) => Run::Done(Ok(())),
        }
    }
}

fn over(error: postgres::Error, access: Access) -> Run {
    let error = Error::from(error);
    match Trouble::of(&error, access == Access::Write) {
        Trouble::Failed => Run::Done(Err(error)),
        trouble => Run::Again(trouble),
    }
}

/// Waits longer each time, and never as long as a neighbour who failed at the same moment.
fn pause(tries: u32, step: Duration) {
    let longest = step.as_micros() as u64 * (1 << tries.min(7));
    let chance = RandomState::new().hash_one(tries);
    std::thread::sleep(Duration::from_micros(longest / 2 + chance % longest));
}
