//! Every query about people.

use super::change::{About, HowIWork, PublicPage, Time};
use super::person::{Chip, Newcomer, OpenTo, Presence, Side};
use super::profile::{Credential, CredentialId, Experience, ExperienceId, Hours, Shown, SkillLevel};
use super::values::{Value, Values};
use crate::app::Tx;
use crate::error::Result;
use crate::viewer::{Office, PersonId};
use chiron_store::{List, Timestamp, record, sql};

pub fn insert(tx: &mut Tx, id: PersonId, name: &str, office: Office, newcomer: &Newcomer) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into people (id, name, folded, office, joined_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &name, &crate::fold::fold(name), &office, &now],
    )?;
    let email = newcomer.email.as_deref().map(str::trim);
    let verified = newcomer.verified.then_some(now);
    tx.execute(
        sql!("insert into accounts (person_id, email, email_folded, verified_at) values ($1, $2, $3, $4)"),
        &[&id, &email, &email.map(str::to_lowercase), &verified],
    )?;
    let zone = newcomer.zone.as_deref().unwrap_or("UTC");
    tx.execute(sql!("insert into profiles (person_id, zone, changed_at) values ($1, $2, $3)"), &[&id, &zone, &now])?;
    Ok(())
}

pub fn presence(tx: &mut Tx, person: PersonId) -> Result<Option<Presence>> {
    Ok(tx.opt(
        sql!(
            "select coalesce(p.closed_at, p.forgotten_at) as left_at, f.not_now_until
             from people p join profiles f on f.person_id = p.id where p.id = $1"
        ),
        &[&person],
    )?)
}

/// When someone joined, and whether their profile says anything yet.
pub fn beginnings(tx: &mut Tx, person: PersonId) -> Result<Option<(Timestamp, bool)>> {
    let row: Option<(Timestamp, i64)> = tx.opt(
        sql!(
            "select p.joined_at, cast(case when f.headline <> '' or exists (select 1 from profile_skills s where s.person_id = p.id)
                then 1 else 0 end as bigint) as shows
             from people p join profiles f on f.person_id = p.id where p.id = $1"
        ),
        &[&person],
    )?;
    Ok(row.map(|(joined, shows)| (joined, shows == 1)))
}

pub fn chips(tx: &mut Tx, people: &List) -> Result<Vec<Chip>> {
    Ok(tx.all(
        sql!(
            "select p.id, p.name, f.pronouns, f.headline, f.photo, f.zone
             from people p join profiles f on f.person_id = p.id
             where p.id in {list $1 as id} and p.forgotten_at is null"
        ),
        &[people],
    )?)
}

pub fn insert_reply_time(tx: &mut Tx, person: PersonId, asked_at: Timestamp, answered_at: Option<Timestamp>) -> Result<()> {
    let id: uuid::Uuid = tx.new_id();
    tx.execute(
        sql!("insert into reply_times (id, person_id, asked_at, answered_at) values ($1, $2, $3, $4)"),
        &[&id, &person, &asked_at, &answered_at],
    )?;
    Ok(())
}

pub fn reply_times(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, Option<Timestamp>)>> {
    Ok(tx.all(sql!("select asked_at, answered_at from reply_times where person_id = $1 order by asked_at desc limit 20"), &[&person])?)
}

/// Their own profile row, with how many people they guide now. Parties belong to the ground, and counting them here
/// saves every page a second question.
pub fn shown(tx: &mut Tx, person: PersonId) -> Result<Option<Shown>> {
    Ok(tx.opt(
        sql!(
            Shown: "select p.id as person, p.name, f.pronouns, f.headline, f.story, f.country, f.zone, f.photo,
                f.directive_facilitative, f.support_challenge, f.structured_emergent, f.methods, f.how_i_work, f.supervision,
                f.fee, f.minutes_a_week, f.capacity, f.not_now_until, f.public_slug, f.public_indexed, p.joined_at, p.closed_at,
                (select count(*) from parties q where q.person_id = p.id and q.guides and q.freed_at is null) as guiding
             from people p join profiles f on f.person_id = p.id
             where p.id = $1 and p.forgotten_at is null"
        ),
        &[&person],
    )?)
}

