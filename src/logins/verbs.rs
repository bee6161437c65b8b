//! What people do to sign in and out. Whoever asks for a letter gets the same answer after the same work, whether or
//! not the address has a place here.

use super::letters::{self, to_address, to_owner};
use super::limits::WINDOW;
use super::login::{
    Account, Address, Deed, INVITATION, INVITATIONS, Invitation, InvitationId, Joining, LINK, LINKS_AT_ONCE, Login, Purpose, REOPEN,
};
use super::sql::{self, NewLink};
use crate::app::{Happening, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::people::Newcomer;
use crate::refused;
use crate::seal::Seal;
use crate::viewer::{LoginId, PersonId, Via, Viewer};
use crate::web::token_hash;
use chiron_store::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A device as it comes to sign in.
#[derive(Debug, Clone, Default)]
pub struct Device {
    pub name: String,
    /// The network it comes from.
    pub network: String,
    /// Who was signed in on it before: a new sign-in ends the old one, and gets a token that nobody knew beforehand.
    pub before: Option<Viewer>,
}

/// Someone who has just signed in: the token for the cookie, and where to go.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: PersonId,
    pub token: String,
    pub goes_to: String,
}

/// What someone who joins told us, until their letter comes back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Carried {
    #[serde(default)]
    name: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    invitation: String,
}

/// Letters that one network may ask for in a quarter of an hour: a classroom that joins together stays below it.
const LETTERS: i64 = 100;

pub fn joining(tx: &mut Tx) -> Result<Joining> {
    Ok(tx.setting("who may join")?.and_then(|word| word.parse().ok()).unwrap_or(Joining::Invited))
}

/// Asks for a letter with a link that signs in.
pub fn ask_for_link(tx: &mut Tx, address: &Address, goes_to: &str, network: &str) -> Result<()> {
    let Some(sent_to) = may_write_to(tx, address, network)? else { return Ok(()) };
    let account = sql::account_at(tx, &address.folded())?;
    let person = account.as_ref().filter(|a| a.closed_at.is_none()).map(|a| a.person);
    let path = new_link(tx, Purpose::SignIn, &sent_to, person, &Carried::default(), goes_to, LINK)?;
    let (place, until, open) = (tx.place_name(), tx.now() + LINK, joining(tx)? == Joining::Open);
    let to = to_address(address, account.as_ref().map_or("", |a| &a.name));
    let letter = match (&account, person) {
        (Some(_), Some(_)) => letters::sign_in(to, &place, path, until),
        (Some(_), None) => letters::closed(to, &place, until),
        (None, _) => letters::nobody_here(to, &place, open, until),
    };
    post(tx, letter)
}

/// Someone new asks to join. Nothing is made before their letter comes back, so nobody takes an address that is not
/// theirs, and what somebody already has here is never overwritten.
pub fn join(tx: &mut Tx, name: &str, address: &Address, zone: &str, invitation: &str, network: &str) -> Result<()> {
    welcome(tx, invitation)?;
    let Some(sent_to) = may_write_to(tx, address, network)? else { return Ok(()) };
    let account = sql::account_at(tx, &address.folded())?;
    let carried = Carried { name: name.into(), address: address.as_str().into(), zone: zone.into(), invitation: invitation.into() };
    let (place, until) = (tx.place_name(), tx.now() + LINK);
    let here = account.as_ref().filter(|a| a.closed_at.is_none()).map(|a| a.person);
    let purpose = if account.is_some() { Purpose::SignIn } else { Purpose::Join };
    let path = new_link(tx, purpose, &sent_to, here, &carried, "/today", LINK)?;
    let to = to_address(address, account.as_ref().map_or(name, |a| &a.name));
    let letter = match (account, here) {
        (None, _) => letters::finish_joining(to, &place, path, until),
        (Some(_), Some(_)) => letters::already_here(to, &place, path, until),
        (Some(_), None) => letters::closed(to, &place, until),
    };
    post(tx, letter)
}

