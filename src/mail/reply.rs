//! The addresses to which people answer letters: `reply+ask.<id><day><signature>@…`, good for one person, one thing
//! and sixty days. Pure but for the configuration it reads.

use super::signed;
use crate::app::Tx;
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

const DAYS: i64 = 60;
const DAY: i64 = 24 * 3600 * 1_000_000;
/// The day of an address that stands.
const STANDING: u16 = u16::MAX;
/// Letters of a day.
const WHEN: usize = 4;

/// Where someone answers about something; `None` while no mail can reach us.
pub fn address(tx: &Tx, noun: &str, id: Uuid, person: PersonId) -> Option<String> {
    on_day(tx, noun, id, person, day(tx.now()))
}

/// Where calendars answer about something for as long as it stands: they keep the address of whoever invited, and take an
/// invitation from another address for another one.
pub fn standing_address(tx: &Tx, noun: &str, id: Uuid, person: PersonId) -> Option<String> {
    on_day(tx, noun, id, person, STANDING)
}

fn on_day(tx: &Tx, noun: &str, id: Uuid, person: PersonId, day: u16) -> Option<String> {
    // The part before the @ may have 64 characters (RFC 5321, 4.5.3.1.1), and 53 are taken.
    debug_assert!(noun.len() <= 11, "“{noun}” is too long for a reply address");
    let domain = tx.config().reply_domain.as_deref()?;
    let day = day.to_be_bytes();
    let signature = signed::sign(tx.seal(), "reply", &[noun.as_bytes(), id.as_bytes(), person.0.as_bytes(), &day]);
    Some(format!("reply+{noun}.{}{}{signature}@{domain}", signed::letters(id.as_bytes()), signed::letters(&day)))
}

/// What an address says, before it is known whether it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub noun: String,
    pub id: Uuid,
    day: u16,
    signature: String,
}

/// Reads an address. Mail programs may change the case of its letters.
pub fn parse(address: &str, domain: &str) -> Option<Answered> {
    let address = address.trim().to_lowercase();
    let (local, at) = address.rsplit_once('@')?;
    if at != domain.to_lowercase() {
        return None;
    }
    let (noun, rest) = local.strip_prefix("reply+")?.split_once('.')?;
    let (id, rest) = rest.split_at_checked(signed::ID)?;
    let (day, signature) = rest.split_at_checked(WHEN)?;
    let day = BASE32_NOPAD.decode(day.to_uppercase().as_bytes()).ok()?;
    Some(Answered {
        noun: noun.to_owned(),
        id: signed::id(id)?,
        day: u16::from_be_bytes(day.try_into().ok()?),
        signature: signature.to_owned(),
    })
}

impl Answered {
    pub fn is_from(&self, seal: &crate::seal::Seal, person: PersonId) -> bool {
        let parts: [&[u8]; 4] = [self.noun.as_bytes(), self.id.as_bytes(), person.0.as_bytes(), &self.day.to_be_bytes()];
        signed::is_ours(seal, "reply", &parts, &self.signature)
    }
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.day == STANDING || (0..=DAYS).contains(&(i64::from(day(now)) - i64::from(self.day)))
    }
}

/// Days since 1970; good until 2149, before the last of them.
fn day(at: Timestamp) -> u16 {
    u16::try_from(at.as_micros().div_euclid(DAY).clamp(0, i64::from(STANDING) - 1)).unwrap_or(STANDING - 1)
}
