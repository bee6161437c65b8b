//! Everyone who may be found, in memory, so that a search looks at a million people in milliseconds. Pure: rows come
//! in, answers go out; `verbs` reads the rows and follows the log.
//!
//! A person is a number here (`At`), a row of 64 bytes with what a search decides by, and a few entries in shared
//! pools: skills with levels, weekly hours, words of what they have done. Leads from a skill to its people are sorted
//! lists. About 200 bytes a person, and 150 and 258 for each text of theirs, whose meaning is kept; changing one takes
//! microseconds.
//!
//! Hours are kept by the clock on their wall with the zone beside them, and moved to UTC while searching: that is one
//! addition a stretch, and it is right in the week in which clocks change without anything being written.

use crate::people::{OpenTo, ValueBits};
use crate::viewer::PersonId;
use chiron_recommend::index::{Entry, Index as Meanings, MOST_ITEMS};
use chiron_recommend::meaning::{Common, Table, Vector};
use chiron_recommend::wording::stem;
use chiron_store::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// A person's number in this index. Never given to another person.
pub type At = u32;
/// A skill's number in this index: its own, so that the index outlives any change of the skills graph.
pub type SkillAt = u16;

/// Quarters of an hour in a week.
pub const WEEK: u16 = 7 * 24 * 4;

/// What the database says about a person, as far as a search decides by it.
#[derive(Debug, Clone, Default)]
pub struct Person {
    pub id: uuid::Uuid,
    pub doc: Option<i64>,
    /// Closed or forgotten: not to be found.
    pub gone: bool,
    pub country: String,
    pub zone: String,
    pub style: [Option<i64>; 3],
    pub fee: bool,
    pub capacity: i64,
    pub guiding: i64,
    pub not_now_until: Option<i64>,
    pub changed_at: i64,
    pub roles: Vec<OpenTo>,
    pub languages: Vec<String>,
    /// Offered skills with their levels.
    pub skills: Vec<(String, i64)>,
    /// Weekday from 1 (Monday), from and to in minutes.
    pub hours: Vec<(i64, i64, i64)>,
    pub done: Vec<Done>,
    /// The meaning of each text of theirs, in the order of [`super::about::texts`].
    pub meanings: Vec<Vector>,
    pub usual_reply_minutes: Option<i64>,
    pub values: ValueBits,
}

/// A line of what someone has done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub moved_from: String,
    pub moved_into: String,
    pub words: String,
}

impl Done {
    /// All of it in one text.
    pub fn text(&self) -> String {
        done_text(&self.moved_from, &self.moved_into, &self.words)
    }
}

/// A line of what someone has done, in one text.
pub fn done_text(moved_from: &str, moved_into: &str, words: &str) -> String {
    [moved_from, moved_into, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}

/// What roles someone is open to, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(pub u8);

impl Roles {
    pub const QUESTION: Self = Self::of(OpenTo::Question);
    pub const fn of(role: OpenTo) -> Self {
        Self(1 << role as u8)
    }
    pub const fn has(self, role: OpenTo) -> bool {
        self.0 & Self::of(role).0 != 0
    }
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A stretch of a pool.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    len: u16,
}

/// What a search decides by. 64 bytes: one line of the processor's cache.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// A bit for each language of the list of tongues.
    pub languages: u128,
    skills: Span,
    hours: Span,
    done: Span,
    /// Minutes since 1970; zero when they are free to be asked.
    pub not_now_until: u32,
    /// Minutes since 1970.
    pub changed_at: u32,
    /// In tens of minutes; `u16::MAX` while there is too little history.
    usual_reply: u16,
    zone: u16,
    roles: Roles,
    places_left: u8,
    country: u8,
    /// 0 to 100; 255 when they did not say.
    pub style: [u8; 3],
    pub fee: bool,
    gone: bool,
    pub values: ValueBits,
}

pub const NO_COUNTRY: u8 = u8::MAX;

impl Row {
    /// What they can be asked for at this moment: nothing at all on “not now”, one question at most when full.
    pub fn open_to(&self, now_minutes: u32) -> Roles {
        if self.gone || self.not_now_until > now_minutes {
            return Roles::default();
        }
        if self.places_left == 0 { Roles(self.roles.0 & Roles::QUESTION.0) } else { self.roles }
    }
    pub fn country(&self) -> u8 {
        self.country
    }
    pub fn places_left(&self) -> u8 {
        self.places_left
    }
    pub fn usual_reply_minutes(&self) -> Option<u32> {
        (self.usual_reply != u16::MAX).then(|| u32::from(self.usual_reply) * 10)
    }
}

