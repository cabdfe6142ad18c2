//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11 §3, §4): lists of strings with parameters.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use stockade_platform::shared::Standing;

use super::{
    class::RateClass,
    policies::{Policy, RateLimits},
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Tells the client its quotas and how it stands on them, the person's first.
pub(super) fn add(
    limits: &RateLimits,
    class: RateClass,
    address: Standing,
    account: Option<Standing>,
    headers: &mut HeaderMap,
) {
    let person = account.zip(limits.account_policy(class));
    headers.insert(RATE_LIMIT_POLICY, limits.policy_field(class, person.is_some()));
    let mut text = String::with_capacity(80);
    if let Some((standing, policy)) = person {
        item(&mut text, policy, standing);
        text.push_str(", ");
    }
    item(&mut text, limits.address_policy(class), address);
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.insert(RATE_LIMIT, value);
    }
}

/// `r` may be asked at once; within `t` seconds no more should be. Whoever keeps to `r` in `t` never exceeds the rate in
/// the long run (§6: the ratio of the two is capped), and when `r` is 0, `t` is the wait (§6: no longer than
/// `Retry-After`).
fn item(text: &mut String, Policy { name, quota }: &Policy, standing: Standing) {
    let window = if standing.admitted {
        let steps = u32::try_from(standing.remaining).unwrap_or(u32::MAX).max(1);
        quota.step().saturating_mul(steps).min(quota.window())
    } else {
        standing.wait
    };
    let (mut remaining, mut time) = (itoa::Buffer::new(), itoa::Buffer::new());
    let (remaining, time) = (remaining.format(standing.remaining), time.format(seconds(window)));
    text.extend(["\"", name, "\";r=", remaining, ";t=", time]);
}

/// Whole seconds, upwards, at least one.
pub(super) fn seconds(time: Duration) -> u64 {
    let upwards = u64::from(time.subsec_millis() > 0);
    time.as_secs().saturating_add(upwards).max(1)
}
