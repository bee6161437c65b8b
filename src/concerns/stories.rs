//! Stories about what is not right, or not enough.

use super::{ConcernId, verbs};
use crate::action_items::stories::{Acting, two};
use crate::asks::stories::Asking;
use crate::circles::stories::{Circling, five, meet};
use crate::goals::stories::Wishing;
use crate::messages::stories::Writing;
use crate::people::OpenTo;
use crate::people::stories::Profiled;
use crate::sessions::stories::Sessions;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

/// Raises a concern with these fields.
fn raises(actor: &Actor, fields: &[(&str, &str)]) -> Answer {
    let nonce = format!("{fields:?} {:?}", actor.story.now());
    let usual = [("words", "He shouts at me."), ("wish", "stop"), ("nonce", nonce.as_str())];
    let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
    actor.posts("/concerns", &all)
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Opens a concern as those who look after it do.
fn opens(actor: &Actor, concern: &str) -> Answer {
    actor.gets(concern).ok().shows("Open this concern").hides("He shouts");
    actor.posts(&format!("{concern}/open"), &[]).goes();
    actor.gets(concern).ok()
}

/// Amina and Tomas, and two who look after concerns.
fn village<'s>(s: &'s Story) -> ([Actor<'s>; 5], String) {
    let ([amina, tomas], relationship) = two(s);
    let ada = s.administrator("Ada");
    let [bea, cem] = s.people(["Bea", "Cem"]);
    for who in [&bea, &cem] {
        ada.posts("/concerns/contacts", &[("person", &who.id())]).goes();
    }
    ([amina, tomas, ada, bea, cem], relationship)
}

#[test]
fn p32_a_concern_stops_contact_at_once_and_the_other_learns_no_reason() {
    story(|s| {
        let ([amina, tomas, ..], relationship) = village(s);
        amina.sees(&relationship, "Something is not right");
        amina.gets(&format!("/concerns/new?relationship={}", id_of(&relationship))).ok().shows("You and ").shows("Bea").shows("Cem");
        let (his, hers) = (tomas.takes_on(&relationship, "Send a book", &[]), amina.takes_on(&relationship, "Write a page", &[]));
        let with = [("relationship", id_of(&relationship)), ("about", &tomas.id())];
        raises(&amina, &[&with[..], &[("wish", "")]].concat()).refuses("Please choose one").shows("He shouts at me.");
        let concern = raises(&amina, &with).goes();
        assert_eq!(raises(&amina, &with).goes(), concern, "sent twice is one");
        amina.sees(&concern, "contact is stopped");

        amina.writes(&relationship, "Hello?").refuses("");
        assert_ne!(tomas.writes(&relationship, "Why?").state, 303, "nothing can be written any more");
        tomas.finds_nothing(&concern);
        tomas.gets(&relationship).ok().hides("He shouts").hides("concern about");
        let told = tomas.was_told();
        assert!(told.iter().all(|t| !t.title.to_lowercase().contains("concern")), "{told:?}");
        tomas.gets("/concerns").ok().shows("Nothing raised");
        // Nor does what one of them goes on doing reach the other.
        amina.finds_nothing(&his);
        tomas.finds_nothing(&hers);
        tomas.does_not_see(&format!("{relationship}/actions"), "Write a page");
        // What was written is kept, for both to read.
        tomas.sees(&relationship, "Work with data");

        amina.posts(&format!("{concern}/withdraw"), &[]).goes();
        amina.writes(&relationship, "It was a misunderstanding.").goes();
    });
}

#[test]
fn p32_a_concern_goes_from_raised_to_decided_and_on_appeal_to_somebody_else() {
    story(|s| {
        let ([amina, tomas, _, bea, cem], relationship) = village(s);
        tomas.writes(&relationship, "You are hopeless.").goes();
        tomas.writes(&relationship, "See you on Monday.").goes();
        let with = [("relationship", id_of(&relationship)), ("about", &tomas.id()), ("attached", "message-1")];
        let concern = raises(&amina, &with).goes();
        bea.is_told("Somebody has raised a concern");
        bea.sees("/today", "A concern waits");
        bea.posts(&format!("{concern}/acknowledge"), &[]).refuses("open this concern first");
        // Only what was ticked was copied.
        opens(&bea, &concern).shows("He shouts at me.").shows("You are hopeless.").hides("See you on Monday.");
        bea.posts(&format!("{concern}/acknowledge"), &[]).goes();
        amina.is_told("Bea has read your concern");
        bea.posts(&format!("{concern}/decide"), &[("to_reporter", ""), ("to_other", "Words")])
            .refuses("Please fill this in")
            .shows("Words");
        let words = [("to_reporter", "You were right to say it."), ("to_other", "Please write kindly.")];
        bea.posts(&format!("{concern}/decide"), &words).goes();
        amina.is_told("Your concern has been decided");
        amina.gets(&concern).ok().shows("You were right to say it.").hides("Please write kindly.");
        tomas.is_told("Something was decided that concerns you");
        tomas.gets(&concern).ok().shows("Please write kindly.").hides("You were right").hides("He shouts").hides("Amina");

        tomas.posts(&format!("{concern}/appeal"), &[("words", "I was joking.")]).goes();
        amina.posts(&format!("{concern}/appeal"), &[("words", "And I")]).refuses("there is one only");
        cem.is_told("An appeal waits for you");
        bea.finds_nothing(&concern);
        opens(&cem, &concern).shows("I was joking.");
        let words = [("to_reporter", "We looked again."), ("to_other", "It stays."), ("contact_resumes", "yes")];
        cem.posts(&format!("{concern}/decide"), &words).goes();
        amina.gets(&concern).ok().shows("We looked again.").shows("closed");
        tomas.writes(&relationship, "I am sorry.").goes();
    });
}

#[test]
fn p32_who_runs_the_place_sees_nothing_unless_named_and_nobody_looks_after_their_own() {
    story(|s| {
        let ([amina, tomas, ada, bea, cem], _) = village(s);
        let coordinator = s.coordinator("Cora");
        let concern = raises(&amina, &[("about", &bea.id()), ("wish", "talk")]).goes();
        for who in [&ada, &coordinator, &tomas, &bea] {
            who.finds_nothing(&concern);
            who.gets("/concerns").ok().hides("A concern");
            for deed in ["open", "acknowledge", "decide", "appeal", "withdraw"] {
                let fields = [("to_reporter", "x"), ("words", "x")];
                assert_eq!(who.posts(&format!("{concern}/{deed}"), &fields).state, 404, "{} {deed}", who.name);
            }
        }
        cem.sees("/concerns", "A concern");
        assert_eq!(amina.posts(&format!("{concern}/open"), &[]).state, 303, "her own is hers to read");
        // Each reading is written down, hers is not one.
        let readings = || s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from happenings where kind = 'concern opened'"), &[])?)).0;
        assert_eq!(readings(), 0);
        opens(&cem, &concern);
        assert_eq!(readings(), 1);
        s.hours_pass(2);
        opens(&cem, &concern);
        assert_eq!(readings(), 2);
        // Nobody is named any more: then the administrators, and never the one it is about.
        for who in [&bea, &cem] {
            ada.posts(&format!("/concerns/contacts/{}/remove", who.id()), &[]).goes();
        }
        cem.finds_nothing(&concern);
        opens(&ada, &concern);
        let about_ada = raises(&amina, &[("about", &ada.id()), ("wish", "talk"), ("words", "He shouts too")]).goes();
        ada.finds_nothing(&about_ada);
        amina.sees(&about_ada, "There is nobody here just now");
        assert_eq!(tomas.posts("/concerns/contacts", &[("person", &tomas.id())]).state, 404);
        tomas.finds_nothing("/concerns/contacts");
    });
}

#[test]
fn p32_what_is_late_is_said_once_and_what_nobody_appeals_is_closed() {
    story(|s| {
        let ([amina, tomas, _, bea, _], _) = village(s);
        let concern = raises(&amina, &[("about", &tomas.id()), ("wish", "talk")]).goes();
        s.clock_moves(jiff::SignedDuration::from_hours(49));
        let elsewhere = s.another_node();
        let (one, other) = (s.app().write(verbs::remind), elsewhere.write(verbs::remind));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        bea.is_told("A concern still waits");
        opens(&bea, &concern);
        let words = [("to_reporter", "We spoke."), ("to_other", "")];
        bea.posts(&format!("{concern}/decide"), &words).goes();
        tomas.finds_nothing(&concern);
        s.clock_moves(jiff::SignedDuration::from_hours(24 * 14));
        let (one, other) = (s.app().write(verbs::close), elsewhere.write(verbs::close));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        amina.posts(&format!("{concern}/appeal"), &[("words", "Late")]).refuses("closed").shows("We spoke.");
    });
}

#[test]
fn p32_each_place_chooses_how_soon_somebody_has_looked() {
    story(|s| {
        let ([amina, tomas, ada, bea, _], _) = village(s);
        let raising = format!("/concerns/new?about={}", tomas.id());
        amina.sees(&raising, "Somebody says within 2 days that they have read it.");
        ada.sees("/place", "Who looks after them, and how soon");
        let clocks = |acknowledge, decide, appeal| [("acknowledge", acknowledge), ("decide", decide), ("appeal", appeal)];
        ada.posts("/concerns/clocks", &clocks("0", "7", "")).refuses("from 1 to 14").shows("Please give a number of days.");
        assert_eq!(bea.posts("/concerns/clocks", &clocks("1", "7", "30")).state, 404);
        let before = raises(&amina, &[("about", &tomas.id()), ("wish", "talk")]).goes();
        ada.posts("/concerns/clocks", &clocks("1", "7", "30")).goes();
        amina.sees(&raising, "Somebody says within a day that they have read it.");
        let after = raises(&amina, &[("about", &tomas.id()), ("wish", "talk"), ("words", "Again"), ("nonce", "second")]).goes();
        amina.sees(&before, "by Wednesday 4 November, 09:00");
        amina.sees(&after, "by Tuesday 3 November, 09:00");
        opens(&bea, &after);
        bea.posts(&format!("{after}/acknowledge"), &[]).goes();
        amina.sees(&after, "by Monday 9 November, 09:00");
        bea.posts(&format!("{after}/decide"), &[("to_reporter", "We spoke."), ("to_other", "")]).goes();
        amina.sees(&after, "by Wednesday 2 December, 09:00");
    });
}

#[test]
fn p32_of_two_who_decide_at_once_exactly_one_does() {
    story(|s| {
        let ([amina, tomas, _, bea, cem], _) = village(s);
        let concern = raises(&amina, &[("about", &tomas.id()), ("wish", "talk")]).goes();
        let id: ConcernId = id_of(&concern).parse().expect("a concern");
        for who in [&bea, &cem] {
            opens(who, &concern);
        }
        let (one, other, elsewhere) = (bea.viewer(), cem.viewer(), s.another_node());
        let decision =
            |words: &str| super::concern::Decision { to_reporter: words.into(), to_other: String::new(), contact_resumes: false };
        let (first, second) = (decision("One"), decision("Other"));
        let one = s.app().write(move |tx| verbs::decide(tx, &one, id, &first));
        let other = elsewhere.write(move |tx| verbs::decide(tx, &other, id, &second));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert!(one.is_ok() != other.is_ok(), "both or neither");
    });
}

#[test]
fn p32_whom_someone_keeps_away_is_not_offered_and_cannot_ask() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for who in [&tomas, &lea] {
            who.offers(&[("SQL", "4")]);
            who.opens_to(&["mentor", "question"], "2");
        }
        amina.gets("/find?q=sql").ok().shows("Tomas").shows("Lea");
        amina.sees(&format!("/people/{}", tomas.id()), "Keep them away from me");
        amina.sees(&format!("/blocks/{}", tomas.id()), "is not told");
        amina.posts(&format!("/blocks/{}", tomas.id()), &[]).goes();
        amina.gets("/find?q=sql").ok().hides("Tomas").shows("Lea");
        tomas.offers(&[("SQL", "4")]);
        amina.opens_to(&["mentor"], "2");
        amina.offers(&[("SQL", "3")]);
        tomas.gets("/find?q=sql").ok().hides("Amina").shows("Lea");
        tomas.asks_with(&amina, "Learn from her", &[]).refuses("not available");
        amina.asks_with(&tomas, "Learn from him", &[]).refuses("not available");
        assert!(tomas.was_told().is_empty());
        amina.posts(&format!("/blocks/{}", amina.id()), &[]).refuses("yourself");
        amina.sees("/concerns", "Whom you keep away");
        amina.posts(&format!("/blocks/{}/take-away", tomas.id()), &[]).goes();
        tomas.asks(&amina, "Learn from her");
    });
}

