//! The most people that can be matched, and who competes with whom.
//!
//! Hopcroft and Karp 1973 with seats, and the part of Dulmage and Mendelsohn's decomposition (1958) that matters here: the crowded
//! part is everyone who can be reached from an unmatched mentee by alternating paths. There all seats are taken and some people go
//! without; elsewhere everybody finds a place. The auction is run from the scarce side in each part.

use crate::transport::{NOBODY, Rows};

/// A largest matching's crowded part.
pub struct Cover {
    /// Which mentees compete for too few seats.
    pub crowded_mentees: Vec<bool>,
    /// Which mentors have only such candidates that their seats are all taken.
    pub crowded_mentors: Vec<bool>,
    /// Pairs looked at.
    pub looked: u64,
}

struct Search<'a> {
    rows: Rows<'a>,
    offsets: Vec<u32>,
    seats: Vec<u32>,
    taken: Vec<u32>,
    mates: Vec<u32>,
    /// The layer of each mentee; a mentor is in the layer of the mentee who finds them first.
    layer: Vec<u32>,
    mentor_layer: Vec<u32>,
    current: Vec<u32>,
    /// At which seat the search goes on below each mentor.
    current_seat: Vec<u32>,
    looked: u64,
}

const NEVER: u32 = u32::MAX;

/// Time O(pairs · √people), in practice some ten passes over the pairs.
pub fn cover(rows: Rows<'_>, seats: &[u32]) -> Cover {
    let (mentees, mentors) = (rows.len(), seats.len());
    let mut offsets = vec![0_u32];
    for &count in seats {
        // Nobody has more candidates than there are mentees.
        offsets.push(offsets[offsets.len() - 1] + count.min(mentees as u32));
    }
    let mut search = Search {
        rows,
        seats: vec![NOBODY; offsets[mentors] as usize],
        offsets,
        taken: vec![0; mentors],
        mates: vec![NOBODY; mentees],
        layer: vec![NEVER; mentees],
        mentor_layer: vec![NEVER; mentors],
        current: rows.starts[..mentees].to_vec(),
        current_seat: vec![0; mentors],
        looked: 0,
    };
    search.greedy();
    while search.layers() {
        search.augment();
    }
    Cover {
        crowded_mentees: search.layer.iter().map(|&layer| layer != NEVER).collect(),
        crowded_mentors: search.mentor_layer.iter().map(|&layer| layer != NEVER).collect(),
        looked: search.looked,
    }
}

impl Search<'_> {
    fn has_free_seat(&self, mentor: usize) -> bool {
        self.taken[mentor] < self.offsets[mentor + 1] - self.offsets[mentor]
    }

    fn seat(&mut self, mentee: usize, mentor: usize) {
        let seat = self.offsets[mentor] + self.taken[mentor];
        self.taken[mentor] += 1;
        self.seats[seat as usize] = mentee as u32;
        self.mates[mentee] = mentor as u32;
    }

    /// Everyone takes the first free seat.
    fn greedy(&mut self) {
        for mentee in 0..self.rows.len() {
            let free = self.rows.edges(mentee).find(|&edge| self.has_free_seat(self.rows.columns[edge] as usize));
            if let Some(edge) = free {
                self.seat(mentee, self.rows.columns[edge] as usize);
            }
        }
    }

    /// Breadth first from the unmatched to the nearest free seats; false where none can be reached.
    fn layers(&mut self) -> bool {
        self.layer.fill(NEVER);
        self.mentor_layer.fill(NEVER);
        let mut queue: Vec<u32> = (0..self.rows.len() as u32).filter(|&mentee| self.mates[mentee as usize] == NOBODY).collect();
        queue.iter().for_each(|&mentee| self.layer[mentee as usize] = 0);
        let (mut head, mut last) = (0, NEVER);
        while let Some(&mentee) = queue.get(head) {
            head += 1;
            let layer = self.layer[mentee as usize];
            if layer > last {
                break;
            }
            let edges = self.rows.edges(mentee as usize);
            self.looked += edges.len() as u64;
            for edge in edges {
                let mentor = self.rows.columns[edge] as usize;
                if self.mentor_layer[mentor] != NEVER {
                    continue;
                }
                self.mentor_layer[mentor] = layer;
                if self.has_free_seat(mentor) {
                    last = layer;
                } else if last == NEVER {
                    for seat in self.offsets[mentor]..self.offsets[mentor + 1] {
                        let holder = self.seats[seat as usize];
                        if self.layer[holder as usize] == NEVER {
                            self.layer[holder as usize] = layer + 1;
                            queue.push(holder);
                        }
                    }
                }
            }
        }
        last != NEVER
    }

    /// Depth first along the layers, each pair looked at once.
    fn augment(&mut self) {
        self.current.copy_from_slice(&self.rows.starts[..self.mates.len()]);
        self.current_seat.copy_from_slice(&self.offsets[..self.taken.len()]);
        let unmatched: Vec<usize> = (0..self.mates.len()).filter(|&mentee| self.mates[mentee] == NOBODY).collect();
        let mut path: Vec<(usize, u32)> = Vec::new();
        for source in unmatched {
            path.clear();
            let mut mentee = source;
            'search: loop {
                let end = self.rows.starts[mentee + 1];
                let mut deeper = None;
                while self.current[mentee] < end && deeper.is_none() {
                    let mentor = self.rows.columns[self.current[mentee] as usize] as usize;
                    if self.mentor_layer[mentor] == self.layer[mentee] {
                        if self.has_free_seat(mentor) {
                            self.seat(mentee, mentor);
                            for &(before, seat) in path.iter().rev() {
                                self.seats[seat as usize] = before as u32;
                                self.mates[before] = self.rows.columns[self.current[before] as usize];
                            }
                            break 'search;
                        }
                        // Each holder is tried once; the layers let nobody come up twice on one path.
                        while self.current_seat[mentor] < self.offsets[mentor + 1] && deeper.is_none() {
                            let seat = self.current_seat[mentor];
                            self.current_seat[mentor] += 1;
                            let holder = self.seats[seat as usize] as usize;
                            if self.layer[holder] == self.layer[mentee].saturating_add(1) {
                                deeper = Some((holder, seat));
                            }
                        }
                    }
                    if deeper.is_none() {
                        self.current[mentee] += 1;
                    }
                }
                match deeper {
                    Some((holder, seat)) => {
                        path.push((mentee, seat));
                        mentee = holder;
                    }
                    None => match path.pop() {
                        Some((before, _)) => mentee = before,
                        None => break,
                    },
                }
            }
        }
    }
}
