//! Finding people, and what other slices ask the directory within their own units of work.

use super::find::{self, Asking, ForGoal, Results};
use super::{follow, sql};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::viewer::{PersonId, Viewer};
use chiron_store::List;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Skills that are looked at beside each wanted one.
const NEAR_SKILLS: usize = 12;
/// Candidates that are looked at for each skill.
const LOOKED_AT: i64 = 25;
const OFFERED: usize = 10;

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
            None => follow::build(app).await?,
        }
    }
}

fn for_goal(_tx: &mut Tx, _viewer: &Viewer, _form: &Form) -> Result<Option<ForGoal>> {
    Ok(None)
}

/// Reads everyone into memory ahead of the first search.
pub async fn warm(app: &App) -> Result<()> {
    follow::build(app).await
}

/// Who else could be asked for this kind of help: people who know one of these skills or something near it, have room
/// for one more person now, and best share a language with whoever asks. At most ten, the best first.
pub fn alternatives(tx: &mut Tx, asker: PersonId, skills: &[String], not: &[PersonId]) -> Result<Vec<PersonId>> {
    let spoken = sql::languages(tx, asker)?;
    best(tx, skills, &spoken, &left_out(Some(asker), not)?, sql::with_room)
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

/// Makes every document of the search anew, in bounded steps: after a restore, whose backup leaves them out.
pub async fn rebuild_search(app: &App) -> Result<()> {
    let mut after = PersonId(Uuid::nil());
    while let Some(last) = app.write(move |tx| sql::write_documents(tx, after, PersonId(Uuid::max()), 500)).await? {
        after = next_id(last);
    }
    Ok(())
}

/// The id right after this one.
pub(super) fn next_id(id: PersonId) -> PersonId {
    PersonId(Uuid::from_u128(id.0.as_u128().saturating_add(1)))
}

/// Makes the search know everyone between two ids, for those who write many people at once.
pub fn document_between(tx: &mut Tx, first: PersonId, last: PersonId) -> Result<()> {
    let mut from = first;
    while let Some(done) = sql::write_documents(tx, from, last, 2_000)? {
        from = next_id(done);
    }
    Ok(())
}
