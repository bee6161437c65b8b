//! Every query about sessions.

use super::session::{AgendaItemId, PREPARE, Proposed, REMIND, Series, SeriesId, Session, SessionId, Time, TimeId};
use super::slots::Stretch;
use super::written::{AgendaItem, AgendaState, Decision, Feedback, Notes, Preparation, Source};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::RelationshipId;
use crate::relationships::heard::{Heard, PlaybackState};
use crate::seal::{KeyId, Sealed};
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};
use jiff::SignedDuration;

macro_rules! select_session {
    ($rest:literal) => {
        sql!(Session: concat!(
            "select s.id, s.relationship_id as relationship, s.series_id as series, s.place, s.purpose, s.state, s.cadence, s.minutes, ",
            "s.proposed_by_id as proposed_by, s.starts_at, s.ends_at, s.wall, s.zone, s.lapses_at, s.video, s.reason, s.words, s.sequence, ",
            "s.made_at, s.ended_at, s.ended_by_id as ended_by from sessions s ",
            $rest
        ))
    };
}

pub fn find(tx: &mut Tx, id: SessionId) -> Result<Option<Session>> {
    Ok(tx.opt(select_session!("where s.id = $1"), &[&id])?)
}
pub fn all_of(tx: &mut Tx, ids: &List) -> Result<Vec<Session>> {
    Ok(tx.all(select_session!("where s.id in {list $1 as id} order by s.id limit 1000"), &[ids])?)
}
/// Those that are proposed or booked in a relationship: what is to be chosen first, then by their time.
pub fn live(tx: &mut Tx, relationship: RelationshipId, limit: i64) -> Result<Vec<Session>> {
    Ok(tx.all(
        select_session!(
            "where s.relationship_id = $1 and s.state in ('proposed', 'booked')
             order by case when s.starts_at is null then 0 else 1 end, s.starts_at, s.id limit $2"
        ),
        &[&relationship, &limit],
    )?)
}
/// Those of which no time has been chosen yet, the oldest first.
pub fn waiting(tx: &mut Tx, relationship: RelationshipId, limit: i64) -> Result<Vec<Session>> {
    Ok(tx.all(select_session!("where s.relationship_id = $1 and s.state = 'proposed' order by s.id limit $2"), &[&relationship, &limit])?)
}
/// Those that are over, the latest first.
pub fn past(tx: &mut Tx, relationship: RelationshipId, limit: i64) -> Result<Vec<Session>> {
    Ok(tx.all(
        select_session!(
            "where s.relationship_id = $1 and s.state in ('held', 'missed', 'cancelled')
             order by coalesce(s.starts_at, s.lapses_at) desc, s.id desc limit $2"
        ),
        &[&relationship, &limit],
    )?)
}
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Session>> {
    Ok(tx.all(
        select_session!("join attendances a on a.session_id = s.id where a.person_id = $1 order by s.made_at, s.id limit $2"),
        &[&person, &limit],
    )?)
}
/// What someone has to do with just now: what is proposed to or by them, and what is booked between two times.
pub fn between(tx: &mut Tx, person: PersonId, from: Timestamp, until: Timestamp) -> Result<Vec<Session>> {
    Ok(tx.all(
        select_session!(
            "join attendances a on a.session_id = s.id join relationships r on r.id = s.relationship_id
             where a.person_id = $1 and r.state <> 'frozen' and a.state in ('proposed', 'booked') and (a.starts_at is null or (a.starts_at >= $2 and a.starts_at < $3))
             order by case when a.starts_at is null then 0 else 1 end, a.starts_at, s.id limit 60"
        ),
        &[&person, &from, &until],
    )?)
}
/// What is to be chosen in a relationship, or else what is booked and not over by this time.
pub fn next(tx: &mut Tx, relationship: RelationshipId, earliest: Timestamp) -> Result<Option<Session>> {
    Ok(tx.opt(
        select_session!(
            "where s.relationship_id = $1 and s.state in ('proposed', 'booked') and (s.ends_at is null or s.ends_at > $2)
             order by case when s.starts_at is null then 0 else 1 end, s.starts_at, s.id limit 1"
        ),
        &[&relationship, &earliest],
    )?)
}
/// The next one that is booked in a relationship after a time.
pub fn next_after(tx: &mut Tx, relationship: RelationshipId, after: Timestamp) -> Result<Option<Session>> {
    Ok(tx.opt(
        select_session!("where s.relationship_id = $1 and s.state = 'booked' and s.starts_at > $2 order by s.starts_at, s.id limit 1"),
        &[&relationship, &after],
    )?)
}
/// Sessions of a series from a place on that are still booked.
pub fn following(tx: &mut Tx, series: SeriesId, place: i64) -> Result<Vec<Session>> {
    Ok(tx.all(
        select_session!("where s.series_id = $1 and s.place >= $2 and s.state = 'booked' order by s.place limit 200"),
        &[&series, &place],
    )?)
}

