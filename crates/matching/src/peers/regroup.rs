//! From pairs to groups of three: a start from the best pairs, then re-forming two groups at a time until nothing gets better.
//!
//! Three steps, each documented at its function: [`few_triads`] seats the people whom the best pairs leave over, [`many_triads`] gives
//! a third person to the best pairs, and both end in [`Regrouping::improve`], a local search over all ways of re-forming any two
//! groups. A round of it costs O(groups²) looks at the table of scores; rounds after the first look only at groups that changed.
//! `few_triads` then pairs everybody outside the triads anew, exactly, and searches again while that helps.

use super::blossom::{Graph, NOBODY, maximum_weight};

/// The groups of a matching.
pub(super) fn pairs(mate: &[u32]) -> Vec<Vec<u32>> {
    (0..mate.len() as u32).filter(|&v| v < mate[v as usize] && mate[v as usize] != NOBODY).map(|v| vec![v, mate[v as usize]]).collect()
}

/// Groups of three only for those whom the best pairs leave over.
pub(super) fn few_triads(graph: &Graph, mate: &[u32], worth: i64) -> Vec<Vec<u32>> {
    let mut mate = mate.to_vec();
    let scores = Scores::new(graph, worth);
    let mut triads: Vec<Vec<u32>> = Vec::new();
    let mut seated = vec![false; graph.len()];
    for v in 0..graph.len() as u32 {
        if mate[v as usize] == NOBODY
            && !seated[v as usize]
            && let Some(triad) = seat(graph, &scores, &mut mate, v)
        {
            for &person in &triad {
                seated[person as usize] = true;
                mate[person as usize] = NOBODY;
            }
            triads.push(triad);
        }
    }
    let mut groups = pairs(&mate);
    let paired = |v: &u32| mate[*v as usize] != NOBODY || seated[*v as usize];
    groups.extend((0..graph.len() as u32).filter(|v| !paired(v)).map(|v| vec![v]));
    groups.extend(triads);

    let mut state = Regrouping::new(scores, groups, Wish::FewTriads);
    loop {
        state.improve();
        let before = state.value();
        let rest = pair_outside_triads(graph, &state.groups);
        let better = state.value_of(&rest);
        if better <= before {
            return state.into_groups();
        }
        state.replace(rest);
    }
}

/// Groups of three, as many as can be had: the dearest pairs are given a third person, one after the other.
pub(super) fn many_triads(graph: &Graph, mate: &[u32], worth: i64) -> Vec<Vec<u32>> {
    let scores = Scores::new(graph, worth);
    let mut cores = pairs(mate);
    cores.sort_by_key(|core| (std::cmp::Reverse(scores.of(core[0], core[1])), core[0]));
    let spare_cores = cores.split_off(cores.len().min(graph.len() / 3));
    let mut left: Vec<u32> =
        (0..graph.len() as u32).filter(|&v| mate[v as usize] == NOBODY).chain(spare_cores.into_iter().flatten()).collect();
    left.sort_unstable();
    for core in &mut cores {
        let third = (0..left.len()).filter_map(|at| Some((scores.triad(core[0], core[1], left[at])?, at)));
        if let Some((_, at)) = third.max_by_key(|&(score, at)| (score, std::cmp::Reverse(at))) {
            core.push(left.remove(at));
        }
    }
    // Those left over keep their partner, if the partner is left over too.
    for &v in &left {
        let partner = mate[v as usize];
        if partner == NOBODY || left.binary_search(&partner).is_err() {
            cores.push(vec![v]);
        } else if v < partner {
            cores.push(vec![v, partner]);
        }
    }
    let mut state = Regrouping::new(scores, cores, Wish::ManyTriads);
    state.improve();
    state.into_groups()
}

/// Finds a triad for a single person, moving others along an alternating path if needed: the single person takes the place of
/// somebody in a pair, whose partner takes the place of somebody in another pair, until one can join a pair as the third.
/// Shortest path first; O(m).
fn seat(graph: &Graph, scores: &Scores, mate: &mut [u32], single: u32) -> Option<Vec<u32>> {
    let mut from = vec![NOBODY; graph.len()];
    let mut queue = std::collections::VecDeque::from([single]);
    from[single as usize] = single;
    while let Some(v) = queue.pop_front() {
        let mut path = vec![v];
        while path[path.len() - 1] != single {
            path.push(from[path[path.len() - 1] as usize]);
        }
        let used = |c: u32| path.iter().any(|&p| p == c || mate[p as usize] == c);
        let best = graph
            .around(v)
            .map(|(c, _)| (c, mate[c as usize]))
            .filter(|&(c, d)| d != NOBODY && c < d && !used(c))
            .filter_map(|(c, d)| Some((scores.triad(v, c, d)?, std::cmp::Reverse((c, d)))))
            .max();
        if let Some((_, std::cmp::Reverse((c, d)))) = best {
            // From the single person on, each takes the partner of the next.
            for two in path.windows(2).rev() {
                let taken = mate[two[0] as usize];
                mate[two[1] as usize] = taken;
                mate[taken as usize] = two[1];
            }
            return Some(vec![v, c, d]);
        }
        for (x, _) in graph.around(v) {
            let next = mate[x as usize];
            if next != NOBODY && from[next as usize] == NOBODY && from[x as usize] == NOBODY {
                from[next as usize] = v;
                queue.push_back(next);
            }
        }
    }
    None
}

