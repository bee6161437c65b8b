//! What people do to the place: set it up, name it, open it, give offices.

use super::office::{self, Deed, Member};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::logins::{Address, Joining, verbs as logins};
use crate::people::Newcomer;
use crate::slices::{Need, Words};
use crate::viewer::{Office, PersonId, Viewer};
use crate::web::token_hash;
use crate::{notices, refused, too_late};
use uuid::Uuid;

/// Makes the one link that sets this place up, and with it the last one void; `None` once it is set up. Nothing else
/// opens a new place: there is no name and password to begin with.
pub fn set_up_link(tx: &mut Tx) -> Result<Option<String>> {
    if is_set_up(tx)? {
        return Ok(None);
    }
    let token = tx.token();
    tx.set("set-up link", &data_encoding::HEXLOWER.encode(&token_hash(&token)))?;
    Ok(Some(format!("/set-up/{token}")))
}

pub fn is_set_up(tx: &mut Tx) -> Result<bool> {
    Ok(tx.setting("set up at")?.is_some())
}

/// Whether this is the link that sets up.
pub fn may_set_up(tx: &mut Tx, token: &str) -> Result<bool> {
    let hash = data_encoding::HEXLOWER.encode(&token_hash(token));
    // Comparing hashes of what was sent: how long it takes says nothing about the token.
    Ok(!is_set_up(tx)? && tx.setting("set-up link")?.is_some_and(|kept| kept == hash))
}

/// What whoever sets up tells us.
#[derive(Debug, Clone)]
pub struct SetUp {
    pub place: String,
    pub name: String,
    pub address: Address,
    pub zone: String,
    pub joining: Joining,
}

/// Sets this place up; its first administrator is signed in on this device.
pub fn set_up(tx: &mut Tx, token: &str, told: &SetUp, device: &logins::Device) -> Result<logins::SignedIn> {
    if !may_set_up(tx, token)? {
        return Err(match is_set_up(tx)? {
            true => refused!("link_is_over"; "This link has been used already. Sign in instead."),
            false => refused!("link_is_over"; "Chiron has been started again since, and printed a new link. Please open that one."),
        });
    }
    // The address comes from whoever holds the machine, so it is taken as theirs.
    let newcomer = Newcomer {
        name: told.name.clone(),
        email: Some(told.address.as_str().into()),
        verified: true,
        zone: Some(told.zone.clone()),
        office: Some(Office::Administrator),
    };
    let person = crate::people::verbs::join(tx, &newcomer)?;
    tx.set("place name", &told.place)?;
    tx.set("who may join", told.joining.as_str())?;
    let now = tx.now();
    tx.set("set up at", &now.jiff().to_string())?;
    tx.set("set-up link", "")?;
    tx.record(Happening { by: Some(person), ..Happening::of("place set up", person) })?;
    tx.record(Happening { by: Some(person), ..Happening::of("place changed", person) })?;
    let token = logins::begin(tx, person, device)?;
    Ok(logins::SignedIn { person, token, goes_to: "/today".into() })
}

/// What this place says of itself.
#[derive(Debug, Clone)]
pub struct Said {
    pub name: String,
    pub joining: Joining,
    pub conduct: String,
    /// Whether values take no part in recommendations.
    pub values_left_out: bool,
}

pub fn said(tx: &mut Tx, viewer: &Viewer) -> Result<Said> {
    permitted(viewer, Deed::Change)?;
    Ok(Said {
        name: tx.setting("place name")?.unwrap_or_default(),
        joining: logins::joining(tx)?,
        conduct: crate::logins::pages::conduct_text(tx)?,
        values_left_out: !crate::people::verbs::values_count_here(tx)?,
    })
}

pub fn change(tx: &mut Tx, viewer: &Viewer, said: &Said) -> Result<()> {
    permitted(viewer, Deed::Change)?;
    tx.set("place name", &said.name)?;
    tx.set("who may join", said.joining.as_str())?;
    tx.set("code of conduct", &said.conduct)?;
    crate::people::verbs::leave_values_out(tx, said.values_left_out)?;
    tx.record(Happening::of("place changed", viewer.person).by(viewer))
}

