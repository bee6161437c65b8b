//! Bringing people in from a spreadsheet: read the sheet, look at what it would do, do all of it or nothing.
//!
//! The sheet is a table as programs save it: UTF-8, UTF-16 or Latin-1; commas, semicolons or tabs; the first line names
//! the columns, in our words or in those that common spreadsheets use. Several values in one cell are separated by `;`, words
//! also by commas.
//! Somebody whom the sheet names by the same id, or else by the same address, is changed instead of added, and only in
//! the columns that say something. `docs/operate/import.md` tells it to whoever runs a place.

use super::change::{About, Change, LONGEST_HEADLINE, LONGEST_STORY, MOST_CAPACITY, MOST_LANGUAGES, MOST_SKILLS, Time};
use super::person::{Newcomer, OpenTo, Side};
use super::profile::{Experience, Hours, Profile, faults};
use super::{places, sql, tongues, verbs};
use crate::app::Tx;
use crate::error::Result;
use crate::fold::fold;
use crate::skills::{self, Word};
use crate::viewer::PersonId;
use chiron_words::decode::decode;
use chiron_words::sheets::{is_workbook, items, parts};
use std::collections::{BTreeSet, HashMap};

/// A sheet with more rows is refused: one unit of work has to hold them all.
pub const MOST_ROWS: usize = 20_000;
const MOST_COLUMNS: usize = 100;
/// This many problems are told one by one; the rest are counted.
const MOST_TOLD: usize = 200;

/// The columns we know, each with the other names it goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Id,
    Name,
    FirstName,
    LastName,
    Email,
    Pronouns,
    Headline,
    Story,
    Country,
    Zone,
    Languages,
    Roles,
    SkillsOffered,
    SkillsWanted,
    HasDone,
    Capacity,
    WeeklyHours,
    Hours,
    Fee,
}

pub const COLUMNS: [(Column, &str, &[&str]); 19] = [
    (Column::Id, "id", &["person id", "member id", "user id", "external id", "key"]),
    (Column::Name, "name", &["full name", "display name", "person", "mentor", "member"]),
    (Column::FirstName, "first_name", &["firstname", "given name", "forename"]),
    (Column::LastName, "last_name", &["lastname", "surname", "family name"]),
    (Column::Email, "email", &["e-mail", "mail", "email address", "e-mail address", "primary email"]),
    (Column::Pronouns, "pronouns", &["pronoun"]),
    (Column::Headline, "headline", &["title", "job title", "position", "tagline", "role title"]),
    (Column::Story, "story", &["bio", "about", "biography", "description", "summary"]),
    (Column::Country, "country", &["country code", "nation"]),
    (Column::Zone, "zone", &["time zone", "timezone", "tz"]),
    (Column::Languages, "languages", &["language", "spoken languages", "speaks"]),
    (Column::Roles, "roles", &["role", "open to", "type"]),
    (Column::SkillsOffered, "skills_offered", &["skills", "tags", "expertise", "can help with", "offers", "topics"]),
    (Column::SkillsWanted, "skills_wanted", &["wants", "wants to learn", "interests", "looking for"]),
    (Column::HasDone, "has_done", &["experience", "experiences", "background"]),
    (Column::Capacity, "capacity", &["places", "max mentees", "slots"]),
    (Column::WeeklyHours, "weekly_hours", &["hours a week", "hours per week", "time a week"]),
    (Column::Hours, "hours", &["availability", "available", "usually free"]),
    (Column::Fee, "fee", &["price", "rate"]),
];

impl Column {
    fn called(head: &str) -> Option<Self> {
        let plain = |name: &str| fold(name).replace(['_', '-', '.', ':'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let head = plain(head);
        COLUMNS.iter().find(|(_, name, others)| plain(name) == head || others.iter().any(|other| plain(other) == head)).map(|c| c.0)
    }

    fn name(self) -> &'static str {
        COLUMNS.iter().find(|(column, ..)| *column == self).map_or("", |(_, name, _)| name)
    }
}

/// Something about a line that whoever runs the import should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// As an editor counts them; 1 is the line that names the columns. 0: the sheet as a whole.
    pub line: u64,
    pub column: &'static str,
    pub sentence: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.sentence),
            (line, "") => write!(f, "line {line}: {}", self.sentence),
            (line, column) => write!(f, "line {line}, {column}: {}", self.sentence),
        }
    }
}

