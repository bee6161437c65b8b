//! Proposing a circle, saying yes or no to one, giving it up and leaving it.

use super::circle::{ANSWER_WITHIN, Circle, Deed, Draft, FEWEST, MOST_PROPOSED, Place, PlaceId, PlaceState};
use super::sql;
use crate::app::{Happening, Tx};
use crate::directory::verbs as directory;
use crate::error::{Error, Result};
use crate::notices::{tell, verbs::seen};
use crate::people::{Chip, verbs as people};
use crate::relationships::{Kind, Party, Relationship, RelationshipId, RelationshipState, Role, Size, verbs as partners};
use crate::seal::{self, KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::Timestamp;

/// Proposes one to some people. Sent twice from one form, it is one.
pub fn propose(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<RelationshipId> {
    if let Some(proposed) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(proposed);
    }
    draft.must_be_sound(viewer)?;
    if sql::proposed_count(tx, viewer.person)? >= MOST_PROPOSED {
        return Err(
            refused!("many_circles"; "Three circles of yours wait for answers, which is the most at once. Give one up first, or wait."),
        );
    }
    for person in &draft.people {
        can_be_asked(tx, viewer, *person)?;
    }
    let together = partners::propose(tx, viewer, Kind::Circle, &draft.name)?;
    partners::agree(tx, together.id, Size::regular(draft.hours, draft.months))?;
    let (id, now) = (together.id, tx.now());
    let circle = Circle { id, proposed_by: viewer.person, proposed_at: now, lapses_at: Some(now + ANSWER_WITHIN) };
    let about = seal::seal(tx, together.key, &draft.about)?;
    sql::insert(tx, &circle, &about, &draft.nonce)?;
    let own = Place::new(tx.new_id(), id, viewer.person, PlaceState::Taken, now);
    sql::insert_place(tx, &own)?;
    for person in &draft.people {
        let place = Place::new(tx.new_id(), id, *person, PlaceState::Asked, now);
        sql::insert_place(tx, &place)?;
        tell(tx, *person, "circle proposed", place.id.0)?;
    }
    tx.record(Happening::of("circle proposed", id).by(viewer).touching(draft.people.iter().copied().chain([viewer.person])))?;
    Ok(id)
}

/// Whether this viewer may ask somebody: they see them, and nothing keeps the two apart, which is told to nobody.
pub(super) fn can_be_asked(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    let profile = people::see(tx, viewer, person)?;
    let now = tx.now();
    if profile.not_now(now).is_some() || people::are_apart(tx, viewer.person, person)? {
        let name = people::chip(tx, person)?.first_name().to_owned();
        return Err(refused!("not_now"; "{name} is not available just now. Please take them off, or invite somebody else."));
    }
    Ok(())
}

/// A circle with what it is as a relationship, and the place that this viewer has in it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub circle: Circle,
    pub together: Relationship,
    pub place: Option<Place>,
}

impl Opened {
    pub fn state(&self) -> Option<PlaceState> {
        self.place.as_ref().map(|place| place.state)
    }
    pub fn offers(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.circle.offers(&self.together, self.state(), viewer, deed)
    }
}

/// One that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Opened> {
    let circle = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let (together, place) = (partners::find(tx, id)?, sql::place_of(tx, id, viewer.person)?);
    let opened = Opened { circle, together, place };
    Some(opened).filter(|o| o.circle.allows(&o.together, o.state(), viewer, deed)).ok_or(Error::NotFound)
}

