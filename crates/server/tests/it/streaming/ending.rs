//! How a stream ends: with its session, with the program, with a client that is gone.

use serde_json::json;

use crate::{
    on_both,
    support::{
        listener::{Listener, Relay},
        people::PASSWORD,
        shop::Shop,
        socket::{Door, within},
    },
};

on_both! {
    /// Whoever signs out hears no more prices; other sessions of theirs do.
    async fn a_stream_ends_with_its_session(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let other = shop.sign_in("ana@example.com", PASSWORD).await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let mut ending = Listener::with_token(door.address, &ana.tokens.access).await;
        let mut staying = Listener::with_token(door.address, &other.access).await;
        staying.subscribe(&["KO"]).await;
        staying.quote().await;
        shop.later(60);
        ana.post("/api/v1/auth/logout").send().await.expect(204);
        assert_eq!(ending.closed().await, Some(4001));
        shop.tick().await;
        staying.quote().await;
        let again = format!("Bearer {}", ana.tokens.access);
        let refused = Listener::open(door.address, "", &[("authorization", &again)]).await.err();
        assert_eq!(refused, Some((401, "token.revoked".to_owned())));
    }
}

on_both! {
    /// A program's stream ends with its key.
    async fn a_stream_ends_with_its_key(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let _relay = Relay::of(&shop).await;
        let ask = ana.post("/api/v1/api-keys").json(json!({"name": "ticker", "scopes": ["market:read"]}));
        let made = shop.stepped_up(&ana.tokens, ask).await.send().await.expect(201);
        let key = made["key"].as_str().unwrap();
        let mut stream = Listener::open(door.address, "", &[("x-api-key", key)]).await.expect("a stream");
        stream.subscribe(&["KO"]).await;
        ana.delete(&format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap())).send().await.expect(204);
        assert_eq!(stream.closed().await, Some(4001));
    }
}

on_both! {
    /// A program that stops says so.
    async fn streams_end_with_the_program(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let relay = Relay::of(&shop).await;
        let mut stream = Listener::with_token(door.address, &ana.tokens.access).await;
        stream.subscribe(&["KO"]).await;
        let stopping = tokio::spawn(relay.stop());
        assert_eq!(stream.closed().await, Some(1001));
        within(stopping).await.unwrap();
    }
}

on_both! {
    /// A client that answers nothing is gone, and gives its place back.
    async fn a_silent_client_is_gone(database: Database) {
        let shop = Shop::start_with(database, &[("STREAM__HEARTBEAT_MS", "50")]).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        // Nobody reads here, so nobody answers.
        let silent = Listener::with_token(door.address, &ana.tokens.access).await;
        within(async {
            while shop.app.streams.open() == 1 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        drop(silent);
    }
}
