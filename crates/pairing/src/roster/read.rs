//! From the bytes of a file to a roster, or to everything that is wrong with it.

use super::cells::{languages, offset, offset_of_country, seniority};
use super::{Person, Roster, Side, Topic};
use crate::columns::{self, Column, Heads};
use crate::hours;
use crate::problem::Problem;
use crate::rules::Rules;
use chiron_recommend::hours::Week;
use chiron_words::fold::fold;
use chiron_words::graph::Graph;
use chiron_words::heads::{in_brackets, plain, whole_name};
use chiron_words::sheets::{count, is_address, items, short, text_of};
use chiron_words::table::{NoTable, Row, Table};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Longer cells are refused: they come from a quotation mark in the wrong place.
const LONGEST_CELL: usize = 20_000;
/// Nobody offers or wants more than this.
const MOST_TOPICS: usize = 40;
const MOST_TEXTS: usize = 24;
const MOST_WISHES: usize = 50;

/// A file as it was handed over.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The name of the file, without its folder.
    pub file: &'a str,
    pub bytes: &'a [u8],
    /// The people of both sides are in it, told apart by a column of roles.
    pub both: bool,
}

/// A roster, and what was left out of lines that are otherwise good.
#[derive(Debug, Clone)]
pub struct Read {
    pub roster: Roster,
    pub remarks: Vec<Problem>,
}

/// Reads one side's roster. `at` is an instant in the week for which hours are compared.
///
/// # Errors
/// Every line that is wrong, with its number and why.
pub fn read(sheet: Sheet<'_>, side: Side, rules: &Rules, at: Timestamp) -> Result<Read, Vec<Problem>> {
    let table = Table::read(sheet.bytes, columns::known_in)
        .map_err(|no: NoTable| vec![Problem::new(sheet.file, no.line(), "", format!("{no}."))])?;
    let mut columns = columns::recognise(&table.heads.cells, &rules.columns);
    let hopeless = |sentence: String| Err(vec![Problem::new(sheet.file, table.heads.line, "", sentence)]);
    if let Some((one, other)) = columns.doubled {
        let (one, other) = (&table.heads.cells[one], &table.heads.cells[other]);
        return hopeless(format!("the columns “{}” and “{}” mean the same thing; keep one of them.", short(one), short(other)));
    }
    if ![Column::Name, Column::FirstName, Column::LastName, Column::Email].iter().any(|column| columns.of(*column).next().is_some()) {
        let heads: Vec<String> = table.heads.cells.iter().map(|head| short(head)).collect();
        return hopeless(format!("there is no column of names or addresses. The columns are: {}.", heads.join(", ")));
    }
    let roles = Roles::of(&table, &mut columns);
    if sheet.both && !roles.told {
        return hopeless("one file for both sides needs a column that says who is a mentor and who a mentee.".into());
    }
    let mut reader =
        Reader { sheet, side, rules, at, columns: &columns, heads: &table.heads.cells, faults: Vec::new(), remarks: Vec::new() };
    let mut people: Vec<Person> = table.rows.iter().filter_map(|row| reader.row(row, &roles)).collect();
    reader.find_doubles(&people);
    if people.is_empty() && reader.faults.is_empty() {
        reader.faults.push(Problem::new(sheet.file, 0, "", format!("there is no {side} in this file.")));
    }
    let (mut faults, remarks) = (reader.faults, reader.remarks);
    if !faults.is_empty() {
        faults.sort();
        return Err(faults);
    }
    people.sort_by_key(|person| person.number);
    let heads = table.heads.cells.iter().map(|head| text_of(head)).collect();
    Ok(Read { roster: Roster { side, file: sheet.file.to_owned(), heads, columns, people }, remarks })
}

/// Who of a sheet belongs to which side.
struct Roles {
    told: bool,
}

