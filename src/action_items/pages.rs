//! What people take on, on screen: the tab of a relationship, one's own list, and the page of one.

use super::action_item::{ActionItem, ActionItemId, ActionState, Answer, Deed, Draft, Intensity, Moving, Plan, longest};
use super::verbs::{self, CheckIn, Told, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::goals::{self, GoalId};
use crate::page::{self, Button, Choices, Clock, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::pages::moment;
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/actions", Needs::Deed("relationship.see"), tab)
        .post("/relationships/{id}/actions", Needs::Deed("relationship.take_part"), take_on_with)
        .get("/actions", Needs::SignedIn, list)
        .post("/actions", Needs::SignedIn, take_on)
        .get("/actions/new", Needs::SignedIn, new)
        .get("/actions/{id}", Needs::Deed("action item.see"), show)
        .post("/actions/{id}/keep", Needs::Deed("action item.check_in"), keep)
        .post("/actions/{id}/not-yet", Needs::Deed("action item.check_in"), not_yet)
        .post("/actions/{id}/carry-over", Needs::Deed("action item.carry_over"), carry_over)
        .post("/actions/{id}/drop", Needs::Deed("action item.drop"), drop)
        .post("/actions/{id}/follow", Needs::Deed("action item.change"), follow)
}

// Taking something on.

/// What the form needs to know.
struct Taking {
    company: Option<Company>,
    goals: Vec<(GoalId, String)>,
    usual: Intensity,
    today: Date,
    nonce: String,
}

fn taking(tx: &mut Tx, viewer: &Viewer, company: Option<Company>, form: &Form) -> Result<Taking> {
    let goals = goals::verbs::pursued(tx, viewer)?;
    let usual = verbs::usual_intensity(tx, viewer, company.as_ref().map(|c| c.relationship.id))?;
    let nonce = form.nonce_to_send(tx.chance());
    Ok(Taking { company, goals, usual, today: verbs::today(tx, viewer), nonce })
}

fn take_on_form(taking: &Taking, viewer: &Viewer, form: &Form) -> Markup {
    let action = taking.company.as_ref().map_or_else(|| "/actions".into(), |c| format!("/relationships/{}/actions", c.relationship.id));
    let week = taking.today.checked_add(7.days()).unwrap_or(taking.today).to_string();
    let day = if form.has("due_on") { form.value("due_on").to_owned() } else { week };
    let today = taking.today.to_string();
    let others = taking.company.as_ref().map(|c| c.everybody(viewer));
    html! {
        form.stack method="post" action=(action) {
            input type="hidden" name="nonce" value=(taking.nonce);
            (Field::textarea("words", "What will you do?").value(form.value("words")).error(form.error("words"))
                .hint("One thing, small enough that you know when it is done.").max(longest::WORDS).rows(2).required())
            (Field::date("due_on", "By which day?").value(day).between(today.as_str(), None).error(form.error("due_on")).required())
            (plan_fields(form, None))
            @if !taking.goals.is_empty() {
                (Field::select("goal", "Which goal does it serve?", std::iter::once((String::new(), "None in particular".to_owned()))
                    .chain(taking.goals.iter().map(|(id, outcome)| (id.to_string(), page::shortened(outcome, page::ONE_LINE))))).value(form.value("goal")).optional())
            }
            (intensity_choices(others.as_deref(), if form.value("intensity").is_empty() { taking.usual } else { form.value("intensity").parse().unwrap_or(taking.usual) })
                .error(form.error("intensity")))
            (page::actions(&html! { (Button::primary("Take this on")) }))
        }
    }
}

/// The two halves of an if-then plan, with why one may want it.
fn plan_fields(form: &Form, now: Option<&Plan>) -> Markup {
    let value =
        |name: &str, kept: Option<&String>| if form.has(name) { form.value(name).to_owned() } else { kept.cloned().unwrap_or_default() };
    page::more(
        "Make an if-then plan",
        &html! {
            p.muted { "People who write down when and where they will do something do it far more often. It takes one sentence." }
            (page::side_by_side(&html! {
                (Field::text("plan_if", "If …").value(value("plan_if", now.map(|p| &p.when))).error(form.error("plan_if")).hint("it is Tuesday after lunch").max(longest::PLAN).optional())
                (Field::text("plan_then", "then I …").value(value("plan_then", now.map(|p| &p.then))).error(form.error("plan_then")).hint("open the file before anything else").max(longest::PLAN).optional())
            }))
        },
    )
}

fn intensity_choices(others: Option<&str>, chosen: Intensity) -> Choices<'static> {
    let mut choices = Choices::cards("intensity", "How closely do you want to be followed?");
    if let Some(others) = others {
        choices = choices.described(
            Intensity::Partner.as_str(),
            format!("{others} sees it"),
            "And how it went. We ask you after the day, and say when it is done.".to_owned(),
        );
    }
    choices
        .described(Intensity::Weekly.as_str(), "A letter once a week", "To you alone, until it is done. You can simply reply.")
        .described(Intensity::Silent.as_str(), "Quietly", "It stands here for you alone, and nobody asks.")
        .chosen(chosen.as_str())
        .required()
}

