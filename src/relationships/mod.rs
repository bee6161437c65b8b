//! Two people who work together: what it is, who plays which part, what was agreed, what comes next, and how it ends.
//! What they write to each other is sealed under a key of their own. The learner owns what comes next.

pub mod heard;
mod life;
mod life_pages;
mod notices;
pub(crate) mod pages;
mod relationship;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
mod touch;
pub mod verbs;

pub use life::{Fit, FitVote, KindChange};
pub(crate) use life_pages::weeks;
pub use pages::{profile_part, tab};
pub(crate) use relationship::example;
pub use relationship::{
    Company, Deed, Extent, Kind, Party, Passage, Relationship, RelationshipId, RelationshipState, Role, SealedPassage, Size, Terms,
    Testimonial,
};
pub use touch::keep_in_touch;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "relationships",
    heading: "Working together",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "end breaks", due: sql::any_paused_over, run: Run::Unit(verbs::resume_due) },
        Sweep { name: "end what was wound up", due: sql::any_closing_over, run: Run::Unit(verbs::end_due) },
        Sweep { name: "ask how they are doing", due: sql::any_to_touch, run: Run::Unit(touch::ask_how_they_are) },
        Sweep { name: "ask about silence", due: sql::any_drifting, run: Run::Unit(verbs::ask_about_silence) },
    ],
    happenings: &[
        "relationship began",
        "fit said",
        "relationship agreed",
        "relationship started",
        "relationship paused",
        "relationship resumed",
        "relationship drifted",
        "kind proposed",
        "kind changed",
        "kind left",
        "winding up",
        "closing answered",
        "relationship ended",
        "relationship dissolved",
        "reason shared",
        "relationship frozen",
        "relationship thawed",
        "next step set",
        "testimonial published",
        "testimonial taken back",
        "hello said",
    ],
    // What is written or held in the slices below breaks the silence.
    reactions: &[Reaction { on: "message sent", run: |tx, happening| verbs::in_touch(tx, happening.subject.into()) }],
    tellings: notices::TELLINGS,
    letter_deeds: &[touch::LETTER_DEED],
    replies: &[touch::REPLY],
    personal: &[Personal {
        columns: &[
            "parties.person_id",
            "passages.by_id",
            "testimonials.author_id",
            "testimonials.about_id",
            "fit_votes.person_id",
            "private_reasons.person_id",
            "closings.person_id",
            "sponsors.person_id",
            "sponsors.invited_by",
            "kind_changes.by_id",
            "kind_changes.guide_id",
        ],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    let waiting = verbs::waiting_on(tx, viewer)?;
    let with = verbs::with_whom(tx, viewer, waiting.iter().map(|(id, ..)| *id))?;
    for (id, what, at) in waiting {
        let Some(verbs::With { name, .. }) = with.get(&id) else { continue };
        let here = format!("/relationships/{id}");
        needs.push(match what.as_str() {
            "fit" => Need {
                // Three days after the conversation it is still fresh.
                by: at.map(|met| met + jiff::SignedDuration::from_hours(72)),
                title: format!("Does it fit with {name}?"),
                line: "Only you see what you say".into(),
                path: format!("{here}/fit"),
                button: "Say whether it fits".into(),
            },
            "closing" => Need {
                by: at,
                title: format!("Bring it to a good end with {name}"),
                line: "Three short questions".into(),
                path: format!("{here}/closing"),
                button: "Answer them".into(),
            },
            "kind" => Need {
                by: None,
                title: format!("{name} would like to work with you in another way"),
                line: "It is for you to agree.".into(),
                path: format!("{here}/kind"),
                button: "Look at it".into(),
            },
            _ => Need {
                by: None,
                title: format!("You and {name} have not been in touch for a while"),
                line: "Say how it is for you. Nobody else sees it.".into(),
                path: here,
                button: "Look at it".into(),
            },
        });
    }
    Ok(needs)
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut relationships = Vec::new();
    for relationship in sql::of_person(tx, person, 1000)? {
        let mut written = Vec::new();
        for passage in sql::passages(tx, relationship.id)? {
            let words = crate::seal::open_text(tx, relationship.key, &passage.words)?;
            written.push(json!({ "by_me": passage.by == person, "at": passage.at.jiff(), "heading": passage.heading, "words": words }));
        }
        let terms = sql::terms(tx, relationship.id, relationship.key)?;
        let mut closing = Vec::new();
        for (by, changed, takes, hands_over) in sql::closings(tx, relationship.id)? {
            if by == person {
                let ring = crate::seal::ring(tx, &[relationship.key])?;
                for answer in [changed, takes, hands_over] {
                    closing.push(ring.text(relationship.key, &answer)?);
                }
            }
        }
        let left_quietly = sql::left_quietly(tx, relationship.id)?.contains(&person);
        relationships.push(json!({
            "left_quietly": left_quietly,
            "kind": relationship.kind,
            "state": relationship.state,
            "my_role": relationship.role_of(person),
            "began_at": relationship.began_at.jiff(),
            "ended_at": relationship.ended_at.map(|at| at.jiff()),
            "agreed": terms.as_ref().map(|t| t.size.words()),
            "next_step": terms.and_then(|t| t.next_step),
            "written": written,
            "my_closing_answers": closing,
        }));
    }
    let testimonials: Vec<_> = sql::testimonials_by(tx, person)?
        .into_iter()
        .map(|(words, published, back)| json!({ "words": words, "published_at": published.jiff(), "taken_back_at": back.map(|at| at.jiff()) }))
        .collect();
    let fits: Vec<_> = sql::votes_of(tx, person)?
        .into_iter()
        .map(|(id, fit, minutes, at)| json!({ "relationship": id, "said": fit, "minutes_a_month": minutes, "at": at.jiff() }))
        .collect();
    let mut reasons = Vec::new();
    for (id, about, key, words) in sql::reasons_of(tx, person)? {
        reasons.push(json!({ "relationship": id, "about": about, "words": crate::seal::open_text(tx, key, &words)? }));
    }
    let sponsored: Vec<_> = sql::sponsored_by(tx, person, 1000)?.into_iter().map(|r| json!({ "kind": r.kind, "state": r.state })).collect();
    Ok(json!({
        "relationships": relationships,
        "testimonials_written": testimonials,
        "whether_it_fits": fits,
        "private_reasons": reasons,
        "sponsor_of": sponsored,
    }))
}

/// The cast of a policy table: the two whom a thing is between, a third (a sponsor where there is one, else a stranger), and
/// the two offices.
pub(crate) fn cast() -> [Viewer; 5] {
    use crate::viewer::{Office, Via};
    let nobody_else = |n: u128, office| Viewer {
        person: uuid::Uuid::from_u128(n).into(),
        name: String::new(),
        office,
        zone: jiff::tz::TimeZone::UTC,
        photo: None,
        unread: 0,
        via: Via::Errand,
    };
    [
        nobody_else(1, Office::Member),
        nobody_else(2, Office::Member),
        nobody_else(3, Office::Member),
        nobody_else(4, Office::Coordinator),
        nobody_else(5, Office::Administrator),
    ]
}

/// A mentoring, and two peers, of the first two of the cast: for policy tables.
pub(crate) fn examples() -> (Relationship, Relationship) {
    let cast = cast();
    let between = |kind, mine, theirs| {
        let parties = [(cast[0].person, mine), (cast[1].person, theirs)];
        relationship::example(kind, RelationshipState::Active, &parties, None)
    };
    (between(Kind::Mentoring, Role::Mentee, Role::Mentor), between(Kind::Peer, Role::Peer, Role::Peer))
}

fn policy(table: &mut PolicyTable) {
    let (cast, (guided, peers)) = (cast(), examples());
    let guided = Relationship { sponsor: Some(cast[2].person), ..guided };
    let mut other = cast[2].clone();
    other.person = uuid::Uuid::from_u128(6).into();
    for deed in Deed::ALL {
        for (role, viewer) in ["mentee or client", "mentor or coach", "sponsor", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("relationship", deed.as_str(), *role, guided.allows(viewer, *deed));
        }
        table.row("relationship", deed.as_str(), "another member", guided.allows(&other, *deed));
        table.row("relationship", deed.as_str(), "peer", peers.allows(&cast[0], *deed));
    }
}
