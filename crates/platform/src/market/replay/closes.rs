//! Reads the embedded price files and says which row is played on which day.

use std::io::Read;

use flate2::read::GzDecoder;
use stockade_domain::symbol::Symbol;

use super::tick;

const STOCKS: &[u8] = include_bytes!("../../../data/us_stocks_daily_close_1990_2022.csv.gz");
const INDEX: &[u8] = include_bytes!("../../../data/sp500_index_daily_close_1990_2022.csv.gz");

/// One asset's daily closes, oldest first, in 10⁻⁶ currency units and rounded to their tick.
#[derive(Debug)]
pub(super) struct Closes {
    pub(super) symbol: Symbol,
    /// What makes this asset's path its own.
    pub(super) seed: u64,
    rows: Vec<i64>,
}

impl Closes {
    /// The price at the end of a day counted from the anchor, `day ≥ 0`.
    pub(super) fn close_of(&self, day: i64) -> i64 {
        self.rows[row_of(day, self.rows.len())]
    }

    /// The price at the start of that day, which is the close of the day before.
    pub(super) fn close_before(&self, day: i64) -> i64 {
        self.close_of(day - 1)
    }
}

/// Forwards to the last row, backwards to the first, and so on: neighbouring days play neighbouring rows.
fn row_of(day: i64, rows: usize) -> usize {
    let last = rows as i64 - 1;
    let along = day.rem_euclid(2 * last);
    along.min(2 * last - along) as usize
}

/// All assets, sorted by symbol.
pub(super) fn embedded() -> Vec<Closes> {
    let mut all = decode(STOCKS)
        .into_iter()
        .chain(decode(INDEX))
        .collect::<Vec<_>>();
    all.sort_by_key(|closes| closes.symbol);
    all
}

/// A header of `Date` and symbols, then a line a day. The files are part of the program, so a fault in one is a fault
/// in the build, and the tests read both.
fn decode(packed: &[u8]) -> Vec<Closes> {
    let mut text = String::new();
    GzDecoder::new(packed)
        .read_to_string(&mut text)
        .expect("the embedded file is whole");
    let mut lines = text.lines();
    let header = lines.next().expect("the embedded file has a header");
    let mut all: Vec<Closes> = header.split(',').skip(1).map(empty).collect();
    for line in lines {
        let cells = line.split(',').skip(1);
        for (closes, cell) in all.iter_mut().zip(cells) {
            closes.rows.push(tick::nearest(micros(cell)));
        }
    }
    all
}

fn empty(ticker: &str) -> Closes {
    let symbol = ticker.parse().expect("the embedded file's header holds symbols");
    Closes {
        symbol,
        seed: seed(ticker),
        rows: Vec::with_capacity(8_400),
    }
}

/// FNV-1a, 64 bits: a stable number for a name.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// `12.5` → 12,500,000. The files hold plain decimals with at most four places.
fn micros(cell: &str) -> i64 {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    let digits = |text: &str| text.bytes().fold(0, |n, byte| n * 10 + i64::from(byte - b'0'));
    digits(whole) * 1_000_000 + digits(part) * 10_i64.pow(6 - part.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_hold_8313_closes_of_21_symbols() {
        let all = embedded();
        assert_eq!(all.len(), 21);
        assert!(all.iter().all(|closes| closes.rows.len() == 8_313));
        assert!(
            all.iter()
                .all(|closes| closes.rows.iter().all(|close| *close > 0))
        );
    }

    #[test]
    fn first_and_last_rows_are_those_of_the_files() {
        let all = embedded();
        let ends = |symbol: &str| {
            let rows = &all
                .iter()
                .find(|closes| closes.symbol.as_str() == symbol)
                .unwrap()
                .rows;
            (rows[0], rows[8_312])
        };
        assert_eq!(ends("AAPL"), (264_000, 125_670_000));
        assert_eq!(ends("SP500"), (359_690_000, 3_783_220_000));
    }

    #[test]
    fn days_run_to_the_last_row_and_back_without_a_jump() {
        let rows: Vec<usize> = (0..=9).map(|day| row_of(day, 4)).collect();
        assert_eq!(rows, [0, 1, 2, 3, 2, 1, 0, 1, 2, 3]);
        assert_eq!(row_of(-1, 4), 1);
    }
}
