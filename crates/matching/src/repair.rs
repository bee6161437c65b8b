//! Keeping a solution the best one while people come and go.

use crate::{Aim, Certificate, Cost, Fault, Level, MOST_SCORE, Mentee, Mentor, Pair, Problem, ProblemError, Rules, Side, Solution, verify};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A mentee leaves; their place in the list stays, with bounds of 0.
    MenteeLeaves(u32),
    /// A mentee who left is back, or the number of mentors they may have changes.
    MenteeBounds {
        /// Place in the list.
        mentee: u32,
        /// How many mentors they must have at least.
        least: u32,
        /// How many they may have at most.
        most: u32,
    },
    /// Someone new, with the mentors they may have and the scores.
    MenteeJoins(Mentee, Vec<(u32, i32)>),
    /// A mentor leaves; their place in the list stays, with bounds of 0.
    MentorLeaves(u32),
    /// Seats are added or removed.
    MentorBounds {
        /// Place in the list.
        mentor: u32,
        /// How many mentees they must get at least.
        least: u32,
        /// How many seats they offer.
        most: u32,
    },
    /// Someone new, with the mentees they may have and the scores.
    MentorJoins(Mentor, Vec<(u32, i32)>),
    /// The pair must be made from now on.
    Lock(u32, u32),
    /// The pair need not be made any more.
    Unlock(u32, u32),
    /// The pair may not be made from now on.
    Exclude(u32, u32),
    /// The pair may be made, with this score. It may be new, excluded before, or have had another score.
    Admit(Pair),
}

/// Which pairs changed, both ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Pairs that are made now and were not.
    pub made: Vec<(u32, u32)>,
    /// Pairs that were made.
    pub undone: Vec<(u32, u32)>,
}

/// What a change would bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many more people would be matched.
    pub people: i64,
    /// How many more points of weight.
    pub weight: i64,
    /// How many more points of score.
    pub points: i64,
    /// Which pairs would change.
    pub moves: Moves,
}

/// Why a change was refused. Everything is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The place is in no list.
    #[error("there is no {side} {person}")]
    Nobody {
        /// On which side.
        side: Side,
        /// Which place.
        person: u32,
    },
    /// The pair is not admissible.
    #[error("mentee {mentee} and mentor {mentor} are no admissible pair")]
    NoPair {
        /// Place of the mentee.
        mentee: u32,
        /// Place of the mentor.
        mentor: u32,
    },
    /// A locked pair is to be excluded or changed.
    #[error("mentee {mentee} and mentor {mentor} are locked together")]
    Locked {
        /// Place of the mentee.
        mentee: u32,
        /// Place of the mentor.
        mentor: u32,
    },
    /// Bounds the wrong way round, or below the number of locked pairs; a score out of range; a key that is taken; a pair given twice.
    #[error("{0}")]
    Malformed(&'static str),
    /// The rules contradict each other after the change.
    #[error("with this change the rules could not all be kept")]
    Impossible,
    /// A price would leave the range of integers; solve again.
    #[error("the prices have grown too large; solve again")]
    TooLarge,
}

/// The slots of a price. Aims that the objective does not have stay 0.
const COVERAGE: usize = 0;
const SCORE: usize = 1;
const BALANCE: usize = 2;
const KEEP: usize = 3;
const LOTS: usize = 4;
const SLOTS: usize = 5;

/// One integer for each aim, compared from the first on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Price([Cost; SLOTS]);

const NOUGHT: Price = Price([0; SLOTS]);
const FAR: Price = Price([Cost::MAX; SLOTS]);

impl std::ops::Add for Price {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a += b;
        }
        self
    }
}

impl std::ops::Sub for Price {
    type Output = Self;
    fn sub(mut self, other: Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a -= b;
        }
        self
    }
}

impl std::ops::Neg for Price {
    type Output = Self;
    fn neg(self) -> Self {
        NOUGHT - self
    }
}

const MADE: u8 = 1;
const LOCKED: u8 = 2;
const EXCLUDED: u8 = 4;
const BELOW: u8 = 8;
const PREVIOUS: u8 = 16;
/// A pair that no path may use.
const SHUT: u8 = LOCKED | EXCLUDED | BELOW;

/// The pairs of one person: a range of the table made at the start, and what came later.
#[derive(Clone, Debug, Default)]
struct Row {
    start: u32,
    end: u32,
    more: Vec<u32>,
}

/// A pair as a mentor sees it: beside each other, so that a search through a column reads memory in order.
#[derive(Clone, Copy, Debug)]
struct Seen {
    edge: u32,
    mentee: u32,
    score: i32,
}

/// How a node is left, or entered, on a path. In the order in which ties are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// By a pair.
    Pair(u32),
    /// Between a mentee's unused demand and the sink.
    Idle(u32),
    /// Between a mentee who stays alone and their group, or the sink.
    Alone(u32),
    /// Between a mentor's seats and the sink.
    Seat(u32),
    /// Between a group and the sink.
    Group(u32),
    /// Here a path begins.
    Start,
}

/// A solution that is kept the best one while people come and go.
///
/// A round is matched once, and then life happens: someone leaves, a mentor offers one more seat, a coordinator locks a pair. Solving
/// again would be exact as well, but takes the time of the whole problem and may move people for nothing. [`Repair`] keeps the
/// prices of the last proof; a change disturbs them at one or two places only, and from each of these one shortest path through
/// the residual network brings back a solution that is the best, proven by the kept prices.
///
/// **Guarantees.** After each [`Change`] the solution is the best of the changed problem for *all* aims of its certificate at once,
/// and [`verify`](crate::verify()) accepts it. Where the aims leave several best solutions (an objective without lots), a path with
/// the fewest steps is taken, so that one repaired place moves as few people as possible. A change that contradicts the rules is
/// refused, and leaves everything as it was. The floor under the worst match, if any, stays where it was set.
///
/// **How.** The aims are lexicographic, so a price is an array of integers, one for each aim, added place by place and compared
/// like words; the levels of a [`Certificate`] are its columns. The first column that is not nought decides the sign of a reduced
/// cost, which is what the levels say. Dijkstra's algorithm runs on such arrays as it does on numbers. Sources: Ahuja, Magnanti and
/// Orlin, "Network Flows", 1993, sections 9.7 and 9.11 (successive shortest paths; what to do after a change).
///
/// **Cost.** O(k log k) for a search that looks at k pairs, and usually k is a few hundred of millions: a search ends as soon as the
/// nearest place is found. 25 bytes a pair, besides some 200 a person.
///
/// ```
/// use chiron_matching::{Change, Mentee, Mentor, Objective, Pair, Problem, Repair, Rules, solve, verify};
/// let pair = |mentee, mentor, score| Pair { mentee, mentor, score };
/// let problem = Problem::new(
///     vec![Mentee::new(1), Mentee::new(2)],
///     vec![Mentor::new(1, 1), Mentor::new(2, 1)],
///     vec![pair(0, 0, 9_000), pair(0, 1, 8_000), pair(1, 0, 7_000)],
///     Rules::default(),
/// )?;
/// let mut repair = Repair::new(&problem, &solve(&problem, &Objective::default())?)?;
/// let moves = repair.apply(&Change::MenteeLeaves(1))?;         // her seat was the better one for the first mentee
/// assert_eq!((moves.undone, moves.made), (vec![(0, 1), (1, 0)], vec![(0, 0)]));
/// verify(&repair.problem()?, &repair.solution())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Repair {
    mentees: Vec<Mentee>,
    mentors: Vec<Mentor>,
    rules: Rules,
    floor: Option<i32>,
    aims: Vec<Aim>,
    units: Units,

    // The pairs: by number, mentees in rows.
    of: Vec<(u32, u32)>,
    scores: Vec<i32>,
    state: Vec<u8>,
    rows: Vec<Row>,
    columns: Vec<Row>,
    /// The pairs in the order of mentors, each with what a search looks at first.
    by_mentor: Vec<Seen>,

    // The flow.
    made_by: Vec<Vec<u32>>,
    held_by: Vec<Vec<u32>>,
    /// The unused demand of each mentee, beyond the first.
    idle: Vec<u32>,
    /// Whether the mentee's first demand is unused, and they may stay alone.
    alone: Vec<bool>,
    seated: Vec<u32>,
    /// The unmatched people of each group with a floor.
    unmatched: Vec<u32>,
    group_of: Vec<u32>,
    members: Vec<Vec<u32>>,
    totals: Totals,

    prices: Prices,
    /// What flows in and not out. Empty between changes.
    excess: BTreeMap<Node, i32>,
    search: Search,
    undo: Vec<Undo>,
}

