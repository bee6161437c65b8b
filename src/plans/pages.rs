//! Plans on screen: making one, the plan itself as a strip and a list, one thing of it, and where it shows elsewhere.

use super::plan::{HOURS, Item, ItemId, ItemState, Kind, Outcome, Plan, PlanId, Words, in_order, longest, next};
use super::templates::{self, TEMPLATES, Template};
use super::verbs::{self, For, Making, Short, Whole};
use super::{Deed, Draft};
use crate::app::{App, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::form::{Asked, Form};
use crate::goals::{Brief, GoalId, GoalState};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Stage, Tone};
use crate::relationships::{self, Company, RelationshipId};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/plans", Needs::SignedIn, list)
        .get("/plans/new", Needs::SignedIn, new)
        .post("/plans", Needs::SignedIn, make)
        .get("/plans/{id}", Needs::Deed("plan.see"), show)
        .post("/plans/{id}/share", Needs::Deed("plan.lead"), share)
        .post("/plans/{id}/put-away", Needs::Deed("plan.lead"), put_away)
        .get("/plans/{id}/add", Needs::Deed("plan.write"), adding)
        .post("/plans/{id}/add", Needs::Deed("plan.write"), add)
        .get("/plans/{id}/suggest", Needs::Deed("plan.suggest"), suggesting)
        .post("/plans/{id}/suggest", Needs::Deed("plan.suggest"), suggest)
        .get("/plans/items/{id}", Needs::Deed("plan.see"), show_item)
        .post("/plans/items/{id}", Needs::Deed("plan.write"), change)
        .post("/plans/items/{id}/close", Needs::Deed("plan.finish"), close)
        .post("/plans/items/{id}/reopen", Needs::Deed("plan.finish"), reopen)
        .post("/plans/items/{id}/take-out", Needs::Deed("plan.write"), take_out)
        .post("/plans/items/{id}/take", Needs::Deed("plan.lead"), take)
        .post("/plans/items/{id}/not-now", Needs::Deed("plan.lead"), not_now)
}

fn path(id: PlanId) -> String {
    format!("/plans/{id}")
}
fn item_path(id: ItemId) -> String {
    format!("/plans/items/{id}")
}

/// A day that may be in another year.
pub fn day_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

// Where a plan shows elsewhere.

/// On the page of a goal, for its owner: its plan in short, or the way to one.
pub fn goal_part(tx: &mut Tx, viewer: &Viewer, brief: &Brief) -> Result<Markup> {
    let short = verbs::of_goal(tx, viewer, brief.id)?;
    let open = brief.state == GoalState::Set;
    let body = match &short {
        Some(short) => page::rows(&row(short, None)),
        None if open => html! {
            p { "Milestones with a day, and what to do for each. From a template it takes a few minutes." }
            (page::actions(&html! { (Button::secondary("Make a plan").href(&format!("/plans/new?goal={}", brief.id))) }))
        },
        None => return Ok(html! {}),
    };
    let seen_by = match &short {
        Some(short) => whose(&short.plan),
        None => page::audience_me(),
    };
    Ok(page::section("The plan", &seen_by, &body))
}

/// Who sees a plan, where there is no room for a name.
fn whose(plan: &Plan) -> Markup {
    if plan.relationship.is_some() { page::audience("You and the one you share it with") } else { page::audience_me() }
}

/// On the first page of a relationship: the next milestone of what the two share, in one line.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let shared = verbs::of_relationship(tx, viewer, &company.relationship)?;
    Ok((!shared.is_empty()).then(|| {
        let beside = page::audience(&company.audience(viewer));
        page::section("The plan", &beside, &page::rows(&html! { @for short in &shared { (row(short, Some((company, viewer)))) } }))
    }))
}

/// A plan in a list: what it is for, how far it is, and what comes next.
fn row(short: &Short, among: Option<(&Company, &Viewer)>) -> Markup {
    let (reached, of) = reached(&short.items);
    let line = match next(&short.items) {
        Some(next) => format!("Next: {}{}", next.words.title, next.on.map_or_else(String::new, |on| format!(", by {}", day_words(on)))),
        None if of > 0 => "Every milestone is reached".into(),
        None => "Nothing in it yet".into(),
    };
    let suggested = short.items.iter().filter(|item| item.state == ItemState::Suggested).count();
    let meta = html! {
        @if let Some((company, viewer)) = among { span { (company.called(viewer, short.plan.owner)) } }
        @if of > 0 { span { (reached) " of " (of) " milestones reached" } }
        @if among.is_none() { (whose(&short.plan)) }
    };
    let beside = match (short.plan.ended_at.is_some(), suggested) {
        (true, _) => page::tag("put away", Tone::Plain),
        (false, 0) => html! {},
        (false, _) => page::tag("something to try", Tone::Amber),
    };
    html! { (Row::new(short.goal.as_str()).href(path(short.plan.id)).icon(Icon::Calendar).text(line).meta(meta).beside(beside)) }
}

