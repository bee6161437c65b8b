//! Stories about people who meet.

use super::session::{SessionId, SessionState};
use super::{sql, verbs, written};
use crate::asks::stories::Asking;
use crate::people::OpenTo;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::{Timestamp, sql};
use jiff::SignedDuration;

/// What people do about sessions.
pub trait Sessions {
    /// Lives by this clock.
    fn lives_in(&self, zone: &str);
    /// Is usually free on this weekday (1 is Monday), between these hours.
    fn is_free(&self, weekday: i64, from: i64, to: i64);
    /// Proposes these times, by their own clock; the answer leads to the session.
    fn proposes(&self, relationship: &str, times: &[&str], more: &[(&str, &str)]) -> Answer;
    /// Chooses the first time that was proposed.
    fn books(&self, session: &str) -> Answer;
}

impl Sessions for Actor<'_> {
    fn lives_in(&self, zone: &str) {
        let (person, zone) = (self.person(), zone.to_owned());
        self.story.does(move |tx| Ok(tx.execute(sql!("update profiles set zone = $2 where person_id = $1"), &[&person, &zone])?));
    }
    fn is_free(&self, weekday: i64, from: i64, to: i64) {
        let person = self.person();
        self.story.does(move |tx| {
            Ok(tx.execute(
                sql!("insert into hours (person_id, weekday, from_minute, to_minute) values ($1, $2, $3, $4)"),
                &[&person, &weekday, &(from * 60), &(to * 60)],
            )?)
        });
    }
    fn proposes(&self, relationship: &str, times: &[&str], more: &[(&str, &str)]) -> Answer {
        let zone = self.viewer().zone;
        let instant =
            |wall: &&str| wall.parse::<jiff::civil::DateTime>().expect("a time").to_zoned(zone.clone()).expect("a time").timestamp();
        let times: Vec<String> = times.iter().map(|wall| instant(wall).to_string()).collect();
        let usual = [("purpose", "regular"), ("minutes", "60"), ("cadence", "once")];
        let usual = usual.iter().filter(|(name, _)| !more.iter().any(|(m, _)| m == name)).chain(more).copied();
        let fields: Vec<(&str, &str)> = usual.chain(times.iter().map(|t| ("times", t.as_str()))).collect();
        self.posts(&format!("{relationship}/sessions"), &fields)
    }
    fn books(&self, session: &str) -> Answer {
        let id = id_of(session);
        let time = self.story.does(move |tx| sql::times(tx, id)).first().expect("a time").id;
        self.posts(&format!("{session}/book"), &[("time", &time.to_string())])
    }
}

fn id_of(session: &str) -> SessionId {
    session["/sessions/".len()..].parse().expect("a session's path")
}

/// Two people who have just begun, the learner first, and where they meet.
pub(super) fn two<'s>(s: &'s Story) -> ([Actor<'s>; 2], String) {
    let [amina, tomas] = s.people(["Amina", "Tomas"]);
    tomas.is_open_to(OpenTo::Mentor, 3);
    let ask = amina.asks(&tomas, "Work with data");
    let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
    ([amina, tomas], relationship)
}

/// A session of theirs that is booked: stories begin on Monday 2 November 2026 at nine.
pub(crate) fn booked(amina: &Actor, tomas: &Actor, relationship: &str, wall: &str, more: &[(&str, &str)]) -> String {
    let session = amina.proposes(relationship, &[wall], more).goes();
    tomas.books(&session).goes();
    session
}

fn found(s: &Story, session: &str) -> super::Session {
    let id = id_of(session);
    s.does(move |tx| sql::find(tx, id)).expect("a session")
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().expect("an instant").into()
}

/// Sessions of a relationship that are proposed or booked, soonest first.
pub(crate) fn ahead(s: &Story, relationship: &str) -> Vec<super::Session> {
    let meet: crate::relationships::RelationshipId = relationship["/relationships/".len()..].parse().expect("an id");
    s.does(move |tx| sql::live(tx, meet, 100))
}

/// Until some time, at most six hours a step.
pub(crate) fn time_passes_until(s: &Story, then: &str) {
    let then = at(then);
    s.hours_pass(then.since(s.now()).as_hours());
    s.clock_moves(then.since(s.now()));
    s.sweeps_run();
}

#[test]
fn p22_one_proposes_times_that_suit_both_and_the_other_books_one() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.lives_in("America/Sao_Paulo");
        tomas.lives_in("Europe/Berlin");
        amina.is_free(4, 14, 18);
        tomas.is_free(4, 18, 20);
        // Thursday 18:00 in Berlin is 14:00 in São Paulo.
        amina
            .gets(&format!("{meet}/sessions/new"))
            .ok()
            .shows("Thursday 5 November")
            .shows("14:00")
            .shows("18:00 for Tomas")
            .hides("16:00");
        let session = amina.proposes(&meet, &["2026-11-05T14:00", "2026-11-05T15:00"], &[("purpose", "chemistry")]).goes();
        tomas.is_told("Amina would like to meet you");
        tomas.is_told("Thursday 5 November, 18:00 (14:00 for Amina)");
        amina.sees(&session, "Tomas chooses one of these");
        assert_eq!(amina.books(&session).state, 404, "whoever proposed does not choose");
        tomas.sees("/today", "Choose a time for your first conversation with Amina");
        tomas.books(&session).goes();
        amina.is_told("You meet Tomas on Thursday 5 November, 14:00");
        amina.sees(&format!("{meet}/sessions"), "Thursday 5 November, 14:00");
        tomas.sees(&meet, "Thursday 5 November, 18:00");
        let kept = found(s, &session);
        assert_eq!((kept.wall.as_deref(), kept.zone.as_str()), (Some("2026-11-05T14:00:00"), "America/Sao_Paulo"));
        assert_eq!(kept.starts_at, Some(at("2026-11-05T17:00:00Z")));
        tomas.books(&session).refuses("A time was chosen for this session a moment before you");
    });
}

