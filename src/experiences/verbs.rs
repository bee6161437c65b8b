//! What people do with the experience board: offer something to try for real, ask for a place in it, say yes or no, put it into
//! a plan, and write down what came of it.

use super::experience::{
    Draft, MOST_ASKED, MOST_OFFERS, MOST_SKILLS, MOST_WAITING, Offer, OfferDeed, OfferId, Seat, SeatDeed, SeatId, SeatState, longest,
};
use super::sql::{self, Wanted};
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::notices::tell;
use crate::people::{Chip, OpenTo, verbs as people};
use crate::plans::{self, ItemId, ItemState, verbs as planned};
use crate::refused;
use crate::relationships::verbs as partners;
use crate::seal;
use crate::skills::{self, Graph, verbs as graphs};
use crate::viewer::{PersonId, Via, Viewer};
use chiron_store::List;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) const ASKED: &str = "experience asked for";
pub(super) const REMINDED: &str = "experience still asked for";
pub(super) const ANSWERED: &str = "experience answered";
pub(super) const WITHDRAWN: &str = "experience withdrawn";
pub(super) const ENDED: &str = "experience ended";
pub(super) const SHARED: &str = "experience note shared";
pub(super) const TAKEN_DOWN: &str = "experience taken down";

/// How many one page of the board shows.
pub const PAGE: usize = 24;
/// How many of their own somebody sees on one page.
const OWN: i64 = 100;

// Offering.

/// Whether somebody may offer something: those who guide others or are open to it, and those who look after the place.
pub fn may_offer(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    if viewer.coordinates() {
        return Ok(true);
    }
    let open_to = people::profile(tx, viewer.person)?.open_to;
    if open_to.iter().any(|role| matches!(role, OpenTo::Mentor | OpenTo::Coach)) {
        return Ok(true);
    }
    let mine = partners::mine(tx, viewer)?;
    Ok(mine.iter().any(|together| together.role_of(viewer.person).is_some_and(|role| role.guides())))
}

