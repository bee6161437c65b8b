//! Stories about asking for help.

use crate::mail::sink::{Mood, Sink};
use crate::mail::{Post, Server};
use crate::people::OpenTo;
use crate::people::stories::Profiled;
use crate::slices::Words;
use crate::story::{Actor, Answer, story};
use chiron_store::sql;
use std::time::Duration;

/// What people in stories do about asks.
pub trait Asking {
    /// Is open to be asked for this, with so many places.
    fn is_open_to(&self, role: OpenTo, places: i64);
    /// Writes the letter and sends it; returns the ask's path.
    fn asks(&self, whom: &Actor, goal: &str) -> String;
    /// Everything this person has been told so far, latest last: title, lines and quotation of each.
    fn was_told(&self) -> Vec<Words>;
    /// Has been told this, in a title, a line or a quotation.
    fn is_told(&self, words: &str);
    /// As `asks`, with more said, or said otherwise.
    fn asks_with(&self, whom: &Actor, goal: &str, more: &[(&str, &str)]) -> Answer;
}

/// The fields of a request that nothing is wrong with.
pub fn letter<'a>(to: &'a str, nonce: &'a str, goal: &'a str) -> [(&'a str, &'a str); 11] {
    [
        ("to", to),
        ("nonce", nonce),
        ("help", "mentoring"),
        ("goal", goal),
        ("why_you", "You made the same move."),
        ("so_far", "Two courses and a small project."),
        ("extent", "regular"),
        ("hours", "2"),
        ("months", "6"),
        ("the_ask", "Tell me which of my plans is worth a year."),
        ("will_bring", "I prepare, and I tell you what came of it."),
    ]
}

impl Asking for Actor<'_> {
    fn is_open_to(&self, role: OpenTo, places: i64) {
        let person = self.person();
        self.story.does(move |tx| {
            tx.execute(
                sql!("insert into profile_roles (person_id, role) values ($1, $2) on conflict (person_id, role) do nothing"),
                &[&person, &role],
            )?;
            tx.execute(sql!("update profiles set capacity = $2 where person_id = $1"), &[&person, &places])?;
            Ok(())
        });
    }

    #[track_caller]
    fn asks(&self, whom: &Actor, goal: &str) -> String {
        self.asks_with(whom, goal, &[]).goes()
    }

    fn was_told(&self) -> Vec<Words> {
        let viewer = self.viewer();
        self.story.does(move |tx| {
            let rows: Vec<(String, uuid::Uuid)> =
                tx.all(sql!("select kind, subject from notices where person_id = $1 order by made_at, id"), &[&viewer.person])?;
            let mut told = Vec::new();
            for (kind, subject) in rows {
                let telling = tx.slices().iter().flat_map(|s| s.tellings).find(|t| t.kind == kind).expect("a declared telling");
                told.extend(crate::error::still_there((telling.words)(tx, &viewer, subject))?.flatten());
            }
            Ok(told)
        })
    }

    #[track_caller]
    fn is_told(&self, words: &str) {
        let told = self.was_told();
        let says =
            |t: &Words| t.title.contains(words) || t.lines.iter().any(|l| l.contains(words)) || t.quote.iter().any(|q| q.contains(words));
        assert!(told.iter().any(says), "{} was not told “{words}” but: {told:#?}", self.name);
    }

    fn asks_with(&self, whom: &Actor, goal: &str, more: &[(&str, &str)]) -> Answer {
        let (to, nonce) = (whom.id(), format!("{} {goal} {:?}", whom.id(), self.story.now()));
        let usual = letter(&to, &nonce, goal);
        let fields: Vec<(&str, &str)> =
            usual.iter().filter(|(name, _)| !more.iter().any(|(m, _)| m == name)).chain(more).copied().collect();
        self.posts("/asks", &fields)
    }
}

#[test]
fn p16_a_learner_asks_in_five_short_fields_and_is_told_yes() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina Okafor", "Tomas Novak"]);
        tomas.is_open_to(OpenTo::Mentor, 2);

        amina.sees(&format!("/asks/new?to={}&outcome=Work+with+data", tomas.id()), "Work with data");
        let ask = amina.asks(&tomas, "How do I move into data work?");
        amina.sees(&ask, "Tomas’s turn");
        tomas.sees("/asks", "Amina Okafor asks for your help");
        tomas.sees(&ask, "You made the same move.");

        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        amina.is_told("Tomas said yes");
        amina.sees(&relationship, "Your mentoring with Tomas");
        amina.sees(&relationship, "2 hours a month for 6 months");
        tomas.sees(&relationship, "How do I move into data work?");
    });
}

