//! Every query about how far goals have come.

use super::gas::Level;
use super::measure::{Attainment, ConfidenceRow, ProgressRow, RatingId, RatingRow, ResultId, ResultRow, Said, ScaleId, ScaleRow, Voice};
use crate::app::Tx;
use crate::error::Result;
use crate::goals::{GoalId, GoalState};
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};

macro_rules! select_attainment {
    ($rest:literal) => {
        sql!(Attainment: concat!(
            "select a.goal_id as goal, a.owner_id as owner, a.key_id as \"key\", a.relationship_id as relationship, a.form, ",
            "a.version, a.pace_days, a.asks_at, a.asked_at, a.made_at, a.ended_at, a.counted_at from attainments a ",
            $rest
        ))
    };
}
macro_rules! select_rating {
    ($rest:literal) => {
        sql!(RatingRow: concat!(
            "select r.id, r.goal_id as goal, r.relationship_id as relationship, r.session_id as session, r.key_id as \"key\", ",
            "r.by_id as \"by\", r.at, r.note, r.answered_by_id as answered_by, r.answered_at, r.answer_note, r.agreed, r.agreed_at ",
            "from goal_ratings r ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, goal: GoalId) -> Result<Option<Attainment>> {
    Ok(tx.opt(select_attainment!("where a.goal_id = $1"), &[&goal])?)
}
pub fn of_owner(tx: &mut Tx, owner: PersonId, most: i64) -> Result<Vec<Attainment>> {
    Ok(tx.all(select_attainment!("where a.owner_id = $1 order by a.made_at desc, a.goal_id limit $2"), &[&owner, &most])?)
}
/// Those shared in a relationship, the open ones first.
pub fn of_relationship(tx: &mut Tx, relationship: RelationshipId) -> Result<Vec<Attainment>> {
    Ok(tx.all(
        select_attainment!(
            "where a.relationship_id = $1 order by case when a.ended_at is null then 0 else 1 end, a.made_at desc, a.goal_id limit 30"
        ),
        &[&relationship],
    )?)
}
/// Someone's goals that no report ever names.
pub fn pair_only(tx: &mut Tx, owner: PersonId) -> Result<Vec<(GoalId,)>> {
    Ok(tx.all(
        sql!("select goal_id from attainments where owner_id = $1 and relationship_id is not null order by goal_id limit 1000"),
        &[&owner],
    )?)
}

pub fn insert(tx: &mut Tx, attainment: &Attainment) -> Result<()> {
    tx.execute(
        sql!("insert into attainments (goal_id, owner_id, key_id, version, made_at) values ($1, $2, $3, 0, $4)"),
        &[&attainment.goal, &attainment.owner, &attainment.key, &attainment.made_at],
    )?;
    Ok(())
}
/// Saves it, as long as it is measured as it was when it was read.
pub fn save(tx: &mut Tx, is: &Attainment, was: &Attainment) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update attainments set relationship_id = $2, form = $3, version = $4, pace_days = $5, asks_at = $6, asked_at = $7, ended_at = $8,
             counted_at = $9 where goal_id = $1 and version = $10"
        ),
        &[
            &is.goal,
            &is.relationship,
            &is.form,
            &is.version,
            &is.pace_days,
            &is.asks_at,
            &is.asked_at,
            &is.ended_at,
            &is.counted_at,
            &was.version,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You changed this in another window a moment ago. Please look at it again.")) }
}

/// A scale as it goes in.
pub struct NewScale<'a> {
    pub id: ScaleId,
    pub goal: GoalId,
    pub version: i64,
    pub position: i64,
    pub weight: i64,
    pub baseline: Level,
    pub words: &'a Sealed,
}
pub fn insert_scale(tx: &mut Tx, scale: &NewScale) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into goal_scales (id, goal_id, version, position, weight, baseline, words, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&scale.id, &scale.goal, &scale.version, &scale.position, &scale.weight, &scale.baseline, scale.words, &now],
    )?;
    Ok(())
}
pub fn insert_result(tx: &mut Tx, id: ResultId, goal: GoalId, version: i64, position: i64, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into goal_results (id, goal_id, version, position, words, made_at) values ($1, $2, $3, $4, $5, $6)"),
        &[&id, &goal, &version, &position, words, &now],
    )?;
    Ok(())
}
pub fn scale_ids(tx: &mut Tx, goal: GoalId, version: i64) -> Result<Vec<ScaleId>> {
    let rows: Vec<(ScaleId,)> =
        tx.all(sql!("select id from goal_scales where goal_id = $1 and version = $2 order by position limit 10"), &[&goal, &version])?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
/// Whether anything was said on one laying down of scales or results.
pub fn is_used(tx: &mut Tx, goal: GoalId, version: i64) -> Result<bool> {
    let rated: Option<(ScaleId,)> = tx.opt(
        sql!(
            "select s.id from goal_scales s join goal_rating_levels l on l.scale_id = s.id where s.goal_id = $1 and s.version = $2 limit 1"
        ),
        &[&goal, &version],
    )?;
    let noted: Option<(GoalId,)> =
        tx.opt(sql!("select goal_id from goal_progress where goal_id = $1 and version = $2 limit 1"), &[&goal, &version])?;
    Ok(rated.is_some() || noted.is_some())
}
pub fn delete_version(tx: &mut Tx, goal: GoalId, version: i64) -> Result<()> {
    tx.execute(sql!("delete from goal_scales where goal_id = $1 and version = $2"), &[&goal, &version])?;
    tx.execute(sql!("delete from goal_results where goal_id = $1 and version = $2"), &[&goal, &version])?;
    Ok(())
}
/// The scales of goals, every laying down of them, in their order.
pub fn scales(tx: &mut Tx, goals: &List) -> Result<Vec<ScaleRow>> {
    Ok(tx.all(
        sql!(
            ScaleRow: "select id, goal_id as goal, version, weight, baseline, words, made_at from goal_scales
             where goal_id in {list $1 as id} order by goal_id, version, position limit 2000"
        ),
        &[goals],
    )?)
}
pub fn results(tx: &mut Tx, goals: &List) -> Result<Vec<ResultRow>> {
    Ok(tx.all(
        sql!(
            ResultRow: "select id, goal_id as goal, version, words, made_at from goal_results
             where goal_id in {list $1 as id} order by goal_id, version, position limit 2000"
        ),
        &[goals],
    )?)
}

pub fn insert_rating(tx: &mut Tx, rating: &RatingRow) -> Result<()> {
    tx.execute(
        sql!("insert into goal_ratings (id, goal_id, relationship_id, session_id, key_id, by_id, at, note) values ($1, $2, $3, $4, $5, $6, $7, $8)"),
        &[
            &rating.id,
            &rating.goal,
            &rating.relationship,
            &rating.session,
            &rating.key,
            &rating.by,
            &rating.at,
            &rating.note,
        ],
    )?;
    Ok(())
}
pub fn insert_level(tx: &mut Tx, rating: RatingId, scale: ScaleId, level: Level) -> Result<()> {
    tx.execute(sql!("insert into goal_rating_levels (rating_id, scale_id, proposed) values ($1, $2, $3)"), &[&rating, &scale, &level])?;
    Ok(())
}
pub fn save_answered_level(tx: &mut Tx, rating: RatingId, scale: ScaleId, level: Level) -> Result<()> {
    tx.execute(sql!("update goal_rating_levels set answered = $3 where rating_id = $1 and scale_id = $2"), &[&rating, &scale, &level])?;
    Ok(())
}
/// The other answers a rating that nobody has answered yet.
pub fn save_answer(tx: &mut Tx, rating: RatingId, by: PersonId, note: Option<&Sealed>, agreed: Option<Voice>) -> Result<()> {
    let now = tx.now();
    let agreed_at = agreed.map(|_| now);
    let saved = tx.execute(
        sql!(
            "update goal_ratings set answered_by_id = $2, answered_at = $3, answer_note = $4, agreed = $5, agreed_at = $6
             where id = $1 and answered_at is null and agreed is null"
        ),
        &[&rating, &by, &now, &note.cloned(), &agreed, &agreed_at],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This rating changed a moment before. Please look at it again.")) }
}
/// Both agree now, with whose levels.
pub fn save_agreed(tx: &mut Tx, rating: RatingId, agreed: Voice) -> Result<()> {
    let now = tx.now();
    let saved = tx.execute(
        sql!("update goal_ratings set agreed = $2, agreed_at = $3 where id = $1 and agreed is null and answered_at is not null"),
        &[&rating, &agreed, &now],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("You two agreed on this a moment before.")) }
}
pub fn delete_rating(tx: &mut Tx, rating: RatingId) -> Result<()> {
    tx.execute(sql!("delete from goal_rating_levels where rating_id = $1"), &[&rating])?;
    tx.execute(sql!("delete from goal_ratings where id = $1"), &[&rating])?;
    Ok(())
}
pub fn find_rating(tx: &mut Tx, id: RatingId) -> Result<Option<RatingRow>> {
    Ok(tx.opt(select_rating!("where r.id = $1"), &[&id])?)
}
/// The latest of one goal.
pub fn last_rating(tx: &mut Tx, goal: GoalId) -> Result<Option<RatingRow>> {
    Ok(tx.opt(select_rating!("where r.goal_id = $1 order by r.at desc, r.id desc limit 1"), &[&goal])?)
}
/// The newest of goals, oldest first: ten years of weekly ones fit several times over.
pub fn ratings(tx: &mut Tx, goals: &List) -> Result<Vec<RatingRow>> {
    let mut newest = tx.all(select_rating!("where r.goal_id in {list $1 as id} order by r.at desc, r.id desc limit 2000"), &[goals])?;
    newest.reverse();
    Ok(newest)
}
/// What was said of each scale in those of goals since a moment.
pub fn levels(tx: &mut Tx, goals: &List, since: Timestamp) -> Result<Vec<Said>> {
    Ok(tx.all(
        sql!(
            Said: "select l.rating_id as rating, l.scale_id as scale, s.weight, l.proposed, l.answered
             from goal_ratings r join goal_rating_levels l on l.rating_id = r.id join goal_scales s on s.id = l.scale_id
             where r.goal_id in {list $1 as id} and r.at >= $2 order by l.rating_id, s.position limit 12000"
        ),
        &[goals, &since],
    )?)
}
/// Ratings that wait for somebody's answer, where they still work on the goal together.
pub fn waiting_for(tx: &mut Tx, person: PersonId) -> Result<Vec<(GoalId, RelationshipId, PersonId)>> {
    Ok(tx.all(
        sql!(
            "select r.goal_id, a.relationship_id, r.by_id from parties p
             join goal_ratings r on r.relationship_id = p.relationship_id and r.agreed_at is null and r.answered_at is null
             join attainments a on a.goal_id = r.goal_id and a.relationship_id = r.relationship_id and a.ended_at is null
             where p.person_id = $1 and r.by_id <> $1 order by r.at, r.id limit 20"
        ),
        &[&person],
    )?)
}

pub fn insert_confidence(tx: &mut Tx, id: uuid::Uuid, said: &ConfidenceRow) -> Result<()> {
    tx.execute(
        sql!("insert into goal_confidences (id, goal_id, relationship_id, at, level, note) values ($1, $2, $3, $4, $5, $6)"),
        &[&id, &said.goal, &said.relationship, &said.at, &said.level, &said.note],
    )?;
    Ok(())
}
/// Takes back what was said since a moment, to be said again.
pub fn unsay_confidence(tx: &mut Tx, goal: GoalId, since: Timestamp) -> Result<()> {
    tx.execute(sql!("delete from goal_confidences where goal_id = $1 and at > $2"), &[&goal, &since])?;
    Ok(())
}
pub fn confidences(tx: &mut Tx, goals: &List) -> Result<Vec<ConfidenceRow>> {
    let mut newest = tx.all(
        sql!(
            ConfidenceRow: "select goal_id as goal, relationship_id as relationship, at, level, note from goal_confidences
             where goal_id in {list $1 as id} order by at desc, id desc limit 2000"
        ),
        &[goals],
    )?;
    newest.reverse();
    Ok(newest)
}
pub fn insert_progress(tx: &mut Tx, id: uuid::Uuid, said: &ProgressRow) -> Result<()> {
    tx.execute(
        sql!("insert into goal_progress (id, goal_id, version, relationship_id, at, words) values ($1, $2, $3, $4, $5, $6)"),
        &[&id, &said.goal, &said.version, &said.relationship, &said.at, &said.words],
    )?;
    Ok(())
}
pub fn unsay_progress(tx: &mut Tx, goal: GoalId, since: Timestamp) -> Result<()> {
    tx.execute(sql!("delete from goal_progress where goal_id = $1 and at > $2"), &[&goal, &since])?;
    Ok(())
}
pub fn progress(tx: &mut Tx, goals: &List) -> Result<Vec<ProgressRow>> {
    let mut newest = tx.all(
        sql!(
            ProgressRow: "select goal_id as goal, version, relationship_id as relationship, at, words from goal_progress
             where goal_id in {list $1 as id} order by at desc, id desc limit 2000"
        ),
        &[goals],
    )?;
    newest.reverse();
    Ok(newest)
}

pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(GoalId,)> =
        tx.opt(sql!("select goal_id from attainments where asks_at <= $1 and ended_at is null limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those for which a rating is due; the condition is said twice because two nodes may choose the same rows.
pub fn claim_due(tx: &mut Tx) -> Result<Vec<(GoalId,)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update attainments set asks_at = null where asks_at <= $1 and ended_at is null and goal_id in
             (select goal_id from attainments where asks_at <= $1 and ended_at is null order by asks_at limit 100)
             returning goal_id"
        ),
        &[&now],
    )?)
}
/// Of someone's own, those for which a rating was asked.
pub fn asked_of(tx: &mut Tx, owner: PersonId) -> Result<Vec<Attainment>> {
    Ok(tx.all(
        select_attainment!(
            "where a.owner_id = $1 and a.asked_at is not null and a.ended_at is null and a.form is not null order by a.asked_at, a.goal_id limit 10"
        ),
        &[&owner],
    )?)
}

