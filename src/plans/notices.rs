//! What we tell people about plans.

use super::plan::{Item, ItemId, ItemState, PlanId};
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::verbs as partners;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "plan shared", about: "Someone you work with shares a plan with you", words: shared },
    Telling { kind: "activity suggested", about: "Someone you work with suggests something to try", words: suggested },
    Telling { kind: "suggestion answered", about: "Someone answers what you suggested to try", words: answered },
    Telling { kind: "suggestion done", about: "Someone says what came of what you suggested", words: done },
];

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, PlanId(subject))?;
    if viewer.is(whole.plan.owner) || whole.plan.ended_at.is_some() {
        return Ok(None);
    }
    let owner = partners::called(tx, whole.plan.owner)?;
    Ok(Some(Words {
        title: format!("{} shares a plan with you", owner.first_name()),
        lines: vec!["You two see it, and both of you can write in it. You can also suggest something to try.".into()],
        quote: Some(whole.goal),
        path: format!("/plans/{subject}"),
        button: "Look at the plan".into(),
        ..Words::default()
    }))
}

fn item(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<(Whole, Item)> {
    verbs::read_item(tx, viewer, ItemId(subject))
}

fn suggested(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (whole, item) = item(tx, viewer, subject)?;
    let Some(by) = item.suggested_by.filter(|_| item.state == ItemState::Suggested && viewer.is(whole.plan.owner)) else {
        return Ok(None);
    };
    let by = partners::called(tx, by)?;
    Ok(Some(Words {
        title: format!("{} suggests something to try", by.first_name()),
        lines: vec![format!("{}. You take it into your plan, or say not now: both are fine.", item.kind.title())],
        quote: Some(item.words.title),
        path: format!("/plans/items/{subject}"),
        button: "Look at it".into(),
        ..Words::default()
    }))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (whole, item) = item(tx, viewer, subject)?;
    if !item.suggested_by.is_some_and(|by| viewer.is(by)) {
        return Ok(None);
    }
    let owner = partners::called(tx, whole.plan.owner)?.first_name().to_owned();
    let (title, line) = match item.state {
        ItemState::Open => (format!("{owner} tries what you suggested"), "It is in the plan. When it is done, you read what came of it."),
        ItemState::NotNow => (format!("{owner} says: not now"), "It is kept beside the plan, and may still be taken later."),
        _ => return Ok(None),
    };
    Ok(Some(Words {
        title,
        lines: vec![line.into()],
        quote: Some(item.words.title),
        path: format!("/plans/{}", whole.plan.id),
        button: "Look at the plan".into(),
        ..Words::default()
    }))
}

fn done(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let (whole, item) = item(tx, viewer, subject)?;
    let Some(outcome) = item.outcome.filter(|_| item.state == ItemState::Done && item.suggested_by.is_some_and(|by| viewer.is(by))) else {
        return Ok(None);
    };
    let owner = partners::called(tx, whole.plan.owner)?.first_name().to_owned();
    Ok(Some(Words {
        title: format!("{owner} tried what you suggested"),
        lines: vec![item.words.title],
        quote: Some(outcome.words),
        path: format!("/plans/items/{subject}"),
        button: "Read it".into(),
        ..Words::default()
    }))
}
