//! Decisions on screen: the tab of a relationship, writing one down, and looking back.

use super::decision::{Audience, DecisionId, Deed, Draft, Verdict, Words, lines, longest};
use super::verbs::{self, Told};
use crate::app::{App, Tx};
use crate::error::{Error, Result, still_there};
use crate::form::Form;
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
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
        .get("/relationships/{id}/decisions", Needs::Deed("relationship.see"), tab)
        .get("/relationships/{id}/decisions/new", Needs::Deed("relationship.take_part"), new)
        .post("/relationships/{id}/decisions", Needs::Deed("relationship.take_part"), decide)
        .get("/decisions/{id}", Needs::Deed("decision.see"), show)
        .post("/decisions/{id}/review", Needs::Deed("decision.review"), review)
        .post("/decisions/{id}/look-again", Needs::Deed("decision.review"), look_again)
}

async fn tab(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, told, now) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            Ok((company, verbs::of_relationship(tx, &me, id)?, tx.now()))
        })
        .await?;
    let new = format!("/relationships/{id}/decisions/new");
    let may = company.relationship.offers(&viewer, relationships::Deed::TakePart);
    let body = html! {
        @if told.is_empty() {
            (page::empty(Icon::Compass, "Nothing decided yet", "Write down what you weighed and why you chose. On a later day it comes back and asks whether it was right.",
                &html! { @if may { (Button::primary("Write a decision down").href(&new)) } }))
        } @else {
            @if may { (page::actions(&html! { (Button::primary("Write a decision down").href(&new)) })) }
            (page::rows(&html! { @for one in &told { (row(one, &company, &viewer, now)) } }))
        }
    };
    Ok(relationships::tab(&company, &viewer, "Decisions", &body))
}

fn row(told: &Told, company: &Company, viewer: &Viewer, now: Timestamp) -> Markup {
    let decision = &told.decision;
    let mine = viewer.is(decision.owner);
    let tag = match decision.verdict {
        Some(verdict) => page::tag(&verdict.words().to_lowercase(), Tone::Plain),
        None if mine && decision.is_back(now) => page::tag("was it right?", Tone::Amber),
        None => html! {},
    };
    let meta = html! {
        span { (company.called(viewer, decision.owner)) ", " (viewer.date(decision.decided_at)) }
        (seen_by(decision.audience, company, viewer))
    };
    html! { (Row::new(told.words.chosen.clone()).href(format!("/decisions/{}", decision.id)).icon(Icon::Compass).text(told.words.question.clone()).meta(meta).beside(tag)) }
}

fn seen_by(audience: Audience, company: &Company, viewer: &Viewer) -> Markup {
    match audience {
        Audience::Me => page::audience_me(),
        Audience::Pair => page::audience(&company.audience(viewer)),
    }
}

/// On the first page of a relationship: what has come back.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let back: Vec<Told> =
        verbs::to_review(tx, viewer)?.into_iter().filter(|told| told.decision.relationship == company.relationship.id).collect();
    let now = tx.now();
    Ok((!back.is_empty()).then(|| {
        page::section("A decision is back", &html! {}, &page::rows(&html! { @for one in &back { (row(one, company, viewer, now)) } }))
    }))
}

// Writing one down.

async fn new(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    written(app, viewer, id, Form::default()).await
}

