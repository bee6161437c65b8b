//! Every query about relationships.

use super::relationship::{
    Kind, Party, Relationship, RelationshipId, RelationshipRow, Role, SealedPassage, Size, Terms, TermsRow, Testimonial, TestimonialId,
};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::{self, KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};
use uuid::Uuid;

pub fn insert(tx: &mut Tx, id: RelationshipId, kind: Kind, key: KeyId, grown_from: Uuid, parties: &[(PersonId, Role)]) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into relationships (id, kind, state, key_id, grown_from, began_at, changed_at)
             values ($1, $2, 'trying_out', $3, $4, $5, $5)"
        ),
        &[&id, &kind, &key, &grown_from, &now],
    )?;
    for (person, role) in parties {
        let guides = role.guides() && kind != Kind::Flash;
        tx.execute(
            sql!("insert into parties (relationship_id, person_id, role, guides) values ($1, $2, $3, $4)"),
            &[&id, person, role, &guides],
        )?;
    }
    Ok(())
}

pub fn places_left(tx: &mut Tx, person: PersonId) -> Result<i64> {
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select f.capacity - (select count(*) from parties where person_id = $1 and guides and freed_at is null)
             from profiles f where f.person_id = $1"
        ),
        &[&person],
    )?;
    Ok(row.map_or(0, |r| r.0.max(0)))
}

pub fn find(tx: &mut Tx, id: RelationshipId) -> Result<Option<Relationship>> {
    let row: Option<RelationshipRow> = tx.opt(
        sql!(RelationshipRow: "select id, kind, state, key_id as key, grown_from, began_at, ended_at from relationships where id = $1"),
        &[&id],
    )?;
    row.map(|row| whole(tx, row)).transpose()
}

/// Live ones first, then the latest.
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Relationship>> {
    let rows: Vec<RelationshipRow> = tx.all(
        sql!(RelationshipRow:
            "select r.id, r.kind, r.state, r.key_id as key, r.grown_from, r.began_at, r.ended_at
             from relationships r join parties p on p.relationship_id = r.id
             where p.person_id = $1
             order by case when r.ended_at is null then 0 else 1 end, r.changed_at desc, r.id desc limit $2"
        ),
        &[&person, &limit],
    )?;
    rows.into_iter().map(|row| whole(tx, row)).collect()
}

fn whole(tx: &mut Tx, row: RelationshipRow) -> Result<Relationship> {
    let parties: Vec<Party> = tx.all(
        sql!(Party: "select person_id as person, role from parties where relationship_id = $1 order by role, person_id limit 50"),
        &[&row.id],
    )?;
    let RelationshipRow { id, kind, state, key, grown_from, began_at, ended_at } = row;
    Ok(Relationship { id, kind, state, key, grown_from, began_at, ended_at, parties })
}

pub fn insert_terms(tx: &mut Tx, id: RelationshipId, size: Size) -> Result<()> {
    tx.execute(
        sql!("insert into relationship_terms (relationship_id, extent, minutes, months) values ($1, $2, $3, $4)"),
        &[&id, &size.extent, &size.minutes, &size.months],
    )?;
    Ok(())
}

pub fn terms(tx: &mut Tx, id: RelationshipId, key: KeyId) -> Result<Option<Terms>> {
    let row: Option<TermsRow> = tx.opt(
        sql!(TermsRow: "select extent, minutes, months, next_step, next_step_at from relationship_terms where relationship_id = $1"),
        &[&id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let next_step = match &row.next_step {
        Some(sealed) => seal::open_text(tx, key, sealed)?,
        None => None,
    };
    let size = Size { extent: row.extent, minutes: row.minutes, months: row.months };
    Ok(Some(Terms { size, next_step, next_step_at: row.next_step_at }))
}

pub fn save_next_step(tx: &mut Tx, id: RelationshipId, words: Option<&Sealed>) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update relationship_terms set next_step = $2, next_step_at = $3 where relationship_id = $1"),
        &[&id, &words.cloned(), &now],
    )?;
    tx.execute(sql!("update relationships set changed_at = $2 where id = $1"), &[&id, &now])?;
    Ok(())
}

