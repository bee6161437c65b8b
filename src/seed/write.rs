//! Brings made-up people into a database: many rows a statement, since people come by the thousand.

use super::person::{OpenTo, Part, SeedPerson, Text};
use super::{Population, Village};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::people;
use crate::viewer::{Office, PersonId};
use chiron_store::{Arg, Timestamp};
use jiff::SignedDuration;
use uuid::Uuid;

/// People a unit of work: enough to share a commit, few enough that others who write do not wait long.
const BATCH: u64 = 250;

/// Brings the village's people in, and says who is who by key and name.
pub async fn village(app: &App) -> Result<Vec<(PersonId, String)>> {
    let village = Village::shipped().map_err(|e| Error::broken(e.to_string()))?;
    let people = village.people.clone();
    let ids = app.write(move |tx| write(tx, &people)).await?;
    let who = village.people.iter().map(|p| p.key.to_string()).zip(ids.iter().copied()).collect();
    super::history::tell(app, &village, &who).await?;
    Ok(ids.into_iter().zip(village.people.iter().map(|p| p.name.to_string())).collect())
}

/// How many of the population are here.
const BROUGHT: &str = "seeded people";

/// Brings in so many more people drawn by lot: those who come after the last that was brought here, so that many times a
/// few are the same people as once many. `progress` hears how many came, after each unit of work.
pub async fn population(app: &App, people: u64, mut progress: impl FnMut(u64)) -> Result<()> {
    let population = Population::new(1);
    let mut done = 0;
    while done < people {
        let more = BATCH.min(people - done);
        app.write(move |tx| {
            let here: u64 = tx.setting(BROUGHT)?.and_then(|n| n.parse().ok()).unwrap_or(0);
            let people: Vec<SeedPerson> = population.people(here..here + more).collect();
            write(tx, &people)?;
            tx.set(BROUGHT, &(here + more).to_string())
        })
        .await?;
        done += more;
        progress(done);
    }
    Ok(())
}

/// Brings these people in as if each had joined on their day, and says their ids in the same order.
fn write(tx: &mut Tx, people: &[SeedPerson]) -> Result<Vec<PersonId>> {
    let now = tx.now();
    let mut ids = Vec::with_capacity(people.len());
    let mut joined: Vec<(usize, Timestamp)> = people.iter().map(|p| days_before(now, p.joined_days_ago)).enumerate().collect();
    // Those who joined first get the smallest ids and the first lines of the log.
    joined.sort_by_key(|(at, joined)| (*joined, *at));
    let mut rows = Tables::default();
    let mut placed = vec![(PersonId(Uuid::nil()), now); people.len()];
    for (at, joined) in joined {
        let id = PersonId(tx.chance().id(joined));
        placed[at] = (id, joined);
        rows.person(tx, id, joined, now, &people[at])?;
    }
    for (at, person) in people.iter().enumerate() {
        if person.capacity > 0 && person.taken >= person.capacity {
            fill_places(tx, &mut rows, at, people, &placed)?;
        }
        ids.push(placed[at].0);
    }
    rows.save(tx)?;
    crate::directory::verbs::document(tx, &ids)?;
    Ok(ids)
}

/// Someone who is full guides people: the next who want to learn, those first who want what is offered.
fn fill_places(tx: &mut Tx, rows: &mut Tables, at: usize, people: &[SeedPerson], placed: &[(PersonId, Timestamp)]) -> Result<()> {
    let guide = &people[at];
    let fits = |p: &SeedPerson| p.wants.iter().any(|want| guide.offers.iter().any(|offer| offer.skill == want.skill));
    let learners =
        (at + 1..people.len()).chain(0..at).filter(|other| !people[*other].wants.is_empty() && people[*other].joined_days_ago > 20);
    let mut learners: Vec<usize> = learners.take(60).collect();
    learners.sort_by_key(|other| !fits(&people[*other]));
    for learner in learners.into_iter().take(guide.taken.into()) {
        let began = placed[at].1.max(placed[learner].1) + SignedDuration::from_hours(50);
        let (relationship, key): (Uuid, Uuid) = (tx.chance().id(began), tx.chance().id(began));
        let wrapped = tx.seal().shut(tx.chance(), &tx.chance().bytes::<32>())?;
        rows.keys.push([Box::new(key), Box::new(wrapped), Box::new(began)]);
        rows.relationships.push([
            Box::new(relationship),
            Box::new("mentoring"),
            Box::new("active"),
            Box::new(key),
            Box::new(began),
            Box::new(began),
        ]);
        for (party, role, guides) in [(at, "mentor", true), (learner, "mentee", false)] {
            rows.parties.push([Box::new(relationship), Box::new(placed[party].0), Box::new(role), Box::new(guides)]);
        }
    }
    Ok(())
}

