//! Stories about plans.

use super::ItemId;
use super::plan::Kind;
use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::attainment::stories::Attaining;
use crate::goals::GoalId;
use crate::goals::stories::Wishing;
use crate::people::OpenTo;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

/// What people in stories do with plans.
pub trait Planning {
    /// Makes a plan from a template for a goal, from Monday 9 November at three hours a week; returns its path.
    fn plans(&self, goal: &str, template: &str) -> String;
    fn tries_to_plan(&self, goal: &str, template: &str, fields: &[(&str, &str)]) -> Answer;
    fn shares_plan(&self, plan: &str, relationship: &str);
    /// The path of what stands in a plan, by how many of its kind were made before it.
    fn finds(&self, plan: &str, kind: Kind, place: usize) -> String;
    /// Changes it as one who looked at this version of it.
    fn changes(&self, item: &str, version: &str, fields: &[(&str, &str)]) -> Answer;
    /// Suggests something to try; returns its path.
    fn suggests(&self, plan: &str, title: &str) -> String;
    fn closes(&self, item: &str, outcome: &str) -> Answer;
}

impl Planning for Actor<'_> {
    #[track_caller]
    fn plans(&self, goal: &str, template: &str) -> String {
        self.tries_to_plan(goal, template, &[]).goes()
    }

    fn tries_to_plan(&self, goal: &str, template: &str, fields: &[(&str, &str)]) -> Answer {
        let nonce = format!("{goal} {template}");
        let id = goal.rsplit('/').next().unwrap_or_default();
        let usual = [("goal", id), ("template", template), ("first_on", "2026-11-09"), ("hours", "3"), ("nonce", nonce.as_str())];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts("/plans", &all)
    }

    #[track_caller]
    fn shares_plan(&self, plan: &str, relationship: &str) {
        let id = relationship.rsplit('/').next().expect("an id");
        self.posts(&format!("{plan}/share"), &[("with", id)]).goes();
    }

    fn finds(&self, plan: &str, kind: Kind, place: usize) -> String {
        let plan: super::PlanId = plan["/plans/".len()..].parse().expect("a plan");
        let all: Vec<(ItemId,)> = self.story.does(move |tx| {
            Ok(tx.all(sql!("select id from plan_items where plan_id = $1 and kind = $2 order by made_at, id limit 300"), &[&plan, &kind])?)
        });
        format!("/plans/items/{}", all[place].0)
    }

    fn changes(&self, item: &str, version: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("version", version)];
        all.extend(fields);
        self.posts(item, &all)
    }

    #[track_caller]
    fn suggests(&self, plan: &str, title: &str) -> String {
        let fields = [("kind", "shadow"), ("title", title), ("note", "You will see more than I can tell."), ("nonce", title)];
        self.posts(&format!("{plan}/suggest"), &fields).goes();
        let person = self.person();
        let made: (ItemId,) = self.story.does(move |tx| {
            Ok(tx.one(sql!("select id from plan_items where suggested_by_id = $1 order by made_at desc, id desc limit 1"), &[&person])?)
        });
        format!("/plans/items/{}", made.0)
    }

    fn closes(&self, item: &str, outcome: &str) -> Answer {
        self.posts(&format!("{item}/close"), &[("outcome", outcome)])
    }
}

