//! Coming home, told as stories.

use crate::notices::Greeting;
use crate::story::story;

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
fn the_newest_thing_one_was_told_is_worth_noticing_until_it_is_read() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        tomas.gets("/today").ok().shows("Worth noticing").shows("Amina says hello");
        tomas.posts("/notices/read", &[]).goes();
        tomas.gets("/today").ok().hides("Worth noticing");
    });
}
