//! A round without the rest of Chiron, with the time each part took:
//!
//! ```sh
//! cargo run --release -p chiron-pairing --example round -- mentees.csv mentors.csv rules.toml out [threads] [previous.csv]
//! ```
//!
//! `-` stands for no rules.

use chiron_pairing::command::{Order, Refused, run};
use chiron_pairing::{Elsewhere, Watch, verify};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [mentees, mentors, rules, out, rest @ ..] = args.as_slice() else {
        eprintln!("round MENTEES MENTORS RULES OUT [THREADS] [PREVIOUS]");
        return;
    };
    let order = Order {
        mentees: PathBuf::from(mentees),
        mentors: Some(PathBuf::from(mentors)),
        rules: (rules != "-").then(|| PathBuf::from(rules)),
        previous: rest.get(1).map(PathBuf::from),
        out: PathBuf::from(out),
        replace: true,
        seed: None,
        threads: rest.first().and_then(|threads| threads.parse().ok()).unwrap_or(1),
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    let begun = Instant::now();
    let last = std::sync::Mutex::new(String::new());
    let tell = |words: &str| {
        let part = words.split([',', ' ']).next().unwrap_or_default().to_owned();
        if let Ok(mut last) = last.lock()
            && *last != part
        {
            eprintln!("{:8.1} ms  {words}", begun.elapsed().as_secs_f64() * 1e3);
            *last = part;
        }
    };
    let watch = Watch { stop: &AtomicBool::new(false), tell: &tell };
    match run(&order, &watch) {
        Ok(done) => done.columns.iter().chain(&done.sentences).for_each(|line| println!("{line}")),
        Err(Refused::Problems(problems)) => problems.iter().take(50).for_each(|problem| eprintln!("{problem}")),
        Err(Refused::Said(why)) => eprintln!("{why}"),
        Err(Refused::Stopped) => eprintln!("stopped"),
    }
    eprintln!("{:8.1} ms  written", begun.elapsed().as_secs_f64() * 1e3);
    match verify(&order.out, &Elsewhere::default(), &watch) {
        Ok(sentences) => sentences.iter().for_each(|line| println!("{line}")),
        Err(why) => eprintln!("{why}"),
    }
    eprintln!("{:8.1} ms  verified", begun.elapsed().as_secs_f64() * 1e3);
}
