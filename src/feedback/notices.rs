//! What we tell people about feedback. What it says stands on the page, where one can answer it in peace.

use super::item::{FeedbackId, FeedbackState};
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: verbs::ASKED, about: "Somebody you work with asks for your feedback", words: asked },
    Telling { kind: verbs::GIVEN, about: "You have been given feedback", words: given },
    Telling { kind: verbs::UNANSWERED, about: "No answer came to a question of yours for feedback", words: unanswered },
    Telling { kind: verbs::THANKED, about: "Somebody thanks you for your feedback", words: thanked },
    Telling { kind: verbs::RECEIVED, about: "Somebody has answered to feedback of yours", words: received },
    Telling { kind: verbs::OUTCOME, about: "You hear what came of your feedback", words: outcome },
    Telling { kind: verbs::WAITS, about: "Feedback waits for your answer, or comes back on the day you chose", words: waits },
];

fn whole(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    verbs::read(tx, viewer, FeedbackId(subject))
}

fn of(whole: &Whole, title: String, line: String, quote: Option<String>, button: &str) -> Words {
    Words { title, lines: vec![line], quote, path: format!("/feedback/{}", whole.told.item.id), button: button.into(), ..Words::default() }
}

fn asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.about.first_name();
    Ok((whole.told.item.state == FeedbackState::Asked).then(|| {
        let line = format!("It is about: {}", whole.told.pin);
        of(&whole, format!("{name} asks for your feedback"), line, whole.told.question.clone(), "Answer")
    }))
}

fn given(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    Ok(whole.told.words.is_some().then(|| {
        let line = format!("It is about: {}. What it says stands on the page.", whole.told.pin);
        of(&whole, format!("{} gave you feedback", whole.giver), line, None, "Read it")
    }))
}

fn unanswered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let title = match whole.told.item.state {
        FeedbackState::Passed => format!("{} would rather not answer", whole.giver),
        FeedbackState::Lapsed => format!("{} did not find the time to answer", whole.giver),
        _ => return Ok(None),
    };
    let line = "That says nothing about you. Somebody else may have seen it too.".to_owned();
    Ok(Some(of(&whole, title, line, whole.told.question.clone(), "Ask somebody else")))
}

fn thanked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let line = format!("It was about: {}", whole.told.pin);
    Ok(whole
        .told
        .item
        .thanked_at
        .map(|_| of(&whole, format!("{} thanks you for your feedback", whole.about.first_name()), line, None, "Look at it")))
}

fn received(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.about.first_name();
    let title = match whole.told.item.state {
        FeedbackState::Trying => format!("{name} is trying what you said"),
        FeedbackState::Parked => format!("{name} keeps what you said for later"),
        FeedbackState::Declined => format!("{name} has thought about what you said, and decided otherwise"),
        _ => return Ok(None),
    };
    let line = format!("It was about: {}", whole.told.pin);
    let why = whole.told.reply.as_ref().map(|reply| reply.words.clone()).filter(|words| !words.is_empty());
    Ok(Some(of(&whole, title, line, why, "Look at it")))
}

fn outcome(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.about.first_name();
    let line = match whole.told.item.action_item {
        Some(_) => format!("{name} has tried it. It was about: {}", whole.told.pin),
        None => format!("{name} has done it. It was about: {}", whole.told.pin),
    };
    let words = whole.told.outcome.clone().or_else(|| whole.told.reply.as_ref().map(|reply| reply.words.clone()));
    let quote = words.filter(|words| !words.is_empty());
    Ok(whole.told.item.outcome_at.map(|_| of(&whole, format!("What came of your feedback to {name}"), line, quote, "Look at it")))
}

fn waits(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let (title, line) = match whole.told.item.state {
        FeedbackState::Given => (
            format!("Feedback from {} waits for your answer", whole.giver),
            "Try it, park it, decline it and say why, or say that it is done. Each is an honest answer.".to_owned(),
        ),
        FeedbackState::Trying => (
            format!("What came of what {} told you?", whole.giver),
            format!("You have been trying it for a while. {} would like to hear.", whole.giver),
        ),
        _ => return Ok(None),
    };
    Ok(Some(of(&whole, title, line, None, "Look at it")))
}