#[test]
fn p22_nobody_is_booked_twice() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let [lea] = s.people(["Lea"]);
        let ask = lea.asks(&tomas, "The same");
        let other = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let one = amina.proposes(&meet, &["2026-11-05T18:00"], &[]).goes();
        let two = lea.proposes(&other, &["2026-11-05T18:30"], &[]).goes();
        tomas.books(&one).goes();
        tomas.books(&two).refuses("You are in another session on Thursday 5 November, 18:30");
        let again =
            lea.proposes(&other, &["2026-11-05T17:30", "2026-11-05T16:00"], &[]).refuses("Tomas is not free on Thursday 5 November, 17:30");
        assert!(again.html().contains("value=\"2026-11-05T16:00:00Z\" checked"), "what else was chosen stays chosen");
        lea.proposes(&other, &["2026-11-05T19:00"], &[]).goes();
        lea.proposes(&other, &["2026-11-01T19:00"], &[]).refuses("That time has passed");
        lea.proposes(&other, &[], &[]).refuses("Please choose at least one time");
    });
}

#[test]
fn p22_the_last_time_is_given_once_however_many_are_booked_at_once() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 64);
        let requests: Vec<_> = (0..64)
            .map(|n| {
                let name = format!("Learner {n}");
                let [learner] = s.people([name.as_str()]);
                let ask = learner.asks(&tomas, "Work with data");
                let meet = tomas.posts(&format!("{ask}/accept"), &[]).goes();
                let session = learner.proposes(&meet, &["2026-11-05T18:00"], &[]).goes();
                let id = id_of(&session);
                let time = s.does(move |tx| sql::times(tx, id)).first().expect("a time").id;
                tomas.request_to_post(&format!("{session}/book"), &[("time", &time.to_string())])
            })
            .collect();
        let answers = s.waits(futures_util::future::join_all(requests.into_iter().map(|request| s.answers(request))));
        let booked = answers.iter().filter(|answer| answer.state == 303).count();
        assert_eq!(booked, 1, "{:?}", answers.iter().map(|answer| answer.state).collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| answer.state == 303 || answer.text().contains("You are in another session")));
        let (taken,): (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from sessions where state = 'booked'"), &[])?));
        assert_eq!(taken, 1);
    });
}

#[test]
fn p22_a_session_moves_and_is_cancelled_with_a_word_and_both_are_told() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let [mallory] = s.people(["Mallory"]);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T18:00", &[]);
        mallory.finds_nothing(&session);
        mallory.finds_nothing(&format!("{meet}/sessions"));
        for deed in
            ["book", "move", "cancel", "held", "missed", "video", "agenda", "preparation", "notes", "own-notes", "decisions", "feedback"]
        {
            assert_eq!(
                mallory
                    .posts(
                        &format!("{session}/{deed}"),
                        &[("time", &mallory.id()), ("item", "x"), ("decision", "x"), ("feedback", "x"), ("other", "2026-11-09T18:00")]
                    )
                    .state,
                404,
                "{deed}"
            );
        }
        amina.sees(&format!("{session}/move"), "Now: Thursday 5 November, 18:00");
        tomas.posts(&format!("{session}/move"), &[("other", "2026-11-06T17:00"), ("words", "My train is late.")]).goes();
        amina.is_told("It is now on Friday 6 November, 17:00");
        amina.is_told("My train is late.");
        amina.posts(&format!("{session}/cancel"), &[("words", "I am ill.")]).goes();
        tomas.is_told("I am ill.");
        tomas.sees(&session, "Amina cancelled it");
        tomas.posts(&format!("{session}/move"), &[("other", "2026-11-09T17:00")]).refuses("was cancelled");
        let words: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from sessions where words is not null"), &[])?));
        assert_eq!(words.0, 1);
    });
}

