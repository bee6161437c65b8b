//! Finding the right person: from a goal, or by looking around. Everyone who may be asked is offered in an order that
//! can be explained, with reasons that are true; nobody is offered who has no room or said “not now”.

mod about;
mod contrast;
mod find;
mod follow;
pub mod index;
mod pages;
mod query;
pub mod rank;
mod reasons;
pub mod search;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

use crate::app::{App, Happening, Tx};
use crate::error::Result;
use crate::slices::{Personal, Reaction, Run, Slice, Sweep};
use crate::viewer::PersonId;

pub static SLICE: Slice = Slice {
    name: "directory",
    heading: "Directory",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "read everyone for the directory", due: follow::is_missing, run: Run::Errand(read_everyone) },
        Sweep { name: "write documents again", due: verbs::documents_are_due, run: Run::Unit(verbs::sweep_documents) },
        Sweep { name: "forget words that nobody uses", due: verbs::words_are_due, run: Run::Unit(verbs::sweep_words) },
    ],
    happenings: &["contrast set aside", "contrasts shown again"],
    reactions: &[
        Reaction { on: "person joined", run: follow },
        Reaction { on: "profile changed", run: follow },
        Reaction { on: "person forgotten", run: follow },
        Reaction { on: "skill merged", run: follow_merge },
    ],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[
        Personal {
            columns: &["search_docs.person_id"],
            // Made from what people already exports.
            export: |_, _| Ok(serde_json::Value::Null),
            forget: sql::drop_document,
        },
        // It belongs to whoever set somebody aside, and is not for the one who was.
        Personal {
            columns: &["contrasts_set_aside.person_id"],
            export: |tx, person| {
                let aside = sql::set_aside_by(tx, person)?.into_iter();
                Ok(aside.map(|(goal, why, at)| serde_json::json!({ "goal": goal, "why": why, "at": at.jiff() })).collect())
            },
            forget: sql::forget_set_aside,
        },
    ],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};

/// So that the first search after a start does not wait for it.
fn read_everyone(app: App) -> futures_util::future::BoxFuture<'static, Result<usize>> {
    Box::pin(async move { verbs::warm(&app).await.map(|()| 0) })
}

fn follow(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let person = PersonId(happening.subject);
    match sql::write_documents(tx, &[person])? {
        0 => sql::drop_document(tx, person),
        _ => Ok(()),
    }
}

/// Documents name skills. However many people have one, the merge itself only leaves a note; a sweep does the writing.
fn follow_merge(tx: &mut Tx, happening: &Happening) -> Result<()> {
    match crate::skills::verbs::merged(tx, happening.subject.into())? {
        Some((_, is)) => sql::write_again(tx, &is),
        None => Ok(()),
    }
}
