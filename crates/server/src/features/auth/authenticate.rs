//! Who an access token belongs to. Verified claims are remembered by the token's SHA-256, so that the common request
//! costs one hash, one look-up and one question to shared state, and no database.
//!
//! Whatever is remembered, revocation is asked about each time: shared state answers, or else the database.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::http::HeaderMap;
use jiff::Timestamp;
use stockade_domain::{
    ids::{DeviceId, SessionId, UserId},
    roles::Role,
};
use stockade_platform::{db::DbResult, shared::Revocation};

use super::{
    access_token::{self, Claims},
    opaque::sha256,
    revocations,
    store::sessions::{self, Holder},
    theft,
};
use crate::{
    app::App,
    core::actor::{Origin, SignedIn},
    features::devices::Bond,
    http::error::{ApiResult, Problem},
};

/// Parts of the memory that are locked apart from each other.
const SHARDS: usize = 16;
/// Tokens remembered in each part at most, some 300 bytes each.
const SHARD_ROOM: usize = 4_096;

/// The person behind an access token that comes with these headers.
///
/// # Errors
/// 401 `token.invalid`, `token.expired`, `token.revoked`; `token.stolen` when it clearly comes from another device than
/// the one it was issued to, which ends the session (layer 6).
pub async fn authenticate(
    app: &App,
    token: &str,
    headers: &HeaderMap,
    origin: Origin,
) -> ApiResult<SignedIn> {
    let now = app.clock.now();
    let key = sha256(token.as_bytes());
    let [by_copy, in_database] = &app.auth.session_checks;
    let known = match app.auth.remembered.get(&key) {
        Some(known) if known.expires_at <= now => return Err(access_token::expired()),
        Some(known) => match app.shared.revocation(&known.revocation_id).await {
            Revocation::NotRevoked => {
                by_copy.fetch_add(1, Ordering::Relaxed);
                known
            }
            Revocation::Revoked => return Err(revoked()),
            Revocation::Unknown => {
                revocations::load_soon(app);
                in_database.fetch_add(1, Ordering::Relaxed);
                let presence = Arc::clone(&known.presence);
                Arc::new(look_up(app, &known.claims, presence).await?)
            }
        },
        None => {
            let claims = app.auth.access.verify(token, now)?;
            in_database.fetch_add(1, Ordering::Relaxed);
            let presence = Arc::new(Presence::new(claims.device()?));
            let known = Arc::new(look_up(app, &claims, presence).await?);
            app.auth.remembered.put(key, Arc::clone(&known), now);
            known
        }
    };
    if !known.presence.bond.holds(app, headers) {
        return Err(theft::end_session(app, known.id, known.session, known.device, origin).await);
    }
    known
        .presence
        .last_seen
        .store(now.as_microsecond(), Ordering::Relaxed);
    Ok(known.signed_in(origin))
}

/// Whether the session of somebody who was let in, and stays connected, would let them in again. `closer` asks the
/// database in any case, and finds who has another role by now.
///
/// # Errors
/// When the database is away.
pub async fn is_still_open(app: &App, user: &SignedIn, closer: bool) -> ApiResult<bool> {
    match app.shared.revocation(&revocations::id_of(user.session)).await {
        Revocation::Revoked => return Ok(false),
        Revocation::NotRevoked if !closer => return Ok(true),
        Revocation::NotRevoked => {}
        Revocation::Unknown => revocations::load_soon(app),
    }
    let (id, session, role) = (user.id, user.session, user.role);
    let holder: DbResult<_> = app
        .read(async move |reader| sessions::holder(reader, id, session).await)
        .await;
    Ok(holder?.is_some_and(|holder| !holder.ended && holder.role == role))
}

/// Reads the session and its person from the database, which is the truth about both.
async fn look_up(app: &App, claims: &Claims, presence: Arc<Presence>) -> ApiResult<Known> {
    let (user, session) = (claims.sub, claims.sid);
    let holder: DbResult<_> = app
        .read(async move |reader| sessions::holder(reader, user, session).await)
        .await;
    match holder? {
        Some(holder) if !holder.ended => Known::new(claims, holder, presence),
        _ => Err(revoked()),
    }
}