/// What was left out of a series from a place on is left out of the one that follows it too.
pub fn carry_left_out(tx: &mut Tx, from: SeriesId, to: SeriesId, place: i64) -> Result<()> {
    tx.execute(
        sql!("update sessions set series_id = $2 where series_id = $1 and place >= $3 and state = 'cancelled'"),
        &[&from, &to, &place],
    )?;
    Ok(())
}
/// Whether some of a series before a place are still ahead.
pub fn is_ahead_before(tx: &mut Tx, series: SeriesId, place: i64) -> Result<bool> {
    let now = tx.now();
    let row: Option<(SessionId,)> = tx.opt(
        sql!("select id from sessions where series_id = $1 and place < $2 and state = 'booked' and starts_at > $3 limit 1"),
        &[&series, &place, &now],
    )?;
    Ok(row.is_some())
}

pub fn insert(tx: &mut Tx, session: &Session, people: &[PersonId]) -> Result<()> {
    // What is booked sooner than we would remind of it needs no reminding.
    let soon = |span: SignedDuration| session.starts_at.filter(|at| *at <= session.made_at + span);
    let (prepared, announced) = (soon(PREPARE), soon(REMIND));
    tx.execute(
        sql!(
            "insert into sessions (id, relationship_id, series_id, place, purpose, state, cadence, minutes, proposed_by_id, starts_at, ends_at,
                wall, zone, lapses_at, video, reason, words, sequence, prepared_for, announced_for, made_at, ended_at, ended_by_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
        ),
        &[
            &session.id,
            &session.relationship,
            &session.series,
            &session.place,
            &session.purpose,
            &session.state,
            &session.cadence,
            &session.minutes,
            &session.proposed_by,
            &session.starts_at,
            &session.ends_at,
            &session.wall,
            &session.zone,
            &session.lapses_at,
            &session.video,
            &session.reason,
            &session.words,
            &session.sequence,
            &prepared,
            &announced,
            &session.made_at,
            &session.ended_at,
            &session.ended_by,
        ],
    )?;
    people.iter().try_for_each(|person| insert_attendance(tx, session, *person))
}
pub fn insert_attendance(tx: &mut Tx, session: &Session, person: PersonId) -> Result<()> {
    tx.execute(
        sql!(
            "insert into attendances (session_id, person_id, state, starts_at, ends_at) values ($1, $2, $3, $4, $5)
             on conflict (session_id, person_id) do nothing"
        ),
        &[&session.id, &person, &session.state, &session.starts_at, &session.ends_at],
    )?;
    Ok(())
}
pub fn delete_attendance(tx: &mut Tx, session: SessionId, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from attendances where session_id = $1 and person_id = $2"), &[&session, &person])?;
    Ok(())
}

