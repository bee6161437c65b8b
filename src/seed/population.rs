//! As many made-up people as one likes, the same on every machine: person 41 of seed 7 is always the same person, and
//! is drawn without drawing the forty before. All arithmetic is on integers, since the last bits of floats differ
//! between processors. One person costs a few microseconds and some thirty small allocations.
//!
//! The mix is meant to look like a large open community, not like any real one: most people in software, data, design
//! and leadership, one in three offering help, a few popular skills and a long tail of rare ones.

use std::sync::LazyLock;

use jiff::civil::Time;

use super::person::{Answered, Credential, Day, Fee, Help, Hours, Offered, OpenTo, Part, SeedGoal, SeedPerson, Style, Text, Wanted};
use crate::fold::fold;
use crate::skills::{Graph, Skill};

/// A population is a seed; people are computed when asked for.
#[derive(Debug, Clone, Copy)]
pub struct Population {
    seed: u64,
}

impl Population {
    pub fn new(seed: u64) -> Self {
        Population { seed }
    }

    /// The person at this place. Keys and addresses carry the number, so they are unique within a population.
    pub fn person(&self, number: u64) -> SeedPerson {
        let lot = &mut Lot(mix(self.seed ^ mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15))));
        let locale = pick_weighted(lot, &LOCALES, |locale| locale.weight);
        let trade = pick_weighted(lot, &TRADES, |trade| trade.weight);
        let (name, called) = locale.name(lot);
        let part = lot.below(100);
        let (guides, learns) = (part < 38, part >= 28);
        let offers = offers(lot, trade, guides);
        let wants = if learns { wants(lot, trade, &offers) } else { Vec::new() };
        let profession = *lot.pick(trade.professions);
        let years = 2 + lot.below(if guides { 28 } else { 12 });
        let from = trade_before(lot, trade);
        let is_coach = guides && lot.chance(12);
        let capacity = if guides { [1, 1, 2, 2, 3, 3, 4, 5, 0][lot.below(9)] } else { 0 };
        let mut person = SeedPerson {
            key: format!("p{number}").into(),
            email: format!("{}p{number}@example.org", ascii(&called)).into(),
            name: name.into(),
            called,
            part: Part::Member,
            pronouns: lot.chance(55).then(|| Text::Borrowed(*lot.pick(&["she/her", "he/him", "she/her", "he/him", "they/them"]))),
            headline: headline(lot, profession, &offers, &wants, guides).into(),
            story: story(lot, profession, years, from, trade, &offers, &wants).into(),
            country: Some(Text::Borrowed(locale.country)),
            zone: Text::Borrowed(locale.zone),
            languages: locale.languages(lot),
            experiences: experiences(lot, trade, from, guides),
            credentials: credentials(lot, is_coach),
            style: (guides && lot.chance(70)).then(|| Style {
                directive_facilitative: lot.slider(),
                support_challenge: lot.slider(),
                structured_emergent: lot.slider(),
            }),
            methods: if guides { some_of(lot, METHODS, 2) } else { Vec::new() },
            how_i_work: if guides && lot.chance(60) { Text::Borrowed(*lot.pick(HOW_I_WORK)) } else { Text::default() },
            open_to: open_to(lot, guides, learns, is_coach),
            fee: (is_coach && lot.chance(60)).then(|| Fee {
                minor: 2_000 + 500 * lot.below(30) as u32,
                currency: Text::Borrowed(locale.currency()),
                per: Text::Borrowed("a session of 60 minutes"),
            }),
            hours: hours(lot),
            capacity,
            taken: lot.below(usize::from(capacity) + 1) as u8,
            values: Vec::new(),
            not_now_for_days: lot.chance(5).then(|| 3 + lot.below(120) as u16),
            public_page: lot.chance(15),
            joined_days_ago: lot.below(1_200) as u16,
            goals: Vec::new(),
            answered: if guides { answered(lot) } else { Vec::new() },
            offers,
            wants,
        };
        if let Some(want) = person.wants.first().filter(|want| want.level < want.target && lot.chance(60)) {
            person.goals.push(goal(lot, want));
        }
        person
    }

    /// The people from one number to another, in order.
    pub fn people(self, numbers: std::ops::Range<u64>) -> impl Iterator<Item = SeedPerson> {
        numbers.map(move |number| self.person(number))
    }
}

