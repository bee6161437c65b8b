//! What people do with worksheets: put one together, give it to a partner or to themselves, fill it in, read it and write
//! beside it; and what time asks for.

use super::formula::Letter;
use super::sql;
use super::worksheet::{
    Answers, Assignment, AssignmentId, AssignmentState, Deed, MOST, MOST_WAITING, Notes, PACES, Paper, Part, SealedParts, Worksheet,
    WorksheetDeed, WorksheetId, WorksheetRow,
};
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::notices::{self, tell};
use crate::refused;
use crate::relationships::{self, Company, Relationship, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId};
use crate::viewer::{PersonId, Via, Viewer};
use chiron_store::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap};

pub(super) const GIVEN: &str = "worksheet given";
pub(super) const DUE: &str = "worksheet due";
pub(super) const HANDED_IN: &str = "worksheet handed in";
pub(super) const READ: &str = "worksheet read";

/// How many of the past ones a page shows, and how far back a measure goes.
const SHOWN: i64 = 60;
const FOLLOWED: i64 = 600;
/// Days before the day on which one stands on Today.
const SOON: i64 = 3;

// Putting one together.

/// Begins a worksheet: an empty one, or a copy. Sent twice from one form, it is one.
pub fn begin(tx: &mut Tx, viewer: &Viewer, paper: &Paper, nonce: &str) -> Result<WorksheetId> {
    if let Some(made) = sql::worksheet_by_nonce(tx, viewer.person, nonce)? {
        return Ok(made);
    }
    if sql::count_worksheets(tx, viewer.person, MOST)? >= MOST {
        return Err(refused!("too_many_worksheets"; "You keep {MOST} worksheets, which is the most. Please put some away first."));
    }
    let key = seal::new_key(tx)?;
    let words = seal::seal(tx, key, &serde_json::to_string(paper)?)?;
    let row = WorksheetRow { id: tx.new_id(), owner: viewer.person, key, words, version: 1, made_at: tx.now() };
    if !sql::insert_worksheet(tx, &row, nonce)? {
        return sql::worksheet_by_nonce(tx, viewer.person, nonce)?.ok_or(Error::NotFound);
    }
    tx.record(Happening::of("worksheet made", row.id).by(viewer).touching([viewer.person]))?;
    Ok(row.id)
}

/// Somebody's own; anything else is not there.
pub fn worksheet(tx: &mut Tx, viewer: &Viewer, id: WorksheetId, deed: WorksheetDeed) -> Result<Worksheet> {
    let row = sql::find_worksheet(tx, id)?.ok_or(Error::NotFound)?;
    let worksheet = opened(tx, vec![row])?.pop().ok_or(Error::NotFound)?;
    if worksheet.allows(viewer, deed) { Ok(worksheet) } else { Err(Error::NotFound) }
}

fn opened(tx: &mut Tx, rows: Vec<WorksheetRow>) -> Result<Vec<Worksheet>> {
    let ring = seal::ring(tx, &rows.iter().map(|row| row.key).collect::<Vec<_>>())?;
    let mut all = Vec::with_capacity(rows.len());
    for WorksheetRow { id, owner, key, words, version, made_at } in rows {
        if let Some(text) = ring.text(key, &words)? {
            all.push(Worksheet { id, owner, key, version, made_at, paper: serde_json::from_str(&text)? });
        }
    }
    Ok(all)
}

/// Changes what it says. What was given before stays as it was given.
pub fn change<T>(tx: &mut Tx, viewer: &Viewer, id: WorksheetId, change: impl FnOnce(Paper) -> Result<(Paper, T)>) -> Result<T> {
    let was = worksheet(tx, viewer, id, WorksheetDeed::Change)?;
    let (paper, made) = change(was.paper)?;
    let words = seal::seal(tx, was.key, &serde_json::to_string(&paper)?)?;
    sql::save_worksheet(tx, id, was.version, &words)?;
    tx.record(Happening::of("worksheet changed", id).by(viewer).touching([viewer.person]))?;
    Ok(made)
}

