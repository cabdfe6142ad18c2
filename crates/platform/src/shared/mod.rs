//! What several instances know together, and forget: counters, rates, once-tokens, flags, revocations, published messages.
//!
//! Two real sides keep one contract: [`Shared::Redis`] for several instances, [`Shared::Memory`] for one process. All
//! of it expires and none of it is the truth: a caller that is told [`SharedError`] asks the database instead.
//! No call waits longer than a quarter of a second, and none waits for a Redis that is known to be away.

mod hub;
mod memory;
mod rates;
mod redis;
mod revocations;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;

pub use self::{
    hub::{Delivery, Subscription},
    memory::Memory,
    rates::{Quota, Spend, Standing},
    redis::Redis,
    revocations::{Loading, Revocation},
};

/// Shared state behind one seam.
#[derive(Debug)]
pub enum Shared {
    /// This process is the only one.
    Memory(Memory),
    /// Every instance that names the same Redis and prefix.
    Redis(Redis),
}

/// Why shared state gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// Redis is away, too slow or refused. Whether the call took effect is not known.
    #[error("shared state is unavailable")]
    Unavailable,
    /// This process's memory holds as many living entries as it may.
    #[error("shared state is full")]
    Full,
    /// The address is none that we can speak to. Only at the start.
    #[error("the Redis address is not usable: {0}")]
    Misconfigured(String),
}

impl Shared {
    /// Counts one more under `key` and gives the count so far, this one included. It starts again when `window` has
    /// passed since its first.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`], [`SharedError::Full`].
    pub async fn count(&self, key: &str, window: Duration) -> Result<u64, SharedError> {
        match self {
            Self::Memory(memory) => memory.count(key, window),
            Self::Redis(redis) => redis.count(key, window).await,
        }
    }

    /// True for the first caller with this `key` until `ttl` has passed, false for all others.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`], [`SharedError::Full`]; the key may then be taken or not.
    pub async fn once(&self, key: &str, ttl: Duration) -> Result<bool, SharedError> {
        match self {
            Self::Memory(memory) => memory.once(key, ttl),
            Self::Redis(redis) => redis.once(key, ttl).await,
        }
    }

    /// Raises a flag that falls by itself after `ttl`. Raising it again starts its time anew.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`], [`SharedError::Full`].
    pub async fn set_flag(&self, key: &str, ttl: Duration) -> Result<(), SharedError> {
        match self {
            Self::Memory(memory) => memory.set_flag(key, ttl),
            Self::Redis(redis) => redis.set_flag(key, ttl).await,
        }
    }

    /// Which of the flags are up, in the order of `keys`, in one round trip.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`].
    pub async fn flags(&self, keys: &[&str]) -> Result<Vec<bool>, SharedError> {
        match self {
            Self::Memory(memory) => Ok(memory.flags(keys)),
            Self::Redis(redis) => redis.flags(keys).await,
        }
    }

    /// Sends `message` to everyone subscribed to `channel` now, this process included. Nobody keeps it for later.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`].
    pub async fn publish(&self, channel: &str, message: impl Into<Bytes>) -> Result<(), SharedError> {
        match self {
            Self::Memory(memory) => {
                memory.publish(channel, message.into());
                Ok(())
            }
            Self::Redis(redis) => redis.publish(channel, message.into()).await,
        }
    }

    /// Listens to `channel`. What is published after this returns arrives. While Redis is away nothing does; when it
    /// is back the subscription goes on by itself, and says so with [`Delivery::Gap`].
    pub async fn subscribe(&self, channel: &str) -> Subscription {
        match self {
            Self::Memory(memory) => memory.subscribe(channel),
            Self::Redis(redis) => redis.subscribe(channel).await,
        }
    }

    /// Whether the other side answers.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`].
    pub async fn ping(&self) -> Result<(), SharedError> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ping().await,
        }
    }
}
