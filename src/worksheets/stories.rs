//! Stories about worksheets.

use super::ready::READY;
use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

trait Asks {
    fn makes(&self, title: &str) -> String;
    fn adds(&self, sheet: &str, kind: &str, ask: &str, more: &[(&str, &str)]) -> Answer;
    fn takes(&self, ready: &str) -> String;
    fn gives(&self, sheet: &str, to: &str, more: &[(&str, &str)]) -> Answer;
    fn fills(&self, given: &str, answers: &[(&str, &str)]) -> Answer;
}

impl Asks for Actor<'_> {
    fn makes(&self, title: &str) -> String {
        self.posts("/worksheets", &[("title", title), ("nonce", title)]).goes()
    }
    fn adds(&self, sheet: &str, kind: &str, ask: &str, more: &[(&str, &str)]) -> Answer {
        self.posts(&format!("{sheet}/questions"), &[&[("kind", kind), ("ask", ask)], more].concat())
    }
    fn takes(&self, ready: &str) -> String {
        self.posts("/worksheets", &[("ready", ready), ("nonce", ready)]).goes()
    }
    fn gives(&self, sheet: &str, to: &str, more: &[(&str, &str)]) -> Answer {
        let nonce = format!("{sheet} {to} {:?}", self.story.now());
        self.posts(&format!("{sheet}/give"), &[&[("to", to), ("nonce", &nonce)], more].concat())
    }
    fn fills(&self, given: &str, answers: &[(&str, &str)]) -> Answer {
        let named: Vec<(String, &str)> = answers.iter().map(|(letter, answer)| (format!("answer-{letter}"), *answer)).collect();
        let fields: Vec<(&str, &str)> = named.iter().map(|(name, answer)| (name.as_str(), *answer)).collect();
        self.posts(given, &[fields.as_slice(), &[("do", "hand-in")]].concat())
    }
}

