//! The request's body, whole and in time before anything else looks at the request: a client that sends slowly holds
//! nothing but its own connection.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{StatusCode, header},
};
use tokio::time::timeout;

use super::{
    error::{ApiResult, Problem},
    json,
};

/// The same request with its whole body.
///
/// # Errors
/// 413 beyond `limit` bytes, at once when the length is declared; 408 when it takes longer than `patience`; 400 when it
/// ends early.
pub async fn arrived(request: Request, limit: usize, patience: Duration) -> ApiResult<Request> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > limit as u64) {
        return Err(json::too_large(limit));
    }
    let (parts, body) = request.into_parts();
    let body = Request::new(body);
    match timeout(patience, json::read(body, limit)).await {
        Ok(body) => Ok(Request::from_parts(parts, Body::from(body?))),
        Err(_) => {
            let detail = "the body did not arrive in time";
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "request.slow_body", detail).into())
        }
    }
}
