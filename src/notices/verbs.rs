//! Telling people, reading what one was told, and choosing how to be told by mail.

use super::notice::{Notice, NoticeId, Rhythm, Told, next_morning};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::mail::{self, Letter, Recipient};
use crate::slices::Telling;
use crate::viewer::{PersonId, Via, Viewer};
use chiron_store::List;
use uuid::Uuid;

/// Notices on a page.
pub const PAGE: i64 = 50;
/// Most notices in one daily letter; the rest are on the page.
const MOST_IN_DIGEST: usize = 30;
/// How long someone who is looking at a page has to see a notice there before it goes into a letter.
const LOOKING: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// Tells a person something. `kind` is one that a slice declares among its tellings.
pub fn tell(tx: &mut Tx, to: PersonId, kind: &'static str, subject: impl Into<Uuid>) -> Result<()> {
    debug_assert!(telling(tx, kind).is_some(), "no slice declares the telling “{kind}”");
    sql::insert(tx, to, kind, subject.into())?;
    tx.wake(to, "notices");
    if let Some(sql::Wish { rhythm: Rhythm::Daily, digest_due_at: None, zone }) = sql::wish(tx, to)? {
        let due = next_morning(tx.now(), &crate::viewer::zone(&zone));
        sql::set_digest(tx, to, Some(due))?;
    }
    Ok(())
}

/// Whether a notice still waits: neither read nor put into a letter, so that what it says will be true then.
pub fn waits(tx: &mut Tx, person: PersonId, kind: &str, subject: impl Into<Uuid>) -> Result<bool> {
    sql::waits(tx, person, kind, subject.into())
}

/// What a notice is about was seen where it happened, so it needs no reading of its own.
pub fn seen(tx: &mut Tx, person: PersonId, kind: &str, subject: impl Into<Uuid>) -> Result<()> {
    if sql::mark_seen(tx, person, kind, subject.into())? > 0 {
        tx.wake(person, "notices");
    }
    Ok(())
}

/// The same for whatever is told of it, once they do something about it.
pub fn all_seen(tx: &mut Tx, person: PersonId, subject: impl Into<Uuid>) -> Result<()> {
    if sql::mark_all_seen(tx, person, subject.into())? > 0 {
        tx.wake(person, "notices");
    }
    Ok(())
}

fn telling(tx: &Tx, kind: &str) -> Option<&'static Telling> {
    tx.slices().iter().flat_map(|s| s.tellings).find(|t| t.kind == kind)
}

/// What a notice says now; `None` when there is nothing left to say.
fn said(tx: &mut Tx, viewer: &Viewer, notice: Notice) -> Result<Option<Told>> {
    let Some(telling) = telling(tx, &notice.kind) else { return Ok(None) };
    let words = still_there((telling.words)(tx, viewer, notice.subject))?.flatten();
    Ok(words.map(|words| Told { notice, telling, words }))
}

/// One page of what someone was told, newest first, and whether there is more.
pub fn list(tx: &mut Tx, viewer: &Viewer, before: Option<NoticeId>) -> Result<(Vec<Told>, Option<NoticeId>)> {
    let mut notices = sql::page(tx, viewer.person, before, PAGE + 1)?;
    let more = notices.len() as i64 > PAGE;
    notices.truncate(PAGE as usize);
    let last = notices.last().map(|n| n.id).filter(|_| more);
    let mut told = Vec::with_capacity(notices.len());
    for notice in notices {
        told.extend(said(tx, viewer, notice)?);
    }
    Ok((told, last))
}

/// The newest thing someone has not read yet.
pub fn latest(tx: &mut Tx, viewer: &Viewer) -> Result<Option<Told>> {
    for notice in sql::page(tx, viewer.person, None, 10)? {
        if notice.read_at.is_none()
            && let Some(told) = said(tx, viewer, notice)?
        {
            return Ok(Some(told));
        }
    }
    Ok(None)
}

/// Reads a notice; says where it leads.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: NoticeId) -> Result<String> {
    let notice = sql::find(tx, viewer.person, id)?.ok_or(Error::NotFound)?;
    if sql::mark_read(tx, id)? > 0 {
        tx.record(Happening::of("notices read", id).by(viewer).touching([viewer.person]))?;
    }
    Ok(said(tx, viewer, notice)?.map_or_else(|| "/notices".into(), |told| told.words.path))
}

pub fn read_all(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    if sql::mark_all_read(tx, viewer.person)? > 0 {
        tx.record(Happening::of("notices read", viewer.person).by(viewer).touching([viewer.person]))?;
    }
    Ok(())
}

/// How someone wants to be told, and the kinds they want no mail about.
pub fn wishes(tx: &mut Tx, person: PersonId) -> Result<(Rhythm, Vec<String>)> {
    let rhythm = sql::wish(tx, person)?.ok_or(Error::NotFound)?.rhythm;
    Ok((rhythm, sql::refusals(tx, person)?.into_iter().map(|r| r.0).collect()))
}

/// Chooses how to be told by mail: how often, and which kinds at all. What waits is treated by the new choice.
pub fn choose(tx: &mut Tx, person: PersonId, rhythm: Rhythm, wanted: &[&str]) -> Result<()> {
    let wish = sql::wish(tx, person)?.ok_or(Error::NotFound)?;
    let due = (rhythm == Rhythm::Daily).then(|| next_morning(tx.now(), &crate::viewer::zone(&wish.zone)));
    sql::set_rhythm(tx, person, rhythm, due)?;
    sql::clear_refusals(tx, person)?;
    for telling in tx.slices().iter().flat_map(|s| s.tellings).filter(|t| !wanted.contains(&t.kind)) {
        sql::refuse(tx, person, telling.kind)?;
    }
    Ok(())
}