trait Keeps {
    fn keeps(self, typed: &str) -> Self;
}
impl Keeps for Answer {
    /// A field still has what was typed.
    #[track_caller]
    fn keeps(self, typed: &str) -> Self {
        assert!(self.html().contains(&format!("value=\"{typed}\"")), "“{typed}” was lost");
        self
    }
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// A worksheet with two numbers and what is worked out from them.
fn hours(coach: &Actor) -> String {
    let sheet = coach.makes("My week");
    coach.adds(&sheet, "number", "Hours for what matters", &[("unit", "hours")]).goes();
    coach.adds(&sheet, "number", "Hours in all", &[("unit", "hours")]).goes();
    coach.adds(&sheet, "computed", "How much of it", &[("formula", "percent(A, B)"), ("unit", "of 100"), ("measured", "yes")]).goes();
    sheet
}

#[test]
fn p40_a_worksheet_is_put_together_without_code_and_what_is_wrong_is_said_in_words() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        tomas.posts("/worksheets", &[("title", ""), ("nonce", "n")]).refuses("Please fill this in");
        let sheet = tomas.makes("My week");
        assert_eq!(tomas.makes("My week"), sheet, "the same form twice is one");
        tomas.sees(&sheet, "No question yet");
        tomas.gets(&sheet).ok().hides("Give it").hides("Worked out");
        tomas.posts(&format!("{sheet}/give"), &[("to", "me"), ("nonce", "n")]).refuses("no question on it yet");
        tomas.adds(&sheet, "number", "Hours for what matters", &[("unit", "hours")]).goes();
        tomas.adds(&sheet, "words", "What went well?", &[]).goes();
        tomas.adds(&sheet, "scale", "Energy", &[("span", "1-5"), ("low", "worn out")]).refuses("Please fill this in").keeps("worn out");
        tomas.adds(&sheet, "scale", "Energy", &[("span", "1-5"), ("low", "worn out"), ("high", "plenty")]).goes();
        tomas.adds(&sheet, "choice", "Which", &[("options", "One")]).refuses("two to twelve");
        tomas.adds(&sheet, "choice", "Which", &[("options", "One\nOther\nOne\n")]).goes();
        for (formula, words) in [
            ("A +", "ends too soon"),
            ("A + B", "B is not a number"),
            ("A + Z", "There is no question Z"),
            ("E + 1", "worked out from itself"),
            ("power(A)", "nothing that can be worked out"),
        ] {
            tomas.adds(&sheet, "computed", "All", &[("formula", formula)]).refuses(words).keeps(formula);
        }
        tomas.adds(&sheet, "computed", "All", &[("formula", "A * C"), ("measured", "yes")]).goes();
        tomas.gets(&sheet).ok().shows("Hours for what matters").shows("1 (worn out) to 5 (plenty)").shows("One, Other").shows("= A * C");
        // Changed, moved and taken out; what is worked out keeps what it stands on.
        let change = [("kind", "computed"), ("ask", "All"), ("formula", "E * 2")];
        tomas.posts(&format!("{sheet}/questions/E"), &change).refuses("worked out from itself");
        tomas.posts(&format!("{sheet}/questions/C/remove"), &[]).refuses("E is worked out from C");
        tomas.posts(&format!("{sheet}/questions/B/up"), &[]).goes();
        let page = tomas.gets(&sheet).ok().text();
        assert!(page.find("What went well").expect("there") < page.find("Hours for").expect("there"), "moved up");
        tomas.posts(&format!("{sheet}/questions/D/remove"), &[]).goes();
        tomas.adds(&sheet, "words", "And next?", &[]).goes();
        tomas.sees(&sheet, "F: And next?");
        // Whoever else it is: it is not there.
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.administrator("Ada"), &s.coordinator("Cora")] {
            for path in
                [sheet.clone(), format!("{sheet}/give"), format!("{sheet}/questions/A"), format!("{sheet}/questions/new?kind=words")]
            {
                other.finds_nothing(&path);
            }
            for deed in ["", "/copy", "/put-away", "/questions", "/questions/A", "/questions/A/remove", "/give"] {
                let fields = [("title", "Mine"), ("nonce", "m"), ("to", "me"), ("kind", "words"), ("ask", "?")];
                assert_eq!(other.posts(&format!("{sheet}{deed}"), &fields).state, 404, "{deed}");
            }
        }
        let copy = tomas.posts(&format!("{sheet}/copy"), &[("nonce", "c")]).goes();
        tomas.sees(&copy, "What went well?");
        tomas.posts(&format!("{sheet}/put-away"), &[]).goes();
        tomas.sees("/worksheets", "My week");
        tomas.posts(&format!("{copy}/put-away"), &[]).goes();
        tomas.does_not_see("/worksheets", "And next?");
    });
}

#[test]
fn p40_it_is_given_filled_in_handed_in_and_written_beside() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let sheet = hours(&tomas);
        tomas.gives(&sheet, id_in(&meet), &[("due_on", "2026-01-01")]).refuses("from today on");
        let given = tomas.gives(&sheet, id_in(&meet), &[("due_on", "2026-11-05")]).goes();
        amina.is_told("Tomas gives you a worksheet");
        amina.sees(&meet, "My week");
        amina.sees("/worksheets", "My week");
        amina.gets(&given).ok().shows("Hours in all").shows("A has no answer yet").hides("A word beside");
        tomas.sees(&given, "has not handed it in yet");

        // Kept for later is nobody else's; what is wrong is said and stays as it was typed.
        amina.posts(&given, &[("answer-A", "ten"), ("do", "keep")]).refuses("such as 12 or 2.5").keeps("ten");
        amina.posts(&given, &[("answer-A", "13,75"), ("do", "keep")]).goes();
        amina.gets(&given).ok().keeps("13.75").shows("B has no answer yet");
        assert!(!tomas.gets(&given).ok().html().contains("13.75"));
        amina.fills(&given, &[]).refuses("answer one of the questions first");
        amina.fills(&given, &[("A", "13,75"), ("B", "55")]).goes();
        amina.gets(&given).ok().shows("13.75 hours").shows("25 of 100");
        tomas.is_told("Amina has filled in the worksheet you gave");
        tomas.sees(&meet, "My week");
        tomas.gets(&given).ok().shows("13.75 hours").shows("25 of 100");

        // Taken back until it is read, and then no more.
        amina.posts(&format!("{given}/take-back"), &[]).goes();
        tomas.gets(&given).ok().hides("13.75");
        amina.fills(&given, &[("A", "12"), ("B", "48")]).goes();
        tomas.posts(&format!("{given}/notes"), &[("note-A", "More than last week."), ("note", "What would make it fifteen?")]).goes();
        amina.is_told("Tomas has written beside your answers");
        amina.gets(&given).ok().shows("More than last week.").shows("What would make it fifteen?");
        amina.posts(&format!("{given}/take-back"), &[]).refuses("changed a moment before");
        assert_eq!(amina.posts(&format!("{given}/notes"), &[("note", "mine")]).state, 404, "nobody writes beside their own");
        assert_eq!(tomas.fills(&given, &[("A", "1")]).state, 404, "nor answers for another");

        // No letter and no notice says what was answered, and nobody else finds it.
        for letter in amina.letters().into_iter().chain(tomas.letters()) {
            assert!(!letter.text.contains("48") && !letter.text.contains("fifteen") && !letter.text.contains("Hours"));
        }
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.administrator("Ada"), &s.coordinator("Cora")] {
            other.finds_nothing(&given);
            for deed in ["", "/take-back", "/set-aside", "/take-up", "/day", "/notes", "/again", "/withdraw"] {
                assert_eq!(other.posts(&format!("{given}{deed}"), &[("do", "keep"), ("nonce", "m")]).state, 404, "{deed}");
            }
            other.finds_nothing(&format!("{meet}/worksheets"));
        }
    });
}

