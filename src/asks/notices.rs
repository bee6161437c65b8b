//! What we tell people about asks, and what they can do from the letter without signing in.

use super::ask::{Ask, AskId, Deed, LineKind};
use super::pages;
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::slices::{LetterDeed, Reply, Telling, Words};
use crate::viewer::Viewer;
use maud::Markup;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "ask arrived", about: "Someone asks for your help", words: arrived },
    Telling { kind: "ask reminder", about: "A request waits for your answer and half its time is over", words: reminder },
    Telling { kind: "ask accepted", about: "Someone says yes to your request", words: accepted },
    Telling { kind: "ask offer taken", about: "Someone takes what you offered", words: offer_taken },
    Telling { kind: "ask asked back", about: "Someone would like to know more about your request", words: asked_back },
    Telling { kind: "ask answered", about: "Someone answers what you asked back", words: answered },
    Telling { kind: "ask line", about: "Someone adds something to a request", words: line },
    Telling { kind: "ask smaller offered", about: "Someone offers you something smaller", words: turn_of_asker },
    Telling { kind: "ask redirect offered", about: "Someone suggests another person to you", words: turn_of_asker },
    Telling { kind: "ask ended", about: "A request of yours came to an end", words: ended },
    Telling { kind: "ask closed", about: "A request to you needs nothing more", words: closed },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "ask.accept", confirm: confirm_accept, act: act_accept },
    LetterDeed { deed: "ask.ask_back", confirm: confirm_ask_back, act: act_ask_back },
    LetterDeed { deed: "ask.offer", confirm: confirm_offer, act: act_offer },
    LetterDeed { deed: "ask.redirect", confirm: confirm_redirect, act: act_redirect },
    LetterDeed { deed: "ask.decline", confirm: confirm_decline, act: act_decline },
    LetterDeed { deed: "ask.answer", confirm: confirm_answer, act: act_answer },
    LetterDeed { deed: "ask.take_offer", confirm: confirm_take_offer, act: act_take_offer },
    LetterDeed { deed: "ask.allow_redirect", confirm: confirm_allow_redirect, act: act_allow_redirect },
    LetterDeed { deed: "ask.leave_it", confirm: confirm_leave_it, act: act_leave_it },
];

