//! Posting letters.

use super::letter::{Letter, LetterId, PATIENCE, Posted, Recipient, State, Written, one_line};
use super::{deliver, reply, signed, sql};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::page::letter::{Letter as Sheet, letter_html, letter_text};
use crate::refused;
use crate::viewer::{PersonId, Viewer};
use uuid::Uuid;

/// How long a link in a letter can be used.
const LINK_DAYS: i64 = 14;

/// Writes a letter and leaves it for the sweep that sends. `None` when the person has no address, or is gone.
pub fn post(tx: &mut Tx, letter: Letter) -> Result<Option<LetterId>> {
    let (person, name, address) = match &letter.to {
        Recipient::Address { name, address } => (None, name.clone(), address.trim().to_owned()),
        Recipient::Person(person) => match sql::addressee(tx, *person)? {
            Some(sql::Addressee { name, email: Some(email) }) => (Some(*person), Some(name), email),
            _ => return Ok(None),
        },
    };
    let id: LetterId = tx.new_id();
    let written = write(tx, &letter, person, name.unwrap_or_default())?;
    let new = sql::New {
        person,
        to_address: &address,
        kind: letter.kind,
        written: &written,
        message_id: &format!("<{id}@{}>", tx.config().host()),
        showable: letter.showable,
        good_until: letter.good_until.unwrap_or(tx.now() + PATIENCE),
    };
    sql::insert(tx, id, &new)?;
    Ok(Some(id))
}

/// Where letters to someone go: for calendars, which write it into what they invite them to.
pub fn address_of(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    Ok(sql::addressee(tx, person)?.and_then(|a| a.email))
}

/// A path for a letter that permits its holder one deed as this person, once, after a page that asks.
pub fn link(tx: &mut Tx, person: PersonId, deed: &'static str, subject: Uuid) -> Result<String> {
    debug_assert!(tx.slices().iter().flat_map(|s| s.letter_deeds).any(|d| d.deed == deed), "no slice declares the letter deed “{deed}”");
    let token = tx.token();
    let expires = tx.now() + jiff::SignedDuration::from_hours(24 * LINK_DAYS);
    sql::insert_link(tx, &crate::web::token_hash(&token), person, deed, subject, expires)?;
    Ok(format!("/letters/{token}"))
}

/// Where someone writes by mail to something here, outside of any letter; `None` while no mail can reach us.
pub fn reply_address(tx: &Tx, noun: &'static str, subject: Uuid, person: PersonId) -> Option<String> {
    reply::address(tx, noun, subject, person)
}

/// A path that stops mail of a kind to someone. It holds for as long as the letter may lie in a mailbox.
pub fn stop_path(tx: &Tx, person: PersonId, kind: &str) -> String {
    let signature = signed::sign(tx.seal(), "stop", &[person.0.as_bytes(), kind.as_bytes()]);
    let kind: String = url::form_urlencoded::byte_serialize(kind.as_bytes()).collect();
    format!("/mail/stop/{}{signature}?kind={kind}", signed::letters(person.0.as_bytes()))
}

/// Who holds such a path, when it is ours.
pub fn stopper(tx: &Tx, token: &str, kind: &str) -> Option<PersonId> {
    let (person, signature) = token.split_at_checked(signed::ID)?;
    let person = signed::id(person)?;
    signed::is_ours(tx.seal(), "stop", &[person.as_bytes(), kind.as_bytes()], signature).then_some(PersonId(person))
}

fn write(tx: &mut Tx, letter: &Letter, person: Option<PersonId>, to_name: String) -> Result<Written> {
    let url = tx.config().url();
    let stop = letter.unsubscribe.zip(person).map(|(kind, person)| format!("{url}{}", stop_path(tx, person, kind)));
    let reply_to = match (&letter.reply_to, person) {
        (Some((noun, id)), Some(person)) => reply::address(tx, noun, *id, person),
        _ => None,
    };
    let whole = |(label, path): &(String, String)| (label.clone(), format!("{url}{path}"));
    let to_name = one_line(&to_name);
    let sheet = Sheet {
        place: tx.place_name(),
        subject: one_line(&letter.subject),
        preview: letter.lines.first().cloned().unwrap_or_default(),
        greeting: match crate::people::first_name(&to_name) {
            "" => "Hello,".into(),
            first => format!("Hello {first},"),
        },
        paragraphs: letter.lines.clone(),
        quotation: letter.quote.clone(),
        button: letter.button.as_ref().map(whole),
        links: letter.links.iter().map(whole).collect(),
        after: letter.after.clone().or_else(|| reply_to.is_some().then(|| "You can also answer by replying to this mail.".into())),
        why: letter.why.clone(),
        unsubscribe: stop.clone(),
        language: String::new(),
    };
    Ok(Written {
        to_name,
        subject: sheet.subject.clone(),
        text: letter_text(&sheet),
        html: letter_html(&sheet).into_string(),
        link: sheet.button.map(|(_, link)| link),
        reply_to,
        unsubscribe: stop,
        invitation: letter.invitation.clone(),
    })
}

