//! What an agreement speaks of, for each kind of relationship, and how it usually begins. Pure.
//!
//! The coaching one covers what professional coaching bodies expect of an agreement (among them the competency “establishes
//! and maintains agreements” of the International Coaching Federation: logistics, fees, scheduling, duration, termination,
//! confidentiality, inclusion of others, and both sides' responsibilities), in words of our own.

use crate::relationships::Kind;

/// One thing to agree on.
#[derive(Debug, PartialEq, Eq)]
pub struct Element {
    /// As it is stored and sent.
    pub code: &'static str,
    pub title: &'static str,
    /// What it asks.
    pub asks: &'static str,
    pub answer: Answer,
    /// What stands there before anybody has written: for a choice, its value.
    pub usual: &'static str,
    /// Whether a sponsor reads it and signs it.
    pub for_sponsor: bool,
}

/// How it is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Words,
    /// One of these: value and label. A clause that the program keeps to.
    One(&'static [(&'static str, &'static str)]),
    /// Any of these, stored in this order with commas between.
    Some(&'static [(&'static str, &'static str)]),
}

/// The longest answer in words, in characters.
pub const LONGEST: usize = 1500;

pub const CADENCES: &[(&str, &str)] = &[
    ("7", "Every week"),
    ("14", "Every two weeks"),
    ("21", "Every three weeks"),
    ("28", "Every four weeks"),
    ("42", "Every six weeks"),
    ("56", "Every eight weeks"),
];
pub const LENGTHS: &[(&str, &str)] = &[("30", "30 minutes"), ("45", "45 minutes"), ("60", "One hour"), ("90", "An hour and a half")];
pub const REPLIES: &[(&str, &str)] = &[
    ("24", "Within a day"),
    ("48", "Within two days"),
    ("72", "Within three days"),
    ("168", "Within a week"),
    ("0", "Whenever there is time"),
];
pub const CHANNELS: &[(&str, &str)] = &[
    ("here", "Messages here"),
    ("mail", "Mail"),
    ("phone", "Phone"),
    ("video", "Video"),
    ("in_person", "In person"),
    ("chat", "A chat elsewhere"),
];
pub const RECORDING: &[(&str, &str)] = &[("never", "No session is recorded"), ("with_consent", "Only when each of us has said yes to it")];
pub const SPONSOR_REPORT: &[(&str, &str)] =
    &[("none", "No report to a sponsor"), ("approved", "A report of only those lines that the learner has approved")];
pub const RETENTION: &[(&str, &str)] = &[
    ("keep", "It stays readable to us"),
    ("30", "It is destroyed 30 days after the end"),
    ("90", "It is destroyed 90 days after the end"),
    ("365", "It is destroyed a year after the end"),
];
pub const REVIEW: &[(&str, &str)] = &[("30", "After 30 days, and again after 90"), ("90", "After 90 days")];

macro_rules! element {
    ($name:ident, $code:literal, $title:literal, $asks:literal, $answer:expr, $usual:literal, $sponsor:literal) => {
        pub static $name: Element =
            Element { code: $code, title: $title, asks: $asks, answer: $answer, usual: $usual, for_sponsor: $sponsor };
    };
}

element!(FOCUS, "focus", "What we work on", "What should be different at the end? One or two things are plenty.", Answer::Words, "", false);
element!(
    ROLES,
    "roles",
    "Who is responsible for what",
    "What the coach brings, what the client brings, and what each can count on.",
    Answer::Words,
    "The client chooses what to work on and decides what to do. The coach listens, asks, and says what they notice; the coach does not decide or act for the client. Both come prepared and on time.",
    true
);
element!(
    PREPARATION,
    "preparation",
    "Who prepares what",
    "What comes before a session, and what after it.",
    Answer::Words,
    "The mentee brings a question and says beforehand what it is about. Afterwards the mentee writes down what they will do.",
    false
);
element!(
    TURNS,
    "turns",
    "How we take turns",
    "So that everybody gets as much as they give.",
    Answer::Words,
    "Half of the time belongs to each of us. Whoever began last time begins second this time.",
    false
);
element!(
    GROUND_RULES,
    "ground_rules",
    "How we are with each other",
    "A few rules that everybody can live with.",
    Answer::Words,
    "One speaks at a time. Advice is given when somebody asks for it. Nobody has to share anything.",
    false
);
element!(
    JOINING,
    "joining",
    "Coming and going",
    "How somebody joins, misses a meeting, or leaves.",
    Answer::Words,
    "New people join when all of us agree. Whoever cannot come says so beforehand. Anybody may leave at any time and says goodbye.",
    false
);
element!(
    LOGISTICS,
    "logistics",
    "Where and how we meet",
    "The place or the tool, whose link, and what happens when it fails.",
    Answer::Words,
    "By video, on a link that the coach sends. If it fails, we phone.",
    true
);
element!(
    FEES,
    "fees",
    "Fees",
    "What a session costs, who pays, when, and what is free. “None” is an answer.",
    Answer::Words,
    "None.",
    true
);
element!(
    SCHEDULING,
    "scheduling",
    "Making and moving times",
    "How times are found, how late one may be moved, and what happens when somebody does not come.",
    Answer::Words,
    "We settle the next time at the end of each session. A time can be moved until 24 hours before. Whoever is late loses that part of the session.",
    true
);
element!(CADENCE, "cadence", "How often we meet", "We remind you when nothing is planned in that time.", Answer::One(CADENCES), "28", true);
element!(LENGTH, "session_length", "How long a session is", "Times are proposed in this length.", Answer::One(LENGTHS), "60", true);
element!(
    DURATION,
    "duration",
    "For how long",
    "Months or sessions, and what happens then.",
    Answer::Words,
    "Six months; then we look back and decide anew.",
    true
);
element!(
    REPLY,
    "reply",
    "How soon we answer",
    "Between sessions. You both see when a message has waited longer.",
    Answer::One(REPLIES),
    "72",
    false
);
element!(CHANNELS_, "channels", "How we reach each other", "Everything else is off limits.", Answer::Some(CHANNELS), "here,video", false);
element!(
    CONFIDENTIALITY,
    "confidentiality",
    "What stays between us",
    "And the few things that cannot.",
    Answer::Words,
    "What is said stays between us, unless both of us agree, the law demands it, or somebody is in danger.",
    true
);
element!(
    INCLUSION,
    "inclusion",
    "Whether anybody else is included",
    "A sponsor, a manager, a supervisor, somebody who helps: who, and what they hear.",
    Answer::Words,
    "Nobody, unless both of us agree first. The coach may speak with their own supervisor without names.",
    true
);
element!(
    BOUNDARIES,
    "boundaries",
    "What this is not",
    "Where it ends, and where to turn instead.",
    Answer::Words,
    "Coaching is not therapy and not medical, legal or financial advice. If that is what is needed, the coach says so and helps to find it.",
    false
);
element!(
    OFF_LIMITS,
    "off_limits",
    "What stays out",
    "Topics, favours or times that are off limits. “Nothing in particular” is an answer.",
    Answer::Words,
    "Nothing in particular.",
    false
);
element!(
    ENDING,
    "ending",
    "How it can end",
    "So that nobody has to stay out of politeness.",
    Answer::Words,
    "Either of us can end it at any time, without a reason. We try to have a last conversation.",
    true
);
element!(
    RECORDING_,
    "recording",
    "Recording",
    "A session is recorded only while everybody in it agrees.",
    Answer::One(RECORDING),
    "never",
    false
);
element!(
    REPORT,
    "sponsor_report",
    "What a sponsor reads",
    "A sponsor never reads what you write to each other.",
    Answer::One(SPONSOR_REPORT),
    "none",
    true
);
element!(
    RETENTION_,
    "retention",
    "What happens to what we write",
    "You are both told two weeks before anything is destroyed, and can keep a copy.",
    Answer::One(RETENTION),
    "keep",
    false
);
element!(REVIEW_, "review", "When we look at this again", "We ask you then whether it still fits.", Answer::One(REVIEW), "30", true);

/// What an agreement of this kind speaks of, in order.
pub fn of(kind: Kind) -> &'static [&'static Element] {
    static MENTORING: &[&Element] = &[
        &FOCUS,
        &CADENCE,
        &LENGTH,
        &DURATION,
        &PREPARATION,
        &REPLY,
        &CHANNELS_,
        &CONFIDENTIALITY,
        &OFF_LIMITS,
        &ENDING,
        &RECORDING_,
        &REPORT,
        &RETENTION_,
        &REVIEW_,
    ];
    static COACHING: &[&Element] = &[
        &FOCUS,
        &ROLES,
        &LOGISTICS,
        &FEES,
        &CADENCE,
        &LENGTH,
        &SCHEDULING,
        &DURATION,
        &ENDING,
        &CONFIDENTIALITY,
        &INCLUSION,
        &BOUNDARIES,
        &REPLY,
        &CHANNELS_,
        &RECORDING_,
        &REPORT,
        &RETENTION_,
        &REVIEW_,
    ];
    static PEERS: &[&Element] = &[
        &FOCUS,
        &TURNS,
        &CADENCE,
        &LENGTH,
        &DURATION,
        &REPLY,
        &CHANNELS_,
        &CONFIDENTIALITY,
        &OFF_LIMITS,
        &ENDING,
        &RECORDING_,
        &RETENTION_,
        &REVIEW_,
    ];
    static CIRCLE: &[&Element] = &[
        &FOCUS,
        &GROUND_RULES,
        &TURNS,
        &JOINING,
        &CADENCE,
        &LENGTH,
        &DURATION,
        &CHANNELS_,
        &CONFIDENTIALITY,
        &RECORDING_,
        &RETENTION_,
        &REVIEW_,
    ];
    match kind {
        Kind::Mentoring | Kind::Flash => MENTORING,
        Kind::Coaching => COACHING,
        Kind::Peer => PEERS,
        Kind::Circle => CIRCLE,
    }
}