/// People a page at a time, by name.
pub const A_PAGE: usize = 50;

/// People whose name contains what was typed, after one of them; and whether there are more.
pub fn members(tx: &mut Tx, viewer: &Viewer, typed: &str, after: Option<PersonId>) -> Result<(Vec<Member>, bool)> {
    permitted(viewer, Deed::SeePeople)?;
    let words: String =
        crate::fold::fold(typed).chars().flat_map(|c| if matches!(c, '%' | '_' | '!') { vec!['!', c] } else { vec![c] }).collect();
    let last = match after {
        Some(person) => sql::member(tx, person)?,
        None => None,
    };
    let after = last.as_ref().map_or(("", PersonId(Uuid::nil())), |m| (m.folded.as_str(), m.person));
    let mut members = sql::members(tx, &format!("%{words}%"), after, A_PAGE as i64 + 1)?;
    let more = members.len() > A_PAGE;
    members.truncate(A_PAGE);
    Ok((members, more))
}

/// Gives someone an office, or takes it away.
pub fn give_office(tx: &mut Tx, viewer: &Viewer, person: PersonId, office: Office) -> Result<Member> {
    permitted(viewer, Deed::GiveOffice)?;
    let member = sql::member(tx, person)?.ok_or(Error::NotFound)?;
    let administrators = logins::administrators(tx)?;
    office::may_get(viewer, &member, office, administrators)?;
    if member.office == office {
        return Ok(member);
    }
    if !sql::set_office(tx, person, member.office, office)? {
        return Err(too_late!("Somebody changed this a moment before you. Please look again."));
    }
    tx.record(Happening::of("office given", person).by(viewer).touching([person]))?;
    if !viewer.is(person) {
        notices::verbs::tell(tx, person, "office given", person)?;
    }
    Ok(Member { office, ..member })
}

fn permitted(viewer: &Viewer, deed: Deed) -> Result<()> {
    if office::allows(viewer, deed) { Ok(()) } else { Err(Error::NotFound) }
}

/// The words of the notice about one's office: of the office as it is when they are read.
pub fn office_words(_: &mut Tx, viewer: &Viewer, _: Uuid) -> Result<Option<Words>> {
    let (title, line, path) = match viewer.office {
        Office::Administrator => (
            "You now look after this place",
            "You can name it, open it, invite people and give offices. What people write to each other stays theirs.",
            "/place",
        ),
        Office::Coordinator => (
            "You are a coordinator now",
            "You look after the words for skills, and see that requests are answered. What people write to each other stays theirs.",
            "/today",
        ),
        Office::Member => (
            "Your office here has ended",
            "Thank you for having looked after this place. Everything of your own stays as it was.",
            "/today",
        ),
    };
    Ok(Some(Words { title: title.into(), lines: vec![line.into()], path: path.into(), button: "Have a look".into(), ..Words::default() }))
}

/// Whether the viewer looks after a place in which nobody else is yet.
pub fn is_alone(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    Ok(viewer.administers() && sql::people_up_to(tx, 2)? < 2)
}

/// What a new place still needs from those who look after it.
pub fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    if !viewer.administers() {
        return Ok(needs);
    }
    let need = |title: &str, line: &str, path: &str, button: &str| Need {
        by: None,
        title: title.into(),
        line: line.into(),
        path: path.into(),
        button: button.into(),
    };
    if is_alone(tx, viewer)? {
        let how = match logins::joining(tx)? {
            Joining::Open => "Pass the address of this place on, or bring people in from a spreadsheet.",
            Joining::Invited => {
                "Make an invitation and pass its link on, bring people in from a spreadsheet, or open the place to everybody."
            }
        };
        needs.push(need("Nobody else is here yet", how, "/place", "Invite people"));
    }
    if !tx.config().sends_mail() && !logins::has_way_without_mail(tx, viewer)? {
        needs.push(need(
            "This place cannot send mail yet",
            "Until it can, letters wait in the outbox, and only a passkey or a password signs you in again. Give yourself one.",
            "/account",
            "Add a way to sign in",
        ));
    }
    Ok(needs)
}
