//! Months of the calendar, in UTC.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, date};

use crate::features::portfolio::value::date_of;

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that a day lies in.
    pub(super) fn of(day: i64) -> Self {
        let date = date_of(day);
        Self {
            year: date.year(),
            month: date.month(),
        }
    }

    /// Its first day, since 1970-01-01.
    pub(super) fn first_day(self) -> i64 {
        let first = Date::new(self.year, self.month, 1).unwrap_or(Date::MAX);
        let since = date(1970, 1, 1).until(first).map_or(0, |span| span.get_days());
        i64::from(since)
    }

    /// Its last day.
    pub(super) fn last_day(self) -> i64 {
        self.next().first_day() - 1
    }

    fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                month: month + 1,
                ..self
            },
        }
    }

    /// This month and all that follow.
    pub(super) fn onwards(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |month| Some(month.next()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let first: Date = format!("{text}-01").parse().map_err(|_| ())?;
        let month = Self {
            year: first.year(),
            month: first.month(),
        };
        // One spelling each.
        if month.to_string() == text {
            Ok(month)
        } else {
            Err(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_one_spelling_and_whole_days() {
        let february: Month = "2024-02".parse().unwrap();
        assert_eq!(february.last_day() - february.first_day(), 28);
        assert_eq!(Month::of(february.last_day()), february);
        let december: Month = "2025-12".parse().unwrap();
        let next: Vec<String> = december
            .onwards()
            .take(2)
            .map(|month| month.to_string())
            .collect();
        assert_eq!(next, ["2025-12", "2026-01"]);
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-5",
            "20260-05",
            "2026-05-01",
            "../2026",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
