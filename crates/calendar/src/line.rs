//! Lines of a calendar: folded and unfolded, split into name, parameters and value, escaped and unescaped
//! (RFC 5545, 3.1 and 3.3.11; RFC 6868 for parameters).

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text without its folds, one property a line. Works on bytes, because some programs fold within a character, and
/// drops carriage returns and other controls wherever they stand, so that none of them begins a line of its own.
pub fn unfold(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied().filter(|b| *b != b'\r' && *b != 0x7f && (*b >= 0x20 || matches!(b, b'\n' | b'\t'))).peekable();
    while let Some(byte) = rest.next() {
        if byte == b'\n' && rest.next_if(|b| matches!(b, b' ' | b'\t')).is_some() {
            continue;
        }
        plain.push(byte);
    }
    match String::from_utf8(plain) {
        Ok(text) => text,
        Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
    }
}

/// One property of a calendar, still as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Property<'a> {
    pub name: &'a str,
    params: &'a str,
    pub value: &'a str,
}

impl<'a> Property<'a> {
    /// Splits an unfolded line; nothing when it is not one.
    pub fn of(line: &'a str) -> Option<Self> {
        let name_end = line.find([':', ';'])?;
        let (name, rest) = line.split_at(name_end);
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        // The colon that ends the parameters is the first outside quotation marks; when those are not balanced, the first.
        let mut quoted = false;
        let colon = rest.bytes().position(|b| {
            quoted ^= b == b'"';
            b == b':' && !quoted
        });
        let colon = colon.or_else(|| rest.find(':'))?;
        Some(Self { name, params: &rest[..colon], value: &rest[colon + 1..] })
    }

    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first value of a parameter.
    pub fn param(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut quoted = false;
        let parts = self.params.split(move |c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let value = parts.filter_map(|p| p.split_once('=')).find(|(n, _)| n.trim().eq_ignore_ascii_case(name))?.1.trim();
        let value = value.strip_prefix('"').and_then(|v| v.split('"').next()).unwrap_or(value);
        Some(if value.contains('^') { Cow::Owned(uncaret(value)) } else { Cow::Borrowed(value) })
    }

    pub fn has_param(&self, name: &str, value: &str) -> bool {
        self.param(name).is_some_and(|v| v.eq_ignore_ascii_case(value))
    }

    /// The value as people typed it.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut rest = self.value.chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => match rest.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(c) => text.push(c),
                    None => {}
                },
                c => text.push(c),
            }
        }
        text
    }
}

fn uncaret(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = if c == '^' { rest.next_if(|next| matches!(next, 'n' | '\'' | '^')) } else { None };
        text.push(match escaped {
            Some('n') => '\n',
            Some('\'') => '"',
            Some(_) => '^',
            None => c,
        });
    }
    text
}

/// Writes lines, folded after 75 octets and ended as the format wants it.
#[derive(Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// A line as it is. Controls but tabs are dropped here too, so that no value can begin a line of its own.
    pub fn line(&mut self, line: &str) {
        let mut octets = 0;
        for c in line.chars().filter(|c| !c.is_control() || *c == '\t') {
            if octets + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A line whose value is what people typed.
    pub fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        for c in value.replace("\r\n", "\n").chars() {
            match c {
                '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => line.push_str("\\n"),
                '\\' | ';' | ',' => {
                    line.push('\\');
                    line.push(c);
                }
                c => line.push(c),
            }
        }
        self.line(&line);
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

/// A parameter of what people typed: `;CN="Tomas"`.
pub fn param(name: &str, value: &str) -> String {
    let mut text = format!(";{name}=\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("^'"),
            '^' => text.push_str("^^"),
            '\n' => text.push_str("^n"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    let _ = write!(text, "\"");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_are_undone_within_characters_and_carriage_returns_begin_nothing() {
        assert_eq!(unfold(b"SUMMARY:Gr\xc3\r\n \xbc\xc3\x9fe\r\nUID:1\rATTENDEE:evil\r\n"), "SUMMARY:Grüße\nUID:1ATTENDEE:evil\n");
        assert_eq!(unfold(b"\xef\xbb\xbfA:1\n\tB:2\nC:\xff"), "A:1B:2\nC:\u{fffd}");
    }

    #[test]
    fn parameters_may_be_quoted_and_hold_what_ends_others() {
        let line = Property::of("attendee;CN=\"Lea; of: Bern ^'x^'\";PARTSTAT=accepted:mailto:lea@example.org").unwrap();
        assert!(line.is("ATTENDEE") && line.has_param("partstat", "ACCEPTED"));
        assert_eq!(line.param("cn").unwrap(), "Lea; of: Bern \"x\"");
        assert_eq!(line.value, "mailto:lea@example.org");
        assert_eq!(Property::of("A;B=\"x:y").unwrap().value, "y");
        assert!(Property::of("nothing").is_none() && Property::of(":x").is_none());
    }

    proptest! {
        /// Whatever people type, it stays within its line and is read back.
        #[test]
        fn what_is_written_is_read(typed in "\\PC*", name in "\\PC*") {
            let mut lines = Lines::default();
            lines.text(&format!("X{}", param("CN", &name)), &typed);
            let text = lines.into_text();
            prop_assert!(text.split("\r\n").all(|l| l.len() <= 75));
            let plain = unfold(text.as_bytes());
            prop_assert_eq!(plain.lines().count(), 1);
            let property = Property::of(plain.trim_end_matches('\n')).unwrap();
            prop_assert_eq!(property.text(), typed);
            prop_assert_eq!(property.param("CN").unwrap(), name);
        }

        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>) {
            for line in unfold(&bytes).lines() {
                if let Some(property) = Property::of(line) {
                    let _ = (property.text(), property.param("X"));
                }
            }
        }
    }
}
