//! The levels of the objective as networks: what the levels so far have decided, and the next one on what they leave open.

use crate::{
    Aim, Cost, Level, MOST_SCORE, Objective, Problem, Progress, Rule, Side, Solution, SolveError, Step,
    fast::{self, Start, Task},
    flow::{Arc, Network},
    problem::lot,
    solve::{Cancelled, fitting, tie_breaking, unproved},
    transport::{LOOSE, NOBODY, Rows},
};

/// How many pairs someone has, and the bounds the levels so far leave.
#[derive(Clone, Copy, Debug)]
struct Span {
    low: u32,
    at: u32,
    high: u32,
}

/// The state of a run: the pairs made so far, and what is still open.
pub struct Levels<'a> {
    pub problem: &'a Problem,
    pub objective: &'a Objective,
    pub progress: &'a dyn Progress,
    floor: Option<i32>,
    made: Vec<bool>,
    open: Vec<bool>,
    mentees: Vec<Span>,
    mentors: Vec<Span>,
    /// Numbers of unmatched people in the groups with a floor.
    groups: Vec<Span>,
    floored: Vec<Option<u32>>,
    levels: Vec<Level>,
    /// The best solution of the same problem with a few pairs less.
    pub start: Option<&'a Solution>,
}

impl<'a> Levels<'a> {
    /// Nothing is made but the locked pairs; pairs below the floor are not open.
    pub fn new(problem: &'a Problem, objective: &'a Objective, progress: &'a dyn Progress, floor: Option<i32>) -> Self {
        let mut made = vec![false; problem.pair_count()];
        let mut open: Vec<bool> = problem.scores().iter().map(|&score| floor.is_none_or(|floor| score >= floor)).collect();
        let span = |low, high| Span { low, at: 0, high };
        let mut mentees: Vec<Span> = problem.mentees().iter().map(|mentee| span(mentee.least, mentee.most)).collect();
        let mut mentors: Vec<Span> = problem.mentors().iter().map(|mentor| span(mentor.least, mentor.most)).collect();
        for (mentee, edge) in problem.locked_pairs() {
            made[edge] = true;
            open[edge] = false;
            mentees[mentee as usize].at += 1;
            mentors[problem.columns()[edge] as usize].at += 1;
        }
        let floors = &problem.rules().group_floors;
        let floored: Vec<Option<u32>> = if floors.is_empty() {
            vec![None; mentees.len()]
        } else {
            let place = |group| floors.iter().position(|&(floored, _)| floored == group).map(|at| at as u32);
            problem.mentees().iter().map(|mentee| place(mentee.group)).collect()
        };
        let mut groups: Vec<Span> = floors.iter().map(|_| span(0, 0)).collect();
        for (mentee, group) in mentees.iter().zip(&floored) {
            if let Some(group) = *group {
                groups[group as usize].high += 1;
                groups[group as usize].at += u32::from(mentee.at == 0);
            }
        }
        for (group, &(_, floor)) in groups.iter_mut().zip(floors) {
            group.high -= floor;
        }
        Self { problem, objective, progress, floor, made, open, mentees, mentors, groups, floored, levels: Vec::new(), start: None }
    }

    /// Meets the lower bounds, then every aim up to the sum of scores.
    pub fn fit(&mut self) -> Result<(), SolveError> {
        if self.fit_fast()? {
            return Ok(());
        }
        self.meet_bounds()?;
        for aim in fitting(self.objective.coverage) {
            self.reach(aim)?;
        }
        Ok(())
    }