/// How many milestones are reached, of how many.
fn reached(items: &[Item]) -> (usize, usize) {
    let milestones: Vec<&Item> = items.iter().filter(|item| item.is_milestone() && item.is_in()).collect();
    (milestones.iter().filter(|item| item.state == ItemState::Done).count(), milestones.len())
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let all = app.read(move |tx| verbs::own(tx, &viewer)).await?;
    let (open, away): (Vec<Short>, Vec<Short>) = all.into_iter().partition(|short| short.plan.ended_at.is_none());
    let make = html! { (Button::primary("Make a plan").href("/plans/new").icon(Icon::Plus)) };
    let body = html! {
        (PageHeader::new("Your plans").back("Your goals", "/goals").lead("How you get there: milestones with a day, what to do for each, and what came of it.")
            .actions(html! { @if !open.is_empty() { (make) } }))
        @if open.is_empty() {
            (page::empty(Icon::Calendar, "No plan yet", "Choose a template, say when you begin and how many hours a week you have, and the days are worked out. You can change all of it.", &make))
        } @else {
            (page::rows(&html! { @for short in &open { (row(short, None)) } }))
        }
        @if !away.is_empty() {
            (page::more("Plans you put away", &page::rows(&html! { @for short in &away { (row(short, None)) } })))
        }
    };
    Ok(Page::new("Your plans", Section::Goals, body))
}

// Making one.

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    match asked.has("template") {
        true => making_page(app, viewer, asked).await,
        false => Ok(choosing(&asked)),
    }
}

/// The templates; what it is for, where that was said before, goes along.
fn choosing(asked: &Form) -> Page {
    let to = |template: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("template", template);
        for name in ["goal", "outcome"] {
            if asked.has(name) {
                query.append_pair(name, asked.value(name));
            }
        }
        format!("/plans/new?{}", query.finish())
    };
    let body = html! {
        (PageHeader::new("Make a plan").back("Your plans", "/plans").lead("Choose what comes nearest. Everything in it can be changed afterwards."))
        (page::rows(&html! {
            @for template in TEMPLATES {
                @let meta = html! { span { (template.milestones.len()) " milestones, about " (template.hours()) " hours" } };
                (Row::new(template.title).href(to(template.name)).icon(Icon::Compass).text(template.about).meta(meta))
            }
            (Row::new("An empty plan").href(to("")).icon(Icon::Plus).text("You know yourself what comes first."))
        }))
    };
    Page::new("Make a plan", Section::Goals, body)
}

async fn making_page(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (goals, nonce, today) = app
        .read(move |tx| {
            let nonce = asked.nonce_to_send(tx.chance());
            Ok((verbs::goals_without(tx, &me)?, nonce, verbs::today(tx, &me)))
        })
        .await?;
    let template = templates::named(form.value("template"));
    let title = template.map_or("An empty plan", |template| template.title);
    let first = if form.has("first_on") { form.value("first_on").to_owned() } else { next_monday(today).to_string() };
    let hours = if form.has("hours") { form.value("hours").to_owned() } else { "3".into() };
    let (least, most) = (HOURS.start().to_string(), HOURS.end().to_string());
    let example = template.map_or_else(String::new, |template| format!("As an example: “{}”.", template.goal));
    let chosen = match form.value("goal") {
        "" => goals.first().map_or_else(|| "new".to_owned(), |(id, _)| id.to_string()),
        typed => typed.parse::<GoalId>().map_or_else(|_| "new".to_owned(), |id| id.to_string()),
    };
    let mut which = Choices::radio("goal", "For which goal?").error(form.error("goal"));
    for (id, outcome) in goals.iter().take(12) {
        which = which.choice(id.to_string(), page::shortened(outcome, 140));
    }
    which = which.choice("new", "For another one, which I say here").chosen(&chosen);
    let body = html! {
        (PageHeader::new(title).back("All templates", "/plans/new").lead(template.map_or("Milestones and what to do for them, in your own words.", |template| template.about)))
        (mend(&form))
        form.stack method="post" action="/plans" {
            input type="hidden" name="nonce" value=(nonce);
            input type="hidden" name="template" value=(form.value("template"));
            @if !goals.is_empty() { (which) }
            (Field::text("outcome", if goals.is_empty() { "What do you want to be able to do?" } else { "The other goal, in a sentence" })
                .value(form.value("outcome")).error(form.error("outcome")).max(300).hint(example))
            (page::side_by_side(&html! {
                (Field::date("first_on", "When do you begin?").value(first).error(form.error("first_on")).required())
                (Field::number("hours", "Hours a week you have for it").value(hours).between(least.as_str(), most.as_str()).error(form.error("hours")).required())
            }))
            (page::actions(&html! { (Button::primary("Make the plan")) (Button::quiet("Another template").href("/plans/new")) }))
        }
        @if let Some(template) = template { (preview(template)) }
    };
    Ok(Page::new(title, Section::Goals, body).answering(&form))
}

fn preview(template: &Template) -> Markup {
    page::section(
        "What is in it",
        &html! {},
        &html! {
            p.muted { "At three hours a week it takes about " (template.weeks(3)) " weeks. The days are worked out from what you have, and each can be moved." }
            ol.plan-preview {
                @for step in template.milestones {
                    li {
                        strong { (step.title) }
                        ul { @for activity in step.activities { li { (activity.1) span.muted { " · about " (activity.2) " h" } } } }
                    }
                }
            }
        },
    )
}

fn next_monday(today: Date) -> Date {
    let mut day = today.saturating_add(1.day());
    while day.weekday() != Weekday::Monday {
        day = day.saturating_add(1.day());
    }
    day
}

