//! When a market trades: day and night, or in the sessions of the New York Stock Exchange.
//!
//! Invariants: sessions do not overlap, and a later instant never belongs to an earlier session. Nothing here reads a
//! clock; unscheduled closures, which no rule foretells, are an argument.

mod holidays;
#[cfg(test)]
mod vectors;

use std::sync::LazyLock;

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::text::words;

words! {
    /// Which hours a market keeps.
    Hours, "hours" {
        /// Day and night; a day ends at midnight UTC.
        Always = "always",
        /// The New York Stock Exchange's core session: 9:30 to 16:00 in New York, to 13:00 on half days.
        Xnys = "xnys",
    }
}

/// A stretch of trading: from `opens`, until just before `closes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// When it begins.
    pub opens: Timestamp,
    /// When it is over.
    pub closes: Timestamp,
}

/// A market's hours with the days on which it is closed out of turn, such as days of mourning.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    hours: Hours,
    closed_on: &'a [Date],
}

/// The longest stretch looked through for the next session. The exchange's longest scheduled pause is four days; the
/// rest is for closures out of turn.
const LOOK_AHEAD_DAYS: usize = 60;

impl<'a> Calendar<'a> {
    /// These hours, without a session on `closed_on`.
    #[must_use]
    pub const fn new(hours: Hours, closed_on: &'a [Date]) -> Self {
        Self { hours, closed_on }
    }

    /// Whether the market trades at this instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.hours == Hours::Always || self.session(at).opens <= at
    }

    /// The session that is on, or else the next one: the one to which an order placed at this instant belongs.
    #[must_use]
    pub fn session(&self, at: Timestamp) -> Session {
        match self.hours {
            Hours::Always => utc_day(at),
            Hours::Xnys => self.xnys_session(at),
        }
    }

    fn xnys_session(&self, at: Timestamp) -> Session {
        let today = at.to_zoned(NEW_YORK.clone()).date();
        today
            .series(1.day())
            .take(LOOK_AHEAD_DAYS)
            .filter(|date| !self.closed_on.contains(date))
            .filter_map(xnys_session_on)
            .find(|session| at < session.closes)
            // Closed for good, or the calendar's end: there is nothing to wait for.
            .unwrap_or(Session {
                opens: Timestamp::MAX,
                closes: Timestamp::MAX,
            })
    }
}

/// Time in New York by the rule in force since 2007 (15 U.S.C. § 260a): daylight saving from the second Sunday of March
/// to the first of November, 2 o'clock. Written as POSIX TZ, so that no database of time zones is needed.
static NEW_YORK: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").expect("a sound POSIX TZ string"));

/// The date in New York at an instant: the trading day that dividends and splits are named by.
pub fn new_york_date(at: Timestamp) -> Date {
    NEW_YORK.to_datetime(at).date()
}

/// The session on a date in New York; none on weekends and holidays.
fn xnys_session_on(date: Date) -> Option<Session> {
    if !holidays::is_trading_day(date) {
        return None;
    }
    let closes = if holidays::is_half_day(date) {
        time(13, 0, 0, 0)
    } else {
        time(16, 0, 0, 0)
    };
    let instant = |time| NEW_YORK.to_timestamp(date.to_datetime(time)).ok();
    Some(Session {
        opens: instant(time(9, 30, 0, 0))?,
        closes: instant(closes)?,
    })
}

