//! Finding a time, on screen: proposing, choosing, moving, cancelling, and what a relationship has ahead and behind.

use super::session::{
    Cadence, Deed, Draft, LENGTHS, MOST_TIMES, Meeting, POSSIBLE, Phase, Proposed, Purpose, Reason, Series, Session, SessionId,
    SessionState, Time, longest,
};
use super::verbs::{self, Ahead, InHand, Move};
use super::{desk, feeds};
use crate::agreements;
use crate::app::{App, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Slot, SlotDay, Tone};
use crate::people::time_words;
use crate::relationships::{self, Company, Kind, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::{Viewer, zone};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use maud::{Markup, html};

pub const TAB: &str = "Sessions";
/// Days of slots on one page, and how many such pages there are.
const DAYS: i64 = 14;
const MOST_WEEKS: i64 = 6;

pub fn routes() -> Routes {
    feeds::routes(desk::routes(
        Routes::new()
            .get("/relationships/{id}/sessions", Needs::Deed("relationship.see"), list)
            .get("/relationships/{id}/sessions/new", Needs::Deed("relationship.take_part"), new)
            .post("/relationships/{id}/sessions", Needs::Deed("relationship.take_part"), propose)
            .post("/sessions/{id}/book", Needs::Deed("session.book"), book)
            .get("/sessions/{id}/move", Needs::Deed("session.move"), moving)
            .post("/sessions/{id}/move", Needs::Deed("session.move"), move_to)
            .get("/sessions/{id}/cancel", Needs::Deed("session.cancel"), cancelling)
            .post("/sessions/{id}/cancel", Needs::Deed("session.cancel"), cancel),
    ))
}

// Words that several pages and letters share.

/// “Thursday 26 November, 18:30”, with what the others' clocks say where they say something else.
pub fn when(viewer: &Viewer, meeting: &Meeting, at: Timestamp) -> String {
    match elsewhere(viewer, &meeting.company, at) {
        Some(theirs) => format!("{} ({theirs})", viewer.when(at)),
        None => viewer.when(at),
    }
}

/// “19:30 for Tomas”, where somebody's clock says something else; with the day, where that is another.
fn elsewhere(viewer: &Viewer, company: &Company, at: Timestamp) -> Option<String> {
    let mine = at.in_zone(&viewer.zone);
    let others = company.people.iter().filter(|chip| !viewer.is(chip.id)).take(3);
    let said: Vec<String> = others
        .filter_map(|chip| {
            let theirs = at.in_zone(&zone(&chip.zone));
            let form = if theirs.date() == mine.date() { "%H:%M" } else { "%A %H:%M" };
            (theirs.datetime() != mine.datetime()).then(|| format!("{} for {}", theirs.strftime(form), chip.first_name()))
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// “One conversation of 30 minutes”, “1 hour every two weeks”.
pub fn what(session: &Session) -> String {
    let length = page::capital(&time_words(session.minutes));
    match session.cadence {
        Cadence::Once => length,
        cadence => format!("{length}, {}", cadence.words().to_lowercase()),
    }
}

/// Who chooses among the times that the viewer proposes: the other, or whoever of several comes first.
pub fn chooser<'a>(company: &'a Company, viewer: &Viewer) -> &'a str {
    if company.called.is_some() { "whoever answers first" } else { company.name(viewer) }
}

/// As in “Choose a time for your session with Tomas”.
pub fn with(session: &Session, name: &str) -> String {
    format!("your {} with {name}", session.purpose.title().to_lowercase())
}

/// How it ended, when it did.
pub fn ending(meeting: &Meeting, viewer: &Viewer) -> Option<String> {
    let session = &meeting.session;
    let name = meeting.company.name(viewer);
    let day = session.starts_at.map(|start| viewer.day(start)).unwrap_or_default();
    Some(match (session.state, session.reason) {
        (SessionState::Proposed | SessionState::Booked, _) => return None,
        (SessionState::Held, _) => "You have met.".into(),
        (SessionState::Missed, _) => "You did not meet this time. These things happen.".into(),
        (SessionState::Cancelled, Some(Reason::Lapsed)) => "None of the times was chosen before they had passed.".into(),
        (SessionState::Cancelled, Some(Reason::Clash)) => {
            format!("{day} would have fallen on another session of yours or {name}’s, so this one was left out.")
        }
        (SessionState::Cancelled, Some(Reason::Over)) => "It was cancelled because you no longer work together here.".into(),
        (SessionState::Cancelled, Some(Reason::Stopped)) => "It was cancelled when everything here came to stand still.".into(),
        (SessionState::Cancelled, _) => match session.ended_by {
            Some(by) if viewer.is(by) => "You cancelled it.".into(),
            Some(by) => format!("{} cancelled it.", meeting.company.called(viewer, by)),
            None => "It was cancelled.".into(),
        },
    })
}

fn zone_line(viewer: &Viewer) -> String {
    format!("Times are yours, in {}.", viewer.zone.iana_name().unwrap_or("UTC").rsplit('/').next().unwrap_or("UTC").replace('_', " "))
}

/// What the form sends for an instant.
fn value(at: Timestamp) -> String {
    at.jiff().to_string()
}

/// The slots day by day, with the words that a picker shows.
struct Days(Vec<(String, Vec<(String, String, Option<String>)>)>);

impl Days {
    fn of(viewer: &Viewer, company: &Company, slots: &[Timestamp]) -> Self {
        let mut days: Vec<(String, Vec<_>)> = Vec::new();
        for at in slots {
            let (day, clock) = (viewer.day(*at), at.in_zone(&viewer.zone).strftime("%H:%M").to_string());
            let slot = (value(*at), clock, elsewhere(viewer, company, *at));
            match days.last_mut().filter(|(last, _)| *last == day) {
                Some((_, slots)) => slots.push(slot),
                None => days.push((day, vec![slot])),
            }
        }
        Self(days)
    }
    fn shown(&self) -> Vec<SlotDay<'_>> {
        let slots = |slots| {
            Iterator::map(<[_]>::iter(slots), |(value, words, theirs): &(String, String, Option<String>)| Slot {
                value,
                words,
                theirs: theirs.as_deref(),
            })
            .collect()
        };
        self.0.iter().map(|(day, of)| SlotDay { day, slots: slots(of) }).collect()
    }
}

// Ahead and behind.

async fn list(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, ahead, in_hand) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            let mut ahead = verbs::ahead(tx, id)?;
            ahead.past.retain(|session| session.allows(&company.relationship, &me, Deed::See));
            let in_hand = verbs::in_hand(tx, &me, &company, &ahead.past)?;
            Ok((company, ahead, in_hand))
        })
        .await?;
    Ok(relationships::tab(&company, &viewer, TAB, &listed(&company, &viewer, &ahead, in_hand.as_ref())))
}