/// What a sheet did, or would do.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub rows: usize,
    pub new: usize,
    pub changed: usize,
    /// With any of these nothing is imported.
    pub errors: Vec<Problem>,
    /// What was left out of a line that is otherwise good.
    pub notes: Vec<Problem>,
    /// Skills that the list does not know yet.
    pub new_words: Vec<String>,
    /// Columns that nobody here knows, left out.
    pub left_out: Vec<String>,
    /// The first people as they were read, by name and address: letters in a wrong encoding show here.
    pub first: Vec<(String, String)>,
    /// Whether it was done, or only looked at.
    pub done: bool,
}

/// This many people of a sheet are shown before it comes in.
const SHOWN: usize = 3;

impl Report {
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }
}

/// `1 new person`, `2 new people`.
pub fn counted(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// A person as a line of the sheet tells of them.
#[derive(Debug, Clone)]
struct Line {
    line: u64,
    id: String,
    name: String,
    email: String,
    pronouns: String,
    headline: String,
    story: String,
    country: String,
    zone: String,
    languages: Vec<String>,
    roles: Vec<OpenTo>,
    offered: Vec<(Word, i64)>,
    wanted: Vec<(Word, i64)>,
    has_done: Vec<Experience>,
    capacity: Option<i64>,
    minutes: Option<i64>,
    hours: Vec<Hours>,
    fee: String,
}

/// A sheet as it was read, with everything that is wrong with it by itself.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    lines: Vec<Line>,
    rows: usize,
    errors: Vec<Problem>,
    notes: Vec<Problem>,
    left_out: Vec<String>,
}

