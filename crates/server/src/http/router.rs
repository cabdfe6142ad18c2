//! Every route, as a table of contents. OpenAPI is made from the same table.

use axum::{
    Json, Router,
    http::{Method, StatusCode, Uri},
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::get,
};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use super::{error::Problem, frame, health, web_page};
use crate::{app::App, features};

/// The API without its state: what OpenAPI is made from.
fn api() -> OpenApiRouter<App> {
    let info = InfoBuilder::new()
        .title("Stockade")
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
        .merge(health::routes())
        .nest("/api/v1", features::auth::routes())
        .nest("/api/v1", features::market::routes())
        .nest("/api/v1", features::cash::routes())
        .nest("/api/v1", features::orders::routes())
        .nest("/api/v1", features::portfolio::routes())
        .nest("/api/v1", features::audit::routes())
        .nest("/api/admin/security", features::audit::desk_routes())
}

/// Pages for a browser, which OpenAPI does not list.
fn pages() -> Router<App> {
    Router::new()
        .merge(features::auth::pages())
        .merge(features::mail::pages())
        .merge(web_page::routes())
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> OpenApi {
    api().to_openapi()
}

/// The whole program's router.
pub fn router(app: App) -> Router {
    let (routes, openapi) = api().split_for_parts();
    let document = openapi.clone();
    routes
        .merge(pages())
        .route("/openapi.json", get(async move || Json(document)))
        .merge(SwaggerUi::new("/docs").url("/docs/openapi.json", openapi))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), frame::frame))
        .with_state(app)
}

async fn not_found(uri: Uri) -> impl IntoResponse {
    Problem::not_found(
        "route.unknown",
        format!(
            "there is nothing at {}; the API is described at /docs",
            uri.path()
        ),
    )
}

async fn method_not_allowed(method: Method, uri: Uri) -> impl IntoResponse {
    let detail = format!("{} does not take {method}", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "route.method_not_allowed", detail)
}
