//! `cargo xtask dev`: the village, started anew whenever a source changes.

use crate::{
    Done,
    shell::{self, cargo, program},
};
use std::{
    path::Path,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, SystemTime},
};

/// `args` replace the usual `demo --listen 127.0.0.1:8080`.
pub fn run(args: &[&str]) -> Done {
    let args = match args {
        [] => &["demo", "--listen", "127.0.0.1:8080"][..],
        ["--", args @ ..] | args => args,
    };
    let mut running: Option<Child> = None;
    loop {
        let seen = newest();
        // The old program serves until the new one is built; one that does not compile changes nothing.
        if shell::must(cargo().args(["build", "--bin", "chiron"])).is_ok() {
            if let Some(old) = running.take() {
                stop(old);
            }
            let child = program(shell::programs().join("chiron")).args(args).stdin(Stdio::null()).spawn();
            running = Some(child.map_err(|e| format!("could not start chiron: {e}"))?);
        }
        while newest() == seen {
            sleep(Duration::from_millis(400));
        }
    }
}

/// Asks it to end, so that it can put its data away, and waits.
fn stop(mut child: Child) {
    let asked = program("kill").arg(child.id().to_string()).status();
    if !asked.is_ok_and(|status| status.success()) {
        let _ = child.kill();
    }
    let _ = child.wait();
}

/// When anything that the program is built from last changed.
fn newest() -> SystemTime {
    ["Cargo.toml", "Cargo.lock", "src", "crates", "assets", "migrations"]
        .into_iter()
        .map(|path| changed(&shell::root().join(path)))
        .fold(SystemTime::UNIX_EPOCH, SystemTime::max)
}

fn changed(path: &Path) -> SystemTime {
    let own = path.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| changed(&entry.path()));
    inside.fold(own, SystemTime::max)
}
