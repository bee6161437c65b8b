//! Every query about circles.

use super::circle::{Circle, Place, PlaceId, PlaceState};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};

macro_rules! select_circle {
    ($rest:literal) => {
        sql!(Circle: concat!("select relationship_id as id, proposed_by_id as proposed_by, proposed_at, lapses_at from circles ", $rest))
    };
}
macro_rules! select_place {
    ($rest:literal) => {
        sql!(Place: concat!("select id, relationship_id as circle, person_id as person, state, asked_at, answered_at from circle_places ", $rest))
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

pub fn insert_place(tx: &mut Tx, circle: RelationshipId, person: PersonId, state: PlaceState) -> Result<PlaceId> {
    let (id, now): (PlaceId, Timestamp) = (tx.new_id(), tx.now());
    let answered = (state != PlaceState::Asked).then_some(now);
    tx.execute(
        sql!("insert into circle_places (id, relationship_id, person_id, state, asked_at, answered_at) values ($1, $2, $3, $4, $5, $6)"),
        &[&id, &circle, &person, &state, &now, &answered],
    )?;
    Ok(id)
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
/// Saves what somebody said, where they still had what they had: of two presses one comes late.
pub fn save_place(tx: &mut Tx, was: &Place, is: PlaceState) -> Result<bool> {
    let now = tx.now();
    let saved = tx.execute(
        sql!("update circle_places set state = $3, answered_at = $4 where id = $1 and state = $2"),
        &[&was.id, &was.state, &is, &now],
    )?;
    Ok(saved == 1)
}
/// Nobody is asked any more.
pub fn lapse_places(tx: &mut Tx, circle: RelationshipId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update circle_places set state = 'lapsed', answered_at = $2 where relationship_id = $1 and state = 'asked'"),
        &[&circle, &now],
    )?;
    Ok(())
}
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from circle_places where person_id = $1"), &[&person])?;
    Ok(())
}
