//! Alpaca's market data over HTTP (version 2): the shapes of its answers and nothing else. When to ask, and what to do
//! when it fails, is [`super::provider`]'s.
//!
//! Numbers are read from their text, so that no price passes through a float.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use stockade_domain::{amounts, decimal::DecimalText, price::Price, quote::Quote, symbol::Symbol};

use super::{Bar, provider::FeedError};
use crate::web_client::{WebClient, WebRequest, WebResponse};

/// Longest answer, in bytes: a page of ten thousand bars.
const LONGEST: usize = 8 << 20;
/// Bars on a page.
const PAGE: &str = "10000";

/// Where Alpaca is, and how one signs in there.
pub struct Alpaca {
    web: WebClient,
    /// Scheme and host, without a slash at the end.
    url: String,
    key: SecretString,
    secret: SecretString,
    /// Their data feed: `iex`, `sip` or `delayed_sip`.
    feed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    latest_trade: Option<Trade>,
    latest_quote: Option<BidAsk>,
}

#[derive(Deserialize)]
struct Trade {
    p: DecimalText,
    t: Timestamp,
}

#[derive(Deserialize)]
struct BidAsk {
    ap: DecimalText,
    bp: DecimalText,
    t: Timestamp,
}

#[derive(Deserialize)]
struct BarPage {
    /// Null when nothing lies in the stretch of time.
    bars: Option<HashMap<String, Vec<DayBar>>>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct DayBar {
    t: Timestamp,
    o: DecimalText,
    h: DecimalText,
    l: DecimalText,
    c: DecimalText,
    v: u64,
}

impl Alpaca {
    /// Asks at `url` with this key.
    pub fn new(web: WebClient, url: &str, key: SecretString, secret: SecretString, feed: &str) -> Self {
        Self {
            web,
            url: url.trim_end_matches('/').to_owned(),
            key,
            secret,
            feed: feed.to_owned(),
        }
    }

    /// The newest quotes of these symbols: the last trade's price between the best bid and ask. Symbols that it does not
    /// know, or whose prices make no quote, are left out.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub async fn quotes(&self, symbols: &[Symbol]) -> Result<Vec<(Symbol, Quote)>, FeedError> {
        let query = [("symbols", joined(symbols)), ("feed", self.feed.clone())];
        let answer = self.ask("/v2/stocks/snapshots", &query).await?;
        let found: HashMap<String, Option<Snapshot>> = read(&answer)?;
        let quotes = found.into_iter().filter_map(|(symbol, snapshot)| {
            let symbol: Symbol = symbol.parse().ok()?;
            let quote = snapshot?.quote();
            if quote.is_none() {
                tracing::debug!(%symbol, "the provider's prices make no quote");
            }
            Some((symbol, quote?))
        });
        Ok(quotes.collect())
    }

    /// Prices of whole days since `since`, unadjusted, oldest first.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub async fn days(&self, symbols: &[Symbol], since: Date) -> Result<Vec<(Symbol, Bar)>, FeedError> {
        let mut days = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut query = vec![
                ("symbols", joined(symbols)),
                ("timeframe", "1Day".to_owned()),
                ("start", since.to_string()),
                ("adjustment", "raw".to_owned()),
                ("limit", PAGE.to_owned()),
                ("feed", self.feed.clone()),
            ];
            query.extend(token.take().map(|token| ("page_token", token)));
            let page: BarPage = read(&self.ask("/v2/stocks/bars", &query).await?)?;
            for (symbol, bars) in page.bars.unwrap_or_default() {
                let symbol: Symbol = symbol.parse().map_err(|_| FeedError::Unreadable)?;
                for bar in bars {
                    days.push((symbol, bar.read()?));
                }
            }
            match page.next_page_token.filter(|token| !token.is_empty()) {
                Some(next) => token = Some(next),
                None => return Ok(days),
            }
        }
    }

    async fn ask(&self, path: &str, query: &[(&str, String)]) -> Result<WebResponse, FeedError> {
        let url = url::Url::parse_with_params(&format!("{}{path}", self.url), query);
        let url = url.map_err(|_| FeedError::Unreadable)?;
        let header = |secret: &SecretString| {
            let mut value = hyper::header::HeaderValue::try_from(secret.expose_secret())
                .map_err(|_| FeedError::Refused(401))?;
            value.set_sensitive(true);
            Ok::<_, FeedError>(value)
        };
        let request = WebRequest::get(url.as_str())?
            .header(
                hyper::header::HeaderName::from_static("apca-api-key-id"),
                header(&self.key)?,
            )
            .header(
                hyper::header::HeaderName::from_static("apca-api-secret-key"),
                header(&self.secret)?,
            )
            .at_most(LONGEST);
        FeedError::check(self.web.send(request).await?)
    }
}

impl std::fmt::Debug for Alpaca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alpaca")
            .field("feed", &self.feed)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Where nobody bids or asks, which they write as 0, the last trade stands for both.
    fn quote(self) -> Option<Quote> {
        let trade = self.latest_trade?;
        let last = price(&trade.p).ok()?;
        let side = |text: &DecimalText| price(text).unwrap_or(last);
        let (bid, ask, at) = match &self.latest_quote {
            Some(quote) => (side(&quote.bp), side(&quote.ap), trade.t.max(quote.t)),
            None => (last, last, trade.t),
        };
        // A trade outside of the quote is from before it.
        Quote::new(bid, ask, last, at).ok()
    }
}

impl DayBar {
    /// A day of theirs begins at midnight in New York; ours at midnight of the same date in UTC.
    fn read(&self) -> Result<Bar, FeedError> {
        let day = self.t.to_zoned(jiff::tz::TimeZone::UTC).date();
        let t = day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(|_| FeedError::Unreadable)?
            .timestamp();
        Ok(Bar {
            t,
            o: price(&self.o)?,
            h: price(&self.h)?,
            l: price(&self.l)?,
            c: price(&self.c)?,
            v: Some(self.v),
        })
    }
}

fn price(text: &DecimalText) -> Result<Price, FeedError> {
    amounts::price("price", text.as_str()).map_err(|_| FeedError::Unreadable)
}

fn joined(symbols: &[Symbol]) -> String {
    symbols.iter().map(Symbol::as_str).collect::<Vec<_>>().join(",")
}

fn read<T: serde::de::DeserializeOwned>(answer: &WebResponse) -> Result<T, FeedError> {
    serde_json::from_slice(&answer.body).map_err(|_| FeedError::Unreadable)
}
