//! The experience board on screen: what stands on it, offering something, asking for a place, and what came of it.

use super::experience::{DAYS_AHEAD, Draft, MOST_SKILLS, Offer, OfferDeed, OfferId, PLACES, Seat, SeatDeed, SeatId, SeatState, longest};
use super::verbs::{self, Asking, Board, Own, Sat, Shown, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{Chip, places};
use crate::plans::{ItemId, Kind, icon};
use crate::relationships::pages::face;
use crate::skills::{Graph, Word};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page, does, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/experiences", Needs::SignedIn, list)
        .post("/experiences", Needs::SignedIn, offer)
        .get("/experiences/new", Needs::SignedIn, new)
        .get("/experiences/mine", Needs::SignedIn, mine)
        .get("/experiences/{id}", Needs::Deed("experience.see"), show)
        .post("/experiences/{id}/ask", Needs::Deed("experience.ask_for_a_place"), ask)
        .get("/experiences/{id}/change", Needs::Deed("experience.change"), changing)
        .post("/experiences/{id}/change", Needs::Deed("experience.change"), change)
        .post("/experiences/{id}/end", Needs::Deed("experience.end"), end)
        .get("/experiences/seats/{id}", Needs::Deed("place in an experience.see"), show_seat)
        .post("/experiences/seats/{id}/give", Needs::Deed("place in an experience.answer"), give)
        .post("/experiences/seats/{id}/decline", Needs::Deed("place in an experience.answer"), decline)
        .post("/experiences/seats/{id}/take-back", Needs::Deed("place in an experience.take_back"), take_back)
        .post("/experiences/seats/{id}/withdraw", Needs::Deed("place in an experience.withdraw"), withdraw)
        .post("/experiences/seats/{id}/plan", Needs::Deed("place in an experience.finish"), plan)
        .post("/experiences/seats/{id}/finish", Needs::Deed("place in an experience.finish"), finish)
        .post("/experiences/seats/{id}/share", Needs::Deed("place in an experience.finish"), share)
}

fn path(id: OfferId) -> String {
    format!("/experiences/{id}")
}
fn seat_path(id: SeatId) -> String {
    format!("/experiences/seats/{id}")
}

// The board.

async fn list(State(app): State<App>, viewer: Viewer, Asked(form): Asked) -> Result<Page> {
    let asking = Asking {
        skill: form.value("skill").trim().chars().take(Word::LONGEST).collect(),
        kind: form.value("kind").parse::<Kind>().map_or_else(|_| String::new(), |kind| kind.as_str().to_owned()),
        place: form.value("where").chars().take(10).collect(),
        before: form.value("before").parse().ok(),
    };
    let (me, asked) = (viewer.clone(), asking.clone());
    let (board, place) = app.read(move |tx| Ok((verbs::board(tx, &me, &asked)?, tx.place_name()))).await?;
    let narrowed = !(asking.skill.is_empty() && asking.kind.is_empty() && asking.place.is_empty());
    let body = html! {
        (PageHeader::new("Try something for real").lead("What people here offer: a day beside them, a part of a project, a talk to give. Ask for a place with one sentence.")
            .actions(html! { (Button::primary("Offer something").href("/experiences/new").icon(Icon::Plus)) (Button::quiet("Yours").href("/experiences/mine")) }))
        (page::filters("/experiences", "#board", &narrowing(&asking, &board)))
        div #board {
            @if board.shown.is_empty() && narrowed {
                (page::empty(Icon::Compass, "Nothing like this just now", "Try one word less, or another kind.", &html! { (Button::secondary("Show everything").href("/experiences")) }))
            } @else if board.shown.is_empty() {
                (page::empty(Icon::Compass, "Nothing on the board yet", "Whoever mentors or coaches here can offer something: one day beside you is a good beginning.", &html! {}))
            } @else {
                (page::rows(&html! { @for shown in &board.shown { (row(shown, &board.graph, &place)) } }))
            }
            @if board.older.is_some() || asking.before.is_some() {
                @let first = turned(&asking, None);
                @let older = board.older.map(|id| turned(&asking, Some(id)));
                (page::pagination(asking.before.map(|_| first.as_str()), older.as_deref(), ""))
            }
        }
    };
    Ok(Page::new("Try something for real", Section::Find, body))
}

/// The same board from another place on.
fn turned(asking: &Asking, before: Option<OfferId>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("skill", &asking.skill), ("kind", &asking.kind), ("where", &asking.place)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    format!("/experiences?{}", query.finish())
}