async fn written(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (company, nonce, today) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::TakePart)?;
            let nonce = asked.nonce_to_send(tx.chance());
            Ok((company, nonce, tx.now().in_zone(&me.zone).date()))
        })
        .await?;
    let others = company.called.as_ref().map_or_else(|| format!("{} and I", company.name(&viewer)), |_| company.everybody(&viewer));
    let value = |field: &'static str| form.value(field);
    let later = today.checked_add(3.months()).unwrap_or(today).to_string();
    let review_on = if form.has("review_on") { value("review_on").to_owned() } else { later };
    let tomorrow = today.tomorrow().unwrap_or(today).to_string();
    let back = format!("/relationships/{id}/decisions");
    let body = html! {
        (PageHeader::new("Write a decision down").back("Decisions", &back).lead("What you knew when you decided is soon forgotten. Write it down while it is fresh."))
        (crate::web::mend(&form))
        form.stack method="post" action=(back) {
            input type="hidden" name="nonce" value=(nonce);
            (Field::text("question", "What was to be decided?").value(value("question")).error(form.error("question")).max(longest::QUESTION).required())
            (Field::textarea("options", "Which options did you see?").hint("One on each line.").value(value("options")).error(form.error("options")).max(longest::LIST).rows(3).optional())
            (Field::textarea("criteria", "What mattered?").hint("One on each line.").value(value("criteria")).error(form.error("criteria")).max(longest::LIST).rows(3).optional())
            (Field::text("chosen", "What did you choose?").value(value("chosen")).error(form.error("chosen")).max(longest::CHOSEN).required())
            (Field::textarea("why", "Why?").value(value("why")).error(form.error("why")).max(longest::WHY).rows(4).optional())
            (Field::date("review_on", "When do you want to look back?").hint("It comes back on this day. Leave it empty if it need not.")
                .value(review_on).between(tomorrow.as_str(), None).error(form.error("review_on")).optional())
            (Choices::radio("audience", "Who reads it?").choice(Audience::Pair.as_str(), others).choice(Audience::Me.as_str(), "Only I")
                .chosen(if value("audience").is_empty() { Audience::Pair.as_str() } else { value("audience") }).error(form.error("audience")).required())
            (page::actions(&html! { (Button::primary("Write it down")) (Button::quiet("Back").href(&back)) }))
        }
    };
    let page = Page::new("Write a decision down", Section::Relationships, body);
    Ok(page.answering(&form))
}

fn read_draft(form: &mut Form) -> Option<Draft> {
    let words = Words {
        question: form.text("question", longest::QUESTION),
        options: form.maybe_text("options", longest::LIST),
        criteria: form.maybe_text("criteria", longest::LIST),
        chosen: form.text("chosen", longest::CHOSEN),
        why: form.maybe_text("why", longest::WHY),
    };
    let review_on = form.parsed::<Date>("review_on", "Please choose a day.");
    let audience = form.chosen::<Audience>("audience", "Please choose one.");
    let nonce = form.nonce("question");
    let audience = audience?;
    form.is_good().then_some(Draft { words, audience, review_on, nonce })
}

