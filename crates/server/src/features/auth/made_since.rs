//! Whoever was in an account may have made other ways into it: keys of programs, keys that sign, passkeys, an authenticator
//! app, accounts of providers. When it turns out that it was a stranger, all that was made since they came is taken away,
//! in that unit and on record; what its owner made since then is made again sooner than told from theirs.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::DbResult;

use super::{
    events,
    second_factors::{self, Method},
    store::{backup_codes, made_since as store, users},
};
use crate::{
    app::App,
    core::change::Change,
    features::{api_keys, devices},
};

/// How many of each were taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct TakenAway {
    api_keys: usize,
    signing_keys: usize,
    passkeys: usize,
    authenticator_apps: usize,
    linked_sign_ins: usize,
}

/// Takes away what was made since an instant, and what was begun and waits for its next step.
pub(super) async fn take_away(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    since: Timestamp,
) -> DbResult<TakenAway> {
    let now = change.now();
    change.batch(store::forget_begun(user)).await?;
    devices::distrust_since(change, user, since)?;
    let api_keys = api_keys::revoke_made_since(app, change, user, since).await?;
    let signing_keys = store::revoke_signing_keys(change, user, since, now).await?;
    for key in &signing_keys {
        change.also(events::signing_key_revoked(*key).about(user));
    }
    let passkeys = store::drop_passkeys(change, user, since).await?;
    for passkey in &passkeys {
        change.also(events::passkey_removed(user, *passkey));
    }
    let authenticator_app = store::drop_totp(change, user, since).await?;
    if authenticator_app {
        change.also(events::second_factor_disabled(user, Method::Totp));
    }
    let links = store::drop_links(change, user, since).await?;
    for provider in &links {
        change.also(events::oidc_unlinked(user, provider));
    }
    let taken = TakenAway {
        api_keys,
        signing_keys: signing_keys.len(),
        passkeys: passkeys.len(),
        authenticator_apps: usize::from(authenticator_app),
        linked_sign_ins: links.len(),
    };
    if taken != TakenAway::default() {
        users::credentials_changed(change, user, now)?;
    }
    if !second_factors::is_on(change, user).await? {
        // They only ever stand in for another factor.
        backup_codes::delete(change, user)?;
    }
    Ok(taken)
}
