//! What people do with an ask: send it, answer it in one of five ways, take it back; and what time does with it.

use super::ask::{
    Ask, AskId, AskState, Beginning, Deed, Draft, Help, LONGEST, Letter, Line, LineKind, MOST_LINES, MOST_NEXT, MOST_OPEN, Pending, Reason,
    SealedLetter, SealedLine, Standing, Turn, WaitEstimate,
};
use super::sql;
use crate::app::{Happening, Tx};
use crate::directory::verbs as directory;
use crate::error::{Error, Result, still_there};
use crate::goals::{GoalState, verbs as goals};
use crate::notices::{tell, verbs as notices};
use crate::people::{Chip, verbs as people};
use crate::relationships::{Kind, RelationshipId, SealedPassage, Size, verbs as relationships};
use crate::seal::{self, KeyId};
use crate::skills::Graph;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{List, Timestamp};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// Skills of a letter that people are looked for by, and people who are suggested for it.
const MOST_SKILLS: usize = 5;
const MOST_SUGGESTED: usize = 5;

/// The conversation an ask grows from: it keeps its key, and is carried along.
#[derive(Debug, Clone)]
pub struct Grown {
    pub from: Uuid,
    pub key: KeyId,
    pub before: Vec<SealedLine>,
}

/// Sends an ask. The form it came from carries a nonce: sent twice, it is one ask.
pub fn send(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<AskId> {
    send_grown(tx, viewer, draft, None)
}

pub fn send_grown(tx: &mut Tx, viewer: &Viewer, draft: &Draft, grown: Option<Grown>) -> Result<AskId> {
    if let Some(sent) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(sent);
    }
    may_send(tx, viewer, draft)?;
    let key = match &grown {
        Some(grown) => grown.key,
        None => seal::new_key(tx)?,
    };
    let begin = Beginning {
        id: tx.new_id(),
        key,
        goal_mark: goal_mark(tx, viewer.person, draft.goal_id, &draft.letter.goal),
        usual_reply: people::usual_reply(tx, draft.to)?,
        cascaded_from: None,
        grown_from: grown.as_ref().map(|g| g.from),
        end_by: tx.now() + LONGEST,
    };
    let ask = Ask::new(viewer.person, draft.to, draft.help, draft.size, begin, tx.now());
    let letter = shut(tx, key, &draft.letter)?;
    if !sql::insert(tx, &ask, &letter, draft.goal_id, &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    sql::set_nexts(tx, ask.id, &allowed(&ask, &draft.next))?;
    for line in grown.iter().flat_map(|g| &g.before) {
        sql::insert_line(tx, ask.id, line)?;
    }
    tell(tx, ask.asked, "ask arrived", ask.id)?;
    tx.record(happened("ask sent", &ask).by(viewer))?;
    Ok(ask.id)
}

fn may_send(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<()> {
    if viewer.is(draft.to) {
        return Err(refused!("to_oneself"; "You cannot ask yourself. Choose someone else."));
    }
    let open = sql::open_count(tx, viewer.person)?;
    if open >= MOST_OPEN {
        return Err(
            refused!("too_many_asks"; "You have {open} requests waiting, and {MOST_OPEN} is the most at once. Wait for an answer, or take one back."),
        );
    }
    let who = people::chip(tx, draft.to)?;
    let standing = standing(tx, viewer.person, draft.to)?;
    match standing.hindrance(&who, draft.help, draft.size, tx.now()) {
        Some(why) => Err(Error::refused("cannot_be_asked", crate::error::RefusalKind::Rule, why)),
        None => Ok(()),
    }
}

/// What is known now of someone who would be asked.
pub fn standing(tx: &mut Tx, asker: PersonId, asked: PersonId) -> Result<Standing> {
    let Some(presence) = people::presence(tx, asked)? else { return Ok(Standing::default()) };
    // Who has blocked whom is told to nobody: to the other, someone is simply not available just now.
    let apart = people::are_apart(tx, asker, asked)?;
    let not_now_until = if apart { Some(tx.now() + jiff::SignedDuration::from_hours(24)) } else { presence.not_now_until };
    Ok(Standing {
        here: presence.left_at.is_none(),
        open_to: sql::open_to(tx, asked)?,
        not_now_until,
        places_left: relationships::places_left(tx, asked)?,
        usual_reply: people::usual_reply(tx, asked)?,
        already_asked: sql::waiting_between(tx, asker, asked)?.is_some(),
    })
}

/// The request that already waits between these two.
pub fn waiting_between(tx: &mut Tx, asker: PersonId, asked: PersonId) -> Result<Option<AskId>> {
    sql::waiting_between(tx, asker, asked)
}

/// Whose answer the viewer waits for already, of these people, and where.
pub fn asked_already(tx: &mut Tx, viewer: &Viewer, people: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let waiting = sql::waiting_among(tx, viewer.person, &List::of(people.iter().map(|p| p.0))?)?;
    Ok(waiting.into_iter().map(|(person, ask)| (person, format!("/asks/{ask}"))).collect())
}

/// Who else could be asked for what this person offers, when they cannot: of those the asker comes with, or of those who
/// know the same.
pub fn next_to(tx: &mut Tx, viewer: &Viewer, to: PersonId, named: Vec<PersonId>) -> Result<Vec<Chip>> {
    let profile = people::profile(tx, to)?;
    let found = if named.is_empty() {
        let skills: Vec<String> = profile.offered.into_iter().take(MOST_SKILLS).map(|s| s.skill).collect();
        directory::alternatives(tx, viewer.person, &skills, &[to])?
    } else {
        named
    };
    let helps: Vec<Help> = Help::ALL.iter().copied().filter(|help| profile.open_to.contains(&help.needs())).collect();
    askable(tx, [viewer.person, to], found, &helps, Size::conversation(30), MOST_NEXT)
}

/// Who could be asked instead: people who know what the letter is about, have room, and are not at it already. What
/// hinders the others stays theirs.
fn suggestions(tx: &mut Tx, ask: &Ask, letter: Option<&Letter>) -> Result<Vec<Chip>> {
    let mut skills = skills_named(&*crate::skills::graph_here(tx)?, letter);
    if skills.is_empty() {
        skills = people::profile(tx, ask.asked)?.offered.into_iter().map(|s| s.skill).collect();
    }
    skills.truncate(MOST_SKILLS);
    let found = directory::alternatives(tx, ask.asker, &skills, &[ask.asked])?;
    askable(tx, [ask.asker, ask.asked], found, &[ask.help], ask.size(), MOST_SUGGESTED)
}

/// The skills that a letter's words name.
fn skills_named(graph: &Graph, letter: Option<&Letter>) -> Vec<String> {
    let about = letter.map(|letter| format!("{}. {}. {}", letter.goal, letter.the_ask, letter.so_far)).unwrap_or_default();
    graph.recognise(&about).iter().filter_map(|found| graph.skill(found.skill)).map(|skill| skill.id.to_string()).collect()
}

/// People whose name has what was typed, when it is not the whole of one name.
pub fn called_like(tx: &mut Tx, viewer: &Viewer, id: AskId, typed: &str) -> Result<Vec<Chip>> {
    let ask = open(tx, viewer, id, Deed::Redirect)?;
    let found = directory::called(tx, typed, 3 * MOST_SUGGESTED)?;
    askable(tx, [ask.asker, ask.asked], found, &[ask.help], ask.size(), MOST_SUGGESTED)
}

/// Those of them who could be asked for one of these now, in their order: open to it, with room, neither of the two, and not
/// at work with the asker already.
fn askable(tx: &mut Tx, two: [PersonId; 2], found: Vec<PersonId>, helps: &[Help], size: Size, most: usize) -> Result<Vec<Chip>> {
    let asker = two[0];
    let together = relationships::working_with(tx, asker, &found)?;
    let mut chips = Vec::new();
    for person in found.into_iter().filter(|person| !two.contains(person) && !together.contains_key(person)) {
        let (who, standing) = (people::chip(tx, person)?, standing(tx, asker, person)?);
        if helps.iter().any(|help| standing.hindrance(&who, *help, size, tx.now()).is_none()) {
            chips.push(who);
        }
        if chips.len() == most {
            break;
        }
    }
    Ok(chips)
}

/// An ask that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: AskId, deed: Deed) -> Result<Ask> {
    sql::find(tx, id)?.filter(|ask| ask.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same, once they do it: what told them that it was their turn is read with that.
fn acted(tx: &mut Tx, viewer: &Viewer, id: AskId, deed: Deed) -> Result<Ask> {
    let ask = open(tx, viewer, id, deed)?;
    notices::all_seen(tx, viewer.person, id)?;
    Ok(ask)
}

/// An ask as it is, for slices that follow along.
pub fn find(tx: &mut Tx, id: AskId) -> Result<Option<Ask>> {
    sql::find(tx, id)
}

/// Says yes: the two begin to work together, and the asker's other requests for the same goal are taken back kindly.
pub fn accept(tx: &mut Tx, viewer: &Viewer, id: AskId, one_more: bool) -> Result<RelationshipId> {
    let was = acted(tx, viewer, id, Deed::Accept)?;
    let places = relationships::places_left(tx, was.asked)?;
    let ask = was.clone().accept(places, one_more, tx.now())?;
    replied(tx, &was)?;
    accepted(tx, viewer, &was, &ask)
}

/// Takes the smaller thing that was offered.
pub fn take_offer(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<RelationshipId> {
    let was = acted(tx, viewer, id, Deed::TakeOffer)?;
    let ask = was.clone().take_offer(tx.now())?;
    accepted(tx, viewer, &was, &ask)
}

fn accepted(tx: &mut Tx, viewer: &Viewer, was: &Ask, ask: &Ask) -> Result<RelationshipId> {
    sql::save(tx, was, ask)?;
    let (mine, theirs) = ask.help.roles();
    let kind = if ask.size().fills_a_place() { ask.help.kind() } else { Kind::Flash };
    let parties = [(ask.asker, mine), (ask.asked, theirs)];
    let relationship = relationships::begin(tx, kind, ask.key, ask.id.into(), &parties)?;
    relationships::agree(tx, relationship, ask.size())?;
    let history = history(tx, ask)?;
    relationships::remember(tx, relationship, &history)?;
    sql::save_relationship(tx, ask.id, relationship)?;
    let to_tell = if viewer.is(ask.asker) { ask.asked } else { ask.asker };
    tell(tx, to_tell, if viewer.is(ask.asker) { "ask offer taken" } else { "ask accepted" }, ask.id)?;
    tx.record(happened("ask accepted", ask).by(viewer))?;
    supersede_others(tx, ask)?;
    Ok(relationship)
}

/// The letter and what was written under it, as the relationship remembers them: sealed under the same key already.
fn history(tx: &mut Tx, ask: &Ask) -> Result<Vec<SealedPassage>> {
    let letter = sql::letter(tx, ask.id)?;
    let lines = sql::lines(tx, ask.id)?;
    let passage =
        |line: &SealedLine, heading: &str| SealedPassage { by: line.by, at: line.at, heading: heading.into(), words: line.words.clone() };
    let mut all: Vec<SealedPassage> = lines.iter().filter(|l| l.kind == LineKind::Before).map(|l| passage(l, "what came before")).collect();
    let fields = [
        (HEADINGS[0], letter.goal),
        (HEADINGS[1], letter.why_you),
        (HEADINGS[2], letter.so_far),
        (HEADINGS[3], letter.the_ask),
        (HEADINGS[4], letter.will_bring),
    ];
    all.extend(fields.map(|(heading, words)| SealedPassage { by: ask.asker, at: ask.sent_at, heading: heading.into(), words }));
    all.extend(lines.iter().filter(|l| l.kind != LineKind::Before).map(|l| passage(l, l.kind.as_str())));
    Ok(all)
}

/// The five questions that a letter answers.
pub const HEADINGS: [&str; 5] =
    ["What I want to reach", "Why you", "How I see it so far, and what I have tried", "What I ask of you", "What I will bring"];

fn supersede_others(tx: &mut Tx, accepted: &Ask) -> Result<()> {
    for was in sql::waiting_of(tx, accepted.asker)? {
        if was.goal_mark == accepted.goal_mark {
            let ask = was.clone().supersede(tx.now())?;
            sql::save(tx, &was, &ask)?;
            tell(tx, ask.asked, "ask closed", ask.id)?;
            tx.record(happened("ask superseded", &ask))?;
        }
    }
    Ok(())
}

/// Asks for one more thing before answering.
pub fn ask_back(tx: &mut Tx, viewer: &Viewer, id: AskId, question: &str) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::AskBack)?;
    let ask = was.clone().ask_back(tx.now())?;
    replied(tx, &was)?;
    sql::save(tx, &was, &ask)?;
    write(tx, &ask, viewer, LineKind::Question, question)?;
    tell(tx, ask.asker, "ask asked back", id)?;
    tx.record(happened("ask asked back", &ask).by(viewer))
}

/// Offers something smaller: an answer, or one conversation.
pub fn offer(tx: &mut Tx, viewer: &Viewer, id: AskId, size: Size, words: &str) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::Offer)?;
    let ask = was.clone().offer(size, tx.now())?;
    replied(tx, &was)?;
    sql::save(tx, &was, &ask)?;
    if !words.is_empty() {
        write(tx, &ask, viewer, LineKind::Offer, words)?;
    }
    tell(tx, ask.asker, "ask smaller offered", id)?;
    tx.record(happened("ask smaller offered", &ask).by(viewer))
}