/// Rows that wait to be written, table by table.
struct Rows<const N: usize> {
    table: &'static str,
    columns: [&'static str; N],
    values: Vec<Box<dyn Arg>>,
}

impl<const N: usize> Rows<N> {
    fn new(table: &'static str, columns: [&'static str; N]) -> Self {
        Self { table, columns, values: Vec::new() }
    }
    fn push(&mut self, row: [Box<dyn Arg>; N]) {
        self.values.extend(row);
    }
    /// In statements of a hundred, ten and one, so that each table needs three texts and no more.
    fn save(&self, tx: &mut Tx) -> Result<()> {
        let mut rest = &self.values[..];
        for size in [100, 10, 1] {
            let text = self.insert(size);
            while rest.len() >= size * N {
                let (now, later) = rest.split_at(size * N);
                tx.execute(&text, &now.iter().map(|v| &**v).collect::<Vec<_>>())?;
                rest = later;
            }
        }
        Ok(())
    }
    fn insert(&self, size: usize) -> String {
        let row = |at: usize| format!("({})", (1..=N).map(|column| format!("${}", at * N + column)).collect::<Vec<_>>().join(", "));
        let rows = (0..size).map(row).collect::<Vec<_>>().join(", ");
        format!("insert into {} ({}) values {rows}", self.table, self.columns.join(", "))
    }
}

struct Tables {
    people: Rows<5>,
    accounts: Rows<4>,
    profiles: Rows<18>,
    roles: Rows<2>,
    languages: Rows<3>,
    skills: Rows<5>,
    experiences: Rows<6>,
    credentials: Rows<7>,
    hours: Rows<4>,
    value_cards: Rows<4>,
    reply_times: Rows<4>,
    happenings: Rows<5>,
    keys: Rows<3>,
    relationships: Rows<6>,
    parties: Rows<4>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            people: Rows::new("people", ["id", "name", "folded", "office", "joined_at"]),
            accounts: Rows::new("accounts", ["person_id", "email", "email_folded", "verified_at"]),
            profiles: Rows::new(
                "profiles",
                [
                    "person_id",
                    "pronouns",
                    "headline",
                    "story",
                    "country",
                    "zone",
                    "directive_facilitative",
                    "support_challenge",
                    "structured_emergent",
                    "methods",
                    "how_i_work",
                    "fee",
                    "minutes_a_week",
                    "capacity",
                    "not_now_until",
                    "public_slug",
                    "public_indexed",
                    "changed_at",
                ],
            ),
            roles: Rows::new("profile_roles", ["person_id", "role"]),
            languages: Rows::new("profile_languages", ["person_id", "language", "position"]),
            skills: Rows::new("profile_skills", ["person_id", "side", "skill", "level", "position"]),
            experiences: Rows::new("experiences", ["id", "person_id", "position", "moved_from", "moved_into", "words"]),
            credentials: Rows::new("credentials", ["id", "person_id", "position", "title", "issuer", "issued_on", "expires_on"]),
            hours: Rows::new("hours", ["person_id", "weekday", "from_minute", "to_minute"]),
            value_cards: Rows::new("value_cards", ["person_id", "chosen", "counts", "named"]),
            reply_times: Rows::new("reply_times", ["id", "person_id", "asked_at", "answered_at"]),
            happenings: Rows::new("happenings", ["at", "kind", "subject", "by_person", "people"]),
            keys: Rows::new("keys", ["id", "wrapped", "made_at"]),
            relationships: Rows::new("relationships", ["id", "kind", "state", "key_id", "began_at", "changed_at"]),
            parties: Rows::new("parties", ["relationship_id", "person_id", "role", "guides"]),
        }
    }
}

impl Tables {
    fn save(&self, tx: &mut Tx) -> Result<()> {
        self.people.save(tx)?;
        self.accounts.save(tx)?;
        self.profiles.save(tx)?;
        self.roles.save(tx)?;
        self.languages.save(tx)?;
        self.skills.save(tx)?;
        self.experiences.save(tx)?;
        self.credentials.save(tx)?;
        self.hours.save(tx)?;
        self.value_cards.save(tx)?;
        self.reply_times.save(tx)?;
        self.happenings.save(tx)?;
        self.keys.save(tx)?;
        self.relationships.save(tx)?;
        self.parties.save(tx)
    }

