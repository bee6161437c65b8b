//! The conversation on screen: the newest at the foot, and below it where one writes.

use super::message::{Deed, LONGEST, Message, MessageId};
use super::verbs::{self, Conversation, Draft};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::markdown;
use crate::page::{self, Button, Field, Icon, Tone};
use crate::relationships::pages::{face, moment};
use crate::relationships::{self, Company, RelationshipId, RelationshipState, tab};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/messages", Needs::Deed("message.see"), show)
        .post("/relationships/{id}/messages", Needs::Deed("message.write"), send)
        .post("/relationships/{id}/messages/seen", Needs::Deed("message.see"), seen)
        .get("/relationships/{id}/messages/{number}", Needs::Deed("message.see"), one)
        .post("/relationships/{id}/messages/{number}/edit", Needs::Deed("message.edit"), edit)
        .post("/relationships/{id}/messages/{number}/take-back", Needs::Deed("message.take_back"), take_back)
}

fn path(id: RelationshipId) -> String {
    format!("/relationships/{id}/messages")
}

// The conversation.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    shown(app, viewer, id, asked.value("before").parse().ok(), Form::default()).await
}

/// What the page is made of, read in one snapshot.
struct Sheet {
    viewer: Viewer,
    now: Timestamp,
    conversation: Conversation,
    /// The id that the next message will have.
    next: String,
    form: Form,
}

async fn shown(app: App, viewer: Viewer, id: RelationshipId, before: Option<i64>, form: Form) -> Result<Page> {
    let sheet = app
        .read(move |tx| {
            let next = if form.value("message").is_empty() { tx.new_id::<MessageId>().to_string() } else { form.value("message").into() };
            let conversation = verbs::read(tx, &viewer, id, before)?;
            Ok(Sheet { viewer: viewer.clone(), now: tx.now(), conversation, next, form: form.clone() })
        })
        .await?;
    let page = tab(&sheet.conversation.company, &sheet.viewer, "Messages", &sheet.view());
    Ok(if sheet.form.is_good() { page } else { page.to_mend() })
}

async fn send(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.text("words", LONGEST);
    let draft = form.parsed("message", "Please open the page again and send it from there.");
    if !form.is_good() {
        return Ok(shown(app, viewer, id, None, form).await?.into_response());
    }
    app.write(move |tx| {
        let draft = Draft { id: draft.unwrap_or_else(|| tx.new_id()), words: words.clone() };
        verbs::send(tx, &viewer, id, &draft)
    })
    .await?;
    Ok(Go::to(path(id)).into_response())
}

