//! Who comes first, and who is counted: a score from 0 to 10,000 in whole numbers, the sum of contributions that the page
//! can name ([`chiron_recommend::score`]). Pure.
//!
//! The weights are judgement, written down so that they can be argued with: to know the skill is worth most; then to
//! be open to the kind of help, to have made the same way, to understand each other, to have time at the same time,
//! to come near in meaning, to answer soon; to hold the same things high counts a little, where both let it. Which terms take part is the wish's doing, so that everyone is measured by
//! the same. Who comes near by meaning only stands behind everyone whose skills or words fit. Equal scores: whoever
//! has been here longer.

use super::about::About;
use super::index::{At, DoneIn, Index, Offsets, Roles, Row, SkillAt, Week};
use crate::people::tongues::tongues;
use crate::people::{OpenTo, ValueBits};
use crate::skills::{Graph, Skill, Slot};
use chiron_recommend::score::{self, Direction, FULL};
use chiron_recommend::terms;
use std::cmp::Reverse;

/// How much each term counts beside the others. To know a wanted skill exactly and as well as hoped for:
const SKILL: u16 = 400;
/// Twice, because to be open to something else is worth half, and to answer single questions only is worth nothing.
const ROLE: u16 = 180;
const MADE_THE_WAY: u16 = 120;
const SHARED_LANGUAGE: u16 = 40;
/// For each wished-for way of working.
const WAY_OF_WORKING: u16 = 20;
const SAYS_THE_WORDS: u16 = 60;
/// Less than lies between knowing a skill well and knowing what is around it, so that likeness does not outrank it.
const COMES_NEAR: u16 = 140;
const COMMON_TIME: u16 = 64;
const ANSWERS_SOON: u16 = 40;
const FRESH: u16 = 10;
/// At most half of it apart, since nobody is below the middle: less than lies between two levels of a wanted skill.
const VALUES: u16 = 40;
/// Whoever fits by a skill or a word is ahead of all who only come near by meaning.
const AHEAD: i32 = 20_000;
/// A skill fits when it is the wanted one, inside it or right around it. One that is only related or stands beside it is
/// a likeness like any other: “selling online” for “pricing” says no more than a headline that says “freelance”.
const FITS: u8 = 55;
/// An hour in common counts as time in common.
pub const AN_HOUR: u16 = 4;
/// “Free in the next 14 days”, in minutes.
const SOON: u32 = 14 * 24 * 60;
const MONTH: u32 = 30 * 24 * 60;
/// So many are scored in full before anybody else, for each one that is asked for.
const FIRST_LOOK: usize = 4;

/// A skill that is wanted.
#[derive(Debug, Clone)]
pub struct Want {
    /// How near each skill of the index is, 0 to 100.
    pub near: Vec<u8>,
    /// Levels from 1 to 5, when they were said.
    pub present: Option<i64>,
    pub target: Option<i64>,
}

impl Want {
    /// Of a hundred: how far somebody's skills serve this wish.
    pub fn served(&self, skills: &[(SkillAt, u8)]) -> (i32, Option<SkillAt>) {
        let mut best = (0, None);
        for (skill, level) in skills {
            let near = i32::from(self.near.get(usize::from(*skill)).copied().unwrap_or_default());
            let worth = near * i32::from(self.wanted().worth(*level)) / 100;
            if worth > best.0 {
                best = (worth, Some(*skill));
            }
        }
        best
    }

    fn wanted(&self) -> terms::Wanted {
        let level = |said: Option<i64>| said.and_then(|level| u8::try_from(level).ok());
        terms::Wanted { skill: 0, present: level(self.present), target: level(self.target) }
    }
}

/// One end of one of the scales of how somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub scale: usize,
    pub high: bool,
    pub value: &'static str,
    /// As a wish, after “Someone who”.
    pub words: &'static str,
}