/// Amina works with Tomas and has a plan that only she sees: four milestones, eleven things to do.
fn alone<'s>(s: &'s Story) -> ([Actor<'s>; 2], String, String, String) {
    let ([amina, tomas], relationship) = two(s);
    let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise"]);
    let plan = amina.plans(&goal, "changing-fields");
    ([amina, tomas], relationship, goal, plan)
}

/// The same, shared with Tomas.
fn shared<'s>(s: &'s Story) -> ([Actor<'s>; 2], String, String, String) {
    let world = alone(s);
    world.0[0].shares_plan(&world.3, &world.1);
    world
}

#[test]
fn p34_a_plan_is_made_from_a_template_in_one_form_with_its_days_worked_out() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.gets("/plans").ok().shows("No plan yet");
        amina.gets("/plans/new").ok().shows("A first leadership role").shows("Returning after a break").shows("An empty plan");
        amina.gets("/plans/new?template=speaking").ok().shows("Hours a week").shows("I have told one thing to a few people");
        // Nothing that was typed is lost.
        let typed = [("goal", "new"), ("outcome", "Speak to fifty people"), ("hours", "0"), ("first_on", "soon")];
        amina
            .tries_to_plan("", "speaking", &typed)
            .refuses("Please choose a day")
            .shows("from 1 to 40")
            .html()
            .contains("Speak to fifty people")
            .then_some(())
            .expect("what was typed");
        amina.tries_to_plan("", "speaking", &[("goal", ""), ("outcome", " ")]).refuses("Please fill this in");
        let plan = amina.tries_to_plan("", "speaking", &[("goal", "new"), ("outcome", "Speak to fifty people")]).goes();
        assert_eq!(amina.tries_to_plan("", "speaking", &[("goal", "new"), ("outcome", "Twice")]).goes(), plan, "sent twice is one");
        // Its first milestone takes seven hours, at three a week 16.3 days from the ninth.
        let page = amina
            .gets(&plan)
            .ok()
            .shows("Speak to fifty people")
            .shows("1. I have told one thing to a few people, standing")
            .shows("by 26 November 2026")
            .shows("Watch three talks that you like")
            .shows("by 14 November 2026")
            .shows("Only you")
            .shows("0 of 3");
        assert!(page.html().contains("<svg") && page.html().contains("The list below says the same"));
        amina.gets("/plans").ok().shows("Speak to fifty people").shows("Next: I have told one thing");
        amina.gets("/goals").ok().shows("Speak to fifty people");
        // A goal has one plan that goes on, and a form does not take another's goal.
        let goal = amina.gets(&plan).ok().html();
        let goal = goal.split("href=\"/goals/").nth(1).and_then(|rest| rest.split('"').next()).expect("the goal").to_owned();
        amina.tries_to_plan(&goal, "language", &[]).refuses("has a plan already");
        let [tomas] = s.people(["Tomas"]);
        assert_eq!(tomas.tries_to_plan(&goal, "language", &[]).state, 404);
        tomas.finds_nothing(&plan);
        s.administrator("Henrik").finds_nothing(&plan);
    });
}

#[test]
fn p34_everything_in_a_plan_can_be_changed_and_stands_by_its_day() {
    story(|s| {
        let ([amina, _], _, goal, plan) = alone(s);
        amina.gets(&goal).ok().shows("Next: I know three people who do it");
        let first = amina.finds(&plan, Kind::Milestone, 0);
        let task = amina.finds(&plan, Kind::Practise, 0);
        amina.changes(&first, "1", &[("title", "I know three analysts"), ("on_day", "")]).refuses("By which day?");
        amina.changes(&first, "1", &[("title", "I know three analysts"), ("on_day", "2040-01-01")]).refuses("within 10 years");
        amina.changes(&first, "1", &[("title", "I know three analysts"), ("on_day", "2027-12-01")]).goes();
        // It is the last now.
        amina.gets(&plan).ok().shows("4. I know three analysts").shows("by 1 December 2027").shows("1. I made one small thing");
        let second = amina.finds(&plan, Kind::Milestone, 1);
        let under = second.rsplit('/').next().expect("an id").to_owned();
        let moved = [
            ("kind", "talk"),
            ("title", "Ask four people"),
            ("link", "https://example.org/ask"),
            ("milestone", under.as_str()),
            ("on_day", ""),
        ];
        amina.changes(&task, "1", &moved).goes();
        amina.gets(&task).ok().shows("Give a talk, for “I made one small thing").shows("https://example.org/ask");
        amina
            .changes(&task, "2", &[("kind", "talk"), ("title", "x"), ("link", "javascript:alert(1)"), ("milestone", &under)])
            .refuses("whole web address");
        // A milestone goes when nothing stands under it.
        amina.posts(&format!("{second}/take-out"), &[("version", "1")]).refuses("still something to do under this milestone");
        let added = [("title", "I was paid for it"), ("on_day", "2027-06-01"), ("nonce", "new")];
        amina.posts(&format!("{plan}/add"), &added).goes();
        amina.posts(&format!("{plan}/add"), &added).goes();
        let page = amina.gets(&plan).ok().text();
        assert_eq!(
            page.matches("I was paid for it").count(),
            page.matches("I can tell in two minutes").count(),
            "sent twice is one: {page}"
        );
        let fifth = amina.finds(&plan, Kind::Milestone, 4);
        amina
            .posts(
                &format!("{plan}/add"),
                &[("under", fifth.rsplit('/').next().expect("an id")), ("kind", "project"), ("title", "Find who pays"), ("nonce", "n2")],
            )
            .goes();
        amina.gets(&plan).ok().shows("Find who pays");
        let last = amina.finds(&plan, Kind::Milestone, 3);
        let under = amina.finds(&plan, Kind::Review, 1);
        amina.posts(&format!("{under}/take-out"), &[("version", "1")]).goes();
        amina.finds_nothing(&under);
        amina.gets(&last).ok().shows("I have taken a first step");
        amina.posts(&format!("{plan}/put-away"), &[]).goes();
        amina.gets(&plan).ok().shows("This plan was put away");
        amina.changes(&first, "2", &[("title", "More"), ("on_day", "2027-01-01")]).refuses("put away already");
        amina.plans(&goal, "");
    });
}

