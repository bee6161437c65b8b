//! The conversation on screen: the newest at the foot, and below it where one writes.

use super::files::{self, File, FileId, MOST_FILES, MOST_TOGETHER, Ready};
use super::message::{Deed, LONGEST, Message, MessageId};
use super::openings;
use super::verbs::{self, Conversation, Draft};
use crate::app::{App, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::form::{Asked, Form};
use crate::library::{self, Stage, Whom};
use crate::markdown;
use crate::page::{self, Button, Field, Icon, Tone};
use crate::relationships::heard;
use crate::relationships::pages::{face, moment};
use crate::relationships::{self, Company, Kind, Relationship, RelationshipId, RelationshipState, tab};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, by_open_page, mend};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use maud::{Markup, html};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/messages", Needs::Deed("message.see"), show)
        .post("/relationships/{id}/messages", Needs::Deed("message.write"), send)
        .post("/relationships/{id}/messages/seen", Needs::Deed("message.see"), seen)
        .get("/relationships/{id}/messages/{number}", Needs::Deed("message.see"), one)
        .post("/relationships/{id}/messages/{number}/edit", Needs::Deed("message.edit"), edit)
        .post("/relationships/{id}/messages/{number}/take-back", Needs::Deed("message.take_back"), take_back)
        .post("/relationships/{id}/messages/{number}/heard", Needs::Deed("message.play_back"), play_back)
        .post("/relationships/{id}/messages/{number}/heard/answer", Needs::Deed("message.answer_playback"), answer_playback)
        .get("/relationships/{id}/messages/{number}/files/{file}", Needs::Deed("message.see"), file)
}

fn path(id: RelationshipId) -> String {
    format!("/relationships/{id}/messages")
}

// The conversation.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    let mut form = Form::default();
    // Without scripts an opening or a question comes into the box by its address.
    let opening = openings::find(asked.value("opening")).or_else(|| library::question(asked.value("question")).map(|q| q.words));
    if let Some(words) = opening {
        form.set("words", words);
    }
    shown(app, viewer, id, asked.value("before").parse().ok(), form).await
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
    Ok(page.answering(&sheet.form))
}

async fn send(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.maybe_text("words", LONGEST);
    let message = form.parsed("message", "Please open the page again and send it from there.");
    let files = ready_files(&mut form).await?;
    if words.is_empty() && files.is_empty() {
        form.refuse("words", "Please write a sentence, or choose a file.");
    }
    if !form.is_good() {
        return Ok(shown(app, viewer, id, None, form).await?.into_response());
    }
    app.write(move |tx| {
        let draft = Draft { id: message.unwrap_or_else(|| tx.new_id()), words: words.clone(), files: files.clone() };
        verbs::send(tx, &viewer, id, &draft)
    })
    .await?;
    Ok(Go::to(path(id)).into_response())
}

/// Drawing pictures anew takes memory and a core for a moment: one at a time, and whoever waits longer is told.
static DARKROOM: Semaphore = Semaphore::const_new(1);
const QUEUE: Duration = Duration::from_secs(15);

