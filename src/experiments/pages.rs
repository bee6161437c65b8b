//! Experiments on screen: the log, beginning one, and looking at what came of it.

use super::experiment::{DAYS_AHEAD, Draft, ExperimentId, Learnt, Outcome, Words, longest};
use super::verbs::{self, Told};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::{Asked, Form};
use crate::goals::{Brief, GoalId, GoalState, verbs as goals};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{Company, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, does, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/experiments", Needs::SignedIn, list)
        .post("/experiments", Needs::SignedIn, begin)
        .get("/experiments/new", Needs::SignedIn, new)
        .get("/experiments/{id}", Needs::Deed("experiment.see"), show)
        .post("/experiments/{id}/learn", Needs::Deed("experiment.change"), learn)
        .post("/experiments/{id}/go-on", Needs::Deed("experiment.change"), go_on)
        .post("/experiments/{id}/share", Needs::Deed("experiment.change"), share)
        .post("/experiments/{id}/delete", Needs::Deed("experiment.change"), delete)
}

fn path(id: ExperimentId) -> String {
    format!("/experiments/{id}")
}

// Where they are found.

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let all = app.read(move |tx| verbs::own(tx, &me)).await?;
    let (open, done): (Vec<&Told>, Vec<&Told>) = all.iter().partition(|told| told.one.is_open());
    let body = html! {
        (PageHeader::new("What you try").back("Your goals", "/goals").lead("Think something, try it in small, see what happens. Otherwise than you thought is an answer too.")
            .actions(html! { (Button::primary("Try something").href("/experiments/new").icon(Icon::Plus)) (page::audience_me()) }))
        @if all.is_empty() {
            (page::empty(Icon::Compass, "Nothing tried yet", "“I think that …, so I will …”: two sentences and a day on which you look at it.", &html! {}))
        }
        @for (title, part) in [("Under way", open), ("What you learned", done)] {
            @if !part.is_empty() { (page::section(title, &html! {}, &page::rows(&html! { @for told in &part { (row(told, &viewer)) } }))) }
        }
    };
    Ok(Page::new("What you try", Section::Goals, body))
}

fn row(told: &Told, viewer: &Viewer) -> Markup {
    let one = &told.one;
    let beside = match one.outcome {
        Some(outcome) => page::tag(outcome.short(), Tone::Plain),
        None if one.is_back() => page::tag("what came of it?", Tone::Amber),
        None => html! {},
    };
    let text = told.learnt.as_ref().map_or_else(|| told.words.expects.clone(), |after| format!("Learned: {}", after.learnt));
    let when = one.ended_at.map_or_else(|| day_words(told), |at| viewer.date(at));
    html! { (Row::new(page::capital(&page::shortened(&told.words.tries, 110))).href(path(one.id)).icon(Icon::Compass).text(page::shortened(&text, 160)).meta(html! { span { (when) } }).beside(beside)) }
}

fn day_words(told: &Told) -> String {
    told.one.day().map_or_else(String::new, |day| format!("To look at on {}", day.strftime("%A %-d %B")))
}

/// On the page of a goal, for its owner.
pub fn goal_part(tx: &mut Tx, viewer: &Viewer, goal: &Brief) -> Result<Markup> {
    if !viewer.is(goal.owner) || goal.state == GoalState::Draft {
        return Ok(html! {});
    }
    let all = verbs::of_goal(tx, viewer, goal.id)?;
    let new = format!("/experiments/new?goal={}", goal.id);
    let open = goal.state == GoalState::Set;
    Ok(html! {
        @if all.is_empty() { @if open { p { a href=(new) { "Try something in small for it" } } } } @else {
            (page::section("What you tried for it", &html! { (page::audience_me()) @if open { (Button::quiet("Try something").small().href(&new)) } },
                &page::rows(&html! { @for told in &all { (row(told, viewer)) } })))
        }
    })
}

/// On the page of what changed: what was learned by trying.
pub fn growth_part(tx: &mut Tx, viewer: &Viewer) -> Result<Option<Markup>> {
    let learnt: Vec<Told> = verbs::own(tx, viewer)?.into_iter().filter(|told| told.learnt.is_some()).take(20).collect();
    let all = html! { @if !learnt.is_empty() { (page::rows(&html! { @for told in &learnt { (row(told, viewer)) } })) } };
    Ok((!learnt.is_empty()).then(|| page::section("What you learned by trying", &html! {}, &all)))
}

/// On the first page of a relationship: what is shared and under way, or was learned of late.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let all: Vec<Told> = verbs::of_relationship(tx, viewer, &company.relationship)?.into_iter().take(3).collect();
    let seen = page::audience(&company.audience(viewer));
    Ok((!all.is_empty()).then(|| page::section("Tried out", &seen, &page::rows(&html! { @for told in &all { (row(told, viewer)) } }))))
}

// Beginning one.

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    new_page(app, viewer, Form::of(asked.fields().iter().filter(|(name, _)| name == "goal").cloned())).await
}

