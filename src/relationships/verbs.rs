//! Beginning to work together, saying what comes next, ending well, and speaking of it afterwards.

use super::life::{Decision, Fit, FitVote, KindChange, overcommitted};
use super::relationship::{
    Company, Deed, Kind, Party, Passage, Relationship, RelationshipId, RelationshipState, Role, SealedPassage, Size, Terms, Testimonial,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::notices::tell;
use crate::people::{Chip, verbs::chips};
use crate::seal::{self, KeyId};
use crate::slices::{RELATIONSHIP_PARTS, UNSEEN};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{List, Timestamp};
use maud::Markup;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Begins a relationship under the key of the conversation it grew from, which keeps that history readable to both.
pub fn begin(tx: &mut Tx, kind: Kind, key: KeyId, grown_from: Uuid, parties: &[(PersonId, Role)]) -> Result<RelationshipId> {
    let id: RelationshipId = tx.new_id();
    sql::insert(tx, id, kind, key, grown_from, parties)?;
    tx.record(Happening::of("relationship began", id).touching(parties.iter().map(|(p, _)| *p)))?;
    Ok(id)
}

/// Proposes something to several people, under a name of its own: whoever proposes it is in it, and the others join.
pub fn propose(tx: &mut Tx, viewer: &Viewer, kind: Kind, called: &str) -> Result<Relationship> {
    let (id, key, role): (RelationshipId, _, _) = (tx.new_id(), seal::new_key(tx)?, kind.roles().0);
    let called = seal::seal(tx, key, called)?;
    sql::insert_proposed(tx, id, kind, key, &called)?;
    sql::insert_party(tx, id, kind, &Party::new(viewer.person, role))?;
    find(tx, id)
}

/// Somebody more is in it, and reads what they may. Whoever calls this has asked them.
pub fn join(tx: &mut Tx, relationship: &Relationship, party: &Party) -> Result<()> {
    sql::insert_party(tx, relationship.id, relationship.kind, party)
}

/// Somebody is not in it any more. What they wrote to the others stays with those.
pub fn part(tx: &mut Tx, id: RelationshipId, person: PersonId) -> Result<()> {
    sql::delete_party(tx, id, person)
}

/// There are enough of them: it begins.
pub fn come_about(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let was = find(tx, id)?;
    let is = was.clone().come_about()?;
    sql::save(tx, &was, &is)?;
    tx.record(happened("relationship agreed", &is))
}

/// There are too few of them, or none: it is over.
pub fn fall_apart(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let was = find(tx, id)?;
    let is = was.clone().fall_apart(tx.now())?;
    sql::save(tx, &was, &is)?;
    tx.record(happened(if is.state == RelationshipState::Ended { "relationship ended" } else { "relationship dissolved" }, &is))
}

/// Writes down how much time was agreed.
pub fn agree(tx: &mut Tx, id: RelationshipId, size: Size) -> Result<()> {
    sql::insert_terms(tx, id, size)
}

/// Carries what was written before into it. The words are sealed under the key that it began with.
pub fn remember(tx: &mut Tx, id: RelationshipId, passages: &[SealedPassage]) -> Result<()> {
    passages.iter().try_for_each(|passage| sql::insert_passage(tx, id, passage))
}

/// How many more people someone can guide: their capacity less those they guide now; never below zero.
pub fn places_left(tx: &mut Tx, person: PersonId) -> Result<i64> {
    sql::places_left(tx, person)
}

/// Who someone is, also when they have been forgotten since: then nothing but that.
pub fn called(tx: &mut Tx, person: PersonId) -> Result<Chip> {
    Ok(called_all(tx, &[person])?.remove(0))
}

/// The same for many at once, each in its place.
pub fn called_all(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Chip>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let known = chips(tx, people)?;
    let mut known = known.into_iter().peekable();
    // What is known comes in the order asked for, so whoever is not next has left.
    Ok(people.iter().map(|person| known.next_if(|chip| chip.id == *person).unwrap_or_else(|| has_left(*person))).collect())
}

fn has_left(id: PersonId) -> Chip {
    Chip { id, name: "Someone who has left".into(), pronouns: String::new(), headline: String::new(), photo: None, zone: "UTC".into() }
}

/// A relationship that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Relationship> {
    sql::find(tx, id)?.filter(|r| r.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same with the people in it.
pub fn company(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Company> {
    let relationship = open(tx, viewer, id, deed)?;
    let everybody: Vec<PersonId> = relationship.people().chain(relationship.sponsor).collect();
    let mut people = called_all(tx, &everybody)?;
    let sponsor = relationship.sponsor.and_then(|_| people.pop());
    let mut unseen = Vec::new();
    for (tab, find) in UNSEEN {
        unseen.extend(find(tx, viewer)?.into_iter().filter(|(there, _)| *there == id).map(|(_, many)| (*tab, many)));
    }
    let called = called_by_its_people(tx, &relationship)?;
    Ok(Company { people, sponsor, relationship, unseen, called })
}

/// What its people call it, where it has a name of its own.
pub fn called_by_its_people(tx: &mut Tx, relationship: &Relationship) -> Result<Option<String>> {
    match &relationship.called {
        Some(called) => seal::open_text(tx, relationship.key, called),
        None => Ok(None),
    }
}

/// With whom somebody works: what to call them in a sentence, and in which role of their own.
pub struct With {
    pub role: Role,
    pub name: String,
}

/// With whom the viewer works in each of these relationships; for lists, at the price of two queries.
pub fn with_whom(tx: &mut Tx, viewer: &Viewer, ids: impl Iterator<Item = RelationshipId>) -> Result<HashMap<RelationshipId, With>> {
    let ids: Vec<Uuid> = ids.map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let whom = sql::with_whom(tx, viewer.person, &List::of(ids)?)?;
    let named: Vec<KeyId> = whom.iter().filter(|row| row.called.is_some()).map(|row| row.key).collect();
    let ring = seal::ring(tx, &named)?;
    let people: Vec<PersonId> = whom.iter().map(|row| row.other).collect::<BTreeSet<_>>().into_iter().collect();
    let chips = called_all(tx, &people)?;
    let name = |person: PersonId| chips.iter().find(|chip| chip.id == person).map_or("someone", Chip::first_name).to_owned();
    let mut with = HashMap::new();
    for row in whom {
        let called = row.called.map(|called| ring.text(row.key, &called)).transpose()?.flatten();
        with.entry(row.relationship).or_insert_with(|| With { role: row.role, name: called.unwrap_or_else(|| name(row.other)) });
    }
    Ok(with)
}

/// With whom the viewer works in twos now, and what to call each; for choosing one.
pub fn pairs(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(RelationshipId, String)>> {
    let mut mine = mine(tx, viewer)?;
    mine.retain(|together| together.kind != Kind::Circle && together.offers(viewer, Deed::TakePart));
    let with = with_whom(tx, viewer, mine.iter().map(|together| together.id))?;
    let named = mine.iter().filter_map(|together| with.get(&together.id).map(|with| (together.id, with.name.clone())));
    Ok(named.collect())
}

/// With which of these people somebody works already, and where; of several with one person, the latest.
pub fn working_with(tx: &mut Tx, who: PersonId, people: &[PersonId]) -> Result<HashMap<PersonId, (RelationshipId, Kind)>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut with = HashMap::new();
    for (person, id, kind) in sql::going_on_with(tx, who, &List::of(people.iter().map(|p| p.0))?)? {
        with.entry(person).or_insert((id, kind));
    }
    Ok(with)
}

/// In which relationships there is something that the viewer has not seen yet.
pub fn with_news(tx: &mut Tx, viewer: &Viewer) -> Result<BTreeSet<RelationshipId>> {
    let mut with = BTreeSet::new();
    for (_, find) in UNSEEN {
        with.extend(find(tx, viewer)?.into_iter().map(|(id, _)| id));
    }
    Ok(with)
}

/// One by its id, for what the program does by itself.
pub fn find(tx: &mut Tx, id: RelationshipId) -> Result<Relationship> {
    sql::find(tx, id)?.ok_or(Error::NotFound)
}

/// What the first page of a relationship shows.
pub struct Whole {
    pub company: Company,
    pub terms: Option<Terms>,
    pub passages: Vec<Passage>,
    /// What the slices below have to say about this moment.
    pub now: Vec<Markup>,
    /// What the viewer has published about it.
    pub testimonial: Option<Testimonial>,
    /// What this viewer said after the first conversation.
    pub my_vote: Option<FitVote>,
    pub private: PrivateWords,
    pub closings: Vec<Closing>,
    /// Changes of kind, and the one that waits for an answer.
    pub kinds: Vec<KindChange>,
    /// Whether this viewer is asked about a long silence.
    pub asked_about_silence: bool,
    /// Whether this viewer wants to hear nothing more of it, now that it has ended.
    pub has_left_quietly: bool,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Whole> {
    let company = company(tx, viewer, id, Deed::See)?;
    let key = company.relationship.key;
    let (terms, ring) = (sql::terms(tx, id, key)?, seal::ring(tx, &[key])?);
    let mut passages = Vec::new();
    for sealed in sql::passages(tx, id)? {
        let words = ring.text(key, &sealed.words)?.unwrap_or_else(|| "This was forgotten.".into());
        passages.push(Passage { by: sealed.by, at: sealed.at, heading: sealed.heading, words });
    }
    let mut now = Vec::new();
    for part in RELATIONSHIP_PARTS {
        now.extend((part.now)(tx, viewer, &company)?);
    }
    let testimonial = sql::testimonial_by(tx, id, viewer.person)?;
    let r = &company.relationship;
    let closings = if r.closes_at.is_some() || r.state.is_over() { closings(tx, viewer, r)? } else { Vec::new() };
    let has_left_quietly = r.is_open_to(Deed::LeaveQuietly) && super::touch::has_left(tx, viewer, id)?;
    Ok(Whole {
        has_left_quietly,
        my_vote: sql::votes(tx, id)?.into_iter().find(|vote| viewer.is(vote.person)),
        private: private_words(tx, viewer, id)?,
        kinds: sql::kind_changes(tx, id)?,
        asked_about_silence: waiting_on(tx, viewer)?.iter().any(|(which, what, _)| *which == id && what == "drift"),
        company,
        terms,
        passages,
        now,
        testimonial,
        closings,
    })
}

/// Those that someone is in, live ones first.
pub fn mine(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Relationship>> {
    sql::of_person(tx, viewer.person, 100)
}

/// What the learner said comes next, and when.
pub fn next_step(tx: &mut Tx, id: RelationshipId, key: KeyId) -> Result<Option<(String, Timestamp)>> {
    Ok(sql::terms(tx, id, key)?.and_then(|terms| terms.next_step.zip(terms.next_step_at)))
}

/// The learner says what comes next.
pub fn set_next_step(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::SetNextStep)?;
    relationship.must_offer(viewer, Deed::SetNextStep)?;
    let sealed = if words.is_empty() { None } else { Some(seal::seal(tx, relationship.key, words)?) };
    sql::save_next_step(tx, id, sealed.as_ref())?;
    sql::save_contact(tx, &relationship)?;
    if sealed.is_some() {
        for party in relationship.parties.iter().filter(|p| !viewer.is(p.person)) {
            tell(tx, party.person, "next step", id)?;
        }
    }
    tx.record(Happening::of("next step set", id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

fn happened(kind: &'static str, relationship: &Relationship) -> Happening {
    Happening::of(kind, relationship.id).touching(relationship.people().chain(relationship.sponsor))
}
/// Tells the others of those who work together.
fn tell_others(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, kind: &'static str) -> Result<()> {
    relationship.others(viewer).try_for_each(|person| tell(tx, person, kind, relationship.id))
}
fn tell_all(tx: &mut Tx, relationship: &Relationship, kind: &'static str) -> Result<()> {
    relationship.people().try_for_each(|person| tell(tx, person, kind, relationship.id))
}

/// They have met or written to each other: for the slices below, whenever something passes between them. The clock of silence
/// begins anew.
pub fn in_touch(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let relationship = find(tx, id)?;
    sql::save_contact(tx, &relationship)
}

/// They have had a conversation: for the slice of sessions, when one was held. After the first, while they try it out, each
/// is asked in private whether to go on.
pub fn met(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let relationship = find(tx, id)?;
    sql::save_contact(tx, &relationship)?;
    if sql::save_met(tx, id)? && relationship.state == RelationshipState::TryingOut {
        tell_all(tx, &relationship, "fit asked")?;
    }
    Ok(())
}

/// The cadence that they agreed, in days.
pub fn keep_cadence(tx: &mut Tx, id: RelationshipId, days: i64) -> Result<()> {
    let relationship = Relationship { cadence_days: days, ..find(tx, id)? };
    let since = relationship.last_contact_at.unwrap_or(relationship.began_at);
    let drift_at = relationship.drifts_at(since).map(|at| at.max(tx.now()));
    sql::save_cadence(tx, id, days, drift_at)
}

/// One of them says in private whether to go on, and how much time they can give. It begins when all say yes; a no ends it
/// kindly. `despite` is their word that they mean it, although they have promised the time to others.
pub fn say_fit(
    tx: &mut Tx,
    viewer: &Viewer,
    id: RelationshipId,
    fit: Fit,
    minutes: i64,
    despite: bool,
    reason: &str,
) -> Result<Relationship> {
    let was = open(tx, viewer, id, Deed::SayFit)?;
    was.must_offer(viewer, Deed::SayFit)?;
    if fit == Fit::Yes && !despite {
        may_commit(tx, viewer, &was, minutes)?;
    }
    sql::save_vote(tx, id, FitVote { person: viewer.person, fit, minutes_a_month: minutes })?;
    keep_to_oneself(tx, viewer, id, Decision::Fit, reason)?;
    sql::save_met(tx, id)?;
    let votes = sql::votes(tx, id)?;
    let is = was.clone().weigh(&votes, tx.now())?;
    if is.state == was.state {
        // Those who wait see on their page that an answer has come; which one stays hidden.
        tx.record(happened("fit said", &is).by(viewer))?;
        return Ok(is);
    }
    sql::save(tx, &was, &is)?;
    if is.state == RelationshipState::Dissolved {
        tell_others(tx, viewer, &is, "relationship dissolved")?;
        tx.record(happened("relationship dissolved", &is).by(viewer))?;
        return Ok(is);
    }
    let least = votes.iter().map(|vote| vote.minutes_a_month).min().unwrap_or(0);
    if sql::terms(tx, id, is.key)?.is_some_and(|terms| least > 0 && least < terms.size.minutes) {
        // It begins with what both of them can give.
        sql::save_minutes(tx, id, least)?;
    }
    tell_others(tx, viewer, &is, "relationship agreed")?;
    tx.record(happened("relationship agreed", &is).by(viewer))?;
    Ok(is)
}

/// Whether so much more a month fits into what they said they have; refuses in words where it does not.
pub fn may_commit(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, minutes: i64) -> Result<()> {
    let has = crate::people::verbs::profile(tx, viewer.person)?.shown.minutes_a_week;
    let promised = sql::promised(tx, viewer.person, relationship.id)?;
    match overcommitted(has, promised, minutes) {
        Some(why) => Err(refused!("overcommitted"; "{why}")),
        None => Ok(()),
    }
}

/// Keeps what somebody wrote for themselves about a decision, under a key of its own.
fn keep_to_oneself(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, about: Decision, words: &str) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let key = seal::new_key(tx)?;
    let sealed = seal::seal(tx, key, words)?;
    sql::save_reason(tx, id, viewer.person, about, key, &sealed)
}

/// What this viewer said and wrote for themselves, and what others have shared with them.
#[derive(Debug, Clone, Default)]
pub struct PrivateWords {
    pub mine: Option<String>,
    pub mine_is_shared: bool,
    pub shared_by_others: Vec<(PersonId, String)>,
}

pub fn private_words(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<PrivateWords> {
    let mut found = PrivateWords::default();
    let rows = sql::reasons(tx, id)?;
    let theirs_or_shared: Vec<_> = rows.into_iter().filter(|(person, .., shared)| viewer.is(*person) || shared.is_some()).collect();
    if theirs_or_shared.is_empty() {
        return Ok(found);
    }
    let keys: Vec<KeyId> = theirs_or_shared.iter().map(|row| row.2).collect();
    let ring = seal::ring(tx, &keys)?;
    for (person, _, key, words, shared) in theirs_or_shared {
        let Some(words) = ring.text(key, &words)? else { continue };
        if viewer.is(person) {
            found.mine_is_shared = shared.is_some();
            found.mine = Some(words);
        } else {
            found.shared_by_others.push((person, words));
        }
    }
    Ok(found)
}

/// Lets the others read the reason one wrote for oneself.
pub fn share_reason(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::See)?;
    if !sql::share_reason(tx, id, viewer.person)? {
        return Err(too_late!("There is nothing of yours here that is not shared already."));
    }
    tell_others(tx, viewer, &relationship, "reason shared")?;
    tx.record(happened("reason shared", &relationship).by(viewer))
}

/// From agreed to active: with what is usual for its kind, or because they have signed.
pub fn start(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Start)?;
    let is = was.clone().start()?;
    sql::save(tx, &was, &is)?;
    tx.record(happened("relationship started", &is).by(viewer))
}

/// One of them needs a break until a day. The other is told, and it goes on by itself on that day.
pub fn pause(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, until: Timestamp) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Pause)?;
    let is = was.clone().pause(until, tx.now())?;
    sql::save(tx, &was, &is)?;
    tell_others(tx, viewer, &is, "relationship paused")?;
    tx.record(happened("relationship paused", &is).by(viewer))
}

pub fn resume(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Resume)?;
    let is = was.clone().resume()?;
    sql::save(tx, &was, &is)?;
    tell_others(tx, viewer, &is, "relationship resumed")?;
    tx.record(happened("relationship resumed", &is).by(viewer))
}

/// Their last sessions, until a day: each is asked the closing questions.
pub fn wind_up(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, until: Timestamp) -> Result<()> {
    let was = open(tx, viewer, id, Deed::WindUp)?;
    let is = was.clone().wind_up(until, tx.now())?;
    sql::save(tx, &was, &is)?;
    tell_others(tx, viewer, &is, "winding up")?;
    tx.record(happened("winding up", &is).by(viewer))
}

/// What changed, what they take with them, and what comes after. The others read it once they have answered too, or once it
/// has ended.
pub fn answer_closing(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, answers: &[String; 3]) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::AnswerClosing)?;
    relationship.must_offer(viewer, Deed::AnswerClosing)?;
    let ring = seal::ring(tx, &[relationship.key])?;
    let [changed, takes, hands_over] = answers;
    let sealed =
        [ring.seal(tx, relationship.key, changed)?, ring.seal(tx, relationship.key, takes)?, ring.seal(tx, relationship.key, hands_over)?];
    sql::save_closing(tx, id, viewer.person, &sealed)?;
    tx.record(happened("closing answered", &relationship).by(viewer))
}

