//! Feedback on screen: asking for it, giving it here or by the link in a letter, taking it in one of four ways, and what came
//! of it.

use super::item::{Deed, Feedback, FeedbackId, FeedbackState, Pin, Said, Way, Words, longest};
use super::lessons::{self, GIVING, RECEIVING};
use super::pins;
use super::verbs::{self, Asking, Giving, Listed, Of, Outside, Taking, Whole};
use crate::action_items::{self, Plan};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::goals::{Brief, GoalState};
use crate::logins::Address;
use crate::page::{self, Button, Choices, Clock, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/feedback", Needs::SignedIn, list)
        .post("/feedback", Needs::SignedIn, ask)
        .get("/feedback/new", Needs::SignedIn, new)
        .get("/feedback/lessons", Needs::Nothing, both_lessons)
        .get("/feedback/answer/{token}", Needs::Letter, outside)
        .post("/feedback/answer/{token}", Needs::Letter, answer_outside)
        .get("/feedback/{id}", Needs::Deed("feedback.see"), show)
        .post("/feedback/{id}/give", Needs::Deed("feedback.give"), give)
        .post("/feedback/{id}/pass", Needs::Deed("feedback.pass"), pass)
        .post("/feedback/{id}/withdraw", Needs::Deed("feedback.withdraw"), withdraw)
        .post("/feedback/{id}/thank", Needs::Deed("feedback.thank"), thank)
        .post("/feedback/{id}/receive", Needs::Deed("feedback.receive"), receive)
        .post("/feedback/{id}/outcome", Needs::Deed("feedback.tell_outcome"), outcome)
        .get("/relationships/{id}/feedback", Needs::Deed("relationship.see"), tab)
        .get("/relationships/{id}/feedback/new", Needs::Deed("relationship.take_part"), offer_page)
        .post("/relationships/{id}/feedback", Needs::Deed("relationship.take_part"), offer)
}

// Lists.

/// On the first page of a relationship: what waits for the viewer.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let here = Some(company.relationship.id);
    let waiting: Vec<Listed> = verbs::waiting(tx, viewer)?.into_iter().filter(|one| one.told.item.relationship == here).collect();
    Ok((!waiting.is_empty()).then(|| {
        page::section(
            "Feedback that waits for you",
            &page::audience(&company.audience(viewer)),
            &page::rows(&html! { @for one in &waiting { (row(one, viewer)) } }),
        )
    }))
}

/// On the page of one's own goal: the way to ask about it.
pub fn goal_part(_: &mut Tx, viewer: &Viewer, goal: &Brief) -> Result<Markup> {
    let asks = viewer.is(goal.owner) && goal.state == GoalState::Set;
    Ok(html! { @if asks { p { a href=(format!("/feedback/new?pin=goal:{}", goal.id)) { "Ask somebody for feedback on it" } } } })
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let own = app.read(move |tx| verbs::own(tx, &me)).await?;
    let section = |title: &str, all: &[Listed]| {
        html! { @if !all.is_empty() { (page::section(title, &html! {}, &page::rows(&html! { @for one in all { (row(one, &viewer)) } }))) } }
    };
    let (given, asked): (Vec<Listed>, Vec<Listed>) = own.received.into_iter().partition(|one| one.told.item.given_at.is_some());
    let body = html! {
        (PageHeader::new("Feedback").lead("One thing, seen by somebody else, for the next time. You decide what becomes of it, and they hear what came of it.")
            .actions(html! { (Button::primary("Ask for feedback").href("/feedback/new")) }))
        @if given.is_empty() && asked.is_empty() && own.given.is_empty() {
            (page::empty(Icon::Speech, "Nothing yet", "Ask one precise question about one thing you do: somebody you work with, or anybody by mail.", &html! {}))
        }
        (section("What you were given", &given))
        (section("What you asked", &asked))
        (section("What you give to others", &own.given))
        p { a href="/feedback/lessons" { "How to give feedback, and how to take it" } ", in four minutes." }
    };
    Ok(Page::new("Feedback", Section::Relationships, body))
}