#[test]
fn p34_two_people_who_write_at_the_same_moment_lose_nothing() {
    story(|s| {
        let ([amina, tomas], _, _, plan) = shared(s);
        let task = amina.finds(&plan, Kind::Practise, 0);
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        let under = milestone.rsplit('/').next().expect("an id").to_owned();
        let words = |title: &'static str| [("kind", "practise"), ("title", title), ("milestone", under.as_str()), ("note", "")];
        // Both have opened the same version; different things do not touch each other.
        tomas.changes(&task, "1", &words("Ask Lea, Ken and Ana")).goes();
        amina.changes(&milestone, "1", &[("title", "I know what their weeks are like"), ("on_day", "2026-12-20")]).goes();
        let page = amina.changes(&task, "1", &words("Ask five people"));
        assert_eq!(page.state, 409);
        let page = page.shows("Both texts are here").shows("As Tomas wrote it").shows("Ask Lea, Ken and Ana").shows("As you typed it");
        let html = page.html();
        assert!(html.contains("value=\"Ask five people\"") && html.contains("name=\"version\" value=\"2\""), "{html}");
        tomas.gets(&plan).ok().shows("Ask Lea, Ken and Ana").hides("Ask five people");
        // She sends it again, having seen both.
        amina.changes(&task, "2", &words("Ask Lea, Ken, Ana and two more")).goes();
        tomas.gets(&plan).ok().shows("Ask Lea, Ken, Ana and two more").shows("I know what their weeks are like");
        // What was taken out while somebody wrote on it comes back with their words, if they wish.
        tomas.posts(&format!("{task}/take-out"), &[("version", "2")]).refuses("changed a moment before");
        tomas.posts(&format!("{task}/take-out"), &[("version", "3")]).goes();
        amina.gets(&plan).ok().hides("two more");
        let page = amina
            .changes(&task, "3", &words("Ask Lea"))
            .shows("taken out of the plan while you were writing")
            .shows("Put it back like this");
        assert!(page.html().contains("value=\"Ask Lea\""));
        amina.changes(&task, "4", &words("Ask Lea")).goes();
        tomas.gets(&plan).ok().shows("Ask Lea");
        // The same two rows at the very same moment: one of them is told.
        let both = s.sends_at_once(2, || {
            amina.request_to_post(&task, &[("version", "5"), ("kind", "read"), ("title", "At once"), ("milestone", &under)])
        });
        let mut states: Vec<u16> = both.iter().map(|answer| answer.state).collect();
        states.sort_unstable();
        assert_eq!(states, [303, 409]);
    });
}

