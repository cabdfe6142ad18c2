//! A telephone number in international form (ITU-T E.164).

use std::str::FromStr;

use super::digits::masked;
use super::hidden;
use crate::refusal::Refusal;
use crate::text::text_form;

/// A telephone number: `+`, then 8 to 15 digits, the first of which is not 0.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);
hidden!(Phone);

impl Phone {
    /// The number without blanks, as in `+12025550143`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All but the last four digits hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        masked(&self.0, 4)
    }
}

impl FromStr for Phone {
    type Err = PhoneRefused;

    /// Blanks, hyphens, dots and brackets between the digits are taken out.
    fn from_str(text: &str) -> Result<Self, PhoneRefused> {
        let rest = text
            .trim()
            .strip_prefix('+')
            .ok_or(PhoneRefused::NotInternational)?;
        if !rest.chars().all(|c| c.is_ascii_digit() || " -.()".contains(c)) {
            return Err(PhoneRefused::Malformed);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        if !(8..=15).contains(&digits.len()) || digits.starts_with('0') {
            return Err(PhoneRefused::Malformed);
        }
        match digits.strip_prefix('1') {
            Some(national) if !is_north_american(national) => Err(PhoneRefused::Malformed),
            _ => Ok(Self(format!("+{digits}"))),
        }
    }
}

/// Ten digits, of which neither the area's nor the exchange's first is 0 or 1 (North American Numbering Plan).
fn is_north_american(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 10 && bytes[0] >= b'2' && bytes[3] >= b'2'
}

text_form!(Phone, "a telephone number");

/// Why a text is not a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneRefused {
    /// It does not begin with `+` and a country code.
    #[error("the telephone number must begin with + and the country's code, as in +1 202 555 0143")]
    NotInternational,
    /// It has too few or too many digits, or other characters.
    #[error("the telephone number must have 8 to 15 digits, as in +1 202 555 0143")]
    Malformed,
}

impl Refusal for PhoneRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInternational => "phone.not_international",
            Self::Malformed => "phone.malformed",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("phone")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_number_become_one() {
        for text in [
            "+12025550143",
            "+1 202 555 0143",
            " +1 (202) 555-0143",
            "+1.202.555.0143",
        ] {
            let phone: Phone = text.parse().unwrap();
            assert_eq!(
                (phone.as_str(), &*phone.masked()),
                ("+12025550143", "+XXXXXXX0143"),
                "{text}"
            );
        }
        assert_eq!(
            "+47 22 22 55 55".parse::<Phone>().unwrap().as_str(),
            "+4722225555"
        );
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "2025550143", "0047 22 22 55 55"] {
            assert_eq!(
                text.parse::<Phone>(),
                Err(PhoneRefused::NotInternational),
                "{text}"
            );
        }
        for text in [
            "+",
            "+1234567",
            "+0472222555",
            "+1234567890123456",
            "+1 102 555 0143",
            "+1 202 155 0143",
            "+1 202 555 014",
            "+47 call me",
            "++4722225555",
        ] {
            assert_eq!(text.parse::<Phone>(), Err(PhoneRefused::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_written_changes_nothing(text in "\\+[0-9 ().-]{6,20}") {
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone.clone()));
                prop_assert!(phone.masked().matches('X').count() >= 4);
            }
        }
    }
}
