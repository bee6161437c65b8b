//! How far one of Amina's goals has come: half a year of her own ratings, and since she works with Tomáš, of both of them.

use super::history::pair;
use crate::app::App;
use crate::attainment::{Level, ScaleDraft, ScaleId, ScaleWords, verbs};
use crate::error::{Error, Result};
use crate::goals::{Answer, GoalSkill, Help, Step, verbs as goals};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

const OUTCOME: &str = "Answer a question about our school with data, and be heard";

const SCALES: [(&str, [&str; 5]); 2] = [
    (
        "Working it out",
        [
            "I open the spreadsheet and close it again",
            "I copy a query somebody gave me and change the names in it",
            "I answer a question of my own within two evenings",
            "I answer one that a colleague asks, within a week",
            "Colleagues come to me first, and I find what they did not ask",
        ],
    ),
    (
        "Being heard",
        [
            "I show it to nobody",
            "I show it to one friend",
            "I tell it in the maths team, in five minutes",
            "The head asks me to tell it to everybody",
            "Something is decided otherwise because of it",
        ],
    ),
];

/// What she rated by herself: weeks ago, both levels, and her words.
const ALONE: [(i64, [i64; 2], &str); 5] = [
    (24, [-2, -2], ""),
    (20, [-2, -2], "The course has begun. I understand the words now, not yet what they are for."),
    (15, [-1, -2], "First query of my own, with somebody else’s still in it."),
    (10, [-1, -1], "I showed Léa the late arrivals. She asked why Tuesdays."),
    (5, [0, -1], "Two evenings, from the question to the answer. It was my question, too."),
];

/// How sure she was: weeks ago, of ten, and her words.
const SURE: [(i64, i64, &str); 12] = [
    (25, 3, ""),
    (23, 4, ""),
    (21, 3, "Everybody else in the course is twenty-four."),
    (19, 4, ""),
    (16, 5, ""),
    (14, 4, ""),
    (12, 5, ""),
    (9, 6, "Tuesdays turned out to be the bus."),
    (7, 6, ""),
    (4, 7, ""),
    (2, 6, "It is a lot beside the marking."),
    (1, 7, ""),
];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, Some(relationship)) = app.read(move |tx| pair(tx, &people)).await? else { return Ok(()) };
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    app.clock.show(days_ago(26 * 7));
    let (one, spring) = (amina.clone(), now.in_zone(&amina.zone).date().saturating_add(20.weeks()));
    let (goal, scales): (_, Vec<ScaleId>) = app
        .write(move |tx| {
            let goal = goals::begin(tx, &one, tx.new_id(), OUTCOME)?;
            let skill = GoalSkill { skill: "data-analysis".into(), present: 2, target: 4 };
            for (step, answer) in [
                (Step::Skills, Answer::Skills(vec![skill])),
                (Step::Why, Answer::Why("We decide by the loudest voice. I would like it to be by what is so.".into())),
                (Step::Success, Answer::Success("Something is decided otherwise because somebody looked.".into())),
                (Step::By, Answer::By(Some(spring))),
                (Step::Help, Answer::Help(vec![Help::Challenge, Help::Reflect])),
            ] {
                goals::answer(tx, &one, goal, step, Some(answer))?;
            }
            let drafts: Vec<ScaleDraft> = SCALES
                .iter()
                .zip([2, 1])
                .map(|((title, levels), weight)| ScaleDraft {
                    words: ScaleWords { title: (*title).into(), levels: levels.map(String::from) },
                    weight,
                    baseline: Level::LOWEST,
                })
                .collect();
            verbs::lay_down_scales(tx, &one, goal, &drafts)?;
            verbs::set_pace(tx, &one, goal, Some(28))?;
            let measured = verbs::of_goal(tx, &one, goal)?.ok_or(Error::NotFound)?;
            Ok((goal, measured.scales_now().map(|scale| scale.id).collect()))
        })
        .await?;
    let rated = move |levels: [i64; 2]| -> Vec<(ScaleId, Level)> {
        scales.iter().zip(levels).map(|(scale, level)| (*scale, Level::of(level).unwrap_or(Level::LOWEST))).collect()
    };

    // Both stories in the order of time.
    let mut steps: Vec<(i64, Option<[i64; 2]>, i64, &str)> = Vec::new();
    steps.extend(ALONE.iter().map(|(weeks, levels, words)| (*weeks, Some(*levels), 0, *words)));
    steps.extend(SURE.iter().map(|(weeks, sure, words)| (*weeks, None, *sure, *words)));
    steps.sort_by_key(|(weeks, ..)| std::cmp::Reverse(*weeks));
    let (together, last): (Vec<_>, Vec<_>) = steps.into_iter().partition(|(weeks, ..)| *weeks >= 2);
    for (weeks, levels, sure, words) in together {
        app.clock.show(days_ago(7 * weeks));
        let (one, levels) = (amina.clone(), levels.map(&rated));
        app.write(move |tx| match &levels {
            Some(levels) => verbs::rate(tx, &one, goal, levels, words),
            None => verbs::say_confidence(tx, &one, goal, sure, words),
        })
        .await?;
    }

    app.clock.show(days_ago(13));
    let (one, other, hers, his) = (amina.clone(), tomas.clone(), rated([1, 0]), rated([1, -1]));
    app.write(move |tx| {
        verbs::share(tx, &one, goal, Some(relationship))?;
        verbs::rate(tx, &one, goal, &hers, "A colleague asked, and had it within the week. I told it in the team, in three minutes.")
    })
    .await?;
    app.clock.show(days_ago(12));
    app.write(move |tx| {
        let rating = verbs::of_goal(tx, &other, goal)?
            .and_then(|measured| measured.ratings.last().map(|rating| rating.id))
            .ok_or(Error::NotFound)?;
        verbs::answer(tx, &other, rating, Some(&his), "They nodded. Did anybody ask a question? I would wait for that.")
    })
    .await?;
    app.clock.show(days_ago(11));
    let one = amina.clone();
    app.write(move |tx| {
        let rating =
            verbs::of_goal(tx, &one, goal)?.and_then(|measured| measured.ratings.last().map(|rating| rating.id)).ok_or(Error::NotFound)?;
        verbs::settle(tx, &one, rating)
    })
    .await?;
    for (weeks, _, sure, words) in last {
        app.clock.show(days_ago(7 * weeks));
        let one = amina.clone();
        app.write(move |tx| verbs::say_confidence(tx, &one, goal, sure, words)).await?;
    }
    Ok(())
}
