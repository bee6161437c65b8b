//! Amina's plan for her goal, made from a template and shared with Tomáš, who suggests something to try.

use super::history::pair;
use crate::app::App;
use crate::error::{Error, Result};
use crate::plans::verbs::{self, For, Making};
use crate::plans::{Item, ItemState, Kind, Outcome, Words, named};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

/// What came of what she did, in the order of its days.
const DONE: [&str; 3] = [
    "Léa, Mateus and somebody from the city’s tram office. All three said that the first year is mostly cleaning.",
    "A morning in Tomáš’s office. Nobody speaks for two hours, and then everybody at once.",
    "I could do six of ten. In four of them they ask for something I can show.",
];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, Some(relationship)) = app.read(move |tx| pair(tx, &people)).await? else { return Ok(()) };
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let first = now.in_zone(&amina.zone).date().saturating_sub(26.days());

    app.clock.show(days_ago(26));
    let one = amina.clone();
    let plan = app
        .write(move |tx| {
            let without = verbs::goals_without(tx, &one)?;
            let goal = match without.iter().find(|(_, outcome)| outcome.contains("analyst")).or(without.first()) {
                Some((id, _)) => For::Goal(*id),
                None => For::New("Find out whether data work suits me".into()),
            };
            let making = Making { goal, template: named("changing-fields"), first, hours: 4, nonce: "village plan".into() };
            verbs::make(tx, &one, &making)
        })
        .await?;
    let of = |items: &[Item], kind: Kind| items.iter().filter(|item| item.kind == kind).map(|item| item.id).collect::<Vec<_>>();
    let one = amina.clone();
    let items = app.read(move |tx| verbs::read(tx, &one, plan)).await?.items;
    let milestone = of(&items, Kind::Milestone).into_iter().next().ok_or(Error::NotFound)?;
    let mut under: Vec<&Item> = items.iter().filter(|item| item.milestone == Some(milestone)).collect();
    under.sort_by_key(|item| (item.on, item.made_at));
    for ((item, words), days) in under.into_iter().zip(DONE).zip([18, 9, 4]) {
        app.clock.show(days_ago(days));
        let (one, id, outcome) = (amina.clone(), item.id, Outcome { words: words.into(), link: None });
        app.write(move |tx| verbs::close(tx, &one, id, outcome.clone()).map(drop)).await?;
        if days == 9 {
            let one = amina.clone();
            app.write(move |tx| verbs::share(tx, &one, plan, Some(relationship))).await?;
        }
    }

    app.clock.show(days_ago(3));
    let (one, other) = (amina.clone(), tomas.clone());
    app.write(move |tx| {
        let shows = "A page with what each of the three said, and one line on why I still want to.";
        verbs::close(tx, &one, milestone, Outcome { words: shows.into(), link: None })?;
        let review = Words {
            title: "Read a report of mine before it goes out, and tell me where I lose you".into(),
            note: "You read like the people it is for. It takes half an hour.".into(),
            link: None,
        };
        verbs::suggest(tx, &other, plan, Kind::Review, review, "village try").map(drop)
    })
    .await?;
    app.clock.show(days_ago(2));
    app.write(move |tx| {
        let whole = verbs::read(tx, &amina, plan)?;
        let next = crate::plans::next(&whole.items).ok_or(Error::NotFound)?.id;
        let tried = whole.items.iter().find(|item| item.state == ItemState::Suggested).ok_or(Error::NotFound)?.id;
        let on = tx.now().in_zone(&amina.zone).date().saturating_add(6.days());
        verbs::take(tx, &amina, tried, next, Some(on))?;
        let talk = Words {
            title: "Tell the new ones at our evening how you counted the late arrivals".into(),
            note: "Ten minutes. I will sit in the first row.".into(),
            link: None,
        };
        verbs::suggest(tx, &tomas, plan, Kind::Talk, talk, "village talk").map(drop)
    })
    .await
}
