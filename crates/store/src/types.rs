//! The few types that both engines store alike: instants, ids and words from a fixed list.

use jiff::{SignedDuration, tz::TimeZone};

/// An instant, stored as microseconds since 1970 in UTC in a `bigint`, so that it sorts and subtracts alike everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    pub const fn as_micros(self) -> i64 {
        self.0
    }
    /// The same instant as `jiff` knows it. Instants outside jiff's range (years -9999 to 9999) are clamped.
    pub fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
    }
    /// The wall clock at this instant in a zone.
    pub fn in_zone(self, zone: &TimeZone) -> jiff::Zoned {
        self.jiff().to_zoned(zone.clone())
    }
    /// How long after `earlier` this is; negative when it is before.
    pub fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}
impl std::ops::Add<SignedDuration> for Timestamp {
    type Output = Self;
    fn add(self, by: SignedDuration) -> Self {
        Self(self.0.saturating_add(by.as_micros().clamp(i64::MIN.into(), i64::MAX.into()) as i64))
    }
}
impl std::ops::Sub<SignedDuration> for Timestamp {
    type Output = Self;
    fn sub(self, by: SignedDuration) -> Self {
        Self(self.0.saturating_sub(by.as_micros().clamp(i64::MIN.into(), i64::MAX.into()) as i64))
    }
}

/// A word that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{word}” is not a {kind}")]
pub struct NoSuchValue {
    pub kind: &'static str,
    pub word: String,
}

/// Implements both drivers' column traits for a type through the value it hands out and the value it is made from.
#[macro_export]
macro_rules! column_as {
    ($name:ty, $inner:ty, out: |$value:ident| $out:expr, back: |$raw:ident| $back:expr) => {
        impl $crate::drivers::rusqlite::ToSql for $name {
            fn to_sql(&self) -> $crate::drivers::rusqlite::Result<$crate::drivers::rusqlite::types::ToSqlOutput<'_>> {
                let $value = self;
                $crate::drivers::rusqlite::ToSql::to_sql($out)
            }
        }
        impl $crate::drivers::rusqlite::types::FromSql for $name {
            fn column_result(
                value: $crate::drivers::rusqlite::types::ValueRef<'_>,
            ) -> $crate::drivers::rusqlite::types::FromSqlResult<Self> {
                let $raw = <$inner as $crate::drivers::rusqlite::types::FromSql>::column_result(value)?;
                $back.map_err(|e| $crate::drivers::rusqlite::types::FromSqlError::Other(Box::new(e)))
            }
        }
        impl $crate::drivers::postgres::types::ToSql for $name {
            fn to_sql(
                &self,
                kind: &$crate::drivers::postgres::types::Type,
                to: &mut $crate::drivers::bytes::BytesMut,
            ) -> Result<$crate::drivers::postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
                let $value = self;
                $crate::drivers::postgres::types::ToSql::to_sql($out, kind, to)
            }
            fn accepts(kind: &$crate::drivers::postgres::types::Type) -> bool {
                <$inner as $crate::drivers::postgres::types::FromSql>::accepts(kind)
            }
            $crate::drivers::postgres::types::to_sql_checked!();
        }
        impl<'a> $crate::drivers::postgres::types::FromSql<'a> for $name {
            fn from_sql(
                kind: &$crate::drivers::postgres::types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                let $raw = <$inner as $crate::drivers::postgres::types::FromSql>::from_sql(kind, raw)?;
                Ok($back?)
            }
            fn accepts(kind: &$crate::drivers::postgres::types::Type) -> bool {
                <$inner as $crate::drivers::postgres::types::FromSql>::accepts(kind)
            }
        }
    };
}
column_as!(Timestamp, i64, out: |at| &at.0, back: |micros| Ok::<_, std::convert::Infallible>(Timestamp(micros)));

/// Declares ids: one type per noun, so that an ask's id cannot be given where a person's is meant. Sixteen bytes,
/// UUID version 7; made by `Tx`, which knows the time and has a source of chance.
#[macro_export]
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::drivers::serde::Serialize, $crate::drivers::serde::Deserialize)]
        #[serde(transparent, crate = "chiron_store::drivers::serde")]
        pub struct $name(pub $crate::drivers::uuid::Uuid);
        impl From<$crate::drivers::uuid::Uuid> for $name {
            fn from(id: $crate::drivers::uuid::Uuid) -> Self { Self(id) }
        }
        impl From<$name> for $crate::drivers::uuid::Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.simple().fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::NoSuchValue;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                word.parse().map(Self).map_err(|_| $crate::NoSuchValue { kind: stringify!($name), word: word.into() })
            }
        }
        $crate::column_as!($name, $crate::drivers::uuid::Uuid, out: |id| &id.0, back: |id| Ok::<_, std::convert::Infallible>($name(id)));
    )+};
}

/// Declares an enum that is a word in the database, in forms and in JSON.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::drivers::serde::Serialize, $crate::drivers::serde::Deserialize)]
        #[serde(crate = "chiron_store::drivers::serde")]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::NoSuchValue;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| $crate::NoSuchValue { kind: stringify!($name), word: word.into() })
            }
        }
        $crate::column_as!($name, String, out: |value| match value { $($name::$variant => &$word),+ }, back: |word| word.parse::<$name>());
    };
}
