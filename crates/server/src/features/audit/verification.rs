//! `POST /api/admin/security/audit-logs/verify-chain`: verifies the whole log, and puts that on record. `GET` says how far
//! it has come.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

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

/// Entries that it has checked, and of how many.
static CHECKED: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

/// What the last one found.
static LAST: Mutex<Option<LastVerification>> = Mutex::new(None);

/// What this instance found when it last verified the whole log.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct LastVerification {
    /// When it was done.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether everything was as it had been written.
    valid: bool,
    entries: u64,
    /// Problems found; the verification itself names them.
    problems: u64,
}

/// How far a verification has come on this instance.
#[derive(Serialize, ToSchema)]
pub(super) struct VerificationProgress {
    /// Whether one is under way.
    running: bool,
    /// Entries that are done.
    checked: u64,
    /// Entries there are; 0 before the first verification.
    of: u64,
    /// What the last one found; null if there was none since this instance began.
    last: Option<LastVerification>,
}

/// The verdict on the whole log: entries, chain, tree, stored tiles, payloads, head and every kept checkpoint. Damage is
/// in the answer.
#[utoipa::path(
    post, path = "/api/admin/security/audit-logs/verify-chain", tag = "security operations",
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
    let outcome = verify::verify(&app.core, &app.log_key, Vec::new(), tell).await?;
    *last() = Some(LastVerification {
        at: app.clock.now(),
        valid: outcome.valid,
        entries: outcome.entries,
        problems: outcome.problem_count,
    });
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

/// How far a verification has come, for whoever waits for it.
#[utoipa::path(
    get, path = "/api/admin/security/audit-logs/verify-chain", tag = "security operations",
    responses((status = 200, body = VerificationProgress), (status = 403, body = Problem)),
)]
pub(super) async fn progress(_reader: AuditReader) -> Json<VerificationProgress> {
    let [checked, of] = &CHECKED;
    Json(VerificationProgress {
        running: ONE.available_permits() == 0,
        checked: checked.load(Relaxed),
        of: of.load(Relaxed),
        last: last().clone(),
    })
}

fn last() -> MutexGuard<'static, Option<LastVerification>> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(checked: u64, of: u64) {
    CHECKED[0].store(checked, Relaxed);
    CHECKED[1].store(of, Relaxed);
}
