//! What we tell people about circles, and answering from the letter without signing in.

use super::circle::{Deed, PlaceId};
use super::verbs;
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::page;
use crate::relationships::{RelationshipId, RelationshipState, verbs as partners};
use crate::slices::{LetterDeed, Telling, Words};
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "circle proposed", about: "Someone would like you in a circle", words: proposed },
    Telling { kind: "circle joined", about: "Someone says yes to a circle of yours", words: joined },
    Telling { kind: "circle declined", about: "Someone would rather not join a circle of yours", words: declined },
    Telling { kind: "circle began", about: "A circle begins", words: began },
    Telling { kind: "circle given up", about: "A circle does not come about", words: given_up },
    Telling { kind: "circle left", about: "Someone leaves a circle that you are in", words: left },
    Telling { kind: "circle over", about: "A circle ends because too few are left", words: over },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "circle.accept", confirm: confirm_accept, act: act_accept },
    LetterDeed { deed: "circle.decline", confirm: confirm_decline, act: act_decline },
];

fn proposed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let id = verbs::place(tx, PlaceId(subject))?.circle;
    let whole = verbs::read(tx, viewer, id)?;
    let title = format!("{} would like you in a circle: “{}”", whole.by.first_name(), whole.called);
    let open = whole.opened.offers(viewer, Deed::Accept);
    let until = whole.opened.circle.lapses_at.map_or_else(String::new, |at| format!(" Until {}.", viewer.day(at)));
    Ok(Some(Words {
        title,
        lines: vec![format!("A few people who learn from each other. It begins when three are in it.{until}")],
        quote: Some(whole.about),
        path: format!("/circles/{id}"),
        button: "Read it".into(),
        deeds: match open {
            true => vec![("I would like to".into(), "circle.accept", id.0), ("Rather not".into(), "circle.decline", id.0)],
            false => Vec::new(),
        },
        ..Words::default()
    }))
}

/// Words about somebody's place in a circle.
fn about_place(tx: &mut Tx, viewer: &Viewer, subject: Uuid, words: impl FnOnce(&str, &str) -> (String, String)) -> Result<Option<Words>> {
    let place = verbs::place(tx, PlaceId(subject))?;
    let whole = verbs::read(tx, viewer, place.circle)?;
    let name = partners::called(tx, place.person)?.first_name().to_owned();
    let (title, line) = words(&name, &whole.called);
    let path = if whole.opened.together.state == RelationshipState::Proposed { "circles" } else { "relationships" };
    let path = format!("/{path}/{}", place.circle);
    Ok(Some(Words { title, lines: vec![line], path, button: "See your circle".into(), ..Words::default() }))
}

fn joined(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called| {
        (format!("{name} is in your circle “{called}”"), "It begins when three are in it.".into())
    })
}
fn declined(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called| {
        (format!("{name} would rather not join “{called}”"), "That needs no reason. The others can still say yes.".into())
    })
}
fn left(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called| {
        (format!("{name} has left “{called}”"), "It goes on with those of you who remain. What was written stays with you.".into())
    })
}

fn about_circle(tx: &mut Tx, viewer: &Viewer, subject: Uuid, words: impl FnOnce(&str) -> (String, String)) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, RelationshipId(subject))?;
    let (title, line) = words(&whole.called);
    Ok(Some(Words { title, lines: vec![line], path: format!("/relationships/{subject}"), button: "Look at it".into(), ..Words::default() }))
}

fn began(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("Your circle “{called}” begins"),
            "Three of you are in it. A good next step: find a time, and write down how you want to work together.".into(),
        )
    })
}
fn given_up(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("The circle “{called}” does not come about"),
            "It takes three, and this time there were not enough. That is nobody’s fault.".into(),
        )
    })
}
fn over(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("Your circle “{called}” has come to its end"),
            "Fewer than three of you are left. What you wrote to each other stays readable to you.".into(),
        )
    })
}

// From the letter.

fn ask(tx: &mut Tx, viewer: &Viewer, subject: Uuid, deed: Deed, title: &str) -> Result<(String, Markup)> {
    let whole = verbs::read(tx, viewer, RelationshipId(subject))?;
    let opened = &whole.opened;
    opened.circle.must_offer(&opened.together, opened.state(), viewer, deed)?;
    Ok((format!("{title} “{}”", whole.called), html! { (page::quotation(&whole.about, &whole.by.name)) }))
}
fn confirm_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    ask(tx, viewer, subject, Deed::Accept, "Join")
}
fn act_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    verbs::accept(tx, viewer, subject.into())?;
    Ok("You are in it. It begins when three are, and you are told.".into())
}
fn confirm_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    ask(tx, viewer, subject, Deed::Decline, "Not join")
}
fn act_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    verbs::decline(tx, viewer, subject.into())?;
    Ok("You are not in it, and need not say why.".into())
}
