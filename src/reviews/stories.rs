//! Stories about reviews, and one in which somebody tries to find out who said what.

use crate::action_items::stories::two;
use crate::app::Chance;
use crate::asks::stories::Asking as _;
use crate::records::stories::Recording as _;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::{Engine, sql};
use std::cell::RefCell;

const OTHERS: [&str; 5] =
    ["ada@elsewhere.example", "ben@elsewhere.example", "cleo@elsewhere.example", "dan@elsewhere.example", "eva@elsewhere.example"];

trait Reviewing {
    fn tries_to_begin(&self, fields: &[(&str, &str)]) -> Answer;
}

impl Reviewing for Actor<'_> {
    /// One behaviour, one question and five people outside, unless it is said otherwise.
    fn tries_to_begin(&self, fields: &[(&str, &str)]) -> Answer {
        let others = OTHERS.map(|address| format!("{} {address}", address.split('@').next().unwrap_or_default())).join("\n");
        let nonce = format!("{:?} {fields:?}", self.story.now()).chars().rev().take(80).collect::<String>();
        let usual = [
            ("behaviour_0", "Says early when something will be late"),
            ("own_0", "3"),
            ("question_0", "What should I go on doing?"),
            ("outside", others.as_str()),
            ("closes_on", "2026-11-16"),
            ("nonce", nonce.as_str()),
        ];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts("/reviews", &all)
    }
}

/// The link in the letter to this address.
fn link_to(s: &Story, address: &str) -> String {
    let letters = s.letters_to(address);
    let found = letters.iter().rev().flat_map(|letter| &letter.links).find(|(label, _)| label == "Answer").expect("a link").1.clone();
    found.strip_prefix(&s.app().config.url()).expect("a link to this place").to_owned()
}

fn says(s: &Story, address: &str, fields: &[(&str, &str)]) -> Answer {
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("do", "answer")]).collect();
    s.visitor().posts(&link_to(s, address), &all)
}

fn count(s: &Story, of: &'static str) -> i64 {
    let row: (i64,) = s.does(move |tx| {
        Ok(match of {
            "boxes" => tx.one(sql!("select count(*) from review_boxes"), &[])?,
            "keys" => tx.one(sql!("select count(*) from keys where wrapped is not null"), &[])?,
            _ => tx.one(sql!("select count(*) from reviews"), &[])?,
        })
    });
    row.0
}

