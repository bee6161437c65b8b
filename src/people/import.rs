//! Bringing people in from a spreadsheet: read the sheet, look at what it would do, do all of it or nothing.
//!
//! The sheet is a table as programs save it, whose columns are known by their names in four languages: see
//! `chiron_words::table` and `chiron_words::heads`.
//! Somebody whom the sheet names by the same id, or else by the same address, is changed instead of added, and only in
//! the columns that say something. `docs/operate/import.md` tells it to whoever runs a place.

use super::change::{About, Change, LONGEST_HEADLINE, LONGEST_STORY, MOST_CAPACITY, MOST_LANGUAGES, MOST_SKILLS, Time};
use super::person::{Newcomer, OpenTo, Side};
use super::profile::{Experience, Hours, Profile, faults};
use super::{places, sql, tongues, verbs};
use crate::app::Tx;
use crate::error::Result;
use crate::fold::fold;
use crate::form::says_a_name;
use crate::skills::{self, Graph, Word};
use crate::viewer::PersonId;
use chiron_words::heads::{self, Heads, Known, Names, known, list, plain, whole_name};
use chiron_words::sheets::{count, is_address, items, numbers, parts, short, text_of};
use chiron_words::table::{NoTable, Row, Table};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A sheet with more rows is refused: one unit of work has to hold them all.
pub const MOST_ROWS: usize = 20_000;
/// This many problems are told one by one; the rest are counted.
const MOST_TOLD: usize = 200;

/// The columns we know.
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

/// In the order of the enum. What else they are called is told in `docs/operate/import.md` and on the page.
pub const COLUMNS: [Known<Column>; 19] = [
    known(Column::Id, "id", "an id", &[heads::ID]),
    known(Column::Name, "name", "the name", &[heads::NAME]),
    known(Column::FirstName, "first_name", "the first name", &[heads::FIRST_NAME]),
    known(Column::LastName, "last_name", "the last name", &[heads::LAST_NAME]),
    known(Column::Email, "email", "the address", &[heads::EMAIL]),
    known(Column::Pronouns, "pronouns", "pronouns", &["pronoun, pronomen, pronoms, pronombres"]),
    known(
        Column::Headline,
        "headline",
        "the line under the name",
        &["title, job title, position, tagline, role title, beruf, berufsbezeichnung, funktion, poste, fonction, profession, puesto, \
           profesión"],
    ),
    list(Column::Story, "story", "the story", &[heads::ABOUT, "description, beschreibung, descripción"]),
    known(Column::Country, "country", "the country", &[heads::COUNTRY]),
    known(Column::Zone, "zone", "the time zone", &[heads::ZONE]),
    list(Column::Languages, "languages", "languages", &[heads::LANGUAGES]),
    list(Column::Roles, "roles", "what they are open to", &[heads::ROLE, "open to, type"]),
    list(Column::SkillsOffered, "skills_offered", "what they can help with", &[heads::OFFERS, heads::SKILLS]),
    list(Column::SkillsWanted, "skills_wanted", "what they want to learn", &[heads::WANTS, "interests, interessen, intereses"]),
    list(Column::HasDone, "has_done", "what they have done", &[heads::DONE]),
    known(Column::Capacity, "capacity", "how many people they can guide", &[heads::SEATS]),
    known(
        Column::WeeklyHours,
        "weekly_hours",
        "hours a week",
        &["hours a week, hours per week, time a week, stunden pro woche, wochenstunden, heures par semaine, horas por semana, \
           horas a la semana"],
    ),
    list(Column::Hours, "hours", "when they are free", &[heads::HOURS]),
    known(Column::Fee, "fee", "the fee", &["price, rate, preis, honorar, tarif, tarifs, precio, tarifa"]),
];

static NAMES: LazyLock<Names<Column>> = LazyLock::new(|| Names::of(&COLUMNS, &[Column::Id]));