fn narrowing(asking: &Asking, board: &Board) -> Markup {
    let skill = board.skill.as_deref().map_or_else(|| asking.skill.clone(), |id| name_of(&board.graph, id).to_owned());
    let kinds = std::iter::once(("", "Anything")).chain(activities().map(|kind| (kind.as_str(), kind.title())));
    let countries = board.countries.iter().map(|code| (code.as_str(), country_name(code)));
    let mut wheres: Vec<(&str, &str)> =
        [("", "Anywhere"), ("remote", "From anywhere, at a distance")].into_iter().chain(countries).collect();
    if !wheres.iter().any(|(code, _)| *code == asking.place) {
        wheres.push((&asking.place, country_name(&asking.place)));
    }
    html! {
        (page::side_by_side(&html! {
            (Field::text("skill", "A skill it builds").value(skill).suggest_from("/skills/suggest"))
            (Field::select("kind", "What", kinds).value(asking.kind.as_str()))
            (Field::select("where", "Where", wheres).value(asking.place.as_str()))
        }))
    }
}

fn activities() -> impl Iterator<Item = &'static Kind> {
    Kind::ALL.iter().filter(|kind| kind.is_activity())
}
fn name_of<'g>(graph: &'g Graph, id: &'g str) -> &'g str {
    graph.by_id(id).map_or(id, |skill| &skill.name)
}
fn country_name(code: &str) -> &str {
    places::by_code(code).map_or(code, |country| country.name)
}
fn where_words(offer: &Offer) -> String {
    match (offer.is_remote(), offer.town.is_empty()) {
        (true, _) => "from anywhere".into(),
        (false, true) => country_name(&offer.country).to_owned(),
        (false, false) => format!("{}, {}", offer.town, country_name(&offer.country)),
    }
}
fn places_words(offer: &Offer) -> String {
    match offer.places_left() {
        0 => "full".into(),
        1 => "1 place left".into(),
        left => format!("{left} places left"),
    }
}
fn until_words(offer: &Offer) -> String {
    offer.until().map_or_else(String::new, |day| format!("until {}", day.strftime("%-d %B")))
}
fn title_of(offer: &Offer) -> &str {
    if offer.title.is_empty() { "This was forgotten." } else { &offer.title }
}

/// What it is, where, until when, and what it builds.
fn in_short(shown: &Shown, graph: &Graph) -> Markup {
    let Shown { offer, skills, .. } = shown;
    html! {
        span { (offer.kind.words()) }
        span { (where_words(offer)) }
        span { (until_words(offer)) }
        @for skill in skills { span { (name_of(graph, skill)) } }
    }
}

fn row(shown: &Shown, graph: &Graph, place: &str) -> Markup {
    let offer = &shown.offer;
    let face = face(&shown.offerer);
    let tone = if offer.is_full() { Tone::Plain } else { Tone::Laurel };
    let meta = html! { span { (if offer.for_place { place } else { shown.offerer.name.as_str() }) } (in_short(shown, graph)) };
    let row = Row::new(title_of(offer)).href(path(offer.id)).text(page::shortened(&offer.words, 160)).meta(meta);
    let row = if offer.for_place { row.icon(icon(offer.kind)) } else { row.face(&face) };
    html! { (row.beside(page::tag(&places_words(offer), tone))) }
}

/// On somebody's profile, for members: what they offer to try.
pub fn profile_part(tx: &mut Tx, viewer: Option<&Viewer>, person: PersonId) -> Result<Option<Markup>> {
    let Some(viewer) = viewer else { return Ok(None) };
    let standing = verbs::standing_of(tx, viewer, person)?;
    if standing.is_empty() {
        return Ok(None);
    }
    let graph = crate::skills::graph_here(tx)?;
    let rows = html! {
        @for shown in &standing {
            @let offer = &shown.offer;
            (Row::new(offer.title.as_str()).href(path(offer.id)).icon(icon(offer.kind)).meta(in_short(shown, &graph)).beside(page::tag(&places_words(offer), Tone::Plain)))
        }
    };
    Ok(Some(page::section("To try for real", &html! { a href="/experiences" { "The whole board" } }, &page::rows(&rows))))
}

// One's own.

