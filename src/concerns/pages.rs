//! Concerns on screen: raising one, looking after them, deciding; and keeping somebody away.

use super::concern::{Clocks, Concern, ConcernId, ConcernState, Decision, Deed, Draft, Evidence, Wish, longest};
use super::more;
use super::verbs::{self, Listed, Whole};
use crate::app::{App, Tx};
use crate::directory;
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Clock, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{Chip, verbs as people};
use crate::relationships::pages::{face, moment};
use crate::relationships::{self, Company, Kind, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::{Office, PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::ops::RangeInclusive;

pub fn routes() -> Routes {
    let administrators = Needs::Office(Office::Administrator);
    Routes::new()
        .get("/concerns", Needs::SignedIn, list)
        .get("/concerns/new", Needs::SignedIn, new)
        .post("/concerns", Needs::SignedIn, raise)
        .get("/concerns/contacts", administrators, contacts)
        .post("/concerns/contacts", administrators, name_contact)
        .post("/concerns/contacts/{id}/remove", administrators, remove_contact)
        .post("/concerns/clocks", administrators, set_clocks)
        .get("/concerns/{id}", Needs::Deed("concern.see"), show)
        .post("/concerns/{id}/open", Needs::Deed("concern.read"), open)
        .post("/concerns/{id}/acknowledge", Needs::Deed("concern.acknowledge"), acknowledge)
        .post("/concerns/{id}/decide", Needs::Deed("concern.decide"), decide)
        .post("/concerns/{id}/appeal", Needs::Deed("concern.appeal"), appeal)
        .post("/concerns/{id}/withdraw", Needs::Deed("concern.withdraw"), withdraw)
        .get("/blocks/{id}", Needs::SignedIn, blocking)
        .post("/blocks/{id}", Needs::SignedIn, block)
        .post("/blocks/{id}/take-away", Needs::SignedIn, unblock)
        .get("/relationships/{id}/more", Needs::Deed("relationship.say_stuck"), more::show)
        .post("/relationships/{id}/more", Needs::Deed("relationship.say_stuck"), more::choose)
}

// The list: one's own, and the desk of those who look after them.

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let listed = app.read(move |tx| verbs::list(tx, &me)).await?;
    let nothing = listed.raised.is_empty() && listed.told.is_empty() && listed.waiting.is_empty() && listed.handled.is_empty();
    let body = html! {
        (PageHeader::new("Concerns").lead("When something is not right.").actions(html! { (Button::secondary("Raise a concern").href("/concerns/new")) }))
        @if nothing && !listed.looks_after {
            (page::empty(Icon::Heart, "Nothing raised", "If something here is not right, you can say so. Only those whom this place has named for it read it.", &html! {}))
        }
        (desk(&listed, &viewer))
        @if !listed.raised.is_empty() {
            (page::section("What you raised", &html! {}, &page::rows(&html! {
                @for (concern, about) in &listed.raised { (row(concern, &format!("About {}", about.name), &viewer)) }
            })))
        }
        @if !listed.told.is_empty() {
            (page::section("What was decided that concerns you", &page::audience_me(), &page::rows(&html! {
                @for concern in &listed.told { (row(concern, "A decision", &viewer)) }
            })))
        }
        @if !listed.blocked.is_empty() {
            (page::section("Whom you keep away", &page::audience_me(), &page::rows(&html! {
                @for chip in &listed.blocked {
                    (Row::new(chip.name.clone()).face(&face(chip))
                        .beside(page::post_button(&format!("/blocks/{}/take-away", chip.id), &[], &Button::secondary("No longer").context(&chip.name).small())))
                }
            })))
        }
        p.muted { a href="/conduct" { "How we treat each other" } @if viewer.administers() { " · " a href="/concerns/contacts" { "Who looks after concerns" } } }
    };
    Ok(Page::new("Concerns", Section::None, body))
}

fn desk(listed: &Listed, viewer: &Viewer) -> Markup {
    html! {
        @if listed.looks_after || !listed.waiting.is_empty() {
            @let named = page::audience("Those named to look after concerns");
            @if listed.waiting.is_empty() { (page::section("For you to look after", &named, &html! { p { "Nothing waits. That is good." } })) }
            @else {
                (page::section("For you to look after", &named, &page::rows(&html! {
                    @for concern in &listed.waiting {
                        (row(concern, if concern.state == ConcernState::Appealed { "An appeal" } else { "A concern" }, viewer))
                    }
                })))
            }
        }
        @if !listed.handled.is_empty() {
            (page::section("What you looked after", &html! {}, &page::rows(&html! { @for concern in &listed.handled { (row(concern, "A concern", viewer)) } })))
        }
    }
}

fn row(concern: &Concern, title: &str, viewer: &Viewer) -> Markup {
    let meta = html! {
        span { "Raised " (viewer.day(concern.raised_at)) }
        @if let (Some(by), Some(next)) = (concern.answer_by, concern.comes_next()) { span { (next) " by " (viewer.when(by)) } }
    };
    html! { (Row::new(title.to_owned()).href(format!("/concerns/{}", concern.id)).icon(Icon::Heart).meta(meta).beside(page::tag(state_words(concern.state), Tone::Plain))) }
}

fn state_words(state: ConcernState) -> &'static str {
    match state {
        ConcernState::Raised => "raised",
        ConcernState::Acknowledged => "read",
        ConcernState::Decided => "decided",
        ConcernState::Appealed => "appealed",
        ConcernState::Closed => "closed",
    }
}