/// Values of many people one after another. What is replaced stays as a hole until half of it is holes.
#[derive(Debug)]
struct Pool<T> {
    items: Vec<T>,
    holes: usize,
}

impl<T: Copy> Pool<T> {
    fn new() -> Self {
        Self { items: Vec::new(), holes: 0 }
    }
    fn of(&self, span: Span) -> &[T] {
        let start = span.start as usize;
        self.items.get(start..start + usize::from(span.len)).unwrap_or_default()
    }
    fn put(&mut self, was: Span, values: &[T]) -> Span {
        let values = &values[..values.len().min(usize::from(u16::MAX))];
        let len = values.len() as u16;
        if len <= was.len {
            self.holes += usize::from(was.len - len);
            let start = was.start as usize;
            self.items[start..start + values.len()].copy_from_slice(values);
            return Span { start: was.start, len };
        }
        self.holes += usize::from(was.len);
        let start = self.items.len() as u32;
        self.items.extend_from_slice(values);
        Span { start, len }
    }
    fn is_mostly_holes(&self) -> bool {
        self.holes > 10_000 && self.holes * 2 > self.items.len()
    }
    fn closed<'r>(&self, spans: impl Iterator<Item = &'r mut Span>) -> Self {
        let mut items = Vec::with_capacity(self.items.len() - self.holes);
        for span in spans {
            let start = items.len() as u32;
            items.extend_from_slice(self.of(*span));
            span.start = start;
        }
        Self { items, holes: 0 }
    }
    fn bytes(&self) -> usize {
        self.items.capacity() * size_of::<T>()
    }
}

/// Words and the numbers that stand for them.
#[derive(Debug, Default)]
struct Names {
    names: Vec<Box<str>>,
    by_name: HashMap<Box<str>, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(at) = self.by_name.get(name) {
            return *at;
        }
        let at = self.names.len() as u32;
        self.names.push(name.into());
        self.by_name.insert(name.into(), at);
        at
    }
    fn bytes(&self) -> usize {
        self.names.iter().map(|n| 2 * n.len() + 2 * size_of::<Box<str>>() + 8).sum()
    }
}

/// Which part of a line of experience a word stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoneIn {
    Words = 0,
    Into = 1,
    From = 2,
}

/// A stretch of a week in quarters from Monday 00:00 by the wall clock; up to `WEEK`, not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: u16,
    pub to: u16,
}