    /// [`fast`] for the common problem; false where it is not one, or prices do not come apart into levels.
    fn fit_fast(&mut self) -> Result<bool, SolveError> {
        let problem = self.problem;
        let aims: Vec<Aim> = fitting(self.objective.coverage).collect();
        let mut weights = problem.mentees().iter().filter(|mentee| mentee.most > 0).map(|mentee| mentee.weight);
        let weight = weights.next().unwrap_or(1);
        let simple = problem.mentees().iter().all(|mentee| mentee.least == 0 && mentee.most <= 1)
            && problem.mentors().iter().all(|mentor| mentor.least == 0)
            && problem.rules().group_floors.is_empty()
            && (aims.len() == 1 || weight > 0 && weights.all(|other| other == weight));
        if !simple {
            return Ok(false);
        }
        aims.iter().try_for_each(|&aim| self.check_range(aim))?;
        let best = problem.scores().iter().copied().max().unwrap_or(0) + problem.rules().keep_bonus;
        let people = (self.mentees.len() + self.mentors.len() + 2) as Cost;
        // What a match is worth when coverage comes first: more than all that scores could make up for.
        let unit = match aims[..] {
            [Aim::Score { worth }] => worth,
            _ => 8 * people * (Cost::from(best) + 1),
        };
        if unit.checked_mul(Cost::from(weight)).is_none_or(|most| most > 1 << 60) {
            return Ok(false);
        }
        let filtered = (!self.is_untouched()).then(|| self.filtered());
        let rows = filtered.as_ref().map_or(
            Rows { starts: problem.starts(), columns: problem.columns(), scores: problem.scores() },
            |(starts, columns, scores)| Rows { starts, columns, scores },
        );
        let seats: Vec<u32> = self.mentors.iter().map(|span| span.high - span.at).collect();
        let alone: Vec<Cost> = problem.mentees().iter().map(|mentee| unit * Cost::from(mentee.weight)).collect();
        let whole = unit * Cost::from(weight) + Cost::from(best);
        let about = whole.min(if aims.len() == 1 { 64 } else { 16 } * (Cost::from(best) + 1));
        let start = self.start.and_then(|start| self.start_from(start, aims.len(), unit));
        let task = Task { rows, seats: &seats, alone, about, lift: whole - about, start };
        let answer = fast::run(task, &mut self.pulse(Some(aims[aims.len() - 1])))?;
        if aims.len() == 1 {
            self.accept(&answer.mates);
            self.push(aims[0], answer.mentees, answer.mentors);
            return Ok(true);
        }
        // A price is so many people and so many points. The points are few beside what a match is worth, so the parts prove the levels:
        // a reduced cost of at least 0 has an at least equal part of people, and where that is 0 the part of points is at least 0.
        let people_of = |price: &Cost| (price + unit / 2).div_euclid(unit);
        let points_of = |price: &Cost| (price + unit / 2).rem_euclid(unit) - unit / 2;
        if answer.mentees.iter().chain(&answer.mentors).any(|price| points_of(price).abs() > unit / 4) {
            return Ok(false);
        }
        self.accept(&answer.mates);
        self.push(aims[0], answer.mentees.iter().map(people_of).collect(), answer.mentors.iter().map(people_of).collect());
        self.push(aims[1], answer.mentees.iter().map(points_of).collect(), answer.mentors.iter().map(points_of).collect());
        Ok(true)
    }

    /// The pairs of a solution, without those that are locked, and its prices, people in units.
    fn start_from(&self, solution: &Solution, aims: usize, unit: Cost) -> Option<Start> {
        let prices = match solution.certificate.levels.get(..aims)? {
            [people, points] => people.mentors.iter().zip(&points.mentors).map(|(people, points)| people * unit + points).collect(),
            levels => levels.first()?.mentors.clone(),
        };
        let mut mates = vec![NOBODY; self.mentees.len()];
        for &(mentee, mentor) in solution.pairs.iter().filter(|pair| self.mentees[pair.0 as usize].at == 0) {
            mates[mentee as usize] = mentor;
        }
        Some(Start { mates, prices })
    }

    /// Whether every pair is open, at its own score.
    fn is_untouched(&self) -> bool {
        let problem = self.problem;
        self.floor.is_none()
            && problem.locked_edges().is_empty()
            && (problem.rules().keep_bonus == 0 || problem.previous_edges().is_empty())
            && problem.mentees().iter().all(|mentee| mentee.most == 1)
    }

    /// The open pairs of those who are not locked, with bonuses.
    fn filtered(&self) -> (Vec<u32>, Vec<u32>, Vec<i32>) {
        let problem = self.problem;
        let (mut starts, mut columns, mut scores) = (vec![0], Vec::new(), Vec::new());
        for mentee in 0..self.mentees.len() as u32 {
            let span = self.mentees[mentee as usize];
            if span.at < span.high {
                for edge in problem.edges(mentee).filter(|&edge| self.open[edge]) {
                    columns.push(problem.columns()[edge]);
                    scores.push(problem.scores()[edge] + self.bonus(edge) as i32);
                }
            }
            starts.push(columns.len() as u32);
        }
        (starts, columns, scores)
    }

    fn bonus(&self, edge: usize) -> Cost {
        let kept = self.problem.previous_edges().binary_search(&(edge as u32)).is_ok();
        if kept { Cost::from(self.problem.rules().keep_bonus) } else { 0 }
    }