/// Chance as a small state: SplitMix64 (Steele, Lea and Flood 2014), which passes the usual tests and needs eight bytes.
struct Lot(u64);

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Lot {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// 0 up to, not including, `bound` (at least 1). The bias of the multiplication is below 2^-40 for our bounds.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound.max(1) as u128) >> 64) as usize
    }

    fn chance(&mut self, of_hundred: usize) -> bool {
        self.below(100) < of_hundred
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Most people put a slider near the middle.
    fn slider(&mut self) -> u8 {
        ((self.below(101) + self.below(101)) / 2) as u8
    }
}

fn pick_weighted<'a, T>(lot: &mut Lot, items: &'a [T], weight: impl Fn(&T) -> usize) -> &'a T {
    let mut left = lot.below(items.iter().map(&weight).sum());
    for item in items {
        if left < weight(item) {
            return item;
        }
        left -= weight(item);
    }
    &items[items.len() - 1]
}

struct Locale {
    country: &'static str,
    zone: &'static str,
    tongues: Vec<&'static str>,
    weight: usize,
    order: &'static str,
    given: Vec<String>,
    family: Vec<String>,
}

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    let names = |cell: &str| cell.split_whitespace().map(|name| name.replace('_', " ")).collect();
    include_str!("locales.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim);
            Some(Locale {
                country: cells.next()?,
                zone: cells.next()?,
                tongues: cells.next()?.split_whitespace().collect(),
                weight: cells.next()?.parse().ok()?,
                order: cells.next()?,
                given: names(cells.next()?),
                family: names(cells.next()?),
            })
        })
        .collect()
});

impl Locale {
    /// The whole name, and what they like to be called.
    fn name(&'static self, lot: &mut Lot) -> (String, Text) {
        let given = lot.pick(&self.given);
        let family = lot.pick(&self.family);
        let (second, other) = (lot.pick(&self.given), lot.pick(&self.family));
        let name = match self.order {
            "e" if given.chars().count() <= 3 && !given.is_ascii() && !given.contains(' ') && self.country != "HU" => {
                format!("{family}{given}")
            }
            "e" => format!("{family} {given}"),
            "d" if second != given && lot.chance(25) => format!("{given} {second} {family} {other}"),
            "d" => format!("{given} {family} {other}"),
            _ if second != given && lot.chance(18) => format!("{given} {second} {family}"),
            _ if other != family && lot.chance(10) => format!("{given} {family}-{other}"),
            _ => format!("{given} {family}"),
        };
        (name, Text::Borrowed(given))
    }

    fn languages(&self, lot: &mut Lot) -> Vec<Text> {
        let mut languages: Vec<Text> = self
            .tongues
            .iter()
            .enumerate()
            .filter(|(at, _)| *at == 0 || lot.chance(if *at == 1 { 80 } else { 50 }))
            .map(|(_, code)| Text::Borrowed(*code))
            .collect();
        let another = *lot.pick(&["es", "fr", "de", "en", "ar", "pt", "it"]);
        if lot.chance(15) && !languages.iter().any(|code| code == another) {
            languages.push(Text::Borrowed(another));
        }
        languages
    }

    fn currency(&self) -> &'static str {
        match self.country {
            "GB" => "GBP",
            "US" => "USD",
            "CH" => "CHF",
            "IN" => "INR",
            "BR" => "BRL",
            _ => "EUR",
        }
    }
}

/// A field of work: how common, what its people are, and in a phrase what they moved from or into.
struct Trade {
    field: &'static str,
    weight: usize,
    phrase: &'static str,
    professions: &'static [&'static str],
}

const fn trade(field: &'static str, weight: usize, phrase: &'static str, professions: &'static [&'static str]) -> Trade {
    Trade { field, weight, phrase, professions }
}