fn listed(company: &Company, viewer: &Viewer, ahead: &Ahead, in_hand: Option<&InHand>) -> Markup {
    let open = company.relationship.offers(viewer, relationships::Deed::TakePart);
    let name = chooser(company, viewer);
    let propose = format!("/relationships/{}/sessions/new", company.relationship.id);
    html! {
        div.part-stack id="sessions" hx-get={ "/relationships/" (company.relationship.id) "/sessions" } hx-select="#sessions" hx-swap="outerHTML" hx-trigger="sessions from:body delay:300ms" {
            @if ahead.live.is_empty() {
                (page::empty(Icon::Calendar, "No session ahead", &if open { format!("Propose a few times; {name} chooses one.") } else { "You no longer meet here.".into() },
                    &html! { @if open { (Button::primary("Propose a time").href(&propose)) } }))
            } @else {
                (page::rows(&html! { @for session in &ahead.live { (row(company, viewer, session, ahead.now)) } }))
                @if open { (page::actions(&html! { (Button::secondary("Propose another time").icon(Icon::Plus).href(&propose)) })) }
            }
            @for series in &ahead.series { p.muted { (series_line(series, viewer, company)) } }
            @if let Some(in_hand) = in_hand { (mirror(in_hand, company, viewer)) }
            @if !ahead.past.is_empty() {
                (page::section("Past", &html! {}, &page::rows(&html! { @for session in &ahead.past { (row(company, viewer, session, ahead.now)) } })))
            }
        }
    }
}

