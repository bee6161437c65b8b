//! What the tests need on this machine, and how it gets there.

use crate::{
    Done,
    shell::{self, program},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

/// One thing the tests use: how to tell that it is here, and the Debian packages that bring it.
struct Need {
    what: &'static str,
    debian: &'static [&'static str],
    here: fn() -> bool,
}

const POSTGRES: Need =
    Need { what: "the PostgreSQL server (initdb, pg_ctl)", debian: &["postgresql-common", "postgresql"], here: || postgres().is_some() };
/// Chromium without the parts that only a window needs: the same engine for a third less of the processor's time. Welcome
/// where it is to be had, not needed.
const WITHOUT_WINDOWS: Need = Need {
    what: "Chromium without windows",
    debian: &["chromium-headless-shell", "fonts-dejavu-core"],
    here: || shell::has("chromium-headless-shell"),
};
const BROWSER: [Need; 3] = [
    Need { what: "Chromium", debian: &["chromium", "fonts-dejavu-core"], here: || chromium().is_some() },
    Need { what: "Node 18 or newer", debian: &["nodejs"], here: || node_version().is_some_and(|v| v >= 18) },
    Need { what: "npm", debian: &["npm"], here: || shell::has("npm") },
];

pub fn setup() -> Done {
    rust_components()?;
    install(&[POSTGRES])?;
    browser()?;
    println!("Everything is here. Next: cargo xtask dev, or cargo xtask test");
    Ok(())
}

pub fn for_postgres() -> Done {
    install(&[POSTGRES])
}

/// The browser, Node, and the two npm packages the stories use.
pub fn browser() -> Done {
    if std::env::var_os("CHIRON_CHROMIUM").is_none() && may_install() && install(&[WITHOUT_WINDOWS]).is_err() {
        println!("Going on without {}", WITHOUT_WINDOWS.what);
    }
    // Node from other sources brings npm along, so npm is looked for once Node is here.
    for need in BROWSER {
        install(&[need])?;
    }
    npm_packages()
}

/// rustfmt and clippy, which minimal toolchains leave out.
pub fn rust_components() -> Done {
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(command, _)| shell::says(shell::cargo().args([command, "--version"])).is_none())
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let add = format!("rustup component add {}", missing.join(" "));
    if !shell::has("rustup") {
        return Err(format!("{} missing. Install them with your Rust; with rustup: {add}", and(&missing)));
    }
    shell::must(program("rustup").args(["component", "add"]).args(&missing)).map_err(|e| format!("{e}. Please install {}.", and(&missing)))
}

/// The folder of initdb and pg_ctl: Debian keeps them off the search path, one folder for each version; the newest is taken.
pub fn postgres() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, bin)| bin);
    let on_path = || shell::find("initdb")?.parent().map(Path::to_owned);
    let by_config = || shell::says(program("pg_config").arg("--bindir")).map(PathBuf::from);
    newest.into_iter().chain(on_path()).chain(by_config()).find(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
}

/// `CHIRON_CHROMIUM`, or the first of the usual names.
pub fn chromium() -> Option<PathBuf> {
    let asked = std::env::var_os("CHIRON_CHROMIUM").map(PathBuf::from).filter(|file| file.is_file());
    let usual = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    asked.or_else(|| usual.into_iter().find_map(shell::find))
}

fn node_version() -> Option<u32> {
    let version = shell::says(program("node").arg("--version"))?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn may_install() -> bool {
    shell::is_root() && shell::has("apt-get")
}

fn install(needs: &[Need]) -> Done {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.here)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = and(&missing.iter().map(|need| need.what).collect::<Vec<_>>());
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.debian).copied().collect();
    let by_hand = format!(
        "Missing: {what}. Please install it; on Debian, as root:\n\n    apt-get update && apt-get install --no-install-recommends {}\n",
        packages.join(" ")
    );
    if !may_install() {
        return Err(by_hand);
    }
    println!("Installing {what}");
    let apt = |args: &[&str]| {
        let patience = ["-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=20"];
        shell::must(program("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(patience).args(args))
    };
    // An old list names packages that the mirror no longer has.
    static UPDATED: AtomicBool = AtomicBool::new(false);
    if !UPDATED.swap(true, Ordering::Relaxed) {
        apt(&["update"]).map_err(|e| format!("{e}\n{by_hand}"))?;
    }
    for group in groups(&packages) {
        let args = [&["install", "-y", "--no-install-recommends"], group].concat();
        apt(&args).map_err(|e| format!("{e}\n{by_hand}"))?;
        if group == ["postgresql-common"] {
            no_main_cluster();
        }
    }
    match missing.iter().find(|need| !(need.here)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} was installed and still cannot be found. {by_hand}", need.what)),
    }
}

/// postgresql-common comes first and alone, so that it can be told not to start a server of its own.
fn groups<'a>(packages: &'a [&'a str]) -> impl Iterator<Item = &'a [&'a str]> {
    packages.chunk_by(|a, _| *a != "postgresql-common")
}

/// The tests make their own cluster; nobody asked for one that runs for ever on port 5432.
fn no_main_cluster() {
    let file = "/etc/postgresql-common/createcluster.conf";
    if let Ok(text) = std::fs::read_to_string(file) {
        let text = text.replace("#create_main_cluster = true", "create_main_cluster = false");
        let _ = std::fs::write(file, text);
    }
}

fn npm_packages() -> Done {
    let dir = shell::root().join("tests/browser");
    let wanted = std::fs::read_to_string(dir.join("package-lock.json")).map_err(|e| format!("tests/browser/package-lock.json: {e}"))?;
    let stamp = dir.join("node_modules/.installed-from");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // Without install scripts: neither package needs one, and no stranger's script runs on our machines.
    shell::must(program("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&dir))?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn and(words: &[&str]) -> String {
    words.join(" and ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn postgresql_common_is_installed_before_it_can_start_a_server() {
        let groups: Vec<&[&str]> = super::groups(&["postgresql-common", "postgresql", "chromium"]).collect();
        assert_eq!(groups, [&["postgresql-common"][..], &["postgresql", "chromium"]]);
    }
}
