//! How it goes, on screen.

use super::pulse::{Item, LONGEST, Level, PulseId, Quarter, Said, quarter_words};
use super::verbs::{self, Told, Whole};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section};
use crate::relationships::{self, Company, RelationshipId, Role, tab};
use crate::slices::{Needs, Routes};
use crate::viewer::{Office, PersonId, Viewer};
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/pulse", Needs::Deed("pulse.see"), show)
        .post("/relationships/{id}/pulse", Needs::Deed("pulse.answer"), answer)
        .post("/relationships/{id}/pulse/{pulse}/bring", Needs::Deed("pulse.bring"), bring)
        .get("/pulse", Needs::Office(Office::Coordinator), all_in_all)
}

pub fn path(id: RelationshipId) -> String {
    format!("/relationships/{id}/pulse")
}

/// On the first page of a relationship: that it is asked, and the way to what was said.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let Some(last) = verbs::latest(tx, viewer, company)? else { return Ok(None) };
    let row = Row::new("How is it going?").href(path(company.relationship.id)).icon(Icon::Heart);
    let row = match last.waits(tx.now()) {
        true if company.relationship.offers(viewer, relationships::Deed::TakePart) => {
            row.text(format!("Four short questions, until {}.", viewer.date(last.pulse.open_until)))
        }
        _ if last.said.len() > 1 => row.text(format!("What you said on {}, side by side.", viewer.date(last.pulse.asked_at))),
        _ => row.text(format!("It was asked on {}.", viewer.date(last.pulse.asked_at))),
    };
    Ok(Some(page::rows(&html! { (row) })))
}

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (whole, now) = app.read(move |tx| Ok((verbs::read(tx, &me, id)?, tx.now()))).await?;
    let page = tab(&whole.company, &viewer, "How is it going?", &view(&whole, &viewer, &form, now));
    Ok(page.answering(&form))
}

fn view(whole: &Whole, viewer: &Viewer, form: &Form, now: Timestamp) -> Markup {
    let company = &whole.company;
    let may = company.relationship.offers(viewer, relationships::Deed::TakePart);
    let asked = whole.told.first().filter(|told| may && told.waits(now));
    let past: Vec<&Told> = whole.told.iter().filter(|told| told.has_answered || !told.pulse.is_open(now)).collect();
    html! {
        (mend(form))
        @if let Some(told) = asked { (questions(told, company, viewer, form)) }
        @if asked.is_none() && past.is_empty() {
            (page::empty(Icon::Heart, "Nothing is asked yet", "After your second session, and then after each fourth, all of you say in private how it goes. You read each other's answers once all have answered.", &html! {}))
        }
        @for told in past { (answered(told, whole, viewer, now, may)) }
        @if !whole.told.is_empty() {
            p.muted { "Those who look after this place never read an answer. They see what a whole quarter of the year came to, once seven people or more have answered in it." }
        }
    }
}

fn questions(told: &Told, company: &Company, viewer: &Viewer, form: &Form) -> Markup {
    let id = company.relationship.id;
    let role = company.relationship.role_of(viewer.person).unwrap_or(Role::Peer);
    let name = company.everybody(viewer);
    page::section(
        "Your answers",
        &page::audience(&company.audience(viewer)),
        &html! {
            p { (name) " is asked the same, and reads your answers only once both of you have answered. You have until " (viewer.date(told.pulse.open_until)) "." }
            form.stack method="post" action=(path(id)) data-draft="pulse" {
                @for item in Item::ALL { (question(*item, role, form)) }
                (Field::textarea("change", "One thing you would like to change").value(form.value("change")).error(form.error("change")).max(LONGEST).rows(2).optional()
                    .hint("As small as you like: a day, a habit, a question you would rather be asked."))
                (page::actions(&html! { (Button::primary("Keep my answers")) }))
            }
        },
    )
}

fn question(item: Item, role: Role, form: &Form) -> Markup {
    let mut scale = Choices::scale(item.as_str(), item.words(role));
    for level in Level::ALL {
        scale = scale.choice(level.as_str(), level.words());
    }
    html! { (scale.chosen(form.value(item.as_str())).error(form.error(item.as_str())).required()) }
}

