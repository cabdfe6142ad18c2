//! The door behind every way in: somebody has proven something, and the risk of it says whether they enter, prove more,
//! or are refused.
//!
//! Over 0.5 (settings of the policy) a second factor is asked for even on a trusted device, over 0.7 a code by mail
//! besides, over 0.8 nobody enters whatever they prove. Who has no second factor gets a code by mail, and always on a
//! device that they never signed in from.

use stockade_domain::risk::Action;

use super::{
    Recognised,
    challenge::{self, SecondFactorRequired},
    session::{self, OpenSession},
};
use crate::{
    app::App,
    core::change::{Change, Outcome},
    features::{
        auth::{
            events,
            lockout::{self, Attempt, Authenticator},
            second_factors::{self, Method},
            store::users::Credentials,
        },
        devices::{self, Seen},
        risk::{self, Assessed, SignInEvidence},
    },
    http::error::{ApiResult, Problem},
};

/// The word of RFC 8176 for a password.
pub(in crate::features::auth) const PASSWORD: &str = "pwd";

/// The word of RFC 8176 for something proven over another channel, here by mail.
pub(in crate::features::auth) const BY_MAIL: &str = "mca";

/// Where something proven led to.
pub(in crate::features::auth) enum Fate {
    SignedIn(Box<OpenSession>),
    Challenged(SecondFactorRequired),
}

/// Somebody at the door, whose row is locked.
pub(in crate::features::auth) struct Entry<'a> {
    pub(in crate::features::auth) user: &'a Credentials,
    pub(in crate::features::auth) device: &'a Seen,
    pub(in crate::features::auth) attempt: Attempt,
    /// What was proven until now; its failures are those before the sign-in began.
    pub(in crate::features::auth) recognised: Recognised,
    /// Whether its owner's trust in a device stands in for the second factor.
    pub(in crate::features::auth) trust_counts: bool,
    /// The answer to a sign-in that is too risky.
    pub(in crate::features::auth) too_risky: fn() -> Problem,
}

impl Entry<'_> {
    /// A refusal is committed, since it is stored and its owner is told, and refused all the same.
    pub(in crate::features::auth) async fn decide(
        mut self,
        app: &App,
        change: &mut Change<'_>,
    ) -> ApiResult<Outcome<ApiResult<Fate>>> {
        let user = self.user.id;
        let failures = lockout::recent_failures(app, change, user).await?;
        self.recognised.failures = self.recognised.failures.max(failures);
        let (device, device_id) = devices::compare(app, change, user, self.device).await?;
        let evidence = SignInEvidence {
            device: Some(device),
            device_id,
            failures: Some(self.recognised.failures),
        };
        let (mut assessed, is_first) = risk::assess_sign_in(app, change, user, evidence).await?;
        if assessed.action() == Action::Refuse {
            let event = assessed.sign_in_refused(change)?;
            return change.commit(event, Err((self.too_risky)().into()));
        }
        let factors = second_factors::methods(change, user).await?;
        let missing = self.missing(&assessed, factors);
        if !missing.is_empty() {
            assessed.sign_in_challenged(change)?;
            let event = events::sign_in_challenged(user, &missing, &assessed.details());
            let view = assessed.view();
            let challenge =
                challenge::begin(app, change, self.user, &self.recognised, missing, Some(view)).await?;
            return change.commit(event, Ok(Fate::Challenged(challenge)));
        }
        // Guesses before it are forgiven only now: a guesser who was let no further must not look better for it.
        if self.has_proven(PASSWORD) {
            lockout::guard(app, change, user, Authenticator::Password, self.attempt)
                .await?
                .succeed(change)?;
        }
        let confirmed = is_first || self.has_proven("mfa") || self.has_proven(BY_MAIL);
        let amr = self.recognised.amr;
        let opened = session::open(app, change, self.user, &amr, self.device, assessed, confirmed).await?;
        change.commit(opened.event(), Ok(Fate::SignedIn(Box::new(opened.session))))
    }

    /// What is still to be proven; nothing when that is enough.
    fn missing(&self, assessed: &Assessed, factors: Vec<Method>) -> Vec<Method> {
        let risky = assessed.action() >= Action::SecondFactor;
        let by_mail = vec![Method::MailedCode];
        let second = self.has_proven("mfa");
        if factors.is_empty() {
            let asks = risky || assessed.is_unknown_device();
            return if asks && !self.has_proven(BY_MAIL) {
                by_mail
            } else {
                Vec::new()
            };
        }
        let trusted = self.trust_counts && matches!(self.attempt, Attempt::TrustedDevice(_));
        if !second && (risky || !trusted) {
            return factors;
        }
        if assessed.action() >= Action::ConfirmByMail && !self.has_proven(BY_MAIL) {
            return by_mail;
        }
        Vec::new()
    }

    fn has_proven(&self, word: &str) -> bool {
        self.recognised
            .amr
            .split_whitespace()
            .any(|proven| proven == word)
    }
}
