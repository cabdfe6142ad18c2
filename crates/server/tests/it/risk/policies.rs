//! Policies: proposed by one, approved by another, tried in the shadow and on the past.

use serde_json::{Value, json};
use stockade::features::auth;
use stockade_domain::{risk::Policy, roles::Role};

use super::decisions;
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";
const POLICIES: &str = "/api/admin/security/policies";

/// The program's own policy, but that an unknown device is refused.
fn strict() -> String {
    let own = Policy::default_policy();
    let rule = "name = \"unknown_device\"\nwhen = \"!device_known\"\nadd = 300";
    assert!(own.text().contains(rule));
    own.text()
        .replace(rule, &rule.replace("300", "900"))
        .replace("name = \"default\"", "name = \"strict\"")
}

on_both! {
    /// What one administrator proposes another approves, nobody their own; from then on every instance decides by it, and
    /// what was decided before still comes out as it was.
    async fn a_policy_takes_two_people(database: Database) {
        let shop = Shop::start(database).await;
        let (admin, other) = (shop.staff(Role::Admin).await, shop.second().await);
        auth::create_staff(&shop.app, "second@example.com", PASSWORD, Role::Admin).await.unwrap();
        let second = shop.sign_in("second@example.com", PASSWORD).await;
        shop.join(ANA, PASSWORD).await;
        let on = |device: &str| {
            shop.later(1);
            shop.login(ANA, PASSWORD).header("x-device-id", device)
        };
        on("desk").send().await.expect(200);
        on("phone").send().await.expect(200);

        let propose = |text: &str| {
            shop.post(POLICIES).bearer(&admin.access).json(json!({ "text": text, "note": "a try" })).send()
        };
        let broken = propose(&strict().replace("!device_known", "device_known + 1")).await.refused(422, "policy.invalid");
        let said = text(&broken["errors"][0]["detail"]);
        assert!(said.contains("line ") && said.contains("unknown_device"), "{said}");
        let proposed = propose(&strict()).await.expect(201);
        let id = text(&proposed["id"]);
        let decide = |access: &str, how: &str| shop.post(&format!("{POLICIES}/{id}/{how}")).bearer(access).send();
        decide(&admin.access, "approve").await.refused(403, "policy.own");
        assert_eq!(on("phone").send().await.expect(200)["status"], "second_factor_required");
        let approved = decide(&second.access, "approve").await.expect(200);
        assert_eq!(approved["status"], "live");
        decide(&second.access, "reject").await.refused(409, "policy.decided");
        on("phone").at(&other).send().await.refused(401, "sign_in.failed");
        assert_eq!(decisions(&shop).await.last().unwrap().1, "refuse");
        let shown = shop.get(POLICIES).bearer(&admin.access).send().await.expect(200);
        assert_eq!((&shown["live"], &shown["proposals"]["items"][0]["name"]), (&proposed["hash"], &json!("strict")));
        let one = shop.get(&format!("{POLICIES}/{id}")).bearer(&admin.access).send().await.expect(200);
        assert_eq!(one["text"], strict());
        let report = stockade::features::risk::replay(&shop.app, |_| {}).await.unwrap();
        assert_eq!(report.different, 0);
        let kinds = shop.all_kinds().await;
        for kind in ["risk.policy_proposed", "risk.policy_refused", "risk.policy_approved"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}");
        }
    }
}

on_both! {
    /// In the shadow a policy decides nothing, and what it would have decided is counted; on the past it tells the same.
    async fn a_policy_is_tried_before_it_decides(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        shop.join(ANA, PASSWORD).await;
        let on = |device: &str| {
            shop.later(1);
            shop.login(ANA, PASSWORD).header("x-device-id", device)
        };
        on("desk").send().await.expect(200);
        let ask = json!({ "text": strict(), "note": "a try" });
        let proposed = shop.post(POLICIES).bearer(&admin.access).json(ask).send().await.expect(201);
        let shadow = |proposal: Value| {
            let ask = json!({ "proposal": proposal });
            shop.put(&format!("{POLICIES}/shadow")).bearer(&admin.access).json(ask).send()
        };
        assert_eq!(shadow(proposed["id"].clone()).await.expect(200)["hash"], proposed["hash"]);
        for device in ["desk", "phone", "tablet"] {
            on(device).send().await.expect(200);
        }
        let shown = shop.get(POLICIES).bearer(&admin.access).send().await.expect(200);
        let pair = |live: &str, shadow: &str, times: i64| {
            json!({ "kind": "sign_in", "live": live, "shadow": shadow, "times": times })
        };
        assert_eq!(shown["shadow"]["compared"], json!([pair("allow", "allow", 1), pair("allow", "refuse", 2)]));
        shadow(Value::Null).await.expect(200);
        on("watch").send().await.expect(200);

        let id = text(&proposed["id"]);
        let backtest = |since: Value| {
            let ask = json!({ "since": since });
            shop.post(&format!("{POLICIES}/{id}/backtest")).bearer(&admin.access).json(ask).send()
        };
        let whole = backtest(Value::Null).await.expect(200);
        assert_eq!((&whole["events"], &whole["changed"], &whole["stricter"]), (&json!(6), &json!(3), &json!(3)));
        let change = &whole["changes"][0];
        assert_eq!((&change["was"], &change["would_be"], &change["times"]), (&json!("allow"), &json!("refuse"), &json!(3)));
        assert_eq!((&change["examples"][0]["score"], &change["examples"][0]["would_be"]), (&json!(0.3), &json!(0.9)));
        assert_eq!(backtest(json!(shop.now() + jiff::SignedDuration::from_secs(60))).await.expect(200)["events"], 0);
    }
}