#[derive(Debug)]
pub struct Index {
    people: Vec<uuid::Uuid>,
    /// Numbers in the order of ids. People come with ever larger ids, so that most are put at the end.
    by_id: Vec<At>,
    rows: Vec<Row>,
    /// Document number to person, one more than their number; zero where there is none.
    docs: Vec<At>,
    skills: Pool<(SkillAt, u8)>,
    hours: Pool<Stretch>,
    done: Pool<u32>,
    skill_names: Names,
    zone_names: Names,
    zones: Vec<TimeZone>,
    words: Names,
    /// Who offers a skill, sorted.
    offered: Vec<Vec<At>>,
    /// What each skill means, by its number.
    skill_meanings: Vec<Vector>,
    /// What people wrote of themselves, by their numbers.
    meanings: Meanings,
    /// What all of that has in common.
    common: Common,
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    pub fn new() -> Self {
        Self {
            people: Vec::new(),
            by_id: Vec::new(),
            rows: Vec::new(),
            docs: Vec::new(),
            skills: Pool::new(),
            hours: Pool::new(),
            done: Pool::new(),
            skill_names: Names::default(),
            zone_names: Names::default(),
            zones: Vec::new(),
            words: Names::default(),
            offered: Vec::new(),
            skill_meanings: Vec::new(),
            meanings: Meanings::new(),
            common: Common::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.people.len()
    }
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
    pub fn at(&self, id: PersonId) -> Option<At> {
        self.place(id.0).ok().map(|place| self.by_id[place])
    }
    pub fn id(&self, at: At) -> PersonId {
        PersonId(self.people[at as usize])
    }
    pub fn row(&self, at: At) -> &Row {
        &self.rows[at as usize]
    }
    pub fn of_doc(&self, doc: i64) -> Option<At> {
        self.docs.get(usize::try_from(doc).ok()?).copied()?.checked_sub(1)
    }
    pub fn skills_of(&self, row: &Row) -> &[(SkillAt, u8)] {
        self.skills.of(row.skills)
    }
    pub fn skill(&self, id: &str) -> Option<SkillAt> {
        self.skill_names.by_name.get(id).and_then(|at| SkillAt::try_from(*at).ok())
    }
    pub fn skill_id(&self, at: SkillAt) -> &str {
        self.skill_names.names.get(usize::from(at)).map_or("", |n| n)
    }
    /// How many skills have a number: the size of a table by `SkillAt`.
    pub fn skills_known(&self) -> usize {
        self.skill_names.names.len()
    }
    /// What each skill means, by its number: its id says it, in words.
    pub fn skill_meanings(&self) -> &[Vector] {
        &self.skill_meanings
    }
    /// What people wrote of themselves, by their numbers.
    pub fn meanings(&self) -> &Meanings {
        &self.meanings
    }
    /// What all have in common that they wrote.
    pub fn common(&self) -> &Common {
        &self.common
    }
    pub fn offering(&self, skill: SkillAt) -> &[At] {
        self.offered.get(usize::from(skill)).map_or(&[], |people| people)
    }
    /// The number of a word of experience, when anybody has it.
    pub fn word(&self, stem: &str) -> Option<u32> {
        self.words.by_name.get(stem).copied()
    }
    /// Words of what someone has done: the number of each and where it stands.
    pub fn done_of(&self, row: &Row) -> impl Iterator<Item = (u32, DoneIn)> {
        self.done.of(row.done).iter().map(|packed| {
            let place = match packed & 3 {
                1 => DoneIn::Into,
                2 => DoneIn::From,
                _ => DoneIn::Words,
            };
            (packed >> 2, place)
        })
    }

    /// Takes someone in, or as they are now.
    pub fn put(&mut self, person: &Person) {
        let at = match self.place(person.id) {
            Ok(place) => self.by_id[place],
            Err(place) => {
                let at = self.people.len() as At;
                self.people.push(person.id);
                self.by_id.insert(place, at);
                self.rows.push(Row::nobody());
                at
            }
        };
        let was = self.rows[at as usize];
        let skills = self.numbered_skills(at, was, person);
        let hours: Vec<Stretch> = person.hours.iter().filter_map(|(day, from, to)| stretch(*day, *from, *to)).collect();
        let done = self.numbered_words(person);
        let row = Row {
            languages: person.languages.iter().filter_map(|code| tongue_bit(code)).fold(0, |bits, bit| bits | 1 << bit),
            skills: self.skills.put(was.skills, &skills),
            hours: self.hours.put(was.hours, &hours),
            done: self.done.put(was.done, &done),
            not_now_until: person.not_now_until.map_or(0, minutes),
            changed_at: minutes(person.changed_at),
            usual_reply: person
                .usual_reply_minutes
                .map_or(u16::MAX, |m| u16::try_from((m / 10).max(0)).map_or(u16::MAX - 1, |r| r.min(u16::MAX - 1))),
            zone: self.zone(&person.zone),
            roles: Roles(person.roles.iter().fold(0, |bits, role| bits | Roles::of(*role).0)),
            places_left: u8::try_from((person.capacity - person.guiding).clamp(0, 255)).unwrap_or_default(),
            country: country_number(&person.country),
            style: person.style.map(|s| s.and_then(|v| u8::try_from(v).ok()).unwrap_or(u8::MAX)),
            fee: person.fee,
            gone: person.gone,
            values: person.values,
        };
        self.rows[at as usize] = row;
        let items = if person.gone { Vec::new() } else { person.meanings.clone() };
        self.forget_what_they_wrote(at);
        items.iter().take(MOST_ITEMS).for_each(|item| self.common.add(item));
        self.meanings.put(at, &Entry { languages: row.languages, items, ..Entry::default() });
        if let Some(doc) = person.doc.and_then(|d| usize::try_from(d).ok()) {
            if self.docs.len() <= doc {
                self.docs.resize(doc + 1, 0);
            }
            self.docs[doc] = at + 1;
        }
        self.close_holes();
    }

    /// Whoever is no longer in the database at all.
    pub fn remove(&mut self, id: PersonId) {
        if let Some(at) = self.at(id) {
            let was = self.rows[at as usize];
            self.lead_away(at, was);
            self.forget_what_they_wrote(at);
            self.rows[at as usize] = Row { gone: true, skills: Span::default(), ..was };
        }
    }

    fn forget_what_they_wrote(&mut self, at: At) {
        self.meanings.items(at).iter().for_each(|item| self.common.remove(item));
        self.meanings.remove(at);
    }

    fn place(&self, id: uuid::Uuid) -> Result<usize, usize> {
        match self.by_id.last() {
            Some(last) if self.people[*last as usize] < id => Err(self.by_id.len()),
            _ => self.by_id.binary_search_by(|at| self.people[*at as usize].cmp(&id)),
        }
    }

    fn numbered_skills(&mut self, at: At, was: Row, person: &Person) -> Vec<(SkillAt, u8)> {
        self.lead_away(at, was);
        let mut skills = Vec::with_capacity(person.skills.len());
        // Who is gone leads nowhere.
        for (id, level) in person.skills.iter().filter(|_| !person.gone) {
            let Ok(skill) = SkillAt::try_from(self.skill_names.number(id)) else { continue };
            if self.offered.len() <= usize::from(skill) {
                self.offered.resize_with(usize::from(skill) + 1, Vec::new);
            }
            while self.skill_meanings.len() <= usize::from(skill) {
                let name = &self.skill_names.names[self.skill_meanings.len()];
                self.skill_meanings.push(Table::shipped().vector(name));
            }
            let people = &mut self.offered[usize::from(skill)];
            if let Err(place) = people.binary_search(&at) {
                people.insert(place, at);
                skills.push((skill, u8::try_from(*level).unwrap_or(1)));
            }
        }
        skills
    }

    fn lead_away(&mut self, at: At, was: Row) {
        for (skill, _) in self.skills.of(was.skills) {
            let people = &mut self.offered[usize::from(*skill)];
            if let Ok(place) = people.binary_search(&at) {
                people.remove(place);
            }
        }
    }

    fn numbered_words(&mut self, person: &Person) -> Vec<u32> {
        let mut done = Vec::new();
        for line in &person.done {
            for (text, place) in [(&line.moved_into, DoneIn::Into), (&line.moved_from, DoneIn::From), (&line.words, DoneIn::Words)] {
                for stem in stems(text) {
                    done.push(self.words.number(&stem) << 2 | place as u32);
                }
            }
        }
        done.sort_unstable();
        done.dedup();
        done
    }

    fn zone(&mut self, name: &str) -> u16 {
        let at = self.zone_names.number(name);
        if at as usize == self.zones.len() {
            self.zones.push(TimeZone::get(name).unwrap_or(TimeZone::UTC));
        }
        u16::try_from(at).unwrap_or_default()
    }

    fn close_holes(&mut self) {
        if self.skills.is_mostly_holes() {
            self.skills = self.skills.closed(self.rows.iter_mut().map(|r| &mut r.skills));
        }
        if self.hours.is_mostly_holes() {
            self.hours = self.hours.closed(self.rows.iter_mut().map(|r| &mut r.hours));
        }
        if self.done.is_mostly_holes() {
            self.done = self.done.closed(self.rows.iter_mut().map(|r| &mut r.done));
        }
    }

    /// How far each zone is from UTC at this moment, in quarters of an hour, by the zone's number.
    pub fn offsets(&self, now: Timestamp) -> Offsets {
        Offsets(self.zones.iter().map(|zone| quarters_from_utc(zone, now)).collect())
    }

    /// How many quarters of the week someone and a week of somebody else's have in common.
    pub fn overlap(&self, row: &Row, offsets: &Offsets, week: &Week) -> u16 {
        let offset = offsets.0.get(usize::from(row.zone)).copied().unwrap_or_default();
        self.hours.of(row.hours).iter().map(|stretch| week.within(*stretch, offset)).sum()
    }

    /// Whether they have a place for one more person, and an hour of theirs begins within so many minutes of now, once
    /// their “not now” is over.
    pub fn is_free_within(&self, row: &Row, offsets: &Offsets, now_minutes: u32, within: u32) -> bool {
        if row.gone || row.places_left == 0 {
            return false;
        }
        let from = now_minutes.max(row.not_now_until);
        let until = now_minutes.saturating_add(within);
        if from >= until {
            return false;
        }
        // Every hour of theirs begins within a week.
        if until - from >= u32::from(WEEK) * 15 {
            return row.hours.len > 0;
        }
        let offset = offsets.0.get(usize::from(row.zone)).copied().unwrap_or_default();
        self.hours.of(row.hours).iter().any(|stretch| minutes_until(in_utc(stretch.from, offset), from) < until - from)
    }

    /// Bytes that this takes, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        self.people.capacity() * 16
            + self.by_id.capacity() * 4
            + self.rows.capacity() * size_of::<Row>()
            + self.docs.capacity() * 4
            + self.skills.bytes()
            + self.hours.bytes()
            + self.done.bytes()
            + self.words.bytes()
            + self.skill_names.bytes()
            + self.skill_meanings.len() * size_of::<Vector>()
            + self.meanings.bytes()
            + self.offered.iter().map(|people| people.capacity() * 4 + 24).sum::<usize>()
    }

