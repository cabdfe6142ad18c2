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
    /// How long passwords may be, in characters.
    passwords: PasswordLengths,
    /// Where prices come from; `replay` are real closes of the past, played back.
    feed: &'static str,
}

/// How long passwords may be, in characters.
#[derive(Serialize, ToSchema)]
struct PasswordLengths {
    #[schema(example = 8)]
    least_with_second_factor: usize,
    #[schema(example = 15)]
    least_alone: usize,
    #[schema(example = 128)]
    most: usize,
}

/// What anybody may know of this installation.
#[utoipa::path(get, path = "/api/v1/about", tag = "health", responses((status = 200, body = About)))]
async fn about(State(app): State<App>) -> Json<About> {
    Json(About {
        version: env!("CARGO_PKG_VERSION"),
        environment: if app.config.is_development() {
            "development"
        } else {
            "production"
        },
        registration_open: app.config.registration.open,
        passwords: PasswordLengths {
            least_with_second_factor: app.config.passwords.least_with_second_factor,
            least_alone: app.config.passwords.least_alone,
            most: app.config.passwords.most,
        },
        feed: app.market.label(),
    })
}
