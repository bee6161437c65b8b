//! Who is looking. The viewer is an argument everywhere; there is no ambient one.

use crate::app::Tx;
use crate::error::Result;
use chiron_store::{List, Timestamp, ids, record, sql, text_enum};
use std::collections::BTreeSet;

ids!(
    /// A person: the identity behind an account, a profile and every part they play.
    PersonId,
    /// One device that is signed in.
    LoginId,
);

text_enum!(
    /// What someone does for the whole place. Parts in a relationship are another matter.
    pub Office { Member = "member", Coordinator = "coordinator", Administrator = "administrator" }
);

/// How the viewer showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Login(LoginId),
    /// A single-use link in a letter: good for one deed.
    Letter,
    /// The program itself, on someone's behalf: a sweep, a command, an import.
    Errand,
}

#[derive(Debug, Clone)]
pub struct Viewer {
    pub person: PersonId,
    pub name: String,
    pub office: Office,
    pub zone: jiff::tz::TimeZone,
    pub photo: Option<String>,
    pub unread: i64,
    pub via: Via,
}

/// When each login was last used, kept in memory: a page that is only read writes nothing. A sweep keeps it for good now
/// and then.
#[derive(Default)]
pub struct LastSeen(pub std::sync::Mutex<std::collections::HashMap<LoginId, Timestamp>>);

impl LastSeen {
    pub fn note(&self, login: LoginId, at: Timestamp) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(login, at);
    }
}

record!(
    struct Row {
        person: PersonId,
        name: String,
        office: Office,
        zone: String,
        photo: Option<String>,
        unread: i64,
    }
);

impl Viewer {
    pub fn is(&self, person: PersonId) -> bool {
        self.person == person
    }
    pub fn coordinates(&self) -> bool {
        matches!(self.office, Office::Coordinator | Office::Administrator)
    }
    pub fn administers(&self) -> bool {
        self.office == Office::Administrator
    }

    /// The viewer behind a login, when it is still good at this moment: not ended, not expired, the account not closed.
    pub fn of_login(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Self>> {
        let now = tx.now();
        let login: Option<(LoginId, PersonId)> = tx.opt(
            sql!("select id, person_id from logins where token_hash = $1 and ended_at is null and expires_at > $2 and idle_at > $2"),
            &[&token_hash, &now],
        )?;
        match login {
            Some((login, person)) => Self::of_person(tx, person, Via::Login(login)),
            None => Ok(None),
        }
    }

    /// Those of these logins that are still good, for what stays open longer than a request. At most a thousand.
    pub fn logins_that_stand(tx: &mut Tx, logins: &List) -> Result<BTreeSet<LoginId>> {
        let now = tx.now();
        let standing: Vec<(LoginId,)> = tx.all(
            sql!(
                "select l.id from logins l join people p on p.id = l.person_id
                 where l.id in {list $1 as id} and l.ended_at is null and l.expires_at > $2 and l.idle_at > $2 and p.closed_at is null
                 limit 1000"
            ),
            &[logins, &now],
        )?;
        Ok(standing.into_iter().map(|r| r.0).collect())
    }

    pub fn of_person(tx: &mut Tx, person: PersonId, via: Via) -> Result<Option<Self>> {
        let row: Option<Row> = tx.opt(
            sql!(
                "select p.id as person, p.name, p.office, f.zone, f.photo,
                    (select count(*) from notices n where n.person_id = p.id and n.read_at is null) as unread
                 from people p join profiles f on f.person_id = p.id
                 where p.id = $1 and p.forgotten_at is null and p.closed_at is null"
            ),
            &[&person],
        )?;
        Ok(row.map(|r| Self {
            person: r.person,
            name: r.name,
            office: r.office,
            zone: zone(&r.zone),
            photo: r.photo,
            unread: r.unread,
            via,
        }))
    }

    /// An instant as this person says it, such as “Friday 27 November, 14:00”.
    pub fn when(&self, at: Timestamp) -> String {
        at.in_zone(&self.zone).strftime("%A %-d %B, %H:%M").to_string()
    }
    /// A day that may be years away.
    pub fn date(&self, at: Timestamp) -> String {
        at.in_zone(&self.zone).strftime("%-d %B %Y").to_string()
    }
    pub fn day(&self, at: Timestamp) -> String {
        at.in_zone(&self.zone).strftime("%A %-d %B").to_string()
    }
}

/// The moment of a day at which people are asked again, by their own clock: eight in the morning.
pub fn morning(day: jiff::civil::Date, zone: &jiff::tz::TimeZone) -> Result<Timestamp> {
    Ok(day.at(8, 0, 0, 0).to_zoned(zone.clone())?.timestamp().into())
}

/// A zone by its name; UTC when there is no such zone any more.
pub fn zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}