pub const STYLES: [Style; 6] = [
    Style { scale: 0, high: false, value: "directive", words: "says what they would do" },
    Style { scale: 0, high: true, value: "facilitative", words: "asks until you know" },
    Style { scale: 1, high: false, value: "support", words: "supports first" },
    Style { scale: 1, high: true, value: "challenge", words: "challenges first" },
    Style { scale: 2, high: false, value: "structured", words: "works by a plan" },
    Style { scale: 2, high: true, value: "emergent", words: "takes up what matters today" },
];

impl Style {
    pub fn named(value: &str) -> Option<usize> {
        STYLES.iter().position(|s| s.value == value)
    }
    /// Clearly at this end of the scale; who did not say is at neither.
    pub fn fits(&self, sliders: [u8; 3]) -> bool {
        match sliders[self.scale] {
            0..=35 => !self.high,
            65..=100 => self.high,
            _ => false,
        }
    }
}

/// Filters, each a question of the page. Several answers of one question widen it, except where more can be true of
/// one person and is asked for together: skills, ways of working, time.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Each chosen skill, as whether a skill of the index counts for it: itself and all that lies inside it.
    pub skills: Vec<Vec<bool>>,
    pub languages: u128,
    pub countries: Vec<u8>,
    pub roles: Roles,
    /// Places in `STYLES`.
    pub styles: Vec<usize>,
    pub no_fee: bool,
    pub with_fee: bool,
    pub common_hour: bool,
    pub free_soon: bool,
}

/// Somebody's wish, as far as the index can serve it.
#[derive(Debug, Default)]
pub struct Wish {
    pub viewer: Option<At>,
    /// Those who are never offered to whoever looks.
    pub apart_from: Vec<At>,
    pub now_minutes: u32,
    pub wants: Vec<Want>,
    /// Words of what they want to have done.
    pub way: Vec<u32>,
    /// The languages of whoever looks.
    pub spoken: u128,
    /// One of these must be spoken.
    pub must_speak: u128,
    /// One of these countries, when there is one.
    pub must_live: Vec<u8>,
    /// Whether one of the last two is enough.
    pub either_will_do: bool,
    pub role: Option<OpenTo>,
    /// Places in `STYLES`.
    pub ways_of_working: Vec<usize>,
    pub week: Option<Week>,
    /// The card of whoever looks, when it counts; without it values are no term at all.
    pub values: ValueBits,
    /// Who has the words that were typed.
    pub says: Option<Bits>,
    /// Who has the last of them whole, ahead of those who have a word that only begins so: “Lea” is Lea before she who learns.
    pub says_whole: Option<Bits>,
    /// What it is about.
    pub about: Option<About>,
    /// When fewer than this fit by skills and words, those who come near by meaning are taken in, behind them.
    pub least_fitting: u32,
    /// Whether nobody else is wanted.
    pub only_who_says: bool,
    pub filters: Filters,
    /// How many of the best are asked for.
    pub most: usize,
}

/// A set of people.
#[derive(Debug, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn none(people: usize) -> Self {
        Self(vec![0; people.div_ceil(64)])
    }
    pub fn all(people: usize) -> Self {
        let mut bits = Self(vec![u64::MAX; people.div_ceil(64)]);
        if let Some(last) = bits.0.last_mut()
            && !people.is_multiple_of(64)
        {
            *last = (1 << (people % 64)) - 1;
        }
        bits
    }
    pub fn put(&mut self, at: At) {
        if let Some(word) = self.0.get_mut(at as usize / 64) {
            *word |= 1 << (at % 64);
        }
    }
    pub fn has(&self, at: At) -> bool {
        self.0.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
    fn or(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, others)| *word |= others);
        self
    }
    fn iter(&self) -> impl Iterator<Item = At> {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(place as At * 64 + bit)
            })
        })
    }
}

/// Which skills of the graph a skill of the index counts for: itself and everything around it.
#[derive(Debug, Default)]
pub struct Ladder {
    /// By the skill's number in the index, places in the graph.
    counts_for: Vec<Vec<Slot>>,
    graph: usize,
}