async fn make(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let goal = form.value("goal").parse::<GoalId>().ok().map(For::Goal);
    let goal = goal.unwrap_or_else(|| For::New(form.text("outcome", 300)));
    let first = form.chosen::<Date>("first_on", "Please choose a day.");
    let hours = form.number("hours", HOURS);
    if hours.is_none() {
        form.refuse("hours", "How many hours a week do you have? One is enough.");
    }
    let nonce = form.nonce("outcome");
    let (me, template) = (viewer.clone(), templates::named(form.value("template")));
    let making = first.zip(hours).map(|(first, hours)| Making { goal, template, first, hours, nonce });
    let act = move |tx: &mut Tx| verbs::make(tx, &me, making.as_ref().ok_or(Error::NotFound)?);
    let then = |id| Go::to(path(id)).saying("There it is. Move a day, change the words, take out what does not fit.");
    crate::web::does(&app.clone(), form, act, then, |form| making_page(app, viewer, form)).await
}

// The plan.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: PlanId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (whole, pairs, today) = app
        .read(move |tx| {
            let whole = verbs::read(tx, &me, id)?;
            let pairs = if me.is(whole.plan.owner) { verbs::pairs(tx, &me)? } else { Vec::new() };
            Ok((whole, pairs, verbs::today(tx, &me)))
        })
        .await?;
    let mine = viewer.is(whole.plan.owner);
    let (label, back) = up_from(&whole, &viewer);
    let body = html! {
        (PageHeader::new(whole.goal.as_str()).back(label, &back)
            .lead(if mine { "Your plan".to_owned() } else { format!("{}’s plan", whole.called(&viewer, whole.plan.owner)) })
            .actions(html! { (page::print_button()) }))
        (mend(&form))
        p { (audience(&whole, &viewer)) }
        @if whole.plan.ended_at.is_some() { (page::banner(Tone::Plain, "This plan was put away. What is in it stays to be read.", None)) }
        div.live-page.part-stack id="plan" hx-get=(path(id)) hx-select="#plan" hx-swap="outerMorph" hx-trigger="plans from:body delay:300ms" {
            (inside(&whole, &viewer, today))
        }
        @if whole.may_write {
            (page::actions(&html! {
                @if !mine { (Button::primary("Suggest something to try").href(&format!("{}/suggest", path(id)))) }
                (Button::secondary("Add a milestone").href(&format!("{}/add", path(id))).icon(Icon::Plus))
            }))
        }
        @if mine && whole.plan.ended_at.is_none() { div.screen-only { (who_sees(&whole, &pairs, &form)) } }
        @if mine { p.plan-goal.screen-only { a href={ "/goals/" (whole.plan.goal) } { "The goal, with what you said of it for yourself alone" } } }
    };
    let section = if mine { Section::Goals } else { Section::Relationships };
    Ok(Page::new(whole.goal.clone(), section, body).answering(&form))
}

fn up_from(whole: &Whole, viewer: &Viewer) -> (&'static str, String) {
    match &whole.company {
        Some(company) if !viewer.is(whole.plan.owner) => ("Where you two meet", format!("/relationships/{}", company.relationship.id)),
        _ => ("Your plans", "/plans".into()),
    }
}

fn audience(whole: &Whole, viewer: &Viewer) -> Markup {
    whole.company.as_ref().map_or_else(page::audience_me, |company| page::audience(&company.audience(viewer)))
}

/// The strip, and the list that says the same; what was suggested stands above it, as it waits for an answer.
fn inside(whole: &Whole, viewer: &Viewer, today: Date) -> Markup {
    let stages = in_order(&whole.items);
    let (reached, of) = reached(&whole.items);
    let open = whole.plan.ended_at.is_none();
    html! {
        (suggestions(whole, viewer, open))
        @if stages.is_empty() {
            (page::empty(Icon::Calendar, "Nothing in it yet", "Begin with a milestone: something that somebody else could see when it is reached, and by when.", &html! {}))
        } @else {
            (page::progress("Milestones reached", reached as u64, of as u64))
            (drawn(&whole.plan, &stages, today))
            @for (number, (milestone, under)) in (1..).zip(&stages) { (stage(whole, viewer, number, milestone, under, today)) }
        }
    }
}

fn drawn(plan: &Plan, stages: &[(&Item, Vec<&Item>)], today: Date) -> Markup {
    let first = plan.first_day().unwrap_or(today);
    let at = |day: Date| first.until(day).map_or(0.0, |span| f64::from(span.get_days()));
    let mut from = 0.0;
    let drawn: Vec<Stage> = (1..)
        .zip(stages)
        .map(|(number, (milestone, under))| {
            let to = milestone.on.map_or(from, at);
            let steps: Vec<(f64, bool)> = under.iter().filter_map(|item| Some((at(item.on?), item.state == ItemState::Done))).collect();
            let begins = steps.iter().map(|step| step.0).fold(from.min(to), f64::min);
            from = to;
            Stage { number, title: milestone.words.title.clone(), from: begins, to, reached: milestone.state == ItemState::Done, steps }
        })
        .collect();
    let last = stages.iter().filter_map(|(milestone, _)| milestone.on).max().unwrap_or(first).max(first);
    let months = std::iter::successors(Some(first.first_of_month()), |day| day.checked_add(1.month()).ok());
    let mut names = vec![(0.0, first.strftime("%-d %b").to_string())];
    names.extend(
        months
            .skip(1)
            .take_while(|day| *day <= last)
            .take(130)
            .map(|day| (at(day), day.strftime(if day.month() == 1 { "%b %Y" } else { "%b" }).to_string())),
    );
    page::strip("The plan in time: each line is a milestone, each dot something to do", &drawn, at(today), &names)
}

