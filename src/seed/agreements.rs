//! What Amina and Tomáš agreed: both said yes after their first conversation, and a week ago they signed how they work.

use super::history::viewer;
use crate::agreements::{Agreement, AgreementState, elements_of, verbs};
use crate::app::App;
use crate::error::{Error, Result};
use crate::relationships::{Fit, RelationshipState, verbs as partners};
use crate::viewer::PersonId;
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashMap};

/// Tells it by the product's own verbs; `now` is the present.
pub async fn tell(app: &App, who: &HashMap<String, PersonId>, now: Timestamp) -> Result<()> {
    app.clock.show(now - SignedDuration::from_hours(24 * 6));
    let people = who.clone();
    app.write(move |tx| {
        let (amina, tomas) = (viewer(tx, &people, "amina")?, viewer(tx, &people, "tomas")?);
        let found = partners::mine(tx, &amina)?.into_iter().find(|r| r.role_of(tomas.person).is_some() && r.state == RelationshipState::TryingOut);
        let Some(relationship) = found else { return Ok(()) };
        for one in [&amina, &tomas] {
            partners::say_fit(tx, one, relationship.id, Fit::Yes, 120, true, "")?;
        }
        let drafts = [
            (
                &amina,
                "By June I want to have three pieces of work to show, and to know which kind of data work is mine.",
                "I bring a question the day before, with what I tried. Afterwards I write down what I will do.",
            ),
            (
                &tomas,
                "By June I want to have three pieces of work to show, and to know which kind of data work is mine.",
                "Amina sends a question the day before. I read it before we meet, not while we meet.",
            ),
        ];
        for (one, focus, preparation) in drafts {
            let mut draft: BTreeMap<String, String> =
                elements_of(relationship.kind).iter().map(|element| (element.code.to_owned(), element.usual_in(relationship.kind))).collect();
            draft.insert("focus".into(), focus.into());
            draft.insert("preparation".into(), preparation.into());
            draft.insert("cadence".into(), "14".into());
            verbs::save_draft(tx, one, relationship.id, &draft)?;
        }
        let preparation = elements_of(relationship.kind).iter().find(|element| element.code == "preparation").ok_or(Error::NotFound)?;
        let words = "Amina sends a question the day before, with what she tried, and Tomáš reads it before they meet. Afterwards she writes down what she will do.";
        for one in [&amina, &tomas] {
            verbs::settle(tx, one, relationship.id, preparation, words)?;
        }
        for one in [&amina, &tomas] {
            let paper = verbs::read(tx, one, relationship.id)?;
            if let Some(open) = paper.open.filter(|open| matches!(open.agreement, Agreement { state: AgreementState::Signing, .. })) {
                verbs::sign(tx, one, relationship.id, &open.hash)?;
            }
        }
        Ok(())
    })
    .await
}
