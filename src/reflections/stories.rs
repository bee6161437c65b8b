//! Stories about reflections.

use super::{Model, ReflectionId, Verdict, verbs};
use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::story::{Actor, Answer, story};
use chiron_store::sql;

trait Reflecting {
    /// Writes freely; says where it is.
    fn reflects(&self, words: &str) -> String;
    fn tries_to_reflect(&self, fields: &[(&str, &str)]) -> Answer;
}

impl Reflecting for Actor<'_> {
    fn reflects(&self, words: &str) -> String {
        self.tries_to_reflect(&[("text-0", words)]).goes()
    }
    fn tries_to_reflect(&self, fields: &[(&str, &str)]) -> Answer {
        let nonce = format!("{fields:?} {:?}", self.story.now());
        let usual = [("model", "free"), ("comes_back", "yes"), ("nonce", &nonce)];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts("/reflections", &all)
    }
}

fn id_of(path: &str) -> ReflectionId {
    path["/reflections/".len()..].parse().expect("a reflection")
}

/// The same person, signed in anew: a sign-in that nobody uses ends by itself after some weeks.
fn anew<'s>(actor: &Actor<'s>) -> Actor<'s> {
    actor.story.holding(&actor.story.signed_in(actor.person()))
}

fn times_back(actor: &Actor) -> usize {
    actor.was_told().iter().filter(|told| told.title.contains("is it still true")).count()
}

#[test]
fn p39_a_reflection_is_written_freely_or_guided_and_nobody_else_finds_it() {
    story(|s| {
        let ([amina, tomas], _) = two(s);
        amina.sees("/reflections", "What is on your mind?");
        amina.tries_to_reflect(&[("text-0", " ")]).refuses("Please write a line first");
        let free = amina.reflects("I asked before I had thought.\nHe waited.");
        amina.gets(&free).ok().shows("I asked before I had thought.").shows("Only you");
        for model in Model::ALL.iter().filter(|model| **model != Model::Free) {
            let page = amina.gets(&format!("/reflections/new?model={model}")).ok();
            let shown = model.questions().iter().fold(page, |page, question| page.shows(question));
            assert!(shown.html().contains(&format!("text-{}", model.parts() - 1)));
        }
        let guided = [("model", "three_steps"), ("text-0", "The meeting ran over."), ("text-2", "I will end it on time.")];
        let guided = amina.tries_to_reflect(&guided).goes();
        amina.gets(&guided).ok().shows("Now what").shows("I will end it on time.").hides("So what: what does it mean");
        amina.gets("/reflections").ok().shows("The meeting ran over.").shows("I asked before");
        // Whoever it is, whatever they try: it is not there.
        let [mallory] = s.people(["Mallory"]);
        for other in [&tomas, &mallory, &s.administrator("Ada"), &s.coordinator("Cora")] {
            for path in [free.clone(), format!("{free}/edit")] {
                other.finds_nothing(&path);
            }
            for deed in ["answer", "snooze", "rest", "edit", "delete", "share", "take-back"] {
                let fields = [("verdict", "still"), ("on", "2026-12-24"), ("text-0", "mine now"), ("with", &free[13..]), ("do", "share")];
                assert_eq!(other.posts(&format!("{free}/{deed}"), &fields).state, 404, "{deed}");
            }
            other.gets("/reflections.md").ok().hides("I asked before");
            other.does_not_see("/reflections", "I asked before");
        }
        amina.sees(&free, "He waited.");
    });
}

#[test]
fn p39_what_is_sent_twice_is_one_with_the_words_that_came_last() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let once = amina.tries_to_reflect(&[("nonce", "n"), ("text-0", "I learned")]).goes();
        let twice = amina.tries_to_reflect(&[("nonce", "n"), ("text-0", "I learned\nto wait.")]).goes();
        assert_eq!(once, twice);
        amina.sees(&once, "to wait.");
        let many: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from reflections"), &[])?));
        assert_eq!(many.0, 1);
        // The same nonce of another person is another form.
        let [tomas] = s.people(["Tomas"]);
        assert_ne!(tomas.tries_to_reflect(&[("nonce", "n"), ("text-0", "Mine")]).goes(), once);
        amina.does_not_see(&once, "Mine");
    });
}

