//! Stories about how far goals have come.

use super::{ScaleId, verbs};
use crate::action_items::stories::{Acting, two};
use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::goals::{GoalId, verbs as goals};
use crate::sessions::stories::{ahead, booked, time_passes_until};
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

/// What people in stories do about how far their goals have come.
pub trait Attaining {
    /// Sets a goal and describes the levels of one scale; returns the path of how far it has come.
    fn measures(&self, outcome: &str) -> String;
    fn lays_down(&self, attainment: &str, fields: &[(&str, &str)]) -> Answer;
    fn rates(&self, attainment: &str, levels: &[&str], fields: &[(&str, &str)]) -> Answer;
    /// Agrees with the latest rating, or goes with the other's.
    fn says(&self, attainment: &str, deed: &str) -> Answer;
    fn shares(&self, attainment: &str, relationship: &str);
}

impl Attaining for Actor<'_> {
    #[track_caller]
    fn measures(&self, outcome: &str) -> String {
        let goal = self.sets_goal(outcome, ("data analysis", "2", "4"), &["advise"]);
        let attainment = goal.replace("/goals/", "/attainment/");
        assert_eq!(self.lays_down(&attainment, &[]).goes(), attainment);
        attainment
    }

    fn lays_down(&self, attainment: &str, fields: &[(&str, &str)]) -> Answer {
        let usual = [
            ("title_0", "Working with SQL"),
            ("level_0_0", "I copy queries that others wrote"),
            ("level_0_1", "I change queries until they run"),
            ("level_0_2", "I answer a question of my own within an evening"),
            ("level_0_3", "Colleagues ask me for figures"),
            ("level_0_4", "I am paid for it"),
            ("baseline_0", "-2"),
            ("weight_0", "1"),
        ];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts(&format!("{attainment}/scales"), &all)
    }

    fn rates(&self, attainment: &str, levels: &[&str], fields: &[(&str, &str)]) -> Answer {
        let goal = id_of(attainment);
        let scales: Vec<(ScaleId,)> = self.story.does(move |tx| {
            Ok(tx.all(
                sql!(
                    "select s.id from goal_scales s join attainments a on a.goal_id = s.goal_id and a.version = s.version where s.goal_id = $1 order by s.position"
                ),
                &[&goal],
            )?)
        });
        let mut all: Vec<(String, String)> = Vec::new();
        for (at, (scale, level)) in scales.iter().zip(levels).enumerate() {
            all.push((format!("scale_{at}"), scale.0.to_string()));
            all.push((format!("level_{at}"), (*level).to_owned()));
        }
        let mut all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.posts(&format!("{attainment}/rate"), &all)
    }

    fn says(&self, attainment: &str, deed: &str) -> Answer {
        let goal = id_of(attainment);
        let last: (uuid::Uuid,) = self
            .story
            .does(move |tx| Ok(tx.one(sql!("select id from goal_ratings where goal_id = $1 order by at desc limit 1"), &[&goal])?));
        self.posts(&format!("{attainment}/{deed}"), &[("rating", &last.0.to_string())])
    }

    #[track_caller]
    fn shares(&self, attainment: &str, relationship: &str) {
        let id = relationship.rsplit('/').next().expect("an id");
        self.posts(&format!("{attainment}/share"), &[("with", id)]).goes();
    }
}

fn id_of(attainment: &str) -> GoalId {
    attainment["/attainment/".len()..].parse().expect("a goal")
}

