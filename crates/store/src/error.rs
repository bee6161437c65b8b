//! What can go wrong, told apart by what a caller can do about it.

use std::error::Error as _;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A rule of the schema that a statement broke. Both engines name the kind; neither names the constraint alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    Unique,
    ForeignKey,
    NotNull,
    Check,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("{}", lite_words(.0))]
    Lite(rusqlite::Error),
    #[error("{}", pg_words(.0))]
    Pg(postgres::Error),
    /// The transaction could not be made durable. Nothing this unit did is there.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The connection broke while PostgreSQL was committing: nobody can say whether the unit is there.
    #[error("the connection to PostgreSQL broke during the commit; it is not known whether the change was kept")]
    Unsure,
    #[error("no row")]
    NoRow,
    #[error("the database is shutting down")]
    Closed,
    /// The queue stayed full, or a conflict with other units did not go away. Trying later will do.
    #[error("the database is busy")]
    Busy,
    #[error("cannot reach PostgreSQL at {0}")]
    Unreachable(String),
    /// The unit of work panicked. What it did is undone; its neighbours are not touched.
    #[error("a unit of work panicked at {0}")]
    Panicked(&'static std::panic::Location<'static>),
    /// A statement failed, the unit went on and then claimed success. PostgreSQL would have kept nothing, so neither
    /// engine does. [`crate::Tx::attempt`] is how a unit goes on after a failure.
    #[error("an earlier statement of this unit of work failed")]
    Spoiled,
    /// U+0000 in a text: PostgreSQL cannot hold it, so neither engine takes it.
    #[error("a text holds the character U+0000")]
    NulText,
    /// A statement and its arguments or its row type do not fit each other.
    #[error("{0}")]
    Unfit(String),
    #[error("{0}")]
    Setting(String),
    #[error("{0}")]
    Migration(String),
    #[error("{0}")]
    Backup(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Lite(error)
    }
}
impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState as S;
        match error.code() {
            Some(c) if *c == S::CHARACTER_NOT_IN_REPERTOIRE => Self::NulText,
            _ => Self::Pg(error),
        }
    }
}

impl Error {
    /// The kind of rule that was broken, when this is a broken rule.
    pub fn violation(&self) -> Option<Violation> {
        use postgres::error::SqlState as S;
        use rusqlite::ffi;
        match self {
            Self::Pg(e) => match e.code()? {
                c if *c == S::UNIQUE_VIOLATION => Some(Violation::Unique),
                c if *c == S::FOREIGN_KEY_VIOLATION => Some(Violation::ForeignKey),
                c if *c == S::NOT_NULL_VIOLATION => Some(Violation::NotNull),
                c if *c == S::CHECK_VIOLATION => Some(Violation::Check),
                _ => None,
            },
            Self::Lite(e) => match e.sqlite_error()?.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => Some(Violation::Unique),
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Violation::ForeignKey),
                ffi::SQLITE_CONSTRAINT_NOTNULL => Some(Violation::NotNull),
                ffi::SQLITE_CONSTRAINT_CHECK => Some(Violation::Check),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the same unit may well succeed later (busy, disk full, server away): a page answers 503, not 500.
    pub fn is_passing(&self) -> bool {
        use rusqlite::ErrorCode as C;
        match self {
            Self::Busy | Self::Closed | Self::Commit(_) | Self::Unsure | Self::Unreachable(_) => true,
            Self::Lite(e) => {
                matches!(
                    e.sqlite_error_code(),
                    Some(C::DatabaseBusy | C::DatabaseLocked | C::DiskFull | C::ReadOnly | C::SystemIoFailure | C::CannotOpen)
                )
            }
            Self::Pg(e) => Trouble::of_pg(e, true) != Trouble::Failed || e.code().is_some_and(|c| matches!(&c.code()[..2], "53" | "57")),
            _ => false,
        }
    }
}

/// What a failed statement means for the rest of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The unit is over.
    Failed,
    /// PostgreSQL asks for the whole unit again.
    Again,
    /// The connection's prepared statements no longer fit the schema: prepare anew, run again.
    Stale,
    /// The connection is gone, or leads to a server that no longer takes writes.
    Lost,
}

impl Trouble {
    pub(crate) fn of(error: &Error, writing: bool) -> Self {
        match error {
            Error::Pg(e) => Self::of_pg(e, writing),
            _ => Self::Failed,
        }
    }

    fn of_pg(error: &postgres::Error, writing: bool) -> Self {
        use postgres::error::SqlState as S;
        let Some(code) = error.code() else {
            let broken = error.is_closed() || error.source().is_some_and(|s| s.is::<std::io::Error>());
            return if broken { Self::Lost } else { Self::Failed };
        };
        match code {
            c if *c == S::T_R_SERIALIZATION_FAILURE || *c == S::T_R_DEADLOCK_DETECTED => Self::Again,
            c if *c == S::INVALID_SQL_STATEMENT_NAME => Self::Stale,
            c if *c == S::FEATURE_NOT_SUPPORTED && error.as_db_error().is_some_and(|e| e.message().contains("cached plan")) => Self::Stale,
            c if *c == S::ADMIN_SHUTDOWN || *c == S::CRASH_SHUTDOWN || *c == S::CANNOT_CONNECT_NOW => Self::Lost,
            // A former primary after a failover: reconnecting finds the new one.
            c if *c == S::READ_ONLY_SQL_TRANSACTION && writing => Self::Lost,
            c if c.code().starts_with("08") => Self::Lost,
            _ => Self::Failed,
        }
    }
}

/// SQLite's own words, but for a full disk: when the file is opened it shows as an I/O error, since there is no room for
/// the index of the log.
fn lite_words(error: &rusqlite::Error) -> String {
    use rusqlite::ffi::{SQLITE_FULL, SQLITE_IOERR_SHMSIZE};
    match error.sqlite_error().map(|e| e.extended_code) {
        Some(SQLITE_FULL | SQLITE_IOERR_SHMSIZE) => "there is no room left on the disk".to_owned(),
        _ => error.to_string(),
    }
}

/// The server's own words without its detail line, which may quote a row.
pub(crate) fn pg_words(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}
