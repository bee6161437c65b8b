//! What forbids a pair, rule by rule, for a whole row of mentors at once.

use super::terms::{named, values};
use super::values::Values;
use crate::columns::Column;
use crate::problem::Problem;
use crate::roster::{Directory, Roster, Unclear};
use crate::rules::Rules;
use chiron_recommend::hours::Week;
use chiron_words::fold::fold;
use std::ops::Range;

/// A rule that can forbid a pair, as it is told to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bar {
    Themselves,
    Never,
    OwnManager,
    Again,
    Language,
    Skill,
    Differ(String),
    Agree(String),
    Zone(u32),
    Hours(u32),
    Seniority(i32, i32),
}

impl Bar {
    /// What is so of a mentor who breaks it: "shares no language with them".
    pub fn words(&self) -> String {
        self.said_of(1)
    }

    /// The same of so many mentors: "share no language with them".
    pub fn said_of(&self, mentors: usize) -> String {
        let verb = |one: &'static str, many: &'static str| if mentors == 1 { one } else { many };
        match self {
            Self::Themselves => format!("{} the same person", verb("is", "are")),
            Self::Never => format!("{} not to be paired with them", verb("is", "are")),
            Self::OwnManager => format!("{} them, or {} managed by them", verb("manages", "manage"), verb("is", "are")),
            Self::Again => format!("{} their pair in the previous round", verb("was", "were")),
            Self::Language => format!("{} no language with them", verb("shares", "share")),
            Self::Skill => format!("{} nothing that they want", verb("offers", "offer")),
            Self::Differ(column) => format!("{} the same {column}", verb("has", "have")),
            Self::Agree(column) => format!("{} another {column}", verb("has", "have")),
            Self::Zone(minutes) => format!("{} a clock more than {} hours away", verb("has", "have"), f64::from(*minutes) / 60.0),
            Self::Hours(minutes) => {
                format!("{} less than {} hours a week in common with them", verb("has", "have"), f64::from(*minutes) / 60.0)
            }
            Self::Seniority(..) => format!("{} not stand as many steps above as the rules ask for", verb("does", "do")),
        }
    }

    /// The rule itself: "without the rule that …".
    pub fn rule(&self) -> String {
        match self {
            Self::Themselves => "nobody is paired with themselves".into(),
            Self::Never => "these two are never paired".into(),
            Self::OwnManager => "nobody is mentored by their own manager".into(),
            Self::Again => "no pair is made again".into(),
            Self::Language => "the two share a language".into(),
            Self::Skill => "the mentor offers something that is wanted".into(),
            Self::Differ(column) => format!("the two do not have the same {column}"),
            Self::Agree(column) => format!("the two have the same {column}"),
            Self::Zone(minutes) => format!("clocks are at most {} hours apart", f64::from(*minutes) / 60.0),
            Self::Hours(minutes) => format!("the two have {} hours a week in common", f64::from(*minutes) / 60.0),
            Self::Seniority(..) => "the mentor stands some steps above".into(),
        }
    }

    /// Whether a coordinator could do without it: nobody can be their own mentor, and a veto is a person's own word.
    pub fn can_go(&self) -> bool {
        !matches!(self, Self::Themselves | Self::Never)
    }
}

/// All rules of a round, ready to be asked.
pub struct Bars {
    bars: Vec<(Bar, Test)>,
    locked: Vec<Vec<u32>>,
}

enum Test {
    /// For each mentee the mentors she may not have, ascending.
    Listed(Vec<Vec<u32>>),
    /// Bits of languages, none where nothing was said.
    Languages(Vec<[u128; 2]>, Vec<[u128; 2]>),
    /// For each mentee the mentors who offer something, ascending; nothing for who wants nothing.
    Offering(Vec<Option<Vec<u32>>>, Vec<bool>),
    Values(Values, Values, bool),
    Apart(Vec<Option<i32>>, Vec<Option<i32>>, u32),
    Hours(Vec<Week>, Vec<Week>, u16),
    Steps(Vec<Option<i32>>, Vec<Option<i32>>, i32, i32),
}

impl Bars {
    pub fn new(mentees: &Roster, mentors: &Roster, rules: &Rules, file: &str, previous: &[(u32, u32)], faults: &mut Vec<Problem>) -> Self {
        let mut making =
            Making { mentees, mentors, rules, file, faults, hers: mentees.directory(), his: mentors.directory(), bars: Vec::new() };
        making.named(previous);
        making.shared();
        making.measured();
        let locked = making.locked();
        Self { bars: making.bars, locked }
    }

