//! A skill in the place's own words. Pure.

use super::graph::{Graph, OwnSkill};
use crate::error::Result;
use crate::fold::fold;
use crate::refused;
use crate::slices::PolicyTable;
use crate::viewer::{Office, Viewer};
use chiron_store::{Timestamp, ids, record};
use std::str::FromStr;

ids!(OwnId);

record!(
    /// A word that people here use and the shipped graph does not know.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Own {
        pub id: OwnId,
        pub slug: String,
        pub name: String,
        pub field: String,
        pub made_at: Timestamp,
        pub accepted_at: Option<Timestamp>,
        pub merged_into: Option<String>,
        pub merged_at: Option<Timestamp>,
    }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    SeeDesk,
    Accept,
    Merge,
}

impl Own {
    pub fn allows(viewer: &Viewer, deed: Deed) -> bool {
        office_allows(viewer.office, deed)
    }

    pub fn accept(self, now: Timestamp) -> Result<Self> {
        match self.merged_into {
            None => Ok(Self { accepted_at: self.accepted_at.or(Some(now)), ..self }),
            Some(_) => Err(refused!("“{}” has already been merged.", self.name)),
        }
    }

    /// From now on people who say this mean that skill.
    pub fn merge(self, into: &super::Skill, now: Timestamp) -> Result<Self> {
        if self.merged_into.is_some() {
            return Err(refused!("“{}” has already been merged.", self.name));
        }
        if *into.id == *self.slug {
            return Err(refused!("That is the same word. Please choose the skill it should become."));
        }
        Ok(Self { merged_into: Some(into.id.to_string()), merged_at: Some(now), ..self })
    }
}

fn office_allows(office: Office, deed: Deed) -> bool {
    match deed {
        Deed::SeeDesk | Deed::Accept | Deed::Merge => matches!(office, Office::Coordinator | Office::Administrator),
    }
}

pub fn policy(table: &mut PolicyTable) {
    for (deed, name) in [(Deed::SeeDesk, "see desk"), (Deed::Accept, "accept"), (Deed::Merge, "merge")] {
        for office in Office::ALL {
            table.row("own skill", name, office.as_str(), office_allows(*office, deed));
        }
    }
}

/// The shipped graph with what this place added. Merged words come last, so that what they became is already there.
pub fn graph_with(own: &[Own]) -> Graph {
    let mut skills: Vec<OwnSkill> = own
        .iter()
        .filter(|o| o.merged_into.is_none())
        .map(|o| OwnSkill { id: o.slug.clone(), name: o.name.clone(), field: o.field.clone(), ..OwnSkill::default() })
        .collect();
    let kept = Graph::shipped().with(&skills, &[]);
    for merged in own {
        let Some(into) = merged.merged_into.as_deref().and_then(|id| kept.by_id(id)) else { continue };
        // Under the name it became, the graph takes it for that skill: its old id goes on finding it.
        skills.push(OwnSkill {
            id: merged.slug.clone(),
            name: into.name.to_string(),
            words: vec![merged.name.clone()],
            ..OwnSkill::default()
        });
    }
    Graph::shipped().with(&skills, &[])
}

/// A word for a skill, as typed: short, on one line, with at least one letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(String);

impl Word {
    pub const LONGEST: usize = 60;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is stored under when nobody knew it: “Beekeeping, urban” is `beekeeping-urban`.
    pub fn slug(&self) -> String {
        Self::slug_of(&self.0)
    }

    pub fn slug_of(text: &str) -> String {
        let folded = fold(text);
        folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct NotAWord;

impl FromStr for Word {
    type Err = NotAWord;
    fn from_str(typed: &str) -> Result<Self, NotAWord> {
        let word = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let word = Self(word);
        if word.0.chars().count() > Self::LONGEST || word.slug().is_empty() { Err(NotAWord) } else { Ok(word) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_short_and_says_something() {
        for (typed, slug) in [
            ("Beekeeping,  urban", Some("beekeeping-urban")),
            ("Ölmalerei", Some("olmalerei")),
            ("書道", Some("書道")),
            ("  ", None),
            ("?!", None),
        ] {
            assert_eq!(typed.parse::<Word>().ok().map(|w| w.slug()).as_deref(), slug, "{typed}");
        }
        assert!("x".repeat(61).parse::<Word>().is_err());
    }

    #[test]
    fn a_merged_word_finds_what_it_became_by_name_and_by_its_old_id() {
        let own = |slug: &str, name: &str, into: Option<&str>| Own {
            id: OwnId(uuid::Uuid::nil()),
            slug: slug.into(),
            name: name.into(),
            field: String::new(),
            made_at: Timestamp::from_micros(0),
            accepted_at: None,
            merged_into: into.map(Into::into),
            merged_at: None,
        };
        let graph =
            graph_with(&[own("urban-bees", "Urban bees", Some("beekeeping-urban")), own("beekeeping-urban", "Beekeeping, urban", None)]);
        for word in ["urban bees", "beekeeping urban"] {
            assert_eq!(graph.find(word).map(|s| &*s.id), Some("beekeeping-urban"), "{word}");
        }
        assert_eq!(graph.by_id("urban-bees").map(|s| &*s.id), Some("beekeeping-urban"));
    }
}
