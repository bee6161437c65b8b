//! A plan: its milestones and activities, who may do what with them, how two people change it without losing a word, and
//! when something in it is reached. Pure.

use crate::error::Result;
use crate::goals::GoalId;
use crate::relationships::{self, Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

ids!(PlanId, ItemId);

text_enum!(
    /// What stands in a plan: a milestone, or something to do for one.
    pub Kind {
        Milestone = "milestone",
        Read = "read",
        Practise = "practise",
        Project = "project",
        Shadow = "shadow",
        Talk = "talk",
        Review = "review",
        Teach = "teach",
    }
);
text_enum!(
    pub ItemState {
        /// “Try this”: somebody suggested it, and its owner has not answered.
        Suggested = "suggested",
        NotNow = "not_now",
        Open = "open",
        /// Done, with what came of it; a milestone reached, with what shows it.
        Done = "done",
        /// Kept for whoever was writing on it meanwhile, and shown to nobody.
        TakenOut = "taken_out",
    }
);
text_enum!(
    /// What people do with a plan.
    pub Deed {
        See = "see",
        /// Add to it and change it.
        Write = "write",
        /// Say what came of something one does oneself.
        Finish = "finish",
        /// Suggest something to try.
        Suggest = "suggest",
        /// Answer a suggestion, say that a milestone is reached, choose who sees it, put it away.
        Lead = "lead",
    }
);

/// Plans that one person has going at once.
pub const MOST_PLANS: i64 = 20;
pub const MOST_MILESTONES: usize = 15;
/// Everything in a plan, what was taken out too.
pub const MOST_ITEMS: usize = 200;
/// Suggestions that may wait for an answer in one plan.
pub const MOST_SUGGESTED: usize = 5;
/// Hours a week that somebody can give.
pub const HOURS: std::ops::RangeInclusive<i64> = 1..=40;
/// How far ahead a day of a plan may lie.
const YEARS_AHEAD: i16 = 10;

/// The longest texts, in characters.
pub mod longest {
    pub const TITLE: usize = 200;
    pub const NOTE: usize = 1000;
    pub const OUTCOME: usize = 1500;
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Plan {
        pub id: PlanId,
        pub goal: GoalId,
        pub owner: PersonId,
        pub key: KeyId,
        /// With whom it is shared; `None` for its owner alone.
        pub relationship: Option<RelationshipId>,
        pub first_on: String,
        pub hours: i64,
        pub made_at: Timestamp,
        pub ended_at: Option<Timestamp>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ItemRow {
        pub id: ItemId,
        pub plan: PlanId,
        pub milestone: Option<ItemId>,
        pub kind: Kind,
        pub state: ItemState,
        pub on_day: Option<String>,
        pub doer: PersonId,
        pub suggested_by: Option<PersonId>,
        pub relationship: Option<RelationshipId>,
        pub key: KeyId,
        pub last_by: PersonId,
        pub version: i64,
        pub words: Sealed,
        pub outcome: Option<Sealed>,
        pub made_at: Timestamp,
        pub changed_at: Timestamp,
        pub closed_at: Option<Timestamp>,
    }
);

/// What is to be done or reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub title: String,
    pub note: String,
    pub link: Option<String>,
}

/// What came of it, or what shows that it is reached: words, a link, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub words: String,
    pub link: Option<String>,
}

/// A milestone or an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub plan: PlanId,
    pub milestone: Option<ItemId>,
    pub kind: Kind,
    pub state: ItemState,
    pub on: Option<Date>,
    pub doer: PersonId,
    pub suggested_by: Option<PersonId>,
    pub relationship: Option<RelationshipId>,
    pub key: KeyId,
    pub last_by: PersonId,
    pub version: i64,
    pub words: Words,
    pub outcome: Option<Outcome>,
    pub made_at: Timestamp,
    pub changed_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

