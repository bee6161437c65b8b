//! What whoever runs this place does from a terminal: back up, restore, and ask what is wrong.
//!
//! A backup is one file: every row as a line of JSON, one instant of the whole place, compressed; either database
//! engine can write it and either can read it back. It does not hold the instance key, so that a lost backup gives
//! away nothing of what people wrote: keep `chiron.key` somewhere else.

use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::seal::{self, KeyId};
use chiron_store::{dump, sql};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// Made anew from the other tables after a restore.
const DERIVED: &[&str] = &["search_docs", "search_words", "search_word_parts"];

/// How much was written or read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub tables: usize,
    pub rows: u64,
}

impl Counted {
    fn of(tables: &[dump::Counted]) -> Self {
        Self { tables: tables.len(), rows: tables.iter().map(|t| t.rows).sum() }
    }
}

/// Writes everything as it is at one instant, while people go on working. Nothing is overwritten; the file gets its
/// name when it is whole.
pub async fn back_up(app: &App, file: &Path) -> Result<Counted> {
    if file.exists() {
        return Err(Error::broken(format!("{} is there already; nothing was overwritten", file.display())));
    }
    let partial = PathBuf::from(format!("{}.partial", file.display()));
    let to = partial.clone();
    let written = app
        .read(move |tx| {
            let mut packed = GzEncoder::new(BufWriter::new(private(&to)?), Compression::new(3));
            let tables = dump::write(tx, DERIVED, &mut packed)?;
            packed.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            Ok(Counted::of(&tables))
        })
        .await;
    written.and_then(|counted| Ok(std::fs::rename(&partial, file).map(|()| counted)?)).map_err(|e| {
        // What is not whole is no backup, and on a full disk the room is needed.
        let _ = std::fs::remove_file(&partial);
        Error::broken(format!("{} could not be written: {e}", file.display()))
    })
}

/// Reads a backup into an empty place. It is all there, compared table by table with the counts and hashes that the
/// backup says, or nothing is.
pub async fn restore(app: &App, file: &Path) -> Result<Counted> {
    let from = file.to_owned();
    app.write(move |tx| {
        let people: Option<(i64,)> = tx.opt(sql!("select count(*) from people"), &[])?;
        if people.is_some_and(|p| p.0 > 0) {
            return Err(Error::broken("there are people in this database already; restore into an empty one"));
        }
        let mut packed = BufReader::new(GzDecoder::new(BufReader::new(
            File::open(&from).map_err(|e| Error::broken(format!("{} cannot be read: {e}", from.display())))?,
        )));
        let unreadable = |e| match e {
            chiron_store::Error::Io(e) => {
                Error::broken(format!("{} is no whole backup of Chiron, so nothing was restored: {e}", from.display()))
            }
            e => e.into(),
        };
        let tables = dump::load(tx, &mut packed).map_err(unreadable)?;
        opens(tx)?;
        Ok(Counted::of(&tables))
    })
    .await
}

/// Keys that are wrapped anew in one unit of work: a fraction of a second, in which nobody else waits long to write.
const AT_ONCE: i64 = 500;

/// Makes every conversation's key lie wrapped by the newest instance key, while people go on working. What they write
/// meanwhile is wrapped by the newest already, as soon as their program has seen the file; so it goes round until a
/// round finds nothing. Says how many it renewed.
pub async fn renew_keys(app: &App) -> Result<usize> {
    let mut all = 0;
    loop {
        let (mut in_this_round, mut after) = (0, Some(KeyId(uuid::Uuid::nil())));
        while let Some(from) = after {
            let (seen, renewed, last) = app.write(move |tx| seal::renew(tx, from, AT_ONCE)).await?;
            in_this_round += renewed;
            after = last.filter(|_| seen as i64 == AT_ONCE);
        }
        all += in_this_round;
        if in_this_round == 0 {
            return Ok(all);
        }
    }
}

/// Whether the key file opens what lies in the database.
pub async fn try_key(app: &App) -> Result<()> {
    app.read(opens).await
}