fn read_plan(form: &mut Form) -> Option<Plan> {
    let (when, then) = (form.maybe_text("plan_if", longest::PLAN), form.maybe_text("plan_then", longest::PLAN));
    if when.is_empty() != then.is_empty() {
        let empty = if when.is_empty() { "plan_if" } else { "plan_then" };
        form.refuse(empty, "A plan has two halves. Please fill in both, or neither.");
    }
    Plan::of(&when, &then)
}

fn read_draft(form: &mut Form, relationship: Option<RelationshipId>) -> Option<Draft> {
    let words = form.text("words", longest::WORDS);
    let due_on = form.chosen::<Date>("due_on", "Please choose a day.");
    let plan = read_plan(form);
    let goal = form.parsed::<GoalId>("goal", "Please choose one of your goals.");
    let intensity = form.chosen::<Intensity>("intensity", "Please choose one.");
    let nonce = form.nonce("words");
    let (due_on, intensity) = (due_on?, intensity?);
    form.is_good().then_some(Draft { relationship, words, plan, due_on, goal, intensity, nonce })
}

async fn taken_on(app: &App, viewer: &Viewer, form: &mut Form, relationship: Option<RelationshipId>) -> Result<bool> {
    let Some(draft) = read_draft(form, relationship) else { return Ok(false) };
    let me = viewer.clone();
    let taken = app.write(move |tx| verbs::take_on(tx, &me, &draft)).await;
    let field = if matches!(&taken, Err(Error::Refused(refusal)) if refusal.code == "day") { "due_on" } else { "words" };
    Ok(form.beside(field, taken)?.is_some())
}

async fn take_on_with(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    if taken_on(&app, &viewer, &mut form, Some(id)).await? {
        return Ok(Go::to(format!("/relationships/{id}/actions")).saying("You have taken it on.").into_response());
    }
    Ok(tab_of(app, viewer, id, form).await?.into_response())
}

async fn take_on(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    if taken_on(&app, &viewer, &mut form, None).await? {
        return Ok(Go::to("/actions").saying("You have taken it on.").into_response());
    }
    Ok(new_page(app, viewer, form).await?.into_response())
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    new_page(app, viewer, asked).await
}

async fn new_page(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let taking = app.read(move |tx| taking(tx, &me, None, &asked)).await?;
    let body = html! {
        (PageHeader::new("What will you do?").back("What I will do", "/actions").lead("For yourself. What you take on with somebody is on their page with you."))
        (crate::web::mend(&form))
        (take_on_form(&taking, &viewer, &form))
        p { (page::audience_me()) }
    };
    let page = Page::new("What will you do?", Section::Relationships, body);
    Ok(page.answering(&form))
}

