//! Maximum-weight matching on a general graph, with the prices that prove it.
//!
//! Edmonds' linear programme (1965) has one price for each vertex and one for each odd set of vertices:
//!
//! ```text
//! minimise   sum u(v) + sum z(B) (|B| - 1)
//! subject to u(a) + u(b) + 2 * sum of z(B) over the sets that hold both a and b >= 2 w(a, b),   u, z >= 0
//! ```
//!
//! which is twice the weight of the best matching. Everything is doubled so that all prices stay integers.
//!
//! The search grows one alternating tree at a time, from one exposed vertex, in the manner of Dijkstra: everything that can
//! happen to the tree (it reaches a vertex, two outer vertices meet, an inner blossom falls apart) is an event on one clock, and
//! prices are settled only when a vertex changes its side. Galil (1986) grows all trees at once and is better in the worst case;
//! one tree at a time ends much earlier on the pools of people we know, where a good start leaves few vertices exposed.
//!
//! Worst case O(n m log n) time; O(n + m) memory.
//!
//! Sources: J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", 1965; Z. Galil, "Efficient algorithms for finding
//! maximum matching in graphs", ACM Computing Surveys 18, 1986.

use std::{cmp::Reverse, collections::BinaryHeap};

/// No vertex, no node.
pub(super) const NOBODY: u32 = u32::MAX;

/// An undirected graph, each edge listed at both ends: the neighbours of `v` are `near[starts[v]..starts[v + 1]]`.
pub(super) struct Graph {
    pub starts: Vec<usize>,
    pub near: Vec<u32>,
    pub weights: Vec<i64>,
}

impl Graph {
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn around(&self, v: u32) -> impl Iterator<Item = (u32, i64)> + '_ {
        let row = self.starts[v as usize]..self.starts[v as usize + 1];
        self.near[row.clone()].iter().copied().zip(self.weights[row].iter().copied())
    }
}

/// A matching and its proof. `odd_sets` lists the sets with a price above nought; they are nested or apart.
pub(super) struct Matched {
    pub mate: Vec<u32>,
    pub prices: Vec<i64>,
    pub odd_sets: Vec<(Vec<u32>, i64)>,
}

/// The matching of greatest total weight. Weights are positive; at most 2^60 in sum.
pub(super) fn maximum_weight(graph: &Graph) -> Matched {
    let mut forest = Forest::new(graph);
    forest.start();
    for root in 0..graph.len() as u32 {
        if forest.mate[root as usize] == NOBODY && forest.price[root as usize] > 0 {
            forest.search(root);
        }
    }
    forest.into_matched()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    /// Not in the tree.
    Out,
    /// At even distance from the root: may be matched anew.
    Outer,
    /// At odd distance from the root.
    Inner,
}

/// What may happen to the tree, at a time of its clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Expand(u32),
    Join(u32, u32),
    Grow(u32),
}

/// How a search ends.
#[derive(Clone, Copy)]
enum End {
    /// The outer vertex is worth nothing any more and stays alone in place of the root.
    Alone(u32),
    /// The outer vertex reaches an exposed vertex.
    Reach(u32, u32),
}

/// Nodes are the vertices `0..n`, and blossoms from `n` on.
struct Forest<'a> {
    graph: &'a Graph,
    mate: Vec<u32>,
    price: Vec<i64>,
    /// The outermost node around each vertex.
    top: Vec<u32>,
    /// The outer vertex with the least slack to each vertex that is not outer, and the weight of the edge between.
    nearest: Vec<(u32, i64)>,

    base: Vec<u32>,
    label: Vec<Label>,
    /// The time since when a node has its label, up to which the prices in it are settled.
    since: Vec<i64>,
    /// The edge (outer end, inner end) by which an inner node came into the tree.
    entry: Vec<(u32, u32)>,
    /// The price of a blossom as an odd set.
    set_price: Vec<i64>,
    /// The next larger blossom.
    inside: Vec<u32>,
    /// The odd cycle of a blossom, the child with the base first.
    children: Vec<Vec<u32>>,
    /// The edge from each child to the next, its ends in that order.
    links: Vec<Vec<(u32, u32)>>,
    spare: Vec<u32>,
    mark: Vec<u32>,
    marks: u32,

    clock: i64,
    /// No event at or after this time matters: the search can end then.
    limit: i64,
    end: End,
    events: BinaryHeap<Reverse<(i64, Event)>>,
    unscanned: Vec<u32>,
    labelled: Vec<u32>,
    touched: Vec<u32>,
}