fn stage(whole: &Whole, viewer: &Viewer, number: usize, milestone: &Item, under: &[&Item], today: Date) -> Markup {
    let title = format!("{number}. {}", milestone.words.title);
    let done = milestone.state == ItemState::Done;
    let href = item_path(milestone.id);
    let beside = html! {
        @if done { (page::tag("reached", Tone::Laurel)) }
        @else if let Some(on) = milestone.on { (page::tag(&format!("by {}", day_words(on)), if on < today { Tone::Amber } else { Tone::Plain })) }
    };
    let add = format!("{}/add?under={}", path(whole.plan.id), milestone.id);
    page::section(
        &title,
        &beside,
        &html! {
            @match (&milestone.outcome, done) {
                (Some(outcome), true) => (shown_outcome(outcome, "What shows that it is reached")),
                _ => (page::paragraphs(&milestone.words.note)),
            }
            @if !under.is_empty() { (page::rows(&html! { @for item in under { (line(whole, viewer, item, today)) } })) }
            (page::actions(&html! {
                @if milestone.may_be_closed_by(&whole.plan, viewer) && whole.may_write { (Button::secondary("It is reached").small().context(&milestone.words.title).href(&href)) }
                @if whole.may_write {
                    (Button::quiet("Add something to do").small().context(&milestone.words.title).href(&add))
                    (Button::quiet("Change").small().context(&milestone.words.title).href(&href))
                } @else { (Button::quiet("Look closer").small().context(&milestone.words.title).href(&href)) }
            }))
        },
    )
}

fn shown_outcome(outcome: &Outcome, who: &str) -> Markup {
    html! {
        @if !outcome.words.is_empty() { (page::quotation(&outcome.words, who)) }
        @if let Some(link) = &outcome.link { p { a href=(link) rel="noopener noreferrer nofollow" { (link) } } }
    }
}

fn line(whole: &Whole, viewer: &Viewer, item: &Item, today: Date) -> Markup {
    let done = item.state == ItemState::Done;
    let text = match &item.outcome {
        Some(outcome) if done => format!("What came of it: {}", page::shortened(&outcome.words, 140)),
        _ => page::shortened(&item.words.note, 140),
    };
    let late = !done && whole.plan.ended_at.is_none() && item.on.is_some_and(|on| on < today);
    let meta = html! {
        span { (item.kind.words()) }
        @if let (Some(on), false) = (item.on, done) { span { "by " (day_words(on)) } }
        @if item.doer != whole.plan.owner { span { (whole.called(viewer, item.doer)) } }
        @if let Some(by) = item.suggested_by { span { "suggested by " (if viewer.is(by) { "you" } else { whole.called(viewer, by) }) } }
        @if item.words.link.is_some() { span { "with a link" } }
    };
    let beside = match (done, late) {
        (true, _) => page::tag("done", Tone::Laurel),
        (false, true) => page::tag("another day?", Tone::Amber),
        (false, false) => html! {},
    };
    let row = Row::new(item.words.title.as_str()).href(item_path(item.id)).icon(icon(item.kind)).meta(meta).beside(beside);
    html! { @if text.is_empty() { (row) } @else { (row.text(text)) } }
}

/// The sign of what somebody does.
pub fn icon(kind: Kind) -> Icon {
    match kind {
        Kind::Milestone => Icon::Goal,
        Kind::Read => Icon::Book,
        Kind::Practise => Icon::Leaf,
        Kind::Project => Icon::Compass,
        Kind::Shadow => Icon::People,
        Kind::Talk => Icon::Speech,
        Kind::Review => Icon::Eye,
        Kind::Teach => Icon::Heart,
    }
}

fn suggestions(whole: &Whole, viewer: &Viewer, open: bool) -> Markup {
    let rows = |state: ItemState| -> Vec<&Item> { whole.items.iter().filter(|item| item.state == state).collect() };
    let (waiting, later) = (rows(ItemState::Suggested), rows(ItemState::NotNow));
    let mine = viewer.is(whole.plan.owner);
    let row = |item: &Item| {
        let by = item.suggested_by.map_or("Someone", |by| whole.called(viewer, by));
        let text = format!("{by}: {}", item.kind.title().to_lowercase());
        html! { (Row::new(item.words.title.as_str()).href(item_path(item.id)).icon(icon(item.kind)).text(text)) }
    };
    html! {
        @if open && !waiting.is_empty() {
            (page::section(if mine { "Try this?" } else { "Suggested, and not answered yet" }, &html! {}, &page::rows(&html! { @for item in &waiting { (row(item)) } })))
        }
        @if open && !later.is_empty() {
            (page::more("Not now, perhaps later", &page::rows(&html! { @for item in &later { (row(item)) } })))
        }
    }
}

fn who_sees(whole: &Whole, pairs: &[(RelationshipId, String)], form: &Form) -> Markup {
    let shared = whole.plan.relationship;
    let mut who = Choices::cards("with", "Who sees it and writes in it?")
        .described("", "Only I", "Nobody else learns that it exists.")
        .error(form.error("with"));
    for (id, name) in pairs {
        who = who.described(
            id.to_string(),
            format!("{name} and I"),
            "All of the plan, and the goal in its one sentence. Both of you can write in it. Nobody else, ever: no report to a sponsor and no programme names it.",
        );
    }
    let chosen = shared.map_or_else(String::new, |id| id.to_string());
    let away = format!("{}/put-away", path(whole.plan.id));
    page::section(
        "Who sees it",
        &html! {},
        &html! {
            @if pairs.is_empty() && shared.is_none() {
                p.muted { "Only you. When you work with somebody, you can share it with them." }
            } @else {
                form.stack method="post" action={ (path(whole.plan.id)) "/share" } {
                    (who.chosen(&chosen))
                    (page::actions(&html! { (Button::secondary("Keep it so")) }))
                }
            }
            (page::more("Put this plan away", &html! {
                p { "What is in it stays to be read, and nothing of it is asked about any more. The goal can have a new plan." }
                (page::post_button(&away, &[], &Button::secondary("Put it away")))
            }))
        },
    )
}

