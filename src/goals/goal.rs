//! A goal and its brief: states, steps, permission, and which kind of helper it calls for. Pure.

use crate::error::Result;
use crate::refused;
use crate::seal::KeyId;
use crate::slices::PolicyTable;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;

ids!(GoalId);

text_enum!(pub GoalState { Draft = "draft", Set = "set", Reached = "reached", LetGo = "let_go" });

text_enum!(
    /// The questions, in their order; each is a page.
    pub Step { Outcome = "outcome", Skills = "skills", Why = "why", Success = "success", By = "by", Help = "help" }
);

text_enum!(
    /// Which kind of help somebody wishes for.
    pub Help {
        Advise = "advise",
        Teach = "teach",
        Challenge = "challenge",
        Sponsor = "sponsor",
        HoldToAccount = "hold_to_account",
        Reflect = "reflect",
    }
);

text_enum!(
    /// Who serves a goal best.
    pub Advice { Mentor = "mentor", Coach = "coach", Peer = "peer", Question = "question" }
);

record!(
    #[derive(Debug, Clone)]
    pub struct Goal {
        pub id: GoalId,
        pub owner: PersonId,
        pub state: GoalState,
        pub version: i64,
        pub step: Step,
        pub key: KeyId,
        pub made_at: Timestamp,
        pub changed_at: Timestamp,
        pub ended_at: Option<Timestamp>,
    }
);

record!(
    /// How far somebody is with a skill, 1 to 5, and how far they want to come.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct GoalSkill {
        pub skill: String,
        pub present: i64,
        pub target: i64,
    }
);

/// A goal as one version of it says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub id: GoalId,
    pub owner: PersonId,
    pub state: GoalState,
    pub version: i64,
    pub outcome: String,
    pub why_now: String,
    pub success: String,
    pub by_on: Option<Date>,
    pub skills: Vec<GoalSkill>,
    pub help: Vec<Help>,
    /// The question whose answer made this version, when it is not the first.
    pub changed: Option<Step>,
}

/// An answer to one of the questions.
#[derive(Debug, Clone)]
pub enum Answer {
    Outcome(String),
    /// Skills by their ids.
    Skills(Vec<GoalSkill>),
    Why(String),
    Success(String),
    By(Option<Date>),
    Help(Vec<Help>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    See,
    Change,
    End,
}

pub const MOST_OPEN: i64 = 50;
pub const MOST_SKILLS: usize = 3;
pub const LONGEST_OUTCOME: usize = 300;
pub const LONGEST_WORDS: usize = 1500;

impl Goal {
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.allows_when(viewer.is(self.owner), deed)
    }

    fn allows_when(&self, own: bool, deed: Deed) -> bool {
        match deed {
            Deed::See | Deed::Change | Deed::End => own,
        }
    }

    /// It has been said whole, and people can be found for it.
    pub fn set(self) -> Self {
        Self { state: GoalState::Set, ..self }
    }

    pub fn end(self, how: GoalState, now: Timestamp) -> Result<Self> {
        match (self.state, how) {
            (GoalState::Draft, GoalState::LetGo) | (GoalState::Set, GoalState::Reached | GoalState::LetGo) => {
                Ok(Self { state: how, ended_at: Some(now), ..self })
            }
            (GoalState::Draft, _) => Err(refused!("This goal is not said to its end yet.")),
            _ => Err(refused!("This goal is already closed.")),
        }
    }

    pub fn changes(&self) -> Result<()> {
        match self.state {
            GoalState::Draft | GoalState::Set => Ok(()),
            GoalState::Reached | GoalState::LetGo => Err(refused!("This goal is closed. Please begin a new one.")),
        }
    }
}

