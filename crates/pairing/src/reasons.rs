//! Why somebody has nobody, and the smallest change that would match them; each change was tried by solving with it.

use crate::report::{counted, number};
use crate::round::Outcome;
use chiron_matching::Side;
use chiron_matching::explain::{Explainer, Reason, Relaxation, Remedy, Tried};
use chiron_matching::{Pair, Problem};

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
/// Leaving a rule out asks more of people than one more seat, which counts 1.
const EFFORT_OF_A_RULE: u32 = 3;
/// Of the mentors whom one rule keeps out, the best so many are tried without it.
const MOST_ADMITTED: usize = 20;
/// Beyond these, changes are not tried but only named: each is a small solve of its own.
const MOST_TRIED: usize = 500;
const MOST_PAIRS: usize = 4_000_000;

/// Everybody without a pair, in the order of the solution. For each a pass over all mentors and rules, and a few repairs.
pub fn alone(outcome: &Outcome<'_>) -> Vec<Alone> {
    let unmatched = &outcome.solution.unmatched;
    let few = unmatched.len() <= MOST_TRIED && outcome.problem.pair_count() <= MOST_PAIRS;
    let mut explainer = (few && !unmatched.is_empty()).then(|| Explainer::new(&outcome.problem, &outcome.solution).ok()).flatten();
    unmatched.iter().map(|mentee| of(outcome, explainer.as_mut(), *mentee)).collect()
}

fn of(outcome: &Outcome<'_>, explainer: Option<&mut Explainer>, mentee: u32) -> Alone {
    let why = why(outcome, mentee);
    let tried = explainer.and_then(|explainer| tried(outcome, explainer, mentee));
    let (told, change) = tried.unwrap_or_else(|| (None, named(outcome, mentee)));
    Alone { mentee, why: why.or(told).unwrap_or_else(|| "Everybody who may be theirs is with somebody else.".into()), change }
}

/// What this crate can tell better than the engine: which rules leave nobody.
fn why(outcome: &Outcome<'_>, mentee: u32) -> Option<String> {
    if outcome.mentee(mentee).most == 0 {
        return Some("The sheet says that they want no mentor.".into());
    }
    if !outcome.problem.row(mentee).0.is_empty() {
        return None;
    }
    let mut barriers = outcome.scoring.barriers(mentee);
    barriers.sort_by_key(|(_, all, _)| std::cmp::Reverse(*all));
    let told: Vec<String> = barriers.iter().take(MOST_BARRIERS).map(|(bar, all, _)| format!("{all} {}", bar.said_of(*all))).collect();
    if told.is_empty() {
        return Some("No mentor reaches the least score that the rules ask for.".into());
    }
    let mentors = outcome.round.mentors.people.len();
    Some(format!("The rules leave nobody. Of {} {}.", counted(mentors, "mentor"), told.join("; ")))
}

/// The engine's reason, and the least change that it found to match them.
fn tried(outcome: &Outcome<'_>, explainer: &mut Explainer, mentee: u32) -> Option<(Option<String>, String)> {
    let relaxations = relaxations(outcome, mentee);
    let unmatched = explainer.unmatched(mentee, &relaxations).ok()?;
    let names = |side, at| match side {
        Side::Mentee => outcome.mentee(at).name.clone(),
        Side::Mentor => outcome.mentor(at).name.clone(),
    };
    let reason = (!matches!(unmatched.reason, Reason::NoPair { .. })).then(|| unmatched.reason.sentence(&names));
    // What takes a mentor from somebody else is no help to the round; it is said only where nothing else would do.
    let helps = unmatched.remedies.iter().find(|tried| tried.outcome.people > 0).or(unmatched.remedies.first());
    let change = match helps {
        Some(tried) => would(outcome, mentee, tried, &relaxations),
        None if outcome.mentee(mentee).most == 0 => String::new(),
        None if !outcome.problem.row(mentee).0.is_empty() => {
            "One more seat would go to somebody else, who fits it better; it takes more than one.".into()
        }
        None if relaxations.is_empty() => "It takes leaving out more than one rule.".into(),
        None => "Leaving out one rule would not be enough: whoever may be theirs then is with somebody else.".into(),
    };
    Some((reason, change))
}

/// What a change that was tried would do, to be read out to somebody who has nobody.
fn would(outcome: &Outcome<'_>, mentee: u32, tried: &Tried, relaxations: &[Relaxation]) -> String {
    let instead = if tried.outcome.people > 0 { "" } else { ", and leave somebody else without" };
    match tried.what {
        Remedy::OneMoreSeat { mentor } => {
            let score =
                outcome.problem.score(mentee, mentor).map_or_else(String::new, |score| format!(" (score {})", number(score.into())));
            format!("One more seat with {} would match them{instead}{score}.", outcome.mentor(mentor).name)
        }
        Remedy::Relaxation(at) => format!("Leaving out for them {} would match them{instead}.", relaxations[at].what),
    }
}

/// Each rule that stands alone before some mentors, left out for them.
fn relaxations(outcome: &Outcome<'_>, mentee: u32) -> Vec<Relaxation> {
    let mut all = Vec::new();
    for (bar, _, alone) in outcome.scoring.barriers(mentee).into_iter().filter(|(bar, _, alone)| bar.can_go() && !alone.is_empty()) {
        let mut pairs: Vec<Pair> =
            alone.iter().map(|mentor| Pair { mentee, mentor: *mentor, score: outcome.scoring.total(mentee, *mentor) }).collect();
        pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.score), pair.mentor));
        pairs.truncate(MOST_ADMITTED);
        all.push(Relaxation::admitting(format!("the rule that {}", bar.rule()), EFFORT_OF_A_RULE, pairs));
    }
    all
}

/// A change that is named without having been tried: a seat with whom they fit best.
fn named(outcome: &Outcome<'_>, mentee: u32) -> String {
    let best = |problem: &Problem| {
        let (mentors, scores) = problem.row(mentee);
        mentors
            .iter()
            .zip(scores)
            .max_by_key(|(mentor, score)| (**score, std::cmp::Reverse(**mentor)))
            .map(|(mentor, score)| (*mentor, *score))
    };
    best(&outcome.problem).map_or_else(String::new, |(mentor, score)| {
        format!("One more seat with {} could match them (score {}).", outcome.mentor(mentor).name, number(score.into()))
    })
}
