//! `cargo xtask bench matching`: the matching engine beside other solvers, on the same instances in the same run.

use crate::{
    Done,
    shell::{self, cargo, program},
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// Name, what `generate.py` is told, and whether it is left out without `--full`.
const SPARSE: &[(&str, &str, bool)] = &[
    ("mentor, 10,000 × 2,000, 0.5 M pairs", "mentor 10000 2000 50 5 5 1", false),
    ("uniform, 10,000 × 2,000, 0.5 M pairs", "uniform 10000 2000 50 5 5 1", false),
    ("mentor, all 10.7 M pairs of 10,000 × 2,000", "mentor 10000 2000 2000 5 5 1", true),
    ("mentor, 100,000 × 20,000, 5 M pairs, 5 to 10 seats", "mentor 100000 20000 50 5 10 1", true),
    ("the same, 5 seats (tight)", "mentor 100000 20000 50 5 5 1", true),
    ("uniform, 100,000 × 20,000, 5 M pairs, 5 seats", "uniform 100000 20000 50 5 5 1", true),
];
const DENSE: &[(&str, &str, bool)] = &[
    ("uniform, n = 1,000", "dense uniform 1000 1", false),
    ("ties, n = 1,000", "dense ties 1000 1", false),
    ("product (Machol and Wien), n = 1,000", "dense product 1000 1", false),
    ("mentor, n = 1,000", "dense mentor 1000 1", false),
    ("uniform, n = 5,000", "dense uniform 5000 1", true),
    ("mentor, n = 5,000", "dense mentor 5000 1", true),
];
/// Where the table goes, between these two lines.
const PAGE: &str = "docs/benchmarks/matching.md";
const BEGIN: &str = "<!-- begin of what `cargo xtask bench matching` wrote -->";
const END: &str = "<!-- end of what `cargo xtask bench matching` wrote -->";
/// How often each of ours is run; the median counts. The others are run once: they are slow.
const RUNS: usize = 3;
/// Nobody is waited for longer than this, in seconds.
const PATIENCE: &str = "90";

/// Where everything is that is run.
struct Bench {
    folder: PathBuf,
    python: PathBuf,
    scripts: PathBuf,
    ours: PathBuf,
    /// Packages that could be installed.
    installed: Vec<&'static str>,
    lemon: Option<PathBuf>,
}

/// What a solver said.
#[derive(Clone)]
struct Said {
    cost: String,
    seconds: f64,
    verify: f64,
    mebibytes: u64,
}

/// Installs the others under `target/bench-matching`, makes the instances there, prints a table and writes it to [`PAGE`].
/// `--full` adds the large instances; `--keep-page` only prints.
pub fn run(args: &[&str]) -> Done<bool> {
    let full = args.contains(&"--full");
    let bench = Bench::prepare()?;
    let mut page = format!(
        "{BEGIN}\n\n{}, {}. CPU seconds of the solver's call, one thread; ours is the median of {RUNS}, the others were run once. Same instances, same run; every \
         solution of ours passed `verify`, and all who finished found the same optimum.\n",
        today(),
        machine()
    );
    for gone in bench.missing() {
        let _ = writeln!(page, "\n{gone}");
    }
    page.push_str(
        "\n| instance | ours | OR-tools | LEMON network simplex | OR-tools / ours | LEMON / ours | memory, ours and OR-tools, MiB | verify |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (at, (name, wish, _)) in SPARSE.iter().enumerate().filter(|(_, row)| full || !row.2) {
        let file = bench.instance(&format!("sparse{at}.chb"), wish)?;
        let ours = bench.ours(&file)?;
        let ortools = bench.peer("ortools", &file);
        let lemon = bench.lemon.as_ref().and_then(|lemon| said(limited(lemon).arg(&file)));
        agree(name, &ours, &[&ortools, &lemon])?;
        let _ = writeln!(
            page,
            "| {name} | {:.3} | {} | {} | {} | {} | {}, {} | {:.3} |",
            ours.seconds,
            seconds(&ortools),
            seconds(&lemon),
            ratio(&ortools, &ours),
            ratio(&lemon, &ours),
            ours.mebibytes,
            ortools.as_ref().map_or("–".to_owned(), |result| result.mebibytes.to_string()),
            ours.verify
        );
        eprintln!("{name}: done");
    }
    page.push_str("\nDense, one to one:\n\n| instance | ours | lapjv | lap | scipy | best of them / ours |\n|---|---|---|---|---|---|\n");
    for (at, (name, wish, _)) in DENSE.iter().enumerate().filter(|(_, row)| full || !row.2) {
        let file = bench.instance(&format!("dense{at}.npy"), wish)?;
        let ours = bench.ours(&file)?;
        let peers = ["lapjv", "lap", "scipy"].map(|peer| bench.peer(peer, &file));
        agree(name, &ours, &[&peers[0], &peers[1], &peers[2]])?;
        let best = peers.iter().flatten().min_by(|one, other| one.seconds.total_cmp(&other.seconds)).cloned();
        let [lapjv, lap, scipy] = peers.each_ref().map(seconds);
        let _ = writeln!(page, "| {name} | {:.4} | {lapjv} | {lap} | {scipy} | {} |", ours.seconds, ratio(&best, &ours));
        eprintln!("{name}: done");
    }
    bench.mentor_match(full, &mut page);
    let _ = write!(page, "\n{END}");
    println!("{page}");
    if !args.contains(&"--keep-page") {
        write_page(&page)?;
    }
    Ok(true)
}

impl Bench {
    fn prepare() -> Done<Self> {
        let folder = shell::root().join("target/bench-matching");
        std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        let python = folder.join("venv/bin/python");
        if !python.exists() {
            shell::must(program("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        }
        // One by one: what cannot be had on this machine keeps none of the others away.
        let mut installed = Vec::new();
        for package in ["numpy", "scipy", "ortools", "lapjv", "lap", "mentor-match"] {
            let mut pip = program(&python);
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]);
            if pip.status().is_ok_and(|status| status.success()) {
                installed.push(package);
            }
        }
        let lemon = folder.join("lemon");
        let mut has_lemon = false;
        if shell::has("g++") && Path::new("/usr/include/lemon").exists() {
            let source = shell::root().join("crates/matching/bench/lemon.cpp");
            let mut compiler = program("g++");
            compiler.args(["-O3", "-march=native", "-std=c++17", "-w"]).arg(source).arg("-o").arg(&lemon);
            has_lemon = compiler.status().is_ok_and(|status| status.success());
        }
        shell::must(cargo().args(["build", "--release", "--package", "chiron-matching", "--example", "solve"]))?;
        let root = shell::root();
        Ok(Self {
            python,
            installed,
            lemon: has_lemon.then_some(lemon),
            ours: root.join("target/release/examples/solve"),
            scripts: root.join("crates/matching/bench"),
            folder,
        })
    }

    /// Sentences about what could not be installed.
    fn missing(&self) -> Vec<String> {
        let packages = ["scipy", "ortools", "lapjv", "lap", "mentor-match"].into_iter().filter(|package| !self.installed.contains(package));
        let mut missing: Vec<String> =
            packages.map(|package| format!("`{package}` could not be installed on this machine and is left out.")).collect();
        if self.lemon.is_none() {
            missing.push("LEMON is left out: it needs g++ and liblemon-dev.".to_owned());
        }
        missing
    }

    fn instance(&self, name: &str, wish: &str) -> Done<PathBuf> {
        let file = self.folder.join(name);
        if !file.exists() {
            shell::must(program(&self.python).arg(self.scripts.join("generate.py")).args(wish.split(' ')).arg(&file))?;
        }
        Ok(file)
    }

    fn ours(&self, file: &Path) -> Done<Said> {
        let mut results: Vec<Said> = (0..RUNS).filter_map(|_| said(Command::new(&self.ours).arg(file))).collect();
        results.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
        if results.len() < RUNS {
            return Err(format!("ours failed on {}", file.display()));
        }
        Ok(results.swap_remove(RUNS / 2))
    }

    fn peer(&self, which: &'static str, file: &Path) -> Option<Said> {
        if !self.installed.contains(&which) {
            return None;
        }
        said(limited(&self.python).arg(self.scripts.join("peers.py")).arg(which).arg(file))
    }

    /// The package of the UK civil service on people of its own kind; there is nothing to compare but time.
    fn mentor_match(&self, full: bool, page: &mut String) {
        if !self.installed.contains(&"mentor-match") {
            return;
        }
        page.push_str("\n`mentor-match` makes its scores itself, so its whole run stands beside ours on a matrix of as many people (mentor, dense):\n\n| people on each side | mentor-match, s | pairs it made |\n|---|---|---|\n");
        for people in if full { &["100", "300", "1000"][..] } else { &["100", "300"] } {
            let result = said(limited(&self.python).arg(self.scripts.join("peers.py")).args(["mentor-match", people]));
            let made = result.as_ref().map_or("–", |result| result.cost.as_str());
            let _ = writeln!(page, "| {people} | {} | {made} |", seconds(&result));
            eprintln!("mentor-match {people}: done");
        }
    }
}

/// Stops it when it takes too long.
fn limited(what: &Path) -> Command {
    let mut command = program("timeout");
    command.arg(PATIENCE).arg(what);
    command
}

/// Runs one solver, which prints a line of JSON.
fn said(command: &mut Command) -> Option<Said> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let line = String::from_utf8_lossy(&output.stdout).lines().last()?.to_owned();
    let field = |name: &str| {
        let rest = line.split_once(&format!("\"{name}\":"))?.1;
        Some(rest.split([',', '}']).next()?.trim().to_owned())
    };
    if field("verified").is_some_and(|verified| verified != "true") {
        return None;
    }
    let number = |name: &str| field(name).and_then(|text| text.parse::<f64>().ok());
    Some(Said {
        cost: field("cost")?,
        seconds: number("solve_cpu_s")?,
        verify: number("verify_cpu_s").unwrap_or(0.0),
        mebibytes: number("peak_rss_mib").unwrap_or(0.0) as u64,
    })
}

/// All who finished found the same optimum.
fn agree(name: &str, ours: &Said, others: &[&Option<Said>]) -> Done<()> {
    match others.iter().filter_map(|other| other.as_ref()).find(|other| other.cost != ours.cost) {
        Some(other) => Err(format!("{name}: ours found {} and another {}", ours.cost, other.cost)),
        None => Ok(()),
    }
}

fn seconds(result: &Option<Said>) -> String {
    result.as_ref().map_or("–".to_owned(), |result| {
        if result.seconds < 0.1 { format!("{:.4}", result.seconds) } else { format!("{:.2}", result.seconds) }
    })
}

fn ratio(other: &Option<Said>, ours: &Said) -> String {
    other.as_ref().map_or("–".to_owned(), |other| format!("{:.1}", other.seconds / ours.seconds))
}

/// The day in words of the C locale, as the machine has it.
fn today() -> String {
    let date = Command::new("date").arg("+%-d %B %Y").env("LC_ALL", "C").output();
    date.map_or_else(|_| "On a day unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("").trim_start_matches([' ', '\t', ':']);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{cores} cores of {}, load {load} at the beginning", if model.is_empty() { "an unknown processor" } else { model })
}

/// Puts the table between its two marks.
fn write_page(table: &str) -> Done<()> {
    let path = shell::root().join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    let (Some(begin), Some(end)) = (page.find(BEGIN), page.find(END)) else {
        return Err(format!("{PAGE} lacks the marks between which the table goes"));
    };
    let page = format!("{}{table}{}", &page[..begin], &page[end + END.len()..]);
    std::fs::write(&path, page).map_err(|error| format!("{PAGE}: {error}"))
}
