//! What people do to their own place here: join, show themselves, pause, leave.

use super::person::{Chip, Newcomer};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::refused;
use crate::viewer::{Office, PersonId};
use chiron_store::Timestamp;

/// Someone joins: a person, an account and an empty profile, in one.
pub fn join(tx: &mut Tx, newcomer: &Newcomer) -> Result<PersonId> {
    let id: PersonId = tx.new_id();
    let name = newcomer.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(refused!("name_missing"; "Please tell us a name to call you by."));
    }
    sql::insert(tx, id, &name, newcomer.office.unwrap_or(Office::Member), newcomer)
        .map_err(|e| if e.is_duplicate() { refused!("address_taken"; "Somebody here already uses that address.") } else { e })?;
    tx.record(Happening::of("person joined", id).touching([id]))?;
    Ok(id)
}

/// Who someone is, in the little that is shown wherever a person is named.
pub fn chip(tx: &mut Tx, person: PersonId) -> Result<Chip> {
    sql::chip(tx, person)?.ok_or(Error::NotFound)
}

/// The same for many at once, in the order asked for; people who were forgotten are left out.
pub fn chips(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Chip>> {
    let mut chips = Vec::with_capacity(people.len());
    for person in people {
        chips.extend(sql::chip(tx, *person)?);
    }
    Ok(chips)
}

/// Remembers how long someone took to answer, for the usual time they show. `None`: it lapsed.
pub fn replied(tx: &mut Tx, person: PersonId, asked_at: Timestamp, answered_at: Option<Timestamp>) -> Result<()> {
    sql::insert_reply_time(tx, person, asked_at, answered_at)
}

/// How long someone usually takes to answer, from their last twenty; `None` while there is too little history.
pub fn usual_reply(tx: &mut Tx, person: PersonId) -> Result<Option<jiff::SignedDuration>> {
    Ok(super::person::usual_reply(&sql::reply_times(tx, person)?))
}
