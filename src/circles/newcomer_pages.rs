//! Somebody more in a circle that goes on, on screen: saying whom one would like, and what the others think.

use super::circle::PlaceId;
use super::newcomers::{self, Weighed};
use super::verbs;
use crate::app::{App, Tx};
use crate::error::Result;
use crate::form::{Asked, Form};
use crate::page::{self, Button, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::pages::face;
use crate::relationships::{Company, Kind, RelationshipId};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

pub async fn choose(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    chosen(app, viewer, id, asked).await
}

async fn chosen(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let typed: String = form.value("q").trim().chars().take(100).collect();
    let (me, looked) = (viewer.clone(), typed.clone());
    let (whole, offered) = app.read(move |tx| Ok((verbs::read(tx, &me, id)?, newcomers::offered(tx, &me, id, &looked)?))).await?;
    let path = format!("/circles/{id}/newcomers");
    let body = html! {
        (PageHeader::new("Ask somebody more").back(&format!("“{}”", whole.called), &format!("/circles/{id}"))
            .lead("Say whom you would like in your circle. The others have three days to say no first, and nobody is told whose no it was. Then they are asked."))
        (crate::web::mend(&form))
        (page::search_box(&path, "q", "Find somebody by name", &typed))
        @if !typed.is_empty() && offered.is_empty() { p { "Nobody else here is called that, or they have been asked not long ago." } }
        @if !offered.is_empty() {
            (page::section(if typed.is_empty() { "People you know here" } else { "Found" }, &html! {}, &page::rows(&html! {
                @for chip in &offered {
                    @let person = chip.id.to_string();
                    (Row::new(chip.name.clone()).face(&face(chip)).text(chip.headline.clone())
                        .beside(page::post_button(&path, &[("person", &person)], &Button::secondary("I would like them").context(&chip.name).small())))
                }
            })))
        }
        p.muted { "Who joins reads what you write from that day on, and not what was before. The sessions that are ahead come into their calendar, and your agreement asks for all signatures anew." }
    };
    Ok(Page::new("Ask somebody more", Section::Relationships, body).answering(&form))
}

pub async fn suggest(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let person = form.chosen::<PersonId>("person", "Please choose somebody.");
    let (me, then) = (viewer.clone(), |()| Go::to(format!("/circles/{id}")).saying("The others are asked what they think."));
    let act = move |tx: &mut Tx| person.map_or(Ok(()), |person| newcomers::suggest(tx, &me, id, person));
    crate::web::does(&app.clone(), form, act, then, |form| chosen(app, viewer, id, form)).await
}

pub async fn welcome(State(app): State<App>, viewer: Viewer, Path(place): Path<PlaceId>) -> Result<Go> {
    weighed(&app, viewer, place, newcomers::welcome, "Thank you. They are asked once nobody has said no.").await
}
pub async fn not_now(State(app): State<App>, viewer: Viewer, Path(place): Path<PlaceId>) -> Result<Go> {
    weighed(&app, viewer, place, newcomers::not_now, "They are not asked. Nobody is told that it was you.").await
}

async fn weighed(app: &App, viewer: Viewer, place: PlaceId, say: fn(&mut Tx, &Viewer, PlaceId) -> Result<()>, said: &str) -> Result<Go> {
    let circle = app
        .write(move |tx| {
            say(tx, &viewer, place)?;
            Ok(verbs::place(tx, place)?.circle)
        })
        .await?;
    Ok(Go::to(format!("/circles/{circle}")).saying(said))
}

/// On the first page of a circle: somebody who is suggested, for this viewer to say.
pub fn now_block(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    if company.relationship.kind != Kind::Circle {
        return Ok(None);
    }
    let all = newcomers::all_weighed(tx, viewer, company.relationship.id)?;
    Ok((!all.is_empty()).then(|| html! { @for one in &all { (weigh(one, viewer)) } }))
}

/// Somebody who is suggested, and what this viewer can say to it.
pub fn weigh(weighed: &Weighed, viewer: &Viewer) -> Markup {
    let who = weighed.who.first_name();
    let by = if viewer.is(weighed.by.id) { "You" } else { weighed.by.first_name() };
    let deed = |end: &str| format!("/circles/newcomers/{}/{end}", weighed.place.id);
    let until = weighed.place.clock_at.map(|at| viewer.when(at));
    let title = format!("{by} would like {who} in it");
    page::section(
        &title,
        &page::audience("Those in this circle"),
        &html! {
            (page::rows(&html! { (Row::new(weighed.who.name.clone()).href(format!("/people/{}", weighed.who.id)).face(&face(&weighed.who)).text(weighed.who.headline.clone())
                .beside(if weighed.has_said_yes { page::tag("fine with you", Tone::Laurel) } else { html! {} })) }))
            p.muted {
                @if let Some(until) = &until { (who) " is asked on " (until) ", or as soon as all of you agree, unless one of you would rather wait. " }
                "Nobody is told whose no it was."
            }
            (page::actions(&html! {
                @if !weighed.has_said_yes { (page::post_button(&deed("welcome"), &[], &Button::primary("Fine with me").icon(Icon::Check).context(&weighed.who.name))) }
                (page::post_button(&deed("not-now"), &[], &Button::secondary(if weighed.has_said_yes { "After all rather not now" } else { "Rather not now" }).context(&weighed.who.name)))
            }))
        },
    )
}
