//! PostgreSQL's binary formats of the few types that cross the seam.

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::{
    Row,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};
use uuid::Uuid;

use crate::db::{
    error::{DbError, DbResult},
    value::{Cell, Value},
};

/// Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01.
const EPOCH_OFFSET: i64 = 946_684_800_000_000;

type Failure = Box<dyn std::error::Error + Sync + Send>;

/// Whether a value can be sent where PostgreSQL expects this type.
pub(super) fn check(value: &Value, ty: &Type) -> DbResult<()> {
    let fits = match value {
        Value::Int(_) => *ty == Type::INT8,
        Value::Bool(_) => *ty == Type::BOOL,
        Value::Text(_) => *ty == Type::TEXT,
        Value::Bytes(_) => *ty == Type::BYTEA,
        Value::Uuid(_) => *ty == Type::UUID,
        Value::Timestamp(at) => {
            *ty == Type::TIMESTAMPTZ && at.is_none_or(|at| at.checked_sub(EPOCH_OFFSET).is_some())
        }
        Value::Json(_) => *ty == Type::JSONB,
    };
    match fits {
        true => Ok(()),
        false => Err(DbError::Fault(format!(
            "a value was bound where {ty} is expected"
        ))),
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        check(self, ty)?;
        match self {
            Self::Int(Some(v)) => out.put_i64(*v),
            Self::Bool(Some(v)) => out.put_u8(u8::from(*v)),
            Self::Text(Some(v)) => out.put_slice(v.as_bytes()),
            Self::Bytes(Some(v)) => out.put_slice(v),
            Self::Uuid(Some(v)) => out.put_slice(v.as_bytes()),
            Self::Timestamp(Some(v)) => {
                out.put_i64(v.checked_sub(EPOCH_OFFSET).ok_or("instant out of range")?)
            }
            Self::Json(Some(v)) => {
                out.put_u8(1); // the version of the JSONB wire format
                out.put_slice(v.as_bytes());
            }
            _ => return Ok(IsNull::Yes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true // `to_sql` checks, because what fits depends on the variant
    }

    to_sql_checked!();
}

/// A field's bytes, undecoded.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(raw))
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Decodes one field of a row.
pub(in crate::db) fn cell(row: &Row, at: usize) -> DbResult<Cell<'_>> {
    let Some(Raw(raw)) = row.try_get::<_, Option<Raw<'_>>>(at)? else {
        return Ok(Cell::Null);
    };
    let ty = row.columns()[at].type_();
    let decoded = match *ty {
        Type::INT8 => raw.try_into().ok().map(|v| Cell::Int(i64::from_be_bytes(v))),
        Type::INT4 => raw
            .try_into()
            .ok()
            .map(|v| Cell::Int(i32::from_be_bytes(v).into())),
        Type::BOOL => raw.first().map(|v| Cell::Bool(*v != 0)),
        Type::TEXT | Type::VARCHAR => std::str::from_utf8(raw).ok().map(Cell::Text),
        Type::BYTEA => Some(Cell::Bytes(raw)),
        Type::UUID => Uuid::from_slice(raw).ok().map(Cell::Uuid),
        Type::TIMESTAMPTZ => raw.try_into().ok().and_then(|v| {
            i64::from_be_bytes(v)
                .checked_add(EPOCH_OFFSET)
                .map(Cell::Timestamp)
        }),
        Type::JSONB => raw
            .get(1..)
            .and_then(|v| std::str::from_utf8(v).ok())
            .map(Cell::Text),
        _ => None,
    };
    decoded.ok_or_else(|| DbError::Fault(format!("column {at} is a {ty}, which does not cross the seam")))
}
