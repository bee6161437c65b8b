//! What single cells say.

use chiron_words::fold::fold;
use chiron_words::sheets::numbers;
use chiron_words::{places, tongues};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The codes of the languages named in a cell; a word nobody knows stands for itself.
pub fn languages(cell: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for tongue in tongues::named(cell) {
        let code = tongue.map_or_else(|word| fold(&word), |tongue| tongue.code.to_owned());
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// Minutes from UTC at an instant, of a zone as people write it: "Europe/Paris", "UTC+2", "GMT-05:00",
/// "(UTC+01:00) Amsterdam, Berlin", "CET".
pub fn offset(zone: &str, at: Timestamp) -> Option<i32> {
    places::stated_offset(zone).or_else(|| Some(TimeZone::get(&places::zone(zone)?).ok()?.to_offset(at).seconds() / 60))
}

/// Minutes from UTC of the zone most people of a country live in.
pub fn offset_of_country(country: &str, at: Timestamp) -> Option<i32> {
    let country = places::by_code(country).or_else(|| places::find(country))?;
    offset(country.zone, at)
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
        for (cell, step) in [("Grade 7", Some(7)), ("Senior manager", Some(5)), ("junior", Some(1)), ("L5", Some(5)), ("?", None)] {
            assert_eq!(seniority(cell, &[]), step, "{cell}");
        }
        assert_eq!(languages("German (fluent), English and ES"), ["de", "en", "es"]);
    }
}
