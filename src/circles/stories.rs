//! Stories about circles.

use crate::agreements::stories::Agreeing;
use crate::asks::stories::Asking;
use crate::sessions::stories::Sessions;
use crate::story::{Actor, Answer, Story, story};

trait Circling {
    /// Proposes a circle to these people; leads to its page.
    fn proposes_circle(&self, to: &[&Actor]) -> Answer;
}

impl Circling for Actor<'_> {
    fn proposes_circle(&self, to: &[&Actor]) -> Answer {
        let ids: Vec<String> = to.iter().map(|actor| actor.id()).collect();
        let ends: Vec<&str> = ids.iter().map(|id| &id[id.len() - 6..]).collect();
        let nonce = format!("{} {}", self.story.now().as_micros(), ends.join(" "));
        let mut fields = vec![
            ("name", "First-time leads"),
            ("about", "Each brings one hard conversation a month."),
            ("hours", "2"),
            ("months", "6"),
            ("nonce", nonce.as_str()),
            ("do", "propose"),
        ];
        fields.extend(ids.iter().map(|id| ("with", id.as_str())));
        self.posts("/circles", &fields)
    }
}

fn meet(circle: &str) -> String {
    circle.replace("/circles/", "/relationships/")
}

/// Five who are in one: proposed by Amina, and all have said yes.
fn five(s: &Story) -> ([Actor<'_>; 5], String) {
    let all = s.people(["Amina", "Ben", "Cem", "Dora", "Eva"]);
    let circle = all[0].proposes_circle(&all[1..].iter().collect::<Vec<_>>()).goes();
    for one in &all[1..] {
        one.posts(&format!("{circle}/accept"), &[]).goes();
    }
    (all, circle)
}

#[test]
fn p14_a_circle_is_proposed_and_begins_when_three_are_in_it() {
    story(|s| {
        let [amina, ben, cem, dora, mallory] = s.people(["Amina", "Ben", "Cem", "Dora", "Mallory"]);
        amina.sees("/relationships", "Start a circle");
        // Looking for somebody keeps what was typed, and nothing is kept before they are invited.
        let ben_id = format!("add {}", ben.id());
        let looked = amina.posts("/circles", &[("name", "First-time leads"), ("q", "ben"), ("do", "look")]).ok();
        assert!(looked.html().contains(&ben_id) && looked.html().contains("First-time leads"));
        amina.posts("/circles", &[("do", &ben_id)]).ok().shows("Take off");
        amina.proposes_circle(&[&ben]).refuses("Please invite at least two");
        let circle = amina.proposes_circle(&[&ben, &cem, &dora]).goes();
        let meet = meet(&circle);
        ben.is_told("Amina would like you in a circle: “First-time leads”");
        ben.is_told("Each brings one hard conversation a month.");
        ben.sees("/today", "Amina would like you in a circle");
        ben.gets(&circle).ok().shows("I would like to").shows("Dora").shows("is asked");
        amina.sees(&meet, "This begins when three of you are in it.");
        amina.posts(&format!("{meet}/messages"), &[("words", "Hello")]).refuses("begins when three are in it");
        for stranger in [&mallory, &s.administrator("Ada")] {
            stranger.finds_nothing(&circle);
            stranger.finds_nothing(&meet);
            assert_eq!(stranger.posts(&format!("{circle}/accept"), &[]).state, 404);
        }
        ben.finds_nothing(&meet);

        // One from the page, one from the letter.
        ben.posts(&format!("{circle}/accept"), &[]).goes();
        amina.is_told("Ben is in your circle");
        dora.follows("Rather not").confirms(&[]).ok().shows("need not say why");
        amina.is_told("Dora would rather not join");
        dora.finds_nothing(&circle);
        cem.follows("I would like to").confirms(&[]).ok().shows("You are in it.");
        for one in [&amina, &ben] {
            one.is_told("Your circle “First-time leads” begins");
        }
        for one in [&amina, &ben, &cem] {
            one.gets(&meet).ok().shows("Your circle “First-time leads”").shows("It begins").shows("2 hours a month for 6 months");
            one.sees("/relationships", "First-time leads");
        }
        ben.posts(&format!("{circle}/accept"), &[]).refuses("").hides("You are in it");
        amina.posts(&format!("{circle}/give-up"), &[]).refuses("has begun");
    });
}

#[test]
fn p14_a_circle_that_too_few_want_is_given_up_and_says_no_reason() {
    story(|s| {
        let [amina, ben, cem, dora] = s.people(["Amina", "Ben", "Cem", "Dora"]);
        let circle = amina.proposes_circle(&[&ben, &cem]).goes();
        ben.posts(&format!("{circle}/decline"), &[]).goes();
        amina.is_told("The circle “First-time leads” does not come about");
        cem.finds_nothing(&circle);
        cem.does_not_see("/today", "would like you in a circle");
        // Time does the same; and so does whoever proposed it.
        let circle = amina.proposes_circle(&[&ben, &cem, &dora]).goes();
        ben.posts(&format!("{circle}/accept"), &[]).goes();
        s.days_pass(15);
        ben.is_told("does not come about");
        assert_eq!(dora.posts(&format!("{circle}/accept"), &[]).state, 404);
        let circle = amina.proposes_circle(&[&ben, &cem]).goes();
        amina.posts(&format!("{circle}/give-up"), &[]).goes();
        ben.finds_nothing(&circle);
        s.hours_pass(1);
        // Nobody proposes them without end, and nobody reaches who keeps them away.
        for others in [[&ben, &cem], [&ben, &dora], [&cem, &dora]] {
            amina.proposes_circle(&others).goes();
        }
        amina.proposes_circle(&[&dora, &ben, &cem]).refuses("Three circles of yours wait");
        ben.posts(&format!("/blocks/{}", cem.id()), &[]).goes();
        cem.proposes_circle(&[&ben, &dora]).refuses("Ben is not available just now").shows("Each brings one hard conversation");
    });
}

#[test]
fn p14_five_write_meet_and_take_notes_in_their_circle() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let meet = meet(&circle);
        let named = amina.gets(&meet).ok().shows("Only you, ");
        let _ = ["Ben", "Cem", "Dora", "Eva"].iter().fold(named, |page, name| page.shows(name));
        // Messages: everybody reads them, and the letter says who wrote.
        let messages = format!("{meet}/messages");
        amina.gets(&messages).ok().shows("Write to First-time leads");
        amina.posts(&messages, &[("words", "Who goes first?"), ("message", "0190b6f0000070008000000000009901")]).goes();
        for one in [&ben, &cem, &dora, &eva] {
            one.sees(&messages, "Who goes first?");
            one.is_told("Amina has written in “First-time leads”");
        }
        ben.posts(&format!("{messages}/1/heard"), &[("heard", "She would like to know who begins.")]).goes();
        cem.posts(&format!("{messages}/1/heard"), &[("heard", "She wants us to decide now.")]).goes();
        amina.is_told("Cem says what your message meant");
        amina.gets(&format!("{messages}/1")).ok().shows("Is what Ben heard what you meant?");
        amina.posts(&format!("{messages}/1/heard/answer"), &[]).goes();
        amina.gets(&format!("{messages}/1")).ok().shows("Is what Cem heard what you meant?").shows("That is it");

        // A time that suits all five weeks, booked by whoever chooses first; every calendar hears of it.
        for (one, from, to) in [(&amina, 9, 18), (&ben, 12, 20), (&cem, 8, 15), (&dora, 13, 17), (&eva, 10, 14)] {
            one.is_free(4, from, to);
        }
        let slots = amina.gets(&format!("{meet}/sessions/new")).ok();
        slots.shows("Thursday 5 November").shows("13:00").hides("12:30").hides("13:30");
        let session = amina.proposes(&meet, &["2026-11-05T13:00"], &[("purpose", "regular")]).goes();
        dora.books(&session).goes();
        for one in [&amina, &ben, &cem, &eva] {
            one.is_told("on Thursday 5 November, 13:00");
            one.sees(&session, "Session with First-time leads");
        }
        s.hours_pass(1);
        for one in [&amina, &ben, &cem, &eva, &dora] {
            assert!(one.letters().iter().any(|l| l.raw.contains("text/calendar")), "{} has it in a calendar", one.name);
        }
        eva.posts(&format!("{session}/agenda"), &[("item", "How do I say no to my boss?")]).goes();
        ben.sees(&session, "How do I say no to my boss?");
        cem.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", "Cem writes.")]).goes();
        dora.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", "Dora too.")]).goes();
        eva.gets(&session).ok().shows("Cem writes.").shows("Dora too.");
        s.administrator("Ada").finds_nothing(&session);
        // Each writes their own part of the agreement alone; it stands when all five have signed it.
        let five = [&amina, &ben, &cem, &dora, &eva];
        for one in five {
            let ours = [("turns", "Ten minutes each"), ("ground_rules", "It stays here"), ("joining", "At the start of a month")];
            one.writes(&meet, &ours).goes();
        }
        for (n, one) in five.into_iter().enumerate() {
            amina.gets(&meet).ok().hides(if n < 5 { "active" } else { "agreed" });
            one.signs(&meet).goes();
        }
        amina.sees(&meet, "active");
    });
}

