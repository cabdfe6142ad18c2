//! API keys: what a person's programs show instead of a session, as the header `X-Api-Key`.
//!
//! Invariants: a key is 256 random bits; only its SHA-256 is stored. It allows what its scopes say, of what its owner's
//! role allows, and never what needs a person. It works until it expires or is revoked, at once on every instance, and
//! only from the networks it lists. A financial request is signed, too.
//!
//! Table: `api_keys`.

mod authenticate;
mod create;
mod events;
mod key;
mod list;
mod networks;
mod own_data;
mod revoke;
mod store;

use jiff::Timestamp;
use stockade_domain::ids::{ApiKeyId, UserId};
use stockade_platform::{
    db::{DbResult, Queryable},
    shared::Revocation,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    core::change::Change,
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

pub use self::{
    authenticate::{Remembered, authenticate, write_last_uses},
    own_data::{OwnKey, own_data},
};

/// `/api-keys…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create).may(Permission::ManageSelf))
        .routes(routes!(list::list).may(Permission::ManageSelf))
        .routes(routes!(revoke::revoke).may_even_restricted(Permission::ManageSelf))
}

/// A key's name in shared state, where revocations are marked.
pub fn revocation_id(key: ApiKeyId) -> String {
    format!("key-{}", key.as_uuid().simple())
}

/// Whether a key that let somebody in, who stays connected, still does. `closer` asks the database in any case.
///
/// # Errors
/// When the database is away.
pub async fn still_opens(app: &App, owner: UserId, key: ApiKeyId, closer: bool) -> ApiResult<bool> {
    match app.shared.revocation(&revocation_id(key)).await {
        Revocation::Revoked => return Ok(false),
        Revocation::NotRevoked if !closer => return Ok(true),
        Revocation::NotRevoked | Revocation::Unknown => {}
    }
    let now = app.clock.now();
    let lives: DbResult<bool> = app
        .read(async move |reader| store::lives(reader, owner, key, now).await)
        .await;
    Ok(lives?)
}

/// The keys that were revoked in a stretch of time.
pub async fn revoked(on: &mut impl Queryable, from: Timestamp, until: Timestamp) -> DbResult<Vec<ApiKeyId>> {
    store::revoked(on, from, until).await
}

/// Erasure's part: no key of the person works any more, and none names anything.
pub async fn forget(app: &App, change: &mut Change<'_>, owner: UserId) -> DbResult<()> {
    let now = change.now();
    let ended = store::forget(change, owner, now).await?;
    let app = app.clone();
    change.after_commit(async move { authenticate::mark(&app, &ended).await });
    Ok(())
}

/// What was made since strangers were in the account lets nobody in any more. Answers how many keys that were.
pub async fn revoke_made_since(
    app: &App,
    change: &mut Change<'_>,
    owner: UserId,
    since: Timestamp,
) -> DbResult<usize> {
    let now = change.now();
    let ended = store::revoke_made_since(change, owner, since, now).await?;
    for key in &ended {
        change.also(events::revoked(*key).about(owner));
    }
    let (app, count) = (app.clone(), ended.len());
    change.after_commit(async move { authenticate::mark(&app, &ended).await });
    Ok(count)
}