#[test]
fn p02_several_people_say_how_far_they_see_somebody_and_nobody_learns_who_said_what() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.records("SQL", "3", "The absence report.");
        amina.sees("/reviews/new", "SQL (“does it”)");
        let me = amina.viewer();
        let skill = s.does(move |tx| crate::records::verbs::own(tx, &me))[0].id.to_string();
        let partner = format!("{}:{}", &relationship["/relationships/".len()..], tomas.id());
        amina.tries_to_begin(&[("outside", "Ada ada@elsewhere.example")]).refuses("at least 4 people").shows("ada@elsewhere.example");
        amina.tries_to_begin(&[("outside", "Nobody at all")]).refuses("We find no e-mail address in “Nobody at all”");
        amina.tries_to_begin(&[("behaviour_0", "")]).refuses("at least one skill or behaviour");
        amina.tries_to_begin(&[("own_0", "")]).refuses("how far you see yourself");
        amina.tries_to_begin(&[("closes_on", "2026-11-03")]).refuses("between 5 and 42 days");
        let own = format!("{}\nb@x.example\nc@x.example\nd@x.example", amina.address());
        amina.tries_to_begin(&[("outside", &own)]).refuses("your own address");
        assert_eq!((count(s, "reviews"), s.letters_to(OTHERS[0]).len()), (0, 0));

        let fields = [("skill", skill.as_str()), ("partner", &partner), ("nonce", "once")];
        let review = amina.tries_to_begin(&fields).goes();
        assert_eq!(amina.tries_to_begin(&fields).goes(), review, "sent twice is one");
        amina.tries_to_begin(&[]).refuses("A review of yours is open");
        amina.gets(&review).ok().shows("It closes on Monday 16 November").shows("ada").shows("Tomas").shows("you: “does it”");
        // Each gets one letter and answers on the page behind it, the partner as all the others.
        let door = s.visitor();
        let link = link_to(s, OTHERS[0]);
        door.gets(&link)
            .ok()
            .shows("Amina has asked 6 people")
            .shows("SQL")
            .shows("Says early when something will be late")
            .shows("I cannot say");
        s.visitor().posts(&link, &[("do", "answer"), ("level_0", "cannot_say")]).refuses("at least one of these");
        s.visitor().posts(&link, &[("do", "answer"), ("level_0", "9")]).refuses("Please choose one of these");
        says(s, OTHERS[0], &[("level_0", "4"), ("level_1", "2"), ("words_0", "Your lists.")]).goes();
        door.gets(&link).ok().shows("Thank you").hides("Your lists");
        says(s, OTHERS[0], &[("level_0", "1")]).refuses("Thank you").hides("How far");
        says(s, &tomas.address(), &[("level_0", "4"), ("level_1", "cannot_say")]).goes();
        says(s, OTHERS[1], &[("level_0", "5"), ("level_1", "2"), ("words_0", "Asking before you begin.")]).goes();
        says(s, OTHERS[2], &[("level_0", "5"), ("level_1", "3")]).goes();
        // Four have answered, and nothing of it is to be seen before its day.
        let before = amina.gets(&review).ok().hides("people answered").hides("Your lists").text();
        assert!(!before.contains("4 people") && !before.contains("does it well"), "{before}");
        for other in [&tomas, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.finds_nothing(&review);
            for deed in ["release", "delete"] {
                assert_eq!(other.posts(&format!("{review}/{deed}"), &[]).state, 404, "{deed}");
            }
            other.does_not_see("/reviews", "SQL");
        }
        assert!(amina.was_told().iter().all(|told| !told.title.contains("review")));
        s.days_pass(14);
        says(s, OTHERS[3], &[("level_0", "1")]).refuses("This has closed");
        amina.is_told("Your review has closed");
        amina.is_told("4 people answered.");
        let page = amina.gets(&review).ok();
        for words in [
            "Where they see you strong",
            "2 people: does it well; the others: teaches it",
            "All of them see you further than you see yourself.",
            "Your lists.",
            "Asking before you begin.",
            "Where too few could say",
            "Fewer than four could say",
        ] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        // By what they say, not by when they came.
        let text = page.text();
        assert!(text.find("Asking before") < text.find("Your lists"));
        assert!(!text.contains("ada") && !text.contains("Tomas"), "who was asked is forgotten");
        assert_eq!(count(s, "boxes"), 0);
        // It counts on the gap map only when she lets it.
        let goal = [("name", "Data engineer"), ("skill_0", "SQL"), ("level_0", "4"), ("id", "0190b6f0000070008000000000000777")];
        amina.posts("/records/aims", &goal).goes();
        amina.gets("/records/gaps").ok().hides("Others see");
        amina.posts(&format!("{review}/release"), &[("released", "yes")]).goes();
        amina.gets("/records/gaps").ok().shows("Others see: 2 people: does it well; the others: teaches it (16 November 2026).");
        amina.posts(&format!("{review}/release"), &[("released", "no")]).goes();
        amina.gets("/records/gaps").ok().hides("Others see");
        amina.tries_to_begin(&[("closes_on", "2026-12-01")]).refuses("within the last 30 days");
        // She deletes the lot.
        amina.posts(&format!("{review}/delete"), &[]).goes();
        amina.finds_nothing(&review);
        assert_eq!(count(s, "reviews"), 0);
        amina.tries_to_begin(&[("closes_on", "2026-12-01")]).refuses("within the last 30 days");
    });
}

#[test]
fn p02_below_four_answers_all_are_destroyed_and_only_that_is_said() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let before = count(s, "keys");
        let review = amina.tries_to_begin(&[]).goes();
        for address in &OTHERS[..3] {
            says(s, address, &[("level_0", "1"), ("words_0", "Secret words")]).goes();
        }
        s.days_pass(14);
        amina.is_told("Too few people answered");
        let page = amina.gets(&review).ok().shows("Too few people answered").hides("Secret words");
        for number in ["3 people", "three", "1 people", "2 people"] {
            assert!(!page.text().contains(number), "{number}: {}", page.text());
        }
        assert_eq!(count(s, "boxes"), 0);
        assert_eq!(count(s, "keys"), before + 1, "the key of its answers is destroyed");
        amina.posts(&format!("{review}/release"), &[("released", "yes")]).refuses("nothing in it");
        // It is hers, and in her export, and goes with her.
        let person = amina.person();
        let export = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(export.contains("Says early") && export.contains("\"results\":null") && !export.contains("Secret"), "{export}");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        assert_eq!((count(s, "reviews"), count(s, "keys")), (0, before));
        amina.finds_nothing(&review);
    });
}