#[test]
fn p39_a_script_learns_where_it_is_and_that_nobody_is_signed_in() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let send = |who: &Actor| {
            let mut request = who.request_to_post("/reflections", &[("model", "free"), ("nonce", "n"), ("text-0", "From the train")]);
            request.headers_mut().insert("accept", "application/json".parse().expect("a header"));
            s.sends(request)
        };
        assert_eq!(send(&s.visitor()).state, 401, "so that what was typed is kept");
        let (one, other) = (send(&amina).ok().html(), send(&amina).ok().html());
        assert_eq!(one, other, "an answer that was lost comes again");
        let at = one.split('"').nth(3).expect("a path").to_owned();
        amina.sees(&at, "From the train");
        let page = amina.gets("/reflections").html();
        assert!(page.contains(&format!("data-reflection-drafts=\"{}\"", amina.id())), "the browser keeps each person's words apart");
    });
}

#[test]
fn p39_it_comes_back_after_2_7_21_and_60_days_and_asks_whether_it_is_still_true() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let at = amina.reflects("Silence helps.");
        amina.sees(&at, "It comes back on Wednesday 4 November");
        s.days_pass(1);
        amina.does_not_see("/today", "Silence helps.");
        let mut day = 1;
        for (times, back_on) in [2, 7, 21, 60].into_iter().enumerate() {
            s.days_pass(back_on - 1 - day);
            assert_eq!(times_back(&amina), 0, "not before day {back_on}");
            s.days_pass(1);
            day = back_on;
            let here = anew(&amina);
            amina.is_told("is it still true?");
            let letter = amina.reads_in_letter("is it still true?");
            assert!(!letter.raw.contains("Silence"), "no letter carries what somebody wrote for themselves");
            here.sees("/today", "You wrote: Silence helps.");
            here.sees("/reflections", "still true?");
            here.posts(&format!("{at}/answer"), &[("verdict", "still")]).goes();
            here.posts(&format!("{at}/answer"), &[("verdict", "still")]).refuses("answered this already");
            here.does_not_see("/today", "You wrote");
            assert_eq!(here.gets(&at).text().matches("Still true").count(), times + 1);
        }
        anew(&amina).sees(&at, "It rests, and does not come back by itself");
        let letters = amina.letters().len();
        s.days_pass(100);
        assert_eq!(amina.letters().len(), letters);
    });
}

#[test]
fn p39_what_changed_stands_beside_it_and_what_is_no_longer_true_rests() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let (one, other) = (amina.reflects("I need a plan."), amina.reflects("Mondays are hopeless."));
        s.days_pass(3);
        amina.posts(&format!("{one}/answer"), &[("verdict", "changed"), ("words", "")]).refuses("Please fill this in");
        amina.posts(&format!("{one}/answer"), &[("verdict", "changed"), ("words", "A small plan.")]).goes();
        amina.gets(&one).ok().shows("I need a plan.").shows("A small plan.").shows("It comes back on");
        amina.posts(&format!("{other}/answer"), &[("verdict", "no_longer")]).goes();
        amina.gets(&other).ok().shows("No longer true").shows("It rests");
        s.days_pass(70);
        anew(&amina).gets("/today").ok().shows("I need a plan.").hides("Mondays");
    });
}

