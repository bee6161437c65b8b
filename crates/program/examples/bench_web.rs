//! Measures the running program from outside: start-up, idle memory, a list page and a durable create, beside a floor
//! in the same run.
//!
//! ```text
//! cargo build --release && cargo run --release --example bench_web -- [--floor PROGRAM] [--rounds 3] [--seconds 6] [--streams 9000] [--database URL]
//! ```
//!
//! The floor is any program that answers `/page` (a list of 50 behind a session) and `POST /items` (one durable row);
//! ratios to it are what counts, because machines differ. Needs `wrk` (Debian's package).

mod measure;
mod place;

use chiron::config::Config;
use chiron::error::Result;
use chiron::viewer::{PersonId, Via, Viewer};
use chiron_store::sql;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Each may have fifty goals, so these can take half a million creates.
const PEOPLE: u64 = 10_000;
const PLACE: &str = "127.0.0.1:7301";
const FLOOR: &str = "127.0.0.1:7302";

struct Wish {
    floor: Option<PathBuf>,
    rounds: usize,
    seconds: u64,
    streams: usize,
    database: Option<String>,
}

fn main() -> Result<()> {
    let mut wish = Wish { floor: None, rounds: 3, seconds: 6, streams: 9_000, database: None };
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--floor" => wish.floor = Some(value.into()),
            "--rounds" => wish.rounds = value.parse().unwrap_or(wish.rounds),
            "--seconds" => wish.seconds = value.parse().unwrap_or(wish.seconds),
            "--streams" => wish.streams = value.parse().unwrap_or(wish.streams),
            "--database" => wish.database = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let cookies = prepare(folder.path(), wish.database.as_deref())?;
    let empty = tempfile::tempdir()?;
    let program = std::env::current_exe()?.with_file_name("..").join("chiron");
    let engine = if wish.database.is_some() { "PostgreSQL" } else { "SQLite" };

    println!("| what | median | least | most |\n|---|---|---|---|");
    let size = std::fs::metadata(&program)?.len() as f64 / 1e6;
    println!("| size of the program, stripped (MB) | {size:.1} | | |");
    let (mut starts, mut idle, mut idle_new) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let begun = Instant::now();
        let place = start_place(&program, folder.path(), wish.database.as_deref());
        starts.push(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_secs(3));
        idle.push(resident(place.0.id()));
        drop(place);
        let place = start_place(&program, empty.path(), None);
        std::thread::sleep(Duration::from_secs(3));
        idle_new.push(resident(place.0.id()));
    }
    row("from start to the first answer (ms)", starts);
    row("memory at rest, a new place (MiB)", idle_new);
    row(&format!("memory at rest, {PEOPLE} people (MiB)"), idle);

    let place = start_place(&program, folder.path(), wish.database.as_deref());
    let floor = wish.floor.as_ref().map(|program| start_floor(program, folder.path()));
    let list = script(folder.path(), "list.lua", &list_script(&cookies[0]))?;
    let create = script(folder.path(), "create.lua", &create_script(&cookies))?;
    let floor_page = script(folder.path(), "floor_page.lua", "wrk.headers['cookie'] = 'sid=tok0'\n")?;
    let floor_create = script(folder.path(), "floor_create.lua", FLOOR_CREATE)?;
    let mut found: [Vec<Measured>; 4] = Default::default();
    for _ in 0..wish.rounds {
        found[0].push(wrk(&place, PLACE, "/goals", &list, &wish));
        found[1].push(wrk(&place, PLACE, "/goals", &create, &wish));
        if let Some(floor) = &floor {
            found[2].push(wrk(floor, FLOOR, "/page", &floor_page, &wish));
            found[3].push(wrk(floor, FLOOR, "/items", &floor_create, &wish));
        }
    }
    for (what, one) in [("a list of 50 (pages a second)", 0), ("a durable create (a second)", 1)] {
        row(&format!("{what}, {engine}"), found[one].iter().map(|m| m.rate).collect());
        row("… 99th percentile (ms)", found[one].iter().map(|m| m.p99).collect());
        let wrong: u64 = found[one].iter().map(|m| m.wrong).sum();
        println!("| … answers that were refusals or worse | {wrong} | | |");
        if floor.is_some() {
            row("… the floor, same run", found[one + 2].iter().map(|m| m.rate).collect());
            let ratios = found[one].iter().zip(&found[one + 2]).map(|(ours, floor)| ours.rate / floor.rate).collect();
            row("… ratio to the floor", ratios);
            let cpu = |m: &Measured| m.cpu_us;
            row("… CPU for one (µs)", found[one].iter().map(cpu).collect());
            row("… the floor's CPU for one (µs)", found[one + 2].iter().map(cpu).collect());
            let ratios = found[one].iter().zip(&found[one + 2]).map(|(ours, floor)| floor.cpu_us / ours.cpu_us).collect();
            row("… the floor's CPU over ours", ratios);
        }
    }
    row("memory after this work (MiB)", vec![resident(place.0.id())]);
    drop(place);
    if wish.streams > 0 {
        open_pages(&start_place(&program, folder.path(), wish.database.as_deref()), &cookies, wish.streams)?;
    }
    Ok(())
}

