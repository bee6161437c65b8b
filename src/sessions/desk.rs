//! The page of one session, which changes with time: what it is about before, the timer and the notes while they meet, and
//! afterwards what they decided and when they meet next.

use super::invites::{self, Heard};
use super::pages::{self, when};
use super::session::{AgendaItemId, Deed, Meeting, Phase, Proposed, Series, Session, SessionId, SessionState, longest};
use super::verbs;
use super::written::{self, AgendaState, Handling, Source, Text, Written};
use crate::action_items::{self, Plan, Told};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Button, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships;
use crate::relationships::heard::{self, PlaybackState};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use maud::{Markup, html};
use serde_json::json;

const SCRIPT: &str = crate::assets::url("session.js");

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sessions/{id}", Needs::Deed("session.see"), show)
        .post("/sessions/{id}/held", Needs::Deed("session.hold"), hold)
        .post("/sessions/{id}/missed", Needs::Deed("session.miss"), miss)
        .post("/sessions/{id}/video", Needs::Deed("session.set_video"), set_video)
        .post("/sessions/{id}/agenda", Needs::Deed("session.add_to_agenda"), add_to_agenda)
        .post("/sessions/{id}/agenda/{item}", Needs::Deed("session.add_to_agenda"), handle)
        .post("/sessions/{id}/preparation", Needs::Deed("session.prepare"), prepare)
        .get("/sessions/{id}/notes", Needs::Deed("session.see"), notes)
        .post("/sessions/{id}/notes", Needs::Deed("session.write_notes"), write_notes)
        .post("/sessions/{id}/own-notes", Needs::Deed("session.write_own_notes"), write_own_notes)
        .post("/sessions/{id}/decisions", Needs::Deed("session.decide"), decide)
        .post("/sessions/{id}/actions", Needs::Deed("session.decide"), take_on)
        .post("/sessions/{id}/feedback", Needs::Deed("session.give_feedback"), give_feedback)
        .post("/sessions/{id}/heard", Needs::Deed("session.play_back"), play_back)
        .post("/sessions/{id}/heard/{person}", Needs::Deed("session.answer_playback"), answer_playback)
}

/// Everything the page shows.
struct Desk {
    meeting: Meeting,
    times: Vec<Proposed>,
    written: Written,
    series: Option<Series>,
    /// The one after this, when it is booked already.
    next: Option<Session>,
    suggested: Vec<Timestamp>,
    /// What each has open, as far as this viewer sees it.
    taken_on: Vec<Told>,
    /// So that what is sent twice is taken on once.
    nonce: String,
    heard: Heard,
    now: Timestamp,
}

fn read(tx: &mut Tx, viewer: &Viewer, id: SessionId) -> Result<Desk> {
    let meeting = verbs::open(tx, viewer, id, Deed::See)?;
    let (session, now) = (meeting.session.clone(), tx.now());
    let is_over = matches!(session.phase(now), Phase::After | Phase::Over | Phase::During);
    let meets = meeting.company.relationship.offers(viewer, relationships::Deed::TakePart);
    let next = match session.starts_at.filter(|_| is_over) {
        Some(start) => verbs::next_after(tx, session.relationship, start.max(now))?,
        None => None,
    };
    Ok(Desk {
        times: if session.state == SessionState::Proposed { verbs::times(tx, id)? } else { Vec::new() },
        series: session.series.map(|series| verbs::series(tx, series)).transpose()?.flatten(),
        suggested: if is_over && meets && next.is_none() { pages::suggested(tx, viewer, &meeting)? } else { Vec::new() },
        written: written::read(tx, viewer, &meeting)?,
        taken_on: if is_over { action_items::verbs::open_of(tx, viewer, session.relationship)? } else { Vec::new() },
        nonce: tx.token(),
        heard: invites::heard(tx, &meeting)?,
        next,
        meeting,
        now,
    })
}

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

pub async fn shown(app: App, viewer: Viewer, id: SessionId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let desk = app.read(move |tx| read(tx, &me, id)).await?;
    let page = Page::new(desk.meeting.title(&viewer), Section::Relationships, desk.body(&viewer, &form));
    Ok(page.answering(&form))
}

