//! The wall of wins, one of them, and a note to it.

use super::verbs::{self, Told, Whole};
use super::win::{Source, WinId, Words, longest};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{Company, RelationshipId};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, does, mend};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::fmt::Write;

/// Whoever wrote a note and is not here any more.
const GONE: &str = "Someone who has left";
/// On the wall at once; all of them are in what one takes out.
const SHOWN: i64 = 200;

pub fn routes() -> Routes {
    Routes::new()
        .get("/wins", Needs::SignedIn, wall)
        .post("/wins", Needs::SignedIn, keep)
        .get("/wins.md", Needs::SignedIn, markdown)
        .get("/wins/new", Needs::SignedIn, new)
        .post("/wins/quiet", Needs::SignedIn, quiet)
        .get("/wins/{id}", Needs::Deed("win.see"), show)
        .post("/wins/{id}", Needs::Deed("win.change"), change)
        .post("/wins/{id}/share", Needs::Deed("win.change"), share)
        .post("/wins/{id}/take-down", Needs::Deed("win.change"), take_down)
        .post("/wins/{id}/note", Needs::Deed("win.note"), note)
}

fn path(id: WinId) -> String {
    format!("/wins/{id}")
}

/// On the first page of a relationship: what waits for a note, and what the other shares here.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let wins = verbs::of_relationship(tx, viewer, &company.relationship)?;
    let row = |told: &Told| {
        let waits = told.win.asked == Some(viewer.person) && told.win.note_at.is_none();
        let beside = if waits {
            page::tag("a note?", Tone::Laurel)
        } else {
            html! {}
        };
        html! { (Row::new(told.words.title.as_str()).href(path(told.win.id)).icon(Icon::Star).text(format!("{}, {}", company.called(viewer, told.win.owner), viewer.date(told.win.won_at))).beside(beside)) }
    };
    Ok((!wins.is_empty()).then(|| {
        page::section("Reached", &page::audience(&company.audience(viewer)), &page::rows(&html! { @for told in &wins { (row(told)) } }))
    }))
}

async fn wall(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (wins, quiet) = app.read(move |tx| verbs::own(tx, &me, SHOWN)).await?;
    let new = html! { (Button::primary("Write one down").href("/wins/new").icon(Icon::Plus)) };
    let body = html! {
        (PageHeader::new("What you have reached").back("Your goals", "/goals").lead("With what shows it, for the days on which you doubt it.")
            .actions(html! { @if !wins.is_empty() { (new) } }))
        p { (page::audience_me()) }
        div.live-page id="wall" hx-get="/wins" hx-select="#wall" hx-swap="outerMorph" hx-trigger="celebrations from:body delay:300ms" {
            @if wins.is_empty() {
                (page::empty(Icon::Star, "Nothing here yet", "A milestone that you reach on evidence comes here by itself, and so does a goal that the two of you agree is as far as you expected. You can also write down what nobody here knows of.", &new))
            }
            ol.wall { @for told in &wins { (on_the_wall(told, &viewer)) } }
        }
        @if !wins.is_empty() { p { a href="/wins.md" { "Take it all out, as Markdown" } } }
        (quietly(quiet))
    };
    Ok(Page::new("What you have reached", Section::Goals, body))
}

fn on_the_wall(told: &Told, viewer: &Viewer) -> Markup {
    html! {
        li.card.win {
            p.muted { time datetime=(told.win.won_at.jiff().to_string()) { (viewer.date(told.win.won_at)) } " · " (whence(told.win.source)) }
            h2 { a href=(path(told.win.id)) { (told.words.title) } }
            (shown_by(&told.words))
            @if let Some(note) = &told.note { (page::quotation(note, told.asked.as_deref().unwrap_or(GONE))) }
            @if told.win.shared_with.is_some() { p { (page::audience("You and one partner")) } }
        }
    }
}

fn whence(source: Source) -> &'static str {
    match source {
        Source::Milestone => "a milestone of a plan",
        Source::Rating => "a goal, as you two agreed",
        Source::Own => "in your own words",
    }
}

fn shown_by(words: &Words) -> Markup {
    html! {
        (page::paragraphs(&words.shown_by))
        @if let Some(link) = &words.link { p { a href=(link) rel="noopener noreferrer nofollow" { (link) } } }
    }
}

fn quietly(quiet: bool) -> Markup {
    let (now, button, value) = if quiet {
        (
            "It is quiet: nobody is asked for a note when you reach something, and you are told of none. The wall fills all the same.",
            "Let it be heard again",
            "no",
        )
    } else {
        (
            "When you reach something with somebody beside you, they are asked, once, for a note to you. If you would rather have none of that, keep it quiet: the wall fills all the same.",
            "Keep it quiet",
            "yes",
        )
    };
    page::more_open(
        "Quiet or not",
        quiet,
        &html! { p { (now) } (page::post_button("/wins/quiet", &[("quiet", value)], &Button::secondary(button))) },
    )
}

