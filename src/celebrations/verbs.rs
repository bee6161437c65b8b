//! What brings a celebration, and what people do with wins: write a note, keep one by hand, share one, take one down.

use super::sql;
use super::win::{Deed, MOST_WINS, Source, Win, WinId, Words};
use crate::app::{Happening, Tx};
use crate::attainment::{self, Standing};
use crate::error::{Error, Result, still_there};
use crate::goals::GoalId;
use crate::notices::{self, tell};
use crate::plans::{self, ItemId, ItemState};
use crate::refused;
use crate::relationships::{self, Company, Kind, Relationship, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId};
use crate::viewer::{PersonId, Via, Viewer};
use uuid::Uuid;

pub(super) const NOTE_WANTED: &str = "note wanted";
pub(super) const NOTE_GIVEN: &str = "note given";
pub(super) const SHARED: &str = "win shared";

// What brings one: evidence, and nothing else.

/// A milestone was reached, with what shows it.
pub fn follow_milestone(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some(owner) = acting(tx, happening)? else { return Ok(()) };
    let (whole, item) = plans::verbs::read_item(tx, &owner, ItemId(happening.subject))?;
    let Some(outcome) = item.outcome.filter(|_| item.state == ItemState::Done) else { return Ok(()) };
    let words = Words { title: item.words.title, shown_by: outcome.words, link: outcome.link };
    let together = whole.company.map(|company| company.relationship);
    celebrate(tx, &owner, Source::Milestone, (happening.subject, whole.plan.id.into()), &words, together.as_ref())
}

/// It was said too early. Where somebody has written a note to it, it stays, and its owner decides.
pub fn follow_reopening(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some(owner) = acting(tx, happening)? else { return Ok(()) };
    match sql::of_source(tx, owner.person, Source::Milestone, happening.subject)? {
        Some(win) if win.note_at.is_none() && win.taken_down_at.is_none() => {
            sql::delete(tx, win.id)?;
            record(tx, "win taken down", &owner, &win)
        }
        _ => Ok(()),
    }
}

/// Two agreed how far a goal has come: on every one of its scales at least as far as expected. Once for each laying down of
/// its levels.
pub fn follow_rating(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some(viewer) = acting(tx, happening)? else { return Ok(()) };
    let Some(measured) = attainment::verbs::of_goal(tx, &viewer, GoalId(happening.subject))? else { return Ok(()) };
    let Some(rating) = measured.rating_now().filter(|rating| rating.standing() == Standing::Agreed) else { return Ok(()) };
    let all_there = rating.counted().all(|(_, level)| level.number() >= 0);
    let Some(first) = rating.levels.first().map(|said| said.scale).filter(|_| all_there) else { return Ok(()) };
    let lines: Vec<String> = measured
        .scales_now()
        .filter_map(|scale| rating.level_of(scale.id).map(|level| format!("{}: {} {}", scale.words.title, level.sign(), scale.at(level))))
        .collect();
    let Some(owner) = Viewer::of_person(tx, measured.attainment.owner, Via::Errand)? else { return Ok(()) };
    let together = rating.relationship.map(|id| partners::find(tx, id)).transpose()?;
    let words = Words { title: measured.outcome.clone(), shown_by: lines.join("\n\n"), link: None };
    celebrate(tx, &owner, Source::Rating, (first.0, happening.subject), &words, together.as_ref())
}

/// Whoever did it.
fn acting(tx: &mut Tx, happening: &Happening) -> Result<Option<Viewer>> {
    happening.by.map(|person| Viewer::of_person(tx, person, Via::Errand)).transpose().map(Option::flatten)
}

