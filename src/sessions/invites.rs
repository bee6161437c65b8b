//! Invitations to people's own calendars (iMIP, RFC 6047), and what those answer.
//!
//! The letter that tells somebody of a session also says it to their calendar; whoever booked, moved or cancelled it
//! themselves gets a letter of their own for that. A session that stands alone is an event under its own id, and a series
//! one event that repeats, of which a moved or cancelled session is an exception. The numbers by which calendars know
//! which letter is the newest are counted for each such event.
//!
//! An invitation names nobody's address but that of whom it is for. Answers go to an address that is good for that person
//! and that event only.

use super::calendar_sql::{self as sql, Answered, Said};
use super::session::{Cadence, Deed, Meeting, Series, SeriesId, Session, SessionId, SessionState};
use super::verbs;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::mail::{self, Invitation, Letter, Recipient};
use crate::notices::{self, Rhythm, tell};
use crate::page::{self, Button, Tone};
use crate::refused;
use crate::seal;
use crate::slices::{CalendarReply, Words};
use crate::viewer::{PersonId, Via, Viewer, zone};
use chiron_calendar::{Answer, Attendee, Calendar, End, Event, Frequency, Method, Organizer, Response, Rule, Until};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use maud::{Markup, html};
use std::ops::Range;
use uuid::Uuid;

#[cfg(test)]
mod stories;

/// What answers to invitations are addressed to.
const NOUN: &str = "invite";
pub const REPLY: CalendarReply = CalendarReply { noun: NOUN, receive };

// Out.

/// The event in calendars that a session belongs to.
fn event_id(session: &Session) -> Uuid {
    session.series.map_or(session.id.0, |series| series.0)
}

/// What the letter to this viewer says to their calendar: how things are with a session now. Nothing when it never had a
/// time, or when they have no address; and nothing on screen, which no calendar reads.
pub fn invitation(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting) -> Result<Option<Invitation>> {
    if matches!(viewer.via, Via::Login(_)) { Ok(None) } else { said_to(tx, viewer, meeting, false) }
}

/// A session as an event of its own, for the calendar of this viewer.
fn event(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting) -> Result<Option<Event>> {
    let session = &meeting.session;
    let (Some(start), Some(end), Some(address)) = (session.starts_at, session.ends_at, mail::verbs::address_of(tx, viewer.person)?) else {
        return Ok(None);
    };
    let (id, host, url) = (event_id(session), tx.config().host(), tx.config().url());
    let place = zone(&session.zone);
    let title = meeting.title(viewer);
    let mut event = Event::new(format!("{id}@{host}"), title, start.in_zone(&place), end.in_zone(&place), tx.now().jiff());
    event.sequence = sql::sequence(tx, id)?;
    event.url = Some(format!("{url}/sessions/{}", session.id));
    event.description = Some(format!("Agenda and notes: {url}/sessions/{}", session.id));
    event.location = match &session.video {
        Some(video) => seal::open_text(tx, meeting.company.relationship.key, video)?,
        None => None,
    };
    let answers_to = mail::standing_address(tx, NOUN, id, viewer.person);
    let answer = sql::answers(tx, session.id)?.into_iter().find(|a| viewer.is(a.person) && Some(a.starts_at) == session.starts_at);
    event.attendees = vec![Attendee {
        name: meeting.company.people.iter().find(|chip| viewer.is(chip.id)).map(|chip| chip.name.clone()).unwrap_or_default(),
        address,
        answer: answer.and_then(|a| a.answer).map(|said| match said {
            Said::Accepted => Answer::Accepted,
            Said::Declined => Answer::Declined,
            Said::Tentative => Answer::Tentative,
        }),
        // Without a way for mail to reach us, no answer is asked for.
        rsvp: answers_to.is_some(),
    }];
    let from = answers_to.unwrap_or_else(|| bare(&tx.config().mail_from).to_owned());
    event.organizer = Some(Organizer { name: tx.place_name(), address: from });
    Ok(Some(event))
}

