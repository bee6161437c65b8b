//! What we tell people about circles, and answering from the letter without signing in.

use super::circle::{Deed, PlaceId, PlaceState};
use super::newcomers;
use super::verbs::{self, Whole};
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::page;
use crate::relationships::{RelationshipId, RelationshipState, verbs as partners};
use crate::slices::{LetterDeed, Telling, Words};
use crate::too_late;
use crate::viewer::Viewer;
use maud::{Markup, html};
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "circle proposed", about: "Someone would like you in a circle", words: proposed },
    Telling { kind: "circle joined", about: "Someone says yes to a circle of yours", words: joined },
    Telling { kind: "circle declined", about: "Someone would rather not join a circle of yours", words: declined },
    Telling { kind: "circle began", about: "A circle begins", words: began },
    Telling { kind: "circle given up", about: "A circle does not come about", words: given_up },
    Telling { kind: "circle left", about: "Someone leaves a circle that you are in", words: left },
    Telling { kind: "circle newcomer", about: "Someone would like somebody more in a circle of yours", words: newcomer },
    Telling { kind: "circle newcomer not now", about: "Whom you suggested for a circle is not asked", words: not_now },
    Telling { kind: "circle aside", about: "You take no part in a circle for now", words: aside },
    Telling { kind: "circle back", about: "You are in a circle again", words: back },
    Telling { kind: "circle not back", about: "You are not in a circle any more", words: not_back },
    Telling { kind: "circle over", about: "A circle ends because too few are left", words: over },
];

pub static LETTER_DEEDS: &[LetterDeed] = &[
    LetterDeed { deed: "circle.accept", confirm: confirm_accept, act: act_accept },
    LetterDeed { deed: "circle.decline", confirm: confirm_decline, act: act_decline },
    LetterDeed { deed: "circle.welcome", confirm: confirm_welcome, act: act_welcome },
    LetterDeed { deed: "circle.not_now", confirm: confirm_not_now, act: act_not_now },
];

fn proposed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let id = verbs::place(tx, PlaceId(subject))?.circle;
    let whole = verbs::read(tx, viewer, id)?;
    let title = format!("{} would like you in a circle: “{}”", whole.by.first_name(), whole.called);
    let open = whole.opened.offers(viewer, Deed::Accept);
    let lapses_at = whole.opened.place.as_ref().and_then(|place| place.clock_at).or(whole.opened.circle.lapses_at);
    let until = lapses_at.map_or_else(String::new, |at| format!(" Until {}.", viewer.day(at)));
    let how = match whole.opened.together.state {
        RelationshipState::Proposed => "It begins when three are in it.",
        _ => "They have begun, and would like you with them. You read what they write from the day on which you join.",
    };
    Ok(Some(Words {
        title,
        lines: vec![format!("A few people who learn from each other. {how}{until}")],
        quote: Some(whole.about),
        path: format!("/circles/{id}"),
        button: "Read it".into(),
        deeds: match open {
            true => vec![("I would like to".into(), "circle.accept", id.0), ("Rather not".into(), "circle.decline", id.0)],
            false => Vec::new(),
        },
        ..Words::default()
    }))
}

/// Words about somebody's place in a circle.
fn about_place(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: Uuid,
    words: impl FnOnce(&str, &str, &Whole) -> (String, String),
) -> Result<Option<Words>> {
    let place = verbs::place(tx, PlaceId(subject))?;
    let whole = verbs::read(tx, viewer, place.circle)?;
    let name = partners::called(tx, place.person)?.first_name().to_owned();
    let (title, line) = words(&name, &whole.called, &whole);
    let path = if whole.opened.together.state == RelationshipState::Proposed { "circles" } else { "relationships" };
    let path = format!("/{path}/{}", place.circle);
    Ok(Some(Words { title, lines: vec![line], path, button: "See your circle".into(), ..Words::default() }))
}

fn joined(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called, whole| {
        let line = match whole.opened.together.state {
            RelationshipState::Proposed => "It begins when three are in it.",
            _ => "The sessions that are ahead are in their calendar too. They read what you write from now on, and not what was before.",
        };
        (format!("{name} is in your circle “{called}”"), line.into())
    })
}
fn declined(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let has_lapsed = verbs::place(tx, PlaceId(subject))?.state == PlaceState::Lapsed;
    about_place(tx, viewer, subject, |name, called, whole| match (whole.opened.together.state, has_lapsed) {
        (RelationshipState::Proposed, _) => {
            (format!("{name} would rather not join “{called}”"), "That needs no reason. The others can still say yes.".into())
        }
        (_, true) => (format!("{name} has not answered whether to join “{called}”"), "The time to answer is over.".into()),
        (_, false) => (format!("{name} would rather not join “{called}”"), "That needs no reason.".into()),
    })
}
fn left(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called, _| {
        (format!("{name} has left “{called}”"), "It goes on with those of you who remain. What was written stays with you.".into())
    })
}

fn about_circle(tx: &mut Tx, viewer: &Viewer, subject: Uuid, words: impl FnOnce(&str) -> (String, String)) -> Result<Option<Words>> {
    let whole = verbs::read(tx, viewer, RelationshipId(subject))?;
    let (title, line) = words(&whole.called);
    Ok(Some(Words { title, lines: vec![line], path: format!("/relationships/{subject}"), button: "Look at it".into(), ..Words::default() }))
}