impl Column {
    fn name(self) -> &'static str {
        COLUMNS[self as usize].name
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
    /// Here already, just as the sheet says.
    pub same: usize,
    /// With any of these nothing is imported.
    pub errors: Vec<Problem>,
    /// What was left out of a line that is otherwise good.
    pub notes: Vec<Problem>,
    /// Skills that the list does not know yet.
    pub new_words: Vec<String>,
    /// Columns that nobody here knows, left out.
    pub left_out: Vec<String>,
    /// Columns of another name than ours, with what they are read as.
    pub read_as: Vec<(String, &'static str)>,
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

    /// `2 new people, 1 changed, 30 as they are`.
    pub fn counts(&self) -> String {
        let all = [(self.new, "new person", "new people"), (self.changed, "changed", "changed"), (self.same, "as they are", "as they are")];
        let told: Vec<String> = all.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, several)| counted(n, one, several)).collect();
        if told.is_empty() { "nobody".to_owned() } else { told.join(", ") }
    }
}

/// `1 new person`, `2 new people`.
pub fn counted(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// A person as a line of the sheet tells of them.
#[derive(Debug, Clone, Default)]
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

const FIRST_LINE: &str = "The first line names the columns, such as: name, email, roles, skills_offered.";

/// A sheet as it was read, with everything that is wrong with it by itself.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    lines: Vec<Line>,
    rows: usize,
    errors: Vec<Problem>,
    notes: Vec<Problem>,
    left_out: Vec<String>,
    read_as: Vec<(String, &'static str)>,
}

impl Sheet {
    /// Reads the bytes of a file. Never fails: what cannot be read is said among the errors. Linear in the size.
    pub fn read(bytes: &[u8]) -> Self {
        let mut sheet = Self::default();
        let table = match Table::read(bytes, |cells| NAMES.known_in(cells)) {
            Ok(table) => table,
            Err(NoTable::Empty) => return sheet.hopeless(&format!("There is nothing in this file. {FIRST_LINE}")),
            Err(NoTable::Workbook) => {
                return sheet
                    .hopeless("This is a workbook, such as .xlsx or .ods. Please save the sheet as CSV there, and choose that file.");
            }
            Err(NoTable::OpenQuote(line)) => {
                sheet.error(line, "", "A quotation mark opens here and none closes it, so all that follows was read as one cell.".into());
                return sheet;
            }
            Err(no) => return sheet.hopeless(&format!("This cannot be read: {no}.")),
        };
        let names = &table.heads.cells;
        let mut columns = NAMES.recognise(names, &[]);
        columns.halve_name(names, [Column::Name, Column::FirstName, Column::LastName]);
        if let Some((one, other)) = columns.doubled {
            let (one, other) = (short(&names[one]), short(&names[other]));
            return sheet.hopeless(&format!("The columns “{one}” and “{other}” mean the same thing. Please keep one of them."));
        }
        if ![Column::Name, Column::FirstName, Column::LastName].iter().any(|column| columns.of(*column).next().is_some()) {
            let names: Vec<String> = names.iter().map(|name| short(name)).collect();
            return sheet.hopeless(&format!("There is no column called “name”. {FIRST_LINE} Here it reads: {}.", short_list(&names)));
        }
        if table.rows.len() > MOST_ROWS {
            return sheet.hopeless(&format!("This has more than {MOST_ROWS} lines. Please import it in parts."));
        }
        for (name, column) in names.iter().zip(&columns.columns).filter(|(name, _)| !name.trim().is_empty()) {
            match column {
                None => sheet.left_out.push(short(name)),
                Some(column) if plain(name) != plain(column.name()) => sheet.read_as.push((short(name), COLUMNS[*column as usize].words)),
                Some(_) => {}
            }
        }
        sheet.rows = table.rows.len();
        for row in &table.rows {
            sheet.row(row, &columns);
        }
        sheet.find_doubles();
        let unknown = sheet.lines.iter().filter(|line| line.id.is_empty() && line.email.is_empty()).count();
        if unknown > 0 {
            let whose = counted(unknown, "line has", "lines have");
            sheet.note(
                0,
                "",
                format!("{whose} neither an id nor an address. Whoever stands there is added once more when this is imported again."),
            );
        }
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

    fn row(&mut self, row: &Row, columns: &Heads<Column>) {
        let (line, named) = (row.line, columns.columns.len());
        if row.cells.iter().skip(named).any(|cell| !cell.trim().is_empty()) {
            let cells = row.cells.len();
            self.error(line, "", format!("This has {cells} cells where the first line names {named}. Is a quotation mark missing?"));
            return;
        }
        let mut cells: HashMap<Column, Vec<String>> = HashMap::new();
        for (column, cell) in columns.columns.iter().zip(&row.cells) {
            if let Some(column) = column {
                cells.entry(*column).or_default().push(text_of(cell));
            }
        }
        self.person(line, &cells);
    }

    fn person(&mut self, line: u64, cells: &HashMap<Column, Vec<String>>) {
        let before = self.errors.len();
        // Of several columns that tell a story, each is a paragraph.
        let mut text = |column: Column, most: usize| -> String {
            let typed = cells.get(&column).map_or_else(String::new, |cells| cells.join("\n\n").trim().to_owned());
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
        let (capacity, weekly, fee) = (text(Column::Capacity, 40), text(Column::WeeklyHours, 40), text(Column::Fee, 200));
        if name.is_empty() {
            name = whole_name(&first, &last);
        }
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            self.error(line, Column::Name.name(), "Everybody needs a name.".into());
        } else if !says_a_name(&name) {
            self.error(line, Column::Name.name(), format!("“{}” has no letter in it. Everybody needs a name.", short(&name)));
        }
        if !email.is_empty() && !is_address(&email) {
            self.error(line, Column::Email.name(), format!("“{}” is not a mail address.", short(&email)));
        }
        let known = places::by_code(&country).or_else(|| places::find(&country));
        if known.is_none() && !country.is_empty() {
            self.note(line, Column::Country.name(), format!("“{}” is no country we know; left out.", short(&country)));
        }
        let found = places::zone(&zone);
        if found.is_none() && !zone.is_empty() {
            let sentence =
                format!("“{}” is no time zone we know, such as Europe/Paris, Paris or UTC+1; the country's is used.", short(&zone));
            self.note(line, Column::Zone.name(), sentence);
        }
        let list = |column: Column| cells.get(&column).map(Vec::as_slice).unwrap_or_default();
        let person = Line {
            line,
            id,
            name,
            email,
            pronouns,
            headline: headline.split_whitespace().collect::<Vec<_>>().join(" "),
            story,
            country: known.map(|country| country.code.to_owned()).unwrap_or_default(),
            zone: found.unwrap_or_default(),
            languages: self.languages(line, list(Column::Languages)),
            roles: self.roles(line, list(Column::Roles)),
            offered: self.skills(line, Column::SkillsOffered, list(Column::SkillsOffered), 4),
            wanted: self.skills(line, Column::SkillsWanted, list(Column::SkillsWanted), 1),
            has_done: self.has_done(line, list(Column::HasDone)),
            capacity: self.capacity(line, &capacity),
            minutes: self.minutes(line, &weekly),
            hours: self.hours(line, list(Column::Hours)),
            fee,
        };
        if self.errors.len() == before {
            self.lines.push(person);
        }
    }

    fn languages(&mut self, line: u64, cells: &[String]) -> Vec<String> {
        let mut languages: Vec<String> = Vec::new();
        for named in cells.iter().flat_map(|cell| tongues::named(cell)) {
            match named {
                Ok(tongue) if !languages.iter().any(|known| known == tongue.code) => languages.push(tongue.code.to_owned()),
                Ok(_) => {}
                Err(word) => self.note(line, Column::Languages.name(), format!("“{}” is no language we know; left out.", short(&word))),
            }
        }
        languages.truncate(MOST_LANGUAGES);
        languages
    }

    fn roles(&mut self, line: u64, cells: &[String]) -> Vec<OpenTo> {
        let mut roles = Vec::new();
        for word in cells.iter().flat_map(|cell| items(cell)) {
            let role = match plain(&word).as_str() {
                "mentor" | "mentors" | "mentoring" | "mentorin" | "mentor in" | "mentora" | "mentore" | "both" | "beides" => {
                    Some(OpenTo::Mentor)
                }
                "coach" | "coaching" | "coachin" => Some(OpenTo::Coach),
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
    fn skills(&mut self, line: u64, column: Column, cells: &[String], usual: i64) -> Vec<(Word, i64)> {
        let mut skills: Vec<(Word, i64)> = Vec::new();
        for typed in cells.iter().flat_map(|cell| items(cell)) {
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

    fn has_done(&mut self, line: u64, cells: &[String]) -> Vec<Experience> {
        let mut done: Vec<Experience> = cells
            .iter()
            .flat_map(|cell| parts(cell))
            .map(|words| Experience { moved_from: String::new(), moved_into: String::new(), year: None, words })
            .collect();
        if done.len() > 20 || done.iter().any(|one| one.words.chars().count() > 200) {
            self.note(line, Column::HasDone.name(), "Only the first twenty, each of at most 200 characters, are kept.".into());
            done.retain(|one| one.words.chars().count() <= 200);
            done.truncate(20);
        }
        done
    }

    fn capacity(&mut self, line: u64, typed: &str) -> Option<i64> {
        let capacity = count(typed).map(i64::from).filter(|people| *people <= MOST_CAPACITY);
        if capacity.is_none() && !typed.is_empty() {
            let sentence = format!("“{}” is not a whole number from 0 to {MOST_CAPACITY}.", short(typed));
            self.error(line, Column::Capacity.name(), sentence);
        }
        capacity
    }

    /// `1.5`, `1,5 h`, `90 min`.
    fn minutes(&mut self, line: u64, typed: &str) -> Option<i64> {
        const MOST_HOURS: f64 = 40.0;
        let hours = match numbers(typed)[..] {
            _ if typed.starts_with(['-', '−', '–']) => None,
            [minutes] if typed.contains("min") => Some(minutes / 60.0),
            [hours] => Some(hours),
            _ => None,
        };
        let hours = hours.filter(|hours| (0.0..=MOST_HOURS).contains(hours));
        if hours.is_none() && !typed.is_empty() {
            self.error(line, Column::WeeklyHours.name(), format!("“{}” is not a number from 0 to {MOST_HOURS}.", short(typed)));
        }
        hours.map(|hours| (hours * 60.0).round() as i64)
    }

    /// `Tue 18:00-20:00; Thu 17:30-19:00`.
    fn hours(&mut self, line: u64, cells: &[String]) -> Vec<Hours> {
        let mut hours = Vec::new();
        for typed in cells.iter().flat_map(|cell| parts(cell)) {
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
            None => {
                hours.sort_unstable();
                hours
            }
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
    /// With whether the line names them by an id or an address that we did not know.
    Known(PersonId, bool),
}

/// Looks at what a sheet would do, and does it unless this is a dry run or something is wrong: all of it or nothing.
pub fn run(tx: &mut Tx, sheet: &Sheet, dry_run: bool) -> Result<Report> {
    let graph = skills::graph_here(tx)?;
    let mut report = Report {
        rows: sheet.rows,
        errors: sheet.errors.clone(),
        notes: sheet.notes.clone(),
        left_out: sheet.left_out.clone(),
        read_as: sheet.read_as.clone(),
        new_words: new_words(&graph, sheet),
        first: sheet.lines.iter().take(SHOWN).map(|line| (line.name.clone(), line.email.clone())).collect(),
        ..Report::default()
    };
    let mut whom = Vec::with_capacity(sheet.lines.len());
    let mut taken: HashMap<PersonId, u64> = HashMap::new();
    for line in &sheet.lines {
        match find(tx, line, &mut report)? {
            Some(Whom::Known(person, is_named_anew)) => {
                if let Some(first) = taken.insert(person, line.line) {
                    report.errors.push(Problem {
                        line: line.line,
                        column: "",
                        sentence: format!("This is the same person as line {first}."),
                    });
                }
                if is_named_anew || says_more(line, &verbs::profile(tx, person)?, &graph) {
                    report.changed += 1;
                    whom.push((line, Some(person)));
                } else {
                    report.same += 1;
                }
            }
            Some(Whom::New) => {
                report.new += 1;
                whom.push((line, None));
            }
            None => {}
        }
    }
    report.errors.sort_by_key(|problem| problem.line);
    if report.is_good() && !dry_run {
        for (line, whom) in whom {
            carry_out(tx, line, whom)?;
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
            let is_named_anew = !line.id.is_empty() && by_id.is_none() || !line.email.is_empty() && by_email.is_none();
            Ok(Some(Whom::Known(person, is_named_anew)))
        }
        (None, None) => Ok(Some(Whom::New)),
    }
}

fn new_words(graph: &Graph, sheet: &Sheet) -> Vec<String> {
    let words = sheet.lines.iter().flat_map(|line| line.offered.iter().chain(&line.wanted));
    let mut new: Vec<&str> = words.map(|(word, _)| word.as_str()).filter(|word| graph.find(word).is_none()).collect();
    new.sort_unstable();
    new.dedup_by_key(|word| Word::slug_of(word));
    new.into_iter().map(str::to_owned).collect()
}

/// Whether a line says anything else of somebody than what is there.
fn says_more(line: &Line, there: &Profile, graph: &Graph) -> bool {
    let silent = Line { name: there.shown.name.clone(), ..Line::default() };
    if changes(line, there, false) != changes(&silent, there, false) {
        return true;
    }
    [(&line.offered, &there.offered), (&line.wanted, &there.wanted)].into_iter().any(|(said, kept)| {
        let ids: Option<Vec<String>> = said.iter().map(|(word, _)| Some(graph.find(word.as_str())?.id.to_string())).collect();
        let levels = ids.map(|ids| verbs::levels(ids, said));
        !said.is_empty() && levels.is_none_or(|levels| !levels.into_iter().eq(kept.iter().map(|skill| (skill.skill.clone(), skill.level))))
    })
}

/// Writes one line, of somebody new where nobody is named. Everything goes through the same verbs as a form, with what the
/// sheet says in place of what was there, and what was there where the sheet says nothing.
fn carry_out(tx: &mut Tx, line: &Line, known: Option<PersonId>) -> Result<()> {
    let is_new = known.is_none();
    let person = match known {
        Some(person) => person,
        None => {
            let email = (!line.email.is_empty()).then(|| line.email.clone());
            verbs::join(tx, &Newcomer { name: line.name.clone(), email, verified: false, zone: None, office: None })?
        }
    };
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
    if !line.has_done.is_empty() && line.has_done != there.experiences {
        changes.push(Change::Experience { experiences: line.has_done.clone(), credentials: there.credentials.clone() });
    }
    let mut roles = if line.roles.is_empty() { there.open_to.clone() } else { line.roles.clone() };
    // In the order in which they are read again.
    roles.sort_unstable_by_key(|role| role.as_str());
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

/// The first of many names of columns, for a sentence.
fn short_list(names: &[String]) -> String {
    const MOST: usize = 12;
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
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
                "line 4, capacity: “many” is not a whole number from 0 to 50.",
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
        let sheet = Sheet::read(b"id,name,roles,languages,skills\n1,Ada,\"mentor, coach\",\"en, fr\",\"sql:5, c++; data, big\"\n");
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
    fn a_sheet_of_excel_in_german_is_read() {
        let sheet = "Mentorinnen und Mentoren 2026;;;;;;;\r\n\r\n\
            Vorname;Name;E-Mail-Adresse (dienstlich);Land;Sprachen;Fähigkeiten;Plätze;Über mich\r\n\
            Jörg;Müller;joerg@example.org;Österreich;Deutsch und Englisch;SQL, Führung;2;„Größe“\r\n";
        let western: Vec<u8> = sheet
            .chars()
            .map(|c| match c {
                '„' => 0x84,
                '“' => 0x93,
                c => u8::try_from(u32::from(c)).expect("Windows-1252"),
            })
            .collect();
        let read = Sheet::read(&western);
        assert_eq!((told(&read), &read.notes[..], &read.left_out[..]), (Vec::new(), &[][..], &[][..]));
        let line = &read.lines[0];
        assert_eq!(
            (line.line, line.name.as_str(), line.email.as_str(), line.country.as_str()),
            (4, "Jörg Müller", "joerg@example.org", "AT")
        );
        assert_eq!(
            (&line.languages[..], line.capacity, line.story.as_str()),
            (&["de".to_owned(), "en".to_owned()][..], Some(2), "„Größe“")
        );
        assert_eq!(line.offered.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["SQL", "Führung"]);
    }

    #[test]
    fn a_form_is_read_by_its_questions() {
        let sheet = Sheet::read(
            "Timestamp,Email Address,What is your full name?,Do you want to be a mentor?,What is your manager's email?,\
             Which languages do you speak?,Skill 1,Skill 2,How many mentees can you take on?\n\
             2026-11-01 10:00:00,lea@example.org,Léa Martin,Yes,boss@example.org,\"French, English\",SQL,Python,2-3\n"
                .as_bytes(),
        );
        assert_eq!((told(&sheet), &sheet.notes[..]), (Vec::new(), &[][..]));
        assert_eq!(sheet.left_out, ["Timestamp", "Do you want to be a mentor?", "What is your manager's email?"]);
        let read_as = |head: &str| sheet.read_as.iter().find(|(name, _)| name == head).map(|(_, words)| *words);
        assert_eq!(read_as("What is your full name?"), Some("the name"));
        let line = &sheet.lines[0];
        assert_eq!((line.name.as_str(), line.email.as_str(), line.capacity), ("Léa Martin", "lea@example.org", Some(3)));
        assert_eq!((line.languages.len(), line.offered.len()), (2, 2));
    }

    #[test]
    fn halves_of_people_and_names_without_letters_are_told() {
        let sheet =
            Sheet::read("name,capacity,weekly_hours,zone\nAda,\"2,5\",,Chatham\n🦊🦊,1,,\n-,1,,\nBo,,\"1,5 h\",UTC+13:45\n".as_bytes());
        assert_eq!(
            told(&sheet),
            [
                "line 2, capacity: “2,5” is not a whole number from 0 to 50.",
                "line 3, name: “🦊🦊” has no letter in it. Everybody needs a name.",
                "line 4, name: “-” has no letter in it. Everybody needs a name.",
            ]
        );
        let notes: Vec<&str> = sheet.notes.iter().map(|note| note.sentence.as_str()).collect();
        assert_eq!(
            notes,
            ["1 line has neither an id nor an address. Whoever stands there is added once more when this is imported again."]
        );
        assert_eq!((sheet.lines[0].minutes, sheet.lines[0].zone.as_str()), (Some(90), "Pacific/Chatham"));
    }

    #[test]
    fn what_is_documented_is_what_is_read() {
        let told = include_str!("../../docs/operate/import.md");
        for (at, known) in COLUMNS.iter().enumerate() {
            assert_eq!(known.column as usize, at);
            let row = told.lines().find(|line| line.starts_with(&format!("| `{}`", known.name))).expect(known.name);
            assert_eq!(row.split('|').nth(1).is_some_and(|cell| cell.contains('*')), known.repeats, "{row}");
            assert_eq!(row.split('|').nth(3).map(str::trim), Some(known.others().collect::<Vec<_>>().join(", ").as_str()));
            for name in std::iter::once(known.name).chain(known.others()) {
                assert_eq!(NAMES.named(name), Some(known.column), "{name}");
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