pub fn insert_passage(tx: &mut Tx, id: RelationshipId, passage: &SealedPassage) -> Result<()> {
    let passage_id: Uuid = tx.new_id();
    tx.execute(
        sql!(
            "insert into passages (id, relationship_id, position, by_id, at, heading, words)
             values ($1, $2, (select count(*) from passages where relationship_id = $2), $3, $4, $5, $6)"
        ),
        &[&passage_id, &id, &passage.by, &passage.at, &passage.heading, &passage.words],
    )?;
    Ok(())
}

pub fn passages(tx: &mut Tx, id: RelationshipId) -> Result<Vec<SealedPassage>> {
    Ok(tx.all(
        sql!(SealedPassage: "select by_id as by, at, heading, words from passages where relationship_id = $1 order by position limit 60"),
        &[&id],
    )?)
}

/// Ends it where it has not ended yet; says whether it did.
pub fn save_end(tx: &mut Tx, relationship: &Relationship) -> Result<bool> {
    let now = tx.now();
    let ended = tx.execute(
        sql!("update relationships set state = $2, ended_at = $3, changed_at = $3 where id = $1 and ended_at is null"),
        &[&relationship.id, &relationship.state, &now],
    )?;
    tx.execute(sql!("update parties set freed_at = $2 where relationship_id = $1 and freed_at is null"), &[&relationship.id, &now])?;
    Ok(ended == 1)
}

pub fn publish_testimonial(tx: &mut Tx, id: RelationshipId, author: PersonId, about: PersonId, words: &str) -> Result<()> {
    let (testimonial, now): (TestimonialId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!(
            "insert into testimonials (id, relationship_id, author_id, about_id, words, published_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (relationship_id, author_id, about_id)
             do update set words = excluded.words, published_at = excluded.published_at, taken_back_at = null"
        ),
        &[&testimonial, &id, &author, &about, &words, &now],
    )?;
    Ok(())
}

pub fn take_back_testimonial(tx: &mut Tx, id: RelationshipId, author: PersonId) -> Result<bool> {
    let now = tx.now();
    let taken = tx.execute(
        sql!("update testimonials set taken_back_at = $3 where relationship_id = $1 and author_id = $2 and taken_back_at is null"),
        &[&id, &author, &now],
    )?;
    Ok(taken > 0)
}

pub fn testimonial_by(tx: &mut Tx, id: RelationshipId, author: PersonId) -> Result<Option<Testimonial>> {
    Ok(tx.opt(
        sql!(Testimonial:
            "select t.id, t.relationship_id as relationship, t.author_id as author, t.about_id as about, r.kind, t.words, t.published_at
             from testimonials t join relationships r on r.id = t.relationship_id
             where t.relationship_id = $1 and t.author_id = $2 and t.taken_back_at is null"
        ),
        &[&id, &author],
    )?)
}

pub fn testimonials_of(tx: &mut Tx, about: PersonId, limit: i64) -> Result<Vec<Testimonial>> {
    Ok(tx.all(
        sql!(Testimonial:
            "select t.id, t.relationship_id as relationship, t.author_id as author, t.about_id as about, r.kind, t.words, t.published_at
             from testimonials t join relationships r on r.id = t.relationship_id
             join people a on a.id = t.author_id
             where t.about_id = $1 and t.taken_back_at is null and a.forgotten_at is null
             order by t.published_at desc, t.id desc limit $2"
        ),
        &[&about, &limit],
    )?)
}

pub fn testimonials_by(tx: &mut Tx, author: PersonId) -> Result<Vec<(String, Timestamp, Option<Timestamp>)>> {
    Ok(tx.all(
        sql!("select words, published_at, taken_back_at from testimonials where author_id = $1 order by published_at limit 500"),
        &[&author],
    )?)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    // With the key goes everything that was written in it.
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select r.key_id from relationships r join parties p on p.relationship_id = r.id where p.person_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update relationships set state = 'ended', ended_at = $2, changed_at = $2 where ended_at is null and kind <> 'circle' and id in
             (select relationship_id from parties where person_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update parties set freed_at = $2 where freed_at is null and relationship_id in
             (select r.id from relationships r join parties p on p.relationship_id = r.id where p.person_id = $1 and r.ended_at is not null)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from testimonials where author_id = $1 or about_id = $1"), &[&person])?;
    Ok(())
}
