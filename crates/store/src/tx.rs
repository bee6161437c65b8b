//! What a unit of work sees of its connection.

use crate::error::Trouble;
use crate::text::portable;
use crate::{Access, Arg, Columns, Engine, Error, Record, Result, Row};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use std::collections::HashMap;

/// The open transaction of one unit of work. `$1` placeholders bind by number on both engines; tokens such as
/// `{list $1 as id}` are put in per engine ([`crate::portable`]).
///
/// A failed statement ends the unit on both engines: what follows fails too, and nothing is kept even when the
/// closure returns `Ok`. To go on after a failure (try an insert, and do something else when it is a duplicate), put
/// the attempt in [`Tx::attempt`].
pub struct Tx<'a> {
    pub(crate) conn: Conn<'a>,
    access: Access,
    /// The first failure, remembered here because the closure may have turned it into an error of its own.
    pub(crate) trouble: Option<Trouble>,
    /// Whether anything may have been changed (SQLite only): a unit that has changed nothing has nothing to undo.
    pub(crate) touched: bool,
    pub(crate) statements: u64,
    #[cfg(debug_assertions)]
    pub(crate) mishap: Option<crate::db::Mishap>,
}

pub(crate) enum Conn<'a> {
    Lite(&'a rusqlite::Connection),
    Pg(&'a mut postgres::Client, &'a mut Prepared),
}

#[cfg(debug_assertions)]
impl Conn<'_> {
    /// What the engine says to no statement at all, and what that does to its transaction.
    fn fails(&mut self) -> Error {
        let done = match self {
            Self::Lite(c) => c.execute_batch("a mishap").map_err(Error::from),
            Self::Pg(c, _) => c.batch_execute("a mishap").map_err(Error::from),
        };
        done.err().unwrap_or(Error::Spoiled)
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: Conn<'a>, access: Access) -> Self {
        Self {
            conn,
            access,
            trouble: None,
            touched: false,
            statements: 0,
            #[cfg(debug_assertions)]
            mishap: None,
        }
    }

    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Sqlite,
            Conn::Pg(..) => Engine::Postgres,
        }
    }

    /// Runs a statement; returns how many rows it touched.
    pub fn execute(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<u64> {
        let mut touched = false;
        let done = self.noting(|conn| match conn {
            Conn::Lite(c) => {
                let mut s = c.prepare_cached(&portable(sql, Engine::Sqlite))?;
                bind(&mut s, sql, args)?;
                // A statement that fails undoes itself.
                let rows = s.raw_execute()?;
                touched = rows > 0 || !only_rows(sql);
                Ok(rows as u64)
            }
            Conn::Pg(c, prepared) => {
                let s = prepared.get(c, sql)?;
                Ok(c.execute(&s, &pg(&s, sql, args)?)?)
            }
        });
        self.touched |= touched;
        done
    }

    /// Every row, in the statement's order. The statement should carry a `limit`: all of them are held in memory.
    pub fn all<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<Vec<T>> {
        self.rows(sql, args, usize::MAX)
    }

    /// The first row, if there is one.
    pub fn opt<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<Option<T>> {
        Ok(self.rows(sql, args, 1)?.pop())
    }

    /// The first row, or [`Error::NoRow`].
    pub fn one<T: Record>(&mut self, sql: &str, args: &[&dyn Arg]) -> Result<T> {
        self.opt(sql, args)?.ok_or(Error::NoRow)
    }

    /// Runs statements that take no arguments, separated by semicolons.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        self.touched = true;
        self.noting(|conn| match conn {
            Conn::Lite(c) => Ok(c.execute_batch(&portable(sql, Engine::Sqlite))?),
            Conn::Pg(c, _) => Ok(c.batch_execute(&portable(sql, Engine::Postgres))?),
        })
    }

    /// Tries something that may fail without ending the unit: an error undoes what `f` did, and the unit goes on.
    /// (A serialization failure still runs the whole unit again, whatever is made of it here.)
    pub fn attempt<T, E: From<Error>>(&mut self, f: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.batch("savepoint attempt")?;
        let done = f(self);
        if done.is_ok() && self.trouble.is_none() {
            self.batch("release savepoint attempt")?;
            return done;
        }
        if matches!(self.trouble, None | Some(Trouble::Failed)) {
            self.trouble = None;
            self.batch("rollback to savepoint attempt; release savepoint attempt")?;
        }
        done.and(Err(Error::Spoiled.into()))
    }

    fn rows<T: Record>(&mut self, sql: &str, args: &[&dyn Arg], most: usize) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each_row(sql, args, T::COLUMNS, &mut |row| {
            out.push(T::read(row)?);
            Ok(out.len() < most)
        })?;
        Ok(out)
    }

    /// Hands over every row until it is told that this was enough. Compiled once, and not for every kind of record.
    fn each_row(&mut self, sql: &str, args: &[&dyn Arg], fields: Columns, read: &mut dyn FnMut(&Row<'_>) -> Result<bool>) -> Result<()> {
        let mut touched = false;
        let done = self.noting(|conn| {
            match conn {
                Conn::Lite(c) => {
                    let mut s = c.prepare_cached(&portable(sql, Engine::Sqlite))?;
                    if cfg!(debug_assertions) {
                        fits(fields, sql, &s.column_names().collect::<Vec<_>>())?;
                    }
                    bind(&mut s, sql, args)?;
                    let changes = !s.readonly();
                    let mut rows = s.raw_query();
                    while let Some(row) = rows.next()? {
                        touched |= changes;
                        if !read(&Row::Lite(row))? {
                            break;
                        }
                    }
                }
                Conn::Pg(c, prepared) => {
                    let s = prepared.get(c, sql)?;
                    if cfg!(debug_assertions) {
                        fits(fields, sql, &s.columns().iter().map(postgres::Column::name).collect::<Vec<_>>())?;
                    }
                    for row in &c.query(&s, &pg(&s, sql, args)?)? {
                        if !read(&Row::Pg(row))? {
                            break;
                        }
                    }
                }
            }
            Ok(())
        });
        self.touched |= touched;
        done
    }

    pub(crate) fn noting<T>(&mut self, f: impl FnOnce(&mut Conn<'a>) -> Result<T>) -> Result<T> {
        if self.trouble.is_some() {
            return Err(Error::Spoiled);
        }
        self.statements += 1;
        #[cfg(debug_assertions)]
        let f = |conn: &mut Conn<'a>| match &self.mishap {
            Some(which) if which(self.statements) => Err(conn.fails()),
            _ => f(conn),
        };
        let done = f(&mut self.conn);
        if let Err(e) = &done {
            self.trouble = Some(Trouble::of(e, self.access == Access::Write));
        }
        done
    }
}