fn must_be_sound(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<()> {
    if !may_offer(tx, viewer)? {
        return Err(
            refused!("not_a_guide"; "Those who mentor or coach can offer something here. Say in your profile that you are open to it."),
        );
    }
    if draft.for_place && !viewer.coordinates() {
        return Err(refused!("for_place"; "Only those who look after this place can offer something in its name."));
    }
    if !draft.kind.is_activity() {
        return Err(refused!("kind"; "Please choose what it is."));
    }
    if draft.skills.len() > MOST_SKILLS {
        return Err(refused!("skills"; "Please name at most {MOST_SKILLS} skills."));
    }
    Ok(())
}

/// Offers something. Sent twice from one form, it is one.
pub fn offer(tx: &mut Tx, viewer: &Viewer, draft: &Draft, nonce: &str) -> Result<OfferId> {
    if let Some(offered) = sql::by_nonce(tx, viewer.person, nonce)? {
        return Ok(offered);
    }
    must_be_sound(tx, viewer, draft)?;
    if sql::count_standing(tx, viewer.person, MOST_OFFERS)? >= MOST_OFFERS {
        return Err(
            refused!("too_many_offers"; "{MOST_OFFERS} of your offers stand at once, which is the most. Please end one that is over."),
        );
    }
    let offer = Offer::of(draft, tx.new_id(), viewer, tx.now())?;
    if !sql::insert(tx, &offer, nonce)? {
        return sql::by_nonce(tx, viewer.person, nonce)?.ok_or(Error::NotFound);
    }
    let skills = graphs::adopt(tx, &draft.skills)?;
    sql::save_skills(tx, offer.id, &skills)?;
    record(tx, "experience offered", viewer, &offer)?;
    Ok(offer.id)
}

/// Says it otherwise. Places that were given stay given.
pub fn change(tx: &mut Tx, viewer: &Viewer, id: OfferId, draft: &Draft) -> Result<()> {
    let was = open(tx, viewer, id, OfferDeed::Change)?;
    must_be_sound(tx, viewer, draft)?;
    if was.ended_at.is_some() {
        return Err(refused!("ended"; "This is not offered any more. You can offer it anew."));
    }
    if draft.places < was.taken {
        return Err(refused!("places"; "{} places are given already, so that there cannot be fewer.", was.taken));
    }
    let is = Offer { offerer: was.offerer, taken: was.taken, offered_at: was.offered_at, ..Offer::of(draft, id, viewer, tx.now())? };
    sql::save(tx, &is)?;
    let skills = graphs::adopt(tx, &draft.skills)?;
    sql::save_skills(tx, id, &skills)?;
    record(tx, "experience changed", viewer, &is)
}

/// It is not offered any more: whoever still waits hears so, and whoever has a place keeps it.
pub fn end(tx: &mut Tx, viewer: &Viewer, id: OfferId) -> Result<()> {
    let offer = open(tx, viewer, id, OfferDeed::End)?;
    sql::end(tx, id)?;
    for seat in sql::seats_of_offer(tx, id, MOST_WAITING)? {
        if seat.state == SeatState::Asked {
            lapse_one(tx, seat, true)?;
        }
    }
    if !viewer.is(offer.offerer) {
        tell(tx, offer.offerer, TAKEN_DOWN, id)?;
    }
    record(tx, "experience taken off the board", viewer, &offer)
}

// Asking for a place, and answering.

/// Asks for a place in one press. Sent twice from one form, it is one.
pub fn ask(tx: &mut Tx, viewer: &Viewer, id: OfferId, why: &str, nonce: &str) -> Result<SeatId> {
    let offer = open(tx, viewer, id, OfferDeed::AskForPlace)?;
    if let Some(asked) = sql::seat_by_nonce(tx, viewer.person, nonce)? {
        return Ok(asked);
    }
    if let Some(why_not) = hindrance(tx, &offer)? {
        return Err(refused!("not_open"; "{why_not}"));
    }
    if let Some(seat) = sql::seat_of(tx, id, viewer.person)?.filter(Seat::is_live) {
        return Ok(seat.id);
    }
    if sql::count_asked(tx, viewer.person)? >= MOST_ASKED {
        return Err(
            refused!("too_many_asked"; "{MOST_ASKED} of your requests wait for an answer, which is the most at once. Wait for one, or withdraw one."),
        );
    }
    if sql::count_waiting(tx, id)? >= MOST_WAITING {
        return Err(refused!("too_many_waiting"; "So many wait for an answer here that one more would only wait in vain."));
    }
    let key = seal::new_key(tx)?;
    let why = seal::seal(tx, key, why)?;
    let seat = Seat::asked(tx.new_id(), id, viewer.person, key, why, tx.now());
    if !sql::insert_seat(tx, &seat, nonce)? {
        return sql::seat_by_nonce(tx, viewer.person, nonce)?.ok_or(Error::NotFound);
    }
    tell(tx, offer.offerer, ASKED, seat.id)?;
    record_seat(tx, "experience asked for", Some(viewer), &offer, &seat)?;
    Ok(seat.id)
}

/// Why nobody can ask for a place just now, if so.
pub fn hindrance(tx: &mut Tx, offer: &Offer) -> Result<Option<&'static str>> {
    Ok(if !offer.stands(tx.now()) {
        Some("This is not offered any more.")
    } else if offer.is_full() {
        Some("Every place is taken. When somebody gives one back, it stands here again.")
    } else if people::is_away(tx, offer.offerer)? {
        Some("Whoever offers this is away just now, and would not answer.")
    } else {
        None
    })
}

/// Yes, with a place that nobody else gets.
pub fn give(tx: &mut Tx, viewer: &Viewer, id: SeatId, words: &str) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Answer)?;
    let mut is = was.clone().given(tx.now())?;
    if offer.ended_at.is_some() || !sql::take_place(tx, offer.id)? {
        return Err(refused!("full"; "Every place is taken. Offer one more, or tell them that it is full."));
    }
    is.answer = sealed(tx, &is, words)?;
    sql::save_seat(tx, &is, was.state)?;
    tell(tx, is.learner, ANSWERED, id)?;
    record_seat(tx, "experience given", Some(viewer), &offer, &is)
}

/// A kind no, with words or without.
pub fn decline(tx: &mut Tx, viewer: &Viewer, id: SeatId, words: &str) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Answer)?;
    let mut is = was.clone().declined(tx.now())?;
    is.answer = sealed(tx, &is, words)?;
    sql::save_seat(tx, &is, was.state)?;
    tell(tx, is.learner, ANSWERED, id)?;
    record_seat(tx, "experience declined", Some(viewer), &offer, &is)
}