    /// After many were taken in: gives back what was only room to grow.
    pub fn settle(&mut self) {
        self.meanings.settle();
        self.people.shrink_to_fit();
        self.by_id.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.docs.shrink_to_fit();
        self.skills.items.shrink_to_fit();
        self.hours.items.shrink_to_fit();
        self.done.items.shrink_to_fit();
        self.offered.iter_mut().for_each(Vec::shrink_to_fit);
    }
}

impl Row {
    fn nobody() -> Self {
        Self {
            languages: 0,
            skills: Span::default(),
            hours: Span::default(),
            done: Span::default(),
            not_now_until: 0,
            changed_at: 0,
            usual_reply: u16::MAX,
            zone: 0,
            roles: Roles::default(),
            places_left: 0,
            country: NO_COUNTRY,
            style: [u8::MAX; 3],
            fee: false,
            gone: true,
            values: ValueBits::default(),
        }
    }
}

pub struct Offsets(Vec<i16>);

/// Somebody's free quarters of the week in UTC, as running sums, so that any stretch is two look-ups.
#[derive(Debug, Clone)]
pub struct Week {
    /// Free quarters before each quarter of two weeks.
    before: Box<[u16]>,
}

impl Week {
    /// From hours by the wall clock of a zone, as that zone stands now.
    pub fn of(hours: &[(i64, i64, i64)], zone: &TimeZone, now: Timestamp) -> Self {
        let offset = quarters_from_utc(zone, now);
        let mut free = [false; WEEK as usize];
        for (day, from, to) in hours {
            let Some(stretch) = stretch(*day, *from, *to) else { continue };
            for quarter in stretch.from..stretch.to {
                free[usize::from(in_utc(quarter, offset))] = true;
            }
        }
        let mut before = Vec::with_capacity(2 * usize::from(WEEK) + 1);
        let mut sum = 0;
        before.push(0);
        for quarter in 0..2 * usize::from(WEEK) {
            sum += u16::from(free[quarter % usize::from(WEEK)]);
            before.push(sum);
        }
        Self { before: before.into() }
    }
    pub fn is_empty(&self) -> bool {
        self.before.last().is_none_or(|all| *all == 0)
    }
    fn within(&self, stretch: Stretch, offset: i16) -> u16 {
        let from = usize::from(in_utc(stretch.from, offset));
        self.before[from + usize::from(stretch.to - stretch.from)] - self.before[from]
    }
}