/// Whether the key file opens what lies in the database; says so in words when it does not.
fn opens(tx: &mut Tx) -> Result<()> {
    let sample: Option<(Option<crate::seal::Sealed>,)> = tx.opt(sql!("select wrapped from keys where wrapped is not null limit 1"), &[])?;
    match sample {
        Some((Some(wrapped),)) => tx.seal().open(&wrapped).map(|_| ()).map_err(|_| {
            Error::broken(
                "the key file does not open what people wrote in this database; bring the chiron.key that belongs to it (see --key-file)",
            )
        }),
        _ => Ok(()),
    }
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// One thing the doctor looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub what: &'static str,
    pub verdict: Verdict,
    pub words: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Works, but somebody should look.
    Look,
    Broken,
}

/// Looks at everything that an operator can get wrong and says what to do about it. Changes nothing.
pub async fn examine(app: &App) -> Result<Vec<Finding>> {
    let mut findings = vec![address(app), key_file(&app.config.key_path()), space(&app.config.data)];
    let find = |what, result: Result<String>| match result {
        Ok(words) => Finding { what, verdict: Verdict::Good, words },
        Err(e) => Finding { what, verdict: Verdict::Broken, words: e.to_string() },
    };
    findings.push(find(
        "database",
        app.read(|tx| match tx.engine() {
            chiron_store::Engine::Sqlite => {
                let found: Vec<(String,)> = tx.all("pragma quick_check(5)", &[])?;
                let words = found.into_iter().map(|r| r.0).collect::<Vec<_>>().join("; ");
                if words == "ok" {
                    Ok("the file is whole".into())
                } else {
                    Err(Error::broken(format!("the file is damaged: {words}; restore a backup")))
                }
            }
            chiron_store::Engine::Postgres => {
                let (encoding,): (String,) = tx.one("select current_setting('server_encoding')", &[])?;
                if encoding == "UTF8" {
                    Ok("PostgreSQL answers".into())
                } else {
                    Err(Error::broken(format!(
                        "this database keeps text as {encoding}; make one in UTF8 (docs/operate/README.md says how) and restore a backup into it"
                    )))
                }
            }
        })
        .await,
    ));
    findings.push(find("keys", try_key(app).await.map(|()| "the key file opens what people wrote".into())));
    let now = app.now();
    let clock = app
        .read(move |tx| {
            let last: Option<(Option<chiron_store::Timestamp>,)> = tx.opt(sql!("select max(at) from happenings"), &[])?;
            Ok(last.and_then(|l| l.0).filter(|last| *last > now + jiff::SignedDuration::from_mins(5)))
        })
        .await?;
    findings.push(match clock {
        None => Finding { what: "clock", verdict: Verdict::Good, words: format!("{} UTC", now.jiff().strftime("%Y-%m-%d %H:%M")) },
        Some(last) => Finding {
            what: "clock",
            verdict: Verdict::Look,
            words: format!(
                "this machine's clock is behind the last thing that happened here ({}); set it right before people work",
                last.jiff()
            ),
        },
    });
    findings.push(mail(app));
    Ok(findings)
}

fn address(app: &App) -> Finding {
    let url = app.config.url();
    let local = app.config.listen.ip().is_loopback();
    let (verdict, words) = match &app.config.public_url {
        None if local => (Verdict::Good, format!("{url}, for this machine alone")),
        None => (Verdict::Look, format!("people reach {} but letters say {url}; give --public-url", app.config.listen)),
        Some(u) if u.scheme() == "http" && !local => (
            Verdict::Look,
            format!(
                "{url} has no TLS: what people write crosses the network in the clear; put a proxy with TLS in front and say https in --public-url"
            ),
        ),
        Some(u) if u.scheme() == "https" && app.config.trusted_proxies.is_empty() => {
            (Verdict::Look, format!("{url}; name your proxy in --trusted-proxies, or every visitor seems to come from it"))
        }
        Some(_) => (Verdict::Good, url),
    };
    Finding { what: "address", verdict, words }
}

