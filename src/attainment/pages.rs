//! How far a goal has come, on screen: its page, laying down what measures it, rating it, and where a pair works on it.

use super::gas::Level;
use super::growth::{self, NOT_CAUSE};
use super::measure::{
    Form as Measure, HEAVIEST, KeyResult, MOST_SCALES, Numbers, PACES, RESULTS, Rating, RatingId, Scale, ScaleDraft, ScaleId, ScaleWords,
    Standing, Voice, longest,
};
use super::smart;
use super::verbs::{self, Measured, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result, still_there};
use crate::form::Form;
use crate::goals::{Brief, GoalId, GoalState};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/growth", Needs::SignedIn, growth::show)
        .post("/growth/count-none", Needs::SignedIn, count_none)
        .get("/attainment/{goal}", Needs::Deed("attainment.see"), show)
        .get("/attainment/{goal}/scales", Needs::Deed("attainment.change"), scales)
        .post("/attainment/{goal}/scales", Needs::Deed("attainment.change"), lay_down_scales)
        .get("/attainment/{goal}/results", Needs::Deed("attainment.change"), results)
        .post("/attainment/{goal}/results", Needs::Deed("attainment.change"), lay_down_results)
        .post("/attainment/{goal}/share", Needs::Deed("attainment.change"), share)
        .post("/attainment/{goal}/count", Needs::Deed("attainment.change"), let_count)
        .post("/attainment/{goal}/pace", Needs::Deed("attainment.change"), pace)
        .post("/attainment/{goal}/confidence", Needs::Deed("attainment.change"), say_confidence)
        .post("/attainment/{goal}/progress", Needs::Deed("attainment.change"), note_progress)
        .get("/attainment/{goal}/rate", Needs::Deed("attainment.rate"), rate_page)
        .post("/attainment/{goal}/rate", Needs::Deed("attainment.rate"), rate)
        .post("/attainment/{goal}/agree", Needs::Deed("attainment.answer"), agree)
        .post("/attainment/{goal}/settle", Needs::Deed("attainment.answer"), settle)
        .get("/relationships/{id}/goals", Needs::Deed("relationship.see"), tab)
}

fn path(goal: GoalId) -> String {
    format!("/attainment/{goal}")
}

// On the page of a goal, and where a pair works.

/// For its owner, on the page of the goal: how far it has come, how sure they are, and what is worth asking.
pub fn goal_part(tx: &mut Tx, viewer: &Viewer, brief: &Brief) -> Result<Markup> {
    if brief.state == GoalState::Draft {
        return Ok(html! {});
    }
    let today = tx.now().in_zone(&viewer.zone).date();
    let measured = verbs::of_goal(tx, viewer, brief.id)?;
    let form = measured.as_ref().and_then(|measured| measured.attainment.form);
    let href = path(brief.id);
    let open = brief.state == GoalState::Set;
    let beside = Button::quiet("Look closer").small().href(&href);
    let company = match measured.as_ref().and_then(|measured| measured.attainment.relationship) {
        Some(id) => still_there(partners::company(tx, viewer, id, relationships::Deed::See))?,
        None => None,
    };
    let seen_by = company.as_ref().map_or_else(page::audience_me, |company| page::audience(&company.audience(viewer)));
    Ok(page::section(
        "How far it has come",
        &html! { (seen_by) @if measured.is_some() { (beside) } },
        &html! {
            @if let Some(company) = &company { p.muted { (company.name(viewer)) " reads the goal in its one sentence, and what stands here. What you said of it beside that is yours alone." } }
            @match (&measured, form) {
                (Some(measured), Some(Measure::Scales)) => {
                    (growth::then_and_now(measured))
                    @if let Some(rating) = measured.rating_now() { (growth::t_sentence(rating)) }
                }
                (Some(measured), Some(Measure::Results)) => (growth::results(measured)),
                _ if open => (ways_to_measure(brief.id)),
                _ => p.muted { "It was not measured." },
            }
            @if open {
                (confidence_press(brief.id, measured.as_ref()))
                (smart_questions(brief, measured.as_ref(), today))
            }
        },
    ))
}

/// Two ways to say how far, for a goal that has none.
fn ways_to_measure(goal: GoalId) -> Markup {
    html! {
        p { "Say beforehand what would be less, as much, or more than you expect. Later it is easy to see how far you have come." }
        (page::actions(&html! {
            (Button::secondary("Describe five levels").href(&format!("{}/scales", path(goal))))
            (Button::quiet("Name key results").href(&format!("{}/results", path(goal))))
        }))
    }
}

/// How sure, in one press.
fn confidence_press(goal: GoalId, measured: Option<&Measured>) -> Markup {
    let last = measured.and_then(|measured| measured.confidences.last()).map(|said| said.level);
    html! {
        form.sure method="post" action={ (path(goal)) "/confidence" } {
            fieldset {
                legend { "How sure are you that you will get there?" @if let Some(last) = last { span.muted { " Last time: " (last) "." } } }
                div.sure-row {
                    @for level in 0..=super::measure::SUREST {
                        button.sure-press.now[last == Some(level)] type="submit" name="level" value=(level) { (level) span.visually-hidden { " of 10" } }
                    }
                }
                div.sure-ends aria-hidden="true" { span { "not at all" } span { "quite sure" } }
            }
        }
    }
}