#[test]
fn p16_a_request_that_nobody_answers_lapses_and_finds_someone_else() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        let letter =
            amina.gets(&format!("/asks/new?to={}&offered_next={}", tomas.id(), lea.id())).shows("we ask Lea, if you allow it").html();
        let next = letter.split_once("whom may we ask instead?").expect("somebody to ask next").1;
        assert!(!next.contains(" checked"), "nobody is ticked whom she did not tick: {next}");

        let ask = amina.asks_with(&tomas, "How do I move into data work?", &[("next", &lea.id())]).goes();
        s.days_pass(3);
        tomas.is_told("Amina still waits for your answer");
        s.days_pass(2);

        amina.is_told("Tomas could not answer in time");
        amina.is_told("We have asked Lea for you");
        amina.sees("/asks", "Your request to Lea");
        amina.sees(&ask, "We have asked Lea for you");
        tomas.sees(&ask, "The time to answer ran out");
        lea.is_told("Amina asked Tomas first");
        lea.sees("/asks", "Amina asks for your help");
        tomas.posts(&format!("{ask}/accept"), &[]).refuses("already lapsed");
    });
}

#[test]
fn p16_nobody_is_left_without_an_end_when_everyone_is_silent() {
    story(|s| {
        let [amina, tomas, lea, jonas, mei] = s.people(["Amina", "Tomas", "Lea", "Jonas", "Mei"]);
        for one in [&tomas, &lea, &jonas, &mei] {
            one.is_open_to(OpenTo::Mentor, 1);
        }
        let next = [("next", &*lea.id()), ("next", &*jonas.id()), ("next", &*mei.id())].map(|(n, id)| (n, id.to_owned()));
        let next: Vec<(&str, &str)> = next.iter().map(|(n, id)| (*n, id.as_str())).collect();
        amina.asks_with(&tomas, "A goal", &next);
        s.days_pass(21);

        let waiting: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from asks where state = 'waiting'"), &[])?));
        assert_eq!(waiting.0, 0, "three weeks later something still waits");
        amina.is_told("Mei could not answer in time");
        amina.is_told("Your letter is kept");
    });
}

#[test]
fn p16_the_mentor_asks_back_and_the_learner_answers() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "A goal");

        tomas.posts(&format!("{ask}/ask-back"), &[("question", "")]).refuses("Please fill this in");
        tomas.posts(&format!("{ask}/ask-back"), &[("question", "Which data do you mean?")]).goes();
        amina.is_told("Which data do you mean?");
        amina.sees(&ask, "It is your turn");
        let page = amina.gets(&ask).text();
        let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} is not on the page: {page}"));
        assert!(place("Which data do you mean?") < place("Your answer"), "nobody answers a question that they have to look for");
        tomas.sees(&ask, "Amina’s turn");
        tomas.posts(&format!("{ask}/accept"), &[]).refuses("has moved on");

        // Doing what one was told of is reading it, without a way by the bell.
        tomas.gets("/notices").ok().hides("(new)");
        amina.gets("/notices").ok().shows("(new)");
        amina.posts(&format!("{ask}/answer"), &[("answer", "Health data.")]).goes();
        amina.gets("/notices").ok().hides("(new)");
        tomas.is_told("Health data.");
        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        amina.sees(&relationship, "Health data.");
    });
}

#[test]
fn p16_the_mentor_offers_something_smaller() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);

        let ask = amina.asks(&tomas, "A goal");
        let page = tomas.gets(&ask).shows("One conversation of 45 minutes").text();
        assert!(page.find("What I want to reach") < page.find("Say yes"), "first one reads, then one answers");
        tomas.posts(&format!("{ask}/offer"), &[("offer", "20"), ("words", "Twenty minutes I can do.")]).goes();
        amina.is_told("Tomas offers you one conversation of 20 minutes");
        let relationship = amina.posts(&format!("{ask}/take-offer"), &[]).goes();
        tomas.is_told("Amina takes your offer");
        tomas.sees(&relationship, "One conversation of 20 minutes");

        let other = amina.asks_with(&tomas, "Another goal", &[("extent", "conversation"), ("minutes", "30")]).goes();
        // No more is offered than was asked.
        tomas.gets(&other).shows("One conversation of 20 minutes").hides("One conversation of 45 minutes");
        tomas.posts(&format!("{other}/offer"), &[("offer", "answer")]).goes();
        amina.posts(&format!("{other}/leave-offer"), &[]).goes();
        amina.sees(&other, "you preferred not to take it");
        tomas.is_told("preferred not to take the smaller offer");

        // Less than one answer there is not.
        let least = amina.asks_with(&tomas, "A third goal", &[("extent", "answer")]).goes();
        tomas.gets(&least).shows("Say yes").hides("Offer something smaller");
        tomas.posts(&format!("{least}/offer"), &[("offer", "answer")]).refuses("not smaller than what was asked");
    });
}

#[test]
fn p16_an_answer_that_was_offered_is_asked_for_with_a_clock() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "A goal");
        tomas.posts(&format!("{ask}/offer"), &[("offer", "answer")]).goes();
        amina.posts(&format!("{ask}/take-offer"), &[]).goes();
        tomas.is_told("Amina waits for the answer you offered");
        tomas.sees("/questions", "waiting for you");
    });
}

