//! What people do with plans: make one in minutes, write in it alone or with another, try what somebody suggests, and say what
//! came of each thing.

use super::plan::{
    Deed, Draft, Item, ItemId, ItemRow, ItemState, Kind, MOST_ITEMS, MOST_MILESTONES, MOST_PLANS, MOST_SUGGESTED, Outcome, Plan, PlanId,
    Words, must_be_near,
};
use super::sql;
use super::templates::Template;
use crate::app::{Happening, Tx};
use crate::attainment;
use crate::error::{Error, Result, still_there};
use crate::goals::{self, GoalId, GoalState};
use crate::notices::tell;
use crate::refused;
use crate::relationships::{self, Company, Kind as Together, Relationship, RelationshipId, verbs as partners};
use crate::seal;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{List, Timestamp};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;

/// How many days before its day something stands on Today, and how many after it: then it is no news any more.
const BEFORE: i64 = 3;
const AFTER: i64 = 14;

/// The goal a plan is for.
#[derive(Debug, Clone)]
pub enum For {
    Goal(GoalId),
    /// One that is begun with the plan, in a sentence.
    New(String),
}

/// A plan as it is begun.
#[derive(Clone)]
pub struct Making {
    pub goal: For,
    /// `None` for an empty one.
    pub template: Option<&'static Template>,
    pub first: Date,
    pub hours: i64,
    /// The same twice is one.
    pub nonce: String,
}

/// Makes a plan, from a template with all its days, or an empty one. A goal has one that goes on.
pub fn make(tx: &mut Tx, viewer: &Viewer, making: &Making) -> Result<PlanId> {
    if let Some(made) = sql::by_nonce(tx, viewer.person, &making.nonce)? {
        return Ok(made);
    }
    must_be_near(making.first, today(tx, viewer))?;
    if !super::plan::HOURS.contains(&making.hours) {
        return Err(refused!("hours"; "Please give a number of hours from 1 to 40."));
    }
    if sql::open_count(tx, viewer.person)? >= MOST_PLANS {
        return Err(
            refused!("too_many_plans"; "You have {MOST_PLANS} plans going, which is the most. Please put one away that you no longer follow."),
        );
    }
    let goal = match &making.goal {
        For::New(outcome) => goals::verbs::begin(tx, viewer, tx.new_id(), outcome)?,
        For::Goal(id) => {
            let brief = goals::verbs::brief(tx, viewer, *id)?;
            if !matches!(brief.state, GoalState::Draft | GoalState::Set) {
                return Err(refused!("This goal is closed. Please begin a new one."));
            }
            if sql::of_goal(tx, *id)?.is_some() {
                return Err(refused!("has_plan"; "This goal has a plan already. Put it away first, or choose another goal."));
            }
            *id
        }
    };
    let plan = Plan {
        id: tx.new_id(),
        goal,
        owner: viewer.person,
        key: seal::new_key(tx)?,
        relationship: None,
        first_on: making.first.to_string(),
        hours: making.hours,
        made_at: tx.now(),
        ended_at: None,
    };
    if !sql::insert(tx, &plan, &making.nonce)? {
        return sql::by_nonce(tx, viewer.person, &making.nonce)?.ok_or(Error::NotFound);
    }
    // One microsecond after the other, so that what has the same day stands in the order of the template, before what is added.
    let mut at = tx.now() - jiff::SignedDuration::from_millis(1);
    let mut new = || {
        at = at + jiff::SignedDuration::from_micros(1);
        New { state: ItemState::Open, at, nonce: None }
    };
    for dated in making.template.map(|template| template.dated(making.first, making.hours)).unwrap_or_default() {
        let words = Words { title: dated.step.title.into(), note: format!("You will see it by: {}.", dated.step.seen_by), link: None };
        let draft = Draft { kind: Kind::Milestone, milestone: None, words, on: Some(dated.on), doer: viewer.person };
        let milestone = put_in(tx, viewer, &plan, None, &draft, &new())?;
        for (activity, on) in dated.activities {
            let words = Words { title: activity.1.into(), ..Words::default() };
            let draft = Draft { kind: activity.0, milestone: Some(milestone), words, on: Some(on), doer: viewer.person };
            put_in(tx, viewer, &plan, None, &draft, &new())?;
        }
    }
    record(tx, "plan made", viewer, &plan, None)?;
    Ok(plan.id)
}

