//! What belongs to a session besides its time: the agenda, what each prepares, the notes they write together and alone,
//! what they decide, and a line for the other afterwards. All of it sealed under the relationship's key.

use super::merge::merge;
use super::session::{AgendaItemId, Deed, Meeting, Session, SessionId, longest};
use super::sql;
use super::verbs::{happened, open_for};
use crate::action_items::{self, Intensity, Plan};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::notices::{tell, verbs::seen};
use crate::relationships::heard::{self, Playback};
use crate::relationships::verbs as partners;
use crate::seal::{self, Ring, Sealed};
use crate::slices::AGENDA_PARTS;
use crate::viewer::{PersonId, Via, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, record, text_enum};
use jiff::SignedDuration;
use jiff::civil::Date;

text_enum!(
    /// Where an item of the agenda comes from.
    pub Source {
        Written = "written",
        NextStep = "next_step",
        Action = "action",
        Goal = "goal",
        Carried = "carried",
        Prompt = "prompt",
    }
);
text_enum!(
    pub AgendaState { Open = "open", Discussed = "discussed", Deferred = "deferred", Carried = "carried", Removed = "removed" }
);

record!(
    #[derive(Debug, Clone)]
    pub struct AgendaItem {
        pub id: AgendaItemId,
        /// Nobody, when it was filled in from what was there before.
        pub by: Option<PersonId>,
        pub position: i64,
        pub source: Source,
        pub words: Sealed,
        pub state: AgendaState,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub struct Preparation {
        pub person: PersonId,
        pub prompt: i64,
        pub words: Sealed,
        pub shared: bool,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub struct Notes {
        pub version: i64,
        pub words: Sealed,
        pub logged_at: Timestamp,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub struct Decision {
        pub by: PersonId,
        pub words: Sealed,
        pub made_at: Timestamp,
    }
);
record!(
    #[derive(Debug, Clone)]
    pub struct Feedback {
        pub by: PersonId,
        pub words: Sealed,
    }
);

/// Items on one agenda, and decisions of one session.
const MOST_ITEMS: i64 = 40;
const MOST_DECISIONS: usize = 30;
/// While notes are being written the log is told this often; open pages of the same node hear of every change.
const LOGGED: SignedDuration = SignedDuration::from_secs(20);
/// The topic of open pages on which notes change.
pub const NOTES_TOPIC: &str = "session-notes";

impl Source {
    /// Where it comes from, in words, when nobody has just written it.
    pub fn words(self) -> Option<&'static str> {
        Some(match self {
            Self::Written => return None,
            Self::NextStep => "what comes next",
            Self::Action => "taken on",
            Self::Goal => "a goal you share",
            Self::Carried => "put off last time",
            Self::Prompt => "a good beginning",
        })
    }
}

/// What each thinks of beforehand, by the part they play.
pub fn prompts(learns: bool) -> [&'static str; 3] {
    if learns {
        [
            "What has happened since we last met?",
            "What do you want to take home from this session?",
            "What kind of help would serve you most this time?",
        ]
    } else {
        [
            "What do you remember from last time?",
            "What would you like to ask, rather than tell?",
            "What of your own could be worth sharing?",
        ]
    }
}

/// A text that lies open.
pub type Opened = Option<String>;

pub fn opened(ring: &Ring, meeting: &Meeting, sealed: &Sealed) -> Result<String> {
    Ok(ring.text(meeting.company.relationship.key, sealed)?.unwrap_or_else(|| "This was forgotten.".into()))
}

// The agenda.

/// Fills the agenda with what is known before anybody writes: what comes next in their plan, what was put off, what each has
/// taken on and shows the other, goals that want a rating, and what such a session is about. What is there already, or was taken off, stays as it is.
pub fn fill(tx: &mut Tx, meeting: &Meeting) -> Result<()> {
    let Some(start) = meeting.session.starts_at else { return Ok(()) };
    let key = meeting.company.relationship.key;
    let ring = seal::ring(tx, &[key])?;
    // Who has been forgotten leaves nothing to carry on.
    let mut found: Vec<(Source, String, Sealed)> = Vec::new();
    if let Some((words, since)) = partners::next_step(tx, meeting.session.relationship, key)? {
        found.push((Source::NextStep, format!("next_step {}", since.as_micros()), ring.seal(tx, key, &words)?));
    }
    let put_off = sql::put_off(tx, meeting.session.relationship, start)?;
    for item in &put_off {
        found.push((Source::Carried, format!("carried {}", item.id), item.words.clone()));
    }
    for (origin, words) in taken_on(tx, meeting)? {
        found.push((Source::Action, origin, ring.seal(tx, key, &words)?));
    }
    for part in AGENDA_PARTS {
        for (origin, words) in part(tx, meeting)? {
            found.push((Source::Goal, origin, ring.seal(tx, key, &words)?));
        }
    }
    for (n, prompt) in meeting.session.purpose.prompts().iter().enumerate() {
        found.push((Source::Prompt, format!("prompt {n}"), ring.seal(tx, key, prompt)?));
    }
    for (source, origin, words) in found {
        sql::insert_agenda_item(tx, meeting.session.id, None, source, &origin, &words)?;
    }
    for item in put_off {
        sql::mark_carried(tx, item.id)?;
    }
    Ok(())
}

/// What each of them has open and shows the others: nobody's quiet plans come on an agenda that two people read.
fn taken_on(tx: &mut Tx, meeting: &Meeting) -> Result<Vec<(String, String)>> {
    let mut found: Vec<(String, String)> = Vec::new();
    for person in meeting.people() {
        let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { continue };
        for told in action_items::verbs::open_of(tx, &viewer, meeting.session.relationship)? {
            let owner = meeting.company.people.iter().find(|chip| chip.id == told.item.owner && told.item.owner != person);
            let origin = format!("action {}", told.item.id);
            match owner {
                Some(owner) if !found.iter().any(|(known, _)| *known == origin) => {
                    found.push((origin, format!("{}: {}", owner.first_name(), told.words)));
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

pub fn add_to_agenda(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::AddToAgenda)?;
    if sql::agenda_count(tx, id)? >= MOST_ITEMS {
        return Err(refused!("full_agenda"; "This agenda is full. Take something off it first, or keep this for the next session."));
    }
    let sealed = seal::seal(tx, meeting.company.relationship.key, words)?;
    let origin = format!("written {}", tx.new_id::<uuid::Uuid>());
    sql::insert_agenda_item(tx, id, Some(viewer.person), Source::Written, &origin, &sealed)?;
    tx.record(happened("agenda changed", &meeting).by(viewer))
}

/// What stands on the agenda of a session, in its order.
pub fn agenda_items(tx: &mut Tx, viewer: &Viewer, id: SessionId) -> Result<Vec<AgendaItemId>> {
    super::verbs::open(tx, viewer, id, Deed::See)?;
    Ok(sql::agenda(tx, id)?.into_iter().map(|item| item.id).collect())
}

/// What someone does with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    Discussed,
    PutOff,
    Again,
    TakeOff,
    Up,
    Down,
}

impl std::str::FromStr for Handling {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Ok(match word {
            "discussed" => Self::Discussed,
            "put_off" => Self::PutOff,
            "again" => Self::Again,
            "take_off" => Self::TakeOff,
            "up" => Self::Up,
            "down" => Self::Down,
            _ => return Err(()),
        })
    }
}

pub fn handle(tx: &mut Tx, viewer: &Viewer, id: SessionId, item: AgendaItemId, handling: Handling) -> Result<()> {
    let deed = match handling {
        Handling::Up | Handling::Down => Deed::OrderAgenda,
        _ => Deed::AddToAgenda,
    };
    let meeting = open_for(tx, viewer, id, deed)?;
    let state = match handling {
        Handling::Up | Handling::Down => {
            shift(tx, id, item, handling)?;
            return tx.record(happened("agenda changed", &meeting).by(viewer));
        }
        Handling::Discussed => AgendaState::Discussed,
        Handling::PutOff => AgendaState::Deferred,
        Handling::Again => AgendaState::Open,
        Handling::TakeOff => AgendaState::Removed,
    };
    if !sql::save_agenda_state(tx, id, item, state)? {
        return Err(too_late!("This is no longer on the agenda."));
    }
    tx.record(happened("agenda changed", &meeting).by(viewer))
}

/// Changes places with the neighbour.
fn shift(tx: &mut Tx, id: SessionId, item: AgendaItemId, handling: Handling) -> Result<()> {
    let items = sql::agenda(tx, id)?;
    let at = items.iter().position(|i| i.id == item).ok_or(Error::NotFound)?;
    let other = if handling == Handling::Up { at.checked_sub(1) } else { Some(at + 1).filter(|n| *n < items.len()) };
    if let Some(other) = other {
        sql::save_position(tx, items[at].id, items[other].position)?;
        sql::save_position(tx, items[other].id, items[at].position)?;
    }
    Ok(())
}

// Before.

/// What someone prepares: the words to each prompt, and whether the other may read them.
pub fn prepare(tx: &mut Tx, viewer: &Viewer, id: SessionId, answers: &[(String, bool)]) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Prepare)?;
    let key = meeting.company.relationship.key;
    let ring = seal::ring(tx, &[key])?;
    for (prompt, (words, shared)) in (0_i64..).zip(answers.iter().take(3)) {
        if words.is_empty() {
            sql::forget_preparation(tx, id, viewer.person, prompt)?;
        } else {
            let sealed = ring.seal(tx, key, words)?;
            sql::save_preparation(tx, id, viewer.person, prompt, &sealed, *shared)?;
        }
    }
    tx.record(happened("session prepared", &meeting).by(viewer))
}

/// Where they meet on screen; nothing takes it away.
pub fn set_video(tx: &mut Tx, viewer: &Viewer, id: SessionId, link: Option<&str>) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::SetVideo)?;
    let sealed = link.map(|link| seal::seal(tx, meeting.company.relationship.key, link)).transpose()?;
    sql::save_video(tx, id, sealed.as_ref())?;
    tx.record(happened("session video set", &meeting).by(viewer))
}