#[test]
fn p22_a_weekly_series_keeps_its_wall_time_through_both_changes_of_the_clock() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.lives_in("Europe/Berlin");
        tomas.lives_in("America/Sao_Paulo");
        s.clock_moves(at("2027-02-20T09:00:00Z").since(s.now()));
        let first = booked(&amina, &tomas, &meet, "2027-02-22T18:00", &[("cadence", "weekly")]);
        s.sweeps_run();
        let all = |s: &Story| -> Vec<(String, String)> {
            ahead(s, &meet).into_iter().map(|one| (one.wall.expect("a wall"), one.starts_at.expect("a start").jiff().to_string())).collect()
        };
        let spring = all(s);
        assert_eq!(spring.len(), 8, "eight weeks ahead, and no further: {spring:?}");
        assert_eq!(spring[4], ("2027-03-22T18:00:00".into(), "2027-03-22T17:00:00Z".into()));
        assert_eq!(spring[5], ("2027-03-29T18:00:00".into(), "2027-03-29T16:00:00Z".into()), "Berlin changed its clocks on 28 March");
        amina.sees(&format!("{meet}/sessions"), "Every week, Monday 18:00 in Berlin");
        tomas.sees(&first, "When clocks change, it stays 18:00 there");
        tomas.sees(&format!("{meet}/sessions"), "18:00 for Amina");
        // The summer passes; the sweep goes on making them.
        for _ in 0..35 {
            s.clock_moves(SignedDuration::from_hours(7 * 24));
            s.sweeps_run();
        }
        let autumn = all(s);
        let around = |day: &str| autumn.iter().find(|(wall, _)| wall.starts_with(day)).map(|(wall, at)| format!("{wall} {at}"));
        assert_eq!(around("2027-10-25").as_deref(), Some("2027-10-25T18:00:00 2027-10-25T16:00:00Z"));
        assert_eq!(around("2027-11-01").as_deref(), Some("2027-11-01T18:00:00 2027-11-01T17:00:00Z"), "and back on 31 October");
    });
}

#[test]
fn p22_one_session_of_a_series_moves_or_all_that_follow() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let first = booked(&amina, &tomas, &meet, "2026-11-03T18:00", &[("cadence", "weekly")]);
        s.sweeps_run();
        let id = found(s, &first).relationship;
        let walls = |s: &Story| -> Vec<String> {
            s.does(move |tx| sql::live(tx, id, 100)).into_iter().map(|one| one.wall.expect("a wall")).take(4).collect()
        };
        let path = |s: &Story, n: usize| format!("/sessions/{}", s.does(move |tx| sql::live(tx, id, 100))[n].id);
        let second = path(s, 1);
        tomas.posts(&format!("{second}/move"), &[("other", "2026-11-11T12:00"), ("which", "this")]).goes();
        assert_eq!(walls(s), ["2026-11-03T18:00:00", "2026-11-11T12:00:00", "2026-11-17T18:00:00", "2026-11-24T18:00:00"]);
        let third = path(s, 2);
        amina.posts(&format!("{third}/move"), &[("other", "2026-11-18T17:00"), ("which", "following")]).goes();
        assert_eq!(walls(s), ["2026-11-03T18:00:00", "2026-11-11T12:00:00", "2026-11-18T17:00:00", "2026-11-25T17:00:00"]);
        // Those that are made later go by the new time.
        s.days_pass(7);
        let last = s.does(move |tx| sql::live(tx, id, 100)).pop().expect("a session");
        assert!(last.wall.expect("a wall").ends_with("T17:00:00"));
        tomas.posts(&format!("{third}/cancel"), &[("which", "following")]).goes();
        assert_eq!(walls(s).len(), 2);
        s.days_pass(7);
        assert_eq!(walls(s).len(), 2, "what was ended makes nothing more");
    });
}

#[test]
fn p22_a_session_of_a_series_that_falls_on_another_is_left_out_and_both_are_told() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        booked(&amina, &tomas, &meet, "2026-11-10T18:30", &[]);
        booked(&amina, &tomas, &meet, "2026-11-03T18:00", &[("cadence", "weekly")]);
        s.sweeps_run();
        amina.is_told("One of your sessions was left out");
        tomas.is_told("Tuesday 10 November would have fallen on another session");
        amina.sees(&format!("{meet}/sessions"), "Tuesday 17 November, 18:00");
    });
}