impl Sheet {
    /// Reads the bytes of a file. Never fails: what cannot be read is said among the errors. Linear in the size.
    pub fn read(bytes: &[u8]) -> Self {
        let mut sheet = Self::default();
        if is_workbook(bytes) {
            return sheet.hopeless("This is a workbook, such as .xlsx or .ods. Please save the sheet as CSV there, and choose that file.");
        }
        let text = decode(bytes);
        let (text, delimiter, skipped) = delimited(&text);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let heads = match records.next() {
            Some(Ok(heads)) if heads.iter().any(|head| !head.trim().is_empty()) => heads,
            _ => {
                return sheet.hopeless(
                    "There is nothing in this file. The first line names the columns, such as: name, email, roles, skills_offered.",
                );
            }
        };
        if heads.len() > MOST_COLUMNS {
            return sheet.hopeless(&format!("This has {} columns; at most {MOST_COLUMNS} can be read.", heads.len()));
        }
        let columns: Vec<Option<Column>> = heads.iter().map(Column::called).collect();
        let known: Vec<Column> = columns.iter().flatten().copied().collect();
        sheet.left_out = heads
            .iter()
            .zip(&columns)
            .filter(|(head, column)| column.is_none() && !head.trim().is_empty())
            .map(|(head, _)| short(head))
            .collect();
        if known.iter().collect::<BTreeSet<_>>().len() != known.len() {
            return sheet.hopeless("Two columns of this sheet mean the same thing. Please keep one of them.");
        }
        if ![Column::Name, Column::FirstName, Column::LastName].iter().any(|c| known.contains(c)) {
            return sheet.hopeless(
                "There is no column called “name”. The first line names the columns, such as: name, email, roles, skills_offered.",
            );
        }
        let mut last = (0, 0);
        for record in records {
            if let Some(at) = record.as_ref().ok().and_then(csv::StringRecord::position) {
                last = (at.byte() as usize, at.line() + skipped);
            }
            match record {
                Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line) + skipped;
                    sheet.rows += 1;
                    if sheet.rows > MOST_ROWS {
                        return sheet.hopeless(&format!("This has more than {MOST_ROWS} lines. Please import it in parts."));
                    }
                    if record.len() > columns.len() && record.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
                        sheet.error(
                            line,
                            "",
                            format!(
                                "This has {} cells where the first line names {}. Is a quotation mark missing?",
                                record.len(),
                                columns.len()
                            ),
                        );
                        continue;
                    }
                    let cells = columns.iter().zip(record.iter()).filter_map(|(column, cell)| Some(((*column)?, cell)));
                    sheet.person(line, &cells.collect());
                }
                Err(e) => return sheet.hopeless(&format!("This could not be read as a table: {e}.")),
            }
        }
        if text.get(last.0..).is_some_and(|rest| is_open(rest, delimiter)) {
            let line = last.1;
            // Whatever else is wrong with that line comes of it.
            sheet.errors.retain(|problem| problem.line != line);
            sheet.error(line, "", "A quotation mark opens here and none closes it, so all that follows was read as one cell.".into());
        }
        sheet.find_doubles();
        if sheet.rows == 0 {
            sheet.error(0, "", "There are column names and no people under them.".into());
        }
        sheet
    }

    fn hopeless(mut self, sentence: &str) -> Self {
        self.lines.clear();
        self.error(0, "", sentence.to_owned());
        self
    }
    fn error(&mut self, line: u64, column: &'static str, sentence: String) {
        self.errors.push(Problem { line, column, sentence });
    }
    fn note(&mut self, line: u64, column: &'static str, sentence: String) {
        self.notes.push(Problem { line, column, sentence });
    }

    fn person(&mut self, line: u64, cells: &HashMap<Column, &str>) {
        let before = self.errors.len();
        let mut text = |column: Column, most: usize| -> String {
            let typed = text_of(cells.get(&column).copied().unwrap_or_default());
            let long = typed.chars().count();
            if long > most {
                self.error(line, column.name(), format!("This is {long} characters; at most {most} fit."));
            }
            typed
        };
        let id = text(Column::Id, 100);
        let mut name = text(Column::Name, 80);
        let (first, last) = (text(Column::FirstName, 80), text(Column::LastName, 80));
        let email = text(Column::Email, 254);
        let pronouns = text(Column::Pronouns, 40);
        let headline = text(Column::Headline, LONGEST_HEADLINE);
        let story = text(Column::Story, LONGEST_STORY);
        let (country, zone) = (text(Column::Country, 80), text(Column::Zone, 60));
        let fee = text(Column::Fee, 200);
        if name.is_empty() {
            name = format!("{first} {last}");
        }
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            self.error(line, Column::Name.name(), "Everybody needs a name.".into());
        }
        if !email.is_empty() && !is_address(&email) {
            self.error(line, Column::Email.name(), format!("“{}” is not a mail address.", short(&email)));
        }
        let known = places::by_code(&country).or_else(|| places::find(&country));
        if known.is_none() && !country.is_empty() {
            self.note(line, Column::Country.name(), format!("“{}” is no country we know; left out.", short(&country)));
        }
        let zone = match (zone.is_empty(), places::is_zone(&zone)) {
            (false, true) => zone,
            (false, false) => {
                self.note(
                    line,
                    Column::Zone.name(),
                    format!("“{}” is no time zone we know, such as Europe/Paris; the country's is used.", short(&zone)),
                );
                String::new()
            }
            (true, _) => String::new(),
        };
        let cell = |column: Column| cells.get(&column).copied().unwrap_or_default();
        let person = Line {
            line,
            id,
            name,
            email,
            pronouns,
            headline: headline.split_whitespace().collect::<Vec<_>>().join(" "),
            story,
            country: known.map(|country| country.code.to_owned()).unwrap_or_default(),
            zone,
            languages: self.languages(line, cell(Column::Languages)),
            roles: self.roles(line, cell(Column::Roles)),
            offered: self.skills(line, Column::SkillsOffered, cell(Column::SkillsOffered), 4),
            wanted: self.skills(line, Column::SkillsWanted, cell(Column::SkillsWanted), 1),
            has_done: self.has_done(line, cell(Column::HasDone)),
            capacity: self.number(line, Column::Capacity, cell(Column::Capacity), MOST_CAPACITY as f64).map(|n| n as i64),
            minutes: self.number(line, Column::WeeklyHours, cell(Column::WeeklyHours), 40.0).map(|hours| (hours * 60.0).round() as i64),
            hours: self.hours(line, cell(Column::Hours)),
            fee,
        };
        if self.errors.len() == before {
            self.lines.push(person);
        }
    }

    fn languages(&mut self, line: u64, cell: &str) -> Vec<String> {
        let mut languages: Vec<String> = Vec::new();
        for word in words(cell) {
            match tongues::find(&word) {
                Some(tongue) if !languages.iter().any(|known| known == tongue.code) => languages.push(tongue.code.to_owned()),
                Some(_) => {}
                None => self.note(line, Column::Languages.name(), format!("“{}” is no language we know; left out.", short(&word))),
            }
        }
        languages.truncate(MOST_LANGUAGES);
        languages
    }

    fn roles(&mut self, line: u64, cell: &str) -> Vec<OpenTo> {
        let mut roles = Vec::new();
        for word in words(cell) {
            let role = match fold(&word).as_str() {
                "mentor" | "mentors" | "mentoring" => Some(OpenTo::Mentor),
                "coach" | "coaching" => Some(OpenTo::Coach),
                "peer" | "partner" | "buddy" => Some(OpenTo::Peer),
                "question" | "questions" | "one question" | "expert" => Some(OpenTo::Question),
                // They come to learn, which anybody may.
                "mentee" | "learner" | "client" | "member" | "participant" => None,
                _ => {
                    let sentence =
                        format!("“{}” is none of mentor, coach, peer, question; left out. Offices are not given by import.", short(&word));
                    self.note(line, Column::Roles.name(), sentence);
                    None
                }
            };
            roles.extend(role.filter(|role| !roles.contains(role)));
        }
        roles
    }

    /// `sql; python:5`: a level from 1 to 5 may follow a colon.
    fn skills(&mut self, line: u64, column: Column, cell: &str, usual: i64) -> Vec<(Word, i64)> {
        let mut skills: Vec<(Word, i64)> = Vec::new();
        for typed in words(cell) {
            let (word, level) = match typed.rsplit_once(':') {
                Some((word, level)) if matches!(level.trim(), "1" | "2" | "3" | "4" | "5") => {
                    (word.trim(), level.trim().parse().unwrap_or(usual))
                }
                _ => (typed.as_str(), usual),
            };
            match word.parse::<Word>() {
                Ok(word) if skills.iter().any(|(known, _)| known.slug() == word.slug()) => {}
                Ok(word) => skills.push((word, level)),
                Err(_) => self.note(line, column.name(), format!("“{}” does not read as a skill; left out.", short(word))),
            }
        }
        if skills.len() > MOST_SKILLS {
            self.note(line, column.name(), format!("Only the first {MOST_SKILLS} of {} skills are kept.", skills.len()));
            skills.truncate(MOST_SKILLS);
        }
        skills
    }

    fn has_done(&mut self, line: u64, cell: &str) -> Vec<Experience> {
        let mut done: Vec<Experience> = several(cell)
            .into_iter()
            .map(|words| Experience { moved_from: String::new(), moved_into: String::new(), year: None, words })
            .collect();
        if done.len() > 20 || done.iter().any(|one| one.words.chars().count() > 200) {
            self.note(line, Column::HasDone.name(), "Only the first twenty, each of at most 200 characters, are kept.".into());
            done.retain(|one| one.words.chars().count() <= 200);
            done.truncate(20);
        }
        done
    }

    fn number(&mut self, line: u64, column: Column, cell: &str, most: f64) -> Option<f64> {
        let typed = text_of(cell);
        if typed.is_empty() {
            return None;
        }
        match typed.replace(',', ".").parse::<f64>() {
            Ok(number) if (0.0..=most).contains(&number) => Some(number),
            _ => {
                self.error(line, column.name(), format!("“{}” is not a number from 0 to {most}.", short(&typed)));
                None
            }
        }
    }

    /// `Tue 18:00-20:00; Thu 17:30-19:00`.
    fn hours(&mut self, line: u64, cell: &str) -> Vec<Hours> {
        let mut hours = Vec::new();
        for typed in several(cell) {
            match hours_of(&typed) {
                Some(row) => hours.push(row),
                None => self.note(
                    line,
                    Column::Hours.name(),
                    format!("“{}” does not read as a time such as “Tue 18:00-20:00”; left out.", short(&typed)),
                ),
            }
        }
        hours.truncate(28);
        match faults(&hours).into_iter().next() {
            Some((row, sentence)) => {
                self.error(line, Column::Hours.name(), format!("The {}. time: {sentence}", row + 1));
                Vec::new()
            }
            None => hours,
        }
    }

    fn find_doubles(&mut self) {
        let mut seen: HashMap<(bool, String), u64> = HashMap::new();
        let mut doubles = Vec::new();
        for person in &self.lines {
            let keys = [(true, person.id.clone(), Column::Id), (false, person.email.to_lowercase(), Column::Email)];
            for (is_id, key, column) in keys.into_iter().filter(|(_, key, _)| !key.is_empty()) {
                if let Some(first) = seen.insert((is_id, key), person.line) {
                    doubles.push((person.line, column, first));
                }
            }
        }
        for (line, column, first) in doubles {
            self.error(line, column.name(), format!("Line {first} has the same one already."));
        }
    }
}