/// The same, or, for one who is not among them any more, that the whole event is none of theirs.
fn said_to(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting, without_them: bool) -> Result<Option<Invitation>> {
    let Some(event) = event(tx, viewer, meeting)? else { return Ok(None) };
    let series = meeting.session.series.map(|series| verbs::series(tx, series)).transpose()?.flatten();
    let (method, event) = match &series {
        _ if without_them => (Method::Cancel, event),
        Some(series) => of_series(&meeting.session, series, event),
        None if meeting.session.state == SessionState::Cancelled => (Method::Cancel, event),
        None => (Method::Request, event),
    };
    let events = match series {
        // Where all of a series ends, its exceptions are named too: not every calendar takes them away with the rest.
        Some(series) if method == Method::Cancel && event.instead_of.is_none() => {
            let exceptions = exceptions(tx, viewer, meeting, &series, without_them)?;
            std::iter::once(event).chain(exceptions).collect()
        }
        Some(series) if event.rule.is_some() => {
            let is_cut = meeting.session.state == SessionState::Cancelled;
            let before = meeting.session.place.filter(|_| is_cut).unwrap_or(i64::MAX);
            completed(tx, viewer, meeting, &series, event, 0..before)?
        }
        _ => vec![event],
    };
    Ok(Some(written(method, events)))
}

/// An event that repeats, with what is left out of it and what stands elsewhere at these places: some calendars put what they
/// are told in the place of all that they knew, others keep what stood elsewhere.
fn completed(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting, series: &Series, event: Event, places: Range<i64>) -> Result<Vec<Event>> {
    let of = |time: super::Time| time.at.in_zone(&zone(&time.zone));
    let left_out = sql::left_out(tx, series.id, places.start)?.into_iter().filter(|place| places.contains(place));
    let except = left_out.filter_map(|place| series.time_of(place)).map(of).collect();
    let mut events = vec![Event { except, ..event }];
    for session in super::sql::following(tx, series.id, places.start)? {
        let (Some(place), true) = (session.place, session.starts_at > Some(tx.now())) else { continue };
        if places.contains(&place) {
            events.extend(elsewhere(tx, viewer, meeting, series, session)?);
        }
    }
    Ok(events)
}

/// A session of a series as an exception of it, where it stands elsewhere than its rule puts it.
fn elsewhere(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting, series: &Series, session: Session) -> Result<Option<Event>> {
    let usual = session.place.and_then(|place| series.time_of(place));
    let Some(usual) = usual.filter(|usual| session.starts_at != Some(usual.at)) else { return Ok(None) };
    let meeting = Meeting { session, company: meeting.company.clone() };
    let event = event(tx, viewer, &meeting)?;
    Ok(event.map(|event| Event { instead_of: Some(usual.at.in_zone(&zone(&usual.zone))), ..event }))
}

fn written(method: Method, events: Vec<Event>) -> Invitation {
    let calendar = Calendar { method, name: None, refresh: None, events };
    Invitation { method: method.name().into(), calendar: calendar.write() }
}

/// The sessions of a series that stood elsewhere than where its rule puts them, from this one on: those that ended with it
/// or, for one who is not among them any more, those that are still ahead.
fn exceptions(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting, series: &Series, without_them: bool) -> Result<Vec<Event>> {
    let (session, now) = (&meeting.session, tx.now());
    let from = session.place.unwrap_or_default();
    let all = match without_them {
        true => super::sql::following(tx, series.id, from)?,
        false => sql::ended_together(tx, series.id, from, session.ended_at)?,
    };
    let mut events = Vec::new();
    for other in all.into_iter().filter(|other| other.starts_at.is_some_and(|start| start > now)) {
        events.extend(elsewhere(tx, viewer, meeting, series, other)?);
    }
    Ok(events)
}

/// All of a series from now on, for who joins it.
fn whole(tx: &mut Tx, viewer: &Viewer, first: &Meeting, series: &Series) -> Result<Option<Invitation>> {
    let (Some(event), Some(place)) = (event(tx, viewer, first)?, first.session.place) else { return Ok(None) };
    let (Some(usual), Some(rule)) = (series.time_of(place), rule(series)) else { return Ok(None) };
    let end = (usual.at + SignedDuration::from_mins(series.minutes)).in_zone(&zone(&usual.zone));
    let event = Event { start: usual.at.in_zone(&zone(&usual.zone)), end, rule: Some(rule), ..event };
    Ok(Some(written(Method::Request, completed(tx, viewer, first, series, event, place..i64::MAX)?)))
}