pub static REPLIES: &[Reply] =
    &[Reply { noun: "ask", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

fn whole(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    verbs::read(tx, viewer, AskId(subject))
}

fn page_of(ask: &Ask, button: &str) -> Words {
    Words { path: format!("/asks/{}", ask.id), button: button.into(), ..Words::default() }
}

/// By when, as the viewer says it.
fn until(viewer: &Viewer, ask: &Ask) -> String {
    format!("Until {}.", viewer.when(ask.answer_by))
}

/// Those of these deeds that the viewer can do now, each as its button says it.
fn deeds(viewer: &Viewer, ask: &Ask, deeds: &[(Deed, &str, &'static str)]) -> Vec<(String, &'static str, Uuid)> {
    let open = deeds.iter().filter(|(deed, ..)| ask.offers(viewer, *deed));
    open.map(|(_, label, deed)| ((*label).to_owned(), *deed, ask.id.into())).collect()
}

/// The five ways to answer.
fn deeds_of_asked(viewer: &Viewer, ask: &Ask) -> Vec<(String, &'static str, Uuid)> {
    deeds(
        viewer,
        ask,
        &[
            (Deed::Accept, "Say yes", "ask.accept"),
            (Deed::AskBack, "Ask for more first", "ask.ask_back"),
            (Deed::Offer, "Offer something smaller", "ask.offer"),
            (Deed::Redirect, "Suggest someone else", "ask.redirect"),
            (Deed::Decline, "Decline kindly", "ask.decline"),
        ],
    )
}

/// What the asker can do with what came back.
fn deeds_of_asker(viewer: &Viewer, ask: &Ask) -> Vec<(String, &'static str, Uuid)> {
    let mut ways = deeds(
        viewer,
        ask,
        &[
            (Deed::TakeOffer, "Take it", "ask.take_offer"),
            (Deed::LeaveOffer, "No, thank you", "ask.leave_it"),
            (Deed::AllowRedirect, "Ask them", "ask.allow_redirect"),
            (Deed::RefuseRedirect, "No, thank you", "ask.leave_it"),
        ],
    );
    if ways.is_empty() {
        ways = deeds(viewer, ask, &[(Deed::Answer, "Answer", "ask.answer")]);
    }
    ways
}

fn letter_quote(whole: &Whole) -> Option<String> {
    let letter = whole.letter.as_ref()?;
    let fields = [&letter.goal, &letter.why_you, &letter.so_far, &letter.the_ask, &letter.will_bring];
    Some(verbs::HEADINGS.iter().zip(fields).map(|(heading, words)| format!("{heading}\n{words}")).collect::<Vec<_>>().join("\n\n"))
}

fn arrived(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let (ask, name) = (&whole.ask, whole.asker.first_name());
    let mut lines = vec![format!("{name} asks for {} ({}).", ask.size().words(), ask.help.words())];
    if let Some(from) = &whole.came_from {
        lines.push(format!(
            "{name} asked {} first and allowed us to ask you next; the words were written before we knew it would be you.",
            from.first_name()
        ));
    }
    if let Some(over) = ask.ending_for_asked(name) {
        lines.push(over);
    } else {
        lines.push(format!("{} If you cannot answer by then, nothing bad happens: we let {name} know.", until(viewer, ask)));
    }
    let is_open = ask.waits_for_viewer(viewer);
    Ok(Some(Words {
        title: format!("{name} asks for your help"),
        lines,
        quote: letter_quote(&whole),
        deeds: deeds_of_asked(viewer, ask),
        reply_to: is_open.then_some(("ask", ask.id.into())),
        ..page_of(ask, if is_open { "Read and answer" } else { "Read it" })
    }))
}

fn reminder(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let ask = &whole.ask;
    if !ask.waits_for_viewer(viewer) {
        return Ok(None);
    }
    let other = if viewer.is(ask.asker) { whole.asked.first_name() } else { whole.asker.first_name() };
    Ok(Some(Words {
        title: format!("{other} still waits for your answer"),
        lines: vec![until(viewer, ask)],
        deeds: if viewer.is(ask.asker) { deeds_of_asker(viewer, ask) } else { deeds_of_asked(viewer, ask) },
        reply_to: Some(("ask", ask.id.into())),
        ..page_of(ask, "Read and answer")
    }))
}

fn accepted(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let Some(relationship) = whole.ask.relationship else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{} said yes", whole.asked.first_name()),
        lines: vec![format!("You agreed on {}. What comes next is yours to propose.", whole.ask.size().words())],
        path: format!("/relationships/{relationship}"),
        button: "Say what comes next".into(),
        ..Words::default()
    }))
}

fn offer_taken(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let Some(relationship) = whole.ask.relationship else { return Ok(None) };
    let name = whole.asker.first_name();
    Ok(Some(Words {
        title: format!("{name} takes your offer: {}", whole.ask.size().words()),
        lines: vec![format!("{name} proposes what comes next. There is nothing for you to do until then.")],
        path: format!("/relationships/{relationship}"),
        button: "See where you meet".into(),
        ..Words::default()
    }))
}

/// The last thing the other one wrote of these kinds.
fn last_written(whole: &Whole, kinds: &[LineKind], viewer: &Viewer) -> Option<String> {
    whole.lines.iter().rev().find(|l| kinds.contains(&l.kind) && !viewer.is(l.by)).map(|l| l.words.clone())
}

fn asked_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let (ask, is_open) = (&whole.ask, whole.ask.offers(viewer, Deed::Answer));
    Ok(Some(Words {
        title: format!("{} would like to know more first", whole.asked.first_name()),
        lines: if is_open { vec![until(viewer, ask)] } else { Vec::new() },
        quote: last_written(&whole, &[LineKind::Question], viewer),
        deeds: deeds_of_asker(viewer, ask),
        reply_to: is_open.then_some(("ask", ask.id.into())),
        ..page_of(ask, if is_open { "Answer" } else { "Read it" })
    }))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let (ask, is_open) = (&whole.ask, whole.ask.waits_for_viewer(viewer));
    Ok(Some(Words {
        title: format!("{} has answered you", whole.asker.first_name()),
        lines: if is_open { vec![until(viewer, ask)] } else { Vec::new() },
        quote: last_written(&whole, &[LineKind::Answer], viewer),
        deeds: deeds_of_asked(viewer, ask),
        reply_to: is_open.then_some(("ask", ask.id.into())),
        ..page_of(ask, "Read and answer")
    }))
}

