//! Why this pair, why not that one, and why nobody for someone.
//!
//! A matching that cannot say why is a matter of faith. An [`Explainer`] answers three questions, each with numbers to show and a
//! sentence to read:
//!
//! - **Why these two?** The scorer gives the score of a pair as named parts; [`Explainer::pair`] takes them only if they sum to the
//!   score exactly, and adds what the whole would lose without the pair.
//! - **Why not her?** [`Explainer::why_not`]: the pair is not admissible, or making it would cost so much in all. The reduced cost (from
//!   the prices, at once) is a lower bound of it, the exact cost comes from solving with the pair locked.
//! - **Why nobody?** [`Explainer::unmatched`]: the binding reason, and the smallest changes that would help: one more seat with someone,
//!   or one of the relaxations that the caller brings along ("one more evening", "without the rule about departments"). Each is tried
//!   by solving with it, and listed only if it really matches the person.
//!
//! "Solving" is [`Repair::what_if`]: exact, and a matter of microseconds, so that a report with thousands of questions is no burden.
//!
//! ```
//! use chiron_matching::{Mentee, Mentor, Objective, Pair, Problem, Rules, Side, explain::{Explainer, Remedy}, solve};
//! let pair = |mentee, mentor, score| Pair { mentee, mentor, score };
//! let problem = Problem::new(
//!     vec![Mentee::new(1), Mentee::new(2)],
//!     vec![Mentor::new(1, 1)],
//!     vec![pair(0, 0, 9_000), pair(1, 0, 7_000)],
//!     Rules::default(),
//! )?;
//! let mut explainer = Explainer::new(&problem, &solve(&problem, &Objective::default())?)?;
//! let names = |side, place: u32| match side {
//!     Side::Mentee => ["Amina", "Noor"][place as usize].to_owned(),
//!     Side::Mentor => "Lea".to_owned(),
//! };
//! let noor = explainer.unmatched(1, &[])?;
//! assert_eq!(noor.reason.sentence(&names), "The only mentor Noor could have, Lea, is full.");
//! assert_eq!(noor.remedies[0].what, Remedy::OneMoreSeat { mentor: 0 });
//! assert_eq!(noor.remedies[0].sentence(&[], &names), "One more seat with Lea would match 1 more person.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{Change, Fault, Outcome, Pair, Problem, Repair, RepairError, Side, Solution, repair::Standing};

/// How many mentors are tried for one more seat.
pub const MOST_SEATS_TRIED: usize = 8;

/// How many relaxations may be brought along.
pub const MOST_RELAXATIONS: usize = 64;

/// Gives the name of the person at a place of a list.
pub type Names<'a> = &'a dyn Fn(Side, u32) -> String;

/// What someone or something adds to the score of a pair, or takes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, as the scorer names it.
    pub name: String,
    /// Its points, of either sign.
    pub points: i32,
}

/// The parts of a score do not explain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartsError {
    /// The pair is not admissible.
    #[error("mentee {mentee} and mentor {mentor} are no admissible pair")]
    NoPair {
        /// Place of the mentee.
        mentee: u32,
        /// Place of the mentor.
        mentor: u32,
    },
    /// The sum is another.
    #[error("the parts of mentee {mentee} and mentor {mentor} sum to {sum}, and their score is {score}")]
    Sum {
        /// Place of the mentee.
        mentee: u32,
        /// Place of the mentor.
        mentor: u32,
        /// Of the parts.
        sum: i64,
        /// Of the pair.
        score: i32,
    },
}

/// Why two people are a pair, or what would speak for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyPair {
    /// Place of the mentee.
    pub mentee: u32,
    /// Place of the mentor.
    pub mentor: u32,
    /// The score.
    pub score: i32,
    /// What it consists of; sums to the score exactly. The weightiest first.
    pub parts: Vec<Part>,
    /// Whether the pair is made.
    pub made: bool,
    /// Whether someone has locked it.
    pub locked: bool,
    /// Whether it was made in the last run.
    pub kept: bool,
    /// What would come of it if the pair might not be made. Nothing if the pair is locked or not made, or if the rules could not be
    /// kept without it.
    pub without: Option<Outcome>,
}