async fn decide(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let Some(draft) = read_draft(&mut form) else {
        return Ok(written(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    match app.write(move |tx| verbs::decide(tx, &me, id, &draft)).await {
        Ok(made) => Ok(Go::to(format!("/decisions/{made}")).saying("It is written down.").into_response()),
        Err(Error::Refused(refusal)) if refusal.code == "day" => {
            form.refuse("review_on", refusal.sentence);
            Ok(written(app, viewer, id, form).await?.into_response())
        }
        Err(e) => Err(e),
    }
}

// Reading one, and looking back.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<DecisionId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: DecisionId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (told, company, now) = app
        .read(move |tx| {
            let told = verbs::read(tx, &me, id)?;
            // Whoever has left a circle still looks back on what was theirs.
            let company = still_there(partners::company(tx, &me, told.decision.relationship, relationships::Deed::See))?;
            Ok((told, company, tx.now()))
        })
        .await?;
    let (decision, words) = (&told.decision, &told.words);
    let who = company.as_ref().map_or("You", |company| company.called(&viewer, decision.owner));
    let beside = company.as_ref().map_or_else(page::audience_me, |company| seen_by(decision.audience, company, &viewer));
    let back = company.as_ref().map_or_else(|| "/today".into(), |_| format!("/relationships/{}/decisions", decision.relationship));
    let body = html! {
        (PageHeader::new(words.question.clone()).back(if company.is_some() { "Decisions" } else { "Today" }, &back)
            .lead(format!("{who} decided this on {}.", viewer.date(decision.decided_at))))
        (crate::web::mend(&form))
        p { (beside) }
        (page::card(&html! { p { strong { (words.chosen) } } (page::paragraphs(&words.why)) }))
        (list("Which options there were", &words.options))
        (list("What mattered", &words.criteria))
        @if let Some(verdict) = decision.verdict {
            (page::section("Looking back", &html! {}, &html! {
                p { strong { (verdict.words()) } @if let Some(at) = decision.reviewed_at { ", " (viewer.date(at)) } }
                @if let Some(learned) = &told.learned { (page::paragraphs(learned)) }
            }))
        } @else if viewer.is(decision.owner) && decision.is_open_to(Deed::Review) {
            (looking_back(&told, &form, now, now.in_zone(&viewer.zone).date()))
        }
    };
    let page = Page::new(words.question.clone(), Section::Relationships, body);
    Ok(page.answering(&form))
}

fn list(title: &str, typed: &str) -> Markup {
    let all: Vec<&str> = lines(typed).collect();
    html! { @if !all.is_empty() { (page::section(title, &html! {}, &html! { ul { @for line in &all { li { (line) } } } })) } }
}

fn looking_back(told: &Told, form: &Form, now: Timestamp, today: Date) -> Markup {
    let decision = &told.decision;
    let back = decision.is_back(now);
    let to = |deed: &str| format!("/decisions/{}/{deed}", decision.id);
    let later = today.checked_add(3.months()).unwrap_or(today).to_string();
    let again = if form.has("review_on") { form.value("review_on").to_owned() } else { later };
    let tomorrow = today.tomorrow().unwrap_or(today).to_string();
    let day = decision.review_on.as_ref().and_then(|day| day.parse::<Date>().ok()).map(|day| day.strftime("%-d %B %Y").to_string());
    let mut verdicts = Choices::radio("verdict", "Was it right?").error(form.error("verdict")).chosen(form.value("verdict")).required();
    for verdict in Verdict::ALL {
        verdicts = verdicts.choice(verdict.as_str(), verdict.words());
    }
    let form_of_it = html! {
        form.stack method="post" action=(to("review")) {
            (verdicts.chosen(form.value("verdict")))
            (Field::textarea("learned", "What did you learn?").value(form.value("learned")).error(form.error("learned")).max(longest::LEARNED).rows(4).optional())
            (page::actions(&html! { (Button::primary("Keep this")) }))
        }
        (page::more(if decision.review_on.is_some() { "Look back on another day" } else { "Choose a day to look back" }, &html! {
            form.stack method="post" action=(to("look-again")) {
                (Field::date("review_on", "On which day?").value(again).between(tomorrow.as_str(), None).error(form.error("review_on")).required())
                (page::actions(&html! { (Button::secondary("Bring it back then")) }))
            }
        }))
    };
    html! {
        @if back { (page::section("Looking back", &html! {}, &form_of_it)) } @else {
            @if let Some(day) = day { p.muted { "It comes back on " (day) "." } }
            (page::more("Look back now", &form_of_it))
        }
    }
}

async fn does(
    app: App,
    viewer: Viewer,
    id: DecisionId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/decisions/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn review(State(app): State<App>, viewer: Viewer, Path(id): Path<DecisionId>, mut form: Form) -> Result<Response> {
    let learned = form.maybe_text("learned", longest::LEARNED);
    let Some(verdict) = form.chosen::<Verdict>("verdict", "Please choose one.") else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    does(app, viewer, id, form, "Kept. That is how judgement grows.", move |tx| verbs::review(tx, &me, id, verdict, &learned)).await
}

async fn look_again(State(app): State<App>, viewer: Viewer, Path(id): Path<DecisionId>, mut form: Form) -> Result<Response> {
    let Some(day) = form.chosen::<Date>("review_on", "Please choose a day.") else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    does(app, viewer, id, form, "It comes back then.", move |tx| verbs::look_again(tx, &me, id, day)).await
}