/// Whom a line is about.
enum Whom {
    New,
    Known(PersonId),
}

/// Looks at what a sheet would do, and does it unless this is a dry run or something is wrong: all of it or nothing.
pub fn run(tx: &mut Tx, sheet: &Sheet, dry_run: bool) -> Result<Report> {
    let mut report = Report {
        rows: sheet.rows,
        errors: sheet.errors.clone(),
        notes: sheet.notes.clone(),
        left_out: sheet.left_out.clone(),
        new_words: new_words(tx, sheet)?,
        first: sheet.lines.iter().take(SHOWN).map(|line| (line.name.clone(), line.email.clone())).collect(),
        ..Report::default()
    };
    let mut whom = Vec::with_capacity(sheet.lines.len());
    let mut taken: HashMap<PersonId, u64> = HashMap::new();
    for line in &sheet.lines {
        match find(tx, line, &mut report)? {
            Some(Whom::Known(person)) => {
                if let Some(first) = taken.insert(person, line.line) {
                    report.errors.push(Problem {
                        line: line.line,
                        column: "",
                        sentence: format!("This is the same person as line {first}."),
                    });
                }
                report.changed += 1;
                whom.push((line, Whom::Known(person)));
            }
            Some(Whom::New) => {
                report.new += 1;
                whom.push((line, Whom::New));
            }
            None => {}
        }
    }
    report.errors.sort_by_key(|problem| problem.line);
    if report.is_good() && !dry_run {
        for (line, whom) in whom {
            carry_out(tx, line, &whom)?;
        }
        report.done = true;
    }
    for (problems, what) in [(&mut report.errors, "problems"), (&mut report.notes, "remarks")] {
        let more = problems.len().saturating_sub(MOST_TOLD);
        if more > 0 {
            problems.truncate(MOST_TOLD);
            problems.push(Problem { line: 0, column: "", sentence: format!("And {more} more {what}.") });
        }
    }
    Ok(report)
}

