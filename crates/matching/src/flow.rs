//! Minimum-cost flow on a small general network: successive shortest paths from all sources at once.
//!
//! The primal-dual method: Dijkstra over reduced costs from the nodes with excess (all of them, or one after the other) until the
//! nearest node that lacks flow, then as many augmentations along tight arcs as a depth-first search finds, and again. Each phase
//! moves at least one unit, so it ends after at most as many phases as there are units to move. Potentials stay integers and prove the result.
//! Sources: Ford and Fulkerson 1962; Edmonds and Karp 1972 (potentials); Ahuja, Magnanti and Orlin 1993, chapter 9.

use crate::{Cost, solve::Cancelled};
use std::{cmp::Reverse, collections::BinaryHeap};

/// An arc with bounds on its flow, and the flow it carries.
#[derive(Clone, Copy, Debug)]
pub struct Arc {
    pub from: u32,
    pub to: u32,
    pub lower: u32,
    pub upper: u32,
    pub flow: u32,
    pub cost: Cost,
}

/// A network with a flow that obeys the bounds; [`Network::improve`] makes it the cheapest with the same balance at every node.
pub struct Network {
    pub arcs: Vec<Arc>,
    nodes: usize,
    /// Residual arcs by node: `number << 1 | 1` for the way back.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

const FAR: Cost = Cost::MAX;

impl Network {
    pub fn new(nodes: usize, arcs: Vec<Arc>) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for arc in &arcs {
            debug_assert!(arc.lower <= arc.flow && arc.flow <= arc.upper);
            starts[arc.from as usize] += 1;
            starts[arc.to as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ends = vec![0_u32; sum as usize];
        for (number, arc) in arcs.iter().enumerate().rev() {
            for (node, way) in [(arc.to, 1), (arc.from, 0)] {
                starts[node as usize] -= 1;
                ends[starts[node as usize] as usize] = (number as u32) << 1 | way;
            }
        }
        Self { arcs, nodes, starts, ends }
    }

    /// What can still go along a residual arc, where it leads, and at what cost.
    fn residual(&self, end: u32) -> (u32, usize, Cost) {
        let arc = &self.arcs[(end >> 1) as usize];
        if end & 1 == 0 { (arc.upper - arc.flow, arc.to as usize, arc.cost) } else { (arc.flow - arc.lower, arc.from as usize, -arc.cost) }
    }

    fn push(&mut self, end: u32, units: u32) {
        let arc = &mut self.arcs[(end >> 1) as usize];
        if end & 1 == 0 { arc.flow += units } else { arc.flow -= units }
    }

    fn ends(&self, node: usize) -> std::ops::Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }

    /// Makes the flow the cheapest one, and returns potentials: the reduced cost of an arc, `cost - potential[from] +
    /// potential[to]`, is then at least 0 where more flow could go, and at most 0 where less could.
    ///
    /// `potentials` is where to begin; the nearer to the truth, the less is to be done. `pulse` is told how many units are still to be
    /// moved and may stop the work.
    pub fn improve(
        &mut self,
        mut potentials: Vec<Cost>,
        pulse: &mut dyn FnMut(usize) -> Result<(), Cancelled>,
    ) -> Result<Vec<Cost>, Cancelled> {
        let mut excess = self.obey(&potentials);
        let mut search = Search {
            distance: vec![FAR; self.nodes],
            current: vec![0; self.nodes],
            dead: vec![false; self.nodes],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
        };
        let mut sources: Vec<u32> = (0..self.nodes as u32).filter(|&node| excess[node as usize] > 0).collect();
        // From all sources at once while that serves many of them: where costs are alike. Where every pair has a cost of its own a
        // phase serves one, and what the others searched is searched again; then each goes alone, and no farther than it has to.
        let mut together = true;
        while !sources.is_empty() {
            pulse(sources.len())?;
            let before = sources.len();
            let from = if together { 0 } else { before - 1 };
            let reached = search.run(self, &mut potentials, &sources[from..], &excess);
            // The flow that came in shows that every excess has somewhere to go.
            assert!(reached, "a feasible flow stays feasible");
            for &source in &sources[from..] {
                while excess[source as usize] > 0 && search.augment(self, &potentials, source as usize, &mut excess) {}
            }
            search.clear();
            if together {
                sources.retain(|&source| excess[source as usize] > 0);
                together = (before - sources.len()) * 8 >= before;
            } else if excess[sources[from] as usize] == 0 {
                sources.pop();
            }
        }
        Ok(potentials)
    }

