//! Bars: prices over a stretch of time.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use stockade_domain::price::Price;

/// The prices of one stretch of time, from `t` up to and including its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// When the bar starts; a whole multiple of its timeframe in UTC.
    pub t: Timestamp,
    /// The last price when the bar starts.
    pub o: Price,
    /// The highest last price within the bar, both ends included.
    pub h: Price,
    /// The lowest last price within the bar, both ends included.
    pub l: Price,
    /// The last price when the bar ends; the next bar opens with it.
    pub c: Price,
    /// Shares traded; `None` where the feed does not know.
    pub v: Option<u64>,
}

/// How long a bar is. Each length divides a UTC day, so no bar crosses midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeframe {
    /// One minute, `1Min`.
    Minute,
    /// Five minutes, `5Min`.
    FiveMinutes,
    /// A quarter of an hour, `15Min`.
    QuarterHour,
    /// One hour, `1Hour`.
    Hour,
    /// One UTC day, `1Day`.
    Day,
}

impl Timeframe {
    /// All of them, shortest first.
    pub const ALL: [Self; 5] = [
        Self::Minute,
        Self::FiveMinutes,
        Self::QuarterHour,
        Self::Hour,
        Self::Day,
    ];

    /// The length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::FiveMinutes => 5 * 60,
            Self::QuarterHour => 15 * 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }

    /// The stable name used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "1Min",
            Self::FiveMinutes => "5Min",
            Self::QuarterHour => "15Min",
            Self::Hour => "1Hour",
            Self::Day => "1Day",
        }
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Timeframe {
    type Err = UnknownTimeframe;

    fn from_str(text: &str) -> Result<Self, UnknownTimeframe> {
        Self::ALL
            .into_iter()
            .find(|timeframe| timeframe.as_str() == text)
            .ok_or(UnknownTimeframe)
    }
}

/// The text names no timeframe we draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a timeframe is one of 1Min, 5Min, 15Min, 1Hour, 1Day")]
pub struct UnknownTimeframe;
