//! The page that finds people.

use super::contrast::Why;
use super::find::{FIRST, MOST_NEXT, PAGE, Results, Shown};
use super::reasons::{Reason, list, usually_answers};
use super::verbs;
use crate::app::App;
use crate::error::Result;
use crate::form::{Asked, Form};
use crate::goals::{self, GoalId};
use crate::page::{self, Button, Choices, Face, Facet, Icon, PageHeader, Section, Tone};
use crate::people::OpenTo;
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new().get("/find", Needs::SignedIn, find).post("/find/contrasts/{goal}/set-aside", Needs::Deed("goal.see"), set_aside).post(
        "/find/contrasts/{goal}/show-again",
        Needs::Deed("goal.see"),
        show_again,
    )
}

async fn find(State(app): State<App>, viewer: Viewer, Asked(form): Asked) -> Result<Page> {
    let (asked, me) = (form.clone(), viewer.clone());
    let results = verbs::find(&app, &viewer, form).await?;
    // Whoever has typed something, or begun with a goal, looks for what was found.
    let goals = match looks_around(&results) {
        true => app.read(move |tx| goals::verbs::pursued(tx, &me)).await?,
        false => Vec::new(),
    };
    Ok(Page::new("Find someone", Section::Find, view(&results, &asked, &viewer, &goals)))
}

async fn set_aside(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>, mut form: Form) -> Result<Go> {
    let person = form.parsed("person", "Choose who is set aside.");
    let why = form.chosen("why", "Say why in one word, so that the next one fits better.");
    let back = Go::to(format!("/find?goal={goal}"));
    let (Some(person), Some(why)) = (person, why) else {
        return Ok(back.saying("Choose one of the reasons, please. Nothing was changed."));
    };
    app.write(move |tx| verbs::set_aside(tx, &viewer, goal, person, why)).await?;
    Ok(back.saying(if why == Why::NoneAtAll { "No contrast for this goal any more." } else { "Set aside for this goal. Nobody is told." }))
}

async fn show_again(State(app): State<App>, viewer: Viewer, Path(goal): Path<GoalId>) -> Result<Go> {
    app.write(move |tx| verbs::show_again(tx, &viewer, goal)).await?;
    Ok(Go::to(format!("/find?goal={goal}")).saying("They may be suggested again."))
}

fn looks_around(found: &Results) -> bool {
    found.asking.goal.is_none() && found.asking.q.trim().is_empty()
}

