//! Proxies: only those that are listed are believed about where a request comes from, and that is what is recorded and
//! counted.

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

on_both! {
    async fn the_address_that_a_trusted_proxy_heard_is_the_one_on_record(database: Database) {
        let settings = [("SERVER__TRUSTED_PROXIES", "10.0.0.0/8"), ("RATE_LIMIT__SCALE", "1")];
        let shop = Shop::start_with(database, &settings).await;
        let ana = shop.customer("ana").await;
        let login = |peer: &str, forwarded: &str| {
            shop.login(&ana.email, PASSWORD).from(peer).header("x-forwarded-for", forwarded)
        };
        login("10.0.0.7", "6.6.6.6, 203.0.113.9, 10.0.0.8").send().await.expect(200);
        login("198.51.100.1", "6.6.6.6").send().await.expect(200);
        shop.number_the_log().await;
        let mine = shop.get("/api/v1/audit/mine").bearer(&ana.tokens.access).send().await.expect(200);
        let addresses: Vec<_> = mine["items"].as_array().unwrap().iter().map(|entry| entry["ip"].as_str()).collect();
        assert!(addresses.contains(&Some("203.0.113.9")), "{mine:#}");
        assert!(addresses.contains(&Some("198.51.100.1")), "{mine:#}");
        assert!(!addresses.contains(&Some("6.6.6.6")) && !addresses.contains(&Some("10.0.0.7")), "{mine:#}");

        // A new address in the header does not buy new attempts.
        for made_up in 1..=6 {
            login("198.51.100.2", &format!("6.6.6.{made_up}")).body("{}").send().await;
        }
        login("198.51.100.2", "6.6.6.7").send().await.refused(429, "rate_limit.exceeded");
    }
}