pub fn policy(table: &mut PolicyTable) {
    let goal = Goal {
        id: GoalId(uuid::Uuid::nil()),
        owner: PersonId(uuid::Uuid::nil()),
        state: GoalState::Set,
        version: 1,
        step: Step::Help,
        key: KeyId::from(uuid::Uuid::nil()),
        made_at: Timestamp::from_micros(0),
        changed_at: Timestamp::from_micros(0),
        ended_at: None,
    };
    for (deed, name) in [(Deed::See, "see"), (Deed::Change, "change"), (Deed::End, "end")] {
        // An office opens nothing here: a goal is its owner's alone.
        for (role, own) in [("its owner", true), ("member", false), ("coordinator", false), ("administrator", false)] {
            table.row("goal", name, role, goal.allows_when(own, deed));
        }
    }
}

impl Step {
    pub fn title(self) -> &'static str {
        match self {
            Self::Outcome => "Outcome",
            Self::Skills => "Skill",
            Self::Why => "Why now",
            Self::Success => "Success",
            Self::By => "By when",
            Self::Help => "Help",
        }
    }

    /// What changed, as the page that follows names it: “the kind of help”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Outcome => "what you want to be able to do",
            Self::Skills => "the skill and how far",
            Self::Why => "why now",
            Self::Success => "what success looks like",
            Self::By => "by when",
            Self::Help => "the kind of help",
        }
    }

    pub fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default()
    }

    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.place() + 1).copied()
    }

    pub fn before(self) -> Option<Self> {
        self.place().checked_sub(1).and_then(|place| Self::ALL.get(place)).copied()
    }
}

impl Help {
    pub fn words(self) -> &'static str {
        match self {
            Self::Advise => "advise me",
            Self::Teach => "teach me",
            Self::Challenge => "challenge me",
            Self::Sponsor => "open doors for me",
            Self::HoldToAccount => "hold me to account",
            Self::Reflect => "help me think",
        }
    }

    pub fn more(self) -> &'static str {
        match self {
            Self::Advise => "Somebody who has done it says what they would do.",
            Self::Teach => "Somebody shows me how, and looks at what I make.",
            Self::Challenge => "Somebody asks what I avoid asking myself.",
            Self::Sponsor => "Somebody speaks up for me where I am not in the room.",
            Self::HoldToAccount => "Somebody asks whether I did what I said.",
            Self::Reflect => "Somebody listens until I know what I think.",
        }
    }

    /// Whether it takes somebody who knows the field from the inside.
    fn wants_the_field(self) -> bool {
        matches!(self, Self::Advise | Self::Teach | Self::Sponsor)
    }
}

impl Brief {
    /// The version after an answer; `None` when the answer says what was there already.
    pub fn answered(&self, answer: Answer) -> Option<Self> {
        let mut next = self.clone();
        match answer {
            Answer::Outcome(words) => next.outcome = words,
            Answer::Skills(skills) => next.skills = skills,
            Answer::Why(words) => next.why_now = words,
            Answer::Success(words) => next.success = words,
            Answer::By(day) => next.by_on = day,
            Answer::Help(help) => next.help = help,
        }
        (next != *self).then_some(next)
    }

    /// Whether this question has an answer.
    pub fn answers(&self, step: Step) -> bool {
        match step {
            Step::Outcome => !self.outcome.is_empty(),
            Step::Skills => !self.skills.is_empty(),
            Step::Why => !self.why_now.is_empty(),
            Step::Success => !self.success.is_empty(),
            Step::By => self.by_on.is_some(),
            Step::Help => !self.help.is_empty(),
        }
    }

