//! The audit log as people and machines read it: one's own entries with proofs, the public payload-free log, and for
//! staff the search and the verification of all of it. What staff read is itself put on record.
//!
//! It owns no tables; the log is [`crate::core::audit`].

mod events;
mod feed;
mod mine;
mod public_log;
mod review;
mod verification;

use axum::routing::get;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    core::audit::{anchor, checkpoint},
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

pub(crate) use events::{exported, verified};

/// `/audit/mine…`, `/log/…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mine::list).may(Permission::ReadSelf))
        .routes(routes!(mine::prove).may(Permission::ReadSelf))
        .routes(routes!(public_log::checkpoint).public())
        .routes(routes!(public_log::key).public())
        // Its paths are those of C2SP tlog-tiles, which OpenAPI cannot write.
        .route("/api/v1/log/tile/{*path}", get(public_log::tile))
}

/// `/audit-logs…` and `/events`, below the operations desk.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(review::list).may(Permission::ReadDesk))
        .routes(routes!(review::prove).may(Permission::ReadDesk))
        .routes(routes!(verification::verify_chain, verification::progress).may(Permission::ReadDesk))
        .routes(routes!(feed::follow).may(Permission::ReadDesk))
}

/// Signs the head of the log when it has moved and the last signature is old enough, and keeps it outside the database,
/// too; answers how many were signed.
pub async fn sign_checkpoint(app: &App) -> ApiResult<usize> {
    let interval = app.config.audit.checkpoint_interval;
    let signed = checkpoint::sign_if_due(&app.core, &app.log_key, interval).await?;
    if let Some(signed) = &signed
        && let Err(error) = anchor::keep(&app.config.data_dir, &signed.note)
    {
        tracing::warn!(%error, "the newest checkpoint could not be kept in data_dir");
    }
    Ok(usize::from(signed.is_some()))
}
