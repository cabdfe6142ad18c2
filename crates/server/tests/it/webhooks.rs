//! Webhooks: an administrator's receiver is told what happens, signed, again and again until it takes it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use aws_lc_rs::hmac;
use axum::{Router, extract::State, http::HeaderMap, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use stockade::features::{
    auth,
    webhooks::{deliver_webhooks, follow_log, prune_deliveries},
};
use stockade_domain::roles::Role;
use tokio::net::TcpListener;

use crate::{
    audit::attacker::Attacker,
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

/// A receiver on this machine. It answers as it is told, and keeps what it got.
#[derive(Clone)]
struct Receiver {
    port: u16,
    answers: Arc<AtomicU16>,
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::new(AtomicU16::new(204)),
            got: Arc::default(),
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum_serve(listener, router).await });
        receiver
    }

    fn answer(&self, status: u16) {
        self.answers.store(status, Ordering::SeqCst);
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=hidden", self.port)
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }

    /// The kinds of what it got, in order.
    fn kinds(&self) -> Vec<String> {
        let kind =
            |(_, body): &(HeaderMap, String)| text(&serde_json::from_str::<Value>(body).unwrap()["type"]);
        self.got().iter().map(kind).collect()
    }
}

async fn axum_serve(listener: TcpListener, router: Router) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(io, service)
                .await;
        });
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.got.lock().unwrap().push((headers, body));
    StatusCode::from_u16(receiver.answers.load(Ordering::SeqCst)).unwrap()
}

/// A shop that may connect to this machine.
async fn shop(database: crate::support::database::Database) -> Shop {
    Shop::start_with(database, &[("OUTGOING__ALLOWED_NETWORKS", "127.0.0.1")]).await
}

async fn staff(shop: &Shop, role: Role) -> Tokens {
    let email = format!("{role}@example.com");
    auth::create_staff(&shop.app, &email, PASSWORD, role)
        .await
        .unwrap();
    shop.sign_in(&email, PASSWORD).await
}

async fn webhook(shop: &Shop, admin: &Tokens, url: &str, kinds: &[&str]) -> (String, String) {
    // A second passes, so that webhooks have an order.
    shop.later(1);
    let ask = json!({ "url": url, "kinds": kinds });
    let made = shop
        .post("/api/admin/webhooks")
        .bearer(&admin.access)
        .json(ask)
        .send()
        .await
        .expect(201);
    (text(&made["id"]), text(&made["secret"]))
}

async fn deliveries(shop: &Shop, admin: &Tokens, id: &str) -> Vec<Value> {
    let path = format!("/api/admin/webhooks/{id}/deliveries");
    let list = shop.get(&path).bearer(&admin.access).send().await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// Lets everything that has happened be told.
async fn tell(shop: &Shop) -> usize {
    shop.number_the_log().await;
    follow_log(&shop.app).await.unwrap();
    deliver_webhooks(&shop.app).await.unwrap()
}

on_both! {
    /// What happens is told by ids alone, signed so that the receiver can check it; what happened before is not told.
    async fn a_receiver_is_told_and_can_check_it(database: Database) {
        let shop = shop(database).await;
        let receiver = Receiver::start().await;
        let admin = staff(&shop, Role::Admin).await;
        let (id, secret) = webhook(&shop, &admin, &receiver.url(), &["deposit.*"]).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        tell(&shop).await;
        let got = receiver.got();
        assert_eq!(got.len(), 1, "{:?}", receiver.kinds());

        let (headers, body) = &got[0];
        let header = |name: &str| headers[name].to_str().unwrap();
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(tag)));
        assert_eq!(header("webhook-timestamp"), shop.now().as_second().to_string());
        assert_eq!(header("content-type"), "application/json");

        let said: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&said["type"], &said["data"]["subject"]), (&json!("deposit.settled"), &json!(ana.id)));
        assert!(!body.contains("ana@") && !body.contains("100"), "{body}");
        let listed = deliveries(&shop, &admin, &id).await;
        assert_eq!((&listed[0]["status"], &listed[0]["answer"]), (&json!("delivered"), &json!(204)));

        assert_eq!(tell(&shop).await, 0);
        assert_eq!(receiver.got().len(), 1, "once");
    }
}

