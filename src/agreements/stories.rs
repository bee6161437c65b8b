//! Stories about agreements.

use super::{Clauses, Recording, verbs};
use crate::asks::stories::Asking;
use crate::attainment::stories::Attaining;
use crate::goals::stories::Wishing;
use crate::relationships::stories::{at_work, two};
use crate::relationships::{RelationshipId, verbs as partners};
use crate::story::{Actor, Answer, Story, story};

/// What people in stories do about agreements.
pub(crate) trait Agreeing {
    /// Writes alone how they would like it: what usually stands there, but for this.
    fn writes(&self, relationship: &str, otherwise: &[(&str, &str)]) -> Answer;
    /// Signs what stands there.
    fn signs(&self, relationship: &str) -> Answer;
}

const USUAL: [(&str, &str); 14] = [
    ("focus", "Move into data work"),
    ("cadence", "28"),
    ("session_length", "60"),
    ("duration", "Six months"),
    ("preparation", "A question beforehand"),
    ("reply", "72"),
    ("channels", "here"),
    ("confidentiality", "It stays between us"),
    ("off_limits", "Nothing in particular"),
    ("ending", "Either of us, at any time"),
    ("recording", "never"),
    ("sponsor_report", "none"),
    ("retention", "keep"),
    ("review", "30"),
];

impl Agreeing for Actor<'_> {
    fn writes(&self, relationship: &str, otherwise: &[(&str, &str)]) -> Answer {
        let usual = USUAL.iter().filter(|(name, _)| !otherwise.iter().any(|(o, _)| o == name));
        let fields: Vec<(&str, &str)> = usual.chain(otherwise).copied().collect();
        self.posts(&format!("{relationship}/agreement/write"), &fields)
    }
    fn signs(&self, relationship: &str) -> Answer {
        let page = self.gets(&format!("{relationship}/agreement")).ok().html();
        let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
        self.posts(&format!("{relationship}/agreement/sign"), &[("seen", &seen)])
    }
}

fn id_of(relationship: &str) -> RelationshipId {
    relationship.rsplit('/').next().expect("an id").parse().expect("an id")
}

fn clauses(s: &Story, relationship: &str) -> Clauses {
    let id = id_of(relationship);
    s.does(move |tx| {
        let relationship = partners::find(tx, id)?;
        verbs::clauses(tx, &relationship)
    })
}

/// Both write the same but for these, and sign.
pub(crate) fn signed(amina: &Actor, tomas: &Actor, here: &str, otherwise: &[(&str, &str)]) {
    amina.writes(here, otherwise).goes();
    tomas.writes(here, otherwise).goes();
    amina.signs(here).goes();
    tomas.signs(here).goes();
}

#[test]
fn p19_each_writes_alone_then_they_see_where_they_differ_and_settle_it() {
    story(|s| {
        let ([amina, tomas], here) = two(s);
        let agreement = format!("{here}/agreement");
        amina.sees(&agreement, "Each of you writes alone first");
        amina.writes(&here, &[("focus", "")]).refuses("“Nothing” is an answer too");
        amina.writes(&here, &[("focus", "Lead a team"), ("cadence", "14")]).goes();
        tomas.is_told("Amina has written how they would like to work with you");
        tomas.sees("/today", "Say how you would like to work with Amina");
        for page in [&agreement, &format!("{agreement}/write")] {
            tomas.gets(page).ok().hides("Lead a team");
        }
        tomas.writes(&here, &[("focus", "Find out what you want")]).goes();
        let page = amina.gets(&agreement).ok();
        page.shows("You agree on 12 of 14")
            .shows("Lead a team")
            .shows("Find out what you want")
            .shows("Every two weeks")
            .shows("Every four weeks");

        let settle = format!("{agreement}/settle");
        amina.posts(&settle, &[("element", "cadence"), ("cadence", "28")]).goes();
        tomas.posts(&settle, &[("element", "focus"), ("focus", "Lead a team, and find out whether you want to")]).goes();
        tomas.posts(&settle, &[("element", "cadence"), ("cadence", "28")]).goes();
        amina.sees(&agreement, "You agree on 13 of 14");
        amina.posts(&settle, &[("element", "focus"), ("focus", "Lead a team, and find out whether you want to")]).goes();
        tomas.is_told("is ready to sign");

        tomas.posts(&format!("{agreement}/sign"), &[("seen", "something else")]).refuses("has changed since you read it");
        tomas.signs(&here).goes();
        tomas.posts(&format!("{agreement}/sign"), &[("seen", "x")]).refuses("has changed");
        assert_eq!(clauses(s, &here).signed_at, None);
        amina.signs(&here).goes();
        tomas.gets(&agreement).ok().shows("Signed on").shows("The text is the one that was signed").shows("Lead a team, and find out");
        assert!(clauses(s, &here).signed_at.is_some());
    });
}

