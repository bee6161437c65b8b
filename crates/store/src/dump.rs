//! Every row of a database as lines of JSON that either engine can write and either can read back.
//!
//! ```text
//! {"chiron":"rows","version":1,"steps":[["0001_ground","9f2c..."]]}
//! {"table":"people","columns":[["id","bytes"],["name","text"]],"order":["id"],"serial":null}
//! ["0190b6f0000070008000000000000001","Amina"]
//! {"rows":1,"sha256":"..."}
//! {"tables":1}
//! ```
//!
//! A row is a list in the order of `columns`: bytes and ids as lower-case hex, doubles as a string (exact, and able to
//! say `inf`), the rest as JSON's own. Rows come by primary key, texts compared by bytes, so the same rows give the
//! same SHA-256 on both engines: a restore proves itself by comparing what is in the new database with what the
//! file says. Memory: one row. Time: one pass to write, two to load.
//!
//! Left out: SQLite's virtual tables and what belongs to them, generated columns, the record of migrations (it is in
//! the first line), and what the caller names: a search index, which is made anew.

use crate::tx::Conn;
use crate::{Engine, Error, Result, Tx};
use postgres::fallible_iterator::FallibleIterator;
use rusqlite::types::{Value, ValueRef};
use sha2::{Digest, Sha256};
use std::io::{BufRead, Read, Write};

