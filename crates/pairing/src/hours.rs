//! Free hours as people write them in a form: "Tue 18:00-20:00; Thu 17:30-19:00", "Mon-Fri 9-17", "weekday evenings",
//! "Mondays 9am to 11am", "lundi matin". By the clock on their wall; zones come later.

use chiron_words::fold::fold;

/// A stretch of the week: day from 0 for Monday, minutes of that day, `to` not included and up to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    pub day: u8,
    pub from: u16,
    pub to: u16,
}

/// Days in the languages that the forms we have seen are written in. The first letters are enough from the third on.
const DAYS: [(&str, u8); 42] = [
    ("monday", 0),
    ("tuesday", 1),
    ("wednesday", 2),
    ("thursday", 3),
    ("friday", 4),
    ("saturday", 5),
    ("sunday", 6),
    ("montag", 0),
    ("dienstag", 1),
    ("mittwoch", 2),
    ("donnerstag", 3),
    ("freitag", 4),
    ("samstag", 5),
    ("sonntag", 6),
    ("lundi", 0),
    ("mardi", 1),
    ("mercredi", 2),
    ("jeudi", 3),
    ("vendredi", 4),
    ("samedi", 5),
    ("dimanche", 6),
    ("lunes", 0),
    ("martes", 1),
    ("miercoles", 2),
    ("jueves", 3),
    ("viernes", 4),
    ("sabado", 5),
    ("domingo", 6),
    ("segunda", 0),
    ("terca", 1),
    ("quarta", 2),
    ("quinta", 3),
    ("sexta", 4),
    ("mondays", 0),
    ("tuesdays", 1),
    ("wednesdays", 2),
    ("thursdays", 3),
    ("fridays", 4),
    ("saturdays", 5),
    ("sundays", 6),
    ("tues", 1),
    ("thurs", 3),
];

/// Several days by one word.
const SPANS: [(&str, &[u8]); 12] = [
    ("weekday", &[0, 1, 2, 3, 4]),
    ("weekdays", &[0, 1, 2, 3, 4]),
    ("weekend", &[5, 6]),
    ("weekends", &[5, 6]),
    ("daily", &ALL),
    ("everyday", &ALL),
    ("any", &ALL),
    ("anytime", &ALL),
    ("always", &ALL),
    ("every", &ALL),
    ("flexible", &ALL),
    ("all", &ALL),
];
const ALL: [u8; 7] = [0, 1, 2, 3, 4, 5, 6];

/// Parts of a day in minutes; one word may begin with them ("evenings").
const PARTS: [(&str, u16, u16); 17] = [
    ("early", 7 * 60, 9 * 60),
    ("morning", 9 * 60, 12 * 60),
    ("lunch", 12 * 60, 13 * 60 + 30),
    ("midday", 12 * 60, 13 * 60 + 30),
    ("noon", 12 * 60, 13 * 60 + 30),
    ("afternoon", 13 * 60 + 30, 17 * 60),
    ("evening", 17 * 60 + 30, 21 * 60),
    ("night", 20 * 60, 22 * 60),
    ("vormittag", 9 * 60, 12 * 60),
    ("nachmittag", 13 * 60 + 30, 17 * 60),
    ("abend", 17 * 60 + 30, 21 * 60),
    ("matin", 9 * 60, 12 * 60),
    ("apres-midi", 13 * 60 + 30, 17 * 60),
    ("soir", 17 * 60 + 30, 21 * 60),
    ("manana", 9 * 60, 12 * 60),
    ("tarde", 13 * 60 + 30, 19 * 60),
    ("noche", 19 * 60, 22 * 60),
];
/// Somebody who names a day and no time means the hours in which people work.
const WORKDAY: (u16, u16) = (9 * 60, 17 * 60);

/// Words that say nothing about when.
const SMALL: [&str; 22] = [
    "and",
    "or",
    "at",
    "on",
    "from",
    "between",
    "the",
    "in",
    "ideally",
    "preferably",
    "usually",
    "mostly",
    "only",
    "day",
    "days",
    "time",
    "times",
    "most",
    "hours",
    "um",
    "uhr",
    "et",
];

/// What a cell says, in order, and the parts of it that could not be read. At most [`MOST`] stretches.
pub fn read(cell: &str) -> (Vec<Stretch>, Vec<String>) {
    let (mut stretches, mut unread) = (Vec::new(), Vec::new());
    let mut carried = Carried::default();
    for part in cell.split([';', '\n', '|', ',', '/', '&', '+']).map(str::trim).filter(|part| !part.is_empty()) {
        // "Mon, Wed 18-20": days without a time wait for the one that follows.
        match carried.part(part, &mut stretches) {
            true => {}
            false => unread.push(part.to_owned()),
        }
    }
    carried.end(&mut stretches);
    stretches.truncate(MOST);
    (stretches, unread)
}

