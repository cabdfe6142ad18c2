//! The periods that performance is told for.

use std::str::FromStr;

use jiff::{Timestamp, ToSpan as _, civil::Date, civil::date};
use stockade_domain::refusal::UnknownWord;

use crate::features::portfolio::value::{date_of, day_of};

/// A stretch of time that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    YearToDate,
    All,
}

const WORDS: [&str; 7] = ["1d", "1w", "1m", "3m", "1y", "ytd", "all"];

impl Period {
    const EVERY: [Self; 7] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::YearToDate,
        Self::All,
    ];

    pub(super) fn as_str(self) -> &'static str {
        WORDS[self as usize]
    }

    /// Whether it is told by the hour.
    pub(super) fn is_intraday(self) -> bool {
        self == Self::Day
    }

    /// The UTC day at whose end it begins.
    pub(super) fn begins(self, now: Timestamp) -> i64 {
        let today = day_of(now);
        let date = date_of(today);
        let back = |span: jiff::Span| date.checked_sub(span).map_or(0, day_number);
        match self {
            Self::Day => today - 1,
            Self::Week => today - 7,
            Self::Month => back(1.month()),
            Self::Quarter => back(3.months()),
            Self::Year => back(1.year()),
            Self::YearToDate => day_number(date.first_of_year()) - 1,
            Self::All => 0,
        }
    }
}

impl FromStr for Period {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let known = Self::EVERY.into_iter().find(|period| period.as_str() == word);
        known.ok_or(UnknownWord {
            field: "period",
            known: &WORDS,
        })
    }
}

fn day_number(of: Date) -> i64 {
    let since = date(1970, 1, 1).until(of).map_or(0, |span| span.get_days());
    i64::from(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_at_the_end_of_a_day() {
        let now: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
        for (word, begins) in [
            ("1d", "2026-03-30"),
            ("1w", "2026-03-24"),
            // February has no 31st.
            ("1m", "2026-02-28"),
            ("3m", "2025-12-31"),
            ("1y", "2025-03-31"),
            ("ytd", "2025-12-31"),
            ("all", "1970-01-01"),
        ] {
            let period: Period = word.parse().unwrap();
            assert_eq!(date_of(period.begins(now)).to_string(), begins, "{word}");
        }
        assert!("2w".parse::<Period>().is_err());
    }
}
