//! What is assessed, with all evidence. A field that is absent is unknown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    likelihood::{Crowd, Features},
    place::Place,
    score::Score,
};

/// Something a person, or somebody in their name, wants to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "an event is borrowed, and there is one at a time"
)]
pub enum Event {
    /// Sign in.
    SignIn(SignIn),
    /// Move money, or say where it may go.
    Transaction(Transaction),
}

/// A sign-in whose first factor was right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// When.
    pub at: Timestamp,
    /// From where.
    #[serde(default, skip_serializing_if = "Place::is_unknown")]
    pub place: Place,
    /// Address, network and program, for the likelihood.
    #[serde(default)]
    pub features: Features,
    /// How common these are among everybody's sign-ins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crowd: Option<Crowd>,
    /// What is known of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// Failed sign-ins on this account in the 15 minutes before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<u32>,
    /// Whether the address stands on a list of blocked addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_listed: Option<bool>,
    /// Whether the network, or the country, stands on a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_listed: Option<bool>,
    /// Whether the device stands on a list of blocked devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_listed: Option<bool>,
    /// Whether the address, network, country or device is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<bool>,
    /// Whether the address hides who uses it: an open proxy, a hosting company's VPN, Tor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymiser: Option<bool>,
}

/// How a device compares with the person's devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The person signed in from it before.
    pub known: bool,
    /// How many of its attributes are different from the last time.
    pub changes: u32,
    /// A device does not change like this: its id was copied to another one.
    pub impossible: bool,
}

/// What kind of transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Of shares.
    #[default]
    Order,
    /// Money out.
    Withdrawal,
    /// Money to another account here.
    Transfer,
    /// A new or changed payee; moves nothing yet.
    Payee,
}

impl Operation {
    /// As rules name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Withdrawal => "withdrawal",
            Self::Transfer => "transfer",
            Self::Payee => "payee",
        }
    }
}

/// An order, a withdrawal, a transfer or a change of payee, before it takes effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// When.
    pub at: Timestamp,
    /// Of which kind; `kind` in rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// How much it moves, in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents: Option<i64>,
    /// Asset class and side, or whatever else tells this person's transactions apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// What everybody's transactions usually come to, in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population_cents: Option<i64>,
    /// How many thousandths of everybody's transactions are of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population_category: Option<i64>,
    /// Hours since a password, factor or address of the account was changed; `None` when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_change: Option<CredentialChange>,
    /// The score of the sign-in that opened the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_risk: Option<Score>,
    /// Whether the payee stands on a list of blocked payees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_listed: Option<bool>,
    /// Whether the payee is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<bool>,
}

/// When the account's credentials were last changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialChange {
    /// Not since the account was made.
    Never,
    /// Then.
    At(Timestamp),
}

impl Event {
    /// When it happens.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::SignIn(sign_in) => sign_in.at,
            Self::Transaction(transaction) => transaction.at,
        }
    }
}
