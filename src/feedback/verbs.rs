//! What people do with feedback: ask for it, give it, take it in one of four ways, and tell what came of it.

use super::item::{
    ADDRESS_KEPT, Deed, Feedback, FeedbackId, FeedbackState, GRACE, MOST_OPEN, MOST_OUTSIDE, MOST_TO_ONE, Pin, Said, SealedWords, Way,
    Words, by_end_of, morning_of,
};
use super::letters;
use super::pins;
use super::sql;
use crate::action_items::{self, ActionItemId, Plan};
use crate::app::{Happening, Tx};
use crate::error::{Error, Result, still_there};
use crate::logins::{Address, verbs::mark};
use crate::notices::{self, tell};
use crate::people::Chip;
use crate::refused;
use crate::relationships::{self, Relationship, RelationshipId, verbs as partners};
use crate::seal;
use crate::viewer::{PersonId, Viewer};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};

pub(super) const ASKED: &str = "feedback asked";
pub(super) const GIVEN: &str = "feedback given";
pub(super) const UNANSWERED: &str = "feedback unanswered";
pub(super) const THANKED: &str = "feedback thanked";
pub(super) const RECEIVED: &str = "feedback received";
pub(super) const OUTCOME: &str = "feedback outcome";
pub(super) const WAITS: &str = "feedback waits";

/// How long a letter to somebody outside counts against writing to them again.
const LETTERS_COUNT: SignedDuration = SignedDuration::from_hours(24 * 90);
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Of whom feedback is asked.
#[derive(Debug, Clone)]
pub enum Of {
    Partner(RelationshipId, PersonId),
    /// Somebody without an account here.
    Outside {
        name: String,
        address: Address,
    },
}

/// A precise question, of whom, by when.
#[derive(Debug, Clone)]
pub struct Asking {
    pub pin: Pin,
    pub question: String,
    pub of: Of,
    pub by_on: Date,
    /// The same twice is one.
    pub nonce: String,
}

fn not_pinned() -> Error {
    refused!("not_pinned"; "Please pin it to something: a goal, a session, a decision, something taken on, or work from a plan. Feedback about nothing in particular helps nobody.")
}

/// Asks for feedback. A partner finds it here; to somebody outside goes one letter with a link that works once.
pub fn ask(tx: &mut Tx, viewer: &Viewer, asking: &Asking) -> Result<FeedbackId> {
    if let Some(made) = sql::by_nonce(tx, viewer.person, &asking.nonce)? {
        return Ok(made);
    }
    let due_at = by_end_of(asking.by_on, tx.now(), &viewer.zone)?;
    let pin_words = pins::of_own(tx, viewer, asking.pin)?.ok_or_else(not_pinned)?;
    let open = sql::open_count(tx, viewer.person)?;
    if open >= MOST_OPEN {
        return Err(refused!("too_many_questions"; "{open} of your questions wait for an answer already. Take one back, or wait for one."));
    }
    let (key, relationship, by) = match &asking.of {
        Of::Partner(relationship, person) => {
            let with = partners::open(tx, viewer, *relationship, relationships::Deed::TakePart)?;
            with.must_offer(viewer, relationships::Deed::TakePart)?;
            let person = with.others(viewer).find(|other| other == person).ok_or(Error::NotFound)?;
            (with.key, Some(*relationship), Some(person))
        }
        Of::Outside { address, .. } => {
            may_write_to(tx, viewer, address)?;
            (seal::new_key(tx)?, None, None)
        }
    };
    let now = tx.now();
    let item = Feedback {
        id: tx.new_id(),
        about: viewer.person,
        by,
        relationship,
        pin_kind: asking.pin.kind,
        pin_id: asking.pin.id,
        key,
        state: FeedbackState::Asked,
        made_at: now,
        due_at: Some(due_at),
        given_at: None,
        thanked_at: None,
        received_at: None,
        action_item: None,
        outcome_at: None,
        next_at: Some(due_at + GRACE),
        forget_at: by.is_none().then_some(due_at + GRACE),
    };
    let ring = seal::ring(tx, &[key])?;
    let (sealed_pin, question) = (ring.seal(tx, key, &pin_words)?, ring.seal(tx, key, &asking.question)?);
    let outside = match &asking.of {
        Of::Partner(..) => None,
        Of::Outside { name, address } => Some((ring.seal(tx, key, name)?, ring.seal(tx, key, address.as_str())?)),
    };
    let token = tx.token();
    let hash = crate::web::token_hash(&token);
    let new = sql::New {
        maker: viewer.person,
        pin_words: &sealed_pin,
        question: Some(&question),
        giver: outside.as_ref().map(|(name, address)| (name, address)),
        token_hash: outside.is_some().then_some(&hash[..]),
        words: None,
        nonce: &asking.nonce,
    };
    if !sql::insert(tx, &item, &new)? {
        return sql::by_nonce(tx, viewer.person, &asking.nonce)?.ok_or(Error::NotFound);
    }
    match &asking.of {
        Of::Partner(..) => item.by.into_iter().try_for_each(|person| tell(tx, person, ASKED, item.id))?,
        Of::Outside { name, address } => {
            wrote_to(tx, viewer, address)?;
            letters::asks(tx, viewer, name, address, &pin_words, &asking.question, due_at, &token)?;
        }
    }
    happened(tx, "feedback asked for", &item, Some(viewer))?;
    Ok(item.id)
}