#[test]
fn p02_who_would_rather_not_is_left_alone_and_links_of_a_deleted_review_lead_nowhere() {
    story(|s| {
        let [amina, noor] = s.people(["Amina", "Noor"]);
        let review = amina.tries_to_begin(&[]).goes();
        let link = link_to(s, OTHERS[0]);
        s.visitor().gets(&format!("{link}?pass=yes")).ok().shows("Nobody is told");
        s.visitor().posts(&link, &[("do", "pass"), ("never", "yes")]).goes();
        s.visitor().sees(&link, "Thank you");
        s.visitor().posts(&link, &[("do", "answer"), ("level_0", "3")]).refuses("Thank you");
        assert!(s.letters_to(OTHERS[0]).len() == 1 && amina.was_told().is_empty(), "nobody hears of it");
        noor.tries_to_begin(&[]).refuses("cannot write to this address now");
        let other = link_to(s, OTHERS[1]);
        amina.posts(&format!("{review}/delete"), &[]).goes();
        s.visitor().finds_nothing(&other);
        assert_eq!((count(s, "reviews"), count(s, "boxes")), (0, 0));
        s.visitor().finds_nothing("/reviews/answer/short");
        s.visitor().finds_nothing(&format!("{}x", &other[..other.len() - 1]));
    });
}

// The adversary.

/// What a link is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Use {
    Says(String, String),
    Passes,
}

/// Everything that somebody has who sees all pages of the learner and of those who run the place, her export and her letters,
/// and holds a copy of the database without the key file: all rows with their ids, times and places, of what is sealed its
/// length.
fn all_that_is_seen(s: &Story, amina: &Actor, ada: &Actor, review: &str) -> Vec<String> {
    let pages = ["/today", "/notices", "/reviews", review, "/records", "/records/gaps", "/goals"];
    let mut seen: Vec<String> = pages.iter().map(|path| format!("{path}: {}", amina.gets(path).ok().text())).collect();
    seen.extend(["/place", "/place/outbox", "/pulse"].iter().map(|path| format!("{path}: {}", ada.gets(path).ok().text())));
    let person = amina.person();
    seen.push(s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string());
    seen.extend(amina.letters().into_iter().map(|letter| format!("{}\n{}", letter.subject, letter.text)));
    seen.extend(s.does(|tx| {
        let mut rows = Vec::new();
        for table in tx.tables()? {
            tx.rows_as_json(&table, |row| {
                rows.push(format!("{}: {}", table.name, without_what_is_sealed(row)));
                Ok(())
            })?;
        }
        let places: Vec<(String,)> = match tx.engine() {
            Engine::Sqlite => tx.all(
                "select cast(rowid as text) as place from review_boxes union all select cast(rowid as text) as place from reviews",
                &[],
            )?,
            Engine::Postgres => tx.all(
                "select cast(ctid as text) as place from review_boxes union all select cast(ctid as text) as place from reviews",
                &[],
            )?,
        };
        rows.extend(places.into_iter().map(|(place,)| place));
        Ok(rows)
    }));
    seen
}

/// Bytes longer than an id are noise to whoever has no key: only their length can be seen.
fn without_what_is_sealed(row: &str) -> String {
    let values: Vec<serde_json::Value> = serde_json::from_str(row).expect("a row");
    let seen = values.into_iter().map(|value| match value.as_str() {
        Some(text) if text.len() > 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) => format!("sealed, {} bytes", text.len() / 2),
        _ => value.to_string(),
    });
    seen.collect::<Vec<_>>().join(", ")
}