/// Not offered any more; what was given stays.
pub fn put_away(tx: &mut Tx, viewer: &Viewer, id: WorksheetId) -> Result<()> {
    worksheet(tx, viewer, id, WorksheetDeed::Change)?;
    sql::put_away(tx, id)?;
    tx.record(Happening::of("worksheet changed", id).by(viewer).touching([viewer.person]))
}

// Giving one.

/// For whom, by when, and whether again and again.
#[derive(Debug, Clone)]
pub struct Giving {
    /// The relationship with whoever fills it in; `None` for oneself.
    pub to: Option<RelationshipId>,
    pub due_on: Option<Date>,
    pub again_days: Option<i64>,
    /// The same twice is one.
    pub nonce: String,
}

pub fn give(tx: &mut Tx, viewer: &Viewer, id: WorksheetId, giving: &Giving) -> Result<AssignmentId> {
    let worksheet = worksheet(tx, viewer, id, WorksheetDeed::Give)?;
    if !worksheet.paper.asks_anything() {
        return Err(refused!("nothing_asked"; "There is no question on it yet. Please add one first."));
    }
    if giving.again_days.is_some_and(|days| !PACES.contains(&days)) {
        return Err(refused!("again"; "Please choose one of the paces."));
    }
    let filler = match giving.to {
        None => viewer.person,
        Some(to) => {
            let together = pair(tx, viewer, to)?;
            together.others(viewer).next().ok_or(Error::NotFound)?
        }
    };
    put(tx, viewer, &worksheet.paper, id, filler, giving)
}

/// A relationship of two in which work can be given.
fn pair(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Relationship> {
    let together = partners::open(tx, viewer, id, relationships::Deed::TakePart)?;
    together.must_offer(viewer, relationships::Deed::TakePart)?;
    if together.people().count() != 2 {
        return Err(refused!("a_pair"; "A worksheet is given to one other person. Please choose a relationship of two."));
    }
    Ok(together)
}

fn put(tx: &mut Tx, viewer: &Viewer, paper: &Paper, worksheet: WorksheetId, filler: PersonId, giving: &Giving) -> Result<AssignmentId> {
    if let Some(given) = sql::by_nonce(tx, viewer.person, &giving.nonce)? {
        return Ok(given);
    }
    if sql::count_waiting(tx, viewer.person, filler, MOST_WAITING)? >= MOST_WAITING {
        return Err(refused!("too_many_waiting"; "{MOST_WAITING} worksheets wait already, which is enough. Please take one back first."));
    }
    let key = match giving.to {
        Some(to) => partners::find(tx, to)?.key,
        None => seal::new_key(tx)?,
    };
    let zone = zone_of(tx, filler)?;
    let one = Assignment {
        id: tx.new_id(),
        worksheet,
        giver: viewer.person,
        filler,
        relationship: giving.to,
        key,
        state: AssignmentState::Given,
        given_at: tx.now(),
        due_on: None,
        again_days: giving.again_days,
        asks_at: None,
        handed_in_at: None,
        read_at: None,
        version: 1,
    };
    let one = one.due_then(giving.due_on, tx.now(), &zone)?;
    let sealed = seal::seal(tx, key, &serde_json::to_string(paper)?)?;
    if !sql::insert(tx, &one, &sealed, &giving.nonce)? {
        return sql::by_nonce(tx, viewer.person, &giving.nonce)?.ok_or(Error::NotFound);
    }
    if !viewer.is(filler) {
        tell(tx, filler, GIVEN, one.id)?;
    }
    record(tx, "worksheet given", viewer, &one)?;
    Ok(one.id)
}

fn zone_of(tx: &mut Tx, person: PersonId) -> Result<TimeZone> {
    Ok(Viewer::of_person(tx, person, Via::Errand)?.map_or(TimeZone::UTC, |viewer| viewer.zone))
}

fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, one: &Assignment) -> Result<()> {
    tx.record(Happening::of(kind, one.id).by(viewer).touching([one.filler, one.giver]))
}