// Raising one.

/// What the form needs to know.
struct Raising {
    about: Chip,
    /// What their circle is called, where it is one.
    circle: Option<String>,
    relationship: Option<RelationshipId>,
    attachable: Vec<(String, String, Evidence)>,
    readers: Vec<Chip>,
    clocks: Clocks,
    nonce: String,
}

/// Whom it is about, or among whom one chooses first.
enum About {
    Somebody(Box<Raising>),
    OneOf(Box<Company>),
    Nobody,
}

fn raising(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<About> {
    let relationship = form.value("relationship").parse::<RelationshipId>().ok();
    let mut circle = None;
    let (about, attachable) = match relationship {
        Some(id) => {
            let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
            let asked = form.value("about").parse::<PersonId>().ok();
            let about = company.people.iter().find(|chip| Some(chip.id) == asked).cloned();
            if about.is_none() && company.people.len() > 2 {
                return Ok(About::OneOf(Box::new(company)));
            }
            let about = about.or_else(|| company.partner(viewer).cloned());
            let pieces = verbs::attachable(tx, viewer, id)?;
            circle = company.called.clone().filter(|_| company.relationship.kind == Kind::Circle);
            (about, pieces.into_iter().map(|(key, e)| (key, company.called(viewer, e.by).to_owned(), e)).collect())
        }
        None => match form.value("about").parse::<PersonId>() {
            Ok(person) => (Some(people::chip(tx, person)?), Vec::new()),
            Err(_) => (None, Vec::new()),
        },
    };
    let Some(about) = about.filter(|chip| !viewer.is(chip.id)) else { return Ok(About::Nobody) };
    let nonce = form.nonce_to_send(tx.chance());
    Ok(About::Somebody(Box::new(Raising {
        circle,
        readers: verbs::would_handle(tx, viewer.person, about.id)?,
        clocks: verbs::clocks(tx)?,
        about,
        relationship,
        attachable,
        nonce,
    })))
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    written(app, viewer, asked).await
}

async fn written(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let raising = app.read(move |tx| raising(tx, &me, &asked)).await?;
    let raising = match raising {
        About::Somebody(raising) => raising,
        About::OneOf(company) => return Ok(which(&company, &viewer)),
        About::Nobody => return Ok(whom()),
    };
    let page = Page::new("Something is not right", Section::None, raise_form(&raising, &viewer, &form));
    Ok(page.answering(&form))
}

/// When nobody is named yet: where to begin.
fn whom() -> Page {
    let body = html! {
        (PageHeader::new("Something is not right").lead("A concern begins from the page of whoever it is about, or of what you do together."))
        (page::rows(&html! {
            (Row::new("Somebody you work with").icon(Icon::People).text("Open what you do together, and choose “Something is not right” there.").href("/relationships"))
            (Row::new("Somebody else here").icon(Icon::Find).text("Open their page, and choose “Raise a concern” at its foot.").href("/find"))
        }))
        p.muted { a href="/concerns" { "What you have raised" } " · " a href="/conduct" { "How we treat each other" } }
    };
    Page::new("Something is not right", Section::None, body)
}

/// In a circle: about whom.
fn which(company: &Company, viewer: &Viewer) -> Page {
    let id = company.relationship.id;
    let body = html! {
        (PageHeader::new("Something is not right").back(&company.title(viewer), &format!("/relationships/{id}")).lead("Whom is it about? Nobody in the circle learns that you ask."))
        (page::rows(&html! {
            @for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
                (Row::new(chip.name.clone()).face(&face(chip)).href(format!("/concerns/new?relationship={id}&about={}", chip.id)))
            }
        }))
        p.muted { "If it is about several, raise one after the other." }
    };
    Page::new("Something is not right", Section::None, body)
}