#[test]
fn p39_it_can_be_put_off_and_ended_at_will_and_left_unanswered_nobody_presses() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let at = amina.reflects("Ask more.");
        s.days_pass(2);
        let snooze = format!("{at}/snooze");
        amina.posts(&snooze, &[("on", "2026-11-04")]).refuses("a day after today");
        amina.posts(&snooze, &[("on", "2028-11-04")]).refuses("at most a year ahead");
        amina.posts(&snooze, &[("on", "2026-11-06")]).goes();
        assert_eq!(times_back(&amina), 0);
        s.days_pass(1);
        amina.does_not_see("/today", "You wrote");
        s.days_pass(1);
        amina.sees("/today", "You wrote: Ask more.");
        // Unanswered, it stands there once, and its next day still comes.
        s.days_pass(30);
        let here = anew(&amina);
        assert_eq!(here.gets("/today").text().matches("You wrote: Ask more.").count(), 1);
        here.posts(&format!("{at}/rest"), &[]).goes();
        here.does_not_see("/today", "You wrote");
        s.days_pass(60);
        assert_eq!(times_back(&amina), 0);
        let quiet = anew(&amina).posts("/reflections", &[("model", "free"), ("nonce", "q"), ("text-0", "Only once")]).goes();
        anew(&amina).sees(&quiet, "It rests");
    });
}

#[test]
fn p39_two_nodes_that_sweep_at_once_bring_it_back_once_and_of_two_answers_one_counts() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let at = amina.reflects("Once.");
        s.clock_moves(jiff::SignedDuration::from_hours(24 * 3));
        let elsewhere = s.another_node();
        let (one, other) = (s.app().write(verbs::bring_back), elsewhere.write(verbs::bring_back));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        assert_eq!(times_back(&amina), 1);
        let (id, me, again) = (id_of(&at), amina.viewer(), amina.viewer());
        let first = s.app().write(move |tx| verbs::answer(tx, &me, id, Verdict::Still, ""));
        let second = elsewhere.write(move |tx| verbs::answer(tx, &again, id, Verdict::NoLonger, ""));
        let (one, other) = s.waits(async { futures_util::future::join(first, second).await });
        assert!(one.is_ok() != other.is_ok(), "both or neither");
    });
}

#[test]
fn p39_lines_are_shared_one_by_one_as_they_were_shown_and_taken_back() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let with = relationship["/relationships/".len()..].to_owned();
        let place = format!("{relationship}/reflections");
        let at = amina
            .tries_to_reflect(&[("model", "surprise"), ("text-0", "He laughed.\nI was afraid of him."), ("text-2", "He is shy.")])
            .goes();
        tomas.sees(&place, "Nothing is shared");
        let share = format!("{at}/share");
        amina.gets(&format!("{share}?with={with}")).ok().shows("Which lines may Tomas read?").shows("I was afraid of him.");
        let lines = [("with", with.as_str()), ("line", "0"), ("line", "2")];
        let look: Vec<_> = lines.iter().copied().chain([("do", "look")]).collect();
        amina.posts(&share, &look).ok().shows("This is what Tomas will read").shows("He is shy.").hides("I was afraid");
        tomas.does_not_see(&place, "He laughed.");
        let now: Vec<_> = lines.iter().copied().chain([("do", "share")]).collect();
        amina.posts(&share, &now).goes();
        tomas.is_told("Amina shares a reflection with you");
        let letter = tomas.reads_in_letter("Amina shares a reflection with you");
        assert!(!letter.raw.contains("He laughed"), "no letter carries the lines");
        tomas.gets(&place).ok().shows("He laughed.").shows("What surprised you?").shows("He is shy.").hides("I was afraid");
        tomas.sees(&relationship, "He laughed.");
        tomas.finds_nothing(&at);

        // What somebody reads does not change under their eyes.
        amina.posts(&format!("{at}/edit"), &[("text-0", "He did not laugh.")]).refuses("Take them back first").shows("He did not laugh.");
        let take_back = format!("{at}/take-back");
        assert_eq!(tomas.posts(&take_back, &[("with", &with)]).state, 404);
        amina.posts(&take_back, &[("with", &with), ("line", "0")]).goes();
        tomas.gets(&place).ok().hides("He laughed.").shows("He is shy.");
        amina.sees(&at, "What Tomas reads");
        amina.posts(&take_back, &[("with", &with)]).goes();
        tomas.gets(&place).ok().hides("He is shy.").shows("Nothing is shared");
        assert!(tomas.was_told().iter().all(|told| !told.title.contains("shares a reflection")), "a notice is never a lie");
        amina.posts(&format!("{at}/edit"), &[("text-0", "He did not laugh.")]).goes();
        amina.sees(&at, "He did not laugh.");

        // Not to people whom one does not work with, and not what is not there.
        let [mallory, noor] = s.people(["Mallory", "Noor"]);
        mallory.finds_nothing(&place);
        s.administrator("Ada").finds_nothing(&place);
        let own = mallory.reflects("Mine");
        assert_eq!(mallory.posts(&format!("{own}/share"), &now).state, 404);
        assert_eq!(noor.gets(&format!("{own}/share?with={with}")).state, 404);
    });
}

