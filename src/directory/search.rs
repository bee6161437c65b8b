//! Words to search by: how a text falls into them, and how a mistyped one finds the right one. Pure.
//!
//! Both engines get words that are already folded and split, and a query made of such words, so that they find the
//! same people. Spelling is mended through deletions (Garbe's symmetric deletion): a word is stored under everything
//! that is left of its first letters when one or two are taken out, and what was typed is looked up in the same way.

use crate::fold::fold;
use chiron_recommend::meaning::Table;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut: nobody types them, and PostgreSQL has a limit.
const LONGEST: usize = 40;
/// Deletions are taken from so many first letters, which keeps their number small and lets a beginning be mistyped too.
const BEGINNING: usize = 7;
/// A document holds this many different words.
const MOST_WORDS: usize = 1_000;
/// A query is cut after this many words.
const MOST_ASKED: usize = 12;

/// The words of a text, in order: letters and digits with what belongs to them (“C++”, “C#”), folded. Chinese and
/// Japanese characters stand alone, because nothing separates the words there.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = folded.chars().peekable();
    let end = |word: &mut String, words: &mut Vec<String>| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    while let Some(c) = letters.next() {
        let next_is_letter = letters.peek().is_some_and(|n| is_letter(*n));
        match c {
            c if stands_alone(c) => {
                end(&mut word, &mut words);
                words.push(c.to_string());
            }
            c if is_letter(c) => {
                if word.len() < LONGEST {
                    word.push(c);
                }
            }
            // Engines take signs for gaps, so they become letters.
            '+' if !word.is_empty() && !next_is_letter => word.push_str("plus"),
            '#' if !word.is_empty() && !next_is_letter => word.push_str("sharp"),
            '\'' if !word.is_empty() && next_is_letter => {}
            _ => end(&mut word, &mut words),
        }
    }
    end(&mut word, &mut words);
    words.into_iter()
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The different words of everything someone shows.
pub fn document<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for word in texts.into_iter().flat_map(words) {
        if all.len() == MOST_WORDS {
            break;
        }
        all.insert(word);
    }
    all
}

/// Small words that say nothing about a person, in the languages we guess people search in.
pub fn is_filler(word: &str) -> bool {
    const FILLERS: &str = " a about advice ai alguien am an and are as at auf aus avec bei be by can could das de del der des die do ein eine el en et \
        everything find for for from für fur get give good great guidance has have help how hilfe i im in into is it je la las le les like looking los \
        me mein mentor mentoring mit more move moving my need o of on or our para please por quelqu qui que someone somebody something suche sur team \
        that the their them there this to un una und une using very want wants was we what when where which who will with within work working would \
        y you your zu zum zur people person who works learn learning improve better become start starting apps app use ";
    word.chars().count() < 2 && !word.chars().any(stands_alone) || FILLERS.contains(&format!(" {word} "))
}

/// What was asked, word by word; the last word may be unfinished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub words: Vec<String>,
    pub last_unfinished: bool,
}

impl Asked {
    /// A space at the end says that the last word is whole.
    pub fn of(text: &str) -> Self {
        let mut known = BTreeSet::new();
        let words: Vec<String> = words(text).filter(|w| !is_filler(w) && known.insert(w.clone())).take(MOST_ASKED).collect();
        let last_unfinished = words.last().is_some_and(|last| last.chars().count() > 2 && text.ends_with(is_letter));
        Self { words, last_unfinished }
    }
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// One word of a query as the engines are asked for it: any of these, the unfinished one by its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    pub any: Vec<String>,
    pub beginning: Option<String>,
}

