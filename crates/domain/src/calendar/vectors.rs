//! The calendar against twenty years in which the exchange really opened.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::PathBuf;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::holidays::is_trading_day;

/// Closures out of turn: September 2001, two state funerals and a third, and a hurricane.
const OUT_OF_TURN: [Date; 9] = [
    date(2001, 9, 11),
    date(2001, 9, 12),
    date(2001, 9, 13),
    date(2001, 9, 14),
    date(2004, 6, 11),
    date(2007, 1, 2),
    date(2012, 10, 29),
    date(2012, 10, 30),
    date(2018, 12, 5),
];

#[test]
fn the_days_that_were_traded_are_the_calendars() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment says where the data lies"
    )]
    let Ok(folder) = std::env::var("STOCKADE_TEST_DATA") else {
        return;
    };
    let file = PathBuf::from(folder).join("prices/sp500_daily_ohlcv_1999_2018.csv.gz");
    let mut text = String::new();
    let packed = std::fs::File::open(file).expect("the prices");
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .expect("their form");
    let traded: BTreeSet<Date> = text
        .lines()
        .skip(1)
        .map(|line| {
            let day = line.split(',').next().expect("a date");
            Date::strptime("%m/%d/%Y", day).expect("a date")
        })
        .collect();
    let foretold: BTreeSet<Date> = date(1999, 1, 1)
        .series(1.day())
        .take_while(|day| *day <= date(2018, 12, 31))
        .filter(|day| is_trading_day(*day) && !OUT_OF_TURN.contains(day))
        .collect();
    assert_eq!(traded.len(), 5_031);
    let wrong: Vec<_> = traded.symmetric_difference(&foretold).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