/// The files of a form, judged and ready to be kept; what is wrong with one is said at its field.
async fn ready_files(form: &mut Form) -> Result<Arc<[Ready]>> {
    let sent: Vec<_> = form.files("files").map(|upload| upload.bytes.clone()).collect();
    if sent.is_empty() {
        return Ok(Arc::default());
    }
    if sent.len() > MOST_FILES || sent.iter().map(|bytes| bytes.len()).sum::<usize>() > MOST_TOGETHER {
        form.refuse(
            "files",
            "At most four files go with a message, 11 MB together. Please choose fewer, or send them one after the other.",
        );
        return Ok(Arc::default());
    }
    let busy =
        || Error::refused("files_busy", RefusalKind::Busy, "Many files are being sent just now. Please try again in a minute.".into());
    let _turn = tokio::time::timeout(QUEUE, DARKROOM.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    let ready = move || sent.iter().map(|bytes| files::ready(bytes)).collect::<Result<Vec<Ready>, _>>();
    match tokio::task::spawn_blocking(ready).await.map_err(Error::broken)? {
        Ok(ready) => Ok(ready.into()),
        Err(why) => {
            form.refuse("files", format!("{} Nothing was sent; please choose your files again.", why.sentence()));
            Ok(Arc::default())
        }
    }
}

/// A file: a picture may stand in the page, everything else is saved. Whatever it is, nothing in it can run here.
async fn file(State(app): State<App>, viewer: Viewer, Path((id, number, file)): Path<(RelationshipId, i64, FileId)>) -> Result<Response> {
    let (file, bytes) = app.read(move |tx| verbs::file(tx, &viewer, id, number, file)).await?;
    let how = if file.kind.is_shown() { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, file.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename=\"{}\"", file.name())),
        (header::CONTENT_SECURITY_POLICY, ALONE.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// For something that people sent, should anybody open it on its own.
const ALONE: &str = "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; sandbox";

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
    Ok(if by_open_page(&headers) { StatusCode::NO_CONTENT.into_response() } else { Go::to(path(id)).into_response() })
}

impl Sheet {
    fn view(&self) -> Markup {
        let (conversation, viewer) = (&self.conversation, &self.viewer);
        let both = conversation.company.audience(viewer);
        html! {
            (self.stretch())
            @if conversation.is_newest { (self.foot()) }
            @if let Some(words) = conversation.heard.words() { p.muted { (words) } }
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
            @else {
                div.message-words {
                    @if !message.words.is_empty() { (markdown::prose(&message.words)) }
                    (files_of(self.id(), message))
                    @if message.edited_at.is_some() { p.edited { "Edited" } }
                }
                (playbacks(&self.conversation.company, &self.viewer, message))
            }
        }
    }

    fn deeds(&self, message: &Message) -> Markup {
        let relationship = &self.conversation.company.relationship;
        let offers = |deed| message.offers(relationship, &self.viewer, deed, self.now);
        let label = match (offers(Deed::AnswerPlayback), offers(Deed::Edit), offers(Deed::TakeBack), offers(Deed::PlayBack)) {
            (true, ..) => "Say whether that is it",
            (_, true, ..) => "Mend or take back",
            (_, _, true, _) => "Take back",
            (.., true) => "Say what you heard",
            _ => return html! {},
        };
        html! { p.message-deeds { a href={ (path(self.id())) "/" (message.number) } { (label) span.visually-hidden { ", message of " (time(&self.viewer, message.at)) } } } }
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
                @if form.error("files").is_some() { (files_field(form)) }
                (page::actions(&html! { (Button::primary("Send").icon(Icon::Send)) }))
                (self.prompts())
            }
        }
    }

    /// Ways into what is hard to say, and questions for this moment. With scripts they go into the box; without, they
    /// come with the page.
    fn prompts(&self) -> Markup {
        let path = path(self.id());
        let insert = |key: &str, id: &str, words: &str| {
            html! { li { a href={ (path) "?" (key) "=" (id) "#composer" } data-inserts=(words) data-into="f-words" { (words) } } }
        };
        html! {
            div.prompts {
                @if self.form.error("files").is_none() { (page::more("Add files", &files_field(&self.form))) }
                (page::more("Hard to say?", &html! {
                    p.muted { "An opening, and the rest is yours." }
                    ul { @for opening in openings::ALL { (insert("opening", opening.id, opening.words)) } }
                }))
                (page::more("A question for now", &html! {
                    ul { @for question in self.questions() { (insert("question", question.id, question.words)) } }
                    p { a href={ "/library/questions?within=" (self.id()) } { "All questions of the library" } }
                }))
            }
        }
    }

    fn questions(&self) -> Vec<&'static library::Question> {
        let relationship = &self.conversation.company.relationship;
        let days = self.now.as_micros() / (24 * 3600 * 1_000_000);
        let together = (self.now.as_micros() - relationship.began_at.as_micros()) / (24 * 3600 * 1_000_000);
        library::suggest(stage(relationship, together, days), asks_as(relationship, &self.viewer), days, 3)
    }
}

fn files_field(form: &Form) -> Markup {
    let hint = "Up to four: pictures, PDF, text or office documents, 11 MB together.";
    html! { (Field::files("files", "Files to go with it", ACCEPT).hint(hint).error(form.error("files"))) }
}

/// What a file field offers to choose from; what counts is what the bytes are.
const ACCEPT: &str = "image/jpeg,image/png,image/webp,application/pdf,text/plain,.txt,.md,.docx,.xlsx,.pptx,.odt,.ods,.odp";