async fn share(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>, mut form: Form) -> Result<Response> {
    let with = form.parsed::<RelationshipId>("with", "Please choose one.");
    let me = viewer.clone();
    let said = if with.is_some() { "You two see it now, and both can write in it." } else { "Only you see it now." };
    crate::web::does(
        &app.clone(),
        form,
        move |tx| verbs::share(tx, &me, id, with),
        |()| Go::to(path(id)).saying(said),
        |form| shown(app, viewer, id, form),
    )
    .await
}

async fn put_away(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |()| Go::to("/plans").saying("It is put away. What is in it stays.");
    crate::web::does(&app.clone(), form, move |tx| verbs::put_away(tx, &me, id), then, |form| shown(app, viewer, id, form)).await
}

// Writing in it.

async fn adding(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>, Asked(asked): Asked) -> Result<Page> {
    add_page(app, viewer, id, asked).await
}

async fn add_page(app: App, viewer: Viewer, id: PlanId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (whole, nonce) = app
        .read(move |tx| {
            let whole = verbs::read(tx, &me, id)?;
            Ok((whole, asked.nonce_to_send(tx.chance())))
        })
        .await?;
    let under = form.value("under").parse::<ItemId>().ok().and_then(|id| whole.find(id));
    let activity = under.is_some() || form.has("kind");
    let title = if activity { "Something to do" } else { "A milestone" };
    let lead = match under {
        Some(milestone) => format!("For: {}", milestone.words.title),
        None if activity => String::new(),
        None => "Something that somebody else could see when it is reached.".into(),
    };
    let body = html! {
        (PageHeader::new(title).back("The plan", &path(id)).lead(lead))
        (mend(&form))
        form.stack method="post" action={ (path(id)) "/add" } {
            input type="hidden" name="nonce" value=(nonce);
            @if activity { input type="hidden" name="under" value=(form.value("under")); }
            @if activity { p.muted { a href="/experiences" { "Something on the experience board" } "? With a place in it, it can come here too." } }
            (fields(&whole, &viewer, &form, activity, "under"))
            (page::actions(&html! { (Button::primary("Put it into the plan")) (Button::quiet("Back").href(&path(id))) }))
        }
    };
    let section = if viewer.is(whole.plan.owner) { Section::Goals } else { Section::Relationships };
    Ok(Page::new(title, section, body).answering(&form))
}

/// What one writes of a milestone or an activity. `under` is the name of the field with its milestone.
fn fields(whole: &Whole, viewer: &Viewer, form: &Form, activity: bool, under: &str) -> Markup {
    let value = |name: &str| form.value(name).to_owned();
    let people: Vec<_> = whole
        .company
        .iter()
        .flat_map(|company| &company.people)
        .map(|chip| (chip.id.to_string(), whole.called(viewer, chip.id).to_owned()))
        .collect();
    let doer = if form.has("doer") { value("doer") } else { whole.plan.owner.to_string() };
    let mut kinds = Choices::radio("kind", "What is it?").error(form.error("kind")).required();
    for kind in Kind::ALL.iter().filter(|kind| kind.is_activity()) {
        kinds = kinds.choice(kind.as_str(), kind.title());
    }
    html! {
        @if activity { (kinds.chosen(form.value("kind"))) }
        (Field::text("title", if activity { "What exactly?" } else { "What is reached?" }).value(value("title")).error(form.error("title")).max(longest::TITLE).required())
        (Field::textarea("note", if activity { "A note" } else { "How will you see it?" }).value(value("note")).error(form.error("note")).max(longest::NOTE).rows(2).optional())
        @if activity { (Field::url("link", "A link").value(value("link")).error(form.error("link")).hint("A page, a book, a place.").optional()) }
        @let day = Field::date("on_day", "By which day?").value(value("on_day")).error(form.error("on_day"));
        @if activity { (day.optional()) } @else { (day.required()) }
        @if activity && people.len() > 1 { (Field::select("doer", "Who does it?", people).value(doer).error(form.error("doer"))) }
        @if activity && under != "under" { (Field::select(under.to_owned(), "For which milestone?", milestones(whole)).value(value(under)).error(form.error(under))) }
    }
}

fn milestones(whole: &Whole) -> Vec<(String, String)> {
    let numbered = (1..).zip(in_order(&whole.items));
    numbered
        .map(|(number, (milestone, _))| {
            (milestone.id.to_string(), format!("{number}. {}", page::shortened(&milestone.words.title, page::ONE_LINE)))
        })
        .collect()
}

fn read_draft(form: &mut Form, activity: bool, under: &str, viewer: &Viewer) -> Option<Draft> {
    let kind = if activity { form.chosen::<Kind>("kind", "Please choose what it is.") } else { Some(Kind::Milestone) };
    let words = Words {
        title: form.text("title", longest::TITLE),
        note: form.maybe_text("note", longest::NOTE),
        link: if activity { form.link("link") } else { None },
    };
    let on = form.parsed::<Date>("on_day", "Please choose a day.");
    if !activity && on.is_none() {
        form.refuse("on_day", "By which day? You can move it at any time.");
    }
    let doer = form.value("doer").parse().unwrap_or(viewer.person);
    let milestone = form.value(under).parse::<ItemId>().ok().filter(|_| activity);
    form.is_good().then_some(Draft { kind: kind?, milestone, words, on, doer })
}

