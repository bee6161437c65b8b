//! BERT's uncased words, cut into pieces (WordPiece: Wu et al. 2016; Devlin et al. 2019).
//!
//! Signs are left out, since they mean nothing to a table without a model; only "C++" and "C#" keep theirs, as in the
//! directory's search by words. `table/distil.py` cuts in the same way, and `tests/meaning.rs` compares the two.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are no words.
const LONGEST: usize = 100;

/// Calls `take` with each word of a text: lower case, without accents, ideographs alone. Linear; one buffer.
pub fn words(text: &str, mut take: impl FnMut(&str)) {
    let mut word = String::with_capacity(32);
    // Most words are plain English: those are lowered letter by letter, without the tables of Unicode.
    if text.is_ascii() {
        let letters = text.bytes().map(|b| char::from(b.to_ascii_lowercase()));
        return split(letters, &mut word, &mut take);
    }
    let letters = text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c));
    split(letters, &mut word, &mut take);
}

fn split(letters: impl Iterator<Item = char>, word: &mut String, take: &mut impl FnMut(&str)) {
    let mut letters = letters.peekable();
    while let Some(c) = letters.next() {
        let ends_a_word = || !word.is_empty();
        match c {
            c if stands_alone(c) => {
                end(word, take);
                take(c.encode_utf8(&mut [0; 4]));
            }
            c if c.is_alphanumeric() => word.push(c),
            '+' if ends_a_word() && !letters.peek().is_some_and(|n| n.is_alphanumeric()) => word.push_str("plus"),
            '#' if ends_a_word() && !letters.peek().is_some_and(|n| n.is_alphanumeric()) => word.push_str("sharp"),
            _ => end(word, take),
        }
    }
    end(word, take);
}

fn end(word: &mut String, take: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        take(word);
        word.clear();
    }
}

fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The pieces of a word: the longest beginning that `entry` knows, then the longest continuations, which are asked for
/// with "##" in front. A word that cannot be put together has none. Quadratic in the length of the word at worst.
pub fn pieces(word: &str, entry: impl Fn(&[u8]) -> Option<u16>, found: &mut Vec<u16>) {
    if word.chars().count() > LONGEST {
        return;
    }
    let before = found.len();
    let mut key = Vec::with_capacity(word.len() + 2);
    let mut start = 0;
    while start < word.len() {
        let piece = (start + 1..=word.len()).rev().filter(|end| word.is_char_boundary(*end)).find_map(|end| {
            key.clear();
            if start > 0 {
                key.extend_from_slice(b"##");
            }
            key.extend_from_slice(&word.as_bytes()[start..end]);
            entry(&key).map(|at| (at, end))
        });
        let Some((at, end)) = piece else {
            found.truncate(before);
            return;
        };
        found.push(at);
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_words() {
        for (text, said) in [
            ("Élodie’s C++ and C# — naïve café", "elodie s cplusplus and csharp naive cafe"),
            ("UX/UI, 3D a+b", "ux ui 3d a b"),
            ("書道を", "書 道 を"),
            ("+ #", ""),
        ] {
            let mut found = Vec::new();
            words(text, |word| found.push(word.to_owned()));
            assert_eq!(found.join(" "), said, "{text}");
        }
    }

    #[test]
    fn the_longest_piece_comes_first() {
        let known = ["un", "una", "##ble", "##a", "##ffa", "able"];
        let entry = |key: &[u8]| known.iter().position(|k| k.as_bytes() == key).map(|at| at as u16);
        for (word, cut) in [
            ("unaffable", vec![1, 4, 2]),
            ("unaffix", vec![]),
            ("unaaa", vec![1, 3, 3]),
            ("unffaable", vec![0, 4, 3, 2]),
            ("x", vec![]),
            ("able", vec![5]),
        ] {
            let mut found = vec![];
            pieces(word, entry, &mut found);
            assert_eq!(found, cut, "{word}");
        }
    }
}
