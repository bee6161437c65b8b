//! `chiron match` as whoever runs it meets it: the words it prints, its exit code, and what is on the disk afterwards.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate/match").join(name).display().to_string()
}

fn says(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chiron"));
    command.arg("match").args(args);
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("CHIRON_")) {
        command.env_remove(name);
    }
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn matched(out: &Path) -> Output {
    let (mentees, mentors, rules, previous) = (sample("mentees.csv"), sample("mentors.csv"), sample("rules.toml"), sample("previous.csv"));
    let out = out.display().to_string();
    says(&["--mentees", &mentees, "--mentors", &mentors, "--rules", &rules, "--previous", &previous, "--week", "2026-01-12", "--out", &out])
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn p13_two_spreadsheets_become_pairs_that_can_be_checked() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("round");
    let done = matched(&out);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    assert!(said.contains("mentees have a mentor") && said.contains("“Line manager” is read as the manager"), "{said}");
    assert_eq!(listed(&out).len(), 4);
    let out_name = out.display().to_string();
    let checked = says(&["verify", &out_name]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("no other pairs would be better"));
    std::fs::write(out.join("pairs.csv"), "mentee,mentor\n").unwrap();
    let checked = says(&["verify", &out_name]);
    assert!(!checked.status.success());
    assert!(text(&checked.stderr).contains("pairs.csv was changed"), "{}", text(&checked.stderr));
}

#[test]
fn p13_an_earlier_round_and_a_faulty_sheet_leave_everything_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("round");
    assert!(matched(&out).status.success());
    let before = std::fs::read(out.join("audit.json")).unwrap();
    let again = matched(&out);
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("is there already"), "{}", text(&again.stderr));
    assert_eq!(std::fs::read(out.join("audit.json")).unwrap(), before);
    let faulty = place.path().join("mentees.csv");
    std::fs::write(&faulty, "name,email\nAmina,nowhere\n").unwrap();
    let other = place.path().join("other").display().to_string();
    let refused = says(&["--mentees", &faulty.display().to_string(), "--mentors", &sample("mentors.csv"), "--out", &other]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("mentees.csv, line 2, email: “nowhere” is no mail address."), "{}", text(&refused.stderr));
    assert_eq!(listed(place.path()), [faulty, out]);
}

#[test]
fn p13_rules_are_said_back_in_sentences() {
    let said = says(&["--explain-rules", "--rules", &sample("rules.toml")]);
    assert!(said.status.success());
    let said = text(&said.stdout);
    for sentence in
        ["The mentor stands 1 to 4 steps above the mentee.", "40: the mentor offers what the mentee wants", "with the seed 2026"]
    {
        assert!(said.contains(sentence), "{said}");
    }
}

/// Interrupted while it works, a round leaves nothing behind; one that was quicker than the signal is whole.
#[cfg(unix)]
#[test]
fn p13_a_round_that_is_interrupted_leaves_nothing_half_written() {
    let place = tempfile::tempdir().unwrap();
    let sheets: Vec<String> = ["mentees", "mentors"]
        .iter()
        .map(|side| {
            let mut sheet = String::from("name,email,skills,languages\n");
            for n in 0..4_000 {
                let skills = format!("skill {}; skill {}; skill {}", n % 7, n % 11, n % 13);
                sheet += &format!("{side} {n},{side}{n}@example.org,{skills},en\n");
            }
            let file = place.path().join(side).with_extension("csv");
            std::fs::write(&file, sheet).unwrap();
            file.display().to_string()
        })
        .collect();
    let rounds = place.path().join("rounds");
    std::fs::create_dir(&rounds).unwrap();
    let out = rounds.join("round").display().to_string();
    let mut working = Command::new(env!("CARGO_BIN_EXE_chiron"))
        .args(["match", "--mentees", &sheets[0], "--mentors", &sheets[1], "--out", &out])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let sent = Command::new("kill").args(["-INT", &working.id().to_string()]).status().unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut working.stderr.take().unwrap(), &mut said).unwrap();
    match working.wait().unwrap().code() {
        Some(0) => return assert_eq!(listed(Path::new(&out)).len(), 4),
        Some(code) => assert!(sent.success() && code == 130 && said.contains("Stopped"), "{code}: {said}"),
        // So slow a machine that the signal came before the program had begun.
        None => {}
    }
    assert_eq!(listed(&rounds), Vec::<PathBuf>::new());
}
