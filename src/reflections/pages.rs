//! Reflections on screen: writing, reading again, choosing the lines that a partner reads, and taking everything out.

use super::model::Model;
use super::reflection::{Answer, Draft, LONGEST, Line, Reflection, ReflectionId, Verdict};
use super::verbs::{self, Choosing, Listed, Passage, Place, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{self, Company, RelationshipId};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const SCRIPT: &str = crate::assets::url("reflections.js");

pub fn routes() -> Routes {
    Routes::new()
        .get("/reflections", Needs::SignedIn, list)
        .post("/reflections", Needs::SignedIn, write)
        .get("/reflections.md", Needs::SignedIn, markdown)
        .get("/reflections/new", Needs::SignedIn, new)
        .get("/reflections/{id}", Needs::Deed("reflection.see"), show)
        .post("/reflections/{id}/answer", Needs::Deed("reflection.answer"), answer)
        .post("/reflections/{id}/snooze", Needs::Deed("reflection.answer"), snooze)
        .post("/reflections/{id}/rest", Needs::Deed("reflection.answer"), rest)
        .get("/reflections/{id}/edit", Needs::Deed("reflection.change"), edit)
        .post("/reflections/{id}/edit", Needs::Deed("reflection.change"), change)
        .post("/reflections/{id}/delete", Needs::Deed("reflection.delete"), delete)
        .get("/reflections/{id}/share", Needs::Deed("reflection.share"), choose)
        .post("/reflections/{id}/share", Needs::Deed("reflection.share"), share)
        .post("/reflections/{id}/take-back", Needs::Deed("reflection.share"), take_back)
        .get("/relationships/{id}/reflections", Needs::Deed("relationship.see"), together)
}

/// On the first page of a relationship: that something is shared.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let id = company.relationship.id;
    let passages = verbs::passages(tx, viewer, &company.relationship)?;
    let Some(latest) = passages.first() else { return Ok(None) };
    let who = company.called(viewer, latest.person);
    let line = format!("{who}, {}: {}", viewer.day(latest.shared_at), latest.lines.first().map_or("", |line| &line.words));
    let row = Row::new(if passages.len() == 1 { "Lines of a reflection" } else { "Lines of reflections" })
        .href(format!("/relationships/{id}/reflections"))
        .icon(Icon::Leaf)
        .text(page::shortened(&line, 140));
    Ok(Some(page::section("Shared reflections", &page::audience(&company.audience(viewer)), &page::rows(&html! { (row) }))))
}

// The list, on which one writes at once.

async fn list(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    let (me, before) = (viewer.clone(), asked.value("before").parse::<ReflectionId>().ok());
    let (listed, nonce) = app.read(move |tx| Ok((verbs::list(tx, &me, before)?, tx.token()))).await?;
    Ok(Page::new("Reflections", Section::Goals, list_view(&listed, &viewer, &nonce, before.is_none())))
}

fn list_view(listed: &Listed, viewer: &Viewer, nonce: &str, is_first: bool) -> Markup {
    let older = listed.more.map(|id| format!("/reflections?before={id}"));
    html! {
        (PageHeader::new("Reflections").back("Goals", "/goals").lead("What you write for yourself stays yours. Nobody reads a line of it unless you share that line."))
        @if is_first {
            (drafts(viewer))
            @if !listed.back.is_empty() {
                (page::section("Still true?", &page::audience_me(), &page::rows(&html! { @for one in &listed.back { (row(one, listed, viewer)) } })))
            }
            (page::section("Write", &page::audience_me(), &html! {
                (writing(Model::Free, viewer, nonce, &Form::default()))
                (page::more("Or let a few questions guide you", &page::rows(&html! {
                    @for model in Model::ALL.iter().filter(|model| **model != Model::Free) {
                        (Row::new(model.title()).href(format!("/reflections/new?model={model}")).icon(Icon::Compass).text(model.describes()))
                    }
                })))
            }))
        }
        @if !listed.reflections.is_empty() {
            (page::section("What you wrote", &html! { a href="/reflections.md" { "Take it all out, as Markdown" } }, &page::rows(&html! {
                @for one in &listed.reflections { (row(one, listed, viewer)) }
            })))
            @if older.is_some() || !is_first { (page::pagination((!is_first).then_some("/reflections"), older.as_deref(), "")) }
        }
    }
}

