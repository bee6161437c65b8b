//! A skill in somebody's record: its levels, what shows them, who has seen them too, and who may do what. Pure.

use crate::error::Result;
use crate::page::skill_words;
use crate::relationships::{Relationship, RelationshipId, RelationshipState};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use std::collections::BTreeSet;
use std::str::FromStr;

ids!(RecordedId, LevelId, ConfirmationId, AimId);

text_enum!(
    pub ConfirmationState {
        Asked = "asked",
        Confirmed = "confirmed",
        /// The partner sees another level.
        Otherwise = "otherwise",
        /// The partner would rather not.
        Passed = "passed",
    }
);
text_enum!(
    /// What the owner lets stand, where a partner sees another level.
    pub Settled { Taken = "taken", Kept = "kept" }
);
text_enum!(
    /// What people do with a skill in a record.
    pub Deed { See = "see", Change = "change", AskPartner = "ask_partner", Show = "show", Delete = "delete" }
);
text_enum!(
    /// What people do with the question whether somebody sees a level so too.
    pub ConfirmationDeed { See = "see", Answer = "answer", Settle = "settle", Withdraw = "withdraw" }
);

/// Skills in one record.
pub const MOST_SKILLS: usize = 100;
/// Levels said of one skill.
pub const MOST_LEVELS: usize = 100;
/// Partners who are asked and have not answered.
pub const MOST_ASKED: usize = 12;
/// Aims of one person, and skills of one aim.
pub const MOST_AIMS: usize = 10;
pub const MOST_AIM_SKILLS: usize = 12;

/// The longest texts, in characters.
pub mod longest {
    pub const EVIDENCE: usize = 1_000;
    pub const WHY: usize = 600;
    pub const AIM: usize = 80;
}

/// How far somebody is with a skill: one of five, each described by what others can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// 1 to 5.
    pub fn number(self) -> u8 {
        self.0
    }
    pub fn words(self) -> &'static str {
        skill_words(self.0)
    }
    /// What somebody at this level does, so that two people mean the same by it.
    pub fn behaviour(self) -> &'static str {
        match self.0 {
            1 => "Knows what it is for, and could say so in two sentences.",
            2 => "Has done it a few times, with a guide or somebody near.",
            3 => "Does the usual alone, and knows when to ask.",
            4 => "Handles the unusual; others come with their questions.",
            _ => "Helps others to learn it, and can say why it is done so.",
        }
    }
    pub fn next(self) -> Option<Self> {
        Self::try_from(self.0 + 1).ok()
    }
}
impl TryFrom<u8> for Level {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        if (1..=5).contains(&number) { Ok(Self(number)) } else { Err(format!("{number} is no level")) }
    }
}
impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        level.0
    }
}
impl FromStr for Level {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<u8>().map_err(|e| e.to_string())?.try_into()
    }
}

/// What shows a level.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    pub words: String,
    pub link: Option<String>,
    /// A goal, a session or something taken on, as `goal:0190…`, and what it is called.
    pub pin: Option<(String, String)>,
}

impl Evidence {
    pub fn must_show_something(&self) -> Result<()> {
        if self.words.is_empty() && self.link.is_none() && self.pin.is_none() {
            return Err(refused!("no_evidence"; "Please say in a line what shows it, or give a link to it."));
        }
        Ok(())
    }
}

/// What a row of `skill_levels` seals.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SaidLevel {
    pub level: Level,
    pub evidence: Evidence,
}

/// What a partner reads who is asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Question {
    pub skill: String,
    pub level: Level,
    pub words: String,
    pub link: Option<String>,
}

