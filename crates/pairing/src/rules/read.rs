//! Reads the file of rules, key by key, so that each fault is told with its line and what was probably meant.

use super::{AtLeast, Floor, Kind, Rules, Serves, Term};
use crate::columns::Column;
use crate::problem::Problem;
use chiron_words::sheets::short;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Lists in rules hold at most so many.
const MOST_ITEMS: usize = 10_000;
/// A score is made of at most so many terms.
pub const MOST_TERMS: usize = 16;

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<Problem>,
}

const TABLES: [&str; 8] = ["columns", "seniority", "must", "seats", "floor", "score", "aim", "report"];
const MUST: [&str; 13] = [
    "share_language",
    "share_skill",
    "not_own_manager",
    "not_again",
    "differ",
    "agree",
    "zone_hours",
    "shared_hours",
    "seniority",
    "least_score",
    "never",
    "lock",
    "filled",
];
const SEATS: [&str; 5] = ["each", "most", "least", "mentors", "mentors_least"];
const FLOOR: [&str; 4] = ["column", "group", "least", "percent"];
const SCORE: [&str; 12] =
    ["skills", "goals", "hours", "languages", "interests", "zone", "seniority", "mentee_wishes", "mentor_wishes", "same", "differ", "near"];
const AIM: [&str; 5] = ["worth", "raise_worst", "balance", "keep", "seed"];
const REPORT: [&str; 1] = ["compare"];
const SENIORITY: [&str; 1] = ["order"];

pub fn read(file: &str, text: &str) -> Result<Rules, Vec<Problem>> {
    let mut reader = Reader { file, text, faults: Vec::new() };
    let mut rules = Rules { default: false, ..Rules::default() };
    match DeTable::parse(text) {
        Ok(table) => reader.rules(table.get_ref(), &mut rules),
        Err(e) => {
            let line = e.span().map_or(0, |span| reader.line(span.start));
            reader.faults.push(Problem::new(file, line, "", format!("this does not read as TOML: {}.", e.message().trim_end_matches('.'))));
        }
    }
    reader.faults.sort_by_key(|fault| fault.line);
    if reader.faults.is_empty() { Ok(rules) } else { Err(reader.faults) }
}

impl<'a> Reader<'a> {
    fn line(&self, at: usize) -> u64 {
        1 + self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() as u64
    }

    fn fault(&mut self, at: usize, key: &str, sentence: impl Into<String>) {
        let line = self.line(at);
        self.faults.push(Problem::new(self.file, line, key, sentence));
    }

