//! Values that both engines can bind and both can read. The drivers do the work.

use crate::Result;

/// A value both engines can bind.
pub trait Arg: rusqlite::ToSql + postgres::types::ToSql + Sync {}
impl<T: rusqlite::ToSql + postgres::types::ToSql + Sync> Arg for T {}

/// A column both engines can read.
pub trait Col: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a> {}
impl<T: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a>> Col for T {}

pub enum Row<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    pub fn get<T: Col>(&self, i: usize) -> Result<T> {
        match self {
            Row::Lite(row) => Ok(row.get(i)?),
            Row::Pg(row) => Ok(row.try_get(i)?),
        }
    }
}

/// The fields of a row type in order: each one's name (empty in a tuple) and which PostgreSQL types it accepts.
pub type Columns = &'static [(&'static str, fn(&postgres::types::Type) -> bool)];

/// A row type. `COLUMNS` is for the test that prepares every statement on both engines; in debug builds every query
/// compares it with what the statement gives as well.
pub trait Record: Sized {
    const COLUMNS: Columns;
    fn read(row: &Row<'_>) -> Result<Self>;
}

macro_rules! tuple_record {
    ($($name:ident $index:tt),+) => {
        impl<$($name: Col),+> Record for ($($name,)+) {
            const COLUMNS: Columns = &[$(("", <$name as postgres::types::FromSql>::accepts)),+];
            fn read(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.get::<$name>($index)?,)+))
            }
        }
    };
}
tuple_record!(A 0);
tuple_record!(A 0, B 1);
tuple_record!(A 0, B 1, C 2);
tuple_record!(A 0, B 1, C 2, D 3);
tuple_record!(A 0, B 1, C 2, D 3, E 4);
tuple_record!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_record!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_record!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// A statement known at compile time, and where it is written.
pub struct Sql {
    pub text: &'static str,
    pub file: &'static str,
    pub line: u32,
    /// What its row type expects, where the statement names one.
    pub columns: Option<Columns>,
}
inventory::collect!(Sql);

/// Registers a statement, so that one test can prepare all of them on both engines, and gives its text.
/// With a row type before it, `sql!(Person: "select ...")`, the test compares the columns as well.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {
        $crate::sql!(@ $text, None)
    };
    ($row:ty : $text:expr) => {
        $crate::sql!(@ $text, Some(<$row as $crate::Record>::COLUMNS))
    };
    (@ $text:expr, $columns:expr) => {{
        const TEXT: &str = $text;
        $crate::drivers::inventory::submit! { $crate::Sql { text: TEXT, file: file!(), line: line!(), columns: $columns } }
        TEXT
    }};
}

/// Declares a row type whose fields are the columns of a statement, in order.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $kind),* }
        impl $crate::Record for $name {
            const COLUMNS: $crate::Columns =
                &[$((stringify!($field), <$kind as $crate::drivers::postgres::types::FromSql>::accepts)),*];
            fn read(row: &$crate::Row<'_>) -> $crate::Result<Self> {
                let mut columns = 0..;
                Ok(Self { $($field: row.get(columns.next().unwrap_or_default())?),* })
            }
        }
    };
}
