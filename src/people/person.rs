//! People: who they are, what they show, what they are open to. Pure.

use crate::viewer::PersonId;
use chiron_store::{Timestamp, record, text_enum};

text_enum!(
    /// What someone is open to being asked for.
    pub OpenTo { Mentor = "mentor", Coach = "coach", Peer = "peer", Question = "question" }
);

text_enum!(
    /// Whether a skill on a profile is one they can help with, or one they want.
    pub Side { Offered = "offered", Wanted = "wanted" }
);

impl OpenTo {
    /// As it is said of a person: “open to being your mentor”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Mentor => "mentor",
            Self::Coach => "coach",
            Self::Peer => "peer",
            Self::Question => "one question",
        }
    }
}

record!(
    /// The little that is shown wherever a person is named.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Chip {
        pub id: PersonId,
        pub name: String,
        pub pronouns: String,
        pub headline: String,
        pub photo: Option<String>,
        pub zone: String,
    }
);

/// What a friend would call somebody: the first word of the name that is one, not a picture, a title or an initial.
pub fn first_name(name: &str) -> &str {
    let is_name = |word: &&str| word.chars().any(char::is_alphabetic) && !word.ends_with('.');
    name.split_whitespace().find(is_name).or_else(|| name.split_whitespace().next()).unwrap_or(name)
}

impl Chip {
    pub fn first_name(&self) -> &str {
        first_name(&self.name)
    }
}

record!(
    /// Whether somebody can be asked just now.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Presence {
        /// When they left this place.
        pub left_at: Option<Timestamp>,
        pub not_now_until: Option<Timestamp>,
    }
);

impl Presence {
    pub fn is_not_now(&self, now: Timestamp) -> bool {
        self.not_now_until.is_some_and(|until| until > now)
    }

    /// Whether nobody would answer: they have left, or said “not now”.
    pub fn is_away(&self, now: Timestamp) -> bool {
        self.left_at.is_some() || self.is_not_now(now)
    }
}

/// Someone new.
#[derive(Debug, Clone, Default)]
pub struct Newcomer {
    pub name: String,
    pub email: Option<String>,
    /// Whether the address is known to be theirs.
    pub verified: bool,
    pub zone: Option<String>,
    pub office: Option<crate::viewer::Office>,
}

/// The middle of how long someone took to answer; `None` until there are three answers to take the middle of. What
/// lapsed counts as longer than anything answered.
pub fn usual_reply(times: &[(Timestamp, Option<Timestamp>)]) -> Option<jiff::SignedDuration> {
    if times.len() < 3 {
        return None;
    }
    let mut micros: Vec<i64> =
        times.iter().map(|(asked, answered)| answered.map_or(i64::MAX, |a| a.since(*asked).as_micros() as i64)).collect();
    micros.sort_unstable();
    let middle = micros[micros.len() / 2];
    (middle != i64::MAX).then(|| jiff::SignedDuration::from_micros(middle))
}

/// A length of time as people say it: “within an hour”, “in two days”.
pub fn said(duration: jiff::SignedDuration) -> String {
    const WORDS: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let hours = (duration.as_mins() + 59) / 60;
    let count = |n: i64, one: &str, many: &str| match usize::try_from(n).ok().and_then(|i| WORDS.get(i)) {
        Some(word) => format!("{word} {}", if n == 1 { one } else { many }),
        None => format!("{n} {many}"),
    };
    match hours {
        ..=1 => "an hour".into(),
        2..=11 => count(hours, "hour", "hours"),
        12..=36 => "a day".into(),
        _ => count((hours + 12) / 24, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn someone_is_called_by_a_name_and_not_by_a_title() {
        let cases = [
            ("Amina Haddad", "Amina"),
            ("Prof. Dr. Anna Meyer", "Anna"),
            ("J. Robert Oppenheimer", "Robert"),
            ("🦊 Lea", "Lea"),
            ("山田優希", "山田優希"),
            ("Dr.", "Dr."),
            ("🦊", "🦊"),
            ("", ""),
        ];
        for (name, first) in cases {
            assert_eq!(first_name(name), first, "{name}");
        }
    }

    #[test]
    fn the_usual_reply_is_the_middle_and_counts_silence_as_long() {
        let at = |h: i64| Timestamp::from_micros(h * 3_600_000_000);
        assert_eq!(usual_reply(&[(at(0), Some(at(1))), (at(0), Some(at(2)))]), None);
        assert_eq!(
            usual_reply(&[(at(0), Some(at(1))), (at(0), Some(at(48))), (at(0), Some(at(50)))]).map(said).as_deref(),
            Some("two days")
        );
        assert_eq!(usual_reply(&[(at(0), None), (at(0), None), (at(0), Some(at(1)))]), None);
    }
}