#[test]
fn p16_a_redirect_goes_on_only_when_the_learner_says_yes() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea Marchetti"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "A goal");
        let to = format!("{ask}/redirect");

        tomas.posts(&to, &[("person", "Nobody At All"), ("words", "She did it")]).refuses("Nobody here is called").shows("She did it");
        tomas.posts(&to, &[("person", "lea marchetti"), ("words", "She has done exactly this.")]).goes();
        lea.does_not_see("/asks", "Amina");
        amina.is_told("Tomas suggests Lea Marchetti");
        amina.posts(&format!("{ask}/allow-redirect"), &[]).goes();
        lea.sees("/asks", "Amina asks for your help");
    });
}

#[test]
fn p16_a_mentor_suggests_someone_from_a_list_or_by_a_part_of_their_name() {
    story(|s| {
        let [amina, tomas, lea, noor, full] = s.people(["Amina", "Tomas", "Lea Marchetti", "Noor Haddad", "Ferhat"]);
        for (who, places) in [(&tomas, 1), (&lea, 1), (&noor, 1), (&full, 0)] {
            who.is_open_to(OpenTo::Mentor, places);
        }
        for who in [&tomas, &lea, &full] {
            who.offers(&[("SQL", "4")]);
        }
        let ask = amina.asks(&tomas, "To be at home in SQL");
        let offered = |answer: &Answer, who: &Actor| answer.html().contains(&format!("name=\"suggested\" value=\"{}\"", who.id()));
        // Who knows it and has room stands there; nobody else does, and not whoever asks.
        let page = tomas.gets(&ask).ok();
        assert!(offered(&page, &lea) && !offered(&page, &full) && !offered(&page, &noor) && !offered(&page, &amina));
        assert!(!amina.gets(&ask).ok().html().contains("name=\"suggested\""), "that is for whoever was asked");
        // A part of a name, or one with a slip, finds those it may be; nothing is sent before one is chosen.
        let to = format!("{ask}/redirect");
        for typed in ["noo", "hadad", "Noor H"] {
            let answer = tomas.posts(&to, &[("suggested", ""), ("person", typed), ("words", "She did it")]);
            assert!(offered(&answer, &noor), "{typed}: {}", answer.text());
            answer.refuses("Nobody here is called").shows("She did it");
        }
        tomas.posts(&to, &[("suggested", ""), ("person", "")]).refuses("fill this in");
        tomas.posts(&to, &[("suggested", &noor.id()), ("person", "noo")]).goes();
        amina.is_told("Tomas suggests Noor Haddad");
    });
}

/// Sixty-four people want the last place, and all of them are said yes to at the same moment.
#[test]
fn p21_the_last_place_is_given_once_however_many_are_said_yes_to_at_once() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let asks: Vec<String> = (0..64)
            .map(|n| {
                let [asker] = s.people([&*format!("Asker {n}")]);
                asker.asks(&tomas, "A goal")
            })
            .collect();
        let left = std::sync::Mutex::new(asks.iter());
        let answers = s.sends_at_once(64, || {
            let ask = left.lock().expect("the list").next().expect("one each");
            tomas.request_to_post(&format!("{ask}/accept"), &[])
        });
        let states: Vec<u16> = answers.iter().map(|a| a.state).collect();
        assert_eq!(states.iter().filter(|state| **state == 303).count(), 1, "{states:?}");
        // Everyone else is told why in words, or to try again, and nothing of theirs was changed.
        assert!(states.iter().all(|state| [303, 409, 422, 503].contains(state)), "{states:?}");
        let count = |what: &'static str| s.does(move |tx| Ok(tx.one::<(i64,)>(what, &[])?.0));
        assert_eq!(count("select count(*) from relationships"), 1);
        assert_eq!(count("select count(*) from parties where guides"), 1);
        assert_eq!(count("select count(*) from asks where state = 'accepted'"), 1);
        assert_eq!(count("select count(*) from asks where state = 'waiting'"), 63);
    });
}

#[test]
fn p16_a_redirect_to_someone_she_has_allowed_goes_on_at_once() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks_with(&tomas, "A goal", &[("next", &lea.id())]).goes();
        tomas.posts(&format!("{ask}/redirect"), &[("person", &format!("https://village.example/people/{}", lea.id()))]).goes();
        amina.is_told("Tomas thought of someone who can help you better");
        lea.sees("/asks", "Amina asks for your help");
    });
}

