//! `GET /auth/oidc/providers`, and `GET /auth/oidc/{provider}/start`, which a browser visits to sign in elsewhere.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use stockade_platform::db::Tx;
use utoipa::ToSchema;

use super::{callback::to_sign_in, departure::Departure, unknown_provider};
use crate::{
    app::App,
    core::bookkeeping::bookkeep,
    features::auth::sign_in::answer::with_cookies,
    http::error::{ApiError, ApiResult},
};

/// Whose accounts sign in here.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct OidcProviders {
    items: Vec<OidcProviderView>,
}

/// A provider, as a sign-in page shows it.
#[derive(Serialize, ToSchema)]
struct OidcProviderView {
    #[schema(example = "google")]
    name: String,
    /// Where its button leads.
    #[schema(example = "/api/v1/auth/oidc/google/start")]
    start: String,
}

#[utoipa::path(
    get, path = "/api/v1/auth/oidc/providers", tag = "accounts", responses((status = 200, body = OidcProviders))
)]
pub(in crate::features::auth) async fn providers(State(app): State<App>) -> Answer<OidcProviders> {
    let view = |name: &String| OidcProviderView {
        start: format!("/api/v1/auth/oidc/{name}/start"),
        name: name.clone(),
    };
    let providers = app.config.oidc.providers.iter();
    Answer(OidcProviders {
        items: providers.map(|provider| view(&provider.name)).collect(),
    })
}

#[utoipa::path(
    get, path = "/api/v1/auth/oidc/{provider}/start", tag = "accounts", params(("provider" = String, Path)),
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 303, description = "To the provider, or back to the sign-in page with `?error=CODE`."))
)]
pub(in crate::features::auth) async fn start(
    State(app): State<App>,
    Path(provider): Path<String>,
) -> Response {
    match leave(&app, &provider).await {
        Ok(response) => response,
        Err(error) => to_sign_in(&app, error),
    }
}

async fn leave(app: &App, provider: &str) -> ApiResult<Response> {
    let provider = app.config.oidc.provider(provider);
    let departure = Departure::new(app, provider.ok_or_else(unknown_provider)?).await?;
    let (leaving, now) = (departure.clone(), app.clock.now());
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leaving.insert(tx, None, now)
    })
    .await?;
    let location = HeaderValue::from_str(departure.url())
        .map_err(|_| ApiError::Fault("an address that no header can hold".into()))?;
    let set = with_cookies(vec![departure.cookie(app)]);
    Ok((StatusCode::SEE_OTHER, set, [(header::LOCATION, location)]).into_response())
}