/// Which level a partner sees, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    pub level: Level,
    pub why: String,
}

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedSkill {
        pub id: RecordedId,
        pub person: PersonId,
        pub words: Sealed,
        pub made_at: Timestamp,
        pub shown_at: Option<Timestamp>,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedLevel {
        pub id: LevelId,
        pub recorded: RecordedId,
        pub by: PersonId,
        pub at: Timestamp,
        pub words: Sealed,
    }
);
record!(
    /// Without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Confirmation {
        pub id: ConfirmationId,
        pub person: PersonId,
        pub recorded: RecordedId,
        pub level_id: LevelId,
        pub relationship: RelationshipId,
        pub partner: PersonId,
        pub key: KeyId,
        pub state: ConfirmationState,
        pub asked_at: Timestamp,
        pub answered_at: Option<Timestamp>,
        pub settled: Option<Settled>,
        pub settled_at: Option<Timestamp>,
    }
);

/// One level as it was said.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: LevelId,
    pub by: PersonId,
    pub at: Timestamp,
    pub level: Level,
    pub evidence: Evidence,
}

/// A skill of somebody's record with everything that was said of it.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub id: RecordedId,
    pub person: PersonId,
    /// The skill's id in the graph.
    pub skill: String,
    pub made_at: Timestamp,
    pub shown_at: Option<Timestamp>,
    /// The first first; never empty.
    pub levels: Vec<Said>,
    pub confirmations: Vec<Confirmation>,
}

impl Recorded {
    pub fn allows(&self, viewer: &Viewer, _: Deed) -> bool {
        viewer.is(self.person)
    }
    pub fn now(&self) -> Option<&Said> {
        self.levels.last()
    }
    /// The last levels said that are the same as the present one: who has confirmed one of them has confirmed it.
    fn present(&self) -> impl Iterator<Item = &Said> {
        let level = self.now().map(|said| said.level);
        self.levels.iter().rev().take_while(move |said| Some(said.level) == level)
    }
    /// Who has seen the present level too: whoever confirmed it, and whoever saw it first where the owner has made their
    /// view their own.
    pub fn confirmed_by(&self) -> BTreeSet<PersonId> {
        let present: BTreeSet<LevelId> = self.present().map(|said| said.id).collect();
        let confirmed = self.confirmations.iter().filter(|c| c.state == ConfirmationState::Confirmed && present.contains(&c.level_id));
        let seen_first = self.present().map(|said| said.by).filter(|by| *by != self.person);
        confirmed.map(|c| c.partner).chain(seen_first).collect()
    }
    pub fn is_confirmed(&self) -> bool {
        !self.confirmed_by().is_empty()
    }
    /// Only what somebody else has seen too is shown: what one says of oneself stands on the profile already.
    pub fn may_be_shown(&self) -> Result<()> {
        if self.is_confirmed() {
            Ok(())
        } else {
            Err(refused!("not_confirmed"; "Once somebody has confirmed this level, you can show it."))
        }
    }
}

impl Confirmation {
    /// The owner and the one who is asked, and nobody else. Where contact is stopped nothing goes to and fro.
    pub fn allows(&self, together: &Relationship, viewer: &Viewer, deed: ConfirmationDeed) -> bool {
        if together.state == RelationshipState::Frozen {
            return false;
        }
        match deed {
            ConfirmationDeed::See => viewer.is(self.person) || viewer.is(self.partner),
            ConfirmationDeed::Answer => viewer.is(self.partner),
            ConfirmationDeed::Settle | ConfirmationDeed::Withdraw => viewer.is(self.person),
        }
    }
    /// `seen`: the level that the partner sees; none where they would rather not say.
    pub(super) fn answer(self, asked: Level, seen: Option<Level>, now: Timestamp) -> Result<Self> {
        if self.state != ConfirmationState::Asked {
            return Err(too_late!("You have answered this already."));
        }
        let state = match seen {
            None => ConfirmationState::Passed,
            Some(seen) if seen == asked => ConfirmationState::Confirmed,
            Some(_) => ConfirmationState::Otherwise,
        };
        Ok(Self { state, answered_at: Some(now), ..self })
    }
    pub fn waits_for_owner(&self) -> bool {
        self.state == ConfirmationState::Otherwise && self.settled.is_none()
    }
    pub(super) fn settle(self, how: Settled, now: Timestamp) -> Result<Self> {
        if !self.waits_for_owner() {
            return Err(too_late!("You have decided this already."));
        }
        Ok(Self { settled: Some(how), settled_at: Some(now), ..self })
    }
    pub(super) fn must_wait(&self) -> Result<()> {
        if self.state == ConfirmationState::Asked { Ok(()) } else { Err(too_late!("They have answered already.")) }
    }
}

