//! Signing in and the devices that stay signed in: addresses, links, how long each lasts, and who may do what. Pure.

use crate::slices::PolicyTable;
use crate::viewer::{LoginId, PersonId, Via, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use std::net::IpAddr;

ids!(LinkId, InvitationId, PasskeyId, CeremonyId);

/// A device that is not used for this long is signed out.
pub const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// However much it is used, after this long one signs in again.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(180 * 24);
/// Long enough to find the letter, short enough that an old mailbox opens nothing.
pub const LINK: SignedDuration = SignedDuration::from_mins(10);
/// How recent a sign-in has to be before one changes how one signs in.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// A device that adds a passkey or signs in with one has this long.
pub const CEREMONY: SignedDuration = SignedDuration::from_mins(5);
pub const INVITATION: SignedDuration = SignedDuration::from_hours(30 * 24);
/// An account that its owner closed can be opened again by an administrator for this long.
pub const REOPEN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Unused links in one mailbox at a time. Whoever asks for more than these has one that still works, so this cannot keep
/// anyone out, and nobody's mailbox is filled.
pub const LINKS_AT_ONCE: i64 = 3;
pub const DEVICES: i64 = 50;
pub const PASSKEYS: usize = 20;
pub const INVITATIONS: usize = 100;

text_enum!(pub Purpose { SignIn = "sign_in", Join = "join", Address = "address" });

text_enum!(
    /// Who may join this place.
    pub Joining { Open = "open", Invited = "invited" }
);

/// An e-mail address as it was typed, trimmed; it has one @, a name before it and a host after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// As two spellings of one address are compared.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::str::FromStr for Address {
    type Err = ();
    fn from_str(typed: &str) -> Result<Self, ()> {
        let typed = typed.trim();
        // 254 is the longest that a mail server takes (RFC 5321, 4.5.3.1.3, less the angle brackets).
        if typed.len() > 254 || typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(());
        }
        typed.parse::<lettre::Address>().map(|_| Self(typed.to_owned())).map_err(|_| ())
    }
}

/// The network someone comes from: one address of IPv4, or the /64 that a home or a phone gets of IPv6.
pub fn network(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A device as its owner would call it: “Firefox on Linux”.
pub fn device(user_agent: &str) -> String {
    // The order matters: everyone claims to be those who came before them.
    const BROWSERS: [(&str, &str); 9] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("FxiOS", "Firefox"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("CrOS", "a Chromebook"),
        ("Windows", "Windows"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.into(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A device".into(),
    }
}

record!(
    /// A device that is signed in.
    #[derive(Debug, Clone)]
    pub struct Login {
        pub id: LoginId,
        pub person: PersonId,
        pub device: String,
        pub made_at: Timestamp,
        pub seen_at: Timestamp,
    }
);

impl Login {
    /// Whether it is recent enough to change how one signs in.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.made_at) <= FRESH
    }
}

record!(
    /// How someone signs in and is reached.
    #[derive(Debug, Clone)]
    pub struct Account {
        pub person: PersonId,
        pub name: String,
        pub email: Option<String>,
        pub verified_at: Option<Timestamp>,
        pub password_hash: Option<String>,
        pub closed_at: Option<Timestamp>,
    }
);

record!(
    /// A link as it is found by its token.
    pub struct Link {
        pub id: LinkId,
        pub purpose: Purpose,
        pub person: Option<PersonId>,
        pub carried: crate::seal::Sealed,
        pub goes_to: String,
    }
);

record!(
    pub struct Invitation {
        pub id: InvitationId,
        pub token: crate::seal::Sealed,
        pub note: String,
        pub made_at: Timestamp,
        pub expires_at: Timestamp,
        pub places: i64,
    }
);

record!(
    pub struct Key {
        pub id: PasskeyId,
        pub name: String,
        pub made_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    SeeDevices,
    SignOut,
    /// Set a password, add a passkey, change the address.
    ChangeSignIn,
    Close,
}

impl Deed {
    const ALL: [(Self, &'static str); 4] =
        [(Self::SeeDevices, "see_devices"), (Self::SignOut, "sign_out"), (Self::ChangeSignIn, "change_sign_in"), (Self::Close, "close")];
}

impl Account {
    /// An account is its owner's alone: no office opens it. A letter's link is good for its own deed, never for the keys.
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        viewer.is(self.person)
            && match deed {
                Deed::SeeDevices | Deed::SignOut | Deed::Close => viewer.via != Via::Letter,
                Deed::ChangeSignIn => matches!(viewer.via, Via::Login(_)),
            }
    }
}

/// The rows of the policy table: what each may do to someone's account.
pub fn policy(table: &mut PolicyTable) {
    use crate::viewer::Office;
    let owner = PersonId(uuid::Uuid::from_u128(1));
    let login = Via::Login(LoginId(uuid::Uuid::nil()));
    let account = Account { person: owner, name: String::new(), email: None, verified_at: None, password_hash: None, closed_at: None };
    let who = [
        ("owner", owner, Office::Member, login),
        ("owner, by a letter's link", owner, Office::Member, Via::Letter),
        ("another member", PersonId(uuid::Uuid::from_u128(2)), Office::Member, login),
        ("coordinator", PersonId(uuid::Uuid::from_u128(2)), Office::Coordinator, login),
        ("administrator", PersonId(uuid::Uuid::from_u128(2)), Office::Administrator, login),
    ];
    for (deed, name) in Deed::ALL {
        for (role, person, office, via) in who {
            let viewer = Viewer { person, name: String::new(), office, zone: jiff::tz::TimeZone::UTC, photo: None, unread: 0, via };
            table.row("account", name, role, account.allows(&viewer, deed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_a_mail_server_would_take() {
        for good in ["amina@example.org", " amina+mentoring@example.org ", "o'neil@example.org", "lea@localhost"] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        for bad in ["", "amina", "@example.org", "a b@example.org", "a@b@c", "a@example.org\r\nBcc: x@example.org", &long] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn devices_are_named_as_their_owners_do() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
                "Safari on an iPhone",
            ),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
            ("", "A device"),
        ] {
            assert_eq!(device(agent), words);
        }
    }

    #[test]
    fn a_network_is_an_address_or_a_home() {
        assert_eq!(network("192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().unwrap()), network("2001:db8:1:2::9".parse().unwrap()));
    }
}
