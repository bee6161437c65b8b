//! Every query about goals.

use super::goal::{Brief, Goal, GoalId, GoalSkill, GoalState, Step};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};

record!(
    pub struct Version {
        pub version: i64,
        pub at: Timestamp,
        pub changed: String,
        pub outcome: Sealed,
        pub why_now: Sealed,
        pub success: Sealed,
        pub by_on: Option<String>,
        pub help: String,
    }
);

record!(
    /// A goal as a list shows it.
    pub struct Line {
        pub id: GoalId,
        pub state: GoalState,
        pub step: Step,
        pub key: KeyId,
        pub outcome: Sealed,
    }
);

/// The texts of a version, sealed.
pub struct Words {
    pub outcome: Sealed,
    pub why_now: Sealed,
    pub success: Sealed,
}

pub fn find(tx: &mut Tx, id: GoalId) -> Result<Option<Goal>> {
    Ok(tx.opt(
        sql!(
            Goal: "select id, person_id as owner, state, version, step, key_id as \"key\", made_at, changed_at, ended_at from goals where id = $1"
        ),
        &[&id],
    )?)
}

pub fn of_person(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<Goal>> {
    Ok(tx.all(
        sql!(
            Goal: "select id, person_id as owner, state, version, step, key_id as \"key\", made_at, changed_at, ended_at
             from goals where person_id = $1 order by changed_at desc, id limit $2"
        ),
        &[&person, &most],
    )?)
}

pub fn open_count(tx: &mut Tx, person: PersonId) -> Result<i64> {
    Ok(tx.one::<(i64,)>(sql!("select count(*) from goals where person_id = $1 and state in ('draft', 'set')"), &[&person])?.0)
}

pub fn insert(tx: &mut Tx, goal: &Goal) -> Result<()> {
    tx.execute(
        sql!(
            "insert into goals (id, person_id, state, version, step, key_id, made_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $7)"
        ),
        &[&goal.id, &goal.owner, &goal.state, &goal.version, &goal.step, &goal.key, &goal.made_at],
    )?;
    Ok(())
}

/// Saves where a goal stands, as long as it is still what it was read as.
pub fn save(tx: &mut Tx, goal: &Goal, was: (GoalState, i64)) -> Result<bool> {
    let now = tx.now();
    let rows = tx.execute(
        sql!(
            "update goals set state = $2, version = $3, step = $4, ended_at = $5, changed_at = $6
             where id = $1 and state = $7 and version = $8"
        ),
        &[&goal.id, &goal.state, &goal.version, &goal.step, &goal.ended_at, &now, &was.0, &was.1],
    )?;
    Ok(rows == 1)
}

pub fn versions(tx: &mut Tx, id: GoalId, most: i64) -> Result<Vec<Version>> {
    Ok(tx.all(
        sql!(
            Version: "select version, at, changed, outcome, why_now, success, by_on, help from goal_versions
             where goal_id = $1 order by version desc limit $2"
        ),
        &[&id, &most],
    )?)
}

pub fn version(tx: &mut Tx, id: GoalId, version: i64) -> Result<Option<Version>> {
    Ok(tx.opt(
        sql!(
            Version: "select version, at, changed, outcome, why_now, success, by_on, help from goal_versions where goal_id = $1 and version = $2"
        ),
        &[&id, &version],
    )?)
}

/// Someone's goals as their newest versions say them, the last changed first.
pub fn listed(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<Line>> {
    Ok(tx.all(
        sql!(
            Line: "select g.id, g.state, g.step, g.key_id as \"key\", v.outcome
             from goals g join goal_versions v on v.goal_id = g.id and v.version = g.version
             where g.person_id = $1 order by g.changed_at desc, g.id limit $2"
        ),
        &[&person, &most],
    )?)
}

/// The same for some, whoever's they are.
pub fn lines(tx: &mut Tx, ids: &[GoalId]) -> Result<Vec<Line>> {
    let list = List::of(ids)?;
    Ok(tx.all(
        sql!(
            Line: "select g.id, g.state, g.step, g.key_id as \"key\", v.outcome
             from goals g join goal_versions v on v.goal_id = g.id and v.version = g.version
             where g.id in {list $1 as id} limit 1000"
        ),
        &[&list],
    )?)
}

/// The skills of the newest version of each of someone's goals, in their order.
pub fn skills_of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<(GoalId, String)>> {
    Ok(tx.all(
        sql!(
            "select s.goal_id, s.skill from goals g join goal_skills s on s.goal_id = g.id and s.version = g.version
             where g.person_id = $1 order by g.changed_at desc, g.id, s.position limit 1000"
        ),
        &[&person],
    )?)
}

pub fn skills(tx: &mut Tx, id: GoalId, version: i64) -> Result<Vec<GoalSkill>> {
    Ok(tx.all(
        sql!(GoalSkill: "select skill, present, target from goal_skills where goal_id = $1 and version = $2 order by position limit 10"),
        &[&id, &version],
    )?)
}

/// Writes a version; a draft writes its only one again and again.
pub fn put_version(tx: &mut Tx, brief: &Brief, words: &Words) -> Result<()> {
    let now = tx.now();
    let help = brief.help.iter().map(|help| help.as_str()).collect::<Vec<_>>().join(" ");
    tx.execute(
        sql!(
            "insert into goal_versions (goal_id, version, at, changed, outcome, why_now, success, by_on, help)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (goal_id, version) do update set at = excluded.at, outcome = excluded.outcome, why_now = excluded.why_now,
                success = excluded.success, by_on = excluded.by_on, help = excluded.help"
        ),
        &[
            &brief.id,
            &brief.version,
            &now,
            &brief.changed.map_or("", Step::as_str),
            &words.outcome,
            &words.why_now,
            &words.success,
            &brief.by_on.map(|day| day.to_string()),
            &help,
        ],
    )?;
    tx.execute(sql!("delete from goal_skills where goal_id = $1 and version = $2"), &[&brief.id, &brief.version])?;
    for (at, skill) in brief.skills.iter().enumerate() {
        tx.execute(
            sql!("insert into goal_skills (goal_id, version, skill, present, target, position) values ($1, $2, $3, $4, $5, $6)"),
            &[&brief.id, &brief.version, &skill.skill, &skill.present, &skill.target, &(at as i64)],
        )?;
    }
    Ok(())
}

pub fn rewrite_skill(tx: &mut Tx, was: &str, is: &str) -> Result<()> {
    tx.execute(
        sql!(
            "delete from goal_skills where skill = $1 and exists (
                select 1 from goal_skills o
                where o.goal_id = goal_skills.goal_id and o.version = goal_skills.version and o.skill = $2)"
        ),
        &[&was, &is],
    )?;
    tx.execute(sql!("update goal_skills set skill = $2 where skill = $1"), &[&was, &is])?;
    Ok(())
}

pub fn forget(tx: &mut Tx, goal: &Goal) -> Result<()> {
    tx.execute(sql!("delete from goal_skills where goal_id = $1"), &[&goal.id])?;
    tx.execute(sql!("delete from goal_versions where goal_id = $1"), &[&goal.id])?;
    tx.execute(sql!("delete from goals where id = $1"), &[&goal.id])?;
    crate::seal::destroy(tx, goal.key)
}
