//! People's own calendars: the private feed of their sessions to subscribe to, and the times at which they are busy in
//! calendars of theirs elsewhere. The feed says when and with whom, and nothing of what is said there; of a calendar
//! elsewhere only the stretches that are taken are kept.

use super::calendar_sql::{self as sql, OutsideId, ToRead};
use super::session::SessionId;
use super::slots::Stretch;
use crate::app::{App, Happening, Tx};
use crate::error::{Error, Result};
use crate::fetch::{self, Reach, Trouble};
use crate::form::Form;
use crate::page::{self, Button, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::verbs as partners;
use crate::seal::Sealed;
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Via, Viewer, zone};
use crate::web::{Go, Page, token_hash};
use crate::{refused, too_late};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chiron_calendar::{Calendar, Event, Method};
use chiron_store::{List, Timestamp};
use futures_util::StreamExt;
use jiff::SignedDuration;
use maud::{Markup, html};
use serde_json::json;
use sha2::{Digest, Sha256};

#[cfg(test)]
mod stories;

/// Calendars elsewhere that one person can name.
const MOST: usize = 3;
/// How far back and ahead the feed goes.
const BEHIND: SignedDuration = SignedDuration::from_hours(24 * 90);
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);
/// How far ahead busy times are kept: as far as times are suggested, and two weeks.
const BUSY_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 100);
/// The most stretches that are kept of one calendar, the soonest.
const MOST_BUSY: usize = 3000;
/// How often a calendar elsewhere is read, and how long we leave it alone at most when that fails.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
const REST: i64 = 24;
/// Longer than reading a few calendars can take.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// How often we ask those who subscribe to look again.
const REFRESH: SignedDuration = SignedDuration::from_hours(1);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/calendar/{file}", Needs::Nothing, feed)
        .get("/account/calendars", Needs::SignedIn, calendars)
        .post("/account/calendars", Needs::SignedIn, add)
        .post("/account/calendars/{id}/remove", Needs::SignedIn, remove)
        .post("/account/calendars/feed", Needs::SignedIn, renew)
        .post("/account/calendars/feed/remove", Needs::SignedIn, revoke)
}

// The feed.

async fn feed(State(app): State<App>, headers: HeaderMap, Path(file): Path<String>) -> Result<Response> {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?.to_owned();
    let calendar = app.read(move |tx| written(tx, &token)).await?;
    // What stands in it decides, so that those who look every hour are mostly told that nothing changed.
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(calendar.as_bytes())[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|t| t.to_str().ok()).is_some_and(|known| known.contains(&tag));
    let common = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "private, no-cache"), (header::REFERRER_POLICY, "no-referrer")];
    Ok(match known {
        true => (StatusCode::NOT_MODIFIED, common).into_response(),
        false => (common, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar).into_response(),
    })
}

/// The sessions of whoever holds this token, as a calendar. The same text as long as nothing changes.
fn written(tx: &mut Tx, token: &str) -> Result<String> {
    let person = sql::person_of_feed(tx, &token_hash(token))?.ok_or(Error::NotFound)?;
    // Whoever left, or has closed their account, has no feed.
    let viewer = Viewer::of_person(tx, person, Via::Errand)?.ok_or(Error::NotFound)?;
    let (from, until, url, host) = (tx.now() - BEHIND, tx.now() + AHEAD, tx.config().url(), tx.config().host());
    let mut with: Vec<(SessionId, Vec<PersonId>)> = Vec::new();
    for (session, _, other) in sql::in_calendar(tx, viewer.person, from, until)? {
        match with.last_mut().filter(|(last, _)| *last == session) {
            Some((_, others)) => others.push(other),
            None => with.push((session, vec![other])),
        }
    }
    let mut people: Vec<PersonId> = with.iter().flat_map(|(_, others)| others).copied().collect();
    people.sort_unstable();
    people.dedup();
    let chips = partners::called_all(tx, &people)?;
    let sessions = super::sql::all_of(tx, &List::of(with.iter().map(|(session, _)| session.0))?)?;
    let mut events = Vec::with_capacity(with.len());
    for (id, others) in with {
        let Some(session) = sessions.iter().find(|s| s.id == id) else { continue };
        let (Some(start), Some(end)) = (session.starts_at, session.ends_at) else { continue };
        let names: Vec<&str> = chips.iter().filter(|chip| others.contains(&chip.id)).map(crate::people::Chip::first_name).collect();
        let title = format!("{} with {}", session.purpose.title(), names.join(" and "));
        let place = zone(&session.zone);
        let event = Event::new(format!("{}@{host}", id.0), title, start.in_zone(&place), end.in_zone(&place), session.made_at.jiff());
        events.push(Event { sequence: session.sequence, url: Some(format!("{url}/sessions/{id}")), ..event });
    }
    let name = Some(tx.place_name());
    Ok(Calendar { method: Method::Publish, name, refresh: Some(REFRESH), events }.write())
}