async fn tab(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, all) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            Ok((company, verbs::in_relationship(tx, &me, id)?))
        })
        .await?;
    let may = company.relationship.offers(&viewer, relationships::Deed::TakePart);
    let (give, ask) = (format!("/relationships/{id}/feedback/new"), format!("/feedback/new?with={id}"));
    let name = company.name(&viewer);
    let body = html! {
        @if may {
            (page::actions(&html! { (Button::primary("Ask for feedback").href(&ask)) (Button::secondary("Give feedback").href(&give)) }))
        }
        div.part-stack id="feedback" hx-get=(format!("/relationships/{id}/feedback")) hx-select="#feedback" hx-swap="outerHTML" hx-trigger="feedback from:body delay:300ms" {
            @if all.is_empty() {
                (page::empty(Icon::Speech, "Nothing yet", &format!("Ask {name} one precise question about something you do. Or give feedback on something you both know."), &html! {}))
            } @else { (page::rows(&html! { @for one in &all { (row(one, &viewer)) } })) }
        }
        p { a href="/feedback" { "All your feedback" } " · " a href="/feedback/lessons" { "How to give it, and how to take it" } }
    };
    Ok(relationships::tab(&company, &viewer, "Feedback", &body))
}

fn row(one: &Listed, viewer: &Viewer) -> Markup {
    let item = &one.told.item;
    let gives = item.gives(viewer);
    let title = match (gives, item.given_at.is_some()) {
        (true, true) => format!("You to {}", one.other),
        (true, false) => format!("{} asks you", one.other),
        (false, true) => format!("From {}", one.other),
        (false, false) => format!("You asked {}", one.other),
    };
    let mine_to_do = if gives { item.state == FeedbackState::Asked } else { item.state == FeedbackState::Given };
    let words = if gives { to_giver(item.state) } else { item.state.words() };
    let tone = match item.state {
        _ if mine_to_do => Tone::Amber,
        FeedbackState::Trying | FeedbackState::Done => Tone::Laurel,
        _ => Tone::Plain,
    };
    let meta =
        html! { span { (viewer.date(item.given_at.unwrap_or(item.made_at))) } (page::audience(&format!("Only you and {}", one.other))) };
    html! { (Row::new(title).href(format!("/feedback/{}", item.id)).icon(Icon::Speech).text(one.told.pin.clone()).meta(meta).beside(page::tag(words, tone))) }
}

fn to_giver(state: FeedbackState) -> &'static str {
    match state {
        FeedbackState::Asked => "waits for you",
        FeedbackState::Given => "was given",
        FeedbackState::Trying => "is being tried",
        FeedbackState::Passed => "you would rather not",
        FeedbackState::Lapsed => "not answered",
        other => other.words(),
    }
}

// Asking.

/// Somebody who can be asked here: where, who, and what they are called.
struct Askable {
    relationship: RelationshipId,
    person: PersonId,
    name: String,
    what: String,
}

struct Composing {
    pins: Vec<(Pin, String)>,
    people: Vec<Askable>,
    nonce: String,
    today: Date,
}

fn composing(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Composing> {
    let mut people = Vec::new();
    let live: Vec<RelationshipId> =
        partners::mine(tx, viewer)?.iter().filter(|r| r.offers(viewer, relationships::Deed::TakePart)).map(|r| r.id).take(20).collect();
    for id in live {
        let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
        for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
            people.push(Askable { relationship: id, person: chip.id, name: chip.first_name().to_owned(), what: company.title(viewer) });
        }
    }
    let nonce = form.nonce_to_send(tx.chance());
    let pins = pins::offered(tx, viewer, form.value("pin").parse().ok())?;
    Ok(Composing { pins, people, nonce, today: tx.now().in_zone(&viewer.zone).date() })
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(mut asked): Asked) -> Result<Page> {
    // From the page of a relationship: the first in it is chosen.
    if let Ok(with) = asked.value("with").parse::<RelationshipId>() {
        let me = viewer.clone();
        let other =
            app.read(move |tx| Ok(partners::open(tx, &me, with, relationships::Deed::TakePart)?.other(&me).map(|p| p.person))).await?;
        if let Some(other) = other {
            asked.set("of", format!("{with}:{other}"));
        }
    }
    compose(app, viewer, asked).await
}

const OUTSIDE: &str = "outside";