async fn mine(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let Own { asked, offered } = app.read(move |tx| verbs::own(tx, &viewer)).await?;
    let (live, past): (Vec<_>, Vec<_>) = asked.iter().partition(|(seat, _)| seat.is_live());
    let seat_rows = |seats: &[&(Seat, Offer)]| {
        page::rows(&html! {
            @for (seat, offer) in seats {
                @let tone = if seat.state == SeatState::Given { Tone::Laurel } else { Tone::Plain };
                (Row::new(title_of(offer)).href(seat_path(seat.id)).icon(icon(offer.kind)).meta(html! { span { (offer.kind.words()) } span { (offer.takes) } }).beside(page::tag(seat.state.words(), tone)))
            }
        })
    };
    let body = html! {
        (PageHeader::new("What you try and offer").back("The board", "/experiences").actions(html! { (Button::primary("Offer something").href("/experiences/new").icon(Icon::Plus)) }))
        @if asked.is_empty() && offered.is_empty() {
            (page::empty(Icon::Compass, "Nothing yet", "Ask for a place in something on the board: one sentence is enough.", &html! { (Button::secondary("See the board").href("/experiences")) }))
        }
        @if !live.is_empty() { (page::section("You asked for", &html! {}, &seat_rows(&live))) }
        @if !offered.is_empty() {
            (page::section("You offer", &html! {}, &page::rows(&html! {
                @for (offer, waiting) in &offered {
                    @let beside = html! {
                        @if *waiting > 0 { (page::tag(&if *waiting == 1 { "1 waits".to_owned() } else { format!("{waiting} wait") }, Tone::Amber)) }
                        @else if offer.ended_at.is_some() { (page::tag("ended", Tone::Plain)) }
                        @else { (page::tag(&places_words(offer), Tone::Plain)) }
                    };
                    (Row::new(title_of(offer)).href(path(offer.id)).icon(icon(offer.kind)).meta(html! { span { (until_words(offer)) } span { (offer.taken) " of " (offer.places) " places given" } }).beside(beside))
                }
            })))
        }
        @if !past.is_empty() { (page::section("Before", &html! {}, &seat_rows(&past))) }
    };
    Ok(Page::new("What you try and offer", Section::Find, body))
}

// Offering.

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    composing(app, viewer, None, Form::default()).await
}

async fn changing(State(app): State<App>, viewer: Viewer, Path(id): Path<OfferId>) -> Result<Page> {
    let me = viewer.clone();
    let form = app.read(move |tx| Ok(filled(&verbs::read(tx, &me, id)?))).await?;
    composing(app, viewer, Some(id), form).await
}

fn filled(whole: &Whole) -> Form {
    let offer = &whole.shown.offer;
    let mut form = Form::default();
    for (name, value) in [
        ("kind", offer.kind.as_str()),
        ("title", &offer.title),
        ("words", &offer.words),
        ("takes", &offer.takes),
        ("country", &offer.country),
        ("town", &offer.town),
        ("until_on", &offer.until_on),
    ] {
        form.set(name, value);
    }
    form.set("places", offer.places.to_string());
    if offer.for_place {
        form.set("for_place", "on");
    }
    for (at, skill) in whole.shown.skills.iter().enumerate() {
        form.set(&format!("skill_{at}"), name_of(&whole.graph, skill));
    }
    form
}

async fn composing(app: App, viewer: Viewer, id: Option<OfferId>, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (may, nonce, today, place) = app
        .read(move |tx| {
            if let Some(id) = id {
                verbs::open(tx, &me, id, OfferDeed::Change)?;
            }
            let today = tx.now().in_zone(&me.zone).date();
            Ok((verbs::may_offer(tx, &me)?, asked.nonce_to_send(tx.chance()), today, tx.place_name()))
        })
        .await?;
    let title = if id.is_some() { "Change what you offer" } else { "Offer something to try" };
    let (back, action) = id.map_or(("/experiences".to_owned(), "/experiences".to_owned()), |id| (path(id), format!("{}/change", path(id))));
    let header = PageHeader::new(title)
        .back(if id.is_some() { "The offer" } else { "The board" }, &back)
        .lead("One day beside you teaches what no course does. You answer everybody who asks, and you may end it whenever you like.");
    if !may {
        let body = html! {
            (header)
            (page::empty(Icon::Compass, "Those who mentor or coach can offer something", "Say in your profile that you are open to it. Then this page is yours.", &html! { (Button::primary("Say what you are open to").href("/profile")) }))
        };
        return Ok(Page::new(title, Section::Find, body));
    }
    let body = html! {
        (header)
        (mend(&form))
        form.stack method="post" action=(action) data-draft="experience" {
            input type="hidden" name="nonce" value=(nonce);
            (offer_fields(&form, today))
            @if viewer.coordinates() { (Field::checkbox("for_place", format!("In the name of {place}")).checked(form.ticked("for_place")).hint("You look after it and answer those who ask.")) }
            p { (page::audience("Everybody who is signed in here")) }
            (page::actions(&html! { (Button::primary(if id.is_some() { "Keep it like this" } else { "Put it on the board" })) (Button::quiet("Back").href(&back)) }))
        }
    };
    Ok(Page::new(title, Section::Find, body).answering(&form))
}