/// Whether a text begins with a day rather than with a part of one.
pub fn names_day(text: &str) -> bool {
    matches!(tokens(text).as_deref(), Some([Token::Day(_) | Token::Span(_), ..]))
}

/// More stretches than this are left out.
pub const MOST: usize = 84;

/// Days that were named, and whether a time was said for them.
#[derive(Default)]
struct Carried {
    days: Vec<u8>,
    timed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Day(u8),
    Span(&'static [u8]),
    Part(u16, u16),
    Clock(Clock),
    To,
    Small,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    minute: u16,
    /// Whether "am" or "pm", or minutes, told that this is a time and not some number.
    half: Option<bool>,
}

impl Carried {
    /// One part of a list; `false` when some of it could not be read, and then nothing of it counts.
    fn part(&mut self, part: &str, stretches: &mut Vec<Stretch>) -> bool {
        let Some(tokens) = tokens(part) else { return false };
        let (days, timed, count) = (self.days.clone(), self.timed, stretches.len());
        let good = self.follow(&tokens, stretches);
        if !good {
            (self.days, self.timed) = (days, timed);
            stretches.truncate(count);
        }
        good
    }

    fn follow(&mut self, tokens: &[Token], stretches: &mut Vec<Stretch>) -> bool {
        let mut left = tokens;
        while let [first, rest @ ..] = left {
            left = rest;
            match (*first, rest) {
                (Token::Day(from), [Token::To, Token::Day(to), after @ ..]) => {
                    let days: Vec<u8> = (0..7).map(|step| (from + step) % 7).collect();
                    let count = days.iter().position(|day| day == to).map_or(0, |at| at + 1);
                    self.name(&days[..count]);
                    left = after;
                }
                (Token::Day(day), _) => self.name(&[day]),
                (Token::Span(days), _) => self.name(days),
                (Token::Part(from, to), _) => self.time(from, to, stretches),
                (Token::Clock(from), [Token::To, Token::Clock(to), after @ ..]) => {
                    let Some((from, to)) = span(from, *to) else { return false };
                    self.time(from, to, stretches);
                    left = after;
                }
                (Token::Small | Token::To, _) => {}
                // A time without an end says too little.
                (Token::Clock(_), _) => return false,
            }
        }
        true
    }

    fn name(&mut self, days: &[u8]) {
        if self.timed {
            self.days.clear();
            self.timed = false;
        }
        self.days.extend(days);
    }

    fn time(&mut self, from: u16, to: u16, stretches: &mut Vec<Stretch>) {
        self.timed = true;
        let days: &[u8] = if self.days.is_empty() { &ALL[..5] } else { &self.days };
        for day in days.iter().take(MOST) {
            let stretch = Stretch { day: *day, from, to };
            if stretches.len() < MOST && !stretches.contains(&stretch) {
                stretches.push(stretch);
            }
        }
    }

    fn end(&mut self, stretches: &mut Vec<Stretch>) {
        if !self.timed && !self.days.is_empty() {
            self.time(WORKDAY.0, WORKDAY.1, stretches);
        }
    }
}

/// Minutes from and to, the half of the day of the one taken from the other: "6-8pm".
fn span(from: Clock, to: Clock) -> Option<(u16, u16)> {
    let on = |clock: Clock, half: Option<bool>| match half {
        Some(true) if clock.minute < 720 => clock.minute + 720,
        Some(false) if clock.minute >= 720 && clock.minute < 780 => clock.minute - 720,
        _ => clock.minute,
    };
    let (mut start, end) = (on(from, from.half.or(to.half)), on(to, to.half));
    // "11-1pm" begins in the morning.
    if from.half.is_none() && start >= end {
        start = from.minute;
    }
    let end = if end == 0 { 1440 } else { end };
    (start < end).then_some((start, end))
}

fn tokens(part: &str) -> Option<Vec<Token>> {
    let mut text = fold(part)
        .replace(" - ", "-")
        .replace(" to ", "-")
        .replace(" bis ", "-")
        .replace(" until ", "-")
        .replace("apres-midi", "apresmidi");
    for bracket in ['(', ')', '[', ']', '.'] {
        // "9.30" is a time, "Mon." is a day.
        text = match bracket {
            '.' => dots(&text),
            bracket => text.replace(bracket, " "),
        };
    }
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        for (at, piece) in word.split('-').enumerate() {
            if at > 0 {
                tokens.push(Token::To);
            }
            if !piece.is_empty() {
                pieces(piece, &mut tokens)?;
            }
        }
    }
    // "6 pm" in two words.
    join_halves(tokens)
}

fn dots(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let dot = |at: usize| if digit(at.checked_sub(1)) && digit(Some(at + 1)) { ':' } else { ' ' };
    text.char_indices().map(|(at, c)| if c == '.' { dot(at) } else { c }).collect()
}