/// Saves what became of a session, where it still is what it was: two people who press two buttons cannot both win. Says
/// whether it was saved.
pub fn save(tx: &mut Tx, was: &Session, is: &Session) -> Result<bool> {
    let saved = tx.execute(
        sql!(
            "update sessions set state = $4, cadence = $5, series_id = $6, place = $7, starts_at = $8, ends_at = $9, wall = $10, zone = $11,
                reason = $12, words = $13, sequence = $14, ended_at = $15, ended_by_id = $16
             where id = $1 and state = $2 and sequence = $3"
        ),
        &[
            &was.id,
            &was.state,
            &was.sequence,
            &is.state,
            &is.cadence,
            &is.series,
            &is.place,
            &is.starts_at,
            &is.ends_at,
            &is.wall,
            &is.zone,
            &is.reason,
            &is.words,
            &is.sequence,
            &is.ended_at,
            &is.ended_by,
        ],
    )?;
    tx.execute(
        sql!("update attendances set state = $2, starts_at = $3, ends_at = $4 where session_id = $1"),
        &[&is.id, &is.state, &is.starts_at, &is.ends_at],
    )?;
    Ok(saved == 1)
}
pub fn save_video(tx: &mut Tx, id: SessionId, video: Option<&Sealed>) -> Result<()> {
    tx.execute(sql!("update sessions set video = $2 where id = $1"), &[&id, &video.cloned()])?;
    Ok(())
}
/// Nobody is reminded of what they have just booked for the day after.
pub fn save_announced(tx: &mut Tx, id: SessionId) -> Result<()> {
    let now = tx.now();
    let (prepare, remind) = (now + PREPARE, now + REMIND);
    tx.execute(
        sql!(
            "update sessions set prepared_for = case when starts_at <= $2 then starts_at else prepared_for end,
                announced_for = case when starts_at <= $3 then starts_at else announced_for end
             where id = $1"
        ),
        &[&id, &prepare, &remind],
    )?;
    Ok(())
}

pub fn insert_time(tx: &mut Tx, session: SessionId, time: &Time) -> Result<()> {
    let id: TimeId = tx.new_id();
    tx.execute(
        sql!("insert into session_times (id, session_id, starts_at, wall) values ($1, $2, $3, $4)"),
        &[&id, &session, &time.at, &time.wall.to_string()],
    )?;
    Ok(())
}
pub fn times(tx: &mut Tx, session: SessionId) -> Result<Vec<Proposed>> {
    Ok(tx.all(
        sql!(Proposed: "select id, starts_at, wall from session_times where session_id = $1 order by starts_at, id limit 10"),
        &[&session],
    )?)
}

/// When some people have sessions booked, and which, in the stretch between two times: no session is longer than a few
/// hours, so those that began earlier are few. At most a few hundred.
pub fn taken(tx: &mut Tx, people: &[PersonId], from: Timestamp, until: Timestamp) -> Result<Vec<(PersonId, SessionId, Stretch)>> {
    let (people, early) = (List::of(people)?, from - SignedDuration::from_hours(4));
    let rows: Vec<(PersonId, SessionId, Timestamp, Timestamp)> = tx.all(
        sql!(
            "select person_id, session_id, starts_at, ends_at from attendances
             where person_id in {list $1 as id} and state = 'booked' and starts_at >= $2 and starts_at < $3 and ends_at > $4
             order by starts_at limit 500"
        ),
        &[&people, &early, &until, &from],
    )?;
    Ok(rows.into_iter().map(|(person, session, from, to)| (person, session, (from, to))).collect())
}

// Series.

macro_rules! select_series {
    ($rest:literal) => {
        sql!(Series: concat!(
            "select id, relationship_id as relationship, by_id as by, purpose, cadence, minutes, wall, zone, anchor, next_place, next_at, ",
            "ended_at from session_series ",
            $rest
        ))
    };
}

