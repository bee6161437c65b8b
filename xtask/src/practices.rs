//! Which practices are delivered: the table in `docs/practices.md`, held against the stories.

use crate::{Done, shell};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

struct Practice {
    code: String,
    title: String,
    pages: String,
}

/// The stories of each practice, as lines that say where they are.
type Stories = BTreeMap<String, Vec<String>>;

pub fn run() -> Done<bool> {
    let table = std::fs::read_to_string(shell::root().join("docs/practices.md")).map_err(|e| format!("docs/practices.md: {e}"))?;
    let practices = read_table(&table);
    let stories = find_stories(shell::root());
    let mut without = Vec::new();
    for Practice { code, title, pages } in &practices {
        println!("{code}  {title}\n     {pages}");
        match stories.get(code) {
            Some(found) => found.iter().for_each(|story| println!("     - {story}")),
            None => {
                println!("     no story shows it yet");
                without.push(code.as_str());
            }
        }
    }
    for code in stories.keys().filter(|code| practices.iter().all(|practice| practice.code != **code)) {
        println!("{code}  has stories, and no row in docs/practices.md yet");
    }
    if practices.is_empty() {
        return Err("docs/practices.md has no row that begins with | P01 |".into());
    }
    if !without.is_empty() {
        return Err(format!("no story shows {}", without.join(", ")));
    }
    Ok(true)
}

/// Rows of the form `| P16 | title | pages |`.
fn read_table(markdown: &str) -> Vec<Practice> {
    markdown
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let (code, title, pages) = (cells.next()?, cells.next()?, cells.next()?);
            is_code(code).then(|| Practice { code: code.into(), title: title.into(), pages: pages.replace('`', "") })
        })
        .collect()
}

fn find_stories(root: &Path) -> Stories {
    let mut stories = Stories::new();
    let mut files = Vec::new();
    for dir in ["src", "crates", "tests"] {
        collect(&root.join(dir), &mut files);
    }
    files.sort();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let find = match file.extension().and_then(|e| e.to_str()) {
            Some("rs") => rust_story as fn(&str) -> Option<(String, String)>,
            Some("mjs") if name.ends_with(".story.mjs") => browser_story,
            _ => continue,
        };
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        for (code, title) in text.lines().filter_map(find) {
            stories.entry(code).or_default().push(format!("{title} ({name})"));
        }
    }
    stories
}

/// `fn p16_a_decline_says_why()` is the story "a decline says why" of P16.
fn rust_story(line: &str) -> Option<(String, String)> {
    let line = line.trim_start().trim_start_matches("async ");
    let name = line.strip_prefix("fn ")?.split(['(', '<']).next()?;
    let (code, title) = name.split_once('_')?;
    let code = code.to_uppercase();
    is_code(&code).then(|| (code, title.replace('_', " ")))
}

/// `story("P16: a decline says why", …)`, also with `story.only` and the like.
fn browser_story(line: &str) -> Option<(String, String)> {
    let line = line.trim_start().strip_prefix("story")?;
    let (_, title) = line.split_once(['"', '\'', '`'])?;
    let (code, title) = title.split_once(": ")?;
    let title = title.split(['"', '`']).next().unwrap_or(title);
    is_code(code).then(|| (code.to_owned(), title.to_owned()))
}

fn is_code(word: &str) -> bool {
    word.len() == 3 && word.starts_with('P') && word[1..].bytes().all(|b| b.is_ascii_digit())
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with("node_modules") && !path.ends_with("target") {
            collect(&path, files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_the_head_is_not() {
        let rows = read_table("| code | practice | pages |\n|---|---|---|\n| P16 | Ask with respect | `/asks` |\n");
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].code.as_str(), rows[0].pages.as_str()), ("P16", "/asks"));
    }

    #[test]
    fn stories_are_known_by_their_code() {
        let p16 = |title: &str| Some(("P16".to_owned(), title.to_owned()));
        assert_eq!(rust_story("    fn p16_a_decline_says_why() {"), p16("a decline says why"));
        assert_eq!(rust_story("async fn p16_a_decline_says_why() {"), p16("a decline says why"));
        assert_eq!(rust_story("fn page_16_is_empty() {"), None);
        assert_eq!(browser_story(r#"story("P16: a mentor's decline says why", async ({ page }) => {"#), p16("a mentor's decline says why"));
        assert_eq!(browser_story(r#"story("first run", async ({ page }) => {"#), None);
    }
}