/// What one unit of each aim counts: 1 where the objective has it, else 0.
#[derive(Clone, Copy, Debug, Default)]
struct Units {
    coverage: Cost,
    score: Cost,
    /// Points for each point of weight of someone matched.
    worth: Cost,
    balance: Cost,
    keep: Cost,
    lots: Option<u64>,
}

impl Units {
    fn of(aims: &[Aim]) -> Self {
        let mut units = Self::default();
        for &aim in aims {
            match aim {
                Aim::Coverage => units.coverage = 1,
                Aim::Score { worth } => (units.score, units.worth) = (1, worth),
                Aim::Balance => units.balance = 1,
                Aim::Keep => units.keep = 1,
                Aim::Lots { seed } => units.lots = Some(seed),
            }
        }
        units
    }
}

/// Sums over the pairs that are made.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    people: i64,
    weight: i64,
    score: i64,
}

/// Prices of both sides and the groups, each growing on its own.
#[derive(Clone, Debug, Default)]
struct Prices {
    mentees: Vec<Price>,
    mentors: Vec<Price>,
    groups: Vec<Price>,
}

/// A node of the network. Not a number, as both lists grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Mentee(u32),
    Mentor(u32),
    Group(u32),
}

impl Prices {
    fn of(&self, node: Node) -> Price {
        match node {
            Node::Mentee(i) => self.mentees[i as usize],
            Node::Mentor(j) => self.mentors[j as usize],
            Node::Group(g) => self.groups[g as usize],
        }
    }

    fn of_mut(&mut self, node: Node) -> &mut Price {
        match node {
            Node::Mentee(i) => &mut self.mentees[i as usize],
            Node::Mentor(j) => &mut self.mentors[j as usize],
            Node::Group(g) => &mut self.groups[g as usize],
        }
    }
}

/// How a pair stands in the solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Inadmissible,
    Excluded,
    BelowFloor(i32),
    Made {
        locked: bool,
        kept: bool,
    },
    /// By its reduced cost, making it costs at least so much weight, then points.
    Open {
        weight: Cost,
        points: Cost,
    },
}

/// What to take back, last first, when a change is refused.
#[derive(Clone, Debug)]
enum Undo {
    Toggle(u32),
    Pair { edge: u32, state: u8, score: i32 },
    NewPair,
    Price(Node, Price),
    Mentee { at: u32, person: Mentee, idle: u32, alone: bool },
    Mentor { at: u32, person: Mentor, seated: u32 },
    Unmatched { group: u32, count: u32 },
    NewMentee,
    NewMentor,
}

/// A place that a search has found.
#[derive(Clone, Copy, Debug)]
struct Found {
    node: Node,
    distance: Price,
    steps: u32,
    by: Step,
    from: u32,
    done: bool,
}

/// Where a search ends: after this place, by this step.
#[derive(Clone, Copy, Debug)]
struct End {
    distance: Price,
    steps: u32,
    at: u32,
    by: Step,
}

#[derive(Clone, Debug, Default)]
struct Search {
    mentees: Vec<u32>,
    mentors: Vec<u32>,
    groups: Vec<u32>,
    found: Vec<Found>,
    open: BinaryHeap<Reverse<(Price, u32, u32)>>,
    end: Option<End>,
}

const UNSEEN: u32 = u32::MAX;

impl Search {
    fn slot(&mut self, node: Node) -> &mut u32 {
        match node {
            Node::Mentee(i) => &mut self.mentees[i as usize],
            Node::Mentor(j) => &mut self.mentors[j as usize],
            Node::Group(g) => &mut self.groups[g as usize],
        }
    }

    fn begin(&mut self, node: Node) {
        for at in 0..self.found.len() {
            let node = self.found[at].node;
            *self.slot(node) = UNSEEN;
        }
        self.found.clear();
        self.open.clear();
        self.end = None;
        self.reach(node, NOUGHT, 0, Step::Start, UNSEEN);
    }

    /// Whether a place at this distance can still be on the best path.
    fn useful(&self, distance: &Price, steps: u32) -> bool {
        self.end.is_none_or(|end| (*distance, steps) < (end.distance, end.steps))
    }

    /// Whether a place is farther than the end by its first two slots alone.
    fn too_far(&self, coverage: Cost, score: Cost) -> bool {
        self.end.is_some_and(|End { distance: Price([first, second, ..]), .. }| coverage > first || coverage == first && score > second)
    }

    fn reach(&mut self, node: Node, distance: Price, steps: u32, by: Step, from: u32) {
        if !self.useful(&distance, steps) {
            return;
        }
        let slot = *self.slot(node);
        let found = Found { node, distance, steps, by, from, done: false };
        let at = if slot == UNSEEN {
            let at = self.found.len() as u32;
            *self.slot(node) = at;
            self.found.push(found);
            at
        } else {
            let known = &mut self.found[slot as usize];
            if known.done || (known.distance, known.steps) <= (distance, steps) {
                return;
            }
            *known = found;
            slot
        };
        self.open.push(Reverse((distance, steps, at)));
    }

    fn may_end(&mut self, distance: Price, steps: u32, at: u32, by: Step) {
        if self.useful(&distance, steps) {
            self.end = Some(End { distance, steps, at, by });
        }
    }

