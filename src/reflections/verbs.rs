//! What people do with what they write for themselves: write, look again when it comes back, and let a partner read some
//! lines of it.

use super::reflection::{
    Answer, Deed, Draft, LONGEST, Line, MOST, Reflection, ReflectionId, SealedAnswer, SealedLine, SealedReflection, SharedLine, Verdict,
    lines, next_return,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::notices::{self, tell};
use crate::refused;
use crate::relationships::{self, Company, Relationship, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId, Ring};
use crate::viewer::{PersonId, Via, Viewer};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Reflections on one page of the list.
pub const PAGE: i64 = 30;
/// Lines that one page of a relationship shows.
const MOST_SHOWN: i64 = 600;

/// Writes one. What is sent twice from one form is one, and has the words that came last: a browser that never heard the
/// first answer sends it again, perhaps with more written since.
pub fn write(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<ReflectionId> {
    let draft = sound(draft)?;
    if let Some(there) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return written_again(tx, viewer, there, &draft);
    }
    if sql::count(tx, viewer.person, MOST)? >= MOST {
        return Err(
            refused!("too_many_reflections"; "You keep {MOST} reflections here, which is the most. Please take them out and delete some."),
        );
    }
    let key = own_key(tx, viewer.person)?;
    let now = tx.now();
    let reflection = Reflection {
        id: tx.new_id(),
        person: viewer.person,
        model: draft.model,
        texts: draft.texts.clone(),
        written_at: now,
        changed_at: None,
        return_at: next_return(now, now, &viewer.zone).filter(|_| draft.comes_back),
        back_at: None,
    };
    let words = seal::seal(tx, key, &serde_json::to_string(&draft.texts)?)?;
    if !sql::insert(tx, &reflection, &words, &draft.nonce)? {
        let there = sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound)?;
        return written_again(tx, viewer, there, &draft);
    }
    happened(tx, "reflection written", &reflection, viewer)?;
    Ok(reflection.id)
}

/// As many texts as the model has questions, none too long, not all empty.
fn sound(draft: &Draft) -> Result<Draft> {
    let mut texts: Vec<String> = draft.texts.iter().map(|text| text.trim().to_owned()).collect();
    texts.resize(draft.model.parts(), String::new());
    if texts.iter().any(|text| text.chars().count() > LONGEST) {
        return Err(refused!("too_long"; "This is longer than {LONGEST} characters. Please make two of it."));
    }
    if texts.iter().all(String::is_empty) {
        return Err(refused!("nothing_written"; "Please write a line first."));
    }
    Ok(Draft { texts, ..draft.clone() })
}

fn written_again(tx: &mut Tx, viewer: &Viewer, there: SealedReflection, draft: &Draft) -> Result<ReflectionId> {
    let id = there.id;
    let was = opened(tx, viewer.person, vec![there])?.pop().ok_or(Error::NotFound)?;
    if was.model == draft.model && was.texts != draft.texts {
        change(tx, viewer, id, &draft.texts)?;
    }
    Ok(id)
}

/// The key of what somebody writes for themselves, made with the first.
fn own_key(tx: &mut Tx, person: PersonId) -> Result<KeyId> {
    let there = sql::key(tx, person)?;
    seal::key_kept(tx, there, |tx, key| sql::insert_key(tx, person, key))
}

fn ring_of(tx: &mut Tx, person: PersonId) -> Result<(Option<KeyId>, Ring)> {
    let key = sql::key(tx, person)?;
    Ok((key, seal::ring(tx, &key.into_iter().collect::<Vec<_>>())?))
}

fn opened(tx: &mut Tx, person: PersonId, rows: Vec<SealedReflection>) -> Result<Vec<Reflection>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (key, ring) = ring_of(tx, person)?;
    rows.into_iter()
        .map(|row| {
            let text = key.map(|key| ring.text(key, &row.words)).transpose()?.flatten();
            let texts = match text {
                Some(text) => serde_json::from_str(&text)?,
                None => vec!["This was forgotten.".into()],
            };
            let SealedReflection { id, person, model, written_at, changed_at, return_at, back_at, .. } = row;
            Ok(Reflection { id, person, model, texts, written_at, changed_at, return_at, back_at })
        })
        .collect()
}

/// One that the viewer may do this with; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, deed: Deed) -> Result<Reflection> {
    let row = sql::find(tx, id)?.filter(|row| viewer.is(row.person)).ok_or(Error::NotFound)?;
    let reflection = opened(tx, viewer.person, vec![row])?.pop().ok_or(Error::NotFound)?;
    if reflection.allows(viewer, deed) { Ok(reflection) } else { Err(Error::NotFound) }
}

