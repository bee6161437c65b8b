//! The page of a relationship: two faces, what it is, what was agreed, what comes next, and how it began.

use super::relationship::{Company, Deed, Kind, RelationshipId, RelationshipState, Role, longest};
use super::verbs::{self, Whole};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Face, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::Chip;
use crate::slices::{Needs, RELATIONSHIP_PARTS, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use maud::{Markup, html};

pub fn routes() -> Routes {
    super::touch::routes(super::life_pages::routes(Routes::new()))
        .get("/relationships", Needs::SignedIn, list)
        .get("/relationships/{id}", Needs::Deed("relationship.see"), show)
        .post("/relationships/{id}/next-step", Needs::Deed("relationship.set_next_step"), set_next_step)
        .get("/relationships/{id}/end", Needs::Deed("relationship.end"), end_page)
        .post("/relationships/{id}/end", Needs::Deed("relationship.end"), end)
        .post("/relationships/{id}/testimonial", Needs::Deed("relationship.publish_testimonial"), publish)
        .post("/relationships/{id}/testimonial/take-back", Needs::Deed("relationship.take_back_testimonial"), take_back)
}

/// The face of someone, as every page shows it.
pub(crate) fn face(chip: &Chip) -> Face {
    Face::new(chip.name.clone(), chip.photo.as_ref().map(|photo| format!("/photos/{photo}")), chip.id.to_string())
}
/// A moment in the viewer's own zone.
pub(crate) fn moment(viewer: &Viewer, at: Timestamp) -> Markup {
    page::moment(&at.jiff().to_string(), &viewer.when(at))
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (mine, with_news, sponsored) = app
        .read(move |tx| {
            let (all, with_news) = (verbs::mine(tx, &me)?, verbs::with_news(tx, &me)?);
            let mine = all
                .into_iter()
                .map(|r| {
                    let other = r.other(&me).map(|p| p.person).unwrap_or(me.person);
                    let mut chip = verbs::called(tx, other)?;
                    if let Some(called) = verbs::called_by_its_people(tx, &r)? {
                        chip = Chip { name: called, photo: None, ..chip };
                    }
                    Ok((chip, r))
                })
                .collect::<Result<Vec<_>>>()?;
            let mut sponsored = Vec::new();
            for r in verbs::sponsored(tx, &me)? {
                let people: Vec<PersonId> = r.people().collect();
                sponsored.push((verbs::called_all(tx, &people)?, r));
            }
            Ok((mine, with_news, sponsored))
        })
        .await?;
    let trying =
        mine.iter().filter(|(_, r)| r.state == RelationshipState::TryingOut && r.role_of(viewer.person).is_some_and(Role::learns)).count();
    let row = |(chip, r): &(Chip, super::Relationship)| {
        html! {
            (Row::new(chip.name.clone()).href(format!("/relationships/{}", r.id)).face(&face(chip))
                .text(page::capital(r.kind.words())).meta(html! { "Since " (viewer.date(r.began_at)) })
                .beside(html! {
                    @if with_news.contains(&r.id) { (page::tag("new messages", Tone::Amber)) " " }
                    (page::tag(r.state.words(), if r.state.is_live() { Tone::Laurel } else { Tone::Plain }))
                }))
        }
    };
    let (live, past): (Vec<_>, Vec<_>) = mine.iter().partition(|(_, r)| !r.state.is_over());
    let body = html! {
        (PageHeader::new("People").lead("Those you learn from, and those who learn from you.")
            .actions(html! { (Button::quiet("Start a circle").href("/circles/new")) }))
        @if mine.is_empty() && sponsored.is_empty() {
            (page::empty(Icon::People, "Nobody yet", "When someone says yes to a request of yours, or you to theirs, you find each other here.",
                &html! { (Button::primary("Find someone").href("/find")) }))
        }
        @if !live.is_empty() { (page::rows(&html! { @for one in &live { (row(one)) } })) }
        @if trying > 1 { p { a href="/relationships/compare" { "Compare those you are trying out" } } }
        @if !sponsored.is_empty() {
            (page::section("You stand behind", &html! {}, &page::rows(&html! {
                @for (people, r) in &sponsored {
                    (Row::new(people.iter().map(|chip| chip.name.as_str()).collect::<Vec<_>>().join(" and ")).icon(Icon::People)
                        .href(format!("/relationships/{}/agreement", r.id)).text(page::capital(r.kind.words())).beside(page::tag("sponsor", Tone::Plain)))
                }
            })))
        }
        @if !past.is_empty() { (page::section("Past", &html! {}, &page::rows(&html! { @for one in &past { (row(one)) } }))) }
    };
    Ok(Page::new("People", Section::Relationships, body))
}

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

pub(super) async fn shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let page = Page::new(whole.company.title(&viewer), Section::Relationships, body(&whole, &viewer, &form));
    Ok(page.answering(&form))
}

