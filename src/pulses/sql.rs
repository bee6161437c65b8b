//! Every query about pulses.

use super::pulse::{Keyed, Pulse, PulseId, Quarter, SealedAnswer};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, sql};

macro_rules! select_pulse {
    ($rest:literal) => {
        sql!(Pulse: concat!("select p.id, p.relationship_id as relationship, p.after_sessions, p.asked_at, p.open_until from pulses p ", $rest))
    };
}

/// Puts a new one in; whether it did, which it does not when it was asked after that session before.
pub fn insert(tx: &mut Tx, pulse: &Pulse) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into pulses (id, relationship_id, after_sessions, asked_at, open_until) values ($1, $2, $3, $4, $5)
             on conflict (relationship_id, after_sessions) do nothing"
        ),
        &[&pulse.id, &pulse.relationship, &pulse.after_sessions, &pulse.asked_at, &pulse.open_until],
    )?;
    Ok(inserted == 1)
}

pub fn find(tx: &mut Tx, id: PulseId) -> Result<Option<Pulse>> {
    Ok(tx.opt(select_pulse!("where p.id = $1"), &[&id])?)
}

/// Those of a relationship, the latest first.
pub fn of(tx: &mut Tx, relationship: RelationshipId, most: i64) -> Result<Vec<Pulse>> {
    Ok(tx.all(select_pulse!("where p.relationship_id = $1 order by p.after_sessions desc limit $2"), &[&relationship, &most])?)
}

/// Those that wait for somebody's answer, where they still work together.
pub fn waiting(tx: &mut Tx, person: PersonId) -> Result<Vec<Pulse>> {
    let now = tx.now();
    Ok(tx.all(
        select_pulse!(
            "join parties q on q.relationship_id = p.relationship_id join relationships r on r.id = p.relationship_id
             where q.person_id = $1 and p.open_until > $2 and r.state in ('trying_out', 'agreed', 'active', 'paused', 'closing')
               and not exists (select 1 from pulse_answers a where a.pulse_id = p.id and a.person_id = $1)
             order by p.open_until, p.id limit 20"
        ),
        &[&person, &now],
    )?)
}

/// Keeps an answer; whether it did, which it does not when there is one already.
pub fn insert_answer(tx: &mut Tx, pulse: PulseId, person: PersonId, words: &Sealed) -> Result<bool> {
    let now = tx.now();
    let inserted = tx.execute(
        sql!(
            "insert into pulse_answers (pulse_id, person_id, answered_at, words) values ($1, $2, $3, $4)
             on conflict (pulse_id, person_id) do nothing"
        ),
        &[&pulse, &person, &now, words],
    )?;
    Ok(inserted == 1)
}

pub fn answers(tx: &mut Tx, pulses: &[PulseId]) -> Result<Vec<SealedAnswer>> {
    let list = List::of(pulses)?;
    Ok(tx.all(
        sql!(
            SealedAnswer: "select pulse_id as pulse, person_id as person, answered_at, words from pulse_answers
             where pulse_id in {list $1 as id} order by pulse_id, person_id limit 400"
        ),
        &[&list],
    )?)
}

/// What somebody answered, with the keys, for their export.
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, KeyId, Sealed)>> {
    Ok(tx.all(
        sql!(
            "select a.answered_at, r.key_id, a.words from pulse_answers a join pulses p on p.id = a.pulse_id
             join relationships r on r.id = p.relationship_id where a.person_id = $1 order by a.answered_at, a.pulse_id limit 10000"
        ),
        &[&person],
    )?)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from pulse_answers where person_id = $1"), &[&person])?;
    Ok(())
}

// What a quarter comes to.

/// The moment of the first answer after one.
pub fn first_answer_since(tx: &mut Tx, from: Timestamp) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> =
        tx.opt(sql!("select answered_at from pulse_answers where answered_at >= $1 order by answered_at limit 1"), &[&from])?;
    Ok(row.map(|r| r.0))
}

pub fn last_quarter(tx: &mut Tx) -> Result<Option<String>> {
    let row: Option<(String,)> = tx.opt(sql!("select begins_on from pulse_quarters order by begins_on desc limit 1"), &[])?;
    Ok(row.map(|r| r.0))
}

/// The last answer of each person between two moments, some people at a time, in the order of their ids.
pub fn last_of_each(tx: &mut Tx, from: Timestamp, until: Timestamp, after: PersonId, most: i64) -> Result<Vec<Keyed>> {
    Ok(tx.all(
        sql!(
            Keyed: "select a.person_id as person, r.key_id as \"key\", a.words from pulse_answers a
             join pulses p on p.id = a.pulse_id join relationships r on r.id = p.relationship_id
             where a.person_id > $3 and a.answered_at >= $1 and a.answered_at < $2
               and not exists (select 1 from pulse_answers b where b.person_id = a.person_id and b.answered_at >= $1 and b.answered_at < $2
                               and (b.answered_at, b.pulse_id) > (a.answered_at, a.pulse_id))
             order by a.person_id limit $4"
        ),
        &[&from, &until, &after, &most],
    )?)
}

pub fn insert_quarter(tx: &mut Tx, quarter: &Quarter) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into pulse_quarters (begins_on, counted_at, people, goal, task, bond, voice) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (begins_on) do nothing"
        ),
        &[&quarter.begins_on, &now, &quarter.people, &quarter.goal, &quarter.task, &quarter.bond, &quarter.voice],
    )?;
    Ok(())
}

pub fn quarters(tx: &mut Tx) -> Result<Vec<Quarter>> {
    Ok(tx.all(
        sql!(Quarter: "select begins_on, people, goal, task, bond, voice from pulse_quarters order by begins_on desc limit 20"),
        &[],
    )?)
}