/// A keyed hash of an address, from which it cannot be read back.
pub fn mark_of(tx: &Tx, address: &str) -> Vec<u8> {
    mark(tx.seal(), "feedback", &[&address.trim().to_lowercase()])
}

/// How often somebody outside may be written to, and by whom. Where an address wants none of it, that is said as little as
/// any other reason would be.
pub fn may_write_to(tx: &mut Tx, viewer: &Viewer, address: &Address) -> Result<()> {
    let own = crate::mail::verbs::address_of(tx, viewer.person)?;
    if own.is_some_and(|own| own.to_lowercase() == address.folded()) {
        return Err(refused!("own_address"; "This is your own address. What would you ask yourself?"));
    }
    let (now, mark) = (tx.now(), mark_of(tx, address.as_str()));
    if sql::letters_from(tx, viewer.person, now - MONTH)? >= MOST_OUTSIDE {
        return Err(
            refused!("too_many_letters"; "You have written to {MOST_OUTSIDE} people outside within thirty days, which is the most. Ask somebody here, or wait a little."),
        );
    }
    if sql::is_refused(tx, &mark)? || sql::letters_to(tx, &mark, now - LETTERS_COUNT)? >= MOST_TO_ONE {
        return Err(refused!("not_this_address"; "We cannot write to this address now. Please ask them yourself, or ask somebody else."));
    }
    Ok(())
}

/// That somebody outside was written to counts against writing to them again.
pub fn wrote_to(tx: &mut Tx, viewer: &Viewer, address: &Address) -> Result<()> {
    let mark = mark_of(tx, address.as_str());
    sql::insert_letter(tx, &mark, viewer.person)
}

/// Whoever is behind this mark wants no letter that asks them for anything.
pub fn want_no_letters(tx: &mut Tx, mark: &[u8]) -> Result<()> {
    sql::refuse(tx, mark)
}

/// What somebody gives without having been asked.
#[derive(Debug, Clone)]
pub struct Giving {
    pub relationship: RelationshipId,
    pub about: PersonId,
    pub pin: Option<Pin>,
    pub words: Words,
    pub nonce: String,
}

/// Gives feedback that nobody asked for. It is pinned to something that both know.
pub fn offer(tx: &mut Tx, viewer: &Viewer, giving: &Giving) -> Result<FeedbackId> {
    if let Some(made) = sql::by_nonce(tx, viewer.person, &giving.nonce)? {
        return Ok(made);
    }
    let with = partners::open(tx, viewer, giving.relationship, relationships::Deed::TakePart)?;
    with.must_offer(viewer, relationships::Deed::TakePart)?;
    let about = with.others(viewer).find(|other| *other == giving.about).ok_or(Error::NotFound)?;
    let pin = giving.pin.ok_or_else(not_pinned)?;
    let pin_words = pins::together(tx, viewer, giving.relationship, about, pin)?.ok_or_else(not_pinned)?;
    let now = tx.now();
    let item = Feedback {
        id: tx.new_id(),
        about,
        by: Some(viewer.person),
        relationship: Some(giving.relationship),
        pin_kind: pin.kind,
        pin_id: pin.id,
        key: with.key,
        state: FeedbackState::Asked,
        made_at: now,
        due_at: None,
        given_at: None,
        thanked_at: None,
        received_at: None,
        action_item: None,
        outcome_at: None,
        next_at: None,
        forget_at: None,
    }
    .give(now)?;
    let ring = seal::ring(tx, &[with.key])?;
    let (pin_words, words) = (ring.seal(tx, with.key, &pin_words)?, ring.seal(tx, with.key, &serde_json::to_string(&giving.words)?)?);
    let new = sql::New {
        maker: viewer.person,
        pin_words: &pin_words,
        question: None,
        giver: None,
        token_hash: None,
        words: Some(&words),
        nonce: &giving.nonce,
    };
    if !sql::insert(tx, &item, &new)? {
        return sql::by_nonce(tx, viewer.person, &giving.nonce)?.ok_or(Error::NotFound);
    }
    tell(tx, about, GIVEN, item.id)?;
    happened(tx, "feedback given", &item, Some(viewer))?;
    Ok(item.id)
}

