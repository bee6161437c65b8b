//! Two people who work together: what it is, who plays which part, what was agreed, what comes next, and how it ends.
//! What they write to each other is sealed under a key of their own. The learner owns what comes next.

mod notices;
pub(crate) mod pages;
mod relationship;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use pages::{profile_part, tab};
pub use relationship::{
    Company, Deed, Extent, Kind, Party, Passage, Relationship, RelationshipId, RelationshipState, Role, SealedPassage, Size, Terms,
    Testimonial,
};

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Personal, PolicyTable, Slice};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "relationships",
    routes: pages::routes,
    sweeps: &[],
    happenings: &["relationship began", "relationship ended", "next step set", "testimonial published", "testimonial taken back"],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &["parties.person_id", "passages.by_id", "testimonials.author_id", "testimonials.about_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today: |_, _| Ok(Vec::new()),
};

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut relationships = Vec::new();
    for relationship in sql::of_person(tx, person, 1000)? {
        let mut written = Vec::new();
        for passage in sql::passages(tx, relationship.id)? {
            let words = crate::seal::open_text(tx, relationship.key, &passage.words)?;
            written.push(json!({ "by_me": passage.by == person, "at": passage.at.jiff(), "heading": passage.heading, "words": words }));
        }
        let terms = sql::terms(tx, relationship.id, relationship.key)?;
        relationships.push(json!({
            "kind": relationship.kind,
            "state": relationship.state,
            "my_role": relationship.role_of(person),
            "began_at": relationship.began_at.jiff(),
            "ended_at": relationship.ended_at.map(|at| at.jiff()),
            "agreed": terms.as_ref().map(|t| t.size.words()),
            "next_step": terms.and_then(|t| t.next_step),
            "written": written,
        }));
    }
    let testimonials: Vec<_> = sql::testimonials_by(tx, person)?
        .into_iter()
        .map(|(words, published, back)| json!({ "words": words, "published_at": published.jiff(), "taken_back_at": back.map(|at| at.jiff()) }))
        .collect();
    Ok(json!({ "relationships": relationships, "testimonials_written": testimonials }))
}

/// The cast of a policy table: the two whom a thing is between, a stranger, and the two offices.
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
    let between = |mine, theirs| Relationship {
        id: uuid::Uuid::nil().into(),
        kind: Kind::Mentoring,
        state: RelationshipState::Active,
        key: uuid::Uuid::nil().into(),
        grown_from: None,
        began_at: chiron_store::Timestamp::from_micros(0),
        ended_at: None,
        parties: vec![Party { person: cast[0].person, role: mine }, Party { person: cast[1].person, role: theirs }],
    };
    (between(Role::Mentee, Role::Mentor), between(Role::Peer, Role::Peer))
}

fn policy(table: &mut PolicyTable) {
    let (cast, (guided, peers)) = (cast(), examples());
    for deed in Deed::ALL {
        for (role, viewer) in ["mentee or client", "mentor or coach", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("relationship", deed.as_str(), *role, guided.allows(viewer, *deed));
        }
        table.row("relationship", deed.as_str(), "peer", peers.allows(&cast[0], *deed));
    }
}