fn smart_questions(brief: &Brief, measured: Option<&Measured>, today: Date) -> Markup {
    let is_measured = measured.is_some_and(|measured| measured.attainment.form.is_some());
    let sure = measured.and_then(|measured| measured.confidences.last()).map(|said| said.level);
    let hints = smart::check(brief, is_measured, sure, today);
    html! {
        @if !hints.is_empty() {
            (page::more(&format!("{} to ask yourself", if hints.len() == 1 { "One thing" } else { "Some things" }), &html! {
                ul.smart {
                    @for hint in &hints {
                        @let href = hint.step.map_or_else(|| format!("{}/scales", path(brief.id)), |step| format!("/goals/{}/{step}", brief.id));
                        li { strong { (hint.about) } " " (hint.question) " " a href=(href) { "Say it" span.visually-hidden { ": " (hint.about) } } }
                    }
                }
                p.muted { "None of these is a must." }
            }))
        }
    }
}

/// On the first page of a relationship: what waits for a rating or an answer.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let mut shared = verbs::of_relationship(tx, viewer, company.relationship.id)?;
    shared.retain(|measured| waits(measured, viewer).is_some());
    Ok((!shared.is_empty()).then(|| {
        let beside = page::audience(&company.audience(viewer));
        page::section(
            "How far you have come",
            &beside,
            &page::rows(&html! { @for measured in &shared { (row(measured, company, viewer)) } }),
        )
    }))
}

/// What a goal needs from this viewer, in a few words.
fn waits(measured: &Measured, viewer: &Viewer) -> Option<&'static str> {
    if measured.attainment.ended_at.is_some() {
        return None;
    }
    match measured.ratings.last() {
        Some(rating) if rating.waits_for(viewer) => Some("do you see it so?"),
        Some(rating) if rating.standing() == Standing::Differs => Some("you two see it differently"),
        _ if measured.attainment.asked_at.is_some() => Some("rate it"),
        _ => None,
    }
}

fn row(measured: &Measured, company: &Company, viewer: &Viewer) -> Markup {
    let now = match (measured.attainment.form, measured.rating_now()) {
        (Some(Measure::Scales), Some(rating)) => {
            let firm = if rating.is_firm() { "" } else { ", not agreed yet" };
            let levels: Vec<String> = measured
                .scales_now()
                .filter_map(|scale| rating.level_of(scale.id).map(|level| format!("{}: {}", scale.words.title, level.words())))
                .collect();
            format!("{}{firm}", levels.join("; "))
        }
        (Some(Measure::Scales), None) => "Not rated yet".into(),
        (Some(Measure::Results), _) => "Measured by key results".into(),
        (None, _) => "Not measured yet".into(),
    };
    let beside = match waits(measured, viewer) {
        Some(words) => page::tag(words, Tone::Amber),
        None => growth::state_tag(measured.state),
    };
    let meta = html! { span { (company.called(viewer, measured.attainment.owner)) } };
    html! { (Row::new(measured.outcome.as_str()).href(path(measured.attainment.goal)).icon(Icon::Goal).text(now).meta(meta).beside(beside)) }
}

async fn tab(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, shared) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            Ok((company, verbs::of_relationship(tx, &me, id)?))
        })
        .await?;
    let both = company.audience(&viewer);
    let body = html! {
        div.part-stack id="goals" hx-get=(format!("/relationships/{id}/goals")) hx-select="#goals" hx-swap="outerHTML" hx-trigger="attainment from:body delay:300ms" {
        @if shared.is_empty() {
            (page::empty(Icon::Goal, "No goal is shared here", "A goal is its owner’s alone until they share it with the one they work with on it. No sponsor and no programme ever sees it.",
                &html! { (Button::secondary("Your goals").href("/goals")) }))
        } @else {
            p { (page::audience(&both)) }
            (page::rows(&html! { @for measured in &shared { (row(measured, &company, &viewer)) } }))
            p.muted { "Shared between you two and with nobody else: no report to a sponsor and no programme names these goals." }
        }
        }
    };
    Ok(relationships::tab(&company, &viewer, "Goals", &body))
}

// The page of one.

async fn show(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>) -> Result<Page> {
    shown(app, viewer, goal, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, goal: GoalId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (whole, now) = app.read(move |tx| Ok((verbs::read(tx, &me, goal)?, tx.now()))).await?;
    let inside = html! { (mend(&form)) (whole_body(&whole, &viewer, &form, now.in_zone(&viewer.zone).date())) };
    // While something is to be mended, the page keeps what was typed and stands still.
    let live = form.is_good().then(|| path(goal));
    let body = html! {
        div.live-page id="attainment" hx-get=[live] hx-select="#attainment" hx-swap="outerMorph" hx-trigger="attainment from:body delay:300ms" { (inside) }
    };
    let mine = whole.brief.is_some();
    let (label, back) = match (&whole.company, mine) {
        (Some(company), false) => ("Goals", format!("/relationships/{}/goals", company.relationship.id)),
        _ => ("The goal", format!("/goals/{goal}")),
    };
    let header = PageHeader::new(whole.outcome.as_str()).back(label, &back).actions(audience(&whole, &viewer));
    let section = if mine { Section::Goals } else { Section::Relationships };
    Ok(Page::new(whole.outcome.clone(), section, html! { (header) (body) }).answering(&form))
}

fn audience(whole: &Whole, viewer: &Viewer) -> Markup {
    match whole.company.as_ref().filter(|_| whole.measured.as_ref().is_some_and(|measured| measured.attainment.relationship.is_some())) {
        Some(company) => page::audience(&company.audience(viewer)),
        None => page::audience_me(),
    }
}

fn called<'w>(whole: &'w Whole, viewer: &Viewer, person: crate::viewer::PersonId) -> &'w str {
    match &whole.company {
        Some(company) => company.called(viewer, person),
        None if viewer.is(person) => "You",
        None => "Someone you worked with",
    }
}