fn find(tx: &mut Tx, line: &Line, report: &mut Report) -> Result<Option<Whom>> {
    let by_id = if line.id.is_empty() { None } else { sql::known_by(tx, &line.id)? };
    let by_email = if line.email.is_empty() { None } else { sql::reached_by(tx, &line.email.to_lowercase())? };
    let mut problem =
        |column: Column, sentence: &str| report.errors.push(Problem { line: line.line, column: column.name(), sentence: sentence.into() });
    match (by_id, by_email) {
        (Some(person), Some(other)) if person != other => {
            problem(Column::Email, "This address belongs to somebody else here than the one this id was imported as.");
            Ok(None)
        }
        (Some(person), _) | (None, Some(person)) => {
            if sql::is_closed(tx, person)? {
                report.notes.push(Problem {
                    line: line.line,
                    column: "",
                    sentence: "They have left this place; the line is left out.".into(),
                });
                return Ok(None);
            }
            Ok(Some(Whom::Known(person)))
        }
        (None, None) => Ok(Some(Whom::New)),
    }
}

fn new_words(tx: &mut Tx, sheet: &Sheet) -> Result<Vec<String>> {
    let graph = skills::graph_here(tx)?;
    let words = sheet.lines.iter().flat_map(|line| line.offered.iter().chain(&line.wanted));
    let mut new: Vec<&str> = words.map(|(word, _)| word.as_str()).filter(|word| graph.find(word).is_none()).collect();
    new.sort_unstable();
    new.dedup_by_key(|word| Word::slug_of(word));
    Ok(new.into_iter().map(str::to_owned).collect())
}

