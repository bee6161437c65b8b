//! Beginning to work together, and how many places someone has left.

use super::relationship::{Kind, RelationshipId, Role};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::Result;
use crate::seal::KeyId;
use crate::viewer::PersonId;
use uuid::Uuid;

/// Begins a relationship under the key of the conversation it grew from, which keeps that history readable to both.
pub fn begin(tx: &mut Tx, kind: Kind, key: KeyId, grown_from: Uuid, parties: &[(PersonId, Role)]) -> Result<RelationshipId> {
    let id: RelationshipId = tx.new_id();
    sql::insert(tx, id, kind, key, grown_from, parties)?;
    tx.record(Happening::of("relationship began", id).touching(parties.iter().map(|(p, _)| *p)))?;
    Ok(id)
}

/// How many more people someone can guide: their capacity less those they guide now; never below zero.
pub fn places_left(tx: &mut Tx, person: PersonId) -> Result<i64> {
    sql::places_left(tx, person)
}
