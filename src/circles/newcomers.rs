//! Somebody joins a circle that goes on. A member says whom they would like in it; the others may say no first, and nobody
//! is told whose no it was. Then it is for whoever is asked to say.

use super::circle::{ANSWER_WITHIN, Deed, MOST, Place, PlaceId, PlaceState, WEIGH_FOR};
use super::verbs::{answered, can_be_asked, open_for, save};
use super::{circle, sql, verbs};
use crate::app::{Happening, Tx};
use crate::error::{Result, still_there};
use crate::notices::{tell, verbs::seen};
use crate::people::{Chip, verbs as people};
use crate::relationships::{Relationship, RelationshipId, verbs as partners};
use crate::viewer::{PersonId, Via, Viewer};
use crate::{refused, too_late};

/// A member says whom they would like in it. Pressed twice, it is once.
pub fn suggest(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, person: PersonId) -> Result<()> {
    let (opened, _) = open_for(tx, viewer, id, Deed::Suggest)?;
    can_be_asked(tx, viewer, person)?;
    let (now, places) = (tx.now(), sql::places(tx, id)?);
    let is_taken =
        |place: &&Place| matches!(place.state, PlaceState::Suggested | PlaceState::Asked | PlaceState::Taken | PlaceState::Aside);
    if places.iter().filter(is_taken).count() >= MOST {
        return Err(
            refused!("full_circle"; "Eight are in this circle or asked to be, which is the most, so that everybody comes to speak."),
        );
    }
    let clock_at = Some(now + WEIGH_FOR);
    let place = match sql::place_of(tx, id, person)? {
        Some(was) => {
            was.may_be_suggested(people::chip(tx, person)?.first_name(), now)?;
            let is = Place { state: PlaceState::Suggested, asked_at: now, suggested_by: Some(viewer.person), clock_at, ..was.clone() };
            save(tx, &was, &is)?;
            sql::delete_yeses(tx, was.id)?;
            is
        }
        None => {
            let first = Place::new(tx.new_id(), id, person, PlaceState::Suggested, now);
            let is = Place { suggested_by: Some(viewer.person), clock_at, ..first };
            sql::insert_place(tx, &is)?;
            is
        }
    };
    sql::save_yes(tx, place.id, viewer.person)?;
    for other in opened.together.others(viewer) {
        tell(tx, other, "circle newcomer", place.id.0)?;
    }
    tx.record(Happening::of("circle newcomer suggested", id).by(viewer).touching(opened.together.people()))
}

/// Somebody who is suggested, in the circle of this viewer.
fn suggested(tx: &mut Tx, viewer: &Viewer, place: PlaceId) -> Result<(Relationship, Place)> {
    let place = verbs::place(tx, place)?;
    let (opened, _) = open_for(tx, viewer, place.circle, Deed::Weigh)?;
    match place.state {
        PlaceState::Suggested => Ok((opened.together, place)),
        PlaceState::NotNow => Err(too_late!("One of you would rather wait, so they are not asked.")),
        _ => Err(too_late!("They have been asked by now.")),
    }
}

/// One of the members says yes. When all have, nobody waits for the clock.
pub fn welcome(tx: &mut Tx, viewer: &Viewer, place: PlaceId) -> Result<()> {
    let (together, place) = suggested(tx, viewer, place)?;
    sql::save_yes(tx, place.id, viewer.person)?;
    seen(tx, viewer.person, "circle newcomer", place.id.0)?;
    let yeses = sql::yeses(tx, place.id)?;
    if together.people().all(|person| yeses.contains(&person)) {
        ask(tx, &together, &place)?;
    }
    tx.record(Happening::of("circle newcomer weighed", together.id).by(viewer).touching(together.people()))
}

/// One of the members would rather wait. It says so to whoever suggested them, and not who it was: neither there nor in the log.
pub fn not_now(tx: &mut Tx, viewer: &Viewer, place: PlaceId) -> Result<()> {
    let (together, place) = suggested(tx, viewer, place)?;
    answered(tx, &place, PlaceState::NotNow)?;
    sql::delete_yeses(tx, place.id)?;
    for person in together.people() {
        seen(tx, person, "circle newcomer", place.id.0)?;
    }
    if let Some(by) = place.suggested_by.filter(|by| !viewer.is(*by)) {
        tell(tx, by, "circle newcomer not now", place.id.0)?;
    }
    tx.record(Happening::of("circle newcomer weighed", together.id).touching(together.people()))
}

