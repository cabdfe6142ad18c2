//! What must hold of money and orders, asked of the database itself.

use stockade_platform::db::{DbError, Reader, sql};

use super::person::Person;
use crate::support::shop::Shop;

/// Each answers how many rows contradict the sentence.
const INVARIANTS: [(&str, &str); 11] = [
    (
        "debits are credits, in each asset of each posting",
        "SELECT COUNT(*) FROM (
             SELECT posting_id FROM ledger_lines GROUP BY posting_id, asset HAVING SUM(amount) <> 0
         ) AS uneven",
    ),
    (
        "no balance is negative",
        "SELECT COUNT(*) FROM balances WHERE available < 0 OR held < 0",
    ),
    (
        "what is filled is within what was asked for",
        "SELECT COUNT(*) FROM orders WHERE filled_qty > qty OR filled_amount > notional
             OR (side = 'buy' AND (filled_amount > reserved OR filled_fees > reserved_fees))
             OR (side = 'sell' AND filled_qty > reserved)",
    ),
    (
        "an order's fills are what it says was filled",
        "SELECT COUNT(*) FROM orders LEFT JOIN (
             SELECT order_id, SUM(qty) AS qty, SUM(amount) AS amount, SUM(fee) AS fee FROM fills GROUP BY order_id
         ) AS filled ON filled.order_id = orders.id
         WHERE orders.filled_qty <> COALESCE(filled.qty, 0) OR orders.filled_amount <> COALESCE(filled.amount, 0)
             OR orders.filled_fees <> COALESCE(filled.fee, 0)",
    ),
    (
        "every hold is there while its order is open, and resolved once it is closed",
        "SELECT COUNT(*) FROM orders LEFT JOIN (
             SELECT cause_id, SUM(amount) AS amount FROM ledger_lines WHERE side = 'held' GROUP BY cause_id
         ) AS held ON held.cause_id = orders.id
         WHERE COALESCE(held.amount, 0) <> CASE
             WHEN orders.status NOT IN ('pending_review', 'accepted', 'partially_filled') THEN 0
             WHEN orders.side = 'buy' THEN reserved + reserved_fees - filled_amount - filled_fees
             ELSE reserved - filled_qty END",
    ),
    (
        "no order holds or is released twice",
        "SELECT COUNT(*) FROM (
             SELECT cause_id FROM ledger_lines WHERE kind IN ('hold', 'release') AND side = 'held'
             GROUP BY cause_id, kind HAVING COUNT(*) > 1
         ) AS twice",
    ),
    (
        "a position is the sum of its lots",
        "SELECT COUNT(*) FROM positions LEFT JOIN (
             SELECT account_id, symbol, SUM(remaining) AS quantity, SUM(cost_remaining) AS cost
             FROM lots GROUP BY account_id, symbol
         ) AS lots ON lots.account_id = positions.account_id AND lots.symbol = positions.symbol
         WHERE positions.quantity <> COALESCE(lots.quantity, 0) OR positions.cost_basis <> COALESCE(lots.cost, 0)",
    ),
    (
        "a position is what the ledger has of it",
        "SELECT COUNT(*) FROM positions LEFT JOIN balances
             ON balances.account_id = positions.account_id AND balances.asset = positions.symbol
         WHERE positions.quantity <> COALESCE(balances.available + balances.held, 0)",
    ),
    (
        "an order waits in a queue exactly while it can fill",
        "SELECT COUNT(*) FROM orders
         WHERE (queue IS NOT NULL) <> (status IN ('accepted', 'partially_filled'))
             OR (queue IS NULL) <> (queue_rank IS NULL)",
    ),
    (
        "what a split or dividend did to a holder is in the ledger, once",
        "SELECT COUNT(*) FROM corporate_action_effects AS effect
         JOIN corporate_actions AS action ON action.id = effect.action_id
         LEFT JOIN (
             SELECT cause_id, account_id, asset, SUM(amount) AS amount FROM ledger_lines
             GROUP BY cause_id, account_id, asset
         ) AS shares ON shares.cause_id = action.id AND shares.account_id = effect.account_id
             AND shares.asset = action.symbol
         LEFT JOIN (
             SELECT cause_id, account_id, asset, SUM(amount) AS amount FROM ledger_lines
             GROUP BY cause_id, account_id, asset
         ) AS cash ON cash.cause_id = action.id AND cash.account_id = effect.account_id
             AND cash.asset = 'cash:USD'
         WHERE COALESCE(shares.amount, 0) <> effect.shares_after - effect.shares_before
             OR COALESCE(cash.amount, 0) <> effect.cash",
    ),
    (
        "a split or dividend moved nothing of anybody it did not apply to",
        "SELECT COUNT(*) FROM ledger_lines
         JOIN corporate_actions ON corporate_actions.id = ledger_lines.cause_id
         LEFT JOIN corporate_action_effects AS effect
             ON effect.action_id = ledger_lines.cause_id AND effect.account_id = ledger_lines.account_id
         WHERE effect.account_id IS NULL AND ledger_lines.side IN ('available', 'held')",
    ),
];

/// Every invariant holds, and every key had one effect.
pub async fn hold(shop: &Shop, people: &[Person]) {
    for (sentence, query) in INVARIANTS {
        let against: i64 = count(shop, query).await;
        assert_eq!(against, 0, "not so: {sentence}");
    }
    let orders = count(shop, "SELECT COUNT(*) FROM orders").await;
    let acknowledged: usize = people.iter().map(Person::orders).sum();
    assert_eq!(
        orders,
        i64::try_from(acknowledged).expect("a count"),
        "orders without, or more than one for, a key"
    );
    shop.books_agree().await;
    shop.log_is_whole().await;
}

async fn count(shop: &Shop, query: &'static str) -> i64 {
    shop.app
        .read(async move |reader: &mut Reader| sql(query).one::<i64>(reader).await)
        .await
        .unwrap_or_else(|error: DbError| panic!("{query}: {error}"))
}