/// Pressed by the page itself where scripts run, which then needs no answer.
async fn seen(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<RelationshipId>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response> {
    let number = form.number("number", 0..=i64::MAX).unwrap_or_default();
    app.write(move |tx| verbs::see(tx, &viewer, id, number)).await?;
    Ok(if headers.contains_key("hx-request") { StatusCode::NO_CONTENT.into_response() } else { Go::to(path(id)).into_response() })
}

impl Sheet {
    fn view(&self) -> Markup {
        let (conversation, viewer) = (&self.conversation, &self.viewer);
        let both = conversation.company.audience(viewer);
        html! {
            (self.stretch())
            @if conversation.is_newest { (self.foot()) }
            p { (page::audience(&both)) }
        }
    }

    fn id(&self) -> RelationshipId {
        self.conversation.company.relationship.id
    }

    fn stretch(&self) -> Markup {
        let conversation = &self.conversation;
        let path = path(self.id());
        let live = conversation.is_newest.then_some(path.as_str());
        let (first, unseen) = (conversation.messages.first(), self.unseen());
        html! {
            div #conversation.conversation hx-get=[live] hx-select=[live.and(Some("#conversation"))] hx-swap=[live.and(Some("outerMorph"))]
                hx-trigger=[live.and(Some("messages from:body"))] {
                @if let Some(first) = first.filter(|_| conversation.has_older || !conversation.is_newest) {
                    nav.earlier aria-label="Other messages" {
                        @if conversation.has_older { (Button::quiet("Earlier messages").href(&format!("{path}?before={}", first.number)).icon(Icon::Up).small()) }
                        @if !conversation.is_newest { (Button::quiet("To the newest").href(&path).icon(Icon::Down).small()) }
                    }
                }
                div.conversation-sheet tabindex="0" role="log" aria-label="What you wrote to each other" {
                    @if conversation.messages.is_empty() { (self.nothing_yet()) }
                    ol.messages { @for (at, message) in conversation.messages.iter().enumerate() { (self.message(at, message)) } }
                }
                @if unseen {
                    form.seen id={ "seen-" (conversation.newest) } method="post" action={ (path) "/seen" }
                        hx-post={ (path) "/seen" } hx-trigger="load" hx-swap="none" {
                        input type="hidden" name="number" value=(conversation.newest);
                        noscript { (Button::secondary("Mark as read").small().icon(Icon::Check)) }
                    }
                }
            }
        }
    }

    fn unseen(&self) -> bool {
        self.conversation.is_newest && self.conversation.seen < self.conversation.newest
    }

    fn nothing_yet(&self) -> Markup {
        let name = self.conversation.company.name(&self.viewer);
        page::empty(
            Icon::Speech,
            "Nothing written yet",
            &format!("A short hello is a good beginning. {name} can answer here or simply by mail."),
            &html! {},
        )
    }

    fn message(&self, at: usize, message: &Message) -> Markup {
        let (viewer, company) = (&self.viewer, &self.conversation.company);
        let before = at.checked_sub(1).and_then(|n| self.conversation.messages.get(n));
        let day = viewer.day(message.at);
        let new_day = before.is_none_or(|b| viewer.day(b.at) != day);
        // Who writes on within some minutes need not be named again.
        let goes_on = before.is_some_and(|b| b.by == message.by && !new_day && b.at + SignedDuration::from_mins(10) > message.at);
        let first_new = before.is_some_and(|b| b.number <= self.conversation.seen) && message.number > self.conversation.seen;
        html! {
            @if new_day { li.day { span { (day) } } }
            @if first_new && !viewer.is(message.by) { li.day.new { span { "New" } } }
            li.message.mine[viewer.is(message.by)].goes-on[goes_on] id={ "message-" (message.number) } {
                @if !goes_on { (head(company, viewer, message)) } @else { p.visually-hidden { (company.called(viewer, message.by)) ":" } }
                (self.words(message))
                (self.deeds(message))
            }
        }
    }

    fn words(&self, message: &Message) -> Markup {
        let by = self.conversation.company.called(&self.viewer, message.by);
        html! {
            @if message.taken_back_at.is_some() { p.message-words.taken-back { (Icon::Undo) span { (by) " took this back." } } }
            @else { div.message-words { (markdown::prose(&message.words)) @if message.edited_at.is_some() { p.edited { "Edited" } } } }
        }
    }

    fn deeds(&self, message: &Message) -> Markup {
        let relationship = &self.conversation.company.relationship;
        let offers = |deed| message.offers(relationship, &self.viewer, deed, self.now);
        let label = match (offers(Deed::Edit), offers(Deed::TakeBack)) {
            (true, _) => "Mend or take back",
            (_, true) => "Take back",
            _ => return html! {},
        };
        html! { p.message-deeds { a href={ (path(self.id())) "/" (message.number) } { (label) span.visually-hidden { " what you wrote at " (time(&self.viewer, message.at)) } } } }
    }

    /// Where one writes, or why one cannot.
    fn foot(&self) -> Markup {
        let company = &self.conversation.company;
        if !company.relationship.offers(&self.viewer, relationships::Deed::TakePart) {
            return page::banner(Tone::Plain, &why_not(company, &self.viewer), None);
        }
        html! { (mend(&self.form)) (self.composer()) }
    }

    fn composer(&self) -> Markup {
        let (form, name) = (&self.form, self.conversation.company.name(&self.viewer));
        html! {
            form #composer.composer method="post" action=(path(self.id())) enctype="multipart/form-data" data-draft="message" {
                input type="hidden" name="message" value=(self.next);
                (Field::textarea("words", format!("Write to {name}")).value(form.value("words")).error(form.error("words")).max(LONGEST).rows(3))
                (page::actions(&html! { (Button::primary("Send").icon(Icon::Send)) }))
            }
        }
    }
}

