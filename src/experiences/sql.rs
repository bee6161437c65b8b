//! Every query about what people offer to try.

use super::experience::{Offer, OfferId, Seat, SeatId, SeatState};
use crate::app::Tx;
use crate::error::Result;
use crate::plans::ItemId;
use crate::too_late;
use crate::viewer::PersonId;
use chiron_store::{List, sql};
use uuid::Uuid;

macro_rules! select_offer {
    ($($rest:literal),+ $(,)?) => {
        sql!(Offer: concat!(
            "select o.id, o.offerer_id as offerer, o.for_place, o.kind, o.title, o.words, o.takes, o.country, o.town, o.places, o.taken, ",
            "o.until_on, o.closes_at, o.offered_at, o.ended_at from experience_offers o ",
            $($rest),+
        ))
    };
}
/// What stands on the board, narrowed as [`Wanted`] says and by what else is given.
macro_rules! select_board {
    ($more:literal) => {
        select_offer!(
            "join people p on p.id = o.offerer_id join profiles f on f.person_id = p.id ",
            "where o.ended_at is null and o.id < $1 and o.closes_at > $2 and ($3 = '' or o.kind = $3) ",
            "and ($4 = '' or o.country = $4 or ($4 = 'remote' and o.country = '')) and o.offerer_id not in {list $5 as id} ",
            "and p.closed_at is null and (f.not_now_until is null or f.not_now_until <= $2) ",
            $more,
            "order by o.id desc limit $6"
        )
    };
}
macro_rules! select_seat {
    ($rest:literal) => {
        sql!(Seat: concat!(
            "select s.id, s.offer_id as offer, s.learner_id as learner, s.key_id as \"key\", s.why, s.state, s.asked_at, s.remind_at, ",
            "s.answer_by, s.answered_at, s.answer, s.item_id as item, s.note, s.shared_at, s.ended_at from experience_seats s ",
            $rest
        ))
    };
}

// Offers.

