//! What is worked out from what somebody filled in: sums, means and shares over the letters of other questions, as one
//! would write them in a spreadsheet. Pure; there is no way out of it into anything else.
//!
//! Read by recursive descent (the grammar stands at [`Formula::of`]); a formula has at most [`LONGEST`] characters and
//! [`DEEPEST`] levels of brackets, so reading and working out take a bounded time.

use crate::refused;
use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};

/// The longest formula, in characters.
pub const LONGEST: usize = 200;
/// Brackets within brackets.
const DEEPEST: usize = 20;
/// A result beyond this is no measure of anything.
const LARGEST: f64 = 1e12;

/// What a question is called in a formula: A to Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Letter(char);

impl Letter {
    pub const LAST: usize = 26;

    pub fn of(letter: char) -> Option<Self> {
        letter.is_ascii_alphabetic().then(|| Self(letter.to_ascii_uppercase()))
    }
    /// The one at this place, counted from 0.
    pub fn at(place: usize) -> Option<Self> {
        ('A'..='Z').nth(place).map(Self)
    }
}
impl Display for Letter {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl std::str::FromStr for Letter {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut letters = text.chars();
        letters.next().and_then(Self::of).filter(|_| letters.next().is_none()).ok_or(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Sum,
    Mean,
    Least,
    Most,
    Round,
    /// How much the first is of the second, of a hundred.
    Percent,
}

impl Function {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "sum" => Self::Sum,
            "mean" | "average" => Self::Mean,
            "min" => Self::Least,
            "max" => Self::Most,
            "round" => Self::Round,
            "percent" => Self::Percent,
            _ => return None,
        })
    }
    fn takes(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::Round => 1..=1,
            Self::Percent => 2..=2,
            _ => 1..=Letter::LAST,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Number(f64),
    Letter(Letter),
    Minus(Box<Term>),
    Two(char, Box<Term>, Box<Term>),
    Call(Function, Vec<Term>),
    /// All the letters from one to another that the sheet has, within a function.
    Range(Letter, Letter),
}

/// A formula that can be worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula(Term);

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// This was not answered by a number, or could itself not be worked out.
    Empty(Letter),
    DividedByNothing,
    TooLarge,
}

impl Display for Why {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty(letter) => write!(f, "Not worked out: {letter} has no answer yet"),
            Self::DividedByNothing => f.write_str("Not worked out: it would divide by nothing"),
            Self::TooLarge => f.write_str("Not worked out: the number is too large"),
        }
    }
}

impl Formula {
    /// Reads a formula. Grammar, with spaces anywhere:
    ///
    /// ```text
    /// sum    = product (("+" | "-" | "−") product)*
    /// product = signed (("*" | "×" | "/" | "÷") signed)*
    /// signed = ("-" | "−")* atom
    /// atom   = number | letter | "(" sum ")" | function "(" item ("," item)* ")"
    /// item   = letter ":" letter | sum
    /// ```
    ///
    /// # Errors
    /// A refusal that says where reading stopped and what would help.
    pub fn of(text: &str) -> crate::error::Result<Self> {
        if text.chars().count() > LONGEST {
            return Err(refused!("formula"; "A formula has at most {LONGEST} characters. Please make two of it."));
        }
        let mut reader = Reader { text: text.char_indices().peekable(), whole: text, depth: 0 };
        let term = reader.sum()?;
        match reader.next_sign() {
            None => Ok(Self(term)),
            Some(sign) => Err(refused!("formula"; "“{sign}” is not expected here: “{}”.", reader.seen())),
        }
    }

    /// The letters that stand in it; `sheet` are those of the sheet, in order.
    pub fn letters(&self, sheet: &[Letter]) -> BTreeSet<Letter> {
        let mut letters = BTreeSet::new();
        self.0.letters(sheet, &mut letters);
        letters
    }

