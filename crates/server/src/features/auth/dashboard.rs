//! `GET /api/admin/security/dashboard/auth`: what is locked now, who fails most, and the rule by which accounts lock.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::lockout::LockoutPolicy;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::failure_counters::{self, Failing};
use crate::{
    app::App,
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// Rows of each list.
const MOST: i64 = 100;

/// The state of sign-ins.
#[derive(Serialize, ToSchema)]
pub(super) struct Dashboard {
    /// Authenticators that may not be tried now, the longest lock first; 100 at most.
    locked: Vec<FailingView>,
    /// Authenticators with failures since their last success, most first; 100 at most.
    failing: Vec<FailingView>,
    policy: PolicyView,
}

/// One authenticator of one account.
#[derive(Serialize, ToSchema)]
struct FailingView {
    user_id: Uuid,
    email: String,
    #[schema(example = "password")]
    authenticator: String,
    /// Whether strangers' devices fail, rather than one that is trusted or a session.
    strangers: bool,
    /// Failures since the last success.
    failures: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
}

/// When accounts lock.
#[derive(Serialize, ToSchema)]
struct PolicyView {
    failures: usize,
    window_seconds: i64,
    first_lock_seconds: i64,
    repeated_lock_seconds: i64,
    confirm_after: i64,
}

#[utoipa::path(
    get, path = "/dashboard/auth", tag = "operations desk",
    responses((status = 200, body = Dashboard), (status = 403, body = Problem))
)]
pub(super) async fn show(State(app): State<App>, _reader: AuditReader) -> ApiResult<Answer<Dashboard>> {
    let now = app.clock.now();
    let policy = LockoutPolicy::default();
    let found: DbResult<_> = app
        .read(async move |reader| {
            let locked = failure_counters::locked(reader, now, policy.confirm_after, MOST).await?;
            Ok((locked, failure_counters::failing(reader, MOST).await?))
        })
        .await;
    let (locked, failing) = found?;
    Ok(Answer(Dashboard {
        locked: locked.into_iter().map(view).collect(),
        failing: failing.into_iter().map(view).collect(),
        policy: PolicyView {
            failures: policy.failures,
            window_seconds: policy.window.as_secs(),
            first_lock_seconds: policy.first_lock.as_secs(),
            repeated_lock_seconds: policy.repeated_lock.as_secs(),
            confirm_after: policy.confirm_after,
        },
    }))
}

fn view(failing: Failing) -> FailingView {
    FailingView {
        user_id: failing.user,
        email: failing.email,
        authenticator: failing.authenticator,
        strangers: failing.device.is_nil(),
        failures: failing.in_a_row,
        locked_until: failing.locked_until,
    }
}
