//! What can go wrong, told apart by what a caller can do about it.

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
pub enum Error {
    #[error(transparent)]
    Lite(#[from] rusqlite::Error),
    #[error("{}", pg_words(.0))]
    Pg(#[from] postgres::Error),
    #[error("commit failed: {0}")]
    Commit(String),
    #[error("no row")]
    NoRow,
    #[error("the database is shutting down")]
    Closed,
    #[error("{0}")]
    Migration(String),
    /// The unit of work itself gave up; its own error travels beside this one. Everything it did is rolled back.
    #[error("the unit of work was refused")]
    Abandoned,
}

impl Error {
    pub(crate) fn is_retryable(&self) -> bool {
        use postgres::error::SqlState as S;
        matches!(self, Self::Pg(e) if e.code().is_some_and(|c| *c == S::T_R_SERIALIZATION_FAILURE || *c == S::T_R_DEADLOCK_DETECTED))
    }

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
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Some(Violation::Unique),
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Violation::ForeignKey),
                ffi::SQLITE_CONSTRAINT_NOTNULL => Some(Violation::NotNull),
                ffi::SQLITE_CONSTRAINT_CHECK => Some(Violation::Check),
                _ => None,
            },
            _ => None,
        }
    }
}

fn pg_words(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}
