//! What people do with a review: begin it, answer by the link, and, once it is closed, read it, let it count, or delete the
//! lot.

use super::letters;
use super::review::{
    ANSWERS_SIZE, Answer, Contents, DAYS_BETWEEN, Deed, FLOOR, INVITED_SIZE, Invited, MOST_ASKED, Outline, Results, Review, ReviewId,
    closes_at, filled_up, in_words, seen,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::feedback::verbs as outside;
use crate::logins::Address;
use crate::mail::Recipient;
use crate::notices::tell;
use crate::people::Chip;
use crate::relationships::{self, RelationshipId, verbs as partners};
use crate::seal::{self, KeyId};
use crate::viewer::{PersonId, Viewer};
use crate::web::token_hash;
use crate::{refused, too_late};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) const CLOSED: &str = "review closed";

const DAY: i64 = 24;

/// What a review asks, of whom, and until when.
#[derive(Debug, Clone)]
pub struct Starting {
    pub outline: Outline,
    pub partners: Vec<(RelationshipId, PersonId)>,
    /// People without an account here: what to call them, and their address.
    pub outside: Vec<(String, Address)>,
    pub closes_on: Date,
    /// The same twice is one.
    pub nonce: String,
}

/// Begins one: everybody who is asked gets one letter with a link of their own. Returns the links too, for whoever tells a
/// village's past; no page ever shows them.
pub fn start(tx: &mut Tx, viewer: &Viewer, starting: &Starting) -> Result<(ReviewId, Vec<String>)> {
    if let Some(there) = sql::by_nonce(tx, viewer.person, &starting.nonce)? {
        return Ok((there.id, Vec::new()));
    }
    starting.outline.must_be_whole()?;
    let now = tx.now();
    let closes_at = closes_at(starting.closes_on, now, &viewer.zone)?;
    may_start(tx, viewer)?;
    let asked = asked(tx, viewer, starting)?;
    let (key, box_key) = (seal::new_key(tx)?, seal::new_key(tx)?);
    let review = Review { id: tx.new_id(), person: viewer.person, key, made_at: now, closes_at, closed_at: None, released_at: None };
    let words = seal::seal(tx, key, &serde_json::to_string(&starting.outline)?)?;
    sql::insert(tx, &review, &words, &starting.nonce)?;
    sql::insert_start(tx, viewer.person)?;
    let (mut invited, mut links) = (Vec::with_capacity(asked.len()), Vec::with_capacity(asked.len()));
    let many = asked.len();
    for (name, address, to, is_partner) in asked {
        // The link says which review it is for, so that nothing beside the box has to know it.
        let token = format!("{}{}", review.id, tx.token());
        let mark = data_encoding::HEXLOWER.encode(&outside::mark_of(tx, &address));
        invited.push(Invited { name, mark, token: hash(&token), done: false });
        letters::asks(tx, viewer, to, is_partner, many, closes_at, &token)?;
        links.push(token);
    }
    let contents = Contents { invited, answers: Vec::new() };
    let (invited, answers) = shut(tx, box_key, &contents)?;
    sql::insert_box(tx, review.id, box_key, &invited, &answers)?;
    tx.record(Happening::of("review begun", review.id).by(viewer).touching([viewer.person]))?;
    Ok((review.id, links))
}

fn hash(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&token_hash(token))
}

/// One at a time, and not more often than people like to be asked. Asking again at once, with one person more or less, would
/// also tell what that one says.
fn may_start(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    if sql::of_person(tx, viewer.person)?.iter().any(|review| review.closed_at.is_none()) {
        return Err(refused!("one_at_a_time"; "A review of yours is open. When it has closed, you can begin another."));
    }
    let next = sql::last_start(tx, viewer.person)?.map(|at| at + SignedDuration::from_hours(DAY * DAYS_BETWEEN));
    match next.filter(|next| *next > tx.now()) {
        None => Ok(()),
        Some(next) => Err(
            refused!("too_soon"; "You began one within the last {DAYS_BETWEEN} days. From {} on you can begin another.", viewer.date(next)),
        ),
    }
}