async fn compose(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let Composing { pins, people, nonce, today } = app.read(move |tx| composing(tx, &me, &asked)).await?;
    let options = std::iter::once((String::new(), "Choose one".to_owned()))
        .chain(pins.iter().map(|(pin, words)| (pin.to_string(), page::shortened(words, 90))));
    let mut of = Choices::cards("of", "Whom do you ask?");
    for one in &people {
        of = of.described(format!("{}:{}", one.relationship, one.person), one.name.clone(), one.what.clone());
    }
    of = of.described(OUTSIDE, "Somebody without an account here", "They get one letter with your question, and answer by its link.");
    let day = if form.has("by_on") { form.value("by_on").to_owned() } else { today.checked_add(7.days()).unwrap_or(today).to_string() };
    let today = today.to_string();
    let body = html! {
        (PageHeader::new("Ask for feedback").back("Feedback", "/feedback").lead("One question, to somebody who has seen it. The more precise it is, the more you learn."))
        (mend(&form))
        @if pins.is_empty() {
            (page::empty(Icon::Pin, "What would it be about?", "Feedback is pinned to one thing: a goal, something you have taken on, work from your plan, a decision, or a session. Begin with one of these.",
                &html! { (Button::primary("Begin a goal").href("/goals/new")) (Button::secondary("Take something on").href("/actions/new")) }))
        } @else {
            form.stack method="post" action="/feedback" data-draft="ask-feedback" {
                input type="hidden" name="nonce" value=(nonce);
                (Field::select("pin", "What is it about?", options).value(form.value("pin")).error(form.error("pin")).hint("They read this line, and nothing else of it.").required())
                (Field::textarea("question", "Your question").value(form.value("question")).error(form.error("question")).max(longest::QUESTION).rows(3).required()
                    .hint("Not “How was I?” but “When I explained the chart, where did I lose you?”"))
                (of.chosen(form.value("of")).error(form.error("of")).required())
                (page::more_open("For somebody without an account", !form.value("name").is_empty() || form.error("address").is_some() || people.is_empty(), &html! {
                    (page::side_by_side(&html! {
                        (Field::text("name", "Their name").value(form.value("name")).error(form.error("name")).max(longest::NAME).autocomplete("off").optional())
                        (Field::email("address", "Their e-mail address").value(form.value("address")).error(form.error("address")).autocomplete("off").optional())
                    }))
                    p.muted { "We write to them once. Their address is kept for their answer and, if they wish, for hearing what came of it; ninety days at most. They can say that they want no such letter any more." }
                }))
                (Field::date("by_on", "By which day do you hope for an answer?").value(day).between(today.as_str(), None).error(form.error("by_on")).required())
                (page::actions(&html! { (Button::primary("Ask")) (Button::quiet("Back").href("/feedback")) }))
            }
        }
    };
    Ok(Page::new("Ask for feedback", Section::Relationships, body).answering(&form))
}

fn read_asking(form: &mut Form) -> Option<Asking> {
    let pin =
        form.chosen::<Pin>("pin", "Please pin it to something: a goal, a session, a decision, something taken on, or work from a plan.");
    let question = form.text("question", longest::QUESTION);
    let of = match form.value("of").to_owned().split_once(':') {
        Some((relationship, person)) => relationship.parse().ok().zip(person.parse().ok()).map(|(r, p)| Of::Partner(r, p)),
        None if form.value("of") == OUTSIDE => {
            let name = form.text("name", longest::NAME);
            form.chosen::<Address>("address", "Please give their e-mail address, such as name@example.org.")
                .map(|address| Of::Outside { name, address })
        }
        None => {
            form.refuse("of", "Please choose whom you ask.");
            None
        }
    };
    let by_on = form.chosen::<Date>("by_on", "Please choose a day.");
    let nonce = form.nonce("question");
    let (pin, of, by_on) = (pin?, of?, by_on?);
    form.is_good().then_some(Asking { pin, question, of, by_on, nonce })
}

/// Beside which field a rule of asking speaks.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "not_pinned" => Some("pin"),
        "day" => Some("by_on"),
        "own_address" | "not_this_address" => Some("address"),
        _ => None,
    }
}

async fn ask(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let Some(asking) = read_asking(&mut form) else { return Ok(compose(app, viewer, form).await?.into_response()) };
    let me = viewer.clone();
    match app.write(move |tx| verbs::ask(tx, &me, &asking)).await {
        Ok(id) => Ok(Go::to(format!("/feedback/{id}")).saying("Asked. You are told when the answer comes.").into_response()),
        Err(Error::Refused(refusal)) => {
            let form = match field_of(refusal.code) {
                Some(field) => {
                    form.refuse(field, refusal.sentence);
                    form
                }
                None => form.refused(refusal),
            };
            Ok(compose(app, viewer, form).await?.into_response())
        }
        Err(e) => Err(e),
    }
}

// Giving.

