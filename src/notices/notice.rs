//! Notices, and how people want to be told by mail. Pure.

use crate::slices::{Telling, Words};
use crate::viewer::PersonId;
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::tz::TimeZone;
use uuid::Uuid;

ids!(NoticeId);

text_enum!(
    /// How someone wants to be told by mail.
    pub Rhythm { AtOnce = "at_once", Daily = "daily", Never = "never" }
);

record!(
    #[derive(Debug, Clone)]
    pub struct Notice {
        pub id: NoticeId,
        pub person: PersonId,
        pub kind: String,
        pub subject: Uuid,
        pub made_at: Timestamp,
        pub read_at: Option<Timestamp>,
    }
);

/// A notice with what it says now.
pub struct Told {
    pub notice: Notice,
    pub telling: &'static Telling,
    pub words: Words,
}

impl Told {
    /// Whether it is to go into a letter still.
    pub fn needs_a_letter(&self) -> bool {
        self.notice.read_at.is_none() || self.words.invitation.is_some()
    }
}

/// The hour at which the daily letter goes out, by the clock on their wall.
const MORNING: i8 = 7;

/// The next seven in the morning where they live.
pub fn next_morning(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let wall = now.in_zone(zone);
    let seven = |day: jiff::civil::Date| day.at(MORNING, 0, 0, 0).to_zoned(zone.clone()).map(|z| Timestamp::from(z.timestamp()));
    let today = seven(wall.date());
    let tomorrow = wall.date().tomorrow().and_then(seven);
    match (today, tomorrow) {
        (Ok(today), _) if today > now => today,
        (_, Ok(tomorrow)) => tomorrow,
        // Only at the end of the calendar.
        _ => now + jiff::SignedDuration::from_hours(24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_morning_is_theirs_and_survives_a_change_of_clocks() {
        let at = |s: &str| Timestamp::from(s.parse::<jiff::Timestamp>().unwrap());
        let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
        assert_eq!(next_morning(at("2026-11-02T06:59:00Z"), &lisbon), at("2026-11-02T07:00:00Z"));
        assert_eq!(next_morning(at("2026-11-02T07:00:00Z"), &lisbon), at("2026-11-03T07:00:00Z"));
        // Clocks go forward in the night of 28 March 2027.
        assert_eq!(next_morning(at("2027-03-27T12:00:00Z"), &lisbon), at("2027-03-28T06:00:00Z"));
        let kiritimati = TimeZone::get("Pacific/Kiritimati").unwrap();
        assert_eq!(next_morning(at("2026-11-02T18:00:00Z"), &kiritimati), at("2026-11-03T17:00:00Z"));
    }
}
