//! The outbox of this place, for whoever runs it.

use super::letter::{LetterId, Posted, State as At};
use super::verbs::{self, Outbox};
use crate::app::App;
use crate::error::Result;
use crate::form::Asked;
use crate::page::{self, Button, Icon, Markup, PageHeader, Row, Section, Tone, html};
use crate::viewer::Viewer;
use crate::web::{Go, Page};
use axum::extract::{Path, State};

pub async fn outbox(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    let at = asked.value("state").parse().unwrap_or(At::Waiting);
    let before = asked.value("before").parse().ok();
    let outbox = app
        .read({
            let viewer = viewer.clone();
            move |tx| verbs::outbox(tx, &viewer, at, before)
        })
        .await?;
    Ok(Page::new("Outbox", Section::Desk, drawn(&viewer, &outbox, at, before)))
}

pub async fn again(State(app): State<App>, viewer: Viewer, Path(id): Path<LetterId>) -> Result<Go> {
    app.write(move |tx| verbs::again(tx, &viewer, id)).await?;
    app.memory::<super::deliver::WayOut>().wake();
    Ok(Go::to("/place/outbox").saying("It goes out within a few seconds."))
}

fn drawn(viewer: &Viewer, outbox: &Outbox, at: At, before: Option<LetterId>) -> Markup {
    let tabs = [
        ("Waiting", "/place/outbox", outbox.waiting.max(0).unsigned_abs()),
        ("Not delivered", "/place/outbox?state=stuck", outbox.stuck.max(0).unsigned_abs()),
        ("Sent", "/place/outbox?state=sent", 0),
    ];
    let now = At::ALL.iter().position(|s| *s == at).unwrap_or_default();
    let older = outbox.older.map(|id| format!("/place/outbox?state={at}&before={id}"));
    html! {
        (PageHeader::new("Outbox").back("This place", "/place")
            .lead("Letters on their way, and why some did not arrive. What a letter says is sealed; nobody can read it here."))
        @if !outbox.leaves {
            (page::banner(Tone::Amber, "No mail is configured, so letters wait. Links to sign in and invitations are shown here for you to pass on yourself, until you set CHIRON_SMTP.", None))
        }
        (page::tabs("Letters", &tabs, now))
        @if outbox.letters.is_empty() {
            (page::empty(Icon::Letter, "No letters here", "Letters of the last thirty days are listed.", &html! {}))
        } @else {
            (page::rows(&html! { @for (letter, link) in &outbox.letters { (row(viewer, letter, link.as_deref())) } }))
        }
        @if before.is_some() || older.is_some() {
            (page::pagination(before.map(|_| tabs[now].1), older.as_deref(), "Letters"))
        }
    }
}

fn row(viewer: &Viewer, letter: &Posted, link: Option<&str>) -> Markup {
    let again = format!("/place/outbox/{}/again", letter.id);
    let meta = html! {
        span { "Written " (page::moment(&letter.made_at.jiff().to_string(), &viewer.when(letter.made_at))) }
        span { (state(viewer, letter)) }
    };
    html! {
        (Row::new(format!("To {}", letter.to_address)).icon(Icon::Letter).text(sentence(&letter.kind)).meta(meta).beside(html! {
            @if letter.sent_at.is_none() && letter.attempts > 0 {
                (page::post_button(&again, &[], &Button::secondary("Try again now").context(&letter.to_address).small()))
            }
        }))
        @if let Some(link) = link {
            li.row { (page::copyable(&format!("Link for {}", letter.to_address), link)) }
        }
        @if !letter.transcript.is_empty() {
            li.row { (page::more("What the mail server said", &page::code_block(&letter.transcript))) }
        }
    }
}

fn state(viewer: &Viewer, letter: &Posted) -> String {
    let tries = match letter.attempts {
        0 => "not tried yet".to_owned(),
        1 => "tried once".to_owned(),
        n => format!("tried {n} times"),
    };
    match (letter.sent_at, letter.given_up_at) {
        (Some(at), _) => format!("sent {}", viewer.when(at)),
        (None, Some(_)) if letter.doubts > 0 => format!("given up; it may have arrived, the answer never came ({tries})"),
        (None, Some(_)) if letter.attempts == 0 => "given up before it was tried".to_owned(),
        (None, Some(_)) => format!("given up ({tries})"),
        (None, None) if letter.attempts > 0 => format!("{tries}; again {}", viewer.when(letter.next_try_at)),
        (None, None) => tries,
    }
}

fn sentence(kind: &str) -> String {
    // On screen it is a request.
    let kind = kind.strip_prefix("ask ").map_or_else(|| kind.to_owned(), |rest| format!("request {rest}"));
    let mut letters = kind.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