/// Amina works with Tomas, and shares with him a goal of hers that is measured.
fn shared<'s>(s: &'s Story) -> ([Actor<'s>; 2], String, String) {
    let ([amina, tomas], relationship) = two(s);
    let attainment = amina.measures("Apply for a first analyst job");
    amina.shares(&attainment, &relationship);
    ([amina, tomas], relationship, attainment)
}

#[test]
fn p35_five_levels_are_described_before_starting_and_a_rating_is_words_before_it_is_a_number() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise"]);
        amina.gets(&goal).ok().shows("How far it has come").shows("Describe five levels");
        let attainment = goal.replace("/goals/", "/attainment/");
        amina
            .gets(&format!("{attainment}/scales"))
            .ok()
            .shows("You said: One analysis that somebody used.")
            .shows("much less than expected");
        // Every level is described, and nothing that was typed is lost.
        amina.lays_down(&attainment, &[("level_0_3", "")]).refuses("Please fill this in").shows("I am paid for it");
        amina.lays_down(&attainment, &[("title_1", "Talks")]).refuses("Please fill this in").shows("Talks");
        amina.lays_down(&attainment, &[("weight_0", "9")]).refuses("from 1 to 3");
        amina.lays_down(&attainment, &[]).goes();
        amina
            .gets(&attainment)
            .ok()
            .shows("I copy queries that others wrote")
            .shows("where it began")
            .shows("It was not rated yet")
            .shows("Only you");
        amina.rates(&attainment, &["7"], &[]).refuses("choose one of the five levels");
        amina.rates(&attainment, &["1"], &[("note", "They asked me for the absences.")]).goes();
        // One scale at +1 is T 60, from 60 - 10.7 to 60 + 10.7.
        amina
            .gets(&attainment)
            .ok()
            .shows("Colleagues ask me for figures")
            .shows("where it is")
            .shows("T 60.0")
            .shows("more than expected")
            .shows("from 49 to 71")
            .shows("They asked me for the absences.")
            .shows("not what caused it");
        amina.gets(&goal).ok().shows("T 60.0").shows("Colleagues ask me for figures");
    });
}

#[test]
fn p35_both_agree_on_a_rating_and_what_each_said_is_kept() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        tomas.is_told("Amina shares a goal with you");
        tomas.gets(&format!("{relationship}/goals")).ok().shows("Apply for a first analyst job").shows("Only you and Amina");
        // What she said of it otherwise stays hers, and her page says which is which.
        let goal = attainment.replace("/attainment/", "/goals/");
        amina.gets(&goal).ok().shows("Only you and Tomas").shows("is yours alone").shows("The school year ends in June.");
        tomas.gets(&attainment).ok().hides("The school year ends in June.");
        amina.rates(&attainment, &["1"], &[("note", "I think so.")]).goes();
        amina.gets(&attainment).ok().shows("It waits for Tomas").shows("not agreed");
        tomas.is_told("Do you see it so too?");
        tomas.sees(&relationship, "do you see it so?");
        tomas.sees("/today", "Apply for a first analyst job");
        assert_eq!(amina.says(&attainment, "agree").state, 422, "nobody agrees with themselves");
        // He sees it otherwise.
        tomas.sees(&format!("{attainment}/rate"), "both are kept");
        tomas.rates(&attainment, &["0"], &[("note", "Almost: not yet within an evening.")]).goes();
        amina.is_told("Tomas sees it otherwise");
        let page = amina
            .gets(&attainment)
            .ok()
            .shows("You two see it differently")
            .shows("Almost: not yet within an evening.")
            .shows("I think so.");
        // The range holds both of what they said: 50 - 10.7 to 60 + 10.7.
        page.shows("from 39 to 71");
        tomas.does_not_see("/today", "Apply for a first analyst job");
        amina.says(&attainment, "settle").goes();
        tomas.is_told("You and Amina agree");
        amina
            .gets(&attainment)
            .ok()
            .shows("T 50.0")
            .shows("You both agree on it")
            .shows("from 39 to 61")
            .shows("(Tomas: 0)")
            .shows("I think so.");
        assert_eq!(tomas.says(&attainment, "settle").state, 409, "it is settled");
        // The next one he begins, and she sees it so too.
        s.days_pass(14);
        tomas.rates(&attainment, &["2"], &[]).goes();
        amina.is_told("Tomas says how far a goal has come");
        amina.says(&attainment, "agree").goes();
        tomas.gets(&attainment).ok().shows("T 70.0").shows("You both agree on it");
        assert_eq!(amina.says(&attainment, "agree").state, 409);
    });
}

