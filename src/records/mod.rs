//! How far somebody is with a skill, and what shows it. Each level is kept with who said it, when and on what evidence; it is
//! self-rated until somebody they work with has seen it too. Beside it a map, for its owner alone, of how far it is to where
//! they want to be. Nothing is added up, and nobody is compared with anybody.

mod aims;
mod gaps;
mod map;
mod notices;
mod pages;
pub mod record;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use map::goal_part;
pub use pages::profile_part;
pub use record::{Level, Recorded, RecordedId};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Slice};
use crate::viewer::{PersonId, Via, Viewer};
use record::{ConfirmationDeed, Deed};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "records",
    heading: "Skills",
    routes: pages::routes,
    sweeps: &[],
    happenings: &[
        "skill level said",
        "skill record deleted",
        "skill record shown",
        "skill confirmation asked for",
        "skill confirmation given",
        "skill confirmation settled",
        "skill confirmation taken back",
        "skill aim set",
        "skill aim let go",
    ],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &[
            "skill_records.person_id",
            "recorded_skills.person_id",
            "skill_levels.by_id",
            "skill_confirmations.person_id",
            "skill_confirmations.partner_id",
            "skill_aims.person_id",
        ],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

/// What waits on the first page of a relationship.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let need = |waits: sql::Waits| {
        let name = crate::people::first_name(&waits.name).to_owned();
        let path = format!("/records/asked/{}", waits.id);
        if viewer.is(waits.owner) {
            let line = "Read which and why, and decide what stands".into();
            Need { by: None, title: format!("{name} sees another level of a skill of yours"), line, path, button: "Read it".into() }
        } else {
            let line = "Do you see it so too? It takes a minute".into();
            Need { by: None, title: format!("{name} asks you about a skill"), line, path, button: "Read and answer".into() }
        }
    };
    Ok(sql::waiting(tx, viewer.person)?.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!({})) };
    let (all, mut words, graph) = verbs::everything(tx, &viewer)?;
    let mut skills = Vec::with_capacity(all.len());
    for one in &all {
        let levels: Vec<_> = one
            .levels
            .iter()
            .map(|said| {
                json!({
                    "at": said.at.jiff(),
                    "level": said.level.number(),
                    "in_words": said.level.words(),
                    "by_me": said.by == person,
                    "by": said.by,
                    "evidence": { "words": said.evidence.words, "link": said.evidence.link, "about": said.evidence.pin.as_ref().map(|pin| &pin.1) },
                })
            })
            .collect();
        let confirmations: Vec<_> = one
            .confirmations
            .iter()
            .map(|asked| {
                let (question, answer) = words.remove(&asked.id).map_or((None, None), |(question, answer)| (Some(question), answer));
                json!({
                    "asked": asked.partner,
                    "asked_at": asked.asked_at.jiff(),
                    "level": question.map(|question| question.level.number()),
                    "state": asked.state,
                    "answered_at": asked.answered_at.map(|at| at.jiff()),
                    "they_see": answer.as_ref().map(|answer| answer.level.number()),
                    "why": answer.map(|answer| answer.why),
                    "what_stands": asked.settled,
                })
            })
            .collect();
        skills.push(json!({
            "skill": verbs::skill_name(&graph, &one.skill),
            "levels": levels,
            "asked_of_partners": confirmations,
            "shown_on_profile_since": one.shown_at.map(|at| at.jiff()),
        }));
    }
    let aims: Vec<_> = verbs::aims(tx, &viewer)?
        .into_iter()
        .map(|(_, aim)| {
            let skills: Vec<_> = aim
                .skills
                .iter()
                .map(|(skill, level)| json!({ "skill": verbs::skill_name(&graph, skill), "level": level.number() }))
                .collect();
            json!({ "name": aim.name, "asks": skills })
        })
        .collect();
    let given: Vec<_> = verbs::confirmed_by(tx, person)?
        .into_iter()
        .map(|(one, (question, answer))| {
            json!({
                "asked_by": one.person,
                "asked_at": one.asked_at.jiff(),
                "skill": question.skill,
                "level": question.level.number(),
                "state": one.state,
                "my_answer": answer,
            })
        })
        .collect();
    Ok(json!({ "skills": skills, "aims": aims, "what_others_asked_me": given }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let (recorded, asked) = record::examples(cast[0].person, cast[1].person);
    let roles = ["owner", "partner", "another member", "coordinator", "administrator"];
    for deed in Deed::ALL {
        for (role, viewer) in roles.iter().zip(&cast) {
            table.row("skill in a record", deed.as_str(), *role, recorded.allows(viewer, *deed));
        }
    }
    for deed in ConfirmationDeed::ALL {
        for (role, viewer) in roles.iter().zip(&cast) {
            table.row("skill confirmation", deed.as_str(), *role, asked.allows(&together, viewer, *deed));
        }
    }
}
