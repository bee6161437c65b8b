//! Tells the village's history: each thing is done by the product's own verbs, at the moment it is said to have
//! happened, so that what is there afterwards is what really would be there.

use super::Village;
use super::person::{Help as SeedHelp, OpenTo, SeedGoal};
use super::village::{AnswerKind, SeedAsk, SeedEnding, SeedQuestion, SeedSize};
use crate::app::{App, Tx};
use crate::asks::{self, AskId};
use crate::error::{Error, Result};
use crate::goals::{self, Step};
use crate::questions::{self, QuestionId};
use crate::relationships::{self, RelationshipId, Size};
use crate::viewer::{PersonId, Via, Viewer};
use chiron_store::{Timestamp, sql};
use jiff::SignedDuration;
use std::collections::HashMap;

/// Places that everybody has besides their own while the past is told.
const ROOM: i64 = 20;

/// One thing that somebody does, or that time does.
#[derive(Clone)]
enum Deed {
    SetsGoal(String, SeedGoal),
    Asks(usize, SeedAsk),
    Answers(usize, SeedAsk),
    AsksOne(usize, SeedQuestion),
    AnswersOne(usize, SeedQuestion),
    Begins(usize, SeedEnding),
    Ends(usize, SeedEnding),
    TimePasses,
}

/// What came of earlier steps, for later ones.
#[derive(Default, Clone)]
struct Told {
    asks: HashMap<usize, AskId>,
    questions: HashMap<usize, QuestionId>,
    relationships: HashMap<usize, RelationshipId>,
    /// Where a learner and a guide met, by their keys.
    met: HashMap<(String, String), RelationshipId>,
}

/// Tells it all, oldest first, and leaves the clock at the present. `who` knows the people by their keys.
pub async fn tell(app: &App, village: &Village, who: &HashMap<String, PersonId>) -> Result<()> {
    let now = app.now();
    let mut told = Told::default();
    // While the past is told nobody is away or full: that came later.
    let away: Vec<(PersonId, Option<Timestamp>)> = app
        .write(|tx| {
            let away = tx.all(sql!("select person_id, not_now_until from profiles where not_now_until is not null"), &[])?;
            tx.execute(sql!("update profiles set not_now_until = null, capacity = capacity + $1"), &[&ROOM])?;
            Ok(away)
        })
        .await?;
    for (at, step) in timeline(village, now) {
        app.clock.show(at);
        let (before, people) = (told, who.clone());
        told = app.write(move |tx| take(tx, &step, before.clone(), &people)).await?;
    }
    super::sessions::tell(app, who, now).await?;
    super::messages::tell(app, who, now).await?;
    super::action_items::tell(app, who, now).await?;
    super::agreements::tell(app, who, now).await?;
    super::attainment::tell(app, who, now).await?;
    super::plans::tell(app, who, now).await?;
    super::circles::tell(app, who, now).await?;
    super::reflections::tell(app, who, now).await?;
    super::feedback::tell(app, who, now).await?;
    super::celebrations::tell(app, who, now).await?;
    super::records::tell(app, who, now).await?;
    super::worksheets::tell(app, who, now).await?;
    super::reviews::tell(app, who, now).await?;
    super::experiments::tell(app, who, now).await?;
    super::experiences::tell(app, who, now).await?;
    super::tallies::tell(app, now).await?;
    app.clock.show_now(now);
    // What was told long ago is read by now, and none of it is sent by mail today.
    app.write(move |tx| {
        let recent = now - SignedDuration::from_hours(24 * 3);
        tx.execute(sql!("update notices set lettered_at = $1 where lettered_at is null"), &[&now])?;
        tx.execute(sql!("update profiles set capacity = capacity - $1"), &[&ROOM])?;
        for (person, until) in &away {
            tx.execute(sql!("update profiles set not_now_until = $2 where person_id = $1"), &[person, until])?;
        }
        tx.execute(sql!("update notices set read_at = made_at where made_at < $1"), &[&recent])?;
        Ok(())
    })
    .await
}

