//! `chiron match`: a round from spreadsheets, without a place of one's own.

use crate::app::Clock;
use crate::error::{Error, Result};
use chiron_pairing::command::{self, Done, Order, Refused};
use chiron_pairing::{Elsewhere, Watch, told, verify};
use clap::{Args, Subcommand};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// This many problems are told one by one; the rest are counted.
const MOST_TOLD: usize = 200;
/// What is quicker than this needs no word about how far it is.
const SOON: Duration = Duration::from_secs(1);
const BETWEEN_WORDS: Duration = Duration::from_millis(100);

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Match {
    #[command(subcommand)]
    check: Option<Check>,
    /// The mentees, one a line; which columns are read is in `docs/operate/match.md`.
    #[arg(long, value_name = "FILE", required_unless_present = "explain_rules")]
    mentees: Option<PathBuf>,
    /// The mentors. Without it both sides are in the first file, told apart by a column of roles.
    #[arg(long, value_name = "FILE")]
    mentors: Option<PathBuf>,
    /// What must hold and what counts; without it, rules that suit most programmes.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// The pairs of the round before, to change as few as possible.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// The folder to write; it must not be there yet.
    #[arg(long, value_name = "DIR", required_unless_present = "explain_rules")]
    out: Option<PathBuf>,
    /// Put this round in the place of the one that lies there.
    #[arg(long)]
    replace: bool,
    /// What draws lots between equals, instead of the seed in the rules.
    #[arg(long)]
    seed: Option<u64>,
    /// A day in the week for which free hours are compared, because clocks change; this week when not given.
    #[arg(long, value_name = "DATE")]
    week: Option<Date>,
    /// How many processors may work at it. One does today; the answer is the same with any number.
    #[arg(long)]
    threads: Option<usize>,
    /// Print the rules as sentences, and do nothing else.
    #[arg(long)]
    explain_rules: bool,
}

#[derive(Subcommand)]
enum Check {
    /// Check a round that was written: that nothing was changed since, that the scores follow from the sheets and that
    /// no other pairs would be better. Solves nothing.
    Verify {
        /// The folder of the round.
        folder: PathBuf,
        /// Where the mentees are now, when they are not where they were.
        #[arg(long, value_name = "FILE")]
        mentees: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        mentors: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        rules: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        previous: Option<PathBuf>,
    },
}

/// Does what was asked; a signal to stop leaves nothing half-written.
pub async fn run(asked: Match) -> Result<ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopped.store(true, Ordering::Relaxed);
        }
    });
    tokio::task::spawn_blocking(move || act(asked, &stop))
        .await
        .map_err(|e| Error::broken(format!("the round did not end as it should: {e}")))?
}

fn act(asked: Match, stop: &AtomicBool) -> Result<ExitCode> {
    let voice = Voice::new();
    let watch = Watch { stop, tell: &|words| voice.say(words) };
    if let Some(Check::Verify { folder, mentees, mentors, rules, previous }) = asked.check {
        let found = verify(&folder, &Elsewhere { mentees, mentors, rules, previous }, &watch);
        voice.end();
        return Ok(match found {
            Ok(sentences) => {
                sentences.iter().for_each(|sentence| println!("{sentence}"));
                ExitCode::SUCCESS
            }
            Err(why) => {
                eprintln!("{} does not hold: {why}", folder.display());
                ExitCode::FAILURE
            }
        });
    }
    if asked.explain_rules {
        return tell(command::explain_rules(asked.rules.as_deref()).map(|text| {
            print!("{text}");
        }));
    }
    let order = order(asked)?;
    let done = command::run(&order, &watch);
    voice.end();
    tell(done.map(|done| report(&done, &order)))
}

fn order(asked: Match) -> Result<Order> {
    let (Some(mentees), Some(out)) = (asked.mentees, asked.out) else { return Err(Error::broken("say --mentees and --out")) };
    let today = Clock::Real.now().jiff().to_zoned(TimeZone::UTC).date();
    let day = asked.week.unwrap_or(today);
    // The middle of Monday, so that every day of a week gives the same round.
    let monday = if day.weekday() == Weekday::Monday { day } else { day.nth_weekday(-1, Weekday::Monday).unwrap_or(day) };
    let at = monday.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map_err(|e| Error::broken(format!("--week: {e}")))?.timestamp();
    let threads = asked.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into)).clamp(1, 64);
    let Match { mentors, rules, previous, replace, seed, .. } = asked;
    Ok(Order { mentees, mentors, rules, previous, out, replace, seed, threads, at })
}

fn report(done: &Done, order: &Order) {
    done.columns.iter().for_each(|column| println!("{column}"));
    told(&done.remarks, MOST_TOLD).iter().for_each(|remark| println!("{remark}"));
    if !done.columns.is_empty() || !done.remarks.is_empty() {
        println!();
    }
    done.sentences.iter().for_each(|sentence| println!("{sentence}"));
    println!("\n{} is there to be read; pairs.csv, unmatched.csv and audit.json lie beside it.", order.out.join("report.html").display());
}

fn tell(done: std::result::Result<(), Refused>) -> Result<ExitCode> {
    match done {
        Ok(()) => return Ok(ExitCode::SUCCESS),
        Err(Refused::Problems(problems)) => {
            told(&problems, MOST_TOLD).iter().for_each(|problem| eprintln!("{problem}"));
            eprintln!("Nothing was matched and nothing written. Please mend this and try again.");
        }
        Err(Refused::Said(sentence)) => eprintln!("chiron: {sentence}\nNothing was written."),
        Err(Refused::Stopped) => {
            eprintln!("Stopped. Nothing was written.");
            return Ok(ExitCode::from(130));
        }
    }
    Ok(ExitCode::FAILURE)
}

/// How far a long run is, on one line of a terminal; silent elsewhere, and while it may end any moment.
struct Voice {
    terminal: bool,
    begun: Instant,
    last: Mutex<Option<Instant>>,
}

impl Voice {
    fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), begun: Instant::now(), last: Mutex::new(None) }
    }

    fn say(&self, words: &str) {
        if !self.terminal || self.begun.elapsed() < SOON {
            return;
        }
        // Whoever else is speaking just now says something as new.
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.is_none_or(|last| last.elapsed() >= BETWEEN_WORDS) {
            *last = Some(Instant::now());
            let _ = write!(std::io::stderr(), "\r\x1b[K{} s: {words} …", self.begun.elapsed().as_secs());
        }
    }

    fn end(&self) {
        if self.last.lock().is_ok_and(|last| last.is_some()) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
