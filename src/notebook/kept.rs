//! A question that somebody keeps. Pure.

use crate::relationships::RelationshipId;
use crate::seal::Sealed;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};

ids!(KeptId);

text_enum!(
    /// What people do with a question that they keep. Once asked, it is a message, and the partner reads it there.
    pub Deed { See = "see", Ask = "ask", Bring = "bring", SayItHelped = "say_it_helped", LetGo = "let_go" }
);

/// Characters of a question.
pub const LONGEST: usize = 500;
/// Questions that somebody keeps for one relationship and has not asked.
pub const MOST: i64 = 100;

record!(
    /// As it lies in the database: sealed under its owner's key, once asked under the relationship's.
    #[derive(Debug, Clone)]
    pub struct SealedKept {
        pub id: KeptId,
        pub person: PersonId,
        pub relationship: RelationshipId,
        pub words: Sealed,
        pub kept_at: Timestamp,
        pub shared_at: Option<Timestamp>,
        pub helped_at: Option<Timestamp>,
    }
);

#[derive(Debug, Clone)]
pub struct Kept {
    pub id: KeptId,
    pub person: PersonId,
    pub relationship: RelationshipId,
    pub words: String,
    pub kept_at: Timestamp,
    pub shared_at: Option<Timestamp>,
    pub helped_at: Option<Timestamp>,
}

impl Kept {
    /// It is its owner's. What comes after asking is not what comes before.
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        let in_time = match deed {
            Deed::See => true,
            Deed::Ask | Deed::Bring | Deed::LetGo => self.shared_at.is_none(),
            Deed::SayItHelped => self.shared_at.is_some() && self.helped_at.is_none(),
        };
        in_time && viewer.is(self.person)
    }
}

/// One that is kept and one that was asked, for the table of who may do what.
pub(super) fn examples(person: PersonId) -> [Kept; 2] {
    let long_ago = Timestamp::from_micros(0);
    let nobody = uuid::Uuid::nil();
    let kept = Kept {
        id: nobody.into(),
        person,
        relationship: nobody.into(),
        words: String::new(),
        kept_at: long_ago,
        shared_at: None,
        helped_at: None,
    };
    [kept.clone(), Kept { shared_at: Some(long_ago), ..kept }]
}
