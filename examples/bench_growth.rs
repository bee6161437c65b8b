//! Measures the pages of what changed for somebody who wrote every week for ten years.
//!
//! ```text
//! cargo run --release --example bench_growth -- [--weeks 520] [--database URL]
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
use chiron::viewer::{PersonId, Via, Viewer};
use chiron_store::{Timestamp, sql};
use jiff::SignedDuration;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::time::Instant;
use uuid::Uuid;
use within::get;

const SCALES: usize = 5;
const LOOKS: usize = 100;
const SENTENCE: &str = "I told it to the team in five minutes, and somebody asked how I knew; that was the best part of the week.";

#[tokio::main]
async fn main() -> Result<()> {
    let (mut weeks, mut database) = (520_i64, None);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--weeks" => weeks = value.parse().unwrap_or(weeks),
            "--database" => database = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let app = place(Config { data: folder.path().into(), ..Config::default() }, database.as_deref()).await?;
    chiron::seed::write::population(&app, 4, |_| {}).await?;
    let (person, rated, counted) = app.write(move |tx| written(tx, weeks)).await?;
    let cookie = app.write(move |tx| signed_in(tx, person)).await?;
    measured(&app, &cookie, rated, counted, weeks, database.is_some()).await
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
            let (state, body) = get(&router, &path, cookie).await?;
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
    let goal = goals::begin(tx, viewer, outcome)?;
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