/// Stops mail of one kind, as the link at the foot of a letter asks; for the daily letter, all mail.
pub fn stop(tx: &mut Tx, person: PersonId, kind: &str) -> Result<()> {
    match kind {
        DAILY => sql::set_rhythm(tx, person, Rhythm::Never, None),
        kind => sql::refuse(tx, person, kind),
    }
}

/// The kind that stands for the daily letter in an unsubscribe link.
pub const DAILY: &str = "daily";

/// What a kind of mail is about, in words.
pub fn about(tx: &Tx, kind: &str) -> Option<&'static str> {
    if kind == DAILY { Some("what is new, once a day") } else { telling(tx, kind).map(|t| t.about) }
}

pub fn letters_due(tx: &mut Tx) -> Result<bool> {
    let (here, over) = (List::of(tx.live().here())?, tx.now() - LOOKING);
    sql::any_to_letter(tx, &here, over)
}

/// Puts notices into letters of their own. What was read here meanwhile, or has nothing left to say, needs none, unless it says
/// something to somebody's calendar, which reads nothing here.
pub fn write_letters(tx: &mut Tx) -> Result<usize> {
    let (here, over) = (List::of(tx.live().here())?, tx.now() - LOOKING);
    let taken = sql::take_to_letter(tx, &here, over, 50)?;
    let done = taken.len();
    for notice in taken {
        let (rhythm, refused) = wishes(tx, notice.person)?;
        if rhythm != Rhythm::AtOnce || refused.contains(&notice.kind) {
            continue;
        }
        let Some(viewer) = Viewer::of_person(tx, notice.person, Via::Errand)? else { continue };
        if let Some(told) = said(tx, &viewer, notice)?.filter(Told::needs_a_letter) {
            write_letter(tx, &viewer, told)?;
        }
    }
    Ok(done)
}

fn write_letter(tx: &mut Tx, viewer: &Viewer, told: Told) -> Result<()> {
    let Told { words, telling, .. } = told;
    let page = (words.button, words.path);
    let mut deeds = Vec::with_capacity(words.deeds.len() + 1);
    for (label, deed, subject) in words.deeds {
        deeds.push((label, mail::verbs::link(tx, viewer.person, deed, subject)?));
    }
    // What can be done at once is the button; the page it is about stands below.
    let (button, links) = match deeds.split_first() {
        None => (page, Vec::new()),
        Some((first, rest)) => (first.clone(), rest.iter().cloned().chain([page]).collect()),
    };
    let letter = Letter {
        lines: if words.lines.is_empty() { vec![words.title.clone()] } else { words.lines },
        quote: words.quote.map(|quote| (quote, String::new())),
        button: (!button.1.is_empty()).then_some(button),
        links,
        reply_to: words.reply_to,
        invitation: words.invitation,
        unsubscribe: Some(telling.kind),
        ..Letter::to(
            Recipient::Person(viewer.person),
            telling.kind,
            words.title,
            format!("because you have mail on for “{}”", telling.about),
        )
    };
    mail::verbs::post(tx, letter)?;
    Ok(())
}

pub fn digests_due(tx: &mut Tx) -> Result<bool> {
    sql::any_digest(tx)
}

/// Writes the daily letters that are due: one for each person, about everything new since the last.
pub fn write_digests(tx: &mut Tx) -> Result<usize> {
    let people = sql::take_digests(tx, 20)?;
    for (person,) in &people {
        let notices = sql::take_unlettered(tx, *person)?;
        let Some(viewer) = Viewer::of_person(tx, *person, Via::Errand)? else { continue };
        let refused: Vec<String> = sql::refusals(tx, *person)?.into_iter().map(|r| r.0).collect();
        let mut told = Vec::new();
        for notice in notices.into_iter().filter(|n| !refused.contains(&n.kind)) {
            match said(tx, &viewer, notice)?.filter(Told::needs_a_letter) {
                // A calendar reads one thing at a time, and only from a letter of its own.
                Some(one) if one.words.invitation.is_some() => write_letter(tx, &viewer, one)?,
                Some(one) if told.len() < MOST_IN_DIGEST => told.push(one),
                _ => {}
            }
        }
        if !told.is_empty() {
            write_digest(tx, &viewer, &told)?;
        }
    }
    Ok(people.len())
}

fn write_digest(tx: &mut Tx, viewer: &Viewer, told: &[Told]) -> Result<()> {
    let title = match told {
        [one] => one.words.title.clone(),
        many => format!("{} things are new for you", many.len()),
    };
    let letter = Letter {
        lines: vec!["This is new for you since yesterday:".into()],
        links: told.iter().map(|t| (t.words.title.clone(), t.words.path.clone())).collect(),
        button: Some(("See what is new".into(), "/notices".into())),
        unsubscribe: Some(DAILY),
        ..Letter::to(Recipient::Person(viewer.person), "daily letter", title, "because you chose one letter a day")
    };
    mail::verbs::post(tx, letter)?;
    Ok(())
}
