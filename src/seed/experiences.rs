//! What the village offers each other to try for real, and what came of some of it.

use super::history::viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::experiences::{Draft, OfferId, SeatId, verbs};
use crate::plans::Kind;
use crate::viewer::{PersonId, Viewer};
use chiron_store::Timestamp;
use jiff::{SignedDuration, ToSpan};
use std::collections::HashMap;

/// What somebody offers.
struct Told {
    by: &'static str,
    days_ago: i64,
    kind: Kind,
    title: &'static str,
    words: &'static str,
    takes: &'static str,
    /// A country and a town, or both empty.
    place: (&'static str, &'static str),
    places: i64,
    stands: i64,
    skills: &'static [&'static str],
    for_place: bool,
}

const OFFERS: &[Told] = &[
    Told {
        by: "duarte",
        days_ago: 21,
        kind: Kind::Project,
        title: "One week of the repair van’s accounts",
        words: "Thirty people repair office chairs, and nobody likes the numbers but me. You take one week from the first receipt to the sentence in which I say whether it was a good one. You learn what a margin is by losing one on paper.",
        takes: "Five evenings of an hour, over video",
        place: ("", ""),
        places: 2,
        stands: 40,
        skills: &["Entrepreneurship", "Budgeting"],
        for_place: false,
    },
    Told {
        by: "yuki",
        days_ago: 18,
        kind: Kind::Review,
        title: "Hear your own page read aloud",
        words: "You bring a page you have made. I go through it with my screen reader, and you listen without explaining. Afterwards we mend the first three things together.",
        takes: "Ninety minutes, on a day that suits both",
        place: ("", ""),
        places: 1,
        stands: 60,
        skills: &["Accessibility", "Front-end development"],
        for_place: false,
    },
    Told {
        by: "tomas",
        days_ago: 12,
        kind: Kind::Shadow,
        title: "A day at the desk where the trams are counted",
        words: "You sit beside us from the morning meeting to the evening report: where the numbers come from, who doubts them, and what we do when a tram has been counted twice. Ask whatever you like; I explain more when somebody asks.",
        takes: "Any Thursday, nine to four",
        place: ("CZ", "Brno"),
        places: 3,
        stands: 75,
        skills: &["SQL", "Data analysis"],
        for_place: false,
    },
    Told {
        by: "lea",
        days_ago: 8,
        kind: Kind::Talk,
        title: "Tell my team one thing in ten minutes",
        words: "My six people like to hear how others work. You tell them one thing that you know better than they do, and they ask. The first who spoke told us about seating plans, and we still use it.",
        takes: "A Tuesday at noon, ten minutes and the questions",
        place: ("CH", "Zürich"),
        places: 4,
        stands: 90,
        skills: &["Public speaking"],
        for_place: false,
    },
    Told {
        by: "rosa",
        days_ago: 6,
        kind: Kind::Teach,
        title: "Welcome newcomers at the open evening",
        words: "Every second month some twenty people come who have never had a mentor. You sit at one table with four of them, tell how you began, and help them to a first sentence of a goal.",
        takes: "One evening, from half past six to nine",
        place: ("ES", "Bilbao"),
        places: 5,
        stands: 30,
        skills: &["Facilitation"],
        for_place: true,
    },
    Told {
        by: "chaminda",
        days_ago: 4,
        kind: Kind::Shadow,
        title: "Sit in on a staff meeting without a budget",
        words: "Forty teachers, one fan, no money. You watch how something is decided all the same, and tell me afterwards what you would have said.",
        takes: "A Friday afternoon, and half an hour to talk",
        place: ("LK", "Galle"),
        places: 2,
        stands: 120,
        skills: &["Leadership"],
        for_place: false,
    },
];

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let named = |key: &'static str| {
        let people = who.clone();
        async move { app.read(move |tx| viewer(tx, &people, key)).await }
    };
    let mut offers: HashMap<&str, OfferId> = HashMap::new();
    for told in OFFERS {
        app.clock.show(days_ago(told.days_ago));
        let (by, until) = (named(told.by).await?, now.in_zone(&jiff::tz::TimeZone::UTC).date().checked_add(told.stands.days())?);
        let skills = told.skills.iter().map(|skill| skill.parse().map_err(|_| Error::broken(*skill))).collect::<Result<Vec<_>>>()?;
        let draft = Draft {
            for_place: told.for_place,
            kind: told.kind,
            title: told.title.into(),
            words: told.words.into(),
            takes: told.takes.into(),
            country: told.place.0.into(),
            town: told.place.1.into(),
            places: told.places,
            until,
            skills,
        };
        let nonce = format!("village {}", told.by);
        offers.insert(told.by, app.write(move |tx| verbs::offer(tx, &by, &draft, &nonce)).await?);
    }
    let asks = |by: &'static str, learner: Viewer, days: i64, why: &'static str| {
        let offer = offers.get(by).copied();
        async move {
            app.clock.show(days_ago(days));
            let offer = offer.ok_or(Error::NotFound)?;
            app.write(move |tx| verbs::ask(tx, &learner, offer, why, &format!("village {by}"))).await
        }
    };
    let gives = |by: Viewer, seat: SeatId, days: i64, words: &'static str| async move {
        app.clock.show(days_ago(days));
        app.write(move |tx| verbs::give(tx, &by, seat, words)).await
    };
    let (amina, priya, mateus) = (named("amina").await?, named("priya").await?, named("mateus").await?);

    let mateus_hears = asks("yuki", mateus.clone(), 16, "I build shop windows, and I have never heard one of mine.").await?;
    gives(named("yuki").await?, mateus_hears, 15, "Bring the one you are proudest of.").await?;
    app.clock.show(days_ago(7));
    app.write(move |tx| {
        verbs::finish(tx, &mateus, mateus_hears, "Four minutes of “button, button, button”. I mended it the same night.", true)
    })
    .await?;

    let amina_tells = asks("lea", amina.clone(), 5, "I stand before thirty every day, and have never told ten grown-ups anything.").await?;
    gives(named("lea").await?, amina_tells, 4, "Gladly. The Tuesday after next? They like questions more than slides.").await?;
    asks("tomas", priya, 2, "I write code for numbers that I have never seen used.").await?;
    app.clock.show(now);
    Ok(())
}
