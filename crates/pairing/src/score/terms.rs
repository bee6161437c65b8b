//! How well one side serves the other in one respect, from 0 to 10,000, for a whole row of mentors at once.

use super::HALF;
use super::values::{Numbers, Values};
use crate::columns::Column;
use crate::roster::{Person, Roster, Topic};
use crate::rules::{Kind, Serves, Term};
use chiron_recommend::hours::Week;
use chiron_recommend::meaning::{Common, Table, Vector};
use chiron_recommend::score::FULL;
use chiron_recommend::terms::{Items, Said, fit_of_likeness};
use chiron_recommend::wording::Rarity;
use chiron_words::fold::fold;
use chiron_words::graph::{Graph, Slot};
use std::collections::HashMap;
use std::ops::Range;

/// Three wishes well served are as good as more: who writes a long list is no harder to serve than who writes a short one.
const ENOUGH_TOPICS: u32 = 3;
/// Of a hundred: a word the graph does not know is never quite as sure as one it does.
const BY_MEANING: u32 = 80;
/// What is less like a goal than this is no reason that one would say aloud.
const A_REASON: u16 = FULL / 4;
/// What each later wish is worth less than the one before it, and the last of them.
const WISH_STEP: u16 = 1_500;
const LAST_WISH: u16 = 2_500;
/// A number that nobody said.
const UNSAID: i32 = i32::MIN;

/// A term with everything looked up that it needs.
pub struct Prepared {
    pub kind: Kind,
    pub weight: u16,
    pub serves: Serves,
    /// Mentees for whom this is no matter at all: they have no wishes.
    silent_mentees: Option<Vec<bool>>,
    /// Mentors likewise.
    pub silent_mentors: Option<Vec<bool>>,
    data: Data,
}

enum Data {
    Skills {
        wanted: Vec<Vec<u32>>,
        best: Vec<Vec<u16>>,
        without: Vec<u32>,
    },
    Goals {
        goals: Vec<Vec<Said>>,
        items: Items,
    },
    Hours {
        mentees: Vec<Week>,
        mentors: Vec<Week>,
        enough: u32,
    },
    /// How many values are shared, of so many that are enough.
    Shared {
        mentees: Values,
        mentors: Values,
        lists: Vec<Vec<u32>>,
        enough: u32,
        without: Vec<u32>,
    },
    Same {
        mentees: Values,
        mentors: Values,
        different: bool,
    },
    /// Full where the numbers are equal, nothing where they are this far apart.
    Near {
        mentees: Vec<i32>,
        mentors: Vec<i32>,
        within: i32,
    },
    Steps {
        mentees: Vec<i32>,
        mentors: Vec<i32>,
        points: Vec<(i32, u16)>,
    },
    /// For each mentee the mentors that were named, or that named her, with what the wish is worth; ascending.
    Wishes {
        named: Vec<Vec<(u32, u16)>>,
    },
}

