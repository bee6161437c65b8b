//! What people do with how far a goal has come: lay down by what it is measured, share it with one other, rate it, agree,
//! say how sure they are; and what time asks for.

use super::gas::Level;
use super::measure::{
    Attainment, ConfidenceRow, Deed, Form, KeyResult, MEND, MOST_SCALES, Numbers, ProgressRow, RESULTS, Rating, RatingId, RatingRow,
    SUREST, Said, Scale, ScaleDraft, ScaleId, Voice,
};
use super::sql;
use crate::action_items;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::goals::{self, Brief, GoalId, GoalState};
use crate::notices::tell;
use crate::relationships::{self, Company, Kind, Relationship, RelationshipId, verbs as partners};
use crate::seal;
use crate::sessions::{Meeting, Session, SessionId, SessionState, verbs as sessions};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{List, Timestamp};
use jiff::SignedDuration;
use std::collections::HashMap;

/// A session that began within these hours is the one a rating is made at.
const AT_A_SESSION: SignedDuration = SignedDuration::from_hours(12);

// Laying down.

/// Describes the five levels of one to five scales. Until they are rated they may be mended; after that they are laid down
/// anew, and what was rated before keeps the levels it was rated on.
pub fn lay_down_scales(tx: &mut Tx, viewer: &Viewer, goal: GoalId, scales: &[ScaleDraft]) -> Result<()> {
    if scales.is_empty() || scales.len() > MOST_SCALES {
        return Err(refused!("scales"; "A goal has one to {MOST_SCALES} scales."));
    }
    let was = begun(tx, viewer, goal)?;
    let version = next_version(tx, &was)?;
    let ring = seal::ring(tx, &[was.key])?;
    for (position, scale) in (0..).zip(scales) {
        let words = ring.seal(tx, was.key, &serde_json::to_string(&scale.words)?)?;
        let new = sql::NewScale { id: tx.new_id(), goal, version, position, weight: scale.weight, baseline: scale.baseline, words: &words };
        sql::insert_scale(tx, &new)?;
    }
    let is = Attainment { form: Some(Form::Scales), version, ..was.clone() };
    sql::save(tx, &is, &was)?;
    record(tx, "attainment laid down", viewer, &is)
}

/// Gives an objective its two to five key results.
pub fn lay_down_results(tx: &mut Tx, viewer: &Viewer, goal: GoalId, results: &[KeyResult]) -> Result<()> {
    if !RESULTS.contains(&results.len()) {
        return Err(refused!("results"; "An objective has {} to {} key results.", RESULTS.start(), RESULTS.end()));
    }
    let was = begun(tx, viewer, goal)?;
    let version = next_version(tx, &was)?;
    let ring = seal::ring(tx, &[was.key])?;
    for (position, result) in (0..).zip(results) {
        let words = ring.seal(tx, was.key, &serde_json::to_string(result)?)?;
        sql::insert_result(tx, tx.new_id(), goal, version, position, &words)?;
    }
    let is = Attainment { form: Some(Form::Results), version, ..was.clone() };
    sql::save(tx, &is, &was)?;
    record(tx, "attainment laid down", viewer, &is)
}

/// The version that a new laying down has: the same again where nothing was said on it yet.
fn next_version(tx: &mut Tx, was: &Attainment) -> Result<i64> {
    if let Some(last) = sql::last_rating(tx, was.goal)?.filter(|last| last.relationship.is_some() && last.answered_at.is_none()) {
        // Nobody can answer for levels that are no more.
        sql::delete_rating(tx, last.id)?;
    }
    if was.version > 0 && !sql::is_used(tx, was.goal, was.version)? {
        sql::delete_version(tx, was.goal, was.version)?;
        return Ok(was.version);
    }
    Ok(was.version + 1)
}