#[test]
fn p22_both_are_reminded_a_day_before_and_again_when_it_was_moved() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-09T18:00", &[]);
        let reminded =
            |actor: &Actor| actor.was_told().iter().filter(|w| w.title.starts_with("You meet") && w.button == "Open the agenda").count();
        time_passes_until(s, "2026-11-08T17:00:00Z");
        assert_eq!((reminded(&amina), reminded(&tomas)), (0, 0));
        time_passes_until(s, "2026-11-08T18:00:00Z");
        assert_eq!((reminded(&amina), reminded(&tomas)), (1, 1));
        tomas.posts(&format!("{session}/move"), &[("other", "2026-11-12T18:00")]).goes();
        s.days_pass(2);
        assert_eq!(reminded(&amina), 1);
        time_passes_until(s, "2026-11-11T18:00:00Z");
        assert_eq!((reminded(&amina), reminded(&tomas)), (2, 2));
    });
}

#[test]
fn p22_times_that_nobody_chose_lapse_and_whoever_proposed_hears_of_it() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = amina.proposes(&meet, &["2026-11-03T18:00", "2026-11-04T18:00"], &[]).goes();
        s.days_pass(3);
        amina.is_told("No time to meet Tomas was found yet");
        tomas.sees(&session, "None of the times was chosen before they had passed");
        assert_eq!(tomas.books(&session).state, 409);
    });
}

#[test]
fn p22_a_time_is_booked_and_cancelled_from_the_letter() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = amina.proposes(&meet, &["2026-11-05T18:00", "2026-11-06T18:00"], &[]).goes();
        let followed = tomas.follows("Choose one of these");
        followed.page.ok().shows("Thursday 5 November, 18:00").shows("You are answering as Tomas");
        let id = id_of(&session);
        let second = s.does(move |tx| sql::times(tx, id))[1].id.to_string();
        let page = tomas.follows("Choose one of these");
        page.confirms(&[]).refuses("Please choose one of these times");
        page.confirms(&[("time", &second)]).ok().shows("You meet Amina on Friday 6 November, 18:00");
        amina.reads_in_letter("You meet Tomas on Friday 6 November, 18:00");
        time_passes_until(s, "2026-11-05T18:00:00Z");
        let page = tomas.follows("I cannot come");
        page.confirms(&[("words", "The children are ill.")]).ok().shows("Cancelled. Amina is told at once");
        amina.is_told("The children are ill.");
        assert_eq!(found(s, &session).state, SessionState::Cancelled);
    });
}

#[test]
fn p18_the_first_conversation_comes_first_and_has_its_own_agenda() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.gets(&format!("{meet}/sessions/new")).ok().shows("First conversation");
        let session = booked(&amina, &tomas, &meet, "2026-11-05T18:00", &[("purpose", "chemistry"), ("minutes", "30")]);
        amina.sees(&session, "First conversation with Tomas");
        amina.sees(&session, "How each of us likes to work");
    });
}

#[test]
fn p27_each_prepares_alone_or_shares_it() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-09T18:00", &[]);
        time_passes_until(s, "2026-11-07T18:00:00Z");
        amina.is_told("Think ahead: you meet Tomas on Monday 9 November");
        assert!(tomas.was_told().iter().all(|w| !w.title.starts_with("Think ahead")), "the learner hears first");
        amina.sees("/today", "Prepare for Monday");
        amina.sees(&session, "Best done by Sunday 8 November, 18:00");
        let mine = [("words-0", "I gave a talk."), ("shared-0", "yes"), ("words-1", "Courage, frankly.")];
        amina.posts(&format!("{session}/preparation"), &mine).goes();
        amina.does_not_see("/today", "Prepare for Monday");
        tomas.sees(&session, "I gave a talk.");
        tomas.does_not_see(&session, "Courage, frankly.");
        amina.sees(&session, "Courage, frankly.");
        amina
            .posts(&format!("{session}/preparation"), &[("words-0", "I gave a talk."), ("words-1", &"x".repeat(2001))])
            .refuses("please keep it to 2000");
    });
}