fn utc_day(at: Timestamp) -> Session {
    let today = TimeZone::UTC.to_datetime(at).date();
    let midnight = |date: Date| {
        let start = date.to_datetime(jiff::civil::Time::midnight());
        TimeZone::UTC.to_timestamp(start).unwrap_or(Timestamp::MAX)
    };
    Session {
        opens: midnight(today),
        closes: today.tomorrow().map_or(Timestamp::MAX, midnight),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn xnys(text: &str) -> (bool, String, String) {
        let calendar = Calendar::new(Hours::Xnys, &[]);
        let Session { opens, closes } = calendar.session(at(text));
        (calendar.is_open(at(text)), opens.to_string(), closes.to_string())
    }

    fn is(open: bool, opens: &str, closes: &str) -> (bool, String, String) {
        (open, opens.into(), closes.into())
    }

    #[test]
    fn always_is_open_and_its_days_end_at_midnight() {
        let calendar = Calendar::new(Hours::Always, &[]);
        let night = at("2026-12-25T23:59:59Z");
        assert!(calendar.is_open(night));
        assert_eq!(calendar.session(night).closes, at("2026-12-26T00:00:00Z"));
        assert_eq!(
            calendar.session(at("2026-12-26T00:00:00Z")).opens,
            at("2026-12-26T00:00:00Z")
        );
    }

    #[test]
    fn a_session_is_from_half_past_nine_to_four_in_new_york() {
        let summer = is(true, "2026-06-01T13:30:00Z", "2026-06-01T20:00:00Z");
        assert_eq!(xnys("2026-06-01T13:30:00Z"), summer);
        assert_eq!(xnys("2026-06-01T19:59:59.999999999Z"), summer);
        let before = is(false, "2026-06-01T13:30:00Z", "2026-06-01T20:00:00Z");
        assert_eq!(xnys("2026-06-01T13:29:59Z"), before);
        // After the close, the next day's.
        let next = is(false, "2026-06-02T13:30:00Z", "2026-06-02T20:00:00Z");
        assert_eq!(xnys("2026-06-01T20:00:00Z"), next);
        // Late in New York it is the next day already elsewhere.
        assert_eq!(xnys("2026-06-02T01:00:00Z"), next);
    }

    #[test]
    fn the_hours_move_with_daylight_saving() {
        // 8 March and 1 November 2026 are the Sundays on which the clocks change.
        assert_eq!(xnys("2026-03-06T18:00:00Z").1, "2026-03-06T14:30:00Z");
        assert_eq!(xnys("2026-03-07T18:00:00Z").1, "2026-03-09T13:30:00Z");
        assert_eq!(xnys("2026-10-30T18:00:00Z").1, "2026-10-30T13:30:00Z");
        assert_eq!(xnys("2026-10-31T18:00:00Z").1, "2026-11-02T14:30:00Z");
    }

    #[test]
    fn half_days_end_at_one() {
        let friday = is(true, "2026-11-27T14:30:00Z", "2026-11-27T18:00:00Z");
        assert_eq!(xnys("2026-11-27T17:00:00Z"), friday);
        let after = is(false, "2026-11-30T14:30:00Z", "2026-11-30T21:00:00Z");
        assert_eq!(xnys("2026-11-27T18:00:00Z"), after);
    }

    #[test]
    fn a_closure_out_of_turn_is_no_session() {
        let closed = [date(2026, 6, 1), date(2026, 6, 2)];
        let calendar = Calendar::new(Hours::Xnys, &closed);
        assert!(!calendar.is_open(at("2026-06-01T15:00:00Z")));
        assert_eq!(
            calendar.session(at("2026-06-01T15:00:00Z")).opens,
            at("2026-06-03T13:30:00Z")
        );
    }

    #[test]
    fn the_end_of_time_never_opens() {
        let session = Calendar::new(Hours::Xnys, &[]).session(Timestamp::MAX);
        assert_eq!(session.opens, Timestamp::MAX);
        let _ = Calendar::new(Hours::Always, &[]).session(Timestamp::MAX);
    }

    proptest! {
        #[test]
        fn sessions_follow_each_other(
            hours in prop::sample::select(Hours::ALL),
            first in 0_i64..4_102_444_800, later in 0_i64..1_000_000,
        ) {
            let calendar = Calendar::new(hours, &[]);
            let instant = |second| Timestamp::from_second(second).unwrap();
            let (here, there) = (calendar.session(instant(first)), calendar.session(instant(first + later)));
            prop_assert!(here.opens < here.closes && instant(first) < here.closes);
            prop_assert!(here == there || here.closes <= there.opens);
            prop_assert!(calendar.is_open(here.opens));
            prop_assert!(hours == Hours::Always || !calendar.is_open(here.closes));
        }
    }
}
