//! Signing in with a password, and setting one. It is an option: nobody needs one.

use super::hasher::Hasher;
use super::letters::{self, to_owner};
use super::limits::Counters;
use super::login::{Account, Address, Deed};
use super::password;
use super::sql;
use super::verbs::{self, Device, SignedIn};
use crate::app::{App, Happening, Tx};
use crate::error::{Error, Result};
use crate::refused;
use crate::viewer::{Via, Viewer};
use uuid::Uuid;

/// Signs in with a password. A wrong password, an address of nobody, an account without a password and one that was
/// closed take the same steps and get the same answer.
pub async fn sign_in(app: &App, address: &Address, typed: &str, goes_to: String, device: Device) -> Result<SignedIn> {
    let (folded, counters) = (address.folded(), Counters::of(&app.seal, &address.folded(), &device));
    let account = app
        .write(move |tx| {
            counters.take(tx)?;
            sql::account_at(tx, &folded)
        })
        .await?;
    let account = account.filter(|a| a.closed_at.is_none());
    let kept = account.as_ref().and_then(|a| a.password_hash.as_deref());
    let is_right = app.memory::<Hasher>().verify(&password::settled(&cut(typed)), kept).await?;
    let person = account.as_ref().map(|a| a.person);
    match person.filter(|_| is_right) {
        Some(person) => {
            let counters = Counters::of(&app.seal, &address.folded(), &device);
            let kept = kept.map(str::to_owned);
            app.write(move |tx| {
                // What was verified must still be the password: it may have been changed while it was hashed.
                if sql::account(tx, person)?.is_none_or(|a| a.password_hash != kept) {
                    return Err(wrong());
                }
                counters.give_back(tx)?;
                Ok(SignedIn { person, token: verbs::begin(tx, person, &device)?, goes_to: goes_to.clone() })
            })
            .await
        }
        None => {
            app.write(move |tx| tx.record(Happening::of("sign-in refused", person.map_or(Uuid::nil(), |p| p.0)))).await?;
            Err(wrong())
        }
    }
}

fn wrong() -> Error {
    refused!("wrong_password"; "That address and that password do not go together. Try again, or ask for a link instead.")
}

/// Nobody has a password longer than the longest; what is longer is wrong, and not worth hashing whole.
fn cut(typed: &str) -> String {
    if typed.chars().count() > password::LONGEST { String::new() } else { typed.to_owned() }
}

/// Words that anyone would try first for this account.
fn own_words(tx: &Tx, account: &Account) -> Vec<String> {
    [Some(account.name.clone()), account.email.clone(), Some(tx.place_name())].into_iter().flatten().collect()
}

/// Why this account cannot have this password, in words.
pub fn refusal(tx: &mut Tx, viewer: &Viewer, typed: &str) -> Result<Option<String>> {
    let account = verbs::own_fresh(tx, viewer)?;
    let own = own_words(tx, &account);
    Ok(password::refusal(&password::settled(typed), &own.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Sets a password whose goodness was asked about before, and signs every other device out.
pub async fn set(app: &App, viewer: Viewer, typed: &str) -> Result<()> {
    let hash = app.memory::<Hasher>().hash(&password::settled(typed), app.chance.bytes()).await?;
    app.write(move |tx| {
        let account = verbs::own_fresh(tx, &viewer)?;
        change(tx, &viewer, &account, Some(&hash))
    })
    .await
}

pub fn remove(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    let account = verbs::own_fresh(tx, viewer)?;
    change(tx, viewer, &account, None)
}

fn change(tx: &mut Tx, viewer: &Viewer, account: &Account, hash: Option<&str>) -> Result<()> {
    sql::set_password(tx, viewer.person, hash)?;
    let here = if let Via::Login(login) = viewer.via { Some(login) } else { None };
    verbs::end_everything(tx, viewer.person, here)?;
    let place = tx.place_name();
    verbs::post(tx, letters::password_changed(to_owner(account), &place, hash.is_some()))?;
    let kind = if hash.is_some() { "password set" } else { "password removed" };
    tx.record(Happening::of(kind, viewer.person).by(viewer).touching([viewer.person]))
}

pub fn has_password(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    Ok(verbs::own(tx, viewer, Deed::SeeDevices)?.password_hash.is_some())
}
