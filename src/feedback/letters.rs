//! Letters to people without an account: the question, a thank-you, and what came of it. Each goes once.

use super::item::{FeedbackState, GRACE};
use super::verbs::Told;
use crate::app::Tx;
use crate::error::Result;
use crate::logins::Address;
use crate::mail::{Letter, Recipient, verbs as mail};
use crate::viewer::Viewer;
use chiron_store::Timestamp;

#[expect(clippy::too_many_arguments, reason = "each is one thing that stands in the letter")]
pub fn asks(
    tx: &mut Tx,
    asker: &Viewer,
    name: &str,
    address: &Address,
    pin: &str,
    question: &str,
    due_at: Timestamp,
    token: &str,
) -> Result<()> {
    let path = format!("/feedback/answer/{token}");
    let to = Recipient::Address { name: Some(name.to_owned()), address: address.as_str().to_owned() };
    // The last moment of a day is the first of the next.
    let by = asker.day(due_at - jiff::SignedDuration::from_secs(1));
    let letter = Letter {
        lines: vec![
            format!("{} would like to learn from how you saw something: {pin}", asker.name),
            format!("It takes about five minutes and no account. {} hopes for it by {by}. Nobody else reads what you answer.", asker.name),
        ],
        quote: Some((question.to_owned(), asker.name.clone())),
        button: Some(("Answer".into(), path.clone())),
        links: vec![("I would rather not".into(), format!("{path}?pass=yes"))],
        after: Some(
            "If you do nothing, nothing follows: this is the only letter with this question. Your address is kept for the answer and forgotten after that."
                .into(),
        ),
        good_until: Some(due_at + GRACE),
        ..Letter::to(
            to,
            "a question for feedback",
            format!("{} asks for your feedback", asker.name),
            format!("because {} gave us your address to ask you this", asker.name),
        )
    };
    mail::post(tx, letter).map(|_| ())
}

/// Nothing where the address is forgotten already.
fn again(
    tx: &mut Tx,
    receiver: &Viewer,
    told: &Told,
    kind: &'static str,
    subject: String,
    lines: Vec<String>,
    quote: Option<String>,
) -> Result<()> {
    let Some(address) = told.giver_address.clone() else { return Ok(()) };
    let to = Recipient::Address { name: told.giver_name.clone(), address };
    let letter = Letter {
        lines,
        quote: quote.map(|words| (words, receiver.name.clone())),
        ..Letter::to(to, kind, subject, format!("because you gave {} feedback and wished to hear what came of it", receiver.name))
    };
    mail::post(tx, letter).map(|_| ())
}

pub fn thanks(tx: &mut Tx, receiver: &Viewer, told: &Told) -> Result<()> {
    let lines = vec![format!("{} thanks you for your feedback on: {}", receiver.name, told.pin)];
    again(tx, receiver, told, "thanks for feedback", format!("{} thanks you", receiver.name), lines, None)
}

pub fn outcome(tx: &mut Tx, receiver: &Viewer, told: &Told) -> Result<()> {
    let name = &receiver.name;
    let (line, quote) = match told.item.state {
        FeedbackState::Declined => (
            format!("{name} has read what you said on “{}”, and decided otherwise. Why:", told.pin),
            told.reply.as_ref().map(|reply| reply.words.clone()),
        ),
        _ => {
            let words = told.outcome.clone().or_else(|| told.reply.as_ref().map(|reply| reply.words.clone()));
            let line = if told.item.action_item.is_some() { "has tried what you said on" } else { "has done what you said on" };
            (format!("{name} {line} “{}”.", told.pin), words)
        }
    };
    let lines = vec![line, "This is the last letter about it. Your address is forgotten with it.".into()];
    let quote = quote.filter(|words| !words.is_empty());
    again(tx, receiver, told, "what came of feedback", format!("What came of your feedback to {name}"), lines, quote)
}