/// Situation, behaviour, effect, and what next.
fn giving_fields(form: &Form, name: &str) -> Markup {
    html! {
        (Field::textarea("situation", "When and where was it?").value(form.value("situation")).error(form.error("situation")).max(longest::PART).rows(2).required()
            .hint("One moment. “On Tuesday, when you showed the chart to the team.”"))
        (Field::textarea("behaviour", format!("What did {name} do or say?")).value(form.value("behaviour")).error(form.error("behaviour")).max(longest::PART).rows(3).required()
            .hint("What somebody saw or heard who only watched."))
        (Field::textarea("impact", "What did it do?").value(form.value("impact")).error(form.error("impact")).max(longest::PART).rows(3).required()
            .hint("To you, to the work, to others."))
        (Field::textarea("next", "What would you like to see next time?").value(form.value("next")).error(form.error("next")).max(longest::PART).rows(2).optional()
            .hint("More of it counts too."))
    }
}

fn read_words(form: &mut Form) -> Words {
    Words {
        situation: form.text("situation", longest::PART),
        behaviour: form.text("behaviour", longest::PART),
        impact: form.text("impact", longest::PART),
        next: form.maybe_text("next", longest::PART),
    }
}

async fn offer_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    offering(app, viewer, id, asked).await
}

async fn offering(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (company, about, pins, is_first, nonce) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::TakePart)?;
            let wanted = asked.value("about").parse::<PersonId>().ok();
            let others: Vec<PersonId> = company.relationship.others(&me).collect();
            let about = wanted.filter(|wanted| others.contains(wanted)).or(others.first().copied()).ok_or(Error::NotFound)?;
            let pins = pins::offered_together(tx, &me, id, about, asked.value("pin").parse().ok())?;
            let nonce = asked.nonce_to_send(tx.chance());
            Ok((company, about, pins, !verbs::has_given(tx, me.person)?, nonce))
        })
        .await?;
    let name = company.called(&viewer, about).to_owned();
    let back = format!("/relationships/{id}/feedback");
    let options = std::iter::once((String::new(), "Choose one".to_owned()))
        .chain(pins.iter().map(|(pin, words)| (pin.to_string(), page::shortened(words, 90))));
    let title = format!("Give {name} feedback");
    let body = html! {
        (PageHeader::new(title.clone()).back("Feedback", &back).lead(format!("On one thing that you both know. {name} decides what becomes of it, and you hear what came of it.")))
        (mend(&form))
        @if company.people.len() > 2 {
            p { "About: " @for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
                @if chip.id == about { strong { (chip.first_name()) } " " } @else { a href=(format!("/relationships/{id}/feedback/new?about={}", chip.id)) { (chip.first_name()) } " " }
            } }
        }
        @if pins.is_empty() {
            (page::empty(Icon::Pin, "What would it be about?", &format!("Feedback is pinned to one thing that you both know: a session you had, something {name} has taken on and shows you, a plan you share, or a decision. There is none yet."), &html! {}))
        } @else {
            (lessons::lesson("A short lesson in giving feedback", GIVING, is_first && form.is_empty()))
            p { (page::audience(&format!("Only you and {name}"))) }
            form.stack method="post" action=(back) data-draft="give-feedback" {
                input type="hidden" name="nonce" value=(nonce);
                input type="hidden" name="about" value=(about);
                (Field::select("pin", "What is it about?", options).value(form.value("pin")).error(form.error("pin")).required())
                (giving_fields(&form, &name))
                (page::actions(&html! { (Button::primary(&format!("Give it to {name}"))) (Button::quiet("Back").href(&back)) }))
            }
        }
    };
    Ok(Page::new(title, Section::Relationships, body).answering(&form))
}

async fn offer(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let pin = form.chosen::<Pin>(
        "pin",
        "Please pin it to something: a session, a decision, something taken on, or work from a plan. Feedback about nothing in particular helps nobody.",
    );
    let about: PersonId = form.value("about").parse().map_err(|_| Error::NotFound)?;
    let words = read_words(&mut form);
    let nonce = form.nonce("situation");
    let giving = Giving { relationship: id, about, pin, words, nonce };
    let me = viewer.clone();
    let then = |made| Go::to(format!("/feedback/{made}")).saying("Given. You hear what comes of it.");
    crate::web::does(&app.clone(), form, move |tx| verbs::offer(tx, &me, &giving), then, |form| offering(app, viewer, id, form)).await
}

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: FeedbackId, form: Form) -> Result<Page> {
    let (me, now) = (viewer.clone(), app.now());
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let gives = whole.told.item.gives(&viewer);
    let name = whole.about.first_name();
    let title = match (gives, whole.told.item.given_at.is_some()) {
        (true, true) => format!("Your feedback to {name}"),
        (true, false) => format!("{name} asks for your feedback"),
        (false, true) => format!("Feedback from {}", whole.giver),
        (false, false) => format!("You asked {}", whole.giver),
    };
    let today = now.in_zone(&viewer.zone).date();
    let page = Page::new(title.clone(), Section::Relationships, view(&whole, &viewer, &form, today, &title));
    Ok(page.answering(&form))
}

