//! What we tell people about sessions, and what they can do from the letter without signing in.

use super::pages;
use super::session::{Deed, Meeting, Reason, SessionId, SessionState, longest};
use super::{invites, sql, verbs, written};
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Field};
use crate::refused;
use crate::relationships::heard::{Playback, PlaybackState};
use crate::seal;
use crate::slices::{LetterDeed, Telling, Words};
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "session proposed", about: "Someone proposes times to meet", words: proposed },
    Telling { kind: "session booked", about: "A time you proposed is booked", words: booked },
    Telling { kind: "session moved", about: "A session is moved", words: moved },
    Telling { kind: "session cancelled", about: "A session is cancelled, or no time was found", words: cancelled },
    Telling { kind: "session prepare", about: "A session comes up in two days and wants a thought", words: prepare },
    Telling { kind: "session soon", about: "You meet tomorrow", words: soon },
    Telling { kind: "session missed", about: "You did not meet as planned", words: missed },
    Telling { kind: "session feedback", about: "Someone says a line to you after a session", words: feedback },
    Telling { kind: "session played back", about: "Someone says what they heard in a session", words: played_back },
    Telling {
        kind: "session playback answered",
        about: "Someone says whether you heard them right in a session",
        words: playback_answered,
    },
    Telling { kind: "session declined", about: "Someone's calendar says that they cannot come", words: invites::declined },
    Telling { kind: "session countered", about: "Someone proposes another time from their calendar", words: invites::countered },
    // Never told on screen: it is a letter for one's own calendar, which people can do without.
    Telling {
        kind: "session calendar",
        about: "You book, move or cancel a session yourself, for your calendar",
        words: |_, _, _| Ok(None),
    },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "session.book", confirm: confirm_book, act: act_book },
    LetterDeed { deed: "session.cancel", confirm: confirm_cancel, act: act_cancel },
];

fn meeting(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Meeting> {
    verbs::open(tx, viewer, SessionId(subject), Deed::See)
}
fn words_of(meeting: &Meeting, title: String, button: &str) -> Words {
    Words { title, path: format!("/sessions/{}", meeting.session.id), button: button.into(), ..Words::default() }
}
/// The word that came with it.
fn word(tx: &mut Tx, meeting: &Meeting) -> Result<Option<String>> {
    let Some(sealed) = &meeting.session.words else { return Ok(None) };
    seal::open_text(tx, meeting.company.relationship.key, sealed)
}
/// “Thursday 26 November, 18:30 (19:30 for Tomas)”.
fn when(viewer: &Viewer, meeting: &Meeting) -> String {
    meeting.session.starts_at.map_or_else(|| "a time to be chosen".into(), |start| pages::when(viewer, meeting, start))
}

fn proposed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let (name, now) = (meeting.company.called(viewer, meeting.session.proposed_by).to_owned(), tx.now());
    let title = match &meeting.company.called {
        Some(called) => format!("{name} proposes times to meet in “{called}”"),
        None => format!("{name} would like to meet you"),
    };
    if !meeting.offers(viewer, Deed::Book, now) {
        return Ok(Some(words_of(&meeting, title, "See the session")));
    }
    let times = sql::times(tx, meeting.session.id)?;
    let mut lines: Vec<String> = times.iter().map(|time| pages::when(viewer, &meeting, time.starts_at)).collect();
    lines.push(format!("{}.", pages::what(&meeting.session)));
    Ok(Some(Words {
        lines,
        deeds: vec![("Choose one of these".into(), "session.book", subject)],
        ..words_of(&meeting, title, "Look at the times")
    }))
}

fn booked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let name = meeting.company.name(viewer);
    if meeting.session.state != SessionState::Booked {
        return Ok(Some(words_of(&meeting, format!("{name} chose a time to meet"), "See the session")));
    }
    let title = format!("You meet {name} on {}", meeting.session.starts_at.map_or(String::new(), |start| viewer.when(start)));
    let lines = vec![format!("{}.", when(viewer, &meeting)), "What it is about is on its page, and you can add to it.".into()];
    let invitation = invites::invitation(tx, viewer, &meeting)?;
    Ok(Some(Words { lines, invitation, ..words_of(&meeting, title, "See the session") }))
}

fn moved(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let name = meeting.company.name(viewer);
    let lines = vec![format!("It is now on {}.", when(viewer, &meeting)), "If that does not suit you, move it again or cancel it.".into()];
    let title = format!("{name} has moved your session");
    let deeds = can_cancel(tx, viewer, &meeting);
    let (quote, invitation) = (word(tx, &meeting)?, invites::invitation(tx, viewer, &meeting)?);
    Ok(Some(Words { lines, quote, deeds, invitation, ..words_of(&meeting, title, "See the session") }))
}

fn can_cancel(tx: &Tx, viewer: &Viewer, meeting: &Meeting) -> Vec<(String, &'static str, Uuid)> {
    let open = meeting.offers(viewer, Deed::Cancel, tx.now());
    open.then(|| ("I cannot come".into(), "session.cancel", meeting.session.id.into())).into_iter().collect()
}

fn cancelled(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let Some(sentence) = pages::ending(&meeting, viewer) else { return Ok(None) };
    let title = match meeting.session.reason {
        Some(Reason::Lapsed) => format!("No time to meet {} was found yet", meeting.company.name(viewer)),
        Some(Reason::Clash) => "One of your sessions was left out".into(),
        _ => format!("Your session with {} is cancelled", meeting.company.name(viewer)),
    };
    let path = format!("/relationships/{}/sessions/new", meeting.session.relationship);
    let again = meeting.company.relationship.offers(viewer, crate::relationships::Deed::TakePart);
    let words = words_of(&meeting, title, "See what was planned");
    let words = if again { Words { path, button: "Propose other times".into(), ..words } } else { words };
    let (quote, invitation) = (word(tx, &meeting)?, invites::invitation(tx, viewer, &meeting)?);
    Ok(Some(Words { lines: vec![sentence], quote, invitation, ..words }))
}

