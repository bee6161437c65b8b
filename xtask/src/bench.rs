//! `cargo xtask bench`: the benchmark programs by name.

use crate::{
    Done,
    shell::{self, cargo},
};

/// A program that measures something and prints a table, ready for `docs/benchmarks.md`.
struct Bench {
    name: &'static str,
    measures: &'static str,
    /// What cargo is told, after `run --release`.
    cargo: &'static [&'static str],
}

/// A new benchmark is a program and a row here, for instance
/// `Bench { name: "store", measures: "…", cargo: &["--package", "chiron-store", "--example", "bench"] }`.
const BENCHES: &[Bench] = &[
    Bench {
        name: "store",
        measures: "point reads, a list of 50 and 64 durable writers, against bare rusqlite",
        cargo: &["--package", "chiron-store", "--example", "bench"],
    },
    Bench {
        name: "directory",
        measures: "twenty searches over many made-up people (--people 1000000), and what it costs to know them all",
        cargo: &["--example", "bench_directory"],
    },
    Bench {
        name: "recommend",
        measures: "the best fifty of many made-up people (--people 1000000), by filters, skills, hours and meaning",
        cargo: &["--package", "chiron-recommend", "--example", "bench_recommend"],
    },
    Bench {
        name: "ranking",
        measures: "how well a folder of judged queries is ranked: nDCG@10 and weighted Kendall loss (DIR)",
        cargo: &["--package", "chiron-recommend", "--example", "bench_ranking"],
    },
    Bench {
        name: "web",
        measures: "start-up, memory, a list page and a durable create, beside a floor (after `cargo build --release`)",
        cargo: &["--example", "bench_web"],
    },
    Bench {
        name: "relationships",
        measures: "the pages of people who work together, among 100,000 relationships and 10 million messages (--database URL)",
        cargo: &["--example", "bench_relationships"],
    },
    Bench {
        name: "growth",
        measures: "the pages of what changed, for ten years of weekly entries, and counting a quarter over 100,000 people (--weeks N, --participants N, --database URL)",
        cargo: &["--example", "bench_growth"],
    },
    Bench {
        name: "writes",
        measures: "many people who write at the same moment, each in a place of their own (--people N, --at-once N, --database URL)",
        cargo: &["--example", "bench_writes"],
    },
    Bench {
        name: "messages",
        measures: "a message from one browser to the other while a thousand pages are open",
        cargo: &["--example", "bench_messages"],
    },
];

pub fn run(args: &[&str]) -> Done<bool> {
    let Some((name, rest)) = args.split_first() else {
        for bench in BENCHES {
            println!("{:<16} {}", bench.name, bench.measures);
        }
        println!(
            "{:<16} the matching engine beside OR-tools, LEMON, lapjv, lap, scipy and mentor-match (installs them under target/; --full)",
            "matching"
        );
        return Ok(true);
    };
    if *name == "matching" {
        return crate::bench_matching::run(rest);
    }
    let known = || BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>().join(", ");
    let bench =
        BENCHES.iter().find(|bench| bench.name == *name).ok_or_else(|| format!("no benchmark is called {name}; there are: {}", known()))?;
    shell::must(cargo().args(["run", "--release"]).args(bench.cargo).arg("--").args(rest)).map(|()| true)
}
