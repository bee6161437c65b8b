//! Saying what one wants to learn, as stories.

use crate::story::{Actor, story};

/// What a story says of a goal through its pages.
pub trait Wishing {
    /// Answers all six questions; returns the goal's path.
    fn sets_goal(&self, outcome: &str, skill: (&str, &str, &str), help: &[&str]) -> String;
}

impl Wishing for Actor<'_> {
    fn sets_goal(&self, outcome: &str, (skill, present, target): (&str, &str, &str), help: &[&str]) -> String {
        let next = self.posts("/goals", &[("outcome", outcome)]).goes();
        let goal = next.rsplit_once('/').expect("a step").0.to_owned();
        self.posts(&next, &[("skill_0", skill), ("present_0", present), ("target_0", target)]).goes();
        self.posts(&format!("{goal}/why"), &[("why", "The school year ends in June.")]).goes();
        self.posts(&format!("{goal}/success"), &[("success", "One analysis that somebody used.")]).goes();
        self.posts(&format!("{goal}/by"), &[("by", "3m")]).goes();
        let help: Vec<(&str, &str)> = help.iter().map(|help| ("help", *help)).collect();
        assert_eq!(self.posts(&format!("{goal}/help"), &help).goes(), goal);
        goal
    }
}

#[test]
fn p01_a_goal_is_said_in_six_short_questions_and_comes_to_an_advice() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.sees("/goals", "What would you like to be able to do?");
        amina.posts("/goals", &[("outcome", " ")]).refuses("Please fill this in.");
        let step = amina.posts("/goals", &[("outcome", "Find out whether SQL and data analysis suit me")]).goes();
        // The skills that the sentence names are there already.
        let page = amina.gets(&step).ok();
        assert!(page.html().contains("value=\"SQL\""), "{}", page.html());
        let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise", "challenge"]);
        amina
            .gets(&goal)
            .ok()
            .shows("This calls for a mentor")
            .shows("advise you")
            .shows("Data analysis")
            .shows("from “has tried it” to “does it well”")
            .shows("See who can help")
            .shows("Only you");
    });
}

#[test]
fn p01_a_draft_is_kept_at_each_step_and_goes_on_where_it_stopped() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let step = amina.posts("/goals", &[("outcome", "Give a talk without losing sleep")]).goes();
        let goal = step.rsplit_once('/').expect("a step").0.to_owned();
        amina
            .posts(&step, &[("skill_0", "public speaking"), ("present_0", "4"), ("target_0", "2")])
            .refuses("the other way round")
            .shows("Step 2 of 6");
        amina.posts(&step, &[("skip", "yes")]).goes();
        assert_eq!(amina.posts(&format!("{goal}/why"), &[("why", "The talk is in May."), ("later", "yes")]).goes(), "/goals");
        s.days_pass(3);
        let list = amina.gets("/goals").ok().shows("Give a talk without losing sleep").shows("go on");
        assert!(list.html().contains(&format!("{goal}/success")));
        amina.sees(&goal, "not said to its end yet");
        amina.sees(&format!("{goal}/why"), "The talk is in May.");
        amina.posts(&format!("{goal}/success"), &[("skip", "yes")]).goes();
        amina.posts(&format!("{goal}/by"), &[("by", "day"), ("by_on", "2020-01-01")]).refuses("between today and ten years");
        amina.posts(&format!("{goal}/by"), &[("by", "none")]).goes();
        amina.posts(&format!("{goal}/help"), &[("help", "reflect")]).goes();
        amina.sees(&goal, "This calls for a coach");
    });
}

#[test]
fn p01_whoever_stops_before_an_answer_comes_back_to_that_question() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let step = amina.posts("/goals", &[("outcome", "Speak up in meetings")]).goes();
        assert_eq!(amina.posts(&step, &[("skill_0", ""), ("later", "yes")]).goes(), "/goals");
        assert!(amina.gets("/goals").ok().html().contains(&step), "the question she stopped at");
        amina.gets(&step).ok().shows("I do not want this goal any more");
        let goal = step.rsplit_once('/').expect("a step").0;
        amina.posts(&format!("{goal}/end"), &[("how", "let_go")]).goes();
        amina.does_not_see("/today", "You began to say");
    });
}

#[test]
fn p01_a_change_keeps_what_was_said_before_and_leads_back_to_the_people() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let goal = amina.sets_goal("Apply for a first analyst job", ("SQL", "2", "3"), &["teach"]);
        let id = goal.rsplit('/').next().expect("an id").to_owned();
        let to = amina.posts(&format!("{goal}/help"), &[("help", "hold_to_account")]).goes();
        assert_eq!(to, format!("/find?goal={id}&version=2&changed=help"));
        amina.gets(&goal).ok().shows("partner to learn with").shows("What you said before").shows("Version 1").shows("teach me");
        // Saying the same again changes nothing.
        assert_eq!(amina.posts(&format!("{goal}/help"), &[("help", "hold_to_account")]).goes(), goal);
        amina.does_not_see(&goal, "Version 2");
    });
}

#[test]
fn a_goal_is_its_owners_alone() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let (cora, ada) = (s.coordinator("Cora"), s.administrator("Ada"));
        let goal = amina.sets_goal("Leave without a fight", ("negotiation", "2", "3"), &["reflect"]);
        for other in [&tomas, &cora, &ada] {
            other.finds_nothing(&goal);
            other.finds_nothing(&format!("{goal}/why"));
            other.posts(&format!("{goal}/why"), &[("why", "x")]).refuses("nothing here");
            other.posts(&format!("{goal}/end"), &[("how", "reached")]).refuses("nothing here");
            other.does_not_see("/goals", "Leave without a fight");
            other.posts("/goals", &[("goal", &goal["/goals/".len()..]), ("outcome", "Mine now")]).refuses("nothing here");
        }
        // Nor does it lie open in the database.
        let rows = s.does(|tx| Ok(tx.all::<(Vec<u8>,)>(chiron_store::sql!("select outcome from goal_versions"), &[])?));
        assert!(!rows.iter().any(|(outcome,)| outcome.windows(5).any(|w| w == b"fight")));
    });
}

#[test]
fn a_goal_ends_well_either_way_and_leaves_with_its_owner() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let one = amina.sets_goal("Read a balance sheet", ("accounting", "1", "2"), &["teach"]);
        let two = amina.sets_goal("Learn to juggle", ("juggling five balls", "1", "2"), &[]);
        amina.posts(&format!("{one}/end"), &[("how", "reached")]).goes();
        amina.posts(&format!("{two}/end"), &[("how", "let_go")]).goes();
        amina.gets("/goals").ok().shows("reached").shows("let go");
        amina.posts(&format!("{one}/why"), &[("why", "x")]).refuses("This goal is closed");
        amina.posts(&format!("{one}/end"), &[("how", "draft")]).refuses("already closed");
        let person = amina.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(taken.contains("Read a balance sheet") && taken.contains("juggling five balls"), "{taken}");
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        let left = s.does(|tx| Ok(tx.one::<(i64,)>(chiron_store::sql!("select count(*) from goals"), &[])?));
        assert_eq!(left, (0,));
    });
}
