//! Every query about relationships.

use super::life::{Decision, Fit, FitVote, KindChange, KindChangeId};
use super::relationship::{
    Kind, Party, Relationship, RelationshipId, RelationshipRow, RelationshipState, Role, SealedPassage, Size, Terms, TermsRow, Testimonial,
    TestimonialId,
};
use crate::app::Tx;
use crate::error::Result;
use crate::seal::{self, KeyId, Sealed};
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, Timestamp, record, sql};
use uuid::Uuid;

macro_rules! select_relationship {
    ($rest:literal) => {
        sql!(RelationshipRow: concat!(
            "select r.id, r.kind, r.state, r.key_id as key, r.grown_from, r.began_at, r.ended_at, r.cadence_days, r.last_contact_at, ",
            "r.met_at, r.drift_asked_at, r.paused_until, r.closes_at, r.frozen_from, r.called from relationships r ",
            $rest
        ))
    };
}

/// A single conversation is what it is; anything that goes on is tried out first.
pub fn insert(tx: &mut Tx, id: RelationshipId, kind: Kind, key: KeyId, grown_from: Uuid, parties: &[(PersonId, Role)]) -> Result<()> {
    let (now, cadence) = (tx.now(), kind.cadence_days());
    let state = if kind.goes_on() { RelationshipState::TryingOut } else { RelationshipState::Active };
    tx.execute(
        sql!(
            "insert into relationships (id, kind, state, key_id, grown_from, began_at, changed_at, last_contact_at, cadence_days)
             values ($1, $2, $6, $3, $4, $5, $5, $5, $7)"
        ),
        &[&id, &kind, &key, &grown_from, &now, &state, &cadence],
    )?;
    parties.iter().try_for_each(|(person, role)| insert_party(tx, id, kind, &Party::new(*person, *role)))
}
pub fn insert_party(tx: &mut Tx, id: RelationshipId, kind: Kind, party: &Party) -> Result<()> {
    let guides = party.role.guides() && kind.fills_a_place();
    tx.execute(
        sql!(
            "insert into parties (relationship_id, person_id, role, guides, reads_from, away_from, away_until)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &party.person, &party.role, &guides, &party.reads_from, &party.away_from, &party.away_until],
    )?;
    Ok(())
}
/// What is proposed to several, under a name of its own.
pub fn insert_proposed(tx: &mut Tx, id: RelationshipId, kind: Kind, key: KeyId, called: &Sealed) -> Result<()> {
    let (now, cadence) = (tx.now(), kind.cadence_days());
    tx.execute(
        sql!(
            "insert into relationships (id, kind, state, key_id, began_at, changed_at, last_contact_at, cadence_days, called)
             values ($1, $2, 'proposed', $3, $4, $4, $4, $5, $6)"
        ),
        &[&id, &kind, &key, &now, &cadence, called],
    )?;
    Ok(())
}
pub fn delete_party(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("delete from parties where relationship_id = $1 and person_id = $2"), &[&id, &person])?;
    tx.execute(sql!("update relationships set changed_at = $2 where id = $1"), &[&id, &now])?;
    Ok(())
}

pub fn places_left(tx: &mut Tx, person: PersonId) -> Result<i64> {
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select f.capacity - (select count(*) from parties where person_id = $1 and guides and freed_at is null)
             from profiles f where f.person_id = $1"
        ),
        &[&person],
    )?;
    Ok(row.map_or(0, |r| r.0.max(0)))
}

pub fn find(tx: &mut Tx, id: RelationshipId) -> Result<Option<Relationship>> {
    let row: Option<RelationshipRow> = tx.opt(select_relationship!("where r.id = $1"), &[&id])?;
    row.map(|row| whole(tx, row)).transpose()
}

/// Live ones first, then the latest.
pub fn of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Relationship>> {
    let rows: Vec<RelationshipRow> = tx.all(
        select_relationship!(
            "join parties p on p.relationship_id = r.id where p.person_id = $1
             order by case when r.ended_at is null then 0 else 1 end, r.changed_at desc, r.id desc limit $2"
        ),
        &[&person, &limit],
    )?;
    rows.into_iter().map(|row| whole(tx, row)).collect()
}

