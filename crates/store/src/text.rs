//! The few words the engines do not share, written as tokens and put in just before a statement is prepared.

use crate::{Engine, Error, Result};
use std::borrow::Cow;

/// A list of values that goes into a statement as one argument, for `{list $1 as ...}`.
///
/// Ids and texts go in as JSON strings, numbers and [`crate::Timestamp`]s as JSON numbers. Cost: one text of the
/// list's length; the engine reads it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List(String);

impl List {
    pub fn of<T: serde::Serialize>(items: impl IntoIterator<Item = T>) -> Result<Self> {
        let mut json = String::from("[");
        for item in items {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&serde_json::to_string(&item).map_err(|e| Error::Unfit(format!("this cannot stand in a list: {e}")))?);
        }
        json.push(']');
        Ok(Self(json))
    }
}
crate::column_as!(List, String, out: |list| &list.0, back: |json| Ok::<_, std::convert::Infallible>(List(json)));

/// The statement as one engine reads it.
///
/// | token | SQLite | PostgreSQL |
/// |---|---|---|
/// | `{id}` | `blob` | `uuid` |
/// | `{bytes}` | `blob` | `bytea` |
/// | `{serial}` | `integer primary key autoincrement` | `bigint generated always as identity primary key` |
/// | `{id 0190b6f0-...}` | `x'0190b6f0...'` | `'0190b6f0-...'` |
/// | `{bytes 00ff}` | `x'00ff'` | `'\x00ff'` |
/// | `{skip locked}` | nothing | `for update skip locked` |
/// | `in {list $1 as id}`, also with `not` | `in (select ... from json_each($1))` | `= any(array(select ...))`, `<> all(array(select ...))` |
/// | `{list $1 as id}` elsewhere (or `text`, `bigint`, `double`, `bytes` as hex) | `(select ... from json_each($1))` | `(select ... from json_array_elements_text(...))` |
///
/// Anything else in braces stays as it is, so JSON in a literal is safe. A text without a brace costs one scan.
pub fn portable(text: &str, engine: Engine) -> Cow<'_, str> {
    if !text.contains('{') {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len() + 64), text);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let token = rest.find('}').map(|close| (&rest[1..close], close + 1));
        match token.and_then(|(token, length)| Some((token, word(token, engine)?, length))) {
            Some((token, word, length)) => {
                match engine {
                    Engine::Postgres if token.starts_with("list ") => among(&mut out, &word),
                    _ => out.push_str(&word),
                }
                rest = &rest[length..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A list that something is or is not in. As an array it can only be looked up by an index, one by one; as a subquery it may be
/// joined, for which a plan made while the table was empty reads all of it, and is kept while the table grows.
fn among(out: &mut String, list: &str) {
    let says = [(" not in ", " <> all(array"), (" in ", " = any(array")];
    match says.into_iter().find_map(|(word, array)| Some((out.strip_suffix(word)?.len(), array))) {
        Some((length, array)) => {
            out.truncate(length);
            out.extend([array, list, ")"]);
        }
        None => out.push_str(list),
    }
}

fn word(token: &str, engine: Engine) -> Option<Cow<'static, str>> {
    let lite = engine == Engine::Sqlite;
    let fixed = |sqlite: &'static str, postgres: &'static str| Some(Cow::Borrowed(if lite { sqlite } else { postgres }));
    match token {
        "id" => return fixed("blob", "uuid"),
        "bytes" => return fixed("blob", "bytea"),
        "serial" => return fixed("integer primary key autoincrement", "bigint generated always as identity primary key"),
        "skip locked" => return fixed("", "for update skip locked"),
        _ => {}
    }
    if let Some(list) = token.strip_prefix("list ") {
        let (place, kind) = list.split_once(" as ")?;
        place.strip_prefix('$').filter(|n| n.parse::<u16>().is_ok())?;
        let value = match (kind, lite) {
            ("text", _) => "value",
            ("bigint", true) => "cast(value as integer)",
            ("bigint", false) => "cast(value as bigint)",
            ("double", true) => "cast(value as real)",
            ("double", false) => "cast(value as double precision)",
            ("id", true) => "unhex(value, '-')",
            ("id", false) => "cast(value as uuid)",
            ("bytes", true) => "unhex(value)",
            ("bytes", false) => "decode(value, 'hex')",
            _ => return None,
        };
        return Some(Cow::Owned(match engine {
            Engine::Sqlite => format!("(select {value} from json_each({place}))"),
            // The inner cast makes the argument a text for the driver, whatever the outer one needs.
            Engine::Postgres => format!("(select {value} from json_array_elements_text(cast(cast({place} as text) as json)))"),
        }));
    }
    let (kind, value) = token.split_once(' ')?;
    let hex: String = value.chars().filter(|c| *c != '-').collect();
    let sound = hex.len().is_multiple_of(2) && hex.bytes().all(|b| b.is_ascii_hexdigit());
    match (kind, lite) {
        ("id", _) if hex.len() != 32 || !sound => None,
        ("bytes", _) if !sound => None,
        ("id" | "bytes", true) => Some(Cow::Owned(format!("x'{hex}'"))),
        ("id", false) => Some(Cow::Owned(format!("'{value}'"))),
        ("bytes", false) => Some(Cow::Owned(format!("'\\x{hex}'"))),
        _ => None,
    }
}

/// The single statements of a text: split at `;`, comments dropped, quotes respected.
pub fn statements(text: &str) -> Vec<String> {
    let (mut out, mut now, mut quote) = (Vec::new(), String::new(), None);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            // A doubled quote closes and opens again, which comes to the same.
            (Some(q), l) => {
                if l == q {
                    quote = None;
                }
                now.push(l);
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                now.push(letter);
            }
            (None, '-') if letters.peek() == Some(&'-') => while letters.next_if(|l| *l != '\n').is_some() {},
            (None, ';') => out.push(std::mem::take(&mut now)),
            (None, l) => now.push(l),
        }
    }
    out.push(now);
    out.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_the_words_of_each_engine() {
        for (token, sqlite, postgres) in [
            ("a {id} b", "a blob b", "a uuid b"),
            ("{bytes 00ff}", "x'00ff'", "'\\x00ff'"),
            ("{skip locked}", "", "for update skip locked"),
            ("'{\"a\": {}}'", "'{\"a\": {}}'", "'{\"a\": {}}'"),
            ("{list x as id}", "{list x as id}", "{list x as id}"),
            ("{", "{", "{"),
            (
                "id in {list $2 as bigint}",
                "id in (select cast(value as integer) from json_each($2))",
                "id = any(array(select cast(value as bigint) from json_array_elements_text(cast(cast($2 as text) as json))))",
            ),
            (
                "word not in {list $1 as text}",
                "word not in (select value from json_each($1))",
                "word <> all(array(select value from json_array_elements_text(cast(cast($1 as text) as json))))",
            ),
            (
                "from {list $1 as text} w",
                "from (select value from json_each($1)) w",
                "from (select value from json_array_elements_text(cast(cast($1 as text) as json))) w",
            ),
        ] {
            assert_eq!(portable(token, Engine::Sqlite), sqlite);
            assert_eq!(portable(token, Engine::Postgres), postgres);
        }
    }

    #[test]
    fn a_semicolon_in_a_quote_or_a_comment_ends_nothing() {
        assert_eq!(statements("a ';' ; -- x; y\n b \"c;d\" ;;"), ["a ';'", "b \"c;d\""]);
    }
}
