//! Measures the directory: how long it takes to know everyone, what that costs in memory, and twenty typical searches.
//!
//! ```text
//! cargo run --release --example bench_directory -- [--people 10000] [--data FOLDER] [--database URL] [--search QUERY]
//! ```
//!
//! `--search q=novak` measures that search alone. People who are in the folder or the database already are not made again.

mod measure;
mod place;
mod within;

use chiron::config::Config;
use chiron::error::{Error, Result};
use chiron::viewer::PersonId;
use chiron_store::sql;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::time::Instant;
use within::answer;

const SEARCHES: [&str; 20] = [
    "q=react",
    "q=accessibility+in+React+apps%2C+in+Spanish",
    "q=javscript",
    "q=leadership",
    "q=career+change+into+data",
    "q=public+speaking&language=fr",
    "q=nursing",
    "q=python&role=mentor",
    "q=coach+for+new+managers",
    "q=teaching&country=DE",
    "q=novak",
    "q=time+management&free=yes",
    "q=design&hours=yes",
    "q=salary+negotiation",
    "q=kubernets",
    "q=writing+a+book",
    "q=spanish",
    "q=startup+funding&fee=none",
    "q=machine+learning&page=3",
    "",
];
const TIMES: usize = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let (mut people, mut data, mut database, mut only) = (10_000_u64, None, None, None);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--people" => people = value.parse().unwrap_or(people),
            "--data" => data = Some(value),
            "--database" => database = Some(value),
            "--search" => only = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let data = data.map_or_else(|| folder.path().into(), Into::into);
    let app = place(Config { data, ..Config::default() }, database.as_deref()).await?;
    let here: i64 = app.read(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from people"), &[])?.0)).await?;
    let begun = Instant::now();
    chiron::seed::write::population(&app, people.saturating_sub(here.unsigned_abs()), |_| {}).await?;
    let written = begun.elapsed().as_secs_f64();
    let cookie = app
        .write(|tx| {
            let (person,): (PersonId,) = tx.opt(sql!("select id from people order by id limit 1"), &[])?.ok_or(Error::NotFound)?;
            signed_in(tx, person)
        })
        .await?;
    let router = chiron::web::router(&app);
    let before = resident(std::process::id());
    let begun = Instant::now();
    chiron::directory::verbs::warm(&app).await?;
    ask(&router, &cookie, SEARCHES[0]).await?;
    let first = begun.elapsed().as_secs_f64();
    let memory = resident(std::process::id()) - before;

    println!("\n{people} people, {}", if database.is_some() { "PostgreSQL" } else { "SQLite" });
    println!("written in {written:.1} s; the first search, which reads everyone, took {first:.2} s and {memory:.0} MiB\n");
    println!("| search | answers bytes | middle, wall ms | slowest, wall ms | middle, CPU ms |\n|---|---|---|---|---|");
    let (mut all, mut spent) = (Vec::new(), Vec::new());
    for search in only.as_deref().map_or(SEARCHES.to_vec(), |one| vec![one]) {
        let (mut walls, mut cpus, mut size) = (Vec::new(), Vec::new(), 0);
        for _ in 0..TIMES {
            let (begun, cpu) = (Instant::now(), cpu_us(std::process::id()));
            size = ask(&router, &cookie, search).await?;
            walls.push(begun.elapsed().as_secs_f64() * 1e3);
            cpus.push((cpu_us(std::process::id()) - cpu) / 1e3);
        }
        walls.sort_by(f64::total_cmp);
        cpus.sort_by(f64::total_cmp);
        all.extend(&walls);
        spent.extend(&cpus);
        println!("| `{search}` | {size} | {:.1} | {:.1} | {:.1} |", walls[TIMES / 2], walls[TIMES - 1], cpus[TIMES / 2]);
    }
    all.sort_by(f64::total_cmp);
    spent.sort_by(f64::total_cmp);
    println!("\nover all, CPU: middle {:.1} ms, 99th percentile {:.1} ms", spent[spent.len() / 2], spent[spent.len() * 99 / 100]);
    println!("over all, wall: middle {:.1} ms, 99th percentile {:.1} ms", all[all.len() / 2], all[all.len() * 99 / 100]);
    Ok(())
}

async fn ask(router: &axum::Router, cookie: &str, search: &str) -> Result<usize> {
    let (state, page) = answer(router, &format!("/find?{search}"), cookie, None).await?;
    if state.is_success() { Ok(page.len()) } else { Err(Error::broken(format!("/find?{search} answered {state}"))) }
}
