//! The notebook on screen.

use super::kept::{Deed, Kept, KeptId, LONGEST};
use super::verbs::{self, Notebook};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::{Asked, Form};
use crate::library;
use crate::page::{self, Button, Field, Icon, Row, Tone};
use crate::relationships::{self, Company, RelationshipId, tab};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/notebook", Needs::Deed("relationship.see"), show)
        .post("/relationships/{id}/notebook", Needs::Deed("relationship.take_part"), keep)
        .post("/relationships/{id}/notebook/{kept}/ask", Needs::Deed("kept question.ask"), ask)
        .post("/relationships/{id}/notebook/{kept}/bring", Needs::Deed("kept question.bring"), bring)
        .post("/relationships/{id}/notebook/{kept}/helped", Needs::Deed("asked question.say_it_helped"), helped)
        .post("/relationships/{id}/notebook/{kept}/let-go", Needs::Deed("kept question.let_go"), let_go)
}

fn path(id: RelationshipId) -> String {
    format!("/relationships/{id}/notebook")
}

/// On the first page of a relationship: what one keeps for the next time.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    if !company.relationship.offers(viewer, relationships::Deed::TakePart) {
        return Ok(None);
    }
    let id = company.relationship.id;
    let line = match verbs::waiting(tx, viewer, id)? {
        0 => "Nothing kept yet. What comes to your mind between two sessions can wait here.".to_owned(),
        1 => "You keep one question for the next time.".into(),
        many => format!("You keep {many} questions for the next time."),
    };
    let row = Row::new("Your notebook").href(path(id)).icon(Icon::Book).text(line);
    Ok(Some(page::section("Questions for the next time", &page::audience_me(), &page::rows(&html! { (row) }))))
}

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    let mut form = Form::default();
    if let Some(question) = library::question(asked.value("question")) {
        form.set("words", question.words);
    }
    shown(app, viewer, id, form).await
}

async fn shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let notebook = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let page = tab(&notebook.company, &viewer, "Notebook", &view(&notebook, &viewer, &form));
    Ok(page.answering(&form))
}

fn view(notebook: &Notebook, viewer: &Viewer, form: &Form) -> Markup {
    let relationship = &notebook.company.relationship;
    let (asked, kept): (Vec<&Kept>, Vec<&Kept>) = notebook.kept.iter().partition(|k| k.shared_at.is_some());
    let name = notebook.company.name(viewer);
    html! {
        p.lead { "Questions that come up during the week. " (name) " sees one only when you ask it." }
        @if relationship.offers(viewer, relationships::Deed::TakePart) {
            (mend(form))
            form.stack method="post" action=(path(relationship.id)) data-draft="notebook" {
                (Field::textarea("words", "Keep a question").value(form.value("words")).error(form.error("words")).max(LONGEST).rows(2))
                (page::actions(&html! { (Button::primary("Keep it")) (Button::quiet("Look for one in the library").href(&format!("/library/questions?within={}", relationship.id)).icon(Icon::Book)) }))
            }
        }
        (page::section("Kept for the next time", &page::audience_me(), &html! {
            @if kept.is_empty() { p.muted { "Nothing yet." } }
            ul.kept { @for one in &kept { (kept_row(one, notebook, viewer)) } }
        }))
        @if !asked.is_empty() {
            (page::section("Asked", &page::audience(&notebook.company.audience(viewer)), &html! { ul.kept { @for one in &asked { (asked_row(one, viewer)) } } }))
        }
        @if let Some(address) = notebook.address.as_ref().filter(|_| relationship.offers(viewer, relationships::Deed::TakePart)) {
            (page::more("Keep a question by mail", &html! {
                p { "What you send to this address from your own lands here, and nobody else reads it. It is yours alone and works for sixty days; then you find a new one here." }
                (page::copyable("Address of this notebook", address))
            }))
        }
    }
}

fn kept_row(kept: &Kept, notebook: &Notebook, viewer: &Viewer) -> Markup {
    let base = format!("{}/{}", path(kept.relationship), kept.id);
    let open = notebook.company.relationship.offers(viewer, relationships::Deed::TakePart);
    html! {
        li {
            (page::paragraphs(&kept.words))
            p.muted { "Kept on " (viewer.day(kept.kept_at)) }
            (page::actions(&html! {
                @if open && notebook.next.is_some() { (page::post_button(&format!("{base}/bring"), &[], &Button::secondary("Bring it to the next session").small().icon(Icon::Calendar).context(&kept.words))) }
                @if open { (page::post_button(&format!("{base}/ask"), &[], &Button::secondary("Ask it now, as a message").small().context(&kept.words))) }
                (page::post_button(&format!("{base}/let-go"), &[], &Button::quiet("Let it go").small().context(&kept.words)))
            }))
        }
    }
}

fn asked_row(kept: &Kept, viewer: &Viewer) -> Markup {
    html! {
        li {
            (page::paragraphs(&kept.words))
            @if kept.helped_at.is_some() { p { (page::tag("The answer helped", Tone::Laurel)) } }
            @else if kept.allows(viewer, Deed::SayItHelped) {
                (page::post_button(&format!("{}/{}/helped", path(kept.relationship), kept.id), &[], &Button::secondary("The answer helped").small().icon(Icon::Heart).context(&kept.words)))
            }
        }
    }
}

async fn keep(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.text("words", LONGEST);
    if !form.is_good() {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::keep(tx, &viewer, id, &words)).await?;
    Ok(Go::to(path(id)).saying("Kept. Only you see it.").into_response())
}

async fn ask(State(app): State<App>, viewer: Viewer, Path((id, kept)): Path<(RelationshipId, KeptId)>) -> Result<Go> {
    app.write(move |tx| verbs::ask(tx, &viewer, id, kept)).await?;
    Ok(Go::to(format!("/relationships/{id}/messages")).saying("Asked. It is a message now."))
}

async fn bring(State(app): State<App>, viewer: Viewer, Path((id, kept)): Path<(RelationshipId, KeptId)>) -> Result<Go> {
    app.write(move |tx| verbs::bring(tx, &viewer, id, kept)).await?;
    Ok(Go::to(path(id)).saying("It stands on the agenda of your next session."))
}

async fn helped(State(app): State<App>, viewer: Viewer, Path((id, kept)): Path<(RelationshipId, KeptId)>) -> Result<Go> {
    app.write(move |tx| verbs::say_it_helped(tx, &viewer, id, kept)).await?;
    Ok(Go::to(path(id)).saying("Thank you for saying so. It was told where it helps."))
}

async fn let_go(State(app): State<App>, viewer: Viewer, Path((id, kept)): Path<(RelationshipId, KeptId)>) -> Result<Go> {
    app.write(move |tx| verbs::let_go(tx, &viewer, id, kept)).await?;
    Ok(Go::to(path(id)).saying("Gone."))
}