    /// Makes the pairs of the fast way.
    fn accept(&mut self, mates: &[u32]) {
        for (mentee, &mate) in (0..).zip(mates).filter(|&(_, &mate)| mate < LOOSE) {
            if let Some(edge) = self.problem.edge(mentee, mate) {
                self.made[edge] = true;
                self.mentees[mentee as usize].at = 1;
                self.mentors[mate as usize].at += 1;
            }
        }
    }

    /// Adds a level whose prices came from elsewhere, and closes what they decide. For problems without bounds and floors only.
    fn push(&mut self, aim: Aim, mut mentees: Vec<Cost>, mentors: Vec<Cost>) {
        let problem = self.problem;
        let costs = matches!(aim, Aim::Score { .. });
        let worth = match aim {
            Aim::Coverage => 1,
            Aim::Score { worth } => worth,
            _ => 0,
        };
        let closing = tie_breaking(self.objective).next().is_some() || aim == Aim::Coverage;
        for (i, price) in mentees.iter_mut().enumerate() {
            let span = &mut self.mentees[i];
            let edges = problem.edges(i as u32);
            let (low, high) = (span.low, span.high);
            let alone = worth * Cost::from(problem.mentees()[i].weight);
            let out_of_play = high == 0 || edges.clone().any(|edge| self.made[edge] && !self.open[edge]) && span.at == 1;
            if !closing && !out_of_play {
                continue;
            }
            let kept = |edge: usize| problem.rules().keep_bonus != 0 && problem.previous_edges().binary_search(&(edge as u32)).is_ok();
            let cost = |edge: usize| {
                let bonus = if kept(edge) { Cost::from(problem.rules().keep_bonus) } else { 0 };
                mentors[problem.columns()[edge] as usize] - if costs { Cost::from(problem.scores()[edge]) + bonus } else { 0 }
            };
            if out_of_play {
                // Whoever is locked or takes nobody asks for no more than the best of their other pairs would cost.
                *price = edges.clone().filter(|&edge| self.open[edge]).map(cost).fold(alone, Cost::min);
            }
            for edge in edges {
                if self.open[edge] && cost(edge) != *price {
                    self.open[edge] = false;
                }
            }
            if low < high && *price != alone {
                (span.low, span.high) = (span.at, span.at);
            }
        }
        for (span, &price) in self.mentors.iter_mut().zip(&mentors) {
            if closing && price != 0 {
                (span.low, span.high) = (span.at, span.at);
            }
        }
        self.levels.push(Level { aim, mentees, mentors, groups: Vec::new() });
    }

    /// The aims after the sum of scores.
    pub fn tie_break(&mut self) -> Result<(), SolveError> {
        tie_breaking(self.objective).try_for_each(|aim| self.reach(aim))
    }

    /// The weight of the people matched.
    pub fn coverage(&self) -> u64 {
        (self.problem.mentees().iter().zip(&self.mentees)).filter(|(_, span)| span.at > 0).map(|(mentee, _)| u64::from(mentee.weight)).sum()
    }

    /// The sum of scores and bonuses of the pairs made.
    pub fn total(&self) -> i64 {
        let kept = self.problem.previous_edges().iter().filter(|&&edge| self.made[edge as usize]).count() as i64;
        self.score() + kept * i64::from(self.problem.rules().keep_bonus)
    }

    /// The least score of a pair that is made without being locked.
    pub fn worst(&self) -> Option<i32> {
        (0..self.made.len())
            .filter(|&edge| self.made[edge] && self.problem.locked_edges().binary_search(&(edge as u32)).is_err())
            .map(|edge| self.problem.scores()[edge])
            .min()
    }

    /// The solution and its proof.
    pub fn finish(self) -> Solution {
        let score = self.score();
        let mut pairs = Vec::new();
        for mentee in 0..self.mentees.len() as u32 {
            pairs.extend(self.problem.edges(mentee).filter(|&edge| self.made[edge]).map(|edge| (mentee, self.problem.columns()[edge])));
        }
        let unmatched = (0..).zip(&self.mentees).filter(|(_, span)| span.at == 0).map(|(mentee, _)| mentee).collect();
        let mut certificate = unproved(self.floor);
        certificate.levels = self.levels;
        Solution { pairs, unmatched, score, certificate }
    }

