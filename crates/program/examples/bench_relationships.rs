//! Measures the pages of people who work together where many do: a hundred thousand relationships with half a million
//! sessions and ten million messages.
//!
//! ```text
//! cargo run --release --example bench_relationships -- [--relationships 100000] [--messages 100] [--database URL]
//! ```
//!
//! `--messages` is the number in each. Writing them all down takes some minutes, and about three gigabytes.

mod measure;
mod place;
mod within;

use axum::http::StatusCode;
use chiron::app::{App, Tx};
use chiron::config::Config;
use chiron::error::{Error, Result};
use chiron::relationships::{Kind, RelationshipId, Role, verbs as relationships};
use chiron::seal::{self, Sealed};
use chiron::viewer::PersonId;
use chiron_store::{Arg, List, Timestamp, sql};
use jiff::SignedDuration;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::time::Instant;
use uuid::Uuid;
use within::answer;

/// Relationships of each person: a fifth as many people as relationships have two parties each in them.
const EACH: u64 = 10;
/// Sessions of each relationship: four that were held, and one to come.
const SESSIONS: i64 = 5;
/// Relationships written down in one unit of work.
const AT_ONCE: usize = 50;
/// Pages of each kind that are looked at, each in another relationship.
const LOOKS: usize = 300;

struct Work {
    id: RelationshipId,
    session: Uuid,
    learner: PersonId,
}

#[tokio::main]
async fn main() -> Result<()> {
    let (mut many, mut messages, mut database) = (100_000_u64, 100_i64, None);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--relationships" => many = value.parse().unwrap_or(many),
            "--messages" => messages = value.parse().unwrap_or(messages),
            "--database" => database = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let app = place(Config { data: folder.path().into(), ..Config::default() }, database.as_deref()).await?;
    let begun = Instant::now();
    let works = written(&app, many, messages).await?;
    println!(
        "\n{} relationships, {} sessions and {} messages, {}: written in {:.0} s",
        works.len(),
        works.len() as i64 * SESSIONS,
        works.len() as i64 * messages,
        if database.is_some() { "PostgreSQL" } else { "SQLite" },
        begun.elapsed().as_secs_f64()
    );
    let step = (works.len() / LOOKS).max(1);
    let chosen: Vec<&Work> = works.iter().step_by(step).take(LOOKS).collect();
    let learners: Vec<PersonId> = chosen.iter().map(|work| work.learner).collect();
    let cookies = app.write(move |tx| learners.iter().map(|person| signed_in(tx, *person)).collect::<Result<Vec<_>>>()).await?;
    let router = chiron::web::router(&app);
    println!("\n| page | middle, wall ms | 99th percentile | middle, CPU ms |\n|---|---|---|---|");
    let pages: [(&str, fn(&Work) -> String); 7] = [
        ("Today", |_| "/today".into()),
        ("everybody one works with", |_| "/relationships".into()),
        ("a relationship, now", |work| format!("/relationships/{}", work.id)),
        ("its sessions", |work| format!("/relationships/{}/sessions", work.id)),
        ("a session", |work| format!("/sessions/{}", work.session.simple())),
        ("its messages, the newest", |work| format!("/relationships/{}/messages", work.id)),
        ("its messages, further back", |work| format!("/relationships/{}/messages?before=60", work.id)),
    ];
    for (name, path) in pages {
        let (mut walls, mut cpus) = (Vec::new(), Vec::new());
        for (work, cookie) in chosen.iter().zip(&cookies) {
            let (begun, cpu) = (Instant::now(), cpu_us(std::process::id()));
            let (state, body) = answer(&router, &path(work), cookie, None).await?;
            walls.push(begun.elapsed().as_secs_f64() * 1e3);
            cpus.push((cpu_us(std::process::id()) - cpu) / 1e3);
            if state != StatusCode::OK {
                return Err(Error::broken(format!("{} answered {state}: {body}", path(work))));
            }
        }
        walls.sort_by(f64::total_cmp);
        cpus.sort_by(f64::total_cmp);
        let at = |part: f64| walls[((walls.len() - 1) as f64 * part) as usize];
        println!("| {name} | {:.1} | {:.1} | {:.1} |", at(0.5), at(0.99), cpus[cpus.len() / 2]);
    }
    println!("\nmemory at the end: {:.0} MiB", resident(std::process::id()));
    Ok(())
}