/// Someone's answers to the closing questions.
pub struct Closing {
    pub by: PersonId,
    pub answers: [String; 3],
}

/// Those that this viewer may read now: their own at once, the others' once they have answered themselves or it has ended.
pub fn closings(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<Vec<Closing>> {
    let rows = sql::closings(tx, relationship.id)?;
    let answered = rows.iter().any(|(by, ..)| viewer.is(*by));
    let readable = |by: PersonId| viewer.is(by) || answered || relationship.state.is_over();
    let ring = seal::ring(tx, &[relationship.key])?;
    let mut all = Vec::new();
    for (by, changed, takes, hands_over) in rows.into_iter().filter(|(by, ..)| readable(*by)) {
        let open = |sealed| Ok::<_, Error>(ring.text(relationship.key, sealed)?.unwrap_or_default());
        all.push(Closing { by, answers: [open(&changed)?, open(&takes)?, open(&hands_over)?] });
    }
    Ok(all)
}

/// Either of them ends it well, with a word on it if they like. It frees the place it filled.
pub fn end(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, closing: &str) -> Result<()> {
    let was = open(tx, viewer, id, Deed::End)?;
    let relationship = was.clone().end(tx.now())?;
    sql::save(tx, &was, &relationship)?;
    if !closing.is_empty() {
        let passage = SealedPassage {
            by: viewer.person,
            at: tx.now(),
            heading: "Closing words".into(),
            words: seal::seal(tx, relationship.key, closing)?,
        };
        sql::insert_passage(tx, id, &passage)?;
    }
    tell_others(tx, viewer, &relationship, "relationship ended")?;
    tx.record(happened("relationship ended", &relationship).by(viewer))
}

/// Either of them ends it without anybody's fault. The other is told kindly, and never why, unless the reason is shared.
pub fn dissolve(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, reason: &str) -> Result<()> {
    let was = open(tx, viewer, id, Deed::Dissolve)?;
    let is = was.clone().dissolve(tx.now())?;
    sql::save(tx, &was, &is)?;
    keep_to_oneself(tx, viewer, id, Decision::Dissolve, reason)?;
    tell_others(tx, viewer, &is, "relationship dissolved")?;
    tx.record(happened("relationship dissolved", &is).by(viewer))
}

/// Cuts contact at once, for the slice of concerns. No reason is named to anybody; whoever calls this has asked who may.
pub fn freeze(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let was = find(tx, id)?;
    let is = was.clone().freeze()?;
    sql::save(tx, &was, &is)?;
    tell_all(tx, &is, "relationship frozen")?;
    tx.record(happened("relationship frozen", &is))
}

/// Lets it go on as it was.
pub fn thaw(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    let was = find(tx, id)?;
    let is = was.clone().thaw()?;
    sql::save(tx, &was, &is)?;
    tell_all(tx, &is, "relationship thawed")?;
    tx.record(happened("relationship thawed", &is))
}

/// One of them would rather work in another way; the other agrees or not. `guide` gives their time afterwards, where only one
/// does.
pub fn propose_kind(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, to: Kind, guide: Option<PersonId>) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::ChangeKind)?;
    relationship.must_offer(viewer, Deed::ChangeKind)?;
    if to == relationship.kind || matches!(to, Kind::Flash | Kind::Circle) {
        return Err(refused!("same_kind"; "Please choose another way of working together."));
    }
    if relationship.kind == Kind::Peer && guide.is_none_or(|guide| relationship.role_of(guide).is_none()) {
        return Err(refused!("no_guide"; "Please say which of you gives their time."));
    }
    if sql::kind_changes(tx, id)?.iter().any(|change| change.agreed_at.is_none()) {
        return Err(too_late!("A change is proposed already. Please answer that one first."));
    }
    let change = KindChange {
        id: tx.new_id(),
        from: relationship.kind,
        to,
        by: viewer.person,
        guide: if to == Kind::Peer { None } else { guide },
        proposed_at: tx.now(),
        agreed_at: None,
    };
    sql::insert_kind_change(tx, id, &change)?;
    tell_others(tx, viewer, &relationship, "kind proposed")?;
    tx.record(happened("kind proposed", &relationship).by(viewer))
}

