//! Who an access token belongs to. Verified claims are remembered by the token's SHA-256, so that the common request
//! costs one hash, one look-up and one question to shared state, and no database.
//!
//! Whatever is remembered, revocation is asked about each time: shared state answers, or else the database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use stockade_domain::{
    ids::{SessionId, UserId},
    roles::Role,
};
use stockade_platform::{db::DbResult, shared::Revocation};

use super::{
    access_token::{self, Claims},
    opaque::sha256,
    revocations,
    store::sessions::{self, Holder},
};
use crate::{
    app::App,
    core::actor::{Origin, SignedIn},
    http::error::{ApiResult, Problem},
};

/// Parts of the memory that are locked apart from each other.
const SHARDS: usize = 16;
/// Tokens remembered in each part at most, some 300 bytes each.
const SHARD_ROOM: usize = 4_096;

/// The person behind an access token.
///
/// # Errors
/// 401 `token.invalid`, `token.expired`, `token.revoked`.
pub async fn authenticate(app: &App, token: &str, origin: Origin) -> ApiResult<SignedIn> {
    let now = app.clock.now();
    let key = sha256(token.as_bytes());
    let known = match app.auth.remembered.get(&key) {
        Some(known) if known.expires_at <= now => return Err(access_token::expired()),
        Some(known) => match app.shared.revocation(&known.revocation_id).await {
            Revocation::NotRevoked => known,
            Revocation::Revoked => return Err(revoked()),
            Revocation::Unknown => {
                revocations::load_soon(app);
                Arc::new(look_up(app, &known.claims).await?)
            }
        },
        None => {
            let claims = app.auth.access.verify(token, now)?;
            let known = Arc::new(look_up(app, &claims).await?);
            app.auth.remembered.put(key, Arc::clone(&known), now);
            known
        }
    };
    Ok(known.signed_in(origin))
}

/// Reads the session and its person from the database, which is the truth about both.
async fn look_up(app: &App, claims: &Claims) -> ApiResult<Known> {
    let (user, session) = (claims.sub, claims.sid);
    let holder: DbResult<_> = app
        .read(async move |reader| sessions::holder(reader, user, session).await)
        .await;
    match holder? {
        Some(holder) if !holder.ended => Known::new(claims, holder),
        _ => Err(revoked()),
    }
}

fn revoked() -> crate::http::error::ApiError {
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
    email: Arc<str>,
    name: Option<Arc<str>>,
    auth_time: Timestamp,
    expires_at: Timestamp,
}

impl Known {
    fn new(claims: &Claims, holder: Holder) -> ApiResult<Self> {
        let time = |seconds| Timestamp::from_second(seconds).map_err(|_| access_token::invalid());
        Ok(Self {
            id: holder.user,
            session: claims.sid,
            revocation_id: revocations::id_of(claims.sid),
            role: holder.role,
            email: holder.email.into(),
            name: holder.name.map(Into::into),
            auth_time: time(claims.auth_time)?,
            expires_at: time(claims.exp)?,
            claims: claims.clone(),
        })
    }

    fn signed_in(&self, origin: Origin) -> SignedIn {
        SignedIn {
            id: self.id,
            session: self.session,
            role: self.role,
            email: Arc::clone(&self.email),
            name: self.name.clone(),
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

    fn shard(&self, key: &[u8; 32]) -> &Mutex<HashMap<[u8; 32], Arc<Known>>> {
        &self.0[usize::from(key[0]) % SHARDS]
    }
}
