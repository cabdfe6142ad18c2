//! What is usual among everybody: counted by a job, so that newcomers are compared with something, and without names.

use serde_json::json;
use stockade::features::risk::{count_lessons, prune_lessons};

use super::{buy, read};
use crate::{on_both, support::shop::Shop};

on_both! {
    /// While little is known of anybody, what a newcomer does is held against a setting; once enough people have traded,
    /// against them. Each process counts for itself, and comes to the same.
    async fn a_newcomer_is_compared_with_everybody(database: Database) {
        let shop = Shop::start(database).await;
        for name in ["ana", "ben", "cem", "dora"] {
            let person = shop.customer(name).await.with_cash(1_000).await;
            for _ in 0..25 {
                assert_eq!(buy(&person, &shop, "10.00").await, 201);
            }
        }
        let early = shop.customer("eve").await.with_cash(1_000).await;
        assert_eq!(buy(&early, &shop, "900.00").await, 201);
        assert_eq!(count_lessons(&shop.app).await.unwrap(), 0, "what was just learnt may still be under way elsewhere");
        shop.later(60);
        assert!(count_lessons(&shop.app).await.unwrap() >= 101);
        assert_eq!(count_lessons(&shop.app).await.unwrap(), 0, "each lesson counts once");
        let late = shop.customer("fay").await.with_cash(2_000).await;
        let held = late.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "notional": "900.00" }));
        let held = held.send().await.expect(202);
        assert_eq!(held["risk"]["reasons"][0]["code"], "unusual_amount");

        let other = shop.second().await;
        assert_eq!(buy(&late, &other, "900.00").await, 201, "it has not counted yet");
        count_lessons(&other.app).await.unwrap();
        let last = shop.customer("gil").await.with_cash(2_000).await;
        assert_eq!(buy(&last, &other, "900.00").await, 202);

        assert_eq!(prune_lessons(&shop.app).await.unwrap(), 0, "few are kept whole");
        let tags: Vec<(String,)> = read(&shop, "SELECT tags FROM risk_lessons").await;
        let hidden = |(tags,): &(String,)| {
            let mut words = tags.split(' ');
            words.all(|word| word == "-" || (word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit())))
        };
        assert!(tags.len() >= 101 && tags.iter().all(hidden), "{tags:?}");
    }
}