// What may be counted: goals of a pair whose owner lets them be. Nothing sealed is opened.

/// Takes back that any of somebody's goals is counted; how many were.
pub fn uncount(tx: &mut Tx, owner: PersonId) -> Result<u64> {
    Ok(tx.execute(sql!("update attainments set counted_at = null where owner_id = $1 and counted_at is not null"), &[&owner])?)
}
/// People who let a goal be counted, some at a time, in the order of their ids.
pub fn counted_owners(tx: &mut Tx, after: PersonId, most: i64) -> Result<Vec<(PersonId,)>> {
    Ok(tx.all(
        sql!("select distinct owner_id from attainments where counted_at is not null and owner_id > $1 order by owner_id limit $2"),
        &[&after, &most],
    )?)
}
record!(
    /// The sums over the scales of somebody's goals that T is made of.
    pub struct Sums {
        pub baselines: i64,
        pub levels: i64,
        pub weights: i64,
        pub squares: i64,
    }
);
/// For each of these people who has one: the last rating of each goal that the two agreed between two moments. A rating that
/// was made with another pair before is none of these.
pub fn agreed_sums(tx: &mut Tx, people: &List, from: Timestamp, until: Timestamp) -> Result<Vec<Sums>> {
    Ok(tx.all(
        sql!(
            Sums: "select cast(sum(s.weight * s.baseline) as bigint) as baselines,
             cast(sum(s.weight * case r.agreed when 'answered' then coalesce(l.answered, l.proposed) else l.proposed end) as bigint) as levels,
             cast(sum(s.weight) as bigint) as weights, cast(sum(s.weight * s.weight) as bigint) as squares
             from attainments a join goal_ratings r on r.goal_id = a.goal_id and r.relationship_id = a.relationship_id
             join goal_rating_levels l on l.rating_id = r.id join goal_scales s on s.id = l.scale_id
             where a.owner_id in {list $1 as id} and a.counted_at is not null and r.agreed_at >= $2 and r.agreed_at < $3
               and not exists (select 1 from goal_ratings b where b.goal_id = r.goal_id and b.relationship_id = r.relationship_id
                               and b.agreed_at >= $2 and b.agreed_at < $3 and (b.agreed_at, b.id) > (r.agreed_at, r.id))
             group by a.owner_id"
        ),
        &[people, &from, &until],
    )?)
}
/// How many goals of these people began to be measured between two moments, and of how many people they are.
pub fn begun_between(tx: &mut Tx, people: &List, from: Timestamp, until: Timestamp) -> Result<(i64, i64)> {
    Ok(tx.one(
        sql!(
            "select count(*), count(distinct owner_id) from attainments
             where owner_id in {list $1 as id} and counted_at is not null and made_at >= $2 and made_at < $3"
        ),
        &[people, &from, &until],
    )?)
}
/// The same of goals that ended, by how.
pub fn ended_between(tx: &mut Tx, people: &List, from: Timestamp, until: Timestamp) -> Result<Vec<(GoalState, i64, i64)>> {
    Ok(tx.all(
        sql!(
            "select g.state, count(*), count(distinct a.owner_id) from attainments a join goals g on g.id = a.goal_id
             where a.owner_id in {list $1 as id} and a.counted_at is not null and a.ended_at >= $2 and a.ended_at < $3 group by g.state"
        ),
        &[people, &from, &until],
    )?)
}

