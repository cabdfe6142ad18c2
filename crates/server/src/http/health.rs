//! `/health`, `/health/live`, `/health/ready`: for people, supervisors and load balancers.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use stockade_platform::db::{DbResult, Reader, sql};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, core::audit, security::authorisation::Guarded as _};

/// Entries that may wait for a number before the log counts as lagging.
const LAG: i64 = 10_000;

/// The health routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health).public())
        .routes(routes!(live).public())
        .routes(routes!(ready).public())
}

/// How the program is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok` or `unavailable`
    status: &'static str,
    version: &'static str,
    checks: Checks,
}

/// What was looked at; each `ok` or `unavailable`.
#[derive(Serialize, ToSchema)]
struct Checks {
    database: &'static str,
    shared_state: &'static str,
    /// Whether mail could go out; what cannot waits in the database.
    mail: &'static str,
    market: &'static str,
    /// Whether new entries of the audit log are numbered in time.
    audit_log: &'static str,
}

#[utoipa::path(
    get, path = "/health", tag = "health",
    extensions(("x-rate-limit" = json!("health"))),
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
async fn health(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let word = |good: bool| if good { "ok" } else { "unavailable" };
    let database = app
        .read(async |reader: &mut Reader| sql("SELECT 1").one::<i64>(reader).await)
        .await
        .is_ok();
    let waiting: DbResult<i64> = app
        .read(async |reader: &mut Reader| audit::pending(reader).await)
        .await;
    let now = app.clock.now();
    let quoted = app
        .market
        .assets()
        .first()
        .is_some_and(|asset| app.market.quote(&asset.symbol, now).is_some());
    let checks = Checks {
        database: word(database),
        shared_state: word(app.shared.ping().await.is_ok()),
        mail: word(app.mail_check.is_available(&app).await),
        market: word(quoted),
        audit_log: word(waiting.is_ok_and(|waiting| waiting < LAG)),
    };
    // Without shared state the database serves instead, so only the database decides.
    let status = if database {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(Health {
            status: word(database),
            version: env!("CARGO_PKG_VERSION"),
            checks,
        }),
    )
}

/// The process runs.
#[utoipa::path(
    get, path = "/health/live", tag = "health",
    extensions(("x-rate-limit" = json!("health"))),
    responses((status = 200))
)]
async fn live() -> StatusCode {
    StatusCode::OK
}

/// The process can serve.
#[utoipa::path(
    get, path = "/health/ready", tag = "health",
    extensions(("x-rate-limit" = json!("health"))),
    responses((status = 200), (status = 503))
)]
async fn ready(State(app): State<App>) -> StatusCode {
    match app
        .read(async |reader: &mut Reader| sql("SELECT 1").one::<i64>(reader).await)
        .await
    {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
