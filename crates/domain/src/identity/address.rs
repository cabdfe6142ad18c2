//! A postal address.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::countries::{is_country, is_state};
use super::hidden;
use crate::refusal::Refusal;

/// Longest line, in characters.
const LONGEST: usize = 100;

/// An address as it is written down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressParts {
    /// Street and number.
    pub line1: String,
    /// What else it takes to find the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The town.
    pub city: String,
    /// State or province; in the United States its two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ZIP or postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, such as `US`.
    pub country: String,
}

/// An address whose parts have been checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(AddressParts);
hidden!(AddressParts, Address);

impl Address {
    /// Checks all parts. Blanks around them are taken off, codes become capitals, empty optional parts are left out.
    ///
    /// # Errors
    /// Everything that is wrong, see [`AddressRefused`].
    pub fn new(parts: &AddressParts) -> Result<Self, Vec<AddressRefused>> {
        let optional = |part: &Option<String>| {
            let tidy = part.as_deref().map(tidy);
            tidy.filter(|text| !text.is_empty())
        };
        let tidied = AddressParts {
            line1: tidy(&parts.line1),
            line2: optional(&parts.line2),
            city: tidy(&parts.city),
            region: optional(&parts.region),
            postal_code: optional(&parts.postal_code).map(|code| code.to_uppercase()),
            country: tidy(&parts.country).to_uppercase(),
        };
        let in_us = tidied.country == "US";
        let tidied = AddressParts {
            region: match in_us {
                true => tidied.region.map(|region| region.to_uppercase()),
                false => tidied.region,
            },
            ..tidied
        };
        let wrong = faults(&tidied, in_us);
        match wrong.is_empty() {
            true => Ok(Self(tidied)),
            false => Err(wrong),
        }
    }

    /// The address in clear.
    #[must_use]
    pub fn parts(&self) -> &AddressParts {
        &self.0
    }

    /// Lines and town hidden; of the postal code the first three characters are left, of a short one fewer.
    #[must_use]
    pub fn masked(&self) -> AddressParts {
        let hide = |_: &String| "XXXX".to_owned();
        let hide_code = |code: &String| {
            let mut shown = (code.chars().filter(|c| c.is_alphanumeric()).count() / 2).min(3);
            let mask = |c: char| match c.is_alphanumeric() {
                true if shown == 0 => 'X',
                true => {
                    shown -= 1;
                    c
                }
                false => c,
            };
            code.chars().map(mask).collect()
        };
        AddressParts {
            line1: hide(&self.0.line1),
            line2: self.0.line2.as_ref().map(hide),
            city: hide(&self.0.city),
            region: self.0.region.clone(),
            postal_code: self.0.postal_code.as_ref().map(hide_code),
            country: self.0.country.clone(),
        }
    }
}

fn tidy(text: &str) -> String {
    text.trim().nfc().collect()
}

fn faults(parts: &AddressParts, in_us: bool) -> Vec<AddressRefused> {
    let is_line = |text: &str| {
        let length = text.chars().count();
        (1..=LONGEST).contains(&length) && !text.chars().any(char::is_control)
    };
    let optional = |part: &Option<String>| part.as_deref().is_none_or(is_line);
    let region = match (in_us, parts.region.as_deref()) {
        (true, region) => region.is_some_and(is_state),
        (false, _) => optional(&parts.region),
    };
    let postal_code = match (in_us, parts.postal_code.as_deref()) {
        (true, code) => code.is_some_and(is_zip),
        (false, code) => code.is_none_or(is_postcode),
    };
    let checks = [
        (is_line(&parts.line1), AddressRefused::Line1),
        (optional(&parts.line2), AddressRefused::Line2),
        (is_line(&parts.city), AddressRefused::City),
        (region, AddressRefused::Region),
        (postal_code, AddressRefused::PostalCode),
        (is_country(&parts.country), AddressRefused::Country),
    ];
    let wrong = checks.into_iter().filter(|(sound, _)| !sound);
    wrong.map(|(_, refused)| refused).collect()
}

/// `12345` or `12345-6789`
fn is_zip(code: &str) -> bool {
    let is_digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    match code.split_once('-') {
        Some((zip, four)) => is_digits(zip, 5) && is_digits(four, 4),
        None => is_digits(code, 5),
    }
}

