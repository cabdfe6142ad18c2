//! UTC days as numbers, counted from 1970-01-01.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

const SECONDS: i64 = 86_400;

/// The day an instant falls into.
pub(in crate::features::portfolio) fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS)
}

/// A day's first instant.
pub(in crate::features::portfolio) fn start_of(day: i64) -> Timestamp {
    Timestamp::from_second(day.saturating_mul(SECONDS)).unwrap_or(Timestamp::MAX)
}

/// A day's last second.
pub(in crate::features::portfolio) fn end_of(day: i64) -> Timestamp {
    start_of(day + 1) - SignedDuration::from_secs(1)
}

/// A day's date.
pub(in crate::features::portfolio) fn date_of(day: i64) -> Date {
    start_of(day).to_zoned(TimeZone::UTC).date()
}