fn sealed(tx: &mut Tx, seat: &Seat, words: &str) -> Result<Option<seal::Sealed>> {
    let words = words.trim();
    if words.is_empty() { Ok(None) } else { seal::seal(tx, seat.key, words).map(Some) }
}

/// Whoever asked does not come, for whatever reason; what was given is there for somebody else.
pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: SeatId) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Withdraw)?;
    withdraw_one(tx, Some(viewer), &offer, was, true)
}

fn withdraw_one(tx: &mut Tx, by: Option<&Viewer>, offer: &Offer, was: Seat, telling: bool) -> Result<()> {
    let is = was.clone().withdrawn(tx.now())?;
    sql::save_seat(tx, &is, was.state)?;
    if was.state == SeatState::Given {
        sql::give_place_back(tx, offer.id)?;
    }
    if telling {
        tell(tx, offer.offerer, WITHDRAWN, is.id)?;
    }
    record_seat(tx, "experience withdrawn", by, offer, &is)
}

/// It cannot be kept after all: whoever has the place hears so at once.
pub fn take_back(tx: &mut Tx, viewer: &Viewer, id: SeatId, words: &str) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::TakeBack)?;
    let mut is = was.clone().taken_back(tx.now())?;
    is.answer = sealed(tx, &is, words)?.or(is.answer);
    take_back_one(tx, Some(viewer), &offer, &was, &is)
}

fn take_back_one(tx: &mut Tx, by: Option<&Viewer>, offer: &Offer, was: &Seat, is: &Seat) -> Result<()> {
    sql::save_seat(tx, is, was.state)?;
    sql::give_place_back(tx, offer.id)?;
    tell(tx, is.learner, ENDED, is.id)?;
    record_seat(tx, "experience taken back", by, offer, is)
}

fn lapse_one(tx: &mut Tx, was: Seat, telling: bool) -> Result<()> {
    let is = was.clone().lapsed(tx.now())?;
    sql::save_seat(tx, &is, was.state)?;
    if telling {
        tell(tx, is.learner, ENDED, is.id)?;
    }
    tx.record(Happening::of("experience lapsed", is.id).touching([is.learner]))
}

// What comes of it.

/// Puts it into a plan of hers, as an activity under a milestone; it closes there, with what came of it.
pub fn plan(tx: &mut Tx, viewer: &Viewer, id: SeatId, milestone: ItemId, on: Option<Date>) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Finish)?;
    if !was.is_open_to(SeatDeed::Finish) {
        return Err(refused!("not_given"; "It can go into a plan once you have a place."));
    }
    if item_of(tx, viewer, &was)?.is_some() {
        return Err(refused!("in_a_plan"; "It is in a plan already."));
    }
    let (whole, _) = planned::read_item(tx, viewer, milestone)?;
    if !viewer.is(whole.plan.owner) {
        return Err(Error::NotFound);
    }
    let offered_by = offered_by(tx, &offer)?;
    let title = if offer.title.is_empty() { "Something from the experience board" } else { offer.title.as_str() };
    let words = plans::Words {
        title: title.to_owned(),
        note: format!("From the experience board, offered by {offered_by}. {}", offer.takes).trim().to_owned(),
        link: Some(format!("{}/experiences/seats/{id}", tx.config().url())),
    };
    let draft = plans::Draft { kind: offer.kind, milestone: Some(milestone), words, on, doer: viewer.person };
    // Put in anew when it was taken out since: then it is another item.
    let nonce = match was.item {
        Some(before) => format!("seat {id} after {before}"),
        None => format!("seat {id}"),
    };
    let item = planned::add(tx, viewer, whole.plan.id, &draft, &nonce)?;
    sql::save_seat(tx, &Seat { item: Some(item), ..was.clone() }, was.state)?;
    record_seat(tx, "experience planned", Some(viewer), &offer, &was)
}

