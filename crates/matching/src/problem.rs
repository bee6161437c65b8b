//! Who may be matched with whom, how well they fit, and the rules that hold.

use crate::{Rule, Solution, SolveError};
use std::fmt;

/// All arithmetic is in integers, so that the same problem has the same answer on every machine.
pub type Cost = i64;

/// The highest score a pair may have. Chiron scores pairs from 0 to 10,000; other costs up to this may be brought along.
pub const MOST_SCORE: i32 = 1_073_741_824;

/// Someone who looks for a mentor, or for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mentee {
    /// Names the person whatever the order of input; unique among the mentees.
    pub key: u64,
    /// How many mentors they must have at least; 0 where staying unmatched is allowed.
    pub least: u32,
    /// How many mentors they may have at most.
    pub most: u32,
    /// How much it counts that they are matched at all; 1 for everyone unless some have priority.
    pub weight: u32,
    /// The group they belong to, for [`Rules::group_floors`].
    pub group: u16,
}

impl Mentee {
    /// A mentee who looks for one mentor, counts as much as everyone, and may stay unmatched.
    pub const fn new(key: u64) -> Self {
        Self { key, least: 0, most: 1, weight: 1, group: 0 }
    }
}

/// Someone who offers seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mentor {
    /// Names the person whatever the order of input; unique among the mentors.
    pub key: u64,
    /// How many mentees they must get at least (a circle does not begin with one).
    pub least: u32,
    /// How many seats they offer.
    pub most: u32,
}

impl Mentor {
    /// A mentor with some seats, of which any number may stay free.
    pub const fn new(key: u64, seats: u32) -> Self {
        Self { key, least: 0, most: seats }
    }
}

/// An admissible pair, by the places of the two in their lists, and how well they fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Place in the list of mentees.
    pub mentee: u32,
    /// Place in the list of mentors.
    pub mentor: u32,
    /// From 0 to 10,000 by convention, at most [`MOST_SCORE`]; higher is better.
    pub score: i32,
}

/// What must hold besides the numbers of seats. Pairs are (place of mentee, place of mentor).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// These pairs are made, whatever it costs the others. They must be admissible pairs.
    pub locked: Vec<(u32, u32)>,
    /// These pairs are not made. They need not be admissible.
    pub excluded: Vec<(u32, u32)>,
    /// The pairs of the last run. Those that are no longer admissible count as changed.
    pub previous: Vec<(u32, u32)>,
    /// Added to the score of every pair in `previous`; 0 or more.
    pub keep_bonus: i32,
    /// Of each of these groups at least so many mentees are matched. A group is named once, and its mentees have `most` at most 1:
    /// with people who count once and take several the problem would no longer have integral prices.
    pub group_floors: Vec<(u16, u32)>,
}

/// One of the two lists of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The list of mentees.
    Mentee,
    /// The list of mentors.
    Mentor,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mentee => "mentee",
            Self::Mentor => "mentor",
        })
    }
}

