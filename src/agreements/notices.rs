//! What we tell people about their agreements. The words say what waits, never what was written.

use super::verbs::{self, Step};
use crate::app::Tx;
use crate::error::Result;
use crate::relationships::{Company, Deed as Together, RelationshipId, verbs as relationships};
use crate::slices::{Telling, Words};
use crate::viewer::Viewer;
use uuid::Uuid;

pub static TELLINGS: &[Telling] = &[
    Telling { kind: "agreement to write", about: "It is your turn to say how you would like to work together", words: to_write },
    Telling { kind: "agreement to settle", about: "You can look at where you see things differently", words: to_settle },
    Telling { kind: "agreement to sign", about: "An agreement is ready for your signature", words: to_sign },
    Telling { kind: "agreement in force", about: "Everybody has signed", words: in_force },
    Telling { kind: "agreement set aside", about: "What was being written is set aside", words: set_aside },
    Telling { kind: "agreement waits", about: "An agreement has waited for you for a week", words: waits },
    Telling { kind: "agreement review", about: "It is time to ask whether your agreement still fits", words: review },
    Telling { kind: "sponsor invited", about: "You are asked to stand behind a coaching or mentoring", words: sponsor_invited },
    Telling { kind: "sponsor named", about: "A sponsor is named for something you do together", words: sponsor_named },
    Telling { kind: "report to approve", about: "Lines of a report wait for your approval", words: to_approve },
    Telling { kind: "report to read", about: "There is something new in a report to you", words: to_read },
    Telling { kind: "content to be destroyed", about: "What you wrote to each other will be destroyed soon", words: to_be_destroyed },
];

fn company(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Company> {
    relationships::company(tx, viewer, RelationshipId(subject), Together::KnowOf)
}

fn page_of(company: &Company, title: String, line: &str, button: &str) -> Words {
    Words {
        title,
        lines: if line.is_empty() { Vec::new() } else { vec![line.into()] },
        path: format!("/relationships/{}/agreement", company.relationship.id),
        button: button.into(),
        ..Words::default()
    }
}

/// Says something while this step waits for the viewer, and nothing once it is done.
fn while_it_waits(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: Uuid,
    is: impl Fn(Step) -> bool,
    words: impl FnOnce(&Company) -> Words,
) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    let waiting = verbs::step(tx, viewer, &company.relationship)?;
    Ok(waiting.filter(|(step, _)| is(*step)).map(|_| words(&company)))
}

fn to_write(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_waits(
        tx,
        viewer,
        subject,
        |step| step == Step::Write,
        |company| Words {
            path: format!("/relationships/{}/agreement/write", company.relationship.id),
            ..page_of(
                company,
                format!("{} has written how they would like to work with you", company.name(viewer)),
                "Write yours before you see theirs: it takes ten minutes. Then you look at the differences together.",
                "Write yours",
            )
        },
    )
}

fn to_settle(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_waits(
        tx,
        viewer,
        subject,
        |step| matches!(step, Step::Settle(_) | Step::PutUp),
        |company| {
            page_of(
                company,
                format!("See where you and {} differ", company.name(viewer)),
                if company.people.len() > 2 {
                    "What is agreed by all of you already needs nothing more."
                } else {
                    "What you both wrote alike is agreed already."
                },
                "Look at the differences",
            )
        },
    )
}

fn to_sign(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_waits(
        tx,
        viewer,
        subject,
        |step| step == Step::Sign,
        |company| {
            page_of(
                company,
                format!("Your agreement with {} is ready to sign", company.name(viewer)),
                "Read it once more in peace. You can still change it.",
                "Read and sign",
            )
        },
    )
}

fn in_force(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    Ok(Some(page_of(
        &company,
        format!("Your agreement with {} is signed", company.name(viewer)),
        "It holds from now on, and you can change it together at any time.",
        "Read it",
    )))
}

fn set_aside(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    Ok(Some(page_of(
        &company,
        format!("{} has set aside what you were writing", company.name(viewer)),
        "What is signed still holds. You can begin anew at any time.",
        "Look at it",
    )))
}

fn waits(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_waits(
        tx,
        viewer,
        subject,
        |step| step != Step::Review,
        |company| {
            page_of(
                company,
                format!("Your agreement with {} waits for you", company.name(viewer)),
                "A few minutes are enough for the next step.",
                "Look at it",
            )
        },
    )
}

fn review(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    while_it_waits(
        tx,
        viewer,
        subject,
        |step| step == Step::Review,
        |company| {
            page_of(
                company,
                format!("Does your agreement with {} still fit?", company.name(viewer)),
                "You wanted to look at it again about now.",
                "Look at it",
            )
        },
    )
}

fn sponsor_invited(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    let names: Vec<&str> = company.people.iter().map(|chip| chip.first_name()).collect();
    let kind = company.relationship.kind.words();
    Ok(Some(page_of(
        &company,
        format!("You are asked to stand behind the {kind} of {}", names.join(" and ")),
        "You see the lines of their agreement that concern you, and nothing they write to each other.",
        "Look at it",
    )))
}

fn sponsor_named(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    let Some(sponsor) = &company.sponsor else { return Ok(None) };
    Ok(Some(page_of(
        &company,
        format!("{} would like {} as a sponsor", company.name(viewer), sponsor.name),
        "It holds once all of you have signed. Until then the sponsor sees nothing of what you write to each other, and not afterwards either.",
        "Look at it",
    )))
}

fn to_approve(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    Ok(Some(Words {
        path: format!("/relationships/{}/report", company.relationship.id),
        ..page_of(
            &company,
            format!("{} has written a line for the sponsor", company.name(viewer)),
            "The sponsor reads only what you approve.",
            "Read it",
        )
    }))
}

fn to_read(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    let clauses = verbs::clauses(tx, &company.relationship)?;
    if !clauses.allows(&company.relationship, viewer, super::Deed::SeeReport) {
        return Ok(None);
    }
    Ok(Some(Words {
        path: format!("/relationships/{}/report", company.relationship.id),
        ..page_of(&company, format!("There is something new in the report of {}", company.name(viewer)), "", "Read it")
    }))
}

fn to_be_destroyed(tx: &mut Tx, viewer: &Viewer, subject: Uuid) -> Result<Option<Words>> {
    let company = company(tx, viewer, subject)?;
    let paper = verbs::read(tx, viewer, company.relationship.id)?;
    let Some((at, None)) = paper.retention else { return Ok(None) };
    Ok(Some(Words {
        path: format!("/relationships/{}", company.relationship.id),
        ..page_of(
            &company,
            format!("What you and {} wrote will be destroyed on {}", company.name(viewer), viewer.day(at)),
            "That is what you agreed. If you want to keep something for yourself, copy it before.",
            "Look at it",
        )
    }))
}