fn offer_fields(form: &Form, today: Date) -> Markup {
    let mut kinds = Choices::cards("kind", "What is it?").error(form.error("kind")).required();
    for (kind, more) in [
        (Kind::Shadow, "Somebody comes along and watches, then asks."),
        (Kind::Project, "A part in something real."),
        (Kind::Talk, "They tell others about something."),
        (Kind::Review, "They look at your work, or you at theirs."),
        (Kind::Practise, "Something to do often, with somebody near."),
        (Kind::Teach, "They show somebody else."),
        (Kind::Read, "Something worth the time, and a talk about it."),
    ] {
        kinds = kinds.described(kind.as_str(), kind.title(), more).icon(icon(kind));
    }
    let countries =
        std::iter::once(("", "From anywhere, at a distance")).chain(places::countries().iter().map(|country| (country.code, country.name)));
    let or = |name: &str, usual: String| if form.has(name) { form.value(name).to_owned() } else { usual };
    let until = or("until_on", today.saturating_add(60.days()).to_string());
    let latest = today.saturating_add(DAYS_AHEAD.days()).to_string();
    let earliest = today.to_string();
    let (least, most) = (PLACES.start().to_string(), PLACES.end().to_string());
    let named = (0..MOST_SKILLS).filter(|at| !form.value(&format!("skill_{at}")).is_empty()).count();
    html! {
        (kinds.chosen(form.value("kind")))
        (Field::text("title", "In one line").value(form.value("title")).error(form.error("title")).hint("“A day at the weather desk”").max(longest::TITLE).required())
        (Field::textarea("words", "What does somebody do there, and what do they learn?").value(form.value("words")).error(form.error("words")).max(longest::WORDS).rows(5).required())
        (Field::text("takes", "When, and for how long?").value(form.value("takes")).error(form.error("takes")).hint("“Any Thursday, from nine to four”").max(longest::TAKES).required())
        (Field::select("country", "Where?", countries).value(form.value("country")).error(form.error("country")))
        (Field::text("town", "Town or building").value(form.value("town")).error(form.error("town")).hint("When somebody comes in person.").max(longest::TOWN).optional())
        (page::side_by_side(&html! {
            (Field::number("places", "How many places?").value(or("places", "1".into())).between(least.as_str(), most.as_str()).error(form.error("places")).required())
            (Field::date("until_on", "Until which day does it stand?").value(until).between(earliest.as_str(), latest.as_str()).error(form.error("until_on")).required())
        }))
        @for at in 0..MOST_SKILLS.min((named + 1).max(3)) {
            @let name = format!("skill_{at}");
            (Field::text(name.clone(), if at == 0 { "A skill it builds" } else { "Another skill it builds" }).value(form.value(&name)).error(form.error(&name)).suggest_from("/skills/suggest").optional())
        }
    }
}

fn read_draft(form: &mut Form) -> Option<Draft> {
    let kind = form.chosen::<Kind>("kind", "Please choose what it is.");
    let (title, words, takes) =
        (form.text("title", longest::TITLE), form.text("words", longest::WORDS), form.text("takes", longest::TAKES));
    let country = form.value("country").to_owned();
    if !country.is_empty() && places::by_code(&country).is_none() {
        form.refuse("country", "Please choose a country from the list.");
    }
    let town = form.maybe_text("town", longest::TOWN);
    let places = form.number("places", PLACES);
    if places.is_none() && form.error("places").is_none() {
        form.refuse("places", "How many can come? One is enough.");
    }
    let until = form.chosen::<Date>("until_on", "Until which day may somebody ask?");
    let mut skills: Vec<Word> = Vec::new();
    for at in 0..MOST_SKILLS {
        let sentence = format!("Please name the skill in a few words, at most {} characters.", Word::LONGEST);
        skills.extend(form.parsed::<Word>(&format!("skill_{at}"), &sentence));
    }
    let town = if country.is_empty() { String::new() } else { town };
    let for_place = form.ticked("for_place");
    form.is_good().then_some(Draft { for_place, kind: kind?, title, words, takes, country, town, places: places?, until: until?, skills })
}

