//! Feedback that closes. It is pinned to one thing, asked for with one question or simply given, and taken in one of four
//! honest ways: try it, park it, decline it with why, or it is done. Whoever gave it hears what came of it. People without
//! an account answer by a link.

mod item;
mod lessons;
mod letters;
mod notices;
mod pages;
pub mod pins;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use item::{Deed, Feedback, FeedbackId, FeedbackState, Pin, PinKind, Said, Way, Words};
pub use pages::goal_part;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;
use verbs::{Listed, Told};

pub static SLICE: Slice = Slice {
    name: "feedback",
    heading: "Feedback",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "bring feedback back", due: sql::any_due, run: Run::Unit(verbs::in_time) },
        Sweep { name: "forget addresses of feedback", due: verbs::forgetting_due, run: Run::Unit(verbs::forget_old) },
    ],
    happenings: &[
        "feedback asked for",
        "feedback given",
        "feedback refused",
        "feedback taken back",
        "feedback answered",
        "feedback outcome told",
        "feedback came back",
    ],
    reactions: &[
        Reaction { on: "action kept", run: |tx, happening| verbs::follow_action(tx, happening.subject.into(), true) },
        Reaction { on: "action dropped", run: |tx, happening| verbs::follow_action(tx, happening.subject.into(), false) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &["feedback.about_id", "feedback.by_id", "feedback.made_by_id", "feedback_letters.about_id"],
        export,
        forget: verbs::forget,
    }],
    policy,
    today,
};

/// The tab of a relationship, and what waits on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Feedback", "feedback")), now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let waiting = verbs::waiting(tx, viewer)?;
    let need = |Listed { told, other }: Listed| {
        let path = format!("/feedback/{}", told.item.id);
        match told.item.state {
            FeedbackState::Asked => Need {
                by: told.item.due_at,
                title: format!("{other} asks for your feedback"),
                line: told.question.unwrap_or_default(),
                path,
                button: "Answer".into(),
            },
            FeedbackState::Done => Need {
                by: told.item.next_at,
                title: format!("What came of what {other} told you?"),
                line: "Say it in your own words, or we only say that you have tried it".into(),
                path,
                button: "Say what came of it".into(),
            },
            _ => Need {
                by: told.item.next_at,
                title: format!("{other} gave you feedback"),
                line: "Try it, park it, decline it, or it is done".into(),
                path,
                button: "Read and answer".into(),
            },
        }
    };
    Ok(waiting.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let (received, given) = verbs::everything(tx, person)?;
    let one = |told: &Told| {
        json!({
            "about": told.pin,
            "question": told.question,
            "from": told.giver_name,
            "state": told.item.state,
            "asked_at": told.question.as_ref().map(|_| told.item.made_at.jiff()),
            "given_at": told.item.given_at.map(|at| at.jiff()),
            "words": told.words,
            "reply": told.reply,
            "what_came_of_it": told.outcome,
        })
    };
    Ok(json!({ "received": received.iter().map(one).collect::<Vec<_>>(), "given": given.iter().map(one).collect::<Vec<_>>() }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let item = item::example(cast[0].person, Some(cast[1].person));
    for deed in Deed::ALL {
        for (role, viewer) in ["receiver", "giver", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("feedback", deed.as_str(), *role, item.allows(Some(&together), viewer, *deed));
        }
    }
}
