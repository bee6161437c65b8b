//! A decision: what was weighed, what was chosen, who reads it, and when it comes back. Pure.

use crate::error::Result;
use crate::relationships::{Relationship, RelationshipId, RelationshipState};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer, morning};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::civil::Date;
use jiff::tz::TimeZone;

ids!(DecisionId);

text_enum!(
    /// Who reads it.
    pub Audience { Me = "me", Pair = "pair" }
);
text_enum!(
    /// How it looks from later.
    pub Verdict { Right = "right", Partly = "partly", Otherwise = "otherwise" }
);
text_enum!(
    /// What people do with a decision.
    pub Deed { See = "see", Review = "review" }
);

/// How far ahead it may come back.
const YEARS_AHEAD: i16 = 10;

/// The longest texts, in characters.
pub mod longest {
    pub const QUESTION: usize = 300;
    pub const LIST: usize = 1500;
    pub const CHOSEN: usize = 300;
    pub const WHY: usize = 2000;
    pub const LEARNED: usize = 2000;
}

record!(
    /// A decision, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Decision {
        pub id: DecisionId,
        pub owner: PersonId,
        pub relationship: RelationshipId,
        pub audience: Audience,
        pub key: KeyId,
        pub decided_at: Timestamp,
        pub review_on: Option<String>,
        pub review_at: Option<Timestamp>,
        pub recalled_at: Option<Timestamp>,
        pub reviewed_at: Option<Timestamp>,
        pub verdict: Option<Verdict>,
    }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct SealedWords {
        pub id: DecisionId,
        pub words: Sealed,
        pub learned: Option<Sealed>,
    }
);

/// What was weighed and chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Words {
    pub question: String,
    /// One a line.
    pub options: String,
    /// What mattered, one a line.
    pub criteria: String,
    pub chosen: String,
    pub why: String,
}

/// What someone decides.
#[derive(Debug, Clone)]
pub struct Draft {
    pub words: Words,
    pub audience: Audience,
    /// When it comes back; `None` when it need not.
    pub review_on: Option<Date>,
    /// The same twice is one decision.
    pub nonce: String,
}

/// The lines of a list as it was typed, without its bullets.
pub fn lines(typed: &str) -> impl Iterator<Item = &str> {
    typed.lines().map(|line| line.trim().trim_start_matches(['-', '*', '•']).trim()).filter(|line| !line.is_empty())
}

/// The morning of a day to come.
pub fn morning_of(day: Date, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let today = now.in_zone(zone).date();
    if day <= today || day.year() - today.year() > YEARS_AHEAD {
        return Err(refused!("day"; "Please choose a day after today, at most {YEARS_AHEAD} years ahead."));
    }
    morning(day, zone)
}

impl Decision {
    /// Who may do what: its owner everything; the others in the relationship read what is for all of them.
    pub fn allows(&self, together: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        match deed {
            Deed::See => viewer.is(self.owner) || self.is_for(together, viewer),
            Deed::Review => viewer.is(self.owner),
        }
    }
    /// Where contact is stopped, nothing of one is shown to the others.
    fn is_for(&self, together: &Relationship, viewer: &Viewer) -> bool {
        self.audience == Audience::Pair && together.state != RelationshipState::Frozen && together.reads(viewer, self.decided_at)
    }
    pub fn is_open_to(&self, deed: Deed) -> bool {
        deed == Deed::See || self.reviewed_at.is_none()
    }
    pub fn offers(&self, together: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        self.allows(together, viewer, deed) && self.is_open_to(deed)
    }
    /// Whether its day has come.
    pub fn is_back(&self, now: Timestamp) -> bool {
        self.reviewed_at.is_none() && self.review_at.is_some_and(|at| at <= now)
    }

    pub fn review(self, verdict: Verdict, now: Timestamp) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { verdict: Some(verdict), reviewed_at: Some(now), ..self })
    }
    /// It is too early to say: it comes back on another day.
    pub fn look_again(self, day: Date, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        self.must_be_open()?;
        let at = morning_of(day, now, zone)?;
        Ok(Self { review_on: Some(day.to_string()), review_at: Some(at), recalled_at: None, ..self })
    }
    fn must_be_open(&self) -> Result<()> {
        if self.reviewed_at.is_none() { Ok(()) } else { Err(too_late!("You have looked back on this already.")) }
    }
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Self::Right => "It was right",
            Self::Partly => "Partly right",
            Self::Otherwise => "I would decide otherwise today",
        }
    }
}

/// A decision at the beginning of time, for the policy table.
pub(super) fn example(owner: PersonId, audience: Audience) -> Decision {
    Decision {
        id: uuid::Uuid::nil().into(),
        owner,
        relationship: uuid::Uuid::nil().into(),
        audience,
        key: uuid::Uuid::nil().into(),
        decided_at: Timestamp::from_micros(0),
        review_on: None,
        review_at: None,
        recalled_at: None,
        reviewed_at: None,
        verdict: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_however_it_was_typed() {
        assert_eq!(lines("- stay\n\n* go \n• both").collect::<Vec<_>>(), ["stay", "go", "both"]);
        assert_eq!(lines("  \n").count(), 0);
    }
}
