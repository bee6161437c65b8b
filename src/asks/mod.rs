//! Asking for help. A learner writes a short letter to one person; that person says yes, asks for more, offers
//! something smaller, suggests someone else, or declines kindly. Both see the same clock, and when it runs out the
//! letter goes on to the next person the learner has allowed. No request stays without an end, and the learner is
//! always told why. What they write is sealed under a key of its own, which the relationship keeps when it begins.

mod ask;
mod notices;
pub(crate) mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use ask::{Ask, AskId, AskState, Deed, Draft, Help, Letter, LineKind, Pending, Reason, SealedLine, Turn, WaitEstimate, longest};
pub use pages::profile_part;
pub use verbs::asked_already;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "asks",
    heading: "Requests",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "remind of asks", due: sql::any_to_remind, run: Run::Unit(verbs::remind) },
        Sweep { name: "let asks lapse", due: sql::any_to_lapse, run: Run::Unit(verbs::lapse) },
    ],
    happenings: &[
        "ask sent",
        "ask accepted",
        "ask asked back",
        "ask answered",
        "ask line written",
        "ask smaller offered",
        "ask redirect offered",
        "ask redirected",
        "ask declined",
        "ask withdrawn",
        "ask lapsed",
        "ask cascaded",
        "ask superseded",
        "ask next chosen",
    ],
    reactions: &[
        Reaction { on: "not now changed", run: |tx, happening| verbs::follow_not_now(tx, happening.subject.into()) },
        Reaction { on: "person left", run: |tx, happening| verbs::follow_leaving(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: notices::REPLIES,
    personal: &[Personal {
        columns: &["asks.asker_id", "asks.asked_id", "asks.redirect_to_id", "ask_nexts.person_id", "ask_lines.by_id"],
        export,
        forget: verbs::forget,
    }],
    policy,
    today,
};

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let waiting = verbs::waiting_on(tx, viewer)?;
    let need = |(ask, chip): (Ask, crate::people::Chip)| {
        let name = chip.first_name();
        let mine = viewer.is(ask.asker);
        Need {
            by: Some(ask.answer_by),
            title: if mine { verbs::what_is_asked(&ask, name) } else { format!("{name} asks for your help") },
            line: if mine { "Your request goes on when you have answered.".into() } else { format!("For {}.", ask.size().words()) },
            path: format!("/asks/{}", ask.id),
            button: if mine { "Answer".into() } else { "Read and answer".into() },
        }
    };
    Ok(waiting.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut asks = Vec::new();
    for ask in sql::of_person(tx, person, 1000)? {
        let mut lines = Vec::new();
        for line in sql::lines(tx, ask.id)? {
            let words = crate::seal::open_text(tx, ask.key, &line.words)?;
            lines.push(json!({ "by_me": line.by == person, "at": line.at.jiff(), "kind": line.kind, "words": words }));
        }
        let letter = verbs::letter(tx, &ask)?;
        asks.push(json!({
            "sent_by_me": ask.asker == person,
            "sent_at": ask.sent_at.jiff(),
            "help": ask.help,
            "for": ask.size().words(),
            "state": ask.state,
            "ended_at": ask.ended_at.map(|at| at.jiff()),
            "goal": letter.as_ref().map(|l| &l.goal),
            "why_you": letter.as_ref().map(|l| &l.why_you),
            "so_far": letter.as_ref().map(|l| &l.so_far),
            "the_ask": letter.as_ref().map(|l| &l.the_ask),
            "will_bring": letter.as_ref().map(|l| &l.will_bring),
            "lines": lines,
        }));
    }
    Ok(json!(asks))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let ask = ask::example(cast[0].person, cast[1].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["asker", "asked", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("ask", deed.as_str(), *role, ask.allows(viewer, *deed));
        }
    }
}
