//! What people do with a question: ask it, answer it, let it go to someone else, say that it helped; and what time
//! does with it.

use super::question::{Beginning, Deed, Draft, MOST_OPEN, MOST_WAITING_FOR_ONE, Question, QuestionId, QuestionState};
use super::sql;
use crate::agreements::verbs as agreements;
use crate::app::{Happening, Tx};
use crate::asks::{self, AskId, LineKind, SealedLine, verbs::Grown};
use crate::directory::verbs::pool_for;
use crate::error::{Error, Result};
use crate::notices::{tell, verbs as notices};
use crate::people::{Chip, OpenTo, verbs as people};
use crate::relationships::{self, Extent, verbs as partners};
use crate::seal;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};

/// Asks one person, or whoever is best placed to know. Sent twice from one form, it is one question.
pub fn ask(tx: &mut Tx, viewer: &Viewer, draft: &Draft) -> Result<QuestionId> {
    if let Some(sent) = sql::by_nonce(tx, viewer.person, &draft.nonce)? {
        return Ok(sent);
    }
    let waiting = sql::open_count(tx, viewer.person)?;
    if waiting >= MOST_OPEN {
        return Err(
            refused!("too_many_questions"; "You have {waiting} questions waiting, and {MOST_OPEN} is the most at once. Wait for an answer, or take one back."),
        );
    }
    let mut days = draft.days;
    let asked = match (draft.stuck_in, draft.to) {
        (Some(relationship), _) => {
            let (partner, agreed) = partner(tx, viewer, relationship)?;
            days = agreed.map_or(days, |agreed| days.min(agreed));
            partner
        }
        (None, Some(to)) => open_to_questions(tx, viewer, to)?,
        (None, None) => {
            let again = draft.again.map(|id| open(tx, viewer, id, Deed::Withdraw)).transpose()?;
            let before = again.map(|question| sql::asked_along(tx, question.id)).transpose()?.unwrap_or_default();
            next_best(tx, viewer.person, draft.skill.as_deref(), &before)?.ok_or_else(
                || refused!("nobody_to_ask"; "Nobody here can be asked about this just now. Try another skill, or ask a person you know."),
            )?
        }
    };
    let key = seal::new_key(tx)?;
    let begin = Beginning {
        id: tx.new_id(),
        asker: viewer.person,
        asked,
        key,
        skill: draft.skill.clone(),
        days,
        may_pass: draft.may_pass,
        passed_from: None,
        passes: 0,
        stuck_in: draft.stuck_in,
        ask: None,
    };
    let question = Question::new(begin, tx.now());
    let words = seal::seal(tx, key, &draft.words)?;
    if !sql::insert(tx, &question, &words, &draft.nonce)? {
        return sql::by_nonce(tx, viewer.person, &draft.nonce)?.ok_or(Error::NotFound);
    }
    tell(tx, asked, "question arrived", question.id)?;
    tx.record(happened("question asked", &question).by(viewer))?;
    Ok(question.id)
}

/// The partner in a relationship where the viewer may say that she is stuck, and within how many days the two answer each
/// other.
pub fn partner(tx: &mut Tx, viewer: &Viewer, id: relationships::RelationshipId) -> Result<(PersonId, Option<i64>)> {
    let relationship = partners::open(tx, viewer, id, relationships::Deed::SayStuck)?;
    if !relationship.is_open_to(relationships::Deed::SayStuck) {
        return Err(too_late!("This is {} already. You can still ask them a question from their profile.", relationship.state.words()));
    }
    let agreed = agreements::clauses(tx, &relationship)?.reply_hours.map(|hours| (hours / 24).max(1));
    Ok((relationship.other(viewer).ok_or(Error::NotFound)?.person, agreed))
}

/// What a relationship is about, for whoever sent the request that it grew from.
pub fn about(tx: &mut Tx, viewer: &Viewer, id: relationships::RelationshipId) -> Result<Option<String>> {
    let Some(from) = partners::find(tx, id)?.grown_from else { return Ok(None) };
    match asks::verbs::find(tx, from.into())?.filter(|ask| viewer.is(ask.asker)) {
        Some(ask) => asks::verbs::about(tx, viewer, ask.id),
        None => Ok(None),
    }
}

