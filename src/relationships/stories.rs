//! Stories about people who work together.

use crate::asks::stories::Asking;
use crate::people::OpenTo;
use crate::story::{Actor, Story, story};

/// Two people who have just begun, and where they meet.
fn two<'s>(s: &'s Story) -> ([Actor<'s>; 2], String) {
    let [amina, tomas] = s.people(["Amina", "Tomas"]);
    tomas.is_open_to(OpenTo::Mentor, 1);
    let ask = amina.asks(&tomas, "Work with data");
    let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
    ([amina, tomas], relationship)
}

#[test]
fn p33_the_learner_says_what_comes_next() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let next = format!("{relationship}/next-step");
        tomas.sees(&relationship, "It is for Amina to propose the first time");
        assert_eq!(tomas.posts(&next, &[("next_step", "Mine")]).state, 404);
        amina.posts(&next, &[("next_step", &"x".repeat(301))]).refuses("please keep it to 300");
        amina.posts(&next, &[("next_step", "Tuesday at six, my CV")]).goes();
        tomas.is_told("Amina says what comes next");
        tomas.sees(&relationship, "Tuesday at six, my CV");
        amina.sees("/relationships", "Tomas");
    });
}

#[test]
fn p33_a_relationship_is_only_there_for_those_in_it() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let [mallory] = s.people(["Mallory"]);
        mallory.finds_nothing(&relationship);
        s.administrator("Ada").finds_nothing(&relationship);
        for deed in ["end", "next-step", "testimonial", "testimonial/take-back"] {
            assert_eq!(mallory.posts(&format!("{relationship}/{deed}"), &[("testimonial", "x")]).state, 404, "{deed}");
        }
        amina.sees(&relationship, "Only you and Tomas");
        mallory.sees("/relationships", "Nobody yet");
    });
}

#[test]
fn p06_a_testimonial_comes_after_the_end_and_can_be_taken_back() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let (end, say) = (format!("{relationship}/end"), format!("{relationship}/testimonial"));
        let profile = format!("/people/{}", tomas.id());
        amina.posts(&say, &[("testimonial", "He listens.")]).refuses("not before");
        amina.posts(&end, &[("closing", "Thank you for everything.")]).goes();
        tomas.is_told("Amina has ended your mentoring");
        tomas.sees(&relationship, "Thank you for everything.");
        tomas.posts(&end, &[]).refuses("ended already");
        assert_eq!(tomas.posts(&say, &[("testimonial", "I am great.")]).state, 404);

        amina.posts(&say, &[("testimonial", "He listens.")]).goes();
        tomas.is_told("Amina has written about your mentoring");
        tomas.sees(&profile, "He listens.");
        amina.posts(&format!("{say}/take-back"), &[]).goes();
        tomas.does_not_see(&profile, "He listens.");
    });
}