/// Names someone better to ask. It goes on to them at once only when the asker has allowed them already.
pub fn redirect(tx: &mut Tx, viewer: &Viewer, id: AskId, to: PersonId, words: &str) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::Redirect)?;
    let who = people::chip(tx, to)?;
    let hindrance = standing(tx, was.asker, to)?.hindrance(&who, was.help, was.size(), tx.now());
    if hindrance.is_some() {
        // Their reasons are theirs: whoever suggests them learns only that it does not work now.
        return Err(
            refused!("cannot_be_redirected"; "{} cannot be asked for this just now. Please suggest someone else.", who.first_name()),
        );
    }
    let allowed = sql::nexts(tx, id)?.contains(&to);
    let ask = was.clone().redirect(to, allowed, tx.now())?;
    replied(tx, &was)?;
    sql::save(tx, &was, &ask)?;
    if !words.is_empty() {
        write(tx, &ask, viewer, LineKind::Redirect, words)?;
    }
    if allowed {
        return ended(tx, Some(viewer), "ask redirected", &ask);
    }
    tell(tx, ask.asker, "ask redirect offered", id)?;
    tx.record(happened("ask redirect offered", &ask).by(viewer))
}

/// Declines, with a reason of one's own choosing or none, and if wanted is left in peace until a day.
pub fn decline(tx: &mut Tx, viewer: &Viewer, id: AskId, reason: Reason, words: &str, not_now_until: Option<Timestamp>) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::Decline)?;
    let ask = was.clone().decline(reason, tx.now())?;
    if was.turn == Turn::Asked {
        replied(tx, &was)?;
    }
    sql::save(tx, &was, &ask)?;
    if !words.is_empty() {
        write(tx, &ask, viewer, LineKind::Decline, words)?;
    }
    if let Some(until) = not_now_until {
        people::not_now(tx, viewer, Some(until))?;
    }
    ended(tx, Some(viewer), "ask declined", &ask)
}

