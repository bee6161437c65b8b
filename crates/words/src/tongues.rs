//! The languages people talk in. `Tongue`, because "language" is also what programs are written in.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::fold::fold;
use crate::sheets::items;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tongue {
    /// ISO 639-1, two small letters: also right for `lang="..."`.
    pub code: &'static str,
    /// "Spanish"
    pub name: &'static str,
    /// "Español"
    pub own_name: &'static str,
    pub right_to_left: bool,
}

struct Table {
    tongues: Vec<Tongue>,
    by_word: HashMap<String, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { tongues: Vec::new(), by_word: HashMap::new() };
    for line in include_str!("tongues.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('|').map(str::trim);
        let (Some(code), Some(name), Some(own_name)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let words = cells.next().unwrap_or("");
        let at = table.tongues.len();
        table.tongues.push(Tongue { code, name, own_name, right_to_left: cells.next() == Some("rtl") });
        for word in [name, own_name].into_iter().chain(words.split(',')).map(fold).filter(|word| !word.is_empty()) {
            table.by_word.entry(word).or_insert(at);
        }
    }
    table
});

/// All languages by their English names, for a list to choose from.
pub fn tongues() -> &'static [Tongue] {
    &TABLE.tongues
}

/// By ISO code; a region is no hindrance ("pt-BR").
pub fn by_code(code: &str) -> Option<&'static Tongue> {
    let code = code.split(['-', '_']).next()?;
    TABLE.tongues.iter().find(|tongue| tongue.code.eq_ignore_ascii_case(code))
}

/// By code, English name, own name or a neighbour's name for it.
pub fn find(word: &str) -> Option<&'static Tongue> {
    by_code(word.trim()).or_else(|| TABLE.by_word.get(&fold(word)).and_then(|at| TABLE.tongues.get(*at)))
}

/// The languages that a cell or a line names, such as "German (fluent), English and ES": each once, or the word that names none.
pub fn named(cell: &str) -> Vec<Result<&'static Tongue, String>> {
    let mut found: Vec<Result<&Tongue, String>> = Vec::new();
    for item in items(cell).iter().flat_map(|item| item.split(['/', '&'])) {
        // "English - native", "pt-BR"
        let name = item.split(['(', ':', '-']).next().unwrap_or_default();
        let mut words: Vec<String> = vec![String::new()];
        for word in name.split_whitespace() {
            match (AND.contains(&word), words.last_mut()) {
                (false, Some(last)) => last.push_str(&format!(" {word}")),
                _ => words.push(String::new()),
            }
        }
        for word in words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
            let tongue = find(word).ok_or_else(|| word.to_owned());
            if !found.contains(&tongue) {
                found.push(tongue);
            }
        }
    }
    found
}

/// What stands between two languages.
const AND: [&str; 5] = ["and", "und", "et", "y", "e"];

/// The languages a searcher wants to talk in: "accessibility in React, in Spanish" says Spanish. Names count wherever
/// they stand, except as something to learn or teach ("learn Spanish", "Spanish teacher"); codes never do, because
/// "it", "no" and "is" are words. Spans are bytes of the text and take the preposition along, so that cutting them out
/// leaves a clean query. In the order of the text, each language once.
pub fn recognise(text: &str) -> Vec<(&'static Tongue, Range<usize>)> {
    let words: Vec<(Range<usize>, String)> = words(text).take(2_000).map(|span| (span.clone(), fold(&text[span]))).collect();
    let mut found: Vec<(&Tongue, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // The longest names have two words ("Bahasa Indonesia", "Tiếng Việt").
        let hit = [2, 1].into_iter().find_map(|length| {
            let last = at + length - 1;
            let name = words.get(at..=last)?.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ");
            Some((last, TABLE.tongues.get(*TABLE.by_word.get(&name)?)?))
        });
        let Some((last, tongue)) = hit else {
            at += 1;
            continue;
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_subject = before.is_some_and(|(_, word)| LEARNING.contains(&word.as_str()))
            || words.get(last + 1).is_some_and(|(_, word)| LESSONS.contains(&word.as_str()));
        if !is_subject && !found.iter().any(|(known, _)| known.code == tongue.code) {
            let start = before.filter(|(_, word)| PREPOSITIONS.contains(&word.as_str())).unwrap_or(&words[at]).0.start;
            found.push((tongue, start..words[last].0.end));
        }
        at = last + 1;
    }
    found
}

const PREPOSITIONS: [&str; 9] = ["in", "on", "auf", "en", "em", "speaks", "speaking", "spoken", "på"];
const LEARNING: [&str; 14] = [
    "learn",
    "learning",
    "teach",
    "teaches",
    "teaching",
    "study",
    "studying",
    "practise",
    "practice",
    "improve",
    "lernen",
    "aprender",
    "apprendre",
    "business",
];
const LESSONS: [&str; 9] = ["teacher", "lessons", "lesson", "teaching", "course", "learners", "exam", "lernen", "unterricht"];

fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || matches!(c, 'ʻ' | '\u{200d}');
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(is_word)?;
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        rest = end;
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_names_languages_as_people_do() {
        let codes =
            |cell: &str| named(cell).into_iter().map(|t| t.map_or_else(|word| format!("{word}?"), |t| t.code.into())).collect::<Vec<_>>();
        assert_eq!(codes("German (fluent), English and ES"), ["de", "en", "es"]);
        assert_eq!(codes("Deutsch und Englisch; pt-BR"), ["de", "en", "pt"]);
        assert_eq!(codes("français et Klingon"), ["fr", "Klingon?"]);
    }

    fn spoken(text: &str) -> Vec<&'static str> {
        recognise(text).iter().map(|(tongue, _)| tongue.code).collect()
    }

    #[test]
    fn every_language_is_found_by_code_and_both_names() {
        assert!(tongues().len() >= 60);
        for tongue in tongues() {
            assert_eq!(by_code(tongue.code), Some(tongue));
            assert_eq!(find(tongue.name), Some(tongue), "{tongue:?}");
            assert_eq!(find(tongue.own_name), Some(tongue), "{tongue:?}");
        }
        assert_eq!(by_code("pt-BR").map(|tongue| tongue.name), Some("Portuguese"));
        assert_eq!(find("espanol").map(|tongue| tongue.code), Some("es"));
        assert!(by_code("ar").is_some_and(|tongue| tongue.right_to_left));
        assert_eq!(find("Klingon"), None);
    }

    #[test]
    fn a_search_says_in_which_language_to_talk() {
        for (text, codes) in [
            ("in Spanish", vec!["es"]),
            ("accessibility in React apps, in Spanish", vec!["es"]),
            ("speaks Portuguese or english", vec!["pt", "en"]),
            ("Führung, auf Deutsch", vec!["de"]),
            ("someone Spanish-speaking", vec!["es"]),
            ("hablo español y català", vec!["es", "ca"]),
            ("leadership bahasa indonesia", vec!["id"]),
            ("teach Spanish, in French", vec!["fr"]),
            ("a Spanish teacher", vec![]),
            ("it is no big deal", vec![]),
            ("in Spanish, Spanish please", vec!["es"]),
            ("日本語", vec!["ja"]),
            ("", vec![]),
        ] {
            assert_eq!(spoken(text), codes, "{text}");
        }
    }

    #[test]
    fn the_span_takes_the_preposition_along() {
        let text = "React, in Spanish please";
        let spans: Vec<&str> = recognise(text).into_iter().map(|(_, span)| &text[span]).collect();
        assert_eq!(spans, ["in Spanish"]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC{0,100}") {
            for (_, span) in recognise(&text) {
                prop_assert!(text.get(span).is_some());
            }
        }
    }
}
