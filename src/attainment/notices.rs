//! What we tell people about how far goals have come.

use super::measure::{Attainment, Deed, Form as Measure, Rating, RatingId, Standing};
use super::verbs::{self, Measured};
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::goals::GoalId;
use crate::page;
use crate::relationships::verbs as partners;
use crate::slices::{LetterDeed, Telling, Words};
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "goal shared", about: "Someone you work with shares a goal with you", words: shared },
    Telling {
        kind: "rating to answer",
        about: "Someone you work with says how far a goal has come, and asks whether you see it so",
        words: to_answer,
    },
    Telling { kind: "rating answered", about: "Someone sees it otherwise how far a goal has come", words: answered },
    Telling { kind: "rating agreed", about: "Someone agrees how far a goal has come", words: agreed },
    Telling { kind: "rating asked", about: "A goal is to be rated, at the pace you chose", words: asked },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[LetterDeed { deed: "rating.agree", confirm: confirm_agree, act: act_agree }];

/// Where one says how far a goal has come.
pub fn where_to_rate(attainment: &Attainment) -> String {
    match attainment.form {
        Some(Measure::Scales) => format!("/attainment/{}/rate", attainment.goal),
        _ => format!("/attainment/{}", attainment.goal),
    }
}

/// A goal that is still open and measured, as this viewer reads it.
fn open(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Measured>> {
    let measured = verbs::of_goal(tx, viewer, GoalId(subject))?;
    Ok(measured.filter(|measured| measured.attainment.ended_at.is_none()))
}

fn words(measured: &Measured, title: String, line: &str, button: &str) -> Words {
    Words {
        title,
        lines: vec![line.to_owned()],
        quote: Some(measured.outcome.clone()),
        path: format!("/attainment/{}", measured.attainment.goal),
        button: button.into(),
        ..Words::default()
    }
}

fn shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(measured) = open(tx, viewer, subject)?.filter(|measured| !viewer.is(measured.attainment.owner)) else { return Ok(None) };
    let owner = partners::called(tx, measured.attainment.owner)?;
    let title = format!("{} shares a goal with you", owner.first_name());
    Ok(Some(words(&measured, title, "Only you two see it, and how far it has come is for you both to say.", "Look at it")))
}

/// The latest rating that stands so between the two, and who said what is told of.
fn standing_so(measured: &Measured, standing: Standing) -> Option<&Rating> {
    measured.ratings.last().filter(|rating| rating.standing() == standing)
}

fn to_answer(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(measured) = open(tx, viewer, subject)? else { return Ok(None) };
    let Some(rating) = standing_so(&measured, Standing::Waiting).filter(|rating| rating.waits_for(viewer)) else { return Ok(None) };
    let by = partners::called(tx, rating.by)?;
    let title = format!("{} says how far a goal has come. Do you see it so too?", by.first_name());
    let levels = in_words(&measured, rating);
    let deeds = vec![("I see it so too".into(), "rating.agree", rating.id.into())];
    let told = words(&measured, title, "Agree, or say another level on the page: both are kept.", "Look at it");
    Ok(Some(Words { lines: levels.into_iter().chain(told.lines).collect(), deeds, ..told }))
}

fn answered(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(measured) = open(tx, viewer, subject)? else { return Ok(None) };
    let Some(rating) = standing_so(&measured, Standing::Differs).filter(|rating| viewer.is(rating.by)) else { return Ok(None) };
    let Some(by) = rating.answered_by else { return Ok(None) };
    let by = partners::called(tx, by)?;
    let title = format!("{} sees it otherwise how far a goal has come", by.first_name());
    Ok(Some(words(&measured, title, "That is worth talking about. Both of what you said is kept.", "Look at both")))
}

fn agreed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(measured) = open(tx, viewer, subject)? else { return Ok(None) };
    let Some(rating) = standing_so(&measured, Standing::Agreed) else { return Ok(None) };
    let other = if viewer.is(rating.by) { rating.answered_by } else { Some(rating.by) };
    let Some(other) = other else { return Ok(None) };
    let other = partners::called(tx, other)?;
    let title = format!("You and {} agree how far a goal has come", other.first_name());
    Ok(Some(words(&measured, title, "It stands on the page of the goal.", "Look at it")))
}

fn asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(measured) = open(tx, viewer, subject)? else { return Ok(None) };
    if measured.attainment.asked_at.is_none() || measured.attainment.form.is_none() {
        return Ok(None);
    }
    let together = measured.attainment.relationship.map(|id| partners::find(tx, id)).transpose()?;
    if !measured.attainment.allows(together.as_ref(), viewer, Deed::Rate) {
        return Ok(None);
    }
    let mine = viewer.is(measured.attainment.owner);
    let title = if mine {
        "How far has your goal come?".into()
    } else {
        format!("How far has {}’s goal come?", partners::called(tx, measured.attainment.owner)?.first_name())
    };
    let line = if mine {
        "You asked to be asked. It takes a minute."
    } else {
        "It is for you two to say. One of you begins, the other agrees or sees it otherwise."
    };
    let path = where_to_rate(&measured.attainment);
    Ok(Some(Words { path, ..words(&measured, title, line, "Say how far") }))
}

/// What a rating says of each scale.
fn in_words(measured: &Measured, rating: &Rating) -> Vec<String> {
    let said = rating.levels.iter().filter_map(|said| {
        let scale = measured.scales.iter().find(|scale| scale.id == said.scale)?;
        Some(format!("{}: {} {}", scale.words.title, said.proposed.sign(), scale.at(said.proposed)))
    });
    said.collect()
}

fn confirm_agree(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    let measured = verbs::waiting_rating(tx, viewer, RatingId(subject))?;
    let levels = measured.ratings.last().map(|rating| in_words(&measured, rating)).unwrap_or_default();
    Ok(("I see it so too".into(), html! { (page::quotation(&measured.outcome, "The goal")) @for level in &levels { p { (level) } } }))
}

fn act_agree(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    verbs::answer(tx, viewer, RatingId(subject), None, "")?;
    Ok("You both agree. It stands on the page of the goal.".into())
}