/// “Of your last 4 sessions you proposed 3 and prepared for none.”
fn mirror(in_hand: &InHand, company: &Company, viewer: &Viewer) -> Markup {
    let InHand { met, proposed, prepared, brought, by_others } = in_hand;
    let of_them = |n: usize| match n {
        0 => "none".to_owned(),
        2 if *met == 2 => "both".to_owned(),
        n if n == *met => "all".to_owned(),
        n => n.to_string(),
    };
    let topics = match brought {
        0 => "no topic of your own".to_owned(),
        1 => "one topic".to_owned(),
        n => format!("{n} topics"),
    };
    let theirs = if *by_others == 0 { "none".to_owned() } else { by_others.to_string() };
    page::section(
        "In your hands",
        &page::audience_me(),
        &html! {
            p {
                "Of your last " (met) " sessions you proposed " (of_them(*proposed)) " and prepared for " (of_them(*prepared)) ". "
                "You brought " (topics) ", and " (company.name(viewer)) " " (theirs) "."
            }
            p.muted { "When, and what about, is yours to say. This is a mirror and no score: nobody else sees it." }
        },
    )
}

/// “Every two weeks, Tuesdays at 18:30 in Berlin. When clocks change, it stays 18:30 there.”
pub fn series_line(series: &Series, viewer: &Viewer, company: &Company) -> String {
    let Ok(wall) = series.wall.parse::<DateTime>() else { return series.cadence.words().into() };
    let place = series.zone.rsplit('/').next().unwrap_or("UTC").replace('_', " ");
    let said = format!("{}, {} in {place}.", series.cadence.words(), wall.strftime("%A %H:%M"));
    let elsewhere = company.people.iter().any(|chip| chip.zone != series.zone) || viewer.zone.iana_name() != Some(&series.zone);
    if elsewhere { format!("{said} When clocks change, it stays {} there.", wall.strftime("%H:%M")) } else { said }
}

fn row(company: &Company, viewer: &Viewer, session: &Session, now: Timestamp) -> Markup {
    let (title, meta) = match session.starts_at {
        Some(start) => {
            (viewer.when(start), html! { (what(session)) @if let Some(theirs) = elsewhere(viewer, company, start) { " · " (theirs) } })
        }
        None if viewer.is(session.proposed_by) => {
            (page::capital(&format!("{} chooses a time", chooser(company, viewer))), html! { (what(session)) })
        }
        None => ("Choose a time".to_owned(), html! { (what(session)) }),
    };
    let tag = match session.state {
        SessionState::Proposed if !viewer.is(session.proposed_by) => page::tag("waiting for you", Tone::Amber),
        SessionState::Proposed => page::tag("proposed", Tone::Plain),
        SessionState::Booked if session.phase(now) == Phase::After => page::tag("how did it go?", Tone::Amber),
        SessionState::Booked => page::tag("booked", Tone::Laurel),
        SessionState::Held => page::tag("met", Tone::Plain),
        SessionState::Missed => page::tag("did not meet", Tone::Plain),
        SessionState::Cancelled => page::tag("cancelled", Tone::Plain),
    };
    html! { (Row::new(title).href(format!("/sessions/{}", session.id)).icon(Icon::Calendar).text(session.purpose.title()).meta(meta).beside(tag)) }
}