/// The asker answers what was asked of her; it is the other's turn again.
pub fn answer(tx: &mut Tx, viewer: &Viewer, id: AskId, words: &str) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::Answer)?;
    let usual = people::usual_reply(tx, was.asked)?;
    let ask = was.clone().answer(usual, tx.now())?;
    sql::save(tx, &was, &ask)?;
    write(tx, &ask, viewer, LineKind::Answer, words)?;
    tell(tx, ask.asked, "ask answered", id)?;
    tx.record(happened("ask answered", &ask).by(viewer))
}

pub fn leave_offer(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::LeaveOffer)?;
    let ask = was.clone().leave_offer(tx.now())?;
    sql::save(tx, &was, &ask)?;
    tell(tx, ask.asked, "ask closed", id)?;
    ended(tx, Some(viewer), "ask declined", &ask)
}

pub fn allow_redirect(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::AllowRedirect)?;
    let ask = was.clone().allow_redirect(tx.now())?;
    sql::save(tx, &was, &ask)?;
    ended(tx, Some(viewer), "ask redirected", &ask)
}

pub fn refuse_redirect(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::RefuseRedirect)?;
    let ask = was.clone().refuse_redirect(tx.now())?;
    sql::save(tx, &was, &ask)?;
    tell(tx, ask.asked, "ask closed", id)?;
    ended(tx, Some(viewer), "ask declined", &ask)
}

pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<()> {
    let was = acted(tx, viewer, id, Deed::Withdraw)?;
    let ask = was.clone().withdraw(tx.now())?;
    sql::save(tx, &was, &ask)?;
    tell(tx, ask.asked, "ask closed", id)?;
    tx.record(happened("ask withdrawn", &ask).by(viewer))
}

/// The asker chooses anew whom we may ask next.
pub fn choose_next(tx: &mut Tx, viewer: &Viewer, id: AskId, next: &[PersonId]) -> Result<()> {
    let ask = open(tx, viewer, id, Deed::ChooseNext)?;
    if !ask.is_open_to(Deed::ChooseNext) {
        return Err(too_late!("This request was already {}.", ask.state));
    }
    sql::set_nexts(tx, id, &allowed(&ask, next))?;
    tx.record(happened("ask next chosen", &ask).by(viewer))
}

/// What came back by mail: an answer on the asker's turn, a question on the other's, else a line for both to read.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: AskId, text: &str) -> Result<()> {
    let ask = open(tx, viewer, id, Deed::See)?;
    let words: String = text.trim().chars().take(super::ask::longest::LINE).collect();
    if words.is_empty() {
        return Ok(());
    }
    if ask.offers(viewer, Deed::Answer) {
        return answer(tx, viewer, id, &words);
    }
    if ask.offers(viewer, Deed::AskBack) {
        return ask_back(tx, viewer, id, &words);
    }
    if !ask.is_waiting() {
        return Err(too_late!("This request was already {}, so nothing more can be added to it.", ask.state));
    }
    write(tx, &ask, viewer, LineKind::Note, &words)?;
    tell(tx, ask.other(viewer), "ask line", id)?;
    tx.record(happened("ask line written", &ask).by(viewer))
}