// Lists.

async fn tab(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    tab_of(app, viewer, id, Form::default()).await
}

async fn tab_of(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (taking, open, ended, now) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            let (open, ended) = (verbs::open_of(tx, &me, id)?, verbs::ended_of(tx, &me, id)?);
            Ok((taking(tx, &me, Some(company), &asked)?, open, ended, tx.now()))
        })
        .await?;
    let Some(company) = &taking.company else { return Err(Error::NotFound) };
    let of = |person| open.iter().filter(|told| told.item.owner == person).collect::<Vec<_>>();
    let mine = of(viewer.person);
    let row = |told: &Told| row(told, &viewer, company, now);
    let may = company.relationship.offers(&viewer, relationships::Deed::TakePart);
    let live = format!("/relationships/{id}/actions");
    let body = html! {
        (crate::web::mend(&form))
        div.part-stack id="actions" hx-get=(live) hx-select="#actions" hx-swap="outerHTML" hx-trigger="action_items from:body delay:300ms" {
            @if open.is_empty() {
                (page::empty(Icon::Check, "Nothing is open", "What one of you takes on stands here until it is done, moved or let go.", &html! {}))
            }
            @if !mine.is_empty() { (page::section("What you will do", &html! {}, &page::rows(&html! { @for told in &mine { (row(told)) } }))) }
            @for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
                @let theirs = of(chip.id);
                @if !theirs.is_empty() {
                    (page::section(&format!("What {} will do", chip.first_name()), &page::audience(&company.audience(&viewer)), &page::rows(&html! { @for told in &theirs { (row(told)) } })))
                }
            }
        }
        @if may { (page::section("Take something on", &html! {}, &take_on_form(&taking, &viewer, &form))) }
        @if !ended.is_empty() {
            (page::section("Done or let go", &html! {}, &page::rows(&html! { @for told in &ended { (row(told)) } })))
        }
        p { a href="/actions" { "Everything that you will do" } }
    };
    let page = relationships::tab(company, &viewer, "Actions", &body);
    Ok(page.answering(&form))
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (own, now) = app.read(move |tx| Ok((verbs::own(tx, &me)?, tx.now()))).await?;
    let row = |told: &Told| {
        let with = told.item.relationship.and_then(|id| own.with.get(&id)).filter(|_| told.item.intensity == Intensity::Partner);
        let sees = with.map_or_else(page::audience_me, |with| page::audience(&format!("You and {}", with.name)));
        line(told, &viewer, &sees, now)
    };
    let body = html! {
        (PageHeader::new("What I will do").lead("Everything you have taken on, by its day.").actions(html! { (Button::primary("Take something on").href("/actions/new")) }))
        @if own.open.is_empty() && own.ended.is_empty() {
            (page::empty(Icon::Check, "Nothing is open", "One small thing with a day is the best beginning.", &html! {}))
        }
        @if !own.open.is_empty() { (page::rows(&html! { @for told in &own.open { (row(told)) } })) }
        @if !own.ended.is_empty() { (page::section("Done or let go", &html! {}, &page::rows(&html! { @for told in &own.ended { (row(told)) } }))) }
    };
    Ok(Page::new("What I will do", Section::Relationships, body))
}

/// One line about what somebody in a relationship has taken on. Lists of other slices show it too.
pub fn row(told: &Told, viewer: &Viewer, company: &Company, now: Timestamp) -> Markup {
    let item = &told.item;
    let mine = viewer.is(item.owner);
    let beside = match item.intensity {
        _ if !mine => html! { span { (company.called(viewer, item.owner)) } },
        Intensity::Partner => page::audience(&company.audience(viewer)),
        Intensity::Weekly | Intensity::Silent => page::audience_me(),
    };
    line(told, viewer, &beside, now)
}