/// The one who does it, where the form did not ask: the owner of the plan.
fn done_by_owner(tx: &mut Tx, viewer: &Viewer, plan: PlanId, draft: &Draft, asked: bool) -> Result<Draft> {
    if asked {
        return Ok(draft.clone());
    }
    Ok(Draft { doer: verbs::read(tx, viewer, plan)?.plan.owner, ..draft.clone() })
}

async fn add(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>, mut form: Form) -> Result<Response> {
    let activity = form.has("under");
    let draft = read_draft(&mut form, activity, "under", &viewer);
    let nonce = form.nonce("title");
    let (me, asked) = (viewer.clone(), form.has("doer"));
    let act = move |tx: &mut Tx| {
        let draft = done_by_owner(tx, &me, id, draft.as_ref().ok_or(Error::NotFound)?, asked)?;
        verbs::add(tx, &me, id, &draft, &nonce)
    };
    let then = |_| Go::to(path(id)).saying("It is in the plan.");
    crate::web::does(&app.clone(), form, act, then, |form| add_page(app, viewer, id, form)).await
}

async fn suggesting(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>) -> Result<Page> {
    suggest_page(app, viewer, id, Form::default()).await
}

async fn suggest_page(app: App, viewer: Viewer, id: PlanId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (whole, nonce) = app
        .read(move |tx| {
            let whole = verbs::read(tx, &me, id)?;
            Ok((whole, asked.nonce_to_send(tx.chance())))
        })
        .await?;
    let together = whole.company.as_ref().map(|company| &company.relationship);
    if !whole.plan.allows(together, &viewer, Deed::Suggest) {
        return Err(Error::NotFound);
    }
    let owner = whole.called(&viewer, whole.plan.owner);
    let mut kinds = Choices::cards("kind", "What is it?").error(form.error("kind")).required();
    for (kind, more) in [
        (Kind::Shadow, "Come along and watch, then ask."),
        (Kind::Project, "Take a part in something real."),
        (Kind::Talk, "Tell others about it."),
        (Kind::Review, "Look at somebody’s work and say what you see."),
        (Kind::Read, "Something worth the time."),
        (Kind::Practise, "Something to do often."),
        (Kind::Teach, "Show somebody else."),
    ] {
        kinds = kinds.described(kind.as_str(), kind.title(), more).icon(icon(kind));
    }
    let body = html! {
        (PageHeader::new("Suggest something to try").back("The plan", &path(id)).lead(format!("{owner} takes it into the plan, or says not now. When it is done, you read what came of it.")))
        p.muted { a href="/experiences" { "Look at the experience board" } ": what others here offer to try for real. Or " a href="/experiences/new" { "offer something yourself" } "." }
        (mend(&form))
        form.stack method="post" action={ (path(id)) "/suggest" } {
            input type="hidden" name="nonce" value=(nonce);
            (kinds.chosen(form.value("kind")))
            (Field::text("title", "What exactly?").value(form.value("title")).error(form.error("title")).max(longest::TITLE).required())
            (Field::textarea("note", "Why this, and how").value(form.value("note")).error(form.error("note")).max(longest::NOTE).rows(3).optional())
            (Field::url("link", "A link").value(form.value("link")).error(form.error("link")).optional())
            (page::actions(&html! { (Button::primary(&format!("Suggest it to {owner}"))) (Button::quiet("Back").href(&path(id))) }))
        }
    };
    Ok(Page::new("Suggest something to try", Section::Relationships, body).answering(&form))
}

async fn suggest(State(app): State<App>, viewer: Viewer, Path(id): Path<PlanId>, mut form: Form) -> Result<Response> {
    let draft = read_draft(&mut form, true, "under", &viewer);
    let nonce = form.nonce("title");
    let me = viewer.clone();
    let act = move |tx: &mut Tx| {
        let draft = draft.as_ref().ok_or(Error::NotFound)?;
        verbs::suggest(tx, &me, id, draft.kind, draft.words.clone(), &nonce)
    };
    let then = |_| Go::to(path(id)).saying("It is suggested.");
    crate::web::does(&app.clone(), form, act, then, |form| suggest_page(app, viewer, id, form)).await
}

// One thing of it.

async fn show_item(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>) -> Result<Page> {
    item_page(app, viewer, id, Form::default()).await
}

