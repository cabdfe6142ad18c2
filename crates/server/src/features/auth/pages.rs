//! `GET /confirm` and `GET /setup`: where the links of a mail and of the first start lead. Opening one changes nothing,
//! since mail scanners follow links; its button does.

use axum::Router;
use axum::{response::Response, routing::get};

use crate::{app::App, http::web_page};

const CONFIRM: &str = "<h1>Confirm your address</h1>\n\
    <form data-post=\"/api/v1/auth/email/verify\" data-done=\"Your account is ready. You can sign in now.\">\n\
    <p>One click, and your account at Stockade comes into being.</p>\n\
    <button>Confirm my address</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

const SETUP: &str = "<h1>Make the first administrator</h1>\n\
    <form data-post=\"/api/v1/setup\" data-done=\"The administrator was made. You can sign in now.\">\n\
    <label>E-mail address <input name=\"email\" type=\"email\" autocomplete=\"username\" required></label>\n\
    <label>Password, 15 characters or more\n\
    <input name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"15\" required></label>\n\
    <button>Make the administrator</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript. Or run <code>stockade admin create</code>.</p></noscript>";

/// `/confirm` and `/setup`.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/confirm", get(confirm))
        .route("/setup", get(setup))
}

async fn confirm() -> Response {
    web_page::respond("Confirm your address", CONFIRM)
}

async fn setup() -> Response {
    web_page::respond("First administrator", SETUP)
}
