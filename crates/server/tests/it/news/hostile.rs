//! Feeds that mean harm. Each fails by itself, says why, and leaves nothing behind; its neighbours work.

use serde_json::{Value, json};
use stockade::features::news::fetch_news;

use super::server::{Answer, Feeds, item, rss};
use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

async fn feeds(shop: &Shop, who: &Customer<'_>) -> Vec<Value> {
    let found = shop
        .get("/api/v1/news/feeds")
        .bearer(&who.tokens.access)
        .send()
        .await
        .expect(200);
    found["items"].as_array().unwrap().clone()
}

fn laughs() -> Answer {
    let mut entities = "<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..12 {
        entities.push_str(&format!(
            "<!ENTITY a{level} \"{}\">",
            format!("&a{};", level - 1).repeat(10)
        ));
    }
    let text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]><rss version=\"2.0\"><channel><item><title>&a11;</title></item></channel></rss>"
    );
    Answer::Feed(text.into_bytes())
}

on_both! {
    async fn a_feed_that_means_harm_does_none(database: Database) {
        let server = Feeds::start("127.0.0.1").await;
        // The network beyond is private, and not allowed.
        let inside = Feeds::start("127.0.0.2").await;
        inside.put("/secret", rss(&item("s", "Secret", "Mon, 01 Jun 2026 08:00:00 GMT")));
        let secret = format!("http://127.0.0.2:{}/secret", inside.port);
        let cases = [
            ("Laughs", laughs(), "the feed defines entities"),
            ("Endless", Answer::Endless(None), "the answer is too long"),
            ("Huge", Answer::Endless(Some(1 << 30)), "the answer is too long"),
            ("Inwards", Answer::To(secret.clone()), "the address is not public"),
            ("Metadata", Answer::To("http://169.254.169.254/latest/meta-data".to_owned()), "the address is not public"),
            ("Numbers", Answer::To("http://2130706434/".to_owned()), "the address is not public"),
            ("File", Answer::To("file:///etc/passwd".to_owned()), "not the address of a web server"),
            ("Circle", Answer::To("/circle".to_owned()), "too many redirects"),
            ("Deep", rss(&format!("<item><title>{}</title></item>", "<b>".repeat(50_000))), "the feed is nested too deeply"),
            ("Garbage", Answer::Feed(vec![0xff; 4_096]), "the answer is not a feed"),
            ("Page", Answer::Feed(b"<html><body>hello</body></html>".to_vec()), "the answer is not a feed"),
            ("Gone", Answer::Status(410), "the server answered 410"),
        ];
        for (name, answer, _) in &cases {
            server.put(&format!("/{}", name.to_lowercase()), answer.clone());
        }
        server.put("/good", rss(&item("1", "Good &lt;script&gt;alert(1)&lt;/script&gt;news", "Mon, 01 Jun 2026 08:00:00 GMT")));
        let mut set_up: Vec<String> = cases.iter().map(|(name, ..)| format!("{name} {}", server.url(&format!("/{}", name.to_lowercase())))).collect();
        set_up.push(format!("Direct {secret}"));
        set_up.push(format!("Good {}", server.url("/good")));
        let settings = [
            ("OUTGOING__ALLOWED_NETWORKS", "127.0.0.1"),
            ("NEWS__FEEDS", &set_up.join(",")),
            ("NEWS__SAMPLES", "false"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let ana = shop.customer("ana").await;
        assert!(feeds(&shop, &ana).await.iter().all(|feed| feed["status"] == "waiting"));

        assert_eq!(fetch_news(&shop.app).await.unwrap(), 1);
        let found = feeds(&shop, &ana).await;
        for ((name, _, why), feed) in cases.iter().zip(&found) {
            let said = (&feed["name"], &feed["status"], &feed["problem"], &feed["worked_at"]);
            assert_eq!(said, (&json!(name), &json!("failing"), &json!(why), &Value::Null));
        }
        assert_eq!((&found[12]["problem"], inside.asked().len()), (&json!("the address is not public"), 0));
        assert_eq!((&found[13]["status"], &found[13]["worked_at"]), (&json!("working"), &json!(shop.now())));

        let news = shop.get("/api/v1/news").bearer(&ana.tokens.access).send().await.expect(200);
        let titles: Vec<_> = news["items"].as_array().unwrap().iter().map(|item| &item["title"]).collect();
        assert_eq!(titles, ["Good news"]);

        // What fails is left alone for a while, then tried again; what works in the end says so.
        let asked = server.asked().len();
        assert_eq!(fetch_news(&shop.app).await.unwrap(), 0);
        assert_eq!(server.asked().len(), asked);
        server.put("/gone", rss(&item("g", "Back again", "Mon, 01 Jun 2026 08:00:00 GMT")));
        shop.later(5 * 60);
        assert_eq!(fetch_news(&shop.app).await.unwrap(), 1);
        let found = feeds(&shop, &ana).await;
        assert_eq!((&found[11]["status"], &found[11]["problem"]), (&json!("working"), &Value::Null));
        // Once it fails again, it still shows when it last worked.
        server.put("/gone", Answer::Status(500));
        let worked = shop.now();
        shop.later(15 * 60);
        let ana = ana.again().await;
        fetch_news(&shop.app).await.unwrap();
        let found = feeds(&shop, &ana).await;
        assert_eq!((&found[11]["status"], &found[11]["worked_at"]), (&json!("failing"), &json!(worked)));
        assert_eq!(found[11]["problem"], "the server answered 500");
    }
}