    /// Works it out. `sheet` are the letters of the sheet that a range may go over, in order; `value` is the number of a
    /// letter, if it has one. In the length of the formula times that of the ranges.
    ///
    /// # Errors
    /// Why there is no number.
    pub fn work_out(&self, sheet: &[Letter], value: &dyn Fn(Letter) -> Option<f64>) -> Result<f64, Why> {
        self.0.work_out(sheet, value)
    }
}

impl Term {
    fn letters(&self, sheet: &[Letter], into: &mut BTreeSet<Letter>) {
        match self {
            Self::Number(_) => {}
            Self::Letter(letter) => {
                into.insert(*letter);
            }
            Self::Minus(term) => term.letters(sheet, into),
            Self::Two(_, one, other) => {
                one.letters(sheet, into);
                other.letters(sheet, into);
            }
            Self::Call(_, terms) => terms.iter().for_each(|term| term.letters(sheet, into)),
            Self::Range(from, to) => into.extend(between(sheet, *from, *to)),
        }
    }

    fn work_out(&self, sheet: &[Letter], value: &dyn Fn(Letter) -> Option<f64>) -> Result<f64, Why> {
        let number = match self {
            Self::Number(number) => *number,
            Self::Letter(letter) => value(*letter).ok_or(Why::Empty(*letter))?,
            Self::Minus(term) => -term.work_out(sheet, value)?,
            Self::Two(sign, one, other) => {
                let (one, other) = (one.work_out(sheet, value)?, other.work_out(sheet, value)?);
                match sign {
                    '+' => one + other,
                    '-' => one - other,
                    '*' => one * other,
                    _ => divided(one, other)?,
                }
            }
            Self::Call(function, terms) => {
                let mut numbers = Vec::with_capacity(terms.len());
                for term in terms {
                    match term {
                        Self::Range(from, to) => {
                            for letter in between(sheet, *from, *to) {
                                numbers.push(value(letter).ok_or(Why::Empty(letter))?);
                            }
                        }
                        term => numbers.push(term.work_out(sheet, value)?),
                    }
                }
                of_many(*function, &numbers)?
            }
            Self::Range(from, _) => return Err(Why::Empty(*from)),
        };
        if number.is_finite() && number.abs() <= LARGEST { Ok(number) } else { Err(Why::TooLarge) }
    }
}

/// The letters of the sheet from one to another.
fn between(sheet: &[Letter], from: Letter, to: Letter) -> impl Iterator<Item = Letter> + '_ {
    sheet.iter().copied().filter(move |letter| (from..=to).contains(letter))
}

fn divided(one: f64, other: f64) -> Result<f64, Why> {
    if other == 0.0 { Err(Why::DividedByNothing) } else { Ok(one / other) }
}

#[expect(clippy::cast_precision_loss, reason = "at most a few hundred numbers")]
fn of_many(function: Function, numbers: &[f64]) -> Result<f64, Why> {
    let sum: f64 = numbers.iter().sum();
    Ok(match function {
        Function::Sum => sum,
        Function::Mean => divided(sum, numbers.len() as f64)?,
        Function::Least => numbers.iter().copied().reduce(f64::min).ok_or(Why::DividedByNothing)?,
        Function::Most => numbers.iter().copied().reduce(f64::max).ok_or(Why::DividedByNothing)?,
        Function::Round => sum.round(),
        Function::Percent => match numbers {
            [part, whole] => divided(part * 100.0, *whole)?,
            _ => return Err(Why::DividedByNothing),
        },
    })
}

