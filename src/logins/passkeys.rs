//! Passkeys: added to an account after a fresh sign-in, and good to sign in with no address typed. The half-way state of
//! each ceremony lies sealed in the database, for five minutes and for one answer.

use super::letters::{self, to_owner};
use super::login::{CEREMONY, PASSKEYS, PasskeyId};
use super::sql;
use super::verbs::{self, Device, SignedIn};
use crate::app::{App, Happening, Tx};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::refused;
use crate::viewer::{PersonId, Viewer};
use crate::web::token_hash;
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder,
};

/// What a page's script needs to begin: the ceremony's token, and the options for the browser.
#[derive(Serialize)]
pub struct Begun {
    ceremony: String,
    options: serde_json::Value,
}

/// The origin that passkeys of this place belong to. They belong to a name, never to a number: a place on this machine
/// alone is called localhost, and one that is only a number has none.
pub fn origin(config: &Config) -> Option<url::Url> {
    let mut url = url::Url::parse(&config.url()).ok()?;
    let is_loopback = match url.host()? {
        url::Host::Domain(_) => return Some(url),
        url::Host::Ipv4(ip) => ip.is_loopback() || ip.is_unspecified(),
        url::Host::Ipv6(ip) => ip.is_loopback() || ip.is_unspecified(),
    };
    url.set_host(Some("localhost")).ok()?;
    (is_loopback && url.scheme() == "http").then_some(url)
}

fn webauthn(app: &App) -> Result<Webauthn> {
    let origin = origin(&app.config).ok_or_else(no_name)?;
    let name = app.place().name.clone();
    let host = origin.host_str().unwrap_or_default().to_owned();
    let builder = WebauthnBuilder::new(&host, &origin).map_err(Error::broken)?;
    builder.rp_name(&name).build().map_err(Error::broken)
}

fn no_name() -> Error {
    refused!("no_name"; "Passkeys belong to a name such as mentoring.example.org, and this place is reached by a number. Whoever runs it can give it a name.")
}

/// Begins to add a passkey.
pub async fn begin_adding(app: &App, viewer: Viewer) -> Result<Begun> {
    let person = viewer.person;
    let (account, held) = app.read(move |tx| Ok((verbs::own_fresh(tx, &viewer)?, sql::held(tx, viewer.person)?))).await?;
    if held.len() >= PASSKEYS {
        return Err(
            refused!("too_many_passkeys"; "There are {PASSKEYS} passkeys on your account already. Take one away that you no longer use."),
        );
    }
    let known = held.iter().map(|(_, held)| Ok(serde_json::from_str::<Passkey>(held)?.cred_id().clone()));
    let known = known.collect::<Result<Vec<CredentialID>>>()?;
    let shown = account.email.as_deref().unwrap_or(&account.name);
    let (options, state) = webauthn(app)?.start_passkey_registration(person.0, shown, &account.name, Some(known)).map_err(Error::broken)?;
    let mut options = serde_json::to_value(&options)?;
    // The library leaves it to the device; we sign in without asking for an address, so the device has to remember.
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
    }
    begun(app, Some(person), &state, options).await
}

/// Adds the passkey that the device made.
pub async fn add(app: &App, viewer: Viewer, ceremony: &str, credential: &str, name: String) -> Result<()> {
    let state: PasskeyRegistration = claim(app, ceremony, Some(viewer.person)).await?;
    let made: RegisterPublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_good())?;
    let passkey = webauthn(app)?.finish_passkey_registration(&made, &state).map_err(|_| not_good())?;
    let held = serde_json::to_string(&passkey)?;
    app.write(move |tx| {
        let account = verbs::own_fresh(tx, &viewer)?;
        let id = sql::insert_passkey(tx, viewer.person, passkey.cred_id().as_ref(), &held, &name)
            .map_err(|e| if e.is_duplicate() { refused!("passkey_known"; "This passkey is here already.") } else { e })?;
        let place = tx.place_name();
        verbs::post(tx, letters::passkey_added(to_owner(&account), &place, &name))?;
        tx.record(Happening::of("passkey added", id).by(&viewer).touching([viewer.person]))
    })
    .await
}

