//! The last step of a sign-in: whoever gives the proof gets a session, be it a code or a passkey beside a password, or a
//! passkey alone.

use axum::response::Response;
use stockade_domain::ids::UserId;

use super::{
    Recognised,
    answer::{self, SessionQuery},
    challenge,
    enter::{BY_MAIL, Entry, Fate},
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
    let fate = app
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
                    return change.commit(failed(step.failure()), Err(refusal().into()));
                };
                if let Some((_, token)) = &step.begun {
                    challenge::take(change, token).await?;
                }
                let entry = Entry {
                    user: &user,
                    device: &device,
                    attempt,
                    recognised: step.recognised(&device, method),
                    trust_counts: true,
                    too_risky,
                };
                entry.decide(&app, change).await
            }
        })
        .await??;
    match fate {
        Fate::SignedIn(opened) => answer::session(&app, mode, *opened, set),
        Fate::Challenged(challenge) => Ok(answer::challenge(challenge, set)),
    }
}

impl LastStep {
    fn failure(&self) -> SignInFailure {
        match self.begun {
            Some(_) => SignInFailure::WrongSecondFactor,
            None => SignInFailure::WrongPasskey,
        }
    }

    /// Whom this proof recognises, and all that was proven, in the words of RFC 8176 §2. A mailed code is no second
    /// factor (NIST SP 800-63B-4 §3.1.3.1): whoever has the mailbox has the password, too.
    fn recognised(&self, device: &Seen, last: Method) -> Recognised {
        let last = match last {
            Method::Passkey => format!("{} mfa", assertion::AMR),
            Method::Totp | Method::BackupCode => "otp mfa".to_owned(),
            Method::MailedCode | Method::PasswordAndMail => BY_MAIL.to_owned(),
        };
        match &self.begun {
            Some((before, _)) => Recognised {
                amr: format!("{} {last}", before.amr),
                ..before.clone()
            },
            None => Recognised {
                user: self.user,
                amr: last,
                binding: device.binding(),
                report: None,
                failures: 0,
            },
        }
    }
}

fn wrong_code() -> Problem {
    Problem::unauthorized(
        "second_factor.wrong_code",
        "the code is wrong or was used before; wait for the next one",
    )
}

fn too_risky() -> Problem {
    let detail = "this sign-in is too unlike the ones before; try again from a device and a place that you have used before";
    Problem::forbidden("sign_in.too_risky", detail)
}
