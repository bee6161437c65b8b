//! Finding a time and keeping it: propose, book, move, cancel, say that one met or did not, and what repeats.

use super::session::{
    AHEAD, Cadence, Deed, Draft, MOST_PROPOSED, Meeting, Proposed, Reason, Series, SeriesId, Session, SessionId, SessionState, Time,
    TimeId, must_lie_ahead,
};
use super::slots::{self, Stretch, Week};
use super::{feeds, invites, sql, written};
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::notices::tell;
use crate::people::verbs as people;
use crate::relationships::{self, Company, Kind, RelationshipId, verbs as partners};
use crate::seal::{self, Sealed};
use crate::viewer::{PersonId, Viewer, zone};
use crate::{refused, too_late};
use chiron_store::{List, Timestamp};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// A session that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: SessionId, deed: Deed) -> Result<Meeting> {
    let session = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let company = partners::company(tx, viewer, session.relationship, relationships::Deed::See)?;
    Some(Meeting { session, company }).filter(|meeting| meeting.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same, when it can be done now; otherwise the refusal that says why not.
pub fn open_for(tx: &mut Tx, viewer: &Viewer, id: SessionId, deed: Deed) -> Result<Meeting> {
    let meeting = open(tx, viewer, id, deed)?;
    meeting.must_offer(viewer, deed, tx.now())?;
    Ok(meeting)
}

/// Proposes one or more times to the others, who choose one of them.
pub fn propose(tx: &mut Tx, viewer: &Viewer, relationship: RelationshipId, draft: &Draft) -> Result<SessionId> {
    let company = partners::company(tx, viewer, relationship, relationships::Deed::TakePart)?;
    company.relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    draft.must_be_sound(tx.now())?;
    if let Some(instead) = draft.instead {
        let meeting = open(tx, viewer, instead, Deed::Cancel)?;
        if meeting.session.relationship == relationship && meeting.session.state == SessionState::Proposed {
            end(tx, meeting.session, Some(viewer.person), Reason::Someone, None)?;
        }
    }
    let waiting = sql::waiting(tx, relationship, MOST_PROPOSED)?;
    for one in waiting.iter().filter(|one| viewer.is(one.proposed_by) && draft.is_like(one)) {
        let times = sql::times(tx, one.id)?.into_iter().map(|time| time.starts_at).collect::<BTreeSet<_>>();
        // The same form, sent twice.
        if times == draft.times.iter().map(|time| time.at).collect() {
            return Ok(one.id);
        }
    }
    if waiting.len() as i64 >= MOST_PROPOSED {
        let name = company.name(viewer);
        return Err(
            refused!("too_many_proposals"; "Three proposals wait between you and {name}. Choose among those first, or cancel one."),
        );
    }
    for time in &draft.times {
        must_be_free(tx, viewer, &company, time.at, draft.minutes, &[])?;
    }
    let session = Session::propose(tx.new_id(), relationship, viewer.person, zone_name(viewer), draft, tx.now());
    let people: Vec<PersonId> = company.relationship.parties.iter().map(|p| p.person).collect();
    sql::insert(tx, &session, &people)?;
    for time in &draft.times {
        sql::insert_time(tx, session.id, time)?;
    }
    for person in people.iter().filter(|p| !viewer.is(**p)) {
        tell(tx, *person, "session proposed", session.id)?;
    }
    partners::in_touch(tx, relationship)?;
    tx.record(Happening::of("session proposed", session.id).by(viewer).touching(people))?;
    Ok(session.id)
}

fn zone_name(viewer: &Viewer) -> &str {
    viewer.zone.iana_name().unwrap_or("UTC")
}

/// Books one of the times that were proposed. What was proposed to repeat begins to.
pub fn book(tx: &mut Tx, viewer: &Viewer, id: SessionId, time: TimeId) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Book)?;
    let proposed = sql::times(tx, id)?.into_iter().find(|t| t.id == time);
    let proposed = proposed.ok_or_else(|| refused!("no_such_time"; "Choose one of the times that were proposed."))?;
    must_lie_ahead(proposed.starts_at, tx.now())?;
    must_be_free(tx, viewer, &meeting.company, proposed.starts_at, meeting.session.minutes, &[id])?;
    let was = meeting.session.clone();
    let wall = proposed.wall.parse().map_err(Error::broken)?;
    let mut session = was.clone().book(&Time { at: proposed.starts_at, wall, zone: was.zone.clone() })?;
    if session.cadence != Cadence::Once {
        let series = begin_series(tx, &session)?;
        session = Session { series: Some(series), place: Some(0), ..session };
    }
    save(tx, &was, &session)?;
    sql::save_announced(tx, id)?;
    let meeting = Meeting { session, ..meeting };
    written::fill(tx, &meeting)?;
    for person in meeting.others(viewer) {
        tell(tx, person, "session booked", id)?;
    }
    partners::in_touch(tx, meeting.session.relationship)?;
    tx.record(happened("session booked", &meeting).by(viewer))
}

