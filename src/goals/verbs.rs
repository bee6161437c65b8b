//! Saying what one wants, changing it, reaching it or letting it go.

use super::goal::{Answer, Brief, Deed, Goal, GoalId, GoalState, MOST_OPEN, Step};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::seal::{self, Ring};
use crate::skills;
use crate::slices::Need;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use std::collections::HashMap;

/// A goal as its newest version says it; its owner's alone.
pub fn brief(tx: &mut Tx, viewer: &Viewer, id: GoalId) -> Result<Brief> {
    let goal = find(tx, viewer, id, Deed::See)?;
    open(tx, &goal)
}

/// A goal with the question it waits at, and its earlier versions, newest first.
pub fn see(tx: &mut Tx, viewer: &Viewer, id: GoalId) -> Result<(Goal, Brief, Vec<Brief>)> {
    let goal = find(tx, viewer, id, Deed::See)?;
    let (mut briefs, ring) = (Vec::new(), seal::ring(tx, &[goal.key])?);
    for version in sql::versions(tx, id, 50)? {
        briefs.push(unseal(tx, &ring, &goal, version)?);
    }
    if briefs.is_empty() {
        return Err(Error::NotFound);
    }
    let newest = briefs.remove(0);
    Ok((goal, newest, briefs))
}

/// A goal as a list shows it.
pub struct Listed {
    pub id: GoalId,
    pub state: GoalState,
    /// The question a draft waits at.
    pub step: Step,
    pub outcome: String,
    /// Ids of its skills, in the order they were named.
    pub skills: Vec<String>,
}

/// One's own goals, the last changed first. Three queries, however many there are.
pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Listed>> {
    let lines = sql::listed(tx, viewer.person, 100)?;
    let ring = seal::ring(tx, &lines.iter().map(|line| line.key).collect::<Vec<_>>())?;
    let mut skills: HashMap<GoalId, Vec<String>> = HashMap::new();
    for (goal, skill) in sql::skills_of_person(tx, viewer.person)? {
        skills.entry(goal).or_default().push(skill);
    }
    let opened = lines.into_iter().map(|line| {
        let outcome = ring.text(line.key, &line.outcome)?.unwrap_or_default();
        Ok(Listed { id: line.id, state: line.state, step: line.step, outcome, skills: skills.remove(&line.id).unwrap_or_default() })
    });
    opened.collect()
}

/// The goals that somebody is after, as a form offers them.
pub fn pursued(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(GoalId, String)>> {
    let set = own(tx, viewer)?.into_iter().filter(|listed| listed.state == GoalState::Set);
    Ok(set.map(|listed| (listed.id, listed.outcome)).take(30).collect())
}

/// What these goals want and how they stand, whoever's they are: for slices below, once their own rules let somebody read it.
pub fn outcomes(tx: &mut Tx, ids: &[GoalId]) -> Result<HashMap<GoalId, (GoalState, String)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let lines = sql::lines(tx, ids)?;
    let ring = seal::ring(tx, &lines.iter().map(|line| line.key).collect::<Vec<_>>())?;
    let opened = lines.into_iter().map(|line| Ok((line.id, (line.state, ring.text(line.key, &line.outcome)?.unwrap_or_default()))));
    opened.collect()
}

/// Whether somebody ever began one.
pub fn has_any(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(!sql::of_person(tx, person, 1)?.is_empty())
}

/// Begins a draft from the first answer. The page brings the draft's id along: sent twice, it is one draft.
pub fn begin(tx: &mut Tx, viewer: &Viewer, id: GoalId, outcome: &str) -> Result<GoalId> {
    match sql::find(tx, id)? {
        Some(begun) if viewer.is(begun.owner) => return Ok(id),
        Some(_) => return Err(Error::NotFound),
        None => {}
    }
    if sql::open_count(tx, viewer.person)? >= MOST_OPEN {
        return Err(refused!("too_many_goals"; "You have {MOST_OPEN} goals open. Please close one you no longer need."));
    }
    let key = seal::new_key(tx)?;
    let now = tx.now();
    let goal = Goal {
        id,
        owner: viewer.person,
        state: GoalState::Draft,
        version: 1,
        step: Step::Skills,
        key,
        made_at: now,
        changed_at: now,
        ended_at: None,
    };
    sql::insert(tx, &goal)?;
    let brief = Brief {
        id: goal.id,
        owner: viewer.person,
        state: goal.state,
        version: 1,
        outcome: outcome.to_owned(),
        why_now: String::new(),
        success: String::new(),
        by_on: None,
        skills: Vec::new(),
        help: Vec::new(),
        changed: None,
    };
    put(tx, &goal, &brief)?;
    tx.record(Happening::of("goal begun", goal.id).by(viewer).touching([viewer.person]))?;
    Ok(goal.id)
}

