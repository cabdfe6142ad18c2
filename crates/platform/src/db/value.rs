//! The types that cross the seam. A [`Value`] goes in, typed even when it is NULL; a [`Cell`] comes out and a
//! [`Column`] reads it. Both databases meet here: SQLite keeps a UUID as 16 bytes and an instant as integer
//! microseconds, PostgreSQL has types of its own, and neither difference goes further up.

use std::borrow::Cow;

use jiff::Timestamp;
use uuid::Uuid;

/// One bound parameter. `None` is a NULL of that type, which PostgreSQL needs to know.
#[derive(Clone, Debug)]
pub enum Value {
    /// BIGINT
    Int(Option<i64>),
    /// BOOLEAN
    Bool(Option<bool>),
    /// TEXT
    Text(Option<Cow<'static, str>>),
    /// BYTEA
    Bytes(Option<Vec<u8>>),
    /// UUID
    Uuid(Option<Uuid>),
    /// TIMESTAMPTZ, microseconds since the Unix epoch
    Timestamp(Option<i64>),
    /// JSONB, as text
    Json(Option<String>),
}

/// What can be bound to a `$n`.
pub trait Bind {
    /// The value to send.
    fn value(self) -> Value;
    /// NULL of this type.
    fn null() -> Value;
}

impl<T: Bind> Bind for Option<T> {
    fn value(self) -> Value {
        self.map_or_else(T::null, T::value)
    }
    fn null() -> Value {
        T::null()
    }
}

macro_rules! bind {
    ($($type:ty => $variant:ident, $into:expr;)*) => {$(
        impl Bind for $type {
            fn value(self) -> Value {
                let into: fn($type) -> _ = $into;
                Value::$variant(Some(into(self)))
            }
            fn null() -> Value {
                Value::$variant(None)
            }
        }
    )*};
}

bind! {
    i64 => Int, |v| v;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Bool, |v| v;
    String => Text, Cow::Owned;
    Vec<u8> => Bytes, |v| v;
    Uuid => Uuid, |v| v;
    Timestamp => Timestamp, |v| v.as_microsecond();
    serde_json::Value => Json, |v| v.to_string();
}

impl Bind for &str {
    fn value(self) -> Value {
        Value::Text(Some(Cow::Owned(self.to_owned())))
    }
    fn null() -> Value {
        Value::Text(None)
    }
}

impl Bind for &[u8] {
    fn value(self) -> Value {
        Value::Bytes(Some(self.to_owned()))
    }
    fn null() -> Value {
        Value::Bytes(None)
    }
}

impl<const N: usize> Bind for [u8; N] {
    fn value(self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }
    fn null() -> Value {
        Value::Bytes(None)
    }
}

/// One field of a result row, borrowed from the driver.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// NULL of any type
    Null,
    /// BIGINT; on SQLite also booleans and instants
    Int(i64),
    /// BOOLEAN (PostgreSQL)
    Bool(bool),
    /// TEXT and JSONB
    Text(&'a str),
    /// BYTEA; on SQLite also UUIDs
    Bytes(&'a [u8]),
    /// UUID (PostgreSQL)
    Uuid(Uuid),
    /// TIMESTAMPTZ (PostgreSQL), microseconds since the Unix epoch
    Timestamp(i64),
}

/// A field did not hold what the code reads it as: a defect in the query or the schema.
#[derive(Clone, Copy, Debug)]
pub struct Mismatch;

/// What a result field can be read as.
pub trait Column: Sized {
    /// Reads one field; NULL is only for `Option`.
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch>;
}

impl<T: Column> Column for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Null => Ok(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

macro_rules! column {
    ($($type:ty => { $($pattern:pat => $value:expr,)+ })*) => {$(
        impl Column for $type {
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
                match cell { $($pattern => $value,)+ _ => Err(Mismatch) }
            }
        }
    )*};
}

column! {
    i64 => { Cell::Int(v) => Ok(v), }
    bool => { Cell::Bool(v) => Ok(v), Cell::Int(0) => Ok(false), Cell::Int(1) => Ok(true), }
    String => { Cell::Text(v) => Ok(v.to_owned()), }
    Vec<u8> => { Cell::Bytes(v) => Ok(v.to_owned()), }
    Uuid => { Cell::Uuid(v) => Ok(v), Cell::Bytes(v) => Uuid::from_slice(v).map_err(|_| Mismatch), }
    Timestamp => { Cell::Timestamp(v) | Cell::Int(v) => Timestamp::from_microsecond(v).map_err(|_| Mismatch), }
    serde_json::Value => { Cell::Text(v) => serde_json::from_str(v).map_err(|_| Mismatch), }
}

impl<const N: usize> Column for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Bytes(v) => v.try_into().map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }
}
