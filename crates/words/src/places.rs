//! Countries and the zone most of their people live in. Codes are stored; names are for the screen.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fold::fold;
use jiff::tz::TimeZone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, two capitals.
    pub code: &'static str,
    pub name: &'static str,
    /// IANA zone offered when a person names this country; they may choose another.
    pub zone: &'static str,
}

struct Table {
    countries: Vec<Country>,
    by_word: HashMap<String, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { countries: Vec::new(), by_word: HashMap::new() };
    for line in include_str!("places.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('|').map(str::trim);
        let (Some(code), Some(name), Some(zone)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let at = table.countries.len();
        table.countries.push(Country { code, name, zone });
        for word in [code, name].into_iter().chain(cells.next().unwrap_or("").split(',')).filter(|word| !word.trim().is_empty()) {
            table.by_word.entry(plain(word.trim())).or_insert(at);
        }
    }
    table
});

/// All countries by name, for a list to choose from.
pub fn countries() -> &'static [Country] {
    &TABLE.countries
}

/// By ISO code, in any case. Two letters that are no code ("UK") are not a code here: see [`find`].
pub fn by_code(code: &str) -> Option<&'static Country> {
    TABLE.countries.iter().find(|country| country.code.eq_ignore_ascii_case(code))
}

/// By what a person writes: code, name or another common word ("UK", "Deutschland", "the Netherlands").
pub fn find(word: &str) -> Option<&'static Country> {
    let word = plain(word.trim());
    TABLE.by_word.get(&word).or_else(|| TABLE.by_word.get(word.strip_prefix("the ")?)).and_then(|at| TABLE.countries.get(*at))
}

