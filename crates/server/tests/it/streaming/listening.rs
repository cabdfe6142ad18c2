//! What is heard on a stream, and what it is not bothered by.

use serde_json::json;
use stockade::features::stream;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    on_both,
    support::{
        listener::{Heard, Listener, Relay},
        shop::Shop,
        socket::{Door, ask},
    },
};

on_both! {
    /// Prices come at once, then with each tick, for what is subscribed and nothing else.
    async fn prices_come_for_what_is_subscribed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let mut stream = Listener::with_token(door.address, &ana.tokens.access).await;

        assert_eq!(stream.subscribe(&["KO", "AAPL"]).await, json!({"type": "subscribed", "symbols": ["AAPL", "KO"]}));
        let (first, second) = (stream.hear().await, stream.hear().await);
        assert_eq!((&first["symbol"], &second["symbol"]), (&json!("AAPL"), &json!("KO")));
        let asked = ana.get("/api/v1/assets/KO/quote").send().await.expect(200);
        for field in ["bid", "ask", "last", "at", "delayed"] {
            assert_eq!(second[field], asked[field], "{field}");
        }

        shop.tick().await;
        let moved = stream.hear().await;
        assert_eq!(moved["symbol"], "AAPL");
        assert!(moved["seq"].as_u64() > first["seq"].as_u64());
        assert_eq!(stream.hear().await["symbol"], "KO");

        stream.say(json!({"action": "unsubscribe", "symbols": ["AAPL"]})).await;
        assert_eq!(stream.hear().await["symbols"], json!(["KO"]));
        shop.tick().await;
        shop.tick().await;
        assert_eq!(stream.hear().await["symbol"], "KO");
        assert_eq!(stream.hear().await["symbol"], "KO");
        stream.hang_up().await;
    }
}

on_both! {
    /// What cannot be done is said, and the stream goes on.
    async fn mistakes_are_told(database: Database) {
        let shop = Shop::start_with(database, &[("STREAM__SYMBOLS_PER_CONNECTION", "2")]).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let mut stream = Listener::with_token(door.address, &ana.tokens.access).await;

        for nonsense in [json!([]), json!({"action": "buy"}), json!({"action": "subscribe", "symbols": ["KO"], "extra": 1})] {
            stream.say(nonsense).await;
            assert_eq!(stream.hear().await, json!({"type": "error", "code": "stream.invalid_message"}));
        }
        let unknown = stream.subscribe(&["KO", "NOSUCH", "not a symbol"]).await;
        assert_eq!(unknown, json!({"type": "error", "code": "stream.unknown_symbol", "symbols": ["NOSUCH", "not a symbol"]}));
        assert_eq!(stream.subscribe(&["KO", "GE", "XOM"]).await["code"], "stream.too_many_symbols");
        // None of it was subscribed.
        assert_eq!(stream.subscribe(&["GE", "KO"]).await["symbols"], json!(["GE", "KO"]));
    }
}

on_both! {
    /// Whoever says too much, too long, or in bytes is sent away with the reason.
    async fn bad_manners_end_a_stream(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let token = &ana.tokens.access;

        let mut long = Listener::with_token(door.address, token).await;
        long.send(Message::text("x".repeat(20_000))).await;
        assert_eq!(long.closed().await, Some(1009));
        let mut huge = Listener::with_token(door.address, token).await;
        huge.throw(Message::text("x".repeat(1_000_000))).await;
        assert!(matches!(huge.closed().await, None | Some(1009)));
        let mut bytes = Listener::with_token(door.address, token).await;
        bytes.send(Message::binary(vec![1, 2, 3])).await;
        assert_eq!(bytes.closed().await, Some(1003));
        let mut flood = Listener::with_token(door.address, token).await;
        for _ in 0..200 {
            flood.throw(Message::text("{}")).await;
        }
        assert_eq!(flood.closed().await, Some(1008));
    }
}

on_both! {
    /// A stream lives on while everything that limits requests is at its narrowest.
    async fn a_stream_is_no_request(database: Database) {
        let narrow = [
            ("ADMISSION__AT_WORK", "1"),
            ("SERVER__REQUEST_TIMEOUT_SECONDS", "1"),
            ("SERVER__IDLE_TIMEOUT_SECONDS", "1"),
            ("STREAM__HEARTBEAT_MS", "100"),
        ];
        let shop = Shop::start_with(database, &narrow).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let mut stream = Listener::with_token(door.address, &ana.tokens.access).await;
        // Heartbeats over more than twice the longest a request or an idle connection may last.
        for _ in 0..25 {
            let Heard::Said(said) = stream.anything().await else { panic!("closed") };
            assert_eq!(said["type"], "heartbeat");
        }
        assert_eq!(shop.app.admission.load(), (0, 0));
        let mut other = door.connect().await;
        let answer = ask(&mut other, "GET /api/v1/about HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

on_both! {
    /// Somebody who takes nothing is closed as too slow; somebody who listens beside them misses nothing.
    async fn a_slow_client_holds_up_nobody(database: Database) {
        let shop = Shop::start_with(database, &[("STREAM__SLOW_AFTER_MS", "200")]).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let all: Vec<String> = shop.app.market.assets().iter().map(|asset| asset.symbol.to_string()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut slow = Listener::with_token(door.address, &ana.tokens.access).await;
        slow.subscribe(&all).await;
        let mut quick = Listener::with_token(door.address, &ana.tokens.access).await;
        quick.subscribe(&["KO"]).await;
        let mut seen = quick.quote().await["seq"].as_u64();
        // Until the slow one's buffers are full and its patience is over.
        let mut ticks = 0;
        while shop.app.streams.open() == 2 {
            shop.tick().await;
            let seq = quick.quote().await["seq"].as_u64();
            assert_eq!(seq, seen.map(|seen| seen + 1_000), "the quick one misses nothing");
            seen = seq;
            ticks += 1;
            assert!(ticks < 20_000, "the slow one is never sent away");
        }
        // What was on its way arrives; then it is over.
        assert!(matches!(slow.closed().await, None | Some(4008)));
        shop.tick().await;
        quick.quote().await;
    }
}

on_both! {
    /// Whoever falls too far behind is told so as soon as they listen again.
    async fn who_lags_is_told(database: Database) {
        let shop = Shop::start_with(database, &[("STREAM__SLOW_AFTER_MS", "60000")]).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let all: Vec<String> = shop.app.market.assets().iter().map(|asset| asset.symbol.to_string()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut lagging = Listener::with_token(door.address, &ana.tokens.access).await;
        lagging.subscribe(&all).await;
        // More than the buffers of a connection hold, and then more than a stream may lie behind.
        for _ in 0..6_000 {
            shop.later(1);
            stream::catch_up(&shop.app);
        }
        assert_eq!(lagging.closed().await, Some(4008));
    }
}
