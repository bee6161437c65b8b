//! Stories about questions.

use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::people::OpenTo;
use crate::story::{Actor, Answer, story};
use chiron_store::sql;

trait Questioning {
    fn questions(&self, fields: &[(&str, &str)]) -> Answer;
}

impl Questioning for Actor<'_> {
    /// Sends a question with these fields.
    fn questions(&self, fields: &[(&str, &str)]) -> Answer {
        let nonce = format!("{fields:?} {:?}", self.story.now());
        let usual = [("nonce", nonce.as_str()), ("days", "2"), ("words", "How do I test a screen reader?")];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts("/questions", &all)
    }
}

#[test]
fn p17_one_question_one_answer_that_helped() {
    story(|s| {
        let [amina, lea] = s.people(["Amina", "Lea"]);
        lea.is_open_to(OpenTo::Question, 0);
        amina.sees(&format!("/questions/new?to={}", lea.id()), "Ask Lea one question");
        let question = amina.questions(&[("to", &lea.id())]).goes();
        lea.is_told("How do I test a screen reader?");
        lea.sees("/questions", "Amina has one question for you");
        lea.posts(&format!("{question}/answer"), &[("answer", "")]).refuses("Please fill this in");
        lea.gets("/notices").ok().shows("(new)");
        lea.posts(&format!("{question}/answer"), &[("answer", "With the keyboard, first.")]).goes();
        lea.gets("/notices").ok().hides("(new)");
        amina.is_told("With the keyboard, first.");
        amina.posts(&format!("{question}/helped"), &[]).goes();
        lea.is_told("Your answer helped Amina");
        lea.posts(&format!("{question}/answer"), &[("answer", "And again.")]).refuses("already answered").shows("And again.");
    });
}

#[test]
fn p17_a_good_answer_grows_into_a_request_with_its_history() {
    story(|s| {
        let [amina, lea] = s.people(["Amina", "Lea"]);
        lea.is_open_to(OpenTo::Question, 1);
        lea.is_open_to(OpenTo::Mentor, 1);
        let question = amina.questions(&[("to", &lea.id())]).goes();
        lea.posts(&format!("{question}/answer"), &[("answer", "With the keyboard, first.")]).goes();

        let grow = format!("{question}/grow");
        // What is known stands in the letter already; she adds what is missing.
        amina
            .gets(&grow)
            .ok()
            .shows("You answered my question: “How do I test a screen reader?”")
            .shows("You wrote: “With the keyboard, first.”");
        let (lea_id, fields) = (lea.id(), ["goal", "why_you", "so_far", "the_ask", "will_bring"].map(|f| (f, "Words")));
        let more = [("to", lea_id.as_str()), ("nonce", "n"), ("help", "mentoring"), ("extent", "regular"), ("hours", "1"), ("months", "3")];
        let fields: Vec<(&str, &str)> = fields.into_iter().chain(more).collect();
        amina.posts(&grow, &fields[1..]).refuses("Please fill this in").shows("With the keyboard, first.");
        let ask = amina.posts(&grow, &fields).goes();
        lea.sees(&ask, "With the keyboard, first.");
        let relationship = lea.posts(&format!("{ask}/accept"), &[]).goes();
        amina.sees(&relationship, "How do I test a screen reader?");

        let keys: (i64,) = s.does(|tx| {
            Ok(tx.one(
                sql!(
                    "select count(*) from questions q join asks a on a.grown_from = q.id join relationships r on r.grown_from = a.id
                     where q.key_id = a.key_id and a.key_id = r.key_id"
                ),
                &[],
            )?)
        });
        assert_eq!(keys.0, 1, "one key from the question to the relationship");
    });
}

#[test]
fn p17_a_question_to_whoever_knows_passes_on_and_ends_honestly() {
    story(|s| {
        let [amina, lea, mei] = s.people(["Amina", "Lea", "Mei"]);
        amina.questions(&[]).refuses("Nobody here can be asked about this").shows("How do I test a screen reader?");
        lea.is_open_to(OpenTo::Question, 0);
        mei.is_open_to(OpenTo::Question, 0);
        amina.questions(&[]).goes();
        s.days_pass(2);
        amina.is_told("could not answer, so we asked someone else");
        s.days_pass(2);
        amina.is_told("We asked 2 people, and none of them could answer in time");
        let waiting: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from questions where state = 'waiting'"), &[])?));
        assert_eq!(waiting.0, 0);
    });
}

#[test]
fn p17_whoever_cannot_answer_says_so_and_it_goes_on_at_once() {
    story(|s| {
        let [amina, lea, mei] = s.people(["Amina", "Lea", "Mei"]);
        lea.is_open_to(OpenTo::Question, 0);
        mei.is_open_to(OpenTo::Question, 0);
        let question = amina.questions(&[("to", &lea.id()), ("may_pass", "yes")]).goes();
        lea.posts(&format!("{question}/pass-on"), &[]).goes();
        mei.is_told("Amina has one question for you");
        amina.sees(&question, "See your question to Mei");
        lea.sees(&question, "It went on to someone else");
    });
}