static TRADES: [Trade; 20] = [
    trade(
        "software",
        22,
        "software",
        &["Software developer", "Front-end developer", "Back-end engineer", "Mobile developer", "Tester", "Software architect"],
    ),
    trade("infrastructure", 6, "IT operations", &["System administrator", "Cloud engineer", "Security analyst", "Database administrator"]),
    trade("data", 10, "data", &["Data analyst", "Data engineer", "Data scientist", "Machine learning engineer"]),
    trade("design", 8, "design", &["UX designer", "Graphic designer", "Service designer", "Architect", "Product designer"]),
    trade("product", 6, "product", &["Product manager", "Project manager", "Business analyst", "Operations manager"]),
    trade(
        "leadership",
        7,
        "management",
        &["Team leader", "HR partner", "Head of department", "Organisational developer", "Managing director"],
    ),
    trade("business", 5, "running a business", &["Founder", "Shop owner", "Consultant", "Hotel manager"]),
    trade("finance", 4, "finance", &["Accountant", "Financial analyst", "Tax adviser", "Bank clerk"]),
    trade("marketing", 5, "marketing", &["Marketing manager", "Sales manager", "Copywriter", "Social media editor"]),
    trade("communication", 3, "communication", &["Facilitator", "Speaker trainer", "Mediator", "Community manager"]),
    trade("career", 2, "career advice", &["Career adviser", "Recruiter", "Job coach"]),
    trade("personal", 2, "personal coaching", &["Coach", "Time management trainer", "Yoga teacher"]),
    trade("research", 5, "research", &["Biologist", "Postdoc in physics", "Social scientist", "Historian", "Climate researcher"]),
    trade("engineering", 5, "engineering", &["Mechanical engineer", "Civil engineer", "Electronics engineer", "Energy engineer"]),
    trade("health", 6, "care", &["Nurse", "Doctor", "Physiotherapist", "Social worker", "Midwife", "Pharmacist"]),
    trade("education", 6, "teaching", &["Primary school teacher", "Maths teacher", "Lecturer", "School principal", "Learning designer"]),
    trade("law", 3, "public service", &["Lawyer", "Civil servant", "Policy adviser", "City planner"]),
    trade("community", 3, "non-profit work", &["Volunteer coordinator", "Fundraiser", "Programme officer", "Community organiser"]),
    trade("media", 4, "the media", &["Journalist", "Photographer", "Editor", "Musician", "Film maker"]),
    trade("crafts", 3, "a trade", &["Carpenter", "Electrician", "Baker", "Gardener", "Tailor"]),
];

/// The skills of each trade and, last, the skills that everybody may have, with running sums for the draw.
static POOLS: LazyLock<Vec<Pool>> = LazyLock::new(|| {
    let graph = Graph::shipped();
    let of = |wanted: &dyn Fn(&str) -> bool| {
        Pool::new(graph.skills().iter().filter(|skill| graph.fields().get(skill.field).is_some_and(|field| wanted(&field.id))).collect())
    };
    TRADES
        .iter()
        .map(|trade| of(&|field| field == trade.field))
        .chain([of(&|field| matches!(field, "leadership" | "communication" | "career" | "personal" | "languages"))])
        .collect()
});

struct Pool {
    skills: Vec<&'static Skill>,
    sums: Vec<usize>,
}

impl Pool {
    fn new(mut skills: Vec<&'static Skill>) -> Self {
        // Nobody has counted, so we take the skills with the most names for the most talked of.
        skills.sort_by_key(|skill| std::cmp::Reverse(skill.words.len()));
        let mut sum = 0;
        let sums = (0..skills.len())
            .map(|rank| {
                sum += 1_000_000 / (rank + 2);
                sum
            })
            .collect();
        Pool { skills, sums }
    }

    /// Zipf's law: the skill of rank r is drawn about 1/r times as often as the first.
    fn draw(&self, lot: &mut Lot) -> &'static Skill {
        let at = lot.below(self.sums.last().copied().unwrap_or(1));
        self.skills[self.sums.partition_point(|sum| *sum <= at).min(self.skills.len() - 1)]
    }
}

fn pool(trade: &Trade) -> &'static Pool {
    let at = TRADES.iter().position(|other| other.field == trade.field).unwrap_or(0);
    &POOLS[at]
}

fn everyone() -> &'static Pool {
    &POOLS[TRADES.len()]
}

/// The name inside a sentence: names of tools and languages keep their capital, "Delegation" does not.
fn skill_name(id: &str) -> Text {
    let graph = Graph::shipped();
    let Some(skill) = graph.by_id(id) else { return Text::default() };
    let keeps =
        graph.fields().get(skill.field).is_none_or(|field| matches!(&*field.id, "software" | "infrastructure" | "data" | "languages"));
    let mut letters = skill.name.chars();
    match letters.next() {
        Some(first) if !keeps && !letters.clone().any(char::is_uppercase) => first.to_lowercase().chain(letters).collect::<String>().into(),
        _ => Text::Borrowed(&skill.name),
    }
}

