//! “How is it going?”: four short questions and one thing to change, asked of everybody who works together after the second
//! session and then after each fourth. Each answers alone; they read each other's answers once all have answered. Nobody
//! else ever reads one. Those who look after the place see what a whole quarter came to, from seven people up.

mod notices;
mod pages;
mod pulse;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use pulse::{Deed, FLOOR, Level, Pulse, PulseId, Said, quarter_of, quarter_words};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "pulses",
    heading: "How is it going?",
    routes: pages::routes,
    sweeps: &[Sweep { name: "count a quarter of pulses", due: verbs::any_to_count, run: Run::Errand(|app| Box::pin(verbs::count(app))) }],
    happenings: &["pulse asked", "pulse answered"],
    reactions: &[Reaction { on: "session held", run: |tx, happening| verbs::follow_session(tx, happening.subject.into()) }],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["pulse_answers.person_id"], export, forget: sql::forget }],
    policy,
    today,
};

pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let need = |(pulse, name): (Pulse, String)| Need {
        by: Some(pulse.open_until),
        title: format!("How is it going with {name}?"),
        line: "Four short questions, for the two of you alone.".into(),
        path: pages::path(pulse.relationship),
        button: "Answer the questions".into(),
    };
    Ok(verbs::waiting(tx, viewer)?.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let all = verbs::everything(tx, person)?;
    Ok(json!(all.into_iter().map(|(at, said)| json!({ "answered_at": at.jiff(), "said": said })).collect::<Vec<_>>()))
}

fn policy(table: &mut PolicyTable) {
    let (cast, (together, _)) = (crate::relationships::cast(), crate::relationships::examples());
    let pulse = pulse::example();
    for deed in Deed::ALL {
        for (role, viewer) in ["mentee", "mentor", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("pulse", deed.as_str(), *role, pulse.allows(&together, viewer, *deed));
        }
    }
}