/// One that this viewer may do this with, and where; anything else is not there.
fn open(tx: &mut Tx, viewer: &Viewer, id: FeedbackId, deed: Deed) -> Result<(Feedback, Option<Relationship>)> {
    let item = sql::find(tx, id)?.ok_or(Error::NotFound)?;
    let together = item.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if item.allows(together.as_ref(), viewer, deed) { Ok((item, together)) } else { Err(Error::NotFound) }
}

/// The partner answers.
pub fn give(tx: &mut Tx, viewer: &Viewer, id: FeedbackId, words: &Words) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Give)?;
    let is = was.clone().give(tx.now())?;
    given(tx, &was, &is, words)?;
    notices::verbs::seen(tx, viewer.person, ASKED, id)?;
    happened(tx, "feedback given", &is, Some(viewer))
}

fn given(tx: &mut Tx, was: &Feedback, is: &Feedback, words: &Words) -> Result<()> {
    sql::save(tx, was, is)?;
    let words = seal::seal(tx, is.key, &serde_json::to_string(words)?)?;
    sql::save_words(tx, is.id, &words)?;
    tell(tx, is.about, GIVEN, is.id)
}

/// The partner would rather not.
pub fn pass(tx: &mut Tx, viewer: &Viewer, id: FeedbackId) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Pass)?;
    ends_unanswered(tx, &was, FeedbackState::Passed)?;
    notices::verbs::seen(tx, viewer.person, ASKED, id)?;
    happened(tx, "feedback refused", &was, Some(viewer))
}

/// Whoever asked takes the question back.
pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: FeedbackId) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Withdraw)?;
    ends_unanswered(tx, &was, FeedbackState::Withdrawn)?;
    happened(tx, "feedback taken back", &was, Some(viewer))
}

fn ends_unanswered(tx: &mut Tx, was: &Feedback, state: FeedbackState) -> Result<()> {
    let is = was.clone().ends_unanswered(state)?;
    sql::save(tx, was, &is)?;
    sql::forget_address(tx, is.id)?;
    if state == FeedbackState::Passed { tell(tx, is.about, UNANSWERED, is.id) } else { Ok(()) }
}

/// Thanks, in one press.
pub fn thank(tx: &mut Tx, viewer: &Viewer, id: FeedbackId) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::Thank)?;
    let is = was.clone().thank(tx.now())?;
    sql::save(tx, &was, &is)?;
    match is.by {
        Some(giver) => tell(tx, giver, THANKED, id)?,
        None => {
            let told = told(tx, vec![is.clone()])?.pop().ok_or(Error::NotFound)?;
            letters::thanks(tx, viewer, &told)?;
        }
    }
    happened(tx, "feedback answered", &is, Some(viewer))
}

/// How somebody takes what was given.
#[derive(Debug, Clone)]
pub enum Taking {
    /// It becomes something that they take on, with an if-then plan.
    Try {
        words: String,
        plan: Plan,
        due_on: Date,
    },
    Park {
        until: Date,
    },
    /// With why.
    Decline,
    Done,
}

impl Taking {
    fn way(&self) -> Way {
        match self {
            Self::Try { .. } => Way::Try,
            Self::Park { .. } => Way::Park,
            Self::Decline => Way::Decline,
            Self::Done => Way::Done,
        }
    }
}

