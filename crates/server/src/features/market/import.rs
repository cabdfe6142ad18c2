//! `stockade market import FILE`: prices of whole days from a CSV file.
//!
//! The file is read to its end before anything is stored, and everything that is wrong with it is said at once, each with
//! its line. What is stored for the same symbol and day is replaced, so a file may be imported again.

use std::{collections::HashSet, io::Read};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use stockade_domain::{amounts, price::Price, symbol::Symbol};
use stockade_platform::{
    db::Tx,
    market::{AssetClass, Bar, Listing, MarketFeed},
};

use super::{events, store};
use crate::{
    app::App,
    core::{actor::Actor, bookkeeping::bookkeep, change::Change},
    http::error::ApiResult,
};

/// Bars stored in one transaction.
const CHUNK: usize = 5_000;
/// Problems that are worth reading.
const PROBLEMS: usize = 100;

#[derive(Deserialize)]
struct Line {
    symbol: String,
    date: String,
    open: String,
    high: String,
    low: String,
    close: String,
    volume: Option<String>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// Counted from 1; the heading is the first.
    pub line: u64,
    /// In words.
    pub what: String,
}

/// A file that is right.
#[derive(Debug)]
pub struct Prices {
    bars: Vec<(Symbol, Bar)>,
}

impl Prices {
    /// How many bars there are.
    pub fn len(&self) -> usize {
        self.bars.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Reads a file with the heading `symbol,date,open,high,low,close` and, if known, `volume`.
    ///
    /// # Errors
    /// The first hundred problems, in the order of their lines.
    pub fn read(file: impl Read, today: Date) -> Result<Self, Vec<LineProblem>> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
        let (mut bars, mut problems) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for (at, line) in reader.deserialize::<Line>().enumerate() {
            let number = at as u64 + 2;
            let read = line
                .map_err(|error| vec![csv_words(&error)])
                .and_then(|line| read_line(&line, today));
            match read {
                Ok((symbol, bar)) if seen.insert((symbol, bar.t)) => bars.push((symbol, bar)),
                Ok((symbol, _)) => problems.push(LineProblem {
                    line: number,
                    what: format!("this day of {symbol} stands in the file before"),
                }),
                Err(whats) => {
                    problems.extend(whats.into_iter().map(|what| LineProblem { line: number, what }))
                }
            }
            if problems.len() >= PROBLEMS {
                break;
            }
        }
        if problems.is_empty() {
            Ok(Self { bars })
        } else {
            Err(problems)
        }
    }
}

/// Stores prices, lists symbols that are not listed yet, and tells every process; `told` hears how many bars are stored.
///
/// # Errors
/// When the database is away; importing again is then right.
pub async fn import(app: &App, prices: Prices, told: impl Fn(u64)) -> ApiResult<()> {
    let mut symbols: Vec<Symbol> = prices.bars.iter().map(|(symbol, _)| *symbol).collect();
    symbols.sort_unstable();
    symbols.dedup();
    let count = prices.bars.len();
    let mut stored = 0;
    for some in prices.bars.chunks(CHUNK) {
        let these = some.to_vec();
        bookkeep(&app.core.db, async move |tx: &mut Tx| store::put_bars(tx, &these)).await?;
        stored += some.len() as u64;
        told(stored);
    }
    app.change(
        Actor::program("market import"),
        async move |change: &mut Change<'_>| {
            let listed: HashSet<Symbol> = store::listings(change)
                .await?
                .iter()
                .map(|known| known.symbol)
                .collect();
            for symbol in symbols.iter().filter(|symbol| !listed.contains(symbol)) {
                store::list(change, &unnamed(*symbol))?;
            }
            store::raise_version(change)?;
            change.commit(events::imported(&symbols, count), ())
        },
    )
    .await?;
    super::refresh::refresh(app).await
}

/// Whether imported prices are what this program quotes.
pub fn quotes_imports(app: &App) -> bool {
    matches!(app.market, MarketFeed::Stored(_))
}

/// A listing of what is known from prices alone; an operator names it.
fn unnamed(symbol: Symbol) -> Listing {
    Listing {
        symbol,
        name: symbol.to_string(),
        exchange: "CSV".to_owned(),
        class: AssetClass::UsEquity,
        tradable: true,
        fractionable: true,
    }
}

/// Everything that is wrong with one line.
fn read_line(line: &Line, today: Date) -> Result<(Symbol, Bar), Vec<String>> {
    let mut wrong = Vec::new();
    let symbol: Option<Symbol> = line.symbol.parse().ok();
    if symbol.is_none() {
        wrong.push(format!("{:?} is no symbol", line.symbol));
    }
    let t = match line.date.parse::<Date>() {
        Ok(date) if date > today => {
            wrong.push(format!("{date} is in the future"));
            None
        }
        Ok(date) => date.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp()),
        Err(_) => {
            wrong.push(format!("{:?} is no date; write one as in 2026-05-29", line.date));
            None
        }
    };
    let fields = [
        ("open", &line.open),
        ("high", &line.high),
        ("low", &line.low),
        ("close", &line.close),
    ];
    let prices = fields.map(|(name, text)| price(name, text, &mut wrong));
    let v = volume(line.volume.as_deref(), &mut wrong);
    if let [Some(o), Some(h), Some(l), Some(c)] = prices {
        if l > o.min(c) || h < o.max(c) {
            wrong.push("open and close must lie between low and high".to_owned());
        }
        if let (Some(symbol), Some(t), true) = (symbol, t, wrong.is_empty()) {
            return Ok((symbol, bar(t, [o, h, l, c], v)));
        }
    }
    Err(wrong)
}

fn bar(t: Timestamp, [o, h, l, c]: [Price; 4], v: Option<u64>) -> Bar {
    Bar { t, o, h, l, c, v }
}

fn price(name: &'static str, text: &str, wrong: &mut Vec<String>) -> Option<Price> {
    amounts::price(name, text)
        .map_err(|error| wrong.push(format!("{name} {text:?}: {error}")))
        .ok()
}

fn volume(text: Option<&str>, wrong: &mut Vec<String>) -> Option<u64> {
    let text = text.filter(|text| !text.is_empty())?;
    text.parse()
        .map_err(|_| wrong.push(format!("volume {text:?} is no whole number")))
        .ok()
}

/// Without the line, which stands in front of it.
fn csv_words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{len} fields where the heading has {expected_len}")
        }
        csv::ErrorKind::Deserialize { err, .. } => format!("{}", err.kind()),
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        _ => "cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Prices, Vec<LineProblem>> {
        Prices::read(text.as_bytes(), jiff::civil::date(2026, 6, 1))
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_line() {
        let text = "symbol,date,open,high,low,close,volume\n\
                    KO,2026-05-28,10,12,9,11,100\n\
                    ko!,2026-13-01,x,12,9,11,\n\
                    KO,2026-05-29,10,9,12,11,-1\n\
                    KO,2026-05-28,10,12,9,11,\n\
                    KO,2027-01-01,10,12,9,0,\n\
                    KO,2026-05-27\n";
        let problems = read(text).unwrap_err();
        let lines: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [3, 3, 3, 4, 4, 5, 6, 6, 7], "{problems:?}");
    }

    #[test]
    fn a_right_file_is_read_to_its_end() {
        let prices =
            read("symbol,date,open,high,low,close\nKO, 2026-05-28 ,10,12,9,11\nGE,2026-05-28,1,1,1,1\n")
                .unwrap();
        assert_eq!(prices.len(), 2);
        assert!(read("symbol,date,open,high,low,close\n").unwrap().is_empty());
        assert!(read("a,b\n1,2\n").is_err());
    }
}
