//! Stories about the experience board.

use super::SeatState;
use super::verbs::{self, Asking as Wanted, PAGE};
use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::people::OpenTo;
use crate::plans::Kind;
use crate::plans::stories::Planning;
use crate::story::{Actor, Answer, Story, story};
use crate::viewer::{Via, Viewer};
use chiron_store::sql;

/// What people in stories do on the board.
trait Trying {
    fn tries_to_offer(&self, title: &str, more: &[(&str, &str)]) -> Answer;
    /// Offers something; returns its path.
    fn offers(&self, title: &str, more: &[(&str, &str)]) -> String;
    /// Asks for a place in it; returns the path of that.
    fn wants(&self, offer: &str) -> String;
}
impl Trying for Actor<'_> {
    fn tries_to_offer(&self, title: &str, more: &[(&str, &str)]) -> Answer {
        let nonce = format!("{title} {:?}", self.story.now());
        let usual = [
            ("kind", "shadow"),
            ("title", title),
            ("words", "You sit beside me, and ask what you like."),
            ("takes", "Any Thursday, nine to four"),
            ("country", "CZ"),
            ("town", "Brno"),
            ("places", "1"),
            ("until_on", "2026-12-24"),
            ("skill_0", "SQL"),
            ("nonce", &nonce),
        ];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(name, _)| !more.iter().any(|(n, _)| n == name)).chain(more).copied().collect();
        self.posts("/experiences", &all)
    }
    #[track_caller]
    fn offers(&self, title: &str, more: &[(&str, &str)]) -> String {
        self.tries_to_offer(title, more).goes()
    }
    #[track_caller]
    fn wants(&self, offer: &str) -> String {
        let nonce = format!("{offer} {:?}", self.story.now());
        self.posts(&format!("{offer}/ask"), &[("why", "I want to see how you decide."), ("nonce", &nonce)]).goes()
    }
}

/// Tomas mentors; Amina and Lea learn.
fn three(s: &Story) -> [Actor<'_>; 3] {
    let [tomas, amina, lea] = s.people(["Tomas", "Amina", "Lea"]);
    tomas.is_open_to(OpenTo::Mentor, 3);
    [tomas, amina, lea]
}

fn id_of<T: std::str::FromStr>(path: &str) -> T {
    path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id")
}

#[test]
fn p37_a_mentor_offers_a_day_a_learner_asks_in_a_sentence_and_it_closes_with_her_note() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        amina.sees("/experiences", "Nothing on the board yet");
        let offer = tomas.offers("A day at the weather desk", &[("nonce", "n")]);
        assert_eq!(tomas.offers("A day at the weather desk", &[("nonce", "n")]), offer, "the same form twice is one");
        amina.gets("/experiences").ok().shows("A day at the weather desk").shows("Brno, Czechia").shows("1 place left").shows("SQL");
        amina.gets(&offer).ok().shows("Any Thursday").shows("Everybody who is signed in here").hides("Who asked");

        amina.posts(&format!("{offer}/ask"), &[("why", " "), ("nonce", "a")]).refuses("Please fill this in");
        let seat = amina.posts(&format!("{offer}/ask"), &[("why", "I want to see how you decide."), ("nonce", "a")]).goes();
        assert_eq!(amina.posts(&format!("{offer}/ask"), &[("why", "Again"), ("nonce", "a")]).goes(), seat);
        assert_eq!(amina.posts(&format!("{offer}/ask"), &[("why", "Again"), ("nonce", "b")]).goes(), seat, "one that waits is enough");
        tomas.is_told("Amina asks for a place in what you offer");
        tomas.sees(&offer, "I want to see how you decide.");
        tomas.gets(&seat).ok().shows("Only you and Amina").shows("Give Amina a place");
        lea.finds_nothing(&seat);
        amina.posts(&format!("{seat}/finish"), &[("note", "Too early")]).refuses("no answer yet");

        tomas.posts(&format!("{seat}/give"), &[("answer", "Come to the side door.")]).goes();
        amina.is_told("You have a place");
        amina.gets(&seat).ok().shows("Come to the side door.").shows("Only you");
        // It closes with a note and never without, and the note is hers.
        amina.posts(&format!("{seat}/finish"), &[("note", "   ")]).refuses("What came of it?").shows("It is done");
        tomas.gets(&seat).ok().hides("It is done");
        amina.posts(&format!("{seat}/finish"), &[("note", "Most of it is saying no early.")]).goes();
        amina.posts(&format!("{seat}/finish"), &[("note", "Something else")]).refuses("done already");
        amina.gets(&seat).ok().shows("Most of it is saying no early.").shows("Only you");
        tomas.gets(&seat).ok().shows("for Amina to keep or to share").hides("saying no early");
        amina.posts(&format!("{seat}/share"), &[]).goes();
        tomas.is_told("What came of it for Amina");
        tomas.sees(&seat, "Most of it is saying no early.");
        for letter in tomas.letters() {
            assert!(!letter.text.contains("saying no early"), "{}", letter.text);
        }
        amina.sees("/experiences/mine", "done");
    });
}