/// How long one waits for an answer here.
pub fn estimate(tx: &mut Tx) -> Result<WaitEstimate> {
    let since = tx.now() - SignedDuration::from_hours(365 * 24);
    Ok(WaitEstimate::of(&sql::history(tx, since)?))
}

/// What a page about an ask shows.
pub struct Whole {
    pub ask: Ask,
    /// The goal it is for; only for the asker.
    pub goal: Option<Uuid>,
    pub letter: Option<Letter>,
    pub lines: Vec<Line>,
    pub asker: Chip,
    pub asked: Chip,
    pub next: Vec<Chip>,
    pub redirect_to: Option<Chip>,
    /// Who else could be asked: for whoever was asked, while it is their turn; for the asker, once it came to no yes.
    pub suggested: Vec<Chip>,
    /// The ask that this one went on to, with whom; only for the asker.
    pub went_on: Option<(Ask, Chip)>,
    /// Whom it came from, when it was carried on.
    pub came_from: Option<Chip>,
    pub usual_reply: Option<SignedDuration>,
    pub places_left: i64,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<Whole> {
    let ask = open(tx, viewer, id, Deed::See)?;
    let mine = viewer.is(ask.asker);
    let (mut lines, ring) = (Vec::new(), seal::ring(tx, &[ask.key])?);
    for line in sql::lines(tx, id)? {
        let words = ring.text(ask.key, &line.words)?.unwrap_or_else(|| "This was forgotten.".into());
        lines.push(Line { by: line.by, at: line.at, kind: line.kind, words });
    }
    let next = if mine { sql::nexts(tx, id)? } else { Vec::new() };
    let went_on = if mine { sql::next_of(tx, id)? } else { None };
    let came_from = match ask.cascaded_from {
        Some(from) => sql::find(tx, from)?,
        None => None,
    };
    let letter = letter(tx, &ask)?;
    let came_to_no_yes = mine && went_on.is_none() && ask.can_be_sent_again();
    let suggested = if came_to_no_yes || ask.offers(viewer, Deed::Redirect) { suggestions(tx, &ask, letter.as_ref())? } else { Vec::new() };
    Ok(Whole {
        goal: if mine { sql::goal_id(tx, id)? } else { None },
        letter,
        suggested,
        lines,
        asker: relationships::called(tx, ask.asker)?,
        asked: relationships::called(tx, ask.asked)?,
        next: people::chips(tx, &next)?,
        redirect_to: ask.redirect_to.map(|p| relationships::called(tx, p)).transpose()?,
        went_on: went_on.map(|next| Ok::<_, Error>((next.clone(), relationships::called(tx, next.asked)?))).transpose()?,
        came_from: came_from.map(|from| relationships::called(tx, from.asked)).transpose()?,
        usual_reply: people::usual_reply(tx, ask.asked)?,
        places_left: relationships::places_left(tx, ask.asked)?,
        ask,
    })
}

/// The letter's words; `None` when they have been forgotten.
pub fn letter(tx: &mut Tx, ask: &Ask) -> Result<Option<Letter>> {
    let sealed = sql::letter(tx, ask.id)?;
    let ring = seal::ring(tx, &[ask.key])?;
    let open = |field| ring.text(ask.key, field);
    let (goal, why_you, so_far) = (open(&sealed.goal)?, open(&sealed.why_you)?, open(&sealed.so_far)?);
    let (the_ask, will_bring) = (open(&sealed.the_ask)?, open(&sealed.will_bring)?);
    Ok(goal.zip(why_you).zip(so_far).zip(the_ask).zip(will_bring).map(|((((goal, why_you), so_far), the_ask), will_bring)| Letter {
        goal,
        why_you,
        so_far,
        the_ask,
        will_bring,
    }))
}

/// Whether someone was ever part of an ask.
pub fn has_any(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(!sql::of_person(tx, person, 1)?.is_empty())
}

/// What someone asked and others have to answer, by its clock.
pub fn waiting_for_others(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Ask, Chip)>> {
    let mut asks = sql::waiting_of(tx, viewer.person)?;
    asks.retain(|ask| !ask.waits_for_viewer(viewer));
    asks.sort_by_key(|ask| ask.answer_by);
    with_the_others(tx, viewer, asks)
}

/// The last letter of somebody's own that came to no yes, and whom it was to: its words may do for somebody else.
pub fn to_send_again(tx: &mut Tx, viewer: &Viewer) -> Result<Option<(AskId, Chip)>> {
    let ended = |ask: &Ask| viewer.is(ask.asker) && ask.can_be_sent_again();
    let last = sql::of_person(tx, viewer.person, 20)?.into_iter().find(ended);
    Ok(with_the_others(tx, viewer, last.into_iter().collect())?.pop().map(|(ask, chip)| (ask.id, chip)))
}

/// What somebody sent themselves: the request, the goal it was for, and its words unless they have been forgotten.
pub fn sent(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<(Ask, Option<Uuid>, Option<Letter>)> {
    let ask = open(tx, viewer, id, Deed::Withdraw)?;
    let (goal, letter) = (sql::goal_id(tx, id)?, letter(tx, &ask)?);
    Ok((ask, goal, letter))
}

/// What a request of somebody's own is about, by name: a skill of its goal, or else the first that its letter names.
pub fn about(tx: &mut Tx, viewer: &Viewer, id: AskId) -> Result<Option<String>> {
    let (_, goal, letter) = sent(tx, viewer, id)?;
    let graph = crate::skills::graph_here(tx)?;
    let goal = goal.map(|goal| still_there(goals::brief(tx, viewer, goal.into()))).transpose()?.flatten();
    let wanted = goal.filter(|goal| goal.state == GoalState::Set).map(|goal| goal.skills).unwrap_or_default();
    let skills = wanted.into_iter().map(|wanted| wanted.skill).chain(skills_named(&graph, letter.as_ref()));
    Ok(skills.filter_map(|id| graph.by_id(&id)).map(|skill| skill.name.to_string()).next())
}

/// Someone's asks on either side: waiting ones by their clock, then the latest that ended, with the other person.
pub fn mine(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Ask, Chip)>> {
    let asks = sql::of_person(tx, viewer.person, 100)?;
    with_the_others(tx, viewer, asks)
}

fn with_the_others(tx: &mut Tx, viewer: &Viewer, asks: Vec<Ask>) -> Result<Vec<(Ask, Chip)>> {
    let others: Vec<_> = asks.iter().map(|ask| ask.other(viewer)).collect();
    Ok(asks.into_iter().zip(relationships::called_all(tx, &others)?).collect())
}

/// Reminds those whose turn is half over.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_reminders(tx)?;
    for id in &due {
        if let Some(who) = sql::find(tx, *id)?.and_then(|ask| ask.waits_for()) {
            tell(tx, who, "ask reminder", *id)?;
        }
    }
    Ok(due.len())
}

/// Ends those whose time has run out, and goes on to whom the asker has allowed.
pub fn lapse(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_lapses(tx)?;
    for id in &due {
        let Some(ask) = sql::find(tx, *id)? else { continue };
        if ask.turn == Turn::Asked {
            people::replied(tx, ask.asked, ask.turn_began_at, None)?;
        }
        tell(tx, ask.asked, "ask closed", ask.id)?;
        ended(tx, None, "ask lapsed", &ask)?;
    }
    Ok(due.len())
}

/// Someone went “not now”: whoever waits for them is not kept waiting.
pub fn follow_not_now(tx: &mut Tx, person: PersonId) -> Result<()> {
    if people::presence(tx, person)?.is_some_and(|presence| presence.is_not_now(tx.now())) {
        release(tx, person, Reason::NotNow)
    } else {
        Ok(())
    }
}

/// Someone left: nobody waits for them, and nobody is asked in their name.
pub fn follow_leaving(tx: &mut Tx, person: PersonId) -> Result<()> {
    release(tx, person, Reason::Left)?;
    for was in sql::waiting_of(tx, person)? {
        let ask = was.clone().withdraw(tx.now())?;
        sql::save(tx, &was, &ask)?;
        tell(tx, ask.asked, "ask closed", ask.id)?;
        tx.record(happened("ask withdrawn", &ask))?;
    }
    Ok(())
}

fn release(tx: &mut Tx, person: PersonId, reason: Reason) -> Result<()> {
    for was in sql::waiting_for(tx, person)? {
        let ask = was.clone().released(reason, tx.now())?;
        sql::save(tx, &was, &ask)?;
        if reason == Reason::NotNow {
            tell(tx, ask.asked, "ask closed", ask.id)?;
        }
        ended(tx, None, "ask declined", &ask)?;
    }
    Ok(())
}

/// Forgets someone: what waits gets its end and goes on first, then the words are gone.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    follow_leaving(tx, person)?;
    sql::forget(tx, person)
}

