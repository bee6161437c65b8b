//! Why somebody has nobody, and the smallest change that would match them.

use crate::round::Outcome;
use crate::score::Bar;

/// Somebody without a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alone {
    pub mentee: u32,
    /// What is in the way.
    pub why: String,
    /// What would do; empty when nothing small would.
    pub change: String,
}

/// More rules than this are not listed for one person.
const MOST_BARRIERS: usize = 4;

/// Everybody without a pair, in the order of the solution. For each a pass over all mentors and rules.
pub fn alone(outcome: &Outcome<'_>) -> Vec<Alone> {
    let loads = outcome.loads();
    outcome.solution.unmatched.iter().map(|mentee| of(outcome, &loads, *mentee)).collect()
}

fn of(outcome: &Outcome<'_>, loads: &[Vec<u32>], mentee: u32) -> Alone {
    let (why, change) = if outcome.mentee(mentee).most == 0 {
        ("The sheet says that they want no mentor.".into(), "Give them a number of mentors.".into())
    } else if outcome.problem.row(mentee).0.is_empty() {
        barred(outcome, mentee)
    } else {
        crowded_out(outcome, loads, mentee)
    };
    Alone { mentee, why, change }
}

/// Rules leave nobody.
fn barred(outcome: &Outcome<'_>, mentee: u32) -> (String, String) {
    let mentors = outcome.round.mentors.people.len();
    let mut barriers = outcome.scoring.barriers(mentee);
    barriers.sort_by_key(|(_, all, _)| std::cmp::Reverse(*all));
    let told: Vec<String> =
        barriers.iter().take(MOST_BARRIERS).map(|(bar, all, _)| format!("{all} because the mentor {}", bar.words())).collect();
    let why = if told.is_empty() {
        "No mentor reaches the least score that the rules ask for.".into()
    } else {
        format!("The rules leave nobody: of {mentors} mentors {} out.", falls(&told))
    };
    // The rule that stands alone before most mentors is the one whose going helps most; a free seat goes before.
    let alone = barriers.iter().filter(|(bar, _, alone)| bar.can_go() && !alone.is_empty()).max_by_key(|(_, _, alone)| alone.len());
    let change = match alone {
        Some((bar, _, alone)) => without(outcome, mentee, bar, alone),
        None if told.is_empty() => "Ask for a lower least score.".into(),
        None => "No single rule is in the way: two would have to go at once.".into(),
    };
    (why, change)
}

fn falls(told: &[String]) -> String {
    match told {
        [one] => format!("{one} fall"),
        [most @ .., last] => format!("{} and {last} fall", most.join(", ")),
        [] => String::new(),
    }
}

fn without(outcome: &Outcome<'_>, mentee: u32, bar: &Bar, alone: &[u32]) -> String {
    let best = alone.iter().map(|mentor| (outcome.scoring.total(mentee, *mentor), std::cmp::Reverse(*mentor))).max();
    let (score, mentor) = best.map_or((0, 0), |(score, mentor)| (score, mentor.0));
    let others = match alone.len() - 1 {
        0 => String::new(),
        1 => " or one other".into(),
        more => format!(" or one of {more} others"),
    };
    format!("Without the rule that {}, it could be {}{others} (score {score}).", bar.rule(), outcome.mentor(mentor).name)
}

/// There are mentors for her, and all of them have others.
fn crowded_out(outcome: &Outcome<'_>, loads: &[Vec<u32>], mentee: u32) -> (String, String) {
    let (mentors, scores) = outcome.problem.row(mentee);
    let best = mentors.iter().zip(scores).max_by_key(|(mentor, score)| (**score, std::cmp::Reverse(**mentor)));
    let (mentor, score) = best.map_or((0, 0), |(mentor, score)| (*mentor, *score));
    let closed = outcome.mentor(mentor).most == 0;
    let full = mentors.iter().all(|mentor| loads[*mentor as usize].len() as u32 >= outcome.mentor(*mentor).most);
    let who = match mentors.len() {
        1 => format!("Only {} may be theirs, and ", outcome.mentor(mentor).name),
        many => format!("{many} mentors may be theirs, and "),
    };
    let why = match (full, closed && mentors.len() == 1) {
        (true, true) => "has no seat".to_owned(),
        (true, _) if mentors.len() == 1 => "every seat is taken by somebody for whom it was worth more".into(),
        (true, _) => "all their seats are taken by people who would have been left alone instead, or fit better".into(),
        // Then something else holds them back: a worst pair that was raised, or points that matching was not worth.
        (false, _) => "the aim of the rules was better reached without this pair".into(),
    };
    let change = if full {
        format!("One more seat with {} (score {score}).", outcome.mentor(mentor).name)
    } else {
        format!("Lock the pair with {} (score {score}).", outcome.mentor(mentor).name)
    };
    (format!("{who}{why}."), change)
}
