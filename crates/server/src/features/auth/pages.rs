//! `GET /confirm`, `/reset-password`, `/confirm-email`, `/confirm-sign-ins`, `/not-me` and `/setup`: where the links of
//! mails and of the first start lead. Opening one changes nothing, since mail scanners follow links; its button does.
//! Where the web UI was built, its pages of the same paths take over.

use axum::{Router, extract::State, http::HeaderMap, response::Response, routing::get};

use crate::{
    app::App,
    http::{web_page, web_ui},
};

const CONFIRM: &str = "<h1>Confirm your address</h1>\n\
    <form data-post=\"/api/v1/auth/email/verify\" data-done=\"Your account is ready. You can sign in now.\">\n\
    <label>The password you chose\n\
    <input name=\"password\" type=\"password\" autocomplete=\"current-password\" required></label>\n\
    <button>Confirm my address</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

const RESET_PASSWORD: &str = "<h1>Choose a new password</h1>\n\
    <form data-post=\"/api/v1/auth/password/reset\" data-done=\"Your password is changed. You can sign in now.\">\n\
    <label>New password, ALONE characters or more; BESIDE beside a second factor\n\
    <input name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"BESIDE\" required></label>\n\
    <button>Change my password</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

const CONFIRM_EMAIL: &str = "<h1>Confirm your new address</h1>\n\
    <form data-post=\"/api/v1/auth/email/change/confirm\" data-done=\"Your address is changed. Sign in with the new one.\">\n\
    <p>One click, and you sign in at Stockade with this address from now on.</p>\n\
    <button>Confirm my new address</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

const CONFIRM_SIGN_INS: &str = "<h1>Let new devices sign in again</h1>\n\
    <form data-post=\"/api/v1/auth/sign-ins/confirm\" data-done=\"Done. You can sign in now.\">\n\
    <p>Sign-ins to your account failed very often in a row. One click, and devices you have not marked as trusted \
    may try again.</p>\n\
    <button>Let new devices sign in again</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

const SETUP: &str = "<h1>Make the first administrator</h1>\n\
    <form data-post=\"/api/v1/setup\" data-done=\"The administrator was made. You can sign in now.\">\n\
    <label>E-mail address <input name=\"email\" type=\"email\" autocomplete=\"username\" required></label>\n\
    <label>Password, ALONE characters or more\n\
    <input name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"ALONE\" required></label>\n\
    <button>Make the administrator</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript. Or run <code>stockade admin create</code>.</p></noscript>";

const NOT_ME: &str = "<h1>It was not you?</h1>\n\
    <form data-post=\"/api/v1/auth/not-me\" data-done=\"Done. Every session is ended, and nobody can sign in until you \
    have reset your password.\">\n\
    <p>Somebody signed in to your account with your password. If it was not you, we end every session, forget the device, \
    and let nobody sign in until you have reset your password by mail.</p>\n\
    <button>It was not me</button>\n<output></output>\n</form>\n\
    <noscript><p>This page needs JavaScript.</p></noscript>";

/// `/confirm`, `/reset-password`, `/confirm-email`, `/confirm-sign-ins`, `/not-me` and `/setup`.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/confirm", get(confirm))
        .route("/reset-password", get(reset_password))
        .route("/confirm-email", get(confirm_email))
        .route("/confirm-sign-ins", get(confirm_sign_ins))
        .route("/not-me", get(not_me))
        .route("/setup", get(setup))
}

async fn confirm(headers: HeaderMap) -> Response {
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("Confirm your address", CONFIRM))
}

async fn reset_password(State(app): State<App>, headers: HeaderMap) -> Response {
    let content = || with_lengths(&app, RESET_PASSWORD);
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("New password", &content()))
}

async fn confirm_email(headers: HeaderMap) -> Response {
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("Confirm your new address", CONFIRM_EMAIL))
}

async fn confirm_sign_ins(headers: HeaderMap) -> Response {
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("Sign-ins", CONFIRM_SIGN_INS))
}

async fn not_me(headers: HeaderMap) -> Response {
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("It was not you?", NOT_ME))
}

async fn setup(State(app): State<App>, headers: HeaderMap) -> Response {
    let content = || with_lengths(&app, SETUP);
    web_ui::page(&headers).unwrap_or_else(|| web_page::respond("First administrator", &content()))
}

/// Says how long a password must be, by the settings.
fn with_lengths(app: &App, content: &str) -> String {
    let lengths = app.config.passwords.lengths();
    content
        .replace("ALONE", &lengths.alone.to_string())
        .replace("BESIDE", &lengths.with_second_factor.to_string())
}
