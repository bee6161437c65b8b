//! What a review asks, what lies in its box while it is open, and what may be shown of it afterwards. Pure.
//!
//! Nothing here depends on who answered, on when, or in which order: an answer that is put into the box goes where its own
//! content sorts it, and what is shown is worked out from the answers as a set.

use crate::error::Result;
use crate::records::Level;
use crate::refused;
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, morning};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;

ids!(ReviewId);

text_enum!(
    pub Deed { See = "see", Release = "release", Delete = "delete" }
);

/// Below this many answers nothing is shown, neither of the whole nor of one item.
pub const FLOOR: usize = 4;
/// People who are asked.
pub const MOST_ASKED: usize = 12;
pub const MOST_ITEMS: usize = 8;
pub const MOST_QUESTIONS: usize = 2;
/// Days from its beginning to its close.
pub const FEWEST_DAYS: i32 = 5;
pub const MOST_DAYS: i32 = 42;
/// Days between the beginnings of two.
pub const DAYS_BETWEEN: i64 = 30;

/// The longest texts, in characters.
pub mod longest {
    pub const ITEM: usize = 120;
    pub const QUESTION: usize = 200;
    pub const WORDS: usize = 600;
    pub const NAME: usize = 80;
}

/// What the two values in a box are filled up to, in bytes: more than the fullest box has, so that the size of what is
/// sealed tells nothing. A test holds it.
pub const INVITED_SIZE: usize = 16 << 10;
pub const ANSWERS_SIZE: usize = 64 << 10;

record!(
    #[derive(Debug, Clone)]
    pub struct Review {
        pub id: ReviewId,
        pub person: PersonId,
        pub key: KeyId,
        pub made_at: Timestamp,
        pub closes_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        pub released_at: Option<Timestamp>,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedReview {
        pub words: Sealed,
        pub results: Option<Sealed>,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedBox {
        pub key: KeyId,
        pub invited: Sealed,
        pub answers: Sealed,
    }
);

impl Review {
    pub fn allows(&self, viewer: &Viewer, _: Deed) -> bool {
        viewer.is(self.person)
    }
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.closed_at.is_none() && now < self.closes_at
    }
}

/// One thing that others say how far somebody is with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Item {
    /// A skill of the graph; nothing for a behaviour in one's own words.
    pub skill: Option<String>,
    pub words: String,
    /// How its owner sees it.
    pub own: Level,
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Outline {
    pub items: Vec<Item>,
    pub questions: Vec<String>,
}

impl Outline {
    pub fn must_be_whole(&self) -> Result<()> {
        match self.items.len() {
            0 => Err(refused!("no_items"; "Please choose at least one skill or behaviour.")),
            1..=MOST_ITEMS => Ok(()),
            many => {
                Err(refused!("too_many_items"; "These are {many}; please choose {MOST_ITEMS} at most. Fewer are answered with more care."))
            }
        }
    }
}

/// The morning of the day on which it closes, by its owner's clock.
pub fn closes_at(day: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let days = (day - now.in_zone(zone).date()).get_days();
    match (FEWEST_DAYS..=MOST_DAYS).contains(&days) {
        true => morning(day, zone),
        false => Err(refused!("day"; "Please choose a day between {FEWEST_DAYS} and {MOST_DAYS} days from now.")),
    }
}

/// Somebody who was asked. Whether they have used their link is kept, and not what they did with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Invited {
    pub name: String,
    /// A keyed hash of their address, from which it cannot be read back, in case they want no such letter again.
    pub mark: String,
    /// The hash of their link.
    pub token: String,
    pub done: bool,
}

/// What somebody says: a level for each item, or that they cannot say, and words for each question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    pub levels: Vec<Option<Level>>,
    pub words: Vec<String>,
}

/// What lies there while a review is open. The two lists know nothing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub invited: Vec<Invited>,
    pub answers: Vec<Answer>,
}