    /// For each mentor of a stretch the number of the first rule that forbids the pair, from 1; 0 where none does.
    pub fn row(&self, mentee: usize, mentors: Range<usize>, broken: &mut [u16]) {
        broken.fill(0);
        for (number, (_, test)) in (1..).zip(&self.bars) {
            test.row(mentee, mentors.clone(), number, broken);
        }
    }

    pub fn of(&self, number: u16) -> Option<&Bar> {
        self.bars.get(usize::from(number).checked_sub(1)?).map(|(bar, _)| bar)
    }

    pub fn is_locked(&self, mentee: usize, mentor: usize) -> bool {
        !self.locked[mentee].is_empty() && self.locked[mentee].contains(&(mentor as u32))
    }

    /// Every rule by itself: how many mentors it forbids, and whom no other rule forbids.
    pub fn each(&self, mentee: usize, mentors: usize) -> Vec<(&Bar, usize, Vec<u32>)> {
        let mut count = vec![0_u16; mentors];
        let mut rows: Vec<Vec<u16>> = Vec::new();
        for (_, test) in &self.bars {
            let mut broken = vec![0; mentors];
            test.row(mentee, 0..mentors, 1, &mut broken);
            count.iter_mut().zip(&broken).for_each(|(count, broken)| *count += broken);
            rows.push(broken);
        }
        let alone = |row: &[u16]| {
            (0..).zip(row.iter().zip(&count)).filter(|(_, (broken, count))| **broken == 1 && **count == 1).map(|(at, _)| at).collect()
        };
        let told = self.bars.iter().zip(&rows).map(|((bar, _), row)| (bar, row.iter().filter(|broken| **broken == 1).count(), alone(row)));
        told.filter(|(_, all, _)| *all > 0).collect()
    }
}

impl Test {
    /// Writes `number` where this forbids and nothing before did.
    fn row(&self, mentee: usize, mentors: Range<usize>, number: u16, broken: &mut [u16]) {
        let forbid = |place: &mut u16, forbidden: bool| {
            if forbidden && *place == 0 {
                *place = number;
            }
        };
        match self {
            Self::Listed(lists) => {
                let list = &lists[mentee];
                let from = list.partition_point(|at| (*at as usize) < mentors.start);
                for at in list[from..].iter().take_while(|at| (**at as usize) < mentors.end) {
                    forbid(&mut broken[*at as usize - mentors.start], true);
                }
            }
            Self::Languages(hers, his) => {
                let spoken = hers[mentee];
                if spoken != [0, 0] {
                    for (place, other) in broken.iter_mut().zip(&his[mentors]) {
                        forbid(place, (spoken[0] & other[0]) | (spoken[1] & other[1]) == 0 && *other != [0, 0]);
                    }
                }
            }
            Self::Offering(offering, silent) => {
                if let Some(offering) = &offering[mentee] {
                    let mut left = &offering[offering.partition_point(|at| (*at as usize) < mentors.start)..];
                    for (at, place) in mentors.zip(broken) {
                        let offers = left.first() == Some(&(at as u32));
                        if offers {
                            left = &left[1..];
                        }
                        forbid(place, !offers && !silent[at]);
                    }
                }
            }
            Self::Values(hers, his, forbidden) => {
                for (at, place) in mentors.zip(broken) {
                    forbid(place, hers.shared(mentee, his, at) == Some(*forbidden));
                }
            }
            Self::Apart(hers, his, most) => {
                if let Some(here) = hers[mentee] {
                    broken
                        .iter_mut()
                        .zip(&his[mentors])
                        .for_each(|(place, there)| forbid(place, there.is_some_and(|there| apart(here, there) > *most)));
                }
            }
            Self::Hours(hers, his, least) => {
                let week = &hers[mentee];
                if !week.is_empty() {
                    broken
                        .iter_mut()
                        .zip(&his[mentors])
                        .for_each(|(place, other)| forbid(place, week.common(other) < *least && !other.is_empty()));
                }
            }
            Self::Steps(hers, his, least, most) => {
                if let Some(below) = hers[mentee] {
                    let forbidden = |above: &Option<i32>| above.is_some_and(|above| !(*least..=*most).contains(&(above - below)));
                    broken.iter_mut().zip(&his[mentors]).for_each(|(place, above)| forbid(place, forbidden(above)));
                }
            }
        }
    }
}

/// Minutes between two clocks, the shorter way around the world.
fn apart(here: i32, there: i32) -> u32 {
    let apart = here.abs_diff(there);
    apart.min(1_440_u32.abs_diff(apart))
}