pub fn find_series(tx: &mut Tx, id: SeriesId) -> Result<Option<Series>> {
    Ok(tx.opt(select_series!("where id = $1"), &[&id])?)
}
pub fn series_of(tx: &mut Tx, relationship: RelationshipId) -> Result<Vec<Series>> {
    Ok(tx.all(select_series!("where relationship_id = $1 and ended_at is null order by id limit 10"), &[&relationship])?)
}
pub fn insert_series(tx: &mut Tx, series: &Series) -> Result<()> {
    tx.execute(
        sql!(
            "insert into session_series (id, relationship_id, by_id, purpose, cadence, minutes, wall, zone, anchor, next_place, next_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &[
            &series.id,
            &series.relationship,
            &series.by,
            &series.purpose,
            &series.cadence,
            &series.minutes,
            &series.wall,
            &series.zone,
            &series.anchor,
            &series.next_place,
            &series.next_at,
        ],
    )?;
    Ok(())
}
/// From a place on, a series goes by another wall.
pub fn save_wall(tx: &mut Tx, series: &Series) -> Result<()> {
    tx.execute(
        sql!("update session_series set wall = $2, zone = $3, anchor = $4, next_at = $5 where id = $1 and ended_at is null"),
        &[&series.id, &series.wall, &series.zone, &series.anchor, &series.next_at],
    )?;
    Ok(())
}
/// Ends it now; one that has ended before, and of which some were still ahead, ends earlier.
pub fn end_series(tx: &mut Tx, id: SeriesId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update session_series set ended_at = $2 where id = $1"), &[&id, &now])?;
    Ok(())
}
pub fn any_to_make(tx: &mut Tx, until: Timestamp) -> Result<bool> {
    Ok(!to_make(tx, until, 1)?.is_empty())
}
/// Series whose next session begins before a time. While people pause, or may not meet, nothing is made.
pub fn to_make(tx: &mut Tx, until: Timestamp, most: i64) -> Result<Vec<Series>> {
    Ok(tx.all(
        select_series!(
            "where ended_at is null and next_at <= $1
               and exists (select 1 from relationships r where r.id = session_series.relationship_id and r.state not in ('paused', 'frozen'))
             order by next_at limit $2"
        ),
        &[&until, &most],
    )?)
}
/// Claims the making of the session at `next_place`, and says what comes after it; says whether nobody else did.
pub fn claim_place(tx: &mut Tx, series: &Series, next_at: Timestamp) -> Result<bool> {
    let claimed = tx.execute(
        sql!("update session_series set next_place = next_place + 1, next_at = $3 where id = $1 and next_place = $2 and ended_at is null"),
        &[&series.id, &series.next_place, &next_at],
    )?;
    Ok(claimed == 1)
}

// What is due.

/// Something that is done once before each booked session. The row keeps the start for which it was done, so a moved session
/// is due again without the code that moves it knowing.
macro_rules! once_before {
    ($ahead:expr, $done_for:literal, $any:ident, $claim:ident) => {
        pub fn $any(tx: &mut Tx) -> Result<bool> {
            let (now, until) = (tx.now(), tx.now() + $ahead);
            let row: Option<(SessionId,)> =
                tx.opt(sql!(concat!("select id from sessions where ", once_before!(due $done_for), " limit 1")), &[&now, &until])?;
            Ok(row.is_some())
        }
        /// The condition is said twice because two nodes may choose the same rows.
        pub fn $claim(tx: &mut Tx) -> Result<Vec<SessionId>> {
            let (now, until) = (tx.now(), tx.now() + $ahead);
            let rows: Vec<(SessionId,)> = tx.all(
                sql!(concat!(
                    "update sessions set ", $done_for, " = starts_at where ", once_before!(due $done_for),
                    " and id in (select id from sessions where ", once_before!(due $done_for), " order by starts_at limit 100) returning id"
                )),
                &[&now, &until],
            )?;
            Ok(rows.into_iter().map(|r| r.0).collect())
        }
    };
    (due $done_for:literal) => {
        concat!("state = 'booked' and starts_at > $1 and starts_at <= $2 and (", $done_for, " is null or ", $done_for, " <> starts_at)")
    };
}
once_before!(REMIND, "announced_for", any_to_announce, claim_announcements);
once_before!(PREPARE, "prepared_for", any_to_prepare, claim_preparations);