/// Writes one line. Everything goes through the same verbs as a form, with what the sheet says in place of what was
/// there, and what was there where the sheet says nothing.
fn carry_out(tx: &mut Tx, line: &Line, whom: &Whom) -> Result<()> {
    let person = match whom {
        Whom::Known(person) => *person,
        Whom::New => {
            let email = (!line.email.is_empty()).then(|| line.email.clone());
            verbs::join(tx, &Newcomer { name: line.name.clone(), email, verified: false, zone: None, office: None })?
        }
    };
    let is_new = matches!(whom, Whom::New);
    if !is_new && !line.email.is_empty() {
        sql::set_email(tx, person, &line.email)?;
    }
    if !line.id.is_empty() {
        sql::remember_id(tx, &line.id, person)?;
    }
    let there = verbs::profile(tx, person)?;
    for change in changes(line, &there, is_new) {
        verbs::change_of(tx, person, &change)?;
    }
    // The lists of skills are words already stored as ids where the sheet says nothing, so each side goes by itself.
    for (side, skills) in [(Side::Offered, &line.offered), (Side::Wanted, &line.wanted)] {
        if !skills.is_empty() {
            verbs::change_skills(tx, person, side, skills)?;
        }
    }
    verbs::changed(tx, person, None)
}

fn changes(line: &Line, there: &Profile, is_new: bool) -> Vec<Change> {
    let shown = &there.shown;
    let or = |said: &str, there: &str| if said.is_empty() { there.to_owned() } else { said.to_owned() };
    let zone = match (line.zone.is_empty(), places::by_code(&line.country)) {
        (false, _) => line.zone.clone(),
        // A country moves the clock only of somebody who has none of their own yet.
        (true, Some(country)) if is_new || shown.zone == "UTC" => country.zone.to_owned(),
        _ => shown.zone.clone(),
    };
    let mut changes = vec![Change::About(About {
        name: line.name.clone(),
        pronouns: or(&line.pronouns, &shown.pronouns),
        headline: or(&line.headline, &shown.headline),
        story: or(&line.story, &shown.story),
        country: or(&line.country, &shown.country),
        zone,
        languages: if line.languages.is_empty() { there.languages.clone() } else { line.languages.clone() },
    })];
    if !line.has_done.is_empty() {
        changes.push(Change::Experience { experiences: line.has_done.clone(), credentials: there.credentials.clone() });
    }
    let roles = if line.roles.is_empty() { there.open_to.clone() } else { line.roles.clone() };
    // Somebody who is named as a mentor and of whom nothing else is said has one place: with none, nobody could ask.
    let usual = i64::from(is_new && roles.iter().any(|role| *role != OpenTo::Question));
    changes.push(Change::Time(Time {
        minutes_a_week: line.minutes.unwrap_or(shown.minutes_a_week),
        capacity: line.capacity.unwrap_or(if is_new { usual } else { shown.capacity }),
        hours: if line.hours.is_empty() { there.hours.clone() } else { line.hours.clone() },
    }));
    let fee = if line.fee.is_empty() { shown.fee.clone() } else { Some(line.fee.clone()) };
    changes.push(Change::OpenTo { roles, fee });
    changes
}