/// `beside`: whose it is, or who sees it.
fn line(told: &Told, viewer: &Viewer, beside: &Markup, now: Timestamp) -> Markup {
    let item = &told.item;
    let mine = viewer.is(item.owner);
    let meta = html! {
        @match item.ended_at {
            Some(ended) => (moment(viewer, ended)),
            None => span { "By " (day(item)) },
        }
        (beside)
    };
    let tag = match item.state {
        ActionState::Kept => page::tag("done", Tone::Laurel),
        ActionState::Dropped => page::tag("let go", Tone::Plain),
        ActionState::TakenOn if mine && item.is_past(now) => page::tag("how did it go?", Tone::Amber),
        ActionState::TakenOn => html! {},
    };
    let row = Row::new(told.words.clone()).href(format!("/actions/{}", item.id)).icon(Icon::Check).meta(meta).beside(tag);
    html! { @match &told.plan { Some(plan) => (row.text(plan.sentence())), None => (row) } }
}

/// On the first page of a relationship: what each will do next.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let open = verbs::open_of(tx, viewer, company.relationship.id)?;
    if open.is_empty() {
        return Ok(None);
    }
    let now = tx.now();
    let more = open.len().saturating_sub(SHOWN_NOW);
    let all = format!("/relationships/{}/actions", company.relationship.id);
    let line = |told: &Told| {
        let who = company.called(viewer, told.item.owner);
        html! { (Row::new(told.words.clone()).href(format!("/actions/{}", told.item.id)).icon(Icon::Check)
        .meta(html! { (who) ", by " (day(&told.item)) })
        .beside(if viewer.is(told.item.owner) && told.item.is_past(now) { page::tag("how did it go?", Tone::Amber) } else { html! {} })) }
    };
    Ok(Some(page::section(
        "What each will do",
        &html! { a href=(all) { @if more > 0 { "All " (open.len()) } @else { "Take something on" } } },
        &page::rows(&html! { @for told in open.iter().take(SHOWN_NOW) { (line(told)) } }),
    )))
}

const SHOWN_NOW: usize = 4;

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: ActionItemId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (whole, now, today) = app.read(move |tx| Ok((verbs::read(tx, &me, id)?, tx.now(), verbs::today(tx, &me)))).await?;
    let item = &whole.told.item;
    let mine = viewer.is(item.owner);
    let title = if mine { "What you will do".to_owned() } else { format!("What {} will do", whole.owner.first_name()) };
    let back = whole.company.as_ref().map_or_else(|| "/actions".into(), |c| format!("/relationships/{}/actions", c.relationship.id));
    let beside = match (item.intensity, &whole.company) {
        (Intensity::Partner, Some(company)) => page::audience(&company.audience(&viewer)),
        _ => page::audience_me(),
    };
    let body = html! {
        (PageHeader::new(title.clone()).back("Actions", &back))
        (crate::web::mend(&form))
        (page::card(&html! {
            (page::paragraphs(&whole.told.words))
            @if let Some(plan) = &whole.told.plan { p { (plan.sentence()) } }
            (beside)
        }))
        (standing(&whole, &viewer, now))
        @if item.offers(None, &viewer, Deed::CheckIn) { (answers(&whole, &form, now, today)) }
        @if !whole.check_ins.is_empty() { (page::section("How it went", &html! {}, &history(&whole.check_ins, &viewer))) }
        @if item.offers(None, &viewer, Deed::Change) { (following(&whole, &viewer)) }
        @if mine {
            p { a href=(format!("/feedback/new?pin=action:{id}")) { "Ask somebody for feedback on it" } }
        } @else if let Some(company) = whole.company.as_ref().filter(|c| c.relationship.offers(&viewer, relationships::Deed::TakePart)) {
            p { a href=(format!("/relationships/{}/feedback/new?pin=action:{id}&about={}", company.relationship.id, item.owner)) { "Give feedback on it" } }
        }
    };
    let page = Page::new(title, Section::Relationships, body);
    Ok(page.answering(&form))
}

