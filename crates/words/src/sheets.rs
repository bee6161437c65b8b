//! What spreadsheet programs write, as far as a table does not say it.

/// Whether a file is a whole workbook, which only its program reads: .xlsx and .ods, which are archives, and the older .xls.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// The parts of a cell between some signs, each with single spaces; none is empty. Linear.
pub fn parts(cell: &str, between: &[char]) -> Vec<String> {
    let each = cell.split(between).map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    each.filter(|part| !part.is_empty()).collect()
}

/// The words of a list in a cell: between the strong signs where there are any, else between commas, as forms with boxes to
/// tick write them.
pub fn items(cell: &str, strong: &[char]) -> Vec<String> {
    parts(cell, if cell.contains(strong) { strong } else { &[','] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_words_where_nothing_stronger_does() {
        let strong = [';', '\n'];
        for (cell, list) in [
            ("mentor,  coach ,", vec!["mentor", "coach"]),
            ("data, big; sql", vec!["data, big", "sql"]),
            (" one\ttwo\n\n three", vec!["one two", "three"]),
            (" ; ", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(items(cell, &strong), list, "{cell:?}");
        }
    }

    #[test]
    fn a_workbook_is_known_by_how_it_begins() {
        assert!(is_workbook(b"PK\x03\x04\x14\0") && is_workbook(b"\xD0\xCF\x11\xE0\xA1"));
        assert!(!is_workbook(b"PK,name\n") && !is_workbook(b""));
    }
}
