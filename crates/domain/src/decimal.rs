//! Exact decimals: text to scaled integer and back, never through a float.
//!
//! Grammar: a JSON number without exponent (RFC 8259 §6). Invariant: nothing is ever rounded here; a text that
//! does not fit its scale is refused.

mod json;

pub use json::DecimalText;
pub(crate) use json::decimal_form;

use crate::refusal::Refusal;

/// Why a text is not a decimal of the wanted scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// No text at all.
    #[error("a number is missing")]
    Empty,
    /// `NaN`, `inf` or `infinity`, in any case and with any sign.
    #[error("the number must be finite")]
    NotFinite,
    /// An exponent, such as `1e3`.
    #[error("the number must be written without an exponent")]
    Exponent,
    /// Anything else that is not digits with at most one point inside: a leading `+`, spaces, `.5`, `5.`, `007`.
    #[error("the number must be written as plain decimal digits, such as 12.5")]
    Malformed,
    /// More decimals than the scale holds, even when they are zeros.
    #[error("the number must have at most {places} decimals")]
    TooManyDecimals {
        /// How many decimals the scale holds.
        places: u32,
    },
    /// Larger than the scaled integer can hold.
    #[error("the number is too large")]
    OutOfRange,
}

impl Refusal for DecimalError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "number.empty",
            Self::NotFinite => "number.not_finite",
            Self::Exponent => "number.exponent",
            Self::Malformed => "number.malformed",
            Self::TooManyDecimals { .. } => "number.too_many_decimals",
            Self::OutOfRange => "number.too_large",
        }
    }
}

/// Reads `text` as an integer count of 10^-`places`.
///
/// # Errors
/// See [`DecimalError`]; nothing is rounded.
pub fn parse(text: &str, places: u32) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !is_digits(whole) || leading_zero || fraction.is_some_and(|f| !is_digits(f)) {
        return Err(name_the_fault(text, digits));
    }
    let fraction = fraction.unwrap_or("");
    let missing = u32::try_from(fraction.len())
        .ok()
        .and_then(|present| places.checked_sub(present))
        .ok_or(DecimalError::TooManyDecimals { places })?;
    scaled(whole, fraction, missing, negative).ok_or(DecimalError::OutOfRange)
}

/// Counts down from zero when negative, so that `i64::MIN` can be read as well.
fn scaled(whole: &str, fraction: &str, missing: u32, negative: bool) -> Option<i64> {
    let mut value: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        let digit = i64::from(digit - b'0');
        value = value.checked_mul(10)?;
        value = if negative {
            value.checked_sub(digit)?
        } else {
            value.checked_add(digit)?
        };
    }
    if value == 0 {
        Some(0)
    } else {
        value.checked_mul(10_i64.checked_pow(missing)?)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn name_the_fault(text: &str, digits: &str) -> DecimalError {
    let unsigned = digits.strip_prefix('+').unwrap_or(digits);
    if text.is_empty() {
        DecimalError::Empty
    } else if ["nan", "inf", "infinity"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word))
    {
        DecimalError::NotFinite
    } else if unsigned
        .split_once(['e', 'E'])
        .is_some_and(|(number, _)| number.parse::<Plain>().is_ok())
    {
        DecimalError::Exponent
    } else {
        DecimalError::Malformed
    }
}

/// Digits with at most one point among them: what stands before an exponent.
struct Plain;

impl std::str::FromStr for Plain {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let points = text.bytes().filter(|b| *b == b'.').count();
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if plain && points <= 1 && text.len() > points {
            Ok(Self)
        } else {
            Err(())
        }
    }
}

/// The shortest text of `value` × 10^-`places`: no trailing zeros, no exponent, never `-0`.
#[must_use]
pub fn print(value: i64, places: u32) -> String {
    let fixed = print_fixed(value, places);
    if places == 0 {
        return fixed;
    }
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The text of `value` × 10^-`places` with exactly `places` decimals, such as `1000.00`.
#[must_use]
pub fn print_fixed(value: i64, places: u32) -> String {
    let places = places as usize;
    let sign = if value < 0 { "-" } else { "" };
    let mut digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    if places > 0 {
        digits.insert(digits.len() - places, '.');
    }
    format!("{sign}{digits}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_decimals_are_read_exactly() {
        for (text, places, value) in [
            ("0", 2, 0),
            ("-0.00", 2, 0),
            ("1000", 2, 100_000),
            ("0.1", 9, 100_000_000),
            ("-12.345678", 6, -12_345_678),
            ("9223372036854775807", 0, i64::MAX),
            ("-9223372036.854775808", 9, i64::MIN),
        ] {
            assert_eq!(parse(text, places), Ok(value), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        use DecimalError::*;
        for (text, error) in [
            ("", Empty),
            ("NaN", NotFinite),
            ("-inf", NotFinite),
            ("+Infinity", NotFinite),
            ("1e3", Exponent),
            ("-1.5E-2", Exponent),
            ("+1", Malformed),
            ("-", Malformed),
            ("--1", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("007", Malformed),
            (" 1", Malformed),
            ("1,000", Malformed),
            ("1_000", Malformed),
            ("1.2.3", Malformed),
            ("0x10", Malformed),
            ("١٢", Malformed),
            ("hello", Malformed),
            ("0.001", TooManyDecimals { places: 2 }),
            ("1.000", TooManyDecimals { places: 2 }),
            ("92233720368547758.08", OutOfRange),
            ("99999999999999999999999999", OutOfRange),
        ] {
            assert_eq!(parse(text, 2), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(value: i64, places in 0_u32..=18) {
            prop_assert_eq!(parse(&print(value, places), places), Ok(value));
            prop_assert_eq!(parse(&print_fixed(value, places), places), Ok(value));
        }

        #[test]
        fn the_printed_text_is_the_shortest(value: i64, places in 0_u32..=18) {
            let text = print(value, places);
            prop_assert!(!text.contains('.') || !text.ends_with(['0', '.']), "{}", text);
            prop_assert_ne!(text, "-0");
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", places in 0_u32..=18) {
            let _ = parse(&text, places);
        }
    }
}
