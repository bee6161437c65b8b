//! The library on screen.

use super::bank::{Aim, Question, Search, Stage, Whom, questions, search};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Field, Icon, PageHeader, Section, Tone};
use crate::relationships::RelationshipId;
use crate::web::Page;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// The whole file, for whoever wants to use or translate it.
pub async fn file() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"questions.csv\"")];
    (headers, include_str!("questions.csv")).into_response()
}

pub async fn list(Asked(mut form): Asked) -> Page {
    let asked = read(&mut form);
    let found = search(&asked);
    let within: Option<RelationshipId> = form.value("within").parse().ok();
    let body = html! {
        (PageHeader::new("Questions worth asking")
            .lead(format!("{} questions of our own, for every stage of working together. Take one as it is, or let it lead you to yours.", questions().len())))
        (page::filters("/library/questions", "#questions", &choices(&form, &asked, within)))
        div #questions {
            @if found.is_empty() {
                (page::empty(Icon::Find, "No question with these words", "Try one word less, or another stage.", &html! {
                    (Button::secondary("Show all questions").href("/library/questions")) }))
            } @else {
                @for stage in Stage::ALL {
                    @let here: Vec<&&Question> = found.iter().filter(|q| q.stage == *stage).collect();
                    @if !here.is_empty() {
                        (page::section(stage.words(), &html! {}, &html! { ul.library { @for question in here { (row(question, within)) } } }))
                    }
                }
            }
        }
        p.muted { "These questions are in the public domain (CC0). " a href="/library/questions.csv" { "Take the whole list with you" } "." }
    };
    Page::new("Questions worth asking", Section::Relationships, body)
}

fn read(form: &mut Form) -> Search {
    Search {
        words: form.value("q").chars().take(200).collect(),
        stage: form.value("stage").parse().ok(),
        whom: form.value("for").parse().ok(),
        aim: form.value("aim").parse().ok(),
    }
}

fn choices(form: &Form, asked: &Search, within: Option<RelationshipId>) -> Markup {
    let any = |words: &'static str| std::iter::once(("", words));
    html! {
        @if let Some(id) = within { input type="hidden" name="within" value=(id); }
        (Field::text("q", "Words in it").value(form.value("q")))
        (page::side_by_side(&html! {
            (Field::select("stage", "When", any("At any time").chain(Stage::ALL.iter().map(|s| (s.as_str(), s.words())))).value(asked.stage.map_or("", Stage::as_str)))
            (Field::select("for", "Who asks", any("Anyone").chain([Whom::Learner, Whom::Guide].iter().map(|w| (w.as_str(), w.words())))).value(asked.whom.map_or("", Whom::as_str)))
            (Field::select("aim", "What for", any("For anything").chain(Aim::ALL.iter().map(|a| (a.as_str(), a.words())))).value(asked.aim.map_or("", Aim::as_str)))
        }))
    }
}

fn row(question: &Question, within: Option<RelationshipId>) -> Markup {
    html! {
        li.library-question id=(question.id) {
            p { (question.words) }
            p.library-about {
                (page::tag(question.aim.words(), Tone::Plain))
                @if question.whom != Whom::Both { (page::tag(question.whom.words(), Tone::Plain)) }
                @if let Some(id) = within {
                    a href={ "/relationships/" (id) "/notebook?question=" (question.id) } { "Keep it" span.visually-hidden { ": " (question.words) } }
                    a href={ "/relationships/" (id) "/messages?question=" (question.id) "#composer" } { "Ask it now" span.visually-hidden { ": " (question.words) } }
                }
            }
        }
    }
}
