//! Running other programs.

use crate::Done;
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

/// The workspace, wherever the command was started.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Where cargo puts the programs it builds. This one is among them, so every setting that moves them is obeyed.
pub fn programs() -> PathBuf {
    std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned)).unwrap_or_else(|| root().join("target/debug"))
}

/// A program, started from the workspace.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

pub fn has(name: &str) -> bool {
    find(name).is_some()
}

/// Where the search path finds a program.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

pub fn is_root() -> bool {
    says(program("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Runs to the end on our own terminal; anything but success is an error that names the command.
pub fn must(command: &mut Command) -> Done {
    let status = command.status().map_err(|e| format!("could not start {}: {e}", name(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", name(command))) }
}

/// What a program prints, trimmed, when it succeeds.
pub fn says(command: &mut Command) -> Option<String> {
    let out = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Runs to the end, showing what it prints as it prints it, and returns the lines without colours.
pub fn watch(command: &mut Command) -> Done<(bool, Vec<String>)> {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("could not start {}: {e}", name(command)))?;
    let (send, lines) = mpsc::channel();
    let readers = [child.stdout.take().map(|out| relay(out, send.clone())), child.stderr.take().map(|err| relay(err, send))];
    let mut seen = Vec::new();
    for line in lines {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(&line).and_then(|()| out.flush());
        seen.push(plain(&String::from_utf8_lossy(&line)));
    }
    for reader in readers.into_iter().flatten() {
        let _ = reader.join();
    }
    let status = child.wait().map_err(|e| format!("lost {}: {e}", name(command)))?;
    Ok((status.success(), seen))
}

fn relay(from: impl Read + Send + 'static, to: mpsc::Sender<Vec<u8>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while matches!(from.read_until(b'\n', &mut line), Ok(n) if n > 0) {
            if to.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    })
}

/// Drops colour codes: `ESC [ ... letter`.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

/// The command as one would type it.
pub fn name(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    if let Some(file) = Path::new(&words[0]).file_name() {
        words[0] = file.to_string_lossy().into_owned();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn colours_are_dropped_before_a_line_is_read() {
        assert_eq!(super::plain("\u{1b}[32;1m  Summary\u{1b}[0m 3 passed\n"), "  Summary 3 passed");
    }
}