/// The next session on the first page of a relationship.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let relationship = &company.relationship;
    let Some(next) = verbs::next(tx, relationship.id)? else {
        let may = relationship.offers(viewer, relationships::Deed::TakePart);
        let learns = relationship.role_of(viewer.person).is_some_and(relationships::Role::learns);
        return Ok((may && learns).then(|| {
            let path = format!("/relationships/{}/sessions/new", relationship.id);
            page::section(
                "When you meet next",
                &html! {},
                &html! {
                    p { "Nothing is arranged yet. Propose a few times; " (chooser(company, viewer)) " chooses one." }
                    (page::actions(&html! { (Button::primary("Propose a time").href(&path)) }))
                },
            )
        }));
    };
    Ok(Some(page::section("When you meet next", &html! {}, &page::rows(&row(company, viewer, &next, tx.now())))))
}

// Proposing.

/// What the page for proposing shows.
struct Finding {
    company: Company,
    slots: Vec<Timestamp>,
    /// Who has not said when they are free.
    unsaid: Vec<String>,
    purpose: Purpose,
    minutes: i64,
    cadence: Cadence,
    week: i64,
    instead: Option<SessionId>,
}

fn finding(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, form: &Form) -> Result<Finding> {
    let company = partners::company(tx, viewer, id, relationships::Deed::TakePart)?;
    company.relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    let ahead = verbs::ahead(tx, id)?;
    let known = ahead.past.iter().chain(&ahead.live).find(|s| s.purpose != Purpose::Chemistry);
    let purpose = match (form.value("purpose").parse(), company.relationship.kind, ahead.past.is_empty() && ahead.live.is_empty()) {
        (Ok(typed), ..) => typed,
        (_, Kind::Peer, _) => Purpose::Peer,
        (_, _, true) => Purpose::Chemistry,
        _ => Purpose::Regular,
    };
    let agreed = agreements::verbs::clauses(tx, &company.relationship)?;
    let is_signed = agreed.signed_at.is_some();
    let usual = known.map(|s| s.minutes).or_else(|| is_signed.then_some(agreed.session_minutes)).unwrap_or(60);
    let minutes = form.value("minutes").parse().ok().filter(|m| POSSIBLE.contains(m)).unwrap_or(usual);
    // What they agreed is proposed once they have, until it is arranged.
    let repeats = is_signed && purpose == Purpose::Regular && ahead.series.is_empty();
    let cadence = form.value("cadence").parse().unwrap_or(if repeats { Cadence::of_days(agreed.cadence_days) } else { Cadence::Once });
    let week = form.value("week").parse().unwrap_or(0).clamp(0, MOST_WEEKS - 1);
    let (slots, unsaid) = suiting(tx, viewer, &company, minutes, week)?;
    Ok(Finding { slots, unsaid, purpose, minutes, cadence, week, instead: form.value("instead").parse().ok(), company })
}

/// What suits everybody in these two weeks, and who has not said when they are free.
fn suiting(tx: &mut Tx, viewer: &Viewer, company: &Company, minutes: i64, week: i64) -> Result<(Vec<Timestamp>, Vec<String>)> {
    let from = tx.now() + SignedDuration::from_hours(2 + 24 * DAYS * week);
    let free = verbs::free_slots(tx, viewer, company, from, DAYS, minutes)?;
    let unsaid = free.unsaid.iter().map(|person| company.called(viewer, *person).to_owned()).collect();
    Ok((free.slots, unsaid))
}

async fn new(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    proposing(app, viewer, id, asked).await
}

async fn proposing(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let (me, typed) = (viewer.clone(), form.clone());
    let finding = app.read(move |tx| finding(tx, &me, id, &typed)).await?;
    let page = Page::new(format!("Meet {}", finding.company.name(&viewer)), Section::Relationships, propose_page(&finding, &viewer, &form));
    Ok(page.answering(&form))
}