on_both! {
    /// The receiver fails: tried again with growing pauses under the same id, and signed anew.
    async fn a_failing_receiver_is_tried_again(database: Database) {
        let shop = shop(database).await;
        let (receiver, other) = (Receiver::start().await, Receiver::start().await);
        let admin = staff(&shop, Role::Admin).await;
        let (id, _) = webhook(&shop, &admin, &receiver.url(), &["webhook.deleted"]).await;
        let (fine, _) = webhook(&shop, &admin, &other.url(), &["webhook.deleted"]).await;
        receiver.answer(500);
        for webhook in [&id, &fine] {
            shop.post(&format!("/api/admin/webhooks/{webhook}/test")).bearer(&admin.access).send().await.expect(202);
        }
        assert_eq!(deliver_webhooks(&shop.app).await.unwrap(), 1, "the other one is not held up");
        assert_eq!(deliver_webhooks(&shop.app).await.unwrap(), 0);
        let listed = deliveries(&shop, &admin, &id).await;
        assert_eq!((&listed[0]["status"], &listed[0]["answer"]), (&json!("waiting"), &json!(500)));
        for seconds in [5, 300] {
            shop.later(seconds - 1);
            assert_eq!(deliver_webhooks(&shop.app).await.unwrap(), 0);
            if seconds == 300 {
                receiver.answer(200);
            }
            shop.later(1);
            deliver_webhooks(&shop.app).await.unwrap();
        }
        let got = receiver.got();
        assert_eq!((got.len(), receiver.kinds()[0].as_str()), (3, "webhook.tested"));
        assert!(got.iter().all(|(headers, _)| headers["webhook-id"] == got[0].0["webhook-id"]));
        assert_ne!(got[0].0["webhook-signature"], got[2].0["webhook-signature"]);
        let listed = deliveries(&shop, &admin, &id).await;
        assert_eq!((&listed[0]["status"], &listed[0]["tries"]), (&json!("delivered"), &json!(3)));
        assert_eq!(listed[0]["problem"], Value::Null);
    }
}

on_both! {
    /// A receiver that says it is gone is switched off at once; one that fails for days, in the end. Both are on record.
    async fn receivers_are_switched_off(database: Database) {
        let shop = shop(database).await;
        let (gone, failing) = (Receiver::start().await, Receiver::start().await);
        let admin = staff(&shop, Role::Admin).await;
        let mut ids = Vec::new();
        for (receiver, status) in [(&gone, 410), (&failing, 503)] {
            receiver.answer(status);
            let (id, _) = webhook(&shop, &admin, &receiver.url(), &["*"]).await;
            shop.post(&format!("/api/admin/webhooks/{id}/test")).bearer(&admin.access).send().await.expect(202);
            ids.push(id);
        }
        deliver_webhooks(&shop.app).await.unwrap();
        let list = async || {
            let list = shop.get("/api/admin/webhooks").bearer(&admin.access).send().await.expect(200);
            [list["items"][0]["disabled_why"].clone(), list["items"][1]["disabled_why"].clone()]
        };
        assert_eq!(list().await, [json!("gone"), Value::Null]);
        let path = format!("/api/admin/webhooks/{}/test", ids[0]);
        shop.post(&path).bearer(&admin.access).send().await.refused(409, "webhook.disabled");

        shop.later(5 * 86_400 + 1);
        prune_deliveries(&shop.app).await.unwrap();
        let admin = shop.sign_in("admin@example.com", PASSWORD).await;
        let list = shop.get("/api/admin/webhooks").bearer(&admin.access).send().await.expect(200);
        assert_eq!(list["items"][1]["disabled_why"], json!("failing"));
        let listed = deliveries(&shop, &admin, &ids[1]).await;
        assert!(listed.iter().all(|delivery| delivery["status"] == "failed"), "{listed:?}");
        let calls = gone.got().len() + failing.got().len();
        tell(&shop).await;
        assert_eq!(gone.got().len() + failing.got().len(), calls, "nobody calls them any more");
        shop.number_the_log().await;
        let logs = shop.get("/api/admin/security/audit-logs?kind=webhook.disabled").bearer(&admin.access);
        assert_eq!(logs.send().await.expect(200)["items"].as_array().unwrap().len(), 2);
    }
}