impl Ladder {
    /// Linear in the skills that anybody here offers.
    pub fn of(index: &Index, graph: &Graph) -> Self {
        let around = |skill: &Skill| std::iter::once(skill.slot).chain(graph.broader_closure(skill.slot).iter().copied()).collect();
        let known = (0..index.skills_known()).map(|at| graph.by_id(index.skill_id(at as SkillAt)).map_or_else(Vec::new, around));
        Self { counts_for: known.collect(), graph: graph.len() }
    }
    /// Whether each skill of the index counts for this one.
    pub fn inside(&self, skill: Slot) -> Vec<bool> {
        self.counts_for.iter().map(|around| around.contains(&skill)).collect()
    }
}

/// How many of the result would be left by each answer of each question.
#[derive(Debug)]
pub struct Counts {
    /// By a skill's place in the graph.
    pub skills: Vec<u32>,
    /// Who was counted last for each skill, so that nobody with React and Vue.js is two front-end developers.
    last: Vec<At>,
    pub languages: [u32; 128],
    pub countries: Box<[u32; 256]>,
    pub roles: [u32; 4],
    pub styles: [u32; 6],
    pub no_fee: u32,
    pub with_fee: u32,
    pub common_hour: u32,
    pub free_soon: u32,
}

#[derive(Debug)]
pub struct Found {
    pub total: u32,
    /// The best, best first, by their score; that of who fits by a skill or a word is [`AHEAD`].
    pub best: Vec<(i32, At)>,
    pub counts: Counts,
}

impl Found {
    /// The languages that at most half of them speak: what most speak tells nobody apart.
    pub fn rare_languages(&self) -> u128 {
        (0..128).filter(|bit| self.counts.languages[*bit] * 2 <= self.total).fold(0, |all, bit| all | 1 << bit)
    }
}

/// Whether somebody found fits by a skill or a word, and does not only come near by meaning.
pub fn fits(score: i32) -> bool {
    score >= AHEAD
}

/// The score itself, 0 to 10,000.
pub fn plain(score: i32) -> u16 {
    u16::try_from(score % AHEAD).unwrap_or(0)
}

const LANGUAGE: u8 = 1;
const COUNTRY: u8 = 2;
const ROLE_FILTER: u8 = 4;
const FEE: u8 = 8;
/// Questions whose answers narrow each other: nothing is counted for those who fail one.
const NARROW: u8 = 16;

/// Looks at everyone who could serve the wish. Linear in their number, some tens of nanoseconds each.
pub fn look(index: &Index, wish: &Wish, offsets: &Offsets, ladder: &Ladder) -> Found {
    let mut counts = Counts {
        skills: vec![0; ladder.graph],
        last: vec![At::MAX; ladder.graph],
        languages: [0; 128],
        countries: Box::new([0; 256]),
        roles: [0; 4],
        styles: [0; 6],
        no_fee: 0,
        with_fee: 0,
        common_hour: 0,
        free_soon: 0,
    };
    let mut left = Vec::new();
    let fitting = candidates(index, wish, FITS);
    let beside = candidates(index, wish, 1);
    let is_there = |at: At| {
        let open = index.row(at).open_to(wish.now_minutes);
        (wish.viewer != Some(at) && !wish.apart_from.contains(&at) && !open.is_empty() && is_wanted(wish, index.row(at))).then_some(open)
    };
    // Before anything is narrowed, so that an answer of a facet leaves as many as it says.
    let few_fit = wish.least_fitting > 0
        && fitting.iter().filter(|at| is_there(*at).is_some()).take(wish.least_fitting as usize).count() < wish.least_fitting as usize;
    let near =
        wish.about.as_ref().filter(|_| few_fit).map(|about| about.near(index, if wish.either_will_do { 0 } else { wish.must_speak }));
    let near = near.unwrap_or_else(|| Bits::none(index.len()));
    let more = beside.or(&near);
    let more = more.iter().filter(|at| !fitting.has(*at));
    for (at, fits) in fitting.iter().map(|at| (at, true)).chain(more.map(|at| (at, false))) {
        let Some(open) = is_there(at) else { continue };
        let row = index.row(at);
        let time = Time {
            common: wish.week.as_ref().map_or(0, |week| index.overlap(row, offsets, week)),
            free_soon: index.is_free_within(row, offsets, wish.now_minutes, SOON),
        };
        let fails = fails(index, wish, row, open, time);
        if fails == 0 {
            let mut candidate = Candidate { at, open, common: time.common, ahead: ahead(wish, at, fits), bound: 0 };
            candidate.bound = candidate.score(index, wish, FULL);
            left.push(candidate);
        }
        counts.count(index, at, open, time, fails, ladder);
    }
    Found { total: left.len() as u32, best: best(index, wish, left), counts }
}