#[test]
fn p16_the_mentor_declines_kindly_and_is_left_in_peace_until_a_day() {
    story(|s| {
        let [amina, tomas, lea, jonas] = s.people(["Amina", "Tomas", "Lea", "Jonas"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        lea.is_open_to(OpenTo::Mentor, 2);
        let ask = amina.asks_with(&tomas, "A goal", &[("next", &lea.id())]).goes();
        let waiting = jonas.asks(&tomas, "Another goal");

        let decline = format!("{ask}/decline");
        tomas
            .posts(&decline, &[("reason", "no_time"), ("words", "Good luck!"), ("not_now_until", "2020-01-01")])
            .refuses("a day after today")
            .shows("Good luck!");
        tomas.posts(&decline, &[("reason", "no_time"), ("words", "Good luck!"), ("not_now_until", "2026-12-24")]).goes();

        amina.is_told("Tomas has no time to do this well just now");
        amina.is_told("Good luck!");
        amina.is_told("We have asked Lea for you");
        // Whoever else waited for him is not kept waiting either.
        jonas.is_told("Tomas is not available for new requests just now");
        jonas.sees(&waiting, "Find someone else");
        jonas.asks_with(&tomas, "Once more", &[]).refuses("not available for new requests").shows("Once more");
        s.days_pass(60);
        jonas.asks(&tomas, "After Christmas");
    });
}

#[test]
fn p16_saying_yes_takes_back_what_she_asked_others_for_the_same_goal() {
    story(|s| {
        let [amina, tomas, lea, jonas] = s.people(["Amina", "Tomas", "Lea", "Jonas"]);
        for one in [&tomas, &lea, &jonas] {
            one.is_open_to(OpenTo::Mentor, 1);
        }
        let ask = amina.asks(&tomas, "Work with data");
        let same = amina.asks(&lea, "work with  DATA".replace("  ", " ").as_str());
        let other = amina.asks(&jonas, "Speak in public");
        tomas.posts(&format!("{ask}/accept"), &[]).goes();
        lea.is_told("Amina has found help with this");
        lea.sees(&same, "Thank you for being there to ask");
        jonas.sees(&other, "Say yes");
    });
}

#[test]
fn p16_three_requests_at_once_are_the_most() {
    story(|s| {
        let [amina, tomas, lea, jonas, mei] = s.people(["Amina", "Tomas", "Lea", "Jonas", "Mei"]);
        for one in [&tomas, &lea, &jonas, &mei] {
            one.is_open_to(OpenTo::Mentor, 1);
        }
        let first = amina.asks(&tomas, "One");
        amina.asks(&lea, "Two");
        amina.asks(&jonas, "Three");
        amina.asks_with(&mei, "Four", &[]).refuses("3 is the most at once").shows("Four");
        amina.posts(&format!("{first}/withdraw"), &[]).goes();
        tomas.is_told("Amina took this request back");
        amina.asks(&mei, "Four");
    });
}

#[test]
fn p16_people_are_asked_only_for_what_they_are_open_to() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.asks_with(&tomas, "A goal", &[]).refuses("not open to mentoring");
        tomas.is_open_to(OpenTo::Mentor, 1);
        amina.asks_with(&tomas, "A goal", &[("help", "coaching")]).refuses("not open to coaching");
        amina.asks_with(&amina, "A goal", &[]).refuses("You cannot ask yourself");
        let ask = amina.asks(&tomas, "A goal");
        amina.asks_with(&tomas, "Another goal", &[]).refuses("already have a request waiting with Tomas");
        // And before she writes a second letter, she is at the first.
        assert_eq!(amina.gets(&format!("/asks/new?to={}", tomas.id())).goes(), ask);
    });
}

#[test]
fn p16_a_letter_that_came_to_nothing_can_begin_another() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        tomas.offers(&[("SQL", "4")]);
        lea.offers(&[("SQL", "4")]);
        let to_lea = format!("/asks/new?to={}", lea.id());
        let ask = amina.asks(&tomas, "To be at home in SQL");
        amina.gets(&to_lea).ok().hides("Begin with the words");
        tomas.posts(&format!("{ask}/decline"), &[("reason", "no_time")]).goes();
        amina.gets(&ask).ok().shows("you can begin with its words").shows("Who could help you with the same").shows("Lea");
        tomas.gets(&ask).ok().hides("Who could help you with the same");
        amina.gets(&to_lea).ok().shows("Begin with the words you wrote to Tomas").hides("Two courses and a small project.");
        let again = format!("{to_lea}&again={}", ask.rsplit('/').next().expect("an id"));
        // All but why it was Tomas.
        amina.gets(&again).ok().shows("To be at home in SQL").shows("Two courses and a small project.").hides("You made the same move.");
        // Nobody begins with somebody else's.
        tomas.gets(&again.replace(&lea.id(), &amina.id())).hides("Two courses and a small project.");
    });
}

#[test]
fn p16_whoever_may_be_asked_next_can_be_asked_at_all() {
    story(|s| {
        let [amina, tomas, lea, sam, olena, priya] = s.people(["Amina", "Tomas", "Lea", "Sam", "Olena", "Priya"]);
        for mentor in [&tomas, &lea, &sam] {
            mentor.is_open_to(OpenTo::Mentor, 1);
        }
        olena.is_open_to(OpenTo::Question, 0);
        priya.is_open_to(OpenTo::Peer, 1);
        let ask = amina.asks(&tomas, "Work with data");
        tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let next: Vec<String> = [&tomas, &olena, &priya, &sam].iter().map(|who| format!("&offered_next={}", who.id())).collect();
        let page = amina.gets(&format!("/asks/new?to={}{}", lea.id(), next.concat())).ok();
        // Not whom she works with already, and nobody who offers something else.
        page.shows("If Lea cannot, whom may we ask instead?").shows("Sam").hides("Tomas").hides("Olena").hides("Priya");
    });
}

