//! Orders under review: held, let through, stopped, left too long.

use serde_json::Value;
use stockade::{
    core::{actor::Actor, event::AuditEvent},
    features::orders::{Reviewed, hold_for_review, match_resting},
    http::error::{ApiError, ApiResult},
};
use stockade_domain::{
    currency::Currency,
    ids::{AccountId, OrderId, UserId},
    orders::{FeeSchedule, Order, OrderTerms, OrderText, hold_for},
    symbol::Symbol,
};
use stockade_platform::{
    db::{Reader, sql},
    random,
};

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

/// What a decision does to an order under review.
#[derive(Clone, Copy)]
enum Decision {
    Release,
    Reject,
    Expire,
}

/// A buy of two shares that is put under review instead of going to the market.
async fn held(ana: &Customer<'_>, time_in_force: &'static str) -> Reviewed {
    let app = ana.shop.app.clone();
    let owner: UserId = ana.id.parse().unwrap();
    let account: AccountId = app
        .read(async move |reader: &mut Reader| {
            sql("SELECT id FROM accounts WHERE owner_id = $1")
                .bind(owner)
                .one(reader)
                .await
        })
        .await
        .map_err(|error: stockade_platform::db::DbError| error)
        .unwrap();
    let order = OrderId::from_uuid(random::uuid_v7(app.clock.now()));
    let symbol: Symbol = "KO".parse().unwrap();
    let quote = app.market.quote(&symbol, app.clock.now()).unwrap();
    app.change(Actor::program("a story"), async move |change| {
        let text = OrderText {
            symbol: "KO",
            currency: Currency::Usd,
            side: "buy",
            order_type: "market",
            time_in_force,
            qty: Some("2"),
            notional: None,
            limit_price: None,
            stop_price: None,
        };
        let terms = OrderTerms::read(&text)?;
        let hold = hold_for(&terms, &quote, 500, &FeeSchedule::FREE)?;
        let order = Order::new(order, account, None, terms, hold, change.now())?;
        let event = hold_for_review(change, &order, false, None).await?;
        change.commit(event.about(owner), ())
    })
    .await
    .unwrap();
    Reviewed {
        owner,
        account,
        order,
    }
}

async fn decide(shop: &Shop, order: Reviewed, decision: Decision) -> ApiResult<()> {
    let app = shop.app.clone();
    shop.app
        .change(Actor::program("a story"), async move |change| {
            match decision {
                Decision::Release => order.release(&app, change).await?,
                Decision::Reject => order.reject(change).await?,
                Decision::Expire => order.expire(change).await?,
            };
            change.commit(AuditEvent::replayed(order.order.as_uuid()), ())
        })
        .await
}

async fn status(ana: &Customer<'_>, order: Reviewed) -> Value {
    let path = format!("/api/v1/orders/{}", order.order);
    ana.get(&path).send().await.expect(200)["status"].clone()
}

async fn cash(ana: &Customer<'_>) -> Value {
    ana.get("/api/v1/cash").send().await.expect(200)["held"].clone()
}

on_both! {
    /// Under review an order reserves what it needs and meets no market; let through, it does, once.
    async fn a_reviewed_order_goes_to_the_market_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        for time_in_force in ["day", "ioc"] {
            let order = held(&ana, time_in_force).await;
            assert_eq!(status(&ana, order).await, "pending_review");
            assert_ne!(cash(&ana).await, "0.00");
            assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
            decide(&shop, order, Decision::Release).await.unwrap();
            assert_eq!(status(&ana, order).await, "filled");
            assert_eq!(cash(&ana).await, "0.00");
            for decision in [Decision::Release, Decision::Reject, Decision::Expire] {
                let again = decide(&shop, order, decision).await;
                assert!(matches!(again, Err(ApiError::Refused(problem)) if problem.code == "order.not_under_review"));
            }
        }
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"][0]["qty"], "4");
        let kinds = shop.kinds_about(&ana.id).await;
        let mut moves: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("order.")).collect();
        // What happens at one instant has no order on record.
        moves.sort_unstable();
        assert_eq!(moves, ["order.filled", "order.filled", "order.held_for_review", "order.held_for_review"]);
        shop.books_agree().await;
    }
}

on_both! {
    /// Stopped, left too long or taken back, it gives back what it reserved and is never executed.
    async fn what_is_not_let_through_is_given_back(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        for (decision, end) in [(Decision::Reject, "rejected"), (Decision::Expire, "expired")] {
            let order = held(&ana, "gtc").await;
            decide(&shop, order, decision).await.unwrap();
            assert_eq!(status(&ana, order).await, end);
            assert_eq!(cash(&ana).await, "0.00");
            assert!(decide(&shop, order, Decision::Release).await.is_err());
        }
        let order = held(&ana, "gtc").await;
        let path = format!("/api/v1/orders/{}", order.order);
        ana.delete(&path).signed(&ana.key).send().await.expect(200);
        assert_eq!(cash(&ana).await, "0.00");
        assert!(decide(&shop, order, Decision::Release).await.is_err());
        shop.books_agree().await;
    }
}
