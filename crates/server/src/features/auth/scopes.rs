//! What a signing key may sign for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// One thing a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Placing, changing and cancelling orders.
    Trade,
    /// Moving cash in and out.
    Cash,
}

/// A set of scopes; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u8);

/// Every scope with its word.
const WORDS: [(Scope, &str); 2] = [(Scope::Trade, "trade"), (Scope::Cash, "cash")];

impl Scopes {
    /// Everything a key can be allowed.
    pub const ALL: Self = Self(Scope::Trade.bit() | Scope::Cash.bit());

    /// The set of these, or `None` when there are none.
    pub fn of(scopes: &[Scope]) -> Option<Self> {
        let bits = scopes.iter().fold(0, |bits, scope| bits | scope.bit());
        (bits != 0).then_some(Self(bits))
    }

    /// Whether `scope` is among them.
    pub fn allow(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The scopes, in a fixed order.
    pub fn list(self) -> Vec<Scope> {
        WORDS
            .iter()
            .map(|(scope, _)| *scope)
            .filter(|scope| self.allow(*scope))
            .collect()
    }
}

impl Scope {
    const fn bit(self) -> u8 {
        1 << self as u8
    }

    fn word(self) -> &'static str {
        WORDS[self as usize].1
    }
}

/// As it is stored: words with blanks between them.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.list().into_iter().map(Scope::word).collect();
        f.write_str(&words.join(" "))
    }
}

/// The text holds a word that is no scope, or none at all.
#[derive(Debug)]
pub struct UnknownScope;

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let read = |word| {
            WORDS
                .iter()
                .find(|(_, known)| *known == word)
                .map(|(scope, _)| *scope)
                .ok_or(UnknownScope)
        };
        let scopes: Vec<Scope> = text.split_whitespace().map(read).collect::<Result<_, _>>()?;
        Self::of(&scopes).ok_or(UnknownScope)
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scopes = Vec::<Scope>::deserialize(deserializer)?;
        Self::of(&scopes).ok_or_else(|| serde::de::Error::custom("name at least one scope"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_keep_their_meaning_through_storage() {
        for scopes in [
            Scopes::ALL,
            Scopes::of(&[Scope::Cash]).unwrap(),
            Scopes::of(&[Scope::Trade]).unwrap(),
        ] {
            assert_eq!(scopes.to_string().parse::<Scopes>().unwrap(), scopes);
        }
        assert!("".parse::<Scopes>().is_err() && "trade root".parse::<Scopes>().is_err());
        assert!(!"trade".parse::<Scopes>().unwrap().allow(Scope::Cash));
    }
}