/// What brings somebody before others whatever their scores: to fit, and to say the very word.
fn ahead(wish: &Wish, at: At, fits: bool) -> i32 {
    let very_word = wish.says_whole.as_ref().is_some_and(|whole| whole.has(at));
    AHEAD * (i32::from(fits) + i32::from(very_word))
}

/// Somebody whom no question rules out.
#[derive(Clone, Copy)]
struct Candidate {
    at: At,
    open: Roles,
    common: u16,
    ahead: i32,
    /// Their score if they meant just what is wished for: no less than their score.
    bound: i32,
}

impl Candidate {
    fn score(&self, index: &Index, wish: &Wish, meaning: u16) -> i32 {
        i32::from(score::total(&direction(index, wish, self, meaning), &Direction::new(), 0)) + self.ahead
    }
}

/// The best, best first. What somebody means is read only of those who could be among them, since it takes longer than all
/// the rest: first of the most promising, then of whoever could still come before the last of those. Exact, because a
/// better fit never lowers a score.
fn best(index: &Index, wish: &Wish, mut left: Vec<Candidate>) -> Vec<(i32, At)> {
    let better = |a: &(i32, At), b: &(i32, At)| b.0.cmp(&a.0).then_with(|| index.id(a.1).cmp(&index.id(b.1)));
    let scored = |candidate: &Candidate| match &wish.about {
        Some(about) => (candidate.score(index, wish, about.fit(index, candidate.at)), candidate.at),
        None => (candidate.bound, candidate.at),
    };
    let first = FIRST_LOOK * wish.most;
    let mut behind = Vec::new();
    if left.len() > first && wish.most > 0 {
        left.select_nth_unstable_by_key(first, |candidate| Reverse(candidate.bound));
        behind = left.split_off(first);
    }
    let mut best: Vec<(i32, At)> = left.iter().map(scored).collect();
    if !behind.is_empty() {
        let (_, least, _) = best.select_nth_unstable_by(wish.most - 1, better);
        let least = least.0;
        best.extend(behind.iter().filter(|candidate| candidate.bound >= least).map(scored));
    }
    if best.len() > wish.most && wish.most > 0 {
        best.select_nth_unstable_by(wish.most - 1, better);
        best.truncate(wish.most);
    }
    best.sort_unstable_by(better);
    best
}

/// Those of whom a skill comes at least so near to a wanted one, or who have the words when no skill is wanted.
fn candidates(index: &Index, wish: &Wish, least: u8) -> Bits {
    if wish.only_who_says {
        return wish.says.clone().unwrap_or_else(|| Bits::none(index.len()));
    }
    if wish.wants.is_empty() {
        return Bits::all(index.len());
    }
    let mut bits = Bits::none(index.len());
    for want in &wish.wants {
        for (skill, near) in want.near.iter().enumerate() {
            if *near >= least {
                index.offering(skill as SkillAt).iter().for_each(|at| bits.put(*at));
            }
        }
    }
    bits
}

