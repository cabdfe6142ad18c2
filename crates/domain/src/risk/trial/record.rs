//! One line of a population: an event as somebody else recorded it, and what it really was.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::device::Agent;
use crate::risk::{Features, Operation, Place};

/// What an event really was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// The person's own.
    Legitimate,
    /// An attacker from anywhere with any program.
    Naive,
    /// An attacker in the person's country.
    Vpn,
    /// An attacker who imitates the person's network and program.
    Targeted,
    /// An account that was really taken over.
    Takeover,
    /// A fraudulent transaction.
    Fraud,
}

/// The kinds of attackers on sign-ins.
pub(super) const ATTACKERS: [Label; 4] = [Label::Naive, Label::Vpn, Label::Targeted, Label::Takeover];

/// A line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct RecordError {
    /// From 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// A line. All but kind, person and time may be missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A sign-in, right or wrong.
    SignIn(RecordedSignIn),
    /// A transaction.
    Transaction(RecordedTransaction),
}

/// A sign-in as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedSignIn {
    #[serde(deserialize_with = "word")]
    pub(super) user: String,
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ip: Option<String>,
    #[serde(
        default,
        deserialize_with = "optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) asn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) country: Option<String>,
    #[serde(
        default,
        deserialize_with = "optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lat: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lon: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) browser: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) os: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) device_type: Option<String>,
    #[serde(
        default,
        deserialize_with = "optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) device_id: Option<String>,
    /// Whether the password was right; taken to be so where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) success: Option<bool>,
    /// Whether a second factor was proven, where that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) second_factor: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<Label>,
}

/// A transaction as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedTransaction {
    #[serde(deserialize_with = "word")]
    pub(super) user: String,
    pub(super) at: Timestamp,
    #[serde(
        default,
        deserialize_with = "optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) amount: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<String>,
    #[serde(
        default,
        deserialize_with = "optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) payee: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<Label>,
}

impl Record {
    /// Reads a line of JSON; `after` is the time of the line before, since the past must come first.
    ///
    /// # Errors
    /// With the number given.
    pub fn read(text: &str, line: usize, after: Option<Timestamp>) -> Result<Self, RecordError> {
        let wrong = |message: String| RecordError { line, message };
        let record: Self = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if after.is_some_and(|after| record.at() < after) {
            return Err(wrong(
                "it is earlier than the line before; sort the file by time".into(),
            ));
        }
        record.check().map_err(|message| wrong(message.to_owned()))?;
        Ok(record)
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::SignIn(record) => record.at,
            Self::Transaction(record) => record.at,
        }
    }

    /// Whose it claims to be.
    #[must_use]
    pub fn user(&self) -> &str {
        match self {
            Self::SignIn(record) => &record.user,
            Self::Transaction(record) => &record.user,
        }
    }

    /// What it really was, where that is known.
    #[must_use]
    pub fn label(&self) -> Option<Label> {
        match self {
            Self::SignIn(record) => record.label,
            Self::Transaction(record) => record.label,
        }
    }

    /// The same with another label.
    #[must_use]
    pub fn labelled(mut self, label: Option<Label>) -> Self {
        match &mut self {
            Self::SignIn(record) => record.label = label,
            Self::Transaction(record) => record.label = label,
        }
        self
    }

    fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::SignIn(record) => {
                let sound =
                    |degrees: Option<f64>, most: f64| degrees.is_none_or(|it| (-most..=most).contains(&it));
                if record.label == Some(Label::Fraud) {
                    return Err("\"fraud\" is a label of transactions");
                }
                if !sound(record.lat, 90.0) || !sound(record.lon, 180.0) {
                    return Err("lat lies between -90 and 90, lon between -180 and 180");
                }
            }
            Self::Transaction(record) => {
                if !matches!(record.label, None | Some(Label::Legitimate | Label::Fraud)) {
                    return Err("the labels of transactions are \"legitimate\" and \"fraud\"");
                }
                if record.amount.is_some() && record.cents().is_none() {
                    return Err(
                        "amount is a decimal number such as \"12.34\", not negative, with at most two decimals",
                    );
                }
            }
        }
        Ok(())
    }
}

impl RecordedSignIn {
    pub(super) fn features(&self) -> Features {
        let agent = Agent::read(self.user_agent.as_deref().unwrap_or_default());
        Features {
            ip: self.ip.clone(),
            network: self.asn.clone(),
            country: self.country.clone(),
            agent: self.user_agent.clone(),
            browser: self.browser.clone().or_else(|| agent.family.map(str::to_owned)),
            system: self.os.clone().or_else(|| agent.os.map(|os| os.to_string())),
            device_kind: self.device_type.clone(),
        }
    }

    pub(super) fn place(&self) -> Place {
        Place {
            country: self.country.clone(),
            region: self.region.clone(),
            coordinates: self.lat.zip(self.lon),
            radius_km: 0.0,
        }
    }
}

impl RecordedTransaction {
    /// The amount in cents.
    pub(super) fn cents(&self) -> Option<i64> {
        let text = self.amount.as_deref()?;
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.trim_end_matches('0').len() > 2 {
            return None;
        }
        let cents: i64 = format!("{:0<2}", part.get(..2).unwrap_or(part)).parse().ok()?;
        whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
    }

    /// What kind of transaction the category names, where it names one.
    pub(super) fn operation(&self) -> Option<Operation> {
        let kinds = [
            Operation::Order,
            Operation::Withdrawal,
            Operation::Transfer,
            Operation::Payee,
        ];
        kinds
            .into_iter()
            .find(|kind| self.category.as_deref() == Some(kind.as_str()))
    }
}

/// A text, or a number as text: people write both.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    optional_word(deserializer)?.ok_or_else(|| D::Error::custom("a text or a number is wanted"))
}

fn optional_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::String(text) => Ok(Some(text)),
        serde_json::Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("a text or a number is wanted")),
    }
}