/// Why two people are not a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// They are one.
    Made,
    /// They are no admissible pair.
    Inadmissible,
    /// Someone has excluded the pair.
    Excluded,
    /// The worst match was raised above their score.
    BelowFloor {
        /// Their score.
        score: i32,
        /// The floor.
        floor: i32,
    },
    /// The rules could not all be kept.
    Impossible,
    /// The whole would be worse, or no better.
    Costs {
        /// By the prices it costs at least so much weight of people matched, and if that is nought so many points.
        at_least: (i64, i64),
        /// What would really come of it.
        outcome: Outcome,
    },
}

/// Why someone has nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They have somebody.
    Matched,
    /// They ask for nobody.
    AsksForNobody,
    /// Nobody is admissible for them.
    NoPair {
        /// The person.
        mentee: u32,
        /// How many pairs of theirs are excluded.
        excluded: u32,
        /// How many pairs of theirs lie below the floor under the worst match.
        below_floor: u32,
        /// The relaxations brought along that would give them a pair: what keeps them out.
        barred_by: Vec<usize>,
    },
    /// Every mentor they could have is full.
    SeatsFull {
        /// The person.
        mentee: u32,
        /// The mentors they could have, the nearest to taking them first.
        mentors: Vec<u32>,
        /// How many of these seats are held by people who count more.
        heavier: u32,
    },
    /// There is a free seat, but the points for being matched do not make up for what the pair costs, or another rule needs the seat.
    NotWorth {
        /// The person.
        mentee: u32,
        /// The mentor who is nearest to taking them.
        mentor: u32,
        /// How many points are lacking at least.
        lacking: i64,
    },
}

/// What could be done otherwise, brought along by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// In words that follow "Having" in a sentence: "one more evening", "the rule about departments left out".
    pub what: String,
    /// How much is asked of people; the least is proposed first. One more seat counts 1.
    pub effort: u32,
    /// What would be different: pairs admitted, seats added.
    pub changes: Vec<Change>,
}

impl Relaxation {
    /// A relaxation that makes these pairs admissible.
    pub fn admitting(what: impl Into<String>, effort: u32, pairs: impl IntoIterator<Item = Pair>) -> Self {
        Self { what: what.into(), effort, changes: pairs.into_iter().map(Change::Admit).collect() }
    }
}

/// What would match someone who has nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// One more seat with this mentor.
    OneMoreSeat {
        /// Place of the mentor.
        mentor: u32,
    },
    /// The relaxation at this place of the list.
    Relaxation(usize),
}

/// A remedy that was tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was tried.
    pub what: Remedy,
    /// How much it asks of people.
    pub effort: u32,
    /// What comes of it; the person is matched.
    pub outcome: Outcome,
}

/// Why someone has nobody, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// What keeps them out.
    pub reason: Reason,
    /// What would match them: the least effort first, then the most people matched, then the most points. Each was tried.
    pub remedies: Vec<Tried>,
}

/// Answers questions about a solution.
#[derive(Clone, Debug)]
pub struct Explainer {
    repair: Repair,
}

impl Explainer {
    /// Takes a solution over with its proof. O(pairs · log pairs), once.
    ///
    /// # Errors
    /// What [`verify`](crate::verify()) finds wrong with the solution.
    pub fn new(problem: &Problem, solution: &Solution) -> Result<Self, Fault> {
        Repair::new(problem, solution).map(|repair| Self { repair })
    }