pub fn person_of_slug(tx: &mut Tx, slug: &str) -> Result<Option<PersonId>> {
    Ok(tx.opt::<(PersonId,)>(sql!("select person_id from profiles where public_slug = $1"), &[&slug])?.map(|r| r.0))
}

pub fn open_to(tx: &mut Tx, person: PersonId) -> Result<Vec<OpenTo>> {
    let rows: Vec<(OpenTo,)> = tx.all(sql!("select role from profile_roles where person_id = $1 order by role limit 10"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn languages(tx: &mut Tx, person: PersonId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        tx.all(sql!("select language from profile_languages where person_id = $1 order by position limit 20"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub fn skills(tx: &mut Tx, person: PersonId) -> Result<Vec<SkillLevel>> {
    Ok(tx.all(
        sql!(SkillLevel: "select side, skill, level from profile_skills where person_id = $1 order by side, position limit 100"),
        &[&person],
    )?)
}

pub fn experiences(tx: &mut Tx, person: PersonId) -> Result<Vec<Experience>> {
    Ok(tx.all(
        sql!(Experience: "select moved_from, moved_into, year, words from experiences where person_id = $1 order by position limit 50"),
        &[&person],
    )?)
}

pub fn credentials(tx: &mut Tx, person: PersonId) -> Result<Vec<Credential>> {
    Ok(tx.all(
        sql!(
            Credential: "select title, issuer, link, issued_on, expires_on from credentials where person_id = $1 order by position limit 50"
        ),
        &[&person],
    )?)
}

pub fn hours(tx: &mut Tx, person: PersonId) -> Result<Vec<Hours>> {
    Ok(tx.all(
        sql!(Hours: "select weekday, from_minute, to_minute from hours where person_id = $1 order by weekday, from_minute limit 100"),
        &[&person],
    )?)
}

/// Of several people, each with theirs in the order of the week.
pub fn hours_of(tx: &mut Tx, people: &List) -> Result<Vec<(PersonId, i64, i64, i64)>> {
    Ok(tx.all(
        sql!(
            "select person_id, weekday, from_minute, to_minute from hours where person_id in {list $1 as id}
             order by person_id, weekday, from_minute limit 5000"
        ),
        &[people],
    )?)
}

pub fn touch(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update profiles set changed_at = $2 where person_id = $1"), &[&person, &now])?;
    Ok(())
}

pub fn save_about(tx: &mut Tx, person: PersonId, about: &About) -> Result<()> {
    tx.execute(sql!("update people set name = $2, folded = $3 where id = $1"), &[&person, &about.name, &crate::fold::fold(&about.name)])?;
    tx.execute(
        sql!("update profiles set pronouns = $2, headline = $3, story = $4, country = $5, zone = $6 where person_id = $1"),
        &[&person, &about.pronouns, &about.headline, &about.story, &about.country, &about.zone],
    )?;
    save_languages(tx, person, &about.languages)
}

pub fn save_languages(tx: &mut Tx, person: PersonId, languages: &[String]) -> Result<()> {
    tx.execute(sql!("delete from profile_languages where person_id = $1"), &[&person])?;
    for (at, language) in languages.iter().enumerate() {
        tx.execute(
            sql!("insert into profile_languages (person_id, language, position) values ($1, $2, $3)"),
            &[&person, language, &(at as i64)],
        )?;
    }
    Ok(())
}

pub fn save_skills(tx: &mut Tx, person: PersonId, side: Side, skills: &[(String, i64)]) -> Result<()> {
    tx.execute(sql!("delete from profile_skills where person_id = $1 and side = $2"), &[&person, &side])?;
    for (at, (skill, level)) in skills.iter().enumerate() {
        tx.execute(
            sql!("insert into profile_skills (person_id, side, skill, level, position) values ($1, $2, $3, $4, $5)"),
            &[&person, &side, skill, level, &(at as i64)],
        )?;
    }
    Ok(())
}

pub fn save_experiences(tx: &mut Tx, person: PersonId, experiences: &[Experience]) -> Result<()> {
    tx.execute(sql!("delete from experiences where person_id = $1"), &[&person])?;
    for (at, one) in experiences.iter().enumerate() {
        let id: ExperienceId = tx.new_id();
        tx.execute(
            sql!(
                "insert into experiences (id, person_id, position, moved_from, moved_into, year, words) values ($1, $2, $3, $4, $5, $6, $7)"
            ),
            &[&id, &person, &(at as i64), &one.moved_from, &one.moved_into, &one.year, &one.words],
        )?;
    }
    Ok(())
}

pub fn save_credentials(tx: &mut Tx, person: PersonId, credentials: &[Credential]) -> Result<()> {
    tx.execute(sql!("delete from credentials where person_id = $1"), &[&person])?;
    for (at, one) in credentials.iter().enumerate() {
        let id: CredentialId = tx.new_id();
        tx.execute(
            sql!(
                "insert into credentials (id, person_id, position, title, issuer, link, issued_on, expires_on)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            &[&id, &person, &(at as i64), &one.title, &one.issuer, &one.link, &one.issued_on, &one.expires_on],
        )?;
    }
    Ok(())
}

pub fn save_how(tx: &mut Tx, person: PersonId, how: &HowIWork) -> Result<()> {
    tx.execute(
        sql!(
            "update profiles set directive_facilitative = $2, support_challenge = $3, structured_emergent = $4, methods = $5,
                how_i_work = $6, supervision = $7 where person_id = $1"
        ),
        &[&person, &how.styles[0], &how.styles[1], &how.styles[2], &how.methods.join("\n"), &how.words, &how.supervision],
    )?;
    Ok(())
}

pub fn values(tx: &mut Tx, person: PersonId) -> Result<Option<Values>> {
    let row: Option<(String, bool, bool)> =
        tx.opt(sql!("select chosen, counts, named from value_cards where person_id = $1"), &[&person])?;
    Ok(row.map(|(chosen, counts, named)| Values { chosen: Value::read(&chosen), counts, named }))
}

pub fn save_values(tx: &mut Tx, person: PersonId, card: &Values) -> Result<()> {
    let chosen = card.chosen.iter().map(|value| value.as_str()).collect::<Vec<_>>().join("\n");
    tx.execute(
        sql!(
            "insert into value_cards (person_id, chosen, counts, named) values ($1, $2, $3, $4)
             on conflict (person_id) do update set chosen = excluded.chosen, counts = excluded.counts, named = excluded.named"
        ),
        &[&person, &chosen, &card.counts, &card.named],
    )?;
    Ok(())
}

pub fn save_time(tx: &mut Tx, person: PersonId, time: &Time) -> Result<()> {
    tx.execute(
        sql!("update profiles set minutes_a_week = $2, capacity = $3 where person_id = $1"),
        &[&person, &time.minutes_a_week, &time.capacity],
    )?;
    tx.execute(sql!("delete from hours where person_id = $1"), &[&person])?;
    for row in &time.hours {
        tx.execute(
            sql!("insert into hours (person_id, weekday, from_minute, to_minute) values ($1, $2, $3, $4)"),
            &[&person, &row.weekday, &row.from_minute, &row.to_minute],
        )?;
    }
    Ok(())
}

pub fn save_open_to(tx: &mut Tx, person: PersonId, roles: &[OpenTo]) -> Result<()> {
    tx.execute(sql!("delete from profile_roles where person_id = $1"), &[&person])?;
    for role in roles {
        tx.execute(sql!("insert into profile_roles (person_id, role) values ($1, $2)"), &[&person, role])?;
    }
    Ok(())
}

pub fn save_fee(tx: &mut Tx, person: PersonId, fee: Option<&str>) -> Result<()> {
    tx.execute(sql!("update profiles set fee = $2 where person_id = $1"), &[&person, &fee])?;
    Ok(())
}

pub fn save_public(tx: &mut Tx, person: PersonId, public: &PublicPage) -> Result<()> {
    tx.execute(
        sql!("update profiles set public_slug = $2, public_indexed = $3 where person_id = $1"),
        &[&person, &public.slug, &public.indexed],
    )?;
    Ok(())
}

pub fn save_not_now(tx: &mut Tx, person: PersonId, until: Option<Timestamp>) -> Result<()> {
    tx.execute(sql!("update profiles set not_now_until = $2 where person_id = $1"), &[&person, &until])?;
    Ok(())
}

pub fn save_photo(tx: &mut Tx, person: PersonId, photo: Option<(&str, &[u8])>) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update profiles set photo = $2 where person_id = $1"), &[&person, &photo.map(|(name, _)| name)])?;
    tx.execute(sql!("delete from photos where person_id = $1"), &[&person])?;
    if let Some((name, bytes)) = photo {
        tx.execute(sql!("insert into photos (name, person_id, bytes, made_at) values ($1, $2, $3, $4)"), &[&name, &person, &bytes, &now])?;
    }
    Ok(())
}

/// The bytes of a photo, and whether its owner has a public page.
pub fn photo(tx: &mut Tx, name: &str) -> Result<Option<(Vec<u8>, bool)>> {
    Ok(tx.opt(
        sql!(
            "select h.bytes, f.public_slug is not null as public from photos h
             join profiles f on f.person_id = h.person_id join people p on p.id = h.person_id
             where h.name = $1 and p.closed_at is null and p.forgotten_at is null"
        ),
        &[&name],
    )?)
}

/// Everyone who wrote the one skill now wrote the other. Whoever has both keeps the one they have, at its level.
pub fn rewrite_skill(tx: &mut Tx, was: &str, is: &str) -> Result<()> {
    tx.execute(
        sql!(
            "delete from profile_skills where skill = $1 and exists (
                select 1 from profile_skills o
                where o.person_id = profile_skills.person_id and o.side = profile_skills.side and o.skill = $2)"
        ),
        &[&was, &is],
    )?;
    tx.execute(sql!("update profile_skills set skill = $2 where skill = $1"), &[&was, &is])?;
    Ok(())
}

/// Takes away all that says who somebody is. The row stays, nameless, so that what others wrote still has a place.
/// Puts a block in; says whether it is new.
pub fn block(tx: &mut Tx, person: PersonId, blocked: PersonId) -> Result<bool> {
    let now = tx.now();
    let made = tx.execute(
        sql!("insert into blocks (person_id, blocked_id, made_at) values ($1, $2, $3) on conflict (person_id, blocked_id) do nothing"),
        &[&person, &blocked, &now],
    )?;
    Ok(made == 1)
}
pub fn unblock(tx: &mut Tx, person: PersonId, blocked: PersonId) -> Result<bool> {
    Ok(tx.execute(sql!("delete from blocks where person_id = $1 and blocked_id = $2"), &[&person, &blocked])? == 1)
}
/// Whom someone has blocked, the latest first.
pub fn blocked_by(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> =
        tx.all(sql!("select blocked_id from blocks where person_id = $1 order by made_at desc, blocked_id limit 500"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
/// Everyone between whom and this person a block stands, whoever of the two put it.
pub fn apart_from(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> = tx.all(
        sql!("select blocked_id from blocks where person_id = $1 union select person_id from blocks where blocked_id = $1 limit 1000"),
        &[&person],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
pub fn are_apart(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    let row: Option<(PersonId,)> = tx.opt(
        sql!("select person_id from blocks where (person_id = $1 and blocked_id = $2) or (person_id = $2 and blocked_id = $1) limit 1"),
        &[&one, &other],
    )?;
    Ok(row.is_some())
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update people set name = '', folded = '', office = 'member', closed_at = $2, forgotten_at = $2 where id = $1"),
        &[&person, &now],
    )?;
    tx.execute(
        sql!(
            "update accounts set email = null, email_folded = null, verified_at = null, password_hash = null, mail_rhythm = 'never',
                digest_due_at = null where person_id = $1"
        ),
        &[&person],
    )?;
    tx.execute(
        sql!(
            "update profiles set pronouns = '', headline = '', story = '', country = '', zone = 'UTC', photo = null,
                directive_facilitative = null, support_challenge = null, structured_emergent = null, methods = '', how_i_work = '',
                supervision = '', fee = null, minutes_a_week = 0, capacity = 0, not_now_until = null, public_slug = null,
                public_indexed = $2, changed_at = $3 where person_id = $1"
        ),
        &[&person, &false, &now],
    )?;
    tx.execute(sql!("delete from profile_roles where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from profile_languages where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from profile_skills where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from experiences where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from credentials where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from hours where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from value_cards where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from reply_times where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from photos where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from imported_as where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from blocks where person_id = $1"), &[&person])?;
    tx.execute(sql!("delete from blocks where blocked_id = $1"), &[&person])?;
    Ok(())
}

record!(
    /// How someone is reached, for their own eyes.
    #[derive(Debug, serde::Serialize)]
    pub struct Reached {
        pub email: Option<String>,
        pub verified_at: Option<Timestamp>,
        pub mail_rhythm: String,
        pub joined_at: Timestamp,
        pub office: String,
    }
);

pub fn reached(tx: &mut Tx, person: PersonId) -> Result<Option<Reached>> {
    Ok(tx.opt(
        sql!(
            Reached: "select a.email, a.verified_at, a.mail_rhythm, p.joined_at, p.office
             from people p join accounts a on a.person_id = p.id where p.id = $1"
        ),
        &[&person],
    )?)
}

pub fn own_photo(tx: &mut Tx, person: PersonId) -> Result<Option<Vec<u8>>> {
    Ok(tx.opt::<(Vec<u8>,)>(sql!("select bytes from photos where person_id = $1"), &[&person])?.map(|r| r.0))
}

pub fn known_as(tx: &mut Tx, person: PersonId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        tx.all(sql!("select source_id from imported_as where person_id = $1 order by source_id limit 100"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// What someone did here, from the log.
pub fn deeds(tx: &mut Tx, person: PersonId) -> Result<Vec<(Timestamp, String)>> {
    Ok(tx.all(sql!("select at, kind from happenings where by_person = $1 order by position desc limit 10000"), &[&person])?)
}

pub fn known_by(tx: &mut Tx, source_id: &str) -> Result<Option<PersonId>> {
    Ok(tx.opt::<(PersonId,)>(sql!("select person_id from imported_as where source_id = $1"), &[&source_id])?.map(|r| r.0))
}

pub fn reached_by(tx: &mut Tx, folded: &str) -> Result<Option<PersonId>> {
    Ok(tx.opt::<(PersonId,)>(sql!("select person_id from accounts where email_folded = $1"), &[&folded])?.map(|r| r.0))
}

pub fn is_closed(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(tx.opt::<(i64,)>(sql!("select count(*) from people where id = $1 and closed_at is null"), &[&person])?.is_none_or(|r| r.0 == 0))
}

/// Another address has to be shown to be theirs again.
pub fn set_email(tx: &mut Tx, person: PersonId, email: &str) -> Result<()> {
    tx.execute(
        sql!(
            "update accounts set email = $2, email_folded = $3, verified_at = null
             where person_id = $1 and (email_folded is null or email_folded <> $3)"
        ),
        &[&person, &email, &email.to_lowercase()],
    )?;
    Ok(())
}

pub fn remember_id(tx: &mut Tx, source_id: &str, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into imported_as (source_id, person_id, imported_at) values ($1, $2, $3)
             on conflict (source_id) do update set imported_at = excluded.imported_at"
        ),
        &[&source_id, &person, &now],
    )?;
    Ok(())
}