    fn score(&self) -> i64 {
        self.problem.scores().iter().zip(&self.made).filter(|(_, made)| **made).map(|(&score, _)| i64::from(score)).sum()
    }

    fn pulse(&self, aim: Option<Aim>) -> impl FnMut(usize) -> Result<(), Cancelled> + use<'a> {
        let progress = self.progress;
        move |left| if progress.report(Step { aim, left }).is_break() { Err(Cancelled) } else { Ok(()) }
    }

    /// Finds pairs that meet every lower bound, or the least that lacks.
    fn meet_bounds(&mut self) -> Result<(), SolveError> {
        let met = self.mentees.iter().chain(&self.mentors).all(|span| span.low <= span.at)
            && self.groups.iter().all(|group| group.at <= group.high);
        if met {
            return Ok(());
        }
        let mut net = Net::new(self);
        net.pairs(self, |_, _| 0);
        for (i, span) in (0..).zip(&self.mentees) {
            let mut empty = span.high - span.at;
            let (free, last) = (span.high - span.low.max(1).min(span.high), u32::from(span.low == 0 && span.high > 0));
            net.arc(i, net.sink, 0, free, &mut empty, 0);
            net.arc(i, net.group(self.floored[i as usize]), 0, last, &mut empty, 0);
            net.arc(i, net.sink, 0, span.low, &mut empty, 1);
        }
        for (j, span) in (0..).zip(&self.mentors) {
            let mut load = span.at;
            net.arc(net.mentor(j), net.sink, 0, span.low, &mut load, -1);
            net.arc(net.mentor(j), net.sink, 0, span.high - span.low, &mut load, 0);
        }
        for (at, span) in (0..).zip(&self.groups) {
            // Those who must be matched and are not yet lack it on their own account.
            let counts = |(mentee, group): (&Span, &Option<u32>)| *group == Some(at) && mentee.at == 0 && mentee.low == 0;
            let mut empty = self.mentees.iter().zip(&self.floored).filter(|&pair| counts(pair)).count() as u32;
            net.arc(net.group(Some(at)), net.sink, 0, span.high, &mut empty, 0);
            net.arc(net.group(Some(at)), net.sink, 0, u32::MAX >> 1, &mut empty, 1);
        }
        let potentials = net.start();
        let mut network = Network::new(net.nodes, net.arcs);
        network.improve(potentials, &mut self.pulse(None))?;
        let (mut lacking, mut worst) = (0_u64, None);
        for arc in &network.arcs {
            let short = match arc.cost {
                1 => arc.flow,
                -1 => arc.upper - arc.flow,
                _ => 0,
            };
            if short > 0 {
                lacking += u64::from(short);
                worst.get_or_insert((arc.from, short));
            }
        }
        if let Some((node, short)) = worst {
            return Err(SolveError::Impossible { rule: self.rule(node), short, lacking });
        }
        self.take(&network);
        Ok(())
    }

    /// The lower bound that belongs to a node.
    fn rule(&self, node: u32) -> Rule {
        let (mentees, mentors) = (self.mentees.len() as u32, self.mentors.len() as u32);
        if node < mentees {
            Rule::Least { side: Side::Mentee, person: node, least: self.mentees[node as usize].low }
        } else if node < mentees + mentors {
            let person = node - mentees;
            Rule::Least { side: Side::Mentor, person, least: self.mentors[person as usize].low }
        } else {
            let (group, floor) = self.problem.rules().group_floors[(node - mentees - mentors) as usize];
            Rule::GroupFloor { group, floor }
        }
    }

    /// Reads the pairs off the network.
    fn take(&mut self, network: &Network) {
        self.mentees.iter_mut().chain(&mut self.mentors).chain(&mut self.groups).for_each(|span| span.at = 0);
        let mut arcs = network.arcs.iter();
        for mentee in 0..self.mentees.len() as u32 {
            for edge in self.problem.edges(mentee) {
                if self.open[edge] {
                    self.made[edge] = arcs.next().is_some_and(|arc| arc.flow > 0);
                }
                if self.made[edge] {
                    self.mentees[mentee as usize].at += 1;
                    self.mentors[self.problem.columns()[edge] as usize].at += 1;
                }
            }
            if self.mentees[mentee as usize].at == 0
                && let Some(group) = self.floored[mentee as usize]
            {
                self.groups[group as usize].at += 1;
            }
        }
    }

    /// Minimises one aim among what is open, and closes what its prices decide.
    pub fn reach(&mut self, aim: Aim) -> Result<(), SolveError> {
        self.check_range(aim)?;
        let problem = self.problem;
        let previous = |edge: usize| Cost::from(problem.previous_edges().binary_search(&(edge as u32)).is_ok());
        let mut net = Net::new(self);
        match aim {
            Aim::Coverage | Aim::Balance => net.pairs(self, |_, _| 0),
            Aim::Score { .. } if problem.previous_edges().is_empty() => net.pairs(self, |_, edge| -Cost::from(problem.scores()[edge])),
            Aim::Score { .. } => {
                net.pairs(self, |_, edge| -Cost::from(problem.scores()[edge]) - Cost::from(problem.rules().keep_bonus) * previous(edge));
            }
            Aim::Keep => net.pairs(self, |_, edge| -previous(edge)),
            Aim::Lots { seed } => net.pairs(self, |mentee, edge| {
                lot(seed, problem.mentees()[mentee as usize].key, problem.mentors()[problem.columns()[edge] as usize].key)
            }),
        }
        let pairs = net.arcs.len();
        for (i, (span, mentee)) in (0..).zip(self.mentees.iter().zip(problem.mentees())) {
            let worth = match aim {
                Aim::Coverage => 1,
                Aim::Score { worth } => worth,
                _ => 0,
            } * Cost::from(mentee.weight);
            let mut empty = span.high - span.at;
            net.arc(i, net.sink, 0, span.high - span.low.max(1).min(span.high), &mut empty, 0);
            net.arc(i, net.group(self.floored[i as usize]), 0, u32::from(span.low == 0 && span.high > 0), &mut empty, worth);
        }
        for (j, span) in (0..).zip(&self.mentors) {
            let mut load = span.at;
            if aim == Aim::Balance {
                net.arc(net.mentor(j), net.sink, span.low, span.low, &mut load, 0);
                // More than a mentor's open pairs cannot come.
                for seat in span.low + 1..=span.high.min(net.degrees[j as usize].saturating_add(span.at)) {
                    net.arc(net.mentor(j), net.sink, 0, 1, &mut load, 2 * Cost::from(seat) - 1);
                }
            } else {
                net.arc(net.mentor(j), net.sink, span.low, span.high, &mut load, 0);
            }
        }
        for (at, span) in (0..).zip(&self.groups) {
            let mut empty = span.at;
            net.arc(net.group(Some(at)), net.sink, span.low, span.high, &mut empty, 0);
        }
        let (potentials, (nodes, sink)) = (net.start(), (net.nodes, net.sink));
        let mut network = Network::new(nodes, net.arcs);
        let mut potentials = network.improve(potentials, &mut self.pulse(Some(aim)))?;
        let ground = potentials[sink as usize];
        potentials.iter_mut().for_each(|potential| *potential -= ground);
        self.take(&network);
        self.close(&network, pairs, &potentials);
        let mentors = self.mentees.len();
        let groups = mentors + self.mentors.len();
        self.levels.push(Level {
            aim,
            mentees: potentials[..mentors].to_vec(),
            mentors: potentials[mentors..groups].to_vec(),
            groups: potentials[groups..sink as usize].to_vec(),
        });
        Ok(())
    }

    /// Pairs and places at non-zero reduced cost are decided.
    fn close(&mut self, network: &Network, pairs: usize, potentials: &[Cost]) {
        let reduced = |arc: &Arc| arc.cost - potentials[arc.from as usize] + potentials[arc.to as usize];
        let mut arcs = network.arcs[..pairs].iter();
        for open in &mut self.open {
            if *open {
                *open = arcs.next().is_some_and(|arc| reduced(arc) == 0);
            }
        }
        // What each node may still send besides its pairs.
        let mut rest: Vec<(u32, u32)> = vec![(0, 0); network_rest(self)];
        for arc in &network.arcs[pairs..] {
            let (lower, upper) = match reduced(arc) {
                ..0 => (arc.upper, arc.upper),
                0 => (arc.lower, arc.upper),
                1.. => (arc.lower, arc.lower),
            };
            let rest = &mut rest[arc.from as usize];
            *rest = (rest.0 + lower, rest.1 + upper);
        }
        let mut rest = rest.into_iter();
        for (span, (lower, upper)) in self.mentees.iter_mut().zip(&mut rest) {
            (span.low, span.high) = (span.high - upper, span.high - lower);
        }
        for (span, (lower, upper)) in self.mentors.iter_mut().chain(&mut self.groups).zip(&mut rest) {
            (span.low, span.high) = (lower, upper);
        }
    }

    /// Prices are sums along paths that visit nobody twice; they must stay far from the ends of the integers.
    fn check_range(&self, aim: Aim) -> Result<(), SolveError> {
        let largest = match aim {
            Aim::Coverage | Aim::Keep => 1 << 20,
            Aim::Score { worth } => {
                let weight = self.problem.mentees().iter().map(|mentee| mentee.weight).max().unwrap_or(0);
                if !(0..=1 << 40).contains(&worth) {
                    return Err(SolveError::TooLarge);
                }
                let score = self.problem.scores().iter().copied().max().unwrap_or(0);
                (worth * Cost::from(weight)).max(Cost::from(score) + Cost::from(self.problem.rules().keep_bonus))
            }
            Aim::Balance => 1 << 31,
            Aim::Lots { .. } => Cost::from(MOST_SCORE),
        };
        let nodes = (self.mentees.len() + self.mentors.len() + self.groups.len() + 2) as Cost;
        if largest.checked_mul(nodes).is_some_and(|most| most < 1 << 62) { Ok(()) } else { Err(SolveError::TooLarge) }
    }
}

