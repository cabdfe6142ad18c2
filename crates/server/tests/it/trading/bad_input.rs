//! Bad input: each a clear problem with the right status, and nothing left behind.

use serde_json::{Value, json};

use crate::{on_both, support::shop::Shop};

fn order(change: Value) -> Value {
    let mut order =
        json!({"symbol": "KO", "side": "buy", "qty": "1", "type": "market", "time_in_force": "day"});
    for (field, value) in change.as_object().expect("an object") {
        match value {
            Value::String(word) if word == "absent" => {
                order.as_object_mut().expect("an object").remove(field);
            }
            value => order[field] = value.clone(),
        }
    }
    order
}

on_both! {
    /// Orders that make no sense.
    async fn senseless_orders_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let cases = [
            (json!({"qty": "0"}), 422, "qty"),
            (json!({"qty": "-1"}), 422, "qty"),
            (json!({"qty": -1}), 422, "qty"),
            (json!({"qty": "NaN"}), 422, "qty"),
            (json!({"qty": "inf"}), 422, "qty"),
            (json!({"qty": "1e3"}), 422, "qty"),
            (json!({"qty": "0.0000000001"}), 422, "qty"),
            (json!({"qty": "9223372036854775808"}), 422, "qty"),
            (json!({"qty": "999999999999"}), 422, "qty"),
            (json!({"qty": true}), 422, "qty"),
            (json!({"qty": [1]}), 422, "qty"),
            (json!({"qty": null}), 422, "qty"),
            (json!({"qty": "absent"}), 422, "qty"),
            (json!({"notional": "10.00"}), 422, "notional"),
            (json!({"qty": "absent", "notional": "0.001"}), 422, "notional"),
            (json!({"qty": "absent", "notional": "-5"}), 422, "notional"),
            (json!({"limit_price": "10"}), 422, "limit_price"),
            (json!({"type": "limit"}), 422, "limit_price"),
            (json!({"type": "limit", "limit_price": "0"}), 422, "limit_price"),
            (json!({"type": "limit", "limit_price": "1.0000001"}), 422, "limit_price"),
            (json!({"type": "limit", "limit_price": "10", "qty": "absent", "notional": "5"}), 422, "notional"),
            (json!({"type": "trailing_stop"}), 422, "type"),
            (json!({"type": "stop"}), 422, "stop_price"),
            (json!({"side": "hold"}), 422, "side"),
            (json!({"side": 1}), 422, "side"),
            (json!({"time_in_force": "someday"}), 422, "time_in_force"),
            (json!({"symbol": "NOPE"}), 422, "symbol"),
            (json!({"symbol": "SP500"}), 422, "symbol"),
            (json!({"symbol": "ko"}), 422, "symbol"),
            (json!({"symbol": ""}), 422, "symbol"),
            (json!({"symbol": "KO; DROP TABLE orders"}), 422, "symbol"),
            (json!({"symbol": "absent"}), 422, "symbol"),
            (json!({"client_order_id": ""}), 422, "client_order_id"),
            (json!({"client_order_id": "with space"}), 422, "client_order_id"),
            (json!({"client_order_id": "x".repeat(129)}), 422, "client_order_id"),
            (json!({"colour": "red"}), 422, "colour"),
            (json!({"qty": "1000000000", "symbol": "UNH"}), 409, ""),
        ];
        for (change, status, field) in cases {
            let body = order(change);
            let answer = ana.signed_post("/api/v1/orders", body.clone()).send().await;
            assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.value());
            let problem = answer.value();
            assert!(problem["code"].is_string() && problem["request_id"].is_string(), "{body}: {problem}");
            if !field.is_empty() {
                assert_eq!(problem["errors"][0]["field"], field, "{body}: {problem}");
            }
        }
        assert_eq!(ana.get("/api/v1/orders").send().await.expect(200)["items"], json!([]));
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["available"], "1000.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// Requests that are no requests.
    async fn malformed_requests_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let cases: [(&str, &[u8], u16, &str); 9] = [
            ("application/json", b"", 400, "request.malformed_json"),
            ("application/json", b"{", 400, "request.malformed_json"),
            ("application/json", b"{\"qty\": NaN}", 400, "request.malformed_json"),
            ("application/json", b"\xff\xfe", 400, "request.malformed_json"),
            ("application/json", b"[]", 422, "request.invalid"),
            ("application/json", b"\"buy\"", 422, "request.invalid"),
            ("text/plain", b"{}", 415, "request.not_json"),
            ("application/x-www-form-urlencoded", b"symbol=KO", 415, "request.not_json"),
            ("application/json", &[b' '; 70_000], 413, "request.too_large"),
        ];
        for (content_type, body, status, code) in cases {
            let ask = ana.post("/api/v1/orders").header("content-type", content_type).body(body).signed(&ana.key);
            let problem = ask.send().await.expect(status);
            assert_eq!(problem["code"], code, "{content_type} {}", String::from_utf8_lossy(&body[..body.len().min(20)]));
        }
        assert_eq!(shop.get("/api/v1/nowhere").send().await.expect(404)["code"], "route.unknown");
        assert_eq!(ana.post("/api/v1/cash").send().await.expect(405)["code"], "route.method_not_allowed");
        assert_eq!(ana.get("/api/v1/orders?limit=x").send().await.expect(422)["code"], "request.invalid_query");
        assert_eq!(ana.get("/api/v1/orders?colour=red").send().await.expect(422)["code"], "request.invalid_query");
        assert_eq!(ana.get("/api/v1/assets/NOPE").send().await.expect(404)["code"], "asset.unknown");
        assert_eq!(ana.get("/api/v1/assets/%00/quote").send().await.expect(404)["code"], "asset.unknown");
        assert_eq!(ana.get("/api/v1/orders").send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// Deposits that make no sense.
    async fn senseless_deposits_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        for (amount, currency) in [
            (json!("0"), "USD"), (json!("-1.00"), "USD"), (json!("1.001"), "USD"), (json!(1e30), "USD"),
            (json!("10000000000000.00"), "USD"), (json!("ten"), "USD"), (json!("1.00"), "EUR"), (json!("1.00"), "XXX"),
            (json!(null), "USD"),
        ] {
            let ask = json!({"amount": amount, "currency": currency});
            let answer = ana.signed_post("/api/v1/cash/deposits", ask.clone()).send().await;
            assert_eq!(answer.status.as_u16(), 422, "{ask}: {}", answer.value());
        }
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["balance"], "0.00");
        shop.books_agree().await;
    }
}
