//! What people do with their record: say a level and what shows it, ask a partner whether they see it so too, decide what
//! stands, show it, and look at how far it is to where they want to be.

use super::aims::Aim;
use super::gaps::Gap;
use super::record::{
    AimId, Answer, Confirmation, ConfirmationDeed, ConfirmationId, ConfirmationState, Deed, Evidence, Level, MOST_AIMS, MOST_ASKED,
    MOST_LEVELS, MOST_SKILLS, Question, Recorded, RecordedId, Said, SaidLevel, SealedSkill, Settled,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::feedback::{Pin, PinKind, pins};
use crate::goals::{Brief, GoalId, GoalState, verbs as goals};
use crate::notices::{self, tell};
use crate::people::Chip;
use crate::relationships::{self, Relationship, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId};
use crate::skills::{self, Graph, Word};
use crate::slices::OTHERS_SEE;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::List;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(super) const ASKED: &str = "skill confirmation asked";
pub(super) const ANSWERED: &str = "skill confirmation answered";

/// Goals whose skills the gap map shows.
const MOST_GOALS: usize = 20;

// Levels.

/// What somebody says of themselves: how far, and what shows it.
#[derive(Debug, Clone)]
pub struct Saying {
    pub level: Level,
    pub words: String,
    pub link: Option<String>,
    pub pin: Option<Pin>,
    /// The same twice is one.
    pub nonce: String,
}

/// Says a level of a skill, by any of its words. A skill that is in the record already gets a further level.
pub fn say(tx: &mut Tx, viewer: &Viewer, skill: &Word, saying: &Saying) -> Result<RecordedId> {
    let evidence = evidence(tx, viewer, saying)?;
    let id = skills::verbs::adopt(tx, std::slice::from_ref(skill))?.pop().ok_or(Error::NotFound)?;
    let graph = skills::graph_here(tx)?;
    let all = own(tx, viewer)?;
    let recorded = match all.iter().find(|one| same(&graph, &one.skill, &id)) {
        Some(there) => {
            must_have_room(there)?;
            there.id
        }
        None if all.len() >= MOST_SKILLS => {
            return Err(refused!("too_many_skills"; "Your record has {MOST_SKILLS} skills, which is the most. Please take one out first."));
        }
        None => {
            let (recorded, key) = (tx.new_id(), own_key(tx, viewer.person)?);
            let words = seal::seal(tx, key, &id)?;
            sql::insert_skill(tx, recorded, viewer.person, &words)?;
            recorded
        }
    };
    put_level(tx, viewer, recorded, viewer.person, &SaidLevel { level: saying.level, evidence }, &saying.nonce)?;
    Ok(recorded)
}

/// Says a further level of a skill that is in the record.
pub fn say_again(tx: &mut Tx, viewer: &Viewer, id: RecordedId, saying: &Saying) -> Result<()> {
    let recorded = open(tx, viewer, id, Deed::Change)?;
    let evidence = evidence(tx, viewer, saying)?;
    must_have_room(&recorded)?;
    put_level(tx, viewer, id, viewer.person, &SaidLevel { level: saying.level, evidence }, &saying.nonce)
}

fn must_have_room(recorded: &Recorded) -> Result<()> {
    match recorded.levels.len() {
        MOST_LEVELS.. => Err(refused!("too_many_levels"; "You have said {MOST_LEVELS} levels of this skill, which is the most.")),
        _ => Ok(()),
    }
}

fn evidence(tx: &mut Tx, viewer: &Viewer, saying: &Saying) -> Result<Evidence> {
    let pin = match saying.pin {
        Some(pin) if pin.kind != PinKind::Decision => {
            let words = pins::of_own(tx, viewer, pin)?
                .ok_or_else(|| refused!("pin"; "That is not there any more. Please choose another, or none."))?;
            Some((pin.to_string(), words))
        }
        _ => None,
    };
    let evidence = Evidence { words: saying.words.clone(), link: saying.link.clone(), pin };
    evidence.must_show_something()?;
    Ok(evidence)
}

/// `by`: whose view it is; what the owner makes of it is theirs to say.
fn put_level(tx: &mut Tx, viewer: &Viewer, id: RecordedId, by: PersonId, said: &SaidLevel, nonce: &str) -> Result<()> {
    let key = own_key(tx, viewer.person)?;
    let words = seal::seal(tx, key, &serde_json::to_string(said)?)?;
    if sql::insert_level(tx, id, by, &words, nonce)? {
        let now_shown = open(tx, viewer, id, Deed::See)?;
        // What nobody has seen yet is not shown to everybody.
        if now_shown.shown_at.is_some() && !now_shown.is_confirmed() {
            sql::save_shown(tx, id, None)?;
        }
        tx.record(Happening::of("skill level said", id).by(viewer).touching([viewer.person]))?;
    }
    Ok(())
}

pub fn delete(tx: &mut Tx, viewer: &Viewer, id: RecordedId) -> Result<()> {
    let recorded = open(tx, viewer, id, Deed::Delete)?;
    let asked = recorded.confirmations.iter().map(|c| c.partner);
    sql::delete_skill(tx, id)?;
    tx.record(Happening::of("skill record deleted", id).by(viewer).touching(std::iter::once(viewer.person).chain(asked)))
}

/// Shows it on the profile, or not any more.
pub fn show(tx: &mut Tx, viewer: &Viewer, id: RecordedId, shown: bool) -> Result<()> {
    let recorded = open(tx, viewer, id, Deed::Show)?;
    if shown {
        recorded.may_be_shown()?;
    }
    let now = tx.now();
    sql::save_shown(tx, id, shown.then_some(now))?;
    tx.record(Happening::of("skill record shown", id).by(viewer).touching([viewer.person]))
}

// Reading.

fn own_key(tx: &mut Tx, person: PersonId) -> Result<KeyId> {
    let there = sql::key(tx, person)?;
    seal::key_kept(tx, there, |tx, key| sql::insert_key(tx, person, key))
}

/// Whether two ids are the same skill now: a place's own word may have become another since.
pub fn same(graph: &Graph, one: &str, other: &str) -> bool {
    one == other || matches!((graph.by_id(one), graph.by_id(other)), (Some(one), Some(other)) if one.id == other.id)
}

/// All of somebody's record, in the order in which it was begun.
pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Recorded>> {
    let rows = sql::skills(tx, viewer.person)?;
    opened(tx, viewer.person, rows)
}

fn opened(tx: &mut Tx, person: PersonId, rows: Vec<SealedSkill>) -> Result<Vec<Recorded>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let Some(key) = sql::key(tx, person)? else { return Ok(Vec::new()) };
    let ring = seal::ring(tx, &[key])?;
    let list = List::of(rows.iter().map(|row| row.id))?;
    let mut levels: HashMap<RecordedId, Vec<Said>> = HashMap::new();
    for row in sql::levels(tx, &list)? {
        let Some(text) = ring.text(key, &row.words)? else { continue };
        let SaidLevel { level, evidence } = serde_json::from_str(&text)?;
        levels.entry(row.recorded).or_default().push(Said { id: row.id, by: row.by, at: row.at, level, evidence });
    }
    let mut confirmations: HashMap<RecordedId, Vec<Confirmation>> = HashMap::new();
    for one in sql::confirmations(tx, &list)? {
        confirmations.entry(one.recorded).or_default().push(one);
    }
    let mut all = Vec::with_capacity(rows.len());
    for SealedSkill { id, person, words, made_at, shown_at } in rows {
        let Some(skill) = ring.text(key, &words)? else { continue };
        let levels = levels.remove(&id).unwrap_or_default();
        all.push(Recorded { id, person, skill, made_at, shown_at, levels, confirmations: confirmations.remove(&id).unwrap_or_default() });
    }
    Ok(all)
}

