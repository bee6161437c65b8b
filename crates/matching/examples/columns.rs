//! The best matching over all pairs of a made-up world, proven, in one JSON line:
//! `cargo run --release -p chiron-matching --example columns -- MENTEES MENTORS LEAST_SEATS MOST_SEATS [--kind K] [--threads N] [--list]`.
//!
//! Scores are worked out from what people want and offer, languages, zones and years, as `bench/generate.py` has it: nothing but the
//! people is kept. Other kinds are uniform, levels, equal, stars and product. With `--list` the same is solved once more with every pair
//! in a list, to compare (for small worlds).

use chiron_matching::{Coverage, Mentee, Mentor, Objective, Pair, Problem, Rules, Step, solve, solve_all, verify, verify_all};
use fearless_simd::{Level, Simd, dispatch};
use std::{error::Error, fs, ops::ControlFlow, time::Instant};

const TOPICS: usize = 24;
/// What staying unmatched costs in points.
const ALONE: i64 = 90_000;
/// So many mentors at a time, so that their part of a row stays near the processor.
const BLOCK: usize = 1024;

/// splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
    /// Between -1 and 1, thicker in the middle.
    fn bell(&mut self) -> f32 {
        (0..4).map(|_| self.next() as u32 as f32 / u32::MAX as f32).sum::<f32>() / 2.0 - 1.0
    }
}

const ZONES: [i32; 10] = [-8, -6, -5, -3, 0, 1, 2, 5, 8, 10];
/// Years are below it.
const YEARS: usize = 16;

struct People {
    /// One list a topic, so that a row is worked out in long steps.
    wants: Vec<Vec<f32>>,
    languages: Vec<u32>,
    /// Zone and years in one number.
    places: Vec<u8>,
    charm: Vec<f32>,
}

fn people(count: usize, guides: bool, topics: &[Vec<f32>], chance: &mut Chance) -> People {
    let mut people = People { wants: vec![vec![0.0; count]; TOPICS], languages: Vec::new(), places: Vec::new(), charm: Vec::new() };
    for person in 0..count {
        let mut vector = [0.0_f32; TOPICS];
        for _ in 0..2 + chance.below(if guides { 5 } else { 4 }) {
            // Popular topics are much more popular.
            let topic = &topics[(chance.below(400).min(chance.below(400)).min(chance.below(400))) as usize];
            vector.iter_mut().zip(topic).for_each(|(sum, part)| *sum += part);
        }
        vector.iter_mut().for_each(|part| *part += 0.4 * chance.bell());
        let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
        people.wants.iter_mut().zip(vector).for_each(|(list, part)| list[person] = part / length);
        let language = |chance: &mut Chance| 1_u32 << chance.below(10).min(chance.below(10));
        people.languages.push(language(chance) | u32::from(chance.below(10) < 7));
        let (zone, years) = (chance.below(10) as usize, if guides { 3 } else { 0 } + chance.below(8) as usize);
        people.places.push((zone * YEARS + years) as u8);
        people.charm.push(if guides { 0.2 * chance.bell() } else { 0.0 });
    }
    people
}

/// What zones and years add for a mentee, by the place of the mentor; less than nothing where a pair is not admissible.
fn nearness(place: u8) -> [f32; 256] {
    let (zone, years) = (ZONES[usize::from(place) / YEARS], i32::from(place) % YEARS as i32);
    let mut near = [-1e6; 256];
    for (there, theirs) in (0..).zip(ZONES) {
        let apart = (zone - theirs).abs().min(24 - (zone - theirs).abs());
        for ahead in 0..YEARS as i32 {
            if apart <= 7 && ahead >= years {
                let gap = (1.0 - (ahead - years - 3).abs() as f32 / 5.0).max(0.0);
                near[there * YEARS + ahead as usize] = 0.14 * (1.0 - apart as f32 / 12.0) + 0.14 * gap + 0.35;
            }
        }
    }
    near
}

