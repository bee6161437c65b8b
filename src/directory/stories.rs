//! Finding people, as stories.

use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::people::stories::Profiled;
use crate::seed;
use crate::story::{Actor, Answer, story};

trait Finding {
    fn finds(&self, query: &str) -> Answer;
    fn helps(&self, skills: &[(&str, &str)]);
}

impl Finding for Actor<'_> {
    fn finds(&self, query: &str) -> Answer {
        self.gets(&format!("/find?{query}")).ok()
    }
    fn helps(&self, skills: &[(&str, &str)]) {
        self.offers(skills);
        self.opens_to(&["mentor"], "2");
    }
}

/// The names on the page, in their order.
fn names(answer: &Answer) -> Vec<String> {
    let html = answer.html();
    html.split("<h2><a href=\"/people/").skip(1).filter_map(|part| Some(part.split_once('>')?.1.split_once('<')?.0.to_owned())).collect()
}

#[test]
fn p04_a_sentence_is_understood_and_each_person_comes_with_two_true_reasons() {
    story(|s| {
        let [amina, ines, joao, olga] = s.people(["Amina", "Inés Vidal", "João", "Olga"]);
        amina.shows_about(&[("language_0", "French"), ("country", "FR"), ("zone", "Europe/Paris")]);
        for who in [&ines, &joao, &olga] {
            who.helps(&[("React", "5"), ("Web accessibility", "4")]);
        }
        for (who, language) in [(&ines, "Spanish"), (&joao, "Portuguese")] {
            who.shows_about(&[("language_0", language), ("zone", "UTC")]);
        }
        let found = amina.finds("q=accessibility+in+React+apps,+in+Spanish");
        assert_eq!(names(&found), ["Inés Vidal"]);
        found.shows("speaks Spanish").shows("knows").shows("React very well (level 5)").shows("(level 4)");
        // Each part that was understood can be taken away.
        let found = amina.finds("q=accessibility+in+React+apps");
        assert_eq!(names(&found).len(), 3);
        found.hides("speaks Portuguese, as you do");
    });
}

#[test]
fn p04_what_is_true_of_nearly_everyone_is_no_reason_where_two_others_stand() {
    story(|s| {
        let [amina, ines, joao, olga] = s.people(["Amina", "Inés", "João", "Olga"]);
        for who in [&amina, &ines, &joao, &olga] {
            who.shows_about(&[("language_0", "English"), ("zone", "UTC")]);
        }
        for who in [&ines, &joao, &olga] {
            who.helps(&[("SQL", "4")]);
        }
        let found = amina.finds("q=sql");
        assert_eq!(found.html().matches("knows SQL well (level 4)").count(), 3);
        found.hides("speaks English, as you do").hides("here since");
        for who in [&amina, &ines] {
            who.shows_about(&[("language_0", "English"), ("language_1", "Spanish"), ("zone", "UTC")]);
        }
        let html = amina.finds("q=sql").html();
        assert_eq!(html.matches("speaks Spanish, as you do").count(), 1, "{html}");
        assert!(!html.contains("speaks English and Spanish"), "{html}");
    });
}

#[test]
fn p04_who_works_with_one_already_is_not_offered_as_new() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for who in [&tomas, &lea] {
            who.helps(&[("SQL", "4")]);
        }
        let ask = amina.asks(&tomas, "Work with data");
        let waiting = amina.finds("q=sql");
        assert!(waiting.html().contains(&format!("href=\"{ask}\"")) && !waiting.html().contains(&format!("/asks/new?to={}", tomas.id())));
        waiting.shows("you have asked already").shows("See your request").shows("Ask Lea");
        amina.sees(&format!("/people/{}", tomas.id()), "You have asked them already.");
        lea.finds("q=sql").hides("you have asked already");
        let meet = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        let found = amina.finds("q=sql");
        assert_eq!(names(&found).len(), 2, "she is still found, with her reasons");
        let html = found.html();
        assert!(html.contains(&format!("href=\"{meet}\"")) && !html.contains(&format!("/asks/new?to={}", tomas.id())), "{html}");
        found.hides("you have asked already").shows("you work together already").shows("Go to your mentoring").shows("Ask Lea");
        amina.sees(&format!("/people/{}", tomas.id()), "You work together already.");
        lea.finds("q=sql").hides("you work together already");
        amina.posts(&format!("{meet}/end"), &[]).goes();
        amina.finds("q=sql").hides("you work together already").shows("Ask Tomas");
    });
}

