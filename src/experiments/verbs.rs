//! What people do with experiments: begin one, let a partner read it, and write down what they learned when its day comes.

use super::experiment::{Deed, Draft, Experiment, ExperimentId, Learnt, MOST_OPEN, Outcome, Words, look_at};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::goals::{GoalId, verbs as goals};
use crate::notices::{self, tell};
use crate::refused;
use crate::relationships::{self, Company, Relationship, RelationshipId, verbs as partners};
use crate::seal;
use crate::viewer::{PersonId, Viewer};
use jiff::civil::Date;

pub(super) const BACK: &str = "experiment back";
pub(super) const SHARED: &str = "experiment shared";
pub(super) const LEARNT: &str = "experiment learnt";

/// How many one list shows.
const SHOWN: i64 = 200;

/// Begins one. Sent twice from one form, it is one.
pub fn begin(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<ExperimentId> {
    if let Some(begun) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(begun);
    }
    if sql::count_open(tx, viewer.person, MOST_OPEN)? >= MOST_OPEN {
        return Err(
            refused!("too_many_open"; "You are trying {MOST_OPEN} things at once, which is the most. Please look at one of them first."),
        );
    }
    if let Some(goal) = draft.goal {
        goals::brief(tx, viewer, goal)?;
    }
    if let Some(with) = draft.relationship {
        takes_part(tx, viewer, with)?;
    }
    let key = seal::new_key(tx)?;
    let look = look_at(draft.look_on, tx.now(), &viewer.zone)?;
    let one = Experiment {
        id: tx.new_id(),
        owner: viewer.person,
        goal: draft.goal,
        relationship: draft.relationship,
        key,
        words: seal::seal(tx, key, &serde_json::to_string(&draft.words)?)?,
        began_at: tx.now(),
        look_on: draft.look_on.to_string(),
        look_at: Some(look),
        recalled_at: None,
        ended_at: None,
        outcome: None,
        learnt: None,
    };
    if !sql::insert(tx, &one, &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    let together = together(tx, &one)?;
    tell_others(tx, viewer, together.as_ref(), SHARED, one.id)?;
    record(tx, "experiment begun", viewer, &one, together.as_ref())?;
    Ok(one.id)
}

fn takes_part(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Relationship> {
    let together = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
    together.must_offer(viewer, relationships::Deed::TakePart)?;
    Ok(together)
}
fn together(tx: &mut Tx, one: &Experiment) -> Result<Option<Relationship>> {
    one.relationship.map(|id| partners::find(tx, id)).transpose()
}
fn tell_others(tx: &mut Tx, viewer: &Viewer, together: Option<&Relationship>, kind: &'static str, id: ExperimentId) -> Result<()> {
    let Some(together) = together.filter(|together| together.is_open_to(relationships::Deed::TakePart)) else { return Ok(()) };
    together.others(viewer).try_for_each(|person| tell(tx, person, kind, id))
}
fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, one: &Experiment, together: Option<&Relationship>) -> Result<()> {
    let others: Vec<PersonId> = together.map(|together| together.people().collect()).unwrap_or_default();
    tx.record(Happening::of(kind, one.id).by(viewer).touching(std::iter::once(one.owner).chain(others)))
}

/// One that the viewer may do this with, and where it is shared; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: ExperimentId, deed: Deed) -> Result<(Experiment, Option<Relationship>)> {
    let one = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = together(tx, &one)?;
    if one.allows(together.as_ref(), viewer, deed) { Ok((one, together)) } else { Err(Error::NotFound) }
}

/// What happened and what was learned. That ends it.
pub fn learn(tx: &mut Tx, viewer: &Viewer, id: ExperimentId, outcome: Outcome, learnt: &Learnt) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Change)?;
    if learnt.learnt.is_empty() {
        return Err(refused!("nothing_learnt"; "Please write what you learned. A line is enough, also when it did not work."));
    }
    let sealed = seal::seal(tx, was.key, &serde_json::to_string(learnt)?)?;
    let is = Experiment { learnt: Some(sealed), ..was.looked_at(outcome, tx.now())? };
    sql::save(tx, &is)?;
    notices::verbs::seen(tx, viewer.person, BACK, id)?;
    tell_others(tx, viewer, together.as_ref(), LEARNT, id)?;
    record(tx, LEARNT, viewer, &is, together.as_ref())
}

