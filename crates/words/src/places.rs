//! Countries and the zone most of their people live in. Codes are stored; names are for the screen.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fold::fold;

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

/// Whether the zone is one that a clock can follow.
pub fn is_zone(zone: &str) -> bool {
    zone.len() <= 60 && jiff::tz::TimeZone::get(zone).is_ok()
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
            assert!(is_zone(country.zone), "{country:?}");
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
        assert!(!is_zone("Mars/Olympus"));
    }
}