fn row(reflection: &Reflection, listed: &Listed, viewer: &Viewer) -> Markup {
    let shared = listed.shared.get(&reflection.id);
    let meta = html! {
        span { (viewer.date(reflection.written_at)) }
        @match shared {
            Some(names) => (page::audience(&format!("Some lines: you and {}", names.join(", ")))),
            None => (page::audience_me()),
        }
    };
    let tag = if reflection.is_back() {
        page::tag("still true?", Tone::Amber)
    } else {
        html! {}
    };
    let row = Row::new(page::shortened(reflection.beginning(), 110)).href(format!("/reflections/{}", reflection.id)).icon(Icon::Leaf);
    let row = row.meta(meta).beside(tag);
    html! { @if reflection.model == Model::Free { (row) } @else { (row.text(reflection.model.title())) } }
}

/// Where the script says what this browser keeps that was not sent yet. Empty, and hidden, without it.
fn drafts(viewer: &Viewer) -> Markup {
    html! {
        div.reflection-drafts data-reflection-drafts=(viewer.person) role="status" hidden {}
        script src=(SCRIPT) defer {}
    }
}

// Writing.

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    let model = asked.value("model").parse().unwrap_or(Model::Free);
    let nonce = app.chance.token();
    Ok(writing_page(model, &viewer, &nonce, &Form::default()))
}

fn writing_page(model: Model, viewer: &Viewer, nonce: &str, form: &Form) -> Page {
    let body = html! {
        (PageHeader::new(model.title()).back("Reflections", "/reflections").lead(if model == Model::Free { "Whatever is on your mind." } else { "Answer what helps, and leave out the rest." }))
        (mend(form))
        (drafts(viewer))
        p { (page::audience_me()) }
        (writing(model, viewer, nonce, form))
    };
    Page::new(model.title(), Section::Goals, body).answering(form)
}

fn writing(model: Model, viewer: &Viewer, nonce: &str, form: &Form) -> Markup {
    let comes_back = form.is_empty() || form.ticked("comes_back");
    html! {
        form.stack.reflecting method="post" action="/reflections" data-reflection=(viewer.person) {
            input type="hidden" name="nonce" value=(nonce);
            input type="hidden" name="model" value=(model);
            (texts(model, form, &[]))
            (Field::checkbox("comes_back", "Let it come back after 2, 7, 21 and 60 days").checked(comes_back).hint("It then asks whether it is still true. You can put that off, or end it, at any time."))
            p.muted data-reflection-state role="status" {}
            (page::actions(&html! { (Button::primary("Keep it")) }))
        }
    }
}

fn texts(model: Model, form: &Form, now: &[String]) -> Markup {
    let labels: Vec<&str> = if model == Model::Free { vec!["What is on your mind?"] } else { model.questions().to_vec() };
    html! {
        @for (n, label) in labels.iter().enumerate() {
            @let name = text_name(n);
            @let typed = if form.has(&name) { form.value(&name).to_owned() } else { now.get(n).cloned().unwrap_or_default() };
            @let error = form.error(&name).map(str::to_owned);
            (Field::textarea(name, *label).value(typed).error(error.as_deref()).max(LONGEST).rows(if model == Model::Free { 6 } else { 3 }))
        }
    }
}

fn text_name(n: usize) -> String {
    format!("text-{n}")
}

fn read_texts(form: &mut Form, model: Model) -> Vec<String> {
    let texts: Vec<String> = (0..model.parts()).map(|n| form.maybe_text(&text_name(n), LONGEST)).collect();
    if texts.iter().all(String::is_empty) {
        form.refuse(&text_name(0), "Please write a line first.");
    }
    texts
}

async fn write(State(app): State<App>, viewer: Viewer, headers: HeaderMap, mut form: Form) -> Result<Response> {
    let model = form.value("model").parse().map_err(|_| Error::NotFound)?;
    let texts = read_texts(&mut form, model);
    let nonce = form.nonce(&text_name(0));
    let (me, comes_back, again) = (viewer.clone(), form.ticked("comes_back"), nonce.clone());
    if !form.is_good() {
        return Ok(writing_page(model, &viewer, &again, &form).into_response());
    }
    let draft = Draft { model, texts, comes_back, nonce };
    match app.write(move |tx| verbs::write(tx, &me, &draft)).await {
        // A script learns where it is, and forgets what it has kept.
        Ok(id) if by_script(&headers) => Ok(Json(json!({ "at": format!("/reflections/{id}") })).into_response()),
        Ok(id) => Ok(Go::to(format!("/reflections/{id}")).saying("Kept. Only you see it.").into_response()),
        Err(Error::Refused(refusal)) => Ok(writing_page(model, &viewer, &again, &form.refused(refusal)).into_response()),
        Err(e) => Err(e),
    }
}

