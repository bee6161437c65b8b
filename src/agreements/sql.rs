//! Every query about agreements, what is kept because of them, and reports.

use super::agreement::{Agreement, AgreementId, Clauses, ReportKind, ReportLineId, ReportLineRow};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::{RelationshipId, Role};
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{Timestamp, record, sql};

macro_rules! select_agreement {
    ($rest:literal) => {
        sql!(Agreement: concat!(
            "select a.id, a.relationship_id as relationship, a.version, a.state, a.begun_by, a.begun_at, a.due_at, a.hash, a.signed_at, ",
            "a.ended_at, a.review_at, a.review_asked_at from agreements a ",
            $rest
        ))
    };
}

/// The one in force.
pub fn signed(tx: &mut Tx, id: RelationshipId) -> Result<Option<Agreement>> {
    Ok(tx.opt(select_agreement!("where a.relationship_id = $1 and a.state = 'signed'"), &[&id])?)
}
/// The one that is being written, settled or signed.
pub fn open(tx: &mut Tx, id: RelationshipId) -> Result<Option<Agreement>> {
    Ok(tx.opt(select_agreement!("where a.relationship_id = $1 and a.state in ('drafting', 'settling', 'signing') limit 1"), &[&id])?)
}
pub fn versions(tx: &mut Tx, id: RelationshipId) -> Result<Vec<Agreement>> {
    Ok(tx.all(select_agreement!("where a.relationship_id = $1 order by a.version desc limit 50"), &[&id])?)
}
/// Those of someone that may wait for them: open versions, and signed ones about which the two are asked whether they still
/// fit. Open ones come first.
pub fn of_concern_to(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Agreement>> {
    Ok(tx.all(
        select_agreement!(
            "where a.relationship_id in
                (select relationship_id from parties where person_id = $1 union all select relationship_id from sponsors where person_id = $1)
               and (a.state in ('drafting', 'settling', 'signing')
                    or (a.state = 'signed' and a.review_asked_at is not null and exists
                        (select 1 from parties p join relationships r on r.id = p.relationship_id
                         where p.relationship_id = a.relationship_id and p.person_id = $1 and r.ended_at is null)))
             order by case when a.state = 'signed' then 1 else 0 end, a.due_at, a.review_asked_at limit $2"
        ),
        &[&person, &limit],
    )?)
}

record!(
    struct ClausesRow {
        cadence_days: Option<i64>,
        reply_hours: Option<i64>,
        session_minutes: Option<i64>,
        channels: Option<String>,
        recording: Option<String>,
        sponsor_report: Option<String>,
        retention_days: Option<i64>,
        review_days: Option<i64>,
        signed_at: Option<Timestamp>,
    }
);

/// What was signed, if something is in force.
pub fn clauses(tx: &mut Tx, id: RelationshipId) -> Result<Option<Clauses>> {
    let row: Option<ClausesRow> = tx.opt(
        sql!(ClausesRow:
            "select cadence_days, reply_hours, session_minutes, channels, recording, sponsor_report, retention_days, review_days, signed_at
             from agreements where relationship_id = $1 and state = 'signed'"
        ),
        &[&id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let word = |word: Option<String>| word.unwrap_or_default();
    Ok(Some(Clauses {
        cadence_days: row.cadence_days.unwrap_or(28),
        reply_hours: row.reply_hours,
        session_minutes: row.session_minutes.unwrap_or(60),
        channels: word(row.channels).split(',').filter_map(|c| c.parse().ok()).collect(),
        recording: word(row.recording).parse().unwrap_or(super::agreement::Recording::Never),
        sponsor_report: word(row.sponsor_report).parse().unwrap_or(super::agreement::SponsorReport::Nothing),
        retention_days: row.retention_days,
        review_days: row.review_days.unwrap_or(30),
        signed_at: row.signed_at,
    }))
}

pub fn insert(tx: &mut Tx, agreement: &Agreement) -> Result<()> {
    tx.execute(
        sql!(
            "insert into agreements (id, relationship_id, version, state, begun_by, begun_at, due_at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[
            &agreement.id,
            &agreement.relationship,
            &agreement.version,
            &agreement.state,
            &agreement.begun_by,
            &agreement.begun_at,
            &agreement.due_at,
        ],
    )?;
    Ok(())
}

/// Saves what it has become, if it still is what it was. `words` is the sealed text while there is one.
pub fn save(tx: &mut Tx, was: &Agreement, is: &Agreement) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update agreements set state = $3, due_at = $4, hash = $5, signed_at = $6, ended_at = $7, review_at = $8, review_asked_at = $9
             where id = $1 and state = $2"
        ),
        &[&was.id, &was.state, &is.state, &is.due_at, &is.hash, &is.signed_at, &is.ended_at, &is.review_at, &is.review_asked_at],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("Someone changed this a moment before you. Please look at it again.")) }
}
pub fn save_words(tx: &mut Tx, id: AgreementId, words: Option<&Sealed>) -> Result<()> {
    tx.execute(sql!("update agreements set words = $2 where id = $1"), &[&id, &words.cloned()])?;
    Ok(())
}
pub fn words(tx: &mut Tx, id: AgreementId) -> Result<Option<Sealed>> {
    let row: Option<(Option<Sealed>,)> = tx.opt(sql!("select words from agreements where id = $1"), &[&id])?;
    Ok(row.and_then(|r| r.0))
}
pub fn save_clauses(tx: &mut Tx, id: AgreementId, clauses: &Clauses) -> Result<()> {
    let channels = clauses.channels.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(",");
    tx.execute(
        sql!(
            "update agreements set cadence_days = $2, reply_hours = $3, session_minutes = $4, channels = $5, recording = $6,
                sponsor_report = $7, retention_days = $8, review_days = $9 where id = $1"
        ),
        &[
            &id,
            &clauses.cadence_days,
            &clauses.reply_hours,
            &clauses.session_minutes,
            &channels,
            &clauses.recording,
            &clauses.sponsor_report,
            &clauses.retention_days,
            &clauses.review_days,
        ],
    )?;
    Ok(())
}

