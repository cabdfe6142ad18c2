//! Lists that analysts keep, and what they add.

use serde_json::{Value, json};
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";
const LISTS: &str = "/api/admin/security/lists";

on_both! {
    /// A blocked network adds to every sign-in from it, on every instance at once, until the line is removed or expires;
    /// an allowed address is spared. The customer is not told of the list.
    async fn a_blocked_network_counts_until_it_is_taken_off(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        let other = shop.second().await;
        shop.join(ANA, PASSWORD).await;
        let from = |ip: &str| {
            shop.later(1);
            shop.login(ANA, PASSWORD).header("x-device-id", "desk").from(ip)
        };
        let score = async |ip: &str| from(ip).at(&other).send().await.expect(200)["risk"].clone();
        assert_eq!(score("203.0.113.7").await["score"], 0.0);
        let add = |line: Value| shop.post(LISTS).bearer(&una.access).json(line).send();
        let line = json!({ "list": "block", "what": "address", "value": "203.0.113.0/24", "reason": "a spray" });
        let added = add(line).await.expect(201);
        let hit = score("203.0.113.7").await;
        assert_eq!((&hit["score"], &hit["reasons"]), (&json!(0.5), &json!([])));
        assert_eq!(score("198.51.100.1").await["score"], 0.0);

        let until = shop.now() + jiff::SignedDuration::from_hours(1);
        let spared = json!({ "list": "allow", "what": "address", "value": "203.0.113.7", "reason": "our own office",
            "expires_at": until });
        add(spared).await.expect(201);
        assert_eq!(score("203.0.113.7").await["score"], 0.0);
        assert_eq!(score("203.0.113.8").await["score"], 0.5);
        shop.later(3_600);
        assert_eq!(score("203.0.113.7").await["score"], 0.5);

        let una = shop.sign_in("analyst@example.com", PASSWORD).await;
        let path = format!("{LISTS}/{}", text(&added["id"]));
        shop.delete(&path).bearer(&una.access).send().await.expect(204);
        shop.delete(&path).bearer(&una.access).send().await.refused(404, "list.unknown");
        assert_eq!(score("203.0.113.7").await["score"], 0.0);
        let shown = shop.get(LISTS).bearer(&una.access).send().await.expect(200);
        assert_eq!(shown["items"], json!([]));
        let kinds = shop.all_kinds().await;
        assert_eq!(kinds.iter().filter(|kind| kind.starts_with("risk.line_")).count(), 3);
    }
}

on_both! {
    /// A blocked device of a person's counts wherever it signs in; a watched country is seen and adds a little.
    async fn devices_are_blocked_by_their_id(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        shop.join(ANA, PASSWORD).await;
        let sign_in = || {
            shop.later(1);
            shop.login(ANA, PASSWORD).header("x-device-id", "desk").send()
        };
        let session = text(&sign_in().await.expect(200)["access_token"]);
        let devices = shop.get("/api/v1/devices").bearer(&session).header("x-device-id", "desk").send().await.expect(200);
        let line = json!({ "list": "block", "what": "device", "value": devices["items"][0]["id"], "reason": "sold" });
        shop.post(LISTS).bearer(&una.access).json(line).send().await.expect(201);
        assert_eq!(sign_in().await.expect(200)["risk"]["score"], 0.5);
    }
}

on_both! {
    /// What cannot be meant is refused, and only those who work on cases add lines.
    async fn lines_are_checked(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        let reader = shop.staff(Role::Auditor).await;
        let good = json!({ "list": "block", "what": "country", "value": "no", "reason": "a test" });
        shop.post(LISTS).bearer(&reader.access).json(good.clone()).send().await.refused(403, "role.not_allowed");
        for (field, value) in [
            ("value", json!("Norway")), ("reason", json!(" ")), ("expires_at", json!("2020-01-01T00:00:00Z")),
        ] {
            let mut line = good.clone();
            line[field] = value;
            let refused = shop.post(LISTS).bearer(&una.access).json(line).send().await.refused(422, "list.invalid");
            assert_eq!(refused["errors"][0]["field"], field);
        }
        let everybody = json!({ "list": "block", "what": "address", "value": "0.0.0.0/0", "reason": "a slip" });
        shop.post(LISTS).bearer(&una.access).json(everybody).send().await.refused(422, "list.invalid");
        let added = shop.post(LISTS).bearer(&una.access).json(good).send().await.expect(201);
        assert_eq!(added["value"], "NO");
    }
}