#[test]
fn p37_a_full_board_says_so_and_what_is_given_back_is_there_again() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        let offer = tomas.offers("A day", &[]);
        let (hers, leas) = (amina.wants(&offer), lea.wants(&offer));
        tomas.posts(&format!("{hers}/give"), &[]).goes();
        amina.sees("/experiences", "full");
        tomas.posts(&format!("{leas}/give"), &[]).refuses("Every place is taken");
        let [noor] = s.people(["Noor"]);
        noor.sees(&offer, "Every place is taken");
        noor.posts(&format!("{offer}/ask"), &[("why", "Me too"), ("nonce", "n")]).refuses("Every place is taken");

        // Withdrawing needs no reason, and somebody else has the place.
        amina.posts(&format!("{hers}/withdraw"), &[]).goes();
        tomas.is_told("Amina does not come");
        noor.sees("/experiences", "1 place left");
        tomas.posts(&format!("{leas}/give"), &[]).goes();
        // It can be taken back too, kindly; then it is there once more.
        tomas.posts(&format!("{leas}/take-back"), &[("back", "The office floods.")]).goes();
        lea.is_told("The office floods.");
        lea.sees(&leas, "says nothing about you");
        noor.wants(&offer);
        // Fewer places than are given there cannot be; more there can.
        tomas.posts(&format!("{hers}/give"), &[]).refuses("withdrawn");
    });
}

#[test]
fn p37_a_no_is_kind_and_silence_ends_by_itself() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        let offer = tomas.offers("A day", &[("places", "2")]);
        let (hers, leas) = (amina.wants(&offer), lea.wants(&offer));
        tomas.posts(&format!("{hers}/decline"), &[("answer", "In spring, gladly.")]).goes();
        amina.is_told("In spring, gladly.");
        amina.sees(&hers, "It says nothing about you");
        tomas.posts(&format!("{hers}/give"), &[]).refuses("answered already");
        s.days_pass(6);
        tomas.is_told("Lea still waits to hear");
        s.days_pass(5);
        lea.is_told("Nobody could answer in time");
        tomas.posts(&format!("{leas}/give"), &[]).refuses("over");
        // She may ask again.
        lea.wants(&offer);
        // What is ended tells those who wait, and those who have a place keep it.
        let again = amina.wants(&offer);
        tomas.posts(&format!("{again}/give"), &[]).goes();
        tomas.posts(&format!("{offer}/end"), &[]).goes();
        assert_eq!(lea.was_told().iter().filter(|told| told.lines.iter().any(|line| line.contains("in time"))).count(), 2);
        amina.sees(&again, "You have a place");
        lea.does_not_see("/experiences", "A day");
        lea.posts(&format!("{offer}/ask"), &[("why", "Still"), ("nonce", "x")]).refuses("not offered any more");
    });
}

#[test]
fn p37_a_place_is_never_given_twice_however_many_are_said_yes_to_at_once() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 3);
        let offer = tomas.offers("A day", &[("places", "2")]);
        let seats: Vec<String> = (0..12)
            .map(|n| {
                let [asker] = s.people([&*format!("Asker {n}")]);
                asker.wants(&offer)
            })
            .collect();
        // Two nodes say yes to two different people at the same moment, for the last place but one and the last.
        let elsewhere = s.another_node();
        for pair in seats[..6].chunks(2) {
            let (one, other): (super::SeatId, super::SeatId) = (id_of(&pair[0]), id_of(&pair[1]));
            let (me, myself) = (tomas.viewer(), tomas.viewer());
            let first = s.app().write(move |tx| verbs::give(tx, &me, one, ""));
            let second = elsewhere.write(move |tx| verbs::give(tx, &myself, other, ""));
            s.waits(async { drop(futures_util::future::join(first, second).await) });
        }
        let left = std::sync::Mutex::new(seats.iter());
        let answers = s.sends_at_once(12, || {
            let seat = left.lock().expect("the list").next().expect("one each");
            tomas.request_to_post(&format!("{seat}/give"), &[])
        });
        assert!(answers.iter().all(|answer| [303, 409, 422, 503].contains(&answer.state)));
        let count = |what: &'static str| s.does(move |tx| Ok(tx.one::<(i64,)>(what, &[])?.0));
        assert_eq!(count("select count(*) from experience_seats where state = 'given'"), 2);
        assert_eq!(count("select taken from experience_offers"), 2);
        assert_eq!(count("select count(*) from experience_seats where state = 'asked'"), 10);
    });
}

