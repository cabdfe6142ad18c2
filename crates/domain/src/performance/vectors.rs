//! The figures of a published series: the S&P 500 from 1999 to 2018, adjusted closes.

use std::{io::Read as _, path::PathBuf};

use super::{conditional_value_at_risk, max_drawdown, sharpe, value_at_risk, volatility};

fn closes() -> Vec<(String, f64)> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment says where the data lies"
    )]
    let folder = std::env::var("STOCKADE_TEST_DATA").expect("STOCKADE_TEST_DATA names the data's folder");
    let file = PathBuf::from(folder).join("prices/sp500_daily_ohlcv_1999_2018.csv.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).expect("the closes"))
        .read_to_string(&mut text)
        .expect("text");
    let rows = text.lines().skip(1).map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        (cells[0].to_owned(), cells[5].parse().expect("an adjusted close"))
    });
    rows.collect()
}

#[test]
fn the_figures_of_the_index_are_met_to_the_last_digit() {
    let closes = closes();
    let returns: Vec<f64> = closes
        .windows(2)
        .map(|pair| pair[1].1 / pair[0].1 - 1.0)
        .collect();
    let printed = |figure: super::Figure| format!("{:.6}", figure.unwrap());
    assert_eq!(printed(volatility(&returns)), "0.190982");
    assert_eq!(printed(sharpe(&returns, 0.0)), "0.282739");
    assert_eq!(printed(value_at_risk(&returns)), "-0.018643");
    assert_eq!(printed(conditional_value_at_risk(&returns)), "-0.028609");
    let fall = max_drawdown(closes.iter().map(|(day, close)| (day.as_str(), *close))).unwrap();
    assert_eq!(format!("{:.6}", fall.depth), "-0.567754");
    assert_eq!((fall.peak, fall.trough), ("10/9/2007", "3/9/2009"));
}
