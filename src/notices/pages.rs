//! What one was told, and how one wants to be told.

use super::notice::{NoticeId, Rhythm, Told};
use super::verbs;
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::mail;
use crate::page::{self, Button, Choices, Icon, Markup, PageHeader, Section, html};
use crate::slices::Telling;
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};

pub async fn list(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    let before = asked.value("before").parse().ok();
    let (told, more) = app
        .read({
            let viewer = viewer.clone();
            move |tx| verbs::list(tx, &viewer, before)
        })
        .await?;
    Ok(Page::new("Notifications", Section::Notices, notices(&viewer, &told, before, more)))
}

/// The bell alone, for a page that heard of something new.
pub async fn bell(viewer: Viewer) -> Html<String> {
    Html(page::bell(viewer.unread.max(0).unsigned_abs(), false).into_string())
}

pub async fn open(State(app): State<App>, viewer: Viewer, Path(id): Path<NoticeId>) -> Result<Go> {
    Ok(Go::to(app.write(move |tx| verbs::open(tx, &viewer, id)).await?))
}

pub async fn read_all(State(app): State<App>, viewer: Viewer) -> Result<Go> {
    app.write(move |tx| verbs::read_all(tx, &viewer)).await?;
    Ok(Go::to("/notices"))
}

pub async fn choices(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let (rhythm, refused) = app.read(move |tx| verbs::wishes(tx, viewer.person)).await?;
    let mut form = Form::of([("rhythm", rhythm.as_str())]);
    for telling in app.slices.iter().flat_map(|s| s.tellings).filter(|t| !refused.iter().any(|r| r == t.kind)) {
        form.push("about", telling.kind);
    }
    Ok(choosing(&app, &form))
}

pub async fn choose(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let Some(rhythm) = form.chosen::<Rhythm>("rhythm", "Please choose how you would like to be told.") else {
        return Ok(choosing(&app, &form).to_mend().into_response());
    };
    app.write(move |tx| verbs::choose(tx, viewer.person, rhythm, &form.values("about"))).await?;
    Ok(Go::to("/account/mail").saying("Kept. That is how you will be told from now on.").into_response())
}

pub async fn stopping(State(app): State<App>, Path(token): Path<String>, Asked(asked): Asked) -> Result<Page> {
    let about = app.read(move |tx| Ok(stopped(tx, &token, &asked)?.1)).await?;
    let body = html! {
        (PageHeader::new("Stop this mail?"))
        form.stack method="post" {
            p { "We will no longer write to you about this: " (about) ". You still find it among your notifications here." }
            (page::actions(&html! { (Button::primary("Stop this mail")) (Button::quiet("Choose what reaches me").href("/account/mail")) }))
        }
    };
    Ok(Page::new("Stop this mail?", Section::None, body))
}

/// Also what a mail program posts for its own unsubscribe button (RFC 8058): no cookie, no page before it.
pub async fn stop(State(app): State<App>, Path(token): Path<String>, Asked(asked): Asked) -> Result<Page> {
    let about = app
        .write(move |tx| {
            let (person, about, kind) = stopped(tx, &token, &asked)?;
            verbs::stop(tx, person, &kind)?;
            Ok(about)
        })
        .await?;
    let body = html! {
        (PageHeader::new("Done: no more mail like this"))
        p { "We will not write to you again about this: " (about) "." }
        p { "If that was not what you wanted, you can " a href="/account/mail" { "choose again" } " once you are signed in." }
    };
    Ok(Page::new("No more mail like this", Section::None, body))
}

/// Whose mail of which kind a link stops.
fn stopped(tx: &mut Tx, token: &str, asked: &Form) -> Result<(PersonId, &'static str, String)> {
    let kind = asked.value("kind");
    let person = mail::verbs::stopper(tx, token, kind).ok_or(Error::NotFound)?;
    let about = verbs::about(tx, kind).ok_or(Error::NotFound)?;
    Ok((person, about, kind.to_owned()))
}

