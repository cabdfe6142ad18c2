//! Headers of every answer, whatever it is an answer to.

use crate::{on_both, support::shop::Shop};

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

on_both! {
    async fn every_answer_carries_them(database: Database) {
        let shop = Shop::start(database).await;
        for path in ["/api/v1/about", "/api/v1/auth/me", "/api/v1/nothing", "/health/live", "/api/v1/auth/login"] {
            let answer = shop.get(path).send().await;
            for (name, value) in ALWAYS {
                assert_eq!(answer.header(name), value, "{path}");
            }
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(answer.header("content-security-policy").contains("base-uri 'none'"), "{path}");
            assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            assert_eq!(answer.header("strict-transport-security"), "", "plain http has nothing to insist on");
        }
    }
}

on_both! {
    async fn an_encrypted_site_insists_on_it(database: Database) {
        let shop = Shop::start_with(database, &[("SERVER__PUBLIC_URL", "https://stockade.example.com")]).await;
        let answer = shop.get("/api/v1/about").send().await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    }
}
