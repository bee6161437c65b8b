//! Stories about what people take on.

use super::{ActionItemId, verbs};
use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::people::OpenTo;
use crate::story::{Actor, Answer, Story, story};
use crate::viewer::{Via, Viewer};
use chiron_store::sql;

/// What people in stories do about what they have taken on.
pub trait Acting {
    /// Takes something on, on the page of a relationship, and returns its path.
    fn takes_on(&self, relationship: &str, words: &str, fields: &[(&str, &str)]) -> String;
    fn tries_to_take_on(&self, path: &str, words: &str, fields: &[(&str, &str)]) -> Answer;
}

impl Acting for Actor<'_> {
    #[track_caller]
    fn takes_on(&self, relationship: &str, words: &str, fields: &[(&str, &str)]) -> String {
        self.tries_to_take_on(&format!("{relationship}/actions"), words, fields).goes();
        let (owner, nonce) = (self.person(), format!("{words} {:?}", self.story.now()));
        let taken: (ActionItemId,) = self
            .story
            .does(move |tx| Ok(tx.one(sql!("select id from action_items where owner_id = $1 and nonce = $2"), &[&owner, &nonce])?));
        format!("/actions/{}", taken.0)
    }

    fn tries_to_take_on(&self, path: &str, words: &str, fields: &[(&str, &str)]) -> Answer {
        let nonce = format!("{words} {:?}", self.story.now());
        let usual = [("words", words), ("due_on", "2026-11-06"), ("intensity", "partner"), ("nonce", &nonce)];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts(path, &all)
    }
}

/// Two people who have just begun, and where they meet.
pub fn two<'s>(s: &'s Story) -> ([Actor<'s>; 2], String) {
    let [amina, tomas] = s.people(["Amina", "Tomas"]);
    tomas.is_open_to(OpenTo::Mentor, 3);
    let ask = amina.asks(&tomas, "Work with data");
    let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
    ([amina, tomas], relationship)
}

fn id_of(path: &str) -> ActionItemId {
    path["/actions/".len()..].parse().expect("what was taken on")
}

/// How often someone was told something whose title has these words.
fn times_told(actor: &Actor, words: &str) -> usize {
    actor.was_told().iter().filter(|t| t.title.contains(words)).count()
}

#[test]
fn p41_what_is_taken_on_is_kept_and_the_partner_who_may_see_it_is_told() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let actions = format!("{relationship}/actions");
        amina.sees(&actions, "What will you do?");
        amina.tries_to_take_on(&actions, "", &[]).refuses("Please fill this in");
        amina.tries_to_take_on(&actions, "Long ago", &[("due_on", "2026-01-01")]).refuses("from today on").shows("Long ago");
        let action = amina.takes_on(&relationship, "Send the first draft", &[]);
        assert_eq!(amina.takes_on(&relationship, "Send the first draft", &[]), action, "sent twice is one");
        tomas.sees(&actions, "What Amina will do");
        tomas.sees(&relationship, "Send the first draft");
        assert_eq!(tomas.posts(&format!("{action}/keep"), &[]).state, 404);
        amina.posts(&format!("{action}/keep"), &[("words", "It took an hour.")]).goes();
        tomas.is_told("Amina has done what they took on");
        tomas.is_told("It took an hour.");
        amina.posts(&format!("{action}/drop"), &[("words", "My words")]).refuses("done already").shows("It is done.");
    });
}

#[test]
fn p41_the_partner_sees_only_what_the_learner_chose() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let quiet = amina.takes_on(&relationship, "Sleep more", &[("intensity", "silent")]);
        tomas.finds_nothing(&quiet);
        tomas.does_not_see(&format!("{relationship}/actions"), "Sleep more");
        tomas.does_not_see(&relationship, "Sleep more");
        amina.posts(&format!("{quiet}/not-yet"), &[("words", "Netflix")]).goes();
        amina.posts(&format!("{quiet}/follow"), &[("intensity", "partner")]).goes();
        // What was said while nobody was to see it stays hers.
        tomas.gets(&quiet).ok().shows("Sleep more").hides("Netflix");
        amina.sees(&quiet, "Netflix");
        let [mallory] = s.people(["Mallory"]);
        mallory.finds_nothing(&quiet);
        s.administrator("Ada").finds_nothing(&quiet);
        assert_eq!(mallory.tries_to_take_on(&format!("{relationship}/actions"), "Mine", &[]).state, 404);
    });
}