/// Tells the asker how it ended and why, and goes on to the next person she has allowed, if there is one.
fn ended(tx: &mut Tx, by: Option<&Viewer>, kind: &'static str, ask: &Ask) -> Result<()> {
    if ask.goes_on(tx.now()) {
        cascade(tx, ask)?;
    }
    // She who has just decided it herself sees it on the page before her.
    if !by.is_some_and(|viewer| viewer.is(ask.asker)) {
        tell(tx, ask.asker, "ask ended", ask.id)?;
    }
    let happening = happened(kind, ask);
    tx.record(match by {
        Some(viewer) => happening.by(viewer),
        None => happening,
    })
}

/// The same letter to the next person who can be asked: a new ask under a new key, so that forgetting one conversation
/// does not take the other with it. It keeps the time by which all of it is over.
fn cascade(tx: &mut Tx, ended: &Ask) -> Result<()> {
    let mut candidates = sql::nexts(tx, ended.id)?;
    if let (AskState::Redirected, Some(to)) = (ended.state, ended.redirect_to) {
        candidates.retain(|p| *p != to);
        candidates.insert(0, to);
    }
    let size = ended.size();
    while !candidates.is_empty() {
        let to = candidates.remove(0);
        let who = relationships::called(tx, to)?;
        let standing = standing(tx, ended.asker, to)?;
        if standing.hindrance(&who, ended.help, size, tx.now()).is_some() {
            continue;
        }
        let Some(letter) = letter(tx, ended)? else { return Ok(()) };
        let key = seal::new_key(tx)?;
        let begin = Beginning {
            id: tx.new_id(),
            key,
            goal_mark: ended.goal_mark.clone(),
            usual_reply: standing.usual_reply,
            cascaded_from: Some(ended.id),
            grown_from: None,
            end_by: ended.end_by,
        };
        let ask = Ask::new(ended.asker, to, ended.help, size, begin, tx.now());
        let letter = shut(tx, key, &letter)?;
        let goal_id = sql::goal_id(tx, ended.id)?;
        let nonce = format!("after {}", ended.id);
        if sql::insert(tx, &ask, &letter, goal_id, &nonce)? {
            sql::set_nexts(tx, ask.id, &candidates)?;
            tell(tx, to, "ask arrived", ask.id)?;
            tx.record(happened("ask cascaded", &ask))?;
        }
        return Ok(());
    }
    Ok(())
}

