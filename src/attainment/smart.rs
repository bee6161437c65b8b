//! Whether a goal is specific, measurable, achievable, relevant and timed: as questions that point at what is not said yet.
//! Never a gate, and never a mark. Pure. After Doran, G. T. (1981): There's a S.M.A.R.T. way to write management's goals and
//! objectives. Management Review 70, 35–36.

use crate::goals::{Brief, Step};
use jiff::civil::Date;

/// Fewer words than this rarely say what one would see.
const FEW_WORDS: usize = 4;
/// So many levels of a skill at once are a long way.
const A_LONG_WAY: i64 = 3;
/// Less sure than this is worth a question.
const UNSURE: i64 = 5;

/// One of the five, with what to ask oneself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// “Specific”
    pub about: &'static str,
    pub question: String,
    /// The question of the goal's brief that says it; `None`: by what it is measured.
    pub step: Option<Step>,
}

/// What is worth asking about a goal; empty when all five are said. `measured`: whether it has levels or key results;
/// `sure`: how sure its owner is, 0 to 10.
pub fn check(brief: &Brief, measured: bool, sure: Option<i64>, today: Date) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut ask = |about, step, question: String| hints.push(Hint { about, question, step });
    if brief.outcome.split_whitespace().count() < FEW_WORDS {
        ask(
            "Specific",
            Some(Step::Outcome),
            "What would somebody see you do when you are there? A few words more make it easier to help.".into(),
        );
    }
    if !measured && brief.success.is_empty() {
        ask("Measurable", None, "How will you know how far you have come? Describe five levels, or name what can be counted.".into());
    }
    let far = brief.skills.iter().any(|skill| skill.target - skill.present >= A_LONG_WAY);
    match sure {
        Some(sure) if sure < UNSURE => {
            ask(
                "Achievable",
                Some(Step::Outcome),
                format!("You said {sure} of 10. What would make it one more? A smaller goal is a good goal."),
            );
        }
        None if far => ask(
            "Achievable",
            Some(Step::Skills),
            "That is a long way for one goal. Is there a first stretch of it that you could reach sooner?".into(),
        ),
        _ => {}
    }
    if brief.why_now.is_empty() {
        ask("Relevant", Some(Step::Why), "What would be different for you if you got there? It helps on the days when it is hard.".into());
    }
    match brief.by_on {
        None => ask("Time-bound", Some(Step::By), "By when would you like to be there? A guess is enough, and it can move.".into()),
        Some(day) if day < today => ask("Time-bound", Some(Step::By), "The day you had in mind has passed. Which one fits now?".into()),
        Some(_) => {}
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goals::{GoalId, GoalSkill, GoalState};
    use crate::viewer::PersonId;
    use jiff::civil::date;

    fn brief() -> Brief {
        Brief {
            id: GoalId(uuid::Uuid::nil()),
            owner: PersonId(uuid::Uuid::nil()),
            state: GoalState::Set,
            version: 1,
            outcome: "Apply for a first analyst job".into(),
            why_now: "The school year ends in June.".into(),
            success: "One analysis that somebody used.".into(),
            by_on: Some(date(2027, 6, 1)),
            skills: vec![GoalSkill { skill: "sql".into(), present: 2, target: 4 }],
            help: Vec::new(),
            changed: None,
        }
    }

    fn about(brief: &Brief, measured: bool, sure: Option<i64>) -> Vec<&'static str> {
        check(brief, measured, sure, date(2026, 11, 22)).iter().map(|hint| hint.about).collect()
    }

    #[test]
    fn p35_a_goal_that_says_all_five_is_asked_nothing() {
        assert_eq!(about(&brief(), false, None), [""; 0]);
        assert_eq!(about(&brief(), true, Some(8)), [""; 0]);
    }

    #[test]
    fn p35_each_thing_that_is_not_said_is_asked_for_by_itself() {
        let bare = Brief { outcome: "Data".into(), why_now: String::new(), success: String::new(), by_on: None, ..brief() };
        assert_eq!(about(&bare, false, None), ["Specific", "Measurable", "Relevant", "Time-bound"]);
        assert_eq!(about(&bare, true, None), ["Specific", "Relevant", "Time-bound"], "levels say how far it is");
        assert_eq!(about(&brief(), true, Some(3)), ["Achievable"]);
        let far = Brief { skills: vec![GoalSkill { skill: "sql".into(), present: 1, target: 5 }], ..brief() };
        assert_eq!(about(&far, true, None), ["Achievable"]);
        assert_eq!(about(&far, true, Some(7)), [""; 0], "who is sure is not asked");
        assert_eq!(about(&Brief { by_on: Some(date(2026, 1, 1)), ..brief() }, true, None), ["Time-bound"]);
    }
}