    /// Why these two are a pair. `parts` are the scorer's; they must sum to the score exactly.
    ///
    /// # Errors
    /// When the pair is not admissible or the parts do not sum to its score.
    pub fn pair(&mut self, mentee: u32, mentor: u32, mut parts: Vec<Part>) -> Result<WhyPair, PartsError> {
        let score = self.repair.score_of(mentee, mentor).ok_or(PartsError::NoPair { mentee, mentor })?;
        let sum = parts.iter().map(|part| i64::from(part.points)).sum();
        if sum != i64::from(score) {
            return Err(PartsError::Sum { mentee, mentor, sum, score });
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.points.unsigned_abs()));
        let (made, locked, kept) = match self.repair.standing(mentee, mentor) {
            Standing::Made { locked, kept } => (true, locked, kept),
            _ => (false, false, false),
        };
        let without = if made && !locked { self.repair.what_if(&[Change::Exclude(mentee, mentor)]).ok() } else { None };
        Ok(WhyPair { mentee, mentor, score, parts, made, locked, kept, without })
    }

    /// Why these two are not a pair.
    ///
    /// # Errors
    /// When there is no such mentee or mentor.
    pub fn why_not(&mut self, mentee: u32, mentor: u32) -> Result<WhyNot, RepairError> {
        self.exist(mentee, Some(mentor))?;
        Ok(match self.repair.standing(mentee, mentor) {
            Standing::Made { .. } => WhyNot::Made,
            Standing::Inadmissible => WhyNot::Inadmissible,
            Standing::Excluded => WhyNot::Excluded,
            Standing::BelowFloor(score) => WhyNot::BelowFloor { score, floor: self.repair.floor().unwrap_or(0) },
            Standing::Open { weight, points } => match self.repair.what_if(&[Change::Lock(mentee, mentor)]) {
                Ok(outcome) => WhyNot::Costs { at_least: (weight, points), outcome },
                Err(RepairError::TooLarge) => return Err(RepairError::TooLarge),
                Err(_) => WhyNot::Impossible,
            },
        })
    }

    /// Why someone has nobody, and what would help. At most [`MOST_SEATS_TRIED`] mentors are tried for one more seat, and the first
    /// [`MOST_RELAXATIONS`] relaxations.
    ///
    /// # Errors
    /// When there is no such mentee, or a relaxation is malformed.
    pub fn unmatched(&mut self, mentee: u32, relaxations: &[Relaxation]) -> Result<Unmatched, RepairError> {
        self.exist(mentee, None)?;
        let reason = self.reason(mentee, relaxations);
        if matches!(reason, Reason::Matched | Reason::AsksForNobody) {
            return Ok(Unmatched { reason, remedies: Vec::new() });
        }
        let mut remedies = Vec::new();
        for mentor in self.nearest(mentee).into_iter().take(MOST_SEATS_TRIED) {
            let Some(&person) = self.repair.mentor(mentor) else { continue };
            let change = Change::MentorBounds { mentor, least: person.least, most: person.most + 1 };
            self.attempt(mentee, Remedy::OneMoreSeat { mentor }, 1, &[change], &mut remedies)?;
        }
        for (at, relaxation) in relaxations.iter().take(MOST_RELAXATIONS).enumerate() {
            self.attempt(mentee, Remedy::Relaxation(at), relaxation.effort, &relaxation.changes, &mut remedies)?;
        }
        remedies.sort_by_key(|tried| (tried.effort, -tried.outcome.weight, -tried.outcome.people, -tried.outcome.points));
        Ok(Unmatched { reason, remedies })
    }

    /// What some changes together would bring, without making them.
    ///
    /// # Errors
    /// As [`Repair::what_if`].
    pub fn what_if(&mut self, changes: &[Change]) -> Result<Outcome, RepairError> {
        self.repair.what_if(changes)
    }

    /// What one more seat with a mentor is worth at most: in weight of people matched, and where that is nought in points.
    pub fn seat_worth(&self, mentor: u32) -> Option<(i64, i64)> {
        self.repair.mentor(mentor).map(|_| self.repair.seat_worth(mentor))
    }

    fn exist(&self, mentee: u32, mentor: Option<u32>) -> Result<(), RepairError> {
        if self.repair.mentee(mentee).is_none() {
            return Err(RepairError::Nobody { side: Side::Mentee, person: mentee });
        }
        match mentor {
            Some(person) if self.repair.mentor(person).is_none() => Err(RepairError::Nobody { side: Side::Mentor, person }),
            _ => Ok(()),
        }
    }

    fn reason(&self, mentee: u32, relaxations: &[Relaxation]) -> Reason {
        let weight = match self.repair.mentee(mentee) {
            Some(person) if person.most > 0 => person.weight,
            _ => return Reason::AsksForNobody,
        };
        if self.repair.mentors_of(mentee).next().is_some() {
            return Reason::Matched;
        }
        let mentors = self.nearest(mentee);
        let Some(&mentor) = mentors.first() else {
            let count = |wanted: fn(&Standing) -> bool| {
                self.repair.mentors_around(mentee).filter(|&mentor| wanted(&self.repair.standing(mentee, mentor))).count() as u32
            };
            let gives = |change: &Change| matches!(change, Change::Admit(pair) if pair.mentee == mentee);
            return Reason::NoPair {
                mentee,
                excluded: count(|standing| *standing == Standing::Excluded),
                below_floor: count(|standing| matches!(standing, Standing::BelowFloor(_))),
                barred_by: (0..relaxations.len()).filter(|&at| relaxations[at].changes.iter().any(gives)).collect(),
            };
        };
        let full = |mentor: u32| {
            let seats = self.repair.mentor(mentor).map_or(0, |person| person.most);
            self.repair.mentees_of(mentor).count() as u32 >= seats
        };
        if mentors.iter().all(|&mentor| full(mentor)) {
            let held = mentors.iter().flat_map(|&mentor| self.repair.mentees_of(mentor));
            let heavier = held.filter(|&other| self.repair.mentee(other).is_some_and(|other| other.weight > weight)).count() as u32;
            return Reason::SeatsFull { mentee, mentors, heavier };
        }
        let lacking = match self.repair.standing(mentee, mentor) {
            Standing::Open { points, .. } => points,
            _ => 0,
        };
        Reason::NotWorth { mentee, mentor, lacking }
    }

    /// The mentors whom a mentee could have by the rules, those whose pair has the least reduced cost first.
    fn nearest(&self, mentee: u32) -> Vec<u32> {
        let open = self.repair.mentors_around(mentee).filter_map(|mentor| match self.repair.standing(mentee, mentor) {
            Standing::Open { weight, points } => Some((weight, points, mentor)),
            _ => None,
        });
        let mut open: Vec<_> = open.collect();
        open.sort_unstable();
        open.into_iter().map(|(_, _, mentor)| mentor).collect()
    }

    /// Tries changes, and notes them if the mentee is then matched.
    fn attempt(
        &mut self,
        mentee: u32,
        what: Remedy,
        effort: u32,
        changes: &[Change],
        remedies: &mut Vec<Tried>,
    ) -> Result<(), RepairError> {
        match self.repair.what_if(changes) {
            Ok(outcome) => {
                if outcome.moves.made.iter().any(|pair| pair.0 == mentee) {
                    remedies.push(Tried { what, effort, outcome });
                }
                Ok(())
            }
            Err(RepairError::Impossible) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl WhyPair {
    /// What the pair is worth to the whole, in one sentence.
    pub fn sentence(&self, names: Names<'_>) -> String {
        let (mentee, mentor) = (names(Side::Mentee, self.mentee), names(Side::Mentor, self.mentor));
        if !self.made {
            return format!("{mentee} and {mentor} are not a pair; their score would be {}.", self.score);
        }
        if self.locked {
            return format!("{mentee} and {mentor} are a pair because somebody has locked them together.");
        }
        match &self.without {
            Some(outcome) if outcome.people < 0 => {
                format!("{mentee} and {mentor} are a pair: without it {} would be matched.", fewer(-outcome.people))
            }
            Some(outcome) if outcome.points < 0 => {
                format!("{mentee} and {mentor} are a pair: without it all scores together would lose {}.", points(-outcome.points))
            }
            Some(_) => format!("{mentee} and {mentor} are a pair; there is another solution that is as good without it."),
            None => format!("{mentee} and {mentor} are a pair: without it the rules could not all be kept."),
        }
    }
}

impl WhyNot {
    /// The answer in one sentence.
    pub fn sentence(&self, mentee: u32, mentor: u32, names: Names<'_>) -> String {
        let (mentee, mentor) = (names(Side::Mentee, mentee), names(Side::Mentor, mentor));
        match self {
            Self::Made => format!("{mentee} and {mentor} are a pair."),
            Self::Inadmissible => format!("The rules do not allow {mentee} and {mentor} to be a pair."),
            Self::Excluded => format!("Somebody has excluded the pair of {mentee} and {mentor}."),
            Self::BelowFloor { score, floor } => {
                format!("The score of {mentee} and {mentor} is {score}, and the worst match was raised to {floor}.")
            }
            Self::Impossible => format!("If {mentee} and {mentor} were a pair, the rules could not all be kept."),
            Self::Costs { outcome, .. } => {
                let others = outcome.moves.made.len().saturating_sub(1);
                let moved = match others {
                    0 => String::new(),
                    1 => " 1 other pair would change.".to_owned(),
                    _ => format!(" {others} other pairs would change."),
                };
                let cost = if outcome.people < 0 {
                    format!("{} would be matched.", fewer(-outcome.people))
                } else if outcome.weight < 0 {
                    "somebody who counts more would have nobody.".to_owned()
                } else if outcome.points < 0 {
                    format!("all scores together would lose {}.", points(-outcome.points))
                } else {
                    "the whole would be as good; something less weighty decided.".to_owned()
                };
                format!("If {mentee} and {mentor} were a pair, {cost}{moved}")
            }
        }
    }
}

impl Reason {
    /// The reason in one sentence. [`Relaxation`]s are named by [`Tried::sentence`].
    pub fn sentence(&self, names: Names<'_>) -> String {
        match self {
            Self::Matched => "They are matched.".to_owned(),
            Self::AsksForNobody => "They ask for nobody.".to_owned(),
            Self::NoPair { mentee, excluded, below_floor, .. } => {
                let name = names(Side::Mentee, *mentee);
                match (excluded, below_floor) {
                    (0, 0) => format!("No mentor may be matched with {name} under the rules."),
                    (0, _) => format!("Every mentor {name} could have lies below the floor under the worst match."),
                    (_, 0) => format!("Every mentor {name} could have was excluded."),
                    _ => format!("Every mentor {name} could have was excluded or lies below the floor under the worst match."),
                }
            }
            Self::SeatsFull { mentee, mentors, heavier } => {
                let name = names(Side::Mentee, *mentee);
                let full = match mentors.as_slice() {
                    [only] => format!("The only mentor {name} could have, {}, is full.", names(Side::Mentor, *only)),
                    [one, other] => {
                        format!(
                            "Both mentors {name} could have, {} and {}, are full.",
                            names(Side::Mentor, *one),
                            names(Side::Mentor, *other)
                        )
                    }
                    many => format!("All {} mentors {name} could have are full.", many.len()),
                };
                match heavier {
                    0 => full,
                    1 => format!("{full} 1 of these seats went to somebody with priority."),
                    _ => format!("{full} {heavier} of these seats went to people with priority."),
                }
            }
            Self::NotWorth { mentee, mentor, lacking } => {
                let (mentee, mentor) = (names(Side::Mentee, *mentee), names(Side::Mentor, *mentor));
                match lacking {
                    ..=0 => format!("Matching {mentee} would add nothing to the whole as it is weighed; {mentor} is nearest."),
                    _ => format!(
                        "Matching {mentee} is not worth what it costs: with {mentor}, who is nearest, {} are lacking.",
                        points(*lacking)
                    ),
                }
            }
        }
    }
}

impl Tried {
    /// What it would bring, in one sentence. `relaxations` is the list that was brought along.
    pub fn sentence(&self, relaxations: &[Relaxation], names: Names<'_>) -> String {
        let what = match self.what {
            Remedy::OneMoreSeat { mentor } => format!("One more seat with {}", names(Side::Mentor, mentor)),
            Remedy::Relaxation(at) => {
                relaxations.get(at).map_or_else(|| "This".to_owned(), |relaxation| format!("Having {}", relaxation.what))
            }
        };
        match self.outcome.people {
            1 => format!("{what} would match 1 more person."),
            more if more > 1 => format!("{what} would match {more} more people."),
            _ => format!("{what} would match this person in the place of somebody else."),
        }
    }
}

fn fewer(people: i64) -> String {
    if people == 1 { "1 person fewer".to_owned() } else { format!("{people} people fewer") }
}

fn points(points: i64) -> String {
    if points == 1 { "1 point".to_owned() } else { format!("{points} points") }
}