#[test]
fn p35_the_other_agrees_from_the_letter_without_signing_in() {
    story(|s| {
        let ([amina, tomas], _, attainment) = shared(s);
        // Of two letters about the same moment either may come first.
        s.hours_pass(1);
        amina.rates(&attainment, &["1"], &[]).goes();
        s.hours_pass(1);
        tomas.reads_in_letter("Working with SQL: +1 Colleagues ask me for figures");
        let door = tomas.follows("I see it so too");
        assert!(door.page.html().contains("Colleagues ask me for figures"), "it asks once more, with the words");
        door.confirms(&[]).shows("You both agree");
        amina.gets(&attainment).ok().shows("You both agree on it");
    });
}

#[test]
fn p35_two_who_answer_at_once_do_not_both_win() {
    story(|s| {
        let ([amina, tomas], _, attainment) = shared(s);
        amina.rates(&attainment, &["1"], &[]).goes();
        let goal = id_of(&attainment);
        let last: (super::RatingId,) =
            s.does(move |tx| Ok(tx.one(sql!("select id from goal_ratings where goal_id = $1 order by at desc limit 1"), &[&goal])?));
        let (elsewhere, one, other) = (s.another_node(), tomas.viewer(), tomas.viewer());
        let first = s.app().write(move |tx| verbs::answer(tx, &one, last.0, None, ""));
        let second = elsewhere.write(move |tx| verbs::answer(tx, &other, last.0, None, ""));
        let (first, second) = s.waits(async { futures_util::future::join(first, second).await });
        assert!(first.is_ok() != second.is_ok(), "both or neither");
    });
}

#[test]
fn p35_weights_count_and_a_laying_down_begins_anew_without_losing_what_was() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let attainment = amina.measures("Apply for a first analyst job");
        let talks = [
            ("title_1", "Talks"),
            ("level_1_0", "a"),
            ("level_1_1", "b"),
            ("level_1_2", "c"),
            ("level_1_3", "d"),
            ("level_1_4", "I speak at a meet-up"),
            ("baseline_1", "-1"),
            ("weight_1", "3"),
        ];
        amina.lays_down(&attainment, &talks).goes();
        amina.rates(&attainment, &["-1", "2"], &[]).goes();
        // 50 + 10·(1·−1 + 3·2)/√(0.7·10 + 0.3·16) = 64.56
        amina.gets(&attainment).ok().shows("T 64.6").shows("counts three times");
        // A slip of the thumb is no history.
        amina.rates(&attainment, &["0", "0"], &[]).goes();
        amina.gets(&attainment).ok().shows("T 50.0").hides("T 64.6").hides("64.56");
        s.days_pass(7);
        amina.gets(&format!("{attainment}/scales")).ok().shows("It was rated already").shows("I speak at a meet-up");
        amina.lays_down(&attainment, &[("title_0", "Another measure")]).goes();
        amina.gets(&attainment).ok().shows("Another measure").shows("It was not rated yet").shows("Every rating");
        amina.rates(&attainment, &[], &[]).refuses("changed a moment before");
    });
}

#[test]
fn p03_how_sure_one_is_takes_one_press_and_stays_ones_own() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let attainment = amina.measures("Apply for a first analyst job");
        let goal = attainment.replace("/attainment/", "/goals/");
        let press = format!("{attainment}/confidence");
        amina.gets(&goal).ok().shows("How sure are you");
        amina.posts(&press, &[("level", "4")]).goes();
        amina.gets(&goal).ok().shows("Last time: 4").shows("You said 4 of 10");
        amina.posts(&press, &[("level", "11")]).refuses("from 0 to 10");
        amina.posts(&press, &[]).refuses("from 0 to 10");
        // What was pressed by mistake is pressed again.
        amina.posts(&press, &[("level", "3"), ("note", "My mentor left.")]).goes();
        s.days_pass(20);
        amina.shares(&attainment, &relationship);
        amina.posts(&press, &[("level", "7"), ("note", "The first query ran.")]).goes();
        let mine = amina.gets(&attainment).ok().shows("How sure, 0 to 10").shows("My mentor left.").hides(">4</td>");
        assert!(mine.html().contains("<svg"), "a chart");
        // What she said for herself before she shared it stays hers.
        s.days_pass(20);
        amina.posts(&press, &[("level", "8")]).goes();
        tomas.gets(&attainment).ok().shows("The first query ran.").hides("My mentor left.");
        assert_eq!(tomas.posts(&press, &[("level", "1")]).state, 404);
    });
}

