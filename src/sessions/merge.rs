//! Two people write in one text at once, and no word is lost. Pure.
//!
//! A three-way merge over words instead of lines: what each of them changed since the text that both knew is taken from
//! both. A word stays unless one of them took it out; what was put in stays, whoever else put something in the same
//! place: there are no conflicts to settle, at worst two versions of a phrase stand side by side. The differences are
//! those of E. W. Myers, “An O(ND) Difference Algorithm and Its Variations” (1986); merging them against the common
//! text is diff3 (S. Khanna, K. Kunal, B. C. Pierce, “A Formal Investigation of Diff3”, 2007) with words for lines and
//! both sides kept where they meet.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words that differ, of both texts together, up to which differences are looked for; beyond that the whole stretch counts
/// as replaced, which keeps as much and costs nothing.
const MOST_TO_COMPARE: usize = 4_000;

/// What `mine` and `theirs` have become of `base`, together. Sends the same text again and nothing changes; costs the
/// length of the texts times the number of words that differ.
pub fn merge(base: &str, mine: &str, theirs: &str) -> String {
    if base == theirs || mine == theirs {
        return mine.into();
    }
    if base == mine {
        return theirs.into();
    }
    let (base, mine, theirs) = (tokens(base), tokens(mine), tokens(theirs));
    let (mine, theirs) = (Change::of(&base, &mine), Change::of(&base, &theirs));
    let mut out = Joined::default();
    for at in 0..=base.len() {
        for token in both(&theirs.put_in[at], &mine.put_in[at]) {
            out.push(token);
        }
        if at < base.len() && mine.keeps[at] && theirs.keeps[at] {
            out.push(base[at]);
        }
    }
    out.text
}

/// What someone did to the tokens of a text: which they kept, and what they put in before each and at the end.
struct Change<'a> {
    keeps: Vec<bool>,
    put_in: Vec<Vec<&'a str>>,
}

impl<'a> Change<'a> {
    fn of(base: &[&'a str], new: &[&'a str]) -> Self {
        let mut change = Self { keeps: vec![true; base.len()], put_in: vec![Vec::new(); base.len() + 1] };
        let front = base.iter().zip(new).take_while(|(b, n)| b == n).count();
        let back = base[front..].iter().rev().zip(new[front..].iter().rev()).take_while(|(b, n)| b == n).count();
        let (old, new) = (&base[front..base.len() - back], &new[front..new.len() - back]);
        if old.len() + new.len() > MOST_TO_COMPARE {
            change.keeps[front..front + old.len()].fill(false);
            change.put_in[front].extend(new);
            return change;
        }
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            let (_, was, is) = op.as_tag_tuple();
            if !matches!(op, DiffOp::Equal { .. }) {
                change.keeps[front + was.start..front + was.end].fill(false);
                change.put_in[front + was.start].extend(&new[is]);
            }
        }
        change
    }
}

/// What two people put in the same place, one after the other. What one has said is not said again because the other's
/// has it too: so a text that arrives twice, or together with what was added to it, stands there once.
fn both<'a>(first: &[&'a str], second: &[&'a str]) -> Vec<&'a str> {
    let holds = |whole: &[&str], part: &[&str]| part.is_empty() || whole.windows(part.len()).any(|window| window == part);
    if holds(first, second) {
        return first.to_vec();
    }
    if holds(second, first) {
        return second.to_vec();
    }
    [first, second].concat()
}

/// Tokens put together to a text, with a space where two words would become one.
#[derive(Default)]
struct Joined {
    text: String,
    ends_in_word: bool,
}

impl Joined {
    fn push(&mut self, token: &str) {
        let is_word = token.chars().next().is_some_and(in_spaced_word);
        if self.ends_in_word && is_word {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.ends_in_word = is_word;
    }
}

/// The words of a text and what is between them: runs of letters and marks, and each space or end of a line by itself.
/// Where words are written without spaces, each character is one.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        let end = letters.peek().map_or(text.len(), |(at, _)| *at);
        let goes_on = in_spaced_word(letter) && letters.peek().is_some_and(|(_, next)| in_spaced_word(*next));
        if !goes_on {
            tokens.push(&text[start..end]);
            start = end;
        }
    }
    tokens
}

