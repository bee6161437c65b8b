//! Whole rounds, from the bytes of the files to the folder.

use chiron_pairing::command::{Order, Refused, run};
use chiron_pairing::{Elsewhere, Failed, File, Files, Problem, Round, Watch, verify};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate/match").join(name)
}

fn order(folder: &Path) -> Order {
    Order {
        mentees: folder.join("mentees.csv"),
        mentors: Some(folder.join("mentors.csv")),
        rules: Some(folder.join("rules.toml")),
        previous: Some(folder.join("previous.csv")),
        out: folder.join("round"),
        replace: false,
        seed: None,
        threads: 1,
        at: "2026-01-12T12:00:00Z".parse().unwrap(),
    }
}

fn with_watch<T>(then: impl FnOnce(&Watch<'_>) -> T) -> T {
    then(&Watch { stop: &AtomicBool::new(false), tell: &|_| {} })
}

/// A folder with the sample that is shipped.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["mentees.csv", "mentors.csv", "rules.toml", "previous.csv"] {
        std::fs::copy(sample(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join("round").join(name)).unwrap()
}

/// A sheet with its lines in another order: a small generator of our own, so that every run shuffles alike.
fn shuffled(text: &str, mut seed: u64) -> String {
    let (head, rest) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rest.lines().collect();
    for at in (1..lines.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lines.swap(at, (seed >> 33) as usize % (at + 1));
    }
    format!("{head}\n{}\n", lines.join("\n"))
}

fn problems(mentees: &str, mentors: &str, rules: &str) -> Vec<String> {
    let files = Files {
        mentees: File { name: "mentees.csv", bytes: mentees.as_bytes() },
        mentors: Some(File { name: "mentors.csv", bytes: mentors.as_bytes() }),
        rules: Some(File { name: "rules.toml", bytes: rules.as_bytes() }),
        previous: None,
    };
    let told = |problems: Vec<Problem>| problems.iter().map(Problem::to_string).collect();
    match Round::read(&files, "2026-01-12T12:00:00Z".parse().unwrap()) {
        Err(problems) => told(problems),
        Ok(round) => with_watch(|watch| match round.solve(1, watch) {
            Ok(_) => Vec::new(),
            Err(Failed::Problems(problems)) => told(problems),
            Err(Failed::Impossible(why)) => vec![why],
            Err(Failed::Stopped) => vec!["stopped".into()],
        }),
    }
}

const MENTEES: &str = "name,email,wants,languages,grade\nAmina,a@example.org,SQL,en,1\nBao,b@example.org,Excel,cs,2\n";
const MENTORS: &str =
    "name,email,expertise,languages,grade,seats\nLea,l@example.org,\"SQL, Excel\",\"en, cs\",4,2\nTom,t@example.org,Excel,cs,3,1\n";

#[test]
fn a_round_is_written_whole_and_can_be_checked() {
    let folder = folder();
    let done = with_watch(|watch| run(&order(folder.path()), watch)).unwrap();
    assert!(done.sentences[0].contains("mentees have a mentor"), "{:?}", done.sentences);
    let pairs = read(folder.path(), "pairs.csv");
    assert!(pairs.starts_with("mentee,mentee_email,mentee_id,mentor,mentor_email,mentor_id,score,skills,"), "{pairs}");
    // Parts are the whole: the columns between the score and the reasons sum to the score.
    for line in csv::Reader::from_reader(pairs.as_bytes()).records() {
        let line = line.unwrap();
        let numbers: Vec<i64> = line.iter().skip(6).map_while(|cell| cell.parse().ok()).collect();
        assert_eq!(numbers[0], numbers[1..].iter().sum::<i64>(), "{line:?}");
    }
    let unmatched = read(folder.path(), "unmatched.csv");
    assert!(unmatched.contains("Rasa Petrauskaitė") && unmatched.contains("share no language"), "{unmatched}");
    assert!(unmatched.contains("One more seat with"), "{unmatched}");
    let page = read(folder.path(), "report.html");
    for told in ["Amina Diallo", "What else was possible", "Mentors and their load", "What changed", "chiron match verify"] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "the page needs nothing but itself");
    let said = with_watch(|watch| verify(&folder.path().join("round"), &Elsewhere::default(), watch)).unwrap();
    assert!(said.join(" ").contains("no other pairs would be better"), "{said:?}");
}

