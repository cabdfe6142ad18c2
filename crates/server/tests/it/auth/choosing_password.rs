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
            ("correct horse battery staple", "password.guessable"),
            ("CorrectHorseBatteryStaple1!", "password.guessable"),
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

on_both! {
    /// Asking what passwords are worth keeps nobody from signing in, and is soon too much from one address. Sign-ins have a
    /// queue of one here, which such a rush would fill if it went that way.
    async fn asking_for_strength_holds_up_no_sign_in(database: Database) {
        let shop = Shop::start_with(database, &[("PASSWORDS__QUEUE", "1"), ("RATE_LIMIT__SCALE", "1")]).await;
        let ana = shop.customer("ana").await;
        let ask = |number: usize| {
            let password = format!("{number:02}{}", "4@$3!0s5".repeat(2));
            shop.post("/api/v1/auth/password/strength").from("203.0.113.66").json(json!({ "password": password }))
        };
        let rush = futures_util::future::join_all((0..60).map(|number| ask(number).send()));
        let signing_in = async {
            let mut answers = Vec::new();
            for _ in 0..4 {
                answers.push(shop.login(&ana.email, PASSWORD).from("198.51.100.7").send().await.status.as_u16());
            }
            answers
        };
        let (rush, signed_in) = tokio::join!(rush, signing_in);
        assert_eq!(signed_in, [200; 4]);
        let count = |status: u16| rush.iter().filter(|answer| answer.status.as_u16() == status).count();
        assert_eq!((count(429), count(200) + count(503)), (20, 40));
        assert!(count(200) > 0);
        ask(1).from("203.0.113.67").send().await.expect(200);
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
