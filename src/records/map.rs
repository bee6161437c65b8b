//! The gap map, for its owner alone: from where to where with each skill of a goal or an aim, in words and as a picture, and
//! what comes next. Each skill stands for itself.

use super::aims::EXAMPLES;
use super::gaps::Gap;
use super::record::{AimId, Level, MOST_AIM_SKILLS, longest};
use super::verbs::{self, Stretch};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::goals::{Brief, GoalState};
use crate::page::{self, Button, Field, Icon, PageHeader, Row, Section};
use crate::skills::{self, Graph, Word};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

pub async fn show(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let stretches = app.read(move |tx| verbs::gap_map(tx, &viewer)).await?;
    let body = html! {
        (PageHeader::new("From here to where you want to be").back("Your skills record", "/records")
            .lead("Each skill for itself: where you are, where you want to be, and what comes next. Nothing is added up.")
            .actions(html! { (Button::primary("Name an aim").href("/records/aims/new")) (Button::secondary("Begin a goal").href("/goals/new")) }))
        p { (page::audience_me()) }
        div.part-stack id="gaps" hx-get="/records/gaps" hx-select="#gaps" hx-swap="outerHTML" hx-trigger="records from:body delay:300ms" {
            @if stretches.is_empty() {
                (page::empty(Icon::Leaf, "Where do you want to be?", "Name an aim, such as a kind of work, or a goal with the skills it takes. Then this page shows how far it is.", &html! {}))
            }
            @for stretch in &stretches { (stretch_part(stretch)) }
        }
    };
    Ok(Page::new("From here to where you want to be", Section::Goals, body))
}

fn stretch_part(stretch: &Stretch) -> Markup {
    let beside = html! {
        @if let Some(goal) = stretch.goal { a href=(format!("/goals/{goal}")) { "The goal, and its plan" } }
        @if let Some(aim) = stretch.aim { a href=(format!("/records/aims/{aim}")) { "Change this aim" } }
    };
    page::section(&stretch.title, &beside, &gaps(stretch))
}

fn gaps(stretch: &Stretch) -> Markup {
    page::card(&html! { @for gap in &stretch.gaps { (gap_part(gap, stretch.goal.is_none())) } })
}

/// One skill. What belongs to a goal is planned with that goal; what belongs to an aim can begin a goal with its plan.
fn gap_part(gap: &Gap, begins_plan: bool) -> Markup {
    let query: String = url::form_urlencoded::byte_serialize(gap.name.as_bytes()).collect();
    let outcome: String = url::form_urlencoded::byte_serialize(format!("Get further with {}", gap.name).as_bytes()).collect();
    html! {
        div.gap {
            div.gap-top { h3 { (gap.name) } (page::skill_gap(gap.present.map(Level::number), gap.wanted.number())) }
            p {
                (gap.words())
                @if gap.is_confirmed { " Somebody has confirmed where you are." }
                @else if gap.present.is_some() && !gap.is_recorded { " You said so with the goal; nothing shows it yet." }
            }
            @for others in &gap.others { p { strong { "Others see: " } (others) } }
            @if let Some(next) = gap.next() { p.muted { "One level further: " (next) } }
            @if !gap.is_closed() {
                div.gap-ways {
                    @if gap.is_recorded { a href=(format!("/find?q={query}")) { "Find somebody who can help" } }
                    @else { a href=(format!("/records/new?skill={query}")) { "Say where you are, and what shows it" } a href=(format!("/find?q={query}")) { "Find somebody who can help" } }
                    a href=(format!("/experiences?skill={query}")) { "Try it for real" }
                    @if begins_plan { a href=(format!("/plans/new?goal=new&outcome={outcome}")) { "Begin a plan for it" } }
                }
            }
        }
    }
}

/// On the page of one's own goal.
pub fn goal_part(tx: &mut Tx, viewer: &Viewer, brief: &Brief) -> Result<Markup> {
    if brief.state != GoalState::Set || brief.skills.is_empty() {
        return Ok(html! {});
    }
    let stretch = verbs::of_goal(tx, viewer, brief)?;
    let inside = html! { (gaps(&stretch)) p { a href="/records/gaps" { "All of it, for every goal and aim" } } };
    Ok(page::section("From here to there", &page::audience_me(), &inside))
}

// Aims.

const ROWS: usize = MOST_AIM_SKILLS;

pub async fn new_aim(State(app): State<App>, viewer: Viewer, Asked(mut asked): Asked) -> Result<Page> {
    if let Some(example) = EXAMPLES.iter().find(|example| example.slug == asked.value("from")) {
        let graph = app.read(skills::graph_here).await?;
        fill(&mut asked, &example.aim(), &graph);
    }
    aim_page(app, viewer, asked).await
}

