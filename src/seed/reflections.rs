//! What Amina wrote for herself on the way, and what of it Tomáš reads.

use super::history::pair;
use crate::app::App;
use crate::error::Result;
use crate::reflections::{Draft, Model, verbs};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::{BTreeSet, HashMap};

/// Tells it by the product's own verbs, at the moments at which it happened; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    let people = who.clone();
    let (amina, tomas, together) = app.read(move |tx| pair(tx, &people)).await?;
    let draft = |model, texts: &[&str], nonce: &str| Draft {
        model,
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        comes_back: true,
        nonce: format!("village {nonce}"),
    };
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let guided = draft(
        Model::Surprise,
        &[
            "That Tomáš asked me what I would do on my first day, and I had an answer.\nI had never said it aloud.",
            "That I would be told what to learn next. At school there was always a list.",
            "I know more than I can show. What is missing is something to show.",
            "Tomáš, and the woman in the school office.",
        ],
        "surprise",
    );
    let free =
        draft(Model::Free, &["Grouping first, then counting. I do it the wrong way round when I hurry.\n\nSlow is quicker."], "free");

    app.clock.show(days_ago(8));
    let one = amina.clone();
    let id = app.write(move |tx| verbs::write(tx, &one, &guided)).await?;
    if let Some(together) = together {
        app.clock.show(days_ago(7));
        let one = amina.clone();
        app.write(move |tx| verbs::share(tx, &one, id, together, &BTreeSet::from([0, 3]))).await?;
    }
    app.clock.show(days_ago(5));
    app.write(verbs::bring_back).await?;
    let one = amina.clone();
    app.write(move |tx| verbs::answer(tx, &one, id, crate::reflections::Verdict::Still, "")).await?;

    app.clock.show(days_ago(3));
    app.write(move |tx| verbs::write(tx, &amina, &free)).await?;
    let own = draft(Model::Free, &["I explain too much. Next time I wait until she has drawn it herself."], "his");
    app.write(move |tx| verbs::write(tx, &tomas, &own)).await?;
    app.clock.show(now);
    app.write(verbs::bring_back).await.map(|_| ())
}