fn by_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json")
}

// Reading one again.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: ReflectionId, form: Form) -> Result<Page> {
    let (me, now) = (viewer.clone(), app.now());
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let today = now.in_zone(&viewer.zone).date();
    let title = viewer.date(whole.reflection.written_at);
    let page = Page::new(title.clone(), Section::Goals, view(&whole, &viewer, &form, today, &title));
    Ok(page.answering(&form))
}

fn view(whole: &Whole, viewer: &Viewer, form: &Form, today: Date, title: &str) -> Markup {
    let reflection = &whole.reflection;
    let to = |deed: &str| format!("/reflections/{}/{deed}", reflection.id);
    let guided = (reflection.model != Model::Free).then(|| format!("{}.", reflection.model.title()));
    let changed = reflection.changed_at.map(|changed| format!("Last changed on {}.", viewer.date(changed)));
    let lead: Vec<String> = guided.into_iter().chain(changed).collect();
    let edit = to("edit");
    let header = PageHeader::new(title).back("Reflections", "/reflections");
    let header = if lead.is_empty() { header } else { header.lead(lead.join(" ")) };
    html! {
        (header.actions(html! { (Button::quiet("Change it").icon(Icon::Pencil).href(&edit)) }))
        (mend(form))
        (page::section("What you wrote", &page::audience_me(), &page::card(&html! {
            @for (n, text) in reflection.texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                @if let Some(question) = reflection.model.questions().get(n) { h3.question-line { (question) } }
                (page::paragraphs(text))
            }
        })))
        @if reflection.is_back() { (still_true(reflection, viewer, form, today)) }
        @if !whole.answers.is_empty() {
            (page::section("When it came back", &page::audience_me(), &page::rows(&html! { @for answer in &whole.answers { (answered(answer, viewer)) } })))
        }
        (sharing(whole, viewer))
        @if !reflection.is_back() { (coming_back(reflection, viewer, form, today)) }
        (page::more("Delete it", &page::confirmation(&to("delete"), "It is gone for good, and nobody reads the lines of it that you shared any more.", &Button::danger("Delete it"), &format!("/reflections/{}", reflection.id))))
    }
}

fn answered(answer: &Answer, viewer: &Viewer) -> Markup {
    let row = Row::new(answer.verdict.words()).icon(Icon::Check).meta(html! { span { (viewer.date(answer.at)) } });
    html! { @if answer.words.is_empty() { (row) } @else { (row.text(answer.words.clone())) } }
}

fn still_true(reflection: &Reflection, viewer: &Viewer, form: &Form, today: Date) -> Markup {
    let action = format!("/reflections/{}/answer", reflection.id);
    let inside = html! {
        p { "You wrote this on " (viewer.date(reflection.written_at)) ". How is it today?" }
        (page::actions(&html! {
            (page::post_button(&action, &[("verdict", Verdict::Still.as_str())], &Button::primary("Still true")))
            (page::post_button(&action, &[("verdict", Verdict::NoLonger.as_str())], &Button::secondary("No longer true")))
        }))
        (page::more_open("It has changed", !form.value("words").is_empty() || form.error("words").is_some(), &html! {
            form.stack method="post" action=(action) data-draft="changed" {
                input type="hidden" name="verdict" value=(Verdict::Changed);
                (Field::textarea("words", "What is it now?").value(form.value("words")).error(form.error("words")).max(LONGEST).rows(3).required())
                (page::actions(&html! { (Button::secondary("Keep what changed")) }))
            }
        }))
        (another_day(reflection, form, today, "Ask me on another day"))
        (page::post_button(&format!("/reflections/{}/rest", reflection.id), &[], &Button::quiet("Do not bring it back any more")))
        p.muted { "What is no longer true does not come back either." }
    };
    page::section("Still true?", &page::audience_me(), &page::card(&inside))
}

