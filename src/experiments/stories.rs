//! Stories about what people try.

use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::story::{Actor, Answer, story};
use chiron_store::sql;

trait Tries {
    fn tries(&self, expects: &str, tries: &str, more: &[(&str, &str)]) -> Answer;
}
impl Tries for Actor<'_> {
    fn tries(&self, expects: &str, tries: &str, more: &[(&str, &str)]) -> Answer {
        let nonce = format!("{tries} {:?}", self.story.now());
        let usual = [("expects", expects), ("tries", tries), ("look_on", "2026-11-09"), ("nonce", &nonce)];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(name, _)| !more.iter().any(|(n, _)| n == name)).chain(more).copied().collect();
        self.posts("/experiments", &all)
    }
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

#[test]
fn p03_what_somebody_tries_comes_back_on_its_day_and_ends_in_what_they_learned() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.sees("/experiments", "Nothing tried yet");
        amina.tries("", "Ask first", &[]).refuses("Please fill this in").shows("Ask first");
        amina.tries("They say more", "Ask first", &[("look_on", "2026-01-01")]).refuses("a day after today").shows("Ask first");
        amina.tries("They say more", "Ask first", &[("look_on", "2027-09-01")]).refuses("What takes longer is a plan");
        let one = amina.tries("They say more", "Ask first", &[("nonce", "n")]).goes();
        assert_eq!(amina.tries("They say more", "Ask first", &[("nonce", "n")]).goes(), one, "the same form twice is one");
        amina.gets(&one).ok().shows("They say more").shows("Monday 9 November").shows("Only you");
        s.days_pass(6);
        s.sweeps_run();
        amina.does_not_see("/today", "What came of what you tried?");
        s.days_pass(2);
        s.sweeps_run();
        amina.is_told("What came of what you tried?");
        amina.sees("/today", "You thought: They say more");
        // It may go on; then it comes back once more.
        amina.posts(&format!("{one}/go-on"), &[("look_on", "2026-01-01")]).refuses("a day after today");
        amina.posts(&format!("{one}/go-on"), &[("look_on", "2026-11-20")]).goes();
        amina.does_not_see("/today", "They say more");
        s.days_pass(12);
        s.sweeps_run();
        amina.sees("/today", "They say more");
        amina
            .posts(&format!("{one}/learn"), &[("outcome", "otherwise"), ("happened", "They said less.")])
            .refuses("Please fill this in")
            .shows("They said less.");
        amina.posts(&format!("{one}/learn"), &[("outcome", "otherwise"), ("learnt", "Silence asks better than I do.")]).goes();
        amina.posts(&format!("{one}/learn"), &[("outcome", "as_expected"), ("learnt", "Something else")]).refuses("already");
        for page in ["/experiments", "/growth", &one] {
            amina.sees(page, "Silence asks better than I do.");
        }
        amina.does_not_see("/today", "They say more");
        for letter in amina.letters() {
            assert!(!letter.text.contains("They say more") && !letter.text.contains("Silence"), "{}", letter.text);
        }
        amina.posts(&format!("{one}/delete"), &[]).goes();
        amina.finds_nothing(&one);
    });
}

#[test]
fn p03_it_is_its_owners_alone_until_shared_with_one_relationship() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let [mallory] = s.people(["Mallory"]);
        let one = amina.tries("They say more", "Ask first", &[]).goes();
        let nobody = |one: &str, others: &[&Actor]| {
            for other in others {
                other.finds_nothing(one);
                for deed in ["learn", "go-on", "share", "delete"] {
                    let fields = [("outcome", "otherwise"), ("learnt", "mine"), ("look_on", "2026-11-20"), ("with", "")];
                    assert_eq!(other.posts(&format!("{one}/{deed}"), &fields).state, 404, "{deed}");
                }
            }
        };
        let (admin, cora) = (s.administrator("Ada"), s.coordinator("Cora"));
        nobody(&one, &[&tomas, &mallory, &admin, &cora]);
        amina.posts(&format!("{one}/share"), &[("with", id_in(&meet))]).goes();
        nobody(&one, &[&mallory, &admin, &cora]);
        tomas.is_told("Amina tries something out");
        tomas.gets(&one).ok().shows("They say more").hides("Keep what I learned").shows("Only you and Amina");
        tomas.sees(&meet, "Ask first");
        assert_eq!(tomas.posts(&format!("{one}/learn"), &[("outcome", "otherwise"), ("learnt", "mine")]).state, 404);
        amina.posts(&format!("{one}/learn"), &[("outcome", "as_expected"), ("learnt", "It works with five.")]).goes();
        tomas.is_told("Amina has learned something");
        tomas.sees(&one, "It works with five.");
        tomas.does_not_see("/growth", "It works with five.");
        amina.posts(&format!("{one}/share"), &[("with", "")]).goes();
        tomas.finds_nothing(&one);
        tomas.does_not_see(&meet, "Ask first");
        // Shared with a relationship of others, or for the goal of somebody else: there is no such thing.
        assert_eq!(mallory.tries("a", "b", &[("with", id_in(&meet))]).state, 404);
        assert_eq!(mallory.tries("a", "b", &[("goal", id_in(&meet))]).state, 404);
    });
}

#[test]
fn p03_what_is_tried_is_sealed_taken_out_and_forgotten() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let one = amina.tries("They say more", "Ask first", &[]).goes();
        amina.posts(&format!("{one}/learn"), &[("outcome", "unclear"), ("learnt", "Too soon.")]).goes();
        type Row = (Vec<u8>, Option<Vec<u8>>);
        let rows: Vec<Row> = s.does(|tx| Ok(tx.all(sql!("select words, learnt from experiments"), &[])?));
        for bytes in rows.iter().flat_map(|(words, learnt)| std::iter::once(words).chain(learnt)) {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("They") && !text.contains("soon"));
        }
        let person = amina.person();
        let taken = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(taken.contains("They say more") && taken.contains("Too soon.") && taken.contains("unclear"));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.finds_nothing(&one);
    });
}