#[test]
fn p37_of_two_buttons_pressed_at_once_on_one_place_exactly_one_counts() {
    story(|s| {
        let [tomas, amina, _] = three(s);
        let offer = tomas.offers("A day", &[("places", "9")]);
        for round in 0..4 {
            let seat: super::SeatId = id_of(&amina.wants(&offer));
            let (he, she, elsewhere) = (tomas.viewer(), amina.viewer(), s.another_node());
            let give = s.app().write(move |tx| verbs::give(tx, &he, seat, ""));
            let decline = elsewhere.write({
                let he = tomas.viewer();
                move |tx| verbs::decline(tx, &he, seat, "")
            });
            let (gave, declined) = s.waits(async { futures_util::future::join(give, decline).await });
            assert!(gave.is_ok() != declined.is_ok(), "round {round}: both or neither");
            if gave.is_ok() {
                s.waits(s.app().write(move |tx| verbs::withdraw(tx, &she, seat))).expect("withdrawn");
            }
            let taken = s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select taken from experience_offers"), &[])?.0));
            assert_eq!(taken, 0);
            s.hours_pass(1);
        }
    });
}

#[test]
fn p37_in_a_plan_it_is_an_activity_and_closes_there_with_its_note() {
    story(|s| {
        let ([amina, tomas], _) = two(s);
        let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise"]);
        let plan = amina.plans(&goal, "changing-fields");
        let offer = tomas.offers("A day at the weather desk", &[]);
        let seat = amina.wants(&offer);
        let milestone = amina.finds(&plan, Kind::Milestone, 0);
        let into = |seat: &str| amina.posts(&format!("{seat}/plan"), &[("milestone", id_in(&milestone)), ("on_day", "2026-11-20")]);
        into(&seat).refuses("once you have a place");
        tomas.posts(&format!("{seat}/give"), &[]).goes();
        amina.gets(&seat).ok().shows("For which milestone?");
        // Into nobody else’s plan.
        let [mallory] = s.people(["Mallory"]);
        assert_eq!(mallory.posts(&format!("{seat}/plan"), &[("milestone", id_in(&milestone))]).state, 404);
        into(&seat).goes();
        into(&seat).refuses("in a plan already");
        amina.gets(&plan).ok().shows("A day at the weather desk").shows("20 November");
        // There is one state: while it stands in the plan, it is closed in the plan.
        amina.posts(&format!("{seat}/finish"), &[("note", "Here")]).refuses("stands in your plan");
        let item = item_on(&amina, &seat);
        amina.closes(&item, "").refuses("What came of it?");
        tomas.gets(&seat).ok().shows("Amina has a place");
        amina.closes(&item, "They check the sky before the screen.").goes();
        amina.gets(&seat).ok().shows("It is done").shows("They check the sky before the screen.");
        tomas.gets(&seat).ok().shows("Amina has done it").hides("check the sky");
        amina.posts(&format!("{seat}/share"), &[]).goes();
        tomas.sees(&seat, "They check the sky before the screen.");

        // Taken out of the plan again, it can be finished with a note of its own, and not otherwise.
        let other = tomas.offers("Another day", &[]);
        let seat = amina.wants(&other);
        tomas.posts(&format!("{seat}/give"), &[]).goes();
        into(&seat).goes();
        let item = item_on(&amina, &seat);
        amina.posts(&format!("{item}/take-out"), &[("version", "1")]).goes();
        amina.posts(&format!("{seat}/finish"), &[("note", "")]).refuses("What came of it?");
        amina.posts(&format!("{seat}/finish"), &[("note", "It rained.")]).goes();
    });
}

