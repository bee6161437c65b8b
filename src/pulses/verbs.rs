//! Asking how it goes, answering, reading what the others said, and what a whole quarter comes to.

use super::pulse::{Deed, FLOOR, Item, Keyed, OPEN_FOR, Pulse, PulseId, Quarter, Said, is_asked_after, quarter_of};
use super::sql;
use crate::app::{App, Happening, Tx};
use crate::error::{Error, Result};
use crate::notices::tell;
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::seal;
use crate::sessions::{Session, SessionId, verbs as sessions, written};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// How many of the past ones a page shows.
const SHOWN: i64 = 12;
/// People whose answers are read in one unit of work.
const AT_ONCE: i64 = 1000;

/// Asks everybody in it, when the session that was held is one after which it is asked.
pub fn follow_session(tx: &mut Tx, session: SessionId) -> Result<()> {
    let (relationship, held) = sessions::held_with(tx, session)?;
    let together = partners::find(tx, relationship)?;
    if !is_asked_after(held) || !together.kind.goes_on() || !together.state.is_live() {
        return Ok(());
    }
    let now = tx.now();
    let pulse = Pulse { id: tx.new_id(), relationship, after_sessions: held, asked_at: now, open_until: now + OPEN_FOR };
    if !sql::insert(tx, &pulse)? {
        return Ok(());
    }
    for person in together.people() {
        tell(tx, person, "pulse asked", pulse.id)?;
    }
    tx.record(Happening::of("pulse asked", pulse.id).touching(together.people()))
}

/// Answers the one that is asked now.
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, said: &Said) -> Result<()> {
    let together = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
    together.must_offer(viewer, relationships::Deed::TakePart)?;
    let now = tx.now();
    let pulse = sql::of(tx, id, 1)?.pop().filter(|pulse| pulse.is_open(now));
    let pulse = pulse.ok_or_else(|| too_late!("This is not asked any more. It is asked again after some more sessions."))?;
    if !pulse.allows(&together, viewer, Deed::Answer) {
        return Err(Error::NotFound);
    }
    let words = seal::seal(tx, together.key, &serde_json::to_string(said)?)?;
    if !sql::insert_answer(tx, pulse.id, viewer.person, &words)? {
        return Err(too_late!("You have answered this already."));
    }
    let answered: Vec<PersonId> = sql::answers(tx, &[pulse.id])?.into_iter().map(|answer| answer.person).collect();
    if together.people().all(|person| answered.contains(&person)) {
        for other in together.others(viewer) {
            tell(tx, other, "pulse shared", pulse.id)?;
        }
    }
    tx.record(Happening::of("pulse answered", pulse.id).by(viewer).touching(together.people()))
}

/// One time at which it was asked, as one viewer may read it.
pub struct Told {
    pub pulse: Pulse,
    pub said: Vec<(PersonId, Said)>,
    pub has_answered: bool,
}

pub struct Whole {
    pub company: Company,
    /// The latest first.
    pub told: Vec<Told>,
    /// The session to which a wish can be brought.
    pub next: Option<Session>,
}

impl Told {
    /// Whether it waits for this viewer's answer.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.pulse.is_open(now) && !self.has_answered
    }
}

/// The last time it was asked in a relationship.
pub fn latest(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Told>> {
    let pulses = sql::of(tx, company.relationship.id, 1)?;
    if pulses.is_empty() { Ok(None) } else { Ok(told(tx, viewer, company, pulses)?.pop()) }
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Whole> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let pulses = sql::of(tx, id, SHOWN)?;
    let told = told(tx, viewer, &company, pulses)?;
    let next = sessions::next(tx, id)?;
    Ok(Whole { company, told, next })
}

fn told(tx: &mut Tx, viewer: &Viewer, company: &Company, pulses: Vec<Pulse>) -> Result<Vec<Told>> {
    let (together, now) = (&company.relationship, tx.now());
    let mut answers: HashMap<PulseId, Vec<_>> = HashMap::new();
    for answer in sql::answers(tx, &pulses.iter().map(|pulse| pulse.id).collect::<Vec<_>>())? {
        answers.entry(answer.pulse).or_default().push(answer);
    }
    let ring = seal::ring(tx, &[together.key])?;
    let mut all = Vec::with_capacity(pulses.len());
    for pulse in pulses.into_iter().filter(|pulse| pulse.allows(together, viewer, Deed::See)) {
        let answers = answers.remove(&pulse.id).unwrap_or_default();
        let answered: Vec<PersonId> = answers.iter().map(|answer| answer.person).collect();
        let reads = pulse.reads(together, viewer, &answered, now);
        let mut said = Vec::new();
        for answer in answers.iter().filter(|answer| reads.contains(&answer.person) && together.reads(viewer, answer.answered_at)) {
            if let Some(text) = ring.text(together.key, &answer.words)? {
                said.push((answer.person, serde_json::from_str(&text)?));
            }
        }
        said.sort_by_key(|(person, _)| !viewer.is(*person));
        all.push(Told { has_answered: answered.contains(&viewer.person), pulse, said });
    }
    Ok(all)
}

/// Puts a wish for a change that somebody has said on the agenda of the next session.
pub fn bring(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, pulse: PulseId, whose: PersonId) -> Result<()> {
    let whole = read(tx, viewer, id)?;
    let told = whole.told.iter().find(|told| told.pulse.id == pulse && told.pulse.allows(&whole.company.relationship, viewer, Deed::Bring));
    let said = told.and_then(|told| told.said.iter().find(|(person, _)| *person == whose)).ok_or(Error::NotFound)?;
    let next = whole.next.as_ref().ok_or_else(|| refused!("no_session"; "No session is agreed yet. Propose one first."))?;
    let change = Some(said.1.change.trim()).filter(|change| !change.is_empty()).ok_or(Error::NotFound)?;
    written::add_to_agenda(tx, viewer, next.id, change)
}

/// What waits for this viewer, and with whom.
pub fn waiting(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Pulse, String)>> {
    let pulses = sql::waiting(tx, viewer.person)?;
    let with = partners::with_whom(tx, viewer, pulses.iter().map(|pulse| pulse.relationship))?;
    Ok(pulses.into_iter().filter_map(|pulse| with.get(&pulse.relationship).map(|with| (pulse.clone(), with.name.clone()))).collect())
}

/// One pulse, for a notice: with its relationship, as far as this viewer may see it.
pub(super) fn one(tx: &mut Tx, viewer: &Viewer, id: PulseId) -> Result<(Company, Told)> {
    let pulse = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let company = partners::company(tx, viewer, pulse.relationship, relationships::Deed::See)?;
    let told = told(tx, viewer, &company, vec![pulse])?.pop().ok_or(Error::NotFound)?;
    Ok((company, told))
}

/// What somebody ever answered, for their export.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, Said)>> {
    let rows = sql::of_person(tx, person)?;
    let ring = seal::ring(tx, &rows.iter().map(|(_, key, _)| *key).collect::<Vec<_>>())?;
    let mut all = Vec::with_capacity(rows.len());
    for (at, key, words) in rows {
        if let Some(text) = ring.text(key, &words)? {
            all.push((at, serde_json::from_str(&text)?));
        }
    }
    Ok(all)
}