/// Its activity in a plan, while it stands there and can be closed there.
fn item_of(tx: &mut Tx, learner: &Viewer, seat: &Seat) -> Result<Option<plans::Item>> {
    let Some(item) = seat.item else { return Ok(None) };
    let found = still_there(planned::read_item(tx, learner, item))?;
    Ok(found.filter(|(whole, item)| whole.plan.ended_at.is_none() && item.state == ItemState::Open).map(|(_, item)| item))
}

/// It is done, with what came of it. What stands in a plan is closed there.
pub fn finish(tx: &mut Tx, viewer: &Viewer, id: SeatId, note: &str, share: bool) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Finish)?;
    if item_of(tx, viewer, &was)?.is_some() {
        return Err(refused!("in_a_plan"; "It stands in your plan. Say there what came of it, and it is done here too."));
    }
    let is = was.clone().done(note, tx.now())?;
    done(tx, viewer, &offer, &was, is, note)?;
    if share { self::share(tx, viewer, id) } else { Ok(()) }
}

fn done(tx: &mut Tx, viewer: &Viewer, offer: &Offer, was: &Seat, mut is: Seat, note: &str) -> Result<()> {
    is.note = Some(seal::seal(tx, is.key, note.trim())?);
    sql::save_seat(tx, &is, was.state)?;
    record_seat(tx, "experience done", Some(viewer), offer, &is)
}

/// Lets whoever offered it read what came of it.
pub fn share(tx: &mut Tx, viewer: &Viewer, id: SeatId) -> Result<()> {
    let (offer, was) = open_seat(tx, viewer, id, SeatDeed::Finish)?;
    if was.note.is_none() {
        return Err(refused!("no_note"; "There is nothing to share yet."));
    }
    if was.shared_at.is_some() {
        return Ok(());
    }
    let is = Seat { shared_at: Some(tx.now()), ..was.clone() };
    sql::save_seat(tx, &is, was.state)?;
    tell(tx, offer.offerer, SHARED, id)?;
    record_seat(tx, "experience note shared", Some(viewer), &offer, &is)
}

/// Something of a plan was done: when it came from the board, it is done here too, with the same note.
pub(super) fn follow_activity(tx: &mut Tx, item: ItemId) -> Result<()> {
    let Some(was) = sql::seat_of_item(tx, item)? else { return Ok(()) };
    let (Some(offer), Some(learner)) = (sql::find(tx, was.offer)?, Viewer::of_person(tx, was.learner, Via::Errand)?) else {
        return Ok(());
    };
    let Some((_, item)) = still_there(planned::read_item(tx, &learner, item))? else { return Ok(()) };
    let Some(outcome) = item.outcome.filter(|_| item.state == ItemState::Done) else { return Ok(()) };
    let note: String = outcome.words.chars().take(longest::NOTE).collect();
    match was.state {
        SeatState::Given => {
            let is = was.clone().done(&note, tx.now())?;
            done(tx, &learner, &offer, &was, is, &note)
        }
        // Said once more and otherwise, while nobody else has read it.
        SeatState::Done if was.shared_at.is_none() => done(tx, &learner, &offer, &was, was.clone(), &note),
        _ => Ok(()),
    }
}

// What happens elsewhere.

pub(super) fn follow_merge(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some((was, is)) = graphs::merged(tx, happening.subject.into())? else { return Ok(()) };
    sql::rewrite_skill(tx, &was, &is)
}

/// Someone went “not now”: whoever waits for them is not kept waiting.
pub(super) fn follow_not_now(tx: &mut Tx, person: PersonId) -> Result<()> {
    if !people::is_away(tx, person)? {
        return Ok(());
    }
    for seat in sql::live_seats_of(tx, person)? {
        if seat.learner != person && seat.state == SeatState::Asked {
            lapse_one(tx, seat, true)?;
        }
    }
    Ok(())
}

/// Someone left: nobody waits for them, and what they had is there for others.
pub(super) fn follow_leaving(tx: &mut Tx, person: PersonId) -> Result<()> {
    for was in sql::live_seats_of(tx, person)? {
        let Some(offer) = sql::find(tx, was.offer)? else { continue };
        match (was.learner == person, was.state) {
            (true, _) => withdraw_one(tx, None, &offer, was, true)?,
            (false, SeatState::Asked) => lapse_one(tx, was, true)?,
            (false, _) => {
                let is = was.clone().taken_back(tx.now())?;
                take_back_one(tx, None, &offer, &was, &is)?;
            }
        }
    }
    sql::end_all(tx, person)
}

