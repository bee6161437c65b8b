//! Every registered statement, prepared on a real, migrated database.
//!
//! A typing error, a missing column, a word only one engine knows and a row type that does not fit its statement are
//! all found here in about a second, without running anything. What this cannot find is a statement that both
//! engines take and answer differently; that needs a test of its own.

use crate::tx::{Conn, misfit};
use crate::{Db, Engine, Result, Sql, Tx, portable};
use std::collections::BTreeMap;

/// What one engine says about every statement.
#[derive(Debug)]
pub struct Report {
    pub engine: Engine,
    pub statements: Vec<Checked>,
}

#[derive(Debug)]
pub struct Checked {
    pub text: &'static str,
    /// `src/asks/sql.rs:12`
    pub place: String,
    /// The parameters' numbers, each once, in order.
    pub parameters: Vec<usize>,
    pub columns: Vec<String>,
    /// Why it cannot be prepared, or does not fit its row type.
    pub fault: Option<String>,
}

/// Prepares every statement registered with [`crate::sql!`] in this program.
pub async fn statements(db: &Db) -> Result<Report> {
    let mut all: Vec<&'static Sql> = inventory::iter::<Sql>.into_iter().collect();
    all.sort_by_key(|s| (s.file, s.line));
    db.read(move |tx| Ok(Report { engine: tx.engine(), statements: all.iter().map(|s| check(tx, s)).collect() })).await
}

fn check(tx: &mut Tx<'_>, sql: &'static Sql) -> Checked {
    let place = format!("{}:{}", sql.file, sql.line);
    let mut checked = Checked { text: sql.text, place, parameters: numbers(sql.text), columns: Vec::new(), fault: None };
    let prepared = tx.attempt(|tx| {
        tx.noting(|conn| match conn {
            Conn::Lite(c) => {
                let s = c.prepare(&portable(sql.text, Engine::Sqlite))?;
                checked.columns = s.column_names().map(str::to_owned).collect();
                Ok(None)
            }
            Conn::Pg(c, _) => {
                let s = c.prepare(&portable(sql.text, Engine::Postgres))?;
                checked.columns = s.columns().iter().map(|c| c.name().to_owned()).collect();
                let fields = sql.columns.unwrap_or_default();
                let unread = s.columns().iter().zip(fields).find(|(column, (_, accepts))| !accepts(column.type_()));
                if s.params().len() != checked.parameters.len() {
                    return Ok(Some("its parameters are not numbered from $1 without a gap".to_owned()));
                }
                Ok(unread.map(|(column, _)| format!("the row type cannot read column “{}” of type {}", column.name(), column.type_())))
            }
        })
    });
    checked.fault = match prepared {
        Ok(fault) => fault,
        Err(e) => Some(e.to_string()),
    };
    if let (None, Some(fields)) = (&checked.fault, sql.columns) {
        let columns: Vec<&str> = checked.columns.iter().map(String::as_str).collect();
        checked.fault = misfit(fields.iter().map(|(name, _)| *name), columns.iter().copied());
    }
    checked
}

/// The numbers after `$`, outside quotes.
fn numbers(text: &str) -> Vec<usize> {
    let outside = text.split('\'').step_by(2);
    let mut all: Vec<usize> = outside
        .flat_map(|part| part.split('$').skip(1))
        .filter_map(|after| after[..after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())].parse().ok())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Report {
    /// One line for each statement that this engine does not take as it is.
    pub fn faults(&self) -> Vec<String> {
        let line = |s: &Checked| s.fault.as_ref().map(|why| format!("{}: {:?}: {why}\n    {}", s.place, self.engine, s.text));
        self.statements.iter().filter_map(line).collect()
    }

    /// One line for each statement that both engines take but whose columns they count or name differently. An
    /// expression without a name of its own has none to compare: each engine makes one up.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let theirs: BTreeMap<_, _> = other.statements.iter().map(|s| ((&s.place, s.text), s)).collect();
        let differ = |s: &Checked| {
            let their = theirs.get(&(&s.place, s.text))?;
            let both = s.fault.is_none() && their.fault.is_none();
            let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let same = |(a, b): (&String, &String)| a == b || !plain(a) || !plain(b);
            let alike = s.columns.len() == their.columns.len() && s.columns.iter().zip(&their.columns).all(same);
            (both && !alike)
                .then(|| format!("{}: columns {:?} on {:?}, {:?} on {:?}", s.place, s.columns, self.engine, their.columns, other.engine))
        };
        self.statements.iter().filter_map(differ).collect()
    }
}