#[test]
fn p05_values_bring_two_people_nearer_where_both_let_them_and_are_named_where_both_allow() {
    story(|s| {
        let root = s.administrator("Root");
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for who in [&tomas, &lea] {
            who.helps(&[("SQL", "4")]);
        }
        const BOTH: [&str; 2] = ["counts", "named"];
        // They fit alike: whoever was here first comes first.
        let order = names(&amina.finds("q=sql"));
        let nearer: Vec<String> = order.iter().rev().cloned().collect();
        let (first, second) = if order[0] == "Tomas" { (&tomas, &lea) } else { (&lea, &tomas) };
        first.holds_high(&["craft", "calm"], &BOTH);
        second.holds_high(&["honesty", "care", "humour"], &BOTH);
        let plain = |why: &str| {
            let found = amina.finds("q=sql");
            assert_eq!(names(&found), order, "{why}");
            found.hides("you both hold").hides("onesty");
        };
        plain("no card");
        amina.holds_high(&["honesty", "care"], &BOTH);
        let found = amina.finds("q=sql");
        assert_eq!(names(&found), nearer);
        found.shows("you both hold honesty and care high").hides("umour").hides("raft");

        // Named by one only, it still counts, and is not said.
        second.holds_high(&["honesty", "care", "humour"], &["counts"]);
        let found = amina.finds("q=sql");
        assert_eq!(names(&found), nearer);
        found.hides("you both hold");

        second.holds_high(&["honesty", "care", "humour"], &["named"]);
        plain("theirs is not to count");
        second.holds_high(&["honesty", "care", "humour"], &BOTH);
        amina.holds_high(&["honesty", "care"], &["named"]);
        plain("hers is not to count");
        amina.holds_high(&["honesty", "care"], &BOTH);
        assert_eq!(names(&amina.finds("q=sql")), nearer);

        let place = [("name", "Hafen"), ("joining", "open"), ("conduct", "Be kind.")];
        root.posts("/place", &[&place[..], &[("values_left_out", "yes")]].concat()).goes();
        plain("the place leaves values out");
        amina.sees("/profile/values", "This place leaves values out");
        root.posts("/place", &place).goes();
        assert_eq!(names(&amina.finds("q=sql")), nearer);
    });
}

#[test]
fn p21_nobody_without_room_is_offered_and_a_change_is_seen_at_once() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for who in [&tomas, &lea] {
            who.helps(&[("SQL", "4")]);
        }
        assert_eq!(names(&amina.finds("q=sql")).len(), 2);
        lea.opens_to(&["mentor"], "0");
        assert_eq!(names(&amina.finds("q=sql")), ["Tomas"]);
        lea.opens_to(&["mentor", "question"], "0");
        amina.finds("q=sql").shows("Ask one question Lea");
        tomas.posts("/profile/not-now", &[("until", "2026-12-24")]).goes();
        assert_eq!(names(&amina.finds("q=sql")), ["Lea"]);
        // Nor is anybody offered to themselves.
        assert!(names(&lea.finds("q=sql")).is_empty());
        lea.finds("q=sql").shows("Nobody fits all of this just now");
    });
}

#[test]
fn p07_people_are_found_by_how_they_work_and_say_it_in_their_own_words() {
    story(|s| {
        let [amina, ngozi, duarte] = s.people(["Amina", "Ngozi", "Duarte"]);
        for (who, challenge, words) in [(&ngozi, "90", "I ask the question you came with, twice."), (&duarte, "10", "Tea first.")] {
            who.helps(&[("Leadership", "4")]);
            who.posts("/profile/how-i-work", &[("support_challenge", challenge), ("how_i_work", words)]).goes();
        }
        let found = amina.finds("style=challenge");
        assert_eq!(names(&found), ["Ngozi"]);
        found.shows("challenges first").shows("I ask the question you came with, twice.");
        assert_eq!(names(&amina.finds("style=support")), ["Duarte"]);
        assert!(names(&amina.finds("style=support&style=challenge")).is_empty());
    });
}