/// At most three, in her order, each once, and neither of the two themselves.
fn allowed(ask: &Ask, next: &[PersonId]) -> Vec<PersonId> {
    let mut allowed: Vec<PersonId> = Vec::new();
    for person in next {
        if *person != ask.asker && *person != ask.asked && !allowed.contains(person) && allowed.len() < MOST_NEXT {
            allowed.push(*person);
        }
    }
    allowed
}

fn replied(tx: &mut Tx, was: &Ask) -> Result<()> {
    let now = tx.now();
    people::replied(tx, was.asked, was.turn_began_at, Some(now))
}

fn write(tx: &mut Tx, ask: &Ask, viewer: &Viewer, kind: LineKind, words: &str) -> Result<()> {
    if sql::line_count(tx, ask.id)? >= MOST_LINES {
        return Err(
            refused!("too_many_lines"; "There are {MOST_LINES} messages under this request already. Please decide now, or talk in person."),
        );
    }
    let line = SealedLine { by: viewer.person, at: tx.now(), kind, words: seal::seal(tx, ask.key, words)? };
    sql::insert_line(tx, ask.id, &line)
}

fn shut(tx: &mut Tx, key: KeyId, letter: &Letter) -> Result<SealedLetter> {
    let ring = seal::ring(tx, &[key])?;
    let shut = |field: &str| ring.seal(tx, key, field);
    Ok(SealedLetter {
        goal: shut(&letter.goal)?,
        why_you: shut(&letter.why_you)?,
        so_far: shut(&letter.so_far)?,
        the_ask: shut(&letter.the_ask)?,
        will_bring: shut(&letter.will_bring)?,
    })
}