/// The address in “Chiron <chiron@example.org>”.
fn bare(mailbox: &str) -> &str {
    mailbox.rsplit_once('<').map_or(mailbox, |(_, rest)| rest.trim_end_matches('>')).trim()
}

/// A session of a series as an occurrence of the event that repeats, or the whole event when it is about all of it.
fn of_series(session: &Session, series: &Series, event: Event) -> (Method, Event) {
    let (Some(place), Some(rule)) = (session.place, rule(series)) else { return (Method::Request, event) };
    let (usual, first) = (series.time_of(place), series.time_of(series.anchor));
    let (Some(usual), Some(first)) = (usual, first) else { return (Method::Request, event) };
    let of = |time: &super::Time| time.at.in_zone(&zone(&time.zone));
    let cancelled = session.state == SessionState::Cancelled;
    // Cancelled with all that follow, and not one by itself of a series that has ended since.
    if cancelled && series.ended_at.is_some() && series.ended_at == session.ended_at {
        if place <= series.anchor {
            return (Method::Cancel, Event { start: of(&first), ..event });
        }
        return (Method::Request, until(series, place, event.clone()).unwrap_or(event));
    }
    if cancelled {
        return (Method::Cancel, Event { instead_of: Some(of(&usual)), ..event });
    }
    match place == series.anchor && session.starts_at == Some(usual.at) && series.ended_at.is_none() {
        true => (Method::Request, Event { rule: Some(rule), ..event }),
        false => (Method::Request, Event { instead_of: Some(of(&usual)), ..event }),
    }
}

/// The event that repeats, as far as before a place: what was before it stays.
fn until(series: &Series, place: i64, event: Event) -> Option<Event> {
    let (usual, first) = (series.time_of(place)?, series.time_of(series.anchor)?);
    let zone = zone(&first.zone);
    let end = (first.at + SignedDuration::from_mins(series.minutes)).in_zone(&zone);
    let until = End::Until(Until::Instant((usual.at - SignedDuration::from_secs(1)).jiff()));
    Some(Event { start: first.at.in_zone(&zone), end, rule: Some(rule(series)?.ending(until)), ..event })
}

/// How a series repeats, as calendars say it.
fn rule(series: &Series) -> Option<Rule> {
    let anchor: DateTime = series.wall.parse().ok()?;
    let week = i16::from((anchor.day() - 1) / 7 + 1);
    match series.cadence {
        Cadence::Once => None,
        Cadence::Weekly => Some(Rule::every(1, Frequency::Weekly)),
        Cadence::Fortnightly => Some(Rule::every(2, Frequency::Weekly)),
        Cadence::Monthly => Some(Rule::every(1, Frequency::Monthly).on_nth(if week == 5 { -1 } else { week }, anchor.weekday())),
    }
}

/// A session was booked, moved or cancelled: its event has changed, and whoever did it has their own calendar too.
pub fn follow(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let id = SessionId(happening.subject);
    let Some(session) = super::sql::find(tx, id)?.filter(|s| s.starts_at.is_some()) else { return Ok(()) };
    sql::next_sequence(tx, event_id(&session))?;
    let Some(by) = happening.by else { return Ok(()) };
    if went_along(tx, &session)? {
        return Ok(());
    }
    let Some((viewer, meeting, invitation)) = for_own_calendar(tx, by, &session, "session calendar")? else { return Ok(()) };
    let when = session.starts_at.map_or_else(String::new, |start| viewer.when(start));
    let (title, name) = (meeting.title(&viewer), meeting.company.name(&viewer));
    let (subject, line) = match session.state {
        SessionState::Cancelled => (
            format!("Cancelled: {title}"),
            format!("You cancelled your session with {name} ({when}). This letter takes it out of your calendar."),
        ),
        _ => (format!("{title}, {when}"), format!("You meet {name} on {when}. This letter puts it into your calendar.")),
    };
    let letter = Letter {
        lines: vec![line],
        button: Some(("See the session".into(), format!("/sessions/{id}"))),
        unsubscribe: Some("session calendar"),
        invitation: Some(invitation),
        ..Letter::to(Recipient::Person(by), "session for the calendar", subject, "because you changed a session, for your calendar")
    };
    mail::verbs::post(tx, letter)?;
    Ok(())
}