/// The change that waits for an answer, and those that were made.
pub fn kind_changes(tx: &mut Tx, id: RelationshipId) -> Result<Vec<KindChange>> {
    sql::kind_changes(tx, id)
}

/// The other agrees: the kind, its roles and what is usual in it change, and everything written stays where it is.
pub fn agree_kind(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, one_more: bool) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::ChangeKind)?;
    relationship.must_offer(viewer, Deed::ChangeKind)?;
    let Some(change) = sql::kind_changes(tx, id)?.into_iter().find(|c| c.agreed_at.is_none()) else {
        return Err(too_late!("There is no change to agree with any more."));
    };
    if viewer.is(change.by) {
        return Err(refused!("own_proposal"; "It is for the other to agree. You can take it back."));
    }
    let roles = relationship.roles_in(change.to, change.guide);
    for (person, role) in &roles {
        // Whoever fills a place now that they did not fill before needs one.
        let filled = relationship.kind != Kind::Flash && relationship.role_of(*person).is_some_and(Role::guides);
        if role.guides() && !filled && !one_more && places_left(tx, *person)? == 0 {
            let who = if viewer.is(*person) { "You have".to_owned() } else { format!("{} has", called(tx, *person)?.first_name()) };
            return Err(refused!("no_place"; "{who} no place left. Make room first, or tick that one more is meant."));
        }
    }
    if !sql::save_kind(tx, &relationship, &change, &roles)? {
        return Err(too_late!("Someone answered this a moment before you."));
    }
    keep_cadence(tx, id, change.to.cadence_days())?;
    tell_others(tx, viewer, &relationship, "kind changed")?;
    tx.record(happened("kind changed", &relationship).by(viewer))
}

