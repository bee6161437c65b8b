//! Stories about circles.

use crate::action_items::stories::Acting;
use crate::agreements::stories::Agreeing;
use crate::asks::stories::Asking;
use crate::sessions::stories::Sessions;
use crate::story::{Actor, Answer, Story, story};

pub trait Circling {
    /// Proposes a circle to these people; leads to its page.
    fn proposes_circle(&self, to: &[&Actor]) -> Answer;
    /// Says whom they would like in a circle that has begun.
    fn suggests(&self, circle: &str, who: &Actor) -> Answer;
    fn writes_in(&self, meet: &str, words: &str);
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
    fn suggests(&self, circle: &str, who: &Actor) -> Answer {
        self.posts(&format!("{circle}/newcomers"), &[("person", &who.id())])
    }
    fn writes_in(&self, meet: &str, words: &str) {
        let id = self.story.does(|tx| Ok(tx.new_id::<uuid::Uuid>())).to_string();
        self.posts(&format!("{meet}/messages"), &[("words", words), ("message", &id)]).goes();
    }
}

/// Presses what stands on a page of a circle beside somebody who is suggested.
fn says_of_newcomer(actor: &Actor, circle: &str, end: &str) -> Answer {
    let page = actor.gets(circle).ok().html();
    let from = page.find("/circles/newcomers/").expect("somebody to weigh");
    let place: String = page[from..].chars().take_while(|c| *c != '"').collect();
    let place = place.rsplit_once('/').expect("a deed").0.to_owned();
    actor.posts(&format!("{place}/{end}"), &[])
}

pub fn meet(circle: &str) -> String {
    circle.replace("/circles/", "/relationships/")
}

/// Five who are in one: proposed by Amina, and all have said yes.
pub fn five(s: &Story) -> ([Actor<'_>; 5], String) {
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

#[test]
fn p41_in_a_circle_everybody_reads_whose_it_is_and_all_of_them_hear_that_it_is_done() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let meet = meet(&circle);
        let actions = format!("{meet}/actions");
        amina.sees(&actions, "Everybody in “First-time leads” sees it");
        let shown = cem.takes_on(&meet, "Say no once", &[]);
        let quiet = dora.takes_on(&meet, "Sleep more", &[("intensity", "silent")]);
        ben.takes_on(&meet, "Ask for a budget", &[]);
        for one in [&amina, &ben, &dora, &eva] {
            one.gets(&actions).ok().shows("What Cem will do").shows("Say no once");
            one.gets(&meet).ok().shows("Cem, by Friday 6 November");
            one.gets(&shown).ok().shows("What Cem will do");
        }
        amina.gets(&actions).ok().shows("What Ben will do").hides("Sleep more").hides("What Dora will do");
        amina.finds_nothing(&quiet);
        cem.gets(&shown).ok().shows("Only you, ").shows("Eva");
        assert_eq!(amina.posts(&format!("{shown}/keep"), &[]).state, 404);
        cem.posts(&format!("{shown}/keep"), &[("words", "It was easier than I thought.")]).goes();
        for one in [&amina, &ben, &dora, &eva] {
            one.is_told("Cem has done what they took on");
        }
        cem.sees("/actions", "You and First-time leads");
        // What somebody has open goes with them; what they did stays told.
        let open = cem.takes_on(&meet, "Say no twice", &[]);
        amina.sees(&actions, "Say no twice");
        cem.posts(&format!("{circle}/leave"), &[]).goes();
        amina.gets(&actions).ok().hides("Say no twice").shows("Say no once");
        amina.finds_nothing(&open);
        cem.sees(&open, "Say no twice");
        s.days_pass(7);
        cem.is_told("How did it go with what you took on?");
        cem.posts(&format!("{open}/keep"), &[]).goes();
        assert!(!amina.was_told().iter().any(|told| told.title.contains("Cem has done") && told.lines.join(" ").contains("twice")));
    });
}

