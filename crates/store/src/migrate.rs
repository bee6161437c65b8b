//! Migrations: one portable SQL text per change, forward only, never edited.
//!
//! Texts name types by tokens, because the engines share no word for them: `{id}` (16-byte uuid), `{bytes}`,
//! `{serial}` (a growing primary key). Everything else is `text`, `bigint`, `double precision` and `boolean`.
//! A part between `--! sqlite` or `--! postgres` and `--! end` is for that engine alone.

use crate::{Db, Engine, Error, Result, Tx};
use sha2::{Digest, Sha256};

/// One change of the schema: its file name and its text.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub name: &'static str,
    pub text: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub struct Migrations(pub &'static [Migration]);

impl Migration {
    /// The statements for one engine, in order.
    fn statements(&self, engine: Engine) -> Vec<String> {
        let mut text = String::new();
        let mut only = None;
        for line in self.text.lines() {
            match line.trim() {
                "--! sqlite" => only = Some(Engine::Sqlite),
                "--! postgres" => only = Some(Engine::Postgres),
                "--! end" => only = None,
                _ if only.is_some_and(|o| o != engine) => {}
                l if l.starts_with("--") => {}
                _ => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        let (id, bytes, serial) = match engine {
            Engine::Sqlite => ("blob", "blob", "integer primary key autoincrement"),
            Engine::Postgres => ("uuid", "bytea", "bigint generated always as identity primary key"),
        };
        let text = text.replace("{id}", id).replace("{bytes}", bytes).replace("{serial}", serial);
        text.split(";\n").map(|s| s.trim().trim_end_matches(';').to_owned()).filter(|s| !s.is_empty()).collect()
    }

    fn checksum(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl Migrations {
    /// Brings the schema up to date; returns the names of what was applied. Refuses a database that is newer than
    /// this program, or in which a migration was edited after it ran.
    pub async fn run(self, db: &Db) -> Result<Vec<&'static str>> {
        db.write(move |tx| self.apply(tx)).await
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<&'static str>> {
        tx.batch("create table if not exists schema_steps (name text primary key, checksum text not null)")?;
        let done: Vec<(String, String)> = tx.all("select name, checksum from schema_steps order by name", &[])?;
        for (name, sum) in &done {
            match self.0.iter().find(|m| m.name == name) {
                None => {
                    return Err(Error::Migration(format!(
                        "this database was made by a newer Chiron (it has step {name}); please run that version"
                    )));
                }
                Some(m) if m.checksum() != *sum => return Err(Error::Migration(format!("migration {name} was edited after it had run"))),
                Some(_) => {}
            }
        }
        let mut applied = Vec::new();
        for m in self.0.iter().filter(|m| !done.iter().any(|(name, _)| name == m.name)) {
            for statement in m.statements(tx.engine()) {
                tx.batch(&statement).map_err(|e| Error::Migration(format!("{}: {e}\n{statement}", m.name)))?;
            }
            tx.execute("insert into schema_steps (name, checksum) values ($1, $2)", &[&m.name, &m.checksum()])?;
            applied.push(m.name);
        }
        Ok(applied)
    }
}
