//! Writing to each other, mending and taking back, and how far each has read.

use super::files::{File, FileId, MOST_IN_CONVERSATION, Ready};
use super::message::{Deed, LONGEST, MOST_AN_HOUR, Message, MessageId, SealedMessage};
use super::sql;
use crate::agreements::verbs as agreements;
use crate::app::{Happening, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::notices::{tell, verbs as notices};
use crate::relationships::heard::{self, Heard, Playback, PlaybackState};
use crate::relationships::{self, Company, Relationship, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId, Ring, Sealed};
use crate::sessions;
use crate::viewer::{PersonId, Via, Viewer};
use crate::{refused, too_late};
use chiron_store::List;
use jiff::SignedDuration;
use std::sync::Arc;

/// Messages on a page.
pub const PAGE: i64 = 40;
/// The kind of notice that a message makes.
pub const ARRIVED: &str = "message arrived";

/// What someone is about to send. The form carries the id that the message will have, so that pressing twice sends once.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: MessageId,
    /// May be empty where there are files.
    pub words: String,
    pub files: Arc<[Ready]>,
}

/// A stretch of a conversation, oldest first.
pub struct Conversation {
    pub company: Company,
    pub messages: Vec<Message>,
    /// Whether there are messages before these.
    pub has_older: bool,
    /// Whether these are the newest.
    pub is_newest: bool,
    /// The number of the newest message that the viewer had seen before.
    pub seen: i64,
    pub newest: i64,
    pub heard: Heard,
}

/// Sends a message; says its number. A draft that was sent already is not sent again.
pub fn send(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, draft: &Draft) -> Result<i64> {
    let relationship = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
    if let Some((there, number)) = sql::place(tx, draft.id)? {
        return if there == id { Ok(number) } else { Err(Error::NotFound) };
    }
    relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    if draft.words.is_empty() && draft.files.is_empty() {
        return Err(refused!("nothing_written"; "Please write a sentence first."));
    }
    not_too_many(tx, id)?;
    has_room(tx, id, &draft.files)?;
    let answer_within = answer_within(tx, &relationship)?;
    let number = sql::next_number(tx, id, viewer.person, answer_within.map(|time| tx.now() + time))?;
    let ring = seal::ring(tx, &[relationship.key])?;
    let words = ring.seal(tx, relationship.key, &draft.words)?;
    sql::insert(tx, draft.id, id, number, viewer.person, &words)?;
    for (position, file) in (1..).zip(draft.files.iter()) {
        let bytes = ring.seal_bytes(tx, relationship.key, &file.bytes)?;
        sql::insert_file(tx, id, draft.id, position, file, &bytes)?;
    }
    // What one writes oneself is nothing new; only what stands before it may be.
    if sql::position(tx, id, viewer.person)?.seen == number - 1 {
        sql::save_seen(tx, id, viewer.person, number)?;
    }
    for party in relationship.parties.iter().filter(|p| !viewer.is(p.person)) {
        tell_of(tx, party.person, id, number, draft.id)?;
    }
    happened(tx, "message sent", &relationship, viewer)?;
    Ok(number)
}

/// A conversation takes a limited number of messages an hour, which nobody reaches who writes by hand.
fn not_too_many(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let newest = sql::newest(tx, id)?;
    let earlier = if newest < MOST_AN_HOUR { None } else { sql::from(tx, id, newest - MOST_AN_HOUR + 1, 1)?.pop() };
    match earlier {
        Some(earlier) if earlier.at + SignedDuration::from_hours(1) > tx.now() => Err(Error::refused(
            "too_many_messages",
            RefusalKind::TooOften(600),
            "You two have written very much within an hour. Please wait a little, or talk to each other.".into(),
        )),
        _ => Ok(()),
    }
}

fn has_room(tx: &mut Tx, id: RelationshipId, files: &[Ready]) -> Result<()> {
    let new: i64 = files.iter().map(|file| file.bytes.len() as i64).sum();
    if new > 0 && sql::size_of_files(tx, id)? + new > MOST_IN_CONVERSATION {
        return Err(refused!("no_room_for_files"; "The files of this conversation fill 100 MB already. Please send a link instead."));
    }
    Ok(())
}

