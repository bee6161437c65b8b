//! The score of a pair: an integer from 0 to 10,000 that is the exact sum of named integer contributions. Pure
//! arithmetic, in integers only, so that every machine gives the same.
//!
//! Each direction (what she looks for in him, what he looks for in her) is a weighted mean of [`Term`]s. The two
//! directions meet in their harmonic mean (Pizzato et al. 2010, RECON: a reciprocal recommender), which is near the
//! smaller of the two: a pair that serves one side only is no good pair. The harmonic mean of a and b is
//! a·b/(a+b) + b·a/(a+b), so each direction gives one half of it, and each term its share of that half; what integers
//! cannot divide goes to the largest remainders. The price of someone much sought after is taken off at the end.

/// A perfect fit, and the highest score.
pub const FULL: u16 = 10_000;
/// A direction has at most so many terms.
pub const MOST_TERMS: usize = 16;

/// One thing that counts in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// Which one: a number of the caller's; see [`crate::terms`] for the standard ones.
    pub name: u8,
    /// How much it counts beside the other terms of its direction. Zero takes no part.
    pub weight: u16,
    /// 0 (not at all) to [`FULL`].
    pub fit: u16,
}

/// Everything that counts in one direction. A plain value without allocation: the scan of an index makes millions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Direction {
    terms: [Term; MOST_TERMS],
    len: u8,
}

impl Direction {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a term; more than [`MOST_TERMS`] are left out, as is one without weight.
    pub fn add(&mut self, name: u8, weight: u16, fit: u16) {
        if weight > 0
            && let Some(place) = self.terms.get_mut(usize::from(self.len))
        {
            *place = Term { name, weight, fit: fit.min(FULL) };
            self.len += 1;
        }
    }

    pub fn terms(&self) -> &[Term] {
        &self.terms[..usize::from(self.len)]
    }

    /// Whether nobody wishes for anything in this direction.
    pub fn is_silent(&self) -> bool {
        self.len == 0
    }

    /// The weighted mean of the fits, 0 to [`FULL`], rounded down. A direction without terms has none.
    pub fn mean(&self) -> Option<u16> {
        let (sum, weights) = self
            .terms()
            .iter()
            .fold((0u64, 0u64), |(sum, all), t| (sum + u64::from(t.weight) * u64::from(t.fit), all + u64::from(t.weight)));
        u16::try_from(sum.checked_div(weights)?).ok()
    }
}

/// Whose wish a contribution answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What the learner looks for.
    Learner,
    /// What the guide looks for.
    Guide,
    /// Neither: the price of someone much sought after.
    Neither,
}

/// The name of the one contribution that is no term: how much somebody is sought after, taken off.
pub const PRICE: u8 = u8::MAX;

/// A named part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    pub name: u8,
    pub side: Side,
    /// What it adds; below zero only for [`PRICE`].
    pub points: i32,
    /// How well it fits by itself, 0 to [`FULL`]: the length of a bar.
    pub fit: u16,
    /// How much it counts beside the others of its side.
    pub weight: u16,
}

/// A score and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// 0 to [`FULL`].
    pub total: i32,
    /// In the order of the terms, the learner's first; their points sum to `total` exactly.
    pub contributions: Vec<Contribution>,
}

/// The total alone, without what it is made of: what an index compares. Monotone: a better fit in any term never
/// lowers it. About ten nanoseconds.
pub fn total(learner: &Direction, guide: &Direction, price: u16) -> u16 {
    meet(learner.mean(), guide.mean()).saturating_sub(price)
}

/// The score with its contributions. `price` is what the guide's place costs: in points, from a matching's dual
/// prices or from how often the guide was shown. A direction that is silent leaves the word to the other.
pub fn score(learner: &Direction, guide: &Direction, price: u16) -> Score {
    let (a, b) = (learner.mean(), guide.mean());
    let met = u64::from(meet(a, b));
    // Twice each direction's share, so that nothing is divided before the end: with a silent side, all to the other.
    let (to_learner, to_guide) = match (a, b) {
        (Some(a), Some(b)) => (u64::from(a) * u64::from(b), u64::from(a) * u64::from(b)),
        (Some(a), None) => (u64::from(a), 0),
        (None, Some(b)) => (0, u64::from(b)),
        (None, None) => (0, 0),
    };
    let mut shares: Vec<Share> = Vec::new();
    for (side, direction, share) in [(Side::Learner, learner, to_learner), (Side::Guide, guide, to_guide)] {
        let sum: u64 = direction.terms().iter().map(|t| u64::from(t.weight) * u64::from(t.fit)).sum();
        for term in direction.terms() {
            let part = u128::from(term.weight) * u128::from(term.fit) * u128::from(share);
            shares.push(Share { term: *term, side, part, of: sum.max(1) });
        }
    }
    let mut contributions = apportion(met, to_learner + to_guide, &shares);
    let paid = u64::from(price).min(met);
    if paid > 0 {
        contributions.push(Contribution { name: PRICE, side: Side::Neither, points: -(paid as i32), fit: 0, weight: 0 });
    }
    Score { total: (met - paid) as i32, contributions }
}

/// The harmonic mean, rounded down; the one that speaks when the other is silent.
fn meet(a: Option<u16>, b: Option<u16>) -> u16 {
    match (a, b) {
        (Some(a), Some(b)) if a > 0 && b > 0 => {
            let (a, b) = (u32::from(a), u32::from(b));
            // At most FULL, since the harmonic mean lies between its two.
            (2 * a * b / (a + b)) as u16
        }
        (Some(_), Some(_)) | (None, None) => 0,
        (Some(one), None) | (None, Some(one)) => one,
    }
}

struct Share {
    term: Term,
    side: Side,
    /// Weight times fit times the direction's share.
    part: u128,
    /// Sum of weight times fit in the direction.
    of: u64,
}

/// Deals `met` points among the terms in proportion to their shares: whole parts first, then one each to the largest
/// remainders (Hamilton's method), in the order of the terms when equal.
fn apportion(met: u64, shares_sum: u64, shares: &[Share]) -> Vec<Contribution> {
    let mut left = met;
    let mut remainders: Vec<(u128, usize)> = Vec::new();
    let mut contributions = Vec::with_capacity(shares.len() + 1);
    for (at, share) in shares.iter().enumerate() {
        // Both directions' sums differ, so the fraction is part·met / (of·shares_sum), compared in 2^32nds.
        let below = u128::from(share.of) * u128::from(shares_sum.max(1));
        let in_parts = ((share.part * u128::from(met)) << 32) / below;
        let whole = (in_parts >> 32) as u64;
        left -= whole.min(left);
        remainders.push((in_parts & 0xFFFF_FFFF, at));
        let Term { name, weight, fit } = share.term;
        contributions.push(Contribution { name, side: share.side, points: whole as i32, fit, weight });
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, at) in remainders.into_iter().filter(|(_, at)| shares[*at].part > 0).take(left as usize) {
        contributions[at].points += 1;
    }
    contributions
}
