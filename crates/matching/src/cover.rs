//! The most people that can be matched, and who competes with whom.
//!
//! The crowded part is everyone from whom no free seat can be reached by alternating paths (after Dulmage and Mendelsohn 1958). There all
//! seats are taken and some people go without; elsewhere everybody finds a place. The auction is run from the scarce side in each part.
//!
//! Everyone takes the first free seat; where only few are left over, a search for each mostly ends it (Pothen and Fan 1990). Otherwise
//! distances to the free seats are measured from these backwards, over the pairs of mentors, and the unmatched follow them downwards, as
//! often as somebody arrives (Hopcroft and Karp 1973 from the other end). So the many who find nobody are never looked at: from the seats
//! they cannot be reached.

use crate::{
    auction::Scale,
    transport::{NOBODY, Rows},
};

/// The pairs of each mentor: (mentee, scaled cost), those of mentor j at `starts[j]..starts[j + 1]`.
#[derive(Default)]
pub struct Turned {
    pub starts: Vec<u32>,
    pub pairs: Vec<(u32, i32)>,
}

/// A largest matching's crowded part.
pub struct Cover {
    /// Which mentees compete for too few seats.
    pub crowded_mentees: Vec<bool>,
    /// Which mentors have only such candidates that their seats are all taken.
    pub crowded_mentors: Vec<bool>,
    /// The pairs of the crowded part by mentor.
    pub turned: Turned,
    /// Pairs looked at.
    pub looked: u64,
}

struct Search<'a> {
    rows: Rows<'a>,
    offsets: Vec<u32>,
    seats: Vec<u32>,
    taken: Vec<u32>,
    mates: Vec<u32>,
    /// How far it is to a free seat from each mentee, and from each mentor.
    mentee_distance: Vec<u32>,
    distance: Vec<u32>,
    current: Vec<u32>,
    /// At which seat the search goes on below each mentor.
    current_seat: Vec<u32>,
    looked: u64,
}

const FAR: u32 = u32::MAX;
/// Not on any way yet, in the search without distances.
const UNSEEN: u32 = u32::MAX - 1;

