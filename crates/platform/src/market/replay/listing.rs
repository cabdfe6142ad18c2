//! Names and exchanges of the embedded symbols, as they stood in December 2022, when the files end.

use stockade_domain::symbol::Symbol;

use super::super::{AssetClass, AssetInfo};

const STOCKS: [(&str, &str, &str); 20] = [
    ("AAPL", "Apple Inc.", "NASDAQ"),
    ("AMD", "Advanced Micro Devices, Inc.", "NASDAQ"),
    ("BAC", "Bank of America Corporation", "NYSE"),
    ("BBY", "Best Buy Co., Inc.", "NYSE"),
    ("CVX", "Chevron Corporation", "NYSE"),
    ("GE", "General Electric Company", "NYSE"),
    ("HD", "The Home Depot, Inc.", "NYSE"),
    ("JNJ", "Johnson & Johnson", "NYSE"),
    ("JPM", "JPMorgan Chase & Co.", "NYSE"),
    ("KO", "The Coca-Cola Company", "NYSE"),
    ("LLY", "Eli Lilly and Company", "NYSE"),
    ("MRK", "Merck & Co., Inc.", "NYSE"),
    ("MSFT", "Microsoft Corporation", "NASDAQ"),
    ("PEP", "PepsiCo, Inc.", "NASDAQ"),
    ("PFE", "Pfizer Inc.", "NYSE"),
    ("PG", "The Procter & Gamble Company", "NYSE"),
    ("RRC", "Range Resources Corporation", "NYSE"),
    ("UNH", "UnitedHealth Group Incorporated", "NYSE"),
    ("WMT", "Walmart Inc.", "NYSE"),
    ("XOM", "Exxon Mobil Corporation", "NYSE"),
];

/// A listed stock, or else an index: the files hold nothing other.
pub(super) fn asset(symbol: Symbol) -> AssetInfo {
    match STOCKS.iter().find(|(ticker, ..)| *ticker == symbol.as_str()) {
        Some((_, name, exchange)) => AssetInfo {
            symbol,
            name,
            exchange,
            class: AssetClass::UsEquity,
            tradable: true,
            fractionable: true,
        },
        None => AssetInfo {
            symbol,
            name: "S&P 500 Index",
            exchange: "INDEX",
            class: AssetClass::Index,
            tradable: false,
            fractionable: false,
        },
    }
}
