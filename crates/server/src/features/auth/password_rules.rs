//! The rules a new password must keep, and its hash when it does. Everybody who lets somebody choose a password comes
//! here (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2).

use stockade_domain::{
    email::EmailAddress,
    ids::UserId,
    passwords::{self, PasswordRefused, SecondFactor},
};

use super::{
    breached::{self, BreachCheck},
    guesses, second_factors,
};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiError, ApiResult, Problem},
};

/// A password that may be used.
pub(super) struct Accepted {
    pub(super) hash: String,
    /// Whether it was looked up among breached ones.
    pub(super) breach_check: BreachCheck,
    /// Whether it may be all that is asked for.
    stands_alone: bool,
}

impl Accepted {
    /// The second factor that the password was chosen to stand beside may have gone while it was hashed. The caller has
    /// locked the user's row.
    ///
    /// # Errors
    /// 409 `password.too_short_alone`.
    pub(super) async fn still_suits(
        &self,
        app: &App,
        change: &mut Change<'_>,
        user: UserId,
    ) -> ApiResult<()> {
        if self.stands_alone || second_factors::is_on(change, user).await? {
            return Ok(());
        }
        Err(too_short_alone(app).into())
    }
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
    let password = passwords::choose(password, email, second_factor, &app.config.passwords.lengths())
        .map_err(refused)?;
    let words = guesses::words_about(Some(email.as_str()), name);
    let guesses = app.auth.judging.of_chosen(password.clone(), words).await?;
    if !guesses.are_enough(second_factor) {
        return Err(refused(PasswordRefused::Guessable));
    }
    let breach_check = breached::look_up(app, &password).await;
    if breach_check == BreachCheck::Found {
        return Err(refused(PasswordRefused::Breached));
    }
    let stands_alone = app.config.passwords.lengths().stands_alone(&password);
    let hash = app.auth.passwords.make(password).await?;
    Ok(Accepted {
        hash,
        breach_check,
        stands_alone,
    })
}

/// Whether a password is long enough to be all that is asked for (NIST SP 800-63B-4 §3.1.1.2).
pub(super) fn stands_alone(app: &App, password: &str) -> bool {
    let lengths = app.config.passwords.lengths();
    passwords::normalize(password).is_some_and(|password| lengths.stands_alone(&password))
}

/// What taking the last second factor away from a short password is refused with.
pub(super) fn too_short_alone(app: &App) -> Problem {
    let detail = format!(
        "without a second factor a password has {} characters at least; choose a longer one first",
        app.config.passwords.lengths().alone
    );
    Problem::conflict("password.too_short_alone", detail)
}
