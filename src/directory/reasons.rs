//! Why someone is offered, in words that are true: each reason is made from a row of theirs, and says which part of a
//! goal it serves, so that changing that part visibly changes the reasons. Pure.

use super::index::{done_text, stems};
use super::rank::{STYLES, Want};
use super::sql::Card;
use crate::goals::Step;
use crate::people::{Experience, OpenTo, Value, first_name, said};
use chiron_store::Timestamp;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan, Zoned};
use std::collections::BTreeSet;

/// What a reason answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    Outcome,
    Skills,
    Help,
    /// What was typed or chosen.
    Search,
    Anyone,
}

impl Serves {
    /// The question of the goal whose answer it serves.
    pub fn step(self) -> Option<Step> {
        match self {
            Self::Outcome => Some(Step::Outcome),
            Self::Skills => Some(Step::Skills),
            Self::Help => Some(Step::Help),
            Self::Search | Self::Anyone => None,
        }
    }

    /// After the reason, when it serves a goal.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Outcome => Some("for the outcome in your goal"),
            Self::Skills => Some("for the skill in your goal"),
            Self::Help => Some("for the kind of help your goal wishes for"),
            Self::Search | Self::Anyone => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub words: String,
    pub serves: Serves,
}

/// A wanted skill, with its name.
pub struct Wanted {
    pub name: String,
    pub want: Want,
    pub of_goal: bool,
}

/// What was wished for, as far as reasons speak of it.
#[derive(Default)]
pub struct Wished {
    pub skills: Vec<Wanted>,
    /// Whether a goal stands behind it.
    pub of_goal: bool,
    /// Words of what they want to have done.
    pub way: BTreeSet<String>,
    pub must_speak: Vec<&'static str>,
    pub spoken: Vec<&'static str>,
    pub role: Option<(OpenTo, &'static str)>,
    /// Places in `STYLES`, and whether the goal's help wished for them.
    pub ways_of_working: Vec<(usize, bool)>,
    pub words: Vec<String>,
    /// The viewer's hours by the clock of the viewer's zone: weekday, from, to.
    pub hours: Vec<(i64, i64, i64)>,
}

/// What is known of someone who is shown.
pub struct Known {
    pub card: Card,
    /// The index's number, the name and the level of each skill, the best first.
    pub skills: Vec<(u16, String, u8)>,
    pub languages: Vec<&'static str>,
    pub hours: Vec<(i64, i64, i64)>,
    pub done: Vec<Experience>,
    pub usual_reply: Option<SignedDuration>,
    pub open_to: Vec<OpenTo>,
    pub places_left: i64,
    pub style: [u8; 3],
    pub says_the_words: bool,
    /// What they and whoever looks both hold high, when both let it be named.
    pub both_hold: Vec<Value>,
    /// What of theirs comes nearest in meaning to what is looked for.
    pub near: Option<Near>,
}

/// What of somebody comes near in meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// Their own words, as they stand on the page.
    Words(String),
    Story,
    Skill(String),
}

impl Known {
    pub fn first_name(&self) -> &str {
        first_name(&self.card.name)
    }
    /// The text at a place of [`super::about::texts`].
    pub fn near_text(&self, at: usize) -> Near {
        let headline = (!self.card.headline.trim().is_empty()).then(|| self.card.headline.clone());
        let told = self.done.iter().filter(|line| !done_text(&line.moved_from, &line.moved_into, &line.words).trim().is_empty());
        headline.into_iter().chain(told.map(Experience::sentence)).nth(at).map_or(Near::Story, Near::Words)
    }
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.card.zone).unwrap_or(TimeZone::UTC)
    }
}

/// So many are enough; what is true of nearly everyone is only said to get there.
const ENOUGH: usize = 2;