/// Takes it in one of the four ways. Whoever gave it hears which.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: FeedbackId, taking: &Taking, said: &Said) -> Result<()> {
    let (was, together) = open(tx, viewer, id, Deed::Receive)?;
    let now = tx.now();
    let until = match taking {
        Taking::Park { until } => Some(morning_of(*until, now, &viewer.zone)?),
        _ => None,
    };
    let way = taking.way();
    let mut is = was.clone().receive(way, until, now)?;
    if way == Way::Decline && said.words.is_empty() {
        return Err(refused!("no_reason"; "Please say why, in a line. That is what makes a no honest."));
    }
    if let Taking::Try { words, plan, due_on } = taking {
        is.action_item = Some(take_on(tx, viewer, &is, together.as_ref(), (words, plan, *due_on))?);
    }
    sql::save(tx, &was, &is)?;
    let reply = seal::seal(tx, is.key, &serde_json::to_string(said)?)?;
    sql::save_reply(tx, id, &reply)?;
    for kind in [GIVEN, WAITS] {
        notices::verbs::seen(tx, viewer.person, kind, id)?;
    }
    match is.by {
        Some(giver) => tell(tx, giver, if way == Way::Done { OUTCOME } else { RECEIVED }, id)?,
        None if matches!(way, Way::Decline | Way::Done) => outside_hears(tx, viewer, &is)?,
        None => {}
    }
    happened(tx, "feedback answered", &is, Some(viewer))
}

fn take_on(
    tx: &mut Tx,
    viewer: &Viewer,
    item: &Feedback,
    together: Option<&Relationship>,
    (words, plan, due_on): (&str, &Plan, Date),
) -> Result<ActionItemId> {
    let relationship = together.filter(|t| t.offers(viewer, relationships::Deed::TakePart)).map(|t| t.id);
    let draft = action_items::Draft {
        relationship,
        words: words.to_owned(),
        plan: Some(plan.clone()),
        due_on,
        goal: (item.pin_kind == super::PinKind::Goal).then(|| item.pin_id.into()),
        intensity: action_items::verbs::usual_intensity(tx, viewer, relationship)?,
        nonce: format!("feedback {} {}", item.id, tx.now().as_micros()),
    };
    match action_items::verbs::take_on(tx, viewer, &draft) {
        // The goal may be gone by now; what is tried does not hang on it.
        Err(Error::NotFound) => action_items::verbs::take_on(tx, viewer, &action_items::Draft { goal: None, ..draft }),
        taken => taken,
    }
}

/// Says what came of it, in one's own words. Whoever gave it hears them.
pub fn tell_outcome(tx: &mut Tx, viewer: &Viewer, id: FeedbackId, words: &str) -> Result<()> {
    let (was, _) = open(tx, viewer, id, Deed::TellOutcome)?;
    let is = was.clone().tell_outcome(tx.now())?;
    sql::save(tx, &was, &is)?;
    let sealed = seal::seal(tx, is.key, words)?;
    sql::save_outcome(tx, id, &sealed)?;
    notices::verbs::seen(tx, viewer.person, WAITS, id)?;
    giver_hears(tx, viewer, &is)?;
    happened(tx, "feedback outcome told", &is, Some(viewer))
}

fn giver_hears(tx: &mut Tx, receiver: &Viewer, is: &Feedback) -> Result<()> {
    match is.by {
        Some(giver) => tell(tx, giver, OUTCOME, is.id),
        None => outside_hears(tx, receiver, is),
    }
}

/// The one letter on what came of it, where somebody outside wished for it; their address is forgotten with it.
fn outside_hears(tx: &mut Tx, receiver: &Viewer, is: &Feedback) -> Result<()> {
    let told = told(tx, vec![is.clone()])?.pop().ok_or(Error::NotFound)?;
    letters::outcome(tx, receiver, &told)?;
    sql::forget_address(tx, is.id)
}

/// What was taken on from feedback has been done, or let go.
pub fn follow_action(tx: &mut Tx, action: ActionItemId, kept: bool) -> Result<()> {
    let now = tx.now();
    for was in sql::by_action(tx, action)? {
        let is = if kept { was.clone().was_tried(now) } else { was.clone().waits_again(now) };
        sql::save(tx, &was, &is)?;
    }
    Ok(())
}

/// What time does: questions lapse, what waits is brought back, and what came of something is told.
pub fn in_time(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_due(tx)?;
    let now = tx.now();
    for (id,) in &due {
        let Some(was) = sql::find(tx, *id)? else { continue };
        let (is, kind) = was.clone().in_time(now);
        sql::save(tx, &was, &is)?;
        if is.state == FeedbackState::Lapsed {
            sql::forget_address(tx, *id)?;
        }
        match kind {
            Some(OUTCOME) => {
                if let Some(receiver) = Viewer::of_person(tx, is.about, crate::viewer::Via::Errand)? {
                    giver_hears(tx, &receiver, &is)?;
                }
            }
            Some(kind) if !notices::verbs::waits(tx, is.about, kind, *id)? => tell(tx, is.about, kind, *id)?,
            _ => {}
        }
        happened(tx, "feedback came back", &is, None)?;
    }
    Ok(due.len())
}

