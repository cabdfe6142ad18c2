//! What rules may ask: a catalogue of named, typed facts for each kind of event, and one event's values.

use std::fmt;

use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use super::expression::Value;

/// Which events facts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sign-ins.
    SignIn,
    /// Transactions.
    Transaction,
}

impl Kind {
    /// As policies and stored decisions name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Transaction => "transaction",
        }
    }
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Text => "a text",
        })
    }
}

/// A fact that rules may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// What it says, with its unit.
    pub meaning: &'static str,
}

impl Fact {
    /// Whether its value can be this.
    fn takes(&self, value: &Value) -> bool {
        matches!(
            (value, self.kind),
            (Value::Unknown, _)
                | (Value::Bool(_), Type::Bool)
                | (Value::Int(_), Type::Int)
                | (Value::Text(_), Type::Text)
        )
    }
}

/// How many days ago "never" is, and hours likewise: further than any threshold.
pub(super) const NEVER: i64 = 1_000_000;

macro_rules! catalogue {
    ($list:ident, $slot:ident { $($variant:ident $name:literal $kind:ident $meaning:literal,)* }) => {
        /// The places of the facts in the catalogue.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum $slot { $($variant,)* }
        const $list: &[Fact] = &[$(Fact { name: $name, kind: Type::$kind, meaning: $meaning },)*];
    };
}

catalogue!(SIGN_IN, SignInFact {
    SignIns "sign_ins" Int "confirmed sign-ins of this person so far",
    LocalHour "local_hour" Int "the hour where the person is, by the sun, 0 to 23",
    HourSeen "hour_seen" Bool "a confirmed sign-in of theirs was in this hour of the day",
    Country "country" Text "the country's code, ISO 3166-1 alpha-2",
    DaysSinceCountry "days_since_country" Int "days since the last confirmed sign-in from this country; 1000000 for never",
    DaysSinceRegion "days_since_region" Int "days since the last confirmed sign-in from this region; 1000000 for never",
    DistanceKm "distance_km" Int "kilometres since the last confirmed sign-in, at least",
    SpeedKmh "speed_kmh" Int "kilometres an hour since the last confirmed sign-in, at least",
    Failures "failures_15m" Int "failed sign-ins on this account in the last 15 minutes",
    DeviceKnown "device_known" Bool "a confirmed sign-in of theirs came from this device",
    DeviceChanges "device_changes" Int "attributes of the device that are different from the last time",
    DeviceImpossible "device_impossible" Bool "no device changes like this one did",
    AddressListed "address_listed" Bool "the address stands on a block list",
    NetworkListed "network_listed" Bool "the network or country stands on a list",
    DeviceListed "device_listed" Bool "the device stands on a block list",
    Watched "watched" Bool "the address, network, country or device is watched",
    Anonymiser "anonymiser" Bool "the address hides who uses it",
    LikelihoodRatio "likelihood_ratio" Int "how many times likelier these features are of an attacker than of this person, in thousandths",
    Improbability "improbability" Int "the same between the policy's bounds on a logarithmic scale, 0 to 1000",
});

catalogue!(TRANSACTION, TransactionFact {
    Transactions "transactions" Int "transactions of this person so far",
    Operation "operation" Text "order, withdrawal, transfer or payee",
    AmountCents "amount_cents" Int "the amount in cents",
    AmountRatio "amount_ratio" Int "the amount over what is usual for this person, in thousandths",
    UsualCents "usual_cents" Int "what is usual for this person, in cents",
    InLastHour "in_last_hour" Int "transactions in the last hour, this one included",
    Category "category" Text "the category",
    CategoryProbability "category_probability" Int "how probable this category is for this person, in thousandths",
    PayeeProbability "payee_probability" Int "how probable this payee is for this person, in thousandths",
    NearLimit "near_limit_24h" Int "transactions just under a limit in the last 24 hours, this one included; 0 when this one is not",
    CredentialHours "hours_since_credential_change" Int "whole hours since a credential of the account changed; 1000000 for never",
    SessionRisk "session_risk" Int "the score of the sign-in behind it, in thousandths",
    PayeeListed "payee_listed" Bool "the payee stands on a block list",
    PayeeWatched "watched" Bool "the payee is watched",
});

/// All facts about events of a kind.
#[must_use]
pub const fn catalogue(kind: Kind) -> &'static [Fact] {
    match kind {
        Kind::SignIn => SIGN_IN,
        Kind::Transaction => TRANSACTION,
    }
}