async fn quiet(State(app): State<App>, viewer: Viewer, form: Form) -> Result<Go> {
    let quiet = form.ticked("quiet");
    app.write(move |tx| verbs::set_quiet(tx, &viewer, quiet)).await?;
    Ok(Go::to("/wins").saying(if quiet { "It is quiet now. The wall fills all the same." } else { "It may be heard again." }))
}

// By hand.

async fn new(State(app): State<App>, _: Viewer) -> Result<Page> {
    written(app, Form::default()).await
}

async fn written(app: App, form: Form) -> Result<Page> {
    let nonce = form.nonce_to_send(&app.chance);
    let body = html! {
        (PageHeader::new("Something you reached").back("What you have reached", "/wins").lead("Large or small. Say it so that you believe it a year from now."))
        (mend(&form))
        form.stack method="post" action="/wins" {
            input type="hidden" name="nonce" value=(nonce);
            (fields(&form))
            (page::actions(&html! { (Button::primary("Put it on the wall")) (Button::quiet("Back").href("/wins")) }))
        }
    };
    Ok(Page::new("Something you reached", Section::Goals, body).answering(&form))
}

fn fields(form: &Form) -> Markup {
    html! {
        (Field::text("title", "What did you reach?").value(form.value("title")).error(form.error("title")).max(longest::TITLE).required())
        (Field::textarea("shown_by", "What shows it?").value(form.value("shown_by")).error(form.error("shown_by")).hint("What somebody said or did, what is there now that was not there before. A sentence, a link, or both.").max(longest::SHOWN).rows(4))
        (Field::url("link", "A link to it").value(form.value("link")).error(form.error("link")).optional())
    }
}

fn read_words(form: &mut Form) -> Words {
    Words { title: form.text("title", longest::TITLE), shown_by: form.maybe_text("shown_by", longest::SHOWN), link: form.link("link") }
}

async fn keep(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let words = read_words(&mut form);
    let nonce = form.nonce("title");
    let act = move |tx: &mut Tx| verbs::keep(tx, &viewer, &words, &nonce);
    does(&app.clone(), form, act, |_| Go::to("/wins").saying("It is on the wall."), |form| written(app, form)).await
}

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<WinId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: WinId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let mine = viewer.is(whole.told.win.owner);
    let body = if mine { own(&whole, &viewer, &form) } else { of_partner(&whole, &viewer, &form) };
    let section = if mine { Section::Goals } else { Section::Relationships };
    Ok(Page::new(whole.told.words.title, section, body).answering(&form))
}

fn own(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let (win, words) = (&whole.told.win, &whole.told.words);
    let who = whole.company.as_ref().map_or_else(page::audience_me, |company| page::audience(&company.audience(viewer)));
    let chosen = win.shared_with.map_or_else(String::new, |id| id.to_string());
    let mut with =
        Choices::cards("with", "Who sees this one?").described("", "Only I", "As everything on the wall.").error(form.error("with"));
    for (id, name) in &whole.pairs {
        with = with.described(id.to_string(), format!("{name} and I"), "This one, and nothing else on the wall.");
    }
    let mut typed = Form::of([
        ("title", words.title.as_str()),
        ("shown_by", words.shown_by.as_str()),
        ("link", words.link.as_deref().unwrap_or_default()),
    ]);
    if form.has("title") {
        typed = form.clone();
    }
    let way_back = match (win.source, win.from) {
        (Source::Milestone, Some(plan)) => Some(("The plan it comes from", format!("/plans/{}", plan.simple()))),
        (Source::Rating, Some(goal)) => Some(("The goal it comes from", format!("/attainment/{}", goal.simple()))),
        _ => None,
    };
    html! {
        (PageHeader::new(words.title.as_str()).back("What you have reached", "/wins").lead(viewer.date(win.won_at)))
        (mend(form))
        p { (who) }
        (shown_by(words))
        @match (&whole.told.note, &whole.told.asked) {
            (Some(note), by) => (page::quotation(note, by.as_deref().unwrap_or(GONE))),
            (None, Some(by)) => p.muted { (by) " was asked whether they want to write you a note. They read the line above, and not what shows it." },
            (None, None) => {},
        }
        @if let Some((label, href)) = &way_back { p { a href=(href) { (label) } } }
        @if !whole.pairs.is_empty() || win.shared_with.is_some() {
            (page::section("Who sees it", &html! {}, &html! {
                form.stack method="post" action={ (path(win.id)) "/share" } { (with.chosen(&chosen)) (page::actions(&html! { (Button::secondary("Keep it so")) })) }
            }))
        }
        (page::more_open("Change it", form.has("title"), &html! {
            form.stack method="post" action=(path(win.id)) { (fields(&typed)) (page::actions(&html! { (Button::secondary("Keep it like this")) })) }
        }))
        (page::more("Take it down", &html! {
            p { "It goes for good, and the note that was written to it with it." }
            (page::post_button(&format!("{}/take-down", path(win.id)), &[], &Button::secondary("Take it down").icon(Icon::Bin)))
        }))
    }
}

