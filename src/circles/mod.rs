//! A circle: a few people who learn from each other. Somebody proposes one, says what it is about and whom they would like in
//! it; each of those says yes or no, on the page or from the letter, and it begins when three are in it. Whoever wants to
//! leaves, and it goes on while three remain. What they do together then is a relationship like any other.

mod aside;
pub mod circle;
mod newcomer_pages;
pub mod newcomers;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use aside::{let_go, stand_aside};
pub use circle::{Circle, Deed, Place, PlaceState};

use crate::app::Tx;
use crate::error::Result;
use crate::relationships::{self, Kind, RelationshipState, Role};
use crate::slices::{Need, Personal, PolicyTable, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "circles",
    heading: "Circles",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "give up circles", due: sql::any_to_lapse, run: Run::Unit(verbs::lapse) },
        Sweep { name: "ask whom circles would like", due: sql::any_due, run: Run::Unit(newcomers::pass_time) },
    ],
    happenings: &[
        "circle proposed",
        "circle joined",
        "circle declined",
        "circle given up",
        "circle left",
        "circle newcomer suggested",
        "circle newcomer weighed",
        "circle set aside",
        "circle came back",
    ],
    reactions: &[],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: &[],
    personal: &[Personal {
        columns: &["circles.proposed_by_id", "circle_places.person_id", "circle_places.suggested_by_id", "circle_yeses.person_id"],
        export,
        forget: verbs::forget,
    }],
    policy,
    today,
};

/// On the first page of a circle: whom another member would like in it.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: newcomer_pages::now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    for weighed in newcomers::to_weigh(tx, viewer)? {
        needs.push(Need {
            by: weighed.place.clock_at,
            title: format!("{} would like {} in “{}”", weighed.by.first_name(), weighed.who.name, weighed.called),
            line: "You can say no first. Nobody is told whose no it was.".into(),
            path: format!("/circles/{}", weighed.place.circle),
            button: "Say what you think".into(),
        });
    }
    for asked in verbs::waiting_for(tx, viewer)? {
        let line = match asked.has_begun {
            true => format!("“{}”. They have begun, and would like you with them.", asked.called),
            false => format!("“{}”. It begins when three are in it.", asked.called),
        };
        needs.push(Need {
            by: asked.until,
            title: format!("{} would like you in a circle", asked.by.first_name()),
            line,
            path: format!("/circles/{}", asked.circle.id),
            button: "Read and answer".into(),
        });
    }
    Ok(needs)
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut all = Vec::new();
    // Whom the members speak about learns nothing of it, here neither.
    let known = |place: &Place| !matches!(place.state, PlaceState::Suggested | PlaceState::NotNow);
    for place in sql::of_person(tx, person)?.into_iter().filter(known) {
        let Some((circle, key, called, about)) = verbs::words_of(tx, place.circle)? else { continue };
        let ring = crate::seal::ring(tx, &[key])?;
        all.push(json!({
            "name": ring.text(key, &called)?,
            "about": ring.text(key, &about)?,
            "proposed_by_me": circle.proposed_by == person,
            "my_place": place.state,
            "asked_at": place.asked_at.jiff(),
            "answered_at": place.answered_at.map(|at| at.jiff()),
        }));
    }
    Ok(json!(all))
}

fn policy(table: &mut PolicyTable) {
    let cast = relationships::cast();
    let parties = [(cast[0].person, Role::Peer), (cast[1].person, Role::Peer)];
    let together = relationships::example(Kind::Circle, RelationshipState::Proposed, &parties, None);
    let circle = circle::example(cast[0].person);
    for deed in Deed::ALL {
        for (role, viewer) in ["who proposed it", "who is in it", "who is asked", "coordinator", "administrator"].iter().zip(&cast) {
            let place = match *role {
                "who is asked" => Some(PlaceState::Asked),
                "coordinator" | "administrator" => None,
                _ => Some(PlaceState::Taken),
            };
            table.row("circle", deed.as_str(), *role, circle.allows(&together, place, viewer, *deed));
        }
        table.row(
            "circle",
            deed.as_str(),
            "who said no or has left",
            circle.allows(&together, Some(PlaceState::Declined), &cast[2], *deed),
        );
        table.row("circle", deed.as_str(), "who stands aside", circle.allows(&together, Some(PlaceState::Aside), &cast[2], *deed));
        table.row(
            "circle",
            deed.as_str(),
            "who is suggested, or was not wanted now",
            circle.allows(&together, Some(PlaceState::Suggested), &cast[2], *deed),
        );
        table.row("circle", deed.as_str(), "another member", circle.allows(&together, None, &cast[2], *deed));
    }
}