/// What a letter says to somebody's own calendar; nothing when they want no letters of this kind, or none reaches them.
fn for_own_calendar(tx: &mut Tx, person: PersonId, session: &Session, kind: &str) -> Result<Option<(Viewer, Meeting, Invitation)>> {
    saying(tx, person, session, kind, false)
}
fn saying(
    tx: &mut Tx,
    person: PersonId,
    session: &Session,
    kind: &str,
    without_them: bool,
) -> Result<Option<(Viewer, Meeting, Invitation)>> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(None) };
    let (rhythm, refused) = notices::verbs::wishes(tx, person)?;
    if rhythm == Rhythm::Never || refused.iter().any(|other| other == kind) {
        return Ok(None);
    }
    let Ok(meeting) = verbs::open(tx, &viewer, session.id, Deed::See) else { return Ok(None) };
    Ok(said_to(tx, &viewer, &meeting, without_them)?.map(|invitation| (viewer, meeting, invitation)))
}

/// Takes sessions that were cancelled together out of somebody's calendar: one letter for each event, which says no reason.
pub fn take_out(tx: &mut Tx, person: PersonId, cancelled: &[Session]) -> Result<()> {
    out(tx, person, cancelled, false)
}
/// The same for one who is not among those any more who meet.
pub fn take_out_alone(tx: &mut Tx, person: PersonId, ahead: &[Session]) -> Result<()> {
    out(tx, person, ahead, true)
}

/// Puts what is booked ahead into the calendar of somebody who joins: one letter for each event.
pub fn put_in(tx: &mut Tx, person: PersonId, ahead: &[Session]) -> Result<()> {
    let mut said: Vec<Uuid> = Vec::new();
    for session in ahead.iter().filter(|s| s.state == SessionState::Booked) {
        if said.contains(&event_id(session)) {
            continue;
        }
        said.push(event_id(session));
        let Some((viewer, meeting, mut invitation)) = for_own_calendar(tx, person, session, "session booked")? else { continue };
        if let Some(series) = session.series.map(|series| verbs::series(tx, series)).transpose()?.flatten().filter(|s| s.ended_at.is_none())
            && let Some(all) = whole(tx, &viewer, &meeting, &series)?
        {
            invitation = all;
        }
        let when = session.starts_at.map_or_else(String::new, |start| viewer.when(start));
        let letter = Letter {
            lines: vec![format!("You meet {} on {when}. This letter puts it into your calendar.", meeting.company.name(&viewer))],
            button: Some(("See the session".into(), format!("/sessions/{}", session.id))),
            unsubscribe: Some("session booked"),
            invitation: Some(invitation),
            ..Letter::to(
                Recipient::Person(person),
                "session for the calendar",
                format!("{}, {when}", meeting.title(&viewer)),
                "because you joined those who meet then",
            )
        };
        mail::verbs::post(tx, letter)?;
    }
    Ok(())
}