/// What pages that stay open cost a server that has done nothing else, and what it gives back a minute after they close.
fn open_pages(place: &Running, cookies: &[String], many: usize) -> Result<()> {
    let (process, mut open) = (place.0.id(), Vec::with_capacity(many));
    let before = resident(process);
    for cookie in cookies.iter().cycle().take(many) {
        let mut stream = std::net::TcpStream::connect(PLACE)?;
        stream.write_all(format!("GET /live HTTP/1.1\r\nHost: {PLACE}\r\nCookie: chiron={cookie}\r\n\r\n").as_bytes())?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        assert!(answer.ends_with(b"200"), "a stream was refused: raise the limit of open files (ulimit -n)");
        open.push(stream);
    }
    let mut pings: Vec<f64> = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        assert!(answers(PLACE, "/healthz"), "the place does not answer");
        pings.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    pings.sort_by(f64::total_cmp);
    let full = resident(process);
    drop(open);
    std::thread::sleep(Duration::from_secs(60));
    row(&format!("memory with {many} pages open (MiB)"), vec![full]);
    row("… for each (KiB)", vec![(full - before) * 1024.0 / many as f64]);
    println!("| … /healthz meanwhile, median and 99th percentile (ms) | {:.2} | | {:.2} |", pings[250], pings[495]);
    row("… before they opened (MiB)", vec![before]);
    row("… a minute after they closed (MiB)", vec![resident(process)]);
    Ok(())
}

/// People who are signed in, the first of them with fifty goals. Returns their cookies.
fn prepare(folder: &Path, database: Option<&str>) -> Result<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = place(Config { data: folder.into(), ..Config::default() }, database).await?;
        chiron::seed::write::population(&app, PEOPLE, |_| {}).await?;
        app.write(|tx| {
            let people: Vec<(PersonId,)> = tx.all(sql!("select id from people order by id"), &[])?;
            let mut cookies = Vec::new();
            for (person,) in people {
                let token = signed_in(tx, person)?;
                if cookies.is_empty() {
                    let viewer = Viewer::of_person(tx, person, Via::Errand)?.ok_or(chiron::error::Error::NotFound)?;
                    for n in 0..50 {
                        chiron::goals::verbs::begin(
                            tx,
                            &viewer,
                            tx.new_id(),
                            &format!("Lead a team of {} people well, and enjoy it", n + 2),
                        )?;
                    }
                }
                cookies.push(token);
            }
            Ok(cookies)
        })
        .await
    })
}

struct Running(Child);
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_place(program: &Path, folder: &Path, database: Option<&str>) -> Running {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", PLACE, "--data"]).arg(folder).args(["--log", "error"]);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    start(command, PLACE, "/readyz")
}

fn start_floor(program: &Path, folder: &Path) -> Running {
    let mut command = Command::new(program);
    command.env("FLOOR_ADDR", FLOOR).env("FLOOR_DB", folder.join("floor.db")).env("FLOOR_ARGON", "pool");
    start(command, FLOOR, "/hello")
}