fn coming_back(reflection: &Reflection, viewer: &Viewer, form: &Form, today: Date) -> Markup {
    let inside = html! {
        @match reflection.return_at {
            Some(at) => p { "It comes back on " (viewer.day(at)) " and asks whether it is still true." },
            None => p { "It rests, and does not come back by itself." },
        }
        (another_day(reflection, form, today, "Choose a day"))
        @if reflection.return_at.is_some() {
            (page::post_button(&format!("/reflections/{}/rest", reflection.id), &[], &Button::quiet("Do not bring it back any more")))
        }
    };
    page::section("Coming back", &html! {}, &inside)
}

fn another_day(reflection: &Reflection, form: &Form, today: Date, label: &str) -> Markup {
    let tomorrow = today.tomorrow().unwrap_or(today).to_string();
    let week = today.checked_add(7.days()).unwrap_or(today).to_string();
    let day = if form.has("on") { form.value("on").to_owned() } else { week };
    page::more(
        label,
        &html! {
            form.stack method="post" action=(format!("/reflections/{}/snooze", reflection.id)) {
                (Field::date("on", "On which day?").value(day).between(tomorrow.as_str(), None).error(form.error("on")).required())
                (page::actions(&html! { (Button::secondary("Bring it back then")) }))
            }
        },
    )
}

fn sharing(whole: &Whole, viewer: &Viewer) -> Markup {
    let id = whole.reflection.id;
    let share = |with: RelationshipId| format!("/reflections/{id}/share?with={with}");
    html! {
        @for Place { company, lines } in &whole.shared {
            @let with = company.relationship.id;
            (page::section(&format!("What {} reads", company.name(viewer)), &page::audience(&company.audience(viewer)), &html! {
                (page::card(&shared_lines(lines)))
                (page::actions(&html! {
                    (Button::secondary("Choose the lines").href(&share(with)))
                    (page::post_button(&format!("/reflections/{id}/take-back"), &[("with", &with.to_string())], &Button::quiet("Take it all back").icon(Icon::Undo).context(company.name(viewer))))
                }))
            }))
        }
        @if !whole.others.is_empty() {
            (page::more("Share lines of it", &page::rows(&html! {
                @for (with, name) in &whole.others {
                    (Row::new(format!("With {name}")).href(share(*with)).icon(Icon::People).text("You choose each line, and see beforehand exactly what will be read."))
                }
            })))
        }
    }
}

/// Lines as those who may read them see them.
fn shared_lines(lines: &[Line]) -> Markup {
    html! {
        @for (n, line) in lines.iter().enumerate() {
            @if !line.question.is_empty() && n.checked_sub(1).is_none_or(|before| lines[before].question != line.question) {
                h3.question-line { (line.question) }
            }
            p.written { (line.words) }
        }
    }
}

async fn does(
    app: App,
    viewer: Viewer,
    id: ReflectionId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/reflections/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn answer(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, mut form: Form) -> Result<Response> {
    let verdict: Verdict = form.value("verdict").parse().map_err(|_| Error::NotFound)?;
    let words = match verdict {
        Verdict::Changed => form.text("words", LONGEST),
        Verdict::Still | Verdict::NoLonger => form.maybe_text("words", LONGEST),
    };
    let me = viewer.clone();
    let said = match verdict {
        Verdict::Still => "Good to know.",
        Verdict::Changed => "Kept beside what you wrote.",
        Verdict::NoLonger => "Then it rests. It stays where it is.",
    };
    does(app, viewer, id, form, said, move |tx| verbs::answer(tx, &me, id, verdict, &words)).await
}

async fn snooze(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, mut form: Form) -> Result<Response> {
    let Some(day) = form.chosen::<Date>("on", "Please choose a day.") else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    does(app, viewer, id, form, "It comes back then.", move |tx| verbs::snooze(tx, &me, id, day)).await
}

async fn rest(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, form, "It rests now.", move |tx| verbs::rest(tx, &me, id)).await
}

async fn edit(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>) -> Result<Page> {
    edited(app, viewer, id, Form::default()).await
}