pub(super) fn find(kind: Kind, name: &str) -> Option<(usize, &'static Fact)> {
    catalogue(kind)
        .iter()
        .enumerate()
        .find(|(_, fact)| fact.name == name)
}

/// The fact whose name shares the most pairs of letters with this one.
pub(super) fn nearest(kind: Kind, name: &str) -> &'static str {
    let pairs = |text: &str| -> Vec<[u8; 2]> {
        text.as_bytes()
            .windows(2)
            .map(|pair| [pair[0], pair[1]])
            .collect()
    };
    let sought = pairs(name);
    let alike = |fact: &&Fact| {
        let has = pairs(fact.name);
        let shared = sought.iter().filter(|pair| has.contains(pair)).count();
        (shared * 2_000) / (sought.len() + has.len()).max(1)
    };
    catalogue(kind)
        .iter()
        .max_by_key(alike)
        .map_or("", |fact| fact.name)
}

/// One event's facts, in the order of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    kind: Kind,
    values: Vec<Value>,
}

impl Facts {
    /// Nothing is known yet.
    #[must_use]
    pub fn unknown(kind: Kind) -> Self {
        Self {
            kind,
            values: vec![Value::Unknown; catalogue(kind).len()],
        }
    }

    /// Takes what [`Facts`] serialises to. A name that is not in the catalogue, or a value of another type, is refused.
    ///
    /// # Errors
    /// The name.
    pub fn from_pairs(kind: Kind, pairs: impl IntoIterator<Item = (String, Value)>) -> Result<Self, String> {
        let mut facts = Self::unknown(kind);
        for (name, value) in pairs {
            match find(kind, &name).filter(|(_, fact)| fact.takes(&value)) {
                Some((slot, _)) => facts.values[slot] = value,
                None => return Err(name),
            }
        }
        Ok(facts)
    }

    /// Reads JSON as [`Facts`] serialise to, or a part of it; refuses what [`Facts::from_pairs`] refuses.
    ///
    /// # Errors
    /// Why it is none, as text.
    pub fn read(kind: Kind, json: &[u8]) -> Result<Self, String> {
        let mut facts = Self::unknown(kind);
        let mut from = serde_json::Deserializer::from_slice(json);
        from.deserialize_map(Slots(&mut facts))
            .map_err(|error| error.to_string())?;
        Ok(facts)
    }

    /// What they are about.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The value of a fact by name; unknown for a name that does not exist.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        find(self.kind, name).map_or(&Value::Unknown, |(slot, _)| self.at(slot))
    }

    /// Each name and value.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        catalogue(self.kind)
            .iter()
            .map(|fact| fact.name)
            .zip(&self.values)
    }

    pub(super) fn at(&self, slot: usize) -> &Value {
        &self.values[slot]
    }

    pub(super) fn set(&mut self, slot: usize, value: impl Into<Value>) {
        self.values[slot] = value.into();
    }

    pub(super) fn number(&self, slot: usize) -> Option<i64> {
        match self.values[slot] {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }
}

/// Names and values, each put into its place without a detour: a backtest reads them by the million.
struct Slots<'f>(&'f mut Facts);

impl<'de> Visitor<'de> for Slots<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let facts = catalogue(self.0.kind);
        let mut expected = 0;
        while let Some(slot) = map.next_key_seed(Name { facts, expected })? {
            let value: Value = map.next_value()?;
            if !facts[slot].takes(&value) {
                return Err(A::Error::custom(format_args!(
                    "{:?} is of another type",
                    facts[slot].name
                )));
            }
            self.0.values[slot] = value;
            expected = slot + 1;
        }
        Ok(())
    }
}

/// A fact's place by its name. They are written down in the catalogue's order, so the next one is mostly close by.
struct Name {
    facts: &'static [Fact],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a fact")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let (before, after) = self.facts.split_at(self.expected);
        let is_it = |fact: &Fact| fact.name == name;
        let further = after.iter().position(is_it).map(|found| self.expected + found);
        let found = further.or_else(|| before.iter().position(is_it));
        found.ok_or_else(|| E::custom(format_args!("there is no fact {name:?}")))
    }
}

/// What is known, by name.
impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = self.pairs().filter(|(_, value)| **value != Value::Unknown);
        serializer.collect_map(known)
    }
}
