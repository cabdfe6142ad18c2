//! `/metrics`: what it tells, whom it tells, and that dashboard and alerts ask for names that exist.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    on_both,
    support::{http::Answer, shop::Shop},
};

const TOKEN: &str = "a-token-for-Prometheus";

on_both! {
    /// What happened is counted, by class of route, by code and by kind of event.
    async fn what_happens_is_counted(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let order = json!({"symbol": "KO", "side": "buy", "qty": "1", "type": "market", "time_in_force": "day"});
        ana.signed_post("/api/v1/orders", order).send().await.expect(201);
        shop.get("/api/v1/auth/me").bearer("nonsense").send().await.refused(401, "token.invalid");
        let page = scrape(&shop).await;
        assert!(page.ends_with("# EOF\n"));
        for (series, least) in [
            (r#"stockade_requests_total{class="trade",outcome="served"}"#, 1.0),
            (r#"stockade_requests_total{class="read",outcome="refused"}"#, 1.0),
            (r#"stockade_request_duration_seconds_count{class="trade"}"#, 1.0),
            (r#"stockade_request_duration_seconds_bucket{le="+Inf",class="trade"}"#, 1.0),
            (r#"stockade_refusals_total{code="token.invalid"}"#, 1.0),
            (r#"stockade_events_total{kind="order.filled",outcome="success"}"#, 1.0),
            (r#"stockade_events_total{kind="sign_in.succeeded",outcome="success"}"#, 1.0),
            (r#"stockade_session_checks_total{path="database"}"#, 1.0),
            ("process_resident_memory_bytes", 1_000_000.0),
            ("process_open_fds", 3.0),
        ] {
            assert!(value(&page, series) >= least, "{series} in {page}");
        }
        // Nobody is named.
        assert!(!page.contains('@'), "{page}");
    }
}

on_both! {
    /// Only the networks and the token that the settings name; a request that an unknown proxy passed on is not from inside.
    async fn strangers_do_not_read_it(database: Database) {
        let shop = Shop::start_with(database, &[("OBSERVABILITY__METRICS_TOKEN", TOKEN)]).await;
        let ask = || shop.get("/metrics");
        ask().from("203.0.113.9").send().await.refused(403, "metrics.not_allowed");
        ask().from("203.0.113.9").bearer("another token").send().await.refused(403, "metrics.not_allowed");
        ask().from("203.0.113.9").bearer("").send().await.refused(403, "metrics.not_allowed");
        let passed_on = ask().from("127.0.0.1").header("x-forwarded-for", "127.0.0.1").send().await;
        passed_on.refused(403, "metrics.not_allowed");
        let passed_on = ask().from("127.0.0.1").header("forwarded", "for=127.0.0.1").send().await;
        passed_on.refused(403, "metrics.not_allowed");
        assert_eq!(ask().from("127.0.0.1").send().await.status, 200);
        assert_eq!(ask().from("203.0.113.9").bearer(TOKEN).send().await.status, 200);
    }
}

on_both! {
    /// The dashboard and the alerts ask for no name and no label that this program does not export.
    async fn dashboard_and_alerts_ask_for_what_there_is(database: Database) {
        let shop = Shop::start(database).await;
        let kind = shop.kind();
        let ana = shop.customer("ana").await;
        ana.get("/api/v1/cash").send().await.expect(200);
        let page = scrape(&shop).await;
        let mut exported: BTreeSet<String> = page
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split(['{', ' ']).next().map(str::to_owned))
            .collect();
        // Families that have no rows until something happens, or on the other database.
        for line in page.lines().filter(|line| line.starts_with("# TYPE")) {
            let mut words = line.split(' ').skip(2);
            let (name, kind) = (words.next().unwrap(), words.next().unwrap());
            exported.insert(if kind == "counter" { format!("{name}_total") } else { name.to_owned() });
        }
        let only_postgres = ["stockade_database_connections", "stockade_database_connections_limit"];
        if kind == crate::support::database::Kind::Sqlite {
            exported.extend(only_postgres.map(str::to_owned));
        }
        for text in [
            include_str!("../../../../deploy/grafana/stockade.json"),
            include_str!("../../../../deploy/prometheus/stockade.rules.yaml"),
        ] {
            let asked = names(text);
            assert!(asked.len() > 10);
            let unknown: Vec<_> = asked.difference(&exported).collect();
            assert!(unknown.is_empty(), "{unknown:?} are not exported");
        }
    }
}

/// What this program's metrics are called in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words =
        text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':'));
    words
        .filter(|word| word.starts_with("stockade_") || word.starts_with("process_"))
        .map(str::to_owned)
        .collect()
}

async fn scrape(shop: &Shop) -> String {
    let answer: Answer = shop.get("/metrics").from("127.0.0.1").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    answer.text()
}

#[track_caller]
fn value(page: &str, series: &str) -> f64 {
    let found = page
        .lines()
        .find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("{series} is missing in {page}"))
}