/// Who sees it and writes in it: its owner alone, or the pair of one relationship and nobody else ever. A goal that stays
/// between two stays between these two.
pub fn share(tx: &mut Tx, viewer: &Viewer, id: PlanId, with: Option<RelationshipId>) -> Result<()> {
    let (was, before) = open(tx, viewer, id, Deed::Lead)?;
    was.must_be_open()?;
    if was.relationship == with {
        return Ok(());
    }
    if let Some(id) = with {
        let together = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
        together.must_offer(viewer, relationships::Deed::TakePart)?;
        if together.kind == Together::Circle {
            return Err(refused!("a_pair"; "A plan is shared with one other person. Please choose a relationship of two."));
        }
        if pair_of_goal(tx, viewer, was.goal)?.is_some_and(|pair| pair != id) {
            return Err(refused!("pair_only"; "You keep this goal between you and somebody else. The plan stays between the same two."));
        }
    }
    let is = Plan { relationship: with, ..was.clone() };
    sql::save(tx, &is, &was)?;
    let together = with.map(|id| partners::find(tx, id)).transpose()?;
    if let Some(together) = &together {
        together.others(viewer).try_for_each(|person| tell(tx, person, "plan shared", id))?;
    }
    // Whom it was shared with until now sees at once that it is not any more.
    record(tx, "plan shared", viewer, &was, before.as_ref())?;
    record(tx, "plan shared", viewer, &is, together.as_ref())
}

/// With which pair its owner keeps a goal.
fn pair_of_goal(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Option<RelationshipId>> {
    let measured = still_there(attainment::verbs::of_goal(tx, viewer, goal))?.flatten();
    Ok(measured.and_then(|measured| measured.attainment.relationship))
}

/// The plan is not followed any more. What is in it stays to be read.
pub fn put_away(tx: &mut Tx, viewer: &Viewer, id: PlanId) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Lead)?;
    was.must_be_open()?;
    let is = Plan { ended_at: Some(tx.now()), ..was.clone() };
    sql::save(tx, &is, &was)?;
    record(tx, "plan put away", viewer, &is, together.as_ref())
}

/// Adds a milestone, or an activity under one.
pub fn add(tx: &mut Tx, viewer: &Viewer, id: PlanId, draft: &Draft, nonce: &str) -> Result<ItemId> {
    let (plan, together) = open(tx, viewer, id, Deed::Write)?;
    if let Some(made) = sql::item_by_nonce(tx, viewer.person, nonce)? {
        return Ok(made);
    }
    may_write(viewer, &plan, together.as_ref())?;
    fits(tx, viewer, &plan, together.as_ref(), draft)?;
    let new = New { state: ItemState::Open, at: tx.now(), nonce: Some(nonce) };
    let item = put_in(tx, viewer, &plan, together.as_ref(), draft, &new)?;
    record(tx, "plan changed", viewer, &plan, together.as_ref())?;
    Ok(item)
}

/// “Try this”: the other of the two suggests something, and its owner takes it into the plan or says not now.
pub fn suggest(tx: &mut Tx, viewer: &Viewer, id: PlanId, kind: Kind, words: Words, nonce: &str) -> Result<ItemId> {
    let (plan, together) = open(tx, viewer, id, Deed::Suggest)?;
    if let Some(made) = sql::item_by_nonce(tx, viewer.person, nonce)? {
        return Ok(made);
    }
    may_write(viewer, &plan, together.as_ref())?;
    if !kind.is_activity() {
        return Err(refused!("kind"; "Please choose what it is."));
    }
    if sql::suggested_count(tx, id)? >= MOST_SUGGESTED as i64 {
        return Err(
            refused!("too_many_suggested"; "{MOST_SUGGESTED} suggestions wait for an answer already. One thing at a time is easier to try."),
        );
    }
    room_for(tx, &plan, kind)?;
    let draft = Draft { kind, milestone: None, words, on: None, doer: plan.owner };
    let new = New { state: ItemState::Suggested, at: tx.now(), nonce: Some(nonce) };
    let item = put_in(tx, viewer, &plan, together.as_ref(), &draft, &new)?;
    tell(tx, plan.owner, "activity suggested", item)?;
    record(tx, "activity suggested", viewer, &plan, together.as_ref())?;
    Ok(item)
}