    fn person(&mut self, tx: &Tx, id: PersonId, joined: Timestamp, now: Timestamp, person: &SeedPerson) -> Result<()> {
        let owned = |text: &Text| -> Box<dyn Arg> { Box::new(text.to_string()) };
        let office = match person.part {
            Part::Member => Office::Member,
            Part::Coordinator => Office::Coordinator,
            Part::Administrator => Office::Administrator,
        };
        self.people.push([Box::new(id), owned(&person.name), Box::new(fold(&person.name)), Box::new(office), Box::new(joined)]);
        self.accounts.push([Box::new(id), owned(&person.email), Box::new(person.email.to_lowercase()), Box::new(joined)]);
        let slider = |at: fn(&super::person::Style) -> u8| -> Box<dyn Arg> { Box::new(person.style.as_ref().map(|s| i64::from(at(s)))) };
        let minutes: i64 = person.hours.iter().map(|h| i64::from(minute(h.to)) - i64::from(minute(h.from))).sum();
        // The places already taken are taken by people whom the seed does not bring; those who are full get theirs.
        let capacity = if person.taken >= person.capacity { person.capacity } else { person.capacity - person.taken };
        self.profiles.push([
            Box::new(id),
            Box::new(person.pronouns.as_ref().map(Text::to_string).unwrap_or_default()),
            owned(&person.headline),
            owned(&person.story),
            Box::new(person.country.as_ref().map(Text::to_string).unwrap_or_default()),
            owned(&person.zone),
            slider(|s| s.directive_facilitative),
            slider(|s| s.support_challenge),
            slider(|s| s.structured_emergent),
            Box::new(person.methods.join("\n")),
            owned(&person.how_i_work),
            Box::new(person.fee.as_ref().map(|fee| fee_words(fee.minor, &fee.currency, &fee.per))),
            Box::new(minutes),
            Box::new(i64::from(capacity)),
            Box::new(person.not_now_for_days.map(|days| now + SignedDuration::from_hours(24 * i64::from(days)))),
            Box::new(person.public_page.then(|| person.key.to_string())),
            Box::new(false),
            Box::new(joined),
        ]);
        self.lists(tx, id, now, person);
        let touched = serde_json::to_string(&[id])?;
        self.happenings.push([Box::new(joined), Box::new("person joined"), Box::new(id), Box::new(None::<Uuid>), Box::new(touched)]);
        Ok(())
    }

    fn lists(&mut self, tx: &Tx, id: PersonId, now: Timestamp, person: &SeedPerson) {
        for role in person.open_to.iter().filter_map(|to| role(*to)) {
            self.roles.push([Box::new(id), Box::new(role)]);
        }
        for (position, language) in (0i64..).zip(&person.languages) {
            self.languages.push([Box::new(id), Box::new(language.to_string()), Box::new(position)]);
        }
        let offered = person.offers.iter().map(|o| ("offered", &o.skill, o.level));
        let wanted = person.wants.iter().map(|w| ("wanted", &w.skill, w.level));
        for (position, (side, skill, level)) in (0i64..).zip(offered.chain(wanted)) {
            self.skills.push([Box::new(id), Box::new(side), Box::new(skill.to_string()), Box::new(i64::from(level)), Box::new(position)]);
        }
        for (position, experience) in (0i64..).zip(&person.experiences) {
            let (from, into, words) = moved(experience);
            self.experiences.push([
                Box::new(tx.new_id::<Uuid>()),
                Box::new(id),
                Box::new(position),
                Box::new(from.to_owned()),
                Box::new(into.to_owned()),
                Box::new(words.to_owned()),
            ]);
        }
        for (position, credential) in (0i64..).zip(&person.credentials) {
            let issued = day(days_before(now, credential.issued_days_ago));
            let expires = credential.expires_in_days.map(|days| day(now + SignedDuration::from_hours(24 * i64::from(days))));
            self.credentials.push([
                Box::new(tx.new_id::<Uuid>()),
                Box::new(id),
                Box::new(position),
                Box::new(credential.name.to_string()),
                Box::new(credential.issuer.to_string()),
                Box::new(Some(issued)),
                Box::new(expires),
            ]);
        }
        for hours in &person.hours {
            let weekday = i64::from(hours.day.weekday().to_monday_one_offset());
            self.hours.push([
                Box::new(id),
                Box::new(weekday),
                Box::new(i64::from(minute(hours.from))),
                Box::new(i64::from(minute(hours.to))),
            ]);
        }
        if !person.values.is_empty() {
            self.value_cards.push([Box::new(id), Box::new(person.values.join("\n")), Box::new(true), Box::new(true)]);
        }
        for answered in &person.answered {
            let asked = days_before(now, answered.days_ago);
            let at = asked + SignedDuration::from_mins(answered.minutes.into());
            self.reply_times.push([Box::new(tx.new_id::<Uuid>()), Box::new(id), Box::new(asked), Box::new(Some(at))]);
        }
    }
}