pub fn forgetting_due(tx: &mut Tx) -> Result<bool> {
    let old = tx.now() - LETTERS_COUNT;
    sql::any_to_forget(tx, old)
}
pub fn forget_old(tx: &mut Tx) -> Result<usize> {
    let old = tx.now() - LETTERS_COUNT;
    Ok(usize::try_from(sql::forget_old(tx, old)?).unwrap_or(usize::MAX))
}

// Somebody outside, by the link.

/// What the page behind the link shows.
pub struct Outside {
    pub item: Feedback,
    pub asker: Chip,
    pub told: Told,
}

/// What the link is for, whatever became of it; a link of nobody's is not there.
pub fn behind(tx: &mut Tx, token: &str) -> Result<Outside> {
    let item = sql::by_token(tx, &crate::web::token_hash(token))?.ok_or(Error::NotFound)?;
    let asker = partners::called(tx, item.about)?;
    let told = told(tx, vec![item.clone()])?.pop().ok_or(Error::NotFound)?;
    Ok(Outside { item, asker, told })
}

/// They answer. `keep`: whether they wish to hear what came of it, for which their address is kept a while longer.
pub fn give_from_outside(tx: &mut Tx, token: &str, words: &Words, keep: bool) -> Result<()> {
    let was = behind(tx, token)?.item;
    let now = tx.now();
    let is = was.clone().give(now)?;
    let is = Feedback { forget_at: keep.then_some(now + ADDRESS_KEPT), ..is };
    given(tx, &was, &is, words)?;
    if !keep {
        sql::forget_address(tx, is.id)?;
    }
    happened(tx, "feedback given", &is, None)
}

/// They would rather not; `never`: and want no such letter from here again.
pub fn pass_from_outside(tx: &mut Tx, token: &str, never: bool) -> Result<()> {
    let there = behind(tx, token)?;
    if never && let Some(address) = &there.told.giver_address {
        let mark = mark_of(tx, address);
        sql::refuse(tx, &mark)?;
    }
    ends_unanswered(tx, &there.item, FeedbackState::Passed)?;
    happened(tx, "feedback refused", &there.item, None)
}

// Reading.

/// One with its words, as far as they are not forgotten.
#[derive(Debug, Clone)]
pub struct Told {
    pub item: Feedback,
    pub pin: String,
    pub question: Option<String>,
    /// Of somebody without an account.
    pub giver_name: Option<String>,
    pub giver_address: Option<String>,
    pub words: Option<Words>,
    pub reply: Option<Said>,
    pub outcome: Option<String>,
}

impl Told {
    /// What to call somebody without an account.
    fn outside_name(&self) -> String {
        self.giver_name.clone().unwrap_or_else(|| "Somebody outside".into())
    }
}

fn told(tx: &mut Tx, items: Vec<Feedback>) -> Result<Vec<Told>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<FeedbackId> = items.iter().map(|item| item.id).collect();
    let mut keys: Vec<_> = items.iter().map(|item| item.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let ring = seal::ring(tx, &keys)?;
    let mut sealed: HashMap<FeedbackId, SealedWords> = sql::words(tx, &ids)?.into_iter().map(|words| (words.id, words)).collect();
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let sealed = sealed.remove(&item.id).ok_or(Error::NotFound)?;
        let text = |sealed: &Option<crate::seal::Sealed>| -> Result<Option<String>> {
            Ok(sealed.as_ref().map(|sealed| ring.text(item.key, sealed)).transpose()?.flatten())
        };
        let words = text(&sealed.words)?.map(|words| serde_json::from_str(&words)).transpose()?;
        let reply = text(&sealed.reply)?.map(|reply| serde_json::from_str(&reply)).transpose()?;
        all.push(Told {
            pin: ring.text(item.key, &sealed.pin_words)?.unwrap_or_else(|| "Something that was forgotten".into()),
            question: text(&sealed.question)?,
            giver_name: text(&sealed.giver_name)?,
            giver_address: text(&sealed.giver_address)?,
            words,
            reply,
            outcome: text(&sealed.outcome)?,
            item,
        });
    }
    Ok(all)
}

