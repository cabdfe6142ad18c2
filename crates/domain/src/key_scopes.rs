//! What an API key may be used for: the names, and sets of them. What each allows is one table in the server.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{refusal::UnknownWord, text::words};

words! {
    /// One thing an API key may be used for.
    KeyScope, "scopes" {
        /// Assets, prices, bars, news, forecasts.
        MarketRead = "market:read",
        /// One's own portfolio, orders, cash and entries of the log.
        AccountRead = "account:read",
        /// Placing and cancelling orders. Each is signed, too.
        Trade = "trade",
        /// Moving cash in and out. Each move is signed, too.
        Cash = "cash",
        /// For staff: the audit log and the operations desk, reading only.
        SecurityRead = "security:read",
    }
}

/// A set of scopes; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyScopes(u8);

impl KeyScopes {
    /// The set of these, or `None` when there are none.
    #[must_use]
    pub fn of(scopes: &[KeyScope]) -> Option<Self> {
        let bits = scopes.iter().fold(0, |bits, scope| bits | bit(*scope));
        (bits != 0).then_some(Self(bits))
    }

    /// Whether `scope` is among them.
    #[must_use]
    pub fn allow(self, scope: KeyScope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// The scopes, in the order of their declaration.
    pub fn list(self) -> impl Iterator<Item = KeyScope> {
        KeyScope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.allow(*scope))
    }
}

const fn bit(scope: KeyScope) -> u8 {
    1 << scope as u8
}

/// As it is stored: words with blanks between them.
impl fmt::Display for KeyScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.list().map(KeyScope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for KeyScopes {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let scopes: Vec<KeyScope> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Self::of(&scopes).ok_or_else(|| "".parse::<KeyScope>().expect_err("no scope has an empty name"))
    }
}

impl Serialize for KeyScopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list())
    }
}

impl<'de> Deserialize<'de> for KeyScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scopes = Vec::<KeyScope>::deserialize(deserializer)?;
        Self::of(&scopes).ok_or_else(|| D::Error::custom("name at least one scope"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_keep_their_meaning_through_text_and_json() {
        let set = KeyScopes::of(&[KeyScope::Cash, KeyScope::MarketRead]).unwrap();
        assert_eq!(set.to_string(), "market:read cash");
        assert_eq!(set.to_string().parse(), Ok(set));
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["market:read","cash"]"#);
        assert_eq!(
            serde_json::from_str::<KeyScopes>(r#"["cash","market:read"]"#).unwrap(),
            set
        );
        assert!(!set.allow(KeyScope::Trade));
        for wrong in ["", "root", "market:read root"] {
            assert!(wrong.parse::<KeyScopes>().is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<KeyScopes>("[]").is_err());
    }
}