fn offers(lot: &mut Lot, trade: &Trade, guides: bool) -> Vec<Offered> {
    let count = if guides { 2 + lot.below(4) + lot.below(4) } else { 1 + lot.below(4) };
    let mut offers: Vec<Offered> = Vec::with_capacity(count);
    for _ in 0..count {
        let skill = if lot.chance(75) { pool(trade).draw(lot) } else { everyone().draw(lot) };
        let level = if guides { 3 + lot.below(3) } else { 1 + lot.below(4) } as u8;
        if !offers.iter().any(|offer| offer.skill == *skill.id) {
            offers.push(Offered { skill: Text::Borrowed(&skill.id), level });
        }
    }
    offers
}

fn wants(lot: &mut Lot, trade: &Trade, offers: &[Offered]) -> Vec<Wanted> {
    let mut wants: Vec<Wanted> = Vec::new();
    // One in four looks beyond the own field.
    let other = if lot.chance(25) { pick_weighted(lot, &TRADES, |trade| trade.weight) } else { trade };
    for _ in 0..1 + lot.below(3) {
        let skill = if lot.chance(60) { pool(other).draw(lot) } else { everyone().draw(lot) };
        let level = 1 + lot.below(3) as u8;
        if !wants.iter().any(|want| want.skill == *skill.id) && !offers.iter().any(|offer| offer.skill == *skill.id) {
            wants.push(Wanted { skill: Text::Borrowed(&skill.id), level, target: (level + 1 + lot.below(2) as u8).min(5) });
        }
    }
    wants
}

fn trade_before(lot: &mut Lot, now: &Trade) -> Option<&'static Trade> {
    lot.chance(35).then(|| pick_weighted(lot, &TRADES, |trade| trade.weight)).filter(|before| before.field != now.field)
}

fn headline(lot: &mut Lot, profession: &str, offers: &[Offered], wants: &[Wanted], guides: bool) -> String {
    let offered = offers.first().map(|offer| skill_name(&offer.skill)).unwrap_or_default();
    match (guides, wants.first().map(|want| skill_name(&want.skill))) {
        (true, _) => match lot.below(4) {
            0 => format!("{profession}, glad to talk about {offered}"),
            1 => format!("{profession}: {offered} and what comes with it"),
            2 => format!("{profession} with an hour a fortnight to give"),
            _ => format!("{profession} · {offered}"),
        },
        (false, Some(wanted)) => match lot.below(3) {
            0 => format!("{profession} who wants to get better at {wanted}"),
            1 => format!("{profession}, learning: {wanted}"),
            _ => format!("{profession} looking for company on the way to {wanted}"),
        },
        (false, None) => profession.to_owned(),
    }
}

fn story(
    lot: &mut Lot,
    profession: &str,
    years: usize,
    from: Option<&Trade>,
    trade: &Trade,
    offers: &[Offered],
    wants: &[Wanted],
) -> String {
    let mut story = match from {
        Some(before) => match lot.below(3) {
            0 => format!("I came to {} from {}, and I still use both.", trade.phrase, before.phrase),
            1 => format!("After some years in {} I started again in {}. It took longer than I had planned.", before.phrase, trade.phrase),
            _ => format!("My first working life was {}; the second, for {years} years now, is {}.", before.phrase, trade.phrase),
        },
        None => match lot.below(3) {
            0 => format!("{profession} for {years} years, most of them happily."),
            1 => format!("I have worked in {} for {years} years and I am still curious.", trade.phrase),
            _ => format!("What keeps me in {} after {years} years is the people.", trade.phrase),
        },
    };
    if let Some(offer) = offers.first() {
        story.push(' ');
        story.push_str(&match lot.below(3) {
            0 => format!("People come to me with questions about **{}**.", skill_name(&offer.skill)),
            1 => format!("If there is one thing I can pass on, it is what I know about {}.", skill_name(&offer.skill)),
            _ => format!("What I know about {} I learnt the slow way, and would gladly spare you some of it.", skill_name(&offer.skill)),
        });
    }
    story.push_str("\n\n");
    match wants.first() {
        Some(want) => {
            let wanted = skill_name(&want.skill);
            story.push_str(&match lot.below(3) {
                0 => format!("What I am looking for is somebody who knows {wanted} from the inside and will be honest with me."),
                1 => format!("Next I want to become better at {wanted}. I have begun, and I get stuck at the same place every time."),
                _ => format!("I would like to get further with {wanted}, in small steps, with someone who asks how it went."),
            });
        }
        None => story.push_str(lot.pick::<&str>(CLOSINGS)),
    }
    story
}

