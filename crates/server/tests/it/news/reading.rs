//! What people read.

use serde_json::{Value, json};
use stockade::features::news::{fetch_news, prune_news};

use super::server::{Feeds, item, rss};
use crate::{
    on_both,
    support::{database::Database as AnyDatabase, people::Customer, shop::Shop},
};

/// A shop that reads these feeds and no samples.
async fn shop(database: AnyDatabase, feeds: &[String]) -> Shop {
    let settings = [
        ("OUTGOING__ALLOWED_NETWORKS", "127.0.0.1"),
        ("NEWS__FEEDS", &feeds.join(",")),
        ("NEWS__SAMPLES", "false"),
    ];
    Shop::start_with(database, &settings).await
}

async fn news(shop: &Shop, who: &Customer<'_>, query: &str) -> Value {
    let path = format!("/api/v1/news{query}");
    shop.get(&path)
        .bearer(&who.tokens.access)
        .send()
        .await
        .expect(200)
}

fn titles(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["title"].as_str().unwrap()).collect()
}

on_both! {
    /// Two feeds become one list, newest first, in pages; one symbol's news are found by its company's name.
    async fn feeds_become_one_list(database: Database) {
        let server = Feeds::start("127.0.0.1").await;
        let central = [
            item("1", "Rates unchanged", "Mon, 01 Jun 2026 08:00:00 GMT"),
            item("2", "Apple &amp;amp; Coca-Cola agree", "Mon, 01 Jun 2026 10:00:00 GMT"),
        ];
        server.put("/central", rss(&central.concat()));
        let wire = [
            item("w", "Apple hires", "Mon, 01 Jun 2026 09:00:00 GMT"),
            item("1", "Rates unchanged", "Mon, 01 Jun 2026 08:30:00 GMT"),
            item("future", "From tomorrow", "Tue, 02 Jun 2026 09:00:00 GMT"),
            item("old", "Long ago", "Tue, 02 Jun 2020 09:00:00 GMT"),
        ];
        server.put("/wire", rss(&wire.concat()));
        let shop = shop(database, &[format!("Central bank {}", server.url("/central")), format!("Wire {}", server.url("/wire"))]).await;
        let ana = shop.customer("ana").await;
        assert_eq!(titles(&news(&shop, &ana, "").await), Vec::<&str>::new());

        assert_eq!(fetch_news(&shop.app).await.unwrap(), 2);
        let all = news(&shop, &ana, "").await;
        // The same story in both counts once; what claims to be from tomorrow was published when it was seen.
        assert_eq!(titles(&all), ["From tomorrow", "Apple & Coca-Cola agree", "Apple hires", "Rates unchanged"]);
        assert_eq!(all["items"][0]["published_at"], shop.now().to_string());
        let second = &all["items"][1];
        assert_eq!((&second["source"], &second["symbols"], &second["sample"]), (&json!("Central bank"), &json!(["AAPL", "KO"]), &json!(false)));
        assert_eq!(second["link"], "https://example.com/2");

        let first = news(&shop, &ana, "?limit=3").await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = news(&shop, &ana, &format!("?limit=3&cursor={cursor}")).await;
        assert_eq!((titles(&rest), &rest["next_cursor"]), (vec!["Rates unchanged"], &Value::Null));
        assert_eq!(titles(&news(&shop, &ana, "?symbol=AAPL").await), ["Apple & Coca-Cola agree", "Apple hires"]);
        assert_eq!(titles(&news(&shop, &ana, "?symbol=AAPL&limit=1").await), ["Apple & Coca-Cola agree"]);
        assert_eq!(titles(&news(&shop, &ana, "?symbol=PEP").await), Vec::<&str>::new());

        // Items grow old and go.
        shop.later(91 * 86_400);
        assert_eq!(prune_news(&shop.app).await.unwrap(), 4);
        let ana = ana.again().await;
        assert_eq!(titles(&news(&shop, &ana, "").await), Vec::<&str>::new());
    }
}

on_both! {
    /// A server is asked no more often than was set, and only for what is new; a corrected title is corrected.
    async fn what_has_not_changed_is_not_fetched_again(database: Database) {
        let server = Feeds::start("127.0.0.1").await;
        let date = "Mon, 01 Jun 2026 08:00:00 GMT";
        server.put("/feed", rss(&item("1", "Rats unchanged", date)));
        let shop = shop(database, &[format!("Feed {}", server.url("/feed"))]).await;
        let ana = shop.customer("ana").await;
        let second = shop.second().await;
        assert_eq!(fetch_news(&shop.app).await.unwrap(), 1);
        assert_eq!(fetch_news(&shop.app).await.unwrap() + fetch_news(&second.app).await.unwrap(), 0);
        assert_eq!(server.asked().len(), 1);

        shop.later(15 * 60);
        assert_eq!(fetch_news(&second.app).await.unwrap(), 1);
        let asked = server.asked();
        assert!(asked.len() == 2 && !asked[0].contains("if-none-match") && asked[1].contains("if-none-match"), "{asked:?}");
        let ana = ana.again().await;
        assert_eq!(titles(&news(&shop, &ana, "").await), ["Rats unchanged"]);

        server.put("/feed", rss(&item("1", "Rates of KO unchanged, says Coca-Cola", date)));
        shop.later(15 * 60);
        let ana = ana.again().await;
        assert_eq!(fetch_news(&shop.app).await.unwrap(), 1);
        assert_eq!(titles(&news(&shop, &ana, "?symbol=KO").await), ["Rates of KO unchanged, says Coca-Cola"]);
    }
}

on_both! {
    /// Development has samples, which say so; whoever is not signed in sees nothing.
    async fn samples_are_labelled(database: Database) {
        let shop = Shop::start_with(database, &[("NEWS__FEEDS", "")]).await;
        let ana = shop.customer("ana").await;
        assert_eq!(fetch_news(&shop.app).await.unwrap(), 1);
        let all = news(&shop, &ana, "").await;
        let items = all["items"].as_array().unwrap();
        assert_eq!(items.len(), 8);
        for item in items {
            assert!(item["sample"] == true && item["title"].as_str().unwrap().starts_with("Sample: "), "{item}");
        }
        let feeds = shop.get("/api/v1/news/feeds").bearer(&ana.tokens.access).send().await.expect(200);
        assert_eq!((&feeds["items"][0]["name"], &feeds["items"][0]["sample"]), (&json!("Samples"), &json!(true)));
        shop.get("/api/v1/news").send().await.expect(401);
        let ask = |query: &str| shop.get(&format!("/api/v1/news{query}")).bearer(&ana.tokens.access);
        ask("?symbol=NOPE").send().await.refused(404, "asset.unknown");
        ask("?cursor=x").send().await.refused(422, "request.invalid_query");
    }
}