async fn offer(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let draft = read_draft(&mut form);
    let nonce = form.nonce("title");
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::offer(tx, &me, draft.as_ref().ok_or(Error::NotFound)?, &nonce);
    let then = |id| Go::to(path(id)).saying("It is on the board. You hear when somebody asks.");
    does(&app.clone(), form, act, then, |form| composing(app, viewer, None, form)).await
}

async fn change(State(app): State<App>, viewer: Viewer, Path(id): Path<OfferId>, mut form: Form) -> Result<Response> {
    let draft = read_draft(&mut form);
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::change(tx, &me, id, draft.as_ref().ok_or(Error::NotFound)?);
    let then = |()| Go::to(path(id)).saying("It stands on the board like this now.");
    does(&app.clone(), form, act, then, |form| composing(app, viewer, Some(id), form)).await
}

async fn end(State(app): State<App>, viewer: Viewer, Path(id): Path<OfferId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |()| Go::to(path(id)).saying("It is off the board. Whoever has a place keeps it.");
    does(&app.clone(), form, move |tx| verbs::end(tx, &me, id), then, |form| shown(app, viewer, id, form)).await
}

// One offer.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<OfferId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: OfferId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (whole, nonce, place) =
        app.read(move |tx| Ok((verbs::read(tx, &me, id)?, asked.nonce_to_send(tx.chance()), tx.place_name()))).await?;
    let offer = &whole.shown.offer;
    let mine = viewer.is(offer.offerer);
    let title = title_of(offer).to_owned();
    let change = format!("{}/change", path(id));
    let standing = offer.ended_at.is_none();
    let body = html! {
        (PageHeader::new(title.as_str()).back("The board", "/experiences").lead(offer.kind.title())
            .actions(html! { @if mine && standing { (Button::secondary("Change it").href(&change).icon(Icon::Pencil)) } }))
        (mend(&form))
        (facts(&whole, &place))
        (page::paragraphs(&offer.words))
        p { (page::audience("Everybody who is signed in here")) }
        @if let Some(seat) = whole.mine.as_ref().filter(|seat| seat.is_live() || seat.state == SeatState::Done) {
            (page::section("You and this", &html! {}, &page::rows(&html! {
                (Row::new(for_learner(seat.state)).href(seat_path(seat.id)).icon(icon(offer.kind)).beside(page::tag(seat.state.words(), Tone::Plain)))
            })))
        } @else if !mine {
            @match whole.hindrance {
                Some(why) => (page::banner(Tone::Plain, why, None)),
                None => (ask_form(&whole, &form, &nonce)),
            }
        }
        @if mine { (who_asked(&whole.seats)) }
        @if standing && (mine || viewer.coordinates()) {
            (page::more("Take it off the board", &page::confirmation(&format!("{}/end", path(id)),
                "Nobody can ask for a place any more, and those who wait are told so. Whoever has a place keeps it.",
                &Button::secondary("Take it off the board"), &path(id))))
        }
    };
    Ok(Page::new(title, Section::Find, body).answering(&form))
}

fn facts(whole: &Whole, place: &str) -> Markup {
    let Shown { offer, offerer, skills } = &whole.shown;
    let who = html! {
        @if offer.for_place { p { (place) } }
        (face(offerer).chip(Some(&format!("/people/{}", offerer.id))))
    };
    let left = match (offer.ended_at.is_some(), offer.is_full()) {
        (true, _) => page::tag("not offered any more", Tone::Plain),
        (false, true) => page::tag("full", Tone::Plain),
        (false, false) => html! { (page::capital(&places_words(offer))) " of " (offer.places) ", " (until_words(offer)) },
    };
    let mut facts =
        vec![("Who", who), ("When", html! { (offer.takes) }), ("Where", html! { (page::capital(&where_words(offer))) }), ("Places", left)];
    if !skills.is_empty() {
        facts.push(("Builds", page::tags(skills.iter().map(|skill| name_of(&whole.graph, skill)))));
    }
    page::facts(&facts)
}

