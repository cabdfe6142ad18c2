//! Whether an address has an account is told by no answer, and by no difference in the work behind it. Work is counted
//! rather than timed: what each request leaves behind, table by table, before the background looks the address up.

use serde_json::{Value, json};
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{http::Answer, people::PASSWORD, shop::Shop},
};

/// Everything that these requests could write to.
const TABLES: [&str; 10] = [
    "users",
    "registrations",
    "mail_requests",
    "mail_links",
    "mail_quotas",
    "mail_outbox",
    "sessions",
    "failure_counters",
    "audit_payloads",
    "data_keys",
];

async fn rows(shop: &Shop) -> Vec<i64> {
    let counted: DbResult<Vec<i64>> = shop
        .app
        .read(async |reader: &mut Reader| {
            let mut counts = Vec::new();
            for table in TABLES {
                counts.push(sql(format!("SELECT COUNT(*) FROM {table}")).one(reader).await?);
            }
            Ok(counts)
        })
        .await;
    counted.unwrap()
}

/// What a request answers, byte for byte but for its id and for how many more may be sent, and the rows it adds.
async fn seen(shop: &Shop, path: &str, ask: Value) -> (u16, Vec<(String, Vec<u8>)>, Vec<u8>, Vec<i64>) {
    let before = rows(shop).await;
    let answer: Answer = shop.post(path).json(ask).send().await;
    let after = rows(shop).await;
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "ratelimit"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    let added = after
        .iter()
        .zip(&before)
        .map(|(after, before)| after - before)
        .collect();
    (answer.status.as_u16(), headers, answer.body, added)
}

on_both! {
    /// Registering, asking for a link again and forgetting a password: known, pending and unknown addresses look alike.
    async fn requests_for_mail_look_alike(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.register("ben@example.com", PASSWORD).await;
        let mail = |email: &str| json!({ "email": email });
        let join = |email: &str| json!({ "email": email, "password": PASSWORD, "name": "Somebody" });
        for path in ["/api/v1/auth/register", "/api/v1/auth/email/resend", "/api/v1/auth/password/forgot"] {
            let ask = |email: &str| if path.ends_with("register") { join(email) } else { mail(email) };
            let known = seen(&shop, path, ask("ana@example.com")).await;
            let pending = seen(&shop, path, ask("ben@example.com")).await;
            let unknown = seen(&shop, path, ask("eve@example.com")).await;
            assert_eq!(known.0, 202);
            assert!(known == unknown && known == pending, "{path}: {known:?} {pending:?} {unknown:?}");
            // More mails than an address gets: still alike.
            for _ in 0..6 {
                shop.post(path).json(ask("ana@example.com")).send().await.expect(202);
                shop.answer_mail_requests().await;
            }
            assert_eq!(seen(&shop, path, ask("ana@example.com")).await, known, "{path}");
        }
    }
}
