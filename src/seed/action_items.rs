//! What Amina and Tomáš have taken on between their sessions, and what she decided on the way.

use super::history::pair;
use crate::action_items::{Draft, Intensity, Moving, Plan, verbs};
use crate::app::App;
use crate::decisions::{self, Audience};
use crate::error::Result;
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, Some(relationship)) = app.read(move |tx| pair(tx, &people)).await? else { return Ok(()) };
    let today = now.in_zone(&amina.zone).date();
    let day = move |days: i64| today.saturating_add(days.days());
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let draft = move |words: &str, due: i64, intensity, plan: Option<(&str, &str)>| Draft {
        relationship: Some(relationship),
        words: words.into(),
        plan: plan.and_then(|(when, then)| Plan::of(when, then)),
        due_on: day(due),
        goal: None,
        intensity,
        nonce: format!("village {words}"),
    };

    app.clock.show(days_ago(12));
    let (one, other) = (amina.clone(), tomas.clone());
    let (exercises, office) = app
        .write(move |tx| {
            let exercises = draft("Redo the two exercises on grouping, without looking", -6, Intensity::Partner, None);
            let office = draft("Ask the school office how they record late arrivals", -4, Intensity::Partner, None);
            verbs::take_on(tx, &other, &draft("Send Amina the two portfolios that I liked best", 2, Intensity::Partner, None))?;
            let tool = decisions::Draft {
                words: decisions::Words {
                    question: "Which course do I take beside the sessions?".into(),
                    options: "The evening class at the adult school\nThe online course, at my own pace\nNone, only projects".into(),
                    criteria: "Evenings with the children\nSomebody who looks at my work".into(),
                    chosen: "None for now: projects, with Tomáš looking at them".into(),
                    why: "I learn when something is mine. If I stall for two weeks, I take the evening class.".into(),
                },
                audience: Audience::Pair,
                review_on: Some(day(-1)),
                nonce: "village decision".into(),
            };
            decisions::verbs::decide(tx, &one, relationship, &tool)?;
            Ok((verbs::take_on(tx, &one, &exercises)?, verbs::take_on(tx, &one, &office)?))
        })
        .await?;

    app.clock.show(days_ago(7));
    let one = amina.clone();
    app.write(move |tx| verbs::keep(tx, &one, exercises, "Two evenings. The second one was fun.")).await?;

    app.clock.show(days_ago(4));
    app.write(move |tx| {
        let plan = Plan::of("the bell rings for the long break", "walk to the office before I fetch my coffee");
        let moving = Moving { due_on: day(-2), smaller: None, plan, words: "The office was closed for the half-term.".into() };
        verbs::carry_over(tx, &amina, office, &moving)?;
        let chart = ("the children are in bed on Wednesday", "draw it on paper for ten minutes");
        verbs::take_on(
            tx,
            &amina,
            &draft("Draw the chart of absences by hand, one row for each pupil", 5, Intensity::Weekly, Some(chart)),
        )?;
        decisions::verbs::recall(tx)?;
        Ok(())
    })
    .await
}
