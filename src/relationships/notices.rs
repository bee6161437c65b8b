//! What we tell people about their relationships.

use super::relationship::{Deed, Relationship, RelationshipId, RelationshipState};
use super::{touch, verbs};
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "next step", about: "The person you work with says what comes next", words: next_step },
    Telling { kind: "relationship ended", about: "A relationship of yours ends", words: ended },
    Telling { kind: "relationship closed", about: "A winding up is over", words: closed },
    Telling { kind: "fit asked", about: "You have had a first conversation, and are asked whether it fits", words: fit_asked },
    Telling { kind: "relationship agreed", about: "You both said yes after the first conversation", words: agreed },
    Telling { kind: "relationship dissolved", about: "Something you tried does not go on", words: dissolved },
    Telling { kind: "reason shared", about: "Someone shares with you why it did not fit", words: reason_shared },
    Telling { kind: "relationship paused", about: "Someone you work with needs a break", words: paused },
    Telling { kind: "relationship resumed", about: "A break is over", words: resumed },
    Telling { kind: "winding up", about: "Someone begins to wind up what you do together", words: winding_up },
    Telling { kind: "relationship frozen", about: "Something stands still for now", words: frozen },
    Telling { kind: "relationship thawed", about: "Something that stood still goes on", words: thawed },
    Telling { kind: "silence", about: "You have not been in touch for long", words: silence },
    Telling { kind: "kind proposed", about: "Someone would like to work with you in another way", words: kind_proposed },
    Telling { kind: "kind changed", about: "You work together in another way from now on", words: kind_changed },
    Telling { kind: "how are you two", about: "Some months after something ended well: how are you two doing?", words: touch::how_are_you },
    Telling { kind: "said hello", about: "Someone you worked with says hello", words: touch::said_hello },
    Telling { kind: "testimonial", about: "Someone publishes a testimonial about you", words: testimonial },
];

/// What to call the others in a sentence.
fn name_in(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<Option<String>> {
    if let Some(called) = verbs::called_by_its_people(tx, relationship)? {
        return Ok(Some(called));
    }
    let Some(other) = relationship.other(viewer) else { return Ok(None) };
    Ok(Some(verbs::called(tx, other.person)?.first_name().to_owned()))
}

fn with_partner(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: Uuid,
    words: impl FnOnce(String, &str, RelationshipId) -> Words,
) -> Result<Option<Words>> {
    let id = RelationshipId(subject);
    let relationship = verbs::open(tx, viewer, id, Deed::See)?;
    let Some(name) = name_in(tx, viewer, &relationship)? else { return Ok(None) };
    Ok(Some(words(name, relationship.kind.words(), id)))
}

/// The same while it is still so: a notice about a state says nothing once that state has passed.
fn while_it_is<T>(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: Uuid,
    state: &[RelationshipState],
    words: impl FnOnce(String, &Relationship) -> T,
) -> Result<Option<T>> {
    let relationship = verbs::open(tx, viewer, RelationshipId(subject), Deed::See)?;
    if !state.contains(&relationship.state) {
        return Ok(None);
    }
    let Some(name) = name_in(tx, viewer, &relationship)? else { return Ok(None) };
    Ok(Some(words(name, &relationship)))
}

fn closed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("Your {kind} with {name} has come to its end"),
        lines: vec!["You wound it up together, and this was the day. What you wrote to each other stays readable to you both.".into()],
        path: format!("/relationships/{id}"),
        button: "Look back".into(),
        ..Words::default()
    })
}

fn fit_asked(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_is(tx, viewer, subject, &[RelationshipState::TryingOut], |name, r| Words {
        title: format!("You have talked with {name}. Does it fit?"),
        lines: vec![format!("Say so in private. It begins only if both of you say yes, and {name} never sees a reason of yours.")],
        path: format!("/relationships/{}/fit", r.id),
        button: "Say whether it fits".into(),
        ..Words::default()
    })
}

fn agreed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("You and {name} both said yes to your {kind}"),
        lines: vec!["A good next step is to write down how you want to work together. It takes ten minutes each.".into()],
        path: format!("/relationships/{id}"),
        button: "See what comes next".into(),
        ..Words::default()
    })
}

fn dissolved(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_is(tx, viewer, subject, &[RelationshipState::Dissolved], |name, r| Words {
        title: format!("Your {} with {name} does not go on", r.kind.words()),
        lines: vec![
            "That is nobody’s fault. Sometimes it fits and sometimes it does not, and nobody has to say why.".into(),
            "Your goals and everything you noted for yourself stay with you.".into(),
        ],
        path: format!("/relationships/{}", r.id),
        button: "See what you can do now".into(),
        ..Words::default()
    })
}

