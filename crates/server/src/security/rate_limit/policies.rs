//! The quotas of each class as the settings say, and what is spent of them.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv6Addr},
};

use axum::http::HeaderValue;
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::shared::{Quota, Shared, Spend, Standing};
use utoipa::ToSchema;

use super::class::RateClass;
use crate::config::{Rate, RateLimit};

/// Whom a quota tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuotaScope)]
pub enum Scope {
    /// Addresses; of IPv6 the first 64 bits, because whoever has one has all that share them.
    Address,
    /// Persons.
    Account,
    /// Nobody: everybody together.
    Global,
}

/// The quotas of all classes. One exists; the application holds it.
pub struct RateLimits(Vec<Policies>);

/// The quotas of one class.
struct Policies {
    address: Policy,
    account: Option<Policy>,
    global: Option<Policy>,
    /// `RateLimit-Policy` as strangers see it, and as persons do.
    by_address: HeaderValue,
    by_account: HeaderValue,
}

/// One quota.
pub(super) struct Policy {
    /// As in `sign_in-address`.
    pub(super) name: String,
    pub(super) quota: Quota,
}

/// A quota that was used up.
pub(super) struct Exceeded<'a> {
    pub(super) policy: &'a Policy,
    pub(super) scope: Scope,
    pub(super) standing: Standing,
}

impl RateLimits {
    /// As the settings say.
    pub fn new(settings: &RateLimit) -> Self {
        let policies = |class: &RateClass| Policies::new(*class, settings);
        Self(RateClass::ALL.iter().map(policies).collect())
    }

    /// Counts one more request from an address. On refusal says which quota; else how the address stands.
    pub(super) async fn spend_address(
        &self,
        shared: &Shared,
        class: RateClass,
        ip: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Standing, Exceeded<'_>> {
        let policies = self.of(class);
        let address = policies.address.spend(address_key(ip));
        let (mine, everybody) = match &policies.global {
            None => (shared.spend([address], now).await[0], None),
            Some(global) => {
                let [mine, everybody] = shared.spend([address, global.spend(0)], now).await;
                (mine, Some((global, everybody)))
            }
        };
        let exceeded = |policy, scope, standing| Exceeded {
            policy,
            scope,
            standing,
        };
        if !mine.admitted {
            return Err(exceeded(&policies.address, Scope::Address, mine));
        }
        match everybody {
            Some((global, standing)) if !standing.admitted => Err(exceeded(global, Scope::Global, standing)),
            _ => Ok(mine),
        }
    }

    /// Counts one more request of a person; `None` when the class has no quota of persons.
    pub(super) async fn spend_account(
        &self,
        shared: &Shared,
        class: RateClass,
        user: UserId,
        now: Timestamp,
    ) -> Option<(&Policy, Standing)> {
        let policy = self.of(class).account.as_ref()?;
        let spend = policy.spend(user.as_uuid().as_u128());
        Some((policy, shared.spend([spend], now).await[0]))
    }

    pub(super) fn address_policy(&self, class: RateClass) -> &Policy {
        &self.of(class).address
    }

    pub(super) fn account_policy(&self, class: RateClass) -> Option<&Policy> {
        self.of(class).account.as_ref()
    }

    /// The field that tells a client its quotas; those of everybody together are nobody's business.
    pub(super) fn policy_field(&self, class: RateClass, person: bool) -> HeaderValue {
        let policies = self.of(class);
        if person {
            policies.by_account.clone()
        } else {
            policies.by_address.clone()
        }
    }

    fn of(&self, class: RateClass) -> &Policies {
        &self.0[class as usize]
    }
}

impl Policies {
    fn new(class: RateClass, settings: &RateLimit) -> Self {
        let rates = class.rates(settings);
        let policy = |rate: Rate, scope: &str| Policy {
            name: format!("{}-{scope}", class.name()),
            quota: Quota::new(u64::from(rate.limit).saturating_mul(settings.scale), rate.window),
        };
        let address = rates.address.map(|rate| policy(rate, "address"));
        let address = address.expect("the settings have a limit by address for every class");
        let account = rates.account.map(|rate| policy(rate, "account"));
        let field = |policies: &[Option<&Policy>]| {
            let mut text = String::new();
            for Policy { name, quota } in policies.iter().flatten() {
                let comma = if text.is_empty() { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(
                    text,
                    "{comma}\"{name}\";q={};w={}",
                    quota.limit(),
                    quota.window().as_secs()
                );
            }
            HeaderValue::try_from(text).expect("names of policies are letters, _ and -")
        };
        Self {
            by_address: field(&[Some(&address)]),
            by_account: field(&[account.as_ref(), Some(&address)]),
            global: rates.global.map(|rate| policy(rate, "global")),
            address,
            account,
        }
    }
}

impl Policy {
    fn spend(&self, who: u128) -> Spend<'_> {
        Spend {
            name: &self.name,
            who,
            quota: self.quota,
        }
    }
}

/// An address as it is counted. An IPv4 address in IPv6's clothing counts as IPv4; one that is not known as the one
/// address that nobody has.
pub fn address_key(ip: Option<IpAddr>) -> u128 {
    match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(address)) => u128::from(address.to_ipv6_mapped()),
        Some(IpAddr::V6(address)) => u128::from(address) >> 64 << 64,
        None => 0,
    }
}

/// The address, or the first of its network, that a key stands for.
pub fn key_address(key: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(key)).to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let key = |text: &str| address_key(Some(text.parse().unwrap()));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("203.0.113.9"), key("203.0.113.8"));
        assert_eq!(key("203.0.113.9"), key("::ffff:203.0.113.9"));
        assert_eq!(key_address(key("203.0.113.9")).to_string(), "203.0.113.9");
        assert_eq!(
            key_address(key("2001:db8:1:2:ffff::9")).to_string(),
            "2001:db8:1:2::"
        );
    }
}