#[test]
fn p19_what_both_wrote_alike_is_agreed_and_signing_makes_it_active() {
    story(|s| {
        let ([amina, tomas], here) = two(s);
        for one in [&amina, &tomas] {
            one.posts(&format!("{here}/fit"), &[("fit", "yes"), ("hours", "2")]).goes();
        }
        amina.sees(&here, "You both said yes");
        signed(&amina, &tomas, &here, &[("cadence", "7"), ("reply", "24")]);
        amina.sees(&here, "active");
        let clauses = clauses(s, &here);
        assert_eq!((clauses.cadence_days, clauses.reply_hours), (7, Some(24)));
        // The rhythm they agreed is what silence is measured by.
        s.days_pass(15);
        amina.is_told("have not been in touch for a while");
    });
}

#[test]
fn p19_it_is_offered_again_at_thirty_and_ninety_days() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        signed(&amina, &tomas, &here, &[]);
        s.days_pass(31);
        for one in [&amina, &tomas] {
            one.is_told("still fit?");
            one.sees("/today", "still fit?");
        }
        amina.posts(&format!("{here}/agreement/still-fits"), &[]).goes();
        tomas.does_not_see(&here, "still fit?");
        s.days_pass(60);
        let tomas = s.holding(&s.signed_in(tomas.person()));
        tomas.sees(&here, "still fit?");
        tomas.posts(&format!("{here}/agreement/change"), &[]).goes();
        tomas.gets(&here).ok().hides("still fit?");
    });
}

#[test]
fn p19_whoever_keeps_the_other_waiting_is_reminded_once() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        amina.writes(&here, &[]).goes();
        s.days_pass(8);
        tomas.is_told("waits for you");
        let told = tomas.was_told().len();
        s.days_pass(10);
        assert_eq!(tomas.was_told().len(), told);
        assert!(!amina.was_told().iter().any(|words| words.title.contains("waits for you")));
    });
}

#[test]
fn p20_a_signed_agreement_changes_only_by_a_new_version_that_all_sign() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        signed(&amina, &tomas, &here, &[]);
        let agreement = format!("{here}/agreement");
        amina.posts(&format!("{agreement}/settle"), &[("element", "cadence"), ("cadence", "7")]).refuses("Nothing is being written");
        amina.posts(&format!("{agreement}/change"), &[]).goes();
        amina.posts(&format!("{agreement}/settle"), &[("element", "cadence"), ("cadence", "7")]).goes();
        assert_eq!(clauses(s, &here).cadence_days, 28);
        tomas.gets(&agreement).ok().shows("Amina proposes").shows("what is signed below holds");
        tomas.posts(&format!("{agreement}/settle"), &[("element", "cadence"), ("cadence", "7")]).goes();
        tomas.signs(&here).goes();
        assert_eq!(clauses(s, &here).cadence_days, 28);
        // A word after all: the signature is taken back with it.
        amina.posts(&format!("{agreement}/reopen"), &[]).goes();
        amina.posts(&format!("{agreement}/settle"), &[("element", "cadence"), ("cadence", "14")]).goes();
        tomas.posts(&format!("{agreement}/settle"), &[("element", "cadence"), ("cadence", "14")]).goes();
        amina.signs(&here).goes();
        tomas.signs(&here).goes();
        assert_eq!(clauses(s, &here).cadence_days, 14);
        amina.gets(&agreement).ok().shows("Version 2").shows("Replaced by a newer one");
        amina.gets(&format!("{agreement}/print?version=1")).ok().shows("A newer version has replaced this one").shows("Every four weeks");
        amina.gets(&format!("{agreement}/print")).ok().shows("Every two weeks").shows("SHA-256");
    });
}