/// The table, what separates its cells, and how many lines before it say nothing.
fn delimited(text: &str) -> (&str, u8, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // What a spreadsheet writes to tell itself.
    if let Some(named) = first.trim().strip_prefix("sep=").and_then(|s| s.bytes().next()).filter(u8::is_ascii) {
        return (rest, named, 1);
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        if let Some(found) = counts.iter_mut().find(|(d, _)| !quoted && *d == byte) {
            found.1 += 1;
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| *d);
    (text, most, 0)
}

/// Whether a table ends inside a cell: then a line below it is swallowed too. The mark stands in no text that was decoded.
fn is_open(table: &str, delimiter: u8) -> bool {
    const MARK: &str = "\u{1}";
    let marked = format!("{table}\n{MARK}");
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(marked.as_bytes());
    let mut records = reader.records();
    !records.any(|record| record.is_ok_and(|record| record.get(0) == Some(MARK)))
}

/// A cell as text: trimmed, and without the apostrophe that keeps a spreadsheet from reckoning with it. A formula is
/// text like any other here; it is our own sheets that must not hand one on.
fn text_of(cell: &str) -> String {
    let cell = cell.trim();
    let text = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    };
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// What stands between several in one cell. Between words, which have none in them, commas may.
const BETWEEN: [char; 3] = [';', '\n', '|'];
/// More than this many in one cell are not looked at.
const MOST_IN_A_CELL: usize = 100;

fn several(cell: &str) -> Vec<String> {
    few(parts(&text_of(cell), &BETWEEN))
}

fn words(cell: &str) -> Vec<String> {
    few(items(&text_of(cell), &BETWEEN))
}

fn few(mut all: Vec<String>) -> Vec<String> {
    all.truncate(MOST_IN_A_CELL);
    all
}

fn hours_of(typed: &str) -> Option<Hours> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let (day, times) = typed.split_once(' ')?;
    let day = fold(day);
    let weekday = DAYS.iter().position(|name| day.starts_with(name))? as i64 + 1;
    let (from, to) = times.split_once(['-', '–'])?;
    let minute = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':').unwrap_or((clock.trim(), "0"));
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute) || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
    };
    Some(Hours { weekday, from_minute: minute(from)?, to_minute: minute(to)? })
}

/// Enough to catch a name in the wrong column; whether it reaches anybody is only known by writing to it.
fn is_address(typed: &str) -> bool {
    let Some((who, host)) = typed.rsplit_once('@') else { return false };
    !who.is_empty()
        && host.split('.').count() >= 2
        && host.split('.').all(|part| !part.is_empty())
        && !typed.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"'))
        && !who.contains('@')
}