/// Tells whether two asks of one person have the same goal, without saying which: a hash under the instance's key.
fn goal_mark(tx: &mut Tx, asker: PersonId, goal_id: Option<Uuid>, words: &str) -> Vec<u8> {
    let mark = Sha256::new().chain_update(b"ask goal").chain_update(tx.seal().signing_key()).chain_update(asker.0.as_bytes());
    let mark = match goal_id {
        Some(id) => mark.chain_update(id.as_bytes()),
        None => mark.chain_update(crate::fold::fold(words).as_bytes()),
    };
    mark.finalize().to_vec()
}

fn happened(kind: &'static str, ask: &Ask) -> Happening {
    Happening::of(kind, ask.id).touching([ask.asker, ask.asked])
}

/// What needs the viewer, with its clock.
pub fn waiting_on(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Ask, Chip)>> {
    let mut asks = sql::waiting_with(tx, viewer.person)?;
    asks.retain(|ask| ask.waits_for_viewer(viewer));
    with_the_others(tx, viewer, asks)
}

/// What the asker is asked, in a sentence.
pub fn what_is_asked(ask: &Ask, name: &str) -> String {
    match ask.pending {
        Some(Pending::SmallerOffered) => match ask.offered() {
            Some(size) => format!("{name} offers you {}", size.words()),
            None => format!("{name} offers you something smaller"),
        },
        Some(Pending::RedirectOffered) => format!("{name} knows someone who can help you better"),
        _ => format!("{name} would like to know more first"),
    }
}

/// Someone by their full name, their id, or the address of their profile.
pub fn named(tx: &mut Tx, typed: &str) -> Result<PersonId> {
    let last = typed.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if let Ok(id) = last.parse::<PersonId>() {
        return Ok(people::chip(tx, id).map_err(|_| nobody_called(typed))?.id);
    }
    match sql::called(tx, &crate::fold::fold(typed.trim()))?.as_slice() {
        [one] => Ok(*one),
        [] => Err(nobody_called(typed)),
        _ => Err(
            refused!("several_called"; "Several people here are called {}. Please give the address of the profile instead.", typed.trim()),
        ),
    }
}

fn nobody_called(typed: &str) -> Error {
    refused!("nobody_called"; "Nobody here is called “{}”. Please give their full name, or the address of their profile.", typed.trim())
}