#[test]
fn p03_no_report_and_nobody_else_ever_sees_a_goal_of_a_pair() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        amina.rates(&attainment, &["1"], &[("note", "For us two only.")]).goes();
        amina.posts(&format!("{attainment}/confidence"), &[("level", "7")]).goes();
        let [sara, mallory] = s.people(["Sara", "Mallory"]);
        let (cora, ada) = (s.coordinator("Cora"), s.administrator("Ada"));
        let id = relationship.rsplit('/').next().expect("an id").to_owned();
        let (sponsor, rel) = (sara.person(), id.parse::<crate::relationships::RelationshipId>().expect("an id"));
        s.does(move |tx| {
            tx.execute(
                sql!("insert into sponsors (relationship_id, person_id, invited_by, invited_at) values ($1, $2, $2, 1)"),
                &[&rel, &sponsor],
            )?;
            Ok(())
        });
        let goal = attainment.replace("/attainment/", "/goals/");
        for other in [&sara, &mallory, &cora, &ada] {
            for path in
                [&attainment, &format!("{attainment}/rate"), &format!("{attainment}/scales"), &goal, &format!("{relationship}/goals")]
            {
                other.finds_nothing(path);
            }
            for deed in ["rate", "confidence", "share", "pace", "scales", "results", "progress"] {
                assert_eq!(other.posts(&format!("{attainment}/{deed}"), &[("level", "5")]).state, 404, "{deed}");
            }
            assert_eq!(other.says(&attainment, "agree").state, 404);
            for path in ["/growth", "/goals", "/today", "/relationships", "/notices"] {
                other.does_not_see(path, "analyst job");
            }
            let person = other.person();
            let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
            assert!(!taken.contains("analyst job") && !taken.contains("For us two only"), "{taken}");
        }
        // Nor does it lie open in the database.
        let rows = s.does(|tx| Ok(tx.all::<(Vec<u8>,)>(sql!("select words from goal_scales"), &[])?));
        assert!(!rows.iter().any(|(words,)| words.windows(5).any(|w| w == b"query" || w == b"queri")));
        // Nor can it be sent away with the partner's own data.
        let person = tomas.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(!taken.contains("analyst job"), "{taken}");
    });
}

#[test]
fn p35_the_owner_takes_a_goal_back_at_any_time() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        amina.rates(&attainment, &["1"], &[]).goes();
        amina.posts(&format!("{attainment}/share"), &[("with", "")]).goes();
        tomas.finds_nothing(&attainment);
        tomas.does_not_see(&format!("{relationship}/goals"), "analyst job");
        tomas.does_not_see("/today", "analyst job");
        assert!(tomas.was_told().iter().all(|told| !told.title.contains("goal")), "what is not shared any more is not told of");
        assert_eq!(tomas.says(&attainment, "agree").state, 404);
        // With an end, he rates no more; she goes on by herself.
        amina.shares(&attainment, &relationship);
        amina.posts(&format!("{relationship}/end"), &[]).goes();
        tomas.rates(&attainment, &["0"], &[]).refuses("do not work on this together");
        amina.rates(&attainment, &["2"], &[]).goes();
        amina.gets(&attainment).ok().shows("T 70.0").shows("own rating");
        tomas.does_not_see(&attainment, "T 70.0");
        // A stranger's relationship is not one to share with.
        let [mallory] = s.people(["Mallory"]);
        let other = mallory.measures("Learn to juggle");
        let id = relationship.rsplit('/').next().expect("an id");
        assert_eq!(mallory.posts(&format!("{other}/share"), &[("with", id)]).state, 404);
    });
}

