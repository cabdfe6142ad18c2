//! `GET /metrics`: what this instance counts and how it stands, as Prometheus reads it (OpenMetrics text).
//!
//! Counting costs requests a few relaxed atomic additions; everything else is looked up when somebody scrapes. Labels
//! are names out of the program's own tables, never of people, accounts or addresses, so their number is bounded.

mod figures;
mod page;
mod process;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::error::{ApiError, ApiResult, Problem};
use crate::{app::App, config::Observability, core::actor::Origin, security::authorisation::Guarded as _};

/// `/metrics`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(metrics).public())
}

const KIND: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Headers with which somebody else's word stands between us and who asks.
const FORWARDED: [HeaderName; 2] = [header::FORWARDED, HeaderName::from_static("x-forwarded-for")];

/// Figures for Prometheus; for the networks and the token that the settings name.
#[utoipa::path(
    get, path = "/metrics", tag = "health",
    extensions(("x-rate-limit" = json!("health"))),
    responses(
        (status = 200, body = String, content_type = "application/openmetrics-text"),
        (status = 403, body = Problem),
    ),
)]
async fn metrics(State(app): State<App>, origin: Origin, headers: HeaderMap) -> ApiResult<Response> {
    if !may_read(&app, &origin, &headers) {
        let detail = "metrics are for the networks and the token that the settings name";
        return Err(Problem::forbidden("metrics.not_allowed", detail).into());
    }
    let figures = figures::gather(&app).await?;
    let text = page::write(figures).map_err(|_| ApiError::Fault("metrics could not be written".into()))?;
    Ok(([(header::CONTENT_TYPE, KIND)], text).into_response())
}

/// A network counts only for who comes from there for certain: a request that a proxy passed on comes from the proxy's
/// address as long as the proxy is not trusted to say whose it is.
fn may_read(app: &App, origin: &Origin, headers: &HeaderMap) -> bool {
    let Observability {
        metrics_networks,
        metrics_token,
        ..
    } = &app.config.observability;
    let forwarded = FORWARDED.iter().any(|name| headers.contains_key(name));
    let certain = !forwarded || !app.config.server.trusted_proxies.is_empty();
    let from_inside = origin
        .ip
        .is_some_and(|ip| metrics_networks.iter().any(|network| network.contains(ip)));
    let wanted = metrics_token.expose_secret();
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let by_token = given
        .is_some_and(|given| !wanted.is_empty() && bool::from(given.as_bytes().ct_eq(wanted.as_bytes())));
    by_token || (certain && from_inside)
}