/// Where a session is moved to, and whether those after it in its series move along.
#[derive(Debug, Clone)]
pub struct Move {
    pub to: Time,
    pub following: bool,
    pub words: String,
}

/// Moves a booked session, and with it those that follow when that is asked for.
pub fn move_to(tx: &mut Tx, viewer: &Viewer, id: SessionId, change: &Move) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Move)?;
    must_lie_ahead(change.to.at, tx.now())?;
    let words = sealed(tx, &meeting, &change.words)?;
    let mut series = meeting.session.series;
    let moved = match series.zip(meeting.session.place).filter(|_| change.following) {
        None => vec![(meeting.session.clone(), change.to.clone())],
        Some((was, place)) => {
            let is = move_series(tx, &meeting, was, place, &change.to)?;
            series = Some(is.id);
            let following = sql::following(tx, was, place)?;
            following.into_iter().filter_map(|s| Some((s.clone(), is.time_of(s.place?)?))).collect()
        }
    };
    let ids: Vec<SessionId> = moved.iter().map(|(session, _)| session.id).collect();
    let mut all = Vec::with_capacity(moved.len());
    for (was, time) in moved {
        must_be_free(tx, viewer, &meeting.company, time.at, was.minutes, &ids)?;
        let is = Session { series, ..was.clone().moved_to(&time, words.clone().filter(|_| was.id == id))? };
        save(tx, &was, &is)?;
        all.push(is);
    }
    // What follows from it looks at all of them where they stand now.
    for session in all {
        let moved = Meeting { session, company: meeting.company.clone() };
        tx.record(happened("session moved", &moved).by(viewer))?;
    }
    for person in meeting.others(viewer) {
        tell(tx, person, "session moved", id)?;
    }
    Ok(())
}

/// From a place on a series goes by another wall. Where some are still ahead before that place, they stay an event of their own
/// in calendars, which know one rule for an event, and what follows becomes another.
fn move_series(tx: &mut Tx, meeting: &Meeting, id: SeriesId, place: i64, to: &Time) -> Result<Series> {
    let was = sql::find_series(tx, id)?.ok_or(Error::NotFound)?;
    let is = Series { wall: to.wall.to_string(), zone: to.zone.clone(), anchor: place, ..was.clone() };
    let no_such = || refused!("past"; "That time has passed. Choose one that lies ahead.");
    let mut is = Series { next_at: is.time_of(is.next_place).ok_or_else(no_such)?.at, ..is };
    let following = sql::following(tx, id, place)?;
    let others_are_ahead = sql::is_ahead_before(tx, id, place)?;
    if others_are_ahead {
        is.id = tx.new_id();
        sql::end_series(tx, id)?;
        sql::insert_series(tx, &is)?;
        sql::carry_left_out(tx, id, is.id, place)?;
    } else {
        sql::save_wall(tx, &is)?;
    }
    invites::next_change(tx, id)?;
    for person in meeting.people() {
        if others_are_ahead {
            invites::end_before(tx, person, &was, &following)?;
        }
        invites::take_out_moved(tx, person, &was, &following)?;
    }
    Ok(is)
}

