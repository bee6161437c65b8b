//! What feedback can be pinned to: the goals, actions, pieces of work, decisions and sessions that somebody has, or that both
//! know.

use super::item::{Pin, PinKind, longest};
use crate::action_items::{ActionItemId, verbs as actions};
use crate::app::Tx;
use crate::attainment::verbs as attainment;
use crate::decisions::{DecisionId, verbs as made};
use crate::error::{Error, Result, still_there};
use crate::goals::{GoalId, GoalState, verbs as goals};
use crate::page::{capital, shortened};
use crate::plans::{Item, ItemId, ItemState, verbs as planned};
use crate::relationships::{self, RelationshipId, verbs as partners};
use crate::sessions::{self, Session, SessionId, SessionState, verbs as meetings};
use crate::viewer::{PersonId, Viewer};
use uuid::Uuid;

/// Relationships whose sessions and decisions are offered.
const PLACES: usize = 8;
/// Of each kind in each place.
const EACH: usize = 8;

fn named(kind: PinKind, id: impl Into<Uuid>, words: &str) -> (Pin, String) {
    (Pin { kind, id: id.into() }, shortened(words, longest::PIN))
}

fn of_session(viewer: &Viewer, session: &Session, name: &str) -> (Pin, String) {
    let when = session.starts_at.map_or(String::new(), |at| format!(" on {}", viewer.day(at)));
    named(PinKind::Session, session.id, &format!("{} with {name}{when}", session.purpose.title()))
}

/// Those that have begun: of what is still to come there is nothing to say.
fn took_place(session: &Session, now: chiron_store::Timestamp) -> bool {
    let begun = session.starts_at.is_some_and(|at| at <= now);
    begun && matches!(session.state, SessionState::Held | SessionState::Booked)
}

fn sessions_of(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, name: &str) -> Result<Vec<(Pin, String)>> {
    let ahead = meetings::ahead(tx, id)?;
    let begun = ahead.live.iter().chain(&ahead.past).filter(|session| took_place(session, ahead.now)).take(EACH);
    Ok(begun.map(|session| of_session(viewer, session, name)).collect())
}

/// Activities of plans that this person does or did, what was touched last first.
fn work_of(plans: Vec<planned::Short>, doer: PersonId) -> impl Iterator<Item = Item> {
    let going_on = plans.into_iter().filter(|short| short.plan.ended_at.is_none());
    let mut work: Vec<Item> = going_on.flat_map(|short| short.items).filter(|item| is_work_of(item, doer)).collect();
    work.sort_by_key(|item| std::cmp::Reverse(item.changed_at));
    work.into_iter().take(2 * EACH)
}

fn is_work_of(item: &Item, doer: PersonId) -> bool {
    item.kind.is_activity() && item.doer == doer && matches!(item.state, ItemState::Open | ItemState::Done)
}

fn of_activity(item: &Item) -> (Pin, String) {
    named(PinKind::Activity, item.id, &format!("{}: {}", capital(item.kind.words()), item.words.title))
}

/// What was chosen already, by a link or before a form came back, is offered also where it is older than the rest.
fn with_chosen(
    mut all: Vec<(Pin, String)>,
    chosen: Option<Pin>,
    words: impl FnOnce(Pin) -> Result<Option<String>>,
) -> Result<Vec<(Pin, String)>> {
    let beyond = chosen.filter(|chosen| all.iter().all(|(pin, _)| pin != chosen));
    if let Some(pin) = beyond
        && let Some(words) = words(pin)?
    {
        all.insert(0, (pin, words));
    }
    Ok(all)
}

/// What somebody can ask about: everything of their own, and what they chose already.
pub fn offered(tx: &mut Tx, viewer: &Viewer, chosen: Option<Pin>) -> Result<Vec<(Pin, String)>> {
    let mut all: Vec<(Pin, String)> =
        goals::pursued(tx, viewer)?.into_iter().map(|(id, outcome)| named(PinKind::Goal, id, &format!("Goal: {outcome}"))).collect();
    let own = actions::own(tx, viewer)?;
    for told in own.open.iter().take(2 * EACH).chain(own.ended.iter().take(EACH)) {
        all.push(named(PinKind::Action, told.item.id, &format!("What I took on: {}", told.words)));
    }
    all.extend(work_of(planned::own(tx, viewer)?, viewer.person).map(|item| of_activity(&item)));
    let places: Vec<_> = partners::mine(tx, viewer)?.into_iter().filter(|r| r.state.is_live()).map(|r| r.id).take(PLACES).collect();
    for id in places {
        let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
        all.extend(sessions_of(tx, viewer, id, company.name(viewer))?);
        let own = made::of_relationship(tx, viewer, id)?.into_iter().filter(|told| viewer.is(told.decision.owner)).take(EACH);
        all.extend(own.map(|told| named(PinKind::Decision, told.decision.id, &format!("What I decided: {}", told.words.chosen))));
    }
    with_chosen(all, chosen, |pin| of_own(tx, viewer, pin))
}

/// What one of somebody's own is called, to them and to whoever they ask; `None` when it is not theirs.
pub fn of_own(tx: &mut Tx, viewer: &Viewer, pin: Pin) -> Result<Option<String>> {
    let words = match pin.kind {
        PinKind::Goal => still_there(goals::brief(tx, viewer, pin.id.into()))?.map(|brief| brief.outcome),
        PinKind::Action => {
            let whole = still_there(actions::read(tx, viewer, pin.id.into()))?;
            whole.filter(|whole| viewer.is(whole.told.item.owner)).map(|whole| whole.told.words)
        }
        PinKind::Activity => {
            let found = still_there(planned::read_item(tx, viewer, pin.id.into()))?;
            found.filter(|(_, item)| is_work_of(item, viewer.person)).map(|(_, item)| item.words.title)
        }
        PinKind::Decision => {
            let told = still_there(made::read(tx, viewer, pin.id.into()))?;
            told.filter(|told| viewer.is(told.decision.owner)).map(|told| told.words.chosen)
        }
        PinKind::Session => return session(tx, viewer, pin),
    };
    Ok(words.map(|words| shortened(&words, longest::PIN)))
}

