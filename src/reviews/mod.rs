//! How several people see somebody who asks them, without its being known who said what. Up to twelve are asked by a link;
//! it closes on a day chosen at the start, and shows nothing below four answers. How that is kept, against whom, and where
//! it ends stands in docs/decisions/reviews.md.

mod letters;
mod notices;
mod pages;
mod review;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use review::{Answer, Deed, Item, Outline, Review, ReviewId};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Personal, PolicyTable, Run, Slice, Sweep};
use crate::viewer::{PersonId, Via, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "reviews",
    heading: "Reviews",
    routes: pages::routes,
    sweeps: &[Sweep { name: "close reviews", due: verbs::any_due, run: Run::Unit(verbs::close_due) }],
    // None says that somebody answered.
    happenings: &["review begun", "review closed", "review released", "review deleted"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    // What somebody answered about another is kept under nobody's name, so it can be neither found nor taken out.
    personal: &[Personal { columns: &["reviews.person_id", "review_starts.person_id"], export, forget: sql::forget }],
    policy,
    today: |_, _| Ok(Vec::new()),
};

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!([])) };
    let one = |whole: verbs::Whole| {
        json!({
            "begun_at": whole.review.made_at.jiff(),
            "closes_at": whole.review.closes_at.jiff(),
            "is_closed": whole.review.closed_at.is_some(),
            "asks": whole.outline.items.iter().map(|item| json!({ "about": item.words, "my_own_level": item.own.number() })).collect::<Vec<_>>(),
            "questions": whole.outline.questions,
            "asked_of": whole.asked,
            "results": whole.results,
            "counts_since": whole.review.released_at.map(|at| at.jiff()),
        })
    };
    Ok(json!(verbs::own(tx, &viewer)?.into_iter().map(one).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let review = review::example(cast[0].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("review", deed.as_str(), *role, review.allows(viewer, *deed));
        }
    }
}
