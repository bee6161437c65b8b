//! How somebody gets to a goal: milestones with a day, what to read, practise, join, shadow, present, review or teach for each,
//! and what came of it. Made in minutes from a template, and everything in it can be changed. The learner leads it; one other
//! may write in it too, and suggest something to try. A milestone is reached on evidence, never on a tick.

mod notices;
mod pages;
mod plan;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
mod templates;
pub mod verbs;

pub use pages::{goal_part, icon};
pub use plan::{Deed, Draft, Item, ItemId, ItemState, Kind, Outcome, Plan, PlanId, Words, next};
pub use templates::named;

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Need, Personal, PolicyTable, Reaction, RelationshipPart, Slice};
use crate::viewer::{PersonId, Via, Viewer};
use serde_json::json;
use verbs::Short;

pub static SLICE: Slice = Slice {
    name: "plans",
    heading: "Plans",
    routes: pages::routes,
    sweeps: &[],
    happenings: &[
        "plan made",
        "plan shared",
        "plan changed",
        "plan put away",
        "activity suggested",
        "suggestion answered",
        "activity done",
        "milestone reached",
        "milestone reopened",
    ],
    reactions: &[
        Reaction { on: "goal ended", run: |tx, happening| verbs::follow_goal_end(tx, happening.subject.into()) },
        Reaction { on: "attainment shared", run: |tx, happening| verbs::follow_sharing(tx, happening.subject.into()) },
    ],
    tellings: notices::TELLINGS,
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &["plans.owner_id", "plan_items.doer_id", "plan_items.suggested_by_id", "plan_items.last_by_id", "plan_items.made_by_id"],
        export,
        forget: sql::forget,
    }],
    policy,
    today,
};

/// On the first page of a relationship: what comes next in the plan that the two share.
pub const PART: RelationshipPart = RelationshipPart { tab: None, now: pages::now_block };

fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Need>> {
    let near = verbs::near(tx, viewer)?;
    let today = verbs::today(tx, viewer);
    let need = |item: Item| {
        let milestone = item.is_milestone();
        let line = match item.on {
            Some(on) if on < today => "Its day is over. Is it done, or would another day be better?".into(),
            Some(on) if milestone => format!("A milestone of your plan, for {}. What shows that it is reached?", pages::day_words(on)),
            Some(on) => format!("In your plan for {}", pages::day_words(on)),
            None => String::new(),
        };
        Need {
            by: None,
            title: item.words.title,
            line,
            path: format!("/plans/items/{}", item.id),
            button: if milestone { "Look at it" } else { "Say what came of it" }.into(),
        }
    };
    Ok(near.into_iter().map(need).collect())
}

fn export(tx: &mut Tx, person: PersonId) -> Result<serde_json::Value> {
    let Some(viewer) = Viewer::of_person(tx, person, Via::Errand)? else { return Ok(json!({})) };
    let item = |item: &Item| {
        json!({
            "kind": item.kind,
            "state": item.state,
            "by": item.on.map(|day| day.to_string()),
            "words": item.words,
            "mine_to_do": item.doer == person,
            "suggested_by_somebody": item.suggested_by.is_some(),
            "what_came_of_it": item.outcome,
            "made_at": item.made_at.jiff(),
            "done_at": item.closed_at.map(|at| at.jiff()),
        })
    };
    let plan = |short: Short| {
        let items: Vec<_> = short.items.iter().filter(|item| item.state != ItemState::TakenOut).map(item).collect();
        json!({
            "goal": short.goal,
            "first_day": short.plan.first_on,
            "hours_a_week": short.plan.hours,
            "shared": short.plan.relationship.is_some(),
            "made_at": short.plan.made_at.jiff(),
            "put_away_at": short.plan.ended_at.map(|at| at.jiff()),
            "items": items,
        })
    };
    let plans: Vec<_> = verbs::everything(tx, &viewer)?.into_iter().map(plan).collect();
    let elsewhere: Vec<_> = verbs::written(tx, person)?.iter().map(item).collect();
    Ok(json!({ "plans": plans, "what_i_wrote_into_plans_of_others": elsewhere }))
}

fn policy(table: &mut PolicyTable) {
    let cast = crate::relationships::cast();
    let (together, _) = crate::relationships::examples();
    let together = crate::relationships::Relationship { sponsor: Some(uuid::Uuid::from_u128(6).into()), ..together };
    let own = plan::example(cast[0].person, None);
    let shared = plan::example(cast[0].person, Some(together.id));
    let mut sponsor = cast[2].clone();
    sponsor.person = uuid::Uuid::from_u128(6).into();
    for deed in Deed::ALL {
        for (role, viewer) in ["owner", "partner", "another member", "coordinator", "administrator"].iter().zip(&cast) {
            table.row("plan", deed.as_str(), *role, own.allows(None, viewer, *deed));
            table.row("plan", deed.as_str(), format!("{role}, where it is shared"), shared.allows(Some(&together), viewer, *deed));
        }
        table.row("plan", deed.as_str(), "sponsor, where it is shared", shared.allows(Some(&together), &sponsor, *deed));
    }
}
