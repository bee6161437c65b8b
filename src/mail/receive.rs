//! Takes a letter that came in, on behalf of the person who wrote it. The address it was sent to is signed for that
//! person and that thing; whoever only knows the person's address, or only the thing, gets no further.

use super::letter::{Letter, Recipient};
use super::{quoted, reply, sql, verbs};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::slices::{CALENDAR_REPLIES, CalendarReply};
use crate::viewer::{Via, Viewer};
use mail_parser::{Address, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

/// Largest letter that is read.
pub const LARGEST: usize = 5 << 20;
/// Characters of a reply that are taken; a longer one is cut, because nobody is there to be told at once.
const LONGEST: usize = 10_000;

/// What became of a letter that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It reached what it answers.
    Taken { noun: &'static str },
    /// The rules said no; the writer was told why by mail.
    Refused(String),
    /// Nobody is told: to answer would help those who forge, or two programs to write to each other for ever.
    Ignored(&'static str),
}

pub async fn take(app: &App, raw: &[u8]) -> Result<Outcome> {
    let outcome = match read(app, raw) {
        Ok(received) => app.write(move |tx| deliver(tx, &received)).await?,
        Err(why) => Outcome::Ignored(why),
    };
    match &outcome {
        Outcome::Taken { noun } => tracing::info!(noun, "a reply by mail was taken"),
        Outcome::Refused(_) => tracing::info!("a reply by mail was refused, and its writer told"),
        Outcome::Ignored(why) => tracing::info!("a letter that came in was ignored: {why}"),
    }
    Ok(outcome)
}

struct Received {
    answered: reply::Answered,
    from: String,
    words: String,
    /// What a calendar program answers with, or for, whoever wrote.
    calendar: Option<Vec<u8>>,
    hash: Vec<u8>,
}

fn read(app: &App, raw: &[u8]) -> Result<Received, &'static str> {
    let domain = app.config.reply_domain.as_deref().ok_or("no reply domain is configured (CHIRON_REPLY_DOMAIN)")?;
    if raw.len() > LARGEST {
        return Err("it is too large");
    }
    let message = MessageParser::default().parse(raw).ok_or("it is not a letter")?;
    let calendar = calendar(&message);
    // Calendar programs answer by themselves when somebody presses their button, and say so.
    if calendar.is_none() && wrote_itself(&message) {
        return Err("a program wrote it");
    }
    let answered = addresses(&message).find_map(|a| reply::parse(&a, domain)).ok_or("it is to no reply address of ours")?;
    let from = message.from().and_then(Address::first).and_then(|a| a.address()).ok_or("it has no sender")?.trim().to_lowercase();
    let words: String = quoted::own_words(&message.body_text(0).unwrap_or_default()).chars().take(LONGEST).collect();
    if words.is_empty() && calendar.is_none() {
        return Err("nothing was written in it");
    }
    // The same letter may come twice: from a server that was not sure, or by two ways.
    let mut hash = Sha256::new_with_prefix(from.as_bytes());
    match message.message_id() {
        Some(id) => hash.update(id.as_bytes()),
        None => hash.update(raw),
    }
    Ok(Received { answered, from, words, calendar, hash: hash.finalize().to_vec() })
}

/// The calendar in a letter, if it is an answer at all.
fn calendar(message: &Message) -> Option<Vec<u8>> {
    let is_calendar = |part: &&mail_parser::MessagePart| {
        part.content_type().is_some_and(|kind| {
            let subtype = kind.subtype().unwrap_or_default().to_lowercase();
            matches!((kind.ctype().to_lowercase().as_str(), subtype.as_str()), ("text", "calendar") | ("application", "ics"))
        })
    };
    message.parts.iter().find(is_calendar).map(|part| part.contents().to_vec())
}

/// Auto-replies, bounces and lists (RFC 3834, and what came before it).
fn wrote_itself(message: &Message) -> bool {
    let header = |name: &'static str| message.header_raw(name).map(|v| v.trim().to_lowercase());
    header("Auto-Submitted").is_some_and(|v| v != "no")
        || header("Precedence").is_some_and(|v| matches!(v.as_str(), "bulk" | "junk" | "list" | "auto_reply"))
        || header("Return-Path").is_some_and(|v| v == "<>" || v.is_empty())
        || ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id", "X-Failed-Recipients"]
            .iter()
            .any(|n| header(n).is_some())
        || header("Content-Type").is_some_and(|v| v.starts_with("multipart/report"))
        || message.from().and_then(Address::first).and_then(|a| a.address()).is_some_and(|a| {
            let local = a.split('@').next().unwrap_or_default().to_lowercase();
            matches!(local.as_str(), "mailer-daemon" | "postmaster" | "noreply" | "no-reply")
        })
}

fn addresses<'a>(message: &'a Message) -> impl Iterator<Item = String> + 'a {
    let named = message.all_to().chain(message.all_cc()).flat_map(Address::iter).filter_map(|a| a.address()).map(str::to_owned);
    let delivered = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().filter_map(|n| message.header_raw(n));
    named.chain(delivered.map(|v| v.trim().trim_matches(['<', '>']).to_owned()))
}