async fn edited(app: App, viewer: Viewer, id: ReflectionId, form: Form) -> Result<Page> {
    let whole = app.read(move |tx| verbs::read(tx, &viewer, id)).await?;
    let (reflection, back) = (&whole.reflection, format!("/reflections/{id}"));
    let body = html! {
        (PageHeader::new("Change it").back("Back", &back))
        (mend(&form))
        p { (page::audience_me()) }
        form.stack method="post" action=(format!("{back}/edit")) data-draft="reflection" {
            (texts(reflection.model, &form, &reflection.texts))
            (page::actions(&html! { (Button::primary("Keep the change")) (Button::quiet("Leave it as it was").href(&back)) }))
        }
    };
    Ok(Page::new("Change it", Section::Goals, body).answering(&form))
}

async fn change(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let model = app.read(move |tx| verbs::read(tx, &me, id)).await?.reflection.model;
    let (me, texts) = (viewer.clone(), read_texts(&mut form, model));
    let then = |()| Go::to(format!("/reflections/{id}")).saying("Changed.");
    crate::web::does(&app.clone(), form, move |tx| verbs::change(tx, &me, id, &texts), then, |form| edited(app, viewer, id, form)).await
}

async fn delete(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>) -> Result<Go> {
    app.write(move |tx| verbs::delete(tx, &viewer, id)).await?;
    Ok(Go::to("/reflections").saying("Gone."))
}

// Choosing what a partner reads.

fn with(form: &Form) -> Result<RelationshipId> {
    form.value("with").parse().map_err(|_| Error::NotFound)
}

async fn choose(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, Asked(asked): Asked) -> Result<Page> {
    let (me, relationship) = (viewer.clone(), with(&asked)?);
    let choosing = app.read(move |tx| verbs::choosing(tx, &me, id, relationship)).await?;
    Ok(choose_view(&choosing, &viewer, &choosing.shared))
}

fn choose_view(choosing: &Choosing, viewer: &Viewer, chosen: &BTreeSet<i64>) -> Page {
    let Choosing { reflection, company, lines, .. } = choosing;
    let (back, name) = (format!("/reflections/{}", reflection.id), company.everybody(viewer));
    let mut choices = Choices::checkboxes("line", format!("Which lines may {name} read?"));
    for line in lines {
        let number = line.number.to_string();
        choices = match line.question.as_str() {
            "" => choices.choice(number.clone(), line.words.clone()),
            question => choices.described(number.clone(), line.words.clone(), question.to_owned()),
        };
        if chosen.contains(&line.number) {
            choices = choices.chosen(&number);
        }
    }
    let title = format!("Share lines with {name}");
    let body = html! {
        (PageHeader::new(title.clone()).back("Back", &back).lead("Tick what may be read. Nothing else of what you wrote is shown, and you can take each line back."))
        form.stack method="post" action=(format!("{back}/share")) {
            input type="hidden" name="with" value=(company.relationship.id);
            (choices)
            (page::actions(&html! { (Button::primary(&format!("See what {name} will read")).sends("do", "look")) (Button::quiet("Back").href(&back)) }))
        }
    };
    Page::new(title, Section::Goals, body)
}

/// Exactly what will be read, before anybody reads it.
fn look_view(choosing: &Choosing, viewer: &Viewer, chosen: &BTreeSet<i64>) -> Page {
    let Choosing { reflection, company, lines, .. } = choosing;
    let name = company.everybody(viewer);
    let lines: Vec<Line> = lines.iter().filter(|line| chosen.contains(&line.number)).cloned().collect();
    let title = format!("This is what {name} will read");
    let body = html! {
        (PageHeader::new(title.clone()))
        p { (page::audience(&company.audience(viewer))) }
        @if lines.is_empty() {
            (page::empty(Icon::Lock, "Nothing of it", "What was shared before is taken back.", &html! {}))
        } @else { (page::card(&shared_lines(&lines))) }
        form.stack method="post" action=(format!("/reflections/{}/share", reflection.id)) {
            input type="hidden" name="with" value=(company.relationship.id);
            @for line in &lines { input type="hidden" name="line" value=(line.number); }
            (page::actions(&html! {
                (Button::primary(if lines.is_empty() { "Take it back" } else { "Share exactly this" }).sends("do", "share"))
                (Button::quiet("Choose again").sends("do", "choose"))
            }))
        }
    };
    Page::new(title, Section::Goals, body)
}