fn prepare(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    if !meeting.offers(viewer, Deed::Prepare, tx.now()) {
        return Ok(None);
    }
    let title = format!("Think ahead: you meet {} on {}", meeting.company.name(viewer), when_day(viewer, &meeting));
    let lines = vec![
        "Three short questions, for you alone unless you share them. Best answered a day before.".into(),
        "The order of the agenda is yours.".into(),
    ];
    Ok(Some(Words { lines, ..words_of(&meeting, title, "Prepare") }))
}
fn when_day(viewer: &Viewer, meeting: &Meeting) -> String {
    meeting.session.starts_at.map_or(String::new(), |start| viewer.day(start))
}

fn soon(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    if meeting.session.state != SessionState::Booked {
        return Ok(None);
    }
    let title =
        format!("You meet {} on {}", meeting.company.name(viewer), meeting.session.starts_at.map_or(String::new(), |s| viewer.when(s)));
    let written = written::read(tx, viewer, &meeting)?;
    let mut lines = vec![format!("{}.", when(viewer, &meeting))];
    lines.extend(written.video.map(|link| format!("Where: {link}")));
    if !written.agenda.is_empty() {
        let about: Vec<&str> = written.agenda.iter().take(5).map(|(_, words)| words.as_str()).collect();
        lines.push(format!("On the agenda: {}.", about.join(" · ")));
    }
    Ok(Some(Words { lines, deeds: can_cancel(tx, viewer, &meeting), ..words_of(&meeting, title, "Open the agenda") }))
}

fn missed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let name = meeting.company.name(viewer);
    Ok(Some(Words {
        title: format!("You and {name} did not meet this time"),
        lines: vec!["These things happen. Here is when you are both free next.".into()],
        path: format!("/relationships/{}/sessions/new", meeting.session.relationship),
        button: "Find another time".into(),
        ..Words::default()
    }))
}

fn feedback(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let written = written::read(tx, viewer, &meeting)?;
    let line = written.feedback.into_iter().find(|(line, _)| !viewer.is(line.by)).map(|(_, words)| words);
    let title = format!("{} says a line to you after your session", meeting.company.name(viewer));
    Ok(Some(Words { quote: line, ..words_of(&meeting, title, "Go to the session") }))
}

fn played_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let waits = |p: &Playback| !viewer.is(p.by) && p.state == PlaybackState::Waiting;
    let Some(playback) = written::read(tx, viewer, &meeting)?.playbacks.into_iter().rev().find(waits) else { return Ok(None) };
    let title = format!("{} says what your session meant: is that it?", meeting.company.called(viewer, playback.by));
    Ok(Some(Words { quote: Some(playback.words), ..words_of(&meeting, title, "Say whether that is it") }))
}

fn playback_answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let meeting = meeting(tx, viewer, subject)?;
    let Some(playback) = written::read(tx, viewer, &meeting)?.playbacks.into_iter().find(|p| viewer.is(p.by)) else { return Ok(None) };
    let Some(by) = playback.answered_by.map(|by| meeting.company.called(viewer, by)) else { return Ok(None) };
    let title = match playback.state {
        PlaybackState::Corrected => format!("{by} puts right what you heard"),
        _ => format!("{by} says that you heard it right"),
    };
    let quote = Some(playback.correction.unwrap_or(playback.words));
    Ok(Some(Words { quote, ..words_of(&meeting, title, "Look at it") }))
}

// From the letter.

fn still(tx: &mut Tx, viewer: &Viewer, subject: Uuid, deed: Deed) -> Result<Meeting> {
    verbs::open_for(tx, viewer, SessionId(subject), deed)
}

fn confirm_book(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let meeting = still(tx, viewer, subject, Deed::Book)?;
    let times = sql::times(tx, meeting.session.id)?;
    let title = format!("Choose when you meet {}", meeting.company.name(viewer));
    Ok((title, pages::choose_fields(viewer, &meeting, &times, form, tx.now())))
}
fn act_book(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let meeting = still(tx, viewer, subject, Deed::Book)?;
    let Some(time) = form.chosen("time", "Please choose one of these times.") else {
        return Ok(String::new());
    };
    verbs::book(tx, viewer, subject.into(), time)?;
    let booked = verbs::open(tx, viewer, subject.into(), Deed::See)?;
    Ok(format!("You meet {} on {}.", meeting.company.name(viewer), when(viewer, &booked)))
}

fn confirm_cancel(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let meeting = still(tx, viewer, subject, Deed::Cancel)?;
    let name = meeting.company.name(viewer);
    let inside = html! {
        p { strong { (when(viewer, &meeting)) } }
        (Field::textarea("words", format!("A word to {name}")).value(form.value("words")).error(form.error("words")).max(longest::WORD).rows(3).optional())
        (page::audience(&meeting.company.audience(viewer)))
    };
    Ok((format!("Cancel your session with {name}"), inside))
}
fn act_cancel(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let meeting = still(tx, viewer, subject, Deed::Cancel)?;
    let words = form.maybe_text("words", longest::WORD);
    if let Some((_, sentence)) = form.errors().next() {
        return Err(refused!("to_mend"; "{sentence}"));
    }
    verbs::cancel(tx, viewer, subject.into(), &words, false)?;
    Ok(format!("Cancelled. {} is told at once.", meeting.company.name(viewer)))
}
