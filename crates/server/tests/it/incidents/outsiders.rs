//! What an outsider can do with failures alone: make work for nobody but themselves.

use serde_json::json;
use stockade_domain::roles::Role;

use super::ACCOUNTS;
use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

on_both! {
    /// Wrong passwords lock what strangers may try for a while; they freeze nobody and are no incident of their victim's.
    async fn failures_restrict_nobody(database: Database) {
        let shop = Shop::start(database).await;
        shop.staff(Role::Analyst).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        for round in 0..3 {
            for host in 0..6 {
                shop.guess(&ana.email, &format!("203.0.113.{host}")).await;
            }
            // Links that nobody was sent, and tokens that are none of ours.
            let not_me = shop.post("/api/v1/auth/not-me").json(json!({ "token": "AAAA" }));
            not_me.send().await.refused(422, "not_me.link_invalid");
            shop.refresh("none of ours").send().await.refused(401, "refresh.invalid");
            shop.me("none.of.ours").send().await;
            shop.later(3_600 * (round + 1));
        }
        let analyst = shop.sign_in("analyst@example.com", PASSWORD).await;
        let restricted = shop.get(&format!("{ACCOUNTS}?state=restricted")).bearer(&analyst.access);
        assert_eq!(restricted.send().await.expect(200)["items"], json!([]));
        assert_eq!(shop.incidents(&analyst, "").await, Vec::<serde_json::Value>::new());
        let hers = shop.refresh(&ana.tokens.refresh).send().await.expect(200);
        shop.me(&crate::support::people::tokens(&hers).access).send().await.expect(200);
    }
}

on_both! {
    /// Sprays from more networks than anybody could work through are a bounded number of incidents.
    async fn nobody_floods_the_desk(database: Database) {
        let settings = [("INCIDENTS__SPRAY_ACCOUNTS", "2"), ("INCIDENTS__MOST_PER_HOUR", "3")];
        let shop = Shop::start_with(database, &settings).await;
        let analyst = shop.staff(Role::Analyst).await;
        for network in 0..8 {
            for account in ["ben", "cem", "dora"] {
                shop.later(1);
                shop.guess(&format!("{account}{network}@example.com"), &format!("10.0.{network}.7")).await;
            }
            shop.gather().await;
        }
        let found = shop.incidents(&analyst, "").await;
        assert_eq!(found.len(), 4, "{found:#?}");
        let rest: Vec<_> = found.iter().filter(|incident| incident["events"].as_i64().unwrap() > 3).collect();
        assert_eq!(rest.len(), 1, "what goes beyond is one");
        // Two accounts of each further network are what it takes; a third one alone takes nothing further.
        assert_eq!(rest[0]["events"], 10);
    }
}

on_both! {
    /// Accounts that are locked all over the place are one incident, which is nobody's in particular.
    async fn a_burst_of_locks_is_one_incident(database: Database) {
        let shop = Shop::start_with(database, &[("INCIDENTS__BURST_ACCOUNTS", "2")]).await;
        let analyst = shop.staff(Role::Analyst).await;
        for (network, name) in ["ana", "ben", "cem"].into_iter().enumerate() {
            let email = format!("{name}@example.com");
            shop.join(&email, PASSWORD).await;
            for host in 1..7 {
                shop.guess(&email, &format!("10.{network}.{host}.9")).await;
            }
        }
        let found = shop.incidents(&analyst, "rule=lockout_burst").await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((&found[0]["people"], &found[0]["subject"]), (&json!(3), &json!(null)));
    }
}