/// Tells a world in which these use their links, each six hours after the other in this order, and looks at it each time and
/// once more after the close. One list of what was seen for each engine.
fn world(uses: &[(usize, Use)]) -> Vec<Vec<Vec<String>>> {
    let engines = RefCell::new(Vec::new());
    story(|s| {
        let ([amina], ada) = (s.people(["Amina"]), s.administrator("Ada"));
        let review = amina.tries_to_begin(&[]).goes();
        let links: Vec<String> = OTHERS.iter().map(|address| link_to(s, address)).collect();
        let mut looks = vec![all_that_is_seen(s, &amina, &ada, &review)];
        for (who, what) in uses {
            s.hours_pass(6);
            let done = match what {
                Use::Passes => s.visitor().posts(&links[*who], &[("do", "pass")]),
                Use::Says(level, words) => s.visitor().posts(&links[*who], &[("do", "answer"), ("level_0", level), ("words_0", words)]),
            };
            done.goes();
            looks.push(all_that_is_seen(s, &amina, &ada, &review));
        }
        s.clock_moves(jiff::SignedDuration::from_hours(15 * 24));
        s.sweeps_run();
        looks.push(all_that_is_seen(s, &amina, &ada, &review));
        engines.borrow_mut().push(looks);
    });
    engines.into_inner()
}

#[track_caller]
fn must_look_alike(one: &[(usize, Use)], other: &[(usize, Use)]) {
    for (one_seen, other_seen) in world(one).iter().zip(world(other)) {
        for (look, (one_look, other_look)) in one_seen.iter().zip(&other_seen).enumerate() {
            for (a, b) in one_look.iter().zip(other_look) {
                assert_eq!(a, b, "look {look} tells these apart:\n{one:?}\n{other:?}");
            }
            assert_eq!(one_look.len(), other_look.len());
        }
    }
}

fn drawn(chance: &Chance, most: usize) -> usize {
    usize::from(chance.bytes::<1>()[0]) % most
}
fn shuffled<T: Clone>(chance: &Chance, all: &[T]) -> Vec<T> {
    let mut all = all.to_vec();
    for at in (1..all.len()).rev() {
        all.swap(at, drawn(chance, at + 1));
    }
    all
}

fn something(chance: &Chance) -> Use {
    let words = ["", "Go on asking.", "Say no more often; your own work waits for you, and it shows."];
    Use::Says((1 + drawn(chance, 5)).to_string(), words[drawn(chance, 3)].into())
}
/// A world in which so many of five say something, and the others pass, in some order.
fn some_world(chance: &Chance, said: &[Use]) -> Vec<(usize, Use)> {
    shuffled(chance, &[0, 1, 2, 3, 4]).into_iter().zip(shuffled(chance, said)).collect()
}
fn with_passes(chance: &Chance, many: usize) -> Vec<Use> {
    (0..5).map(|at| if at < many { something(chance) } else { Use::Passes }).collect()
}

/// Worlds in which the same things are said, by others and in another order, look the same at every moment to somebody who
/// has all but the key file.
#[test]
fn p02_nobody_can_tell_worlds_apart_in_which_others_said_it() {
    for (seed, many) in [(1, 4), (2, 5)] {
        let chance = Chance::seeded([seed; 32]);
        let said = with_passes(&chance, many);
        must_look_alike(&some_world(&chance, &said), &some_world(&chance, &said));
    }
}

/// Below the floor so do worlds in which other things are said, and by more or fewer.
#[test]
fn p02_below_four_answers_nobody_can_tell_what_was_said_nor_by_how_many() {
    let chance = Chance::seeded([3; 32]);
    let (few, fewer) = (with_passes(&chance, 3), with_passes(&chance, 1));
    must_look_alike(&some_world(&chance, &few), &some_world(&chance, &fewer));
}

/// The adversary is not blind: what may be seen, it sees.
#[test]
fn p02_worlds_in_which_other_things_are_said_differ_after_the_close_and_not_before() {
    let says = |level: &str| Use::Says(level.into(), String::new());
    let one = world(&[(0, says("1")), (1, says("1")), (2, says("2")), (3, says("2"))]);
    let other = world(&[(0, says("5")), (1, says("5")), (2, says("4")), (3, says("4"))]);
    for (one, other) in one.iter().zip(&other) {
        let (last_one, before_one) = one.split_last().expect("days");
        let (last_other, before_other) = other.split_last().expect("days");
        assert_eq!(before_one, before_other);
        assert_ne!(last_one, last_other);
    }
}