impl<'a> Forest<'a> {
    fn new(graph: &'a Graph) -> Self {
        let n = graph.len();
        let nodes = 2 * n;
        Self {
            graph,
            mate: vec![NOBODY; n],
            price: vec![0; n],
            top: (0..n as u32).collect(),
            nearest: vec![(NOBODY, 0); n],
            base: (0..n as u32).chain(std::iter::repeat_n(NOBODY, n)).collect(),
            label: vec![Label::Out; nodes],
            since: vec![0; nodes],
            entry: vec![(NOBODY, NOBODY); nodes],
            set_price: vec![0; nodes],
            inside: vec![NOBODY; nodes],
            children: vec![Vec::new(); nodes],
            links: vec![Vec::new(); nodes],
            spare: (n as u32..nodes as u32).rev().collect(),
            mark: vec![0; nodes],
            marks: 0,
            clock: 0,
            limit: 0,
            end: End::Alone(NOBODY),
            events: BinaryHeap::new(),
            unscanned: Vec::new(),
            labelled: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Prices that are feasible and low, and the edges they leave without slack: the start of Jonker and Volgenant (1987),
    /// carried over to general graphs. It matches most people; the searches do the rest.
    fn start(&mut self) {
        let graph = self.graph;
        let people = 0..graph.len() as u32;
        for v in people.clone() {
            self.price[v as usize] = graph.around(v).map(|(_, weight)| weight).max().unwrap_or(0);
        }
        for v in people {
            let need = |price: &[i64], (w, weight): (u32, i64)| 2 * weight - price[w as usize];
            let lowest = graph.around(v).map(|edge| need(&self.price, edge)).max().unwrap_or(0).max(0);
            self.price[v as usize] = lowest;
            if self.mate[v as usize] != NOBODY {
                continue;
            }
            let tight = |&edge: &(u32, i64)| self.mate[edge.0 as usize] == NOBODY && need(&self.price, edge) == lowest;
            if let Some((w, _)) = graph.around(v).find(tight) {
                self.mate[v as usize] = w;
                self.mate[w as usize] = v;
            }
        }
    }

    fn search(&mut self, root: u32) {
        self.clock = 0;
        self.limit = i64::MAX;
        self.make_outer(self.top[root as usize]);
        loop {
            while self.limit > self.clock
                && let Some(v) = self.unscanned.pop()
            {
                self.scan(v);
            }
            match self.events.pop() {
                Some(Reverse((time, event))) if time < self.limit => {
                    self.clock = time;
                    self.happen(event);
                }
                _ => break,
            }
        }
        self.finish();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Grow(w) => {
                let (v, weight) = self.nearest[w as usize];
                // Events outlive what they announced; only what is true now counts.
                if self.label[self.top[w as usize] as usize] == Label::Out && self.slack(v, w, weight) == 0 {
                    self.grow(v, w);
                }
            }
            Event::Join(v, w) => {
                if self.top[v as usize] != self.top[w as usize] {
                    self.shrink(v, w);
                }
            }
            Event::Expand(node) => {
                let b = node as usize;
                let due = self.set_price[b] == self.clock - self.since[b];
                if self.inside[b] == NOBODY && self.label[b] == Label::Inner && due {
                    self.expand(node);
                }
            }
        }
    }

    /// The price of a vertex now.
    fn price_now(&self, v: u32) -> i64 {
        let node = self.top[v as usize] as usize;
        let age = self.clock - self.since[node];
        match self.label[node] {
            Label::Out => self.price[v as usize],
            Label::Outer => self.price[v as usize] - age,
            Label::Inner => self.price[v as usize] + age,
        }
    }

    /// The slack of an edge between two outermost nodes.
    fn slack(&self, v: u32, w: u32, weight: i64) -> i64 {
        self.price_now(v) + self.price_now(w) - 2 * weight
    }

    fn exposed(&self, node: u32) -> bool {
        self.mate[self.base[node as usize] as usize] == NOBODY
    }

    fn announce(&mut self, time: i64, event: Event) {
        if time < self.limit {
            self.events.push(Reverse((time, event)));
        }
    }

    fn may_end(&mut self, time: i64, end: End) {
        if time < self.limit {
            self.limit = time;
            self.end = end;
        }
    }

    fn scan(&mut self, v: u32) {
        let graph = self.graph;
        let own = self.top[v as usize];
        let price = self.price_now(v);
        for (w, weight) in graph.around(v) {
            let node = self.top[w as usize];
            if node == own {
                continue;
            }
            let slack = price + self.price_now(w) - 2 * weight;
            match self.label[node as usize] {
                Label::Outer => self.announce(self.clock + slack / 2, Event::Join(v, w)),
                Label::Out if self.exposed(node) => self.may_end(self.clock + slack, End::Reach(v, w)),
                Label::Out | Label::Inner => {
                    let (other, other_weight) = self.nearest[w as usize];
                    if other == NOBODY {
                        self.touched.push(w);
                    } else if self.slack(other, w, other_weight) <= slack {
                        continue;
                    }
                    self.nearest[w as usize] = (v, weight);
                    if self.label[node as usize] == Label::Out {
                        self.announce(self.clock + slack, Event::Grow(w));
                    }
                }
            }
        }
    }

    /// The node around `w` joins the tree as inner, and its partner as outer.
    fn grow(&mut self, v: u32, w: u32) {
        let node = self.top[w as usize];
        self.make_inner(node, (v, w));
        self.make_outer(self.top[self.mate[self.base[node as usize] as usize] as usize]);
    }

    fn make_inner(&mut self, node: u32, entry: (u32, u32)) {
        let b = node as usize;
        self.label[b] = Label::Inner;
        self.since[b] = self.clock;
        self.entry[b] = entry;
        self.labelled.push(node);
        if !self.children[b].is_empty() {
            self.announce(self.clock + self.set_price[b], Event::Expand(node));
        }
    }

    fn make_outer(&mut self, node: u32) {
        self.label[node as usize] = Label::Outer;
        self.since[node as usize] = self.clock;
        self.labelled.push(node);
        for v in self.vertices(node) {
            self.newly_outer(v);
        }
    }

    fn newly_outer(&mut self, v: u32) {
        self.unscanned.push(v);
        self.may_end(self.clock + self.price[v as usize], End::Alone(v));
    }

    /// All vertices of a node, in the order of its cycles.
    fn vertices(&self, node: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if (node as usize) < self.graph.len() {
                found.push(node);
            } else {
                open.extend(self.children[node as usize].iter().rev());
            }
        }
        found
    }