pub(super) fn revoked() -> crate::http::error::ApiError {
    Problem::unauthorized("token.revoked", "this session has ended; sign in again").into()
}

/// A verified token and whom it stands for.
struct Known {
    claims: Claims,
    id: UserId,
    session: SessionId,
    /// The session's id as shared state knows it.
    revocation_id: String,
    role: Role,
    restricted: bool,
    email: Arc<str>,
    name: Option<Arc<str>>,
    device: Option<DeviceId>,
    amr: Arc<[String]>,
    auth_time: Timestamp,
    expires_at: Timestamp,
    presence: Arc<Presence>,
}

/// What a token's uses leave behind.
struct Presence {
    bond: Bond,
    /// Microseconds since the Unix epoch; 0 when it was not used since it was last written down.
    last_seen: AtomicI64,
}

impl Presence {
    fn new(device: [u8; 32]) -> Self {
        Self {
            bond: Bond::new(device),
            last_seen: AtomicI64::new(0),
        }
    }
}

/// A session that was seen.
pub(super) struct Sight {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) device: Option<DeviceId>,
    pub(super) at: Timestamp,
}

impl Known {
    fn new(claims: &Claims, holder: Holder, presence: Arc<Presence>) -> ApiResult<Self> {
        let time = |seconds| Timestamp::from_second(seconds).map_err(|_| access_token::invalid());
        Ok(Self {
            id: holder.user,
            session: claims.sid,
            revocation_id: revocations::id_of(claims.sid),
            role: holder.role,
            restricted: holder.restricted,
            email: holder.email.into(),
            name: holder.name.map(Into::into),
            device: holder.device,
            amr: claims.amr.clone().into(),
            auth_time: time(claims.auth_time)?,
            expires_at: time(claims.exp)?,
            claims: claims.clone(),
            presence,
        })
    }

    fn signed_in(&self, origin: Origin) -> SignedIn {
        SignedIn {
            id: self.id,
            session: self.session,
            api_key: None,
            role: self.role,
            restricted: self.restricted,
            email: Arc::clone(&self.email),
            name: self.name.clone(),
            device: self.device,
            amr: Arc::clone(&self.amr),
            auth_time: self.auth_time,
            origin,
        }
    }
}

/// Verified tokens by their SHA-256.
pub(super) struct Remembered([Mutex<HashMap<[u8; 32], Arc<Known>>>; SHARDS]);

impl Remembered {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }

    fn get(&self, key: &[u8; 32]) -> Option<Arc<Known>> {
        self.shard(key)
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn put(&self, key: [u8; 32], known: Arc<Known>, now: Timestamp) {
        let mut shard = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= SHARD_ROOM {
            shard.retain(|_, known| known.expires_at > now);
            // All of them alive: they are verified again when they are next presented.
            if shard.len() >= SHARD_ROOM {
                shard.clear();
            }
        }
        shard.insert(key, known);
    }

    /// When sessions were seen, as far as it is not yet written down.
    pub(super) fn take_sights(&self) -> Vec<Sight> {
        let mut sights = Vec::new();
        for shard in &self.0 {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            for known in shard.values() {
                let micros = known.presence.last_seen.swap(0, Ordering::Relaxed);
                if micros != 0
                    && let Ok(at) = Timestamp::from_microsecond(micros)
                {
                    let (user, session, device) = (known.id, known.session, known.device);
                    sights.push(Sight {
                        user,
                        session,
                        device,
                        at,
                    });
                }
            }
        }
        sights
    }

    fn shard(&self, key: &[u8; 32]) -> &Mutex<HashMap<[u8; 32], Arc<Known>>> {
        &self.0[usize::from(key[0]) % SHARDS]
    }
}