fn start(mut command: Command, at: &str, path: &str) -> Running {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts; build it first");
    let running = Running(child);
    for _ in 0..20_000 {
        if answers(at, path) {
            return running;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{at} does not answer");
}

fn answers(at: &str, path: &str) -> bool {
    let answered = std::net::TcpStream::connect(at).and_then(|mut stream| {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").as_bytes())?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(answer.ends_with(b"200"))
    });
    answered.unwrap_or(false)
}

#[derive(Clone, Copy)]
struct Measured {
    rate: f64,
    p99: f64,
    wrong: u64,
    /// What the server spent on one answer. Less moved by what else the machine does than the rate is.
    cpu_us: f64,
}

fn wrk(server: &Running, at: &str, path: &str, script: &Path, wish: &Wish) -> Measured {
    let before = cpu_us(server.0.id());
    let out = Command::new("wrk")
        .args(["-t2", "-c32", "--latency", &format!("-d{}s", wish.seconds), "-s"])
        .arg(script)
        .arg(format!("http://{at}{path}"))
        .output()
        .expect("wrk runs; it is Debian's package wrk");
    let text = String::from_utf8_lossy(&out.stdout);
    let after = |word: &str| text.lines().find_map(|l| l.trim().strip_prefix(word).map(|rest| rest.trim().to_owned()));
    let millis = |t: String| match t {
        t if t.ends_with("us") => t.trim_end_matches("us").parse().unwrap_or(0.0) / 1e3,
        t if t.ends_with("ms") => t.trim_end_matches("ms").parse().unwrap_or(0.0),
        t => t.trim_end_matches('s').parse().unwrap_or(0.0) * 1e3,
    };
    let spent = cpu_us(server.0.id()) - before;
    let answers = text.lines().find_map(|l| l.split_once(" requests in ")?.0.trim().parse::<f64>().ok()).unwrap_or(1.0);
    Measured {
        cpu_us: spent / answers,
        rate: after("Requests/sec:").and_then(|r| r.parse().ok()).unwrap_or(0.0),
        p99: after("99%").map_or(0.0, millis),
        wrong: after("Non-2xx or 3xx responses:").and_then(|r| r.parse().ok()).unwrap_or(0),
    }
}

fn script(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    std::fs::write(&path, text)?;
    Ok(path)
}

fn list_script(cookie: &str) -> String {
    format!("wrk.headers['cookie'] = 'chiron={cookie}'\n")
}

/// Everybody but the first in turn, so that nobody reaches the limit on goals early.
fn create_script(cookies: &[String]) -> String {
    let all: Vec<String> = cookies[1..].iter().map(|c| format!("'{c}'")).collect();
    format!(
        "local all = {{{}}}\nlocal n = math.random(#all)\nrequest = function()\n  n = n % #all + 1\n  local headers = {{ ['cookie'] = 'chiron=' .. all[n], ['sec-fetch-site'] = 'same-origin', ['content-type'] = 'application/x-www-form-urlencoded' }}\n  return wrk.format('POST', nil, headers, 'outcome=Prepare+three+questions+for+the+next+session+' .. n)\nend\nlocal seed = 0\nfunction setup(thread) seed = seed + 1 thread:set('seed', seed) end\nfunction init() math.randomseed(seed * 7919) n = math.random(#all) end\n",
        all.join(",")
    )
}

const FLOOR_CREATE: &str = "local n = 0\nrequest = function()\n  n = n + 1\n  return wrk.format('POST', nil, { ['cookie'] = 'sid=tok0', ['content-type'] = 'application/json' }, '{\"owner\":1,\"body\":\"Prepare three questions for the next session ' .. n .. '\"}')\nend\n";

fn row(what: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let digits = if values.iter().all(|v| *v < 10.0) { 2 } else { 0 };
    let (least, middle, most) = (values[0], values[values.len() / 2], values[values.len() - 1]);
    println!("| {what} | {middle:.digits$} | {least:.digits$} | {most:.digits$} |");
}