    /// The nearest place not yet looked at, if it is nearer than the end.
    fn next(&mut self) -> Option<u32> {
        while let Some(Reverse((distance, steps, at))) = self.open.pop() {
            if !self.useful(&distance, steps) {
                return None;
            }
            let known = &mut self.found[at as usize];
            if !known.done && known.distance == distance && known.steps == steps {
                known.done = true;
                return Some(at);
            }
        }
        None
    }
}

/// With or against the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

impl Repair {
    /// Takes a solution over with its proof. O(pairs log pairs) time, once.
    ///
    /// # Errors
    /// What [`verify`](crate::verify()) finds wrong with the solution.
    pub fn new(problem: &Problem, solution: &Solution) -> Result<Self, Fault> {
        verify(problem, solution)?;
        let levels = &solution.certificate.levels;
        let aims: Vec<Aim> = levels.iter().map(|level| level.aim).collect();
        if let Some(level) = (1..aims.len()).find(|&at| slot(aims[at - 1]) >= slot(aims[at])) {
            return Err(Fault::Shape { level });
        }
        let (mentees, mentors) = (problem.mentees().to_vec(), problem.mentors().to_vec());
        let floor = solution.certificate.floor;
        let of: Vec<(u32, u32)> = (0..mentees.len() as u32).flat_map(|i| problem.row(i).0.iter().map(move |&j| (i, j))).collect();
        let scores = problem.scores().to_vec();
        let mut state: Vec<u8> = scores.iter().map(|&score| if floor.is_some_and(|floor| score < floor) { BELOW } else { 0 }).collect();
        problem.locked_edges().iter().for_each(|&edge| state[edge as usize] |= LOCKED);
        problem.previous_edges().iter().for_each(|&edge| state[edge as usize] |= PREVIOUS);
        let rows = (0..mentees.len() as u32)
            .map(|i| problem.edges(i))
            .map(|edges| Row { start: edges.start as u32, end: edges.end as u32, more: Vec::new() })
            .collect();
        let (columns, by_mentor) = columns(&of, &scores, mentors.len());
        let floors = &problem.rules().group_floors;
        let group_of: Vec<u32> = mentees
            .iter()
            .map(|mentee| floors.iter().position(|floor| floor.0 == mentee.group).map_or(UNSEEN, |group| group as u32))
            .collect();
        let mut members = vec![Vec::new(); floors.len()];
        for (i, &group) in (0..).zip(&group_of) {
            if group != UNSEEN {
                members[group as usize].push(i);
            }
        }
        let price = |of: fn(&Level) -> &Vec<Cost>, count: usize| {
            let mut prices = vec![NOUGHT; count];
            for level in levels {
                for (price, &cost) in prices.iter_mut().zip(of(level)) {
                    price.0[slot(level.aim)] = cost;
                }
            }
            prices
        };
        let prices = Prices {
            mentees: price(|level| &level.mentees, mentees.len()),
            mentors: price(|level| &level.mentors, mentors.len()),
            groups: price(|level| &level.groups, floors.len()),
        };
        let search = Search {
            mentees: vec![UNSEEN; mentees.len()],
            mentors: vec![UNSEEN; mentors.len()],
            groups: vec![UNSEEN; floors.len()],
            ..Search::default()
        };
        let mut repair = Self {
            made_by: vec![Vec::new(); mentees.len()],
            held_by: vec![Vec::new(); mentors.len()],
            idle: vec![0; mentees.len()],
            alone: vec![false; mentees.len()],
            seated: vec![0; mentors.len()],
            unmatched: vec![0; floors.len()],
            rules: problem.rules().clone(),
            mentees,
            mentors,
            floor,
            units: Units::of(&aims),
            aims,
            of,
            scores,
            state,
            rows,
            columns,
            by_mentor,
            group_of,
            members,
            prices,
            totals: Totals::default(),
            excess: BTreeMap::new(),
            search,
            undo: Vec::new(),
        };
        for &(mentee, mentor) in &solution.pairs {
            let edge = repair.edge(mentee, mentor).ok_or(Fault::Inadmissible { mentee, mentor })?;
            repair.toggle(edge);
            repair.seated[mentor as usize] += 1;
        }
        for i in 0..repair.mentees.len() {
            let made = repair.made_by[i].len() as u32;
            let Mentee { least, most, .. } = repair.mentees[i];
            repair.alone[i] = made == 0 && least == 0 && most > 0;
            repair.idle[i] = most - made - u32::from(repair.alone[i]);
            if made == 0 && repair.group_of[i] != UNSEEN {
                repair.unmatched[repair.group_of[i] as usize] += 1;
            }
        }
        repair.undo.clear();
        Ok(repair)
    }

    /// Changes the problem, and makes the solution the best one of the changed problem.
    ///
    /// # Errors
    /// When the change is malformed or contradicts the rules; then everything stays as it was.
    pub fn apply(&mut self, change: &Change) -> Result<Moves, RepairError> {
        self.undo.clear();
        match self.disturb(change).and_then(|()| self.settle()) {
            Ok(()) => Ok(self.moves()),
            Err(error) => {
                self.take_back();
                Err(error)
            }
        }
    }

    /// What some changes together would bring, without making them.
    ///
    /// # Errors
    /// When they are malformed or contradict the rules.
    pub fn what_if(&mut self, changes: &[Change]) -> Result<Outcome, RepairError> {
        self.undo.clear();
        let before = self.totals;
        let done = changes.iter().try_for_each(|change| self.disturb(change).and_then(|()| self.settle()));
        let outcome = done.map(|()| Outcome {
            people: self.totals.people - before.people,
            weight: self.totals.weight - before.weight,
            points: self.totals.score - before.score,
            moves: self.moves(),
        });
        self.take_back();
        outcome
    }

    /// The solution as it is now, with its proof. O(people + pairs made).
    pub fn solution(&self) -> Solution {
        let mut pairs = Vec::new();
        for made in &self.made_by {
            let first = pairs.len();
            pairs.extend(made.iter().map(|&edge| self.of[edge as usize]));
            pairs[first..].sort_unstable();
        }
        let score = self.totals.score;
        let unmatched = (0..).zip(&self.made_by).filter(|(_, made)| made.is_empty()).map(|(mentee, _)| mentee).collect();
        let column = |prices: &[Price], slot: usize| prices.iter().map(|price| price.0[slot]).collect();
        let levels = self.aims.iter().map(|&aim| Level {
            aim,
            mentees: column(&self.prices.mentees, slot(aim)),
            mentors: column(&self.prices.mentors, slot(aim)),
            groups: column(&self.prices.groups, slot(aim)),
        });
        Solution { pairs, unmatched, score, certificate: Certificate { floor: self.floor, levels: levels.collect() } }
    }