#[test]
fn p16_what_was_typed_stays_when_something_is_missing() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let answer = amina.asks_with(&tomas, "A goal worth keeping", &[("why_you", ""), ("so_far", &"x".repeat(1001))]);
        assert_eq!(answer.state, 422);
        answer.shows("Please fill this in.").shows("A goal worth keeping").shows("please keep it to 1000");
    });
}

#[test]
fn p16_pressing_send_twice_sends_once() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let (first, second) = (amina.asks(&tomas, "A goal"), amina.asks(&tomas, "A goal"));
        assert_eq!(first, second);
    });
}

#[test]
fn p16_of_two_buttons_pressed_at_once_exactly_one_wins() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 5);
        for round in 0..4 {
            let ask: super::AskId = amina.asks(&tomas, &format!("Goal {round}"))["/asks/".len()..].parse().expect("an ask");
            let (app, yes, no) = (s.app().clone(), tomas.viewer(), amina.viewer());
            let accept = app.write(move |tx| super::verbs::accept(tx, &yes, ask, true).map(|_| ()));
            let withdraw = app.write(move |tx| super::verbs::withdraw(tx, &no, ask));
            let (one, other) = s.waits(async { futures_util::future::join(accept, withdraw).await });
            let words = |r: &crate::error::Result<()>| r.as_ref().err().map(ToString::to_string);
            assert!(one.is_ok() != other.is_ok(), "both or neither: {:?} {:?}", words(&one), words(&other));
            assert!(words(&one).or(words(&other)).is_some_and(|w| w.contains("already") || w.contains("a moment before")));
            let begun: (i64,) = s.does(move |tx| Ok(tx.one(sql!("select count(*) from relationships where grown_from = $1"), &[&ask])?));
            assert_eq!(begun.0, i64::from(one.is_ok()));
        }
    });
}

#[test]
fn p16_two_clients_that_sweep_at_once_remind_once() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 5);
        amina.asks(&tomas, "A goal");
        s.clock_moves(jiff::SignedDuration::from_hours(50));
        let (one, other) = (s.app().write(super::verbs::remind), s.app().write(super::verbs::remind));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        s.clock_moves(jiff::SignedDuration::from_hours(50));
        let (one, other) = (s.app().write(super::verbs::lapse), s.app().write(super::verbs::lapse));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
    });
}

#[test]
fn p16_the_wait_is_told_from_history_and_not_before_there_is_some() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 20);
        amina.sees("/asks", "too little history");
        for round in 0..10 {
            let ask = amina.asks(&tomas, &format!("Goal {round}"));
            s.hours_pass(20);
            tomas.posts(&format!("{ask}/decline"), &[("reason", "no_time")]).goes();
        }
        let wait = "Of the last 10 requests here, half were answered within a day, nine of ten within a day.";
        amina.sees("/asks", wait);
        // Whoever thinks about coming reads it too.
        s.visitor().sees("/", wait);
        amina.sees(&format!("/asks/new?to={}", tomas.id()), "Tomas usually answers within a day");
    });
}

#[test]
fn p16_a_stranger_finds_no_request() {
    story(|s| {
        let [amina, tomas, mallory] = s.people(["Amina", "Tomas", "Mallory"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "A goal");
        mallory.finds_nothing(&ask);
        s.administrator("Ada").finds_nothing(&ask);
        for deed in [
            "accept",
            "ask-back",
            "offer",
            "redirect",
            "decline",
            "answer",
            "take-offer",
            "leave-offer",
            "allow-redirect",
            "refuse-redirect",
            "next",
            "withdraw",
        ] {
            let fields = [("question", "x"), ("answer", "x"), ("offer", "20"), ("person", "Tomas"), ("reason", "no_time")];
            let answer = mallory.posts(&format!("{ask}/{deed}"), &fields);
            assert_eq!(answer.state, 404, "{deed}: {}", answer.text());
        }
        // And each of the two finds only their own part.
        assert_eq!(amina.posts(&format!("{ask}/accept"), &[]).state, 404);
        assert_eq!(tomas.posts(&format!("{ask}/withdraw"), &[]).state, 404);
    });
}

#[test]
fn p16_the_words_of_a_request_lie_sealed() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "An unmistakable goal");
        tomas.posts(&format!("{ask}/ask-back"), &[("question", "An unmistakable question")]).goes();
        let kept: Vec<(Vec<u8>,)> = s.does(|tx| Ok(tx.all(sql!("select goal from asks union all select words from ask_lines"), &[])?));
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|(bytes,)| !String::from_utf8_lossy(bytes).contains("unmistakable")));
    });
}