fn session(tx: &mut Tx, viewer: &Viewer, pin: Pin) -> Result<Option<String>> {
    let now = tx.now();
    let meeting = still_there(meetings::open(tx, viewer, pin.id.into(), sessions::Deed::See))?;
    let meeting = meeting.filter(|meeting| took_place(&meeting.session, now));
    // Without a name: whoever reads it may be the one it was with, or somebody outside whom that does not concern.
    Ok(meeting.map(|meeting| {
        let when = meeting.session.starts_at.map_or(String::new(), |at| format!(" on {}", viewer.day(at)));
        format!("{}{when}", meeting.session.purpose.title())
    }))
}

/// What somebody can give feedback on to another without being asked: what both of them know.
pub fn offered_together(
    tx: &mut Tx,
    viewer: &Viewer,
    id: RelationshipId,
    about: PersonId,
    chosen: Option<Pin>,
) -> Result<Vec<(Pin, String)>> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let goals = shared_goals(tx, viewer, id, about)?;
    let mut all: Vec<_> = goals.into_iter().map(|(goal, outcome)| named(PinKind::Goal, goal, &format!("Goal: {outcome}"))).collect();
    all.extend(sessions_of(tx, viewer, id, company.name(viewer))?);
    let (open, ended) = (actions::open_of(tx, viewer, id)?, actions::ended_of(tx, viewer, id)?);
    let theirs = open.iter().chain(&ended).filter(|told| told.item.owner == about).take(2 * EACH);
    let name = company.called(viewer, about);
    all.extend(theirs.map(|told| named(PinKind::Action, told.item.id, &format!("What {name} took on: {}", told.words))));
    all.extend(work_of(planned::of_relationship(tx, viewer, &company.relationship)?, about).map(|item| of_activity(&item)));
    let decided = made::of_relationship(tx, viewer, id)?.into_iter().filter(|told| told.decision.owner == about).take(EACH);
    all.extend(decided.map(|told| named(PinKind::Decision, told.decision.id, &format!("What {name} decided: {}", told.words.chosen))));
    with_chosen(all, chosen, |pin| together(tx, viewer, id, about, pin))
}

/// Somebody's goals that they share there.
fn shared_goals(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, about: PersonId) -> Result<Vec<(GoalId, String)>> {
    let shared = attainment::of_relationship(tx, viewer, id)?;
    let theirs = shared.into_iter().filter(|measured| measured.attainment.owner == about && measured.state == GoalState::Set);
    Ok(theirs.map(|measured| (measured.attainment.goal, measured.outcome)).take(EACH).collect())
}

/// What one of these is called; `None` when it is nothing that both know.
pub fn together(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, about: PersonId, pin: Pin) -> Result<Option<String>> {
    let words = match pin.kind {
        PinKind::Goal => shared_goals(tx, viewer, id, about)?.into_iter().find(|(goal, _)| goal.0 == pin.id).map(|(_, outcome)| outcome),
        PinKind::Action => {
            let whole = still_there(actions::read(tx, viewer, pin.id.into()))?;
            whole.filter(|whole| whole.told.item.owner == about && whole.told.item.relationship == Some(id)).map(|whole| whole.told.words)
        }
        PinKind::Activity => {
            let found = still_there(planned::read_item(tx, viewer, pin.id.into()))?;
            let shared = found.filter(|(whole, item)| whole.plan.relationship == Some(id) && is_work_of(item, about));
            shared.map(|(_, item)| item.words.title)
        }
        PinKind::Decision => {
            let told = still_there(made::read(tx, viewer, pin.id.into()))?;
            told.filter(|told| told.decision.owner == about && told.decision.relationship == id).map(|told| told.words.chosen)
        }
        PinKind::Session => {
            let meeting = still_there(meetings::open(tx, viewer, pin.id.into(), sessions::Deed::See))?;
            match meeting.filter(|meeting| meeting.session.relationship == id) {
                Some(_) => session(tx, viewer, pin)?,
                None => None,
            }
        }
    };
    Ok(words.map(|words| shortened(&words, longest::PIN)))
}

/// Where the viewer sees the thing itself; not found where they do not.
pub fn place(tx: &mut Tx, viewer: &Viewer, pin: Pin) -> Result<String> {
    let id = pin.id;
    match pin.kind {
        PinKind::Goal => {
            if still_there(goals::brief(tx, viewer, id.into()))?.is_some() {
                return Ok(format!("/goals/{}", GoalId(id)));
            }
            attainment::of_goal(tx, viewer, id.into())?.map(|_| format!("/attainment/{}", GoalId(id))).ok_or(Error::NotFound)
        }
        PinKind::Action => actions::read(tx, viewer, id.into()).map(|_| format!("/actions/{}", ActionItemId(id))),
        PinKind::Activity => planned::read_item(tx, viewer, id.into()).map(|_| format!("/plans/items/{}", ItemId(id))),
        PinKind::Decision => made::read(tx, viewer, id.into()).map(|_| format!("/decisions/{}", DecisionId(id))),
        PinKind::Session => meetings::open(tx, viewer, id.into(), sessions::Deed::See).map(|_| format!("/sessions/{}", SessionId(id))),
    }
}