    /// Fills or empties every arc that the potentials want full or empty; what then is too much at each node.
    fn obey(&mut self, potentials: &[Cost]) -> Vec<i64> {
        let mut excess = vec![0_i64; self.nodes];
        for arc in &mut self.arcs {
            let reduced = arc.cost - potentials[arc.from as usize] + potentials[arc.to as usize];
            let wanted = match reduced {
                ..0 => arc.upper,
                0 => arc.flow,
                1.. => arc.lower,
            };
            let more = i64::from(wanted) - i64::from(arc.flow);
            excess[arc.from as usize] -= more;
            excess[arc.to as usize] += more;
            arc.flow = wanted;
        }
        excess
    }
}

struct Search {
    distance: Vec<Cost>,
    /// Where the depth-first search goes on at each node.
    current: Vec<u32>,
    /// Nothing that lacks flow can be reached from here in this phase, or the node is on the path just searched.
    dead: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Search {
    /// Dijkstra until the nearest node that lacks flow; raises the potentials of all nodes nearer than that.
    fn run(&mut self, network: &Network, potentials: &mut [Cost], sources: &[u32], excess: &[i64]) -> bool {
        self.heap.clear();
        for &source in sources {
            self.distance[source as usize] = 0;
            self.touched.push(source);
            self.heap.push(Reverse((0, source)));
        }
        let mut nearest = None;
        while let Some(Reverse((distance, node))) = self.heap.pop() {
            let node = node as usize;
            if nearest.is_some_and(|nearest| distance > nearest) {
                break;
            }
            if distance > self.distance[node] {
                continue;
            }
            if excess[node] < 0 && nearest.is_none() {
                nearest = Some(distance);
            }
            for at in network.ends(node) {
                let (left, to, cost) = network.residual(network.ends[at]);
                if left == 0 {
                    continue;
                }
                let onward = distance + cost - potentials[node] + potentials[to];
                debug_assert!(onward >= distance);
                if onward < self.distance[to] && nearest.is_none_or(|nearest| onward <= nearest) {
                    if self.distance[to] == FAR {
                        self.touched.push(to as u32);
                    }
                    self.distance[to] = onward;
                    self.heap.push(Reverse((onward, to as u32)));
                }
            }
        }
        let Some(nearest) = nearest else { return false };
        for &node in &self.touched {
            let node = node as usize;
            potentials[node] += (nearest - self.distance[node]).max(0);
            self.current[node] = network.starts[node];
        }
        true
    }

    /// One path of tight arcs from a source to a node that lacks flow, among the nodes that the search has reached.
    fn augment(&mut self, network: &mut Network, potentials: &[Cost], source: usize, excess: &mut [i64]) -> bool {
        if self.dead[source] {
            return false;
        }
        let mut path: Vec<u32> = Vec::new();
        let mut node = source;
        self.dead[source] = true;
        loop {
            if excess[node] < 0 {
                break;
            }
            let mut next = None;
            while self.current[node] < network.starts[node + 1] {
                let end = network.ends[self.current[node] as usize];
                let (left, to, cost) = network.residual(end);
                if left > 0 && self.distance[to] != FAR && !self.dead[to] && cost - potentials[node] + potentials[to] == 0 {
                    next = Some((end, to));
                    break;
                }
                self.current[node] += 1;
            }
            if let Some((end, to)) = next {
                path.push(end);
                self.dead[to] = true;
                node = to;
            } else {
                // A dead end stays marked.
                let Some(end) = path.pop() else { return false };
                node = network.residual(end ^ 1).1;
                self.current[node] += 1;
            }
        }
        let mut units = excess[source].min(-excess[node]) as u32;
        for &end in &path {
            units = units.min(network.residual(end).0);
        }
        excess[source] -= i64::from(units);
        excess[node] += i64::from(units);
        self.dead[node] = false;
        for &end in &path {
            self.dead[network.residual(end ^ 1).1] = false;
            network.push(end, units);
        }
        true
    }

    fn clear(&mut self) {
        for node in self.touched.drain(..) {
            self.distance[node as usize] = FAR;
            self.dead[node as usize] = false;
        }
    }
}