fn ask_form(whole: &Whole, form: &Form, nonce: &str) -> Markup {
    let offer = &whole.shown.offer;
    let name = whole.shown.offerer.first_name();
    page::section(
        "Would you like to?",
        &page::audience(&format!("Only you and {name}")),
        &html! {
            form.stack method="post" action={ (path(offer.id)) "/ask" } data-draft="experience-why" {
                input type="hidden" name="nonce" value=(nonce);
                (Field::textarea("why", "Why this, in a sentence").value(form.value("why")).error(form.error("why")).max(longest::WHY).rows(2).required())
                (page::actions(&html! { (Button::primary("Ask for a place").icon(Icon::Send)) }))
            }
        },
    )
}

fn who_asked(seats: &[(Seat, Chip, String)]) -> Markup {
    page::section(
        "Who asked",
        &html! { @if !seats.is_empty() { (page::audience("Each only with you")) } },
        &html! {
            @if seats.is_empty() { p.muted { "Nobody yet. You hear when somebody does." } }
            @else {
                (page::rows(&html! {
                    @for (seat, chip, why) in seats {
                        @let face = face(chip);
                        @let tone = if seat.state == SeatState::Asked { Tone::Amber } else { Tone::Plain };
                        @let words = if seat.state == SeatState::Asked { "waits for you" } else { seat.state.words() };
                        (Row::new(chip.name.as_str()).href(seat_path(seat.id)).face(&face).text(page::shortened(why, 160)).beside(page::tag(words, tone)))
                    }
                }))
            }
        },
    )
}

async fn ask(State(app): State<App>, viewer: Viewer, Path(id): Path<OfferId>, mut form: Form) -> Result<Response> {
    let why = form.text("why", longest::WHY);
    let nonce = form.nonce("why");
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::ask(tx, &me, id, &why, &nonce);
    let then = |seat| Go::to(seat_path(seat)).saying("You have asked. You hear as soon as there is an answer.");
    does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

// One place in it.

async fn show_seat(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>) -> Result<Page> {
    shown_seat(app, viewer, id, Form::default()).await
}

/// How it stands, for whoever asked.
fn for_learner(state: SeatState) -> &'static str {
    match state {
        SeatState::Asked => "You asked for a place, and wait for an answer.",
        SeatState::Given => "You have a place.",
        SeatState::Declined => "Not this time. It says nothing about you.",
        SeatState::Withdrawn => "You do not take part in this.",
        SeatState::TakenBack => "It could not be kept. It says nothing about you.",
        SeatState::Lapsed => "There was no answer in time.",
        SeatState::Done => "It is done, and what came of it is kept.",
    }
}

fn for_offerer(state: SeatState, name: &str) -> String {
    match state {
        SeatState::Asked => format!("{name} asks for a place."),
        SeatState::Given => format!("{name} has a place."),
        SeatState::Declined => "You said that it is not this time.".into(),
        SeatState::Withdrawn => format!("{name} does not come. The place is there for somebody else."),
        SeatState::TakenBack => "You took the place back.".into(),
        SeatState::Lapsed => "There is nothing to answer any more.".into(),
        SeatState::Done => format!("{name} has done it."),
    }
}

async fn shown_seat(app: App, viewer: Viewer, id: SeatId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (sat, milestones) = app
        .read(move |tx| {
            let sat = verbs::read_seat(tx, &me, id)?;
            let plans = me.is(sat.seat.learner) && sat.seat.state == SeatState::Given && sat.item.is_none();
            Ok((sat, if plans { verbs::milestones(tx, &me)? } else { Vec::new() }))
        })
        .await?;
    let mine = viewer.is(sat.seat.learner);
    let name = if mine { sat.offerer.first_name() } else { sat.learner.first_name() };
    let only_two = page::audience(&format!("Only you and {name}"));
    let state = if mine { for_learner(sat.seat.state).to_owned() } else { for_offerer(sat.seat.state, name) };
    let title = title_of(&sat.offer).to_owned();
    let (who_wrote, who_answered) = if mine { ("You", name) } else { (name, "You") };
    let body = html! {
        (PageHeader::new(title.as_str()).back("The offer", &path(sat.offer.id)).lead(state))
        (mend(&form))
        @if mine {
            (page::facts(&[("Who", html! { (sat.offered_by) }), ("When", html! { (sat.offer.takes) }), ("Where", html! { (page::capital(&where_words(&sat.offer))) })]))
        }
        @let answered = sat.seat.answered_at.map_or_else(String::new, |at| format!(", {}", viewer.date(at)));
        (page::section("Why", &only_two, &html! {
            (page::quotation(&sat.why, &format!("{who_wrote}, {}", viewer.date(sat.seat.asked_at))))
            @if let Some(answer) = &sat.answer { (page::quotation(answer, &format!("{who_answered}{answered}"))) }
        }))
        @if mine { (for_her(&sat, &milestones, &form, &viewer)) } @else { (for_them(&sat, &form)) }
    };
    Ok(Page::new(title, Section::Find, body).answering(&form))
}

