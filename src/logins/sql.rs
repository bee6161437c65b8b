//! Every query about signing in.

use super::login::{Account, DEVICES, IDLE, Invitation, InvitationId, Key, LONGEST, Link, LinkId, Login, PasskeyId, Purpose};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::Sealed;
use crate::viewer::{LoginId, PersonId};
use chiron_store::{Timestamp, sql};

pub fn account(tx: &mut Tx, person: PersonId) -> Result<Option<Account>> {
    Ok(tx.opt(
        sql!(Account: "select p.id as person, p.name, a.email, a.verified_at, a.password_hash, p.closed_at
             from accounts a join people p on p.id = a.person_id where p.id = $1 and p.forgotten_at is null"),
        &[&person],
    )?)
}

pub fn account_at(tx: &mut Tx, folded: &str) -> Result<Option<Account>> {
    Ok(tx.opt(
        sql!(Account: "select p.id as person, p.name, a.email, a.verified_at, a.password_hash, p.closed_at
             from accounts a join people p on p.id = a.person_id where a.email_folded = $1 and p.forgotten_at is null"),
        &[&folded],
    )?)
}

pub fn set_password(tx: &mut Tx, person: PersonId, hash: Option<&str>) -> Result<()> {
    tx.execute(sql!("update accounts set password_hash = $2 where person_id = $1"), &[&person, &hash])?;
    Ok(())
}

/// The address is known to be theirs: they opened a letter that went to it.
pub fn verify(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update accounts set verified_at = $2 where person_id = $1 and verified_at is null"), &[&person, &now])?;
    Ok(())
}

pub fn set_address(tx: &mut Tx, person: PersonId, email: &str, folded: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update accounts set email = $2, email_folded = $3, verified_at = $4 where person_id = $1"),
        &[&person, &email, &folded, &now],
    )?;
    Ok(())
}

pub fn close(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let now = tx.now();
    let closed = sql!("update people set closed_at = $2 where id = $1 and closed_at is null and forgotten_at is null");
    Ok(tx.execute(closed, &[&person, &now])? > 0)
}

pub fn reopen(tx: &mut Tx, person: PersonId, closed_since: Timestamp) -> Result<bool> {
    let reopened = sql!("update people set closed_at = null where id = $1 and closed_at >= $2 and forgotten_at is null");
    Ok(tx.execute(reopened, &[&person, &closed_since])? > 0)
}

pub struct NewLink<'a> {
    pub purpose: Purpose,
    pub token_hash: &'a [u8],
    pub sent_to: &'a [u8],
    pub person: Option<PersonId>,
    pub carried: &'a Sealed,
    pub goes_to: &'a str,
    pub reusable: bool,
    pub expires_at: Timestamp,
}

pub fn insert_link(tx: &mut Tx, link: &NewLink) -> Result<()> {
    let (id, now): (LinkId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!(
            "insert into links (id, purpose, token_hash, sent_to, person_id, carried, goes_to, reusable, made_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &[
            &id,
            &link.purpose,
            &link.token_hash,
            &link.sent_to,
            &link.person,
            link.carried,
            &link.goes_to,
            &link.reusable,
            &now,
            &link.expires_at,
        ],
    )?;
    Ok(())
}

/// Links to one address that still work.
pub fn links_waiting(tx: &mut Tx, sent_to: &[u8]) -> Result<i64> {
    let now = tx.now();
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from links where sent_to = $1 and used_at is null and expires_at > $2"), &[&sent_to, &now])?;
    Ok(n)
}

