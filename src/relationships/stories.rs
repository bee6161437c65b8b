//! Stories about people who work together.

use crate::asks::stories::Asking;
use crate::people::OpenTo;
use crate::story::{Actor, Story, story};

/// Two people who have just begun, and where they meet.
pub(crate) fn two<'s>(s: &'s Story) -> ([Actor<'s>; 2], String) {
    two_called(s, ["Amina", "Tomas"])
}
fn two_called<'s>(s: &'s Story, names: [&str; 2]) -> ([Actor<'s>; 2], String) {
    let [amina, tomas] = s.people(names);
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

#[test]
fn p18_it_starts_only_when_both_say_yes_and_neither_sees_the_others_answer() {
    story(|s| {
        let ([amina, tomas], here) = two(s);
        amina.sees(&here, "trying it out");
        let fit = format!("{here}/fit");
        amina.posts(&fit, &[("fit", "not_sure"), ("hours", "2"), ("reason", "He talks a lot.")]).goes();
        amina.sees(&here, "I am not sure yet");
        tomas.gets(&here).ok().hides("not sure yet").hides("He talks a lot.");
        tomas.gets(&fit).ok().hides("He talks a lot.");
        tomas.posts(&fit, &[("fit", "yes"), ("hours", "1")]).goes();
        tomas.sees(&here, "trying it out");
        amina.posts(&fit, &[("fit", "yes"), ("hours", "2")]).goes();
        tomas.is_told("You and Amina both said yes");
        // It begins with what both of them can give.
        tomas.sees(&here, "1 hour a month for 6 months");
        amina.posts(&format!("{here}/start"), &[]).goes();
        amina.sees(&here, "active");
        amina.posts(&fit, &[("fit", "no"), ("hours", "1")]).refuses("cannot be done in it now");
    });
}

#[test]
fn p18_a_no_ends_it_kindly_and_its_reason_stays_with_whoever_said_it() {
    story(|s| {
        let ([amina, tomas], here) = two(s);
        amina.posts(&format!("{here}/fit"), &[("fit", "no"), ("hours", "2"), ("reason", "He talks a lot.")]).goes();
        tomas.is_told("That is nobody’s fault");
        tomas.gets(&here).ok().shows("ended without fault").hides("He talks a lot.");
        amina.sees(&here, "He talks a lot.");
        assert!(tomas.letters().iter().all(|letter| !letter.says("He talks a lot.")));
        // Unless it is shared.
        amina.posts(&format!("{here}/share-reason"), &[]).goes();
        tomas.sees(&here, "He talks a lot.");
        tomas.is_told("He talks a lot.");
        tomas.posts(&format!("{here}/share-reason"), &[]).refuses("nothing of yours");
    });
}

#[test]
fn p18_those_one_is_trying_out_stand_side_by_side_in_their_own_words() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for (mentor, words) in [(&tomas, "I ask more than I tell."), (&lea, "I share what worked for me.")] {
            mentor.is_open_to(OpenTo::Mentor, 1);
            mentor.posts("/profile/how-i-work", &[("directive_facilitative", "70"), ("how_i_work", words), ("fee", "none")]).goes();
            let ask = amina.asks(mentor, "Work with data");
            mentor.posts(&format!("{ask}/accept"), &[]).goes();
            // Saying yes takes back what was asked of others for the same goal, so each is asked for another.
        }
        let page = amina.gets("/relationships/compare").ok();
        page.shows("I ask more than I tell.")
            .shows("I share what worked for me.")
            .shows("rather questions")
            .shows("Say whether it fits with Lea");
        amina.sees("/relationships", "Compare those you are trying out");
        tomas.sees("/relationships/compare", "Nobody to compare");
    });
}

#[test]
fn p21_nobody_takes_on_more_than_they_have_time_for_without_meaning_it() {
    story(|s| {
        let ([amina, tomas], here) = two(s);
        tomas.posts("/profile/time", &[("minutes_a_week", "15"), ("capacity", "1")]);
        let person = tomas.person();
        s.does(move |tx| {
            tx.execute(chiron_store::sql!("update profiles set minutes_a_week = 15 where person_id = $1"), &[&person])?;
            Ok(())
        });
        let fit = format!("{here}/fit");
        // A quarter of an hour a week is about an hour a month.
        tomas.posts(&fit, &[("fit", "yes"), ("hours", "3")]).refuses("You have said that you have 1 hour a month");
        tomas.posts(&fit, &[("fit", "yes"), ("hours", "3"), ("despite", "yes")]).goes();
        amina.posts(&fit, &[("fit", "yes"), ("hours", "2")]).goes();
        amina.sees(&here, "2 hours a month");
    });
}