on_both! {
    /// Somebody with the database and no keys swaps two webhooks' secrets: nothing is signed with either, nothing is sent,
    /// and the log says what it was. The job goes on for others.
    async fn a_secret_that_was_tampered_with_signs_nothing(database: Database) {
        let shop = shop(database).await;
        let receiver = Receiver::start().await;
        let admin = staff(&shop, Role::Admin).await;
        let (id, _) = webhook(&shop, &admin, &receiver.url(), &["webhook.deleted"]).await;
        let (other, _) = webhook(&shop, &admin, &receiver.url(), &["webhook.deleted"]).await;
        let attacker = Attacker::at(shop.location()).await;
        let [theirs, source] = [&id, &other].map(|id| attacker.uuid(id.parse().unwrap()));
        attacker.run(&format!(
            "UPDATE webhooks SET sealed_secret = (SELECT sealed_secret FROM webhooks WHERE id = {source}) WHERE id = {theirs}"
        )).await.unwrap();
        for webhook in [&id, &other] {
            shop.post(&format!("/api/admin/webhooks/{webhook}/test")).bearer(&admin.access).send().await.expect(202);
        }
        assert_eq!(deliver_webhooks(&shop.app).await.unwrap(), 1, "the other one");
        assert_eq!(receiver.got().len(), 1);
        let list = shop.get("/api/admin/webhooks").bearer(&admin.access).send().await.expect(200);
        assert_eq!(list["items"][0]["disabled_why"], json!("secret_tampered"));
        assert_eq!(list["items"][1]["disabled_why"], Value::Null);
        shop.number_the_log().await;
        let logs = shop.get("/api/admin/security/audit-logs?kind=vault.tampered").bearer(&admin.access);
        let logs = logs.send().await.expect(200);
        let expected = json!({ "table": "webhooks", "column": "sealed_secret", "webhook": id });
        assert_eq!(logs["items"][0]["details"], expected);
    }
}

on_both! {
    /// An address inside is not reached, whoever asks: not this machine, not the network, not a cloud's metadata.
    async fn inner_addresses_are_not_reached(database: Database) {
        let shop = Shop::start(database).await;
        let receiver = Receiver::start().await;
        let admin = staff(&shop, Role::Admin).await;
        for url in [receiver.url(), receiver.url().replace("127.0.0.1", "localhost"), "https://169.254.169.254/latest".to_owned()] {
            let (id, _) = webhook(&shop, &admin, &url, &["*"]).await;
            shop.post(&format!("/api/admin/webhooks/{id}/test")).bearer(&admin.access).send().await.expect(202);
            assert_eq!(deliver_webhooks(&shop.app).await.unwrap(), 0);
            let listed = deliveries(&shop, &admin, &id).await;
            assert_eq!(listed[0]["problem"], json!("the address is not public"), "{url}");
        }
        assert!(receiver.got().is_empty());
    }
}

on_both! {
    /// Only administrators, only sound addresses and kinds; the secret is shown once; a deleted one is not called.
    async fn administrators_alone_manage_them(database: Database) {
        let shop = shop(database).await;
        let receiver = Receiver::start().await;
        let admin = staff(&shop, Role::Admin).await;
        let (id, secret) = webhook(&shop, &admin, &receiver.url(), &["*"]).await;
        let path = format!("/api/admin/webhooks/{id}");
        for role in [Role::Analyst, Role::Auditor, Role::Operator, Role::Customer] {
            let other = staff(&shop, role).await;
            let ask = json!({ "url": receiver.url() });
            for refused in [
                shop.post("/api/admin/webhooks").json(ask),
                shop.get("/api/admin/webhooks"),
                shop.delete(&path),
                shop.post(&format!("{path}/test")),
                shop.get(&format!("{path}/deliveries")),
            ] {
                refused.bearer(&other.access).send().await.refused(403, "role.not_allowed");
            }
        }
        let list = shop.get("/api/admin/webhooks").bearer(&admin.access).send().await;
        assert!(!list.text().contains(&secret) && list.text().contains(&id));
        for (ask, code) in [
            (json!({ "url": "ftp://a.example" }), "webhook.url_invalid"),
            (json!({ "url": "https://ana:secret@a.example" }), "webhook.url_invalid"),
            (json!({ "url": "https://a.example", "kinds": [] }), "webhook.kinds_invalid"),
            (json!({ "url": "https://a.example", "kinds": ["Order"] }), "webhook.kinds_invalid"),
        ] {
            shop.post("/api/admin/webhooks").bearer(&admin.access).json(ask).send().await.refused(422, code);
        }
        tell(&shop).await;
        let calls = receiver.got().len();
        assert!(calls > 0);
        shop.post(&format!("{path}/test")).bearer(&admin.access).send().await.expect(202);
        shop.delete(&path).bearer(&admin.access).send().await.expect(204);
        tell(&shop).await;
        assert_eq!(receiver.got().len(), calls);
        shop.delete(&path).bearer(&admin.access).send().await.refused(404, "webhook.unknown");
        shop.get(&format!("{path}/deliveries")).bearer(&admin.access).send().await.refused(404, "webhook.unknown");
    }
}