/// Those that someone stands behind.
pub fn sponsored_by(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Relationship>> {
    let rows: Vec<RelationshipRow> = tx.all(
        select_relationship!("join sponsors s on s.relationship_id = r.id where s.person_id = $1 order by s.invited_at desc limit $2"),
        &[&person, &limit],
    )?;
    rows.into_iter().map(|row| whole(tx, row)).collect()
}

fn whole(tx: &mut Tx, row: RelationshipRow) -> Result<Relationship> {
    let all: Vec<Party> = tx.all(
        sql!(Party:
            "select person_id as person, role, reads_from, away_from, away_until from parties where relationship_id = $1
             union all select person_id, 'sponsor', cast(null as bigint), cast(null as bigint), cast(null as bigint) from sponsors where relationship_id = $1
             order by 2, 1 limit 50"
        ),
        &[&row.id],
    )?;
    let (sponsors, parties): (Vec<Party>, Vec<Party>) = all.into_iter().partition(|p| p.role == Role::Sponsor);
    Ok(Relationship {
        id: row.id,
        kind: row.kind,
        state: row.state,
        key: row.key,
        grown_from: row.grown_from,
        began_at: row.began_at,
        ended_at: row.ended_at,
        cadence_days: row.cadence_days,
        last_contact_at: row.last_contact_at,
        met_at: row.met_at,
        drift_asked_at: row.drift_asked_at,
        paused_until: row.paused_until,
        closes_at: row.closes_at,
        frozen_from: row.frozen_from,
        called: row.called,
        parties,
        sponsor: sponsors.first().map(|s| s.person),
    })
}

/// Saves what it has become, if it still is what it was: of two who press two buttons, one is told that they came late.
pub fn save(tx: &mut Tx, was: &Relationship, is: &Relationship) -> Result<()> {
    let (now, drift_at) = (tx.now(), is.drifts_at(tx.now()));
    let saved = tx.execute(
        sql!(
            "update relationships set state = $3, ended_at = $4, paused_until = $5, closes_at = $6, frozen_from = $7, changed_at = $8,
                drift_at = $9, drift_asked_at = null
             where id = $1 and state = $2"
        ),
        &[&was.id, &was.state, &is.state, &is.ended_at, &is.paused_until, &is.closes_at, &is.frozen_from, &now, &drift_at],
    )?;
    if saved == 0 {
        return Err(too_late!("Someone changed this a moment before you. Please look at it again."));
    }
    let touch_at = super::touch::first(is, now);
    if touch_at.is_some() {
        tx.execute(sql!("update parties set touch_at = $2 where relationship_id = $1"), &[&is.id, &touch_at])?;
    }
    if is.state.is_over() {
        tx.execute(sql!("update parties set freed_at = $2 where relationship_id = $1 and freed_at is null"), &[&is.id, &now])?;
    }
    Ok(())
}

/// They have met or written: the clock of silence begins anew.
pub fn save_contact(tx: &mut Tx, relationship: &Relationship) -> Result<()> {
    let (now, drift_at) = (tx.now(), relationship.drifts_at(tx.now()));
    tx.execute(
        sql!("update relationships set last_contact_at = $2, drift_at = $3, drift_asked_at = null, changed_at = $2 where id = $1"),
        &[&relationship.id, &now, &drift_at],
    )?;
    Ok(())
}
/// Says whether this was the first time.
pub fn save_met(tx: &mut Tx, id: RelationshipId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.execute(sql!("update relationships set met_at = $2 where id = $1 and met_at is null"), &[&id, &now])? == 1)
}
pub fn save_cadence(tx: &mut Tx, id: RelationshipId, days: i64, drift_at: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update relationships set cadence_days = $2, drift_at = $3 where id = $1"), &[&id, &days, &drift_at])?;
    Ok(())
}
pub fn save_minutes(tx: &mut Tx, id: RelationshipId, minutes: i64) -> Result<()> {
    tx.execute(sql!("update relationship_terms set minutes = $2 where relationship_id = $1"), &[&id, &minutes])?;
    Ok(())
}

