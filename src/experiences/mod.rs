//! The experience board: those who guide others, and the place itself, offer something to try for real; a learner asks for a
//! place in one press; and it closes only with a note on what came of it, in a plan of hers or on its own page. A place is never
//! given twice, and either side may withdraw without fault.

mod experience;
mod notices;
mod pages;
mod sql;
#[cfg(test)]
mod stories;
pub mod verbs;

pub use experience::{Draft, Offer, OfferDeed, OfferId, Seat, SeatDeed, SeatId, SeatState};
pub use pages::profile_part;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Personal, PolicyTable, Reaction, Run, Slice, Sweep};
use crate::viewer::PersonId;
use serde_json::json;

pub static SLICE: Slice = Slice {
    name: "experiences",
    heading: "To try for real",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "remind of who asks for a place", due: sql::any_to_remind, run: Run::Unit(verbs::remind) },
        Sweep { name: "end what nobody answered on the board", due: sql::any_to_lapse, run: Run::Unit(verbs::lapse) },
    ],
    happenings: &[
        "experience offered",
        "experience changed",
        "experience taken off the board",
        "experience asked for",
        "experience given",
        "experience declined",
        "experience withdrawn",
        "experience taken back",
        "experience lapsed",
        "experience planned",
        "experience done",
        "experience note shared",
    ],
    reactions: &[
        Reaction { on: "skill merged", run: verbs::follow_merge },
        Reaction { on: "not now changed", run: |tx, happening| verbs::follow_not_now(tx, happening.subject.into()) },
        Reaction { on: "person left", run: |tx, happening| verbs::follow_leaving(tx, happening.subject.into()) },
        Reaction { on: "block changed", run: |tx, happening| verbs::follow_block(tx, happening.subject.into()) },
        Reaction { on: "activity done", run: |tx, happening| verbs::follow_activity(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: &[],
    personal: &[Personal { columns: &["experience_offers.offerer_id", "experience_seats.learner_id"], export, forget: verbs::forget }],
    policy,
    // A letter tells; what somebody has promised to do stands in their plan.
    today: |_, _| Ok(Vec::new()),
};

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let (offers, sat) = verbs::everything(tx, person)?;
    let offer = |offer: Offer| {
        json!({
            "kind": offer.kind,
            "title": offer.title,
            "words": offer.words,
            "takes": offer.takes,
            "country": offer.country,
            "town": offer.town,
            "places": offer.places,
            "in_the_name_of_the_place": offer.for_place,
            "until": offer.until_on,
            "offered_at": offer.offered_at.jiff(),
            "ended_at": offer.ended_at.map(|at| at.jiff()),
        })
    };
    let seat = |sat: verbs::Sat| {
        json!({
            "offer": sat.offer.title,
            "why": sat.why,
            "state": sat.seat.state,
            "asked_at": sat.seat.asked_at.jiff(),
            "what_they_wrote_back": sat.answer,
            "what_came_of_it": sat.note,
            "shared_at": sat.seat.shared_at.map(|at| at.jiff()),
        })
    };
    let (offers, seats): (Vec<_>, Vec<_>) = (offers.into_iter().map(offer).collect(), sat.into_iter().map(seat).collect());
    Ok(json!({ "offered": offers, "asked_for": seats }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (offer, seat) = experience::examples(cast[0].person, cast[1].person);
    let shared = Seat { shared_at: Some(seat.asked_at), ..seat.clone() };
    for (role, viewer) in ["offerer", "learner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
        for deed in OfferDeed::ALL {
            table.row("experience", deed.as_str(), *role, offer.allows(viewer, false, *deed));
            table.row("experience", deed.as_str(), format!("{role}, kept apart"), offer.allows(viewer, true, *deed));
        }
        for deed in SeatDeed::ALL {
            table.row("place in an experience", deed.as_str(), *role, seat.allows(&offer, viewer, false, *deed));
            table.row("place in an experience", deed.as_str(), format!("{role}, kept apart"), seat.allows(&offer, viewer, true, *deed));
        }
        let read = SeatDeed::ReadNote;
        table.row("place in an experience", read.as_str(), format!("{role}, shared"), shared.allows(&offer, viewer, false, read));
    }
}
