//! Posting letters.

use super::letter::{Letter, LetterId, PATIENCE, Recipient, Written, one_line};
use super::sql;
use crate::app::Tx;
use crate::error::Result;
use crate::page::letter::{Letter as Sheet, letter_html, letter_text};

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
    let written = write(tx, &letter, name.unwrap_or_default())?;
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

fn write(tx: &mut Tx, letter: &Letter, to_name: String) -> Result<Written> {
    let url = tx.config().url();
    let whole = |(label, path): &(String, String)| (label.clone(), format!("{url}{path}"));
    let to_name = one_line(&to_name);
    let sheet = Sheet {
        place: tx.setting("place name")?.unwrap_or_else(|| "Chiron".into()),
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
        after: letter.after.clone(),
        why: letter.why.clone(),
        unsubscribe: None,
        language: String::new(),
    };
    Ok(Written {
        to_name,
        subject: sheet.subject.clone(),
        text: letter_text(&sheet),
        html: letter_html(&sheet).into_string(),
        link: sheet.button.map(|(_, link)| link),
        reply_to: None,
        unsubscribe: None,
    })
}
