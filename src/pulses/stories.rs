//! Stories about how it goes between people.

use super::pulse::{OPEN_FOR, Pulse};
use super::sql;
use crate::asks::stories::Asking;
use crate::people::OpenTo;
use crate::sessions::stories::booked;
use crate::story::{Actor, Answer, Story, story};
use jiff::SignedDuration;

const WELL: [(&str, &str); 4] = [("goal", "mostly"), ("task", "mostly"), ("bond", "fully"), ("voice", "partly")];

fn pair<'s>(s: &'s Story, names: [&str; 2]) -> ([Actor<'s>; 2], String) {
    let [learner, mentor] = s.people(names);
    mentor.is_open_to(OpenTo::Mentor, 3);
    let ask = learner.asks(&mentor, "Work with data");
    let meet = mentor.posts(&format!("{ask}/accept"), &[]).goes();
    ([learner, mentor], meet)
}

fn two(s: &Story) -> ([Actor<'_>; 2], String) {
    pair(s, ["Amina", "Tomas"])
}

/// They meet so often, a day apart.
fn they_meet(s: &Story, [amina, tomas]: &[Actor; 2], meet: &str, times: usize) {
    for _ in 0..times {
        let tomorrow = (s.now() + SignedDuration::from_hours(24)).in_zone(&jiff::tz::TimeZone::UTC).date();
        let session = booked(amina, tomas, meet, &format!("{tomorrow}T10:00"), &[]);
        s.days_pass(2);
        tomas.posts(&format!("{session}/held"), &[]).goes();
    }
}

fn says(one: &Actor, meet: &str, levels: &[(&str, &str)], change: &str) -> Answer {
    one.posts(&format!("{meet}/pulse"), &[levels, &[("change", change)]].concat())
}

#[test]
fn p45_it_is_asked_of_both_and_read_by_both_once_both_have_answered() {
    story(|s| {
        let (both, meet) = two(s);
        let [amina, tomas] = &both;
        let page = format!("{meet}/pulse");
        amina.sees(&page, "Nothing is asked yet");
        says(amina, &meet, &WELL, "").refuses("not asked any more");
        they_meet(s, &both, &meet, 1);
        amina.does_not_see("/today", "How is it going with Tomas?");
        they_meet(s, &both, &meet, 1);
        for (one, other) in [(amina, "Tomas"), (tomas, "Amina")] {
            one.is_told(&format!("How is it going with {other}?"));
            one.sees("/today", &format!("How is it going with {other}?"));
            one.sees(&meet, "Four short questions");
        }
        amina.gets(&page).ok().shows("We work on what matters to me");
        tomas.gets(&page).ok().shows("it is worth working on");

        // What is missing is asked for, and nothing typed is lost.
        says(amina, &meet, &WELL[..3], "Start with my question.").refuses("Please choose one").shows("Start with my question.");
        says(amina, &meet, &WELL, "Start with my question.").goes();
        amina.gets(&page).ok().shows("Start with my question.").shows("has until").shows("yours alone");
        tomas.gets(&page).ok().hides("Start with my question.").hides("After 2 sessions");
        amina.does_not_see("/today", "How is it going with Tomas?");
        says(amina, &meet, &WELL, "Twice").refuses("answered this already");

        let hard = [("goal", "mostly"), ("task", "partly"), ("bond", "a_little"), ("voice", "partly")];
        says(tomas, &meet, &hard, "").goes();
        tomas.gets(&page).ok().shows("Start with my question.").shows("When something is hard");
        amina.is_told("have both said how it goes");
        amina.gets(&page).ok().shows("A little").hides("When something is hard").hides("Put it on the agenda");

        // It is asked again after four more, and not before.
        they_meet(s, &both, &meet, 3);
        amina.does_not_see("/today", "How is it going with Tomas?");
        they_meet(s, &both, &meet, 1);
        amina.sees("/today", "How is it going with Tomas?");
        amina.gets(&page).ok().shows("After 2 sessions");
    });
}

#[test]
fn p45_who_keeps_silent_reads_nobody() {
    story(|s| {
        let (both, meet) = two(s);
        let [amina, tomas] = &both;
        they_meet(s, &both, &meet, 2);
        says(amina, &meet, &WELL, "Fewer slides.").goes();
        s.days_pass(15);
        amina.gets(&format!("{meet}/pulse")).ok().shows("Nobody else answered");
        tomas.gets(&format!("{meet}/pulse")).ok().hides("Fewer slides.").shows("you read nobody's answer");
        says(tomas, &meet, &WELL, "").refuses("not asked any more");
        tomas.does_not_see("/today", "How is it going with Amina?");
    });
}

#[test]
fn p45_a_wish_for_a_change_goes_on_the_agenda() {
    story(|s| {
        let (both, meet) = two(s);
        let [amina, tomas] = &both;
        they_meet(s, &both, &meet, 2);
        says(amina, &meet, &WELL, "Start with my question.").goes();
        let pulse = s.does({
            let id = meet["/relationships/".len()..].parse().expect("an id");
            move |tx| sql::of(tx, id, 1)
        });
        let bring = format!("{meet}/pulse/{}/bring", pulse[0].id);
        // Not before it is read by both.
        assert_eq!(tomas.posts(&bring, &[("person", &amina.id())]).state, 404);
        says(tomas, &meet, &WELL, "").goes();
        tomas.posts(&bring, &[("person", &amina.id())]).refuses("No session is agreed yet");
        let tomorrow = (s.now() + SignedDuration::from_hours(24)).in_zone(&jiff::tz::TimeZone::UTC).date();
        let session = booked(amina, tomas, &meet, &format!("{tomorrow}T10:00"), &[]);
        tomas.gets(&format!("{meet}/pulse")).ok().shows("Put it on the agenda");
        tomas.posts(&bring, &[("person", &amina.id())]).goes();
        amina.sees(&session, "Start with my question.");
        // Of a wish that nobody has, there is nothing to bring.
        assert_eq!(amina.posts(&bring, &[("person", &tomas.id())]).state, 404);
    });
}

#[test]
fn p45_nobody_else_reads_an_answer_by_any_path() {
    story(|s| {
        let (both, meet) = two(s);
        let [amina, tomas] = &both;
        they_meet(s, &both, &meet, 2);
        for one in &both {
            says(one, &meet, &WELL, "Fewer slides.").goes();
        }
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.finds_nothing(&format!("{meet}/pulse"));
            assert_eq!(says(other, &meet, &WELL, "").state, 404);
        }
        mallory.finds_nothing("/pulse");
        s.coordinator("Cleo").gets("/pulse").ok().shows("No quarter to show yet").hides("Amina").hides("Fewer slides.");
        // It is hers to take along and to have forgotten.
        let person = amina.person();
        let exported = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(exported.contains("Fewer slides.") && exported.contains("mostly"), "{exported}");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        tomas.gets(&format!("{meet}/pulse")).ok().shows("Amina has until");
    });
}

/// So many pairs, all of whom answer; the first says that nothing fits yet.
fn pairs_answer<'s>(s: &'s Story, pairs: &[([Actor<'s>; 2], String)], number: i64) {
    for (n, (both, meet)) in pairs.iter().enumerate() {
        let relationship = meet["/relationships/".len()..].parse().expect("an id");
        s.does(move |tx| {
            let now = tx.now();
            let pulse = Pulse { id: tx.new_id(), relationship, after_sessions: number, asked_at: now, open_until: now + OPEN_FOR };
            sql::insert(tx, &pulse)
        });
        for (m, one) in both.iter().enumerate() {
            let goal = if (n, m) == (0, 0) { "not_yet" } else { "fully" };
            says(one, meet, &[&[("goal", goal)], &WELL[1..]].concat(), "").goes();
        }
    }
}

#[test]
fn p45_a_quarter_is_summed_up_once_and_from_seven_people_on() {
    story(|s| {
        let mut pairs = vec![two(s), pair(s, ["Ben", "Cem"]), pair(s, ["Dora", "Eva"])];
        let looks = |name: &str| s.coordinator(name).gets("/pulse").ok();
        pairs_answer(s, &pairs, 2);
        s.days_pass(20);
        looks("Cora").shows("No quarter to show yet");
        // Six people: only that there were too few. Stories begin on 2 November.
        s.days_pass(45);
        looks("Cleo").shows("October to December 2026").shows("fewer than 7").hides("4.3");
        // Eight people, two of them twice: each counts once, as they answered last.
        pairs.push(pair(s, ["Fay", "Gil"]));
        pairs_answer(s, &pairs[..1], 6);
        s.days_pass(1);
        pairs_answer(s, &pairs, 10);
        s.days_pass(90);
        looks("Cosima").shows("January to March 2027").shows("8 4.5 4.0 5.0 3.0");
        // Whoever is forgotten later leaves what was counted as it was.
        let person = pairs[0].0[0].person();
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        s.days_pass(1);
        looks("Corin").shows("8 4.5 4.0 5.0 3.0");
    });
}