/// One that this viewer may do this with; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: RecordedId, deed: Deed) -> Result<Recorded> {
    let row = sql::skill(tx, id)?.filter(|row| viewer.is(row.person)).ok_or(Error::NotFound)?;
    let recorded = opened(tx, viewer.person, vec![row])?.pop().ok_or(Error::NotFound)?;
    if recorded.allows(viewer, deed) { Ok(recorded) } else { Err(Error::NotFound) }
}

/// Somebody who can be asked: where, who, and what they are called.
pub struct Askable {
    pub relationship: RelationshipId,
    pub person: PersonId,
    pub name: String,
    pub what: String,
}

/// What the page of one skill shows.
pub struct Whole {
    pub recorded: Recorded,
    pub graph: Arc<Graph>,
    /// Everybody who said or is asked something.
    pub people: Vec<Chip>,
    pub answers: HashMap<ConfirmationId, Answer>,
    /// Whom the owner may ask about the present level.
    pub askable: Vec<Askable>,
    /// What others see, where that was released.
    pub others: Vec<String>,
}

impl Whole {
    pub fn called(&self, person: PersonId) -> &str {
        self.people.iter().find(|chip| chip.id == person).map_or("somebody", Chip::first_name)
    }
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RecordedId) -> Result<Whole> {
    let recorded = open(tx, viewer, id, Deed::See)?;
    let graph = skills::graph_here(tx)?;
    let mut ids: Vec<PersonId> = recorded
        .levels
        .iter()
        .map(|said| said.by)
        .chain(recorded.confirmations.iter().map(|c| c.partner))
        .filter(|p| !viewer.is(*p))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let people = partners::called_all(tx, &ids)?;
    let answers = answers(tx, &recorded.confirmations)?.into_iter().filter_map(|(id, (_, answer))| Some((id, answer?))).collect();
    let now = recorded.now().map(|said| said.id);
    let asked: Vec<PersonId> = recorded.confirmations.iter().filter(|c| Some(c.level_id) == now).map(|c| c.partner).collect();
    let seen = recorded.confirmed_by();
    let askable = askable(tx, viewer)?.into_iter().filter(|one| !asked.contains(&one.person) && !seen.contains(&one.person)).collect();
    let others = seen_by_others(tx, viewer, &graph)?.remove(&canonical(&graph, &recorded.skill)).unwrap_or_default();
    Ok(Whole { recorded, graph, people, answers, askable, others })
}