fn deliver(tx: &mut Tx, received: &Received) -> Result<Outcome> {
    let Some(person) = sql::person_of_address(tx, &received.from)? else { return Ok(Outcome::Ignored("its sender is nobody here")) };
    if !received.answered.is_from(tx.seal(), person) {
        return Ok(Outcome::Ignored("its reply address was not made for its sender"));
    }
    if !received.answered.is_fresh(tx.now()) {
        return Ok(Outcome::Ignored("its reply address has expired"));
    }
    let Some(viewer) = Viewer::of_person(tx, person, Via::Letter)? else { return Ok(Outcome::Ignored("its sender is no longer here")) };
    if let Some(calendar) = &received.calendar
        && let Some(reply) = CALENDAR_REPLIES.iter().find(|r| r.noun == received.answered.noun)
    {
        return from_calendar(tx, &viewer, received, reply, calendar);
    }
    let replies = tx.slices().iter().flat_map(|s| s.replies);
    let Some(reply) = replies.into_iter().find(|r| r.noun == received.answered.noun) else {
        return Ok(Outcome::Ignored("nothing here can be answered like that"));
    };
    if !sql::remember_received(tx, &received.hash)? {
        return Ok(Outcome::Ignored("it came before"));
    }
    match (reply.receive)(tx, &viewer, received.answered.id, &received.words) {
        Ok(()) => Ok(Outcome::Taken { noun: reply.noun }),
        Err(Error::Refused(refusal)) => {
            tell_why(tx, &viewer, &refusal.sentence)?;
            Ok(Outcome::Refused(refusal.sentence))
        }
        Err(Error::NotFound) => Ok(Outcome::Ignored("what it answers is not there any more")),
        Err(e) => Err(e),
    }
}

/// An answer that a calendar program wrote. Whoever sent it pressed a button there, so a refusal is told them as well;
/// what answers nothing is ignored.
fn from_calendar(tx: &mut Tx, viewer: &Viewer, received: &Received, reply: &CalendarReply, calendar: &[u8]) -> Result<Outcome> {
    let Ok(answers) = chiron_calendar::answers(calendar, &viewer.zone) else {
        return Ok(Outcome::Ignored("its calendar answers nothing"));
    };
    if !sql::remember_received(tx, &received.hash)? {
        return Ok(Outcome::Ignored("it came before"));
    }
    for answer in &answers {
        match (reply.receive)(tx, viewer, received.answered.id, answer) {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => {
                tell_why(tx, viewer, &refusal.sentence)?;
                return Ok(Outcome::Refused(refusal.sentence));
            }
            Err(Error::NotFound) => return Ok(Outcome::Ignored("what it answers is not there any more")),
            Err(e) => return Err(e),
        }
    }
    Ok(Outcome::Taken { noun: reply.noun })
}

fn tell_why(tx: &mut Tx, viewer: &Viewer, why: &str) -> Result<()> {
    let letter = Letter {
        lines: vec!["Your reply by mail did not reach anybody:".into(), why.to_owned()],
        button: Some(("Answer on the page".into(), "/today".into())),
        ..Letter::to(
            Recipient::Person(viewer.person),
            "reply not taken",
            "Your reply was not taken",
            "because you answered a letter of ours",
        )
    };
    verbs::post(tx, letter)?;
    Ok(())
}
