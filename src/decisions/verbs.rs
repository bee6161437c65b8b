//! What people do with decisions: write one down, and look back on it when its day has come.

use super::decision::{Audience, Decision, DecisionId, Deed, Draft, Verdict, Words, morning_of};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::notices::tell;
use crate::relationships::{self, Relationship, RelationshipId, verbs as partners};
use crate::seal;
use crate::viewer::{PersonId, Viewer};
use jiff::civil::Date;
use std::collections::HashMap;

/// Writes a decision down, for oneself or for both. Sent twice from one form, it is one.
pub fn decide(tx: &mut Tx, viewer: &Viewer, relationship: RelationshipId, draft: &Draft) -> Result<DecisionId> {
    if let Some(made) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(made);
    }
    let with = partners::open(tx, viewer, relationship, relationships::Deed::TakePart)?;
    with.must_offer(viewer, relationships::Deed::TakePart)?;
    let key = match draft.audience {
        Audience::Pair => with.key,
        Audience::Me => seal::new_key(tx)?,
    };
    let review_at = draft.review_on.map(|day| morning_of(day, tx.now(), &viewer.zone)).transpose()?;
    let decision = Decision {
        id: tx.new_id(),
        owner: viewer.person,
        relationship,
        audience: draft.audience,
        key,
        decided_at: tx.now(),
        review_on: draft.review_on.map(|day| day.to_string()),
        review_at,
        recalled_at: None,
        reviewed_at: None,
        verdict: None,
    };
    let words = seal::seal(tx, key, &serde_json::to_string(&draft.words)?)?;
    if !sql::insert(tx, &decision, &words, &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    tx.record(happened("decision made", &decision, &with).by(viewer))?;
    Ok(decision.id)
}

/// A decision that this viewer may do this with, and where it was made; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: DecisionId, deed: Deed) -> Result<(Decision, Relationship)> {
    let decision = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = partners::find(tx, decision.relationship)?;
    if decision.allows(&together, viewer, deed) { Ok((decision, together)) } else { Err(Error::NotFound) }
}

/// Whether it was right, and what its owner learned.
pub fn review(tx: &mut Tx, viewer: &Viewer, id: DecisionId, verdict: Verdict, learned: &str) -> Result<()> {
    let (decision, together) = open(tx, viewer, id, Deed::Review)?;
    let decision = decision.review(verdict, tx.now())?;
    let learned = if learned.is_empty() { None } else { Some(seal::seal(tx, decision.key, learned)?) };
    sql::save(tx, &decision, learned.as_ref())?;
    tx.record(happened("decision reviewed", &decision, &together).by(viewer))
}

/// It is too early to say: it comes back on another day.
pub fn look_again(tx: &mut Tx, viewer: &Viewer, id: DecisionId, day: Date) -> Result<()> {
    let decision = open(tx, viewer, id, Deed::Review)?.0.look_again(day, tx.now(), &viewer.zone)?;
    sql::save(tx, &decision, None)
}

/// Brings back those whose day has come.
pub fn recall(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for (id, owner) in &due {
        tell(tx, *owner, "decision review", *id)?;
    }
    Ok(due.len())
}

/// A decision with its words.
#[derive(Debug, Clone)]
pub struct Told {
    pub decision: Decision,
    pub words: Words,
    pub learned: Option<String>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: DecisionId) -> Result<Told> {
    let (decision, _) = open(tx, viewer, id, Deed::See)?;
    told(tx, vec![decision])?.pop().ok_or(Error::NotFound)
}

/// What was decided in a relationship, as far as this viewer reads it, the latest first.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Told>> {
    let together = partners::open(tx, viewer, id, relationships::Deed::See)?;
    let decisions = sql::of_relationship(tx, id, viewer.person)?;
    told(tx, decisions.into_iter().filter(|d| d.allows(&together, viewer, Deed::See)).collect())
}

/// Someone's own that have come back.
pub fn to_review(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let back = sql::back(tx, viewer.person)?;
    told(tx, back)
}

/// All that someone ever decided, for their export.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<Told>> {
    let all = sql::of_owner(tx, person)?;
    told(tx, all)
}

/// Opens the words of many at the price of two queries.
fn told(tx: &mut Tx, decisions: Vec<Decision>) -> Result<Vec<Told>> {
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DecisionId> = decisions.iter().map(|d| d.id).collect();
    let ring = seal::ring(tx, &decisions.iter().map(|d| d.key).collect::<Vec<_>>())?;
    let mut sealed: HashMap<_, _> = sql::words(tx, &ids)?.into_iter().map(|words| (words.id, words)).collect();
    decisions
        .into_iter()
        .map(|decision| {
            let sealed = sealed.remove(&decision.id).ok_or(Error::NotFound)?;
            let words = match ring.text(decision.key, &sealed.words)? {
                Some(text) => serde_json::from_str(&text)?,
                None => Words { question: "This was forgotten.".into(), chosen: "This was forgotten.".into(), ..Words::default() },
            };
            let learned = sealed.learned.as_ref().map(|learned| ring.text(decision.key, learned)).transpose()?.flatten();
            Ok(Told { decision, words, learned })
        })
        .collect()
}

/// It wakes the pages of its owner, and of the others where they read it.
fn happened(kind: &'static str, decision: &Decision, together: &Relationship) -> Happening {
    let reads = together.people().filter(|_| decision.audience == Audience::Pair);
    Happening::of(kind, decision.id).touching(std::iter::once(decision.owner).chain(reads))
}