#[test]
fn p04_free_in_the_next_14_days_means_an_hour_a_place_and_no_not_now() {
    story(|s| {
        let [amina, tomas, lea, olga, joao] = s.people(["Amina", "Tomas", "Lea", "Olga", "João"]);
        for who in [&tomas, &lea, &olga, &joao] {
            who.helps(&[("SQL", "4")]);
        }
        // Lea said no hours; Olga is full for everything but one question; João is away.
        for (who, places, hours) in [(&tomas, "1", true), (&lea, "1", false), (&olga, "0", true), (&joao, "1", true)] {
            who.opens_to(&["mentor", "question"], places);
            let day = if hours { ["2", "18:00", "19:00"] } else { [""; 3] };
            let time = [("hours_day", day[0]), ("hours_from", day[1]), ("hours_to", day[2])];
            who.posts("/profile/time", &[&[("minutes_a_week", "60"), ("capacity", places)], &time[..]].concat()).goes();
        }
        joao.posts("/profile/not-now", &[("until", "2026-11-20")]).goes();
        assert_eq!(names(&amina.finds("q=sql")).len(), 3);
        let found = amina.finds("q=sql&time=soon");
        assert_eq!(names(&found), ["Tomas"]);
        assert!(facets(&amina.finds("q=sql").html()).contains(&("time".into(), "soon".into(), 1)));
        // The day on which João is back by himself.
        s.days_pass(19);
        assert!(names(&amina.finds("q=sql&time=soon")).contains(&"João".to_owned()));
    });
}

#[test]
fn names_and_words_are_found_without_their_accents_and_in_spite_of_a_slip() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomáš Novák", "Lea Brunner"]);
        for who in [&tomas, &lea] {
            who.opens_to(&["mentor"], "1");
        }
        lea.shows_about(&[("headline", "Bees, hives and gardening"), ("story", "I count bumblebees for the town.")]);
        for (typed, name) in [
            ("novak", "Tomáš Novák"),
            ("NOVÁK", "Tomáš Novák"),
            ("tomas+nov", "Tomáš Novák"),
            ("brunner", "Lea Brunner"),
            ("bumbleb", "Lea Brunner"),
            ("bumblebes", "Lea Brunner"),
            ("novka", "Tomáš Novák"),
        ] {
            assert_eq!(names(&amina.finds(&format!("q={typed}"))), [name], "{typed}");
        }
        amina.finds("q=novka").shows("Nobody here wrote “novka”");
        assert!(names(&amina.finds("q=zzyzx")).is_empty());
        // What is no longer there is no longer found.
        lea.shows_about(&[("headline", "Gardening"), ("story", "")]);
        assert!(names(&amina.finds("q=bumblebees")).is_empty());
    });
}

#[test]
fn a_mistyped_skill_is_understood() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.helps(&[("Kubernetes", "4")]);
        let found = amina.finds("q=kubernets");
        assert_eq!(names(&found), ["Tomas"]);
        found.shows("knows Kubernetes well (level 4)");
    });
}

#[test]
fn p04_every_facet_leaves_as_many_people_as_it_says() {
    story(|s| {
        s.waits(seed::write::population(s.app(), 1_500, |_| ())).expect("people");
        let [amina] = s.people(["Amina"]);
        let html = amina.finds("q=leadership").html();
        let mut tried = 0;
        for (name, value, count) in facets(&html).into_iter().take(30) {
            let narrowed = amina.finds(&format!("q=leadership&{name}={value}")).html();
            let total = total(&narrowed);
            assert_eq!(total, count, "{name}={value}");
            tried += 1;
        }
        assert!(tried > 20, "{tried} facets");
    });
}