fn short(text: &str) -> String {
    if text.chars().count() > 40 { text.chars().take(39).chain(['…']).collect() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(sheet: &Sheet) -> Vec<String> {
        sheet.errors.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_sheet_is_read_whatever_wrote_it() {
        let plain = "name,email,country,languages\nJosé Ñandú,jose@example.org,ES,es;en\n";
        let wide = |le: bool, mark: bool| -> Vec<u8> {
            let text = if mark { format!("\u{feff}{plain}") } else { plain.to_owned() };
            text.encode_utf16().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let western: Vec<u8> = plain.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
        let marked: Vec<u8> = format!("\u{feff}{plain}").into_bytes();
        for bytes in [
            plain.as_bytes().to_vec(),
            marked,
            wide(true, true),
            wide(false, true),
            wide(true, false),
            wide(false, false),
            western,
            plain.replace(',', ";").replace("es;en", "\"es;en\"").into_bytes(),
            plain.replace(',', "\t").into_bytes(),
            plain.replace('\n', "\r\n").into_bytes(),
            format!("sep=,\r\n{plain}").into_bytes(),
            plain.replace("name,email", "Full Name,E-Mail Address").into_bytes(),
        ] {
            let sheet = Sheet::read(&bytes);
            assert_eq!(told(&sheet), Vec::<String>::new(), "{:?}", String::from_utf8_lossy(&bytes));
            assert_eq!(sheet.lines.len(), 1);
            let line = &sheet.lines[0];
            assert_eq!((line.name.as_str(), line.country.as_str()), ("José Ñandú", "ES"), "{:?}", String::from_utf8_lossy(&bytes));
            assert_eq!(line.languages, ["es", "en"]);
        }
    }

    #[test]
    fn every_bad_line_is_told_with_its_number() {
        let sheet = Sheet::read(
            "id,name,email,capacity,hours,country\n\
             1,,a@example.org,1,,\n\
             2,B,not an address,1,,\n\
             3,C,c@example.org,many,,\n\
             4,\"D\nE\",d@example.org,1,Tue 20:00-18:00,\n\
             5,E,C@example.org,1,,EU\n\
             1,F,a@example.org,2,,\n\
             7,G,g@example.org,1,,,,surplus\n"
                .as_bytes(),
        );
        assert_eq!(
            told(&sheet),
            [
                "line 2, name: Everybody needs a name.",
                "line 3, email: “not an address” is not a mail address.",
                "line 4, capacity: “many” is not a number from 0 to 50.",
                "line 5, hours: The 1. time: This ends before it begins. For a night, please use two rows, one for each day.",
                "line 9: This has 8 cells where the first line names 6. Is a quotation mark missing?",
            ]
        );
        assert_eq!(
            sheet.notes.iter().map(Problem::to_string).collect::<Vec<_>>(),
            ["line 7, country: “EU” is no country we know; left out."]
        );
        let doubled = Sheet::read(b"id,name,email\n1,A,a@example.org\n1,B,A@example.org\n");
        assert_eq!(told(&doubled), ["line 3, id: Line 2 has the same one already.", "line 3, email: Line 2 has the same one already."]);
    }

    #[test]
    fn a_sheet_that_is_none_says_so_at_once() {
        for (bytes, said) in [
            (&b""[..], "nothing in this file"),
            (b"PK\x03\x04\x14\0\x06\0", "save the sheet as CSV"),
            (b"\n\n", "nothing in this file"),
            (b"email\na@example.org\n", "no column called"),
            (b"name,full name\na,b\n", "mean the same"),
            (b"name\n", "no people under them"),
            (&b"x,".repeat(500_000)[..], "columns; at most"),
        ] {
            let sheet = Sheet::read(bytes);
            assert!(told(&sheet)[0].contains(said), "{said}: {:?}", told(&sheet));
            assert!(sheet.lines.is_empty());
        }
    }

    #[test]
    fn a_quotation_mark_that_nobody_closes_is_told_where_it_opens() {
        let below = "C,c@example.org,\n".repeat(30);
        let open = format!("name,email,story\nA,a@example.org,\"fine,\nreally\"\nB,b@example.org,\"and then\n{below}");
        assert_eq!(
            told(&Sheet::read(open.as_bytes())),
            ["line 4: A quotation mark opens here and none closes it, so all that follows was read as one cell."]
        );
        let name = format!("name,email\n\"Ada,a@example.org\n{below}");
        assert_eq!(told(&Sheet::read(name.as_bytes())).len(), 1);
        for good in ["name,story\nA,5\" tall\n", "name,story\nA,\"two\nlines\"", "name,story\nA,\"he said \"\"so\"\"\"\n"] {
            assert_eq!(told(&Sheet::read(good.as_bytes())), Vec::<String>::new(), "{good}");
        }
    }

    #[test]
    fn commas_stand_between_words_where_nothing_else_does() {
        let sheet = Sheet::read(b"name,roles,languages,skills\nAda,\"mentor, coach\",\"en, fr\",\"sql:5, c++; data, big\"\n");
        assert_eq!((told(&sheet), &sheet.notes[..]), (Vec::<String>::new(), &[][..]));
        let line = &sheet.lines[0];
        assert_eq!((&line.roles[..], &line.languages[..]), (&[OpenTo::Mentor, OpenTo::Coach][..], &["en".to_owned(), "fr".to_owned()][..]));
        let skills: Vec<&str> = line.offered.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(skills, ["sql:5, c++", "data, big"]);
    }

    #[test]
    fn formulae_are_words_and_levels_follow_a_colon() {
        let sheet = Sheet::read(b"name,headline,skills\n\"=HYPERLINK(\"\"x\"\")\",'+1,sql:5;c++;python :2;sql\n");
        assert_eq!(told(&sheet), Vec::<String>::new());
        let line = &sheet.lines[0];
        assert_eq!((line.name.as_str(), line.headline.as_str()), ("=HYPERLINK(\"x\")", "+1"));
        let skills: Vec<(&str, i64)> = line.offered.iter().map(|(word, level)| (word.as_str(), *level)).collect();
        assert_eq!(skills, [("sql", 5), ("c++", 4), ("python", 2)]);
    }

    #[test]
    fn what_is_documented_is_what_is_read() {
        let told = include_str!("../../docs/operate/import.md");
        for (_, name, others) in COLUMNS {
            assert!(told.contains(&format!("`{name}`")), "{name}");
            for other in others {
                assert!(told.contains(other), "{other}");
                assert!(Column::called(other).is_some_and(|column| column.name() == name), "{other} is {name}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let sheet = Sheet::read(&bytes);
            prop_assert!(sheet.lines.len() <= sheet.rows);
        }

        #[test]
        fn any_table_can_be_read(text in "(name|email|hours|\"|;|,|\n|[a-z0-9:\\-= ]){0,120}") {
            Sheet::read(format!("name,email,hours,skills\n{text}").as_bytes());
        }
    }
}