/// What the one who asked can do.
fn for_her(sat: &Sat, milestones: &[(ItemId, String)], form: &Form, viewer: &Viewer) -> Markup {
    let (seat, here) = (&sat.seat, seat_path(sat.seat.id));
    let name = sat.offerer.first_name();
    let note_seen_by = if seat.shared_at.is_some() { page::audience(&format!("Only you and {name}")) } else { page::audience_me() };
    html! {
        @if seat.is_open_to(SeatDeed::Finish) {
            @match &sat.item {
                Some(item) => (page::section("In your plan", &html! {}, &html! {
                    p { "It stands in your plan. Say there what came of it, and it is done here too." }
                    (page::actions(&html! { (Button::primary("Go to it in your plan").href(&format!("/plans/items/{}", item.id))) }))
                })),
                None => {
                    (finish_form(sat, form))
                    (plan_form(sat, milestones, form))
                }
            }
        }
        @if let Some(note) = &sat.note {
            (page::section("What came of it", &note_seen_by, &html! {
                (page::quotation(note, &seat.ended_at.map_or_else(String::new, |at| viewer.date(at))))
                @if seat.shared_at.is_none() { (page::post_button(&format!("{here}/share"), &[], &Button::secondary(&format!("Let {name} read it")))) }
            }))
        }
        @if seat.is_open_to(SeatDeed::Withdraw) {
            @let words = if seat.state == SeatState::Given { format!("{name} hears that you do not come, and somebody else can have the place. You need no reason.") } else { format!("{name} hears that there is nothing to answer any more. You need no reason.") };
            (page::more("I cannot come after all", &page::confirmation(&format!("{here}/withdraw"), &words, &Button::secondary("Withdraw"), &here)))
        }
        @if !seat.is_live() { p { a href="/experiences" { "See what else is on the board" } } }
    }
}

fn finish_form(sat: &Sat, form: &Form) -> Markup {
    let name = sat.offerer.first_name();
    page::section(
        "Is it done?",
        &page::audience_me(),
        &html! {
            form.stack method="post" action={ (seat_path(sat.seat.id)) "/finish" } data-draft="experience-note" {
                (Field::textarea("note", "What came of it?").value(form.value("note")).error(form.error("note")).hint("A sentence is enough, also that it was not for you.").max(longest::NOTE).rows(3))
                (Field::checkbox("share", format!("Let {name} read it too")).checked(form.ticked("share")))
                (page::actions(&html! { (Button::primary("It is done").icon(Icon::Check)) }))
            }
        },
    )
}

fn plan_form(sat: &Sat, milestones: &[(ItemId, String)], form: &Form) -> Markup {
    let typed = form.has("milestone");
    let body = if milestones.is_empty() {
        html! {
            p { "You have no plan that it could go into." }
            (page::actions(&html! { (Button::secondary("Make a plan").href("/plans/new")) }))
        }
    } else {
        let choices = milestones.iter().map(|(id, words)| (id.to_string(), words.clone()));
        html! {
            form.stack method="post" action={ (seat_path(sat.seat.id)) "/plan" } {
                (Field::select("milestone", "For which milestone?", choices).value(form.value("milestone")).error(form.error("milestone")).hint("Whoever reads the plan reads it there too."))
                (Field::date("on_day", "By which day?").value(form.value("on_day")).error(form.error("on_day")).optional())
                (page::actions(&html! { (Button::secondary("Put it into my plan")) }))
            }
        }
    };
    page::more_open("Put it into a plan", typed, &body)
}

