//! A spreadsheet saved as text: cells, and the line of the file where each row begins.
//!
//! Our own reader instead of the `csv` crate, because a coordinator who is told "line 83" goes to line 83: blank lines
//! and line breaks inside cells have to be counted as an editor counts them, and a quotation mark that is never closed
//! has to be told with the line where it was opened. A property holds it against the `csv` crate.

use crate::decode::decode;
use crate::sheets::is_workbook;

/// Larger files are refused.
pub const MOST_BYTES: usize = 256 << 20;
/// A table with more rows under its heads is refused.
pub const MOST_ROWS: usize = 200_000;
/// Wider tables are refused.
pub const MOST_COLUMNS: usize = 300;
/// The heads are looked for in this many rows: some sheets begin with a title.
const ROWS_BEFORE_HEADS: usize = 8;

/// One row of cells, untrimmed, as they were meant (quotation marks taken away).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As an editor counts, from 1.
    pub line: u64,
    pub cells: Vec<String>,
}

/// The rows of a file that say anything, and what separated their cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub heads: Row,
    pub rows: Vec<Row>,
    pub separator: char,
}

/// What keeps a file from being a table at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTable {
    #[error("there is nothing in this file; the first line names the columns, such as: name,email,skills")]
    Empty,
    #[error("this is a workbook, which only its spreadsheet program reads; save the sheet as CSV there")]
    Workbook,
    #[error("this file is larger than {} MB; is it a table?", MOST_BYTES >> 20)]
    TooLarge,
    #[error("the quotation mark that begins a cell on line {0} is never closed")]
    OpenQuote(u64),
    #[error("this has more than {MOST_ROWS} lines")]
    TooLong,
    #[error("this has {0} columns; at most {MOST_COLUMNS} can be read")]
    TooWide(usize),
}

impl NoTable {
    /// The line it is about; 0 for the file as a whole.
    pub fn line(&self) -> u64 {
        if let Self::OpenQuote(line) = self { *line } else { 0 }
    }
}

impl Table {
    /// Reads a file. `heads` says how many of a row's cells are heads we know: of all separators and of the first rows,
    /// those under which most are known hold the heads. Linear in the size of the file.
    ///
    /// # Errors
    /// See [`NoTable`].
    pub fn read(bytes: &[u8], heads: impl Fn(&[String]) -> usize) -> Result<Self, NoTable> {
        if bytes.len() > MOST_BYTES {
            return Err(NoTable::TooLarge);
        }
        if is_workbook(bytes) {
            return Err(NoTable::Workbook);
        }
        let text = lines_as_one(decode(bytes));
        let (text, named, before) = named_separator(&text);
        let (separator, heads_at) = match named {
            Some(separator) => (separator, best_heads(text, separator, &heads).map_or(0, |(.., at)| at)),
            None => {
                let tried = [',', ';', '\t', '|'].map(|separator| (best_heads(text, separator, &heads), separator));
                // Ties go to the separator named first.
                let best = tried.iter().rev().max_by_key(|(found, _)| found.map(|(known, cells, _)| (known, cells)));
                best.map_or((',', 0), |(found, separator)| (*separator, found.map_or(0, |(.., at)| at)))
            }
        };
        let mut rows = Rows::of(text, separator).map(|row| row.map(|row| Row { line: row.line + before, ..row })).filter(says_something);
        let heads = match rows.nth(heads_at) {
            None => return Err(NoTable::Empty),
            Some(heads) => heads.map_err(|open| NoTable::OpenQuote(open + before))?,
        };
        if heads.cells.len() > MOST_COLUMNS {
            return Err(NoTable::TooWide(heads.cells.len()));
        }
        let mut table = Self { heads, rows: Vec::new(), separator };
        for row in rows {
            if table.rows.len() == MOST_ROWS {
                return Err(NoTable::TooLong);
            }
            table.rows.push(row.map_err(|open| NoTable::OpenQuote(open + before))?);
        }
        Ok(table)
    }
}

fn says_something(row: &Result<Row, u64>) -> bool {
    // Separators alone say nothing either, also those of another kind: a spreadsheet pads short rows with them.
    let speaks = |c: char| !c.is_whitespace() && !matches!(c, ',' | ';' | '|');
    row.as_ref().map_or(true, |row| row.cells.iter().any(|cell| cell.contains(speaks)))
}

fn lines_as_one(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// `sep=;` on the first line, which Excel writes to tell itself.
fn named_separator(text: &str) -> (&str, Option<char>, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim().trim_matches('"').strip_prefix("sep=").map(|named| named.chars().next()) {
        Some(named) => (rest, Some(named.filter(|c| !matches!(c, '"' | '\n')).unwrap_or('\t')), 1),
        None => (text, None, 0),
    }
}

/// Which of the first rows knows most heads under this separator: how many, among how many cells, which row. The first
/// of equals; a row that is blank is not counted.
fn best_heads(text: &str, separator: char, heads: impl Fn(&[String]) -> usize) -> Option<(usize, usize, usize)> {
    let first = Rows::of(text, separator).filter(says_something).take(ROWS_BEFORE_HEADS).map_while(Result::ok);
    let judged: Vec<(usize, usize)> = first.map(|row| (heads(&row.cells), row.cells.len())).collect();
    let most = judged.iter().map(|(known, _)| *known).max()?;
    let at = judged.iter().position(|(known, _)| *known == most)?;
    Some((most, judged[at].1, at))
}

/// Rows of a text one by one; `Err` with the line of a quotation mark that stays open, and then the end.
struct Rows<'a> {
    left: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: u64,
}

