//! A browser's session: cookies that travel to this origin only and that no script can read, but for the CSRF token,
//! which one must (RFC 6265bis §4.1.3; ASVS 3.3).
//!
//! On plain http, which is for a desk only, browsers keep no `Secure` cookie, so the names lose their `__Host-`.

use axum::http::HeaderMap;
use cookie::{Cookie, SameSite, time::Duration};

use crate::app::App;

/// The access token.
const ACCESS: &str = "stockade-access";
/// The refresh token.
pub(super) const REFRESH: &str = "stockade-refresh";
/// The CSRF token.
pub(super) const CSRF: &str = "stockade-csrf";
/// Who is on their way to a provider.
pub(super) const OIDC: &str = "stockade-oidc";

/// The cookies of a session just opened or refreshed.
pub(super) fn session(app: &App, access: &str, refresh: &str, csrf: &str) -> Vec<String> {
    // All live as long as the refresh token, so that an expired access token is told from no session.
    let life = i64::try_from(app.config.tokens.refresh.as_secs()).unwrap_or(i64::MAX);
    [
        (ACCESS, access, true),
        (REFRESH, refresh, true),
        (CSRF, csrf, false),
    ]
    .map(|(name, value, hidden)| line(app, name, value, life, hidden))
    .into()
}

/// The CSRF token anew.
pub(super) fn csrf(app: &App, token: &str) -> Vec<String> {
    let life = i64::try_from(app.config.tokens.refresh.as_secs()).unwrap_or(i64::MAX);
    vec![line(app, CSRF, token, life, false)]
}

/// Binds a sign-in at a provider to the browser that began it; `seconds` of 0 take it away.
pub(super) fn oidc(app: &App, value: &str, seconds: i64) -> String {
    line(app, OIDC, value, seconds, true)
}

/// Takes all of them away.
pub(super) fn removed(app: &App) -> Vec<String> {
    [ACCESS, REFRESH, CSRF]
        .map(|name| line(app, name, "", 0, name != CSRF))
        .into()
}

/// The access token of a browser's session.
pub fn access<'h>(app: &App, headers: &'h HeaderMap) -> Option<&'h str> {
    read(app, headers, ACCESS)
}

/// The value of one of our cookies.
pub(super) fn read<'h>(app: &App, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let name = full_name(app, name);
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

fn line(app: &App, name: &str, value: &str, seconds: i64, hidden: bool) -> String {
    Cookie::build((full_name(app, name), value.to_owned()))
        .path("/")
        .secure(is_secure(app))
        .http_only(hidden)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .build()
        .to_string()
}

fn full_name(app: &App, name: &str) -> String {
    if is_secure(app) {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

fn is_secure(app: &App) -> bool {
    app.config.server.public_url.starts_with("https://")
}