fn standing(whole: &Whole, viewer: &Viewer, now: Timestamp) -> Markup {
    let item = &whole.told.item;
    let mine = viewer.is(item.owner);
    let (due, due_at) = (format!("by {}", day(item)), item.due_at.jiff().to_string());
    html! {
        @if let Some(ended) = item.ended_at {
            p { strong { (ending(item)) } " " (moment(viewer, ended)) }
        } @else {
            (Clock { sentence: if mine { "You took this on" } else { "Taken on" }, due: &due, due_at: &due_at, tone: if mine && item.is_past(now) { Tone::Amber } else { Tone::Plain } })
            @if let Some(moved) = item.moved().filter(|_| mine) { p.muted { (moved) } }
        }
        @if let Some((goal, outcome)) = &whole.goal { p { "It serves your goal " a href={ "/goals/" (goal) } { (outcome) } } }
    }
}

/// The ways on, kindest first. After its day the page asks what got in the way.
fn answers(whole: &Whole, form: &Form, now: Timestamp, today: Date) -> Markup {
    let item = &whole.told.item;
    let to = |deed: &str| format!("/actions/{}/{deed}", item.id);
    let past = item.is_past(now);
    let (title, lead) = match past {
        true => (
            "How did it go?",
            Some(
                "If it did not happen, that is all right. What got in the way? A smaller step, another day, or letting it go: all three are good ways on.",
            ),
        ),
        false => ("How does it go?", None),
    };
    let typed = |deed: &str| form.value("deed") == deed;
    let nothing = Form::default();
    let of = |deed: &str| if typed(deed) { form } else { &nothing };
    page::section(
        title,
        &html! {},
        &html! {
            @if let Some(lead) = lead { p { (lead) } }
            form.stack method="post" action=(to("keep")) {
                input type="hidden" name="deed" value="keep";
                (Field::textarea("words", "How was it?").id("f-kept-words").value(of("keep").value("words")).error(of("keep").error("words")).max(longest::CHECK_IN).rows(2).optional())
                (page::actions(&html! { (Button::primary("It is done").icon(Icon::Check)) }))
            }
            details.more open[past || typed("move")] {
                summary { (Icon::Right) span { "Not yet: another day, or a smaller step" } }
                div {
                    form.stack method="post" action=(to("carry-over")) {
                        input type="hidden" name="deed" value="move";
                        (Field::textarea("words", "What got in the way?").value(of("move").value("words")).error(of("move").error("words")).max(longest::CHECK_IN).rows(2).optional())
                        (another_day(item, of("move"), today).required())
                        (smaller_step(of("move")))
                        (plan_fields(of("move"), whole.told.plan.as_ref()))
                        (page::actions(&html! {
                            (Button::secondary("Move it"))
                            (Button::quiet("Only say that it has not happened yet").goes_to(&to("not-yet")).unchecked())
                        }))
                    }
                }
            }
            (page::more("Let it go", &html! {
                form.stack method="post" action=(to("drop")) {
                    input type="hidden" name="deed" value="drop";
                    (Field::textarea("words", "Why, if you want to remember it").id("f-drop-words").value(of("drop").value("words")).error(of("drop").error("words")).max(longest::CHECK_IN).rows(2).optional())
                    (page::actions(&html! { (Button::secondary("Let it go")) }))
                }
            }))
        },
    )
}

/// The field for another day; a week on where nothing was typed.
pub fn another_day<'a>(item: &ActionItem, form: &'a Form, today: Date) -> Field<'a> {
    let proposed = today.max(item.due()).checked_add(7.days()).unwrap_or(today).to_string();
    let value = if form.has("due_on") { form.value("due_on").to_owned() } else { proposed };
    Field::date("due_on", "Another day").value(value).error(form.error("due_on"))
}

pub fn smaller_step(form: &Form) -> Field<'_> {
    Field::text("smaller", "A smaller step")
        .hint("What could you do in ten minutes? It takes the place of the words above.")
        .value(form.value("smaller"))
        .error(form.error("smaller"))
        .max(longest::WORDS)
        .optional()
}

