//! `cargo xtask bench matching`: the matching engine beside other solvers, on the same instances in the same run.

use crate::{
    Done,
    shell::{self, cargo, program},
};
use std::{path::Path, process::Command};

/// Name, and what `generate.py` is told.
const SPARSE: &[(&str, &str)] = &[
    ("mentor, 10,000 × 2,000", "mentor 10000 2000 50 5 5 1"),
    ("uniform, 10,000 × 2,000", "uniform 10000 2000 50 5 5 1"),
    ("mentor, 100,000 × 20,000", "mentor 100000 20000 50 5 10 1"),
    ("mentor, tight", "mentor 100000 20000 50 5 5 1"),
    ("uniform, 100,000 × 20,000", "uniform 100000 20000 50 5 5 1"),
];
const DENSE: &[(&str, &str)] = &[
    ("uniform, n = 1,000", "dense uniform 1000 1"),
    ("ties, n = 1,000", "dense ties 1000 1"),
    ("product, n = 1,000", "dense product 1000 1"),
    ("uniform, n = 5,000", "dense uniform 5000 1"),
];

/// Installs the others into `target/bench-matching`, makes the instances there, and prints a table for `docs/benchmarks/matching.md`.
pub fn run() -> Done<bool> {
    let folder = shell::root().join("target/bench-matching");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let python = folder.join("venv/bin/python");
    if !python.exists() {
        shell::must(program("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        shell::must(program(&python).args(["-m", "pip", "install", "--quiet", "numpy", "scipy", "ortools", "lapjv", "lap"]))?;
    }
    let lemon = folder.join("lemon");
    if shell::has("g++") && Path::new("/usr/include/lemon").exists() {
        let source = shell::root().join("crates/matching/bench/lemon.cpp");
        shell::must(program("g++").args(["-O3", "-march=native", "-std=c++17", "-w"]).arg(source).arg("-o").arg(&lemon))?;
    } else {
        println!("LEMON is left out: it needs g++ and liblemon-dev.");
    }
    shell::must(cargo().args(["build", "--release", "--package", "chiron-matching", "--example", "solve"]))?;
    let ours = shell::root().join("target/release/examples/solve");
    let bench = shell::root().join("crates/matching/bench");
    println!("| instance | solver | cost | CPU s | MiB |\n|---|---|---|---|---|");
    for (at, (name, wish)) in SPARSE.iter().chain(DENSE).enumerate() {
        let dense = at >= SPARSE.len();
        let file = folder.join(format!("{at}.{}", if dense { "npy" } else { "chb" }));
        if !file.exists() {
            shell::must(program(&python).arg(bench.join("generate.py")).args(wish.split(' ')).arg(&file))?;
        }
        print_row(name, "ours", Command::new(&ours).arg(&file));
        for peer in if dense { &["lapjv", "lap", "scipy"][..] } else { &["ortools"] } {
            print_row(name, peer, program(&python).arg(bench.join("peers.py")).arg(peer).arg(&file));
        }
        if !dense && lemon.exists() {
            print_row(name, "lemon", Command::new(&lemon).arg(&file));
        }
    }
    Ok(true)
}

/// Runs one solver, which prints a line of JSON, and prints a row of the table.
fn print_row(instance: &str, solver: &str, command: &mut Command) {
    let output = command.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let field = |name: &str| {
        let rest = output.split_once(&format!("\"{name}\":"))?.1;
        Some(rest.split([',', '}']).next()?.trim().to_owned())
    };
    let or_dash = |name| field(name).unwrap_or_else(|| "–".to_owned());
    println!("| {instance} | {solver} | {} | {} | {} |", or_dash("cost"), or_dash("solve_cpu_s"), or_dash("peak_rss_mib"));
}
