//! The tax numbers of the United States: SSN, ITIN, EIN.

use std::str::FromStr;

use super::digits::{grouped, join, masked, number};
use super::hidden;
use crate::refusal::Refusal;
use crate::text::text_form;

/// `123-45-6789`
const PERSON: [usize; 3] = [3, 2, 4];
/// `12-3456789`
const EMPLOYER: [usize; 2] = [2, 7];

macro_rules! tax_numbers {
    ($($(#[$about:meta])* $name:ident, $refused:ident, $groups:ident, $expected:literal;)+) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The number with its hyphens.
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

        impl FromStr for $name {
            type Err = $refused;

            fn from_str(text: &str) -> Result<Self, $refused> {
                let digits = grouped::<9>(text, &$groups).ok_or($refused::Malformed)?;
                $refused::check(&digits)?;
                let whole: String = digits.iter().map(|digit| char::from(*digit)).collect();
                Ok(Self(join(&whole, &$groups, "-")))
            }
        }

        text_form!($name, $expected);
    )+};
}

tax_numbers! {
    /// A Social Security number. Written `123-45-6789`; hyphens or blanks may be left out on the way in.
    Ssn, SsnRefused, PERSON, "a Social Security number";
    /// An Individual Taxpayer Identification Number, written like an SSN.
    Itin, ItinRefused, PERSON, "an Individual Taxpayer Identification Number";
    /// An Employer Identification Number, written `12-3456789`.
    Ein, EinRefused, EMPLOYER, "an Employer Identification Number";
}
hidden!(Ssn, Itin, Ein);

/// Why a text is not a Social Security number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsnRefused {
    /// It has not the form of one.
    #[error("the Social Security number must have nine digits, as in 123-45-6789")]
    Malformed,
    /// The Social Security Administration issues no such number (SSA POMS RM 10201.035).
    #[error("no such Social Security number is ever issued")]
    NeverIssued,
    /// It begins with 9, which is how an ITIN begins.
    #[error("a Social Security number never begins with 9; give an ITIN as one")]
    Itin,
}

impl SsnRefused {
    /// Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never issued; a few numbers were printed in
    /// advertisements and withdrawn.
    fn check(digits: &[u8; 9]) -> Result<(), Self> {
        /// Printed on a card in wallets of 1938, and in a pamphlet of the board itself.
        const ADVERTISED: [u32; 2] = [78_051_120, 219_099_999];
        let (area, group, serial) = (number(&digits[..3]), number(&digits[3..5]), number(&digits[5..]));
        if area >= 900 {
            return Err(Self::Itin);
        }
        let never = area == 0 || area == 666 || group == 0 || serial == 0;
        match never || ADVERTISED.contains(&number(digits)) {
            true => Err(Self::NeverIssued),
            false => Ok(()),
        }
    }
}

impl Refusal for SsnRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "ssn.malformed",
            Self::NeverIssued => "ssn.never_issued",
            Self::Itin => "ssn.is_itin",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("ssn")
    }
}

/// Why a text is not an ITIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItinRefused {
    /// It has not the form of one.
    #[error("the ITIN must have nine digits, as in 912-70-3456")]
    Malformed,
    /// The Internal Revenue Service issues no such number.
    #[error(
        "an ITIN begins with 9, and its fourth and fifth digits are 50 to 65, 70 to 88, 90 to 92 or 94 to 99"
    )]
    NeverIssued,
}

impl ItinRefused {
    /// The middle digits are those of IRS Publication 1915; 93 is kept for adoptions (ATIN).
    fn check(digits: &[u8; 9]) -> Result<(), Self> {
        let middle = matches!(number(&digits[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99);
        match digits[0] == b'9' && middle {
            true => Ok(()),
            false => Err(Self::NeverIssued),
        }
    }
}

impl Refusal for ItinRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "itin.malformed",
            Self::NeverIssued => "itin.never_issued",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("itin")
    }
}

/// Why a text is not an EIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EinRefused {
    /// It has not the form of one.
    #[error("the EIN must have nine digits, as in 12-3456789")]
    Malformed,
    /// No campus of the Internal Revenue Service issues numbers with this prefix.
    #[error("no EIN begins with these two digits")]
    NeverIssued,
}

