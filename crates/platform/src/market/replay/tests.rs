//! The replayed market from outside: what quotes and bars promise each other.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use stockade_domain::{price::Price, symbol::Symbol};

use super::{ANCHOR, Replay, path::DAY};
use crate::market::{AssetClass, Bar, MarketFeed, Timeframe};

/// Rows in the files, and so the day after the one on which the last row closes.
const ROWS: i64 = 8_313;

static ONCE: LazyLock<Replay> = LazyLock::new(Replay::embedded);
static AGAIN: LazyLock<Replay> = LazyLock::new(Replay::embedded);

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

fn second(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap()
}

fn micros(units: i64) -> Price {
    Price::from_micros(units)
}

fn last(replay: &Replay, ticker: &str, unix: i64) -> Price {
    replay.quote(&symbol(ticker), second(unix)).unwrap().last()
}

#[test]
fn each_day_ends_on_its_historical_close() {
    let replay = Replay::embedded();
    let end_of = |day: i64| ANCHOR + (day + 1) * DAY;
    assert_eq!(last(&replay, "AAPL", end_of(0)), micros(264_000));
    assert_eq!(last(&replay, "AAPL", end_of(1)), micros(266_000));
    assert_eq!(last(&replay, "XOM", end_of(1)), micros(4_030_000));
    assert_eq!(last(&replay, "SP500", end_of(ROWS - 1)), micros(3_783_220_000));
}

#[test]
fn after_the_last_row_the_series_runs_backwards() {
    let replay = Replay::embedded();
    for back in [1, 2, 700] {
        let there = last(&replay, "KO", ANCHOR + (ROWS - back) * DAY);
        let again = last(&replay, "KO", ANCHOR + (ROWS + back) * DAY);
        assert_eq!(there, again);
    }
}

#[test]
fn the_price_crosses_midnight_and_the_turn_without_a_jump() {
    let replay = Replay::embedded();
    for day in [1, 6_168, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS - 2] {
        let midnight = ANCHOR + day * DAY;
        let before = last(&replay, "MSFT", midnight - 1).micros();
        let after = last(&replay, "MSFT", midnight).micros();
        assert!(
            (after - before).abs() * 1_000 < after,
            "day {day}: {before} {after}"
        );
    }
}

#[test]
fn nothing_is_known_before_the_first_day_or_of_strangers() {
    let replay = Replay::embedded();
    assert!(replay.quote(&symbol("KO"), second(ANCHOR - 1)).is_none());
    assert!(replay.quote(&symbol("KO"), second(ANCHOR)).is_some());
    assert!(replay.quote(&symbol("TSLA"), second(ANCHOR)).is_none());
    assert!(
        replay
            .bars(
                &symbol("TSLA"),
                Timeframe::Day,
                second(ANCHOR),
                second(ANCHOR + DAY),
                5
            )
            .is_empty()
    );
}

#[test]
fn bars_start_on_their_grid_and_stop_at_the_limit_and_the_end() {
    let replay = Replay::embedded();
    let hours =
        |start, end, limit| replay.bars(&symbol("KO"), Timeframe::Hour, second(start), second(end), limit);
    let starts = |bars: Vec<Bar>| {
        bars.iter()
            .map(|bar| bar.t.as_second() - ANCHOR)
            .collect::<Vec<_>>()
    };
    assert_eq!(starts(hours(ANCHOR, ANCHOR + 7_200, 9)), [0, 3_600]);
    assert_eq!(starts(hours(ANCHOR + 1, ANCHOR + 7_201, 9)), [3_600, 7_200]);
    assert_eq!(starts(hours(ANCHOR, ANCHOR + DAY, 3)), [0, 3_600, 7_200]);
    assert_eq!(starts(hours(ANCHOR - DAY, ANCHOR + 1, 9)), [0]);
    assert!(hours(ANCHOR + 60, ANCHOR, 9).is_empty());
}

