//! `[rate_limit]`: how often one may ask, by class of route.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};

use super::field::within;

/// The limits of each class; [`crate::security::rate_limit`] applies them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Multiplies every limit.
    #[serde(deserialize_with = "within::<1, 1_000_000_000, _, _>")]
    pub scale: u64,
    /// Plain reads.
    pub read: Rates,
    /// Small changes.
    pub write: Rates,
    /// Health checks.
    pub health: Rates,
    /// Renewing and ending sessions.
    pub refresh: Rates,
    /// Signing in.
    pub sign_in: Rates,
    /// Second factors and other steps of a sign-in.
    pub second_factor: Rates,
    /// Registering, mailed links, forgotten passwords.
    pub recovery: Rates,
    /// What a password would be worth.
    pub password_strength: Rates,
    /// How an account is secured, keys, identity data.
    pub sensitive: Rates,
    /// Orders.
    pub trade: Rates,
    /// Deposits, withdrawals, payees.
    pub cash: Rates,
    /// Changes and heavy reads by staff.
    pub desk: Rates,
}

/// The limits of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Of one address.
    pub address: Option<Rate>,
    /// Of one person.
    pub account: Option<Rate>,
    /// Of everybody together.
    pub global: Option<Rate>,
}

/// So many in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub limit: u32,
    /// In what time.
    pub window: Duration,
}

impl FromStr for Rates {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut rates = Self::default();
        for part in text.split_whitespace() {
            let (whose, rate) = part.split_once('=').ok_or(())?;
            let place = match whose {
                "address" => &mut rates.address,
                "account" => &mut rates.account,
                "global" => &mut rates.global,
                _ => return Err(()),
            };
            if place.replace(rate.parse()?).is_some() {
                return Err(());
            }
        }
        // Without a limit by address, whoever has no account would have none at all.
        rates.address.map(|_| rates).ok_or(())
    }
}

impl FromStr for Rate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (limit, unit) = text.split_once('/').ok_or(())?;
        let limit = limit.parse().ok().filter(|limit| *limit > 0).ok_or(())?;
        let seconds = match unit {
            "second" => 1,
            "minute" => 60,
            "hour" => 3_600,
            _ => return Err(()),
        };
        Ok(Self {
            limit,
            window: Duration::from_secs(seconds),
        })
    }
}

impl<'de> Deserialize<'de> for Rates {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|()| {
            D::Error::custom(format!(
                "{text:?} are no limits; write them as in \"address=60/minute account=20/minute global=1000/minute\", where \
                 account and global may be left out and the times are second, minute and hour"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_or_refused_whole() {
        let rates: Rates = "address=5/minute global=600/hour".parse().unwrap();
        assert_eq!(rates.address.unwrap().limit, 5);
        assert_eq!(rates.global.unwrap().window, Duration::from_secs(3_600));
        assert_eq!(rates.account, None);
        for text in [
            "",
            "account=5/minute",
            "address=0/minute",
            "address=5/day",
            "address=-5/minute",
            "address=5/minute address=6/minute",
            "address:5/minute",
            "address=5",
            "everybody=5/minute",
        ] {
            assert!(text.parse::<Rates>().is_err(), "{text:?}");
        }
    }
}