#[test]
fn p16_someone_who_leaves_or_is_forgotten_keeps_nobody_waiting() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks_with(&tomas, "A goal", &[("next", &lea.id())]).goes();
        let person = tomas.person();
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        amina.sees("/asks", "Your request to Lea");
        amina.sees(&ask, "The words of this request have been forgotten");
        lea.sees("/asks", "Amina asks for your help");
    });
}

#[test]
fn p21_nobody_over_commits_by_accident() {
    story(|s| {
        let [amina, jonas, tomas] = s.people(["Amina", "Jonas", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let (first, second) = (amina.asks(&tomas, "A goal"), jonas.asks(&tomas, "A goal"));
        let relationship = tomas.posts(&format!("{first}/accept"), &[]).goes();

        tomas.sees(&second, "I have room for one more");
        tomas.posts(&format!("{second}/accept"), &[]).refuses("All your places are taken");
        jonas.sees(&second, "Tomas’s turn");
        let other = tomas.posts(&format!("{second}/accept"), &[("one_more", "yes")]).goes();

        // Full, so nobody else is led to ask; one conversation takes no place.
        let [mei] = s.people(["Mei"]);
        mei.asks_with(&tomas, "A goal", &[]).refuses("no place left");
        mei.asks_with(&tomas, "A goal", &[("extent", "conversation"), ("minutes", "30")]).goes();

        // Ending frees the place.
        tomas.posts(&format!("{relationship}/end"), &[]).goes();
        tomas.posts(&format!("{other}/end"), &[]).goes();
        let [noor] = s.people(["Noor"]);
        noor.asks(&tomas, "A goal");
    });
}

/// A deed from a letter, as the page behind the link does it.
fn acts_by_letter(who: &Actor, deed: &'static str, ask: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    use crate::viewer::{Via, Viewer};
    let (person, fields) = (who.person(), fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>());
    let subject: uuid::Uuid = ask["/asks/".len()..].parse().expect("an ask");
    let done = who.story.waits(who.story.app().write(move |tx| {
        let viewer = Viewer::of_person(tx, person, Via::Letter)?.expect("someone who is here");
        let letter = tx.slices().iter().flat_map(|s| s.letter_deeds).find(|d| d.deed == deed).expect("a declared deed");
        (letter.confirm)(tx, &viewer, subject, &crate::form::Form::default())?;
        (letter.act)(tx, &viewer, subject, &mut crate::form::Form::of(fields.clone()))
    }));
    done.map_err(|e| e.to_string())
}

#[test]
fn p24_a_mentor_answers_from_the_letter_without_signing_in() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        let ask = amina.asks(&tomas, "A goal");
        let offered: Vec<_> = tomas.was_told().iter().flat_map(|w| w.deeds.iter().map(|d| d.1)).collect();
        assert_eq!(offered, ["ask.accept", "ask.ask_back", "ask.offer", "ask.redirect", "ask.decline"]);

        assert!(acts_by_letter(&tomas, "ask.ask_back", &ask, &[("question", "Which field?")]).expect("sent").contains("Amina answers you"));
        assert!(acts_by_letter(&tomas, "ask.accept", &ask, &[]).expect_err("not his turn").contains("Amina’s turn"));
        amina.posts(&format!("{ask}/answer"), &[("answer", "Health.")]).goes();
        assert!(acts_by_letter(&tomas, "ask.accept", &ask, &[]).expect("accepted").contains("You said yes"));
        assert!(acts_by_letter(&tomas, "ask.decline", &ask, &[]).expect_err("over").contains("You said yes"));

        let again = amina.asks(&tomas, "Another goal");
        let fields = [("reason", "not_now"), ("words", "In spring, gladly."), ("not_now_until", "2027-03-01")];
        assert!(
            acts_by_letter(&tomas, "ask.decline", &again, &fields).expect("declined").contains("nobody can ask you before Monday 1 March")
        );
        amina.is_told("In spring, gladly.");
    });
}

#[test]
fn p24_what_is_offered_or_suggested_is_answered_from_the_letter_too() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 3);
        lea.is_open_to(OpenTo::Mentor, 1);
        let offers = |ask: &str, deeds: &[&str]| {
            let told = amina.was_told();
            let there = told.iter().any(|t| t.path == ask && t.deeds.iter().map(|deed| deed.1).eq(deeds.iter().copied()));
            assert!(there, "{deeds:?} are not offered in {told:#?}");
        };

        let ask = amina.asks(&tomas, "A goal");
        assert!(acts_by_letter(&tomas, "ask.offer", &ask, &[("offer", "20")]).expect("offered").contains("Amina decides"));
        offers(&ask, &["ask.take_offer", "ask.leave_it"]);
        assert!(acts_by_letter(&amina, "ask.take_offer", &ask, &[]).expect("taken").contains("yours to propose"));
        assert!(acts_by_letter(&amina, "ask.leave_it", &ask, &[]).expect_err("over").contains("Tomas said yes"));

        let ask = amina.asks(&tomas, "Another goal");
        let to_lea = [("person", "Lea"), ("words", "She did just that.")];
        acts_by_letter(&tomas, "ask.redirect", &ask, &to_lea).expect("suggested");
        offers(&ask, &["ask.allow_redirect", "ask.leave_it"]);
        assert!(acts_by_letter(&amina, "ask.allow_redirect", &ask, &[]).expect("allowed").contains("on its way"));
        lea.is_told("Amina asks for your help");

        let ask = amina.asks(&tomas, "A third goal");
        acts_by_letter(&tomas, "ask.ask_back", &ask, &[("question", "Which field?")]).expect("sent");
        offers(&ask, &["ask.answer"]);
        assert!(acts_by_letter(&amina, "ask.answer", &ask, &[("answer", "Health.")]).expect("answered").contains("Tomas’s turn"));
        acts_by_letter(&tomas, "ask.offer", &ask, &[("offer", "answer")]).expect("offered");
        assert!(acts_by_letter(&amina, "ask.leave_it", &ask, &[]).expect("left").contains("Tomas is told"));
    });
}