/// Its owner takes a suggestion into the plan, under a milestone.
pub fn take(tx: &mut Tx, viewer: &Viewer, id: ItemId, milestone: ItemId, on: Option<Date>) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Lead)?;
    plan.must_be_open()?;
    must_be_milestone(tx, &plan, milestone)?;
    if let Some(on) = on {
        must_be_near(on, today(tx, viewer))?;
    }
    let is = was.clone().take(milestone, on)?;
    // It keeps whose words it is in.
    save_as(tx, &plan, together.as_ref(), &was, is)?;
    answered(tx, viewer, &plan, together.as_ref(), &was)?;
    Ok(plan.id)
}

/// Its owner does not want to try it now. It is kept, and can still be taken.
pub fn not_now(tx: &mut Tx, viewer: &Viewer, id: ItemId) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Lead)?;
    let is = was.clone().not_now()?;
    save_as(tx, &plan, together.as_ref(), &was, is)?;
    answered(tx, viewer, &plan, together.as_ref(), &was)?;
    Ok(plan.id)
}

fn answered(tx: &mut Tx, viewer: &Viewer, plan: &Plan, together: Option<&Relationship>, was: &Item) -> Result<()> {
    if let Some(person) = was.suggested_by.filter(|_| was.state == ItemState::Suggested && together.is_some()) {
        tell(tx, person, "suggestion answered", was.id)?;
    }
    record(tx, "suggestion answered", viewer, plan, together)
}

/// Changes what stands there, as long as nobody else did meanwhile.
pub fn change(tx: &mut Tx, viewer: &Viewer, id: ItemId, version: i64, draft: &Draft) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Write)?;
    may_write(viewer, &plan, together.as_ref())?;
    let is = was.clone().changed(version, draft)?;
    fits(tx, viewer, &plan, together.as_ref(), draft)?;
    save_by(tx, viewer, &plan, together.as_ref(), &was, is)?;
    record(tx, "plan changed", viewer, &plan, together.as_ref())?;
    Ok(plan.id)
}

/// An activity is done, with what came of it; a milestone is reached, with what shows it.
pub fn close(tx: &mut Tx, viewer: &Viewer, id: ItemId, outcome: Outcome) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Finish)?;
    plan.must_be_open()?;
    if was.state == ItemState::Open && !was.may_be_closed_by(&plan, viewer) {
        let who = if was.is_milestone() { plan.owner } else { was.doer };
        let name = partners::called(tx, who)?.first_name().to_owned();
        return Err(refused!("not_yours"; "This is for {name} to say."));
    }
    let mut is = was.clone().close(outcome, tx.now())?;
    if is.relationship.is_none() {
        is.relationship = written_in(&plan, together.as_ref()).0;
    }
    save_as(tx, &plan, together.as_ref(), &was, is)?;
    let shared = together.as_ref().filter(|together| plan.is_worked_on(Some(together)));
    // Whoever suggested it hears what came of it.
    if let (Some(person), true) = (was.suggested_by, shared.is_some()) {
        tell(tx, person, "suggestion done", id)?;
    }
    let kind = if was.is_milestone() { "milestone reached" } else { "activity done" };
    tx.record(Happening::of(kind, id).by(viewer).touching(readers(&plan, together.as_ref())))?;
    Ok(plan.id)
}

/// It was said too early.
pub fn reopen(tx: &mut Tx, viewer: &Viewer, id: ItemId) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Finish)?;
    plan.must_be_open()?;
    if !viewer.is(plan.owner) && (was.is_milestone() || !viewer.is(was.doer)) {
        return Err(Error::NotFound);
    }
    let is = was.clone().reopen()?;
    save_as(tx, &plan, together.as_ref(), &was, is)?;
    let kind = if was.is_milestone() { "milestone reopened" } else { "plan changed" };
    let subject: uuid::Uuid = if was.is_milestone() { id.into() } else { plan.id.into() };
    tx.record(Happening::of(kind, subject).by(viewer).touching(readers(&plan, together.as_ref())))?;
    Ok(plan.id)
}