/// What somebody writes into a plan.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kind: Kind,
    pub milestone: Option<ItemId>,
    pub words: Words,
    pub on: Option<Date>,
    pub doer: PersonId,
}

impl Kind {
    /// As a heading of a choice.
    pub fn title(self) -> &'static str {
        match self {
            Self::Milestone => "Milestone",
            Self::Read => "Read or watch",
            Self::Practise => "Practise",
            Self::Project => "Join or do a project",
            Self::Shadow => "Shadow somebody",
            Self::Talk => "Give a talk",
            Self::Review => "Review something",
            Self::Teach => "Teach it",
        }
    }
    /// As a tag beside its words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Milestone => "milestone",
            Self::Read => "read",
            Self::Practise => "practise",
            Self::Project => "project",
            Self::Shadow => "shadow",
            Self::Talk => "talk",
            Self::Review => "review",
            Self::Teach => "teach",
        }
    }
    pub fn is_activity(self) -> bool {
        self != Self::Milestone
    }
}

impl Plan {
    /// Who may do what. `together`: the relationship it is shared with. Its owner leads; the other of the pair writes in it
    /// too, finishes what is theirs, and suggests; nobody else learns that it exists.
    pub fn allows(&self, together: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        let mine = viewer.is(self.owner);
        let theirs = !mine && together.is_some_and(|together| self.is_shown_to(together, viewer));
        match deed {
            Deed::See | Deed::Write | Deed::Finish => mine || theirs,
            Deed::Suggest => theirs,
            Deed::Lead => mine,
        }
    }
    fn is_shown_to(&self, together: &Relationship, viewer: &Viewer) -> bool {
        self.relationship == Some(together.id) && together.shows_to(viewer)
    }
    /// Whether the two write in it together now.
    pub fn is_worked_on(&self, together: Option<&Relationship>) -> bool {
        together.is_some_and(|together| {
            self.relationship == Some(together.id)
                && together.is_open_to(relationships::Deed::TakePart)
                && together.people().any(|person| person == self.owner)
        })
    }
    /// What somebody wrote in it among two stays among these two and its owner, also when it is shared with another later.
    pub fn reads(&self, item: &Item, viewer: &Viewer) -> bool {
        viewer.is(self.owner)
            || item.relationship == self.relationship
            || (item.last_by == self.owner && item.doer == self.owner && item.suggested_by.is_none())
    }
    pub fn must_be_open(&self) -> Result<()> {
        if self.ended_at.is_none() { Ok(()) } else { Err(too_late!("This plan was put away already. What is in it stays.")) }
    }
    pub fn first_day(&self) -> Option<Date> {
        self.first_on.parse().ok()
    }
}

impl Item {
    /// What stands in the plan as one looks at it.
    pub fn is_in(&self) -> bool {
        matches!(self.state, ItemState::Open | ItemState::Done)
    }
    pub fn is_milestone(&self) -> bool {
        self.kind == Kind::Milestone
    }
    /// Whether this viewer may say that it is done: a milestone its owner, an activity also whoever does it.
    pub fn may_be_closed_by(&self, plan: &Plan, viewer: &Viewer) -> bool {
        self.state == ItemState::Open && (viewer.is(plan.owner) || (self.kind.is_activity() && viewer.is(self.doer)))
    }

