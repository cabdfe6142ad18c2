//! Passwords whose hash is not as one would be made now are hashed again, once their owner has been let in.
//!
//! Only then, and after the answer: a guess, right or wrong, costs one comparison whatever is stored, so the time of an
//! answer tells neither of them apart, not even while the account is locked.

use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Tx};
use zeroize::Zeroizing;

use super::{events, store::users};
use crate::{
    app::App,
    core::{
        actor::{Actor, Origin},
        bookkeeping::bookkeep_on_record,
        event::AuditEvent,
    },
    http::error::ApiResult,
};

/// A right password with the hash it was compared with.
pub(super) struct Outdated {
    pub(super) user: UserId,
    pub(super) password: Zeroizing<String>,
    pub(super) stored: String,
}

/// Hashes it again, beside the request. When that cannot be done now, the next sign-in does it.
pub(super) fn rehash_soon(app: &App, origin: &Origin, outdated: Outdated) {
    let (app, actor) = (app.clone(), Actor::from(origin));
    tokio::spawn(async move {
        if let Err(error) = rehash(&app, actor, outdated).await {
            tracing::warn!(?error, "a password could not be hashed again");
        }
    });
}

async fn rehash(app: &App, actor: Actor, outdated: Outdated) -> ApiResult<()> {
    let Outdated {
        user,
        password,
        stored,
    } = outdated;
    let hash = app.auth.passwords.make((*password).clone()).await?;
    let replaced: DbResult<()> = bookkeep_on_record(&app.core, actor, async move |tx: &mut Tx| {
        // Whoever chose another password meanwhile keeps it.
        let replaced = users::replace_hash(tx, user, &stored, &hash).await?;
        let events: Vec<AuditEvent> = replaced
            .then(|| events::password_rehashed(user))
            .into_iter()
            .collect();
        Ok(((), events))
    })
    .await;
    Ok(replaced?)
}