/// What the questions of a day are about: the beginning and the end have their own, between them it goes round.
fn stage(relationship: &Relationship, days_together: i64, day: i64) -> Stage {
    const ROUND: [Stage; 6] = [Stage::Stuck, Stage::Skills, Stage::Decisions, Stage::Feedback, Stage::Career, Stage::Review];
    match (relationship.state, relationship.kind) {
        (RelationshipState::Closing, _) => Stage::Closing,
        _ if days_together < 7 => Stage::First,
        (_, Kind::Peer | Kind::Circle) => Stage::Peer,
        (_, Kind::Coaching) if day % 2 == 0 => Stage::Coaching,
        _ if days_together < 21 => Stage::Goals,
        _ => ROUND[usize::try_from(day.rem_euclid(6)).unwrap_or(0)],
    }
}

fn asks_as(relationship: &Relationship, viewer: &Viewer) -> Whom {
    match relationship.role_of(viewer.person) {
        Some(role) if role.guides() && role.learns() => Whom::Both,
        Some(role) if role.guides() => Whom::Guide,
        _ => Whom::Learner,
    }
}

fn files_of(id: RelationshipId, message: &Message) -> Markup {
    let address = |file: &File| format!("{}/{}/files/{}", path(id), file.number, file.id);
    html! {
        @if !message.files.is_empty() {
            ul.message-files {
                @for file in &message.files {
                    li {
                        @if file.kind.is_shown() {
                            a.message-picture href=(address(file)) { img src=(address(file)) alt={ "Picture " (file.position) " of this message" } width=(file.width) height=(file.height) loading="lazy" decoding="async"; }
                        } @else {
                            a.message-file href=(address(file)) download=(file.name()) { (Icon::Paperclip) span { (file.words()) } }
                        }
                    }
                }
            }
        }
    }
}

/// What was heard in a message, and whether that was it.
fn playbacks(company: &Company, viewer: &Viewer, message: &Message) -> Markup {
    html! { @for playback in &message.playbacks { (heard::shown(company, viewer, playback, &waits_for(company, viewer, message))) } }
}

/// Whom one answers; where there are several, by name.
fn answering(company: &Company, viewer: &Viewer, message: &Message) -> String {
    match message.playbacks.iter().find(|p| p.state == heard::PlaybackState::Waiting).filter(|_| company.called.is_some()) {
        Some(playback) => format!("Is what {} heard what you meant?", company.called(viewer, playback.by)),
        None => "Is that what you meant?".into(),
    }
}

fn waits_for(company: &Company, viewer: &Viewer, message: &Message) -> String {
    if viewer.is(message.by) {
        "Is that it?".into()
    } else {
        format!("{} has not said yet whether that is it.", company.called(viewer, message.by))
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
        @else { (page::card(&html! { (head(&company, &viewer, &message)) (markdown::prose(&message.words)) (files_of(id, &message)) p.muted { (moment(&viewer, message.at)) } (playbacks(&company, &viewer, &message)) })) }
        (mend(&form))
        @if offers(Deed::AnswerPlayback) { (page::section(&answering(&company, &viewer, &message), &html! {}, &heard::answer_form(&format!("{base}/heard/answer"), &form))) }
        @if offers(Deed::PlayBack) { (page::section("Say what you heard", &html! {}, &heard::play_back_form(&format!("{base}/heard"), &form, company.called(&viewer, message.by)))) }
        @if offers(Deed::Edit) {
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
    Ok(page.answering(&form))
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

async fn play_back(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, number)): Path<(RelationshipId, i64)>,
    mut form: Form,
) -> Result<Response> {
    let words = form.text("heard", heard::LONGEST);
    if !form.is_good() {
        return Ok(closely(app, viewer, id, number, form).await?.into_response());
    }
    app.write(move |tx| verbs::play_back(tx, &viewer, id, number, &words)).await?;
    Ok(Go::to(format!("{}#message-{number}", path(id))).saying("Said. You hear whether that is it.").into_response())
}

async fn answer_playback(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, number)): Path<(RelationshipId, i64)>,
    mut form: Form,
) -> Result<Response> {
    let correction = heard::correction(&mut form);
    if !form.is_good() {
        return Ok(closely(app, viewer, id, number, form).await?.into_response());
    }
    app.write(move |tx| verbs::answer_playback(tx, &viewer, id, number, &correction)).await?;
    Ok(Go::to(format!("{}#message-{number}", path(id))).saying("Thank you. You both see it now.").into_response())
}