/// Time O(pairs · √people), in practice some three passes over the pairs.
pub fn cover(rows: Rows<'_>, seats: &[u32], scale: Scale) -> Cover {
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
        mentee_distance: vec![FAR; mentees],
        distance: vec![FAR; mentors],
        current: rows.starts[..mentees].to_vec(),
        current_seat: vec![0; mentors],
        looked: 0,
    };
    let mut left = search.greedy();
    if left.len() <= mentees / 16 {
        search.augment_anyhow(&mut left);
    }
    if left.is_empty() {
        let (crowded_mentees, crowded_mentors) = (vec![false; mentees], vec![false; mentors]);
        return Cover { crowded_mentees, crowded_mentors, turned: Turned::default(), looked: search.looked };
    }
    let mut turned = turn(rows, mentors, scale);
    while search.measure(&turned) {
        search.augment(&mut left);
    }
    let (crowded_mentees, crowded_mentors) = search.crowded(left);
    turned.keep(&crowded_mentees, &crowded_mentors);
    Cover { crowded_mentees, crowded_mentors, turned, looked: search.looked }
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

    /// Everyone takes the first free seat; who finds none.
    fn greedy(&mut self) -> Vec<u32> {
        let mut left = Vec::new();
        for mentee in 0..self.rows.len() {
            let free = self.rows.edges(mentee).find(|&edge| self.has_free_seat(self.rows.columns[edge] as usize));
            match free {
                Some(edge) => self.seat(mentee, self.rows.columns[edge] as usize),
                None => left.push(mentee as u32),
            }
        }
        self.looked += self.rows.columns.len() as u64 / 4;
        left
    }

    /// Breadth first from the free seats to whoever can reach them; whether that is anyone without a place.
    fn measure(&mut self, turned: &Turned) -> bool {
        self.mentee_distance.fill(FAR);
        let mut queue: Vec<u32> = Vec::new();
        for mentor in 0..self.taken.len() {
            self.distance[mentor] = if self.has_free_seat(mentor) { 0 } else { FAR };
            if self.distance[mentor] == 0 {
                queue.push(mentor as u32);
            }
        }
        let (mut head, mut found) = (0, false);
        while let Some(&mentor) = queue.get(head) {
            head += 1;
            self.current_seat[mentor as usize] = self.offsets[mentor as usize];
            let further = self.distance[mentor as usize] + 1;
            let pairs = turned.of(mentor as usize);
            self.looked += pairs.len() as u64;
            for &(mentee, _) in pairs {
                let i = mentee as usize;
                if self.mentee_distance[i] != FAR {
                    continue;
                }
                self.mentee_distance[i] = further;
                self.current[i] = self.rows.starts[i];
                match self.mates[i] {
                    NOBODY => found = true,
                    mate if self.distance[mate as usize] == FAR => {
                        self.distance[mate as usize] = further;
                        queue.push(mate);
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// From everyone without a place down the distances, each pair looked at once.
    fn augment(&mut self, left: &mut Vec<u32>) {
        let mut path = Vec::new();
        left.retain(|&source| self.mentee_distance[source as usize] == FAR || !self.descend(source as usize, &mut path));
    }

    /// One way down; whether it ended at a free seat.
    fn descend(&mut self, source: usize, path: &mut Vec<(usize, u32)>) -> bool {
        path.clear();
        let mut mentee = source;
        loop {
            let (begin, end) = (self.current[mentee], self.rows.starts[mentee + 1]);
            let mut deeper = None;
            while self.current[mentee] < end {
                let mentor = self.rows.columns[self.current[mentee] as usize] as usize;
                if self.distance[mentor] < self.mentee_distance[mentee] {
                    if self.has_free_seat(mentor) {
                        self.seat(mentee, mentor);
                        self.shift(path);
                        return true;
                    }
                    // Each holder is tried once; distances let nobody come up twice on one way.
                    while self.current_seat[mentor] < self.offsets[mentor + 1] && deeper.is_none() {
                        let seat = self.current_seat[mentor];
                        self.current_seat[mentor] += 1;
                        let holder = self.seats[seat as usize] as usize;
                        if self.mentee_distance[holder] < self.mentee_distance[mentee] {
                            deeper = Some((holder, seat));
                        }
                    }
                    if deeper.is_some() {
                        break;
                    }
                }
                self.current[mentee] += 1;
            }
            self.looked += u64::from(self.current[mentee] - begin);
            match deeper {
                Some((holder, seat)) => {
                    path.push((mentee, seat));
                    mentee = holder;
                }
                None => match path.pop() {
                    Some((before, _)) => mentee = before,
                    None => return false,
                },
            }
        }
    }

    /// Everyone on the way takes the seat before them; the last one has one already.
    fn shift(&mut self, path: &[(usize, u32)]) {
        for &(before, seat) in path.iter().rev() {
            self.seats[seat as usize] = before as u32;
            self.mates[before] = self.rows.columns[self.current[before] as usize];
        }
    }

    /// Who can be reached from those who are left over, and they themselves; `left` is the queue.
    fn crowded(&mut self, left: Vec<u32>) -> (Vec<bool>, Vec<bool>) {
        let (mut mentees, mut mentors) = (vec![false; self.mates.len()], vec![false; self.taken.len()]);
        left.iter().for_each(|&mentee| mentees[mentee as usize] = true);
        let (mut queue, mut head) = (left, 0);
        while let Some(&mentee) = queue.get(head) {
            head += 1;
            for &mentor in &self.rows.columns[self.rows.edges(mentee as usize)] {
                if !std::mem::replace(&mut mentors[mentor as usize], true) {
                    let seats = self.offsets[mentor as usize] as usize..self.offsets[mentor as usize + 1] as usize;
                    for &holder in &self.seats[seats] {
                        mentees[holder as usize] = true;
                        queue.push(holder);
                    }
                }
            }
        }
        (mentees, mentors)
    }

    /// The same without distances, each mentor once: quick where free seats are everywhere.
    fn augment_anyhow(&mut self, left: &mut Vec<u32>) {
        let mut path = Vec::new();
        let mut ahead = self.current.clone();
        self.distance.fill(UNSEEN);
        left.retain(|&source| !self.wander(source as usize, &mut path, &mut ahead));
    }

    fn wander(&mut self, source: usize, path: &mut Vec<(usize, u32)>, ahead: &mut [u32]) -> bool {
        path.clear();
        let mut mentee = source;
        self.current[mentee] = self.rows.starts[mentee];
        loop {
            let end = self.rows.starts[mentee + 1];
            // Seats only fill: what was passed once needs no second look.
            let free = (ahead[mentee]..end).find(|&edge| self.has_free_seat(self.rows.columns[edge as usize] as usize));
            self.looked += u64::from(free.unwrap_or(end) - ahead[mentee]);
            ahead[mentee] = free.unwrap_or(end);
            if let Some(edge) = free {
                self.seat(mentee, self.rows.columns[edge as usize] as usize);
                self.shift(path);
                return true;
            }
            let begin = self.current[mentee];
            let mut deeper = None;
            while self.current[mentee] < end {
                let mentor = self.rows.columns[self.current[mentee] as usize] as usize;
                if self.distance[mentor] == UNSEEN {
                    self.distance[mentor] = mentee as u32;
                    self.current_seat[mentor] = self.offsets[mentor];
                }
                let seat = self.current_seat[mentor];
                if self.distance[mentor] == mentee as u32 && seat < self.offsets[mentor + 1] {
                    self.current_seat[mentor] += 1;
                    deeper = Some(seat);
                    break;
                }
                self.current[mentee] += 1;
            }
            self.looked += u64::from(self.current[mentee] - begin);
            match deeper {
                Some(seat) => {
                    path.push((mentee, seat));
                    mentee = self.seats[seat as usize] as usize;
                    self.current[mentee] = self.rows.starts[mentee];
                }
                None => match path.pop() {
                    Some((before, _)) => mentee = before,
                    None => return false,
                },
            }
        }
    }
}

/// All pairs by mentor.
fn turn(rows: Rows<'_>, mentors: usize, scale: Scale) -> Turned {
    let mut starts = vec![0_u32; mentors + 1];
    for &mentor in rows.columns {
        starts[mentor as usize + 1] += 1;
    }
    for j in 0..mentors {
        starts[j + 1] += starts[j];
    }
    let mut next = starts.clone();
    let mut pairs = vec![(0, 0); rows.columns.len()];
    for i in 0..rows.len() {
        let edges = rows.edges(i);
        for (&mentor, &score) in rows.columns[edges.clone()].iter().zip(&rows.scores[edges]) {
            let at = &mut next[mentor as usize];
            pairs[*at as usize] = (i as u32, scale.score(score));
            *at += 1;
        }
    }
    Turned { starts, pairs }
}

impl Turned {
    /// The pairs of a mentor.
    pub fn of(&self, mentor: usize) -> &[(u32, i32)] {
        &self.pairs[self.starts[mentor] as usize..self.starts[mentor + 1] as usize]
    }

    /// Drops all pairs but those of the mentees and mentors that are to be kept, in place.
    fn keep(&mut self, mentees: &[bool], mentors: &[bool]) {
        let (mut to, mut start) = (0, 0);
        for (mentor, &keeps) in mentors.iter().enumerate() {
            let end = self.starts[mentor + 1] as usize;
            if keeps {
                for at in start..end {
                    let pair = self.pairs[at];
                    self.pairs[to] = pair;
                    to += usize::from(mentees[pair.0 as usize]);
                }
            }
            start = end;
            self.starts[mentor + 1] = to as u32;
        }
        self.pairs.truncate(to);
    }
}
