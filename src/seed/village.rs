//! The village: the people our stories, screenshots and first visits are about. Written by hand in `village.toml`;
//! everyone is made up.

use serde::Deserialize;

use super::person::{OpenTo, SeedPerson, Text};

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Village {
    pub people: Vec<SeedPerson>,
    pub asks: Vec<SeedAsk>,
    pub questions: Vec<SeedQuestion>,
    pub endings: Vec<SeedEnding>,
}

/// A request somebody sent, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedAsk {
    pub from: Text,
    pub to: Text,
    /// Which of the other's roles it was about.
    pub role: OpenTo,
    pub sent_days_ago: u16,
    /// What I would like to reach; why you; what I have tried; what I ask for; what I can commit.
    pub goal: Text,
    pub why_you: Text,
    pub tried: Text,
    pub ask: Text,
    pub commitment: Text,
    pub size: SeedSize,
    #[serde(default)]
    pub answer: Option<SeedAnswer>,
}

/// How much time a request asks for, as its words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum SeedSize {
    Once { minutes: i64 },
    Regular { hours: i64, months: i64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedAnswer {
    pub kind: AnswerKind,
    pub after_hours: u32,
    #[serde(default)]
    pub words: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    Accepted,
    Declined,
    /// Nobody answered in time.
    Lapsed,
    Withdrawn,
}

/// One question, one answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedQuestion {
    pub from: Text,
    pub to: Text,
    pub skill: Text,
    pub asked_days_ago: u16,
    pub question: Text,
    pub answered_after_hours: u32,
    pub answer: Text,
}

/// A relationship that came to its end, with what was said afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedEnding {
    pub guide: Text,
    pub learner: Text,
    pub role: OpenTo,
    pub began_days_ago: u16,
    pub ended_days_ago: u16,
    /// Published by its author, the learner.
    pub testimonial: Text,
}

impl Village {
    /// Reads the shipped village. An error means a typing error in our own file, which the tests exclude.
    pub fn shipped() -> Result<Village, toml::de::Error> {
        toml::from_str(include_str!("village.toml"))
    }

    pub fn person(&self, key: &str) -> Option<&SeedPerson> {
        self.people.iter().find(|person| person.key == key)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::people::{MOST_VALUES, Value, places, tongues};
    use crate::seed::person::Part;
    use crate::skills::Graph;

    /// Also what the population must keep to.
    pub(crate) fn is_sound(person: &SeedPerson) {
        let graph = Graph::shipped();
        let who = &person.key;
        let known = |skill: &str| assert!(graph.by_id(skill).is_some(), "{who}: no skill {skill}");
        let level = |level: u8| assert!((1..=5).contains(&level), "{who}: level {level}");
        assert!(!person.name.is_empty() && !person.called.is_empty(), "{who}");
        assert!(person.email.ends_with("@example.org"), "{who}");
        assert!(person.country.as_deref().is_none_or(|code| places::by_code(code).is_some()), "{who}: {:?}", person.country);
        assert!(places::zone(&person.zone).as_deref() == Some(&*person.zone), "{who}: {}", person.zone);
        assert!(person.values.len() <= MOST_VALUES, "{who}");
        person.values.iter().for_each(|value| assert!(value.parse::<Value>().is_ok(), "{who}: {value}"));
        person.languages.iter().for_each(|code| assert!(tongues::by_code(code).is_some(), "{who}: {code}"));
        let mut offered = BTreeSet::new();
        for offer in &person.offers {
            known(&offer.skill);
            level(offer.level);
            assert!(offered.insert(&offer.skill), "{who} offers {} twice", offer.skill);
        }
        for want in &person.wants {
            known(&want.skill);
            level(want.level);
            level(want.target);
            assert!(want.level <= want.target, "{who}: {want:?}");
        }
        for goal in &person.goals {
            known(&goal.skill);
            assert!(goal.present < goal.target && goal.target <= 5 && !goal.help.is_empty(), "{who}: {goal:?}");
        }
        for hours in &person.hours {
            assert!(hours.from < hours.to, "{who}: {hours:?}");
        }
        if let Some(style) = person.style {
            assert!([style.directive_facilitative, style.support_challenge, style.structured_emergent].iter().all(|slider| *slider <= 100));
        }
        assert!(person.headline.chars().count() <= 120, "{who}: a long headline");
        assert!(person.story.len() <= 4_000, "{who}: a long story");
    }

    #[test]
    fn everyone_in_the_village_is_sound() {
        let village = Village::shipped().unwrap();
        assert!(village.people.len() >= 14);
        let keys: BTreeSet<_> = village.people.iter().map(|person| &person.key).collect();
        assert_eq!(keys.len(), village.people.len());
        village.people.iter().for_each(is_sound);
        let lives_here = |key: &Text| assert!(keys.contains(key), "{key} does not live here");
        for ask in &village.asks {
            lives_here(&ask.from);
            lives_here(&ask.to);
            assert!(
                ask.answer.as_ref().is_none_or(|answer| answer.after_hours <= u32::from(ask.sent_days_ago) * 24),
                "{ask:?} answered in the future"
            );
        }
        for question in &village.questions {
            lives_here(&question.from);
            lives_here(&question.to);
            assert!(Graph::shipped().by_id(&question.skill).is_some());
        }
        for ending in &village.endings {
            lives_here(&ending.guide);
            lives_here(&ending.learner);
            assert!(ending.began_days_ago > ending.ended_days_ago);
        }
    }

    #[test]
    fn the_village_holds_the_cases_that_pages_forget() {
        let village = Village::shipped().unwrap();
        let some = |what: &str, is: &dyn Fn(&SeedPerson) -> bool| assert!(village.people.iter().any(is), "nobody is {what}");
        some("an administrator", &|p| p.part == Part::Administrator);
        some("a coordinator", &|p| p.part == Part::Coordinator);
        some("saying not now", &|p| p.not_now_for_days.is_some());
        some("full", &|p| p.capacity > 0 && p.taken >= p.capacity);
        some("new and empty", &|p| p.headline.is_empty() && p.story.is_empty() && p.offers.is_empty());
        some("open only to questions", &|p| p.open_to == [OpenTo::Question]);
        some("carrying a very long name", &|p| p.name.chars().count() >= 60);
        some("called by one name", &|p| !p.name.contains(' '));
        some("written in another script", &|p| p.name.chars().all(|c| !c.is_ascii_alphabetic()));
        some("written from right to left", &|p| p.name.chars().any(|c| ('\u{590}'..='\u{6ff}').contains(&c)));
        some("holding an expired credential", &|p| p.credentials.iter().any(|c| c.expires_in_days.is_some_and(|days| days < 0)));
        some("asking for a fee", &|p| p.fee.is_some());
        some("showing values", &|p| !p.values.is_empty());
        for key in ["amina", "tomas", "lea", "rosa"] {
            assert!(village.person(key).is_some(), "{key}");
        }
        assert_eq!(village.questions.len(), 2);
        assert_eq!(village.endings.len(), 1);
    }
}