fn line(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let other = if viewer.is(whole.ask.asker) { &whole.asked } else { &whole.asker };
    Ok(Some(Words {
        title: format!("{} added something to the request", other.first_name()),
        quote: last_written(&whole, &[LineKind::Note], viewer),
        ..page_of(&whole.ask, "Read it")
    }))
}

fn turn_of_asker(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let (ask, name) = (&whole.ask, whole.asked.first_name());
    let is_open = ask.waits_for_viewer(viewer);
    let title = if is_open { verbs::what_is_asked(ask, name) } else { format!("{name} answered your request") };
    let mut lines = Vec::new();
    if let (true, Some(who)) = (is_open, &whole.redirect_to) {
        lines.push(format!("{name} suggests {}. Nobody is asked before you say yes.", who.name));
    }
    lines.push(ask.ending(name).unwrap_or_else(|| until(viewer, ask)));
    Ok(Some(Words {
        title,
        lines,
        quote: last_written(&whole, &[LineKind::Offer, LineKind::Redirect], viewer),
        deeds: deeds_of_asker(viewer, ask),
        ..page_of(ask, if is_open { "Decide" } else { "Read it" })
    }))
}

fn ended(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let ask = &whole.ask;
    let Some(title) = ask.ending(whole.asked.first_name()) else { return Ok(None) };
    let quote = last_written(&whole, &[LineKind::Decline, LineKind::Redirect], viewer);
    Ok(Some(match &whole.went_on {
        Some((next, chip)) => {
            let (name, day) = (chip.first_name(), viewer.day(next.answer_by));
            let line = match next.ending(name) {
                None => format!("We have asked {name} for you, as you allowed. You hear from us by {day} at the latest."),
                Some(over) => format!("We asked {name} for you, as you allowed. {over}"),
            };
            Words {
                title,
                quote,
                lines: vec![line],
                path: format!("/asks/{}", next.id),
                button: format!("See your request to {name}"),
                ..Words::default()
            }
        }
        None => Words {
            title,
            quote,
            lines: vec!["Your letter is kept, and its words can begin the next one.".into()],
            ..page_of(ask, "See who else could help")
        },
    }))
}

fn closed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    let name = whole.asker.first_name();
    let Some(over) = whole.ask.ending_for_asked(name) else { return Ok(None) };
    Ok(Some(Words {
        title: format!("{name}’s request needs nothing more from you"),
        lines: vec![over],
        ..page_of(&whole.ask, "Look at it")
    }))
}

/// An ask that is still open to this deed of the viewer, or the sentence that says why not.
fn still_open(tx: &mut Tx, viewer: &Viewer, subject: Uuid, deed: Deed) -> Result<Whole> {
    let whole = verbs::read(tx, viewer, AskId(subject))?;
    let (ask, asker, asked) = (&whole.ask, whole.asker.first_name(), whole.asked.first_name());
    if ask.offers(viewer, deed) {
        return Ok(whole);
    }
    let (over, other) = if viewer.is(ask.asker) { (ask.ending(asked), asked) } else { (ask.ending_for_asked(asker), asker) };
    let why = over.unwrap_or_else(|| format!("It is {other}’s turn to answer you. You will be told when there is news."));
    Err(crate::too_late!("{why}"))
}

fn confirm_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Accept)?;
    Ok((format!("Say yes to {}?", whole.asker.first_name()), pages::accept_fields(&whole, form)))
}
fn act_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::Accept)?;
    verbs::accept(tx, viewer, subject.into(), form.ticked("one_more"))?;
    let name = whole.asker.first_name();
    Ok(format!("You said yes. {name} knows, and proposes what comes next. There is nothing more for you to do now."))
}

fn confirm_ask_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::AskBack)?;
    Ok((format!("Ask {} for more first", whole.asker.first_name()), pages::ask_back_fields(&whole, form)))
}
fn act_ask_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::AskBack)?;
    let question = pages::read_line(form, "question");
    if !form.is_good() {
        return Ok(String::new());
    }
    verbs::ask_back(tx, viewer, subject.into(), &question)?;
    Ok(format!("Sent. {} answers you, and then it is your turn again.", whole.asker.first_name()))
}