    /// The problem as it is now. O(pairs log pairs).
    ///
    /// # Errors
    /// When the changes have left a rule that [`Problem::new`] refuses, such as a floor for a group that has become too small;
    /// no change that was accepted does.
    pub fn problem(&self) -> Result<Problem, ProblemError> {
        let edges = || (0..self.of.len()).filter(|&edge| self.state[edge] & EXCLUDED == 0);
        let pairs = edges().map(|edge| Pair { mentee: self.of[edge].0, mentor: self.of[edge].1, score: self.scores[edge] });
        let with = |flag: u8| edges().filter(move |&edge| self.state[edge] & flag != 0).map(|edge| self.of[edge]).collect();
        let rules = Rules {
            locked: with(LOCKED),
            excluded: Vec::new(),
            previous: with(PREVIOUS),
            keep_bonus: self.rules.keep_bonus,
            group_floors: self.rules.group_floors.clone(),
        };
        Problem::new(self.mentees.clone(), self.mentors.clone(), pairs.collect(), rules)
    }

    /// The sum of the scores of all pairs.
    pub const fn score(&self) -> i64 {
        self.totals.score
    }

    /// The mentors whom a mentee has now.
    pub fn mentors_of(&self, mentee: u32) -> impl Iterator<Item = u32> + '_ {
        self.made_by[mentee as usize].iter().map(|&edge| self.of[edge as usize].1)
    }

    /// The mentees whom a mentor has now.
    pub fn mentees_of(&self, mentor: u32) -> impl Iterator<Item = u32> + '_ {
        self.held_by[mentor as usize].iter().map(|&edge| self.of[edge as usize].0)
    }

    /// How a pair stands, for explanations.
    pub(crate) fn standing(&self, mentee: u32, mentor: u32) -> Standing {
        match self.edge(mentee, mentor).map(|edge| (edge, self.state[edge as usize])) {
            None => Standing::Inadmissible,
            Some((_, state)) if state & EXCLUDED != 0 => Standing::Excluded,
            Some((_, state)) if state & MADE != 0 => Standing::Made { locked: state & LOCKED != 0, kept: state & PREVIOUS != 0 },
            Some((edge, state)) if state & BELOW != 0 => Standing::BelowFloor(self.scores[edge as usize]),
            Some((edge, _)) => {
                let Price(reduced) = self.reduced(edge);
                Standing::Open { weight: reduced[COVERAGE], points: reduced[SCORE] }
            }
        }
    }

    /// The pairs of a mentee, those included that are excluded or below the floor.
    pub(crate) fn mentors_around(&self, mentee: u32) -> impl Iterator<Item = u32> + '_ {
        self.row(mentee).map(|edge| self.of[edge as usize].1)
    }

    pub(crate) fn mentee(&self, mentee: u32) -> Option<&Mentee> {
        self.mentees.get(mentee as usize)
    }

    pub(crate) fn mentor(&self, mentor: u32) -> Option<&Mentor> {
        self.mentors.get(mentor as usize)
    }

    pub(crate) fn score_of(&self, mentee: u32, mentor: u32) -> Option<i32> {
        self.edge(mentee, mentor).filter(|&edge| self.state[edge as usize] & EXCLUDED == 0).map(|edge| self.scores[edge as usize])
    }

    /// What one more seat would save, in weight and in points.
    pub(crate) fn seat_worth(&self, mentor: u32) -> (Cost, Cost) {
        let Price(price) = self.prices.mentors[mentor as usize];
        (price[COVERAGE], price[SCORE])
    }

    pub(crate) const fn floor(&self) -> Option<i32> {
        self.floor
    }

    fn disturb(&mut self, change: &Change) -> Result<(), RepairError> {
        match *change {
            Change::MenteeLeaves(mentee) => self.bound_mentee(mentee, 0, 0),
            Change::MenteeBounds { mentee, least, most } => self.bound_mentee(mentee, least, most),
            Change::MenteeJoins(mentee, ref pairs) => self.join_mentee(mentee, pairs),
            Change::MentorLeaves(mentor) => self.bound_mentor(mentor, 0, 0),
            Change::MentorBounds { mentor, least, most } => self.bound_mentor(mentor, least, most),
            Change::MentorJoins(mentor, ref pairs) => self.join_mentor(mentor, pairs),
            Change::Lock(mentee, mentor) => self.lock(mentee, mentor),
            Change::Unlock(mentee, mentor) => self.unlock(mentee, mentor),
            Change::Exclude(mentee, mentor) => self.exclude(mentee, mentor),
            Change::Admit(pair) => self.admit(pair),
        }
    }

    /// Takes everything from a mentee that is not locked, and lets them ask for so many mentors anew.
    fn bound_mentee(&mut self, mentee: u32, least: u32, most: u32) -> Result<(), RepairError> {
        let i = mentee as usize;
        let person = *self.mentees.get(i).ok_or(RepairError::Nobody { side: Side::Mentee, person: mentee })?;
        let locked = self.locked_of(&self.made_by[i]);
        if least > most || most > 1 << 30 || locked > most {
            return Err(RepairError::Malformed("these bounds cannot be kept"));
        }
        let group = self.group_of[i];
        if group != UNSEEN && most > 1 {
            return Err(RepairError::Malformed("a mentee of a group with a floor may have one mentor"));
        }
        self.undo.push(Undo::Mentee { at: mentee, person, idle: self.idle[i], alone: self.alone[i] });
        // A mentee with nothing to ask for counts as unmatched in their group all the same, and at once.
        let was_fixed = person.most == 0;
        let was_alone = self.alone[i];
        for edge in self.made_by[i].clone() {
            if self.state[edge as usize] & LOCKED == 0 {
                self.toggle(edge);
                self.add(Node::Mentor(self.of[edge as usize].1), -1);
            }
        }
        self.idle[i] = 0;
        self.alone[i] = false;
        self.mentees[i] = Mentee { least, most, ..person };
        let mut lowest = self.lowest(mentee);
        if most > least.max(1) {
            lowest = lowest.min(NOUGHT);
        }
        if self.may_stay_alone(mentee) {
            lowest = lowest.min(self.loneliness(mentee) + self.price_of_group(mentee));
        }
        if lowest == FAR {
            lowest = NOUGHT;
        }
        // Demand that no pair could ever meet is idle from the start: "as many as come" is a large number.
        let open = self.row(mentee).filter(|&edge| self.state[edge as usize] & SHUT == 0).count() as u32;
        let surplus = (most - locked).saturating_sub(open).min(most.saturating_sub(least.max(1)));
        self.add(Node::Mentee(mentee), (most - locked - surplus) as i32);
        if surplus == 0 {
            self.set_price(Node::Mentee(mentee), lowest);
        } else {
            self.idle[i] = surplus;
            self.set_price(Node::Mentee(mentee), NOUGHT);
            for edge in self.row(mentee).collect::<Vec<_>>() {
                self.right(edge);
            }
        }
        if group != UNSEEN {
            let (before, now) = (i32::from(was_fixed || was_alone), i32::from(most == 0));
            self.add(Node::Group(group), now - before);
        }
        Ok(())
    }

    /// The highest price of a mentee at which none of their unmade pairs is too cheap.
    fn lowest(&self, mentee: u32) -> Price {
        let free = self.row(mentee).filter(|&edge| self.state[edge as usize] & (SHUT | MADE) == 0);
        free.map(|edge| self.cost(edge) + self.prices.mentors[self.of[edge as usize].1 as usize]).min().unwrap_or(FAR)
    }

    fn join_mentee(&mut self, person: Mentee, pairs: &[(u32, i32)]) -> Result<(), RepairError> {
        if self.mentees.iter().any(|mentee| mentee.key == person.key) {
            return Err(RepairError::Malformed("the key is taken"));
        }
        if person.weight > 1 << 20 {
            return Err(RepairError::Malformed("the weight is too large"));
        }
        let mentee = self.mentees.len() as u32;
        let floor = self.rules.group_floors.iter().position(|floor| floor.0 == person.group);
        self.mentees.push(Mentee { least: 0, most: 0, ..person });
        self.rows.push(Row::default());
        self.made_by.push(Vec::new());
        self.idle.push(0);
        self.alone.push(false);
        self.group_of.push(floor.map_or(UNSEEN, |group| group as u32));
        self.prices.mentees.push(NOUGHT);
        self.search.mentees.push(UNSEEN);
        self.undo.push(Undo::NewMentee);
        if let Some(group) = floor {
            self.members[group].push(mentee);
            // They are one more who may stay unmatched; where that is scarce, the place is taken at once.
            let g = group as u32;
            self.add(Node::Group(g), 1);
            if self.unmatched[group] < self.room(g) && self.prices.groups[group] > NOUGHT {
                self.take_step(Step::Group(g), Way::Down);
                self.add(Node::Group(g), -1);
            }
        }
        for &(mentor, score) in pairs {
            self.new_pair(Pair { mentee, mentor, score })?;
        }
        self.bound_mentee(mentee, person.least, person.most)
    }

    fn join_mentor(&mut self, person: Mentor, pairs: &[(u32, i32)]) -> Result<(), RepairError> {
        if self.mentors.iter().any(|mentor| mentor.key == person.key) {
            return Err(RepairError::Malformed("the key is taken"));
        }
        let mentor = self.mentors.len() as u32;
        self.mentors.push(Mentor { least: 0, most: 0, ..person });
        self.columns.push(Row::default());
        self.held_by.push(Vec::new());
        self.seated.push(0);
        self.prices.mentors.push(NOUGHT);
        self.search.mentors.push(UNSEEN);
        self.undo.push(Undo::NewMentor);
        for &(mentee, score) in pairs {
            self.new_pair(Pair { mentee, mentor, score })?;
        }
        let wanted = self.column(mentor).filter(|&edge| self.state[edge as usize] & SHUT == 0);
        let price = wanted.map(|edge| self.prices.mentees[self.of[edge as usize].0 as usize] - self.cost(edge)).max();
        self.set_price(Node::Mentor(mentor), price.unwrap_or(NOUGHT));
        self.bound_mentor(mentor, person.least, person.most)
    }

    fn bound_mentor(&mut self, mentor: u32, least: u32, most: u32) -> Result<(), RepairError> {
        let j = mentor as usize;
        let person = *self.mentors.get(j).ok_or(RepairError::Nobody { side: Side::Mentor, person: mentor })?;
        if least > most || most > 1 << 30 || self.locked_of(&self.held_by[j]) > most {
            return Err(RepairError::Malformed("these bounds cannot be kept"));
        }
        self.undo.push(Undo::Mentor { at: mentor, person, seated: self.seated[j] });
        self.mentors[j] = Mentor { least, most, ..person };
        let price = self.prices.mentors[j];
        let before = self.seated[j];
        let mut seated = before.clamp(least, most);
        // No more can come than may come.
        let come = self.column(mentor).filter(|&edge| self.state[edge as usize] & EXCLUDED == 0).count() as u32;
        while seated < most.min(come.max(least)) && self.seat(seated + 1) < price {
            seated += 1;
        }
        while seated > least && price < self.seat(seated) {
            seated -= 1;
        }
        if seated < most && self.seat(seated + 1) < price {
            // All who may come have a seat, so that one more is worth nothing; at the lower price some more may want to come.
            self.set_price(Node::Mentor(mentor), self.seat(seated + 1));
            for edge in self.column(mentor).collect::<Vec<_>>() {
                self.right(edge);
            }
        }
        self.seated[j] = seated;
        self.add(Node::Mentor(mentor), before as i32 - seated as i32);
        Ok(())
    }

    fn lock(&mut self, mentee: u32, mentor: u32) -> Result<(), RepairError> {
        let edge = self.admissible(mentee, mentor)?;
        if self.state[edge as usize] & LOCKED != 0 {
            return Ok(());
        }
        let full = |locked: u32, most: u32| locked >= most;
        if full(self.locked_of(&self.made_by[mentee as usize]), self.mentees[mentee as usize].most)
            || full(self.locked_of(&self.held_by[mentor as usize]), self.mentors[mentor as usize].most)
        {
            return Err(RepairError::Malformed("more pairs would be locked than the person may have"));
        }
        self.mark(edge, self.state[edge as usize] | LOCKED);
        if self.state[edge as usize] & MADE == 0 {
            self.make(edge);
        }
        Ok(())
    }

    fn unlock(&mut self, mentee: u32, mentor: u32) -> Result<(), RepairError> {
        let edge = self.admissible(mentee, mentor)?;
        if self.state[edge as usize] & LOCKED != 0 {
            self.mark(edge, self.state[edge as usize] & !LOCKED);
            self.right(edge);
        }
        Ok(())
    }

    fn exclude(&mut self, mentee: u32, mentor: u32) -> Result<(), RepairError> {
        let edge = self.admissible(mentee, mentor)?;
        if self.state[edge as usize] & LOCKED != 0 {
            return Err(RepairError::Locked { mentee, mentor });
        }
        self.mark(edge, self.state[edge as usize] | EXCLUDED);
        self.right(edge);
        Ok(())
    }

    fn admit(&mut self, pair: Pair) -> Result<(), RepairError> {
        let Pair { mentee, mentor, score } = pair;
        if mentee as usize >= self.mentees.len() {
            return Err(RepairError::Nobody { side: Side::Mentee, person: mentee });
        }
        let Some(edge) = self.edge(mentee, mentor) else {
            let edge = self.new_pair(pair)?;
            self.right(edge);
            return Ok(());
        };
        if !(0..=MOST_SCORE).contains(&score) {
            return Err(RepairError::Malformed("the score is out of range"));
        }
        let below = if self.floor.is_some_and(|floor| score < floor) { BELOW } else { 0 };
        self.mark(edge, self.state[edge as usize] & !(EXCLUDED | BELOW) | below);
        self.rescore(edge, score);
        self.right(edge);
        Ok(())
    }

    fn new_pair(&mut self, Pair { mentee, mentor, score }: Pair) -> Result<u32, RepairError> {
        for (side, person, count) in [(Side::Mentee, mentee, self.mentees.len()), (Side::Mentor, mentor, self.mentors.len())] {
            if person as usize >= count {
                return Err(RepairError::Nobody { side, person });
            }
        }
        if !(0..=MOST_SCORE).contains(&score) {
            return Err(RepairError::Malformed("the score is out of range"));
        }
        if self.edge(mentee, mentor).is_some() {
            return Err(RepairError::Malformed("a pair is given twice"));
        }
        if self.of.len() >= u32::MAX as usize - 1 {
            return Err(RepairError::TooLarge);
        }
        let edge = self.of.len() as u32;
        self.of.push((mentee, mentor));
        self.scores.push(score);
        self.state.push(if self.floor.is_some_and(|floor| score < floor) { BELOW } else { 0 });
        self.rows[mentee as usize].more.push(edge);
        self.columns[mentor as usize].more.push(edge);
        self.undo.push(Undo::NewPair);
        Ok(edge)
    }

    /// Makes or unmakes a pair as its reduced cost demands.
    fn right(&mut self, edge: u32) {
        let state = self.state[edge as usize];
        if state & LOCKED != 0 {
            return;
        }
        let reduced = self.reduced(edge);
        let made = state & MADE != 0;
        if made && (state & SHUT != 0 || reduced > NOUGHT) {
            self.unmake(edge);
        } else if !made && state & SHUT == 0 && reduced < NOUGHT {
            self.make(edge);
        }
    }

    fn make(&mut self, edge: u32) {
        let (mentee, mentor) = self.of[edge as usize];
        self.toggle(edge);
        self.add(Node::Mentee(mentee), -1);
        self.add(Node::Mentor(mentor), 1);
    }

    fn unmake(&mut self, edge: u32) {
        let (mentee, mentor) = self.of[edge as usize];
        self.toggle(edge);
        self.add(Node::Mentee(mentee), 1);
        self.add(Node::Mentor(mentor), -1);
    }

    /// Sends what is too much somewhere to the nearest place that can take it, and brings what lacks from the nearest that can spare it.
    fn settle(&mut self) -> Result<(), RepairError> {
        while let Some((&node, &excess)) = self.excess.iter().find(|(_, excess)| **excess > 0).or(self.excess.first_key_value()) {
            let way = if excess > 0 { Way::Down } else { Way::Up };
            self.find(node, way);
            let end = self.search.end.ok_or(RepairError::Impossible)?;
            self.shift(end.distance, way)?;
            let last = self.push(&end, way);
            let unit = if way == Way::Down { -1 } else { 1 };
            self.add(node, unit);
            if end.by == Step::Start {
                self.add(last, -unit);
            }
        }
        Ok(())
    }

    fn find(&mut self, node: Node, way: Way) {
        self.search.begin(node);
        while let Some(at) = self.search.next() {
            let Found { node, distance, steps, .. } = self.search.found[at as usize];
            if way == Way::Down && self.excess.get(&node).is_some_and(|&excess| excess < 0) {
                self.search.may_end(distance, steps, at, Step::Start);
                continue;
            }
            match way {
                Way::Down => self.look_down(node, distance, steps + 1, at),
                Way::Up => self.look_up(node, distance, steps + 1, at),
            }
        }
    }

    /// Where a unit may go from a node.
    fn look_down(&mut self, node: Node, distance: Price, steps: u32, at: u32) {
        let from = distance - self.prices.of(node);
        match node {
            Node::Mentee(i) => {
                let Row { start, end, .. } = self.rows[i as usize];
                for edge in start..end {
                    self.try_mentor(edge, from, steps, at);
                }
                for more in 0..self.rows[i as usize].more.len() {
                    self.try_mentor(self.rows[i as usize].more[more], from, steps, at);
                }
                let Mentee { least, most, .. } = self.mentees[i as usize];
                if self.idle[i as usize] < most.saturating_sub(least.max(1)) {
                    self.search.may_end(from, steps, at, Step::Idle(i));
                }
                if self.may_stay_alone(i) && !self.alone[i as usize] {
                    let onward = from + self.loneliness(i);
                    match self.group_of[i as usize] {
                        UNSEEN => self.search.may_end(onward, steps, at, Step::Alone(i)),
                        g => self.search.reach(Node::Group(g), onward + self.prices.groups[g as usize], steps, Step::Alone(i), at),
                    }
                }
            }
            Node::Mentor(j) => {
                for &edge in &self.held_by[j as usize] {
                    if self.state[edge as usize] & LOCKED == 0 {
                        let mentee = self.of[edge as usize].0;
                        let onward = from - self.cost(edge) + self.prices.mentees[mentee as usize];
                        self.search.reach(Node::Mentee(mentee), onward, steps, Step::Pair(edge), at);
                    }
                }
                let seated = self.seated[j as usize];
                if seated < self.mentors[j as usize].most {
                    self.search.may_end(from + self.seat(seated + 1), steps, at, Step::Seat(j));
                }
            }
            Node::Group(g) => {
                if self.unmatched[g as usize] < self.room(g) {
                    self.search.may_end(from, steps, at, Step::Group(g));
                }
                for member in 0..self.members[g as usize].len() {
                    let i = self.members[g as usize][member];
                    if self.alone[i as usize] {
                        let onward = from - self.loneliness(i) + self.prices.mentees[i as usize];
                        self.search.reach(Node::Mentee(i), onward, steps, Step::Alone(i), at);
                    }
                }
            }
        }
    }

    /// From where a unit may come to a node.
    fn look_up(&mut self, node: Node, distance: Price, steps: u32, at: u32) {
        let onto = distance + self.prices.of(node);
        match node {
            Node::Mentee(i) => {
                for &edge in &self.made_by[i as usize] {
                    if self.state[edge as usize] & LOCKED == 0 {
                        let mentor = self.of[edge as usize].1;
                        let before = onto - self.cost(edge) - self.prices.mentors[mentor as usize];
                        self.search.reach(Node::Mentor(mentor), before, steps, Step::Pair(edge), at);
                    }
                }
                if self.idle[i as usize] > 0 {
                    self.search.may_end(onto, steps, at, Step::Idle(i));
                }
                if self.alone[i as usize] {
                    let before = onto - self.loneliness(i);
                    match self.group_of[i as usize] {
                        UNSEEN => self.search.may_end(before, steps, at, Step::Alone(i)),
                        g => self.search.reach(Node::Group(g), before - self.prices.groups[g as usize], steps, Step::Alone(i), at),
                    }
                }
            }
            Node::Mentor(j) => {
                let Row { start, end, .. } = self.columns[j as usize];
                for place in start..end {
                    self.try_mentee(self.by_mentor[place as usize], onto, steps, at);
                }
                for more in 0..self.columns[j as usize].more.len() {
                    let edge = self.columns[j as usize].more[more];
                    let (mentee, score) = (self.of[edge as usize].0, self.scores[edge as usize]);
                    self.try_mentee(Seen { edge, mentee, score }, onto, steps, at);
                }
                let seated = self.seated[j as usize];
                if seated > self.mentors[j as usize].least {
                    self.search.may_end(onto - self.seat(seated), steps, at, Step::Seat(j));
                }
            }
            Node::Group(g) => {
                if self.unmatched[g as usize] > 0 {
                    self.search.may_end(onto, steps, at, Step::Group(g));
                }
                for member in 0..self.members[g as usize].len() {
                    let i = self.members[g as usize][member];
                    if self.may_stay_alone(i) && !self.alone[i as usize] {
                        let before = onto + self.loneliness(i) - self.prices.mentees[i as usize];
                        self.search.reach(Node::Mentee(i), before, steps, Step::Alone(i), at);
                    }
                }
            }
        }
    }

    /// Most pairs are too dear by their first two slots; the whole price is reckoned for the others only.
    fn try_mentor(&mut self, edge: u32, from: Price, steps: u32, at: u32) {
        let (mentor, score) = (self.of[edge as usize].1, self.scores[edge as usize]);
        let price = self.prices.mentors[mentor as usize];
        if self.search.too_far(from.0[COVERAGE] + price.0[COVERAGE], from.0[SCORE] + price.0[SCORE] - self.most_points(score))
            || self.state[edge as usize] & (SHUT | MADE) != 0
        {
            return;
        }
        self.search.reach(Node::Mentor(mentor), from + self.cost(edge) + price, steps, Step::Pair(edge), at);
    }

    fn try_mentee(&mut self, Seen { edge, mentee, score }: Seen, onto: Price, steps: u32, at: u32) {
        let price = self.prices.mentees[mentee as usize];
        if self.search.too_far(onto.0[COVERAGE] - price.0[COVERAGE], onto.0[SCORE] - price.0[SCORE] - self.most_points(score))
            || self.state[edge as usize] & (SHUT | MADE) != 0
        {
            return;
        }
        self.search.reach(Node::Mentee(mentee), onto + self.cost(edge) - price, steps, Step::Pair(edge), at);
    }

    /// The points that a pair brings at most, with the bonus for keeping it.
    fn most_points(&self, score: i32) -> Cost {
        Cost::from(score) + Cost::from(self.rules.keep_bonus)
    }

    /// Brings the prices of all places nearer than the end up to it, so that the path found costs nothing.
    fn shift(&mut self, distance: Price, way: Way) -> Result<(), RepairError> {
        for at in 0..self.search.found.len() {
            let found = self.search.found[at];
            if found.distance < distance {
                let step = distance - found.distance;
                let price = self.prices.of(found.node);
                let price = if way == Way::Down { price + step } else { price - step };
                if price.0.iter().any(|cost| cost.unsigned_abs() > 1 << 60) {
                    return Err(RepairError::TooLarge);
                }
                self.set_price(found.node, price);
            }
        }
        Ok(())
    }

    /// Moves one unit along the path found. Returns the place where it ends.
    fn push(&mut self, end: &End, way: Way) -> Node {
        self.take_step(end.by, way);
        let mut at = end.at;
        let last = self.search.found[at as usize].node;
        while at != UNSEEN {
            let Found { by, from, .. } = self.search.found[at as usize];
            self.take_step(by, way);
            at = from;
        }
        last
    }

    fn take_step(&mut self, step: Step, way: Way) {
        let count = |number: u32| if way == Way::Down { number + 1 } else { number - 1 };
        match step {
            Step::Start => {}
            Step::Pair(edge) => self.toggle(edge),
            Step::Idle(i) => {
                self.note_mentee(i);
                self.idle[i as usize] = count(self.idle[i as usize]);
            }
            Step::Alone(i) => {
                self.note_mentee(i);
                self.alone[i as usize] = !self.alone[i as usize];
            }
            Step::Seat(j) => {
                self.undo.push(Undo::Mentor { at: j, person: self.mentors[j as usize], seated: self.seated[j as usize] });
                self.seated[j as usize] = count(self.seated[j as usize]);
            }
            Step::Group(g) => {
                self.undo.push(Undo::Unmatched { group: g, count: self.unmatched[g as usize] });
                self.unmatched[g as usize] = count(self.unmatched[g as usize]);
            }
        }
    }

    fn note_mentee(&mut self, i: u32) {
        let at = i as usize;
        self.undo.push(Undo::Mentee { at: i, person: self.mentees[at], idle: self.idle[at], alone: self.alone[at] });
    }

    /// Makes a pair that is not made, or the other way round, in both lists.
    fn toggle(&mut self, edge: u32) {
        self.undo.push(Undo::Toggle(edge));
        self.flip(edge);
    }

    fn flip(&mut self, edge: u32) {
        let (mentee, mentor) = self.of[edge as usize];
        self.state[edge as usize] ^= MADE;
        let made = self.state[edge as usize] & MADE != 0;
        let before = self.made_by[mentee as usize].is_empty();
        for list in [&mut self.made_by[mentee as usize], &mut self.held_by[mentor as usize]] {
            if made {
                list.push(edge);
            } else if let Some(at) = list.iter().position(|&other| other == edge) {
                list.swap_remove(at);
            }
        }
        let sign = if made { 1 } else { -1 };
        self.totals.score += sign * i64::from(self.scores[edge as usize]);
        if before != self.made_by[mentee as usize].is_empty() {
            self.totals.people += sign;
            self.totals.weight += sign * i64::from(self.mentees[mentee as usize].weight);
        }
    }

    /// Gives a pair another score. The sum follows where the pair is made.
    fn rescore(&mut self, edge: u32, score: i32) {
        let old = std::mem::replace(&mut self.scores[edge as usize], score);
        let Row { start, end, .. } = self.columns[self.of[edge as usize].1 as usize];
        let column = &mut self.by_mentor[start as usize..end as usize];
        if let Ok(at) = column.binary_search_by_key(&edge, |seen| seen.edge) {
            column[at].score = score;
        }
        if self.state[edge as usize] & MADE != 0 {
            self.totals.score += i64::from(score) - i64::from(old);
        }
    }

    fn mark(&mut self, edge: u32, state: u8) {
        self.undo.push(Undo::Pair { edge, state: self.state[edge as usize], score: self.scores[edge as usize] });
        self.state[edge as usize] = state;
    }

    fn set_price(&mut self, node: Node, price: Price) {
        let old = std::mem::replace(self.prices.of_mut(node), price);
        self.undo.push(Undo::Price(node, old));
    }

    fn add(&mut self, node: Node, units: i32) {
        let excess = self.excess.entry(node).or_insert(0);
        *excess += units;
        if *excess == 0 {
            self.excess.remove(&node);
        }
    }

    /// The pairs that are made now and were not, and the other way round: those toggled an odd number of times.
    fn moves(&mut self) -> Moves {
        let mut toggled: Vec<u32> =
            self.undo.iter().filter_map(|undo| if let Undo::Toggle(edge) = undo { Some(*edge) } else { None }).collect();
        toggled.sort_unstable();
        let mut moves = Moves::default();
        for same in toggled.chunk_by(|one, next| one == next).filter(|same| same.len() % 2 == 1) {
            let list = if self.state[same[0] as usize] & MADE != 0 { &mut moves.made } else { &mut moves.undone };
            list.push(self.of[same[0] as usize]);
        }
        moves.made.sort_unstable();
        moves.undone.sort_unstable();
        moves
    }

    fn take_back(&mut self) {
        self.excess.clear();
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Toggle(edge) => self.flip(edge),
                Undo::Pair { edge, state, score } => {
                    self.state[edge as usize] = state;
                    self.rescore(edge, score);
                }
                Undo::NewPair => {
                    let Some((mentee, mentor)) = self.of.pop() else { continue };
                    self.scores.pop();
                    self.state.pop();
                    self.rows[mentee as usize].more.pop();
                    self.columns[mentor as usize].more.pop();
                }
                Undo::Price(node, price) => *self.prices.of_mut(node) = price,
                Undo::Mentee { at, person, idle, alone } => {
                    (self.mentees[at as usize], self.idle[at as usize], self.alone[at as usize]) = (person, idle, alone);
                }
                Undo::Mentor { at, person, seated } => (self.mentors[at as usize], self.seated[at as usize]) = (person, seated),
                Undo::Unmatched { group, count } => self.unmatched[group as usize] = count,
                Undo::NewMentee => self.drop_last_mentee(),
                Undo::NewMentor => self.drop_last_mentor(),
            }
        }
    }

    fn drop_last_mentee(&mut self) {
        self.search.begin_nothing();
        self.mentees.pop();
        self.rows.pop();
        self.made_by.pop();
        self.idle.pop();
        self.alone.pop();
        self.prices.mentees.pop();
        self.search.mentees.pop();
        if let Some(group) = self.group_of.pop()
            && group != UNSEEN
        {
            self.members[group as usize].pop();
        }
    }

    fn drop_last_mentor(&mut self) {
        self.search.begin_nothing();
        self.mentors.pop();
        self.columns.pop();
        self.held_by.pop();
        self.seated.pop();
        self.prices.mentors.pop();
        self.search.mentors.pop();
    }

    fn row(&self, mentee: u32) -> impl Iterator<Item = u32> + '_ {
        let row = &self.rows[mentee as usize];
        (row.start..row.end).chain(row.more.iter().copied())
    }

    fn column(&self, mentor: u32) -> impl Iterator<Item = u32> + '_ {
        let Row { start, end, more } = &self.columns[mentor as usize];
        self.by_mentor[*start as usize..*end as usize].iter().map(|seen| seen.edge).chain(more.iter().copied())
    }

    /// The number of a pair, excluded or not.
    fn edge(&self, mentee: u32, mentor: u32) -> Option<u32> {
        let row = self.rows.get(mentee as usize)?;
        let found = self.of[row.start as usize..row.end as usize].binary_search(&(mentee, mentor));
        found.ok().map(|at| row.start + at as u32).or_else(|| row.more.iter().copied().find(|&edge| self.of[edge as usize].1 == mentor))
    }

    fn admissible(&self, mentee: u32, mentor: u32) -> Result<u32, RepairError> {
        let edge = self.edge(mentee, mentor).filter(|&edge| self.state[edge as usize] & EXCLUDED == 0);
        edge.ok_or(RepairError::NoPair { mentee, mentor })
    }

    fn locked_of(&self, edges: &[u32]) -> u32 {
        edges.iter().filter(|&&edge| self.state[edge as usize] & LOCKED != 0).count() as u32
    }

    /// What a pair costs, by the aims.
    fn cost(&self, edge: u32) -> Price {
        let at = edge as usize;
        let previous = Cost::from(self.state[at] & PREVIOUS != 0);
        let lot = self.units.lots.map_or(0, |seed| {
            let (mentee, mentor) = self.of[at];
            crate::problem::lot(seed, self.mentees[mentee as usize].key, self.mentors[mentor as usize].key)
        });
        let points = Cost::from(self.scores[at]) + Cost::from(self.rules.keep_bonus) * previous;
        Price([0, -points * self.units.score, 0, -previous * self.units.keep, lot])
    }

    fn reduced(&self, edge: u32) -> Price {
        let (mentee, mentor) = self.of[edge as usize];
        self.cost(edge) - self.prices.mentees[mentee as usize] + self.prices.mentors[mentor as usize]
    }

    /// What it costs that a mentee has nobody.
    fn loneliness(&self, mentee: u32) -> Price {
        let weight = Cost::from(self.mentees[mentee as usize].weight);
        Price([weight * self.units.coverage, weight * self.units.worth, 0, 0, 0])
    }

    /// What the next seat of a mentor costs: loads count by their squares.
    fn seat(&self, number: u32) -> Price {
        Price([0, 0, (2 * Cost::from(number) - 1) * self.units.balance, 0, 0])
    }

    fn may_stay_alone(&self, mentee: u32) -> bool {
        let Mentee { least, most, .. } = self.mentees[mentee as usize];
        least == 0 && most > 0
    }

    fn price_of_group(&self, mentee: u32) -> Price {
        match self.group_of[mentee as usize] {
            UNSEEN => NOUGHT,
            group => self.prices.groups[group as usize],
        }
    }

    /// How many people of a group may stay unmatched.
    fn room(&self, group: u32) -> u32 {
        (self.members[group as usize].len() as u32).saturating_sub(self.rules.group_floors[group as usize].1)
    }
}