/// What whoever offers it can do.
fn for_them(sat: &Sat, form: &Form) -> Markup {
    let (seat, here, name) = (&sat.seat, seat_path(sat.seat.id), sat.learner.first_name());
    html! {
        p { (face(&sat.learner).chip(Some(&format!("/people/{}", sat.learner.id)))) }
        @if seat.is_open_to(SeatDeed::Answer) {
            @if sat.offer.is_full() {
                (page::banner(Tone::Amber, "Every place is given. Offer one more, or tell them kindly that it is full.", Some(&Button::secondary("Offer one more").href(&format!("{}/change", path(sat.offer.id))))))
            } @else {
                form.stack method="post" action={ (here) "/give" } {
                    (answer_field(true, form))
                    (page::actions(&html! { (Button::primary(&format!("Give {name} a place")).icon(Icon::Check)) }))
                }
            }
            (page::more_open("Not this time", sat.offer.is_full(), &html! {
                form.stack method="post" action={ (here) "/decline" } {
                    (answer_field(false, form))
                    (page::actions(&html! { (Button::secondary("Tell them kindly")) }))
                }
            }))
        }
        @match (&sat.note, seat.state) {
            (Some(note), _) => (page::section("What came of it", &page::audience(&format!("Only you and {name}")), &page::quotation(note, name))),
            (None, SeatState::Done) => p.muted { "What came of it is for " (name) " to keep or to share." },
            _ => {},
        }
        @if seat.is_open_to(SeatDeed::TakeBack) {
            (page::more("It cannot be kept after all", &html! {
                form.stack method="post" action={ (here) "/take-back" } {
                    p { (name) " hears so at once, and that it says nothing about them." }
                    (Field::textarea("back", "A word to them").value(form.value("back")).error(form.error("back")).max(longest::ANSWER).rows(2).optional())
                    (page::actions(&html! { (Button::secondary("Take the place back")) }))
                }
            }))
        }
    }
}

/// What goes with a yes or a no; also asked from a letter.
pub fn answer_field(yes: bool, form: &Form) -> Markup {
    let hint = if yes {
        "Where to come, and what to bring."
    } else {
        "One kind sentence, if you like. They are told in any case that it says nothing about them."
    };
    let id = if yes { "answer-yes" } else { "answer-no" };
    html! { (Field::textarea("answer", "A word to them").id(id).value(form.value("answer")).error(form.error("answer")).hint(hint).max(longest::ANSWER).rows(2).optional()) }
}
pub fn read_answer(form: &mut Form) -> String {
    form.maybe_text("answer", longest::ANSWER)
}

/// Does something with a place and shows it again, with what is to be mended when it did not go through.
async fn with_seat(
    app: App,
    viewer: Viewer,
    id: SeatId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(seat_path(id)).saying(said);
    does(&app.clone(), form, act, then, |form| shown_seat(app, viewer, id, form)).await
}

async fn give(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), read_answer(&mut form));
    with_seat(app, viewer, id, form, "They have the place and know it.", move |tx| verbs::give(tx, &me, id, &words)).await
}
async fn decline(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), read_answer(&mut form));
    with_seat(app, viewer, id, form, "Thank you for answering. They know.", move |tx| verbs::decline(tx, &me, id, &words)).await
}
async fn take_back(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.maybe_text("back", longest::ANSWER));
    with_seat(app, viewer, id, form, "They know. The place is there for somebody else.", move |tx| verbs::take_back(tx, &me, id, &words))
        .await
}
async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    with_seat(app, viewer, id, form, "You are out, and they know. Nobody asks why.", move |tx| verbs::withdraw(tx, &me, id)).await
}
async fn plan(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, mut form: Form) -> Result<Response> {
    let milestone = form.chosen::<ItemId>("milestone", "Please choose a milestone.");
    let on = form.parsed::<Date>("on_day", "Please choose a day.");
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::plan(tx, &me, id, milestone.ok_or(Error::NotFound)?, on);
    with_seat(app, viewer, id, form, "It is in your plan.", act).await
}
async fn finish(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, mut form: Form) -> Result<Response> {
    let (note, share) = (form.maybe_text("note", longest::NOTE), form.ticked("share"));
    let me = viewer.clone();
    with_seat(app, viewer, id, form, "It is done, and what came of it is kept.", move |tx| verbs::finish(tx, &me, id, &note, share)).await
}
async fn share(State(app): State<App>, viewer: Viewer, Path(id): Path<SeatId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    with_seat(app, viewer, id, form, "They can read it now.", move |tx| verbs::share(tx, &me, id)).await
}
