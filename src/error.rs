//! Three things can go wrong, told apart by what the person can do about them.

use std::fmt::Display;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// It is not there, or it is not yours: the answer is the same, so that nobody can probe for what exists.
    NotFound,
    /// A sentence for a person that says what to do next.
    Refused(Box<Refusal>),
    /// Ours to mend: the person gets a reference, the log gets the chain.
    Broken(Broken),
}

#[derive(Debug, Clone)]
pub struct Refusal {
    /// Stable, for programs.
    pub code: &'static str,
    pub sentence: String,
    pub kind: RefusalKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The rules say no to what was asked.
    Rule,
    /// It is there, and this person may know that it is; what they asked for was not agreed.
    NotAgreed,
    /// It changed a moment before.
    Conflict,
    /// Too often; try again after this many seconds.
    TooOften(u64),
    /// The machine is at its limit; nothing was lost.
    Busy,
}

#[derive(Debug)]
pub enum Broken {
    Store(chiron_store::Error),
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// Refuses in a person's words: `refused!("You have three requests open.")`, with a code for programs in front when
/// one is wanted: `refused!("too_many_asks"; "You have {n} requests open.")`.
#[macro_export]
macro_rules! refused {
    ($code:literal; $($words:tt)*) => { $crate::error::Error::refused($code, $crate::error::RefusalKind::Rule, format!($($words)*)) };
    ($($words:tt)*) => { $crate::error::Error::refused("refused", $crate::error::RefusalKind::Rule, format!($($words)*)) };
}

/// Refuses because someone else was a moment earlier.
#[macro_export]
macro_rules! too_late {
    ($($words:tt)*) => { $crate::error::Error::refused("too_late", $crate::error::RefusalKind::Conflict, format!($($words)*)) };
}

impl Error {
    pub fn refused(code: &'static str, kind: RefusalKind, sentence: String) -> Self {
        Self::Refused(Box::new(Refusal { code, sentence, kind }))
    }
    pub fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(Broken::Other(cause.into()))
    }
    /// Whether this is the schema refusing a second row of the same kind.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Broken(Broken::Store(e)) if e.violation() == Some(chiron_store::Violation::Unique))
    }
}

/// What is not there, or no longer for this person to see, as nothing; any other failure stays one.
pub fn still_there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Refused(refusal) => f.write_str(&refusal.sentence),
            Self::Broken(Broken::Store(e)) => e.fmt(f),
            Self::Broken(Broken::Other(e)) => {
                e.fmt(f)?;
                let mut cause = e.source();
                while let Some(c) = cause {
                    write!(f, ": {c}")?;
                    cause = c.source();
                }
                Ok(())
            }
        }
    }
}
impl std::error::Error for Error {}

impl From<chiron_store::Error> for Error {
    fn from(e: chiron_store::Error) -> Self {
        Self::Broken(Broken::Store(e))
    }
}
macro_rules! ours {
    ($($kind:ty),+) => { $(impl From<$kind> for Error { fn from(e: $kind) -> Self { Self::broken(e) } })+ };
}
ours!(serde_json::Error, std::io::Error, jiff::Error);