const CLOSINGS: &[&str] = &[
    "Somebody once had time for me when it mattered. This is my way of handing it on.",
    "I like honest questions and short meetings.",
    "Write to me even if you are not sure what to ask. That is usually the better conversation.",
    "I cannot open every door, but I can tell you which ones are not locked.",
    "My children say I explain too much, so I have learnt to listen.",
];

const HOW_I_WORK: &[&str] = &[
    "Tell me what you tried. We go on from there.",
    "A question from you beforehand, an hour together, one thing to do afterwards.",
    "I ask more than I answer. If you want advice, say so and you will get it.",
    "We look at real work: yours, not an example.",
    "Half an hour, on time, with the cameras off if you like.",
    "I write down what we agreed and ask about it next time, kindly.",
];

const METHODS: &[&str] = &[
    "GROW",
    "walk and talk",
    "looking at real work together",
    "mock interviews",
    "role play",
    "small homework",
    "storytelling",
    "letters between conversations",
    "shadowing",
];

const EXPERIENCES: &[&str] = &[
    "came back to work after a break",
    "started over in a new country",
    "first in the family to study",
    "led a team for the first time",
    "worked through a redundancy",
    "works part time by choice",
    "learnt a trade after thirty",
    "freelanced for some years",
    "worked and cared for a parent",
    "changed jobs without changing towns",
];

fn experiences(lot: &mut Lot, trade: &Trade, from: Option<&Trade>, guides: bool) -> Vec<Text> {
    let mut experiences: Vec<Text> =
        from.map(|before| format!("moved from {} into {}", before.phrase, trade.phrase).into()).into_iter().collect();
    experiences.extend(some_of(lot, EXPERIENCES, if guides { 2 } else { 1 }));
    experiences
}

/// Up to `most` different ones.
fn some_of(lot: &mut Lot, items: &'static [&'static str], most: usize) -> Vec<Text> {
    let mut chosen: Vec<Text> = Vec::new();
    for _ in 0..lot.below(most + 1) {
        let item = *lot.pick(items);
        if !chosen.iter().any(|known| known == item) {
            chosen.push(Text::Borrowed(item));
        }
    }
    chosen
}

fn credentials(lot: &mut Lot, is_coach: bool) -> Vec<Credential> {
    if !is_coach {
        return Vec::new();
    }
    let issued = 30 + lot.below(1_500) as u16;
    vec![Credential {
        name: Text::Borrowed(*lot.pick(&["Coach training, 120 hours", "Certified coach", "Certificate in supervision"])),
        issuer: Text::Borrowed(*lot.pick(&[
            "Open Coaching Association",
            "Institute for Reflective Practice",
            "Northern College of Coaching",
        ])),
        issued_days_ago: issued,
        expires_in_days: lot.chance(70).then_some(1_095 - issued as i16),
    }]
}

fn open_to(lot: &mut Lot, guides: bool, learns: bool, is_coach: bool) -> Vec<OpenTo> {
    let mut open_to = Vec::with_capacity(4);
    if guides && !lot.chance(8) {
        open_to.push(OpenTo::Mentor);
    }
    if is_coach {
        open_to.push(OpenTo::Coach);
    }
    if learns {
        open_to.push(OpenTo::Mentee);
        if lot.chance(20) {
            open_to.push(OpenTo::Client);
        }
        if lot.chance(35) {
            open_to.push(OpenTo::Peer);
        }
    }
    if guides && lot.chance(10) {
        open_to.push(OpenTo::Sponsor);
    }
    if lot.chance(if guides { 60 } else { 10 }) {
        open_to.push(OpenTo::Question);
    }
    open_to
}

/// Evenings mostly, some lunch breaks and Saturday mornings.
fn hours(lot: &mut Lot) -> Vec<Hours> {
    let mut hours: Vec<Hours> = Vec::new();
    for _ in 0..lot.below(5) {
        let day = *lot.pick(&[Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun, Day::Tue, Day::Wed, Day::Thu]);
        let begin = if matches!(day, Day::Sat | Day::Sun) || lot.chance(25) { 9 + lot.below(5) } else { 17 + lot.below(3) };
        let minute = *lot.pick(&[0i8, 0, 30]);
        if !hours.iter().any(|known| known.day == day) {
            let length = 1 + lot.below(3);
            hours.push(Hours {
                day,
                from: Time::constant(begin as i8, minute, 0, 0),
                to: Time::constant((begin + length) as i8, minute, 0, 0),
            });
        }
    }
    hours.sort_unstable_by_key(|hours| hours.day);
    hours
}

