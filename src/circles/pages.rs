//! Proposing a circle, answering to one, and leaving it, on screen.

use super::circle::{Deed, Draft, FEWEST, MOST, PlaceState, longest};
use super::newcomer_pages;
use super::newcomers::{self, Weighed};
use super::verbs::{self, Seat, Whole};
use crate::app::{App, Tx};
use crate::directory::verbs as directory;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{Chip, verbs as people};
use crate::relationships::pages::face;
use crate::relationships::{RelationshipId, RelationshipState, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{self, Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/circles/new", Needs::SignedIn, new)
        .post("/circles", Needs::SignedIn, propose)
        .get("/circles/{id}", Needs::Deed("circle.see"), show)
        .post("/circles/{id}/accept", Needs::Deed("circle.accept"), accept)
        .post("/circles/{id}/decline", Needs::Deed("circle.decline"), decline)
        .post("/circles/{id}/give-up", Needs::Deed("circle.give_up"), give_up)
        .get("/circles/{id}/newcomers", Needs::Deed("circle.suggest"), newcomer_pages::choose)
        .post("/circles/{id}/newcomers", Needs::Deed("circle.suggest"), newcomer_pages::suggest)
        .post("/circles/newcomers/{place}/welcome", Needs::Deed("circle.weigh"), newcomer_pages::welcome)
        .post("/circles/newcomers/{place}/not-now", Needs::Deed("circle.weigh"), newcomer_pages::not_now)
        .get("/circles/{id}/leave", Needs::Deed("circle.leave"), leaving)
        .post("/circles/{id}/leave", Needs::Deed("circle.leave"), leave)
}

// Proposing one.

/// People whom the page offers without a search, and found by one.
const OFFERED: usize = 12;
const FOUND: usize = 8;

/// What the form needs to know.
struct Proposing {
    invited: Vec<Chip>,
    found: Vec<Chip>,
    /// With whom the viewer works or has worked.
    known: Vec<Chip>,
    nonce: String,
}

fn proposing(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Proposing> {
    let mut with: Vec<PersonId> = form.values("with").into_iter().filter_map(|id| id.parse().ok()).take(MOST).collect();
    match form.value("do").split_once(' ') {
        Some(("add", id)) => with.extend(id.parse::<PersonId>().ok().filter(|_| with.len() + 1 < MOST)),
        Some(("take-off", id)) => with.retain(|person| person.to_string() != id),
        _ => {}
    }
    with.sort_unstable();
    with.dedup();
    let apart = people::apart_from(tx, viewer.person)?;
    let can_be = |person: &PersonId| !viewer.is(*person) && !with.contains(person) && !apart.contains(person);
    let mut found = directory::called(tx, form.value("q"), FOUND)?;
    found.retain(can_be);
    let mut known: Vec<PersonId> = partners::mine(tx, viewer)?.iter().flat_map(|r| r.others(viewer).collect::<Vec<_>>()).collect();
    known.sort_unstable();
    known.dedup();
    known.retain(|person| can_be(person) && !found.contains(person));
    known.truncate(OFFERED);
    let nonce = form.nonce_to_send(tx.chance());
    Ok(Proposing { invited: people::chips(tx, &with)?, found: people::chips(tx, &found)?, known: people::chips(tx, &known)?, nonce })
}

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    shown(&app, viewer, Form::default()).await
}

async fn shown(app: &App, viewer: Viewer, form: Form) -> Result<Page> {
    let asked = form.clone();
    let proposing = app.read(move |tx| proposing(tx, &viewer, &asked)).await?;
    Ok(Page::new("Start a circle", Section::Relationships, propose_page(&proposing, &form)).answering(&form))
}

fn propose_page(proposing: &Proposing, form: &Form) -> Markup {
    let or = |name: &str, usual: &str| if form.has(name) { form.value(name).to_owned() } else { usual.to_owned() };
    let add = |chip: &Chip| {
        let value = format!("add {}", chip.id);
        html! { (Row::new(chip.name.clone()).face(&face(chip)).text(chip.headline.clone()).beside(html! { (Button::secondary("Invite").sends("do", &value).unchecked().context(&chip.name).small()) })) }
    };
    html! {
        (PageHeader::new("Start a circle").back("People", "/relationships")
            .lead("A few people who learn from each other. You say what it is about and whom you would like in it; it begins when three are."))
        (web::mend(form))
        form.stack method="post" action="/circles" {
            input type="hidden" name="nonce" value=(proposing.nonce);
            (Field::text("name", "What is it called?").hint("Such as “First-time team leads”.").value(form.value("name")).error(form.error("name")).max(longest::NAME).required())
            (Field::textarea("about", "What is it about?").hint("What you would like to learn together, and how. Everybody whom you invite reads this.").value(form.value("about")).error(form.error("about")).max(longest::ABOUT).rows(4).required())
            (page::side_by_side(&html! {
                (Field::number("hours", "Hours a month").value(or("hours", "2")).between("1", "10").error(form.error("hours")).required())
                (Field::number("months", "For how many months?").value(or("months", "6")).between("1", "24").error(form.error("months")).required())
            }))
            (page::section("Whom do you invite?", &html! {}, &html! {
                @if let Some(error) = form.error("with") { (page::error_line("with", "Whom do you invite?", "f-q", error)) }
                @if proposing.invited.is_empty() { p.muted { "Two to seven people. They see who is asked and who is in it." } }
                @else {
                    (page::rows(&html! {
                        @for chip in &proposing.invited {
                            @let value = format!("take-off {}", chip.id);
                            (Row::new(chip.name.clone()).face(&face(chip)).beside(html! {
                                input type="hidden" name="with" value=(chip.id);
                                (Button::quiet("Take off").sends("do", &value).unchecked().context(&chip.name).small())
                            }))
                        }
                    }))
                }
                (Field::text("q", "Find somebody by name").value(form.value("q")).max(100).optional())
                (page::actions(&html! { (Button::secondary("Look").icon(Icon::Find).sends("do", "look").unchecked()) }))
                @if !form.value("q").is_empty() && proposing.found.is_empty() { p { "Nobody else here is called that." } }
                @if !proposing.found.is_empty() { (page::rows(&html! { @for chip in &proposing.found { (add(chip)) } })) }
                @if !proposing.known.is_empty() {
                    h3 { "People you know here" }
                    (page::rows(&html! { @for chip in &proposing.known { (add(chip)) } }))
                }
            }))
            p { (page::audience("You and those whom you invite")) }
            (page::actions(&html! { (Button::primary("Invite them").sends("do", "propose")) (Button::quiet("Not now").href("/relationships")) }))
        }
    }
}

/// Looking for somebody and taking them on or off shows the page again; nothing is kept before they are invited.
async fn propose(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    if form.value("do") != "propose" {
        if form.value("do").starts_with("add ") {
            // Found and taken on: the next search begins anew.
            form.set("q", "");
        }
        return Ok(shown(&app, viewer, form).await?.into_response());
    }
    let (name, about) = (form.text("name", longest::NAME), form.text("about", longest::ABOUT));
    let (hours, months) = (form.number("hours", 1..=10), form.number("months", 1..=24));
    let people: Vec<PersonId> = form.values("with").into_iter().take(MOST).filter_map(|id| id.parse().ok()).collect();
    if people.len() + 1 < FEWEST {
        form.refuse("with", "A circle needs three people. Please invite at least two.");
    }
    let nonce: String = form.value("nonce").chars().take(80).collect();
    let draft = Draft { name, about, people, hours: hours.unwrap_or_default(), months: months.unwrap_or_default(), nonce };
    let me = viewer.clone();
    web::does(
        &app,
        form,
        move |tx| verbs::propose(tx, &me, &draft),
        |id| Go::to(format!("/circles/{id}")).saying("They are asked. You are told as they answer."),
        |form| shown(&app, viewer, form),
    )
    .await
}

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (whole, weighed) = app.read(move |tx| Ok((verbs::read(tx, &me, id)?, newcomers::all_weighed(tx, &me, id)?))).await?;
    Ok(Page::new(format!("“{}”", whole.called), Section::Relationships, circle_page(&whole, &weighed, &viewer)))
}

