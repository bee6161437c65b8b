//! What every slice promises, kept for all of them: who uses whom, what is known about people, what happens and is told.

use chiron::slices::{MIGRATIONS, SLICES};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => gather(&path, files),
                false if path.extension().is_some_and(|e| e == "rs") => files.push(path),
                false => {}
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    gather(&root, &mut files);
    files.sort();
    files.into_iter().map(|f| (f.strip_prefix(&root).unwrap().to_owned(), std::fs::read_to_string(&f).unwrap())).collect()
}

/// The code itself: without comments, and without what only tests see. Tests may look anywhere.
fn code(text: &str) -> String {
    let before_tests = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.map(|l| format!("{l}\n")).collect()
}

fn is_test(path: &Path) -> bool {
    path.ends_with("stories.rs") || path.ends_with("story.rs") || path.ends_with("tests.rs")
}

/// The modules of ours that a text names: `crate::asks::…`, and each of `crate::{asks, people::Chip}`.
fn named(text: &str) -> BTreeSet<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => drop(names.insert(word(rest))),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && !c.is_whitespace() => {
                            names.insert(word(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names.remove("");
    names
}

#[test]
fn a_slice_uses_only_those_above_it_and_plumbing_uses_none() {
    let place: BTreeMap<&str, usize> = SLICES.iter().enumerate().map(|(n, s)| (s.name, n)).collect();
    // The list itself, the commands, and what fills a place with people, have all of the product in front of them.
    let may_all = ["slices.rs", "lib.rs", "main.rs", "cli.rs"];
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(p, _)| !is_test(p)) {
        let shown = path.display().to_string();
        let folder = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let is_tool = ["seed", "operate", "demo", "doctor", "import"].contains(&folder);
        if may_all.contains(&shown.as_str()) || is_tool {
            continue;
        }
        for used in named(&code(&text)) {
            match (place.get(folder), place.get(used.as_str())) {
                (Some(own), Some(other)) if other > own => wrong.push(format!("{shown} uses {used}, which comes after {folder}")),
                (None, Some(_)) => wrong.push(format!("{shown} is plumbing and uses the slice {used}")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_product_is_a_slice_of_its_name() {
    let folders: BTreeSet<String> = sources()
        .iter()
        .filter(|(_, text)| text.contains("pub static SLICE: Slice"))
        .map(|(path, _)| path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned())
        .collect();
    let slices: BTreeSet<String> = SLICES.iter().map(|s| s.name.to_owned()).collect();
    assert_eq!(folders, slices);
}

/// A column that refers to a person is in somebody's export and is forgotten by somebody: new data about people cannot
/// slip in unseen.
#[test]
fn everything_that_is_kept_about_a_person_is_exported_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schema.db");
    let db = chiron_store::Db::sqlite(&file, 1).unwrap();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(MIGRATIONS.run(&db)).unwrap();
    let schema = chiron_store::drivers::rusqlite::Connection::open(&file).unwrap();
    let texts = |statement: &str| -> BTreeSet<String> {
        let mut statement = schema.prepare(statement).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let refer = texts(
        "select t.name || '.' || k.\"from\" from sqlite_master t, pragma_foreign_key_list(t.name) k
         where t.type = 'table' and k.\"table\" = 'people'",
    );
    let exist = texts("select t.name || '.' || c.name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'");
    let declared: Vec<&str> = SLICES.iter().flat_map(|s| s.personal).flat_map(|p| p.columns).copied().collect();
    let missing: Vec<_> = refer.iter().filter(|c| !declared.contains(&c.as_str())).collect();
    assert!(missing.is_empty(), "these refer to a person, and no slice exports and forgets them: {missing:#?}");
    let gone: Vec<_> = declared.iter().filter(|c| !exist.contains(**c)).collect();
    assert!(gone.is_empty(), "these are declared, and not in the schema: {gone:#?}");
}

/// Everything between quotes in a text; good enough for the plain words that happenings and tellings are.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn what_happens_is_declared_once_and_does_happen() {
    let mut declared = BTreeMap::new();
    for slice in SLICES {
        for kind in slice.happenings {
            assert_eq!(declared.insert(*kind, slice.name), None, "“{kind}” is declared twice");
        }
    }
    let mut undeclared = Vec::new();
    let mut used: BTreeMap<&str, usize> = declared.keys().map(|k| (*k, 0)).collect();
    for (path, text) in sources().into_iter().filter(|(p, _)| !is_test(p)) {
        let text = code(&text);
        for rest in text.split("Happening::of(").skip(1) {
            if let Some(kind) = rest.trim_start().strip_prefix('"').and_then(|r| r.split('"').next())
                && !declared.contains_key(kind)
            {
                undeclared.push(format!("{}: {kind}", path.display()));
            }
        }
        for kind in quoted(&text) {
            if let Some(n) = used.get_mut(kind) {
                *n += 1;
            }
        }
    }
    assert!(undeclared.is_empty(), "these happen, and no slice declares them:\n{}", undeclared.join("\n"));
    let never: Vec<_> = used.iter().filter(|(_, n)| **n < 2).map(|(k, _)| k).collect();
    assert!(never.is_empty(), "these are declared, and nothing records them: {never:?}");
    for reaction in SLICES.iter().flat_map(|s| s.reactions) {
        assert!(declared.contains_key(reaction.on), "a slice waits for “{}”, which never happens", reaction.on);
    }
}

#[test]
fn whatever_is_told_has_words_and_each_kind_one_home() {
    let mut kinds = BTreeSet::new();
    for telling in SLICES.iter().flat_map(|s| s.tellings) {
        assert!(kinds.insert(telling.kind), "“{}” is told by two slices", telling.kind);
        assert!(!telling.about.is_empty(), "“{}” does not say what it is about, for the page where one chooses", telling.kind);
    }
    let mut deeds = BTreeSet::new();
    for deed in SLICES.iter().flat_map(|s| s.letter_deeds) {
        assert!(deeds.insert(deed.deed), "the letter deed “{}” belongs to two slices", deed.deed);
    }
    let mut nouns = BTreeSet::new();
    for reply in SLICES.iter().flat_map(|s| s.replies) {
        assert!(nouns.insert(reply.noun), "replies to “{}” go to two slices", reply.noun);
    }
    let mut unknown = Vec::new();
    for (path, text) in sources().into_iter().filter(|(p, _)| !is_test(p)) {
        for call in code(&text).split("tell(tx").skip(1) {
            let arguments = call.split(')').next().unwrap_or_default();
            for kind in quoted(arguments).into_iter().filter(|k| !kinds.contains(k)) {
                unknown.push(format!("{}: {kind}", path.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "these are told, and no slice has words for them:\n{}", unknown.join("\n"));
}
