//! Who may open a stream, and how they prove it.

use crate::{
    on_both,
    support::{
        listener::Listener,
        people::{PASSWORD, text},
        shop::Shop,
        socket::Door,
    },
};

async fn ticket(shop: &Shop, token: &str) -> String {
    let made = shop
        .post("/api/v1/stream/ticket")
        .bearer(token)
        .send()
        .await
        .expect(201);
    format!("?ticket={}", text(&made["ticket"]))
}

on_both! {
    /// A ticket opens one stream, within a minute, as long as its session lives. An access token opens none by its
    /// address, and a ticket nothing else.
    async fn a_ticket_opens_one_stream(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let door = Door::of(&shop).await;
        let token = &ana.tokens.access;

        let first = ticket(&shop, token).await;
        assert!(Listener::open(door.address, &first, &[]).await.is_ok());
        let again = Listener::open(door.address, &first, &[]).await.err().unwrap();
        assert_eq!(again, (401, "stream.ticket_invalid".to_owned()));

        let late = ticket(&shop, token).await;
        shop.later(61);
        let late = Listener::open(door.address, &late, &[]).await.err().unwrap();
        assert_eq!(late.1, "stream.ticket_invalid");

        for query in [format!("?ticket={token}"), format!("?access_token={token}"), String::new()] {
            let refused = Listener::open(door.address, &query, &[]).await.err().unwrap();
            assert_eq!(refused.0, 401, "{query}");
        }
        let elsewhere = ticket(&shop, token).await;
        shop.get(&format!("/api/v1/auth/me{elsewhere}")).send().await.refused(401, "token.missing");
        shop.get(&format!("/api/v1/stream{elsewhere}")).send().await.refused(401, "token.missing");

        let ended = ticket(&shop, token).await;
        ana.post("/api/v1/auth/logout").send().await.expect(204);
        let ended = Listener::open(door.address, &ended, &[]).await.err().unwrap();
        assert_eq!(ended, (401, "token.revoked".to_owned()));
    }
}

on_both! {
    /// A page of another site can make a browser begin a stream with our cookie, and gets none.
    async fn a_foreign_page_opens_no_stream(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let answer = shop
            .login("ana@example.com", PASSWORD)
            .to("/api/v1/auth/login?session=cookie")
            .header("sec-fetch-site", "same-origin")
            .send()
            .await;
        let cookies: Vec<&str> = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|line| line.to_str().unwrap().split(';').next().unwrap())
            .collect();
        let cookies = cookies.join("; ");
        let door = Door::of(&shop).await;
        let own = format!("http://{}", door.address);
        let with = async |origin: Option<&str>| {
            let headers: Vec<(&str, &str)> = origin.map(|origin| ("origin", origin)).into_iter().chain([("cookie", cookies.as_str())]).collect();
            Listener::open(door.address, "", &headers).await.map(|_| ())
        };
        assert_eq!(with(Some(&own)).await, Ok(()));
        assert_eq!(with(Some(&shop.app.config.server.public_url)).await, Ok(()));
        for origin in [None, Some("http://evil.example"), Some("null"), Some("https://127.0.0.1.evil.example"), Some("")] {
            assert_eq!(with(origin).await, Err((403, "csrf.cross_site".to_owned())), "{origin:?}");
        }
    }
}

on_both! {
    /// A stream is a WebSocket, one person has so many, and all together no more than there may be.
    async fn streams_are_counted(database: Database) {
        let limits = [("STREAM__CONNECTIONS", "3"), ("STREAM__CONNECTIONS_PER_PERSON", "2")];
        let shop = Shop::start_with(database, &limits).await;
        let (ana, bob, eve) = (shop.customer("ana").await, shop.customer("bob").await, shop.customer("eve").await);
        let door = Door::of(&shop).await;
        ana.get("/api/v1/stream").send().await.refused(426, "stream.upgrade_required");

        let one = Listener::with_token(door.address, &ana.tokens.access).await;
        let _two = Listener::with_token(door.address, &ana.tokens.access).await;
        let bearer = |token: &str| format!("Bearer {token}");
        let (anas, eves) = (bearer(&ana.tokens.access), bearer(&eve.tokens.access));
        let third = Listener::open(door.address, "", &[("authorization", &anas)]).await.err();
        assert_eq!(third, Some((429, "stream.too_many_connections".to_owned())));
        let _other = Listener::with_token(door.address, &bob.tokens.access).await;
        let full = Listener::open(door.address, "", &[("authorization", &eves)]).await.err();
        assert_eq!(full, Some((503, "stream.full".to_owned())));

        one.hang_up().await;
        while shop.app.streams.open() == 3 {
            tokio::task::yield_now().await;
        }
        Listener::with_token(door.address, &eve.tokens.access).await;
    }
}
