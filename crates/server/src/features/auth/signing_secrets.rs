//! The secrets that verify request signatures, remembered unsealed so that a signed request costs no look-up. Whether a
//! key still lives is asked again by the statement that consumes the nonce; what is remembered is never the last word.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use aws_lc_rs::hmac;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use stockade_domain::ids::{SessionId, SigningKeyId, UserId};
use stockade_platform::{
    db::{DbError, DbResult, Query, Reader, Tx},
    vault::Place,
};
use uuid::Uuid;

use super::{
    scopes::{Scope, Scopes},
    store::signing_keys::{self, StoredSecret},
};
use crate::{
    app::App,
    core::{actor::SignedIn, bookkeeping::bookkeep, sealed},
    http::error::ApiResult,
};

/// Secrets remembered at most; they are read again when needed.
const ROOM: usize = 50_000;

/// A key that verifies signatures.
pub struct SigningSecret {
    id: SigningKeyId,
    owner: UserId,
    session: Option<SessionId>,
    scopes: Scopes,
    expires_at: Timestamp,
    key: hmac::Key,
    /// Microseconds since the Unix epoch; 0 when it was not used since it was last written down.
    last_used: AtomicI64,
}

/// The key a request names, if it is one that this person may sign with in this session.
///
/// # Errors
/// 500 `vault.tampered`, with its event, which the caller puts on record.
pub async fn signing_secret(
    app: &App,
    user: &SignedIn,
    id: SigningKeyId,
) -> ApiResult<Option<Arc<SigningSecret>>> {
    let now = app.clock.now();
    let secret = match app.auth.secrets.get(id) {
        Some(secret) => Some(secret),
        None => read(app, user.id, id, now).await?,
    };
    Ok(secret.filter(|secret| secret.is_of(user, now)))
}

impl SigningSecret {
    /// Whether `signature` is the HMAC-SHA256 of `text`, compared in constant time.
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.key, text, signature).is_ok()
    }

    /// Whether the key may be used for this.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.allow(scope)
    }

    /// The statement that consumes a request's nonce, if the key still lives when it runs.
    pub fn consume(&self, nonce: Uuid, signed_at: Timestamp, now: Timestamp) -> Query {
        self.last_used.fetch_max(now.as_microsecond(), Ordering::Relaxed);
        signing_keys::consume_nonce(self.id, nonce, signed_at, now)
    }

    fn is_of(&self, user: &SignedIn, now: Timestamp) -> bool {
        self.owner == user.id
            && self.session.is_none_or(|session| session == user.session)
            && self.expires_at > now
    }
}

async fn read(
    app: &App,
    owner: UserId,
    id: SigningKeyId,
    now: Timestamp,
) -> ApiResult<Option<Arc<SigningSecret>>> {
    let core = Arc::clone(&app.core);
    let found: Option<SigningSecret> = app
        .read(async move |reader: &mut Reader| -> ApiResult<_> {
            let Some(stored) = signing_keys::secret(reader, owner, id, now).await? else {
                return Ok(None);
            };
            // Without its data key a person has been erased, and so has whatever could sign for them.
            let Some(data_key) = core.keys.of(reader, owner.as_uuid()).await? else {
                return Ok(None);
            };
            let clear = sealed::open(&data_key, owner, &place(&id.as_uuid()), &stored.sealed_secret)?;
            Ok(Some(unsealed(id, owner, &stored, clear.expose_secret())?))
        })
        .await?;
    Ok(found.map(|secret| app.auth.secrets.put(secret)))
}

fn unsealed(id: SigningKeyId, owner: UserId, stored: &StoredSecret, clear: &[u8]) -> DbResult<SigningSecret> {
    let scopes = stored.scopes.parse();
    Ok(SigningSecret {
        id,
        owner,
        session: stored.session,
        scopes: scopes.map_err(|_| DbError::Fault(format!("signing key {id} has unknown scopes")))?,
        expires_at: stored.expires_at,
        key: hmac::Key::new(hmac::HMAC_SHA256, clear),
        last_used: AtomicI64::new(0),
    })
}

/// Where a key's secret is sealed for.
pub(super) fn place(id: &Uuid) -> Place<'_> {
    Place {
        table: "signing_keys",
        column: "sealed_secret",
        row: id.as_bytes(),
    }
}

/// Writes down when keys were last used; answers how many were. A crash loses what was not written yet.
pub async fn write_last_uses(app: &App) -> ApiResult<usize> {
    let uses = app.auth.secrets.take_uses();
    for chunk in uses.chunks(200) {
        let chunk = chunk.to_vec();
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            chunk
                .iter()
                .try_for_each(|(id, at)| signing_keys::set_last_used(tx, *id, *at))
        })
        .await?;
    }
    Ok(uses.len())
}

/// Unsealed secrets by key id.
#[derive(Default)]
pub(super) struct SigningSecrets(Mutex<HashMap<SigningKeyId, Arc<SigningSecret>>>);

impl SigningSecrets {
    pub(super) fn forget(&self, id: SigningKeyId) {
        self.lock().remove(&id);
    }

    pub(super) fn forget_session(&self, session: SessionId) {
        self.lock().retain(|_, secret| secret.session != Some(session));
    }

    /// When a key was last used, as far as it is not yet written down.
    pub(super) fn last_use(&self, id: SigningKeyId) -> Option<Timestamp> {
        let micros = self.get(id)?.last_used.load(Ordering::Relaxed);
        Timestamp::from_microsecond(micros).ok().filter(|_| micros != 0)
    }

    fn get(&self, id: SigningKeyId) -> Option<Arc<SigningSecret>> {
        self.lock().get(&id).cloned()
    }

    fn put(&self, secret: SigningSecret) -> Arc<SigningSecret> {
        let secret = Arc::new(secret);
        let mut known = self.lock();
        if known.len() >= ROOM {
            known.clear();
        }
        known.insert(secret.id, Arc::clone(&secret));
        secret
    }

    fn take_uses(&self) -> Vec<(SigningKeyId, Timestamp)> {
        let known = self.lock();
        let used = known
            .values()
            .map(|secret| (secret.id, secret.last_used.swap(0, Ordering::Relaxed)));
        let written = used.filter(|(_, micros)| *micros != 0);
        written
            .filter_map(|(id, micros)| Some((id, Timestamp::from_microsecond(micros).ok()?)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SigningKeyId, Arc<SigningSecret>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