fn network_rest(levels: &Levels<'_>) -> usize {
    levels.mentees.len() + levels.mentors.len() + levels.groups.len()
}

/// A network while it is put together: mentees, mentors, groups with a floor, the sink.
struct Net {
    arcs: Vec<Arc>,
    degrees: Vec<u32>,
    mentees: u32,
    mentors: u32,
    sink: u32,
    nodes: usize,
}

impl Net {
    fn new(levels: &Levels<'_>) -> Self {
        let (mentees, mentors) = (levels.mentees.len() as u32, levels.mentors.len() as u32);
        let sink = mentees + mentors + levels.groups.len() as u32;
        Self { arcs: Vec::new(), degrees: Vec::new(), mentees, mentors, sink, nodes: sink as usize + 1 }
    }

    const fn mentor(&self, mentor: u32) -> u32 {
        self.mentees + mentor
    }

    /// Where being unmatched leads: to the group if it has a floor, else straight to the sink.
    fn group(&self, group: Option<u32>) -> u32 {
        group.map_or(self.sink, |group| self.mentees + self.mentors + group)
    }

    /// The open pairs, in order; the first arcs of the network.
    fn pairs(&mut self, levels: &Levels<'_>, cost: impl Fn(u32, usize) -> Cost) {
        self.degrees = vec![0; self.mentors as usize];
        for mentee in 0..self.mentees {
            for edge in levels.problem.edges(mentee).filter(|&edge| levels.open[edge]) {
                let mentor = levels.problem.columns()[edge];
                self.degrees[mentor as usize] += 1;
                let (to, flow) = (self.mentor(mentor), u32::from(levels.made[edge]));
                self.arcs.push(Arc { from: mentee, to, lower: 0, upper: 1, flow, cost: cost(mentee, edge) });
            }
        }
    }