pub(super) fn open_for(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<(Opened, Place)> {
    let opened = open(tx, viewer, id, deed)?;
    opened.circle.must_offer(&opened.together, opened.state(), viewer, deed)?;
    let place = opened.place.clone().ok_or(Error::NotFound)?;
    Ok((opened, place))
}

/// Somebody has said what they have said.
pub(super) fn answered(tx: &mut Tx, was: &Place, state: PlaceState) -> Result<()> {
    let is = Place { state, answered_at: Some(tx.now()), clock_at: None, ..was.clone() };
    save(tx, was, &is)
}
pub(super) fn save(tx: &mut Tx, was: &Place, is: &Place) -> Result<()> {
    if sql::save_place(tx, was, is)? { Ok(()) } else { Err(too_late!("This was answered a moment before.")) }
}

/// Somebody is in it. With the third it begins; who joins later reads from then on.
pub fn accept(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let (opened, place) = open_for(tx, viewer, id, Deed::Accept)?;
    let had_begun = opened.together.state != RelationshipState::Proposed;
    let reads_from = had_begun.then(|| tx.now());
    answered(tx, &Place { reads_from, ..place.clone() }, PlaceState::Taken)?;
    partners::join(tx, &opened.together, &Party { reads_from, ..Party::new(viewer.person, Role::Peer) })?;
    seen(tx, viewer.person, "circle proposed", place.id.0)?;
    let together = partners::find(tx, id)?;
    let begins = together.state == RelationshipState::Proposed && together.parties.len() >= FEWEST;
    if begins {
        partners::come_about(tx, id)?;
        for person in together.others(viewer) {
            tell(tx, person, "circle began", id)?;
        }
    } else if had_begun {
        opened.together.people().try_for_each(|person| tell(tx, person, "circle joined", place.id.0))?;
    } else {
        tell(tx, opened.circle.proposed_by, "circle joined", place.id.0)?;
    }
    tx.record(Happening::of("circle joined", id).by(viewer).touching(together.people()))
}

/// Somebody would rather not. When too few are left who could, it is given up.
pub fn decline(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let (opened, place) = open_for(tx, viewer, id, Deed::Decline)?;
    answered(tx, &place, PlaceState::Declined)?;
    seen(tx, viewer.person, "circle proposed", place.id.0)?;
    tx.record(Happening::of("circle declined", id).by(viewer).touching(opened.together.people()))?;
    if !give_up_where_hopeless(tx, id)? {
        tell(tx, place.suggested_by.unwrap_or(opened.circle.proposed_by), "circle declined", place.id.0)?;
    }
    Ok(())
}

/// Whoever proposed it does so no longer.
pub fn give_up(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let (opened, _) = open_for(tx, viewer, id, Deed::GiveUp)?;
    end_proposal(tx, &opened.together, Some(viewer.person))
}

fn give_up_where_hopeless(tx: &mut Tx, id: RelationshipId) -> Result<bool> {
    let together = partners::find(tx, id)?;
    let could = sql::places(tx, id)?
        .iter()
        .filter(|place| matches!(place.state, PlaceState::Asked | PlaceState::Taken | PlaceState::Aside))
        .count();
    if together.state != RelationshipState::Proposed || could >= FEWEST {
        return Ok(false);
    }
    end_proposal(tx, &together, None)?;
    Ok(true)
}

/// It does not come about. Those who had said yes are told; nobody is asked any more.
fn end_proposal(tx: &mut Tx, together: &Relationship, by: Option<PersonId>) -> Result<()> {
    sql::settle(tx, together.id)?;
    sql::lapse_places(tx, together.id)?;
    partners::fall_apart(tx, together.id)?;
    for person in together.people().filter(|person| Some(*person) != by) {
        tell(tx, person, "circle given up", together.id)?;
    }
    let mut happening = Happening::of("circle given up", together.id).touching(together.people());
    happening.by = by;
    tx.record(happening)
}

/// Somebody leaves it. It goes on while three remain, and ends kindly otherwise.
pub fn leave(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let (opened, _) = open_for(tx, viewer, id, Deed::Leave)?;
    leave_as(tx, &opened.together, viewer.person)
}

pub(super) fn leave_as(tx: &mut Tx, together: &Relationship, person: PersonId) -> Result<()> {
    let id = together.id;
    let place = sql::place_of(tx, id, person)?.ok_or(Error::NotFound)?;
    answered(tx, &place, PlaceState::Left)?;
    // While they are still in it, so that the slices below can take out what is theirs. Who stands aside is not any more.
    if together.role_of(person).is_some() {
        tx.record(about(together, "circle left", person))?;
        partners::part(tx, id, person)?;
    }
    if together.state == RelationshipState::Proposed {
        give_up_where_hopeless(tx, id)?;
        return Ok(());
    }
    let remaining: Vec<PersonId> = together.people().filter(|other| *other != person).collect();
    // A place that is kept counts: nobody’s circle ends because somebody stands aside for a while.
    let kept = sql::places(tx, id)?.iter().filter(|place| place.state == PlaceState::Aside).count();
    let over = remaining.len() + kept < FEWEST;
    if over {
        sql::settle(tx, id)?;
        sql::lapse_places(tx, id)?;
        partners::fall_apart(tx, id)?;
    }
    for other in remaining {
        if over { tell(tx, other, "circle over", id)? } else { tell(tx, other, "circle left", place.id.0)? }
    }
    Ok(())
}

/// Something happened to one of them.
pub(super) fn about(together: &Relationship, kind: &'static str, person: PersonId) -> Happening {
    let mut happening = Happening::of(kind, together.id).touching(together.people().chain([person]));
    happening.by = Some(person);
    happening
}

/// The time to answer is over: what has not begun is given up, and nobody is asked any more.
pub fn lapse(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_lapses(tx)?;
    for id in &due {
        let together = partners::find(tx, *id)?;
        if together.state == RelationshipState::Proposed {
            end_proposal(tx, &together, None)?;
        } else {
            sql::lapse_places(tx, *id)?;
        }
    }
    Ok(due.len())
}

/// Who is forgotten leaves every circle, and what was proposed to them.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    for place in sql::of_person(tx, person)? {
        let together = partners::find(tx, place.circle)?;
        if matches!(place.state, PlaceState::Taken | PlaceState::Aside) && together.state.is_live() {
            leave_as(tx, &together, person)?;
        }
    }
    sql::forget(tx, person)
}