/// The way to its activity in a plan, as the page of a place shows it.
fn item_on(who: &Actor, seat: &str) -> String {
    let page = who.gets(seat).ok().html();
    let at = page.find("/plans/items/").expect("the way to the plan");
    page[at..].split('"').next().expect("a path").to_owned()
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

#[test]
fn p37_the_board_is_narrowed_by_skill_kind_and_place_and_turned_page_by_page() {
    story(|s| {
        let [tomas, amina, _] = three(s);
        tomas.offers("A day in Brno", &[]);
        tomas.offers("A talk from home", &[("kind", "talk"), ("country", ""), ("town", ""), ("skill_0", "Public speaking")]);
        amina.gets("/experiences?kind=talk").ok().shows("A talk from home").hides("A day in Brno");
        amina.gets("/experiences?where=remote").ok().shows("A talk from home").hides("A day in Brno");
        amina.gets("/experiences?where=CZ").ok().shows("A day in Brno").hides("A talk from home");
        amina.gets("/experiences?skill=SQL").ok().shows("A day in Brno").hides("A talk from home");
        // What lies inside a skill is found with it.
        amina.gets("/experiences?skill=Databases").ok().shows("A day in Brno").hides("A talk from home");
        amina.gets("/experiences?skill=zzzz").ok().shows("Nothing like this just now");
        amina.sees(&format!("/people/{}", tomas.id()), "A day in Brno");
        s.visitor().gets("/experiences").hides("A day in Brno");
        // A day after its last it is off the board.
        s.days_pass(54);
        amina.does_not_see("/experiences", "A day in Brno");
    });
}

#[test]
fn p37_ten_thousand_offers_are_turned_page_by_page_without_repeating_one() {
    story(|s| {
        let [tomas, amina, _] = three(s);
        tomas.offers("The first", &[("nonce", "first")]);
        let offerer = tomas.person();
        s.does(move |tx| {
            // A hundred in one statement; the last of each thousand is a talk.
            for first in (0..10_000).step_by(100) {
                let row = |n: usize| {
                    let kind = if (first + n) % 1000 == 999 { "talk" } else { "shadow" };
                    let at = n + 2;
                    format!("(${at}, $1, false, '{kind}', 'One more', 'Words', 'A day', 'CZ', '', 3, 0, '2026-12-24', 9000000000000000, 1, 'n{}')", first + n)
                };
                let rows: Vec<String> = (0..100).map(row).collect();
                let text = format!(
                    "insert into experience_offers (id, offerer_id, for_place, kind, title, words, takes, country, town, places, taken,
                        until_on, closes_at, offered_at, nonce) values {}",
                    rows.join(", ")
                );
                let ids: Vec<super::OfferId> = (0..100).map(|_| tx.new_id()).collect();
                let mut args: Vec<&dyn chiron_store::Arg> = vec![&offerer];
                args.extend(ids.iter().map(|id| id as &dyn chiron_store::Arg));
                tx.execute(&text, &args)?;
            }
            Ok(())
        });
        let mut seen = std::collections::BTreeSet::new();
        let mut before = None;
        for _ in 0..20 {
            let (me, asking) = (amina.viewer(), Wanted { before, ..Wanted::default() });
            let board = s.does(move |tx| verbs::board(tx, &me, &asking));
            assert_eq!(board.shown.len(), PAGE);
            for shown in &board.shown {
                assert!(before.is_none_or(|before| shown.offer.id < before), "the newest first");
                assert!(seen.insert(shown.offer.id), "twice");
            }
            before = board.older;
        }
        // What is rare is found however deep it lies.
        let timed = |path: &str, words: &str| {
            let began = std::time::Instant::now();
            amina.gets(path).ok().shows(words);
            println!("{path}: {:?}", began.elapsed());
        };
        timed("/experiences", "places left");
        timed("/experiences?kind=talk", "talk");
        timed("/experiences?skill=SQL", "The first");
        timed("/experiences?where=remote", "Nothing like this just now");
        let last = amina.gets("/experiences?kind=talk").ok().html();
        assert_eq!(last.matches("3 places left").count(), 10);
    });
}