fn askable(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Askable>> {
    let mut people: Vec<Askable> = Vec::new();
    let live: Vec<RelationshipId> =
        partners::mine(tx, viewer)?.iter().filter(|r| r.offers(viewer, relationships::Deed::TakePart)).map(|r| r.id).take(12).collect();
    for id in live {
        let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
        for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
            if !people.iter().any(|known| known.person == chip.id) {
                people.push(Askable { relationship: id, person: chip.id, name: chip.first_name().to_owned(), what: company.title(viewer) });
            }
        }
    }
    Ok(people)
}

type Words = (Question, Option<Answer>);

/// What was asked and what was answered, as far as it is not forgotten.
fn answers(tx: &mut Tx, all: &[Confirmation]) -> Result<HashMap<ConfirmationId, Words>> {
    if all.is_empty() {
        return Ok(HashMap::new());
    }
    let mut keys: Vec<KeyId> = all.iter().map(|c| c.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let ring = seal::ring(tx, &keys)?;
    let key_of: HashMap<ConfirmationId, KeyId> = all.iter().map(|c| (c.id, c.key)).collect();
    let mut words = HashMap::new();
    for row in sql::confirmation_words(tx, &List::of(all.iter().map(|c| c.id))?)? {
        let Some(key) = key_of.get(&row.id) else { continue };
        let Some(question) = ring.text(*key, &row.words)? else { continue };
        let answer = row.answer.as_ref().map(|answer| ring.text(*key, answer)).transpose()?.flatten();
        let answer = answer.map(|text| serde_json::from_str(&text)).transpose()?;
        words.insert(row.id, (serde_json::from_str(&question)?, answer));
    }
    Ok(words)
}

// Asking a partner.

/// Asks a partner whether they see the present level so too. They read the skill, the level and its evidence, and nothing
/// else of the record.
pub fn ask(tx: &mut Tx, viewer: &Viewer, id: RecordedId, relationship: RelationshipId, partner: PersonId) -> Result<ConfirmationId> {
    let recorded = open(tx, viewer, id, Deed::AskPartner)?;
    let said = recorded.now().cloned().ok_or(Error::NotFound)?;
    let with = partners::open(tx, viewer, relationship, relationships::Deed::TakePart)?;
    with.must_offer(viewer, relationships::Deed::TakePart)?;
    let partner = with.others(viewer).find(|other| *other == partner).ok_or(Error::NotFound)?;
    if let Some(there) = recorded.confirmations.iter().find(|c| c.level_id == said.id && c.partner == partner) {
        return Ok(there.id);
    }
    let open = own(tx, viewer)?.iter().flat_map(|one| &one.confirmations).filter(|c| c.state == ConfirmationState::Asked).count();
    if open >= MOST_ASKED {
        return Err(refused!("too_many_asked"; "{open} of your questions wait for an answer already. Take one back, or wait for one."));
    }
    let graph = skills::graph_here(tx)?;
    let question = Question {
        skill: skill_name(&graph, &recorded.skill),
        level: said.level,
        words: said.evidence.words.clone(),
        link: said.evidence.link.clone(),
    };
    let confirmation = Confirmation {
        id: tx.new_id(),
        person: viewer.person,
        recorded: id,
        level_id: said.id,
        relationship,
        partner,
        key: with.key,
        state: ConfirmationState::Asked,
        asked_at: tx.now(),
        answered_at: None,
        settled: None,
        settled_at: None,
    };
    let words = seal::seal(tx, with.key, &serde_json::to_string(&question)?)?;
    if !sql::insert_confirmation(tx, &confirmation, &words)? {
        return Err(too_late!("They were asked about this a moment before."));
    }
    tell(tx, partner, ASKED, confirmation.id)?;
    happened(tx, "skill confirmation asked for", &confirmation, viewer)?;
    Ok(confirmation.id)
}

pub fn skill_name(graph: &Graph, id: &str) -> String {
    graph.by_id(id).map_or_else(|| id.to_owned(), |skill| skill.name.to_string())
}

fn open_confirmation(tx: &mut Tx, viewer: &Viewer, id: ConfirmationId, deed: ConfirmationDeed) -> Result<(Confirmation, Relationship)> {
    let one = sql::confirmation(tx, id)?.ok_or(Error::NotFound)?;
    let together = partners::find(tx, one.relationship)?;
    if one.allows(&together, viewer, deed) { Ok((one, together)) } else { Err(Error::NotFound) }
}

/// A question about a level, as its owner and the one who is asked see it.
pub struct Asked {
    pub one: Confirmation,
    pub question: Question,
    pub answer: Option<Answer>,
    pub owner: Chip,
    pub partner: Chip,
    /// Where both are; nothing more is said there when it is over.
    pub together: Relationship,
}

impl Asked {
    /// The other side, as this viewer calls them.
    pub fn other(&self, viewer: &Viewer) -> &str {
        if viewer.is(self.one.person) { self.partner.first_name() } else { self.owner.first_name() }
    }
}

pub fn asked(tx: &mut Tx, viewer: &Viewer, id: ConfirmationId) -> Result<Asked> {
    let (one, together) = open_confirmation(tx, viewer, id, ConfirmationDeed::See)?;
    let (question, answer) = answers(tx, std::slice::from_ref(&one))?.remove(&id).ok_or(Error::NotFound)?;
    let (owner, partner) = (partners::called(tx, one.person)?, partners::called(tx, one.partner)?);
    Ok(Asked { one, question, answer, owner, partner, together })
}

/// The partner confirms, says which level they see and why, or would rather not say (`None`).
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: ConfirmationId, seen: Option<Level>, why: &str) -> Result<Confirmation> {
    let (was, together) = open_confirmation(tx, viewer, id, ConfirmationDeed::Answer)?;
    together.must_offer(viewer, relationships::Deed::TakePart)?;
    let (question, _) = answers(tx, std::slice::from_ref(&was))?.remove(&id).ok_or(Error::NotFound)?;
    let is = was.clone().answer(question.level, seen, tx.now())?;
    if is.state == ConfirmationState::Otherwise && why.is_empty() {
        return Err(refused!("no_reason"; "Please say why, in a line. That is what one can learn from."));
    }
    sql::save_confirmation(tx, &was, &is)?;
    if let Some(level) = seen {
        let answer = seal::seal(tx, was.key, &serde_json::to_string(&Answer { level, why: why.to_owned() })?)?;
        sql::save_answer(tx, id, &answer)?;
    }
    notices::verbs::seen(tx, viewer.person, ASKED, id)?;
    tell(tx, is.person, ANSWERED, id)?;
    happened(tx, "skill confirmation given", &is, viewer)?;
    Ok(is)
}