/// What someone wrote beside the ratings of others.
pub fn notes_by(tx: &mut Tx, person: PersonId) -> Result<Vec<(KeyId, Timestamp, Option<Sealed>, PersonId, Option<Sealed>)>> {
    Ok(tx.all(
        sql!(
            "select r.key_id, r.at, r.note, r.by_id, r.answer_note from goal_ratings r join attainments a on a.goal_id = r.goal_id
             where (r.by_id = $1 or r.answered_by_id = $1) and a.owner_id <> $1 order by r.at, r.id limit 10000"
        ),
        &[&person],
    )?)
}

/// Takes out all that says how far someone's goals have come, with the keys it was sealed under, and what they wrote beside
/// the ratings of others. Their levels stay: those are about somebody else.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in (select key_id from attainments where owner_id = $1)"),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "delete from goal_rating_levels where rating_id in
             (select r.id from goal_ratings r join attainments a on a.goal_id = r.goal_id where a.owner_id = $1)"
        ),
        &[&person],
    )?;
    for statement in [
        sql!("delete from goal_ratings where goal_id in (select goal_id from attainments where owner_id = $1)"),
        sql!("delete from goal_scales where goal_id in (select goal_id from attainments where owner_id = $1)"),
        sql!("delete from goal_results where goal_id in (select goal_id from attainments where owner_id = $1)"),
        sql!("delete from goal_progress where goal_id in (select goal_id from attainments where owner_id = $1)"),
        sql!("delete from goal_confidences where goal_id in (select goal_id from attainments where owner_id = $1)"),
        sql!("delete from attainments where owner_id = $1"),
        sql!("update goal_ratings set note = null where by_id = $1"),
        sql!("update goal_ratings set answer_note = null where answered_by_id = $1"),
    ] {
        tx.execute(statement, &[&person])?;
    }
    Ok(())
}