#[test]
fn the_order_of_lines_and_the_number_of_threads_change_not_a_byte() {
    let folder = folder();
    with_watch(|watch| run(&order(folder.path()), watch)).unwrap();
    let names = ["pairs.csv", "unmatched.csv", "report.html"];
    let first = names.map(|name| read(folder.path(), name));
    for seed in 0..12 {
        for name in ["mentees.csv", "mentors.csv"] {
            let text = std::fs::read_to_string(sample(name)).unwrap();
            std::fs::write(folder.path().join(name), shuffled(&text, seed)).unwrap();
        }
        let again = Order { replace: true, threads: 1 + seed as usize % 2, ..order(folder.path()) };
        with_watch(|watch| run(&again, watch)).unwrap();
        for (name, first) in names.iter().zip(&first) {
            assert_eq!(&read(folder.path(), name), first, "{name}, shuffle {seed}");
        }
    }
}

#[test]
fn whatever_was_changed_afterwards_is_found_out() {
    let folder = folder();
    with_watch(|watch| run(&order(folder.path()), watch)).unwrap();
    let round = folder.path().join("round");
    let check = || with_watch(|watch| verify(&round, &Elsewhere::default(), watch));
    let change = |file: PathBuf, from: &str, to: &str, said: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from} is in {}", file.display());
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let why = check().expect_err(said);
        assert!(why.contains(said), "{why}");
        std::fs::write(&file, text).unwrap();
    };
    change(round.join("pairs.csv"), "Hugo Blanc", "Hugo Noir", "pairs.csv was changed");
    change(round.join("unmatched.csv"), "Rasa", "Basa", "unmatched.csv was changed");
    change(round.join("report.html"), "Amina", "Anna", "report.html was changed");
    change(folder.path().join("mentees.csv"), "Amina", "Anna", "mentees.csv is not the file");
    change(folder.path().join("rules.toml"), "skills = 40", "skills = 41", "rules.toml is not the file");
    change(round.join("audit.json"), "\"score\":", "\"scores\":", "audit.json is not one of ours");
    // Whoever changes the pairs and the hashes as well meets the prices.
    let audit = std::fs::read_to_string(round.join("audit.json")).unwrap();
    let (before, rest) = audit.split_once("\"pairs\":[[").unwrap();
    let (pair, after) = rest.split_once(']').unwrap();
    let (mentee, mentor) = pair.split_once(',').unwrap();
    let other = (mentor.parse::<u32>().unwrap() + 1) % 9;
    std::fs::write(round.join("audit.json"), format!("{before}\"pairs\":[[{mentee},{other}]{after}")).unwrap();
    let why = check().expect_err("the pairs were changed");
    assert!(why.contains("the proof does not hold") && !why.contains("mentee 0"), "{why}");
    std::fs::write(round.join("audit.json"), audit).unwrap();
    assert!(check().is_ok());
    std::fs::rename(folder.path().join("mentors.csv"), folder.path().join("elsewhere.csv")).unwrap();
    assert!(check().expect_err("mentors.csv is gone").contains("say where with --mentors"));
    let elsewhere = Elsewhere { mentors: Some(folder.path().join("elsewhere.csv")), ..Elsewhere::default() };
    assert!(with_watch(|watch| verify(&round, &elsewhere, watch)).is_ok());
}