/// Cancels a session, with a word on it if they like; those that follow too, when that is asked for.
pub fn cancel(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str, following: bool) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Cancel)?;
    let sealed = sealed(tx, &meeting, words)?;
    let all = match meeting.session.series.zip(meeting.session.place).filter(|_| following) {
        None => vec![meeting.session.clone()],
        Some((series, place)) => {
            sql::end_series(tx, series)?;
            sql::following(tx, series, place)?
        }
    };
    let all = all.into_iter().map(|session| (session.clone(), sealed.clone().filter(|_| session.id == id))).collect();
    let ended = end_each(tx, all, Some(viewer.person), Reason::Someone)?;
    for person in meeting.others(viewer) {
        tell(tx, person, "session cancelled", id)?;
    }
    if let Some(first) = ended.first().filter(|_| following) {
        for person in meeting.people() {
            invites::take_out_exceptions(tx, person, first)?;
        }
    }
    Ok(())
}

/// They met.
pub fn hold(tx: &mut Tx, viewer: &Viewer, id: SessionId) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Hold)?;
    let (was, is) = (meeting.session.clone(), meeting.session.clone().hold(viewer.person, tx.now())?);
    save(tx, &was, &is)?;
    let held = Meeting { session: is, ..meeting };
    // What was put off stands on the agenda of the next one at once.
    if let Some(next) = was.starts_at.map(|start| sql::next_after(tx, was.relationship, start)).transpose()?.flatten() {
        written::fill(tx, &Meeting { session: next, company: held.company.clone() })?;
    }
    partners::met(tx, was.relationship)?;
    tx.record(happened("session held", &held).by(viewer))
}

/// They did not meet. Nobody is asked whose fault it was.
pub fn miss(tx: &mut Tx, viewer: &Viewer, id: SessionId) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Miss)?;
    let (was, is) = (meeting.session.clone(), meeting.session.clone().miss(viewer.person, tx.now())?);
    save(tx, &was, &is)?;
    for person in meeting.others(viewer) {
        tell(tx, person, "session missed", id)?;
    }
    tx.record(happened("session missed", &meeting).by(viewer))
}

fn sealed(tx: &mut Tx, meeting: &Meeting, words: &str) -> Result<Option<Sealed>> {
    if words.is_empty() { Ok(None) } else { seal::seal(tx, meeting.company.relationship.key, words).map(Some) }
}

fn save(tx: &mut Tx, was: &Session, is: &Session) -> Result<()> {
    if sql::save(tx, was, is)? { Ok(()) } else { Err(too_late!("Someone changed this session a moment before you. Look at it again.")) }
}

/// Ends a session that is still ahead, whoever or whatever ends it.
fn end(tx: &mut Tx, was: Session, by: Option<PersonId>, reason: Reason, words: Option<Sealed>) -> Result<Session> {
    end_each(tx, vec![(was, words)], by, reason)?.pop().ok_or(Error::NotFound)
}

/// The same with several at once. What follows from it looks at all of them where they stand then.
fn end_each(tx: &mut Tx, all: Vec<(Session, Option<Sealed>)>, by: Option<PersonId>, reason: Reason) -> Result<Vec<Session>> {
    let mut ended = Vec::with_capacity(all.len());
    for (was, words) in all {
        let is = was.clone().cancel(by, reason, words, tx.now())?;
        save(tx, &was, &is)?;
        ended.push(is);
    }
    for session in &ended {
        let people = sql::people_of(tx, session.relationship)?;
        let mut happening = Happening::of("session cancelled", session.id).touching(people);
        happening.by = by;
        tx.record(happening)?;
    }
    Ok(ended)
}

// When people are free.