fn answered(told: &Told, whole: &Whole, viewer: &Viewer, now: Timestamp, may: bool) -> Markup {
    let company = &whole.company;
    let names: Vec<&str> = told.said.iter().map(|(person, _)| company.called(viewer, *person)).collect();
    let heads: Vec<&str> = std::iter::once("").chain(names.iter().copied()).collect();
    let row = |item: &Item| {
        let levels = told.said.iter().map(|(_, said)| html! { (said.level(*item).words()) });
        std::iter::once(html! { (item.title()) }).chain(levels).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Markup>> = Item::ALL.iter().map(row).collect();
    let together = told.said.len() > 1;
    let beside = if together { page::audience(&company.audience(viewer)) } else { page::audience_me() };
    let mine = told.said.iter().find(|(person, _)| viewer.is(*person)).map(|(_, said)| said);
    page::section(
        &format!("After {} sessions, {}", told.pulse.after_sessions, viewer.date(told.pulse.asked_at)),
        &beside,
        &html! {
            @if told.said.is_empty() { p.muted { "You did not answer, so you read nobody's answer." } }
            @else { (page::table("What was said", &heads, &rows)) }
            @for (person, said) in told.said.iter().filter(|(_, said)| !said.change.is_empty()) {
                (wish(told.pulse.id, *person, said, whole, viewer, together && may))
            }
            @if told.has_answered && !together {
                p.muted {
                    @if told.pulse.is_open(now) { (company.everybody(viewer)) " has until " (viewer.date(told.pulse.open_until)) " to answer. Until then, what you said is yours alone." }
                    @else { "Nobody else answered, so nobody else has read this." }
                }
            }
            @if may && mine.is_some_and(Said::is_hard) { (ways_on(company.relationship.id)) }
        },
    )
}

fn wish(pulse: PulseId, person: PersonId, said: &Said, whole: &Whole, viewer: &Viewer, may: bool) -> Markup {
    let bring = format!("{}/{pulse}/bring", path(whole.company.relationship.id));
    let who = whole.company.called(viewer, person);
    html! {
        p { strong { @if viewer.is(person) { "You would like to change" } @else { (who) " would like to change" } } }
        (page::paragraphs(&said.change))
        @if may && whole.next.is_some() {
            (page::post_button(&bring, &[("person", &person.to_string())], &Button::secondary("Put it on the agenda").small().icon(Icon::Calendar).context(&said.change)))
        }
    }
}

/// Where something was hard to answer: what one can do, without anybody being told.
fn ways_on(id: RelationshipId) -> Markup {
    let to = |end: &str| format!("/relationships/{id}/{end}");
    page::more(
        "When something is hard",
        &html! {
            p { "You need not solve it alone, and nobody is told that you have looked here." }
            (page::rows(&html! {
                (Row::new("Say it").href(to("messages")).icon(Icon::Speech).text("Openings for what is hard to say stand beside your messages."))
                (Row::new("I need more").href(to("more")).icon(Icon::Compass).text("Somebody beside, another kind of help, or another partner without anybody's fault."))
            }))
        },
    )
}

async fn answer(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let [goal, task, bond, voice] = [Item::Goal, Item::Task, Item::Bond, Item::Voice]
        .map(|item| form.chosen::<Level>(item.as_str(), "Please choose one; the middle is an answer too."));
    let change = form.maybe_text("change", LONGEST);
    let (Some(goal), Some(task), Some(bond), Some(voice), true) = (goal, task, bond, voice, form.is_good()) else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    let (me, said) = (viewer.clone(), Said { goal, task, bond, voice, change });
    let then = |()| Go::to(path(id)).saying("Thank you. That is kept between you.");
    crate::web::does(&app.clone(), form, move |tx: &mut Tx| verbs::answer(tx, &me, id, &said), then, |form| shown(app, viewer, id, form))
        .await
}

async fn bring(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, pulse)): Path<(RelationshipId, PulseId)>,
    mut form: Form,
) -> Result<Response> {
    let whose = form.chosen::<PersonId>("person", "Please choose whose wish it is.");
    let (me, then) = (viewer.clone(), |()| Go::to(path(id)).saying("It stands on the agenda of your next session."));
    let act = move |tx: &mut Tx| whose.map_or(Ok(()), |whose| verbs::bring(tx, &me, id, pulse, whose));
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

// For those who look after the place.

async fn all_in_all(State(app): State<App>, _: Viewer) -> Result<Page> {
    let quarters = app.read(verbs::quarters).await?;
    let body = html! {
        (PageHeader::new("How it goes, all in all").lead("People who work together say every few sessions how it goes, to each other alone. This is what whole quarters came to.")
            .actions(html! { (Button::quiet("What changed, all in all").small().href("/growth/all")) }))
        @if quarters.is_empty() {
            (page::empty(Icon::Heart, "No quarter to show yet", "A quarter is counted once it is over and somebody has answered in it.", &html! {}))
        } @else {
            (page::table("The middle of all answers, from 1 (not yet) to 5 (fully)", &heads(), &quarters.iter().map(line).collect::<Vec<_>>()))
            p.muted { "Each person counts once, with their last answer of the quarter. Of fewer than seven people nothing is shown, and a quarter is counted only once, so that nobody can be made out. These numbers show how people feel, not why; a difference of a few tenths between small groups means little." }
        }
    };
    Ok(Page::new("How it goes, all in all", Section::Today, body))
}

fn heads() -> Vec<&'static str> {
    ["Quarter", "People"].into_iter().chain(Item::ALL.iter().map(|item| item.title())).collect()
}

fn line(quarter: &Quarter) -> Vec<Markup> {
    let name = quarter.begins_on.parse().map_or_else(|_| quarter.begins_on.clone(), quarter_words);
    let people = quarter.people.map_or_else(|| "fewer than 7".to_owned(), |people| people.to_string());
    let means = Item::ALL.iter().map(|item| html! { @if let Some(mean) = quarter.mean(*item) { (format!("{mean:.1}")) } @else { "–" } });
    [html! { (name) }, html! { (people) }].into_iter().chain(means).collect()
}