fn propose_page(finding: &Finding, viewer: &Viewer, form: &Form) -> Markup {
    let (company, name) = (&finding.company, finding.company.name(viewer));
    let back = format!("/relationships/{}/sessions", company.relationship.id);
    let purposes = Purpose::ALL
        .iter()
        .filter(|p| (**p == Purpose::Peer) == (company.relationship.kind == Kind::Peer) || !matches!(p, Purpose::Peer | Purpose::Regular));
    let mut purpose = Choices::cards("purpose", "What is it for?").error(form.error("purpose")).required();
    for one in purposes {
        purpose = purpose.described(one.as_str(), one.title(), one.describes());
    }
    // Whatever length they agreed can be chosen.
    let mut lengths: Vec<i64> = LENGTHS.into_iter().chain([finding.minutes]).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let lengths = lengths.into_iter().map(|m| (m.to_string(), page::capital(&time_words(m))));
    let cadences = Cadence::ALL.iter().map(|c| (c.as_str(), c.words()));
    let chosen: Vec<&str> = form.values("times");
    let days = Days::of(viewer, company, &finding.slots);
    html! {
        (PageHeader::new(format!("Meet {name}")).back(TAB, &back).lead(format!("Propose up to {MOST_TIMES} times; {} chooses one.", chooser(company, viewer))))
        (crate::web::mend(form))
        form.stack method="post" action=(back) {
            @if let Some(instead) = finding.instead { input type="hidden" name="instead" value=(instead); }
            input type="hidden" name="week" value=(finding.week);
            (times_fields(&days, &finding.unsaid, viewer, &chosen, form, &Picking::Several(weeks(finding.week, company.relationship.id, finding.minutes))))
            (purpose.chosen(finding.purpose.as_str()))
            (page::side_by_side(&html! {
                (Field::select("minutes", "How long", lengths).value(finding.minutes.to_string()).error(form.error("minutes")))
                (Field::select("cadence", "How often", cadences).value(finding.cadence.as_str()).error(form.error("cadence")))
            }))
            (page::actions(&html! { (Button::primary("Propose these times").icon(Icon::Send)) }))
        }
    }
}

/// Whether one time is picked or several, then with the way to other weeks.
enum Picking {
    One,
    Several(Markup),
}

/// Slots that suit everybody, and a field for a time that is not among them.
fn times_fields(days: &Days, unsaid: &[String], viewer: &Viewer, chosen: &[&str], form: &Form, picking: &Picking) -> Markup {
    let shown = days.shown();
    let hint = match unsaid {
        [] => zone_line(viewer),
        who => format!("{} {} not said when {} free, so daytime is shown.", zone_line(viewer), names(who), they_are(who)),
    };
    html! {
        @if shown.is_empty() {
            (page::banner(Tone::Plain, "Your weekly hours do not meet in these two weeks. Look further ahead, or type a time below.", None))
        }
        @match picking {
            Picking::One => @if !shown.is_empty() {
                (page::slot_picker("time", "Another time that suits you both", &hint, &shown, chosen.first().copied().unwrap_or_default(), form.error("time")))
            },
            Picking::Several(weeks) => {
                @if !shown.is_empty() { (page::slots_picker("times", "Times that suit you both", &hint, &shown, chosen, form.error("times"))) }
                (weeks)
            }
        }
        (Field::date_time("other", if shown.is_empty() { "A time" } else { "Or another time" }).hint(zone_line(viewer))
            .value(form.value("other")).error(form.error("other")).optional())
    }
}
fn names(who: &[String]) -> String {
    match who {
        [one] if one == "You" => "You have".into(),
        [one] => format!("{one} has"),
        many => format!("{} have", many.join(" and ")),
    }
}
fn they_are(who: &[String]) -> &'static str {
    match who {
        [one] if one == "You" => "you are",
        _ => "they are",
    }
}