/// What a list shows: one with who is on the other side.
pub struct Listed {
    pub told: Told,
    /// The other side: who gives it, or whom it is about.
    pub other: String,
}

/// What the page of one shows.
pub struct Whole {
    pub told: Told,
    pub about: Chip,
    /// Who gives it, in one name.
    pub giver: String,
    /// Where the pin is to be found, for a viewer who may see it.
    pub pin_path: Option<String>,
    /// Whether the lesson stands open: the viewer has not done this before.
    pub is_first: bool,
    pub together: Option<Relationship>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: FeedbackId) -> Result<Whole> {
    let (item, together) = open(tx, viewer, id, Deed::See)?;
    let about = partners::called(tx, item.about)?;
    let by = item.by.map(|by| partners::called(tx, by)).transpose()?;
    let pin_path = still_there(pins::place(tx, viewer, item.pin()))?;
    let is_first = if item.gives(viewer) { !sql::has_given(tx, viewer.person)? } else { !sql::has_received(tx, viewer.person)? };
    let told = told(tx, vec![item])?.pop().ok_or(Error::NotFound)?;
    let giver = match &by {
        Some(chip) => chip.first_name().to_owned(),
        None => told.outside_name(),
    };
    Ok(Whole { told, about, giver, pin_path, is_first, together })
}

/// Everything of somebody's: what they received and asked for, and what they gave.
pub struct Own {
    pub received: Vec<Listed>,
    pub given: Vec<Listed>,
}

pub fn own(tx: &mut Tx, viewer: &Viewer) -> Result<Own> {
    let (received, given) = (sql::of_receiver(tx, viewer.person, 60)?, sql::of_giver(tx, viewer.person, 60)?);
    Ok(Own { received: listed(tx, viewer, received)?, given: listed(tx, viewer, given)? })
}
pub fn in_relationship(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Vec<Listed>> {
    partners::open(tx, viewer, id, relationships::Deed::See)?;
    let items = sql::of_relationship(tx, id, viewer.person)?;
    listed(tx, viewer, items)
}
/// What waits for somebody.
pub fn waiting(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Listed>> {
    let items = sql::waiting(tx, viewer.person)?;
    listed(tx, viewer, items)
}

fn listed(tx: &mut Tx, viewer: &Viewer, items: Vec<Feedback>) -> Result<Vec<Listed>> {
    let mut places: HashMap<RelationshipId, Option<Relationship>> = HashMap::new();
    let mut seen = Vec::with_capacity(items.len());
    for item in items {
        if let Some(id) = item.relationship
            && !places.contains_key(&id)
        {
            let place = still_there(partners::find(tx, id))?;
            places.insert(id, place);
        }
        let together = item.relationship.and_then(|id| places.get(&id)).and_then(Option::as_ref);
        if item.allows(together, viewer, Deed::See) {
            seen.push(item);
        }
    }
    let other = |item: &Feedback| if item.gives(viewer) { Some(item.about) } else { item.by };
    let people: Vec<PersonId> = seen.iter().filter_map(other).collect::<BTreeSet<_>>().into_iter().collect();
    let chips = partners::called_all(tx, &people)?;
    let named = |told: Told| {
        let chip = other(&told.item).and_then(|person| chips.iter().find(|chip| chip.id == person));
        Listed { other: chip.map_or_else(|| told.outside_name(), |chip| chip.first_name().to_owned()), told }
    };
    Ok(told(tx, seen)?.into_iter().map(named).collect())
}

pub fn has_given(tx: &mut Tx, person: PersonId) -> Result<bool> {
    sql::has_given(tx, person)
}

/// All that somebody received and gave, for their export.
pub(super) fn everything(tx: &mut Tx, person: PersonId) -> Result<(Vec<Told>, Vec<Told>)> {
    let (received, given) = (sql::of_receiver(tx, person, 2_000)?, sql::of_giver(tx, person, 2_000)?);
    Ok((told(tx, received)?, told(tx, given)?))
}

pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql::forget(tx, person)
}

fn happened(tx: &mut Tx, kind: &'static str, item: &Feedback, by: Option<&Viewer>) -> Result<()> {
    let happening = Happening::of(kind, item.id).touching(std::iter::once(item.about).chain(item.by));
    tx.record(match by {
        Some(viewer) => happening.by(viewer),
        None => happening,
    })
}
