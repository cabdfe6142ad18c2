//! A provider's API: a local server answers in the shapes that Alpaca documents, and fails in the ways that servers do.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::{Value, json};
use stockade::features::market::{poll_days, poll_quotes, refresh};
use stockade_domain::roles::Role;

use crate::{on_both, support::shop::Shop};

/// Somebody who behaves like the provider.
#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Behaviour>>);

#[derive(Default)]
struct Behaviour {
    asked: Vec<String>,
    keys: Vec<(String, String)>,
    /// What to answer instead of prices.
    fails_with: Option<(u16, Option<u32>)>,
    price: f64,
    at: String,
}

impl Desk {
    async fn open(price: f64, at: &str) -> (Self, String) {
        let desk = Self::default();
        desk.says(price, at);
        let router = Router::new()
            .route("/v2/stocks/snapshots", get(snapshots))
            .route("/v2/stocks/bars", get(bars))
            .with_state(desk.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (desk, url)
    }

    fn says(&self, price: f64, at: &str) {
        let mut behaviour = self.0.lock().unwrap();
        (behaviour.price, behaviour.at) = (price, at.to_owned());
    }

    fn fails_with(&self, failure: Option<(u16, Option<u32>)>) {
        self.0.lock().unwrap().fails_with = failure;
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().asked.len()
    }

    fn hear(&self, query: Option<String>, headers: &HeaderMap) -> Option<Response> {
        let mut behaviour = self.0.lock().unwrap();
        behaviour.asked.push(query.unwrap_or_default());
        let said = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        behaviour
            .keys
            .push((said("apca-api-key-id"), said("apca-api-secret-key")));
        let (status, wait) = behaviour.fails_with?;
        let status = StatusCode::from_u16(status).unwrap();
        Some(match wait {
            Some(wait) => (status, [(header::RETRY_AFTER, wait.to_string())], "{}").into_response(),
            None => (status, "{\"message\":\"no\"}").into_response(),
        })
    }
}

/// `GET /v2/stocks/snapshots`, as it is documented.
async fn snapshots(State(desk): State<Desk>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if let Some(failure) = desk.hear(query, &headers) {
        return failure;
    }
    let behaviour = desk.0.lock().unwrap();
    let (price, at) = (behaviour.price, behaviour.at.as_str());
    let bar =
        json!({"c": price, "h": price, "l": price, "n": 12, "o": price, "t": at, "v": 3400, "vw": price});
    let answer: Value = json!({
        "ACME": {
            "dailyBar": bar, "minuteBar": bar, "prevDailyBar": bar,
            "latestQuote": {"ap": price + 0.02, "as": 3, "ax": "V", "bp": price - 0.01, "bs": 1, "bx": "V", "c": ["R"], "t": at, "z": "C"},
            "latestTrade": {"c": ["@"], "i": 52983525029461_u64, "p": price, "s": 100, "t": at, "x": "V", "z": "C"},
        },
        "GONE": null,
    });
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// `GET /v2/stocks/bars`, as it is documented, in two pages.
async fn bars(State(desk): State<Desk>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let second = query
        .as_deref()
        .is_some_and(|query| query.contains("page_token=next"));
    if let Some(failure) = desk.hear(query, &headers) {
        return failure;
    }
    let day = |day: u32, close: f64| json!({"t": format!("2026-05-{day}T04:00:00Z"), "o": 10, "h": 12.5, "l": 9.75, "c": close, "v": 5000, "n": 77, "vw": 11.1});
    let answer = if second {
        json!({"bars": {"ACME": [day(29, 11.75)]}, "next_page_token": null})
    } else {
        json!({"bars": {"ACME": [day(28, 11.5)]}, "next_page_token": "next"})
    };
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// A shop that asks this provider, with one asset listed.
async fn shop(database: crate::support::database::Database, url: &str, per_minute: &str) -> Shop {
    let settings = [
        ("MARKET__FEED", "alpaca"),
        ("MARKET__STALE_AFTER_MINUTES", "15"),
        ("ALPACA__URL", url),
        ("ALPACA__KEY", "the-key"),
        ("ALPACA__SECRET", "the-secret"),
        ("ALPACA__REQUESTS_PER_MINUTE", per_minute),
        ("OUTGOING__ALLOWED_NETWORKS", "127.0.0.0/8"),
    ];
    let shop = Shop::start_with(database, &settings).await;
    let operator = shop.staff(Role::Operator).await;
    let asset = json!({
        "symbol": "ACME", "name": "Acme", "exchange": "NASDAQ", "class": "us_equity", "tradable": true, "fractionable": true,
    });
    shop.post("/api/v1/admin/assets")
        .bearer(&operator.access)
        .json(asset)
        .send()
        .await
        .expect(201);
    shop
}

on_both! {
    /// Quotes and days come from the provider, are stored, and are traded on as long as they are fresh.
    async fn a_provider_is_asked(database: Database) {
        let (desk, url) = Desk::open(25.5, "2026-06-01T12:00:00.123456789Z").await;
        let shop = shop(database, &url, "100").await;
        shop.later(1);
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 1);
        assert_eq!(poll_days(&shop.app).await.unwrap(), 2);
        refresh(&shop.app).await.unwrap();
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let quote = ana.get("/api/v1/assets/ACME/quote").send().await.expect(200);
        assert_eq!((&quote["bid"], &quote["ask"], &quote["last"]), (&json!("25.49"), &json!("25.52"), &json!("25.5")));
        assert_eq!((&quote["feed"], &quote["delayed"]), (&json!("alpaca"), &json!(false)));
        let bars = ana.get("/api/v1/assets/ACME/bars").send().await.expect(200);
        let closes: Vec<_> = bars["items"].as_array().unwrap().iter().map(|bar| bar["c"].clone()).collect();
        assert_eq!(closes, [json!("11.5"), json!("11.75")]);
        let bought = ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "ACME", "qty": "1"})).send().await.expect(201);
        assert_eq!(bought["filled_avg_price"], "25.52");
        let heard = desk.0.lock().unwrap();
        assert!(heard.keys.iter().all(|keys| *keys == ("the-key".to_owned(), "the-secret".to_owned())));
        assert!(heard.asked[0].contains("symbols=ACME") && heard.asked[0].contains("feed=iex"), "{:?}", heard.asked);
        assert!(heard.asked[1].contains("adjustment=raw") && heard.asked[1].contains("timeframe=1Day"), "{:?}", heard.asked);
        assert!(heard.asked.iter().all(|query| !query.contains("the-")), "no key in an address");
    }
}