/// When these people are taken, in the stretch between two times: by sessions, and by what their own calendars say.
pub fn busy(tx: &mut Tx, people: &[PersonId], from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>> {
    let mut taken = feeds::busy(tx, people, from, until)?;
    taken.extend(sql::taken(tx, people, from, until)?.into_iter().map(|(_, _, stretch)| stretch));
    Ok(taken)
}

/// When everybody is free.
pub struct Free {
    pub slots: Vec<Timestamp>,
    /// Who has not said when they are, and is taken to be by day.
    pub unsaid: Vec<PersonId>,
}

/// Beginnings that suit everybody in the days from `from` on, by their weekly hours and what is taken already.
pub fn free_slots(tx: &mut Tx, viewer: &Viewer, company: &Company, from: Timestamp, days: i64, minutes: i64) -> Result<Free> {
    let ids: Vec<PersonId> = company.people.iter().map(|chip| chip.id).collect();
    let hours = people::hours(tx, &ids)?;
    let unsaid = ids.iter().zip(&hours).filter(|(_, hours)| hours.is_empty()).map(|(id, _)| *id).collect();
    let weeks: Vec<Week> = company.people.iter().zip(hours).map(|(chip, hours)| Week { zone: zone(&chip.zone), hours }).collect();
    let busy = busy(tx, &ids, from, from + SignedDuration::from_hours(24 * days))?;
    Ok(Free { slots: slots::common(&weeks, &busy, from, days, minutes, &viewer.zone), unsaid })
}

/// Refuses a time at which one of them is in another session already.
fn must_be_free(tx: &mut Tx, viewer: &Viewer, company: &Company, at: Timestamp, minutes: i64, but: &[SessionId]) -> Result<()> {
    let people: Vec<PersonId> = company.people.iter().map(|chip| chip.id).collect();
    let taken = sql::taken(tx, &people, at, at + SignedDuration::from_mins(minutes))?;
    match taken.iter().find(|(_, session, _)| !but.contains(session)) {
        None => Ok(()),
        Some((person, ..)) if viewer.is(*person) => {
            Err(refused!("taken"; "You are in another session on {}. Choose another time.", viewer.when(at)))
        }
        Some((person, ..)) => {
            let name = company.called(viewer, *person);
            Err(refused!("taken"; "{name} is not free on {}. Choose another time.", viewer.when(at)))
        }
    }
}

// What repeats.

fn begin_series(tx: &mut Tx, first: &Session) -> Result<SeriesId> {
    let id: SeriesId = tx.new_id();
    let series = Series {
        id,
        relationship: first.relationship,
        by: first.proposed_by,
        purpose: first.purpose,
        cadence: first.cadence,
        minutes: first.minutes,
        wall: first.wall.clone().unwrap_or_default(),
        zone: first.zone.clone(),
        anchor: 0,
        next_place: 1,
        next_at: tx.now(),
        ended_at: None,
    };
    let next_at = series.time_of(1).ok_or_else(|| Error::broken("a series that cannot go on"))?.at;
    sql::insert_series(tx, &Series { next_at, ..series })?;
    Ok(id)
}

pub fn any_to_make(tx: &mut Tx) -> Result<bool> {
    let until = tx.now() + AHEAD;
    sql::any_to_make(tx, until)
}

/// Makes the sessions of series a bounded way ahead, one of each series at a time.
pub fn make(tx: &mut Tx) -> Result<usize> {
    let until = tx.now() + AHEAD;
    let due = sql::to_make(tx, until, 50)?;
    for series in &due {
        let (Some(time), Some(after)) = (series.time_of(series.next_place), series.time_of(series.next_place + 1)) else {
            sql::end_series(tx, series.id)?;
            continue;
        };
        // Whoever claims the place makes the session: no node makes it twice.
        if sql::claim_place(tx, series, after.at)? && time.at > tx.now() {
            make_one(tx, series, &time)?;
        }
    }
    Ok(due.len())
}

fn make_one(tx: &mut Tx, series: &Series, time: &Time) -> Result<()> {
    let people = sql::people_of(tx, series.relationship)?;
    let draft =
        Draft { purpose: series.purpose, cadence: series.cadence, minutes: series.minutes, times: vec![time.clone()], instead: None };
    let session = Session::propose(tx.new_id(), series.relationship, series.by, &series.zone, &draft, tx.now()).book(time)?;
    let session = Session { series: Some(series.id), place: Some(series.next_place), ..session };
    let end = time.at + SignedDuration::from_mins(series.minutes);
    // What would fall on another session is not booked over it: it is left out, and both are told.
    if !sql::taken(tx, &people, time.at, end)?.is_empty() {
        let left_out = session.cancel(None, Reason::Clash, None, tx.now())?;
        sql::insert(tx, &left_out, &people)?;
        for person in &people {
            tell(tx, *person, "session cancelled", left_out.id)?;
        }
        return tx.record(Happening::of("session cancelled", left_out.id).touching(people));
    }
    sql::insert(tx, &session, &people)?;
    tx.record(Happening::of("session repeated", session.id).touching(people))
}

// What time does.

/// Asks those who learn to prepare, two days before; by then the agenda holds what is known.
pub fn ask_to_prepare(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_preparations(tx)?;
    for id in &due {
        let Some(meeting) = alone(tx, *id)? else { continue };
        written::fill(tx, &meeting)?;
        for party in meeting.company.relationship.parties.iter().filter(|party| party.role.learns()) {
            tell(tx, party.person, "session prepare", *id)?;
        }
    }
    Ok(due.len())
}

/// Reminds everybody, a day before.
pub fn announce(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_announcements(tx)?;
    for id in &due {
        let Some(meeting) = alone(tx, *id)? else { continue };
        written::fill(tx, &meeting)?;
        for person in meeting.people() {
            tell(tx, person, "session soon", *id)?;
        }
    }
    Ok(due.len())
}

/// Ends proposals whose last time has passed, and tells whoever proposed.
pub fn lapse(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_lapses(tx)?;
    for id in &due {
        let Some(session) = sql::find(tx, *id)? else { continue };
        tell(tx, session.proposed_by, "session cancelled", *id)?;
        let people = sql::people_of(tx, session.relationship)?;
        tx.record(Happening::of("session cancelled", *id).touching(people))?;
    }
    Ok(due.len())
}

/// A session as the program itself looks at it, on behalf of one of its people; nothing where they may not meet.
fn alone(tx: &mut Tx, id: SessionId) -> Result<Option<Meeting>> {
    let Some(session) = sql::find(tx, id)? else { return Ok(None) };
    for person in sql::people_of(tx, session.relationship)? {
        if let Some(viewer) = Viewer::of_person(tx, person, crate::viewer::Via::Errand)? {
            let company = partners::company(tx, &viewer, session.relationship, relationships::Deed::See)?;
            return Ok(Some(Meeting { session, company }).filter(|meeting| meeting.company.relationship.state.is_live()));
        }
    }
    Ok(None)
}

/// A relationship is over or stands still: what was still ahead in it is too, and comes out of everybody's calendar. The
/// letter says that they do not meet, and nothing of why.
pub fn follow_end(tx: &mut Tx, relationship: RelationshipId, reason: Reason) -> Result<()> {
    let ended = end_all(tx, relationship, reason)?;
    for person in sql::people_of(tx, relationship)? {
        invites::take_out(tx, person, &ended)?;
    }
    Ok(())
}

/// Ends what repeats and what is ahead.
fn end_all(tx: &mut Tx, relationship: RelationshipId, reason: Reason) -> Result<Vec<Session>> {
    let live = sql::live(tx, relationship, 500)?;
    let series: BTreeSet<SeriesId> = sql::series_of(tx, relationship)?
        .into_iter()
        .map(|series| series.id)
        .chain(live.iter().filter_map(|session| session.series))
        .collect();
    for series in series {
        sql::end_series(tx, series)?;
    }
    end_each(tx, live.into_iter().map(|session| (session, None)).collect(), None, reason)
}

/// Someone leaves: nobody waits for them. The others are told of the next session, in the letter that takes it out of their
/// calendars.
pub fn follow_leaving(tx: &mut Tx, person: PersonId) -> Result<()> {
    for relationship in sql::ahead(tx, person)? {
        // The others of a circle go on meeting.
        if partners::find(tx, relationship)?.kind == Kind::Circle {
            follow_parting(tx, relationship, Some(person))?;
            continue;
        }
        let ended = end_all(tx, relationship, Reason::Over)?;
        invites::take_out(tx, person, &ended)?;
        let Some(next) = ended.first() else { continue };
        for other in sql::people_of(tx, relationship)?.into_iter().filter(|other| *other != person) {
            tell(tx, other, "session cancelled", next.id)?;
            invites::take_out_exceptions(tx, other, next)?;
            let further: Vec<Session> = ended.iter().filter(|s| !invites::is_one_event(s, next)).cloned().collect();
            invites::take_out(tx, other, &further)?;
        }
    }
    Ok(())
}

/// Somebody joins those who meet already.
pub fn follow_joining(tx: &mut Tx, relationship: RelationshipId, person: Option<PersonId>) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    let live = sql::live(tx, relationship, 500)?;
    live.iter().try_for_each(|session| sql::insert_attendance(tx, session, person))?;
    invites::put_in(tx, person, &live)
}

