//! `POST /api/admin/security/audit-logs/verify-chain`: verifies the whole log, and puts that on record.

use axum::{Json, extract::State};
use tokio::sync::Semaphore;

use super::events;
use crate::{
    app::App,
    core::{
        audit::verify::{self, Verification},
        change::Change,
    },
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// One verification at a time: it uses every core.
static ONE: Semaphore = Semaphore::const_new(1);

/// The verdict on the whole log: entries, chain, tree, stored tiles, payloads, head and every kept checkpoint. Damage is
/// in the answer. For a long log, `stockade audit verify` shows its progress.
#[utoipa::path(
    post, path = "/audit-logs/verify-chain", tag = "security operations",
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 200, body = Verification),
        (status = 403, body = Problem),
        (status = 409, body = Problem, description = "`audit.verification_running`"),
    ),
)]
pub(super) async fn verify_chain(
    reader: AuditReader,
    State(app): State<App>,
) -> ApiResult<Json<Verification>> {
    let _turn = ONE.try_acquire().map_err(|_| {
        Problem::conflict(
            "audit.verification_running",
            "the log is being verified; ask again when that is done",
        )
        .retry_after(10)
    })?;
    let outcome = verify::verify(&app.core, &app.log_key, Vec::new(), |_, _| ()).await?;
    let event = events::verified(&outcome);
    let recorded = app
        .change(&*reader, async move |change: &mut Change<'_>| {
            change.commit(event.clone(), ())
        })
        .await;
    // A log that is damaged at its end takes no more entries; that is no reason to keep the damage to ourselves.
    if let Err(error) = recorded {
        tracing::error!(?error, "a verification could not be put on record");
        if outcome.valid {
            return Err(error);
        }
    }
    Ok(Json(outcome))
}