fn view(whole: &Whole, viewer: &Viewer, form: &Form, today: Date, title: &str) -> Markup {
    let (told, item) = (&whole.told, &whole.told.item);
    let gives = item.gives(viewer);
    let other = if gives { whole.about.first_name() } else { &whole.giver };
    let audience = page::audience(&format!("Only you and {other}"));
    let back = item.relationship.map_or_else(|| "/feedback".into(), |id| format!("/relationships/{id}/feedback"));
    let pin = Row::new(told.pin.clone()).icon(Icon::Pin);
    html! {
        (PageHeader::new(title.to_owned()).back("Feedback", &back))
        (mend(form))
        p { (audience) }
        (page::section("What it is about", &html! {}, &page::rows(&html! { @match &whole.pin_path { Some(path) => (pin.href(path.clone())), None => (pin) } })))
        @if let Some(question) = &told.question {
            (page::quotation(question, &format!("{}, {}", if gives { whole.about.first_name() } else { "You" }, viewer.date(item.made_at))))
        }
        @if item.state == FeedbackState::Asked { (asked(whole, viewer, form, gives)) }
        @if let Some(words) = &told.words { (given(words, gives)) }
        @if !gives && item.is_open_to(Deed::Thank) {
            (page::actions(&page::post_button(&format!("/feedback/{}/thank", item.id), &[], &Button::secondary(&format!("Thank {}", whole.giver)).icon(Icon::Heart))))
        }
        @if item.thanked_at.is_some() { p { (page::tag(&if gives { format!("{} thanked you", whole.about.first_name()) } else { "You said thank you".into() }, Tone::Laurel)) } }
        (became(whole, viewer, gives))
        @if !gives && item.is_open_to(Deed::Receive) { (receiving(whole, form, today)) }
        @if !gives && item.is_open_to(Deed::TellOutcome) { (telling(whole, form)) }
    }
}

fn asked(whole: &Whole, viewer: &Viewer, form: &Form, gives: bool) -> Markup {
    let (item, name) = (&whole.told.item, whole.about.first_name());
    let to = |deed: &str| format!("/feedback/{}/{deed}", item.id);
    let by = item.due_at.map(|at| (viewer.day(at - jiff::SignedDuration::from_secs(1)), at.jiff().to_string()));
    html! {
        @if let Some((by, at)) = &by {
            @let due = format!("by {by}");
            @let sentence = if gives { "Hoped for" } else { "Waiting for the answer" };
            (Clock { sentence, due: &due, due_at: at, tone: if gives { Tone::Amber } else { Tone::Plain } })
        }
        @if gives {
            (lessons::lesson("A short lesson in giving feedback", GIVING, whole.is_first && form.is_empty()))
            form.stack method="post" action=(to("give")) data-draft="feedback" {
                (giving_fields(form, name))
                (page::actions(&html! { (Button::primary(&format!("Give it to {name}"))) }))
            }
            (page::post_button(&to("pass"), &[], &Button::quiet("I would rather not")))
        } @else {
            (page::post_button(&to("withdraw"), &[], &Button::quiet("Take the question back").icon(Icon::Undo)))
        }
    }
}

fn given(words: &Words, gives: bool) -> Markup {
    let part = |title: &str, text: &str| html! { @if !text.is_empty() { h3.question-line { (title) } (page::paragraphs(text)) } };
    page::card(&html! {
        (part("When and where", &words.situation))
        (part(if gives { "What they did or said" } else { "What you did or said" }, &words.behaviour))
        (part("What it did", &words.impact))
        (part("Next time", &words.next))
    })
}