// Busy elsewhere.

/// When these people are busy in calendars of theirs elsewhere, in the stretch between two times. Neither in order nor
/// apart: two of them may be busy at once.
pub fn busy(tx: &mut Tx, people: &[PersonId], from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>> {
    let mut all = Vec::new();
    for (sealed,) in sql::busy(tx, &List::of(people)?)? {
        all.extend(unpacked(&tx.seal().open(&sealed)?).filter(|(begin, end)| *begin < until && from < *end));
    }
    Ok(all)
}

/// Stretches as they are kept: two times in seconds for each, of four bytes, good until 2106.
fn packed(busy: &[(jiff::Timestamp, jiff::Timestamp)]) -> Vec<u8> {
    let seconds = |at: jiff::Timestamp| u32::try_from(at.as_second()).unwrap_or(0).to_be_bytes();
    busy.iter().take(MOST_BUSY).flat_map(|(from, to)| [seconds(*from), seconds(*to)]).flatten().collect()
}
fn unpacked(bytes: &[u8]) -> impl Iterator<Item = Stretch> {
    let at = |bytes: &[u8]| bytes.try_into().map(|b| Timestamp::from_micros(i64::from(u32::from_be_bytes(b)) * 1_000_000)).ok();
    bytes.chunks_exact(8).filter_map(move |two| Some((at(&two[..4])?, at(&two[4..])?)))
}

/// Reads calendars elsewhere that are due, a few at once.
pub async fn read(app: App) -> Result<usize> {
    let due = app.write(|tx| sql::claim_to_read(tx, tx.now() + CLAIM)).await?;
    let done = due.len();
    let reach = Reach::of(&app.config);
    let mut reading = futures_util::stream::iter(due)
        .map(|calendar| {
            let (app, reach) = (app.clone(), reach.clone());
            async move {
                let read = match reach {
                    Ok(reach) => read_one(&app, &reach, &calendar).await?,
                    Err(trouble) => Err(trouble.to_string()),
                };
                app.write(move |tx| record(tx, &calendar, read.as_deref())).await
            }
        })
        .buffer_unordered(4);
    while let Some(recorded) = reading.next().await {
        recorded?;
    }
    Ok(done)
}

async fn read_one(app: &App, reach: &Reach, calendar: &ToRead) -> Result<Result<Vec<u8>, String>> {
    let person = calendar.person;
    let Some(viewer) = app.read(move |tx| Viewer::of_person(tx, person, Via::Errand)).await? else {
        return Ok(Err("Their account is closed.".into()));
    };
    let address = String::from_utf8(app.seal.open(&calendar.address)?).map_err(Error::broken)?;
    let (from, until) = (app.now() - SignedDuration::from_hours(24), app.now() + BUSY_AHEAD);
    let url = match fetch::address(&address) {
        Ok(url) => url,
        Err(trouble) => return Ok(Err(trouble.to_string())),
    };
    let body = match fetch::fetch(&url, reach, chiron_calendar::LARGEST).await {
        Ok(body) => body,
        Err(trouble) => return Ok(Err(trouble.to_string())),
    };
    // Reading a large one takes a tenth of a second, which belongs to no thread that answers pages.
    let busy = tokio::task::spawn_blocking(move || chiron_calendar::busy(&body, &viewer.zone, from.jiff(), until.jiff())).await;
    Ok(match busy.map_err(Error::broken)? {
        Ok(busy) => Ok(packed(&busy)),
        Err(chiron_calendar::Error::NotACalendar) => {
            Err("What is at this address is not a calendar. It should be the one that ends in .ics.".into())
        }
        Err(e) => Err(format!("It could not be read: {e}.")),
    })
}

fn record(tx: &mut Tx, calendar: &ToRead, read: Result<&[u8], &String>) -> Result<()> {
    match read {
        Ok(busy) => {
            let (sealed, next) = (tx.seal().shut(tx.chance(), busy)?, tx.now() + EVERY);
            sql::save_busy(tx, calendar.id, &sealed, next)?;
        }
        Err(trouble) => {
            // What was busy before is kept: it is likelier to be true than nothing.
            let hours = 2_i64.saturating_pow(u32::try_from(calendar.failures.clamp(0, 10)).unwrap_or(10)).min(REST);
            sql::save_trouble(tx, calendar.id, trouble, tx.now() + SignedDuration::from_hours(hours))?;
        }
    }
    Ok(())
}

// The page.

struct Own {
    fed_since: Option<Timestamp>,
    outside: Vec<(sql::Outside, String)>,
}

fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Own> {
    let fed_since = sql::feed_made_at(tx, viewer.person)?;
    let mut outside = Vec::new();
    for calendar in sql::outside(tx, viewer.person)? {
        let address = String::from_utf8_lossy(&tx.seal().open(&calendar.address)?).into_owned();
        outside.push((calendar, shown(&address)));
    }
    Ok(Own { fed_since, outside })
}

/// Enough of an address to know it again: the rest of it is a secret, which a look over the shoulder must not take along.
fn shown(address: &str) -> String {
    let url = fetch::address(address).ok();
    let host = url.as_ref().and_then(|u| u.host_str()).unwrap_or("an address");
    let end: String = address.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{host} … {end}")
}

async fn calendars(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let own = app.read(move |tx| own(tx, &me)).await?;
    Ok(calendars_page(&viewer, &own, None, &Form::default()))
}

fn calendars_page(viewer: &Viewer, own: &Own, fresh: Option<&str>, form: &Form) -> Page {
    let body = html! {
        (PageHeader::new("Calendars").lead("Your sessions in your own calendar, and your own calendar in the times we suggest.").back("Your account", "/account"))
        (crate::web::mend(form))
        (page::section("Your sessions in your calendar", &page::audience_me(), &feed_part(viewer, own, fresh)))
        (page::section("When you are busy elsewhere", &page::audience_me(), &outside_part(viewer, own, form)))
    };
    Page::new("Calendars", Section::None, body)
}

fn feed_part(viewer: &Viewer, own: &Own, fresh: Option<&str>) -> Markup {
    let renew = |label| page::post_button("/account/calendars/feed", &[], &Button::secondary(label));
    html! {
        @match (fresh, own.fed_since) {
            (Some(address), _) => {
                (page::banner(Tone::Laurel, "This is the address of your feed. Copy it now: it is shown only this once.", None))
                (page::copyable("Address of your feed", address))
                p { "In your calendar, choose to subscribe to a calendar from the web, and paste it there. Whoever has it can see when you meet and with whom, so keep it to yourself." }
            }
            (None, Some(since)) => {
                p { "Your feed is there since " (viewer.date(since)) ". It says when you meet and with whom, nothing more. We cannot show its address again, but you can have a new one; the old one then stops." }
                (page::actions(&html! {
                    (renew("Give me a new address"))
                    (page::post_button("/account/calendars/feed/remove", &[], &Button::quiet("Stop the feed")))
                }))
            }
            (None, None) => {
                p { "Subscribe once, and what you book, move or cancel here appears in your calendar by itself. The feed says when you meet and with whom, nothing more." }
                (page::actions(&renew("Make my feed")))
            }
        }
    }
}

fn outside_part(viewer: &Viewer, own: &Own, form: &Form) -> Markup {
    let list = html! {
        @for (calendar, address) in &own.outside {
            @let state = match (calendar.trouble.as_str(), calendar.read_at) {
                ("", None) => "It is being read for the first time.".to_owned(),
                ("", Some(at)) => format!("Last read {}.", viewer.when(at)),
                (trouble, None) => trouble.to_owned(),
                (trouble, Some(at)) => format!("{trouble} Last read {}.", viewer.when(at)),
            };
            @let action = format!("/account/calendars/{}/remove", calendar.id);
            (Row::new(address.as_str()).icon(Icon::Calendar).text(state)
                .beside(page::post_button(&action, &[], &Button::secondary("Remove").context(address).small())))
        }
    };
    html! {
        p { "We look there every hour and suggest no times at which you are busy. Only when you are busy is kept, never what for, and nobody sees it." }
        @if !own.outside.is_empty() { (page::rows(&list)) }
        @if own.outside.len() < MOST {
            form.stack method="post" action="/account/calendars" {
                (Field::text("address", "Address of your calendar").hint("Its secret address in iCal format, which your calendar shows in its settings; it often ends in .ics.").value(form.value("address")).error(form.error("address")).max(1000).autocomplete("off").required())
                (page::actions(&html! { (Button::secondary("Add this calendar")) }))
            }
        }
    }
}

/// Gives someone a new address for their feed, which only they are told, once; an older one stops.
pub fn new_feed(tx: &mut Tx, viewer: &Viewer) -> Result<String> {
    let token = tx.token();
    sql::save_feed(tx, viewer.person, &token_hash(&token))?;
    tx.record(Happening::of("calendar feed made", viewer.person).by(viewer).touching([viewer.person]))?;
    Ok(format!("{}/calendar/{token}.ics", tx.config().url()))
}

async fn renew(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (address, own) = app.write(move |tx| Ok((new_feed(tx, &me)?, own(tx, &me)?))).await?;
    Ok(calendars_page(&viewer, &own, Some(&address), &Form::default()))
}

async fn revoke(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    app.write(move |tx| {
        sql::end_feed(tx, viewer.person)?;
        tx.record(Happening::of("calendar feed ended", viewer.person).by(&viewer).touching([viewer.person]))
    })
    .await?;
    Ok(Go::to("/account/calendars").saying("Your feed has stopped.").into_response())
}

async fn add(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let typed = form.text("address", 1000);
    if form.is_good()
        && let Err(trouble) = fetch::address(&typed)
    {
        form.refuse("address", Trouble::to_string(&trouble));
    }
    let me = viewer.clone();
    if !form.is_good() {
        let own = app.read(move |tx| own(tx, &me)).await?;
        return Ok(calendars_page(&viewer, &own, None, &form).to_mend().into_response());
    }
    app.write(move |tx| name(tx, &me, &typed)).await?;
    Ok(Go::to("/account/calendars").saying("It is read in a moment, and every hour from then on.").into_response())
}

/// Names a calendar elsewhere, which is read from then on.
fn name(tx: &mut Tx, viewer: &Viewer, address: &str) -> Result<()> {
    if sql::outside(tx, viewer.person)?.len() >= MOST {
        return Err(refused!("too_many_calendars"; "You have {MOST} calendars here. Remove one first."));
    }
    let shut = |tx: &Tx, plain: &[u8]| -> Result<Sealed> { tx.seal().shut(tx.chance(), plain) };
    let (address, nothing, id) = (shut(tx, address.trim().as_bytes())?, shut(tx, &[])?, tx.new_id());
    sql::add_outside(tx, id, viewer.person, &address, &nothing)?;
    tx.record(Happening::of("calendar added", id).by(viewer).touching([viewer.person]))
}

async fn remove(State(app): State<App>, viewer: Viewer, Path(id): Path<OutsideId>) -> Result<Response> {
    app.write(move |tx| {
        if !sql::remove_outside(tx, viewer.person, id)? {
            return Err(too_late!("This calendar is not there any more."));
        }
        tx.record(Happening::of("calendar removed", id).by(&viewer).touching([viewer.person]))
    })
    .await?;
    Ok(Go::to("/account/calendars").saying("It is not read any more, and what was kept of it is gone.").into_response())
}

pub fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut outside = Vec::new();
    for calendar in sql::outside(tx, person)? {
        let address = String::from_utf8_lossy(&tx.seal().open(&calendar.address)?).into_owned();
        outside.push(json!({ "address": address, "read_at": calendar.read_at.map(|at| at.jiff()) }));
    }
    let answers = sql::answers_of(tx, person)?;
    let answers: Vec<_> = answers.into_iter().map(|(start, answer)| json!({ "session_at": start.jiff(), "answer": answer })).collect();
    let fed_since = sql::feed_made_at(tx, person)?.map(|at| at.jiff());
    Ok(json!({ "feed_made_at": fed_since, "calendars_elsewhere": outside, "answers_from_calendar": answers }))
}
