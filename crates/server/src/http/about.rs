//! `GET /api/v1/about`: what anybody may know of this installation, so that a client shows only what works here.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, security::authorisation::Guarded as _};

/// `/about`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(about).public())
}

/// This installation.
#[derive(Serialize, ToSchema)]
struct About {
    version: &'static str,
    /// `development` or `production`; in development there is a mailbox, and deposits come from a simulated bank.
    environment: &'static str,
    /// Whether anybody may register.
    registration_open: bool,
    /// Where prices come from; `replay` are real closes of the past, played back.
    feed: &'static str,
}

/// What anybody may know of this installation.
#[utoipa::path(get, path = "/about", tag = "health", responses((status = 200, body = About)))]
async fn about(State(app): State<App>) -> Json<About> {
    Json(About {
        version: env!("CARGO_PKG_VERSION"),
        environment: if app.config.is_development() {
            "development"
        } else {
            "production"
        },
        registration_open: app.config.registration.open,
        feed: app.market.label(),
    })
}
