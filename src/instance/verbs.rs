//! What people do to the place: set it up, name it, open it, give offices.

use crate::app::{Happening, Tx};
use crate::error::Result;
use crate::logins::{Address, Joining, verbs as logins};
use crate::people::Newcomer;
use crate::refused;
use crate::viewer::Office;
use crate::web::token_hash;

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
        return Err(refused!("link_is_over"; "This link has been used already. Sign in instead."));
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