/// The other would rather leave it as it is, or the one who proposed takes it back.
pub fn leave_kind(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::ChangeKind)?;
    let Some(change) = sql::kind_changes(tx, id)?.into_iter().find(|c| c.agreed_at.is_none()) else {
        return Err(too_late!("There is no change proposed any more."));
    };
    if !sql::decline_kind_change(tx, change.id)? {
        return Err(too_late!("Someone answered this a moment before you."));
    }
    tx.record(happened("kind left", &relationship).by(viewer))
}

/// Someone says that the silence is fine with them. Nobody is told.
pub fn accept_silence(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::TakePart)?;
    relationship.must_offer(viewer, Deed::TakePart)?;
    sql::save_drift_answer(tx, id, viewer.person)
}

/// Makes somebody the sponsor. Whoever calls this has asked who may.
pub fn add_sponsor(tx: &mut Tx, relationship: &Relationship, sponsor: PersonId, by: &Viewer) -> Result<()> {
    if relationship.role_of(sponsor).is_some() {
        return Err(refused!("in_it_already"; "They are in it already."));
    }
    if !sql::save_sponsor(tx, relationship.id, sponsor, by.person)? {
        return Err(too_late!("There is a sponsor already."));
    }
    Ok(())
}
pub fn remove_sponsor(tx: &mut Tx, id: RelationshipId) -> Result<bool> {
    sql::remove_sponsor(tx, id)
}