fn weeks(week: i64, id: RelationshipId, minutes: i64) -> Markup {
    let at = |week: i64| format!("/relationships/{id}/sessions/new?week={week}&minutes={minutes}");
    html! {
        p.slot-weeks {
            @if week > 0 { a href=(at(week - 1)) { "Two weeks earlier" } " · " }
            @if week + 1 < MOST_WEEKS { a href=(at(week + 1)) { "Two weeks later" } }
        }
    }
}

/// The times that were chosen, by the clock of the one who chose.
fn read_times(form: &mut Form, name: &str, viewer: &Viewer) -> Vec<Time> {
    let ticked: Vec<String> = form.values(name).into_iter().take(MOST_TIMES + 1).map(str::to_owned).collect();
    let mut times: Vec<Time> = Vec::new();
    for typed in ticked {
        match typed.parse::<jiff::Timestamp>() {
            Ok(at) => times.push(Time::of_instant(at.into(), &viewer.zone)),
            Err(_) => form.refuse(name, "Please choose among the times shown."),
        }
    }
    if let Some(wall) = form.parsed::<DateTime>("other", "Please give a day and a time, such as 24.11.2026 18:30.") {
        times.extend(Time::of_wall(wall, viewer.zone.iana_name().unwrap_or("UTC")));
    }
    times.sort_by_key(|time| time.at);
    times.dedup_by_key(|time| time.at);
    times
}

async fn propose(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let times = read_times(&mut form, "times", &viewer);
    let purpose = form.chosen("purpose", "Please say what it is for.");
    let minutes = form.chosen("minutes", "Please choose a length.").filter(|m| POSSIBLE.contains(m));
    let cadence = if form.value("cadence").is_empty() { Some(Cadence::Once) } else { form.chosen("cadence", "Please choose how often.") };
    if times.is_empty() && form.is_good() {
        form.refuse("times", "Please choose at least one time, or type one.");
    }
    let (true, Some(purpose), Some(minutes), Some(cadence)) = (form.is_good(), purpose, minutes, cadence) else {
        return Ok(proposing(app, viewer, id, form).await?.into_response());
    };
    let draft = Draft { purpose, cadence, minutes, times, instead: form.value("instead").parse().ok() };
    let me = viewer.clone();
    match app.write(move |tx| verbs::propose(tx, &me, id, &draft)).await {
        Ok(session) => Ok(Go::to(format!("/sessions/{session}")).saying("Proposed. They choose one of your times.").into_response()),
        Err(Error::Refused(refusal)) => Ok(proposing(app, viewer, id, form.refused(refusal)).await?.into_response()),
        Err(e) => Err(e),
    }
}

// Choosing.

/// Inside the form that chooses; also asked from a letter.
pub fn choose_fields(viewer: &Viewer, meeting: &Meeting, times: &[Proposed], form: &Form, now: Timestamp) -> Markup {
    let mut choices = Choices::radio("time", "When do you meet?").hint(zone_line(viewer)).error(form.error("time")).required();
    for time in times.iter().filter(|time| time.starts_at > now) {
        let more = elsewhere(viewer, &meeting.company, time.starts_at).unwrap_or_default();
        choices = choices.described(time.id.to_string(), viewer.when(time.starts_at), more);
    }
    let first = form.value("time");
    html! {
        p { (what(&meeting.session)) ". " (meeting.session.purpose.describes()) }
        (choices.chosen(first))
    }
}