/// A room of one's own at a Jitsi server, which nobody can guess.
pub fn new_room(tx: &Tx) -> String {
    format!("{}/chiron-{}", tx.config().jitsi_url.trim_end_matches('/'), &tx.token()[..24])
}

// During.

/// A text with the number of its version, as a page holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub version: i64,
    pub words: String,
}

/// Takes what someone wrote into the shared notes: `base` is the text from which it was written, so that what the other
/// wrote meanwhile stays. The same text sent again changes nothing.
pub fn write_notes(tx: &mut Tx, viewer: &Viewer, id: SessionId, base: &str, mine: &str) -> Result<Text> {
    let meeting = open_for(tx, viewer, id, Deed::WriteNotes)?;
    let key = meeting.company.relationship.key;
    let (now, ring, there) = (tx.now(), seal::ring(tx, &[key])?, sql::notes(tx, id)?);
    let words = there.as_ref().map(|notes| opened(&ring, &meeting, &notes.words)).transpose()?.unwrap_or_default();
    let merged = merge(base, mine, &words);
    let version = there.as_ref().map_or(0, |notes| notes.version);
    if merged == words {
        return Ok(Text { version, words });
    }
    must_fit(&merged)?;
    let logged_at = there.map(|notes| notes.logged_at).filter(|at| now.since(*at) < LOGGED);
    let notes = Notes { version: version + 1, words: ring.seal(tx, key, &merged)?, logged_at: logged_at.unwrap_or(now) };
    sql::save_notes(tx, id, viewer.person, &notes)?;
    for person in meeting.people() {
        tx.wake(person, NOTES_TOPIC);
    }
    if logged_at.is_none() {
        tx.record(happened("session notes written", &meeting).by(viewer))?;
    }
    Ok(Text { version: version + 1, words: merged })
}

