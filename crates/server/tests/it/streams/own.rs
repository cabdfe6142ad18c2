//! What people hear of their own account.

use serde_json::json;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const EVENTS: &str = "/api/v1/events";

async fn listen(shop: &Shop, who: &Customer<'_>, last: Option<&str>) -> crate::support::listening::Listening {
    let ask = shop.get(EVENTS).bearer(&who.tokens.access);
    let ask = match last {
        Some(last) => ask.header("last-event-id", last),
        None => ask,
    };
    ask.listen().await.hello().await
}

on_both! {
    /// One's own orders, cash and security notices, and nobody else's.
    async fn people_hear_of_their_own(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        shop.number_the_log().await;
        let mut hers = listen(&shop, &ana, None).await;
        let ben = ben.with_cash(500).await;
        let ana = ana.with_cash(1_000).await;
        // A moment passes, so that what is recorded has an order.
        shop.later(1);
        let buy = json!({ "symbol": "KO", "qty": "1" });
        ben.signed_post("/api/v1/portfolio/buy", buy.clone()).send().await.expect(201);
        let order = ana.signed_post("/api/v1/portfolio/buy", buy).send().await.expect(201);
        shop.number_the_log().await;
        let deposit = hers.next().await.unwrap();
        assert_eq!((deposit.name.as_str(), &deposit.data["kind"]), ("cash", &json!("deposit.settled")));
        let placed = hers.next().await.unwrap();
        assert_eq!((placed.name.as_str(), &placed.data["kind"]), ("order", &json!("order.filled")));
        assert_eq!(placed.data["details"]["order"], order["id"]);

        // A break: what happened meanwhile is told first.
        let last = hers.last_id.clone();
        drop(hers);
        shop.login("ana@example.com", "a wrong password of hers").send().await.refused(401, "sign_in.failed");
        shop.number_the_log().await;
        let mut hers = listen(&shop, &ana, last.as_deref()).await;
        let failed = hers.next().await.unwrap();
        assert_eq!((failed.name.as_str(), &failed.data["kind"]), ("security", &json!("sign_in.failed")));
        assert!(failed.id > placed.id);
    }
}

on_both! {
    /// A thief who listens hears no more once the session is ended.
    async fn a_stolen_session_hears_no_more(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut thief = listen(&shop, &ana, None).await;
        shop.delete("/api/v1/sessions").bearer(&shop.sign_in("ana@example.com", crate::support::people::PASSWORD).await.access)
            .send().await.expect(204);
        let end = loop {
            let event = thief.next().await.expect("the end is told");
            if event.name == "end" {
                break event;
            }
        };
        assert_eq!(end.data["code"], "token.revoked");
    }
}