    /// As it is written now. Somebody who wrote on an older version is told, and nothing of either is lost.
    pub fn changed(self, version: i64, draft: &Draft) -> Result<Self> {
        if self.version != version {
            return Err(match self.state {
                ItemState::TakenOut => {
                    too_late!("This was taken out of the plan while you were writing. Send it once more, and it is back with your words.")
                }
                _ => too_late!(
                    "This was changed while you were writing. Both texts are here; make of them what you like, and send it again."
                ),
            });
        }
        if draft.kind.is_activity() != self.kind.is_activity() {
            return Err(refused!("kind"; "A milestone stays a milestone, and an activity an activity."));
        }
        let state = if self.state == ItemState::TakenOut { ItemState::Open } else { self.state };
        let Draft { kind, milestone, words, on, doer } = draft.clone();
        Ok(Self { kind, milestone, words, on, doer, state, ..self })
    }
    /// Done, or reached: never without a word or a link that shows it.
    pub fn close(self, outcome: Outcome, now: Timestamp) -> Result<Self> {
        if outcome.words.is_empty() && outcome.link.is_none() {
            return Err(match self.kind {
                Kind::Milestone => {
                    refused!("evidence"; "By what would somebody else see that it is reached? A sentence or a link is enough.")
                }
                _ => refused!("evidence"; "What came of it? A sentence is enough, also that it was not for you."),
            });
        }
        if self.kind.is_activity() && outcome.words.is_empty() {
            return Err(refused!("evidence"; "What came of it? A sentence beside the link is enough."));
        }
        match self.state {
            ItemState::Open => Ok(Self { state: ItemState::Done, outcome: Some(outcome), closed_at: Some(now), ..self }),
            ItemState::Done => Err(too_late!("This was done already. What was said of it stands.")),
            _ => Err(too_late!("This is not in the plan any more.")),
        }
    }
    /// It was too early. What was said of it stays in the field when it is done again.
    pub fn reopen(self) -> Result<Self> {
        match self.state {
            ItemState::Done => Ok(Self { state: ItemState::Open, closed_at: None, ..self }),
            _ => Err(too_late!("This is open already.")),
        }
    }
    pub fn take_out(self, version: i64) -> Result<Self> {
        match self.state {
            ItemState::TakenOut => Err(too_late!("This was taken out already.")),
            _ if self.version != version => Err(too_late!("This was changed a moment before. Please look at it again.")),
            _ => Ok(Self { state: ItemState::TakenOut, ..self }),
        }
    }
    /// The owner takes a suggestion into the plan.
    pub fn take(self, milestone: ItemId, on: Option<Date>) -> Result<Self> {
        match self.state {
            ItemState::Suggested | ItemState::NotNow => Ok(Self { state: ItemState::Open, milestone: Some(milestone), on, ..self }),
            _ => Err(too_late!("You have answered this already.")),
        }
    }
    pub fn not_now(self) -> Result<Self> {
        match self.state {
            ItemState::Suggested => Ok(Self { state: ItemState::NotNow, ..self }),
            _ => Err(too_late!("You have answered this already.")),
        }
    }
}

/// A day that a plan may have.
pub fn must_be_near(on: Date, today: Date) -> Result<()> {
    if (on.year() - today.year()).abs() > YEARS_AHEAD {
        return Err(refused!("day"; "Please choose a day within {YEARS_AHEAD} years."));
    }
    Ok(())
}

/// Milestones in the order of their days, each with its activities in the order of theirs; those without a day come last.
pub fn in_order(items: &[Item]) -> Vec<(&Item, Vec<&Item>)> {
    let by_day = |item: &&Item| (item.on.is_none(), item.on, item.made_at, item.id);
    let mut milestones: Vec<&Item> = items.iter().filter(|item| item.is_milestone() && item.is_in()).collect();
    milestones.sort_by_key(by_day);
    let under = |milestone: &Item| {
        let mut under: Vec<&Item> =
            items.iter().filter(|item| item.kind.is_activity() && item.is_in() && item.milestone == Some(milestone.id)).collect();
        under.sort_by_key(by_day);
        under
    };
    milestones.into_iter().map(|milestone| (milestone, under(milestone))).collect()
}

/// The milestone that comes next.
pub fn next(items: &[Item]) -> Option<&Item> {
    in_order(items).into_iter().map(|(milestone, _)| milestone).find(|milestone| milestone.state == ItemState::Open)
}