    /// Brings the prices in a node up to the clock.
    fn settle(&mut self, node: u32) {
        let b = node as usize;
        let age = self.clock - self.since[b];
        self.since[b] = self.clock;
        let step = match self.label[b] {
            Label::Out => return,
            Label::Outer => age,
            Label::Inner => -age,
        };
        if step == 0 {
            return;
        }
        if b >= self.graph.len() {
            self.set_price[b] += step;
        }
        for v in self.vertices(node) {
            self.price[v as usize] -= step;
        }
    }

    /// The outer node above an outer node, with the inner node between and both edges, read upwards.
    fn above(&self, outer: u32) -> Option<(u32, u32, [(u32, u32); 2])> {
        let base = self.base[outer as usize];
        let partner = self.mate[base as usize];
        if partner == NOBODY {
            return None;
        }
        let inner = self.top[partner as usize];
        let (x, y) = self.entry[inner as usize];
        Some((inner, self.top[x as usize], [(base, partner), (y, x)]))
    }

    /// The outer node in which the ways from two outer nodes to the root meet.
    fn meeting(&mut self, a: u32, b: u32) -> u32 {
        self.marks += 1;
        let mut ways = [Some(a), Some(b)];
        loop {
            for way in &mut ways {
                if let Some(node) = *way {
                    if self.mark[node as usize] == self.marks {
                        return node;
                    }
                    self.mark[node as usize] = self.marks;
                    *way = self.above(node).map(|(_, outer, _)| outer);
                }
            }
        }
    }

    /// The nodes from an outer node up to, and without, `until`, and the edge from each to the next.
    fn way_up(&self, from: u32, until: u32) -> (Vec<u32>, Vec<(u32, u32)>) {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let mut at = from;
        while at != until
            && let Some((inner, outer, both)) = self.above(at)
        {
            nodes.extend([at, inner]);
            edges.extend(both);
            at = outer;
        }
        (nodes, edges)
    }

    /// Two outer vertices of one tree meet: the odd cycle they close becomes one outer node.
    fn shrink(&mut self, v: u32, w: u32) {
        let (a, b) = (self.top[v as usize], self.top[w as usize]);
        let meeting = self.meeting(a, b);
        let (left, left_edges) = self.way_up(a, meeting);
        let (right, right_edges) = self.way_up(b, meeting);
        let children: Vec<u32> = std::iter::once(meeting).chain(left.into_iter().rev()).chain(right).collect();
        let links: Vec<(u32, u32)> =
            left_edges.into_iter().rev().map(|(x, y)| (y, x)).chain(std::iter::once((v, w))).chain(right_edges).collect();

        let node = self.spare.pop().expect("a graph of n vertices has fewer than n blossoms");
        for &child in &children {
            self.settle(child);
            self.inside[child as usize] = node;
        }
        let new = node as usize;
        self.base[new] = self.base[meeting as usize];
        self.label[new] = Label::Outer;
        self.since[new] = self.clock;
        self.set_price[new] = 0;
        self.inside[new] = NOBODY;
        self.labelled.push(node);
        for &child in &children {
            let was_inner = self.label[child as usize] == Label::Inner;
            for v in self.vertices(child) {
                self.top[v as usize] = node;
                if was_inner {
                    self.newly_outer(v);
                }
            }
        }
        self.children[new] = children;
        self.links[new] = links;
    }