    /// Who serves this goal best, and why, in a sentence to them.
    pub fn advice(&self, today: Date) -> (Advice, String) {
        let steps: i64 = self.skills.iter().map(|skill| (skill.target - skill.present).max(0)).sum();
        let near = self.by_on.is_some_and(|day| day.since(today).is_ok_and(|span| span.get_days() <= 21));
        let one_kind = matches!(self.help[..], [] | [Help::Advise | Help::Teach]);
        if one_kind && near && self.skills.len() <= 1 && steps <= 1 {
            return (
                Advice::Question,
                "It is one small thing and it is soon: a good answer may be all you need. It can still grow into more.".into(),
            );
        }
        let field: Vec<&str> = self.help.iter().filter(|help| help.wants_the_field()).map(|help| help.words()).collect();
        if !field.is_empty() {
            let asked = field.iter().map(|words| format!("“{words}”")).collect::<Vec<_>>().join(" and ");
            return (
                Advice::Mentor,
                format!("You wished for somebody to {}: that takes a person who has done it themselves.", asked.replace(" me”", " you”")),
            );
        }
        let thinks = self.help.iter().any(|help| matches!(help, Help::Challenge | Help::Reflect));
        let accounts = self.help.contains(&Help::HoldToAccount);
        match (thinks, accounts) {
            (true, _) => (
                Advice::Coach,
                "You wished for questions more than for answers. A coach is trained in that, and need not know your field.".into(),
            ),
            (false, true) => (
                Advice::Peer,
                "You know what to do and want somebody to ask whether you did it. A partner at a like place does that for you, and you for them.".into(),
            ),
            (false, false) if steps > 0 => (
                Advice::Mentor,
                "You want to come further in something people can show you: somebody who has walked that way is a good beginning.".into(),
            ),
            (false, false) => (
                Advice::Coach,
                "You did not say which skill or which help. Somebody who asks well can help you to find out.".into(),
            ),
        }
    }
}

impl Advice {
    pub fn words(self) -> &'static str {
        match self {
            Self::Mentor => "a mentor",
            Self::Coach => "a coach",
            Self::Peer => "a partner to learn with",
            Self::Question => "one question",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(help: &[Help], skills: &[(i64, i64)], by_on: Option<&str>) -> Brief {
        Brief {
            id: GoalId(uuid::Uuid::nil()),
            owner: PersonId(uuid::Uuid::nil()),
            state: GoalState::Set,
            version: 1,
            outcome: "Something".into(),
            why_now: String::new(),
            success: String::new(),
            by_on: by_on.map(|day| day.parse().expect("a day")),
            skills: skills.iter().map(|(present, target)| GoalSkill { skill: "sql".into(), present: *present, target: *target }).collect(),
            help: help.to_vec(),
            changed: None,
        }
    }

    #[test]
    fn p01_every_mix_of_wishes_has_somebody_who_serves_it() {
        use Advice::*;
        use Help::*;
        let today = jiff::civil::date(2026, 11, 22);
        let soon = Some("2026-12-01");
        for (help, skills, by_on, advice) in [
            (&[Teach][..], &[(2, 4)][..], None, Mentor),
            (&[Advise], &[(2, 4)], None, Mentor),
            (&[Sponsor], &[], soon, Mentor),
            (&[Challenge], &[(3, 4)], None, Coach),
            (&[Reflect], &[], None, Coach),
            (&[Reflect, HoldToAccount], &[(1, 3)], None, Coach),
            (&[Challenge, Teach], &[(1, 3)], None, Mentor),
            (&[HoldToAccount], &[(3, 4)], None, Peer),
            (&[Advise], &[(2, 3)], soon, Question),
            (&[], &[(2, 3)], soon, Question),
            (&[Advise], &[(2, 3)], Some("2027-03-01"), Mentor),
            (&[Advise], &[(1, 4)], soon, Mentor),
            (&[Advise, Challenge], &[(2, 3)], soon, Mentor),
            (&[], &[(1, 4)], None, Mentor),
            (&[], &[], None, Coach),
        ] {
            let (found, reason) = brief(help, skills, by_on).advice(today);
            assert_eq!(found, advice, "{help:?} {skills:?} {by_on:?}: {reason}");
            assert!(reason.ends_with('.') && reason.len() > 30);
        }
    }

    #[test]
    fn an_answer_that_changes_nothing_makes_no_version() {
        let before = brief(&[Help::Teach], &[(2, 4)], None);
        assert_eq!(before.answered(Answer::Help(vec![Help::Teach])), None);
        assert!(before.answered(Answer::Help(vec![])).is_some());
    }
}
