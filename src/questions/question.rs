//! A question: its states, its clock, and who may do what with it. Pure.
//!
//! Each person who is asked has a row and a clock of their own. When nobody answers in time it passes on, at most
//! twice, and then ends with the asker being told so: a question always ends.

use crate::asks::AskId;
use crate::error::{Error, Result};
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(QuestionId);

text_enum!(
    pub QuestionState {
        Waiting = "waiting",
        Answered = "answered",
        PassedOn = "passed_on",
        Lapsed = "lapsed",
        Withdrawn = "withdrawn",
    }
);
text_enum!(
    /// What people do with a question.
    pub Deed {
        See = "see",
        Answer = "answer",
        PassOn = "pass_on",
        SayItHelped = "say_it_helped",
        Grow = "grow",
        Withdraw = "withdraw",
    }
);

/// How many questions someone may have waiting at once.
pub const MOST_OPEN: i64 = 3;
/// How many wait for one person at most, when it is us who choose them.
pub const MOST_WAITING_FOR_ONE: i64 = 3;
/// How often a question passes on before it ends.
pub const MOST_PASSES: i64 = 2;
/// The reply times one can agree on, in days.
pub const DAYS: [i64; 4] = [1, 2, 4, 7];

/// The longest texts, in characters.
pub mod longest {
    pub const WORDS: usize = 800;
    pub const ANSWER: usize = 4000;
}

record!(
    /// A question to one person, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Question {
        pub id: QuestionId,
        pub asker: PersonId,
        pub asked: PersonId,
        pub skill: Option<String>,
        pub key: KeyId,
        pub state: QuestionState,
        pub may_pass: bool,
        pub sent_at: Timestamp,
        pub days: i64,
        pub answer_by: Timestamp,
        pub remind_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub helped_at: Option<Timestamp>,
        pub passed_from: Option<QuestionId>,
        pub passes: i64,
        pub stuck_in: Option<RelationshipId>,
        pub ask: Option<AskId>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub struct SealedWords {
        pub words: Sealed,
        pub answer: Option<Sealed>,
    }
);

/// What someone asks: a person, or whoever knows about a skill.
#[derive(Debug, Clone)]
pub struct Draft {
    pub to: Option<PersonId>,
    pub skill: Option<String>,
    pub words: String,
    pub days: i64,
    pub may_pass: bool,
    pub stuck_in: Option<RelationshipId>,
    /// The question whose words are asked anew; whoever was asked then is not asked again.
    pub again: Option<QuestionId>,
    pub nonce: String,
}

/// Where a question to someone begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    pub id: QuestionId,
    pub asker: PersonId,
    pub asked: PersonId,
    pub key: KeyId,
    pub skill: Option<String>,
    pub days: i64,
    pub may_pass: bool,
    pub passed_from: Option<QuestionId>,
    pub passes: i64,
    pub stuck_in: Option<RelationshipId>,
    pub ask: Option<AskId>,
}

/// The reply times to choose from: where two have agreed how soon they answer each other, none that is longer.
pub fn days_to_choose(agreed: Option<i64>) -> Vec<i64> {
    let most = agreed.map_or(7, |days| days.clamp(1, 7));
    DAYS.into_iter().filter(|days| *days < most).chain([most]).collect()
}

/// The reply time to propose, from how long someone usually takes: the first of the choices that leaves them twice that.
pub fn usual_days(usual: Option<SignedDuration>) -> i64 {
    let Some(usual) = usual else { return 4 };
    let needed = usual.saturating_add(usual).as_hours();
    DAYS.into_iter().find(|days| days * 24 >= needed).unwrap_or(7)
}

impl Question {
    pub fn new(begin: Beginning, now: Timestamp) -> Self {
        let time = SignedDuration::from_hours(begin.days * 24);
        Self {
            id: begin.id,
            asker: begin.asker,
            asked: begin.asked,
            skill: begin.skill,
            key: begin.key,
            state: QuestionState::Waiting,
            may_pass: begin.may_pass,
            sent_at: now,
            days: begin.days,
            answer_by: now + time,
            remind_at: now + SignedDuration::from_hours(begin.days * 12),
            ended_at: None,
            helped_at: None,
            passed_from: begin.passed_from,
            passes: begin.passes,
            stuck_in: begin.stuck_in,
            ask: begin.ask,
        }
    }

    pub fn is_waiting(&self) -> bool {
        self.state == QuestionState::Waiting
    }
    /// Whether nobody answered it, so that its words may do for somebody else.
    pub fn can_be_asked_again(&self) -> bool {
        matches!(self.state, QuestionState::Lapsed | QuestionState::Withdrawn)
    }
    pub fn waits_for_viewer(&self, viewer: &Viewer) -> bool {
        self.is_waiting() && viewer.is(self.asked)
    }
    pub fn other(&self, viewer: &Viewer) -> PersonId {
        if viewer.is(self.asker) { self.asked } else { self.asker }
    }