/// Whom one may have in mind: people of a name, or those with whom one works or has worked.
pub(super) fn people_to_ask(tx: &mut Tx, viewer: &Viewer, typed: &str) -> Result<Vec<PersonId>> {
    const LOOKED_AT: usize = 30;
    if !typed.is_empty() {
        return directory::called(tx, typed, LOOKED_AT);
    }
    let mut known: Vec<PersonId> = partners::mine(tx, viewer)?.iter().flat_map(|r| r.others(viewer).collect::<Vec<_>>()).collect();
    known.sort_unstable();
    known.dedup();
    Ok(known)
}

// Reading.

/// Somebody who is in it or was asked, and what they said.
pub struct Seat {
    pub chip: Chip,
    pub place: Place,
}

/// What the page of a circle shows.
pub struct Whole {
    pub opened: Opened,
    pub called: String,
    pub about: String,
    pub by: Chip,
    pub seats: Vec<Seat>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Whole> {
    let opened = open(tx, viewer, id, Deed::See)?;
    let (_, key, called, about) = words_of(tx, id)?.ok_or(Error::NotFound)?;
    let ring = seal::ring(tx, &[key])?;
    let forgotten = || "This was forgotten.".to_owned();
    let (called, about) = (ring.text(key, &called)?.unwrap_or_else(forgotten), ring.text(key, &about)?.unwrap_or_else(forgotten));
    let is_in_it = opened.together.role_of(viewer.person).is_some();
    // Whom the members speak about knows nothing of it, and so does whoever is asked.
    let mut places = sql::places(tx, id)?;
    places.retain(|place| is_in_it || !matches!(place.state, PlaceState::Suggested | PlaceState::NotNow));
    let mut people: Vec<PersonId> = places.iter().map(|place| place.person).collect();
    people.sort_unstable();
    let chips = partners::called_all(tx, &people)?;
    let chip = |person: PersonId| chips.iter().find(|chip| chip.id == person).cloned();
    // Whoever proposes it first, then those who are in it, then those who are asked.
    let rank = |place: &Place| (place.person != opened.circle.proposed_by, place.state != PlaceState::Taken, place.id.0);
    places.sort_by_key(rank);
    let seats = places.iter().filter_map(|place| Some(Seat { chip: chip(place.person)?, place: place.clone() })).collect();
    Ok(Whole { by: partners::called(tx, opened.circle.proposed_by)?, opened, called, about, seats })
}

/// The circle with its key, its name and what it is about, sealed.
pub fn words_of(tx: &mut Tx, id: RelationshipId) -> Result<Option<(Circle, KeyId, Sealed, Sealed)>> {
    let Some(circle) = sql::find(tx, id)? else { return Ok(None) };
    Ok(sql::words(tx, id)?.map(|(key, called, about)| (circle, key, called, about)))
}

/// Whose place it is, for a notice about it.
pub fn place(tx: &mut Tx, id: PlaceId) -> Result<Place> {
    sql::place(tx, id)?.ok_or(Error::NotFound)
}

/// What somebody is asked to join.
pub struct Asked {
    pub until: Option<Timestamp>,
    pub has_begun: bool,
    pub circle: Circle,
    pub by: Chip,
    pub called: String,
}

pub fn waiting_for(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for place in sql::asked(tx, viewer.person)? {
        let whole = read(tx, viewer, place.circle)?;
        let by = match place.suggested_by {
            Some(by) => partners::called(tx, by)?,
            None => whole.by,
        };
        asked.push(Asked {
            until: place.clock_at.or(whole.opened.circle.lapses_at),
            has_begun: whole.opened.together.state != RelationshipState::Proposed,
            circle: whole.opened.circle,
            by,
            called: whole.called,
        });
    }
    Ok(asked)
}