#[test]
fn p20_what_was_changed_behind_their_backs_is_seen() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        signed(&amina, &tomas, &here, &[]);
        let id = id_of(&here);
        s.does(move |tx| {
            tx.execute(chiron_store::sql!("update agreements set hash = 'another' where relationship_id = $1"), &[&id])?;
            Ok(())
        });
        amina.sees(&format!("{here}/agreement"), "The text is not the one that was signed");
    });
}

/// Coaching with a sponsor who has signed, reports as given.
fn sponsored<'s>(s: &'s Story, report: &str) -> ([Actor<'s>; 3], String) {
    let ([amina, tomas], here) = at_work(s);
    let [sara] = s.people(["Sara Boss"]);
    signed(&amina, &tomas, &here, &[("focus", "Something private"), ("sponsor_report", report)]);
    amina.sees(&format!("{here}/agreement/sponsor?name=Sara"), "Sara Boss");
    amina.posts(&format!("{here}/agreement/sponsor"), &[("person", &sara.id())]).goes();
    tomas.is_told("would like Sara Boss as a sponsor");
    sara.is_told("You are asked to stand behind the mentoring of");
    ([amina, tomas, sara], here)
}

fn all_sign(three: &[Actor; 3], here: &str) {
    three[0].posts(&format!("{here}/agreement/put-up"), &[]).goes();
    for one in three {
        one.signs(here).goes();
    }
}

#[test]
fn p20_a_sponsor_signs_what_concerns_them_and_sees_nothing_else() {
    story(|s| {
        let (three, here) = sponsored(s, "none");
        let [amina, tomas, sara] = &three;
        sara.gets(&format!("{here}/agreement")).ok().hides("Something private");
        all_sign(&three, &here);
        sara.gets(&format!("{here}/agreement")).ok().shows("Signed on").shows("Every four weeks").hides("Something private");
        sara.gets(&format!("{here}/agreement/print")).ok().hides("Something private");
        sara.sees("/relationships", "You stand behind");
        for page in ["", "/fit", "/closing", "/seen-by", "/agreement/write", "/agreement/sponsor", "/end"] {
            sara.finds_nothing(&format!("{here}{page}"));
        }
        for deed in ["next-step", "end", "dissolve", "pause", "agreement/change", "agreement/settle", "agreement/recording"] {
            assert_eq!(sara.posts(&format!("{here}/{deed}"), &[("element", "cadence"), ("cadence", "7")]).state, 404, "{deed}");
        }
        amina.sees(&format!("{here}/seen-by"), "Sara, sponsor");
        let seen = |eyes: &str| {
            amina
                .gets(&format!("{here}/seen-by?as={eyes}"))
                .ok()
                .text()
                .split("Everybody in one table")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let (partner, sponsor, coordinator) = (seen(&tomas.id()), seen("sponsor"), seen("coordinator"));
        let parts = |text: &str, name: &str| {
            let (sees, hidden) = text.split_once(&format!("{name} does not see")).expect("both lists");
            (sees.rsplit_once(&format!("{name} sees")).map(|(_, sees)| sees.to_owned()).unwrap_or_default(), hidden.to_owned())
        };
        let (sees, hidden) = parts(&partner, "Tomas");
        assert!(sees.contains("What you write to each other") && hidden.contains("your notebook") && !sees.contains("your notebook"));
        let (sees, hidden) = parts(&sponsor, "Sara, sponsor");
        assert!(sees.contains("lines of the agreement that concern a sponsor") && hidden.contains("What you write to each other"));
        assert!(parts(&coordinator, "A coordinator").0.is_empty(), "{coordinator}");
        amina.sees(&here, "Only you and Tomas");
        sara.posts(&format!("{here}/agreement/sponsor/remove"), &[]).goes();
        sara.finds_nothing(&format!("{here}/agreement"));
    });
}

#[test]
fn p03_no_report_to_a_sponsor_names_a_goal_of_the_pair() {
    story(|s| {
        let ([amina, tomas, sara], here) = sponsored(s, "approved");
        let attainment = amina.measures("Apply for a first analyst job");
        amina.sets_goal("Lead a team", ("leadership", "1", "3"), &["advise"]);
        let report = format!("{here}/report");
        assert!(amina.gets(&report).ok().html().contains("Apply for a first analyst job"), "hers, and she may name it");
        amina.shares(&attainment, &here);
        let page = amina.gets(&report).ok().html();
        assert!(!page.contains("analyst job") && page.contains("Lead a team"), "{page}");
        for (writer, field) in [(&amina, "goal"), (&amina, "line"), (&tomas, "line")] {
            let words = "We work on it: apply for a FIRST analyst job!";
            let refused = writer.posts(&report, &[(field, words)]).refuses("shared between you two only");
            assert!(refused.html().contains("FIRST analyst"), "what was typed is kept");
        }
        amina.posts(&report, &[("goal", "Lead a team")]).goes();
        sara.gets(&report).ok().shows("Lead a team").hides("analyst");
        for path in [&attainment, &format!("{here}/goals"), &format!("{attainment}/rate")] {
            sara.finds_nothing(path);
        }
        let person = sara.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(!taken.contains("analyst"), "{taken}");
        // Taken back, it is hers to name again.
        amina.posts(&format!("{attainment}/share"), &[("with", "")]).goes();
        amina.posts(&report, &[("goal", "Apply for a first analyst job")]).goes();
    });
}

#[test]
fn p20_where_no_report_was_agreed_the_sponsor_is_refused() {
    story(|s| {
        let (three, here) = sponsored(s, "none");
        all_sign(&three, &here);
        let [amina, tomas, sara] = &three;
        let refused = sara.gets(&format!("{here}/report"));
        assert_eq!(refused.state, 403);
        refused.shows("No report to a sponsor was agreed here");
        assert_eq!(sara.posts(&format!("{here}/report"), &[("line", "x")]).state, 403);
        amina.sees(&format!("{here}/report"), "No report");
        tomas.posts(&format!("{here}/report"), &[("line", "All is well.")]).refuses("there is no report");
        s.people(["Mallory"])[0].finds_nothing(&format!("{here}/report"));
    });
}

#[test]
fn p20_a_sponsor_reads_only_what_the_learner_has_approved() {
    story(|s| {
        let (three, here) = sponsored(s, "approved");
        all_sign(&three, &here);
        let [amina, tomas, sara] = &three;
        let report = format!("{here}/report");
        tomas.posts(&report, &[("line", "She leads meetings now."), ("date", "2026-11-10")]).goes();
        tomas.posts(&report, &[("line", "Something that is too much.")]).goes();
        amina.is_told("has written a line for the sponsor");
        amina.sees("/today", "3 lines wait for your approval");
        sara.gets(&report).ok().hides("She leads meetings now.");
        let page = amina.gets(&report).ok().html();
        let line = page
            .split("She leads meetings now.")
            .nth(1)
            .and_then(|rest| rest.split("action=\"").nth(1))
            .and_then(|rest| rest.split('"').next());
        let approve = line.expect("a button").to_owned();
        assert_eq!(tomas.posts(&approve, &[]).state, 404);
        assert_eq!(sara.posts(&approve, &[]).state, 404);
        amina.posts(&approve, &[]).goes();
        sara.is_told("There is something new in the report");
        sara.gets(&report).ok().shows("She leads meetings now.").hides("too much").hides("10 November");
        // The learner's own goal, if they want, and out again.
        amina.posts(&report, &[("goal", "Lead a team")]).goes();
        sara.sees(&report, "Lead a team");
        amina.posts(&approve.replace("/approve", "/leave-out"), &[]).goes();
        sara.does_not_see(&report, "She leads meetings now.");
    });
}

#[test]
fn p20_recording_needs_a_yes_from_each() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        let id = id_of(&here);
        let may = move || s.does(move |tx| partners::find(tx, id).and_then(|r| verbs::may_record(tx, &r)));
        let consent = format!("{here}/agreement/recording");
        amina.posts(&consent, &[("agrees", "yes")]).refuses("no session is recorded");
        signed(&amina, &tomas, &here, &[("recording", "with_consent")]);
        assert_eq!(clauses(s, &here).recording, Recording::WithConsent);
        assert!(!may());
        amina.posts(&consent, &[("agrees", "yes")]).goes();
        assert!(!may());
        tomas.sees(&format!("{here}/agreement"), "Not agreed: it needs a yes from each of you");
        tomas.posts(&consent, &[("agrees", "yes")]).goes();
        assert!(may());
        amina.posts(&consent, &[("agrees", "no")]).goes();
        assert!(!may());
    });
}