fn timeline(village: &Village, now: Timestamp) -> Vec<(Timestamp, Deed)> {
    let days_ago = |days: u16| now - SignedDuration::from_hours(24 * i64::from(days)) - SignedDuration::from_mins(90);
    let hours = |n: u32| SignedDuration::from_hours(n.into());
    let mut steps = Vec::new();
    for person in &village.people {
        for (n, goal) in (1..).zip(&person.goals) {
            // What matters most was said last, so that it stands first.
            let said = days_ago(person.joined_days_ago.min(20)) - SignedDuration::from_mins(n);
            steps.push((said, Deed::SetsGoal(person.key.to_string(), goal.clone())));
        }
    }
    for (n, ask) in village.asks.iter().enumerate() {
        let sent = days_ago(ask.sent_days_ago);
        steps.push((sent, Deed::Asks(n, ask.clone())));
        match &ask.answer {
            Some(answer) if answer.kind != AnswerKind::Lapsed => {
                steps.push((sent + hours(answer.after_hours), Deed::Answers(n, ask.clone())))
            }
            Some(_) => steps.push((sent + hours(24 * 8), Deed::TimePasses)),
            None => {}
        }
    }
    for (n, question) in village.questions.iter().enumerate() {
        let asked = days_ago(question.asked_days_ago);
        steps.push((asked, Deed::AsksOne(n, question.clone())));
        steps.push((asked + hours(question.answered_after_hours), Deed::AnswersOne(n, question.clone())));
    }
    for (n, ending) in village.endings.iter().enumerate() {
        steps.push((days_ago(ending.began_days_ago), Deed::Begins(n, ending.clone())));
        steps.push((days_ago(ending.ended_days_ago), Deed::Ends(n, ending.clone())));
    }
    steps.retain(|(at, _)| *at <= now);
    steps.sort_by_key(|(at, _)| *at);
    steps
}

fn take(tx: &mut Tx, step: &Deed, mut told: Told, who: &HashMap<String, PersonId>) -> Result<Told> {
    match step {
        Deed::SetsGoal(owner, goal) => {
            let owner = viewer(tx, who, owner)?;
            sets_goal(tx, &owner, goal)?;
        }
        Deed::Asks(n, ask) => {
            let draft = draft(person(who, &ask.to)?, ask.role, size(ask.size), &letter(ask), format!("village ask {n}"));
            let asker = viewer(tx, who, &ask.from)?;
            let id = asks::verbs::send(tx, &asker, &draft)?;
            told.asks.insert(*n, id);
        }
        Deed::Answers(n, ask) => {
            let (Some(id), Some(answer)) = (told.asks.get(n).copied(), &ask.answer) else { return Ok(told) };
            match answer.kind {
                AnswerKind::Accepted => {
                    let viewer = viewer(tx, who, &ask.to)?;
                    let relationship = asks::verbs::accept(tx, &viewer, id, true)?;
                    told.met.insert((ask.from.to_string(), ask.to.to_string()), relationship);
                }
                AnswerKind::Declined => {
                    let viewer = viewer(tx, who, &ask.to)?;
                    asks::verbs::decline(tx, &viewer, id, asks::Reason::NoTime, &answer.words, None)?;
                }
                AnswerKind::Withdrawn => {
                    let viewer = viewer(tx, who, &ask.from)?;
                    asks::verbs::withdraw(tx, &viewer, id)?;
                }
                AnswerKind::Lapsed => {}
            }
        }
        Deed::AsksOne(n, question) => {
            let draft = questions::Draft {
                to: Some(person(who, &question.to)?),
                skill: Some(question.skill.to_string()),
                words: question.question.to_string(),
                days: 7,
                may_pass: false,
                stuck_in: None,
                again: None,
                nonce: format!("village question {n}"),
            };
            let asker = viewer(tx, who, &question.from)?;
            let id = questions::verbs::ask(tx, &asker, &draft)?;
            told.questions.insert(*n, id);
        }
        Deed::AnswersOne(n, question) => {
            if let Some(id) = told.questions.get(n).copied() {
                let asked = viewer(tx, who, &question.to)?;
                questions::verbs::answer(tx, &asked, id, &question.answer)?;
                let asker = viewer(tx, who, &question.from)?;
                questions::verbs::say_it_helped(tx, &asker, id)?;
            }
        }
        Deed::Begins(n, ending) => {
            // What a request began is what ends.
            if let Some(met) = told.met.get(&(ending.learner.to_string(), ending.guide.to_string())) {
                told.relationships.insert(*n, *met);
                return Ok(told);
            }
            let letter = asks::Letter {
                goal: "Learn from somebody who has done it.".into(),
                why_you: "You have done it yourself.".into(),
                so_far: String::new(),
                the_ask: "An hour a month, for half a year.".into(),
                will_bring: "I come prepared.".into(),
            };
            let draft = draft(person(who, &ending.guide)?, ending.role, Size::regular(1, 6), &letter, format!("village ending {n}"));
            let learner = viewer(tx, who, &ending.learner)?;
            let id = asks::verbs::send(tx, &learner, &draft)?;
            let guide = viewer(tx, who, &ending.guide)?;
            let relationship = asks::verbs::accept(tx, &guide, id, true)?;
            told.relationships.insert(*n, relationship);
        }
        Deed::Ends(n, ending) => {
            if let Some(id) = told.relationships.get(n).copied() {
                let learner = viewer(tx, who, &ending.learner)?;
                relationships::verbs::end(tx, &learner, id, "")?;
                relationships::verbs::publish_testimonial(tx, &learner, id, &ending.testimonial)?;
            }
        }
        Deed::TimePasses => {
            asks::verbs::lapse(tx)?;
            questions::verbs::lapse(tx)?;
        }
    }
    Ok(told)
}