fn is_wanted(wish: &Wish, row: &Row) -> bool {
    let speaks = wish.must_speak == 0 || row.languages & wish.must_speak != 0;
    let lives = wish.must_live.is_empty() || wish.must_live.contains(&row.country());
    if wish.either_will_do { speaks || lives } else { speaks && lives }
}

/// When somebody has time, as far as a search asks.
#[derive(Clone, Copy)]
struct Time {
    /// Quarters of an hour in common with whoever looks.
    common: u16,
    free_soon: bool,
}

fn fails(index: &Index, wish: &Wish, row: &Row, open: Roles, time: Time) -> u8 {
    let filters = &wish.filters;
    let mut fails = 0;
    if filters.languages != 0 && row.languages & filters.languages == 0 {
        fails |= LANGUAGE;
    }
    if !filters.countries.is_empty() && !filters.countries.contains(&row.country()) {
        fails |= COUNTRY;
    }
    if !filters.roles.is_empty() && open.0 & filters.roles.0 == 0 {
        fails |= ROLE_FILTER;
    }
    if (filters.no_fee || filters.with_fee) && !(filters.no_fee && !row.fee || filters.with_fee && row.fee) {
        fails |= FEE;
    }
    let has = |chosen: &Vec<bool>| index.skills_of(row).iter().any(|(offered, _)| chosen.get(usize::from(*offered)) == Some(&true));
    if filters.common_hour && time.common < AN_HOUR
        || filters.free_soon && !time.free_soon
        || filters.styles.iter().any(|style| !STYLES[*style].fits(row.style))
        || !filters.skills.iter().all(has)
    {
        fails |= NARROW;
    }
    fails
}