struct Making<'a, 'f> {
    mentees: &'a Roster,
    mentors: &'a Roster,
    rules: &'a Rules,
    file: &'a str,
    faults: &'f mut Vec<Problem>,
    hers: Directory,
    his: Directory,
    bars: Vec<(Bar, Test)>,
}

impl Making<'_, '_> {
    fn fault(&mut self, key: &str, sentence: String) {
        self.faults.push(Problem::new(self.file, 0, key, sentence));
    }

    /// Rules about pairs of people who are named.
    fn named(&mut self, previous: &[(u32, u32)]) {
        let must = &self.rules.must;
        let (mut themselves, mut never) = (vec![Vec::new(); self.mentees.people.len()], vec![Vec::new(); self.mentees.people.len()]);
        let (mut managers, mut again) = (never.clone(), never.clone());
        for (i, person) in self.mentees.people.iter().enumerate() {
            themselves[i].extend(self.mentors.people.binary_search_by_key(&person.number, |other| other.number).ok().map(|at| at as u32));
            never[i].extend(person.never.iter().filter_map(|called| self.his.find(called).ok()));
            managers[i].extend(self.his.find(&person.manager).ok());
        }
        for (j, person) in (0..).zip(&self.mentors.people) {
            person.never.iter().filter_map(|called| self.hers.find(called).ok()).for_each(|i| never[i as usize].push(j));
            self.hers.find(&person.manager).into_iter().for_each(|i| managers[i as usize].push(j));
        }
        for (one, other) in &must.never {
            let known = self.pairs_of(one, other);
            if known.is_empty() {
                self.fault("never", format!("“{one}” and “{other}” are not one mentee and one mentor of these sheets."));
            }
            known.into_iter().for_each(|(i, j)| never[i as usize].push(j));
        }
        previous.iter().for_each(|(i, j)| again[*i as usize].push(*j));
        for (bar, lists, holds) in [
            (Bar::Themselves, themselves, true),
            (Bar::Never, never, true),
            (Bar::OwnManager, managers, must.not_own_manager),
            (Bar::Again, again, must.not_again),
        ] {
            if holds && lists.iter().any(|list: &Vec<u32>| !list.is_empty()) {
                let sorted = lists.into_iter().map(|mut list| {
                    list.sort_unstable();
                    list.dedup();
                    list
                });
                self.bars.push((bar, Test::Listed(sorted.collect())));
            }
        }
    }

    /// Two people named without saying who is the mentee.
    fn pairs_of(&self, one: &str, other: &str) -> Vec<(u32, u32)> {
        let pair = |mentee: &str, mentor: &str| Some((self.hers.find(mentee).ok()?, self.his.find(mentor).ok()?));
        pair(one, other).into_iter().chain(pair(other, one)).collect()
    }

    /// Rules about what two people have in common.
    fn shared(&mut self) {
        let must = &self.rules.must;
        if must.share_language && self.have(&[Column::Languages], "share_language") {
            match languages(self.mentees, self.mentors) {
                Some((hers, his)) => self.bars.push((Bar::Language, Test::Languages(hers, his))),
                None => self.fault("share_language", "the sheets name more than 256 languages; is this the right column?".into()),
            }
        }
        if must.share_skill {
            let term = crate::rules::Term { kind: crate::rules::Kind::Skills, weight: 1, serves: crate::rules::Serves::Both, line: 0 };
            match super::Prepared::new(&term, self.mentees, self.mentors) {
                Ok(term) => {
                    let count = self.mentors.people.len();
                    let mut fits = vec![0; count];
                    let mut offering = |i: usize| {
                        term.fits(i, 0..count, &mut fits);
                        (0..).zip(&fits).filter(|(_, fit)| **fit > 0).map(|(at, _)| at).collect()
                    };
                    let wants = |i: &usize| !self.mentees.people[*i].topics.is_empty();
                    let lists = (0..self.mentees.people.len()).map(|i| Some(i).filter(wants).map(&mut offering)).collect();
                    let silent = self.mentors.people.iter().map(|person| person.topics.is_empty()).collect();
                    self.bars.push((Bar::Skill, Test::Offering(lists, silent)));
                }
                Err(lacking) => self.fault("share_skill", lacking),
            }
        }
        for (columns, forbidden, key) in [(&must.differ, true, "differ"), (&must.agree, false, "agree")] {
            for column in columns {
                match values(self.mentees, self.mentors, column) {
                    Ok((hers, his)) => {
                        let bar = if forbidden { Bar::Differ(column.clone()) } else { Bar::Agree(column.clone()) };
                        self.bars.push((bar, Test::Values(hers, his, forbidden)));
                    }
                    Err(lacking) => self.fault(key, lacking),
                }
            }
        }
        // "group" is compared by default, where there is one.
        for column in self.rules.compare.iter().filter(|column| *column != "group") {
            if let Err(lacking) = named(self.mentees, column) {
                self.fault("compare", lacking);
            }
        }
        for column in &must.filled {
            if let (Err(lacking), Err(_)) = (named(self.mentees, column), named(self.mentors, column)) {
                self.fault("filled", lacking);
            }
        }
    }