fn reason_shared(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let shared = verbs::private_words(tx, viewer, RelationshipId(subject))?.shared_by_others.pop().map(|(_, words)| words);
    Ok(with_partner(tx, viewer, subject, |name, _, id| Words {
        title: format!("{name} tells you why it did not fit"),
        path: format!("/relationships/{id}"),
        button: "Read it".into(),
        ..Words::default()
    })?
    .map(|words| Words { quote: shared, ..words }))
}

fn paused(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let when = |r: &Relationship| r.paused_until.map_or_else(String::new, |until| format!(" until {}", viewer.day(until)));
    while_it_is(tx, viewer, subject, &[RelationshipState::Paused], |name, r| Words {
        title: format!("{name} needs a break{}", when(r)),
        lines: vec!["Your place is kept. It goes on by itself on that day, and you need to do nothing.".into()],
        path: format!("/relationships/{}", r.id),
        button: "See where you are".into(),
        ..Words::default()
    })
}

fn resumed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("Your {kind} with {name} goes on"),
        lines: vec!["The break is over. A good moment to say hello and to find a time.".into()],
        path: format!("/relationships/{id}"),
        button: "Go on".into(),
        ..Words::default()
    })
}

fn winding_up(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let when = |r: &Relationship| r.closes_at.map_or_else(String::new, |until| format!(" until {}", viewer.day(until)));
    while_it_is(tx, viewer, subject, &[RelationshipState::Closing], |name, r| Words {
        title: format!("{name} would like to bring your {} to a good end{}", r.kind.words(), when(r)),
        lines: vec!["Use the time for what is still open. Three short questions wait for each of you.".into()],
        path: format!("/relationships/{}/closing", r.id),
        button: "Answer the closing questions".into(),
        ..Words::default()
    })
}

fn frozen(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_is(tx, viewer, subject, &[RelationshipState::Frozen], |name, r| Words {
        title: format!("Your {} with {name} stands still for now", r.kind.words()),
        lines: vec!["Please do not contact each other meanwhile. Whoever looks after this place tells you when it goes on.".into()],
        path: format!("/relationships/{}", r.id),
        button: "See where you are".into(),
        ..Words::default()
    })
}

fn thawed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("Your {kind} with {name} may go on"),
        lines: vec!["What you had booked was cancelled. Propose another time when it suits you both.".into()],
        path: format!("/relationships/{id}"),
        button: "See where you are".into(),
        ..Words::default()
    })
}

fn silence(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let live = [RelationshipState::Agreed, RelationshipState::Active];
    let words = while_it_is(tx, viewer, subject, &live, |name, r| {
        r.drift_asked_at.map(|_| Words {
            title: format!("You and {name} have not been in touch for a while"),
            lines: vec!["That happens. Say how it is for you: nobody else sees what you choose.".into()],
            path: format!("/relationships/{}", r.id),
            button: "Look at it".into(),
            ..Words::default()
        })
    })?;
    Ok(words.flatten())
}

fn kind_proposed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let id = RelationshipId(subject);
    let proposed = verbs::kind_changes(tx, id)?.into_iter().find(|change| change.agreed_at.is_none());
    let Some(change) = proposed else { return Ok(None) };
    with_partner(tx, viewer, subject, |name, _, id| Words {
        title: format!("{name} would like to change to {}", change.to.words()),
        lines: vec!["It is for you to agree. Everything you have written stays where it is.".into()],
        path: format!("/relationships/{id}/kind"),
        button: "Look at it".into(),
        ..Words::default()
    })
}

fn kind_changed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("You and {name} now work together in another way: {kind}"),
        lines: vec!["Everything you have written stays where it is.".into()],
        path: format!("/relationships/{id}"),
        button: "See where you are".into(),
        ..Words::default()
    })
}

fn next_step(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, _, id| Words {
        title: format!("{name} says what comes next"),
        path: format!("/relationships/{id}"),
        button: "See what comes next".into(),
        ..Words::default()
    })
}

fn ended(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, id| Words {
        title: format!("{name} has ended your {kind}"),
        lines: vec![
            "What you wrote to each other stays readable to you both. If you learned from it, this is a good moment to say so.".into(),
        ],
        path: format!("/relationships/{id}"),
        button: "Read the closing words".into(),
        ..Words::default()
    })
}

fn testimonial(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    with_partner(tx, viewer, subject, |name, kind, _| Words {
        title: format!("{name} has written about your {kind} in public"),
        lines: vec![format!("It stands on your profile. {name} can take it back at any time.")],
        path: format!("/people/{}", viewer.person),
        button: "Read it".into(),
        ..Words::default()
    })
}