fn answers(tx: &mut Tx, reflection: &Reflection) -> Result<Vec<Answer>> {
    let (key, ring) = ring_of(tx, reflection.person)?;
    let sealed = sql::answers(tx, reflection.id)?;
    sealed.into_iter().map(|answer| answer_of(&ring, key, answer)).collect()
}

fn answer_of(ring: &Ring, key: Option<KeyId>, sealed: SealedAnswer) -> Result<Answer> {
    let words = match (key, &sealed.words) {
        (Some(key), Some(words)) => ring.text(key, words)?,
        _ => None,
    };
    Ok(Answer { at: sealed.at, verdict: sealed.verdict, words: words.unwrap_or_default() })
}

/// Changes what was written. Lines that somebody else reads stay as they are, so those are taken back first.
pub fn change(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, texts: &[String]) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Change)?;
    let draft = sound(&Draft { model: was.model, texts: texts.to_vec(), comes_back: true, nonce: String::new() })?;
    if !sql::lines_of(tx, id)?.is_empty() {
        return Err(
            refused!("shared"; "Some of these lines are shared. Take them back first, or write what changed when this comes back."),
        );
    }
    let key = own_key(tx, viewer.person)?;
    let words = seal::seal(tx, key, &serde_json::to_string(&draft.texts)?)?;
    sql::save_words(tx, id, &words)?;
    happened(tx, "reflection changed", &was, viewer)
}

pub fn delete(tx: &mut Tx, viewer: &Viewer, id: ReflectionId) -> Result<()> {
    let reflection = open(tx, viewer, id, Deed::Delete)?;
    let places = sql::shared_among(tx, &[id])?;
    sql::delete(tx, id)?;
    happened(tx, "reflection deleted", &reflection, viewer)?;
    places.into_iter().try_for_each(|(_, relationship)| wake(tx, viewer, relationship, id))
}

// Coming back.

/// Brings back those whose day has come, and says when each comes next.
pub fn bring_back(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    let now = tx.now();
    for (id, person, written_at) in &due {
        let zone = Viewer::of_person(tx, *person, Via::Errand)?.map_or(TimeZone::UTC, |viewer| viewer.zone);
        if let Some(next) = next_return(*written_at, now, &zone) {
            sql::save_next(tx, *id, next)?;
        }
        if !notices::verbs::waits(tx, *person, RETURNED, *id)? {
            tell(tx, *person, RETURNED, *id)?;
        }
    }
    Ok(due.len())
}
pub(super) const RETURNED: &str = "reflection returned";

/// Whether it is still true; where it changed, with what it is now.
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, verdict: Verdict, words: &str) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Answer)?;
    let is = was.clone().answered(verdict)?;
    if verdict == Verdict::Changed && words.is_empty() {
        return Err(refused!("nothing_written"; "Please write what changed. A line is enough."));
    }
    sql::save_answered(tx, &was, &is)?;
    let sealed = match words {
        "" => None,
        words => {
            let key = own_key(tx, viewer.person)?;
            Some(seal::seal(tx, key, words)?)
        }
    };
    sql::insert_answer(tx, id, verdict, sealed.as_ref())?;
    notices::verbs::seen(tx, viewer.person, RETURNED, id)?;
    happened(tx, "reflection answered", &is, viewer)
}

/// On another day.
pub fn snooze(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, day: Date) -> Result<()> {
    let is = open(tx, viewer, id, Deed::Answer)?.snoozed(day, tx.now(), &viewer.zone)?;
    put(tx, viewer, &is)
}

/// It does not come back any more.
pub fn rest(tx: &mut Tx, viewer: &Viewer, id: ReflectionId) -> Result<()> {
    let is = open(tx, viewer, id, Deed::Answer)?.rests();
    put(tx, viewer, &is)
}

fn put(tx: &mut Tx, viewer: &Viewer, is: &Reflection) -> Result<()> {
    sql::save_return(tx, is.id, is.return_at)?;
    notices::verbs::seen(tx, viewer.person, RETURNED, is.id)?;
    happened(tx, "reflection changed", is, viewer)
}

