//! What a made-up person consists of, whether written by hand (the village) or drawn by lot (the population), so that
//! one writer can bring both into a database. Times are whole days from "now"; hours of the week are in the person's
//! own zone.

use std::borrow::Cow;

use jiff::civil::{Time, Weekday};
use serde::Deserialize;

/// Borrowed when it comes from our lists, owned when it is assembled or read from a file.
pub type Text = Cow<'static, str>;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedPerson {
    /// Unique, `[a-z0-9-]`: how other rows speak of this person.
    pub key: Text,
    /// The whole name as they write it.
    pub name: Text,
    /// What they like to be called.
    pub called: Text,
    /// Always under example.org, which nobody can own.
    pub email: Text,
    #[serde(default)]
    pub part: Part,
    #[serde(default)]
    pub pronouns: Option<Text>,
    #[serde(default)]
    pub headline: Text,
    /// Markdown.
    #[serde(default)]
    pub story: Text,
    /// ISO 3166-1 code.
    #[serde(default)]
    pub country: Option<Text>,
    /// IANA name.
    pub zone: Text,
    /// ISO 639-1 codes, the best first.
    #[serde(default)]
    pub languages: Vec<Text>,
    #[serde(default)]
    pub offers: Vec<Offered>,
    #[serde(default)]
    pub wants: Vec<Wanted>,
    /// "moved from teaching into data"
    #[serde(default)]
    pub experiences: Vec<Text>,
    #[serde(default)]
    pub credentials: Vec<Credential>,
    #[serde(default)]
    pub style: Option<Style>,
    /// "walk and talk", "GROW": ways of working, as tags.
    #[serde(default)]
    pub methods: Vec<Text>,
    /// In their own words, Markdown.
    #[serde(default)]
    pub how_i_work: Text,
    #[serde(default)]
    pub open_to: Vec<OpenTo>,
    #[serde(default)]
    pub fee: Option<Fee>,
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// The values on their card, which they let count and be named.
    #[serde(default)]
    pub values: Vec<Text>,
    /// How many people they can guide at once, and how many they already do (outside the rows of the seed).
    #[serde(default)]
    pub capacity: u8,
    #[serde(default)]
    pub taken: u8,
    /// "Not now" until so many days from now.
    #[serde(default)]
    pub not_now_for_days: Option<u16>,
    /// Chose to have a page that everyone may see.
    #[serde(default)]
    pub public_page: bool,
    #[serde(default)]
    pub joined_days_ago: u16,
    #[serde(default)]
    pub goals: Vec<SeedGoal>,
    /// Requests answered in the past, for statistics of people drawn by lot; the village has whole asks instead.
    #[serde(default)]
    pub answered: Vec<Answered>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    #[default]
    Member,
    Coordinator,
    Administrator,
}

/// What somebody may be asked for. The words follow `Role`, with the single question beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenTo {
    /// I will be a mentor.
    Mentor,
    /// I will be a coach.
    Coach,
    /// I look for a mentor.
    Mentee,
    /// I look for a coach.
    Client,
    /// I look for a partner to learn with.
    Peer,
    Sponsor,
    /// I answer single questions.
    Question,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// Id in the skills graph.
    pub skill: Text,
    /// 1 to 5.
    pub level: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub skill: Text,
    /// 1 to 5, today and hoped for.
    pub level: u8,
    pub target: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Credential {
    pub name: Text,
    pub issuer: Text,
    pub issued_days_ago: u16,
    /// Negative: expired. None: does not expire.
    #[serde(default)]
    pub expires_in_days: Option<i16>,
}

/// Three sliders from 0 (the first word) to 100 (the second).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Style {
    pub directive_facilitative: u8,
    pub support_challenge: u8,
    pub structured_emergent: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// In the smallest unit of the currency (cents).
    pub minor: u32,
    /// ISO 4217.
    pub currency: Text,
    /// "a session of 60 minutes"
    pub per: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub day: Day,
    pub from: Time,
    pub to: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    pub const ALL: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];

    pub fn weekday(self) -> Weekday {
        match self {
            Day::Mon => Weekday::Monday,
            Day::Tue => Weekday::Tuesday,
            Day::Wed => Weekday::Wednesday,
            Day::Thu => Weekday::Thursday,
            Day::Fri => Weekday::Friday,
            Day::Sat => Weekday::Saturday,
            Day::Sun => Weekday::Sunday,
        }
    }
}

/// The goal brief.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeedGoal {
    pub outcome: Text,
    pub why_now: Text,
    pub skill: Text,
    /// 1 to 5.
    pub present: u8,
    pub target: u8,
    pub success: Text,
    pub by_in_days: u16,
    pub help: Vec<Help>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Help {
    Advise,
    Teach,
    Challenge,
    Sponsor,
    HoldToAccount,
    Reflect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answered {
    /// When the request came.
    pub days_ago: u16,
    /// How long the answer took.
    pub minutes: u32,
    pub accepted: bool,
}