fn whole_body(whole: &Whole, viewer: &Viewer, form: &Form, today: Date) -> Markup {
    let mine = whole.brief.is_some();
    let open = matches!(whole.state, GoalState::Draft | GoalState::Set);
    let measured = whole.measured.as_ref();
    let kind = measured.and_then(|measured| measured.attainment.form);
    html! {
        @match whole.state {
            GoalState::Reached => (page::banner(Tone::Laurel, "This goal was reached.", None)),
            GoalState::LetGo => (page::banner(Tone::Plain, "This goal was let go.", None)),
            GoalState::Draft | GoalState::Set => {}
        }
        @if let Some(rating) = measured.and_then(|measured| measured.ratings.last()).filter(|_| open) { (between_two(whole, rating, viewer)) }
        @match (measured, kind) {
            (Some(measured), Some(Measure::Scales)) => (on_scales(whole, measured, viewer, open)),
            (Some(measured), Some(Measure::Results)) => (on_results(whole, measured, viewer, form, mine && open)),
            _ => (page::section("How far it has come", &html! {}, &html! {
                @if mine && open { (ways_to_measure(whole.goal)) } @else { p.muted { "It is not measured yet." } }
            })),
        }
        (surety(whole, viewer, form, mine && open))
        (beside_it(whole, viewer))
        @if let Some(brief) = whole.brief.as_ref().filter(|_| open) {
            (smart_questions(brief, measured, today))
            (who_and_how_often(whole, measured, kind, form))
        }
        (whether_it_counts(whole, mine, viewer))
    }
}

/// For its owner one press, to let a shared goal be counted or not; for the other, that it is.
fn whether_it_counts(whole: &Whole, mine: bool, viewer: &Viewer) -> Markup {
    let Some(attainment) = whole.measured.as_ref().map(|measured| &measured.attainment) else { return html! {} };
    let counts = attainment.counted_at.is_some();
    if !mine {
        return html! {
            @if counts { p.muted { (called(whole, viewer, attainment.owner)) " lets this goal be counted with those of at least six other people. You are not counted in it, and nobody reads a word of it." } }
        };
    }
    if attainment.relationship.is_none() {
        return html! {};
    }
    let press = |may: &str, button: &Button| page::post_button(&format!("{}/count", path(whole.goal)), &[("may", may)], button);
    page::section(
        "Whether it counts",
        &html! {},
        &html! {
            @if counts {
                p { "It is counted. When a quarter of the year is over, the last rating in it that you two agreed on goes into a sum with those of at least six other people. " (WHAT_COUNTS) }
                (page::actions(&press("no", &Button::secondary("Do not count it any more"))))
            } @else {
                p { "It is counted nowhere, unless you say so. " (WHAT_COUNTS) }
                (page::actions(&press("yes", &Button::secondary("Let it count"))))
            }
        },
    )
}

/// What is counted of a goal, and what is not.
const WHAT_COUNTS: &str = "Those who look after this place see what whole quarters came to, from seven people up: how far goals have come together, and how many were begun, reached or let go. They never see the goal, its words, its rating or your name, and whoever you work with is not counted. A quarter is counted once: what you change afterwards holds for the quarters to come.";

/// The latest rating while the two are not of one mind.
fn between_two(whole: &Whole, rating: &Rating, viewer: &Viewer) -> Markup {
    let by = called(whole, viewer, rating.by);
    let other = rating.answered_by.map_or_else(
        || {
            whole
                .company
                .as_ref()
                .and_then(|company| company.people.iter().find(|chip| chip.id != rating.by))
                .map_or("the other", |chip| called(whole, viewer, chip.id))
        },
        |person| called(whole, viewer, person),
    );
    let hidden = [("rating", rating.id.to_string())];
    let hidden: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let scales = |measured: &Measured, scale: ScaleId| measured.scales.iter().find(|known| known.id == scale).cloned();
    let Some(measured) = &whole.measured else { return html! {} };
    let said = |voice: Voice| {
        html! {
            @for (said, level) in rating.levels_of(voice) {
                @if let Some(scale) = scales(measured, said.scale) { p { strong { (scale.words.title) } ": " (growth::level_words(level, scale.at(level))) } }
            }
        }
    };
    match rating.standing() {
        Standing::Waiting if rating.waits_for(viewer) => page::card(&html! {
            h2 { (by) " sees it like this. Do you too?" }
            (said(Voice::Proposed))
            @if let Some(note) = &rating.note { (page::quotation(note, by)) }
            (page::actions(&html! {
                (page::post_button(&format!("{}/agree", path(whole.goal)), &hidden, &Button::primary("I see it so too")))
                (Button::secondary("I see it otherwise").href(&format!("{}/rate", path(whole.goal))))
            }))
        }),
        Standing::Waiting => page::card(&html! {
            p { "You rated it on " (viewer.date(rating.at)) ". It waits for " (other) ", and until then it counts as not agreed." }
            (page::actions(&html! { (Button::quiet("Say it anew").href(&format!("{}/rate", path(whole.goal)))) }))
        }),
        Standing::Differs => page::card(&html! {
            h2 { "You two see it differently" }
            p { "That is worth talking about. Both of what you said is kept, whatever you come to." }
            h3 { (by) } (said(Voice::Proposed))
            @if let Some(note) = &rating.note { (page::quotation(note, by)) }
            h3 { (other) } (said(Voice::Answered))
            @if let Some(note) = &rating.answer_note { (page::quotation(note, other)) }
            @let theirs = if viewer.is(rating.by) { other } else { by };
            (page::actions(&html! { (page::post_button(&format!("{}/settle", path(whole.goal)), &hidden, &Button::primary(&format!("I go with what {theirs} says")))) }))
        }),
        Standing::Alone | Standing::Agreed => html! {},
    }
}

