//! When something is not right, or not enough: the learner asks for more, someone raises a concern or keeps somebody away.
//! A concern is read by those alone whom this place has named for it, each reading is written down, and whoever it is
//! about never looks after it. Contact can be stopped at once, and the other is told no reason.

mod concern;
mod more;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use concern::{Concern, ConcernId, ConcernState, Deed, Draft, Wish};
pub use pages::profile_part;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "concerns",
    heading: "Concerns",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "remind of concerns", due: sql::any_late, run: Run::Unit(verbs::remind) },
        Sweep { name: "close concerns", due: sql::any_to_close, run: Run::Unit(verbs::close) },
    ],
    happenings: &[
        "concern raised",
        "concern opened",
        "concern acknowledged",
        "concern decided",
        "concern appealed",
        "concern withdrawn",
        "concern closed",
        "concern clocks set",
        "concern contact named",
        "concern contact removed",
        "more asked for",
    ],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &[
            "concerns.reporter_id",
            "concerns.about_id",
            "concerns.handler_id",
            "concerns.decider_id",
            "concerns.appellant_id",
            "concern_evidence.by_id",
            "concern_answers.by_id",
            "concern_openings.person_id",
            "concern_contacts.person_id",
            "concern_contacts.named_by_id",
        ],
        export,
        forget: verbs::forget,
    }],
    policy,
    today,
};

/// The way to say that something is not right, on the first page of a relationship.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: more::now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let waiting = verbs::waiting_for(tx, viewer)?;
    let need = |concern: Concern| Need {
        by: concern.answer_by,
        title: if concern.state == ConcernState::Appealed { "An appeal waits".into() } else { "A concern waits".into() },
        line: "Nobody but you and those named with you can read it.".into(),
        path: format!("/concerns/{}", concern.id),
        button: "Look at it".into(),
    };
    let mut needs: Vec<Need> = waiting.into_iter().map(need).collect();
    if verbs::is_stranded(tx, viewer)? {
        needs.push(Need {
            by: None,
            title: "A concern waits that nobody here can look after".into(),
            line: "Those who could are part of it, or have decided it already. Please name somebody else.".into(),
            path: "/concerns/contacts".into(),
            button: "Name somebody".into(),
        });
    }
    Ok(needs)
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let all = verbs::everything(tx, person)?;
    let one = |whole: verbs::Whole| {
        let (words, evidence) = whole.report.map_or((None, Vec::new()), |(words, pieces)| (Some(words), pieces));
        let evidence: Vec<_> =
            evidence.into_iter().map(|(by, e)| json!({ "by": by.name, "at": e.at.jiff(), "what": e.source, "words": e.words })).collect();
        json!({
            "raised_by_me": whole.concern.reporter == person,
            "raised_at": whole.concern.raised_at.jiff(),
            "state": whole.concern.state,
            "what_happened": words,
            "attached": evidence,
            "decided": whole.answers.into_iter().map(|a| json!({ "at": a.at.jiff(), "words": a.words })).collect::<Vec<_>>(),
            "my_appeal": whole.appeal,
        })
    };
    Ok(json!({
        "looks_after_concerns": verbs::is_contact(tx, person)?,
        "concerns": all.into_iter().map(one).collect::<Vec<_>>(),
    }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let raised = concern::example(cast[0].person, cast[1].person);
    let told = Concern { told_other: true, ..raised.clone() };
    for deed in Deed::ALL {
        for (role, viewer) in
            ["reporter", "whom it is about", "another member", "coordinator", "administrator, not named for it"].iter().zip(&cast)
        {
            table.row("concern", deed.as_str(), *role, raised.allows(viewer, false, *deed));
        }
        table.row("concern", deed.as_str(), "whom it is about, once told", told.allows(&cast[1], false, *deed));
        table.row("concern", deed.as_str(), "who looks after concerns", raised.allows(&cast[2], true, *deed));
        table.row("concern", deed.as_str(), "who looks after concerns, of one about themselves", raised.allows(&cast[1], true, *deed));
    }
}