impl Roles {
    /// A column called "role" may hold jobs as well; then it is a column like any other.
    fn of(table: &Table, columns: &mut Heads) -> Self {
        let Some(at) = columns.of(Column::Role).next() else { return Self { told: false } };
        let cells = || table.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.trim().is_empty());
        let told = cells().filter(|cell| Self::sides(cell).is_some()).count() * 2 > cells().count();
        if !told {
            columns.columns[at] = None;
        }
        Self { told }
    }

    /// Whether a word names a mentee, a mentor.
    fn sides(cell: &str) -> Option<(bool, bool)> {
        let said = fold(cell);
        let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let sides = (any(&["mentee", "learner", "both", "coachee", "protege"]), any(&["mentor", "both"]));
        (sides.0 || sides.1).then_some(sides)
    }
}

struct Reader<'a> {
    sheet: Sheet<'a>,
    side: Side,
    rules: &'a Rules,
    at: Timestamp,
    columns: &'a Heads,
    heads: &'a [String],
    faults: Vec<Problem>,
    remarks: Vec<Problem>,
}

impl Reader<'_> {
    fn fault(&mut self, line: u64, place: &str, sentence: impl Into<String>) {
        self.faults.push(Problem::new(self.sheet.file, line, place, sentence));
    }

    fn remark(&mut self, line: u64, place: &str, sentence: impl Into<String>) {
        self.remarks.push(Problem::new(self.sheet.file, line, place, sentence));
    }

    /// Somebody of this side; nothing when the line is about the other. What is wrong is told and the rest still read,
    /// so that one look at the answer mends the whole line.
    fn row(&mut self, row: &Row, roles: &Roles) -> Option<Person> {
        let line = row.line;
        if row.cells.len() > self.heads.len() && row.cells[self.heads.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            let sentence =
                format!("this has {} cells where the heads are {}; is a quotation mark missing?", row.cells.len(), self.heads.len());
            self.fault(line, "", sentence);
        }
        let mut cells: Vec<String> = row.cells.iter().take(self.heads.len()).map(|cell| text_of(cell)).collect();
        cells.resize(self.heads.len(), String::new());
        if let Some(at) = cells.iter().position(|cell| cell.len() > LONGEST_CELL) {
            self.fault(
                line,
                &short(&self.heads[at]),
                format!("this cell is longer than {LONGEST_CELL} letters; is a quotation mark missing?"),
            );
        }
        if roles.told && !self.is_of_this_side(line, &cells) {
            return None;
        }
        let mut person = Person { line, priority: 1, ..Person::default() };
        self.who(&cells, &mut person);
        self.what(&cells, &mut person);
        self.when(&cells, &mut person);
        self.how_many(&cells, &mut person);
        self.whom(&cells, &mut person);
        for name in &self.rules.must.filled {
            let named: Vec<usize> = (0..self.heads.len()).filter(|at| self.is_called(*at, name)).collect();
            if !named.is_empty() && named.iter().all(|at| cells[*at].is_empty()) {
                self.fault(line, &short(&self.heads[named[0]]), "this is empty, and the rules ask everybody to fill it in.");
            }
        }
        person.cells = cells;
        Some(person)
    }

    fn is_called(&self, at: usize, name: &str) -> bool {
        let known = Column::named(name);
        known.is_some() && self.columns.columns[at] == known || plain(&self.heads[at]) == plain(name)
    }

    fn is_of_this_side(&mut self, line: u64, cells: &[String]) -> bool {
        let said = self.first(cells, Column::Role).to_owned();
        match (Roles::sides(&said), self.side) {
            (Some((mentee, _)), Side::Mentee) => mentee,
            (Some((_, mentor)), Side::Mentor) => mentor,
            (None, _) => {
                self.fault(line, "role", format!("“{}” says neither mentor nor mentee.", short(&said)));
                true
            }
        }
    }

    fn first<'c>(&self, cells: &'c [String], column: Column) -> &'c str {
        self.columns.of(column).next().map_or("", |at| &cells[at])
    }

    fn all<'c>(&self, cells: &'c [String], column: Column) -> Vec<(usize, &'c str)> {
        self.columns.of(column).map(|at| (at, cells[at].as_str())).filter(|(_, cell)| !cell.is_empty()).collect()
    }

    fn who(&mut self, cells: &[String], person: &mut Person) {
        let line = person.line;
        let mut name = self.first(cells, Column::Name).to_owned();
        if name.is_empty() {
            name = whole_name(self.first(cells, Column::FirstName), self.first(cells, Column::LastName));
        }
        person.name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        person.email = self.first(cells, Column::Email).to_owned();
        person.id = self.first(cells, Column::Id).to_owned();
        if !person.email.is_empty() && !is_address(&person.email) {
            self.fault(line, "email", format!("“{}” is no mail address.", short(&person.email)));
        }
        if person.name.is_empty() {
            person.name = person.email.clone();
        }
        if person.name.is_empty() {
            self.fault(line, "name", "everybody needs a name or an address.");
        }
        if person.name.chars().count() > 120 {
            self.fault(line, "name", "a name has at most 120 letters.");
        }
        person.key = match (person.email.as_str(), person.id.as_str()) {
            ("", "") => format!("name {}", fold(&person.name)),
            ("", id) => format!("id {}", fold(id)),
            (email, _) => format!("mail {}", fold(email)),
        };
        person.number = number_of(&person.key);
    }

    fn what(&mut self, cells: &[String], person: &mut Person) {
        let own = match self.side {
            Side::Mentee => [Column::Wants, Column::Skills],
            Side::Mentor => [Column::Offers, Column::Skills],
        };
        for words in own.iter().flat_map(|column| self.all(cells, *column)).flat_map(|(_, cell)| items(cell)) {
            // "sql:4", as our own sheets say how far somebody is.
            let words = match words.rsplit_once(':') {
                Some((word, level)) if level.trim().parse::<u8>().is_ok() => word.trim().to_owned(),
                _ => words,
            };
            let topic = Topic { skill: Graph::shipped().find(&words).map(|skill| skill.slot), words };
            let same = |other: &Topic| topic.skill.is_some() && other.skill == topic.skill || fold(&other.words) == fold(&topic.words);
            if person.topics.len() < MOST_TOPICS && !person.topics.iter().any(same) {
                person.topics.push(topic);
            }
        }
        let texts = match self.side {
            Side::Mentee => [Column::Goals, Column::Goals],
            Side::Mentor => [Column::Experience, Column::Goals],
        };
        for (_, cell) in texts.iter().take(if self.side == Side::Mentee { 1 } else { 2 }).flat_map(|column| self.all(cells, *column)) {
            person.texts.extend(cell.split(['\n', ';', '|']).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned));
        }
        person.texts.truncate(MOST_TEXTS);
        let interests = self.all(cells, Column::Interests).into_iter().flat_map(|(_, cell)| items(cell));
        person.interests = interests.map(|interest| (fold(&interest), interest)).map(|(plain, interest)| (interest, plain)).collect();
        person.languages = self.all(cells, Column::Languages).into_iter().flat_map(|(_, cell)| languages(cell)).collect();
        let level = self.first(cells, Column::Seniority);
        person.seniority = seniority(level, &self.rules.seniority);
        if person.seniority.is_none() && !level.is_empty() {
            self.remark(
                person.line,
                "seniority",
                format!("“{}” is no step of seniority we know; left out. [seniority] order in the rules names your own.", short(level)),
            );
        }
    }

    fn when(&mut self, cells: &[String], person: &mut Person) {
        let (zone, country) = (self.first(cells, Column::Zone), self.first(cells, Column::Country));
        person.offset = offset(zone, self.at);
        if person.offset.is_none() && !zone.is_empty() {
            self.remark(person.line, "zone", format!("“{}” is no time zone we know, such as Europe/Paris; left out.", short(zone)));
        }
        if person.offset.is_none() && !country.is_empty() {
            person.offset = offset_of_country(country, self.at);
            if person.offset.is_none() {
                self.remark(person.line, "country", format!("“{}” is no country we know; left out.", short(country)));
            }
        }
        let mut week = Week::new();
        for (at, cell) in self.all(cells, Column::Hours) {
            let (stretches, unread) = hours::read(&in_grid(&self.heads[at], cell));
            for stretch in stretches {
                let day = i32::from(stretch.day) * 1440;
                week.free(day + i32::from(stretch.from), day + i32::from(stretch.to), person.offset.unwrap_or(0));
            }
            if let Some(part) = unread.first() {
                self.remark(
                    person.line,
                    "hours",
                    format!("“{}” does not read as a time such as “Tue 18:00-20:00”; left out.", short(part)),
                );
            }
        }
        person.week = week;
    }

    fn how_many(&mut self, cells: &[String], person: &mut Person) {
        let seats = &self.rules.seats;
        let (column, usual, least) = match self.side {
            Side::Mentee => (Column::MentorsWanted, seats.mentors, seats.mentors_least),
            Side::Mentor => (Column::Seats, seats.each, seats.least),
        };
        let own = self.number(cells, column, person.line);
        person.most = own.unwrap_or(usual);
        let own_least = if self.side == Side::Mentor { self.number(cells, Column::LeastSeats, person.line) } else { None };
        if self.side == Side::Mentor {
            person.most = person.most.min(seats.most.unwrap_or(u32::MAX));
        }
        // Who has no seat has no duty either.
        person.least = own_least.unwrap_or(least).min(person.most);
        if let Some(own_least) = own_least.filter(|own| *own > person.most) {
            self.fault(person.line, "least seats", format!("at least {own_least} is more than the {} there are.", person.most));
        }
        person.priority = self.number(cells, Column::Priority, person.line).unwrap_or(1).clamp(1, 1_000);
    }

    fn number(&mut self, cells: &[String], column: Column, line: u64) -> Option<u32> {
        let cell = self.first(cells, column);
        if cell.is_empty() {
            return None;
        }
        let number = count(cell).filter(|number| *number <= 10_000);
        if number.is_none() {
            self.fault(line, column.name(), format!("“{}” is no whole number from 0 to 10000.", short(cell)));
        }
        number
    }

    fn whom(&mut self, cells: &[String], person: &mut Person) {
        let named = |column| self.all(cells, column).into_iter().flat_map(|(_, cell)| items(cell)).take(MOST_WISHES).collect();
        (person.prefers, person.never) = (named(Column::Prefers), named(Column::Never));
        person.manager = self.first(cells, Column::Manager).to_owned();
    }

    fn find_doubles(&mut self, people: &[Person]) {
        let mut seen: HashMap<(&str, String), u64> = HashMap::with_capacity(people.len() * 2);
        let mut doubles = Vec::new();
        for person in people {
            let named = if person.email.is_empty() && person.id.is_empty() { fold(&person.name) } else { String::new() };
            for (what, key) in [("email", fold(&person.email)), ("id", fold(&person.id)), ("name", named)] {
                if let Some(first) = (!key.is_empty()).then(|| seen.insert((what, key), person.line)).flatten() {
                    let hint = if what == "name" { " An address or an id tells two people of one name apart." } else { "" };
                    doubles.push((person.line, what, format!("line {first} has the same one already.{hint}")));
                }
            }
        }
        doubles.into_iter().for_each(|(line, what, sentence)| self.fault(line, what, sentence));
    }
}

/// The first eight bytes of the key's SHA-256: the same for a person in every round and on every machine. That two of a
/// million people share one has a chance of one in forty million, and the matching would refuse it.
fn number_of(key: &str) -> u64 {
    Sha256::digest(key.as_bytes()).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// In a form's grid the head says the day and the cell the part of it, or the other way round.
fn in_grid(head: &str, cell: &str) -> String {
    match in_brackets(head) {
        None => cell.to_owned(),
        Some(row) if hours::read(row).1.is_empty() && !row.is_empty() => {
            let is_day = hours::names_day(row);
            let items = items(cell).into_iter().map(|item| if is_day { format!("{row} {item}") } else { format!("{item} {row}") });
            items.collect::<Vec<_>>().join("; ")
        }
        Some(_) => cell.to_owned(),
    }
}
