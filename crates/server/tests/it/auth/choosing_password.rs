//! What may be a password, and where that is asked.

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::{Router, extract::Path, http::StatusCode, routing::get};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

async fn strength(shop: &Shop, ask: Value) -> Value {
    shop.post("/api/v1/auth/password/strength")
        .json(ask)
        .send()
        .await
        .expect(200)
}

async fn register(shop: &Shop, password: &str) -> crate::support::http::Answer {
    let ask = json!({ "email": "ana.smith@example.com", "password": password, "name": "Ana Smith" });
    shop.post("/api/v1/auth/register").json(ask).send().await
}

on_both! {
    /// The strength of a password is told before it is chosen, and choosing keeps to what was told.
    async fn strength_is_told(database: Database) {
        let shop = Shop::start(database).await;
        let good = strength(&shop, json!({ "password": PASSWORD })).await;
        assert_eq!((&good["acceptable"], &good["score"], &good["least"]), (&json!(true), &json!(4), &json!(15)));
        assert_eq!((&good["crack_time"]["online"], &good["breach_check"]), (&json!("centuries"), &json!("off")));
        assert!(good["guesses_log10"].as_f64().unwrap() > 10.0);

        for (password, code) in [
            ("passwordpassword", "password.guessable"),
            ("Stockade1Stockade1", "password.guessable"),
            ("smithsmithsmith1", "password.guessable"),
            ("thisismypassword", "password.guessable"),
            ("Never-Gonna-Give-You-Up!", "password.guessable"),
            ("for ana.smith only", "password.own_data"),
            ("kX9#q2Lm", "password.too_short"),
            ("", "password.too_short"),
            (&"x".repeat(50_000), "password.too_long"),
        ] {
            let ask = json!({ "password": password, "email": "ana.smith@example.com", "name": "Ana Smith" });
            let told = strength(&shop, ask).await;
            assert_eq!((&told["acceptable"], &told["refusal"]), (&json!(false), &json!(code)), "{password:.40}: {told}");
            assert!(told["warning"].is_string(), "{told}");
            register(&shop, password).await.refused(422, code);
        }
        let beside = json!({ "password": "kX9#q2Lm", "second_factor": true });
        let told = strength(&shop, beside).await;
        assert_eq!((&told["acceptable"], &told["least"]), (&json!(true), &json!(8)));
        let ask = json!({ "password": PASSWORD, "verbose": true });
        shop.post("/api/v1/auth/password/strength").json(ask).send().await.refused(422, "request.invalid");
        register(&shop, PASSWORD).await.expect(202);
    }
}

/// A server of breached passwords with one in its list; it notes what it is asked, and may be out of order.
struct Breaches {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    broken: Arc<Mutex<bool>>,
}

impl Breaches {
    async fn with(password: &str) -> Self {
        let hash = hex::encode_upper(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()));
        let (asked, broken) = (Arc::default(), Arc::default());
        let (noted, fails): (Arc<Mutex<Vec<String>>>, Arc<Mutex<bool>>) =
            (Arc::clone(&asked), Arc::clone(&broken));
        let range = async move |Path(prefix): Path<String>| {
            noted.lock().unwrap().push(prefix.clone());
            if *fails.lock().unwrap() {
                return (StatusCode::INTERNAL_SERVER_ERROR, String::new());
            }
            let found = hash.strip_prefix(&prefix).map(|rest| format!("{rest}:12\r\n"));
            (
                StatusCode::OK,
                format!(
                    "{}0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n",
                    found.unwrap_or_default()
                ),
            )
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/range", listener.local_addr().unwrap());
        let router = Router::new().route("/range/{prefix}", get(range));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, broken }
    }
}

on_both! {
    /// Where a server of breached passwords is set, it gets five digits of a hash and nothing else. While it is out of
    /// order passwords pass, and the answer says so.
    async fn breached_passwords_are_looked_up(database: Database) {
        let breached = "a harbour that leaked at dusk";
        let server = Breaches::with(breached).await;
        let settings = [
            ("PASSWORDS__BREACHED_URL", server.url.as_str()),
            ("OUTGOING__ALLOWED_NETWORKS", "127.0.0.1/32"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        register(&shop, breached).await.refused(422, "password.breached");
        let told = strength(&shop, json!({ "password": breached })).await;
        assert_eq!((&told["breach_check"], &told["refusal"]), (&json!("found"), &json!("password.breached")));
        assert_eq!(strength(&shop, json!({ "password": PASSWORD })).await["breach_check"], json!("not_found"));
        assert_eq!(register(&shop, PASSWORD).await.expect(202), json!({ "status": "check_mail" }));
        let asked = server.asked.lock().unwrap().clone();
        assert!(asked.len() == 4 && asked.iter().all(|asked| asked.len() == 5), "{asked:?}");
        // What breaks another rule is not asked about.
        register(&shop, "passwordpassword").await.refused(422, "password.guessable");
        assert_eq!(server.asked.lock().unwrap().len(), 4);

        *server.broken.lock().unwrap() = true;
        let unchecked = register(&shop, breached).await.expect(202);
        assert_eq!(unchecked, json!({ "status": "check_mail", "breach_check": "unavailable" }));
        assert_eq!(strength(&shop, json!({ "password": breached })).await["breach_check"], json!("unavailable"));
    }
}