/// Whether a character is part of a word that spaces set apart. Thai, Lao, Burmese and Khmer, Chinese and Japanese write
/// without; pictures stand for themselves.
fn in_spaced_word(letter: char) -> bool {
    let stands_alone = matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{abff}' | '\u{d7b0}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..);
    !letter.is_whitespace() && !stands_alone
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_both_wrote_is_there() {
        for (base, mine, theirs, both) in [
            ("", "", "", ""),
            ("one two", "one two", "one three two", "one three two"),
            ("one two", "zero one two", "one two three", "zero one two three"),
            ("", "hello", "world", "world hello"),
            ("Goals:\n- SQL\n", "Goals:\n- SQL\n- Python\n", "Goals:\n- data\n- SQL\n", "Goals:\n- data\n- SQL\n- Python\n"),
            // One took a word out, the other put one beside it.
            ("the red house", "the house", "the red big house", "the big house"),
            // Both changed the same word: both stand there.
            ("at six", "at seven", "at eight", "at eight seven"),
            // Sent twice, or sent again after the answer was lost and the other went on.
            ("", "hello", "hello", "hello"),
            ("", "hello", "hello you", "hello you"),
            ("見て", "見てね", "よく見て", "よく見てね"),
            ("a", "a", "", ""),
        ] {
            assert_eq!(merge(base, mine, theirs), both, "{base:?} {mine:?} {theirs:?}");
        }
    }

    #[test]
    fn a_long_text_that_is_wholly_another_is_kept_beside_the_first() {
        let long = |word: &str| (0..2_100).map(|n| format!("{word}{n} ")).collect::<String>();
        let merged = merge("start", &long("a"), &long("b"));
        assert!((0..2_100).all(|n| merged.contains(&format!("a{n} ")) && merged.contains(&format!("b{n} "))));
    }

    /// One change in a text: at a place, so many words out, and a word of one's own in.
    #[derive(Debug, Clone)]
    struct Edit {
        by: usize,
        place: usize,
        out: usize,
        puts_in: bool,
        /// Whether the page sends what it has after this, and whether the answer arrives before the next key is pressed.
        sends: bool,
        answered: bool,
    }

    /// A page, as its script behaves: `base` is the text from which what stands in the field was written.
    #[derive(Default)]
    struct Pen {
        base: String,
        field: String,
        waiting: Option<(String, String)>,
    }

    impl Pen {
        fn sends(&mut self, there: &mut String) {
            if self.waiting.is_some() {
                return;
            }
            *there = merge(&self.base, &self.field, there);
            self.waiting = Some((self.field.clone(), there.clone()));
        }
        fn hears(&mut self) {
            let Some((sent, answer)) = self.waiting.take() else { return };
            if self.field == sent {
                self.field.clone_from(&answer);
                self.base = answer;
            } else {
                // More was typed since: it was written from what was sent.
                self.base = sent;
            }
        }
    }

    fn words(text: &str) -> BTreeSet<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// However two people write, send and hear, every word that nobody took out is there in the end, and both read the same.
        #[test]
        fn p23_no_word_is_lost_when_two_write_at_once(
            edits in prop::collection::vec(
                (0..2_usize, 0..30_usize, 0..3_usize, any::<bool>(), any::<bool>(), any::<bool>())
                    .prop_map(|(by, place, out, puts_in, sends, answered)| Edit { by, place, out, puts_in, sends, answered }),
                1..40,
            ),
        ) {
            let mut there = "some words to begin with\nand a second line".to_owned();
            let mut pens = [Pen::default(), Pen::default()];
            for pen in &mut pens {
                pen.base.clone_from(&there);
                pen.field.clone_from(&there);
            }
            let (mut put_in, mut taken_out) = (words(&there), BTreeSet::new());
            for (n, edit) in edits.iter().enumerate() {
                let pen = &mut pens[edit.by];
                let mut line: Vec<String> = pen.field.split(' ').map(str::to_owned).collect();
                let place = edit.place % (line.len() + 1);
                let out: Vec<String> = line.drain(place..(place + edit.out).min(line.len())).collect();
                taken_out.extend(out.iter().flat_map(|word| words(word)));
                if edit.puts_in {
                    let word = format!("w{n}by{}", edit.by);
                    put_in.insert(word.clone());
                    line.insert(place, word);
                }
                pen.field = line.join(" ");
                if edit.sends {
                    pen.sends(&mut there);
                }
                if edit.answered {
                    pens[edit.by].hears();
                }
            }
            // In the end both stop, and everything arrives.
            for _ in 0..3 {
                for pen in &mut pens {
                    pen.hears();
                    pen.sends(&mut there);
                    pen.hears();
                }
            }
            let left = words(&there);
            let lost: Vec<_> = put_in.iter().filter(|word| !taken_out.contains(*word) && !left.contains(*word)).collect();
            prop_assert!(lost.is_empty(), "lost {:?} of {:?}", lost, there);
            prop_assert_eq!(&pens[0].field, &there);
            prop_assert_eq!(&pens[1].field, &there);
        }

        /// With any characters at all: nobody's addition is lost, and merging is deterministic and settles.
        #[test]
        fn any_text_can_be_merged(base in ".{0,40}", mine in ".{0,40}", theirs in ".{0,40}") {
            let merged = merge(&base, &mine, &theirs);
            prop_assert_eq!(merge(&mine, &mine, &merged), merged.clone());
            prop_assert_eq!(merge(&base, &base, &theirs), theirs.clone());
            prop_assert_eq!(tokens(&merged).concat(), merged.clone());
            for letter in mine.chars().filter(|c| !base.contains(*c) && !c.is_whitespace()) {
                prop_assert!(merged.contains(letter));
            }
        }
    }
}
