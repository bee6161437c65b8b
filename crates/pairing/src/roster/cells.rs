//! What single cells say.

use chiron_words::fold::fold;
use chiron_words::sheets::items;
use chiron_words::{places, tongues};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A list in a cell has at most so many items.
const MOST_ITEMS: usize = 60;

/// A cell as text: trimmed, and without the apostrophe that keeps a spreadsheet from reckoning with it.
pub fn text_of(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// The items of a list: between semicolons, bars or line ends where there are any, else between commas, as forms with
/// boxes to tick write them. Numbers and bullets before an item go.
pub fn several(cell: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for item in items(cell, &[';', '\n', '|', '•']) {
        let item = without_bullet(&item).to_owned();
        if !item.is_empty() && !list.contains(&item) && list.len() < MOST_ITEMS {
            list.push(item);
        }
    }
    list
}

fn without_bullet(item: &str) -> &str {
    let item = item.trim_start_matches(['-', '*', '–']).trim_start();
    let rest = item.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['.', ')']) {
        Some(after) if rest.len() < item.len() && after.starts_with(' ') => after.trim_start(),
        _ => item,
    }
}

/// The codes of the languages named in a cell; a word nobody knows stands for itself.
pub fn languages(cell: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for word in several(cell).iter().flat_map(|item| item.split(['/', '&'])) {
        // "German (fluent)", "English - native"
        let word = word.split(['(', ':', '-']).next().unwrap_or_default().trim();
        for word in word.split(" and ").filter(|word| !word.trim().is_empty()) {
            let code = tongues::find(word).map_or_else(|| fold(word), |tongue| tongue.code.to_owned());
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }
    codes
}

/// Abbreviations that people write for their zone. Where they mean several, the one most forms mean.
const ZONES: [(&str, &str); 18] = [
    ("cet", "Europe/Paris"),
    ("cest", "Europe/Paris"),
    ("eet", "Europe/Athens"),
    ("wet", "Europe/Lisbon"),
    ("bst", "Europe/London"),
    ("gmt", "Etc/UTC"),
    ("utc", "Etc/UTC"),
    ("est", "America/New_York"),
    ("edt", "America/New_York"),
    ("et", "America/New_York"),
    ("cst", "America/Chicago"),
    ("mst", "America/Denver"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("pt", "America/Los_Angeles"),
    ("ist", "Asia/Kolkata"),
    ("jst", "Asia/Tokyo"),
    ("aest", "Australia/Sydney"),
];

/// Minutes from UTC at an instant, of a zone as people write it: "Europe/Paris", "UTC+2", "GMT-05:00",
/// "(UTC+01:00) Amsterdam, Berlin", "CET".
pub fn offset(zone: &str, at: Timestamp) -> Option<i32> {
    let zone = zone.trim();
    if let Some(offset) = stated(zone) {
        return Some(offset);
    }
    let known = ZONES.iter().find(|(short, _)| fold(zone) == *short).map_or(zone, |(_, name)| name);
    if known.len() > 60 {
        return None;
    }
    let zone = TimeZone::get(&known.replace(' ', "_")).ok()?;
    Some(zone.to_offset(at).seconds() / 60)
}

/// Minutes from UTC of the zone most people of a country live in.
pub fn offset_of_country(country: &str, at: Timestamp) -> Option<i32> {
    let country = places::by_code(country).or_else(|| places::find(country))?;
    offset(country.zone, at)
}

/// "UTC+2", "GMT-05:30", "(UTC+01:00) Berlin", "+0200".
fn stated(zone: &str) -> Option<i32> {
    let text = zone.trim_start_matches('(').trim_start();
    let upper = text.get(..3).map(str::to_ascii_uppercase);
    let text = if matches!(upper.as_deref(), Some("UTC" | "GMT")) { &text[3..] } else { text };
    let text = text.trim_start();
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '−' | '–' => -1,
        _ => return None,
    };
    let digits: String = text.chars().skip(1).take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) => (hour.to_owned(), minute.to_owned()),
        None if digits.len() == 4 => (digits[..2].to_owned(), digits[2..].to_owned()),
        None => (digits, "0".to_owned()),
    };
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 14 && minute < 60).then_some(sign * (hour * 60 + minute))
}