/// Puts it on the wall, and asks whoever was beside them for a note, unless either wishes it quiet.
fn celebrate(
    tx: &mut Tx,
    owner: &Viewer,
    source: Source,
    (source_id, from): (Uuid, Uuid),
    words: &Words,
    together: Option<&Relationship>,
) -> Result<()> {
    if sql::count(tx, owner.person)? >= MOST_WINS {
        return Ok(());
    }
    let (key, quiet) = wall(tx, owner.person)?;
    let together = together.filter(|together| together.kind != Kind::Circle && together.offers(owner, relationships::Deed::TakePart));
    let asked = together.and_then(|together| together.other(owner)).map(|party| party.person).filter(|_| !quiet);
    let win = Win {
        id: tx.new_id(),
        owner: owner.person,
        source,
        from: Some(from),
        words: Some(seal::seal(tx, key, &serde_json::to_string(words)?)?),
        won_at: tx.now(),
        relationship: together.map(|together| together.id).filter(|_| asked.is_some()),
        asked,
        note_key: None,
        note: None,
        note_at: None,
        shared_with: None,
        taken_down_at: None,
    };
    if !sql::insert(tx, &win, source_id, &win.id.to_string())? {
        return Ok(());
    }
    if let Some(partner) = asked
        && !is_quiet(tx, partner)?
    {
        tell(tx, partner, NOTE_WANTED, win.id)?;
    }
    record(tx, "win kept", owner, &win)
}

/// The key of somebody's wall, begun now if there is none yet, and whether it is quiet.
fn wall(tx: &mut Tx, person: PersonId) -> Result<(KeyId, bool)> {
    if let Some(wall) = sql::wall(tx, person)? {
        return Ok((wall.key, wall.quiet_since.is_some()));
    }
    let key = seal::new_key(tx)?;
    sql::insert_wall(tx, person, key)?;
    Ok((key, false))
}

pub(super) fn is_quiet(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(sql::wall(tx, person)?.is_some_and(|wall| wall.quiet_since.is_some()))
}

// What people do.

/// Nobody is told of what this person reaches, and they are asked for no notes; or they are again. The wall fills all the same.
pub fn set_quiet(tx: &mut Tx, viewer: &Viewer, quiet: bool) -> Result<()> {
    let (_, was) = wall(tx, viewer.person)?;
    if was == quiet {
        return Ok(());
    }
    let since = quiet.then(|| tx.now());
    sql::save_quiet(tx, viewer.person, since)?;
    tx.record(Happening::of("celebrations hushed", viewer.person).by(viewer).touching([viewer.person]))
}

/// Whoever was beside them writes a note, once.
pub fn give_note(tx: &mut Tx, viewer: &Viewer, id: WinId, note: &str) -> Result<()> {
    let Found { win, together, .. } = open(tx, viewer, id, Deed::Note)?;
    win.must_wait(together.as_ref())?;
    let key = together.as_ref().ok_or(Error::NotFound)?.key;
    let sealed = seal::seal(tx, key, note)?;
    sql::save_note(tx, id, key, &sealed)?;
    notices::verbs::seen(tx, viewer.person, NOTE_WANTED, id)?;
    if !is_quiet(tx, win.owner)? {
        tell(tx, win.owner, NOTE_GIVEN, id)?;
    }
    record(tx, "note given", viewer, &win)
}

/// Keeps a win that nothing here knew of, with what shows it.
pub fn keep(tx: &mut Tx, viewer: &Viewer, words: &Words, nonce: &str) -> Result<WinId> {
    if let Some(made) = sql::by_nonce(tx, viewer.person, nonce)? {
        return Ok(made);
    }
    words.must_show()?;
    if sql::count(tx, viewer.person)? >= MOST_WINS {
        return Err(refused!("full"; "Your wall is full, which few can say. Take one down to put another up."));
    }
    let (key, _) = wall(tx, viewer.person)?;
    let id: WinId = tx.new_id();
    let win = Win {
        id,
        owner: viewer.person,
        source: Source::Own,
        from: None,
        words: Some(seal::seal(tx, key, &serde_json::to_string(words)?)?),
        won_at: tx.now(),
        relationship: None,
        asked: None,
        note_key: None,
        note: None,
        note_at: None,
        shared_with: None,
        taken_down_at: None,
    };
    if !sql::insert(tx, &win, id.into(), nonce)? {
        return sql::by_nonce(tx, viewer.person, nonce)?.ok_or(Error::NotFound);
    }
    record(tx, "win kept", viewer, &win)?;
    Ok(id)
}