impl Prepared {
    /// # Errors
    /// A sentence: which column is lacking in which sheet.
    pub fn new(term: &Term, mentees: &Roster, mentors: &Roster) -> Result<Self, String> {
        let mut silent = (None, None);
        let data = match &term.kind {
            Kind::Skills => {
                lacks(mentees, &[Column::Wants, Column::Skills])?;
                lacks(mentors, &[Column::Offers, Column::Skills])?;
                skills(mentees, mentors)
            }
            Kind::Goals => {
                lacks(mentees, &[Column::Goals, Column::Wants, Column::Skills])?;
                lacks(mentors, &[Column::Experience, Column::Goals])?;
                goals(mentees, mentors)
            }
            Kind::Hours { enough } => {
                both(mentees, mentors, &[Column::Hours])?;
                let weeks = |roster: &Roster| roster.people.iter().map(|person| person.week).collect();
                Data::Hours { mentees: weeks(mentees), mentors: weeks(mentors), enough: enough.div_ceil(15).max(1) }
            }
            Kind::Languages => {
                both(mentees, mentors, &[Column::Languages])?;
                shared(mentees, mentors, 1, |person| person.languages.clone())
            }
            Kind::Interests { enough } => {
                both(mentees, mentors, &[Column::Interests])?;
                shared(mentees, mentors, *enough, |person| person.interests.iter().map(|(_, plain)| plain.clone()).collect())
            }
            Kind::Zone { none_at } => {
                both(mentees, mentors, &[Column::Zone, Column::Country])?;
                near(mentees, mentors, *none_at as i32, |_, person| person.offset)
            }
            Kind::Seniority { points } => {
                both(mentees, mentors, &[Column::Seniority])?;
                let steps = |roster: &Roster| roster.people.iter().map(|person| person.seniority.unwrap_or(UNSAID)).collect();
                Data::Steps { mentees: steps(mentees), mentors: steps(mentors), points: points.clone() }
            }
            Kind::MenteeWishes => {
                lacks(mentees, &[Column::Prefers])?;
                silent.0 = Some(mentees.people.iter().map(|person| person.prefers.is_empty()).collect());
                Data::Wishes { named: wishes(mentees, mentors) }
            }
            Kind::MentorWishes => {
                lacks(mentors, &[Column::Prefers])?;
                silent.1 = Some(mentors.people.iter().map(|person| person.prefers.is_empty()).collect());
                Data::Wishes { named: turned(&wishes(mentors, mentees), mentees.people.len()) }
            }
            Kind::Same(column) => same(mentees, mentors, column, false)?,
            Kind::Differ(column) => same(mentees, mentors, column, true)?,
            Kind::Near { column, within } => {
                let number = |roster: &Roster| {
                    let columns = named(roster, column)?;
                    Ok::<_, String>(roster.people.iter().map(|person| hundredths(person, &columns)).collect::<Vec<i32>>())
                };
                Data::Near { mentees: number(mentees)?, mentors: number(mentors)?, within: *within as i32 }
            }
        };
        Ok(Self {
            kind: term.kind.clone(),
            weight: term.weight,
            serves: term.serves,
            silent_mentees: silent.0,
            silent_mentors: silent.1,
            data,
        })
    }

    pub fn mentee_is_silent(&self, mentee: usize) -> bool {
        self.silent_mentees.as_ref().is_some_and(|silent| silent[mentee])
    }

    /// The fits of a mentee with a stretch of the mentors.
    pub fn fits(&self, mentee: usize, mentors: Range<usize>, fits: &mut [u16]) {
        match &self.data {
            Data::Skills { wanted, best, without } => {
                let wanted = &wanted[mentee];
                if wanted.is_empty() {
                    return fits.fill(HALF);
                }
                let enough = (wanted.len() as u32).min(ENOUGH_TOPICS);
                let mut sums = vec![0_u32; fits.len()];
                for topic in wanted {
                    sums.iter_mut().zip(&best[*topic as usize][mentors.clone()]).for_each(|(sum, fit)| *sum += u32::from(*fit));
                }
                for (fit, sum) in fits.iter_mut().zip(sums) {
                    *fit = (sum / enough).min(u32::from(FULL)) as u16;
                }
                half(without, mentors, fits);
            }
            Data::Goals { goals, items } => {
                fits.iter_mut().zip(items.about(&goals[mentee], mentors)).for_each(|(fit, about)| *fit = about.unwrap_or(HALF));
            }
            Data::Hours { mentees, mentors: weeks, enough } => {
                let week = &mentees[mentee];
                let silent = week.is_empty();
                for (fit, other) in fits.iter_mut().zip(&weeks[mentors]) {
                    let common = u32::from(week.common(other)).min(*enough);
                    let fitting = (common * u32::from(FULL) / enough) as u16;
                    *fit = if common == 0 && (silent || other.is_empty()) { HALF } else { fitting };
                }
            }
            Data::Shared { mentees, lists, enough, without, .. } => {
                if mentees.is_silent(mentee) {
                    return fits.fill(HALF);
                }
                fits.fill(0);
                for value in mentees.set(mentee) {
                    each_in(&lists[*value as usize], mentors.clone(), |at| fits[at] += 1);
                }
                fits.iter_mut().for_each(|fit| *fit = (u32::from(*fit).min(*enough) * u32::from(FULL) / enough) as u16);
                half(without, mentors, fits);
            }
            Data::Same { mentees, mentors: others, different } => {
                for (at, fit) in mentors.zip(fits) {
                    *fit = mentees.shared(mentee, others, at).map_or(HALF, |shared| if shared != *different { FULL } else { 0 });
                }
            }
            Data::Near { mentees, mentors: others, within } => {
                let number = mentees[mentee];
                for (fit, other) in fits.iter_mut().zip(&others[mentors]) {
                    let apart = i64::from(number.abs_diff(*other)).min(i64::from(*within));
                    let near = (i64::from(*within) - apart) * i64::from(FULL) / i64::from(*within).max(1);
                    *fit = if number == UNSAID || *other == UNSAID { HALF } else { near as u16 };
                }
            }
            Data::Steps { mentees, mentors: others, points } => {
                let number = mentees[mentee];
                for (fit, other) in fits.iter_mut().zip(&others[mentors]) {
                    *fit = if number == UNSAID || *other == UNSAID { HALF } else { worth(points, other - number) };
                }
            }
            Data::Wishes { named } => {
                fits.fill(0);
                let named = &named[mentee];
                let from = named.partition_point(|(at, _)| (*at as usize) < mentors.start);
                for (at, worth) in named[from..].iter().take_while(|(at, _)| (*at as usize) < mentors.end) {
                    fits[*at as usize - mentors.start] = *worth;
                }
            }
        }
    }

