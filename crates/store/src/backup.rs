//! A copy of a SQLite file, made while others write.

use crate::{Db, Error, Result};
use std::path::Path;
use tokio::sync::oneshot;

impl Db {
    /// Writes a copy of a SQLite database as it is at one instant. Readers and the writer go on meanwhile: the copy
    /// is one long read on a connection of its own. The log cannot be folded in before it ends, so it grows by what
    /// is written meanwhile. The copy is complete and flushed when it gets its name; nothing is overwritten.
    ///
    /// For PostgreSQL, and for a copy that either engine can read, see [`crate::dump`].
    pub async fn backup_to(&self, path: &Path) -> Result<()> {
        let Some(file) = self.file().map(Path::to_path_buf) else {
            return Err(Error::Backup("A copy of the database file can be made of SQLite only.".into()));
        };
        let (path, (done, answer)) = (path.to_path_buf(), oneshot::channel());
        std::thread::Builder::new().name("store-backup".into()).spawn(move || {
            let _ = done.send(copy(&file, &path));
        })?;
        answer.await.map_err(|_| Error::Closed)?
    }
}

fn copy(file: &Path, path: &Path) -> Result<()> {
    if path.exists() {
        return Err(Error::Backup(format!("{} is there already; nothing was overwritten.", path.display())));
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    if partial.exists() {
        std::fs::remove_file(partial)?;
    }
    let Some(name) = partial.to_str() else {
        return Err(Error::Backup(format!("{} is not a name SQLite can write to.", path.display())));
    };
    let source = crate::sqlite::open(file)?;
    source.execute("vacuum into ?1", [name])?;
    std::fs::File::open(partial)?.sync_all()?;
    std::fs::rename(partial, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
