//! The sentences of the report.

use crate::round::Outcome;
use crate::score::Scoring;
use crate::sheets::Told;

/// "7,842"
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0 { format!("−{grouped}") } else { grouped }
}

/// "1 pair", "2 pairs"
pub fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", number(count as i64), if count == 1 { "" } else { "s" })
}

pub fn title(outcome: &Outcome<'_>) -> String {
    let (people, alone) = (outcome.round.mentees.people.len(), outcome.solution.unmatched.len());
    match (people - alone, alone) {
        (0, _) => "Nobody could be matched".into(),
        (1, 0) => "The mentee has a mentor".into(),
        (all, 0) => format!("All {} mentees have a mentor", number(all as i64)),
        (matched, _) => format!("{} of {} mentees have a mentor", number(matched as i64), number(people as i64)),
    }
}

/// What came of it, in a few sentences; the first is the title.
pub fn summary(outcome: &Outcome<'_>, told: &[Told]) -> Vec<String> {
    let mut said = vec![format!("{}.", title(outcome))];
    let round = outcome.round;
    let mut scores: Vec<i32> = told.iter().map(|pair| pair.score).collect();
    scores.sort_unstable();
    if let (Some(worst), Some(best)) = (scores.first(), scores.last()) {
        let middle = scores[scores.len() / 2];
        said.push(format!(
            "{} score from {} to {} of 10,000; half of them {} or more.",
            capital(&counted(scores.len(), "pair")),
            number((*worst).into()),
            number((*best).into()),
            number(middle.into())
        ));
    }
    let loads = outcome.loads();
    let seats: u64 = round.mentors.people.iter().map(|person| u64::from(person.most)).sum();
    let taken: usize = loads.iter().map(Vec::len).sum();
    let idle = loads.iter().zip(&round.mentors.people).filter(|(load, person)| load.is_empty() && person.most > 0).count();
    said.push(format!(
        "{} of {} are taken{}.",
        number(taken as i64),
        counted(seats as usize, "seat"),
        match idle {
            0 => String::new(),
            1 => "; one mentor has nobody".into(),
            idle => format!("; {} mentors have nobody", number(idle as i64)),
        }
    ));
    if round.had_previous {
        let kept = round.previous.iter().filter(|pair| outcome.solution.pairs.binary_search(pair).is_ok()).count();
        said.push(format!(
            "{} of {} of the round before stayed.",
            number(kept as i64),
            counted(round.previous.len() + round.previous_gone, "pair")
        ));
    }
    said
}

/// What the rules would count and the sheets say nothing about; nothing when there is none.
pub fn not_counted(scoring: &Scoring<'_>) -> Option<String> {
    let labels: Vec<String> = scoring.without_a_column().map(|kind| format!("“{}”", kind.label())).collect();
    (!labels.is_empty()).then(|| format!("Not counted, because the sheets have no column for it: {}.", labels.join(", ")))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What has become of somebody whose former pair was not made again.
pub fn now(outcome: &Outcome<'_>, mentee: u32, before: u32) -> String {
    let mentors: Vec<&str> =
        outcome.solution.pairs.iter().filter(|(of, _)| *of == mentee).map(|(_, mentor)| outcome.mentor(*mentor).name.as_str()).collect();
    let why = match outcome.scoring.barred(mentee, before) {
        Some(bar) => format!("; the mentor {}", bar.words()),
        None => String::new(),
    };
    match mentors.as_slice() {
        [] => format!("now without a mentor{why}."),
        mentors => format!("now with {}{why}.", mentors.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567, -10_000].map(number), ["0", "999", "1,000", "1,234,567", "−10,000"]);
    }
}
