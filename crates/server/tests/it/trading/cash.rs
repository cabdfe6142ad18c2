//! Deposits.

use serde_json::json;

use crate::{on_both, support::shop::Shop};

on_both! {
    /// A deposit is there at once, on the statement, in the books and in the log.
    async fn a_deposit_is_booked_and_recorded(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let cash = ana.get("/api/v1/cash").send().await.expect(200);
        assert_eq!(cash, json!({"currency": "USD", "balance": "250.00", "held": "0.00", "available": "250.00"}));
        let list = ana.get("/api/v1/cash/transactions").send().await.expect(200);
        assert_eq!(list["items"][0]["amount"], "250.00");
        assert_eq!(list["items"][0]["status"], "settled");
        shop.books_agree().await;
        let kinds = shop.kinds_about(&ana.id).await;
        assert!(kinds.iter().any(|kind| kind == "deposit.settled"), "{kinds:?}");
    }
}

on_both! {
    /// Somebody else's money is nowhere to be seen.
    async fn each_sees_their_own(database: Database) {
        let shop = Shop::start(database).await;
        let _ana = shop.customer("ana").await.with_cash(250).await;
        let bob = shop.customer("bob").await;
        let cash = bob.get("/api/v1/cash").send().await.expect(200);
        assert_eq!(cash["balance"], "0.00");
        let list = bob.get("/api/v1/cash/transactions").send().await.expect(200);
        assert_eq!(list["items"], json!([]));
    }
}

on_both! {
    /// Lists come in pages that neither skip nor repeat.
    async fn transactions_come_in_pages(database: Database) {
        let shop = Shop::start(database).await;
        let mut ana = shop.customer("ana").await;
        for dollars in 1..=5 {
            shop.later(1);
            ana = ana.with_cash(dollars).await;
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/cash/transactions?limit=2".to_owned();
        loop {
            let page = ana.get(&path).send().await.expect(200);
            let amounts = page["items"].as_array().unwrap().iter().map(|item| item["amount"].to_string());
            seen.extend(amounts);
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/cash/transactions?limit=2&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, [r#""5.00""#, r#""4.00""#, r#""3.00""#, r#""2.00""#, r#""1.00""#]);
    }
}
