//! What a slice of the product must say about itself, and the list of slices in order: each may use those above it.

use crate::app::{App, Happening, Tx};
use crate::error::Result;
use crate::form::Form;
use crate::viewer::{Office, PersonId, Viewer};
use chiron_store::Timestamp;
use maud::Markup;
use std::collections::HashMap;
use uuid::Uuid;

/// One folder of the product. There is no default: a new slice has to answer every line.
pub struct Slice {
    pub name: &'static str,
    /// What people call it, over what it tells them; several may stand under one heading.
    pub heading: &'static str,
    pub routes: fn() -> Routes,
    /// What it does on a tick.
    pub sweeps: &'static [Sweep],
    /// What can happen in it: noun and verb, as the log keeps them.
    pub happenings: &'static [&'static str],
    /// What it does when something happens, in the same transaction.
    pub reactions: &'static [Reaction],
    /// What it tells people, by kind.
    pub tellings: &'static [Telling],
    /// What can be done from a letter, without signing in.
    pub letter_deeds: &'static [LetterDeed],
    /// What can be answered by mail.
    pub replies: &'static [Reply],
    /// What it holds about a person, how that is exported and how it is forgotten.
    pub personal: &'static [Personal],
    /// Who may do what, for the table that is checked in.
    pub policy: fn(&mut PolicyTable),
    /// What needs a person today.
    pub today: fn(&mut Tx, &Viewer) -> Result<Vec<Need>>,
}

