//! Keeping in touch after a good end: a hello in a line, a kind question every three months for two years, and a way to
//! leave it quietly. Who has left is asked nothing and told of nothing any more, and nobody learns that they did.

use super::relationship::{Company, Deed, Relationship, RelationshipId, SealedPassage, longest};
use super::{pages, sql, verbs};
use crate::app::{App, Happening, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::notices::tell;
use crate::page::{self, Button, Field};
use crate::people::verbs as people;
use crate::refused;
use crate::seal;
use crate::slices::{LetterDeed, Needs, Reply, Routes, Words};
use crate::viewer::{PersonId, Viewer};
use crate::web::Go;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use maud::{Markup, html};
use uuid::Uuid;

/// How long after the end, and after each time, they are asked again; and until when.
pub const EVERY: SignedDuration = SignedDuration::from_hours(24 * 91);
const UNTIL: SignedDuration = SignedDuration::from_hours(24 * 731);
/// Hellos that one may say in a week.
const MOST_A_WEEK: i64 = 3;
/// The heading of a hello among what they wrote.
const HELLO: &str = "A hello";
/// People whom one sweep asks.
const A_SWEEP: i64 = 100;

pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/relationships/{id}/hello", Needs::Deed("relationship.say_hello"), hello)
        .post("/relationships/{id}/leave-quietly", Needs::Deed("relationship.leave_quietly"), leave)
        .post("/relationships/{id}/stay-in-touch", Needs::Deed("relationship.leave_quietly"), stay)
}

// What people do, and what time does.