#[test]
fn p20_what_they_agreed_not_to_keep_is_destroyed_and_both_are_told_before() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        amina.posts(&format!("{here}/next-step"), &[("next_step", "Tuesday at six, my secret plan")]).goes();
        signed(&amina, &tomas, &here, &[("retention", "30")]);
        amina.posts(&format!("{here}/end"), &[("closing", "Thank you, in secret.")]).goes();
        s.days_pass(10);
        tomas.sees(&here, "Thank you, in secret.");
        s.days_pass(10);
        for one in [&amina, &tomas] {
            one.is_told("will be destroyed on");
        }
        s.days_pass(12);
        tomas.gets(&here).ok().hides("in secret").hides("secret plan").shows("This was forgotten.");
        tomas.sees(&format!("{here}/agreement"), "Was destroyed on");
        let kept: (Option<crate::seal::Sealed>,) =
            s.does(|tx| Ok(tx.one(chiron_store::sql!("select k.wrapped from keys k join relationships r on r.key_id = k.id"), &[])?));
        assert!(kept.0.is_none());
    });
}

#[test]
fn p53_each_kind_asks_for_its_own_agreement() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        let write = format!("{here}/agreement/write");
        amina.gets(&write).ok().shows("Who prepares what").hides("Fees");
        signed(&amina, &tomas, &here, &[("cadence", "21")]);
        amina.posts(&format!("{here}/kind"), &[("kind", "coaching")]).goes();
        tomas.posts(&format!("{here}/kind/agree"), &[]).goes();
        // What is signed holds until they change it.
        assert_eq!(clauses(s, &here).cadence_days, 21);
        amina.sees(&format!("{here}/agreement"), "Who prepares what");
        amina.posts(&format!("{here}/agreement/change"), &[]).goes();
        amina.gets(&format!("{here}/agreement")).ok().shows("You agree on 12 of 18").shows("What this is not");
    });
}

#[test]
fn p20_nobody_else_finds_an_agreement_and_forgetting_leaves_nothing_of_it() {
    story(|s| {
        let ([amina, tomas], here) = at_work(s);
        signed(&amina, &tomas, &here, &[("focus", "Something private")]);
        for stranger in [&s.people(["Mallory"])[0], &s.administrator("Ada"), &s.coordinator("Cora")] {
            for page in ["agreement", "agreement/print", "agreement/write", "report", "seen-by"] {
                stranger.finds_nothing(&format!("{here}/{page}"));
            }
        }
        let person = amina.person();
        let export = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(export.contains("Something private") && export.contains("signed_at"), "{export}");
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        tomas.gets(&format!("{here}/agreement")).ok().hides("Something private").shows("Someone who has left");
    });
}
