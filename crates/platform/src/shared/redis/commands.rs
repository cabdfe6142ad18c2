//! Each call as one round trip.

use std::{sync::LazyLock, time::Duration};

use ::redis::{Cmd, FromRedisValue, RedisError, Script, ScriptInvocation, cmd};
use bytes::Bytes;

use super::{
    super::{SharedError, revocations::Loading},
    Redis, State,
};

/// Counting and expiring in one step, so that no counter is left without an end.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local n = redis.call('INCR', KEYS[1]) \
         if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end \
         return n",
    )
});

/// Declares a copy whole if the loading it belongs to is still the current one.
static FINISH_LOADING: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end \
         redis.call('DEL', KEYS[1]) \
         redis.call('SET', KEYS[2], '1', 'PX', ARGV[2]) \
         return 1",
    )
});

/// A loading that takes longer is given up.
const LOADING_LIVES: Duration = Duration::from_secs(10 * 60);
/// A whole copy is loaded again after a day at the latest.
const COPY_LIVES: Duration = Duration::from_secs(24 * 60 * 60);

impl Redis {
    pub(in crate::shared) async fn count(&self, key: &str, window: Duration) -> Result<u64, SharedError> {
        let key = self.state.key("count", key);
        self.state.run(COUNT.key(key).arg(millis(window))).await
    }

    pub(in crate::shared) async fn once(&self, key: &str, ttl: Duration) -> Result<bool, SharedError> {
        let key = self.state.key("once", key);
        let set: Option<String> = self
            .state
            .ask(cmd("SET").arg(key).arg(1).arg("NX").arg("PX").arg(millis(ttl)))
            .await?;
        Ok(set.is_some())
    }

    pub(in crate::shared) async fn set_flag(&self, key: &str, ttl: Duration) -> Result<(), SharedError> {
        let key = self.state.key("flag", key);
        self.state
            .ask(cmd("SET").arg(key).arg(1).arg("PX").arg(millis(ttl)))
            .await
    }

    pub(in crate::shared) async fn flags(&self, keys: &[&str]) -> Result<Vec<bool>, SharedError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<String> = keys.iter().map(|key| self.state.key("flag", key)).collect();
        self.state.are_set(&keys).await
    }

    pub(in crate::shared) async fn publish(&self, channel: &str, message: Bytes) -> Result<(), SharedError> {
        let channel = self.state.key("channel", channel);
        self.state
            .ask(cmd("PUBLISH").arg(channel).arg(&message[..]))
            .await
    }

    pub(in crate::shared) async fn ping(&self) -> Result<(), SharedError> {
        self.state.ask(&mut cmd("PING")).await
    }

    pub(in crate::shared) async fn revoke(&self, id: &str, ttl: Duration) -> Result<(), SharedError> {
        let key = self.state.key("revoked", id);
        let mut mark = Mark {
            state: &self.state,
            arrived: false,
        };
        self.state
            .ask::<()>(cmd("SET").arg(key).arg(1).arg("PX").arg(millis(ttl)))
            .await?;
        mark.arrived = true;
        Ok(())
    }

    pub(in crate::shared) async fn begin_loading(&self) -> Result<Loading, SharedError> {
        let loading = Loading::new(&self.state.link()?.store);
        let key = self.state.key("loading", &loading.store);
        let ticket = &loading.ticket;
        self.state
            .ask::<()>(
                cmd("SET")
                    .arg(key)
                    .arg(ticket)
                    .arg("PX")
                    .arg(millis(LOADING_LIVES)),
            )
            .await?;
        Ok(loading)
    }

    pub(in crate::shared) async fn finish_loading(&self, loading: &Loading) -> Result<bool, SharedError> {
        let keys = ["loading", "loaded"].map(|kind| self.state.key(kind, &loading.store));
        let [loading_key, loaded_key] = keys;
        let mut script = FINISH_LOADING.prepare_invoke();
        script
            .key(loading_key)
            .key(loaded_key)
            .arg(&loading.ticket)
            .arg(millis(COPY_LIVES));
        self.state.run(&script).await
    }
}

/// A revocation on its way to Redis. If its call fails or is given up, the copy there is no longer trusted.
struct Mark<'a> {
    state: &'a State,
    arrived: bool,
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        if !self.arrived {
            self.state.mark_lost();
        }
    }
}

impl State {
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &mut Cmd) -> Result<T, SharedError> {
        let mut link = self.link()?;
        command
            .query_async(&mut link.connection)
            .await
            .map_err(|error| self.failed(&error))
    }

    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, SharedError> {
        let mut link = self.link()?;
        script
            .invoke_async(&mut link.connection)
            .await
            .map_err(|error| self.failed(&error))
    }

    async fn are_set(&self, keys: &[String]) -> Result<Vec<bool>, SharedError> {
        let values: Vec<Option<Vec<u8>>> = self.ask(cmd("MGET").arg(keys)).await?;
        Ok(values.iter().map(Option::is_some).collect())
    }

    fn failed(&self, error: &RedisError) -> SharedError {
        tracing::debug!(%error, "a Redis command failed");
        self.suspect.notify_one();
        SharedError::Unavailable
    }
}

/// Redis counts in whole milliseconds, and refuses none at all.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis())
        .unwrap_or(u64::MAX)
        .clamp(1, i64::MAX as u64 / 2)
}