/// The same for one's own notes, which may be open twice.
pub fn write_own_notes(tx: &mut Tx, viewer: &Viewer, id: SessionId, base: &str, mine: &str) -> Result<Text> {
    let meeting = open_for(tx, viewer, id, Deed::WriteOwnNotes)?;
    let key = meeting.company.relationship.key;
    let (ring, there) = (seal::ring(tx, &[key])?, sql::own_notes(tx, id, viewer.person)?);
    let words = there.as_ref().map(|(_, sealed)| opened(&ring, &meeting, sealed)).transpose()?.unwrap_or_default();
    let (merged, version) = (merge(base, mine, &words), there.map_or(0, |(version, _)| version));
    if merged == words {
        return Ok(Text { version, words });
    }
    must_fit(&merged)?;
    let sealed = ring.seal(tx, key, &merged)?;
    sql::save_own_notes(tx, id, viewer.person, version + 1, &sealed)?;
    tx.wake(viewer.person, NOTES_TOPIC);
    Ok(Text { version: version + 1, words: merged })
}

fn must_fit(words: &str) -> Result<()> {
    let long = words.chars().count();
    if long > longest::NOTES {
        return Err(
            refused!("full_notes"; "Together these notes are {long} characters; there is room for {}. Your words are still here: shorten something, and save again.", longest::NOTES),
        );
    }
    Ok(())
}