/// Gives the same once more, as it was.
pub fn give_again(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, due_on: Option<Date>, nonce: &str) -> Result<AssignmentId> {
    let (was, together) = open(tx, viewer, id, Deed::Repeat)?;
    if !was.is_worked_on(together.as_ref()) {
        return Err(refused!("not_together"; "You do not work together any more, so nothing new is given here."));
    }
    let told = told(tx, viewer, vec![was.clone()])?.pop().ok_or(Error::NotFound)?;
    let giving = Giving { to: was.relationship, due_on, again_days: was.again_days, nonce: nonce.to_owned() };
    put(tx, viewer, &told.paper, was.worksheet, was.filler, &giving)
}

pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: AssignmentId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Withdraw)?.0;
    let is = was.clone().withdrawn()?;
    sql::save(tx, &is, &was)?;
    sql::save_answers(tx, id, None)?;
    notices::verbs::seen(tx, was.filler, GIVEN, id)?;
    record(tx, "worksheet withdrawn", viewer, &is)
}

// Filling it in.

/// One that the viewer may do this with, and where it is; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, deed: Deed) -> Result<(Assignment, Option<Relationship>)> {
    let one = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = one.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if one.state == AssignmentState::Withdrawn || !one.allows(together.as_ref(), viewer, deed) {
        return Err(Error::NotFound);
    }
    Ok((one, together))
}

/// Keeps what was answered so far, for whoever fills it in alone.
pub fn keep(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, answers: &Answers) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    if !was.is_open() {
        return Err(crate::too_late!("This is handed in already. Take it back if you want to change it."));
    }
    sql::save(tx, &was, &was)?;
    save_answers(tx, &was, answers)
}

fn save_answers(tx: &mut Tx, one: &Assignment, answers: &Answers) -> Result<()> {
    let sealed = seal::seal(tx, one.key, &serde_json::to_string(answers)?)?;
    sql::save_answers(tx, one.id, Some(&sealed))
}

/// Hands it in: whoever gave it reads it now. Where it comes again by itself, the next is given.
pub fn hand_in(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, answers: &Answers) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    if answers.is_empty() {
        return Err(refused!("nothing_answered"; "Please answer one of the questions first."));
    }
    let is = was.clone().handed_in(tx.now())?;
    sql::save(tx, &is, &was)?;
    save_answers(tx, &is, answers)?;
    notices::verbs::seen(tx, viewer.person, GIVEN, id)?;
    notices::verbs::seen(tx, viewer.person, DUE, id)?;
    if !is.is_own() {
        tell(tx, is.giver, HANDED_IN, id)?;
    }
    record(tx, "worksheet handed in", viewer, &is)?;
    follow_on(tx, &is)
}

/// Gives the next of those that come again by themselves, once.
fn follow_on(tx: &mut Tx, was: &Assignment) -> Result<()> {
    let zone = zone_of(tx, was.filler)?;
    let Some(next) = was.next_day(tx.now(), &zone) else { return Ok(()) };
    let together = was.relationship.map(|id| partners::find(tx, id)).transpose()?;
    let Some(giver) = Viewer::of_person(tx, was.giver, Via::Errand)?.filter(|_| was.is_worked_on(together.as_ref())) else {
        return Ok(());
    };
    let told = told(tx, &giver, vec![was.clone()])?.pop().ok_or(Error::NotFound)?;
    let giving = Giving { to: was.relationship, due_on: Some(next), again_days: was.again_days, nonce: format!("after {} {next}", was.id) };
    put(tx, &giver, &told.paper, was.worksheet, was.filler, &giving).map(|_| ())
}

/// Takes back what was handed in, to change it, until somebody has written beside it.
pub fn take_back(tx: &mut Tx, viewer: &Viewer, id: AssignmentId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    let is = was.clone().taken_back()?;
    sql::save(tx, &is, &was)?;
    notices::verbs::seen(tx, was.giver, HANDED_IN, id)?;
    record(tx, "worksheet taken back", viewer, &is)
}

/// Not now: nobody reminds, and nothing comes again by itself.
pub fn set_aside(tx: &mut Tx, viewer: &Viewer, id: AssignmentId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    let is = Assignment { again_days: None, ..was.clone().set_aside()? };
    sql::save(tx, &is, &was)?;
    notices::verbs::seen(tx, viewer.person, GIVEN, id)?;
    notices::verbs::seen(tx, viewer.person, DUE, id)?;
    record(tx, "worksheet set aside", viewer, &is)
}
pub fn take_up(tx: &mut Tx, viewer: &Viewer, id: AssignmentId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    let is = was.clone().taken_up()?;
    sql::save(tx, &is, &was)?;
    record(tx, "worksheet taken up", viewer, &is)
}

