//! A PostgreSQL that lives as long as the tests.

use crate::{
    Done, machine,
    shell::{self, program},
};
use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A throw-away cluster on a free loopback port. It is stopped and deleted when this is dropped, and also when
/// this program dies in any other way: see [`Cluster::guard`].
pub struct Cluster {
    pub url: String,
    guard: Child,
}

impl Cluster {
    pub fn start() -> Done<Self> {
        let bin = machine::postgres().ok_or("the PostgreSQL server is missing: cargo xtask setup")?;
        let dir = PathBuf::from(
            shell::says(unprivileged("mktemp").args(["--directory", "--tmpdir", "chiron-postgres-XXXXXX"]))
                .ok_or("could not make a temporary folder for PostgreSQL")?,
        );
        let guard = Self::guard(&bin, &dir).map_err(|e| format!("could not start the guard of PostgreSQL: {e}"))?;
        let port = free_port()?;
        let cluster = Self { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), guard };

        let data = dir.join("data");
        quietly(
            unprivileged(bin.join("initdb"))
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata"])
                .arg(&data),
        )?;
        quietly(
            unprivileged(bin.join("pg_ctl"))
                .args(["start", "--wait", "--timeout=60", "--silent", "--pgdata"])
                .arg(&data)
                .arg("--log")
                .arg(dir.join("log"))
                .arg("--options")
                .arg(settings(port, &dir)),
        )
        .map_err(|e| format!("{e}\n{}", std::fs::read_to_string(dir.join("log")).unwrap_or_default()))?;
        Ok(cluster)
    }

    /// A small shell in a process group of its own that waits for the end of its input, which comes when we close it
    /// and when we die: Ctrl-C, a panic and `kill -9` all clean up.
    fn guard(bin: &Path, dir: &Path) -> std::io::Result<Child> {
        const SCRIPT: &str = r#"read -r _; "$0/pg_ctl" stop --mode=immediate --silent --pgdata "$1/data"; rm -rf "$1""#;
        unprivileged("sh")
            .args(["-c", SCRIPT])
            .args([bin, dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Nothing here outlives the run, so nothing is forced to disk.
fn settings(port: u16, socket: &Path) -> String {
    [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".into(),
        format!("unix_socket_directories={}", socket.display()),
        "max_connections=200".into(),
        "shared_buffers=128MB".into(),
        "fsync=off".into(),
        "synchronous_commit=off".into(),
        "full_page_writes=off".into(),
        "wal_level=minimal".into(),
        "max_wal_senders=0".into(),
        // Each story has a database of its own that lives for seconds.
        "autovacuum=off".into(),
        "timezone=UTC".into(),
    ]
    .map(|setting| format!("-c {setting}"))
    .join(" ")
}

/// PostgreSQL refuses to run as root, so root hands over to the account that Debian's package made.
fn unprivileged(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = if shell::is_root() {
        let mut command = program("runuser");
        // The caller's TMPDIR may be closed to others.
        command.env_remove("TMPDIR").args(["-u", "postgres", "--"]).arg(name);
        command
    } else {
        program(name)
    };
    command.current_dir("/");
    command
}

fn free_port() -> Done<u16> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(|e| format!("no free port: {e}"))?;
    Ok(port.port())
}

/// Says nothing unless it fails. Output goes to a file's end, not a pipe: the server would keep a pipe open.
fn quietly(command: &mut Command) -> Done {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().map_err(|e| format!("{}: {e}", shell::name(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed", shell::name(command))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let Some(bin) = machine::postgres() else { return };
        let cluster = Cluster::start().unwrap();
        let ask = || shell::says(program(bin.join("psql")).args([&cluster.url, "-Atc", "show max_connections; show lc_collate"]));
        assert_eq!(ask().as_deref(), Some("200\nC.UTF-8"));
        let url = cluster.url.clone();
        drop(cluster);
        assert_eq!(shell::says(program(bin.join("psql")).args([&url, "-Atc", "select 1"])), None);
    }
}