#[test]
fn p40_a_number_that_is_followed_makes_a_line_without_any_code() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let sheet = hours(&tomas);
        let mut given = tomas.gives(&sheet, id_in(&meet), &[("due_on", "2026-11-05"), ("again", "7")]).goes();
        let tab = format!("{meet}/worksheets");
        for (week, (hours, share)) in [("4", "10"), ("8", "20"), ("12", "30")].into_iter().enumerate() {
            amina.fills(&given, &[("A", hours), ("B", "40")]).goes();
            amina.gets(&given).ok().shows(&format!("{share} of 100"));
            // The next comes by itself, a week later, once.
            let open: Vec<(String,)> =
                s.does(|tx| Ok(tx.all(sql!("select due_on from worksheet_assignments where state = 'given' limit 9"), &[])?));
            assert_eq!(open.len(), 1, "week {week}");
            let page = amina.gets("/worksheets").ok().html();
            let link = page.split("href=\"/assignments/").nth(1).and_then(|rest| rest.split('"').next()).expect("the next one");
            given = format!("/assignments/{link}");
            s.days_pass(7);
            for one in [&amina, &tomas] {
                one.posts("/worksheets", &[("title", "x"), ("nonce", "stay signed in")]);
            }
        }
        for one in [&amina, &tomas] {
            let page = one.gets(&tab).ok().shows("My week: How much of it (of 100)").shows("30");
            assert!(page.html().contains("<svg"), "drawn, with a table beside it");
        }
        amina.gets("/growth").ok().shows("From your worksheets").shows("How much of it");
        tomas.does_not_see("/growth", "How much of it");
        // Set aside, it does not come any more.
        amina.posts(&format!("{given}/set-aside"), &[]).goes();
        tomas.sees(&given, "has set it aside for now");
        amina.posts(&format!("{given}/take-up"), &[]).goes();
        amina.fills(&given, &[("A", "20"), ("B", "40")]).goes();
        let open: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from worksheet_assignments where state = 'given'"), &[])?));
        assert_eq!(open.0, 0);
        // Once more, by either.
        let again = tomas.posts(&format!("{given}/again"), &[("nonce", "a")]).goes();
        assert_eq!(tomas.posts(&format!("{given}/again"), &[("nonce", "a")]).goes(), again);
        amina.sees(&again, "Hours in all");
        tomas.posts(&format!("{again}/withdraw"), &[]).goes();
        amina.finds_nothing(&again);
    });
}

