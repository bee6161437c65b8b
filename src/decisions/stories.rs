//! Stories about decisions.

use super::{DecisionId, verbs};
use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::story::{Actor, Answer, story};

fn decides(actor: &Actor, relationship: &str, fields: &[(&str, &str)]) -> Answer {
    let nonce = format!("{fields:?} {:?}", actor.story.now());
    let usual = [
        ("question", "Which course?"),
        ("options", "- Evening school\n- Online"),
        ("criteria", "Time with the children"),
        ("chosen", "Online"),
        ("why", "I can pause it."),
        ("review_on", "2026-12-01"),
        ("audience", "pair"),
        ("nonce", &nonce),
    ];
    let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
    actor.posts(&format!("{relationship}/decisions"), &all)
}

#[test]
fn p31_a_decision_comes_back_on_its_day_and_asks_what_was_learned() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.sees(&format!("{relationship}/decisions"), "Nothing decided yet");
        amina.sees(&format!("{relationship}/decisions/new"), "What was to be decided?");
        decides(&amina, &relationship, &[("chosen", "")]).refuses("Please fill this in").shows("I can pause it.");
        decides(&amina, &relationship, &[("review_on", "2026-11-01")]).refuses("a day after today").shows("I can pause it.");
        let decision = decides(&amina, &relationship, &[]).goes();
        tomas.gets(&decision).ok().shows("Evening school").shows("Time with the children").hides("Was it right?");
        tomas.sees(&format!("{relationship}/decisions"), "Online");
        amina.does_not_see("/today", "You decided: Online");

        s.days_pass(29);
        amina.is_told("was it right?");
        assert!(tomas.was_told().iter().all(|t| !t.title.contains("was it right")));
        amina.sees("/today", "You decided: Online");
        amina.sees(&relationship, "A decision is back");
        assert_eq!(tomas.posts(&format!("{decision}/review"), &[("verdict", "right")]).state, 404);
        amina.posts(&format!("{decision}/review"), &[("learned", "My words")]).refuses("Please choose one").shows("My words");
        amina.posts(&format!("{decision}/review"), &[("verdict", "partly"), ("learned", "Ask others sooner.")]).goes();
        tomas.gets(&decision).ok().shows("Partly right").shows("Ask others sooner.");
        amina.does_not_see("/today", "You decided: Online");
        amina.posts(&format!("{decision}/review"), &[("verdict", "right")]).refuses("looked back on this already");
    });
}

#[test]
fn p31_it_may_be_too_early_to_say() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let decision = decides(&amina, &relationship, &[]).goes();
        s.days_pass(29);
        let again = format!("{decision}/look-again");
        amina.posts(&again, &[("review_on", "2026-11-01")]).refuses("a day after today");
        amina.posts(&again, &[("review_on", "2027-01-10")]).goes();
        amina.gets(&decision).ok().shows("It comes back on 10 January 2027");
        let told = amina.was_told().len();
        s.days_pass(25);
        amina.does_not_see("/today", "You decided: Online");
        s.days_pass(16);
        assert_eq!(amina.was_told().len(), told + 1, "each time its day comes");
        amina.sees("/today", "You decided: Online");
    });
}

#[test]
fn p31_a_decision_for_oneself_is_nobody_elses() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let decision = decides(&amina, &relationship, &[("audience", "me"), ("chosen", "Leave the firm")]).goes();
        tomas.finds_nothing(&decision);
        tomas.does_not_see(&format!("{relationship}/decisions"), "Leave the firm");
        let [mallory] = s.people(["Mallory"]);
        mallory.finds_nothing(&decision);
        s.administrator("Ada").finds_nothing(&decision);
        assert_eq!(decides(&mallory, &relationship, &[]).state, 404);
        let person = amina.person();
        let exported = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person));
        assert!(exported.to_string().contains("Leave the firm"), "{exported}");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.gets(&decision).ok().hides("Leave the firm").shows("This was forgotten.");
        amina.posts(&format!("{relationship}/end"), &[]).goes();
        decides(&amina, &relationship, &[("chosen", "Late")]).refuses("ended already");
    });
}

#[test]
fn p31_two_clients_that_sweep_at_once_bring_it_back_once() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let decision = decides(&amina, &relationship, &[]).goes();
        s.clock_moves(jiff::SignedDuration::from_hours(24 * 30));
        let elsewhere = s.another_node();
        let (one, other) = (s.app().write(verbs::recall), elsewhere.write(verbs::recall));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        let id: DecisionId = decision["/decisions/".len()..].parse().expect("a decision");
        let me = amina.viewer();
        let viewer = me.clone();
        let first = s.app().write(move |tx| verbs::review(tx, &me, id, super::Verdict::Right, "One"));
        let second = elsewhere.write(move |tx| verbs::review(tx, &viewer, id, super::Verdict::Otherwise, "Other"));
        let (one, other) = s.waits(async { futures_util::future::join(first, second).await });
        assert!(one.is_ok() != other.is_ok(), "both or neither");
    });
}