fn began(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("Your circle “{called}” begins"),
            "Three of you are in it. A good next step: find a time, and write down how you want to work together.".into(),
        )
    })
}
fn given_up(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("The circle “{called}” does not come about"),
            "It takes three, and this time there were not enough. That is nobody’s fault.".into(),
        )
    })
}
fn over(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_circle(tx, viewer, subject, |called| {
        (
            format!("Your circle “{called}” has come to its end"),
            "Fewer than three of you are left. What you wrote to each other stays readable to you.".into(),
        )
    })
}

/// Somebody whom another member would like in it: for the others to say.
fn newcomer(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let Some(weighed) = newcomers::weighed(tx, viewer, PlaceId(subject))? else { return Ok(None) };
    let (by, who) = (weighed.by.first_name(), &weighed.who.name);
    let until = weighed.place.clock_at.map_or_else(String::new, |at| format!(" until {}", viewer.when(at)));
    Ok(Some(Words {
        title: format!("{by} would like {who} in “{}”", weighed.called),
        lines: vec![
            format!("You can say no first{until}. Nobody is told whose no it was, and {who} learns of it only when all of you agree."),
            format!("{who} would read what you write from the day on which they join, and not what was before."),
        ],
        path: format!("/circles/{}", weighed.place.circle),
        button: "Look at it".into(),
        deeds: vec![("Fine with me".into(), "circle.welcome", subject), ("Rather not now".into(), "circle.not_now", subject)],
        ..Words::default()
    }))
}
fn not_now(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    about_place(tx, viewer, subject, |name, called, _| {
        (format!("{name} is not asked to join “{called}”"), format!("One of you would rather wait. {name} knows nothing of it."))
    })
}

/// What happened to one’s own place, also when one does not see the circle any more.
fn own_place(tx: &mut Tx, viewer: &Viewer, subject: Uuid, words: impl FnOnce(&str) -> (String, &'static str)) -> Result<Option<Words>> {
    let place = verbs::place(tx, PlaceId(subject))?;
    if !viewer.is(place.person) {
        return Ok(None);
    }
    let together = partners::find(tx, place.circle)?;
    let Some(called) = partners::called_by_its_people(tx, &together)? else { return Ok(None) };
    let (title, line) = words(&called);
    let (path, button) = match place.state {
        PlaceState::Taken => (format!("/relationships/{}", place.circle), "Go to your circle"),
        PlaceState::Aside => (format!("/circles/{}", place.circle), "Look at it"),
        _ => ("/relationships".to_owned(), "See your people"),
    };
    Ok(Some(Words { title, lines: vec![line.into()], path, button: button.into(), ..Words::default() }))
}
fn aside(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    own_place(tx, viewer, subject, |called| {
        (
            format!("You take no part in “{called}” for now"),
            "Your place is kept. Whoever looks after this place tells you when it goes on; the others are told no reason.",
        )
    })
}
fn back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    own_place(tx, viewer, subject, |called| {
        (format!("You are in “{called}” again"), "It goes on as before. The sessions that are ahead are in your calendar again.")
    })
}
fn not_back(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    own_place(tx, viewer, subject, |called| {
        (format!("You are not in “{called}” any more"), "Your place in it is not kept any longer. The others are told no reason.")
    })
}

// From the letter.

fn weigh(tx: &mut Tx, viewer: &Viewer, subject: Uuid, title: impl FnOnce(&str) -> String) -> Result<(String, Markup)> {
    let weighed = newcomers::weighed(tx, viewer, PlaceId(subject))?;
    let weighed = weighed.ok_or_else(|| too_late!("This has been answered by now."))?;
    let by = weighed.by.first_name();
    Ok((
        title(&weighed.who.name),
        html! { p { (by) " would like " (weighed.who.name) " in “" (weighed.called) "”. Nobody is told whose no it was." } },
    ))
}
fn confirm_welcome(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    weigh(tx, viewer, subject, |name| format!("{name} is fine with you"))
}
fn act_welcome(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    newcomers::welcome(tx, viewer, PlaceId(subject))?;
    Ok("Thank you. They are asked once nobody has said no.".into())
}
fn confirm_not_now(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    weigh(tx, viewer, subject, |name| format!("Rather not {name} now"))
}
fn act_not_now(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    newcomers::not_now(tx, viewer, PlaceId(subject))?;
    Ok("They are not asked. Nobody is told that it was you.".into())
}

fn ask(tx: &mut Tx, viewer: &Viewer, subject: Uuid, deed: Deed, title: &str) -> Result<(String, Markup)> {
    let whole = verbs::read(tx, viewer, RelationshipId(subject))?;
    let opened = &whole.opened;
    opened.circle.must_offer(&opened.together, opened.state(), viewer, deed)?;
    Ok((format!("{title} “{}”", whole.called), html! { (page::quotation(&whole.about, &whole.by.name)) }))
}
fn confirm_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    ask(tx, viewer, subject, Deed::Accept, "Join")
}
fn act_accept(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    verbs::accept(tx, viewer, subject.into())?;
    let together = partners::find(tx, subject.into())?;
    Ok(match together.state {
        RelationshipState::Proposed => "You are in it. It begins when three are, and you are told.",
        _ => "You are in it.",
    }
    .into())
}
fn confirm_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &Form) -> Result<(String, Markup)> {
    ask(tx, viewer, subject, Deed::Decline, "Not join")
}
fn act_decline(tx: &mut Tx, viewer: &Viewer, subject: Uuid, _: &mut Form) -> Result<String> {
    verbs::decline(tx, viewer, subject.into())?;
    Ok("You are not in it, and need not say why.".into())
}