#[test]
fn p27_from_the_second_session_on_most_of_the_agenda_is_there_already() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let first = booked(&amina, &tomas, &meet, "2026-11-03T18:00", &[]);
        for words in ["My talk", "The reading list", "How to say no"] {
            amina.posts(&format!("{first}/agenda"), &[("item", words)]).goes();
        }
        time_passes_until(s, "2026-11-03T18:30:00Z");
        let item = |session: &str, words: &str| {
            let (id, viewer, words) = (id_of(session), amina.viewer(), words.to_owned());
            s.does(move |tx| {
                let meeting = verbs::open(tx, &viewer, id, super::Deed::See)?;
                let read = written::read(tx, &viewer, &meeting)?;
                Ok(read.agenda.into_iter().find(|(_, w)| *w == words).map(|(i, _)| i))
            })
        };
        for words in ["The reading list", "How to say no"] {
            let id = item(&first, words).expect("an item").id;
            tomas.posts(&format!("{first}/agenda/{id}"), &[("do", "put_off")]).goes();
        }
        let talk = item(&first, "My talk").expect("an item").id;
        amina.posts(&format!("{first}/agenda/{talk}"), &[("do", "discussed")]).goes();
        amina.posts(&format!("{meet}/next-step"), &[("next_step", "Give the talk once more, to friends")]).goes();
        let plan = [
            ("words", "Ask Joana for a date"),
            ("due_on", "2026-11-10"),
            ("plan_if", "it is Monday"),
            ("plan_then", "call her"),
            ("nonce", "n"),
        ];
        amina.posts(&format!("{first}/actions"), &plan).goes();
        amina.posts(&format!("{first}/actions"), &plan).goes();
        tomas.sees(&first, "If it is Monday, then I call her.");
        amina.posts(&format!("{first}/actions"), &plan[..3]).refuses("A plan has two halves");
        s.clock_moves(SignedDuration::from_hours(1));
        amina.posts(&format!("{first}/held"), &[]).goes();

        let second = booked(&tomas, &amina, &meet, "2026-11-17T18:00", &[]);
        for words in ["The reading list", "How to say no", "Give the talk once more, to friends", "Amina: Ask Joana for a date"] {
            amina.sees(&second, words);
        }
        amina.does_not_see(&second, "My talk");
        amina.posts(&format!("{second}/agenda"), &[("item", "A new job in Porto?")]).goes();
        s.days_pass(14);
        let id = id_of(&second);
        let agenda = s.does(move |tx| sql::agenda(tx, id));
        let filled = agenda.iter().filter(|i| i.by.is_none()).count();
        assert!(filled * 10 >= agenda.len() * 8, "{filled} of {} were there already", agenda.len());
        assert_eq!(item(&second, "The reading list").expect("an item").source, written::Source::Carried);
    });
}

#[test]
fn p33_the_learner_orders_the_agenda_and_hears_of_everything_first() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        s.days_pass(8);
        amina.sees("/today", "Find a time with Tomas");
        tomas.does_not_see("/today", "Find a time with Amina");
        amina.sees(&meet, "Propose a time");
        let session = booked(&amina, &tomas, &meet, "2026-11-12T18:00", &[]);
        amina.does_not_see("/today", "Find a time with Tomas");
        for words in ["One", "Two"] {
            tomas.posts(&format!("{session}/agenda"), &[("item", words)]).goes();
        }
        let id = id_of(&session);
        let last = s.does(move |tx| sql::agenda(tx, id)).pop().expect("an item").id;
        let up = format!("{session}/agenda/{last}");
        assert_eq!(tomas.posts(&up, &[("do", "up")]).state, 404);
        amina.posts(&up, &[("do", "up")]).goes();
        let now: Vec<_> = s.does(move |tx| sql::agenda(tx, id)).into_iter().map(|i| i.id).collect();
        assert_eq!(now.iter().position(|i| *i == last), Some(now.len() - 2));
        assert_eq!(amina.posts(&up, &[("do", "nonsense")]).state, 404);
        amina.posts(&up, &[("do", "take_off")]).goes();
        amina.posts(&up, &[("do", "discussed")]).refuses("no longer on the agenda");
        // How it went: the learner is asked at once, the mentor only when she says nothing.
        time_passes_until(s, "2026-11-12T20:00:00Z");
        amina.sees("/today", "Say how it went with Tomas");
        tomas.does_not_see("/today", "Say how it went");
        s.days_pass(3);
        tomas.sees("/today", "Say how it went with Amina");
    });
}

#[test]
fn p33_a_learner_sees_for_herself_what_she_took_into_her_own_hands() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let list = format!("{meet}/sessions");
        for (one, other, day) in [(&amina, &tomas, "2026-11-05"), (&tomas, &amina, "2026-11-12")] {
            amina.does_not_see(&list, "In your hands");
            let session = booked(one, other, &meet, &format!("{day}T18:00"), &[]);
            amina.posts(&format!("{session}/agenda"), &[("item", "My CV")]).goes();
            if one.id() == amina.id() {
                amina.posts(&format!("{session}/preparation"), &[("words-0", "I gave a talk.")]).goes();
                tomas.posts(&format!("{session}/agenda"), &[("item", "Her talk")]).goes();
            }
            time_passes_until(s, &format!("{day}T20:00:00Z"));
            amina.posts(&format!("{session}/held"), &[]).goes();
        }
        amina
            .gets(&list)
            .ok()
            .shows("Of your last 2 sessions you proposed 1 and prepared for 1.")
            .shows("You brought 2 topics, and Tomas 1.");
        tomas.does_not_see(&list, "In your hands");
    });
}

