//! What spreadsheet programs write, and what single cells say.

use crate::fold::fold;

/// A list in a cell has at most so many items.
const MOST_ITEMS: usize = 100;
/// What stands between the items of a list. Between words, which have none in them, commas may.
const BETWEEN: [char; 4] = [';', '\n', '|', '•'];

/// Whether a file is a whole workbook, which only its program reads: .xlsx and .ods, which are archives, and the older .xls.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// A cell as text: trimmed, and without the apostrophe that keeps a spreadsheet from reckoning with it.
pub fn text_of(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if is_reckoned_with(rest) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// Whether a spreadsheet would take this for a formula. Some pass over what nobody sees before it, and some read the wide
/// signs of East Asian keyboards as the narrow ones. Our own sheets have an apostrophe before it,
/// which [`text_of`] takes off again.
pub fn is_reckoned_with(cell: &str) -> bool {
    let is_unseen = |c: char| c.is_control() || c.is_whitespace() || c == '\u{feff}';
    cell.trim_start_matches(is_unseen).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(char::is_control)
}

/// The items of a cell between strong signs alone, each with single spaces: for what may have commas in it. Linear.
pub fn parts(cell: &str) -> Vec<String> {
    list(cell, &BETWEEN)
}

/// The items of a list of words: between strong signs where there are any, else between commas, as forms with boxes to tick
/// write them.
pub fn items(cell: &str) -> Vec<String> {
    list(cell, if cell.contains(BETWEEN) { &BETWEEN } else { &[','] })
}

/// Numbers and bullets before an item go; each stands once.
fn list(cell: &str, between: &[char]) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for part in cell.split(between) {
        let item = without_bullet(part.trim()).split_whitespace().collect::<Vec<_>>().join(" ");
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

/// A count: "2", "up to 3", "2-3" (the larger), "two". Nothing for half of somebody.
pub fn count(cell: &str) -> Option<u32> {
    const WORDS: [&str; 11] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let numbers = numbers(cell);
    // A number below nothing, or three of them: a spreadsheet has taken "2-3" for a day and written 02/03/2026.
    if cell.trim_start().starts_with(['-', '−', '–']) || numbers.len() > 2 {
        return None;
    }
    if let Some(number) = numbers.into_iter().max_by(f64::total_cmp) {
        return ((0.0..=10_000.0).contains(&number) && number.fract() == 0.0).then_some(number as u32);
    }
    let said = fold(cell);
    WORDS.iter().position(|word| said.split(' ').any(|said| said == *word)).map(|at| at as u32)
}

/// Every number in a text, commas as points.
pub fn numbers(cell: &str) -> Vec<f64> {
    let parts = cell.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    parts.filter_map(|part| part.trim_matches(['.', ',']).replace(',', ".").parse().ok()).collect()
}

/// Enough to catch a name in the wrong column; whether it reaches anybody is only known by writing to it.
pub fn is_address(typed: &str) -> bool {
    let Some((who, host)) = typed.rsplit_once('@') else { return false };
    !who.is_empty()
        && !who.contains('@')
        && host.contains('.')
        && host.split('.').all(|part| !part.is_empty())
        && !typed.contains([' ', '<', '>', ',', ';', '"', '\n'])
}

/// The beginning of a text that somebody typed, for a sentence about it.
pub fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 40 { text.chars().take(39).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_words_where_nothing_stronger_does() {
        for (cell, list) in [
            ("mentor,  coach ,", vec!["mentor", "coach"]),
            ("data, big; sql", vec!["data, big", "sql"]),
            (" one\ttwo\n\n three", vec!["one two", "three"]),
            (" ; ", vec![]),
            ("1. Lea; 2. Tomas ;;", vec!["Lea", "Tomas"]),
            ("- C, C++\n- Java", vec!["C, C++", "Java"]),
            ("", vec![]),
        ] {
            assert_eq!(items(cell), list, "{cell:?}");
        }
    }

    #[test]
    fn a_count_is_of_whole_people() {
        for (cell, seats) in [
            ("2", Some(2)),
            ("up to 3", Some(3)),
            ("2-3", Some(3)),
            ("one", Some(1)),
            ("0", Some(0)),
            ("many", None),
            ("2,5", None),
            ("2.0", Some(2)),
        ] {
            assert_eq!(count(cell), seats, "{cell}");
        }
        for no_count in ["-1", "1.5", "02/03/2026", "2026-03-02", "3.2.2026"] {
            assert_eq!(count(no_count), None, "{no_count}");
        }
        for formula in ["=1+1", "＝1+1", "\u{feff}@A1", "-"] {
            assert_eq!(text_of(&format!(" '{formula} ")), formula);
        }
        assert_eq!(text_of("'Abd"), "'Abd");
    }

    #[test]
    fn a_workbook_is_known_by_how_it_begins() {
        assert!(is_workbook(b"PK\x03\x04\x14\0") && is_workbook(b"\xD0\xCF\x11\xE0\xA1"));
        assert!(!is_workbook(b"PK,name\n") && !is_workbook(b""));
    }
}