#[test]
fn p17_a_question_that_nobody_answered_is_asked_again_with_its_words_and_of_somebody_else() {
    story(|s| {
        let [amina, lea, mei] = s.people(["Amina", "Lea", "Mei"]);
        lea.is_open_to(OpenTo::Question, 0);
        let question = amina.questions(&[("to", &lea.id()), ("skill", "sql")]).goes();
        amina.gets(&question).ok().hides("Ask again");
        s.days_pass(2);
        amina.is_told("Lea could not answer in time");
        amina.sees(&question, "Ask again");
        lea.gets(&question).ok().hides("Ask again");

        let id = &question["/questions/".len()..];
        let again = format!("/questions/new?again={id}");
        amina.gets(&again).ok().shows("Ask whoever knows").shows("How do I test a screen reader?");
        assert!(amina.gets(&again).html().contains("value=\"SQL\""));
        lea.finds_nothing(&again);
        // Whoever could not answer is left alone, even where nobody else is there.
        amina.questions(&[("again", id)]).refuses("Nobody here can be asked about this").shows("How do I test a screen reader?");
        mei.is_open_to(OpenTo::Question, 0);
        amina.questions(&[("again", id)]).goes();
        mei.is_told("Amina has one question for you");
    });
}

#[test]
fn p17_a_question_stays_with_one_person_when_she_wants_that() {
    story(|s| {
        let [amina, lea, mei, mallory] = s.people(["Amina", "Lea", "Mei", "Mallory"]);
        lea.is_open_to(OpenTo::Question, 0);
        mei.is_open_to(OpenTo::Question, 0);
        let question = amina.questions(&[("to", &lea.id())]).goes();
        mallory.finds_nothing(&question);
        assert_eq!(mallory.posts(&format!("{question}/answer"), &[("answer", "x")]).state, 404);
        s.days_pass(2);
        amina.is_told("Lea could not answer in time");
        // Nobody else was looked for, and so it is not said that nobody was there.
        assert!(amina.was_told().iter().all(|w| !w.title.contains("nobody else")));
        assert!(mei.was_told().is_empty());
        amina.questions(&[("to", &mallory.id())]).refuses("not open to single questions");
    });
}

#[test]
fn p17_three_questions_at_once_are_the_most_and_twice_is_once() {
    story(|s| {
        let [amina, lea] = s.people(["Amina", "Lea"]);
        lea.is_open_to(OpenTo::Question, 0);
        let first = amina.questions(&[("to", &lea.id()), ("words", "One?")]).goes();
        assert_eq!(amina.questions(&[("to", &lea.id()), ("words", "One?")]).goes(), first);
        amina.questions(&[("to", &lea.id()), ("words", "Two?")]).goes();
        amina.questions(&[("to", &lea.id()), ("words", "Three?")]).goes();
        amina.questions(&[("to", &lea.id()), ("words", "Four?")]).refuses("3 is the most at once").shows("Four?");
        amina.posts(&format!("{first}/withdraw"), &[]).goes();
        lea.is_told("Amina took the question back");
    });
}

#[test]
fn p31_what_she_is_stuck_with_is_the_skill_of_the_goal_she_asked_about() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let goal = amina.sets_goal("Speak up at work", ("negotiation", "1", "3"), &["mentoring"]);
        let ask = amina.asks_with(&tomas, "Read a report in SQL", &[("goal_id", &goal["/goals/".len()..])]).goes();
        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let stuck = format!("/questions/new?stuck_in={}", &relationship["/relationships/".len()..]);
        assert!(amina.gets(&stuck).html().contains("value=\"Negotiation\""));
        // A goal that is over is not what she is stuck with; the words of her letter are.
        amina.posts(&format!("{goal}/end"), &[("how", "reached")]).goes();
        assert!(amina.gets(&stuck).html().contains("value=\"SQL\""));
    });
}

