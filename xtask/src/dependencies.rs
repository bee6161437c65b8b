//! Holds `docs/decisions/dependencies.md` against the manifests.

use crate::{Done, shell};
use std::{collections::BTreeSet, path::Path};

/// Every crate from outside has a row, and every row a crate.
pub fn run() -> Done<bool> {
    let page = read(&shell::root().join("docs/decisions/dependencies.md"))?;
    let explained: BTreeSet<String> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ").map(|(name, _)| name.to_owned())).collect();
    let mut used = BTreeSet::new();
    for manifest in manifests()? {
        used.extend(names(&read(&manifest)?));
    }
    let without: Vec<&str> = used.difference(&explained).map(String::as_str).collect();
    let gone: Vec<&str> = explained.difference(&used).map(String::as_str).collect();
    match (without.as_slice(), gone.as_slice()) {
        ([], []) => Ok(true),
        (without @ [_, ..], _) => Err(format!("docs/decisions/dependencies.md has no row for {}", without.join(", "))),
        (_, gone) => Err(format!("docs/decisions/dependencies.md still has a row for {}", gone.join(", "))),
    }
}

fn manifests() -> Done<Vec<std::path::PathBuf>> {
    let root = shell::root();
    let crates = std::fs::read_dir(root.join("crates")).map_err(|e| format!("crates: {e}"))?;
    let inside = crates.flatten().map(|entry| entry.path().join("Cargo.toml")).filter(|file| file.is_file());
    Ok([root.join("Cargo.toml"), root.join("xtask/Cargo.toml")].into_iter().chain(inside).collect())
}

/// The crates that a manifest takes from outside: the keys of its dependency tables, `path = …` left out.
fn names(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end_matches(']').ends_with("dependencies");
        } else if inside && !line.starts_with('#') && !line.contains("path = ") {
            let Some((key, _)) = line.split_once('=') else { continue };
            let name = key.trim().split('.').next().unwrap_or_default();
            names.push(name.to_owned());
        }
    }
    names
}

fn read(path: &Path) -> Done<String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn crates_from_outside_are_named_and_our_own_are_not() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\nours = { path = \"crates/ours\" }\n# why\naxum = { version = \"0.8\" }\njiff.workspace = true\n[dev-dependencies]\ninsta = \"1\"\n[profile.dev]\ndebug = 1\n";
        assert_eq!(super::names(manifest), ["axum", "jiff", "insta"]);
    }
}