#[test]
fn p31_what_is_decided_in_a_circle_is_for_everybody_in_it_or_for_oneself() {
    story(|s| {
        let ([amina, ben, _, _, eva], circle) = five(s);
        let meet = meet(&circle);
        let [mallory] = s.people(["Mallory"]);
        let decides = |who: &Actor, chosen: &str, audience: &str| {
            who.gets(&format!("{meet}/decisions/new")).ok().shows("Everybody in “First-time leads”");
            let fields =
                [("question", "Who leads?"), ("chosen", chosen), ("audience", audience), ("review_on", "2026-12-01"), ("nonce", chosen)];
            who.posts(&format!("{meet}/decisions"), &fields).goes()
        };
        let shared = decides(&ben, "We take turns", "pair");
        let own = decides(&ben, "I go first", "me");
        for one in [&amina, &eva] {
            one.gets(&format!("{meet}/decisions")).ok().shows("We take turns").shows("Ben, ").hides("I go first");
            one.gets(&shared).ok().shows("Ben decided this").hides("Was it right?");
            one.finds_nothing(&own);
        }
        mallory.finds_nothing(&shared);
        s.days_pass(30);
        ben.is_told("A decision of yours is back");
        // Who has left still looks back on what was theirs.
        ben.posts(&format!("{circle}/leave"), &[]).goes();
        ben.sees(&own, "I go first");
    });
}

#[test]
fn p14_somebody_new_is_asked_when_nobody_says_no_and_reads_from_that_day_on() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let meet = meet(&circle);
        let [frida, mallory] = s.people(["Frida", "Mallory"]);
        amina.writes_in(&meet, "What I say here is for the five of us.");
        amina.sees(&meet, "Ask somebody more");
        amina.sees(&format!("{circle}/newcomers?q=frida"), "I would like them");
        assert_eq!(mallory.suggests(&circle, &frida).state, 404);
        amina.suggests(&circle, &ben).refuses("has a place in it already");
        amina.suggests(&circle, &frida).goes();
        amina.suggests(&circle, &frida).refuses("suggested or asked already");
        ben.is_told("Amina would like Frida in “First-time leads”");
        ben.sees("/today", "Amina would like Frida");
        ben.gets(&meet).ok().shows("Amina would like Frida in it").shows("Fine with me");
        frida.finds_nothing(&circle);
        assert!(frida.was_told().is_empty());
        // Three say yes; the fourth has three days.
        says_of_newcomer(&ben, &circle, "welcome").goes();
        ben.gets(&circle).ok().shows("fine with you").hides("Fine with me");
        cem.follows("Fine with me").confirms(&[]).ok().shows("Thank you");
        says_of_newcomer(&dora, &circle, "welcome").goes();
        s.days_pass(2);
        frida.finds_nothing(&circle);
        s.days_pass(2);
        frida.is_told("Amina would like you in a circle: “First-time leads”");
        frida.gets(&circle).ok().shows("I would like to").shows("Eva").hides("suggested");
        frida.finds_nothing(&meet);
        frida.posts(&format!("{circle}/accept"), &[]).goes();
        for one in [&amina, &eva] {
            one.is_told("Frida is in your circle “First-time leads”");
            one.gets(&meet).ok().shows("Frida");
        }
        frida.gets(&format!("{meet}/messages")).ok().hides("for the five of us");
        frida.does_not_see(&meet, "1 new");
        assert_eq!(frida.gets(&format!("{meet}/messages/1")).state, 404);
        amina.writes_in(&meet, "Welcome, Frida!");
        frida.sees(&format!("{meet}/messages"), "Welcome, Frida!");
        amina.gets(&format!("{meet}/messages")).ok().shows("for the five of us").shows("Welcome");
    });
}

#[test]
fn p14_a_no_to_somebody_new_has_no_name_and_they_never_hear_of_it() {
    story(|s| {
        let ([amina, ben, cem, ..], circle) = five(s);
        let [frida] = s.people(["Frida"]);
        amina.suggests(&circle, &frida).goes();
        ben.follows("Rather not now").confirms(&[]).ok().shows("Nobody is told that it was you");
        amina.is_told("Frida is not asked to join “First-time leads”");
        for one in [&amina, &cem] {
            assert!(one.was_told().iter().all(|told| !told.lines.join(" ").contains("Ben")));
        }
        cem.does_not_see("/today", "Frida");
        s.days_pass(5);
        assert!(frida.was_told().is_empty());
        frida.finds_nothing(&circle);
        let person = frida.person();
        let export = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert_eq!(export, "[]");
        let ben_in_log: (i64,) = s.does({
            let ben = ben.person();
            move |tx| {
                let said = chiron_store::sql!("select count(*) from happenings where kind = 'circle newcomer weighed' and by_person = $1");
                Ok(tx.one(said, &[&ben])?)
            }
        });
        assert_eq!(ben_in_log.0, 0, "the log does not say whose no it was");
        amina.suggests(&circle, &frida).refuses("Please wait a month");
        for _ in 0..4 {
            s.days_pass(8);
            for one in [&amina, &ben, &cem, &frida] {
                one.gets("/today").ok();
            }
        }
        amina.suggests(&circle, &frida).goes();
        // All say yes: nobody waits for the clock.
        for one in [&ben, &cem] {
            says_of_newcomer(one, &circle, "welcome").goes();
        }
        frida.finds_nothing(&circle);
    });
}