/// At least two, the weightiest first, at most so many.
pub fn reasons(known: &Known, wished: &Wished, viewer_zone: &TimeZone, now: Timestamp, most: usize) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut say = |serves, words: Option<String>| reasons.extend(words.map(|words| Reason { words, serves }));
    let of_goal = wished.skills.iter().any(|w| w.of_goal);
    say(Serves::Outcome, made_the_way(known, wished));
    say(if of_goal { Serves::Skills } else { Serves::Search }, knows(known, wished));
    // One reason for the same part of the goal: having done it says more than coming near it.
    let near = comes_near(known, wished).filter(|_| made_the_way(known, wished).is_none());
    say(if wished.of_goal { Serves::Outcome } else { Serves::Search }, near);
    say(Serves::Help, wished.role.filter(|(role, _)| known.open_to.contains(role)).map(|(_, words)| words.to_owned()));
    for (style, of_help) in &wished.ways_of_working {
        if STYLES[*style].fits(known.style) {
            say(if *of_help { Serves::Help } else { Serves::Search }, Some(STYLES[*style].words.to_owned()));
        }
    }
    say(Serves::Search, speaks(known, &wished.must_speak, ""));
    say(Serves::Search, says(known, wished));
    say(Serves::Anyone, common_time(known, wished, viewer_zone, now));
    let both: Vec<&str> = known.both_hold.iter().map(|value| value.words()).collect();
    say(Serves::Anyone, (!both.is_empty()).then(|| format!("you both hold {} high", list(&both))));
    if wished.must_speak.is_empty() {
        say(Serves::Anyone, speaks(known, &wished.spoken, ", as you do"));
    }
    if wished.skills.is_empty() {
        say(Serves::Anyone, known.skills.first().map(|(_, name, level)| format!("knows {}", at_level(name, *level))));
    }
    let mut told = BTreeSet::new();
    reasons.retain(|reason| told.insert(reason.words.clone()));
    reasons.truncate(most);
    let missing = ENOUGH.saturating_sub(reasons.len());
    let of_anyone = of_anyone(known, viewer_zone, now).into_iter().flatten().filter(|words| !told.contains(words));
    reasons.extend(of_anyone.take(missing).map(|words| Reason { words, serves: Serves::Anyone }));
    reasons
}

/// What is true of nearly everyone, and so tells nobody apart.
fn of_anyone(known: &Known, viewer_zone: &TimeZone, now: Timestamp) -> [Option<String>; 5] {
    let free = next_times(&known.hours, &known.zone(), viewer_zone, now, 1);
    [
        known.usual_reply.map(usually_answers),
        room(known),
        free.first().map(|at| format!("free {}, your time", part_of_day(at))),
        (!known.languages.is_empty()).then(|| format!("speaks {}", list(&known.languages))),
        Some(format!("here since {}", known.card.joined_at.in_zone(viewer_zone).strftime("%B %Y"))),
    ]
}

/// As a reason, and as a fact beside the reasons.
pub fn usually_answers(usual: SignedDuration) -> String {
    format!("usually answers within {}", said(usual))
}

fn made_the_way(known: &Known, wished: &Wished) -> Option<String> {
    let shares = |text: &str| stems(text).filter(|s| wished.way.contains(s)).collect::<BTreeSet<_>>().len();
    let into = known.done.iter().find(|line| shares(&line.moved_into) > 0);
    let line = into.or_else(|| known.done.iter().find(|line| shares(&line.words) > 1))?;
    Some(format!("has done what you want to do: {}", line.sentence()))
}

fn knows(known: &Known, wished: &Wished) -> Option<String> {
    let offered: Vec<(u16, u8)> = known.skills.iter().map(|(skill, _, level)| (*skill, *level)).collect();
    let (mut exact, mut near): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for wanted in &wished.skills {
        let Some(skill) = wanted.want.served(&offered).1 else { continue };
        let Some((_, name, level)) = known.skills.iter().find(|(at, ..)| *at == skill) else { continue };
        if wanted.want.near.get(usize::from(skill)) == Some(&100) {
            exact.push(at_level(name, *level));
        } else {
            let words = format!("{}, near to {}", at_level(name, *level), wanted.name);
            if !near.contains(&words) {
                near.push(words);
            }
        }
    }
    match (exact.is_empty(), near.first()) {
        (false, _) => Some(format!("knows {}", list(&exact))),
        (true, Some(near)) => Some(format!("knows {near}")),
        (true, None) => None,
    }
}

/// What they wrote, or a skill of theirs, that means about the same in other words.
fn comes_near(known: &Known, wished: &Wished) -> Option<String> {
    let what = if wished.of_goal { "what you want to do" } else { "what you typed" };
    match known.near.as_ref()? {
        Near::Words(words) => Some(format!("writes “{words}”, which comes near to {what}")),
        Near::Story => Some(format!("tells a story that comes near to {what}")),
        // A skill that was asked for by name is named already.
        Near::Skill(name) if knows(known, wished).is_none() => Some(format!("offers {name}, which comes near to {what}")),
        Near::Skill(_) => None,
    }
}

