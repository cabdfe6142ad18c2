//! The rules a new password must keep, and its hash when it does. Everybody who lets somebody choose a password comes
//! here (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2).

use stockade_domain::{
    email::EmailAddress,
    passwords::{self, PasswordRefused, SecondFactor},
};

use super::{
    breached::{self, BreachCheck},
    guesses,
};
use crate::{
    app::App,
    http::error::{ApiError, ApiResult},
};

/// A password that may be used.
pub(super) struct Accepted {
    pub(super) hash: String,
    /// Whether it was looked up among breached ones.
    pub(super) breach_check: BreachCheck,
}

/// Checks a password that somebody chooses, and hashes it. Call it before the unit of work that stores the hash.
///
/// # Errors
/// 422 with the rule that it breaks; 503 when the hashing queue is full.
pub(super) async fn accept(
    app: &App,
    password: &str,
    email: &EmailAddress,
    name: Option<&str>,
    second_factor: SecondFactor,
) -> ApiResult<Accepted> {
    let refused = |refusal: PasswordRefused| ApiError::refusal(&refusal);
    let password = passwords::choose(password, email, second_factor).map_err(refused)?;
    let words = guesses::words_about(Some(email.as_str()), name);
    let guesses = app.auth.passwords.judge(password.clone(), words).await?;
    if !guesses.are_enough(second_factor) {
        return Err(refused(PasswordRefused::Guessable));
    }
    let breach_check = breached::look_up(app, &password).await;
    if breach_check == BreachCheck::Found {
        return Err(refused(PasswordRefused::Breached));
    }
    let hash = app.auth.passwords.make(password).await?;
    Ok(Accepted { hash, breach_check })
}