#[test]
fn p35_an_objective_has_two_to_five_key_results_that_are_counted() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let goal = amina.sets_goal("Be known for data at school", ("data analysis", "2", "4"), &["advise"]);
        let attainment = goal.replace("/goals/", "/attainment/");
        let results = format!("{attainment}/results");
        amina.sees(&results, "Two to five things that can be counted");
        let one = [("title_0", "Colleagues who asked me"), ("start_0", "0"), ("target_0", "5"), ("unit_0", "people")];
        let refused = amina.posts(&results, &one).refuses("Please fill this in");
        assert!(refused.html().contains("Colleagues who asked me"), "what was typed is kept");
        let mut both = one.to_vec();
        both.extend([("title_1", "Hours a week on lists"), ("start_1", "4"), ("target_1", "four")]);
        amina.posts(&results, &both).refuses("Please give a number");
        both.pop();
        both.push(("target_1", "4"));
        amina.posts(&results, &both).refuses("where it stands today");
        both.pop();
        both.push(("target_1", "1,5"));
        amina.posts(&results, &both).goes();
        amina.shares(&attainment, &relationship);
        let progress = format!("{attainment}/progress");
        amina.posts(&progress, &[("now_0", "2"), ("now_1", "x")]).refuses("Please give a number");
        amina.posts(&progress, &[("now_0", "2")]).refuses("changed a moment before");
        amina.posts(&progress, &[("now_0", "2"), ("now_1", "3"), ("progress_note", "Two asked.")]).goes();
        // 2 of 5, and 1 of 2.5 hours less: 40 of 100 each.
        tomas.gets(&attainment).ok().shows("Colleagues who asked me").shows("40 of 100").hides("Write it down");
        s.days_pass(7);
        amina.posts(&progress, &[("now_0", "5"), ("now_1", "1,5")]).goes();
        amina.gets(&attainment).ok().shows("100 of 100").shows("How much of the way, 0 to 100").shows("not what caused it");
        amina.sees("/growth", "Two asked.");
        assert_eq!(tomas.posts(&progress, &[("now_0", "5"), ("now_1", "1")]).state, 404);
    });
}

#[test]
fn p35_a_rating_is_asked_at_the_pace_that_was_chosen_and_no_more_often() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        amina.posts(&format!("{attainment}/pace"), &[("days", "5")]).refuses("one of the paces");
        amina.posts(&format!("{attainment}/pace"), &[("days", "14")]).goes();
        s.days_pass(13);
        amina.does_not_see("/today", "How far has it come?");
        s.days_pass(2);
        amina.is_told("How far has your goal come?");
        tomas.is_told("How far has Amina’s goal come?");
        amina.sees("/today", "How far has it come?");
        tomas.sees(&relationship, "rate it");
        let told = amina.was_told().len();
        s.days_pass(7);
        assert_eq!(amina.was_told().len(), told, "not before the next is due");
        amina.rates(&attainment, &["0"], &[]).goes();
        amina.does_not_see("/today", "How far has it come?");
        // What was asked and is answered says nothing any more.
        assert!(amina.was_told().iter().all(|told| !told.title.contains("How far has your goal")));
        let goal = attainment.replace("/attainment/", "/goals/");
        amina.posts(&format!("{goal}/end"), &[("how", "reached")]).goes();
        s.days_pass(16);
        amina.does_not_see("/today", "How far has it come?");
        amina.rates(&attainment, &["0"], &[]).refuses("closed already");
        amina.gets(&attainment).ok().shows("This goal was reached");
    });
}

#[test]
fn p35_a_rating_that_is_due_is_on_the_agenda_and_knows_the_session_it_was_made_at() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        amina.posts(&format!("{attainment}/pace"), &[("days", "14")]).goes();
        let early = booked(&amina, &tomas, &relationship, "2026-11-10T18:00", &[]);
        amina.does_not_see(&early, "How far has this come?");
        let session = booked(&amina, &tomas, &relationship, "2026-11-18T18:00", &[]);
        tomas.gets(&session).ok().shows("How far has this come? Apply for a first analyst job").shows("a goal you share");
        let starts = ahead(s, &relationship).last().and_then(|session| session.starts_at).expect("a time");
        time_passes_until(s, &(starts + jiff::SignedDuration::from_mins(20)).jiff().to_string());
        amina.rates(&attainment, &["0"], &[]).goes();
        let page = amina.gets(&attainment).ok().html();
        assert!(page.contains(&session) && page.contains("at a session"), "{page}");
    });
}