impl EinRefused {
    /// Prefixes that no campus was ever given, after the Internal Revenue Service's list of valid ones.
    fn check(digits: &[u8; 9]) -> Result<(), Self> {
        let unused = matches!(
            number(&digits[..2]),
            0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97
        );
        match unused {
            true => Err(Self::NeverIssued),
            false => Ok(()),
        }
    }
}

impl Refusal for EinRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "ein.malformed",
            Self::NeverIssued => "ein.never_issued",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("ein")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ssn(text: &str) -> Result<String, SsnRefused> {
        text.parse::<Ssn>().map(|ssn| ssn.to_string())
    }

    #[test]
    fn spellings_of_one_number_become_one() {
        for text in ["536-90-4399", "536904399", " 536 90 4399 "] {
            assert_eq!(ssn(text).as_deref(), Ok("536-90-4399"), "{text}");
        }
        assert_eq!("123456789".parse::<Ein>().unwrap().as_str(), "12-3456789");
    }

    #[test]
    fn what_has_not_the_form_is_refused() {
        let wrong = [
            "",
            "536-90-439",
            "536-90-43999",
            "53-690-4399",
            "536-904399",
            "536-90 4399",
            "536--90-4399",
            "XXX-XX-4399",
            "536.90.4399",
            "٥٣٦-٩٠-٤٣٩٩",
            "536-90-4399x",
        ];
        for text in wrong {
            assert_eq!(ssn(text), Err(SsnRefused::Malformed), "{text:?}");
        }
    }

    #[test]
    fn numbers_that_are_never_issued_are_refused() {
        for text in [
            "000-12-3456",
            "666-12-3456",
            "123-00-4567",
            "123-45-0000",
            "078-05-1120",
            "219-09-9999",
        ] {
            assert_eq!(ssn(text), Err(SsnRefused::NeverIssued), "{text}");
        }
        for text in ["900-12-3456", "912-70-3456", "987-65-4320"] {
            assert_eq!(ssn(text), Err(SsnRefused::Itin), "{text}");
        }
        for text in [
            "812-70-3456",
            "912-49-3456",
            "912-66-3456",
            "912-89-3456",
            "912-93-3456",
        ] {
            assert_eq!(text.parse::<Itin>(), Err(ItinRefused::NeverIssued), "{text}");
        }
        for text in ["00-3456789", "07-3456789", "49-3456789", "97-3456789"] {
            assert_eq!(text.parse::<Ein>(), Err(EinRefused::NeverIssued), "{text}");
        }
    }

    #[test]
    fn masks_show_the_last_four() {
        assert_eq!("536-90-6789".parse::<Ssn>().unwrap().masked(), "XXX-XX-6789");
        assert_eq!("912-70-3456".parse::<Itin>().unwrap().masked(), "XXX-XX-3456");
        assert_eq!("12-3456789".parse::<Ein>().unwrap().masked(), "XX-XXX6789");
        assert_eq!(
            format!("{:?}", "12-3456789".parse::<Ein>().unwrap()),
            "Ein(hidden)"
        );
    }

    proptest! {
        /// Whatever is taken obeys the issuer's rules, is one spelling, and hides five digits in its mask.
        #[test]
        fn what_is_taken_is_sound(area in 0..1_000_u32, group in 0..100_u32, serial in 0..10_000_u32) {
            let text = format!("{area:03}-{group:02}-{serial:04}");
            let sound = area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
                && text != "078-05-1120" && text != "219-09-9999";
            prop_assert_eq!(ssn(&text).is_ok(), sound);
            prop_assert_eq!(ssn(&text.replace('-', "")), ssn(&text));
            if let Ok(ssn) = text.parse::<Ssn>() {
                prop_assert_eq!(ssn.masked(), format!("XXX-XX-{serial:04}"));
                prop_assert!(text.parse::<Itin>().is_err());
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,20}") {
            let _ = (ssn(&text), text.parse::<Ein>(), text.parse::<Itin>());
        }
    }
}