#[test]
fn p31_a_learner_who_is_stuck_is_answered_or_heard_by_someone_else() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Question, 0);
        let ask = amina.asks(&tomas, "Read a report in SQL");
        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let id = &relationship["/relationships/".len()..];

        amina.sees(&relationship, "I am stuck");
        let stuck = amina.gets(&format!("/questions/new?stuck_in={id}")).shows("Tell Tomas that you are stuck").html();
        let goes_on = stuck.split_once("\"may_pass\"").and_then(|(_, rest)| rest.split_once('>')).expect("a box").0;
        assert!(goes_on.contains("checked"), "somebody else hears of it, unless she wants to wait: {goes_on}");
        let about = |who: &Actor| who.gets(&format!("/questions/new?stuck_in={id}")).html().contains("value=\"SQL\"");
        assert!(about(&amina) && !about(&tomas), "what she asked his help with is what she is stuck with");
        lea.finds_nothing(&format!("/questions/new?stuck_in={id}"));
        let answered = amina.questions(&[("stuck_in", id), ("days", "1")]).goes();
        tomas.is_told("Amina is stuck and asks you");
        tomas.posts(&format!("{answered}/answer"), &[("answer", "Sleep on it.")]).goes();
        amina.is_told("Sleep on it.");

        amina.questions(&[("stuck_in", id), ("days", "1"), ("may_pass", "yes"), ("words", "Still stuck")]).goes();
        s.days_pass(1);
        amina.is_told("Tomas could not answer, so we asked someone else");
        lea.is_told("Still stuck");
        // Whoever is asked next does not learn where it came from.
        assert!(lea.was_told().iter().all(|w| !w.title.contains("stuck")));
    });
}

#[test]
fn p31_whoever_is_stuck_waits_no_longer_than_the_two_have_agreed() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        lea.is_open_to(OpenTo::Question, 0);
        let ask = amina.asks(&tomas, "Work with data");
        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let id = &relationship["/relationships/".len()..];
        // What is usual in mentoring, until they have signed something else.
        let page = amina.gets(&format!("/questions/new?stuck_in={id}")).ok();
        page.shows("an answer takes 3 days at most").shows("3 days").hides("7 days");
        amina.questions(&[("stuck_in", id), ("days", "7"), ("may_pass", "yes")]).goes();
        s.days_pass(3);
        amina.is_told("Tomas could not answer, so we asked someone else");
    });
}

#[test]
fn p31_only_someone_in_the_relationship_says_that_they_are_stuck() {
    story(|s| {
        let [amina, tomas, mallory] = s.people(["Amina", "Tomas", "Mallory"]);
        tomas.is_open_to(OpenTo::Mentor, 1);
        let ask = amina.asks(&tomas, "Work with data");
        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let id = &relationship["/relationships/".len()..];
        assert_eq!(mallory.questions(&[("stuck_in", id)]).state, 404);
        amina.posts(&format!("{relationship}/end"), &[]).goes();
        amina.questions(&[("stuck_in", id)]).refuses("ended already");
    });
}

#[test]
fn p24_a_question_is_answered_from_the_letter_or_by_reply() {
    story(|s| {
        use crate::viewer::{Via, Viewer};
        let [amina, lea] = s.people(["Amina", "Lea"]);
        lea.is_open_to(OpenTo::Question, 0);
        let subject = |path: &str| path["/questions/".len()..].parse::<uuid::Uuid>().expect("a question");
        let (first, second) =
            (amina.questions(&[("to", &lea.id())]).goes(), amina.questions(&[("to", &lea.id()), ("words", "And then?")]).goes());
        let (person, one, other) = (lea.person(), subject(&first), subject(&second));
        let said = s.does(move |tx| {
            let viewer = Viewer::of_person(tx, person, Via::Letter)?.expect("someone who is here");
            let deed = tx.slices().iter().flat_map(|s| s.letter_deeds).find(|d| d.deed == "question.answer").expect("a deed");
            (deed.confirm)(tx, &viewer, one, &crate::form::Form::default())?;
            super::verbs::receive(tx, &viewer, other.into(), "By reply.")?;
            (deed.act)(tx, &viewer, one, &mut crate::form::Form::of([("answer", "From the letter.")]))
        });
        assert!(said.contains("Amina has your answer"));
        amina.is_told("From the letter.");
        amina.is_told("By reply.");

        // Whoever cannot answer says so, and whoever was helped, from their letters too.
        let third = amina.questions(&[("to", &lea.id()), ("words", "And at last?")]).goes();
        let (third, asker) = (subject(&third), amina.person());
        let deeds: Vec<_> = amina.was_told().iter().flat_map(|w| w.deeds.iter().map(|d| d.1)).collect();
        assert!(deeds.contains(&"question.say_it_helped"), "{deeds:?}");
        s.does(move |tx| {
            for (person, deed, subject) in [(person, "question.pass_on", third), (asker, "question.say_it_helped", one)] {
                let viewer = Viewer::of_person(tx, person, Via::Letter)?.expect("someone who is here");
                let deed = tx.slices().iter().flat_map(|s| s.letter_deeds).find(|d| d.deed == deed).expect("a deed");
                (deed.confirm)(tx, &viewer, subject, &crate::form::Form::default())?;
                (deed.act)(tx, &viewer, subject, &mut crate::form::Form::default())?;
            }
            Ok(())
        });
        amina.is_told("Lea could not answer in time");
        lea.is_told("Your answer helped Amina");
    });
}