/// What somebody brings that none of the others does, as one sentence about them.
pub fn unlike<'a>(known: &Known, others: impl Iterator<Item = &'a Known>) -> String {
    let others: Vec<&Known> = others.collect();
    let has = |name: &String| others.iter().any(|other| other.skills.iter().any(|(_, theirs, _)| theirs == name));
    let alone: Vec<&str> = known.skills.iter().filter(|(_, name, _)| !has(name)).take(2).map(|(_, name, _)| name.as_str()).collect();
    if !alone.is_empty() {
        return format!("offers {}, which none of the others does", list(&alone));
    }
    if let Some(line) = known.done.first() {
        return format!("comes from elsewhere: {}", line.sentence());
    }
    if others.iter().all(|other| other.card.country != known.card.country)
        && let Some(country) = crate::people::places::by_code(&known.card.country)
    {
        return format!("lives in {}, where none of the others does", country.name);
    }
    "is the least like the others of those who fit".into()
}

fn at_level(name: &str, level: u8) -> String {
    match level {
        5 => format!("{name} very well (level 5)"),
        4 => format!("{name} well (level 4)"),
        _ => format!("{name} (level {level})"),
    }
}

fn speaks(known: &Known, wanted: &[&'static str], end: &str) -> Option<String> {
    let both: Vec<&str> = known.languages.iter().copied().filter(|name| wanted.contains(name)).collect();
    (!both.is_empty()).then(|| format!("speaks {}{end}", list(&both)))
}

fn says(known: &Known, wished: &Wished) -> Option<String> {
    if !known.says_the_words || wished.words.is_empty() {
        return None;
    }
    let name: BTreeSet<String> = super::search::words(&known.card.name).collect();
    if wished.words.iter().all(|word| name.iter().any(|part| part.starts_with(word.as_str()))) {
        return Some("has the name you typed".into());
    }
    Some(format!("writes about {}", list(&wished.words.iter().map(|w| format!("“{w}”")).collect::<Vec<_>>())))
}

fn room(known: &Known) -> Option<String> {
    match known.places_left {
        ..=0 => known.open_to.contains(&OpenTo::Question).then(|| "answers single questions".into()),
        1 => Some("has room for one more person".into()),
        n => Some(format!("has room for {n} more people")),
    }
}

/// Their first hour of the coming week that the viewer has free too, as a part of the viewer's day.
fn common_time(known: &Known, wished: &Wished, viewer_zone: &TimeZone, now: Timestamp) -> Option<String> {
    if wished.hours.is_empty() {
        return None;
    }
    let mine = occurrences(&wished.hours, viewer_zone, now, 7);
    for (from, to) in occurrences(&known.hours, &known.zone(), now, 7) {
        for (my_from, my_to) in &mine {
            let (begin, end) = (from.timestamp().max(my_from.timestamp()), to.timestamp().min(my_to.timestamp()));
            if end.duration_since(begin) >= SignedDuration::from_hours(1) {
                let at = begin.to_zoned(viewer_zone.clone());
                return Some(format!("has time when you have: {}", part_of_day(&at)));
            }
        }
    }
    None
}

/// “Tuesday evening”
fn part_of_day(at: &Zoned) -> String {
    let part = match at.hour() {
        5..=11 => "morning",
        12..=17 => "afternoon",
        18..=22 => "evening",
        _ => "night",
    };
    format!("{} {part}", at.strftime("%A"))
}

/// Stretches of a week as they come in the next days, in order.
fn occurrences(hours: &[(i64, i64, i64)], zone: &TimeZone, now: Timestamp, days: i32) -> Vec<(Zoned, Zoned)> {
    let today = now.in_zone(zone);
    let mut all: Vec<(Zoned, Zoned)> = Vec::new();
    for day in 0..days {
        let Ok(date) = today.date().checked_add(day.days()) else { continue };
        let weekday = i64::from(date.weekday().to_monday_one_offset());
        for (_, from, to) in hours.iter().filter(|(on, ..)| *on == weekday) {
            let at = |minute: i64| {
                let midnight = date.at(0, 0, 0, 0);
                midnight.checked_add(minute.minutes()).and_then(|wall| wall.to_zoned(zone.clone())).ok()
            };
            if let (Some(from), Some(to)) = (at(*from), at(*to))
                && from.timestamp() > now.jiff()
            {
                all.push((from, to));
            }
        }
    }
    all.sort_by_key(|(from, _)| from.timestamp());
    all
}

/// When someone is free next, by the viewer's clock, within fourteen days.
pub fn next_times(hours: &[(i64, i64, i64)], theirs: &TimeZone, viewer: &TimeZone, now: Timestamp, most: usize) -> Vec<Zoned> {
    occurrences(hours, theirs, now, 14).into_iter().take(most).map(|(from, _)| from.with_time_zone(viewer.clone())).collect()
}

/// “A, B and C”
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            format!("{} and {}", first.iter().map(T::as_ref).collect::<Vec<_>>().join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::PersonId;

    fn known() -> Known {
        Known {
            card: Card {
                person: PersonId(uuid::Uuid::nil()),
                name: "Lea Brunner".into(),
                pronouns: String::new(),
                headline: String::new(),
                photo: None,
                country: "CH".into(),
                zone: "Europe/Zurich".into(),
                directive_facilitative: None,
                support_challenge: Some(80),
                structured_emergent: None,
                how_i_work: String::new(),
                fee: None,
                joined_at: Timestamp::from("2026-05-03T10:00:00Z".parse::<jiff::Timestamp>().unwrap()),
            },
            skills: vec![(0, "React".into(), 5), (1, "Front-end".into(), 4)],
            languages: vec!["German", "French"],
            hours: vec![(2, 1080, 1200)],
            done: vec![Experience { moved_from: "teaching".into(), moved_into: "data".into(), year: None, words: String::new() }],
            usual_reply: Some(SignedDuration::from_hours(20)),
            open_to: vec![OpenTo::Mentor],
            places_left: 2,
            style: [255, 80, 255],
            says_the_words: false,
            both_hold: Vec::new(),
            near: None,
        }
    }

    fn told(known: &Known, wished: &Wished) -> Vec<String> {
        let now = Timestamp::from("2026-11-22T10:00:00Z".parse::<jiff::Timestamp>().unwrap());
        reasons(known, wished, &TimeZone::get("Europe/Lisbon").unwrap(), now, 20).into_iter().map(|r| r.words).collect()
    }

    #[test]
    fn every_reason_is_said_when_it_is_true_and_only_then() {
        let want = |near: Vec<u8>, of_goal| Wanted { name: "React".into(), want: Want { near, present: None, target: None }, of_goal };
        for (wished, words, is_said) in [
            (
                Wished { way: stems("find out whether data work suits me").collect(), ..Default::default() },
                "has done what you want to do: moved from teaching into data",
                true,
            ),
            (Wished { way: stems("learn to teach").collect(), ..Default::default() }, "has done what you want to do", false),
            (Wished { skills: vec![want(vec![100, 60], true)], ..Default::default() }, "knows React very well (level 5)", true),
            (Wished { skills: vec![want(vec![0, 60], true)], ..Default::default() }, "knows Front-end well (level 4), near to React", true),
            (Wished { skills: vec![want(vec![0, 0], true)], ..Default::default() }, "knows", false),
            (
                Wished { role: Some((OpenTo::Mentor, "is open to being your mentor")), ..Default::default() },
                "is open to being your mentor",
                true,
            ),
            (Wished { role: Some((OpenTo::Coach, "is open to being your coach")), ..Default::default() }, "is open to", false),
            (Wished { ways_of_working: vec![(3, true)], ..Default::default() }, "challenges first", true),
            (Wished { ways_of_working: vec![(2, true)], ..Default::default() }, "supports first", false),
            (Wished { must_speak: vec!["French"], ..Default::default() }, "speaks French", true),
            (Wished { spoken: vec!["German", "French"], ..Default::default() }, "speaks German and French, as you do", true),
            (Wished { spoken: vec!["Spanish"], ..Default::default() }, "as you do", false),
            // 18:00 in Zurich is 17:00 in Lisbon.
            (Wished { hours: vec![(2, 1020, 1080)], ..Default::default() }, "has time when you have: Tuesday afternoon", true),
            (Wished { hours: vec![(2, 1080, 1110)], ..Default::default() }, "has time when you have", false),
            (Wished::default(), "knows React very well (level 5)", true),
            (Wished::default(), "usually answers within a day", true),
        ] {
            let told = told(&known(), &wished);
            assert_eq!(told.iter().any(|reason| reason.starts_with(words) || reason.ends_with(words)), is_said, "{words}: {told:?}");
            assert!(told.len() >= 2);
        }
    }

    #[test]
    fn what_is_true_of_nearly_everyone_is_said_only_where_two_reasons_are_wanting() {
        let of_anyone = |known: &Known| of_anyone(known, &TimeZone::UTC, Timestamp::from_micros(0)).into_iter().flatten().count();
        assert_eq!(of_anyone(&known()), 5);
        let both = Wished { spoken: vec!["French"], ..Default::default() };
        assert_eq!(told(&known(), &both), ["speaks French, as you do", "knows React very well (level 5)"]);
        assert_eq!(told(&known(), &Wished::default()), ["knows React very well (level 5)", "usually answers within a day"]);
    }

    #[test]
    fn somebody_new_has_two_reasons_too() {
        let new = Known { skills: vec![], languages: vec![], hours: vec![], done: vec![], usual_reply: None, places_left: 1, ..known() };
        assert_eq!(told(&new, &Wished::default()), ["has room for one more person", "here since May 2026"]);
    }
}