fn wishes(raising: &Raising) -> Choices<'static> {
    let name = raising.about.first_name();
    let choices = Choices::cards("wish", "What do you wish for now?").described(
        Wish::Talk.as_str(),
        "Talk to me",
        format!("Somebody reads this and talks with you first. {name} learns nothing of it."),
    );
    match &raising.circle {
        None => choices.described(
            Wish::Stop.as_str(),
            "Stop contact now",
            format!("At once, and until it is decided. {name} reads that contact is paused, and no reason."),
        ),
        Some(circle) => choices
            .described(
                Wish::Stop.as_str(),
                format!("{name} stands aside now"),
                format!("At once, and until it is decided: {name} takes no part in “{circle}” and is told no reason, nor who asked for it. You and the others go on."),
            )
            .described(
                Wish::StepOut.as_str(),
                "I step out now",
                format!("Quietly, and until it is decided: you take no part in “{circle}”, your place is kept, and {name} notices nothing else."),
            ),
    }
}

fn raise_form(raising: &Raising, viewer: &Viewer, form: &Form) -> Markup {
    let name = raising.about.first_name();
    let readers: Vec<&str> = raising.readers.iter().map(|chip| chip.name.as_str()).collect();
    let audience = if readers.is_empty() {
        "You, until somebody is named who is not part of it".to_owned()
    } else {
        format!("You and {}", listed(&readers))
    };
    let chosen = form.values("attached");
    html! {
        (PageHeader::new("Something is not right").lead(format!("Say what happened with {name}. You are heard, and it stays with those who need to know.")))
        @if readers.is_empty() {
            (page::banner(Tone::Amber, "There is nobody here who could look at this and is not part of it. It waits until somebody is named. If you are in danger, please call the police or a helpline where you live.", None))
        }
        (crate::web::mend(form))
        form.stack method="post" action="/concerns" {
            input type="hidden" name="nonce" value=(raising.nonce);
            input type="hidden" name="about" value=(raising.about.id);
            @if let Some(relationship) = raising.relationship { input type="hidden" name="relationship" value=(relationship); }
            p { (face(&raising.about).chip(None)) }
            (Field::textarea("words", "What happened?").hint("In your own words, as much or as little as you like.").value(form.value("words")).error(form.error("words")).max(longest::WORDS).rows(7).required())
            (wishes(raising).chosen(form.value("wish")).error(form.error("wish")).required())
            @if !raising.attachable.is_empty() {
                (page::more("Attach what you wrote to each other", &html! {
                    p.muted { "Only what you tick is copied. Nobody reads the rest." }
                    (attachments(raising, viewer, &chosen))
                }))
            }
            p { (page::audience(&audience)) }
            p.muted { (raising.clocks.words()) }
            (page::actions(&html! { (Button::primary("Raise this concern")) (Button::quiet("Not now").href("/concerns")) }))
        }
    }
}

fn attachments(raising: &Raising, viewer: &Viewer, chosen: &[&str]) -> Markup {
    let mut pieces = Choices::checkboxes("attached", "What do you want to attach?").optional();
    for (key, who, piece) in &raising.attachable {
        pieces = pieces.described(
            key.clone(),
            format!("{who}, {}: {}", viewer.when(piece.at), piece.source),
            page::shortened(&piece.words, 160),
        );
    }
    for key in chosen {
        pieces = pieces.chosen(key);
    }
    html! { (pieces) }
}

