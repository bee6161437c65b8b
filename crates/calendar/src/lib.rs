//! What calendars say to each other, and when things repeat. No I/O, no clock.
//!
//! - [`Rule`] and [`Recurrence`]: what repeats keeps the time on the wall through every change of the clock, with
//!   exceptions and with occurrences that were moved.
//! - [`busy`]: the busy times in somebody's calendar, read with patience for what other programs write.
//! - [`Calendar`]: invitations, their updates and cancellations (iMIP), and feeds to subscribe to.
//! - [`answers`]: what people's calendar programs answer to an invitation.
//!
//! Everything that comes from outside is bounded: see [`LARGEST`], [`MOST_EVENTS`] and [`Budget`]. The formats are
//! those of RFC 5545 (iCalendar), RFC 5546 (iTIP), RFC 6047 (iMIP), RFC 6868 and RFC 7986.
//!
//! ```
//! use chiron_calendar::{Budget, Recurrence, Rule, Zone};
//! use jiff::{civil::date, tz::TimeZone};
//!
//! let berlin = Zone::Known(TimeZone::get("Europe/Berlin")?);
//! let weekly = Recurrence::of(date(2027, 3, 21).at(18, 0, 0, 0), berlin).repeating("FREQ=WEEKLY;COUNT=2".parse::<Rule>()?);
//! let times = weekly.between("2027-01-01T00:00:00Z".parse()?, "2028-01-01T00:00:00Z".parse()?, &mut Budget::default())?;
//! // Six in the evening on both sides of 28 March, when clocks go forward.
//! let said: Vec<String> = times.iter().map(|t| t.at.to_string()).collect();
//! assert_eq!(said, ["2027-03-21T17:00:00Z", "2027-03-28T16:00:00Z"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod busy;
mod event;
mod line;
mod recurrence;
mod rule;
mod tree;
mod windows;
mod write;
mod zone;

pub use answer::{Answer, Response, answers};
pub use busy::{Busy, busy};
pub use recurrence::{Occurrence, Recurrence};
pub use rule::{Budget, End, Frequency, Rule, Until};
pub use write::{Attendee, Calendar, Event, Method, Organizer};
pub use zone::Zone;

/// The largest calendar that is read, in bytes: a mebibyte holds some three thousand events.
pub const LARGEST: usize = 1 << 20;
/// The most events in a calendar that is read.
pub const MOST_EVENTS: usize = 10_000;

/// Why a calendar or a rule was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("this is not a calendar")]
    NotACalendar,
    #[error("the calendar is larger than {LARGEST} bytes")]
    TooLarge,
    #[error("the calendar has more than {MOST_EVENTS} events")]
    TooManyEvents,
    /// What repeats would take too long to work out, or happens too often.
    #[error("what repeats in the calendar happens too often")]
    TooOften,
    #[error("“{0}” is no part of a rule that repeats")]
    NotARule(String),
    #[error("this is no answer to an invitation")]
    NotAnAnswer,
}