fn confirm_offer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Offer)?;
    Ok((format!("Offer {} something smaller", whole.asker.first_name()), pages::offer_fields(whole.ask.size(), form)))
}
fn act_offer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::Offer)?;
    let (size, words) = pages::read_offer(form);
    if !form.is_good() {
        return Ok(String::new());
    }
    verbs::offer(tx, viewer, subject.into(), size, &words)?;
    Ok(format!("Offered. {} decides, and you are told.", whole.asker.first_name()))
}

fn confirm_redirect(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Redirect)?;
    Ok((format!("Suggest someone else to {}", whole.asker.first_name()), pages::redirect_fields(&whole, form)))
}
fn act_redirect(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    still_open(tx, viewer, subject, Deed::Redirect)?;
    let (person, words) = pages::read_redirect(form);
    if !form.is_good() {
        return Ok(String::new());
    }
    let to = verbs::named(tx, &person)?;
    verbs::redirect(tx, viewer, subject.into(), to, &words)?;
    Ok("Thank you. We take it from here.".into())
}

fn confirm_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Decline)?;
    Ok((format!("Decline {}’s request kindly", whole.asker.first_name()), pages::decline_fields(&whole, viewer, form)))
}
fn act_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::Decline)?;
    let decline = pages::read_decline(form, viewer, tx.now());
    if !form.is_good() {
        return Ok(String::new());
    }
    verbs::decline(tx, viewer, subject.into(), decline.reason, &decline.words, decline.not_now_until)?;
    Ok(pages::declined(whole.asker.first_name(), viewer, decline.not_now_until))
}

fn confirm_answer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::Answer)?;
    Ok((format!("Answer {}", whole.asked.first_name()), pages::answer_fields(&whole, viewer, form)))
}
fn act_answer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::Answer)?;
    let words = pages::read_line(form, "answer");
    if !form.is_good() {
        return Ok(String::new());
    }
    verbs::answer(tx, viewer, subject.into(), &words)?;
    Ok(format!("Sent. It is {}’s turn now.", whole.asked.first_name()))
}

fn confirm_take_offer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::TakeOffer)?;
    Ok((format!("Take what {} offers?", whole.asked.first_name()), pages::what_came_back(&whole, viewer)))
}
fn act_take_offer(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject, Deed::TakeOffer)?;
    verbs::take_offer(tx, viewer, subject.into())?;
    Ok(format!("Good. {} is told. What comes next is yours to propose, where the two of you meet.", whole.asked.first_name()))
}

fn confirm_allow_redirect(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject, Deed::AllowRedirect)?;
    let title = whole.redirect_to.as_ref().map_or_else(|| "Ask them?".to_owned(), |who| format!("Ask {}?", who.name));
    Ok((title, pages::what_came_back(&whole, viewer)))
}
fn act_allow_redirect(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    still_open(tx, viewer, subject, Deed::AllowRedirect)?;
    verbs::allow_redirect(tx, viewer, subject.into())?;
    Ok("Your letter is on its way to them.".into())
}

/// Which of the two it is: an offer that is not taken, or somebody who is not asked.
fn to_leave(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<(Whole, bool)> {
    let whole = still_open(tx, viewer, subject, Deed::Answer)?;
    let is_offer = whole.ask.offers(viewer, Deed::LeaveOffer);
    Ok((whole, is_offer))
}
fn confirm_leave_it(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let (whole, is_offer) = to_leave(tx, viewer, subject)?;
    let title = if is_offer { "Leave the smaller offer?" } else { "Not ask them?" };
    Ok((title.into(), pages::what_came_back(&whole, viewer)))
}
fn act_leave_it(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    let (whole, is_offer) = to_leave(tx, viewer, subject)?;
    if is_offer {
        verbs::leave_offer(tx, viewer, subject.into())?
    } else {
        verbs::refuse_redirect(tx, viewer, subject.into())?
    }
    Ok(format!("{} is told, with thanks. Your letter is kept, and its words can begin the next one.", whole.asked.first_name()))
}