fn out(tx: &mut Tx, person: PersonId, cancelled: &[Session], alone: bool) -> Result<()> {
    let (mut said, now): (Vec<Uuid>, _) = (Vec::new(), tx.now());
    for session in cancelled {
        if session.starts_at.is_none_or(|start| start <= now) || said.contains(&event_id(session)) {
            continue;
        }
        said.push(event_id(session));
        let Some((viewer, meeting, invitation)) = saying(tx, person, session, "session cancelled", alone)? else { continue };
        let (title, name) = (meeting.title(&viewer), meeting.company.name(&viewer));
        let when = session.starts_at.map_or_else(String::new, |start| viewer.when(start));
        let line = match session.series {
            _ if alone => format!("The others go on to meet. This letter takes what is ahead with {name} out of your calendar."),
            Some(_) => format!("Your sessions with {name} from {when} on do not take place. This letter takes them out of your calendar."),
            None => format!("Your session with {name} on {when} does not take place. This letter takes it out of your calendar."),
        };
        let letter = Letter {
            lines: vec![line],
            unsubscribe: Some("session cancelled"),
            invitation: Some(invitation),
            ..Letter::to(
                Recipient::Person(person),
                "session for the calendar",
                format!("Cancelled: {title}"),
                "because it stood in your calendar",
            )
        };
        mail::verbs::post(tx, letter)?;
        if !alone {
            take_out_exceptions(tx, person, session)?;
        }
    }
    Ok(())
}

/// A series has ended from one session on, which the letter about that says by a rule that ends before it. What stood elsewhere
/// than the rule puts it is taken out by name, in a letter of its own, as a calendar keeps it apart from the rule.
pub fn take_out_exceptions(tx: &mut Tx, person: PersonId, session: &Session) -> Result<()> {
    let Some(series) = session.series.map(|series| verbs::series(tx, series)).transpose()?.flatten() else { return Ok(()) };
    // Where all of it ended, the letter has named them.
    if session.place <= Some(series.anchor) {
        return Ok(());
    }
    let Some((viewer, meeting, _)) = for_own_calendar(tx, person, session, "session cancelled")? else { return Ok(()) };
    let events = exceptions(tx, &viewer, &meeting, &series, false)?;
    cancel_by_name(tx, &viewer, &meeting, events)
}

/// Another change of a series, of which no session tells.
pub fn next_change(tx: &mut Tx, series: SeriesId) -> Result<()> {
    sql::next_sequence(tx, series.0)
}

/// A series ends before these sessions of it, which are an event of their own from now on.
pub fn end_before(tx: &mut Tx, person: PersonId, was: &Series, moved: &[Session]) -> Result<()> {
    let Some(cut) = moved.first() else { return Ok(()) };
    let Some((viewer, meeting, _)) = for_own_calendar(tx, person, cut, "session moved")? else { return Ok(()) };
    let meeting = Meeting { session: cut.clone(), ..meeting };
    let (Some(event), Some(place)) = (event(tx, &viewer, &meeting)?, cut.place) else { return Ok(()) };
    let Some(event) = until(was, place, event) else { return Ok(()) };
    let events = completed(tx, &viewer, &meeting, was, event, 0..place)?;
    let (title, name) = (meeting.title(&viewer), meeting.company.name(&viewer));
    let from = cut.starts_at.map_or_else(String::new, |start| viewer.day(start));
    let letter = Letter {
        lines: vec![format!(
            "From {from} on you meet {name} at another time. This letter ends the old time in your calendar; the new one comes in another."
        )],
        unsubscribe: Some("session moved"),
        invitation: Some(written(Method::Request, events)),
        ..Letter::to(
            Recipient::Person(person),
            "session for the calendar",
            format!("For your calendar: {title}"),
            "because it stood in your calendar",
        )
    };
    mail::verbs::post(tx, letter).map(|_| ())
}

/// Sessions of a series move along with one before them: where they stood elsewhere than its rule puts them, that is over.
/// `was`: the series as it was, with those of its sessions that move, as they were.
pub fn take_out_moved(tx: &mut Tx, person: PersonId, was: &Series, moved: &[Session]) -> Result<()> {
    let Some(first) = moved.first() else { return Ok(()) };
    let Some((viewer, meeting, _)) = for_own_calendar(tx, person, first, "session moved")? else { return Ok(()) };
    let mut events = Vec::new();
    for session in moved {
        events.extend(elsewhere(tx, &viewer, &meeting, was, session.clone())?);
    }
    cancel_by_name(tx, &viewer, &meeting, events)
}

