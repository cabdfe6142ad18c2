//! Many at once.

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    on_both,
    support::{people::text, shop::Shop},
};

on_both! {
    /// Two thousand buys against a balance for one thousand: never overdrawn, and none lost.
    async fn heavy_concurrent_buys_never_overdraw(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let quote = ana.get("/api/v1/assets/KO/quote").send().await.expect(200);
        // A limit at the ask holds exactly what it costs, so one thousand fit to the cent.
        let ask = text(&quote["ask"]);
        let cents: u32 = format!("{:.2}", ask.parse::<f64>().unwrap()).replace('.', "").parse().unwrap();
        let dollars = cents * 10;
        let ana = ana.with_cash(dollars).await;
        let buy = || ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": "1", "limit_price": ask}));
        let mut filled = 0;
        let mut refused = 0;
        for _ in 0..20 {
            for answer in join_all((0..100).map(|_| buy().send())).await {
                match answer.status.as_u16() {
                    201 => {
                        assert_eq!(answer.value()["status"], "filled");
                        filled += 1;
                    }
                    409 => {
                        assert_eq!(answer.value()["code"], "order.not_enough_cash");
                        refused += 1;
                    }
                    other => panic!("{other}: {}", answer.value()),
                }
            }
        }
        assert_eq!((filled, refused), (1000, 1000));
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(portfolio["cash"], "0.00");
        assert_eq!(portfolio["positions"][0]["qty"], "1000");
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}

on_both! {
    /// The same request twenty times at once is one order, and every caller gets it.
    async fn one_key_at_once_is_one_order(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let body = json!({"symbol": "KO", "qty": "1"});
        let asks = (0..20).map(|_| {
            ana.signed_post("/api/v1/portfolio/buy", body.clone()).header("idempotency-key", "same").send()
        });
        let answers = join_all(asks).await;
        let ids: Vec<_> = answers.into_iter().map(|answer| text(&answer.expect(201)["id"])).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"][0]["qty"], "1");
    }
}

on_both! {
    /// One signed request sent twenty times at once acts once: its nonce is consumed with the effect.
    async fn a_replayed_request_acts_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let request = ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": "1"}));
        let answers = join_all((0..20).map(|_| request.clone().send())).await;
        let acted = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        let replayed = answers.iter().filter(|answer| answer.status.as_u16() == 401).count();
        assert_eq!((acted, replayed), (1, 19));
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"][0]["qty"], "1");
    }
}

on_both! {
    /// Buys and sells of one account, all at once, leave books that agree.
    async fn heavy_buys_and_sells_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100_000).await;
        ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": "50"})).send().await.expect(201);
        let asks = (0..120).map(|n| {
            let (path, symbol) = match n % 3 {
                0 => ("/api/v1/portfolio/buy", "KO"),
                1 => ("/api/v1/portfolio/sell", "KO"),
                _ => ("/api/v1/portfolio/buy", "PEP"),
            };
            ana.signed_post(path, json!({"symbol": symbol, "qty": "1"})).send()
        });
        for answer in join_all(asks).await {
            answer.expect(201);
        }
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(portfolio["positions"][0]["qty"], "50");
        assert_eq!(portfolio["positions"][1]["qty"], "40");
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}