#[test]
fn p32_what_was_raised_is_its_reporters_to_take_along_and_to_have_forgotten() {
    story(|s| {
        let ([amina, tomas, _, bea, _], _) = village(s);
        let concern = raises(&amina, &[("about", &tomas.id()), ("wish", "talk")]).goes();
        let (reporter, about) = (amina.person(), tomas.person());
        let export = |person| s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(export(reporter).contains("He shouts at me."));
        assert!(!export(about).contains("He shouts at me."));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, reporter));
        bea.gets(&concern).ok().shows("closed");
        bea.posts(&format!("{concern}/open"), &[]).goes();
        bea.gets(&concern).ok().hides("He shouts").shows("This was forgotten.");
    });
}

#[test]
fn p32_a_concern_in_a_circle_sets_one_aside_and_nobody_else_is_stopped() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let (ada, [bea]) = (s.administrator("Ada"), s.people(["Bea"]));
        ada.posts("/concerns/contacts", &[("person", &bea.id())]).goes();
        let meet = meet(&circle);
        cem.writes_in(&meet, "He shouts at all of us.");
        cem.writes_in(&meet, "You are hopeless, Amina.");
        let session = amina.proposes(&meet, &["2026-11-12T13:00"], &[("purpose", "regular")]).goes();
        ben.books(&session).goes();
        s.hours_pass(1);
        let id = id_of(&meet).to_owned();
        // In a circle one says whom it is about, and what it does to the circle.
        amina.gets(&format!("/concerns/new?relationship={id}")).ok().shows("Whom is it about?").shows("Cem").shows("Eva");
        let about = format!("/concerns/new?relationship={id}&about={}", cem.id());
        amina.gets(&about).ok().shows("Cem stands aside now").shows("I step out now").shows("You and the others go on");
        let with = [("relationship", id.as_str()), ("about", &cem.id()), ("attached", "message-2")];
        let concern = raises(&amina, &with).goes();
        // He is out at once, and told no reason; everybody else goes on.
        for path in [&meet, &format!("{meet}/messages"), &session] {
            cem.finds_nothing(path);
        }
        cem.is_told("You take no part in “First-time leads” for now");
        cem.gets(&circle).ok().shows("Your place is kept").hides("oncern about");
        let told: String = cem.was_told().iter().map(|told| format!("{} {}", told.title, told.lines.join(" "))).collect();
        assert!(!told.to_lowercase().contains("concern") && !told.contains("Amina has"), "{told}");
        amina.writes_in(&meet, "Shall we go on without fear?");
        for one in [&ben, &dora, &eva] {
            one.gets(&meet).ok().shows("agreed").hides("frozen").hides("Cem");
            one.gets(&format!("{meet}/messages")).ok().shows("without fear").shows("Someone who has left");
            one.gets(&circle).ok().shows("not for now");
            assert!(!one.was_told().iter().any(|told| told.title.contains("Cem")));
            one.gets(&session).ok().shows("Thursday 12 November").hides("cancelled");
        }
        s.hours_pass(1);
        assert!(cem.letters().iter().filter_map(crate::story::Arrived::calendar).any(|c| c.contains("METHOD:CANCEL")));
        assert!(!ben.letters().iter().filter_map(crate::story::Arrived::calendar).any(|c| c.contains("METHOD:CANCEL")));
        // The evidence is kept: what was copied, and what he wrote where it stands.
        bea.posts(&format!("{concern}/open"), &[]).goes();
        bea.gets(&concern)
            .ok()
            .shows("You are hopeless, Amina.")
            .hides("He shouts at all")
            .shows("The two may be in contact again")
            .shows("leaves it once no appeal is open");
        assert_eq!(cem.posts(&format!("{meet}/messages/1/take-back"), &[]).state, 404);
        // It was a misunderstanding: he is back, and does not read what was said without him.
        amina.posts(&format!("{concern}/withdraw"), &[]).goes();
        cem.is_told("You are in “First-time leads” again");
        cem.gets(&format!("{meet}/messages")).ok().shows("You are hopeless").hides("without fear");
        cem.sees(&session, "Thursday 12 November");
        s.hours_pass(1);
        assert!(cem.letters().iter().filter_map(crate::story::Arrived::calendar).next_back().expect("a letter").contains("METHOD:REQUEST"));
        amina.sees(&meet, "Cem");
    });
}

