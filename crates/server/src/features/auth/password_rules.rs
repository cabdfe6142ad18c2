//! The rules a new password must keep, and its hash when it does. Everybody who lets somebody choose a password comes
//! here.

use stockade_domain::{
    email::EmailAddress,
    passwords::{self, SecondFactor},
};

use crate::{
    app::App,
    http::error::{ApiError, ApiResult},
};

/// A password that may be used.
pub(super) struct Accepted {
    pub(super) hash: String,
}

/// Checks a password that somebody chooses, and hashes it. Call it before the unit of work that stores the hash.
///
/// # Errors
/// 422 with the rule that it breaks; 503 when the hashing queue is full.
pub(super) async fn accept(
    app: &App,
    password: &str,
    email: &EmailAddress,
    _name: Option<&str>,
    second_factor: SecondFactor,
) -> ApiResult<Accepted> {
    let password =
        passwords::choose(password, email, second_factor).map_err(|error| ApiError::refusal(&error))?;
    let hash = app.auth.passwords.make(password).await?;
    Ok(Accepted { hash })
}