#[test]
fn p41_whoever_wants_no_mail_gets_none_and_today_still_shows_the_day() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let before = amina.was_told().len();
        amina.takes_on(&relationship, "Read chapter two", &[("intensity", "silent")]);
        amina.does_not_see("/today", "Read chapter two");
        s.days_pass(3);
        amina.sees("/today", "Its day is near.");
        s.days_pass(20);
        assert_eq!(amina.was_told().len(), before);
        amina.sees("/today", "Its day has passed. How did it go?");
    });
}

#[test]
fn p41_a_missed_check_in_brings_a_way_on_once_and_no_score() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let action = amina.takes_on(&relationship, "Call the school", &[]);
        s.days_pass(4);
        assert_eq!(times_told(&amina, "How did it go"), 0, "her day is not over");
        s.days_pass(1);
        amina.is_told("How did it go with what you took on?");
        s.days_pass(4);
        amina.is_told("What got in the way?");
        let told = amina.was_told().len();
        s.days_pass(20);
        assert_eq!(amina.was_told().len(), told, "nobody presses");
        assert!(tomas.was_told().iter().all(|t| !t.title.contains("took on")), "and nobody tells on her");

        amina.sees(&action, "What got in the way?");
        let (later, smaller) = ("2026-12-20", "Find the number of the school");
        amina.posts(&format!("{action}/carry-over"), &[("due_on", later), ("words", "I was ill."), ("smaller", smaller)]).goes();
        amina.gets(&action).ok().shows("Moved once. Plans do that.").shows(smaller).shows("I was ill.");
        tomas.gets(&action).ok().shows(smaller).hides("Moved once");
        let html = amina.gets(&action).html() + &amina.gets("/actions").html();
        for shaming in ["streak", "score", "overdue", "failed", "rank", "%"] {
            assert!(!html.contains(&format!(" {shaming}")), "“{shaming}” stands on a page");
        }
    });
}

#[test]
fn p41_a_letter_once_a_week_is_answered_by_reply() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let [one, other, third] = ["Write", "Paint", "Sing"]
            .map(|words| amina.takes_on(&relationship, words, &[("intensity", "weekly"), ("due_on", "2026-11-26")]));
        s.days_pass(7);
        assert_eq!(times_told(&amina, "How is it going"), 3);
        s.days_pass(7);
        assert_eq!(times_told(&amina, "How is it going"), 6);
        let (person, ids) = (amina.person(), [id_of(&one), id_of(&other), id_of(&third)]);
        s.does(move |tx| {
            let viewer = Viewer::of_person(tx, person, Via::Letter)?.expect("someone who is here");
            verbs::receive(tx, &viewer, ids[0], "Kept! Every morning.")?;
            verbs::receive(tx, &viewer, ids[1], "not yet, no colours left")?;
            verbs::receive(tx, &viewer, ids[2], "drop it")
        });
        amina.gets(&one).ok().shows("It is done.").shows("Every morning.");
        amina.gets(&other).ok().shows("no colours left").shows("You took this on");
        amina.sees(&third, "It was let go.");
        assert_eq!(times_told(&amina, "How is it going"), 2, "what has ended is not asked about any more");
    });
}

#[test]
fn p41_a_check_in_is_answered_from_the_letter_without_signing_in() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.takes_on(&relationship, "Call the school", &[]);
        let other = amina.takes_on(&relationship, "Draw the map", &[]);
        s.days_pass(5);
        amina.reads_in_letter("How did it go with what you took on?");
        let letters = amina.letters();
        let about = |words: &str| letters.iter().rev().find(|l| l.says(words)).expect("a letter");
        let link = |words: &str, label: &str| {
            let found = about(words).links.iter().find(|(l, _)| l == label).expect("a link").1.clone();
            found.strip_prefix(&s.app().config.url()).expect("a link to this place").to_owned()
        };
        let done = link("Call the school", "It is done");
        s.visitor().gets(&done).ok().shows("Call the school").shows("Tomas sees what you answer");
        s.visitor().posts(&done, &[("words", "They were kind.")]).ok().shows("It is written down");
        tomas.is_told("They were kind.");
        let not_yet = link("Draw the map", "Not yet");
        s.visitor().posts(&not_yet, &[("due_on", "2026-01-01")]).refuses("from today on");
        s.visitor().posts(&not_yet, &[("due_on", "2026-11-20"), ("words", "No paper.")]).ok().shows("Friday 20 November");
        amina.gets(&other).ok().shows("No paper.").shows("Friday 20 November");
        s.visitor().gets(&link("Draw the map", "It is done")).ok().shows("Draw the map");
    });
}

