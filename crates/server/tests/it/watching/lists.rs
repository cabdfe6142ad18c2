//! Watchlists.

use serde_json::json;

use crate::{
    on_both,
    support::{people::text, shop::Shop},
};

const LISTS: &str = "/api/v1/watchlists";

on_both! {
    /// A list is made, filled, emptied and deleted; each move is on record.
    async fn a_list_lives_and_dies(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let made = ana.post(LISTS).json(json!({"name": " Drinks ", "symbols": ["PEP"]})).send().await.expect(201);
        assert_eq!((&made["name"], &made["symbols"]), (&json!("Drinks"), &json!(["PEP"])));
        let list = format!("{LISTS}/{}", text(&made["id"]));
        shop.later(1);
        for _ in 0..2 {
            let added = ana.put(&format!("{list}/symbols/KO")).send().await.expect(200);
            assert_eq!(added["symbols"], json!(["PEP", "KO"]), "the order in which they came, each once");
        }
        let left = ana.delete(&format!("{list}/symbols/PEP")).send().await.expect(200);
        assert_eq!(left["symbols"], json!(["KO"]));
        assert_eq!(ana.get(LISTS).send().await.expect(200)["items"], json!([left]));
        ana.delete(&list).send().await.expect(204);
        ana.delete(&list).send().await.refused(404, "watchlist.unknown");
        assert_eq!(ana.get(LISTS).send().await.expect(200)["items"], json!([]));
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["watchlist.created", "watchlist.changed", "watchlist.deleted"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} in {kinds:?}");
        }
    }
}

on_both! {
    /// Nobody sees, changes or deletes somebody else's list.
    async fn a_list_is_its_owners(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let made = ana.post(LISTS).json(json!({"name": "mine", "symbols": ["KO"]})).send().await.expect(201);
        let list = format!("{LISTS}/{}", text(&made["id"]));
        assert_eq!(eve.get(LISTS).send().await.expect(200)["items"], json!([]));
        eve.put(&format!("{list}/symbols/GE")).send().await.refused(404, "watchlist.unknown");
        eve.delete(&format!("{list}/symbols/KO")).send().await.refused(404, "watchlist.unknown");
        eve.delete(&list).send().await.refused(404, "watchlist.unknown");
        assert_eq!(ana.get(LISTS).send().await.expect(200)["items"][0]["symbols"], json!(["KO"]));
    }
}

on_both! {
    /// Names are names, symbols are listed, and there are so many lists.
    async fn what_a_list_may_be(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        for name in ["", "   ", "a\nb", &"x".repeat(61)] {
            ana.post(LISTS).json(json!({ "name": name })).send().await.refused(422, "watchlist.invalid_name");
        }
        ana.post(LISTS).json(json!({"name": "x", "symbols": ["NOSUCH"]})).send().await.refused(422, "asset.unknown");
        for number in 0..20 {
            ana.post(LISTS).json(json!({ "name": format!("list {number}") })).send().await.expect(201);
        }
        ana.post(LISTS).json(json!({"name": "one more"})).send().await.refused(409, "watchlist.too_many");
    }
}