#[test]
fn p40_it_reminds_on_its_morning_and_once_more_and_not_while_set_aside() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let sheet = hours(&tomas);
        let given = tomas.gives(&sheet, id_in(&meet), &[("due_on", "2026-11-10")]).goes();
        let told = |words: &str| amina.was_told().iter().filter(|told| told.title.contains(words)).count();
        amina.does_not_see("/today", "My week");
        s.days_pass(6);
        assert_eq!(told("A worksheet waits"), 0);
        amina.sees("/today", "My week");
        // On the morning of its day, once more three days later, and then no more.
        let times: Vec<usize> = (9..20)
            .map(|_| {
                s.days_pass(1);
                s.sweeps_run();
                told("A worksheet waits")
            })
            .collect();
        assert_eq!(times, [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
        amina.posts(&format!("{given}/day"), &[("due_on", "2026-01-01")]).refuses("from today on");
        let soon = (s.now() + jiff::SignedDuration::from_hours(48)).in_zone(&jiff::tz::TimeZone::UTC).date().to_string();
        amina.posts(&format!("{given}/day"), &[("due_on", &soon)]).goes();
        amina.posts(&format!("{given}/set-aside"), &[]).goes();
        let before = amina.was_told().len();
        s.days_pass(5);
        s.sweeps_run();
        assert_eq!(amina.was_told().len(), before, "what is set aside asks nobody");
    });
}

#[test]
fn p40_one_fills_in_a_ready_one_for_oneself_alone() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        for ready in READY {
            amina.gets(&format!("/worksheets/ready/{}", ready.name)).ok().shows(ready.title).shows("Take a copy");
        }
        amina.finds_nothing("/worksheets/ready/none");
        let sheet = amina.takes("all-round");
        let given = amina.gives(&sheet, "me", &[]).goes();
        let areas: Vec<(String, String)> = ('A'..='H').zip(3..).map(|(letter, level)| (letter.to_string(), level.to_string())).collect();
        let areas: Vec<(&str, &str)> = areas.iter().map(|(letter, level)| (letter.as_str(), level.as_str())).collect();
        amina.fills(&given, &[("A", "11")]).refuses("from 0 to 10");
        amina.fills(&given, &areas).goes();
        amina.gets(&given).ok().shows("6.5 of 10").shows("Only you");
        tomas.finds_nothing(&given);
        tomas.does_not_see(&format!("{meet}/worksheets"), "A look all round");
        assert!(!tomas.was_told().iter().any(|told| told.title.contains("worksheet")));
    });
}

#[test]
fn p40_what_is_written_is_sealed_taken_out_and_forgotten() {
    story(|s: &Story| {
        let ([amina, tomas], meet) = two(s);
        let sheet = tomas.makes("Quiet questions");
        tomas.adds(&sheet, "words", "What do you not say aloud?", &[]).goes();
        let given = tomas.gives(&sheet, id_in(&meet), &[]).goes();
        amina.fills(&given, &[("A", "That I am tired of it.")]).goes();
        tomas.posts(&format!("{given}/notes"), &[("note", "Thank you for saying it here.")]).goes();
        let own = amina.gives(&amina.takes("my-week"), "me", &[]).goes();
        amina.fills(&own, &[("E", "I went home at five.")]).goes();
        type Row = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);
        let rows: Vec<Row> = s.does(|tx| Ok(tx.all(sql!("select paper, answers, notes from worksheet_assignments limit 9"), &[])?));
        for (paper, answers, notes) in &rows {
            for bytes in [Some(paper), answers.as_ref(), notes.as_ref()].into_iter().flatten() {
                let text = String::from_utf8_lossy(bytes);
                assert!(!["aloud", "tired", "Thank", "five"].iter().any(|word| text.contains(word)));
            }
        }
        let person = amina.person();
        let taken = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(taken.contains("That I am tired of it.") && taken.contains("I went home at five.") && !taken.contains("Thank you"));
        let person = tomas.person();
        let taken = s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(taken.contains("Thank you for saying it here.") && !taken.contains("tired"), "what is another's is theirs to take out");
        let person = amina.person();
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        tomas.finds_nothing(&given);
        let left: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from worksheet_assignments"), &[])?));
        assert_eq!(left.0, 0);
    });
}