/// Tells someone of a message. While the last notice still waits for its letter it speaks for this message too; one
/// that was mailed gives way to a new one, so that a conversation is one line among the notices.
fn tell_of(tx: &mut Tx, person: PersonId, id: RelationshipId, number: i64, message: MessageId) -> Result<()> {
    if let Some(told) = told(tx, id, person)? {
        if notices::waits(tx, person, ARRIVED, told.0)? {
            return Ok(());
        }
        notices::seen(tx, person, ARRIVED, told.0)?;
    }
    tell(tx, person, ARRIVED, message)?;
    sql::save_told(tx, id, person, number)
}

/// The message with which the last notice to someone begins.
fn told(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<Option<MessageId>> {
    let from = sql::position(tx, id, person)?.told_from;
    Ok(if from == 0 { None } else { sql::from(tx, id, from, 1)?.pop().map(|m| m.id) })
}

/// What came back by mail is a message, or several when it is longer than one. Who answers a letter has read what it
/// quoted, and not what came after.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, text: &str) -> Result<()> {
    let stretches = stretches(text.trim());
    if stretches.is_empty() {
        return Ok(());
    }
    let position = sql::position(tx, id, viewer.person)?;
    let waits = match told(tx, id, viewer.person)? {
        Some(message) => notices::waits(tx, viewer.person, ARRIVED, message.0)?,
        None => false,
    };
    let read_to = if waits { position.told_from - 1 } else { sql::newest(tx, id)? };
    for words in stretches {
        let draft = Draft { id: tx.new_id(), words: words.into(), files: Arc::default() };
        send(tx, viewer, id, &draft)?;
    }
    see(tx, viewer, id, read_to)
}

/// A text in parts that are each no longer than a message, cut between words where there are any.
fn stretches(mut text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some((end, _)) = text.char_indices().nth(LONGEST) {
        let cut = text[..end].rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(end);
        parts.push(text[..cut].trim_end());
        text = text[cut..].trim_start();
    }
    if !text.is_empty() {
        parts.push(text);
    }
    parts
}

/// The viewer has seen everything up to a number.
pub fn see(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64) -> Result<()> {
    partners::open(tx, viewer, id, relationships::Deed::See)?;
    let number = number.min(sql::newest(tx, id)?);
    if number > 0
        && sql::save_seen(tx, id, viewer.person, number)?
        && let Some(told) = told(tx, id, viewer.person)?
        && sql::position(tx, id, viewer.person)?.told_from <= number
    {
        notices::seen(tx, viewer.person, ARRIVED, told.0)?;
    }
    Ok(())
}

/// The stretch before a number, or the newest.
pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, before: Option<i64>) -> Result<Conversation> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let newest = sql::newest(tx, id)?;
    let mut rows = sql::before(tx, id, before.unwrap_or(i64::MAX), PAGE + 1)?;
    rows.retain(|row| company.relationship.reads(viewer, row.at));
    let has_older = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    rows.reverse();
    let key = company.relationship.key;
    let ring = seal::ring(tx, &[key])?;
    let messages = opened_all(tx, &ring, key, rows)?;
    let is_newest = messages.last().is_none_or(|m| m.number == newest);
    let seen = sql::position(tx, id, viewer.person)?.seen;
    let heard = sql::heard(tx, id)? + sessions::verbs::heard_in(tx, id)?;
    Ok(Conversation { company, messages, has_older, is_newest, seen, newest, heard })
}

/// Messages with their files and with what was heard in them. Three queries, however many there are.
pub(super) fn opened_all(tx: &mut Tx, ring: &Ring, key: KeyId, rows: Vec<SealedMessage>) -> Result<Vec<Message>> {
    let mut messages: Vec<Message> = rows.into_iter().map(|row| opened(ring, key, row)).collect::<Result<_>>()?;
    let ids = List::of(messages.iter().map(|m| m.id))?;
    for file in sql::files(tx, &ids)? {
        if let Some(message) = messages.iter_mut().find(|m| m.number == file.number) {
            message.files.push(file);
        }
    }
    let text = |sealed: &Sealed| Ok::<_, Error>(ring.text(key, sealed)?.unwrap_or_default());
    for row in sql::playbacks(tx, &ids)? {
        if let Some(message) = messages.iter_mut().find(|m| m.id == row.message && m.taken_back_at.is_none()) {
            let correction = row.correction.as_ref().map(text).transpose()?;
            let answered_by = Some(message.by).filter(|_| row.state != PlaybackState::Waiting);
            message.playbacks.push(Playback {
                by: row.by,
                at: row.at,
                words: text(&row.words)?,
                state: row.state,
                correction,
                answered_by,
            });
        }
    }
    Ok(messages)
}

