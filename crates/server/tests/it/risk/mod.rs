//! Stories of risk.

mod crowd;
mod desk;
mod evaluating;
mod foreseen;
mod listing;
mod policies;
mod signing_in;
mod stored;
mod vectors;

use serde_json::json;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::support::{people::Customer, shop::Shop};

/// Buys Coca-Cola for so much, at this instance. Answers the status.
async fn buy(who: &Customer<'_>, at: &Shop, notional: &str) -> u16 {
    let ask = json!({ "symbol": "KO", "notional": notional });
    let ask = who.signed_post("/api/v1/portfolio/buy", ask).at(at);
    ask.send().await.status.as_u16()
}

/// Every decision in its order: score in thousandths, action, and how it ended.
async fn decisions(shop: &Shop) -> Vec<(i64, String, String)> {
    read(shop, "SELECT score, action, fate FROM risk_decisions ORDER BY id").await
}

impl Shop {
    /// What is stored of how people act, sealed: it changes whenever something is learnt.
    async fn profiles(&self) -> Vec<Vec<u8>> {
        read(self, "SELECT sealed FROM risk_profiles ORDER BY user_id").await
    }

    /// The score that the newest session was opened with.
    async fn risk_of_newest_session(&self) -> i64 {
        let all: Vec<i64> = read(
            self,
            "SELECT score FROM risk_decisions WHERE subject_id IS NOT NULL ORDER BY id DESC",
        )
        .await;
        all[0]
    }
}

async fn read<T: stockade_platform::db::FromRow + Send + 'static>(
    shop: &Shop,
    query: &'static str,
) -> Vec<T> {
    let found: DbResult<_> = shop
        .app
        .read(async move |reader: &mut Reader| sql(query).all(reader).await)
        .await;
    found.unwrap()
}