#[test]
fn p34_a_shared_plan_is_of_two_and_a_pair_only_goal_stays_so() {
    story(|s| {
        let ([amina, tomas], relationship, goal, plan) = alone(s);
        tomas.finds_nothing(&plan);
        amina.shares_plan(&plan, &relationship);
        tomas.is_told("Amina shares a plan with you");
        tomas
            .gets(&plan)
            .ok()
            .shows("Apply for a first analyst job")
            .shows("Only you and Amina")
            .hides("The school year ends in June.")
            .hides("Put it away");
        tomas.gets(&relationship).ok().shows("Next: I know three people who do it").shows("0 of 4 milestones reached");
        amina.gets(&relationship).ok().shows("Next: I know three people who do it");
        amina.gets(&goal).ok().shows("You and the one you share it with");
        tomas.finds_nothing(&goal);
        assert_eq!(tomas.posts(&format!("{plan}/share"), &[("with", "")]).state, 404, "only its owner says who sees it");
        let owner = amina.person();
        let id: GoalId = goal["/goals/".len()..].parse().expect("a goal");
        assert_eq!(s.does(move |tx| super::verbs::pair_only(tx, owner)), [id]);
        // Words of both lie under the key of the relationship; nothing of them stands in the database as it was typed.
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        tomas.changes(&milestone, "1", &[("title", "Three people, and their weeks"), ("on_day", "2026-12-20")]).goes();
        let keys: Vec<(i64,)> = s.does(|tx| {
            Ok(tx.all(
                sql!("select i.version from plan_items i join relationships r on r.id = i.relationship_id and r.key_id = i.key_id order by i.version"),
                &[],
            )?)
        });
        assert_eq!(keys, [(2,)]);
        // Taken back, it is hers alone, what he wrote in it too; and with somebody else she shares only what is hers.
        amina.posts(&format!("{plan}/share"), &[("with", "")]).goes();
        tomas.finds_nothing(&plan);
        tomas.does_not_see(&relationship, "Next:");
        amina.gets(&plan).ok().shows("Three people, and their weeks").shows("Only you");
        let lea = s.people(["Lea"]).into_iter().next().expect("Lea");
        lea.is_open_to(OpenTo::Mentor, 3);
        let ask = amina.asks(&lea, "Work with data");
        let other = lea.posts(&format!("{ask}/accept"), &[]).goes();
        amina.shares_plan(&plan, &other);
        lea.gets(&plan).ok().shows("I made one small thing of that kind").hides("Three people, and their weeks");
        // A goal that she keeps with Tomas has its plan with nobody else.
        let attainment = goal.replace("/goals/", "/attainment/");
        amina.lays_down(&attainment, &[]).goes();
        amina.shares(&attainment, &relationship);
        lea.finds_nothing(&plan);
        amina.posts(&format!("{plan}/share"), &[("with", other.rsplit('/').next().expect("an id"))]).refuses("between the same two");
        amina.shares_plan(&plan, &relationship);
        tomas.gets(&plan).ok().shows("Three people, and their weeks");
    });
}

#[test]
fn p34_a_milestone_is_reached_on_evidence_and_today_says_what_is_near() {
    story(|s| {
        let ([amina, tomas], relationship, _, plan) = shared(s);
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        amina.does_not_see("/today", "I know three people who do it");
        // Its twelve hours are over after four weeks: on 7 December.
        amina.gets(&plan).ok().shows("by 7 December 2026");
        s.days_pass(32);
        amina.gets("/today").ok().shows("I know three people who do it").shows("for 7 December 2026");
        tomas.does_not_see("/today", "I know three people who do it");
        amina.gets(&milestone).ok().shows("Is it reached?");
        amina.closes(&milestone, "").refuses("By what would somebody else see");
        amina.posts(&format!("{milestone}/close"), &[("outcome", "x"), ("outcome_link", "nowhere")]).refuses("whole web address");
        assert_eq!(tomas.closes(&milestone, "I saw it.").refuses("for Amina to say").state, 422);
        amina.closes(&milestone, "Notes of Lea, Ken and Ana").goes();
        amina.does_not_see("/today", "I know three people who do it");
        tomas.gets(&plan).ok().shows("Notes of Lea, Ken and Ana").shows("1 of 4");
        tomas.gets(&relationship).ok().shows("Next: I made one small thing").shows("1 of 4 milestones reached");
        amina.closes(&milestone, "Again").refuses("done already");
        amina.posts(&format!("{milestone}/reopen"), &[]).goes();
        amina.gets(&milestone).ok().shows("Is it reached?").shows("Notes of Lea, Ken and Ana");
    });
}

