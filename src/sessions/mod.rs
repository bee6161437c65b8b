//! When people who work together meet. One proposes times that suit both, the other chooses one; it can repeat, be moved
//! and be cancelled with a word. Each session has one page that changes with time: what it is about and what each thinks
//! of beforehand, the notes they write together while they meet, and afterwards what they decided, what each will do, and
//! when they meet next. The learner owns the agenda and the next time.

mod calendar_sql;
mod desk;
pub mod feeds;
pub mod invites;
mod merge;
mod notices;
mod pages;
pub mod session;
mod slots;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;
pub mod written;

pub use session::{Cadence, Deed, Draft, Meeting, Purpose, Session, SessionId, SessionState, Time};

use crate::app::Tx;
use crate::error::Result;
use crate::seal;
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Run, Slice, Sweep};
use crate::viewer::{PersonId, Viewer};
use chiron_store::List;
use jiff::SignedDuration;
use serde_json::json;
use session::{PREPARE, Phase, Reason};
use std::collections::HashMap;

pub static SLICE: Slice = Slice {
    name: "sessions",
    heading: "Sessions",
    routes: pages::routes,
    sweeps: &[
        Sweep { name: "make the sessions of series", due: verbs::any_to_make, run: Run::Unit(verbs::make) },
        Sweep { name: "ask to prepare for sessions", due: sql::any_to_prepare, run: Run::Unit(verbs::ask_to_prepare) },
        Sweep { name: "remind of sessions", due: sql::any_to_announce, run: Run::Unit(verbs::announce) },
        Sweep { name: "let proposals lapse", due: sql::any_to_lapse, run: Run::Unit(verbs::lapse) },
        Sweep { name: "calendars elsewhere", due: calendar_sql::any_to_read, run: Run::Errand(|app| Box::pin(feeds::read(app))) },
    ],
    happenings: &[
        "session proposed",
        "session booked",
        "session repeated",
        "session moved",
        "session cancelled",
        "session held",
        "session missed",
        "session video set",
        "agenda changed",
        "session prepared",
        "session notes written",
        "session decided",
        "session feedback given",
        "session played back",
        "session playback answered",
        "session answered",
        "calendar feed made",
        "calendar feed ended",
        "calendar added",
        "calendar removed",
    ],
    reactions: &[
        Reaction { on: "session booked", run: invites::follow },
        Reaction { on: "session moved", run: invites::follow },
        Reaction { on: "session cancelled", run: invites::follow },
        Reaction { on: "relationship ended", run: |tx, happening| verbs::follow_end(tx, happening.subject.into(), Reason::Over) },
        Reaction { on: "relationship dissolved", run: |tx, happening| verbs::follow_end(tx, happening.subject.into(), Reason::Over) },
        Reaction { on: "relationship frozen", run: |tx, happening| verbs::follow_end(tx, happening.subject.into(), Reason::Stopped) },
        Reaction { on: "circle joined", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle came back", run: |tx, happening| verbs::follow_joining(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle set aside", run: |tx, happening| verbs::follow_parting(tx, happening.subject.into(), happening.by) },
        Reaction { on: "circle left", run: |tx, happening| verbs::follow_parting(tx, happening.subject.into(), happening.by) },
        // Before the account is closed, while a letter still reaches whoever leaves.
        Reaction { on: "person leaves", run: |tx, happening| verbs::follow_leaving(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: notices::LETTER_DEEDS,
    replies: &[],
    personal: &[
        Personal {
            columns: &[
                "session_series.by_id",
                "sessions.proposed_by_id",
                "sessions.ended_by_id",
                "attendances.person_id",
                "agenda_items.by_id",
                "preparations.person_id",
                "session_notes.changed_by_id",
                "private_notes.person_id",
                "session_decisions.by_id",
                "session_feedback.by_id",
                "session_playbacks.by_id",
                "session_playbacks.answered_by_id",
            ],
            export,
            forget: verbs::forget,
        },
        Personal {
            columns: &["calendar_feeds.person_id", "outside_calendars.person_id", "calendar_answers.person_id"],
            export: feeds::export,
            forget: calendar_sql::forget,
        },
    ],
    policy,
    today,
};

/// The tab of a relationship, and the block on its first page.
pub const PART: RelationshipPart = RelationshipPart { tab: Some((pages::TAB, "sessions")), now: pages::now };

/// For so long after a session we ask how it went: the learner first.
const ASK_FOR: SignedDuration = SignedDuration::from_hours(24 * 14);
const LEARNER_FIRST: SignedDuration = SignedDuration::from_hours(48);
/// When learners are asked to prepare; whoever guides hears of it later, and has less to do.
const PREPARE_LEARNER: SignedDuration = SignedDuration::from_hours(24 * 4);
/// So long before the rhythm they agreed is up, learners are asked to find a time; at first, so long after they began.
const AHEAD_OF_RHYTHM: i64 = 7;
const AT_FIRST: i64 = 3;

fn is_time_to_meet(waiting: &sql::Waiting, now: chiron_store::Timestamp) -> bool {
    match waiting.met_at {
        Some(met) => now.since(met) >= SignedDuration::from_hours(24 * (waiting.cadence_days - AHEAD_OF_RHYTHM).max(1)),
        None => now.since(waiting.began_at) >= SignedDuration::from_hours(24 * AT_FIRST),
    }
}

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let now = tx.now();
    let sessions = sql::between(tx, viewer.person, now - ASK_FOR, now + PREPARE_LEARNER)?;
    let waiting: Vec<_> = sql::without_next(tx, viewer.person)?.into_iter().filter(|waiting| is_time_to_meet(waiting, now)).collect();
    if sessions.is_empty() && waiting.is_empty() {
        return Ok(Vec::new());
    }
    let ids = sessions.iter().map(|session| session.relationship).chain(waiting.iter().map(|one| one.relationship));
    let with = crate::relationships::verbs::with_whom(tx, viewer, ids)?;
    let prepared = sql::prepared(tx, &List::of(sessions.iter().map(|s| s.id.0))?, viewer.person)?;
    let mut needs: Vec<Need> = sessions
        .iter()
        .filter_map(|session| {
            let with = with.get(&session.relationship)?;
            need(session, viewer, with.role.learns(), &with.name, prepared.contains(&session.id), now)
        })
        .collect();
    needs.extend(waiting.into_iter().filter_map(|one| {
        Some(Need {
            by: None,
            title: format!("Find a time with {}", with.get(&one.relationship)?.name),
            line: "The next time is yours to propose. You see when you are both free.".into(),
            path: format!("/relationships/{}/sessions/new", one.relationship),
            button: "Choose times".into(),
        })
    }));
    Ok(needs)
}

fn need(session: &Session, viewer: &Viewer, learns: bool, name: &str, prepared: bool, now: chiron_store::Timestamp) -> Option<Need> {
    let path = format!("/sessions/{}", session.id);
    let need = |by, title: String, line: String, button: &str| Some(Need { by, title, line, path: path.clone(), button: button.into() });
    match (session.phase(now), session.starts_at, session.ends_at) {
        (Phase::Choosing, ..) if !viewer.is(session.proposed_by) => need(
            Some(session.lapses_at),
            format!("Choose a time for {}", pages::with(session, name)),
            format!("{name} has proposed when you could meet."),
            "Choose a time",
        ),
        (Phase::Before, Some(start), _) if !prepared && (learns || start <= now + PREPARE) => {
            let by = Some(start - SignedDuration::from_hours(24)).filter(|by| *by > now).unwrap_or(start);
            let day = start.in_zone(&viewer.zone).strftime("%A").to_string();
            need(Some(by), format!("Prepare for {day}"), format!("Three short questions before you meet {name}."), "Prepare")
        }
        (Phase::During, Some(start), _) => {
            need(Some(start), format!("You meet {name} now"), "Agenda and notes are ready.".into(), "Go to the session")
        }
        (Phase::After, _, Some(end)) if learns || now.since(end) >= LEARNER_FIRST => need(
            None,
            format!("Say how it went with {name}"),
            "What you decided, what each will do, and when you meet next.".into(),
            "Say how it went",
        ),
        _ => None,
    }
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let keys: HashMap<SessionId, seal::KeyId> = sql::keys(tx, person, 1000)?.into_iter().collect();
    let all: Vec<seal::KeyId> = keys.values().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let ring = seal::ring(tx, &all)?;
    let mut sessions = Vec::new();
    for session in sql::of_person(tx, person, 1000)? {
        let Some(key) = keys.get(&session.id).copied() else { continue };
        let text = |sealed: &seal::Sealed| ring.text(key, sealed);
        let agenda = sql::agenda(tx, session.id)?;
        let agenda = agenda.iter().map(|i| Ok(json!({ "by_me": i.by == Some(person), "words": text(&i.words)?, "state": i.state })));
        let agenda = agenda.collect::<Result<Vec<_>>>()?;
        let preparations = sql::preparations(tx, session.id, person)?;
        let preparations = preparations.iter().filter(|p| p.person == person);
        let preparations = preparations.map(|p| Ok(json!({ "words": text(&p.words)?, "shared": p.shared }))).collect::<Result<Vec<_>>>()?;
        let decisions = sql::decisions(tx, session.id)?;
        let decisions =
            decisions.iter().map(|d| Ok(json!({ "by_me": d.by == person, "words": text(&d.words)? }))).collect::<Result<Vec<_>>>()?;
        let feedback = sql::feedback(tx, session.id)?;
        let feedback =
            feedback.iter().map(|f| Ok(json!({ "by_me": f.by == person, "words": text(&f.words)? }))).collect::<Result<Vec<_>>>()?;
        let mut heard = Vec::new();
        for row in sql::playbacks(tx, session.id)? {
            let correction = row.correction.as_ref().map(&text).transpose()?.flatten();
            heard.push(json!({ "by_me": row.by == person, "words": text(&row.words)?, "state": row.state, "correction": correction }));
        }
        sessions.push(json!({
            "heard": heard,
            "purpose": session.purpose,
            "state": session.state,
            "starts_at": session.starts_at.map(|at| at.jiff()),
            "wall": session.wall,
            "zone": session.zone,
            "minutes": session.minutes,
            "video": session.video.as_ref().map(&text).transpose()?.flatten(),
            "agenda": agenda,
            "my_preparation": preparations,
            "notes": sql::notes(tx, session.id)?.map(|notes| text(&notes.words)).transpose()?.flatten(),
            "my_own_notes": sql::own_notes(tx, session.id, person)?.map(|(_, words)| text(&words)).transpose()?.flatten(),
            "decisions": decisions,
            "feedback": feedback,
        }));
    }
    Ok(json!(sessions))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let session = session::example(cast[0].person);
    let (guided, peers) = crate::relationships::examples();
    for deed in Deed::ALL {
        for (role, viewer) in ["mentee who proposed", "mentor", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("session", deed.as_str(), *role, session.allows(&guided, viewer, *deed));
        }
        table.row("session", deed.as_str(), "peer who proposed", session.allows(&peers, &cast[0], *deed));
        table.row("session", deed.as_str(), "peer", session.allows(&peers, &cast[1], *deed));
    }
}