/// By when: the day is whoever's who fills it in.
pub fn choose_day(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, day: Option<Date>) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Fill)?.0;
    let is = was.clone().due_then(day, tx.now(), &viewer.zone)?;
    sql::save(tx, &is, &was)?;
    notices::verbs::seen(tx, viewer.person, DUE, id)?;
    record(tx, "worksheet put off", viewer, &is)
}

/// Writes beside the answers; again, it is written anew.
pub fn annotate(tx: &mut Tx, viewer: &Viewer, id: AssignmentId, notes: &Notes) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Annotate)?.0;
    let is = was.clone().read(tx.now())?;
    sql::save(tx, &is, &was)?;
    let sealed = seal::seal(tx, is.key, &serde_json::to_string(notes)?)?;
    sql::save_notes(tx, id, &sealed)?;
    notices::verbs::seen(tx, viewer.person, HANDED_IN, id)?;
    if !notices::verbs::waits(tx, is.filler, READ, id)? {
        tell(tx, is.filler, READ, id)?;
    }
    record(tx, "worksheet read", viewer, &is)
}

/// Reminds those whose day has come: on its morning, once more three days later, and then no more. While two are on a
/// break, nobody is reminded.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for (id, filler) in &due {
        let Some(was) = sql::find(tx, *id)?.filter(Assignment::is_open) else { continue };
        let together = was.relationship.map(|id| partners::find(tx, id)).transpose()?;
        if !was.is_worked_on(together.as_ref()) {
            continue;
        }
        let is = was.clone().reminded(tx.now(), &zone_of(tx, *filler)?);
        sql::save(tx, &is, &was)?;
        let rests = together.is_some_and(|together| together.state == relationships::RelationshipState::Paused);
        if !rests && !notices::verbs::waits(tx, *filler, DUE, *id)? {
            tell(tx, *filler, DUE, *id)?;
        }
    }
    Ok(due.len())
}

// Reading.

/// A worksheet that was given, with its words, as one viewer may read it.
#[derive(Debug, Clone)]
pub struct Told {
    pub one: Assignment,
    pub paper: Paper,
    /// None while they are its filler's alone.
    pub answers: Answers,
    pub notes: Notes,
}

fn told(tx: &mut Tx, viewer: &Viewer, all: Vec<Assignment>) -> Result<Vec<Told>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ring = seal::ring(tx, &all.iter().map(|one| one.key).collect::<Vec<_>>())?;
    let ids: Vec<AssignmentId> = all.iter().map(|one| one.id).collect();
    let mut parts: HashMap<AssignmentId, SealedParts> = sql::parts(tx, &ids)?.into_iter().map(|parts| (parts.id, parts)).collect();
    let mut told = Vec::with_capacity(all.len());
    for one in all {
        let sealed = parts.remove(&one.id).ok_or(Error::NotFound)?;
        let text = |sealed: &Option<_>, key: KeyId| sealed.as_ref().map(|sealed| ring.text(key, sealed)).transpose().map(Option::flatten);
        let Some(paper) = ring.text(one.key, &sealed.paper)? else { continue };
        let answers = text(&sealed.answers.filter(|_| one.shows_answers_to(viewer)), one.key)?;
        let notes = text(&sealed.notes, one.key)?;
        told.push(Told {
            paper: serde_json::from_str(&paper)?,
            answers: answers.map_or_else(|| Ok(Answers::new()), |text| serde_json::from_str(&text))?,
            notes: notes.map_or_else(|| Ok(Notes::default()), |text| serde_json::from_str(&text))?,
            one,
        });
    }
    Ok(told)
}

/// One with those it is between.
pub fn read(tx: &mut Tx, viewer: &Viewer, id: AssignmentId) -> Result<(Told, Option<Company>)> {
    let one = open(tx, viewer, id, Deed::See)?.0;
    let company = match one.relationship {
        Some(id) => still_there(partners::company(tx, viewer, id, relationships::Deed::See))?,
        None => None,
    };
    Ok((told(tx, viewer, vec![one])?.pop().ok_or(Error::NotFound)?, company))
}