/// Past the first conversation, at work.
pub(crate) fn at_work(s: &Story) -> ([Actor<'_>; 2], String) {
    at_work_with(s, ["Amina", "Tomas"])
}
fn at_work_with<'s>(s: &'s Story, names: [&str; 2]) -> ([Actor<'s>; 2], String) {
    let ([amina, tomas], here) = two_called(s, names);
    for one in [&amina, &tomas] {
        one.posts(&format!("{here}/fit"), &[("fit", "yes"), ("hours", "2")]).goes();
    }
    amina.posts(&format!("{here}/start"), &[]).goes();
    ([amina, tomas], here)
}

fn in_days(s: &Story, days: i64) -> String {
    (s.now() + jiff::SignedDuration::from_hours(24 * days)).jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

#[test]
fn p21_a_break_keeps_the_place_and_ends_by_itself_with_a_word_to_both() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        let pause = format!("{here}/pause");
        amina.posts(&pause, &[("until", &in_days(s, 200))]).refuses("within the next 180 days");
        amina.posts(&pause, &[("until", &in_days(s, 20))]).goes();
        tomas.is_told("Amina needs a break until");
        tomas.sees(&here, "paused");
        let [lea] = s.people(["Lea"]);
        assert_eq!(lea.asks_with(&tomas, "Work with data", &[]).state, 422, "the place is kept");
        s.days_pass(21);
        amina.sees(&here, "active");
        for one in [&amina, &tomas] {
            one.is_told("goes on");
        }
        amina.posts(&format!("{here}/resume"), &[]).refuses("This is active");
    });
}

#[test]
fn p21_of_two_who_press_two_buttons_one_is_told_that_they_came_late() {
    story(|s| {
        let ([amina, _], here) = at_work(s);
        let until = in_days(s, 20);
        let pressed = s.sends_at_once(2, || amina.request_to_post(&format!("{here}/pause"), &[("until", &until)]));
        let states: Vec<u16> = pressed.iter().map(|answer| answer.state).collect();
        assert!(states.contains(&303) && states.contains(&409), "{states:?}");
    });
}

#[test]
fn p46_one_button_ends_it_without_fault_and_no_reason_is_ever_told() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        tomas.sees(&format!("{here}/dissolve"), "told kindly");
        tomas.posts(&format!("{here}/dissolve"), &[("reason", "She never prepares.")]).goes();
        amina.is_told("Your goals and everything you noted for yourself stay with you.");
        amina.gets(&here).ok().shows("Find somebody else").hides("She never prepares.");
        tomas.sees(&here, "She never prepares.");
        // The place is free at once, and nothing more can be done here.
        let [lea] = s.people(["Lea"]);
        lea.asks(&tomas, "Work with data");
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday")]).refuses("ended without fault already");
    });
}

#[test]
fn p46_after_twice_the_cadence_in_silence_each_is_asked_in_private() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        s.days_pass(50);
        amina.gets(&here).ok().hides("It has been quiet");
        s.days_pass(7);
        for one in [&amina, &tomas] {
            one.is_told("have not been in touch for a while");
            one.sees("/today", "have not been in touch");
        }
        tomas.posts(&format!("{here}/silence"), &[]).goes();
        tomas.gets(&here).ok().hides("It has been quiet");
        amina.gets(&here).ok().shows("It has been quiet");
        // A word breaks it for both.
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday at six")]).goes();
        amina.gets(&here).ok().hides("It has been quiet");
        s.days_pass(57);
        // So long a silence ends a sign-in too.
        s.holding(&s.signed_in(tomas.person())).sees(&here, "It has been quiet");
    });
}

#[test]
fn p51_winding_up_leaves_time_for_three_questions_and_ends_on_its_day() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        amina.posts(&format!("{here}/wind-up"), &[("until", &in_days(s, 14))]).goes();
        tomas.is_told("bring your mentoring to a good end");
        tomas.sees("/today", "Three short questions");
        let closing = format!("{here}/closing");
        amina.posts(&closing, &[]).refuses("at least one");
        amina.posts(&closing, &[("changed", "I lead a team now."), ("hands_over", "My peer group.")]).goes();
        tomas.gets(&here).ok().hides("I lead a team now.");
        tomas.posts(&closing, &[("takes", "How to listen.")]).goes();
        tomas.sees(&here, "I lead a team now.");
        amina.sees(&here, "How to listen.");
        s.days_pass(15);
        for one in [&amina, &tomas] {
            one.is_told("has come to its end");
            one.gets(&here).ok().shows("ended").shows("My peer group.").shows("one question");
        }
        // What is over costs no place.
        let [lea] = s.people(["Lea"]);
        lea.asks(&tomas, "Work with data");
    });
}