impl Contents {
    /// In the order of what they say, which is no order of arrival.
    pub fn put(&mut self, answer: Answer) {
        self.answers.push(answer);
        self.answers.sort();
    }
    /// What may be shown; nothing below the floor.
    pub fn results(&self, outline: &Outline) -> Option<Results> {
        results(outline, &self.answers)
    }
}

/// Filled up with white space, which JSON does not mind.
pub fn filled_up(mut json: String, size: usize) -> String {
    let whole = json.len().div_ceil(size).max(1) * size;
    json.extend(std::iter::repeat_n(' ', whole - json.len()));
    json
}

/// So many people see somebody between these two levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Part {
    pub from: Level,
    pub to: Level,
    pub people: usize,
    /// It is not said how many exactly: all others who could say, of whom there may be one fewer.
    #[serde(default)]
    pub rest: bool,
}

impl Part {
    fn words(&self) -> String {
        if self.from == self.to {
            self.from.words().to_owned()
        } else {
            format!("from “{}” to “{}”", self.from.words(), self.to.words())
        }
    }
}

/// “2 people: does it; the others: from “does it well” to “teaches it””
pub fn in_words(parts: &[Part]) -> String {
    let one = |part: &Part| match (part.rest, parts.len()) {
        (false, _) => format!("{} people: {}", part.people, part.words()),
        (true, 1) => format!("all who could say: {}", part.words()),
        (true, _) => format!("the others: {}", part.words()),
    };
    parts.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What its owner may see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Results {
    /// How many answered.
    pub people: usize,
    /// For each item; empty where fewer than the floor could say.
    pub items: Vec<Vec<Part>>,
    /// For each question what was written, by its own first letters.
    pub words: Vec<Vec<String>>,
}

fn results(outline: &Outline, answers: &[Answer]) -> Option<Results> {
    if answers.len() < FLOOR {
        return None;
    }
    let items = (0..outline.items.len()).map(|at| {
        let levels: Vec<Level> = answers.iter().filter_map(|answer| answer.levels.get(at).copied().flatten()).collect();
        let mut parts = spread(&levels);
        // That exactly one could not say would tell of one: it looks as though all could.
        let silent = answers.len() - levels.len();
        if silent <= 1
            && let Some(most) = parts.iter_mut().max_by_key(|part| part.people)
        {
            *most = Part { people: most.people + silent, rest: true, ..*most };
        }
        parts
    });
    let words = (0..outline.questions.len()).map(|at| {
        let written = answers.iter().filter_map(|answer| answer.words.get(at)).filter(|words| !words.is_empty());
        let mut written: Vec<String> = written.cloned().collect();
        // By what they say: each question has an order of its own, so nothing joins two answers of one person.
        written.sort();
        written
    });
    Some(Results { people: answers.len(), items: items.collect(), words: words.collect() })
}

/// How the levels spread, in parts so coarse that nobody stands alone in one and that not all stand on one level. So somebody
/// who knows one of the answers still cannot tell that of another; what two know together may be enough, which
/// docs/decisions/reviews.md works out.
pub fn spread(levels: &[Level]) -> Vec<Part> {
    if levels.len() < FLOOR {
        return Vec::new();
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut lone: Option<Part> = None;
    for level in Level::ALL {
        let people = levels.iter().filter(|said| **said == level).count();
        if people == 0 {
            continue;
        }
        let part = match lone.take() {
            Some(lone) => Part { to: level, people: lone.people + people, ..lone },
            None => Part { from: level, to: level, people, rest: false },
        };
        if part.people < 2 { lone = Some(part) } else { parts.push(part) }
    }
    // Whoever is left alone at the upper end joins those below.
    if let (Some(lone), Some(last)) = (lone, parts.last_mut()) {
        *last = Part { to: lone.to, people: last.people + lone.people, ..*last };
    }
    // Where all say the same, it is said of two levels: else everybody's answer would be known.
    if let [all] = &mut parts[..]
        && all.from == all.to
    {
        match (all.from.number(), all.from.next()) {
            (1..=3, Some(above)) => all.to = above,
            (number, _) => all.from = Level::ALL[usize::from(number) - 2],
        }
    }
    parts
}

/// How others and its owner see one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    TooFew,
    /// Most who could say see it done well, or taught.
    Strong,
    /// Most see it no further than done.
    Room,
    Between,
}

pub fn seen(parts: &[Part]) -> Seen {
    let all: usize = parts.iter().map(|part| part.people).sum();
    let most = |in_it: fn(&Part) -> bool| parts.iter().filter(|part| in_it(part)).map(|part| part.people).sum::<usize>() * 2 > all;
    match all {
        0 => Seen::TooFew,
        _ if most(|part| part.from.number() >= 4) => Seen::Strong,
        _ if most(|part| part.to.number() <= 3) => Seen::Room,
        _ => Seen::Between,
    }
}

/// Its owner's own view beside theirs, in a sentence.
pub fn beside_own(own: Level, parts: &[Part]) -> &'static str {
    match (parts.first(), parts.last()) {
        (Some(lowest), _) if own < lowest.from => "All of them see you further than you see yourself.",
        (_, Some(highest)) if own > highest.to => "All of them see you less far than you see yourself.",
        (Some(_), Some(_)) if parts.iter().any(|part| part.from <= own && own <= part.to) => "You see yourself where some of them do.",
        (Some(_), Some(_)) => "You see yourself between them.",
        _ => "",
    }
}