/// Two are kept apart from now on: what waited or was given between them ends, and neither is told.
pub(super) fn follow_block(tx: &mut Tx, person: PersonId) -> Result<()> {
    let apart = people::apart_from(tx, person)?;
    if apart.is_empty() {
        return Ok(());
    }
    for was in sql::live_seats_of(tx, person)? {
        let Some(offer) = sql::find(tx, was.offer)? else { continue };
        let other = if was.learner == person { offer.offerer } else { was.learner };
        if !apart.contains(&other) {
            continue;
        }
        match was.state {
            SeatState::Asked => lapse_one(tx, was, false)?,
            _ => withdraw_one(tx, None, &offer, was, false)?,
        }
    }
    Ok(())
}

pub(super) fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    follow_leaving(tx, person)?;
    sql::forget(tx, person)
}

/// Reminds those whose time is half over.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_reminders(tx)?;
    for (seat, offer) in &due {
        if let Some(offer) = sql::find(tx, *offer)? {
            tell(tx, offer.offerer, REMINDED, *seat)?;
        }
    }
    Ok(due.len())
}

/// Ends what nobody answered.
pub fn lapse(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_lapses(tx)?;
    for (seat, learner) in &due {
        tell(tx, *learner, ENDED, *seat)?;
        tx.record(Happening::of("experience lapsed", *seat).touching([*learner]))?;
    }
    Ok(due.len())
}

// Reading.

/// An offer as it stands on the board.
pub struct Shown {
    pub offer: Offer,
    pub offerer: Chip,
    /// Ids of skills.
    pub skills: Vec<String>,
}

/// A page of the board, and where the next one begins.
pub struct Board {
    pub shown: Vec<Shown>,
    pub older: Option<OfferId>,
    pub graph: Arc<Graph>,
    /// The skill it was asked for, if there is one of that name.
    pub skill: Option<String>,
    /// Codes of the countries in which something stands.
    pub countries: Vec<String>,
}

/// What the board is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    pub skill: String,
    pub kind: String,
    pub place: String,
    pub before: Option<OfferId>,
}

/// What this viewer can see of what stands, the newest first. A skill finds what lies inside it too.
pub fn board(tx: &mut Tx, viewer: &Viewer, asking: &Asking) -> Result<Board> {
    let graph = skills::graph_here(tx)?;
    let skill = graph.by_id(&asking.skill).or_else(|| graph.find(&asking.skill)).map(|skill| skill.id.to_string());
    let apart = List::of(apart_from(tx, viewer.person)?)?;
    let most = PAGE as i64 + 1;
    let wanted = Wanted { kind: &asking.kind, place: &asking.place, without: &apart, before: asking.before, most };
    let mut offers = match &skill {
        Some(skill) => sql::board_of_skills(tx, &wanted, &List::of(inside(&graph, skill))?)?,
        None if asking.skill.trim().is_empty() => sql::board(tx, &wanted)?,
        None => Vec::new(),
    };
    let more = offers.len() > PAGE;
    offers.truncate(PAGE);
    let older = offers.last().filter(|_| more).map(|offer| offer.id);
    let (shown, countries) = (shown(tx, offers)?, sql::countries(tx)?);
    Ok(Board { shown, older, graph, skill, countries })
}

/// A skill and all that lies inside it.
fn inside(graph: &Graph, skill: &str) -> Vec<String> {
    let narrower = graph.by_id(skill).map(|known| graph.narrower_closure(known.slot)).unwrap_or_default();
    let narrower = narrower.iter().filter_map(|slot| graph.skill(*slot)).map(|skill| skill.id.to_string());
    std::iter::once(skill.to_owned()).chain(narrower).take(500).collect()
}

fn shown(tx: &mut Tx, offers: Vec<Offer>) -> Result<Vec<Shown>> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let mut skills: HashMap<OfferId, Vec<String>> = HashMap::new();
    for (offer, skill) in sql::skills(tx, &List::of(offers.iter().map(|offer| offer.id))?)? {
        skills.entry(offer).or_default().push(skill);
    }
    let people: Vec<PersonId> = offers.iter().map(|offer| offer.offerer).collect();
    let chips = partners::called_all(tx, &people)?;
    let shown = offers.into_iter().zip(chips);
    Ok(shown.map(|(offer, offerer)| Shown { skills: skills.remove(&offer.id).unwrap_or_default(), offer, offerer }).collect())
}