fn cancel_by_name(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting, events: Vec<Event>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let title = meeting.title(viewer);
    let letter = Letter {
        lines: vec!["Some of these sessions had been moved by themselves. This letter takes those out of your calendar, where a calendar would keep them.".into()],
        unsubscribe: Some("session cancelled"),
        invitation: Some(written(Method::Cancel, events)),
        ..Letter::to(
            Recipient::Person(viewer.person),
            "session for the calendar",
            format!("For your calendar: {title}"),
            "because it stood in your calendar",
        )
    };
    mail::verbs::post(tx, letter).map(|_| ())
}

/// Whether two sessions are one event in calendars.
pub fn is_one_event(one: &Session, other: &Session) -> bool {
    event_id(one) == event_id(other)
}

/// Whether a session was moved or cancelled along with one before it in its series, whose letter says it all.
fn went_along(tx: &mut Tx, session: &Session) -> Result<bool> {
    let Some(series) = session.series.map(|series| verbs::series(tx, series)).transpose()?.flatten() else { return Ok(false) };
    let usual = session.place.and_then(|place| series.time_of(place)).map(|time| time.at);
    match session.state {
        SessionState::Cancelled => sql::went_with_an_earlier(tx, series.id, session),
        _ => Ok(session.place != Some(series.anchor) && session.starts_at == usual),
    }
}

// In.

/// Takes what someone's calendar answers about a session, or about all of a series.
fn receive(tx: &mut Tx, viewer: &Viewer, event: Uuid, response: &Response) -> Result<()> {
    // A program that answers about something else has mixed up two letters.
    if !response.uid.starts_with(&event.to_string()) {
        return Err(Error::NotFound);
    }
    let answer = response.answer.map(|answer| match answer {
        Answer::Accepted => Said::Accepted,
        Answer::Declined => Said::Declined,
        Answer::Tentative => Said::Tentative,
    });
    let sessions = answered(tx, event, response)?;
    let Some(first) = sessions.first().cloned() else { return Err(Error::NotFound) };
    let proposed = response.proposed.map(|(from, _)| Timestamp::from(from));
    if let Some(at) = proposed {
        super::session::must_lie_ahead(at, tx.now())?;
    }
    for session in sessions {
        let meeting = verbs::open(tx, viewer, session.id, Deed::See)?;
        let Some(starts_at) = session.starts_at else { continue };
        if session.state != SessionState::Booked {
            // They say no to what is not to be any more: everybody agrees.
            if answer == Some(Said::Declined) {
                continue;
            }
            return Err(refused!("session_over"; "This session is not to be any more. Propose another time on its page."));
        }
        let words = response.comment.as_deref().map(|text| seal::seal(tx, meeting.company.relationship.key, text)).transpose()?;
        let proposed_at = proposed.filter(|at| session.id == first.id && *at != starts_at);
        sql::save_answer(tx, session.id, &Answered { person: viewer.person, starts_at, answer, proposed_at, words })?;
        if session.id == first.id {
            let kind = match (proposed_at, answer) {
                (Some(_), _) => Some("session countered"),
                (None, Some(Said::Declined)) => Some("session declined"),
                _ => None,
            };
            for (other, kind) in meeting.others(viewer).zip(std::iter::repeat(kind)) {
                if let Some(kind) = kind {
                    tell(tx, other, kind, session.id)?;
                }
            }
        }
        tx.record(verbs::happened("session answered", &meeting).by(viewer))?;
    }
    Ok(())
}

/// The sessions that an answer is about: one, or of a series the occurrence it names, or all that are ahead.
fn answered(tx: &mut Tx, event: Uuid, response: &Response) -> Result<Vec<Session>> {
    if let Some(session) = super::sql::find(tx, SessionId(event))? {
        return Ok(vec![session]);
    }
    let Some(series) = verbs::series(tx, SeriesId(event))? else { return Ok(Vec::new()) };
    let now = tx.now();
    let all = super::sql::following(tx, series.id, 0)?;
    let ahead = all.into_iter().filter(|s| s.ends_at.is_some_and(|end| end > now));
    Ok(match response.occurrence.map(Timestamp::from) {
        None => ahead.collect(),
        Some(at) => ahead.filter(|s| s.place.and_then(|place| series.time_of(place)).is_some_and(|usual| usual.at == at)).collect(),
    })
}

