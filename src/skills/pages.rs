//! Suggestions while somebody types, and the coordinator's desk.

use super::own::OwnId;
use super::sql::Used;
use super::verbs;
use crate::app::App;
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Field, Icon, Markup, PageHeader, Section, Tone, html};
use crate::viewer::Viewer;
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};

const SUGGESTED: usize = 8;

/// `?q=` or, as a form field asks under its own name, any one value.
pub async fn suggest(State(app): State<App>, Asked(asked): Asked) -> Result<Html<String>> {
    let typed = if asked.has("q") { asked.value("q") } else { asked.fields().first().map_or("", |(_, typed)| typed) };
    let typed: String = typed.chars().take(60).collect();
    let graph = app.read(verbs::graph).await?;
    Ok(Html(page::suggestions(graph.suggest(&typed, SUGGESTED).into_iter().map(|skill| &*skill.name)).into_string()))
}

pub async fn desk(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let words = app.read(move |tx| verbs::desk(tx, &viewer)).await?;
    Ok(desk_page(&words, None))
}

pub async fn accept(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Go> {
    let id: OwnId = id.parse().map_err(|_| Error::NotFound)?;
    let own = app.write(move |tx| verbs::accept(tx, &viewer, id)).await?;
    Ok(Go::to("/skills").saying(format!("“{}” stays as it is.", own.name)))
}

pub async fn merge(State(app): State<App>, viewer: Viewer, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: OwnId = id.parse().map_err(|_| Error::NotFound)?;
    let (reader, into) = (viewer.clone(), form.value("into").to_owned());
    match app.write(move |tx| verbs::merge(tx, &viewer, id, &into)).await {
        Ok((own, into)) => Ok(Go::to("/skills").saying(format!("From now on “{}” is found as {into}.", own.name)).into_response()),
        Err(Error::Refused(refusal)) => {
            let words = app.read(move |tx| verbs::desk(tx, &reader)).await?;
            // Settled by somebody else in the meantime: there is no field left to stand beside.
            if !words.iter().any(|word| word.id == id) {
                return Err(Error::Refused(refusal));
            }
            Ok(desk_page(&words, Some((id, form.value("into"), &refusal.sentence))).to_mend().into_response())
        }
        Err(e) => Err(e),
    }
}

fn desk_page(words: &[Used], wrong: Option<(OwnId, &str, &str)>) -> Page {
    let (new, kept): (Vec<&Used>, Vec<&Used>) = words.iter().partition(|word| !word.accepted);
    let body = html! {
        (PageHeader::new("Skills in our own words")
            .lead("People typed these and the list of skills did not know them. Say what each one means, or keep it as a skill of this place."))
        @if words.is_empty() {
            (page::empty(Icon::Leaf, "Every word is known", "When somebody writes a skill that is not in the list, it turns up here.", &html! {}))
        }
        @for (title, words) in [("To look at", new), ("Kept", kept)] {
            @if !words.is_empty() {
                (page::section(title, &html! {}, &html! { @for word in words { (own_word(word, wrong)) } }))
            }
        }
    };
    Page::new("Skills in our own words", Section::Desk, body)
}

fn own_word(word: &Used, wrong: Option<(OwnId, &str, &str)>) -> Markup {
    let wrong = wrong.filter(|(id, ..)| *id == word.id);
    let people = match word.people {
        0 => "Nobody uses it at the moment".to_owned(),
        1 => "One person uses it".to_owned(),
        n => format!("{n} people use it"),
    };
    page::card(&html! {
        div.part-top {
            h3 { (word.name) }
            @if word.accepted { (page::tag("kept", Tone::Laurel)) }
        }
        p.muted { (people) }
        form.stack method="post" action={ "/skills/" (word.id) "/merge" } {
            (Field::text("into", "It means")
                .id(format!("f-into-{}", word.id))
                .value(wrong.map_or("", |w| w.1))
                .error(wrong.map(|w| w.2))
                .suggest_from("/skills/suggest"))
            (page::actions(&html! {
                (Button::secondary("Merge into that skill").context(&word.name))
                @if !word.accepted {
                    (Button::quiet("Keep it as it is").goes_to(&format!("/skills/{}/acceptance", word.id)).unchecked().context(&word.name))
                }
            }))
        }
    })
}