/// Each person has a pace of their own, and most answers keep near it.
fn answered(lot: &mut Lot) -> Vec<Answered> {
    let pace = *lot.pick(&[90usize, 240, 600, 1_200, 1_800, 2_880, 4_320]);
    let kind = 30 + lot.below(65);
    (0..lot.below(9))
        .map(|_| Answered {
            days_ago: 8 + lot.below(360) as u16,
            minutes: (pace / 3 + lot.below(pace * 2)) as u32,
            accepted: lot.chance(kind),
        })
        .collect()
}

fn goal(lot: &mut Lot, want: &Wanted) -> SeedGoal {
    let skill = skill_name(&want.skill);
    let all = [Help::Advise, Help::Teach, Help::Challenge, Help::Sponsor, Help::HoldToAccount, Help::Reflect];
    let first = lot.below(all.len());
    SeedGoal {
        outcome: match lot.below(3) {
            0 => format!("Become good enough at {skill} to be asked about it"),
            1 => format!("Use {skill} in my own work"),
            _ => format!("Finish one real thing that needs {skill}"),
        }
        .into(),
        why_now: Text::Borrowed(*lot.pick(&[
            "A new project begins soon and I want to be ready.",
            "I have put it off for two years.",
            "My review is in the spring.",
            "I have a free day a week until summer.",
        ])),
        skill: want.skill.clone(),
        present: want.level,
        target: want.target,
        success: Text::Borrowed(*lot.pick(&[
            "Someone who knows it well has looked at my work and would put their name to it.",
            "I no longer feel sick on Sunday evening.",
            "I have done it three times without help.",
            "A colleague asks me to show them.",
        ])),
        by_in_days: 30 + lot.below(240) as u16,
        help: vec![all[first], all[(first + 1 + lot.below(all.len() - 1)) % all.len()]],
    }
}

/// For the address only.
fn ascii(name: &str) -> String {
    fold(name).chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::seed::village::tests::is_sound;

    #[test]
    fn everyone_drawn_is_sound() {
        Population::new(7).people(0..3_000).for_each(|person| is_sound(&person));
    }

    #[test]
    fn the_same_number_is_always_the_same_person() {
        let population = Population::new(7);
        let drawn: Vec<SeedPerson> = population.people(0..50).collect();
        assert_eq!(population.person(41), drawn[41]);
        assert_ne!(Population::new(8).person(41), drawn[41]);
        assert_ne!(drawn[40].name, drawn[41].name);
    }

    #[test]
    fn the_draw_is_the_same_on_every_machine() {
        // The published test vector of SplitMix64 for seed 1234567.
        let lot = &mut Lot(1_234_567);
        assert_eq!([lot.next(), lot.next(), lot.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn the_mix_looks_like_a_community() {
        let people: Vec<SeedPerson> = Population::new(1).people(0..5_000).collect();
        let share = |is: &dyn Fn(&SeedPerson) -> bool| people.iter().filter(|person| is(person)).count() * 100 / people.len();
        assert!((3..=7).contains(&share(&|p| p.not_now_for_days.is_some())));
        assert!((25..=45).contains(&share(&|p| p.open_to.contains(&OpenTo::Mentor))));
        assert!((2..=8).contains(&share(&|p| p.open_to.contains(&OpenTo::Coach))));
        assert!(people.iter().all(|p| (1..=8).contains(&p.offers.len()) && p.capacity <= 5 && p.taken <= p.capacity));
        let names: BTreeSet<_> = people.iter().map(|p| &p.name).collect();
        assert!(names.len() > 3_500, "{} names", names.len());
        assert!(people.iter().map(|p| &p.country).collect::<BTreeSet<_>>().len() >= 40);
        let mut skills: BTreeMap<&str, usize> = BTreeMap::new();
        people.iter().flat_map(|p| &p.offers).for_each(|offer| *skills.entry(&offer.skill).or_default() += 1);
        let most = skills.values().max().copied().unwrap_or(0);
        assert!(skills.len() > 500 && most > 150 && most < 2_000, "{} skills, the favourite {most} times", skills.len());
    }

    #[test]
    fn a_thousand_people_are_drawn_in_no_time() {
        let start = std::time::Instant::now();
        let letters: usize = Population::new(3).people(0..1_000).map(|person| person.story.len()).sum();
        eprintln!("{:?} a person, {letters} letters", start.elapsed() / 1_000);
        assert!(start.elapsed().as_secs() < 5);
    }
}
