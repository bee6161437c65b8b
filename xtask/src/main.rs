//! The developer's commands: `cargo xtask setup | dev | test | bench | screenshots | practices`.
//!
//! They need Rust and a C compiler, nothing else; what more they need, they install or name. No dependencies here:
//! this program is built before anything else, on every machine.
#![expect(clippy::disallowed_methods, reason = "a command-line tool lives off its environment and waits for programs")]

mod bench;
mod bench_matching;
mod counts;
mod dependencies;
mod dev;
mod machine;
mod pictures;
mod postgres;
mod practices;
mod shell;
mod suite;

use std::process::ExitCode;

const USAGE: &str = "\
The developer's commands

  cargo xtask setup                   install what the tests need: PostgreSQL, Chromium, Node, rustfmt, clippy
  cargo xtask dev [-- ARGS]           the village on http://localhost:8080, started anew whenever a source changes
  cargo xtask test                    everything: layout, lints, tests on both databases, browser stories, practices
      --only lint|rust|browser|NAME   one part, or the tests and stories whose name contains NAME
      --no-postgres                   leave PostgreSQL out
  cargo xtask bench [NAME]            one benchmark; without a name, the list of them
  cargo xtask screenshots [--out DIR] pictures of the pages: 390 and 1280 px, light and dark
      [--only PART]                   only the pages whose path contains PART
  cargo xtask practices               which practices are delivered, and the stories that show it
";

/// What a command comes to: an error is a sentence for the developer.
pub type Done<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Done<bool> {
    match args {
        ["setup"] => machine::setup().map(|()| true),
        ["dev", rest @ ..] => dev::run(rest).map(|()| true),
        ["test", rest @ ..] => suite::run(&suite::Wish::parse(rest)?),
        ["bench", rest @ ..] => bench::run(rest),
        ["screenshots", rest @ ..] => pictures::run(rest),
        ["practices"] => practices::run(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(true)
        }
        _ => Err(USAGE.to_owned()),
    }
}