pub fn any_to_lapse(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(SessionId,)> =
        tx.opt(sql!("select id from sessions where state = 'proposed' and lapses_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims proposals whose last time has passed, and is also their end.
pub fn claim_lapses(tx: &mut Tx) -> Result<Vec<SessionId>> {
    let now = tx.now();
    let rows: Vec<(SessionId,)> = tx.all(
        sql!(
            "update sessions set state = 'cancelled', reason = 'lapsed', ended_at = $1 where state = 'proposed' and lapses_at <= $1 and id in
             (select id from sessions where state = 'proposed' and lapses_at <= $1 order by lapses_at limit 100)
             returning id"
        ),
        &[&now],
    )?;
    let ids = List::of(rows.iter().map(|r| r.0.0))?;
    tx.execute(sql!("update attendances set state = 'cancelled' where session_id in {list $1 as id}"), &[&ids])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn held_count(tx: &mut Tx, relationship: RelationshipId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from sessions where relationship_id = $1 and state = 'held'"), &[&relationship])?;
    Ok(row.0)
}

/// Who works together in a relationship; a sponsor does not meet them.
pub fn people_of(tx: &mut Tx, relationship: RelationshipId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!("select person_id from parties where relationship_id = $1 and role <> 'sponsor' order by person_id limit 50"),
        &[&relationship],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

record!(
    /// Someone who learns, and has no session ahead with somebody.
    pub struct Waiting {
        pub relationship: RelationshipId,
        /// When they last met, if they ever did.
        pub met_at: Option<Timestamp>,
        pub began_at: Timestamp,
        pub cadence_days: i64,
    }
);
/// Relationships in which someone learns that go on without a session proposed or booked ahead.
pub fn without_next(tx: &mut Tx, learner: PersonId) -> Result<Vec<Waiting>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Waiting:
            "select r.id as relationship,
                (select max(s.starts_at) from sessions s where s.relationship_id = r.id and s.state in ('held', 'missed')) as met_at,
                r.began_at, r.cadence_days
             from parties p join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and p.role in ('mentee', 'client', 'peer') and r.ended_at is null and r.state in ('trying_out', 'agreed', 'active')
               and r.kind in ('mentoring', 'coaching', 'peer', 'flash')
               and not exists (select 1 from sessions n where n.relationship_id = r.id and n.state in ('proposed', 'booked')
                    and (n.starts_at is null or n.starts_at > $2))
             order by r.began_at limit 20"
        ),
        &[&learner, &now],
    )?)
}

// What is written.

pub fn insert_agenda_item(
    tx: &mut Tx,
    session: SessionId,
    by: Option<PersonId>,
    source: Source,
    origin: &str,
    words: &Sealed,
) -> Result<bool> {
    let (id, now): (AgendaItemId, _) = (tx.new_id(), tx.now());
    let inserted = tx.execute(
        sql!(
            "insert into agenda_items (id, session_id, by_id, position, source, origin, words, state, made_at)
             values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from agenda_items where session_id = $2), $4, $5, $6, 'open', $7)
             on conflict (session_id, origin) do nothing"
        ),
        &[&id, &session, &by, &source, &origin, words, &now],
    )?;
    Ok(inserted == 1)
}
pub fn agenda(tx: &mut Tx, session: SessionId) -> Result<Vec<AgendaItem>> {
    Ok(tx.all(
        sql!(AgendaItem:
            "select id, by_id as by, position, source, words, state from agenda_items
             where session_id = $1 and state <> 'removed' order by position, id limit 100"
        ),
        &[&session],
    )?)
}
/// How many topics each has written on the agendas of these sessions.
pub fn topics(tx: &mut Tx, sessions: &List) -> Result<Vec<(PersonId, i64)>> {
    Ok(tx.all(
        sql!(
            "select by_id, count(*) from agenda_items where session_id in {list $1 as id} and by_id is not null
             group by by_id order by by_id limit 50"
        ),
        &[sessions],
    )?)
}
pub fn agenda_count(tx: &mut Tx, session: SessionId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from agenda_items where session_id = $1"), &[&session])?;
    Ok(row.0)
}
/// What was put off in a relationship and stands on no later agenda yet.
pub fn put_off(tx: &mut Tx, relationship: RelationshipId, before: Timestamp) -> Result<Vec<AgendaItem>> {
    Ok(tx.all(
        sql!(AgendaItem:
            "select i.id, i.by_id as by, i.position, i.source, i.words, i.state
             from sessions s join agenda_items i on i.session_id = s.id
             where s.relationship_id = $1 and s.starts_at < $2 and i.state = 'deferred'
             order by s.starts_at, i.position limit 30"
        ),
        &[&relationship, &before],
    )?)
}
/// An item that was carried over stays where it was as what it is, and is not carried again.
pub fn mark_carried(tx: &mut Tx, id: AgendaItemId) -> Result<()> {
    tx.execute(sql!("update agenda_items set state = 'carried' where id = $1 and state = 'deferred'"), &[&id])?;
    Ok(())
}
pub fn save_agenda_state(tx: &mut Tx, session: SessionId, id: AgendaItemId, state: AgendaState) -> Result<bool> {
    let saved = tx.execute(
        sql!("update agenda_items set state = $3 where id = $2 and session_id = $1 and state <> 'removed'"),
        &[&session, &id, &state],
    )?;
    Ok(saved == 1)
}
pub fn save_position(tx: &mut Tx, id: AgendaItemId, position: i64) -> Result<()> {
    tx.execute(sql!("update agenda_items set position = $2 where id = $1"), &[&id, &position])?;
    Ok(())
}

