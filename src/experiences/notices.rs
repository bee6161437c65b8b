//! What we tell people about the experience board, and answering from the letter without signing in.

use super::experience::{OfferDeed, OfferId, SeatDeed, SeatId, SeatState};
use super::pages;
use super::verbs::{self, ANSWERED, ASKED, ENDED, REMINDED, SHARED, Sat, TAKEN_DOWN, WITHDRAWN};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::refused;
use crate::slices::{LetterDeed, Telling, Words};
use crate::viewer::Viewer;
use maud::Markup;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: ASKED, about: "Someone asks for a place in what you offer to try", words: asked },
    Telling { kind: REMINDED, about: "Someone still waits to hear whether they have a place", words: reminded },
    Telling { kind: ANSWERED, about: "You hear whether you have a place in something to try", words: answered },
    Telling { kind: WITHDRAWN, about: "Someone does not come to what you offer", words: withdrawn },
    Telling { kind: ENDED, about: "A place you asked for or had is not there any more", words: ended },
    Telling { kind: SHARED, about: "Someone lets you read what came of what you offered", words: shared },
    Telling { kind: TAKEN_DOWN, about: "Something you offered was taken off the board", words: taken_down },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "experience.give", confirm: confirm_give, act: act_give },
    LetterDeed { deed: "experience.decline", confirm: confirm_decline, act: act_decline },
];

fn sat(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Sat> {
    verbs::read_seat(tx, viewer, SeatId(subject))
}

fn page_of(subject: Uuid, button: &str) -> Words {
    Words { path: format!("/experiences/seats/{subject}"), button: button.into(), ..Words::default() }
}

fn to_answer(viewer: &Viewer, sat: Sat, title: String) -> Option<Words> {
    if !viewer.is(sat.offer.offerer) {
        return None;
    }
    let id = sat.seat.id.into();
    let waits = sat.seat.state == SeatState::Asked;
    let line = if waits { format!("An answer until {} is kind.", viewer.day(sat.seat.answer_by)) } else { over(&sat) };
    let deeds = [("Give the place", "experience.give"), ("Decline kindly", "experience.decline")];
    Some(Words {
        title,
        lines: vec![format!("“{}”", sat.offer.title), line],
        quote: Some(sat.why),
        deeds: if waits { deeds.into_iter().map(|(label, deed)| (label.into(), deed, id)).collect() } else { Vec::new() },
        ..page_of(id, if waits { "Answer" } else { "Look at it" })
    })
}

/// How it stands, for whoever offers it.
fn over(sat: &Sat) -> String {
    match sat.seat.state {
        SeatState::Asked => "It waits for an answer.".into(),
        SeatState::Given | SeatState::Done => "You gave the place.".into(),
        SeatState::Declined => "You answered.".into(),
        SeatState::Withdrawn => format!("{} withdrew.", sat.learner.first_name()),
        SeatState::TakenBack => "You took the place back.".into(),
        SeatState::Lapsed => "There is nothing to answer any more.".into(),
    }
}

fn asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    let title = format!("{} asks for a place in what you offer", sat.learner.name);
    Ok(to_answer(viewer, sat, title))
}

fn reminded(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    if sat.seat.state != SeatState::Asked {
        return Ok(None);
    }
    let title = format!("{} still waits to hear whether there is a place", sat.learner.first_name());
    Ok(to_answer(viewer, sat, title))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    if !viewer.is(sat.seat.learner) {
        return Ok(None);
    }
    let (title, line, button) = match sat.seat.state {
        SeatState::Declined => (
            format!("“{}”: not this time", sat.offer.title),
            "It says nothing about you. There is more on the board, and you may ask again another time.".to_owned(),
            "Read it",
        ),
        SeatState::Given => (
            format!("You have a place: “{}”", sat.offer.title),
            "You can put it into a plan of yours. If you cannot come, say so in one press: somebody else will be glad.".to_owned(),
            "See what comes next",
        ),
        _ => return Ok(None),
    };
    Ok(Some(Words { title, lines: vec![line], quote: sat.answer, ..page_of(subject, button) }))
}