/// What somebody offers that stands, for whoever looks at their profile.
pub fn standing_of(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<Vec<Shown>> {
    let now = tx.now();
    let mut offers = sql::of_offerer(tx, person, OWN)?;
    offers.retain(|offer| offer.stands(now) && !offer.for_place);
    if offers.is_empty() || apart_from(tx, viewer.person)?.contains(&person) || people::is_away(tx, person)? {
        return Ok(Vec::new());
    }
    shown(tx, offers)
}

/// Those whose offers somebody does not see: kept apart, or contact is stopped.
fn apart_from(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    let mut apart = people::apart_from(tx, person)?;
    apart.extend(sql::stopped_with(tx, person)?);
    Ok(apart)
}

fn are_apart(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    Ok(one != other && apart_from(tx, one)?.contains(&other))
}

/// An offer that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: OfferId, deed: OfferDeed) -> Result<Offer> {
    let offer = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let apart = are_apart(tx, viewer.person, offer.offerer)?;
    if offer.allows(viewer, apart, deed) { Ok(offer) } else { Err(Error::NotFound) }
}

fn open_seat(tx: &mut Tx, viewer: &Viewer, id: SeatId, deed: SeatDeed) -> Result<(Offer, Seat)> {
    let seat = sql::find_seat(tx, id)?.ok_or(Error::NotFound)?;
    let offer = sql::find(tx, seat.offer)?.ok_or(Error::NotFound)?;
    let apart = are_apart(tx, seat.learner, offer.offerer)?;
    if seat.allows(&offer, viewer, apart, deed) { Ok((offer, seat)) } else { Err(Error::NotFound) }
}

/// An offer with all that its page shows.
pub struct Whole {
    pub shown: Shown,
    pub graph: Arc<Graph>,
    /// The viewer's own latest seat in it.
    pub mine: Option<Seat>,
    /// For its offerer: who asked, what waits first.
    pub seats: Vec<(Seat, Chip, String)>,
    /// Why nobody can ask just now.
    pub hindrance: Option<&'static str>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: OfferId) -> Result<Whole> {
    let offer = open(tx, viewer, id, OfferDeed::See)?;
    let offers = viewer.is(offer.offerer);
    let mine = if offers { None } else { sql::seat_of(tx, id, viewer.person)? };
    let seats = if offers { seats(tx, viewer, &offer)? } else { Vec::new() };
    let hindrance = hindrance(tx, &offer)?;
    let shown = shown(tx, vec![offer])?.pop().ok_or(Error::NotFound)?;
    Ok(Whole { shown, graph: skills::graph_here(tx)?, mine, seats, hindrance })
}

fn seats(tx: &mut Tx, viewer: &Viewer, offer: &Offer) -> Result<Vec<(Seat, Chip, String)>> {
    let apart = apart_from(tx, viewer.person)?;
    let mut seats = sql::seats_of_offer(tx, offer.id, MOST_WAITING)?;
    seats.retain(|seat| seat.allows(offer, viewer, apart.contains(&seat.learner), SeatDeed::See));
    let ring = seal::ring(tx, &seats.iter().map(|seat| seat.key).collect::<Vec<_>>())?;
    let chips = partners::called_all(tx, &seats.iter().map(|seat| seat.learner).collect::<Vec<_>>())?;
    let why = |seat: &Seat| Ok::<_, Error>(ring.text(seat.key, &seat.why)?.unwrap_or_else(forgotten));
    seats.into_iter().zip(chips).map(|(seat, chip)| Ok((seat.clone(), chip, why(&seat)?))).collect()
}

fn forgotten() -> String {
    "This was forgotten.".into()
}

/// A seat as one viewer reads it.
pub struct Sat {
    pub offer: Offer,
    pub seat: Seat,
    pub learner: Chip,
    pub offerer: Chip,
    /// As whom it is offered: a person's name, or the place's.
    pub offered_by: String,
    pub why: String,
    pub answer: Option<String>,
    /// For the learner, and for the offerer once it is shared.
    pub note: Option<String>,
    /// Where it stands in a plan, for the learner.
    pub item: Option<plans::Item>,
}