#[test]
fn an_open_bar_does_not_know_the_future() {
    let replay = Replay::embedded();
    let now = ANCHOR + 6_168 * DAY + 40_000;
    let bars = replay.bars(&symbol("KO"), Timeframe::Day, second(now - DAY), second(now), 10);
    assert_eq!(bars.len(), 1);
    assert_eq!(bars[0].c, last(&replay, "KO", now));
}

#[test]
fn a_daily_bar_joins_two_historical_closes() {
    let replay = Replay::embedded();
    let from = ANCHOR + 3_000 * DAY;
    let bars = replay.bars(
        &symbol("JPM"),
        Timeframe::Day,
        second(from),
        second(from + 5 * DAY),
        10,
    );
    assert_eq!(bars.len(), 5);
    for (bar, next) in bars.iter().zip(&bars[1..]) {
        assert_eq!(bar.c, next.o);
    }
}

#[test]
fn the_feed_lists_twenty_stocks_and_an_index_nobody_can_buy() {
    let feed = MarketFeed::Replay(Replay::embedded());
    assert_eq!(feed.label(), "replay");
    let (stocks, indices): (Vec<_>, Vec<_>) = feed
        .assets()
        .iter()
        .partition(|asset| asset.class == AssetClass::UsEquity);
    assert!(stocks.len() == 20 && stocks.iter().all(|asset| asset.tradable && asset.fractionable));
    assert!(indices.len() == 1 && !indices[0].tradable && indices[0].symbol.as_str() == "SP500");
    assert_eq!(feed.asset(&symbol("KO")).unwrap().name, "The Coca-Cola Company");
    assert!(feed.asset(&symbol("TSLA")).is_none());
}

#[test]
fn search_puts_symbols_before_names() {
    let feed = MarketFeed::Replay(Replay::embedded());
    let found = |text| {
        feed.search(text)
            .iter()
            .map(|asset| asset.symbol.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("ge"), ["GE", "RRC"]);
    assert_eq!(found("corporation"), ["BAC", "CVX", "MSFT", "RRC", "XOM"]);
    assert_eq!(found("coca"), ["KO"]);
    assert_eq!(found("S&P"), ["SP500"]);
    assert!(found("  ").is_empty() && found("zzz").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn quotes_are_ordered_positive_and_repeatable(asset in 0_usize..21, at in ANCHOR..ANCHOR + 30_000 * DAY) {
        let (one, other) = (&*ONCE, &*AGAIN);
        let symbol = &one.assets()[asset].symbol;
        let quote = one.quote(symbol, second(at)).unwrap();
        prop_assert!(quote.bid().is_positive() && quote.bid() <= quote.last() && quote.last() <= quote.ask() && quote.bid() < quote.ask());
        prop_assert_eq!(other.quote(symbol, second(at)).unwrap(), quote);
    }

    #[test]
    fn a_range_agrees_with_quotes(day in 0_i64..20_000, offset in 0_i64..DAY, length in 0_i64..900) {
        let replay = &*ONCE;
        let from = ANCHOR + day * DAY + offset;
        let lasts: Vec<Price> = (from..=from + length).map(|at| last(replay, "KO", at)).collect();
        let range = replay.range(&symbol("KO"), second(from), second(from + length));
        prop_assert_eq!(range, Some((*lasts.iter().min().unwrap(), *lasts.iter().max().unwrap())));
    }

    #[test]
    fn bars_agree_with_quotes(asset in 0_usize..21, day in 0_i64..20_000, minute in 0_i64..1_440) {
        let replay = &*ONCE;
        let symbol = &replay.assets()[asset].symbol;
        let from = ANCHOR + day * DAY + minute * 60;
        let bar = replay.bars(symbol, Timeframe::Minute, second(from), second(from + 60), 1)[0];
        let lasts: Vec<Price> = (from..=from + 60).map(|at| last(replay, symbol.as_str(), at)).collect();
        prop_assert_eq!((bar.o, bar.c), (lasts[0], lasts[60]));
        prop_assert_eq!((Some(&bar.l), Some(&bar.h)), (lasts.iter().min(), lasts.iter().max()));
    }
}