/// Somebody is not among those who meet any more, who go on: what is ahead comes out of this one calendar.
pub fn follow_parting(tx: &mut Tx, relationship: RelationshipId, person: Option<PersonId>) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    let live = sql::live(tx, relationship, 500)?;
    invites::take_out_alone(tx, person, &live)?;
    live.iter().try_for_each(|session| sql::delete_attendance(tx, session.id, person))
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    follow_leaving(tx, person)?;
    sql::forget(tx, person)
}

// What is ahead.

/// What a relationship has ahead, and the latest that is over.
pub struct Ahead {
    pub live: Vec<Session>,
    pub past: Vec<Session>,
    pub series: Vec<Series>,
    pub now: Timestamp,
}

pub fn ahead(tx: &mut Tx, relationship: RelationshipId) -> Result<Ahead> {
    Ok(Ahead {
        live: sql::live(tx, relationship, 30)?,
        past: sql::past(tx, relationship, 50)?,
        series: sql::series_of(tx, relationship)?,
        now: tx.now(),
    })
}

/// How many of the last sessions it looks at, and from how many on it says something.
const LOOKED_BACK: usize = 5;
const LEAST_MET: usize = 2;

/// What of the last sessions a learner took into their own hands: a mirror for themselves alone, and no score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    pub met: usize,
    pub proposed: usize,
    pub prepared: usize,
    /// Topics of their own, and of the others.
    pub brought: i64,
    pub by_others: i64,
}

