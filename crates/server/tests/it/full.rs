//! What takes minutes: `cargo xtask test --full` runs it, other runs leave it out.

use std::process::{Command, Stdio};

use serde_json::json;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens},
        shop::Shop,
    },
    trading::simulation,
};

/// What Schemathesis checks. That a signature or a proof is missing is no fault of the data, so whether data is accepted
/// is not asked.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth";

/// Thousands of people over weeks.
const LONG: simulation::Size = simulation::Size {
    people: 2_000,
    rounds: 24,
    rounds_to_kill: 3,
    rounds_to_action: 2,
};

on_both! {
    /// The story of the market full of people, at length.
    async fn every_invariant_holds_at_length(database: Database) {
        simulation::simulate(database, LONG).await;
    }
}

on_both! {
    /// An independent tester makes requests out of the OpenAPI document, as a customer and as an administrator: nothing
    /// answers with a server error or with what the document does not say.
    async fn the_api_is_as_its_document_says(database: Database) {
        let role = match database.kind {
            Kind::Sqlite => Role::Customer,
            Kind::Postgres => Role::Admin,
        };
        let shop = Shop::start(database).await;
        let address = shop.serve().await;
        let tokens = somebody(&shop, role).await;
        let output = Command::new(program())
            .args(["run", &format!("{address}/openapi.json"), "--url", &address])
            .args(["--header", &format!("Authorization: Bearer {}", tokens.access)])
            .args(["--checks", CHECKS])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "1"])
            .args(["--continue-on-failure", "--no-shrink", "--request-timeout", "20", "--warnings", "off"])
            // It would sign itself out.
            .args(["--exclude-path", "/api/v1/auth/logout"])
            // They have no end.
            .args(["--exclude-path", "/api/v1/events", "--exclude-path", "/api/admin/security/events"])
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .output()
            .expect("Schemathesis runs");
        assert!(
            output.status.success(),
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}

/// Signed in, and with something to show.
async fn somebody(shop: &Shop, role: Role) -> Tokens {
    if role != Role::Customer {
        return shop.staff(role).await;
    }
    let ana = shop.customer("ana").await.with_cash(1_000).await;
    let buy = json!({ "symbol": "KO", "qty": "1" });
    ana.signed_post("/api/v1/portfolio/buy", buy)
        .send()
        .await
        .expect(201);
    shop.sign_in("ana@example.com", PASSWORD).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its tester in the environment"
)]
fn program() -> String {
    std::env::var("STOCKADE_TEST_SCHEMATHESIS").expect(
        "STOCKADE_TEST_SCHEMATHESIS names the program `schemathesis`; `cargo xtask test --full` brings one",
    )
}