const OURS: [&str; 2] = ["schema_steps", "schema_lease"];
/// The longest line a backup may have: more than any row, less than would hurt.
const LINE: u64 = 256 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bytes,
    Text,
    Bigint,
    Double,
    Boolean,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] =
        [(Self::Bytes, "bytes"), (Self::Text, "text"), (Self::Bigint, "bigint"), (Self::Double, "double"), (Self::Boolean, "boolean")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind)
    }
    /// The engines' names for the portable types.
    fn of(engine: Engine, name: &str) -> Option<Self> {
        Some(match (engine, name) {
            (Engine::Sqlite, "blob") | (Engine::Postgres, "uuid" | "bytea") => Self::Bytes,
            (_, "text") | (Engine::Postgres, "varchar") => Self::Text,
            (Engine::Sqlite, "bigint" | "integer") | (Engine::Postgres, "int8") => Self::Bigint,
            (Engine::Sqlite, "double precision" | "real") | (Engine::Postgres, "float8") => Self::Double,
            (Engine::Sqlite, "boolean") | (Engine::Postgres, "bool") => Self::Boolean,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    /// The primary key; without one, every column.
    pub order: Vec<String>,
    keyed: bool,
    /// The columns that PostgreSQL holds as `uuid`, which it reads without the `\x` of its other bytes.
    uuids: Vec<String>,
    /// The growing key: its column, and the highest number ever given, so that none is given twice.
    pub serial: Option<(String, i64)>,
}

/// What a table held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub table: String,
    pub rows: u64,
    pub sha256: String,
}

impl Tx<'_> {
    /// The tables that hold the product's rows, by name.
    pub fn tables(&mut self) -> Result<Vec<Table>> {
        let names: Vec<(String,)> = match self.engine() {
            Engine::Sqlite => self.all("select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name", &[])?,
            Engine::Postgres => self.all(
                "select cast(relname as text) as name from pg_class where relkind in ('r', 'p') and not relispartition
                 and relnamespace = (select oid from pg_namespace where nspname = current_schema()) order by cast(relname as text) collate \"C\"",
                &[],
            )?,
        };
        names.into_iter().filter(|(name,)| !OURS.contains(&name.as_str())).map(|(name,)| self.table(name)).collect()
    }

    fn table(&mut self, name: String) -> Result<Table> {
        // Column, the engine's type, place in the primary key (from 1; 0 when not in it), whether it grows by itself.
        let columns: Vec<(String, String, i64, bool)> = match self.engine() {
            Engine::Sqlite => self.all("select name, lower(type), pk, false from pragma_table_xinfo($1) where hidden = 0 order by cid", &[&name])?,
            Engine::Postgres => self.all(
                "select cast(a.attname as text), cast(t.typname as text), cast(coalesce(array_position(cast(i.indkey as int2[]), a.attnum), -1) + 1 as bigint), a.attidentity <> ''
                 from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
                 where a.attrelid = (select oid from pg_class where relname = cast(cast($1 as text) as name)
                                     and relnamespace = (select oid from pg_namespace where nspname = current_schema()))
                 and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum",
                &[&name],
            )?,
        };
        let mut key: Vec<(i64, &String)> =
            columns.iter().filter(|(_, _, place, _)| *place > 0).map(|(column, _, place, _)| (*place, column)).collect();
        key.sort();
        let keyed = !key.is_empty();
        let order =
            if keyed { key.into_iter().map(|(_, c)| c.clone()).collect() } else { columns.iter().map(|(c, ..)| c.clone()).collect() };
        let serial = match self.engine() {
            Engine::Sqlite if self.one::<(i64,)>("select count(*) from sqlite_schema where name = 'sqlite_sequence'", &[])?.0 == 0 => None,
            Engine::Sqlite => {
                let given: Option<(i64,)> = self.opt("select seq from sqlite_sequence where name = $1", &[&name])?;
                given.zip(columns.iter().find(|(_, _, place, _)| *place == 1)).map(|((given,), (column, ..))| (column.clone(), given))
            }
            Engine::Postgres => match columns.iter().find(|(.., grows)| *grows) {
                None => None,
                Some((column, ..)) => {
                    let (sequence,): (String,) = self.one("select pg_get_serial_sequence($1, $2)", &[&quoted(&name), column])?;
                    // The name comes quoted as it has to be.
                    let (given,): (i64,) =
                        self.one(&format!("select case when is_called then last_value else 0 end from {sequence}"), &[])?;
                    Some((column.clone(), given))
                }
            },
        };
        let uuids = columns.iter().filter(|(_, kind, ..)| kind == "uuid").map(|(column, ..)| column.clone()).collect();
        let engine = self.engine();
        let kind = |(column, kind, ..): (String, String, i64, bool)| match Kind::of(engine, &kind) {
            Some(kind) => Ok((column, kind)),
            None => Err(Error::Backup(format!("{name}.{column} has the type “{kind}”, which the other engine does not know."))),
        };
        let columns = columns.into_iter().map(kind).collect::<Result<_>>()?;
        Ok(Table { name, columns, order, keyed, uuids, serial })
    }

    /// Calls `line` with each row of a table as one line of JSON, in order. One row is in memory at a time.
    pub fn rows_as_json(&mut self, table: &Table, mut line: impl FnMut(&str) -> Result<()>) -> Result<()> {
        let select = table.select(self.engine());
        let mut text = String::new();
        self.noting(|conn| {
            match conn {
                Conn::Lite(c) => {
                    let mut statement = c.prepare(&select)?;
                    let mut rows = statement.raw_query();
                    while let Some(row) = rows.next()? {
                        text.clear();
                        for (i, (column, kind)) in table.columns.iter().enumerate() {
                            text.push(if i == 0 { '[' } else { ',' });
                            lite_value(&mut text, row.get_ref(i)?, *kind).ok_or_else(|| table.holds(column, *kind))?;
                        }
                        text.push(']');
                        line(&text)?;
                    }
                }
                Conn::Pg(c, _) => {
                    let statement = c.prepare(&select)?;
                    let mut rows = c.query_raw::<_, &(dyn postgres::types::ToSql + Sync), _>(&statement, [])?;
                    while let Some(row) = rows.next()? {
                        text.clear();
                        for (i, (_, kind)) in table.columns.iter().enumerate() {
                            text.push(if i == 0 { '[' } else { ',' });
                            pg_value(&mut text, &row, i, *kind)?;
                        }
                        text.push(']');
                        line(&text)?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Counts a table's rows and takes their SHA-256.
    pub fn count_rows(&mut self, table: &Table) -> Result<Counted> {
        self.write_rows(table, &mut std::io::sink())
    }

    fn write_rows(&mut self, table: &Table, out: &mut dyn Write) -> Result<Counted> {
        let (mut rows, mut sum) = (0, Sha256::new());
        self.rows_as_json(table, |line| {
            rows += 1;
            sum.update(line);
            sum.update("\n");
            Ok(writeln!(out, "{line}")?)
        })?;
        Ok(Counted { table: table.name.clone(), rows, sha256: crate::migrate::hex(&sum.finalize()) })
    }
}

impl Table {
    fn select(&self, engine: Engine) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(c, _)| quoted(c)).collect();
        let order: Vec<String> = self
            .order
            .iter()
            .map(|c| {
                let text = self.columns.iter().any(|(column, kind)| column == c && *kind == Kind::Text);
                let by_bytes = match engine {
                    Engine::Sqlite if text => " collate binary",
                    Engine::Postgres if text => " collate \"C\"",
                    _ => "",
                };
                // A key is never null, and saying so would keep PostgreSQL from using its index.
                format!("{}{by_bytes}{}", quoted(c), if self.keyed { "" } else { " nulls first" })
            })
            .collect();
        format!("select {} from {} order by {}", columns.join(", "), quoted(&self.name), order.join(", "))
    }

    fn holds(&self, column: &str, kind: Kind) -> Error {
        Error::Backup(format!("A row of {}.{column} holds something else than {}.", self.name, kind.word()))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn push_hex(to: &mut String, bytes: &[u8]) {
    to.push('"');
    to.push_str(&crate::migrate::hex(bytes));
    to.push('"');
}
/// SQLite knows no negative zero.
fn push_double(to: &mut String, number: f64) {
    to.push_str(&format!("\"{}\"", number + 0.0));
}
fn push_text(to: &mut String, text: &str) {
    to.push_str(&serde_json::Value::from(text).to_string());
}

fn lite_value(to: &mut String, value: ValueRef<'_>, kind: Kind) -> Option<()> {
    match (value, kind) {
        (ValueRef::Null, _) => to.push_str("null"),
        (ValueRef::Blob(bytes), Kind::Bytes) => push_hex(to, bytes),
        (ValueRef::Text(text), Kind::Text) => push_text(to, std::str::from_utf8(text).ok()?),
        (ValueRef::Integer(n), Kind::Bigint) => to.push_str(&n.to_string()),
        (ValueRef::Real(n), Kind::Double) => push_double(to, n),
        (ValueRef::Integer(n @ (0 | 1)), Kind::Boolean) => to.push_str(if n == 1 { "true" } else { "false" }),
        _ => return None,
    }
    Some(())
}

fn pg_value(to: &mut String, row: &postgres::Row, i: usize, kind: Kind) -> Result<()> {
    let null = match kind {
        Kind::Bytes if *row.columns()[i].type_() == postgres::types::Type::UUID => {
            row.try_get::<_, Option<uuid::Uuid>>(i)?.map(|v| push_hex(to, v.as_bytes()))
        }
        Kind::Bytes => row.try_get::<_, Option<&[u8]>>(i)?.map(|v| push_hex(to, v)),
        Kind::Text => row.try_get::<_, Option<&str>>(i)?.map(|v| push_text(to, v)),
        Kind::Bigint => row.try_get::<_, Option<i64>>(i)?.map(|v| to.push_str(&v.to_string())),
        Kind::Double => row.try_get::<_, Option<f64>>(i)?.map(|v| push_double(to, v)),
        Kind::Boolean => row.try_get::<_, Option<bool>>(i)?.map(|v| to.push_str(if v { "true" } else { "false" })),
    };
    if null.is_none() {
        to.push_str("null");
    }
    Ok(())
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Head {
    chiron: String,
    version: u32,
    steps: Vec<(String, String)>,
}
#[derive(serde::Serialize, serde::Deserialize)]
struct TableHead {
    table: String,
    columns: Vec<(String, String)>,
    order: Vec<String>,
    serial: Option<(String, i64)>,
}
#[derive(serde::Serialize, serde::Deserialize)]
struct TableFoot {
    rows: u64,
    sha256: String,
}
#[derive(serde::Serialize, serde::Deserialize)]
struct Foot {
    tables: usize,
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Backup(e.to_string()))
}

/// Writes every row. Run it in one `Db::read`: then the file shows one instant, and writers go on meanwhile.
pub fn write(tx: &mut Tx<'_>, leave_out: &[&str], out: &mut dyn Write) -> Result<Vec<Counted>> {
    unhurried(tx)?;
    let head = Head { chiron: "rows".into(), version: 1, steps: crate::migrate::applied(tx)? };
    writeln!(out, "{}", json(&head)?)?;
    let mut all = Vec::new();
    for table in tx.tables()?.into_iter().filter(|t| !leave_out.contains(&t.name.as_str())) {
        let columns = table.columns.iter().map(|(name, kind)| (name.clone(), kind.word().to_owned())).collect();
        let head = TableHead { table: table.name.clone(), columns, order: table.order.clone(), serial: table.serial.clone() };
        writeln!(out, "{}", json(&head)?)?;
        let counted = tx.write_rows(&table, out)?;
        writeln!(out, "{}", json(&TableFoot { rows: counted.rows, sha256: counted.sha256.clone() })?)?;
        all.push(counted);
    }
    writeln!(out, "{}", json(&Foot { tables: all.len() })?)?;
    out.flush()?;
    Ok(all)
}

/// Reads back what [`write()`] wrote, into a database at the same schema step whose tables are empty. Run it in one
/// `Db::write`: it is all there or nothing is. Nothing in the file is run: names must be those of tables and columns
/// that exist, and values are bound. At the end every table is read back and compared with what the file says.
pub fn load(tx: &mut Tx<'_>, input: &mut dyn BufRead) -> Result<Vec<Counted>> {
    unhurried(tx)?;
    let mut lines = Lines { input, number: 0, line: String::new() };
    let head: Head = lines.parse()?;
    if head.chiron != "rows" || head.version != 1 {
        return Err(Error::Backup("This is not a backup that this version of Chiron can read.".into()));
    }
    let here = crate::migrate::applied(tx)?;
    if head.steps != here {
        let step = |steps: &[(String, String)]| steps.last().map_or("none".to_owned(), |(name, _)| name.clone());
        return Err(Error::Backup(format!(
            "The backup was made at schema step {} and this database is at {}. Please restore it with the version that made it, and upgrade then.",
            step(&head.steps),
            step(&here)
        )));
    }
    let known = tx.tables()?;
    let constraints = defer_foreign_keys(tx)?;
    let mut all: Vec<(Table, Counted)> = Vec::new();
    loop {
        lines.next()?;
        if let Ok(foot) = serde_json::from_str::<Foot>(&lines.line) {
            if foot.tables != all.len() {
                return Err(Error::Backup("The backup does not hold as many tables as it says.".into()));
            }
            break;
        }
        let head: TableHead = lines.now()?;
        let table = fitting(&head, &known)?;
        if all.iter().any(|(t, _)| t.name == table.name) {
            return Err(Error::Backup(format!("The backup holds the table {} twice.", table.name)));
        }
        let (there,): (i64,) = tx.one(&format!("select count(*) from (select 1 from {} limit 1) as one", quoted(&table.name)), &[])?;
        if there > 0 {
            return Err(Error::Backup(format!("The table {} is not empty. Please restore into a new database.", table.name)));
        }
        let counted = load_table(tx, &table, &mut lines)?;
        all.push((table, counted));
    }
    restore_foreign_keys(tx, &constraints)?;
    for (table, told) in &all {
        if tx.count_rows(table)? != *told {
            return Err(Error::Backup(format!("What was written to {} does not read back as it is in the backup.", table.name)));
        }
    }
    Ok(all.into_iter().map(|(_, counted)| counted).collect())
}

/// The table of this database that a head speaks of, with the columns in the file's order.
fn fitting(head: &TableHead, known: &[Table]) -> Result<Table> {
    let misfit = |what: &str| Error::Backup(format!("The backup's table “{}” does not fit this database: {what}.", head.table));
    let here = known.iter().find(|t| t.name == head.table).ok_or_else(|| misfit("there is no such table"))?;
    let columns: Vec<(String, Kind)> = head.columns.iter().filter_map(|(name, kind)| Some((name.clone(), Kind::parse(kind)?))).collect();
    let same =
        columns.len() == head.columns.len() && columns.len() == here.columns.len() && here.columns.iter().all(|c| columns.contains(c));
    if !same || head.order != here.order {
        return Err(misfit("its columns are others"));
    }
    let serial = match (&here.serial, &head.serial) {
        (Some((column, _)), Some((_, given))) => Some((column.clone(), *given)),
        // SQLite keeps no number for a table that never had a row.
        (None, Some((column, given))) if columns.iter().any(|(c, _)| c == column) => Some((column.clone(), *given)),
        _ => None,
    };
    Ok(Table { columns, serial, ..here.clone() })
}

fn load_table(tx: &mut Tx<'_>, table: &Table, lines: &mut Lines<'_>) -> Result<Counted> {
    let (mut rows, mut sum) = (0, Sha256::new());
    let columns: Vec<String> = table.columns.iter().map(|(c, _)| quoted(c)).collect();
    let columns = columns.join(", ");
    let foot: TableFoot = tx.noting(|conn| match conn {
        Conn::Lite(c) => {
            let places: Vec<String> = (1..=table.columns.len()).map(|i| format!("?{i}")).collect();
            let mut insert = c.prepare(&format!("insert into {} ({columns}) values ({})", quoted(&table.name), places.join(", ")))?;
            while let Some(values) = lines.row(table, &mut sum)? {
                for (i, (value, (column, kind))) in values.into_iter().zip(&table.columns).enumerate() {
                    insert.raw_bind_parameter(i + 1, to_lite(value, *kind).ok_or_else(|| table.holds(column, *kind))?)?;
                }
                insert.raw_execute()?;
                rows += 1;
            }
            lines.now()
        }
        Conn::Pg(c, _) => {
            let mut copy = c.copy_in(&format!("copy {} ({columns}) from stdin", quoted(&table.name)))?;
            let mut line = String::new();
            while let Some(values) = lines.row(table, &mut sum)? {
                line.clear();
                for (i, (value, (column, kind))) in values.into_iter().zip(&table.columns).enumerate() {
                    if i > 0 {
                        line.push('\t');
                    }
                    to_copy(&mut line, &value, *kind, table.uuids.contains(column)).ok_or_else(|| table.holds(column, *kind))?;
                }
                line.push('\n');
                copy.write_all(line.as_bytes())?;
                rows += 1;
            }
            copy.finish()?;
            lines.now()
        }
    })?;
    let counted = Counted { table: table.name.clone(), rows, sha256: crate::migrate::hex(&sum.finalize()) };
    if (foot.rows, &foot.sha256) != (counted.rows, &counted.sha256) {
        return Err(Error::Backup(format!("The rows of {} in the backup are damaged: they are not those that were written.", table.name)));
    }
    if let Some((column, given)) = table.serial.as_ref().filter(|(_, given)| *given > 0) {
        match tx.engine() {
            Engine::Sqlite => {
                tx.execute("delete from sqlite_sequence where name = $1", &[&table.name])?;
                tx.execute("insert into sqlite_sequence (name, seq) values ($1, $2)", &[&table.name, given])?;
            }
            Engine::Postgres => {
                tx.one::<(i64,)>(
                    "select setval(cast(pg_get_serial_sequence($1, $2) as regclass), $3)",
                    &[&quoted(&table.name), column, given],
                )?;
            }
        }
    }
    Ok(counted)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let sound = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    sound.then(|| digits.chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect())
}

fn to_lite(value: serde_json::Value, kind: Kind) -> Option<Value> {
    use serde_json::Value as J;
    Some(match (value, kind) {
        (J::Null, _) => Value::Null,
        (J::String(hex), Kind::Bytes) => Value::Blob(from_hex(&hex)?),
        (J::String(text), Kind::Text) if !text.contains('\0') => Value::Text(text),
        (J::Number(n), Kind::Bigint) => Value::Integer(n.as_i64()?),
        (J::String(n), Kind::Double) => Value::Real(n.parse().ok()?),
        (J::Bool(yes), Kind::Boolean) => Value::Integer(yes.into()),
        _ => return None,
    })
}

fn to_copy(line: &mut String, value: &serde_json::Value, kind: Kind, uuid: bool) -> Option<()> {
    use serde_json::Value as J;
    match (value, kind) {
        (J::Null, _) => line.push_str("\\N"),
        (J::String(hex), Kind::Bytes) => {
            from_hex(hex)?;
            line.push_str(if uuid { "" } else { "\\\\x" });
            line.push_str(hex);
        }
        (J::String(text), Kind::Text) if !text.contains('\0') => {
            for letter in text.chars() {
                match letter {
                    '\\' => line.push_str("\\\\"),
                    '\n' => line.push_str("\\n"),
                    '\r' => line.push_str("\\r"),
                    '\t' => line.push_str("\\t"),
                    other => line.push(other),
                }
            }
        }
        (J::Number(n), Kind::Bigint) => line.push_str(&n.as_i64()?.to_string()),
        (J::String(n), Kind::Double) => line.push_str(&n.parse::<f64>().ok()?.to_string()),
        (J::Bool(yes), Kind::Boolean) => line.push_str(if *yes { "t" } else { "f" }),
        _ => return None,
    }
    Some(())
}

/// The tables' foreign keys are looked at once all rows are there, because rows refer to rows that come later.
/// Returns what has to be put back: table and constraint.
fn defer_foreign_keys(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    if tx.engine() == Engine::Sqlite {
        // Ends with the transaction, which fails to commit when a reference leads nowhere.
        tx.batch("pragma defer_foreign_keys = on")?;
        return Ok(Vec::new());
    }
    let all: Vec<(String, String)> = tx.all(
        "select cast(c.relname as text), cast(k.conname as text) from pg_constraint k join pg_class c on c.oid = k.conrelid
         where k.contype = 'f' and not k.condeferrable and c.relnamespace = (select oid from pg_namespace where nspname = current_schema())",
        &[],
    )?;
    for (table, constraint) in &all {
        tx.batch(&format!("alter table {} alter constraint {} deferrable initially deferred", quoted(table), quoted(constraint)))?;
    }
    Ok(all)
}

fn restore_foreign_keys(tx: &mut Tx<'_>, constraints: &[(String, String)]) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        return match tx.opt::<(String,)>("select \"table\" from pragma_foreign_key_check limit 1", &[])? {
            Some((table,)) => Err(Error::Backup(format!("A row of {table} in the backup refers to a row that is not there."))),
            None => Ok(()),
        };
    }
    tx.batch("set constraints all immediate")?;
    constraints.iter().try_for_each(|(table, constraint)| {
        tx.batch(&format!("alter table {} alter constraint {} not deferrable", quoted(table), quoted(constraint)))
    })
}

/// Long work, and nobody waits for it at a screen.
fn unhurried(tx: &mut Tx<'_>) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.batch("set local statement_timeout = 0"),
    }
}

struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: u64,
    line: String,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<()> {
        self.line.clear();
        self.number += 1;
        let read = (&mut *self.input).take(LINE).read_line(&mut self.line)?;
        if read == 0 || !self.line.ends_with('\n') {
            return Err(Error::Backup(format!("The backup is cut short at line {}.", self.number)));
        }
        self.line.pop();
        Ok(())
    }

    /// What the line just read means.
    fn now<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.line).map_err(|_| Error::Backup(format!("Line {} of the backup cannot be read.", self.number)))
    }

    fn parse<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        self.next()?;
        self.now()
    }

    /// The next row; `None` at the line that ends the table.
    fn row(&mut self, table: &Table, sum: &mut Sha256) -> Result<Option<Vec<serde_json::Value>>> {
        self.next()?;
        if !self.line.starts_with('[') {
            return Ok(None);
        }
        sum.update(&self.line);
        sum.update("\n");
        let row: Vec<serde_json::Value> = self.now()?;
        match row.len() == table.columns.len() {
            true => Ok(Some(row)),
            false => {
                Err(Error::Backup(format!("Line {} of the backup has not as many values as {} has columns.", self.number, table.name)))
            }
        }
    }
}