#[test]
fn p24_what_was_typed_behind_a_letter_stays_when_a_rule_says_no() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        let ask = amina.asks(&tomas, "A goal");
        let (person, subject) = (tomas.person(), ask["/asks/".len()..].parse::<uuid::Uuid>().expect("an ask"));
        let link = s.does(move |tx| crate::mail::verbs::link(tx, person, "ask.redirect", subject));
        let mailbox = s.visitor();
        mailbox
            .posts(&link, &[("person", "Nobody Here"), ("words", "She did just that.")])
            .shows("Nobody here is called")
            .shows("She did just that.");
        mailbox.posts(&link, &[("words", "She did just that.")]).shows("Please fill this in").shows("She did just that.");
        tomas.sees(&ask, "It is your turn");
    });
}

#[test]
fn p24_the_page_behind_the_link_asks_once_more_and_works_once() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        let ask = amina.asks(&tomas, "A goal");
        let (person, subject) = (tomas.person(), ask["/asks/".len()..].parse::<uuid::Uuid>().expect("an ask"));
        let link = s.does(move |tx| crate::mail::verbs::link(tx, person, "ask.accept", subject));
        let mailbox = s.visitor();
        mailbox.sees(&link, "Say yes to Amina?");
        amina.sees(&ask, "Tomas’s turn");
        mailbox.posts(&link, &[]).shows("You said yes");
        amina.is_told("Tomas said yes");
        mailbox.posts(&link, &[]).shows("This link was used already");
    });
}

#[test]
fn p24_a_reply_by_mail_reaches_the_conversation() {
    story(|s| {
        let [amina, tomas, mallory] = s.people(["Amina", "Tomas", "Mallory"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        let ask = amina.asks(&tomas, "A goal");
        let subject: uuid::Uuid = ask["/asks/".len()..].parse().expect("an ask");
        let replies = |who: &Actor, text: &'static str| {
            let viewer = who.viewer();
            s.waits(s.app().write(move |tx| super::verbs::receive(tx, &viewer, subject.into(), text)))
        };
        replies(&tomas, "Which field?").expect("a question");
        amina.sees(&ask, "Which field?");
        replies(&amina, "Health.").expect("an answer");
        tomas.sees(&ask, "It is your turn");
        replies(&amina, "And one more thing.").expect("a line");
        tomas.is_told("And one more thing.");
        assert!(replies(&mallory, "Let me in").is_err());
    });
}

/// What happens in a random history: someone does something, or time passes.
#[derive(Debug, Clone)]
enum Step {
    Hours(i64),
    Deed(u8),
}

fn steps() -> impl proptest::strategy::Strategy<Value = Vec<Step>> {
    use proptest::prelude::*;
    prop::collection::vec(prop_oneof![(1..100_i64).prop_map(Step::Hours), (0..12_u8).prop_map(Step::Deed)], 1..16)
}

/// Without a file of failures beside the source: a history that fails is printed whole.
fn histories(cases: u32) -> proptest::test_runner::TestRunner {
    proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
        cases,
        max_shrink_iters: 32,
        failure_persistence: None,
        ..Default::default()
    })
}