async fn set_next_step(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.maybe_text("next_step", longest::NEXT_STEP);
    if !form.is_good() {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::set_next_step(tx, &viewer, id, &words)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("Saved. You both see it.").into_response())
}

async fn end_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    ending(app, viewer, id, Form::default()).await
}

async fn ending(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let company = app.read(move |tx| verbs::company(tx, &me, id, Deed::End)).await?;
    let name = company.name(&viewer);
    let body = html! {
        (PageHeader::new("End this well").back(name, &format!("/relationships/{id}"))
            .lead(format!("{name} is told at once, and you both keep what you wrote to each other.")))
        (crate::web::mend(&form))
        form.stack method="post" action={ "/relationships/" (id) "/end" } {
            (Field::textarea("closing", format!("A word to {name}")).value(form.value("closing")).error(form.error("closing"))
                .hint("What you take with you, or simply thank you.").max(longest::CLOSING).optional())
            (page::audience(&company.audience(&viewer)))
            (page::actions(&html! { (Button::primary("End it")) (Button::quiet("Keep things as they are").href(&format!("/relationships/{id}"))) }))
        }
    };
    let page = Page::new("End this well", Section::Relationships, body);
    Ok(page.answering(&form))
}

async fn end(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let closing = form.maybe_text("closing", longest::CLOSING);
    if !form.is_good() {
        return Ok(ending(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::end(tx, &viewer, id, &closing)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("It has ended. What you wrote to each other stays here.").into_response())
}

async fn publish(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.text("testimonial", longest::TESTIMONIAL);
    if !form.is_good() {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::publish_testimonial(tx, &viewer, id, &words)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("Published. You can take it back at any time.").into_response())
}

async fn take_back(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| verbs::take_back_testimonial(tx, &viewer, id)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("Taken back. Nobody sees it any more."))
}

/// The tabs of a relationship; the first is the page itself.
fn tabs(company: &Company, now: &str) -> Markup {
    let base = format!("/relationships/{}", company.relationship.id);
    let unseen = |name: &str| company.unseen.iter().find(|(tab, _)| *tab == name).map_or(0, |(_, many)| *many);
    let slices: Vec<(&str, String)> =
        RELATIONSHIP_PARTS.iter().filter_map(|p| p.tab).map(|(n, end)| (n, format!("{base}/{end}"))).collect();
    let parts: Vec<(&str, &str, u64)> =
        std::iter::once(("Now", base.as_str(), 0)).chain(slices.iter().map(|(name, path)| (*name, path.as_str(), unseen(name)))).collect();
    html! { @if parts.len() > 1 { (page::tabs("In this relationship", &parts, parts.iter().position(|p| p.0 == now).unwrap_or(usize::MAX))) } }
}

/// A page under one of the tabs of a relationship, for the slices below: the tab's name and what stands under it.
pub fn tab(company: &Company, viewer: &Viewer, name: &str, body: &Markup) -> Page {
    let title = format!("{name}, {}", company.name(viewer));
    let (back, path) = (company.title(viewer), format!("/relationships/{}", company.relationship.id));
    let header = PageHeader::new(name.to_owned()).back(&back, &path);
    Page::new(title, Section::Relationships, html! { (header) (tabs(company, name)) (body) })
}

fn body(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let (r, name) = (&whole.company.relationship, whole.company.name(viewer));
    let both = page::audience(&whole.company.audience(viewer));
    let faces = match whole.company.people.as_slice() {
        [one, other] => page::pair_of_faces(&face(one), &face(other)),
        many => page::crowd(&many.iter().map(face).collect::<Vec<_>>()),
    };
    let part = r.role_of(viewer.person).map_or("", my_part);
    let lead = match r.ended_at {
        Some(ended) => format!("From {} to {}.", viewer.date(r.began_at), viewer.date(ended)),
        None => format!("{part} Since {}.", viewer.date(r.began_at)),
    };
    let actions = html! {
        @if r.offers(viewer, Deed::SayStuck) { (Button::secondary("I am stuck").icon(Icon::Speech).href(&format!("/questions/new?stuck_in={}", r.id))) }
        @if r.offers(viewer, Deed::SayStuck) { (Button::quiet("I need more").href(&format!("/relationships/{}/more", r.id))) }
        (page::menu("More about this relationship", &super::life_pages::menu(r, viewer).iter().map(|(label, href)| page::MenuItem::Link { label, href }).collect::<Vec<_>>()))
    };
    // While something is to be mended, the page keeps what was typed and stands still.
    let live = form.is_good().then(|| format!("/relationships/{}", r.id));
    html! {
        div.live-page id="relationship" hx-get=[live] hx-select="#relationship" hx-swap="outerMorph" hx-trigger=(follows()) {
        (page::people_header(&faces, &whole.company.title(viewer), &lead, &actions))
        (tabs(&whole.company, "Now"))
        (crate::web::mend(form))
        p { (page::tag(r.state.words(), if r.state.is_live() { Tone::Laurel } else { Tone::Plain })) }
        (super::life_pages::moment_of_life(whole, viewer, name, form))
        @if r.state.is_over() { (spoken_of(whole, viewer, name, form)) }
        @for block in &whole.now { (block) }
        @if !r.state.is_over() { (page::section("What comes next", &both, &next_step(whole, viewer, name, form))) }
        (page::section("What you agreed so far", &both, &agreed(whole, viewer)))
        @if !whole.passages.is_empty() { (page::section("How it began", &both, &history(whole, viewer))) }
        p.muted { "What you write to each other is sealed for " @if r.kind == Kind::Circle { "those in this circle" } @else { "the two of you" } ". Nobody who runs this place can read it." }
        }
    }
}

/// What the first page follows: whatever happens in the slices that put something on it.
fn follows() -> String {
    const TOPICS: [&str; 8] = ["relationships", "sessions", "plans", "action_items", "agreements", "decisions", "messages", "celebrations"];
    TOPICS.map(|topic| format!("{topic} from:body delay:300ms")).join(", ")
}

fn my_part(role: Role) -> &'static str {
    match role {
        Role::Mentor | Role::Coach => "You give your time.",
        Role::Mentee | Role::Client => "You set the direction; what comes next is yours to say.",
        Role::Peer => "You learn from each other.",
        Role::Sponsor => "You stand behind it.",
    }
}

