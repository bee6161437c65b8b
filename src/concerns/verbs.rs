//! What people do when something is not right: raise it, look after it, decide, appeal; and what time does with it.

use super::concern::{
    Clocks, Concern, ConcernId, ConcernState, Decision, Deed, Draft, Evidence, MOST_EVIDENCE, MOST_OPEN, OPEN_FOR, SealedAnswer,
    SealedEvidence, Wish, handlers,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::circles;
use crate::error::{Error, Result};
use crate::messages;
use crate::notices::tell;
use crate::people::{Chip, verbs as people};
use crate::relationships::{self, Kind, RelationshipId, RelationshipState, verbs as partners};
use crate::seal::{self, Sealed};
use crate::viewer::{PersonId, Via, Viewer};
use crate::{refused, too_late};
use chiron_store::Timestamp;

// Raising one.

/// What someone may attach: what was written in a relationship of theirs, newest last, each with the key it is chosen by.
pub fn attachable(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<(String, Evidence)>> {
    let whole = partners::read(tx, viewer, id)?;
    let passages = whole.passages.into_iter().enumerate().map(|(n, passage)| {
        let piece = Evidence { by: passage.by, at: passage.at, source: passage.heading, words: passage.words };
        (format!("passage-{n}"), piece)
    });
    let mut all: Vec<(String, Evidence)> = passages.collect();
    let conversation = messages::verbs::read(tx, viewer, id, None)?;
    all.extend(conversation.messages.into_iter().filter(|m| !m.words.is_empty()).map(|m| {
        let piece = Evidence { by: m.by, at: m.at, source: "Message".into(), words: m.words };
        (format!("message-{}", m.number), piece)
    }));
    Ok(all)
}

/// Raises a concern about someone. Sent twice from one form, it is one. Contact is cut at once where that is wished for.
pub fn raise(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<ConcernId> {
    if let Some(raised) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(raised);
    }
    if viewer.is(draft.about) {
        return Err(refused!("about_oneself"; "A concern is about somebody else. Please open it from their page."));
    }
    people::chip(tx, draft.about)?;
    if sql::open_count(tx, viewer.person)? >= MOST_OPEN {
        return Err(
            refused!("too_many_concerns"; "You have {MOST_OPEN} concerns open, which is the most at once. Please write to those who look after them."),
        );
    }
    let (kind, attached) = match draft.relationship {
        Some(id) => {
            let relationship = partners::open(tx, viewer, id, relationships::Deed::See)?;
            if relationship.role_of(draft.about).is_none() {
                return Err(Error::NotFound);
            }
            (Some(relationship.kind), chosen(attachable(tx, viewer, id)?, &draft.attached))
        }
        None => (None, Vec::new()),
    };
    if draft.wish == Wish::StepOut && kind != Some(Kind::Circle) {
        return Err(refused!("no_circle"; "One can step out of a circle. Here, choose that contact stops."));
    }
    let (key, now) = (seal::new_key(tx)?, tx.now());
    let stopped = draft.wish != Wish::Talk;
    let concern = Concern {
        id: tx.new_id(),
        reporter: viewer.person,
        about: draft.about,
        relationship: draft.relationship,
        key,
        wish: draft.wish,
        stopped,
        state: ConcernState::Raised,
        raised_at: now,
        answer_by: Some(clocks(tx)?.first(now)),
        acknowledged_at: None,
        handler: None,
        decided_at: None,
        decider: None,
        appealed_at: None,
        appellant: None,
        closed_at: None,
        told_other: false,
    };
    let ring = seal::ring(tx, &[key])?;
    let words = ring.seal(tx, key, &draft.words)?;
    if !sql::insert(tx, &concern, &words, &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    for (position, piece) in (0..).zip(attached) {
        let words = ring.seal(tx, key, &piece.words)?;
        sql::insert_evidence(tx, concern.id, position, &SealedEvidence { by: piece.by, at: piece.at, source: piece.source, words })?;
    }
    if stopped {
        stop_contact(tx, viewer, &concern)?;
    }
    tell_handlers(tx, &concern, "concern raised")?;
    tx.record(happened("concern raised", &concern).by(viewer))?;
    Ok(concern.id)
}

fn chosen(offered: Vec<(String, Evidence)>, keys: &[String]) -> Vec<Evidence> {
    offered.into_iter().filter(|(key, _)| keys.contains(key)).map(|(_, piece)| piece).take(MOST_EVIDENCE).collect()
}

/// Cuts contact: what the two do together stands still at once, and neither is offered to the other. In a circle one of the
/// two stands aside, and everybody else goes on.
fn stop_contact(tx: &mut Tx, viewer: &Viewer, concern: &Concern) -> Result<()> {
    people::block(tx, viewer, concern.about)?;
    let Some(id) = concern.relationship else { return Ok(()) };
    let relationship = partners::find(tx, id)?;
    match relationship.kind {
        Kind::Circle => keep_apart(tx, id),
        _ if relationship.state.is_live() => partners::freeze(tx, id),
        _ => Ok(()),
    }
}

/// In a circle exactly those stand aside whom an open concern keeps apart from another.
fn keep_apart(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let aside = sql::stopped_in(tx, id)?.iter().filter_map(Concern::aside).collect();
    circles::stand_aside(tx, id, &aside)
}

/// What follows for the two from how it stands now: contact goes on unless another concern stops it, and who was to stay out
/// of a circle leaves it when the last word is spoken. Whom the reporter keeps away is theirs to say, so that block stays.
fn follow(tx: &mut Tx, was: &Concern, is: &Concern) -> Result<()> {
    let Some(id) = is.relationship.filter(|_| was.stopped) else { return Ok(()) };
    let relationship = partners::find(tx, id)?;
    if relationship.kind == Kind::Circle {
        keep_apart_finally(tx, id, is)
    } else if !is.stopped && relationship.state == RelationshipState::Frozen && sql::stopped_in(tx, id)?.is_empty() {
        partners::thaw(tx, id)
    } else {
        Ok(())
    }
}

fn keep_apart_finally(tx: &mut Tx, id: RelationshipId, concern: &Concern) -> Result<()> {
    if concern.stopped && !concern.is_open() {
        circles::let_go(tx, id, concern.about)?;
    }
    keep_apart(tx, id)
}

// Looking after them.

/// Those who look after one concern.
pub fn handlers_of(tx: &mut Tx, concern: &Concern) -> Result<Vec<PersonId>> {
    let (contacts, administrators) = (sql::contacts(tx)?, sql::administrators(tx)?);
    Ok(handlers(concern, &contacts, &administrators))
}

/// Those who would look after a concern between two people, to be named before one is raised.
pub fn would_handle(tx: &mut Tx, reporter: PersonId, about: PersonId) -> Result<Vec<Chip>> {
    let concern = super::concern::example(reporter, about);
    let able = handlers_of(tx, &concern)?;
    people::chips(tx, &able)
}

/// A concern that this viewer may do this with, and whether they look after it; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: ConcernId, deed: Deed) -> Result<(Concern, bool)> {
    let concern = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let handles = handlers_of(tx, &concern)?.contains(&viewer.person);
    if concern.allows(viewer, handles, deed) { Ok((concern, handles)) } else { Err(Error::NotFound) }
}

/// Opens a concern to read it, which is written down each time.
pub fn open_to_read(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<()> {
    let (concern, handles) = open(tx, viewer, id, Deed::Read)?;
    if handles {
        sql::save_opening(tx, id, viewer.person)?;
        tx.record(happened("concern opened", &concern).by(viewer))?;
    }
    Ok(())
}

pub fn acknowledge(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Acknowledge)?;
    must_be_open(tx, viewer, id)?;
    let concern = was.clone().acknowledge(viewer.person, clocks(tx)?, tx.now())?;
    sql::save(tx, &concern, &was, None)?;
    tell(tx, concern.reporter, "concern acknowledged", id)?;
    tx.record(happened("concern acknowledged", &concern).by(viewer))
}

/// Decides, with words to each side.
pub fn decide(tx: &mut Tx, viewer: &Viewer, id: ConcernId, decision: &Decision) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Decide)?;
    must_be_open(tx, viewer, id)?;
    let concern = was.clone().decide(viewer.person, decision.contact_resumes, clocks(tx)?, tx.now())?;
    sql::save(tx, &concern, &was, None)?;
    let ring = seal::ring(tx, &[concern.key])?;
    let to_other = if decision.to_other.is_empty() { None } else { Some(ring.seal(tx, concern.key, &decision.to_other)?) };
    let to_reporter = ring.seal(tx, concern.key, &decision.to_reporter)?;
    let tells_other = to_other.is_some();
    sql::insert_answer(tx, id, &SealedAnswer { by: viewer.person, at: tx.now(), to_reporter, to_other })?;
    follow(tx, &was, &concern)?;
    tell(tx, concern.reporter, "concern decided", id)?;
    if tells_other {
        tell(tx, concern.about, "concern decided", id)?;
    }
    tx.record(happened("concern decided", &concern).by(viewer))
}