impl<'a> Rows<'a> {
    fn of(text: &'a str, separator: char) -> Self {
        Self { left: text.chars().peekable(), separator, line: 1 }
    }

    /// The inside of a cell that began with a quotation mark, up to the mark that closes it.
    fn quoted(&mut self, cell: &mut String) -> Result<(), u64> {
        let opened = self.line;
        while let Some(c) = self.left.next() {
            match c {
                '"' if self.left.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => return Ok(()),
                _ => {
                    self.line += u64::from(c == '\n');
                    cell.push(c);
                }
            }
        }
        Err(opened)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, u64>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left.peek()?;
        let (line, mut cells, mut cell, mut begins) = (self.line, Vec::new(), String::new(), true);
        while let Some(c) = self.left.next() {
            match c {
                '\n' => {
                    self.line += 1;
                    break;
                }
                '"' if begins => {
                    if let Err(open) = self.quoted(&mut cell) {
                        self.left = "".chars().peekable();
                        return Some(Err(open));
                    }
                    begins = false;
                }
                c if c == self.separator => {
                    cells.push(std::mem::take(&mut cell));
                    begins = true;
                }
                c => {
                    cell.push(c);
                    begins = false;
                }
            }
        }
        cells.push(cell);
        Some(Ok(Row { line, cells }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heads(cells: &[String]) -> usize {
        cells.iter().filter(|cell| ["name", "email", "skills"].contains(&cell.trim())).count()
    }

    fn read(text: &str) -> Table {
        Table::read(text.as_bytes(), heads).unwrap()
    }

    #[test]
    fn heads_are_found_under_a_title_whatever_separates_the_cells() {
        for (text, separator, line) in [
            ("name,email\na,b\n", ',', 1),
            ("name;email\na,x;b\n", ';', 1),
            ("name\temail\na\tb", '\t', 1),
            ("Mentors 2026, spring\n\nname;email\na;b\n", ';', 3),
            ("sep=|\nname|email\na|b", '|', 2),
            ("\"name\",\"email\"\r\n\"a\",\"b\"\r\n", ',', 1),
        ] {
            let table = read(text);
            assert_eq!((table.separator, table.heads.line), (separator, line), "{text:?}");
            assert_eq!(table.rows.len(), 1, "{text:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts() {
        let table = read("name,skills\n\n\nAda,\"a\nb\n\"\"c\"\"\"\r\n\r\nBob,x\rCem,y");
        let at: Vec<(u64, &str)> = table.rows.iter().map(|row| (row.line, row.cells[0].as_str())).collect();
        assert_eq!(at, [(4, "Ada"), (8, "Bob"), (9, "Cem")]);
        assert_eq!(table.rows[0].cells[1], "a\nb\n\"c\"");
    }

    #[test]
    fn what_is_no_table_says_why() {
        for (text, why) in [
            ("", NoTable::Empty),
            ("\n \n,,\n", NoTable::Empty),
            ("name,email\na,b\nc,\"d\n\ne,f", NoTable::OpenQuote(3)),
            ("sep=,\nname,email\na,\"b", NoTable::OpenQuote(3)),
            (&",".repeat(400), NoTable::Empty),
            (&"x,".repeat(400), NoTable::TooWide(401)),
        ] {
            assert_eq!(Table::read(text.as_bytes(), heads), Err(why), "{text:?}");
        }
    }

    #[test]
    fn a_workbook_is_called_by_its_name() {
        for begins in [&b"PK\x03\x04"[..], b"\xD0\xCF\x11\xE0"] {
            assert_eq!(Table::read(&[begins, b"\x14\0name,email\n"].concat(), heads), Err(NoTable::Workbook));
        }
    }

    proptest! {
        /// The same cells as the crate that everybody reads tables with; it has no opinion on lines.
        #[test]
        fn cells_are_those_of_the_csv_crate(text in "([a-c\",;\n ]|\"\"|\",\"){0,60}") {
            let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
                .records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let ours: Result<Vec<Vec<String>>, u64> =
                Rows::of(&text, ',').filter(|row| row.as_ref().map_or(true, |row| row.cells != [""] )).map(|row| row.map(|row| row.cells)).collect();
            if let Ok(ours) = ours {
                // It skips empty lines, and so it does those that hold an empty pair of quotation marks.
                let theirs: Vec<Vec<String>> = theirs.into_iter().filter(|row| row != &[""]).collect();
                prop_assert_eq!(ours, theirs);
            }
        }

        #[test]
        fn every_row_begins_on_the_line_it_names(cells in proptest::collection::vec("[a-z\n\"]{0,6}", 1..20)) {
            let (mut text, mut line, mut expected) = ("name,email\n".to_owned(), 2_u64, Vec::new());
            for (at, cell) in cells.iter().enumerate() {
                text.push_str(&format!("p{at},\"{}\"\n", cell.replace('"', "\"\"")));
                expected.push(line);
                line += 1 + cell.matches('\n').count() as u64;
                if at % 3 == 0 {
                    text.push('\n');
                    line += 1;
                }
            }
            let table = read(&text);
            prop_assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Table::read(&bytes, heads);
        }
    }
}
