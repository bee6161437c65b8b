//! What we tell people about what they have taken on, and answering from the letter without signing in.

use super::action_item::{ActionItem, ActionItemId, Deed, Intensity, longest};
use super::pages;
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Field};
use crate::slices::{LetterDeed, Reply, Telling, Words};
use crate::too_late;
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "action check-in", about: "We ask how it goes with what you took on", words: check_in },
    Telling { kind: "action recovery", about: "Something you took on has not happened, and there are ways on", words: recovery },
    Telling { kind: "action kept", about: "Somebody you work with has done what they took on", words: kept },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "action.keep", confirm: confirm_keep, act: act_keep },
    LetterDeed { deed: "action.move", confirm: confirm_move, act: act_move },
    LetterDeed { deed: "action.drop", confirm: confirm_drop, act: act_drop },
];

pub static REPLIES: &[Reply] =
    &[Reply { noun: "action", receive: |tx, viewer, subject, text| verbs::receive(tx, viewer, subject.into(), text) }];

fn whole(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    verbs::read(tx, viewer, ActionItemId(subject))
}

/// Its owner's open item; `None` once it has ended, so that no letter asks about what is over.
fn still_mine(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Whole>> {
    Ok(Some(whole(tx, viewer, subject)?).filter(|whole| whole.told.item.offers(None, viewer, Deed::CheckIn)))
}

/// Who sees what is answered.
fn who_sees(whole: &Whole, viewer: &Viewer) -> String {
    match (whole.told.item.intensity, &whole.company) {
        (Intensity::Partner, Some(company)) => format!("{} sees what you answer, as you chose.", company.everybody(viewer)),
        _ => "Only you see what you answer.".into(),
    }
}

fn to_owner(whole: Whole, viewer: &Viewer, title: &str, line: String) -> Words {
    let item = &whole.told.item;
    let sees = who_sees(&whole, viewer);
    let plan = whole.told.plan.as_ref().map(super::Plan::sentence);
    Words {
        title: title.into(),
        lines: [Some(line), plan, Some(format!("Reply “kept”, “not yet” or “drop it”, with a few words if you like. {sees}"))]
            .into_iter()
            .flatten()
            .collect(),
        path: format!("/actions/{}", item.id),
        button: "Say how it goes".into(),
        deeds: vec![
            ("It is done".into(), "action.keep", item.id.into()),
            ("Not yet".into(), "action.move", item.id.into()),
            ("Let it go".into(), "action.drop", item.id.into()),
        ],
        reply_to: Some(("action", item.id.into())),
        quote: Some(whole.told.words),
        ..Words::default()
    }
}

fn check_in(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let now = tx.now();
    let Some(whole) = still_mine(tx, viewer, subject)? else { return Ok(None) };
    let day = pages::day(&whole.told.item);
    Ok(Some(match whole.told.item.is_past(now) {
        true => to_owner(whole, viewer, "How did it go with what you took on?", format!("Your day for it was {day}.")),
        false => to_owner(whole, viewer, "How is it going with what you took on?", format!("Your day for it is {day}.")),
    }))
}

fn recovery(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(whole) = still_mine(tx, viewer, subject)? else { return Ok(None) };
    let line = "It has not happened yet, and that is all right. What got in the way? A smaller step, another day, or letting it go: all three are good ways on.";
    Ok(Some(to_owner(whole, viewer, "What would help with what you took on?", line.into())))
}

fn kept(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = whole(tx, viewer, subject)?;
    if viewer.is(whole.told.item.owner) {
        return Ok(None);
    }
    let name = whole.owner.first_name();
    let said = whole.check_ins.iter().find(|c| !c.words.is_empty()).map(|c| format!("{name} says: {}", c.words));
    Ok(Some(Words {
        title: format!("{name} has done what they took on"),
        lines: said.into_iter().collect(),
        path: format!("/actions/{}", whole.told.item.id),
        button: "Look at it".into(),
        quote: Some(whole.told.words),
        ..Words::default()
    }))
}

fn still_open(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Whole> {
    let whole = verbs::read(tx, viewer, ActionItemId(subject))?;
    match whole.told.item.is_open() {
        true => Ok(whole),
        false => Err(too_late!("{}", pages::ending(&whole.told.item))),
    }
}

fn asked(whole: &Whole, viewer: &Viewer, field: &Markup) -> Markup {
    html! { (page::quotation(&whole.told.words, &format!("For {}", pages::day(&whole.told.item)))) (field) p.muted { (who_sees(whole, viewer)) } }
}

fn words_field<'a>(label: &'a str, form: &'a Form) -> Field<'a> {
    Field::textarea("words", label).value(form.value("words")).error(form.error("words")).max(longest::CHECK_IN).rows(3).optional()
}

fn confirm_keep(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject)?;
    Ok(("It is done".into(), asked(&whole, viewer, &html! { (words_field("How was it?", form)) })))
}

fn act_keep(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    still_open(tx, viewer, subject)?;
    let words = form.maybe_text("words", longest::CHECK_IN);
    if form.is_good() {
        verbs::keep(tx, viewer, subject.into(), &words)?;
    }
    Ok("Well done. It is written down.".into())
}

fn confirm_move(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject)?;
    let today = verbs::today(tx, viewer);
    let fields = html! {
        (words_field("What got in the way?", form))
        (pages::another_day(&whole.told.item, form, today).optional().hint("Leave it empty to say only that it has not happened yet."))
        (pages::smaller_step(form))
    };
    Ok(("Not yet".into(), asked(&whole, viewer, &fields)))
}

fn act_move(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    let whole = still_open(tx, viewer, subject)?;
    let moving = pages::read_moving(form, verbs::today(tx, viewer));
    if !form.is_good() {
        return Ok(String::new());
    }
    match moving {
        Some(moving) => {
            verbs::carry_over(tx, viewer, subject.into(), &moving)?;
            Ok(format!("It waits for {} now.", pages::day_words(moving.due_on)))
        }
        None => {
            let words = form.value("words").trim().to_owned();
            verbs::not_yet(tx, viewer, whole.told.item.id, &words)?;
            Ok("Thank you for saying so. It stays where it is.".into())
        }
    }
}

fn confirm_drop(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &Form) -> Result<(String, Markup)> {
    let whole = still_open(tx, viewer, subject)?;
    Ok(("Let it go".into(), asked(&whole, viewer, &html! { (words_field("Why, if you want to remember it", form)) })))
}

fn act_drop(tx: &mut Tx, viewer: &Viewer, subject: Uuid, form: &mut Form) -> Result<String> {
    still_open(tx, viewer, subject)?;
    let words = form.maybe_text("words", longest::CHECK_IN);
    if form.is_good() {
        verbs::drop(tx, viewer, subject.into(), &words)?;
    }
    Ok("You have let it go. Deciding that is fine.".into())
}

/// What stands beside it on Today.
pub fn asks_about(item: &ActionItem, now: chiron_store::Timestamp) -> &'static str {
    if item.is_past(now) { "Its day has passed. How did it go?" } else { "Its day is near." }
}
