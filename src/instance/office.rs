//! Who may look after the place, and who may give that office. Pure.

use crate::error::{Error, Result};
use crate::refused;
use crate::slices::PolicyTable;
use crate::viewer::{Office, PersonId, Via, Viewer};
use chiron_store::{Timestamp, record};

record!(
    /// Someone, as an administrator sees them: how they are reached and what they do for the place. Nothing of what they
    /// write is here, and nothing leads to it.
    #[derive(Debug, Clone)]
    pub struct Member {
        pub person: PersonId,
        pub name: String,
        pub folded: String,
        pub email: Option<String>,
        pub office: Office,
        pub joined_at: Timestamp,
        pub closed_at: Option<Timestamp>,
    }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    SeePeople,
    Change,
    Invite,
    GiveOffice,
    ReopenAccount,
    ReadConversations,
}

impl Deed {
    const ALL: [(Self, &'static str); 6] = [
        (Self::SeePeople, "see_people"),
        (Self::Change, "change"),
        (Self::Invite, "invite"),
        (Self::GiveOffice, "give_office"),
        (Self::ReopenAccount, "reopen_account"),
        (Self::ReadConversations, "read_conversations"),
    ];
}

/// What an office permits. What people write to each other is sealed: no office opens it.
pub fn allows(viewer: &Viewer, deed: Deed) -> bool {
    match deed {
        Deed::SeePeople | Deed::Change | Deed::Invite | Deed::GiveOffice | Deed::ReopenAccount => {
            viewer.administers() && viewer.via != Via::Letter
        }
        Deed::ReadConversations => false,
    }
}

/// Whether this person may get another office. A place always has someone who looks after it.
pub fn may_get(viewer: &Viewer, member: &Member, office: Office, administrators: i64) -> Result<()> {
    if !allows(viewer, Deed::GiveOffice) {
        return Err(Error::NotFound);
    }
    if member.closed_at.is_some() {
        return Err(refused!("closed"; "{} has closed their account. Open it again first.", member.name));
    }
    if member.office == Office::Administrator && office != Office::Administrator && administrators < 2 {
        let who = if viewer.is(member.person) { "You are".to_owned() } else { format!("{} is", member.name) };
        return Err(
            refused!("last_administrator"; "{who} the only administrator. Give someone else that office first, so that somebody looks after this place."),
        );
    }
    Ok(())
}

/// As the office is said.
pub fn words(office: Office) -> &'static str {
    match office {
        Office::Member => "member",
        Office::Coordinator => "coordinator",
        Office::Administrator => "administrator",
    }
}

fn someone(n: u128, office: Office) -> Viewer {
    Viewer {
        person: PersonId(uuid::Uuid::from_u128(n)),
        name: String::new(),
        office,
        zone: jiff::tz::TimeZone::UTC,
        photo: None,
        unread: 0,
        via: Via::Login(crate::viewer::LoginId(uuid::Uuid::nil())),
    }
}

fn member(n: u128, office: Office) -> Member {
    let at = Timestamp::from_micros(0);
    let person = PersonId(uuid::Uuid::from_u128(n));
    Member { person, name: "Lea".into(), folded: "lea".into(), email: None, office, joined_at: at, closed_at: None }
}

pub fn policy(table: &mut PolicyTable) {
    for (deed, name) in Deed::ALL {
        for office in Office::ALL {
            table.row("place", name, words(*office), allows(&someone(1, *office), deed));
        }
    }
    for (who, target, administrators) in [
        ("administrator, of another administrator", member(2, Office::Administrator), 2),
        ("administrator, of themselves", member(1, Office::Administrator), 2),
        ("the last administrator, of themselves", member(1, Office::Administrator), 1),
        ("administrator, of a coordinator", member(2, Office::Coordinator), 1),
    ] {
        let allowed = may_get(&someone(1, Office::Administrator), &target, Office::Member, administrators).is_ok();
        table.row("office", "take_away", who, allowed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_administrator_stays_and_nobody_else_gives_offices() {
        let root = someone(1, Office::Administrator);
        let own = member(1, Office::Administrator);
        assert!(may_get(&root, &own, Office::Member, 1).unwrap_err().to_string().starts_with("You are the only administrator"));
        assert!(may_get(&root, &own, Office::Administrator, 1).is_ok());
        assert!(may_get(&root, &own, Office::Member, 2).is_ok());
        assert!(may_get(&someone(2, Office::Coordinator), &member(3, Office::Member), Office::Coordinator, 2).is_err());
        let gone = Member { closed_at: Some(Timestamp::from_micros(1)), ..member(3, Office::Member) };
        assert!(may_get(&root, &gone, Office::Coordinator, 2).is_err());
    }
}