#[test]
fn p04_a_skill_that_is_chosen_finds_who_knows_a_part_of_it() {
    story(|s| {
        let [amina, tomas, lea, olga] = s.people(["Amina", "Tomas", "Lea", "Olga"]);
        tomas.helps(&[("React", "4"), ("Vue.js", "3")]);
        lea.helps(&[("CSS", "5")]);
        olga.helps(&[("Public speaking", "5")]);
        let all = facets(&amina.finds("").html());
        let count = |id: &str| all.iter().find(|(name, value, _)| name == "skill" && value == id).map(|(.., count)| *count);
        // Nobody wrote “front-end”, yet two people know a part of it; whoever knows two parts is one person.
        assert_eq!(count("frontend"), Some(2), "{all:?}");
        // Everyone who does web development here does front-end: the narrower one says it better.
        assert_eq!(count("web-development"), None, "{all:?}");
        let mut found = names(&amina.finds("skill=frontend"));
        found.sort();
        assert_eq!(found, ["Lea", "Tomas"]);
        assert_eq!(names(&amina.finds("skill=frontend&skill=vue")), ["Tomas"]);
        // A narrower skill does not find who only knows the wider one.
        olga.helps(&[("Front-end development", "5")]);
        assert_eq!(names(&amina.finds("skill=react")), ["Tomas"]);
        assert!(names(&amina.finds("skill=no-such-skill")).is_empty());
    });
}

/// Name, value and count of each answer.
fn facets(html: &str) -> Vec<(String, String, usize)> {
    let between = |text: &str, from: &str, to: &str| Some(text.split_once(from)?.1.split_once(to)?.0.to_owned());
    let lines = html.split("<div class=\"facet-line\">").skip(1);
    lines
        .filter_map(|line| {
            Some((between(line, "name=\"", "\"")?, between(line, "value=\"", "\"")?, between(line, "facet-count\">", "<")?.parse().ok()?))
        })
        .collect()
}

fn total(html: &str) -> usize {
    let line = html.split_once("role=\"status\">").expect("a count").1.split_once('<').expect("a count").0;
    if line.starts_with("One person") { 1 } else { line.split(' ').next().expect("a number").replace(',', "").parse().expect("a number") }
}

#[test]
fn pages_go_on_where_the_last_one_ended_and_no_deeper_than_a_thousand() {
    story(|s| {
        s.waits(seed::write::population(s.app(), 600, |_| ())).expect("people");
        let [amina] = s.people(["Amina"]);
        let (first, second) = (names(&amina.finds("")), names(&amina.finds("from=20")));
        assert_eq!((first.len(), second.len()), (20, 20));
        assert!(first.iter().all(|name| !second.contains(name)));
        amina.finds("from=999999999");
        amina.finds("from=-1&style=nonsense&role=nonsense&skill=nonsense&country=%00");
    });
}

#[test]
fn whoever_is_forgotten_is_found_no_more() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas Novak"]);
        tomas.helps(&[("SQL", "4")]);
        assert_eq!(names(&amina.finds("q=novak")), ["Tomas Novak"]);
        let person = tomas.person();
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        assert!(names(&amina.finds("q=novak")).is_empty());
        assert!(names(&amina.finds("q=sql")).is_empty());
        // The words that they alone used are swept away.
        s.days_pass(2);
        assert!(!s.does(|tx| super::sql::knows(tx, "novak")));
        assert!(s.does(|tx| super::sql::knows(tx, "amina")));
    });
}

#[test]
fn a_merged_skill_is_found_by_its_new_name_in_counts_and_in_documents() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        let cora = s.coordinator("Cora");
        tomas.helps(&[("Zymurgy of honey", "4")]);
        lea.helps(&[("SQL", "4")]);
        let count = |id: &str| facets(&amina.finds("").html()).into_iter().find(|f| f.1 == id).map(|f| f.2);
        assert_eq!((count("zymurgy-of-honey"), count("sql")), (Some(1), Some(1)));
        let desk = cora.gets("/skills").ok().html();
        let id = &desk[desk.find("action=\"/skills/").expect("a form") + "action=\"/skills/".len()..][..32];
        cora.posts(&format!("/skills/{id}/merge"), &[("into", "SQL")]).goes();
        // The counts follow at once, the documents in the background.
        assert_eq!((count("zymurgy-of-honey"), count("sql")), (None, Some(2)));
        s.sweeps_run();
        let says = |words: &str| {
            let asked = super::search::Asked { words: vec![words.to_owned()], last_unfinished: false };
            s.does(move |tx| super::sql::words_match(tx, &asked, 10)).docs.len()
        };
        assert_eq!((says("zymurgy"), says("sql")), (0, 2));
        assert!(!s.does(super::verbs::documents_are_due));
    });
}