    /// An inner blossom whose price has fallen to nought falls apart. The even way from where the tree enters it to its base stays
    /// in the tree; the other children leave it.
    fn expand(&mut self, node: u32) {
        self.settle(node);
        let b = node as usize;
        let children = std::mem::take(&mut self.children[b]);
        let links = std::mem::take(&mut self.links[b]);
        for &child in &children {
            self.inside[child as usize] = NOBODY;
            self.label[child as usize] = Label::Out;
            self.since[child as usize] = self.clock;
            for v in self.vertices(child) {
                self.top[v as usize] = child;
            }
        }
        self.label[b] = Label::Out;
        self.spare.push(node);

        let mut entry = self.entry[b];
        let first = self.top[entry.1 as usize];
        let mut at = children.iter().position(|&child| child == first).expect("the tree enters a blossom at one of its children");
        loop {
            self.make_inner(children[at], entry);
            if at == 0 {
                break;
            }
            let (outer, next, edge) = step(&links, at);
            self.make_outer(children[outer]);
            entry = edge;
            at = next;
        }
        for &child in &children {
            if self.label[child as usize] == Label::Out {
                for w in self.vertices(child) {
                    let (v, weight) = self.nearest[w as usize];
                    if v != NOBODY {
                        self.announce(self.clock + self.slack(v, w, weight), Event::Grow(w));
                    }
                }
            }
        }
    }

    /// Makes `v` the base of its node, by moving every matched edge on the even way from `v` to the old base.
    fn rebase(&mut self, node: u32, v: u32) {
        let mut open = vec![(node, v)];
        while let Some((node, v)) = open.pop() {
            let b = node as usize;
            self.base[b] = v;
            if b < self.graph.len() {
                continue;
            }
            let mut child = v;
            while self.inside[child as usize] != node {
                child = self.inside[child as usize];
            }
            open.push((child, v));
            let first = self.children[b].iter().position(|&c| c == child).expect("a blossom knows its children");
            let mut at = first;
            while at != 0 {
                let (middle, next, (x, y)) = step(&self.links[b], at);
                open.extend([(self.children[b][middle], x), (self.children[b][next], y)]);
                self.mate[x as usize] = y;
                self.mate[y as usize] = x;
                at = next;
            }
            self.children[b].rotate_left(first);
            self.links[b].rotate_left(first);
        }
    }

    fn finish(&mut self) {
        self.clock = self.limit;
        let labelled = std::mem::take(&mut self.labelled);
        for &node in &labelled {
            if self.inside[node as usize] == NOBODY {
                self.settle(node);
            }
        }
        match self.end {
            End::Alone(v) => self.flip(v, NOBODY),
            End::Reach(v, w) => {
                self.rebase(self.top[w as usize], w);
                self.mate[w as usize] = v;
                self.flip(v, w);
            }
        }
        for node in labelled {
            self.label[node as usize] = Label::Out;
        }
        for w in self.touched.drain(..) {
            self.nearest[w as usize] = (NOBODY, 0);
        }
        self.events.clear();
        self.unscanned.clear();
    }

    /// Matches the outer vertex `v` with `partner`, and everybody on its way to the root anew.
    fn flip(&mut self, mut v: u32, mut partner: u32) {
        loop {
            let node = self.top[v as usize];
            let above = self.above(node);
            self.rebase(node, v);
            self.mate[v as usize] = partner;
            let Some((inner, _, [_, (y, x)])) = above else { return };
            self.rebase(inner, y);
            self.mate[y as usize] = x;
            (v, partner) = (x, y);
        }
    }

    fn into_matched(self) -> Matched {
        let n = self.graph.len();
        let odd_sets = (n as u32..2 * n as u32)
            .filter(|&node| !self.children[node as usize].is_empty() && self.set_price[node as usize] > 0)
            .map(|node| (self.vertices(node), self.set_price[node as usize]))
            .collect();
        Matched { mate: self.mate, prices: self.price, odd_sets }
    }
}

/// One double step on the even way from child `at` of a cycle to child 0: the child between, the child after it, and the edge
/// between those two, its ends in that order. Links at odd places are matched, so the way leaves `at` by its matched edge.
fn step(links: &[(u32, u32)], at: usize) -> (usize, usize, (u32, u32)) {
    let len = links.len();
    if at % 2 == 1 {
        (at + 1, (at + 2) % len, links[at + 1])
    } else {
        let (x, y) = links[at - 2];
        (at - 1, at - 2, (y, x))
    }
}