/// For the policy table and the tests of the rules.
pub(super) fn examples(owner: PersonId, partner: PersonId) -> (Recorded, Confirmation) {
    let (nil, at) = (uuid::Uuid::nil(), Timestamp::from_micros(0));
    let said = Said { id: nil.into(), by: owner, at, level: Level(3), evidence: Evidence::default() };
    let confirmation = Confirmation {
        id: nil.into(),
        person: owner,
        recorded: nil.into(),
        level_id: nil.into(),
        relationship: nil.into(),
        partner,
        key: nil.into(),
        state: ConfirmationState::Asked,
        asked_at: at,
        answered_at: None,
        settled: None,
        settled_at: None,
    };
    let skill = String::new();
    (
        Recorded { id: nil.into(), person: owner, skill, made_at: at, shown_at: None, levels: vec![said], confirmations: Vec::new() },
        confirmation,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn p36_a_level_is_self_rated_until_somebody_has_seen_it_too_and_again_when_it_changes() {
        let (owner, partner): (PersonId, PersonId) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let now = Timestamp::from_micros(1);
        let (mut it, asked) = examples(owner, partner);
        assert!(it.may_be_shown().is_err());
        // Another level than the one that was asked about confirms nothing.
        let otherwise = asked.clone().answer(Level(3), Some(Level(4)), now).unwrap();
        it.confirmations = vec![otherwise.clone()];
        assert!(otherwise.waits_for_owner() && !it.is_confirmed());
        assert!(otherwise.clone().answer(Level(3), Some(Level(3)), now).is_err(), "nobody answers twice");
        // Nor does a word that they would rather not say.
        it.confirmations = vec![asked.clone().answer(Level(3), None, now).unwrap()];
        assert!(!it.is_confirmed());
        it.confirmations = vec![asked.answer(Level(3), Some(Level(3)), now).unwrap()];
        assert!(it.may_be_shown().is_ok());
        // More evidence for the same level leaves it confirmed; another level does not.
        let more = |n: u128, by, level| Said { id: Uuid::from_u128(n).into(), by, level: Level(level), ..it.levels[0].clone() };
        let (same, higher, taken) = (more(7, owner, 3), more(8, owner, 4), more(9, partner, 4));
        it.levels.push(same);
        assert!(it.is_confirmed());
        it.levels.push(higher);
        assert!(!it.is_confirmed());
        // What the partner saw first, and the owner has made their own, is theirs too.
        it.levels.push(taken);
        assert_eq!(it.confirmed_by(), BTreeSet::from([partner]));
        // Coming back to a level that was confirmed long ago is a new level.
        let back = Said { id: Uuid::from_u128(10).into(), by: owner, level: Level(3), ..it.levels[0].clone() };
        it.levels.push(back);
        assert!(!it.is_confirmed());
        let settled = otherwise.settle(Settled::Kept, now).unwrap();
        assert!(settled.settle(Settled::Taken, now).is_err());
    }

    #[test]
    fn p36_a_level_without_evidence_is_refused() {
        let with = |words: &str, link: Option<&str>| Evidence { words: words.into(), link: link.map(Into::into), pin: None };
        assert!(with("", None).must_show_something().is_err());
        assert!(with("Taught a class", None).must_show_something().is_ok());
        assert!(with("", Some("https://example.org")).must_show_something().is_ok());
    }
}
