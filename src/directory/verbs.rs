//! Finding people, and what other slices ask the directory within their own units of work.

use super::contrast::{MOST_SET_ASIDE, Why};
use super::find::{self, Asking, ForGoal, Results};
use super::rank::Style;
use super::{follow, search, sql};
use crate::app::{App, Happening, Tx};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::goals::{self, Advice, GoalId, Help};
use crate::people::{OpenTo, verbs as people};
use crate::viewer::{PersonId, Viewer};
use chiron_store::{List, Timestamp};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Skills that are looked at beside each wanted one.
const NEAR_SKILLS: usize = 12;
/// Candidates that are looked at for each skill.
const LOOKED_AT: i64 = 25;
const OFFERED: usize = 10;
/// Documents that are looked through for a name.
const LOOKED_THROUGH: i64 = 500;

/// Finds people for what a page asks, reading everyone into memory first when that has not happened yet.
pub async fn find(app: &App, viewer: &Viewer, form: Form) -> Result<Results> {
    loop {
        let (viewer, form) = (viewer.clone(), form.clone());
        let found = app
            .read(move |tx| {
                let goal = for_goal(tx, &viewer, &form)?;
                find::find(tx, &viewer, Asking::of(&form, goal))
            })
            .await?;
        match found {
            Some(found) => return Ok(found),
            None => warm(app).await?,
        }
    }
}

/// Sets a contrast aside for a goal: somebody else takes the place, or nobody when that is what they want.
pub fn set_aside(tx: &mut Tx, viewer: &Viewer, goal: GoalId, person: PersonId, why: Why) -> Result<()> {
    goals::verbs::brief(tx, viewer, goal)?;
    crate::people::verbs::chip(tx, person)?;
    let set_aside = sql::set_aside(tx, goal)?;
    if !set_aside.may_show(person) {
        return Ok(());
    }
    if set_aside.people.len() >= MOST_SET_ASIDE {
        return Err(crate::refused!(
            "You have set {MOST_SET_ASIDE} people aside for this goal. You can also say that you want no contrast at all."
        ));
    }
    sql::insert_set_aside(tx, goal, (why != Why::NoneAtAll).then_some(person), why)?;
    tx.record(Happening::of("contrast set aside", goal).by(viewer))
}