// What time does.

pub fn any_paused_over(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx
        .opt::<(i64,)>(
            sql!("select cast(1 as bigint) as waiting from relationships where paused_until <= $1 and state = 'paused' limit 1"),
            &[&now],
        )?
        .is_some())
}
pub fn paused_over(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let now = tx.now();
    ids(tx.all(
        sql!("select id from relationships where paused_until <= $1 and state = 'paused' order by paused_until limit $2"),
        &[&now, &limit],
    )?)
}
pub fn any_closing_over(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx
        .opt::<(i64,)>(
            sql!("select cast(1 as bigint) as waiting from relationships where closes_at <= $1 and state = 'closing' limit 1"),
            &[&now],
        )?
        .is_some())
}
pub fn closing_over(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let now = tx.now();
    ids(tx.all(
        sql!("select id from relationships where closes_at <= $1 and state = 'closing' order by closes_at limit $2"),
        &[&now, &limit],
    )?)
}
pub fn any_drifting(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx.opt::<(i64,)>(sql!("select cast(1 as bigint) as waiting from relationships where drift_at <= $1 limit 1"), &[&now])?.is_some())
}
/// Takes those that have gone quiet; until there is contact again they are asked about it no second time.
pub fn claim_drifting(tx: &mut Tx, limit: i64) -> Result<Vec<RelationshipId>> {
    let now = tx.now();
    ids(tx.all(
        sql!(
            "update relationships set drift_asked_at = $1, drift_at = null where drift_at <= $1 and id in
             (select id from relationships where drift_at <= $1 order by drift_at limit $2) returning id"
        ),
        &[&now, &limit],
    )?)
}
fn ids(rows: Vec<(RelationshipId,)>) -> Result<Vec<RelationshipId>> {
    Ok(rows.into_iter().map(|r| r.0).collect())
}
/// Says that someone has looked at the silence.
pub fn save_drift_answer(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update parties set drift_answered_at = $3 where relationship_id = $1 and person_id = $2"), &[&id, &person, &now])?;
    Ok(())
}

// Keeping in touch.

pub fn any_to_touch(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(tx.opt::<(i64,)>(sql!("select cast(1 as bigint) as waiting from parties where touch_at <= $1 limit 1"), &[&now])?.is_some())
}
/// Claims those who are to be asked how they are doing, until they are asked next.
pub fn claim_to_touch(tx: &mut Tx, next: Timestamp, limit: i64) -> Result<Vec<(RelationshipId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update parties set touch_at = $2 where touch_at <= $1 and (relationship_id, person_id) in
             (select relationship_id, person_id from parties where touch_at <= $1 order by touch_at limit $3)
             returning relationship_id, person_id"
        ),
        &[&now, &next, &limit],
    )?)
}
pub fn save_touch(tx: &mut Tx, id: RelationshipId, person: PersonId, at: Option<Timestamp>, left_at: Option<Timestamp>) -> Result<()> {
    tx.execute(
        sql!("update parties set touch_at = $3, left_quietly_at = $4 where relationship_id = $1 and person_id = $2"),
        &[&id, &person, &at, &left_at],
    )?;
    Ok(())
}
pub fn left_quietly(tx: &mut Tx, id: RelationshipId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> =
        tx.all(sql!("select person_id from parties where relationship_id = $1 and left_quietly_at is not null limit 50"), &[&id])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn keep_in_touch(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    let row: Option<(i64,)> = tx.opt(
        sql!(
            "select cast(1 as bigint) as found from parties p join parties o on o.relationship_id = p.relationship_id
             join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and o.person_id = $2 and r.state = 'ended' and r.kind <> 'flash'
                and p.left_quietly_at is null and o.left_quietly_at is null limit 1"
        ),
        &[&one, &other],
    )?;
    Ok(row.is_some())
}
/// How often someone wrote something under this heading since a moment.
pub fn written_since(tx: &mut Tx, id: RelationshipId, by: PersonId, heading: &str, since: Timestamp) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!("select count(*) from passages where relationship_id = $1 and by_id = $2 and heading = $3 and at > $4"),
        &[&id, &by, &heading, &since],
    )?;
    Ok(row.0)
}