pub fn link(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Link>> {
    let now = tx.now();
    Ok(tx.opt(
        sql!(Link: "select id, purpose, person_id as person, carried, goes_to from links
             where token_hash = $1 and expires_at > $2 and (used_at is null or reusable)"),
        &[&token_hash, &now],
    )?)
}

/// Takes a link: of all who try at once, one gets it.
pub fn claim_link(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Link>> {
    let now = tx.now();
    Ok(tx.opt(
        sql!(Link: "update links set used_at = $2 where token_hash = $1 and expires_at > $2 and (used_at is null or reusable)
             returning id, purpose, person_id as person, carried, goes_to"),
        &[&token_hash, &now],
    )?)
}

/// Ends every link of a person that still works.
pub fn end_links(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update links set expires_at = $2 where person_id = $1 and expires_at > $2 and not reusable"), &[&person, &now])?;
    Ok(())
}

pub fn insert_login(tx: &mut Tx, person: PersonId, token_hash: &[u8], device: &str) -> Result<LoginId> {
    let (id, now): (LoginId, _) = (tx.new_id(), tx.now());
    let (idle, longest) = (now + IDLE, now + LONGEST);
    tx.execute(
        sql!(
            "insert into logins (id, person_id, token_hash, device, made_at, seen_at, idle_at, expires_at)
             values ($1, $2, $3, $4, $5, $5, $6, $7)"
        ),
        &[&id, &person, &token_hash, &device, &now, &idle, &longest],
    )?;
    tx.execute(
        sql!(
            "update logins set ended_at = $2 where person_id = $1 and ended_at is null and id not in
             (select id from logins where person_id = $1 and ended_at is null order by made_at desc, id desc limit $3)"
        ),
        &[&person, &now, &DEVICES],
    )?;
    Ok(id)
}

pub fn login(tx: &mut Tx, id: LoginId) -> Result<Option<Login>> {
    let now = tx.now();
    Ok(tx.opt(
        sql!(Login: "select id, person_id as person, device, made_at, seen_at from logins
             where id = $1 and ended_at is null and expires_at > $2 and idle_at > $2"),
        &[&id, &now],
    )?)
}

pub fn logins(tx: &mut Tx, person: PersonId) -> Result<Vec<Login>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Login: "select id, person_id as person, device, made_at, seen_at from logins
             where person_id = $1 and ended_at is null and expires_at > $2 and idle_at > $2 order by seen_at desc, id desc limit $3"),
        &[&person, &now, &DEVICES],
    )?)
}

pub fn end_login(tx: &mut Tx, person: PersonId, id: LoginId) -> Result<bool> {
    let now = tx.now();
    let ended =
        tx.execute(sql!("update logins set ended_at = $3 where id = $1 and person_id = $2 and ended_at is null"), &[&id, &person, &now])?;
    Ok(ended > 0)
}

pub fn end_logins(tx: &mut Tx, person: PersonId, but: Option<LoginId>) -> Result<u64> {
    let (now, but) = (tx.now(), but.unwrap_or(LoginId(uuid::Uuid::nil())));
    Ok(tx.execute(sql!("update logins set ended_at = $2 where person_id = $1 and ended_at is null and id <> $3"), &[&person, &now, &but])?)
}

/// Remembers that a login was used; never sets it back.
pub fn seen(tx: &mut Tx, id: LoginId, at: Timestamp) -> Result<()> {
    let idle = at + IDLE;
    tx.execute(sql!("update logins set seen_at = $2, idle_at = $3 where id = $1 and seen_at < $2"), &[&id, &at, &idle])?;
    Ok(())
}

/// Counts a wrong try, or forgets the ones before a moment and begins again; gives the count.
pub fn count_try(tx: &mut Tx, against: &[u8], forget_before: Timestamp) -> Result<i64> {
    let now = tx.now();
    let (wrong,): (i64,) = tx.one(
        sql!(
            "insert into tries (against, wrong, since) values ($1, 1, $2) on conflict (against) do update set
             wrong = case when tries.since < $3 then 1 else tries.wrong + 1 end,
             since = case when tries.since < $3 then $2 else tries.since end
             returning wrong"
        ),
        &[&against, &now, &forget_before],
    )?;
    Ok(wrong)
}

pub fn tries(tx: &mut Tx, against: &[u8], forget_before: Timestamp) -> Result<(i64, Timestamp)> {
    let now = tx.now();
    let row: Option<(i64, Timestamp)> =
        tx.opt(sql!("select wrong, since from tries where against = $1 and since >= $2"), &[&against, &forget_before])?;
    Ok(row.unwrap_or((0, now)))
}

pub fn forgive(tx: &mut Tx, against: &[u8]) -> Result<()> {
    tx.execute(sql!("delete from tries where against = $1"), &[&against])?;
    Ok(())
}

/// One try fewer, for one that was counted beforehand and turned out right.
pub fn uncount_try(tx: &mut Tx, against: &[u8]) -> Result<()> {
    tx.execute(sql!("update tries set wrong = wrong - 1 where against = $1 and wrong > 0"), &[&against])?;
    Ok(())
}

pub fn insert_invitation(
    tx: &mut Tx,
    by: PersonId,
    token_hash: &[u8],
    token: &Sealed,
    note: &str,
    places: i64,
    expires_at: Timestamp,
) -> Result<InvitationId> {
    let (id, now): (InvitationId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!(
            "insert into invitations (id, token_hash, token, note, made_by, made_at, expires_at, places)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &token_hash, token, &note, &by, &now, &expires_at, &places],
    )?;
    Ok(id)
}

pub fn invitations(tx: &mut Tx, limit: i64) -> Result<Vec<Invitation>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Invitation: "select id, token, note, made_at, expires_at, places from invitations
             where ended_at is null and expires_at > $1 and places > 0 order by made_at desc, id desc limit $2"),
        &[&now, &limit],
    )?)
}

