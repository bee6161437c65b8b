//! A change somebody makes to their own profile: one part at a time, each read from its own short form. Pure.

use super::person::{OpenTo, Side};
use super::profile::{Credential, DAYS, Experience, Hours, Profile, STYLES, clock_words, faults};
use super::values::{MOST_VALUES, Value, Values};
use super::{places, tongues};
use crate::form::Form;
use crate::skills::{Graph, Word};

/// A part of the profile with a form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    About,
    Skills,
    Experience,
    HowIWork,
    Values,
    Time,
    OpenTo,
    Public,
}

impl Part {
    pub const ALL: [Self; 8] =
        [Self::About, Self::Skills, Self::Experience, Self::HowIWork, Self::Values, Self::Time, Self::OpenTo, Self::Public];

    pub fn slug(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Skills => "skills",
            Self::Experience => "experience",
            Self::HowIWork => "how-i-work",
            Self::Values => "values",
            Self::Time => "time",
            Self::OpenTo => "open-to",
            Self::Public => "public",
        }
    }
    pub fn title(self) -> &'static str {
        match self {
            Self::About => "About",
            Self::Skills => "Skills",
            Self::Experience => "Experience and credentials",
            Self::HowIWork => "How I work",
            Self::Values => "Values",
            Self::Time => "When I have time",
            Self::OpenTo => "What I am open to",
            Self::Public => "Public page",
        }
    }
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.slug() == slug)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    About(About),
    Skills(Skills),
    Experience { experiences: Vec<Experience>, credentials: Vec<Credential> },
    HowIWork(HowIWork),
    Values(Values),
    Time(Time),
    OpenTo { roles: Vec<OpenTo>, fee: Option<String> },
    Public(PublicPage),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub name: String,
    pub pronouns: String,
    pub headline: String,
    pub story: String,
    pub country: String,
    pub zone: String,
    pub languages: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skills {
    pub offered: Vec<(Word, i64)>,
    pub wanted: Vec<(Word, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HowIWork {
    pub styles: [Option<i64>; 3],
    pub methods: Vec<String>,
    pub words: String,
    pub supervision: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    pub minutes_a_week: i64,
    pub capacity: i64,
    pub hours: Vec<Hours>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPage {
    /// `None`: there is no public page.
    pub slug: Option<String>,
    pub indexed: bool,
}

/// As long as it may be when somebody joins.
pub const LONGEST_NAME: usize = 100;
pub const LONGEST_STORY: usize = 8000;
pub const LONGEST_HEADLINE: usize = 120;
pub const MOST_SKILLS: usize = 30;
pub const MOST_LANGUAGES: usize = 8;
pub const MOST_CAPACITY: i64 = 50;
/// A week’s working hours, in minutes.
pub const MOST_MINUTES: i64 = 2400;
const MOST_LINES: usize = 20;
const MOST_HOURS: usize = 28;

/// What people may give a week, in minutes.
pub const WEEKLY: [i64; 11] = [0, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480];
/// Where the five words of a style scale stand.
pub const STYLE_STEPS: [i64; 5] = [10, 30, 50, 70, 90];

impl Change {
    pub fn part(&self) -> Part {
        match self {
            Self::About(_) => Part::About,
            Self::Skills(_) => Part::Skills,
            Self::Experience { .. } => Part::Experience,
            Self::HowIWork(_) => Part::HowIWork,
            Self::Values(_) => Part::Values,
            Self::Time(_) => Part::Time,
            Self::OpenTo { .. } => Part::OpenTo,
            Self::Public(_) => Part::Public,
        }
    }

    /// What a part's form says; `None` when something in it has to be mended, which the form then says.
    pub fn read(part: Part, form: &mut Form) -> Option<Self> {
        let change = match part {
            Part::About => Self::About(about(form)),
            Part::Skills => Self::Skills(Skills { offered: skills(form, Side::Offered), wanted: skills(form, Side::Wanted) }),
            Part::Experience => Self::Experience { experiences: experiences(form), credentials: credentials(form) },
            Part::HowIWork => Self::HowIWork(how_i_work(form)),
            Part::Values => Self::Values(values(form)),
            Part::Time => Self::Time(time(form)),
            Part::OpenTo => open_to(form),
            Part::Public => Self::Public(public_page(form)),
        };
        form.is_good().then_some(change)
    }
}

/// What is said of a clock that nobody knows.
pub const NO_ZONE: &str = "We do not know this clock. Please name a city on it, such as Paris, or write it as Europe/Paris or UTC+1.";

fn about(form: &mut Form) -> About {
    let name = form.name("name", LONGEST_NAME);
    let country = form.value("country").to_owned();
    let known = places::by_code(&country);
    if known.is_none() && !country.is_empty() {
        form.refuse("country", "Please choose a country from the list.");
    }
    let zone = match form.maybe_text("zone", 60).as_str() {
        "" => known.map_or("UTC", |country| country.zone).to_owned(),
        typed => places::zone(typed).unwrap_or_else(|| {
            form.refuse("zone", NO_ZONE);
            String::new()
        }),
    };
    let mut languages: Vec<String> = Vec::new();
    for at in 0..MOST_LANGUAGES {
        let field = format!("language_{at}");
        let typed = form.value(&field).to_owned();
        match tongues::find(&typed) {
            Some(tongue) if !languages.iter().any(|l| l == tongue.code) => languages.push(tongue.code.to_owned()),
            None if !typed.is_empty() => form.refuse(&field, "Please choose a language from the list."),
            _ => {}
        }
    }
    About {
        name,
        pronouns: form.maybe_text("pronouns", 40),
        headline: form.maybe_text("headline", LONGEST_HEADLINE).split_whitespace().collect::<Vec<_>>().join(" "),
        story: form.maybe_text("story", LONGEST_STORY),
        country: known.map(|country| country.code.to_owned()).unwrap_or_default(),
        zone,
        languages,
    }
}

fn skills(form: &mut Form, side: Side) -> Vec<(Word, i64)> {
    let mut skills: Vec<(Word, i64)> = Vec::new();
    for at in 0..MOST_SKILLS {
        let field = format!("{side}_{at}");
        let typed = form.value(&field).trim().to_owned();
        if typed.is_empty() {
            continue;
        }
        let Ok(word) = typed.parse::<Word>() else {
            form.refuse(&field, format!("Please write a skill in a few words, at most {} characters.", Word::LONGEST));
            continue;
        };
        let level = form.number(&format!("{side}_level_{at}"), 1..=5).unwrap_or(3);
        if !skills.iter().any(|(known, _)| known.slug() == word.slug()) {
            skills.push((word, level));
        }
    }
    skills
}

fn experiences(form: &mut Form) -> Vec<Experience> {
    let mut experiences = Vec::new();
    for at in 0..MOST_LINES {
        let one = Experience {
            moved_from: form.maybe_text(&format!("from_{at}"), 80),
            moved_into: form.maybe_text(&format!("into_{at}"), 80),
            words: form.maybe_text(&format!("done_{at}"), 200),
            year: form.number(&format!("year_{at}"), 1930..=2100),
        };
        if one.moved_from.is_empty() && one.moved_into.is_empty() && one.words.is_empty() {
            if one.year.is_some() {
                form.refuse(&format!("done_{at}"), "What was it that you did that year?");
            }
            continue;
        }
        experiences.push(one);
    }
    experiences
}

fn credentials(form: &mut Form) -> Vec<Credential> {
    const DAY: &str = "Please give a day as year-month-day, such as 2027-03-31.";
    let mut credentials = Vec::new();
    for at in 0..MOST_LINES {
        let title = form.maybe_text(&format!("credential_{at}"), 120);
        let issuer = form.maybe_text(&format!("issuer_{at}"), 120);
        let link = form.link(&format!("link_{at}"));
        let issued = form.parsed::<jiff::civil::Date>(&format!("issued_{at}"), DAY);
        let expires = form.parsed::<jiff::civil::Date>(&format!("expires_{at}"), DAY);
        if title.is_empty() {
            if !issuer.is_empty() || link.is_some() || issued.is_some() || expires.is_some() {
                form.refuse(&format!("credential_{at}"), "Please give the credential a name.");
            }
            continue;
        }
        if issuer.is_empty() {
            form.refuse(&format!("issuer_{at}"), "Who gave it to you? A credential says more with its issuer.");
        }
        if let (Some(issued), Some(expires)) = (issued, expires)
            && expires < issued
        {
            form.refuse(&format!("expires_{at}"), "This is before the day it was issued.");
        }
        let day = |day: jiff::civil::Date| day.to_string();
        credentials.push(Credential { title, issuer, link, issued_on: issued.map(day), expires_on: expires.map(day) });
    }
    credentials
}

fn how_i_work(form: &mut Form) -> HowIWork {
    let styles = STYLES.map(|(name, ..)| form.number(name, 0..=100));
    let methods: Vec<String> = form.value("methods").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if methods.len() > 12 || methods.iter().any(|method| method.chars().count() > 60) {
        form.refuse("methods", "At most twelve lines of sixty characters, please: these are shown as short labels.");
    }
    HowIWork { styles, methods, words: form.maybe_text("how_i_work", 2000), supervision: form.maybe_text("supervision", 200) }
}

fn values(form: &mut Form) -> Values {
    let typed = form.values("values");
    let chosen: Vec<Value> = Value::ALL.iter().copied().filter(|value| typed.contains(&value.as_str())).collect();
    if chosen.len() > MOST_VALUES {
        form.refuse("values", "Five at most, please: the ones that matter most.");
    }
    Values { chosen, counts: form.ticked("counts"), named: form.ticked("named") }
}

fn time(form: &mut Form) -> Time {
    let minutes_a_week = form.number("minutes_a_week", 0..=MOST_MINUTES).unwrap_or(0);
    let capacity = form.number("capacity", 0..=MOST_CAPACITY).unwrap_or(0);
    if capacity > 0 && minutes_a_week == 0 {
        form.refuse("minutes_a_week", "You offer places: how much time a week can you give to them together?");
    }
    Time { minutes_a_week, capacity, hours: hours(form) }
}

/// A row of hours as typed.
pub struct TypedHours {
    pub day: String,
    pub from: String,
    pub to: String,
}

/// The rows as they were typed, empty ones too, so that they stand where they stood.
pub fn typed_hours(form: &Form) -> Vec<TypedHours> {
    let column = |name: &str| form.fields().iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned()).collect::<Vec<_>>();
    let (days, froms, tos) = (column("hours_day"), column("hours_from"), column("hours_to"));
    let rows = days.len().max(froms.len()).max(tos.len()).min(MOST_HOURS + 5);
    let cell = |column: &[String], at: usize| column.get(at).cloned().unwrap_or_default();
    (0..rows).map(|at| TypedHours { day: cell(&days, at), from: cell(&froms, at), to: cell(&tos, at) }).collect()
}

fn hours(form: &mut Form) -> Vec<Hours> {
    let (mut hours, mut places) = (Vec::new(), Vec::new());
    for (at, row) in typed_hours(form).into_iter().enumerate() {
        if row.day.is_empty() && row.from.is_empty() && row.to.is_empty() {
            continue;
        }
        let weekday = row.day.parse().ok().filter(|day| (1..=7).contains(day));
        match (weekday, minute(&row.from), minute(&row.to)) {
            (Some(weekday), Some(from_minute), Some(to_minute)) => {
                // Nobody writes 24:00 where a clock offers 00:00.
                let to_minute = if to_minute == 0 { 1440 } else { to_minute };
                hours.push(Hours { weekday, from_minute, to_minute });
                places.push(at);
            }
            _ => form.refuse(&hours_error(at), "Please give a day, from when and until when, such as 18:00 and 20:00."),
        }
    }
    for (row, sentence) in faults(&hours) {
        form.refuse(&hours_error(places[row]), sentence);
    }
    if hours.len() > MOST_HOURS {
        form.refuse("hours", format!("At most {MOST_HOURS} rows, please."));
    }
    hours
}

/// Under which name the error of a row of hours is kept; it reads as the id of the row's last control.
pub fn hours_error(row: usize) -> String {
    format!("hours-to-{row}")
}

fn minute(clock: &str) -> Option<i64> {
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute) || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

fn open_to(form: &mut Form) -> Change {
    let roles = OpenTo::ALL.iter().copied().filter(|role| form.values("roles").contains(&role.as_str())).collect();
    let fee = form.maybe_text("fee", 200);
    Change::OpenTo { roles, fee: (!fee.is_empty()).then_some(fee) }
}

fn public_page(form: &mut Form) -> PublicPage {
    if !form.ticked("public") {
        return PublicPage { slug: None, indexed: false };
    }
    let slug = form.text("slug", 40).to_lowercase();
    let plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !slug.is_empty() && (!plain || slug.len() < 3 || slug.starts_with('-') || slug.ends_with('-')) {
        form.refuse("slug", "Three to forty small letters, digits and hyphens, please.");
    }
    PublicPage { slug: Some(slug), indexed: form.ticked("indexed") }
}

/// A part's form as it stands before anybody types: what the profile and the card hold.
pub fn filled(part: Part, profile: &Profile, card: &Values, graph: &Graph) -> Form {
    let shown = &profile.shown;
    let mut form = Form::default();
    match part {
        Part::About => {
            form.push("name", &shown.name);
            form.push("pronouns", &shown.pronouns);
            form.push("headline", &shown.headline);
            form.push("story", &shown.story);
            form.push("country", &shown.country);
            form.push("zone", places::zone_words(&shown.zone));
            for (at, language) in profile.languages.iter().enumerate() {
                form.push(&format!("language_{at}"), language);
            }
        }
        Part::Skills => {
            for (side, skills) in [(Side::Offered, &profile.offered), (Side::Wanted, &profile.wanted)] {
                for (at, skill) in skills.iter().enumerate() {
                    form.push(&format!("{side}_{at}"), graph.by_id(&skill.skill).map_or(skill.skill.as_str(), |known| &known.name));
                    form.push(&format!("{side}_level_{at}"), skill.level.to_string());
                }
            }
        }
        Part::Experience => {
            for (at, one) in profile.experiences.iter().enumerate() {
                form.push(&format!("from_{at}"), &one.moved_from);
                form.push(&format!("into_{at}"), &one.moved_into);
                form.push(&format!("done_{at}"), &one.words);
                form.push(&format!("year_{at}"), one.year.map(|year| year.to_string()).unwrap_or_default());
            }
            for (at, one) in profile.credentials.iter().enumerate() {
                form.push(&format!("credential_{at}"), &one.title);
                form.push(&format!("issuer_{at}"), &one.issuer);
                form.push(&format!("link_{at}"), one.link.clone().unwrap_or_default());
                form.push(&format!("issued_{at}"), one.issued_on.clone().unwrap_or_default());
                form.push(&format!("expires_{at}"), one.expires_on.clone().unwrap_or_default());
            }
        }
        Part::HowIWork => {
            let styles = [shown.directive_facilitative, shown.support_challenge, shown.structured_emergent];
            for ((name, ..), value) in STYLES.iter().zip(styles) {
                form.push(name, value.map(|value| nearest_step(value).to_string()).unwrap_or_default());
            }
            form.push("methods", &shown.methods);
            form.push("how_i_work", &shown.how_i_work);
            form.push("supervision", &shown.supervision);
        }
        Part::Values => {
            for value in &card.chosen {
                form.push("values", value.as_str());
            }
            for (name, is_ticked) in [("counts", card.counts), ("named", card.named)] {
                if is_ticked {
                    form.push(name, "yes");
                }
            }
        }
        Part::Time => {
            form.push("minutes_a_week", shown.minutes_a_week.to_string());
            form.push("capacity", shown.capacity.to_string());
            for row in &profile.hours {
                form.push("hours_day", DAYS.get((row.weekday - 1).clamp(0, 6) as usize).map_or("", |(value, _)| value));
                form.push("hours_from", clock_words(row.from_minute));
                form.push("hours_to", clock_words(row.to_minute % 1440));
            }
        }
        Part::OpenTo => {
            for role in &profile.open_to {
                form.push("roles", role.as_str());
            }
            form.push("fee", shown.fee.clone().unwrap_or_default());
        }
        Part::Public => {
            if shown.public_slug.is_some() {
                form.push("public", "yes");
            }
            let offered =
                Word::slug_of(&shown.name).chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').take(40).collect();
            form.push("slug", shown.public_slug.clone().unwrap_or(offered));
            if shown.public_indexed {
                form.push("indexed", "yes");
            }
        }
    }
    form
}

fn nearest_step(value: i64) -> i64 {
    STYLE_STEPS.into_iter().min_by_key(|step| (step - value).abs()).unwrap_or(50)
}