/// What the list shows.
pub struct Shelf {
    pub worksheets: Vec<Worksheet>,
    /// Those that the viewer fills in, the latest first.
    pub mine: Vec<Told>,
    pub with: HashMap<RelationshipId, String>,
}

pub fn shelf(tx: &mut Tx, viewer: &Viewer) -> Result<Shelf> {
    let rows = sql::worksheets_of(tx, viewer.person, MOST)?;
    let worksheets = opened(tx, rows)?;
    let mine = sql::of_filler(tx, viewer.person, SHOWN)?;
    let with = partners::with_whom(tx, viewer, mine.iter().filter_map(|one| one.relationship))?;
    let mine = told(tx, viewer, mine)?;
    Ok(Shelf { worksheets, mine, with: with.into_iter().map(|(id, with)| (id, with.name)).collect() })
}

/// What was given in a relationship, as far as this viewer sees it.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Told>> {
    let mut all = sql::of_relationship(tx, together.id, FOLLOWED)?;
    all.retain(|one| one.allows(Some(together), viewer, Deed::See));
    told(tx, viewer, all)
}

/// What waits in a relationship: for the viewer to fill in, or to read.
pub fn waiting_in(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Told>> {
    let mut all = sql::open_in(tx, together.id)?;
    all.retain(|one| one.allows(Some(together), viewer, if one.is_open() { Deed::Fill } else { Deed::Annotate }));
    told(tx, viewer, all)
}

/// What is due for somebody within [`SOON`] days, or was.
pub fn due_soon(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let soon = tx.now().in_zone(&viewer.zone).date().checked_add(SOON.days())?;
    let all = sql::waiting(tx, viewer.person, &soon.to_string())?;
    told(tx, viewer, all)
}

/// A number that is followed from one time to the next.
#[derive(Debug, Clone)]
pub struct Followed {
    pub title: String,
    pub part: Part,
    /// Whose numbers, and where they are read.
    pub filler: PersonId,
    pub relationship: Option<RelationshipId>,
    /// The first first.
    pub points: Vec<(Timestamp, f64)>,
}

/// What is followed on all that were handed in, each question of each worksheet and each person by itself.
pub fn followed(all: &[Told]) -> Vec<Followed> {
    let mut lines: BTreeMap<(WorksheetId, PersonId, Option<RelationshipId>, Letter), Followed> = BTreeMap::new();
    // The latest first, so that words are those it has now.
    for told in all {
        let Some(at) = told.one.handed_in_at else { continue };
        for part in told.paper.parts.iter().filter(|part| part.measured && part.kind.is_number()) {
            let Ok(number) = told.paper.number(part.letter, &told.answers) else { continue };
            let place = (told.one.worksheet, told.one.filler, told.one.relationship, part.letter);
            let line = lines.entry(place).or_insert_with(|| Followed {
                title: told.paper.title.clone(),
                part: part.clone(),
                filler: told.one.filler,
                relationship: told.one.relationship,
                points: Vec::new(),
            });
            line.points.push((at, number));
        }
    }
    let mut lines: Vec<Followed> = lines.into_values().collect();
    lines.iter_mut().for_each(|line| line.points.reverse());
    lines
}

/// What is followed of somebody, for their page of what changed.
pub fn followed_of(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Followed>> {
    let all = sql::of_filler(tx, viewer.person, FOLLOWED)?;
    let told = told(tx, viewer, all.into_iter().filter(|one| one.handed_in_at.is_some()).collect())?;
    Ok(followed(&told))
}

/// All that somebody made, filled in and wrote beside, for their export.
pub(super) fn everything(tx: &mut Tx, viewer: &Viewer) -> Result<(Vec<Worksheet>, Vec<Told>, Vec<Told>)> {
    let rows = sql::worksheets_of(tx, viewer.person, MOST)?;
    let (filled, given) = (sql::of_filler(tx, viewer.person, 10_000)?, sql::of_giver(tx, viewer.person, 10_000)?);
    Ok((opened(tx, rows)?, told(tx, viewer, filled)?, told(tx, viewer, given)?))
}