/// What was said to it, and what came of it; both read it.
fn became(whole: &Whole, viewer: &Viewer, gives: bool) -> Markup {
    let (told, item) = (&whole.told, &whole.told.item);
    let name = if gives { whole.about.first_name() } else { "You" };
    let line = match (item.state, gives) {
        (FeedbackState::Trying, true) => format!("{name} is trying it."),
        (FeedbackState::Trying, false) => "You are trying it.".into(),
        (FeedbackState::Parked, true) => format!("{name} keeps it for later."),
        (FeedbackState::Parked, false) => {
            item.next_at.map_or("You have parked it.".into(), |at| format!("You have parked it until {}.", viewer.day(at)))
        }
        (FeedbackState::Declined, true) => format!("{name} has thought about it, and decided otherwise."),
        (FeedbackState::Declined, false) => "You have declined it, and said why.".into(),
        (FeedbackState::Done, true) if item.outcome_at.is_some() => format!("{name} has done it."),
        (FeedbackState::Done, false) => "It is done.".into(),
        (FeedbackState::Given, true) => format!("{name} has not answered yet. You hear it when it happens."),
        (FeedbackState::Passed, false) => format!("{} would rather not answer. That says nothing about you.", whole.giver),
        (FeedbackState::Lapsed, false) => format!("{} did not find the time to answer.", whole.giver),
        (FeedbackState::Lapsed, true) => "The time for an answer is over.".into(),
        (FeedbackState::Passed, true) => "You would rather not answer, and that is fine.".into(),
        (FeedbackState::Withdrawn, _) => "The question was taken back.".into(),
        _ => return html! {},
    };
    let again = format!("/feedback/new?pin={}", item.pin());
    let inside = html! {
        p { (line) }
        @if let Some(reply) = &told.reply {
            @if !reply.heard.is_empty() { (page::quotation(&reply.heard, &format!("{name} heard"))) }
            @if !reply.words.is_empty() { (page::quotation(&reply.words, &format!("{name} said to it"))) }
        }
        @if let (Some(action), false) = (item.action_item, gives) { p { a href=(format!("/actions/{action}")) { "What you have taken on for it" } } }
        @if let Some(outcome) = &told.outcome { (page::quotation(outcome, "What came of it")) }
        @if !gives && matches!(item.state, FeedbackState::Passed | FeedbackState::Lapsed) { p { a href=(again) { "Ask somebody else" } } }
    };
    page::section("What became of it", &html! {}, &inside)
}

/// The four honest ways.
fn receiving(whole: &Whole, form: &Form, today: Date) -> Markup {
    let (item, giver) = (&whole.told.item, &whole.giver);
    let action = format!("/feedback/{}/receive", item.id);
    let chosen = form.value("way");
    let week = today.checked_add(7.days()).unwrap_or(today).to_string();
    let month = today.checked_add(30.days()).unwrap_or(today).to_string();
    let (from, tomorrow) = (today.to_string(), today.tomorrow().unwrap_or(today).to_string());
    let way = |way: Way, title: &str, button: &str, fields: &Markup| {
        let open = chosen == way.as_str();
        let heard = if open { form.value("heard") } else { "" };
        page::more_open(
            title,
            open,
            &html! {
                form.stack method="post" action=(action) data-draft=(way) {
                    input type="hidden" name="way" value=(way);
                    (Field::textarea("heard", "What you heard, in your own words").id(format!("f-heard-{way}")).value(heard).error(form.error("heard").filter(|_| open)).max(longest::HEARD).rows(2).optional())
                    (fields)
                    (page::actions(&html! { (Button::secondary(button)) }))
                }
            },
        )
    };
    let typed = |name: &str, way: Way| if chosen == way.as_str() { form.value(name).to_owned() } else { String::new() };
    let wrong = |name: &str, way: Way| form.error(name).filter(|_| chosen == way.as_str()).map(str::to_owned);
    let day = |way: Way, usual: &str| if chosen == way.as_str() && form.has("on") { form.value("on").to_owned() } else { usual.to_owned() };
    let inside = html! {
        (lessons::lesson("A short lesson in taking feedback", RECEIVING, whole.is_first && form.is_empty()))
        p { "There are four honest answers. " (giver) " hears which one you choose." }
        (way(Way::Try, "Try it", "Try it", &html! {
            (Field::textarea("words", "What will you try?").id("f-words-try").value(typed("words", Way::Try)).error(wrong("words", Way::Try).as_deref()).max(action_items::longest::WORDS).rows(2).required())
            (page::side_by_side(&html! {
                (Field::text("plan_if", "If …").value(typed("plan_if", Way::Try)).error(wrong("plan_if", Way::Try).as_deref()).hint("I show a chart again").max(action_items::longest::PLAN).required())
                (Field::text("plan_then", "then I …").value(typed("plan_then", Way::Try)).error(wrong("plan_then", Way::Try).as_deref()).hint("first say what it is about").max(action_items::longest::PLAN).required())
            }))
            (Field::date("on", "By which day?").id("f-on-try").value(day(Way::Try, &week)).between(from.as_str(), None).error(wrong("on", Way::Try).as_deref()).required())
            p.muted { "It stands among what you will do, with your plan. When it is done, " (giver) " hears what came of it." }
        }))
        (way(Way::Park, "Park it until a day", "Park it", &html! {
            (Field::date("on", "Until which day?").id("f-on-park").value(day(Way::Park, &month)).between(tomorrow.as_str(), None).error(wrong("on", Way::Park).as_deref()).required())
        }))
        (way(Way::Decline, "Decline it, and say why", "Decline it", &html! {
            (Field::textarea("words", "Why?").id("f-words-decline").value(typed("words", Way::Decline)).error(wrong("words", Way::Decline).as_deref()).hint(format!("{giver} reads it.")).max(longest::REPLY).rows(3).required())
        }))
        (way(Way::Done, "It is done already", "It is done", &html! {
            (Field::textarea("words", "What did you do?").id("f-words-done").value(typed("words", Way::Done)).error(wrong("words", Way::Done).as_deref()).hint(format!("{giver} reads it.")).max(longest::REPLY).rows(2).required())
        }))
    };
    page::section("What do you do with it?", &html! {}, &page::card(&inside))
}