    /// Whether one of the two said nothing about it.
    pub fn unsaid(&self, mentee: usize, mentor: usize) -> bool {
        match &self.data {
            Data::Skills { wanted, without, .. } => wanted[mentee].is_empty() || without.binary_search(&(mentor as u32)).is_ok(),
            Data::Goals { goals, items } => goals[mentee].is_empty() || items.are_none(mentor),
            Data::Hours { mentees, mentors, .. } => mentees[mentee].is_empty() || mentors[mentor].is_empty(),
            Data::Shared { mentees, mentors, .. } | Data::Same { mentees, mentors, .. } => {
                mentees.is_silent(mentee) || mentors.is_silent(mentor)
            }
            Data::Near { mentees, mentors, .. } | Data::Steps { mentees, mentors, .. } => {
                mentees[mentee] == UNSAID || mentors[mentor] == UNSAID
            }
            Data::Wishes { .. } => false,
        }
    }

    /// What it is that fits, in words.
    pub fn words(&self, mentee: &Person, mentor: &Person, i: usize, j: usize) -> String {
        match &self.data {
            Data::Skills { wanted, best, .. } => {
                let served = wanted[i].iter().zip(&mentee.topics).filter(|(topic, _)| best[**topic as usize][j] >= HALF);
                let names: Vec<&str> = served.map(|(_, topic)| topic.name()).take(3).collect();
                if !names.is_empty() {
                    return listed(&names);
                }
                let near = wanted[i].iter().zip(&mentee.topics).map(|(topic, named)| (best[*topic as usize][j], named));
                let near = near.filter(|(fit, _)| *fit > 0).max_by_key(|(fit, _)| *fit);
                near.map_or_else(String::new, |(_, topic)| format!("something near to {}", topic.name()))
            }
            Data::Goals { goals, items } => {
                let about = items.about(&goals[i], j..j + 1).first().copied().flatten().filter(|fit| *fit >= A_REASON);
                about.and_then(|_| items.nearest(&goals[i], j)).and_then(|at| mentor.texts.get(at)).cloned().unwrap_or_default()
            }
            Data::Hours { mentees, mentors, .. } => match mentees[i].common(&mentors[j]) {
                0 => String::new(),
                common => format!("{} a week", hours(common)),
            },
            Data::Shared { .. } if self.kind == Kind::Languages => {
                let shared: Vec<&str> =
                    mentee.languages.iter().filter(|code| mentor.languages.contains(code)).map(|code| tongue(code)).collect();
                listed(&shared)
            }
            Data::Shared { .. } => {
                let shared = mentee.interests.iter().filter(|(_, plain)| mentor.interests.iter().any(|(_, other)| other == plain));
                listed(&shared.map(|(interest, _)| interest.as_str()).take(3).collect::<Vec<_>>())
            }
            Data::Steps { mentees, mentors, .. } if !self.unsaid(i, j) => match mentors[j] - mentees[i] {
                1 => "one step above".into(),
                0 => "on the same step".into(),
                steps if steps > 0 => format!("{steps} steps above"),
                steps => format!("{} below", -steps),
            },
            Data::Wishes { named } => match named[i].iter().find(|(at, _)| *at as usize == j) {
                Some((_, FULL)) => "first wish".into(),
                Some((_, worth)) if *worth > LAST_WISH => format!("wish {}", 1 + (FULL - worth) / WISH_STEP),
                Some(_) => "a later wish".into(),
                None => String::new(),
            },
            _ => String::new(),
        }
    }
}

fn lacks(roster: &Roster, columns: &[Column]) -> Result<(), String> {
    if columns.iter().any(|column| roster.has(*column)) {
        return Ok(());
    }
    let names: Vec<&str> = columns.iter().map(|column| column.words()).collect();
    Err(format!("this needs a column with {} in {}, which has none.", names.join(" or "), roster.file))
}

