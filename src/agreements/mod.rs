//! How people work together, in writing. Each says alone what they would like, then they look at the differences and settle
//! them one by one, and sign. What they signed acts: it sets the rhythm of reminders, the time to answer, what a sponsor may
//! read, whether anything is recorded, and when everything is destroyed.

mod agreement;
mod elements;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use agreement::{Agreement, AgreementState, Channel, Clauses, Deed, Recording, ReportKind, SponsorReport};
pub use elements::Element;

/// What an agreement of this kind speaks of, in order.
pub use elements::of as elements_of;

use crate::app::Tx;
use crate::error::Result;
use crate::relationships::{Kind, RelationshipState, Role};
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;
use verbs::Step;

pub static SLICE: Slice = Slice {
    name: "agreements",
    heading: "Agreements",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "remind of agreements", due: sql::any_to_remind, run: Run::Unit(verbs::remind) },
        Sweep { name: "offer to look at agreements again", due: sql::any_to_review, run: Run::Unit(verbs::offer_reviews) },
        Sweep { name: "destroy what is not kept", due: sql::any_to_destroy, run: Run::Unit(verbs::destroy_due) },
    ],
    happenings: &[
        "agreement drafted",
        "agreement compared",
        "agreement settled",
        "agreement stands",
        "agreement signed",
        "agreement in force",
        "agreement reopened",
        "agreement amended",
        "agreement withdrawn",
        "agreement looked at",
        "agreement review offered",
        "recording agreed",
        "sponsor invited",
        "sponsor left",
        "report written",
        "report approved",
        "report line left out",
        "content destroyed",
    ],
    reactions: &[
        Reaction { on: "relationship ended", run: |tx, happening| verbs::follow_end(tx, happening.subject.into()) },
        Reaction { on: "relationship dissolved", run: |tx, happening| verbs::follow_end(tx, happening.subject.into()) },
        Reaction { on: "circle joined", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle came back", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle set aside", run: |tx, happening| verbs::follow_parting(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle left", run: |tx, happening| verbs::follow_parting(tx, happening.subject.into(), happening.by) },
        Reaction { on: "kind changed", run: |tx, happening| verbs::follow_kind(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &[
            "agreements.begun_by",
            "agreement_drafts.person_id",
            "agreement_points.by_id",
            "agreement_consents.person_id",
            "agreement_signatures.person_id",
            "recording_consents.person_id",
            "report_lines.by_id",
        ],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

pub const PART: RelationshipPart = RelationshipPart { tab: Some(("Agreement", "agreement")), now: pages::now };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    for (company, step, by) in verbs::waiting_on(tx, viewer)? {
        let (title, line, button) = pages::step_words(step, company.name(viewer));
        let path = match step {
            Step::Write => format!("/relationships/{}/agreement/write", company.relationship.id),
            Step::ApproveReport(_) => format!("/relationships/{}/report", company.relationship.id),
            _ => format!("/relationships/{}/agreement", company.relationship.id),
        };
        needs.push(Need { by, title, line, path, button });
    }
    Ok(needs)
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut drafts = Vec::new();
    for (id, version, words) in sql::drafts_of(tx, person)? {
        let key = crate::relationships::verbs::find(tx, id)?.key;
        let text = crate::seal::open_text(tx, key, &words)?;
        let said: Option<serde_json::Value> = text.and_then(|text| serde_json::from_str(&text).ok());
        drafts.push(json!({ "relationship": id, "version": version, "said": said }));
    }
    let mut signed = Vec::new();
    for (id, version, hash, at) in sql::signatures_of(tx, person)? {
        let key = crate::relationships::verbs::find(tx, id)?.key;
        let agreement = sql::versions(tx, id)?.into_iter().find(|a| a.version == version);
        let words = match agreement {
            Some(agreement) => sql::words(tx, agreement.id)?,
            None => None,
        };
        let is_party = crate::relationships::verbs::find(tx, id)?.people().any(|p| p == person);
        let text = match words {
            Some(words) if is_party => crate::seal::open_text(tx, key, &words)?,
            _ => None,
        };
        signed.push(json!({ "relationship": id, "version": version, "hash": hash, "signed_at": at.jiff(), "text": text }));
    }
    let mut lines = Vec::new();
    for (id, words, at) in sql::lines_by(tx, person)? {
        let key = crate::relationships::verbs::find(tx, id)?.key;
        lines.push(json!({ "relationship": id, "words": crate::seal::open_text(tx, key, &words)?, "at": at.jiff() }));
    }
    let recording: Vec<_> =
        sql::recording_of(tx, person)?.into_iter().map(|(id, at)| json!({ "relationship": id, "since": at.jiff() })).collect();
    Ok(json!({ "drafts": drafts, "signed": signed, "report_lines": lines, "agrees_to_recording": recording }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let mut other = cast[2].clone();
    other.person = uuid::Uuid::from_u128(6).into();
    let parties = [(cast[0].person, Role::Client), (cast[1].person, Role::Coach)];
    let coaching = crate::relationships::example(Kind::Coaching, RelationshipState::Active, &parties, Some(cast[2].person));
    let silent = Clauses::usual_in(Kind::Coaching);
    let reported = Clauses { sponsor_report: SponsorReport::Approved, ..silent.clone() };
    for deed in Deed::ALL {
        for (role, viewer) in ["client", "coach", "sponsor", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("agreement", deed.as_str(), *role, silent.allows(&coaching, viewer, *deed));
        }
        table.row("agreement", deed.as_str(), "another member", silent.allows(&coaching, &other, *deed));
        if *deed == Deed::SeeReport {
            table.row("agreement", deed.as_str(), "sponsor, where a report is agreed", reported.allows(&coaching, &cast[2], *deed));
        }
    }
}