fn notices(viewer: &Viewer, told: &[Told], before: Option<NoticeId>, more: Option<NoticeId>) -> Markup {
    let unread = viewer.unread > 0;
    let header = PageHeader::new("Notifications").actions(html! {
        @if unread { (page::post_button("/notices/read", &[], &Button::secondary("Mark all as read").icon(Icon::Check))) }
        (Button::quiet("Choose what reaches me by mail").icon(Icon::Gear).href("/account/mail"))
    });
    let older = more.map(|id| format!("/notices?before={id}"));
    html! {
        (header)
        div id="notices" hx-get="/notices" hx-select="#notices" hx-swap="outerHTML" hx-trigger=[before.is_none().then_some("notices from:body")] {
            @if told.is_empty() {
                (page::empty(Icon::Bell, "Nothing to tell you", "When somebody asks, answers or thanks you, you read it here.", &html! {}))
            } @else {
                (page::rows(&html! { @for one in told { (row(viewer, one)) } }))
            }
        }
        @if before.is_some() || older.is_some() {
            (page::pagination(before.map(|_| "/notices"), older.as_deref(), if before.is_some() { "Earlier" } else { "The latest" }))
        }
    }
}

fn row(viewer: &Viewer, told: &Told) -> Markup {
    let notice = &told.notice;
    let when = page::moment(&notice.made_at.jiff().to_string(), &viewer.when(notice.made_at));
    let unread = notice.read_at.is_none();
    let href = if unread { format!("/notices/{}", notice.id) } else { told.words.path.clone() };
    page::notice_row(None, &told.words.title, &href, &when, unread)
}

fn choosing(app: &App, form: &Form) -> Page {
    let rhythm = Choices::cards("rhythm", "How would you like to be told by mail?")
        .described(Rhythm::AtOnce.as_str(), "At once", "A letter for each thing, unless you have read it here already.")
        .described(Rhythm::Daily.as_str(), "Once a day", "One letter at seven in the morning your time, when there is something new.")
        .described(
            Rhythm::Never.as_str(),
            "Not at all",
            "You find everything among your notifications here. Links to sign in still reach you.",
        )
        .chosen(form.value("rhythm"))
        .error(form.error("rhythm"))
        .required();
    let wanted = form.values("about");
    let mut groups: Vec<(&str, Vec<&Telling>)> = Vec::new();
    for slice in app.slices.iter().filter(|slice| !slice.tellings.is_empty()) {
        match groups.iter_mut().find(|(heading, _)| *heading == slice.heading) {
            Some((_, tellings)) => tellings.extend(slice.tellings),
            None => groups.push((slice.heading, slice.tellings.iter().collect())),
        }
    }
    let body = html! {
        (PageHeader::new("Mail to you").lead("What reaches you by mail, and how often.").back("Your account", "/account"))
        (crate::web::mend(form))
        form.stack method="post" action="/account/mail" {
            (rhythm)
            // A hundred boxes in a row are read by nobody; under what they are about they are a few lines.
            section.part {
                h2 { "What about" }
                @for (at, (heading, tellings)) in groups.iter().enumerate() { (about(at, heading, tellings, &wanted)) }
            }
            (page::actions(&html! { (Button::primary("Keep this")) }))
        }
    };
    Page::new("Mail to you", Section::None, body)
}

/// What stands under one heading, closed until somebody wants it otherwise.
fn about(at: usize, heading: &str, tellings: &[&Telling], wanted: &[&str]) -> Markup {
    let chosen = tellings.iter().filter(|telling| wanted.contains(&telling.kind)).count();
    let count = match (chosen, tellings.len()) {
        (chosen, all) if chosen == all => "all".to_owned(),
        (0, _) => "none".to_owned(),
        (chosen, all) => format!("{chosen} of {all}"),
    };
    let asked = Choices::checkboxes("about", "Write to me when").id(format!("f-about-{at}"));
    let choices = tellings.iter().fold(asked, |choices, telling| {
        let choices = choices.choice(telling.kind, telling.about);
        if wanted.contains(&telling.kind) { choices.chosen(telling.kind) } else { choices }
    });
    page::more(&format!("{heading}: {count}"), &html! { (choices) })
}