fn key_file(path: &Path) -> Finding {
    let open_to_others = std::fs::metadata(path).map(|m| {
        #[cfg(unix)]
        return std::os::unix::fs::PermissionsExt::mode(&m.permissions()) & 0o077 != 0;
        #[cfg(not(unix))]
        return m.permissions().readonly() && false;
    });
    let (verdict, words) = match open_to_others {
        Ok(false) => (Verdict::Good, format!("{}; keep a copy apart from your backups", path.display())),
        Ok(true) => (Verdict::Look, format!("others on this machine can read {0}; run: chmod 600 {0}", path.display())),
        Err(e) => (Verdict::Broken, format!("{} cannot be read: {e}", path.display())),
    };
    Finding { what: "key file", verdict, words }
}

fn space(folder: &Path) -> Finding {
    let trial = folder.join(".chiron-trial");
    let written = std::fs::write(&trial, vec![0; 1 << 20]);
    // Also what was written in part.
    let gone = std::fs::remove_file(&trial);
    match written.and(gone) {
        Ok(()) => Finding { what: "data folder", verdict: Verdict::Good, words: format!("{} can be written to", folder.display()) },
        Err(e) => {
            Finding { what: "data folder", verdict: Verdict::Broken, words: format!("{} cannot be written to: {e}", folder.display()) }
        }
    }
}