pub fn find(tx: &mut Tx, id: OfferId) -> Result<Option<Offer>> {
    Ok(tx.opt(select_offer!("where o.id = $1"), &[&id])?)
}
pub fn by_nonce(tx: &mut Tx, offerer: PersonId, nonce: &str) -> Result<Option<OfferId>> {
    let row: Option<(OfferId,)> =
        tx.opt(sql!("select id from experience_offers where offerer_id = $1 and nonce = $2"), &[&offerer, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// What the board is asked for.
pub struct Wanted<'a> {
    /// Empty for any.
    pub kind: &'a str,
    /// Empty for anywhere, `remote`, or a country's code.
    pub place: &'a str,
    /// Offers of these people are left out.
    pub without: &'a List,
    pub before: Option<OfferId>,
    pub most: i64,
}

/// Those that stand, the newest first; those of people who are away, or have left, not now.
pub fn board(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<Offer>> {
    let (now, before) = (tx.now(), wanted.before.unwrap_or(OfferId(Uuid::max())));
    Ok(tx.all(select_board!(""), &[&before, &now, &wanted.kind, &wanted.place, wanted.without, &wanted.most])?)
}
/// The same, among those that build one of these skills.
pub fn board_of_skills(tx: &mut Tx, wanted: &Wanted, skills: &List) -> Result<Vec<Offer>> {
    let (now, before) = (tx.now(), wanted.before.unwrap_or(OfferId(Uuid::max())));
    Ok(tx.all(
        select_board!("and o.id in (select k.offer_id from experience_skills k where k.skill in {list $7 as text}) "),
        &[&before, &now, &wanted.kind, &wanted.place, wanted.without, &wanted.most, skills],
    )?)
}
/// Where something stands to be done on site.
pub fn countries(tx: &mut Tx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx.all(
        sql!("select country from experience_offers where ended_at is null and country <> '' group by country order by country limit 300"),
        &[],
    )?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
/// Somebody's, those that stand first.
pub fn of_offerer(tx: &mut Tx, offerer: PersonId, most: i64) -> Result<Vec<Offer>> {
    Ok(tx.all(
        select_offer!("where o.offerer_id = $1 order by case when o.ended_at is null then 0 else 1 end, o.id desc limit $2"),
        &[&offerer, &most],
    )?)
}
pub fn of_ids(tx: &mut Tx, ids: &List) -> Result<Vec<Offer>> {
    Ok(tx.all(select_offer!("where o.id in {list $1 as id} order by o.id limit 1000"), &[ids])?)
}
/// How many of somebody's stand; counts no further than asked.
pub fn count_standing(tx: &mut Tx, offerer: PersonId, most: i64) -> Result<i64> {
    let now = tx.now();
    let row: (i64,) = tx.one(
        sql!(
            "select count(*) from (select 1 as one from experience_offers
                where offerer_id = $1 and ended_at is null and closes_at > $2 limit $3) e"
        ),
        &[&offerer, &now, &most],
    )?;
    Ok(row.0)
}
/// Those with whom contact is stopped just now.
pub fn stopped_with(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!(
            "select distinct b.person_id from parties a join relationships r on r.id = a.relationship_id
                join parties b on b.relationship_id = a.relationship_id and b.person_id <> a.person_id
             where a.person_id = $1 and r.state = 'frozen' limit 1000"
        ),
        &[&person],
    )?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
/// Puts a new one in; says whether it did, which it does not when this form was sent before.
pub fn insert(tx: &mut Tx, offer: &Offer, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into experience_offers (id, offerer_id, for_place, kind, title, words, takes, country, town, places, taken, until_on,
                closes_at, offered_at, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (offerer_id, nonce) do nothing"
        ),
        &[
            &offer.id,
            &offer.offerer,
            &offer.for_place,
            &offer.kind,
            &offer.title,
            &offer.words,
            &offer.takes,
            &offer.country,
            &offer.town,
            &offer.places,
            &offer.taken,
            &offer.until_on,
            &offer.closes_at,
            &offer.offered_at,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}
/// Saves what it says now, as long as no more places were given than there are to be.
pub fn save(tx: &mut Tx, offer: &Offer) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update experience_offers set for_place = $2, kind = $3, title = $4, words = $5, takes = $6, country = $7, town = $8,
                places = $9, until_on = $10, closes_at = $11
             where id = $1 and ended_at is null and taken <= $9"
        ),
        &[
            &offer.id,
            &offer.for_place,
            &offer.kind,
            &offer.title,
            &offer.words,
            &offer.takes,
            &offer.country,
            &offer.town,
            &offer.places,
            &offer.until_on,
            &offer.closes_at,
        ],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This offer changed a moment before. Please look at it again.")) }
}
/// Whoever offered them has left.
pub fn end_all(tx: &mut Tx, offerer: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update experience_offers set ended_at = $2 where offerer_id = $1 and ended_at is null"), &[&offerer, &now])?;
    Ok(())
}
pub fn end(tx: &mut Tx, id: OfferId) -> Result<()> {
    let now = tx.now();
    let saved = tx.execute(sql!("update experience_offers set ended_at = $2 where id = $1 and ended_at is null"), &[&id, &now])?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This is not offered any more already.")) }
}
/// Takes a place, if there is one: whoever comes second finds none.
pub fn take_place(tx: &mut Tx, id: OfferId) -> Result<bool> {
    let taken =
        tx.execute(sql!("update experience_offers set taken = taken + 1 where id = $1 and taken < places and ended_at is null"), &[&id])?;
    Ok(taken == 1)
}
pub fn give_place_back(tx: &mut Tx, id: OfferId) -> Result<()> {
    tx.execute(sql!("update experience_offers set taken = taken - 1 where id = $1 and taken > 0"), &[&id])?;
    Ok(())
}

// Skills.

pub fn skills(tx: &mut Tx, offers: &List) -> Result<Vec<(OfferId, String)>> {
    Ok(tx.all(
        sql!("select offer_id, skill from experience_skills where offer_id in {list $1 as id} order by offer_id, position limit 5000"),
        &[offers],
    )?)
}
pub fn save_skills(tx: &mut Tx, offer: OfferId, skills: &[String]) -> Result<()> {
    tx.execute(sql!("delete from experience_skills where offer_id = $1"), &[&offer])?;
    for (position, skill) in (0_i64..).zip(skills) {
        tx.execute(
            sql!("insert into experience_skills (offer_id, skill, position) values ($1, $2, $3) on conflict (offer_id, skill) do nothing"),
            &[&offer, skill, &position],
        )?;
    }
    Ok(())
}
pub fn rewrite_skill(tx: &mut Tx, was: &str, is: &str) -> Result<()> {
    tx.execute(
        sql!(
            "delete from experience_skills where skill = $1 and exists (
                select 1 from experience_skills k where k.offer_id = experience_skills.offer_id and k.skill = $2)"
        ),
        &[&was, &is],
    )?;
    tx.execute(sql!("update experience_skills set skill = $2 where skill = $1"), &[&was, &is])?;
    Ok(())
}

// Seats.

pub fn find_seat(tx: &mut Tx, id: SeatId) -> Result<Option<Seat>> {
    Ok(tx.opt(select_seat!("where s.id = $1"), &[&id])?)
}
pub fn seat_by_nonce(tx: &mut Tx, learner: PersonId, nonce: &str) -> Result<Option<SeatId>> {
    let row: Option<(SeatId,)> =
        tx.opt(sql!("select id from experience_seats where learner_id = $1 and nonce = $2"), &[&learner, &nonce])?;
    Ok(row.map(|row| row.0))
}
/// The latest that somebody asked for in an offer.
pub fn seat_of(tx: &mut Tx, offer: OfferId, learner: PersonId) -> Result<Option<Seat>> {
    Ok(tx.opt(select_seat!("where s.offer_id = $1 and s.learner_id = $2 order by s.id desc limit 1"), &[&offer, &learner])?)
}
pub fn seat_of_item(tx: &mut Tx, item: ItemId) -> Result<Option<Seat>> {
    Ok(tx.opt(select_seat!("where s.item_id = $1 limit 1"), &[&item])?)
}
/// Those of an offer: what waits first, then the latest.
pub fn seats_of_offer(tx: &mut Tx, offer: OfferId, most: i64) -> Result<Vec<Seat>> {
    Ok(tx.all(
        select_seat!("where s.offer_id = $1 order by case s.state when 'asked' then 0 when 'given' then 1 else 2 end, s.id desc limit $2"),
        &[&offer, &most],
    )?)
}
pub fn seats_of_learner(tx: &mut Tx, learner: PersonId, most: i64) -> Result<Vec<Seat>> {
    Ok(tx.all(select_seat!("where s.learner_id = $1 order by s.id desc limit $2"), &[&learner, &most])?)
}
/// Asked for or given, of one person or at what one person offers.
pub fn live_seats_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Seat>> {
    Ok(tx.all(
        select_seat!(
            "where s.state in ('asked', 'given') and (s.learner_id = $1
               or s.offer_id in (select o.id from experience_offers o where o.offerer_id = $1)) order by s.id limit 5000"
        ),
        &[&person],
    )?)
}
pub fn count_asked(tx: &mut Tx, learner: PersonId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from experience_seats where learner_id = $1 and state = 'asked'"), &[&learner])?;
    Ok(row.0)
}
pub fn count_waiting(tx: &mut Tx, offer: OfferId) -> Result<i64> {
    let row: (i64,) = tx.one(sql!("select count(*) from experience_seats where offer_id = $1 and state = 'asked'"), &[&offer])?;
    Ok(row.0)
}
/// How many wait for an answer, by offer of somebody's.
pub fn waiting_by_offer(tx: &mut Tx, offerer: PersonId) -> Result<Vec<(OfferId, i64)>> {
    Ok(tx.all(
        sql!(
            "select s.offer_id, count(*) from experience_seats s join experience_offers o on o.id = s.offer_id
             where o.offerer_id = $1 and s.state = 'asked' group by s.offer_id order by s.offer_id limit 1000"
        ),
        &[&offerer],
    )?)
}
pub fn insert_seat(tx: &mut Tx, seat: &Seat, nonce: &str) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into experience_seats (id, offer_id, learner_id, key_id, why, state, asked_at, remind_at, answer_by, nonce)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (learner_id, nonce) do nothing"
        ),
        &[
            &seat.id,
            &seat.offer,
            &seat.learner,
            &seat.key,
            &seat.why,
            &seat.state,
            &seat.asked_at,
            &seat.remind_at,
            &seat.answer_by,
            &nonce,
        ],
    )?;
    Ok(inserted == 1)
}
/// Saves what became of it, if it is still what it was.
pub fn save_seat(tx: &mut Tx, is: &Seat, was: SeatState) -> Result<()> {
    let saved = tx.execute(
        sql!(
            "update experience_seats set state = $2, answered_at = $3, answer = $4, item_id = $5, note = $6, shared_at = $7, ended_at = $8
             where id = $1 and state = $9"
        ),
        &[&is.id, &is.state, &is.answered_at, &is.answer, &is.item, &is.note, &is.shared_at, &is.ended_at, &was],
    )?;
    if saved == 1 { Ok(()) } else { Err(too_late!("This changed a moment before. Please look at it again.")) }
}