/// What was typed to move it; `None` without a day, or with something to mend.
pub fn read_moving(form: &mut Form, today: Date) -> Option<Moving> {
    let (words, smaller) = (form.maybe_text("words", longest::CHECK_IN), form.maybe_text("smaller", longest::WORDS));
    let plan = read_plan(form);
    let due_on = form.parsed::<Date>("due_on", "Please choose a day.")?;
    if due_on < today || due_on.year() - today.year() > 3 {
        form.refuse("due_on", "Please choose a day from today on, at most three years ahead.");
    }
    form.is_good().then(|| Moving { due_on, smaller: Some(smaller).filter(|words| !words.is_empty()), plan, words })
}

fn history(check_ins: &[CheckIn], viewer: &Viewer) -> Markup {
    let said = |answer| match answer {
        Answer::Kept => "Done",
        Answer::NotYet => "Not yet",
        Answer::Moved => "To another day",
        Answer::Dropped => "Let go",
    };
    html! {
        @for c in check_ins {
            @if c.words.is_empty() { p { strong { (said(c.answer)) } ", " (viewer.day(c.at)) } }
            @else { (page::quotation(&c.words, &format!("{}, {}", said(c.answer), viewer.day(c.at)))) }
        }
    }
}

fn following(whole: &Whole, viewer: &Viewer) -> Markup {
    let item = &whole.told.item;
    let others = whole.company.as_ref().map(|company| company.everybody(viewer));
    page::more(
        "How closely it is followed",
        &html! {
            form.stack method="post" action={ "/actions/" (item.id) "/follow" } {
                (intensity_choices(others.as_deref(), item.intensity))
                (page::actions(&html! { (Button::secondary("Follow it like this")) }))
            }
        },
    )
}

/// Does something with it and shows it again, with what is to be mended when it did not go through.
async fn does(
    app: App,
    viewer: Viewer,
    id: ActionItemId,
    form: Form,
    said: String,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/actions/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn keep(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.maybe_text("words", longest::CHECK_IN));
    does(app, viewer, id, form, "Well done.".into(), move |tx| verbs::keep(tx, &me, id, &words)).await
}
async fn not_yet(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.maybe_text("words", longest::CHECK_IN));
    does(app, viewer, id, form, "Thank you for saying so.".into(), move |tx| verbs::not_yet(tx, &me, id, &words)).await
}
async fn carry_over(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>, mut form: Form) -> Result<Response> {
    let (me, today) = (viewer.clone(), super::action_item::today(app.now(), &viewer.zone));
    let moving = read_moving(&mut form, today);
    let Some(moving) = moving else {
        form.refuse("due_on", "Please choose a day.");
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    let said = format!("It waits for {} now.", day_words(moving.due_on));
    does(app, viewer, id, form, said, move |tx| verbs::carry_over(tx, &me, id, &moving)).await
}
async fn drop(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), form.maybe_text("words", longest::CHECK_IN));
    does(app, viewer, id, form, "You have let it go.".into(), move |tx| verbs::drop(tx, &me, id, &words)).await
}
async fn follow(State(app): State<App>, viewer: Viewer, Path(id): Path<ActionItemId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let Some(intensity) = form.chosen::<Intensity>("intensity", "Please choose one.") else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    does(app, viewer, id, form, "Saved.".into(), move |tx| verbs::follow(tx, &me, id, intensity)).await
}

/// The day of it, such as “Friday 27 November”.
pub fn day(item: &ActionItem) -> String {
    day_words(item.due())
}
pub fn day_words(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

/// How it ended, in a sentence to anyone who sees it.
pub fn ending(item: &ActionItem) -> &'static str {
    match item.state {
        ActionState::TakenOn => "It is open.",
        ActionState::Kept => "It is done.",
        ActionState::Dropped => "It was let go.",
    }
}
