//! Every query about circles.

use super::circle::{Circle, Place, PlaceId};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::sql;

macro_rules! select_circle {
    ($rest:literal) => {
        sql!(Circle: concat!("select relationship_id as id, proposed_by_id as proposed_by, proposed_at, lapses_at from circles ", $rest))
    };
}
macro_rules! select_place {
    ($rest:literal) => {
        sql!(Place: concat!(
            "select id, relationship_id as circle, person_id as person, state, asked_at, answered_at, suggested_by_id as suggested_by, ",
            "clock_at, reads_from, away_from from circle_places ", $rest))
    };
}

pub fn find(tx: &mut Tx, id: RelationshipId) -> Result<Option<Circle>> {
    Ok(tx.opt(select_circle!("where relationship_id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, proposed_by: PersonId, nonce: &str) -> Result<Option<RelationshipId>> {
    let row: Option<(RelationshipId,)> =
        tx.opt(sql!("select relationship_id from circles where proposed_by_id = $1 and nonce = $2"), &[&proposed_by, &nonce])?;
    Ok(row.map(|r| r.0))
}
/// Those that somebody has proposed and that wait.
pub fn proposed_count(tx: &mut Tx, proposed_by: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!(
            "select count(*) from circles c join relationships r on r.id = c.relationship_id
             where c.proposed_by_id = $1 and r.state = 'proposed'"
        ),
        &[&proposed_by],
    )?;
    Ok(row.0)
}
pub fn insert(tx: &mut Tx, circle: &Circle, about: &Sealed, nonce: &str) -> Result<()> {
    tx.execute(
        sql!("insert into circles (relationship_id, proposed_by_id, about, proposed_at, lapses_at, nonce) values ($1, $2, $3, $4, $5, $6)"),
        &[&circle.id, &circle.proposed_by, about, &circle.proposed_at, &circle.lapses_at, &nonce],
    )?;
    Ok(())
}
/// What it is called and about, and under which key.
pub fn words(tx: &mut Tx, id: RelationshipId) -> Result<Option<(KeyId, Sealed, Sealed)>> {
    Ok(tx.opt(
        sql!(
            "select r.key_id, r.called, c.about from circles c join relationships r on r.id = c.relationship_id
             where c.relationship_id = $1 and r.called is not null"
        ),
        &[&id],
    )?)
}
/// Its clock stops: it has begun, or is over.
pub fn settle(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    tx.execute(sql!("update circles set lapses_at = null where relationship_id = $1"), &[&id])?;
    Ok(())
}
pub fn any_to_lapse(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(RelationshipId,)> = tx.opt(sql!("select relationship_id from circles where lapses_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time to answer is over; the condition is said twice because two nodes may choose the same rows.
pub fn claim_lapses(tx: &mut Tx) -> Result<Vec<RelationshipId>> {
    let now = tx.now();
    let rows: Vec<(RelationshipId,)> = tx.all(
        sql!(
            "update circles set lapses_at = null where lapses_at <= $1 and relationship_id in
             (select relationship_id from circles where lapses_at <= $1 order by lapses_at limit 100) returning relationship_id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Somebody’s first place: nobody reads from it later than others, or has stood aside.
pub fn insert_place(tx: &mut Tx, place: &Place) -> Result<()> {
    tx.execute(
        sql!(
            "insert into circle_places (id, relationship_id, person_id, state, asked_at, answered_at, suggested_by_id, clock_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&place.id, &place.circle, &place.person, &place.state, &place.asked_at, &place.answered_at, &place.suggested_by, &place.clock_at],
    )?;
    Ok(())
}
pub fn place(tx: &mut Tx, id: PlaceId) -> Result<Option<Place>> {
    Ok(tx.opt(select_place!("where id = $1"), &[&id])?)
}
pub fn place_of(tx: &mut Tx, circle: RelationshipId, person: PersonId) -> Result<Option<Place>> {
    Ok(tx.opt(select_place!("where relationship_id = $1 and person_id = $2"), &[&circle, &person])?)
}
pub fn places(tx: &mut Tx, circle: RelationshipId) -> Result<Vec<Place>> {
    Ok(tx.all(select_place!("where relationship_id = $1 order by asked_at, id limit 20"), &[&circle])?)
}
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Place>> {
    Ok(tx.all(select_place!("where person_id = $1 order by asked_at, id limit 1000"), &[&person])?)
}
pub fn asked(tx: &mut Tx, person: PersonId) -> Result<Vec<Place>> {
    Ok(tx.all(select_place!("where person_id = $1 and state = 'asked' order by asked_at, id limit 10"), &[&person])?)
}
/// Saves what has become of a place, where it still was what it was: of two presses one comes late.
pub fn save_place(tx: &mut Tx, was: &Place, is: &Place) -> Result<bool> {
    let saved = tx.execute(
        sql!(
            "update circle_places set state = $3, asked_at = $4, answered_at = $5, suggested_by_id = $6, clock_at = $7, reads_from = $8,
                away_from = $9
             where id = $1 and state = $2"
        ),
        &[&was.id, &was.state, &is.state, &is.asked_at, &is.answered_at, &is.suggested_by, &is.clock_at, &is.reads_from, &is.away_from],
    )?;
    Ok(saved == 1)
}
/// Nobody is asked any more.
pub fn lapse_places(tx: &mut Tx, circle: RelationshipId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update circle_places set state = 'lapsed', answered_at = $2, clock_at = null where relationship_id = $1 and state in ('suggested', 'asked')"),
        &[&circle, &now],
    )?;
    Ok(())
}
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(
        sql!("delete from circle_yeses where person_id = $1 or place_id in (select id from circle_places where person_id = $1)"),
        &[&person],
    )?;
    tx.execute(sql!("update circle_places set suggested_by_id = null where suggested_by_id = $1"), &[&person])?;
    tx.execute(sql!("delete from circle_places where person_id = $1"), &[&person])?;
    Ok(())
}

// Somebody who is suggested.

pub fn save_yes(tx: &mut Tx, place: PlaceId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into circle_yeses (place_id, person_id, at) values ($1, $2, $3) on conflict (place_id, person_id) do nothing"),
        &[&place, &person, &now],
    )?;
    Ok(())
}
pub fn yeses(tx: &mut Tx, place: PlaceId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(sql!("select person_id from circle_yeses where place_id = $1 order by at limit 20"), &[&place])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn delete_yeses(tx: &mut Tx, place: PlaceId) -> Result<()> {
    tx.execute(sql!("delete from circle_yeses where place_id = $1"), &[&place])?;
    Ok(())
}
/// Those who are suggested in the circles that someone is in, and of whom they have not said yes.
pub fn to_weigh(tx: &mut Tx, person: PersonId) -> Result<Vec<PlaceId>> {
    let rows: Vec<(PlaceId,)> = tx.all(
        sql!(
            "select c.id from parties p join circle_places c on c.relationship_id = p.relationship_id
             where p.person_id = $1 and c.state = 'suggested'
               and not exists (select 1 from circle_yeses y where y.place_id = c.id and y.person_id = $1)
             order by c.clock_at, c.id limit 10"
        ),
        &[&person],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(PlaceId,)> = tx.opt(sql!("select id from circle_places where clock_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims the places with which time does something; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<PlaceId>> {
    let now = tx.now();
    let rows: Vec<(PlaceId,)> = tx.all(
        sql!(
            "update circle_places set clock_at = null where clock_at <= $1 and id in
             (select id from circle_places where clock_at <= $1 order by clock_at limit 100) returning id"
        ),
        &[&now],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