/// Am or pm said as a word of its own is a clock without a time for a moment.
const HALF: u16 = u16::MAX;

fn pieces(piece: &str, tokens: &mut Vec<Token>) -> Option<()> {
    let piece = piece.trim_end_matches(':');
    let token = if piece.is_empty() || SMALL.contains(&piece) {
        Token::Small
    } else if let Some((_, days)) = SPANS.iter().find(|(name, _)| *name == piece) {
        Token::Span(days)
    } else if let Some((_, from, to)) = PARTS.iter().find(|(name, ..)| piece.starts_with(&name.replace('-', ""))) {
        Token::Part(*from, *to)
    } else if let Some(day) = day(piece) {
        Token::Day(day)
    } else if matches!(piece, "am" | "pm") {
        Token::Clock(Clock { minute: HALF, half: Some(piece == "pm") })
    } else {
        Token::Clock(clock(piece)?)
    };
    tokens.push(token);
    Some(())
}

fn join_halves(tokens: Vec<Token>) -> Option<Vec<Token>> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match (token, joined.last_mut()) {
            (Token::Clock(half), Some(Token::Clock(before))) if half.minute == HALF && before.half.is_none() => before.half = half.half,
            (Token::Clock(half), _) if half.minute == HALF => return None,
            (token, _) => joined.push(token),
        }
    }
    Some(joined)
}

fn day(word: &str) -> Option<u8> {
    // German has two letters for each.
    const SHORT: [&str; 7] = ["mo", "di", "mi", "do", "fr", "sa", "so"];
    if let Some(at) = SHORT.iter().position(|short| *short == word) {
        return u8::try_from(at).ok();
    }
    let fits = |name: &str| name == word || word.len() >= 3 && name.starts_with(word);
    DAYS.iter().find(|(name, _)| fits(name)).map(|(_, day)| *day)
}

/// "18:00", "18", "6pm", "18h", "18h30".
fn clock(word: &str) -> Option<Clock> {
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (word, None),
    };
    let digits = digits.trim_end_matches('h').replace('h', ":");
    let (hour, minute) = digits.split_once(':').unwrap_or((&digits, "0"));
    if hour.is_empty() || hour.len() > 2 || minute.is_empty() || minute.len() > 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let real = minute < 60 && (hour < 24 || (hour, minute) == (24, 0)) && !(half.is_some() && hour > 12);
    real.then_some(Clock { minute: hour * 60 + minute, half })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(cell: &str) -> String {
        let (stretches, unread) = read(cell);
        let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
        let mut told: Vec<String> = stretches.iter().map(|s| format!("{} {}-{}", s.day + 1, clock(s.from), clock(s.to))).collect();
        told.extend(unread.iter().map(|part| format!("? {part}")));
        told.join(", ")
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (cell, hours) in [
            ("Tue 18:00-20:00;Thu 17:30-19:00", "2 18:00-20:00, 4 17:30-19:00"),
            ("Mon-Wed 9-17", "1 9:00-17:00, 2 9:00-17:00, 3 9:00-17:00"),
            ("Mon, Wed 6-8pm", "1 18:00-20:00, 3 18:00-20:00"),
            ("Mondays 9am to 11am", "1 9:00-11:00"),
            ("Fri 11-1pm", "5 11:00-13:00"),
            ("Tuesday evenings", "2 17:30-21:00"),
            ("Tue evening, Thu morning", "2 17:30-21:00, 4 9:00-12:00"),
            ("weekends", "6 9:00-17:00, 7 9:00-17:00"),
            ("Sat–Sun 10–12", "6 10:00-12:00, 7 10:00-12:00"),
            ("Mo 18 - 20 Uhr", "1 18:00-20:00"),
            ("jeudi 18h-19h30", "4 18:00-19:30"),
            ("lundi apres-midi", "1 13:30-17:00"),
            ("Wed 9.30-10.30", "3 9:30-10:30"),
            ("Mon. 20:00-24:00", "1 20:00-24:00"),
            ("Sun 10 pm - 12 am", "7 22:00-24:00"),
            ("Wednesday", "3 9:00-17:00"),
            ("Tue 20:00-18:00", "? Tue 20:00-18:00"),
            ("when the moon is full; Fri 9-10", "5 9:00-10:00, ? when the moon is full"),
            ("", ""),
        ] {
            assert_eq!(said(cell), hours, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn any_cell_can_be_read(cell in "(mon|tue|-|:|[0-9]|pm|am| |;|,|to|h|\\.|\\PC){0,20}") {
            let (stretches, _) = read(&cell);
            prop_assert!(stretches.iter().all(|s| s.day < 7 && s.from < s.to && s.to <= 1440));
        }
    }
}