async fn raise(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let words = form.text("words", longest::WORDS);
    let wish = form.chosen::<Wish>("wish", "Please choose one.");
    let about: PersonId = form.value("about").parse().map_err(|_| Error::NotFound)?;
    let nonce = form.nonce("words");
    let (true, Some(wish)) = (form.is_good(), wish) else {
        return Ok(written(app, viewer, form).await?.into_response());
    };
    let attached = form.values("attached").into_iter().map(str::to_owned).collect();
    let draft = Draft { about, relationship: form.value("relationship").parse().ok(), words, wish, attached, nonce };
    let me = viewer.clone();
    match app.write(move |tx| verbs::raise(tx, &me, &draft)).await {
        Ok(id) => {
            let said = match wish {
                Wish::Stop => "It is raised, and contact is stopped.",
                Wish::StepOut => "It is raised, and you take no part in the circle for now.",
                Wish::Talk => "It is raised. You hear from somebody soon.",
            };
            Ok(Go::to(format!("/concerns/{id}")).saying(said).into_response())
        }
        Err(Error::Refused(refusal)) => Ok(written(app, viewer, form.refused(refusal)).await?.into_response()),
        Err(e) => Err(e),
    }
}

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: ConcernId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let concern = &whole.concern;
    let (mine, other) = (viewer.is(concern.reporter), viewer.is(concern.about));
    let title = match (mine, other) {
        (true, _) => format!("Your concern about {}", whole.about.first_name()),
        (_, true) => "A decision that concerns you".to_owned(),
        _ => "A concern".to_owned(),
    };
    let to_open = whole.handles && whole.report.is_none();
    let body = html! {
        (PageHeader::new(title.clone()).back("Concerns", "/concerns"))
        (crate::web::mend(&form))
        (standing(&whole, &viewer))
        @if to_open { (opening(concern)) }
        @if let Some((words, evidence)) = &whole.report { (report(&whole, words, evidence, &viewer)) }
        (decisions(&whole, &viewer))
        @if !to_open { (deeds(&whole, &viewer, &form)) }
    };
    let page = Page::new(title, Section::None, body);
    Ok(page.answering(&form))
}

fn standing(whole: &Whole, viewer: &Viewer) -> Markup {
    let concern = &whole.concern;
    html! {
        p { (page::tag(state_words(concern.state), if concern.is_open() { Tone::Laurel } else { Tone::Plain }))
            @if concern.stopped && !viewer.is(concern.about) { " " (page::tag("contact is stopped", Tone::Plain)) } }
        @if let (Some(by), Some(next)) = (concern.answer_by, concern.comes_next()) {
            @let (due, due_at) = (format!("by {}", viewer.when(by)), by.jiff().to_string());
            (Clock { sentence: next, due: &due, due_at: &due_at, tone: if whole.handles { Tone::Amber } else { Tone::Plain } })
        }
        @if let Some(handler) = whole.handler.as_ref().filter(|_| !viewer.is(concern.about)) { p { (handler.name) " looks after it." } }
        @if concern.is_open() && !whole.is_looked_after && viewer.is(concern.reporter) && concern.state != ConcernState::Decided {
            (page::banner(Tone::Amber, "There is nobody here just now who could look at this and is not part of it. Those who run this place have been asked to name somebody.", None))
        }
    }
}

/// Before those who look after it read it: that this is written down.
fn opening(concern: &Concern) -> Markup {
    page::card(&html! {
        p { "What was told here is for those who look after concerns. That you open it is written down each time; it stays open to you for an hour." }
        (page::post_button(&format!("/concerns/{}/open", concern.id), &[], &Button::primary("Open this concern")))
    })
}