// Drafts, points and signatures.

pub fn save_draft(tx: &mut Tx, id: AgreementId, person: PersonId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into agreement_drafts (agreement_id, person_id, words, at) values ($1, $2, $3, $4)
             on conflict (agreement_id, person_id) do update set words = excluded.words, at = excluded.at"
        ),
        &[&id, &person, words, &now],
    )?;
    Ok(())
}
pub fn drafts(tx: &mut Tx, id: AgreementId) -> Result<Vec<(PersonId, Sealed)>> {
    Ok(tx.all(sql!("select person_id, words from agreement_drafts where agreement_id = $1 order by person_id limit 50"), &[&id])?)
}
pub fn drafts_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, i64, Sealed)>> {
    Ok(tx.all(
        sql!(
            "select a.relationship_id, a.version, d.words from agreement_drafts d join agreements a on a.id = d.agreement_id
             where d.person_id = $1 order by d.at limit 1000"
        ),
        &[&person],
    )?)
}
/// Somebody puts a point into these words: whoever agreed with others agrees no more.
pub fn save_point(tx: &mut Tx, id: AgreementId, element: &str, by: PersonId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into agreement_points (agreement_id, element, words, by_id, changed_at) values ($1, $2, $3, $4, $5)
             on conflict (agreement_id, element) do update set words = excluded.words, by_id = excluded.by_id, changed_at = excluded.changed_at"
        ),
        &[&id, &element, words, &by, &now],
    )?;
    tx.execute(sql!("delete from agreement_consents where agreement_id = $1 and element = $2"), &[&id, &element])?;
    Ok(())
}
pub fn points(tx: &mut Tx, id: AgreementId) -> Result<Vec<(String, Sealed, PersonId)>> {
    Ok(tx.all(sql!("select element, words, by_id from agreement_points where agreement_id = $1 order by element limit 50"), &[&id])?)
}
pub fn consent(tx: &mut Tx, id: AgreementId, element: &str, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into agreement_consents (agreement_id, element, person_id, at) values ($1, $2, $3, $4)
             on conflict (agreement_id, element, person_id) do nothing"
        ),
        &[&id, &element, &person, &now],
    )?;
    Ok(())
}
pub fn consents(tx: &mut Tx, id: AgreementId) -> Result<Vec<(String, PersonId)>> {
    Ok(tx.all(
        sql!("select element, person_id from agreement_consents where agreement_id = $1 order by element, person_id limit 1000"),
        &[&id],
    )?)
}
/// Says whether they had not signed before.
pub fn sign(tx: &mut Tx, id: AgreementId, person: PersonId, role: Role, hash: &str) -> Result<bool> {
    let now = tx.now();
    let signed = tx.execute(
        sql!(
            "insert into agreement_signatures (agreement_id, person_id, role, hash, signed_at) values ($1, $2, $3, $4, $5)
             on conflict (agreement_id, person_id) do nothing"
        ),
        &[&id, &person, &role, &hash, &now],
    )?;
    Ok(signed == 1)
}
pub fn unsign(tx: &mut Tx, id: AgreementId) -> Result<()> {
    tx.execute(sql!("delete from agreement_signatures where agreement_id = $1"), &[&id])?;
    Ok(())
}
pub fn signatures(tx: &mut Tx, id: AgreementId) -> Result<Vec<(PersonId, Role, String, Timestamp)>> {
    Ok(tx.all(
        sql!("select person_id, role, hash, signed_at from agreement_signatures where agreement_id = $1 order by signed_at, person_id limit 50"),
        &[&id],
    )?)
}
pub fn signatures_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, i64, String, Timestamp)>> {
    Ok(tx.all(
        sql!(
            "select a.relationship_id, a.version, s.hash, s.signed_at from agreement_signatures s join agreements a on a.id = s.agreement_id
             where s.person_id = $1 order by s.signed_at limit 1000"
        ),
        &[&person],
    )?)
}