/// Nobody has said no: it is theirs to say.
fn ask(tx: &mut Tx, together: &Relationship, was: &Place) -> Result<()> {
    let now = tx.now();
    let is = Place { state: PlaceState::Asked, asked_at: now, answered_at: None, clock_at: Some(now + ANSWER_WITHIN), ..was.clone() };
    save(tx, was, &is)?;
    for person in together.people() {
        seen(tx, person, "circle newcomer", was.id.0)?;
    }
    tell(tx, was.person, "circle proposed", was.id.0)
}

/// The others have had the time to say no, or whoever is asked has not answered.
pub fn pass_time(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for id in &due {
        let place = verbs::place(tx, *id)?;
        let together = partners::find(tx, place.circle)?;
        match place.state {
            PlaceState::Suggested if together.is_open_to(crate::relationships::Deed::TakePart) && is_here(tx, place.person)? => {
                ask(tx, &together, &place)?;
            }
            PlaceState::Suggested => answered(tx, &place, PlaceState::NotNow)?,
            PlaceState::Asked => {
                answered(tx, &place, PlaceState::Lapsed)?;
                if let Some(by) = place.suggested_by {
                    tell(tx, by, "circle declined", place.id.0)?;
                }
            }
            _ => continue,
        }
        tx.record(Happening::of("circle newcomer weighed", together.id).touching(together.people().chain([place.person])))?;
    }
    Ok(due.len())
}

fn is_here(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(Viewer::of_person(tx, person, Via::Errand)?.is_some())
}

/// Somebody who is suggested, as the members see it.
pub struct Weighed {
    pub place: Place,
    pub who: Chip,
    pub by: Chip,
    /// What the circle is called.
    pub called: String,
    /// Whether this viewer has said yes.
    pub has_said_yes: bool,
}

/// One of them, while there is something to say to it.
pub fn weighed(tx: &mut Tx, viewer: &Viewer, place: PlaceId) -> Result<Option<Weighed>> {
    let place = verbs::place(tx, place)?;
    if place.state != PlaceState::Suggested {
        return Ok(None);
    }
    let Some(opened) = still_there(verbs::open(tx, viewer, place.circle, Deed::Weigh))? else { return Ok(None) };
    let called = partners::called_by_its_people(tx, &opened.together)?.unwrap_or_default();
    Ok(Some(Weighed {
        who: partners::called(tx, place.person)?,
        by: partners::called(tx, place.suggested_by.unwrap_or(opened.circle.proposed_by))?,
        called,
        has_said_yes: sql::yeses(tx, place.id)?.contains(&viewer.person),
        place,
    }))
}

/// Everybody who is suggested in one circle.
pub fn all_weighed(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Weighed>> {
    let mut all = Vec::new();
    for place in sql::places(tx, id)?.into_iter().filter(|place| place.state == PlaceState::Suggested) {
        all.extend(weighed(tx, viewer, place.id)?);
    }
    Ok(all)
}

/// Those of whom this viewer has not said yes, in all circles.
pub fn to_weigh(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Weighed>> {
    let mut all = Vec::new();
    for place in sql::to_weigh(tx, viewer.person)? {
        all.extend(weighed(tx, viewer, place)?);
    }
    Ok(all)
}

/// Whom the page offers: people of this name, or whom the viewer knows, who may be suggested.
pub fn offered(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, typed: &str) -> Result<Vec<Chip>> {
    let (opened, _) = open_for(tx, viewer, id, Deed::Suggest)?;
    let (now, places) = (tx.now(), sql::places(tx, id)?);
    let apart = people::apart_from(tx, viewer.person)?;
    let found = verbs::people_to_ask(tx, viewer, typed)?;
    let may = |person: &PersonId| {
        let place = places.iter().find(|place| place.person == *person);
        opened.together.role_of(*person).is_none()
            && !viewer.is(*person)
            && !apart.contains(person)
            && place.is_none_or(|place| place.may_be_suggested("", now).is_ok())
    };
    let mut found: Vec<PersonId> = found.into_iter().filter(may).collect();
    found.truncate(circle::MOST_OFFERED);
    people::chips(tx, &found)
}
