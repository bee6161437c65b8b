//! A win: what was reached and what shows it, who reads what of it, and who is asked for a note. Pure.

use crate::error::Result;
use crate::relationships::{self, Relationship, RelationshipId};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use serde::{Deserialize, Serialize};

ids!(WinId);

text_enum!(
    /// Where a win comes from.
    pub Source {
        /// A milestone of a plan, reached on evidence.
        Milestone = "milestone",
        /// A goal that two agreed to be at least as far as expected.
        Rating = "rating",
        /// Written down by hand.
        Own = "own",
    }
);
text_enum!(
    /// What people do with a win.
    pub Deed {
        /// Read all of it.
        See = "see",
        /// Change it, take it down, choose who sees it.
        Change = "change",
        /// Read what was reached, in its one line, and write a note to it, once.
        Note = "note",
    }
);

/// On one wall.
pub const MOST_WINS: i64 = 2000;

/// The longest texts, in characters.
pub mod longest {
    pub const TITLE: usize = 300;
    pub const SHOWN: usize = 3000;
    pub const NOTE: usize = 1000;
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Win {
        pub id: WinId,
        pub owner: PersonId,
        pub source: Source,
        pub from: Option<uuid::Uuid>,
        pub words: Option<Sealed>,
        pub won_at: Timestamp,
        pub relationship: Option<RelationshipId>,
        pub asked: Option<PersonId>,
        pub note_key: Option<KeyId>,
        pub note: Option<Sealed>,
        pub note_at: Option<Timestamp>,
        pub shared_with: Option<RelationshipId>,
        pub taken_down_at: Option<Timestamp>,
    }
);

/// What was reached, and what shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub title: String,
    pub shown_by: String,
    pub link: Option<String>,
}

impl Words {
    /// A win stands beside what shows it.
    pub fn must_show(&self) -> Result<()> {
        if self.shown_by.is_empty() && self.link.is_none() {
            return Err(
                refused!("evidence"; "What shows it? A sentence or a link is enough; on a grey day it is what you will want to read."),
            );
        }
        Ok(())
    }
}

impl Win {
    /// Who may do what. `together`: where it was reached with somebody; `shared`: where its owner shares it. Its owner
    /// everything; whoever was beside them writes one note; one partner reads it by its owner's choice. Nobody else.
    pub fn allows(&self, together: Option<&Relationship>, shared: Option<&Relationship>, viewer: &Viewer, deed: Deed) -> bool {
        if self.taken_down_at.is_some() {
            return false;
        }
        let mine = viewer.is(self.owner);
        let within = |relationship: Option<&Relationship>| relationship.is_some_and(|relationship| relationship.shows_to(viewer));
        match deed {
            Deed::See => mine || (self.shared_with.is_some() && within(shared)),
            Deed::Change => mine,
            Deed::Note => !mine && self.asked == Some(viewer.person) && within(together),
        }
    }
    /// Whether whoever is asked can still write.
    pub fn waits_for_note(&self, together: Option<&Relationship>) -> bool {
        self.taken_down_at.is_none()
            && self.asked.is_some()
            && self.note_at.is_none()
            && together.is_some_and(|together| together.is_open_to(relationships::Deed::TakePart))
    }
    pub fn must_wait(&self, together: Option<&Relationship>) -> Result<()> {
        if self.note_at.is_some() {
            return Err(too_late!("You have written your note already. It stands on the wall."));
        }
        if self.waits_for_note(together) { Ok(()) } else { Err(refused!("You two do not work together any more.")) }
    }
}

/// At the beginning of time, for the policy table.
pub(super) fn example(owner: PersonId, asked: Option<PersonId>, shared: Option<RelationshipId>) -> Win {
    Win {
        id: uuid::Uuid::nil().into(),
        owner,
        source: Source::Milestone,
        from: None,
        words: None,
        won_at: Timestamp::from_micros(0),
        relationship: asked.map(|_| uuid::Uuid::nil().into()),
        asked,
        note_key: None,
        note: None,
        note_at: None,
        shared_with: shared,
        taken_down_at: None,
    }
}
