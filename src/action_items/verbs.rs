//! What people do with what they have taken on: take it on, say how it goes, carry it over, keep it or let it go; and
//! what time does with it.

use super::action_item::{
    ActionItem, ActionItemId, Answer, Beginning, Deed, Draft, Intensity, MOST_OPEN, Moving, Next, Plan, SealedCheckIn, SealedWords,
    longest, of_reply,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::goals::{self, GoalId};
use crate::notices::tell;
use crate::people::Chip;
use crate::refused;
use crate::relationships::verbs::{self as partners, With};
use crate::relationships::{self, Company, Relationship, RelationshipId};
use crate::seal::{self, KeyId, Ring, Sealed};
use crate::viewer::{PersonId, Viewer};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::{BTreeSet, HashMap};

/// Takes something on, for a relationship or for oneself alone. Sent twice from one form, it is one.
pub fn take_on(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<ActionItemId> {
    if let Some(taken) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(taken);
    }
    let open = sql::open_count(tx, viewer.person)?;
    if open >= MOST_OPEN {
        return Err(
            refused!("too_many_actions"; "You have {open} things open, and {MOST_OPEN} is the most at once. Keep one, or let one go."),
        );
    }
    if let Some(goal) = draft.goal {
        goals::verbs::brief(tx, viewer, goal)?;
    }
    let (key, together) = match draft.relationship {
        None => (seal::new_key(tx)?, None),
        Some(id) => {
            let relationship = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
            relationship.must_offer(viewer, relationships::Deed::TakePart)?;
            (relationship.key, Some(relationship))
        }
    };
    let begin = Beginning { id: tx.new_id(), owner: viewer.person, key };
    let item = ActionItem::take_on(begin, draft, tx.now(), &viewer.zone)?;
    let (words, plan) = (seal::seal(tx, key, &draft.words)?, sealed_plan(tx, key, draft.plan.as_ref())?);
    if !sql::insert(tx, &item, &words, plan.as_ref(), &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    tx.record(happened("action taken on", &item, together.as_ref()).by(viewer))?;
    Ok(item.id)
}

/// Something taken on that this viewer may do this with, and where; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, deed: Deed) -> Result<(ActionItem, Option<Relationship>)> {
    let item = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = item.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if item.allows(together.as_ref(), viewer, deed) { Ok((item, together)) } else { Err(Error::NotFound) }
}

/// It is done. The others are told where its owner wants them to see it.
pub fn keep(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, words: &str) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::CheckIn)?;
    let item = was.clone().keep(tx.now())?;
    sql::save(tx, &item, &was)?;
    check_in(tx, &item, Answer::Kept, words)?;
    for person in who_follow(&item, together.as_ref()) {
        tell(tx, person, "action kept", id)?;
    }
    tx.record(happened("action kept", &item, together.as_ref()).by(viewer))
}

/// It has not happened yet, with what got in the way if its owner says so.
pub fn not_yet(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, words: &str) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::CheckIn)?;
    let item = was.clone().not_yet(tx.now())?;
    sql::save(tx, &item, &was)?;
    check_in(tx, &item, Answer::NotYet, words)?;
    tx.record(happened("action checked in", &item, together.as_ref()).by(viewer))
}

/// To another day, as a smaller step or with a plan if its owner likes.
pub fn carry_over(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, moving: &Moving) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::CarryOver)?;
    let item = was.clone().carry_over(moving.due_on, tx.now())?;
    sql::save(tx, &item, &was)?;
    if let Some(smaller) = moving.smaller.as_deref().filter(|words| !words.is_empty()) {
        let sealed = seal::seal(tx, item.key, smaller)?;
        sql::save_words(tx, id, &sealed)?;
    }
    if let Some(plan) = sealed_plan(tx, item.key, moving.plan.as_ref())? {
        sql::save_plan(tx, id, &plan)?;
    }
    check_in(tx, &item, Answer::Moved, &moving.words)?;
    tx.record(happened("action carried over", &item, together.as_ref()).by(viewer))
}

/// Lets it go. That is a decision, not a failure.
pub fn drop(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, words: &str) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Drop)?;
    let item = was.clone().drop(tx.now())?;
    sql::save(tx, &item, &was)?;
    check_in(tx, &item, Answer::Dropped, words)?;
    tx.record(happened("action dropped", &item, together.as_ref()).by(viewer))
}

/// How closely it is followed from now on.
pub fn follow(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, intensity: Intensity) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Change)?;
    let item = was.clone().followed(intensity, tx.now())?;
    sql::save(tx, &item, &was)?;
    let others = together.iter().flat_map(|together| together.people().collect::<Vec<_>>());
    tx.record(happened("action changed", &item, together.as_ref()).by(viewer).touching(others))
}