/// It goes on until another day.
pub fn go_on(tx: &mut Tx, viewer: &Viewer, id: ExperimentId, day: Date) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Change)?;
    let is = was.goes_on(day, tx.now(), &viewer.zone)?;
    sql::save(tx, &is)?;
    notices::verbs::seen(tx, viewer.person, BACK, id)?;
    record(tx, "experiment goes on", viewer, &is, together.as_ref())
}

/// Who reads it: its owner alone, or those of one relationship too.
pub fn share(tx: &mut Tx, viewer: &Viewer, id: ExperimentId, with: Option<RelationshipId>) -> Result<()> {
    let (was, before) = open(tx, viewer, id, Deed::Change)?;
    if was.relationship == with {
        return Ok(());
    }
    let after = with.map(|with| takes_part(tx, viewer, with)).transpose()?;
    sql::share(tx, id, with)?;
    tell_others(tx, viewer, after.as_ref(), SHARED, id)?;
    // Whom it was shared with until now sees at once that it is not any more.
    record(tx, SHARED, viewer, &was, before.as_ref())?;
    record(tx, SHARED, viewer, &was, after.as_ref())
}

pub fn delete(tx: &mut Tx, viewer: &Viewer, id: ExperimentId) -> Result<()> {
    let (one, together) = open(tx, viewer, id, Deed::Change)?;
    seal::destroy(tx, one.key)?;
    sql::delete(tx, id)?;
    record(tx, "experiment deleted", viewer, &one, together.as_ref())
}

/// Brings back those whose day has come.
pub fn bring_back(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for (id, owner) in &due {
        tell(tx, *owner, BACK, *id)?;
    }
    Ok(due.len())
}

// Reading.

/// One with its words.
#[derive(Debug, Clone)]
pub struct Told {
    pub one: Experiment,
    pub words: Words,
    pub learnt: Option<Learnt>,
}

fn told(tx: &mut Tx, all: Vec<Experiment>) -> Result<Vec<Told>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ring = seal::ring(tx, &all.iter().map(|one| one.key).collect::<Vec<_>>())?;
    let mut told = Vec::with_capacity(all.len());
    for one in all {
        let Some(words) = ring.text(one.key, &one.words)? else { continue };
        let learnt = one.learnt.as_ref().map(|sealed| ring.text(one.key, sealed)).transpose()?.flatten();
        let learnt = learnt.map(|text| serde_json::from_str(&text)).transpose()?;
        told.push(Told { words: serde_json::from_str(&words)?, learnt, one });
    }
    Ok(told)
}

/// One with those who read it too.
pub fn read(tx: &mut Tx, viewer: &Viewer, id: ExperimentId) -> Result<(Told, Option<Company>)> {
    let one = open(tx, viewer, id, Deed::See)?.0;
    let company = match one.relationship {
        Some(id) => still_there(partners::company(tx, viewer, id, relationships::Deed::See))?,
        None => None,
    };
    Ok((told(tx, vec![one])?.pop().ok_or(Error::NotFound)?, company))
}

pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let all = sql::of_owner(tx, viewer.person, SHOWN)?;
    told(tx, all)
}
pub fn of_goal(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Vec<Told>> {
    let all = sql::of_goal(tx, viewer.person, goal)?;
    told(tx, all)
}
/// What is shared in a relationship.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Told>> {
    let mut all = sql::of_relationship(tx, together.id)?;
    all.retain(|one| one.allows(Some(together), viewer, Deed::See));
    told(tx, all)
}
pub fn back(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let all = sql::back(tx, viewer.person)?;
    told(tx, all)
}
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<Told>> {
    let all = sql::of_owner(tx, person, 10_000)?;
    told(tx, all)
}