/// Takes something out; a milestone only once nothing stands under it any more.
pub fn take_out(tx: &mut Tx, viewer: &Viewer, id: ItemId, version: i64) -> Result<PlanId> {
    let (plan, together, was) = open_item(tx, viewer, id, Deed::Write)?;
    may_write(viewer, &plan, together.as_ref())?;
    if was.is_milestone() {
        let under = items(tx, &plan)?.into_iter().any(|item| item.is_in() && item.milestone == Some(id));
        if under {
            return Err(
                refused!("has_activities"; "There is still something to do under this milestone. Move it under another, or take it out first."),
            );
        }
    }
    let is = was.clone().take_out(version)?;
    save_as(tx, &plan, together.as_ref(), &was, is)?;
    record(tx, "plan changed", viewer, &plan, together.as_ref())?;
    Ok(plan.id)
}

// What happens elsewhere.

/// A goal was reached or let go: nothing of its plan is asked about any more.
pub fn follow_goal_end(tx: &mut Tx, goal: GoalId) -> Result<()> {
    let Some(was) = sql::of_goal(tx, goal)? else { return Ok(()) };
    let is = Plan { ended_at: Some(tx.now()), ..was.clone() };
    sql::save(tx, &is, &was)
}

/// A goal is kept between its owner and somebody: its plan is shared with nobody else from then on.
pub fn follow_sharing(tx: &mut Tx, goal: GoalId) -> Result<()> {
    let Some(was) = sql::of_goal(tx, goal)?.filter(|plan| plan.relationship.is_some()) else { return Ok(()) };
    let Some(owner) = Viewer::of_person(tx, was.owner, crate::viewer::Via::Errand)? else { return Ok(()) };
    let pair = pair_of_goal(tx, &owner, goal)?;
    if pair.is_some() && pair != was.relationship {
        share(tx, &owner, was.id, None)?;
    }
    Ok(())
}

/// Goals of somebody whose plan is shared with one other: no report ever names them.
pub fn pair_only(tx: &mut Tx, owner: PersonId) -> Result<Vec<GoalId>> {
    Ok(sql::shared_goals(tx, owner)?.into_iter().map(|row| row.0).collect())
}

// Reading.

/// A plan with all that stands in it, as one viewer reads it.
pub struct Whole {
    pub plan: Plan,
    /// What the goal wants.
    pub goal: String,
    pub items: Vec<Item>,
    /// Those it is shared with, while this viewer is among them.
    pub company: Option<Company>,
    /// Whether this viewer may write in it now.
    pub may_write: bool,
}

impl Whole {
    pub fn find(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }
    /// What to call somebody, as the subject of a sentence.
    pub fn called<'w>(&'w self, viewer: &Viewer, person: PersonId) -> &'w str {
        match &self.company {
            _ if viewer.is(person) => "You",
            Some(company) => company.called(viewer, person),
            None => "Someone you worked with",
        }
    }
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: PlanId) -> Result<Whole> {
    let (plan, together) = open(tx, viewer, id, Deed::See)?;
    whole(tx, viewer, plan, together.as_ref())
}

/// One thing of a plan, with the plan around it; also when it was taken out, for whoever was writing on it.
pub fn read_item(tx: &mut Tx, viewer: &Viewer, id: ItemId) -> Result<(Whole, Item)> {
    let (plan, together, item) = open_item(tx, viewer, id, Deed::See)?;
    Ok((whole(tx, viewer, plan, together.as_ref())?, item))
}

fn whole(tx: &mut Tx, viewer: &Viewer, plan: Plan, together: Option<&Relationship>) -> Result<Whole> {
    let company = match together {
        Some(together) => still_there(partners::company(tx, viewer, together.id, relationships::Deed::See))?,
        None => None,
    };
    let goal = goals::verbs::outcomes(tx, &[plan.goal])?.remove(&plan.goal).map_or_else(forgotten, |(_, outcome)| outcome);
    let mut items = items(tx, &plan)?;
    items.retain(|item| plan.reads(item, viewer));
    let may_write = may_write(viewer, &plan, together).is_ok();
    Ok(Whole { plan, goal, items, company, may_write })
}