// What time does.

pub fn any_to_remind(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx.opt::<(i64,)>(sql!("select cast(1 as bigint) as waiting from agreements where due_at <= $1 limit 1"), &[&now])?.is_some())
}
/// Takes those whose time is over; at each step somebody is reminded once.
pub fn claim_to_remind(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let now = tx.now();
    let rows: Vec<(RelationshipId,)> = tx.all(
        sql!(
            "update agreements set due_at = null where due_at <= $1 and id in
             (select id from agreements where due_at <= $1 order by due_at limit $2) returning relationship_id"
        ),
        &[&now, &limit],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn any_to_review(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx.opt::<(i64,)>(sql!("select cast(1 as bigint) as waiting from agreements where review_at <= $1 limit 1"), &[&now])?.is_some())
}
pub fn to_review(tx: &mut Tx, limit: i64) -> Result<Vec<Agreement>> {
    let now = tx.now();
    Ok(tx.all(select_agreement!("where a.review_at <= $1 order by a.review_at limit $2"), &[&now, &limit])?)
}

// Recording.

pub fn save_recording(tx: &mut Tx, id: RelationshipId, person: PersonId, agrees: bool) -> Result<()> {
    let now = tx.now();
    if agrees {
        tx.execute(
            sql!(
                "insert into recording_consents (relationship_id, person_id, given_at) values ($1, $2, $3)
                 on conflict (relationship_id, person_id) do nothing"
            ),
            &[&id, &person, &now],
        )?;
    } else {
        tx.execute(sql!("delete from recording_consents where relationship_id = $1 and person_id = $2"), &[&id, &person])?;
    }
    Ok(())
}
pub fn recording(tx: &mut Tx, id: RelationshipId) -> Result<Vec<(PersonId, Timestamp)>> {
    Ok(tx.all(sql!("select person_id, given_at from recording_consents where relationship_id = $1 order by given_at limit 50"), &[&id])?)
}
pub fn recording_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, Timestamp)>> {
    Ok(tx.all(
        sql!("select relationship_id, given_at from recording_consents where person_id = $1 order by given_at limit 1000"),
        &[&person],
    )?)
}

// Retention.

