//! A circle before and around its life as a relationship: who proposed it to whom, and who may do what. Pure.

use crate::error::{Error, Result};
use crate::relationships::{self, Relationship, RelationshipId, RelationshipState};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(PlaceId);

text_enum!(
    /// What somebody whom it was proposed to has said. Whoever proposed it has taken their place.
    pub PlaceState {
        /// A member would like them in it, and the others may say no first. They know nothing of it.
        Suggested = "suggested",
        /// One of the members would rather wait.
        NotNow = "not_now",
        Asked = "asked",
        Taken = "taken",
        Declined = "declined",
        Lapsed = "lapsed",
        /// It is kept for them while they take no part, because a concern is looked at.
        Aside = "aside",
        Left = "left",
    }
);
text_enum!(
    /// What people do with a circle.
    pub Deed {
        See = "see",
        Accept = "accept",
        Decline = "decline",
        GiveUp = "give_up",
        Leave = "leave",
        /// Say whom one would like in it, once it has begun.
        Suggest = "suggest",
        /// Say yes or no to somebody whom another member suggests.
        Weigh = "weigh",
    }
);

/// It begins when so many are in it, and goes on while so many are.
pub const FEWEST: usize = 3;
/// With more, not everybody comes to speak in an hour.
pub const MOST: usize = 8;
/// Circles that one person may have proposed at once without their having begun.
pub const MOST_PROPOSED: i64 = 3;
/// How long those who are asked have to say yes or no.
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 14);

/// How long the others have to say no to somebody who is suggested; who says nothing agrees.
pub const WEIGH_FOR: SignedDuration = SignedDuration::from_hours(24 * 3);
/// How long nobody is suggested again to whom the circle, or who to the circle, has said no.
pub const REST_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

/// People whom a page offers to be suggested.
pub const MOST_OFFERED: usize = 8;

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
        /// Which member would like them in it; nothing for whom it was proposed to at first.
        pub suggested_by: Option<PersonId>,
        /// When time does something with it.
        pub clock_at: Option<Timestamp>,
        /// From when on they read, where they joined later.
        pub reads_from: Option<Timestamp>,
        /// When they stood aside first.
        pub away_from: Option<Timestamp>,
    }
);

impl Place {
    /// Somebody’s first place in a circle.
    pub fn new(id: PlaceId, circle: RelationshipId, person: PersonId, state: PlaceState, now: Timestamp) -> Self {
        let answered_at = (state == PlaceState::Taken).then_some(now);
        Self {
            id,
            circle,
            person,
            state,
            asked_at: now,
            answered_at,
            suggested_by: None,
            clock_at: None,
            reads_from: None,
            away_from: None,
        }
    }

    /// Whether somebody may be suggested who had this place before.
    pub fn may_be_suggested(&self, name: &str, now: Timestamp) -> Result<()> {
        match (self.state, self.answered_at) {
            (PlaceState::Suggested | PlaceState::Asked, _) => Err(too_late!("{name} is suggested or asked already.")),
            (PlaceState::Taken | PlaceState::Aside, _) => Err(too_late!("{name} has a place in it already.")),
            (PlaceState::NotNow | PlaceState::Declined, Some(at)) if now.since(at) < REST_FOR => Err(
                refused!("not_again_yet"; "This was asked not long ago, and the answer was no. Please wait a month before you ask again."),
            ),
            _ => Ok(()),
        }
    }
}

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
            Deed::See => is_in_it || matches!(place, Some(PlaceState::Asked | PlaceState::Aside)),
            Deed::Accept | Deed::Decline => place == Some(PlaceState::Asked),
            Deed::GiveUp => viewer.is(self.proposed_by) && is_in_it,
            Deed::Leave => is_in_it || place == Some(PlaceState::Aside),
            Deed::Suggest | Deed::Weigh => is_in_it,
        }
    }
    /// The same at this moment.
    pub fn offers(&self, together: &Relationship, place: Option<PlaceState>, viewer: &Viewer, deed: Deed) -> bool {
        let is_open = match deed {
            Deed::See => true,
            Deed::Accept => together.state.is_live() && together.parties.len() < MOST,
            Deed::Decline | Deed::Leave => together.state.is_live(),
            Deed::GiveUp => together.state == RelationshipState::Proposed,
            Deed::Suggest | Deed::Weigh => together.is_open_to(relationships::Deed::TakePart),
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
            false if together.state == RelationshipState::Proposed => {
                Err(too_late!("This circle begins when three are in it. Then you can say whom else you would like in it."))
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