#[test]
fn nothing_is_written_over_and_nothing_half_written() {
    let folder = folder();
    let order = order(folder.path());
    with_watch(|watch| run(&order, watch)).unwrap();
    let again = with_watch(|watch| run(&order, watch));
    assert!(matches!(again, Err(Refused::Said(why)) if why.contains("is there already")));
    let stopped = Order { out: folder.path().join("other"), ..order };
    let stop = AtomicBool::new(true);
    assert!(matches!(run(&stopped, &Watch { stop: &stop, tell: &|_| {} }), Err(Refused::Stopped)));
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["mentees.csv", "mentors.csv", "previous.csv", "round", "rules.toml"]);
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_probably_meant() {
    let mentees = "name,email,grade,seats\n\nAmina,a@example.org,1,\n,,2,\nBao,not an address,,\nCem,A@example.org,,\n\"Dora\nE\",d@example.org,,1,2,3\n";
    assert_eq!(
        problems(mentees, MENTORS, ""),
        [
            "mentees.csv, line 4, name: everybody needs a name or an address.",
            "mentees.csv, line 5, email: “not an address” is no mail address.",
            "mentees.csv, line 6, email: line 3 has the same one already.",
            "mentees.csv, line 7: this has 6 cells where the heads are 4; is a quotation mark missing?",
        ]
    );
    for (rules, said) in [
        (
            "[must]\nshare_langauge = true\n",
            "rules.toml, line 2, share_langauge: there is no such rule under [must]. Did you mean “share_language”?",
        ),
        ("[mst]\n", "rules.toml, line 1, mst: there is no such rule. Did you mean “must”?"),
        ("[must]\nskills = 3\n", "rules.toml, line 2, skills: there is no such rule under [must]. “skills” belongs under [score]."),
        ("[must\n", "rules.toml, line 1: this does not read as TOML"),
        ("[must]\ndiffer = [\"tem\"]\n", "rules.toml, differ: there is no column “tem” in mentees.csv."),
        ("[report]\ncompare = [\"tem\"]\n", "rules.toml, compare: there is no column “tem” in mentees.csv."),
        ("[score]\nskills = -1\n", "rules.toml, line 2, skills: this is a whole number from 0 to 1000."),
        ("[score]\nhours = 3\n", "rules.toml, line 2, hours: this needs a column with free hours in mentees.csv, which has none."),
        ("[must]\nlock = [[\"Amina\", \"Nobody\"]]\n", "rules.toml, lock: there is no mentor “Nobody” in the sheets."),
        (
            "[must]\nlock = [[\"Amina\", \"Tom\"]]\n",
            "rules.toml, lock: Amina and Tom are locked together, and another rule forbids it: Tom shares no language with them.",
        ),
        ("[[floor]]\ncolumn = \"grade\"\ngroup = \"9\"\nleast = 1\n", "rules.toml, line 1, floor: nobody is in grade “9”."),
        ("[seats]\nleast = 1\n[must]\nnever = [[\"Bao\", \"Tom\"]]\n", "Tom is to have at least 1"),
    ] {
        let told = problems(MENTEES, MENTORS, rules);
        assert!(told.iter().any(|problem| problem.starts_with(said)), "{rules}: {told:?}");
    }
    assert_eq!(
        problems("a,b\n1,2\n", MENTORS, ""),
        ["mentees.csv, line 1: there is no column of names or addresses. The columns are: a, b."]
    );
    assert_eq!(problems(MENTEES, MENTORS, ""), Vec::<String>::new());
}

/// Everything wrong with the rules is told from the top of the file to its end.
#[test]
fn faults_of_rules_come_in_the_order_of_the_file() {
    let told = problems(MENTEES, MENTORS, "[seats]\neach = -1\n[must]\nshare_skill = 3\n[aim]\nseed = -1\n");
    let lines: Vec<bool> = [2, 4, 6].into_iter().zip(&told).map(|(line, told)| told.contains(&format!("line {line},"))).collect();
    assert_eq!(lines, [true; 3], "{told:?}");
}