fn report(whole: &Whole, words: &str, evidence: &[(Chip, Evidence)], viewer: &Viewer) -> Markup {
    let concern = &whole.concern;
    let beside = if viewer.is(concern.reporter) {
        page::audience("You and those who look after concerns")
    } else {
        page::audience("Those who look after concerns")
    };
    html! {
        (page::section("What was told", &beside, &html! {
            @if whole.handles { p { (whole.reporter.name) " about " (whole.about.name) ". " (wish_words(concern.wish)) } }
            (page::quotation(words, &format!("{}, {}", if viewer.is(concern.reporter) { "You" } else { whole.reporter.first_name() }, viewer.when(concern.raised_at))))
        }))
        @if !evidence.is_empty() {
            (page::section("What was attached", &beside, &html! {
                @for (by, piece) in evidence { (page::quotation(&piece.words, &format!("{}, {}: {}", by.name, viewer.when(piece.at), piece.source))) }
            }))
        }
        @if let Some(appeal) = &whole.appeal {
            @let by = if whole.concern.appellant == Some(whole.concern.reporter) { &whole.reporter } else { &whole.about };
            (page::section("The appeal", &beside, &page::quotation(appeal, &by.name)))
        }
    }
}

fn wish_words(wish: Wish) -> &'static str {
    match wish {
        Wish::Talk => "Wishes to talk.",
        Wish::Stop => "Wishes that contact stops.",
        Wish::StepOut => "Has stepped out of the circle until it is decided.",
    }
}

fn decisions(whole: &Whole, viewer: &Viewer) -> Markup {
    let other = viewer.is(whole.concern.about);
    html! {
        @for answer in &whole.answers {
            @let title = if whole.handles { format!("What was decided, to {}", whole.reporter.first_name()) } else { "What was decided".to_owned() };
            (page::section(&title, &html! { (moment(viewer, answer.at)) }, &html! {
                (page::quotation(&answer.words, &answer.by.name))
                @if let Some(to_other) = &answer.to_other { p { strong { "To " (whole.about.first_name()) } } (page::quotation(to_other, &answer.by.name)) }
            }))
        }
        @if other { @if let Some(appeal) = whole.appeal.as_ref().filter(|_| whole.concern.appellant == Some(whole.concern.about)) {
            (page::section("Your appeal", &page::audience("You and those who look after concerns"), &page::quotation(appeal, "You")))
        } }
    }
}

fn deeds(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let concern = &whole.concern;
    let to = |deed: &str| format!("/concerns/{}/{deed}", concern.id);
    let offers = |deed| concern.offers(viewer, whole.handles, deed);
    let name = whole.about.first_name();
    html! {
        @if offers(Deed::Acknowledge) {
            (page::actions(&html! { (page::post_button(&to("acknowledge"), &[], &Button::primary("Tell them that you have read it"))) }))
        }
        @if offers(Deed::Decide) {
            (page::section("Decide", &html! {}, &html! {
                form.stack method="post" action=(to("decide")) {
                    (Field::textarea("to_reporter", format!("To {}", whole.reporter.first_name())).hint("What you found, and what happens now.")
                        .value(form.value("to_reporter")).error(form.error("to_reporter")).max(longest::ANSWER).rows(5).required())
                    (Field::textarea("to_other", format!("To {name}")).hint(format!("Leave it empty if {name} is to learn nothing. With it, {name} learns that there was a concern, and may appeal."))
                        .value(form.value("to_other")).error(form.error("to_other")).max(longest::ANSWER).rows(4).optional())
                    @if concern.stopped {
                        (Field::checkbox("contact_resumes", "The two may be in contact again").checked(form.ticked("contact_resumes")))
                        @if whole.is_in_circle {
                            p.muted { "Then both are in their circle. Otherwise " (whole.reporter.first_name()) " is, " (name) " stands aside, and leaves it once no appeal is open." }
                        }
                    }
                    (page::actions(&html! { (Button::primary("Decide this")) }))
                }
            }))
        }
        @if offers(Deed::Appeal) {
            (page::more("Ask somebody else to look at it again", &html! {
                p { "Once, and somebody who has not decided yet looks at it." }
                form.stack method="post" action=(to("appeal")) {
                    (Field::textarea("words", "What should they know?").value(form.value("words")).error(form.error("words")).max(longest::APPEAL).rows(5).required())
                    (page::actions(&html! { (Button::secondary("Appeal")) }))
                }
            }))
        }
        @if offers(Deed::Withdraw) {
            (page::more("Take it back", &page::confirmation(&to("withdraw"),
                if concern.stopped { "It is closed, and contact may go on." } else { "It is closed. Those who look after concerns still see that there was one." },
                &Button::secondary("Take it back"), &format!("/concerns/{}", concern.id))))
        }
    }
}