// Fit, reasons and closing answers.

pub fn save_vote(tx: &mut Tx, id: RelationshipId, vote: FitVote) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into fit_votes (relationship_id, person_id, fit, minutes_a_month, at) values ($1, $2, $3, $4, $5)
             on conflict (relationship_id, person_id)
             do update set fit = excluded.fit, minutes_a_month = excluded.minutes_a_month, at = excluded.at"
        ),
        &[&id, &vote.person, &vote.fit, &vote.minutes_a_month, &now],
    )?;
    Ok(())
}
pub fn votes(tx: &mut Tx, id: RelationshipId) -> Result<Vec<FitVote>> {
    Ok(tx.all(
        sql!(FitVote: "select person_id as person, fit, minutes_a_month from fit_votes where relationship_id = $1 limit 50"),
        &[&id],
    )?)
}
pub fn votes_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, Fit, i64, Timestamp)>> {
    Ok(tx.all(
        sql!("select relationship_id, fit, minutes_a_month, at from fit_votes where person_id = $1 order by at limit 1000"),
        &[&person],
    )?)
}

/// Minutes a month that someone has promised in what goes on, apart from this one.
pub fn promised(tx: &mut Tx, person: PersonId, apart_from: RelationshipId) -> Result<i64> {
    let row: (i64,) = tx.one(
        sql!(
            "select cast(coalesce(sum(t.minutes), 0) as bigint) from parties p
             join relationships r on r.id = p.relationship_id join relationship_terms t on t.relationship_id = r.id
             where p.person_id = $1 and p.freed_at is null and r.ended_at is null and r.id <> $2 and t.extent = 'regular'
                and r.state in ('agreed', 'active', 'paused', 'closing')"
        ),
        &[&person, &apart_from],
    )?;
    Ok(row.0)
}

pub fn save_reason(tx: &mut Tx, id: RelationshipId, person: PersonId, about: Decision, key: KeyId, words: &Sealed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into private_reasons (relationship_id, person_id, about, key_id, words, at) values ($1, $2, $3, $4, $5, $6)
             on conflict (relationship_id, person_id, about) do update set key_id = excluded.key_id, words = excluded.words, at = excluded.at"
        ),
        &[&id, &person, &about, &key, words, &now],
    )?;
    Ok(())
}
/// Whose it is, what it is about, its key, its words and since when it is shared.
pub type ReasonRow = (PersonId, Decision, KeyId, Sealed, Option<Timestamp>);
pub fn reasons(tx: &mut Tx, id: RelationshipId) -> Result<Vec<ReasonRow>> {
    Ok(tx.all(
        sql!("select person_id, about, key_id, words, shared_at from private_reasons where relationship_id = $1 order by at limit 20"),
        &[&id],
    )?)
}
pub fn reasons_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(RelationshipId, Decision, KeyId, Sealed)>> {
    Ok(tx.all(
        sql!("select relationship_id, about, key_id, words from private_reasons where person_id = $1 order by at limit 1000"),
        &[&person],
    )?)
}
pub fn share_reason(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<bool> {
    let now = tx.now();
    let shared = tx.execute(
        sql!("update private_reasons set shared_at = $3 where relationship_id = $1 and person_id = $2 and shared_at is null"),
        &[&id, &person, &now],
    )?;
    Ok(shared > 0)
}

pub fn save_closing(tx: &mut Tx, id: RelationshipId, person: PersonId, [changed, takes, hands_over]: &[Sealed; 3]) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into closings (relationship_id, person_id, changed, takes, hands_over, at) values ($1, $2, $3, $4, $5, $6)
             on conflict (relationship_id, person_id) do update set changed = excluded.changed, takes = excluded.takes,
                hands_over = excluded.hands_over, at = excluded.at"
        ),
        &[&id, &person, changed, takes, hands_over, &now],
    )?;
    Ok(())
}
pub fn closings(tx: &mut Tx, id: RelationshipId) -> Result<Vec<(PersonId, Sealed, Sealed, Sealed)>> {
    Ok(tx.all(
        sql!("select person_id, changed, takes, hands_over from closings where relationship_id = $1 order by at, person_id limit 50"),
        &[&id],
    )?)
}