/// Who sees it: its owner alone, or the pair of one relationship and nobody else ever.
pub fn share(tx: &mut Tx, viewer: &Viewer, goal: GoalId, with: Option<RelationshipId>) -> Result<()> {
    let was = begun(tx, viewer, goal)?;
    if was.relationship == with {
        return Ok(());
    }
    if let Some(id) = with {
        let together = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
        together.must_offer(viewer, relationships::Deed::TakePart)?;
        if together.kind == Kind::Circle {
            return Err(refused!("a_pair"; "A goal is shared with one other person. Please choose a relationship of two."));
        }
    }
    // Whether it counts is asked anew: that was said of what the other two agree.
    let is = Attainment { relationship: with, counted_at: None, ..was.clone() };
    sql::save(tx, &is, &was)?;
    if let Some(id) = with {
        let together = partners::find(tx, id)?;
        together.others(viewer).try_for_each(|person| tell(tx, person, "goal shared", goal))?;
    }
    // Whom it was shared with until now sees at once that it is not any more.
    record(tx, "attainment shared", viewer, &was)?;
    record(tx, "attainment shared", viewer, &is)
}

/// Whether it may be counted with those of many others, which its owner says at any time, of a closed goal too. What was
/// counted stays so.
pub fn let_count(tx: &mut Tx, viewer: &Viewer, goal: GoalId, may: bool) -> Result<()> {
    let was = sql::find(tx, goal)?.ok_or(Error::NotFound)?;
    let (was, _) = seen(tx, viewer, was, Deed::Change)?;
    if may && was.relationship.is_none() {
        return Err(refused!("a_pair"; "What counts is what two agree on. Please share the goal with somebody first."));
    }
    let now = tx.now();
    let is = Attainment { counted_at: may.then(|| was.counted_at.unwrap_or(now)), ..was.clone() };
    sql::save(tx, &is, &was)?;
    record(tx, "attainment let count", viewer, &is)
}

/// None of somebody's goals counts from now on.
pub fn count_none(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    sql::uncount(tx, viewer.person)?;
    Ok(())
}

/// How often a rating is asked for.
pub fn set_pace(tx: &mut Tx, viewer: &Viewer, goal: GoalId, days: Option<i64>) -> Result<()> {
    let was = begun(tx, viewer, goal)?;
    let is = was.clone().paced(days, tx.now())?;
    sql::save(tx, &is, &was)?;
    record(tx, "attainment paced", viewer, &is)
}

// Rating.

/// Rates every scale. Alone it counts at once; in a pair it waits for the other, who may agree or say another level. Rating
/// again before that says it anew, and where the other's rating waits, this answers it.
pub fn rate(tx: &mut Tx, viewer: &Viewer, goal: GoalId, levels: &[(ScaleId, Level)], note: &str) -> Result<()> {
    let (was, together) = open(tx, viewer, goal, Deed::Rate)?;
    was.must_be_open()?;
    let in_pair = was.is_worked_on(together.as_ref());
    if !in_pair && !viewer.is(was.owner) {
        return Err(refused!("not_together"; "You do not work on this together any more, so only its owner rates it."));
    }
    let last = sql::last_rating(tx, goal)?;
    if let Some(last) = last.filter(|last| in_pair && last.relationship == was.relationship || last.relationship.is_none()) {
        let open = last.answered_at.is_none() && last.agreed.is_none();
        match (last.relationship.is_some(), viewer.is(last.by)) {
            (true, true) if open => sql::delete_rating(tx, last.id)?,
            (true, false) if open => return answer(tx, viewer, last.id, Some(levels), note),
            (false, true) if !in_pair && last.at > tx.now() - MEND => sql::delete_rating(tx, last.id)?,
            _ => {}
        }
    }
    let scales = sql::scale_ids(tx, goal, was.version)?;
    if was.form != Some(Form::Scales) || !covers(&scales, levels) {
        return Err(too_late!("The levels of this goal changed a moment before. Please look at them again."));
    }
    let session = if in_pair { session_under_way(tx, was.relationship)? } else { None };
    let key = together.as_ref().filter(|_| in_pair).map_or(was.key, |together| together.key);
    let note = if note.is_empty() { None } else { Some(seal::seal(tx, key, note)?) };
    let row = RatingRow {
        id: tx.new_id(),
        goal,
        relationship: was.relationship.filter(|_| in_pair),
        session,
        key,
        by: viewer.person,
        at: tx.now(),
        note,
        answered_by: None,
        answered_at: None,
        answer_note: None,
        agreed: None,
        agreed_at: None,
    };
    sql::insert_rating(tx, &row)?;
    for (scale, level) in levels {
        sql::insert_level(tx, row.id, *scale, *level)?;
    }
    let is = was.clone().rated(tx.now());
    sql::save(tx, &is, &was)?;
    if in_pair {
        tell_other(tx, viewer, together.as_ref(), "rating to answer", goal)?;
    }
    record(tx, "goal rated", viewer, &is)
}

