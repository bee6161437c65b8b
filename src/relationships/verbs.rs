//! Beginning to work together, saying what comes next, ending well, and speaking of it afterwards.

use super::relationship::{Company, Deed, Kind, Passage, Relationship, RelationshipId, Role, SealedPassage, Size, Terms, Testimonial};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::notices::tell;
use crate::people::{Chip, verbs::chips};
use crate::seal::{self, KeyId};
use crate::slices::{RELATIONSHIP_PARTS, UNSEEN};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::Timestamp;
use maud::Markup;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Begins a relationship under the key of the conversation it grew from, which keeps that history readable to both.
pub fn begin(tx: &mut Tx, kind: Kind, key: KeyId, grown_from: Uuid, parties: &[(PersonId, Role)]) -> Result<RelationshipId> {
    let id: RelationshipId = tx.new_id();
    sql::insert(tx, id, kind, key, grown_from, parties)?;
    tx.record(Happening::of("relationship began", id).touching(parties.iter().map(|(p, _)| *p)))?;
    Ok(id)
}

/// Writes down how much time was agreed.
pub fn agree(tx: &mut Tx, id: RelationshipId, size: Size) -> Result<()> {
    sql::insert_terms(tx, id, size)
}

/// Carries what was written before into it. The words are sealed under the key that it began with.
pub fn remember(tx: &mut Tx, id: RelationshipId, passages: &[SealedPassage]) -> Result<()> {
    passages.iter().try_for_each(|passage| sql::insert_passage(tx, id, passage))
}

/// How many more people someone can guide: their capacity less those they guide now; never below zero.
pub fn places_left(tx: &mut Tx, person: PersonId) -> Result<i64> {
    sql::places_left(tx, person)
}

/// Who someone is, also when they have been forgotten since: then nothing but that.
pub fn called(tx: &mut Tx, person: PersonId) -> Result<Chip> {
    Ok(called_all(tx, &[person])?.remove(0))
}

/// The same for many at once, each in its place.
pub fn called_all(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Chip>> {
    let known = chips(tx, people)?;
    let mut known = known.into_iter().peekable();
    // What is known comes in the order asked for, so whoever is not next has left.
    Ok(people.iter().map(|person| known.next_if(|chip| chip.id == *person).unwrap_or_else(|| has_left(*person))).collect())
}

fn has_left(id: PersonId) -> Chip {
    Chip { id, name: "Someone who has left".into(), pronouns: String::new(), headline: String::new(), photo: None, zone: "UTC".into() }
}

/// A relationship that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Relationship> {
    sql::find(tx, id)?.filter(|r| r.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same with the people in it.
pub fn company(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Company> {
    let relationship = open(tx, viewer, id, deed)?;
    let parties: Vec<PersonId> = relationship.parties.iter().map(|p| p.person).collect();
    let mut unseen = Vec::new();
    for (tab, find) in UNSEEN {
        unseen.extend(find(tx, viewer)?.into_iter().filter(|(there, _)| *there == id).map(|(_, many)| (*tab, many)));
    }
    Ok(Company { people: called_all(tx, &parties)?, relationship, unseen })
}

/// In which relationships there is something that the viewer has not seen yet.
pub fn with_news(tx: &mut Tx, viewer: &Viewer) -> Result<BTreeSet<RelationshipId>> {
    let mut with = BTreeSet::new();
    for (_, find) in UNSEEN {
        with.extend(find(tx, viewer)?.into_iter().map(|(id, _)| id));
    }
    Ok(with)
}

/// What the first page of a relationship shows.
pub struct Whole {
    pub company: Company,
    pub terms: Option<Terms>,
    pub passages: Vec<Passage>,
    /// What the slices below have to say about this moment.
    pub now: Vec<Markup>,
    /// What the viewer has published about it.
    pub testimonial: Option<Testimonial>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Whole> {
    let company = company(tx, viewer, id, Deed::See)?;
    let key = company.relationship.key;
    let (terms, ring) = (sql::terms(tx, id, key)?, seal::ring(tx, &[key])?);
    let mut passages = Vec::new();
    for sealed in sql::passages(tx, id)? {
        let words = ring.text(key, &sealed.words)?.unwrap_or_else(|| "This was forgotten.".into());
        passages.push(Passage { by: sealed.by, at: sealed.at, heading: sealed.heading, words });
    }
    let mut now = Vec::new();
    for part in RELATIONSHIP_PARTS {
        now.extend((part.now)(tx, viewer, &company)?);
    }
    let testimonial = sql::testimonial_by(tx, id, viewer.person)?;
    Ok(Whole { company, terms, passages, now, testimonial })
}

/// Those that someone is in, live ones first.
pub fn mine(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Relationship>> {
    sql::of_person(tx, viewer.person, 100)
}

/// What the learner said comes next, and when.
pub fn next_step(tx: &mut Tx, id: RelationshipId, key: KeyId) -> Result<Option<(String, Timestamp)>> {
    Ok(sql::terms(tx, id, key)?.and_then(|terms| terms.next_step.zip(terms.next_step_at)))
}

/// The learner says what comes next.
pub fn set_next_step(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::SetNextStep)?;
    relationship.must_offer(viewer, Deed::SetNextStep)?;
    let sealed = if words.is_empty() { None } else { Some(seal::seal(tx, relationship.key, words)?) };
    sql::save_next_step(tx, id, sealed.as_ref())?;
    if sealed.is_some() {
        for party in relationship.parties.iter().filter(|p| !viewer.is(p.person)) {
            tell(tx, party.person, "next step", id)?;
        }
    }
    tx.record(Happening::of("next step set", id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

/// Either of them ends it well, with a word on it if they like. It frees the place it filled.
pub fn end(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, closing: &str) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::End)?.end(tx.now())?;
    if !sql::save_end(tx, &relationship)? {
        return Err(too_late!("Someone ended this a moment before you."));
    }
    if !closing.is_empty() {
        let passage = SealedPassage {
            by: viewer.person,
            at: tx.now(),
            heading: "Closing words".into(),
            words: seal::seal(tx, relationship.key, closing)?,
        };
        sql::insert_passage(tx, id, &passage)?;
    }
    for party in relationship.parties.iter().filter(|p| !viewer.is(p.person)) {
        tell(tx, party.person, "relationship ended", id)?;
    }
    tx.record(Happening::of("relationship ended", id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

/// The learner says in public how it was. It stays theirs: `take_back` removes it at once.
pub fn publish_testimonial(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::PublishTestimonial)?;
    relationship.may_be_spoken_of()?;
    let about = relationship.other(viewer).ok_or(Error::NotFound)?.person;
    if words.is_empty() {
        return Err(refused!("nothing_said"; "Please write a sentence or two first."));
    }
    sql::publish_testimonial(tx, id, viewer.person, about, words)?;
    tell(tx, about, "testimonial", id)?;
    tx.record(Happening::of("testimonial published", id).by(viewer).touching([viewer.person, about]))
}

pub fn take_back_testimonial(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::TakeBackTestimonial)?;
    if !sql::take_back_testimonial(tx, id, viewer.person)? {
        return Err(too_late!("There is nothing of yours published here."));
    }
    tx.record(Happening::of("testimonial taken back", id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

/// What people who ended a relationship with someone say of them in public, latest first.
pub fn testimonials_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Testimonial>> {
    sql::testimonials_of(tx, person, 20)
}