#[test]
fn p16_no_rule_lets_an_ask_stay_without_an_end_or_a_reason() {
    use super::ask::{AskState, LONGEST, Reason, example};
    use crate::error::Error;
    use crate::relationships::Size;
    let [asker, asked, third] = [1, 2, 3].map(|n| crate::viewer::PersonId(uuid::Uuid::from_u128(n)));
    let done = histories(3000).run(&steps(), |history| {
        let mut ask = example(asker, asked);
        let mut now = ask.sent_at;
        for step in history {
            let was = ask.clone();
            let next = match step {
                Step::Hours(hours) => {
                    now = now + jiff::SignedDuration::from_hours(hours);
                    ask.clone().lapse(now)
                }
                Step::Deed(0) => ask.clone().accept(1, false, now),
                Step::Deed(1) => ask.clone().accept(0, false, now),
                Step::Deed(2) => ask.clone().ask_back(now),
                Step::Deed(3) => ask.clone().offer(Size::conversation(20), now),
                Step::Deed(4) => ask.clone().redirect(third, false, now),
                Step::Deed(5) => ask.clone().decline(Reason::NoTime, now),
                Step::Deed(6) => ask.clone().answer(None, now),
                Step::Deed(7) => ask.clone().take_offer(now),
                Step::Deed(8) => ask.clone().leave_offer(now),
                Step::Deed(9) => ask.clone().allow_redirect(now),
                Step::Deed(10) => ask.clone().refuse_redirect(now),
                Step::Deed(_) => ask.clone().withdraw(now),
            };
            match next {
                Ok(next) => {
                    assert!(was.is_waiting(), "{was:?} moved on after its end");
                    ask = next;
                }
                Err(e) => assert!(matches!(e, Error::Refused(_))),
            }
            assert!(ask.answer_by <= ask.end_by && ask.end_by.since(ask.sent_at) <= LONGEST);
            assert_eq!(ask.is_waiting(), ask.ended_at.is_none());
            assert_eq!(ask.state == AskState::Waiting, ask.ending("Tomas").is_none());
            assert_eq!(ask.state == AskState::Waiting, ask.ending_for_asked("Amina").is_none());
        }
        // Left alone from here, the clock ends it.
        let end = ask.end_by;
        assert!(!ask.is_waiting() || ask.lapse(end).is_ok());
        Ok(())
    });
    done.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn p16_no_history_leaves_an_ask_without_an_end() {
    let done = histories(6).run(&steps(), |history| {
        story(|s| {
            let [amina, tomas, lea, jonas] = s.people(["Amina", "Tomas", "Lea", "Jonas"]);
            let people = [&tomas, &lea, &jonas];
            for one in people {
                one.is_open_to(OpenTo::Mentor, 1);
            }
            amina.asks_with(&tomas, "A goal", &[("next", &lea.id()), ("next", &jonas.id())]).goes();
            for step in &history {
                let waiting: Vec<(super::AskId,)> = s.does(|tx| Ok(tx.all(sql!("select id from asks where state = 'waiting'"), &[])?));
                let (Step::Deed(deed), Some((ask,))) = (step, waiting.first()) else {
                    if let Step::Hours(hours) = step {
                        s.hours_pass((*hours).min(30));
                    }
                    continue;
                };
                let path = [
                    "accept",
                    "ask-back",
                    "offer",
                    "redirect",
                    "decline",
                    "answer",
                    "take-offer",
                    "leave-offer",
                    "allow-redirect",
                    "refuse-redirect",
                    "withdraw",
                    "next",
                ][usize::from(*deed)];
                let fields = [("question", "Q"), ("answer", "A"), ("offer", "20"), ("person", "Jonas"), ("reason", "no_time")];
                for who in people.into_iter().chain([&amina]) {
                    let answer = who.posts(&format!("/asks/{ask}/{path}"), &fields);
                    assert!([303, 404, 409, 422].contains(&answer.state), "{path} answered {}", answer.state);
                }
            }
            s.days_pass(21);
            let left: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from asks where state = 'waiting'"), &[])?));
            assert_eq!(left.0, 0, "something still waits after {history:?}");
            let viewer = amina.viewer();
            let told = s.does(move |tx| Ok(super::verbs::mine(tx, &viewer)?.iter().all(|(ask, chip)| ask.ending(&chip.name).is_some())));
            assert!(told, "something ended without a reason after {history:?}");
        });
        Ok(())
    });
    done.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn p16_a_request_lapses_in_time_while_the_mail_server_says_nothing() {
    story(|s| {
        let sink = Sink::open(Mood::Silent);
        s.posts_through(Post::Smtp(Server::of(&sink.url).expect("a server")));
        let [tomas] = s.people(["Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        // More letters than go out at once, so that some are claimed and not begun.
        let askers = s.people(["Amina", "Lea", "Mei", "Olga", "Ngozi", "Ines"]);
        for one in &askers {
            one.asks(&tomas, "How do I move into data work?");
        }
        let amina = &askers[0];
        let sweeps = crate::sweeps::run(s.app().clone(), Duration::from_millis(20), Duration::from_millis(400));
        let running = s.meanwhile(sweeps);
        s.waits_until("letters are on their way", || sink.connections() > 0);
        s.clock_moves(jiff::SignedDuration::from_hours(24 * 30));
        s.waits_until("it lapses", || amina.was_told().iter().any(|words| words.title.contains("could not answer in time")));
        assert!(sink.came().is_empty() && !running.is_finished(), "the letters hang, and nothing else does");
        // Stopping does not wait for them longer than it should, and what did not leave is kept.
        let begun = std::time::Instant::now();
        s.app().stopping.send_replace(true);
        s.waits_until("the sweeps have stopped", || running.is_finished());
        assert!(begun.elapsed().as_secs() < 3, "{:?}", begun.elapsed());
        let kept = s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from letters where sent_at is null"), &[])?.0));
        assert!(kept > 0);
    });
}