async fn book(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let Some(time) = form.chosen("time", "Please choose one of these times.") else {
        return Ok(desk::shown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    desk::does(app, viewer, id, form, "Booked. You are both told.", move |tx| verbs::book(tx, &me, id, time)).await
}

// Moving and cancelling.

struct Moving {
    meeting: Meeting,
    slots: Vec<Timestamp>,
    unsaid: Vec<String>,
}

async fn moving(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Page> {
    moved(app, viewer, id, Form::default()).await
}

async fn moved(app: App, viewer: Viewer, id: SessionId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let moving = app
        .read(move |tx| {
            let meeting = verbs::open_for(tx, &me, id, Deed::Move)?;
            let (slots, unsaid) = suiting(tx, &me, &meeting.company, meeting.session.minutes, 0)?;
            Ok(Moving { slots, unsaid, meeting })
        })
        .await?;
    let body = move_page(&moving, &viewer, &form);
    let page = Page::new("Move this session", Section::Relationships, body);
    Ok(page.answering(&form))
}

fn move_page(moving: &Moving, viewer: &Viewer, form: &Form) -> Markup {
    let (meeting, name) = (&moving.meeting, moving.meeting.company.name(viewer));
    let days = Days::of(viewer, &meeting.company, &moving.slots);
    let chosen = form.values("time");
    let now = meeting.session.starts_at.map(|start| when(viewer, meeting, start)).unwrap_or_default();
    html! {
        (PageHeader::new("Move this session").back(&meeting.title(viewer), &format!("/sessions/{}", meeting.session.id)).lead(format!("Now: {now}.")))
        (crate::web::mend(form))
        form.stack method="post" action={ "/sessions/" (meeting.session.id) "/move" } {
            (times_fields(&days, &moving.unsaid, viewer, &chosen, form, &Picking::One))
            @if meeting.session.series.is_some() { (which_ones("Only this one", "This one and all that follow", form)) }
            (word_field(meeting, viewer, form))
            (page::actions(&html! { (Button::primary(&format!("Move it and tell {name}"))) }))
        }
    }
}

fn which_ones(this: &str, all: &str, form: &Form) -> Markup {
    let which = if form.value("which").is_empty() { "this" } else { form.value("which") };
    html! { (Choices::radio("which", "Which ones?").choice("this", this).choice("following", all).chosen(which).required()) }
}

fn word_field(meeting: &Meeting, viewer: &Viewer, form: &Form) -> Markup {
    html! {
        (Field::textarea("words", format!("A word to {}", meeting.company.name(viewer))).value(form.value("words")).error(form.error("words"))
            .max(longest::WORD).rows(3).optional())
        (page::audience(&meeting.company.audience(viewer)))
    }
}

async fn move_to(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let mut times = read_times(&mut form, "time", &viewer);
    // A time that was typed is meant, whatever is still ticked above it.
    let typed = form.value("other").parse::<DateTime>().ok();
    if let Some(at) = times.iter().position(|time| Some(time.wall) == typed) {
        times.swap(0, at);
    }
    let words = form.maybe_text("words", longest::WORD);
    if times.is_empty() && form.is_good() {
        form.refuse("other", "Please choose a time, or type one.");
    }
    let (true, Some(to)) = (form.is_good(), times.into_iter().next()) else {
        return Ok(moved(app, viewer, id, form).await?.into_response());
    };
    let (me, change) = (viewer.clone(), Move { to, following: form.value("which") == "following", words });
    match app.write(move |tx| verbs::move_to(tx, &me, id, &change)).await {
        Ok(()) => Ok(Go::to(format!("/sessions/{id}")).saying("Moved. You are both told.").into_response()),
        Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::Rule => {
            Ok(moved(app, viewer, id, form.refused(refusal)).await?.into_response())
        }
        Err(e) => Err(e),
    }
}

async fn cancelling(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Page> {
    cancelled(app, viewer, id, Form::default()).await
}

async fn cancelled(app: App, viewer: Viewer, id: SessionId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let meeting = app.read(move |tx| verbs::open_for(tx, &me, id, Deed::Cancel)).await?;
    let name = meeting.company.name(&viewer);
    let lead = match meeting.session.starts_at {
        Some(start) => format!("{}. {name} is told at once.", when(&viewer, &meeting, start)),
        None => format!("No time was chosen yet. {name} is told at once."),
    };
    let (title, back) = (meeting.title(&viewer), format!("/sessions/{id}"));
    let body = html! {
        (PageHeader::new("Cancel this session").back(&title, &back).lead(lead))
        (crate::web::mend(&form))
        form.stack method="post" action={ "/sessions/" (id) "/cancel" } {
            @if meeting.session.series.is_some() { (which_ones("Only this one", "This one and all that follow", &form)) }
            (word_field(&meeting, &viewer, &form))
            (page::actions(&html! { (Button::primary("Cancel it")) (Button::quiet("Keep things as they are").href(&back)) }))
        }
    };
    let page = Page::new("Cancel this session", Section::Relationships, body);
    Ok(page.answering(&form))
}

async fn cancel(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let words = form.maybe_text("words", longest::WORD);
    if !form.is_good() {
        return Ok(cancelled(app, viewer, id, form).await?.into_response());
    }
    let following = form.value("which") == "following";
    app.write(move |tx| verbs::cancel(tx, &viewer, id, &words, following)).await?;
    Ok(Go::to(format!("/sessions/{id}")).saying("Cancelled. You are both told.").into_response())
}

/// Up to three times for the next session, on days of their own: as near as possible to where the rhythm would put it.
pub fn suggested(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting) -> Result<Vec<Timestamp>> {
    let session = &meeting.session;
    let Some(start) = session.starts_at else { return Ok(Vec::new()) };
    let usual = match session.cadence {
        Cadence::Weekly => 7,
        Cadence::Monthly => 28,
        Cadence::Fortnightly => 14,
        // As they agreed, or as is usual for the kind.
        Cadence::Once => meeting.company.relationship.cadence_days.clamp(1, 60),
    };
    let soonest = tx.now() + SignedDuration::from_hours(24);
    let mut ideal = start;
    while ideal < soonest {
        ideal = ideal + SignedDuration::from_hours(24 * usual);
    }
    let from = (ideal - SignedDuration::from_hours(24 * 5)).max(soonest);
    let free = verbs::free_slots(tx, viewer, &meeting.company, from, 11, session.minutes)?;
    let distance = |at: &Timestamp| at.since(ideal).abs();
    let mut best: Vec<Timestamp> = free
        .slots
        .chunk_by(|one, other| one.in_zone(&viewer.zone).date() == other.in_zone(&viewer.zone).date())
        .filter_map(|day| day.iter().copied().min_by_key(distance))
        .collect();
    best.sort_by_key(distance);
    best.truncate(3);
    best.sort_unstable();
    Ok(best)
}

/// The form that proposes the times we suggest.
pub fn next_time(viewer: &Viewer, meeting: &Meeting, suggested: &[Timestamp]) -> Markup {
    let (id, name, session) = (meeting.company.relationship.id, meeting.company.name(viewer), &meeting.session);
    let purpose = if session.purpose == Purpose::Peer { Purpose::Peer } else { Purpose::Regular };
    let other = format!("/relationships/{id}/sessions/new?minutes={}", session.minutes);
    html! {
        @if suggested.is_empty() {
            p { "Your weekly hours do not meet soon." }
            (page::actions(&html! { (Button::primary("Choose a time").href(&other)) }))
        } @else {
            form.stack method="post" action={ "/relationships/" (id) "/sessions" } {
                input type="hidden" name="purpose" value=(purpose.as_str());
                input type="hidden" name="minutes" value=(session.minutes);
                input type="hidden" name="cadence" value="once";
                fieldset.field {
                    legend { "These suit you both" }
                    p.hint { (zone_line(viewer)) }
                    @for (n, at) in suggested.iter().enumerate() {
                        @let field = format!("next-{n}");
                        div.field.tick {
                            input id=(field) type="checkbox" name="times" value=(value(*at)) checked;
                            div { label for=(field) { (when(viewer, meeting, *at)) } }
                        }
                    }
                }
                (page::actions(&html! { (Button::primary(&format!("Propose these to {name}")).icon(Icon::Send)) (Button::quiet("Choose other times").href(&other)) }))
            }
        }
    }
}