fn covers(scales: &[ScaleId], levels: &[(ScaleId, Level)]) -> bool {
    scales.len() == levels.len() && scales.iter().all(|scale| levels.iter().any(|(said, _)| said == scale))
}

/// The session of the two that is going on or has just been.
fn session_under_way(tx: &mut Tx, relationship: Option<RelationshipId>) -> Result<Option<SessionId>> {
    let Some(relationship) = relationship else { return Ok(None) };
    let now = tx.now();
    let ahead = sessions::ahead(tx, relationship)?;
    let now_or_before = |session: &&Session| {
        matches!(session.state, SessionState::Booked | SessionState::Held)
            && session.starts_at.is_some_and(|at| at <= now && at > now - AT_A_SESSION)
    };
    Ok(ahead.live.iter().chain(&ahead.past).find(now_or_before).map(|session| session.id))
}

/// The other agrees (`None`), or says other levels. Both are kept.
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: RatingId, levels: Option<&[(ScaleId, Level)]>, note: &str) -> Result<()> {
    let rating = sql::find_rating(tx, id)?.ok_or(Error::NotFound)?;
    let (attainment, _) = open(tx, viewer, rating.goal, Deed::Answer)?;
    must_be_theirs(&attainment, &rating, viewer)?;
    if viewer.is(rating.by) {
        return Err(refused!("own_rating"; "This is your own rating. It waits for the other of you two."));
    }
    let list = List::of([rating.goal])?;
    let said: Vec<Said> = sql::levels(tx, &list, rating.at)?.into_iter().filter(|said| said.rating == id).collect();
    let mut agreed = Some(Voice::Proposed);
    if let Some(levels) = levels {
        if !covers(&said.iter().map(|said| said.scale).collect::<Vec<_>>(), levels) {
            return Err(too_late!("The levels of this goal changed a moment before. Please look at them again."));
        }
        for (scale, level) in levels {
            sql::save_answered_level(tx, id, *scale, *level)?;
        }
        if said.iter().any(|said| !levels.contains(&(said.scale, said.proposed))) {
            agreed = None;
        }
    }
    let note = if note.is_empty() { None } else { Some(seal::seal(tx, rating.key, note)?) };
    sql::save_answer(tx, id, viewer.person, note.as_ref(), agreed)?;
    tell(tx, rating.by, if agreed.is_some() { "rating agreed" } else { "rating answered" }, rating.goal)?;
    record(tx, "rating answered", viewer, &attainment)
}

/// Where the two see it differently, one of them goes with the other's levels.
pub fn settle(tx: &mut Tx, viewer: &Viewer, id: RatingId) -> Result<()> {
    let rating = sql::find_rating(tx, id)?.ok_or(Error::NotFound)?;
    let (attainment, _) = open(tx, viewer, rating.goal, Deed::Answer)?;
    must_be_theirs(&attainment, &rating, viewer)?;
    let Some(answered_by) = rating.answered_by else {
        return Err(too_late!("This rating has no answer yet."));
    };
    let (voice, other) = if viewer.is(rating.by) { (Voice::Answered, answered_by) } else { (Voice::Proposed, rating.by) };
    sql::save_agreed(tx, id, voice)?;
    tell(tx, other, "rating agreed", rating.goal)?;
    record(tx, "rating agreed", viewer, &attainment)
}

/// A rating belongs to the two it was made by, while the goal is shared with them.
fn must_be_theirs(attainment: &Attainment, rating: &RatingRow, viewer: &Viewer) -> Result<()> {
    attainment.must_be_open()?;
    if rating.relationship.is_some() && rating.relationship == attainment.relationship && attainment.reads(viewer, rating.relationship) {
        return Ok(());
    }
    Err(Error::NotFound)
}

