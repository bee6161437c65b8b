//! Measures the pages of what changed for somebody who wrote every week for ten years, and what it costs to count a quarter
//! over many people and to show what it came to.
//!
//! ```text
//! cargo run --release --example bench_growth -- [--weeks 520] [--participants 100000] [--database URL]
//! ```
//!
//! Each week she rates the five scales of one goal, says how sure she is of it, and counts the five key results of another,
//! with a sentence to each.

mod measure;
mod place;
mod within;

use axum::http::StatusCode;
use chiron::app::{App, Tx};
use chiron::attainment::{KeyResult, Level, ScaleDraft, ScaleId, ScaleWords, verbs};
use chiron::config::Config;
use chiron::error::{Error, Result};
use chiron::goals::{Answer, GoalId, Step, verbs as goals};
use chiron::seal;
use chiron::tallies;
use chiron::viewer::{PersonId, Via, Viewer};
use chiron_store::{Arg, Engine, Timestamp, sql};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use uuid::Uuid;
use within::answer;

const SCALES: usize = 5;
const LOOKS: usize = 100;
/// People written down in one unit of work, each with a goal on [`SIDES`] scales and [`TIMES`] ratings that two agreed on.
const AT_ONCE: usize = 400;
const SIDES: usize = 3;
const TIMES: usize = 2;
const SENTENCE: &str = "I told it to the team in five minutes, and somebody asked how I knew; that was the best part of the week.";

#[tokio::main]
async fn main() -> Result<()> {
    let (mut weeks, mut participants, mut database) = (520_i64, 100_000_usize, None);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--weeks" => weeks = value.parse().unwrap_or(weeks),
            "--participants" => participants = value.parse().unwrap_or(participants),
            "--database" => database = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let app = place(Config { data: folder.path().into(), ..Config::default() }, database.as_deref()).await?;
    chiron::seed::write::population(&app, 4, |_| {}).await?;
    let (person, rated, counted) = app.write(move |tx| written(tx, weeks)).await?;
    let cookie = app.write(move |tx| signed_in(tx, person)).await?;
    measured(&app, &cookie, rated, counted, weeks, database.is_some()).await?;
    let begun = Instant::now();
    let quarter = many(&app, participants).await?;
    println!("\n{participants} participants, written in {:.0} s", begun.elapsed().as_secs_f64());
    all_in_all(&app, person, &cookie, quarter).await
}