/// A transaction that commits after a later one leaves a gap in the log that the index has to come back to.
#[test]
fn whoever_commits_late_is_still_found() {
    story(|s| {
        if s.app().db.engine() != chiron_store::Engine::Postgres {
            return;
        }
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        let late = |who: &Actor<'_>, skill: &'static str| {
            let (viewer, app) = (who.viewer(), s.app().clone());
            let (begun, has_begun) = std::sync::mpsc::channel();
            let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
            let slow = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(app.write(move |tx| {
                    let skill = (skill.parse().expect("a word"), 4);
                    let offered = crate::people::Skills { offered: vec![skill], wanted: vec![] };
                    crate::people::verbs::change(tx, &viewer, &crate::people::Change::Skills(offered))?;
                    let _ = begun.send(());
                    let _ = may_go_on.recv();
                    Ok(())
                }))
            });
            has_begun.recv().expect("a beginning");
            (go_on, slow)
        };
        for who in [&tomas, &lea] {
            who.opens_to(&["mentor"], "1");
        }
        // One is under way while everyone is read into memory, the other while the log is followed.
        let (go_on, slow) = late(&tomas, "SQL");
        amina.shows_about(&[("headline", "Learning")]);
        assert!(names(&amina.finds("skill=sql")).is_empty());
        drop(go_on);
        slow.join().expect("an end").expect("a commit");
        assert_eq!(names(&amina.finds("skill=sql")), ["Tomas"]);
        let (go_on, slow) = late(&lea, "Python");
        amina.shows_about(&[("headline", "Still learning")]);
        assert!(names(&amina.finds("skill=python")).is_empty());
        drop(go_on);
        slow.join().expect("an end").expect("a commit");
        assert_eq!(names(&amina.finds("skill=python")), ["Lea"]);
    });
}

#[test]
fn others_find_helpers_inside_their_own_work() {
    story(|s| {
        let [amina, tomas, lea, olga] = s.people(["Amina", "Tomas", "Lea", "Olga"]);
        tomas.helps(&[("SQL", "3")]);
        lea.helps(&[("SQL", "5")]);
        olga.offers(&[("SQL", "5")]);
        olga.opens_to(&["question"], "0");
        let (asker, not) = (amina.person(), lea.person());
        let sql = || vec!["sql".to_owned()];
        assert_eq!(s.does(move |tx| super::verbs::alternatives(tx, asker, &sql(), &[])), [lea.person(), tomas.person()]);
        assert_eq!(s.does(move |tx| super::verbs::alternatives(tx, asker, &sql(), &[not])), [tomas.person()]);
        assert_eq!(s.does(|tx| super::verbs::pool_for(tx, Some("sql"), None, &[])), [olga.person()]);
        assert_eq!(s.does(|tx| super::verbs::pool_for(tx, Some("beekeeping"), None, &[])), [olga.person()]);
    });
}

#[test]
fn the_search_is_made_again_after_a_restore() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas Novak"]);
        tomas.helps(&[("SQL", "4")]);
        s.does(|tx| {
            tx.batch("delete from search_docs; delete from search_words; delete from search_word_parts")?;
            if tx.engine() == chiron_store::Engine::Sqlite {
                tx.batch("delete from search_texts")?;
            }
            Ok(())
        });
        s.waits(super::verbs::rebuild_search(s.app())).expect("documents");
        assert_eq!(names(&amina.finds("q=novak")), ["Tomas Novak"]);
    });
}

