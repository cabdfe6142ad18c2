//! Query strings, read strictly: an unknown or malformed parameter is a problem, not ignored.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use super::error::{ApiError, ApiResult, Problem};

/// The parameters of a query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(error) => {
                let text = error.to_string();
                Err(Problem::unprocessable("request.invalid_query", text).into())
            }
        }
    }
}
