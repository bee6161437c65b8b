//! Coming home, told as stories.

use crate::action_items::stories::Acting;
use crate::agreements::stories::signed;
use crate::asks::stories::Asking;
use crate::notices::Greeting;
use crate::people::OpenTo;
use crate::relationships::stories::at_work;
use crate::sessions::stories::{ahead, booked};
use crate::story::story;
use jiff::SignedDuration;

#[test]
fn a_stranger_is_welcomed_and_whoever_is_signed_in_goes_home() {
    story(|s| {
        let visitor = s.visitor();
        visitor.gets("/").ok().shows("The Village").shows("Sign in");
        visitor.sees("/help", "I want to learn something");
        visitor.sees("/privacy", "What those who look after this place cannot see");
        let [amina] = s.people(["Amina"]);
        assert_eq!(amina.gets("/").goes(), "/today");
    });
}

#[test]
fn someone_new_is_shown_three_steps_and_later_an_empty_day_is_a_good_one() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina
            .gets("/today")
            .ok()
            .shows("Hello Amina")
            .shows("Say what you want to learn")
            .shows("Find someone to ask")
            .hides("see it. done");
        amina.posts("/goals", &[("outcome", "Read a scatter plot without fear")]).goes();
        amina.gets("/today").ok().shows("see it. done");
        s.days_pass(14);
        amina.gets("/today").ok().hides("Your first steps here");
    });
}

#[test]
fn whoever_begins_a_place_is_shown_how_people_come_and_not_whom_to_ask() {
    story(|s| {
        let root = s.administrator("Root");
        root.gets("/today").ok().shows("Nobody else is here yet").hides("Your first steps here");
        root.posts("/place", &[("name", "Hafen"), ("joining", "invited"), ("conduct", "Be kind.")]).goes();
        root.gets("/today").ok().shows("Make an invitation").shows("open the place to everybody");
        root.posts("/place", &[("name", "Hafen"), ("joining", "open"), ("conduct", "Be kind.")]).goes();
        root.gets("/today").ok().shows("Pass the address of this place on").hides("open the place to everybody");
        s.people(["Amina"]);
        root.gets("/today").ok().hides("Nobody else is here yet").shows("Your first steps here");
    });
}

#[test]
fn the_newest_thing_one_was_told_is_worth_noticing_until_it_is_read() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        tomas.gets("/today").ok().shows("Worth noticing").shows("Amina says hello");
        tomas.posts("/notices/read", &[]).goes();
        tomas.gets("/today").ok().hides("Worth noticing");
    });
}

#[test]
fn p16_whoever_asked_reads_at_home_who_has_the_request_and_until_when() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "A goal");
        amina.gets("/today").ok().shows("Waiting for others").shows("Your request to Tomas").shows("Until ");
        // What needs him is said once.
        tomas.gets("/today").ok().shows("What needs you").hides("Worth noticing").hides("Waiting for others");
        tomas.posts(&format!("{ask}/decline"), &[("reason", "no_time")]).goes();
        amina.gets("/today").ok().hides("Waiting for others");
    });
}

/// Half a year, as two people live it: twelve Thursdays, one of which falls out; what was taken on and done; what was
/// written in between; and a good end. Day by day, with everything that runs by itself.
#[test]
fn p23_half_a_year_of_mentoring_goes_from_a_yes_to_a_good_end() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        signed(&amina, &tomas, &here, &[("cadence", "14"), ("focus", "Move into data work")]);
        amina.sees(&here, "active");
        booked(&amina, &tomas, &here, "2026-11-05T18:00", &[("cadence", "fortnightly")]);
        let (mut met, mut missed) = (0, 0);
        for day in 1..=168 {
            s.clock_moves(SignedDuration::from_hours(24));
            s.sweeps_run();
            let now = s.now();
            let begun = ahead(s, &here).into_iter().find(|one| one.ends_at.is_some_and(|end| end <= now));
            let Some(session) = begun.map(|one| format!("/sessions/{}", one.id)) else { continue };
            // A month without coming back ends a sign-in, so both are always fresh.
            let (she, he) = (s.holding(&s.signed_in(amina.person())), s.holding(&s.signed_in(tomas.person())));
            if missed == 0 && met == 5 {
                he.posts(&format!("{session}/missed"), &[]).goes();
                missed += 1;
                continue;
            }
            if met > 0 {
                she.gets(&session).ok().shows("What has happened since we last met");
            }
            let note = format!("What we saw on day {day}.");
            she.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", &note)]).goes();
            he.sees(&session, &note);
            he.posts(&format!("{session}/decisions"), &[("decision", &format!("Decided on day {day}."))]).goes();
            she.posts(&format!("{session}/held"), &[]).goes();
            met += 1;
            let due = (now + SignedDuration::from_hours(24 * 7)).jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
            let action = amina.takes_on(&here, &format!("Redo table {met}"), &[("due_on", &due)]);
            amina.posts(&format!("{action}/keep"), &[("words", "It took an evening.")]).goes();
            amina.posts(&format!("{here}/messages"), &[("words", &format!("Table {met} is done."))]).goes();
            he.sees(&format!("{here}/messages"), &format!("Table {met} is done."));
        }
        assert_eq!((met, missed), (11, 1), "every second Thursday");
        let (she, he) = (s.holding(&s.signed_in(amina.person())), s.holding(&s.signed_in(tomas.person())));
        he.sees(&format!("{here}/actions"), "Redo table 11");
        he.gets(&here).ok().hides("It has been quiet");
        // After a month and after three they were asked whether the agreement still holds.
        amina.is_told("agreement");

        let day = (s.now() + SignedDuration::from_hours(24 * 10)).jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
        she.posts(&format!("{here}/wind-up"), &[("until", &day)]).goes();
        for one in [&she, &he] {
            one.posts(&format!("{here}/closing"), &[("changed", "I read a table without fear."), ("takes", "Look at the second table.")])
                .goes();
        }
        s.days_pass(11);
        let (she, he) = (s.holding(&s.signed_in(amina.person())), s.holding(&s.signed_in(tomas.person())));
        for one in [&she, &he] {
            one.gets(&here).ok().shows("ended").shows("I read a table without fear.");
        }
        assert!(ahead(s, &here).is_empty(), "nothing is left in anybody's calendar");
        she.posts(&format!("{here}/messages"), &[("words", "One more thing.")]).refuses("ended");
        amina.sees("/today", "Nothing needs you today");
    });
}