async fn share(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, form: Form) -> Result<Response> {
    let relationship = with(&form)?;
    let chosen: BTreeSet<i64> = form.values("line").iter().filter_map(|line| line.parse().ok()).collect();
    if form.value("do") == "share" {
        let said = if chosen.is_empty() { "Taken back. Only you see it." } else { "Shared." };
        app.write(move |tx| verbs::share(tx, &viewer, id, relationship, &chosen)).await?;
        return Ok(Go::to(format!("/reflections/{id}")).saying(said).into_response());
    }
    let me = viewer.clone();
    let choosing = app.read(move |tx| verbs::choosing(tx, &me, id, relationship)).await?;
    let view = if form.value("do") == "look" { look_view } else { choose_view };
    Ok(view(&choosing, &viewer, &chosen).into_response())
}

async fn take_back(State(app): State<App>, viewer: Viewer, Path(id): Path<ReflectionId>, mut form: Form) -> Result<Go> {
    let (relationship, number) = (with(&form)?, form.parsed::<i64>("line", "There is no such line."));
    app.write(move |tx| verbs::take_back(tx, &viewer, id, relationship, number)).await?;
    let to = if number.is_some() { format!("/relationships/{relationship}/reflections") } else { format!("/reflections/{id}") };
    Ok(Go::to(to).saying("Taken back."))
}

async fn together(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, passages) = app.read(move |tx| verbs::shared_in(tx, &me, id)).await?;
    let body = html! {
        div.part-stack id="shared-reflections" hx-get=(format!("/relationships/{id}/reflections")) hx-select="#shared-reflections" hx-swap="outerHTML" hx-trigger="reflections from:body delay:300ms" {
            @if passages.is_empty() {
                (page::empty(Icon::Leaf, "Nothing is shared", "What each of you writes for yourselves is read by nobody else. Who wants to, shares a line of it here.", &html! {}))
            }
            @for passage in &passages { (passage_view(passage, &company, &viewer)) }
        }
        p { a href="/reflections" { "Your own reflections" } }
    };
    Ok(relationships::tab(&company, &viewer, "Reflections", &body))
}

fn passage_view(passage: &Passage, company: &Company, viewer: &Viewer) -> Markup {
    let mine = viewer.is(passage.person);
    let title = format!("{}, {}", company.called(viewer, passage.person), viewer.day(passage.shared_at));
    let (action, with) = (format!("/reflections/{}/take-back", passage.reflection), company.relationship.id.to_string());
    let own = format!("/reflections/{}", passage.reflection);
    page::section(
        &title,
        &page::audience(&company.audience(viewer)),
        &page::card(&html! {
            @if mine {
                @for line in &passage.lines {
                    @if !line.question.is_empty() { h3.question-line { (line.question) } }
                    div.shared-line {
                        p.written { (line.words) }
                        (page::post_button(&action, &[("with", &with), ("line", &line.number.to_string())], &Button::quiet("Take it back").small().icon(Icon::Undo).context(&line.words)))
                    }
                }
                p { a href=(own) { "All that you wrote" } }
            } @else { (shared_lines(&passage.lines)) }
        }),
    )
}

// Taking everything out.

async fn markdown(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    let me = viewer.clone();
    let all = app.read(move |tx| verbs::everything(tx, me.person)).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"reflections.md\"")];
    Ok((headers, as_markdown(&all, &viewer)).into_response())
}

/// Everything as one text that any editor opens, the first first.
fn as_markdown(all: &[(Reflection, Vec<Answer>)], viewer: &Viewer) -> String {
    let mut text = String::from("# Reflections\n");
    for (reflection, answers) in all {
        let _ = write!(text, "\n## {}\n", viewer.date(reflection.written_at));
        if reflection.model != Model::Free {
            let _ = write!(text, "\n*{}*\n", reflection.model.title());
        }
        for (n, words) in reflection.texts.iter().enumerate().filter(|(_, words)| !words.is_empty()) {
            match reflection.model.questions().get(n) {
                Some(question) => drop(write!(text, "\n### {question}\n\n{words}\n")),
                None => drop(write!(text, "\n{words}\n")),
            }
        }
        for answer in answers {
            let _ = write!(text, "\n- {}, {}", answer.verdict.words(), viewer.date(answer.at));
            let indented = answer.words.replace('\n', "\n  ");
            let _ = if answer.words.is_empty() { writeln!(text, ".") } else { writeln!(text, ":\n\n  {indented}") };
        }
    }
    text
}
