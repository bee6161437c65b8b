//! `cargo xtask test`: all that must hold before a change lands, in one command.

use crate::{
    Done,
    counts::Counts,
    dependencies, machine,
    postgres::Cluster,
    practices,
    shell::{self, cargo, program},
};
use std::{
    io::IsTerminal,
    process::Command,
    time::{Duration, Instant},
};

/// What the developer asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Wish {
    lint: bool,
    rust: bool,
    browser: bool,
    practices: bool,
    postgres: bool,
    named: Option<String>,
}

impl Wish {
    pub fn parse(args: &[&str]) -> Done<Self> {
        let mut wish = Self { lint: true, rust: true, browser: true, practices: true, postgres: true, named: None };
        let mut args = args.iter();
        while let Some(&arg) = args.next() {
            match arg {
                "--no-postgres" => wish.postgres = false,
                "--only" => match *args.next().ok_or("--only needs lint, rust, browser, or a part of a test's name")? {
                    "lint" => wish = Self { rust: false, browser: false, practices: false, ..wish },
                    "rust" => wish = Self { lint: false, browser: false, practices: false, ..wish },
                    "browser" => wish = Self { lint: false, rust: false, practices: false, ..wish },
                    name => wish = Self { lint: false, practices: false, named: Some(name.to_owned()), ..wish },
                },
                other => return Err(format!("unknown argument {other}; see cargo xtask help")),
            }
        }
        Ok(wish)
    }
}

struct Report {
    steps: Vec<Step>,
    /// Whether the compiler lints what it builds.
    linting: bool,
}

struct Step {
    what: &'static str,
    took: Duration,
    /// What the step's runner counted. A step that fails without naming a failure counts as one.
    counts: Counts,
    ok: bool,
    note: String,
}

pub fn run(wish: &Wish) -> Done<bool> {
    let mut report = Report { steps: Vec::new(), linting: false };
    report.prepare(wish);
    let builds = wish.rust || wish.browser;
    if wish.lint {
        report.check("layout", || runs(cargo().args(["fmt", "--all", "--check"])));
        if !builds {
            report.check("lints", || runs(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])));
        }
        report.check("dependencies", dependencies::run);
        if shell::has("cargo-deny") {
            report.check("cargo-deny", || runs(cargo().args(["deny", "check", "bans", "licenses", "sources"])));
        }
    }
    if builds {
        // One build for the lints, for the tests and for the program that the browser stories start: the same features,
        // compiled once.
        report.linting = wish.lint;
        let mut build = report.cargo();
        build.args(["build", "--workspace", "--locked"]).args(if wish.lint { &["--all-targets"][..] } else { &["--bins", "--tests"] });
        let built = report.check(if wish.lint { "lints and build" } else { "build" }, || runs(&mut build));
        if built && wish.rust {
            report.rust(wish);
        }
        if built && wish.browser {
            report.browser(wish);
        }
    }
    if wish.practices {
        report.check("practices", practices::run);
    }
    Ok(report.close())
}

impl Report {
    /// Installs what is missing. Failing here costs the part that needs it, not the others.
    fn prepare(&mut self, wish: &Wish) {
        if wish.lint {
            self.need("rustfmt and clippy", machine::rust_components);
        }
        if wish.rust && wish.postgres {
            self.need("PostgreSQL", machine::for_postgres);
        }
        if wish.browser {
            self.need("browser", machine::browser);
        }
    }

    fn need(&mut self, what: &'static str, install: fn() -> Done) {
        let began = Instant::now();
        if let Err(sentence) = install() {
            self.add(what, began, Counts::default(), false, sentence);
        } else if began.elapsed() > Duration::from_secs(5) {
            self.add(what, began, Counts::default(), true, "installed".into());
        }
    }