#[test]
fn p39_where_contact_is_stopped_nothing_is_read_and_deleting_takes_everything_away() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let with = relationship["/relationships/".len()..].to_owned();
        let at = amina.reflects("He is kind.");
        amina.posts(&format!("{at}/share"), &[("with", &with), ("line", "0"), ("do", "share")]).goes();
        let place = format!("{relationship}/reflections");
        tomas.sees(&place, "He is kind.");
        let id = with.parse().expect("an id");
        s.does(move |tx| crate::relationships::verbs::freeze(tx, id));
        tomas.does_not_see(&place, "He is kind.");
        amina.sees(&place, "He is kind.");
        s.does(move |tx| crate::relationships::verbs::thaw(tx, id));
        tomas.sees(&place, "He is kind.");
        amina.posts(&format!("{at}/delete"), &[]).goes();
        amina.finds_nothing(&at);
        tomas.does_not_see(&place, "He is kind.");
    });
}

#[test]
fn p39_everything_can_be_taken_out_as_markdown_and_is_exported_and_forgotten() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let with = relationship["/relationships/".len()..].to_owned();
        let at = amina.tries_to_reflect(&[("model", "rule"), ("text-0", "I *tried* it."), ("text-3", "On Friday.")]).goes();
        s.clock_moves(jiff::SignedDuration::from_mins(5));
        amina.reflects("Second.");
        s.days_pass(2);
        amina.posts(&format!("{at}/answer"), &[("verdict", "changed"), ("words", "On Monday.\nEarly.")]).goes();
        let answer = amina.gets("/reflections.md").ok();
        assert_eq!(answer.headers["content-type"], "text/markdown; charset=utf-8");
        let expected = "# Reflections\n\n## 2 November 2026\n\n*Find a rule to try*\n\n### What did you do or try?\n\nI *tried* it.\n\n\
            ### Where will you put that rule to the test?\n\nOn Friday.\n\n- Changed, 4 November 2026:\n\n  On Monday.\n  Early.\n\n\
            ## 2 November 2026\n\nSecond.\n";
        assert_eq!(answer.html(), expected);
        amina.posts(&format!("{at}/share"), &[("with", &with), ("line", "2"), ("do", "share")]).goes();
        tomas.sees(&format!("{relationship}/reflections"), "On Monday.");

        let person = amina.person();
        let exported = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(["I *tried* it.", "Early.", "Second."].iter().all(|words| exported.contains(words)), "{exported}");
        // In the database it is noise under a key that is gone afterwards.
        let sealed: Vec<(crate::seal::Sealed,)> = s.does(|tx| Ok(tx.all(sql!("select words from reflections limit 10"), &[])?));
        assert!(sealed.iter().all(|(words,)| !format!("{words:?}").contains("tried")));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.finds_nothing(&at);
        tomas.does_not_see(&format!("{relationship}/reflections"), "On Monday.");
        let left: (i64,) = s.does(|tx| {
            Ok(tx.one(
                sql!(
                    "select (select count(*) from reflections) + (select count(*) from reflection_answers)
                          + (select count(*) from shared_lines) + (select count(*) from journals)"
                ),
                &[],
            )?)
        });
        assert_eq!(left.0, 0);
    });
}
