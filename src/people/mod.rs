//! People and what they show of themselves: who they are, what they can help with and what they want to learn, how
//! they work, when they have time, and whether they want to be asked just now. Nothing beyond a name is required.

mod bring;
mod change;
mod edit;
pub mod import;
mod pages;
mod person;
mod photo;
mod profile;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
mod values;
pub mod verbs;

pub use change::{About, Change, HowIWork, NO_ZONE, Part, PublicPage, Skills, Time};
pub use chiron_words::{places, tongues};
pub use person::{Chip, Newcomer, OpenTo, Side, first_name, said, usual_reply};
pub use photo::{Unusable, redraw_whole};
pub use profile::{
    Credential, Experience, Hours, Profile, Room, STYLES, SkillLevel, TheirTime, commitment, on_clock_of, style_words, time_words,
};

pub use values::{MOST_VALUES, Value, ValueBits, Values};

use crate::slices::{Needs, Personal, Reaction, Routes, Slice};
use crate::viewer::Office;

pub static SLICE: Slice = Slice {
    name: "people",
    heading: "This place",
    routes: || {
        Routes::new()
            .get("/people/{id}", Needs::Deed("profile.see"), pages::person)
            .get("/p/{slug}", Needs::Nothing, pages::public)
            .get("/photos/{name}", Needs::Nothing, pages::photo)
            .get("/profile", Needs::SignedIn, edit::first)
            .get("/profile/{part}", Needs::SignedIn, edit::show)
            .post("/profile/{part}", Needs::SignedIn, edit::save)
            .post("/profile/not-now", Needs::SignedIn, edit::not_now)
            .get("/place/import", Needs::Office(Office::Administrator), bring::choose)
            .post("/place/import", Needs::Office(Office::Administrator), bring::look)
    },
    sweeps: &[],
    happenings: &["person joined", "person forgotten", "profile changed", "not now changed", "block changed"],
    reactions: &[Reaction { on: "skill merged", run: verbs::follow_merge }],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &[
            "accounts.person_id",
            "profiles.person_id",
            "profile_roles.person_id",
            "profile_languages.person_id",
            "profile_skills.person_id",
            "experiences.person_id",
            "credentials.person_id",
            "hours.person_id",
            "reply_times.person_id",
            "photos.person_id",
            "imported_as.person_id",
            "blocks.person_id",
            "blocks.blocked_id",
            "value_cards.person_id",
            // The log is append-only: it goes on saying that somebody did something, and no longer who that was.
            "happenings.by_person",
        ],
        export: verbs::export_own,
        forget: sql::forget,
    }],
    policy: profile::policy,
    today: |_, _| Ok(Vec::new()),
};
