//! Splits, reverse splits and dividends in the middle of the story. What each holder has afterwards is held against what
//! the terms make of what they had before, worked out here.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};
use stockade::features::{corporate_actions, portfolio};
use stockade_domain::{
    corporate_actions::{Ratio, dividend, fraction},
    currency::Currency,
    ids::AccountId,
    price::Price,
    quantity::Quantity,
};
use stockade_platform::db::{DbResult, FromRow, Reader, Row, sql};
use uuid::Uuid;

use super::{chance::Chance, doomed, person::SYMBOLS};
use crate::support::{
    people::{PASSWORD, text},
    shop::Shop,
};

const ACTIONS: &str = "/api/v1/admin/corporate-actions";
/// New shares for old ones.
const RATIOS: [(u32, u32); 4] = [(2, 1), (3, 2), (1, 2), (2, 7)];

/// Shares and what they cost, in cents.
type Holding = (Quantity, i64);

/// What happens to each share.
#[derive(Clone, Copy, Debug)]
enum Terms {
    Split(Ratio, Option<Price>),
    Dividend(Price),
}

/// Announces something for a share of chance and applies it; if it is fatal, a process is killed while it does.
pub async fn happen(shop: &mut Shop, chance: &mut Chance, is_fatal: bool) {
    let (symbol, terms, action) = loop {
        let symbols = *chance.one_of(&SYMBOLS);
        let (symbol, terms) = (*chance.one_of(&symbols), Terms::of(chance));
        // One of a kind a day.
        if let Some(action) = announce(shop, symbol, terms).await {
            break (symbol, terms, action);
        }
    };
    let before = holdings(shop, symbol).await;
    shop.later(180);
    while portfolio::follow_ledger(&shop.app).await.expect("the ledger") > 0 {}
    if is_fatal && !before.is_empty() {
        doomed::apply(shop, action).await;
        *shop = shop.second().await;
    }
    while corporate_actions::apply_due(&shop.app)
        .await
        .expect("the actions")
        > 0
    {}
    let effects = effects(shop, action).await;
    let after = holdings(shop, symbol).await;
    let missed: Vec<_> = before
        .keys()
        .filter(|holder| !effects.contains_key(holder))
        .collect();
    let strange: Vec<_> = effects
        .keys()
        .filter(|holder| !before.contains_key(holder))
        .collect();
    assert!(
        missed.is_empty() && strange.is_empty(),
        "{terms:?} of {symbol}, fatal: {is_fatal}: of {} holders not {missed:?}, but {strange:?}",
        before.len()
    );
    for (holder, (shares, cost)) in before {
        let (expected, paid) = terms.make_of(shares);
        let (said_before, said_after, cash) = effects[&holder];
        assert_eq!(
            (said_before, said_after, cash),
            (shares, expected, paid),
            "{terms:?}"
        );
        let (has, costs) = after.get(&holder).copied().unwrap_or((Quantity::ZERO, 0));
        assert_eq!(has, expected, "{terms:?}");
        // Only what is paid out for a fraction, or lost with the last billionth, takes its cost with it.
        let is_whole = paid == 0 || matches!(terms, Terms::Dividend(_));
        assert!(
            costs == cost || !is_whole && costs < cost || has.is_zero(),
            "{terms:?}: {cost} to {costs}"
        );
    }
}

impl Terms {
    fn of(chance: &mut Chance) -> Self {
        if chance.once_in(3) {
            let micros = 1 + chance.below(3_000_000);
            return Self::Dividend(Price::from_micros(micros));
        }
        let (new, old) = *chance.one_of(&RATIOS);
        let in_lieu = chance.once_in(2).then(|| {
            let dollars = 1 + chance.below(300);
            Price::from_micros(dollars * 1_000_000)
        });
        Self::Split(Ratio::new(new, old).expect("a ratio"), in_lieu)
    }

    fn to_json(self) -> Value {
        match self {
            Self::Split(ratio, in_lieu) => json!({
                "type": "split", "new_shares": ratio.new_shares(), "old_shares": ratio.old_shares(),
                "cash_in_lieu_price": in_lieu,
            }),
            Self::Dividend(per_share) => json!({"type": "cash_dividend", "amount_per_share": per_share}),
        }
    }

    /// The shares that somebody has afterwards, and the cents they are paid.
    fn make_of(self, shares: Quantity) -> (Quantity, i64) {
        let cents = |price: Price, shares| dividend(price, shares, Currency::Usd).expect("an amount").minor();
        match self {
            Self::Dividend(per_share) => (shares, cents(per_share, shares)),
            Self::Split(ratio, in_lieu) => {
                let all = ratio.of(shares).expect("shares");
                match in_lieu {
                    Some(price) => {
                        let rest = fraction(all);
                        (all.checked_sub(rest).expect("whole shares"), cents(price, rest))
                    }
                    None => (all, 0),
                }
            }
        }
    }
}

async fn announce(shop: &Shop, symbol: &str, terms: Terms) -> Option<Uuid> {
    let operator = shop.sign_in("operator@example.com", PASSWORD).await;
    let mut ask =
        json!({"symbol": symbol, "effective_at": (shop.now() + SignedDuration::from_secs(70)).to_string()});
    let terms = terms.to_json();
    ask.as_object_mut()
        .expect("an object")
        .extend(terms.as_object().expect("an object").clone());
    let request = shop.post(ACTIONS).bearer(&operator.access).json(ask);
    let request = shop.stepped_up(&operator, request).await;
    let answer = request.send().await;
    if answer.status.as_u16() == 409 {
        answer.refused(409, "corporate_action.announced");
        return None;
    }
    Some(text(&answer.expect(201)["id"]).parse().expect("an id"))
}

struct Held(AccountId, Holding);

impl FromRow for Held {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self(row.read()?, (row.read()?, row.read()?)))
    }
}

/// Who holds a share, how many of it, and at what cost.
async fn holdings(shop: &Shop, symbol: &'static str) -> BTreeMap<AccountId, Holding> {
    let query = "SELECT account_id, quantity, cost_basis FROM positions WHERE symbol = $1 AND quantity > 0";
    let found: DbResult<Vec<Held>> = shop
        .app
        .read(async move |reader: &mut Reader| sql(query).bind(symbol).all(reader).await)
        .await;
    let held = found.expect("the positions").into_iter();
    held.map(|Held(account, holding)| (account, holding)).collect()
}

struct Effect(AccountId, (Quantity, Quantity, i64));

impl FromRow for Effect {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self(row.read()?, (row.read()?, row.read()?, row.read()?)))
    }
}

/// What an action did to each holder, as it is on record.
async fn effects(shop: &Shop, action: Uuid) -> BTreeMap<AccountId, (Quantity, Quantity, i64)> {
    let query = "SELECT account_id, shares_before, shares_after, cash FROM corporate_action_effects WHERE action_id = $1";
    let found: DbResult<Vec<Effect>> = shop
        .app
        .read(async move |reader: &mut Reader| sql(query).bind(action).all(reader).await)
        .await;
    let effects = found.expect("the effects").into_iter();
    effects.map(|Effect(account, effect)| (account, effect)).collect()
}
