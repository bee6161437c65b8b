//! A circle of three who practise speaking, and a fourth who has not answered yet.

use super::history::viewer;
use crate::app::App;
use crate::circles::circle::Draft;
use crate::circles::verbs;
use crate::error::Result;
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::HashMap;

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    app.clock.show(days_ago(6));
    let people = who.clone();
    let circle = app
        .write(move |tx| {
            let mateus = viewer(tx, &people, "mateus")?;
            let asked = ["yuki", "wayan", "duarte"].iter().map(|key| Ok(viewer(tx, &people, key)?.person)).collect::<Result<Vec<_>>>()?;
            let draft = Draft {
                name: "Speaking up".into(),
                about: "Each of us gives a talk of five minutes, and the others say what they heard. No slides in the first month.".into(),
                people: asked,
                hours: 2,
                months: 6,
                nonce: "village circle".into(),
            };
            verbs::propose(tx, &mateus, &draft)
        })
        .await?;
    for (days, key) in [(5, "yuki"), (3, "wayan")] {
        app.clock.show(days_ago(days));
        let people = who.clone();
        app.write(move |tx| {
            let one = viewer(tx, &people, key)?;
            verbs::accept(tx, &one, circle)
        })
        .await?;
    }
    Ok(())
}