/// What the field calls somebody who has this role.
pub(crate) fn part_words(role: Role) -> &'static str {
    match role {
        Role::Peer => "partner",
        role => role.as_str(),
    }
}

fn next_step(whole: &Whole, viewer: &Viewer, name: &str, form: &Form) -> Markup {
    let r = &whole.company.relationship;
    let now = whole.terms.as_ref().and_then(|t| t.next_step.as_deref());
    let typed = if form.has("next_step") { form.value("next_step") } else { now.unwrap_or_default() };
    html! {
        @if let Some(words) = now { (page::card(&page::paragraphs(words))) }
        @if r.offers(viewer, Deed::SetNextStep) {
            form.stack method="post" action={ "/relationships/" (r.id) "/next-step" } {
                (Field::textarea("next_step", if now.is_some() { "Change what comes next" } else { "Say what comes next" })
                    .hint(format!("This is yours to say: what you would like to work on. {name} is told, and it stands on the agenda when you meet."))
                    .value(typed).error(form.error("next_step")).max(longest::NEXT_STEP).rows(3))
                (page::actions(&html! { (Button::primary("Save what comes next")) }))
            }
        } @else if now.is_none() {
            p { "It is for " (name) " to propose the first time. You will be told, and there is nothing to prepare." }
        }
    }
}