async fn does(
    app: App,
    viewer: Viewer,
    id: ConcernId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/concerns/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn open(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>) -> Result<Go> {
    app.write(move |tx| verbs::open_to_read(tx, &viewer, id)).await?;
    Ok(Go::to(format!("/concerns/{id}")))
}
async fn acknowledge(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "They know that you have read it.", move |tx| verbs::acknowledge(tx, &me, id)).await
}
async fn decide(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>, mut form: Form) -> Result<Response> {
    let decision = Decision {
        to_reporter: form.text("to_reporter", longest::ANSWER),
        to_other: form.maybe_text("to_other", longest::ANSWER),
        contact_resumes: form.ticked("contact_resumes"),
    };
    let me = viewer.clone();
    does(app, viewer, id, form, "Decided. Each side reads the words to them.", move |tx| verbs::decide(tx, &me, id, &decision)).await
}
async fn appeal(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.text("words", longest::APPEAL));
    does(app, viewer, id, form, "Somebody else looks at it now.", move |tx| verbs::appeal(tx, &me, id, &words)).await
}
async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<ConcernId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "Taken back.", move |tx| verbs::withdraw(tx, &me, id)).await
}

// Who looks after them.

async fn contacts(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    contacts_shown(app, viewer, asked, &Form::default()).await
}

async fn contacts_shown(app: App, viewer: Viewer, asked: Form, form: &Form) -> Result<Page> {
    let typed: String = asked.value("q").trim().chars().take(100).collect();
    let looked = typed.clone();
    let (named, found, clocks) = app
        .read(move |tx| {
            let named = verbs::contacts(tx, &viewer)?;
            let found = directory::verbs::called(tx, &looked, 8)?
                .into_iter()
                .filter(|p| named.iter().all(|chip| chip.id != *p))
                .collect::<Vec<_>>();
            Ok((named, people::chips(tx, &found)?, verbs::clocks(tx)?))
        })
        .await?;
    let body = html! {
        (PageHeader::new("Who looks after concerns, and how soon").back("This place", "/place")
            .lead("They alone read what people raise. Nobody reads a concern that they are part of."))
        (crate::web::mend(form))
        @if named.is_empty() { p { "Nobody is named, so the administrators look after them. Two people whom others trust are better, as an appeal goes to somebody else." } }
        @else {
            (page::rows(&html! {
                @for chip in &named {
                    (Row::new(chip.name.clone()).face(&face(chip)).beside(page::post_button(&format!("/concerns/contacts/{}/remove", chip.id), &[], &Button::secondary("Take away").context(&chip.name).small())))
                }
            }))
        }
        (page::section("Name somebody", &html! {}, &html! {
            (page::search_box("/concerns/contacts", "q", "A name", &typed))
            @if !typed.is_empty() && found.is_empty() { p { "Nobody else here is called that." } }
            @if !found.is_empty() {
                (page::rows(&html! {
                    @for chip in &found {
                        @let id = chip.id.to_string();
                        (Row::new(chip.name.clone()).face(&face(chip)).beside(page::post_button("/concerns/contacts", &[("person", &id)], &Button::primary("Name them").context(&chip.name).small())))
                    }
                }))
            }
        }))
        (page::section("How soon", &html! {}, &clocks_form(clocks, form)))
    };
    let page = Page::new("Who looks after concerns", Section::Desk, body);
    Ok(page.answering(form))
}