pub fn keep_until(tx: &mut Tx, id: RelationshipId, destroy_at: Timestamp) -> Result<()> {
    tx.execute(
        sql!(
            "insert into retentions (relationship_id, destroy_at) values ($1, $2)
             on conflict (relationship_id) do update set destroy_at = excluded.destroy_at, told_at = null"
        ),
        &[&id, &destroy_at],
    )?;
    Ok(())
}
/// When it is destroyed, and when it was.
pub fn retention(tx: &mut Tx, id: RelationshipId) -> Result<Option<(Timestamp, Option<Timestamp>)>> {
    Ok(tx.opt(sql!("select destroy_at, destroyed_at from retentions where relationship_id = $1"), &[&id])?)
}
/// Whether anything is to be told by this moment, or destroyed now.
pub fn any_to_destroy(tx: &mut Tx) -> Result<bool> {
    let (now, ahead, a_day_ago) = (tx.now(), told_from(tx), a_day_before(tx));
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select cast(1 as bigint) as waiting from retentions where destroyed_at is null and destroy_at <= $2
                and (told_at is null or (destroy_at <= $1 and told_at <= $3)) limit 1"
        ),
        &[&now, &ahead, &a_day_ago],
    )?;
    Ok(row.is_some())
}
fn a_day_before(tx: &Tx) -> Timestamp {
    tx.now() + jiff::SignedDuration::from_hours(-24)
}
fn told_from(tx: &Tx) -> Timestamp {
    tx.now() + jiff::SignedDuration::from_hours(24 * super::agreement::TELL_BEFORE)
}
pub fn claim_to_tell(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let (now, ahead) = (tx.now(), told_from(tx));
    let rows: Vec<(RelationshipId,)> = tx.all(
        sql!(
            "update retentions set told_at = $1 where destroyed_at is null and told_at is null and destroy_at <= $2 and relationship_id in
             (select relationship_id from retentions where destroyed_at is null and told_at is null and destroy_at <= $2 order by destroy_at limit $3)
             returning relationship_id"
        ),
        &[&now, &ahead, &limit],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
/// Only what they were told of a day before at least: a sweep that comes late does not surprise anybody.
pub fn claim_to_destroy(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let (now, a_day_ago) = (tx.now(), a_day_before(tx));
    let rows: Vec<(RelationshipId,)> = tx.all(
        sql!(
            "update retentions set destroyed_at = $1 where destroyed_at is null and destroy_at <= $1 and told_at <= $2 and relationship_id in
             (select relationship_id from retentions where destroyed_at is null and destroy_at <= $1 and told_at <= $2 order by destroy_at limit $3)
             returning relationship_id"
        ),
        &[&now, &a_day_ago, &limit],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

// Reports.

pub fn insert_line(
    tx: &mut Tx,
    id: ReportLineId,
    relationship: RelationshipId,
    by: PersonId,
    kind: ReportKind,
    words: &Sealed,
    approved: bool,
) -> Result<()> {
    let now = tx.now();
    let approved_at = approved.then_some(now);
    tx.execute(
        sql!(
            "insert into report_lines (id, relationship_id, by_id, kind, words, written_at, approved_at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &relationship, &by, &kind, words, &now, &approved_at],
    )?;
    Ok(())
}
pub fn lines(tx: &mut Tx, id: RelationshipId) -> Result<Vec<ReportLineRow>> {
    Ok(tx.all(
        sql!(ReportLineRow:
            "select id, by_id as by, kind, words, written_at, approved_at from report_lines
             where relationship_id = $1 and left_out_at is null order by written_at, id limit 200"
        ),
        &[&id],
    )?)
}
pub fn lines_by(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, Sealed, Timestamp)>> {
    Ok(tx.all(
        sql!("select relationship_id, words, written_at from report_lines where by_id = $1 order by written_at limit 1000"),
        &[&person],
    )?)
}
pub fn approve_line(tx: &mut Tx, id: RelationshipId, line: ReportLineId) -> Result<bool> {
    let now = tx.now();
    let approved = tx.execute(
        sql!("update report_lines set approved_at = $3 where id = $1 and relationship_id = $2 and approved_at is null and left_out_at is null"),
        &[&line, &id, &now],
    )?;
    Ok(approved == 1)
}
pub fn leave_out_line(tx: &mut Tx, id: RelationshipId, line: ReportLineId) -> Result<bool> {
    let now = tx.now();
    let left = tx.execute(
        sql!("update report_lines set left_out_at = $3 where id = $1 and relationship_id = $2 and left_out_at is null"),
        &[&line, &id, &now],
    )?;
    Ok(left == 1)
}
/// Where lines wait for a learner's approval.
pub fn lines_waiting_for(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<(RelationshipId, i64)>> {
    Ok(tx.all(
        sql!(
            "select l.relationship_id, count(*) from report_lines l join parties p on p.relationship_id = l.relationship_id
             where p.person_id = $1 and p.role in ('mentee', 'client', 'peer') and l.by_id <> $1 and l.approved_at is null and l.left_out_at is null
             group by l.relationship_id order by 1 limit $2"
        ),
        &[&person, &limit],
    )?)
}

/// What they wrote is sealed under keys that are destroyed with them; what says who did what goes, and signatures stay, since
/// they are also the other's, of somebody who has left.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(sql!("delete from agreement_drafts where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from recording_consents where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from report_lines where by_id = $1"), &[&person])?;
    Ok(())
}