#[test]
fn p01_changing_a_goal_changes_who_comes_first_and_says_which_part_did() {
    story(|s| {
        let [amina, tomas, ngozi] = s.people(["Amina", "Tomas", "Ngozi"]);
        tomas.offers(&[("Data analysis", "5")]);
        tomas.opens_to(&["mentor"], "1");
        ngozi.offers(&[("Data analysis", "4")]);
        ngozi.opens_to(&["coach"], "1");
        ngozi.posts("/profile/how-i-work", &[("support_challenge", "90")]).goes();
        let goal = amina.sets_goal("Find out whether data work suits me", ("data analysis", "2", "4"), &["advise"]);
        let id = goal.rsplit_once('/').expect("a goal").1;
        let found = amina.finds(&format!("goal={id}"));
        assert_eq!(names(&found), ["Tomas", "Ngozi"]);
        found.shows("People for this goal").shows("is open to being your mentor for the kind of help your goal wishes for");
        // Another kind of help: the coach who challenges comes first, and the page says why.
        let next = amina.posts(&format!("{goal}/help"), &[("help", "challenge")]).goes();
        let found = amina.gets(&next).ok();
        assert_eq!(names(&found), ["Ngozi", "Tomas"]);
        found.shows("You changed the kind of help").shows("challenges first for the kind of help your goal wishes for changed just now");
        // Asking takes the goal along, and whom we may ask next.
        let html = amina.finds(&format!("goal={id}")).html();
        assert!(html.contains(&format!("/asks/new?to={}&amp;goal={id}&amp;offered_next={}", ngozi.id(), tomas.id())), "{html}");
        // Somebody else's goal is not there.
        tomas.finds_nothing(&format!("/find?goal={id}"));
    });
}

#[test]
fn p04_who_has_done_what_the_goal_says_comes_first() {
    story(|s| {
        s.waits(seed::write::village(s.app())).expect("the village");
        let [amina] = s.people(["Amina"]);
        let goal = amina.sets_goal("Find out whether data work suits me", ("moving into data", "1", "4"), &["advise", "challenge"]);
        let id = goal.rsplit_once('/').expect("a goal").1.to_owned();
        let found = amina.finds(&format!("goal={id}"));
        // Both of those who moved into data stand before those who only know of it; the quicker to answer is the first.
        assert_eq!(names(&found)[..2], ["Tomáš Novák", "Lea Brunner"], "{}", found.text());
        found
            .shows("has done what you want to do: moved from a trade into data")
            .shows("has done what you want to do: moved from teaching into data");
    });
}

#[test]
fn p04_a_real_list_of_mentors_answers_a_real_question_with_true_reasons() {
    let Ok(bytes) = std::fs::read("../shared/data/mentors/people.csv") else {
        println!("skipped: no shared data");
        return;
    };
    let text = String::from_utf8(bytes.clone()).unwrap();
    story(|s| {
        let sheet = crate::people::import::Sheet::read(&bytes);
        s.does(move |tx| crate::people::import::run(tx, &sheet, false));
        let [amina] = s.people(["Amina"]);
        let found = amina.finds("q=accessibility+in+React+apps,+in+Spanish");
        let names = names(&found);
        println!("{names:?}\n{}", found.text());
        assert!(names.len() >= 5, "{names:?}");
        for name in &names[..5] {
            // What the reasons say is what their own line in the list says.
            let line = text.lines().find(|l| l.split(',').nth(1) == Some(name)).unwrap().to_lowercase();
            let languages = line.split(',').nth(5).unwrap();
            assert!(languages.split(';').any(|l| l == "es"), "{line}");
            assert!(["react", "accessib", "a11y", "front"].iter().any(|word| line.contains(word)), "{line}");
        }
        found.shows("speaks Spanish");
    });
}

#[test]
fn p04_other_words_for_the_same_find_someone_when_no_word_fits() {
    story(|s| {
        let [amina, duarte, karl] = s.people(["Amina", "Duarte", "Karl"]);
        for who in [&duarte, &karl] {
            who.opens_to(&["mentor"], "1");
        }
        duarte.shows_about(&[("headline", "I teach people to speak on a stage")]);
        karl.shows_about(&[("headline", "Bees, hives and gardening")]);
        let found = amina.finds("q=talking+in+front+of+many+people");
        assert_eq!(names(&found).first().map(String::as_str), Some("Duarte"), "{}", found.text());
        assert!(!names(&found).contains(&"Karl".to_owned()));
        found.shows("these people come near by what they mean").shows("writes “I teach people to speak on a stage”, which comes near");
        // Whoever has the very skill comes first, however little of it.
        karl.offers(&[("Public speaking", "1")]);
        let found = amina.finds("q=public+speaking+on+a+stage");
        assert_eq!(names(&found), ["Karl", "Duarte"]);
        found.hides("come near by what they mean");
    });
}