/// A predicate over current rows plus a claim. `due` only reads, so that nothing is written while nothing is due;
/// `run` handles a bounded number and says how many, and is run again until that is none.
pub struct Sweep {
    pub name: &'static str,
    pub due: fn(&mut Tx) -> Result<bool>,
    pub run: Run,
}
pub enum Run {
    /// A unit of work.
    Unit(fn(&mut Tx) -> Result<usize>),
    /// Work that reaches outside, such as sending mail: claims, acts and records in units of its own.
    Errand(fn(App) -> futures_util::future::BoxFuture<'static, Result<usize>>),
}

pub struct Reaction {
    pub on: &'static str,
    pub run: fn(&mut Tx, &Happening) -> Result<()>,
}

/// A kind of notice. The words are found when it is read or mailed, from the rows as they are then, so that a notice
/// is never a lie; `None` when there is nothing left to say, and so when what it is about is not found.
pub struct Telling {
    pub kind: &'static str,
    /// For the page where people choose what reaches them by mail, as a sentence without its stop: “Someone asks for
    /// your help”.
    pub about: &'static str,
    pub words: fn(&mut Tx, &Viewer, Uuid) -> Result<Option<Words>>,
}

/// What a notice says, on screen and by mail.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// One sentence: the title on screen, the subject by mail.
    pub title: String,
    pub lines: Vec<String>,
    /// What the other person wrote, shown as a quotation.
    pub quote: Option<String>,
    /// Where it leads.
    pub path: String,
    pub button: String,
    /// Deeds offered in the letter: label, deed and subject.
    pub deeds: Vec<(String, &'static str, Uuid)>,
    /// Where a reply by mail goes: the noun of a `Reply`, and which one.
    pub reply_to: Option<(&'static str, Uuid)>,
    /// What calendar programs read in the letter.
    pub invitation: Option<crate::mail::Invitation>,
}

/// A deed that a single-use link in a letter permits, always after a page that asks once more.
pub struct LetterDeed {
    pub deed: &'static str,
    /// The page that asks: its title and its form's inside, without the form element.
    pub confirm: fn(&mut Tx, &Viewer, Uuid, &Form) -> Result<(String, Markup)>,
    /// Does it; returns the sentence that says what happened. An error in a field is a refusal.
    pub act: fn(&mut Tx, &Viewer, Uuid, &mut Form) -> Result<String>,
}

pub struct Reply {
    pub noun: &'static str,
    pub receive: fn(&mut Tx, &Viewer, Uuid, &str) -> Result<()>,
}

/// What people's calendar programs answer by mail, to the standing address of a noun.
pub struct CalendarReply {
    pub noun: &'static str,
    pub receive: fn(&mut Tx, &Viewer, Uuid, &chiron_calendar::Response) -> Result<()>,
}

#[rustfmt::skip]
pub static CALENDAR_REPLIES: &[CalendarReply] = &[
    crate::sessions::invites::REPLY,
];

/// Something that needs a person, with its clock if it has one.
#[derive(Debug, Clone)]
pub struct Need {
    pub by: Option<Timestamp>,
    pub title: String,
    pub line: String,
    pub path: String,
    pub button: String,
}

/// What a slice holds about a person.
pub struct Personal {
    /// `table.column` of everything that refers to a person.
    pub columns: &'static [&'static str],
    /// Their own data, as they would recognise it.
    pub export: fn(&mut Tx, PersonId) -> Result<serde_json::Value>,
    pub forget: fn(&mut Tx, PersonId) -> Result<()>,
}

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Open to everyone.
    Nothing,
    /// Someone who is signed in; what they see is their own.
    SignedIn,
    /// Someone who is signed in, and whom the noun's policy allows this deed: `ask.accept`.
    Deed(&'static str),
    Office(Office),
    /// A single-use link.
    Letter,
}

/// Routes of a slice with what each needs. The gate is put in front of the handler here, so that a route without one
/// cannot be written.
#[derive(Default)]
pub struct Routes {
    pub router: axum::Router<App>,
    pub table: Vec<(&'static str, &'static str, Needs)>,
}

macro_rules! method {
    ($($name:ident $word:literal),+) => {$(
        #[must_use]
        pub fn $name<H, T>(mut self, path: &'static str, needs: Needs, handler: H) -> Self
        where
            H: axum::handler::Handler<T, App>,
            T: 'static,
        {
            self.put($word, path, needs, axum::routing::$name(handler));
            self
        }
    )+};
}
impl Routes {
    pub fn new() -> Self {
        Self::default()
    }
    method!(get "GET", post "POST");

    /// Apart from the above, which is compiled once for every handler.
    fn put(&mut self, method: &'static str, path: &'static str, needs: Needs, handler: axum::routing::MethodRouter<App>) {
        let gate = axum::middleware::from_fn(move |req, next| crate::web::gate(needs, req, next));
        let router = std::mem::take(&mut self.router);
        self.router = router.route(path, handler.route_layer(gate));
        self.table.push((method, path, needs));
    }
}

/// Every noun, deed and role with whether it is allowed; printed to a file that is checked in.
#[derive(Default)]
pub struct PolicyTable(pub Vec<PolicyRow>);
pub struct PolicyRow {
    pub noun: &'static str,
    pub deed: &'static str,
    pub role: String,
    pub allowed: bool,
}
impl PolicyTable {
    pub fn row(&mut self, noun: &'static str, deed: &'static str, role: impl Into<String>, allowed: bool) {
        self.0.push(PolicyRow { noun, deed, role: role.into(), allowed });
    }
}

/// The slices in order: each may use only those above it.
#[rustfmt::skip]
pub static SLICES: &[&Slice] = &[
    &crate::skills::SLICE,
    &crate::people::SLICE,
    &crate::mail::SLICE,
    &crate::notices::SLICE,
    &crate::logins::SLICE,
    &crate::instance::SLICE,
    #[cfg(test)]
    &crate::notices::HELLO,
    &crate::goals::SLICE,
    &crate::relationships::SLICE,
    &crate::directory::SLICE,
    &crate::agreements::SLICE,
    &crate::circles::SLICE,
    &crate::asks::SLICE,
    &crate::questions::SLICE,
    &crate::action_items::SLICE,
    &crate::decisions::SLICE,
    &crate::library::SLICE,
    &crate::sessions::SLICE,
    &crate::messages::SLICE,
    &crate::notebook::SLICE,
    &crate::concerns::SLICE,
    &crate::attainment::SLICE,
    &crate::plans::SLICE,
    &crate::pulses::SLICE,
    &crate::tallies::SLICE,
    &crate::reflections::SLICE,
    &crate::feedback::SLICE,
    &crate::celebrations::SLICE,
    &crate::records::SLICE,
    &crate::reviews::SLICE,
    &crate::worksheets::SLICE,
    &crate::experiments::SLICE,
    &crate::experiences::SLICE,
    &crate::today::SLICE,
];

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        chiron_store::Migrations(&[$(chiron_store::Migration { name: $name, text: include_str!(concat!("../migrations/", $name, ".sql")) }),+])
    };
}

/// The schema, one portable text a change; see `migrations/`.
#[rustfmt::skip]
pub static MIGRATIONS: chiron_store::Migrations = migrations![
    "0001_ground",
    "0010_mail",
    "0020_logins",
    "0030_people",
    "0040_skills",
    "0050_goals",
    "0060_directory",
    "0070_relationships",
    "0080_asks",
    "0090_questions",
    "0100_instance",
    "0110_indexes",
    "0120_agreements",
    "0125_relationship_life",
    "0130_action_items",
    "0135_decisions",
    "0140_sessions",
    "0145_calendars",
    "0150_messages",
    "0160_concerns",
    "0170_contrasts",
    "0180_keeping_in_touch",
    "0185_session_playbacks",
    "0190_circles",
    "0200_circle_newcomers",
    "0210_value_cards",
    "0220_attainment",
    "0230_reflections",
    "0240_feedback",
    "0250_pulses",
    "0260_plans",
    "0270_celebrations",
    "0280_records",
    "0290_reviews",
    "0300_worksheets",
    "0310_experiments",
    "0320_experiences",
    "0330_tallies",
];

