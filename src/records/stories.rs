//! Stories about the skills record.

use super::{RecordedId, verbs};
use crate::action_items::stories::{Acting as _, two};
use crate::asks::stories::Asking as _;
use crate::goals::stories::Wishing as _;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

pub trait Recording {
    /// Says a level of a skill and what shows it; returns the path of the skill.
    fn records(&self, skill: &str, level: &str, evidence: &str) -> String;
    fn tries_to_record(&self, path: &str, fields: &[(&str, &str)]) -> Answer;
    /// Asks somebody whether they see it so too; returns the path of the question.
    fn asks_about(&self, skill: &str, relationship: &str, whom: &Actor) -> String;
}

impl Recording for Actor<'_> {
    #[track_caller]
    fn records(&self, skill: &str, level: &str, evidence: &str) -> String {
        self.tries_to_record("/records", &[("skill", skill), ("level", level), ("words", evidence)]).goes()
    }
    fn tries_to_record(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let nonce = format!("{:?} {fields:?}", self.story.now()).chars().take(80).collect::<String>();
        let all: Vec<(&str, &str)> = fields.iter().copied().chain([("nonce", nonce.as_str())]).collect();
        self.posts(path, &all)
    }
    #[track_caller]
    fn asks_about(&self, skill: &str, relationship: &str, whom: &Actor) -> String {
        let of = format!("{}:{}", &relationship["/relationships/".len()..], whom.id());
        self.posts(&format!("{skill}/ask"), &[("of", &of)]).goes();
        let (id, partner) = (skill["/records/".len()..].parse::<RecordedId>().expect("a skill"), whom.person());
        let asked: (super::record::ConfirmationId,) = self.story.does(move |tx| {
            Ok(tx.one(
                sql!("select id from skill_confirmations where recorded_id = $1 and partner_id = $2 order by id desc"),
                &[&id, &partner],
            )?)
        });
        format!("/records/asked/{}", asked.0)
    }
}

fn count(s: &Story, of: &'static str) -> i64 {
    let row: (i64,) = s.does(move |tx| {
        Ok(match of {
            "levels" => tx.one(sql!("select count(*) from skill_levels"), &[])?,
            "skills" => tx.one(sql!("select count(*) from recorded_skills"), &[])?,
            "aims" => tx.one(sql!("select count(*) from skill_aims"), &[])?,
            _ => tx.one(sql!("select count(*) from skill_confirmations"), &[])?,
        })
    });
    row.0
}

#[test]
fn p36_every_change_of_a_level_is_kept_with_who_when_and_on_what_evidence() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.sees("/records", "Nothing yet");
        amina.sees("/records/new", "Does the usual alone, and knows when to ask.");
        amina.tries_to_record("/records", &[("skill", "SQL"), ("words", "A query")]).refuses("Please choose the level").shows("A query");
        amina.tries_to_record("/records", &[("skill", "SQL"), ("level", "2")]).refuses("what shows it");
        amina.tries_to_record("/records", &[("skill", "SQL"), ("level", "6"), ("words", "x")]).refuses("Please choose the level");
        amina.tries_to_record("/records", &[("skill", "SQL"), ("level", "2"), ("link", "javascript:alert(1)")]).refuses("https://");
        let skill = amina.records("SQL", "2", "Three lessons with Tomas.");
        assert_eq!(amina.records("SQL", "2", "Three lessons with Tomas."), skill, "sent twice is one");
        assert_eq!(count(s, "levels"), 1);
        s.days_pass(30);
        let goal = amina.sets_goal("Apply for an analyst job", ("data analysis", "2", "4"), &["advise"]);
        let pin = format!("goal:{}", &goal["/goals/".len()..]);
        // By another of its words it is the same skill.
        let later = [
            ("skill", "structured query language"),
            ("level", "3"),
            ("words", "The absence report."),
            ("pin", &pin),
            ("link", "https://example.org/report"),
        ];
        assert_eq!(amina.tries_to_record("/records", &later).goes(), skill);
        let page = amina.gets(&skill).ok();
        for words in [
            "2 November 2026",
            "2 December 2026",
            "has tried it",
            "Three lessons with Tomas.",
            "The absence report.",
            "On: Apply for an analyst job",
            "self-rated",
            "you",
            "Only you",
        ] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert!(page.html().contains("<polyline") && page.html().contains("https://example.org/report"));
        amina.tries_to_record(&format!("{skill}/levels"), &[("level", "4")]).refuses("what shows it");
        amina.tries_to_record(&format!("{skill}/levels"), &[("level", "4"), ("words", "Others ask me now.")]).goes();
        assert_eq!(count(s, "levels"), 3, "none is written over");
        // It is hers alone.
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.finds_nothing(&skill);
            for deed in ["levels", "ask", "show", "delete"] {
                let answer = other.tries_to_record(
                    &format!("{skill}/{deed}"),
                    &[("level", "1"), ("words", "x"), ("of", "00000000000000000000000000000001:00000000000000000000000000000001")],
                );
                assert_eq!(answer.state, 404, "{deed}");
            }
            other.does_not_see("/records", "SQL");
        }
        // Nothing of it lies readable in the database.
        let rows: Vec<(crate::seal::Sealed,)> = s.does(|tx| Ok(tx.all(sql!("select words from skill_levels limit 9"), &[])?));
        assert!(rows.iter().all(|(words,)| !format!("{words:?}").contains(&format!("{:?}", b"absence"))));
        amina.posts(&format!("{skill}/delete"), &[]).goes();
        amina.finds_nothing(&skill);
        assert_eq!((count(s, "levels"), count(s, "skills")), (0, 0));
    });
}

