//! How far a goal has come, said honestly: five levels described before starting, which two people rate and agree on, or key
//! results that are counted; how sure somebody is, in one press; and a page that shows what changed, in their own words and
//! in charts that draw how unsure a number is. Nobody is compared with anybody.

pub mod gas;
mod growth;
mod measure;
mod notices;
mod pages;
pub mod smart;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use gas::Level;
pub use growth::{Point, chart, number};
pub use measure::{
    Attainment, Deed, Form, KeyResult, Numbers, Rating, RatingId, Said, Scale, ScaleDraft, ScaleId, ScaleWords, Standing, Voice,
};
pub use pages::{goal_part, pace_words, read_number};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Via, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "attainment",
    heading: "How far goals have come",
    routes: pages::routes,
    sweeps: &[Sweep { name: "ask how far goals have come", due: sql::any_due, run: Run::Unit(verbs::ask_around) }],
    happenings: &[
        "attainment laid down",
        "attainment shared",
        "attainment paced",
        "attainment let count",
        "goal rated",
        "rating answered",
        "rating agreed",
        "confidence said",
        "progress noted",
    ],
    reactions: &[Reaction { on: "goal ended", run: |tx, happening| verbs::follow_end(tx, happening.subject.into()) }],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: &[],
    personal: &[Personal {
        columns: &["attainments.owner_id", "goal_ratings.by_id", "goal_ratings.answered_by_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

/// The tab of a relationship, and what waits for a rating on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Goals", "goals")), now: pages::now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    for (goal, outcome, by) in verbs::waiting(tx, viewer)? {
        let name = crate::relationships::verbs::called(tx, by)?.first_name().to_owned();
        needs.push(Need {
            by: None,
            title: outcome,
            line: format!("{name} said how far it has come. Do you see it so too?"),
            path: format!("/attainment/{goal}"),
            button: "Look at it".into(),
        });
    }
    for (attainment, outcome) in verbs::asked(tx, viewer)? {
        needs.push(Need {
            by: None,
            title: outcome,
            line: "How far has it come? You asked to be asked.".into(),
            path: notices::where_to_rate(&attainment),
            button: "Say how far".into(),
        });
    }
    Ok(needs)
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!({})) };
    let all = verbs::everything(tx, &viewer)?;
    let one = |measured: verbs::Measured| {
        let scales: Vec<_> = measured
            .scales
            .iter()
            .map(|scale| json!({ "about": scale.words.title, "levels": scale.words.levels, "weight": scale.weight, "began_at_level": scale.baseline.number() }))
            .collect();
        let ratings: Vec<_> = measured
            .ratings
            .iter()
            .map(|rating| {
                let levels: Vec<_> = rating
                    .levels
                    .iter()
                    .map(|said| json!({ "rated": said.proposed.number(), "answered": said.answered.map(Level::number) }))
                    .collect();
                let mine = rating.by == person;
                json!({
                    "at": rating.at.jiff(),
                    "by_me": mine,
                    "levels": levels,
                    "agreed": rating.agreed,
                    "t": rating.t(),
                    "note": rating.note.as_ref().filter(|_| mine),
                    "my_answer": rating.answer_note.as_ref().filter(|_| rating.answered_by == Some(person)),
                })
            })
            .collect();
        let sure: Vec<_> =
            measured.confidences.iter().map(|said| json!({ "at": said.at.jiff(), "of_10": said.level, "note": said.note })).collect();
        let progress: Vec<_> = measured
            .progress
            .iter()
            .map(|said| json!({ "at": said.at.jiff(), "now": said.numbers.now, "note": said.numbers.note }))
            .collect();
        json!({
            "goal": measured.outcome,
            "measured_by": measured.attainment.form,
            "shared": measured.attainment.relationship.is_some(),
            "let_count": measured.attainment.counted_at.is_some(),
            "scales": scales,
            "ratings": ratings,
            "how_sure": sure,
            "key_results": measured.results.iter().map(|(_, result)| json!(result)).collect::<Vec<_>>(),
            "progress": progress,
        })
    };
    let goals: Vec<_> = all.into_iter().map(one).collect();
    let beside: Vec<_> = verbs::written(tx, person)?.into_iter().map(|(at, words)| json!({ "at": at.jiff(), "words": words })).collect();
    Ok(json!({ "goals": goals, "what_i_wrote_beside_ratings_of_others": beside }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let together = crate::relationships::Relationship { sponsor: Some(uuid::Uuid::from_u128(6).into()), ..together };
    let own = measure::example(cast[0].person, None);
    let shared = measure::example(cast[0].person, Some(together.id));
    let mut sponsor = cast[2].clone();
    sponsor.person = uuid::Uuid::from_u128(6).into();
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("attainment", deed.as_str(), *role, own.allows(None, viewer, *deed));
            table.row("attainment", deed.as_str(), format!("{role}, where it is shared"), shared.allows(Some(&together), viewer, *deed));
        }
        table.row("attainment", deed.as_str(), "sponsor, where it is shared", shared.allows(Some(&together), &sponsor, *deed));
    }
}
