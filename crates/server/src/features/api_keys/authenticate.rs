//! Whom a presented key stands for. Keys that were found are remembered by their SHA-256, so that the common request
//! costs one hash, one look-up in memory and one question to shared state, and no database.
//!
//! Whatever is remembered, revocation is asked about each time: shared state answers, or else the database. What is
//! remembered is read again before a mark of its revocation could be forgotten.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use jiff::{SignedDuration, Timestamp};
use stockade_domain::ids::{ApiKeyId, UserId};
use stockade_platform::{
    db::{DbError, DbResult, Tx},
    shared::Revocation,
};

use super::{
    events,
    key::{hash, is_well_formed},
    networks::Networks,
    revocation_id,
    store::{self, Presented},
};
use crate::{
    app::App,
    core::{
        actor::{KeyUse, Origin, SignedIn},
        bookkeeping::bookkeep,
        change::{Change, Outcome},
    },
    http::error::{ApiError, ApiResult, Problem},
};

/// Keys remembered at most; they are read again when needed.
const ROOM: usize = 50_000;
/// How long a key is remembered without being read again: less than any mark of a revocation lives.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(60);
/// How long a mark lives.
const MARKED: std::time::Duration = std::time::Duration::from_secs(300);

/// A key that was found, and whom it stands for.
struct Known {
    key: Presented,
    networks: Networks,
    revocation_id: String,
    read_at: Timestamp,
    owner: SignedIn,
    /// Microseconds since the Unix epoch; 0 when it was not used since it was last written down.
    last_used: AtomicI64,
}

/// Whom a presented key stands for; `owner` finds the person, `None` when they may no longer do anything.
///
/// # Errors
/// 401 `api_key.invalid` for all that is no living key; 403 `api_key.network` from where it may not be used.
pub async fn authenticate<F>(app: &App, text: &str, origin: Origin, owner: F) -> ApiResult<SignedIn>
where
    F: AsyncFnOnce(UserId, KeyUse, Timestamp) -> ApiResult<Option<SignedIn>>,
{
    if !is_well_formed(text) {
        return Err(invalid());
    }
    let (now, hash) = (app.clock.now(), hash(text));
    let known = match app.api_keys.get(&hash).filter(|known| known.is_fresh(now)) {
        Some(known) => match app.shared.revocation(&known.revocation_id).await {
            Revocation::NotRevoked => known,
            Revocation::Revoked => return Err(invalid()),
            Revocation::Unknown => look_up(app, hash, now, owner).await?,
        },
        None => look_up(app, hash, now, owner).await?,
    };
    if known.key.expires_at <= now || verify_slices_are_equal(&known.key.secret_hash, &hash).is_err() {
        return Err(invalid());
    }
    let user = SignedIn {
        origin,
        ..known.owner.clone()
    };
    if !known.networks.welcome(user.origin.ip) {
        return Err(turn_away(app, &user, known.key.id).await);
    }
    known.last_used.fetch_max(now.as_microsecond(), Ordering::Relaxed);
    Ok(user)
}

async fn look_up<F>(app: &App, hash: [u8; 32], now: Timestamp, owner: F) -> ApiResult<Arc<Known>>
where
    F: AsyncFnOnce(UserId, KeyUse, Timestamp) -> ApiResult<Option<SignedIn>>,
{
    let found: DbResult<Option<Presented>> = app
        .read(async move |reader| store::presented(reader, hash).await)
        .await;
    let key = found?.filter(|key| !key.revoked).ok_or_else(invalid)?;
    let of = KeyUse {
        id: key.id,
        scopes: key.scopes,
    };
    let owner = owner(key.owner, of, key.created_at).await?.ok_or_else(invalid)?;
    let networks = Networks::stored(&key.networks)
        .ok_or_else(|| ApiError::Fault(format!("API key {} has networks that are none", key.id)))?;
    let known = Known {
        networks,
        revocation_id: revocation_id(key.id),
        read_at: now,
        owner,
        last_used: AtomicI64::new(0),
        key,
    };
    Ok(app.api_keys.put(hash, known))
}

fn invalid() -> ApiError {
    let detail = "this is no living API key; its owner makes one with POST /api/v1/api-keys";
    Problem::unauthorized("api_key.invalid", detail).into()
}

/// Somebody holds a person's key where that person does not use it; the log should say so.
async fn turn_away(app: &App, user: &SignedIn, key: ApiKeyId) -> ApiError {
    let problem = Problem::forbidden(
        "api_key.network",
        "this API key may not be used from your address",
    );
    let refuse = async move |change: &mut Change<'_>| -> ApiResult<Outcome<()>> {
        change.refuse(events::refused(key), problem.clone())
    };
    match app.change(user, refuse).await {
        Err(refused) => refused,
        Ok(()) => ApiError::Fault("a refusal was carried out".into()),
    }
}

/// Tells every instance that keys are revoked, once that is committed.
pub(super) async fn mark(app: &App, keys: &[ApiKeyId]) {
    for key in keys {
        app.api_keys.forget(*key);
        if let Err(error) = app.shared.revoke(&revocation_id(*key), MARKED).await {
            // Checks answer Unknown until the copy is loaded again, so nobody is let in meanwhile.
            tracing::warn!(%key, %error, "a revocation could not be marked in shared state");
        }
    }
}

/// Writes down when keys were last used; answers how many were. A crash loses what was not written yet.
///
/// # Errors
/// When the database is away.
pub async fn write_last_uses(app: &App) -> DbResult<usize> {
    let mut uses = app.api_keys.take_uses();
    let written = uses.len();
    uses.sort_unstable();
    while !uses.is_empty() {
        let chunk = uses.split_off(uses.len().saturating_sub(200));
        bookkeep(&app.core.db, async move |tx: &mut Tx| -> Result<(), DbError> {
            chunk
                .iter()
                .try_for_each(|(id, at)| store::set_last_used(tx, *id, *at))
        })
        .await?;
    }
    Ok(written)
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.read_at).abs() < REMEMBERED
    }
}

/// Keys that were found, by their SHA-256.
#[derive(Default)]
pub struct Remembered(Mutex<HashMap<[u8; 32], Arc<Known>>>);

impl Remembered {
    fn get(&self, hash: &[u8; 32]) -> Option<Arc<Known>> {
        self.lock().get(hash).cloned()
    }

    fn put(&self, hash: [u8; 32], known: Known) -> Arc<Known> {
        let mut all = self.lock();
        if all.len() >= ROOM {
            all.clear();
        }
        if let Some(before) = all.get(&hash) {
            known
                .last_used
                .store(before.last_used.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        let known = Arc::new(known);
        all.insert(hash, Arc::clone(&known));
        known
    }

    fn forget(&self, id: ApiKeyId) {
        self.lock().retain(|_, known| known.key.id != id);
    }

    /// When a key was last used, as far as it is not yet written down.
    pub(super) fn last_use(&self, id: ApiKeyId) -> Option<Timestamp> {
        let all = self.lock();
        let micros = all
            .values()
            .find(|known| known.key.id == id)?
            .last_used
            .load(Ordering::Relaxed);
        Timestamp::from_microsecond(micros).ok().filter(|_| micros != 0)
    }

    fn take_uses(&self) -> Vec<(ApiKeyId, Timestamp)> {
        let all = self.lock();
        let uses = all
            .values()
            .map(|known| (known.key.id, known.last_used.swap(0, Ordering::Relaxed)));
        uses.filter(|(_, micros)| *micros != 0)
            .filter_map(|(id, micros)| Some((id, Timestamp::from_microsecond(micros).ok()?)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Arc<Known>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