#[test]
fn p36_a_partner_confirms_what_they_are_asked_about_and_sees_nothing_else() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let skill = amina.records("SQL", "3", "The absence report.");
        amina.records("Negotiation", "1", "I avoid it.");
        amina.posts(&format!("{skill}/show"), &[("shown", "yes")]).refuses("Once somebody has confirmed");
        amina.gets(&skill).ok().shows("self-rated").shows("Who has seen you do it?");
        let asked = amina.asks_about(&skill, &relationship, &tomas);
        amina.asks_about(&skill, &relationship, &tomas);
        assert_eq!(count(s, "confirmations"), 1, "asked twice is asked once");
        tomas.is_told("Amina asks you about a skill: SQL");
        tomas.sees("/today", "Amina asks you about a skill");
        tomas.sees(&relationship, "Amina asks you about a skill");
        tomas.finds_nothing(&skill);
        tomas.gets(&asked).ok().shows("The absence report.").shows("Only you and Amina").hides("Negotiation").hides("I avoid it");
        assert_eq!(amina.posts(&format!("{asked}/answer"), &[("do", "confirm")]).state, 404, "nobody confirms their own");
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.finds_nothing(&asked);
            for deed in ["answer", "settle", "withdraw"] {
                assert_eq!(other.posts(&format!("{asked}/{deed}"), &[("do", "confirm"), ("how", "kept")]).state, 404, "{deed}");
            }
        }
        tomas.posts(&format!("{asked}/answer"), &[("do", "confirm"), ("why", "I read it.")]).goes();
        tomas.posts(&format!("{asked}/answer"), &[("do", "pass")]).refuses("answered this already");
        tomas.does_not_see("/today", "asks you about a skill");
        amina.is_told("Tomas confirms your level: SQL");
        amina.gets(&skill).ok().shows("confirmed by Tomas").shows("Tomas on 2 November 2026");
        // On the profile only when she says so, and without his name or the evidence.
        let profile = format!("/people/{}", amina.id());
        mallory.does_not_see(&profile, "confirmed by");
        amina.posts(&format!("{skill}/show"), &[("shown", "yes")]).goes();
        mallory
            .gets(&profile)
            .ok()
            .shows("SQL")
            .shows("confirmed by 1 person who worked with them")
            .hides("Tomas")
            .hides("absence")
            .hides("Negotiation");
        // Another level is her own word again, and is not shown before somebody has seen it.
        amina.tries_to_record(&format!("{skill}/levels"), &[("level", "4"), ("words", "Others ask me.")]).goes();
        amina.gets(&skill).ok().shows("Nobody has confirmed it yet");
        mallory.does_not_see(&profile, "confirmed by");
    });
}

#[test]
fn p36_a_partner_who_sees_another_level_says_why_and_the_learner_decides_what_stands() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let skill = amina.records("SQL", "2", "Three lessons.");
        let asked = amina.asks_about(&skill, &relationship, &tomas);
        tomas.posts(&format!("{asked}/answer"), &[("do", "otherwise"), ("level", "3")]).refuses("Please say why");
        tomas
            .posts(&format!("{asked}/answer"), &[("do", "otherwise"), ("why", "No level")])
            .refuses("Please choose the level")
            .shows("No level");
        tomas.posts(&format!("{asked}/answer"), &[("do", "otherwise"), ("level", "3"), ("why", "Your report ran without me.")]).goes();
        amina.is_told("Tomas sees another level: SQL");
        amina.sees("/today", "Tomas sees another level of a skill of yours");
        amina.gets(&asked).ok().shows("Your report ran without me.").shows("Let “does it” stand");
        assert_eq!(tomas.posts(&format!("{asked}/settle"), &[("how", "taken")]).state, 404, "it is hers to decide");
        amina.posts(&format!("{asked}/settle"), &[("how", "taken")]).goes();
        amina.posts(&format!("{asked}/settle"), &[("how", "kept")]).refuses("decided this already");
        amina.gets(&skill).ok().shows("confirmed by Tomas").shows("Tomas, and you let it stand").shows("Three lessons.");
        amina.does_not_see("/today", "another level");
        // Kept her own: both are kept, and hers counts.
        let other = amina.records("Negotiation", "2", "I asked for a raise.");
        let asked = amina.asks_about(&other, &relationship, &tomas);
        tomas.posts(&format!("{asked}/answer"), &[("do", "otherwise"), ("level", "1"), ("why", "You gave in.")]).goes();
        amina.posts(&format!("{asked}/settle"), &[("how", "kept")]).goes();
        amina.gets(&other).ok().shows("has tried it").shows("Nobody has confirmed it yet").shows("you kept your own view");
        tomas.gets(&asked).ok().shows("has decided what stands").hides("kept your own view");
        // Rather not; and taken back before anybody answered.
        let third = amina.records("Listening", "3", "People say so.");
        let asked = amina.asks_about(&third, &relationship, &tomas);
        tomas.posts(&format!("{asked}/answer"), &[("do", "pass")]).goes();
        amina.is_told("Tomas would rather not say");
        let fourth = amina.records("Facilitation", "3", "The staff meeting.");
        let asked = amina.asks_about(&fourth, &relationship, &tomas);
        amina.posts(&format!("{asked}/withdraw"), &[]).goes();
        tomas.finds_nothing(&asked);
    });
}