/// For whoever is asked for a note, or for whom it is shared.
fn of_partner(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let (win, words) = (&whole.told.win, &whole.told.words);
    let back = whole.company.as_ref().map_or_else(|| "/today".to_owned(), |company| format!("/relationships/{}", company.relationship.id));
    html! {
        (PageHeader::new(words.title.as_str()).back("Where you two meet", &back).lead(format!("{} reached this on {}.", whole.owner, viewer.date(win.won_at))))
        (mend(form))
        @if let Some(company) = &whole.company { p { (page::audience(&company.audience(viewer))) } }
        (shown_by(words))
        @if let Some(note) = &whole.told.note { (page::quotation(note, "Your note")) }
        @if whole.may_note {
            form.stack method="post" action={ (path(win.id)) "/note" } {
                (Field::textarea("note", format!("A note to {}", whole.owner)).value(form.value("note")).error(form.error("note"))
                    .hint("What did you see on the way that they may not have seen? It stands beside what they reached, and can be written once.").max(longest::NOTE).rows(4).required())
                (page::actions(&html! { (Button::primary(&format!("Give it to {}", whole.owner))) (Button::quiet("Not this time").href(&back)) }))
            }
        }
    }
}

async fn change(State(app): State<App>, viewer: Viewer, Path(id): Path<WinId>, mut form: Form) -> Result<Response> {
    let words = read_words(&mut form);
    let me = viewer.clone();
    let then = |()| Go::to(path(id)).saying("It is kept.");
    does(&app.clone(), form, move |tx| verbs::change(tx, &me, id, &words), then, |form| shown(app, viewer, id, form)).await
}

async fn share(State(app): State<App>, viewer: Viewer, Path(id): Path<WinId>, mut form: Form) -> Result<Response> {
    let with = form.parsed::<RelationshipId>("with", "Please choose one.");
    let me = viewer.clone();
    let said = if with.is_some() { "They see this one now." } else { "Only you see it now." };
    let then = |()| Go::to(path(id)).saying(said);
    does(&app.clone(), form, move |tx| verbs::share(tx, &me, id, with), then, |form| shown(app, viewer, id, form)).await
}

async fn take_down(State(app): State<App>, viewer: Viewer, Path(id): Path<WinId>) -> Result<Go> {
    app.write(move |tx| verbs::take_down(tx, &viewer, id)).await?;
    Ok(Go::to("/wins").saying("It is taken down."))
}

async fn note(State(app): State<App>, viewer: Viewer, Path(id): Path<WinId>, mut form: Form) -> Result<Response> {
    let words = form.text("note", longest::NOTE);
    let me = viewer.clone();
    let then = |()| Go::to(path(id)).saying("It stands beside what they reached.");
    does(&app.clone(), form, move |tx| verbs::give_note(tx, &me, id, &words), then, |form| shown(app, viewer, id, form)).await
}

async fn markdown(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    let me = viewer.clone();
    let (wins, _) = app.read(move |tx| verbs::own(tx, &me, super::win::MOST_WINS)).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"wins.md\"")];
    Ok((headers, as_markdown(&wins, &viewer)).into_response())
}

/// Everything as one text that any editor opens, the first first.
fn as_markdown(wins: &[Told], viewer: &Viewer) -> String {
    let mut text = String::from("# What I have reached\n");
    for told in wins.iter().rev() {
        let _ = write!(text, "\n## {}\n\n*{}, {}*\n", told.words.title, viewer.date(told.win.won_at), whence(told.win.source));
        if !told.words.shown_by.is_empty() {
            let _ = write!(text, "\n{}\n", told.words.shown_by);
        }
        if let Some(link) = &told.words.link {
            let _ = write!(text, "\n<{link}>\n");
        }
        if let Some(note) = &told.note {
            let _ = write!(text, "\n> {}\n", note.replace('\n', "\n> "));
        }
    }
    text
}
