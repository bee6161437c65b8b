//! Letters before they are drawn, when to try again, and when to stop. Pure.

use crate::viewer::PersonId;
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

ids!(LetterId);

/// Whom a letter is for.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// Someone here, at the address of their account. Without one, no letter is written.
    Person(PersonId),
    /// Someone who has not joined, or an address that is to be proved.
    Address { name: Option<String>, address: String },
}

/// A letter to post. Paths are of our own pages and begin with a slash; all of it is plain text.
///
/// ```ignore
/// mail::verbs::post(tx, Letter {
///     lines: vec!["Here is your link to sign in.".into()],
///     button: Some(("Sign in".into(), format!("/sign-in/{token}"))),
///     showable: true,
///     good_until: Some(in_ten_minutes),
///     ..Letter::to(Recipient::Person(person), "sign-in link", "Your link to sign in", "because someone asked to sign in with your address")
/// })?;
/// ```
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: Recipient,
    /// What kind of letter, in words for the outbox: “sign-in link”. Never what it says.
    pub kind: &'static str,
    pub subject: String,
    pub lines: Vec<String>,
    /// What a person wrote, and who.
    pub quote: Option<(String, String)>,
    /// The one button: label and path.
    pub button: Option<(String, String)>,
    /// Quieter than the button, below it: label and path.
    pub links: Vec<(String, String)>,
    /// Said after the button: what happens if one does nothing.
    pub after: Option<String>,
    /// “because Amina asked you”, said at the foot.
    pub why: String,
    /// Whether the button's link may be shown to the administrator while no mail is configured: sign-in and invitation
    /// links, without which nobody could begin.
    pub showable: bool,
    /// After this it is no use any more; three days when not said.
    pub good_until: Option<Timestamp>,
    /// Where a reply by mail goes: the noun of a `Reply`, and which one. Only for letters to a person.
    pub reply_to: Option<(&'static str, Uuid)>,
    /// The kind of notice that its unsubscribe link switches off; none for letters that must come. Only to a person.
    pub unsubscribe: Option<&'static str>,
    /// What calendar programs read in it.
    pub invitation: Option<Invitation>,
}

/// The part of a letter that is for calendars (iMIP, RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// As it stands in the calendar: REQUEST or CANCEL.
    pub method: String,
    pub calendar: String,
}

impl Letter {
    pub fn to(to: Recipient, kind: &'static str, subject: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            to,
            kind,
            subject: subject.into(),
            lines: Vec::new(),
            quote: None,
            button: None,
            links: Vec::new(),
            after: None,
            why: why.into(),
            showable: false,
            good_until: None,
            reply_to: None,
            unsubscribe: None,
            invitation: None,
        }
    }
}

/// A letter as it waits, sealed: what the mail server will be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The whole address behind the button.
    pub link: Option<String>,
    pub reply_to: Option<String>,
    /// Where a mail program posts to unsubscribe with one click (RFC 8058).
    pub unsubscribe: Option<String>,
    #[serde(default)]
    pub invitation: Option<Invitation>,
}

/// How long we try to deliver.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// How often we send again what may have arrived. The receiver can tell the double by its Message-ID; most do.
pub const DOUBTS: i64 = 2;

/// How long to wait after so many tries: a minute, then three times longer each time, at most six hours.
pub fn wait(attempts: i64) -> SignedDuration {
    let minutes = 3_i64.saturating_pow(u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(20));
    SignedDuration::from_mins(minutes.min(360))
}

text_enum!(
    /// Where a letter is, as the outbox tells it.
    pub State { Waiting = "waiting", Stuck = "stuck", Sent = "sent" }
);

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Taken,
    /// Not now: the server said so (4xx), or could not be reached.
    Later,
    /// Never: the server said so (5xx), or the letter cannot be sent at all.
    Never,
    /// The letter was handed over and no answer came.
    InDoubt,
}

/// What follows from how a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Sent,
    TryAt(Timestamp),
    GiveUp,
}

record!(
    /// A letter that was claimed for a try. `attempts` and `doubts` count this try's claim already.
    #[derive(Debug, Clone)]
    pub struct Due {
        pub id: LetterId,
        pub to_address: String,
        pub body: Option<crate::seal::Sealed>,
        pub message_id: String,
        pub made_at: Timestamp,
        pub good_until: Timestamp,
        pub attempts: i64,
        pub doubts: i64,
    }
);

impl Due {
    pub fn after(&self, ended: Ended, now: Timestamp) -> Next {
        let next = now + wait(self.attempts);
        match ended {
            Ended::Taken => Next::Sent,
            Ended::Never => Next::GiveUp,
            Ended::InDoubt if self.doubts + 1 > DOUBTS => Next::GiveUp,
            Ended::Later | Ended::InDoubt if next > self.good_until => Next::GiveUp,
            Ended::Later | Ended::InDoubt => Next::TryAt(next),
        }
    }
}

record!(
    /// A letter as the outbox shows it. `body` is there only for the link of a letter that may be shown.
    #[derive(Debug, Clone)]
    pub struct Posted {
        pub id: LetterId,
        pub to_address: String,
        pub kind: String,
        pub body: Option<crate::seal::Sealed>,
        pub made_at: Timestamp,
        pub good_until: Timestamp,
        pub next_try_at: Timestamp,
        pub attempts: i64,
        pub doubts: i64,
        pub sent_at: Option<Timestamp>,
        pub given_up_at: Option<Timestamp>,
        pub transcript: String,
    }
);

/// One line of a header or a subject: no line ends, no controls, not endless.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(attempts: i64, doubts: i64) -> Due {
        let at = Timestamp::from_micros;
        Due {
            id: LetterId(Uuid::nil()),
            to_address: "a@b.example".into(),
            body: None,
            message_id: "<a@b>".into(),
            made_at: at(0),
            good_until: at(0) + PATIENCE,
            attempts,
            doubts,
        }
    }

    #[test]
    fn waits_grow_from_a_minute_to_six_hours() {
        let minutes: Vec<i64> = (1..=8).map(|n| wait(n).as_mins()).collect();
        assert_eq!(minutes, [1, 3, 9, 27, 81, 243, 360, 360]);
        assert_eq!(wait(i64::MAX).as_mins(), 360);
    }

    #[test]
    fn patience_ends_after_three_days_and_doubt_after_two_doubles() {
        let now = Timestamp::from_micros(0);
        assert_eq!(due(1, 0).after(Ended::Later, now), Next::TryAt(now + SignedDuration::from_mins(1)));
        assert_eq!(due(20, 0).after(Ended::Later, now + SignedDuration::from_hours(71)), Next::GiveUp);
        assert_eq!(due(1, 0).after(Ended::Never, now), Next::GiveUp);
        assert_eq!(due(2, 1).after(Ended::InDoubt, now), Next::TryAt(now + SignedDuration::from_mins(3)));
        assert_eq!(due(3, 2).after(Ended::InDoubt, now), Next::GiveUp);
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line("Hello\r\nBcc: all@example.org\u{2028}x\0y"), "Hello Bcc: all@example.org x y");
    }
}
