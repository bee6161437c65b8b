//! One question, one answer, by an agreed time: to one person, to whoever knows best, or from the stuck button of a
//! relationship. When it is not answered in time it goes on to someone else, and it always ends. A good answer can
//! grow into a request to the same person, with its history.

mod notices;
mod pages;
mod question;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use question::{Deed, Draft, Question, QuestionId, QuestionState};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "questions",
    heading: "Questions",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "remind of questions", due: sql::any_to_remind, run: Run::Unit(verbs::remind) },
        Sweep { name: "pass questions on", due: sql::any_to_lapse, run: Run::Unit(verbs::lapse) },
    ],
    happenings: &[
        "question asked",
        "question answered",
        "question passed on",
        "question lapsed",
        "question withdrawn",
        "question helped",
        "question grew",
    ],
    reactions: &[
        Reaction { on: "ask accepted", run: |tx, happening| verbs::follow_accepted(tx, happening.subject.into()) },
        Reaction { on: "not now changed", run: |tx, happening| verbs::follow_not_now(tx, happening.subject.into()) },
        Reaction { on: "person left", run: |tx, happening| verbs::follow_leaving(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: notices::REPLIES,
    personal: &[Personal { columns: &["questions.asker_id", "questions.asked_id"], export, forget: verbs::forget }],
    policy,
    today,
};

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let waiting = verbs::waiting_on(tx, viewer)?;
    let need = |(question, chip): (Question, crate::people::Chip)| Need {
        by: Some(question.answer_by),
        title: notices::asks_you(&question, chip.first_name()),
        line: "One answer is all that is asked.".into(),
        path: format!("/questions/{}", question.id),
        button: "Read and answer".into(),
    };
    Ok(waiting.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut questions = Vec::new();
    for question in sql::of_person(tx, person, 1000)? {
        let sealed = sql::words(tx, question.id)?;
        let words = crate::seal::open_text(tx, question.key, &sealed.words)?;
        let answer = match &sealed.answer {
            Some(answer) => crate::seal::open_text(tx, question.key, answer)?,
            None => None,
        };
        questions.push(json!({
            "asked_by_me": question.asker == person,
            "asked_at": question.sent_at.jiff(),
            "skill": question.skill,
            "state": question.state,
            "question": words,
            "answer": answer,
            "helped": question.helped_at.is_some(),
        }));
    }
    Ok(json!(questions))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let question = question::example(cast[0].person, cast[1].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["asker", "asked", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("question", deed.as_str(), *role, question.allows(viewer, *deed));
        }
    }
}
