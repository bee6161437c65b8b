//! How well judged queries are ranked: `cargo xtask bench ranking [DIR]`. The format is described in
//! `docs/benchmarks/recommend.md`; without a folder, our own small set is scored.

use chiron_recommend::meaning::{Common, Table, Vector};
use chiron_recommend::person::{Person, Weights, two_sided};
use chiron_recommend::ranking::{ndcg, weighted_kendall_loss};
use chiron_recommend::terms::{Offered, Said, Wanted, best_three};
use chiron_recommend::wording::Rarity;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

const DEPTH: usize = 10;

#[derive(Deserialize)]
struct Query {
    id: String,
    #[serde(default)]
    goals: Vec<String>,
    #[serde(default)]
    skills: Vec<String>,
}

#[derive(Deserialize)]
struct Someone {
    id: String,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    skills: Vec<String>,
}

#[derive(Deserialize)]
struct Judgement {
    query: String,
    person: String,
    grade: u8,
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, String> {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|e| format!("{} line {}: {e}", path.display(), at + 1))).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1).map(str::to_lowercase).collect()
}

/// Everything that is scored, prepared once.
struct Field<'a> {
    people: &'a [Someone],
    /// Everybody as the scorer takes them.
    guides: Vec<Person>,
    whole: Vec<Vector>,
    /// Words of each profile with how often.
    texts: Vec<HashMap<String, f64>>,
    skills: Vec<String>,
    skill_vectors: Vec<Vector>,
    /// In how many profiles each word stands.
    holding: HashMap<String, f64>,
    common: Common,
    rarity: Rarity,
}

impl<'a> Field<'a> {
    fn of(people: &'a [Someone], queries: &[Query]) -> Self {
        let table = Table::shipped();
        let mut skills: Vec<String> =
            people.iter().flat_map(|p| &p.skills).chain(queries.iter().flat_map(|q| &q.skills)).map(|s| s.to_lowercase()).collect();
        skills.sort();
        skills.dedup();
        let all = |p: &Someone| p.items.iter().chain(&p.skills).cloned().collect::<Vec<_>>().join(". ");
        let texts = people.iter().map(|p| {
            let mut counts = HashMap::new();
            words(&all(p)).into_iter().for_each(|w| *counts.entry(w).or_insert(0.0) += 1.0);
            counts
        });
        let texts: Vec<HashMap<String, f64>> = texts.collect();
        let mut holding = HashMap::new();
        texts.iter().flat_map(HashMap::keys).for_each(|word| *holding.entry(word.clone()).or_insert(0.0) += 1.0);
        let number = |name: &String| skills.binary_search(&name.to_lowercase()).map_or(u16::MAX, |at| at as u16);
        let rarity = Rarity::of(people.iter().flat_map(|p| p.items.iter().chain(&p.skills)).map(String::as_str));
        let guide = |p: &Someone| Person {
            offers: p.skills.iter().map(|s| Offered { skill: number(s), level: 4 }).collect(),
            items: p.items.iter().chain(&p.skills).map(|text| Said::of(text, &rarity)).collect(),
            ..Person::default()
        };
        let guides: Vec<Person> = people.iter().map(guide).collect();
        Self {
            people,
            common: Common::of(guides.iter().flat_map(|guide| &guide.items).map(|item| &item.meaning)),
            guides,
            rarity,
            whole: people.iter().map(|p| table.vector(&all(p))).collect(),
            texts,
            holding,
            skill_vectors: skills.iter().map(|s| table.vector(s)).collect(),
            skills,
        }
    }

    fn skill(&self, name: &str) -> u16 {
        self.skills.binary_search(&name.to_lowercase()).map_or(u16::MAX, |at| at as u16)
    }

    /// The same skill, or one whose name lies near.
    fn near(&self, wanted: u16, offered: u16) -> u8 {
        if wanted == offered {
            return 100;
        }
        let of = |skill: u16| self.skill_vectors.get(usize::from(skill)).copied().unwrap_or(Vector::EMPTY);
        let likeness = of(wanted).likeness(&of(offered));
        if likeness >= 5_000 { (likeness / 100 * 6 / 10).clamp(0, 60) as u8 } else { 0 }
    }

    fn overlap(&self, query: &Query) -> Vec<f64> {
        let wanted: Vec<String> = query.skills.iter().map(|s| s.to_lowercase()).collect();
        let has = |p: &Someone| p.skills.iter().filter(|s| wanted.contains(&s.to_lowercase())).count() as f64;
        self.people.iter().map(has).collect()
    }

