//! A passkey's signature (an *assertion*, WebAuthn §7.2): checked outside any unit, and then, inside one, counted, held
//! against the count it carries, and used up.

use axum::http::HeaderMap;
use serde_json::Value;
use stockade_domain::ids::{PasskeyId, UserId};
use stockade_platform::db::Reader;
use webauthn_rs::{
    Webauthn,
    prelude::{DiscoverableAuthentication, PublicKeyCredential, WebauthnError},
};

use super::{ceremony, relying_party_of, sealed};
use crate::{
    app::App,
    core::{actor::Actor, change::Change, sealed::key_of},
    features::auth::{
        events,
        lockout::{self, Attempt, Authenticator},
        restriction::{self, Indicator},
        store::{
            passkey_ceremonies::{Ceremony, CeremonyKey},
            passkeys::{self, StoredPasskey},
        },
    },
    http::error::ApiResult,
};

/// What RFC 8176 §2 calls a signature by a key whose device has seen that it is its owner.
pub(in crate::features::auth) const AMR: &str = "pop user";

/// An answer, and what it came to. It changes nothing until it is proven.
pub(in crate::features::auth) struct Asserted {
    key: CeremonyKey,
    ceremony: Ceremony,
    /// Whose passkey it names.
    passkey: Option<(UserId, PasskeyId)>,
    verdict: Verdict,
}

enum Verdict {
    /// The signature holds and carries this count.
    Right(i64),
    /// It holds, but its count is not above the one at registration.
    WentBack(i64),
    Wrong,
}

/// Checks an answer. `user` says whose it has to be; without one the answer says it.
///
/// # Errors
/// 401 `challenge.invalid` when nothing waits for this answer; 500 `vault.tampered`, with `actor` on record.
pub(in crate::features::auth) async fn check(
    app: &App,
    actor: impl Into<Actor>,
    headers: &HeaderMap,
    key: CeremonyKey,
    credential: &PublicKeyCredential,
    user: Option<UserId>,
) -> ApiResult<Asserted> {
    let relying_party = relying_party_of(app)?;
    let ceremony = ceremony::find(app, headers, key, user).await?;
    let known = find(app, actor, credential, user).await?;
    let verdict = match &known {
        Some((_, details)) => verify(relying_party, &ceremony, credential, details)?,
        None => Verdict::Wrong,
    };
    Ok(Asserted {
        key,
        ceremony,
        passkey: known.map(|(stored, _)| (stored.owner, stored.id)),
        verdict,
    })
}

impl Asserted {
    /// Whose passkey the answer names; whether it is theirs, only [`Asserted::prove`] tells.
    pub(in crate::features::auth) fn owner(&self) -> Option<UserId> {
        self.passkey.map(|(owner, _)| owner)
    }

    /// Whether the answer proves that it is `user`. The caller has locked their row and commits either way.
    pub(in crate::features::auth) async fn prove(
        &self,
        app: &App,
        change: &mut Change<'_>,
        user: UserId,
        attempt: Attempt,
    ) -> ApiResult<bool> {
        self.use_up(change).await?;
        let guard = lockout::guard(app, change, user, Authenticator::Passkey, attempt).await?;
        if guard.is_open(change) {
            if self.holds(app, change, user).await? {
                guard.succeed(change)?;
                return Ok(true);
            }
            guard.fail(app, change).await?;
        }
        change.also(events::second_factor_failed(user, Authenticator::Passkey));
        Ok(false)
    }

    /// Ends the ceremony of an answer that names nobody.
    pub(super) async fn use_up(&self, change: &mut Change<'_>) -> ApiResult<()> {
        ceremony::take(change, self.key, &self.ceremony).await
    }

    async fn holds(&self, app: &App, change: &mut Change<'_>, user: UserId) -> ApiResult<bool> {
        let Some((_, id)) = self.passkey.filter(|(owner, _)| *owner == user) else {
            return Ok(false);
        };
        let count = match self.verdict {
            Verdict::Wrong => return Ok(false),
            Verdict::Right(count) => {
                let now = change.now();
                if passkeys::used(change, (user, id), count, now).await? {
                    return Ok(true);
                }
                count
            }
            Verdict::WentBack(count) => count,
        };
        // Removed while it signed, or there are two of it.
        if passkeys::one(change, user, id).await?.is_some() {
            change.also(events::passkey_cloned(user, id, count));
            restriction::note(app, change, user, Indicator::CopiedPasskey).await?;
        }
        Ok(false)
    }
}

/// The passkey that an answer names, unless it is another person's. Who is not known yet must say who they are, by the
/// handle (§7.2 step 6).
async fn find(
    app: &App,
    actor: impl Into<Actor>,
    credential: &PublicKeyCredential,
    user: Option<UserId>,
) -> ApiResult<Option<(StoredPasskey, sealed::Details)>> {
    let credential_id = credential.get_credential_id().to_vec();
    let handle = credential.get_user_unique_id().map(<[u8]>::to_vec);
    let this = app.clone();
    app.core
        .read_as(actor, async move |reader: &mut Reader| {
            let Some(stored) = passkeys::by_credential(reader, &credential_id).await? else {
                return Ok(None);
            };
            let known = passkeys::handle(reader, stored.owner).await?;
            let is_theirs = match (&handle, user) {
                (None, None) => false,
                (None, Some(user)) => stored.owner == user,
                (Some(handle), user) => {
                    known.is_some_and(|known| known.as_bytes() == handle.as_slice())
                        && user.is_none_or(|user| stored.owner == user)
                }
            };
            if !is_theirs {
                return Ok(None);
            }
            let key = key_of(&this.core.keys, reader, stored.owner).await?;
            let details = sealed::Details::open(&key, &stored)?;
            Ok(Some((stored, details)))
        })
        .await
}

fn verify(
    relying_party: &Webauthn,
    ceremony: &Ceremony,
    credential: &PublicKeyCredential,
    details: &sealed::Details,
) -> ApiResult<Verdict> {
    if is_framed(&credential.response.client_data_json) {
        return Ok(Verdict::Wrong);
    }
    let state: DiscoverableAuthentication = ceremony::state(ceremony)?;
    let verified = relying_party.finish_discoverable_authentication_v2(credential, state, &details.passkey);
    Ok(match verified {
        Ok(result) if result.user_verified() => Verdict::Right(i64::from(result.counter())),
        Ok(_) => Verdict::Wrong,
        Err(WebauthnError::CredentialPossibleCompromise) => Verdict::WentBack(count_of(credential)),
        Err(error) => {
            tracing::debug!(%error, "a passkey's signature was refused");
            Verdict::Wrong
        }
    })
}

/// The signature's count (§6.1, on `signCount`).
fn count_of(credential: &PublicKeyCredential) -> i64 {
    let count = credential.response.authenticator_data.get(33..37);
    let count = count.and_then(|bytes| bytes.try_into().ok());
    count.map_or(0, u32::from_be_bytes).into()
}

/// The signature was asked for by a page inside another site's page. None of ours ever is (§7.2 step 13).
fn is_framed(client_data: &[u8]) -> bool {
    let client_data: Option<Value> = serde_json::from_slice(client_data).ok();
    client_data.is_none_or(|data| data["crossOrigin"] == true)
}