/// Why nothing can be written any more, in a sentence.
fn why_not(company: &Company, viewer: &Viewer) -> String {
    let relationship = &company.relationship;
    match (relationship.state, relationship.ended_at) {
        (RelationshipState::Frozen, _) => "Writing is stopped here for now. What you wrote to each other is kept.".into(),
        (_, Some(at)) => format!("This ended on {}. What you wrote to each other stays here for you both to read.", viewer.date(at)),
        (state, None) => format!("This is {}, so nothing more can be written here.", state.words()),
    }
}

fn head(company: &Company, viewer: &Viewer, message: &Message) -> Markup {
    let chip = company.people.iter().find(|chip| chip.id == message.by);
    html! {
        p.message-head {
            @if let Some(chip) = chip { (face(chip).small()) }
            strong { (company.called(viewer, message.by)) }
            time datetime=(message.at.jiff()) title=(viewer.when(message.at)) { (time(viewer, message.at)) }
        }
    }
}

/// The time of day where the viewer lives.
fn time(viewer: &Viewer, at: Timestamp) -> String {
    at.in_zone(&viewer.zone).strftime("%H:%M").to_string()
}

// One message.

async fn one(State(app): State<App>, viewer: Viewer, Path((id, number)): Path<(RelationshipId, i64)>) -> Result<Page> {
    closely(app, viewer, id, number, Form::default()).await
}

async fn closely(app: App, viewer: Viewer, id: RelationshipId, number: i64, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (company, message, now) = app
        .read(move |tx: &mut Tx| {
            let (company, message) = verbs::open(tx, &me, id, number, Deed::See)?;
            Ok((company, message, tx.now()))
        })
        .await?;
    let offers = |deed| message.offers(&company.relationship, &viewer, deed, now);
    let base = format!("{}/{number}", path(id));
    let body = html! {
        p { a.back href={ (path(id)) "#message-" (number) } { (Icon::Left) span { "Back to your messages" } } }
        @if message.taken_back_at.is_some() { p { (company.called(&viewer, message.by)) " took this message back." } }
        @else { (page::card(&html! { (head(&company, &viewer, &message)) (markdown::prose(&message.words)) p.muted { (moment(&viewer, message.at)) } })) }
        @if offers(Deed::Edit) {
            (mend(&form))
            form.stack method="post" action={ (base) "/edit" } {
                (Field::textarea("words", "Mend what you wrote").value(if form.has("words") { form.value("words") } else { &message.words })
                    .hint("For ten minutes after sending. A mark says that it was edited.").error(form.error("words")).max(LONGEST).rows(6))
                (page::actions(&html! { (Button::primary("Save")) }))
            }
        }
        @if offers(Deed::TakeBack) {
            (page::section("Take it back", &html! {}, &html! {
                p { "The words are gone then, and a line says that you took a message back. A letter about it may have left already." }
                (page::post_button(&format!("{base}/take-back"), &[], &Button::danger("Take it back")))
            }))
        }
    };
    let page = tab(&company, &viewer, "Messages", &body);
    Ok(if form.is_good() { page } else { page.to_mend() })
}

async fn edit(State(app): State<App>, viewer: Viewer, Path((id, number)): Path<(RelationshipId, i64)>, mut form: Form) -> Result<Response> {
    let words = form.text("words", LONGEST);
    if !form.is_good() {
        return Ok(closely(app, viewer, id, number, form).await?.into_response());
    }
    app.write(move |tx| verbs::edit(tx, &viewer, id, number, &words)).await?;
    Ok(Go::to(path(id)).into_response())
}

async fn take_back(State(app): State<App>, viewer: Viewer, Path((id, number)): Path<(RelationshipId, i64)>) -> Result<Go> {
    if number < 1 {
        return Err(Error::NotFound);
    }
    app.write(move |tx| verbs::take_back(tx, &viewer, id, number)).await?;
    Ok(Go::to(path(id)).saying("Taken back."))
}