fn in_utc(quarter: u16, offset: i16) -> u16 {
    (i32::from(quarter) - i32::from(offset)).rem_euclid(i32::from(WEEK)) as u16
}

/// Minutes from a moment to when a quarter of the week begins next.
fn minutes_until(quarter: u16, moment: u32) -> u32 {
    // 1970 began on a Thursday, weeks here on Monday.
    const THURSDAY: u64 = 3 * 24 * 60;
    const WEEK_MINUTES: u64 = WEEK as u64 * 15;
    let in_week = (u64::from(moment) + THURSDAY) % WEEK_MINUTES;
    let wait = (u64::from(quarter) * 15 + WEEK_MINUTES - in_week) % WEEK_MINUTES;
    wait as u32
}

fn quarters_from_utc(zone: &TimeZone, now: Timestamp) -> i16 {
    i16::try_from(zone.to_offset(now.jiff()).seconds() / 900).unwrap_or_default()
}

/// Whole quarters inside a stretch of a day.
fn stretch(weekday: i64, from: i64, to: i64) -> Option<Stretch> {
    let day = (1..=7).contains(&weekday).then(|| (weekday - 1) * 96)?;
    let (from, to) = ((from.max(0) + 14) / 15, to.min(1440) / 15);
    (from < to).then_some(Stretch { from: (day + from) as u16, to: (day + to) as u16 })
}