/// The owner decides what stands where a partner sees another level: their view becomes a level of the record, said by
/// them, or it stays as it was.
pub fn settle(tx: &mut Tx, viewer: &Viewer, id: ConfirmationId, how: Settled) -> Result<RecordedId> {
    let (was, _) = open_confirmation(tx, viewer, id, ConfirmationDeed::Settle)?;
    let is = was.clone().settle(how, tx.now())?;
    sql::save_confirmation(tx, &was, &is)?;
    if how == Settled::Taken {
        let recorded = open(tx, viewer, was.recorded, Deed::Change)?;
        must_have_room(&recorded)?;
        let (_, answer) = answers(tx, std::slice::from_ref(&was))?.remove(&id).ok_or(Error::NotFound)?;
        let answer = answer.ok_or(Error::NotFound)?;
        let said = SaidLevel { level: answer.level, evidence: Evidence { words: answer.why, ..Evidence::default() } };
        put_level(tx, viewer, was.recorded, was.partner, &said, &format!("taken {id}"))?;
    }
    notices::verbs::seen(tx, viewer.person, ANSWERED, id)?;
    happened(tx, "skill confirmation settled", &is, viewer)?;
    Ok(is.recorded)
}

/// The owner takes the question back: nothing of it stays.
pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: ConfirmationId) -> Result<RecordedId> {
    let (was, _) = open_confirmation(tx, viewer, id, ConfirmationDeed::Withdraw)?;
    was.must_wait()?;
    sql::delete_confirmation(tx, id)?;
    happened(tx, "skill confirmation taken back", &was, viewer)?;
    Ok(was.recorded)
}

