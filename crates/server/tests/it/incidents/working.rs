//! People at work on incidents.

use serde_json::{Value, json};
use stockade_domain::roles::Role;
use stockade_platform::db::{DbResult, Reader, sql};

use super::{INCIDENTS, steal_a_session};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

on_both! {
    /// Assigned, noted, resolved: each is in the timeline and in the log, and what was found out labels the events.
    async fn an_incident_is_worked(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        let auditor = shop.staff(Role::Auditor).await;
        shop.join("ana@example.com", PASSWORD).await;
        steal_a_session(&shop, "ana@example.com").await;
        let id = shop.incidents(&analyst, "status=open&overdue=false").await[0]["id"].clone();
        // Moments pass, so that what is done has an order.
        shop.later(1);
        shop.act(&auditor, &id, "note", json!({ "text": "mine" })).await.refused(403, "role.not_allowed");
        shop.later(1);
        let assigned = shop.act(&analyst, &id, "assign", json!({})).await.expect(200);
        assert_eq!((&assigned["status"], &assigned["assignee"]["email"]), (&json!("investigating"), &json!("analyst@example.com")));
        let nobody = json!({ "assignee": text(&shop.me(&auditor.access).send().await.expect(200)["id"]) });
        shop.act(&analyst, &id, "assign", nobody).await.refused(422, "incident.assignee_invalid");
        shop.later(1);
        shop.act(&analyst, &id, "note", json!({ "text": " " })).await.refused(422, "incident.words_invalid");
        shop.act(&analyst, &id, "note", json!({ "text": "Rang the owner: it was not them." })).await.expect(201);

        // The clock runs: critical ones are due within the hour.
        shop.later(3_601);
        let analyst = shop.sign_in("analyst@example.com", PASSWORD).await;
        let auditor = shop.sign_in("auditor@example.com", PASSWORD).await;
        assert_eq!(shop.incidents(&analyst, "overdue=true").await.len(), 1);
        let list = shop.get(INCIDENTS).bearer(&auditor.access).send().await.expect(200);
        assert_eq!(list["unresolved"], json!([{ "severity": "critical", "incidents": 1, "open": 0, "overdue": 1 }]));
        let ask = json!({ "outcome": "confirmed", "note": "A copied cookie." });
        let resolved = shop.act(&analyst, &id, "resolve", ask).await.expect(200);
        assert_eq!((&resolved["status"], &resolved["outcome"], &resolved["overdue"]), (&json!("resolved"), &json!("confirmed"), &json!(true)));

        let case = shop.get(&format!("{INCIDENTS}/{}", text(&id))).bearer(&auditor.access).send().await.expect(200);
        let done: Vec<String> = case["timeline"]["items"].as_array().unwrap().iter().map(|moment| text(&moment["what"])).collect();
        assert_eq!(done, ["event", "opened", "assigned", "noted", "confirmed"]);
        assert_eq!(case["timeline"]["items"][3]["words"], "Rang the owner: it was not them.");
        let labels: DbResult<Vec<(String, String)>> = shop.app.read(async move |reader: &mut Reader| {
            sql("SELECT kind, verdict FROM labels ORDER BY kind").all(reader).await
        }).await;
        assert_eq!(labels.unwrap(), [("session.stolen".to_owned(), "fraud".to_owned())]);
        shop.number_the_log().await;
        let logged = shop.get("/api/admin/security/audit-logs?kind=incident.resolved").bearer(&auditor.access);
        assert_eq!(logged.send().await.expect(200)["items"][0]["details"]["how"], "confirmed");
        // What staff wrote about her case is not hers to read.
        let hers = shop.sign_in("ana@example.com", PASSWORD).await;
        let mine = shop.get("/api/v1/audit/mine?limit=100").bearer(&hers.access).send().await.expect(200);
        assert!(!mine.to_string().contains("incident."), "{mine:#}");
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Two analysts resolve at once: one does, the other is told so.
    async fn two_analysts_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let one = shop.colleague("one@example.com", Role::Analyst).await;
        let two = shop.colleague("two@example.com", Role::Analyst).await;
        shop.join("ana@example.com", PASSWORD).await;
        steal_a_session(&shop, "ana@example.com").await;
        let id = shop.incidents(&one, "").await[0]["id"].clone();
        let (first, second) = tokio::join!(
            shop.act(&one, &id, "resolve", json!({ "outcome": "confirmed" })),
            shop.act(&two, &id, "resolve", json!({ "outcome": "false_positive" })),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        shop.act(&two, &id, "assign", json!({})).await.refused(409, "incident.resolved");
        let done = shop.incidents(&one, "status=resolved").await;
        assert_eq!(done.len(), 1);
    }
}

on_both! {
    /// Nobody works on an incident about themselves.
    async fn nobody_decides_on_their_own(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        shop.colleague("mole@example.com", Role::Analyst).await;
        steal_a_session(&shop, "mole@example.com").await;
        let mole = shop.sign_in("mole@example.com", PASSWORD).await;
        let own = shop.incidents(&mole, "").await;
        let id = &own[0]["id"];
        for (act, ask) in [("assign", json!({})), ("note", json!({ "text": "It was me." })), ("resolve", json!({ "outcome": "false_positive" }))] {
            shop.act(&mole, id, act, ask).await.refused(403, "case.own");
        }
        let me = json!({ "assignee": text(&own[0]["subject"]["id"]) });
        shop.act(&admin, id, "assign", me).await.refused(403, "case.own");
        shop.act(&admin, id, "resolve", json!({ "outcome": "confirmed" })).await.expect(200);
        let unknown: Value = json!("01900000-0000-7000-8000-000000000000");
        shop.act(&admin, &unknown, "resolve", json!({ "outcome": "confirmed" })).await.refused(404, "incident.unknown");
    }
}

on_both! {
    /// Pages follow each other without gap or double.
    async fn lists_page(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        for name in ["ana", "ben", "cem"] {
            let email = format!("{name}@example.com");
            shop.join(&email, PASSWORD).await;
            steal_a_session(&shop, &email).await;
        }
        let all: Vec<Value> = shop.incidents(&analyst, "").await;
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = shop.get(&format!("{INCIDENTS}?limit=2{cursor}")).bearer(&analyst.access).send().await.expect(200);
            paged.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!((paged.len(), &paged), (3, &all));
        for wrong in ["status=lost", "user=ana", "since=1"] {
            let status = shop.get(&format!("{INCIDENTS}?{wrong}")).bearer(&analyst.access).send().await.status;
            assert_eq!(status, 422, "{wrong}");
        }
    }
}