fn opened(ring: &Ring, key: KeyId, row: SealedMessage) -> Result<Message> {
    let words = match &row.words {
        Some(sealed) => ring.text(key, sealed)?.unwrap_or_else(|| "This was forgotten.".into()),
        None if row.taken_back_at.is_some() => String::new(),
        None => "This was forgotten.".into(),
    };
    let SealedMessage { id, number, by, at, edited_at, taken_back_at, .. } = row;
    Ok(Message { id, number, by, at, words, edited_at, taken_back_at, files: Vec::new(), playbacks: Vec::new() })
}

/// One message that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64, deed: Deed) -> Result<(Company, Message)> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let key = company.relationship.key;
    let row = sql::from(tx, id, number, 1)?.into_iter().find(|row| row.number == number);
    let row = row.filter(|row| company.relationship.reads(viewer, row.at)).ok_or(Error::NotFound)?;
    let ring = seal::ring(tx, &[key])?;
    let message = opened_all(tx, &ring, key, vec![row])?.pop().ok_or(Error::NotFound)?;
    if message.allows(&company.relationship, viewer, deed) { Ok((company, message)) } else { Err(Error::NotFound) }
}

/// Mends what one wrote, within some minutes.
pub fn edit(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64, words: &str) -> Result<()> {
    let (company, message) = open(tx, viewer, id, number, Deed::Edit)?;
    if !message.offers(&company.relationship, viewer, Deed::Edit, tx.now()) {
        return Err(too_late!("A message can be mended for ten minutes. Please write another one."));
    }
    if message.words == words {
        return Ok(());
    }
    let words = seal::seal(tx, company.relationship.key, words)?;
    sql::save_edit(tx, id, number, &words)?;
    happened(tx, "message edited", &company.relationship, viewer)
}

/// Takes back what one wrote, within a day: the words are gone, and a mark stays.
pub fn take_back(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64) -> Result<()> {
    let (company, message) = open(tx, viewer, id, number, Deed::TakeBack)?;
    if !message.offers(&company.relationship, viewer, Deed::TakeBack, tx.now()) {
        return Err(too_late!("A message can be taken back for a day. What you would like to say about it now is a message of its own."));
    }
    sql::save_taken_back(tx, id, number)?;
    sql::delete_files(tx, message.id)?;
    happened(tx, "message taken back", &company.relationship, viewer)
}

/// The messages to someone from one on, for a notice: whose conversation, and what was written.
pub(super) fn told_since(tx: &mut Tx, viewer: &Viewer, from: MessageId) -> Result<Option<(Company, Vec<Message>)>> {
    let Some((id, number)) = sql::place(tx, from)? else { return Ok(None) };
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let key = company.relationship.key;
    let ring = seal::ring(tx, &[key])?;
    let rows = sql::from(tx, id, number, 20)?.into_iter().filter(|row| !viewer.is(row.by) && row.words.is_some()).collect();
    let messages = opened_all(tx, &ring, key, rows)?;
    Ok((!messages.is_empty()).then_some((company, messages)))
}