/// `None` while they have hardly met, and for whoever only guides. The latest of `past` comes first.
pub fn in_hand(tx: &mut Tx, viewer: &Viewer, company: &Company, past: &[Session]) -> Result<Option<InHand>> {
    let met: Vec<&Session> = past.iter().filter(|session| session.state == SessionState::Held).take(LOOKED_BACK).collect();
    if met.len() < LEAST_MET || !company.relationship.role_of(viewer.person).is_some_and(relationships::Role::learns) {
        return Ok(None);
    }
    let ids = List::of(met.iter().map(|session| session.id.0))?;
    let (mine, others): (Vec<_>, Vec<_>) = sql::topics(tx, &ids)?.into_iter().partition(|(by, _)| viewer.is(*by));
    let topics = |of: Vec<(PersonId, i64)>| of.into_iter().map(|(_, topics)| topics).sum();
    Ok(Some(InHand {
        met: met.len(),
        proposed: met.iter().filter(|session| viewer.is(session.proposed_by)).count(),
        prepared: sql::prepared(tx, &ids, viewer.person)?.len(),
        brought: topics(mine),
        by_others: topics(others),
    }))
}

/// What is to be chosen first, then the next that is booked.
pub fn next(tx: &mut Tx, relationship: RelationshipId) -> Result<Option<Session>> {
    let earliest = tx.now() - SignedDuration::from_hours(24);
    sql::next(tx, relationship, earliest)
}

/// How often what one heard in the sessions of a relationship was right.
pub fn heard_in(tx: &mut Tx, relationship: RelationshipId) -> Result<relationships::heard::Heard> {
    sql::heard(tx, relationship)
}

/// The next that is booked after a time.
/// Where a session is held, and how many have been held there by now.
pub fn held_with(tx: &mut Tx, id: SessionId) -> Result<(RelationshipId, i64)> {
    let session = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    Ok((session.relationship, sql::held_count(tx, session.relationship)?))
}

pub fn next_after(tx: &mut Tx, relationship: RelationshipId, after: Timestamp) -> Result<Option<Session>> {
    sql::next_after(tx, relationship, after)
}
pub fn series(tx: &mut Tx, id: SeriesId) -> Result<Option<Series>> {
    sql::find_series(tx, id)
}
pub fn times(tx: &mut Tx, session: SessionId) -> Result<Vec<Proposed>> {
    sql::times(tx, session)
}

pub(super) fn happened(kind: &'static str, meeting: &Meeting) -> Happening {
    Happening::of(kind, meeting.session.id).touching(meeting.people())
}