async fn new_page(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (goals, pairs, nonce, today) = app
        .read(move |tx| {
            let nonce = asked.nonce_to_send(tx.chance());
            Ok((goals::own(tx, &me)?, partners::pairs(tx, &me)?, nonce, tx.now().in_zone(&me.zone).date()))
        })
        .await?;
    let value = |name: &'static str| form.value(name);
    let open = goals.iter().filter(|goal| goal.state == GoalState::Set);
    let for_goals = std::iter::once((String::new(), "Nothing in particular".to_owned()))
        .chain(open.map(|goal| (goal.id.to_string(), page::shortened(&goal.outcome, 80))));
    let day = if form.has("look_on") { value("look_on").to_owned() } else { in_days(today, 14) };
    let body = html! {
        (PageHeader::new("Try something").back("What you try", "/experiments").lead("Small enough that it may go wrong, and soon enough that you still remember what you thought."))
        (mend(&form))
        form.stack method="post" action="/experiments" data-draft="experiment" {
            input type="hidden" name="nonce" value=(nonce);
            (Field::textarea("expects", "I think that …").value(value("expects")).error(form.error("expects")).max(longest::EXPECTS).rows(2).hint("Something that might turn out otherwise: “If I ask first, they say more.”").required())
            (Field::textarea("tries", "So I will …").value(value("tries")).error(form.error("tries")).max(longest::TRIES).rows(2).required())
            (Field::text("sign", "I will see it by …").value(value("sign")).error(form.error("sign")).max(longest::SIGN).optional())
            (Field::date("look_on", "When do you look at it?").value(day).between(in_days(today, 1).as_str(), in_days(today, DAYS_AHEAD).as_str()).error(form.error("look_on")).required())
            (Field::select("goal", "What is it for?", for_goals).value(value("goal")).error(form.error("goal")))
            @if !pairs.is_empty() { (who_reads(&pairs, value("with"), form.error("with"))) }
            (page::actions(&html! { (Button::primary("Try it")) (Button::quiet("Back").href("/experiments")) }))
        }
    };
    Ok(Page::new("Try something", Section::Goals, body).answering(&form))
}

fn in_days(today: Date, days: i32) -> String {
    today.checked_add(days.days()).unwrap_or(today).to_string()
}

fn who_reads(pairs: &[(RelationshipId, String)], chosen: &str, error: Option<&str>) -> Markup {
    let who = Choices::radio("with", "Who reads it?").choice("", "Only I");
    let who = pairs.iter().fold(who, |who, (id, name)| who.choice(id.to_string(), format!("{name} and I")));
    html! { (who.chosen(chosen).error(error)) }
}

async fn begin(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let words = Words {
        expects: form.text("expects", longest::EXPECTS),
        tries: form.text("tries", longest::TRIES),
        sign: form.maybe_text("sign", longest::SIGN),
    };
    let goal = form.parsed::<GoalId>("goal", "Please choose one of these.");
    let relationship = form.parsed::<RelationshipId>("with", "Please choose one of these.");
    let look_on = form.chosen::<Date>("look_on", "Please choose a day.");
    let nonce = form.nonce("expects");
    let draft = Draft { words, goal, relationship, look_on: look_on.unwrap_or_default(), nonce };
    let me = viewer.clone();
    let then = |id| Go::to(path(id)).saying("Go and see. It comes back on its day.");
    does(&app.clone(), form, move |tx| verbs::begin(tx, &me, &draft), then, |form| new_page(app, viewer, form)).await
}

