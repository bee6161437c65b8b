//! Five hundred random calendars over a year, held to what recurring-ical-events says of them: `oracle/oracle.py` wrote
//! down what is taken in each, and compares three times as many when it is run.

use chiron_calendar::busy;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// 64-bit FNV-1a, as in the oracle.
fn fold(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |value, byte| (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The calendar of which a line keeps what matters: every beginning is one of another event, the first 45 minutes long.
fn calendar(lines: &str) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\n");
    for (n, line) in lines.split('|').enumerate() {
        if line.starts_with("DTSTART") {
            let _ = writeln!(
                text,
                "{}BEGIN:VEVENT\nUID:1\nDURATION:PT{}M",
                if n == 0 { "" } else { "END:VEVENT\n" },
                if n == 0 { 45 } else { 30 }
            );
        }
        let _ = writeln!(text, "{line}");
    }
    text + "END:VEVENT\nEND:VCALENDAR\n"
}

#[test]
fn five_hundred_calendars_are_read_as_others_read_them() {
    let mut occurrences = 0;
    for line in include_str!("oracle.txt").lines() {
        let [from, to, count, hash, lines] = line.splitn(5, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let at = |day: &str| format!("{day}T00:00:00Z").parse::<Timestamp>().expect("a day");
        let taken = busy(calendar(lines).as_bytes(), &TimeZone::UTC, at(from), at(to)).expect("a calendar");
        let said: Vec<String> = taken.iter().map(|(from, to)| format!("{}-{}", from.as_second(), to.as_second())).collect();
        assert_eq!((said.len().to_string().as_str(), format!("{:016x}", fold(&said.join(" "))).as_str()), (count, hash), "{line}");
        occurrences += said.len();
    }
    assert!(occurrences > 15_000, "{occurrences}");
}