#[test]
fn p02_the_gap_map_says_for_each_skill_how_far_it_is_and_is_the_learners_alone() {
    story(|s| {
        let ([amina, tomas], _) = two(s);
        amina.sees("/records/gaps", "Where do you want to be?");
        let goal = amina.sets_goal("Apply for an analyst job", ("data analysis", "2", "4"), &["advise"]);
        amina
            .gets("/records/gaps")
            .ok()
            .shows("Apply for an analyst job")
            .shows("From “has tried it” to “does it well”: two levels.")
            .shows("nothing shows it yet");
        amina.records("data analysis", "3", "The absence report.");
        amina
            .gets("/records/gaps")
            .ok()
            .shows("From “does it” to “does it well”: one level.")
            .shows("Handles the unusual")
            .hides("nothing shows it yet");
        amina.gets(&goal).ok().shows("From here to there").shows("one level");
        // An aim from an example, changed freely.
        amina.gets("/records/aims/new").ok().shows("Data engineer").shows("not what anybody demands");
        let page = amina.gets("/records/aims/new?from=data-engineer").ok();
        assert!(page.html().contains("value=\"Python\""));
        let id = page.html().split("name=\"id\" value=\"").nth(1).expect("an id").split('"').next().expect("its end").to_owned();
        let aim = |name: &str, skill: &str, level: &str| {
            amina.posts("/records/aims", &[("id", &id), ("name", name), ("skill_0", skill), ("level_0", level)])
        };
        aim("Data engineer", "", "").refuses("at least one skill");
        aim("Data engineer", "Python", "").refuses("how far it asks");
        aim("Data engineer", "Python", "4").goes();
        amina.gets("/records/gaps").ok().shows("Data engineer").shows("You have not said yet where you are. Wanted: “does it well”.");
        aim("Somebody who reads Python", "Python", "2").goes();
        assert_eq!(count(s, "aims"), 1, "it is changed, not made again");
        let map = amina.gets("/records/gaps").ok().shows("Somebody who reads Python").hides("Data engineer").shows("Only you");
        for summed in ["%", "average", "total", "score", "rank", "points"] {
            assert!(!map.text().to_lowercase().contains(summed), "“{summed}” stands on the map");
        }
        for other in [&tomas, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.does_not_see("/records/gaps", "Python");
            other.finds_nothing(&format!("/records/aims/{id}"));
            assert_eq!(other.posts("/records/aims", &[("id", &id), ("name", "Mine"), ("skill_0", "Python"), ("level_0", "1")]).state, 404);
            assert_eq!(other.posts(&format!("/records/aims/{id}/delete"), &[]).state, 404);
        }
        amina.posts(&format!("/records/aims/{id}/delete"), &[]).goes();
        amina.does_not_see("/records/gaps", "Somebody who reads Python");
    });
}

#[test]
fn p36_a_record_goes_with_its_owner_and_is_in_their_export() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let skill = amina.records("SQL", "3", "The absence report.");
        let asked = amina.asks_about(&skill, &relationship, &tomas);
        tomas.posts(&format!("{asked}/answer"), &[("do", "confirm"), ("why", "I read it.")]).goes();
        let export = |actor: &Actor| {
            let person = actor.person();
            s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string()
        };
        for words in ["The absence report.", "\"level\":3", "I read it.", "2026-11-02T09:00:00Z"] {
            assert!(export(&amina).contains(words), "{words}: {}", export(&amina));
        }
        assert!(export(&tomas).contains("I read it.") && export(&tomas).contains("SQL"));
        // Taken on in the meantime, and asked of the other: what waits is asked no more when they go.
        amina.takes_on(&relationship, "Another report", &[]);
        let second = amina.records("Negotiation", "2", "A raise.");
        amina.asks_about(&second, &relationship, &tomas);
        let (gone, stays) = (tomas.person(), amina.viewer());
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, gone));
        let left = s.does(move |tx| verbs::own(tx, &stays));
        assert_eq!(left.iter().map(|one| one.confirmations.len()).collect::<Vec<_>>(), [1, 0]);
        let (gone, id) = (amina.person(), skill["/records/".len()..].parse::<RecordedId>().expect("a skill"));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, gone));
        assert_eq!((count(s, "skills"), count(s, "levels"), count(s, "confirmations")), (0, 0, 0));
        amina.finds_nothing(&format!("/records/{id}"));
    });
}