// One of them.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ExperimentId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: ExperimentId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (told, company, pairs, outcome, today) = app
        .read(move |tx| {
            let (told, company) = verbs::read(tx, &me, id)?;
            let mine = me.is(told.one.owner);
            let pairs = if mine { partners::pairs(tx, &me)? } else { Vec::new() };
            let goals: Vec<GoalId> = told.one.goal.filter(|_| mine).into_iter().collect();
            let outcome = goals::outcomes(tx, &goals)?.into_values().next().map(|(_, outcome)| outcome);
            Ok((told, company, pairs, outcome, tx.now().in_zone(&me.zone).date()))
        })
        .await?;
    let (one, words) = (&told.one, &told.words);
    let mine = viewer.is(one.owner);
    let who = company.as_ref().map_or("You", |company| company.called(&viewer, one.owner));
    let seen = company.as_ref().map_or_else(page::audience_me, |company| page::audience(&company.audience(&viewer)));
    let (label, back) = match &company {
        Some(company) if !mine => ("Working together", format!("/relationships/{}", company.relationship.id)),
        _ => ("What you try", "/experiments".to_owned()),
    };
    let title = page::capital(&page::shortened(&words.tries, 80));
    let to = |deed: &str| format!("{}/{deed}", path(id));
    let mut before = vec![("I think that", html! { (words.expects) }), ("So I will", html! { (words.tries) })];
    if !words.sign.is_empty() {
        before.push(("I will see it by", html! { (words.sign) }));
    }
    let body = html! {
        (PageHeader::new(title.as_str()).back(label, &back).lead(format!("{who} began this on {}.", viewer.date(one.began_at))).actions(seen))
        (mend(&form))
        (page::card(&html! {
            (page::facts(&before))
            @if let Some(outcome) = &outcome { p.muted { "For: " (outcome) } }
        }))
        @if let Some(after) = &told.learnt {
            (page::section("What came of it", &html! { @if let Some(outcome) = one.outcome { (page::tag(outcome.short(), Tone::Laurel)) } }, &html! {
                (page::paragraphs(&after.happened))
                p { strong { "What I learned" } }
                (page::paragraphs(&after.learnt))
                @if let Some(ended) = one.ended_at { p.muted { (viewer.date(ended)) } }
            }))
        } @else if mine {
            @if one.is_back() { (page::section("What came of it?", &html! {}, &learning(&told, &form))) } @else {
                p { (day_words(&told)) "." }
                (page::more_open("Look at it now", !form.is_empty(), &learning(&told, &form)))
            }
            (page::more_open("On another day", form.error("look_on").is_some(), &html! {
                form.stack method="post" action=(to("go-on")) {
                    (Field::date("look_on", "When do you look at it?").value(form.value("look_on")).between(in_days(today, 1).as_str(), in_days(today, DAYS_AHEAD).as_str()).error(form.error("look_on")).required())
                    (page::actions(&html! { (Button::secondary("Bring it back then")) }))
                }
            }))
        } @else { p { (day_words(&told)) "." } }
        @if mine {
            @if !pairs.is_empty() {
                (page::more("Who reads it", &html! {
                    form.stack method="post" action=(to("share")) {
                        (who_reads(&pairs, &one.relationship.map_or_else(String::new, |id| id.to_string()), form.error("with")))
                        (page::actions(&html! { (Button::secondary("Keep it so")) }))
                    }
                }))
            }
            (page::more("Delete it", &page::confirmation(&to("delete"), "It is gone for good, for everybody who could read it.", &Button::danger("Delete it"), &path(id))))
        }
    };
    Ok(Page::new(title.clone(), if mine { Section::Goals } else { Section::Relationships }, body).answering(&form))
}

fn learning(told: &Told, form: &Form) -> Markup {
    let outcomes = Outcome::ALL
        .iter()
        .fold(Choices::radio("outcome", "How did it turn out?"), |all, outcome| all.choice(outcome.as_str(), outcome.words()));
    html! {
        form.stack method="post" action={ (path(told.one.id)) "/learn" } data-draft="learnt" {
            (outcomes.chosen(form.value("outcome")).error(form.error("outcome")).required())
            (Field::textarea("happened", "What happened?").value(form.value("happened")).error(form.error("happened")).max(longest::HAPPENED).rows(3).optional())
            (Field::textarea("learnt", "What did you learn?").value(form.value("learnt")).error(form.error("learnt")).max(longest::LEARNT).rows(3).required())
            (page::actions(&html! { (Button::primary("Keep what I learned")) }))
        }
    }
}

async fn learn(State(app): State<App>, viewer: Viewer, Path(id): Path<ExperimentId>, mut form: Form) -> Result<Response> {
    let outcome = form.chosen::<Outcome>("outcome", "Please choose one.").unwrap_or(Outcome::Unclear);
    let learnt = Learnt { happened: form.maybe_text("happened", longest::HAPPENED), learnt: form.text("learnt", longest::LEARNT) };
    let me = viewer.clone();
    let then = |()| Go::to(path(id)).saying("Kept. Now you know something you did not know before.");
    does(&app.clone(), form, move |tx| verbs::learn(tx, &me, id, outcome, &learnt), then, |form| shown(app, viewer, id, form)).await
}

async fn go_on(State(app): State<App>, viewer: Viewer, Path(id): Path<ExperimentId>, mut form: Form) -> Result<Response> {
    let day = form.chosen::<Date>("look_on", "Please choose a day.").unwrap_or_default();
    let me = viewer.clone();
    let then = |()| Go::to(path(id)).saying("It comes back then.");
    does(&app.clone(), form, move |tx| verbs::go_on(tx, &me, id, day), then, |form| shown(app, viewer, id, form)).await
}

async fn share(State(app): State<App>, viewer: Viewer, Path(id): Path<ExperimentId>, mut form: Form) -> Result<Response> {
    let with = form.parsed::<RelationshipId>("with", "Please choose one of these.");
    let me = viewer.clone();
    let then = move |()| Go::to(path(id)).saying(if with.is_some() { "They can read it now." } else { "Only you read it now." });
    does(&app.clone(), form, move |tx| verbs::share(tx, &me, id, with), then, |form| shown(app, viewer, id, form)).await
}

async fn delete(State(app): State<App>, viewer: Viewer, Path(id): Path<ExperimentId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |()| Go::to("/experiments").saying("Gone.");
    does(&app.clone(), form, move |tx| verbs::delete(tx, &me, id), then, |form| shown(app, viewer, id, form)).await
}