#[test]
fn p32_who_steps_out_of_a_circle_does_so_quietly_and_comes_back_when_it_is_decided() {
    story(|s| {
        let ([amina, ben, cem, dora, eva], circle) = five(s);
        let (ada, [bea, fritz]) = (s.administrator("Ada"), s.people(["Bea", "Fritz"]));
        for who in [&bea, &fritz] {
            ada.posts("/concerns/contacts", &[("person", &who.id())]).goes();
        }
        let meet = meet(&circle);
        let id = id_of(&meet).to_owned();
        let with = [("relationship", id.as_str()), ("about", &cem.id()), ("wish", "step_out")];
        let told_before: Vec<usize> = [&ben, &cem, &dora, &eva].iter().map(|one| one.was_told().len()).collect();
        let concern = raises(&amina, &with).goes();
        amina.finds_nothing(&meet);
        amina.sees(&concern, "contact is stopped");
        for (one, before) in [&ben, &cem, &dora, &eva].iter().zip(told_before) {
            assert_eq!(one.was_told().len(), before, "{} is told nothing", one.name);
            one.gets(&meet).ok().hides("Amina");
        }
        cem.finds_nothing(&concern);
        // Two of five leave meanwhile: the place that is kept counts, and the circle goes on.
        dora.posts(&format!("{circle}/leave"), &[]).goes();
        eva.posts(&format!("{circle}/leave"), &[]).goes();
        ben.gets(&meet).ok().hides("ended");
        // It is decided that the two do not meet: she is back, he stands aside, and is gone when nobody can appeal any more.
        bea.posts(&format!("{concern}/open"), &[]).goes();
        bea.sees(&concern, "Has stepped out of the circle");
        let words = [("to_reporter", "You are safe here."), ("to_other", "You stay out of this circle.")];
        bea.posts(&format!("{concern}/decide"), &words).goes();
        amina.is_told("You are in “First-time leads” again");
        amina.sees(&meet, "Ben");
        cem.finds_nothing(&meet);
        cem.is_told("You take no part in “First-time leads” for now");
        cem.posts(&format!("{concern}/appeal"), &[("words", "I did nothing.")]).goes();
        fritz.posts(&format!("{concern}/open"), &[]).goes();
        fritz.posts(&format!("{concern}/decide"), &words).goes();
        cem.is_told("You are not in “First-time leads” any more");
        cem.finds_nothing(&circle);
        // With two left it ends, kindly, for those two.
        for one in [&amina, &ben] {
            one.is_told("has come to its end");
        }
    });
}