type Asked = (String, String, Recipient, bool);

/// Those who are asked, each once, with the address at which they are.
fn asked(tx: &mut Tx, viewer: &Viewer, starting: &Starting) -> Result<Vec<Asked>> {
    let mut all: Vec<Asked> = Vec::new();
    for (relationship, person) in &starting.partners {
        let with = partners::open(tx, viewer, *relationship, relationships::Deed::TakePart)?;
        with.must_offer(viewer, relationships::Deed::TakePart)?;
        let person = with.others(viewer).find(|other| other == person).ok_or(Error::NotFound)?;
        let name = partners::called(tx, person)?.first_name().to_owned();
        let Some(address) = crate::mail::verbs::address_of(tx, person)? else {
            return Err(refused!("no_address"; "{name} has no e-mail address here, and a review is answered by a link in a letter."));
        };
        if !all.iter().any(|(_, known, ..)| same(known, &address)) {
            all.push((name, address, Recipient::Person(person), true));
        }
    }
    let new: Vec<&(String, Address)> =
        starting.outside.iter().filter(|(_, address)| !all.iter().any(|(_, known, ..)| same(known, address.as_str()))).collect();
    let mut marks = BTreeSet::new();
    let mut written = Vec::new();
    for (name, address) in new {
        if marks.insert(address.folded().to_owned()) {
            written.push((name.clone(), address.clone()));
        }
    }
    let many = all.len() + written.len();
    if many < FLOOR {
        return Err(
            refused!("too_few"; "Please name at least {FLOOR} people: below that nothing could be shown without showing who said it. Six or more is better, as not everybody answers."),
        );
    }
    if many > MOST_ASKED {
        return Err(refused!("too_many"; "These are {many} people; please name {MOST_ASKED} at most."));
    }
    for (name, address) in written {
        outside::may_write_to(tx, viewer, &address)?;
        outside::wrote_to(tx, viewer, &address)?;
        let to = Recipient::Address { name: Some(name.clone()), address: address.as_str().to_owned() };
        all.push((name, address.as_str().to_owned(), to, false));
    }
    Ok(all)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

// The box.

fn shut(tx: &mut Tx, key: KeyId, contents: &Contents) -> Result<(seal::Sealed, seal::Sealed)> {
    let ring = seal::ring(tx, &[key])?;
    let invited = filled_up(serde_json::to_string(&contents.invited)?, INVITED_SIZE);
    let answers = filled_up(serde_json::to_string(&contents.answers)?, ANSWERS_SIZE);
    Ok((ring.seal(tx, key, &invited)?, ring.seal(tx, key, &answers)?))
}

fn contents(tx: &mut Tx, id: ReviewId) -> Result<(KeyId, Contents)> {
    let sealed = sql::contents(tx, id)?.ok_or(Error::NotFound)?;
    let ring = seal::ring(tx, &[sealed.key])?;
    let text = |sealed_text: &seal::Sealed| ring.text(sealed.key, sealed_text)?.ok_or(Error::NotFound);
    let contents =
        Contents { invited: serde_json::from_str(&text(&sealed.invited)?)?, answers: serde_json::from_str(&text(&sealed.answers)?)? };
    Ok((sealed.key, contents))
}

fn outline_and_results(tx: &mut Tx, review: &Review) -> Result<(Outline, Option<Results>)> {
    let sealed = sql::words(tx, review.id)?.ok_or(Error::NotFound)?;
    let ring = seal::ring(tx, &[review.key])?;
    let outline = ring.text(review.key, &sealed.words)?.ok_or(Error::NotFound)?;
    let results = sealed.results.as_ref().map(|results| ring.text(review.key, results)).transpose()?.flatten();
    Ok((serde_json::from_str(&outline)?, results.map(|results| serde_json::from_str(&results)).transpose()?))
}

// By the link.

/// What the page behind a link shows.
pub struct Behind {
    pub asker: Chip,
    pub outline: Outline,
    pub closes_at: chiron_store::Timestamp,
    /// How many were asked.
    pub many: usize,
    pub door: Door,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Open,
    /// This link has been used.
    Done,
    Closed,
}

/// What a link is for; a link of nobody's is not there. While a review is open, only whoever has the link learns whether it
/// was used.
pub fn behind(tx: &mut Tx, token: &str) -> Result<Behind> {
    let review = review_of(tx, token)?;
    let (outline, _) = outline_and_results(tx, &review)?;
    let asker = partners::called(tx, review.person)?;
    if !review.is_open(tx.now()) {
        // Who was asked is not known any more, so nobody is turned away here either.
        return Ok(Behind { asker, outline: Outline::default(), closes_at: review.closes_at, many: 0, door: Door::Closed });
    }
    let (_, contents) = contents(tx, review.id)?;
    let wanted = hash(token);
    let mine = contents.invited.iter().find(|invited| invited.token == wanted).ok_or(Error::NotFound)?;
    let door = if mine.done { Door::Done } else { Door::Open };
    Ok(Behind { asker, outline, closes_at: review.closes_at, many: contents.invited.len(), door })
}

fn review_of(tx: &mut Tx, token: &str) -> Result<Review> {
    let id: ReviewId = token.get(..32).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    sql::find(tx, id)?.ok_or(Error::NotFound)
}

/// Uses a link up. No happening is recorded and nobody is told: that somebody answered is not known before the close. The
/// whole box is written anew, in the same way whatever was done.
fn use_up(tx: &mut Tx, token: &str, act: impl FnOnce(&mut Tx, &mut Contents, &str) -> Result<()>) -> Result<()> {
    let review = review_of(tx, token)?;
    if !review.is_open(tx.now()) {
        return Err(too_late!("This has closed. Thank you all the same."));
    }
    let (key, mut contents) = contents(tx, review.id)?;
    let wanted = hash(token);
    let mine = contents.invited.iter_mut().find(|invited| invited.token == wanted).ok_or(Error::NotFound)?;
    if mine.done {
        return Err(too_late!("This link has been used already."));
    }
    mine.done = true;
    let mark = mine.mark.clone();
    act(tx, &mut contents, &mark)?;
    let (invited, answers) = shut(tx, key, &contents)?;
    sql::save_box(tx, review.id, &invited, &answers)
}

pub fn answer(tx: &mut Tx, token: &str, answer: &Answer) -> Result<()> {
    let outline = behind(tx, token)?.outline;
    let answer = Answer {
        levels: (0..outline.items.len()).map(|at| answer.levels.get(at).copied().flatten()).collect(),
        words: (0..outline.questions.len()).map(|at| answer.words.get(at).cloned().unwrap_or_default()).collect(),
    };
    if answer.levels.iter().all(Option::is_none) && answer.words.iter().all(String::is_empty) {
        return Err(refused!("nothing_said"; "Please say something about at least one of these. If you would rather not, say so below."));
    }
    use_up(tx, token, |_, contents, _| {
        contents.put(answer);
        Ok(())
    })
}

/// They would rather not; `never`: and want no such letter from here again.
pub fn pass(tx: &mut Tx, token: &str, never: bool) -> Result<()> {
    use_up(tx, token, |tx, _, mark| {
        if never {
            let mark = data_encoding::HEXLOWER.decode(mark.as_bytes()).map_err(Error::broken)?;
            outside::want_no_letters(tx, &mark)?;
        }
        Ok(())
    })
}

// The close.

fn old(tx: &Tx) -> chiron_store::Timestamp {
    tx.now() - SignedDuration::from_hours(DAY * (DAYS_BETWEEN + 1))
}
pub fn any_due(tx: &mut Tx) -> Result<bool> {
    let old = old(tx);
    sql::any_due(tx, old)
}

/// Closes those whose day has come. What may be shown is worked out and kept; the answers and who was asked are destroyed
/// with their key, above the floor and below it alike.
pub fn close_due(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    for (id,) in &due {
        let Some(review) = sql::find(tx, *id)? else { continue };
        let (outline, _) = outline_and_results(tx, &review)?;
        let (box_key, contents) = contents(tx, *id)?;
        if let Some(results) = contents.results(&outline) {
            let sealed = seal::seal(tx, review.key, &serde_json::to_string(&results)?)?;
            sql::save_results(tx, *id, &sealed)?;
        }
        sql::delete_box(tx, *id)?;
        seal::destroy(tx, box_key)?;
        tell(tx, review.person, CLOSED, *id)?;
        tx.record(Happening::of("review closed", *id).touching([review.person]))?;
    }
    let old = old(tx);
    Ok(due.len() + usize::try_from(sql::forget_starts(tx, old)?).unwrap_or(usize::MAX))
}

// Its owner.

fn open(tx: &mut Tx, viewer: &Viewer, id: ReviewId, deed: Deed) -> Result<Review> {
    sql::find(tx, id)?.filter(|review| review.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// What the page of one shows.
pub struct Whole {
    pub review: Review,
    pub outline: Outline,
    pub results: Option<Results>,
    /// What those are called who were asked, while it is open; by name, not by what they did.
    pub asked: Vec<String>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: ReviewId) -> Result<Whole> {
    let review = open(tx, viewer, id, Deed::See)?;
    whole(tx, review)
}

fn whole(tx: &mut Tx, review: Review) -> Result<Whole> {
    let (outline, results) = outline_and_results(tx, &review)?;
    let asked = if review.closed_at.is_none() {
        contents(tx, review.id)?.1.invited.into_iter().map(|invited| invited.name).collect()
    } else {
        Vec::new()
    };
    Ok(Whole { review, outline, results, asked })
}

pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Whole>> {
    let all = sql::of_person(tx, viewer.person)?;
    all.into_iter().map(|review| whole(tx, review)).collect()
}

/// Lets it count beside the owner's own view, or not any more.
pub fn release(tx: &mut Tx, viewer: &Viewer, id: ReviewId, released: bool) -> Result<()> {
    let review = open(tx, viewer, id, Deed::Release)?;
    if outline_and_results(tx, &review)?.1.is_none() {
        return Err(refused!("no_results"; "There is nothing in it that could count."));
    }
    let now = tx.now();
    sql::save_released(tx, id, released.then_some(now))?;
    tx.record(Happening::of("review released", id).by(viewer).touching([viewer.person]))
}

/// The lot, at any time: what was asked, what was answered, and what was shown. Links to it lead nowhere then.
pub fn delete(tx: &mut Tx, viewer: &Viewer, id: ReviewId) -> Result<()> {
    let review = open(tx, viewer, id, Deed::Delete)?;
    if let Some(sealed) = sql::contents(tx, id)? {
        seal::destroy(tx, sealed.key)?;
    }
    sql::delete(tx, id)?;
    seal::destroy(tx, review.key)?;
    tx.record(Happening::of("review deleted", id).by(viewer).touching([viewer.person]))
}

/// For the gap map: what others see of somebody's skills, where they let it count. The latest says it.
pub fn others_see(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let mut said: Vec<(String, String)> = Vec::new();
    for review in sql::released(tx, viewer.person)? {
        let (outline, results) = outline_and_results(tx, &review)?;
        let day = viewer.date(review.closes_at);
        for (item, parts) in outline.items.iter().zip(results.iter().flat_map(|results| &results.items)) {
            let Some(skill) = item.skill.clone().filter(|skill| !said.iter().any(|(known, _)| known == skill)) else { continue };
            if seen(parts) == super::review::Seen::TooFew {
                continue;
            }
            said.push((skill, format!("{} ({day}).", in_words(parts))));
        }
    }
    Ok(said)
}
