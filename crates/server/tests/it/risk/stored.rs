//! `stockade risk backtest` and `risk replay`, run as a program on what was decided: the past under another policy, held
//! against what people found out, and every decision made anew.

use serde_json::{Value, json};
use stockade_domain::{risk::Policy, roles::Role};
use stockade_platform::db::{Tx, sql};

use crate::{
    on_both,
    support::{
        database::{Database as Fresh, Kind, run},
        people::{Customer, PASSWORD, Tokens, text},
        shop::Shop,
    },
    trading::SMALL,
};

const DESK: &str = "/api/admin/security";

async fn buys(ana: &Customer<'_>, notional: &str, status: u16) -> Value {
    // A second passes, so that decisions have an order.
    ana.shop.later(1);
    let ask = json!({ "symbol": "KO", "notional": notional });
    ana.signed_post("/api/v1/portfolio/buy", ask)
        .send()
        .await
        .expect(status)
}

/// A policy's file.
fn file(folder: &tempfile::TempDir, text: &str) -> String {
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").to_owned()
}

on_both! {
    /// What analysts decide is what policies are measured by: one that holds nothing lets the fraud through, and spares the
    /// honest the wait.
    async fn a_backtest_tells_what_people_found_out(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let analyst = shop.staff(Role::Analyst).await;
        let ana = shop.customer("ana").await.with_cash(20_000).await;
        buys(&ana, "100.00", 201).await;
        let (honest, fraud) = (buys(&ana, "2500.00", 202).await, buys(&ana, "2600.00", 202).await);
        buys(&ana, "2700.00", 202).await;
        shop.decide(&analyst, &honest, "approve").send().await.expect(200);
        shop.decide(&analyst, &fraud, "reject").send().await.expect(200);

        let folder = tempfile::tempdir().expect("a folder");
        let own = Policy::default_policy().text().to_owned();
        let mild = file(&folder, &own.replace("hold_over = 700", "hold_over = 1000"));
        let backtest = |arguments: &[&str]| {
            let (done, text) = shop.command(&[&["risk", "backtest", "--policy", &mild], arguments].concat());
            assert!(done, "{text}");
            text
        };
        let report: Value = serde_json::from_str(&backtest(&["--json"])).expect("JSON");
        assert_eq!((&report["milder"], &report["stricter"]), (&json!(3), &json!(0)));
        let transaction = json!({
            "kind": "transaction", "fraud": 1, "legitimate": 1,
            "then": { "fraud": 1, "legitimate": 1 }, "candidate": { "fraud": 0, "legitimate": 0 },
        });
        assert_eq!(report["found_out"], json!([transaction]));
        let told = backtest(&[]);
        assert!(told.contains("3 would have ended otherwise, 0 stricter, 3 milder"), "{told}");
        let line = |policy: &str| told.lines().find(|line| line.contains(policy)).unwrap_or_else(|| panic!("{told}"));
        assert_eq!(line("of the time").matches("1 of 1").count(), 2, "{told}");
        assert_eq!(line("candidate").matches("0 of 1").count(), 2, "{told}");
        let since = (shop.now() + jiff::SignedDuration::from_secs(1)).to_string();
        let report: Value = serde_json::from_str(&backtest(&["--json", "--since", &since])).expect("JSON");
        assert_eq!((&report["events"], &report["found_out"]), (&json!(0), &json!([])));
        let broken = file(&folder, &own.replace("amount_ratio > 2000", "amount_ratio > true"));
        let (done, text) = shop.command(&["risk", "backtest", "--policy", &broken]);
        assert!(!done && text.contains("unusual_amount"), "{text}");
    }
}

on_both! {
    /// A process that has just started finds every decision again, to the bit, and says so; evidence that was swapped from
    /// outside it does not take for the right one.
    async fn every_decision_is_found_again(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        something_of_everything(&shop).await;
        let (done, text) = shop.command(&["risk", "replay", "--json"]);
        let report: Value = serde_json::from_str(&text).expect("JSON");
        assert!(done && report["decisions"].as_i64() > Some(10), "{text}");
        assert_eq!((&report["different"], &report["named"]), (&json!(0), &json!([])));
        let (done, told) = shop.command(&["risk", "replay"]);
        assert!(done && told.contains("made anew, 0 came out otherwise"), "{told}");

        let swap = async move |tx: &mut Tx| {
            sql("UPDATE risk_decisions SET sealed = (SELECT sealed FROM risk_decisions ORDER BY id LIMIT 1)")
                .run(tx)
                .await
        };
        stockade::core::bookkeeping::bookkeep(&shop.app.core.db, swap).await.unwrap();
        let (done, told) = shop.command(&["risk", "replay"]);
        assert!(!done && told.contains("tampered"), "{told}");
    }
}

/// What one database's program decides, the other's decides, to the last fact.
#[test]
fn both_databases_decide_alike() {
    run(Kind::Sqlite, async |database: Fresh| {
        let (embedded, server) = (database, Fresh::fresh(Kind::Postgres).await);
        let mut told = Vec::new();
        for database in [embedded, server] {
            let shop = Shop::start_with(database, &[SMALL]).await;
            let analyst = something_of_everything(&shop).await;
            told.push(decisions(&shop, &analyst).await);
        }
        assert_eq!(told[0], told[1]);
        assert!(told[0].iter().all(|why| why["reproduced"] == true));
        let actions = |kind: &str, action: &str| {
            let such = told[0]
                .iter()
                .filter(|why| why["kind"] == kind && why["action"] == action);
            such.count()
        };
        let strange = |why: &&Value| why["kind"] == "sign_in" && why["score"].as_f64() > Some(0.3);
        assert!(actions("sign_in", "allow") > 0 && told[0].iter().any(|why| strange(&why)));
        assert!(actions("transaction", "allow") > 0 && actions("transaction", "hold") > 0);
    });
}

/// Sign-ins, some of them strange, orders, payees and withdrawals, some of them held. Answers an analyst.
async fn something_of_everything(shop: &Shop) -> Tokens {
    let ana = shop.customer("ana").await.with_cash(20_000).await;
    for device in ["desk", "phone"] {
        shop.later(1);
        let wrong = shop
            .login(&ana.email, "a wrong password")
            .header("x-device-id", device);
        wrong.send().await.refused(401, "sign_in.failed");
        shop.later(1);
        let login = shop.login(&ana.email, PASSWORD).header("x-device-id", device);
        login.send().await.expect(200);
    }
    for _ in 0..4 {
        buys(&ana, "100.00", 201).await;
    }
    buys(&ana, "2500.00", 202).await;
    shop.later(1);
    let to = ana.payee("12345678").await;
    shop.later(1);
    ana.withdrawing("3000.00", &to).send().await.expect(202);
    shop.later(1);
    shop.staff(Role::Analyst).await
}

/// Everything about every decision, but the names that are made by chance.
async fn decisions(shop: &Shop, analyst: &Tokens) -> Vec<Value> {
    let page = shop
        .get(&format!("{DESK}/decisions?limit=100"))
        .bearer(&analyst.access);
    let page = page.send().await.expect(200);
    let mut told = Vec::new();
    for row in page["items"].as_array().expect("items") {
        let path = format!("{DESK}/decisions/{}", text(&row["id"]));
        let mut why = shop.get(&path).bearer(&analyst.access).send().await.expect(200);
        for chance in ["id", "user_id", "subject_id"] {
            why.as_object_mut().expect("an object").remove(chance);
        }
        why["evidence"]
            .as_object_mut()
            .expect("an object")
            .remove("payee");
        told.push(why);
    }
    told
}
