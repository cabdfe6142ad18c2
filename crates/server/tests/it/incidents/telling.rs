//! Who is told of incidents: the staff by mail, other programs by webhook, and everybody who runs the desk once a day.

use serde_json::json;
use stockade::features::{audit, incidents::send_summary, webhooks};
use stockade_domain::roles::Role;

use super::steal_a_session;
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

on_both! {
    /// A critical incident is told by mail, without naming anybody, and by webhook.
    async fn critical_ones_are_told(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        shop.staff(Role::Analyst).await;
        shop.staff(Role::Auditor).await;
        let hook = json!({ "url": "https://receiver.example/stockade", "kinds": ["incident.*"] });
        let hook = shop.post("/api/admin/webhooks").bearer(&admin.access).json(hook).send().await.expect(201);
        shop.join("ana@example.com", PASSWORD).await;
        steal_a_session(&shop, "ana@example.com").await;
        let id = text(&shop.incidents(&admin, "").await[0]["id"]);
        for (who, told) in [("admin", 1), ("analyst", 1), ("auditor", 0)] {
            let mails = shop.mails_to(&format!("{who}@example.com")).await;
            let alerts: Vec<_> = mails.iter().filter(|mail| mail.subject == "A critical incident was opened").collect();
            assert_eq!(alerts.len(), told, "{who}");
            for alert in alerts {
                assert!(alert.links[0].ends_with(&format!("/desk/incidents/{id}")), "{:?}", alert.links);
                assert!(!alert.text.contains("ana@example.com"), "{}", alert.text);
            }
        }
        webhooks::follow_log(&shop.app).await.unwrap();
        let path = format!("/api/admin/webhooks/{}/deliveries", text(&hook["id"]));
        let deliveries = shop.get(&path).bearer(&admin.access).send().await.expect(200);
        assert_eq!(deliveries["items"][0]["kind"], "incident.opened");
    }
}

on_both! {
    /// The summary of a day goes out once, on however many instances, and the next day again.
    async fn a_day_is_told_once(database: Database) {
        let shop = Shop::start(database).await;
        let other = shop.second().await;
        shop.staff(Role::Admin).await;
        shop.join("ana@example.com", PASSWORD).await;
        steal_a_session(&shop, "ana@example.com").await;
        shop.gather().await;
        shop.later(60);
        let (one, two) = tokio::join!(send_summary(&shop.app), send_summary(&other.app));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(send_summary(&shop.app).await.unwrap(), 0);
        let mails = shop.mails_to("admin@example.com").await;
        let summary = mails.iter().find(|mail| mail.subject == "Stockade on 2026-06-01").unwrap();
        let told = summary.text.split_whitespace().collect::<Vec<_>>().join(" ");
        for fact in ["Incidents opened: 1", "of these critical: 1", "Unresolved now: 1", "Accounts restricted now: 0"] {
            assert!(told.contains(fact), "{fact} in {told}");
        }
        shop.later(86_400 - 7 * 3_600);
        assert_eq!(send_summary(&shop.app).await.unwrap(), 0, "not before its hour");
        shop.later(7 * 3_600);
        assert_eq!(send_summary(&other.app).await.unwrap(), 1);
    }
}

on_both! {
    /// Auditors get the signed head of the log once a day, word for word, so that somebody outside holds it.
    async fn auditors_keep_the_signed_head(database: Database) {
        let shop = Shop::start(database).await;
        shop.staff(Role::Auditor).await;
        shop.number_the_log().await;
        audit::sign_checkpoint(&shop.app).await.unwrap();
        send_summary(&shop.app).await.unwrap();
        let public = shop.get("/api/v1/log/checkpoint").send().await.text();
        let mails = shop.mails_to("auditor@example.com").await;
        let kept = mails.iter().find(|mail| mail.subject == "The audit log on 2026-06-01").unwrap();
        let text = kept.text.replace("\r\n", "\n");
        assert!(text.contains(public.trim_end()), "{text}");
    }
}