/// Shows those contrasts again that were set aside.
pub fn show_again(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<()> {
    goals::verbs::brief(tx, viewer, goal)?;
    sql::clear_set_aside(tx, goal)?;
    tx.record(Happening::of("contrasts shown again", goal).by(viewer))
}

/// The goal that the page names; somebody else's is not there.
fn for_goal(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Option<ForGoal>> {
    if form.value("goal").is_empty() {
        return Ok(None);
    }
    let id: GoalId = form.value("goal").parse().map_err(|_| Error::NotFound)?;
    let brief = goals::verbs::brief(tx, viewer, id)?;
    let (advice, why) = brief.advice(tx.now().in_zone(&viewer.zone).date());
    let mut ways_of_working: Vec<usize> = brief.help.iter().filter_map(|help| way_of_working(*help)).collect();
    ways_of_working.dedup();
    Ok(Some(ForGoal {
        id,
        outcome: brief.outcome,
        skills: brief.skills.into_iter().map(|s| (s.skill, s.present, s.target)).collect(),
        role: Some(match advice {
            Advice::Mentor => OpenTo::Mentor,
            Advice::Coach => OpenTo::Coach,
            Advice::Peer => OpenTo::Peer,
            Advice::Question => OpenTo::Question,
        }),
        advice: Some((advice.words(), why)),
        ways_of_working,
        changed: form.value("changed").parse().ok(),
    }))
}

/// Which end of which scale gives the kind of help that somebody wishes for.
fn way_of_working(help: Help) -> Option<usize> {
    Style::named(match help {
        Help::Advise | Help::Teach => "directive",
        Help::Challenge => "challenge",
        Help::HoldToAccount => "structured",
        Help::Reflect => "facilitative",
        Help::Sponsor => return None,
    })
}

/// Reads everyone into memory ahead of the first search. Goes on also when whoever asked for it has gone: in a large place it
/// takes longer than anybody waits for a page.
pub async fn warm(app: &App) -> Result<()> {
    let app = app.clone();
    tokio::spawn(async move { follow::build(&app).await }).await.map_err(|e| Error::broken(e.to_string()))?
}

/// Who else could be asked for this kind of help: people who know one of these skills or something near it, have room
/// for one more person now, and best share a language with whoever asks. At most ten, the best first.
pub fn alternatives(tx: &mut Tx, asker: PersonId, skills: &[String], not: &[PersonId]) -> Result<Vec<PersonId>> {
    let spoken = sql::languages(tx, asker)?;
    let not = [not, &people::apart_from(tx, asker)?].concat();
    best(tx, skills, &spoken, &left_out(Some(asker), &not)?, sql::with_room)
}

/// Who could answer a single question about a skill, best in this language. Falls back to anyone who answers
/// questions. At most ten, the best first.
pub fn pool_for(tx: &mut Tx, skill: Option<&str>, language: Option<&str>, not: &[PersonId]) -> Result<Vec<PersonId>> {
    let skills: Vec<String> = skill.into_iter().map(str::to_owned).collect();
    let spoken: Vec<String> = language.into_iter().map(str::to_owned).collect();
    let not = left_out(None, not)?;
    let found = best(tx, &skills, &spoken, &not, sql::answering)?;
    if found.is_empty() { sql::answering_anything(tx, &not, OFFERED as i64) } else { Ok(found) }
}

/// People whose names have the words of what was typed: unfinished words count, and so does a slip. At most so many.
pub fn called(tx: &mut Tx, typed: &str, most: usize) -> Result<Vec<PersonId>> {
    let asked = search::Asked::of(typed);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let matched = sql::words_match(tx, &asked, LOOKED_THROUGH)?;
    let meant = |typed: &String| matched.mended.iter().find(|(was, _)| was == typed).map_or(typed, |(_, is)| is).clone();
    let words: Vec<String> = asked.words.iter().map(meant).collect();
    let has = |name: &str| words.iter().all(|word| search::words(name).any(|of_name| of_name.starts_with(word)));
    let people = sql::names_of_docs(tx, &List::of(&matched.docs)?)?;
    Ok(people.into_iter().filter(|(_, name)| has(name)).map(|(person, _)| person).take(most).collect())
}

fn left_out(asker: Option<PersonId>, not: &[PersonId]) -> Result<List> {
    Ok(List::of(not.iter().chain(&asker).map(|p| p.0))?)
}

type Look = fn(&mut Tx, &str, &List, i64) -> Result<Vec<sql::Helper>>;

fn best(tx: &mut Tx, skills: &[String], spoken: &[String], not: &List, look: Look) -> Result<Vec<PersonId>> {
    let graph = crate::skills::graph_here(tx)?;
    let mut points: BTreeMap<PersonId, i64> = BTreeMap::new();
    for wanted in skills.iter().filter_map(|id| graph.by_id(id)) {
        let mut near: Vec<_> = graph.near(wanted.slot).to_vec();
        near.sort_by_key(|(slot, nearness)| (std::cmp::Reverse(*nearness), *slot));
        let mut of_this: BTreeMap<PersonId, i64> = BTreeMap::new();
        for (slot, nearness) in near.into_iter().take(NEAR_SKILLS) {
            let Some(skill) = graph.skill(slot) else { continue };
            for helper in look(tx, &skill.id, not, LOOKED_AT)? {
                let worth = i64::from(nearness) * (4 + helper.level);
                of_this.entry(helper.person).and_modify(|known| *known = worth.max(*known)).or_insert(worth);
            }
        }
        for (person, worth) in of_this {
            *points.entry(person).or_default() += worth;
        }
    }
    let mut found: Vec<(i64, PersonId)> = points.into_iter().map(|(person, points)| (points, person)).collect();
    found.sort_by_key(|(points, person)| (std::cmp::Reverse(*points), *person));
    found.truncate(4 * OFFERED);
    if !spoken.is_empty() {
        for (points, person) in &mut found {
            // To understand each other outweighs one step of skill.
            if sql::languages(tx, *person)?.iter().any(|l| spoken.contains(l)) {
                *points += 400;
            }
        }
        found.sort_by_key(|(points, person)| (std::cmp::Reverse(*points), *person));
    }
    Ok(found.into_iter().take(OFFERED).map(|(_, person)| person).collect())
}

/// Where the round through the vocabulary stands: the last word that was looked at, or when the round ended.
const ROUND: &str = "search words";
/// A round a day: what nobody uses any more is no secret that cannot wait, but it goes.
const BETWEEN_ROUNDS: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn words_are_due(tx: &mut Tx) -> Result<bool> {
    let at = tx.setting(ROUND)?.unwrap_or_default();
    match at.strip_prefix("ended ").and_then(|micros| micros.parse().ok()) {
        Some(micros) => Ok(tx.now().since(Timestamp::from_micros(micros)) > BETWEEN_ROUNDS),
        None => Ok(true),
    }
}

/// Takes the next words out of the vocabulary that nobody uses any more.
pub(super) fn sweep_words(tx: &mut Tx) -> Result<usize> {
    let at = tx.setting(ROUND)?.unwrap_or_default();
    let after = at.strip_prefix("after ").unwrap_or_default().to_owned();
    match sql::sweep_words(tx, &after, 200)? {
        Some(last) => tx.set(ROUND, &format!("after {last}"))?,
        None => {
            let now = tx.now().as_micros();
            tx.set(ROUND, &format!("ended {now}"))?;
        }
    }
    Ok(1)
}

/// Documents written again in one unit of work.
const WRITTEN_AT_ONCE: i64 = 200;

pub(super) fn documents_are_due(tx: &mut Tx) -> Result<bool> {
    Ok(sql::next_again(tx)?.is_some())
}

/// Writes the next documents again that a merged skill has made out of date.
pub(super) fn sweep_documents(tx: &mut Tx) -> Result<usize> {
    let Some((skill, after)) = sql::next_again(tx)? else { return Ok(0) };
    let people = sql::offering_after(tx, &skill, after, WRITTEN_AT_ONCE)?;
    sql::write_documents(tx, &people)?;
    let more = people.len() as i64 == WRITTEN_AT_ONCE;
    sql::written_again(tx, &skill, people.last().copied().filter(|_| more))?;
    Ok(people.len().max(1))
}

/// Makes every document of the search anew, in bounded steps: after a restore, whose backup leaves them out.
pub async fn rebuild_search(app: &App) -> Result<()> {
    let mut after = PersonId(Uuid::nil());
    loop {
        let last = app.write(move |tx| {
            let people = sql::people_after(tx, after, 500)?;
            sql::write_documents(tx, &people)?;
            Ok(people.last().copied())
        });
        match last.await? {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// The id right after this one.
pub(super) fn next_id(id: PersonId) -> PersonId {
    PersonId(Uuid::from_u128(id.0.as_u128().saturating_add(1)))
}

/// Makes the search know these people, for those who write many at once.
pub fn document(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    sql::write_documents(tx, people).map(|_| ())
}