pub fn save_preparation(tx: &mut Tx, session: SessionId, person: PersonId, prompt: i64, words: &Sealed, shared: bool) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into preparations (session_id, person_id, prompt, words, shared, changed_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (session_id, person_id, prompt)
             do update set words = excluded.words, shared = excluded.shared, changed_at = excluded.changed_at"
        ),
        &[&session, &person, &prompt, words, &shared, &now],
    )?;
    Ok(())
}
pub fn forget_preparation(tx: &mut Tx, session: SessionId, person: PersonId, prompt: i64) -> Result<()> {
    tx.execute(sql!("delete from preparations where session_id = $1 and person_id = $2 and prompt = $3"), &[&session, &person, &prompt])?;
    Ok(())
}
/// One's own, and what the others share.
pub fn preparations(tx: &mut Tx, session: SessionId, viewer: PersonId) -> Result<Vec<Preparation>> {
    Ok(tx.all(
        sql!(Preparation:
            "select person_id as person, prompt, words, shared from preparations
             where session_id = $1 and (shared or person_id = $2) order by prompt, person_id limit 100"
        ),
        &[&session, &viewer],
    )?)
}
/// Those of these sessions for which someone has prepared.
pub fn prepared(tx: &mut Tx, sessions: &List, person: PersonId) -> Result<Vec<SessionId>> {
    let rows: Vec<(SessionId,)> = tx.all(
        sql!("select distinct session_id from preparations where session_id in {list $1 as id} and person_id = $2 limit 100"),
        &[sessions, &person],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn notes(tx: &mut Tx, session: SessionId) -> Result<Option<Notes>> {
    Ok(tx.opt(sql!(Notes: "select version, words, logged_at from session_notes where session_id = $1"), &[&session])?)
}
pub fn save_notes(tx: &mut Tx, session: SessionId, by: PersonId, notes: &Notes) -> Result<()> {
    tx.execute(
        sql!(
            "insert into session_notes (session_id, version, words, changed_by_id, logged_at) values ($1, $2, $3, $4, $5)
             on conflict (session_id) do update
             set version = excluded.version, words = excluded.words, changed_by_id = excluded.changed_by_id, logged_at = excluded.logged_at"
        ),
        &[&session, &notes.version, &notes.words, &by, &notes.logged_at],
    )?;
    Ok(())
}
pub fn own_notes(tx: &mut Tx, session: SessionId, person: PersonId) -> Result<Option<(i64, Sealed)>> {
    Ok(tx.opt(sql!("select version, words from private_notes where session_id = $1 and person_id = $2"), &[&session, &person])?)
}
pub fn save_own_notes(tx: &mut Tx, session: SessionId, person: PersonId, version: i64, words: &Sealed) -> Result<()> {
    tx.execute(
        sql!(
            "insert into private_notes (session_id, person_id, version, words) values ($1, $2, $3, $4)
             on conflict (session_id, person_id) do update set version = excluded.version, words = excluded.words"
        ),
        &[&session, &person, &version, words],
    )?;
    Ok(())
}

pub fn insert_decision(tx: &mut Tx, session: SessionId, by: PersonId, words: &Sealed) -> Result<()> {
    let (id, now): (uuid::Uuid, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!("insert into session_decisions (id, session_id, by_id, words, made_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &session, &by, words, &now],
    )?;
    Ok(())
}
pub fn decisions(tx: &mut Tx, session: SessionId) -> Result<Vec<Decision>> {
    Ok(tx.all(
        sql!(Decision: "select by_id as by, words, made_at from session_decisions where session_id = $1 order by made_at, id limit 50"),
        &[&session],
    )?)
}

/// Says whether this is the first line that this person gives.
pub fn insert_feedback(tx: &mut Tx, session: SessionId, by: PersonId, words: &Sealed) -> Result<bool> {
    let now = tx.now();
    let inserted = tx.execute(
        sql!("insert into session_feedback (session_id, by_id, words, made_at) values ($1, $2, $3, $4) on conflict (session_id, by_id) do nothing"),
        &[&session, &by, words, &now],
    )?;
    Ok(inserted == 1)
}
pub fn feedback(tx: &mut Tx, session: SessionId) -> Result<Vec<Feedback>> {
    Ok(tx.all(
        sql!(Feedback: "select by_id as by, words from session_feedback where session_id = $1 order by made_at limit 50"),
        &[&session],
    )?)
}

record!(
    /// What somebody heard in a session, as it lies in the database.
    #[derive(Debug, Clone)]
    pub struct SealedPlayback {
        pub by: PersonId,
        pub at: Timestamp,
        pub words: Sealed,
        pub state: PlaybackState,
        pub correction: Option<Sealed>,
        pub answered_by: Option<PersonId>,
    }
);
/// Keeps what somebody heard; says whether it did, which it does once for a session.
pub fn insert_playback(tx: &mut Tx, session: &Session, by: PersonId, words: &Sealed) -> Result<bool> {
    let now = tx.now();
    let inserted = tx.execute(
        sql!(
            "insert into session_playbacks (session_id, by_id, relationship_id, at, words, state) values ($1, $2, $3, $4, $5, 'waiting')
             on conflict (session_id, by_id) do nothing"
        ),
        &[&session.id, &by, &session.relationship, &now, words],
    )?;
    Ok(inserted == 1)
}
/// Answers what somebody heard, where nobody has yet; says whether it did.
pub fn answer_playback(tx: &mut Tx, session: SessionId, of: PersonId, by: PersonId, correction: Option<&Sealed>) -> Result<bool> {
    let now = tx.now();
    let state = if correction.is_some() { PlaybackState::Corrected } else { PlaybackState::Confirmed };
    let answered = tx.execute(
        sql!(
            "update session_playbacks set state = $4, correction = $5, answered_by_id = $3, answered_at = $6
             where session_id = $1 and by_id = $2 and by_id <> $3 and state = 'waiting'"
        ),
        &[&session, &of, &by, &state, &correction.cloned(), &now],
    )?;
    Ok(answered == 1)
}
pub fn playbacks(tx: &mut Tx, session: SessionId) -> Result<Vec<SealedPlayback>> {
    Ok(tx.all(
        sql!(SealedPlayback:
            "select by_id as by, at, words, state, correction, answered_by_id as answered_by from session_playbacks
             where session_id = $1 order by at, by_id limit 50"
        ),
        &[&session],
    )?)
}
pub fn heard(tx: &mut Tx, relationship: RelationshipId) -> Result<Heard> {
    let (confirmed, corrected): (i64, i64) = tx.one(
        sql!(
            "select (select count(*) from session_playbacks where relationship_id = $1 and state = 'confirmed') as confirmed,
                (select count(*) from session_playbacks where relationship_id = $1 and state = 'corrected') as corrected"
        ),
        &[&relationship],
    )?;
    Ok(Heard { confirmed, corrected })
}

// What comes from a relationship, and what goes with a person.

/// The key under which everything in these sessions is sealed, by session.
pub fn keys(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<(SessionId, KeyId)>> {
    Ok(tx.all(
        sql!(
            "select s.id, r.key_id from attendances a join sessions s on s.id = a.session_id join relationships r on r.id = s.relationship_id
             where a.person_id = $1 order by s.made_at, s.id limit $2"
        ),
        &[&person, &limit],
    )?)
}
/// The relationships in which someone has sessions before them.
pub fn ahead(tx: &mut Tx, person: PersonId) -> Result<Vec<RelationshipId>> {
    let rows: Vec<(RelationshipId,)> = tx.all(
        sql!(
            "select distinct s.relationship_id from attendances a join sessions s on s.id = a.session_id
             where a.person_id = $1 and a.state in ('proposed', 'booked') limit 200"
        ),
        &[&person],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from preparations where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from private_notes where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from session_feedback where by_id = $1"), &[&person])?;
    tx.execute(sql!("delete from session_decisions where by_id = $1"), &[&person])?;
    tx.execute(sql!("delete from agenda_items where by_id = $1"), &[&person])?;
    tx.execute(sql!("delete from session_playbacks where by_id = $1"), &[&person])?;
    tx.execute(sql!("update session_playbacks set answered_by_id = null, correction = null where answered_by_id = $1"), &[&person])?;
    Ok(())
}