/// How sure its owner is to get there. Said again within some minutes, it is said anew.
pub fn say_confidence(tx: &mut Tx, viewer: &Viewer, goal: GoalId, level: i64, note: &str) -> Result<()> {
    if !(0..=SUREST).contains(&level) {
        return Err(refused!("confidence"; "Please choose a number from 0 to {SUREST}."));
    }
    let attainment = begun(tx, viewer, goal)?;
    let note = if note.is_empty() { None } else { Some(seal::seal(tx, attainment.key, note)?) };
    let said = ConfidenceRow { goal, relationship: said_in(tx, &attainment)?, at: tx.now(), level, note };
    sql::unsay_confidence(tx, goal, tx.now() - MEND)?;
    sql::insert_confidence(tx, tx.new_id(), &said)?;
    record(tx, "confidence said", viewer, &attainment)
}

/// Where the key results stand.
pub fn note_progress(tx: &mut Tx, viewer: &Viewer, goal: GoalId, numbers: &Numbers) -> Result<()> {
    let was = begun(tx, viewer, goal)?;
    let results = sql::results(tx, &List::of([goal])?)?;
    let now = results.iter().filter(|result| result.version == was.version).count();
    if was.form != Some(Form::Results) || numbers.now.len() != now {
        return Err(too_late!("The key results of this goal changed a moment before. Please look at them again."));
    }
    let words = seal::seal(tx, was.key, &serde_json::to_string(numbers)?)?;
    let said = ProgressRow { goal, version: was.version, relationship: said_in(tx, &was)?, at: tx.now(), words };
    sql::unsay_progress(tx, goal, tx.now() - MEND)?;
    sql::insert_progress(tx, tx.new_id(), &said)?;
    let is = was.clone().rated(tx.now());
    sql::save(tx, &is, &was)?;
    record(tx, "progress noted", viewer, &is)
}

/// The relationship in which something is said now: the one it is shared with, while the two work together.
fn said_in(tx: &mut Tx, attainment: &Attainment) -> Result<Option<RelationshipId>> {
    let together = attainment.relationship.map(|id| partners::find(tx, id)).transpose()?;
    Ok(attainment.relationship.filter(|_| attainment.is_worked_on(together.as_ref())))
}

// What time does.

/// Asks for the ratings that are due: the owner, and the other of the pair while they work on it together.
pub fn ask_around(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for (goal,) in &due {
        let Some(was) = sql::find(tx, *goal)? else { continue };
        let is = was.clone().asked(tx.now());
        sql::save(tx, &is, &was)?;
        // While two are on a break, or what is measured was never said, nobody is asked; the clock goes on.
        let together = is.relationship.map(|id| partners::find(tx, id)).transpose()?;
        let rests = together.as_ref().is_some_and(|together| together.state == relationships::RelationshipState::Paused);
        if is.form.is_none() || rests {
            continue;
        }
        tell(tx, is.owner, "rating asked", *goal)?;
        if let Some(together) = together.filter(|together| is.form == Some(Form::Scales) && is.is_worked_on(Some(together))) {
            together.people().filter(|person| *person != is.owner).try_for_each(|person| tell(tx, person, "rating asked", *goal))?;
        }
    }
    Ok(due.len())
}

/// A goal was reached or let go: nobody is asked about it any more.
pub fn follow_end(tx: &mut Tx, goal: GoalId) -> Result<()> {
    let Some(was) = sql::find(tx, goal)? else { return Ok(()) };
    let is = Attainment { ended_at: Some(tx.now()), asks_at: None, asked_at: None, ..was.clone() };
    sql::save(tx, &is, &was)
}

/// Goals of somebody that stay between a pair.
pub fn pair_only(tx: &mut Tx, owner: PersonId) -> Result<Vec<GoalId>> {
    Ok(sql::pair_only(tx, owner)?.into_iter().map(|row| row.0).collect())
}