/// A line to the others, long after. Who has left quietly is not told of it.
pub fn say_hello(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<()> {
    let relationship = verbs::open(tx, viewer, id, Deed::SayHello)?;
    relationship.must_offer(viewer, Deed::SayHello)?;
    let week = tx.now() - SignedDuration::from_hours(24 * 7);
    if sql::written_since(tx, id, viewer.person, HELLO, week)? >= MOST_A_WEEK {
        return Err(refused!("many_hellos"; "You have said hello a few times this week. For more than that, ask to work together again."));
    }
    let passage = SealedPassage { by: viewer.person, at: tx.now(), heading: HELLO.into(), words: seal::seal(tx, relationship.key, words)? };
    sql::insert_passage(tx, id, &passage)?;
    for person in reached(tx, viewer, &relationship)? {
        tell(tx, person, "said hello", id)?;
    }
    tx.record(Happening::of("hello said", id).by(viewer).touching(relationship.people()))
}

/// The others who have not left quietly, and whom nothing keeps away from the viewer.
fn reached(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<Vec<PersonId>> {
    let left = sql::left_quietly(tx, relationship.id)?;
    let mut reached = Vec::new();
    for person in relationship.others(viewer).filter(|person| !left.contains(person)) {
        if !people::are_apart(tx, viewer.person, person)? {
            reached.push(person);
        }
    }
    Ok(reached)
}

/// Asks nothing of this viewer about it any more. Nobody is told, so nothing is written into the log that others' pages follow.
pub fn leave_quietly(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    verbs::open(tx, viewer, id, Deed::LeaveQuietly)?.must_offer(viewer, Deed::LeaveQuietly)?;
    let now = tx.now();
    sql::save_touch(tx, id, viewer.person, None, Some(now))?;
    tx.wake(viewer.person, "relationships");
    Ok(())
}

/// The same taken back.
pub fn stay_in_touch(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    verbs::open(tx, viewer, id, Deed::LeaveQuietly)?.must_offer(viewer, Deed::LeaveQuietly)?;
    let next = tx.now() + EVERY;
    sql::save_touch(tx, id, viewer.person, Some(next), None)?;
    tx.wake(viewer.person, "relationships");
    Ok(())
}

/// Whether two who ended something well keep in touch, so that a question finds its way even where somebody takes none
/// from strangers.
pub fn keep_in_touch(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    sql::keep_in_touch(tx, one, other)
}

/// Whether this viewer has left quietly.
pub fn has_left(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<bool> {
    Ok(sql::left_quietly(tx, id)?.contains(&viewer.person))
}

/// Every three months, for two years, each is asked how they are doing; not where the others would rather be left alone.
pub fn ask_how_they_are(tx: &mut Tx) -> Result<usize> {
    let next = tx.now() + EVERY;
    let due = sql::claim_to_touch(tx, next, A_SWEEP)?;
    for (id, person) in &due {
        let relationship = verbs::find(tx, *id)?;
        if relationship.ended_at.is_none_or(|ended| ended + UNTIL < next) {
            sql::save_touch(tx, *id, *person, None, None)?;
        }
        let Some(viewer) = Viewer::of_person(tx, *person, crate::viewer::Via::Errand)? else { continue };
        if relationship.is_open_to(Deed::SayHello) && !reached(tx, &viewer, &relationship)?.is_empty() {
            tell(tx, *person, "how are you two", *id)?;
        }
    }
    Ok(due.len())
}

// What we tell people, and what they do from the letter.

pub const REPLY: Reply = Reply { noun: "touch", receive };

fn receive(tx: &mut Tx, viewer: &Viewer, subject: Uuid, text: &str) -> Result<()> {
    let words: String = text.trim().chars().take(longest::HELLO).collect();
    if words.is_empty() { Ok(()) } else { say_hello(tx, viewer, subject.into(), &words) }
}

/// Whose it is, while one may still say hello there and has not left.
fn still(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Company>> {
    let company = verbs::company(tx, viewer, subject.into(), Deed::SayHello)?;
    let is_open = company.relationship.is_open_to(Deed::SayHello) && !has_left(tx, viewer, company.relationship.id)?;
    Ok(Some(company).filter(|_| is_open))
}

fn page_of(company: &Company, title: String, button: &str) -> Words {
    let id = company.relationship.id;
    Words { title, path: format!("/relationships/{id}#hello"), button: button.into(), reply_to: Some(("touch", id.0)), ..Words::default() }
}

pub fn how_are_you(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(company) = still(tx, viewer, subject)? else { return Ok(None) };
    let since = company.relationship.ended_at.map_or_else(String::new, |ended| format!(" on {}", viewer.date(ended)));
    let lines = vec![
        format!(
            "{} came to its end{since}. If you like, say hello in a line: how you are, or what became of it.",
            page::capital(&company.spoken_of(viewer))
        ),
        "Nothing is expected of you. If you would rather not be asked, one press is enough, and nobody is told.".into(),
    ];
    let deeds = vec![("Do not ask me about this again".into(), "relationship.leave_quietly", subject)];
    let title = format!("How are you and {} doing?", company.name(viewer));
    Ok(Some(Words { lines, deeds, ..page_of(&company, title, "Say hello") }))
}

pub fn said_hello(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(company) = still(tx, viewer, subject)? else { return Ok(None) };
    let ring = seal::ring(tx, &[company.relationship.key])?;
    let hellos = sql::passages(tx, company.relationship.id)?;
    let Some(newest) = hellos.into_iter().rev().find(|p| p.heading == HELLO && !viewer.is(p.by)) else { return Ok(None) };
    let title = format!("{} says hello", company.called(viewer, newest.by));
    Ok(Some(Words { quote: ring.text(company.relationship.key, &newest.words)?, ..page_of(&company, title, "Look at it") }))
}

pub const LETTER_DEED: LetterDeed = LetterDeed { deed: "relationship.leave_quietly", confirm, act };

fn confirm(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let company = verbs::company(tx, viewer, subject.into(), Deed::LeaveQuietly)?;
    company.relationship.must_offer(viewer, Deed::LeaveQuietly)?;
    let name = company.name(viewer);
    Ok((
        format!("Not be asked about you and {name} any more"),
        html! { p { "We stop asking how the two of you are doing, and tell you of no hello. " (name) " is not told. What you wrote to each other stays readable to you both." } },
    ))
}
fn act(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    leave_quietly(tx, viewer, subject.into())?;
    Ok("You are not asked again. Nobody is told.".into())
}

// On the page of the relationship.

/// What is left once it has ended well: both may read it, a question finds its way, and so does a hello.
pub fn section(company: &Company, viewer: &Viewer, has_left: bool, form: &Form) -> Markup {
    let (r, name) = (&company.relationship, company.name(viewer));
    let here = format!("/relationships/{}", r.id);
    html! {
        @for other in r.others(viewer).take(usize::from(company.called.is_none())) {
            p { "You can both read everything here. If something comes up, " a href={ "/questions/new?to=" (other) } { "ask " (name) " one question" } "." }
        }
        @if r.offers(viewer, Deed::SayHello) {
            div id="hello" {
                (page::section("Keep in touch", &page::audience(&company.audience(viewer)), &html! {
                    form.stack method="post" action={ (here) "/hello" } {
                        (Field::textarea("hello", format!("Say hello to {name}")).value(form.value("hello")).error(form.error("hello"))
                            .hint("How you are, or what became of it. A line is plenty.").max(longest::HELLO).rows(2))
                        (page::actions(&html! { (Button::secondary("Send it")) }))
                    }
                    @if has_left {
                        p.muted { "You are not asked about this any more, and told of no hello. Nobody knows but you." }
                        (page::post_button(&format!("{here}/stay-in-touch"), &[], &Button::quiet("Keep in touch again")))
                    } @else {
                        p.muted { "Every three months, for two years, you may both be asked how you are doing." }
                        (page::post_button(&format!("{here}/leave-quietly"), &[], &Button::quiet("Leave this quietly")))
                        p.muted { "Nobody is told, and nothing you wrote is lost." }
                    }
                }))
            }
        }
    }
}

async fn hello(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let words = form.text("hello", longest::HELLO);
    if !form.is_good() {
        return Ok(pages::shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| say_hello(tx, &viewer, id, &words)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("Sent.").into_response())
}
async fn leave(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| leave_quietly(tx, &viewer, id)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("You are not asked again. Nobody is told."))
}
async fn stay(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Go> {
    app.write(move |tx| stay_in_touch(tx, &viewer, id)).await?;
    Ok(Go::to(format!("/relationships/{id}")).saying("Good. You hear of each other."))
}

/// When each is asked for the first time, once it has ended.
pub fn first(relationship: &Relationship, now: Timestamp) -> Option<Timestamp> {
    relationship.is_open_to(Deed::SayHello).then(|| now + EVERY)
}
