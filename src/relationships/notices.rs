//! What we tell people about their relationships.

use super::relationship::{Deed, RelationshipId};
use super::verbs;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "next step", about: "The person you work with says what comes next", words: next_step },
    Telling { kind: "relationship ended", about: "A relationship of yours ends", words: ended },
    Telling { kind: "testimonial", about: "Someone publishes a testimonial about you", words: testimonial },
];

fn with_partner(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: Uuid,
    words: impl FnOnce(String, &str, RelationshipId) -> Words,
) -> Result<Option<Words>> {
    let id = RelationshipId(subject);
    let relationship = match verbs::open(tx, viewer, id, Deed::See) {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    let Some(other) = relationship.other(viewer) else { return Ok(None) };
    let name = verbs::called(tx, other.person)?.first_name().to_owned();
    Ok(Some(words(name, relationship.kind.words(), id)))
}

fn next_step(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, _, id| Words {
        title: format!("{name} says what comes next"),
        path: format!("/relationships/{id}"),
        button: "See what comes next".into(),
        ..Words::default()
    })
}

fn ended(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("{name} has ended your {kind}"),
        lines: vec![
            "What you wrote to each other stays readable to you both. If you learned from it, this is a good moment to say so.".into(),
        ],
        path: format!("/relationships/{id}"),
        button: "Read the closing words".into(),
        ..Words::default()
    })
}

fn testimonial(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, _| Words {
        title: format!("{name} has written about your {kind} in public"),
        lines: vec![format!("It stands on your profile. {name} can take it back at any time.")],
        path: format!("/people/{}", viewer.person),
        button: "Read it".into(),
        ..Words::default()
    })
}