impl Counts {
    /// Someone counts for an answer when everything but its own question lets them in.
    fn count(&mut self, index: &Index, at: At, open: Roles, time: Time, fails: u8, ladder: &Ladder) {
        let row = index.row(at);
        let but = |question: u8| fails & !question == 0;
        if but(LANGUAGE) {
            let mut bits = row.languages;
            while bits != 0 {
                self.languages[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
        }
        if but(COUNTRY) {
            self.countries[usize::from(row.country())] += 1;
        }
        if but(ROLE_FILTER) {
            for (count, role) in self.roles.iter_mut().zip(OpenTo::ALL) {
                *count += u32::from(open.has(*role));
            }
        }
        if but(FEE) {
            *(if row.fee { &mut self.with_fee } else { &mut self.no_fee }) += 1;
        }
        if fails == 0 {
            for (skill, _) in index.skills_of(row) {
                for around in &ladder.counts_for[usize::from(*skill)] {
                    if std::mem::replace(&mut self.last[around.index()], at) != at {
                        self.skills[around.index()] += 1;
                    }
                }
            }
            for (count, style) in self.styles.iter_mut().zip(STYLES) {
                *count += u32::from(style.fits(row.style));
            }
            self.common_hour += u32::from(time.common >= AN_HOUR);
            self.free_soon += u32::from(time.free_soon);
        }
    }
}

/// Everything that counts for one person, with how near they come in meaning. Full fits add up to the best there is for this wish.
fn direction(index: &Index, wish: &Wish, candidate: &Candidate, meaning: u16) -> Direction {
    let Candidate { at, open, common, .. } = *candidate;
    let row = index.row(at);
    let mut direction = Direction::new();
    if !wish.wants.is_empty() {
        let skills = index.skills_of(row);
        let served: i32 = wish.wants.iter().map(|want| want.served(skills).0).sum();
        let fit = served * i32::from(FULL) / (100 * wish.wants.len() as i32);
        direction.add(terms::SKILLS, SKILL, u16::try_from(fit).unwrap_or(0));
    }
    match wish.role {
        Some(role) if open.has(role) => direction.add(terms::ROLE, ROLE, FULL),
        // Someone who only answers a question cannot be what was wished for.
        _ if open == Roles::QUESTION => direction.add(terms::ROLE, ROLE, 0),
        Some(_) => direction.add(terms::ROLE, ROLE, FULL / 2),
        None => direction.add(terms::ROLE, ROLE, FULL),
    }
    if !wish.way.is_empty() {
        direction.add(terms::EXPERIENCE, MADE_THE_WAY, way_made(wish, index, row));
    }
    if wish.about.is_some() {
        direction.add(terms::MEANING, COMES_NEAR, meaning);
    }
    if let Some(says) = &wish.says {
        direction.add(terms::WORDS, SAYS_THE_WORDS, if says.has(at) { FULL } else { 0 });
    }
    if wish.spoken != 0 {
        direction.add(terms::LANGUAGE, SHARED_LANGUAGE, terms::language(wish.spoken, row.languages));
    }
    if wish.week.is_some() {
        direction.add(terms::HOURS, COMMON_TIME, terms::hours(common));
    }
    let ways = wish.ways_of_working.len() as u16;
    if ways > 0 {
        let fitting = wish.ways_of_working.iter().filter(|style| STYLES[**style].fits(row.style)).count() as u16;
        direction.add(terms::STYLE, WAY_OF_WORKING * ways.min(6), fitting * (FULL / ways));
    }
    if !wish.values.is_none() {
        direction.add(terms::VALUES, VALUES, wish.values.fit(row.values));
    }
    let soon = match row.usual_reply_minutes() {
        Some(0..=1_440) => FULL,
        Some(1_441..=2_880) => FULL / 8 * 5,
        Some(2_881..=5_760) => FULL / 4,
        _ => 0,
    };
    direction.add(terms::REPLY, ANSWERS_SOON, soon);
    let fresh = match wish.now_minutes.saturating_sub(row.changed_at) {
        age if age < MONTH => FULL,
        age if age < 3 * MONTH => FULL / 2,
        _ => 0,
    };
    direction.add(terms::FRESH, FRESH, fresh);
    direction
}

fn way_made(wish: &Wish, index: &Index, row: &Row) -> u16 {
    let (mut into, mut said) = (false, 0);
    for (word, place) in index.done_of(row) {
        if wish.way.contains(&word) {
            match place {
                DoneIn::Into => into = true,
                DoneIn::Words => said += 1,
                DoneIn::From => {}
            }
        }
    }
    match (into, said) {
        (true, _) => FULL,
        (_, 2..) => FULL / 2,
        _ => 0,
    }
}

/// The languages of a set, by name.
pub fn names_of(languages: u128) -> Vec<&'static str> {
    tongues().iter().enumerate().filter(|(at, _)| *at < 128 && languages >> at & 1 == 1).map(|(_, tongue)| tongue.name).collect()
}

#[cfg(test)]
mod tests {
    use super::super::about;
    use super::super::index::Person;
    use super::*;
    use chiron_store::Timestamp;
    use uuid::Uuid;

    fn mentor(n: u128) -> Person {
        Person { id: Uuid::from_u128(n), capacity: 1, roles: vec![OpenTo::Mentor], zone: "UTC".into(), ..Person::default() }
    }

    fn index(people: &[Person]) -> Index {
        let mut index = Index::new();
        people.iter().for_each(|p| index.put(p));
        index
    }

    fn wants(index: &Index, skill: &str, present: Option<i64>, target: Option<i64>) -> Want {
        let mut near = vec![0; index.skills_known()];
        near[usize::from(index.skill(skill).unwrap())] = 100;
        Want { near, present, target }
    }

    fn looked(index: &Index, wish: &Wish) -> (Vec<u128>, Found) {
        let found = look(index, wish, &index.offsets(Timestamp::from_micros(0)), &Ladder::of(index, Graph::shipped()));
        (found.best.iter().map(|(_, at)| index.id(*at).0.as_u128()).collect(), found)
    }