fn agreed(whole: &Whole, viewer: &Viewer) -> Markup {
    let names: Vec<(&str, Role)> = whole
        .company
        .people
        .iter()
        .filter_map(|c| Some((whole.company.called(viewer, c.id), whole.company.relationship.role_of(c.id)?)))
        .collect();
    html! {
        @if let Some(terms) = &whole.terms { p { strong { (page::capital(&terms.size.words())) } "." } }
        ul { @for (name, role) in names { li { (name) ": " (part_words(role)) } } }
        @for change in whole.kinds.iter().filter_map(|change| Some((change, change.agreed_at?))) {
            p.muted { (page::capital(change.0.from.words())) " until " (viewer.date(change.1)) ", then " (change.0.to.words()) "." }
        }
    }
}

fn history(whole: &Whole, viewer: &Viewer) -> Markup {
    html! {
        @for passage in &whole.passages {
            @let who = whole.company.called(viewer, passage.by);
            (page::quotation(&passage.words, &format!("{who}, {}: {}", viewer.date(passage.at), passage.heading)))
        }
    }
}

fn spoken_of(whole: &Whole, viewer: &Viewer, name: &str, form: &Form) -> Markup {
    let r = &whole.company.relationship;
    html! {
        @if let Some(testimonial) = &whole.testimonial {
            (page::section("What you say about it", &page::audience("Everyone who sees the profile"), &html! {
                (page::quotation(&testimonial.words, "You"))
                (page::post_button(&format!("/relationships/{}/testimonial/take-back", r.id), &[], &Button::secondary("Take it back")))
            }))
        } @else if r.offers(viewer, Deed::PublishTestimonial) {
            (page::section("Say how it was", &page::audience("Everyone who sees the profile"), &html! {
                form.stack method="post" action={ "/relationships/" (r.id) "/testimonial" } {
                    (Field::textarea("testimonial", format!("What others should know about {name}"))
                        .hint("It stands on their profile with your name. You can take it back at any time.")
                        .value(form.value("testimonial")).error(form.error("testimonial")).max(longest::TESTIMONIAL))
                    (page::actions(&html! { (Button::primary("Publish it")) }))
                }
            }))
        }
    }
}

/// What others say in public of someone, for their profile; and where whoever looks works with them already.
pub fn profile_part(tx: &mut Tx, viewer: Option<&Viewer>, person: PersonId) -> Result<Option<Markup>> {
    let together = match viewer {
        Some(viewer) => verbs::working_with(tx, viewer.person, &[person])?.remove(&person),
        None => None,
    };
    let said = verbs::testimonials_of(tx, person)?;
    let said = said.into_iter().map(|t| Ok((verbs::called(tx, t.author)?, t))).collect::<Result<Vec<_>>>()?;
    let said = (!said.is_empty()).then(|| {
        page::section(
            "What people say",
            &html! {},
            &html! { @for (author, t) in &said { (page::quotation(&t.words, &format!("{}, after {}", author.name, after(t.kind)))) } },
        )
    });
    let together = together.map(|(id, kind)| {
        page::banner(
            Tone::Laurel,
            "You work together already.",
            Some(&Button::secondary(kind.leads_there()).href(&format!("/relationships/{id}"))),
        )
    });
    Ok((together.is_some() || said.is_some()).then(|| html! { @if let Some(it) = &together { (it) } @if let Some(it) = &said { (it) } }))
}

fn after(kind: Kind) -> &'static str {
    match kind {
        Kind::Flash => "a conversation",
        kind => kind.words(),
    }
}
