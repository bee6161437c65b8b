//! Migrations: one portable SQL text per change, forward only, never edited.
//!
//! Texts name types by tokens, because the engines share no word for them: `{id}` (16-byte uuid), `{bytes}`,
//! `{serial}` (a growing primary key); see [`crate::portable`] for all. Everything else is `text`, `bigint`,
//! `double precision` and `boolean`. A part between `--! sqlite` or `--! postgres` and `--! end` is for that engine
//! alone.
//!
//! Each step is a transaction of its own: it is there whole or not at all, and an upgrade that was interrupted goes
//! on where it stopped. Nodes that start together take turns through a lease in the database (a row, because
//! advisory locks are PostgreSQL's alone), and the later one finds the work done.

use crate::{Db, Engine, Error, Result, Tx, portable, statements};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// One change of the schema: its file name and its text.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub name: &'static str,
    pub text: &'static str,
}

/// Every change, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrations(pub &'static [Migration]);

/// What an upgrade did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upgrade {
    pub applied: Vec<&'static str>,
    /// The copy of a SQLite file as it was before, when it held something.
    pub copy: Option<PathBuf>,
}

/// A node that died while it held the lease is waited for this long.
const LEASE: Duration = Duration::from_secs(60);
/// A node that is busy with a long step is waited for this long.
const WAIT: Duration = Duration::from_secs(600);

impl Migration {
    /// The statements for one engine, in order.
    fn statements(&self, engine: Engine) -> Vec<String> {
        statements(&portable(&for_engine(self.text, engine), engine))
    }

