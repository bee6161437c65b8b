//! What recommending costs: `cargo xtask bench recommend [--people 1000000] [--wishes 200]`. Made-up people with one to
//! four texts each, real skills' words, weeks with hours; wishes with filters, skills, text and hours.

use chiron_recommend::hours::Week;
use chiron_recommend::index::{Entry, Hit, Index, Want, Wish};
use chiron_recommend::list;
use chiron_recommend::meaning::{Table, Vector};
use chiron_recommend::person::Weights;
use chiron_recommend::terms::{Offered, Wanted};
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// Processor time of this program, all its threads: what runs beside us on a busy machine does not count.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

const SKILLS: u64 = 400;
const LANGUAGES: u64 = 24;
const THINGS: [&str; 60] = [
    "teaching",
    "data analysis",
    "public speaking",
    "React",
    "accessibility",
    "nursing",
    "project management",
    "statistics",
    "gardening",
    "machine learning",
    "leading a team",
    "freelancing",
    "user research",
    "budgeting",
    "translation",
    "civil engineering",
    "social work",
    "open source",
    "Kubernetes",
    "databases",
    "writing",
    "journalism",
    "recruiting",
    "negotiation",
    "sales",
    "marketing",
    "biology",
    "physics",
    "law",
    "mediation",
    "design",
    "photography",
    "music",
    "carpentry",
    "logistics",
    "customer support",
    "security",
    "networks",
    "Python",
    "Rust",
    "mobile apps",
    "game development",
    "fundraising",
    "volunteering",
    "policy",
    "research",
    "grant writing",
    "architecture",
    "cooking",
    "event planning",
    "accounting",
    "strategy",
    "product management",
    "quality assurance",
    "cloud computing",
    "psychology",
    "career changes",
    "parenting and work",
    "returning to work",
    "sustainability",
];
const SAID: [&str; 8] = [
    "moved from {} into {}",
    "I help people with {} and {}",
    "{} after ten years of {}",
    "led {} for a charity that does {}",
    "{} lead, fond of {}",
    "started in {}, learnt {} on the way",
    "taught {} to beginners and {} to everyone",
    "{} | {}",
];

/// SplitMix64 (Steele, Lea, Flood 2014): the same people every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ x >> 31
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    /// Small numbers more often: the square of an even draw.
    fn often_small(&mut self, n: u64) -> u64 {
        let x = self.below(1 << 20);
        (((x * x) >> 20) * n) >> 20
    }
    fn text(&mut self) -> String {
        let said = SAID[self.below(SAID.len() as u64) as usize];
        let mut text = said.to_owned();
        for _ in 0..2 {
            text = text.replacen("{}", THINGS[self.below(THINGS.len() as u64) as usize], 1);
        }
        text
    }
    fn week(&mut self, zone: i8) -> Week {
        let mut week = Week::new();
        for _ in 0..self.below(4) {
            let from = (self.below(5) * 24 + 8 + self.below(12)) as i32 * 60;
            week.free(from, from + 60 + self.below(3) as i32 * 60, i32::from(zone) * 15);
        }
        week
    }
}