pub fn read_seat(tx: &mut Tx, viewer: &Viewer, id: SeatId) -> Result<Sat> {
    let (offer, seat) = open_seat(tx, viewer, id, SeatDeed::See)?;
    let mine = viewer.is(seat.learner);
    let ring = seal::ring(tx, &[seat.key])?;
    let text = |sealed: &Option<seal::Sealed>| sealed.as_ref().map(|sealed| ring.text(seat.key, sealed)).transpose().map(Option::flatten);
    let why = ring.text(seat.key, &seat.why)?.unwrap_or_else(forgotten);
    let answer = text(&seat.answer)?;
    let note = if seat.allows(&offer, viewer, false, SeatDeed::ReadNote) { text(&seat.note)? } else { None };
    let item = if mine && seat.is_open_to(SeatDeed::Finish) { item_of(tx, viewer, &seat)? } else { None };
    let offered_by = offered_by(tx, &offer)?;
    Ok(Sat {
        learner: partners::called(tx, seat.learner)?,
        offerer: partners::called(tx, offer.offerer)?,
        offered_by,
        why,
        answer,
        note,
        item,
        offer,
        seat,
    })
}

fn offered_by(tx: &mut Tx, offer: &Offer) -> Result<String> {
    if offer.for_place { Ok(tx.place_name()) } else { Ok(partners::called(tx, offer.offerer)?.name) }
}

/// The milestones that a viewer's plans go towards, with what to call each.
pub fn milestones(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(ItemId, String)>> {
    let mut choices = Vec::new();
    for short in planned::own(tx, viewer)?.into_iter().filter(|short| short.plan.ended_at.is_none()) {
        let open = short.items.iter().filter(|item| item.is_milestone() && item.state == ItemState::Open);
        let goal = crate::page::shortened(&short.goal, 60);
        let named = |item: &plans::Item| (item.id, format!("{} ({goal})", crate::page::shortened(&item.words.title, 70)));
        choices.extend(open.map(named));
    }
    Ok(choices)
}

/// What somebody asked for, the latest first, and what they offer with how many wait.
pub struct Own {
    pub asked: Vec<(Seat, Offer)>,
    pub offered: Vec<(Offer, i64)>,
}

pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Own> {
    let seats = sql::seats_of_learner(tx, viewer.person, OWN)?;
    let offers: HashMap<OfferId, Offer> = match seats.is_empty() {
        true => HashMap::new(),
        false => sql::of_ids(tx, &List::of(seats.iter().map(|seat| seat.offer))?)?.into_iter().map(|offer| (offer.id, offer)).collect(),
    };
    let asked = seats.into_iter().filter_map(|seat| offers.get(&seat.offer).cloned().map(|offer| (seat, offer))).collect();
    let waiting: HashMap<OfferId, i64> = sql::waiting_by_offer(tx, viewer.person)?.into_iter().collect();
    let offered = sql::of_offerer(tx, viewer.person, OWN)?.into_iter();
    let offered = offered.map(|offer| (waiting.get(&offer.id).copied().unwrap_or_default(), offer)).map(|(n, offer)| (offer, n)).collect();
    Ok(Own { asked, offered })
}

/// All that somebody offered and asked for, for their export: each seat with its offer's title, why, answer and note.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<(Vec<Offer>, Vec<Sat>)> {
    let offers = sql::of_offerer(tx, person, 10_000)?;
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok((offers, Vec::new())) };
    let mut sat = Vec::new();
    for seat in sql::seats_of_learner(tx, person, 10_000)? {
        sat.push(read_seat(tx, &viewer, seat.id)?);
    }
    Ok((offers, sat))
}

fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, offer: &Offer) -> Result<()> {
    tx.record(Happening::of(kind, offer.id).by(viewer).touching([offer.offerer]))
}

fn record_seat(tx: &mut Tx, kind: &'static str, by: Option<&Viewer>, offer: &Offer, seat: &Seat) -> Result<()> {
    let happening = Happening::of(kind, seat.id).touching([offer.offerer, seat.learner]);
    tx.record(by.map_or(happening.clone(), |viewer| happening.by(viewer)))
}