pub fn remove(tx: &mut Tx, viewer: &Viewer, id: PasskeyId) -> Result<()> {
    verbs::own_fresh(tx, viewer)?;
    if !sql::delete_passkey(tx, viewer.person, id)? {
        return Err(Error::NotFound);
    }
    tx.record(Happening::of("passkey removed", id).by(viewer).touching([viewer.person]))
}

/// Begins to sign in: the device offers the passkeys it has for this place.
pub async fn begin_sign_in(app: &App) -> Result<Begun> {
    let (mut options, state) = webauthn(app)?.start_discoverable_authentication().map_err(Error::broken)?;
    // Behind a button of ours, not in the browser's suggestions.
    options.mediation = None;
    begun(app, None, &state, serde_json::to_value(&options)?).await
}

/// Signs in with what the device answered.
pub async fn sign_in(app: &App, ceremony: &str, credential: &str, goes_to: String, device: Device) -> Result<SignedIn> {
    let state: DiscoverableAuthentication = claim(app, ceremony, None).await?;
    let answer: PublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_good())?;
    let webauthn = webauthn(app)?;
    let (person, credential) = webauthn.identify_discoverable_authentication(&answer).map_err(|_| not_good())?;
    let (person, credential) = (PersonId(person), credential.to_vec());
    let found = app.read(move |tx| sql::passkey(tx, person, &credential)).await?;
    let verified = found.and_then(|(id, held)| {
        let mut passkey: Passkey = serde_json::from_str(&held).ok()?;
        let result = webauthn.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&passkey)).ok()?;
        passkey.update_credential(&result);
        Some((id, serde_json::to_string(&passkey).ok()?))
    });
    let Some((id, held)) = verified else {
        app.write(move |tx| tx.record(Happening::of("sign-in refused", person))).await?;
        return Err(not_good());
    };
    app.write(move |tx| {
        sql::passkey_used(tx, id, &held)?;
        Ok(SignedIn { person, token: verbs::begin(tx, person, &device)?, goes_to: goes_to.clone() })
    })
    .await
}

fn not_good() -> Error {
    refused!("passkey_refused"; "That passkey did not work here. Try again, or ask for a link instead.")
}

async fn begun(app: &App, person: Option<PersonId>, state: &impl Serialize, mut options: serde_json::Value) -> Result<Begun> {
    let (ceremony, held) = (app.chance.token(), app.seal.shut(&app.chance, &serde_json::to_vec(state)?)?);
    let hash = token_hash(&ceremony);
    app.write(move |tx| {
        let until = tx.now() + CEREMONY;
        sql::insert_ceremony(tx, &hash, person, &held, until)
    })
    .await?;
    Ok(Begun { ceremony, options: options["publicKey"].take() })
}

/// Takes the state of a ceremony: whatever comes of it, it is used up.
async fn claim<T: DeserializeOwned>(app: &App, ceremony: &str, person: Option<PersonId>) -> Result<T> {
    let hash = token_hash(ceremony);
    let claimed = app.write(move |tx| sql::claim_ceremony(tx, &hash)).await?;
    let (_, held) = claimed
        .filter(|(whose, _)| *whose == person)
        .ok_or_else(|| refused!("ceremony_over"; "That took longer than five minutes. Please begin once more."))?;
    serde_json::from_slice(&app.seal.open(&held)?).map_err(|_| not_good())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_belong_to_a_name() {
        for (url, named) in [
            ("https://mentoring.example.org", Some("https://mentoring.example.org/")),
            ("http://localhost:8080", Some("http://localhost:8080/")),
            ("http://127.0.0.1:8080", Some("http://localhost:8080/")),
            ("https://192.0.2.7", None),
        ] {
            let config = Config { public_url: Some(url.parse().unwrap()), ..Config::default() };
            assert_eq!(origin(&config).map(String::from).as_deref(), named, "{url}");
        }
    }
}