// What a quarter comes to. It is worked out once, when it is over, from the last answer of each person, and never again: so
// two looks at it can not be held against each other to find out what one person said.

/// The first moment of a day that begins a quarter; quarters are counted in UTC.
pub fn begins(day: Date) -> Result<Timestamp> {
    Ok(day.to_zoned(TimeZone::UTC)?.timestamp().into())
}

/// The first quarter that is over, has answers and was not counted.
fn to_count(tx: &mut Tx) -> Result<Option<Date>> {
    let after = match sql::last_quarter(tx)?.and_then(|day| day.parse::<Date>().ok()) {
        Some(last) => begins(last.checked_add(3.months())?)?,
        None => Timestamp::from_micros(0),
    };
    let quarter = |at: Timestamp| quarter_of(at.in_zone(&TimeZone::UTC).date());
    let now = quarter(tx.now());
    Ok(sql::first_answer_since(tx, after)?.map(quarter).filter(|quarter| *quarter < now))
}

pub fn any_to_count(tx: &mut Tx) -> Result<bool> {
    Ok(to_count(tx)?.is_some())
}

/// Counts one quarter, some people in each unit of work, so that nobody waits for it.
pub async fn count(app: App) -> Result<usize> {
    let Some(quarter) = app.read(to_count).await? else { return Ok(0) };
    let (from, until) = (begins(quarter)?, begins(quarter.checked_add(3.months())?)?);
    let (mut people, mut sums, mut after) = (0, [0; Item::ALL.len()], PersonId(uuid::Uuid::nil()));
    loop {
        let answers = app.read(move |tx| opened(tx, from, until, after)).await?;
        let Some(last) = answers.last().map(|(person, _)| *person) else { break };
        after = last;
        for said in answers.into_iter().filter_map(|(_, said)| said) {
            people += 1;
            for (sum, item) in sums.iter_mut().zip(Item::ALL) {
                *sum += said.level(*item).number();
            }
        }
    }
    let sum = |item: Item| (people >= FLOOR).then(|| sums[item as usize]);
    let counted = Quarter {
        begins_on: quarter.to_string(),
        people: (people >= FLOOR).then_some(people),
        goal: sum(Item::Goal),
        task: sum(Item::Task),
        bond: sum(Item::Bond),
        voice: sum(Item::Voice),
    };
    app.write(move |tx| sql::insert_quarter(tx, &counted)).await?;
    Ok(1)
}

/// What some people answered last, in the order of their ids; nothing where the key is destroyed.
fn opened(tx: &mut Tx, from: Timestamp, until: Timestamp, after: PersonId) -> Result<Vec<(PersonId, Option<Said>)>> {
    let rows = sql::last_of_each(tx, from, until, after, AT_ONCE)?;
    let ring = seal::ring(tx, &rows.iter().map(|row| row.key).collect::<Vec<_>>())?;
    let open = |Keyed { person, key, words }| {
        let said = ring.text(key, &words)?.map(|text| serde_json::from_str(&text)).transpose()?;
        Ok((person, said))
    };
    rows.into_iter().map(open).collect()
}

pub fn quarters(tx: &mut Tx) -> Result<Vec<Quarter>> {
    sql::quarters(tx)
}
