//! `POST /auth/password/strength`: what a password would be worth, for whoever is choosing one. Nothing is stored or put
//! on record, and the password appears in no log.

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use stockade_domain::{
    email::EmailAddress,
    passwords::{self, Lengths, SecondFactor},
    refusal::Refusal as _,
};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    breached::{self, BreachCheck},
    guesses,
};
use crate::{
    app::App,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// The password, and what would be known about its owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StrengthOf {
    #[schema(format = Password)]
    password: String,
    email: Option<String>,
    name: Option<String>,
    /// Whether a second factor will stand beside it; then it may be shorter.
    #[serde(default)]
    second_factor: bool,
}

/// What the password is worth.
#[derive(Serialize, ToSchema)]
pub(super) struct Strength {
    /// 0 (among the first guesses) to 4.
    score: u8,
    /// Guesses it takes, as a power of ten.
    guesses_log10: f64,
    crack_time: CrackTime,
    /// What is wrong with it.
    warning: Option<String>,
    suggestions: Vec<String>,
    /// Whether it would be taken.
    acceptable: bool,
    /// The code it would be refused with.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'static str>,
    /// The fewest characters a password must have.
    least: usize,
    /// Whether it is known from a breach, as far as that could be asked.
    breach_check: BreachCheck,
}

/// How long finding it takes, in words.
#[derive(Serialize, ToSchema)]
pub(super) struct CrackTime {
    /// Against a site that lets somebody try a hundred times an hour.
    #[schema(example = "centuries")]
    online: String,
    /// Against a stolen slow hash, at ten thousand tries a second.
    #[schema(example = "3 years")]
    offline: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/password/strength", tag = "accounts", request_body = StrengthOf,
    extensions(("x-rate-limit" = json!("password_strength"))),
    responses((status = 200, body = Strength), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem))
)]
pub(super) async fn password_strength(
    State(app): State<App>,
    Json(ask): Json<StrengthOf>,
) -> ApiResult<Answer<Strength>> {
    let second_factor = SecondFactor::from(ask.second_factor);
    let lengths = app.config.passwords.lengths();
    let password = Zeroizing::new(ask.password);
    let rule = broken_rule(&password, ask.email.as_deref(), second_factor, &lengths);
    let normal = passwords::normalize(&password).unwrap_or_default();
    let words = guesses::words_about(ask.email.as_deref(), ask.name.as_deref());
    // No more than could ever be a password is looked at.
    let looked_at: String = normal.chars().take(lengths.most).collect();
    let guesses = app.auth.judging.of_asked(looked_at, words).await?;
    let rule = rule.or((!guesses.are_enough(second_factor)).then_some(passwords::PasswordRefused::Guessable));
    // What is refused anyway need not be asked about elsewhere.
    let breach_check = match rule {
        None => breached::look_up(&app, &normal).await,
        Some(_) => BreachCheck::Off,
    };
    let rule = rule.or((breach_check == BreachCheck::Found).then_some(passwords::PasswordRefused::Breached));
    Ok(Answer(Strength {
        score: guesses.score,
        guesses_log10: guesses.log10,
        crack_time: CrackTime {
            online: guesses.online,
            offline: guesses.offline,
        },
        warning: guesses.warning.or(rule.map(|rule| rule.to_string())),
        suggestions: guesses.suggestions,
        acceptable: rule.is_none(),
        refusal: rule.map(|rule| rule.code()),
        least: lengths.least(second_factor),
        breach_check,
    }))
}

/// An address still being typed is none yet; then only what does not depend on it is checked.
fn broken_rule(
    password: &str,
    email: Option<&str>,
    second_factor: SecondFactor,
    lengths: &Lengths,
) -> Option<passwords::PasswordRefused> {
    let nobody: EmailAddress = "nobody@example.invalid".parse().ok()?;
    let email = email.and_then(|email| email.parse().ok()).unwrap_or(nobody);
    passwords::choose(password, &email, second_factor, lengths).err()
}
