//! What an account was worth from one point in time to the next, up to now.

use jiff::{SignedDuration, Timestamp};
use stockade_domain::currency::Currency;

use crate::{
    app::App,
    features::{
        market,
        portfolio::{
            history::Entry,
            value::{self, DayValue, Holdings, Prices, day_of, end_of, start_of},
        },
    },
};

/// What is known of the past.
pub(super) struct Past {
    /// The valued days of the period, and the last one before, oldest first.
    pub(super) days: Vec<DayValue>,
    /// The last day that holdings are counted from.
    pub(super) last: Option<DayValue>,
    /// Everything that happened since that day.
    pub(super) entries: Vec<Entry>,
}

/// An account at one instant, with what flowed since the point before; in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: Timestamp,
    /// `None` where a price is missing.
    pub(super) value: Option<i64>,
    pub(super) inflow: i64,
    pub(super) outflow: i64,
    /// Whether the stretch since the point before is one whole day with a market.
    pub(super) is_trading_day: bool,
}

/// Points in time, the last of them now.
pub(super) struct Series {
    /// Where the period begins, when there was something then.
    pub(super) base: Option<Point>,
    pub(super) points: Vec<Point>,
}

impl Series {
    /// A point a day, and one for today so far.
    pub(super) fn daily(
        app: &App,
        prices: &mut Prices<'_>,
        currency: Currency,
        past: Past,
        begins: i64,
        now: Timestamp,
    ) -> Self {
        let today = day_of(now);
        let Past { days, last, entries } = past;
        let mut holdings = last
            .as_ref()
            .map(|last| last.holdings.clone())
            .unwrap_or_default();
        let first = last
            .map(|last| last.day + 1)
            .or_else(|| entries.first().map(|entry| day_of(entry.counts_from)))
            .unwrap_or(today);
        // Days that are over, but whose rows are not written yet.
        let unwritten = value::days(prices, currency, holdings.clone(), &entries, first, today - 1);
        if let Some(day) = unwritten.last() {
            holdings = day.holdings.clone();
        }
        let (mut base, mut points) = (None, Vec::new());
        for day in days.iter().chain(&unwritten) {
            let point = Point {
                at: end_of(day.day),
                value: day.value(),
                inflow: day.inflow,
                outflow: day.outflow,
                is_trading_day: day.traded,
            };
            match day.day <= begins {
                true => base = Some(point),
                false => points.push(point),
            }
        }
        let of_today = entries.iter().filter(|entry| day_of(entry.counts_from) >= today);
        points.push(point_now(app, currency, holdings, of_today, now));
        Self { base, points }
    }

    /// A point an hour over the last day, on whole hours, and one for now.
    pub(super) fn hourly(
        app: &App,
        prices: &Prices<'_>,
        currency: Currency,
        past: Past,
        now: Timestamp,
    ) -> Self {
        let Past { last, entries, .. } = past;
        let mut holdings = last.map(|last| last.holdings).unwrap_or_default();
        let hour = SignedDuration::from_hours(1);
        let begins = start_of(0) + hour * i32::try_from(now.as_second() / 3_600 - 24).unwrap_or(0);
        let mut entries = entries.iter().peekable();
        while let Some(entry) = entries.next_if(|entry| entry.counts_from < begins) {
            holdings.apply(entry);
        }
        let worth = |holdings: &Holdings, at| {
            let shares = holdings.market_value(currency, |symbol| prices.at(symbol, at))?;
            shares.checked_add(holdings.cash)
        };
        let point = |at, value| Point {
            at,
            value,
            inflow: 0,
            outflow: 0,
            is_trading_day: false,
        };
        let base = (!holdings.is_empty()).then(|| point(begins, worth(&holdings, begins)));
        let mut points = Vec::new();
        let mut at = begins + hour;
        while at < now {
            let mut next = point(at, None);
            while let Some(entry) = entries.next_if(|entry| entry.counts_from < at) {
                holdings.apply(entry);
                next.inflow += entry.flow.max(0);
                next.outflow -= entry.flow.min(0);
            }
            if base.is_some() || !points.is_empty() || !holdings.is_empty() || next.outflow > 0 {
                points.push(Point {
                    value: worth(&holdings, at),
                    ..next
                });
            }
            at += hour;
        }
        points.push(point_now(app, currency, holdings, entries, now));
        Self { base, points }
    }
}

/// The present, after what happened since the point before.
fn point_now<'e>(
    app: &App,
    currency: Currency,
    mut holdings: Holdings,
    entries: impl Iterator<Item = &'e Entry>,
    now: Timestamp,
) -> Point {
    let (mut inflow, mut outflow) = (0, 0);
    for entry in entries {
        holdings.apply(entry);
        inflow += entry.flow.max(0);
        outflow -= entry.flow.min(0);
    }
    let price = |symbol| market::quote(app, symbol).ok().map(|quote| quote.last());
    let shares = holdings.market_value(currency, price);
    Point {
        at: now,
        value: shares.and_then(|shares| shares.checked_add(holdings.cash)),
        inflow,
        outflow,
        is_trading_day: false,
    }
}
