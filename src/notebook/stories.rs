//! Stories about questions that are kept.

use crate::asks::stories::Asking;
use crate::config::Config;
use crate::mail::receive::{self, Outcome};
use crate::messages::stories::{Writing, two};
use crate::story::{story, story_in};

#[test]
fn p28_a_question_is_kept_through_the_week_asked_and_its_answer_helps() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let notebook = format!("{relationship}/notebook");
        amina.sees(&relationship, "Nothing kept yet");
        amina.posts(&notebook, &[("words", "Which of your detours taught you the most?")]).goes();
        amina.posts(&notebook, &[("words", "")]).refuses("Please fill this in");
        amina.sees(&relationship, "You keep one question");
        tomas.does_not_see(&notebook, "detours");
        let html = amina.gets(&notebook).ok().html();
        let ask =
            html.split("action=\"").find_map(|rest| rest.split('"').next().filter(|p| p.ends_with("/ask"))).expect("a button").to_owned();
        assert_eq!(tomas.posts(&ask, &[]).state, 404);
        amina.posts(&ask, &[]).goes();
        tomas.reads_messages(&relationship).shows("Which of your detours taught you the most?");
        amina.posts(&ask, &[]).refuses("already");
        let helped = ask.replace("/ask", "/helped");
        assert_eq!(tomas.posts(&helped, &[]).state, 404);
        amina.posts(&helped, &[]).goes();
        tomas.is_told("Your answer helped Amina");
        amina.sees(&notebook, "The answer helped");
    });
}

#[test]
fn p28_a_question_from_the_library_goes_into_the_notebook_and_can_be_let_go() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let notebook = format!("{relationship}/notebook");
        let id = relationship.rsplit('/').next().expect("an id");
        let library = amina.gets(&format!("/library/questions?within={id}&q=detours")).ok().html();
        assert!(library.contains(&format!("{notebook}?question=first-15")));
        amina.sees(&format!("{notebook}?question=first-15"), "Which of your detours");
        amina.posts(&notebook, &[("words", "Something silly")]).goes();
        let html = amina.gets(&notebook).ok().html();
        let gone = html
            .split("action=\"")
            .find_map(|rest| rest.split('"').next().filter(|p| p.ends_with("/let-go")))
            .expect("a button")
            .to_owned();
        amina.posts(&gone, &[]).goes();
        amina.does_not_see(&notebook, "Something silly");
    });
}

#[test]
fn p28_a_question_is_kept_by_mail_and_only_from_its_owners_address() {
    let config = Config { reply_domain: Some("reply.village.example".into()), ..Config::default() };
    story_in(&config, true, |s| {
        let ([amina, tomas], relationship) = two(s);
        let notebook = format!("{relationship}/notebook");
        let html = amina.gets(&notebook).ok().html();
        let address = html.split("value=\"reply+").nth(1).and_then(|rest| rest.split('"').next()).expect("an address").to_owned();
        let mail = |from: &str| format!("From: <{from}>\nTo: reply+{address}\nMessage-ID: <{from}>\n\nHow did you learn to say no?\n");
        let takes = |raw: String| s.waits(receive::take(s.app(), raw.as_bytes())).expect("an outcome");
        assert_eq!(takes(mail(&tomas.address())), Outcome::Ignored("its reply address was not made for its sender"));
        assert_eq!(takes(mail(&amina.address())), Outcome::Taken { noun: "notebook" });
        amina.sees(&notebook, "How did you learn to say no?");
        tomas.does_not_see(&notebook, "say no?");
    });
}

#[test]
fn p28_a_question_is_brought_to_the_next_session() {
    use crate::sessions::{Cadence, Draft, Purpose, Time, verbs};
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let notebook = format!("{relationship}/notebook");
        amina.posts(&notebook, &[("words", "What would you look at first?")]).goes();
        let html = amina.gets(&notebook).ok().hides("Bring it to the next session").html();
        let ask =
            html.split("action=\"").find_map(|rest| rest.split('"').next().filter(|p| p.ends_with("/ask"))).expect("a button").to_owned();
        let bring = ask.replace("/ask", "/bring");
        amina.posts(&bring, &[]).refuses("No session is agreed yet");

        let id = relationship.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let (one, other, at) = (amina.viewer(), tomas.viewer(), s.now() + jiff::SignedDuration::from_hours(50));
        let session = s.does(move |tx| {
            let times = vec![Time::of_instant(at, &one.zone)];
            let draft = Draft { purpose: Purpose::Regular, cadence: Cadence::Once, minutes: 60, times, instead: None };
            let session = verbs::propose(tx, &one, id, &draft)?;
            let time = verbs::times(tx, session)?.first().map(|t| t.id).expect("a time");
            verbs::book(tx, &other, session, time)?;
            Ok(session)
        });
        assert_eq!(tomas.posts(&bring, &[]).state, 404);
        amina.posts(&bring, &[]).goes();
        tomas.sees(&format!("/sessions/{session}"), "What would you look at first?");
        amina.posts(&bring, &[]).refuses("already");
    });
}
