//! Plain pages for people, before there is a web UI and where it cannot help: no inline script or style, everything
//! from this origin.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::app::App;

/// Only what this origin serves may load or be called, and nobody may frame the page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
const SCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");

/// The style sheet and the script of these pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/static/page.css",
            get(async || file(CSS, include_str!("page.css"))),
        )
        .route(
            "/static/form.js",
            get(async || file(SCRIPT, include_str!("form.js"))),
        )
}

/// A page with this title and, already escaped, this content.
pub fn respond(title: &str, content: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} · Stockade</title>\n\
         <link rel=\"stylesheet\" href=\"/static/page.css\">\n<script src=\"/static/form.js\" defer></script>\n</head>\n\
         <body>\n<main>\n{content}\n</main>\n</body>\n</html>\n"
    );
    let mut response = file(HTML, html);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// Text as it may stand in content and in attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn file(kind: HeaderValue, content: impl Into<String>) -> Response {
    let headers: [(HeaderName, HeaderValue); 1] = [(header::CONTENT_TYPE, kind)];
    (headers, content.into()).into_response()
}