fn on_scales(whole: &Whole, measured: &Measured, viewer: &Viewer, open: bool) -> Markup {
    let rating = measured.rating_now();
    let points = growth::t_points(measured, viewer);
    let rate = format!("{}/rate", path(whole.goal));
    let waiting = measured.ratings.last().is_some_and(|rating| rating.standing() == Standing::Waiting);
    html! {
        (page::section("How far it has come", &html! {}, &html! {
            @for scale in measured.scales_now() { (ladder(scale, rating.and_then(|rating| rating.level_of(scale.id)))) }
            @match rating {
                Some(rating) => (growth::t_sentence(rating)),
                None => p.muted { "It was not rated yet." },
            }
            @if open && !waiting { (page::actions(&html! { (Button::primary("Rate it now").href(&rate)) })) }
            @if points.len() > 1 {
                (growth::chart("How far it has come", (20.0, 80.0), Some(super::gas::EXPECTED), &points, "T"))
                p.muted.chart-note { (NOT_CAUSE) }
            }
            (growth::about_t())
        }))
        @if !measured.ratings.is_empty() {
            (page::more("Every rating, with what was said", &html! {
                @for rating in measured.ratings.iter().rev().take(60) { (past(whole, measured, rating, viewer)) }
            }))
        }
    }
}