fn open_to_questions(tx: &mut Tx, viewer: &Viewer, to: PersonId) -> Result<PersonId> {
    if viewer.is(to) {
        return Err(refused!("to_oneself"; "You cannot ask yourself. Choose someone else."));
    }
    let who = people::chip(tx, to)?;
    let name = who.first_name();
    let standing = asks::verbs::standing(tx, viewer.person, to)?;
    if !standing.here || standing.not_now_until.is_some_and(|until| until > tx.now()) {
        return Err(refused!("not_now"; "{name} is not available just now. You can ask whoever else knows about it."));
    }
    // Those who worked together and keep in touch may ask each other one question, whatever they take from others.
    if !standing.open_to.contains(&OpenTo::Question) && !relationships::keep_in_touch(tx, viewer.person, to)? {
        return Err(refused!("not_open"; "{name} is not open to single questions here. You can ask whoever else knows about it."));
    }
    Ok(to)
}

/// Who is asked next: the best of those who are open to questions, who has not too many waiting already.
fn next_best(tx: &mut Tx, asker: PersonId, skill: Option<&str>, not: &[PersonId]) -> Result<Option<PersonId>> {
    let language = sql::language(tx, asker)?;
    let mut without: Vec<PersonId> = not.to_vec();
    without.push(asker);
    without.extend(people::apart_from(tx, asker)?);
    for person in pool_for(tx, skill, language.as_deref(), &without)? {
        if sql::waiting_count(tx, person)? < MOST_WAITING_FOR_ONE {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// A question that this viewer may do this with; anything else is not there.
pub fn open(tx: &mut Tx, viewer: &Viewer, id: QuestionId, deed: Deed) -> Result<Question> {
    sql::find(tx, id)?.filter(|q| q.allows(viewer, deed)).ok_or(Error::NotFound)
}

/// The same, once they do it: what they were told of it is read with that.
fn acted(tx: &mut Tx, viewer: &Viewer, id: QuestionId, deed: Deed) -> Result<Question> {
    let question = open(tx, viewer, id, deed)?;
    notices::all_seen(tx, viewer.person, id)?;
    Ok(question)
}

pub fn answer(tx: &mut Tx, viewer: &Viewer, id: QuestionId, words: &str) -> Result<()> {
    let question = acted(tx, viewer, id, Deed::Answer)?.answer(tx.now())?;
    let sealed = seal::seal(tx, question.key, words)?;
    sql::save_end(tx, &question, Some(&sealed))?;
    people::replied(tx, question.asked, question.sent_at, question.ended_at)?;
    tell(tx, question.asker, "question answered", id)?;
    tx.record(happened("question answered", &question).by(viewer))
}

/// “I cannot answer this”: it goes to someone else at once, rather than waiting for the clock.
pub fn pass_on(tx: &mut Tx, viewer: &Viewer, id: QuestionId) -> Result<()> {
    let question = acted(tx, viewer, id, Deed::PassOn)?;
    people::replied(tx, question.asked, question.sent_at, Some(tx.now()))?;
    let question = let_go(tx, question)?;
    tx.record(happened("question passed on", &question).by(viewer))
}

pub fn say_it_helped(tx: &mut Tx, viewer: &Viewer, id: QuestionId) -> Result<()> {
    let question = acted(tx, viewer, id, Deed::SayItHelped)?.helped(tx.now())?;
    sql::save_helped(tx, &question)?;
    tell(tx, question.asked, "question helped", id)?;
    tx.record(happened("question helped", &question).by(viewer))
}

pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: QuestionId) -> Result<()> {
    let question = open(tx, viewer, id, Deed::Withdraw)?.withdraw(tx.now())?;
    sql::save_end(tx, &question, None)?;
    tell(tx, question.asked, "question closed", id)?;
    tx.record(happened("question withdrawn", &question).by(viewer))
}

/// An answered question grows into an ask to the same person, under the same key and with its history.
pub fn grow(tx: &mut Tx, viewer: &Viewer, id: QuestionId, draft: &asks::Draft) -> Result<AskId> {
    let question = open(tx, viewer, id, Deed::Grow)?;
    if let Some(grown) = question.ask {
        return Ok(grown);
    }
    if !question.is_open_to(Deed::Grow) || draft.to != question.asked {
        return Err(too_late!("A question can grow into a request to whoever answered it, once."));
    }
    let sealed = sql::words(tx, id)?;
    let line = |by, at, words| SealedLine { by, at, kind: LineKind::Before, words };
    let mut before = vec![line(question.asker, question.sent_at, sealed.words)];
    before.extend(sealed.answer.map(|answer| line(question.asked, question.ended_at.unwrap_or(question.sent_at), answer)));
    let ask = asks::verbs::send_grown(tx, viewer, draft, Some(Grown { from: id.into(), key: question.key, before }))?;
    sql::save_ask(tx, id, ask)?;
    tx.record(happened("question grew", &question).by(viewer))?;
    Ok(ask)
}

/// Who agreed to give one answer has it before them as a question, with its clock.
pub fn follow_accepted(tx: &mut Tx, id: AskId) -> Result<()> {
    let Some(ask) = asks::verbs::find(tx, id)? else { return Ok(()) };
    let Some(letter) = asks::verbs::letter(tx, &ask)? else { return Ok(()) };
    if ask.size().extent != Extent::Answer {
        return Ok(());
    }
    let usual = people::usual_reply(tx, ask.asked)?;
    let begin = Beginning {
        id: tx.new_id(),
        asker: ask.asker,
        asked: ask.asked,
        key: ask.key,
        skill: None,
        days: super::question::usual_days(usual),
        may_pass: false,
        passed_from: None,
        passes: 0,
        stuck_in: None,
        ask: Some(id),
    };
    let question = Question::new(begin, tx.now());
    let words = seal::seal(tx, question.key, &format!("{}\n\n{}", letter.the_ask, letter.goal))?;
    sql::insert(tx, &question, &words, &format!("answers {id}"))?;
    tell(tx, question.asked, "question arrived", question.id)?;
    tx.record(happened("question asked", &question))
}

/// What came back by mail is the answer.
pub fn receive(tx: &mut Tx, viewer: &Viewer, id: QuestionId, text: &str) -> Result<()> {
    let words: String = text.trim().chars().take(super::question::longest::ANSWER).collect();
    if words.is_empty() { Ok(()) } else { answer(tx, viewer, id, &words) }
}

/// What somebody asked themselves, and its words unless they have been forgotten.
pub fn sent(tx: &mut Tx, viewer: &Viewer, id: QuestionId) -> Result<(Question, Option<String>)> {
    let question = open(tx, viewer, id, Deed::Withdraw)?;
    let words = words(tx, &question)?;
    Ok((question, words))
}

fn words(tx: &mut Tx, question: &Question) -> Result<Option<String>> {
    let sealed = sql::words(tx, question.id)?;
    seal::open_text(tx, question.key, &sealed.words)
}

/// What a page about a question shows.
pub struct Whole {
    pub question: Question,
    pub words: String,
    pub answer: Option<String>,
    pub asker: Chip,
    pub asked: Chip,
    /// Where it went on to, and with whom; only for the asker.
    pub went_on: Option<(Question, Chip)>,
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: QuestionId) -> Result<Whole> {
    let question = open(tx, viewer, id, Deed::See)?;
    let sealed = sql::words(tx, id)?;
    let forgotten = || "This was forgotten.".to_owned();
    let ring = seal::ring(tx, &[question.key])?;
    let open = |text| Ok::<_, Error>(ring.text(question.key, text)?.unwrap_or_else(forgotten));
    let (words, answer) = (open(&sealed.words)?, sealed.answer.as_ref().map(open).transpose()?);
    let went_on = if viewer.is(question.asker) { sql::next_of(tx, id)? } else { None };
    Ok(Whole {
        words,
        answer,
        asker: partners::called(tx, question.asker)?,
        asked: partners::called(tx, question.asked)?,
        went_on: went_on.map(|next| Ok::<_, Error>((next.clone(), partners::called(tx, next.asked)?))).transpose()?,
        question,
    })
}

/// Someone's questions on either side: waiting ones by their clock, then the latest that ended, with the other person.
pub fn mine(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Question, Chip)>> {
    let questions = sql::of_person(tx, viewer.person, 100)?;
    let others: Vec<_> = questions.iter().map(|q| q.other(viewer)).collect();
    Ok(questions.into_iter().zip(partners::called_all(tx, &others)?).collect())
}

/// Reminds those whose time is half over.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_reminders(tx)?;
    for id in &due {
        if let Some(question) = sql::find(tx, *id)?.filter(Question::is_waiting) {
            tell(tx, question.asked, "question reminder", *id)?;
        }
    }
    Ok(due.len())
}

/// Goes on with those whose time has run out.
pub fn lapse(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_lapses(tx)?;
    for id in &due {
        let Some(question) = sql::find(tx, *id)? else { continue };
        people::replied(tx, question.asked, question.sent_at, None)?;
        tell(tx, question.asked, "question closed", *id)?;
        if goes_on(tx, &question)? {
            sql::mark_passed_on(tx, *id)?;
        }
        tell(tx, question.asker, "question ended", *id)?;
        tx.record(happened("question lapsed", &question))?;
    }
    Ok(due.len())
}

/// Someone went “not now”: their questions go on at once.
pub fn follow_not_now(tx: &mut Tx, person: PersonId) -> Result<()> {
    let away = asks::verbs::standing(tx, person, person)?.not_now_until.is_some_and(|until| until > tx.now());
    if away { release(tx, person) } else { Ok(()) }
}

/// Someone left: their questions go on, and what they asked needs no answer.
pub fn follow_leaving(tx: &mut Tx, person: PersonId) -> Result<()> {
    release(tx, person)?;
    for question in sql::waiting_of(tx, person)? {
        let question = question.withdraw(tx.now())?;
        sql::save_end(tx, &question, None)?;
        tell(tx, question.asked, "question closed", question.id)?;
        tx.record(happened("question withdrawn", &question))?;
    }
    Ok(())
}

fn release(tx: &mut Tx, person: PersonId) -> Result<()> {
    for question in sql::waiting_for(tx, person)? {
        let question = let_go(tx, question)?;
        tx.record(happened("question passed on", &question))?;
    }
    Ok(())
}

/// Forgets someone: what waits goes on first, then the words are gone.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    follow_leaving(tx, person)?;
    sql::forget(tx, person)
}