/// Why a list of people, pairs and rules is not a problem that could be solved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    #[error("there are {count} {what}, more than the {most} that can be handled")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("the starts of the rows do not fit the lists of mentors and scores")]
    Rows,
    #[error("two people of one side have the key {key} ({side}s {first} and {second})")]
    SameKey { side: Side, key: u64, first: u32, second: u32 },
    #[error("{side} {person} is to have at least {least} and at most {most}")]
    Bounds { side: Side, person: u32, least: u32, most: u32 },
    #[error("the pair of mentee {mentee} and mentor {mentor} in {rule} names someone who is not in the lists")]
    Nobody { rule: &'static str, mentee: u32, mentor: u32 },
    #[error("the pair of mentee {mentee} and mentor {mentor} is given twice in {rule}")]
    Twice { rule: &'static str, mentee: u32, mentor: u32 },
    #[error("the pair of mentee {mentee} and mentor {mentor} has the score {score}, which is not between 0 and {MOST_SCORE}")]
    Score { mentee: u32, mentor: u32, score: i32 },
    #[error("mentee {mentee} and mentor {mentor} are locked together, but are not an admissible pair")]
    LockedInadmissible { mentee: u32, mentor: u32 },
    #[error("mentee {mentee} and mentor {mentor} are both locked together and excluded")]
    LockedAndExcluded { mentee: u32, mentor: u32 },
    #[error("{side} {person} is locked into {locked} pairs and may have {most}")]
    LockedTooOften { side: Side, person: u32, locked: u32, most: u32 },
    #[error("{side} {person} is to have at least {least}, and has {admissible} admissible pairs")]
    TooFewPairs { side: Side, person: u32, least: u32, admissible: u32 },
    #[error("the bonus for keeping a pair is {bonus}, which is not between 0 and {MOST_SCORE}")]
    KeepBonus { bonus: i32 },
    #[error("group {group} has two floors")]
    FloorTwice { group: u16 },
    #[error("group {group} has a floor, so its mentees may have one mentor each; mentee {mentee} may have {most}")]
    FloorOfSeveral { group: u16, mentee: u32, most: u32 },
    #[error("of group {group} at least {floor} are to be matched, and it has {members} members with an admissible pair")]
    FloorTooHigh { group: u16, floor: u32, members: u32 },
}

/// A well-formed matching problem: everyone exists, every number is in range, no two rules contradict each other outright.
///
/// Pairs are kept in compressed rows, one row a mentee, mentors in ascending order of place: eight bytes a pair.
/// Excluded pairs are gone from the rows. Whether the lower bounds can all be met at once is found by [`solve`](crate::solve()).
#[derive(Clone, Debug)]
pub struct Problem {
    mentees: Vec<Mentee>,
    mentors: Vec<Mentor>,
    starts: Vec<u32>,
    columns: Vec<u32>,
    scores: Vec<i32>,
    rules: Rules,
    /// Edge numbers, ascending.
    locked: Vec<u32>,
    previous: Vec<u32>,
}

impl Problem {
    /// Checks and compresses. Time O(pairs · log(pairs of a mentee)), besides sorting the rules.
    ///
    /// # Errors
    /// Says which person or pair breaks which rule.
    ///
    /// ```
    /// use chiron_matching::{Mentee, Mentor, Pair, Problem, Rules};
    /// let problem = Problem::new(
    ///     vec![Mentee::new(1), Mentee::new(2)],
    ///     vec![Mentor::new(7, 1)],
    ///     vec![Pair { mentee: 0, mentor: 0, score: 9_000 }, Pair { mentee: 1, mentor: 0, score: 4_000 }],
    ///     Rules::default(),
    /// )?;
    /// assert_eq!(problem.score(1, 0), Some(4_000));
    /// # Ok::<(), chiron_matching::ProblemError>(())
    /// ```
    pub fn new(mentees: Vec<Mentee>, mentors: Vec<Mentor>, mut pairs: Vec<Pair>, rules: Rules) -> Result<Self, ProblemError> {
        limit("pairs", pairs.len(), u32::MAX as usize - 1)?;
        if let Some(pair) = pairs.iter().find(|pair| pair.mentee as usize >= mentees.len() || pair.mentor as usize >= mentors.len()) {
            return Err(ProblemError::Nobody { rule: "the pairs", mentee: pair.mentee, mentor: pair.mentor });
        }
        if !pairs.is_sorted_by_key(|pair| (pair.mentee, pair.mentor)) {
            pairs.sort_unstable_by_key(|pair| (pair.mentee, pair.mentor));
        }
        let mut starts = vec![0_u32; mentees.len() + 1];
        for pair in &pairs {
            starts[pair.mentee as usize + 1] += 1;
        }
        for i in 0..mentees.len() {
            starts[i + 1] += starts[i];
        }
        let columns = pairs.iter().map(|pair| pair.mentor).collect();
        let scores = pairs.iter().map(|pair| pair.score).collect();
        drop(pairs);
        Self::from_rows(mentees, mentors, starts, columns, scores, rules)
    }

    /// The same from compressed rows, without copying them: the pairs of mentee i are `starts[i]..starts[i + 1]` of
    /// `columns` (places of mentors) and `scores`.
    ///
    /// # Errors
    /// As [`Problem::new`], and when `starts` does not fit the lists.
    pub fn from_rows(
        mentees: Vec<Mentee>,
        mentors: Vec<Mentor>,
        starts: Vec<u32>,
        columns: Vec<u32>,
        scores: Vec<i32>,
        rules: Rules,
    ) -> Result<Self, ProblemError> {
        limit("mentees", mentees.len(), 1 << 30)?;
        limit("mentors", mentors.len(), 1 << 30)?;
        limit("pairs", columns.len(), u32::MAX as usize - 1)?;
        let fits = starts.len() == mentees.len() + 1
            && starts.first() == Some(&0)
            && starts.last().is_some_and(|&end| end as usize == columns.len())
            && columns.len() == scores.len()
            && starts.is_sorted();
        if !fits {
            return Err(ProblemError::Rows);
        }
        let mut problem = Self { mentees, mentors, starts, columns, scores, rules, locked: Vec::new(), previous: Vec::new() };
        problem.check_people()?;
        problem.check_pairs()?;
        problem.apply_rules()?;
        problem.check_bounds()?;
        Ok(problem)
    }

    /// The mentees, in the order of input.
    pub fn mentees(&self) -> &[Mentee] {
        &self.mentees
    }

    /// The mentors, in the order of input.
    pub fn mentors(&self) -> &[Mentor] {
        &self.mentors
    }

    /// The rules as given.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How many admissible pairs there are, without the excluded ones.
    pub fn pair_count(&self) -> usize {
        self.columns.len()
    }

    /// The mentors a mentee may be matched with, ascending, and the scores of these pairs.
    ///
    /// # Panics
    /// When there is no such mentee.
    pub fn row(&self, mentee: u32) -> (&[u32], &[i32]) {
        let edges = self.edges(mentee);
        (&self.columns[edges.clone()], &self.scores[edges])
    }

    /// The score of a pair; none where it is not admissible or excluded. Time O(log(pairs of the mentee)).
    pub fn score(&self, mentee: u32, mentor: u32) -> Option<i32> {
        self.edge(mentee, mentor).map(|edge| self.scores[edge])
    }

    /// Whether the pair must be made.
    pub fn is_locked(&self, mentee: u32, mentor: u32) -> bool {
        self.edge(mentee, mentor).is_some_and(|edge| self.locked.binary_search(&(edge as u32)).is_ok())
    }

    /// Whether the pair was made in the last run and is still admissible.
    pub fn is_previous(&self, mentee: u32, mentor: u32) -> bool {
        self.edge(mentee, mentor).is_some_and(|edge| self.previous.binary_search(&(edge as u32)).is_ok())
    }

    /// The pairs of a mentee as numbers into [`columns`](Self::columns) and [`scores`](Self::scores).
    pub(crate) fn edges(&self, mentee: u32) -> std::ops::Range<usize> {
        self.starts[mentee as usize] as usize..self.starts[mentee as usize + 1] as usize
    }

    pub(crate) fn edge(&self, mentee: u32, mentor: u32) -> Option<usize> {
        if mentee as usize >= self.mentees.len() {
            return None;
        }
        let edges = self.edges(mentee);
        self.columns[edges.clone()].binary_search(&mentor).ok().map(|at| edges.start + at)
    }

    pub(crate) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(crate) fn columns(&self) -> &[u32] {
        &self.columns
    }

    pub(crate) fn scores(&self) -> &[i32] {
        &self.scores
    }

    /// The numbers of the locked pairs, ascending.
    pub(crate) fn locked_edges(&self) -> &[u32] {
        &self.locked
    }

    /// The numbers of the pairs of the last run that are still admissible, ascending.
    pub(crate) fn previous_edges(&self) -> &[u32] {
        &self.previous
    }

    fn check_people(&self) -> Result<(), ProblemError> {
        let most_weight = 1_u32 << 20;
        for (at, mentee) in self.mentees.iter().enumerate() {
            bounds(Side::Mentee, at, mentee.least, mentee.most)?;
            limit("points of weight of one mentee", mentee.weight as usize, most_weight as usize)?;
        }
        for (at, mentor) in self.mentors.iter().enumerate() {
            bounds(Side::Mentor, at, mentor.least, mentor.most)?;
        }
        unique(Side::Mentee, self.mentees.iter().map(|mentee| mentee.key))?;
        unique(Side::Mentor, self.mentors.iter().map(|mentor| mentor.key))
    }

    /// Brings rows into ascending order where they are not, and looks at every pair once.
    fn check_pairs(&mut self) -> Result<(), ProblemError> {
        let mentors = self.mentors.len();
        for mentee in 0..self.mentees.len() as u32 {
            let edges = self.edges(mentee);
            let (columns, scores) = (&mut self.columns[edges.clone()], &mut self.scores[edges]);
            if !columns.is_sorted() {
                let mut row: Vec<(u32, i32)> = columns.iter().copied().zip(scores.iter().copied()).collect();
                row.sort_unstable();
                for (at, (column, score)) in row.into_iter().enumerate() {
                    (columns[at], scores[at]) = (column, score);
                }
            }
            if let Some(&mentor) = columns.last()
                && mentor as usize >= mentors
            {
                return Err(ProblemError::Nobody { rule: "the pairs", mentee, mentor });
            }
            if let Some(two) = columns.windows(2).find(|two| two[0] == two[1]) {
                return Err(ProblemError::Twice { rule: "the pairs", mentee, mentor: two[0] });
            }
            if let Some(at) = scores.iter().position(|score| !(0..=MOST_SCORE).contains(score)) {
                return Err(ProblemError::Score { mentee, mentor: columns[at], score: scores[at] });
            }
        }
        Ok(())
    }

    fn apply_rules(&mut self) -> Result<(), ProblemError> {
        let Rules { locked, excluded, previous, keep_bonus, .. } = &self.rules;
        if !(0..=MOST_SCORE).contains(keep_bonus) {
            return Err(ProblemError::KeepBonus { bonus: *keep_bonus });
        }
        for (rule, list) in [("the locked pairs", locked), ("the excluded pairs", excluded), ("the previous pairs", previous)] {
            if let Some(&(mentee, mentor)) =
                list.iter().find(|pair| pair.0 as usize >= self.mentees.len() || pair.1 as usize >= self.mentors.len())
            {
                return Err(ProblemError::Nobody { rule, mentee, mentor });
            }
        }
        let (locked, mut excluded, previous) = (locked.clone(), excluded.clone(), previous.clone());
        excluded.sort_unstable();
        if let Some(&(mentee, mentor)) = locked.iter().find(|pair| excluded.binary_search(pair).is_ok()) {
            return Err(ProblemError::LockedAndExcluded { mentee, mentor });
        }
        self.exclude(&excluded);
        self.locked = self.numbers(&locked, "the locked pairs")?;
        if self.locked.len() < locked.len()
            && let Some(&(mentee, mentor)) = locked.iter().find(|pair| self.edge(pair.0, pair.1).is_none())
        {
            return Err(ProblemError::LockedInadmissible { mentee, mentor });
        }
        self.previous = self.numbers(&previous, "the previous pairs")?;
        Ok(())
    }

    fn numbers(&self, pairs: &[(u32, u32)], rule: &'static str) -> Result<Vec<u32>, ProblemError> {
        let mut numbers: Vec<(u32, (u32, u32))> =
            pairs.iter().filter_map(|&pair| self.edge(pair.0, pair.1).map(|edge| (edge as u32, pair))).collect();
        numbers.sort_unstable();
        if let Some(two) = numbers.windows(2).find(|two| two[0].0 == two[1].0) {
            return Err(ProblemError::Twice { rule, mentee: two[0].1.0, mentor: two[0].1.1 });
        }
        Ok(numbers.into_iter().map(|(edge, _)| edge).collect())
    }

    /// Drops excluded pairs (sorted) in place.
    fn exclude(&mut self, excluded: &[(u32, u32)]) {
        if excluded.is_empty() {
            return;
        }
        let (mut to, mut start) = (0, 0);
        for mentee in 0..self.mentees.len() {
            let end = self.starts[mentee + 1] as usize;
            for edge in start..end {
                if excluded.binary_search(&(mentee as u32, self.columns[edge])).is_err() {
                    self.columns[to] = self.columns[edge];
                    self.scores[to] = self.scores[edge];
                    to += 1;
                }
            }
            start = end;
            self.starts[mentee + 1] = to as u32;
        }
        self.columns.truncate(to);
        self.scores.truncate(to);
    }

    /// What can be seen at one person or one group: too many locks, too few pairs.
    fn check_bounds(&self) -> Result<(), ProblemError> {
        let mut locked = (vec![0_u32; self.mentees.len()], vec![0_u32; self.mentors.len()]);
        for &edge in &self.locked {
            locked.0[self.starts.partition_point(|&start| start <= edge) - 1] += 1;
            locked.1[self.columns[edge as usize] as usize] += 1;
        }
        let demands: Vec<(Side, usize, u32, u32, u32)> = (self.mentees.iter().zip(&locked.0).enumerate())
            .map(|(at, (mentee, &locked))| (Side::Mentee, at, locked, mentee.least, mentee.most))
            .chain(
                (self.mentors.iter().zip(&locked.1).enumerate())
                    .map(|(at, (mentor, &locked))| (Side::Mentor, at, locked, mentor.least, mentor.most)),
            )
            .filter(|&(_, _, locked, least, most)| locked > most || least > 0)
            .collect();
        let mut degrees = Vec::new();
        for (side, at, locked, least, most) in demands {
            let person = at as u32;
            if locked > most {
                return Err(ProblemError::LockedTooOften { side, person, locked, most });
            }
            let admissible = match side {
                Side::Mentee => self.edges(person).len() as u32,
                Side::Mentor => {
                    if degrees.is_empty() {
                        degrees = vec![0_u32; self.mentors.len()];
                        self.columns.iter().for_each(|&column| degrees[column as usize] += 1);
                    }
                    degrees[at]
                }
            };
            if admissible < least {
                return Err(ProblemError::TooFewPairs { side, person, least, admissible });
            }
        }
        let mut seen = Vec::new();
        for &(group, floor) in &self.rules.group_floors {
            if seen.contains(&group) {
                return Err(ProblemError::FloorTwice { group });
            }
            seen.push(group);
            if let Some(at) = self.mentees.iter().position(|mentee| mentee.group == group && mentee.most > 1) {
                return Err(ProblemError::FloorOfSeveral { group, mentee: at as u32, most: self.mentees[at].most });
            }
            let members = (0..self.mentees.len())
                .filter(|&at| self.mentees[at].group == group && self.mentees[at].most > 0 && !self.edges(at as u32).is_empty())
                .count() as u32;
            if members < floor {
                return Err(ProblemError::FloorTooHigh { group, floor, members });
            }
        }
        Ok(())
    }
}

/// The lot that falls to a pair when everything else is equal: uniform on 0..2^20, from the seed and the two keys only.
///
/// The mixing is that of splitmix64 (Steele, Lea and Flood 2014).
pub(crate) fn lot(seed: u64, mentee: u64, mentor: u64) -> Cost {
    (draw(seed, mentee, mentor) >> 44) as Cost
}

/// The same in 64 bits: no two mentors draw the same for a mentee.
pub(crate) fn draw(seed: u64, mentee: u64, mentor: u64) -> u64 {
    mix(mix(mix(seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(mentee)).wrapping_add(mentor.rotate_left(32)))
}

const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const fn limit(what: &'static str, count: usize, most: usize) -> Result<(), ProblemError> {
    if count > most { Err(ProblemError::TooMany { what, count, most }) } else { Ok(()) }
}

const fn bounds(side: Side, at: usize, least: u32, most: u32) -> Result<(), ProblemError> {
    // A number of seats beyond 2^30 means "as many as come"; nothing is that large, and sums stay far from overflow.
    if least > most || most > 1 << 30 { Err(ProblemError::Bounds { side, person: at as u32, least, most }) } else { Ok(()) }
}

fn unique(side: Side, keys: impl Iterator<Item = u64> + Clone) -> Result<(), ProblemError> {
    if keys.clone().zip(keys.clone().skip(1)).all(|(one, next)| one < next) {
        return Ok(());
    }
    let mut sorted: Vec<(u64, u32)> = keys.zip(0..).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(two) => Err(ProblemError::SameKey { side, key: two[0].0, first: two[0].1, second: two[1].1 }),
        None => Ok(()),
    }
}

/// A problem with everyone in the order of keys, and the way back.
pub struct Ordered {
    pub problem: Problem,
    /// Places before, by places now.
    mentees: Vec<u32>,
    mentors: Vec<u32>,
    floors: Vec<u32>,
}

impl Problem {
    /// The same problem in the order of keys, unless it is in that order: the solver never sees another, so that its answer cannot
    /// depend on the order of input.
    pub(crate) fn in_order_of_keys(&self) -> Option<Ordered> {
        let floors = &self.rules.group_floors;
        if self.mentees.is_sorted_by_key(|mentee| mentee.key) && self.mentors.is_sorted_by_key(|mentor| mentor.key) && floors.is_sorted() {
            return None;
        }
        let order = |keys: Vec<u64>| {
            let mut order: Vec<u32> = (0..keys.len() as u32).collect();
            order.sort_unstable_by_key(|&at| keys[at as usize]);
            order
        };
        let mentees = order(self.mentees.iter().map(|mentee| mentee.key).collect());
        let mentors = order(self.mentors.iter().map(|mentor| mentor.key).collect());
        let floor_order = order(floors.iter().map(|floor| u64::from(floor.0)).collect());
        let mut place = vec![0_u32; mentors.len()];
        for (now, &before) in (0..).zip(&mentors) {
            place[before as usize] = now;
        }
        let mut marks = vec![0_u8; self.pair_count()];
        self.locked.iter().for_each(|&edge| marks[edge as usize] |= 1);
        self.previous.iter().for_each(|&edge| marks[edge as usize] |= 2);
        let mut problem = Self {
            mentees: mentees.iter().map(|&before| self.mentees[before as usize]).collect(),
            mentors: mentors.iter().map(|&before| self.mentors[before as usize]).collect(),
            starts: Vec::with_capacity(self.starts.len()),
            columns: Vec::with_capacity(self.columns.len()),
            scores: Vec::with_capacity(self.scores.len()),
            rules: Rules { keep_bonus: self.rules.keep_bonus, ..Rules::default() },
            locked: Vec::new(),
            previous: Vec::new(),
        };
        problem.rules.group_floors = floor_order.iter().map(|&before| floors[before as usize]).collect();
        problem.starts.push(0);
        let mut row = Vec::new();
        for &before in &mentees {
            row.clear();
            row.extend(self.edges(before).map(|edge| (place[self.columns[edge] as usize], self.scores[edge], marks[edge])));
            row.sort_unstable();
            for &(column, score, mark) in &row {
                let edge = problem.columns.len() as u32;
                if mark & 1 != 0 {
                    problem.locked.push(edge);
                }
                if mark & 2 != 0 {
                    problem.previous.push(edge);
                }
                problem.columns.push(column);
                problem.scores.push(score);
            }
            problem.starts.push(problem.columns.len() as u32);
        }
        Some(Ordered { problem, mentees, mentors, floors: floor_order })
    }

    /// The locked pairs as place of the mentee and number of the pair.
    pub(crate) fn locked_pairs(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        self.locked.iter().map(|&edge| (self.starts.partition_point(|&start| start <= edge) as u32 - 1, edge as usize))
    }
}

impl Ordered {
    /// The solution of the ordered problem in the order of input.
    pub fn restore(&self, solution: Solution) -> Solution {
        rearrange(solution, [&self.mentees, &self.mentors, &self.floors])
    }

    /// A solution in the order of input as one of the ordered problem.
    pub fn order(&self, solution: Solution) -> Solution {
        let turned = [&self.mentees, &self.mentors, &self.floors].map(|order| {
            let mut places = vec![0; order.len()];
            (0..).zip(order).for_each(|(now, &before)| places[before as usize] = now);
            places
        });
        rearrange(solution, turned.each_ref())
    }

    /// An error of the ordered problem in the order of input.
    pub fn restore_error(&self, error: SolveError) -> SolveError {
        match error {
            SolveError::Impossible { rule: Rule::Least { side, person, least }, short, lacking } => {
                let person = match side {
                    Side::Mentee => self.mentees[person as usize],
                    Side::Mentor => self.mentors[person as usize],
                };
                SolveError::Impossible { rule: Rule::Least { side, person, least }, short, lacking }
            }
            other => other,
        }
    }
}

/// The same solution with everyone at another place: of mentees, mentors and floors.
fn rearrange(mut solution: Solution, [mentees, mentors, floors]: [&Vec<u32>; 3]) -> Solution {
    for (mentee, mentor) in &mut solution.pairs {
        (*mentee, *mentor) = (mentees[*mentee as usize], mentors[*mentor as usize]);
    }
    solution.pairs.sort_unstable();
    solution.unmatched.iter_mut().for_each(|mentee| *mentee = mentees[*mentee as usize]);
    solution.unmatched.sort_unstable();
    for level in &mut solution.certificate.levels {
        for (prices, places) in [(&mut level.mentees, mentees), (&mut level.mentors, mentors), (&mut level.groups, floors)] {
            let before = std::mem::take(prices);
            prices.resize(before.len(), 0);
            for (price, &place) in before.into_iter().zip(places) {
                prices[place as usize] = price;
            }
        }
    }
    solution
}
