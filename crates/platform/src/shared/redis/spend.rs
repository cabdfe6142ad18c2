//! Rates in Redis: one script in one round trip, by Redis's own clock.

use std::{fmt::Write as _, sync::LazyLock};

use ::redis::Script;
use jiff::Timestamp;

use super::{
    super::{
        SharedError,
        rates::{Prepaid, Spend, Standing},
    },
    Redis,
};

/// For each key: the step, the window and the units wanted at most. Answers the units granted and those left, or, where
/// there is room for none, 0 and the wait, and stops there. All in whole microseconds, far below 2^53.
static SPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local t = redis.call('TIME') \
         local now = tonumber(t[1]) * 1000000 + tonumber(t[2]) \
         local said = {} \
         for i, key in ipairs(KEYS) do \
           local step = tonumber(ARGV[3 * i - 2]) \
           local window = tonumber(ARGV[3 * i - 1]) \
           local ahead = math.max(tonumber(redis.call('GET', key) or 0) - now, 0) \
           local room = math.floor((window - ahead) / step) \
           if room < 1 then \
             said[#said + 1] = 0 \
             said[#said + 1] = ahead + step - window \
             return said \
           end \
           local units = math.min(tonumber(ARGV[3 * i]), room) \
           ahead = ahead + units * step \
           redis.call('SET', key, string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000)) \
           said[#said + 1] = units \
           said[#said + 1] = room - units \
         end \
         return said",
    )
});

impl Redis {
    pub(in crate::shared) async fn spend<const N: usize>(
        &self,
        spends: [Spend<'_>; N],
        now: Timestamp,
    ) -> [Standing; N] {
        if let [only] = &spends[..]
            && let Some(standing) = self.prepaid.take(only, now)
        {
            return [standing; N];
        }
        match self.ask_for(&spends).await {
            Ok(said) => self.standings(spends, &said, now),
            Err(_) => self.fallback.spend(spends, now),
        }
    }

    async fn ask_for(&self, spends: &[Spend<'_>]) -> Result<Vec<u64>, SharedError> {
        let mut script = SPEND.prepare_invoke();
        let alone = spends.len() == 1;
        for spend in spends {
            let mut name = String::with_capacity(spend.name.len() + 33);
            // Writing to a string cannot fail.
            let _ = write!(name, "{}:{:x}", spend.name, spend.who);
            let units = if alone { Prepaid::batch(spend.quota) } else { 1 };
            script
                .key(self.state.key("rate", &name))
                .arg(micros(spend.quota.step()))
                .arg(micros(spend.quota.window()))
                .arg(units);
        }
        self.state.run(&script).await
    }

    fn standings<const N: usize>(
        &self,
        spends: [Spend<'_>; N],
        said: &[u64],
        now: Timestamp,
    ) -> [Standing; N] {
        let mut said = said.chunks_exact(2);
        spends.map(|spend| match said.next() {
            Some([0, wait]) => {
                if N == 1 {
                    self.prepaid.refuse(&spend, *wait, now);
                }
                Standing::refused(*wait)
            }
            Some([granted, left]) => {
                if N == 1 {
                    self.prepaid.keep(&spend, *granted, *left, now);
                }
                Standing::admitted(left + granted - 1)
            }
            _ => Standing::admitted(spend.quota.limit()),
        })
    }
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
