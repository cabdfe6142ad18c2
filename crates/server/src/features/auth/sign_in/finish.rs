//! The last step of a sign-in: whoever gives the proof gets a session, be it a code or a passkey beside a password, or a
//! passkey alone.

use axum::response::Response;
use stockade_domain::ids::UserId;

use super::{
    Recognised,
    answer::{self, SessionQuery},
    challenge, session,
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::{
        auth::{
            events::{self, SignInFailure},
            lockout::Attempt,
            passkeys::assertion,
            second_factors::{Method, prove::Proof},
            store::users::{self, Credentials},
        },
        devices::Seen,
    },
    http::error::{ApiResult, Problem},
};

/// A sign-in that one proof is to end.
pub(in crate::features::auth) struct LastStep {
    pub(in crate::features::auth) user: UserId,
    pub(in crate::features::auth) proof: Proof,
    /// What was proven before, and the challenge that names it; `None` when the proof is all there is.
    pub(in crate::features::auth) begun: Option<(Recognised, String)>,
}

/// Takes it. A failure is committed, since it is counted, and refused all the same.
pub(in crate::features::auth) async fn finish(
    app: App,
    origin: &Origin,
    mode: SessionQuery,
    device: Seen,
    step: LastStep,
) -> ApiResult<Response> {
    let set = device.cookie();
    let opened = app
        .change(origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let refusal = || step.proof.refusal(wrong_code);
                let failed = |why| events::sign_in_failed(Some(step.user), why, "");
                let locked = users::lock(change, step.user).await?;
                let Some(user) = locked.filter(Credentials::may_sign_in) else {
                    return change.refuse(failed(SignInFailure::AccountClosed), refusal());
                };
                let attempt = Attempt::on(&app, change, step.user, &device).await?;
                let Some(method) = step.proof.prove(&app, change, step.user, attempt).await? else {
                    return change.commit(failed(step.failure()), Err(refusal()));
                };
                if let Some((_, token)) = &step.begun {
                    challenge::take(change, token).await?;
                }
                let opened = session::open(&app, change, &user, &step.amr(method), &device).await?;
                change.commit(opened.event(), Ok(opened.session))
            }
        })
        .await??;
    answer::session(&app, mode, opened, set)
}

impl LastStep {
    fn failure(&self) -> SignInFailure {
        match self.begun {
            Some(_) => SignInFailure::WrongSecondFactor,
            None => SignInFailure::WrongPasskey,
        }
    }

    /// How somebody has proven who they are, in the words of RFC 8176 §2.
    fn amr(&self, last: Method) -> String {
        let last = match last {
            Method::Passkey => assertion::AMR,
            Method::Totp | Method::BackupCode | Method::PasswordAndMail => "otp",
        };
        match &self.begun {
            Some((before, _)) => format!("{} {last} mfa", before.amr),
            None => format!("{last} mfa"),
        }
    }
}

fn wrong_code() -> Problem {
    Problem::unauthorized(
        "second_factor.wrong_code",
        "the code is wrong or was used before; wait for the next one",
    )
}