fn withdrawn(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    if !viewer.is(sat.offer.offerer) || sat.seat.state != SeatState::Withdrawn {
        return Ok(None);
    }
    let line =
        if sat.seat.answered_at.is_some() { "The place is there for somebody else." } else { "There is nothing to answer any more." };
    Ok(Some(Words {
        title: format!("{} does not come to “{}”", sat.learner.first_name(), sat.offer.title),
        lines: vec![line.into()],
        path: format!("/experiences/{}", sat.offer.id),
        button: "Look at it".into(),
        ..Words::default()
    }))
}

fn ended(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    if !viewer.is(sat.seat.learner) {
        return Ok(None);
    }
    let line = match sat.seat.state {
        SeatState::TakenBack => "Something came between. It says nothing about you.",
        SeatState::Lapsed => "Nobody could answer in time. We are sorry; there is more on the board.",
        _ => return Ok(None),
    };
    let title = if sat.offer.title.is_empty() {
        "Something on the board is not offered any more".into()
    } else {
        format!("“{}” does not come about for you", sat.offer.title)
    };
    let quote = sat.answer.filter(|_| sat.seat.state == SeatState::TakenBack);
    Ok(Some(Words {
        title,
        lines: vec![line.into()],
        quote,
        path: "/experiences".into(),
        button: "See the board".into(),
        ..Words::default()
    }))
}

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let sat = sat(tx, viewer, subject)?;
    if !viewer.is(sat.offer.offerer) || sat.note.is_none() {
        return Ok(None);
    }
    // The note itself goes into no letter.
    Ok(Some(Words {
        title: format!("What came of it for {}: “{}”", sat.learner.first_name(), sat.offer.title),
        lines: vec!["It stands on the page, for the two of you.".into()],
        ..page_of(subject, "Read it")
    }))
}

fn taken_down(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let offer = verbs::open(tx, viewer, OfferId(subject), OfferDeed::Change)?;
    Ok(Some(Words {
        title: format!("“{}” was taken off the board", offer.title),
        lines: vec!["Those who look after this place did so. Ask them why if you do not know; whoever has a place keeps it.".into()],
        path: format!("/experiences/{subject}"),
        button: "Look at it".into(),
        ..Words::default()
    }))
}

// From the letter.

fn still_open(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Sat> {
    let sat = sat(tx, viewer, subject)?;
    if !viewer.is(sat.offer.offerer) {
        return Err(Error::NotFound);
    }
    if !sat.seat.is_open_to(SeatDeed::Answer) {
        let over = over(&sat);
        return Err(refused!("over"; "{over}"));
    }
    Ok(sat)
}

fn confirm_give(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let sat = still_open(tx, viewer, subject)?;
    Ok((format!("Give {} the place?", sat.learner.first_name()), pages::answer_field(true, form)))
}
fn act_give(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let sat = still_open(tx, viewer, subject)?;
    let words = answer_in(form)?;
    verbs::give(tx, viewer, sat.seat.id, &words)?;
    Ok(format!("Thank you. {} has the place and knows it.", sat.learner.first_name()))
}
fn confirm_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let sat = still_open(tx, viewer, subject)?;
    Ok((format!("Tell {} kindly that it is not this time?", sat.learner.first_name()), pages::answer_field(false, form)))
}
fn act_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let sat = still_open(tx, viewer, subject)?;
    let words = answer_in(form)?;
    verbs::decline(tx, viewer, sat.seat.id, &words)?;
    Ok(format!("Thank you for answering. {} knows.", sat.learner.first_name()))
}

fn answer_in(form: &mut Form) -> Result<String> {
    let words = pages::read_answer(form);
    match form.errors().next() {
        None => Ok(words),
        Some((_, sentence)) => Err(refused!("to_mend"; "{sentence}")),
    }
}