    fn rules(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            match (name, value.get_ref()) {
                ("columns", DeValue::Table(inside)) => self.columns(inside, rules),
                ("seniority", DeValue::Table(inside)) => self.seniority(inside, rules),
                ("must", DeValue::Table(inside)) => self.must(inside, rules),
                ("seats", DeValue::Table(inside)) => self.seats(inside, rules),
                ("score", DeValue::Table(inside)) => self.score(inside, rules),
                ("aim", DeValue::Table(inside)) => self.aim(inside, rules),
                ("report", DeValue::Table(inside)) => self.report(inside, rules),
                ("floor", DeValue::Array(floors)) => {
                    for floor in floors.iter() {
                        self.floor(floor, rules);
                    }
                }
                ("floor", _) => self.fault(key.span().start, name, "a floor is written as [[floor]], with two brackets."),
                (_, _) if TABLES.contains(&name) => {
                    self.fault(key.span().start, name, format!("this is a part of its own: write [{name}] above it."))
                }
                _ => self.unknown(key, "", &TABLES),
            }
        }
    }

    fn unknown(&mut self, key: &Spanned<impl AsRef<str>>, part: &str, known: &[&str]) {
        let name = key.get_ref().as_ref().to_owned();
        // A rule in the wrong part is as common as a wrong letter.
        let elsewhere = [("must", &MUST[..]), ("seats", &SEATS), ("score", &SCORE), ("aim", &AIM), ("report", &REPORT)];
        let place = elsewhere.iter().find(|(other, keys)| *other != part && keys.contains(&name.as_str()));
        let hint = match (nearest(&name, known), place) {
            (Some(meant), _) => format!("Did you mean “{meant}”?"),
            (None, Some((other, _))) => format!("“{name}” belongs under [{other}]."),
            (None, None) => format!("Known are: {}.", known.join(", ")),
        };
        self.fault(
            key.span().start,
            &name,
            format!("there is no such rule{}. {hint}", if part.is_empty() { String::new() } else { format!(" under [{part}]") }),
        );
    }

    fn columns(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        for (key, value) in table.iter() {
            let head = key.get_ref().as_ref().to_owned();
            if let Some(name) = self.word(value, &head) {
                match Column::named(&name) {
                    Some(column) => rules.columns.push((head, column)),
                    None => {
                        let names: Vec<&str> = crate::columns::COLUMNS.iter().map(|known| known.name).collect();
                        let hint = nearest(&name, &names)
                            .map_or_else(|| format!("Known are: {}.", names.join(", ")), |meant| format!("Did you mean “{meant}”?"));
                        self.fault(value.span().start, &head, format!("“{}” is nothing a column can hold. {hint}", short(&name)));
                    }
                }
            }
        }
    }

    fn seniority(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        for (key, value) in table.iter() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("order", DeValue::Array(steps)) => {
                    for step in steps.iter().take(MOST_ITEMS) {
                        let words = match step.get_ref() {
                            DeValue::Array(_) => self.words(step, "order"),
                            _ => self.word(step, "order").into_iter().collect(),
                        };
                        rules.seniority.push(words);
                    }
                }
                ("order", _) => self.fault(value.span().start, "order", "this is a list of words from the lowest to the highest."),
                _ => self.unknown(key, "seniority", &SENIORITY),
            }
        }
    }

    fn must(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        let must = &mut rules.must;
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "share_language" => must.share_language = self.yes(value, "share_language"),
                "share_skill" => must.share_skill = self.yes(value, "share_skill"),
                "not_own_manager" => must.not_own_manager = self.yes(value, "not_own_manager"),
                "not_again" => must.not_again = self.yes(value, "not_again"),
                "differ" => must.differ = self.words(value, "differ"),
                "agree" => must.agree = self.words(value, "agree"),
                "filled" => must.filled = self.words(value, "filled"),
                "zone_hours" => must.zone_minutes = self.hours(value, "zone_hours"),
                "shared_hours" => must.shared_minutes = self.hours(value, "shared_hours"),
                "seniority" => must.seniority = self.steps(value),
                "least_score" => must.least_score = self.number(value, "least_score", 0..=10_000).map(|n| n as i32),
                "never" => must.never = self.pairs(value, "never"),
                "lock" => must.lock = self.pairs(value, "lock"),
                _ => self.unknown(key, "must", &MUST),
            }
        }
    }

    fn seats(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        let seats = &mut rules.seats;
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let Some(place) = SEATS.iter().position(|known| *known == name) else {
                self.unknown(key, "seats", &SEATS);
                continue;
            };
            let Some(number) = self.number(value, name, 0..=10_000).map(|n| n as u32) else { continue };
            match place {
                0 => seats.each = number,
                1 => seats.most = Some(number),
                2 => seats.least = number,
                3 => seats.mentors = number,
                _ => seats.mentors_least = number,
            }
        }
    }

    fn floor(&mut self, value: &Value<'a>, rules: &mut Rules) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.fault(value.span().start, "floor", "a floor is written as [[floor]], with two brackets.");
        };
        let line = self.line(value.span().start);
        let mut floor = Floor { column: "group".into(), group: None, least: AtLeast::People(0), line };
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "column" => floor.column = self.word(value, "column").unwrap_or_default(),
                "group" => floor.group = self.word(value, "group"),
                "least" => floor.least = AtLeast::People(self.number(value, "least", 0..=1_000_000).unwrap_or(0) as u32),
                "percent" => floor.least = AtLeast::PerCent(self.number(value, "percent", 0..=100).unwrap_or(0) as u32),
                _ => self.unknown(key, "floor", &FLOOR),
            }
        }
        if let Some(first) = rules.floors.first()
            && first.column != floor.column
        {
            self.fault(value.span().start, "column", format!("all floors are about one column, and another is about “{}”.", first.column));
        }
        rules.floors.push(floor);
    }

    fn score(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        rules.score.clear();
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            match name {
                "same" | "differ" | "near" => match value.get_ref() {
                    DeValue::Table(columns) => {
                        for (column, value) in columns.iter() {
                            self.term(&format!("{name}.{}", column.get_ref()), value, rules);
                        }
                    }
                    _ => self.fault(value.span().start, name, format!("write the column behind it, such as {name}.location = 10.")),
                },
                _ if SCORE.contains(&name) => self.term(name, value, rules),
                _ => self.unknown(key, "score", &SCORE),
            }
        }
        // What counts most is told first, here and in every pair.
        rules.score.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.kind.name().cmp(&other.kind.name())));
        if rules.score.len() > MOST_TERMS {
            self.fault(0, "score", format!("a score is made of at most {MOST_TERMS} terms."));
        }
    }

    fn term(&mut self, name: &str, value: &Value<'a>, rules: &mut Rules) {
        let mut kind = match name.split_once('.') {
            Some(("same", column)) => Kind::Same(column.to_owned()),
            Some(("differ", column)) => Kind::Differ(column.to_owned()),
            Some((_, column)) => Kind::Near { column: column.to_owned(), within: 0 },
            None => match name {
                "skills" => Kind::Skills,
                "goals" => Kind::Goals,
                "hours" => Kind::Hours { enough: 120 },
                "languages" => Kind::Languages,
                "interests" => Kind::Interests { enough: 2 },
                "zone" => Kind::Zone { none_at: 480 },
                "seniority" => Kind::Seniority { points: vec![(1, 100), (2, 100), (3, 60), (4, 30)] },
                "mentee_wishes" => Kind::MenteeWishes,
                _ => Kind::MentorWishes,
            },
        };
        let mut serves = match kind {
            Kind::MenteeWishes => Serves::Mentee,
            Kind::MentorWishes => Serves::Mentor,
            _ => Serves::Both,
        };
        let weight = match value.get_ref() {
            DeValue::Table(inside) => self.inside(name, inside, &mut kind, &mut serves, value.span().start),
            _ => self.number(value, name, 0..=1_000),
        };
        if let Kind::Near { within: 0, .. } = kind {
            self.fault(value.span().start, name, "say how far apart counts nothing: { weight = 10, within = 5 }.");
        }
        if let Some(weight) = weight.filter(|weight| *weight > 0) {
            rules.score.push(Term { kind, weight: weight as u16, serves, line: self.line(value.span().start) });
        }
    }

    /// The table of a term: `{ weight = 20, for = "mentee", ... }`.
    fn inside(&mut self, name: &str, table: &DeTable<'a>, kind: &mut Kind, serves: &mut Serves, at: usize) -> Option<i64> {
        let own = match kind {
            Kind::Hours { .. } | Kind::Interests { .. } => Some("enough"),
            Kind::Zone { .. } | Kind::Near { .. } => Some("within"),
            Kind::Seniority { .. } => Some("points"),
            _ => None,
        };
        let mut weight = None;
        for (key, value) in table.iter() {
            match (key.get_ref().as_ref(), &mut *kind) {
                ("weight", _) => weight = self.number(value, name, 0..=1_000),
                ("for", _) => match self.word(value, name).as_deref() {
                    Some("both") => *serves = Serves::Both,
                    Some("mentee") => *serves = Serves::Mentee,
                    Some("mentor") => *serves = Serves::Mentor,
                    Some(_) => self.fault(value.span().start, name, "for is one of “both”, “mentee”, “mentor”."),
                    None => {}
                },
                ("enough", Kind::Hours { enough }) => *enough = self.hours(value, name).unwrap_or(*enough).max(15),
                ("enough", Kind::Interests { enough }) => *enough = self.number(value, name, 1..=50).map_or(*enough, |n| n as u32),
                ("within", Kind::Zone { none_at }) => *none_at = self.hours(value, name).unwrap_or(*none_at).max(1),
                ("within", Kind::Near { within, .. }) => *within = self.hundredths(value, name).unwrap_or(0),
                ("points", Kind::Seniority { points }) => *points = self.points(value),
                _ => self.unknown(key, "score", &["weight", "for"].into_iter().chain(own).collect::<Vec<_>>()),
            }
        }
        if weight.is_none() {
            self.fault(at, name, "say how much it counts: weight = 20.");
        }
        weight
    }

    /// `points = { 1 = 100, 2 = 75 }`: steps above, and what they are worth of a hundred.
    fn points(&mut self, value: &Value<'a>) -> Vec<(i32, u16)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(value.span().start, "points", "write the steps and what each is worth of a hundred: points = { 1 = 100, 2 = 75 }.");
            return Vec::new();
        };
        let mut points = Vec::new();
        for (step, value) in table.iter() {
            match step.get_ref().parse::<i32>() {
                Ok(step) => points.extend(self.number(value, "points", 0..=100).map(|worth| (step, worth as u16))),
                Err(_) => self.fault(step.span().start, "points", format!("“{}” is no number of steps.", short(step.get_ref()))),
            }
        }
        points.sort_unstable();
        points
    }

    fn aim(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        let aim = &mut rules.aim;
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "worth" => aim.worth = self.number(value, "worth", 0..=1_000_000).map(|n| n as u32),
                "raise_worst" => aim.raise_worst = self.hundredths(value, "raise_worst").map_or(0, |n| (n / 10).min(1_000)),
                "balance" => aim.balance = self.yes(value, "balance"),
                "keep" => aim.keep = self.number(value, "keep", 0..=10_000).unwrap_or(0) as u32,
                "seed" => aim.seed = self.number(value, "seed", 0..=i64::MAX).unwrap_or(1) as u64,
                _ => self.unknown(key, "aim", &AIM),
            }
        }
    }

    fn report(&mut self, table: &DeTable<'a>, rules: &mut Rules) {
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "compare" => rules.compare = self.words(value, "compare"),
                _ => self.unknown(key, "report", &REPORT),
            }
        }
    }

    fn yes(&mut self, value: &Value<'a>, key: &str) -> bool {
        match value.get_ref() {
            DeValue::Boolean(yes) => *yes,
            _ => {
                self.fault(value.span().start, key, "this is true or false.");
                false
            }
        }
    }

    fn number(&mut self, value: &Value<'a>, key: &str, within: RangeInclusive<i64>) -> Option<i64> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| within.contains(number));
        if number.is_none() {
            let most = if *within.end() == i64::MAX { String::new() } else { format!(" to {}", within.end()) };
            self.fault(value.span().start, key, format!("this is a whole number from {}{most}.", within.start()));
        }
        number
    }

    fn hundredths(&mut self, value: &Value<'a>, key: &str) -> Option<u32> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| (0.0..=1_000_000.0).contains(number)).map(|number| (number * 100.0).round() as u32);
        if number.is_none() {
            self.fault(value.span().start, key, "this is a number from 0.");
        }
        number
    }

    /// Hours as written, in minutes.
    fn hours(&mut self, value: &Value<'a>, key: &str) -> Option<u32> {
        let hundredths = self.hundredths(value, key)?;
        if hundredths > 168 * 100 {
            self.fault(value.span().start, key, "a week has 168 hours.");
            return None;
        }
        Some((hundredths * 60 + 50) / 100)
    }

    /// `{ least = 1, most = 4 }`, either may be left out.
    fn steps(&mut self, value: &Value<'a>) -> Option<(i32, i32)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(value.span().start, "seniority", "write how many steps the mentor stands above: { least = 1, most = 4 }.");
            return None;
        };
        let (mut least, mut most) = (i32::MIN, i32::MAX);
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "least" => least = self.number(value, "seniority", -1_000..=1_000)? as i32,
                "most" => most = self.number(value, "seniority", -1_000..=1_000)? as i32,
                _ => self.unknown(key, "must", &["least", "most"]),
            }
        }
        if least > most {
            self.fault(value.span().start, "seniority", "the least is more than the most.");
        }
        Some((least, most))
    }

    fn word(&mut self, value: &Value<'a>, key: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(word) if !word.trim().is_empty() => Some(word.trim().to_owned()),
            _ => {
                self.fault(value.span().start, key, "this is a word between quotation marks.");
                None
            }
        }
    }

    fn words(&mut self, value: &Value<'a>, key: &str) -> Vec<String> {
        match value.get_ref() {
            DeValue::Array(words) if words.len() <= MOST_ITEMS => words.iter().filter_map(|word| self.word(word, key)).collect(),
            DeValue::String(_) => self.word(value, key).into_iter().collect(),
            _ => {
                self.fault(value.span().start, key, "this is a list of words, such as [\"team\", \"location\"].");
                Vec::new()
            }
        }
    }

    fn pairs(&mut self, value: &Value<'a>, key: &str) -> Vec<(String, String)> {
        let DeValue::Array(pairs) = value.get_ref() else {
            self.fault(value.span().start, key, "this is a list of pairs: [[\"ada@example.org\", \"lea@example.org\"]].");
            return Vec::new();
        };
        let mut read = Vec::new();
        for pair in pairs.iter().take(MOST_ITEMS) {
            match self.words(pair, key).as_slice() {
                [one, other] => read.push((one.clone(), other.clone())),
                _ => self.fault(pair.span().start, key, "a pair is two people: [\"ada@example.org\", \"lea@example.org\"]."),
            }
        }
        read
    }
}

/// The known word that was probably meant: one that differs in at most a third of its letters, or one that begins alike.
pub fn nearest<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let typed = typed.to_lowercase().replace(['-', ' '], "_");
    let near = known.iter().map(|word| (distance(&typed, &word.to_lowercase()), *word)).min_by_key(|(errors, _)| *errors)?;
    let allowed = (near.1.chars().count().max(typed.chars().count()) / 3).max(1);
    let begins = |word: &str| typed.len() >= 4 && (word.starts_with(&typed) || typed.starts_with(word) || word.contains(&typed));
    if near.0 <= allowed { Some(near.1) } else { known.iter().find(|word| begins(word)).copied() }
}

/// Levenshtein's distance, in one row.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.chars().take(100).enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (to, b) in other.iter().enumerate() {
            let changed = corner + usize::from(a != *b);
            corner = row[to + 1];
            row[to + 1] = changed.min(corner + 1).min(row[to] + 1);
        }
    }
    row[other.len()]
}
