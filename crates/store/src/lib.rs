//! One SQL text, two engines.
//!
//! A unit of work is a plain closure that runs on a worker thread owning one connection: the pool *is* the threads.
//! On SQLite one writer thread shares a durable transaction between the units that are waiting (group commit), each
//! in its own savepoint; on PostgreSQL a write is serializable and retried, so a closure may run again and must have
//! no effect outside its `Tx`.

mod backup;
pub mod check;
mod db;
pub mod dump;
mod error;
mod migrate;
mod pg;
mod sqlite;
mod text;
pub mod throwaway;
mod tx;
mod types;
mod value;

pub use db::{Access, Db, Engine, Limits, Stats};
pub use error::{Error, Result, Violation};
pub use migrate::{Migration, Migrations, Upgrade, run_text};
pub use text::{List, portable, statements};
pub use tx::Tx;
pub use types::{NoSuchValue, Timestamp};
pub use value::{Arg, Col, Columns, Record, Row, Sql};

/// What the macros name, so that a crate that uses them need not depend on the drivers.
#[doc(hidden)]
pub mod drivers {
    pub use {bytes, inventory, postgres, rusqlite, serde, uuid};
}