#[test]
fn p23_a_session_is_prepared_held_written_down_and_leads_to_the_next() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.is_free(4, 17, 20);
        tomas.is_free(4, 17, 20);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T18:00", &[]);
        amina.posts(&format!("{session}/held"), &[]).refuses("has not begun yet");
        amina.posts(&format!("{session}/video"), &[("video", "http://plain.example")]).refuses("starts with https://");
        amina.posts(&format!("{session}/video"), &[("video", "https://meet.example.org/ours")]).goes();
        tomas.sees(&session, "Open the video room");
        amina.posts(&format!("{session}/video"), &[("make", "jitsi")]).goes();
        assert!(tomas.gets(&session).ok().html().contains("https://meet.jit.si/chiron-"));
        time_passes_until(s, "2026-11-05T18:05:00Z");
        tomas.sees("/today", "You meet Amina now");
        tomas.sees(&session, "18:00 to 19:00");
        amina.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", "Ask for the data first.")]).goes();
        tomas.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", "Then for the deadline.")]).goes();
        amina.gets(&session).ok().shows("Ask for the data first.").shows("Then for the deadline.");
        tomas.posts(&format!("{session}/own-notes"), &[("own-notes-base", ""), ("own-notes", "She is further than she thinks.")]).goes();
        tomas.sees(&session, "She is further than she thinks.");
        amina.does_not_see(&session, "She is further than she thinks.");
        amina.posts(&format!("{session}/decisions"), &[("decision", "We meet every other Thursday.")]).goes();
        s.clock_moves(SignedDuration::from_hours(2));
        amina.sees(&session, "How did it go?");
        amina.posts(&format!("{session}/held"), &[]).goes();
        tomas.posts(&format!("{session}/missed"), &[]).refuses("You have met already");
        let page =
            amina.gets(&session).ok().shows("We meet every other Thursday.").shows("Thursday 3 December").shows("These suit you both");
        let next =
            page.html().split("name=\"times\" value=\"").nth(1).and_then(|rest| rest.split('"').next().map(str::to_owned)).expect("a time");
        amina.posts(&format!("{session}/feedback"), &[("feedback", "Your question about the deadline.")]).goes();
        tomas.is_told("Your question about the deadline.");
        amina.posts(&format!("{session}/feedback"), &[("feedback", "Again.")]).refuses("already");
        amina
            .posts(&format!("{meet}/sessions"), &[("purpose", "regular"), ("minutes", "60"), ("cadence", "once"), ("times", &next)])
            .goes();
        tomas.is_told("Amina would like to meet you");
    });
}

#[test]
fn p29_what_one_heard_in_a_session_is_confirmed_or_put_right_by_the_other() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        let heard = format!("{session}/heard");
        amina.posts(&heard, &[("heard", "Too early")]).refuses("has not begun yet");
        time_passes_until(s, "2026-11-05T14:30:00Z");
        amina.sees(&session, "In two lines, what did you hear?");
        amina.posts(&heard, &[("heard", "One\nTwo\nThree")]).refuses("Two lines are enough");
        amina.posts(&heard, &[("heard", "That a project counts more than a course.")]).goes();
        amina.posts(&heard, &[("heard", "Again")]).refuses("said already");
        amina.sees(&session, "Tomas has not said yet whether that is it.");
        tomas.is_told("That a project counts more than a course.");
        let (hers, his) = (format!("{heard}/{}", amina.id()), format!("{heard}/{}", tomas.id()));
        amina.posts(&hers, &[]).refuses("Nothing waits");
        tomas.posts(&hers, &[("correction", "")]).refuses("in a line what you meant");
        tomas.posts(&hers, &[("correction", "A project with somebody who looks at it.")]).goes();
        amina.is_told("Tomas puts right what you heard");
        amina.sees(&session, "A project with somebody who looks at it.");
        tomas.posts(&heard, &[("heard", "She has two evenings a week.")]).goes();
        amina.posts(&his, &[]).goes();
        tomas.sees(&session, "That is it");
        // Counted for the two alone, together with what they heard in messages.
        amina.sees(&format!("{meet}/messages"), "Of 2 times that one of you said what you heard, 1 were right at once.");
        let [mallory] = s.people(["Mallory"]);
        assert_eq!(mallory.posts(&his, &[]).state, 404);
        s.administrator("Ada").finds_nothing(&session);
    });
}

