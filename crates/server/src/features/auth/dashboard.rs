//! `GET /api/admin/security/dashboard/auth`: recent sign-ins with scores and reasons, what is locked now, who fails most,
//! and the rule by which accounts lock.

use std::collections::{HashMap, hash_map::Entry};

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{
    failure_counters::{self, Failing},
    users,
};
use crate::{
    app::App,
    features::risk::{self, DecisionFilter, DecisionKind, DecisionRow},
    http::{
        error::{ApiResult, Problem},
        page::Page,
        query::Query,
    },
    security::roles::AuditReader,
};

/// Rows of each list.
const MOST: i64 = 100;

/// The state of sign-ins.
#[derive(Serialize, ToSchema)]
pub(super) struct Dashboard {
    /// Sign-ins whose first factor was right, newest first, as the parameters ask for them.
    sign_ins: Page<SignInRow>,
    /// Authenticators that may not be tried now, the longest lock first; 100 at most.
    locked: Vec<FailingView>,
    /// Authenticators with failures since their last success, most first; 100 at most.
    failing: Vec<FailingView>,
    policy: PolicyView,
}

/// One sign-in with its score.
#[derive(Serialize, ToSchema)]
struct SignInRow {
    /// Null once the person was erased.
    email: Option<String>,
    #[serde(flatten)]
    decision: DecisionRow,
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
    get, path = "/api/admin/security/dashboard/auth", tag = "operations desk", params(DecisionFilter),
    responses((status = 200, body = Dashboard), (status = 403, body = Problem))
)]
pub(super) async fn show(
    State(app): State<App>,
    _reader: AuditReader,
    Query(mut filter): Query<DecisionFilter>,
) -> ApiResult<Answer<Dashboard>> {
    let now = app.clock.now();
    let policy = app.config.lockout.policy();
    filter.kind = Some(DecisionKind::SignIn);
    let this = app.clone();
    let found: ApiResult<_> = app
        .read(async move |reader| {
            let sign_ins = risk::decisions(&this, reader, &filter).await?;
            let sign_ins = with_addresses(reader, sign_ins).await?;
            let locked = failure_counters::locked(reader, now, policy.confirm_after, MOST).await?;
            Ok((sign_ins, locked, failure_counters::failing(reader, MOST).await?))
        })
        .await;
    let (sign_ins, locked, failing) = found?;
    Ok(Answer(Dashboard {
        sign_ins,
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

async fn with_addresses(on: &mut impl Queryable, page: Page<DecisionRow>) -> DbResult<Page<SignInRow>> {
    let mut known: HashMap<Uuid, Option<String>> = HashMap::new();
    let mut items = Vec::with_capacity(page.items.len());
    for decision in page.items {
        let id = decision.user_id;
        if let Entry::Vacant(unknown) = known.entry(id) {
            unknown.insert(users::address(on, UserId::from_uuid(id)).await?);
        }
        items.push(SignInRow {
            email: known[&id].clone(),
            decision,
        });
    }
    Ok(Page {
        items,
        next_cursor: page.next_cursor,
    })
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