/// The same page with one thing said otherwise; pages turned so far do not count any more.
fn link(form: &Form, but: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in form.fields() {
        let changed = matches!(name.as_str(), "from" | "version" | "changed") || but.iter().any(|(n, _)| n == name);
        if !changed && !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    query.extend_pairs(but.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => "/find".into(),
        query => format!("/find?{query}"),
    }
}

fn view(found: &Results, form: &Form, viewer: &Viewer, goals: &[(GoalId, String)]) -> Markup {
    let goal = found.asking.goal.as_ref();
    let title = match goal {
        Some(_) if found.asking.shows_five() && found.total >= FIRST => "Five people for this goal",
        Some(_) => "People for this goal",
        None => "Find someone",
    };
    let lead = match goal {
        Some(goal) => format!("“{}”", goal.outcome),
        None => "Say what it is about, in your words: “accessibility in React, in Spanish”. Or look around.".into(),
    };
    let mut header = PageHeader::new(title).lead(lead);
    let back = goal.map(|goal| format!("/goals/{}", goal.id));
    if let Some(back) = &back {
        header = header.back("Your goal", back);
    }
    html! {
        (header)
        div.stack {
            (search(form, found))
            @if let Some(goal) = goal { (advice(goal)) }
            @else if looks_around(found) {
                (from_a_goal(goals))
                p.muted { a href="/experiences" { "Try something for real" } ": a day beside somebody, a part of a project, a talk to give." }
            }
            div id="found" {
                (page::with_aside(&results(found, form, viewer), &narrowing(found, form), false))
            }
        }
    }
}

/// A goal finds better than a word: it says how far, by when and what kind of help.
fn from_a_goal(goals: &[(GoalId, String)]) -> Markup {
    html! {
        @match goals {
            [] => p.muted { a href="/goals/new" { "Begin with a goal" } ": six short questions, and then the people who fit it best, with the reasons." },
            goals => p.muted {
                "For a goal of yours: "
                @for (at, (id, outcome)) in goals.iter().take(3).enumerate() { @if at > 0 { ", " } a href={ "/find?goal=" (id) } { (outcome) } }
            },
        }
    }
}

/// The box, and under it what we made of what was typed.
fn search(form: &Form, found: &Results) -> Markup {
    html! {
        form.search-box role="search" method="get" action="/find" {
            label.visually-hidden for="q" { "What is it about?" }
            (Icon::Find)
            input id="q" type="search" name="q" value=(form.value("q")) placeholder="What is it about?" maxlength="300" autocomplete="off" data-find;
            @for (name, value) in form.fields() {
                @if !matches!(name.as_str(), "q" | "from" | "version" | "changed") { input type="hidden" name=(name) value=(value); }
            }
            button.button type="submit" { "Search" }
        }
        @if !found.chips.is_empty() {
            ul.understood aria-label="What we understood" {
                @for chip in &found.chips {
                    li { a.chip href=(link(form, &[("q", &chip.without)])) { span { span.visually-hidden { "Take away: " } (chip.words) } (Icon::Cross) } }
                }
            }
        }
        // Where nobody was found, nobody was found for another word either.
        @for (typed, meant) in found.mended.iter().filter(|_| found.total > 0) {
            p.muted { "Nobody here wrote “" (typed) "”, so these are people for “" (meant) "”." }
        }
    }
}

fn advice(goal: &super::find::ForGoal) -> Markup {
    html! {
        @if let Some(changed) = goal.changed {
            (page::banner(Tone::Laurel, &format!("You changed {}. The people below, their order and the reasons follow it.", changed.words()), None))
        }
        @if let Some((who, why)) = &goal.advice {
            p { "For this, we would look for " strong { (who) } ". " (why) }
        }
    }
}

fn results(found: &Results, form: &Form, viewer: &Viewer) -> Markup {
    if found.total == 0 {
        return nobody(found, form);
    }
    let five = found.asking.shows_five();
    let (from, shown) = (found.asking.from, found.people.len());
    let count = match found.total {
        1 => "One person could help.".to_owned(),
        n if found.too_many => format!("More than {n} people have these words; these are the newest. Another word would help."),
        n => format!("{} people could help.", thousands(n)),
    };
    let before = (from > 0).then(|| link(form, &[("from", &from.saturating_sub(PAGE).to_string())]));
    let after = (!five && from + shown < found.total && from + PAGE < super::find::DEEPEST)
        .then(|| link(form, &[("from", &(from + PAGE).to_string())]));
    html! {
        p.muted role="status" { (count) }
        @if found.by_meaning { p.muted { "Nobody here has just these words or skills: these people come near by what they mean." } }
        p.to-narrowing { a href="#narrowing" { "Narrow this down" } }
        div.found-people {
            @for (at, person) in found.people.iter().enumerate() { (card(found, at, person, viewer)) }
        }
        @if let Some((person, unlike)) = &found.contrast {
            section.stack aria-labelledby="contrast" {
                h2 id="contrast" { "And one who may see it otherwise" }
                p { (page::tag("contrast", Tone::Plain)) " On your goal, and the least like the five above: " (person.known.first_name()) " " (unlike) "." }
                div.found-people { (card(found, found.people.len(), person, viewer)) }
                @if let Some(goal) = &found.asking.goal { (not_this_one(goal.id, person)) }
            }
        }
        @if let Some(goal) = found.asking.goal.as_ref().filter(|_| found.set_aside) {
            p.muted { "You set contrasts aside for this goal." }
            (page::post_button(&format!("/find/contrasts/{}/show-again", goal.id), &[], &Button::quiet("Let them be suggested again")))
        }
        @if five && found.total > FIRST {
            (page::actions(&html! { (Button::secondary("See more people").href(&link(form, &[("all", "on")]))) }))
        } @else if before.is_some() || after.is_some() {
            nav.pagination aria-label="Pages" {
                @if let Some(href) = &before { a.button.quiet rel="prev" href=(href) { (Icon::Left) span { "Back" } } } @else { span {} }
                span.muted { (from + 1) " to " (from + shown) }
                @if let Some(href) = &after { a.button.quiet rel="next" href=(href) { span { "More" } (Icon::Right) } } @else { span {} }
            }
        }
    }
}

/// A contrast is a suggestion, and can be set aside with a reason.
fn not_this_one(goal: GoalId, person: &Shown) -> Markup {
    let why = Why::ALL.iter().fold(Choices::radio("why", "Why not?").required(), |why, one| why.choice(one.as_str(), one.words()));
    page::more(
        &format!("Not {}", person.known.first_name()),
        &html! {
            form.stack method="post" action={ "/find/contrasts/" (goal) "/set-aside" } {
                input type="hidden" name="person" value=(person.known.card.person);
                (why)
                (page::audience_me())
                (page::actions(&html! { (Button::secondary("Set aside for this goal")) }))
            }
        },
    )
}

fn card(found: &Results, at: usize, person: &Shown, viewer: &Viewer) -> Markup {
    let (known, card) = (&person.known, &person.known.card);
    let photo = card.photo.as_ref().map(|name| format!("/photos/{name}"));
    let face = Face::new(card.name.clone(), photo, card.person.to_string());
    let takes_asks = known.open_to.iter().any(|role| *role != OpenTo::Question);
    let ask = if takes_asks { ask_link(found, at, person) } else { format!("/questions/new?to={}", card.person) };
    let label = if takes_asks { "Ask" } else { "Ask one question" };
    // Nobody is offered anew with whom one works already, or whom one has asked: the button leads there, and the reasons stay.
    let (ask, label, known_from) = match (person.together, &person.asked) {
        (Some((id, kind)), _) => (format!("/relationships/{id}"), kind.leads_there(), Some("you work together already")),
        (None, Some(path)) => (path.clone(), "See your request", Some("you have asked already")),
        (None, None) => (ask, label, None),
    };
    let wants_style = !found.asking.styles.is_empty() || found.asking.roles.contains(&OpenTo::Coach);
    html! {
        article.card.found-person {
            (face.large())
            div {
                h2 { a href={ "/people/" (card.person) } { (card.name) } @if !card.pronouns.is_empty() { " " span.muted { (card.pronouns) } } }
                @if !card.headline.is_empty() { p { (card.headline) } }
                @if let Some(words) = known_from { p { (page::tag(words, Tone::Laurel)) } }
                ul.reasons aria-label={ "Why " (known.first_name()) } {
                    @for reason in &person.reasons {
                        li { (Icon::Check) span { (reason.words) (serves(found, reason)) } }
                    }
                }
                @if wants_style && !card.how_i_work.is_empty() { (page::quotation(&card.how_i_work, &format!("{}, on how they work", known.first_name()))) }
                p.muted.found-facts {
                    @match known.usual_reply {
                        // Among the reasons it has been said already.
                        Some(usual) if person.reasons.iter().any(|reason| reason.words == usually_answers(usual)) => {},
                        Some(usual) => span { (Icon::Clock) " " (page::capital(&usually_answers(usual))) },
                        None => span { (Icon::Clock) " Too little history to say how soon they answer" },
                    }
                    @if !person.next.is_empty() {
                        span { (Icon::Calendar) " Next free " (list(&person.next.iter().map(|t| t.strftime("%A %-d %B, %H:%M").to_string()).collect::<Vec<_>>())) ", your time" }
                    }
                    @if let Some(fee) = &card.fee { span { "Asks for a fee: " (fee) } }
                }
            }
            @if !viewer.is(card.person) { div.actions { (Button::primary(label).href(&ask).context(&card.name)) } }
        }
    }
}

/// Which part of the goal a reason answers to, and whether that part was changed just now.
fn serves(found: &Results, reason: &Reason) -> Markup {
    let Some((goal, words)) = found.asking.goal.as_ref().zip(reason.serves.words()) else { return html! {} };
    let is_new = goal.changed.is_some() && goal.changed == reason.serves.step();
    html! { " " span.muted { (words) } @if is_new { " " (page::tag("changed just now", Tone::Laurel)) } }
}

/// The form of an ask, with the goal and whom we may ask after this person.
fn ask_link(found: &Results, at: usize, person: &Shown) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("to", &person.known.card.person.to_string());
    if let Some(goal) = &found.asking.goal {
        query.append_pair("goal", &goal.id.to_string());
    }
    for next in found.order.iter().skip(at + 1).take(MOST_NEXT) {
        query.append_pair("offered_next", &next.to_string());
    }
    format!("/asks/new?{}", query.finish())
}