fn telling(whole: &Whole, form: &Form) -> Markup {
    let giver = &whole.giver;
    page::section(
        "What came of it?",
        &html! {},
        &html! {
            form.stack method="post" action=(format!("/feedback/{}/outcome", whole.told.item.id)) data-draft="outcome" {
                (Field::textarea("outcome", "In your own words").value(form.value("outcome")).error(form.error("outcome")).hint(format!("{giver} reads it. Whoever hears what came of it speaks up again.")).max(longest::OUTCOME).rows(3).required())
                (page::actions(&html! { (Button::primary(&format!("Tell {giver}"))) }))
            }
        },
    )
}

async fn does(
    app: App,
    viewer: Viewer,
    id: FeedbackId,
    form: Form,
    said: String,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/feedback/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn give(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), read_words(&mut form));
    does(app, viewer, id, form, "Given. You hear what comes of it.".into(), move |tx| verbs::give(tx, &me, id, &words)).await
}
async fn pass(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, form, "That is fine.".into(), move |tx| verbs::pass(tx, &me, id)).await
}
async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, form, "Taken back.".into(), move |tx| verbs::withdraw(tx, &me, id)).await
}
async fn thank(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, form, "They hear it.".into(), move |tx| verbs::thank(tx, &me, id)).await
}

fn read_taking(form: &mut Form, way: Way) -> Option<(Taking, Said)> {
    let heard = form.maybe_text("heard", longest::HEARD);
    let taking = match way {
        Way::Try => {
            let words = form.text("words", action_items::longest::WORDS);
            let (when, then) = (form.text("plan_if", action_items::longest::PLAN), form.text("plan_then", action_items::longest::PLAN));
            let due_on = form.chosen::<Date>("on", "Please choose a day.");
            Taking::Try { words, plan: Plan { when, then }, due_on: due_on? }
        }
        Way::Park => Taking::Park { until: form.chosen::<Date>("on", "Please choose a day.")? },
        Way::Decline => Taking::Decline,
        Way::Done => Taking::Done,
    };
    let words = match way {
        Way::Decline | Way::Done => form.text("words", longest::REPLY),
        Way::Try | Way::Park => String::new(),
    };
    form.is_good().then_some((taking, Said { heard, words }))
}

async fn receive(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, mut form: Form) -> Result<Response> {
    let way: Way = form.value("way").parse().map_err(|_| Error::NotFound)?;
    let Some((taking, said)) = read_taking(&mut form, way) else { return Ok(shown(app, viewer, id, form).await?.into_response()) };
    let me = viewer.clone();
    match app.write(move |tx| verbs::receive(tx, &me, id, &taking, &said)).await {
        Ok(()) => {
            let said = match way {
                Way::Try => "It stands among what you will do.",
                Way::Park => "It comes back on that day.",
                Way::Decline => "Said, with why. That is an honest answer.",
                Way::Done => "They hear that it is done.",
            };
            Ok(Go::to(format!("/feedback/{id}")).saying(said).into_response())
        }
        Err(Error::Refused(refusal)) => {
            let form = if refusal.code == "day" {
                form.refuse("on", refusal.sentence);
                form
            } else {
                form.refused(refusal)
            };
            Ok(shown(app, viewer, id, form).await?.into_response())
        }
        Err(e) => Err(e),
    }
}

