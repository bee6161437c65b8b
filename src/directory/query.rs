//! Takes a sentence such as “accessibility in React apps, in Spanish” apart into what it says: skills, the language to
//! talk in, a country, and the rest. Pure.

use super::search::Asked;
use crate::fold::fold;
use crate::people::places::{self, Country};
use crate::people::tongues::{self, Tongue};
use crate::skills::{Graph, Slot};
use std::ops::Range;

/// Longer sentences are cut here, in bytes.
pub const LONGEST: usize = 400;
const MOST_SKILLS: usize = 6;

/// A part of the sentence that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    pub is: T,
    /// Bytes of the sentence.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, Default)]
pub struct Understood {
    pub text: String,
    pub skills: Vec<Part<Slot>>,
    pub tongues: Vec<Part<&'static Tongue>>,
    pub countries: Vec<Part<&'static Country>>,
    /// “in France or in French”: the country or the language will do.
    pub either_will_do: bool,
    /// The words that are left.
    pub rest: Asked,
    /// The same one by one, folded, with where they stand.
    pub left: Vec<Part<String>>,
}

impl Understood {
    pub fn of(text: &str, graph: &Graph) -> Self {
        let text = cut(text.trim_start());
        let mut it = Self { text: text.to_owned(), ..Self::default() };
        for (tongue, span) in tongues::recognise(text) {
            it.tongues.push(Part { is: tongue, span });
        }
        for (country, span) in countries(text) {
            if !it.takes(&span) {
                it.countries.push(Part { is: country, span });
            }
        }
        for found in graph.recognise(text) {
            if !it.takes(&found.span) && it.skills.len() < MOST_SKILLS && it.skills.iter().all(|s| s.is != found.skill) {
                it.skills.push(Part { is: found.skill, span: found.span });
            }
        }
        it.either_will_do = it.tongues.iter().any(|t| it.countries.iter().any(|c| it.stands_or_between(&t.span, &c.span)));
        it.look_at_the_rest();
        it
    }

    /// Whether two parts are joined by “or” and nothing else but small words.
    fn stands_or_between(&self, one: &Range<usize>, other: &Range<usize>) -> bool {
        const OR: [&str; 4] = ["or", "oder", "ou", "o"];
        const SMALL: [&str; 8] = ["in", "from", "en", "auf", "aus", "speaking", "someone", "with"];
        let between = self.text.get(one.end.min(other.end)..one.start.max(other.start)).unwrap_or_default();
        let words: Vec<String> = between.split_whitespace().map(|word| fold(word.trim_matches(','))).collect();
        words.iter().any(|w| OR.contains(&w.as_str())) && words.iter().all(|w| OR.contains(&w.as_str()) || SMALL.contains(&w.as_str()))
    }

    /// A word of the rest turned out to mean a skill.
    pub fn means(&mut self, span: Range<usize>, skill: Slot) {
        if self.skills.iter().all(|s| s.is != skill) {
            self.skills.push(Part { is: skill, span });
            self.look_at_the_rest();
        }
    }