fn nobody(found: &Results, form: &Form) -> Markup {
    let without_filters: Vec<(&str, &str)> = ["skill", "language", "country", "role", "style", "fee", "time"].map(|n| (n, "")).into();
    let typed = form.value("q").trim();
    let asks_for_nothing = typed.is_empty() && found.asking.goal.is_none() && !found.asking.is_narrowed();
    if asks_for_nothing {
        let wait = "Whoever is open to be asked for help stands here. You can be the first: say what you are open to.";
        return page::empty(
            Icon::Find,
            "Nobody can be asked here yet",
            wait,
            &html! {
                (Button::secondary("Say what you are open to").href("/profile/open-to"))
                (Button::quiet("Say what you want to learn").href("/goals/new"))
            },
        );
    }
    let goal: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("outcome", typed).finish();
    html! {
        (page::empty(Icon::Find, "Nobody fits all of this just now", "People who are full or said “not now” are left out; it may be different next week.", &html! {
            @if found.asking.is_narrowed() { (Button::secondary("Drop the filters").href(&link(form, &without_filters))) }
            @if let Some(wider) = &found.wider { (Button::secondary(&format!("Look for “{wider}”, which is wider")).href(&link(form, &[("q", wider)]))) }
            @if found.asking.goal.is_some() { (Button::secondary("Ask whoever knows one question").href("/questions/new")) }
            @else if !typed.is_empty() { (Button::secondary("Begin a goal with these words").href(&format!("/goals/new?{goal}"))) }
            @if !form.value("q").is_empty() || found.asking.goal.is_some() { (Button::quiet("Look at everyone").href("/find")) }
        }))
    }
}

