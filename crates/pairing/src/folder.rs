//! The folder of a round: whole or not there.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a folder was not written. Nothing is left half-written, and what was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    #[error("{0} is there already; choose another name, or say --replace to put this round in its place")]
    Exists(PathBuf),
    #[error("{0} is there already and holds something else than a round; choose another name")]
    NoRound(PathBuf),
    #[error("{0} cannot be written: {1}")]
    Io(PathBuf, std::io::Error),
}

/// The file by which a folder is known as a round.
pub const AUDIT: &str = "audit.json";

/// A file, or a sentence on why there is none.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => format!("there is no file {}.", path.display()),
        _ => format!("{} cannot be read: {e}.", path.display()),
    })
}

/// Looks whether the folder may be written, before the work is done.
///
/// # Errors
/// As [`write`].
pub fn may_be_written(folder: &Path, replace: bool) -> Result<(), NotWritten> {
    match (folder.exists(), replace) {
        (false, _) => Ok(()),
        (true, false) => Err(NotWritten::Exists(folder.into())),
        (true, true) if folder.join(AUDIT).is_file() => Ok(()),
        (true, true) => Err(NotWritten::NoRound(folder.into())),
    }
}

/// Writes the files into a new folder beside the named one and gives it the name at the end, so that an interruption at
/// any moment leaves either nothing or everything.
///
/// # Errors
/// When the folder is there already and is not to be replaced, or the disk says no.
pub fn write(folder: &Path, files: &[(&str, &[u8])], replace: bool) -> Result<(), NotWritten> {
    may_be_written(folder, replace)?;
    let failed = |e| NotWritten::Io(folder.into(), e);
    let beside = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(beside).map_err(failed)?;
    let part = tempfile::Builder::new().prefix(".round-").tempdir_in(beside).map_err(failed)?;
    for (name, bytes) in files {
        let mut file = std::fs::File::create_new(part.path().join(name)).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    if replace && folder.exists() {
        let before = tempfile::Builder::new().prefix(".round-before-").tempdir_in(beside).map_err(failed)?;
        let kept = before.path().join("round");
        std::fs::rename(folder, &kept).map_err(failed)?;
        if let Err(e) = std::fs::rename(part.path(), folder) {
            // Whatever went wrong, the round that was there goes back to its place.
            let _ = std::fs::rename(&kept, folder);
            return Err(failed(e));
        }
    } else {
        std::fs::rename(part.path(), folder).map_err(failed)?;
    }
    // The folder has its name now; there is nothing left to tidy up.
    let _ = part.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_never_written_over_without_a_word() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("spring").join("round");
        write(&folder, &[("pairs.csv", b"one"), (AUDIT, b"{}")], false).unwrap();
        assert_eq!(std::fs::read(folder.join("pairs.csv")).unwrap(), b"one");
        assert!(matches!(write(&folder, &[("pairs.csv", b"two")], false), Err(NotWritten::Exists(_))));
        assert_eq!(std::fs::read(folder.join("pairs.csv")).unwrap(), b"one");
        write(&folder, &[("pairs.csv", b"two"), (AUDIT, b"{}")], true).unwrap();
        assert_eq!(std::fs::read(folder.join("pairs.csv")).unwrap(), b"two");
        let names: Vec<_> = std::fs::read_dir(folder.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["round"], "nothing is left beside it");
        let other = place.path().join("spring");
        assert!(matches!(write(&other, &[], true), Err(NotWritten::NoRound(_))), "what is no round is never replaced");
    }
}