// Sponsors and kinds.

pub fn save_sponsor(tx: &mut Tx, id: RelationshipId, person: PersonId, by: PersonId) -> Result<bool> {
    let now = tx.now();
    let saved = tx.execute(
        sql!(
            "insert into sponsors (relationship_id, person_id, invited_by, invited_at) values ($1, $2, $3, $4)
             on conflict (relationship_id) do nothing"
        ),
        &[&id, &person, &by, &now],
    )?;
    Ok(saved == 1)
}
pub fn remove_sponsor(tx: &mut Tx, id: RelationshipId) -> Result<bool> {
    Ok(tx.execute(sql!("delete from sponsors where relationship_id = $1"), &[&id])? == 1)
}

macro_rules! select_kind_change {
    ($rest:literal) => {
        sql!(KindChange: concat!(
            "select id, from_kind as \"from\", to_kind as \"to\", by_id as by, guide_id as guide, proposed_at, agreed_at from kind_changes ",
            $rest
        ))
    };
}
pub fn insert_kind_change(tx: &mut Tx, id: RelationshipId, change: &KindChange) -> Result<()> {
    tx.execute(
        sql!(
            "insert into kind_changes (id, relationship_id, from_kind, to_kind, by_id, guide_id, proposed_at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&change.id, &id, &change.from, &change.to, &change.by, &change.guide, &change.proposed_at],
    )?;
    Ok(())
}
pub fn kind_changes(tx: &mut Tx, id: RelationshipId) -> Result<Vec<KindChange>> {
    Ok(tx.all(select_kind_change!("where relationship_id = $1 and declined_at is null order by proposed_at, id limit 50"), &[&id])?)
}
pub fn decline_kind_change(tx: &mut Tx, id: KindChangeId) -> Result<bool> {
    let now = tx.now();
    let declined = tx.execute(
        sql!("update kind_changes set declined_at = $2 where id = $1 and agreed_at is null and declined_at is null"),
        &[&id, &now],
    )?;
    Ok(declined == 1)
}
/// Makes the change, if nobody has answered it before: the kind, its usual cadence, and who gives their time.
pub fn save_kind(tx: &mut Tx, relationship: &Relationship, change: &KindChange, roles: &[(PersonId, Role)]) -> Result<bool> {
    let (now, cadence) = (tx.now(), change.to.cadence_days());
    let agreed = tx.execute(
        sql!("update kind_changes set agreed_at = $2 where id = $1 and agreed_at is null and declined_at is null"),
        &[&change.id, &now],
    )?;
    let changed = tx.execute(
        sql!("update relationships set kind = $2, cadence_days = $3, changed_at = $4 where id = $1 and kind = $5"),
        &[&relationship.id, &change.to, &cadence, &now, &change.from],
    )?;
    for (person, role) in roles {
        let guides = role.guides() && change.to.fills_a_place();
        tx.execute(
            sql!("update parties set role = $3, guides = $4 where relationship_id = $1 and person_id = $2"),
            &[&relationship.id, person, role, &guides],
        )?;
    }
    Ok(agreed == 1 && changed == 1)
}

/// What waits for someone in their relationships: which, what, and since when.
pub fn waiting_for(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<(RelationshipId, String, Option<Timestamp>)>> {
    Ok(tx.all(
        sql!(
            "select r.id, 'fit', r.met_at from parties p join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and r.state = 'trying_out' and r.met_at is not null and not exists
                (select 1 from fit_votes v where v.relationship_id = r.id and v.person_id = $1)
             union all
             select r.id, 'drift', r.drift_asked_at from parties p join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and r.state in ('agreed', 'active') and r.drift_asked_at is not null
                and (p.drift_answered_at is null or p.drift_answered_at < r.drift_asked_at)
             union all
             select r.id, 'closing', r.closes_at from parties p join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and r.state = 'closing' and not exists
                (select 1 from closings c where c.relationship_id = r.id and c.person_id = $1)
             union all
             select r.id, 'kind', k.proposed_at from parties p join relationships r on r.id = p.relationship_id
             join kind_changes k on k.relationship_id = r.id
             where p.person_id = $1 and r.ended_at is null and k.by_id <> $1 and k.agreed_at is null and k.declined_at is null
             limit $2"
        ),
        &[&person, &limit],
    )?)
}

record!(
    /// With whom somebody works in a relationship, in which role of their own, and what it is called if it has a name.
    pub struct WithWhom {
        pub relationship: RelationshipId,
        pub role: Role,
        pub other: PersonId,
        pub key: KeyId,
        pub called: Option<Sealed>,
    }
);

/// With whom someone works in these relationships, in their party's place.
pub fn with_whom(tx: &mut Tx, person: PersonId, relationships: &List) -> Result<Vec<WithWhom>> {
    Ok(tx.all(
        sql!(
            WithWhom: "select p.relationship_id as relationship, p.role, o.person_id as other, r.key_id as key, r.called from parties p
             join parties o on o.relationship_id = p.relationship_id join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and o.person_id <> p.person_id and o.role <> 'sponsor' and p.relationship_id in {list $2 as id}
             order by o.relationship_id, o.role, o.person_id limit 500"
        ),
        &[&person, relationships],
    )?)
}

/// What goes on between someone and these others, and of which kind it is; the latest first.
pub fn going_on_with(tx: &mut Tx, person: PersonId, others: &List) -> Result<Vec<(PersonId, RelationshipId, Kind)>> {
    Ok(tx.all(
        sql!(
            "select o.person_id, r.id, r.kind from parties p join parties o on o.relationship_id = p.relationship_id
             join relationships r on r.id = p.relationship_id
             where p.person_id = $1 and o.person_id <> p.person_id and o.person_id in {list $2 as id} and r.ended_at is null
                and r.state not in ('proposed', 'frozen')
             order by r.began_at desc, r.id desc limit 200"
        ),
        &[&person, others],
    )?)
}

pub fn insert_terms(tx: &mut Tx, id: RelationshipId, size: Size) -> Result<()> {
    tx.execute(
        sql!("insert into relationship_terms (relationship_id, extent, minutes, months) values ($1, $2, $3, $4)"),
        &[&id, &size.extent, &size.minutes, &size.months],
    )?;
    Ok(())
}

pub fn terms(tx: &mut Tx, id: RelationshipId, key: KeyId) -> Result<Option<Terms>> {
    let row: Option<TermsRow> = tx.opt(
        sql!(TermsRow: "select extent, minutes, months, next_step, next_step_at from relationship_terms where relationship_id = $1"),
        &[&id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let next_step = match &row.next_step {
        Some(sealed) => seal::open_text(tx, key, sealed)?,
        None => None,
    };
    let size = Size { extent: row.extent, minutes: row.minutes, months: row.months };
    Ok(Some(Terms { size, next_step, next_step_at: row.next_step_at }))
}

pub fn save_next_step(tx: &mut Tx, id: RelationshipId, words: Option<&Sealed>) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update relationship_terms set next_step = $2, next_step_at = $3 where relationship_id = $1"),
        &[&id, &words.cloned(), &now],
    )?;
    tx.execute(sql!("update relationships set changed_at = $2 where id = $1"), &[&id, &now])?;
    Ok(())
}

pub fn insert_passage(tx: &mut Tx, id: RelationshipId, passage: &SealedPassage) -> Result<()> {
    let passage_id: Uuid = tx.new_id();
    tx.execute(
        sql!(
            "insert into passages (id, relationship_id, position, by_id, at, heading, words)
             values ($1, $2, (select count(*) from passages where relationship_id = $2), $3, $4, $5, $6)"
        ),
        &[&passage_id, &id, &passage.by, &passage.at, &passage.heading, &passage.words],
    )?;
    Ok(())
}

pub fn passages(tx: &mut Tx, id: RelationshipId) -> Result<Vec<SealedPassage>> {
    Ok(tx.all(
        sql!(SealedPassage: "select by_id as by, at, heading, words from passages where relationship_id = $1 order by position limit 60"),
        &[&id],
    )?)
}

pub fn publish_testimonial(tx: &mut Tx, id: RelationshipId, author: PersonId, about: PersonId, words: &str) -> Result<()> {
    let (testimonial, now): (TestimonialId, _) = (tx.new_id(), tx.now());
    tx.execute(
        sql!(
            "insert into testimonials (id, relationship_id, author_id, about_id, words, published_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (relationship_id, author_id, about_id)
             do update set words = excluded.words, published_at = excluded.published_at, taken_back_at = null"
        ),
        &[&testimonial, &id, &author, &about, &words, &now],
    )?;
    Ok(())
}

pub fn take_back_testimonial(tx: &mut Tx, id: RelationshipId, author: PersonId) -> Result<bool> {
    let now = tx.now();
    let taken = tx.execute(
        sql!("update testimonials set taken_back_at = $3 where relationship_id = $1 and author_id = $2 and taken_back_at is null"),
        &[&id, &author, &now],
    )?;
    Ok(taken > 0)
}

pub fn testimonial_by(tx: &mut Tx, id: RelationshipId, author: PersonId) -> Result<Option<Testimonial>> {
    Ok(tx.opt(
        sql!(Testimonial:
            "select t.id, t.relationship_id as relationship, t.author_id as author, t.about_id as about, r.kind, t.words, t.published_at
             from testimonials t join relationships r on r.id = t.relationship_id
             where t.relationship_id = $1 and t.author_id = $2 and t.taken_back_at is null"
        ),
        &[&id, &author],
    )?)
}

pub fn testimonials_of(tx: &mut Tx, about: PersonId, limit: i64) -> Result<Vec<Testimonial>> {
    Ok(tx.all(
        sql!(Testimonial:
            "select t.id, t.relationship_id as relationship, t.author_id as author, t.about_id as about, r.kind, t.words, t.published_at
             from testimonials t join relationships r on r.id = t.relationship_id
             join people a on a.id = t.author_id
             where t.about_id = $1 and t.taken_back_at is null and a.forgotten_at is null
             order by t.published_at desc, t.id desc limit $2"
        ),
        &[&about, &limit],
    )?)
}

pub fn testimonials_by(tx: &mut Tx, author: PersonId) -> Result<Vec<(String, Timestamp, Option<Timestamp>)>> {
    Ok(tx.all(
        sql!("select words, published_at, taken_back_at from testimonials where author_id = $1 order by published_at limit 500"),
        &[&author],
    )?)
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    // With the key goes everything that was written in it.
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select r.key_id from relationships r join parties p on p.relationship_id = r.id
              where p.person_id = $1 and (r.kind <> 'circle' or r.ended_at is not null))"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update relationships set state = 'ended', ended_at = $2, changed_at = $2 where ended_at is null and kind <> 'circle' and id in
             (select relationship_id from parties where person_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update parties set freed_at = $2 where freed_at is null and relationship_id in
             (select r.id from relationships r join parties p on p.relationship_id = r.id where p.person_id = $1 and r.ended_at is not null)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from testimonials where author_id = $1 or about_id = $1"), &[&person])?;
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and id in
             (select key_id from private_reasons where person_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from private_reasons where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from fit_votes where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from closings where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from sponsors where person_id = $1"), &[&person])?;
    // What others were proposed by them is answered by their going.
    tx.execute(
        sql!("update kind_changes set declined_at = $2 where (by_id = $1 or guide_id = $1) and agreed_at is null and declined_at is null"),
        &[&person, &now],
    )?;
    Ok(())
}
