//! The end of an account: export, erasure, and what other instances know of it.

mod erasing;
mod exporting;
mod instances;
mod processes;

use serde_json::{Value, json};
use stockade::{core::change::Change, features::ledger};
use stockade_domain::{
    currency::Currency,
    ids::UserId,
    ledger::{Line, Posting, PostingKind},
    money::Money,
};
use stockade_platform::random;

use crate::support::{http::Ask, people::Customer};

const PROFILE: &str = "/api/v1/profile";

impl<'s> Customer<'s> {
    /// The same request with a step-up's proof.
    async fn stepped_up(&'s self, request: Ask<'s>) -> Ask<'s> {
        self.shop.stepped_up(&self.tokens, request).await
    }

    /// Erases herself.
    async fn erased(&'s self) {
        self.stepped_up(self.delete(PROFILE))
            .await
            .send()
            .await
            .expect(204);
    }

    /// Takes all cash out behind the simulated bank's back: what was deposited, the other way round.
    async fn withdraw(&self, cents: i64) {
        let user = UserId::from_uuid(self.id.parse().unwrap());
        let account = ledger::account_of(&self.shop.app, user).await.unwrap();
        let deposit = Posting::deposit(account.id, Money::new(cents, Currency::Usd)).unwrap();
        let back = |line: &Line| Line {
            amount: -line.amount,
            ..*line
        };
        let lines: Vec<Line> = deposit.lines().iter().map(back).collect();
        let actor = stockade::core::actor::Actor::program("story");
        let unit = async move |change: &mut Change<'_>| {
            let posting = Posting::new(PostingKind::Deposit, lines.clone())?;
            ledger::post(change, random::uuid_v7(change.now()), &[posting], None).await?;
            change.commit(stockade::core::event::AuditEvent::done("test.withdrawn"), ())
        };
        self.shop.app.change(actor, unit).await.unwrap();
    }

    async fn gives_ssn(&self, ssn: &str) -> Value {
        self.shop
            .put(PROFILE)
            .bearer(&self.tokens.access)
            .json(json!({ "ssn": ssn }))
            .send()
            .await
            .expect(200)
    }
}