#[test]
fn p23_a_session_that_did_not_take_place_is_nobodys_fault() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T18:00", &[]);
        time_passes_until(s, "2026-11-05T20:00:00Z");
        tomas.posts(&format!("{session}/missed"), &[]).goes();
        amina.is_told("You and Tomas did not meet this time");
        let told = amina.was_told().pop().expect("something");
        assert_eq!(told.path, format!("{meet}/sessions/new"));
        amina.gets(&session).ok().shows("These things happen").shows("These suit you both").hides("blame");
    });
}

#[test]
fn p23_what_is_written_is_sealed_and_no_word_of_it_lies_in_the_database() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-02T10:00", &[]);
        s.clock_moves(SignedDuration::from_hours(1));
        let secret = "xylophonesecret";
        amina.posts(&format!("{session}/agenda"), &[("item", secret)]).goes();
        amina.posts(&format!("{session}/preparation"), &[("words-0", secret)]).goes();
        amina.posts(&format!("{session}/notes"), &[("notes-base", ""), ("notes", secret)]).goes();
        amina.posts(&format!("{session}/own-notes"), &[("own-notes-base", ""), ("own-notes", secret)]).goes();
        amina.posts(&format!("{session}/decisions"), &[("decision", secret)]).goes();
        amina.posts(&format!("{session}/video"), &[("video", &format!("https://{secret}.example"))]).goes();
        if s.app().db.engine() == chiron_store::Engine::Sqlite {
            for file in ["story.db", "story.db-wal"] {
                let bytes = std::fs::read(s.folder().join(file)).unwrap_or_default();
                assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file}");
            }
        }
        let (tomas_id, amina_id) = (tomas.person(), amina.person());
        let exported = |person| {
            let all = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person));
            all.to_string().matches(secret).count()
        };
        assert_eq!(exported(amina_id), 6, "all of it");
        assert_eq!(exported(tomas_id), 4, "without her preparation and her own notes");
        s.does(move |tx| {
            for slice in tx.slices() {
                for personal in slice.personal {
                    (personal.forget)(tx, amina_id)?;
                }
            }
            Ok(())
        });
        assert_eq!(exported(tomas_id), 0, "forgetting destroys the key");
        let left: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from sessions where state in ('proposed', 'booked')"), &[])?));
        assert_eq!(left.0, 0);
    });
}

#[test]
fn p23_two_who_write_notes_at_the_same_moment_lose_nothing() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-02T10:00", &[]);
        s.clock_moves(SignedDuration::from_hours(1));
        let path = format!("{session}/notes");
        let request = |actor: &Actor, n: usize| actor.request_to_post(&path, &[("notes-base", ""), ("notes", &format!("word{n}"))]);
        let requests: Vec<_> = (0..8).map(|n| s.answers(request(if n % 2 == 0 { &amina } else { &tomas }, n))).collect();
        for answer in s.waits(futures_util::future::join_all(requests)) {
            assert_eq!(answer.state, 303, "{}", answer.text());
        }
        let page = amina.gets(&session).ok();
        for n in 0..8 {
            assert!(page.text().contains(&format!("word{n}")), "{}", page.text());
        }
        // A script gets the text back, and the page says what is wrong when there is too much of it.
        let answer = amina.gets(&path).ok();
        assert!(answer.html().contains("word7") && answer.html().contains("\"version\":8"), "{}", answer.html());
        amina.posts(&path, &[("notes-base", ""), ("notes", &"y ".repeat(10_001))]).refuses("Your words are still here").shows("y y y");
    });
}

#[test]
fn p22_what_was_ahead_ends_with_the_relationship_and_when_someone_leaves() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T18:00", &[("cadence", "weekly")]);
        s.sweeps_run();
        amina.posts(&format!("{meet}/end"), &[]).goes();
        tomas.sees(&session, "you no longer work together here");
        s.days_pass(10);
        let left: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from sessions where state = 'booked'"), &[])?));
        assert_eq!(left.0, 0);
        assert!(tomas.was_told().iter().all(|w| !w.title.starts_with("You meet Amina") || w.button != "Open the agenda"));
        amina.proposes(&meet, &["2026-12-05T18:00"], &[]).refuses("ended already");

        let [lea] = s.people(["Lea"]);
        let ask = lea.asks(&tomas, "The same");
        let other = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let next = booked(&lea, &tomas, &other, "2026-12-05T18:00", &[]);
        tomas.posts("/account/close", &[]).goes();
        lea.is_told("Your session with Tomas is cancelled");
        assert_eq!(found(s, &next).state, SessionState::Cancelled);
    });
}