async fn outcome(State(app): State<App>, viewer: Viewer, Path(id): Path<FeedbackId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("outcome", longest::OUTCOME));
    does(app, viewer, id, form, "Told.".into(), move |tx| verbs::tell_outcome(tx, &me, id, &words)).await
}

// By the link, without an account.

async fn outside(State(app): State<App>, Path(token): Path<String>, Asked(asked): Asked) -> Result<Page> {
    behind(app, token, asked).await
}

async fn behind(app: App, token: String, form: Form) -> Result<Page> {
    let wanted = token.clone();
    let there = app.read(move |tx| verbs::behind(tx, &wanted)).await?;
    if !there.item.is_open_to(Deed::Give) {
        return Ok(over(&there.item, &there));
    }
    let name = there.asker.first_name().to_owned();
    let path = format!("/feedback/answer/{token}");
    let title = format!("{} asks for your feedback", there.asker.name);
    let passes = form.value("pass") == "yes";
    let body = html! {
        (PageHeader::new(title.clone()).lead(format!("On: {}", there.told.pin)))
        (mend(&form))
        @if let Some(question) = &there.told.question { (page::quotation(question, &there.asker.name)) }
        @if !passes {
            p { (page::audience(&format!("Only you and {name}"))) }
            (lessons::lesson("Feedback that helps, in six sentences", GIVING, false))
            form.stack method="post" action=(path) data-draft="outside" {
                input type="hidden" name="do" value="give";
                (giving_fields(&form, &name))
                (Field::checkbox("keep", format!("Write to me when {name} says what came of it")).checked(form.value("do") != "give" || form.ticked("keep"))
                    .hint("At most a thank-you and one letter, within ninety days. Without this, your address is forgotten at once."))
                (page::actions(&html! { (Button::primary(&format!("Send it to {name}"))) }))
            }
        }
        (page::more_open("I would rather not", passes, &html! {
            form.stack method="post" action=(path) {
                input type="hidden" name="do" value="pass";
                p { (name) " is told that you would rather not, and your address is forgotten." }
                (Field::checkbox("never", "Nobody here is to ask me for feedback again").id("f-never"))
                (page::actions(&html! { (Button::secondary("I would rather not")) }))
            }
        }))
        @if passes { p { a href=(path) { "Answer after all" } } }
    };
    Ok(Page::new(title, Section::None, body).answering(&form))
}

fn over(item: &Feedback, there: &Outside) -> Page {
    let name = there.asker.first_name();
    let (title, line) = match item.state {
        FeedbackState::Withdrawn => {
            ("This question was taken back", format!("{name} does not need an answer any more. Thank you all the same."))
        }
        FeedbackState::Lapsed => ("The time for this is over", format!("{name} was told that no answer came. That is fine.")),
        FeedbackState::Passed => ("You would rather not", "That is fine. Your address is forgotten.".to_owned()),
        _ => ("Thank you", format!("{name} reads what you wrote. This link has done its work; there is nothing else you have to do.")),
    };
    Page::new(title, Section::None, html! { (PageHeader::new(title)) p.lead { (line) } })
}

async fn answer_outside(State(app): State<App>, Path(token): Path<String>, mut form: Form) -> Result<Response> {
    let (wanted, path) = (token.clone(), format!("/feedback/answer/{token}"));
    if form.value("do") == "pass" {
        let never = form.ticked("never");
        app.write(move |tx| verbs::pass_from_outside(tx, &wanted, never)).await?;
        return Ok(Go::to(path).into_response());
    }
    let (words, keep) = (read_words(&mut form), form.ticked("keep"));
    let act = move |tx: &mut Tx| verbs::give_from_outside(tx, &wanted, &words, keep);
    crate::web::does(&app.clone(), form, act, |()| Go::to(path), |form| behind(app, token, form)).await
}

async fn both_lessons() -> Page {
    let body = html! {
        (PageHeader::new("Feedback, given and taken").lead("Two short lessons. Nobody is examined."))
        div.reading {
            h2 { "Giving it" } (lessons::list(GIVING))
            h2 { "Taking it" } (lessons::list(RECEIVING))
            p.muted { "These lessons are in the public domain (CC0): take them, change them, pass them on." }
        }
    };
    Page::new("Feedback, given and taken", Section::None, body)
}