#[test]
fn p41_two_clients_that_sweep_at_once_ask_once() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        amina.takes_on(&relationship, "Call the school", &[]);
        for words in ["How did it go", "What would help"] {
            s.clock_moves(jiff::SignedDuration::from_hours(24 * 6));
            let elsewhere = s.another_node();
            let (one, other) = (s.app().write(verbs::ask_around), elsewhere.write(verbs::ask_around));
            let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
            assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
            assert_eq!(times_told(&amina, words), 1);
        }
    });
}

#[test]
fn p41_of_two_answers_given_at_once_exactly_one_counts() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        for round in 0..4 {
            let id = id_of(&amina.takes_on(&relationship, &format!("Thing {round}"), &[]));
            let (one, other, elsewhere) = (amina.viewer(), amina.viewer(), s.another_node());
            let keep = s.app().write(move |tx| verbs::keep(tx, &one, id, ""));
            let drop = elsewhere.write(move |tx| verbs::drop(tx, &other, id, ""));
            let (one, other) = s.waits(async { futures_util::future::join(keep, drop).await });
            assert!(one.is_ok() != other.is_ok(), "both or neither");
        }
    });
}

#[test]
fn p41_something_for_oneself_is_sealed_under_its_own_key_and_forgotten_with_it() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.sees("/actions/new", "What will you do?");
        amina.tries_to_take_on("/actions", "Ask for a raise", &[("intensity", "partner")]).refuses("nobody here who could see it");
        amina.tries_to_take_on("/actions", "Ask for a raise", &[("intensity", "weekly")]).goes();
        amina.sees("/actions", "Ask for a raise");
        let (person, me) = (amina.person(), amina.viewer());
        let exported = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person));
        assert!(exported.to_string().contains("Ask for a raise"), "{exported}");
        let left = s.does(move |tx| {
            (super::SLICE.personal[0].forget)(tx, person)?;
            Ok(verbs::own(tx, &me)?.ended.into_iter().map(|told| told.words).collect::<Vec<_>>())
        });
        assert_eq!(left, ["This was forgotten."]);
        s.days_pass(30);
        assert!(amina.was_told().is_empty());
    });
}

#[test]
fn p38_an_if_then_plan_stands_beside_what_was_taken_on() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let plan = [("plan_if", "it is Tuesday after lunch"), ("plan_then", "open the file")];
        amina.tries_to_take_on(&format!("{relationship}/actions"), "Write", &plan[..1]).refuses("both, or neither");
        let action = amina.takes_on(&relationship, "Write", &plan);
        tomas.sees(&action, "If it is Tuesday after lunch, then I open the file.");
        s.days_pass(5);
        amina.is_told("If it is Tuesday after lunch, then I open the file.");
    });
}

#[test]
fn p41_what_serves_a_goal_says_so_to_its_owner_alone() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let goal = amina.sets_goal("Lead a team of five", ("leadership", "2", "4"), &["advise"]);
        let goal = goal.rsplit('/').next().expect("an id").to_owned();
        let action = amina.takes_on(&relationship, "Ask for the role", &[("goal", &goal)]);
        amina.sees(&action, "Lead a team of five");
        tomas.gets(&action).ok().hides("Lead a team of five");
        let theirs = tomas.tries_to_take_on(&format!("{relationship}/actions"), "Mine", &[("goal", &goal)]);
        assert_eq!(theirs.state, 404, "somebody else's goal is not there");
    });
}

#[test]
fn p41_after_the_end_what_is_open_stays_its_owners() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let action = amina.takes_on(&relationship, "Call the school", &[]);
        amina.posts(&format!("{relationship}/end"), &[]).goes();
        let told = tomas.was_told().len();
        amina.posts(&format!("{action}/keep"), &[]).goes();
        assert_eq!(tomas.was_told().len(), told, "nobody is told after the end");
        amina.tries_to_take_on(&format!("{relationship}/actions"), "More", &[]).refuses("ended already");
    });
}