pub fn minutes(micros: i64) -> u32 {
    u32::try_from((micros / 60_000_000).max(0)).unwrap_or(u32::MAX)
}

/// The bit of a language; none for one that we have no name for.
pub fn tongue_bit(code: &str) -> Option<u32> {
    let code = code.split(['-', '_']).next()?;
    let at = crate::people::tongues::tongues().iter().position(|t| t.code.eq_ignore_ascii_case(code))?;
    u32::try_from(at).ok().filter(|at| *at < 128)
}

fn country_number(code: &str) -> u8 {
    let at = crate::people::places::countries().iter().position(|c| c.code == code);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(NO_COUNTRY)
}

/// The words of a text as far as they tell what somebody did: without small words, and without their endings, so that
/// a teacher has done teaching.
pub fn stems(text: &str) -> impl Iterator<Item = String> {
    super::search::words(text).filter(|w| !super::search::is_filler(w) && !TELLS_NOTHING.contains(&w.as_str())).map(|w| stem(&w).to_owned())
}

const TELLS_NOTHING: [&str; 34] = [
    "first", "own", "real", "thing", "things", "time", "times", "year", "years", "new", "job", "jobs", "done", "finish", "without",
    "before", "after", "three", "two", "one", "back", "came", "led", "through", "some", "learnt", "asked", "enough", "needs", "day", "out",
    "whether", "suits", "break",
];

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> Person {
        Person { id: Uuid::from_u128(n), capacity: 1, roles: vec![OpenTo::Mentor], zone: "UTC".into(), ..Person::default() }
    }

    #[test]
    fn a_row_fits_a_line_of_the_cache() {
        assert!(size_of::<Row>() <= 64, "{}", size_of::<Row>());
    }

    #[test]
    fn everyone_is_found_again_whatever_order_they_come_in() {
        let mut index = Index::new();
        for n in [5, 9, 2, 7, 100, 1] {
            index.put(&Person { skills: vec![("react".into(), 3)], ..person(n) });
        }
        for n in [1, 2, 5, 7, 9, 100] {
            let at = index.at(PersonId(Uuid::from_u128(n))).unwrap();
            assert_eq!(index.id(at).0.as_u128(), n);
        }
        assert_eq!(index.offering(index.skill("react").unwrap()).len(), 6);
        assert_eq!(index.at(PersonId(Uuid::from_u128(3))), None);
    }

    #[test]
    fn a_change_takes_the_place_of_what_was() {
        let mut index = Index::new();
        let skills = |names: &[&str]| names.iter().map(|n| ((*n).to_owned(), 3)).collect::<Vec<_>>();
        for n in 0..200 {
            index.put(&Person { skills: skills(&["a", "b"]), ..person(n) });
        }
        for round in 0..200 {
            for n in 0..200 {
                let now = if (n + round) % 2 == 0 { skills(&["a", "b", "c", "d"]) } else { skills(&["e"]) };
                index.put(&Person { skills: now, doc: Some(n as i64 + 1), ..person(n) });
            }
        }
        let leads = |skill: &str| index.offering(index.skill(skill).unwrap()).len();
        assert_eq!((leads("a"), leads("c"), leads("e")), (100, 100, 100));
        assert!(index.skills.items.len() < 40_000, "holes are closed: {}", index.skills.items.len());
        let at = index.of_doc(7).unwrap();
        assert_eq!(index.id(at).0.as_u128(), 6);
        index.remove(index.id(at));
        assert!(index.row(at).open_to(0).is_empty());
    }

    #[test]
    fn who_can_be_asked_for_what() {
        use OpenTo::*;
        for (roles, capacity, guiding, not_now, gone, open) in [
            (vec![Mentor, Question], 2, 1, None, false, vec![Mentor, Question]),
            (vec![Mentor, Question], 2, 2, None, false, vec![Question]),
            (vec![Mentor], 2, 2, None, false, vec![]),
            (vec![Mentor, Question], 2, 0, Some(600_000_000), false, vec![]),
            (vec![Mentor, Question], 2, 0, Some(240_000_000), false, vec![Mentor, Question]),
            (vec![Mentor], 2, 0, None, true, vec![]),
            (vec![], 2, 0, None, false, vec![]),
        ] {
            let mut index = Index::new();
            index.put(&Person { roles, capacity, guiding, not_now_until: not_now, gone, ..person(1) });
            let is = index.row(0).open_to(5);
            for role in OpenTo::ALL {
                assert_eq!(is.has(*role), open.contains(role), "{role} of {open:?}");
            }
        }
    }

    #[test]
    fn free_soon_is_a_place_and_an_hour_after_not_now_is_over() {
        // Sunday 22 November 2026, noon; the only hour is Monday 09:00 to 10:00 in UTC.
        let now = Timestamp::from("2026-11-22T12:00:00Z".parse::<jiff::Timestamp>().unwrap());
        const DAY: i64 = 24 * 60 * 60 * 1_000_000;
        let base = || Person { hours: vec![(1, 540, 600)], ..person(1) };
        let after = |micros: i64| Some(now.as_micros() + micros);
        for (what, person, days, free) in [
            ("tomorrow", base(), 1, true),
            ("no hours said", Person { hours: vec![], ..base() }, 14, false),
            ("full", Person { guiding: 1, ..base() }, 14, false),
            ("gone", Person { gone: true, ..base() }, 14, false),
            ("not now ended yesterday", Person { not_now_until: after(-DAY), ..base() }, 14, true),
            ("back in five days, before a Monday within reach", Person { not_now_until: after(5 * DAY), ..base() }, 14, true),
            ("back after the last Monday within reach", Person { not_now_until: after(9 * DAY), ..base() }, 14, false),
            ("back in three weeks", Person { not_now_until: after(21 * DAY), ..base() }, 14, false),
            ("Monday is tomorrow, but not within an hour", base(), 0, false),
            ("09:00 in Auckland is still today", Person { zone: "Pacific/Auckland".into(), ..base() }, 1, true),
        ] {
            let mut index = Index::new();
            index.put(&person);
            let within = if days == 0 { 60 } else { days * 24 * 60 };
            assert_eq!(index.is_free_within(index.row(0), &index.offsets(now), minutes(now.as_micros()), within), free, "{what}");
        }
    }

    #[test]
    fn hours_meet_across_zones_and_around_the_week() {
        let at = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().unwrap());
        let zone = |name: &str| TimeZone::get(name).unwrap();
        for (theirs, their_zone, mine, my_zone, now, quarters) in [
            // 18:00 to 20:00 in Prague is 17:00 to 19:00 in Lisbon.
            ((2, 1080, 1200), "Europe/Prague", (2, 1080, 1200), "Europe/Lisbon", "2026-11-22T00:00:00Z", 4),
            // Monday 00:00 to 02:00 in Tokyo is Sunday afternoon in Lisbon.
            ((1, 0, 120), "Asia/Tokyo", (7, 900, 1020), "Europe/Lisbon", "2026-11-22T00:00:00Z", 8),
            // Sunday 23:00 to 24:00 in New York is Monday 04:00 UTC, and 03:00 in summer.
            ((7, 1380, 1440), "America/New_York", (1, 240, 300), "UTC", "2026-11-22T00:00:00Z", 4),
            ((7, 1380, 1440), "America/New_York", (1, 180, 240), "UTC", "2026-07-22T00:00:00Z", 4),
            // A quarter that is only begun does not count.
            ((3, 605, 640), "UTC", (3, 600, 660), "UTC", "2026-11-22T00:00:00Z", 1),
            ((3, 600, 660), "Asia/Kathmandu", (3, 255, 315), "UTC", "2026-11-22T00:00:00Z", 4),
        ] {
            let mut index = Index::new();
            index.put(&Person { hours: vec![theirs], zone: their_zone.into(), ..person(1) });
            let now = at(now);
            let week = Week::of(&[mine], &zone(my_zone), now);
            assert_eq!(index.overlap(index.row(0), &index.offsets(now), &week), quarters, "{theirs:?} {their_zone}");
        }
        assert!(Week::of(&[], &TimeZone::UTC, at("2026-11-22T00:00:00Z")).is_empty());
    }

    #[test]
    fn a_teacher_has_done_teaching() {
        let stems = |text: &str| stems(text).collect::<Vec<_>>();
        assert_eq!(stems("teaching"), stems("a teacher"));
        assert_eq!(stems("managers"), stems("management"));
        assert_eq!(stems("data"), ["data"]);
        assert_eq!(stems("led a team for the first time"), Vec::<String>::new());
    }
}