#[test]
fn p32_of_two_concerns_about_one_in_a_circle_both_are_to_be_settled_before_they_come_back() {
    story(|s| {
        let ([amina, ben, cem, ..], circle) = five(s);
        let meet = meet(&circle);
        let id = id_of(&meet).to_owned();
        let with = [("relationship", id.as_str()), ("about", &cem.id())];
        let hers = raises(&amina, &with).goes();
        let his = raises(&ben, &[("relationship", id.as_str()), ("about", &cem.id()), ("wish", "stop")]);
        // He is not in it any more, so that the page asks about somebody who is; a concern about him begins from his own page.
        assert_eq!(his.state, 404);
        cem.finds_nothing(&meet);
        amina.posts(&format!("{hers}/withdraw"), &[]).goes();
        cem.sees(&meet, "Ben");
        let hers = raises(&amina, &[&with[..], &[("words", "Again")]].concat()).goes();
        let gone = amina.person();
        s.does(move |tx| crate::people::verbs::forget(tx, gone));
        cem.sees(&meet, "Ben");
        assert_eq!(amina.gets(&hers).state, 303, "she is gone");
    });
}

#[test]
fn p46_a_rematch_without_fault_keeps_goals_plans_and_what_was_taken_on() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let goal = amina.sets_goal("Lead a team of five", ("leadership", "2", "4"), &["advise"]);
        let action = amina.takes_on(&relationship, "Ask for the role", &[("goal", id_of(&goal))]);
        amina.sees(&relationship, "I need more");
        let more = format!("{relationship}/more");
        amina.gets(&more).ok().shows("Somebody else instead").shows("Lead a team of five");
        tomas.finds_nothing(&more);
        amina.posts(&more, &[("way", "")]).refuses("Please choose one");
        assert_eq!(amina.posts(&more, &[("way", "another"), ("goal", id_of(&goal))]).goes(), format!("/find?goal={}", id_of(&goal)));
        assert_eq!(amina.posts(&more, &[("way", "question"), ("goal", "")]).goes(), "/questions/new");
        amina.sees(&relationship, "What comes next");
        assert_eq!(amina.posts(&more, &[("way", "rematch"), ("goal", id_of(&goal))]).goes(), format!("/find?goal={}", id_of(&goal)));
        amina.sees(&format!("/find?goal={}", id_of(&goal)), "Lead a team of five");
        amina.sees(&goal, "Lead a team of five");
        amina.gets(&action).ok().shows("Ask for the role").shows("It is done");
        amina.sees(&relationship, "Work with data");
        // Her place with him is free again, and she may ask somebody else at once.
        let [lea] = s.people(["Lea"]);
        lea.is_open_to(OpenTo::Mentor, 1);
        amina.asks(&lea, "Lead a team of five");
    });
}
