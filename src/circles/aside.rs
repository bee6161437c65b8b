//! Standing aside: while a concern between two members is looked at, one of them takes no part, and everybody else goes on.
//! Their place is kept, nobody is told why, and no circle ends because of it.

use super::circle::{Place, PlaceState};
use super::sql;
use super::verbs::{about, answered, leave_as, save};
use crate::app::Tx;
use crate::error::Result;
use crate::notices::tell;
use crate::relationships::{Party, Relationship, RelationshipId, Role, verbs as partners};
use crate::viewer::PersonId;
use std::collections::BTreeSet;

/// From now on exactly these stand aside in a circle. Whoever calls this has asked who may.
pub fn stand_aside(tx: &mut Tx, id: RelationshipId, aside: &BTreeSet<PersonId>) -> Result<()> {
    let together = partners::find(tx, id)?;
    for place in sql::places(tx, id)? {
        match (place.state, aside.contains(&place.person)) {
            (PlaceState::Taken, true) if together.role_of(place.person).is_some() => out(tx, &together, &place)?,
            (PlaceState::Aside, false) => back(tx, &together, &place)?,
            _ => {}
        }
    }
    Ok(())
}

fn out(tx: &mut Tx, together: &Relationship, place: &Place) -> Result<()> {
    answered(tx, &Place { away_from: place.away_from.or_else(|| Some(tx.now())), ..place.clone() }, PlaceState::Aside)?;
    // While they are still in it, so that the slices below can take out what is theirs.
    tx.record(about(together, "circle set aside", place.person))?;
    partners::part(tx, together.id, place.person)?;
    tell(tx, place.person, "circle aside", place.id.0)
}

fn back(tx: &mut Tx, together: &Relationship, was: &Place) -> Result<()> {
    let is = Place { state: PlaceState::Taken, ..was.clone() };
    save(tx, was, &is)?;
    // What was written without them stays without them, however it was decided.
    let (reads_from, away_from, away_until) = (was.reads_from, was.away_from, Some(tx.now()));
    partners::join(tx, together, &Party { reads_from, away_from, away_until, ..Party::new(was.person, Role::Peer) })?;
    tell(tx, was.person, "circle back", was.id.0)?;
    tx.record(about(together, "circle came back", was.person))
}

/// Who stands aside does not come back.
pub fn let_go(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<()> {
    let Some(place) = sql::place_of(tx, id, person)?.filter(|place| place.state == PlaceState::Aside) else { return Ok(()) };
    let together = partners::find(tx, id)?;
    if together.state.is_live() {
        leave_as(tx, &together, person)?;
    } else {
        answered(tx, &place, PlaceState::Left)?;
    }
    tell(tx, person, "circle not back", place.id.0)
}