pub fn waiting_in(tx: &mut Tx, viewer: &Viewer, relationship: RelationshipId) -> Result<Vec<Confirmation>> {
    sql::waiting_in(tx, relationship, viewer.person)
}

fn happened(tx: &mut Tx, kind: &'static str, one: &Confirmation, by: &Viewer) -> Result<()> {
    tx.record(Happening::of(kind, one.id).by(by).touching([one.person, one.partner]))
}

// On the profile.

/// A skill that its owner shows, with by how many it was confirmed.
pub struct Shown {
    pub name: String,
    pub level: Level,
    pub confirmed_by: usize,
}

pub fn shown(tx: &mut Tx, person: PersonId) -> Result<Vec<Shown>> {
    let rows = sql::shown(tx, person)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let graph = skills::graph_here(tx)?;
    let all = opened(tx, person, rows)?.into_iter().filter(Recorded::is_confirmed);
    Ok(all
        .filter_map(|one| {
            Some(Shown { name: skill_name(&graph, &one.skill), level: one.now()?.level, confirmed_by: one.confirmed_by().len() })
        })
        .collect())
}

// Where somebody wants to be.

pub fn aims(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(AimId, Aim)>> {
    let rows = sql::aims(tx, viewer.person)?;
    let key = if rows.is_empty() { None } else { sql::key(tx, viewer.person)? };
    let Some(key) = key else { return Ok(Vec::new()) };
    let ring = seal::ring(tx, &[key])?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(text) = ring.text(key, &row.words)? {
            all.push((row.id, serde_json::from_str(&text)?));
        }
    }
    Ok(all)
}

pub fn aim(tx: &mut Tx, viewer: &Viewer, id: AimId) -> Result<Aim> {
    aims(tx, viewer)?.into_iter().find(|(known, _)| *known == id).map(|(_, aim)| aim).ok_or(Error::NotFound)
}

/// Sets an aim, or changes it.
pub fn set_aim(tx: &mut Tx, viewer: &Viewer, id: AimId, name: &str, wanted: &[(Word, Level)]) -> Result<()> {
    let all = aims(tx, viewer)?;
    if !all.iter().any(|(known, _)| *known == id) && all.len() >= MOST_AIMS {
        return Err(refused!("too_many_aims"; "You have {MOST_AIMS} aims, which is the most. Please take one out first."));
    }
    let words: Vec<Word> = wanted.iter().map(|(word, _)| word.clone()).collect();
    let mut skills: Vec<(String, Level)> = Vec::new();
    for (skill, (_, level)) in skills::verbs::adopt(tx, &words)?.into_iter().zip(wanted) {
        if !skills.iter().any(|(known, _)| *known == skill) {
            skills.push((skill, *level));
        }
    }
    if skills.is_empty() {
        return Err(refused!("no_skills"; "Please name at least one skill that it asks."));
    }
    let key = own_key(tx, viewer.person)?;
    let sealed = seal::seal(tx, key, &serde_json::to_string(&Aim { name: name.to_owned(), skills })?)?;
    sql::save_aim(tx, id, viewer.person, &sealed)?;
    tx.record(Happening::of("skill aim set", id).by(viewer).touching([viewer.person]))
}

pub fn delete_aim(tx: &mut Tx, viewer: &Viewer, id: AimId) -> Result<()> {
    aim(tx, viewer, id)?;
    sql::delete_aim(tx, id, viewer.person)?;
    tx.record(Happening::of("skill aim let go", id).by(viewer).touching([viewer.person]))
}