pub fn invitation(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Invitation>> {
    let now = tx.now();
    Ok(tx.opt(
        sql!(Invitation: "select id, token, note, made_at, expires_at, places from invitations
             where token_hash = $1 and ended_at is null and expires_at > $2 and places > 0"),
        &[&token_hash, &now],
    )?)
}

/// Takes one place of an invitation; false when there is none left.
pub fn take_place(tx: &mut Tx, id: InvitationId) -> Result<bool> {
    let now = tx.now();
    let taken = tx.execute(
        sql!("update invitations set places = places - 1 where id = $1 and ended_at is null and expires_at > $2 and places > 0"),
        &[&id, &now],
    )?;
    Ok(taken > 0)
}

pub fn end_invitation(tx: &mut Tx, id: InvitationId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.execute(sql!("update invitations set ended_at = $2 where id = $1 and ended_at is null"), &[&id, &now])? > 0)
}

pub fn insert_passkey(tx: &mut Tx, person: PersonId, credential: &[u8], held: &str, name: &str) -> Result<PasskeyId> {
    let (id, now): (PasskeyId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!("insert into passkeys (id, person_id, credential, held, name, made_at) values ($1, $2, $3, $4, $5, $6)"),
        &[&id, &person, &credential, &held, &name, &now],
    )?;
    Ok(id)
}

pub fn passkeys(tx: &mut Tx, person: PersonId) -> Result<Vec<Key>> {
    Ok(tx.all(
        sql!(Key: "select id, name, made_at, used_at from passkeys where person_id = $1 order by made_at desc, id desc limit 50"),
        &[&person],
    )?)
}

pub fn held(tx: &mut Tx, person: PersonId) -> Result<Vec<(PasskeyId, String)>> {
    Ok(tx.all(sql!("select id, held from passkeys where person_id = $1 order by made_at limit 50"), &[&person])?)
}

pub fn passkey_used(tx: &mut Tx, id: PasskeyId, held: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update passkeys set held = $2, used_at = $3 where id = $1"), &[&id, &held, &now])?;
    Ok(())
}

pub fn delete_passkey(tx: &mut Tx, person: PersonId, id: PasskeyId) -> Result<bool> {
    Ok(tx.execute(sql!("delete from passkeys where id = $1 and person_id = $2"), &[&id, &person])? > 0)
}

pub fn insert_ceremony(tx: &mut Tx, token_hash: &[u8], person: Option<PersonId>, held: &Sealed, expires_at: Timestamp) -> Result<()> {
    let id: super::login::CeremonyId = tx.new_id();
    tx.execute(
        sql!("insert into ceremonies (id, token_hash, person_id, held, expires_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &token_hash, &person, held, &expires_at],
    )?;
    Ok(())
}

/// Takes the state of a ceremony, which is then gone.
pub fn claim_ceremony(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<(Option<PersonId>, Sealed)>> {
    let now = tx.now();
    Ok(tx.opt(sql!("delete from ceremonies where token_hash = $1 and expires_at > $2 returning person_id, held"), &[&token_hash, &now])?)
}

/// Whether anything is old enough to be thrown away.
pub fn is_anything_old(tx: &mut Tx, before: Timestamp) -> Result<bool> {
    let (n,): (i64,) = tx.one(
        sql!(
            "select (select count(*) from (select 1 from links where expires_at < $1 limit 1) l)
                  + (select count(*) from (select 1 from tries where since < $1 limit 1) t)
                  + (select count(*) from (select 1 from ceremonies where expires_at < $1 limit 1) c)"
        ),
        &[&before],
    )?;
    Ok(n > 0)
}

pub fn throw_away_old(tx: &mut Tx, before: Timestamp) -> Result<usize> {
    let mut gone = tx.execute(
        sql!("delete from links where id in (select id from links where expires_at < $1 order by expires_at limit 500)"),
        &[&before],
    )?;
    gone += tx.execute(
        sql!("delete from tries where against in (select against from tries where since < $1 order by since limit 500)"),
        &[&before],
    )?;
    gone += tx.execute(
        sql!("delete from ceremonies where id in (select id from ceremonies where expires_at < $1 order by expires_at limit 500)"),
        &[&before],
    )?;
    Ok(gone as usize)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    for statement in [
        sql!("delete from links where person_id = $1"),
        sql!("delete from ceremonies where person_id = $1"),
        sql!("delete from passkeys where person_id = $1"),
        sql!("delete from logins where person_id = $1"),
        sql!("delete from invitations where made_by = $1"),
        sql!("update accounts set email = null, email_folded = null, verified_at = null, password_hash = null where person_id = $1"),
    ] {
        tx.execute(statement, &[&person])?;
    }
    Ok(())
}

pub fn administrators(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from people where office = 'administrator' and closed_at is null and forgotten_at is null"), &[])?;
    Ok(n)
}

pub fn passkey(tx: &mut Tx, person: PersonId, credential: &[u8]) -> Result<Option<(PasskeyId, String)>> {
    Ok(tx.opt(sql!("select id, held from passkeys where person_id = $1 and credential = $2"), &[&person, &credential])?)
}
