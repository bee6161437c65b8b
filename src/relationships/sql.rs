//! Every query about relationships.

use super::relationship::{Kind, RelationshipId, Role};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::KeyId;
use crate::viewer::PersonId;
use chiron_store::sql;
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