/// Abbreviations that people write for their zone. Where they mean several, the one most forms mean.
const ZONES: [(&str, &str); 18] = [
    ("cet", "Europe/Paris"),
    ("cest", "Europe/Paris"),
    ("eet", "Europe/Athens"),
    ("wet", "Europe/Lisbon"),
    ("bst", "Europe/London"),
    ("gmt", "UTC"),
    ("utc", "UTC"),
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

/// The zone that people mean, by the name clocks know it by: "Europe/Paris", "america/new york", a city ("Chatham"), "CET",
/// "(UTC+01:00) Amsterdam, Berlin", or "UTC+2", which never changes its clock.
pub fn zone(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.len() > 60 {
        return None;
    }
    let folded = fold(typed);
    if let Some((_, name)) = ZONES.iter().find(|(short, _)| *short == folded) {
        return Some((*name).to_owned());
    }
    if let Ok(zone) = TimeZone::get(&typed.replace(' ', "_")) {
        return zone.iana_name().map(str::to_owned);
    }
    let city = |name: &str| CITIES.get(&plain(name.trim())).cloned();
    if let Some(offset) = stated_offset(typed) {
        let cities = typed.split_once(')').map_or("", |(_, cities)| cities);
        return cities.split(',').find_map(city).or_else(|| zone_at(offset));
    }
    city(typed)
}

/// A zone in words that are read again: "UTC+2" for what clocks call "Etc/GMT-2", or its name.
pub fn zone_words(zone: &str) -> String {
    match zone.strip_prefix("Etc/GMT").and_then(|hours| hours.parse::<i32>().ok()) {
        Some(behind) if behind != 0 => format!("UTC{:+}", -behind),
        _ => zone.to_owned(),
    }
}

/// The zone whose clock is always so many minutes from UTC; for what no whole hours are, one that is at some time of the
/// year: there are few such places, and who says "UTC+5:45" is in Nepal.
fn zone_at(offset: i32) -> Option<String> {
    if offset % 60 == 0 {
        let name = if offset == 0 { "UTC".to_owned() } else { format!("Etc/GMT{:+}", -offset / 60) };
        return TimeZone::get(&name).ok().map(|_| name);
    }
    let at = |month| jiff::civil::date(2026, month, 15).to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
    let keeps = |name: &str| {
        let zone = TimeZone::get(name).ok()?;
        [1, 7].into_iter().filter_map(at).any(|at| zone.to_offset(at).seconds() == offset * 60).then(|| name.to_owned())
    };
    let mut cities: Vec<&str> = CITIES.values().map(String::as_str).collect();
    cities.sort_unstable();
    countries().iter().map(|country| country.zone).chain(cities).find_map(keeps)
}

/// The zones by their cities.
static CITIES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut cities = HashMap::new();
    // A name that clocks no longer use, such as Asia/Calcutta, must not take the place of the country's.
    let first = countries().iter().map(|country| country.zone.to_owned());
    for zone in first.chain(jiff::tz::db().available().map(|name| name.to_string())) {
        let city = zone.rsplit_once('/').filter(|_| AREAS.iter().any(|area| zone.starts_with(area)));
        if let Some(city) = city.map(|(_, city)| plain(&city.replace('_', " "))) {
            cities.entry(city).or_insert(zone);
        }
    }
    cities
});
const AREAS: [&str; 10] =
    ["Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];

/// Minutes from UTC where they are said: "UTC+2", "GMT-05:30", "(UTC+01:00) Berlin", "+0200".
pub fn stated_offset(zone: &str) -> Option<i32> {
    let text = zone.trim().trim_start_matches('(').trim_start();
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

fn plain(word: &str) -> String {
    fold(word).replace(['.', ',', '\'', '(', ')'], "").replace('-', " ").replace(" & ", " and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_code_a_name_and_a_real_zone() {
        assert!(countries().len() > 240);
        for (at, country) in countries().iter().enumerate() {
            assert!(country.code.len() == 2 && country.code.chars().all(|c| c.is_ascii_uppercase()), "{country:?}");
            assert!(zone(country.zone).as_deref() == Some(country.zone), "{country:?}");
            assert!(!countries()[..at].iter().any(|other| other.code == country.code), "{country:?} twice");
            assert_eq!(find(country.name), Some(country), "{country:?}");
            assert_eq!(by_code(&country.code.to_lowercase()), Some(country));
        }
    }

    #[test]
    fn a_country_is_found_by_the_words_people_use() {
        for (word, code) in [
            ("UK", "GB"),
            ("u.k.", "GB"),
            ("USA", "US"),
            ("the United States", "US"),
            ("Deutschland", "DE"),
            ("the netherlands", "NL"),
            ("españa", "ES"),
            ("Espana", "ES"),
            ("Turkey", "TR"),
            ("turkiye", "TR"),
            ("Czech Republic", "CZ"),
            ("cote d'ivoire", "CI"),
            ("Ivory Coast", "CI"),
            ("日本", "JP"),
            ("sri lanka", "LK"),
            ("Timor Leste", "TL"),
            ("bosnia & herzegovina", "BA"),
        ] {
            assert_eq!(find(word).map(|country| country.code), Some(code), "{word}");
        }
        assert_eq!(find("Atlantis"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn a_zone_is_found_by_the_words_people_use() {
        for (typed, name) in [
            ("Europe/Paris", Some("Europe/Paris")),
            ("europe/paris", Some("Europe/Paris")),
            ("America/New York", Some("America/New_York")),
            ("new york", Some("America/New_York")),
            ("Chatham", Some("Pacific/Chatham")),
            ("Zürich", Some("Europe/Zurich")),
            ("CET", Some("Europe/Paris")),
            ("(UTC+01:00) Amsterdam, Berlin, Rome", Some("Europe/Amsterdam")),
            ("UTC", Some("UTC")),
            ("UTC+2", Some("Etc/GMT-2")),
            ("GMT-05:00", Some("Etc/GMT+5")),
            ("UTC+13:45", Some("Pacific/Chatham")),
            ("UTC+5:30", Some("Asia/Kolkata")),
            ("UTC+5:45", Some("Asia/Kathmandu")),
            ("UTC+13:46", None),
            ("UTC-14", None),
            ("Mars/Olympus", None),
            ("", None),
        ] {
            assert_eq!(zone(typed).as_deref(), name, "{typed}");
        }
        assert_eq!(zone_words("Etc/GMT-2"), "UTC+2");
        assert_eq!(zone_words("Europe/Paris"), "Europe/Paris");
        assert_eq!(zone(&zone_words("Etc/GMT+11")).as_deref(), Some("Etc/GMT+11"));
    }
}