#[test]
fn p37_only_those_who_guide_offer_and_those_who_look_after_the_place_do_so_in_its_name() {
    story(|s| {
        let [tomas, amina, _] = three(s);
        let (cora, ada) = (s.coordinator("Cora"), s.administrator("Ada"));
        amina.sees("/experiences/new", "Those who mentor or coach can offer something");
        amina.tries_to_offer("A day", &[]).shows("Those who mentor or coach can offer something");
        tomas.tries_to_offer("", &[]).refuses("Please fill this in").shows("You sit beside me");
        tomas.tries_to_offer("A day", &[("until_on", "2026-01-01")]).refuses("from today on").shows("You sit beside me");
        tomas.tries_to_offer("A day", &[("places", "0")]).refuses("whole number");
        tomas.tries_to_offer("A day", &[("kind", "milestone")]).refuses("choose what it is");
        tomas.tries_to_offer("A day", &[("for_place", "on")]).refuses("Only those who look after this place");
        let of_place = cora.offers("Help at the open day", &[("for_place", "on"), ("places", "5")]);
        amina.sees(&of_place, "Help at the open day");
        // Nobody but its offerer changes it; who looks after the place may take it down, and its offerer hears of it.
        let offer = tomas.offers("A day", &[]);
        for other in [&amina, &cora, &ada] {
            other.finds_nothing(&format!("{offer}/change"));
            assert_eq!(other.posts(&format!("{offer}/change"), &[("title", "Mine")]).state, 404);
        }
        assert_eq!(amina.posts(&format!("{offer}/end"), &[]).state, 404);
        let fields = [
            ("kind", "project"),
            ("title", "Two days"),
            ("words", "w"),
            ("takes", "t"),
            ("country", ""),
            ("places", "2"),
            ("until_on", "2026-12-01"),
        ];
        tomas.posts(&format!("{offer}/change"), &fields).goes();
        amina.gets(&offer).ok().shows("Two days").shows("From anywhere").hides("SQL");
        // The highest office reads no sentence and no note.
        let seat = amina.wants(&offer);
        tomas.posts(&format!("{seat}/give"), &[]).goes();
        amina.posts(&format!("{seat}/finish"), &[("note", "Long days."), ("share", "on")]).goes();
        for other in [&cora, &ada] {
            other.finds_nothing(&seat);
            other.does_not_see(&offer, "I want to see how you decide.");
            for deed in ["give", "decline", "take-back", "withdraw", "finish", "share", "plan"] {
                assert_eq!(other.posts(&format!("{seat}/{deed}"), &[("note", "n"), ("milestone", &amina.id())]).state, 404, "{deed}");
            }
        }
        cora.posts(&format!("{offer}/end"), &[]).goes();
        tomas.is_told("was taken off the board");
    });
}

#[test]
fn p37_those_kept_apart_or_away_are_not_on_the_board() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        let offer = tomas.offers("A day", &[("places", "3")]);
        let (hers, leas) = (amina.wants(&offer), lea.wants(&offer));
        tomas.posts(&format!("{leas}/give"), &[]).goes();
        let (he, she) = (tomas.person(), lea.person());
        let viewer = amina.viewer();
        s.does(move |tx| crate::people::verbs::block(tx, &viewer, he));
        // Neither learns of it: what waited is over, and the offer is not there for her.
        amina.finds_nothing(&offer);
        amina.does_not_see("/experiences", "A day");
        amina.sees(&hers, "no answer in time");
        tomas.finds_nothing(&hers);
        tomas.gets(&offer).ok().hides("Amina").shows("Lea");
        assert_eq!(amina.posts(&format!("{offer}/ask"), &[("why", "Me"), ("nonce", "z")]).state, 404);
        let blocker = tomas.viewer();
        s.does(move |tx| crate::people::verbs::block(tx, &blocker, she));
        lea.finds_nothing(&offer);
        let taken = s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select taken from experience_offers"), &[])?.0));
        assert_eq!(taken, 0, "the place is there for others");
        assert!(lea.was_told().iter().all(|told| !told.title.contains("come about")));

        // Away: nobody waits, and nobody can ask.
        let [noor] = s.people(["Noor"]);
        noor.wants(&offer);
        let (away, until) = (tomas.viewer(), s.now() + jiff::SignedDuration::from_hours(240));
        s.does(move |tx| crate::people::verbs::not_now(tx, &away, Some(until)));
        noor.is_told("Nobody could answer in time");
        noor.does_not_see("/experiences", "A day");
        noor.posts(&format!("{offer}/ask"), &[("why", "Me"), ("nonce", "y")]).refuses("away just now");
        s.days_pass(11);
        noor.sees("/experiences", "A day");
    });
}

