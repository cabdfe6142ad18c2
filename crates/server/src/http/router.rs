//! Every route, as a table of contents. OpenAPI is made from the same table. Each says its whole path beside its handler:
//! to nest routers would cost every request a layer that takes the prefix off.

use axum::{
    Router,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use serde_json::Value;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    about, answers, edge::Edge, error::Problem, health, metrics, operations, traffic, web_page, web_ui,
};
use crate::{app::App, demo, features};

/// Where the OpenAPI document is.
const DOCUMENT: &str = "/openapi.json";

/// The API without its state: what OpenAPI is made from.
fn api() -> OpenApiRouter<App> {
    let info = InfoBuilder::new()
        .title("Stockade")
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-stockade-access"));
    let api_key = ApiKey::Header(ApiKeyValue::new("X-Api-Key"));
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("cookie", SecurityScheme::ApiKey(cookie))
        .security_scheme("api_key", SecurityScheme::ApiKey(api_key))
        .build();
    let document = OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build();
    OpenApiRouter::with_openapi(document)
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(features::auth::well_known_routes())
        .merge(customers())
        .merge(administration())
        .merge(desk())
}

/// What lies below `/api/v1`.
fn customers() -> OpenApiRouter<App> {
    about::routes()
        .merge(features::auth::routes())
        .merge(features::api_keys::routes())
        .merge(features::devices::routes())
        .merge(features::profile::routes())
        .merge(features::closing::routes())
        .merge(features::corporate_actions::routes())
        .merge(features::market::routes())
        .merge(features::forecasts::routes())
        .merge(features::stream::routes())
        .merge(features::watchlists::routes())
        .merge(features::price_alerts::routes())
        .merge(features::news::routes())
        .merge(features::cash::routes())
        .merge(features::orders::routes())
        .merge(features::portfolio::routes())
        .merge(features::notifications::routes())
        .merge(features::audit::routes())
}

/// What lies below `/api/admin`.
fn administration() -> OpenApiRouter<App> {
    features::webhooks::routes()
        .merge(features::auth::administration_routes())
        .merge(demo::routes())
}

/// What lies below `/api/admin/security`.
fn desk() -> OpenApiRouter<App> {
    features::audit::desk_routes()
        .merge(features::auth::desk_routes())
        .merge(features::reviews::desk_routes())
        .merge(features::risk::desk_routes())
        .merge(features::incidents::desk_routes())
        .merge(features::sign_ins::desk_routes())
        .merge(traffic::routes())
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
    let mut document = api().to_openapi();
    operations::name(&mut document);
    answers::complete(&mut document);
    document
}

/// The document with its keys in order: extensions lie in a hash map, which has another order at every start.
pub fn in_order(document: &OpenApi) -> Value {
    serde_json::to_value(document).expect("a document is plain data")
}

/// The whole program's router.
pub fn router(app: App) -> Router {
    let (routes, mut document) = api().split_for_parts();
    operations::name(&mut document);
    answers::complete(&mut document);
    // The text takes far less memory than the tree that it is made from.
    let text = Bytes::from(in_order(&document).to_string());
    let kind = [(header::CONTENT_TYPE, "application/json")];
    routes
        .merge(pages())
        .route(DOCUMENT, get(async move || (kind, text)))
        .merge(documentation())
        .fallback(web_ui::anything_else)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Edge::new(app.clone()))
        .with_state(app)
}

/// Swagger UI, its files part of the program. It may load them, and nothing else.
fn documentation() -> Router<App> {
    let pages: Router<App> = SwaggerUi::new("/docs").config(Config::from(DOCUMENT)).into();
    pages.layer(map_response(async |mut response: Response| {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, DOCUMENTATION_POLICY);
        response
    }))
}

/// Swagger UI draws its icons from `data:` addresses and writes one style of its own, which is named by its hash.
const DOCUMENTATION_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
);

async fn method_not_allowed(method: Method, uri: Uri) -> impl IntoResponse {
    let detail = format!("{} does not take {method}", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "route.method_not_allowed", detail)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn features_that_share_a_path_are_all_described() {
        let document = serde_json::to_value(super::openapi()).unwrap();
        let methods = |path: &str| {
            let item = document["paths"][path].as_object().unwrap();
            item.keys().cloned().collect::<BTreeSet<_>>()
        };
        let these = |methods: &[&str]| methods.iter().map(|method| (*method).to_owned()).collect();
        assert_eq!(methods("/api/v1/profile"), these(&["delete", "get", "put"]));
        assert_eq!(methods("/api/v1/devices/{id}"), these(&["delete", "patch"]));
    }
}