/// How many spelling errors a word of this length may hold.
pub fn errors_allowed(letters: usize) -> usize {
    match letters {
        ..4 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether a word stands as it was typed. One letter is much of a short one: “stop” is no misspelt “shop”.
pub fn is_meant(word: &str) -> bool {
    parts(word).is_empty() || (word.chars().count() < 6 && Table::shipped().knows(word))
}

/// What a word is stored under, and looked up by: its first letters with up to the allowed number of them left out.
pub fn parts(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let allowed = errors_allowed(letters.len());
    let mut parts = BTreeSet::new();
    if allowed == 0 || letters.iter().any(char::is_ascii_digit) {
        return parts;
    }
    let beginning: Vec<char> = letters.into_iter().take(BEGINNING).collect();
    let mut round = vec![beginning];
    for _ in 0..=allowed {
        let mut next = Vec::new();
        for letters in round {
            if parts.insert(letters.iter().collect::<String>()) && letters.len() > 2 {
                next.extend((0..letters.len()).map(|at| [&letters[..at], &letters[at + 1..]].concat()));
            }
        }
        round = next;
    }
    parts
}

/// Of words that share a part with what was typed, the nearest: at most five, all equally near.
pub fn nearest(typed: &str, candidates: &[String], unfinished: bool) -> Vec<String> {
    let typed: Vec<char> = typed.chars().collect();
    let allowed = errors_allowed(typed.len());
    let mut by_errors: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().collect();
        let whole = errors(&typed, &letters);
        let errors = match unfinished {
            // The beginning of a word counts as well, at any length near what was typed.
            true => (typed.len().saturating_sub(allowed)..=typed.len() + allowed)
                .filter(|end| *end <= letters.len())
                .map(|end| errors(&typed, &letters[..end]))
                .min()
                .map_or(whole, |begin| begin.min(whole)),
            false => whole,
        };
        if errors <= allowed {
            by_errors.entry(errors).or_default().push(candidate);
        }
    }
    by_errors.into_values().next().map(|words| words.into_iter().take(5).cloned().collect()).unwrap_or_default()
}

/// The fewest letters put in, left out, changed, or swapped with their neighbour that make one word of the other.
fn errors(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        rows.rotate_left(1);
        rows[1][0] = i;
        // rows[1] is now the row to fill; rows[0] is the one before it, and the one before that was rotated to the end.
        let (before, twice) = (rows[0].clone(), rows[2].clone());
        for j in 1..=b.len() {
            let mut cell = (before[j] + 1).min(rows[1][j - 1] + 1).min(before[j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(twice[j - 2] + 1);
            }
            rows[1][j] = cell;
        }
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_words() {
        for (text, said) in [
            ("Élodie’s C++ and C# — React.js!", "elodies cplusplus and csharp react js"),
            ("UX/UI, 3D", "ux ui 3d"),
            ("書道を教える", "書 道 を 教 え る"),
            ("  ", ""),
            ("it's Łódź", "its lodz"),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>().join(" "), said, "{text}");
        }
    }

    #[test]
    fn errors_are_counted_as_people_make_them() {
        for (a, b, n) in [
            ("react", "react", 0),
            ("raect", "react", 1),
            ("reat", "react", 1),
            ("kubernets", "kubernetes", 1),
            ("", "ab", 2),
            ("ca", "abc", 3),
        ] {
            let letters = |w: &str| w.chars().collect::<Vec<_>>();
            assert_eq!(errors(&letters(a), &letters(b)), n, "{a} {b}");
            assert_eq!(errors(&letters(b), &letters(a)), n, "{b} {a}");
        }
    }

    #[test]
    fn a_mistyped_word_shares_a_part_with_the_right_one() {
        for (typed, right) in [
            ("novka", "novak"),
            ("accessibilty", "accessibility"),
            ("acessibility", "accessibility"),
            ("kubernets", "kubernetes"),
            ("tomsa", "tomas"),
        ] {
            assert!(!parts(typed).is_disjoint(&parts(right)), "{typed} {right}");
            assert_eq!(nearest(typed, &[right.to_owned(), "unrelated".into()], false), [right], "{typed}");
        }
        assert!(parts("sql").is_empty() && parts("2024").is_empty());
        assert!(parts("accessibility").len() < 70);
        assert_eq!(nearest("accesib", &["accessibility".into()], true), ["accessibility"]);
        assert!(nearest("accesib", &["accessibility".into()], false).is_empty());
    }

    #[test]
    fn a_short_word_that_is_one_stands_as_it_was_typed() {
        assert!(["stop", "plan", "grief", "sql"].iter().all(|word| is_meant(word)));
        assert!(["tomsa", "novka", "acessibility", "pyton"].iter().all(|word| !is_meant(word)));
    }

    #[test]
    fn fillers_are_not_searched_for() {
        assert_eq!(Asked::of("someone who works with Novák").words, ["novak"]);
        assert!(Asked::of("Novák").last_unfinished && !Asked::of("Novák ").last_unfinished);
        assert!(Asked::of("the").is_empty());
    }
}