/// What the others' calendars answered to a session as it stands now, for its page.
pub struct Heard {
    answers: Vec<(Answered, Option<String>)>,
}

pub fn heard(tx: &mut Tx, meeting: &Meeting) -> Result<Heard> {
    let current = |a: &Answered| Some(a.starts_at) == meeting.session.starts_at && meeting.session.state == SessionState::Booked;
    let mut answers = Vec::new();
    for answered in sql::answers(tx, meeting.session.id)?.into_iter().filter(current) {
        let words = match &answered.words {
            Some(words) => seal::open_text(tx, meeting.company.relationship.key, words)?,
            None => None,
        };
        answers.push((answered, words));
    }
    Ok(Heard { answers })
}

impl Heard {
    pub fn shown(&self, viewer: &Viewer, meeting: &Meeting, may_move: bool) -> Markup {
        html! {
            @for (answered, words) in &self.answers {
                @let mine = viewer.is(answered.person);
                @let name = meeting.company.called(viewer, answered.person);
                @let line = said(name, mine, answered.answer, answered.proposed_at.map(|at| viewer.when(at)));
                @let tone = if answered.answer == Some(Said::Accepted) && answered.proposed_at.is_none() { Tone::Laurel } else { Tone::Amber };
                (page::banner(tone, &line, None))
                @if let Some(words) = words { (page::quotation(words, if mine { "You" } else { name })) }
                @if let Some(at) = answered.proposed_at.filter(|_| may_move && !mine) {
                    @let instant = at.jiff().to_string();
                    (page::actions(&page::post_button(&format!("/sessions/{}/move", meeting.session.id), &[("time", &instant)], &Button::primary("Move it there"))))
                }
            }
        }
    }
}

fn said(name: &str, mine: bool, answer: Option<Said>, proposed: Option<String>) -> String {
    match (proposed, answer) {
        (Some(when), _) => format!("{name} {} {when} instead.", if mine { "propose" } else { "proposes" }),
        (None, Some(Said::Accepted)) => format!("{name} said yes from {} calendar.", if mine { "your" } else { "their" }),
        (None, Some(Said::Declined)) => {
            format!("{name} said from {} calendar that this time does not suit.", if mine { "your" } else { "their" })
        }
        (None, _) => format!("{name} may come: {} calendar says “maybe”.", if mine { "your" } else { "their" }),
    }
}

/// The answer of the other, when it is still about the time that is booked.
fn news(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<(Meeting, Answered, Option<String>)>> {
    let meeting = verbs::open(tx, viewer, SessionId(subject), Deed::See)?;
    let answer = heard(tx, &meeting)?.answers.into_iter().find(|(a, _)| !viewer.is(a.person));
    Ok(answer.map(|(answered, words)| (meeting, answered, words)))
}

pub fn declined(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some((meeting, answered, quote)) = news(tx, viewer, subject)? else { return Ok(None) };
    if answered.answer != Some(Said::Declined) {
        return Ok(None);
    }
    let name = meeting.company.called(viewer, answered.person);
    Ok(Some(Words {
        title: format!("{name} cannot come on {}", viewer.when(answered.starts_at)),
        lines: vec!["The answer came from their calendar. The session is still booked: move it, or cancel it.".into()],
        quote,
        path: format!("/sessions/{subject}"),
        button: "Find another time".into(),
        ..Words::default()
    }))
}

pub fn countered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some((meeting, answered, quote)) = news(tx, viewer, subject)? else { return Ok(None) };
    let Some(proposed) = answered.proposed_at else { return Ok(None) };
    let name = meeting.company.called(viewer, answered.person);
    Ok(Some(Words {
        title: format!("{name} proposes another time: {}", viewer.when(proposed)),
        lines: vec![format!("Now it is on {}. You can move it there with one press.", viewer.when(answered.starts_at))],
        quote,
        path: format!("/sessions/{subject}"),
        button: "Look at it".into(),
        ..Words::default()
    }))
}