    /// Line ends do not count: a checkout on Windows is the same migration.
    fn checksum(&self) -> String {
        hex(&Sha256::digest(self.text.replace("\r\n", "\n").as_bytes()))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

/// The text without the parts that are for the other engine.
fn for_engine(text: &str, engine: Engine) -> String {
    let (mut out, mut only) = (String::new(), None);
    for line in text.lines() {
        match line.trim() {
            "--! sqlite" => only = Some(Engine::Sqlite),
            "--! postgres" => only = Some(Engine::Postgres),
            "--! end" => only = None,
            _ if only.is_some_and(|o| o != engine) => {}
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// Runs a text of several statements with tokens and parts, as migrations are written: for rows of the upgrade test.
pub fn run_text(tx: &mut Tx<'_>, text: &str) -> Result<()> {
    let engine = tx.engine();
    statements(&portable(&for_engine(text, engine), engine)).iter().try_for_each(|s| tx.batch(s))
}

impl Migrations {
    /// Brings the schema up to date; returns the names of what was applied.
    pub async fn run(self, db: &Db) -> Result<Vec<&'static str>> {
        Ok(self.upgrade(db).await?.applied)
    }

    /// Brings the schema up to date. Refuses a database that is newer than this program, or in which a migration was
    /// edited after it ran. A SQLite file that holds anything is copied first, to `NAME.before-STEP` beside it.
    pub async fn upgrade(self, db: &Db) -> Result<Upgrade> {
        let mut done = Upgrade::default();
        if self.pending(db).await?.is_empty() {
            return Ok(done);
        }
        db.write(prepare_tables).await?;
        #[expect(clippy::disallowed_methods, reason = "names this process in the lease; no history of the product contains it")]
        let holder = Uuid::now_v7();
        take_lease(db, holder).await?;
        let end = self.upgrade_alone(db, holder, &mut done).await;
        let let_go = db.write(move |tx| tx.execute("update schema_lease set until = 0 where holder = $1", &[&holder])).await;
        end.and(let_go)?;
        Ok(done)
    }

    async fn upgrade_alone(self, db: &Db, holder: Uuid, done: &mut Upgrade) -> Result<()> {
        let pending = self.pending(db).await?;
        if let (Some(first), true, Some(file)) = (pending.first(), pending.len() < self.0.len(), db.file()) {
            let copy = beside(file, &format!(".before-{}", first.name));
            // A copy from an earlier try of this same step shows an older state; the newer one is what an
            // administrator wants back.
            let _ = std::fs::remove_file(&copy);
            db.backup_to(&copy).await?;
            tracing::info!(copy = %copy.display(), "kept a copy of the database before the upgrade");
            done.copy = Some(copy);
        }
        for step in pending {
            db.write(move |tx| apply(tx, step, holder)).await?;
            done.applied.push(step.name);
        }
        Ok(())
    }

    /// The steps this database does not have yet.
    pub async fn pending(self, db: &Db) -> Result<Vec<Migration>> {
        let done = db.read(applied).await?;
        for (name, sum) in &done {
            match self.0.iter().find(|m| m.name == name) {
                None => {
                    return Err(Error::Migration(format!(
                        "This database was made by a newer Chiron (it has step {name}). Please run that version."
                    )));
                }
                Some(m) if m.checksum() != *sum => {
                    return Err(Error::Migration(format!(
                        "Step {name} of this database's schema is not the one this program knows: it was edited after it had run."
                    )));
                }
                Some(_) => {}
            }
        }
        let pending: Vec<Migration> = self.0.iter().filter(|m| !done.iter().any(|(name, _)| name == m.name)).copied().collect();
        // Steps lean on those before them, so one that turns up late in the middle cannot be trusted to work.
        match (pending.first(), done.last()) {
            (Some(early), Some((last, _))) if early.name < last.as_str() => {
                Err(Error::Migration(format!("Step {} is missing from this database although the later step {last} has run.", early.name)))
            }
            _ => Ok(pending),
        }
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Names and checksums of the steps a database has, in order.
pub(crate) fn applied(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    let there = match tx.engine() {
        Engine::Sqlite => "select count(*) from sqlite_schema where name = 'schema_steps'",
        Engine::Postgres => "select count(*) from pg_tables where schemaname = current_schema() and tablename = 'schema_steps'",
    };
    if tx.one::<(i64,)>(there, &[])?.0 == 0 {
        return Ok(Vec::new());
    }
    tx.all("select name, checksum from schema_steps order by name", &[])
}

fn prepare_tables(tx: &mut Tx<'_>) -> Result<()> {
    // Two nodes may make the same table at the same instant, which `if not exists` does not forgive on PostgreSQL.
    let tables = "create table if not exists schema_steps (name text primary key, checksum text not null);
        create table if not exists schema_lease (id bigint primary key, holder {id}, until bigint not null)";
    let _ = tx.attempt(|tx| tx.batch(tables));
    tx.execute("insert into schema_lease (id, holder, until) values (1, null, 0) on conflict (id) do nothing", &[])?;
    Ok(())
}

async fn take_lease(db: &Db, holder: Uuid) -> Result<()> {
    let (began, mut told) = (Instant::now(), false);
    loop {
        let taken = db
            .write(move |tx| {
                let (now, until) = (micros(), micros() + LEASE.as_micros() as i64);
                tx.execute("update schema_lease set holder = $1, until = $2 where id = 1 and until < $3", &[&holder, &until, &now])
            })
            .await;
        match taken {
            Ok(1) => return Ok(()),
            Err(e) if !e.is_passing() => return Err(e),
            _ if began.elapsed() > WAIT => {
                return Err(Error::Migration(
                    "Another node has been upgrading this database for ten minutes. Please look at its log before starting this one."
                        .into(),
                ));
            }
            _ => {
                if !std::mem::replace(&mut told, true) {
                    tracing::info!(
                        "another node is upgrading this database, or died while it did: waiting for it, a minute after its end at most"
                    );
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn apply(tx: &mut Tx<'_>, step: Migration, holder: Uuid) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        // An index on a large table takes as long as it takes.
        tx.batch("set local statement_timeout = 0")?;
    }
    // The row stays locked until the step is through, so that nobody takes the lease however long that is.
    keep_lease(tx, holder)?;
    for statement in step.statements(tx.engine()) {
        tx.batch(&statement).map_err(|e| Error::Migration(format!("Step {} failed: {e}\n{statement}", step.name)))?;
    }
    tx.execute("insert into schema_steps (name, checksum) values ($1, $2)", &[&step.name, &step.checksum()])?;
    keep_lease(tx, holder)
}

fn keep_lease(tx: &mut Tx<'_>, holder: Uuid) -> Result<()> {
    let until = micros() + LEASE.as_micros() as i64;
    match tx.execute("update schema_lease set until = $2 where id = 1 and holder = $1", &[&holder, &until])? {
        1 => Ok(()),
        _ => Err(Error::Migration("Another node took over the upgrade of this database.".into())),
    }
}

#[expect(clippy::disallowed_methods, reason = "the lease is about the machines' clocks, not the product's")]
fn micros() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as i64)
}
