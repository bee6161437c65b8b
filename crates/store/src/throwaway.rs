//! A database that is gone when its owner is: for tests, and for showing the product without keeping anything.

use crate::{Db, Error, Limits, Result};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Where the tests find a PostgreSQL in which they may create databases: `postgres://user@host/postgres`.
pub const POSTGRES: &str = "CHIRON_TEST_POSTGRES";

/// A database and what has to be cleared away after it. Keep it for as long as the database is used.
pub struct Throwaway {
    pub db: Db,
    place: Place,
    _clear: Clear,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Url(String),
}

/// Separate, so that it is dropped after the `Db` beside it.
enum Clear {
    Folder(PathBuf),
    Database { server: String, name: String },
}

impl Throwaway {
    /// A SQLite file in a new folder under the system's temporary one.
    pub fn sqlite() -> Result<Self> {
        Self::sqlite_with(Limits::default())
    }

    #[expect(clippy::disallowed_methods, reason = "a folder that no other run uses")]
    pub fn sqlite_with(limits: Limits) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("chiron-{}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder)?;
        let clear = Clear::Folder(folder.clone());
        let file = folder.join("chiron.db");
        Ok(Self { db: Db::sqlite_with(&file, 2, limits)?, place: Place::File(file), _clear: clear })
    }

    /// A new database on the server that [`POSTGRES`] names. `None`, with a line that says so, where it names none:
    /// a test that cannot run is seen to be skipped.
    pub fn postgres() -> Result<Option<Self>> {
        Self::postgres_with(Limits::default())
    }

    #[expect(clippy::disallowed_methods, reason = "the test command names the server, and no other run uses the database")]
    pub fn postgres_with(limits: Limits) -> Result<Option<Self>> {
        let Some(server) = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty()) else {
            eprintln!("skipped: no PostgreSQL ({POSTGRES} is not set)");
            return Ok(None);
        };
        let name = format!("chiron_{}", Uuid::now_v7().simple());
        // Sorted by bytes, like SQLite: text in another order would make the engines disagree.
        run_alone(&server, &format!("create database {name} template template0 encoding 'UTF8' locale 'C.UTF-8'"))?;
        let url = with_database(&server, &name);
        let clear = Clear::Database { server, name };
        Ok(Some(Self { db: Db::postgres_with(&url, 4, limits)?, place: Place::Url(url), _clear: clear }))
    }

    /// SQLite, and PostgreSQL where there is one.
    pub fn each() -> Result<Vec<Self>> {
        Ok(std::iter::once(Self::sqlite()?).chain(Self::postgres()?).collect())
    }

    /// The same database opened once more, as a second node would. On SQLite that is a second process's view.
    pub fn second_node(&self) -> Result<Db> {
        match &self.place {
            Place::File(file) => Db::sqlite(file, 2),
            Place::Url(url) => Db::postgres(url, 4),
        }
    }

    pub fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(file) => Some(file),
            Place::Url(_) => None,
        }
    }

    pub fn url(&self) -> Option<&str> {
        match &self.place {
            Place::File(_) => None,
            Place::Url(url) => Some(url),
        }
    }
}

impl Drop for Clear {
    fn drop(&mut self) {
        match self {
            Self::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Self::Database { server, name } => {
                let _ = run_alone(server, &format!("drop database if exists {name} with (force)"));
            }
        }
    }
}

/// One statement on a connection of its own, on a thread of its own: the driver cannot start on an async one.
fn run_alone(server: &str, sql: &str) -> Result<()> {
    let run = || -> Result<()> { Ok(postgres::Client::connect(server, postgres::NoTls)?.batch_execute(sql)?) };
    std::thread::scope(|s| s.spawn(run).join()).unwrap_or(Err(Error::Closed))
}

fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
    let start = address.find("://").map_or(0, |i| i + 3);
    let end = address[start..].find('/').map_or(address.len(), |i| start + i);
    format!("{}/{name}{query}", &address[..end])
}