#[test]
fn p37_where_contact_is_stopped_neither_sees_the_others_offer() {
    story(|s| {
        let ([amina, tomas], together) = two(s);
        let offer = tomas.offers("A day", &[]);
        let seat = amina.wants(&offer);
        let id = id_of(&together);
        s.does(move |tx| crate::relationships::verbs::freeze(tx, id));
        amina.finds_nothing(&offer);
        amina.does_not_see("/experiences", "A day");
        tomas.finds_nothing(&seat);
        s.does(move |tx| crate::relationships::verbs::thaw(tx, id));
        amina.sees(&offer, "A day");
        tomas.sees(&seat, "Amina asks for a place");
    });
}

#[test]
fn p37_whoever_leaves_keeps_nobody_waiting_and_is_forgotten_with_their_words() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        let offer = tomas.offers("A day at the weather desk", &[("places", "2")]);
        let (hers, leas) = (amina.wants(&offer), lea.wants(&offer));
        tomas.posts(&format!("{hers}/give"), &[("answer", "Come to the side door.")]).goes();
        tomas.posts(&format!("{leas}/give"), &[]).goes();
        amina.posts(&format!("{hers}/finish"), &[("note", "Most of it is saying no early.")]).goes();
        type Row = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);
        let rows: Vec<Row> = s.does(|tx| Ok(tx.all(sql!("select why, answer, note from experience_seats order by id limit 9"), &[])?));
        for bytes in rows.iter().flat_map(|(why, answer, note)| [Some(why), answer.as_ref(), note.as_ref()].into_iter().flatten()) {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("decide") && !text.contains("door") && !text.contains("saying"), "{text}");
        }
        let (he, she, third) = (tomas.person(), amina.person(), lea.person());
        let exports = |person| s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        let taken = exports(she);
        for words in ["I want to see how you decide.", "Come to the side door.", "Most of it is saying no early."] {
            assert!(taken.contains(words), "{taken}");
        }
        assert!(exports(he).contains("A day at the weather desk") && !exports(he).contains("saying no early"));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, third));
        tomas.does_not_see(&offer, "Lea");
        tomas.sees(&offer, "1 place left");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, he));
        amina.does_not_see("/experiences", "weather desk");
        amina.gets(&hers).ok().shows("Most of it is saying no early.").shows("This was forgotten.").hides("side door");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, she));
        amina.finds_nothing(&hers);
    });
}

#[test]
fn p37_a_place_is_given_from_the_letter_without_signing_in() {
    story(|s| {
        let [tomas, amina, lea] = three(s);
        let offer = tomas.offers("A day", &[("places", "2")]);
        let (hers, leas) = (amina.wants(&offer), lea.wants(&offer));
        let offered: Vec<_> = tomas.was_told().iter().flat_map(|words| words.deeds.iter().map(|deed| deed.1)).collect();
        assert_eq!(offered, ["experience.give", "experience.decline", "experience.give", "experience.decline"]);
        let acts = |who: &Actor, deed: &'static str, seat: &str, answer: &'static str| {
            let (person, subject) = (who.person(), id_of::<uuid::Uuid>(seat));
            let done = s.waits(s.app().write(move |tx| {
                let viewer = Viewer::of_person(tx, person, Via::Letter)?.expect("someone who is here");
                let letter = tx.slices().iter().flat_map(|slice| slice.letter_deeds).find(|d| d.deed == deed).expect("a declared deed");
                (letter.confirm)(tx, &viewer, subject, &crate::form::Form::default())?;
                (letter.act)(tx, &viewer, subject, &mut crate::form::Form::of([("answer", answer)]))
            }));
            done.map_err(|e| e.to_string())
        };
        assert!(acts(&amina, "experience.give", &hers, "").is_err(), "not hers to give");
        assert!(acts(&tomas, "experience.give", &hers, "Bring boots.").expect("given").contains("Amina has the place"));
        amina.is_told("Bring boots.");
        assert!(acts(&tomas, "experience.decline", &hers, "").expect_err("over").contains("You gave the place"));
        assert!(acts(&tomas, "experience.decline", &leas, "In spring.").expect("declined").contains("Lea knows"));
        lea.is_told("In spring.");
        let person = amina.person();
        let states =
            s.does(move |tx| Ok(super::sql::seats_of_learner(tx, person, 9)?.into_iter().map(|seat| seat.state).collect::<Vec<_>>()));
        assert_eq!(states, [SeatState::Given]);
    });
}