/// Three to ten letters and digits, perhaps with blanks and hyphens between them: every country's code is such a one.
fn is_postcode(code: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    code.bytes().all(|b| is_sign(b) || b == b' ' || b == b'-')
        && (3..=10).contains(&code.bytes().filter(|b| is_sign(*b)).count())
        && code.len() <= 12
}

macro_rules! refusals {
    ($($(#[$about:meta])* $name:ident = $field:literal: $detail:literal,)+) => {
        /// What is wrong with an address.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum AddressRefused {
            $($(#[$about])* #[error($detail)] $name,)+
        }

        impl Refusal for AddressRefused {
            fn code(&self) -> &'static str {
                match self {
                    $(Self::$name => $field,)+
                }
            }

            fn field(&self) -> Option<&'static str> {
                Some(self.code())
            }
        }
    };
}

refusals! {
    /// Street and number are missing or too long.
    Line1 = "address.line1": "street and number must have 1 to 100 characters on one line",
    /// The second line is too long.
    Line2 = "address.line2": "the second line must have at most 100 characters on one line",
    /// The town is missing or too long.
    City = "address.city": "the town must have 1 to 100 characters on one line",
    /// Not a state, or too long.
    Region = "address.region": "the region must be a state's two letters in the United States, and at most 100 characters elsewhere",
    /// Not a postal code.
    PostalCode = "address.postal_code": "the postal code must look like 12345 or 12345-6789 in the United States, and have 3 to 10 letters and digits elsewhere",
    /// Not a country.
    Country = "address.country": "the country must be its two letters of ISO 3166, such as US",
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(json: &str) -> AddressParts {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn sound_addresses_are_tidied_and_masked() {
        let home = Address::new(&parts(
            r#"{"line1": " 1 Main St ", "line2": " ", "city": "Springfield", "region": "il", "postal_code": "62701-1234", "country": "us"}"#,
        ))
        .unwrap();
        let clear = r#"{"line1":"1 Main St","city":"Springfield","region":"IL","postal_code":"62701-1234","country":"US"}"#;
        assert_eq!(serde_json::to_string(home.parts()).unwrap(), clear);
        let masked =
            r#"{"line1":"XXXX","city":"XXXX","region":"IL","postal_code":"627XX-XXXX","country":"US"}"#;
        assert_eq!(serde_json::to_string(&home.masked()).unwrap(), masked);
        let abroad = parts(
            r#"{"line1": "Karl Johans gate 1", "city": "Oslo", "postal_code": "0154", "country": "NO"}"#,
        );
        assert_eq!(
            Address::new(&abroad).unwrap().masked().postal_code.as_deref(),
            Some("01XX")
        );
        let no_code = parts(r#"{"line1": "1 Queen's Road", "city": "Hong Kong", "country": "HK"}"#);
        assert!(Address::new(&no_code).is_ok());
        assert_eq!(format!("{abroad:?}"), "AddressParts(hidden)");
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        use AddressRefused::{City, Country, Line1, Line2, PostalCode, Region};
        let wrong = parts(
            r#"{"line1": "", "line2": "a\nb", "city": " ", "region": "ZZ", "postal_code": "1234", "country": "US"}"#,
        );
        assert_eq!(
            Address::new(&wrong),
            Err(vec![Line1, Line2, City, Region, PostalCode])
        );
        let nowhere = parts(r#"{"line1": "1", "city": "a", "postal_code": "??", "country": "UK"}"#);
        assert_eq!(Address::new(&nowhere), Err(vec![PostalCode, Country]));
    }

    proptest! {
        #[test]
        fn checking_twice_changes_nothing(line1 in "\\PC{0,30}", city in "\\PC{0,30}", code in "[A-WYZa-wyz0-9 -]{0,12}") {
            let parts = AddressParts {
                line1, line2: None, city, region: None, postal_code: Some(code), country: "de".to_owned(),
            };
            if let Ok(once) = Address::new(&parts) {
                prop_assert_eq!(Address::new(once.parts()), Ok(once.clone()));
                prop_assert_ne!(once.masked().postal_code.unwrap_or_default(), once.parts().postal_code.clone().unwrap_or("-".into()));
            }
        }
    }
}
