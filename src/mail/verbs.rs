//! Posting letters.

use super::letter::{Letter, LetterId, PATIENCE, Recipient, Written, one_line};
use super::{reply, signed, sql};
use crate::app::Tx;
use crate::error::Result;
use crate::page::letter::{Letter as Sheet, letter_html, letter_text};
use crate::viewer::PersonId;
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

/// A path for a letter that permits its holder one deed as this person, once, after a page that asks.
pub fn link(tx: &mut Tx, person: PersonId, deed: &'static str, subject: Uuid) -> Result<String> {
    debug_assert!(tx.slices().iter().flat_map(|s| s.letter_deeds).any(|d| d.deed == deed), "no slice declares the letter deed “{deed}”");
    let token = tx.token();
    let expires = tx.now() + jiff::SignedDuration::from_hours(24 * LINK_DAYS);
    sql::insert_link(tx, &crate::web::token_hash(&token), person, deed, subject, expires)?;
    Ok(format!("/letters/{token}"))
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
        greeting: match to_name.split(' ').next() {
            Some(first) if !first.is_empty() => format!("Hello {first},"),
            _ => "Hello,".into(),
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
    })
}