/// Lets a waiting question go to someone else, or end honestly, and tells the asker which.
fn let_go(tx: &mut Tx, question: Question) -> Result<Question> {
    let went_on = question.is_waiting() && goes_on(tx, &question)?;
    let question = question.let_go(went_on, tx.now())?;
    sql::save_end(tx, &question, None)?;
    tell(tx, question.asker, "question ended", question.id)?;
    Ok(question)
}

/// Asks the next best person the same, under a new key; says whether there was one. A question from a stuck button
/// leaves the relationship here: whoever is asked next learns the question and not where it came from.
fn goes_on(tx: &mut Tx, question: &Question) -> Result<bool> {
    if !question.may_go_on() {
        return Ok(false);
    }
    let asked = sql::asked_along(tx, question.id)?;
    let Some(to) = next_best(tx, question.asker, question.skill.as_deref(), &asked)? else { return Ok(false) };
    let Some(words) = words(tx, question)? else { return Ok(false) };
    let key = seal::new_key(tx)?;
    let begin = Beginning {
        id: tx.new_id(),
        asker: question.asker,
        asked: to,
        key,
        skill: question.skill.clone(),
        days: question.days,
        may_pass: true,
        passed_from: Some(question.id),
        passes: question.passes + 1,
        stuck_in: None,
        ask: None,
    };
    let next = Question::new(begin, tx.now());
    let words = seal::seal(tx, key, &words)?;
    if !sql::insert(tx, &next, &words, &format!("after {}", question.id))? {
        return Ok(false);
    }
    tell(tx, to, "question arrived", next.id)?;
    tx.record(happened("question asked", &next))?;
    Ok(true)
}

/// What needs the viewer, with its clock.
pub fn waiting_on(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Question, Chip)>> {
    let waiting = sql::waiting_for(tx, viewer.person)?;
    let askers: Vec<_> = waiting.iter().map(|q| q.asker).collect();
    Ok(waiting.into_iter().zip(partners::called_all(tx, &askers)?).collect())
}

fn happened(kind: &'static str, question: &Question) -> Happening {
    debug_assert!(kind != "question answered" || question.state == QuestionState::Answered);
    Happening::of(kind, question.id).touching([question.asker, question.asked])
}
