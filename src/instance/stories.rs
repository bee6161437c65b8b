//! Stories about a place: its first hour, and those who look after it.

use crate::config::Config;
use crate::story::story_in;

#[test]
fn a_new_place_opens_by_its_one_link_and_by_nothing_else() {
    story_in(&Config::default(), false, |s| {
        let visitor = s.visitor();
        visitor.sees("/", "not set up yet");
        visitor.sees("/sign-in", "not set up yet");
        assert_eq!(visitor.posts("/sign-in", &[("address", "admin@example.org")]).state, 409);
        visitor.gets("/set-up/guessed").refuses("There is nothing here");

        let older = s.does(super::verbs::set_up_link).expect("a link");
        let link = s.does(super::verbs::set_up_link).expect("a link");
        visitor.gets(&older).refuses("There is nothing here");
        visitor.sees(&link, "Set this place up");
        visitor.posts(&link, &[("place", ""), ("name", "Amina Haddad")]).refuses("Please fill this in");
        let told = [
            ("place", "Hafen"),
            ("name", "Amina Haddad"),
            ("address", "amina@hafen.example"),
            ("zone", "Europe/Lisbon"),
            ("joining", "open"),
        ];
        let answer = visitor.posts(&link, &told);
        assert_eq!(answer.state, 303, "{}", answer.text());
        visitor.posts(&link, &told).refuses("used already");
        assert_eq!(s.does(super::verbs::set_up_link), None);
        visitor.sees("/sign-in", "Hafen");
    });
}