    #[test]
    fn one_fact_at_a_time_decides() {
        let skill = |level: i64| vec![("react".to_owned(), level)];
        let base = || Person { skills: skill(4), ..mentor(1) };
        let better: [(&str, Person); 6] = [
            ("knows it better", Person { skills: skill(5), ..mentor(2) }),
            ("shares a language", Person { skills: skill(4), languages: vec!["es".into()], ..mentor(2) }),
            ("answers soon", Person { skills: skill(4), usual_reply_minutes: Some(600), ..mentor(2) }),
            ("has the same hours", Person { skills: skill(4), hours: vec![(2, 1080, 1200)], ..mentor(2) }),
            ("is open to coaching", Person { skills: skill(4), roles: vec![OpenTo::Coach], ..mentor(2) }),
            (
                "has made the way",
                Person {
                    skills: skill(4),
                    done: vec![super::super::index::Done { moved_into: "data".into(), ..Default::default() }],
                    ..mentor(2)
                },
            ),
        ];
        for (what, person) in better {
            let index = index(&[base(), person]);
            let wish = Wish {
                wants: vec![wants(&index, "react", None, None)],
                way: index.word("data").into_iter().collect(),
                spoken: 1 << super::super::index::tongue_bit("es").unwrap(),
                role: Some(OpenTo::Coach),
                week: Some(Week::of(&[(2, 1080, 1200)], &jiff::tz::TimeZone::UTC, Timestamp::from_micros(0))),
                most: 10,
                ..Wish::default()
            };
            assert_eq!(looked(&index, &wish).0, [2, 1], "{what}");
        }
    }

    #[test]
    fn a_goal_wants_somebody_who_is_further_than_its_owner() {
        let level = |n, level| Person { skills: vec![("sql".into(), level)], ..mentor(n) };
        let index = index(&[level(1, 2), level(2, 3), level(3, 5), level(4, 4)]);
        let wish = Wish { wants: vec![wants(&index, "sql", Some(2), Some(4))], most: 10, ..Wish::default() };
        assert_eq!(looked(&index, &wish).0, [3, 4, 2, 1]);
    }

    #[test]
    fn equal_people_come_in_the_order_of_their_ids() {
        let people: Vec<Person> = [7, 3, 9, 1].map(mentor).into();
        let index = index(&people);
        let wish = |most| Wish { most, ..Wish::default() };
        assert_eq!(looked(&index, &wish(10)).0, [1, 3, 7, 9]);
        assert_eq!(looked(&index, &wish(2)).0, [1, 3]);
    }

    #[test]
    fn the_few_best_are_the_first_of_all_in_order() {
        let texts = ["Kubernetes and containers", "running servers", "teaching children", "cooking", "cloud operations", "writing novels"];
        let meanings = about::vectors(&texts.map(str::to_owned));
        let people: Vec<Person> = (0..400u128)
            .map(|n| Person {
                skills: vec![(["react", "sql"][n as usize % 2].to_owned(), 1 + (n * n % 5) as i64)],
                meanings: vec![meanings[(n * 7 % 11 % 6) as usize], meanings[(n / 6 % 6) as usize]],
                usual_reply_minutes: n.is_multiple_of(3).then_some(600),
                ..mentor(1_000 - n)
            })
            .collect();
        let index = index(&people);
        let wish = |most| Wish {
            wants: vec![wants(&index, "react", None, None)],
            about: About::of(["keeping containers running"], &index),
            most,
            ..Wish::default()
        };
        let all = looked(&index, &wish(0)).1.best;
        assert_eq!(all.len(), 200);
        for most in [1, 3, 20, 49, 50, 200, 300] {
            assert_eq!(looked(&index, &wish(most)).1.best, all[..most.min(200)], "{most}");
        }
    }

