//! Where somebody may want to get to: a name and the skills it asks. The examples are our own, a beginning to edit; what a
//! place really asks of somebody, its own people know better.

use super::record::{Level, MOST_AIM_SKILLS};

/// A named aim with the skills and levels it asks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Aim {
    pub name: String,
    /// Ids in the graph, each with the level wanted.
    pub skills: Vec<(String, Level)>,
}

pub struct Example {
    pub slug: &'static str,
    pub name: &'static str,
    /// What somebody there does, in a sentence.
    pub about: &'static str,
    skills: &'static [(&'static str, u8)],
}

impl Example {
    pub fn aim(&self) -> Aim {
        let skills = self.skills.iter().filter_map(|(skill, level)| Some(((*skill).to_owned(), Level::try_from(*level).ok()?)));
        Aim { name: self.name.into(), skills: skills.take(MOST_AIM_SKILLS).collect() }
    }
}

#[rustfmt::skip]
pub static EXAMPLES: &[Example] = &[
    Example { slug: "data-analyst", name: "Data analyst", about: "Finds out what numbers say, and tells others so that they can decide.",
        skills: &[("data-analysis", 4), ("sql", 4), ("statistics", 3), ("data-visualisation", 4), ("data-storytelling", 3), ("stakeholder-management", 3)] },
    Example { slug: "data-engineer", name: "Data engineer", about: "Brings data to where others can use it, every night, and knows when it did not.",
        skills: &[("data-engineering", 4), ("sql", 4), ("python", 4), ("databases", 4), ("cloud", 3), ("testing", 3)] },
    Example { slug: "product-manager", name: "Product manager", about: "Knows what is worth building next, and why, and says so to everybody.",
        skills: &[("product-management", 4), ("user-research", 3), ("product-strategy", 3), ("prioritisation", 4), ("stakeholder-management", 4), ("data-analysis", 3)] },
    Example { slug: "first-manager", name: "First-time manager", about: "Makes it easy for a few people to do good work together.",
        skills: &[("people-management", 3), ("giving-feedback", 4), ("delegation", 3), ("coaching-skills", 3), ("meetings", 3), ("conflict-resolution", 3)] },
    Example { slug: "facilitator", name: "Facilitator", about: "Helps a room full of people to think and decide together.",
        skills: &[("facilitation", 4), ("public-speaking", 3), ("visual-facilitation", 3), ("conflict-resolution", 3), ("cross-cultural", 3)] },
    Example { slug: "project-lead", name: "Project lead", about: "Brings something with an end to its end, with people who also do other things.",
        skills: &[("project-management", 4), ("stakeholder-management", 4), ("decision-making", 3), ("negotiation", 3), ("meetings", 4)] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_asks_skills_that_the_graph_knows() {
        let graph = crate::skills::Graph::shipped();
        for example in EXAMPLES {
            let aim = example.aim();
            assert_eq!(aim.skills.len(), example.skills.len());
            for (skill, _) in aim.skills {
                assert!(graph.by_id(&skill).is_some(), "{}: {skill}", example.slug);
            }
        }
    }
}