/// One by its code.
pub fn find(kind: Kind, code: &str) -> Option<&'static Element> {
    of(kind).iter().copied().find(|element| element.code == code)
}

/// Those of this kind, then all others: for showing what was signed, also after the kind has changed.
pub fn every(kind: Kind) -> Vec<&'static Element> {
    let mut all: Vec<&'static Element> = of(kind).to_vec();
    for element in Kind::ALL.iter().flat_map(|kind| of(*kind)) {
        if !all.contains(element) {
            all.push(element);
        }
    }
    all
}

impl Element {
    /// What usually stands there in a relationship of this kind.
    pub fn usual_in(&self, kind: Kind) -> String {
        match (self.code, kind) {
            ("cadence", kind) => kind.cadence_days().to_string(),
            ("reply", Kind::Coaching) => "48".into(),
            _ => self.usual.into(),
        }
    }
    /// An answer as it is shown: the label of a choice, or the words themselves.
    pub fn said(&self, value: &str) -> String {
        let label = |all: &'static [(&str, &'static str)], value: &str| all.iter().find(|(v, _)| *v == value).map(|(_, label)| *label);
        match self.answer {
            Answer::Words => value.to_owned(),
            Answer::One(all) => label(all, value).unwrap_or(value).to_owned(),
            Answer::Some(all) => value.split(',').filter_map(|v| label(all, v)).collect::<Vec<_>>().join(", "),
        }
    }
    /// The answer that was typed or chosen, settled; what is wrong with it otherwise.
    pub fn read(&self, typed: &[&str]) -> Result<String, &'static str> {
        match self.answer {
            Answer::Words => {
                let words = typed.first().copied().unwrap_or_default().trim();
                match words.chars().count() {
                    0 => Err("Please write a few words. “Nothing” is an answer too."),
                    n if n > LONGEST => Err("Please say it in fewer words: 1500 characters at most."),
                    _ => Ok(words.to_owned()),
                }
            }
            Answer::One(all) => {
                let chosen = typed.iter().find(|value| all.iter().any(|(v, _)| v == *value));
                chosen.map(|value| (*value).to_owned()).ok_or("Please choose one of these.")
            }
            Answer::Some(all) => {
                let chosen: Vec<&str> =
                    all.iter().map(|(v, _)| *v).filter(|v| typed.iter().any(|t| t.split(',').any(|t| t == *v))).collect();
                if chosen.is_empty() { Err("Please choose at least one.") } else { Ok(chosen.join(",")) }
            }
        }
    }
    pub fn is_words(&self) -> bool {
        self.answer == Answer::Words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_usually_stands_there_is_an_answer_wherever_there_is_one() {
        for kind in Kind::ALL {
            for element in of(*kind) {
                let usual = element.usual_in(*kind);
                assert!(usual.is_empty() || element.read(&[&usual]).is_ok(), "{} in {kind}: {usual}", element.code);
                assert!(element.is_words() || !usual.is_empty(), "{} has no usual choice", element.code);
            }
        }
    }

    #[test]
    fn p20_a_coaching_agreement_speaks_of_all_that_coaching_bodies_expect() {
        let codes: Vec<&str> = of(Kind::Coaching).iter().map(|element| element.code).collect();
        for expected in ["logistics", "fees", "scheduling", "duration", "ending", "confidentiality", "inclusion", "roles", "boundaries"] {
            assert!(codes.contains(&expected), "{expected} is missing");
        }
    }

    #[test]
    fn a_choice_that_is_not_offered_is_no_answer() {
        assert!(CADENCE.read(&["13"]).is_err() && FOCUS.read(&["  "]).is_err() && FOCUS.read(&[&"x".repeat(1501)]).is_err());
        assert_eq!(CHANNELS_.read(&["video", "here", "pigeon"]).as_deref(), Ok("here,video"));
    }
}
