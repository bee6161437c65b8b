//! Keeping a question, asking it, and saying that the answer helped.

use super::kept::{Deed, Kept, KeptId, LONGEST, MOST, SealedKept};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::messages::verbs as messages;
use crate::notices::tell;
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId};
use crate::sessions::{Session, verbs as sessions, written};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use std::collections::HashMap;
use std::sync::Arc;

/// Keeps a question for the next time one talks. Nobody else learns of it.
pub fn keep(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<KeptId> {
    partners::open(tx, viewer, id, relationships::Deed::TakePart)?.must_offer(viewer, relationships::Deed::TakePart)?;
    if sql::waiting(tx, viewer.person, id, MOST)? >= MOST {
        return Err(refused!("too_many_kept"; "You keep {MOST} questions here already. Ask one of them, or let some go."));
    }
    let key = own_key(tx, viewer.person)?;
    let sealed = seal::seal(tx, key, words)?;
    let kept: KeptId = tx.new_id();
    sql::insert(tx, kept, viewer.person, id, &sealed)?;
    happened(tx, "question kept", kept, viewer)?;
    Ok(kept)
}

/// The key of what somebody keeps, made with the first question.
fn own_key(tx: &mut Tx, person: PersonId) -> Result<KeyId> {
    let there = sql::key(tx, person)?;
    seal::key_kept(tx, there, |tx, key| sql::insert_key(tx, person, key))
}

/// What came by mail to the address of the notebook.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, text: &str) -> Result<()> {
    let words: String = text.trim().chars().take(LONGEST).collect();
    if words.is_empty() { Ok(()) } else { keep(tx, viewer, id, &words).map(|_| ()) }
}

/// What the page shows: who it is with, what is kept, and where mail keeps a question.
pub struct Notebook {
    pub company: Company,
    pub kept: Vec<Kept>,
    pub address: Option<String>,
    /// The session to which a question can be brought.
    pub next: Option<Session>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Notebook> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let rows = sql::of(tx, viewer.person, id, 2 * MOST)?;
    let kept = opened(tx, viewer.person, &key_of(&company), rows)?;
    let address = crate::mail::verbs::reply_address(tx, "notebook", id.0, viewer.person);
    let next = sessions::next(tx, id)?;
    Ok(Notebook { company, kept, address, next })
}

/// How many questions the viewer keeps for the next time.
pub fn waiting(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<i64> {
    sql::waiting(tx, viewer.person, id, MOST)
}

pub(super) fn all_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Kept>> {
    let rows = sql::of_person(tx, person)?;
    let keys: HashMap<RelationshipId, KeyId> = sql::keys_of(tx, person)?.into_iter().collect();
    opened(tx, person, &keys, rows)
}

fn key_of(company: &Company) -> HashMap<RelationshipId, KeyId> {
    HashMap::from([(company.relationship.id, company.relationship.key)])
}

/// Opens with the owner's key what was not asked, and with the relationship's what was.
fn opened(tx: &mut Tx, person: PersonId, shared: &HashMap<RelationshipId, KeyId>, rows: Vec<SealedKept>) -> Result<Vec<Kept>> {
    let own = sql::key(tx, person)?;
    let keys: Vec<KeyId> = shared.values().copied().chain(own).collect();
    let ring = seal::ring(tx, &keys)?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let words = match (row.shared_at, own) {
            (None, Some(own)) => ring.text(own, &row.words)?,
            (Some(_), _) => shared.get(&row.relationship).map(|key| ring.text(*key, &row.words)).transpose()?.flatten(),
            (None, None) => None,
        };
        let SealedKept { id, person, relationship, kept_at, shared_at, helped_at, .. } = row;
        kept.push(Kept {
            id,
            person,
            relationship,
            words: words.unwrap_or_else(|| "This was forgotten.".into()),
            kept_at,
            shared_at,
            helped_at,
        });
    }
    Ok(kept)
}

/// One that the viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kept: KeptId, deed: Deed) -> Result<(Company, Kept)> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let row = sql::find(tx, kept)?.filter(|row| row.relationship == id && viewer.is(row.person)).ok_or(Error::NotFound)?;
    let kept = opened(tx, viewer.person, &key_of(&company), vec![row])?.pop().ok_or(Error::NotFound)?;
    if kept.allows(viewer, deed) {
        Ok((company, kept))
    } else if kept.allows(viewer, Deed::See) {
        Err(too_late!("You have done this already."))
    } else {
        Err(Error::NotFound)
    }
}

/// Asks it now, as a message.
pub fn ask(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kept: KeptId) -> Result<()> {
    let (company, question) = open(tx, viewer, id, kept, Deed::Ask)?;
    shared(tx, viewer, &company, &question)?;
    let draft = messages::Draft { id: tx.new_id(), words: question.words, files: Arc::default() };
    messages::send(tx, viewer, id, &draft).map(|_| ())
}

/// Brings it to the next session: it stands on the agenda there.
pub fn bring(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kept: KeptId) -> Result<()> {
    let (company, question) = open(tx, viewer, id, kept, Deed::Bring)?;
    let next = sessions::next(tx, id)?
        .ok_or_else(|| refused!("no_session"; "No session is agreed yet. Propose one first, or ask it now as a message."))?;
    shared(tx, viewer, &company, &question)?;
    written::add_to_agenda(tx, viewer, next.id, &question.words)
}

/// From now on it is both of theirs.
fn shared(tx: &mut Tx, viewer: &Viewer, company: &Company, question: &Kept) -> Result<()> {
    company.relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    let sealed = seal::seal(tx, company.relationship.key, &question.words)?;
    if !sql::save_asked(tx, question.id, &sealed)? {
        return Err(too_late!("You have asked this already."));
    }
    happened(tx, "kept question asked", question.id, viewer)
}

/// The answer helped: whoever gave it is told.
pub fn say_it_helped(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kept: KeptId) -> Result<()> {
    let (company, question) = open(tx, viewer, id, kept, Deed::SayItHelped)?;
    if sql::save_helped(tx, question.id)? {
        for party in company.relationship.parties.iter().filter(|p| !viewer.is(p.person)) {
            tell(tx, party.person, "kept question helped", question.id)?;
        }
        happened(tx, "kept question helped", question.id, viewer)?;
    }
    Ok(())
}

pub fn let_go(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kept: KeptId) -> Result<()> {
    let (_, question) = open(tx, viewer, id, kept, Deed::LetGo)?;
    sql::delete(tx, question.id)?;
    happened(tx, "kept question let go", question.id, viewer)
}

/// A question that helped, as its partner may read it: it was asked.
pub(super) fn helped(tx: &mut Tx, viewer: &Viewer, kept: KeptId) -> Result<Option<(Company, Kept)>> {
    let Some(row) = sql::find(tx, kept)?.filter(|row| row.helped_at.is_some()) else { return Ok(None) };
    let company = partners::company(tx, viewer, row.relationship, relationships::Deed::See)?;
    let owner = row.person;
    let question = opened(tx, owner, &key_of(&company), vec![row])?.pop();
    Ok(question.map(|question| (company, question)))
}

/// With its key goes what somebody kept for themselves.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    if let Some(key) = sql::key(tx, person)? {
        seal::destroy(tx, key)?;
    }
    sql::forget(tx, person)
}

fn happened(tx: &mut Tx, kind: &'static str, kept: KeptId, viewer: &Viewer) -> Result<()> {
    tx.record(Happening::of(kind, kept).by(viewer).touching([viewer.person]))
}