impl Search {
    /// Forgets the last search, before places disappear.
    fn begin_nothing(&mut self) {
        for at in 0..self.found.len() {
            let node = self.found[at].node;
            *self.slot(node) = UNSEEN;
        }
        self.found.clear();
    }
}

const fn slot(aim: Aim) -> usize {
    match aim {
        Aim::Coverage => COVERAGE,
        Aim::Score { .. } => SCORE,
        Aim::Balance => BALANCE,
        Aim::Keep => KEEP,
        Aim::Lots { .. } => LOTS,
    }
}

/// The pairs of each mentor, as ranges of one list, ascending by number.
fn columns(of: &[(u32, u32)], scores: &[i32], mentors: usize) -> (Vec<Row>, Vec<Seen>) {
    let mut ends = vec![0_u32; mentors + 1];
    for &(_, mentor) in of {
        ends[mentor as usize + 1] += 1;
    }
    for j in 0..mentors {
        ends[j + 1] += ends[j];
    }
    let rows = (0..mentors).map(|j| Row { start: ends[j], end: ends[j + 1], more: Vec::new() }).collect();
    let mut by_mentor = vec![Seen { edge: 0, mentee: 0, score: 0 }; of.len()];
    for (edge, (&(mentee, mentor), &score)) in (0..).zip(of.iter().zip(scores)) {
        by_mentor[ends[mentor as usize] as usize] = Seen { edge, mentee, score };
        ends[mentor as usize] += 1;
    }
    (rows, by_mentor)
}