/// How long the outbox remembers.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// Whether letters can leave this place; without that, links are shown to the administrator.
pub fn leaves(tx: &Tx) -> bool {
    deliver::leaves(tx)
}

pub fn too_late_due(tx: &mut Tx) -> Result<bool> {
    sql::any_too_late(tx)
}
pub fn give_up_too_late(tx: &mut Tx) -> Result<usize> {
    Ok(sql::give_up_too_late(tx, 100)? as usize)
}

pub fn old_due(tx: &mut Tx) -> Result<bool> {
    let before = tx.now() - KEPT;
    sql::any_old(tx, before)
}
pub fn forget_old(tx: &mut Tx) -> Result<usize> {
    let before = tx.now() - KEPT;
    Ok(sql::forget_old(tx, before, 500)? as usize)
}

/// One page of the outbox, newest first, with what is before it; and how many wait and how many are stuck.
pub struct Outbox {
    pub letters: Vec<(Posted, Option<String>)>,
    pub older: Option<LetterId>,
    pub waiting: i64,
    pub stuck: i64,
    /// Whether letters can leave at all.
    pub leaves: bool,
}

const PAGE: i64 = 50;

/// The outbox as whoever runs this place may see it: never what a letter says; a link only while there is no other way
/// for it to reach whom it is for.
pub fn outbox(tx: &mut Tx, viewer: &Viewer, state: State, before: Option<LetterId>) -> Result<Outbox> {
    if !viewer.administers() {
        return Err(Error::NotFound);
    }
    let before = before.unwrap_or(LetterId(Uuid::max()));
    let mut posted = match state {
        State::Waiting => sql::waiting(tx, before, PAGE + 1)?,
        State::Stuck => sql::stuck(tx, before, PAGE + 1)?,
        State::Sent => sql::gone(tx, before, PAGE + 1)?,
    };
    let more = posted.len() as i64 > PAGE;
    posted.truncate(PAGE as usize);
    let older = posted.last().map(|p| p.id).filter(|_| more);
    let letters = with_links(tx, posted)?;
    let (waiting, stuck) = sql::counts(tx)?;
    Ok(Outbox { letters, older, waiting, stuck, leaves: leaves(tx) })
}

fn with_links(tx: &mut Tx, posted: Vec<Posted>) -> Result<Vec<(Posted, Option<String>)>> {
    let (leaves, now) = (leaves(tx), tx.now());
    let mut letters = Vec::with_capacity(posted.len());
    for letter in posted {
        let body = letter.body.as_ref().filter(|_| !leaves && letter.good_until > now);
        let link = match body {
            Some(body) => sql::open(tx, body)?.link,
            None => None,
        };
        letters.push((letter, link));
    }
    Ok(letters)
}

/// Addresses and links of letters that wait, newest first, for whoever has the machine in hand: an administrator who is
/// signed out cannot look into the outbox. `None` once letters leave by themselves.
pub fn links_that_wait(tx: &mut Tx) -> Result<Option<Vec<(String, String)>>> {
    if leaves(tx) {
        return Ok(None);
    }
    let posted = sql::waiting(tx, LetterId(Uuid::max()), PAGE)?;
    let links = with_links(tx, posted)?.into_iter().filter_map(|(letter, link)| Some((letter.to_address, link?)));
    Ok(Some(links.collect()))
}

/// Tries a letter again at once.
pub fn again(tx: &mut Tx, viewer: &Viewer, id: LetterId) -> Result<()> {
    if !viewer.administers() {
        return Err(Error::NotFound);
    }
    let good_until = tx.now() + PATIENCE;
    if !sql::again(tx, id, good_until)? {
        return Err(refused!(
            "This letter cannot be sent again: it has been sent, is on its way, or its link has expired. They can ask for a new one."
        ));
    }
    Ok(())
}
