//! What people do to their own place here: join, show themselves, pause, leave.

use super::change::Change;
use super::person::{Chip, Newcomer, Presence, Side};
use super::profile::{Deed, Hours, Profile};
use super::sql;
use super::values::{ValueBits, Values};
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::form::says_a_name;
use crate::refused;
use crate::skills::{self, Word};
use crate::viewer::{Office, PersonId, Viewer};
use chiron_store::{List, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Someone joins: a person, an account and an empty profile, in one.
pub fn join(tx: &mut Tx, newcomer: &Newcomer) -> Result<PersonId> {
    let id: PersonId = tx.new_id();
    let name = newcomer.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if !says_a_name(&name) {
        return Err(refused!("name_missing"; "Please tell us a name to call you by."));
    }
    sql::insert(tx, id, &name, newcomer.office.unwrap_or(Office::Member), newcomer)
        .map_err(|e| if e.is_duplicate() { refused!("address_taken"; "Somebody here already uses that address.") } else { e })?;
    tx.record(Happening::of("person joined", id).touching([id]))?;
    Ok(id)
}

/// Who someone is, in the little that is shown wherever a person is named.
pub fn chip(tx: &mut Tx, person: PersonId) -> Result<Chip> {
    chips(tx, &[person])?.pop().ok_or(Error::NotFound)
}

/// When someone joined, and whether their profile says anything yet.
pub fn beginnings(tx: &mut Tx, person: PersonId) -> Result<(Timestamp, bool)> {
    sql::beginnings(tx, person)?.ok_or(Error::NotFound)
}

/// The same for many at once, in the order asked for; people who were forgotten are left out.
pub fn chips(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Chip>> {
    let known: HashMap<PersonId, Chip> = sql::chips(tx, &List::of(people)?)?.into_iter().map(|chip| (chip.id, chip)).collect();
    Ok(people.iter().filter_map(|person| known.get(person).cloned()).collect())
}

/// Remembers how long someone took to answer, for the usual time they show. `None`: it lapsed.
pub fn replied(tx: &mut Tx, person: PersonId, asked_at: Timestamp, answered_at: Option<Timestamp>) -> Result<()> {
    sql::insert_reply_time(tx, person, asked_at, answered_at)
}

/// How long someone usually takes to answer, from their last twenty; `None` while there is too little history.
pub fn usual_reply(tx: &mut Tx, person: PersonId) -> Result<Option<jiff::SignedDuration>> {
    Ok(super::person::usual_reply(&sql::reply_times(tx, person)?))
}

/// The weekly hours of several people, each in their place; nothing for those who have not said.
pub fn hours(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Vec<Hours>>> {
    let all = sql::hours_of(tx, &List::of(people)?)?;
    let of = |person: &PersonId| {
        let own = all.iter().filter(|row| row.0 == *person);
        own.map(|&(_, weekday, from_minute, to_minute)| Hours { weekday, from_minute, to_minute }).collect()
    };
    Ok(people.iter().map(of).collect())
}

/// Everything a page about someone needs. Nine small queries, however long the profile.
pub fn profile(tx: &mut Tx, person: PersonId) -> Result<Profile> {
    let shown = sql::shown(tx, person)?.ok_or(Error::NotFound)?;
    let (offered, wanted) = sql::skills(tx, person)?.into_iter().partition(|skill| skill.side == Side::Offered);
    Ok(Profile {
        shown,
        open_to: sql::open_to(tx, person)?,
        languages: sql::languages(tx, person)?,
        offered,
        wanted,
        experiences: sql::experiences(tx, person)?,
        credentials: sql::credentials(tx, person)?,
        hours: sql::hours(tx, person)?,
        usual_reply: usual_reply(tx, person)?,
    })
}

/// Someone's profile as this viewer may see it.
pub fn see(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<Profile> {
    Some(profile(tx, person)?).filter(|profile| profile.allows(Some(viewer), Deed::See)).ok_or(Error::NotFound)
}

/// The page someone chose to show to everyone.
pub fn see_public(tx: &mut Tx, slug: &str) -> Result<Profile> {
    let person = sql::person_of_slug(tx, slug)?.ok_or(Error::NotFound)?;
    Some(profile(tx, person)?).filter(|profile| profile.allows(None, Deed::SeePublic)).ok_or(Error::NotFound)
}

/// Changes one part of one's own profile.
pub fn change(tx: &mut Tx, viewer: &Viewer, change: &Change) -> Result<()> {
    change_of(tx, viewer.person, change)?;
    changed(tx, viewer.person, Some(viewer))
}

/// The same for somebody else's hands, such as an import; says nothing to the log.
pub(super) fn change_of(tx: &mut Tx, person: PersonId, change: &Change) -> Result<()> {
    match change {
        Change::About(about) => sql::save_about(tx, person, about),
        Change::Skills(skills) => {
            change_skills(tx, person, Side::Offered, &skills.offered)?;
            change_skills(tx, person, Side::Wanted, &skills.wanted)
        }
        Change::Experience { experiences, credentials } => {
            sql::save_experiences(tx, person, experiences)?;
            sql::save_credentials(tx, person, credentials)
        }
        Change::HowIWork(how) => sql::save_how(tx, person, how),
        Change::Values(values) => sql::save_values(tx, person, values),
        Change::Time(time) => sql::save_time(tx, person, time),
        Change::OpenTo { roles, fee } => {
            sql::save_open_to(tx, person, roles)?;
            sql::save_fee(tx, person, fee.as_deref())
        }
        Change::Public(public) => {
            if let Some(slug) = &public.slug
                && sql::person_of_slug(tx, slug)?.is_some_and(|owner| owner != person)
            {
                return Err(refused!("slug_taken"; "Somebody else has the address “{slug}”. Please choose another one."));
            }
            sql::save_public(tx, person, public)
        }
    }
}

/// Somebody's own card of values.
pub fn values(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<Values> {
    profile(tx, person)?.allows(Some(viewer), Deed::SeeValues).then_some(()).ok_or(Error::NotFound)?;
    Ok(sql::values(tx, person)?.unwrap_or_default())
}

/// What of somebody's card takes part when they look for people: nothing where the place leaves values out.
pub fn values_that_count(tx: &mut Tx, person: PersonId) -> Result<ValueBits> {
    if !values_count_here(tx)? {
        return Ok(ValueBits::default());
    }
    Ok(sql::values(tx, person)?.map_or_else(ValueBits::default, |card| ValueBits::of(&card)))
}

/// Whether values take part in this place's recommendations.
pub fn values_count_here(tx: &mut Tx) -> Result<bool> {
    Ok(tx.setting(VALUES_LEFT_OUT)?.unwrap_or_default().is_empty())
}

/// The place's own switch. Whoever calls this has asked whether they may.
pub fn leave_values_out(tx: &mut Tx, is_left_out: bool) -> Result<()> {
    tx.set(VALUES_LEFT_OUT, if is_left_out { "yes" } else { "" })
}

const VALUES_LEFT_OUT: &str = "values left out";

pub(super) fn change_skills(tx: &mut Tx, person: PersonId, side: Side, typed: &[(Word, i64)]) -> Result<()> {
    let words: Vec<Word> = typed.iter().map(|(word, _)| word.clone()).collect();
    let ids = skills::verbs::adopt(tx, &words)?;
    sql::save_skills(tx, person, side, &levels(ids, typed))
}

/// Skills with their levels as they are kept.
pub(super) fn levels(ids: Vec<String>, typed: &[(Word, i64)]) -> Vec<(String, i64)> {
    let mut levels: Vec<(String, i64)> = Vec::new();
    for (id, (_, level)) in ids.into_iter().zip(typed) {
        // Two words for one skill are one line, with the first word's level.
        if !levels.iter().any(|(known, _)| *known == id) {
            levels.push((id, *level));
        }
    }
    levels
}

pub(super) fn changed(tx: &mut Tx, person: PersonId, by: Option<&Viewer>) -> Result<()> {
    sql::touch(tx, person)?;
    let happening = Happening::of("profile changed", person).touching([person]);
    tx.record(match by {
        Some(viewer) => happening.by(viewer),
        None => happening,
    })
}

/// Shows a photo, or none. The bytes are already ours: see `photo::redraw`.
pub fn set_photo(tx: &mut Tx, viewer: &Viewer, jpeg: Option<&[u8]>) -> Result<()> {
    let named = jpeg.map(|bytes| {
        // Of the person too, so that two people with one picture have two names and neither takes away the other's.
        let sum = Sha256::new().chain_update(viewer.person.0.as_bytes()).chain_update(bytes).finalize();
        (data_encoding::BASE32_NOPAD.encode(&sum[..20]).to_lowercase(), bytes)
    });
    sql::save_photo(tx, viewer.person, named.as_ref().map(|(name, bytes)| (name.as_str(), *bytes)))?;
    changed(tx, viewer.person, Some(viewer))
}

/// A photo's bytes, for whoever is signed in, or for everyone when its owner has a public page.
pub fn photo(tx: &mut Tx, viewer: Option<&Viewer>, name: &str) -> Result<Vec<u8>> {
    let (bytes, public) = sql::photo(tx, name)?.ok_or(Error::NotFound)?;
    if viewer.is_some() || public { Ok(bytes) } else { Err(Error::NotFound) }
}

/// Nobody can ask until then; `None`: they can again at once. It ends by itself.
pub fn not_now(tx: &mut Tx, viewer: &Viewer, until: Option<Timestamp>) -> Result<()> {
    let now = tx.now();
    if let Some(until) = until {
        if until <= now {
            return Err(refused!("Please choose a day that is still to come."));
        }
        if until.since(now) > jiff::SignedDuration::from_hours(24 * 731) {
            return Err(refused!("Two years is as far ahead as this goes. You can always set it again."));
        }
    }
    sql::save_not_now(tx, viewer.person, until)?;
    sql::touch(tx, viewer.person)?;
    tx.record(Happening::of("not now changed", viewer.person).by(viewer).touching([viewer.person]))
}

/// Takes away everything that says who somebody is, in every slice, the last slice first. What stays is a nameless
/// row that others' words can go on pointing at. Whoever calls this has asked the person first.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    chip(tx, person)?;
    for personal in tx.slices().iter().rev().flat_map(|slice| slice.personal) {
        (personal.forget)(tx, person)?;
    }
    tx.record(Happening::of("person forgotten", person).touching([person]))
}

/// Everything that every slice holds about somebody, as they would recognise it.
pub fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let mut all = serde_json::Map::new();
    for slice in tx.slices() {
        let parts = slice.personal.iter().map(|personal| (personal.export)(tx, person)).collect::<Result<Vec<_>>>()?;
        match parts.len() {
            0 => continue,
            1 => all.insert(slice.name.into(), parts.into_iter().next().unwrap_or_default()),
            _ => all.insert(slice.name.into(), parts.into()),
        };
    }
    Ok(all.into())
}

/// What this slice holds: the profile, how they are reached, their photo, what they did.
pub(super) fn export_own(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let profile = profile(tx, person)?;
    let graph = skills::graph_here(tx)?;
    let card = sql::values(tx, person)?;
    let blocked = sql::blocked_by(tx, person)?;
    let blocked: Vec<String> = chips(tx, &blocked)?.into_iter().map(|chip| chip.name).collect();
    let shown = &profile.shown;
    let levels = |skills: &[super::SkillLevel]| -> Vec<_> {
        let name = |id: &str| graph.by_id(id).map_or_else(|| id.to_owned(), |skill| skill.name.to_string());
        skills.iter().map(|skill| serde_json::json!({ "skill": name(&skill.skill), "level": skill.level })).collect()
    };
    let when = |at: Timestamp| at.jiff().to_string();
    Ok(serde_json::json!({
        "name": shown.name, "pronouns": shown.pronouns, "headline": shown.headline, "story": shown.story,
        "country": shown.country, "zone": shown.zone, "languages": profile.languages,
        "skills_offered": levels(&profile.offered), "skills_wanted": levels(&profile.wanted),
        "experiences": profile.experiences.iter().map(super::Experience::sentence).collect::<Vec<_>>(),
        "credentials": profile.credentials.iter().map(|c| serde_json::json!({
            "title": c.title, "issuer": c.issuer, "link": c.link, "issued_on": c.issued_on, "expires_on": c.expires_on,
        })).collect::<Vec<_>>(),
        "how_i_work": {
            "words": shown.how_i_work, "methods": profile.methods().collect::<Vec<_>>(), "supervision": shown.supervision,
            "directive_facilitative": shown.directive_facilitative, "support_challenge": shown.support_challenge,
            "structured_emergent": shown.structured_emergent,
        },
        "values": card.map(|card| serde_json::json!({
            "chosen": card.chosen.iter().map(|value| value.words()).collect::<Vec<_>>(),
            "counts_in_recommendations": card.counts, "may_be_named": card.named,
        })),
        "open_to": profile.open_to, "fee": shown.fee, "minutes_a_week": shown.minutes_a_week, "capacity": shown.capacity,
        "hours": profile.hours.iter().map(|h| serde_json::json!({
            "weekday": h.weekday, "from": super::profile::clock_words(h.from_minute), "to": super::profile::clock_words(h.to_minute),
        })).collect::<Vec<_>>(),
        "not_now_until": shown.not_now_until.map(when), "public_page": shown.public_slug, "found_by_search_engines": shown.public_indexed,
        "account": sql::reached(tx, person)?,
        "photo_jpeg_base64": sql::own_photo(tx, person)?.map(|bytes| data_encoding::BASE64.encode(&bytes)),
        "blocked": blocked,
        "known_elsewhere_as": sql::known_as(tx, person)?,
        "answered": sql::reply_times(tx, person)?.into_iter().map(|(asked, answered)| serde_json::json!({
            "asked_at": when(asked), "answered_at": answered.map(when),
        })).collect::<Vec<_>>(),
        "did": sql::deeds(tx, person)?.into_iter().map(|(at, kind)| serde_json::json!({ "at": when(at), "what": kind })).collect::<Vec<_>>(),
    }))
}

/// Keeps someone away: neither is offered to the other or can ask the other, and nobody is told.
pub fn block(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    if viewer.is(person) {
        return Err(refused!("oneself"; "You cannot block yourself."));
    }
    chip(tx, person)?;
    if sql::block(tx, viewer.person, person)? {
        tx.record(Happening::of("block changed", viewer.person).by(viewer).touching([viewer.person]))?;
    }
    Ok(())
}

/// Takes one's own block away.
pub fn unblock(tx: &mut Tx, viewer: &Viewer, person: PersonId) -> Result<()> {
    if sql::unblock(tx, viewer.person, person)? {
        tx.record(Happening::of("block changed", viewer.person).by(viewer).touching([viewer.person]))?;
    }
    Ok(())
}

/// Whom someone has blocked, the latest first.
pub fn blocked(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Chip>> {
    let people = sql::blocked_by(tx, viewer.person)?;
    chips(tx, &people)
}

/// Whether somebody can be asked just now; `None` for nobody.
pub fn presence(tx: &mut Tx, person: PersonId) -> Result<Option<Presence>> {
    sql::presence(tx, person)
}

/// Whether nobody would answer in somebody's name just now.
pub fn is_away(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let now = tx.now();
    Ok(sql::presence(tx, person)?.is_none_or(|presence| presence.is_away(now)))
}

/// Everyone between whom and this person a block stands, whoever of the two put it: they are not offered to each other.
pub fn apart_from(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    sql::apart_from(tx, person)
}

/// Whether a block stands between two people.
pub fn are_apart(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    sql::are_apart(tx, one, other)
}

/// Profiles follow when a coordinator says what a word means.
pub(super) fn follow_merge(tx: &mut Tx, happening: &Happening) -> Result<()> {
    let Some((was, is)) = skills::verbs::merged(tx, happening.subject.into())? else { return Ok(()) };
    sql::rewrite_skill(tx, &was, &is)
}