/// Whoever has nobody is told what would help, and not what only takes a mentor from somebody else as if it would.
#[test]
fn what_would_help_is_said_as_one_would_say_it() {
    let sheets = |mentors: &str| {
        let folder = tempfile::tempdir().unwrap();
        let people = "name,wants,languages\nAmina,SQL,English\nBao,SQL,English\nCem,SQL,Czech\n";
        std::fs::write(folder.path().join("mentees.csv"), people).unwrap();
        std::fs::write(folder.path().join("mentors.csv"), mentors).unwrap();
        let order = Order { rules: None, previous: None, ..order(folder.path()) };
        let done = with_watch(|watch| run(&order, watch)).unwrap();
        (read(folder.path(), "unmatched.csv"), done.columns.join(" "))
    };
    let (unmatched, said) = sheets("name,offers,languages\nLea,SQL,English\n");
    assert!(unmatched.contains("One more seat with Lea would match them (score 10,000)."), "{unmatched}");
    assert!(unmatched.contains("Of 1 mentor 1 shares no language with them."), "{unmatched}");
    assert!(unmatched.contains("Leaving out one rule would not be enough"), "{unmatched}");
    assert!(said.contains("Not counted, because the sheets have no column for it: “Goals and experience”"), "{said}");
    let (unmatched, _) = sheets("name,offers,languages\nLea,SQL,Welsh\nTom,Excel,Welsh\n");
    assert!(unmatched.contains("Of 2 mentors 2 share no language with them."), "{unmatched}");
    assert!(unmatched.contains("Leaving out for them the rule that the two share a language would match them."), "{unmatched}");
    assert!(unmatched.contains("mentor,Lea,,,The rules leave nobody who may be theirs."), "{unmatched}");
}