fn clocks_form(clocks: Clocks, form: &Form) -> Markup {
    let field = |name: &'static str, label: &'static str, hint: &'static str, now: i64, bounds: &RangeInclusive<i64>| {
        let typed = if form.has(name) { form.value(name).to_owned() } else { now.to_string() };
        let (least, most) = (bounds.start().to_string(), bounds.end().to_string());
        html! { (Field::number(name, label).hint(hint).value(typed).between(least.as_str(), most.as_str()).error(form.error(name)).required()) }
    };
    html! {
        p { (clocks.words()) " Whoever raises a concern reads this." }
        form.stack.narrow-form method="post" action="/concerns/clocks" {
            (field("acknowledge", "Days until somebody has read it", "Those who look after it are reminded when this is over.", clocks.acknowledge, &Clocks::ACKNOWLEDGE))
            (field("decide", "Days from then until it is decided", "An appeal has as long again.", clocks.decide, &Clocks::DECIDE))
            (field("appeal", "Days in which a decision may be appealed", "Then it is closed. At least a week, so that nobody has to answer at once.", clocks.appeal, &Clocks::APPEAL))
            (page::actions(&html! { (Button::primary("Keep these")) }))
        }
        p.muted { "What is open already keeps the time that it was given." }
    }
}

async fn set_clocks(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let mut days = |name: &str, bounds| {
        let days = form.number(name, bounds);
        if days.is_none() && form.error(name).is_none() {
            form.refuse(name, "Please give a number of days.");
        }
        days
    };
    let chosen = (days("acknowledge", Clocks::ACKNOWLEDGE), days("decide", Clocks::DECIDE), days("appeal", Clocks::APPEAL));
    let (Some(acknowledge), Some(decide), Some(appeal)) = chosen else {
        return Ok(contacts_shown(app, viewer, Form::default(), &form).await?.into_response());
    };
    app.write(move |tx| verbs::set_clocks(tx, &viewer, Clocks { acknowledge, decide, appeal })).await?;
    Ok(Go::to("/concerns/contacts").saying("Kept. It holds for what is raised from now on.").into_response())
}

async fn name_contact(State(app): State<App>, viewer: Viewer, form: Form) -> Result<Go> {
    let person: PersonId = form.value("person").parse().map_err(|_| Error::NotFound)?;
    app.write(move |tx| verbs::name_contact(tx, &viewer, person)).await?;
    Ok(Go::to("/concerns/contacts").saying("Named. They are told."))
}

async fn remove_contact(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Go> {
    app.write(move |tx| verbs::remove_contact(tx, &viewer, person)).await?;
    Ok(Go::to("/concerns/contacts").saying("They no longer look after concerns."))
}

// Keeping somebody away.

async fn blocking(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Page> {
    let me = viewer.clone();
    let chip = app.read(move |tx| people::see(tx, &me, person).and_then(|_| people::chip(tx, person))).await?;
    let name = chip.first_name();
    let back = format!("/people/{person}");
    let body = html! {
        (PageHeader::new(format!("Keep {name} away")).back(&chip.name, &back))
        p { (face(&chip).chip(None)) }
        (page::confirmation(&format!("/blocks/{person}"), &format!("Neither of you is offered to the other any more, and neither can ask the other. {name} is not told. You can undo it at any time, under Concerns."),
            &Button::primary(&format!("Keep {name} away")), &back))
        p.muted { "If something happened that others should know of, " a href={ "/concerns/new?about=" (person) } { "raise a concern" } "." }
    };
    Ok(Page::new(format!("Keep {name} away"), Section::None, body))
}

async fn block(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Go> {
    app.write(move |tx| people::block(tx, &viewer, person)).await?;
    Ok(Go::to("/concerns").saying("Done. They are not told."))
}

async fn unblock(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Go> {
    app.write(move |tx| people::unblock(tx, &viewer, person)).await?;
    Ok(Go::to("/concerns").saying("You no longer keep them away."))
}

/// At the foot of somebody's page, for whoever is signed in.
pub fn profile_part(_: &mut Tx, viewer: Option<&Viewer>, person: PersonId) -> Result<Option<Markup>> {
    let other = viewer.is_some_and(|viewer| !viewer.is(person));
    Ok(other.then(|| {
        html! { p.muted { a href={ "/blocks/" (person) } { "Keep them away from me" } " · " a href={ "/concerns/new?about=" (person) } { "Raise a concern" } } }
    }))
}

/// “Ada, Bea and Cem”.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