fn forgotten() -> String {
    "This was forgotten.".into()
}

/// A plan in short: what its goal wants, and all that stands in it.
pub struct Short {
    pub plan: Plan,
    pub goal: String,
    pub items: Vec<Item>,
}

/// Somebody's own, those that go on first.
pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Short>> {
    let plans = sql::of_owner(tx, viewer.person, 40)?;
    shorts(tx, viewer, plans)
}

/// Those shared in a relationship, as one of the two reads them.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Short>> {
    let mut plans = sql::of_relationship(tx, together.id)?;
    plans.retain(|plan| plan.allows(Some(together), viewer, Deed::See));
    shorts(tx, viewer, plans)
}

/// The one that goes on for a goal of this viewer's.
pub fn of_goal(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Option<Short>> {
    let plan = sql::of_goal(tx, goal)?.filter(|plan| viewer.is(plan.owner));
    Ok(shorts(tx, viewer, plan.into_iter().collect())?.pop())
}

/// The goals of this viewer that have no plan yet.
pub fn goals_without(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(GoalId, String)>> {
    let planned: Vec<GoalId> =
        sql::of_owner(tx, viewer.person, 100)?.into_iter().filter(|plan| plan.ended_at.is_none()).map(|plan| plan.goal).collect();
    let open = goals::verbs::own(tx, viewer)?.into_iter();
    let open = open.filter(|goal| matches!(goal.state, GoalState::Draft | GoalState::Set) && !planned.contains(&goal.id));
    Ok(open.map(|goal| (goal.id, goal.outcome)).collect())
}

/// The relationships of two in which somebody works now, with what to call the other.
pub fn pairs(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(RelationshipId, String)>> {
    let mut mine = partners::mine(tx, viewer)?;
    mine.retain(|together| together.kind != Together::Circle && together.offers(viewer, relationships::Deed::TakePart));
    let with = partners::with_whom(tx, viewer, mine.iter().map(|together| together.id))?;
    let named = mine.iter().filter_map(|together| with.get(&together.id).map(|with| (together.id, with.name.clone())));
    Ok(named.collect())
}

/// What this viewer has to do in plans about now: its day is near, or was lately.
pub fn near(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Item>> {
    let today = today(tx, viewer);
    let day = |days: i64| today.saturating_add(days.days()).to_string();
    let rows = sql::near(tx, viewer.person, &day(-AFTER), &day(BEFORE))?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    opened(tx, rows)
}

pub(super) fn today(tx: &Tx, viewer: &Viewer) -> Date {
    tx.now().in_zone(&viewer.zone).date()
}

fn shorts(tx: &mut Tx, viewer: &Viewer, plans: Vec<Plan>) -> Result<Vec<Short>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let mut goals = goals::verbs::outcomes(tx, &plans.iter().map(|plan| plan.goal).collect::<Vec<_>>())?;
    let rows = sql::items(tx, &List::of(plans.iter().map(|plan| plan.id))?)?;
    let mut all: HashMap<PlanId, Vec<Item>> = HashMap::new();
    for item in opened(tx, rows)? {
        all.entry(item.plan).or_default().push(item);
    }
    let short = plans.into_iter().map(|plan| {
        let mut items = all.remove(&plan.id).unwrap_or_default();
        items.retain(|item| plan.reads(item, viewer));
        let goal = goals.remove(&plan.goal).map_or_else(forgotten, |(_, outcome)| outcome);
        Short { plan, goal, items }
    });
    Ok(short.collect())
}

fn items(tx: &mut Tx, plan: &Plan) -> Result<Vec<Item>> {
    let rows = sql::items(tx, &List::of([plan.id])?)?;
    opened(tx, rows)
}

/// Opens the words of many at the price of one query.
fn opened(tx: &mut Tx, rows: Vec<ItemRow>) -> Result<Vec<Item>> {
    let mut keys: Vec<_> = rows.iter().map(|row| row.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let ring = seal::ring(tx, &keys)?;
    let open = |row: ItemRow| {
        let words = match ring.text(row.key, &row.words)? {
            Some(text) => serde_json::from_str(&text)?,
            None => Words { title: forgotten(), ..Words::default() },
        };
        let outcome = row.outcome.as_ref().map(|outcome| ring.text(row.key, outcome)).transpose()?.flatten();
        Ok(Item {
            id: row.id,
            plan: row.plan,
            milestone: row.milestone,
            kind: row.kind,
            state: row.state,
            on: row.on_day.and_then(|day| day.parse().ok()),
            doer: row.doer,
            suggested_by: row.suggested_by,
            relationship: row.relationship,
            key: row.key,
            last_by: row.last_by,
            version: row.version,
            words,
            outcome: outcome.map(|text| serde_json::from_str(&text)).transpose()?,
            made_at: row.made_at,
            changed_at: row.changed_at,
            closed_at: row.closed_at,
        })
    };
    rows.into_iter().map(open).collect()
}

/// A plan with which this viewer may do this, and where it is shared; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: PlanId, deed: Deed) -> Result<(Plan, Option<Relationship>)> {
    let plan = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = plan.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if plan.allows(together.as_ref(), viewer, deed) { Ok((plan, together)) } else { Err(Error::NotFound) }
}

fn open_item(tx: &mut Tx, viewer: &Viewer, id: ItemId, deed: Deed) -> Result<(Plan, Option<Relationship>, Item)> {
    let row = sql::find_item(tx, id)?.ok_or(Error::NotFound)?;
    let (plan, together) = open(tx, viewer, row.plan, deed)?;
    let item = opened(tx, vec![row])?.pop().filter(|item| plan.reads(item, viewer)).ok_or(Error::NotFound)?;
    Ok((plan, together, item))
}

/// Its owner writes in it while it goes on, the other while they work together.
fn may_write(viewer: &Viewer, plan: &Plan, together: Option<&Relationship>) -> Result<()> {
    plan.must_be_open()?;
    if !viewer.is(plan.owner) {
        together.ok_or(Error::NotFound)?.must_offer(viewer, relationships::Deed::TakePart)?;
    }
    Ok(())
}

/// Whether what is written fits into the plan.
fn fits(tx: &mut Tx, viewer: &Viewer, plan: &Plan, together: Option<&Relationship>, draft: &Draft) -> Result<()> {
    if let Some(on) = draft.on {
        must_be_near(on, today(tx, viewer))?;
    }
    let theirs = together.is_some_and(|together| plan.is_worked_on(Some(together)) && together.people().any(|person| person == draft.doer));
    if draft.doer != plan.owner && !theirs {
        return Err(refused!("doer"; "Please choose somebody who works on it now."));
    }
    match (draft.kind.is_activity(), draft.milestone) {
        (false, _) if draft.on.is_none() => Err(refused!("day"; "By which day? A milestone has one; you can move it at any time.")),
        (false, _) => Ok(()),
        (true, Some(milestone)) => must_be_milestone(tx, plan, milestone),
        (true, None) => Err(refused!("milestone"; "Please choose the milestone that it serves.")),
    }
}

fn must_be_milestone(tx: &mut Tx, plan: &Plan, id: ItemId) -> Result<()> {
    let there = sql::find_item(tx, id)?.is_some_and(|item| {
        item.plan == plan.id && item.kind == Kind::Milestone && matches!(item.state, ItemState::Open | ItemState::Done)
    });
    if there { Ok(()) } else { Err(refused!("milestone"; "This milestone is not in the plan any more. Please choose another.")) }
}

fn room_for(tx: &mut Tx, plan: &Plan, kind: Kind) -> Result<()> {
    let rows = sql::items(tx, &List::of([plan.id])?)?;
    let milestones = rows.iter().filter(|row| row.kind == Kind::Milestone && row.state != ItemState::TakenOut).count();
    if kind == Kind::Milestone && milestones >= MOST_MILESTONES {
        return Err(refused!("too_many_milestones"; "A plan has at most {MOST_MILESTONES} milestones. Fewer are easier to see."));
    }
    if rows.len() >= MOST_ITEMS {
        return Err(refused!("too_many_items"; "This plan is full. Put it away and begin a new one with what is still to do."));
    }
    Ok(())
}

/// Where it is written and under which key: in the relationship while the two work together, else by its owner alone.
fn written_in(plan: &Plan, together: Option<&Relationship>) -> (Option<RelationshipId>, seal::KeyId) {
    match together.filter(|together| plan.is_worked_on(Some(together))) {
        Some(together) => (Some(together.id), together.key),
        None => (None, plan.key),
    }
}

/// Something new in a plan. Without the nonce of a form, it is the plan itself that is being made.
struct New<'a> {
    state: ItemState,
    at: Timestamp,
    nonce: Option<&'a str>,
}

fn put_in(tx: &mut Tx, viewer: &Viewer, plan: &Plan, together: Option<&Relationship>, draft: &Draft, new: &New) -> Result<ItemId> {
    let New { state, at, nonce } = *new;
    if nonce.is_some() {
        room_for(tx, plan, draft.kind)?;
    }
    let (relationship, key) = written_in(plan, together);
    let id: ItemId = tx.new_id();
    let row = ItemRow {
        id,
        plan: plan.id,
        milestone: draft.milestone.filter(|_| draft.kind.is_activity()),
        kind: draft.kind,
        state,
        on_day: draft.on.map(|day| day.to_string()),
        doer: draft.doer,
        suggested_by: (state == ItemState::Suggested).then_some(viewer.person),
        relationship,
        key,
        last_by: viewer.person,
        version: 1,
        words: seal::seal(tx, key, &serde_json::to_string(&draft.words)?)?,
        outcome: None,
        made_at: at,
        changed_at: at,
        closed_at: None,
    };
    let (own, maker) = (id.to_string(), viewer.person);
    let nonce = nonce.unwrap_or(&own);
    if sql::insert_item(tx, &row, maker, nonce)? { Ok(id) } else { sql::item_by_nonce(tx, maker, nonce)?.ok_or(Error::NotFound) }
}

/// Saves it as this viewer's words.
fn save_by(tx: &mut Tx, viewer: &Viewer, plan: &Plan, together: Option<&Relationship>, was: &Item, is: Item) -> Result<()> {
    let (relationship, _) = written_in(plan, together);
    save_as(tx, plan, together, was, Item { last_by: viewer.person, relationship, ..is })
}

/// Saves it as its next version. What its owner writes anew alone is sealed under the plan's key; where it was written among
/// two, and stays so, under theirs.
fn save_as(tx: &mut Tx, plan: &Plan, together: Option<&Relationship>, was: &Item, is: Item) -> Result<()> {
    let key = match is.relationship {
        Some(id) => match together.filter(|together| together.id == id) {
            Some(together) => together.key,
            None => partners::find(tx, id)?.key,
        },
        None => plan.key,
    };
    let ring = seal::ring(tx, &[key])?;
    let words = ring.seal(tx, key, &serde_json::to_string(&is.words)?)?;
    let outcome = is.outcome.as_ref().map(serde_json::to_string).transpose()?.map(|text| ring.seal(tx, key, &text)).transpose()?;
    let row = ItemRow {
        id: is.id,
        plan: is.plan,
        milestone: is.milestone.filter(|_| is.kind.is_activity()),
        kind: is.kind,
        state: is.state,
        on_day: is.on.map(|day| day.to_string()),
        doer: is.doer,
        suggested_by: is.suggested_by,
        relationship: is.relationship,
        key,
        last_by: is.last_by,
        version: was.version + 1,
        words,
        outcome,
        made_at: is.made_at,
        changed_at: tx.now(),
        closed_at: is.closed_at,
    };
    sql::save_item(tx, &row, was.version)
}

/// Who reads a plan: its owner, and the other of those it is shared with.
fn readers(plan: &Plan, together: Option<&Relationship>) -> Vec<PersonId> {
    together.map_or_else(|| vec![plan.owner], |together| together.people().collect())
}

fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, plan: &Plan, together: Option<&Relationship>) -> Result<()> {
    tx.record(Happening::of(kind, plan.id).by(viewer).touching(readers(plan, together)))
}

/// All of somebody's own plans, for their export.
pub(super) fn everything(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Short>> {
    let plans = sql::of_owner(tx, viewer.person, 1000)?;
    shorts(tx, viewer, plans)
}

/// What somebody wrote into the plans of others.
pub(super) fn written(tx: &mut Tx, person: PersonId) -> Result<Vec<Item>> {
    let rows = sql::written_by(tx, person)?;
    opened(tx, rows)
}