/// For the agenda of a session of two: goals whose rating is asked for by then, or which they see differently.
pub fn for_agenda(tx: &mut Tx, meeting: &Meeting) -> Result<Vec<(String, String)>> {
    let mut items = Vec::new();
    let Some(starts) = meeting.session.starts_at else { return Ok(items) };
    let together = &meeting.company.relationship;
    let shared = sql::of_relationship(tx, together.id)?;
    let mut wants = goals::verbs::outcomes(tx, &shared.iter().map(|attainment| attainment.goal).collect::<Vec<_>>())?;
    for attainment in shared {
        let Some((_, outcome)) = wants.remove(&attainment.goal) else { continue };
        if attainment.ended_at.is_some() || !attainment.is_worked_on(Some(together)) || attainment.form != Some(Form::Scales) {
            continue;
        }
        let last = sql::last_rating(tx, attainment.goal)?.filter(|last| last.relationship == attainment.relationship);
        let is_due = attainment.asked_at.is_some() || attainment.asks_at.is_some_and(|at| at <= starts);
        let outcome = crate::page::shortened(&outcome, 120);
        if let Some(last) = last.filter(|last| last.agreed.is_none() && last.answered_at.is_some()) {
            items.push((format!("rating {}", last.id), format!("We see it differently how far this has come: {outcome}")));
        } else if is_due {
            items.push((format!("goal {} {}", attainment.goal, starts.as_micros()), format!("How far has this come? {outcome}")));
        }
    }
    Ok(items)
}

// What may be counted, over any set of people: only goals whose owners let them.

/// Those who let a goal be counted, at most `most` after one, in the order of their ids.
pub fn those_counted(tx: &mut Tx, after: PersonId, most: i64) -> Result<Vec<PersonId>> {
    Ok(sql::counted_owners(tx, after, most)?.into_iter().map(|row| row.0).collect())
}

/// How far some people's goals have come, without saying whose: for each who has a rating that was agreed between two
/// moments, the points of T from where these scales began to the last such rating of each goal. In no order.
pub fn changes(tx: &mut Tx, people: &List, from: Timestamp, until: Timestamp) -> Result<Vec<f64>> {
    let sums = sql::agreed_sums(tx, people, from, until)?;
    Ok(sums.iter().filter_map(|sum| super::gas::change(sum.baselines, sum.levels, sum.weights, sum.squares)).collect())
}

/// Goals, and the people they are of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Group {
    pub goals: i64,
    pub people: i64,
}

/// Of some people, the goals that began to be measured between two moments, and those reached and let go.
pub fn begun_reached_let_go(tx: &mut Tx, people: &List, from: Timestamp, until: Timestamp) -> Result<[Group; 3]> {
    let (goals, owners) = sql::begun_between(tx, people, from, until)?;
    let ended = sql::ended_between(tx, people, from, until)?;
    let of = |how: GoalState| {
        let found = ended.iter().find(|(state, ..)| *state == how);
        found.map_or_else(Group::default, |(_, goals, people)| Group { goals: *goals, people: *people })
    };
    Ok([Group { goals, people: owners }, of(GoalState::Reached), of(GoalState::LetGo)])
}

// Reading.

/// How sure somebody was, and what they said to it.
#[derive(Debug, Clone)]
pub struct Confidence {
    pub at: Timestamp,
    pub level: i64,
    pub note: Option<String>,
}

/// Where key results stood.
#[derive(Debug, Clone)]
pub struct Progress {
    pub version: i64,
    pub at: Timestamp,
    pub numbers: Numbers,
}

/// A goal with all that says how far it has come, as one viewer reads it; what was said, oldest first.
#[derive(Debug, Clone)]
pub struct Measured {
    pub attainment: Attainment,
    pub outcome: String,
    pub state: GoalState,
    /// Every laying down of them.
    pub scales: Vec<Scale>,
    pub ratings: Vec<Rating>,
    pub confidences: Vec<Confidence>,
    /// With their version.
    pub results: Vec<(i64, KeyResult)>,
    pub progress: Vec<Progress>,
}

