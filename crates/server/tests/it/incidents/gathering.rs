//! What becomes an incident, and that each event counts once.

use serde_json::{Value, json};
use stockade::features::incidents;
use stockade_domain::roles::Role;

use super::{INCIDENTS, steal_a_session};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

/// An incident with its timeline.
async fn case(shop: &Shop, who: &Tokens, id: &Value) -> Value {
    let path = format!("{INCIDENTS}/{}?limit=200", text(id));
    shop.get(&path).bearer(&who.access).send().await.expect(200)
}

fn kinds(case: &Value) -> Vec<String> {
    let timeline = case["timeline"]["items"].as_array().unwrap();
    let events = timeline.iter().filter(|moment| moment["what"] == "event");
    events.map(|moment| text(&moment["event"]["kind"])).collect()
}

on_both! {
    /// Passwords tried on many accounts from one network are one incident, however many; another network is another.
    async fn a_spray_is_one_incident(database: Database) {
        let shop = Shop::start_with(database, &[("INCIDENTS__SPRAY_ACCOUNTS", "4")]).await;
        let analyst = shop.staff(Role::Analyst).await;
        let ana = shop.join("ana@example.com", PASSWORD).await;
        for (account, host) in [("ana", 1), ("ben", 2), ("cem", 3)] {
            shop.later(1);
            shop.guess(&format!("{account}@example.com"), &format!("203.0.113.{host}")).await;
        }
        assert_eq!(shop.incidents(&analyst, "").await.len(), 0, "three are no spray yet");
        for host in 4..9 {
            shop.later(1);
            shop.guess(&format!("guess{host}@example.com"), &format!("203.0.113.{host}")).await;
            // Gathered as it comes, or all at once: it is the same.
            if host == 5 {
                shop.gather().await;
            }
        }
        let found = shop.incidents(&analyst, "").await;
        assert_eq!(found.len(), 1, "{found:#?}");
        let spray = &found[0];
        assert_eq!((&spray["rule"], &spray["severity"], &spray["status"]), (&json!("password_spray"), &json!("high"), &json!("open")));
        assert_eq!((&spray["network"], &spray["events"], &spray["people"]), (&json!("203.0.113.0/24"), &json!(8), &json!(1)));
        assert_eq!(spray["subject"], Value::Null);

        // The timeline fills itself, in order, from the log; whom it concerns can be looked for.
        let whole = case(&shop, &analyst, &spray["id"]).await;
        assert_eq!(kinds(&whole), vec!["sign_in.failed"; 8]);
        assert_eq!(whole["concerned"][0]["email"], "ana@example.com");
        assert_eq!(shop.incidents(&analyst, &format!("user={ana}")).await.len(), 1);
        assert_eq!(shop.incidents(&analyst, &format!("user={}", text(&spray["id"]))).await.len(), 0);

        // A sign-in by one of those tried, from that network, makes it critical.
        // Whoever knows the password reads her mail, too.
        shop.later(1);
        let login = shop.login("ana@example.com", PASSWORD).from("203.0.113.77");
        let asked = login.clone().send().await.expect(200);
        shop.with_mailed_code(login, asked).await;
        let critical = shop.incidents(&analyst, "severity=critical").await;
        assert_eq!(critical.len(), 1);
        assert_eq!(critical[0]["id"], spray["id"]);

        // Another network is another spray. Once resolved, what comes is a new one.
        for host in 1..5 {
            shop.guess(&format!("guess{host}@example.com"), &format!("198.51.100.{host}")).await;
        }
        assert_eq!(shop.incidents(&analyst, "").await.len(), 2);
        shop.act(&analyst, &spray["id"], "resolve", json!({ "outcome": "confirmed" })).await.expect(200);
        shop.later(1);
        for host in 1..5 {
            shop.guess(&format!("more{host}@example.com"), &format!("203.0.113.{host}")).await;
        }
        assert_eq!(shop.incidents(&analyst, "status=open").await.len(), 2);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Each event counts once: on two instances at once, and when everything is gathered anew.
    async fn each_event_counts_once(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        shop.join("ana@example.com", PASSWORD).await;
        steal_a_session(&shop, "ana@example.com").await;
        shop.later(60);
        steal_a_session(&shop, "ana@example.com").await;
        shop.number_the_log().await;
        let other = shop.second().await;
        let (one, two) = tokio::join!(incidents::follow_log(&shop.app), incidents::follow_log(&other.app));
        assert!(one.is_ok() || two.is_ok());
        let found = shop.incidents(&analyst, "").await;
        assert_eq!(found.len(), 1, "{found:#?}");
        let takeover = &found[0];
        assert_eq!((&takeover["rule"], &takeover["severity"], &takeover["events"]), (&json!("account_takeover"), &json!("critical"), &json!(2)));
        assert_eq!(takeover["subject"]["email"], "ana@example.com");
        shop.act(&analyst, &takeover["id"], "note", json!({ "text": "Rang her." })).await.expect(201);
        let before = case(&shop, &analyst, &takeover["id"]).await;

        incidents::rebuild(&shop.app, |_| ()).await.unwrap();
        let after = case(&shop, &analyst, &takeover["id"]).await;
        assert_eq!(before, after);
        assert_eq!(shop.incidents(&analyst, "").await.len(), 1);
        let opened = shop.get("/api/admin/security/audit-logs?kind=incident.opened").bearer(&analyst.access);
        assert_eq!(opened.send().await.expect(200)["items"].as_array().unwrap().len(), 1, "told once");
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A log that does not verify is an incident of its own.
    async fn a_damaged_log_is_an_incident(database: Database) {
        let location = database.location.clone();
        let shop = Shop::start(database).await;
        let auditor = shop.staff(Role::Auditor).await;
        shop.gather().await;
        crate::audit::attacker::Attacker::unhindered_at(&location).await.alter(1).await;
        let verify = shop.post("/api/admin/security/audit-logs/verify-chain").bearer(&auditor.access);
        assert_eq!(verify.send().await.expect(200)["valid"], false);
        let found = shop.incidents(&auditor, "rule=log_integrity").await;
        assert_eq!((found.len(), &found[0]["severity"]), (1, &json!("critical")));
    }
}