/// Does something with a session and shows it again, with what is to be mended when it did not go through.
pub async fn does(
    app: App,
    viewer: Viewer,
    id: SessionId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let there = Go::to(format!("/sessions/{id}"));
    let then = |()| if said.is_empty() { there } else { there.saying(said) };
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

impl Desk {
    fn session(&self) -> &Session {
        &self.meeting.session
    }
    fn path(&self, deed: &str) -> String {
        format!("/sessions/{}/{deed}", self.session().id)
    }
    fn offers(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.meeting.offers(viewer, deed, self.now)
    }
    fn both(&self, viewer: &Viewer) -> Markup {
        page::audience(&self.meeting.company.audience(viewer))
    }

    fn body(&self, viewer: &Viewer, form: &Form) -> Markup {
        let phase = self.session().phase(self.now);
        // While something is to be mended, the page keeps what was typed and stands still.
        let live = form.is_good().then(|| format!("/sessions/{}", self.session().id));
        html! {
            div.live-page id="session" hx-get=[live] hx-select="#session" hx-swap="outerMorph" hx-trigger="sessions from:body delay:300ms, action_items from:body delay:300ms" {
            (self.header(viewer))
            (crate::web::mend(form))
            (self.heard.shown(viewer, &self.meeting, self.offers(viewer, Deed::Move)))
            @match phase {
                Phase::Choosing => { (self.choosing(viewer, form)) (self.agenda(viewer, form)) }
                Phase::Before => (page::with_aside(
                    &html! { (self.agenda(viewer, form)) (self.preparation(viewer, form)) (self.prepared(viewer)) },
                    &html! { (self.place(viewer, form)) (self.own_notes(viewer, form)) (folded("Notes you write together", form.has("notes"), &self.notes(viewer, form))) },
                    false,
                )),
                Phase::During => {
                    div.at-hand { (self.timer(viewer)) (self.place(viewer, form)) }
                    (page::with_aside(
                        &html! { (self.agenda(viewer, form)) (self.notes(viewer, form)) (self.heard_here(viewer, form)) (self.decisions(viewer, form)) (self.actions(viewer, form)) (self.how_it_went(viewer)) },
                        &html! { (self.prepared(viewer)) (self.own_notes(viewer, form)) },
                        false,
                    ))
                }
                Phase::After => {
                    (self.how_it_went(viewer))
                    (page::rows(&html! {
                        (Row::new("Three minutes for yourself").href("/reflections/new?model=three_steps").icon(Icon::Leaf)
                            .text("What happened, what it means to you, and what you do with it. Only you see what you write."))
                        (Row::new("Ask for feedback on it").href(format!("/feedback/new?pin=session:{}&with={}", self.session().id, self.session().relationship)).icon(Icon::Speech)
                            .text("One precise question about how you were in it."))
                        (Row::new("Give feedback on it").href(format!("/relationships/{0}/feedback/new?pin=session:{1}", self.session().relationship, self.session().id)).icon(Icon::Speech)
                            .text("One moment, what it did, and what you would like to see next time."))
                    }))
                    (page::with_aside(
                        &html! { (self.decisions(viewer, form)) (self.actions(viewer, form)) (self.heard_here(viewer, form)) (self.agenda(viewer, form)) (self.notes(viewer, form)) },
                        &self.own_notes(viewer, form),
                        false,
                    ))
                }
                Phase::Over => (self.over(viewer, form)),
            }
            }
            script src=(SCRIPT) defer {}
        }
    }

    fn header(&self, viewer: &Viewer) -> Markup {
        let (session, back) = (self.session(), format!("/relationships/{}/sessions", self.session().relationship));
        let lead = match session.starts_at {
            Some(start) => format!("{}. {}.", when(viewer, &self.meeting, start), pages::what(session)),
            None if self.offers(viewer, Deed::Book) => "Choose when you meet.".to_owned(),
            None => format!("{}. {}", pages::what(session), session.purpose.describes()),
        };
        let actions = html! {
            @if self.offers(viewer, Deed::Move) && session.phase(self.now) != Phase::During { (Button::secondary("Move it").icon(Icon::Calendar).href(&self.path("move"))) }
            @if self.offers(viewer, Deed::Cancel) && session.phase(self.now) != Phase::After { (Button::quiet("Cancel it").href(&self.path("cancel"))) }
        };
        html! {
            (PageHeader::new(self.meeting.title(viewer)).back("Sessions", &back).lead(lead).actions(actions))
            @if let Some(series) = self.series.as_ref().filter(|_| session.is_live()) { p.muted { (pages::series_line(series, viewer, &self.meeting.company)) } }
        }
    }

    // Before.

    fn choosing(&self, viewer: &Viewer, form: &Form) -> Markup {
        let name = pages::chooser(&self.meeting.company, viewer);
        let instead = format!(
            "/relationships/{}/sessions/new?instead={}&minutes={}",
            self.session().relationship,
            self.session().id,
            self.session().minutes
        );
        if self.offers(viewer, Deed::Book) {
            return html! {
                form.stack method="post" action=(self.path("book")) {
                    (pages::choose_fields(viewer, &self.meeting, &self.times, form, self.now))
                    (page::actions(&html! { (Button::primary("Book this time")) (Button::quiet("None of these: propose others").href(&instead)) }))
                }
            };
        }
        html! {
            (page::card(&html! {
                p { strong { (page::capital(name)) " chooses one of these:" } }
                ul { @for time in &self.times { li { (when(viewer, &self.meeting, time.starts_at)) } } }
            }))
        }
    }

    /// Where they meet on screen.
    fn place(&self, viewer: &Viewer, form: &Form) -> Markup {
        if self.written.video.is_none() && !self.offers(viewer, Deed::SetVideo) {
            return html! {};
        }
        let video = self.written.video.as_deref();
        let typed = if form.has("video") { form.value("video") } else { video.unwrap_or_default() };
        let change = html! {
            form.stack method="post" action=(self.path("video")) {
                (Field::url("video", "A link to any video room").hint("Such as https://… of whatever you both use.").value(typed).error(form.error("video")).optional())
                (page::actions(&html! {
                    (Button::secondary("Save the link"))
                    (Button::quiet("Make a Jitsi room").sends("make", "jitsi").unchecked())
                }))
            }
        };
        page::section(
            "Where you meet",
            &self.both(viewer),
            &html! {
                @if let Some(link) = video {
                    p { a.button.primary href=(link) rel="noopener noreferrer" target="_blank" { (Icon::Video) span { "Open the video room" } } }
                    @if self.offers(viewer, Deed::SetVideo) { (folded("Use another room", form.has("video"), &change)) }
                } @else {
                    (folded("Add a video room", form.has("video"), &change))
                }
            },
        )
    }

    fn preparation(&self, viewer: &Viewer, form: &Form) -> Markup {
        if !self.offers(viewer, Deed::Prepare) {
            return html! {};
        }
        let learns = self.meeting.company.relationship.role_of(viewer.person).is_some_and(relationships::Role::learns);
        let name = self.meeting.company.name(viewer);
        let mine = |prompt: i64| self.written.preparations.iter().find(|(p, _)| viewer.is(p.person) && p.prompt == prompt);
        let due = self.session().starts_at.map(|start| start - jiff::SignedDuration::from_hours(24)).filter(|due| *due > self.now);
        let done = self.written.preparations.iter().any(|(p, _)| viewer.is(p.person));
        let fields = html! {
            form.stack.preparation method="post" action=(self.path("preparation")) data-draft="preparation" {
                @for (n, prompt) in (0_i64..).zip(written::prompts(learns)) {
                    @let (words, shared) = (format!("words-{n}"), format!("shared-{n}"));
                    @let now = mine(n);
                    @let typed = if form.has(&words) { form.value(&words).to_owned() } else { now.map(|(_, w)| w.clone()).unwrap_or_default() };
                    @let ticked = if form.has(&words) { form.ticked(&shared) } else { now.is_some_and(|(p, _)| p.shared) };
                    @let error = form.error(&words);
                    (Field::textarea(words.as_str(), prompt).value(typed).error(error).max(longest::PREPARATION).rows(2).optional())
                    (Field::checkbox(shared.as_str(), format!("{name} may read this")).checked(ticked))
                }
                (page::actions(&html! { (Button::primary("Save what you thought of")) }))
            }
        };
        html! {
            (page::section("Before you meet", &page::audience("Only you, and what you share"), &html! {
                @if done {
                    p { "You have prepared. You can change it until you meet." }
                    (folded("Read or change it", form.has("words-0"), &fields))
                } @else {
                    @if let Some(due) = due { p.muted { "Best done by " (viewer.when(due)) ", a day before." } }
                    (fields)
                }
            }))
        }
    }

    /// What the others share of theirs.
    fn prepared(&self, viewer: &Viewer) -> Markup {
        let theirs: Vec<_> = self.written.preparations.iter().filter(|(p, _)| !viewer.is(p.person)).collect();
        if theirs.is_empty() {
            return html! {};
        }
        let (name, company) = (self.meeting.company.name(viewer), &self.meeting.company);
        let relationship = &company.relationship;
        let title =
            if company.called.is_some() { "What the others have thought of".to_owned() } else { format!("What {name} has thought of") };
        page::section(
            &title,
            &self.both(viewer),
            &html! {
                @for (preparation, words) in theirs {
                    @let learns = relationship.role_of(preparation.person).is_some_and(relationships::Role::learns);
                    @let prompt = usize::try_from(preparation.prompt).ok().and_then(|n| written::prompts(learns).get(n).copied()).unwrap_or_default();
                    @if company.called.is_some() { (page::quotation(words, &format!("{}: {prompt}", company.called(viewer, preparation.person)))) }
                    @else { (page::quotation(words, prompt)) }
                }
            },
        )
    }

    fn agenda(&self, viewer: &Viewer, form: &Form) -> Markup {
        let (may_add, may_order) = (self.offers(viewer, Deed::AddToAgenda), self.offers(viewer, Deed::OrderAgenda));
        if self.written.agenda.is_empty() && !may_add {
            return html! {};
        }
        let owner = match may_order {
            true => "The order is yours. What is put off comes back next time.".to_owned(),
            false => format!("{} decides the order. What is put off comes back next time.", self.meeting.company.name(viewer)),
        };
        page::section(
            "Agenda",
            &self.both(viewer),
            &html! {
                ol.agenda id="agenda" {
                    @for (n, (item, words)) in self.written.agenda.iter().enumerate() { (self.item(item, words, (may_add, may_order), (n == 0, n + 1 == self.written.agenda.len()))) }
                    @if self.written.agenda.is_empty() { li.muted { "Nothing yet. It fills itself from what was put off and what comes next." } }
                }
                @if may_add {
                    form.agenda-add method="post" action=(self.path("agenda")) {
                        (Field::text("item", "Add to the agenda").value(form.value("item")).error(form.error("item")).max(longest::AGENDA_ITEM))
                        (Button::secondary("Add it").icon(Icon::Plus))
                    }
                    p.muted { (owner) }
                }
            },
        )
    }

    fn item(&self, item: &written::AgendaItem, words: &str, (may_change, may_order): (bool, bool), (first, last): (bool, bool)) -> Markup {
        let action = format!("/sessions/{}/agenda/{}", self.session().id, item.id);
        let (class, said) = match item.state {
            AgendaState::Open | AgendaState::Removed => ("agenda-item", None),
            AgendaState::Discussed => ("agenda-item is-discussed", Some("discussed")),
            AgendaState::Deferred | AgendaState::Carried => ("agenda-item is-put-off", Some("put off")),
        };
        let meeting_now = matches!(self.session().phase(self.now), Phase::During | Phase::After);
        html! {
            li class=(class) {
                p.agenda-words { (words)
                    @if let Some(said) = said { " " (page::tag(said, Tone::Plain)) } @else if let Some(from) = item.source.words() { " " (page::tag(from, Tone::Plain)) }
                }
                @if may_change {
                    form.agenda-deeds method="post" action=(action) {
                        @if item.state == AgendaState::Open {
                            @if may_order && !first { (Button::quiet("Up").icon_only(Icon::Up).sends("do", "up").context(words)) }
                            @if may_order && !last { (Button::quiet("Down").icon_only(Icon::Down).sends("do", "down").context(words)) }
                            @if meeting_now { (Button::quiet("Discussed").icon_only(Icon::Check).sends("do", "discussed").context(words)) }
                            @if item.source != Source::Prompt { (Button::quiet("Put off to next time").icon_only(Icon::Clock).sends("do", "put_off").context(words)) }
                            (Button::quiet("Take off").icon_only(Icon::Cross).sends("do", "take_off").context(words))
                        } @else if item.state != AgendaState::Carried {
                            (Button::quiet("Open again").icon_only(Icon::Undo).sends("do", "again").context(words))
                        }
                    }
                }
            }
        }
    }

    // While they meet.

    fn timer(&self, viewer: &Viewer) -> Markup {
        let (Some(start), Some(end)) = (self.session().starts_at, self.session().ends_at) else { return html! {} };
        let clock = |at: Timestamp| at.in_zone(&viewer.zone).strftime("%H:%M").to_string();
        let middle = self.session().middle().filter(|_| self.session().purpose.swaps());
        html! {
            div.card.timer id="timer" hx-morph-skip data-timer data-from=(start.jiff()) data-until=(end.jiff()) data-middle=[middle.map(|m| m.jiff().to_string())] {
                p.timer-words { (Icon::Clock) span data-timer-left role="timer" { (clock(start)) " to " (clock(end)) } }
                @if let Some(middle) = middle { p data-timer-swap aria-live="polite" { "At " (clock(middle)) " you swap roles." } }
            }
        }
    }

    fn notes(&self, viewer: &Viewer, form: &Form) -> Markup {
        let there = &self.written.notes;
        if !self.offers(viewer, Deed::WriteNotes) {
            return html! { @if !there.words.is_empty() { (page::section("Notes", &self.both(viewer), &page::card(&page::paragraphs(&there.words)))) } };
        }
        let name = self.meeting.company.name(viewer);
        let hint = format!("You and {name} can write at the same time. Nothing either of you writes is lost.");
        page::section("Notes", &self.both(viewer), &self.pen("notes", "What you both want to remember", &hint, there, form))
    }

    /// What each heard in it, and whether that was it.
    fn heard_here(&self, viewer: &Viewer, form: &Form) -> Markup {
        let (company, playbacks) = (&self.meeting.company, &self.written.playbacks);
        let said = playbacks.iter().any(|p| viewer.is(p.by));
        let (may_say, may_answer) = (!said && self.offers(viewer, Deed::PlayBack), self.offers(viewer, Deed::AnswerPlayback));
        if playbacks.is_empty() && !may_say {
            return html! {};
        }
        let whom = if company.people.len() > 2 { "the others" } else { company.name(viewer) };
        let waits = format!(
            "{} not said yet whether that is it.",
            if company.people.len() > 2 { "The others have".into() } else { format!("{whom} has") }
        );
        page::section(
            "What you heard",
            &self.both(viewer),
            &html! {
                @for playback in playbacks {
                    @let mine = viewer.is(playback.by);
                    (heard::shown(company, viewer, playback, if mine { &waits } else { "Is that it?" }))
                    @if may_answer && !mine && playback.state == PlaybackState::Waiting {
                        (heard::answer_form(&self.path(&format!("heard/{}", playback.by)), form))
                    }
                }
                @if may_say { (folded("Say what you heard", form.has("heard"), &heard::play_back_form(&self.path("heard"), form, whom))) }
            },
        )
    }

    fn own_notes(&self, viewer: &Viewer, form: &Form) -> Markup {
        let there = &self.written.own_notes;
        if !self.offers(viewer, Deed::WriteOwnNotes) {
            return html! { @if !there.words.is_empty() { (page::section("Your own notes", &page::audience_me(), &page::card(&page::paragraphs(&there.words)))) } };
        }
        page::section("Your own notes", &page::audience_me(), &self.pen("own-notes", "For you alone", "", there, form))
    }

    /// A text that is saved while it is written. `base` is what it was written from, so that two can write at once.
    fn pen(&self, name: &str, label: &str, hint: &str, there: &Text, form: &Form) -> Markup {
        let base = format!("{name}-base");
        let (typed, from) =
            if form.has(name) { (form.value(name), form.value(&base)) } else { (there.words.as_str(), there.words.as_str()) };
        let mut field = Field::textarea(name, label).value(typed).error(form.error(name)).max(longest::NOTES).rows(8);
        if !hint.is_empty() {
            field = field.hint(hint);
        }
        html! {
            // What somebody is writing stays in their hands, whatever else changes on the page.
            form.stack.pen id={ "pen-" (name) } hx-morph-skip method="post" action=(self.path(name)) data-pen=(name) data-version=(there.version) {
                input type="hidden" name=(base) value=(from);
                (field)
                div.actions { span.muted data-pen-state aria-live="polite" {} (Button::secondary("Save").unchecked()) }
            }
        }
    }

    fn decisions(&self, viewer: &Viewer, form: &Form) -> Markup {
        let may = self.offers(viewer, Deed::Decide);
        if self.written.decisions.is_empty() && !may {
            return html! {};
        }
        page::section(
            "What you decided",
            &self.both(viewer),
            &html! {
                ul.decisions {
                    @for (_, words) in &self.written.decisions { li { (words) } }
                }
                @if may {
                    form.agenda-add method="post" action=(self.path("decisions")) {
                        (Field::text("decision", "A decision").value(form.value("decision")).error(form.error("decision")).max(longest::DECISION))
                        (Button::secondary("Write it down").icon(Icon::Plus))
                    }
                }
            },
        )
    }

    /// What each will do: who takes it on says by when, and if they like when and where.
    fn actions(&self, viewer: &Viewer, form: &Form) -> Markup {
        let may = self.offers(viewer, Deed::Decide);
        if self.taken_on.is_empty() && !may {
            return html! {};
        }
        let in_two_weeks = self.now + jiff::SignedDuration::from_hours(24 * 14);
        let by = self.next.as_ref().and_then(|next| next.starts_at).unwrap_or(in_two_weeks).in_zone(&viewer.zone).date().to_string();
        let by = if form.has("due_on") { form.value("due_on").to_owned() } else { by };
        page::section(
            "What each will do",
            &self.both(viewer),
            &html! {
                @if !self.taken_on.is_empty() { (page::rows(&html! { @for told in &self.taken_on { (action_items::row(told, viewer, &self.meeting.company, self.now)) } })) }
                @if may {
                    (folded("Take something on", form.has("due_on"), &html! {
                        form.stack method="post" action=(self.path("actions")) {
                            input type="hidden" name="nonce" value=(self.nonce);
                            (Field::text("words", "What will you do?").value(form.value("words")).error(form.error("words")).hint("One thing, small enough that you know when it is done.").max(action_items::longest::WORDS))
                            (Field::date("due_on", "By which day?").value(by).error(form.error("due_on")))
                            (page::side_by_side(&html! {
                                (Field::text("plan_if", "If …").value(form.value("plan_if")).error(form.error("plan_if")).hint("it is Tuesday after lunch").max(action_items::longest::PLAN).optional())
                                (Field::text("plan_then", "then I …").value(form.value("plan_then")).error(form.error("plan_then")).hint("open the file before anything else").max(action_items::longest::PLAN).optional())
                            }))
                            (page::actions(&html! { (Button::secondary("Take this on")) }))
                        }
                    }))
                }
            },
        )
    }

    // Afterwards.

    fn how_it_went(&self, viewer: &Viewer) -> Markup {
        if !self.offers(viewer, Deed::Hold) {
            return html! {};
        }
        page::section(
            "How did it go?",
            &html! {},
            &html! {
                (page::actions(&html! {
                    (page::post_button(&self.path("held"), &[], &Button::primary("We met").icon(Icon::Check)))
                    (page::post_button(&self.path("missed"), &[], &Button::secondary("We did not meet")))
                }))
                p.muted { "If you did not meet, nobody is asked why. You simply find another time." }
            },
        )
    }

    fn over(&self, viewer: &Viewer, form: &Form) -> Markup {
        let ending = pages::ending(&self.meeting, viewer).unwrap_or_default();
        let again = self.meeting.company.relationship.offers(viewer, relationships::Deed::TakePart);
        html! {
            (page::card(&html! { p { strong { (ending) } } @if let Some(word) = &self.written.word { (page::paragraphs(word)) } }))
            @if again {
                (page::section("When you meet next", &html! {}, &html! {
                    @if let Some(next) = self.next.as_ref().and_then(|next| Some((next, next.starts_at?))) {
                        p { a href={ "/sessions/" (next.0.id) } { (when(viewer, &self.meeting, next.1)) } }
                    } @else { (pages::next_time(viewer, &self.meeting, &self.suggested)) }
                }))
            }
            (page::with_aside(
                &html! {
                    @if self.session().state == SessionState::Held { (self.decisions(viewer, form)) (self.actions(viewer, form)) }
                    (self.heard_here(viewer, form))
                    (self.notes(viewer, form))
                    (self.agenda(viewer, form))
                    (self.prepared(viewer))
                },
                &html! { (self.feedback(viewer, form)) (self.own_notes(viewer, form)) },
                false,
            ))
        }
    }

    fn feedback(&self, viewer: &Viewer, form: &Form) -> Markup {
        let name = self.meeting.company.name(viewer);
        let mine = self.written.feedback.iter().any(|(line, _)| viewer.is(line.by));
        let may = !mine && self.offers(viewer, Deed::GiveFeedback);
        if self.written.feedback.is_empty() && !may {
            return html! {};
        }
        page::section(
            "A line for each other",
            &self.both(viewer),
            &html! {
                @for (line, words) in &self.written.feedback { (page::quotation(words, self.meeting.company.called(viewer, line.by))) }
                @if may {
                    form.stack method="post" action=(self.path("feedback")) {
                        (Field::text("feedback", format!("What helped you in this session, {name} would like to know")).value(form.value("feedback")).error(form.error("feedback")).max(longest::FEEDBACK))
                        (page::actions(&html! { (Button::secondary("Say it").icon(Icon::Send)) }))
                    }
                }
            },
        )
    }
}

/// Folded away until one wants it, unless it came back with something to mend.
fn folded(summary: &str, open: bool, body: &Markup) -> Markup {
    if open { body.clone() } else { page::more(summary, body) }
}

// What people do here.

async fn hold(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "Noted. Here is when you are both free next.", move |tx| verbs::hold(tx, &me, id)).await
}
async fn miss(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "These things happen. Here is when you are both free next.", move |tx| verbs::miss(tx, &me, id))
        .await
}

