//! How long a repair takes: `cargo run --release -p chiron-matching --example repair -- MENTEES MENTORS PAIRS_EACH EVENTS`.
//!
//! Builds one random problem by letting everyone join, plays random events on it, and prints one JSON line with the percentiles of the time of each kind of
//! event, in microseconds, the taking back of a trial included. At the end the repaired solution is verified.

use chiron_matching::{Change, Coverage, Mentee, Mentor, Objective, Pair, Problem, Repair, Rules, solve, verify};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<u64> = std::env::args().skip(1).map(|arg| arg.parse()).collect::<Result<_, _>>()?;
    let [n, m, each, events] = given[..] else { return Err("give MENTEES MENTORS PAIRS_EACH EVENTS".into()) };
    let mut state = 1_u64;
    // Xorshift64 (Marsaglia 2003).
    let mut chance = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut pairs = Vec::new();
    for mentee in 0..n {
        let mut row: Vec<u64> = (0..each).map(|_| chance(m)).collect();
        row.sort_unstable();
        row.dedup();
        for mentor in row {
            pairs.push(Pair { mentee: mentee as u32, mentor: mentor as u32, score: chance(10_001) as i32 });
        }
    }
    let mentees = (0..n).map(|key| Mentee { most: 0, ..Mentee::new(key) }).collect();
    let mentors = (0..m).map(|key| Mentor::new(key, 5 + chance(6) as u32)).collect();
    let problem = Problem::new(mentees, mentors, pairs, Rules::default())?;
    let mut repair = Repair::new(&problem, &solve(&problem, &Objective::plain(Coverage::First))?)?;
    let start = Instant::now();
    for mentee in 0..n as u32 {
        repair.apply(&Change::MenteeBounds { mentee, least: 0, most: 1 })?;
    }
    eprintln!("{n} people joined in {:.2} s, {} unmatched", start.elapsed().as_secs_f64(), repair.solution().unmatched.len());

    let kinds = ["mentee leaves", "mentor leaves", "one more seat", "one seat fewer", "pair excluded", "pair locked", "mentee returns"];
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
    let mut gone = Vec::new();
    for _ in 0..events {
        let (mentee, mentor) = (chance(n) as u32, chance(m) as u32);
        let most = problem.mentors()[mentor as usize].most;
        let row = problem.row(mentee).0;
        let kind = chance(kinds.len() as u64) as usize;
        let change = match kind {
            0 => {
                gone.push(mentee);
                Change::MenteeLeaves(mentee)
            }
            1 => Change::MentorLeaves(mentor),
            2 => Change::MentorBounds { mentor, least: 0, most: most + 1 },
            3 => Change::MentorBounds { mentor, least: 0, most: most - 1 },
            4 => match repair.mentors_of(mentee).next() {
                Some(mentor) => Change::Exclude(mentee, mentor),
                None => continue,
            },
            5 => Change::Lock(mentee, row[chance(row.len() as u64) as usize]),
            _ => match gone.pop() {
                Some(mentee) => Change::MenteeBounds { mentee, least: 0, most: 1 },
                None => continue,
            },
        };
        // The least of three trials, as the machine may be busy with something else in between.
        let trial = |repair: &mut Repair| {
            let start = Instant::now();
            let done = repair.what_if(std::slice::from_ref(&change)).is_ok();
            (done, start.elapsed().as_secs_f64() * 1e6)
        };
        let trials = [trial(&mut repair), trial(&mut repair), trial(&mut repair)];
        if trials[0].0 {
            times[kind].push(trials.iter().map(|trial| trial.1).fold(f64::INFINITY, f64::min));
            repair.apply(&change)?;
        }
    }
    verify(&repair.problem()?, &repair.solution())?;
    let mut lines = Vec::new();
    for (kind, times) in kinds.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or(0.0);
        lines.push(format!(
            "{kind:?}: {{\"events\": {}, \"p50_us\": {:.1}, \"p99_us\": {:.1}, \"max_us\": {:.1}}}",
            times.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        ));
    }
    println!("{{{}}}", lines.join(", "));
    Ok(())
}
