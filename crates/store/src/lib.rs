//! One SQL text, two engines.
//!
//! # Shapes
//!
//! - [`Db`] is a database, cheap to clone. [`Db::read`] and [`Db::write`] run a **unit of work**: a plain closure over
//!   a [`Tx`], on a worker thread that owns one connection. The pool *is* the threads; rules, loading and saving stay
//!   synchronous, and only the waiting is async. [`Db::unit`] is the same with an error type of the caller's.
//! - [`Tx`] runs statements: [`Tx::execute`], [`Tx::all`], [`Tx::opt`], [`Tx::one`], [`Tx::batch`]; [`Tx::attempt`] for
//!   what may fail without ending the unit.
//! - [`sql!`] registers a statement, [`record!`] declares its row type, [`ids!`] and [`text_enum!`] the types of
//!   columns, [`column_as!`] any other. [`List`] and the tokens of [`portable`] cover the few words the engines do not
//!   share. [`check::statements`] prepares every registered statement on a real database.
//! - [`Migrations`] bring the schema up to date. [`Db::backup_to`] copies a SQLite file while it is written to;
//!   [`dump`] writes and loads the rows in a form that both engines read.
//! - [`throwaway::Throwaway`] is a database for a test or a demonstration.
//!
//! # What a unit may count on
//!
//! - It is all there or nothing is, and durable when the answer comes. Other units never see half of it.
//! - It sees one snapshot, as if it ran alone: SQLite has one writer, PostgreSQL is serializable. A read cannot write.
//! - **It may run again** (a serialization conflict, a lost connection, a neighbour that failed after a change), so it must have
//!   no effect outside its `Tx`. It never runs again once its commit may have arrived: then the answer is
//!   [`Error::Unsure`].
//! - A failed statement ends it, on both engines. Returning `Ok` after that answers [`Error::Spoiled`].
//! - A panic undoes it alone and answers [`Error::Panicked`].
//! - It waits [`Limits::patience`] for its turn and then answers [`Error::Busy`]. [`Error::is_passing`] tells what may
//!   succeed later (503) from what will not (500).
//!
//! # Units and types
//!
//! Instants are microseconds since 1970, UTC, in a `bigint` ([`Timestamp`]). Ids are 16 bytes: `uuid` on PostgreSQL, a
//! blob on SQLite, sorted alike. Whole numbers are `i64` and `bigint`, always. Texts are UTF-8 without U+0000.
//!
//! # Cost
//!
//! A unit costs two thread switches (some 5 to 10 microseconds of CPU when nothing else runs, less under load); a
//! statement in it costs what bare `rusqlite` or `postgres` costs. So a page reads in one unit, not in ten. On
//! SQLite, units that wait together share one flush to the disk.
//! On PostgreSQL a unit is a round trip each for `begin`, `commit` and every statement. Figures:
//! `docs/benchmarks/store.md`.

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
mod turns;
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