fn mail(app: &App) -> Finding {
    if !app.config.sends_mail() {
        let words = "no mail server: letters wait, and the administrator sees sign-in links on the outbox page; give --smtp to send them";
        return Finding { what: "mail", verdict: Verdict::Look, words: words.into() };
    }
    match crate::mail::configured(&app.config) {
        Ok(_) => Finding {
            what: "mail",
            verdict: Verdict::Good,
            words: "a mail server is set; try it with: chiron mail test you@example.org".into(),
        },
        Err(e) => Finding { what: "mail", verdict: Verdict::Broken, words: e.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Chance, Clock};
    use crate::seal::{self, Seal};
    use crate::slices::{MIGRATIONS, SLICES};
    use crate::story::{Story, story};
    use chiron_store::Db;

    /// An empty place beside the story's own, with a key of its own choosing.
    fn elsewhere(s: &Story, name: &str, key: u8) -> App {
        let db = Db::sqlite(&s.folder().join(name), 1).unwrap();
        s.waits(MIGRATIONS.run(&db)).unwrap();
        let seal = Seal::new(&[[key; 32]]).unwrap();
        App::new(db, s.app().config.clone(), Clock::Real, Chance::seeded([1; 32]), seal, SLICES)
    }

    fn names(app: &App, s: &Story) -> Vec<String> {
        s.waits(app.read(|tx| Ok(tx.all::<(String,)>("select name from people order by name", &[])?.into_iter().map(|r| r.0).collect())))
            .unwrap()
    }

    #[test]
    fn a_backup_comes_back_whole_on_another_machine_with_its_key() {
        story(|s| {
            s.people(["Amina", "Élodie", "Tomas"]);
            let (key, sealed) = s.does(|tx| {
                let key = seal::new_key(tx)?;
                Ok((key, seal::seal(tx, key, "between us")?))
            });
            let file = s.folder().join(format!("{:?}.backup", s.app().db.engine()));
            let written = s.waits(back_up(s.app(), &file)).unwrap();
            let there = elsewhere(s, &format!("{:?}-there.db", s.app().db.engine()), 42);
            assert_eq!(s.waits(restore(&there, &file)).unwrap(), written);
            assert_eq!(names(&there, s), names(s.app(), s));
            let text = s.waits(there.read(move |tx| seal::open_text(tx, key, &sealed))).unwrap();
            assert_eq!(text.as_deref(), Some("between us"));
        });
    }

    #[test]
    fn a_restore_with_a_strange_key_a_changed_file_or_people_in_the_way_changes_nothing() {
        story(|s| {
            s.people(["Amina"]);
            s.does(seal::new_key);
            let engine = format!("{:?}", s.app().db.engine());
            let file = s.folder().join(format!("{engine}.backup"));
            s.waits(back_up(s.app(), &file)).unwrap();

            let strange = elsewhere(s, &format!("{engine}-strange.db"), 1);
            assert!(s.waits(restore(&strange, &file)).unwrap_err().to_string().contains("chiron.key"));
            assert_eq!(names(&strange, s), Vec::<String>::new());

            let mut bytes = std::fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x20;
            let changed = s.folder().join(format!("{engine}-changed.backup"));
            std::fs::write(&changed, bytes).unwrap();
            let there = elsewhere(s, &format!("{engine}-there.db"), 42);
            assert!(s.waits(restore(&there, &changed)).is_err());
            assert_eq!(names(&there, s), Vec::<String>::new());

            assert!(s.waits(restore(s.app(), &file)).unwrap_err().to_string().contains("empty one"));
            assert!(s.waits(back_up(s.app(), &file)).unwrap_err().to_string().contains("already"));
        });
    }

    #[test]
    fn the_instance_key_changes_while_people_write_and_the_old_one_can_go() {
        story(|s| {
            let engine = format!("{:?}", s.app().db.engine());
            let (file, database) = (s.folder().join(format!("{engine}.key")), s.folder().join(format!("{engine}-rotated.db")));
            // The server and the command beside it are two programs with one database and one key file.
            let program = |chance: u8| {
                let db = Db::sqlite(&database, 2).unwrap();
                let chance = Chance::seeded([chance; 32]);
                let seal = Seal::of_file(&file, &chance).unwrap();
                App::new(db, s.app().config.clone(), Clock::Real, chance, seal, SLICES)
            };
            let server = program(1);
            s.waits(MIGRATIONS.run(&server.db)).unwrap();
            let begin = |tx: &mut Tx| {
                let key = seal::new_key(tx)?;
                Ok((key, seal::seal(tx, key, "between us")?))
            };
            let mut written = Vec::new();
            for _ in 0..30 {
                written.push(s.waits(server.write(begin)).unwrap());
            }
            let old = std::fs::read_to_string(&file).unwrap();

            let writing = server.clone();
            let meanwhile = s.meanwhile(async move {
                let mut written = Vec::new();
                for _ in 0..60 {
                    written.push(writing.write(begin).await?);
                }
                Ok::<_, Error>(written)
            });
            let command = program(2);
            Seal::add_newest(&file, &command.chance).unwrap();
            s.waits(renew_keys(&command)).unwrap();
            written.extend(s.waits(meanwhile).unwrap().unwrap());
            s.waits(renew_keys(&command)).unwrap();
            assert_eq!(s.waits(renew_keys(&command)).unwrap(), 0);

            // The server reads all of it without a restart; so does a program that never knew the old key.
            let text = std::fs::read_to_string(&file).unwrap();
            let newest = text.strip_suffix(&old).expect("the new key stands in front of the old one");
            std::fs::write(&file, newest).unwrap();
            for app in [server, program(3)] {
                for (key, sealed) in written.clone() {
                    let text = s.waits(app.read(move |tx| seal::open_text(tx, key, &sealed))).unwrap();
                    assert_eq!(text.as_deref(), Some("between us"));
                }
            }
            // With the old key alone nothing opens any more.
            std::fs::write(&file, &old).unwrap();
            let (key, sealed) = written[0].clone();
            assert!(s.waits(program(4).read(move |tx| seal::open_text(tx, key, &sealed))).is_err());
        });
    }

    #[test]
    fn a_copy_of_the_database_reads_as_noise_without_the_key() {
        story(|s| {
            s.does(|tx| {
                let key = seal::new_key(tx)?;
                let text = seal::seal(tx, key, "a secret between the two of them")?;
                tx.execute("update keys set wrapped = wrapped where id = $1", &[&key])?;
                tx.set("kept for this story", &format!("{text:?}"))
            });
            let file = s.folder().join(format!("{:?}-noise.backup", s.app().db.engine()));
            s.waits(back_up(s.app(), &file)).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut GzDecoder::new(File::open(&file).unwrap()), &mut text).unwrap();
            assert!(text.contains("kept for this story") && !text.contains("between the two"));
        });
    }
}
