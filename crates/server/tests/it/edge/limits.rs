//! Limits of the transport, over a socket: heads, bodies, time, connections. Each story also shows who keeps to them.

use std::sync::{Arc, Barrier};

use serde_json::json;
use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade_platform::db::sql;
use tokio::io::AsyncWriteExt as _;

use crate::{
    on_both,
    support::{
        shop::Shop,
        socket::{Door, ask, rest},
    },
};

const ABOUT: &str = "GET /api/v1/about HTTP/1.1\r\nhost: localhost\r\n";

/// A second each.
const HASTY: [(&str, &str); 3] = [
    ("SERVER__HEADER_TIMEOUT_SECONDS", "1"),
    ("SERVER__BODY_TIMEOUT_SECONDS", "1"),
    ("SERVER__IDLE_TIMEOUT_SECONDS", "1"),
];

fn login(length: usize, body: &str) -> String {
    format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

on_both! {
    /// A head that never ends, a body that never comes and a connection that nobody uses do not stay.
    async fn slow_clients_are_sent_away(database: Database) {
        let shop = Shop::start_with(database, &HASTY).await;
        let door = Door::of(&shop).await;

        assert_eq!(door.say(ABOUT.as_bytes()).await, "", "half a head is answered by the connection's end");
        assert_eq!(door.say(b"").await, "");

        let slow = door.say(login(100, "{\"email\":").as_bytes()).await;
        assert!(slow.starts_with("HTTP/1.1 408 "), "{slow}");
        assert!(slow.contains("request.slow_body"), "{slow}");

        let mut kept = door.connect().await;
        for _ in 0..3 {
            assert!(ask(&mut kept, &format!("{ABOUT}\r\n")).await.starts_with("HTTP/1.1 200 "));
        }
        assert_eq!(rest(&mut kept).await, "");
        // None of them held a place at work.
        assert_eq!(shop.app.admission.load(), (0, 0));
    }
}

on_both! {
    /// A body may be so long, whether its length is declared or not; a head may be so long and have so many lines.
    async fn what_is_too_long_is_refused(database: Database) {
        let shop = Shop::start_with(database, &[("SERVER__BODY_LIMIT_BYTES", "2048")]).await;
        let door = Door::of(&shop).await;

        let declared = door.say(login(2_049, "{").as_bytes()).await;
        assert!(declared.starts_with("HTTP/1.1 413 ") && declared.contains("request.too_large"), "{declared}");
        let chunk = format!("800\r\n{}\r\n", "x".repeat(2_048));
        let chunked = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n"
        );
        let chunked = door.say(chunked.as_bytes()).await;
        assert!(chunked.starts_with("HTTP/1.1 413 "), "{chunked}");
        let short = format!("{:<2048}", r#"{"email":"a@example.com","password":"x"}"#);
        let fits = ask(&mut door.connect().await, &login(2_048, &short)).await;
        assert!(fits.starts_with("HTTP/1.1 401 "), "{fits}");

        let long = door.say(format!("{ABOUT}x-long: {}\r\n\r\n", "x".repeat(70_000)).as_bytes()).await;
        assert!(long.starts_with("HTTP/1.1 431 "), "{long}");
        let many = door.say(format!("{ABOUT}{}\r\n", "x-many: 1\r\n".repeat(150)).as_bytes()).await;
        assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
        let fits = ask(&mut door.connect().await, &format!("{ABOUT}x-long: {}\r\n\r\n", "x".repeat(7_000))).await;
        assert!(fits.starts_with("HTTP/1.1 200 "), "{fits}");
    }
}

on_both! {
    /// An answer takes so long and no longer. What was asked for is neither lost nor done twice: the same request, sent
    /// again, gets what came of the first. Whoever did not have to wait is answered as ever.
    async fn work_that_takes_too_long_is_given_up(database: Database) {
        let shop = Shop::start_with(database, &[("SERVER__REQUEST_TIMEOUT_SECONDS", "1")]).await;
        let ana = shop.customer("ana").await.with_cash(1).await;
        let (busy, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (app, started, end) = (shop.app.clone(), Arc::clone(&busy), Arc::clone(&go_on));
        let other = tokio::spawn(async move {
            let unit = async move |change: &mut Change<'_>| {
                sql("UPDATE balances SET held = held").run(change).await?;
                started.wait();
                end.wait();
                change.commit(AuditEvent::done("story.told"), ())
            };
            app.change(Actor::program("story"), unit).await
        });
        busy.wait();
        let deposit = || {
            let ask = ana.post("/api/v1/cash/deposits").header("idempotency-key", "once");
            ask.json(json!({ "amount": "5.00", "currency": "USD" })).signed(&ana.key)
        };
        deposit().send().await.refused(408, "request.timeout");
        shop.get("/api/v1/about").send().await.expect(200);
        go_on.wait();
        other.await.unwrap().unwrap();
        let done = deposit().send().await.expect(201);
        assert_eq!(done["amount"], "5.00");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["balance"], "6.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// One address has so many connections and no more, until one ends.
    async fn connections_are_counted(database: Database) {
        let shop = Shop::start_with(database, &[("SERVER__CONNECTIONS_PER_ADDRESS", "2")]).await;
        let door = Door::of(&shop).await;
        let request = format!("{ABOUT}\r\n");
        let (mut one, mut two) = (door.connect().await, door.connect().await);
        assert!(ask(&mut one, &request).await.starts_with("HTTP/1.1 200 "));
        assert!(ask(&mut two, &request).await.starts_with("HTTP/1.1 200 "));
        assert_eq!(door.say(request.as_bytes()).await, "");

        one.shutdown().await.unwrap();
        assert_eq!(rest(&mut one).await, "");
        loop {
            let mut again = door.connect().await;
            let _ = again.write_all(format!("{ABOUT}connection: close\r\n\r\n").as_bytes()).await;
            // The server may learn a moment later than we that the other connection has ended.
            if rest(&mut again).await.starts_with("HTTP/1.1 200 ") {
                break;
            }
        }
    }
}

on_both! {
    /// Told to stop, the server finishes and ends, also with connections that only wait.
    async fn a_stop_ends_idle_connections(database: Database) {
        let shop = Shop::start(database).await;
        let door = Door::of(&shop).await;
        let mut idle = door.connect().await;
        assert!(ask(&mut idle, &format!("{ABOUT}\r\n")).await.starts_with("HTTP/1.1 200 "));
        door.close().await;
        assert_eq!(rest(&mut idle).await, "");
    }
}