fn circle_page(whole: &Whole, weighed: &[Weighed], viewer: &Viewer) -> Markup {
    let (opened, id) = (&whole.opened, whole.opened.circle.id);
    let (circle, is_in_it) = (&opened.circle, opened.together.role_of(viewer.person).is_some());
    let lead = match (opened.together.state, circle.lapses_at) {
        (RelationshipState::Proposed, Some(at)) => {
            format!("A circle that {} proposes. It begins when three are in it, until {}.", by(whole, viewer), viewer.day(at))
        }
        (RelationshipState::Proposed, None) => format!("A circle that {} proposes.", by(whole, viewer)),
        (state, _) => format!("A circle, {}.", state.words()),
    };
    html! {
        (PageHeader::new(format!("“{}”", whole.called)).back("People", "/relationships").lead(lead))
        div.live-page id="circle" hx-get={ "/circles/" (id) } hx-select="#circle" hx-swap="outerMorph" hx-trigger="circles from:body delay:300ms" {
            (page::quotation(&whole.about, &whole.by.name))
            @if opened.state() == Some(PlaceState::Aside) {
                (page::banner(Tone::Amber, "You take no part in it for now. Your place is kept, and whoever looks after this place tells you when it goes on. The others are told no reason.", None))
            }
            @for one in weighed { (newcomer_pages::weigh(one, viewer)) }
            @if opened.offers(viewer, Deed::Accept) {
                div.actions {
                    (page::post_button(&format!("/circles/{id}/accept"), &[], &Button::primary("I would like to").icon(Icon::Check)))
                    (page::post_button(&format!("/circles/{id}/decline"), &[], &Button::secondary("Rather not")))
                }
                p.muted { "You need not say why, and you can leave later: it goes on while three remain." }
            } @else if opened.offers(viewer, Deed::Decline) {
                p { "This circle is full: eight are in it already." }
            }
            @if is_in_it && opened.together.state != RelationshipState::Proposed {
                (page::actions(&html! {
                    (Button::primary("Go to your circle").href(&format!("/relationships/{id}")))
                    @if opened.offers(viewer, Deed::Suggest) { (Button::secondary("Somebody more").icon(Icon::Plus).href(&format!("/circles/{id}/newcomers"))) }
                }))
            }
            (page::section("Who is asked, and who is in it", &page::audience("Those who are asked"), &page::rows(&html! {
                @for seat in &whole.seats { (seated(seat, whole)) }
            })))
            @if opened.offers(viewer, Deed::GiveUp) {
                (page::post_button(&format!("/circles/{id}/give-up"), &[], &Button::quiet("Give it up")))
            }
        }
    }
}