on_both! {
    /// A provider that fails is left alone for longer and longer, and asked again once that is over; prices meanwhile grow
    /// old and say so.
    async fn a_failing_provider_is_left_alone(database: Database) {
        let (desk, url) = Desk::open(25.5, "2026-06-01T12:00:00Z").await;
        let shop = shop(database, &url, "100").await;
        shop.later(1);
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 1);
        desk.fails_with(Some((500, None)));
        let before = desk.asked();
        // A minute in seconds: 1, 2, 4, 8, 16 and 32 seconds of rest, each between half and whole.
        for _ in 0..60 {
            shop.later(1);
            assert_eq!(poll_quotes(&shop.app).await.unwrap(), 0);
        }
        let tried = desk.asked() - before;
        assert!((5..=9).contains(&tried), "{tried}");
        desk.fails_with(None);
        shop.later(20 * 60);
        desk.says(26.0, &shop.now().to_string());
        refresh(&shop.app).await.unwrap();
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let old = ana.get("/api/v1/assets/ACME/quote").send().await.expect(200);
        assert_eq!((&old["last"], &old["delayed"]), (&json!("25.5"), &json!(true)));
        let buy = || ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "ACME", "qty": "1"}));
        buy().send().await.refused(503, "market.stale");
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 1);
        refresh(&shop.app).await.unwrap();
        buy().send().await.expect(201);
    }
}

on_both! {
    /// We ask no more often than agreed, and wait when we are asked to.
    async fn limits_are_kept(database: Database) {
        let (desk, url) = Desk::open(25.5, "2026-06-01T12:00:00Z").await;
        let shop = shop(database, &url, "3").await;
        for _ in 0..10 {
            poll_quotes(&shop.app).await.unwrap();
        }
        assert_eq!(desk.asked(), 3);
        shop.later(61);
        desk.fails_with(Some((429, Some(120))));
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 0);
        desk.fails_with(None);
        shop.later(119);
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 0);
        assert_eq!(desk.asked(), 4);
        shop.later(2);
        assert_eq!(poll_quotes(&shop.app).await.unwrap(), 1);
    }
}

on_both! {
    /// Nonsense is no price.
    async fn nonsense_is_no_price(database: Database) {
        let (desk, url) = Desk::open(25.5, "2026-06-01T12:00:00Z").await;
        let shop = shop(database, &url, "100").await;
        for price in [-1.0, 0.0, 1e30] {
            desk.says(price, "2026-06-01T12:00:00Z");
            shop.later(400);
            assert_eq!(poll_quotes(&shop.app).await.unwrap(), 0, "{price}");
        }
    }
}