struct Reader<'t> {
    text: std::iter::Peekable<std::str::CharIndices<'t>>,
    whole: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn sum(&mut self) -> crate::error::Result<Term> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(refused!("formula"; "There are too many brackets within brackets."));
        }
        let mut term = self.product()?;
        while let Some(sign) = self.one_of(&[('+', '+'), ('-', '-'), ('−', '-')]) {
            term = Term::Two(sign, Box::new(term), Box::new(self.product()?));
        }
        self.depth -= 1;
        Ok(term)
    }

    fn product(&mut self) -> crate::error::Result<Term> {
        let mut term = self.signed()?;
        while let Some(sign) = self.one_of(&[('*', '*'), ('×', '*'), ('/', '/'), ('÷', '/')]) {
            term = Term::Two(sign, Box::new(term), Box::new(self.signed()?));
        }
        Ok(term)
    }

    fn signed(&mut self) -> crate::error::Result<Term> {
        let mut minus = false;
        while self.one_of(&[('-', '-'), ('−', '-')]).is_some() {
            minus = !minus;
        }
        let term = self.atom()?;
        Ok(if minus { Term::Minus(Box::new(term)) } else { term })
    }

    fn atom(&mut self) -> crate::error::Result<Term> {
        match self.next_sign() {
            Some(digit) if digit.is_ascii_digit() || digit == '.' => {
                let typed = self.while_it_is(|c| c.is_ascii_digit() || c == '.');
                let number = typed.parse().map_err(|_| refused!("formula"; "“{typed}” is not a number. Please write it as 12 or 2.5."))?;
                Ok(Term::Number(number))
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                let word = self.while_it_is(|c| c.is_ascii_alphabetic()).to_lowercase();
                match (word.parse::<Letter>(), Function::of(&word)) {
                    (Ok(letter), _) => Ok(Term::Letter(letter)),
                    (_, Some(function)) => self.call(function, &word),
                    _ => Err(
                        refused!("formula"; "“{word}” is nothing that can be worked out. There are sum, mean, min, max, round and percent."),
                    ),
                }
            }
            Some('(') => {
                self.text.next();
                let term = self.sum()?;
                self.must_be(')')?;
                Ok(term)
            }
            Some(sign) => Err(refused!("formula"; "“{sign}” is not expected here: “{}”.", self.seen())),
            None => Err(refused!("formula"; "The formula ends too soon. Something belongs after “{}”.", self.whole.trim())),
        }
    }

    fn call(&mut self, function: Function, word: &str) -> crate::error::Result<Term> {
        self.must_be('(')?;
        let mut items = Vec::new();
        loop {
            items.push(self.item(function)?);
            if self.one_of(&[(',', ','), (';', ',')]).is_none() {
                break;
            }
        }
        self.must_be(')')?;
        if !function.takes().contains(&items.len()) {
            let takes = if function == Function::Round { "one number" } else { "two numbers, a part and a whole" };
            return Err(refused!("formula"; "“{word}” takes {takes}."));
        }
        Ok(Term::Call(function, items))
    }

    fn item(&mut self, function: Function) -> crate::error::Result<Term> {
        let term = self.sum()?;
        let Term::Letter(from) = term else { return Ok(term) };
        if self.one_of(&[(':', ':')]).is_none() {
            return Ok(Term::Letter(from));
        }
        match self.atom()? {
            Term::Letter(to) if matches!(function, Function::Round | Function::Percent) => {
                Err(refused!("formula"; "“{from}:{to}” stands for several numbers, which only sum, mean, min and max take."))
            }
            Term::Letter(to) if from < to => Ok(Term::Range(from, to)),
            _ => Err(refused!("formula"; "After “{from}:” a later letter belongs, as in “{from}:{}”.", Letter::at(25).unwrap_or(from))),
        }
    }

    /// The next that is no space.
    fn next_sign(&mut self) -> Option<char> {
        while self.text.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.text.peek().map(|(_, c)| *c)
    }
    fn one_of(&mut self, signs: &[(char, char)]) -> Option<char> {
        let next = self.next_sign()?;
        let (_, meant) = signs.iter().find(|(written, _)| *written == next)?;
        self.text.next();
        Some(*meant)
    }
    fn must_be(&mut self, sign: char) -> crate::error::Result<()> {
        match self.one_of(&[(sign, sign)]) {
            Some(_) => Ok(()),
            None => Err(refused!("formula"; "“{sign}” is missing after “{}”.", self.seen())),
        }
    }
    fn while_it_is(&mut self, it_is: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some((_, c)) = self.text.next_if(|(_, c)| it_is(*c)) {
            word.push(c);
        }
        word
    }
    /// What was read so far.
    fn seen(&mut self) -> &str {
        let end = self.text.peek().map_or(self.whole.len(), |(at, _)| *at);
        self.whole[..end].trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(text: &str) -> Vec<Letter> {
        text.chars().filter_map(Letter::of).collect()
    }
    /// A is 1, B is 2 and so on; F has no answer.
    fn worked_out(text: &str) -> Result<f64, Why> {
        let value = |letter: Letter| Some(f64::from(letter.0 as u32 - 'A' as u32 + 1)).filter(|_| letter.0 != 'F');
        Formula::of(text).expect("a formula").work_out(&letters("ABCDEFG"), &value)
    }

    #[test]
    fn p40_a_formula_is_worked_out_as_on_paper() {
        for (text, number) in [
            ("2 + 3 * 4", 14.0),
            ("(2 + 3) × 4", 20.0),
            ("10 - 4 - 3", 3.0),
            ("12 / 4 ÷ 3", 1.0),
            ("-A + --B", 1.0),
            ("2 * -C", -6.0),
            ("a + b", 3.0),
            ("sum(A:E)", 15.0),
            ("mean(A:C, 10)", 4.0),
            ("average(A; B)", 1.5),
            ("min(C, A:B) + max(A:D)", 5.0),
            ("round(E / B)", 3.0),
            ("percent(A, D)", 25.0),
            ("1.5 − .5", 1.0),
        ] {
            assert_eq!(worked_out(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn p40_what_cannot_be_worked_out_says_why() {
        assert_eq!(worked_out("A + F"), Err(Why::Empty(Letter('F'))));
        assert_eq!(worked_out("sum(A:G)"), Err(Why::Empty(Letter('F'))));
        assert_eq!(worked_out("A / (B - 2)"), Err(Why::DividedByNothing));
        assert_eq!(worked_out("percent(A, 0)"), Err(Why::DividedByNothing));
        assert_eq!(worked_out("mean(X:Z)"), Err(Why::DividedByNothing), "nothing lies there");
        assert_eq!(worked_out("999999999 * 999999999"), Err(Why::TooLarge));
    }

    #[test]
    fn p40_what_is_no_formula_is_refused_in_words() {
        for (text, words) in [
            ("", "ends too soon"),
            ("A +", "Something belongs after"),
            ("A B", "“B” is not expected here"),
            ("(A", "“)” is missing"),
            ("sum A", "“(” is missing"),
            ("power(A)", "nothing that can be worked out"),
            ("1.2.3", "not a number"),
            ("round(A, B)", "takes one number"),
            ("percent(A:B, C)", "several numbers"),
            ("sum(C:A)", "a later letter belongs"),
            ("A = B", "“=” is not expected"),
        ] {
            let error = Formula::of(text).expect_err(text).to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
        assert!(Formula::of(&"(".repeat(60)).is_err() && Formula::of(&"1+".repeat(150)).is_err());
    }

    proptest! {
        /// Whatever somebody types, reading it comes to an end without a fault.
        #[test]
        fn p40_any_text_is_read_or_refused(text in "[A-Za-z0-9 +*/().,:;−-]{0,80}") {
            if let Ok(formula) = Formula::of(&text) {
                let _ = formula.work_out(&letters("ABC"), &|_| Some(0.0));
            }
        }
        /// Worked out another way, by going from left to right over sums of products.
        #[test]
        fn p40_sums_of_products_come_out_right(rows in prop::collection::vec(prop::collection::vec(1_i32..20, 1..5), 1..6)) {
            let text = rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" * ")).collect::<Vec<_>>().join(" + ");
            let number: f64 = rows.iter().map(|row| row.iter().map(|n| f64::from(*n)).product::<f64>()).sum();
            prop_assert_eq!(Formula::of(&text).expect("a formula").work_out(&[], &|_| None), Ok(number));
        }
    }
}