/// What came back by mail.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: ActionItemId, text: &str) -> Result<()> {
    let (answer, rest) = of_reply(text);
    let words: String = rest.chars().take(longest::CHECK_IN).collect();
    match answer {
        Answer::Kept => keep(tx, viewer, id, &words),
        Answer::Dropped => drop(tx, viewer, id, &words),
        Answer::NotYet | Answer::Moved => not_yet(tx, viewer, id, &words),
    }
}

/// Asks those who are to be asked how it goes, and offers a way on where that was left unanswered.
pub fn ask_around(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    let now = tx.now();
    for id in &due {
        let Some(was) = sql::find(tx, *id)?.filter(ActionItem::is_open) else { continue };
        let (item, kind) = match was.next {
            Some(Next::Recover) => (was.clone().recovered(now), "action recovery"),
            Some(Next::CheckIn) | None => (was.clone().asked(now)?, "action check-in"),
        };
        sql::save(tx, &item, &was)?;
        tell(tx, item.owner, kind, *id)?;
    }
    Ok(due.len())
}

/// What was taken on, with its words.
#[derive(Debug, Clone)]
pub struct Told {
    pub item: ActionItem,
    pub words: String,
    pub plan: Option<Plan>,
}

/// How it went, as its owner said it.
pub struct CheckIn {
    pub at: Timestamp,
    pub answer: Answer,
    pub words: String,
    pub shown: bool,
}

/// What a page about one shows.
pub struct Whole {
    pub told: Told,
    pub owner: Chip,
    /// Those with whom it was taken on, while this viewer is among them.
    pub company: Option<Company>,
    pub check_ins: Vec<CheckIn>,
    /// For its owner alone: the goal it serves, with its outcome.
    pub goal: Option<(GoalId, String)>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: ActionItemId) -> Result<Whole> {
    let (item, together) = open(tx, viewer, id, Deed::See)?;
    let mine = viewer.is(item.owner);
    let ring = seal::ring(tx, &[item.key])?;
    let mut check_ins = Vec::new();
    for sealed in sql::check_ins(tx, id)?.into_iter().filter(|c| mine || c.shown) {
        let words = sealed.words.as_ref().map(|words| ring.text(item.key, words)).transpose()?.flatten();
        check_ins.push(CheckIn { at: sealed.at, answer: sealed.answer, words: words.unwrap_or_default(), shown: sealed.shown });
    }
    let goal = match item.goal.filter(|_| mine) {
        Some(goal) => still_there(goals::verbs::brief(tx, viewer, goal))?.map(|brief| (goal, brief.outcome)),
        None => None,
    };
    let owner = partners::called(tx, item.owner)?;
    let company = match together.filter(|together| together.role_of(viewer.person).is_some()) {
        Some(together) => Some(partners::company(tx, viewer, together.id, relationships::Deed::See)?),
        None => None,
    };
    let told = told(tx, vec![item])?.pop().ok_or(Error::NotFound)?;
    Ok(Whole { told, owner, company, check_ins, goal })
}

