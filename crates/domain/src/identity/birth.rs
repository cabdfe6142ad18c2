//! A date of birth.

use std::str::FromStr;

use jiff::civil::Date;

use super::hidden;
use crate::refusal::Refusal;

/// The least age of a customer, in years: who is of age can enter into a contract.
const OF_AGE: i16 = 18;
/// The greatest age that anybody is believed to have, in years.
const OLDEST: i16 = 125;

/// The date of birth of somebody who is of age.
#[derive(Clone, PartialEq, Eq)]
pub struct BirthDate(Date);
hidden!(BirthDate);

impl BirthDate {
    /// Reads `YYYY-MM-DD` (ISO 8601) as it stands on `today`.
    ///
    /// # Errors
    /// See [`BirthDateRefused`].
    pub fn new(text: &str, today: Date) -> Result<Self, BirthDateRefused> {
        let date = Self::restore(text)?;
        if date.0 > today {
            return Err(BirthDateRefused::InTheFuture);
        }
        match age(date.0, today) {
            age if age < OF_AGE => Err(BirthDateRefused::TooYoung),
            age if age > OLDEST => Err(BirthDateRefused::TooOld),
            _ => Ok(date),
        }
    }

    /// Reads a date that was checked when it was stored.
    ///
    /// # Errors
    /// [`BirthDateRefused::Malformed`].
    pub fn restore(text: &str) -> Result<Self, BirthDateRefused> {
        let text = text.trim();
        let date = Date::from_str(text).map_err(|_| BirthDateRefused::Malformed)?;
        // The library also reads other forms of ISO 8601.
        match date.to_string() == text {
            true => Ok(Self(date)),
            false => Err(BirthDateRefused::Malformed),
        }
    }

    /// `YYYY-MM-DD`
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// The year alone, as in `1990-XX-XX`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{:04}-XX-XX", self.0.year())
    }
}

/// Whole years lived. Somebody born on 29 February is a year older on 1 March of other years.
fn age(born: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

/// Why a text is not a customer's date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthDateRefused {
    /// It is not a date.
    #[error("the date of birth must be a date, as in 1990-01-31")]
    Malformed,
    /// The date is yet to come.
    #[error("the date of birth lies in the future")]
    InTheFuture,
    /// Not yet of age.
    #[error("you must be 18 years old")]
    TooYoung,
    /// Nobody is that old.
    #[error("the date of birth lies too far back")]
    TooOld,
}

impl Refusal for BirthDateRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "birth_date.malformed",
            Self::InTheFuture => "birth_date.in_the_future",
            Self::TooYoung => "birth_date.too_young",
            Self::TooOld => "birth_date.too_old",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("birth_date")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str, today: Date) -> Result<String, BirthDateRefused> {
        BirthDate::new(text, today).map(|date| date.text())
    }

    #[test]
    fn one_is_of_age_on_the_eighteenth_birthday() {
        assert_eq!(
            on("2008-06-02", date(2026, 6, 1)),
            Err(BirthDateRefused::TooYoung)
        );
        assert_eq!(on("2008-06-02", date(2026, 6, 2)).as_deref(), Ok("2008-06-02"));
        assert_eq!(
            on("2008-02-29", date(2026, 2, 28)),
            Err(BirthDateRefused::TooYoung)
        );
        assert_eq!(on("2008-02-29", date(2026, 3, 1)).as_deref(), Ok("2008-02-29"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let today = date(2026, 6, 1);
        for text in [
            "",
            "1990-02-30",
            "1990-13-01",
            "90-01-31",
            "1990-1-31",
            "31.01.1990",
            "19900131",
            "1990-01-31T10:00",
        ] {
            assert_eq!(on(text, today), Err(BirthDateRefused::Malformed), "{text}");
        }
        assert_eq!(on("2026-06-02", today), Err(BirthDateRefused::InTheFuture));
        assert_eq!(on("1900-01-01", today), Err(BirthDateRefused::TooOld));
    }

    proptest! {
        #[test]
        fn a_mask_shows_the_year_alone(year in 1902_i16..2008, month in 1_i8..=12, day in 1_i8..=28) {
            let date = BirthDate::new(&format!("{year}-{month:02}-{day:02}"), date(2026, 6, 1)).unwrap();
            prop_assert_eq!(date.masked(), format!("{year}-XX-XX"));
            prop_assert_eq!(BirthDate::restore(&date.text()), Ok(date));
        }
    }
}
