//! What someone wants to learn, said before they look for anybody: the outcome in their words, the skill and how far,
//! and which kind of help they wish for. Private to its owner; every change keeps what was there before.

mod goal;
mod pages;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use goal::{Advice, Answer, Brief, GoalId, GoalSkill, GoalState, Help, Step};

use crate::slices::{Needs, Personal, Reaction, Routes, Slice};

pub static SLICE: Slice = Slice {
    name: "goals",
    heading: "Goals",
    routes: || {
        Routes::new()
            .get("/goals", Needs::SignedIn, pages::list)
            .get("/goals/new", Needs::SignedIn, pages::new)
            .post("/goals", Needs::SignedIn, pages::begin)
            .get("/goals/{id}", Needs::Deed("goal.see"), pages::show)
            .post("/goals/{id}/end", Needs::Deed("goal.end"), pages::end)
            .get("/goals/{id}/{step}", Needs::Deed("goal.see"), pages::step)
            .post("/goals/{id}/{step}", Needs::Deed("goal.change"), pages::answer)
    },
    sweeps: &[],
    happenings: &["goal begun", "goal set", "goal changed", "goal ended"],
    reactions: &[Reaction { on: "skill merged", run: verbs::follow_merge }],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal { columns: &["goals.person_id"], export: verbs::export, forget: verbs::forget }],
    policy: goal::policy,
    today: verbs::needs,
};