#[test]
fn p37_something_to_try_is_suggested_taken_or_not_now_and_closes_with_what_came_of_it() {
    story(|s| {
        let ([amina, tomas], _, _, plan) = shared(s);
        tomas
            .gets(&format!("{plan}/suggest"))
            .ok()
            .shows("Shadow somebody")
            .shows("Join or do a project")
            .shows("Give a talk")
            .shows("Review something");
        assert_eq!(amina.gets(&format!("{plan}/suggest")).state, 404, "one takes on one’s own things without being asked");
        tomas
            .posts(&format!("{plan}/suggest"), &[("kind", ""), ("title", "Come along"), ("nonce", "n")])
            .refuses("choose what it is")
            .shows("Come along");
        let item = tomas.suggests(&plan, "Come along to the depot on a Tuesday");
        amina.is_told("Tomas suggests something to try");
        amina.gets(&plan).ok().shows("Try this?").shows("Come along to the depot on a Tuesday");
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        let under = milestone.rsplit('/').next().expect("an id");
        assert_eq!(tomas.posts(&format!("{item}/take"), &[("milestone", under)]).state, 404);
        amina.posts(&format!("{item}/not-now"), &[]).goes();
        tomas.is_told("Amina says: not now");
        amina.gets(&plan).ok().hides("Try this?").shows("Not now, perhaps later");
        // Later is fine.
        amina.posts(&format!("{item}/take"), &[("milestone", under), ("on_day", "2026-11-17")]).goes();
        tomas.is_told("Amina tries what you suggested");
        amina.posts(&format!("{item}/take"), &[("milestone", under)]).refuses("answered this already");
        tomas.gets(&plan).ok().shows("suggested by you").shows("by 17 November 2026");
        // It does not close without a note of what came of it.
        amina.closes(&item, "").refuses("What came of it?");
        amina.posts(&format!("{item}/close"), &[("outcome", ""), ("outcome_link", "https://example.org/")]).refuses("What came of it?");
        amina.closes(&item, "They repair at night. I would not like that.").goes();
        tomas.is_told("Amina tried what you suggested");
        tomas.is_told("They repair at night.");
        tomas.gets(&item).ok().shows("They repair at night. I would not like that.");
        // Five wait at most.
        for n in 0..5 {
            tomas.posts(&format!("{plan}/suggest"), &[("kind", "read"), ("title", "A book"), ("nonce", &format!("book {n}"))]).goes();
        }
        tomas
            .posts(&format!("{plan}/suggest"), &[("kind", "read"), ("title", "One more"), ("nonce", "m")])
            .refuses("wait for an answer already");
    });
}

#[test]
fn p37_what_the_other_does_for_a_plan_is_theirs_to_finish_and_stands_on_their_today() {
    story(|s| {
        let ([amina, tomas], _, _, plan) = shared(s);
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        let under = milestone.rsplit('/').next().expect("an id").to_owned();
        let fields =
            [("under", under.as_str()), ("kind", "review"), ("title", "Read my first page"), ("on_day", "2026-11-04"), ("nonce", "r")];
        let doer = tomas.id();
        let theirs: Vec<(&str, &str)> = fields.iter().copied().chain([("doer", doer.as_str())]).collect();
        amina.posts(&format!("{plan}/add"), &theirs).goes();
        let item = amina.finds(&plan, Kind::Review, 2);
        tomas.sees("/today", "Read my first page");
        amina.does_not_see("/today", "Read my first page");
        tomas.closes(&item, "The second half is the better one.").goes();
        amina.gets(&plan).ok().shows("The second half is the better one.");
        tomas.does_not_see("/today", "Read my first page");
        // Nobody outside of the two can be given something to do.
        let lea = s.people(["Lea"]).into_iter().next().expect("Lea").id();
        let hers: Vec<(&str, &str)> =
            fields.iter().copied().filter(|(n, _)| *n != "nonce").chain([("doer", lea.as_str()), ("nonce", "s")]).collect();
        amina.posts(&format!("{plan}/add"), &hers).refuses("who works on it now");
    });
}

#[test]
fn plans_leave_with_their_owner_and_what_others_wrote_is_in_their_export() {
    story(|s| {
        let ([amina, tomas], _, goal, plan) = shared(s);
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        tomas.changes(&milestone, "1", &[("title", "His words"), ("on_day", "2026-12-20")]).goes();
        tomas.suggests(&plan, "Only suggested");
        let export = |actor: &Actor| {
            let person = actor.person();
            s.does(move |tx| crate::people::verbs::export(tx, person)).to_string()
        };
        let (hers, his) = (export(&amina), export(&tomas));
        assert!(hers.contains("I made one small thing of that kind") && hers.contains("His words"), "{hers}");
        assert!(his.contains("His words") && his.contains("Only suggested") && !his.contains("I made one small thing"), "{his}");
        let person = tomas.person();
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.gets(&plan).ok().shows("His words").hides("Only suggested");
        // A goal that is reached asks nothing any more.
        amina.posts(&format!("{goal}/end"), &[("how", "reached")]).goes();
        amina.gets(&plan).ok().shows("put away");
        let person = amina.person();
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        let left =
            s.does(|tx| Ok(tx.one::<(i64, i64)>(sql!("select (select count(*) from plans), (select count(*) from plan_items)"), &[])?));
        assert_eq!(left, (0, 0));
    });
}
