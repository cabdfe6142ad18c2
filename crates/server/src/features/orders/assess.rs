//! What risk is told of an order before it goes to the market.

use stockade_domain::{
    money::Money,
    orders::{Order, OrderSize, OrderTerms},
    quote::Quote,
    risk::Operation,
};

use crate::{
    app::App,
    core::{actor::Verified, change::Change},
    features::{
        market,
        quarantine::{self, Judged, Proposal},
        risk::Foreseen,
    },
    http::error::ApiResult,
};

/// Assesses an order at this quote. It takes the owner's profile, which comes before their books.
///
/// # Errors
/// 403 `step_up.required` for a large one that nobody proved themselves for.
pub(super) async fn judge(
    app: &App,
    change: &mut Change<'_>,
    user: &Verified,
    order: &Order,
    quote: &Quote,
    foreseen: &Foreseen,
) -> ApiResult<Judged> {
    let proposal = Proposal {
        id: order.id.as_uuid(),
        account: order.account,
        operation: Operation::Order,
        needs: Some(order.hold.reserved()),
        amount: Some(worth(&order.terms, quote)?),
        category: category(app, &order.terms),
        payee: None,
    };
    quarantine::judge(app, change, user, proposal, foreseen).await
}

/// Foresees what [`judge`] will say of an order of these terms.
pub(super) fn foresee(app: &App, user: &Verified, terms: &OrderTerms) -> Foreseen {
    let quote = market::tradable_quote(app, terms.symbol());
    match quote.and_then(|quote| worth(terms, &quote)) {
        Ok(worth) => quarantine::foresee_order(app, user, worth, category(app, terms)),
        Err(_) => Foreseen::default(),
    }
}

/// What the order is about, in cash: at its limit or stop if it has one, or else at the last price.
fn worth(terms: &OrderTerms, quote: &Quote) -> ApiResult<Money> {
    Ok(match terms.size() {
        OrderSize::Cash(cash) => cash,
        OrderSize::Shares(shares) => {
            let price = terms.limit_price().or(terms.stop_price()).unwrap_or(quote.last());
            price.times(shares, terms.currency())?
        }
    })
}

/// The kind of instrument, and which way: `us_equity.buy`.
fn category(app: &App, terms: &OrderTerms) -> String {
    let asset = app.market.asset(&terms.symbol());
    let class = asset.map_or("unknown", |asset| asset.class.as_str());
    format!("{class}.{}", terms.side())
}
