//! Security events told to other systems: as OCSF in a file, as RFC 5424 to a receiver.

mod facts;
mod file;
mod receiver;
mod syslog;

use serde_json::json;
use stockade::features::security_log;

use crate::support::{people::text, shop::Shop};

const DEPOSITS: &str = "/api/v1/cash/deposits";

impl Shop {
    /// Lets the targets be told until there is nothing new, or they take no more; answers how many events were told.
    async fn tell(&self) -> usize {
        self.number_the_log().await;
        let mut told = 0;
        loop {
            match security_log::follow_log(&self.app)
                .await
                .expect("the log can be read")
            {
                0 => return told,
                more => told += more,
            }
        }
    }

    /// Things happen: people join, fail, trade, and somebody presents a stolen token.
    async fn lives_a_day(&self) {
        let ana = self.customer("ana").await.with_cash(1_000).await;
        self.login("ana@example.com", "not my password")
            .send()
            .await
            .refused(401, "sign_in.failed");
        self.login("nobody@example.com", "not my password")
            .send()
            .await
            .refused(401, "sign_in.failed");
        ana.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "qty": "2" }))
            .send()
            .await
            .expect(201);
        let over = json!({ "amount": "0.00", "currency": "USD" });
        ana.signed_post(DEPOSITS, over)
            .send()
            .await
            .refused(422, "number.not_positive");
        ana.get("/api/admin/security/audit-logs")
            .send()
            .await
            .refused(403, "role.not_allowed");
        let first = ana.tokens.refresh.clone();
        let next = text(&self.refresh(&first).send().await.expect(200)["refresh_token"]);
        self.refresh(&next).send().await.expect(200);
        self.later(60);
        self.refresh(&first).send().await.refused(401, "refresh.reused");
    }
}