fn both(mentees: &Roster, mentors: &Roster, columns: &[Column]) -> Result<(), String> {
    lacks(mentees, columns).and_then(|()| lacks(mentors, columns))
}

/// The columns a rule names, or a sentence that there are none.
pub fn named(roster: &Roster, name: &str) -> Result<Vec<usize>, String> {
    let columns = roster.columns_named(name);
    if columns.is_empty() {
        let heads: Vec<&str> = roster.heads.iter().map(String::as_str).filter(|head| !head.is_empty()).collect();
        let hint = crate::rules::nearest(name, &heads)
            .map_or_else(|| format!("Its columns are: {}.", heads.join(", ")), |meant| format!("Did you mean “{meant}”?"));
        return Err(format!("there is no column “{name}” in {}. {hint}", roster.file));
    }
    Ok(columns)
}

/// Both sides' values in a column.
pub fn values(mentees: &Roster, mentors: &Roster, column: &str) -> Result<(Values, Values), String> {
    let (hers, his) = (named(mentees, column)?, named(mentors, column)?);
    let mut numbers = Numbers::default();
    let known = Column::named(column);
    let of = |roster: &Roster, person: &Person, columns: &[usize]| match known {
        Some(Column::Languages) => person.languages.clone(),
        Some(Column::Interests) => person.interests.iter().map(|(_, plain)| plain.clone()).collect(),
        _ => roster.values(person, columns),
    };
    let hers = numbers.values(mentees.people.iter().map(|person| of(mentees, person, &hers)));
    let his = numbers.values(mentors.people.iter().map(|person| of(mentors, person, &his)));
    Ok((hers, his))
}

fn same(mentees: &Roster, mentors: &Roster, column: &str, different: bool) -> Result<Data, String> {
    let (mentees, mentors) = values(mentees, mentors, column)?;
    Ok(Data::Same { mentees, mentors, different })
}

fn near(mentees: &Roster, mentors: &Roster, within: i32, number: impl Fn(&Roster, &Person) -> Option<i32>) -> Data {
    let numbers = |roster: &Roster| roster.people.iter().map(|person| number(roster, person).unwrap_or(UNSAID)).collect();
    Data::Near { mentees: numbers(mentees), mentors: numbers(mentors), within }
}

fn hundredths(person: &Person, columns: &[usize]) -> i32 {
    let number = columns.iter().find_map(|at| chiron_words::sheets::numbers(&person.cells[*at]).first().copied());
    number.filter(|number| *number < 1e7).map_or(UNSAID, |number| (number * 100.0).round() as i32)
}

fn shared(mentees: &Roster, mentors: &Roster, enough: u32, of: impl Fn(&Person) -> Vec<String>) -> Data {
    let mut numbers = Numbers::default();
    let hers = numbers.values(mentees.people.iter().map(&of));
    let his = numbers.values(mentors.people.iter().map(&of));
    let lists = his.inverted(numbers.len());
    let without = (0..his_len(mentors)).filter(|at| his.is_silent(*at as usize)).collect();
    Data::Shared { mentees: hers, mentors: his, lists, enough: enough.max(1), without }
}

fn his_len(mentors: &Roster) -> u32 {
    mentors.people.len() as u32
}

/// For every topic that somebody wants, how well each mentor serves it.
fn skills(mentees: &Roster, mentors: &Roster) -> Data {
    let (wants, wanted) = topics(mentees);
    let (offers, offered) = topics(mentors);
    let served = |want: &Named| -> Vec<u16> {
        let near: Vec<u16> = offers.iter().map(|offer| want.nearness(offer)).collect();
        offered.iter().map(|topics| topics.iter().map(|topic| near[*topic as usize]).max().unwrap_or(0)).collect()
    };
    let without = (0..).zip(&offered).filter(|(_, topics)| topics.is_empty()).map(|(at, _)| at).collect();
    Data::Skills { wanted, best: wants.iter().map(served).collect(), without }
}