fn by<'a>(whole: &'a Whole, viewer: &Viewer) -> &'a str {
    if viewer.is(whole.by.id) { "you" } else { whole.by.first_name() }
}

fn seated(seat: &Seat, whole: &Whole) -> Markup {
    let (words, tone) = match seat.place.state {
        PlaceState::Taken if seat.chip.id == whole.by.id => ("proposes it", Tone::Laurel),
        PlaceState::Taken => ("is in it", Tone::Laurel),
        PlaceState::Asked => ("is asked", Tone::Plain),
        PlaceState::Declined => ("rather not", Tone::Plain),
        PlaceState::Lapsed => ("did not answer", Tone::Plain),
        PlaceState::Left => ("has left", Tone::Plain),
        PlaceState::Suggested => ("is suggested", Tone::Plain),
        PlaceState::NotNow => ("not now", Tone::Plain),
        PlaceState::Aside => ("not for now", Tone::Plain),
    };
    html! { (Row::new(seat.chip.name.clone()).href(format!("/people/{}", seat.chip.id)).face(&face(&seat.chip)).beside(page::tag(words, tone))) }
}

async fn accept(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| verbs::accept(tx, &viewer, id)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("You are in it."))
}
async fn decline(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| verbs::decline(tx, &viewer, id)).await?;
    Ok(Go::to("/relationships").saying("You are not in it, and need not say why."))
}
async fn give_up(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| verbs::give_up(tx, &viewer, id)).await?;
    Ok(Go::to("/relationships").saying("Given up. Those who had said yes are told."))
}

async fn leaving(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let (here, back) = (format!("/circles/{id}/leave"), format!("/relationships/{id}"));
    let remain = whole.opened.together.parties.len().saturating_sub(1);
    let what = match (whole.opened.together.state, remain) {
        (RelationshipState::Proposed, _) => "The others are told that you are not in it. Nobody asks why.".to_owned(),
        (_, remain) if remain >= FEWEST => {
            format!("The {remain} others are told, and go on. You no longer read what they write there, and they keep what you wrote.")
        }
        _ => "With fewer than three it ends, kindly, for all of you. What you wrote stays with those who remain; you no longer read it."
            .to_owned(),
    };
    let body = html! {
        (PageHeader::new("Leave this circle").back(&format!("“{}”", whole.called), &back))
        (page::confirmation(&here, &what, &Button::primary("Leave this circle"), &back))
    };
    Ok(Page::new("Leave this circle", Section::Relationships, body))
}
async fn leave(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| verbs::leave(tx, &viewer, id)).await?;
    Ok(Go::to("/relationships").saying("You have left it."))
}