/// People, and what they do together, by the product's own verbs where those begin something, and in bulk where it goes on.
async fn written(app: &App, many: u64, messages: i64) -> Result<Vec<Work>> {
    chiron::seed::write::population(app, (many * 2 / EACH).max(4), |_| {}).await?;
    let people: Vec<PersonId> = app
        .read(|tx| {
            let (mut all, mut last) = (Vec::new(), PersonId(Uuid::nil()));
            loop {
                let some: Vec<(PersonId,)> = tx.all(sql!("select id from people where id > $1 order by id limit 10000"), &[&last])?;
                let Some((newest,)) = some.last() else { return Ok(all) };
                last = *newest;
                all.extend(some.into_iter().map(|row| row.0));
            }
        })
        .await?;
    let pairs: Vec<(PersonId, PersonId)> = (0..many as usize)
        .map(|n| (people[n % people.len()], people[(n + 1 + n / people.len()) % people.len()]))
        .filter(|(one, other)| one != other)
        .collect();
    let mut works = Vec::with_capacity(pairs.len());
    for (done, some) in pairs.chunks(AT_ONCE).enumerate() {
        let some = some.to_vec();
        works.extend(
            app.write(move |tx| some.iter().map(|(one, other)| work(tx, *one, *other, messages)).collect::<Result<Vec<_>>>()).await?,
        );
        if done % 200 == 199 {
            eprintln!("{} of {}", works.len(), pairs.len());
        }
    }
    Ok(works)
}

fn work(tx: &mut Tx, learner: PersonId, guide: PersonId, messages: i64) -> Result<Work> {
    let key = seal::new_key(tx)?;
    let parties = [(learner, Role::Mentee), (guide, Role::Mentor)];
    let id: RelationshipId = relationships::begin(tx, Kind::Mentoring, key, learner.0, &parties)?;
    let words =
        seal::seal(tx, key, "Thank you. I tried it on the second table, and it held; the third has gaps, and I do not know why yet.")?;
    let now = tx.now();
    said(tx, id, [learner, guide], &words, messages)?;
    let mut session = Uuid::nil();
    for n in 0..SESSIONS {
        // The last one is tomorrow, the others were each a week before.
        session = tx.new_id();
        let starts = now + SignedDuration::from_hours(24 - 168 * (SESSIONS - 1 - n));
        met(tx, session, id, [learner, guide], starts, if n == SESSIONS - 1 { "booked" } else { "held" })?;
    }
    Ok(Work { id, session, learner })
}

fn said(tx: &mut Tx, id: RelationshipId, people: [PersonId; 2], words: &Sealed, messages: i64) -> Result<()> {
    let now = tx.now();
    let ids: Vec<Uuid> = (0..messages).map(|_| tx.new_id()).collect();
    let numbers: Vec<i64> = (1..=messages).collect();
    let times: Vec<Timestamp> = numbers.iter().map(|n| now - SignedDuration::from_hours(6 * (messages - n))).collect();
    let mut args: Vec<&dyn Arg> = Vec::with_capacity(6 * ids.len());
    for (at, message) in ids.iter().enumerate() {
        args.extend([message as &dyn Arg, &id, &numbers[at], &people[at % 2], &times[at], words]);
    }
    let rows: Vec<String> =
        (0..ids.len()).map(|row| format!("({})", (1..=6).map(|n| format!("${}", row * 6 + n)).collect::<Vec<_>>().join(", "))).collect();
    tx.execute(&format!("insert into messages (id, relationship_id, number, by_id, at, words) values {}", rows.join(", ")), &args)?;
    tx.execute(
        sql!("insert into conversations (relationship_id, newest, newest_by_id, newest_at) values ($1, $2, $3, $4)"),
        &[&id, &messages, &people[(messages as usize + 1) % 2], &now],
    )?;
    for person in people {
        tx.execute(
            sql!("insert into message_positions (relationship_id, person_id, seen, told_from) values ($1, $2, $3, $3)"),
            &[&id, &person, &messages],
        )?;
    }
    Ok(())
}

fn met(tx: &mut Tx, session: Uuid, id: RelationshipId, people: [PersonId; 2], starts: Timestamp, state: &str) -> Result<()> {
    let (ends, made) = (starts + SignedDuration::from_hours(1), starts - SignedDuration::from_hours(120));
    tx.execute(
        sql!(
            "insert into sessions (id, relationship_id, purpose, state, cadence, minutes, proposed_by_id, starts_at, ends_at, wall, zone, lapses_at, sequence, made_at)
             values ($1, $2, 'regular', $3, 'once', 60, $4, $5, $6, '2026-11-22T18:00', 'UTC', $5, 1, $7)"
        ),
        &[&session, &id, &state, &people[0], &starts, &ends, &made],
    )?;
    let both = List::of(people)?;
    tx.execute(
        sql!(
            "insert into attendances (session_id, person_id, state, starts_at, ends_at)
             select $1, id, $2, $3, $4 from people where id in {list $5 as id}"
        ),
        &[&session, &state, &starts, &ends, &both],
    )?;
    Ok(())
}