/// A topic as it is compared.
struct Named {
    is: Is,
    meaning: Vector,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Is {
    Skill(Slot),
    Words(String),
}

impl Named {
    /// How well an offered topic serves this one: by the graph where it knows both, the very word, or by meaning.
    fn nearness(&self, offered: &Self) -> u16 {
        match (&self.is, &offered.is) {
            (Is::Skill(wanted), Is::Skill(offered)) => u16::from(Graph::shipped().nearness(*wanted, *offered)) * (FULL / 100),
            (wanted, offered) if wanted == offered => FULL,
            _ => (u32::from(fit_of_likeness(self.meaning.likeness(&offered.meaning))) * BY_MEANING / 100) as u16,
        }
    }
}

/// What the people of a roster name, each topic once, and which of them each person names.
fn topics(roster: &Roster) -> (Vec<Named>, Vec<Vec<u32>>) {
    let (mut numbers, mut topics) = (HashMap::new(), Vec::new());
    let mut number = |topic: &Topic| {
        let is = topic.skill.map_or_else(|| Is::Words(fold(&topic.words)), Is::Skill);
        *numbers.entry(is.clone()).or_insert_with(|| {
            topics.push(Named { is, meaning: Table::shipped().vector(topic.name()) });
            topics.len() as u32 - 1
        })
    };
    let of_people = roster.people.iter().map(|person| person.topics.iter().map(&mut number).collect()).collect();
    (topics, of_people)
}

fn goals(mentees: &Roster, mentors: &Roster) -> Data {
    let rarity = Rarity::of(mentees.people.iter().chain(&mentors.people).flat_map(|person| &person.texts).map(String::as_str));
    let said = |text: &str| Said::of(text, &rarity);
    let items: Vec<Vec<Said>> = mentors.people.iter().map(|person| person.texts.iter().map(|text| said(text)).collect()).collect();
    let common = Common::of(items.iter().flatten().map(|item| &item.meaning));
    // What she wants to learn tells of her goals too, and of some mentors only what they wrote tells that they can do it.
    let goals = |person: &Person| -> Vec<Said> {
        let texts = person.texts.iter().map(String::as_str).chain(person.topics.iter().map(Topic::name));
        texts.map(|text| said(text).without(&common)).filter(|said| !said.is_empty()).collect()
    };
    Data::Goals { goals: mentees.people.iter().map(goals).collect(), items: Items::of(&items) }
}

/// For each person of the first roster those of the second whom they named, ascending, with what the wish is worth.
fn wishes(from: &Roster, to: &Roster) -> Vec<Vec<(u32, u16)>> {
    let directory = to.directory();
    let of = |person: &Person| {
        let ranked = person.prefers.iter().zip(0_u16..);
        let mut named: Vec<(u32, u16)> = ranked
            .filter_map(|(called, rank)| {
                Some((directory.find(called).ok()?, FULL.saturating_sub(rank.saturating_mul(WISH_STEP)).max(LAST_WISH)))
            })
            .collect();
        named.sort_by_key(|(at, worth)| (*at, std::cmp::Reverse(*worth)));
        named.dedup_by_key(|(at, _)| *at);
        named
    };
    from.people.iter().map(of).collect()
}

fn turned(lists: &[Vec<(u32, u16)>], count: usize) -> Vec<Vec<(u32, u16)>> {
    let mut turned = vec![Vec::new(); count];
    for (from, list) in (0..).zip(lists) {
        list.iter().for_each(|(to, worth)| turned[*to as usize].push((from, *worth)));
    }
    turned
}

fn worth(points: &[(i32, u16)], steps: i32) -> u16 {
    points.iter().find(|(step, _)| *step == steps).map_or(0, |(_, worth)| worth * (FULL / 100))
}

/// Half for those of a stretch who said nothing.
fn half(without: &[u32], mentors: Range<usize>, fits: &mut [u16]) {
    each_in(without, mentors, |at| fits[at] = HALF);
}

/// The numbers of an ascending list that lie in a stretch, counted from its beginning.
fn each_in(list: &[u32], within: Range<usize>, mut then: impl FnMut(usize)) {
    let from = list.partition_point(|at| (*at as usize) < within.start);
    list[from..].iter().take_while(|at| (**at as usize) < within.end).for_each(|at| then(*at as usize - within.start));
}

/// Quarters of an hour in words.
pub fn hours(quarters: u16) -> String {
    match (quarters / 4, quarters % 4) {
        (0, quarters) => format!("{} minutes", quarters * 15),
        (1, 0) => "1 hour".into(),
        (hours, 0) => format!("{hours} hours"),
        (hours, quarters) => format!("{hours}{} hours", ["", "¼", "½", "¾"][usize::from(quarters)]),
    }
}

pub fn tongue(code: &str) -> &str {
    chiron_words::tongues::by_code(code).map_or(code, |tongue| tongue.name)
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