async fn set_video(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let make = form.value("make") == "jitsi";
    let link = if make { None } else { form.link("video") };
    if link.as_ref().is_some_and(|link| !link.starts_with("https://")) {
        form.refuse("video", "Please give a whole web address that starts with https://.");
    }
    let me = viewer.clone();
    does(app, viewer, id, form, "Saved. You both see it.", move |tx| {
        let link = if make { Some(written::new_room(tx)) } else { link.clone() };
        written::set_video(tx, &me, id, link.as_deref())
    })
    .await
}

async fn add_to_agenda(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("item", longest::AGENDA_ITEM));
    does(app, viewer, id, form, "", move |tx| written::add_to_agenda(tx, &me, id, &words)).await
}

async fn handle(State(app): State<App>, viewer: Viewer, Path((id, item)): Path<(SessionId, AgendaItemId)>, form: Form) -> Result<Response> {
    let handling: Handling = form.value("do").parse().map_err(|()| Error::NotFound)?;
    let me = viewer.clone();
    does(app, viewer, id, form, "", move |tx| written::handle(tx, &me, id, item, handling)).await
}

async fn prepare(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let answers: Vec<(String, bool)> =
        (0..3).map(|n| (form.maybe_text(&format!("words-{n}"), longest::PREPARATION), form.ticked(&format!("shared-{n}")))).collect();
    let me = viewer.clone();
    does(app, viewer, id, form, "Saved. You can change it until you meet.", move |tx| written::prepare(tx, &me, id, &answers)).await
}