/// What someone is open to being asked for. That they look for a guide themselves shows in what they want to learn.
fn role(to: OpenTo) -> Option<people::OpenTo> {
    match to {
        OpenTo::Mentor => Some(people::OpenTo::Mentor),
        OpenTo::Coach => Some(people::OpenTo::Coach),
        OpenTo::Peer => Some(people::OpenTo::Peer),
        OpenTo::Question => Some(people::OpenTo::Question),
        OpenTo::Mentee | OpenTo::Client | OpenTo::Sponsor => None,
    }
}

/// “Moved from teaching into data” has its own columns; anything else stays a sentence.
fn moved(experience: &str) -> (&str, &str, &str) {
    match experience.strip_prefix("moved from ").and_then(|rest| rest.split_once(" into ")) {
        Some((from, into)) => (from, into, ""),
        None => ("", "", experience),
    }
}

fn fee_words(minor: u32, currency: &str, per: &str) -> String {
    match minor % 100 {
        0 => format!("{} {currency} for {per}", minor / 100),
        cents => format!("{}.{cents:02} {currency} for {per}", minor / 100),
    }
}

fn minute(time: jiff::civil::Time) -> i16 {
    i16::from(time.hour()) * 60 + i16::from(time.minute())
}

fn days_before(now: Timestamp, days: u16) -> Timestamp {
    now - SignedDuration::from_hours(24 * i64::from(days))
}

fn day(at: Timestamp) -> String {
    at.in_zone(&jiff::tz::TimeZone::UTC).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::story;
    use chiron_store::sql;

    #[test]
    fn the_village_moves_in_and_a_thousand_people_follow() {
        story(|s| {
            let village = s.waits(village(s.app())).unwrap();
            assert!(village.iter().any(|(_, name)| name == "Amina Diallo"));
            let mut heard = Vec::new();
            s.waits(population(s.app(), 1_200, |n| heard.push(n))).unwrap();
            assert_eq!(heard, [250, 500, 750, 1_000, 1_200]);
            let (people, docs, full): (i64, i64, i64) = s.does(|tx| {
                Ok(tx.one(
                    sql!(
                        "select (select count(*) from people), (select count(*) from search_docs),
                            (select count(*) from profiles f where f.capacity > 0 and f.capacity =
                                (select count(*) from parties a where a.person_id = f.person_id and a.guides))"
                    ),
                    &[],
                )?)
            });
            assert_eq!(people, 1_200 + village.len() as i64);
            assert_eq!(docs, people);
            assert!(full > 10, "{full} are full");
        });
    }

    #[test]
    fn seeding_again_goes_on_where_it_stopped() {
        story(|s| {
            for more in [40, 1, 59] {
                s.waits(population(s.app(), more, |_| ())).unwrap();
            }
            let here: Vec<(String, String)> = s.does(|tx| {
                Ok(tx.all(
                    sql!("select p.name, a.email from people p join accounts a on a.person_id = p.id order by a.email limit 1000"),
                    &[],
                )?)
            });
            let mut meant: Vec<(String, String)> =
                Population::new(1).people(0..100).map(|p| (p.name.to_string(), p.email.to_string())).collect();
            meant.sort_by(|a, b| a.1.cmp(&b.1));
            assert_eq!(here, meant);
        });
    }

    #[test]
    fn a_sentence_of_moving_is_taken_apart() {
        assert_eq!(moved("moved from teaching into data"), ("teaching", "data", ""));
        assert_eq!(moved("hired career changers"), ("", "", "hired career changers"));
        assert_eq!(fee_words(6_050, "EUR", "an hour"), "60.50 EUR for an hour");
    }
}