async fn item_page(app: App, viewer: Viewer, id: ItemId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (whole, item) = app.read(move |tx| verbs::read_item(tx, &me, id)).await?;
    let gone = item.state == ItemState::TakenOut;
    if gone && form.is_empty() {
        return Err(Error::NotFound);
    }
    let conflict = form.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::Conflict) && form.has("title");
    let typed = if form.has("title") { form.clone() } else { filled(&item) };
    let may_close = whole.plan.ended_at.is_none() && item.may_be_closed_by(&whole.plan, &viewer);
    let kind = item.kind.title();
    let milestone = item.milestone.and_then(|id| whole.find(id));
    let up = path(whole.plan.id);
    let body = html! {
        (PageHeader::new(item.words.title.as_str()).back("The plan", &up).lead(milestone.map_or_else(|| kind.to_owned(), |milestone| format!("{kind}, for “{}”", milestone.words.title))))
        @if conflict { (both_texts(&whole, &viewer, &item, &form)) } @else { (mend(&form)) }
        p { (audience(&whole, &viewer)) }
        @if !conflict { (said_of(&whole, &viewer, &item)) }
        @match item.state {
            ItemState::Suggested | ItemState::NotNow => (answer_form(&whole, &viewer, &item, &form)),
            ItemState::Done => (done_part(&whole, &viewer, &item)),
            ItemState::Open if may_close && !conflict => (close_form(&item, &form)),
            _ => {},
        }
        @if whole.may_write && (item.is_in() || gone) {
            @let change = change_form(&whole, &viewer, &item, &typed, gone);
            @if conflict { (change) } @else { (page::more_open("Change it", form.has("title"), &change)) }
        }
        @if item.kind.is_activity() && matches!(item.state, ItemState::Open | ItemState::Done) { (to_feedback(&whole, &viewer, &item)) }
    };
    let section = if viewer.is(whole.plan.owner) { Section::Goals } else { Section::Relationships };
    Ok(Page::new(item.words.title.clone(), section, body).answering(&form))
}

/// From a piece of work to feedback on it.
fn to_feedback(whole: &Whole, viewer: &Viewer, item: &Item) -> Markup {
    let pin = format!("pin=activity:{}", item.id);
    html! {
        @if viewer.is(item.doer) {
            p { a href={ "/feedback/new?" (pin) } { "Ask somebody for feedback on it" } }
        } @else if let Some(company) = whole.company.as_ref().filter(|company| company.relationship.offers(viewer, relationships::Deed::TakePart)) {
            p { a href=(format!("/relationships/{}/feedback/new?{pin}&about={}", company.relationship.id, item.doer)) { "Give feedback on it" } }
        }
    }
}

fn filled(item: &Item) -> Form {
    let mut form = Form::default();
    form.set("kind", item.kind.as_str());
    form.set("title", &item.words.title);
    form.set("note", &item.words.note);
    form.set("link", item.words.link.as_deref().unwrap_or_default());
    form.set("on_day", item.on.map_or_else(String::new, |on| on.to_string()));
    form.set("doer", item.doer.to_string());
    form.set("milestone", item.milestone.map_or_else(String::new, |id| id.to_string()));
    form
}

/// Somebody else changed it meanwhile: what they wrote, beside what was typed.
fn both_texts(whole: &Whole, viewer: &Viewer, item: &Item, form: &Form) -> Markup {
    let who = whole.called(viewer, item.last_by);
    let sentence = form.refusal().map_or("", |refusal| refusal.sentence.as_str());
    html! {
        (page::banner(Tone::Amber, sentence, None))
        (page::section(&if who == "You" { "As you wrote it in another window".to_owned() } else { format!("As {who} wrote it") }, &html! {}, &page::card(&html! {
            p { strong { (item.words.title) } }
            (page::paragraphs(&item.words.note))
            @if let Some(link) = &item.words.link { p { a href=(link) rel="noopener noreferrer nofollow" { (link) } } }
            @if let Some(on) = item.on { p.muted { "by " (day_words(on)) } }
        })))
        h2 { "As you typed it" }
    }
}

fn said_of(whole: &Whole, viewer: &Viewer, item: &Item) -> Markup {
    html! {
        (page::paragraphs(&item.words.note))
        @if let Some(link) = &item.words.link { p { a href=(link) rel="noopener noreferrer nofollow" { (link) } } }
        p.muted {
            @if let Some(on) = item.on { "By " (day_words(on)) ". " }
            @if let Some(by) = item.suggested_by { (whole.called(viewer, by)) " suggested it. " }
            @if item.doer != whole.plan.owner { (whole.called(viewer, item.doer)) @if viewer.is(item.doer) { " do it. " } @else { " does it. " } }
        }
    }
}

fn close_form(item: &Item, form: &Form) -> Markup {
    let milestone = item.is_milestone();
    let before = item.outcome.clone().unwrap_or_default();
    let value = |name: &str, before: &str| if form.has(name) { form.value(name).to_owned() } else { before.to_owned() };
    let (title, label, hint, button) = if milestone {
        ("Is it reached?", "By what would somebody else see it?", "A sentence, a link, or both.", "It is reached")
    } else {
        ("Is it done?", "What came of it?", "A sentence is enough, also that it was not for you.", "It is done")
    };
    page::section(
        title,
        &html! {},
        &html! {
            form.stack method="post" action={ (item_path(item.id)) "/close" } {
                (Field::textarea("outcome", label).value(value("outcome", &before.words)).error(form.error("outcome")).hint(hint).max(longest::OUTCOME).rows(3))
                (Field::url("outcome_link", "A link to it").value(value("outcome_link", before.link.as_deref().unwrap_or_default())).error(form.error("outcome_link")).optional())
                (page::actions(&html! { (Button::primary(button).icon(Icon::Check)) }))
            }
        },
    )
}

fn done_part(whole: &Whole, viewer: &Viewer, item: &Item) -> Markup {
    let title = if item.is_milestone() { "What shows that it is reached" } else { "What came of it" };
    let may = whole.plan.ended_at.is_none() && (viewer.is(whole.plan.owner) || (item.kind.is_activity() && viewer.is(item.doer)));
    let when = item.closed_at.map_or_else(String::new, |at| viewer.date(at));
    page::section(
        title,
        &html! {},
        &html! {
            @if let Some(outcome) = &item.outcome { (shown_outcome(outcome, &when)) }
            @if may { (page::post_button(&format!("{}/reopen", item_path(item.id)), &[], &Button::quiet("It was too early: open it again").small())) }
        },
    )
}