pub fn change(tx: &mut Tx, viewer: &Viewer, id: WinId, words: &Words) -> Result<()> {
    let Found { win, .. } = open(tx, viewer, id, Deed::Change)?;
    words.must_show()?;
    let (key, _) = wall(tx, viewer.person)?;
    let sealed = seal::seal(tx, key, &serde_json::to_string(words)?)?;
    sql::save_words(tx, id, &sealed)?;
    record(tx, "win changed", viewer, &win)
}

/// Takes one down for good, with the note that stood beside it.
pub fn take_down(tx: &mut Tx, viewer: &Viewer, id: WinId) -> Result<()> {
    let Found { win, .. } = open(tx, viewer, id, Deed::Change)?;
    sql::take_down(tx, id)?;
    record(tx, "win taken down", viewer, &win)
}

/// One partner reads this one, or nobody any more.
pub fn share(tx: &mut Tx, viewer: &Viewer, id: WinId, with: Option<RelationshipId>) -> Result<()> {
    let Found { win, .. } = open(tx, viewer, id, Deed::Change)?;
    if win.shared_with == with {
        return Ok(());
    }
    let together = with.map(|with| partners::open(tx, viewer, with, relationships::Deed::TakePart)).transpose()?;
    if let Some(together) = &together {
        together.must_offer(viewer, relationships::Deed::TakePart)?;
        if together.kind == Kind::Circle {
            return Err(refused!("a_pair"; "A win is shared with one other person. Please choose a relationship of two."));
        }
    }
    sql::save_shared(tx, id, with)?;
    if let Some(together) = together {
        for person in together.others(viewer).collect::<Vec<_>>() {
            if !is_quiet(tx, person)? {
                tell(tx, person, SHARED, id)?;
            }
        }
    }
    record(tx, SHARED, viewer, &win)?;
    record(tx, SHARED, viewer, &Win { shared_with: with, ..win })
}

// Reading.

/// A win with its words, as far as one viewer reads them.
#[derive(Debug, Clone)]
pub struct Told {
    pub win: Win,
    /// Without what shows it, for whoever is only asked for a note.
    pub words: Words,
    /// For its owner, and for whoever wrote it.
    pub note: Option<String>,
    /// Who is asked for it, or wrote it, for its owner.
    pub asked: Option<String>,
}

/// The page of one.
pub struct Whole {
    pub told: Told,
    /// Who it is shared with, for its owner; else where this viewer and its owner meet.
    pub company: Option<Company>,
    pub owner: String,
    /// Whether this viewer may still write the note.
    pub may_note: bool,
    /// With whom its owner could share it.
    pub pairs: Vec<(RelationshipId, String)>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: WinId) -> Result<Whole> {
    let found = match open(tx, viewer, id, Deed::See) {
        Err(Error::NotFound) => open(tx, viewer, id, Deed::Note)?,
        found => found?,
    };
    let Found { win, together, shared } = found;
    let mine = viewer.is(win.owner);
    let may_note = !mine && win.asked == Some(viewer.person) && win.waits_for_note(together.as_ref());
    let meets = if mine { shared.as_ref() } else { shared.as_ref().or(together.as_ref()) };
    let company = match meets {
        Some(meets) => still_there(partners::company(tx, viewer, meets.id, relationships::Deed::See))?,
        None => None,
    };
    let owner = partners::called(tx, win.owner)?.first_name().to_owned();
    let pairs = if mine { plans::verbs::pairs(tx, viewer)? } else { Vec::new() };
    let told = told(tx, viewer, vec![(win, shared)])?.pop().ok_or(Error::NotFound)?;
    Ok(Whole { told, company, owner, may_note, pairs })
}

/// What one has reached, the latest first, and whether it is kept quiet.
pub fn own(tx: &mut Tx, viewer: &Viewer, most: i64) -> Result<(Vec<Told>, bool)> {
    let quiet = is_quiet(tx, viewer.person)?;
    let wins = sql::of_owner(tx, viewer.person, most)?;
    Ok((told(tx, viewer, wins.into_iter().map(|win| (win, None)).collect())?, quiet))
}

