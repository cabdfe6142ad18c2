//! A client that stays and takes nothing.

use serde_json::json;
use stockade_domain::roles::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    mail::notices::person,
    on_both,
    support::{shop::Shop, socket::Door},
};

on_both! {
    /// Nothing piles up for it, and in the end it is cut off: its place is free, its connection is gone.
    async fn a_client_that_takes_nothing_is_cut_off(database: Database) {
        let shop = Shop::start_with(database, &[("EVENTS__SLOW_SECONDS", "1")]).await;
        let analyst = shop.staff(Role::Analyst).await;
        let ana = shop.join("ana@example.com", crate::support::people::PASSWORD).await;
        let much = json!({ "words": "x".repeat(60_000) });
        for _ in 0..400 {
            shop.happened(person(&ana, "203.0.113.7"), "profile.changed", &ana, much.clone()).await;
        }
        shop.number_the_log().await;
        let door = Door::of(&shop).await;
        let mut client = door.connect().await;
        let ask = format!(
            "GET /api/admin/security/events?after=0 HTTP/1.1\r\nhost: localhost:8000\r\nauthorization: Bearer {}\r\n\r\n",
            analyst.access
        );
        client.write_all(ask.as_bytes()).await.unwrap();
        while shop.app.listeners.open() == 0 {
            tokio::task::yield_now().await;
        }
        while shop.app.listeners.open() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        // What was on its way is still there; after that comes nothing more.
        let mut taken = Vec::new();
        let _ = client.read_to_end(&mut taken).await;
        assert!(taken.starts_with(b"HTTP/1.1 200 OK"));
        assert!(taken.len() < 400 * 60_000, "{} bytes", taken.len());
    }
}