#[test]
fn p35_what_serves_a_goal_stands_beside_it() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        let id = attainment["/attainment/".len()..].to_owned();
        amina.takes_on(&relationship, "Send the first application", &[("goal", &id)]);
        amina.takes_on(&relationship, "Something quiet", &[("goal", &id), ("intensity", "silent")]);
        amina.gets(&attainment).ok().shows("Send the first application").shows("Something quiet");
        tomas.gets(&attainment).ok().shows("Send the first application").hides("Something quiet");
    });
}

#[test]
fn p35_five_questions_point_at_what_is_missing_and_stop_nobody() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let step = amina.posts("/goals", &[("outcome", "Data")]).goes();
        let goal = step.rsplit_once('/').expect("a step").0.to_owned();
        for step in ["skills", "why", "success", "by", "help"] {
            amina.posts(&format!("{goal}/{step}"), &[("skip", "yes")]).goes();
        }
        amina.gets(&goal).ok().shows("What would somebody see you do").shows("By when would you like").shows("None of these is a must");
        let attainment = goal.replace("/goals/", "/attainment/");
        amina.lays_down(&attainment, &[]).goes();
        amina.gets(&goal).ok().hides("How will you know how far");
    });
}

#[test]
fn p35_the_growth_page_shows_what_changed_in_ones_own_words_and_ranks_nobody() {
    story(|s| {
        let ([amina, tomas], relationship, attainment) = shared(s);
        amina.sees("/growth", "What changed");
        let other = amina.measures("Give a talk without losing sleep");
        amina.rates(&other, &["-1"], &[("note", "I slept four hours.")]).goes();
        for (level, note) in [("-1", "Slow."), ("0", "It is there."), ("1", "More than I hoped.")] {
            s.days_pass(14);
            amina.rates(&attainment, &[level], &[("note", note)]).goes();
            tomas.says(&attainment, "agree").goes();
        }
        let page = amina.gets("/growth").ok();
        // Two scales of one weight, at +1 and −1, are as expected together.
        let page = page.shows("Over the 2 goals").shows("T 50.0").shows("T 60.0").shows("More than I hoped.").shows("I slept four hours.");
        let page = page.shows("I copy queries that others wrote").shows("Colleagues ask me for figures").shows("not what caused it");
        let html = page.html();
        assert!(html.contains("class=\"band\"") && html.contains("<svg") && html.contains("In numbers"), "charts with their tables");
        for harsh in ["rank", "percentile", "better than", "streak"] {
            assert!(!html.to_lowercase().contains(harsh), "{harsh}");
        }
        tomas.does_not_see("/growth", "analyst job");
        let _ = relationship;
    });
}

#[test]
fn how_far_goals_have_come_leaves_with_their_owner_and_what_the_other_wrote_with_them() {
    story(|s| {
        let ([amina, tomas], _, attainment) = shared(s);
        amina.rates(&attainment, &["1"], &[("note", "My words")]).goes();
        tomas.rates(&attainment, &["0"], &[("note", "His words")]).goes();
        amina.posts(&format!("{attainment}/confidence"), &[("level", "7"), ("note", "Sure enough")]).goes();
        let person = amina.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        for words in ["I copy queries that others wrote", "My words", "Sure enough"] {
            assert!(taken.contains(words), "{taken}");
        }
        assert!(!taken.contains("His words"), "{taken}");
        let person = tomas.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(taken.contains("His words") && !taken.contains("My words"), "{taken}");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.gets(&attainment).ok().shows("My words").hides("His words").shows("You two see it differently");
        let person = amina.person();
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        let left = s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from goal_rating_levels"), &[])?));
        assert_eq!(left, (0,));
        let goal = id_of(&attainment);
        assert!(s.does(move |tx| goals::outcomes(tx, &[goal])).is_empty());
    });
}