/// The shared notes as they stand.
pub fn notes(tx: &mut Tx, viewer: &Viewer, id: SessionId) -> Result<Text> {
    let meeting = super::verbs::open(tx, viewer, id, Deed::See)?;
    let ring = seal::ring(tx, &[meeting.company.relationship.key])?;
    shared_notes(tx, &ring, &meeting)
}
fn shared_notes(tx: &mut Tx, ring: &Ring, meeting: &Meeting) -> Result<Text> {
    let Some(notes) = sql::notes(tx, meeting.session.id)? else { return Ok(Text::default()) };
    Ok(Text { version: notes.version, words: opened(ring, meeting, &notes.words)? })
}
fn own_notes(tx: &mut Tx, ring: &Ring, meeting: &Meeting, viewer: &Viewer) -> Result<Text> {
    let Some((version, sealed)) = sql::own_notes(tx, meeting.session.id, viewer.person)? else { return Ok(Text::default()) };
    Ok(Text { version, words: opened(ring, meeting, &sealed)? })
}

pub fn decide(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Decide)?;
    if sql::decisions(tx, id)?.len() >= MOST_DECISIONS {
        return Err(refused!("many_decisions"; "{MOST_DECISIONS} decisions are a lot for one session. Write further ones into the notes."));
    }
    let sealed = seal::seal(tx, meeting.company.relationship.key, words)?;
    sql::insert_decision(tx, id, viewer.person, &sealed)?;
    tx.record(happened("session decided", &meeting).by(viewer))
}

/// What someone takes on in a session; the other sees it, since they heard it said.
pub fn take_on(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str, plan: Option<Plan>, due_on: Date, nonce: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::Decide)?;
    let draft = action_items::Draft {
        relationship: Some(meeting.session.relationship),
        words: words.into(),
        plan,
        due_on,
        goal: None,
        intensity: Intensity::Partner,
        nonce: nonce.into(),
    };
    action_items::verbs::take_on(tx, viewer, &draft)?;
    tx.record(happened("session decided", &meeting).by(viewer))
}

// After.