/// In a relationship: what waits for this viewer's note, and what the other shares with them.
pub fn of_relationship(tx: &mut Tx, viewer: &Viewer, together: &Relationship) -> Result<Vec<Told>> {
    let wins = sql::of_relationship(tx, together.id, viewer.person)?;
    let seen = wins.into_iter().filter_map(|win| {
        let here = |id: Option<RelationshipId>| (id == Some(together.id)).then_some(together);
        let (noted, shared) = (here(win.relationship), here(win.shared_with));
        let reads = win.allows(noted, shared, viewer, Deed::See) || win.allows(noted, shared, viewer, Deed::Note);
        reads.then(|| (win, shared.cloned()))
    });
    let seen: Vec<_> = seen.collect();
    told(tx, viewer, seen)
}

/// Opens the words of many, each with where it is shared, at the price of a query for each wall and one for the keys.
fn told(tx: &mut Tx, viewer: &Viewer, wins: Vec<(Win, Option<Relationship>)>) -> Result<Vec<Told>> {
    let mut told: Vec<Told> = Vec::with_capacity(wins.len());
    let mut walls: Vec<(PersonId, KeyId)> = Vec::new();
    for (win, _) in &wins {
        if !walls.iter().any(|(person, _)| *person == win.owner)
            && let Some(wall) = sql::wall(tx, win.owner)?
        {
            walls.push((win.owner, wall.key));
        }
    }
    let mut keys: Vec<KeyId> = walls.iter().map(|(_, key)| *key).chain(wins.iter().filter_map(|(win, _)| win.note_key)).collect();
    keys.sort_unstable();
    keys.dedup();
    let ring = seal::ring(tx, &keys)?;
    let mut asked: Vec<PersonId> = wins.iter().filter(|(win, _)| viewer.is(win.owner)).filter_map(|(win, _)| win.asked).collect();
    asked.sort_unstable();
    asked.dedup();
    let names: Vec<(PersonId, String)> =
        partners::called_all(tx, &asked)?.into_iter().map(|chip| (chip.id, chip.first_name().to_owned())).collect();
    for (win, shared) in wins {
        let key = walls.iter().find(|(person, _)| *person == win.owner).map(|(_, key)| *key);
        let text = match (key, &win.words) {
            (Some(key), Some(words)) => ring.text(key, words)?,
            _ => None,
        };
        let mut words: Words = text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
        let mine = viewer.is(win.owner);
        if !mine && shared.is_none() {
            words = Words { title: words.title, ..Words::default() };
        }
        let note = match (win.note_key, &win.note) {
            (Some(key), Some(note)) if mine || win.asked == Some(viewer.person) => ring.text(key, note)?,
            _ => None,
        };
        let asked = win.asked.and_then(|person| names.iter().find(|(id, _)| *id == person).map(|(_, name)| name.clone()));
        told.push(Told { win, words, note, asked });
    }
    Ok(told)
}

struct Found {
    win: Win,
    together: Option<Relationship>,
    shared: Option<Relationship>,
}

/// One with which this viewer may do this; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: WinId, deed: Deed) -> Result<Found> {
    let win = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = win.relationship.map(|id| partners::find(tx, id)).transpose()?;
    let shared = win.shared_with.map(|id| partners::find(tx, id)).transpose()?;
    if win.allows(together.as_ref(), shared.as_ref(), viewer, deed) { Ok(Found { win, together, shared }) } else { Err(Error::NotFound) }
}

/// Writes down what happened; it wakes the pages of its owner, of whoever is asked, and of the one it is shared with.
fn record(tx: &mut Tx, kind: &'static str, viewer: &Viewer, win: &Win) -> Result<()> {
    let mut people: Vec<PersonId> = std::iter::once(win.owner).chain(win.asked).collect();
    if let Some(id) = win.shared_with {
        people.extend(partners::find(tx, id)?.people());
    }
    tx.record(Happening::of(kind, win.id).by(viewer).touching(people))
}

/// The notes somebody wrote to others.
pub(super) fn notes(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Told>> {
    let wins = sql::notes_by(tx, viewer.person)?;
    told(tx, viewer, wins.into_iter().map(|win| (win, None)).collect())
}
