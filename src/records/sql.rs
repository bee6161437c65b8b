//! Every query about skills records.

use super::record::{AimId, Confirmation, ConfirmationId, LevelId, RecordedId, SealedLevel, SealedSkill};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::relationships::RelationshipId;
use crate::seal::{KeyId, Sealed};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};

macro_rules! select_skill {
    ($rest:literal) => {
        sql!(SealedSkill: concat!("select r.id, r.person_id as person, r.words, r.made_at, r.shown_at from recorded_skills r ", $rest))
    };
}
macro_rules! select_confirmation {
    ($rest:literal) => {
        sql!(Confirmation: concat!(
            "select c.id, c.person_id as person, c.recorded_id as recorded, c.level_id, c.relationship_id as relationship, ",
            "c.partner_id as partner, c.key_id as \"key\", c.state, c.asked_at, c.answered_at, c.settled, c.settled_at ",
            "from skill_confirmations c ",
            $rest
        ))
    };
}

pub fn key(tx: &mut Tx, person: PersonId) -> Result<Option<KeyId>> {
    let row: Option<(KeyId,)> = tx.opt(sql!("select key_id from skill_records where person_id = $1"), &[&person])?;
    Ok(row.map(|r| r.0))
}
pub fn insert_key(tx: &mut Tx, person: PersonId, key: KeyId) -> Result<()> {
    tx.execute(sql!("insert into skill_records (person_id, key_id) values ($1, $2)"), &[&person, &key])?;
    Ok(())
}

pub fn skill(tx: &mut Tx, id: RecordedId) -> Result<Option<SealedSkill>> {
    Ok(tx.opt(select_skill!("where r.id = $1"), &[&id])?)
}
pub fn skills(tx: &mut Tx, person: PersonId) -> Result<Vec<SealedSkill>> {
    Ok(tx.all(select_skill!("where r.person_id = $1 order by r.id limit 200"), &[&person])?)
}
/// Those that their owner shows to everybody who sees their profile.
pub fn shown(tx: &mut Tx, person: PersonId) -> Result<Vec<SealedSkill>> {
    Ok(tx.all(select_skill!("where r.person_id = $1 and r.shown_at is not null order by r.shown_at limit 30"), &[&person])?)
}
pub fn insert_skill(tx: &mut Tx, id: RecordedId, person: PersonId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("insert into recorded_skills (id, person_id, words, made_at) values ($1, $2, $3, $4)"), &[&id, &person, words, &now])?;
    Ok(())
}
pub fn save_shown(tx: &mut Tx, id: RecordedId, at: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update recorded_skills set shown_at = $2 where id = $1"), &[&id, &at])?;
    Ok(())
}
pub fn delete_skill(tx: &mut Tx, id: RecordedId) -> Result<()> {
    for statement in [
        sql!("delete from skill_confirmations where recorded_id = $1"),
        sql!("delete from skill_levels where recorded_id = $1"),
        sql!("delete from recorded_skills where id = $1"),
    ] {
        tx.execute(statement, &[&id])?;
    }
    Ok(())
}

