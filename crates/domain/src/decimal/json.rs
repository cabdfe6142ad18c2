//! Decimals in JSON: written as strings, read from strings or numbers by their text, never through a float.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{DecimalError, parse};

/// A decimal as it was written, as a JSON string or a JSON number, not yet judged.
///
/// A number keeps its text, so `0.1` and 18 digits arrive exactly as sent. It reads from `serde_json` only, and
/// not through `#[serde(flatten)]` or `untagged`, which buffer numbers as floats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalText(Box<str>);

impl DecimalText {
    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads it as an integer count of 10^-`places`, see [`super::parse`].
    ///
    /// # Errors
    /// See [`DecimalError`].
    pub fn parse(&self, places: u32) -> Result<i64, DecimalError> {
        parse(&self.0, places)
    }
}

impl From<&str> for DecimalText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'"') => serde_json::from_str(text).map(Self).map_err(D::Error::custom),
            Some(b'-' | b'0'..=b'9') => Ok(Self(text.into())),
            _ => Err(D::Error::custom("expected a decimal, as a string or a number")),
        }
    }
}

/// Gives a type with `from_text` and `Display` the JSON form of all numbers: a string out, a string or number in.
macro_rules! decimal_form {
    ($name:ty) => {
        impl std::str::FromStr for $name {
            type Err = $crate::decimal::DecimalError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_text(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <$crate::decimal::DecimalText as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_text(text.as_str()).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use decimal_form;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings_and_numbers_are_read_from_their_text() {
        for json in ["\"9007199254.740993001\"", "9007199254.740993001"] {
            let text: DecimalText = serde_json::from_str(json).unwrap();
            assert_eq!(text.parse(9), Ok(9_007_199_254_740_993_001));
        }
        for json in ["true", "null", "[1]", "{}", "1.", "NaN"] {
            assert!(serde_json::from_str::<DecimalText>(json).is_err(), "{json}");
        }
        let absent: Option<DecimalText> = serde_json::from_str("null").unwrap();
        assert_eq!(absent, None);
        let exponent: DecimalText = serde_json::from_str("1e3").unwrap();
        assert_eq!(exponent.parse(2), Err(DecimalError::Exponent));
    }
}