/// A part of a person's page that a slice below `people` supplies, such as what others thanked them for. The viewer is
/// nobody on a public page.
pub type ProfilePart = fn(&mut Tx, Option<&Viewer>, PersonId) -> Result<Option<Markup>>;

/// In the order in which they stand on the page.
#[rustfmt::skip]
pub static PROFILE_PARTS: &[ProfilePart] = &[
    crate::relationships::profile_part,
    crate::asks::profile_part,
    crate::records::profile_part,
    crate::experiences::profile_part,
    crate::concerns::profile_part,
];

/// Whom of these people the viewer has asked already, with where that stands: for whoever looks for people.
pub type AskedAlready = fn(&mut Tx, &Viewer, &[PersonId]) -> Result<HashMap<PersonId, String>>;
pub static ASKED_ALREADY: AskedAlready = crate::asks::asked_already;

/// What a slice below `goals` puts on the page of a goal, for its owner.
pub type GoalPart = fn(&mut Tx, &Viewer, &crate::goals::Brief) -> Result<Markup>;

/// In the order in which they stand, above what was said of the goal.
pub static GOAL_PARTS: &[GoalPart] = &[
    crate::attainment::goal_part,
    crate::plans::goal_part,
    crate::records::goal_part,
    crate::experiments::goal_part,
    crate::feedback::goal_part,
];

/// What a slice below `attainment` puts on the page of what changed, for the one who looks.
pub type GrowthPart = fn(&mut Tx, &Viewer) -> Result<Option<Markup>>;
/// In the order in which they stand, under the goals.
pub static GROWTH_PARTS: &[GrowthPart] = &[crate::worksheets::growth_part, crate::experiments::growth_part];

/// What a slice below `sessions` puts on the agenda of a session when it is booked: for each, what it comes from (never twice
/// the same on one agenda) and its words, which all of them read.
pub type AgendaPart = fn(&mut Tx, &crate::sessions::Meeting) -> Result<Vec<(String, String)>>;
pub static AGENDA_PARTS: &[AgendaPart] = &[crate::attainment::verbs::for_agenda];

/// Goals of somebody that stay between a pair: no report to a sponsor ever names them.
pub type PairOnly = fn(&mut Tx, PersonId) -> Result<Vec<crate::goals::GoalId>>;
pub static PAIR_ONLY: &[PairOnly] = &[crate::attainment::verbs::pair_only, crate::plans::verbs::pair_only];

/// What others see of somebody's skills, for that person alone and only where they have let it count: the skill's id, and
/// the words.
pub type OthersSee = fn(&mut Tx, &Viewer) -> Result<Vec<(String, String)>>;
pub static OTHERS_SEE: &[OthersSee] = &[crate::reviews::verbs::others_see];

/// What a slice below `relationships` puts on the pages of a relationship.
pub struct RelationshipPart {
    /// A tab of its own: what it is called and the end of its address, `/relationships/{id}/messages`.
    pub tab: Option<(&'static str, &'static str)>,
    /// A block on “Now”: only what matters to this viewer at this moment.
    pub now: fn(&mut Tx, &Viewer, &crate::relationships::Company) -> Result<Option<Markup>>,
}

/// In the order in which the tabs and the blocks stand.
#[rustfmt::skip]
pub static RELATIONSHIP_PARTS: &[RelationshipPart] = &[
    crate::circles::PART,
    crate::sessions::PART,
    crate::attainment::PART,
    crate::plans::PART,
    crate::celebrations::PART,
    crate::action_items::PART,
    crate::decisions::PART,
    crate::messages::PART,
    crate::agreements::PART,
    crate::notebook::PART,
    crate::pulses::PART,
    crate::reflections::PART,
    crate::feedback::PART,
    crate::records::PART,
    crate::worksheets::PART,
    crate::experiments::PART,
    crate::concerns::PART,
];

/// The relationships of a viewer in which something under a tab was not seen yet, and how much.
pub type Unseen = fn(&mut Tx, &Viewer) -> Result<Vec<(crate::relationships::RelationshipId, u64)>>;

/// By the tabs that show it.
#[rustfmt::skip]
pub static UNSEEN: &[(&str, Unseen)] = &[
    ("Messages", crate::messages::unseen),
];