#[test]
fn p04_a_skill_that_only_stands_beside_the_wanted_one_does_not_shut_out_who_comes_near() {
    story(|s| {
        let [amina, duarte, ida] = s.people(["Amina", "Duarte", "Ida"]);
        let shops = s.people(["Ben", "Joon", "Mila", "Vik", "Olga"]);
        for who in &shops {
            who.helps(&[("E-commerce", "4")]);
        }
        duarte.helps(&[("Gardening", "5")]);
        duarte.shows_about(&[("headline", "Freelancer who helps freelancers with clients and prices")]);
        ida.helps(&[("Gardening", "5")]);
        let found = names(&amina.finds("q=freelancing%3A+finding+clients+and+setting+prices"));
        assert!(found.contains(&"Duarte".to_owned()), "{found:?}");
        assert!(!found.contains(&"Ida".to_owned()), "{found:?}");
    });
}

#[test]
fn p04_a_country_or_a_language_will_do_when_the_sentence_says_or() {
    story(|s| {
        let [amina, ben, ida, joon] = s.people(["Amina", "Ben", "Ida", "Joon"]);
        for (who, country, language) in [(&ben, "FR", "English"), (&ida, "CA", "French"), (&joon, "CA", "English")] {
            who.helps(&[("Open source", "4")]);
            who.shows_about(&[("country", country), ("language_0", language)]);
        }
        let mut found = names(&amina.finds("q=open+source,+in+France+or+in+French"));
        found.sort();
        assert_eq!(found, ["Ben", "Ida"]);
        assert!(names(&amina.finds("q=open+source,+in+France,+in+French")).is_empty());
    });
}

#[test]
fn p15_a_goal_shows_five_people_and_one_labelled_contrast() {
    story(|s| {
        let [amina, ben, ida, joon, mila, vik, olga, rosa] = s.people(["Amina", "Ben", "Ida", "Joon", "Mila", "Vik", "Olga", "Rosa"]);
        for who in [&ben, &ida, &joon, &mila, &vik, &rosa] {
            who.helps(&[("Data analysis", "5"), ("SQL", "4")]);
        }
        olga.helps(&[("Data analysis", "4"), ("Gardening", "5")]);
        let goal = amina.sets_goal("Find out whether data work suits me", ("data analysis", "2", "4"), &["advise"]);
        let id = goal.rsplit_once('/').expect("a goal").1.to_owned();
        let found = amina.finds(&format!("goal={id}"));
        assert_eq!(names(&found).len(), 6);
        let html = found.html();
        let contrast = html.split_once("And one who may see it otherwise").expect("a contrast").1;
        assert_eq!(html.matches("On your goal, and the least like the five above").count(), 1);
        assert!(contrast.contains("Olga offers Gardening, which none of the others does"), "{contrast}");
        // It is a suggestion beside the first five, not a way to look through everyone.
        amina.finds(&format!("goal={id}&all=on")).hides("And one who may see it otherwise");
    });
}