/// Counts the quarter as the errand does it, while somebody writes all the time, and looks at what it came to.
async fn all_in_all(app: &App, person: PersonId, cookie: &str, quarter: jiff::civil::Date) -> Result<()> {
    println!(
        "\n| count | wall ms | CPU ms | memory held before and after, MiB | writes meanwhile | the slowest of them, ms |\n|---|---|---|---|---|---|"
    );
    for said in ["the first", "once more"] {
        app.write(|tx| Ok(tx.execute(sql!("delete from tallies where begins_on <> ''"), &[])?)).await?;
        let ends = Arc::new(AtomicBool::new(false));
        let (writer, until) = (app.clone(), Arc::clone(&ends));
        let writes = tokio::spawn(async move {
            let mut took = Vec::new();
            while !until.load(Ordering::Relaxed) {
                let begun = Instant::now();
                writer.write(|tx| tx.set("somebody writes", "meanwhile")).await?;
                took.push(begun.elapsed().as_secs_f64() * 1e3);
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            Ok::<_, Error>(took)
        });
        let (begun, cpu, held) = (Instant::now(), cpu_us(std::process::id()), resident(std::process::id()));
        if tallies::verbs::count(app.clone()).await? != 1 {
            return Err(Error::broken("there was no quarter to count"));
        }
        let (wall, cpu, holds) =
            (begun.elapsed().as_secs_f64() * 1e3, (cpu_us(std::process::id()) - cpu) / 1e3, resident(std::process::id()));
        ends.store(true, Ordering::Relaxed);
        let took = writes.await.map_err(|e| Error::broken(e.to_string()))??;
        let slowest = took.iter().copied().fold(0.0, f64::max);
        println!("| {said} | {wall:.0} | {cpu:.0} | {held:.0} to {holds:.0} | {} | {slowest:.1} |", took.len());
    }
    let tally = app.read(tallies::verbs::latest).await?.into_iter().next().ok_or(Error::NotFound)?;
    println!("\n{tally:?}\n");
    if tally.begins_on != quarter.to_string() || tally.people.is_none() {
        return Err(Error::broken("another quarter was counted"));
    }
    app.write(move |tx| Ok(tx.execute(sql!("update people set office = 'coordinator' where id = $1"), &[&person])?)).await?;
    let router = chiron::web::router(app);
    println!("| page | middle, wall ms | 99th percentile | kB |\n|---|---|---|---|");
    for (name, path) in [("what changed, all in all", "/growth/all"), ("its file", "/growth/all.csv")] {
        let (mut walls, mut size) = (Vec::new(), 0);
        for _ in 0..LOOKS {
            let begun = Instant::now();
            let (state, body) = answer(&router, path, cookie, None).await?;
            walls.push(begun.elapsed().as_secs_f64() * 1e3);
            size = body.len();
            if state != StatusCode::OK {
                return Err(Error::broken(format!("{path} answered {state}: {body}")));
            }
        }
        walls.sort_by(f64::total_cmp);
        let at = |part: f64| walls[((walls.len() - 1) as f64 * part) as usize];
        println!("| {name} | {:.1} | {:.1} | {:.0} |", at(0.5), at(0.99), size as f64 / 1e3);
    }
    Ok(())
}

/// Many people in the quarter before this one, each of whom lets the goal count on which they agreed twice; the first day of
/// that quarter.
async fn many(app: &App, participants: usize) -> Result<jiff::civil::Date> {
    let this = chiron::pulses::quarter_of(app.now().in_zone(&TimeZone::UTC).date());
    let quarter = this.checked_sub(3.months())?;
    let from = chiron::pulses::verbs::begins(quarter)?;
    app.write(move |tx| Ok(tx.execute(sql!("update people set joined_at = $1 where joined_at > $1"), &[&from])?)).await?;
    let (key, relationship): (seal::KeyId, Uuid) = app
        .write(|tx| {
            let (person,): (PersonId,) = tx.one(sql!("select id from people order by id limit 1"), &[])?;
            let key = seal::new_key(tx)?;
            let parties = [(person, chiron::relationships::Role::Peer)];
            let id = chiron::relationships::verbs::begin(tx, chiron::relationships::Kind::Peer, key, person.0, &parties)?;
            Ok((key, id.0))
        })
        .await?;
    let mut written = 0;
    while written < participants {
        let some = AT_ONCE.min(participants - written);
        app.write(move |tx| portion(tx, written, some, from, key, relationship)).await?;
        written += some;
    }
    // What PostgreSQL does by itself within a minute.
    if app.db.engine() == Engine::Postgres {
        app.write(|tx| Ok(tx.execute("analyze", &[])?)).await?;
    }
    Ok(quarter)
}

fn portion(tx: &mut Tx, before: usize, some: usize, from: Timestamp, key: seal::KeyId, relationship: Uuid) -> Result<()> {
    let ids = |tx: &Tx, many: usize| -> Vec<Uuid> { (0..many).map(|_| tx.new_id()).collect() };
    let (people, goals, scales, ratings) = (ids(tx, some), ids(tx, some), ids(tx, some * SIDES), ids(tx, some * TIMES));
    let words = seal::seal(tx, key, SENTENCE)?;
    let (name, state, form, step, agreed) = ("Somebody", "set", "scales", "help", "proposed");
    let numbers: Vec<i64> = (-2..10).collect();
    let number = |n: i64| &numbers[(n + 2) as usize];
    let times: Vec<Timestamp> = (0..80).map(|day| from + SignedDuration::from_hours(24 * day)).collect();
    let mut args: Vec<&dyn Arg> = Vec::new();
    for person in &people {
        args.extend([person as &dyn Arg, &name, &name, &from]);
    }
    all(tx, "people (id, name, folded, joined_at)", 4, &args)?;
    args.clear();
    for (goal, person) in goals.iter().zip(&people) {
        args.extend([goal as &dyn Arg, person, &state, number(1), &step, &key, &from, &from]);
    }
    all(tx, "goals (id, person_id, state, version, step, key_id, made_at, changed_at)", 8, &args)?;
    args.clear();
    for (goal, person) in goals.iter().zip(&people) {
        args.extend([goal as &dyn Arg, person, &key, &relationship, &form, number(1), &from, &from]);
    }
    all(tx, "attainments (goal_id, owner_id, key_id, relationship_id, form, version, made_at, counted_at)", 8, &args)?;
    args.clear();
    for (n, scale) in scales.iter().enumerate() {
        let side = n % SIDES;
        args.extend([
            scale as &dyn Arg,
            &goals[n / SIDES],
            number(1),
            number(side as i64),
            number(1 + side as i64),
            number(-1),
            &words,
            &from,
        ]);
    }
    all(tx, "goal_scales (id, goal_id, version, position, weight, baseline, words, made_at)", 8, &args)?;
    args.clear();
    for (n, rating) in ratings.iter().enumerate() {
        let at = &times[(before + n) % 40 + 40 * (n % TIMES)];
        args.extend([rating as &dyn Arg, &goals[n / TIMES], &relationship, &key, &people[n / TIMES], at, &agreed, at]);
    }
    all(tx, "goal_ratings (id, goal_id, relationship_id, key_id, by_id, at, agreed, agreed_at)", 8, &args)?;
    args.clear();
    for (n, rating) in ratings.iter().enumerate() {
        for side in 0..SIDES {
            let level = ((before + n / TIMES) * 7 + side * 3 + n % TIMES) % 11;
            // More go forth than back.
            let level = [-2, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2][level];
            args.extend([rating as &dyn Arg, &scales[n / TIMES * SIDES + side], number(level)]);
        }
    }
    all(tx, "goal_rating_levels (rating_id, scale_id, proposed)", 3, &args)
}

/// Many rows in one statement.
fn all(tx: &mut Tx, what: &str, columns: usize, args: &[&dyn Arg]) -> Result<()> {
    let row = |row: usize| format!("({})", (1..=columns).map(|n| format!("${}", row * columns + n)).collect::<Vec<_>>().join(", "));
    let rows: Vec<String> = (0..args.len() / columns).map(row).collect();
    tx.execute(&format!("insert into {what} values {}", rows.join(", ")), args)?;
    Ok(())
}

async fn measured(app: &App, cookie: &str, rated: GoalId, counted: GoalId, weeks: i64, postgres: bool) -> Result<()> {
    let router = chiron::web::router(app);
    println!("\n{weeks} weeks of one person, {}\n", if postgres { "PostgreSQL" } else { "SQLite" });
    println!("| page | middle, wall ms | 99th percentile | middle, CPU ms | kB |\n|---|---|---|---|---|");
    for (name, path) in [
        ("what changed", "/growth".to_owned()),
        ("a goal on scales", format!("/attainment/{rated}")),
        ("a goal with key results", format!("/attainment/{counted}")),
        ("the goal itself", format!("/goals/{rated}")),
        ("Today", "/today".into()),
    ] {
        let (mut walls, mut cpus, mut size) = (Vec::new(), Vec::new(), 0);
        for _ in 0..LOOKS {
            let (begun, cpu) = (Instant::now(), cpu_us(std::process::id()));
            let (state, body) = answer(&router, &path, cookie, None).await?;
            walls.push(begun.elapsed().as_secs_f64() * 1e3);
            cpus.push((cpu_us(std::process::id()) - cpu) / 1e3);
            size = body.len();
            if state != StatusCode::OK {
                return Err(Error::broken(format!("{path} answered {state}: {body}")));
            }
        }
        walls.sort_by(f64::total_cmp);
        cpus.sort_by(f64::total_cmp);
        let at = |part: f64| walls[((walls.len() - 1) as f64 * part) as usize];
        println!("| {name} | {:.1} | {:.1} | {:.1} | {:.0} |", at(0.5), at(0.99), cpus[cpus.len() / 2], size as f64 / 1e3);
    }
    println!("\nmemory at the end: {:.0} MiB", resident(std::process::id()));
    Ok(())
}

/// Begun by the product's own verbs, and its weeks in bulk.
fn written(tx: &mut Tx, weeks: i64) -> Result<(PersonId, GoalId, GoalId)> {
    let (person,): (PersonId,) = tx.one(sql!("select id from people order by id limit 1"), &[])?;
    let viewer = Viewer::of_person(tx, person, Via::Errand)?.ok_or(Error::NotFound)?;
    let rated = goal(tx, &viewer, "Be heard when I say what the data show")?;
    let scale = |n: usize| ScaleDraft {
        words: ScaleWords {
            title: format!("Side {n}"),
            levels: std::array::from_fn(|level| format!("What level {level} of side {n} would look like to anybody")),
        },
        weight: 1 + n as i64 % 3,
        baseline: Level::LOWEST,
    };
    verbs::lay_down_scales(tx, &viewer, rated, &(0..SCALES).map(scale).collect::<Vec<_>>())?;
    let counted = goal(tx, &viewer, "Have people who come back with their next question")?;
    let result = |n: usize| KeyResult { title: format!("Count {n}"), unit: "people".into(), start: 0.0, target: 1000.0 };
    verbs::lay_down_results(tx, &viewer, counted, &(0..5).map(result).collect::<Vec<_>>())?;
    let begun = |tx: &mut Tx, goal: GoalId| verbs::of_goal(tx, &viewer, goal)?.ok_or(Error::NotFound);
    let on_scales = begun(tx, rated)?;
    let scales: Vec<ScaleId> = on_scales.scales_now().map(|scale| scale.id).collect();
    let (key, other) = (on_scales.attainment.key, begun(tx, counted)?.attainment.key);
    let note = seal::seal(tx, key, SENTENCE)?;
    let now = tx.now();
    for week in 0..weeks {
        let at: Timestamp = now - SignedDuration::from_hours(168 * (weeks - week));
        let rating: Uuid = tx.new_id();
        tx.execute(
            sql!("insert into goal_ratings (id, goal_id, key_id, by_id, at, note) values ($1, $2, $3, $4, $5, $6)"),
            &[&rating, &rated, &key, &person, &at, &note],
        )?;
        for (n, scale) in (0..).zip(&scales) {
            let level = (week * 5 / weeks + n + week) % 5 - 2;
            tx.execute(
                sql!("insert into goal_rating_levels (rating_id, scale_id, proposed) values ($1, $2, $3)"),
                &[&rating, scale, &level],
            )?;
        }
        let (id, sure): (Uuid, i64) = (tx.new_id(), week % 11);
        tx.execute(
            sql!("insert into goal_confidences (id, goal_id, at, level, note) values ($1, $2, $3, $4, $5)"),
            &[&id, &rated, &at, &sure, &note],
        )?;
        let numbers = serde_json::json!({ "now": [week, week, week, week, week], "note": SENTENCE }).to_string();
        let (id, words): (Uuid, _) = (tx.new_id(), seal::seal(tx, other, &numbers)?);
        tx.execute(
            sql!("insert into goal_progress (id, goal_id, version, at, words) values ($1, $2, 1, $3, $4)"),
            &[&id, &counted, &at, &words],
        )?;
    }
    Ok((person, rated, counted))
}

fn goal(tx: &mut Tx, viewer: &Viewer, outcome: &str) -> Result<GoalId> {
    let goal = goals::begin(tx, viewer, tx.new_id(), outcome)?;
    for (step, answer) in [
        (Step::Skills, None),
        (Step::Why, None),
        (Step::Success, Some(Answer::Success("Somebody asks.".into()))),
        (Step::By, None),
        (Step::Help, None),
    ] {
        goals::answer(tx, viewer, goal, step, answer)?;
    }
    Ok(goal)
}