/// Answers one question, or skips it (`None`). A draft moves on to the next and is set after the last; a goal that is
/// set gets a new version. Returns the goal as it stands, and whether anything changed.
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: GoalId, step: Step, answer: Option<Answer>) -> Result<(Goal, bool)> {
    let goal = find(tx, viewer, id, Deed::Change)?;
    goal.changes()?;
    let brief = open(tx, &goal)?;
    let was = (goal.state, goal.version);
    let next = answer.and_then(|answer| brief.answered(answer));
    let changed = next.is_some();
    let goal = match goal.state {
        GoalState::Draft => {
            if let Some(next) = next {
                put(tx, &goal, &next)?;
            }
            match step.next() {
                // Going back to an earlier question does not make one answer the later ones again.
                Some(next) => Goal { step: if next.place() > goal.step.place() { next } else { goal.step }, ..goal },
                None => goal.set(),
            }
        }
        _ => match next {
            Some(next) => {
                let version = goal.version + 1;
                put(tx, &goal, &Brief { version, changed: Some(step), ..next })?;
                Goal { version, ..goal }
            }
            None => return Ok((goal, false)),
        },
    };
    if !sql::save(tx, &goal, was)? {
        return Err(too_late!("You changed this goal in another window a moment ago. Please look at it again."));
    }
    let kind = match (was.0, goal.state) {
        (GoalState::Draft, GoalState::Set) => Some("goal set"),
        (GoalState::Set, _) => Some("goal changed"),
        _ => None,
    };
    if let Some(kind) = kind {
        tx.record(Happening::of(kind, id).by(viewer).touching([viewer.person]))?;
    }
    Ok((goal, changed))
}

/// Reached, or let go: both are good ends.
pub fn end(tx: &mut Tx, viewer: &Viewer, id: GoalId, how: GoalState) -> Result<()> {
    let goal = find(tx, viewer, id, Deed::End)?;
    let was = (goal.state, goal.version);
    let goal = goal.end(how, tx.now())?;
    if !sql::save(tx, &goal, was)? {
        return Err(too_late!("You changed this goal in another window a moment ago. Please look at it again."));
    }
    tx.record(Happening::of("goal ended", id).by(viewer).touching([viewer.person]))
}

/// Drafts that wait for their next answer.
pub(super) fn needs(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let drafts = sql::of_person(tx, viewer.person, 20)?.into_iter().filter(|goal| goal.state == GoalState::Draft).take(3);
    drafts
        .map(|goal| {
            let brief = open(tx, &goal)?;
            Ok(Need {
                by: None,
                title: "You began to say what you want to learn".into(),
                line: brief.outcome,
                path: format!("/goals/{}/{}", goal.id, goal.step),
                button: "Go on".into(),
            })
        })
        .collect()
}

pub(super) fn follow_merge(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some((was, is)) = skills::verbs::merged(tx, happening.subject.into())? else { return Ok(()) };
    sql::rewrite_skill(tx, &was, &is)
}

pub(super) fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let graph = skills::graph_here(tx)?;
    let mut goals = Vec::new();
    for goal in sql::of_person(tx, person, 10_000)? {
        let mut versions = Vec::new();
        let ring = seal::ring(tx, &[goal.key])?;
        for version in sql::versions(tx, goal.id, 10_000)? {
            let at = version.at.jiff().to_string();
            let brief = unseal(tx, &ring, &goal, version)?;
            let name = |id: &str| graph.by_id(id).map_or_else(|| id.to_owned(), |skill| skill.name.to_string());
            versions.push(serde_json::json!({
                "version": brief.version, "at": at, "outcome": brief.outcome, "why_now": brief.why_now, "success": brief.success,
                "by": brief.by_on.map(|day| day.to_string()), "help": brief.help,
                "skills": brief.skills.iter().map(|s| serde_json::json!({
                    "skill": name(&s.skill), "present": s.present, "target": s.target,
                })).collect::<Vec<_>>(),
            }));
        }
        goals.push(serde_json::json!({ "state": goal.state, "begun_at": goal.made_at.jiff().to_string(), "versions": versions }));
    }
    Ok(goals.into())
}

pub(super) fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    for goal in sql::of_person(tx, person, 10_000)? {
        sql::forget(tx, &goal)?;
    }
    Ok(())
}

fn find(tx: &mut Tx, viewer: &Viewer, id: GoalId, deed: Deed) -> Result<Goal> {
    sql::find(tx, id)?.filter(|goal| goal.allows(viewer, deed)).ok_or(Error::NotFound)
}

fn open(tx: &mut Tx, goal: &Goal) -> Result<Brief> {
    let version = sql::version(tx, goal.id, goal.version)?.ok_or(Error::NotFound)?;
    let ring = seal::ring(tx, &[goal.key])?;
    unseal(tx, &ring, goal, version)
}

fn unseal(tx: &mut Tx, ring: &Ring, goal: &Goal, version: sql::Version) -> Result<Brief> {
    let text = |sealed| Ok::<_, Error>(ring.text(goal.key, sealed)?.unwrap_or_default());
    let (outcome, why_now, success) = (text(&version.outcome)?, text(&version.why_now)?, text(&version.success)?);
    Ok(Brief {
        id: goal.id,
        owner: goal.owner,
        state: goal.state,
        version: version.version,
        outcome,
        why_now,
        success,
        by_on: version.by_on.and_then(|day| day.parse().ok()),
        skills: sql::skills(tx, goal.id, version.version)?,
        help: version.help.split(' ').filter_map(|word| word.parse().ok()).collect(),
        changed: version.changed.parse().ok(),
    })
}

fn put(tx: &mut Tx, goal: &Goal, brief: &Brief) -> Result<()> {
    let ring = seal::ring(tx, &[goal.key])?;
    let shut = |text: &str| ring.seal(tx, goal.key, text);
    let words = sql::Words { outcome: shut(&brief.outcome)?, why_now: shut(&brief.why_now)?, success: shut(&brief.success)? };
    sql::put_version(tx, brief, &words)
}