/// All levels of these skills, the first first.
pub fn levels(tx: &mut Tx, skills: &List) -> Result<Vec<SealedLevel>> {
    Ok(tx.all(
        sql!(SealedLevel: "select l.id, l.recorded_id as recorded, l.by_id as \"by\", l.at, l.words from skill_levels l
             where l.recorded_id in {list $1 as id} order by l.recorded_id, l.\"number\" limit 20000"),
        &[skills],
    )?)
}
/// Puts one in; not when this form was sent before.
pub fn insert_level(tx: &mut Tx, recorded: RecordedId, by: PersonId, words: &Sealed, nonce: &str) -> Result<bool> {
    let (id, now): (LevelId, _) = (tx.new_id(), tx.now());
    let inserted = tx.execute(
        sql!(
            "insert into skill_levels (id, recorded_id, \"number\", by_id, at, words, nonce)
             values ($1, $2, (select coalesce(max(l.\"number\"), 0) + 1 from skill_levels l where l.recorded_id = $2), $3, $4, $5, $6)
             on conflict (recorded_id, nonce) do nothing"
        ),
        &[&id, &recorded, &by, &now, words, &nonce],
    )?;
    Ok(inserted == 1)
}

pub fn confirmations(tx: &mut Tx, skills: &List) -> Result<Vec<Confirmation>> {
    Ok(tx.all(select_confirmation!("where c.recorded_id in {list $1 as id} order by c.asked_at, c.id limit 5000"), &[skills])?)
}
pub fn confirmation(tx: &mut Tx, id: ConfirmationId) -> Result<Option<Confirmation>> {
    Ok(tx.opt(select_confirmation!("where c.id = $1"), &[&id])?)
}
pub fn confirmations_of_partner(tx: &mut Tx, partner: PersonId) -> Result<Vec<Confirmation>> {
    Ok(tx.all(select_confirmation!("where c.partner_id = $1 order by c.id desc limit 500"), &[&partner])?)
}
/// What waits for somebody in one relationship: questions to them, and answers that they have not settled.
pub fn waiting_in(tx: &mut Tx, relationship: RelationshipId, person: PersonId) -> Result<Vec<Confirmation>> {
    Ok(tx.all(
        select_confirmation!(
            "where c.relationship_id = $1 and ((c.partner_id = $2 and c.state = 'asked')
             or (c.person_id = $2 and c.state = 'otherwise' and c.settled is null)) order by c.id limit 20"
        ),
        &[&relationship, &person],
    )?)
}
record!(
    pub struct Waits {
        pub id: ConfirmationId,
        pub owner: PersonId,
        pub name: String,
    }
);
/// What waits for somebody anywhere, with the name of the other. One statement, because it is asked on every Today.
pub fn waiting(tx: &mut Tx, person: PersonId) -> Result<Vec<Waits>> {
    Ok(tx.all(
        sql!(
            Waits: "select c.id, c.person_id as owner, p.name from skill_confirmations c
                join relationships r on r.id = c.relationship_id and r.state <> 'frozen'
                join people p on p.id = c.person_id
             where c.partner_id = $1 and c.state = 'asked'
             union all
             select c.id, c.person_id as owner, p.name from skill_confirmations c
                join relationships r on r.id = c.relationship_id and r.state <> 'frozen'
                join people p on p.id = c.partner_id
             where c.person_id = $1 and c.state = 'otherwise' and c.settled is null
             limit 20"
        ),
        &[&person],
    )?)
}
pub fn insert_confirmation(tx: &mut Tx, c: &Confirmation, words: &Sealed) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into skill_confirmations (id, person_id, recorded_id, level_id, relationship_id, partner_id, key_id, state, asked_at, words)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (level_id, partner_id) do nothing"
        ),
        &[&c.id, &c.person, &c.recorded, &c.level_id, &c.relationship, &c.partner, &c.key, &c.state, &c.asked_at, words],
    )?;
    Ok(inserted == 1)
}
/// Saves what became of it, if it was still as it was read.
pub fn save_confirmation(tx: &mut Tx, was: &Confirmation, is: &Confirmation) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update skill_confirmations set state = $2, answered_at = $3, settled = $4, settled_at = $5
             where id = $1 and state = $6 and (settled is null or $7)"
        ),
        &[&is.id, &is.state, &is.answered_at, &is.settled, &is.settled_at, &was.state, &was.settled.is_some()],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Something happened with this a moment before. Please look again.")) }
}
pub fn save_answer(tx: &mut Tx, id: ConfirmationId, answer: &Sealed) -> Result<()> {
    tx.execute(sql!("update skill_confirmations set answer = $2 where id = $1"), &[&id, answer])?;
    Ok(())
}
pub fn delete_confirmation(tx: &mut Tx, id: ConfirmationId) -> Result<()> {
    tx.execute(sql!("delete from skill_confirmations where id = $1"), &[&id])?;
    Ok(())
}
record!(
    pub struct SealedWords {
        pub id: ConfirmationId,
        pub words: Sealed,
        pub answer: Option<Sealed>,
    }
);
pub fn confirmation_words(tx: &mut Tx, ids: &List) -> Result<Vec<SealedWords>> {
    Ok(tx.all(sql!(SealedWords: "select id, words, answer from skill_confirmations where id in {list $1 as id}"), &[ids])?)
}

record!(
    pub struct SealedAim {
        pub id: AimId,
        pub words: Sealed,
    }
);
pub fn aims(tx: &mut Tx, person: PersonId) -> Result<Vec<SealedAim>> {
    Ok(tx.all(sql!(SealedAim: "select id, words from skill_aims where person_id = $1 order by id limit 50"), &[&person])?)
}
/// Puts it in or changes it; one of somebody else's is neither.
pub fn save_aim(tx: &mut Tx, id: AimId, person: PersonId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    let saved = tx.execute(
        sql!(
            "insert into skill_aims (id, person_id, words, made_at, changed_at) values ($1, $2, $3, $4, $4)
             on conflict (id) do update set words = excluded.words, changed_at = excluded.changed_at where skill_aims.person_id = $2"
        ),
        &[&id, &person, words, &now],
    )?;
    if saved == 1 { Ok(()) } else { Err(Error::NotFound) }
}
pub fn delete_aim(tx: &mut Tx, id: AimId, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from skill_aims where id = $1 and person_id = $2"), &[&id, &person])?;
    Ok(())
}

/// A record is its owner's and goes with them, with its key. What they were asked by others and have not answered is
/// asked no more; what they confirmed stays with those who asked.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in (select key_id from skill_records where person_id = $1)"),
        &[&person, &now],
    )?;
    for statement in [
        sql!("delete from skill_confirmations where person_id = $1"),
        sql!("delete from skill_levels where recorded_id in (select id from recorded_skills where person_id = $1)"),
        sql!("delete from recorded_skills where person_id = $1"),
        sql!("delete from skill_aims where person_id = $1"),
        sql!("delete from skill_records where person_id = $1"),
        sql!("delete from skill_confirmations where partner_id = $1 and state = 'asked'"),
    ] {
        tx.execute(statement, &[&person])?;
    }
    Ok(())
}