fn answer_form(whole: &Whole, viewer: &Viewer, item: &Item, form: &Form) -> Markup {
    if !viewer.is(whole.plan.owner) {
        let words =
            if item.state == ItemState::NotNow { "Not now, they said. It may still be taken later." } else { "It waits for an answer." };
        return html! { p { (words) } };
    }
    let choices = milestones(whole);
    let chosen = match form.value("milestone") {
        "" => next(&whole.items).map_or_else(String::new, |next| next.id.to_string()),
        typed => typed.to_owned(),
    };
    let add = format!("{}/add", path(whole.plan.id));
    page::section(
        "Will you try it?",
        &html! {},
        &html! {
            @if choices.is_empty() {
                p { "Your plan has no milestone yet that it could serve." }
                (page::actions(&html! { (Button::secondary("Add a milestone").href(&add)) }))
            } @else {
                form.stack method="post" action={ (item_path(item.id)) "/take" } {
                    (Field::select("milestone", "For which milestone?", choices).value(chosen).error(form.error("milestone")))
                    (Field::date("on_day", "By which day?").value(form.value("on_day")).error(form.error("on_day")).optional())
                    (page::actions(&html! { (Button::primary("Take it into the plan")) }))
                }
            }
            @if item.state == ItemState::Suggested {
                (page::post_button(&format!("{}/not-now", item_path(item.id)), &[], &Button::quiet("Not now")))
            }
        },
    )
}

fn change_form(whole: &Whole, viewer: &Viewer, item: &Item, typed: &Form, gone: bool) -> Markup {
    let out = format!("{}/take-out", item_path(item.id));
    let version = item.version.to_string();
    html! {
        form.stack method="post" action=(item_path(item.id)) {
            input type="hidden" name="version" value=(version);
            (fields(whole, viewer, typed, item.kind.is_activity(), "milestone"))
            (page::actions(&html! { (Button::secondary(if gone { "Put it back like this" } else { "Keep it like this" })) }))
        }
        @if !gone { (page::post_button(&out, &[("version", version.as_str())], &Button::quiet("Take it out of the plan").icon(Icon::Bin).small())) }
    }
}

async fn change(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, mut form: Form) -> Result<Response> {
    let activity = form.has("kind");
    let draft = read_draft(&mut form, activity, "milestone", &viewer);
    let version = form.value("version").parse::<i64>().unwrap_or_default();
    let (me, asked) = (viewer.clone(), form.has("doer"));
    let act = move |tx: &mut Tx| {
        let draft = draft.as_ref().ok_or(Error::NotFound)?;
        // Where the form did not ask who does it, that stays as it is.
        let doer = if asked { draft.doer } else { verbs::read_item(tx, &me, id)?.1.doer };
        verbs::change(tx, &me, id, version, &Draft { doer, ..draft.clone() })
    };
    let then = |plan| Go::to(path(plan)).saying("It is kept.");
    crate::web::does(&app.clone(), form, act, then, |form| item_page(app, viewer, id, form)).await
}

async fn close(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, mut form: Form) -> Result<Response> {
    let outcome = Outcome { words: form.maybe_text("outcome", longest::OUTCOME), link: form.link("outcome_link") };
    let me = viewer.clone();
    let act = move |tx: &mut Tx| {
        let plan = verbs::close(tx, &me, id, outcome.clone())?;
        Ok((plan, verbs::read_item(tx, &me, id)?.1.is_milestone()))
    };
    let then =
        |(plan, milestone)| Go::to(path(plan)).saying(if milestone { "Reached." } else { "It is done, and what came of it is kept." });
    crate::web::does(&app.clone(), form, act, then, |form| item_page(app, viewer, id, form)).await
}

async fn reopen(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>) -> Result<Response> {
    app.write(move |tx| verbs::reopen(tx, &viewer, id)).await?;
    Ok(Go::to(item_path(id)).saying("It is open again. What you said is still in the field.").into_response())
}

async fn take_out(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, form: Form) -> Result<Response> {
    let version = form.value("version").parse::<i64>().unwrap_or_default();
    let me = viewer.clone();
    let then = |plan| Go::to(path(plan)).saying("It is out of the plan.");
    crate::web::does(&app.clone(), form, move |tx| verbs::take_out(tx, &me, id, version), then, |form| item_page(app, viewer, id, form))
        .await
}

async fn take(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, mut form: Form) -> Result<Response> {
    let milestone = form.chosen::<ItemId>("milestone", "Please choose a milestone.");
    let on = form.parsed::<Date>("on_day", "Please choose a day.");
    let me = viewer.clone();
    let then = |plan| Go::to(path(plan)).saying("It is in your plan.");
    let act = move |tx: &mut Tx| verbs::take(tx, &me, id, milestone.ok_or(Error::NotFound)?, on);
    crate::web::does(&app.clone(), form, act, then, |form| item_page(app, viewer, id, form)).await
}

async fn not_now(State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |plan| Go::to(path(plan)).saying("Not now. It is kept, and can be taken later.");
    crate::web::does(&app.clone(), form, move |tx| verbs::not_now(tx, &me, id), then, |form| item_page(app, viewer, id, form)).await
}
