//! The web UI: its page for every path that a browser visits, its files, and, where it was not built, how to build it.
//!
//! Invariants: the page carries the policy of its own nonce and is never stored; what lies below `/api` is JSON, found
//! or not.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use stockade_platform::random;

use super::{error::Problem, web_page};

/// How long a file may be kept whose name changes with its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Other files are asked for anew each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

const HOW_TO_BUILD: &str = "<h1>Stockade</h1>\n<p>The API is at work. The web UI is not part of this build.</p>\n\
    <p>With Node 20 or newer, <code>cargo xtask run</code> builds it and starts the server; \
    <code>cargo xtask build</code> makes a program that carries it.</p>\n\
    <ul><li><a href=\"/docs\">The API, described</a></li><li><a href=\"/health\">Health</a></li></ul>";

/// The answer at a path that no route took.
pub async fn anything_else(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let reads = method == Method::GET || method == Method::HEAD;
    if reads && !is_api(path) {
        if let Some(file) = stockade_web::file(path, takes_gzip(&headers)) {
            return respond(file);
        }
        // At the root, whoever takes anything gets the page, too: a person with `curl`, or who watches that the server is there.
        let takes_page = asks_for(&headers, "text/html") || (path == "/" && asks_for(&headers, "*/*"));
        if takes_page
            && !names_a_file(path)
            && let Some(page) = built_page()
        {
            return page;
        }
        if path == "/" && !stockade_web::is_built() {
            return web_page::respond("The API is at work", HOW_TO_BUILD);
        }
    }
    let detail = format!("there is nothing at {path}; the API is described at /docs");
    Problem::not_found("route.unknown", detail).into_response()
}

/// The UI's page, when a browser asks for one and the UI was built.
pub fn page(headers: &HeaderMap) -> Option<Response> {
    asks_for(headers, "text/html").then(built_page).flatten()
}

fn asks_for(headers: &HeaderMap, kind: &str) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains(kind))
}

fn built_page() -> Option<Response> {
    let nonce = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
    let html = stockade_web::index(&nonce)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy(&nonce)),
        // The page of one person's nonce is nobody else's.
        (header::VARY, HeaderValue::from_static("accept")),
    ];
    Some((headers, html).into_response())
}

/// Scripts come from this origin, styles also with the nonce; nothing is made of text at run time (ASVS 3.4.3).
fn policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; trusted-types default; require-trusted-types-for 'script'"
    );
    HeaderValue::try_from(policy).expect("a nonce is letters, digits, - and _")
}

fn respond(file: stockade_web::File) -> Response {
    let caching = if file.immutable { FOR_EVER } else { ASK_AGAIN };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind)),
        (header::CACHE_CONTROL, caching),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    let mut response = (StatusCode::OK, headers, file.bytes).into_response();
    if file.gzip {
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Whether the last part of a path has an ending, as in `/robots.txt`. A page's path has none.
fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|list| list.split(','))
        .any(|coding| coding.trim() == "gzip")
}
