//! What Tomáš told Amina about what she does, and what she does with it.

use super::history::pair;
use crate::action_items::{Plan, verbs as actions};
use crate::app::App;
use crate::decisions::verbs as decisions;
use crate::error::Result;
use crate::feedback::verbs::{self, Asking, Giving, Of, Taking};
use crate::feedback::{Pin, PinKind, Said, Words};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let found = app
        .read(move |tx| {
            let (amina, tomas, Some(together)) = pair(tx, &people)? else { return Ok(None) };
            let done = actions::ended_of(tx, &amina, together)?.into_iter().find(|told| told.item.owner == amina.person);
            let decided = decisions::of_relationship(tx, &amina, together)?.into_iter().find(|told| told.decision.owner == amina.person);
            let goal = crate::goals::verbs::pursued(tx, &amina)?.into_iter().next();
            Ok(done
                .zip(decided)
                .zip(goal)
                .map(|((done, decided), goal)| (amina, tomas, together, done.item.id, decided.decision.id, goal.0)))
        })
        .await?;
    let Some((amina, tomas, together, done, decided, goal)) = found else { return Ok(()) };
    let today = now.in_zone(&amina.zone).date();
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let asking = |kind, id, question: &str, by_on| Asking {
        pin: Pin { kind, id },
        question: question.into(),
        of: Of::Partner(together, tomas.person),
        by_on,
        nonce: format!("village {question}"),
    };

    app.clock.show(days_ago(6));
    let (one, first) = (
        amina.clone(),
        asking(
            PinKind::Action,
            done.into(),
            "Reading my two queries, where did you have to stop and think?",
            today.saturating_add((-4).days()),
        ),
    );
    let feedback = app.write(move |tx| verbs::ask(tx, &one, &first)).await?;

    app.clock.show(days_ago(5));
    let words = Words {
        situation: "Yesterday evening, reading your second query on the train.".into(),
        behaviour: "You gave the columns the names a, b and c.".into(),
        impact: "I read it three times before I saw that b is the number of absences. The query itself is right.".into(),
        next: "Names that a colleague understands who was not there.".into(),
    };
    let other = tomas.clone();
    app.write(move |tx| verbs::give(tx, &other, feedback, &words)).await?;

    app.clock.show(days_ago(4));
    let (one, due_on) = (amina.clone(), today.saturating_add(3.days()));
    app.write(move |tx| {
        verbs::thank(tx, &one, feedback)?;
        let plan = Plan { when: "I write “as” in a query".into(), then: "ask myself what the office would call it".into() };
        let taking = Taking::Try { words: "Name every column so that the school office would understand it".into(), plan, due_on };
        verbs::receive(tx, &one, feedback, &taking, &Said { heard: "The names cost you time, not the query.".into(), words: String::new() })
    })
    .await?;

    app.clock.show(days_ago(1));
    let giving = Giving {
        relationship: together,
        about: amina.person,
        pin: Some(Pin { kind: PinKind::Decision, id: decided.into() }),
        words: Words {
            situation: "When you told me that you take no course for now.".into(),
            behaviour: "You said at once by when you would change your mind: two weeks without progress.".into(),
            impact: "I stopped worrying that you would drift, and I could help with the projects instead.".into(),
            next: "Do that with every decision. It makes it easy to trust them.".into(),
        },
        nonce: "village given".into(),
    };
    let other = tomas.clone();
    app.write(move |tx| verbs::offer(tx, &other, &giving)).await?;
    let second = asking(
        PinKind::Goal,
        goal.into(),
        "What would you want to see in my portfolio that is not there yet?",
        today.saturating_add(6.days()),
    );
    app.write(move |tx| verbs::ask(tx, &amina, &second)).await.map(|_| ())
}