#[test]
fn p15_a_contrast_is_set_aside_with_a_reason_and_another_takes_its_place() {
    story(|s| {
        let [amina, ben, ida, joon, mila, vik, olga, rosa] = s.people(["Amina", "Ben", "Ida", "Joon", "Mila", "Vik", "Olga", "Rosa"]);
        for who in [&ben, &ida, &joon, &mila, &vik] {
            who.helps(&[("Data analysis", "5"), ("SQL", "4")]);
        }
        olga.helps(&[("Data analysis", "4"), ("Gardening", "5")]);
        rosa.helps(&[("Data analysis", "4"), ("Cooking", "5")]);
        let goal = amina.sets_goal("Find out whether data work suits me", ("data analysis", "2", "4"), &["advise"]);
        let id = goal.rsplit_once('/').expect("a goal").1.to_owned();
        let contrast = || {
            let html = amina.finds(&format!("goal={id}")).html();
            html.split_once("And one who may see it otherwise").map(|(_, rest)| rest.to_owned())
        };
        let (aside, again) = (format!("/find/contrasts/{id}/set-aside"), format!("/find/contrasts/{id}/show-again"));
        let (first, other) = if contrast().expect("a contrast").contains("Not Olga") { (&olga, &rosa) } else { (&rosa, &olga) };
        amina.posts(&aside, &[("person", &first.id())]).goes();
        assert!(contrast().expect("no reason was given").contains(&first.id()));
        amina.posts(&aside, &[("person", &first.id()), ("why", "known")]).goes();
        assert!(contrast().expect("another contrast").contains(&other.id()));
        amina.posts(&aside, &[("person", &other.id()), ("why", "none_at_all")]).goes();
        assert_eq!(contrast(), None);
        amina.finds(&format!("goal={id}")).shows("You set contrasts aside for this goal");
        // It is hers alone, and nobody is told.
        assert_eq!(ben.posts(&aside, &[("person", &olga.id()), ("why", "known")]).state, 404);
        assert_eq!(ben.posts(&again, &[]).state, 404);
        amina.posts(&again, &[]).goes();
        assert!(contrast().expect("the first again").contains(&first.id()));
    });
}

#[test]
fn p01_saying_the_outcome_otherwise_changes_who_comes_first() {
    story(|s| {
        let [amina, tomas, olga] = s.people(["Amina", "Tomas", "Olga"]);
        for (who, headline) in [(&tomas, "I teach people to speak on a stage"), (&olga, "I calm the databases of a bank")] {
            who.helps(&[("Communication", "4")]);
            who.shows_about(&[("headline", headline)]);
        }
        let goal = amina.sets_goal("Give a talk in front of many people", ("communication", "2", "4"), &["advise"]);
        let id = goal.rsplit_once('/').expect("a goal").1.to_owned();
        assert_eq!(names(&amina.finds(&format!("goal={id}"))), ["Tomas", "Olga"]);
        let next = amina.posts(&format!("{goal}/outcome"), &[("outcome", "Explain databases to my team")]).goes();
        let found = amina.gets(&next).ok();
        assert_eq!(names(&found), ["Olga", "Tomas"], "{}", found.text());
        found.shows("You changed what you want to be able to do").shows("changed just now");
    });
}

#[test]
fn p04_a_name_is_found_before_words_that_begin_like_it() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        for (person, headline) in [(&tomas, "I love learning, and to learn with others"), (&lea, "Statistics")] {
            person.shows_about(&[("headline", headline)]);
            person.opens_to(&["mentor"], "2");
        }
        let page = amina.gets("/find?q=Lea").ok().html();
        let (lea, tomas) = (page.find("Statistics").unwrap(), page.find("I love learning").unwrap());
        assert!(lea < tomas, "the name comes first");
    });
}

#[test]
fn p01_finding_begins_from_a_goal_and_what_found_nobody_can_become_one() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.gets("/find").ok().shows("Nobody can be asked here yet").shows("Begin with a goal").hides("who has the same");
        tomas.offers(&[("SQL", "4")]);
        tomas.opens_to(&["mentor"], "2");
        let page = amina.gets("/find?q=quiet+sundays").ok().shows("Nobody fits").hides("so these are people for").html();
        assert!(page.contains("/goals/new?outcome=quiet+sundays"), "{page}");
        amina.sees("/goals/new?outcome=quiet+sundays", "quiet sundays");

        let goal = amina.posts("/goals", &[("outcome", "Read a plan without fear")]).goes();
        let goal = goal.trim_end_matches("/skills");
        for step in ["skills", "why", "success", "by", "help"] {
            amina.posts(&format!("{goal}/{step}"), &[("skip", "yes")]).goes();
        }
        amina.gets("/find").ok().shows("For a goal of yours: Read a plan without fear");
    });
}