/// For the policy table.
pub(super) fn example(person: PersonId) -> Review {
    let (nil, at) = (uuid::Uuid::nil(), Timestamp::from_micros(0));
    Review { id: nil.into(), person, key: nil.into(), made_at: at, closes_at: at, closed_at: None, released_at: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn outline(items: usize, questions: usize) -> Outline {
        let item = Item { skill: None, words: "Listens".into(), own: Level::ALL[2] };
        Outline { items: vec![item; items], questions: vec!["What next?".into(); questions] }
    }
    fn level(number: u8) -> Option<Level> {
        Level::try_from(number).ok()
    }
    fn levels(numbers: &[u8]) -> Vec<Level> {
        numbers.iter().filter_map(|number| level(*number)).collect()
    }

    #[test]
    fn nobody_stands_alone_and_not_all_stand_on_one_level() {
        let said = |numbers: &[u8]| spread(&levels(numbers)).iter().map(|p| (p.from.number(), p.to.number(), p.people)).collect::<Vec<_>>();
        assert_eq!(said(&[3, 3, 4]), []);
        assert_eq!(said(&[3, 3, 4, 4]), [(3, 3, 2), (4, 4, 2)]);
        assert_eq!(said(&[2, 4, 4, 4]), [(2, 4, 4)]);
        assert_eq!(said(&[2, 2, 2, 5]), [(2, 5, 4)]);
        assert_eq!(said(&[1, 2, 3, 4, 5]), [(1, 2, 2), (3, 5, 3)]);
        for (all, from, to) in [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 3, 4), (5, 4, 5)] {
            assert_eq!(said(&[all; 6]), [(from, to, 6)], "all say {all}");
        }
    }

    /// Plays somebody who knows what is shown, how many answered, and what one of the raters said: goes through every way in
    /// which up to six people can answer one item, and finds for no rater that only one answer is possible.
    #[test]
    fn p02_knowing_what_is_shown_and_one_answer_tells_nobody_elses() {
        for people in 4..=6_u32 {
            let mut worlds: BTreeMap<Results, Vec<Vec<u8>>> = BTreeMap::new();
            for number in 0..6_u32.pow(people) {
                // 0 is “cannot say”.
                let said: Vec<u8> = (0..people).map(|rater| u8::try_from(number / 6_u32.pow(rater) % 6).unwrap()).collect();
                let answers: Vec<Answer> = said.iter().map(|said| Answer { levels: vec![level(*said)], words: Vec::new() }).collect();
                worlds.entry(results(&outline(1, 0), &answers).expect("above the floor")).or_default().push(said);
            }
            for (view, worlds) in worlds {
                let silent: BTreeSet<usize> = worlds.iter().map(|said| said.iter().filter(|said| **said == 0).count()).collect();
                assert!(view.items[0].is_empty() || silent != BTreeSet::from([1]), "{view:?} tells that one could not say");
                // What is shown does not depend on who said what, so the one who is known may be the first, and the one who
                // is sought the second.
                for known in 0..6 {
                    let sought: BTreeSet<u8> = worlds.iter().filter(|said| said[0] == known).map(|said| said[1]).collect();
                    assert!(sought.len() != 1, "{view:?}: who knows that one said {known} knows that another said {sought:?}");
                }
            }
        }
    }

    #[test]
    fn the_fullest_box_is_no_larger_than_the_emptiest() {
        let name = "𒀱\"\\".repeat(longest::NAME / 3 + 1).chars().take(longest::NAME).collect::<String>();
        let invited = vec![Invited { name, mark: "f".repeat(64), token: "f".repeat(64), done: false }; MOST_ASKED];
        let words = vec!["𒀱".repeat(longest::WORDS); MOST_QUESTIONS];
        let answers = vec![Answer { levels: vec![level(5); MOST_ITEMS], words }; MOST_ASKED];
        for (full, empty, size) in
            [(serde_json::to_string(&invited).unwrap(), "[]", INVITED_SIZE), (serde_json::to_string(&answers).unwrap(), "[]", ANSWERS_SIZE)]
        {
            assert_eq!(filled_up(full.clone(), size).len(), size);
            assert_eq!(filled_up(empty.into(), size).len(), size);
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&filled_up(full.clone(), size)).unwrap(),
                serde_json::from_str::<serde_json::Value>(&full).unwrap()
            );
        }
    }

    fn an_answer() -> impl Strategy<Value = Answer> {
        (prop::collection::vec(0_u8..6, 3), prop::collection::vec("[a-c]{0,3}", 2))
            .prop_map(|(levels, words)| Answer { levels: levels.into_iter().map(level).collect(), words })
    }

    proptest! {
        /// Whoever of them said what, and in whichever order they came: the box and what is shown are the same. Below the
        /// floor nothing is shown, of the whole and of each item.
        #[test]
        fn p02_what_is_shown_does_not_depend_on_who_said_what_or_when(answers in prop::collection::vec(an_answer(), 0..12), swaps in prop::collection::vec((0_usize..12, 0_usize..12), 0..20)) {
            let filled = |answers: &[Answer]| {
                let mut contents = Contents { invited: Vec::new(), answers: Vec::new() };
                answers.iter().for_each(|answer| contents.put(answer.clone()));
                contents
            };
            let mut swapped = answers.clone();
            for (one, other) in swaps {
                if one < swapped.len() && other < swapped.len() {
                    swapped.swap(one, other);
                }
            }
            let (one, other) = (filled(&answers), filled(&swapped));
            prop_assert_eq!(&one, &other);
            let shown = one.results(&outline(3, 2));
            prop_assert_eq!(&shown, &other.results(&outline(3, 2)));
            prop_assert_eq!(shown.is_some(), answers.len() >= FLOOR);
            for (at, parts) in shown.iter().flat_map(|shown| shown.items.iter().enumerate()) {
                let said = answers.iter().filter(|answer| answer.levels[at].is_some()).count();
                let told = if answers.len() - said <= 1 { answers.len() } else { said };
                prop_assert_eq!(parts.iter().map(|part| part.people).sum::<usize>(), if said >= FLOOR { told } else { 0 });
                prop_assert!(parts.iter().all(|part| part.people >= 2));
                prop_assert!(parts.len() != 1 || parts[0].from < parts[0].to);
            }
        }
    }
}
