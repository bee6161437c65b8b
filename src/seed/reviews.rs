//! How five people saw Amina last month, and what Priya has asked seven others.

use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::records::{Level, verbs as records};
use crate::reviews::verbs::{self, Starting};
use crate::reviews::{Answer, Item, Outline};
use crate::viewer::{PersonId, Via, Viewer};
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

fn level(number: u8) -> Result<Level> {
    Level::try_from(number).map_err(Error::broken)
}
fn item(words: &str, own: u8) -> Result<Item> {
    Ok(Item { skill: None, words: words.into(), own: level(own)? })
}

/// People outside, none of whom there are.
const OTHERS: [&str; 7] = ["Carla", "Joris", "Wanjiru", "Selin", "Matteo", "Ines", "Paweł"];

fn starting(outline: Outline, many: usize, closes_on: jiff::civil::Date, nonce: &str) -> Result<Starting> {
    let outside = OTHERS[..many].iter().map(|name| {
        let address = format!("{}.{nonce}@school.example", crate::fold::fold(name)).parse().map_err(|_| Error::broken("an address"))?;
        Ok(((*name).to_owned(), address))
    });
    Ok(Starting { outline, partners: Vec::new(), outside: outside.collect::<Result<_>>()?, closes_on, nonce: format!("village {nonce}") })
}

async fn viewer(app: &App, who: &HashMap<String, PersonId>, key: &str) -> Result<Option<Viewer>> {
    let Some(person) = who.get(key).copied() else { return Ok(None) };
    app.read(move |tx: &mut Tx| Viewer::of_person(tx, person, Via::Errand)).await
}

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let Some(amina) = viewer(app, who, "amina").await? else { return Ok(()) };
    let (begun, closed) = (days_ago(16), days_ago(6));
    app.clock.show(begun);
    let me = amina.clone();
    let of_record = app.read(move |tx| records::own(tx, &me)).await?;
    let teaching = of_record
        .iter()
        .find(|one| one.skill == "teaching")
        .and_then(|one| Some(Item { skill: Some(one.skill.clone()), words: "Teaching".into(), own: one.now()?.level }));
    let speaking = of_record
        .iter()
        .find(|one| one.skill == "public-speaking")
        .and_then(|one| Some(Item { skill: Some(one.skill.clone()), words: "Public speaking".into(), own: one.now()?.level }));
    let mut items: Vec<Item> = [teaching, speaking].into_iter().flatten().collect();
    items.push(item("Says early when something will be late", 4)?);
    items.push(item("Shows what she does not know yet", 2)?);
    let outline = Outline {
        items,
        questions: vec!["What should I go on doing?".into(), "What one thing would help most, if I did it otherwise?".into()],
    };
    let closes_on = closed.in_zone(&amina.zone).date();
    let asked = starting(outline, 6, closes_on, "amina")?;
    let me = amina.clone();
    let (review, links) = app.write(move |tx| verbs::start(tx, &me, &asked)).await?;
    let said: [(&[u8], &str, &str); 5] = [
        (&[5, 4, 3, 3], "Asking the quiet ones first.", "Stop before the bell. The last five minutes are for nobody."),
        (&[5, 4, 2, 4], "", "Tell us on Monday, not on Thursday."),
        (&[4, 5, 2, 0], "Your lists. Everybody uses them now.", ""),
        (&[5, 0, 3, 4], "", "Say it sooner when it will not be ready. We would rather know."),
        (&[4, 4, 4, 4], "Laughing when a thing goes wrong, and then fixing it.", ""),
    ];
    for (n, (link, (levels, go_on, other))) in links.into_iter().zip(said).enumerate() {
        app.clock.show(begun + SignedDuration::from_hours(20 * (1 + i64::try_from(n).unwrap_or_default())));
        let levels = levels.iter().map(|number| Level::try_from(*number).ok()).collect();
        let answer = Answer { levels, words: vec![go_on.into(), other.into()] };
        app.write(move |tx| verbs::answer(tx, &link, &answer)).await?;
    }
    app.clock.show(closed + SignedDuration::from_hours(24));
    app.write(move |tx| {
        verbs::close_due(tx)?;
        verbs::release(tx, &amina, review, true)
    })
    .await?;

    let Some(priya) = viewer(app, who, "priya").await? else { return Ok(()) };
    app.clock.show(days_ago(3));
    let outline =
        Outline { items: vec![item("Asks before she decides for others", 3)?, item("Gives a meeting its end", 2)?], questions: Vec::new() };
    let asked = starting(outline, 7, now.in_zone(&priya.zone).date().saturating_add(9.days()), "priya")?;
    app.write(move |tx| verbs::start(tx, &priya, &asked)).await.map(|_| ())
}
