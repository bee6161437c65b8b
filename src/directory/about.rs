//! What a wish is about, and how near people come to it when the words differ: “keeping containers running” finds who
//! wrote “Kubernetes”. Pure. The meaning of each text is a vector ([`chiron_recommend::meaning`]); what somebody says
//! of themselves is kept apart, one vector an item, and the best three decide.

use super::index::{At, Index, SkillAt};
use super::rank::Bits;
use chiron_recommend::index::Wish;
use chiron_recommend::meaning::{Table, Vector};
use chiron_recommend::person::Weights;
use chiron_recommend::terms::{best_three, fit_of_likeness};

/// Texts this alike are about the same thing, in ten-thousandths. Of texts drawn at random, one pair in ten is nearer than
/// 1,400, and two in a hundred nearer than this.
const NEAR: i32 = 2_700;
/// So many are taken in by what they wrote when no word and no skill fits.
const MOST_BY_MEANING: usize = 500;

/// What somebody looks for, ready to be held against everyone.
#[derive(Debug)]
pub struct About {
    goals: Vec<Vector>,
    /// For each goal, how near each skill of the index is.
    skills: Vec<Vec<i32>>,
}

/// What of somebody comes nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearest {
    /// Of the texts they wrote, by its place in [`texts`].
    Text(usize),
    Skill(SkillAt),
}

/// What somebody says of themselves, one text an item, in the order in which the index keeps their vectors.
pub fn texts<'a>(headline: &'a str, done: impl IntoIterator<Item = String> + 'a, story: &'a str) -> Vec<String> {
    let of_them = std::iter::once(headline.to_owned()).chain(done).chain(std::iter::once(story.to_owned()));
    of_them.filter(|text| !text.trim().is_empty()).collect()
}

/// The vectors of texts.
pub fn vectors(texts: &[String]) -> Vec<Vector> {
    texts.iter().map(|text| Table::shipped().vector(text)).collect()
}

impl About {
    /// `None` when nothing in these texts means anything to us.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>, index: &Index) -> Option<Self> {
        // Without what everybody here writes of, which tells nobody apart.
        let meaning = |text: &str| index.common().taken_out_of(&Table::shipped().vector(text));
        let goals: Vec<Vector> = texts.into_iter().map(meaning).filter(|goal| !goal.is_empty()).collect();
        let skills = goals.iter().map(|goal| index.skill_meanings().iter().map(|skill| goal.likeness(skill)).collect()).collect();
        (!goals.is_empty()).then_some(Self { goals, skills })
    }

    /// How near somebody comes, 0 to 10,000.
    pub fn fit(&self, index: &Index, at: At) -> u16 {
        let of_goal = |(goal, skills): (&Vector, &Vec<i32>)| {
            let offered = index.skills_of(index.row(at)).iter().map(|(skill, _)| skills[usize::from(*skill)]);
            best_three(offered.chain(index.meanings().likenesses(goal, at)))
        };
        fit_of_likeness(best_three(self.goals.iter().zip(&self.skills).map(of_goal)))
    }

    /// Everyone who comes near by a skill they offer, and those who come nearest by what they wrote.
    pub fn near(&self, index: &Index, must_speak: u128) -> Bits {
        let mut bits = Bits::none(index.len());
        for skills in &self.skills {
            for (skill, _) in skills.iter().enumerate().filter(|(_, likeness)| **likeness >= NEAR) {
                index.offering(skill as SkillAt).iter().for_each(|at| bits.put(*at));
            }
        }
        for goal in &self.goals {
            let wish = Wish {
                goals: vec![*goal],
                must_speak,
                weights: Weights::default(),
                least_score: fit_of_likeness(NEAR),
                most: MOST_BY_MEANING,
                ..Wish::default()
            };
            index.meanings().best(&wish).into_iter().for_each(|hit| bits.put(hit.person));
        }
        bits
    }

    /// What of somebody comes nearest, when it is near.
    pub fn nearest(&self, index: &Index, at: At) -> Option<Nearest> {
        let mut best: Option<(i32, Nearest)> = None;
        let mut take = |likeness: i32, what: Nearest| {
            if likeness >= NEAR && best.is_none_or(|(known, _)| likeness > known) {
                best = Some((likeness, what));
            }
        };
        for (goal, skills) in self.goals.iter().zip(&self.skills) {
            index.meanings().likenesses(goal, at).enumerate().for_each(|(text, likeness)| take(likeness, Nearest::Text(text)));
            for (skill, _) in index.skills_of(index.row(at)) {
                take(skills[usize::from(*skill)], Nearest::Skill(*skill));
            }
        }
        best.map(|(_, what)| what)
    }
}

/// How alike two people are to somebody who chooses among them, 0 to 10,000: by the skills they offer and by what they
/// wrote, each by half when both wrote something.
pub fn alike(index: &Index, one: At, other: At) -> u16 {
    let (a, b) = (index.skills_of(index.row(one)), index.skills_of(index.row(other)));
    let both = a.iter().filter(|(skill, _)| b.iter().any(|(other, _)| other == skill)).count();
    let either = a.len() + b.len() - both;
    let skills = (both * 10_000).checked_div(either).unwrap_or(0) as i32;
    let items = index.meanings().items(one);
    let written = items.iter().flat_map(|item| index.meanings().likenesses(item, other)).max();
    let alike = written.map_or(skills, |written| (skills + written.max(0)) / 2);
    u16::try_from(alike).unwrap_or(0)
}
