//! Measures how long a message takes from one browser to the other while many pages are open: until the other page
//! hears of it, and until it has fetched the conversation with the message in it.
//!
//! ```text
//! cargo run --release --example bench_messages -- [--streams 1000] [--rounds 200]
//! ```
//!
//! The server and all those who watch share one process and this machine's cores, so the figures are an upper bound for
//! the server alone.

mod measure;
mod place;

use chiron::config::Config;
use chiron::error::{Error, Result};
use chiron::relationships::{Kind, RelationshipId, Role, verbs as relationships};
use chiron::seal;
use chiron::viewer::PersonId;
use chiron_store::sql;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PLACE: &str = "127.0.0.1:7311";

fn main() -> Result<()> {
    let (mut streams, mut rounds) = (1_000_u64, 200_usize);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--streams" => streams = value.parse().unwrap_or(streams),
            "--rounds" => rounds = value.parse().unwrap_or(rounds).min(290),
            _ => eprintln!("{name} is not known"),
        }
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measured(streams, rounds))
}

async fn measured(streams: u64, rounds: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let config = Config { data: folder.path().into(), listen: PLACE.parse().map_err(Error::broken)?, ..Config::default() };
    let app = place(config, None).await?;
    chiron::seed::write::population(&app, streams.max(2), |_| {}).await?;
    let (cookies, relationship) = app
        .write(|tx| {
            let people: Vec<(PersonId,)> = tx.all(sql!("select id from people order by id"), &[])?;
            let (one, other) = (people[0].0, people[1].0);
            let key = seal::new_key(tx)?;
            let parties = [(one, Role::Mentee), (other, Role::Mentor)];
            let id: RelationshipId = relationships::begin(tx, Kind::Mentoring, key, one.0, &parties)?;
            let cookies = people.iter().map(|(person,)| signed_in(tx, *person)).collect::<Result<Vec<_>>>()?;
            Ok((cookies, id))
        })
        .await?;
    let serving = app.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async { chiron::server::serve(serving.clone(), chiron::server::bind(serving.config.listen).await?).await })
    });
    tokio::time::sleep(Duration::from_millis(300)).await;

    let mut theirs = watch(&cookies[1]).await?;
    for cookie in &cookies[2..] {
        let mut stream = watch(cookie).await?;
        tokio::spawn(async move {
            let mut bytes = [0; 1024];
            while stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {}
        });
    }
    let path = format!("/relationships/{relationship}/messages");
    let (mut answered, mut heard, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    let before = cpu_us(std::process::id());
    for round in 0..rounds {
        let words = format!("Round {round} of a conversation.");
        let body = format!("words={}", words.replace(' ', "+"));
        let begun = Instant::now();
        let sent = post(&path, &cookies[0], &body);
        let seen = async {
            hears(&mut theirs, "event: messages").await?;
            let heard = begun.elapsed();
            let page = get(&path, &cookies[1]).await?;
            if page.contains(&words) { Ok((heard, begun.elapsed())) } else { Err(Error::broken("the page does not show the message")) }
        };
        let sent = async {
            let answer = sent.await?;
            if answer.starts_with("HTTP/1.1 303") { Ok(begun.elapsed()) } else { Err(Error::broken(answer)) }
        };
        let (sent, (at, page)) = tokio::try_join!(sent, seen)?;
        answered.push(sent);
        heard.push(at);
        shown.push(page);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let spent = (cpu_us(std::process::id()) - before) / rounds as f64;
    println!("| {streams} open streams, {rounds} messages (ms) | p50 | p99 | most |\n|---|---|---|---|");
    for (what, mut times) in
        [("the writer’s own answer", answered), ("heard by the other page", heard), ("fetched by the other page", shown)]
    {
        times.sort();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        println!("| {what} | {:.1} | {:.1} | {:.1} |", at(0.5), at(0.99), at(1.0));
    }
    println!(
        "CPU for one message and its page, watchers included: {spent:.0} µs; memory at the end: {:.0} MiB",
        resident(std::process::id())
    );
    Ok(())
}

/// An open stream, its headers read.
async fn watch(cookie: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(PLACE).await?;
    stream.write_all(format!("GET /live HTTP/1.1\r\nHost: {PLACE}\r\nCookie: chiron={cookie}\r\n\r\n").as_bytes()).await?;
    hears(&mut stream, "\r\n\r\n").await?;
    Ok(stream)
}

async fn hears(stream: &mut TcpStream, words: &str) -> Result<()> {
    let (mut heard, mut bytes) = (String::new(), [0; 4096]);
    while !heard.contains(words) {
        let n = stream.read(&mut bytes).await?;
        if n == 0 {
            return Err(Error::broken("a stream ended"));
        }
        heard.push_str(&String::from_utf8_lossy(&bytes[..n]));
    }
    Ok(())
}

async fn get(path: &str, cookie: &str) -> Result<String> {
    answer(format!("GET {path} HTTP/1.1\r\nHost: {PLACE}\r\nCookie: chiron={cookie}\r\nConnection: close\r\n\r\n")).await
}

async fn post(path: &str, cookie: &str, body: &str) -> Result<String> {
    let head = format!("POST {path} HTTP/1.1\r\nHost: {PLACE}\r\nCookie: chiron={cookie}\r\nSec-Fetch-Site: same-origin\r\n");
    let kind = "Content-Type: application/x-www-form-urlencoded";
    answer(format!("{head}{kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())).await
}

async fn answer(request: String) -> Result<String> {
    let mut stream = TcpStream::connect(PLACE).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