/// For one goal or one aim: from where to where, for each of its skills.
pub struct Stretch {
    pub title: String,
    pub goal: Option<GoalId>,
    pub aim: Option<AimId>,
    pub gaps: Vec<Gap>,
}

fn canonical(graph: &Graph, skill: &str) -> String {
    graph.by_id(skill).map_or_else(|| skill.to_owned(), |known| known.id.to_string())
}

fn seen_by_others(tx: &mut Tx, viewer: &Viewer, graph: &Graph) -> Result<BTreeMap<String, Vec<String>>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in OTHERS_SEE {
        for (skill, words) in part(tx, viewer)? {
            all.entry(canonical(graph, &skill)).or_default().push(words);
        }
    }
    Ok(all)
}

/// What is known of where somebody is, for any number of gaps.
struct Present {
    graph: Arc<Graph>,
    record: HashMap<String, (Level, bool)>,
    others: BTreeMap<String, Vec<String>>,
}

impl Present {
    fn of(tx: &mut Tx, viewer: &Viewer) -> Result<Self> {
        let graph = skills::graph_here(tx)?;
        let record = own(tx, viewer)?;
        let record =
            record.iter().filter_map(|one| Some((canonical(&graph, &one.skill), (one.now()?.level, one.is_confirmed())))).collect();
        let others = seen_by_others(tx, viewer, &graph)?;
        Ok(Self { graph, record, others })
    }
    /// `said`: the level that was said with a goal, for a skill that is not in the record.
    fn gap(&self, skill: &str, said: Option<Level>, wanted: Level) -> Gap {
        let skill = canonical(&self.graph, skill);
        let recorded = self.record.get(&skill).copied();
        Gap {
            name: skill_name(&self.graph, &skill),
            present: recorded.map(|(level, _)| level).or(said),
            is_recorded: recorded.is_some(),
            is_confirmed: recorded.is_some_and(|(_, confirmed)| confirmed),
            wanted,
            others: self.others.get(&skill).cloned().unwrap_or_default(),
            skill,
        }
    }
    fn of_goal(&self, brief: &Brief) -> Stretch {
        let level = |number: i64| u8::try_from(number).ok().and_then(|number| Level::try_from(number).ok());
        let gaps = brief.skills.iter().filter_map(|skill| Some(self.gap(&skill.skill, level(skill.present), level(skill.target)?)));
        Stretch { title: brief.outcome.clone(), goal: Some(brief.id), aim: None, gaps: gaps.collect() }
    }
}

/// For the page of one goal.
pub fn of_goal(tx: &mut Tx, viewer: &Viewer, brief: &Brief) -> Result<Stretch> {
    Ok(Present::of(tx, viewer)?.of_goal(brief))
}

/// From where to where, for the goals that somebody is after and for their aims.
pub fn gap_map(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Stretch>> {
    let present = Present::of(tx, viewer)?;
    let mut stretches = Vec::new();
    for (id, aim) in aims(tx, viewer)? {
        let gaps = aim.skills.iter().map(|(skill, level)| present.gap(skill, None, *level)).collect();
        stretches.push(Stretch { title: aim.name, goal: None, aim: Some(id), gaps });
    }
    let pursued = goals::own(tx, viewer)?.into_iter().filter(|goal| goal.state == GoalState::Set && !goal.skills.is_empty());
    for goal in pursued.take(MOST_GOALS) {
        if let Some(brief) = still_there(goals::brief(tx, viewer, goal.id))? {
            stretches.push(present.of_goal(&brief));
        }
    }
    Ok(stretches)
}

// For the export.

/// What somebody confirmed of others, as far as it is not forgotten.
pub(super) fn confirmed_by(tx: &mut Tx, person: PersonId) -> Result<Vec<(Confirmation, Words)>> {
    let all = sql::confirmations_of_partner(tx, person)?;
    let mut words = answers(tx, &all)?;
    Ok(all.into_iter().filter_map(|one| words.remove(&one.id).map(|words| (one, words))).collect())
}

pub(super) fn everything(tx: &mut Tx, viewer: &Viewer) -> Result<(Vec<Recorded>, HashMap<ConfirmationId, Words>, Arc<Graph>)> {
    let all = own(tx, viewer)?;
    let confirmations: Vec<Confirmation> = all.iter().flat_map(|one| one.confirmations.clone()).collect();
    Ok((all, answers(tx, &confirmations)?, skills::graph_here(tx)?))
}