/// One of the two sides asks somebody else to decide again. Once.
pub fn appeal(tx: &mut Tx, viewer: &Viewer, id: ConcernId, words: &str) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Appeal)?;
    let concern = was.clone().appeal(viewer.person, clocks(tx)?, tx.now())?;
    let sealed = seal::seal(tx, concern.key, words)?;
    sql::save(tx, &concern, &was, Some(&sealed))?;
    tell_handlers(tx, &concern, "concern raised")?;
    tx.record(happened("concern appealed", &concern).by(viewer))
}

/// The reporter takes it back; contact that was stopped because of it resumes.
pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Withdraw)?;
    let concern = was.clone().withdraw(tx.now())?;
    sql::save(tx, &concern, &was, None)?;
    if was.stopped {
        people::unblock(tx, viewer, concern.about)?;
    }
    follow(tx, &was, &concern)?;
    tx.record(happened("concern withdrawn", &concern).by(viewer))
}

/// Whoever looks after it has read it in this hour, so that nobody decides unseen.
fn must_be_open(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<()> {
    if is_open_to(tx, viewer, id)? { Ok(()) } else { Err(refused!("not_opened"; "Please open this concern first and read it.")) }
}
fn is_open_to(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<bool> {
    let now = tx.now();
    Ok(sql::opened_at(tx, id, viewer.person)?.is_some_and(|at| now.since(at) < OPEN_FOR))
}

/// Those who look after a concern are told that there is one, and nothing of it.
fn tell_handlers(tx: &mut Tx, concern: &Concern, kind: &'static str) -> Result<()> {
    for person in handlers_of(tx, concern)? {
        tell(tx, person, kind, concern.id)?;
    }
    Ok(())
}

/// Reminds those who look after what is late.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let late = sql::claim_late(tx)?;
    for id in &late {
        if let Some(concern) = sql::find(tx, *id)? {
            tell_handlers(tx, &concern, "concern waits")?;
        }
    }
    Ok(late.len())
}

/// Closes what nobody appealed.
pub fn close(tx: &mut Tx) -> Result<usize> {
    let closed = sql::close_decided(tx)?;
    for id in &closed {
        if let Some(concern) = sql::find(tx, *id)? {
            follow(tx, &concern, &concern)?;
            tx.record(happened("concern closed", &concern))?;
        }
    }
    Ok(closed.len())
}

// Reading.

/// What was decided, as this viewer may read it.
pub struct Answered {
    pub at: Timestamp,
    pub by: Chip,
    /// To this viewer's side; to those who look after it, the words to the reporter.
    pub words: String,
    /// The words to the other side, for those who look after it.
    pub to_other: Option<String>,
}

/// What a page about a concern shows.
pub struct Whole {
    pub concern: Concern,
    pub handles: bool,
    pub reporter: Chip,
    pub about: Chip,
    pub handler: Option<Chip>,
    /// What was told and attached; `None` for the other side, and for those who look after it until they open it.
    pub report: Option<(String, Vec<(Chip, Evidence)>)>,
    pub appeal: Option<String>,
    pub answers: Vec<Answered>,
    /// Whether there is anybody to look after it now.
    pub is_looked_after: bool,
    pub is_in_circle: bool,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: ConcernId) -> Result<Whole> {
    let (concern, handles) = open(tx, viewer, id, Deed::See)?;
    let mine = viewer.is(concern.reporter);
    let reads = mine || handles && is_open_to(tx, viewer, id)?;
    let ring = seal::ring(tx, &[concern.key])?;
    let forgotten = || "This was forgotten.".to_owned();
    let text = |sealed: &Sealed| Ok::<_, Error>(ring.text(concern.key, sealed)?.unwrap_or_else(forgotten));
    let sealed = sql::words(tx, id)?;
    let report = if reads {
        let pieces = sql::evidence(tx, id)?;
        let names = partners::called_all(tx, &pieces.iter().map(|p| p.by).collect::<Vec<_>>())?;
        let pieces = pieces.into_iter().zip(names).map(|(piece, by)| {
            let words = text(&piece.words)?;
            Ok((by, Evidence { by: piece.by, at: piece.at, source: piece.source, words }))
        });
        Some((text(&sealed.words)?, pieces.collect::<Result<_>>()?))
    } else {
        None
    };
    let appeals = concern.appellant.is_some_and(|by| viewer.is(by));
    let appeal = sealed.appeal.as_ref().filter(|_| appeals || handles && reads).map(text).transpose()?;
    let mut answers = Vec::new();
    for answer in sql::answers(tx, id)? {
        let to_other = answer.to_other.as_ref().map(text).transpose()?;
        let words = if mine || reads {
            Some(text(&answer.to_reporter)?)
        } else if handles {
            None
        } else {
            to_other.clone()
        };
        let Some(words) = words else { continue };
        answers.push(Answered { at: answer.at, by: partners::called(tx, answer.by)?, words, to_other: to_other.filter(|_| handles) });
    }
    let handler = concern.handler.map(|handler| partners::called(tx, handler)).transpose()?;
    let is_in_circle = match concern.relationship {
        Some(id) => partners::find(tx, id)?.kind == Kind::Circle,
        None => false,
    };
    Ok(Whole {
        is_in_circle,
        handles,
        reporter: partners::called(tx, concern.reporter)?,
        about: partners::called(tx, concern.about)?,
        handler,
        report,
        appeal,
        answers,
        is_looked_after: !handlers_of(tx, &concern)?.is_empty(),
        concern,
    })
}

/// What someone's page of concerns lists.
pub struct Listed {
    /// What they raised, with whom it is about.
    pub raised: Vec<(Concern, Chip)>,
    /// What was decided about them and told to them.
    pub told: Vec<Concern>,
    /// What waits for them, where they look after concerns.
    pub waiting: Vec<Concern>,
    /// What they looked after before.
    pub handled: Vec<Concern>,
    pub blocked: Vec<Chip>,
    pub looks_after: bool,
}

pub fn list(tx: &mut Tx, viewer: &Viewer) -> Result<Listed> {
    let raised = sql::of_reporter(tx, viewer.person)?;
    let about = partners::called_all(tx, &raised.iter().map(|c| c.about).collect::<Vec<_>>())?;
    Ok(Listed {
        raised: raised.into_iter().zip(about).collect(),
        told: sql::told_about(tx, viewer.person)?,
        waiting: waiting_for(tx, viewer)?,
        handled: sql::handled_by(tx, viewer.person)?,
        blocked: people::blocked(tx, viewer)?,
        looks_after: looks_after(tx, viewer)?,
    })
}

fn looks_after(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    let contacts = sql::contacts(tx)?;
    Ok(contacts.contains(&viewer.person) || contacts.is_empty() && viewer.administers())
}

/// The concerns that wait for this viewer to do something, by their clock.
pub fn waiting_for(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Concern>> {
    let contacts = sql::contacts(tx)?;
    if !contacts.contains(&viewer.person) && !viewer.administers() {
        return Ok(Vec::new());
    }
    let (administrators, waiting) = (sql::administrators(tx)?, sql::waiting(tx)?);
    Ok(waiting.into_iter().filter(|c| handlers(c, &contacts, &administrators).contains(&viewer.person)).collect())
}

/// For administrators: whether something waits that nobody here can look after, so that somebody has to be named.
pub fn is_stranded(tx: &mut Tx, viewer: &Viewer) -> Result<bool> {
    if !viewer.administers() {
        return Ok(false);
    }
    let (contacts, administrators) = (sql::contacts(tx)?, sql::administrators(tx)?);
    Ok(sql::waiting(tx)?.iter().any(|c| !c.is_part(viewer.person) && handlers(c, &contacts, &administrators).is_empty()))
}

// Who looks after them, and how soon.

/// How soon things happen here.
pub fn clocks(tx: &mut Tx) -> Result<Clocks> {
    Ok(Clocks::of(tx.setting("concern clocks")?.as_deref()))
}

pub fn set_clocks(tx: &mut Tx, viewer: &Viewer, clocks: Clocks) -> Result<()> {
    administrator(viewer)?;
    tx.set("concern clocks", &clocks.setting())?;
    tx.record(Happening::of("concern clocks set", viewer.person).by(viewer).touching([viewer.person]))
}

pub fn contacts(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Chip>> {
    administrator(viewer)?;
    let contacts = sql::contacts(tx)?;
    people::chips(tx, &contacts)
}

pub fn name_contact(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    administrator(viewer)?;
    people::chip(tx, person)?;
    if !sql::name_contact(tx, person, viewer.person)? {
        return Err(too_late!("They look after concerns already."));
    }
    tell(tx, person, "concern contact", person)?;
    tx.record(Happening::of("concern contact named", person).by(viewer).touching([person]))
}

pub fn remove_contact(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    administrator(viewer)?;
    if sql::remove_contact(tx, person)? {
        tx.record(Happening::of("concern contact removed", person).by(viewer).touching([person]))?;
    }
    Ok(())
}

fn administrator(viewer: &Viewer) -> Result<()> {
    if viewer.administers() && viewer.via != Via::Letter { Ok(()) } else { Err(Error::NotFound) }
}

/// Whether this person was named to look after concerns.
pub fn is_contact(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(sql::contacts(tx)?.contains(&person))
}

/// What someone raised goes with them, and with it what kept others out of their circles.
pub(super) fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let raised = sql::stopped_by(tx, person)?;
    sql::forget(tx, person)?;
    for id in raised.into_iter().filter_map(|concern| concern.relationship) {
        if partners::find(tx, id)?.kind == Kind::Circle {
            keep_apart(tx, id)?;
        }
    }
    Ok(())
}

/// All that someone raised, and what was decided and told to them; for their export.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<Whole>> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(Vec::new()) };
    let mut ids: Vec<ConcernId> = sql::of_reporter(tx, person)?.into_iter().map(|c| c.id).collect();
    ids.extend(sql::told_about(tx, person)?.into_iter().map(|c| c.id));
    ids.into_iter().map(|id| read(tx, &viewer, id)).collect()
}

/// It wakes the reporter's pages and those of whoever looks after it; never the other side's.
fn happened(kind: &'static str, concern: &Concern) -> Happening {
    Happening::of(kind, concern.id).touching(std::iter::once(concern.reporter).chain(concern.handler))
}