    #[test]
    fn a_count_says_how_many_an_answer_would_leave() {
        let speaks = |n, languages: &[&str], country: &str| Person {
            languages: languages.iter().map(|l| (*l).to_owned()).collect(),
            country: country.into(),
            ..mentor(n)
        };
        let index = index(&[speaks(1, &["es"], "ES"), speaks(2, &["es", "fr"], "FR"), speaks(3, &["fr"], "FR"), speaks(4, &["de"], "FR")]);
        let bit = |code| super::super::index::tongue_bit(code).unwrap() as usize;
        let france = index.row(1).country();
        let wish = Wish {
            filters: Filters { languages: 1 << bit("es"), countries: vec![france], ..Filters::default() },
            most: 10,
            ..Wish::default()
        };
        let (best, found) = looked(&index, &wish);
        assert_eq!(best, [2]);
        assert_eq!(found.total, 1);
        // With the country kept: Spanish leaves one, French two, German one.
        assert_eq!([bit("es"), bit("fr"), bit("de")].map(|b| found.counts.languages[b]), [1, 2, 1]);
        // With the language kept: Spain leaves one, France one.
        assert_eq!(found.counts.countries[usize::from(index.row(0).country())], 1);
        assert_eq!(found.counts.countries[usize::from(france)], 1);
    }

    #[test]
    fn a_skill_counts_for_all_that_it_lies_inside_and_each_person_once() {
        let knows = |n, skills: &[&str]| Person { skills: skills.iter().map(|s| ((*s).to_owned(), 3)).collect(), ..mentor(n) };
        let index =
            index(&[knows(1, &["react", "vue"]), knows(2, &["frontend"]), knows(3, &["public-speaking"]), knows(4, &["a-word-of-nobody"])]);
        let graph = Graph::shipped();
        let slot = |id: &str| graph.by_id(id).unwrap().slot;
        let ladder = Ladder::of(&index, graph);
        let count = |found: &Found, id: &str| found.counts.skills[slot(id).index()];
        let all = looked(&index, &Wish { most: 10, ..Wish::default() }).1;
        assert_eq!(["react", "vue", "frontend", "web-development", "public-speaking"].map(|id| count(&all, id)), [1, 1, 2, 2, 1]);
        for (chosen, left) in [(vec!["frontend"], vec![1, 2]), (vec!["react"], vec![1]), (vec!["web-development", "vue"], vec![1])] {
            let skills = chosen.iter().map(|id| ladder.inside(slot(id))).collect();
            let wish = Wish { filters: Filters { skills, ..Filters::default() }, most: 10, ..Wish::default() };
            assert_eq!(looked(&index, &wish).0, left, "{chosen:?}");
        }
    }

    #[test]
    fn p21_nobody_without_room_and_not_whoever_looks() {
        let full = Person { guiding: 1, ..mentor(1) };
        let away = Person { not_now_until: Some(i64::MAX), ..mentor(2) };
        let shut = Person { roles: vec![], ..mentor(3) };
        let index = index(&[full, away, shut, mentor(4), mentor(5)]);
        let wish = Wish { viewer: Some(3), now_minutes: 100, most: 10, ..Wish::default() };
        assert_eq!(looked(&index, &wish).0, [5]);
    }

    #[test]
    fn p07_a_way_of_working_is_one_end_of_a_scale() {
        for (sliders, fit) in
            [([10, 50, 255], vec!["directive"]), ([90, 80, 0], vec!["facilitative", "challenge", "structured"]), ([36, 64, 50], vec![])]
        {
            let fits: Vec<&str> = STYLES.iter().filter(|s| s.fits(sliders)).map(|s| s.value).collect();
            assert_eq!(fits, fit, "{sliders:?}");
        }
    }

    #[test]
    fn a_set_holds_what_was_put() {
        let mut bits = Bits::none(130);
        [0, 63, 64, 129, 500].into_iter().for_each(|at| bits.put(at));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(Bits::all(70).iter().count(), 70);
        assert_eq!(Bits::all(64).iter().count(), 64);
    }
}