    fn look_at_the_rest(&mut self) {
        let left = self.left_over();
        self.rest = Asked::of(&left);
        let mut start = None;
        self.left.clear();
        for (at, c) in left.char_indices().chain([(left.len(), ' ')]) {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    self.left.push(Part { is: fold(&left[from..at]), span: from..at });
                    start = None;
                }
                _ => {}
            }
        }
    }

    fn takes(&self, span: &Range<usize>) -> bool {
        self.spans().iter().any(|taken| taken.start < span.end && span.start < taken.end)
    }

    fn spans(&self) -> Vec<Range<usize>> {
        let skills = self.skills.iter().map(|p| &p.span);
        let tongues = self.tongues.iter().map(|p| &p.span);
        let mut spans: Vec<_> = skills.chain(tongues).chain(self.countries.iter().map(|p| &p.span)).cloned().collect();
        spans.sort_by_key(|s| s.start);
        spans
    }

    /// The sentence with spaces in the place of what was understood, so that everything else stays where it is.
    fn left_over(&self) -> String {
        let mut left = self.text.clone();
        for span in self.spans() {
            left.replace_range(span.clone(), &" ".repeat(span.len()));
        }
        left
    }

    /// The sentence without one of its parts: what it says once its chip is taken away.
    pub fn without(&self, span: &Range<usize>) -> String {
        let mut text = self.text.clone();
        text.replace_range(span.clone(), " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        // A little word that led to what was taken away leads nowhere now.
        match trimmed.rsplit_once(' ') {
            Some((before, "in" | "with" | "and" | "or" | "from" | "on" | "for" | "of" | "en" | "auf" | "und" | "y")) => {
                before.trim_end_matches([',', ' ']).to_owned()
            }
            _ => trimmed.to_owned(),
        }
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Countries named after a little word (“in Brazil”, “aus Polen”), or alone. Names alone inside a sentence are left,
/// because Chad, Jordan and Georgia are people too.
fn countries(text: &str) -> Vec<(&'static Country, Range<usize>)> {
    const LEADS: [&str; 15] = ["in", "from", "near", "aus", "bei", "en", "de", "desde", "au", "du", "em", "do", "based", "living", "or"];
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || matches!(c, '\'' | '-' | '.' | '’'), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.truncate(100);
    let mut found: Vec<(&'static Country, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=4).rev().find_map(|length| {
            let last = words.get(at + length - 1)?;
            let name = &text[words[at].start..last.end];
            // Two letters are words of many languages, unless written as a sign: “UK”, “US”.
            if name.chars().count() < 3 && !name.chars().all(char::is_uppercase) {
                return None;
            }
            let before = at.checked_sub(1).map(|b| fold(&text[words[b].clone()]));
            let led = before.as_deref().is_some_and(|b| LEADS.contains(&b) || b == "the" && at > 1);
            let alone = at == 0 && length == words.len();
            if !(led || alone) {
                return None;
            }
            Some((places::find(name)?, length))
        });
        match hit {
            Some((country, length)) => {
                let mut from = words[at].start;
                if at > 0 && LEADS.contains(&fold(&text[words[at - 1].clone()]).as_str()) {
                    from = words[at - 1].start;
                }
                if found.iter().all(|(known, _)| known.code != country.code) {
                    found.push((country, from..words[at + length - 1].end));
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_is_taken_apart() {
        let graph = Graph::shipped();
        for (text, skills, tongues, countries, rest) in [
            ("accessibility in React apps, in Spanish", vec!["web-accessibility", "react"], vec!["es"], vec![], vec![]),
            ("data engineer in Brazil who speaks Portuguese", vec!["data-engineering"], vec!["pt"], vec!["BR"], vec![]),
            ("Novák", vec![], vec![], vec![], vec!["novak"]),
            ("Germany", vec![], vec![], vec!["DE"], vec![]),
            ("leadership in the Netherlands", vec!["leadership"], vec![], vec!["NL"], vec![]),
            ("Jordan Miller", vec![], vec![], vec![], vec!["jordan", "miller"]),
            ("someone who keeps bumblebees", vec![], vec![], vec![], vec!["keeps", "bumblebees"]),
            ("", vec![], vec![], vec![], vec![]),
        ] {
            let it = Understood::of(text, graph);
            let names: Vec<&str> = it.skills.iter().filter_map(|s| graph.skill(s.is)).map(|s| &*s.id).collect();
            assert_eq!(it.tongues.iter().map(|t| t.is.code).collect::<Vec<_>>(), tongues, "{text}");
            assert_eq!(it.countries.iter().map(|c| c.is.code).collect::<Vec<_>>(), countries, "{text}");
            if !skills.is_empty() || names.is_empty() {
                assert_eq!(names.len(), skills.len(), "{text}: {names:?}");
            }
            if names.len() == skills.len() {
                assert_eq!(it.rest.words, rest, "{text}: {names:?}");
            }
        }
    }

    #[test]
    fn a_chip_taken_away_leaves_a_clean_sentence() {
        let graph = Graph::shipped();
        let it = Understood::of("accessibility in React apps, in Spanish", graph);
        assert_eq!(it.without(&it.tongues[0].span), "accessibility in React apps");
        let it = Understood::of("React, in Spanish", graph);
        assert_eq!(it.without(&it.skills[0].span), "in Spanish");
    }

    proptest! {
        #[test]
        fn any_sentence_can_be_read(text in "\\PC{0,200}") {
            let it = Understood::of(&text, Graph::shipped());
            for part in &it.skills {
                it.without(&part.span);
            }
        }
    }
}
