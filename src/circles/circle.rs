//! A circle before and around its life as a relationship: who proposed it to whom, and who may do what. Pure.

use crate::error::{Error, Result};
use crate::relationships::{Relationship, RelationshipId, RelationshipState};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(PlaceId);

text_enum!(
    /// What somebody whom it was proposed to has said. Whoever proposed it has taken their place.
    pub PlaceState { Asked = "asked", Taken = "taken", Declined = "declined", Lapsed = "lapsed", Left = "left" }
);
text_enum!(
    /// What people do with a circle.
    pub Deed { See = "see", Accept = "accept", Decline = "decline", GiveUp = "give_up", Leave = "leave" }
);

/// It begins when so many are in it, and goes on while so many are.
pub const FEWEST: usize = 3;
/// With more, not everybody comes to speak in an hour.
pub const MOST: usize = 8;
/// Circles that one person may have proposed at once without their having begun.
pub const MOST_PROPOSED: i64 = 3;
/// How long those who are asked have to say yes or no.
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 14);

/// The longest texts, in characters.
pub mod longest {
    pub const NAME: usize = 60;
    pub const ABOUT: usize = 1000;
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Circle {
        /// The relationship that it is.
        pub id: RelationshipId,
        pub proposed_by: PersonId,
        pub proposed_at: Timestamp,
        /// When it is given up unless enough are in it; nothing once that is settled.
        pub lapses_at: Option<Timestamp>,
    }
);
record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Place {
        pub id: PlaceId,
        pub circle: RelationshipId,
        pub person: PersonId,
        pub state: PlaceState,
        pub asked_at: Timestamp,
        pub answered_at: Option<Timestamp>,
    }
);

/// What somebody proposes.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    pub about: String,
    pub people: Vec<PersonId>,
    pub hours: i64,
    pub months: i64,
    pub nonce: String,
}

impl Draft {
    /// What is wrong with it, if anything.
    pub fn must_be_sound(&self, viewer: &Viewer) -> Result<()> {
        if self.people.iter().any(|person| viewer.is(*person)) {
            return Err(refused!("oneself"; "You are in it already. Invite the others."));
        }
        if self.people.len() + 1 < FEWEST {
            return Err(refused!("too_few"; "A circle needs three people. Please invite at least two."));
        }
        if self.people.len() + 1 > MOST {
            return Err(refused!("too_many"; "Eight is the most in a circle, so that everybody comes to speak. Please take some off."));
        }
        Ok(())
    }
}

impl Circle {
    /// Who may do what: those who are asked answer, those who are in it leave, and whoever proposed it gives it up. `place`: what
    /// this viewer has in it, if anything.
    pub fn allows(&self, together: &Relationship, place: Option<PlaceState>, viewer: &Viewer, deed: Deed) -> bool {
        let is_in_it = together.role_of(viewer.person).is_some();
        match deed {
            Deed::See => is_in_it || place == Some(PlaceState::Asked),
            Deed::Accept | Deed::Decline => place == Some(PlaceState::Asked),
            Deed::GiveUp => viewer.is(self.proposed_by) && is_in_it,
            Deed::Leave => is_in_it,
        }
    }
    /// The same at this moment.
    pub fn offers(&self, together: &Relationship, place: Option<PlaceState>, viewer: &Viewer, deed: Deed) -> bool {
        let is_open = match deed {
            Deed::See => true,
            Deed::Accept => together.state.is_live() && together.parties.len() < MOST,
            Deed::Decline | Deed::Leave => together.state.is_live(),
            Deed::GiveUp => together.state == RelationshipState::Proposed,
        };
        is_open && self.allows(together, place, viewer, deed)
    }
    /// The refusal that says why not. What is not theirs is not there.
    pub fn must_offer(&self, together: &Relationship, place: Option<PlaceState>, viewer: &Viewer, deed: Deed) -> Result<()> {
        if !self.allows(together, place, viewer, deed) {
            return Err(Error::NotFound);
        }
        match self.offers(together, place, viewer, deed) {
            true => Ok(()),
            false if deed == Deed::Accept && together.state.is_live() => Err(too_late!("This circle is full: eight are in it already.")),
            false if deed == Deed::GiveUp && together.state.is_live() => {
                Err(too_late!("This circle has begun. You can leave it, and it goes on while three remain."))
            }
            false => Err(too_late!("This circle is {} by now.", together.state.words())),
        }
    }
}

/// One for the table of who may do what.
pub(super) fn example(proposed_by: PersonId) -> Circle {
    let long_ago = Timestamp::from_micros(0);
    Circle { id: uuid::Uuid::nil().into(), proposed_by, proposed_at: long_ago, lapses_at: None }
}
