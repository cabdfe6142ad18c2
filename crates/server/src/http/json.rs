//! Request bodies: JSON, read strictly, with a problem that names the field at fault.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::error::{ApiError, ApiResult, Problem};
use crate::app::App;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        check_content_type(request.headers())?;
        let body = read(request, app.config.server.body_limit_bytes).await?;
        parse(&body).map(Self)
    }
}

/// Reads the whole body, up to `limit` bytes: 413 beyond.
pub async fn read(request: Request, limit: usize) -> ApiResult<Bytes> {
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large(limit)),
        Err(_) => Err(Problem::bad_request("request.incomplete", "the body ended before its length").into()),
    }
}

/// 413: the body is longer than `limit` bytes.
pub fn too_large(limit: usize) -> ApiError {
    let detail = format!("the body may be {limit} bytes at most");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large", detail).into()
}

/// 415 unless the body is declared as JSON.
pub fn check_content_type(headers: &HeaderMap) -> ApiResult<()> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = declared.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "request.not_json",
        "send the body with Content-Type: application/json",
    )
    .into())
}

/// Parses a body that had to be read before it is known whether there should be one: nothing is what `()` reads.
pub fn parse_declared<T: DeserializeOwned>(content_type: ApiResult<()>, body: &[u8]) -> ApiResult<T> {
    if body.is_empty() {
        return serde_json::from_str("null").or_else(|_| parse(body));
    }
    content_type?;
    parse(body)
}

/// Reads what a request asks for, before it is known what that takes, and answers the request whole again.
pub async fn read_ahead<T: DeserializeOwned>(request: Request, limit: usize) -> ApiResult<(T, Request)> {
    let (parts, body) = request.into_parts();
    let body = read(Request::new(body), limit).await?;
    let ask = parse_declared(check_content_type(&parts.headers), &body)?;
    Ok((ask, Request::from_parts(parts, Body::from(body))))
}

/// Parses a body: 400 when it is not JSON, 422 when it is JSON of another shape.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            serde_json::error::Category::Data => {
                let text = without_position(&error.to_string());
                Problem::unprocessable("request.invalid", text.clone()).field(field_of(&path, &text), text)
            }
            _ => Problem::bad_request("request.malformed_json", format!("the body is not JSON: {error}")),
        }
    })?;
    deserializer.end().map_err(|error| {
        Problem::bad_request("request.malformed_json", format!("the body is not JSON: {error}"))
    })?;
    Ok(parsed)
}

/// serde names an unknown or missing field in its message only, not in the path.
fn field_of(path: &str, text: &str) -> String {
    let named = text
        .split('`')
        .nth(1)
        .filter(|_| text.starts_with("unknown field") || text.starts_with("missing field"));
    match (path, named) {
        ("." | "", Some(field)) => field.to_owned(),
        (path, Some(field)) if path != field => format!("{path}.{field}"),
        ("." | "", None) => "body".to_owned(),
        (path, _) => path.to_owned(),
    }
}

fn without_position(text: &str) -> String {
    text.split(" at line ").next().unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Ask {
        #[expect(dead_code, reason = "only parsed")]
        qty: u32,
    }

    fn refused(body: &str) -> Problem {
        match parse::<Ask>(body.as_bytes()) {
            Err(ApiError::Refused(problem)) => *problem,
            other => panic!("{body} gave {other:?}"),
        }
    }

    #[test]
    fn the_problem_names_the_field() {
        assert_eq!(refused(r#"{"qty":1,"x":2}"#).errors[0].field, "x");
        assert_eq!(refused(r"{}").errors[0].field, "qty");
        assert_eq!(refused(r#"{"qty":-1}"#).errors[0].field, "qty");
        assert_eq!(refused("[]").errors[0].field, "body");
        for malformed in ["", "{", r#"{"qty":NaN}"#, r#"{"qty":1}{}"#, "\u{0}"] {
            assert_eq!(refused(malformed).code, "request.malformed_json", "{malformed}");
        }
    }
}