pub async fn edit_aim(State(app): State<App>, viewer: Viewer, Path(id): Path<AimId>) -> Result<Page> {
    let me = viewer.clone();
    let (aim, graph) = app.read(move |tx| Ok((verbs::aim(tx, &me, id)?, skills::graph_here(tx)?))).await?;
    let mut form = Form::default();
    form.set("id", id.to_string());
    form.set("is_there", "yes");
    fill(&mut form, &aim, &graph);
    aim_page(app, viewer, form).await
}

fn fill(form: &mut Form, aim: &super::aims::Aim, graph: &Graph) {
    form.set("name", &aim.name);
    for (at, (skill, level)) in aim.skills.iter().enumerate() {
        form.set(&format!("skill_{at}"), verbs::skill_name(graph, skill));
        form.set(&format!("level_{at}"), level.number().to_string());
    }
}

fn level_options<'f>() -> impl Iterator<Item = (String, &'f str)> {
    std::iter::once((String::new(), "Choose")).chain(Level::ALL.into_iter().map(|level| (level.number().to_string(), level.words())))
}

async fn aim_page(app: App, _: Viewer, form: Form) -> Result<Page> {
    let id = match form.value("id") {
        "" => app.read(|tx| Ok(tx.new_id::<AimId>().to_string())).await?,
        id => id.to_owned(),
    };
    let there = form.value("is_there") == "yes";
    let title = if there { "Change this aim" } else { "Name an aim" };
    let named = (0..ROWS).filter(|at| !form.value(&format!("skill_{at}")).is_empty()).count();
    let body = html! {
        (PageHeader::new(title).back("From here to there", "/records/gaps").lead("A name, and the skills it asks as far as you know. Change it whenever you know better."))
        (mend(&form))
        @if named == 0 && !there {
            (page::section("Begin with an example", &html! {}, &page::rows(&html! {
                @for example in EXAMPLES { (Row::new(example.name).href(format!("/records/aims/new?from={}", example.slug)).icon(Icon::Leaf).text(example.about)) }
            })))
            p.muted { "These are examples in our own words, not what anybody demands. Change every line." }
        }
        form.stack method="post" action="/records/aims" data-draft="aim" {
            input type="hidden" name="id" value=(id);
            @if there { input type="hidden" name="is_there" value="yes"; }
            (Field::text("name", "What is it called?").value(form.value("name")).error(form.error("name")).hint("“Data engineer”, or “Somebody who leads a choir”").max(longest::AIM).required())
            @for at in 0..ROWS.min((named + 2).max(4)) {
                @let [skill, level] = ["skill", "level"].map(|name| format!("{name}_{at}"));
                div.skill-row role="group" aria-label={ "Skill " (at + 1) } {
                    (Field::text(skill.as_str(), if at == 0 { "Skill" } else { "Another skill" }).value(form.value(&skill)).error(form.error(&skill)).suggest_from("/skills/suggest"))
                    (Field::select(level.as_str(), "How far it asks", level_options()).value(form.value(&level)).error(form.error(&level)))
                }
            }
            (page::group("What the levels mean", None, &page::facts(&Level::ALL.map(|level| (level.words(), html! { (level.behaviour()) })))))
            p { (page::audience_me()) }
            (page::actions(&html! { (Button::primary("Keep it")) (Button::quiet("Back").href("/records/gaps")) }))
        }
        @if there {
            (page::more("Let this aim go", &page::post_button(&format!("/records/aims/{id}/delete"), &[], &Button::danger("Let it go"))))
        }
    };
    Ok(Page::new(title, Section::Goals, body).answering(&form))
}

fn read_skills(form: &mut Form) -> Vec<(Word, Level)> {
    let mut all = Vec::new();
    for at in 0..ROWS {
        let [skill, level] = ["skill", "level"].map(|name| format!("{name}_{at}"));
        let sentence = format!("Please name the skill in a few words, at most {} characters.", Word::LONGEST);
        let Some(word) = form.parsed::<Word>(&skill, &sentence) else { continue };
        if let Some(level) = form.chosen::<Level>(&level, "Please choose how far it asks.") {
            all.push((word, level));
        }
    }
    if all.is_empty() {
        form.refuse("skill_0", "Please name at least one skill that it asks.");
    }
    all
}

pub async fn set_aim(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let id: AimId = form.value("id").parse().map_err(|_| Error::NotFound)?;
    let name = form.text("name", longest::AIM);
    let wanted = read_skills(&mut form);
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::set_aim(tx, &me, id, &name, &wanted);
    let then = |()| Go::to("/records/gaps").saying("Kept. Here is how far it is.");
    crate::web::does(&app.clone(), form, act, then, |form| aim_page(app, viewer, form)).await
}

pub async fn delete_aim(State(app): State<App>, viewer: Viewer, Path(id): Path<AimId>) -> Result<Go> {
    app.write(move |tx| verbs::delete_aim(tx, &viewer, id)).await?;
    Ok(Go::to("/records/gaps").saying("Let go."))
}