impl Measured {
    /// The scales that count now.
    pub fn scales_now(&self) -> impl Iterator<Item = &Scale> {
        self.scales.iter().filter(|scale| scale.version == self.attainment.version)
    }
    pub fn results_now(&self) -> impl Iterator<Item = &KeyResult> {
        self.results.iter().filter(|(version, _)| *version == self.attainment.version).map(|(_, result)| result)
    }
    /// The latest on the scales that count now.
    pub fn rating_now(&self) -> Option<&Rating> {
        self.ratings.last().filter(|rating| self.scales_now().any(|scale| rating.level_of(scale.id).is_some()))
    }
    pub fn progress_now(&self) -> Option<&Progress> {
        self.progress.last().filter(|progress| progress.version == self.attainment.version)
    }
    /// T at the beginning, of the scales that count now.
    pub fn baseline(&self) -> Option<f64> {
        super::gas::t(self.scales_now().map(|scale| (scale.weight, scale.baseline)))
    }
}

/// The page of one goal.
pub struct Whole {
    pub goal: GoalId,
    pub outcome: String,
    pub state: GoalState,
    /// All that was said of it; for its owner alone.
    pub brief: Option<Brief>,
    pub measured: Option<Measured>,
    /// Those it is shared with, while this viewer is among them.
    pub company: Option<Company>,
    /// With whom its owner could share it.
    pub pairs: Vec<(RelationshipId, String)>,
    pub actions: Vec<action_items::Told>,
    /// Of those it is shared with: what they have booked next.
    pub session: Option<Session>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Whole> {
    let found = sql::find(tx, goal)?;
    let Some(attainment) = found else {
        let brief = goals::verbs::brief(tx, viewer, goal)?;
        return Ok(Whole {
            goal,
            outcome: brief.outcome.clone(),
            state: brief.state,
            pairs: partners::pairs(tx, viewer)?,
            actions: action_items::verbs::of_goal(tx, viewer, brief.owner, goal)?,
            brief: Some(brief),
            measured: None,
            company: None,
            session: None,
        });
    };
    let (attainment, together) = seen(tx, viewer, attainment, Deed::See)?;
    let mine = viewer.is(attainment.owner);
    let brief = if mine { Some(goals::verbs::brief(tx, viewer, goal)?) } else { None };
    let company = match &together {
        Some(together) => crate::error::still_there(partners::company(tx, viewer, together.id, relationships::Deed::See))?,
        None => None,
    };
    let session = match &together {
        Some(together) => sessions::next(tx, together.id)?,
        None => None,
    };
    let actions = action_items::verbs::of_goal(tx, viewer, attainment.owner, goal)?;
    let pairs = if mine { partners::pairs(tx, viewer)? } else { Vec::new() };
    let measured = measured(tx, viewer, vec![attainment])?.pop().ok_or(Error::NotFound)?;
    Ok(Whole {
        goal,
        outcome: measured.outcome.clone(),
        state: measured.state,
        brief,
        measured: Some(measured),
        company,
        pairs,
        actions,
        session,
    })
}

/// How far one goal has come, for its owner, in short; nothing while it is not measured.
pub fn of_goal(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Option<Measured>> {
    let Some(attainment) = sql::find(tx, goal)? else { return Ok(None) };
    let (attainment, _) = seen(tx, viewer, attainment, Deed::See)?;
    Ok(measured(tx, viewer, vec![attainment])?.pop())
}

/// Goals that are shared in a relationship, for one of the two.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Measured>> {
    let together = partners::open(tx, viewer, id, relationships::Deed::See)?;
    let mut shared = sql::of_relationship(tx, id)?;
    shared.retain(|attainment| attainment.allows(Some(&together), viewer, Deed::See));
    measured(tx, viewer, shared)
}

/// The goal whose latest rating waits for this viewer; refuses in words when that is answered.
pub fn waiting_rating(tx: &mut Tx, viewer: &Viewer, id: RatingId) -> Result<Measured> {
    let rating = sql::find_rating(tx, id)?.ok_or(Error::NotFound)?;
    let measured = of_goal(tx, viewer, rating.goal)?.ok_or(Error::NotFound)?;
    match measured.ratings.last().filter(|last| last.id == id) {
        Some(last) if last.waits_for(viewer) => Ok(measured),
        _ => Err(too_late!("This rating was answered already, or another came after it.")),
    }
}

/// All of somebody's own, the newest first, at the price of nine queries however many.
pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Measured>> {
    let own = sql::of_owner(tx, viewer.person, 100)?;
    measured(tx, viewer, own)
}

/// Ratings that wait for this viewer: the goal, and what it wants.
pub fn waiting(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(GoalId, String, PersonId)>> {
    let mut waiting = Vec::new();
    let rows = sql::waiting_for(tx, viewer.person)?;
    if rows.is_empty() {
        return Ok(waiting);
    }
    let wants = goals::verbs::outcomes(tx, &rows.iter().map(|(goal, ..)| *goal).collect::<Vec<_>>())?;
    for (goal, relationship, by) in rows {
        let together = partners::find(tx, relationship)?;
        if let Some((_, outcome)) = wants.get(&goal).filter(|_| together.offers(viewer, relationships::Deed::TakePart)) {
            waiting.push((goal, outcome.clone(), by));
        }
    }
    Ok(waiting)
}

/// Someone's own goals for which a rating was asked.
pub fn asked(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Attainment, String)>> {
    let asked = sql::asked_of(tx, viewer.person)?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut wants = goals::verbs::outcomes(tx, &asked.iter().map(|attainment| attainment.goal).collect::<Vec<_>>())?;
    Ok(asked.into_iter().filter_map(|a| wants.remove(&a.goal).map(|(_, outcome)| (a, outcome))).collect())
}

/// Opens all that was said of goals, as far as this viewer reads it.
fn measured(tx: &mut Tx, viewer: &Viewer, attainments: Vec<Attainment>) -> Result<Vec<Measured>> {
    if attainments.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<GoalId> = attainments.iter().map(|attainment| attainment.goal).collect();
    let (list, mut wants) = (List::of(&ids)?, goals::verbs::outcomes(tx, &ids)?);
    let (scales, results) = (sql::scales(tx, &list)?, sql::results(tx, &list)?);
    let (ratings, confidences, progress) = (sql::ratings(tx, &list)?, sql::confidences(tx, &list)?, sql::progress(tx, &list)?);
    let mut levels: HashMap<RatingId, Vec<Said>> = HashMap::new();
    if let Some(first) = ratings.first() {
        for said in sql::levels(tx, &list, first.at)? {
            levels.entry(said.rating).or_default().push(said);
        }
    }
    let mut keys: Vec<_> = attainments.iter().map(|attainment| attainment.key).chain(ratings.iter().map(|rating| rating.key)).collect();
    keys.sort_unstable();
    keys.dedup();
    let ring = seal::ring(tx, &keys)?;
    let mut all: HashMap<GoalId, Measured> = HashMap::with_capacity(ids.len());
    for attainment in attainments {
        let (state, outcome) = wants.remove(&attainment.goal).unwrap_or((GoalState::LetGo, "This was forgotten.".into()));
        let goal = attainment.goal;
        let empty = Measured {
            attainment,
            outcome,
            state,
            scales: Vec::new(),
            ratings: Vec::new(),
            confidences: Vec::new(),
            results: Vec::new(),
            progress: Vec::new(),
        };
        all.insert(goal, empty);
    }
    for row in scales {
        let Some(one) = all.get_mut(&row.goal) else { continue };
        let words = ring.text(one.attainment.key, &row.words)?.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
        let (id, version) = (row.id, row.version);
        one.scales.push(Scale { id, version, weight: row.weight, baseline: row.baseline, words, made_at: row.made_at });
    }
    for row in results {
        let Some(one) = all.get_mut(&row.goal) else { continue };
        let result = ring.text(one.attainment.key, &row.words)?.map(|text| serde_json::from_str(&text)).transpose()?;
        one.results.push((row.version, result.unwrap_or_default()));
    }
    for row in ratings {
        let Some(one) = all.get_mut(&row.goal).filter(|one| one.attainment.reads(viewer, row.relationship)) else { continue };
        let open = |note: &Option<seal::Sealed>| Ok::<_, Error>(note.as_ref().map(|note| ring.text(row.key, note)).transpose()?.flatten());
        one.ratings.push(Rating {
            id: row.id,
            goal: row.goal,
            relationship: row.relationship,
            session: row.session,
            by: row.by,
            at: row.at,
            note: open(&row.note)?,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            answer_note: open(&row.answer_note)?,
            agreed: row.agreed,
            agreed_at: row.agreed_at,
            levels: levels.remove(&row.id).unwrap_or_default(),
        });
    }
    for row in confidences {
        let Some(one) = all.get_mut(&row.goal).filter(|one| one.attainment.reads(viewer, row.relationship)) else { continue };
        let note = row.note.as_ref().map(|note| ring.text(one.attainment.key, note)).transpose()?.flatten();
        one.confidences.push(Confidence { at: row.at, level: row.level, note });
    }
    for row in progress {
        let Some(one) = all.get_mut(&row.goal).filter(|one| one.attainment.reads(viewer, row.relationship)) else { continue };
        if let Some(text) = ring.text(one.attainment.key, &row.words)? {
            one.progress.push(Progress { version: row.version, at: row.at, numbers: serde_json::from_str(&text)? });
        }
    }
    Ok(ids.iter().filter_map(|id| all.remove(id)).collect())
}

/// What one with whom this viewer may do this is; anything else is not there.
fn seen(tx: &mut Tx, viewer: &Viewer, attainment: Attainment, deed: Deed) -> Result<(Attainment, Option<Relationship>)> {
    let together = attainment.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if attainment.allows(together.as_ref(), viewer, deed) { Ok((attainment, together)) } else { Err(Error::NotFound) }
}

fn open(tx: &mut Tx, viewer: &Viewer, goal: GoalId, deed: Deed) -> Result<(Attainment, Option<Relationship>)> {
    let attainment = sql::find(tx, goal)?.ok_or(Error::NotFound)?;
    seen(tx, viewer, attainment, deed)
}

/// The owner's own, begun now if nothing was said of it yet; while the goal is open.
fn begun(tx: &mut Tx, viewer: &Viewer, goal: GoalId) -> Result<Attainment> {
    if let Some(attainment) = sql::find(tx, goal)? {
        let (attainment, _) = seen(tx, viewer, attainment, Deed::Change)?;
        attainment.must_be_open()?;
        return Ok(attainment);
    }
    let brief = goals::verbs::brief(tx, viewer, goal)?;
    if !matches!(brief.state, GoalState::Draft | GoalState::Set) {
        return Err(refused!("This goal is closed. Please begin a new one."));
    }
    let attainment = Attainment {
        goal,
        owner: viewer.person,
        key: seal::new_key(tx)?,
        relationship: None,
        form: None,
        version: 0,
        pace_days: None,
        asks_at: None,
        asked_at: None,
        made_at: tx.now(),
        ended_at: None,
        counted_at: None,
    };
    sql::insert(tx, &attainment)?;
    Ok(attainment)
}

fn tell_other(tx: &mut Tx, viewer: &Viewer, together: Option<&Relationship>, kind: &'static str, goal: GoalId) -> Result<()> {
    let Some(together) = together else { return Ok(()) };
    together.others(viewer).try_for_each(|person| tell(tx, person, kind, goal))
}

/// Writes down what happened; it wakes the pages of its owner, and of the other where it is shared.
fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, attainment: &Attainment) -> Result<()> {
    let mut people = vec![attainment.owner];
    if let Some(id) = attainment.relationship {
        people = partners::find(tx, id)?.people().collect();
    }
    tx.record(Happening::of(kind, attainment.goal).by(viewer).touching(people))
}

/// All that says how far someone's own goals have come, for their export.
pub(super) fn everything(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Measured>> {
    let all = sql::of_owner(tx, viewer.person, 1000)?;
    measured(tx, viewer, all)
}

/// What someone wrote beside the ratings of others' goals.
pub(super) fn written(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, String)>> {
    let rows = sql::notes_by(tx, person)?;
    let ring = seal::ring(tx, &rows.iter().map(|row| row.0).collect::<Vec<_>>())?;
    let mut written = Vec::new();
    for (key, at, note, by, answer) in rows {
        let mine = if by == person { note } else { answer };
        if let Some(text) = mine.map(|note| ring.text(key, &note)).transpose()?.flatten() {
            written.push((at, text));
        }
    }
    Ok(written)
}