    /// BM25 (Robertson and Zaragoza 2009) of the whole profile, k1 = 1.2, b = 0.75.
    fn bm25(&self, query: &Query) -> Vec<f64> {
        let many = self.texts.len() as f64;
        let length = |text: &HashMap<String, f64>| text.values().sum::<f64>();
        let mean = self.texts.iter().map(length).sum::<f64>() / many.max(1.0);
        let asked: Vec<String> = query.goals.iter().chain(&query.skills).flat_map(|text| words(text)).collect();
        let score = |text: &HashMap<String, f64>| {
            let of_word = |word: &String| {
                let holding = self.holding.get(word).copied().unwrap_or(0.0);
                let rarity = ((many - holding + 0.5) / (holding + 0.5) + 1.0).ln();
                let often = text.get(word).copied().unwrap_or(0.0);
                rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length(text) / mean))
            };
            asked.iter().map(of_word).sum()
        };
        self.texts.iter().map(score).collect()
    }

    fn goals(&self, query: &Query) -> Vec<Said> {
        query.goals.iter().chain(&query.skills).map(|text| Said::of(text, &self.rarity)).collect()
    }

    /// The best three items of each profile, by how near they come to what was asked.
    fn best_items(&self, query: &Query, nearness: impl Fn(&Said, &Said) -> i32) -> Vec<f64> {
        let goals = self.goals(query);
        let of_goal = |guide: &Person, goal: &Said| best_three(guide.items.iter().map(|item| nearness(goal, item)));
        self.guides.iter().map(|guide| f64::from(best_three(goals.iter().map(|goal| of_goal(guide, goal))))).collect()
    }

    fn items_apart(&self, query: &Query) -> Vec<f64> {
        self.best_items(query, |goal, item| goal.meaning.likeness(&item.meaning))
    }

    fn words_apart(&self, query: &Query) -> Vec<f64> {
        self.best_items(query, |goal, item| goal.wording.likeness(&item.wording))
    }

    fn one_vector(&self, query: &Query) -> Vec<f64> {
        let asked = query.goals.iter().chain(&query.skills).cloned().collect::<Vec<_>>().join(". ");
        let asked = Table::shipped().vector(&asked);
        self.whole.iter().map(|whole| f64::from(asked.likeness(whole))).collect()
    }

    fn full(&self, query: &Query) -> Vec<f64> {
        let learner = Person {
            wants: query.skills.iter().map(|s| Wanted { skill: self.skill(s), present: None, target: None }).collect(),
            goals: query.goals.iter().chain(&query.skills).map(|text| Said::of(text, &self.rarity).without(&self.common)).collect(),
            ..Person::default()
        };
        let near = |wanted, offered| self.near(wanted, offered);
        self.guides.iter().map(|guide| f64::from(two_sided(&learner, guide, &Weights::default(), near, 0).total)).collect()
    }
}

fn main() -> Result<(), String> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/ranking");
    let folder = std::env::args().nth(1).unwrap_or_else(|| own.to_owned());
    let folder = Path::new(&folder);
    let queries: Vec<Query> = read(folder, "queries.jsonl")?;
    let people: Vec<Someone> = read(folder, "people.jsonl")?;
    let mut grades: BTreeMap<String, BTreeMap<String, u8>> = BTreeMap::new();
    for judgement in read::<Judgement>(folder, "judgements.jsonl")? {
        grades.entry(judgement.query).or_default().insert(judgement.person, judgement.grade.min(10));
    }
    // A query that nobody judged says nothing.
    let judged: Vec<(&Query, Vec<u8>)> = queries
        .iter()
        .filter_map(|query| Some((query, grades.get(&query.id)?)))
        .map(|(query, grades)| (query, people.iter().map(|p| grades.get(&p.id).copied().unwrap_or(0)).collect()))
        .collect();
    let field = Field::of(&people, &queries);
    println!(
        "{} people, {} judged queries\n\n| ranked by | nDCG@{DEPTH} | weighted Kendall loss |\n|---|---|---|",
        people.len(),
        judged.len()
    );
    type Way<'a> = fn(&Field<'a>, &Query) -> Vec<f64>;
    let ways: [(&str, Way<'_>); 6] = [
        ("skill overlap", Field::overlap),
        ("text (BM25 of the whole profile)", Field::bm25),
        ("vectors, one a profile", Field::one_vector),
        ("vectors, items apart, best three", Field::items_apart),
        ("rare words, items apart, best three", Field::words_apart),
        ("the full scorer", Field::full),
    ];
    for (name, way) in ways {
        let (mut gains, mut losses) = (Vec::new(), Vec::new());
        for (query, grades) in &judged {
            let scores = way(&field, query);
            let mut order: Vec<usize> = (0..people.len()).collect();
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
            gains.extend(ndcg(&order.iter().map(|at| grades[*at]).collect::<Vec<_>>(), DEPTH));
            losses.extend(weighted_kendall_loss(&scores.into_iter().zip(grades.iter().copied()).collect::<Vec<_>>()));
        }
        let mean = |all: &[f64]| all.iter().sum::<f64>() / (all.len() as f64).max(1.0);
        println!("| {name} | {:.3} | {:.3} |", mean(&gains), mean(&losses));
    }
    Ok(())
}
