//! Random problems with every feature mixed and what our solver makes of them, a line of JSON each, for `highs.py` beside this file:
//! `cargo run --release -p chiron-matching-oracle --example problems -- COUNT SEED | python highs.py`.

#[path = "../../matching/tests/chance/mod.rs"]
mod chance;
#[path = "../tests/problem/mod.rs"]
mod problem;

use chance::Chance;
use chiron_matching::{Problem, SolveError, solve, verify};

fn list<T>(items: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    format!("[{}]", items.into_iter().map(line).collect::<Vec<_>>().join(","))
}

/// The problem in plain numbers: bonuses are in the scores.
fn json(problem: &Problem, person: i64, value: Option<i64>) -> String {
    let mentees = list(problem.mentees(), |mentee| format!("[{},{},{},{}]", mentee.least, mentee.most, mentee.weight, mentee.group));
    let mentors = list(problem.mentors(), |mentor| format!("[{},{}]", mentor.least, mentor.most));
    let pairs = (0..problem.mentees().len() as u32).flat_map(|mentee| {
        let (mentors, scores) = problem.row(mentee);
        mentors.iter().zip(scores).map(move |(&mentor, &score)| (mentee, mentor, score))
    });
    let pairs = list(pairs, |(mentee, mentor, score)| {
        let bonus = if problem.is_previous(mentee, mentor) { problem.rules().keep_bonus } else { 0 };
        format!("[{mentee},{mentor},{},{}]", score + bonus, u8::from(problem.is_locked(mentee, mentor)))
    });
    let floors = list(&problem.rules().group_floors, |(group, floor)| format!("[{group},{floor}]"));
    let value = value.map_or("null".to_owned(), |value| value.to_string());
    format!("{{\"person\":{person},\"mentees\":{mentees},\"mentors\":{mentors},\"pairs\":{pairs},\"floors\":{floors},\"value\":{value}}}")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (count, seed) = (number(1_000_u64), number(1));
    let mut chance = Chance::new(seed);
    let mut told = 0;
    while told < count {
        let Some(problem) = problem::problem(&mut chance) else { continue };
        let (objective, person) = problem::aim(&mut chance, &problem, told);
        let value = match solve(&problem, &objective) {
            Ok(solution) => {
                verify(&problem, &solution)?;
                Some(problem::value(&problem, &solution, person))
            }
            Err(SolveError::Impossible { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        println!("{}", json(&problem, person, value));
        told += 1;
    }
    Ok(())
}