    /// Who may do what: the two of them, each their part, and nobody else.
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        match deed {
            Deed::See => viewer.is(self.asker) || viewer.is(self.asked),
            Deed::Answer | Deed::PassOn => viewer.is(self.asked),
            Deed::SayItHelped | Deed::Grow | Deed::Withdraw => viewer.is(self.asker),
        }
    }
    pub fn is_open_to(&self, deed: Deed) -> bool {
        match deed {
            Deed::See => true,
            Deed::Answer | Deed::PassOn | Deed::Withdraw => self.is_waiting(),
            Deed::SayItHelped => self.state == QuestionState::Answered && self.helped_at.is_none(),
            // What came from a relationship, or from an ask, has grown already.
            Deed::Grow => self.state == QuestionState::Answered && self.stuck_in.is_none() && self.ask.is_none(),
        }
    }
    pub fn offers(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.allows(viewer, deed) && self.is_open_to(deed)
    }

    pub fn answer(self, now: Timestamp) -> Result<Self> {
        self.ends(QuestionState::Answered, Deed::Answer, now)
    }
    pub fn withdraw(self, now: Timestamp) -> Result<Self> {
        self.ends(QuestionState::Withdrawn, Deed::Withdraw, now)
    }
    /// The one who was asked, or time, lets it go to someone else; `goes_on` tells whether there is one.
    pub fn let_go(self, goes_on: bool, now: Timestamp) -> Result<Self> {
        let state = if goes_on { QuestionState::PassedOn } else { QuestionState::Lapsed };
        self.ends(state, Deed::PassOn, now)
    }
    /// Whether someone else may be asked at all.
    pub fn may_go_on(&self) -> bool {
        self.may_pass && self.passes < MOST_PASSES
    }
    pub fn helped(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::SayItHelped)?;
        Ok(Self { helped_at: Some(now), ..self })
    }

    /// How it ended, as the asker is told; `None` while it waits.
    pub fn ending(&self, asked: &str) -> Option<String> {
        Some(match self.state {
            QuestionState::Waiting => return None,
            QuestionState::Answered => format!("{asked} has answered."),
            QuestionState::PassedOn => format!("{asked} could not answer, so we asked someone else."),
            QuestionState::Lapsed if self.passes > 0 => {
                format!("We asked {} people, and none of them could answer in time. We are sorry.", self.passes + 1)
            }
            QuestionState::Lapsed if self.may_pass => format!("{asked} could not answer in time, and there was nobody else to ask."),
            QuestionState::Lapsed => format!("{asked} could not answer in time."),
            QuestionState::Withdrawn => "You took this question back.".into(),
        })
    }
    pub fn ending_for_asked(&self, asker: &str) -> Option<String> {
        Some(match self.state {
            QuestionState::Waiting => return None,
            QuestionState::Answered if self.helped_at.is_some() => format!("You answered, and {asker} says that it helped."),
            QuestionState::Answered => "You answered. Thank you.".into(),
            QuestionState::PassedOn => "It went on to someone else. There is nothing for you to do.".into(),
            QuestionState::Lapsed => "The time to answer ran out. There is nothing for you to do.".into(),
            QuestionState::Withdrawn => format!("{asker} took the question back."),
        })
    }

    fn must(&self, deed: Deed) -> Result<()> {
        if self.is_open_to(deed) { Ok(()) } else { Err(self.over()) }
    }
    fn over(&self) -> Error {
        match self.state {
            QuestionState::Waiting => too_late!("This question still waits for its answer."),
            QuestionState::PassedOn => too_late!("This question has gone on to someone else."),
            other => too_late!("This question was already {other}."),
        }
    }
    fn ends(self, state: QuestionState, deed: Deed, now: Timestamp) -> Result<Self> {
        self.must(deed)?;
        Ok(Self { state, ended_at: Some(now), ..self })
    }
}

/// A question between two people at the beginning of time, for the policy table and for the tests of the rules.
pub(super) fn example(asker: PersonId, asked: PersonId) -> Question {
    let nobody = uuid::Uuid::nil();
    let begin = Beginning {
        id: nobody.into(),
        asker,
        asked,
        key: nobody.into(),
        skill: None,
        days: 2,
        may_pass: true,
        passed_from: None,
        passes: 0,
        stuck_in: None,
        ask: None,
    };
    Question::new(begin, Timestamp::from_micros(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_proposed_reply_time_leaves_twice_the_usual() {
        for (usual, days) in [(None, 4), (Some(2), 1), (Some(20), 2), (Some(40), 4), (Some(80), 7), (Some(400), 7)] {
            assert_eq!(usual_days(usual.map(SignedDuration::from_hours)), days, "{usual:?}");
        }
    }

    proptest! {
        /// However people press, a question ends once, stays ended, and says why.
        #[test]
        fn a_question_ends_once_and_says_why(deeds in prop::collection::vec(0..5_u8, 1..12)) {
            let (asker, asked) = (PersonId(uuid::Uuid::from_u128(1)), PersonId(uuid::Uuid::from_u128(2)));
            let mut question = example(asker, asked);
            let now = Timestamp::from_micros(1);
            for deed in deeds {
                let was = question.clone();
                let done = match deed {
                    0 => question.clone().answer(now),
                    1 => question.clone().withdraw(now),
                    2 => question.clone().let_go(true, now),
                    3 => question.clone().let_go(false, now),
                    _ => question.clone().helped(now),
                };
                match done {
                    Ok(next) => {
                        prop_assert!(was.is_waiting() || (was.state == QuestionState::Answered && was.helped_at.is_none()));
                        question = next;
                    }
                    Err(e) => {
                        prop_assert!(matches!(e, Error::Refused(_)));
                        prop_assert!(!was.is_waiting() || deed == 4);
                    }
                }
                prop_assert_eq!(question.is_waiting(), question.ended_at.is_none());
                prop_assert_eq!(question.is_waiting(), question.ending("Lea").is_none());
            }
        }
    }
}