/// A count: "2", "up to 3", "2-3" (the larger), "two".
pub fn count(cell: &str) -> Option<u32> {
    const WORDS: [&str; 11] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let numbers = numbers(cell);
    // A number below nothing, or three of them: a spreadsheet has taken "2-3" for a day and written 02/03/2026.
    if cell.trim_start().starts_with(['-', '−', '–']) || numbers.len() > 2 {
        return None;
    }
    if let Some(number) = numbers.into_iter().max_by(f64::total_cmp) {
        return (0.0..=10_000.0).contains(&number).then_some(number as u32);
    }
    let said = fold(cell);
    WORDS.iter().position(|word| said.split(' ').any(|said| said == *word)).map(|at| at as u32)
}

/// Every number in a text, commas as points.
pub fn numbers(cell: &str) -> Vec<f64> {
    let parts = cell.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    parts.filter_map(|part| part.trim_matches(['.', ',']).replace(',', ".").parse().ok()).collect()
}

/// Steps of seniority where the rules name none: a number in the cell, or a word of most careers.
pub fn seniority(cell: &str, order: &[Vec<String>]) -> Option<i32> {
    const CAREER: [(&str, i32); 22] = [
        ("intern", 0),
        ("trainee", 0),
        ("student", 0),
        ("apprentice", 0),
        ("graduate", 1),
        ("entry", 1),
        ("junior", 1),
        ("early", 1),
        ("associate", 2),
        ("mid", 2),
        ("intermediate", 2),
        ("middle", 2),
        ("senior", 3),
        ("lead", 4),
        ("staff", 4),
        ("manager", 5),
        ("principal", 5),
        ("head", 6),
        ("director", 6),
        ("vice", 7),
        ("vp", 7),
        ("chief", 8),
    ];
    let said = fold(cell);
    if !order.is_empty() {
        return order.iter().position(|step| step.iter().any(|word| fold(word) == said)).and_then(|at| i32::try_from(at).ok());
    }
    if let Some(number) = numbers(cell).first().filter(|number| (0.0..=1_000.0).contains(*number)) {
        return Some(number.round() as i32);
    }
    // "Senior manager" is a manager: the highest word counts.
    let steps = said.split([' ', '-', '/']).filter_map(|word| CAREER.iter().find(|(name, _)| *name == word));
    steps.map(|(_, step)| *step).max()
}

/// Enough to catch a name in the wrong column.
pub fn is_address(typed: &str) -> bool {
    let Some((who, host)) = typed.rsplit_once('@') else { return false };
    !who.is_empty()
        && !who.contains('@')
        && host.contains('.')
        && host.split('.').all(|part| !part.is_empty())
        && !typed.contains([' ', '<', '>', ',', ';', '"', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_what_people_mean() {
        let winter: Timestamp = "2026-01-12T12:00:00Z".parse().unwrap();
        for (zone, minutes) in [
            ("Europe/Paris", Some(60)),
            ("UTC+2", Some(120)),
            ("GMT-05:30", Some(-330)),
            ("(UTC+01:00) Amsterdam, Berlin, Rome", Some(60)),
            ("America/New York", Some(-300)),
            ("CET", Some(60)),
            ("+0530", Some(330)),
            ("Middle Earth", None),
            ("", None),
        ] {
            assert_eq!(offset(zone, winter), minutes, "{zone}");
        }
        for (cell, seats) in [("2", Some(2)), ("up to 3", Some(3)), ("2-3", Some(3)), ("one", Some(1)), ("0", Some(0)), ("many", None)] {
            assert_eq!(count(cell), seats, "{cell}");
        }
        for no_count in ["-1", "02/03/2026", "2026-03-02", "3.2.2026"] {
            assert_eq!(count(no_count), None, "{no_count}");
        }
        for (cell, step) in [("Grade 7", Some(7)), ("Senior manager", Some(5)), ("junior", Some(1)), ("L5", Some(5)), ("?", None)] {
            assert_eq!(seniority(cell, &[]), step, "{cell}");
        }
        assert_eq!(languages("German (fluent), English and ES"), ["de", "en", "es"]);
        assert_eq!(several("1. Lea; 2. Tomas ;;"), ["Lea", "Tomas"]);
        assert_eq!(several("- C, C++\n- Java"), ["C, C++", "Java"]);
        assert_eq!(text_of(" '=1+1 "), "=1+1");
    }
}
