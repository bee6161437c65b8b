//! A message between people who work together: who may do what with it, and for how long. Pure.

use super::files::File;
use crate::relationships::heard::{Playback, PlaybackState};
use crate::relationships::{self, Relationship};
use crate::seal::Sealed;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(MessageId);

text_enum!(
    /// What people do with messages.
    pub Deed {
        See = "see",
        Write = "write",
        Edit = "edit",
        TakeBack = "take_back",
        /// Say in two lines what one heard.
        PlayBack = "play_back",
        /// Say whether that was it.
        AnswerPlayback = "answer_playback",
    }
);

/// How long one may mend what one wrote.
pub const EDIT_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How long one may take it back. Not for ever: what was said for good cannot be unsaid by one side alone.
pub const TAKE_BACK_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Messages that one conversation takes in an hour.
pub const MOST_AN_HOUR: i64 = 300;
/// Characters of a message.
pub const LONGEST: usize = 5_000;
record!(
    /// A message as it lies in the database.
    #[derive(Debug, Clone)]
    pub struct SealedMessage {
        pub id: MessageId,
        pub number: i64,
        pub by: PersonId,
        pub at: Timestamp,
        pub words: Option<Sealed>,
        pub edited_at: Option<Timestamp>,
        pub taken_back_at: Option<Timestamp>,
    }
);

/// A message as those see it between whom it was written.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: MessageId,
    /// Its place in the conversation, counted from one.
    pub number: i64,
    pub by: PersonId,
    pub at: Timestamp,
    /// Empty once it was taken back, or when only files were sent.
    pub words: String,
    pub edited_at: Option<Timestamp>,
    pub taken_back_at: Option<Timestamp>,
    pub files: Vec<File>,
    /// What others heard in it: in a relationship of two, at most one.
    pub playbacks: Vec<Playback>,
}

record!(
    /// What somebody heard, as it lies in the database.
    #[derive(Debug, Clone)]
    pub struct SealedPlayback {
        pub message: MessageId,
        pub by: PersonId,
        pub at: Timestamp,
        pub words: Sealed,
        pub state: PlaybackState,
        pub correction: Option<Sealed>,
    }
);

impl Message {
    /// Who may do what: both of them read, each mends and takes back what is their own.
    pub fn allows(&self, relationship: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        let is_in_it = |deed| relationship.allows(viewer, deed);
        match deed {
            Deed::See => is_in_it(relationships::Deed::See),
            Deed::Write => is_in_it(relationships::Deed::TakePart),
            Deed::Edit | Deed::TakeBack | Deed::AnswerPlayback => is_in_it(relationships::Deed::TakePart) && viewer.is(self.by),
            Deed::PlayBack => is_in_it(relationships::Deed::TakePart) && !viewer.is(self.by),
        }
    }
    /// The same, at this moment.
    pub fn offers(&self, relationship: &Relationship, viewer: &Viewer, deed: Deed, now: Timestamp) -> bool {
        let in_time = match deed {
            Deed::See => return self.allows(relationship, viewer, deed),
            Deed::Write => true,
            Deed::Edit => self.taken_back_at.is_none() && now < self.at + EDIT_FOR,
            Deed::TakeBack => self.taken_back_at.is_none() && now < self.at + TAKE_BACK_FOR,
            Deed::PlayBack => self.taken_back_at.is_none() && !self.playbacks.iter().any(|p| viewer.is(p.by)),
            Deed::AnswerPlayback => self.playbacks.iter().any(|p| p.state == PlaybackState::Waiting),
        };
        in_time && self.allows(relationship, viewer, deed) && relationship.is_open_to(relationships::Deed::TakePart)
    }
}

/// How far somebody has read a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    pub seen: i64,
    /// With which message the last notice to them begins; zero before the first.
    pub told_from: i64,
}

pub(super) fn example(by: PersonId) -> Message {
    let long_ago = Timestamp::from_micros(0);
    Message {
        id: MessageId(uuid::Uuid::nil()),
        number: 1,
        by,
        at: long_ago,
        words: String::new(),
        edited_at: None,
        taken_back_at: None,
        files: Vec::new(),
        playbacks: Vec::new(),
    }
}