/// Whether someone may join now: everybody where the place is open, otherwise whoever has an invitation with places left.
pub fn welcome(tx: &mut Tx, invitation: &str) -> Result<()> {
    let open = joining(tx)? == Joining::Open;
    if invitation.is_empty() {
        return if open {
            Ok(())
        } else {
            Err(refused!("by_invitation"; "New people join here by invitation. Ask someone who is already here for a link."))
        };
    }
    match sql::invitation(tx, &token_hash(invitation))? {
        Some(_) => Ok(()),
        None if open => Ok(()),
        None => Err(refused!("invitation_over"; "This invitation has been used up or has ended. Ask for a new one.")),
    }
}

/// What a link would do, for the page that asks once more. Mail programs open links to look at them: looking uses up nothing.
pub fn look_at_link(tx: &mut Tx, token: &str) -> Result<Option<(Purpose, String)>> {
    let Some(link) = sql::link(tx, &token_hash(token))? else { return Ok(None) };
    let name = match link.person {
        Some(person) => sql::account(tx, person)?.filter(|a| a.closed_at.is_none()).map(|a| a.name),
        None if link.purpose == Purpose::Join => Some(carried(tx, &link.carried)?.name),
        None => None,
    };
    Ok(name.map(|name| (link.purpose, name)))
}

/// Uses a link from a letter to sign in, joining first when that is what it is for. Of all who try at once, one does.
pub fn use_link(tx: &mut Tx, token: &str, device: &Device) -> Result<SignedIn> {
    let link = sql::claim_link(tx, &token_hash(token))?.filter(|l| l.purpose != Purpose::Address).ok_or_else(link_is_over)?;
    let person = match (link.purpose, link.person) {
        (Purpose::SignIn, Some(person)) => person,
        (Purpose::Join, _) => {
            let told = carried(tx, &link.carried)?;
            finish_joining(tx, &told)?
        }
        _ => return Err(link_is_over()),
    };
    sql::verify(tx, person)?;
    let token = begin(tx, person, device)?;
    Ok(SignedIn { person, token, goes_to: link.goes_to })
}

fn finish_joining(tx: &mut Tx, told: &Carried) -> Result<PersonId> {
    welcome(tx, &told.invitation)?;
    if let Some(invitation) = sql::invitation(tx, &token_hash(&told.invitation))?
        && !sql::take_place(tx, invitation.id)?
    {
        return Err(refused!("invitation_over"; "The last place of this invitation has just been taken. Ask for a new one."));
    }
    let newcomer = Newcomer {
        name: told.name.clone(),
        email: Some(told.address.clone()),
        verified: true,
        zone: Some(told.zone.clone()),
        ..Newcomer::default()
    };
    crate::people::verbs::join(tx, &newcomer)
}

/// Signs a person in on a device: always with a token that did not exist before.
pub fn begin(tx: &mut Tx, person: PersonId, device: &Device) -> Result<String> {
    let account = sql::account(tx, person)?.ok_or_else(link_is_over)?;
    if account.closed_at.is_some() {
        return Err(refused!("closed"; "This account was closed. Within thirty days an administrator can open it again."));
    }
    if let Some(Viewer { person: before, via: Via::Login(login), .. }) = device.before {
        sql::end_login(tx, before, login)?;
    }
    let token = tx.token();
    let login = sql::insert_login(tx, person, &token_hash(&token), &device.name)?;
    tx.record(Happening { by: Some(person), ..Happening::of("signed in", login).touching([person]) })?;
    Ok(token)
}

/// A path that signs a person in once; in a demo, as often as one likes, because there it is printed to be tried.
pub fn sign_in_link(tx: &mut Tx, person: PersonId, valid_for: SignedDuration) -> Result<String> {
    let sent_to = mark(tx.seal(), "person", &[&person.to_string()]);
    new_link(tx, Purpose::SignIn, &sent_to, Some(person), &Carried::default(), "/today", valid_for)
}

pub fn sign_out(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    if let Via::Login(login) = viewer.via {
        end_device(tx, viewer, login)?;
    }
    Ok(())
}

/// Signs one of the viewer's devices out.
pub fn end_device(tx: &mut Tx, viewer: &Viewer, login: LoginId) -> Result<()> {
    own(tx, viewer, Deed::SignOut)?;
    if !sql::end_login(tx, viewer.person, login)? {
        return Err(Error::NotFound);
    }
    tx.record(Happening::of("signed out", login).by(viewer).touching([viewer.person]))
}