fn sets_goal(tx: &mut Tx, owner: &Viewer, goal: &SeedGoal) -> Result<()> {
    use goals::Answer;
    let id = goals::verbs::begin(tx, owner, tx.new_id(), &goal.outcome)?;
    let skill = goals::GoalSkill { skill: goal.skill.to_string(), present: goal.present.into(), target: goal.target.into() };
    let by = tx.now().in_zone(&owner.zone).date().saturating_add(jiff::Span::new().days(i64::from(goal.by_in_days)));
    let help = goal.help.iter().map(|help| match help {
        SeedHelp::Advise => goals::Help::Advise,
        SeedHelp::Teach => goals::Help::Teach,
        SeedHelp::Challenge => goals::Help::Challenge,
        SeedHelp::Sponsor => goals::Help::Sponsor,
        SeedHelp::HoldToAccount => goals::Help::HoldToAccount,
        SeedHelp::Reflect => goals::Help::Reflect,
    });
    for (step, answer) in [
        (Step::Skills, Answer::Skills(vec![skill])),
        (Step::Why, Answer::Why(goal.why_now.to_string())),
        (Step::Success, Answer::Success(goal.success.to_string())),
        (Step::By, Answer::By(Some(by))),
        (Step::Help, Answer::Help(help.collect())),
    ] {
        goals::verbs::answer(tx, owner, id, step, Some(answer))?;
    }
    Ok(())
}

fn letter(ask: &SeedAsk) -> asks::Letter {
    asks::Letter {
        goal: ask.goal.to_string(),
        why_you: ask.why_you.to_string(),
        so_far: ask.tried.to_string(),
        the_ask: ask.ask.to_string(),
        will_bring: ask.commitment.to_string(),
    }
}

fn size(size: SeedSize) -> Size {
    match size {
        SeedSize::Once { minutes } => Size::conversation(minutes),
        SeedSize::Regular { hours, months } => Size::regular(hours, months),
    }
}

fn draft(to: PersonId, role: OpenTo, size: Size, letter: &asks::Letter, nonce: String) -> asks::Draft {
    let help = match role {
        OpenTo::Coach | OpenTo::Client => asks::Help::Coaching,
        OpenTo::Peer => asks::Help::Peer,
        _ => asks::Help::Mentoring,
    };
    asks::Draft { to, help, size, goal_id: None, letter: letter.clone(), next: Vec::new(), nonce }
}

fn person(who: &HashMap<String, PersonId>, key: &str) -> Result<PersonId> {
    who.get(key).copied().ok_or_else(|| Error::broken(format!("nobody in the village is called {key}")))
}

pub(super) fn viewer(tx: &mut Tx, who: &HashMap<String, PersonId>, key: &str) -> Result<Viewer> {
    Viewer::of_person(tx, person(who, key)?, Via::Errand)?.ok_or(Error::NotFound)
}

/// Amina and Tomáš, whose story the village tells, and where they work together.
pub(super) fn pair(tx: &mut Tx, who: &HashMap<String, PersonId>) -> Result<(Viewer, Viewer, Option<RelationshipId>)> {
    let (amina, tomas) = (viewer(tx, who, "amina")?, viewer(tx, who, "tomas")?);
    let mine = relationships::verbs::mine(tx, &amina)?;
    let together = mine.into_iter().find(|r| r.role_of(tomas.person).is_some() && r.state.is_live());
    Ok((amina, tomas, together.map(|r| r.id)))
}

#[cfg(test)]
mod tests {
    use crate::story::story;
    use chiron_store::sql;

    #[test]
    fn the_village_has_a_history_that_the_product_itself_has_written() {
        story(|s| {
            s.waits(crate::seed::write::village(s.app())).unwrap();
            let (asks, answers, testimonials, goals) = s.does(|tx| {
                Ok(tx.one::<(i64, i64, i64, i64)>(
                    sql!(
                        "select (select count(*) from asks), (select count(*) from questions where state = 'answered'),
                            (select count(*) from testimonials), (select count(*) from goals)"
                    ),
                    &[],
                )?)
            });
            assert!(asks >= 8 && answers >= 1 && testimonials >= 1 && goals >= 3, "{asks} {answers} {testimonials} {goals}");
        });
    }
}