/// What is open in a relationship and this viewer sees: their own and what the others show them, by its day. For an
/// agenda, and for “what each will do”.
pub fn open_of(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Told>> {
    let relationship = partners::open(tx, viewer, id, relationships::Deed::See)?;
    let items = sql::open_of_relationship(tx, id, viewer.person)?;
    told(tx, seen_by(viewer, &relationship, items))
}

/// The latest of a relationship that were kept or dropped, as far as this viewer sees them.
pub fn ended_of(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Told>> {
    let relationship = partners::open(tx, viewer, id, relationships::Deed::See)?;
    let items = sql::ended_of_relationship(tx, id, viewer.person)?;
    told(tx, seen_by(viewer, &relationship, items))
}

/// What serves a goal, open and kept, as far as this viewer sees it.
pub fn of_goal(tx: &mut Tx, viewer: &Viewer, owner: PersonId, goal: GoalId) -> Result<Vec<Told>> {
    let mut shown = Vec::new();
    for item in sql::of_goal(tx, owner, goal)? {
        let together = match item.relationship.filter(|_| !viewer.is(owner)) {
            Some(id) => Some(partners::find(tx, id)?),
            None => None,
        };
        if item.allows(together.as_ref(), viewer, Deed::See) {
            shown.push(item);
        }
    }
    told(tx, shown)
}

fn seen_by(viewer: &Viewer, relationship: &Relationship, items: Vec<ActionItem>) -> Vec<ActionItem> {
    items.into_iter().filter(|item| item.allows(Some(relationship), viewer, Deed::See)).collect()
}

/// Everything of someone's own, open and ended, with whom each is.
pub struct Own {
    pub open: Vec<Told>,
    pub ended: Vec<Told>,
    pub with: HashMap<RelationshipId, With>,
}

pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Own> {
    let (open, ended) = (sql::open_of_owner(tx, viewer.person, 100)?, sql::ended_of_owner(tx, viewer.person, 30)?);
    let places: BTreeSet<RelationshipId> = open.iter().chain(&ended).filter_map(|item| item.relationship).collect();
    let with = partners::with_whom(tx, viewer, places.into_iter())?;
    Ok(Own { open: told(tx, open)?, ended: told(tx, ended)?, with })
}

/// Someone's open ones whose day has come or comes within two days.
pub fn due_soon(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let soon = tx.now() + SignedDuration::from_hours(48);
    let items = sql::due_of_owner(tx, viewer.person, soon)?;
    told(tx, items)
}

/// How someone last chose to be followed in a relationship, to propose it again; at first the others see it.
pub fn usual_intensity(tx: &mut Tx, viewer: &Viewer, id: Option<RelationshipId>) -> Result<Intensity> {
    let last = sql::of_owner(tx, viewer.person, 20)?.into_iter().find(|item| item.relationship == id);
    let first = if id.is_some() { Intensity::Partner } else { Intensity::Silent };
    Ok(last.map_or(first, |item| item.intensity))
}

/// All that someone ever took on, with how it went; for their export.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<(Told, Vec<CheckIn>)>> {
    let items = sql::of_owner(tx, person, 1000)?;
    let mut all = Vec::with_capacity(items.len());
    for told in told(tx, items)? {
        let mut said = Vec::new();
        for sealed in sql::check_ins(tx, told.item.id)? {
            let words = match &sealed.words {
                Some(words) => seal::open_text(tx, told.item.key, words)?.unwrap_or_default(),
                None => String::new(),
            };
            said.push(CheckIn { at: sealed.at, answer: sealed.answer, words, shown: sealed.shown });
        }
        all.push((told, said));
    }
    Ok(all)
}

/// Opens the words of many at the price of two queries.
fn told(tx: &mut Tx, items: Vec<ActionItem>) -> Result<Vec<Told>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ActionItemId> = items.iter().map(|item| item.id).collect();
    let ring = seal::ring(tx, &items.iter().map(|item| item.key).collect::<Vec<_>>())?;
    let mut sealed: HashMap<ActionItemId, SealedWords> = sql::words(tx, &ids)?.into_iter().map(|words| (words.id, words)).collect();
    items
        .into_iter()
        .map(|item| {
            let sealed = sealed.remove(&item.id).ok_or(Error::NotFound)?;
            let words = ring.text(item.key, &sealed.words)?.unwrap_or_else(|| "This was forgotten.".into());
            let plan = plan(&ring, item.key, &sealed)?;
            Ok(Told { item, words, plan })
        })
        .collect()
}

fn plan(ring: &Ring, key: KeyId, sealed: &SealedWords) -> Result<Option<Plan>> {
    let (Some(when), Some(then)) = (&sealed.plan_if, &sealed.plan_then) else { return Ok(None) };
    Ok(ring.text(key, when)?.zip(ring.text(key, then)?).map(|(when, then)| Plan { when, then }))
}

fn sealed_plan(tx: &mut Tx, key: KeyId, plan: Option<&Plan>) -> Result<Option<(Sealed, Sealed)>> {
    let Some(plan) = plan else { return Ok(None) };
    let ring = seal::ring(tx, &[key])?;
    Ok(Some((ring.seal(tx, key, &plan.when)?, ring.seal(tx, key, &plan.then)?)))
}

/// Writes down what its owner said, with who sees it: what they have chosen by now.
fn check_in(tx: &mut Tx, item: &ActionItem, answer: Answer, words: &str) -> Result<()> {
    let words = if words.is_empty() { None } else { Some(seal::seal(tx, item.key, words)?) };
    let check_in = SealedCheckIn { at: tx.now(), answer, words, shown: item.intensity == Intensity::Partner };
    sql::insert_check_in(tx, item.id, &check_in)
}

/// The others, where its owner has chosen that they see it and is still among them.
fn who_follow(item: &ActionItem, together: Option<&Relationship>) -> Vec<PersonId> {
    let together = together.filter(|t| item.intensity == Intensity::Partner && t.state.is_live() && t.role_of(item.owner).is_some());
    together.map_or_else(Vec::new, |t| t.people().filter(|person| *person != item.owner).collect())
}

/// It wakes the pages of its owner, and of the others only where they see it.
fn happened(kind: &'static str, item: &ActionItem, together: Option<&Relationship>) -> Happening {
    Happening::of(kind, item.id).touching(std::iter::once(item.owner).chain(who_follow(item, together)))
}

/// The day by the clock of whoever looks.
pub fn today(tx: &Tx, viewer: &Viewer) -> jiff::civil::Date {
    super::action_item::today(tx.now(), &viewer.zone)
}

/// Whoever leaves has nothing to answer any more.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql::forget(tx, person)
}