#[test]
fn p51_after_a_good_end_each_is_asked_now_and_then_and_may_leave_quietly() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        amina.posts(&format!("{here}/hello"), &[("hello", "Too early")]).refuses("This is active");
        amina.posts(&format!("{here}/end"), &[]).goes();
        amina.sees(&here, "Keep in touch");
        s.clock_moves(super::touch::EVERY);
        s.hours_pass(1);
        for one in [&amina, &tomas] {
            let told = one.reads_in_letter("Nothing is expected of you");
            assert!(told.subject.starts_with("How are you and"), "{}", told.subject);
        }
        // Months later each signs in anew.
        let in_again = |one: &Actor| s.signed_in(one.person());
        let she = s.holding(&in_again(&amina));
        she.posts(&format!("{here}/hello"), &[("hello", "I lead a team of four now.")]).goes();
        tomas.is_told("Amina says hello");
        tomas.reads_in_letter("I lead a team of four now.");
        she.sees(&here, "I lead a team of four now.");
        // He takes no questions from strangers; hers finds him.
        let to = tomas.id();
        let question = [("to", to.as_str()), ("words", "How do you choose whom to hire?"), ("days", "4"), ("nonce", "n")];
        she.posts("/questions", &question).goes();
        tomas.is_told("Amina has one question for you");

        // One press in the letter, and nobody learns of it.
        let before = she.gets(&here).ok().text();
        tomas.follows("Do not ask me about this again").confirms(&[]).ok().shows("Nobody is told");
        assert_eq!(she.gets(&here).ok().text(), before);
        let told = |one: &Actor| one.letters().iter().filter(|l| l.subject.contains("doing?") || l.subject.contains("hello")).count();
        let (his_letters, her_letters) = (told(&tomas), told(&amina));
        she.posts(&format!("{here}/hello"), &[("hello", "And you?")]).goes();
        s.clock_moves(super::touch::EVERY);
        s.hours_pass(1);
        assert_eq!((told(&tomas), told(&amina)), (his_letters, her_letters), "a hello is no news to him any more, and nobody is asked");
        let he = s.holding(&in_again(&tomas));
        he.sees(&here, "Nobody knows but you");
        he.posts(&format!("{here}/stay-in-touch"), &[]).goes();
        he.sees(&here, "Leave this quietly");
    });
}

#[test]
fn p51_nobody_is_asked_about_what_ended_without_fault_and_never_for_longer_than_two_years() {
    story(|s| {
        let ([amina, _], here) = at_work(s);
        amina.posts(&format!("{here}/end"), &[]).goes();
        for _ in 0..13 {
            s.clock_moves(super::touch::EVERY);
            s.sweeps_run();
        }
        let asked = amina.letters().iter().filter(|letter| letter.subject.starts_with("How are you and")).count();
        assert_eq!(asked, 8);
        let ([lea, _], other) = at_work_with(s, ["Lea", "Ben"]);
        lea.posts(&format!("{other}/dissolve"), &[]).goes();
        s.clock_moves(super::touch::EVERY);
        s.sweeps_run();
        assert!(lea.letters().iter().all(|letter| !letter.subject.starts_with("How are you and")));
        assert_eq!(s.holding(&s.signed_in(lea.person())).posts(&format!("{other}/hello"), &[("hello", "Hello")]).state, 409);
    });
}

#[test]
fn p53_changing_the_kind_takes_both_and_keeps_everything() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday at six")]).goes();
        let kind = format!("{here}/kind");
        amina.posts(&kind, &[("kind", "mentoring")]).refuses("another way");
        amina.posts(&kind, &[("kind", "coaching")]).goes();
        amina.posts(&format!("{kind}/agree"), &[]).refuses("It is for the other to agree");
        tomas.is_told("Amina would like to change to coaching");
        tomas.posts(&format!("{kind}/agree"), &[]).goes();
        amina
            .gets(&here)
            .ok()
            .shows("Your coaching with Tomas")
            .shows("Tuesday at six")
            .shows("Amina")
            .shows("Mentoring until")
            .shows("client");
        // Learning together fills a place of whoever learned before.
        tomas.posts(&kind, &[("kind", "peer")]).goes();
        amina.posts(&format!("{kind}/agree"), &[]).refuses("no place left");
        amina.posts(&format!("{kind}/agree"), &[("one_more", "yes")]).goes();
        tomas.sees(&here, "Learning together with Amina");
        // And back, saying who guides.
        amina.posts(&kind, &[("kind", "mentoring")]).refuses("which of you");
        amina.posts(&kind, &[("kind", "mentoring"), ("guide", &amina.id())]).goes();
        tomas.posts(&format!("{kind}/leave"), &[]).goes();
        amina.sees(&here, "Learning together with Tomas");
    });
}

#[test]
fn p53_each_kind_has_its_own_defaults() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks_with(&tomas, "One talk", &[("extent", "conversation"), ("minutes", "30")]).goes();
        let here = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        // A single conversation is what it is: nothing to try out, and no silence in it.
        amina.gets(&here).ok().shows("active").hides("whether it fits");
        s.days_pass(90);
        amina.gets(&here).ok().hides("It has been quiet");
        assert_eq!(amina.posts(&format!("{here}/pause"), &[("until", &in_days(s, 9))]).state, 409);
    });
}

#[test]
fn p46_what_is_frozen_stands_still_without_a_reason_until_it_thaws() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        let id: super::RelationshipId = here.rsplit('/').next().expect("an id").parse().expect("an id");
        s.does(move |tx| super::verbs::freeze(tx, id));
        for one in [&amina, &tomas] {
            one.is_told("stands still for now");
        }
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday")]).refuses("stands still");
        amina.posts(&format!("{here}/dissolve"), &[]).refuses("stands still");
        s.does(move |tx| super::verbs::thaw(tx, id));
        amina.sees(&here, "active");
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday")]).goes();
    });
}