/// A connection's prepared statements. Bounded, because the server keeps each of them in memory too; past the bound
/// all are dropped, which a program with fewer texts than that never sees.
#[derive(Default)]
pub(crate) struct Prepared(HashMap<String, postgres::Statement>);

impl Prepared {
    const MOST: usize = 1024;

    pub(crate) fn get(&mut self, c: &mut postgres::Client, sql: &str) -> Result<postgres::Statement> {
        if let Some(s) = self.0.get(sql) {
            return Ok(s.clone());
        }
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        let s = c.prepare(&portable(sql, Engine::Postgres))?;
        self.0.insert(sql.to_owned(), s.clone());
        Ok(s)
    }
}

fn pg<'a>(s: &postgres::Statement, sql: &str, args: &'a [&'a dyn Arg]) -> Result<Vec<&'a (dyn postgres::types::ToSql + Sync)>> {
    if s.params().len() != args.len() {
        return Err(miscounted(sql, s.params().len(), args.len()));
    }
    Ok(args.iter().map(|a| *a as _).collect())
}

fn bind(s: &mut rusqlite::Statement<'_>, sql: &str, args: &[&dyn Arg]) -> Result<()> {
    let mut highest = 0;
    for i in 1..=s.parameter_count() {
        // SQLite numbers `$n` by first appearance; the number in the text is the one that counts.
        let n: usize = s.parameter_name(i).and_then(|p| p[1..].parse().ok()).unwrap_or(i);
        highest = highest.max(n);
        let Some(arg) = args.get(n.wrapping_sub(1)) else { continue };
        let value = rusqlite::ToSql::to_sql(*arg)?;
        let text = match &value {
            ToSqlOutput::Borrowed(ValueRef::Text(text)) => *text,
            ToSqlOutput::Owned(Value::Text(text)) => text.as_bytes(),
            _ => &[],
        };
        if text.contains(&0) {
            return Err(Error::NulText);
        }
        s.raw_bind_parameter(i, value)?;
    }
    if highest != args.len() {
        return Err(miscounted(sql, highest, args.len()));
    }
    Ok(())
}

/// Whether a statement changes rows and nothing else, so that a count of none means that nothing was changed.
fn only_rows(sql: &str) -> bool {
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["insert", "update", "delete"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

fn miscounted(sql: &str, takes: usize, given: usize) -> Error {
    Error::Unfit(format!("this statement takes {takes} arguments and was given {given}: {sql}"))
}

/// Whether a statement's columns are the fields of a row type, in order. Tuples have no names, so only count.
fn fits(fields: Columns, sql: &str, columns: &[&str]) -> Result<()> {
    misfit(fields.iter().map(|(name, _)| *name), columns.iter().copied()).map_or(Ok(()), |why| Err(Error::Unfit(format!("{why}: {sql}"))))
}

pub(crate) fn misfit<'n>(
    fields: impl ExactSizeIterator<Item = &'n str>,
    columns: impl ExactSizeIterator<Item = &'n str>,
) -> Option<String> {
    if fields.len() != columns.len() {
        return Some(format!("the statement gives {} columns where its row type has {}", columns.len(), fields.len()));
    }
    fields.zip(columns).enumerate().find_map(|(i, (field, column))| {
        let field = field.trim_start_matches("r#");
        (!field.is_empty() && field != column).then(|| format!("column {} is called “{column}” where the row type has “{field}”", i + 1))
    })
}
