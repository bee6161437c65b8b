//! What we tell people about questions, and answering from the letter without signing in.

use super::pages;
use super::question::{Deed, Question, QuestionId};
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::slices::{LetterDeed, Reply, Telling, Words};
use crate::too_late;
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "question arrived", about: "Someone asks you one question", words: arrived },
    Telling { kind: "question reminder", about: "A question waits for your answer and half its time is over", words: reminder },
    Telling { kind: "question answered", about: "Someone answers your question", words: answered },
    Telling { kind: "question ended", about: "A question of yours goes on to someone else, or ends", words: ended },
    Telling { kind: "question closed", about: "A question to you needs nothing more", words: closed },
    Telling { kind: "question helped", about: "An answer of yours helped", words: helped },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "question.answer", confirm: confirm_answer, act: act_answer },
    LetterDeed { deed: "question.pass_on", confirm: confirm_pass_on, act: act_pass_on },
    LetterDeed { deed: "question.say_it_helped", confirm: confirm_helped, act: act_helped },
];

pub static REPLIES: &[Reply] =
    &[Reply { noun: "question", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

/// As the one who is asked reads it.
pub fn asks_you(question: &Question, name: &str) -> String {
    match (question.stuck_in.is_some(), question.ask.is_some()) {
        (true, _) => format!("{name} is stuck and asks you"),
        (false, true) => format!("{name} waits for the answer you offered"),
        (false, false) => format!("{name} has one question for you"),
    }
}

fn whole(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    verbs::read(tx, viewer, QuestionId(subject))
}

fn page_of(question: &Question, button: &str) -> Words {
    Words { path: format!("/questions/{}", question.id), button: button.into(), ..Words::default() }
}

/// What the viewer can do with it now, each as its button says it.
fn deeds(viewer: &Viewer, question: &Question) -> Vec<(String, &'static str, Uuid)> {
    let all = [
        (Deed::Answer, "Answer", "question.answer"),
        (Deed::PassOn, "I cannot answer this", "question.pass_on"),
        (Deed::SayItHelped, "This answer helped", "question.say_it_helped"),
    ];
    let open = all.into_iter().filter(|(deed, ..)| question.offers(viewer, *deed));
    open.map(|(_, label, deed)| (label.to_owned(), deed, question.id.into())).collect()
}

fn to_answer(viewer: &Viewer, whole: &Whole, title: String) -> Words {
    let question = &whole.question;
    let is_open = question.waits_for_viewer(viewer);
    let line = match question.ending_for_asked(whole.asker.first_name()) {
        Some(over) => over,
        None => format!("Until {}. A few sentences are plenty; you can simply reply to this.", viewer.when(question.answer_by)),
    };
    Words {
        title,
        lines: vec![line],
        quote: Some(whole.words.clone()),
        deeds: deeds(viewer, question),
        reply_to: is_open.then_some(("question", question.id.into())),
        ..page_of(question, if is_open { "Answer" } else { "Read it" })
    }
}

fn arrived(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let title = asks_you(&whole.question, whole.asker.first_name());
    Ok(Some(to_answer(viewer, &whole, title)))
}

fn reminder(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    if !whole.question.waits_for_viewer(viewer) {
        return Ok(None);
    }
    let title = format!("{}’s question still waits for you", whole.asker.first_name());
    Ok(Some(to_answer(viewer, &whole, title)))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.asked.first_name();
    Ok(Some(Words {
        title: format!("{name} has answered your question"),
        lines: vec![format!("If it helped, tell {name} with one click. It means a lot to whoever answers.")],
        deeds: deeds(viewer, &whole.question),
        quote: whole.answer,
        ..page_of(&whole.question, "Read the answer")
    }))
}

fn ended(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let Some(title) = whole.question.ending(whole.asked.first_name()) else { return Ok(None) };
    Ok(Some(match &whole.went_on {
        Some((next, chip)) => Words {
            title,
            lines: vec![format!("{} has it now, until {}.", chip.first_name(), viewer.when(next.answer_by))],
            path: format!("/questions/{}", next.id),
            button: "See your question".into(),
            ..Words::default()
        },
        None => Words {
            title,
            lines: vec![pages::KEPT.into()],
            path: pages::again(&whole.question),
            button: "Ask again".into(),
            ..Words::default()
        },
    }))
}

fn closed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.asker.first_name();
    let Some(over) = whole.question.ending_for_asked(name) else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{name}’s question needs nothing more from you"),
        lines: vec![over],
        ..page_of(&whole.question, "Look at it")
    }))
}

fn helped(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    Ok(Some(Words { title: format!("Your answer helped {}", whole.asker.first_name()), ..page_of(&whole.question, "Look at it") }))
}

fn still_open(tx: &mut Tx, viewer: &Viewer, subject: Uuid, deed: Deed) -> Result<Whole> {
    let whole = verbs::read(tx, viewer, QuestionId(subject))?;
    if whole.question.offers(viewer, deed) {
        return Ok(whole);
    }
    match whole.question.ending_for_asked(whole.asker.first_name()).filter(|_| viewer.is(whole.question.asked)) {
        Some(why) => Err(too_late!("{why}")),
        None if whole.question.helped_at.is_some() => Err(too_late!("{} knows already that it helped.", whole.asked.first_name())),
        None => Err(Error::NotFound),
    }
}

fn confirm_answer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Answer)?;
    Ok((format!("Answer {}", whole.asker.first_name()), pages::answer_fields(&whole, form)))
}
fn act_answer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::Answer)?;
    let words = pages::read_answer(form);
    if !form.is_good() {
        return Ok(String::new());
    }
    verbs::answer(tx, viewer, subject.into(), &words)?;
    Ok(format!("Thank you. {} has your answer.", whole.asker.first_name()))
}

fn confirm_pass_on(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::PassOn)?;
    Ok(("You cannot answer this?".into(), html! { p { (pages::passing_on(&whole)) } }))
}
fn act_pass_on(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    still_open(tx, viewer, subject, Deed::PassOn)?;
    verbs::pass_on(tx, viewer, subject.into())?;
    Ok("Thank you for saying so at once.".into())
}

fn confirm_helped(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::SayItHelped)?;
    let name = whole.asked.first_name();
    Ok((format!("Tell {name} that it helped?"), html! { p { (name) " reads that their answer helped you, and nothing else." } }))
}
fn act_helped(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::SayItHelped)?;
    verbs::say_it_helped(tx, viewer, subject.into())?;
    Ok(format!("{} knows that it helped.", whole.asked.first_name()))
}