fn person(chance: &mut Chance, table: &Table<'_>, embedding: &mut (Duration, u32)) -> Entry {
    let zone = (chance.below(25) as i8 - 12) * 4;
    let languages = 1 << chance.often_small(LANGUAGES) | 1 << chance.often_small(LANGUAGES);
    let texts: Vec<String> = (0..1 + chance.below(4)).map(|_| chance.text()).collect();
    let begun = cpu();
    let items = texts.iter().map(|text| table.vector(text)).collect();
    embedding.0 += cpu() - begun;
    embedding.1 += texts.len() as u32;
    Entry {
        languages,
        zone,
        bits: chance.below(16),
        week: chance.week(zone),
        offers: (0..2 + chance.below(5))
            .map(|_| Offered { skill: chance.often_small(SKILLS) as u16, level: 1 + chance.below(5) as u8 })
            .collect(),
        items,
        price: if chance.below(20) == 0 { 300 } else { 0 },
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Everything,
    TextWithFilters,
    TextAlone,
}

fn wish(chance: &mut Chance, table: &Table<'_>, kind: Kind) -> (Wish, String) {
    let text = chance.text();
    let mut wish = Wish { goals: vec![table.vector(&text)], weights: Weights::default(), most: list::LOOKED_AT, ..Wish::default() };
    let zone = (chance.below(25) as i8 - 12) * 4;
    if !matches!(kind, Kind::TextAlone) {
        let speaks = 1 << chance.often_small(LANGUAGES) | 1 << chance.often_small(LANGUAGES);
        (wish.must_speak, wish.speaks, wish.must_have) = (speaks, speaks, 1);
        wish.zones = Some(zone - 12..=zone + 12);
    }
    if matches!(kind, Kind::Everything) {
        wish.week = chance.week(zone);
        wish.wants = (0..1 + chance.below(2))
            .map(|_| {
                let skill = chance.often_small(SKILLS) as u16;
                let mut near = vec![0; SKILLS as usize];
                (0..8).for_each(|_| near[chance.below(SKILLS) as usize] = 50);
                near[usize::from(skill)] = 100;
                Want { wanted: Wanted { skill, present: Some(2), target: Some(4) }, near }
            })
            .collect();
    }
    (wish, text)
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number =
        |name: &str, otherwise: u64| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)?.parse().ok()).unwrap_or(otherwise);
    let (people, wishes) = (number("--people", 1_000_000) as u32, number("--wishes", 200));
    let table = Table::shipped();
    let mut chance = Chance(20_261_122);
    let mut index = Index::new();
    let mut embedding = (Duration::ZERO, 0);
    let mut putting = Duration::ZERO;
    for at in 0..people {
        let entry = person(&mut chance, table, &mut embedding);
        let begun = cpu();
        index.put(at, &entry);
        putting += cpu() - begun;
    }
    index.settle();
    println!("{people} people, {} texts; processor time\n", embedding.1);
    println!("| what | time |\n|---|---|");
    println!("| a text's vector | {:.2} µs |", embedding.0.as_secs_f64() * 1e6 / f64::from(embedding.1));
    println!("| taking everyone into the index, vectors known | {:.2} s |", putting.as_secs_f64());
    println!("| memory a person | {} bytes |", index.bytes() / people.max(1) as usize);
    let begun = cpu();
    for _ in 0..2_000 {
        let entry = person(&mut chance, table, &mut (Duration::ZERO, 0));
        index.put(chance.below(u64::from(people)) as u32, &entry);
    }
    println!("| a change of one person, with their vectors | {:.1} µs |", (cpu() - begun).as_secs_f64() * 1e6 / 2_000.0);
    println!(
        "\n| top 50 of {people}, then five and a contrast with contributions | p50 | p99 | most | processor time, p50 | p99 |\n|---|---|---|---|---|---|"
    );
    for (kind, what) in [
        (Kind::Everything, "language, zone and role as filters; skills, text, hours"),
        (Kind::TextWithFilters, "language, zone and role as filters; text"),
        (Kind::TextAlone, "text alone, nobody filtered"),
    ] {
        let (mut on_the_clock, mut of_processors): (Vec<Duration>, Vec<Duration>) = (0..wishes)
            .map(|_| {
                let (mut wish, text) = wish(&mut chance, table, kind);
                let (begun, spent) = (Instant::now(), cpu());
                wish.goals = vec![table.vector(&text)];
                let hits = index.best(&wish);
                shown(&index, &wish, &hits);
                (begun.elapsed(), cpu() - spent)
            })
            .unzip();
        on_the_clock.sort();
        of_processors.sort();
        let at = |times: &[Duration], part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
        let [half, most, all] = [50, 99, 100].map(|part| at(&on_the_clock, part));
        let [half_cpu, most_cpu] = [50, 99].map(|part| at(&of_processors, part));
        println!("| {what} | {half:.1} ms | {most:.1} ms | {all:.1} ms | {half_cpu:.1} ms | {most_cpu:.1} ms |");
    }
    let (wish, _) = wish(&mut chance, table, Kind::Everything);
    let everyone = Wish { must_speak: 0, must_have: 0, zones: None, ..wish };
    let score = |person| Some(Hit { score: u16::try_from(index.explain(&everyone, person)?.total).unwrap_or(0), person });
    let mut one_by_one: Vec<Hit> = (0..people).filter_map(score).collect();
    one_by_one.sort_by_key(|hit| (std::cmp::Reverse(hit.score), hit.person));
    one_by_one.truncate(everyone.most);
    assert_eq!(one_by_one, index.best(&everyone), "the index is exact");
}

/// What a page makes of the best fifty.
fn shown(index: &Index, wish: &Wish, hits: &[Hit]) {
    let items: Vec<Vec<Vector>> = hits.iter().map(|hit| index.items(hit.person)).collect();
    let alike = |a: usize, b: usize| {
        let likest = items[a].iter().flat_map(|x| items[b].iter().map(|y| x.likeness(y))).max().unwrap_or(0);
        u16::try_from(likest.max(0)).unwrap_or(u16::MAX)
    };
    let scores: Vec<u16> = hits.iter().map(|hit| hit.score).collect();
    let few = list::various(&scores, 5, alike);
    let contrast = list::contrast(&scores, &few, alike);
    for at in few.into_iter().chain(contrast) {
        std::hint::black_box(index.explain(wish, hits[at].person));
    }
}