/// Somebody's own that are back and wait.
pub fn back(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Reflection>> {
    let rows = sql::back(tx, viewer.person)?;
    opened(tx, viewer.person, rows)
}

// Reading one's own.

/// What the list shows.
pub struct Listed {
    pub reflections: Vec<Reflection>,
    pub back: Vec<Reflection>,
    /// With whom lines of each are shared.
    pub shared: HashMap<ReflectionId, Vec<String>>,
    pub more: Option<ReflectionId>,
}

pub fn list(tx: &mut Tx, viewer: &Viewer, before: Option<ReflectionId>) -> Result<Listed> {
    let first = before.is_none();
    let before = before.unwrap_or(ReflectionId(uuid::Uuid::max()));
    let mut rows = sql::page(tx, viewer.person, before, PAGE + 1)?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let more = rows.last().map(|row| row.id).filter(|_| more);
    let reflections = opened(tx, viewer.person, rows)?;
    let places = sql::shared_among(tx, &reflections.iter().map(|r| r.id).collect::<Vec<_>>())?;
    let with = partners::with_whom(tx, viewer, places.iter().map(|(_, relationship)| *relationship))?;
    let mut shared: HashMap<ReflectionId, Vec<String>> = HashMap::new();
    for (id, relationship) in places {
        let name = with.get(&relationship).map_or_else(|| "somebody".to_owned(), |with| with.name.clone());
        shared.entry(id).or_default().push(name);
    }
    let back = if first { back(tx, viewer)? } else { Vec::new() };
    Ok(Listed { reflections, back, shared, more })
}

/// Where lines of a reflection are shared, or could be.
pub struct Place {
    pub company: Company,
    pub lines: Vec<Line>,
}

/// What the page of one shows.
pub struct Whole {
    pub reflection: Reflection,
    pub answers: Vec<Answer>,
    pub shared: Vec<Place>,
    /// Others whom lines could be shared with.
    pub others: Vec<(RelationshipId, String)>,
}

impl Whole {
    pub fn lines(&self) -> Vec<Line> {
        lines(self.reflection.model, &self.reflection.texts, &self.answers)
    }
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: ReflectionId) -> Result<Whole> {
    let reflection = open(tx, viewer, id, Deed::See)?;
    let answers = answers(tx, &reflection)?;
    let mut by_place: BTreeMap<RelationshipId, Vec<SealedLine>> = BTreeMap::new();
    for line in sql::lines_of(tx, id)? {
        by_place.entry(line.relationship).or_default().push(line);
    }
    let mut shared = Vec::new();
    for (relationship, sealed) in by_place {
        // Whoever has left a circle has nothing there any more that others would read.
        let Some(company) = still_there(partners::company(tx, viewer, relationship, relationships::Deed::See))? else { continue };
        let lines = opened_lines(tx, company.relationship.key, sealed)?.into_iter().map(|shared| shared.line).collect();
        shared.push(Place { company, lines });
    }
    let places: Vec<RelationshipId> = partners::mine(tx, viewer)?
        .into_iter()
        .filter(|r| r.offers(viewer, relationships::Deed::TakePart) && !shared.iter().any(|place| place.company.relationship.id == r.id))
        .map(|r| r.id)
        .collect();
    let with = partners::with_whom(tx, viewer, places.iter().copied())?;
    let others = places.into_iter().filter_map(|id| with.get(&id).map(|with| (id, with.name.clone()))).collect();
    Ok(Whole { reflection, answers, shared, others })
}

/// All of somebody's with their answers, the first first: for taking them out.
pub fn everything(tx: &mut Tx, person: PersonId) -> Result<Vec<(Reflection, Vec<Answer>)>> {
    let rows = sql::of_person(tx, person, MOST)?;
    let reflections = opened(tx, person, rows)?;
    let (key, ring) = ring_of(tx, person)?;
    let mut answers: HashMap<ReflectionId, Vec<Answer>> = HashMap::new();
    for (id, at, verdict, words) in sql::answers_of_person(tx, person)? {
        answers.entry(id).or_default().push(answer_of(&ring, key, SealedAnswer { at, verdict, words })?);
    }
    Ok(reflections.into_iter().map(|r| (answers.remove(&r.id).unwrap_or_default(), r)).map(|(a, r)| (r, a)).collect())
}

// Sharing.

/// What the page on which lines are chosen shows.
pub struct Choosing {
    pub reflection: Reflection,
    pub company: Company,
    pub lines: Vec<Line>,
    /// The numbers of those that are shared now.
    pub shared: BTreeSet<i64>,
}

pub fn choosing(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, relationship: RelationshipId) -> Result<Choosing> {
    let reflection = open(tx, viewer, id, Deed::Share)?;
    let company = partners::company(tx, viewer, relationship, relationships::Deed::TakePart)?;
    let answers = answers(tx, &reflection)?;
    let shared = sql::lines_of(tx, id)?.into_iter().filter(|line| line.relationship == relationship).map(|line| line.number).collect();
    Ok(Choosing { lines: lines(reflection.model, &reflection.texts, &answers), reflection, company, shared })
}

/// Lets those in a relationship read exactly these lines: what is new among them is shared, what is not among them is
/// taken back.
pub fn share(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, relationship: RelationshipId, chosen: &BTreeSet<i64>) -> Result<()> {
    let choosing = choosing(tx, viewer, id, relationship)?;
    let (together, now) = (&choosing.company.relationship, tx.now());
    for number in choosing.shared.difference(chosen) {
        sql::delete_line(tx, id, relationship, *number)?;
    }
    let new: Vec<&Line> =
        choosing.lines.iter().filter(|line| chosen.contains(&line.number) && !choosing.shared.contains(&line.number)).collect();
    if !new.is_empty() {
        together.must_offer(viewer, relationships::Deed::TakePart)?;
        let ring = seal::ring(tx, &[together.key])?;
        for line in &new {
            let words = ring.seal(tx, together.key, &serde_json::to_string(line)?)?;
            let sealed = SealedLine { reflection: id, relationship, number: line.number, person: viewer.person, words, shared_at: now };
            sql::insert_line(tx, &sealed)?;
        }
        for person in together.others(viewer) {
            if !notices::verbs::waits(tx, person, SHARED, id)? {
                tell(tx, person, SHARED, id)?;
            }
        }
    }
    wake(tx, viewer, relationship, id)
}
pub(super) const SHARED: &str = "reflection shared";

/// Takes back what was shared there: one line, or all.
pub fn take_back(tx: &mut Tx, viewer: &Viewer, id: ReflectionId, relationship: RelationshipId, number: Option<i64>) -> Result<()> {
    open(tx, viewer, id, Deed::Share)?;
    for line in sql::lines_of(tx, id)? {
        if line.relationship == relationship && number.is_none_or(|number| number == line.number) {
            sql::delete_line(tx, id, relationship, line.number)?;
        }
    }
    wake(tx, viewer, relationship, id)
}

/// What others read of it has changed.
fn wake(tx: &mut Tx, viewer: &Viewer, relationship: RelationshipId, id: ReflectionId) -> Result<()> {
    let people: Vec<PersonId> = partners::find(tx, relationship)?.people().collect();
    tx.record(Happening::of("reflection lines chosen", id).by(viewer).touching(people))
}

/// Opens lines that are sealed under this key; what was destroyed with it is not there.
fn opened_lines(tx: &mut Tx, key: KeyId, sealed: Vec<SealedLine>) -> Result<Vec<SharedLine>> {
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let ring = seal::ring(tx, &[key])?;
    let mut open = Vec::with_capacity(sealed.len());
    for SealedLine { reflection, number, person, words, shared_at, .. } in sealed {
        if let Some(text) = ring.text(key, &words)? {
            let line = Line { number, ..serde_json::from_str(&text)? };
            open.push(SharedLine { reflection, person, shared_at, line });
        }
    }
    Ok(open)
}

/// Lines of one reflection as they are shared.
pub struct Passage {
    pub reflection: ReflectionId,
    pub person: PersonId,
    pub shared_at: chiron_store::Timestamp,
    pub lines: Vec<Line>,
}

/// What is shared in a relationship and this viewer reads, the latest first.
pub fn shared_in(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<(Company, Vec<Passage>)> {
    let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
    let passages = passages(tx, viewer, &company.relationship)?;
    Ok((company, passages))
}

/// The same for whoever has the relationship before them already.
pub fn passages(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Passage>> {
    let sealed = sql::lines_in(tx, together.id, MOST_SHOWN)?;
    let lines = opened_lines(tx, together.key, sealed)?;
    let mut passages: Vec<Passage> = Vec::new();
    for shared in lines.into_iter().filter(|line| line.is_read_by(together, viewer)) {
        match passages.last_mut().filter(|passage| passage.reflection == shared.reflection) {
            Some(passage) => {
                passage.shared_at = passage.shared_at.max(shared.shared_at);
                passage.lines.push(shared.line);
            }
            None => passages.push(Passage {
                reflection: shared.reflection,
                person: shared.person,
                shared_at: shared.shared_at,
                lines: vec![shared.line],
            }),
        }
    }
    passages.sort_by_key(|passage| std::cmp::Reverse(passage.shared_at));
    Ok(passages)
}

/// Lines of a reflection that somebody else shares with this viewer, and where; for the notice.
pub(super) fn shared_with(tx: &mut Tx, viewer: &Viewer, id: ReflectionId) -> Result<Option<(Company, Passage)>> {
    let places: BTreeSet<RelationshipId> = sql::lines_of(tx, id)?.into_iter().map(|line| line.relationship).collect();
    for place in places {
        if let Some((company, passages)) = still_there(shared_in(tx, viewer, place))?
            && let Some(passage) = passages.into_iter().find(|p| p.reflection == id && !viewer.is(p.person))
        {
            return Ok(Some((company, passage)));
        }
    }
    Ok(None)
}

/// With the key goes what somebody wrote for themselves, and what of it others could read.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    if let Some(key) = sql::key(tx, person)? {
        seal::destroy(tx, key)?;
    }
    sql::forget(tx, person)
}

/// Only its writer learns of it.
fn happened(tx: &mut Tx, kind: &'static str, reflection: &Reflection, viewer: &Viewer) -> Result<()> {
    tx.record(Happening::of(kind, reflection.id).by(viewer).touching([reflection.person]))
}