pub fn sign_out_everywhere(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    own(tx, viewer, Deed::SignOut)?;
    end_everything(tx, viewer.person, None)?;
    tx.record(Happening::of("signed out", viewer.person).by(viewer).touching([viewer.person]))
}

/// Ends every login and every letter's link of a person: from the next request on, none of them is good.
pub fn end_everything(tx: &mut Tx, person: PersonId, but: Option<LoginId>) -> Result<()> {
    sql::end_logins(tx, person, but)?;
    sql::end_links(tx, person)
}

pub fn devices(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Login>> {
    own(tx, viewer, Deed::SeeDevices)?;
    let noted = tx.memory::<crate::viewer::LastSeen>();
    let noted = noted.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let mut devices = sql::logins(tx, viewer.person)?;
    for device in &mut devices {
        device.seen_at = device.seen_at.max(noted.get(&device.id).copied().unwrap_or(device.seen_at));
    }
    Ok(devices)
}

pub fn passkeys(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<super::login::Key>> {
    own(tx, viewer, Deed::SeeDevices)?;
    sql::passkeys(tx, viewer.person)
}

/// Whether someone can sign in when no letter reaches them.
pub fn has_way_without_mail(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    let account = own(tx, viewer, Deed::SeeDevices)?;
    Ok(account.password_hash.is_some() || !sql::passkeys(tx, viewer.person)?.is_empty())
}

/// The viewer's own account, for a deed on it.
pub fn own(tx: &mut Tx, viewer: &Viewer, deed: Deed) -> Result<Account> {
    sql::account(tx, viewer.person)?.filter(|a| a.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same, for a change of how one signs in, which wants a sign-in of the last minutes: a device left open for a
/// moment is not enough to take an account over.
pub fn own_fresh(tx: &mut Tx, viewer: &Viewer) -> Result<Account> {
    if !is_fresh(tx, viewer)? {
        return Err(
            refused!("sign_in_again"; "Please sign in once more first: this changes how you sign in, and your last sign-in was a while ago."),
        );
    }
    own(tx, viewer, Deed::ChangeSignIn)
}

pub fn is_fresh(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    let Via::Login(login) = viewer.via else { return Ok(false) };
    let now = tx.now();
    Ok(sql::login(tx, login)?.is_some_and(|l| l.is_fresh(now)))
}

/// Asks to be reached at another address: a letter there confirms it, a letter to the old one says so.
pub fn ask_to_change_address(tx: &mut Tx, viewer: &Viewer, address: &Address, network: &str) -> Result<()> {
    let account = own_fresh(tx, viewer)?;
    let Some(sent_to) = may_write_to(tx, address, network)? else { return Ok(()) };
    let place = tx.place_name();
    // An address that someone else has here gets the letter that says so: the page tells nobody who is here.
    let taken = sql::account_at(tx, &address.folded())?.is_some_and(|a| a.person != viewer.person);
    let told = Carried { address: address.as_str().into(), ..Carried::default() };
    let path = new_link(tx, Purpose::Address, &sent_to, Some(viewer.person), &told, "/account", LINK)?;
    let (to, until) = (to_address(address, ""), tx.now() + LINK);
    let letter = if taken { letters::address_in_use(to, &place, until) } else { letters::confirm_address(to, &place, path, until) };
    post(tx, letter)?;
    post(tx, letters::address_asked(to_owner(&account), &place))
}

/// Confirms a new address by the link that went to it.
pub fn change_address(tx: &mut Tx, token: &str) -> Result<()> {
    let link = sql::claim_link(tx, &token_hash(token))?.filter(|l| l.purpose == Purpose::Address).ok_or_else(link_is_over)?;
    let person = link.person.ok_or_else(link_is_over)?;
    let account = sql::account(tx, person)?.filter(|a| a.closed_at.is_none()).ok_or_else(link_is_over)?;
    let address: Address = carried(tx, &link.carried)?.address.parse().map_err(|()| link_is_over())?;
    if sql::account_at(tx, &address.folded())?.is_some_and(|a| a.person != person) {
        return Err(refused!("address_taken"; "Somebody here already uses that address."));
    }
    let place = tx.place_name();
    // To the address that the account has until the next line.
    post(tx, letters::address_left(to_owner(&account), &place))?;
    sql::set_address(tx, person, address.as_str(), &address.folded())?;
    // Links that wait in the old mailbox open nothing any more.
    sql::end_links(tx, person)?;
    tx.record(Happening { by: Some(person), ..Happening::of("address changed", person).touching([person]) })
}

/// Closes the viewer's own account: signed out everywhere at once, gone from sight, and to be opened again by an
/// administrator for thirty days.
pub fn close(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    own(tx, viewer, Deed::Close)?;
    if viewer.administers() && administrators(tx)? < 2 {
        return Err(
            refused!("last_administrator"; "You are the only administrator. Give someone else that office first, so that somebody looks after this place."),
        );
    }
    tx.record(Happening::of("person leaves", viewer.person).by(viewer))?;
    sql::close(tx, viewer.person)?;
    end_everything(tx, viewer.person, None)?;
    tx.record(Happening::of("person left", viewer.person).by(viewer).touching([viewer.person]))
}

/// Opens an account again that its owner closed by mistake.
pub fn reopen(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    if !viewer.administers() {
        return Err(Error::NotFound);
    }
    let since = tx.now() - REOPEN;
    if !sql::reopen(tx, person, since)? {
        return Err(refused!("too_long_ago"; "This account is open, or was closed more than thirty days ago."));
    }
    tx.record(Happening::of("person returned", person).by(viewer).touching([person]))
}

/// People in office who can still act.
pub fn administrators(tx: &mut Tx) -> Result<i64> {
    sql::administrators(tx)
}

/// Makes a link to hand on, with so many places.
pub fn invite(tx: &mut Tx, viewer: &Viewer, note: &str, places: i64) -> Result<InvitationId> {
    if !viewer.administers() {
        return Err(Error::NotFound);
    }
    if sql::invitations(tx, INVITATIONS as i64)?.len() >= INVITATIONS {
        return Err(
            refused!("too_many_invitations"; "There are {INVITATIONS} open invitations already. End one that is no longer needed first."),
        );
    }
    let token = tx.token();
    let kept = tx.seal().shut(tx.chance(), token.as_bytes())?;
    let until = tx.now() + INVITATION;
    let id = sql::insert_invitation(tx, viewer.person, &token_hash(&token), &kept, note, places, until)?;
    tx.record(Happening::of("invitation made", id).by(viewer))?;
    Ok(id)
}

/// Open invitations with their paths.
pub fn invitations(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Invitation, String)>> {
    if !viewer.administers() {
        return Err(Error::NotFound);
    }
    let invitations = sql::invitations(tx, INVITATIONS as i64)?;
    let opened = invitations.into_iter().map(|i| {
        let token = String::from_utf8(tx.seal().open(&i.token)?).map_err(Error::broken)?;
        Ok((i, format!("/join?invitation={token}")))
    });
    opened.collect()
}

pub fn end_invitation(tx: &mut Tx, viewer: &Viewer, id: InvitationId) -> Result<()> {
    if !viewer.administers() || !sql::end_invitation(tx, id)? {
        return Err(Error::NotFound);
    }
    tx.record(Happening::of("invitation ended", id).by(viewer))
}

/// Leaves a letter for the sweep that sends, so that asking takes the same time whether or not anyone is there.
pub fn post(tx: &mut Tx, letter: crate::mail::Letter) -> Result<()> {
    crate::mail::verbs::post(tx, letter)?;
    Ok(())
}

/// Counts a letter against the network that asks for it. `None` when the mailbox already holds enough links that work.
fn may_write_to(tx: &mut Tx, address: &Address, network: &str) -> Result<Option<Vec<u8>>> {
    let key = mark(tx.seal(), "letters", &[network]);
    let since = tx.now() - WINDOW;
    if sql::count_try(tx, &key, since)? > LETTERS {
        return Err(too_often(WINDOW));
    }
    let sent_to = mark(tx.seal(), "address", &[&address.folded()]);
    Ok((sql::links_waiting(tx, &sent_to)? < LINKS_AT_ONCE).then_some(sent_to))
}

fn new_link(
    tx: &mut Tx,
    purpose: Purpose,
    sent_to: &[u8],
    person: Option<PersonId>,
    told: &Carried,
    goes_to: &str,
    valid_for: SignedDuration,
) -> Result<String> {
    let token = tx.token();
    let carried = tx.seal().shut(tx.chance(), &serde_json::to_vec(told)?)?;
    let (expires_at, reusable) = (tx.now() + valid_for, is_demo(tx)?);
    let hash = token_hash(&token);
    let link = NewLink { purpose, token_hash: &hash, sent_to, person, carried: &carried, goes_to, reusable, expires_at };
    sql::insert_link(tx, &link)?;
    Ok(match purpose {
        Purpose::Address => format!("/account/address/{token}"),
        Purpose::SignIn | Purpose::Join => format!("/sign-in/{token}"),
    })
}

/// A place of made-up people: its links may be used again and again.
fn is_demo(tx: &mut Tx) -> Result<bool> {
    Ok(tx.setting("demo")?.is_some())
}

fn carried(tx: &mut Tx, sealed: &crate::seal::Sealed) -> Result<Carried> {
    Ok(serde_json::from_slice(&tx.seal().open(sealed)?)?)
}

/// A keyed hash of what we count by, so that no table holds addresses of people or networks.
pub fn mark(seal: &Seal, what: &str, parts: &[&str]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(seal.signing_key()) else { return Vec::new() };
    mac.update(what.as_bytes());
    for part in parts {
        mac.update(&[0]);
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes()[..16].to_vec()
}

fn link_is_over() -> Error {
    refused!("link_is_over"; "This link has been used already, or it is older than ten minutes. Ask for a new one.")
}

pub fn too_often(wait: SignedDuration) -> Error {
    let minutes = (wait.as_secs().max(1) + 59) / 60;
    let sentence = match minutes {
        1 => "That was a lot of tries from your network. Please wait a minute, or use another way to sign in.".into(),
        n => format!("That was a lot of tries from your network. Please wait {n} minutes, or use another way to sign in."),
    };
    Error::refused("too_often", RefusalKind::TooOften(wait.as_secs().max(1).unsigned_abs()), sentence)
}

/// Keeps for good when devices were last used: at most once an hour, because a page that is only read writes nothing.
pub fn is_last_seen_due(tx: &mut Tx) -> Result<bool> {
    let kept = tx.memory::<Kept>();
    let last = kept.0.load(std::sync::atomic::Ordering::SeqCst);
    let noted = tx.memory::<crate::viewer::LastSeen>();
    let any = !noted.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_empty();
    Ok(any && tx.now().since(Timestamp::from_micros(last)) >= SignedDuration::from_hours(1))
}

/// When that was last done by this program, in microseconds.
#[derive(Default)]
pub struct Kept(pub std::sync::atomic::AtomicI64);

pub fn keep_last_seen(tx: &mut Tx, seen: &[(LoginId, Timestamp)]) -> Result<()> {
    for (login, at) in seen {
        sql::seen(tx, *login, *at)?;
    }
    Ok(())
}

/// What we keep about how someone signs in, as they would recognise it; never the keys themselves.
pub fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(account) = sql::account(tx, person)? else { return Ok(serde_json::Value::Null) };
    let logins = sql::logins(tx, person)?;
    let passkeys = sql::passkeys(tx, person)?;
    Ok(serde_json::json!({
        "address": account.email,
        "has_password": account.password_hash.is_some(),
        "devices": logins.iter().map(|l| serde_json::json!({
            "device": l.device, "signed_in": l.made_at.jiff().to_string(), "last_used": l.seen_at.jiff().to_string(),
        })).collect::<Vec<_>>(),
        "passkeys": passkeys.iter().map(|k| serde_json::json!({
            "name": k.name, "added": k.made_at.jiff().to_string(),
        })).collect::<Vec<_>>(),
    }))
}