#[test]
fn p14_who_leaves_a_circle_does_not_end_it_while_three_remain() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let meet = meet(&circle);
        let session = amina.proposes(&meet, &["2026-11-05T13:00"], &[("purpose", "regular")]).goes();
        ben.books(&session).goes();
        eva.sees(&meet, "Leave this circle");
        assert_eq!(eva.posts(&format!("{meet}/end"), &[]).state, 409, "nobody ends it alone");
        for (who, left) in [(&eva, 4), (&dora, 3)] {
            who.sees(&format!("{circle}/leave"), &format!("The {left} others"));
            who.posts(&format!("{circle}/leave"), &[]).goes();
            who.finds_nothing(&meet);
            who.finds_nothing(&session);
        }
        amina.is_told("Dora has left “First-time leads”");
        ben.gets(&session).ok().shows("Thursday 5 November").hides("cancelled");
        s.hours_pass(1);
        assert!(eva.letters().iter().any(|l| l.raw.contains("METHOD:CANCEL")), "it leaves her calendar");
        assert!(!ben.letters().iter().any(|l| l.raw.contains("METHOD:CANCEL")));
        // With the fourth it ends for all, kindly.
        cem.posts(&format!("{circle}/leave"), &[]).goes();
        for one in [&amina, &ben] {
            one.is_told("has come to its end");
            one.sees(&meet, "ended");
            one.sees(&session, "no longer work together here");
        }
    });
}

#[test]
fn p14_who_is_forgotten_takes_their_words_out_of_a_circle_and_leaves_the_others_theirs() {
    story(|s| {
        let ([amina, ben, _, _, eva], circle) = five(s);
        let messages = format!("{}/messages", meet(&circle));
        amina.posts(&messages, &[("words", "This stays."), ("message", "0190b6f0000070008000000000009901")]).goes();
        eva.posts(&messages, &[("words", "This goes."), ("message", "0190b6f0000070008000000000009902")]).goes();
        let gone = eva.person();
        s.does(move |tx| crate::people::verbs::forget(tx, gone));
        ben.gets(&messages).ok().shows("This stays.").hides("This goes.");
        ben.sees(&meet(&circle), "First-time leads");
    });
}
