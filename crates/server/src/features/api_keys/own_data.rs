//! What is kept of a person's API keys, for the export of all their data.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{ids::UserId, key_scopes::KeyScopes};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::store;

/// A key, revoked or not, without its secret.
#[derive(Serialize)]
pub struct OwnKey {
    id: Uuid,
    hint: String,
    name: String,
    scopes: KeyScopes,
    networks: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// All of a person's keys, oldest first.
pub async fn own_data(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<OwnKey>> {
    let keys = store::of_owner(on, owner).await?;
    let own = keys.into_iter().map(|key| OwnKey {
        id: key.id.as_uuid(),
        hint: key.hint,
        name: key.name,
        scopes: key.scopes,
        networks: key.networks,
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
    });
    Ok(own.collect())
}