    /// Every command of a run that compiles has the same settings, so that none compiles again what another has built.
    fn cargo(&self) -> Command {
        let mut command = cargo();
        if self.linting {
            // What `cargo clippy` itself sets, for a build instead of a check: a check would go over each of some four
            // hundred crates once more.
            command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
            command.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
        }
        // Where nobody looks on, nobody edits between two builds, and nothing need be remembered for the next.
        if !std::io::stdout().is_terminal() && std::env::var_os("CARGO_INCREMENTAL").is_none() {
            command.env("CARGO_INCREMENTAL", "0");
            // Nor does anybody step through it: a panic says its line all the same.
            command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        command
    }

    fn check(&mut self, what: &'static str, check: impl FnOnce() -> Done<bool>) -> bool {
        heading(what);
        let began = Instant::now();
        let (ok, note) = check().map_or_else(|sentence| (false, sentence), |ok| (ok, String::new()));
        self.add(what, began, Counts::default(), ok, note);
        ok
    }

    fn rust(&mut self, wish: &Wish) {
        heading(if wish.postgres { "Rust tests, on SQLite and PostgreSQL" } else { "Rust tests, on SQLite" });
        let began = Instant::now();
        let cluster = match wish.postgres.then(Cluster::start).transpose() {
            Ok(cluster) => cluster,
            Err(sentence) => return self.add("Rust tests", began, Counts::default(), false, sentence),
        };
        let nextest = shell::says(cargo().args(["nextest", "--version"])).is_some();
        let mut command = self.cargo();
        command.args(if nextest { &["nextest", "run", "--no-tests=pass"][..] } else { &["test"] });
        command.args(["--workspace", "--lib", "--bins", "--tests", "--locked", "--no-fail-fast"]);
        self.runner("Rust tests", command.args(&wish.named), cluster.as_ref());
        // nextest leaves the examples in the documentation out, so they have a run of their own.
        let mut command = self.cargo();
        command.args(["test", "--workspace", "--doc", "--locked", "--no-fail-fast", "--quiet"]);
        self.runner("documentation", command.args(&wish.named), cluster.as_ref());
    }

    fn browser(&mut self, wish: &Wish) {
        heading("Browser stories");
        let mut command = program("node");
        command.arg("tests/browser/run.mjs").args(&wish.named).env("CHIRON_BIN", shell::programs().join("chiron"));
        if let Some(chromium) = machine::chromium() {
            command.env("CHIRON_CHROMIUM", chromium);
        }
        self.runner("browser stories", &mut command, None);
    }

    /// A step whose program counts tests.
    fn runner(&mut self, what: &'static str, command: &mut Command, cluster: Option<&Cluster>) {
        match cluster {
            Some(cluster) => command.env("CHIRON_TEST_POSTGRES", &cluster.url),
            None => command.env_remove("CHIRON_TEST_POSTGRES"),
        };
        let began = Instant::now();
        match shell::watch(command) {
            Ok((ok, lines)) => self.add(what, began, Counts::of(&lines), ok, String::new()),
            Err(sentence) => self.add(what, began, Counts::default(), false, sentence),
        }
    }

    fn add(&mut self, what: &'static str, began: Instant, counts: Counts, ok: bool, note: String) {
        let counts = if ok || counts.failed > 0 { counts } else { Counts { failed: 1, ..counts } };
        self.steps.push(Step { what, took: began.elapsed(), ok: ok && counts.failed == 0, counts, note });
    }

    /// The summary; its last line is `N passed, N failed`.
    fn close(self) -> bool {
        heading("Summary");
        let mut sum = Counts::default();
        for Step { what, took, counts, ok, note } in &self.steps {
            let Counts { passed, failed, skipped } = *counts;
            sum += *counts;
            let mark = if *ok { "ok    " } else { "FAILED" };
            let mut said = Vec::new();
            if passed + failed + skipped > 0 && !(*counts == Counts { failed: 1, ..Counts::default() }) {
                said.push(format!("{passed} passed, {failed} failed, {skipped} skipped"));
            }
            if !note.is_empty() {
                said.push(note.clone());
            }
            println!("{mark}  {what:<20} {:>7.1} s   {}", took.as_secs_f64(), said.join("; "));
        }
        let mut ok = self.steps.iter().all(|step| step.ok);
        if sum.passed == 0 && self.steps.iter().any(|step| matches!(step.what, "Rust tests" | "browser stories")) {
            println!("No test ran: does any test or story carry that name?");
            ok = false;
        }
        println!("{} passed, {} failed", sum.passed, sum.failed);
        ok
    }
}

fn runs(command: &mut Command) -> Done<bool> {
    shell::must(command).map(|()| true)
}

fn heading(what: &str) {
    println!("\n=== {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_can_be_asked_for_alone() {
        let all = Wish { lint: true, rust: true, browser: true, practices: true, postgres: true, named: None };
        assert_eq!(Wish::parse(&[]), Ok(all));
        let lint = Wish::parse(&["--only", "lint"]).unwrap();
        assert!(lint.lint && !lint.rust && !lint.browser && !lint.practices);
        let named = Wish::parse(&["--only", "p16_", "--no-postgres"]).unwrap();
        assert!(named.rust && named.browser && !named.lint && !named.postgres);
        assert_eq!(named.named.as_deref(), Some("p16_"));
        assert!(Wish::parse(&["--only"]).is_err());
        assert!(Wish::parse(&["--quick"]).is_err());
    }

    #[test]
    fn a_step_that_breaks_without_a_count_still_counts() {
        let mut report = Report { steps: Vec::new(), linting: false };
        report.check("build", || Err("no compiler".into()));
        assert_eq!(report.steps[0].counts.failed, 1);
        assert!(!report.close());
    }
}