/// The five levels of a scale, the best at the top, with where it began and where it is.
fn ladder(scale: &Scale, now: Option<Level>) -> Markup {
    html! {
        div.ladder {
            h3 { (scale.words.title) @if scale.weight > 1 { " " span.muted { (weight_words(scale.weight)) } } }
            ol reversed {
                @for level in Level::ALL.into_iter().rev() {
                    li.now[now == Some(level)] {
                        span.level-sign { (level.sign()) }
                        div {
                            p { (scale.at(level)) }
                            @if now == Some(level) || level == scale.baseline {
                                p.ladder-marks {
                                    @if now == Some(level) { (page::tag("where it is", Tone::Laurel)) " " }
                                    @if level == scale.baseline { (page::tag("where it began", Tone::Plain)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn weight_words(weight: i64) -> &'static str {
    match weight {
        ..=1 => "counts once",
        2 => "counts twice",
        _ => "counts three times",
    }
}

fn past(whole: &Whole, measured: &Measured, rating: &Rating, viewer: &Viewer) -> Markup {
    let by = called(whole, viewer, rating.by);
    let title = |scale: ScaleId| measured.scales.iter().find(|known| known.id == scale).map_or("", |scale| scale.words.title.as_str());
    html! {
        div.rating {
            p {
                strong { (viewer.date(rating.at)) } ", " (by) ": "
                @for (place, said) in rating.levels.iter().enumerate() {
                    @if place > 0 { "; " }
                    (title(said.scale)) " " (said.proposed.sign())
                    @if let Some(answered) = said.answered.filter(|answered| *answered != said.proposed) { " (" (rating.answered_by.map_or("the other", |person| called(whole, viewer, person))) ": " (answered.sign()) ")" }
                }
                " · " (growth::standing_words(rating))
                @if let Some(session) = rating.session { " · " a href={ "/sessions/" (session) } { "at a session" } }
            }
            @if let Some(note) = &rating.note { (page::quotation(note, by)) }
            @if let Some((note, person)) = rating.answer_note.as_ref().zip(rating.answered_by) { (page::quotation(note, called(whole, viewer, person))) }
        }
    }
}

fn on_results(whole: &Whole, measured: &Measured, viewer: &Viewer, form: &Form, may: bool) -> Markup {
    let now = measured.progress_now();
    page::section(
        "How far it has come",
        &html! {},
        &html! {
            (growth::results(measured))
            @if may {
                form.stack method="post" action={ (path(whole.goal)) "/progress" } {
                    @for (place, result) in measured.results_now().enumerate() {
                        @let name = format!("now_{place}");
                        @let was = now.and_then(|now| now.numbers.now.get(place)).copied().unwrap_or(result.start);
                        @let value = if form.has(&name) { form.value(&name).to_owned() } else { growth::number(was) };
                        (Field::text(name.clone(), format!("{}: now", result.title)).value(value).error(form.error(&name)).narrow().hint(result.unit.clone()))
                    }
                    (Field::textarea("progress_note", "In your words").value(form.value("progress_note")).error(form.error("progress_note")).max(longest::NOTE).rows(2).optional())
                    (page::actions(&html! { (Button::primary("Write it down")) }))
                }
            }
            (growth::way_chart(measured, viewer))
        },
    )
}

fn surety(whole: &Whole, viewer: &Viewer, form: &Form, may: bool) -> Markup {
    let measured = whole.measured.as_ref();
    let points = measured.map(|measured| growth::sure_points(measured, viewer)).unwrap_or_default();
    if !may && points.is_empty() {
        return html! {};
    }
    page::section(
        "How sure",
        &html! {},
        &html! {
            @if may {
                (confidence_press(whole.goal, measured))
                @if let Some(last) = measured.and_then(|measured| measured.confidences.last()) {
                    (page::more("Say a word to it", &html! {
                        form.stack method="post" action={ (path(whole.goal)) "/confidence" } {
                            input type="hidden" name="level" value=(last.level);
                            (Field::textarea("note", "What makes it so?").value(form.value("note")).error(form.error("note")).max(longest::NOTE).rows(2))
                            (page::actions(&html! { (Button::secondary("Keep it")) }))
                        }
                    }))
                }
            }
            @if !may && let Some(last) = measured.and_then(|measured| measured.confidences.last()) {
                p { (last.level) " of 10, on " (viewer.date(last.at)) "." @if let Some(note) = &last.note { " “" (note) "”" } }
            }
            @if points.len() > 1 { (growth::chart("How sure, 0 to 10", (0.0, super::measure::SUREST as f64), None, &points, "of 10")) }
        },
    )
}

/// What serves the goal: what is taken on, and the next session of the two.
fn beside_it(whole: &Whole, viewer: &Viewer) -> Markup {
    let new = match &whole.company {
        Some(company) => format!("/relationships/{}/actions", company.relationship.id),
        None => "/actions/new".to_owned(),
    };
    html! {
        @if !whole.actions.is_empty() || whole.session.is_some() || whole.brief.is_some() {
            (page::section("What serves it", &html! {}, &html! {
                @if !whole.actions.is_empty() {
                    (page::rows(&html! { @for told in &whole.actions {
                        (Row::new(told.words.as_str()).href(format!("/actions/{}", told.item.id)).icon(Icon::Check)
                            .beside(html! { @if !told.item.is_open() { (page::tag("done", Tone::Laurel)) } }))
                    } }))
                }
                @if let Some((session, starts)) = whole.session.as_ref().and_then(|session| session.starts_at.map(|starts| (session, starts))) {
                    p { "Your next session together: " a href={ "/sessions/" (session.id) } { (viewer.when(starts)) } }
                }
                @if whole.brief.is_some() && whole.actions.is_empty() { p { a href=(new) { "Take something on for it" } } }
            }))
        }
    }
}

fn who_and_how_often(whole: &Whole, measured: Option<&Measured>, kind: Option<Measure>, form: &Form) -> Markup {
    let shared = measured.and_then(|measured| measured.attainment.relationship);
    let pace = measured.and_then(|measured| measured.attainment.pace_days);
    let mut who =
        Choices::cards("with", "Who sees it?").described("", "Only I", "Nobody else learns that it exists.").error(form.error("with"));
    for (id, name) in &whole.pairs {
        who = who.described(id.to_string(), format!("{name} and I"), "And nobody else, ever: no report to a sponsor and no programme names it. What you said for yourself alone until now stays yours.");
    }
    let chosen = shared.map_or_else(String::new, |id| id.to_string());
    let paces = std::iter::once((String::new(), "Nobody asks".to_owned()))
        .chain(PACES.iter().map(|days| (days.to_string(), pace_words(*days).to_owned())));
    page::section(
        "Who sees it, and how often it is asked",
        &html! {},
        &html! {
            @if whole.pairs.is_empty() && shared.is_none() {
                p { (page::audience_me()) " " span.muted { "When you work with somebody, you can share it with them." } }
            } @else {
                form.stack method="post" action={ (path(whole.goal)) "/share" } {
                    (who.chosen(&chosen))
                    (page::actions(&html! { (Button::secondary("Keep it so")) }))
                }
            }
            @if kind.is_some() {
                form.stack method="post" action={ (path(whole.goal)) "/pace" } {
                    (Field::select("days", "How often do you want to be asked how far it is?", paces).value(pace.map_or_else(String::new, |days| days.to_string())).error(form.error("days")))
                    (page::actions(&html! { (Button::secondary("Ask so often")) }))
                }
                (page::actions(&html! {
                    (Button::quiet(if kind == Some(Measure::Scales) { "Change the levels" } else { "Change the key results" })
                        .href(&format!("{}/{}", path(whole.goal), if kind == Some(Measure::Scales) { "scales" } else { "results" })))
                    (Button::quiet(if kind == Some(Measure::Scales) { "Use key results instead" } else { "Use five levels instead" })
                        .href(&format!("{}/{}", path(whole.goal), if kind == Some(Measure::Scales) { "results" } else { "scales" })))
                }))
            }
        },
    )
}

/// A pace in words, for one of [`PACES`].
pub fn pace_words(days: i64) -> &'static str {
    match days {
        7 => "Every week",
        14 => "Every two weeks",
        28 => "Every four weeks",
        _ => "Every twelve weeks",
    }
}

// Laying down.

async fn scales(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>) -> Result<Page> {
    scales_page(app, viewer, goal, Form::default()).await
}

/// The owner's goal, for a page that changes it.
async fn changing(app: &App, viewer: &Viewer, goal: GoalId) -> Result<Whole> {
    let me = viewer.clone();
    app.read(move |tx| {
        let whole = verbs::read(tx, &me, goal)?;
        if whole.brief.is_some() { Ok(whole) } else { Err(Error::NotFound) }
    })
    .await
}

async fn scales_page(app: App, viewer: Viewer, goal: GoalId, form: Form) -> Result<Page> {
    let whole = changing(&app, &viewer, goal).await?;
    let mut form = form;
    let rated = whole.measured.as_ref().is_some_and(|measured| measured.rating_now().is_some());
    if form.is_empty()
        && let Some(measured) = &whole.measured
    {
        for (at, scale) in measured.scales_now().enumerate() {
            form.set(&format!("title_{at}"), &scale.words.title);
            form.set(&format!("weight_{at}"), scale.weight.to_string());
            form.set(&format!("baseline_{at}"), scale.baseline.number().to_string());
            for level in Level::ALL {
                form.set(&format!("level_{at}_{}", level.place()), scale.at(level));
            }
        }
    }
    let said = |at: usize| {
        is_said(&form, at) || form.errors().any(|(name, _)| name.ends_with(&format!("_{at}")) || name.starts_with(&format!("level_{at}_")))
    };
    let shown = (0..MOST_SCALES).rev().find(|at| said(*at)).map_or(1, |at| at + 1);
    let body = html! {
        (PageHeader::new("Describe five levels").back("How far it has come", &path(goal))
            .lead("Before you start, say what each of five levels would look like, so that anybody could see which one it is."))
        (mend(&form))
        @if rated { (page::banner(Tone::Plain, "It was rated already. What you lay down now begins anew, and earlier ratings keep the levels they were made on.", None)) }
        form.stack method="post" action={ (path(goal)) "/scales" } {
            @for at in 0..shown { (scale_fields(&form, at, whole.brief.as_ref())) }
            @for at in shown..MOST_SCALES { (page::more(if at == shown { "One more scale, if the goal has another side" } else { "And another" }, &scale_fields(&form, at, None))) }
            (page::actions(&html! { (Button::primary("Measure it so")) (Button::quiet("Back").href(&path(goal))) }))
        }
    };
    Ok(Page::new("Describe five levels", Section::Goals, body).answering(&form))
}

/// Whether anything of a scale was typed.
fn is_said(form: &Form, at: usize) -> bool {
    let has = |name: String| !form.value(&name).trim().is_empty();
    has(format!("title_{at}")) || (0..5).any(|place| has(format!("level_{at}_{place}")))
}

fn scale_fields(form: &Form, at: usize, brief: Option<&Brief>) -> Markup {
    let value = |name: &str, otherwise: &str| if form.value(name).is_empty() { otherwise.to_owned() } else { form.value(name).to_owned() };
    let (title, weight, baseline) = (format!("title_{at}"), format!("weight_{at}"), format!("baseline_{at}"));
    let legend = if at == 0 { "What changes?".to_owned() } else { format!("Scale {}", at + 1) };
    let expected = brief
        .filter(|brief| at == 0 && !brief.success.is_empty())
        .map(|brief| format!("You said: {}", page::shortened(&brief.success, 200)));
    page::group(
        &legend,
        None,
        &html! {
            (Field::text(title.clone(), "What is it about?").value(form.value(&title)).error(form.error(&title)).max(longest::TITLE).hint("In two or three words: “Talks”, “Working with SQL”."))
            @for level in Level::ALL {
                @let name = format!("level_{at}_{}", level.place());
                @let label = format!("{}: {}", level.sign(), level.words());
                @let hint = match level.number() {
                    -2 => Some("Often where things stand today.".to_owned()),
                    0 => Some(expected.clone().unwrap_or_else(|| "What you honestly expect if you work on it.".to_owned())),
                    _ => None,
                };
                @let field = Field::textarea(name.clone(), label).rows(2).value(form.value(&name)).error(form.error(&name)).max(longest::LEVEL);
                @match hint { Some(hint) => (field.hint(hint)), None => (field) }
            }
            (Field::select(baseline.clone(), "Where does it stand today?", Level::ALL.map(|level| (level.number().to_string(), format!("{}: {}", level.sign(), level.words())))).value(value(&baseline, "-2")).error(form.error(&baseline)))
            (Field::select(weight.clone(), "How much does it count?", (1..=HEAVIEST).map(|weight| (weight.to_string(), weight_words(weight)))).value(value(&weight, "1")).error(form.error(&weight)))
        },
    )
}

fn read_scales(form: &mut Form) -> Vec<ScaleDraft> {
    let mut scales = Vec::new();
    for at in 0..MOST_SCALES {
        if at > 0 && !is_said(form, at) {
            continue;
        }
        let title = form.text(&format!("title_{at}"), longest::TITLE);
        let mut levels: [String; 5] = std::array::from_fn(|_| String::new());
        for (place, level) in levels.iter_mut().enumerate() {
            *level = form.text(&format!("level_{at}_{place}"), longest::LEVEL);
        }
        let baseline = form.chosen::<Level>(&format!("baseline_{at}"), "Please choose one of the five levels.").unwrap_or(Level::LOWEST);
        let weight = form.number(&format!("weight_{at}"), 1..=HEAVIEST).unwrap_or(1);
        scales.push(ScaleDraft { words: ScaleWords { title, levels }, weight, baseline });
    }
    scales
}

async fn lay_down_scales(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let scales = read_scales(&mut form);
    let me = viewer.clone();
    let then = |()| Go::to(path(goal)).saying("It is measured so from now on.");
    crate::web::does(
        &app.clone(),
        form,
        move |tx| verbs::lay_down_scales(tx, &me, goal, &scales),
        then,
        |form| scales_page(app, viewer, goal, form),
    )
    .await
}

async fn results(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>) -> Result<Page> {
    results_page(app, viewer, goal, Form::default()).await
}

async fn results_page(app: App, viewer: Viewer, goal: GoalId, mut form: Form) -> Result<Page> {
    let whole = changing(&app, &viewer, goal).await?;
    if form.is_empty()
        && let Some(measured) = &whole.measured
    {
        for (at, result) in measured.results_now().enumerate() {
            form.set(&format!("title_{at}"), &result.title);
            form.set(&format!("unit_{at}"), &result.unit);
            form.set(&format!("start_{at}"), growth::number(result.start));
            form.set(&format!("target_{at}"), growth::number(result.target));
        }
    }
    let body = html! {
        (PageHeader::new("Name key results").back("How far it has come", &path(goal)).lead(format!("Two to five things that can be counted, and that together mean: {}", whole.outcome)))
        (mend(&form))
        form.stack method="post" action={ (path(goal)) "/results" } {
            @for at in 0..*RESULTS.end() {
                @let [title, unit, start, target] = ["title", "unit", "start", "target"].map(|name| format!("{name}_{at}"));
                (page::group(&format!("Key result {}", at + 1), (at >= *RESULTS.start()).then_some("Leave it empty if two are enough."), &html! {
                    (Field::text(title.clone(), "What is counted?").value(form.value(&title)).error(form.error(&title)).max(longest::TITLE))
                    (page::side_by_side(&html! {
                        (Field::text(start.clone(), "Today").value(form.value(&start)).error(form.error(&start)).narrow())
                        (Field::text(target.clone(), "When you are there").value(form.value(&target)).error(form.error(&target)).narrow())
                        (Field::text(unit.clone(), "Counted in").value(form.value(&unit)).error(form.error(&unit)).narrow().optional())
                    }))
                }))
            }
            (page::actions(&html! { (Button::primary("Measure it so")) (Button::quiet("Back").href(&path(goal))) }))
        }
    };
    Ok(Page::new("Name key results", Section::Goals, body).answering(&form))
}

/// A number that is typed, with a point or a comma.
/// A number as people type it, with a point or a comma.
pub fn read_number(form: &mut Form, name: &str) -> Option<f64> {
    let typed = form.value(name).trim().replace(',', ".");
    let number = typed.parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() < 1e9);
    if number.is_none() {
        form.refuse(name, "Please give a number, such as 12 or 2.5.");
    }
    number
}

fn read_results(form: &mut Form) -> Vec<KeyResult> {
    let mut results = Vec::new();
    for at in 0..*RESULTS.end() {
        let name = |field: &str| format!("{field}_{at}");
        let empty = ["title", "start", "target"].iter().all(|field| form.value(&name(field)).trim().is_empty());
        if empty && at >= *RESULTS.start() {
            continue;
        }
        let title = form.text(&name("title"), longest::TITLE);
        let unit = form.maybe_text(&name("unit"), longest::UNIT);
        let (start, target) = (read_number(form, &name("start")), read_number(form, &name("target")));
        if let (Some(start), Some(target)) = (start, target) {
            if start == target {
                form.refuse(&name("target"), "This is where it stands today. What would it be when you are there?");
            }
            results.push(KeyResult { title, unit, start, target });
        }
    }
    results
}

async fn lay_down_results(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let results = read_results(&mut form);
    let me = viewer.clone();
    let then = |()| Go::to(path(goal)).saying("It is measured so from now on.");
    crate::web::does(
        &app.clone(),
        form,
        move |tx| verbs::lay_down_results(tx, &me, goal, &results),
        then,
        |form| results_page(app, viewer, goal, form),
    )
    .await
}

// Rating.

async fn rate_page(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>) -> Result<Page> {
    rating_page(app, viewer, goal, Form::default()).await
}

async fn rating_page(app: App, viewer: Viewer, goal: GoalId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, goal)).await?;
    let Some(measured) = whole.measured.as_ref().filter(|measured| measured.attainment.form == Some(Measure::Scales)) else {
        return Err(Error::NotFound);
    };
    let last = measured.ratings.last();
    let answers = last.filter(|rating| rating.waits_for(&viewer));
    let in_pair = measured.attainment.is_worked_on(whole.company.as_ref().map(|company| &company.relationship));
    let lead = match answers {
        Some(rating) => {
            format!("{} rated it on {}. Say what you see; both are kept.", called(&whole, &viewer, rating.by), viewer.date(rating.at))
        }
        None if in_pair => format!(
            "Choose what fits best today. {} agrees, or says another level.",
            whole.company.as_ref().map_or("The other", |company| company.name(&viewer))
        ),
        None => "Choose what fits best today.".into(),
    };
    let body = html! {
        (PageHeader::new("How far has it come?").back("How far it has come", &path(goal)).lead(lead))
        (mend(&form))
        p.lead { (whole.outcome) }
        form.stack method="post" action={ (path(goal)) "/rate" } {
            @for (at, scale) in measured.scales_now().enumerate() {
                @let name = format!("level_{at}");
                @let was = measured.rating_now().and_then(|rating| rating.level_of(scale.id)).unwrap_or(scale.baseline);
                @let choices = Level::ALL.into_iter().rev().fold(Choices::cards(name.clone(), scale.words.title.clone()), |choices, level| {
                    choices.described(level.number().to_string(), format!("{}: {}", level.sign(), level.words()), scale.at(level))
                });
                input type="hidden" name={ "scale_" (at) } value=(scale.id);
                (choices.hint(format!("Last time: {}", was.sign())).chosen(form.value(&name)).error(form.error(&name)).required())
            }
            (Field::textarea("note", "In your words: what changed?").value(form.value("note")).error(form.error("note")).max(longest::NOTE).rows(3).optional())
            p { (audience(&whole, &viewer)) }
            (page::actions(&html! { (Button::primary("That is how I see it")) (Button::quiet("Back").href(&path(goal))) }))
        }
    };
    let section = if whole.brief.is_some() { Section::Goals } else { Section::Relationships };
    Ok(Page::new("How far has it come?", section, body).answering(&form))
}

fn read_levels(form: &mut Form) -> Vec<(ScaleId, Level)> {
    let mut levels = Vec::new();
    for at in 0..MOST_SCALES {
        let Ok(scale) = form.value(&format!("scale_{at}")).parse::<ScaleId>() else { continue };
        if let Some(level) = form.chosen::<Level>(&format!("level_{at}"), "Please choose one of the five levels.") {
            levels.push((scale, level));
        }
    }
    levels
}

async fn rate(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let (levels, note) = (read_levels(&mut form), form.maybe_text("note", longest::NOTE));
    let me = viewer.clone();
    let then = |()| Go::to(path(goal)).saying("It is written down.");
    crate::web::does(
        &app.clone(),
        form,
        move |tx| verbs::rate(tx, &me, goal, &levels, &note),
        then,
        |form| rating_page(app, viewer, goal, form),
    )
    .await
}

fn rating_of(form: &Form) -> Result<RatingId> {
    form.value("rating").parse().map_err(|_| Error::NotFound)
}

async fn does(
    app: App,
    viewer: Viewer,
    goal: GoalId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(path(goal)).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, goal, form)).await
}

async fn agree(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, form: Form) -> Result<Response> {
    let (rating, me) = (rating_of(&form)?, viewer.clone());
    does(app, viewer, goal, form, "You both agree.", move |tx| verbs::answer(tx, &me, rating, None, "")).await
}

async fn settle(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, form: Form) -> Result<Response> {
    let (rating, me) = (rating_of(&form)?, viewer.clone());
    does(app, viewer, goal, form, "You both agree. What each said first is kept.", move |tx| verbs::settle(tx, &me, rating)).await
}

async fn share(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let with = form.parsed::<RelationshipId>("with", "Please choose one.");
    let said = if with.is_some() { "You two see it, and nobody else." } else { "Only you see it." };
    let me = viewer.clone();
    does(app, viewer, goal, form, said, move |tx| verbs::share(tx, &me, goal, with)).await
}

async fn let_count(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, form: Form) -> Result<Response> {
    let (me, may) = (viewer.clone(), form.value("may") == "yes");
    let said = if may { "It counts from now on. You can take that back at any time." } else { "It is counted nowhere from now on." };
    does(app, viewer, goal, form, said, move |tx| verbs::let_count(tx, &me, goal, may)).await
}

async fn count_none(State(app): State<App>, viewer: Viewer) -> Result<Go> {
    app.write(move |tx| verbs::count_none(tx, &viewer)).await?;
    Ok(Go::to("/growth").saying("None of your goals is counted from now on."))
}

async fn pace(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let days = form.parsed::<i64>("days", "Please choose one of these.");
    let said = if days.is_some() { "You will be asked." } else { "Nobody asks." };
    let me = viewer.clone();
    does(app, viewer, goal, form, said, move |tx| verbs::set_pace(tx, &me, goal, days)).await
}

async fn say_confidence(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let level = form.chosen::<i64>("level", "Please choose a number from 0 to 10.");
    let note = form.maybe_text("note", longest::NOTE);
    let me = viewer.clone();
    let said = level.map_or_else(String::new, |level| format!("{level} of 10. It is written down."));
    does(app, viewer, goal, form, &said, move |tx| verbs::say_confidence(tx, &me, goal, level.unwrap_or(-1), &note)).await
}

async fn note_progress(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Response> {
    let mut now = Vec::new();
    for at in 0..*RESULTS.end() {
        let name = format!("now_{at}");
        if form.has(&name) {
            now.extend(read_number(&mut form, &name));
        }
    }
    let numbers = Numbers { now, note: form.maybe_text("progress_note", longest::NOTE) };
    let me = viewer.clone();
    does(app, viewer, goal, form, "It is written down.", move |tx| verbs::note_progress(tx, &me, goal, &numbers)).await
}
