//! After a hundred failures in a row, or as many as the settings say, an account is closed to unknown devices until its
//! owner, reached by mail, says otherwise (NIST SP 800-63B-4 §3.2.2). `POST /auth/sign-ins/confirm` is where they say it.

use axum::{Json as Answer, extract::State};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use stockade_domain::ids::UserId;
use utoipa::ToSchema;

use super::{
    events, lockout,
    mail_purpose::MailPurpose,
    mails,
    opaque::{self, OpaqueToken},
    store::{mail_links, users},
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::mail,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// How long the link works. Longer than others, since an attacker chooses when it is sent.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Mails the owner the link that opens the account again.
pub(super) async fn ask(app: &App, change: &mut Change<'_>, user: UserId) -> ApiResult<()> {
    let Some((email, _)) = users::described(change, user).await? else {
        return Ok(());
    };
    let (token, expires_at) = (OpaqueToken::new(), change.now() + LIFE);
    let purpose = MailPurpose::ConfirmSignIns;
    mail_links::put(change, user, purpose, token.hash(), None, expires_at)?;
    mail::post(change, mails::confirm_sign_ins(app, &email, &token))?;
    change.also(events::confirmation_required(user));
    Ok(())
}

/// The token of the mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmSignIns {
    token: String,
}

/// Unknown devices may try again.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInsConfirmed {
    /// Always `confirmed`.
    status: &'static str,
}

#[utoipa::path(
    post, path = "/api/v1/auth/sign-ins/confirm", tag = "accounts", request_body = ConfirmSignIns,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 200, body = SignInsConfirmed), (status = 422, body = Problem))
)]
pub(super) async fn confirm_sign_ins(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<ConfirmSignIns>,
) -> ApiResult<Answer<SignInsConfirmed>> {
    let hash = opaque::hash(&ask.token);
    app.clone()
        .change(&origin, async move |change: &mut Change<'_>| {
            let now = change.now();
            let linked = mail_links::consume(change, hash, MailPurpose::ConfirmSignIns, now).await?;
            let Some(user) = linked.map(|linked| linked.user) else {
                return change.refuse(events::confirmation_of_sign_ins_refused(), invalid());
            };
            users::lock(change, user).await?;
            let counters = lockout::open_to_strangers(&app, change, user).await?;
            change.commit(
                events::account_unlocked(user, "mail", counters),
                Answer(SignInsConfirmed { status: "confirmed" }),
            )
        })
        .await
}

fn invalid() -> Problem {
    let detail =
        "this link was used before, replaced or has expired; resetting the password opens the account, too";
    Problem::unprocessable("sign_ins.link_invalid", detail)
}