/// Every example of the page is one that the program understands, and says back in a sentence.
#[test]
fn every_rule_of_the_page_is_read() {
    let page = include_str!("../../../docs/operate/match.md");
    let examples = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut count = 0;
    for example in examples {
        let example = example.lines().filter(|line| !line.contains("for = \"mentee\"")).collect::<Vec<_>>().join("\n");
        let rules = chiron_pairing::Rules::read("rules.toml", &example).unwrap_or_else(|e| panic!("{example}: {e:?}"));
        assert!(rules.sentences().iter().all(|(_, sentences)| !sentences.is_empty()));
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn one_file_may_hold_both_sides_as_forms_write_it() {
    let form = "Timestamp\tEmail Address\tYour name\tI would like to join as a…\tAreas of expertise (mentors)\tWhat would you like to develop?\tAvailability [Monday]\n\
        1/2/2026 9:00\ta@example.org\tAmina\tMentee\t\tSQL, Excel\tMorning, Evening\n\
        1/2/2026 9:05\tl@example.org\tLea\tMentor\tSQL\t\tEvening\n\
        1/2/2026 9:07\tb@example.org\tBao\tBoth\tExcel\tPublic speaking\t\n";
    let rules = "[columns]\n\"I would like to join as a…\" = \"role\"\n[score]\nskills = 2\nhours = 1\n";
    let files = Files {
        mentees: File { name: "form.tsv", bytes: form.as_bytes() },
        mentors: None,
        rules: Some(File { name: "rules.toml", bytes: rules.as_bytes() }),
        previous: None,
    };
    let round = Round::read(&files, "2026-01-12T12:00:00Z".parse().unwrap()).unwrap();
    let outcome = with_watch(|watch| round.solve(1, watch)).unwrap();
    let pairs: Vec<(&str, &str)> =
        outcome.in_order().iter().map(|(a, b)| (outcome.mentee(*a).name.as_str(), outcome.mentor(*b).name.as_str())).collect();
    assert_eq!(pairs, [("Amina", "Bao"), ("Bao", "Lea")], "both have somebody, and nobody themselves");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is in the files: an answer in words, never a panic.
    #[test]
    fn any_sheets_and_rules_have_an_answer(
        mentees in "(name|email|wants|hours|zone|grade|never with|prefers|languages|role|\"|;|,|\n|[a-z0-9:@. -]){0,120}",
        rules in "(\\[must\\]\n|\\[score\\]\n|\\[seats\\]\n|skills = 1\n|same\\.grade = 2\n|differ = [\"grade\"]\n|least = 1\n|each = [0-9]\n|[a-z_]{1,8} = [a-z0-9\"]{1,4}\n){0,6}",
    ) {
        problems(&format!("name,email,wants\n{mentees}"), MENTORS, &rules);
        problems(&mentees, MENTORS, "");
    }

    /// The line that is told is the line that is wrong, however many blank lines and broken cells stand before it.
    #[test]
    fn the_line_that_is_told_is_the_one_that_is_wrong(before in proptest::collection::vec((0_u8..3, "[a-z]{1,5}"), 0..12)) {
        let (mut sheet, mut line) = ("name,email,wants\n".to_owned(), 2);
        for (at, (kind, word)) in before.iter().enumerate() {
            match kind {
                0 => sheet.push_str(&format!("P{at},p{at}@example.org,{word}\n")),
                1 => sheet.push('\n'),
                _ => { sheet.push_str(&format!("P{at},p{at}@example.org,\"{word}\n,\"\"x\"\"\"\r\n")); line += 1; }
            }
            line += 1;
        }
        sheet.push_str("Zoe,nowhere,SQL\n");
        let said = format!("mentees.csv, line {line}, email: “nowhere” is no mail address.");
        prop_assert_eq!(problems(&sheet, MENTORS, ""), vec![said]);
    }

    /// Scores are the sums of their parts, and what is reckoned for one pair is what was reckoned for the row.
    #[test]
    fn a_score_is_the_sum_of_its_parts(people in proptest::collection::vec(("[a-d]{1,2}", 0_u8..4, 0_u8..5, 0_usize..4), 2..8), weights in proptest::array::uniform5(0_u16..50)) {
        let topics = ["", "SQL", "Excel, Leadership", "basket weaving"];
        let (mut mentees, mut mentors) = ("name,wants,goals,grade,team,prefers,hours\n".to_owned(), "name,offers,experience,grade,team,prefers,hours,seats\n".to_owned());
        for (at, (team, grade, hour, topic)) in people.iter().enumerate() {
            let hours = if *hour == 0 { String::new() } else { format!("Mon {}-{}", 8 + hour, 11 + hour) };
            mentees.push_str(&format!("M{at},\"{}\",learn {team},{grade},{team},{},{hours}\n", topics[*topic], if *hour > 2 { "T0;T1" } else { "" }));
            mentors.push_str(&format!("T{at},\"{}\",taught {team},{},{team},{},{hours},1\n", topics[3 - *topic], grade + 1, if *grade > 1 { "M1" } else { "" }));
        }
        let [skills, goals, team, wishes, hours] = weights;
        let rules = format!("[score]\nskills = {skills}\ngoals = {goals}\nsame.team = {team}\nmentee_wishes = {wishes}\nmentor_wishes = {wishes}\nhours = {hours}\nseniority = {{ weight = 3, for = \"mentee\" }}\n");
        let files = Files {
            mentees: File { name: "mentees.csv", bytes: mentees.as_bytes() },
            mentors: Some(File { name: "mentors.csv", bytes: mentors.as_bytes() }),
            rules: Some(File { name: "rules.toml", bytes: rules.as_bytes() }),
            previous: None,
        };
        let round = Round::read(&files, "2026-01-12T12:00:00Z".parse().unwrap()).unwrap();
        let outcome = with_watch(|watch| round.solve(2, watch)).unwrap();
        for mentee in 0..people.len() as u32 {
            let (mentors, scores) = outcome.problem.row(mentee);
            for (mentor, score) in mentors.iter().zip(scores) {
                let parts = outcome.scoring.parts(mentee, *mentor);
                prop_assert_eq!(parts.iter().map(|part| part.points).sum::<i32>(), *score);
                prop_assert_eq!(outcome.scoring.total(mentee, *mentor), *score);
                prop_assert!((0..=10_000).contains(score));
            }
        }
    }
}