#[test]
fn two_nodes_book_and_remind_and_make_each_thing_once() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        booked(&amina, &tomas, &meet, "2026-11-03T08:30", &[("cadence", "weekly")]);
        // Every node claims at the same moment, several times over.
        let other = s.another_node();
        s.clock_moves(SignedDuration::from_hours(1));
        let claims = |app: &crate::app::App| {
            let app = app.clone();
            async move {
                let mut done = 0;
                for _ in 0..12 {
                    done += app.write(verbs::make).await.expect("a sweep");
                    app.write(verbs::announce).await.expect("a sweep");
                }
                done
            }
        };
        if s.app().db.engine() == chiron_store::Engine::Postgres {
            s.waits(futures_util::future::join(claims(s.app()), claims(&other)));
        } else {
            s.waits(claims(s.app()));
        }
        let twice: Vec<(i64,)> =
            s.does(|tx| Ok(tx.all(sql!("select count(*) from sessions group by starts_at having count(*) > 1 limit 5"), &[])?));
        assert!(twice.is_empty(), "{twice:?}");
        let made: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from sessions where state = 'booked'"), &[])?));
        assert_eq!(made.0, 8);

        // Two of Tomas's people choose overlapping times at the same moment: one of them is refused in words.
        let [lea] = s.people(["Lea"]);
        let ask = lea.asks(&tomas, "The same");
        let with_lea = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let one = tomas.proposes(&meet, &["2026-11-06T12:00"], &[]).goes();
        let two = tomas.proposes(&with_lea, &["2026-11-06T12:30"], &[]).goes();
        let request = |actor: &Actor, session: &str| {
            let id = id_of(session);
            let time = s.does(move |tx| sql::times(tx, id))[0].id.to_string();
            actor.request_to_post(&format!("{session}/book"), &[("time", &time)])
        };
        let (first, second) = (request(&amina, &one), request(&lea, &two));
        let (first, second) = s.waits(futures_util::future::join(s.answers(first), s.answers(second)));
        let mut states = [first.state, second.state];
        states.sort_unstable();
        assert_eq!(states, [303, 422], "{} {}", first.text(), second.text());
    });
}

#[test]
fn a_session_costs_the_database_the_same_however_much_is_written_in_it() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-02T10:00", &[]);
        s.clock_moves(SignedDuration::from_hours(1));
        let cost = |path: &str| {
            let before = s.app().db.stats().statements;
            amina.gets(path).ok();
            s.app().db.stats().statements - before
        };
        let paths = [session.clone(), format!("{meet}/sessions"), "/today".into(), meet.clone()];
        amina.posts(&format!("{session}/actions"), &[("words", "One"), ("due_on", "2026-11-10"), ("nonce", "0")]).goes();
        let first: Vec<u64> = paths.iter().map(|path| cost(path)).collect();
        for n in 0..6 {
            amina.posts(&format!("{session}/agenda"), &[("item", "Something")]).goes();
            tomas.posts(&format!("{session}/decisions"), &[("decision", "Something")]).goes();
            amina.posts(&format!("{session}/preparation"), &[("words-0", "Something"), ("shared-0", "yes")]).goes();
            tomas
                .posts(&format!("{session}/actions"), &[("words", "Something"), ("due_on", "2026-11-10"), ("nonce", &n.to_string())])
                .goes();
            booked(&amina, &tomas, &meet, &format!("2026-11-1{n}T18:00"), &[]);
        }
        let then: Vec<u64> = paths.iter().map(|path| cost(path)).collect();
        // The next session is known then, so that no time is looked for.
        assert!(then[0] <= first[0] && then[0] < 30, "{first:?} {then:?}");
        assert_eq!(then[1..], first[1..]);
        assert!(first.iter().all(|cost| *cost < 40), "{first:?}");
    });
}

#[test]
fn p32_where_contact_was_stopped_no_session_stands_in_a_calendar() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = amina.proposes(&meet, &["2026-11-05T14:00"], &[]).goes();
        tomas.books(&session).goes();
        let relationship = found(s, &session).relationship;
        let person = amina.person();
        let in_calendar = || {
            let (from, until) = (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
            s.does(move |tx| super::calendar_sql::in_calendar(tx, person, from, until)).len()
        };
        assert_eq!(in_calendar(), 1);
        s.does(move |tx| crate::relationships::verbs::freeze(tx, relationship));
        assert_eq!(in_calendar(), 0);
        tomas.gets(&session).ok().shows("came to stand still").hides("no longer work together");
        // It is not to be found there again either: whoever wants to meet proposes another time.
        s.does(move |tx| crate::relationships::verbs::thaw(tx, relationship));
        assert_eq!(in_calendar(), 0);
        tomas.is_told("What you had booked was cancelled.");
        amina.proposes(&format!("/relationships/{relationship}"), &["2026-11-06T14:00"], &[]).goes();
    });
}