/// The best pairs of everybody outside the triads, and the triads.
fn pair_outside_triads(graph: &Graph, groups: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut rest: Vec<u32> = groups.iter().filter(|group| group.len() < 3).flatten().copied().collect();
    rest.sort_unstable();
    let mut starts = vec![0];
    let (mut near, mut weights) = (Vec::new(), Vec::new());
    for &v in &rest {
        for (w, weight) in graph.around(v) {
            if let Ok(place) = rest.binary_search(&w) {
                near.push(place as u32);
                weights.push(weight);
            }
        }
        starts.push(near.len());
    }
    let mate = maximum_weight(&Graph { starts, near, weights }).mate;
    let single = (0..rest.len()).filter(|&v| mate[v] == NOBODY).map(|v| vec![rest[v]]);
    let paired = pairs(&mate).into_iter().map(|pair| pair.into_iter().map(|v| rest[v as usize]).collect());
    groups.iter().filter(|group| group.len() == 3).cloned().chain(paired).chain(single).collect()
}

/// All scores, -1 for people who may not meet.
struct Scores {
    n: usize,
    table: Vec<i16>,
}

impl Scores {
    fn new(graph: &Graph, worth: i64) -> Self {
        let n = graph.len();
        let mut table = vec![-1; n * n];
        for v in 0..n as u32 {
            for (w, weight) in graph.around(v) {
                table[v as usize * n + w as usize] = (weight - worth) as i16;
            }
        }
        Self { n, table }
    }

    fn of(&self, a: u32, b: u32) -> Option<i64> {
        let score = self.table[a as usize * self.n + b as usize];
        (score >= 0).then_some(i64::from(score))
    }

    fn triad(&self, a: u32, b: u32, c: u32) -> Option<i64> {
        Some(self.of(a, b)? + self.of(a, c)? + self.of(b, c)?)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    FewTriads,
    ManyTriads,
}

/// Groups of one to three, being improved.
struct Regrouping {
    scores: Scores,
    groups: Vec<Vec<u32>>,
    wish: Wish,
    /// The round in which each group last changed.
    changed: Vec<u32>,
}

impl Regrouping {
    fn new(scores: Scores, groups: Vec<Vec<u32>>, wish: Wish) -> Self {
        let changed = vec![1; groups.len()];
        Self { scores, groups, wish, changed }
    }

    fn replace(&mut self, groups: Vec<Vec<u32>>) {
        self.changed = vec![1; groups.len()];
        self.groups = groups;
    }

    fn into_groups(mut self) -> Vec<Vec<u32>> {
        self.groups.retain(|group| group.len() > 1);
        self.groups
    }

    fn value(&self) -> i64 {
        self.value_of(&self.groups)
    }

    fn value_of(&self, groups: &[Vec<u32>]) -> i64 {
        groups.iter().filter_map(|group| self.worth(group)).sum()
    }

    /// First everyone in a group, then few or many triads, then the score: each outweighs all that follows.
    fn worth(&self, group: &[u32]) -> Option<i64> {
        let n = self.scores.n as i64;
        let triad = n * 10_000 + 1;
        let person = (n + 1) * triad;
        match *group {
            [] | [_] => Some(0),
            [a, b] => Some(2 * person + 2 * self.scores.of(a, b)?),
            [a, b, c] => {
                let kind = if self.wish == Wish::FewTriads { -triad } else { triad };
                Some(3 * person + kind + self.scores.triad(a, b, c)?)
            }
            _ => None,
        }
    }

    /// Re-forms two groups at a time while that helps. Every step is strictly for the better, so it ends.
    fn improve(&mut self) {
        let mut round = 1;
        loop {
            let mut better = false;
            for i in 0..self.groups.len() {
                for j in 0..i {
                    let fresh = self.changed[i].max(self.changed[j]) >= round;
                    if fresh && self.worth_a_look(i, j) && self.reform(i, j) {
                        self.changed[i] = round + 1;
                        self.changed[j] = round + 1;
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
            round += 1;
        }
        self.groups.retain(|group| !group.is_empty());
        self.changed = vec![1; self.groups.len()];
    }

    /// With few triads, the pairs are as good as pairs can be among themselves.
    fn worth_a_look(&self, i: usize, j: usize) -> bool {
        let sizes = [self.groups[i].len(), self.groups[j].len()];
        !(sizes.contains(&0) || self.wish == Wish::FewTriads && sizes == [2, 2])
    }

    fn reform(&mut self, i: usize, j: usize) -> bool {
        let people: Vec<u32> = self.groups[i].iter().chain(&self.groups[j]).copied().collect();
        let now = self.worth(&self.groups[i]).unwrap_or(0) + self.worth(&self.groups[j]).unwrap_or(0);
        let mut best = (now, None);
        // The first person stays in the first group; each bit says who else does.
        for mask in 0_u32..1 << (people.len() - 1) {
            let stays = 1 + mask.count_ones() as usize;
            if stays > 3 || people.len() - stays > 3 {
                continue;
            }
            let mut halves = [[0; 3]; 2];
            let mut sizes = [0; 2];
            for (at, &person) in people.iter().enumerate() {
                let half = usize::from(at > 0 && mask >> (at - 1) & 1 == 0);
                halves[half][sizes[half]] = person;
                sizes[half] += 1;
            }
            let worth = self.worth(&halves[0][..sizes[0]]).zip(self.worth(&halves[1][..sizes[1]]));
            if let Some((one, other)) = worth
                && one + other > best.0
            {
                best = (one + other, Some((halves, sizes)));
            }
        }
        let Some((halves, sizes)) = best.1 else { return false };
        self.groups[i] = halves[0][..sizes[0]].to_vec();
        self.groups[j] = halves[1][..sizes[1]].to_vec();
        true
    }
}