    /// Rules about hours, clocks and steps.
    fn measured(&mut self) {
        let must = &self.rules.must;
        if let Some(most) = must.zone_minutes
            && self.have(&[Column::Zone, Column::Country], "zone_hours")
        {
            let offsets = |roster: &Roster| roster.people.iter().map(|person| person.offset).collect();
            self.bars.push((Bar::Zone(most), Test::Apart(offsets(self.mentees), offsets(self.mentors), most)));
        }
        if let Some(least) = must.shared_minutes
            && self.have(&[Column::Hours], "shared_hours")
        {
            let weeks = |roster: &Roster| roster.people.iter().map(|person| person.week).collect();
            self.bars.push((Bar::Hours(least), Test::Hours(weeks(self.mentees), weeks(self.mentors), least.div_ceil(15) as u16)));
        }
        if let Some((least, most)) = must.seniority
            && self.have(&[Column::Seniority], "seniority")
        {
            let steps = |roster: &Roster| roster.people.iter().map(|person| person.seniority).collect();
            self.bars.push((Bar::Seniority(least, most), Test::Steps(steps(self.mentees), steps(self.mentors), least, most)));
        }
    }

    /// Whether both sheets have one of the columns a rule needs; a rule that somebody wrote says so when they do not.
    fn have(&mut self, columns: &[Column], key: &str) -> bool {
        let (mentees, mentors) = (self.mentees, self.mentors);
        let lacking = [mentees, mentors].into_iter().find(|roster| !columns.iter().any(|column| roster.has(*column)));
        // The shared language is asked for by default, whatever else a file of rules says.
        if let Some(roster) = lacking.filter(|_| !self.rules.default && key != "share_language") {
            let names: Vec<&str> = columns.iter().map(|column| column.words()).collect();
            self.fault(key, format!("this needs a column with {} in {}, which has none.", names.join(" or "), roster.file));
        }
        lacking.is_none()
    }

    /// The pairs that must be made; each is looked at for rules that forbid it.
    fn locked(&mut self) -> Vec<Vec<u32>> {
        let mut locked = vec![Vec::new(); self.mentees.people.len()];
        for (mentee, mentor) in &self.rules.must.lock {
            let why = |unclear: Unclear, called: &str, side: &str| match unclear {
                Unclear::Nobody => format!("there is no {side} “{called}” in the sheets."),
                Unclear::Several => format!("there are several {side}s called “{called}”; name the address."),
            };
            match (self.hers.find(mentee), self.his.find(mentor)) {
                (Ok(i), Ok(j)) => {
                    let mut broken = [0];
                    for (number, (_, test)) in (1..).zip(&self.bars) {
                        test.row(i as usize, j as usize..j as usize + 1, number, &mut broken);
                    }
                    if let Some((bar, _)) = usize::from(broken[0]).checked_sub(1).and_then(|at| self.bars.get(at)) {
                        let sentence =
                            format!("{mentee} and {mentor} are locked together, and another rule forbids it: {mentor} {}.", bar.words());
                        self.fault("lock", sentence);
                    }
                    locked[i as usize].push(j);
                }
                (Err(unclear), _) => self.fault("lock", why(unclear, mentee, "mentee")),
                (_, Err(unclear)) => self.fault("lock", why(unclear, mentor, "mentor")),
            }
        }
        locked
    }
}

/// Languages as bits; nothing when there are more than fit.
fn languages(mentees: &Roster, mentors: &Roster) -> Option<(Vec<[u128; 2]>, Vec<[u128; 2]>)> {
    let mut known: Vec<String> = Vec::new();
    let mut bits = |roster: &Roster| {
        let mut all = Vec::with_capacity(roster.people.len());
        for person in &roster.people {
            let mut spoken = [0_u128; 2];
            for language in person.languages.iter().map(|language| fold(language)) {
                let at = known.iter().position(|other| *other == language).unwrap_or_else(|| {
                    known.push(language);
                    known.len() - 1
                });
                *spoken.get_mut(at / 128)? |= 1 << (at % 128);
            }
            all.push(spoken);
        }
        Some(all)
    };
    Some((bits(mentees)?, bits(mentors)?))
}
