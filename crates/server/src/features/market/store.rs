//! The only SQL that names `market_listings`, `market_bars`, `market_quotes` and `market_version`.

use std::collections::HashMap;

use jiff::Timestamp;
use stockade_domain::{price::Price, quote::Quote, symbol::Symbol};
use stockade_platform::{
    db::{DbResult, FromRow, Queryable, Row, Writable, sql},
    market::{Bar, Listing},
};

struct StoredListing(Listing);

impl FromRow for StoredListing {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self(Listing {
            symbol: row.parse()?,
            name: row.read()?,
            exchange: row.read()?,
            class: row.parse()?,
            tradable: row.read()?,
            fractionable: row.read()?,
        }))
    }
}

struct StoredBar(Symbol, Bar);

impl FromRow for StoredBar {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let symbol = row.parse()?;
        let v: Option<i64> = row.read()?;
        let bar = Bar {
            v: v.map(i64::unsigned_abs),
            t: row.read()?,
            o: row.read()?,
            h: row.read()?,
            l: row.read()?,
            c: row.read()?,
        };
        Ok(Self(symbol, bar))
    }
}

struct StoredQuote {
    symbol: Symbol,
    bid: Price,
    ask: Price,
    last: Price,
    at: Timestamp,
}

impl FromRow for StoredQuote {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            symbol: row.parse()?,
            bid: row.read()?,
            ask: row.read()?,
            last: row.read()?,
            at: row.read()?,
        })
    }
}

/// Everything that is listed.
pub(super) async fn listings(on: &mut impl Queryable) -> DbResult<Vec<Listing>> {
    let rows: Vec<StoredListing> = sql(
        "SELECT symbol, name, exchange, class, tradable, fractionable FROM market_listings ORDER BY symbol",
    )
    .all(on)
    .await?;
    Ok(rows.into_iter().map(|StoredListing(listing)| listing).collect())
}

/// Lists an asset, or changes how it is listed.
pub(super) fn list(on: &mut impl Writable, listing: &Listing) -> DbResult<()> {
    sql(
        "INSERT INTO market_listings (symbol, name, exchange, class, tradable, fractionable)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (symbol) DO UPDATE SET name = excluded.name, exchange = excluded.exchange,
             class = excluded.class, tradable = excluded.tradable, fractionable = excluded.fractionable",
    )
    .bind(listing.symbol.as_str())
    .bind(listing.name.as_str())
    .bind(listing.exchange.as_str())
    .bind(listing.class.as_str())
    .bind(listing.tradable)
    .bind(listing.fractionable)
    .later(on)
}

/// All bars, by symbol, oldest first.
pub(super) async fn bars(on: &mut impl Queryable) -> DbResult<HashMap<Symbol, Vec<Bar>>> {
    let rows: Vec<StoredBar> = sql("SELECT symbol, v, t, o, h, l, c FROM market_bars ORDER BY symbol, t")
        .all(on)
        .await?;
    let mut bars: HashMap<Symbol, Vec<Bar>> = HashMap::new();
    for StoredBar(symbol, bar) in rows {
        bars.entry(symbol).or_default().push(bar);
    }
    Ok(bars)
}

/// The newest day of any symbol.
pub(super) async fn newest_day(on: &mut impl Queryable) -> DbResult<Option<Timestamp>> {
    let newest: Option<(Option<Timestamp>,)> = sql("SELECT MAX(t) FROM market_bars").optional(on).await?;
    Ok(newest.and_then(|(t,)| t))
}

/// Stores bars; what was known of the same days is replaced.
pub(super) fn put_bars(on: &mut impl Writable, bars: &[(Symbol, Bar)]) -> DbResult<()> {
    for (symbol, bar) in bars {
        sql(
            "INSERT INTO market_bars (symbol, t, o, h, l, c, v) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (symbol, t) DO UPDATE SET o = excluded.o, h = excluded.h, l = excluded.l,
                 c = excluded.c, v = excluded.v",
        )
        .bind(symbol.as_str())
        .bind(bar.t)
        .bind(bar.o)
        .bind(bar.h)
        .bind(bar.l)
        .bind(bar.c)
        .bind(bar.v.map(|v| i64::try_from(v).unwrap_or(i64::MAX)))
        .later(on)?;
    }
    Ok(())
}

/// Quotes that came since.
pub(super) async fn quotes_since(
    on: &mut impl Queryable,
    since: Timestamp,
) -> DbResult<Vec<(Symbol, Quote)>> {
    let rows: Vec<StoredQuote> =
        sql("SELECT symbol, bid, ask, last, at FROM market_quotes WHERE received_at >= $1")
            .bind(since)
            .all(on)
            .await?;
    let quote = |row: StoredQuote| {
        let quote = Quote::new(row.bid, row.ask, row.last, row.at).ok()?;
        Some((row.symbol, quote))
    };
    Ok(rows.into_iter().filter_map(quote).collect())
}

/// Stores a quote unless a newer one is known.
pub(super) fn put_quote(
    on: &mut impl Writable,
    symbol: Symbol,
    quote: &Quote,
    now: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO market_quotes (symbol, bid, ask, last, at, received_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (symbol) DO UPDATE SET bid = excluded.bid, ask = excluded.ask, last = excluded.last,
             at = excluded.at, received_at = excluded.received_at
         WHERE market_quotes.at <= excluded.at",
    )
    .bind(symbol.as_str())
    .bind(quote.bid())
    .bind(quote.ask())
    .bind(quote.last())
    .bind(quote.at())
    .bind(now)
    .later(on)
}

/// How often listings or bars have changed.
pub(super) async fn version(on: &mut impl Queryable) -> DbResult<i64> {
    let version: Option<i64> = sql("SELECT version FROM market_version WHERE name = 'market'")
        .optional(on)
        .await?;
    Ok(version.unwrap_or(0))
}

/// Listings or bars have changed.
pub(super) fn raise_version(on: &mut impl Writable) -> DbResult<()> {
    sql("INSERT INTO market_version (name, version) VALUES ('market', 1)
         ON CONFLICT (name) DO UPDATE SET version = market_version.version + 1")
    .later(on)
}