/// At the beginning of time, for the policy table.
pub(super) fn example(owner: PersonId, relationship: Option<RelationshipId>) -> Plan {
    let nil = uuid::Uuid::nil();
    Plan {
        id: nil.into(),
        goal: nil.into(),
        owner,
        key: nil.into(),
        relationship,
        first_on: "2026-11-23".into(),
        hours: 3,
        made_at: Timestamp::from_micros(0),
        ended_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: Kind, state: ItemState, on: Option<Date>, number: u128) -> Item {
        let nil = uuid::Uuid::nil();
        Item {
            id: uuid::Uuid::from_u128(number).into(),
            plan: nil.into(),
            milestone: kind.is_activity().then(|| uuid::Uuid::from_u128(1).into()),
            kind,
            state,
            on,
            doer: nil.into(),
            suggested_by: None,
            relationship: None,
            key: nil.into(),
            last_by: nil.into(),
            version: 1,
            words: Words { title: format!("{number}"), ..Words::default() },
            outcome: None,
            made_at: Timestamp::from_micros(0),
            changed_at: Timestamp::from_micros(0),
            closed_at: None,
        }
    }
    fn day(day: i8) -> Option<Date> {
        Some(jiff::civil::date(2026, 12, day))
    }

    #[test]
    fn p34_a_milestone_is_reached_on_evidence_and_an_activity_is_done_with_a_note() {
        let now = Timestamp::from_micros(9);
        let link = || Some("https://example.org/".to_owned());
        for (kind, words, link, may) in [
            (Kind::Milestone, "", None, false),
            (Kind::Milestone, "They used it.", None, true),
            (Kind::Milestone, "", link(), true),
            (Kind::Read, "", None, false),
            (Kind::Read, "", link(), false),
            (Kind::Read, "Half of it was new.", None, true),
        ] {
            let closed = item(kind, ItemState::Open, None, 1).close(Outcome { words: words.into(), link }, now);
            assert_eq!(closed.is_ok(), may, "{kind} {words}");
        }
        let said = Outcome { words: "Said.".into(), link: None };
        for state in [ItemState::Suggested, ItemState::NotNow, ItemState::Done, ItemState::TakenOut] {
            assert!(item(Kind::Read, state, None, 1).close(said.clone(), now).is_err(), "{state}");
        }
    }

    #[test]
    fn p34_milestones_stand_by_their_days_and_the_next_is_the_first_that_is_open() {
        let items = [
            item(Kind::Milestone, ItemState::Open, day(20), 2),
            item(Kind::Milestone, ItemState::Done, day(10), 1),
            item(Kind::Read, ItemState::Open, None, 3),
            item(Kind::Practise, ItemState::Done, day(4), 4),
            item(Kind::Read, ItemState::TakenOut, day(1), 5),
            item(Kind::Shadow, ItemState::Suggested, day(1), 6),
        ];
        let titles: Vec<(&str, Vec<&str>)> = in_order(&items)
            .iter()
            .map(|(milestone, under)| (milestone.words.title.as_str(), under.iter().map(|item| item.words.title.as_str()).collect()))
            .collect();
        assert_eq!(titles, [("1", vec!["4", "3"]), ("2", vec![])]);
        assert_eq!(next(&items).map(|item| item.words.title.as_str()), Some("2"));
    }

    #[test]
    fn p34_whoever_writes_on_an_older_version_is_told_and_may_send_it_again() {
        let draft = Draft {
            kind: Kind::Read,
            milestone: None,
            words: Words { title: "Mine".into(), ..Words::default() },
            on: None,
            doer: uuid::Uuid::nil().into(),
        };
        let was = Item { version: 3, ..item(Kind::Read, ItemState::Open, None, 1) };
        assert!(was.clone().changed(2, &draft).is_err());
        assert_eq!(was.clone().changed(3, &draft).expect("the same version").words.title, "Mine");
        let gone = Item { state: ItemState::TakenOut, ..was };
        assert_eq!(gone.changed(3, &draft).expect("sent again").state, ItemState::Open);
    }
}
