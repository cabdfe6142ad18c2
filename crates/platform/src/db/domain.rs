//! The domain's ids and amounts as database values.

use stockade_domain::{
    ids::{
        AccountId, ApiKeyId, DeviceId, EventId, FillId, LotId, OrderId, PasskeyId, PayeeId, PostingId,
        RequestId, SessionId, SigningKeyId, TransferId, UserId,
    },
    price::Price,
    quantity::Quantity,
};
use uuid::Uuid;

use super::{
    error::DbResult,
    row::{FromRow, Row},
    value::{Bind, Cell, Column, Mismatch, Value},
};

macro_rules! uuids {
    ($($id:ident),+ $(,)?) => {$(
        impl Bind for $id {
            fn value(self) -> Value { self.as_uuid().value() }
            fn null() -> Value { Uuid::null() }
        }
        impl Column for $id {
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> { Uuid::from_cell(cell).map(Self::from_uuid) }
        }
        impl FromRow for $id {
            fn from_row(row: &mut Row<'_>) -> DbResult<Self> { row.read() }
        }
    )+};
}
uuids!(
    AccountId,
    DeviceId,
    EventId,
    FillId,
    LotId,
    OrderId,
    ApiKeyId,
    PasskeyId,
    PayeeId,
    PostingId,
    RequestId,
    SessionId,
    SigningKeyId,
    TransferId,
    UserId
);

macro_rules! integers {
    ($($amount:ident: $to:ident, $from:expr;)+) => {$(
        impl Bind for $amount {
            fn value(self) -> Value { self.$to().value() }
            fn null() -> Value { i64::null() }
        }
        impl Column for $amount {
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> { i64::from_cell(cell).map($from) }
        }
    )+};
}
integers! {
    Price: micros, Price::from_micros;
    Quantity: nanos, Quantity::from_nanos;
}