/// With the widest registers that the processor has.
fn row(learn: &People, guide: &People, mentee: usize, scores: &mut [i32]) {
    dispatch!(Level::new(), simd => simd.vectorize(#[inline(always)] || fill(learn, guide, mentee, scores)));
}

#[inline(always)]
fn fill(learn: &People, guide: &People, mentee: usize, scores: &mut [i32]) {
    let (languages, near) = (learn.languages[mentee], nearness(learn.places[mentee]));
    let mut fits = [0.0_f32; BLOCK];
    for (start, scores) in (0..).step_by(BLOCK).zip(scores.chunks_mut(BLOCK)) {
        let range = start..start + scores.len();
        let fits = &mut fits[..scores.len()];
        fits.copy_from_slice(&guide.charm[range.clone()]);
        // Four topics at a time: the sums are read and written a quarter as often.
        for (wanted, offered) in learn.wants.chunks_exact(4).zip(guide.wants.chunks_exact(4)) {
            let [a, b, c, d] = [0, 1, 2, 3].map(|topic: usize| 0.62 * wanted[topic][mentee]);
            let [p, q, r, s] = [0, 1, 2, 3].map(|topic: usize| &offered[topic][range.clone()]);
            for ((((fit, p), q), r), s) in fits.iter_mut().zip(p).zip(q).zip(r).zip(s) {
                *fit += a * p + b * q + c * r + d * s;
            }
        }
        let others = guide.languages[range.clone()].iter().zip(&guide.places[range]);
        for (fit, (theirs, place)) in fits.iter_mut().zip(others) {
            let points = ((*fit + near[usize::from(*place)]) * 6_250.0).min(10_000.0);
            *fit = if languages & theirs != 0 { points } else { -1.0 };
        }
        scores.iter_mut().zip(&*fits).for_each(|(score, &points)| *score = points as i32);
    }
}

/// The score of a pair in a world without people, of so many pairs.
fn score(kind: &str, mentee: u64, mentor: u64, pairs: u64) -> i32 {
    let chance = Chance(mentee << 32 | mentor).next() >> 20;
    let score = match kind {
        "levels" => chance % 5 * 2_000,
        "equal" => 5_000,
        "stars" => chance % 1_000 + Chance(mentor).next() % 9_000,
        "product" => 10_000 - mentee * mentor * 10_000 / pairs,
        _ => chance % 10_001,
    };
    score as i32
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    stat.rsplit(") ").next().unwrap_or("").split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() -> Result<(), Box<dyn Error>> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let threads = options.iter().position(|option| option == "--threads").and_then(|at| options.get(at + 1)?.parse().ok()).unwrap_or(1);
    let numbers: Vec<u64> = options.iter().map_while(|option| option.parse().ok()).collect();
    let &[mentees, mentors, least, most] = numbers.as_slice() else { return Err("MENTEES MENTORS LEAST_SEATS MOST_SEATS".into()) };
    let mut chance = Chance(1);
    let topics: Vec<Vec<f32>> = (0..400).map(|_| (0..TOPICS).map(|_| chance.bell()).collect()).collect();
    let learn = people(mentees as usize, false, &topics, &mut chance);
    let guide = people(mentors as usize, true, &topics, &mut chance);
    let seekers: Vec<Mentee> = (0..mentees).map(Mentee::new).collect();
    let guides: Vec<Mentor> = (0..mentors).map(|key| Mentor::new(key, (least + chance.below(most - least + 1)) as u32)).collect();
    let kind = options.iter().position(|option| option == "--kind").and_then(|at| options.get(at + 1));
    let scores = |mentee: u32, scores: &mut [i32]| match kind {
        Some(kind) => {
            (0..).zip(scores).for_each(|(mentor, place)| *place = score(kind, u64::from(mentee), mentor, mentees * mentors));
        }
        None => row(&learn, &guide, mentee as usize, scores),
    };
    let objective = Objective { threads, ..Objective::plain(Coverage::Worth(ALONE)) };
    let (start, clock) = (cpu(), Instant::now());
    let found = solve_all(&seekers, &guides, &Rules::default(), &scores, &objective, &|_: Step| ControlFlow::Continue(()))?;
    let (solved, wall) = (cpu(), clock.elapsed().as_secs_f64());
    let memory = peak();
    let verified = verify_all(&found.problem, &found.solution, &scores).is_ok();
    let checked = cpu();
    println!(
        "{{\"score\":{},\"unmatched\":{},\"verified\":{verified},\"pairs\":{},\"kept\":{},\"rounds\":{},\"priced\":{},\"solve_cpu_s\":{:.2},\"wall_s\":{wall:.2},\"verify_cpu_s\":{:.2},\"peak_rss_mib\":{memory}}}",
        found.solution.score,
        found.solution.unmatched.len(),
        mentees * mentors,
        found.problem.pair_count(),
        found.rounds,
        found.priced,
        solved - start,
        checked - solved,
    );
    if options.iter().any(|option| option == "--list") {
        let mut pairs = Vec::new();
        let mut one = vec![0; mentors as usize];
        for mentee in 0..mentees as u32 {
            scores(mentee, &mut one);
            pairs.extend((0..).zip(&one).filter(|pair| *pair.1 >= 0).map(|(mentor, &score)| Pair { mentee, mentor, score }));
        }
        let problem = Problem::new(seekers, guides, pairs, Rules::default())?;
        let before = cpu();
        let solution = solve(&problem, &objective)?;
        println!(
            "{{\"score\":{},\"unmatched\":{},\"verified\":{},\"pairs\":{},\"solve_cpu_s\":{:.2}}}",
            solution.score,
            solution.unmatched.len(),
            verify(&problem, &solution).is_ok(),
            problem.pair_count(),
            cpu() - before
        );
    }
    Ok(())
}