pub fn any_to_remind(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(SeatId,)> =
        tx.opt(sql!("select id from experience_seats where state = 'asked' and reminded_at is null and remind_at <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Claims those whose time is half over; the condition is said twice because two nodes may choose the same rows.
pub fn claim_reminders(tx: &mut Tx) -> Result<Vec<(SeatId, OfferId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update experience_seats set reminded_at = $1 where state = 'asked' and reminded_at is null and remind_at <= $1 and id in
             (select id from experience_seats where state = 'asked' and reminded_at is null and remind_at <= $1 order by remind_at limit 100)
             returning id, offer_id"
        ),
        &[&now],
    )?)
}
pub fn any_to_lapse(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let row: Option<(SeatId,)> =
        tx.opt(sql!("select id from experience_seats where state = 'asked' and answer_by <= $1 limit 1"), &[&now])?;
    Ok(row.is_some())
}
/// Ends those whose time is over.
pub fn claim_lapses(tx: &mut Tx) -> Result<Vec<(SeatId, PersonId)>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(
            "update experience_seats set state = 'lapsed', ended_at = $1 where state = 'asked' and answer_by <= $1 and id in
             (select id from experience_seats where state = 'asked' and answer_by <= $1 order by answer_by limit 100)
             returning id, learner_id"
        ),
        &[&now],
    )?)
}

/// What somebody asked for and wrote of it goes, with its keys. What they offered loses its words; the seats of others in it
/// keep what those wrote.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update keys set wrapped = null, destroyed_at = $2 where destroyed_at is null and
             id in (select key_id from experience_seats where learner_id = $1)"
        ),
        &[&person, &now],
    )?;
    tx.execute(sql!("delete from experience_seats where learner_id = $1"), &[&person])?;
    tx.execute(
        sql!("update experience_seats set answer = null where offer_id in (select id from experience_offers where offerer_id = $1)"),
        &[&person],
    )?;
    tx.execute(
        sql!("delete from experience_skills where offer_id in (select id from experience_offers where offerer_id = $1)"),
        &[&person],
    )?;
    tx.execute(
        sql!(
            "update experience_offers set title = '', words = '', takes = '', country = '', town = '', ended_at = coalesce(ended_at, $2)
             where offerer_id = $1"
        ),
        &[&person, &now],
    )?;
    Ok(())
}