fn narrowing(found: &Results, form: &Form) -> Markup {
    page::filters(
        "/find",
        "#found",
        &html! {
            h2.visually-hidden id="narrowing" tabindex="-1" { "Narrow this down" }
            @for name in ["q", "goal"] { @if form.has(name) { input type="hidden" name=(name) value=(form.value(name)); } }
            @if found.asking.goal.is_some() { input type="hidden" name="all" value="on"; }
            @for (name, legend, answers) in &found.facets {
                @if !answers.is_empty() {
                    (page::facet(name, legend, &answers.iter().map(|a| Facet { value: &a.value, label: &a.label, count: a.count, chosen: a.chosen }).collect::<Vec<_>>()))
                }
            }
            @if !found.viewer_has_hours && found.total > 0 {
                p.muted { "When you say which hours you have free in your " a href="/profile/time" { "profile" } ", we show who has the same." }
            }
        },
    )
}

/// 12,345
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_changes_one_thing_and_keeps_the_rest() {
        let form = Form::of([("q", "react, in spanish"), ("language", "es"), ("language", "fr"), ("from", "40")]);
        assert_eq!(link(&form, &[("q", "react")]), "/find?language=es&language=fr&q=react");
        assert_eq!(link(&form, &[("language", "")]), "/find?q=react%2C+in+spanish");
        assert_eq!(link(&Form::default(), &[]), "/find");
    }

    #[test]
    fn numbers_are_read_in_threes() {
        assert_eq!([1, 1_000, 1_234_567].map(thousands), ["1", "1,000", "1,234,567"]);
    }
}