pub fn give_feedback(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::GiveFeedback)?;
    let sealed = seal::seal(tx, meeting.company.relationship.key, words)?;
    if !sql::insert_feedback(tx, id, viewer.person, &sealed)? {
        return Err(too_late!("You have said a line on this session already."));
    }
    for person in meeting.others(viewer) {
        tell(tx, person, "session feedback", id)?;
    }
    tx.record(happened("session feedback given", &meeting).by(viewer))
}

/// Says in two lines what one heard in this session, once; the others say whether that is it.
pub fn play_back(tx: &mut Tx, viewer: &Viewer, id: SessionId, words: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::PlayBack)?;
    heard::must_be_two_lines(words)?;
    let sealed = seal::seal(tx, meeting.company.relationship.key, words)?;
    if !sql::insert_playback(tx, &meeting.session, viewer.person, &sealed)? {
        return Err(too_late!("You have said already what you heard in this session."));
    }
    for person in meeting.others(viewer) {
        tell(tx, person, "session played back", id)?;
    }
    tx.record(happened("session played back", &meeting).by(viewer))
}

/// Says that what another heard is it, or puts it right.
pub fn answer_playback(tx: &mut Tx, viewer: &Viewer, id: SessionId, of: PersonId, correction: &str) -> Result<()> {
    let meeting = open_for(tx, viewer, id, Deed::AnswerPlayback)?;
    let sealed = match correction {
        "" => None,
        words => Some(seal::seal(tx, meeting.company.relationship.key, words)?),
    };
    if !sql::answer_playback(tx, id, of, viewer.person, sealed.as_ref())? {
        return Err(too_late!("Nothing waits to be confirmed here any more."));
    }
    seen(tx, viewer.person, "session played back", id)?;
    tell(tx, of, "session playback answered", id)?;
    tx.record(happened("session playback answered", &meeting).by(viewer))
}

/// Everything that was written, in the clear, as far as this viewer may read it.
pub struct Written {
    pub agenda: Vec<(AgendaItem, String)>,
    pub preparations: Vec<(Preparation, String)>,
    pub notes: Text,
    pub own_notes: Text,
    pub decisions: Vec<(Decision, String)>,
    pub feedback: Vec<(Feedback, String)>,
    pub playbacks: Vec<Playback>,
    pub video: Opened,
    /// The word that came with a move or a cancellation.
    pub word: Opened,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, meeting: &Meeting) -> Result<Written> {
    let id = meeting.session.id;
    let ring = seal::ring(tx, &[meeting.company.relationship.key])?;
    let open = |sealed: &Sealed| opened(&ring, meeting, sealed);
    let agenda = sql::agenda(tx, id)?.into_iter().map(|i| Ok((i.clone(), open(&i.words)?))).collect::<Result<_>>()?;
    let preparations =
        sql::preparations(tx, id, viewer.person)?.into_iter().map(|p| Ok((p.clone(), open(&p.words)?))).collect::<Result<_>>()?;
    let decisions = sql::decisions(tx, id)?.into_iter().map(|d| Ok((d.clone(), open(&d.words)?))).collect::<Result<_>>()?;
    let feedback = sql::feedback(tx, id)?.into_iter().map(|f| Ok((f.clone(), open(&f.words)?))).collect::<Result<_>>()?;
    let playback = |row: sql::SealedPlayback| {
        let correction = row.correction.as_ref().map(open).transpose()?;
        Ok(Playback { by: row.by, at: row.at, words: open(&row.words)?, state: row.state, correction, answered_by: row.answered_by })
    };
    let playbacks = sql::playbacks(tx, id)?.into_iter().map(playback).collect::<Result<_>>()?;
    let Session { video, words, .. } = &meeting.session;
    Ok(Written {
        playbacks,
        agenda,
        preparations,
        decisions,
        feedback,
        video: video.as_ref().map(open).transpose()?,
        word: words.as_ref().map(open).transpose()?,
        notes: shared_notes(tx, &ring, meeting)?,
        own_notes: own_notes(tx, &ring, meeting, viewer)?,
    })
}