    /// An arc besides the pairs, which carries as much of `flow` as it can; what is left over remains there.
    fn arc(&mut self, from: u32, to: u32, lower: u32, upper: u32, flow: &mut u32, cost: Cost) {
        if upper > 0 {
            let carried = upper.min(*flow);
            *flow -= carried;
            self.arcs.push(Arc { from, to, lower, upper, flow: carried, cost });
        }
    }

    /// Potentials to begin with: each mentee's is what the last of the places costs that they would take if nobody else did.
    fn start(&self) -> Vec<Cost> {
        let mut potentials = vec![0; self.nodes];
        let mut flows = vec![0_u32; self.mentees as usize];
        let mut offers: Vec<(u32, Cost, u32)> = Vec::with_capacity(self.arcs.len());
        for arc in self.arcs.iter().filter(|arc| arc.from < self.mentees) {
            flows[arc.from as usize] += arc.flow;
            offers.push((arc.from, arc.cost, arc.upper));
        }
        offers.sort_unstable();
        for of_one in offers.chunk_by(|one, next| one.0 == next.0) {
            let mentee = of_one[0].0 as usize;
            let mut places = 0;
            for &(_, cost, upper) in of_one {
                potentials[mentee] = cost;
                places += upper;
                if places >= flows[mentee] {
                    break;
                }
            }
        }
        potentials
    }
}