/// In which conversations there is something that the viewer has not seen, and how many messages.
pub fn unseen(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(RelationshipId, u64)>> {
    Ok(sql::unseen(tx, viewer.person)?.into_iter().map(|(id, n)| (id, n.unsigned_abs())).collect())
}

/// Somebody joins those who write to each other: what was written before is not new to them.
pub fn follow_joining(tx: &mut Tx, id: RelationshipId, person: Option<PersonId>) -> Result<()> {
    let newest = sql::newest(tx, id)?;
    match person {
        Some(person) => sql::save_seen(tx, id, person, newest).map(|_| ()),
        None => Ok(()),
    }
}

/// A file of a message, with its bytes.
pub fn file(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64, file: FileId) -> Result<(File, Vec<u8>)> {
    let (company, message) = open(tx, viewer, id, number, Deed::See)?;
    let file = message.files.into_iter().find(|f| f.id == file).ok_or(Error::NotFound)?;
    let key = company.relationship.key;
    let sealed = sql::file_bytes(tx, id, file.id)?.ok_or(Error::NotFound)?;
    let bytes = seal::ring(tx, &[key])?.bytes(key, &sealed)?.ok_or(Error::NotFound)?;
    Ok((file, bytes))
}

/// Says in two lines what one heard in a message of the other, once for each message.
pub fn play_back(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64, words: &str) -> Result<()> {
    let (company, message) = open(tx, viewer, id, number, Deed::PlayBack)?;
    company.relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    heard::must_be_two_lines(words)?;
    let sealed = seal::seal(tx, company.relationship.key, words)?;
    let offered = message.offers(&company.relationship, viewer, Deed::PlayBack, tx.now());
    if !offered || !sql::insert_playback(tx, id, message.id, viewer.person, &sealed)? {
        return Err(too_late!("You have said already what you heard in this message, or it was taken back."));
    }
    tell(tx, message.by, "played back", message.id)?;
    happened(tx, "message played back", &company.relationship, viewer)
}

/// Whoever wrote the message says that this was it, or puts it right in their own words.
pub fn answer_playback(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: i64, correction: &str) -> Result<()> {
    let (company, message) = open(tx, viewer, id, number, Deed::AnswerPlayback)?;
    let relationship = &company.relationship;
    relationship.must_offer(viewer, relationships::Deed::TakePart)?;
    let (state, sealed) = match correction {
        "" => (PlaybackState::Confirmed, None),
        words => (PlaybackState::Corrected, Some(seal::seal(tx, relationship.key, words)?)),
    };
    let over = || too_late!("Nothing waits to be confirmed here any more.");
    // Where several have said what they heard, one after the other.
    let waiting = message.playbacks.iter().find(|p| p.state == PlaybackState::Waiting).ok_or_else(over)?;
    if !sql::answer_playback(tx, message.id, waiting.by, state, sealed.as_ref())? {
        return Err(over());
    }
    notices::seen(tx, viewer.person, "played back", message.id)?;
    tell(tx, waiting.by, "playback answered", message.id)?;
    happened(tx, "playback answered", relationship, viewer)
}

/// A message with its conversation, wherever it stands, for a notice about it.
pub(super) fn found(tx: &mut Tx, viewer: &Viewer, message: MessageId) -> Result<(Company, Message)> {
    let (id, number) = sql::place(tx, message)?.ok_or(Error::NotFound)?;
    open(tx, viewer, id, number, Deed::See)
}

/// Says a gentle word to those who have not answered in the time that they agreed on, once.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_reminders(tx)?;
    for (id, waiting) in &due {
        let Some(viewer) = Viewer::of_person(tx, *waiting, Via::Errand)? else { continue };
        let relationship = partners::open(tx, &viewer, *id, relationships::Deed::See)?;
        if !relationship.is_open_to(relationships::Deed::TakePart) {
            continue;
        }
        for party in relationship.parties.iter().filter(|p| p.person != *waiting) {
            tell(tx, party.person, "answer awaited", *id)?;
        }
    }
    Ok(due.len())
}

/// Whether the viewer has not answered the newest message of a conversation, which is then returned with its company.
pub(super) fn awaited(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Option<(Company, SignedDuration)>> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let agreed = answer_within(tx, &company.relationship)?;
    let is_theirs = sql::newest_by(tx, id)?.is_some_and(|by| !viewer.is(by));
    Ok(agreed.filter(|_| is_theirs).map(|time| (company, time)))
}

/// How soon the two agreed to answer each other, when they did.
fn answer_within(tx: &mut Tx, relationship: &Relationship) -> Result<Option<SignedDuration>> {
    Ok(agreements::clauses(tx, relationship)?.reply_hours.map(SignedDuration::from_hours))
}

fn happened(tx: &mut Tx, kind: &'static str, relationship: &Relationship, viewer: &Viewer) -> Result<()> {
    tx.record(Happening::of(kind, relationship.id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_letter_is_cut_between_words_and_loses_none() {
        assert!(stretches("").is_empty());
        assert_eq!(stretches("short"), ["short"]);
        let long = "word ".repeat(LONGEST);
        let parts = stretches(long.trim());
        assert!(parts.iter().all(|part| part.chars().count() <= LONGEST && part.split(' ').all(|word| word == "word")));
        assert_eq!(parts.iter().map(|part| part.split(' ').count()).sum::<usize>(), LONGEST);
        let unbroken = "ü".repeat(2 * LONGEST + 1);
        assert_eq!(stretches(&unbroken).concat(), unbroken);
    }
}