async fn notes(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>) -> Result<Response> {
    let text = app.read(move |tx| written::notes(tx, &viewer, id)).await?;
    Ok(as_json(&text))
}

fn as_json(text: &Text) -> Response {
    Json(json!({ "version": text.version, "text": text.words })).into_response()
}

async fn write_notes(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response> {
    let (me, base, mine) = (viewer.clone(), form.value("notes-base").to_owned(), form.value("notes").to_owned());
    wrote(app.clone(), viewer, id, &headers, form, move |tx| written::write_notes(tx, &me, id, &base, &mine)).await
}
async fn write_own_notes(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response> {
    let (me, base, mine) = (viewer.clone(), form.value("own-notes-base").to_owned(), form.value("own-notes").to_owned());
    wrote(app.clone(), viewer, id, &headers, form, move |tx| written::write_own_notes(tx, &me, id, &base, &mine)).await
}

/// Answers a script with the text as it stands now, and a form with the page.
async fn wrote(
    app: App,
    viewer: Viewer,
    id: SessionId,
    headers: &HeaderMap,
    form: Form,
    write: impl FnMut(&mut Tx) -> Result<Text> + Send + 'static,
) -> Result<Response> {
    let by_script = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    match app.write(write).await {
        Ok(text) if by_script => Ok(as_json(&text)),
        Ok(_) => Ok(Go::to(format!("/sessions/{id}")).saying("Saved.").into_response()),
        Err(Error::Refused(refusal)) if !by_script => Ok(shown(app, viewer, id, form.refused(refusal)).await?.into_response()),
        Err(e) => Err(e),
    }
}

async fn decide(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("decision", longest::DECISION));
    does(app, viewer, id, form, "", move |tx| written::decide(tx, &me, id, &words)).await
}
async fn take_on(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let words = form.text("words", action_items::longest::WORDS);
    let due_on = form.chosen("due_on", "Please choose a day.");
    let (when, then) = (form.maybe_text("plan_if", action_items::longest::PLAN), form.maybe_text("plan_then", action_items::longest::PLAN));
    if when.is_empty() != then.is_empty() {
        form.refuse(if when.is_empty() { "plan_if" } else { "plan_then" }, "A plan has two halves. Please fill in both, or neither.");
    }
    let nonce: String = form.value("nonce").chars().take(80).collect();
    let Some(due_on) = due_on else { return Ok(shown(app, viewer, id, form).await?.into_response()) };
    let (me, plan) = (viewer.clone(), Plan::of(&when, &then));
    does(app, viewer, id, form, "You have taken it on.", move |tx| written::take_on(tx, &me, id, &words, plan.clone(), due_on, &nonce))
        .await
}
async fn play_back(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("heard", heard::LONGEST));
    does(app, viewer, id, form, "Said. You hear whether that is it.", move |tx| written::play_back(tx, &me, id, &words)).await
}
async fn answer_playback(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, person)): Path<(SessionId, PersonId)>,
    mut form: Form,
) -> Result<Response> {
    let (me, correction) = (viewer.clone(), heard::correction(&mut form));
    does(app, viewer, id, form, "Thank you. You both see it now.", move |tx| written::answer_playback(tx, &me, id, person, &correction))
        .await
}
async fn give_feedback(State(app): State<App>, viewer: Viewer, Path(id): Path<SessionId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("feedback", longest::FEEDBACK));
    does(app, viewer, id, form, "Thank you. They read it now.", move |tx| written::give_feedback(tx, &me, id, &words)).await
}