/// Those that this viewer sponsors.
pub fn sponsored(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Relationship>> {
    sql::sponsored_by(tx, viewer.person, 100)
}

/// What waits for this viewer: which relationship, what, and since or until when.
pub fn waiting_on(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(RelationshipId, String, Option<Timestamp>)>> {
    sql::waiting_for(tx, viewer.person, 10)
}

/// Relationships that one sweep handles.
const A_SWEEP: i64 = 100;

/// Pauses that are over go on by themselves, with a word to both.
pub fn resume_due(tx: &mut Tx) -> Result<usize> {
    let due = sql::paused_over(tx, A_SWEEP)?;
    for id in &due {
        let was = find(tx, *id)?;
        let is = was.clone().resume()?;
        sql::save(tx, &was, &is)?;
        tell_all(tx, &is, "relationship resumed")?;
        tx.record(happened("relationship resumed", &is))?;
    }
    Ok(due.len())
}

/// What was being wound up ends on its day.
pub fn end_due(tx: &mut Tx) -> Result<usize> {
    let due = sql::closing_over(tx, A_SWEEP)?;
    for id in &due {
        let was = find(tx, *id)?;
        let is = was.clone().end(tx.now())?;
        sql::save(tx, &was, &is)?;
        tell_all(tx, &is, "relationship closed")?;
        tx.record(happened("relationship ended", &is))?;
    }
    Ok(due.len())
}

/// Where there has been silence for twice the cadence, each is asked in private.
pub fn ask_about_silence(tx: &mut Tx) -> Result<usize> {
    let quiet = sql::claim_drifting(tx, A_SWEEP)?;
    for id in &quiet {
        let relationship = find(tx, *id)?;
        tell_all(tx, &relationship, "silence")?;
        tx.record(happened("relationship drifted", &relationship))?;
    }
    Ok(quiet.len())
}

/// The learner says in public how it was. It stays theirs: `take_back` removes it at once.
pub fn publish_testimonial(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, words: &str) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::PublishTestimonial)?;
    relationship.may_be_spoken_of()?;
    let about = relationship.other(viewer).ok_or(Error::NotFound)?.person;
    if words.is_empty() {
        return Err(refused!("nothing_said"; "Please write a sentence or two first."));
    }
    sql::publish_testimonial(tx, id, viewer.person, about, words)?;
    tell(tx, about, "testimonial", id)?;
    tx.record(Happening::of("testimonial published", id).by(viewer).touching([viewer.person, about]))
}

pub fn take_back_testimonial(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = open(tx, viewer, id, Deed::TakeBackTestimonial)?;
    if !sql::take_back_testimonial(tx, id, viewer.person)? {
        return Err(too_late!("There is nothing of yours published here."));
    }
    tx.record(Happening::of("testimonial taken back", id).by(viewer).touching(relationship.parties.iter().map(|p| p.person)))
}

/// What people who ended a relationship with someone say of them in public, latest first.
pub fn testimonials_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Testimonial>> {
    sql::testimonials_of(tx, person, 20)
}
