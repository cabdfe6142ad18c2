//! `/log/checkpoint`, `/log/key` and `/log/tile/…`: the log without payloads, for mirrors and witnesses (C2SP
//! tlog-tiles). Anybody may read it unless `audit.public_log` is off.

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use stockade_platform::db::Reader;

use crate::{
    app::App,
    core::audit::{checkpoint, public::File},
    http::error::{ApiResult, Problem},
};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// A full tile never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A partial tile never changes either, but nobody asks for it again once it has grown.
const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The newest signed head of the log, a C2SP tlog-checkpoint. The tiles under it are at `/api/v1/log/tile/…`, their
/// paths those of C2SP tlog-tiles.
#[utoipa::path(
    get, path = "/api/v1/log/checkpoint", tag = "audit",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Problem)),
)]
pub(super) async fn checkpoint(State(app): State<App>) -> ApiResult<Response> {
    check_public(&app)?;
    let key = app.log_key.verifying_key().clone();
    let newest = app
        .read(async move |reader: &mut Reader| checkpoint::newest(reader, &key).await)
        .await?;
    let signed = newest.ok_or_else(|| Problem::not_found("log.not_signed", "no head was signed yet"))?;
    Ok(answer(TEXT, ASK_AGAIN, signed.note))
}

/// The key that checkpoints are signed with: `name+hash+base64`. Compare it with one that you got elsewhere.
#[utoipa::path(
    get, path = "/api/v1/log/key", tag = "audit",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Problem)),
)]
pub(super) async fn key(State(app): State<App>) -> ApiResult<Response> {
    check_public(&app)?;
    Ok(answer(
        TEXT,
        ASK_AGAIN,
        format!("{}\n", app.log_key.verifying_key()),
    ))
}

/// A tile of hashes or a bundle of entries.
pub(super) async fn tile(State(app): State<App>, Path(path): Path<String>) -> ApiResult<Response> {
    check_public(&app)?;
    let unknown = || {
        Problem::not_found(
            "log.no_such_tile",
            "the log has no such tile, or has not come that far",
        )
    };
    let file = File::parse(&path).ok_or_else(unknown)?;
    let bytes = file.read(&app.core.db).await?.ok_or_else(unknown)?;
    let cache = if file.is_full() { FOR_EVER } else { FOR_A_WHILE };
    Ok(answer(BYTES, cache, bytes))
}

fn check_public(app: &App) -> ApiResult<()> {
    if app.config.audit.public_log {
        return Ok(());
    }
    Err(Problem::not_found("log.not_public", "this log is not public").into())
}

fn answer(kind: HeaderValue, cache: HeaderValue, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)];
    (headers, body).into_response()
}
