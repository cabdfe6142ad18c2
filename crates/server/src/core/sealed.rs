//! Opening sealed fields. One that does not open was changed, or moved from another place, behind the program's back:
//! the caller gets a clear error, the log the event `vault.tampered`, and nobody an empty value.

use std::sync::Arc;

use axum::http::StatusCode;
use secrecy::{ExposeSecret as _, SecretSlice};
use serde::de::DeserializeOwned;
use serde_json::json;
use stockade_domain::ids::UserId;
use stockade_platform::{
    db::{DbError, DbResult, Queryable},
    vault::{DataKey, Place},
};

use super::{event::AuditEvent, keys::DataKeys};
use crate::http::error::{ApiError, ApiResult, Problem};

/// The key of a person who is there, and so has one.
pub async fn key_of(keys: &DataKeys, on: &mut impl Queryable, owner: UserId) -> DbResult<Arc<DataKey>> {
    let key = keys.of(on, owner.as_uuid()).await?;
    key.ok_or_else(|| DbError::Fault(format!("{owner} has no data key")))
}

/// Opens a field of `owner`'s.
///
/// # Errors
/// 500 `vault.tampered`, with its event. A unit passes it on with `?`; outside one, [`super::change::Core::read_as`]
/// puts it on record.
pub fn open(
    key: &DataKey,
    owner: UserId,
    place: &Place<'_>,
    sealed: &[u8],
) -> Result<SecretSlice<u8>, Problem> {
    key.open(place, sealed).map_err(|_| refusal(owner, place))
}

/// Opens a field of `owner`'s that holds JSON.
///
/// # Errors
/// As [`open`].
pub fn open_json<T: DeserializeOwned>(
    key: &DataKey,
    owner: UserId,
    place: &Place<'_>,
    sealed: &[u8],
) -> ApiResult<T> {
    let clear = open(key, owner, place, sealed)?;
    serde_json::from_slice(clear.expose_secret()).map_err(|error| {
        let Place { table, column, .. } = place;
        ApiError::Fault(format!(
            "a {table}.{column} of {owner} opens, but has not its form: {error}"
        ))
    })
}

/// Opens several fields of `owner`'s at once, in their order: all of them or none.
///
/// # Errors
/// As [`open`], for the first that does not open.
pub fn open_all(
    key: &DataKey,
    owner: UserId,
    fields: &[(Place<'_>, &[u8])],
) -> Result<Vec<SecretSlice<u8>>, Problem> {
    let opened = key.open_all(fields.iter().copied());
    opened.map_err(|(at, _)| refusal(owner, &fields[at].0))
}

/// What the log says of a field that was tampered with.
pub fn tampered(owner: UserId, place: &Place<'_>) -> AuditEvent {
    AuditEvent::failed("vault.tampered")
        .about(owner)
        .with(json!({ "table": place.table, "column": place.column }))
}

fn refusal(owner: UserId, place: &Place<'_>) -> Problem {
    tracing::error!(%owner, table = place.table, column = place.column, "a sealed field was tampered with");
    let detail = "what is stored was changed from outside and is not shown; the operators have been told";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "vault.tampered", detail)
        .on_record(tampered(owner, place))
}