#[test]
fn p14_who_joins_later_has_the_coming_sessions_in_their_calendar_and_signs_the_agreement() {
    story(|s| {
        let all = s.people(["Amina", "Ben", "Cem", "Frida"]);
        let [amina, ben, cem, frida] = &all;
        let circle = amina.proposes_circle(&[ben, cem]).goes();
        for one in [ben, cem] {
            one.posts(&format!("{circle}/accept"), &[]).goes();
        }
        let meet = meet(&circle);
        let ours = [("turns", "Ten minutes each"), ("ground_rules", "It stays here"), ("joining", "At the start of a month")];
        for one in [amina, ben, cem] {
            one.writes(&meet, &ours).goes();
        }
        for one in [amina, ben, cem] {
            one.signs(&meet).goes();
        }
        let once = amina.proposes(&meet, &["2026-11-12T13:00"], &[("purpose", "review")]).goes();
        ben.books(&once).goes();
        let weekly = amina.proposes(&meet, &["2026-11-03T10:00"], &[("purpose", "regular"), ("cadence", "weekly")]).goes();
        ben.books(&weekly).goes();
        s.hours_pass(1);
        // The one on 17 November is two hours later this time, the one on 24 November is left out.
        let at = |place: i64| {
            let row: (uuid::Uuid,) =
                s.does(move |tx| Ok(tx.one(chiron_store::sql!("select id from sessions where place = $1 limit 1"), &[&place])?));
            format!("/sessions/{}", row.0)
        };
        ben.posts(&format!("{}/move", at(2)), &[("time", "2026-11-17T12:00:00Z")]).goes();
        cem.posts(&format!("{}/cancel", at(3)), &[]).goes();
        s.days_pass(2);
        let held = at(0);
        amina.posts(&format!("{held}/held"), &[]).goes();

        amina.suggests(&circle, frida).goes();
        for one in [ben, cem] {
            says_of_newcomer(one, &circle, "welcome").goes();
        }
        frida.follows("I would like to").confirms(&[]).ok().shows("You are in it.");
        s.hours_pass(1);
        // One letter for the session that stands alone, and one for the series with its exceptions.
        let letters: Vec<String> = frida.letters().iter().filter_map(|letter| letter.calendar()).collect();
        let of = |uid: &str| letters.iter().filter(|c| c.contains(uid)).cloned().collect::<Vec<_>>();
        let id: uuid::Uuid = once.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let alone = of(&format!("UID:{id}@"));
        assert_eq!(alone.len(), 1, "{letters:#?}");
        let series: Vec<&String> = letters.iter().filter(|c| c.contains("RRULE:FREQ=WEEKLY")).collect();
        assert_eq!(series.len(), 1, "{letters:#?}");
        for line in [
            "METHOD:REQUEST",
            "DTSTART:20261110T100000Z",
            "RECURRENCE-ID:20261117T100000Z",
            "DTSTART:20261117T120000Z",
            "EXDATE:20261124T100000Z",
        ] {
            assert!(series[0].contains(line), "{line} is not in\n{}", series[0]);
        }
        frida.gets(&format!("{meet}/sessions")).ok().shows("Thursday 12 November").shows("Tuesday 10 November").hides("Tuesday 3 November");
        frida.finds_nothing(&held);
        frida.posts(&format!("{}/agenda", at(1)), &[("item", "How do I begin?")]).goes();
        amina.sees(&at(1), "How do I begin?");
        amina.sees(&at(1), "Frida");

        // The agreement: she looks at each point, then all four sign anew; what was signed holds until then.
        frida.sees("/today", "See where you and First-time leads differ");
        amina.sees(&format!("{meet}/agreement"), "Ten minutes each");
        frida.sees(&format!("{meet}/agreement"), "Agree with all of it");
        frida.posts(&format!("{meet}/agreement/agree"), &[]).goes();
        for one in &all {
            one.signs(&meet).goes();
        }
        frida.gets(&format!("{meet}/agreement")).ok().shows("Frida").shows("Ten minutes each");
        // And when it ends, the exceptions go too.
        s.sweeps_run();
        cem.posts(&format!("{circle}/leave"), &[]).goes();
        ben.posts(&format!("{circle}/leave"), &[]).goes();
        s.hours_pass(1);
        assert!(frida.letters().iter().filter_map(|letter| letter.calendar()).any(|c| c.contains("METHOD:CANCEL")));
    });
}
